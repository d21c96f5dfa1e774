//! The audit trail: one record a row, provably unchanged, and screened again.

use crate::support;

use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use support::{Folder, LIST, counterparties, run};

fn audited(folder: &Folder, rows: usize, args: &[&str]) -> (String, String) {
    let input = folder.write("in.csv", counterparties(rows));
    let trail = folder.path("audit.jsonl");
    let (status, _, err) = run(&[&["screen", &input, "--list", LIST, "--audit", &trail], args].concat());
    assert!(status == 4 || status == 0, "{err}");
    (trail, err)
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn every_row_has_its_record() {
    let folder = Folder::new();
    let (trail, err) = audited(&folder, 200, &["--id-column", "id"]);
    let lines: Vec<serde_json::Value> =
        folder.text("audit.jsonl").lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 202, "a header, every row, and the closing record");
    let header = &lines[0];
    assert_eq!(header["audit"], 1);
    assert!(header["program"].as_str().unwrap().starts_with("interdict "));
    assert_eq!(header["configuration"]["config.threshold.default"], "0.85");
    assert_eq!(header["configuration_sha256"], hex(header["configuration"].to_string().as_bytes()));
    assert_eq!(header["lists"][0]["sha256"], hex(&std::fs::read(LIST).unwrap()));
    assert_eq!(header["input"]["sha256"], hex(&folder.read("in.csv")));
    assert_eq!(lines[18]["rejected"], "no name");
    let hit = &lines[4]["names"][0]["hits"][0];
    assert_eq!((&lines[4]["row"], &lines[4]["id"]), (&4.into(), &"3".into()));
    assert_eq!(hit["matched_name"], "OCEAN LILY 3");
    assert!(hit["reasons"]["pairs"].as_array().is_some_and(|p| !p.is_empty()), "{hit}");
    assert_eq!(lines[1]["names"][0]["hits"], serde_json::json!([]));
    let raw = folder.text("audit.jsonl");
    let raw: Vec<&str> = raw.lines().collect();
    for (before, line) in raw.iter().zip(&lines[1..]) {
        assert_eq!(line["previous"], hex(before.as_bytes()));
    }
    let end = &lines[201]["end"];
    assert_eq!((&end["rows"], &end["rejected"]), (&200.into(), &8.into()), "{end}");
    assert!(err.contains("rows read 200, screened 192, rejected 8, with hits 8; hits 8"), "{err}");

    let (status, out, _) = run(&["audit", "verify", &trail]);
    assert_eq!(status, 0);
    assert!(out.contains(": intact; lines 202, rows 200, screened 192, rejected 8, with hits 8"), "{out}");
    let seal = lines[201]["seal"].as_str().unwrap();
    assert!(out.contains(seal));
    assert_eq!(run(&["audit", "verify", &trail, "--seal", seal]).0, 0);
    let (status, _, err) = run(&["audit", "verify", &trail, "--seal", &seal.replace(['a', 'b'], "0")]);
    assert_eq!(status, 4);
    assert!(err.contains("rewritten"), "{err}");
}

#[test]
fn any_changed_byte_is_found() {
    let folder = Folder::new();
    audited(&folder, 12, &[]);
    let bytes = folder.read("audit.jsonl");
    assert!(interdict::audit::verify(&bytes[..]).unwrap().is_intact());
    for i in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[i] = changed[i].wrapping_add(1 + (i % 254) as u8);
        let found = interdict::audit::verify(&changed[..]);
        assert!(found.is_err() || !found.unwrap().is_intact(), "byte {i}");
    }
}

#[test]
fn removed_moved_and_cut_records_are_named() {
    let folder = Folder::new();
    let (trail, _) = audited(&folder, 30, &[]);
    let text = folder.text("audit.jsonl");
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut swapped = lines.clone();
    swapped.swap(7, 8);
    let changed = text.replace("Ocean Lily 3", "Ocean Lily 4");
    for (name, bytes, word) in [
        (
            "removed",
            [&lines[..5], &lines[6..]].concat().concat(),
            "the record of row 5 is missing before row 6",
        ),
        ("swapped", swapped.concat(), "row 7 comes behind row 8"),
        ("cut", lines[..20].concat(), "nothing is known of the rows behind row 19"),
        ("cut within", text[..text.len() - 400].to_string(), "cut off"),
        ("changed", changed, "the record of row 4 was changed"),
        ("added", [&lines[..], &lines[3..4]].concat().concat(), "behind the closing record"),
    ] {
        std::fs::write(&trail, bytes).unwrap();
        let (status, out, err) = run(&["audit", "verify", &trail]);
        assert_eq!(status, 4, "{name}: {err}");
        assert!(err.contains(word) && out.contains("NOT INTACT"), "{name}: {err}");
    }
    for (bytes, word) in [("", "empty"), ("name\nx\n", "not an audit trail")] {
        std::fs::write(&trail, bytes).unwrap();
        let (status, _, err) = run(&["audit", "verify", &trail]);
        assert_eq!(status, 1);
        assert!(err.contains(word), "{err}");
    }
}

/// Hashes the lines of a trail anew, as somebody does who has changed one and hides it.
fn rechained(text: &str) -> String {
    let mut previous = "0".repeat(64);
    let mut out = String::new();
    for line in text.lines() {
        let mut line = format!("{{\"previous\":\"{previous}\"{}", &line["{\"previous\":\"\"".len() + 64..]);
        if let Some(at) = line.find(",\"seal\":\"") {
            let seal = hex(&line.as_bytes()[..at]);
            line = format!("{},\"seal\":\"{seal}\"}}", &line[..at]);
        }
        previous = hex(line.as_bytes());
        out += &line;
        out.push('\n');
    }
    out
}

#[test]
fn replay_without_changes_reports_none() {
    let folder = Folder::new();
    let rows = std::env::var("INTERDICT_REPLAY_ROWS").ok().and_then(|r| r.parse().ok()).unwrap_or(30_000);
    let args =
        ["--threshold", "0.7", "--output", &folder.path("hits.csv"), "--rejects", &folder.path("r.csv")];
    let (trail, _) = audited(&folder, rows, &args);
    let (status, out, err) = run(&["audit", "replay", &trail, "--list", LIST]);
    assert_eq!(status, 0, "{err}");
    assert_eq!(out.lines().count(), 1, "{out}");
    let counts = format!(
        "rows recorded {rows}, rejected then {}, names screened again {}",
        rows / 25,
        rows - rows / 25
    );
    assert!(err.contains(&counts) && err.contains("with another answer 0"), "{counts}\n{err}");
}

#[test]
fn replay_says_what_differs_and_why() {
    let folder = Folder::new();
    let (trail, _) = audited(&folder, 100, &[]);
    let list = std::fs::read_to_string(LIST).unwrap();
    let without: String =
        list.lines().filter(|l| !l.contains("OCEAN LILY 3")).map(|l| format!("{l}\n")).collect();
    let lines: Vec<&str> = list.lines().collect();
    let header = lines[0];
    let more = format!("{list}{}", new_row(header, "new-1", "Anna Novak 0"));
    for (text, args, change, cause, detail) in [
        (&without, &[][..], "gone", "list", "the entity is not listed"),
        (&more, &[], "new", "list", "the list is another"),
        (&list, &["--threshold", "0.99"], "gone", "configuration", "the entity's data is the same"),
    ] {
        // A list is known by its file's name.
        let path = folder.write("list.csv", text);
        let (status, out, err) = run(&[&["audit", "replay", &trail, "--list", &path], args].concat());
        assert_eq!(status, 4, "{change}: {err}");
        let mut reader = csv::Reader::from_reader(out.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert!(!rows.is_empty());
        let causes: BTreeSet<&str> = rows.iter().map(|r| &r[8]).collect();
        assert!(rows.iter().any(|r| &r[2] == change && &r[8] == cause && r[9].contains(detail)), "{out}");
        assert!(causes.iter().all(|c| *c == cause), "{causes:?}");
        assert!(err.contains("differs since"), "{err}");
    }
    // Another program, and a record that was changed by somebody who made the chain whole again.
    let text =
        folder.text("audit.jsonl").replace("\"program\":\"interdict ", "\"program\":\"interdict 0.0.1-");
    let text =
        rechained(&text.replace("\"matched_name\":\"OCEAN LILY 3\"", "\"matched_name\":\"OCEAN LILY\""));
    std::fs::write(&trail, text).unwrap();
    assert_eq!(run(&["audit", "verify", &trail]).0, 0, "a rewritten chain is whole; the seal tells");
    let (status, out, err) = run(&["audit", "replay", &trail, "--list", LIST]);
    assert_eq!(status, 4, "{err}");
    assert!(out.contains(",changed,") && out.contains(",program,"), "{out}");
    assert!(err.contains("program: was interdict 0.0.1-"), "{err}");
}

/// A row of the list's columns with an id and a name.
fn new_row(header: &str, id: &str, name: &str) -> String {
    let cells: Vec<&str> = header
        .split(',')
        .map(|h| match h {
            "id" => id,
            "name" => name,
            _ => "",
        })
        .collect();
    cells.join(",") + "\n"
}
