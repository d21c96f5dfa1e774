//! `interdict evaluate` and the figures of `interdict score`, by the built program.

use assert_cmd::Command;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

struct Setup {
    folder: TempDir,
}

const LIST: &str = "id,schema,name,aliases\n\
    p1,Person,\"PETROVSKY, Anatoly Borisovich\",Анатолий Петровский\n\
    p2,Person,\"CASTELLANO RIVERA, Jose Guillermo\",\n\
    p3,Person,\"AL-KARWANI, Mohammad Rahim\",\n\
    p4,Person,\"OKONJO, Thomas Adewale\",\n\
    b1,Company,VOLGATEK INTERNATIONAL SHIPPING TRADING COMPANY LIMITED,\n\
    b2,Company,\"ZARYANOV MANUFACTURING GROUP, OOO\",\n\
    b3,Organization,BRIGHT HARBOUR RELIEF FOUNDATION,\n";

const POSITIVES: &str = "name,target,category\n\
    Petrovsky Anatoly,\"PETROVSKY, Anatoly Borisovich\",order\n\
    Anatolij Petrovski,petrovsky anatoly borisovich,spelling\n\
    Zaryanof Manufacturing,\"Zaryanov Manufacturing Group, OOO\",spelling\n\
    Somebody Else,\"OKONJO, Thomas Adewale\",hopeless\n";

const NEGATIVES: &str =
    "full_name,country\nJane Roe,US\nOle Lindqvist,NO\nJose Rivera,RU\nAcme Bakery Ltd,GB\n";

impl Setup {
    fn new() -> Setup {
        let setup = Setup { folder: tempfile::tempdir().unwrap() };
        setup.write("list.csv", LIST);
        setup.write("positives.csv", POSITIVES);
        setup.write("negatives.csv", NEGATIVES);
        setup
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    fn json(&self, name: &str) -> serde_json::Value {
        serde_json::from_str(&self.read(name)).unwrap()
    }

    /// Runs, and gives (status, standard output, standard error).
    fn run(&self, args: &[&str]) -> (i32, String, String) {
        self.run_on(args, "")
    }

    fn run_on(&self, args: &[&str], threads: &str) -> (i32, String, String) {
        let mut command = Command::cargo_bin("interdict").unwrap();
        command.current_dir(&self.folder).args(args);
        if !threads.is_empty() {
            command.env("RAYON_NUM_THREADS", threads);
        }
        let out = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (out.status.code().unwrap_or(-1), text(out.stdout), text(out.stderr))
    }
}

const FILES: [&str; 7] =
    ["evaluate", "--list", "list.csv", "--positives", "positives.csv", "--negatives", "negatives.csv"];

fn group<'v>(json: &'v serde_json::Value, kind: &str, name: &str) -> &'v serde_json::Value {
    json[kind].as_array().unwrap().iter().find(|g| g["name"] == name).expect("no such group")
}

#[test]
fn figures_are_those_of_the_rows() {
    let s = Setup::new();
    let (status, out, err) = s.run(&[&FILES[..], &["--json", "e.json"]].concat());
    assert_eq!(status, 0, "{err}");
    let e = s.json("e.json");
    assert_eq!((&e["positives"]["used"], &e["negatives"]["used"]), (&4.into(), &4.into()));
    assert_eq!(e["as_configured"]["found"], 3);
    assert_eq!((&e["as_configured"]["alerts"], &e["as_configured"]["threshold"]), (&0.into(), &0.85.into()));
    assert_eq!(group(&e, "categories", "spelling")["recall_as_configured"], 1.0);
    assert_eq!(group(&e, "categories", "hopeless")["found"], 0);
    assert_eq!(e["categories"][0]["name"], "hopeless", "the worst first");
    assert_eq!(group(&e, "schemas", "Person")["positives"], 3);
    assert_eq!(group(&e, "scripts", "Latin")["positives"], 4);
    assert_eq!(group(&e, "lengths", "15 to 19")["positives"], 2);
    let points = e["curve"].as_array().unwrap();
    assert_eq!(
        (points.len(), &points[0]["threshold"], &points[50]["threshold"]),
        (51, &0.5.into(), &1.0.into())
    );
    assert_eq!((&e["misses_in_all"], &e["misses"][0]["query"]), (&1.into(), &"Somebody Else".into()));
    assert_eq!(e["misses"][0]["target"], "OKONJO, Thomas Adewale");
    let alert = &e["false_alerts"][0];
    assert_eq!((&alert["query"], &alert["row"]), (&"Jose Rivera".into(), &3.into()));
    assert!(alert["explanation"].as_str().unwrap().contains("rivera"), "{alert}");
    assert_eq!(e["lists"][0]["names"], 8);
    let hash = e["configuration_sha256"].as_str().unwrap();
    assert!(s.run(&["config"]).1.contains(hash) && out.contains(hash));
    assert_eq!(e["configuration"]["threshold.default"], "0.85");
    assert!(
        out.contains("as configured: recall 75.00 % (3 of 4), alerts 0.000 % of clean names (0 of 4)"),
        "{out}"
    );
}

#[test]
fn the_configuration_counts() {
    let s = Setup::new();
    s.write("strict.toml", "threshold.Company = 0.999\n");
    let (status, _, err) = s.run(&[&FILES[..], &["--json", "e.json", "--config", "strict.toml"]].concat());
    assert_eq!(status, 0, "{err}");
    let e = s.json("e.json");
    assert_eq!(e["as_configured"]["found"], 2, "the company's name is misspelled");
    assert_eq!(group(&e, "schemas", "Company")["recall_as_configured"], 0.0);
    assert_eq!(
        group(&e, "schemas", "Company")["recall"],
        1.0,
        "thresholds are compared as if there were one"
    );
    assert_eq!(e["configuration"]["threshold.Company"], "0.999");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let s = Setup::new();
    let made = [
        "evaluate",
        "--list",
        "list.csv",
        "--mutate",
        "--seed",
        "7",
        "--per-kind",
        "3",
        "--negatives",
        "negatives.csv",
    ];
    let all = |threads: &str| {
        let files = ["--json", "e.json", "--report", "e.html", "--save-positives", "made.csv"];
        let (status, out, err) = s.run_on(&[&made[..], &files].concat(), threads);
        assert_eq!(status, 0, "{err}");
        (out, s.read("e.json"), s.read("e.html"), s.read("made.csv"))
    };
    let (one, two) = (all("1"), all("3"));
    assert!(one == two);
    let folder = s.folder.path().display().to_string();
    assert!(!one.1.contains(&folder) && !one.2.contains(&folder), "no path");

    // What was made can be read back, and finds the same.
    let again = ["evaluate", "--list", "list.csv", "--positives", "made.csv", "--negatives", "negatives.csv"];
    let (status, _, err) = s.run(&[&again[..], &["--json", "again.json"]].concat());
    assert_eq!(status, 0, "{err}");
    let (made, read) = (s.json("e.json"), s.json("again.json"));
    for figures in ["at_rates", "curve", "as_configured", "scripts", "lengths", "schemas", "positives"] {
        assert_eq!(made[figures], read[figures], "{figures}");
    }
    let exact = group(&made, "categories", "person:exact");
    assert_eq!((&exact["positives"], &exact["recall"]), (&3.into(), &1.0.into()));
    assert!(exact["about"].as_str().unwrap().contains("as listed"));
}

#[test]
fn the_page_is_whole_and_safe() {
    let s = Setup::new();
    s.write("negatives.csv", "name\nAnatoly <script>alert(1)</script> Petrovsky\nJane Roe\n");
    let (status, _, err) = s.run(&[&FILES[..], &["--report", "e.html"]].concat());
    assert_eq!(status, 0, "{err}");
    let page = s.read("e.html");
    assert!(page.contains("Anatoly &lt;script&gt;") && !page.contains("<script>alert"));
    for wanted in
        ["<svg class=\"plot\"", "Recall by category", "Misses worth reading", "Somebody Else", "sha256"]
    {
        assert!(page.contains(wanted), "{wanted}");
    }
    for outside in ["http://", "https://", "src=", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn what_is_wrong_is_told() {
    let s = Setup::new();
    s.write("positives.csv", &format!("{POSITIVES}Nobody,Not Listed,x\ntoo,many,x,y\n"));
    s.write("negatives.csv", &format!("{NEGATIVES},US\n"));
    let (status, out, err) = s.run(&FILES);
    assert_eq!(status, 4, "{err}");
    assert!(
        err.contains("positives.csv: row 5 (line 6): the target 'Not Listed' is on none of the lists"),
        "{err}"
    );
    assert!(err.contains("positives.csv: row 6 (line 7): 4 fields where the header has 3"), "{err}");
    assert!(err.contains("negatives.csv: row 5 (line 6): no name"), "{err}");
    assert!(out.contains("positives 4 (a table of names), rejected 2\nnegatives 4, rejected 1"), "{out}");

    s.write("positives.csv", "name,who\nA B,c\n");
    let (status, _, err) = s.run(&FILES);
    assert!(status == 1 && err.contains("no column target / listed_name / entity_id"), "{err}");
    s.write("positives.csv", POSITIVES);
    s.write("negatives.csv", "name\n");
    let (status, _, err) = s.run(&FILES);
    assert!(status == 1 && err.contains("there are no negatives"), "{err}");
    for wrong in
        [&["evaluate", "--negatives", "x"][..], &["evaluate", "--mutate"], &["evaluate", "--seed", "1"]]
    {
        assert_eq!(s.run(wrong).0, 2, "{wrong:?}");
    }
}

const PAIRS: &str = "name1,name2,schema,is_match\n\
    Anatoly Petrovsky,ANATOLY PETROVSKY,Person,true\n\
    Anatoly Petrovsky,Anatoli Petrovskii,Person,true\n\
    Anatoly Petrovsky,Huda Bint,Person,true\n\
    Grzegorz Wozniak,Kim Chol Su,Person,false\n\
    Jane Roe,Jane Roe,Person,false\n\
    Jane Roe,Joan Row,Person,perhaps\n";

#[test]
fn labels_give_precision_recall_and_area() {
    let s = Setup::new();
    s.write("pairs.csv", PAIRS);
    let (status, out, err) = s.run(&["score", "pairs.csv"]);
    assert_eq!((status, out.lines().count()), (0, 7), "{err}");
    assert!(out.starts_with("name1,name2,schema,is_match,score\n"));
    // Three count as matches, two of them rightly; one that matches scores 0.
    assert!(err.contains("labelled pairs 5, without a label 1\n"), "{err}");
    assert!(err.contains("at 0.85: precision 0.6667 recall 0.6667 F1 0.6667\n"), "{err}");
    // Of six pairs of pairs: 1 and 0.9x against 1 and 0, 0 against both: 1 and half, 1 and 0, half and 0.
    assert!(err.contains("ROC AUC 0.5000\n"), "{err}");
    let (_, _, err) = s.run(&["score", "pairs.csv", "--threshold", "1"]);
    assert!(err.contains("at 1: precision 0.5000 recall 0.3333"), "{err}");
    s.write("plain.csv", "name1,name2\nJane Roe,Jane Roe\n");
    assert!(!s.run(&["score", "plain.csv"]).2.contains("precision"));
}

fn shared(path: &str) -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join("../shared").join(path);
    if path.exists() {
        return Some(path.canonicalize().unwrap());
    }
    eprintln!("skipped: {} is absent", path.display());
    None
}

/// The output of the tool beside the project, where Python is at hand.
fn tool(path: &Path, args: &[&str]) -> Option<String> {
    match std::process::Command::new("python3").arg(path).args(args).output() {
        Ok(out) => {
            assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
            Some(String::from_utf8(out.stdout).unwrap())
        }
        Err(e) => {
            eprintln!("skipped: python3: {e}");
            None
        }
    }
}

/// One row of so many is taken; all with INTERDICT_FULL=1.
fn thinned(from: &[PathBuf], step: usize) -> String {
    let step = if std::env::var_os("INTERDICT_FULL").is_some() { 1 } else { step };
    let mut out = csv::Writer::from_writer(Vec::new());
    for (i, path) in from.iter().enumerate() {
        let mut reader = csv::Reader::from_path(path).unwrap();
        if i == 0 {
            out.write_record(reader.headers().unwrap()).unwrap();
        }
        reader.records().step_by(step).for_each(|r| out.write_record(&r.unwrap()).unwrap());
    }
    String::from_utf8(out.into_inner().unwrap()).unwrap()
}

/// Rows of a table by header.
fn table(text: &str) -> Vec<HashMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}

/// Recall at alert rates from hits, worked out another way: by trying every score as a threshold.
fn recall_by_trying(positives: &str, found: &str, negatives: &str, alerts: &str) -> Vec<(String, String)> {
    let words = |name: &str| {
        let mut words: Vec<String> = name
            .to_uppercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .map(String::from)
            .collect();
        words.sort();
        words
    };
    let rows = table(positives);
    let mut own: BTreeMap<usize, f64> = BTreeMap::new();
    for hit in table(found) {
        let row: usize = hit["row"].parse().unwrap();
        if words(&rows[row - 1]["target"]) == words(&hit["entity_name"]) {
            let score = own.entry(row).or_default();
            *score = score.max(hit["score"].parse().unwrap());
        }
    }
    let mut noise: BTreeMap<usize, f64> = BTreeMap::new();
    for hit in table(alerts) {
        let score = noise.entry(hit["row"].parse().unwrap()).or_default();
        *score = score.max(hit["score"].parse().unwrap());
    }
    let clean = table(negatives).len();
    [0.001, 0.005, 0.01]
        .map(|rate| {
            let over = |t: f64| noise.values().filter(|s| **s > t).count() as f64;
            let fits = |t: f64| over(t) <= (rate * clean as f64).floor();
            let tried = noise.values().copied().chain([0.0]);
            let least = tried.filter(|t| fits(*t)).fold(1.0, f64::min);
            let recall = own.values().filter(|s| **s > least).count() as f64 / rows.len() as f64;
            (format!("{least:.4}"), format!("{:.2}", 100.0 * recall))
        })
        .to_vec()
}

#[test]
fn recall_is_that_of_the_hits() {
    let (Some(list), Some(mutations), Some(us), Some(global)) = (
        shared("data/lists/bench/ofac_un_latin.csv"),
        shared("data/queries/mutations.dev.csv"),
        shared("data/queries/negatives_us.dev.csv"),
        shared("data/queries/negatives_global.dev.csv"),
    ) else {
        return;
    };
    let s = Setup::new();
    let (positives, negatives) = (thinned(&[mutations], 7), thinned(&[us, global], 15));
    s.write("p.csv", &positives);
    s.write("n.csv", &negatives);
    assert_eq!(s.run(&["index", "build", "--list", list.to_str().unwrap(), "--output", "i.idx"]).0, 0);
    for (input, output) in [("p.csv", "ph.csv"), ("n.csv", "nh.csv")] {
        let wide = ["--threshold", "0.5", "--limit", "30", "--index", "i.idx", "--output", output];
        assert_eq!(s.run(&[&["screen", input][..], &wide].concat()).0, 0);
    }
    let args = ["--positives", "p.csv", "--negatives", "n.csv", "--json", "e.json"];
    let (status, _, err) = s.run(&[&["evaluate", "--index", "i.idx"][..], &args].concat());
    assert_eq!(status, 0, "{err}");
    let e = s.json("e.json");
    let figures: Vec<(String, String)> = e["at_rates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| {
            let number = |key: &str| r[key].as_f64().unwrap();
            (format!("{:.4}", number("threshold")), format!("{:.2}", 100.0 * number("recall")))
        })
        .collect();
    assert_eq!(figures, recall_by_trying(&positives, &s.read("ph.csv"), &negatives, &s.read("nh.csv")));

    let Some(script) = shared("tools/recall_at_alert_rate.py") else { return };
    let at = |name: &str| s.folder.path().join(name).display().to_string();
    let (p, ph, n, nh) = (at("p.csv"), at("ph.csv"), at("n.csv"), at("nh.csv"));
    let args = ["--positives", &p, "--positive-hits", &ph, "--negatives", &n, "--negative-hits", &nh];
    let Some(told) = tool(&script, &[&args[..], &["--rates", "0.001,0.005,0.01"]].concat()) else { return };
    let rows: Vec<(String, String)> = told
        .lines()
        .skip(1)
        .take(3)
        .map(|l| l.split_whitespace().map(String::from).collect::<Vec<_>>())
        .map(|f| (f[1].clone(), f[2].trim_end_matches('%').to_string()))
        .collect();
    assert_eq!(figures, rows, "{told}");
    // Recall per category at half a percent, as "  88.6%  person:native_script (166)".
    let mut categories = 0;
    for line in told.lines().skip_while(|l| !l.starts_with("recall per category")).skip(1) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let g = group(&e, "categories", fields[1]);
        assert_eq!(format!("{:.1}%", 100.0 * g["recall"].as_f64().unwrap()), fields[0], "{line}");
        categories += 1;
    }
    assert_eq!(e["categories"].as_array().unwrap().len(), categories);
}

#[test]
fn figures_of_pairs_are_those_of_the_scores() {
    let (Some(pairs), Some(script)) =
        (shared("data/pairs/name_pairs.dev.csv"), shared("tools/pair_scores.py"))
    else {
        return;
    };
    let s = Setup::new();
    let (status, out, err) = s.run(&["score", pairs.to_str().unwrap()]);
    assert_eq!(status, 0, "{err}");
    s.write("scored.csv", &out);
    let scored = s.folder.path().join("scored.csv").display().to_string();
    let Some(told) = tool(&script, &[&scored, "--threshold", "0.85"]) else { return };
    let mut lines = told.lines();
    let (at, best, area) = (lines.next().unwrap(), lines.next().unwrap(), lines.next().unwrap());
    let at = at.split("  (n=").next().unwrap().replace("at 0.850", "at 0.85");
    assert!(err.contains(&format!("{at}\n")), "{told}\n{err}");
    assert!(err.contains(&format!("{area}\n")), "{told}\n{err}");
    // Several thresholds may give the best F1: its value is compared.
    let f1 = best.split(" F1 ").nth(1).unwrap();
    let own = err.lines().find(|l| l.starts_with("best threshold")).unwrap();
    assert_eq!(own.split(" F1 ").nth(1).unwrap(), f1, "{told}\n{err}");
}
