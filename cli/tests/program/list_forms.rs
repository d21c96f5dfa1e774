//! Lists in the forms that exports have: read to the last name, or refused; never half read in silence.

use crate::support::{Folder, run};

/// The entities and names of a list as `lists check --json` tells them, and whether it is whole.
fn check(name: &str, bytes: impl AsRef<[u8]>) -> (u64, u64, bool) {
    let folder = Folder::new();
    let path = folder.write(name, bytes);
    let (status, out, err) = run(&["lists", "check", &path, "--json"]);
    assert_eq!(status, 0, "{name}: {err}");
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let list = &json["paths"][0]["lists"][0];
    let whole = list["problems"].as_array().unwrap().is_empty();
    (list["entities"].as_u64().unwrap(), list["names"].as_u64().unwrap(), whole)
}

#[test]
fn every_name_of_a_list_is_read() {
    for (name, text, entities, names) in [
        ("semicolon.csv", "\u{feff}Name;Land;Geburtsdatum\r\nJosé Pérez;Spanien;05.03.1961\r\n", 1, 1),
        ("russian.csv", "№;ФИО;Дата рождения\n1;Петров Иван;01.02.1970\n2;Сидоров Пётр;\n", 2, 2),
        ("chinese.csv", "编号,姓名,国籍\n1,王小明,中国\n", 1, 1),
        ("german.csv", "Nr;Nachname;Vorname\n1;Müller;Hans\n2;Meier;\n", 2, 2),
        ("other-names.csv", "id,Name,Name (native),Nom (langue)\n1,Ivan Petrov,Иван Петров,Petroff\n", 1, 3),
        ("bars.csv", "id,name,aliases\n1,Ann Doe,Annie Doe|Anna Dou|An Do\n", 1, 4),
        ("slashes.csv", "id,name,aliases\n1,Ann Doe,Annie Doe / Anna Dou\n", 1, 3),
        (
            "commas.csv",
            "id,name,aliases\n1,Ann Doe,\"Annie Doe, Anna Doe\"\n2,Ben Roe,\"Roe, Benjamin\"\n",
            2,
            6,
        ),
        ("listed.csv", "id,name,aliases\n1,Ann Doe,\"[\"\"Annie Doe\"\", \"\"Anna Dou\"\"]\"\n", 1, 3),
        ("python.csv", "id,name,aliases\n1,Ann Doe,\"['Annie Doe', 'Anna Dou']\"\n", 1, 3),
        ("company.csv", "First Name,Last Name,Company Name\nAnn,Doe,\n,,Acme Ltd\n", 2, 2),
        ("repeated.csv", "id,name,name,alias,alias\n1,Ann Doe,Anna Doe,A One,A Two\n", 1, 4),
        ("title.csv", "List of the bank\nAs of 2026-10-01\n\nid;name\n1;Ann Doe\n2;Ben Roe\n", 2, 2),
        ("two.json", r#"{"individuals":[{"name":"Ann Doe"}],"entities":[{"name":"Works Ltd"}]}"#, 2, 2),
        ("persons.json", r#"{"meta":{"n":2},"persons":[{"name":"Ann Doe"},{"name":"Ben Roe"}]}"#, 2, 2),
        ("nested.json", r#"[{"name":{"first":"Ann","last":"Doe"},"aliases":[{"name":"Annie"}]}]"#, 1, 2),
    ] {
        assert_eq!(check(name, text), (entities, names, true), "{name}");
    }
}

#[test]
fn what_is_not_read_makes_a_list_incomplete() {
    for (name, text) in [
        ("quote.csv", "id,name\n1,\"Ann Doe\n2,Ben Roe\n3,\"Cy Poe\"\n4,Dee Loe\n"),
        ("quotes.csv", "id,name\n1,\"Ann Doe\n2,\"Ben Roe\n3,Cy Poe\n"),
        ("nul.csv", "id,name\n1,Ann\0Doe\n2,Ben Roe\n"),
        ("lines.json", "{\"name\":\"Ann Doe\"}{\"name\":\"Ben Roe\"}\n"),
        ("array.json", "[[\"name\"],[\"Ann Doe\"]]"),
    ] {
        assert!(!check(name, text).2, "{name}");
    }
}

#[test]
fn a_date_of_a_spreadsheet_is_a_birth_date() {
    let folder = Folder::new();
    let list = folder.write("list.csv", "id,name,dob\n1,Anton Volkov,28038\n");
    let (_, out, err) = run(&["explain", "Anton Volkov", "--list", &list, "--birth-date", "1976-10-05"]);
    assert!(out.contains("birth date: "), "{out}{err}");
}

#[test]
fn every_sheet_of_a_workbook_that_is_a_list_is_read() {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (sheet, names) in [("People", ["Ann Doe", "Ben Roe"]), ("Bodies", ["Acme Works", "Harbour Trading"])]
    {
        let sheet = book.add_worksheet().set_name(sheet).unwrap();
        sheet.write(0, 0, "List of the bank").unwrap();
        sheet.write(2, 0, "id").unwrap();
        sheet.write(2, 1, "name").unwrap();
        for (i, name) in names.iter().enumerate() {
            sheet.write(3 + i as u32, 0, i as f64 + 1.0).unwrap();
            sheet.write(3 + i as u32, 1, *name).unwrap();
        }
    }
    assert_eq!(check("book.xlsx", book.save_to_buffer().unwrap()), (4, 4, true));
}
