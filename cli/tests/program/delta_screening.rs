//! Delta screening (`--since`): exactly the difference of two full runs.

use assert_cmd::Command;
use interdict::entity::{AliasStrength, Date, Entity, Identifier, IdentifierKind, Name, Schema};
use interdict::list::{self, List};
use interdict::screen::{Change, MatchedBy, Options};
use interdict::{Hit, Index, Query, Screener};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The parts of a hit that do not depend on its index.
type HitParts = (String, String, String, String, Schema, String, MatchedBy, String);

fn parts(h: &Hit) -> HitParts {
    let score = format!("{:.5}", h.score);
    let (name, matched) = (h.entity_name.clone(), h.matched_name.clone());
    (h.list.clone(), h.entity_id.clone(), score, name, h.schema, matched, h.matched_by, h.program())
}

/// The difference of two full runs by its definition.
fn difference(old: &[Hit], new: &[Hit], limit: usize) -> Vec<(Change, HitParts)> {
    let by_key = |hits: &[Hit]| -> BTreeMap<(String, String), Hit> {
        hits.iter().map(|h| ((h.list.clone(), h.entity_id.clone()), h.clone())).collect()
    };
    let (old, new) = (by_key(old), by_key(new));
    let mut found: Vec<(Change, &Hit)> = Vec::new();
    for (key, hit) in &new {
        match old.get(key) {
            None => found.push((Change::New, hit)),
            Some(was) if parts(was) != parts(hit) => found.push((Change::Changed, hit)),
            Some(_) => {}
        }
    }
    found.extend(old.iter().filter(|(key, _)| !new.contains_key(key)).map(|(_, hit)| (Change::Gone, hit)));
    // By score, then by list and id, in which order they stand already.
    found.sort_by(|a, b| {
        let key = |h: &Hit| (h.list.clone(), h.entity_id.clone());
        b.1.score.total_cmp(&a.1.score).then(key(a.1).cmp(&key(b.1)))
    });
    // The limit counts parties, and cuts no score of 1.
    let mut parties = std::collections::BTreeSet::new();
    found.retain(|(_, hit)| {
        let shown = hit.score == 1.0 || parties.contains(&hit.group) || parties.len() < limit;
        parties.extend(shown.then(|| hit.group.clone()));
        shown
    });
    found.into_iter().map(|(change, hit)| (change, parts(hit))).collect()
}

const WORDS: &str = "mohammad muhammad ali karim kareem al bin ivan ivanov petr petrov sergei sergey jose luis lopez \
    maria kim chol su li wei zhang j r ltd llc company gmbh trading group technology shipping marine bank of iran \
    volga volgatek prom 44 ii 3 star alpha beta gamma delta محمد علي иванов 永信 科技 北京 김철수";

fn name() -> impl Strategy<Value = String> {
    let words: Vec<String> = WORDS.split_whitespace().map(str::to_string).collect();
    proptest::collection::vec(proptest::sample::select(words), 1..5).prop_map(|w| w.join(" "))
}

/// An entity: list, name, alias, kind, birth year, and its change.
type Drawn = (u8, String, String, u8, u8, u8);

fn entity(id: usize, (_, name, alias, kind, year, _): &Drawn) -> Entity {
    let schema = [Schema::Person, Schema::Company, Schema::Unknown][usize::from(kind % 3)];
    let mut e = Entity::new(id.to_string(), schema, name.clone());
    e.names.push(Name::alias(alias));
    if year % 2 == 0 {
        e.birth_dates.extend(Date::year(1950 + i16::from(year % 8)));
    }
    if year % 5 == 0 {
        e.identifiers.push(Identifier::new(IdentifierKind::Imo, format!("900000{}", year % 3)));
    }
    e
}

/// The two sides: two lists each, of which the second may be absent on one side.
fn sides(drawn: &[Drawn], added: &[Drawn], absent: u8) -> (Vec<List>, Vec<List>) {
    let empty = |name: &str| {
        let mut list = list::from_bytes(name, b"id,name\n1,x\n").unwrap();
        list.entities.clear();
        list
    };
    let side = || [empty("one"), empty("two")];
    let (mut old, mut new) = (side(), side());
    for (id, drawn) in drawn.iter().enumerate() {
        let list = usize::from(drawn.0 % 2);
        let was = entity(id, drawn);
        let mut is = was.clone();
        old[list].entities.push(was);
        match drawn.5 % 20 {
            0 => continue,
            1 => is.names[0] = Name::primary(format!("{} {}", drawn.1, drawn.2)),
            2 => is.names[1] = Name::alias(drawn.1.to_uppercase()),
            3 => is.programs.push("X".into()),
            4 => is.birth_dates = vec![Date::year(1952).unwrap()],
            5 => is.id = (1000 + id).to_string(),
            6 => is.remarks.push_str("seen again"),
            7 => is.names.swap(0, 1),
            8 => is.names.push(Name::alias(drawn.1.to_uppercase())),
            9 => drop(is.names.pop()),
            10 => is.names[1].strength = AliasStrength::Weak,
            11 => is.names.insert(1, Name::weak(format!("{} {}", drawn.2, drawn.1))),
            12 => is.identifiers = vec![Identifier::new(IdentifierKind::Imo, "9000000")],
            13 => {
                is.identifiers.clear();
                is.names.insert(1, Name::alias(format!("{} ltd", drawn.1)));
            }
            14 => {
                is.names.push(Name::alias(drawn.2.to_lowercase()));
                is.remarks.push_str("seen again");
            }
            _ => {}
        }
        new[list].entities.push(is);
    }
    for (id, drawn) in added.iter().enumerate() {
        new[usize::from(drawn.0 % 2)].entities.push(entity(500 + id, drawn));
    }
    new[0].entities.push(Entity::new("always", Schema::Person, "Zebedee Quux"));
    let (mut old, mut new) = (old.to_vec(), new.to_vec());
    match absent % 6 {
        0 => drop(old.pop()),
        1 => drop(new.pop()),
        2 => new.reverse(),
        _ => {}
    }
    (old, new)
}

fn drawn() -> impl Strategy<Value = Drawn> {
    (any::<u8>(), name(), name(), any::<u8>(), any::<u8>(), any::<u8>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn a_change_is_the_difference_of_two_full_runs(
        entities in proptest::collection::vec(drawn(), 1..12),
        added in proptest::collection::vec(drawn(), 0..4),
        absent in any::<u8>(),
        book in proptest::collection::vec((name(), any::<u8>()), 1..6),
        threshold in proptest::sample::select(vec![0.5f32, 0.7, 0.85]),
        limit in proptest::sample::select(vec![1usize, 2, 10, 1_000_000]),
    ) {
        let (old, new) = sides(&entities, &added, absent);
        let full = |lists: &[List]| {
            let options = Options::default().threshold(threshold).limit(1_000_000);
            Index::build(lists).ok().map(|index| Screener::new(index).with_options(options).unwrap())
        };
        let (before, after) = (full(&old), full(&new));
        let options = Options::default().threshold(threshold).limit(limit);
        let change = Screener::for_changes(&old, &new).unwrap().with_options(options).unwrap();
        let queries = book.iter().map(|(name, year)| {
            let mut query = Query::name(name.clone());
            if year % 2 == 0 {
                query.birth_dates.extend(Date::year(1950 + i16::from(year % 8)));
            }
            if year % 3 == 0 {
                query.identifiers.push(Identifier::new(IdentifierKind::Imo, "9000000"));
            }
            query
        });
        for query in queries {
            let run = |screener: &Option<Screener>| screener.as_ref().map_or(Vec::new(), |s| s.screen(&query));
            let expected = difference(&run(&before), &run(&after), limit);
            let found: Vec<(Change, HitParts)> =
                change.screen(&query).iter().map(|h| (h.change.unwrap(), parts(h))).collect();
            prop_assert_eq!(found, expected, "{:?}", query);
        }
    }
}

/// 500 random cases; more by the environment variable INTERDICT_CASES.
fn cases() -> u32 {
    std::env::var("INTERDICT_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(500)
}

fn run(args: &[&str]) -> (i32, String, String) {
    let out = Command::cargo_bin("interdict").unwrap().args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap_or(-1), text(out.stdout), text(out.stderr))
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

const OLD: &str = "id,schema,name,aliases,program,remarks\n\
    1,Company,Volga Star Ltd,,RU,\n2,Person,Ivan Petrov,,RU,\n3,Vessel,Lady Rosalind,,,\n\
    4,Person,Karim Abdulrahman,,,\n5,Company,Delta Prom,,,\n6,Person,Ivan Petrov,,RU,\n";
const NEW: &str = "id,schema,name,aliases,program,remarks\n\
    1,Company,Volga Star Ltd,Volga Shipping,RU,\n3,Vessel,Lady Rosalind,,,flag unknown\n\
    4,Person,Karim Abdulrahman,,SDGT,\n5,Company,Delta Prom,,,\n6,Person,Ivan Petrov,,RU,\n7,Company,Gamma Marine,,,\n\
    8,Person,Ivan Petrov Junior,,RU,\n";
const BOOK: &str = "name\nVolga Shipping\nIvan Petrov\nLady Rosalind\nKarim Abdul Rahman\nDelta Prom\nGamma Marine LLC\n\
    Jane Roe\n,\n";

/// The row, list and id of a hit.
type Key = (u64, String, String);
/// Lines of hits.
type Lines = BTreeMap<Key, Vec<String>>;

/// Lines of hits by row, list and id, without the header.
fn by_key(csv: &str) -> Lines {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows = reader.records().map(|r| {
        let r = r.unwrap();
        let key = (r[0].parse().unwrap(), r[3].to_string(), r[4].to_string());
        (key, r.iter().take(10).map(str::to_string).collect())
    });
    rows.collect()
}

/// The lines by which two runs differ, each with what happened to it.
fn differences(before: &Lines, after: &Lines) -> BTreeMap<Key, (Vec<String>, &'static str)> {
    let mut expected = BTreeMap::new();
    for (key, line) in after {
        match before.get(key) {
            None => drop(expected.insert(key.clone(), (line.clone(), "new"))),
            Some(was) if was != line => drop(expected.insert(key.clone(), (line.clone(), "changed"))),
            Some(_) => {}
        }
    }
    for (key, line) in before.iter().filter(|(key, _)| !after.contains_key(*key)) {
        expected.insert(key.clone(), (line.clone(), "gone"));
    }
    expected
}

#[test]
fn the_program_reports_the_differences_of_two_runs() {
    let folder = tempfile::tempdir().unwrap();
    let old = write(folder.path(), "old/list.csv", OLD);
    let new = write(folder.path(), "new/list.csv", NEW);
    let book = write(folder.path(), "book.csv", BOOK);
    let [old_index, new_index] = [("old", &old), ("new", &new)].map(|(side, list)| {
        let index = folder.path().join(format!("{side}.idx")).display().to_string();
        assert_eq!(run(&["index", "build", "--list", list, "--output", &index]).0, 0);
        index
    });
    let all = ["--limit", "1000", "--threshold", "0.7"];
    let full = |list: &str| run(&[&["screen", &book, "--list", list][..], &all].concat()).1;
    let (before, after) = (by_key(&full(&old)), by_key(&full(&new)));
    let expected = differences(&before, &after);
    let words: Vec<&str> = expected.values().map(|(_, word)| *word).collect();
    assert!(["new", "changed", "gone"].iter().all(|w| words.contains(w)), "{words:?}");

    let (status, out, err) = run(&[&["screen", &book, "--list", &new, "--since", &old][..], &all].concat());
    assert_eq!(status, 4, "the row without a name is rejected as in every run: {err}");
    assert!(err.contains("rows read 8, screened 7, rejected 1"), "{err}");
    assert!(err.contains("\nsince list list: no date"), "{err}");
    assert!(err.contains("entities that differ: 5 of the new lists, 4 of the old ones"), "{err}");
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    let header = reader.headers().unwrap().clone();
    assert!(out.starts_with("row,query,score,list,entity_id,entity_name,matched_name,schema,program"));
    let at = header.iter().position(|h| h == "change").unwrap();
    let words: Vec<String> = reader.records().map(|r| r.unwrap()[at].to_string()).collect();
    let found = by_key(&out);
    assert_eq!(found.len(), words.len());
    let expected_lines: BTreeMap<_, _> =
        expected.iter().map(|(k, (line, _))| (k.clone(), line.clone())).collect();
    assert_eq!(found, expected_lines);
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    for (record, word) in reader.records().zip(&words) {
        let r = record.unwrap();
        let key = (r[0].parse().unwrap(), r[3].to_string(), r[4].to_string());
        assert_eq!(expected[&key].1, word);
    }

    for args in [
        &["--list", &new, "--since", &old_index][..],
        &["--index", &new_index, "--since", &old],
        &["--index", &new_index, "--since", &old_index, "--threads", "1"],
        &["--list", &new, "--since", &old, "--exhaustive", "--threads", "2"],
    ] {
        let (status, other, err) = run(&[&["screen", &book][..], args, &all].concat());
        assert_eq!(status, 4, "{err}");
        assert_eq!(other, out, "{args:?}");
    }
    let (_, json, _) =
        run(&[&["screen", &book, "--list", &new, "--since", &old, "--format", "jsonl"][..], &all].concat());
    let changes: Vec<String> = json
        .lines()
        .map(|l| {
            serde_json::from_str::<serde_json::Value>(l).unwrap()["change"].as_str().unwrap().to_string()
        })
        .collect();
    assert_eq!(changes, words);

    let (status, out, _) = run(&["screen", &book, "--list", &new, "--since", &new]);
    assert_eq!((status, out.lines().count()), (4, 1), "nothing changed");
    let (_, out, _) = run(&[
        &["screen", &book, "--list", &new, "--since", &old][..],
        &all[2..],
        &["--limit", "1"],
    ]
    .concat());
    let rows: Vec<u64> = by_key(&out).into_keys().map(|k| k.0).collect();
    assert!(rows.windows(2).all(|w| w[0] < w[1]), "one line a row: {rows:?}");
    let (_, plain, _) = run(&["screen", &book, "--list", &new]);
    assert!(!plain.lines().next().unwrap().contains("change"));
}

/// The changes that a query has between two versions of one list.
fn changes(old: &[Entity], new: &[Entity], query: &str) -> Vec<(Change, String, String)> {
    let list = |entities: &[Entity]| {
        let mut list = list::from_bytes("list", b"id,name\n0,x\n").unwrap();
        list.entities = entities.to_vec();
        list
    };
    let screener = Screener::for_changes(&[list(old)], &[list(new)]).unwrap();
    let hits = screener.screen(&Query::name(query));
    hits.into_iter().map(|h| (h.change.unwrap(), h.entity_id, h.matched_name)).collect()
}

fn named(id: &str, names: &[&str]) -> Entity {
    let mut entity = Entity::new(id, Schema::Person, names[0]);
    entity.names.extend(names[1..].iter().map(|name| Name::alias(*name)));
    entity
}

#[test]
fn of_equal_names_the_first_is_the_one_that_matched() {
    let old = [named("1", &["Zebedee Quux", "ALI KARIM", "Ali Karim"])];
    let new = [named("1", &["Zebedee Quux", "Ali Karim", "ALI KARIM"])];
    let changed = (Change::Changed, "1".to_string(), "Ali Karim".to_string());
    assert_eq!(changes(&old, &new, "ali karim"), [changed]);
    assert_eq!(changes(&old, &new, "zebedee quux"), []);
}

#[test]
fn entities_with_the_same_id_are_compared_one_by_one() {
    let old = [named("1", &["Ali Karim", "Zebedee"]), named("1", &["Ali Karim", "Quux"])];
    let new = [named("1", &["Ali Karim", "Volga"])];
    let gone = (Change::Gone, "1".to_string(), "Ali Karim".to_string());
    assert_eq!(changes(&old, &new, "Ali Karim"), [gone]);
}

#[test]
fn a_change_that_no_hit_depends_on_is_not_reported() {
    let old = [named("1", &["Ali Karim", "Zebedee Quux"])];
    let mut new = old.clone();
    new[0].remarks = "seen again".into();
    new[0].add_address(["Volga", "Kazan"]);
    assert_eq!(changes(&old, &new, "Ali Karim"), []);
    new[0].names.push(Name::alias("Petr Sergeyev"));
    assert_eq!(changes(&old, &new, "Ali Karim"), []);
    let changed = (Change::New, "1".to_string(), "Petr Sergeyev".to_string());
    assert_eq!(changes(&old, &new, "Petr Sergeyev"), [changed]);
}

/// Against the bench list with 50 planted changes; every 20th labelled query, all of them with INTERDICT_CASES set.
#[test]
fn fifty_changes_of_a_real_list_are_the_difference_of_two_full_runs() {
    let data = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join("../shared/data");
    if !data.exists() {
        eprintln!("skipped: {} is absent", data.display());
        return;
    }
    let old = list::read(data.join("lists/bench/ofac_un_latin.csv")).unwrap().lists;
    let mut new = old.clone();
    let entities = &mut new[0].entities;
    let step = entities.len() / 50;
    for i in 0..50 {
        let e = &mut entities[i * step];
        match i % 3 {
            0 => e.names.push(Name::alias(format!("{} Junior", e.names[0].text))),
            1 => e.schema = Schema::Company,
            // Renumbered: one hit is gone and another new.
            _ => e.id = format!("planted-{i}"),
        }
    }
    let mut queries: Vec<Query> = Vec::new();
    let all = std::env::var_os("INTERDICT_CASES").is_some();
    for (file, column) in [("mutations.dev.csv", "name"), ("negatives_us.dev.csv", "full_name")] {
        let mut reader = csv::Reader::from_path(data.join("queries").join(file)).unwrap();
        let at = reader.headers().unwrap().iter().position(|h| h == column).unwrap();
        let names = reader.records().step_by(if all { 1 } else { 20 });
        queries.extend(names.map(|r| Query::name(&r.unwrap()[at])));
    }
    queries.extend((0..50).map(|i| Query::name(&new[0].entities[i * step].names[0].text)));
    let options = Options::default().threshold(0.85).limit(1_000_000);
    let full = |lists: &[List]| Screener::new(Index::build(lists).unwrap()).with_options(options).unwrap();
    let (before, after) = (full(&old), full(&new));
    let change = Screener::for_changes(&old, &new).unwrap().with_options(options).unwrap();
    assert_eq!(change.versions().unwrap().map(|(_, entities)| entities), [50, 50]);
    let mut scratch = interdict::screen::Scratch::default();
    let mut differences = 0;
    for query in &queries {
        let expected = difference(&before.screen(query), &after.screen(query), 1_000_000);
        let hits = change.screen_with(query, &mut scratch);
        let found: Vec<(Change, HitParts)> = hits.iter().map(|h| (h.change.unwrap(), parts(h))).collect();
        assert_eq!(found, expected, "{query:?}");
        differences += found.len();
    }
    // Each entity asked for by its own name: 17 are of another kind, 16 have another id, which is two lines each.
    assert!(differences >= 17 + 2 * 16, "{differences}");
}

#[test]
fn an_unreadable_old_list_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let new = write(folder.path(), "new.csv", NEW);
    let book = write(folder.path(), "book.csv", "name\nX Y\n");
    let other = write(folder.path(), "other.txt", "a;b\n");
    for (old, word) in [("no-such", "no-such"), (other.as_str(), "expected")] {
        let (status, out, err) = run(&["screen", &book, "--list", &new, "--since", old]);
        assert_eq!((status, out.as_str()), (1, ""), "{err}");
        assert!(err.contains(word), "{err}");
    }
}
