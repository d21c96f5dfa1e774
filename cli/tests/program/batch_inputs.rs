//! Every kind of input file: read right, or rejected with a clear reason; the counts add up.

use crate::support;

use encoding_rs::{Encoding, GB18030, WINDOWS_1251, WINDOWS_1252, WINDOWS_1254};
use std::io::Write;
use support::{Folder, LIST, run, run_with};

/// The text of the column `name` of the hits of each row, by CSV.
fn column(csv: &str, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let at = reader.headers().unwrap().iter().position(|h| h == name).unwrap();
    reader.records().map(|r| r.unwrap()[at].to_string()).collect()
}

/// Screens a file and gives (status, hits, standard error).
fn screen(folder: &Folder, bytes: &[u8], args: &[&str]) -> (i32, String, String) {
    let input = folder.write("in", bytes);
    run(&[&["screen", &input, "--list", LIST], args].concat())
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

#[test]
fn delimiters_are_told_or_given() {
    let folder = Folder::new();
    for delimiter in [',', ';', '\t', '|'] {
        let text = format!(
            "id{delimiter}name{delimiter}country\n1{delimiter}\"Ocean{delimiter} Lily 3\"{delimiter}ir\n2{delimiter}Jane Roe{delimiter}us\n"
        );
        let (status, hits, err) = screen(&folder, text.as_bytes(), &[]);
        assert_eq!(status, 0, "{err}");
        assert_eq!(column(&hits, "row"), ["1"], "{err}");
        let shown = if delimiter == '\t' {
            "CSV with tab, UTF-8".into()
        } else {
            format!("CSV with '{delimiter}', UTF-8")
        };
        assert!(err.contains(&shown), "{shown}\n{err}");
    }
    let (status, hits, err) = screen(&folder, b"id^name\n1^Ocean Lily 3\n", &["--delimiter", "^"]);
    assert_eq!((status, column(&hits, "row").len()), (0, 1), "{err}");
    assert_eq!(screen(&folder, b"name\n", &["--delimiter", "xy"]).0, 2);
}

#[test]
fn encodings_are_told_given_or_asked_for() {
    let folder = Folder::new();
    let text = "name;note\nOcean Lily 3;Ä\nМаксим Якубец;ж\n";
    let latin = "name;note\nOcean Lily 3;Ä\n";
    let marked = |bytes: Vec<u8>, mark: &[u8]| [mark, &bytes].concat();
    for (bytes, name) in [
        (text.as_bytes().to_vec(), "UTF-8"),
        (marked(text.as_bytes().to_vec(), b"\xef\xbb\xbf"), "UTF-8"),
        (marked(utf16(text, false), b"\xff\xfe"), "UTF-16LE"),
        (marked(utf16(text, true), b"\xfe\xff"), "UTF-16BE"),
        (utf16(text, false), "UTF-16LE"),
        (utf16(text, true), "UTF-16BE"),
    ] {
        let (status, hits, err) = screen(&folder, &bytes, &["--carry", "note"]);
        assert_eq!(status, 0, "{name}: {err}");
        assert!(err.contains(name), "{name}: {err}");
        assert_eq!(column(&hits, "note"), ["Ä"], "{name}: {err}");
    }
    let han = "公司名称;note\nOcean Lily 3;永信至诚\n北京贸易有限公司;公司\n";
    let cyrillic = "name;note\nOcean Lily 3;Якубец Максим Викторович\nИгорь Тяжлов;Россия Москва\n";
    for (text, encoding, hinted) in [
        (cyrillic, WINDOWS_1251, true),
        (latin, WINDOWS_1252, false),
        (latin, WINDOWS_1254, false),
        (han, GB18030, true),
    ] {
        let encoding: &Encoding = encoding;
        let (bytes, _, _) = encoding.encode(text);
        let name = if text == han { "公司名称" } else { "name" };
        let args = ["--carry", "note", "--name-column", name];
        let given = [&args[..], &["--encoding", encoding.name()]].concat();
        let (status, hits, err) = screen(&folder, &bytes, &given);
        assert_eq!(status, 0, "{}: {err}", encoding.name());
        let note = text.lines().nth(1).unwrap().split(';').nth(1).unwrap();
        assert_eq!(column(&hits, "note"), [note], "{}", encoding.name());
        // Not given: rows that are not UTF-8 are rejected, and the encoding is asked for.
        if name == "name" {
            let (status, _, err) = screen(&folder, &bytes, &args);
            assert_eq!(status, 4, "{err}");
            assert!(
                err.contains("row 1 (line 2): field 2 is not valid UTF-8; name the encoding with --encoding"),
                "{err}"
            );
            let name = encoding.name();
            assert!(!hinted || err.contains(&format!("give --encoding {name}")), "{err}");
        }
    }
    // A byte that is nothing in the encoding that was given.
    let (status, _, err) =
        screen(&folder, b"name\nOcean\x81\x20 Lily 3\nJane\n", &["--encoding", "shift_jis"]);
    assert_eq!(status, 4, "{err}");
    assert!(err.contains("row 1 (line 2): field 1 is not valid in the input's encoding"), "{err}");
}

#[test]
fn compressed_files_are_read_and_cut_ones_told() {
    let folder = Folder::new();
    let text = support::counterparties(3000);
    let (status, plain, _) = screen(&folder, text.as_bytes(), &[]);
    assert_eq!(status, 4);
    let zipped = gzip(text.as_bytes());
    let (half, rest) = text.split_at(text.len() / 2);
    let members = [gzip(half.as_bytes()), gzip(rest.as_bytes())].concat();
    let zstd = zstd::encode_all(text.as_bytes(), 1).unwrap();
    for (name, bytes) in [("gzip", &zipped), ("gzip", &members), ("zstd", &zstd)] {
        let (status, hits, err) = screen(&folder, bytes, &[]);
        assert_eq!(status, 4, "{err}");
        assert!(err.contains(&format!("UTF-8, {name}")), "{err}");
        assert_eq!(hits, plain);
    }
    let output = folder.write("hits.csv", "old");
    for bytes in [&zipped[..zipped.len() - 9], &zipped[..zipped.len() / 2], &zstd[..zstd.len() / 2]] {
        let (status, _, err) = screen(&folder, bytes, &["--output", &output]);
        assert_eq!(status, 1, "{err}");
        assert!(err.contains("cut short") || err.contains("damaged"), "{err}");
        assert!(err.contains("/in: "), "names the input: {err}");
        assert_eq!(folder.text("hits.csv"), "old");
    }
    let mut damaged = zipped.clone();
    damaged[zipped.len() / 2] ^= 0xff;
    assert_eq!(screen(&folder, &damaged, &[]).0, 1);
}

#[test]
fn json_lines() {
    let folder = Folder::new();
    let text = concat!(
        "{\"id\":7,\"name\":\"Ocean Lily 3\",\"country\":[\"ir\",\"ru\"]}\n",
        "\n",
        "{\"id\":8,\"name\":\"Jane \\u0052oe\",\"more\":{\"x\":[1,2]}}\n",
        "{\"id\":9,\"name\":\n",
        "{\"id\":10}\n",
        "[1]\n",
        "{\"id\":11,\"imo\":\"9253325\",\"name\":\"Other Ship\"}",
    );
    let (status, hits, err) = screen(&folder, text.as_bytes(), &["--id-column", "id"]);
    assert_eq!(status, 4, "{err}");
    assert!(err.contains("rows read 6, screened 3, rejected 3, with hits 2"), "{err}");
    assert!(err.contains("row 3 (line 4): not a JSON object"), "{err}");
    assert!(err.contains("row 4 (line 5): no name"), "{err}");
    assert_eq!(column(&hits, "id"), ["7", "11"]);
    assert_eq!(column(&hits, "row"), ["1", "6"]);
}

#[test]
fn workbooks() {
    let folder = Folder::new();
    let mut book = rust_xlsxwriter::Workbook::new();
    let notes = book.add_worksheet().set_name("Notes").unwrap();
    notes.write_string(0, 0, "nothing to screen").unwrap();
    let sheet = book.add_worksheet().set_name("Kunden 2026").unwrap();
    let day = rust_xlsxwriter::Format::new().set_num_format("dd.mm.yyyy");
    for (i, header) in ["Nr", "name", "birth_date", "Betrag", "aktiv"].into_iter().enumerate() {
        sheet.write_string(1, i as u16, header).unwrap();
    }
    let birth = rust_xlsxwriter::ExcelDateTime::from_ymd(1987, 5, 20).unwrap();
    let time = rust_xlsxwriter::ExcelDateTime::from_ymd(1999, 12, 31).unwrap().and_hms(23, 59, 58).unwrap();
    sheet.write_number(2, 0, 4711).unwrap();
    sheet.write_string(2, 1, "Ocean Lily 3").unwrap();
    sheet.write_datetime_with_format(2, 2, &birth, &day).unwrap();
    sheet.write_number(2, 3, 1234.5).unwrap();
    sheet.write_boolean(2, 4, true).unwrap();
    // Row 4 of the sheet is blank; row 5 has no name; row 6 has more cells than the header; row 7 is short.
    sheet.write_number(4, 0, 4712).unwrap();
    sheet.write_string(5, 1, "Ocean Lily 3").unwrap();
    sheet.write_string(5, 7, "a note beside the table").unwrap();
    sheet.write_string(6, 1, "Ocean Lily 3").unwrap();
    sheet.write_datetime_with_format(6, 2, &time, &day).unwrap();
    sheet.write_formula(7, 1, "=1/0").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let carry = ["--id-column", "Nr", "--carry", "birth_date", "--carry", "Betrag", "--carry", "aktiv"];
    for sheet in ["Kunden 2026", "2"] {
        let (status, hits, err) = screen(&folder, &bytes, &[&["--sheet", sheet], &carry[..]].concat());
        assert_eq!(status, 4, "{err}");
        assert_eq!(column(&hits, "id"), ["4711", ""], "{hits}");
        assert_eq!(column(&hits, "birth_date"), ["1987-05-20", "1999-12-31T23:59:58"]);
        assert_eq!(column(&hits, "Betrag"), ["1234.5", ""]);
        assert_eq!(column(&hits, "aktiv"), ["true", ""]);
        assert!(err.contains("rejected: row 2 (line 5): no name"), "{err}");
        assert!(err.contains("rejected: row 3 (line 6): 8 fields where the header has 5"), "{err}");
        assert!(err.contains("workbook, sheet 'Kunden 2026'"), "{err}");
    }
    let (status, _, err) = screen(&folder, &bytes, &["--sheet", "Lieferanten"]);
    assert_eq!(status, 1);
    assert!(err.contains("'Notes', 'Kunden 2026'"), "{err}");
    // Without --sheet the first one is read, which has no name column.
    assert!(screen(&folder, &bytes, &[]).2.contains("nothing to screen"));
    // From standard input, and cut off.
    let (status, hits, _) = run_with(&["screen", "-", "--list", LIST, "--sheet", "2"], &bytes);
    assert_eq!((status, column(&hits, "row").len()), (4, 2));
    let (status, _, err) = screen(&folder, &bytes[..bytes.len() / 2], &[]);
    assert_eq!(status, 1);
    assert!(err.contains("not a readable workbook"), "{err}");
    assert_eq!(screen(&folder, b"name\nx\n", &["--sheet", "1"]).0, 1);
}

#[test]
fn hostile_rows_are_read_or_rejected() {
    let folder = Folder::new();
    // A quoted line end, mixed line ends, blank lines, a NUL, a quote that is never closed.
    let text = b"name,note\r\n\"Ocean\nLily 3\",a\r\nJane Roe,b\rJohn Roe,c\n\nNul\0,d\nOcean Lily 3,e\n\"open,f\nOcean Lily 3,g\n";
    let (status, hits, err) = screen(&folder, text, &[]);
    assert_eq!(status, 4, "{err}");
    assert!(err.contains("rows read 6, screened 4, rejected 2, with hits 2"), "{err}");
    assert!(err.contains("row 4 (line 5): field 1 holds a NUL byte"), "{err}");
    assert!(err.contains("field 1 begins with a quote that is never closed"), "{err}");
    assert_eq!(column(&hits, "row"), ["1", "5"]);

    // The byte that stands for no delimiter in a table of one column is no UTF-8, wherever it stands.
    let (status, hits, err) = screen(&folder, b"name\nOcean Lily 3\xff\nJane \xff Roe\nOcean Lily 3\n", &[]);
    assert_eq!((status, column(&hits, "row")), (4, vec!["3".to_string()]), "{err}");
    assert!(err.contains("row 1 (line 2): field 1 is not valid UTF-8"), "{err}");
    assert!(err.contains("row 2 (line 3): field 1 is not valid UTF-8"), "{err}");

    let wide = |name: &str| format!("{name}{}\n", ",x".repeat(99_999));
    let text = format!("{}{}{}Jane Roe,x\n", wide("name"), wide("Ocean Lily 3"), wide("Jane Roe"));
    let (status, hits, err) = screen(&folder, text.as_bytes(), &[]);
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("rows with cells missing at the end: 1, first in row 3; read as empty"), "{err}");
    assert_eq!(column(&hits, "row"), ["1"]);

    for (bytes, word) in [
        (&b"\"name,note\nx,y\n"[..], "quote in the header"),
        (b"\n\n\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\x1f\x8b", "cut short"),
        (b"PK\x03\x04", "xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save it as .xlsx"),
        (b"{\"x\":", "no line is a JSON object"),
    ] {
        let (status, _, err) = screen(&folder, bytes, &[]);
        assert_eq!(status, 1, "{word}: {err}");
        assert!(err.contains(word), "{word}: {err}");
    }
}

#[test]
fn a_quote_that_swallows_the_file_is_cut_and_told() {
    let folder = Folder::new();
    let text = format!("name\n\"{}", "Jane Roe\n".repeat(9 << 20));
    let (status, _, err) = screen(&folder, text.as_bytes(), &[]);
    assert_eq!(status, 4, "{err}");
    assert!(
        err.contains(
            "rejected: row 1 (line 2): the row is longer than 67108864 bytes; a quote may never be closed"
        ),
        "{err}"
    );
}

#[test]
fn columns_are_mapped_and_copied() {
    let folder = Folder::new();
    let text = "Ref;Kunde;Inhaber;Schiff;schema;Geb\nA-1;Acme;Ocean Lily 3;;;\nA-2;Ocean Lily 3;Ocean Lily 3;;x;1970\nA-3;;Jane Roe;9253325;;\nA-4;-;;;;\n";
    let args = [
        "--name-column",
        "Kunde",
        "--name-column",
        "Inhaber",
        "--column",
        "imo=Schiff",
        "--column",
        "birth_date=Geb",
        "--id-column",
        "Ref",
        "--carry",
        "schema",
        "--carry",
        "Geb",
    ];
    let (status, hits, err) = screen(&folder, text.as_bytes(), &args);
    assert_eq!(status, 4, "{err}");
    assert!(err.contains("name 'Kunde', name 'Inhaber', imo 'Schiff', birth_date 'Geb', schema 'schema', id 'Ref', carried 'schema', carried 'Geb'"), "{err}");
    assert!(hits.starts_with("row,query,score,list,entity_id,entity_name,matched_name,schema,program,matched_by,group,compared,name_column,id,input_schema,Geb\n"), "{hits}");
    assert_eq!(column(&hits, "id"), ["A-1", "A-2", "A-2", "A-3"]);
    assert_eq!(column(&hits, "name_column"), ["Inhaber", "Kunde", "Inhaber", "Inhaber"]);
    assert_eq!(column(&hits, "matched_by"), ["name", "name", "name", "identifier"]);
    assert!(err.contains("with hits 3; hits 4"), "{err}");
    assert!(err.contains("row 4 (line 5): the name has neither letter nor digit"), "{err}");
    let (_, json, _) = screen(&folder, text.as_bytes(), &[&args[..], &["--format", "jsonl"]].concat());
    let first: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!((&first["id"], &first["name_column"]), (&"A-1".into(), &"Inhaber".into()));
    for (args, status, word) in [
        (&["--id-column", "No"][..], 1, "--id-column names the column 'No'"),
        (&["--carry", "No"], 1, "--carry names the column 'No'"),
        (&["--column", "gender=No"], 1, "--column names the column 'No'"),
        (&["--column", "colour=Ref"], 2, "'colour' is not one of name, schema"),
        (&["--column", "name"], 2, "FIELD=COL"),
    ] {
        let (got, _, err) = screen(&folder, text.as_bytes(), &[&["--name-column", "Kunde"], args].concat());
        assert_eq!(got, status, "{args:?}: {err}");
        assert!(err.contains(word), "{args:?}: {err}");
    }
}

#[test]
fn repeated_names_are_answered_once() {
    let folder = Folder::new();
    let text = format!("name,country\n{}", "Ocean Lily 3,ir\nJane Roe,us\nJane Roe,ru\n".repeat(1000));
    let (status, hits, err) = screen(&folder, text.as_bytes(), &["--profile", "--threads", "1"]);
    assert_eq!(status, 0);
    assert_eq!(column(&hits, "row").len(), 1000);
    assert!(err.contains("names asked before: 2997"), "{err}");
}

#[test]
fn progress_off_a_terminal_is_lines() {
    let folder = Folder::new();
    let text = support::counterparties(60_000);
    let args = ["--progress", "always", "--threads", "1", "--exhaustive", "--rejects", &folder.path("r.csv")];
    let (_, _, err) = screen(&folder, text.as_bytes(), &args);
    let shown = err
        .lines()
        .filter(|l| l.starts_with("progress: "))
        .all(|l| l.contains("rows/s") && l.contains("left"));
    assert!(shown && !err.contains('\r'), "{err}");
}
