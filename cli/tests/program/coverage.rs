//! The report of every run on its lists: version, age, counts, scripts, rejected records; and `--max-age`.

use assert_cmd::Command;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn interdict(args: &[&str]) -> (i32, String, String) {
    let out = Command::cargo_bin("interdict").unwrap().args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
}

fn today() -> jiff::civil::Date {
    jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date()
}

/// A list in the UN's layout, published so many days ago. One of its records has no name.
fn un_list(folder: &TempDir, days: i64) -> PathBuf {
    let date = today().checked_sub(jiff::Span::new().days(days)).unwrap();
    let xml = format!(
        "<CONSOLIDATED_LIST dateGenerated=\"{date}T00:00:00Z\"><INDIVIDUALS>\
         <INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>Ann Example</FIRST_NAME><NAME_ORIGINAL_SCRIPT>예시</NAME_ORIGINAL_SCRIPT>\
         <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Nana</ALIAS_NAME></INDIVIDUAL_ALIAS></INDIVIDUAL>\
         <INDIVIDUAL><DATAID>2</DATAID></INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>"
    );
    let path = folder.path().join("un.xml");
    std::fs::write(&path, xml).unwrap();
    path
}

/// One record of these lists is rejected on purpose.
const ACCEPT: &str = "--allow-incomplete";

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

const REPORTED: [&str; 3] = [
    "3 days old (",
    "  records read 2; names by script: Latin 2, Hangul 1; weak aliases 1, former names 0",
    "  rejected for: a record without a name 1",
];

#[test]
fn screen_check_and_info_report_the_counts_of_a_list() {
    let folder = tempfile::tempdir().unwrap();
    let list = un_list(&folder, 3);
    let (book, index) = (folder.path().join("book.csv"), folder.path().join("x.idx"));
    std::fs::write(&book, "name\nAnn Example\n").unwrap();
    let (_, _, screened) = interdict(&["screen", text(&book), "--list", text(&list), ACCEPT, "un-sc"]);
    let (_, checked, _) = interdict(&["lists", "check", text(&list)]);
    let build = ["index", "build", "--list", text(&list), "--output", text(&index), ACCEPT, "un.xml"];
    assert_eq!(interdict(&build).0, 0);
    let (_, info, _) = interdict(&["index", "info", text(&index)]);
    let (_, _, from_index) = interdict(&["screen", text(&book), "--index", text(&index)]);
    for report in [screened, checked, info, from_index] {
        for part in REPORTED {
            assert!(report.contains(part), "{part} is not in\n{report}");
        }
        assert!(report.contains("1 entities, 3 names, 1 rejected"), "{report}");
    }
}

#[test]
fn an_old_list_is_an_error_if_an_age_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let list = un_list(&folder, 8);
    let (book, index) = (folder.path().join("book.csv"), folder.path().join("x.idx"));
    std::fs::write(&book, "name\nAnn Example\n").unwrap();
    interdict(&["index", "build", "--list", text(&list), "--output", text(&index), ACCEPT, "un-sc"]);
    for command in [
        &["screen", text(&book), "--list", text(&list), ACCEPT, "un-sc"][..],
        &["screen", text(&book), "--index", text(&index)],
        &["explain", "Ann Example", "--list", text(&list), ACCEPT, "un-sc"],
        &["lists", "check", text(&list)],
    ] {
        let (status, out, err) = interdict(&[command, &["--max-age", "7d"]].concat());
        assert_eq!(status, 1, "{command:?}");
        assert!(err.contains("list un-sc is 8 days old; at most 7 days are allowed (--max-age)"), "{err}");
        assert!(!out.contains("ANN") && !out.starts_with("row,"), "nothing is screened: {out}");
        for enough in ["8d", "2w", "8"] {
            let (status, _, err) = interdict(&[command, &["--max-age", enough]].concat());
            assert_eq!(status, 0, "{enough}: {err}");
        }
        assert_eq!(interdict(&[command, &["--max-age", "soon"]].concat()).0, 2);
    }
}

#[test]
fn a_list_without_a_date_counts_as_too_old() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("mine.csv");
    std::fs::write(&list, "name\nAnn Example\n").unwrap();
    let (status, _, err) = interdict(&["explain", "Ann", "--list", text(&list), "--max-age", "7d"]);
    assert_eq!(status, 1);
    assert!(err.contains("list mine tells no date"), "{err}");
}

#[test]
fn a_file_that_states_another_number_of_records_is_incomplete() {
    let folder = tempfile::tempdir().unwrap();
    let list = |declared: u32| {
        let xml = format!(
            "<sdnList xmlns=\"http://tempuri.org/sdnList.xsd\"><publshInformation><Publish_Date>05/06/2025</Publish_Date>\
             <Record_Count>{declared}</Record_Count></publshInformation>\
             <sdnEntry><uid>1</uid><lastName>EXAMPLE</lastName><sdnType>Entity</sdnType></sdnEntry></sdnList>"
        );
        let path = folder.path().join("sdn.xml");
        std::fs::write(&path, xml).unwrap();
        path
    };
    let (status, out, err) = interdict(&["lists", "check", text(&list(1))]);
    assert_eq!(status, 0, "{err}");
    assert!(out.contains("records read 1 (as many as the file tells: 1)"), "{out}");
    let (status, out, err) = interdict(&["lists", "check", text(&list(38))]);
    assert_eq!(status, 1, "{out}");
    assert!(out.contains("THE FILE TELLS 38") && err.contains("not all of the file was read"), "{out} {err}");
}

#[test]
fn many_rejected_records_are_summed_up() {
    let folder = tempfile::tempdir().unwrap();
    let (list, book) = (folder.path().join("mine.csv"), folder.path().join("book.csv"));
    std::fs::write(&list, format!("name,country\nAnn,fr\n{}", "x,y,z\n".repeat(50))).unwrap();
    std::fs::write(&book, "name\nAnn\n").unwrap();
    let (_, _, err) = interdict(&["screen", text(&book), "--list", text(&list), ACCEPT, "mine"]);
    assert!(err.contains("rejected for: … fields where the header has … 50"), "{err}");
    assert_eq!(err.matches(": rejected: ").count(), 20, "{err}");
    assert!(err.contains("30 more rejected records"), "{err}");
    let (_, out, _) = interdict(&["lists", "check", text(&list)]);
    assert_eq!(out.matches("    rejected: ").count(), 50);
}
