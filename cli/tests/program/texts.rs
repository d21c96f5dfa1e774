//! Tables of free text: `screen --text-column`.

use crate::support;

use support::{Folder, run};

const LISTED: &str =
    "id,name,schema\n1,Ivan Sergeyevich PETROVSKIY,Person\n2,\"Kolvara Bank, OOO\",Company\n";
const TEXTS: &str = "no,text,country\n\
                     a,Rechnung 17 Ivan Sergeevich PETROVSKY vom 3.5.,ru\n\
                     b,rent for May,ir\n\
                     c,\"/INV/9//KOLVARA BA//NK OOO\",\n";

#[test]
fn hits_of_a_text_say_which_words_matched_and_where() {
    let folder = Folder::new();
    let (list, input) = (folder.write("list.csv", LISTED), folder.write("in.csv", TEXTS));
    let args = ["screen", &input, "--list", &list, "--text-column", "text", "--carry", "no"];
    let (status, out, err) = run(&[&args[..], &["--format", "csv"]].concat());
    assert_eq!(status, 0, "{err}");
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_reader(out.as_bytes()).records().map(Result::unwrap).collect();
    let cells = |row: &csv::StringRecord| [0, 4, 11, 12, 13].map(|at| row[at].to_string());
    assert!(out.starts_with(
        "row,query,score,list,entity_id,entity_name,matched_name,schema,program,matched_by,group,query_part,query_span,no\n"
    ));
    assert_eq!(
        rows.iter().map(cells).collect::<Vec<_>>(),
        [
            ["1", "1", "Ivan Sergeevich PETROVSKY", "12-37", "a"],
            ["3", "2", "KOLVARA BA//NK OOO", "8-26", "c"]
        ]
    );
    assert!(err.contains("rows read 3, screened 3, rejected 0, with hits 2"), "{err}");
    assert!(err.contains("'country'"), "the column that is not compared is told: {err}");

    let (_, json, _) = run(&[&args[..], &["--format", "jsonl"]].concat());
    let line: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!(
        (&line["query_part"], &line["query_span"]),
        (&"Ivan Sergeevich PETROVSKY".into(), &"12-37".into())
    );
    assert_eq!(run(&[&args[..], &["--exhaustive", "--format", "csv"]].concat()).1, out);
}

#[test]
fn a_trail_of_texts_is_verified_and_replayed() {
    let folder = Folder::new();
    let (list, input) = (folder.write("list.csv", LISTED), folder.write("in.csv", TEXTS));
    let (trail, hits) = (folder.path("audit.jsonl"), folder.path("hits.csv"));
    let args =
        ["screen", &input, "--list", &list, "--text-column", "text", "--audit", &trail, "--output", &hits];
    assert_eq!(run(&args).0, 0);
    assert_eq!(run(&["audit", "verify", &trail]).0, 0);
    let (status, out, err) = run(&["audit", "replay", &trail, "--list", &list]);
    assert_eq!(status, 0, "{out}{err}");
    assert!(folder.text("audit.jsonl").contains(r#""query_part":"Ivan Sergeevich PETROVSKY""#));
}

#[test]
fn a_text_is_no_name_as_well() {
    let folder = Folder::new();
    let input = folder.write("in.csv", TEXTS);
    let (status, _, err) = run(&["screen", &input, "--text-column", "text", "--name-column", "no"]);
    assert_eq!(status, 2, "{err}");
    let (status, _, err) = run(&["screen", &input, "--text-column", "remittance"]);
    assert_eq!(status, 1, "{err}");
    assert!(err.contains("remittance") && err.contains("text"), "{err}");
}
