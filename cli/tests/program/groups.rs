//! The column `group`: the entries of several lists that are one party have one group, and each is a hit.

use assert_cmd::Command;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn run(args: &[&str]) -> (i32, String, String) {
    let out = Command::cargo_bin("interdict").unwrap().args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap_or(-1), text(out.stdout), text(out.stderr))
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// The row, the entry and the group of each hit.
fn groups(csv: &str) -> Vec<(u64, String, String)> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let at = reader.headers().unwrap().iter().position(|h| h == "group").unwrap();
    let rows = reader.records().map(Result::unwrap);
    rows.map(|r| (r[0].parse().unwrap(), format!("{}:{}", &r[3], &r[4]), r[at].to_string())).collect()
}

const US: &str = "id,schema,name,birth_date,imo,passport\n\
    10,Person,\"ZAGADIN, Roman Maratovich\",1961-03-09,,\n\
    11,Vessel,LADY ROSALIND,,9253325,\n\
    12,Company,Volga Star Ltd,,,\n";
const UK: &str = "id,schema,name,birth_date,imo,passport\n\
    A1,Person,Roman Maratovich Zagadin,09/03/1961,,\n\
    A2,Vessel,Lady Rosalind,,IMO 9253325,\n\
    A3,Person,Roman Zagadin,1970,,\n";
const UN: &str = "id,schema,name,birth_date,imo,passport\n\
    Q1,Person,Роман Маратович Загадин,1961-03-09,,\nQ2,Company,Volga Star Ltd,,,\n";
const BOOK: &str = "name\nRoman Zagadin\nLady Rosalind\nVolga Star Ltd\n";

#[test]
fn a_party_on_several_lists_is_one_group_and_every_entry_is_a_hit() {
    let folder = tempfile::tempdir().unwrap();
    let [us, uk, un] =
        [("us", US), ("uk", UK), ("un", UN)].map(|(n, text)| write(folder.path(), &format!("{n}.csv"), text));
    let book = write(folder.path(), "book.csv", BOOK);
    let lists = ["--list", &us, "--list", &uk, "--list", &un];
    let (status, out, err) = run(&[&["screen", &book][..], &lists].concat());
    assert_eq!(status, 0, "{err}");
    let found: BTreeMap<String, String> =
        groups(&out).into_iter().map(|(_, entry, group)| (entry, group)).collect();
    let expected = [
        ("uk:A1", "uk:A1"),
        ("uk:A2", "uk:A2"),
        ("uk:A3", "uk:A3"),
        ("un:Q1", "uk:A1"),
        ("un:Q2", "un:Q2"),
        ("us:10", "uk:A1"),
        ("us:11", "uk:A2"),
        ("us:12", "us:12"),
    ];
    assert_eq!(found, expected.map(|(a, b)| (a.to_string(), b.to_string())).into());

    // The groups do not depend on the order of the lists, on the number of threads, or on how names are
    // retrieved.
    let index = folder.path().join("x.idx").display().to_string();
    assert_eq!(run(&[&["index", "build", "--output", &index][..], &lists].concat()).0, 0);
    for args in [
        &["--list", &un, "--list", &us, "--list", &uk, "--threads", "1"][..],
        &["--index", &index],
        &[&lists[..], &["--exhaustive"]].concat(),
    ] {
        let (_, other, err) = run(&[&["screen", &book][..], args].concat());
        let other: BTreeMap<String, String> = groups(&other).into_iter().map(|(_, e, g)| (e, g)).collect();
        assert_eq!(other, found, "{args:?} {err}");
    }
    let (_, json, _) = run(&[&["screen", &book, "--format", "jsonl"][..], &lists].concat());
    for line in json.lines() {
        let hit: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| hit[key].as_str().unwrap().to_string();
        assert_eq!(found[&format!("{}:{}", text("list"), text("entity_id"))], text("group"));
    }
}

#[test]
fn a_run_since_a_former_list_groups_by_the_full_lists() {
    let folder = tempfile::tempdir().unwrap();
    let path = |n: &str| folder.path().join(n);
    for side in ["old", "new"] {
        fs::create_dir(path(side)).unwrap();
        for (name, text) in [("us.csv", US), ("uk.csv", UK), ("un.csv", UN)] {
            fs::write(path(side).join(name), text).unwrap();
        }
    }
    // The entry of the list "un" has changed, those it is grouped with have not.
    let un = UN.replace("Q1,Person,Роман Маратович Загадин", "Q1,Person,Roman Maratovich Zagadin");
    fs::write(path("new").join("un.csv"), un).unwrap();
    let book = write(folder.path(), "book.csv", BOOK);
    let [old, new] = ["old", "new"].map(|n| path(n).display().to_string());
    let (status, out, err) = run(&["screen", &book, "--list", &new, "--since", &old]);
    assert_eq!(status, 0, "{err}");
    assert_eq!(groups(&out), [(1, "un:Q1".to_string(), "uk:A1".to_string())], "{out}");
    assert!(out.lines().nth(1).unwrap().ends_with("changed"), "{out}");
}
