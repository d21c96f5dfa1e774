//! Retrieval loses nothing: for every query and threshold it gives the hits of the exhaustive oracle.

use interdict::entity::Schema;
use interdict::list::{self, List};
use interdict::score::score_names;
use interdict::screen::{Options, Scratch};
use interdict::{Hit, Index, Query, Screener};
use proptest::prelude::*;

const THRESHOLDS: [f32; 5] = [0.5, 0.6, 0.75, 0.85, 0.95];

fn both(index: &Index, threshold: f32) -> [Screener; 2] {
    [false, true].map(|exhaustive| {
        let options = Options { threshold, limit: 50, exhaustive };
        Screener::new(index.clone()).with_options(options).unwrap()
    })
}

fn case_list() -> Vec<List> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/list.csv");
    list::read(path).unwrap().lists
}

fn cases() -> Vec<(String, Schema, String)> {
    include_str!("cases/queries.tsv")
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
    let index = Index::build(&case_list()).unwrap();
    for threshold in THRESHOLDS {
        let [fast, oracle] = both(&index, threshold);
        for (query, schema, _) in cases() {
            let query = Query::name(query).schema(schema);
            assert_eq!(fast.screen(&query), oracle.screen(&query), "{} at {threshold}", query.name);
        }
    }
}

#[test]
fn an_index_says_what_a_pair_scores() {
    // The pairwise scorer knows no index; where the schema is given, both must say the same.
    let lists = case_list();
    let index = Index::build(&lists).unwrap();
    let [fast, _] = both(&index, 0.5);
    for (query, _, _) in cases() {
        for hit in fast.screen(&Query::name(&query).schema(Schema::Organization)) {
            if hit.schema == Schema::Organization {
                let pair = score_names(&query, &hit.matched_name, Schema::Organization);
                assert_eq!(hit.score, pair, "{query} ~ {}", hit.matched_name);
            }
        }
    }
}

/// Words that are near to each other in every way the relation knows.
fn word() -> impl Strategy<Value = String> {
    let words = "mohammad muhammad mohamed mhmd ali aly karim kareem al bin abdul rahman abdulrahman ivan ivanov \
        ivanovich petr petrov petrovic sergei sergey sergeevich jose luis luisa lopez maria mario kim chol su cholsu \
        jong un li wei weiming zhang xiaoming j r m a v co ltd llc ooo limited liability company gmbh trading trade \
        group technology tech shipping marine bank of iran russia moscow volga volgatek volgatekh prom 44 forty four \
        2 ii 3 ocean lily lilly star alpha beta gamma gama delta deltaprom dr mr sheikh haji branch office ref inv \
        20231 محمد علي الكريم иванов сергей ооо 永信 科技 北京 有限公司 张伟 김 철수 김철수 ゴルバ c0mpany ig0r o'neil s.a. l.l.c";
    let words: Vec<String> = words.split_whitespace().map(str::to_string).collect();
    prop_oneof![9 => proptest::sample::select(words), 1 => "[a-e]{1,9}"]
}

fn name() -> impl Strategy<Value = String> {
    (proptest::collection::vec(word(), 1..6), "[ \\-]").prop_map(|(words, gap)| words.join(&gap))
}

fn list_of(names: &[(String, u8)]) -> List {
    let mut csv = String::from("id,schema,name,birth_date,country\n");
    for (i, (name, kind)) in names.iter().enumerate() {
        let schema = ["Person", "Company", "Vessel", ""][usize::from(kind % 4)];
        csv += &format!("{},{schema},\"{name}\",{},{}\n", i / 2, 1950 + i, ["ru", "ir"][i % 2]);
    }
    list::from_bytes("random", csv.as_bytes()).unwrap()
}

fn edited(name: &str, at: usize, with: char) -> String {
    let mut chars: Vec<char> = name.chars().collect();
    let i = at % chars.len().max(1);
    match at % 4 {
        0 => chars.insert(i, with),
        1 => chars[i] = with,
        2 if chars.len() > 1 => {
            chars.remove(i);
        }
        _ => {
            let other = (at + 1) % chars.len();
            chars.swap(i, other);
        }
    }
    chars.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn retrieval_and_oracle_agree(
        names in proptest::collection::vec((name(), any::<u8>()), 1..14),
        other in name(),
        pick in any::<proptest::sample::Index>(),
        at in 0usize..40,
        with in proptest::char::range('a', 'z'),
        from_list in any::<bool>(),
        kind in 0usize..4,
        fields in any::<bool>(),
        threshold in proptest::sample::select(THRESHOLDS.to_vec()),
    ) {
        let index = Index::build(&[list_of(&names)]).unwrap();
        let text = if from_list { edited(&names[pick.index(names.len())].0, at, with) } else { other };
        let schema = [Schema::Unknown, Schema::Person, Schema::Company, Schema::Vessel][kind];
        let mut query = Query::name(text).schema(schema);
        if fields {
            query.birth_dates = vec![interdict::entity::Date::parse("1952-03-04").unwrap()];
            query.countries = vec!["Russia".into()];
        }
        let [fast, oracle] = both(&index, threshold);
        let mut scratch = Scratch::default();
        let found: Vec<Hit> = fast.screen_with(&query, &mut scratch);
        prop_assert_eq!(&found, &oracle.screen(&query), "{:?} at {}", query, threshold);
        // A second time, from the cache.
        prop_assert_eq!(found, fast.screen_with(&query, &mut scratch));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn scores_lie_in_range_and_equal_names_score_one(a in name(), b in name()) {
        let ab = score_names(&a, &b, Schema::Person);
        prop_assert!((0.0..=1.0).contains(&ab), "{ab}");
        let same = score_names(&a, &a, Schema::Person);
        prop_assert!(same == 1.0 || same == 0.0, "{a}: {same}");
        prop_assert_eq!(ab, score_names(&a, &b, Schema::Person));
    }

    #[test]
    fn a_matching_field_never_lowers_a_score(
        names in proptest::collection::vec((name(), any::<u8>()), 1..6),
        query in name(),
    ) {
        let index = Index::build(&[list_of(&names)]).unwrap();
        let [fast, _] = both(&index, 0.5);
        let plain = fast.screen(&Query::name(&query));
        for hit in &plain {
            let (entity, _) = index.entity(hit.entity).unwrap();
            let mut with = Query::name(&query);
            with.birth_dates = entity.birth_dates.clone();
            with.countries = entity.countries.clone();
            let again = fast.screen(&with);
            let score = again.iter().find(|h| h.entity == hit.entity).map_or(0.0, |h| h.score);
            prop_assert!(score >= hit.score, "{} < {}", score, hit.score);
        }
    }
}
