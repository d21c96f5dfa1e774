//! The page of hits: written whole, escaped, and drawn by a real browser where one is found.

use assert_cmd::Command;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;

fn screen(folder: &TempDir, more: &[&str]) -> (i32, String) {
    let out = Command::cargo_bin("interdict")
        .unwrap()
        .current_dir(folder.path())
        .args(["screen", "in.csv", "--list", "list.csv", "--output", "hits.csv", "--report", "hits.html"])
        .args(more)
        .output()
        .unwrap();
    (out.status.code().unwrap_or(-1), String::from_utf8(out.stderr).unwrap())
}

/// A browser, if the machine has one.
fn browser() -> Option<&'static str> {
    let found = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| {
        std::process::Command::new(name).arg("--version").output().is_ok_and(|out| out.status.success())
    });
    if found.is_none() {
        eprintln!("skipped: no Chromium on this machine");
    }
    found
}

/// The page after its script has run, and how long the browser took from start to end.
fn drawn(browser: &str, page: &Path) -> (String, Duration) {
    let profile = tempfile::tempdir().unwrap();
    let start = Instant::now();
    let out = std::process::Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--no-first-run",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(["--window-size=1400,1000", "--dump-dom"])
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    (String::from_utf8(out.stdout).unwrap(), start.elapsed())
}

const HOSTILE: &str = "Acme </script><script>alert(1)</script> Trading";

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let list = format!(
        "id,name,aliases,schema,birth_date,countries,program\n\
         1,{HOSTILE},,Company,,ir,<b>X</b>\n\
         2,Borealis Shipping,Boreal Lines;Nord Lines,Company,,ru,Y\n\
         3,\"ROE, Jane Mary\",,Person,1970-03-04,us,Z\n"
    );
    let input =
        format!("name,birth_date,country\n{HOSTILE},,ir\nBorealis Shiping,,\nJane Roe,1970-03-04,us\n");
    fs::write(folder.path().join("list.csv"), list).unwrap();
    fs::write(folder.path().join("in.csv"), input).unwrap();
    folder
}

fn page(folder: &TempDir) -> PathBuf {
    folder.path().join("hits.html")
}

#[test]
fn the_page_is_one_whole_file_and_all_values_are_text() {
    let folder = folder();
    let (status, err) = screen(&folder, &[]);
    assert_eq!(status, 0, "{err}");
    let text = fs::read_to_string(page(&folder)).unwrap();
    assert!(!text.contains("<script>alert") && !text.contains("<b>X</b>"));
    assert!(text.contains("\\u003cscript\\u003ealert(1)"));
    assert!(text.contains("default-src &#x27;none&#x27;"));
    for loaded in ["src=", "href=", "url(", "@import", "fetch("] {
        assert!(!text.contains(loaded), "{loaded}");
    }
    let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["hits.csv", "hits.html", "in.csv", "list.csv"]);
    // A run that fails leaves the old page.
    fs::write(folder.path().join("in.csv"), "colour\nred\n").unwrap();
    assert_eq!(screen(&folder, &[]).0, 1);
    assert_eq!(fs::read_to_string(page(&folder)).unwrap(), text);
    assert_eq!(screen(&folder, &["--rejects", "hits.html"]).0, 2);
}

#[test]
fn a_browser_draws_the_hits_by_score() {
    let Some(browser) = browser() else { return };
    let folder = folder();
    assert_eq!(screen(&folder, &[]).0, 0);
    let (dom, _) = drawn(browser, &page(&folder));
    let places: Vec<usize> = ["row 1 · ir", "row 3 ·", "row 2<"]
        .iter()
        .map(|part| dom.find(part).unwrap_or_else(|| panic!("{part} is not drawn\n{dom}")))
        .collect();
    assert!(places[0] < places[1].max(places[2]), "{places:?}");
    // The hostile name is text in the row and in the detail, which begins with the first hit.
    assert!(dom.contains("&lt;script") || dom.contains("&lt;/"), "{dom}");
    assert!(!dom.contains("<script>alert"));
    for part in [
        "<output id=\"count\" aria-live=\"polite\">3 hits</output>",
        "<mark class=\"same\" data-pair=\"0\">",
        "<mark class=\"near\"",
        "Iran (ir)",
        "aria-selected=\"true\"",
        "What the list says",
    ] {
        assert!(dom.contains(part), "{part}\n{dom}");
    }
}

/// The page as it stands after `script` has run in it too, as if somebody had used it.
fn used(browser: &str, folder: &TempDir, script: &str) -> String {
    let text = fs::read_to_string(page(folder)).unwrap();
    let policy = text.find("<meta http-equiv").expect("the page has a policy");
    let end = policy + text[policy..].find('>').unwrap() + 1;
    let copy = folder.path().join("used.html");
    let body = text[end..].replace("</body>", &format!("<script>{script}</script></body>"));
    fs::write(&copy, text[..policy].to_string() + &body).unwrap();
    drawn(browser, &copy).0
}

#[test]
fn filter_and_order_choose_what_is_shown() {
    let Some(browser) = browser() else { return };
    let folder = folder();
    assert_eq!(screen(&folder, &[]).0, 0);
    let set = |name: &str, value: &str| {
        format!(
            "const f = document.getElementById('filter'); f.elements.{name}.value = '{value}'; \
             f.dispatchEvent(new Event('input'));"
        )
    };
    let found = used(browser, &folder, &set("text", "nord lines"));
    assert!(found.contains("1 of 3 hits</output>"), "{found}");
    assert!(found.contains("row 2<") && !found.contains("row 3 ·"), "{found}");
    let by_row = used(browser, &folder, &set("sort", "row"));
    let places = ["row 1 · ir", "row 2<", "row 3 ·"].map(|part| by_row.find(part).unwrap_or(usize::MAX));
    assert!(places.is_sorted() && places[2] < usize::MAX, "{places:?}");
    let high = used(browser, &folder, &set("from", "1"));
    assert!(high.contains("of 3 hits</output>"), "{high}");
    let printed = used(browser, &folder, "dispatchEvent(new Event('beforeprint'));");
    // Every hit, and the one that is open on the screen.
    assert_eq!(printed.matches("What the list says</h3>").count(), 4, "{printed}");
}

#[test]
fn changes_and_entries_of_one_party_are_told() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("lists")).unwrap();
    fs::create_dir(at("before")).unwrap();
    let one = "id,name,schema,birth_date\n7,Anatoly Gorbanov,Person,1961-02-03\n";
    fs::write(at("before/a.csv"), one).unwrap();
    fs::write(at("lists/a.csv"), one).unwrap();
    fs::write(at("lists/b.csv"), one.replace("7,", "x9,")).unwrap();
    fs::write(at("in.csv"), "name\nAnatoli Gorbanov\n").unwrap();
    let out = Command::cargo_bin("interdict")
        .unwrap()
        .current_dir(folder.path())
        .args(["screen", "in.csv", "--list", "lists", "--since", "before"])
        .args(["--output", "hits.csv", "--report", "hits.html"])
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let (dom, _) = drawn(browser, &page(&folder));
    for part in ["<span class=\"tag alarm\">new</span>", "one party with", "a:7"] {
        assert!(dom.contains(part), "{part}\n{dom}");
    }
}

#[test]
fn ten_thousand_hits_open_fast() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (mut list, mut input) = (String::from("id,name,program\n"), String::from("name\n"));
    // Ten thousand names of two rare words each, and the counterparties alike but for a letter.
    let word = |mut n: usize| {
        let mut word = String::new();
        for _ in 0..3 {
            word.push(char::from(b"bdfgklmnprstvz"[n % 14]));
            word.push(char::from(b"aeiou"[n / 14 % 5]));
            n /= 70;
        }
        word + "x"
    };
    for i in 0..10_000 {
        let (a, b) = (word(i * 31 + 7), word(i * 17 + 100_003));
        writeln!(list, "{i},{a} {b} maritime,P").unwrap();
        writeln!(input, "{a} {b} maritime").unwrap();
    }
    fs::write(folder.path().join("list.csv"), list).unwrap();
    fs::write(folder.path().join("in.csv"), input).unwrap();
    let (status, err) = screen(&folder, &["--limit", "1"]);
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("hits 10000"), "{err}");
    let (dom, took) = drawn(browser, &page(&folder));
    assert!(dom.contains(">10000 hits</output>"), "the hits are not drawn");
    assert!(dom.matches("role=\"option\"").count() < 100, "only rows in view are drawn");
    eprintln!("10,000 hits: {:.2} s from the browser's start", took.as_secs_f64());
    // 3 s on an idle machine; the tests may run beside others.
    assert!(took < Duration::from_secs(12), "{took:?}");
}
