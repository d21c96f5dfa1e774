//! One list in every form that a list may have: delimiter, encoding, packing, workbook, JSON.

use interdict::list::{self, List};
use std::io::{Cursor, Write};

const CSV: &str = "id,name,alias1,country\n1,Ann Example,Анна Пример,fr\n2,\"Works, Ltd\",,de\n";

fn names(list: &List) -> Vec<Vec<&str>> {
    assert_eq!((list.rejected.len(), &list.version.problems[..]), (0, &[][..]));
    list.entities.iter().map(|e| e.names.iter().map(|n| n.text.as_str()).collect()).collect()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn ods(rows: &[&[&str]]) -> Vec<u8> {
    let cell = |c: &&str| format!("<table:table-cell><text:p>{c}</text:p></table:table-cell>");
    let row = |r: &&[&str]| {
        format!("<table:table-row>{}</table:table-row>", r.iter().map(cell).collect::<String>())
    };
    let rows: String = rows.iter().map(row).collect();
    let xml = format!(
        "<office:document-content xmlns:office='o' xmlns:table='t' xmlns:text='x'><office:body><office:spreadsheet>\
         <table:table table:name='notes'><table:table-row><table:table-cell><text:p>hello</text:p></table:table-cell>\
         </table:table-row></table:table><table:table table:name='list'>{rows}</table:table></office:spreadsheet>\
         </office:body></office:document-content>"
    );
    zip(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", xml.as_bytes())])
}

fn xlsx(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (r, row) in rows.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            sheet.write(r as u32, c as u16, *cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_list_is_the_same_in_every_form() {
    let rows: &[&[&str]] = &[
        &["id", "name", "alias1", "country"],
        &["1", "Ann Example", "Анна Пример", "fr"],
        &["2", "Works, Ltd", "", "de"],
    ];
    let separated = |d: &str| {
        let line = |r: &&[&str]| r.join(d) + "\r\n";
        rows.iter().map(line).collect::<String>()
    };
    let utf16: Vec<u8> = format!("\u{feff}{CSV}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let json = r#"{"total": 2, "data": [{"id": 1, "name": "Ann Example", "alias1": ["Анна Пример"], "country": "fr"},
        {"id": 2, "name": "Works, Ltd", "country": "de"}]}"#;
    let array = &json[json.find('[').unwrap()..json.len() - 1];
    let forms: Vec<(&str, Vec<u8>)> = vec![
        ("csv", CSV.into()),
        ("semicolon", separated(";").into()),
        ("tab", separated("\t").into()),
        ("bar", separated("|").into()),
        ("sep", format!("sep=;\r\n{}", separated(";")).into()),
        ("utf-16", utf16),
        ("zip", zip(&[("folder/list.csv", CSV.as_bytes())])),
        ("zip of a Mac", zip(&[("list.csv", CSV.as_bytes()), ("__MACOSX/._list.csv", b"x")])),
        ("zstd", zstd::encode_all(CSV.as_bytes(), 0).unwrap()),
        ("xlsx", xlsx(rows)),
        ("ods", ods(rows)),
        ("array", array.into()),
        ("results", json.into()),
    ];
    for (form, bytes) in forms {
        let list = list::from_bytes("x", &bytes).unwrap_or_else(|e| panic!("{form}: {e}"));
        assert_eq!(names(&list), [&["Ann Example", "Анна Пример"][..], &["Works, Ltd"]], "{form}");
        assert_eq!(list.version.records, 2, "{form}");
    }
}

#[test]
fn an_encoding_that_xml_declares_is_decoded() {
    let xml = "<?xml version=\"1.0\" encoding=\"windows-1251\"?><data-set><record><Country>X</Country><Item>1</Item>\
               <EntityOrShip>Завод</EntityOrShip></record></data-set>";
    let bytes: Vec<u8> = xml
        .chars()
        .map(|c| match c {
            'А'..='я' => (c as u32 - 'А' as u32 + 0xc0) as u8,
            c => c as u8,
        })
        .collect();
    assert_eq!(names(&list::from_bytes("x", &bytes).unwrap()), [["Завод"]]);
}

#[test]
fn a_file_of_an_archive_is_named_by_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("lists.zip");
    std::fs::write(&archive, zip(&[("a/one.csv", CSV.as_bytes()), ("two.csv", b"id,name\n1,Ben\n")]))
        .unwrap();
    assert!(list::read(&archive).unwrap_err().to_string().contains("several files"));
    let read = list::read(archive.join("a/one.csv")).unwrap();
    assert_eq!((read.lists[0].version.name.as_str(), read.lists[0].entities.len()), ("one", 2));
    let e = list::read(archive.join("three.csv")).unwrap_err().to_string();
    assert!(e.contains("no file 'three.csv'") && e.contains("two.csv"), "{e}");
}

#[test]
fn a_sheet_that_was_not_read_is_told() {
    let list = list::from_bytes("x", &ods(&[&["name"], &["Ann"]])).unwrap();
    assert!(list.version.coverage.unread.contains(&("sheet 'notes'".to_string(), 1)));
}
