//! One row stops nothing: what is too deep, too long or beyond a sheet is rejected, and the run goes on.

use crate::support;

use flate2::{Compression, write::GzEncoder};
use std::io::Write;
use support::{Folder, LIST, run};

/// Screens a file whose last row is a hit; returns status, rejected rows and standard error.
fn rejected(folder: &Folder, input: &str, args: &[&str]) -> (i32, Vec<String>, String) {
    let rejects = folder.path("rejects.csv");
    let (status, out, err) = run(&[&["screen", input, "--list", LIST, "--rejects", &rejects], args].concat());
    assert!(out.contains("OCEAN LILY 3"), "{out}{err}");
    (status, folder.text("rejects.csv").lines().skip(1).map(String::from).collect(), err)
}

#[test]
fn a_row_of_json_that_is_too_deep_is_rejected() {
    let folder = Folder::new();
    let deep = |open: &str, close: &str, n| format!("{}{}", open.repeat(n), close.repeat(n));
    for (value, why) in [
        (deep("[", "]", 100_000), "more than 64 levels"),
        (deep("{\"a\":[", "]}", 100_000), "more than 64 levels"),
        ("[".repeat(1_000_000), "more than 64 levels"),
    ] {
        for first in [true, false] {
            let row = format!("{{\"name\":\"x\",\"y\":{value}}}\n");
            let hit = "{\"name\":\"Ocean Lily 3\",\"y\":[[1]]}\n";
            let text = if first { format!("{row}{hit}") } else { format!("{hit}{row}{hit}") };
            let (status, rows, err) = rejected(&folder, &folder.write("in.jsonl", text), &[]);
            assert_eq!((status, rows.len()), (4, 1), "{err}");
            assert!(rows[0].contains(why), "{}", rows[0]);
        }
        // The only row of a table.
        let (input, rejects) = (
            folder.write("one.jsonl", format!("{{\"name\":\"x\",\"y\":{value}}}\n")),
            folder.path("one.csv"),
        );
        let (status, _, err) = run(&["screen", &input, "--list", LIST, "--rejects", &rejects]);
        assert_eq!(status, 4, "{err}");
        assert!(folder.text("one.csv").contains(why), "{err}");
    }
}

#[test]
fn a_row_or_field_that_is_too_long_is_rejected_in_every_form() {
    let folder = Folder::new();
    let long = "x".repeat(3_000_000);
    let limits = ["--max-row", "2000000", "--max-field", "100000"];
    let inputs = [
        ("a.csv", format!("name,note\nA,{long}\nOcean Lily 3,\n"), "longer than 2000000 bytes"),
        ("b.csv", format!("name,note\n\"A{long}\",\nOcean Lily 3,\n"), "longer than 2000000 bytes"),
        (
            "c.csv",
            format!("name,note\nA,{}\nOcean Lily 3,\n", &long[..200_000]),
            "field 2 is longer than 100000",
        ),
        (
            "d.jsonl",
            format!("{{\"name\":\"{long}\"}}\n{{\"name\":\"Ocean Lily 3\"}}\n"),
            "longer than 2000000 bytes",
        ),
        (
            "e.jsonl",
            format!("{{\"name\":\"Ocean Lily 3\"}}\n{{\"name\":\"{long}\"}}\n"),
            "longer than 2000000 bytes",
        ),
        (
            "f.jsonl",
            format!("{{\"name\":\"{}\"}}\n{{\"name\":\"Ocean Lily 3\"}}\n", &long[..200_000]),
            "field 1 is longer",
        ),
        (
            "g.json",
            format!("[{{\"name\":\"{long}\"}},\n{{\"name\":\"Ocean Lily 3\"}}]"),
            "longer than 2000000 bytes",
        ),
        (
            "h.json",
            format!("[{{\"name\":\"Ocean Lily 3\"}},{{\"name\":\"{}\"}}]", &long[..200_000]),
            "field 1 is longer",
        ),
        (
            "i.json",
            format!(
                "[{{\"name\":\"Ocean Lily 3\"}},{{\"name\":\"x\",\"y\":{}}}]",
                "[".repeat(70) + &"]".repeat(70)
            ),
            "more than 64 levels",
        ),
        (
            "j.csv",
            format!("name,alias,company\nA,B,{}\nX,Y,Ocean Lily 3\n", &long[..200_000]),
            "field 3 is longer than 100000",
        ),
    ];
    for (name, text, why) in inputs {
        let (status, rows, err) = rejected(&folder, &folder.write(name, text), &limits);
        assert_eq!((status, rows.len()), (4, 1), "{name}: {err} {rows:?}");
        assert!(rows[0].contains(why), "{name}: {}", rows[0]);
    }
}

#[test]
fn a_quote_that_is_never_closed_costs_its_lines_and_no_more() {
    let folder = Folder::new();
    let mut text = String::from("name,note\nA,\"never closed\n");
    (0..80_000).for_each(|i| text += &format!("Nobody Known {i},no\n"));
    text += "Ocean Lily 3,\n";
    let (status, rows, err) = rejected(&folder, &folder.write("in.csv", text), &["--max-row", "5000"]);
    assert_eq!((status, rows.len()), (4, 1), "{err} {rows:?}");
    assert!(rows[0].contains("a quote may never be closed"), "{}", rows[0]);
}

/// A workbook with one sheet of this XML, and shared texts.
fn workbook(sheet: &str, texts: &str) -> Vec<u8> {
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>";
    let rels = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
    let book = "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
    let book_rels = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
    let sheet = format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><dimension ref=\"A1:XFD1048576\"/><sheetData>{sheet}</sheetData></worksheet>"
    );
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [
        ("[Content_Types].xml", types),
        ("_rels/.rels", rels),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", book_rels),
        ("xl/sharedStrings.xml", texts),
        ("xl/worksheets/sheet1.xml", &sheet),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn cell(at: &str, text: &str) -> String {
    let row = at.trim_start_matches(|c: char| c.is_ascii_uppercase());
    format!("<row r=\"{row}\"><c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c></row>")
}

#[test]
fn a_workbook_takes_what_it_holds_and_not_what_it_claims() {
    let folder = Folder::new();
    let head = cell("A1", "name") + &cell("A2", "Ocean Lily 3");
    for far in ["ZZZZZZ3", "XFE3", "A1048577", "ZZZZZZ4294967295"] {
        let input =
            folder.write("in.xlsx", workbook(&(head.clone() + &cell(far, "Jane Roe")), "<sst></sst>"));
        let start = std::time::Instant::now();
        let (status, rows, err) = rejected(&folder, &input, &[]);
        assert_eq!((status, rows.len()), (4, 1), "{far}: {err}");
        assert!(rows[0].contains("which no sheet has"), "{far}: {}", rows[0]);
        assert!(start.elapsed().as_secs() < 20);
    }
    let input = folder.write("in.xlsx", workbook(&(head + &cell("XFD1048576", "")), "<sst></sst>"));
    let (status, rows, err) = rejected(&folder, &input, &[]);
    assert_eq!((status, rows.len()), (0, 0), "{err}");
}

#[test]
fn what_expands_beyond_its_limit_is_told() {
    let folder = Folder::new();
    // 200 MB of blanks in 200 KB.
    let mut gz = GzEncoder::new(Vec::new(), Compression::best());
    gz.write_all(b"name\n").unwrap();
    let blanks = vec![b'\n'; 1 << 20];
    (0..200).for_each(|_| gz.write_all(&blanks).unwrap());
    gz.write_all(b"Ocean Lily 3\n").unwrap();
    let input = folder.write("in.csv.gz", gz.finish().unwrap());
    let (status, _, err) = run(&["screen", &input, "--list", LIST, "--max-expansion", "100"]);
    assert_eq!(status, 1, "{err}");
    assert!(err.contains("expands to more than 100 times"), "{err}");
    let (status, rows, err) = rejected(&folder, &input, &["--max-expansion", "2000"]);
    assert_eq!((status, rows.len()), (0, 0), "{err}");
    let texts = format!("<sst>{}</sst>", " ".repeat(80 << 20));
    let input = folder.write("in.xlsx", workbook(&cell("A1", "name"), &texts));
    let (status, _, err) = run(&["screen", &input, "--list", LIST]);
    assert_eq!(status, 1, "{err}");
    assert!(err.contains("more than"), "{err}");
}

#[test]
fn more_threads_than_are_sensible_are_refused() {
    let folder = Folder::new();
    let input = folder.write("in.csv", "name\nOcean Lily 3\n");
    for (threads, expected) in [("0", 2), ("1000000", 2), ("18446744073709551615", 2), ("64", 0)] {
        let (status, _, err) = run(&["screen", &input, "--list", LIST, "--threads", threads]);
        assert_eq!(status, expected, "{threads}: {err}");
    }
}

#[test]
fn a_configuration_that_is_too_deep_is_an_error() {
    let folder = Folder::new();
    let config = folder.write("deep.toml", format!("x = {}{}\n", "[".repeat(100_000), "]".repeat(100_000)));
    let (status, _, err) = run(&["config", "--config", &config]);
    assert_eq!(status, 1, "{}", &err[..err.len().min(300)]);
}
