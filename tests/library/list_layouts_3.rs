//! SECO and Senzing: ten entities of each checked by hand against samples written to the published layouts.

use crate::support::wanted;

use interdict::entity::{NameKind, Schema, Strength};
use interdict::list::{self, Layout, List};
use wanted::{Wanted, check};

fn sample(name: &str, layout: Layout) -> List {
    let path = format!("{}/tests/samples/{name}", env!("CARGO_MANIFEST_DIR"));
    let mut lists = list::read(path).unwrap().lists;
    assert_eq!((lists.len(), lists[0].version.layout), (1, layout));
    lists.pop().unwrap()
}

/// The kind and strength of a name.
fn name(list: &List, id: &str, text: &str) -> (NameKind, Strength) {
    let e = list.entities.iter().find(|e| e.id == id).unwrap();
    let name = e.names.iter().find(|n| n.text == text).unwrap_or_else(|| panic!("{text}: {:?}", e.names));
    (name.kind, name.strength)
}

fn wanted<'a>(id: &'a str, schema: Schema, names: &'a [&'a str], facts: &'a [&'a str]) -> Wanted<'a> {
    Wanted { id, schema, names, facts }
}

#[test]
fn seco() {
    let list = sample("seco.xml", Layout::SecoXml);
    let v = &list.version;
    assert_eq!((v.records, v.entities, v.rejected), (11, 10, 1));
    assert_eq!(v.published.map(|d| d.to_string()).as_deref(), Some("2031-05-06"));
    assert!(list.rejected[0].reason.contains("de-listed on 2021-01-02"), "{:?}", list.rejected);
    check(
        &list,
        &[
            wanted(
                "1001",
                Schema::Person,
                &["Viktor Petrovich Probnik", "Виктор Петрович Пробник"],
                &[
                    "born 1964-02-17",
                    "program Elbonia",
                    "passport MP1234567",
                    "national-id 3170264A001PB1",
                    "listed 2030-01-02",
                    "country by",
                    "gender Male",
                ],
            ),
            wanted(
                "1002",
                Schema::Person,
                &["Layla Musterman", "ليلى مسترمان", "Umm Salim", "Leila Moustermann"],
                &[
                    "born 1980",
                    "born 1981-05",
                    "country sy",
                    "country lb",
                    "gender Female",
                    "listed 2029-11-05",
                ],
            ),
            wanted(
                "1003",
                Schema::Person,
                &["Pak Chol", "Pak Chun"],
                &["program Syldavie", "listed 2028-03-01"],
            ),
            wanted(
                "1004",
                Schema::Organization,
                &["Beispiel Werke JSC", "ОАО Бейшпиль Верке", "BW Holding"],
                &["born 1999-09-01", "bic DEUTDEFF500", "registration 190123456", "country by"],
            ),
            // Listed again after it was de-listed.
            wanted(
                "1005",
                Schema::Organization,
                &["Syldavian Trade Bank", "Klow Credit"],
                &["listed 2027-12-24", "country ch", "program Syldavie"],
            ),
            wanted(
                "1006",
                Schema::Vessel,
                &["Morning Specimen", "Evening Specimen"],
                &["imo 9253325", "listed 2030-07-07"],
            ),
            wanted("1007", Schema::Aircraft, &["EW-001XX"], &["listed 2030-07-07", "program Elbonia"]),
            // The 31st of February is no day: the month is kept.
            wanted(
                "1008",
                Schema::Person,
                &["Yusuf al-Namudhaj", "Youssef al-Namudhaj", "Yousef al-Namudhaj"],
                &["born 1970-02", "listed 2026-02-10"],
            ),
            wanted(
                "1009",
                Schema::Organization,
                &["Borduria Mining Corporation", "博尔多利亚矿业公司"],
                &["program Syldavie", "country ch", "listed 2031-01-15"],
            ),
            wanted("1010", Schema::Person, &["Ivan Obraztsov"], &["country ru", "listed 2030-09-09"]),
        ],
    );
    assert_eq!(name(&list, "1002", "Umm Salim"), (NameKind::Alias, Strength::Weak));
    assert_eq!(name(&list, "1003", "Pak Chun"), (NameKind::Former, Strength::Strong));
    assert_eq!(name(&list, "1006", "Evening Specimen").0, NameKind::Former);
    let e = |id: &str| list.entities.iter().find(|e| e.id == id).unwrap();
    assert_eq!(e("1001").birth_places, ["Minsk, Minsk region, Belarus"]);
    assert_eq!(e("1004").addresses, ["Sadovaya 12, 220030, Gomel, Belarus"]);
    assert_eq!(e("1005").addresses, ["Mr Sponsz, 77, Geneva, Switzerland"]);
    assert!(e("1003").remarks.contains("Title: General"), "{}", e("1003").remarks);
    assert!(e("1009").identifiers.iter().any(|i| i.value == "HR-B 1234"), "{:?}", e("1009").identifiers);
}

#[test]
fn senzing() {
    let list = sample("senzing.jsonl", Layout::Senzing);
    let v = &list.version;
    assert_eq!((v.records, v.entities, v.rejected), (11, 10, 1));
    assert_eq!(list.rejected[0].position.line, Some(11));
    check(
        &list,
        &[
            wanted(
                "S1",
                Schema::Person,
                &["Viktor Petrovich Probnik", "Виктор Пробник"],
                &[
                    "born 1964-02-17",
                    "gender Male",
                    "country by",
                    "passport MP1234567",
                    "national-id 3170264A001PB1",
                    "program sanction",
                ],
            ),
            wanted(
                "S2",
                Schema::Person,
                &["Layla Musterman", "Umm Salim", "ليلى مسترمان"],
                &[
                    "born 1980",
                    "gender Female",
                    "country sy",
                    "country lb",
                    "tax 7701234567",
                    "program WATCH",
                ],
            ),
            wanted(
                "3",
                Schema::Person,
                &["Ben Sample", "Benny", "Ben Muster"],
                &["born 1971-05", "gender Male", "national-id 078-05-1120"],
            ),
            wanted(
                "S4",
                Schema::Organization,
                &["Beispiel Werke JSC", "Beispiel Fabrik", "ОАО Бейшпиль Верке"],
                &["born 1999-09-01", "country by", "lei 5493001KJTIIGC8Y1R12"],
            ),
            wanted(
                "S5",
                Schema::Organization,
                &["Syldavian Trade Bank"],
                &[
                    "tax 12-3456789",
                    "website https://bank.example",
                    "email desk@bank.example",
                    "phone +41 22 000 00 00",
                    "program SYLDAVIA",
                ],
            ),
            wanted(
                "S6",
                Schema::Vessel,
                &["Morning Specimen", "Evening Specimen"],
                &["imo 9253325", "mmsi 206123456", "call-sign EWAA1"],
            ),
            wanted("S7", Schema::Aircraft, &["EW-001XX"], &["program WATCH"]),
            wanted(
                "S8",
                Schema::Unknown,
                &["Anonymous Mixer"],
                &["wallet 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"],
            ),
            wanted(
                "S9",
                Schema::Organization,
                &["Borduria Mining Corporation", "博尔多利亚矿业公司"],
                &["registration 123456789", "country ch"],
            ),
            wanted("S10", Schema::Person, &["Ivan Obraztsov"], &["born 1959-12-31", "registration 112233"]),
        ],
    );
    assert_eq!(name(&list, "S2", "Umm Salim"), (NameKind::Alias, Strength::Weak));
    assert_eq!(name(&list, "3", "Ben Muster").0, NameKind::Former);
    assert_eq!(name(&list, "S6", "Evening Specimen").0, NameKind::Former);
    let works = list.entities.iter().find(|e| e.id == "S4").unwrap();
    assert_eq!(works.addresses, ["Sadovaya 12, Gomel, 220030, BY"]);
}
