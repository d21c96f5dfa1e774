//! Payment messages: hits, verdicts, subjects, what could not be read, exit statuses.

use super::support::{Folder, program, run, run_with};

const LIST: &str = "id,name,schema,country\n1,Aurelia Quandt,Person,de\n2,Dark Harbour Bank,Company,\n";
const MT: &str = "{1:F01BRLNDE21AXXX0001000001}{2:I103LNDNGB2LXXXXN}{3:{121:11111111-2222-4333-8444-555555555555}}{4:\n\
    :20:PAY-1\n:23B:CRED\n:32A:260615EUR10,\n:50F:/DE02120300000000202051\n1/AURELIA QUANDT\n3/IR/TABRIZ\n:59:/12\nJANE ROE\n\
    :70:RENT\n:71A:SHA\n-}";
const CLEAN: &str = "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08'><FIToFICstmrCdtTrf><CdtTrfTxInf><Dbtr>\
    <Nm>Jane Roe</Nm></Dbtr></CdtTrfTxInf></FIToFICstmrCdtTrf></Document>";

fn rows(text: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap).collect()
}

#[test]
fn hits_verdicts_and_counts() {
    let folder = Folder::new();
    let (list, config) =
        (folder.write("list.csv", LIST), folder.write("c.toml", "[embargo]\ncountries = [\"IR\"]\n"));
    folder.write("a.txt", MT);
    let files = [
        folder.path("a.txt"),
        folder.write("b.xml", CLEAN),
        folder.write("c.xml", &CLEAN[..CLEAN.len() - 9]),
    ];
    let (hits, verdicts) = (folder.path("hits.csv"), folder.path("verdicts.csv"));
    let args = [
        "payments",
        &files[0],
        &files[1],
        &files[2],
        "--list",
        &list,
        "--config",
        &config,
        "--output",
        &hits,
        "--verdicts",
        &verdicts,
    ];
    let (status, stdout, stderr) = run(&args);
    assert_eq!((status, &*stdout), (4, ""), "{stderr}");
    assert!(
        stderr.contains("messages read 3, pass 1, hold 1, unreadable 1; subjects 7; hits 1; embargoed 1"),
        "{stderr}"
    );
    assert!(stderr.contains("c.xml: message 1, byte"), "{stderr}");
    let text = folder.text("hits.csv");
    assert!(
        text.starts_with(
            "file,message,role,path,span,row,query,score,list,entity_id,entity_name,matched_name,"
        )
    );
    let found = rows(&text);
    assert_eq!(found.len(), 2);
    let (hit, embargo) = (&found[0], &found[1]);
    assert_eq!((&hit[1], &hit[2], &hit[3], &hit[6], &hit[9]), ("1", "debtor", "50F", "AURELIA QUANDT", "1"));
    let (first, last) = hit[4].split_once('-').unwrap();
    assert_eq!(&MT[first.parse().unwrap()..last.parse().unwrap()], "AURELIA QUANDT");
    assert_eq!((&hit[16], &hit[17], &hit[19]), ("MT103", "PAY-1", "11111111-2222-4333-8444-555555555555"));
    assert_eq!((&embargo[8], &embargo[9], &embargo[14]), ("embargo", "ir", "country"));
    let verdicts: Vec<String> =
        rows(&folder.text("verdicts.csv")).iter().map(|row| row[6].to_string()).collect();
    assert_eq!(verdicts, ["hold", "pass", "unreadable"]);
    // The same whatever the threads, and as JSON Lines.
    let (_, one, _) = run(&["payments", &files[0], "--list", &list, "--config", &config, "--threads", "1"]);
    assert_eq!(one, text);
    let (_, json, _) = run(&["payments", &files[0], "--list", &list, "--format", "jsonl"]);
    let line: serde_json::Value = serde_json::from_str(json.trim()).unwrap();
    assert_eq!(
        (&line["role"], &line["entity_id"], &line["message"]),
        (&"debtor".into(), &"1".into(), &1.into())
    );
}

#[test]
fn a_name_within_a_text_is_found_where_it_stands() {
    let folder = Folder::new();
    let list = folder.write("list.csv", LIST);
    let message =
        MT.replace("AURELIA QUANDT", "JOHN DOE").replace(":70:RENT", ":70:RENT MAY AURELIA QUANDT FLAT 9");
    let (_, stdout, _) = run(&["payments", &folder.write("a.txt", &message), "--list", &list]);
    let found = rows(&stdout);
    assert_eq!((found.len(), &found[0][3], &found[0][6]), (1, "70", "RENT MAY AURELIA QUANDT FLAT 9"));
    let (first, end) = found[0][4].split_once('-').unwrap();
    assert_eq!(&message[first.parse().unwrap()..end.parse().unwrap()], "AURELIA QUANDT");
}

#[test]
fn statuses_and_refusals() {
    let folder = Folder::new();
    let (list, file) = (folder.write("list.csv", LIST), folder.write("b.xml", CLEAN));
    assert_eq!(run(&["payments", &file, "--list", &list]).0, 0);
    assert_eq!(run(&["payments", &folder.write("a.txt", MT), "--list", &list, "--fail-on-hit"]).0, 3);
    assert_eq!(run(&["payments", &folder.path("none.xml"), "--list", &list]).0, 1);
    assert_eq!(run(&["payments"]).0, 2);
    let (status, _, stderr) = run(&["payments", &folder.write("x.txt", "hello"), "--list", &list]);
    assert_eq!(status, 4);
    assert!(stderr.contains("no format that is known"), "{stderr}");
    let (status, _, stderr) = run(&["payments", &file, "--list", &list, "--output", &file]);
    assert_eq!(status, 2, "{stderr}");
    let (status, stdout, _) = run_with(&["payments", "-", "--list", &list], MT.as_bytes());
    assert_eq!((status, rows(&stdout).len()), (0, 1));
}

#[test]
fn accepted_hits_hold_nothing() {
    let folder = Folder::new();
    let (list, file) = (folder.write("list.csv", LIST), folder.write("a.txt", MT));
    let hits = folder.path("hits.csv");
    run(&["payments", &file, "--list", &list, "--output", &hits]);
    let accepted = folder.path("accepted.csv");
    let accept = [
        "accept",
        &hits,
        "--list",
        &list,
        "--to",
        &accepted,
        "--who",
        "J. Doe",
        "--reason",
        "another person",
        "--row",
        "3",
    ];
    let (status, _, stderr) = run(&accept);
    assert_eq!(status, 0, "{stderr}");
    let report = folder.path("report.html");
    let (status, stdout, stderr) = run(&[
        "payments",
        &file,
        "--list",
        &list,
        "--accept",
        &accepted,
        "--report",
        &report,
        "--fail-on-hit",
    ]);
    assert_eq!((status, rows(&stdout).len()), (0, 0), "{stderr}");
    assert!(stderr.contains("pass 1, hold 0") && stderr.contains("accepted hits 1"), "{stderr}");
    assert!(folder.text("report.html").contains("AURELIA QUANDT"));
}

#[test]
fn subjects_are_listed() {
    let folder = Folder::new();
    let (status, stdout, stderr) = run(&["payments", &folder.write("a.txt", MT), "--show-subjects"]);
    assert_eq!(status, 0, "{stderr}");
    let rows = rows(&stdout);
    let roles: Vec<(&str, &str, &str)> = rows.iter().map(|r| (&r[2], &r[3], &r[4])).collect();
    assert_eq!(
        roles,
        [
            ("sender", "agent", ""),
            ("receiver", "agent", ""),
            ("debtor", "party", "AURELIA QUANDT"),
            ("creditor", "party", "JANE ROE"),
            ("remittance information", "text", "")
        ]
    );
    assert_eq!((&rows[0][7], &rows[2][6], &rows[4][5]), ("BRLNDE21", "IR", "RENT"));
    assert!(stderr.contains("messages read 1, readable 1, unreadable 0; subjects 5"), "{stderr}");
}

#[test]
fn an_audit_trail_records_every_message() {
    let folder = Folder::new();
    let list = folder.write("list.csv", LIST);
    let config = folder.write("c.toml", "[embargo]\ncountries = [\"IR\"]\n");
    let files = [folder.write("a.txt", MT), folder.write("b.xml", &CLEAN[..CLEAN.len() - 9])];
    let trail = folder.path("trail.jsonl");
    let screen = |more: &[&str]| {
        let args =
            ["payments", &files[0], &files[1], "--list", &list, "--config", &config, "--audit", &trail];
        run(&[&args[..], more].concat())
    };
    let (status, _, stderr) = screen(&[]);
    assert_eq!(status, 4, "{stderr}");
    let records: Vec<serde_json::Value> =
        folder.text("trail.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(records.len(), 4, "a header, two messages, and the end");
    let (held, cut) = (&records[1], &records[2]);
    assert_eq!((held["verdict"].as_str(), held["id"].as_str()), (Some("hold"), Some("PAY-1")));
    assert_eq!(held["embargoed"][0], "debtor: IR (IR)");
    let columns: Vec<&str> =
        held["names"].as_array().unwrap().iter().map(|n| n["column"].as_str().unwrap()).collect();
    assert_eq!(columns, ["sender", "receiver", "debtor", "creditor", "remittance information"]);
    assert_eq!(held["names"][2]["hits"][0]["entity_id"], "1");
    assert_eq!(cut["verdict"], "unreadable");
    assert!(cut["rejected"].as_str().unwrap().contains("byte"), "{cut}");
    let (status, stdout, _) = run(&["audit", "verify", &trail]);
    assert_eq!(status, 0, "{stdout}");
    assert!(
        stdout.contains("intact; lines 4, rows 2, screened 1, rejected 1, with hits 1, hits 1"),
        "{stdout}"
    );
    // A trail is never replaced, and continued where that is said.
    let (status, _, stderr) = screen(&[]);
    assert!(status != 4 && stderr.contains("a trail is never replaced"), "{stderr}");
    let before = folder.text("trail.jsonl");
    assert_eq!(screen(&["--audit-append"]).0, 4);
    assert!(folder.text("trail.jsonl").starts_with(&before));
    let (status, stdout, _) = run(&["audit", "verify", &trail]);
    assert!(status == 0 && stdout.contains("lines 8, rows 4"), "{stdout}");
    let (status, stdout, stderr) = run(&["audit", "replay", &trail, "--list", &list]);
    assert_eq!(status, 0, "{stdout}{stderr}");
}

#[test]
fn the_page_shows_the_message_with_its_hits_marked() {
    let folder = Folder::new();
    let list = folder.write("list.csv", LIST);
    // A name that is too long for one is screened as text too: the hit is behind it.
    let long = format!("{}Dark Harbour Bank", "Quay and Mill Lane Storage of Oslo ".repeat(20));
    let files = [
        folder.write("a.txt", MT.replace(":70:RENT", ":70:RENT FOR DARK HARBOUR BANK MAY")),
        folder.write("b.xml", CLEAN.replace("Jane Roe", &long)),
    ];
    let page = folder.path("page.html");
    let (status, _, stderr) = run(&["payments", &files[0], &files[1], "--list", &list, "--report", &page]);
    assert_eq!(status, 0, "{stderr}");
    assert!(stderr.contains("hits 3"), "{stderr}");
    let html = folder.text("page.html");
    for marked in
        ["debtor: ⟦AURELIA QUANDT, ", "RENT FOR ⟦DARK HARBOUR BANK⟧ MAY", "Oslo ⟦Dark Harbour Bank⟧"]
    {
        assert!(html.contains(marked), "{marked}");
    }
}

/// A file of so many messages, one of which in ten names a listed party, and one of which is cut.
fn many(count: usize) -> String {
    let message = |n: usize| {
        let name = if n % 10 == 3 { "AURELIA QUANDT" } else { "JOHN DOE" };
        let end = if n % 97 == 50 { "" } else { "-}" };
        MT.replace("AURELIA QUANDT", name).replace("PAY-1", &format!("PAY-{n}")).replace("-}", end) + "\n"
    };
    (0..count).map(message).collect()
}

#[test]
fn killed_at_any_moment_and_resumed_it_writes_the_same() {
    const OUTPUTS: [(&str, &str); 5] = [
        ("--output", "hits.csv"),
        ("--verdicts", "verdicts.csv"),
        ("--rejects", "rejects.csv"),
        ("--audit", "trail.jsonl"),
        ("--report", "page.html"),
    ];
    let folder = Folder::new();
    let (list, input) = (folder.write("list.csv", LIST), folder.write("in.txt", many(12_000)));
    let paths = OUTPUTS.map(|(_, name)| folder.path(name));
    let mut args = vec!["payments", &input, "--list", &list, "--checkpoint", "0", "--threads", "1"];
    args.extend(OUTPUTS.iter().zip(&paths).flat_map(|((option, _), path)| [*option, path.as_str()]));
    let outputs = || {
        OUTPUTS.map(|(_, name)| {
            let text = folder.text(name);
            // Times, which differ; and with them the hashes of the trail.
            let lines = text.lines().filter(|l| !l.contains("elapsed") && !l.contains(" UTC</span>"));
            let plain = |line: &str| match serde_json::from_str::<serde_json::Value>(line) {
                Ok(serde_json::Value::Object(mut record)) if name.ends_with(".jsonl") => {
                    for key in ["previous", "at", "seal"] {
                        record.remove(key);
                    }
                    serde_json::to_string(&record).unwrap()
                }
                _ => line.to_string(),
            };
            lines.map(plain).collect::<Vec<_>>()
        })
    };
    let (status, _, stderr) = run(&args);
    assert_eq!(status, 4, "{stderr}");
    let expected = outputs();
    let mut resumed = 0;
    for round in 0..6 {
        OUTPUTS.iter().for_each(|(_, name)| std::fs::remove_file(folder.path(name)).unwrap());
        let mut child = std::process::Command::new(program())
            .args(&args)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        while !folder.has("hits.csv.progress") && child.try_wait().unwrap().is_none() {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        std::thread::sleep(std::time::Duration::from_millis(7 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        // The audit trail is in place before any result.
        let is_there = |name: &str| folder.has(name);
        assert!(is_there("trail.jsonl") || OUTPUTS.iter().all(|(_, name)| !is_there(name)));
        if !is_there("hits.csv") {
            let (status, _, stderr) = run(&[&args[..], &["--resume"]].concat());
            assert_eq!(status, 4, "{stderr}");
            resumed += usize::from(stderr.contains("resuming behind"));
        }
        assert!(outputs() == expected, "round {round}");
        let (status, stdout, _) = run(&["audit", "verify", &paths[3]]);
        assert_eq!(status, 0, "{stdout}");
        let mut names = OUTPUTS.map(|(_, name)| name.to_string()).to_vec();
        names.extend(["in.txt".into(), "list.csv".into()]);
        names.sort();
        assert_eq!(folder.names(), names);
    }
    assert!(resumed > 0);
    let (status, _, stderr) = run(&["payments", "-", "--list", &list, "--output", &paths[0], "--resume"]);
    assert_eq!(status, 2, "{stderr}");
}
