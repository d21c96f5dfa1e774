//! `interdict lists diff`: what changed between two publications.

use assert_cmd::Command;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

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

const OLD: &str = "id,schema,name,aliases,country\n\
    1,Company,Volga Star Ltd,Volga;Star,ru\n2,Person,Ivan Petrov,,ru\n3,Vessel,Lady R,,\n4,Person,Li Wei,,cn\n";
const NEW: &str = "id,schema,name,aliases,country\n\
    4,Person,Li Wei,,cn\n1,Company,Volga Star Ltd,Star;Volga Shipping,ru\n33,Vessel,Lady R,,\n5,Person,Jane Roe,,fr\n";

const SHOWN: &str = "; added 1, removed 1, changed 1, renumbered 1, unchanged 1
  + 5 Person Jane Roe
  - 2 Person Ivan Petrov
  ~ 1 Company Volga Star Ltd
      alias: - Volga (alias)
      alias: + Volga Shipping (alias)
  = 3 -> 33 Vessel Lady R
";

#[test]
fn files_folders_and_indexes_are_compared_alike() {
    let folder = tempfile::tempdir().unwrap();
    let old = write(folder.path(), "old/list.csv", OLD);
    let new = write(folder.path(), "new/list.csv", NEW);
    let [old_index, new_index] = ["old", "new"].map(|side| {
        let index = folder.path().join(format!("{side}.idx")).display().to_string();
        let list = folder.path().join(side).display().to_string();
        assert_eq!(run(&["index", "build", "--list", &list, "--output", &index]).0, 0);
        index
    });
    let folder_of = |side: &str| folder.path().join(side).display().to_string();
    for (old, new) in
        [(&old, &new), (&folder_of("old"), &folder_of("new")), (&old_index, &new_index), (&old_index, &new)]
    {
        let (status, out, err) = run(&["lists", "diff", old, new]);
        assert_eq!(status, 0, "{err}");
        assert!(out.starts_with("list list: 4 entities (no date, "), "{out}");
        assert!(out.ends_with(SHOWN), "{out}");
    }
    let (_, out, _) = run(&["lists", "diff", &old, &new, "--format", "summary"]);
    assert_eq!(out.lines().count(), 1);
    let (_, out, _) = run(&["lists", "diff", &old, &old, "--format", "summary"]);
    assert!(out.contains("added 0, removed 0, changed 0, renumbered 0, unchanged 4"), "{out}");
    let (_, out, _) = run(&["lists", "diff", &old, &new, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let list = &json["lists"][0];
    assert_eq!(
        (&list["name"], &list["unchanged"], &list["old"]["entities"]),
        (&"list".into(), &1.into(), &4.into())
    );
    let changed = &list["entities"][2];
    assert_eq!(
        *changed,
        serde_json::json!({"kind": "changed", "id": "1", "name": "Volga Star Ltd", "schema": "Company", "fields":
            [{"field": "alias", "removed": ["Volga (alias)"], "added": ["Volga Shipping (alias)"]}]})
    );
    assert_eq!(list["entities"][3]["old_id"], "3");
}

#[test]
fn a_file_that_is_no_list_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let old = write(folder.path(), "old.csv", OLD);
    let other = write(folder.path(), "other.txt", "a;b\n");
    let empty = write(folder.path(), "empty.csv", "");
    let index = folder.path().join("x.idx").display().to_string();
    assert_eq!(run(&["index", "build", "--list", &old, "--output", &index]).0, 0);
    let bytes = fs::read(&index).unwrap();
    fs::write(&index, &bytes[..bytes.len() - 9]).unwrap();
    for (path, word) in
        [(other.as_str(), "expected"), (&empty, "empty"), (&index, "cut off"), ("no-such", "no-such")]
    {
        let (status, out, err) = run(&["lists", "diff", &old, path]);
        assert_eq!((status, out.as_str()), (1, ""), "{err}");
        assert!(err.contains(word) && err.contains(path), "{err}");
    }
    assert_eq!(run(&["lists", "diff", &old]).0, 2);
    assert_eq!(run(&["lists", "diff", &old, &old, "--format", "xml"]).0, 2);
}

/// The rows of a table without a header, except for the byte that ends the file.
fn rows(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(path).unwrap();
    let rows = reader.records().map(|r| r.unwrap().iter().map(str::to_string).collect::<Vec<_>>());
    rows.filter(|r| r.len() > 1).collect()
}

fn save(path: &Path, rows: &[Vec<String>]) {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_path(path).unwrap();
    rows.iter().for_each(|r| writer.write_record(r).unwrap());
    writer.flush().unwrap();
}

/// The tables of OFAC's list, with changes of which the expected differences are noted.
struct ChangedList {
    sdn: Vec<Vec<String>>,
    alt: Vec<Vec<String>>,
    add: Vec<Vec<String>>,
    removed: Vec<String>,
    /// The differences as "kind id [old id] fields".
    expected: BTreeSet<String>,
}

impl ChangedList {
    fn read(folder: &Path) -> ChangedList {
        let [sdn, alt, add] = ["sdn.csv", "alt.csv", "add.csv"].map(|name| rows(&folder.join(name)));
        ChangedList { sdn, alt, add, removed: Vec::new(), expected: BTreeSet::new() }
    }

    /// Makes the change number `i` at an entity of its own.
    fn change(&mut self, i: usize) {
        let at = 100 + i * 200;
        let id = self.sdn[at][0].clone();
        let number = (900_000 + i).to_string();
        match i % 5 {
            0 => {
                self.expected.insert(format!("removed {id} [] "));
                self.removed.push(id);
            }
            1 => {
                self.expected.insert(format!("changed {id} [] alias+PLANTED ALIAS {i} (alias)"));
                let null = "-0- ".to_string();
                self.alt.push(vec![id, number, "aka".into(), format!("PLANTED ALIAS {i}"), null]);
            }
            2 => {
                self.expected.insert(format!("renumbered {number} [{id}] "));
                let tables = [&mut self.sdn, &mut self.alt, &mut self.add].into_iter().flatten();
                tables.filter(|r| r[0] == id).for_each(|row| row[0].clone_from(&number));
            }
            3 => {
                let program = &mut self.sdn[at][3];
                assert!(!program.contains("] ["), "an entity with one programme at this place");
                self.expected.insert(format!("changed {id} [] program-{program},program+PLANTED"));
                *program = "PLANTED".into();
            }
            _ => {
                let mut row = vec!["-0- ".to_string(); 12];
                row[0] = (901_000 + i).to_string();
                row[1] = format!("PLANTED COMPANY {i}");
                self.expected.insert(format!("added {} [] ", row[0]));
                self.sdn.push(row);
            }
        }
    }

    fn save(&mut self, folder: &Path) {
        for (name, table) in
            [("sdn.csv", &mut self.sdn), ("alt.csv", &mut self.alt), ("add.csv", &mut self.add)]
        {
            table.retain(|r| !self.removed.contains(&r[0]));
            save(&folder.join(name), table);
        }
    }
}

/// The differences of a list in JSON, as "kind id [old id] fields".
fn differences(list: &serde_json::Value) -> BTreeSet<String> {
    let text = |v: &serde_json::Value| v.as_str().unwrap_or("").to_string();
    let difference = |e: &serde_json::Value| {
        let mut fields = Vec::new();
        for f in e["fields"].as_array().unwrap() {
            for (sign, key) in [("-", "removed"), ("+", "added")] {
                let values = f[key].as_array().unwrap().iter();
                fields.extend(values.map(|v| format!("{}{sign}{}", text(&f["field"]), text(v))));
            }
        }
        format!("{} {} [{}] {}", text(&e["kind"]), text(&e["id"]), text(&e["old_id"]), fields.join(","))
    };
    list["entities"].as_array().unwrap().iter().map(difference).collect()
}

#[test]
fn fifty_planted_changes_in_the_real_ofac_list_are_found_and_nothing_else() {
    let real = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join("../shared/data/lists/ofac");
    if !real.exists() {
        eprintln!("skipped: {} is absent", real.display());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut changed = ChangedList::read(&real);
    (0..50).for_each(|i| changed.change(i));
    changed.save(folder.path());
    assert_eq!(changed.expected.len(), 50);
    let new = folder.path().display().to_string();
    let (status, out, err) = run(&["lists", "diff", real.to_str().unwrap(), &new, "--format", "json"]);
    assert_eq!(status, 0, "{err}");
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["lists"].as_array().unwrap().len(), 1);
    assert_eq!(json["lists"][0]["unchanged"], 12_464 - 40);
    assert_eq!(differences(&json["lists"][0]), changed.expected);
    let (_, out, _) = run(&["lists", "diff", real.to_str().unwrap(), &new, "--format", "summary"]);
    assert!(out.contains("added 10, removed 10, changed 20, renumbered 10, unchanged 12424"), "{out}");
}
