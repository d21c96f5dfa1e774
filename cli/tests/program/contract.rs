//! The contract of the program: output, summary, exit status, whole files.

use assert_cmd::Command;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn interdict() -> Command {
    let mut command = Command::cargo_bin("interdict").unwrap();
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    command
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn write(folder: &TempDir, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

/// Runs, and gives (status, standard output, standard error).
fn run(args: &[&str]) -> (i32, String, String) {
    let out = interdict().args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap_or(-1), text(out.stdout), text(out.stderr))
}

fn first_hits(csv: &str) -> Vec<(u64, String, f64)> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let mut hits: Vec<(u64, String, f64)> = Vec::new();
    for record in reader.records() {
        let record = record.unwrap();
        let row: u64 = record[0].parse().unwrap();
        if hits.last().is_none_or(|h| h.0 != row) {
            hits.push((row, record[4].to_string(), record[2].parse().unwrap()));
        }
    }
    hits
}

const INTEGRITY: &str = "50543";

#[test]
fn the_seed_case_is_found_under_every_spelling() {
    let folder = folder();
    let found = [
        "\"Integrity Technology Group, Incorporated\"",
        "INTEGRITY TECH GROUP INC",
        "Integrety Technolgy Group",
        "Group Integrity Technology",
        "Beijing Integrity Technology Co Ltd",
        "Yongxin Zhicheng Technology Group",
        "YONG XIN ZHI CHENG",
        "永信至诚科技集团股份有限公司",
        "永信至誠科技集團股份有限公司",
        "北京永信至诚科技股份有限公司",
        "永信至诚",
    ];
    let nothing = [
        "Integrated Technology Partners GmbH",
        "Integrity Insurance Group",
        "Technology Group Ltd",
        "北京诚信科技有限公司",
    ];
    let csv = format!("name\n{}\n{}\n", found.join("\n"), nothing.join("\n"));
    let input = write(&folder, "in.csv", csv);
    let (status, out, err) = run(&["screen", &input]);
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("starter list"), "{err}");
    assert!(err.contains("rows read 15, screened 15, rejected 0, with hits 11"), "{err}");
    let hits = first_hits(&out);
    assert_eq!(hits.iter().map(|h| h.0).collect::<Vec<_>>(), (1..=11).collect::<Vec<_>>());
    assert!(hits.iter().all(|h| h.1 == INTEGRITY && h.2 >= 0.85), "{hits:?}");
    assert!(out.starts_with("row,query,score,list,entity_id,entity_name,matched_name,schema,program"));
}

#[test]
fn the_commands_in_the_readme_print_what_it_shows() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let mut shown = 0;
    for block in readme.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap();
        let (command, expected) = block.split_once('\n').unwrap();
        let Some(args) = command.strip_prefix("$ interdict ") else { continue };
        shown += 1;
        let args: Vec<String> = csv::ReaderBuilder::new()
            .delimiter(b' ')
            .has_headers(false)
            .from_reader(args.as_bytes())
            .records()
            .next()
            .unwrap()
            .unwrap()
            .iter()
            .map(str::to_string)
            .collect();
        let out = interdict().args(&args).output().unwrap();
        let out = String::from_utf8(out.stdout).unwrap();
        for line in expected.lines().filter(|l| !l.is_empty() && *l != "…") {
            assert!(out.contains(line), "README shows for {command}:\n{line}\nthe program printed:\n{out}");
        }
    }
    assert!(shown >= 2, "{shown} examples");
}

#[test]
fn hits_are_the_same_on_any_number_of_threads_and_by_exhaustive_search() {
    let folder = folder();
    let mut csv = String::from("name,date_of_birth,country\n");
    for (i, line) in
        include_str!("../../../tests/cases/queries.tsv").lines().filter(|l| !l.starts_with('#')).enumerate()
    {
        csv += &format!("\"{}\",19{},ru\n", line.split('\t').next().unwrap(), 50 + i % 40);
    }
    let input = write(&folder, "in.csv", csv);
    let list = "tests/cases/list.csv";
    let index = folder.path().join("x.idx").display().to_string();
    assert_eq!(run(&["index", "build", "--list", list, "--output", &index]).0, 0);
    let (_, one, _) = run(&["screen", &input, "--list", list, "--threads", "1", "--threshold", "0.6"]);
    assert!(one.lines().count() > 20);
    for args in [
        &["--list", list, "--threads", "2", "--threshold", "0.6"][..],
        &["--list", list, "--exhaustive", "--threshold", "0.6"],
        &["--index", &index, "--threshold", "0.6"],
    ] {
        let (status, other, err) = run(&[&["screen", &input], args].concat());
        assert_eq!(status, 0, "{err}");
        assert_eq!(one, other, "{args:?}");
    }
}

#[test]
fn index_files_are_reproducible_and_refused_when_damaged() {
    let folder = folder();
    let path = |n: &str| folder.path().join(n).display().to_string();
    for name in ["a.idx", "b.idx"] {
        assert_eq!(run(&["index", "build", "--list", "tests/cases/list.csv", "--output", &path(name)]).0, 0);
    }
    let bytes = fs::read(path("a.idx")).unwrap();
    assert_eq!(bytes, fs::read(path("b.idx")).unwrap());
    let (status, out, _) = run(&["index", "info", &path("a.idx")]);
    assert_eq!(status, 0);
    assert!(out.contains("13 entities") && out.contains("bytes"), "{out}");
    let mut altered = bytes.clone();
    altered[bytes.len() / 2] ^= 1;
    let mut older = bytes.clone();
    older[8] = 0;
    for (name, content, word) in [
        ("cut", &bytes[..bytes.len() - 7], "cut off"),
        ("altered", &altered[..], "checksum"),
        ("older", &older[..], "version"),
        ("empty", &[][..], "empty"),
        ("text", b"name\nx\n", "not an interdict index"),
    ] {
        let file = write(&folder, name, content);
        let (status, _, err) = run(&["index", "info", &file]);
        assert_eq!(status, 1, "{name}: {err}");
        assert!(err.contains(word) && err.contains(&file), "{name}: {err}");
    }
    let (status, _, err) = run(&["screen", "examples/counterparties.csv", "--list", &path("a.idx")]);
    assert!(status == 1 && err.contains("a.idx") && err.contains("--index"), "{err}");
}

#[test]
fn rejected_rows_are_counted_and_reported_with_their_reason() {
    let folder = folder();
    let input = write(
        &folder,
        "in.csv",
        b"id,name\n1,Jane Roe\n2,Roe, Jane\n3,\n4,\xff\xfe\n5,---\n6,LAZARUS GROUP\n",
    );
    let (status, out, err) = run(&["screen", &input]);
    assert_eq!(status, 4, "{err}");
    for row in [
        "row 2 (line 3): 3 fields",
        "row 3 (line 4): no name",
        "row 4 (line 5): field 2 is not valid UTF-8",
        "row 5",
    ] {
        assert!(err.contains(row), "{row}\n{err}");
    }
    assert!(err.contains("rows read 6, screened 2, rejected 4, with hits 1"), "{err}");
    assert_eq!(first_hits(&out)[0].0, 6);
    let rejects = folder.path().join("rejects.csv");
    let (status, _, err) = run(&["screen", &input, "--rejects", rejects.to_str().unwrap()]);
    assert_eq!(status, 4);
    assert!(!err.contains("row 2 (line"), "{err}");
    assert_eq!(fs::read_to_string(rejects).unwrap().lines().count(), 5);
}

#[test]
fn every_outcome_has_its_exit_status() {
    let folder = folder();
    let clean = write(&folder, "clean.csv", "company\nJane Roe Bakery\n");
    let hit = write(&folder, "hit.csv", "Full Name\nLAZARUS GROUP\n");
    let header = write(&folder, "header.csv", "name\n");
    let empty = write(&folder, "empty.csv", "");
    let nameless = write(&folder, "nameless.csv", "id,colour\n1,red\n");
    let not_list = write(&folder, "not_list.txt", "a;b\nc;d\n");
    let no_folder = folder.path().join("no/such/out.csv").display().to_string();
    let bare = folder.path().join("bare");
    fs::create_dir(&bare).unwrap();
    let bare = bare.display().to_string();
    for (args, status, word) in [
        (&["screen", &clean][..], 0, "with hits 0"),
        (&["screen", &header], 0, "rows read 0"),
        (&["screen", &hit], 0, "with hits 1"),
        (&["screen", &hit, "--fail-on-hit"], 3, ""),
        (&["screen", &clean, "--fail-on-hit"], 0, ""),
        (&["screen", &empty], 1, "empty"),
        (&["screen", &nameless], 1, "id, colour"),
        (&["screen", &nameless, "--name-column", "name"], 1, "id, colour"),
        (&["screen", &nameless, "--name-column", "colour"], 0, ""),
        (&["screen", "no-such.csv"], 1, "no-such.csv"),
        (&["screen", &bare], 1, "folder"),
        (&["screen", &clean, "--list", "no-such"], 1, "no-such"),
        (&["screen", &clean, "--list", &bare], 1, "no list in this folder"),
        (&["screen", &clean, "--list", &not_list], 1, "expected"),
        (&["screen", &clean, "--list", &empty], 1, "empty"),
        (&["screen", &clean, "--list", &header], 1, "no list was given that holds an entity"),
        (&["screen", &clean, "--index", &clean], 1, "not an interdict index"),
        (&["screen", &clean, "--output", &no_folder], 1, "out.csv"),
        (&["screen", &clean, "--output", &bare], 1, "folder"),
        (&["screen", &clean, "--threshold", "1.5"], 2, "0.5 to 1"),
        (&["screen", &clean, "--threshold", "x"], 2, ""),
        (&["screen", &clean, "--limit", "0"], 2, ""),
        (&["screen", &clean, "--schema", "Colour"], 2, "Person"),
        (&["screen", &clean, "--encoding", "klingon"], 2, "klingon"),
        (&["screen"], 2, ""),
        (&["score", &clean], 1, "name1"),
        (&["lists", "check", &empty], 1, "empty"),
    ] {
        let (got, _, err) = run(args);
        assert_eq!(got, status, "{args:?}: {err}");
        assert!(err.contains(word), "{args:?}: {err}");
    }
    assert!(!Path::new(&no_folder).exists());
}

#[test]
fn output_files_appear_whole_or_not_at_all() {
    let folder = folder();
    let output = write(&folder, "hits.csv", "old");
    let broken = write(&folder, "broken.csv", "id,colour\n1,red\n");
    assert_eq!(run(&["screen", &broken, "--output", &output]).0, 1);
    assert_eq!(fs::read_to_string(&output).unwrap(), "old");
    let good = write(&folder, "good.csv", "name\nLAZARUS GROUP\n");
    assert_eq!(run(&["screen", &good, "--output", &output]).0, 0);
    assert!(fs::read_to_string(&output).unwrap().contains("LAZARUS"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "no temporary file is left");
}

#[test]
fn standard_input_is_read_in_several_encodings_and_hits_are_written_as_json() {
    let utf16: Vec<u8> = std::iter::once(0xfeffu16)
        .chain("name\nLAZARUS GROUP\n".encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode("name\nМаксим Якубец\n");
    for (bytes, args) in [
        (utf16, &[][..]),
        (cyrillic.into_owned(), &["--encoding", "windows-1251"]),
        (b"\xef\xbb\xbfname\nLAZARUS GROUP\n".to_vec(), &[]),
    ] {
        let out = interdict()
            .args(["screen", "-", "--format", "jsonl"])
            .args(args)
            .write_stdin(bytes)
            .output()
            .unwrap();
        assert_eq!(out.status.code(), Some(0));
        let line = String::from_utf8(out.stdout).unwrap();
        let hit: serde_json::Value = serde_json::from_str(line.lines().next().unwrap()).unwrap();
        assert_eq!(hit["row"], 1);
        assert!(hit["score"].as_f64().unwrap() >= 0.85);
    }
}

#[test]
fn hostile_input_is_screened_or_rejected_in_time() {
    let folder = folder();
    let long = "x".repeat(10 << 20);
    let many = vec!["a"; 10_000].join(" ");
    let marks = "\u{301}".repeat(5_000);
    let bidi = "\u{202e}puorg suRAZAL\u{202c}";
    let csv = format!("name\n{long}\n{many}\n\"a{marks}\"\n{bidi}\n\"unclosed");
    let input = write(&folder, "in.csv", csv);
    let start = std::time::Instant::now();
    let (status, _, err) = run(&["screen", &input, "--threshold", "0.5"]);
    assert_eq!(status, 4, "{err}");
    assert!(err.contains("rows read 5, screened 4, rejected 1"), "{err}");
    assert!(err.contains("row 5 (line 6): field 1 begins with a quote that is never closed"), "{err}");
    assert!(start.elapsed().as_secs() < 20);
}

#[test]
fn a_closed_standard_output_is_no_panic() {
    use std::process::{Command, Stdio};
    let folder = folder();
    let input = write(&folder, "in.csv", format!("name\n{}", "LAZARUS GROUP\n".repeat(30_000)));
    let mut child = Command::new(assert_cmd::cargo::cargo_bin("interdict"))
        .args(["screen", &input])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let out = child.wait_with_output().unwrap();
    let err = String::from_utf8(out.stderr).unwrap();
    assert_eq!(out.status.code(), Some(1), "{err}");
    assert!(err.contains("closed") && !err.contains("panicked"), "{err}");
}

#[test]
fn scored_pairs_keep_their_columns() {
    let folder = folder();
    let input = write(
        &folder,
        "p.csv",
        "note,name1,name2,schema\na,Siemens AG,Siemens Aktiengesellschaft,Company\nb,x\n",
    );
    let (status, out, err) = run(&["score", &input]);
    assert_eq!(status, 4, "{err}");
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], "note,name1,name2,schema,score");
    assert!(lines[1].starts_with("a,Siemens AG,Siemens Aktiengesellschaft,Company,0.9"), "{out}");
}

#[test]
fn an_identifier_is_a_hit_of_its_own() {
    let folder = folder();
    let input = write(&folder, "in.csv", "name,imo\nSome Other Ship,IMO 9253325\n");
    let (status, out, err) = run(&["screen", &input, "--list", "tests/cases/list.csv"]);
    assert_eq!(status, 0, "{err}");
    assert!(out.contains("OCEAN LILY 3") && out.contains("identifier"), "{out}");
}

#[test]
fn listed_names_that_cannot_be_found_are_reported() {
    let folder = folder();
    let list = write(&folder, "list.csv", "id,name\n1,Acme Trading\n2,???\n");
    let input = write(&folder, "in.csv", "name\nAcme Trading\n");
    let (status, _, err) = run(&["screen", &input, "--list", &list]);
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("entity 2") && err.contains("'???'"), "{err}");
}
