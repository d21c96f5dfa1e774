//! Screening by identifier: exact, with and without a name, in any spelling.

use assert_cmd::Command;
use interdict::entity::{Entity, Identifier, IdentifierKind as K, Schema};
use interdict::list::{self, List};
use interdict::screen::Options;
use interdict::{Index, Query, Screener};
use proptest::prelude::*;
use std::path::PathBuf;

const LIST: &str = "id,name,schema,country,passport,national_id,tax_number,imo,mmsi,lei,bic,wallet,tail_number,msn\n\
    1,Ann Example,Person,Iran,K 1234567,0012345678,,,,,,,,\n\
    2,SEA ONE,Vessel,Iran,,,,IMO 9253325,422031500,,,,,\n\
    3,Bank of Samples,Company,Syria,,,,,,5493001KJTIIGC8Y1R12,DEUTDEFF,,,\n\
    4,Coin Mixer,Organization,,,,,,,,,1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa;0xde0b295669a9fd93d5f28d9ec85e40f4cb697bae,,\n\
    5,EP-ABC,Aircraft,Iran,,,,,,,,,EP-ABC,3165\n\
    6,OOO PRIMER,Company,Russia,,,7701234567,,,,,,,\n";

/// Runs the program on an input, against the list above; gives (status, standard output, standard error).
fn screen(input: &str, args: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let (list, book) = (folder.path().join("list.csv"), folder.path().join("book.csv"));
    std::fs::write(&list, LIST).unwrap();
    std::fs::write(&book, input).unwrap();
    let out = Command::cargo_bin("interdict")
        .unwrap()
        .args(["screen", book.to_str().unwrap(), "--list", list.to_str().unwrap()])
        .args(args)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
}

/// (row, score, entity, what matched) of each hit.
fn hits(csv: &str) -> Vec<(u64, String, String, String)> {
    let rows = csv::Reader::from_reader(csv.as_bytes()).into_records();
    rows.map(|r| {
        let r = r.unwrap();
        assert_eq!(&r[9], "identifier", "{r:?}");
        (r[0].parse().unwrap(), r[2].into(), r[4].into(), r[6].into())
    })
    .collect()
}

fn hit(row: u64, score: &str, entity: &str, matched: &str) -> (u64, String, String, String) {
    (row, score.into(), entity.into(), matched.into())
}

#[test]
fn a_column_of_every_identifier_kind_finds_its_entity() {
    let input = "name,Passport No,National ID,INN,IMO Number,MMSI,LEI code,SWIFT,Crypto address,Tail number,MSN\n\
        Nobody Known,k-1234567,,,,,,,,,\n\
        Nobody Known,,12345678,,,,,,,,\n\
        Nobody Known,,,77 01 234567,,,,,,,\n\
        Nobody Known,,,,imo9253325,,,,,,\n\
        Nobody Known,,,,,422 031 500,,,,,\n\
        Nobody Known,,,,,,LEI 5493001kjtiigc8y1r12,,,,\n\
        Nobody Known,,,,,,,DEUTDEFF500,,,\n\
        Nobody Known,,,,,,,,1a1zp1ep5qgefi2dmptftl5slmv7divfna,,\n\
        Nobody Known,,,,,,,,DE0B295669A9FD93D5F28D9EC85E40F4CB697BAE,,\n\
        Nobody Known,,,,,,,,,epabc,\n\
        Nobody Known,,,,,,,,,,3165\n\
        Nobody Known,K1234568,,,9253337,,,,,,\n";
    let (status, out, err) = screen(input, &[]);
    assert_eq!(status, 0, "{err}");
    assert_eq!(
        hits(&out),
        [
            hit(1, "1.00000", "1", "passport K 1234567"),
            hit(2, "0.97000", "1", "national-id 0012345678"),
            hit(3, "1.00000", "6", "tax 7701234567"),
            hit(4, "1.00000", "2", "imo IMO 9253325"),
            hit(5, "1.00000", "2", "mmsi 422031500"),
            hit(6, "1.00000", "3", "lei 5493001KJTIIGC8Y1R12"),
            hit(7, "1.00000", "3", "bic DEUTDEFF"),
            hit(8, "1.00000", "4", "wallet 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
            hit(9, "1.00000", "4", "wallet 0xde0b295669a9fd93d5f28d9ec85e40f4cb697bae"),
            hit(10, "1.00000", "5", "aircraft-tail EP-ABC"),
            hit(11, "0.90000", "5", "aircraft-serial 3165"),
        ]
    );
}

#[test]
fn a_number_without_its_kind_matches_every_kind() {
    let input = "name,id_number\nx y,K1234567\nx y,9253325\nx y,MMSI 422031500\nx y,DEUTDEFFXXX\n\
        x y,0xDE0B295669A9FD93D5F28D9EC85E40F4CB697BAE\nx y,7701234567\nx y,K7654321\n";
    let (_, out, err) = screen(input, &[]);
    let found: Vec<(u64, String)> = hits(&out).into_iter().map(|h| (h.0, h.2)).collect();
    let wanted =
        [(1, "1"), (2, "2"), (3, "2"), (4, "3"), (5, "4"), (6, "6")].map(|(r, e)| (r, e.to_string()));
    assert_eq!(found, wanted, "{err}");
}

#[test]
fn a_row_without_a_name_is_screened_by_its_identifier_and_rejected_without() {
    let input = "name,wallet,imo\n,1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa,\n-,,9253325\n,,\n-,,\n,,9074729\n";
    let (status, out, err) = screen(input, &[]);
    assert_eq!(status, 4, "{err}");
    let found: Vec<(u64, String)> = hits(&out).into_iter().map(|h| (h.0, h.2)).collect();
    assert_eq!(found, [(1, "4".to_string()), (2, "2".to_string())]);
    assert!(err.contains("row 3 (line 4): no name and no identifier"), "{err}");
    assert!(err.contains("row 4 (line 5): the name has neither letter nor digit"), "{err}");
    assert!(err.contains("rows read 5, screened 3, rejected 2, with hits 2; hits 2"), "{err}");
}

#[test]
fn a_name_and_an_identifier_of_two_parties_are_two_hits() {
    let (_, out, _) = screen("name,imo\nBank of Samples,9253325\n", &[]);
    let found: Vec<(String, String)> = csv::Reader::from_reader(out.as_bytes())
        .records()
        .map(|r| r.unwrap())
        .map(|r| (r[4].into(), r[9].into()))
        .collect();
    assert_eq!(found, [("2".to_string(), "identifier".to_string()), ("3".to_string(), "name".to_string())]);
}

#[test]
fn a_wrong_check_digit_is_reported_and_the_row_is_still_screened() {
    let input = "name,imo,lei\nSea One,9253326,\nx y,9253325,5493001KJTIIGC8Y1R13\n";
    let (status, out, err) = screen(input, &[]);
    assert_eq!(status, 0);
    assert_eq!(out.lines().count(), 3, "by the name, and by the right one of two identifiers: {out}");
    assert!(err.contains("wrong check digit or length: 2, first imo 9253326 in row 1"), "{err}");
}

#[test]
fn explain_finds_an_entity_by_its_number() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.csv");
    std::fs::write(&list, LIST).unwrap();
    let explain = |args: &[&str]| {
        let mut command = Command::cargo_bin("interdict").unwrap();
        let out =
            command.arg("explain").args(args).args(["--list", list.to_str().unwrap()]).output().unwrap();
        (out.status.code().unwrap(), String::from_utf8(out.stdout).unwrap())
    };
    let (status, out) = explain(&["--id-number", "IMO 9253325"]);
    assert_eq!(status, 0);
    assert!(out.contains("SEA ONE") && out.contains("identifier IMO 9253325 = imo IMO 9253325"), "{out}");
    let (_, out) = explain(&["Ann Example", "--id-number", "9253325"]);
    assert!(out.contains("1. 1.0000") && out.contains("2. 0.9700"), "{out}");
    assert_eq!(explain(&["--id-number", "9253337"]).1, "9253337: nothing scores 0.5 or more\n");
    assert_eq!(explain(&[]).0, 2, "neither name nor number");
    assert_eq!(explain(&["--id-number", "1"]).0, 2, "one digit identifies nobody");
}

/// Numbers that match in every respect: by spelling, by key, by kind, by country.
fn identifier() -> impl Strategy<Value = Identifier> {
    let kinds = [
        K::Passport,
        K::NationalId,
        K::Tax,
        K::Registration,
        K::Lei,
        K::Bic,
        K::Iban,
        K::Imo,
        K::Mmsi,
        K::CallSign,
        K::AircraftTail,
        K::AircraftSerial,
        K::CryptoWallet,
        K::Phone,
        K::unspecified(),
        K::Other("document".into()),
    ];
    let values = [
        "9253325",
        "IMO 9253325",
        "imo9253325",
        "No. 9253325",
        "09253325",
        "DEUTDEFF",
        "DEUTDEFF500",
        "SWIFT DEUTDEFFXXX",
        "422031500",
        "MMSI 422031500",
        "0xde0b295669a9fd93d5f28d9ec85e40f4cb697bae",
        "de0b295669a9fd93d5f28d9ec85e40f4cb697bae",
        "ethereum:0xDE0B295669A9FD93D5F28D9EC85E40F4CB697BAE",
        "5493001KJTIIGC8Y1R12",
        "LEI 5493001KJTIIGC8Y1R12",
        "MP1234567",
        "МР1234567",
        "١٢٣٤٥",
        "12345",
        "0012345",
        "123",
        "12",
        "unknown",
        "",
        "EP-ABC",
        "ep abc",
        "GB82 WEST 1234 5698 7654 32",
        "IBAN GB82WEST12345698765432",
    ];
    let value = prop_oneof![
        8 => proptest::sample::select(values.to_vec()).prop_map(str::to_string),
        2 => "[0-3A-B]{2,6}",
        1 => any::<String>(),
    ];
    (proptest::sample::select(kinds.to_vec()), value, proptest::sample::select(vec!["", "ir", "Iran", "us"]))
        .prop_map(|(kind, value, country)| Identifier::new(kind, value).issued_by(country))
}

fn list_of(identifiers: &[Vec<Identifier>]) -> List {
    let mut list = list::from_bytes("random", b"name\nAli Example\n").unwrap();
    list.entities = identifiers
        .iter()
        .enumerate()
        .map(|(i, identifiers)| {
            let name = ["Ali Example", "Sea One", "Bank of Samples"][i % 3];
            let mut entity = Entity::new(i.to_string(), Schema::Unknown, name);
            entity.identifiers = identifiers.clone();
            entity
        })
        .collect();
    list
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn index_and_exhaustive_search_agree_on_identifiers(
        listed in proptest::collection::vec(proptest::collection::vec(identifier(), 0..4), 1..8),
        searched in proptest::collection::vec(identifier(), 0..4),
        name in proptest::sample::select(vec!["", "Ali Exampl", "Nobody"]),
        country in proptest::sample::select(vec!["", "Iran", "France"]),
        threshold in proptest::sample::select(vec![0.5f32, 0.85, 0.95, 1.0]),
    ) {
        let index = Index::build(&[list_of(&listed)]).unwrap();
        let [fast, oracle] = [false, true].map(|exhaustive| {
            Screener::new(index.clone()).with_options(Options::default().threshold(threshold).limit(50).exhaustive(exhaustive)).unwrap()
        });
        let mut query = Query::name(name);
        query.countries.extend(Some(country).filter(|c| !c.is_empty()).map(str::to_string));
        query.identifiers = searched;
        prop_assert_eq!(fast.screen(&query), oracle.screen(&query), "{:?}", query);
    }

    #[test]
    fn two_numbers_that_agree_share_a_key(a in identifier(), b in identifier()) {
        use interdict::score::identifiers::compare;
        let agreement = compare(&a, &b, &[]);
        prop_assert!(agreement.is_none_or(|x| (0.5..=1.0).contains(&x.score)), "{:?}", agreement);
        prop_assert_eq!(agreement.map(|x| x.score), compare(&b, &a, &[]).map(|x| x.score), "{:?} {:?}", a, b);
        prop_assert_eq!(agreement.is_some(), agreement.is_some() && a.keys().iter().any(|k| b.keys().contains(k)));
    }
}

#[test]
fn every_number_of_a_real_list_finds_its_entity() {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join("../shared/data/lists/ofac");
    if !path.exists() {
        eprintln!("skipped: {} is absent", path.display());
        return;
    }
    let lists = list::read(path).unwrap().lists;
    let index = Index::build(&lists).unwrap();
    let options = Options::default().threshold(0.5).limit(10_000);
    let screener = Screener::new(index).with_options(options).unwrap();
    let (mut searched, mut skipped) = (0, 0);
    for entity in &lists[0].entities {
        for listed in entity.identifiers.iter().filter(|i| i.kind.is_identifying()) {
            if listed.keys().is_empty() || !listed.value.chars().any(|c| c.is_ascii_digit()) {
                skipped += 1;
                continue;
            }
            searched += 1;
            // As a customer file may have it: in lower case, without the country.
            let own = Identifier::new(listed.kind.clone(), listed.value.to_lowercase());
            let unspecified = Identifier::new(K::unspecified(), &listed.value);
            for identifier in [own, unspecified] {
                let query = Query::default().identifier(identifier);
                let found = screener.screen(&query).into_iter().any(|h| h.entity_id == entity.id);
                assert!(found, "{listed:?} of {} {}", entity.id, entity.primary_name());
            }
        }
    }
    println!("{searched} numbers searched twice, {skipped} too short or without a digit");
    assert!(searched > 7_000 && skipped < 200, "{searched} {skipped}");
}
