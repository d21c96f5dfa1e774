//! Accepted hits: the built program on files.

use assert_cmd::Command;
use std::fs;
use tempfile::TempDir;

/// Runs in a folder, and gives (status, standard output, standard error).
fn run(folder: &TempDir, args: &[&str]) -> (i32, String, String) {
    let out =
        Command::cargo_bin("interdict").unwrap().current_dir(folder.path()).args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap_or(-1), text(out.stdout), text(out.stderr))
}

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    put(
        &folder,
        "list.csv",
        "id,name,program\n1,Acme Trading House,X\n2,Borealis Shipping,X\n3,Corvus Holdings,Y\n",
    );
    put(&folder, "in.csv", "ref,name\nc1,Acme Trading House\nc2,Borealis Shipping\nc3,Acme Trading House\n");
    folder
}

fn put(folder: &TempDir, name: &str, text: &str) {
    fs::write(folder.path().join(name), text).unwrap();
}

fn get(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

const SCREEN: [&str; 4] = ["screen", "in.csv", "--list", "list.csv"];

fn screen(folder: &TempDir, more: &[&str]) -> (i32, String, String) {
    run(folder, &[&SCREEN[..], more].concat())
}

/// Accepts the hit of a row with the ids of the input.
fn accept(folder: &TempDir, row: &str, more: &[&str]) -> (i32, String, String) {
    assert_eq!(screen(folder, &["--id-column", "ref", "--output", "hits.csv"]).0, 0);
    let args =
        ["accept", "hits.csv", "--row", row, "--to", "ok.csv", "--who", "J. Doe", "--reason", "other party"];
    run(folder, &[&args[..], &["--list", "list.csv"], more].concat())
}

#[test]
fn an_accepted_hit_is_counted_and_not_shown() {
    let folder = folder();
    let (status, _, err) = accept(&folder, "1", &["--until", "2999-12-31"]);
    assert_eq!(status, 0, "{err}");
    let file = get(&folder, "ok.csv");
    assert!(file.lines().nth(1).unwrap().starts_with("c1,Acme Trading House,list,1,"), "{file}");
    let (status, out, err) = screen(&folder, &["--id-column", "ref", "--accept", "ok.csv", "--fail-on-hit"]);
    assert_eq!(status, 3, "{err}");
    // Row 3 has the same name and another id: the acceptance is not about it.
    let rows: Vec<&str> = out.lines().skip(1).map(|l| l.split(',').next().unwrap()).collect();
    assert_eq!(rows, ["2", "3"], "{out}");
    assert!(err.contains("with hits 2; hits 2; accepted hits 1"), "{err}");
    let (_, out, _) = screen(
        &folder,
        &["--id-column", "ref", "--accept", "ok.csv", "--show-accepted", "--audit", "a.jsonl"],
    );
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[0].ends_with(",id,accepted"), "{out}");
    assert!(
        lines[1].contains("accepted by J. Doe on ") && lines[1].ends_with("until 2999-12-31: other party")
    );
    assert!(lines[2].ends_with("c2,"), "{out}");
    assert!(get(&folder, "a.jsonl").contains("accepted by J. Doe"));
}

#[test]
fn an_acceptance_lapses_and_the_summary_says_why() {
    let folder = folder();
    for row in ["1", "2"] {
        assert_eq!(accept(&folder, row, &[]).0, 0);
    }
    let again = |expected: &[&str]| {
        let (_, out, err) = screen(&folder, &["--id-column", "ref", "--accept", "ok.csv"]);
        for part in expected {
            assert!(err.contains(part), "{part}\n{err}");
        }
        out.lines().count() - 1
    };
    assert_eq!(again(&["accepted hits 2"]), 1);
    // The list says something else of entity 1; entity 2 is gone.
    put(&folder, "list.csv", "id,name,program\n1,Acme Trading House,Z\n3,Corvus Holdings,Y\n");
    let told = [
        "2 of 2 acceptances have lapsed",
        "line 2: id c1",
        "has changed since",
        "hits shown for it: 1",
        "line 3: id c2",
        "no such entity",
    ];
    assert_eq!(again(&told), 2);
    // Its last day is over; the dates are those of a file written long ago.
    put(&folder, "list.csv", "id,name,program\n1,Acme Trading House,X\n2,Borealis Shipping,X\n");
    let file = get(&folder, "ok.csv");
    let dated = file.lines().map(|l| match l.split_once(",J. Doe,") {
        Some((head, _)) => format!("{head},J. Doe,2020-01-01,2020-12-31,other party,,,,\n"),
        None => format!("{l}\n"),
    });
    let dated: String = dated.collect();
    put(&folder, "ok.csv", &dated);
    assert_eq!(again(&["its last day was 2020-12-31"]), 3);
    // A renewal is appended, and the last line counts.
    assert_eq!(accept(&folder, "1", &[]).0, 0);
    assert_eq!(again(&["accepted hits 1", "1 of 2 acceptances have lapsed"]), 2);
    // The counterparty of that id has another name.
    put(&folder, "in.csv", "ref,name\nc1,THE ACME TRADING HOUSE\n");
    assert_eq!(again(&["another name"]), 1);
    put(&folder, "in.csv", "ref,name\nc9,Jane Roe\n");
    assert_eq!(again(&["1 of 2 acceptances matched no hit"]), 0);
}

#[test]
fn accepted_hits_push_no_others_over_the_limit() {
    let folder = folder();
    put(&folder, "list.csv", "id,name\n1,Acme Trading House\n2,Acme Trading House\n3,Acme Trading House\n");
    // A score of 1 would never be cut.
    put(&folder, "in.csv", "ref,name\nc1,Akme Trading House\n");
    assert_eq!(accept(&folder, "1", &["--entity", "1"]).0, 0);
    let (_, out, err) = screen(&folder, &["--id-column", "ref", "--accept", "ok.csv", "--limit", "2"]);
    let ids: Vec<&str> = out.lines().skip(1).map(|l| l.split(',').nth(4).unwrap()).collect();
    assert_eq!(ids, ["2", "3"], "{err}");
    let (_, out, _) = screen(&folder, &["--id-column", "ref", "--accept", "ok.csv", "--limit", "1"]);
    assert_eq!(out.lines().count(), 2, "{out}");
}

#[test]
fn an_acceptance_is_of_the_evidence_that_was_seen() {
    let folder = folder();
    put(&folder, "list.csv", "id,name,schema,birth_date,country\n1,Igor Zimnik,Person,1960-09-07,ru\n");
    let with = |row: &str| {
        put(&folder, "in.csv", &format!("ref,name,birth_date,country,passport\n{row}\n"));
        let (status, out, err) = screen(&folder, &["--id-column", "ref", "--accept", "ok.csv"]);
        assert_eq!(status, 0, "{err}");
        (out.lines().count() - 1, err)
    };
    put(&folder, "in.csv", "ref,name,birth_date,country,passport\nc1,Igor Zimnik,1961-01-02,Brazil,\n");
    assert_eq!(accept(&folder, "1", &[]).0, 0);
    let file = get(&folder, "ok.csv");
    assert!(file.contains(",birth_date=1961-01-02;country=Brazil,Igor Zimnik,name,0.9"), "{file}");
    // The same counterparty, also where its fields are spelled in another way or more is known of it.
    for same in [
        "c1,Igor Zimnik,1961-01-02,Brazil,",
        "c1,Igor Zimnik,02.01.1961,BR,",
        "c1,Igor Zimnik,1961-01-02,Brazil,AB123",
    ] {
        let (shown, err) = with(same);
        assert_eq!(shown, 0, "{same}: {err}");
        assert!(!err.contains("have lapsed"), "{same}: {err}");
    }
    for (row, why) in [
        ("c1,Igor Zimnik,1960-09-07,Brazil,", "birth_date was 1961-01-02 and is 1960-09-07"),
        ("c1,Igor Zimnik,1961-01-02,Russia,", "country was Brazil and is Russia"),
        ("c1,Igor Zimnik,1961-01-02,,", "country was Brazil and is not given"),
        ("c1,Igor Zimnik,1961-01-02,Russia,", "the score was 0.9"),
    ] {
        let (shown, err) = with(row);
        assert_eq!(shown, 1, "{row}: {err}");
        assert!(err.contains("1 of 1 acceptances have lapsed") && err.contains(why), "{row}: {err}");
    }
    // A file of the former kind holds, and is told; a renewal adds its columns.
    let cut = |line: &str| line.splitn(10, ',').take(9).collect::<Vec<_>>().join(",") + "\n";
    put(&folder, "ok.csv", &file.lines().map(cut).collect::<String>());
    let (shown, err) = with("c1,Igor Zimnik,1960-09-07,Brazil,");
    assert_eq!(shown, 0, "{err}");
    assert!(err.contains("1 of 1 acceptances are of the former kind"), "{err}");
    assert_eq!(accept(&folder, "1", &[]).0, 0);
    assert_eq!(get(&folder, "ok.csv").lines().count(), 3);
    let (shown, err) = with("c1,Igor Zimnik,1960-09-07,Brazil,");
    assert_eq!(shown, 0, "{err}");
    assert!(!err.contains("former kind"), "{err}");
    assert_eq!(with("c1,Igor Zimnik,1961-01-02,Brazil,").0, 1);
}

#[test]
fn replay_knows_accepted_hits_beyond_the_limit() {
    let folder = folder();
    let names: String = (1..=9).map(|i| format!("{i},Acme Trading House\n")).collect();
    put(&folder, "list.csv", &format!("id,name\n{names}"));
    put(&folder, "in.csv", "ref,name\nc1,Akme Trading House\nc2,Jane Roe\n");
    for entity in ["3", "4"] {
        assert_eq!(accept(&folder, "1", &["--entity", entity]).0, 0);
    }
    let args =
        ["--id-column", "ref", "--accept", "ok.csv", "--limit", "2", "--audit", "trail", "--output", "h"];
    let (status, _, err) = screen(&folder, &args);
    assert_eq!(status, 0, "{err}");
    let (status, out, err) = run(&folder, &["audit", "replay", "trail", "--list", "list.csv"]);
    assert_eq!((status, out.lines().count()), (0, 1), "{out}{err}");
    put(&folder, "list.csv", "id,name\n1,Acme Trading House\n3,Acme Trading House\n4,Acme Trading House\n");
    let (status, out, _) = run(&folder, &["audit", "replay", "trail", "--list", "list.csv"]);
    assert_ne!(status, 0, "{out}");
    assert!(out.lines().any(|l| l.contains(",gone,list,2,")), "{out}");
}

#[test]
fn a_broken_row_is_an_error_that_names_it() {
    let folder = folder();
    assert_eq!(accept(&folder, "1", &[]).0, 0);
    // Without the evidence, as in a file of the former kind.
    let former = |line: &str| line.splitn(10, ',').take(9).collect::<Vec<_>>().join(",") + "\n";
    let good: String = get(&folder, "ok.csv").lines().map(former).collect();
    let hash = good.lines().nth(1).unwrap().split(',').nth(4).unwrap();
    for (row, words) in [
        ("c2,x,list,1", &["line 3", "4 fields"][..]),
        (&format!(",,list,1,{hash},w,2026-01-01,,r"), &["line 3", "neither"]),
        (&format!("c2,,list,,{hash},w,2026-01-01,,r"), &["line 3", "entity_id", "empty"]),
        ("c2,,list,1,123,w,2026-01-01,,r", &["line 3", "entity_hash", "content hash"]),
        (&format!("c2,,list,1,{hash},w,1/2/2026,,r"), &["line 3", "'when'", "2026-12-31"]),
        (&format!("c2,,list,1,{hash},w,2026-01-01,2026-02-30,r"), &["line 3", "'until'"]),
        (&format!("c2,,list,1,{hash},w,2026-01-01,2025-01-01,r"), &["line 3", "before"]),
        (&format!("c2,,list,1,{hash},w,2026-01-01,,\"r\nc3,,list"), &["line 3", "line break"]),
    ] {
        put(&folder, "bad.csv", &format!("{good}{row}\n"));
        let (status, out, err) = screen(&folder, &["--accept", "bad.csv"]);
        assert_eq!((status, out.as_str()), (1, ""), "{row}: {err}");
        for word in words.iter().chain(&["bad.csv"]) {
            assert!(err.contains(word), "{row}: {word}: {err}");
        }
    }
    for (text, word) in [("", "empty"), ("a;b\n1;2\n", "no column 'counterparty_id'"), ("no", "no column")] {
        put(&folder, "bad.csv", text);
        let (status, _, err) = screen(&folder, &["--accept", "bad.csv"]);
        assert!(status == 1 && err.contains(word), "{status} {err}");
    }
    assert_eq!(screen(&folder, &["--show-accepted"]).0, 2);
    assert_eq!(screen(&folder, &["--accept", "ok.csv", "--since", "list.csv"]).0, 2);
}

#[test]
fn accept_takes_one_hit_from_any_form() {
    let folder = folder();
    let (_, csv, _) = screen(&folder, &[]);
    let (_, json, _) = screen(&folder, &["--format", "jsonl"]);
    let line = csv.lines().nth(2).unwrap().to_string();
    for (input, more) in [(&csv, &["--row", "2"][..]), (&json, &["--entity", "2"]), (&line, &[])] {
        let out = Command::cargo_bin("interdict")
            .unwrap()
            .current_dir(folder.path())
            .args(["accept", "-", "--to", "ok.csv", "--who", "w", "--reason", "r", "--list", "list.csv"])
            .args(more)
            .write_stdin(input.as_str())
            .output()
            .unwrap();
        assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
        let file = get(&folder, "ok.csv");
        assert!(file.lines().last().unwrap().starts_with(",Borealis Shipping,list,2,"), "{file}");
    }
    let before = get(&folder, "ok.csv");
    put(&folder, "hits.csv", &csv);
    let base = ["accept", "hits.csv", "--to", "ok.csv", "--who", "w", "--reason", "r", "--list", "list.csv"];
    for (more, status, word) in [
        (&[][..], 1, "3 hits are meant"),
        (&["--row", "9"], 1, "no hit is meant"),
        (&["--row", "2", "--until", "2020-01-01"], 2, "before today"),
        (&["--row", "2", "--until", "tomorrow"], 2, "2026-12-31"),
        (&["--row", "2", "--reason", ""], 2, ""),
    ] {
        let (got, _, err) = run(&folder, &[&base[..], more].concat());
        assert_eq!(got, status, "{more:?}: {err}");
        assert!(err.contains(word), "{more:?}: {err}");
    }
    put(&folder, "list.csv", "id,name\n7,Somebody Else\n");
    let (status, _, err) = run(&folder, &[&base[..], &["--row", "2"]].concat());
    assert!(status == 1 && err.contains("no entity 2"), "{err}");
    assert_eq!(get(&folder, "ok.csv"), before, "a failure changes nothing");
}

#[test]
fn two_who_accept_at_once_lose_nothing() {
    let folder = folder();
    assert_eq!(accept(&folder, "1", &[]).0, 0);
    std::thread::scope(|scope| {
        for row in ["1", "2", "3", "1", "2", "3"] {
            let folder = &folder;
            scope.spawn(move || {
                let args =
                    ["accept", "hits.csv", "--row", row, "--to", "ok.csv", "--who", "w", "--reason", "r"];
                let (status, _, err) = run(folder, &[&args[..], &["--list", "list.csv"]].concat());
                assert_eq!(status, 0, "{err}");
            });
        }
    });
    assert_eq!(get(&folder, "ok.csv").lines().count(), 1 + 7);
}
