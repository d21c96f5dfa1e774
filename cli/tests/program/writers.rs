//! The forms in which hits are written: CSV, JSON Lines, a table for terminals.

use assert_cmd::Command;
use tempfile::TempDir;
use unicode_width::UnicodeWidthStr;

fn run(folder: &TempDir, args: &[&str], columns: &str) -> String {
    let out = Command::cargo_bin("interdict")
        .unwrap()
        .current_dir(folder.path())
        .env("COLUMNS", columns)
        .args(["screen", "in.csv", "--list", "list.csv", "--threshold", "0.8"])
        .args(args)
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

fn folder(names: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut list = csv::Writer::from_path(folder.path().join("list.csv")).unwrap();
    let mut input = csv::Writer::from_path(folder.path().join("in.csv")).unwrap();
    list.write_record(["id", "name", "program"]).unwrap();
    input.write_record(["name", "note"]).unwrap();
    for (i, name) in names.iter().enumerate() {
        list.write_record([&i.to_string(), *name, "=PROGRAM()"]).unwrap();
        input.write_record([*name, "-12.5"]).unwrap();
    }
    list.flush().unwrap();
    input.flush().unwrap();
    folder
}

const HOSTILE: [&str; 5] = [
    "=HYPERLINK(\"http://x\",\"Acme\")",
    "+Borealis Shipping",
    "-Corvus Holdings",
    "@Dorado Trading",
    "Plain Name Ltd",
];

#[test]
fn no_cell_runs_in_a_spreadsheet() {
    let folder = folder(&HOSTILE);
    let cells = |text: &str| -> Vec<Vec<String>> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader.records().map(|r| r.unwrap().iter().map(String::from).collect()).collect()
    };
    let safe = cells(&run(&folder, &["--carry", "note"], "80"));
    let plain = cells(&run(&folder, &["--carry", "note", "--spreadsheet-safe", "never"], "80"));
    assert_eq!((safe.len(), plain.len()), (5, 5));
    for (safe, plain) in safe.iter().flatten().zip(plain.iter().flatten()) {
        let number = safe.parse::<f64>().is_ok();
        assert!(number || !safe.starts_with(['=', '+', '-', '@']), "{safe}");
        assert!(safe == plain || *safe == format!("'{plain}"), "{safe} {plain}");
    }
    assert_eq!(plain[0][1], HOSTILE[0]);
    assert_eq!(safe[0][1], format!("'{}", HOSTILE[0]));
    assert_eq!((safe[4][1].as_str(), safe[4].last().unwrap().as_str()), (HOSTILE[4], "-12.5"));
    // JSON is for programs: nothing is added.
    let json = run(&folder, &["--format", "jsonl"], "80");
    let first: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!(first["query"], HOSTILE[0]);
}

#[test]
fn json_and_csv_tell_the_same() {
    let folder = folder(&HOSTILE);
    let csv = run(&folder, &["--carry", "note", "--spreadsheet-safe", "never"], "80");
    let json = run(&folder, &["--carry", "note", "--format", "jsonl"], "80");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header = reader.headers().unwrap().clone();
    assert_eq!(json.lines().count(), 5);
    for (record, line) in reader.records().zip(json.lines()) {
        let object: serde_json::Value = serde_json::from_str(line).unwrap();
        for (key, cell) in header.iter().zip(&record.unwrap()) {
            match &object[key] {
                serde_json::Value::String(text) => assert_eq!(text, cell, "{key}"),
                number => assert_eq!(number.as_f64().unwrap(), cell.parse::<f64>().unwrap(), "{key}"),
            }
        }
    }
}

#[test]
fn a_table_fits_and_is_aligned() {
    let folder = folder(&[
        "Acme Trading House of the Northern Provinces Limited",
        "北京诚信科技股份有限公司",
        "Borealis\u{202e} Shipping",
    ]);
    for columns in ["60", "80", "120", "300"] {
        let table = run(&folder, &["--format", "table"], columns);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 4, "{table}");
        assert!(lines.iter().all(|l| l.width() <= columns.parse().unwrap()), "{columns}\n{table}");
        let at = |line: &str, part: &str| line[..line.rfind(part).unwrap()].width();
        let listed = at(lines[0], "listed name");
        assert_eq!(at(lines[1], "Acme"), listed, "{table}");
        assert_eq!(at(lines[2], "北京"), listed, "{table}");
        assert!(!table.contains('\u{202e}'));
    }
    // Not a terminal: CSV where nothing is said.
    assert!(run(&folder, &[], "80").starts_with("row,query,score"));
}
