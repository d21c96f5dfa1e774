//! The generic layouts: entities of real tables against the tables' own text.

use super::expected::{ExpectedAmong, among, check_among};
use super::load;
use interdict::entity::{Entity, Schema};
use interdict::list::{self, Layout};

/// Entities of Council Regulation (EU) No 269/2014.
const EU_JOURNAL_ENTITIES: &[ExpectedAmong<'_>] = &[
    among(
        "",
        Schema::Person,
        &["Sergey Valeryevich AKSYONOV", "Sergei Valerievich AKSENOV", "Сергей Валерьевич АКСЁНОВ"],
        &["born 1972-11-26", "program EU-UKR", "listed 2014-03-17", "gender Male"],
    ),
    among(
        "",
        Schema::Person,
        &["Denis Valentinovich BEREZOVSKIY", "Денис Валентинович БЕРЕЗОВСКИЙ"],
        &["born 1974-07-15"],
    ),
    among("", Schema::Person, &["Irina Vladimirovna KHARISOVA"], &["tax 771412568133", "born 1980-01-20"]),
    among(
        "",
        Schema::LegalEntity,
        &[
            "Joint-stock company ‘Sparkling wine plant “Novy Svet”’",
            "State unitary enterprise of the ‘Republic of Crimea’‘Sparkling wine plant “Novy Svet”’",
        ],
        &["registration 1179102021460", "phone +7-(365) 663-35-00"],
    ),
    among(
        "",
        Schema::LegalEntity,
        &["Islamic Revolutionary Guard Corps - Aerospace Force", "IRGC ASF"],
        &["listed 2022-11-14"],
    ),
    among(
        "",
        Schema::Company,
        &["Joint Stock Company DUKS", "АО ДУКС"],
        &["tax 7714077682", "registration 1027700010579", "born 2022-07-09"],
    ),
    among(
        "",
        Schema::Company,
        &["Closed Joint Stock Company “Donobuv”", "CJSC Donobuv"],
        &["tax 6163013800"],
    ),
    among(
        "",
        Schema::LegalEntity,
        &["Joint Stock Company ‘Sokol Asset’", "JSC ‘Sokol Essets’"],
        &["tax 9710112971"],
    ),
];

#[test]
fn the_table_of_the_eu_journal_is_read() {
    let Some(list) = load("eu_journal/32014R0269.csv") else { return };
    let v = &list.version;
    assert_eq!((v.records, v.rejected, v.layout), (2_802, 0, Layout::GenericCsv));
    check_among(&list, EU_JOURNAL_ENTITIES);
}

/// Entities of China's counter-sanctions.
const CHINA_ENTITIES: &[ExpectedAmong<'_>] = &[
    among(
        "",
        Schema::Organization,
        &["National Endowment for Democracy", "美国国家民主基金会"],
        &["country us", "listed 2019-12-02"],
    ),
    among("", Schema::Person, &["Stephen K. Bannon", "班农"], &["country us"]),
    among(
        "",
        Schema::Company,
        &["HavocAI"],
        &["program List of Targets of Countermeasures", "listed 2024-12-05"],
    ),
    among("", Schema::Company, &["Planate Management Group", "扁平地球管理公司"], &["listed 2024-09-18"]),
];

/// An entity of the list of Chinese military companies.
const MILITARY_COMPANY: ExpectedAmong<'_> = among(
    "",
    Schema::Unknown,
    &["China National Offshore Oil Corporation (CNOOC)*", "China National Offshore Oil Corporation", "CNOOC"],
    &["listed 2021-06-03"],
);

#[test]
fn tables_of_china_are_read() {
    let Some(list) = load("china/counter_sanctions.csv") else { return };
    check_among(&list, CHINA_ENTITIES);
    let Some(list) = load("china/dod_chinese_military_companies.csv") else { return };
    check_among(&list, &[MILITARY_COMPANY]);
}

#[test]
fn every_row_of_the_bench_list_is_a_name() {
    let Some(list) = load("bench/ofac_un_latin.csv") else { return };
    assert_eq!(list.version.records, 33_055);
    // Names with brackets have the names within them besides.
    assert!((33_055..33_500).contains(&list.version.names), "{}", list.version.names);
    let entities: std::collections::HashMap<&str, &Entity> =
        list.entities.iter().map(|e| (e.id.as_str(), e)).collect();
    let mut rows = csv::Reader::from_path(super::shared_lists("bench/ofac_un_latin.csv").unwrap()).unwrap();
    for row in rows.records() {
        let row = row.unwrap();
        let name = row[1].split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(entities[&row[0]].names.iter().any(|n| n.text == name), "{name}");
    }
}

#[test]
fn layouts_of_json_lines_are_recognised_by_their_keys() {
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
