//! Retrieval and the exhaustive oracle find the same on labelled queries against a published list.

use crate::support::data;
use interdict::list;
use interdict::screen::Options;
use interdict::{Index, Query, Screener};

#[test]
fn retrieval_is_the_oracle_on_the_labelled_queries() {
    let Some(path) = data("lists/bench/ofac_un_latin.csv") else { return };
    let lists = list::read(path).unwrap().lists;
    let index = Index::build(&lists).unwrap();
    let mut names = Vec::new();
    for (file, column, step) in [
        ("queries/mutations.dev.csv", "name", 41),
        ("queries/negatives_us.dev.csv", "full_name", 499),
        ("queries/negatives_global.dev.csv", "full_name", 499),
    ] {
        let Some(path) = data(file) else { return };
        let mut reader = csv::Reader::from_path(path).unwrap();
        let at = reader.headers().unwrap().iter().position(|h| h == column).unwrap();
        names.extend(reader.records().step_by(step).map(|r| r.unwrap()[at].to_string()));
    }
    for threshold in [0.6, 0.75, 0.85, 0.95] {
        let screener = |exhaustive| {
            let options = Options::default().threshold(threshold).limit(20).exhaustive(exhaustive);
            Screener::new(index.clone()).with_options(options).unwrap()
        };
        let (fast, oracle) = (screener(false), screener(true));
        for name in &names {
            let query = Query::name(name);
            assert_eq!(fast.screen(&query), oracle.screen(&query), "{name} at {threshold}");
        }
    }
}
