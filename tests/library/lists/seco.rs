//! SECO: entities of a sample in the published layout, checked by hand.

use super::expected::{ExpectedAmong, among, check_among, entity, kind_of_name};
use super::sample;
use interdict::entity::{AliasStrength, NameKind, Schema};
use interdict::list::Layout;

/// Ten entities of the sample.
const ENTITIES: &[ExpectedAmong<'_>] = &[
    among(
        "1001",
        Schema::Person,
        &["Viktor Petrovich Probnik", "Виктор Петрович Пробник"],
        &[
            "born 1964-02-17",
            "program Elbonia",
            "passport MP1234567",
            "national-id 3170264A001PB1",
            "listed 2030-01-02",
            "country by",
            "gender Male",
        ],
    ),
    among(
        "1002",
        Schema::Person,
        &["Layla Musterman", "ليلى مسترمان", "Umm Salim", "Leila Moustermann"],
        &["born 1980", "born 1981-05", "country sy", "country lb", "gender Female", "listed 2029-11-05"],
    ),
    among("1003", Schema::Person, &["Pak Chol", "Pak Chun"], &["program Syldavie", "listed 2028-03-01"]),
    among(
        "1004",
        Schema::Organization,
        &["Beispiel Werke JSC", "ОАО Бейшпиль Верке", "BW Holding"],
        &["born 1999-09-01", "bic DEUTDEFF500", "registration 190123456", "country by"],
    ),
    // Listed again after it was de-listed.
    among(
        "1005",
        Schema::Organization,
        &["Syldavian Trade Bank", "Klow Credit"],
        &["listed 2027-12-24", "country ch", "program Syldavie"],
    ),
    among(
        "1006",
        Schema::Vessel,
        &["Morning Specimen", "Evening Specimen"],
        &["imo 9253325", "listed 2030-07-07"],
    ),
    among("1007", Schema::Aircraft, &["EW-001XX"], &["listed 2030-07-07", "program Elbonia"]),
    // The 31st of February is no day: the month is kept.
    among(
        "1008",
        Schema::Person,
        &["Yusuf al-Namudhaj", "Youssef al-Namudhaj", "Yousef al-Namudhaj"],
        &["born 1970-02", "listed 2026-02-10"],
    ),
    among(
        "1009",
        Schema::Organization,
        &["Borduria Mining Corporation", "博尔多利亚矿业公司"],
        &["program Syldavie", "country ch", "listed 2031-01-15"],
    ),
    among("1010", Schema::Person, &["Ivan Obraztsov"], &["country ru", "listed 2030-09-09"]),
];

#[test]
fn ten_entities_of_the_sample() {
    let list = sample("seco.xml", Layout::SecoXml);
    let v = &list.version;
    assert_eq!((v.records, v.entities, v.rejected), (11, 10, 1));
    assert_eq!(v.published.map(|d| d.to_string()).as_deref(), Some("2031-05-06"));
    assert!(list.rejected[0].reason.contains("de-listed on 2021-01-02"), "{:?}", list.rejected);
    check_among(&list, ENTITIES);
    assert_eq!(kind_of_name(&list, "1002", "Umm Salim"), (NameKind::Alias, AliasStrength::Weak));
    assert_eq!(kind_of_name(&list, "1003", "Pak Chun"), (NameKind::Former, AliasStrength::Strong));
    assert_eq!(kind_of_name(&list, "1006", "Evening Specimen").0, NameKind::Former);
    let e = |id: &str| entity(&list, id);
    assert_eq!(e("1001").birth_places, ["Minsk, Minsk region, Belarus"]);
    assert_eq!(e("1004").addresses, ["Sadovaya 12, 220030, Gomel, Belarus"]);
    assert_eq!(e("1005").addresses, ["Mr Sponsz, 77, Geneva, Switzerland"]);
    assert!(e("1003").remarks.contains("Title: General"), "{}", e("1003").remarks);
    assert!(e("1009").identifiers.iter().any(|i| i.value == "HR-B 1234"), "{:?}", e("1009").identifiers);
}
