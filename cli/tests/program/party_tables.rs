//! Tables of counterparties as programs of many countries export them: read without options, read forgivingly, or
//! refused with the reason.

use crate::support::{Folder, run};
use std::fmt::Write;

/// A list of one person and one company.
const LIST: &str = "id,name,schema,birth_date,countries\n1,\"VOLKOV, Anton Petrovich\",Person,1976-10-05,ru\n2,Severny Kompas Trading,Company,,ir\n";

fn screen(folder: &Folder, input: impl AsRef<[u8]>, args: &[&str]) -> (i32, String, String) {
    let list = folder.write("list.csv", LIST);
    let input = folder.write("in", input);
    run(&[&["screen", &input, "--list", &list], args].concat())
}

/// The cells of a column of the hits.
fn column(csv: &str, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let at =
        reader.headers().unwrap().iter().position(|h| h == name).unwrap_or_else(|| panic!("{name}: {csv}"));
    reader.records().map(|r| r.unwrap()[at].to_string()).collect()
}

/// A language, the headers of a table of whole names and of one of names in parts, Russia, and a day.
const LANGUAGES: [(&str, &str, &str, &str, &str); 10] = [
    (
        "en",
        "Full Name,Date of Birth,Nationality",
        "Customer No,First Name,Last Name,Company Name,DOB,Country",
        "Russia",
        "Oct 5 1976 12:00AM",
    ),
    (
        "de",
        "Vor- und Nachname,Geburtsdatum,Staatsangehörigkeit",
        "Kundennr,Vorname,Nachname,Firma,Geburtsdatum (TT.MM.JJJJ),Land",
        "Russland",
        "05.10.1976 00:00",
    ),
    (
        "fr",
        "Nom complet,Date de naissance,Nationalité",
        "N° client,Prénom,Nom,Raison sociale,Date de naissance,Pays",
        "Russie",
        "5 octobre 1976",
    ),
    (
        "es",
        "Nombre completo,Fecha de nacimiento,Nacionalidad",
        "Código,Nombre,Apellidos,Razón social,Fecha de nacimiento,País",
        "Rusia",
        "5 de octubre de 1976",
    ),
    (
        "it",
        "Cognome e Nome,Data di nascita,Cittadinanza",
        "Codice,Nome,Cognome,Ragione Sociale,Data di nascita,Paese",
        "Russia",
        "5 ottobre 1976",
    ),
    (
        "pl",
        "Imię i nazwisko,Data urodzenia,Obywatelstwo",
        "Lp,Imię,Nazwisko,Nazwa firmy,Data urodzenia,Kraj",
        "Rosja",
        "5 października 1976 r.",
    ),
    (
        "tr",
        "Ad Soyad,Doğum Tarihi,Uyruk",
        "Sıra,Adı,Soyadı,Firma Ünvanı,DOĞUM TARİHİ,Ülke",
        "Rusya",
        "5 Ekim 1976",
    ),
    (
        "ru",
        "ФИО,Дата рождения,Гражданство",
        "№,Имя,Фамилия,Наименование организации,Дата рождения,Страна",
        "Россия",
        "05.10.1976 г.",
    ),
    ("zh", "姓名,出生日期,国籍", "编号,名,姓,公司名称,出生日期,国家", "俄罗斯", "1976年10月5日"),
    (
        "ar",
        "الاسم الكامل,تاريخ الميلاد,الجنسية",
        "م,الاسم الأول,اسم العائلة,اسم الشركة,تاريخ الميلاد,الدولة",
        "روسيا",
        "١٩٧٦-١٠-٠٥",
    ),
];

/// Ten languages, each with a table of whole names and one of names in parts. Every table has the person and the company,
/// and the fields agree with the list.
#[test]
fn tables_in_ten_languages_are_screened_without_options() {
    let folder = Folder::new();
    for (language, whole, parts, country, date) in LANGUAGES {
        let whole = format!("{whole}\nAnton Volkov,{date},{country}\nJane Roe,,{country}\n");
        let parts = format!(
            "{parts}\n17,Anton,Volkov,,{date},{country}\n18,,,Severny Kompas Trading,,\n19,Jane,Roe,,,\n"
        );
        for (table, rows) in [(whole, &["1"][..]), (parts, &["1", "2"])] {
            let (status, hits, err) = screen(&folder, &table, &[]);
            assert_eq!(status, 0, "{language}: {err}");
            assert_eq!(column(&hits, "row"), rows, "{language}: {err}");
            assert!(!err.contains("not understood"), "{language}: {err}");
            // Birth date and country agree with the list, and raise the score.
            let score: f64 = column(&hits, "score")[0].parse().unwrap();
            let (_, bare, _) = screen(&folder, "name\nAnton Volkov\n", &[]);
            assert!(score > column(&bare, "score")[0].parse().unwrap(), "{language}: {hits}");
        }
    }
}

#[test]
fn tables_that_cannot_be_right_are_refused_with_the_reason() {
    let folder = Folder::new();
    for (table, reason) in [
        ("ref,amount\n1,2\n", "no column name / full_name"),
        ("customer\n1001\n1002\n", "the column 'customer' holds ids or numbers and no names"),
        ("Kunde;Ort\nC-1001;Bonn\nC-1002;Köln\n", "the column 'Kunde' holds ids or numbers"),
        ("Name,Mail\na@b.org,x\nc@d.org,y\n", "the column 'Name' holds ids or numbers"),
        ("name\nY\nN\nY\n", "the column 'name' holds ids or numbers"),
        (
            "Vorname;Ort\nMax;Bonn\n",
            "the column 'Vorname' holds first names, and no column holds the last names",
        ),
        ("alias,country\nJane,us\n", "no column name / full_name"),
        (
            "Customers 2026\n\nid;Name;Country\n1;Jane Roe;us\n",
            "row 3 looks like one (id, Name, Country); name it with --header-row",
        ),
        ("Customer,,\nname,country,dob\nJane Roe,us,1970\n", "row 2 looks like one (name, country, dob)"),
        ("Anton Volkov,Russia\nJane Roe,Spain\n", "no column name / full_name"),
        ("", "empty"),
        ("[{\"name\": \"Jane Roe\"}, {\"name\"", "cut short"),
        ("[{\"name\": \"Jane Roe\"}] x", "something follows the JSON array"),
    ] {
        let (status, hits, err) = screen(&folder, table, &[]);
        assert_eq!((status, hits.as_str()), (1, ""), "{table}: {err}");
        assert!(err.contains(reason), "{table}: {err}");
    }
    // The caller may know better, and is told.
    let (status, _, err) = screen(&folder, "customer\n1001\n1002\n", &["--name-column", "customer"]);
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("notice: the name column 'customer' looks like ids or numbers"), "{err}");
}

#[test]
fn titles_above_the_header_and_the_line_of_the_delimiter_are_passed_over() {
    let folder = Folder::new();
    let titled = "Customers, as of today\n\nid;Name;Country\n1;Jane Roe;us\n2;\"Anton\nVolkov\";ru\n3;Anton Volkov;ru\n";
    let (status, hits, err) = screen(&folder, titled, &["--header-row", "3", "--sheet-row"]);
    assert_eq!(status, 0, "{err}");
    assert_eq!(
        (column(&hits, "row"), column(&hits, "sheet_row")),
        (vec!["2".into(), "3".into()], vec!["5".to_string(), "6".into()])
    );
    let crlf = titled.replace('\n', "\r\n");
    let (_, hits, err) = screen(&folder, crlf, &["--header-row", "3", "--sheet-row"]);
    assert_eq!(column(&hits, "sheet_row"), ["5", "6"], "{err}");
    let (_, hits, err) = screen(&folder, "sep=|\r\nname|note\r\nAnton Volkov|a;b,c\r\n", &["--sheet-row"]);
    assert_eq!(column(&hits, "sheet_row"), ["2"], "{err}");
    assert!(err.contains("CSV with '|'") && err.contains("columns not used: 'note'"), "{err}");
    for (input, row) in [("name\nJane\n", "9"), ("{\"name\":\"Jane\"}\n", "2")] {
        let (status, _, err) = screen(&folder, input, &["--header-row", row]);
        assert_eq!(status, 1, "{err}");
        assert!(err.contains(&format!("no header in row {row}")), "{err}");
    }
    assert_eq!(screen(&folder, "name\nJane\n", &["--header-row", "0"]).0, 2);
}

#[test]
fn damage_of_exports_is_forgiven_and_told() {
    let folder = Folder::new();
    let text = "name,country,note\nAnton Volkov,ru,,\nAnton Volkov,ru\nAnton Volkov\nÐ\u{90}Ð½Ñ\u{82}Ð¾Ð½ Ð\u{92}Ð¾Ð»ÐºÐ¾Ð²,,\nJane,,,shifted\n\u{1a}\u{1a}";
    let (status, hits, err) = screen(&folder, text, &[]);
    assert_eq!(status, 4, "{err}");
    assert_eq!(column(&hits, "row"), ["1", "2", "3", "4"], "{err}");
    assert_eq!(column(&hits, "query")[3], "Антон Волков");
    for line in [
        "rows with cells missing at the end: 2, first in row 2; read as empty",
        "rows with empty cells behind the last column: 1, first in row 1; passed over",
        "cells whose text was encoded twice: 1, first in row 4; mended",
        "the input ends with the byte 0x1A",
        "row 5 (line 6): 4 fields where the header has 3",
        "rows read 5, screened 4, rejected 1",
    ] {
        assert!(err.contains(line), "{line}: {err}");
    }
    // A byte 0x1A within the table ends nothing.
    let (_, hits, err) = screen(&folder, "name\nJane\x1a\nAnton Volkov\n", &[]);
    assert_eq!(column(&hits, "row"), ["2"], "{err}");
    assert!(!err.contains("0x1A"), "{err}");
}

#[test]
fn a_table_of_one_column_needs_no_quotes() {
    let folder = Folder::new();
    let text = "name\nSeverny Kompas; Trading, Ltd\n\"Anton, Volkov\"\n";
    for args in [&[][..], &["--delimiter", "none"]] {
        let (status, hits, err) = screen(&folder, text, args);
        assert_eq!(status, 0, "{err}");
        assert_eq!(column(&hits, "query"), ["Severny Kompas; Trading, Ltd", "Anton, Volkov"], "{err}");
    }
}

#[test]
fn cells_that_tell_nothing_are_counted_by_column_and_value() {
    let folder = Folder::new();
    let mut text = "name,dob,Land,type\n".to_string();
    for i in 0..30 {
        let country = if i % 3 == 0 { "Narnia" } else { "Russland" };
        let date = ["1900-01-01", "28038", "soon"][i % 3];
        writeln!(text, "Anton Volkov,{date},{country},person").unwrap();
    }
    text.push_str("Jane,n/a,-,\n");
    for threads in ["1", "4"] {
        let report = folder.path("report.html");
        let (status, _, err) = screen(&folder, &text, &["--threads", threads, "--report", &report]);
        assert_eq!(status, 0, "{err}");
        for line in [
            "birth_date 'dob': 10 cells not understood: soon 10\n",
            "birth_date 'dob': 10 cells with a date that stands for none: 1900-01-01 10\n",
            "country 'Land': 10 cells not understood: Narnia 10\n",
        ] {
            assert!(err.contains(line), "{line}: {err}");
            assert!(
                folder
                    .text("report.html")
                    .contains(line.split(": ").skip(1).collect::<Vec<_>>().join(": ").trim_end()),
                "{line}"
            );
        }
    }
    // A placeholder date tells nothing: the score is that of the name.
    let (_, hits, _) =
        screen(&folder, "name,dob\nAnton Volkov,1900-01-01\nAnton Volkov,\nAnton Volkov,1990-05-05\n", &[]);
    let scores = column(&hits, "score");
    assert!(scores[0] == scores[1] && scores[1] > scores[2], "{hits}");
}

#[test]
fn a_mapping_is_kept_in_a_file() {
    let folder = Folder::new();
    let map = folder.write(
        "map.toml",
        "name = \"B+A\"\nid = \"Nr\"\ncarry = [\"X\"]\ndelimiter = \"|\"\nheader_row = 2\n[columns]\nbirth_date = \"D\"\n",
    );
    let table = "title\nNr|A|B|D|X\n7|Volkov|Anton|1976-10-05|x\n";
    let (status, hits, err) = screen(&folder, table, &["--map", &map]);
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("name 'B+A', birth_date 'D', id 'Nr', carried 'X'"), "{err}");
    assert_eq!(
        (column(&hits, "query"), column(&hits, "id"), column(&hits, "X")),
        (vec!["Anton Volkov".into()], vec!["7".into()], vec!["x".to_string()])
    );
    // A flag goes before the file.
    let (_, hits, err) = screen(&folder, table, &["--map", &map, "--name-column", "A"]);
    assert!(err.contains("name 'A', birth_date"), "{err}{hits}");
    let wrong = folder.write("wrong.toml", "nam = \"A\"\n");
    let (status, _, err) = screen(&folder, table, &["--map", &wrong]);
    assert_eq!(status, 1, "{err}");
    assert!(err.contains("wrong.toml: line 1, field 'nam': no such key; the keys are name, id"), "{err}");
}

#[test]
fn objects_of_a_json_array_are_rows() {
    let folder = Folder::new();
    let text = "\n[\n  {\"name\": \"Jane [Roe}\", \"note\": \"a\\\"],\"},\n  {\"name\": \"Anton Volkov\",\n   \"dob\": \"1976-10-05\"},\n  7,\n  {\"name\": \"Severny Kompas Trading\"}\n]\n";
    let (status, hits, err) = screen(&folder, text, &["--sheet-row"]);
    assert_eq!(status, 4, "{err}");
    assert!(err.contains("JSON array, UTF-8") && err.contains("row 3 (line 6): not a JSON object"), "{err}");
    assert_eq!(
        (column(&hits, "row"), column(&hits, "sheet_row")),
        (vec!["2".into(), "4".into()], vec!["4".to_string(), "7".into()])
    );
    assert_eq!(screen(&folder, "[]", &[]).0, 1);
    // A header of SQL Server is no JSON.
    let (status, hits, err) = screen(&folder, "[name],[dob]\nAnton Volkov,1976\n", &[]);
    assert_eq!((status, column(&hits, "row").len()), (0, 1), "{err}");
}

#[test]
fn several_names_of_a_row_are_screened_once_each() {
    let folder = Folder::new();
    let text =
        "name,company,aliases,first_name,last_name\nAnton Volkov,Severny Kompas Trading,Jane,Anton,Volkov\n";
    let (status, hits, err) = screen(&folder, text, &[]);
    assert_eq!(status, 0, "{err}");
    assert_eq!(column(&hits, "name_column"), ["name", "company"], "{hits}");
    assert!(err.contains("rows read 1, screened 1, rejected 0, with hits 1; hits 2"), "{err}");
    assert!(
        err.contains("name 'name', name 'first_name+last_name', name 'company', name 'aliases'"),
        "{err}"
    );
}

#[test]
fn parts_of_a_name_that_are_named_one_by_one_are_one_name() {
    let folder = Folder::new();
    let table = "first_name,last_name,company\nAnton,Volkov,Severny Kompas Trading\nAnton,Volkov,\n";
    let both = ["--name-column", "first_name", "--name-column", "last_name"];
    let (status, hits, err) = screen(&folder, table, &both);
    assert_eq!((status, column(&hits, "query")), (0, vec!["Anton Volkov".to_string(); 2]), "{err}");
    let (_, hits, err) = screen(&folder, table, &[&both[..], &["--name-column", "company"]].concat());
    assert_eq!(column(&hits, "row"), ["1", "1", "2"], "{err}");
}

#[test]
fn a_row_that_a_quote_swallowed_is_told() {
    let folder = Folder::new();
    let table = "id,name\n1,\"Jane Roe\n2,Anton Volkov\n3,\"Ben Roe\"\n4,Anton Volkov\n";
    let (status, hits, err) = screen(&folder, table, &[]);
    assert_eq!((status, column(&hits, "query").len()), (4, 1), "{err}");
    assert!(err.contains("quote"), "{err}");
}

#[test]
fn an_ods_workbook_is_a_table() {
    let row = |cells: [&str; 2]| {
        let cells: String =
            cells.iter().map(|c| format!("<t:table-cell><x:p>{c}</x:p></t:table-cell>")).collect();
        format!("<t:table-row>{cells}</t:table-row>")
    };
    let rows = row(["Full Name", "Date of Birth"]) + &row(["Anton Volkov", "1976-10-05"]);
    let content = format!(
        "<o:document-content xmlns:o='o' xmlns:t='t' xmlns:x='x'><t:table t:name='Clients'><t:table-row/>{rows}</t:table>\
         <t:table t:name='Other'/></o:document-content>"
    );
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (part, text) in
        [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)]
    {
        zip.start_file(part, stored).unwrap();
        std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
    }
    let folder = Folder::new();
    let bytes = zip.finish().unwrap().into_inner();
    let (status, hits, err) = screen(&folder, bytes, &["--sheet-row"]);
    assert_eq!((status, column(&hits, "sheet_row")), (0, vec!["3".to_string()]), "{err}");
    assert!(err.contains(".ods workbook, sheet 'Clients'"), "{err}");
}

#[test]
fn regions_that_are_no_countries_are_told_apart() {
    let folder = Folder::new();
    let table =
        "name,country\nJane Roe,Spain\nAnton Volkov,Crimea\nBen Roe,Ukraine (Donetsk)\nCy Poe,Narnia\n";
    let (status, _, err) = screen(&folder, table, &[]);
    assert_eq!(status, 0, "{err}");
    let told = "country 'country': 2 cells with a region under embargo, first in row 2: Crimea 1, Ukraine (Donetsk) 1";
    assert!(err.contains(told), "{err}");
    assert!(err.contains("1 cells not understood: Narnia 1"), "{err}");
}
