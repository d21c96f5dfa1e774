//! The built program: `screen` and `screen --exhaustive` write the same bytes.
//!
//! On generated lists and counterparties; with INTERDICT_LOSSLESS=full on a list ten times as long, and on the
//! published list and labelled queries beside the project, if they are there.

use assert_cmd::Command;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

// The benches use more of it than this test does.
#[allow(dead_code)]
use crate::generate_lists as generate;

const THRESHOLDS: [&str; 4] = ["0.60", "0.75", "0.85", "0.95"];
const ROWS: usize = 3_000;

fn full() -> bool {
    std::env::var("INTERDICT_LOSSLESS").is_ok_and(|v| v == "full")
}

fn run(args: &[&str]) -> String {
    let mut command = Command::cargo_bin("interdict").unwrap();
    let out = command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).args(args).output().unwrap();
    let err = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(0), "{args:?}: {err}");
    String::from_utf8(out.stdout).unwrap()
}

/// Screens with and without the index at every threshold, and returns the numbers of hits.
fn compare_with_exhaustive(input: &Path, index: &Path) -> Vec<usize> {
    let [input, index] = [input, index].map(|p| p.to_str().unwrap());
    THRESHOLDS
        .iter()
        .map(|threshold| {
            let screen = ["screen", input, "--index", index, "--threshold", threshold];
            let fast = run(&screen);
            let oracle = run(&[&screen[..], &["--exhaustive"]].concat());
            if fast != oracle {
                let lost = oracle.lines().find(|line| !fast.lines().any(|l| l == *line));
                let more = fast.lines().find(|line| !oracle.lines().any(|l| l == *line));
                panic!("at {threshold}: lost {lost:?}, more {more:?}");
            }
            fast.lines().count() - 1
        })
        .collect()
}

fn index(folder: &TempDir, lists: &[&Path]) -> PathBuf {
    let path = folder.path().join("lists.idx");
    let mut args = vec!["index", "build", "--output", path.to_str().unwrap()];
    lists.iter().for_each(|list| args.extend(["--list", list.to_str().unwrap()]));
    run(&args);
    path
}

/// The generated table with fields that agree or contradict, derived from the id.
fn with_fields(csv: &[u8], id: impl Fn(&csv::StringRecord) -> String) -> String {
    let mut text = String::from("id,name,schema,birth_date,country,gender\n");
    for row in csv::Reader::from_reader(csv).records().map(Result::unwrap) {
        let key: usize = id(&row).bytes().fold(0, |sum, b| sum * 31 + usize::from(b));
        let date = ["", "", "1961-02-03", "1961-03-02", "1961", "1990-12-24"][key % 6];
        let country = ["", "", "ru", "ir", "kp"][key / 6 % 5];
        let gender = ["", "", "", "male", "female"][key / 30 % 5];
        writeln!(text, "{},\"{}\",{},{date},{country},{gender}", &row[0], &row[1], &row[2]).unwrap();
    }
    text
}

#[test]
fn generated_counterparties_have_the_hits_of_an_exhaustive_search() {
    let folder = tempfile::tempdir().unwrap();
    let (list, input) = (folder.path().join("list.csv"), folder.path().join("in.csv"));
    let mut bytes = Vec::new();
    generate::list(if full() { 20_000 } else { 2_000 }, 7, &mut bytes).unwrap();
    fs::write(&list, with_fields(&bytes, |row| row[0].to_string())).unwrap();

    let cases = include_str!("../../../tests/cases/queries.tsv").lines().filter(|l| !l.starts_with('#'));
    let cases: Vec<&str> = cases.map(|l| l.split('\t').next().unwrap()).collect();
    let mut bytes = Vec::new();
    generate::counterparties(ROWS - cases.len(), 11, 7, 3, &mut bytes).unwrap();
    // Of the planted rows, every third has fields of another party.
    let mut rows = with_fields(&bytes, |row| row[if row[0].ends_with('3') { 0 } else { 3 }].to_string());
    cases.iter().for_each(|name| writeln!(rows, "c,\"{name}\",,,,").unwrap());
    assert_eq!(rows.lines().count(), 1 + ROWS);
    fs::write(&input, rows).unwrap();

    let hits = compare_with_exhaustive(&input, &index(&folder, &[&list, Path::new("tests/cases/list.csv")]));
    // About a thousand rows are listed, and many of them are hardly changed.
    assert!(hits.is_sorted_by(|low, high| low >= high) && hits[3] >= 300, "{hits:?}");
}

#[test]
fn labelled_queries_have_the_hits_of_an_exhaustive_search_of_the_published_list() {
    let data = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join("../shared/data");
    if !full() || !data.exists() {
        eprintln!("skipped: INTERDICT_LOSSLESS=full is not set, or ../shared/data is absent");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut rows = String::from("name\n");
    for (file, column, part) in [
        ("mutations.dev.csv", "name", 2),
        ("negatives_us.dev.csv", "full_name", 4),
        ("negatives_global.dev.csv", "full_name", 4),
    ] {
        let mut reader = csv::Reader::from_path(data.join("queries").join(file)).unwrap();
        let at = reader.headers().unwrap().iter().position(|h| h == column).unwrap();
        let names: Vec<String> = reader.records().map(|r| r.unwrap()[at].to_string()).collect();
        let wanted = ROWS / part;
        for name in names.iter().step_by((names.len() / wanted).max(1)).take(wanted) {
            writeln!(rows, "\"{}\"", name.replace('"', "\"\"")).unwrap();
        }
    }
    let input = folder.path().join("in.csv");
    fs::write(&input, rows).unwrap();
    let hits =
        compare_with_exhaustive(&input, &index(&folder, &[&data.join("lists/bench/ofac_un_latin.csv")]));
    assert!(hits[3] > 0, "{hits:?}");
}
