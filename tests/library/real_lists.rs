//! Lists as published, from the folder beside the project; skipped where it is absent.

use interdict::list::{self, List};
use interdict::screen::Options;
use interdict::{Index, Query, Screener};
use std::path::PathBuf;

fn data(path: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is absent", path.display());
    None
}

fn load(path: &str) -> Option<Vec<List>> {
    let lists = list::read(data(path)?).unwrap().lists;
    for list in &lists {
        let v = &list.version;
        assert!(v.records >= v.rejected, "{v:?}");
        assert_eq!(v.entities as usize, list.entities.len());
        assert_eq!(v.rejected as usize, list.rejected.len());
        assert!(list.entities.iter().all(|e| !e.names.is_empty() && !e.id.is_empty()));
    }
    Some(lists)
}

#[test]
fn ofac_delimited() {
    let Some(lists) = load("lists/ofac") else { return };
    let v = &lists[0].version;
    assert_eq!((lists.len(), v.name.as_str(), v.entities), (1, "ofac-sdn", 12_464));
    let aliases_of_file = 17_781;
    assert!(v.aliases >= aliases_of_file, "aliases of the file and those of the remarks: {}", v.aliases);
    assert_eq!(v.rejected, 0);
    let alone = list::read(data("lists/ofac/sdn.csv").unwrap()).unwrap().lists;
    assert_eq!(alone[0].version, *v, "the sdn file brings its alt and add files");
    let e = lists[0].entities.iter().find(|e| e.id == "50543").unwrap();
    assert!(e.names.iter().any(|n| n.text == "BEIJING INTEGRITY TECHNOLOGY COMPANY, LIMITED"));
    assert_eq!(e.countries, ["cn"]);
    let e = lists[0].entities.iter().find(|e| e.id == "40267").unwrap();
    assert_eq!(e.birth_dates[0].to_string(), "1967-03-14");
    assert_eq!(e.identifiers[0].value, "262400998479");
    let e = lists[0].entities.iter().find(|e| e.id == "25278").unwrap();
    assert_eq!(e.identifiers[0].normalized(), "9683570");
}

#[test]
fn un_consolidated() {
    let Some(lists) = load("lists/un/consolidated.xml") else { return };
    let v = &lists[0].version;
    let people = lists[0].entities.iter().filter(|e| e.schema == interdict::entity::Schema::Person).count();
    assert_eq!((v.entities, people, v.rejected), (684 + 193, 684, 0));
    assert_eq!(v.published.unwrap().to_string(), "2025-04-19");
}

#[test]
fn opensanctions_and_generic() {
    for (path, entities, names) in [
        ("lists/opensanctions/ua_war_sanctions.targets.simple.csv", 5_600, 0),
        ("lists/opensanctions/interpol.targets.simple.csv", 6_561, 0),
        ("lists/bench/ofac_un_latin.csv", 0, 33_055),
    ] {
        let Some(lists) = load(path) else { return };
        let v = &lists[0].version;
        if entities > 0 {
            assert_eq!(v.entities, entities, "{path}");
            assert_eq!(v.records, v.entities + v.rejected, "{path}");
        }
        if names > 0 {
            assert_eq!((v.records, v.names), (names, names), "{path}");
        }
    }
}

#[test]
fn retrieval_is_the_oracle_on_the_labelled_queries() {
    let Some(lists) = load("lists/bench/ofac_un_latin.csv") else { return };
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

#[test]
fn ofac_consolidated_xml() {
    let Some(lists) = load("lists/ofac_consolidated/consolidated.xml") else { return };
    let v = &lists[0].version;
    assert_eq!((v.name.as_str(), v.entities, v.records, v.rejected), ("ofac-consolidated", 443, 443, 0));
    assert_eq!((v.declared, v.published.unwrap().to_string()), (Some(443), "2025-03-28".into()));
}
