//! Retrieval loses nothing: for every query and threshold it gives the hits of the exhaustive oracle.

use crate::adversarial::{self, Threshold};
use interdict::entity::{AliasStrength, Schema};
use interdict::list::{self, List};
use interdict::score::fields::FieldWeights;
use interdict::score::score_names;
use interdict::screen::{MatchedBy, Options, Outcome, Scratch};
use interdict::{Index, Query, Screener};
use proptest::prelude::*;
use std::cell::RefCell;

const THRESHOLDS: [f32; 5] = [0.5, 0.6, 0.75, 0.85, 0.95];

/// Retrieval and its oracle, with the neighbours that the screener has found so far.
fn both(screener: &Screener, threshold: f32, limit: usize) -> [Screener; 2] {
    [false, true].map(|exhaustive| {
        let options = Options::default().threshold(threshold).limit(limit).exhaustive(exhaustive);
        screener.clone().with_options(options).unwrap()
    })
}

fn case_list() -> Vec<List> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/list.csv");
    list::read(path).unwrap().lists
}

fn cases() -> Vec<(String, Schema, String)> {
    include_str!("../cases/queries.tsv")
        .lines()
        .filter(|l| !l.starts_with('#'))
        .map(|l| {
            let [query, schema, id] = l.split('\t').collect::<Vec<_>>()[..] else { panic!("{l}") };
            let schema = if schema == "-" { Schema::Unknown } else { Schema::parse(schema).unwrap() };
            (query.to_string(), schema, id.to_string())
        })
        .collect()
}

#[test]
fn every_case_is_answered_as_the_file_says() {
    let screener = Screener::new(Index::build(&case_list()).unwrap());
    let mut wrong = Vec::new();
    for (query, schema, id) in cases() {
        let hits = screener.screen(&Query::name(&query).schema(schema));
        let best = hits.first().map_or("-", |h| h.entity_id.as_str());
        if best != id {
            wrong.push(format!("{query}: {best} instead of {id} ({:?})", hits.first().map(|h| h.score)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn retrieval_and_oracle_answer_the_cases_alike() {
    let screener = Screener::new(Index::build(&case_list()).unwrap());
    for threshold in THRESHOLDS {
        let [fast, oracle] = both(&screener, threshold, 50);
        for (query, schema, _) in cases() {
            let query = Query::name(query).schema(schema);
            assert_eq!(fast.screen(&query), oracle.screen(&query), "{} at {threshold}", query.name);
        }
    }
}

#[test]
fn names_that_retrieval_or_a_mutant_has_got_wrong() {
    for (listed, query) in [
        // The end of a cut name begins a listed token, which is not missing then.
        ("aaaaaaaa ali,", "aaaaaaaa p\u{435}trov  krasnoyarskmet al"),
        // Without the pairs that retrieval leaves out, a better alignment would be chosen than the score's own.
        ("haji ref haji iii ref second four,Company", "second four haji aref haji iii ref"),
        // What stands behind a cut name is forgiven though its first token is not paired, ...
        (
            "Alpha Wilhelmina Bartholomew Gutenberg Imeni Lenina Krasnoye Znamya Ulyanovsk Kazan,",
            "Ltd Wilhelmina Bartholomew Gutenberg",
        ),
        // ... and though a join of its own leaves the name a token shorter.
        (
            "Wilhelmina Bartholomew Gutenberg Imeni Lenina Krasnoye Znamya Ulyanovsk Kazan,",
            "Wilhelmina Bartholomew Guten Berg",
        ),
        // The last token of a cut name is a number, whose omission counts more than that of a whole name.
        ("Zarkan 44,\nMirwais Mirwais Mirwais Zarkan 44,", "Mirwais Mirwais Mirwais Zarkan 44"),
        // Other romanizations, of words and of words written together, and Kana: a small index has bits for them.
        ("Xi Jinping,Person", "Hsi Chinping"),
        ("Li Renmin,Person", "Li Jen Min"),
        // So has it for joins, which sound otherwise where Arabic articles bind, and for first letters.
        ("Shamsuddin,Person", "شمس الدين"),
        ("KRTB,Company", "Karwan Rahim Trading Bureau"),
        // A join makes up for tokens that too little is related to, beside one that nothing is.
        ("Gutenberg,\nGotan Berk,", "Guten Berg Zzyzxow"),
        // Two joins make up for what neither makes up for alone.
        ("Krasnoyarsk Gutenberg,", "Krasno Yarsk Guten Berg"),
        ("Deng Xiaoping,Person", "Teng Hsiao Ping"),
        ("ジュガシヴィリ,Person", "Dzhugashvili"),
        // What stands behind a cut name is forgiven though tokens that open nothing are in it too.
        (
            "forty krasnoyarskmetallurgstroy mohammad,Company\nmohammad krasnoyarskmetallurgstroy,",
            "forty krasnoyarskmetallurgstroy",
        ),
        // Letters of Arabic script are told by Latin ones, which are no Latin text: چ (ch) is no C.
        ("C. Petrov,Vessel", "چ Petrov"),
        // So are sounds of Kana, of which doubled ones are one, and which meet each other by them.
        ("Petrov N,Person", "petrov んん"),
        ("Petrov ん,Person", "petrov んん"),
        ("Petrov オカ,Person", "petrov オオカアア"),
        // Words of Arabic script that are many letters from their Latin spellings: two codes that spellings confuse, and a
        // code apart.
        ("Gaddafee Petrov,Person", "قذافي Petrov"),
        ("Dimaskee Petrov,Person", "دمشقي Petrov"),
        // Consonants differ until both are read as their languages spell: alone, on either side, and on both.
        ("Chataev Petrov,Person", "Tschatajew Petrov"),
        ("Tschatajew Petrov,Person", "Chataev Petrov"),
        ("Tschatajew Petrov,Person", "Tjatajev Petrov"),
        // Words written together without the article between them, and spelled in French besides.
        ("Karim Badr al-Din,Person", "Karim Badreddine"),
        ("Karim Badreddine,Person", "Karim Badr ad-Din"),
        ("Karim Abdechakour,Person", "Karim Abd al-Shakur"),
        ("Karim Abd al-Shakur,Person", "Karim Abdechakour"),
    ] {
        let list = list::from_bytes("wrong", format!("name,schema\n{listed}\n").as_bytes()).unwrap();
        let screener = Screener::new(Index::build(&[list]).unwrap());
        let query = Query::name(query);
        let hits = both(&screener, 0.5, 9)[1].screen(&query);
        assert!(!hits.is_empty(), "{listed}");
        for threshold in (50..100).map(|t| t as f32 / 100.0).chain(hits.iter().map(|hit| hit.score)) {
            let [fast, oracle] = both(&screener, threshold, 9);
            assert_eq!(fast.screen(&query), oracle.screen(&query), "{listed} at {threshold}");
        }
    }
}

#[test]
fn a_name_as_published_finds_itself_whatever_the_query_is_told_to_be() {
    // Each is analysed as something else by some schema: legal forms, initials, places, business words, ships' words.
    let names = [
        "CASPIA",
        "VOYAGER",
        "PETROLEOS DE VENEZUELA, S.A.",
        "S.A.",
        "OOO",
        "Bank",
        "17",
        "MV",
        "Group Ltd",
        "Dr. Sheikh",
        "Х. А.",
        "ООО Ромашка",
        "محمد",
        "王",
        "김",
        "PUTIN, Vladimir",
        "al",
        "J. Co",
        "A",
        "Iran",
    ];
    let schemas = ["Person", "Company", "Vessel", "Aircraft", "Organization", ""];
    let rows = names.iter().enumerate().flat_map(|(i, name)| {
        schemas.iter().map(move |schema| format!("{i}-{schema},\"{name}\",{schema}\n"))
    });
    let text = format!("id,name,schema\n{}", rows.collect::<String>());
    let list = list::from_bytes("themselves", text.as_bytes()).unwrap();
    let screener = Screener::new(Index::build(&[list]).unwrap());
    let [fast, oracle] = both(&screener, 0.85, 1000);
    for (i, name) in names.iter().enumerate() {
        for schema in Schema::ALL {
            let query = Query::name(*name).schema(schema);
            let hits = fast.screen(&query);
            assert_eq!(hits, oracle.screen(&query), "{query:?}");
            let own: Vec<_> = hits.iter().filter(|hit| hit.entity_id.starts_with(&format!("{i}-"))).collect();
            let compatible = schemas
                .iter()
                .filter(|listed| schema.is_compatible(Schema::parse(listed).unwrap_or_default()));
            assert_eq!(
                own.iter().filter(|hit| hit.score == 1.0).count(),
                compatible.count(),
                "{query:?}: {own:#?}"
            );
        }
    }
}

#[test]
fn a_name_that_is_cut_off_finds_the_whole() {
    let names = [
        "LENPROMTRANSPROYEKT JOINT-STOCK COMPANY",
        "Gosudarstvennoye unitarnoye predpriyatie nauchno-proizvodstvennoye obyedinenie OOO",
        "ZARIN DARYA SHIPPING LIMITED LIABILITY COMPANY",
        "Научно-производственное объединение «Гранит» имени Ленина",
        "CIMEX DE VENEZUELA DEL CARIBE Y DEL SUR, S.A.",
    ];
    let rows: String = names.iter().enumerate().map(|(i, name)| format!("{i},\"{name}\"\n")).collect();
    let list = list::from_bytes("cut", format!("id,name\n{rows}").as_bytes()).unwrap();
    let screener = Screener::new(Index::build(&[list]).unwrap());
    let [fast, oracle] = both(&screener, 0.85, 10);
    for (i, name) in names.iter().enumerate() {
        for length in
            (30..=35).chain([65, 66, 69, 70, 139, 140]).filter(|length| *length < name.chars().count())
        {
            let query = Query::name(name.chars().take(length).collect::<String>());
            let hits = fast.screen(&query);
            assert_eq!(hits, oracle.screen(&query), "{query:?}");
            assert!(hits.iter().any(|hit| hit.entity_id == i.to_string()), "{query:?}");
        }
    }
}

#[test]
fn retrieval_and_oracle_agree_on_cells_of_several_names() {
    let screener = Screener::new(Index::build(&case_list()).unwrap());
    let names: Vec<(String, Schema)> =
        cases().into_iter().map(|(query, schema, _)| (query, schema)).collect();
    let mut part_hits = 0;
    for threshold in [0.5, 0.85] {
        let [fast, oracle] = both(&screener, threshold, 50);
        for (pair, kind) in names.windows(2).zip((0..9).cycle()) {
            let [(a, schema), (b, _)] = pair else { panic!() };
            let cell = match kind {
                0 => format!("{a} aka {b}"),
                1 => format!("{a} (formerly {b})"),
                2 => format!("{a} / {b}"),
                3 => format!("ATTN: {a}, {b}"),
                4 => format!("{a}, 12 {b}"),
                5 => format!("MV {a} aka {a}"),
                6 => a.split_whitespace().collect(),
                7 => a.chars().flat_map(|c| [c, ' ']).collect(),
                _ => a.chars().take(22).collect(),
            };
            for schema in [*schema, Schema::Unknown] {
                let query = Query::name(&cell).schema(schema);
                let hits = fast.screen(&query);
                assert_eq!(hits, oracle.screen(&query), "{query:?} at {threshold}");
                for hit in hits.iter().filter(|hit| hit.query_part.is_some()) {
                    part_hits += 1;
                    let explained = fast.explain(&query, hit).unwrap();
                    let part = hit.query_part.as_ref().map(|part| part.text.clone());
                    assert_eq!((explained.score, &explained.query_part), (hit.score, &part), "{query:?}");
                }
            }
        }
    }
    assert!(part_hits > 50, "{part_hits}");
}

#[test]
fn a_word_that_is_something_else_in_another_name_has_other_neighbours() {
    // So many tokens that threads share what they find of them.
    let letter = |n: usize| char::from(b'a' + (n % 26) as u8);
    let filler = (0..5_000)
        .map(|i| format!("{}{}ak{}{},Person\n", letter(i), letter(i / 26), letter(i / 676), letter(7 * i)));
    let listed = "Trading Bank,Person\nAli Trading,Person\nTrading Bank,Organization\nStar Maritime,Person\nStar,Vessel\n\
        Bao Marine,Company\n";
    let text = format!("name,schema\n{listed}{}", filler.collect::<String>());
    let list = list::from_bytes("words", text.as_bytes()).unwrap();
    let screener = Screener::new(Index::build(&[list]).unwrap());
    assert!(screener.index().tokens() > 4096);
    // Where the words count least comes first: what is kept of them must not be taken for the others.
    for schema in [Schema::Organization, Schema::Vessel, Schema::Unknown, Schema::Person] {
        let names = "Trading Bank,Tradnig Bank,Ali Trading,Trading,Star Maritime,Marytime Star";
        // A particle of Arabic script has the text of a Latin word, and is as common as its consonants.
        for name in names.split(',').chain(["باو", "bau marene"]) {
            for threshold in (50..100).step_by(5).map(|t| t as f32 / 100.0) {
                let [fast, oracle] = both(&screener, threshold, 20);
                let query = Query::name(name).schema(schema);
                assert_eq!(fast.screen(&query), oracle.screen(&query), "{query:?} at {threshold}");
            }
        }
    }
}

#[test]
fn an_index_says_what_a_pair_scores() {
    // The pairwise scorer knows no index; where the schema is given, both must say the same.
    let lists = case_list();
    let index = Index::build(&lists).unwrap();
    let [fast, _] = both(&Screener::new(index.clone()), 0.5, 50);
    for (query, _, _) in cases() {
        for hit in fast.screen(&Query::name(&query).schema(Schema::Organization)) {
            if hit.schema == Schema::Organization {
                let pair = score_names(&query, &hit.matched_name, Schema::Organization);
                assert_eq!(hit.score, pair, "{query} ~ {}", hit.matched_name);
            }
        }
    }
}

thread_local! {
    /// Kept from case to case, so that nothing of an earlier query or of another index may matter.
    static KEPT: RefCell<Scratch> = RefCell::default();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::support::cases(10_000), ..ProptestConfig::default() })]

    #[test]
    fn retrieval_and_oracle_agree(case in adversarial::case()) {
        let screener = Screener::new(Index::build(&[case.list()]).unwrap());
        for query in case.queries() {
            let threshold = match &case.threshold {
                Threshold::At(threshold) => *threshold,
                Threshold::OfAHit(pick, above) => {
                    let hits = both(&screener, 0.5, 50)[1].screen(&query);
                    if hits.is_empty() { 0.5 } else { (hits[pick.index(hits.len())].score + above).min(1.0) }
                }
            };
            let [fast, oracle] = both(&screener, threshold, case.limit);
            let wanted = oracle.screen(&query);
            prop_assert_eq!(fast.screen(&query), &wanted[..], "{:?} at {}", query, threshold);
            // A second time: from the cache, and with buffers that earlier cases have used.
            let again = KEPT.with_borrow_mut(|scratch| fast.screen_with(&query, scratch));
            prop_assert_eq!(again, wanted, "a second time, {:?} at {}", query, threshold);
        }
    }
}

/// Anything a configuration may say.
fn options() -> impl Strategy<Value = Options> {
    let threshold = || proptest::sample::select(THRESHOLDS.to_vec());
    let added = || 0.0f32..=0.3;
    let taken = || proptest::sample::select(vec![0.0f32, 0.01, 0.1, 0.4, 1.0]);
    let weights = ([added(), added(), added(), added()], proptest::array::uniform7(taken()));
    let fields = weights.prop_map(|(mut added, mut taken)| {
        added[..2].sort_by(|a, b| b.total_cmp(a));
        taken[..4].sort_by(f32::total_cmp);
        FieldWeights {
            same_day: added[0],
            possible_day: added[1],
            partly_different_date: taken[0],
            year_apart: taken[1],
            few_years_apart: taken[2],
            many_years_apart: taken[3],
            same_country: added[2],
            different_country: taken[4],
            same_gender: added[3],
            different_gender: taken[5],
            different_schema: taken[6],
        }
    });
    let of_schema = proptest::option::weighted(0.3, threshold());
    let weak = (any::<bool>(), proptest::option::of(threshold()), any::<bool>());
    (threshold(), proptest::array::uniform9(of_schema), weak, fields).prop_map(
        |(threshold, schema_thresholds, (weak_aliases, weak_threshold, identifiers), fields)| {
            let options = Options::default()
                .threshold(threshold)
                .weak_aliases(weak_aliases)
                .weak_threshold(weak_threshold)
                .identifiers(identifiers)
                .fields(fields)
                .limit(50);
            let schemas = Schema::ALL.into_iter().zip(schema_thresholds);
            schemas.fold(options, |options, (schema, t)| options.with_schema_threshold(schema, t))
        },
    )
}

/// What was cleared is found again when the fields that cleared it say nothing, and so is every hit.
fn check_withheld(screener: &Screener, query: &Query, outcome: &Outcome) -> Result<(), TestCaseError> {
    let mut blind = *screener.options();
    blind.fields = FieldWeights {
        same_day: 0.0,
        possible_day: 0.0,
        partly_different_date: 0.0,
        year_apart: 0.0,
        few_years_apart: 0.0,
        many_years_apart: 0.0,
        same_country: 0.0,
        different_country: 0.0,
        same_gender: 0.0,
        different_gender: 0.0,
        different_schema: 0.0,
    };
    blind.limit = 1000;
    let by_name = screener.clone().with_options(blind).unwrap().screen(query);
    for cleared in &outcome.cleared {
        let required = blind.required(cleared.schema, cleared.weak);
        prop_assert!(!cleared.cleared_by.is_empty() && cleared.score < required, "{:?}", cleared);
        prop_assert!(by_name.iter().any(|hit| hit.entity == cleared.entity), "{:?}", cleared);
        prop_assert!(outcome.hits.iter().all(|hit| hit.entity != cleared.entity), "{:?}", cleared);
    }
    // Nothing that its name finds is lost without a count.
    let told = outcome.hits.len() as u64 + outcome.withheld.cut + outcome.withheld.cleared;
    prop_assert!(told >= by_name.len() as u64, "{} told, {} by name", told, by_name.len());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::support::cases(10_000) / 4, ..ProptestConfig::default() })]

    #[test]
    fn retrieval_and_oracle_agree_under_any_configuration(
        case in adversarial::case(),
        options in options(),
        weak in any::<u64>(),
    ) {
        let mut list = case.list();
        for (i, entity) in list.entities.iter_mut().enumerate() {
            let aliases = entity.names.iter_mut().enumerate().skip(1);
            aliases.filter(|(j, _)| weak >> ((7 * i + j) % 64) & 1 == 1).for_each(|(_, n)| n.strength = AliasStrength::Weak);
        }
        let fast = Screener::new(Index::build(&[list]).unwrap()).with_options(options).unwrap();
        let mut slow = options;
        slow.exhaustive = true;
        let oracle = fast.clone().with_options(slow).unwrap();
        for query in case.queries() {
            let outcome = fast.outcome(&query, &mut Scratch::default());
            let of_oracle = oracle.outcome(&query, &mut Scratch::default());
            prop_assert_eq!(&outcome, &of_oracle, "{:?} with {:?}", query, options);
            check_withheld(&fast, &query, &outcome)?;
            let found = fast.screen(&query);
            prop_assert_eq!(&found, &outcome.hits);
            for hit in found.iter().filter(|h| h.matched_by == MatchedBy::Name) {
                prop_assert!(hit.score >= options.required(hit.schema, hit.weak));
                prop_assert!(options.weak_aliases || !hit.weak);
            }
            prop_assert!(options.identifiers || found.iter().all(|h| h.matched_by == MatchedBy::Name));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn scores_lie_in_range_and_equal_names_score_one(a in adversarial::name(), b in adversarial::name()) {
        let ab = score_names(&a, &b, Schema::Person);
        prop_assert!((0.0..=1.0).contains(&ab), "{ab}");
        let same = score_names(&a, &a, Schema::Person);
        prop_assert!(same == 1.0 || same == 0.0, "{a}: {same}");
        prop_assert_eq!(ab, score_names(&a, &b, Schema::Person));
    }

    #[test]
    fn a_matching_field_never_lowers_a_score(
        case in adversarial::case(),
        query in adversarial::name(),
        options in options(),
    ) {
        let index = Index::build(&[case.list()]).unwrap();
        let mut low = options;
        low.threshold = 0.5;
        let fast = Screener::new(index.clone()).with_options(low).unwrap();
        let plain = fast.screen(&Query::name(&query));
        for hit in &plain {
            let (entity, _) = index.entity(hit.entity).unwrap();
            let mut with = Query::name(&query);
            with.birth_dates = entity.birth_dates.clone();
            with.countries = entity.countries.clone();
            with.gender = entity.gender;
            let again = fast.screen(&with);
            let score = again.iter().find(|h| h.entity == hit.entity).map_or(0.0, |h| h.score);
            prop_assert!((hit.score..=1.0).contains(&score), "{} < {}", score, hit.score);
        }
    }
}
