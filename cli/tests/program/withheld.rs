//! Nothing is hidden: what other fields cleared, what the limit cut and which weak aliases were left out is counted.

use crate::support;

use support::{Folder, run};

/// Parties whose names differ little, each with a birth date, of two of which one is on both lists.
fn lists(folder: &Folder) -> [String; 2] {
    let mut a = String::from("id,name,schema,birth_date,passport,weak_aliases\n");
    for i in 0..14 {
        a += &format!("a{i},Viktor Andreyevich Zimnikov,Person,19{}-02-03,,\n", 50 + i);
    }
    a += "twin,Oleg Sergeyevich Morozkin,Person,1961-05-06,AB1234567,Morozny\n";
    let b =
        "id,name,schema,birth_date,passport\nsame,Oleg Sergeyevich Morozkin,Person,1961-05-06,AB1234567\n";
    [folder.write("a.csv", a), folder.write("b.csv", b)]
}

fn summary(folder: &Folder) -> serde_json::Value {
    serde_json::from_slice(&folder.read("summary.json")).unwrap()
}

#[test]
fn a_name_that_false_fields_clear_is_counted_everywhere_and_can_be_shown() {
    let folder = Folder::new();
    let [a, b] = lists(&folder);
    let input = folder.write(
        "in.csv",
        "name,schema,birth_date\nOleg Sergeyevich Morozkin,Vessel,2001-01-02\nOleg Sergeyevich Morozkin,,\n",
    );
    let [trail, page, counts] = ["audit.jsonl", "page.html", "summary.json"].map(|name| folder.path(name));
    let outputs = ["--audit", &trail, "--report", &page, "--summary", &counts];
    let screen = ["screen", &input, "--list", &a, "--list", &b];
    let (status, out, err) = run(&[&screen[..], &outputs[..]].concat());
    assert_eq!((status, out.lines().count()), (0, 3), "{err}");
    assert!(err.contains("hits 2; cleared by other fields 2; threshold"), "{err}");
    assert_eq!(summary(&folder)["counts"]["cleared"], 2);
    let trail = folder.text("audit.jsonl");
    let row: serde_json::Value = serde_json::from_str(trail.lines().nth(1).unwrap()).unwrap();
    let cleared = &row["names"][0]["cleared"];
    assert_eq!(
        (&cleared[0]["cleared_by"], &cleared[0]["reasons"]["name_score"]),
        (&"birth_date;schema".into(), &1.0.into())
    );
    assert_eq!(row["names"][0]["withheld"]["cleared"], 2);
    let report = interdict::audit::verify(trail.as_bytes()).unwrap();
    assert!(report.is_intact(), "{:?}", report.problems);
    assert_eq!(report.counts.cleared, 2);
    assert!(folder.text("page.html").contains("cleared by other fields"));

    let (_, out, _) = run(&[&screen[..], &["--cleared", "show"]].concat());
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 5, "{out}");
    assert!(lines[0].ends_with(",group,cleared_by,compared"), "{out}");
    assert!(lines[1].starts_with("1,") && lines[1].contains(",birth_date;schema,"), "{out}");
    assert!(lines[3].starts_with("2,") && lines[3].ends_with(",,"), "{out}");
    let exhaustive = run(&[&screen[..], &["--cleared", "show", "--exhaustive"]].concat());
    assert_eq!(exhaustive.1, out);
    let (_, out, _) = run(&[&screen[..], &["--cleared", "show", "--format", "jsonl"]].concat());
    assert!(out.lines().next().unwrap().contains(r#""cleared_by":"birth_date;schema""#), "{out}");
    let (_, out, _) = run(&[&screen[..], &["--cleared", "show", "--format", "table"]].concat());
    assert!(out.contains("birth date, schema"), "{out}");
}

#[test]
fn a_limit_counts_parties_cuts_no_equal_name_and_says_what_it_cuts() {
    let folder = Folder::new();
    let [a, b] = lists(&folder);
    let input = folder.write(
        "in.csv",
        "name\nViktor Andreyevich Zimnikov\nViktor Andreevich Zimnikow\nOleg Sergeyevich Morozkyn\n",
    );
    let [trail, counts] = ["audit.jsonl", "summary.json"].map(|name| folder.path(name));
    let screen = [
        "screen",
        &input,
        "--list",
        &a,
        "--list",
        &b,
        "--limit",
        "1",
        "--audit",
        &trail,
        "--summary",
        &counts,
    ];
    let (status, out, err) = run(&screen);
    assert_eq!(status, 0, "{err}");
    let rows = |row: &str| out.lines().filter(|line| line.starts_with(row)).count();
    assert_eq!(rows("1,"), 14, "equal names are never cut: {out}");
    assert_eq!(rows("2,"), 1, "{out}");
    assert_eq!(rows("3,"), 2, "entries of two lists for one party count once: {out}");
    assert!(err.contains("hits 17; cut by the limit 13; threshold"), "{err}");
    assert_eq!(summary(&folder)["counts"]["cut"], 13);
    let trail = folder.text("audit.jsonl");
    let row: serde_json::Value = serde_json::from_str(trail.lines().nth(2).unwrap()).unwrap();
    assert_eq!(row["names"][0]["withheld"]["cut"], 13);
    assert_eq!(interdict::audit::verify(trail.as_bytes()).unwrap().counts.cut, 13);
    let (status, _, err) = run(&["audit", "replay", &folder.path("audit.jsonl"), "--list", &a, "--list", &b]);
    assert_eq!(status, 0, "{err}");
}

#[test]
fn weak_aliases_that_are_left_out_are_counted() {
    let folder = Folder::new();
    let [a, _] = lists(&folder);
    let input = folder.write("in.csv", "name\nMorozny\n");
    for (rule, count) in
        [("use = true", ""), ("use = false", "weak aliases left out 1; "), ("threshold = 1.0", "")]
    {
        let config = folder.write("config.toml", format!("[weak_aliases]\n{rule}\n"));
        let (status, out, err) = run(&["screen", &input, "--list", &a, "--config", &config]);
        assert_eq!(status, 0, "{err}");
        let hits = usize::from(count.is_empty());
        assert_eq!(out.lines().count(), 1 + hits, "{rule}: {out}");
        assert!(err.contains(&format!("hits {hits}; {count}threshold")), "{rule}: {err}");
    }
    folder.write("in.csv", "name\nMorozniy\n");
    let config = folder.write("config.toml", "[weak_aliases]\nthreshold = 1.0\n");
    let (_, _, err) = run(&["screen", &input, "--list", &a, "--config", &config]);
    assert!(err.contains("weak aliases left out 1; "), "{err}");
}
