//! Canada, Switzerland, Australia, FollowTheMoney, Senzing and the generic layouts: entities checked by hand against
//! the files' own text. Real files stand in the folder beside the project; where it is absent, "skipped" is
//! printed. The other layouts are tested on samples written here and beside their readers.

use crate::support::wanted;

use interdict::entity::{NameKind, Schema, Strength};
use interdict::list::{self, Layout, List};
use std::io::Write;
use std::path::PathBuf;
use wanted::{Wanted, check};

fn data(path: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/lists").join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is absent", path.display());
    None
}

fn load(path: &str) -> Option<List> {
    let mut lists = list::read(data(path)?).unwrap().lists;
    assert_eq!(lists.len(), 1, "{path}");
    lists.pop()
}

#[test]
fn canada() {
    let Some(list) = load("canada/sema.xml") else { return };
    let v = &list.version;
    assert_eq!((v.name.as_str(), v.layout), ("canada-sema", Layout::CanadaSema));
    assert_eq!((v.records, v.entities, v.rejected), (4_759, 4_759, 0));
    let person = |id, names, facts| Wanted { id, schema: Schema::Person, names, facts };
    check(
        &list,
        &[
            person(
                "belarus-1-part-1-1",
                &["Khazalbek Bakhtibekovich Atabekov"],
                &["program Belarus", "listed 2020-09-28"],
            ),
            person(
                "belarus-1-part-1.1-5",
                &["Igor Sergeyevich KABUSHEV", "Игорь Сергеевич Кабушев"],
                &["listed 2022-03-08"],
            ),
            person(
                "justice-for-victims-of-corrupt-foreign-officials-regulations-jvcfor-9",
                &["Carlos Alberto OSORIO ZAMBRANO"],
                &["listed 2017-11-03"],
            ),
            person(
                "russia-1-part-1-233",
                &["Vitaly Borisovich EFIMOV", "Ефимов Виталий Борисович"],
                &["program Russia"],
            ),
            person(
                "russia-1-part-1-741",
                &["Maria Vladimirovna VORONTSOVA", "Мария Воронцова", "Мария Владимировна Путина"],
                &["born 1985-04-28", "listed 2022-04-19"],
            ),
            person(
                "russia-1-part-1-1346",
                &["Natalia Viktorovna GANKINA", "Наталья Викторовна Ганькина"],
                &["born 1981-04-20"],
            ),
            Wanted {
                id: "russia-1-part-2-251",
                schema: Schema::Organization,
                names: &[
                    "Concern Morinformsystem-Agat",
                    "Акционерное Общество \"Концерн \"Моринформсистема - Агат\"",
                ],
                facts: &["listed 2022-07-29"],
            },
            Wanted {
                id: "russia-1.1-17",
                schema: Schema::Vessel,
                names: &["Nurkez"],
                facts: &["imo 9253325", "born 2004", "listed 2025-02-21"],
            },
            person(
                "ukraine-part-1-99",
                &["Irina Valerievna KIVIKO"],
                &["program Ukraine", "listed 2016-11-28"],
            ),
            person("zimbabwe-177", &["Cesar Zvayi"], &["listed 2008-09-04"]),
        ],
    );
    let ids: std::collections::HashSet<&str> = list.entities.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids.len(), 4_759, "every id is there once");
}

#[test]
fn follow_the_money() {
    let Some(list) = load("opensanctions/sample.entities.ftm.json") else { return };
    let v = &list.version;
    assert_eq!(
        (v.records, v.entities, v.rejected),
        (91, 17, 0),
        "91 objects: 17 parties, the others folded in"
    );
    assert_eq!(v.published.unwrap().to_string(), "2026-04-29");
    let person = |id, names, facts| Wanted { id, schema: Schema::Person, names, facts };
    let company = |id, names, facts| Wanted { id, schema: Schema::Company, names, facts };
    check(
        &list,
        &[
            person(
                "NK-2Tbri3s6GgNtAwsSXh4qpL",
                &[
                    "Maria Aleksandrovna Osetrova",
                    "Мария Александровна Осетрова",
                    "Мария Александровна Захарова",
                ],
                &["born 1988-01-07", "tax 183116181362", "program US-RUSHAR", "gender Female", "country ru"],
            ),
            person(
                "NK-DQ98GPMgdVH8DSZd8g9Xtc",
                &["Svetlana Nikolaevna Zakharova", "Светлана Николаевна Захарова"],
                &["born 1964-03-18", "tax 183111242572", "program GB-RUS"],
            ),
            person(
                "NK-JseaPJctnK9o8wrmz8xmoT",
                &["Nikita Aleksandrovich Zakharov"],
                &["born 1986-10-27", "gender Male"],
            ),
            person(
                "NK-aU5ybkbRFJucf8YMwsJvDw",
                &["Alexander Vyacheslavovich ZAKHAROV", "Александр Вячеславович Захаров"],
                &["born 1965-09-21", "tax 183111242406"],
            ),
            person("NK-hUAjuiA3vTKXF6v2X6MYnS", &["Lavrentiy Aleksandrovich ZAKHAROV"], &["born 1999-02-26"]),
            company(
                "NK-abdzbEBkqyT29GyREbiURZ",
                &["LLC CST", "TsST LLC"],
                &[
                    "tax 1841015504",
                    "registration 1101841007938",
                    "program US-BIS-EL",
                    "program EU-UKR",
                    "country ru",
                ],
            ),
            company(
                "NK-cPks3aTbes8k4aCerfBAzN",
                &["Акціонерне товариство \"Зала Аеро\""],
                &["tax 9715478507"],
            ),
            company(
                "NK-nR5AXM9AVPq4pQaSPSaVam",
                &["JSC Kalashnikov Concern", "Όμιλος JSC Kalashnikov"],
                &["registration 1111832003018", "program AU-RUSSIA"],
            ),
            company(
                "NK-iE6m5ryPeTAMZozfECVSL7",
                &["Limited Liability Company Aeroscan"],
                &["tax 5603045794"],
            ),
            // Not a target, and no topic: only its registration says who it is.
            company(
                "ru-inn-5920040846",
                &["ОБЩЕСТВО С ОГРАНИЧЕННОЙ ОТВЕТСТВЕННОСТЬЮ \"ЦСТ\""],
                &["tax 5920040846", "registration 1135920001260"],
            ),
        ],
    );
    let by_id = |id: &str| list.entities.iter().find(|e| e.id == id).unwrap();
    let cst = by_id("NK-abdzbEBkqyT29GyREbiURZ");
    let weak = cst.names.iter().find(|n| n.text == "OOO TSST").unwrap();
    assert_eq!(weak.strength, Strength::Weak);
    let former = &by_id("NK-2Tbri3s6GgNtAwsSXh4qpL").names;
    let former = former.iter().find(|n| n.text == "Maria Aleksandrovna Zakharova").unwrap();
    assert_eq!(former.kind, NameKind::Former);
    assert!(by_id("ru-inn-5920040846").remarks.starts_with("not a target"));
    assert!(cst.remarks.contains("owned by JSC Kalashnikov Concern"), "the ownership edges are folded in");
    assert!(cst.addresses.iter().any(|a| a.contains("Perunovsky Lane")), "the address objects are folded in");
}

#[test]
fn generic_csv_of_the_eu_journal() {
    let Some(list) = load("eu_journal/32014R0269.csv") else { return };
    let v = &list.version;
    assert_eq!((v.records, v.rejected, v.layout), (2_802, 0, Layout::GenericCsv));
    let wanted = |schema, names, facts| Wanted { id: "", schema, names, facts };
    check(
        &list,
        &[
            wanted(
                Schema::Person,
                &["Sergey Valeryevich AKSYONOV", "Sergei Valerievich AKSENOV", "Сергей Валерьевич АКСЁНОВ"],
                &["born 1972-11-26", "program EU-UKR", "listed 2014-03-17", "gender Male"],
            ),
            wanted(
                Schema::Person,
                &["Denis Valentinovich BEREZOVSKIY", "Денис Валентинович БЕРЕЗОВСКИЙ"],
                &["born 1974-07-15"],
            ),
            wanted(
                Schema::Person,
                &["Irina Vladimirovna KHARISOVA"],
                &["tax 771412568133", "born 1980-01-20"],
            ),
            wanted(
                Schema::LegalEntity,
                &[
                    "Joint-stock company ‘Sparkling wine plant “Novy Svet”’",
                    "State unitary enterprise of the ‘Republic of Crimea’‘Sparkling wine plant “Novy Svet”’",
                ],
                &["registration 1179102021460", "phone +7-(365) 663-35-00"],
            ),
            wanted(
                Schema::LegalEntity,
                &["Islamic Revolutionary Guard Corps - Aerospace Force", "IRGC ASF"],
                &["listed 2022-11-14"],
            ),
            wanted(
                Schema::Company,
                &["Joint Stock Company DUKS", "АО ДУКС"],
                &["tax 7714077682", "registration 1027700010579", "born 2022-07-09"],
            ),
            wanted(
                Schema::Company,
                &["Closed Joint Stock Company “Donobuv”", "CJSC Donobuv"],
                &["tax 6163013800"],
            ),
            wanted(
                Schema::LegalEntity,
                &["Joint Stock Company ‘Sokol Asset’", "JSC ‘Sokol Essets’"],
                &["tax 9710112971"],
            ),
        ],
    );
}

#[test]
fn generic_csv_of_china() {
    let Some(list) = load("china/counter_sanctions.csv") else { return };
    let wanted = |schema, names, facts| Wanted { id: "", schema, names, facts };
    check(
        &list,
        &[
            wanted(
                Schema::Organization,
                &["National Endowment for Democracy", "美国国家民主基金会"],
                &["country us", "listed 2019-12-02"],
            ),
            wanted(Schema::Person, &["Stephen K. Bannon", "班农"], &["country us"]),
            wanted(
                Schema::Company,
                &["HavocAI"],
                &["program List of Targets of Countermeasures", "listed 2024-12-05"],
            ),
            wanted(
                Schema::Company,
                &["Planate Management Group", "扁平地球管理公司"],
                &["listed 2024-09-18"],
            ),
        ],
    );
    let Some(list) = load("china/dod_chinese_military_companies.csv") else { return };
    check(
        &list,
        &[wanted(
            Schema::Unknown,
            &[
                "China National Offshore Oil Corporation (CNOOC)*",
                "China National Offshore Oil Corporation",
                "CNOOC",
            ],
            &["listed 2021-06-03"],
        )],
    );
}

#[test]
fn every_record_of_every_file_is_loaded_or_rejected() {
    let Some(folder) = data("") else { return };
    let loaded = list::read(folder).unwrap();
    assert_eq!(loaded.skipped, [], "every file is a list or a part of one");
    for (name, layout, records, entities) in [
        ("ofac-sdn", Layout::OfacDelimited, 12_464, 12_464),
        ("ofac-consolidated", Layout::OfacXml, 443, 443),
        ("un-sc", Layout::UnXml, 877, 877),
        ("canada-sema", Layout::CanadaSema, 4_759, 4_759),
        ("ua_war_sanctions", Layout::OpenSanctionsSimple, 5_600, 5_600),
        ("interpol", Layout::OpenSanctionsSimple, 6_561, 6_561),
        ("sample", Layout::FollowTheMoney, 91, 17),
        ("32014R0269", Layout::GenericCsv, 2_802, 2_802),
        ("eu", Layout::GenericCsv, 5_316, 5_314),
        ("uk", Layout::GenericCsv, 2_523, 2_413),
        ("australia", Layout::GenericCsv, 9_983, 9_933),
        ("counter_sanctions", Layout::GenericCsv, 610, 605),
        ("dod_chinese_military_companies", Layout::GenericCsv, 397, 288),
        ("ofac_un_latin", Layout::GenericCsv, 33_055, 13_148),
    ] {
        let found = loaded.lists.iter().find(|l| l.version.name == name);
        let list = found.unwrap_or_else(|| panic!("{name} was not read"));
        let v = &list.version;
        assert_eq!((v.layout, v.records, v.entities, v.rejected), (layout, records, entities, 0), "{name}");
        assert!(!v.is_incomplete(), "{name}: the file tells {:?}", v.declared);
        assert!(list.entities.iter().all(|e| !e.names.is_empty() && !e.id.is_empty()), "{name}");
    }
    assert_eq!(loaded.lists.len(), 14);
}

/// A workbook with one sheet, its cells as inline texts.
fn workbook(rows: &[Vec<String>]) -> Vec<u8> {
    let cell = |c: &String| format!("<c t=\"inlineStr\"><is><t>{c}</t></is></c>");
    let row = |r: &Vec<String>| format!("<row>{}</row>", r.iter().map(cell).collect::<String>());
    let sheet = format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{}</sheetData></worksheet>",
        rows.iter().map(row).collect::<String>()
    );
    packed(&sheet)
}

fn packed(sheet: &str) -> Vec<u8> {
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

/// Ten entities in Australia's layout, in fourteen rows, beside one that is none.
fn australia() -> Vec<Vec<String>> {
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
fn australia_as_workbook_and_as_csv_is_one() {
    let rows = australia();
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
    let bomb = packed(&"0".repeat(257 << 20));
    assert!(bomb.len() < 1 << 20, "{} bytes", bomb.len());
    let e = list::from_bytes("bomb", &bomb).unwrap_err();
    assert!(e.to_string().contains("more than 256 MB unpacked"), "{e}");
}

#[test]
fn a_sheet_with_a_cell_in_its_last_corner_is_no_table_of_all_between() {
    let header = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Reference</t></is></c><c r=\"B1\" t=\"inlineStr\"><is><t>Name of Individual or Entity</t></is></c></row>";
    for (cell, rejected) in [("XFD1048576", None), ("B1048576", Some(1_048_576))] {
        let sheet = format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{header}\
             <row r=\"1048576\"><c r=\"{cell}\" t=\"inlineStr\"><is><t>X</t></is></c></row></sheetData></worksheet>"
        );
        let read = list::from_bytes("x", &packed(&sheet));
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
    assert!(loaded.skipped[0].1.contains("no sheet begins with the header"), "{:?}", loaded.skipped);
}

#[test]
fn json_lines_are_told_apart_by_their_keys() {
    for (line, layout) in [
        (r#"{"id":"1","schema":"Person","properties":{"name":["A"]},"caption":"A"}"#, Layout::FollowTheMoney),
        (r#"{"DATA_SOURCE":"X","RECORD_ID":"1","NAME_FULL":"A"}"#, Layout::Senzing),
        (r#"{"full_name":"A","dob":"1970"}"#, Layout::GenericJsonLines),
    ] {
        let list = list::from_bytes("x", line.as_bytes()).unwrap();
        assert_eq!((list.version.layout, list.version.entities), (layout, 1), "{line}");
    }
    assert!(
        list::from_bytes("x", br#"{"a": 1}"#)
            .unwrap_err()
            .to_string()
            .contains("not a list in a known layout")
    );
}

#[test]
fn an_archive_and_an_index_are_told_from_broken_lists() {
    use std::io::Write;
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("sdn_xml.zip");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&archive).unwrap());
    zip.start_file("sdn.xml", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(b"<sdnList/>").unwrap();
    zip.finish().unwrap();
    let index = folder.path().join("lists.idx");
    let list = list::from_bytes("mine", b"id,name\n1,Ann Other\n").unwrap();
    interdict::Index::build(std::slice::from_ref(&list)).unwrap().save(&index).unwrap();
    std::fs::write(folder.path().join("mine.csv"), "id,name\n1,Ann Other\n").unwrap();
    let whole = list::read(folder.path()).unwrap();
    assert_eq!((whole.lists.len(), whole.skipped.len()), (1, 2));
    for (path, told) in [(&archive, "unpack it"), (&index, "as an index instead")] {
        let error = list::read(path).unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
        let (_, reason) = whole.skipped.iter().find(|(skipped, _)| skipped == path).unwrap();
        assert!(reason.contains(told), "{reason}");
    }
}
