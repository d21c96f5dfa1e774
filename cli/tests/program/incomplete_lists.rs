//! Lists that are not whole end a run before it screens anything, unless one is accepted by name.

use crate::support::{Folder, run};

const GOOD: &str = "id,name\n1,Ann Example\n";
const OFAC: &str = "1,\"EXAMPLE, Ann\",\"individual\",\"EX\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\x1a";

/// Screens a table against the folder `lists`; more arguments follow.
fn screen(folder: &Folder, more: &[&str]) -> (i32, String, String) {
    let book = folder.write("book.csv", "name\nAnn Example\n");
    run(&[&["screen", &book, "--list", &folder.path("lists")], more].concat())
}

fn folder_with(files: &[(&str, &[u8])]) -> Folder {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("lists")).unwrap();
    folder.write("lists/good.csv", GOOD);
    files.iter().for_each(|(name, bytes)| drop(folder.write(&format!("lists/{name}"), bytes)));
    folder
}

#[test]
fn a_list_that_is_not_whole_ends_the_run_unless_it_is_accepted() {
    let rejected = format!("id,name\n{}", "1,\n".repeat(3));
    let cases: [(&str, &[u8], &str, &str); 8] = [
        ("un.xml", b"<!DOCTYPE html><html><body>503</body></html>", "un", "no list in a known layout"),
        ("empty.csv", b"", "empty", "not read: empty"),
        ("rows.csv", b"id,name\n", "rows", "it holds no record"),
        ("cut.csv", b"id,name\n1,\"Ann", "cut.csv", "cut off"),
        ("bad.csv", rejected.as_bytes(), "bad", "3 of 3 records were rejected"),
        (
            "latin1.csv",
            b"name,country\nJos\xe9 P\xe9rez,Spain\n",
            "latin1",
            "are not UTF-8; the file looks like windows-1252",
        ),
        ("sdn.csv", OFAC.as_bytes(), "ofac-sdn", "alt.csv is not there"),
        ("alt.csv", b"1,2,\"aka\",\"NANA\",-0- \r\n", "alt.csv", "without its sdn file"),
    ];
    for (name, bytes, accepted, message) in cases {
        let folder = folder_with(&[(name, bytes)]);
        let message = message.trim_start_matches("not read: ");
        let (status, out, err) = screen(&folder, &[]);
        assert_eq!((status, out.as_str()), (1, ""), "{name}: {err}");
        assert!(err.contains("the lists are not whole") && err.contains(message), "{name}: {err}");
        assert!(err.contains("--allow-incomplete"), "{name}: {err}");
        assert_eq!(screen(&folder, &["--allow-incomplete", "other"]).0, 1, "{name}");
        let (status, out, err) = screen(&folder, &["--allow-incomplete", accepted]);
        assert_eq!(status, 0, "{name}: {err}");
        assert!(out.contains("Ann Example"), "{name}: {out}");
        assert!(err.contains("INCOMPLETE: ") && err.contains(message), "{name}: {err}");
    }
}

#[test]
fn a_missing_list_is_accepted_by_its_path_and_stays_in_the_identity() {
    let folder = folder_with(&[]);
    let missing = folder.path("gone.xml");
    let more = ["--list", &missing];
    let (status, out, err) = screen(&folder, &more);
    assert_eq!((status, out.as_str()), (1, ""));
    assert!(err.contains("gone.xml"), "{err}");
    let audit = folder.path("audit.jsonl");
    let output = folder.path("hits.csv");
    let more =
        [&more[..], &["--allow-incomplete", "gone.xml", "--audit", &audit, "--output", &output]].concat();
    let page = folder.path("hits.html");
    let (status, _, err) = screen(&folder, &[&more[..], &["--report", &page]].concat());
    assert_eq!(status, 0, "{err}");
    let page = folder.text("hits.html");
    assert!(page.contains("<b>The list gone is not whole:</b> not read: "), "{page}");
    assert!(page.contains("What was read of the lists"), "{page}");
    assert!(err.contains("list gone: no date") && err.contains("INCOMPLETE: not read"), "{err}");
    assert!(
        folder.text("audit.jsonl").contains("\"problems\":[\"not read"),
        "{}",
        folder.text("audit.jsonl")
    );
}

#[test]
fn an_index_is_built_from_whole_lists_or_remembers_what_is_missing() {
    let folder = folder_with(&[("sdn.csv", OFAC.as_bytes())]);
    let (lists, index) = (folder.path("lists"), folder.path("x.idx"));
    let build = ["index", "build", "--list", &lists, "--output", &index];
    let (status, _, err) = run(&build);
    assert_eq!(status, 1, "{err}");
    assert!(!folder.has("x.idx") && err.contains("add.csv is not there"), "{err}");
    let (status, _, err) = run(&[&build[..], &["--allow-incomplete", "ofac-sdn"]].concat());
    assert_eq!(status, 0, "{err}");
    let (_, info, _) = run(&["index", "info", &index]);
    assert!(info.contains("INCOMPLETE: alt.csv is not there"), "{info}");
}

#[test]
#[cfg(unix)]
fn a_link_that_leads_nowhere_and_a_list_that_is_gone_are_told() {
    let folder = folder_with(&[]);
    std::os::unix::fs::symlink("/nowhere/at/all.xml", folder.path("lists/un.xml")).unwrap();
    let (status, _, err) = screen(&folder, &[]);
    assert!(status == 1 && err.contains("a link to a file that is not there"), "{err}");
    assert_eq!(screen(&folder, &["--allow-incomplete", "un"]).0, 0);
    std::fs::create_dir(folder.path("lists/.state")).unwrap();
    folder.write("lists/.state/eu.json", r#"{"files": {"eu.xml": {}}}"#);
    let (status, _, err) = screen(&folder, &["--allow-incomplete", "un"]);
    assert!(status == 1 && err.contains("eu/eu.xml: an update has fetched it"), "{err}");
}

#[test]
fn files_beside_lists_that_are_none_do_no_harm() {
    let folder =
        folder_with(&[("README.md", b"about these lists"), (".hidden.csv", b"x"), ("sum.sha256", b"abc")]);
    let (status, out, err) = screen(&folder, &[]);
    assert_eq!(status, 0, "{err}");
    assert!(out.contains("Ann Example") && err.contains("README.md is not read"), "{err}");
}

#[test]
fn check_prints_everything_as_json() {
    let folder = folder_with(&[("more.csv", b"id,name,colour,passport\n1,Ann,red,AB123456\n2,,blue,\n")]);
    let (status, out, err) = run(&["lists", "check", "--json", &folder.path("lists")]);
    assert_eq!(status, 0, "{err}");
    let found: serde_json::Value = serde_json::from_str(&out).unwrap();
    let lists = found["paths"][0]["lists"].as_array().unwrap();
    let more = lists.iter().find(|l| l["name"] == "more").unwrap();
    assert_eq!((&more["records"], &more["entities"], &more["rejected"]), (&2.into(), &1.into(), &1.into()));
    assert_eq!(more["not_read"]["colour"], 2);
    assert_eq!(more["identifiers_by_kind"]["passport"], 1);
    assert_eq!(more["rejected_records"][0]["field"], "name");
    assert_eq!(more["problems"][0], "1 of 2 records were rejected");
    assert_eq!(more["columns"][1]["read_as"], "name");
}

#[test]
fn a_list_of_the_last_run_that_is_gone_ends_the_run() {
    let folder = Folder::new();
    let (a, b) =
        (folder.write("a.csv", "id,name\n1,Ann Doe\n"), folder.write("b.csv", "id,name\n1,Ben Roe\n"));
    let input = folder.write("in.csv", "name\nBen Roe\n");
    let (manifest, index) = (folder.path("lists.json"), folder.path("lists.idx"));
    let screen = |more: &[&str]| run(&[&["screen", &input, "--manifest", &manifest], more].concat());
    assert_eq!(screen(&["--list", &a, "--list", &b]).0, 0);
    let before = folder.text("lists.json");
    let (status, out, err) = screen(&["--list", &a]);
    assert_eq!((status, out.as_str()), (1, ""), "{err}");
    assert!(err.contains("list b (1 entities) was there in the last run"), "{err}");
    assert_eq!(folder.text("lists.json"), before);
    let (status, _, err) =
        run(&["index", "build", "--list", &a, "--output", &index, "--manifest", &manifest]);
    assert_eq!((status, folder.has("lists.idx")), (1, false), "{err}");
    let (status, _, err) = screen(&["--list", &a, "--allow-incomplete", "b"]);
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("list b of the last run is gone"), "{err}");
    assert_eq!(screen(&["--list", &a]).0, 1, "it was accepted once");
    // A file that is no manifest is left as it is.
    let (status, _, err) = run(&["screen", &input, "--list", &a, "--manifest", &b]);
    assert_eq!((status, folder.text("b.csv").as_str()), (1, "id,name\n1,Ben Roe\n"), "{err}");
}
