//! Australia: the list as a workbook and as CSV, and hostile workbooks.

use interdict::list::{self, Layout};
use std::io::Write;

/// A workbook with one sheet of these rows, its cells as inline texts.
fn workbook(rows: &[Vec<String>]) -> Vec<u8> {
    let cell = |c: &String| format!("<c t=\"inlineStr\"><is><t>{c}</t></is></c>");
    let row = |r: &Vec<String>| format!("<row>{}</row>", r.iter().map(cell).collect::<String>());
    let sheet = format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{}</sheetData></worksheet>",
        rows.iter().map(row).collect::<String>()
    );
    workbook_with_sheet(&sheet)
}

/// A workbook whose only sheet has this XML.
fn workbook_with_sheet(sheet: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    for (name, content) in [
        ("[Content_Types].xml", format!("<Types xmlns=\"{package}/content-types\"/>")),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{relation}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"{relation}\"><sheets><sheet name=\"List\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{relation}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", sheet.to_string()),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Ten entities in fourteen rows, and a row without a name.
fn example_rows() -> Vec<Vec<String>> {
    let header = [
        "Reference",
        "Name of Individual or Entity",
        "Type",
        "Name Type",
        "Date of Birth",
        "Citizenship",
        "Committees",
    ];
    let mut rows = vec![header.map(String::from).to_vec()];
    for i in 1..=10 {
        let kind = if i % 2 == 0 { "Entity" } else { "Individual" };
        let born = if i % 2 == 0 { String::new() } else { format!("{i} March 196{}", i - 1) };
        let row = [
            i.to_string(),
            format!("Example {i}"),
            kind.into(),
            "Primary Name".into(),
            born,
            "Iran".into(),
            "X".into(),
        ];
        rows.push(row.to_vec());
        if i % 3 == 0 {
            let alias = [format!("{i}a"), format!("Пример {i}"), kind.into(), "Original Script".into()];
            rows.push(alias.into_iter().chain(["", "", ""].map(String::from)).collect());
        }
    }
    rows.push(
        [String::from("11"), String::new()]
            .into_iter()
            .chain(["Individual", "", "", "", ""].map(String::from))
            .collect(),
    );
    rows
}

#[test]
fn the_workbook_and_the_csv_have_the_same_entities() {
    let rows = example_rows();
    let csv: String = rows.iter().map(|r| r.join(",") + "\n").collect();
    let book = list::from_bytes("x.xlsx", &workbook(&rows)).unwrap();
    let table = list::from_bytes("x.csv", csv.as_bytes()).unwrap();
    assert_eq!(
        (book.version.layout, table.version.layout),
        (Layout::AustraliaDfatXlsx, Layout::AustraliaDfat)
    );
    assert_eq!(book.entities, table.entities);
    let v = &book.version;
    assert_eq!((v.records, v.entities, v.rejected), (14, 10, 1));
    assert_eq!(book.rejected[0].position.line, Some(15));
    for (i, e) in (1..).zip(&book.entities) {
        assert_eq!((e.id.as_str(), e.primary_name()), (&*i.to_string(), &*format!("Example {i}")));
        assert_eq!(
            (e.names.len(), e.birth_dates.len()),
            (1 + usize::from(i % 3 == 0), usize::from(i % 2 == 1))
        );
        assert_eq!((&e.countries[0][..], &e.programs[0][..]), ("ir", "X"));
    }
}

#[test]
fn a_workbook_that_unpacks_without_end_is_an_error() {
    let bomb = workbook_with_sheet(&"0".repeat(257 << 20));
    assert!(bomb.len() < 1 << 20, "{} bytes", bomb.len());
    let e = list::from_bytes("bomb", &bomb).unwrap_err();
    assert!(e.to_string().contains("more than 256 MB unpacked"), "{e}");
}

#[test]
fn a_sheet_with_a_cell_in_its_last_corner_is_not_held_as_a_table() {
    let header = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Reference</t></is></c><c r=\"B1\" t=\"inlineStr\"><is><t>Name of Individual or Entity</t></is></c></row>";
    for (cell, rejected) in [("XFD1048576", None), ("B1048576", Some(1_048_576))] {
        let sheet = format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{header}\
             <row r=\"1048576\"><c r=\"{cell}\" t=\"inlineStr\"><is><t>X</t></is></c></row></sheetData></worksheet>"
        );
        let read = list::from_bytes("x", &workbook_with_sheet(&sheet));
        match rejected {
            None => assert!(read.unwrap_err().to_string().contains("more than 1000 columns")),
            Some(_) => assert_eq!(read.unwrap().rejected[0].position.line, rejected),
        }
    }
}

#[test]
fn a_folder_with_another_workbook_says_that_it_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), "name\nAnn\n").unwrap();
    std::fs::write(folder.path().join("b.xlsx"), workbook(&[vec!["Month".into(), "Sum".into()]])).unwrap();
    let loaded = list::read(folder.path()).unwrap();
    assert_eq!((loaded.lists.len(), loaded.skipped.len()), (1, 1));
    assert!(loaded.skipped[0].reason.to_string().contains("no sheet begins with the header"));
}
