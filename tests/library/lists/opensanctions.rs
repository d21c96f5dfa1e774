//! OpenSanctions: entities of published files against the files' own text.

use super::expected::{ExpectedAmong, among, check_among, entity, kind_of_name};
use super::load;
use interdict::entity::{AliasStrength, NameKind, Schema};

/// Ten entities of the published file.
const ENTITIES: &[ExpectedAmong<'_>] = &[
    among(
        "NK-2Tbri3s6GgNtAwsSXh4qpL",
        Schema::Person,
        &["Maria Aleksandrovna Osetrova", "Мария Александровна Осетрова", "Мария Александровна Захарова"],
        &["born 1988-01-07", "tax 183116181362", "program US-RUSHAR", "gender Female", "country ru"],
    ),
    among(
        "NK-DQ98GPMgdVH8DSZd8g9Xtc",
        Schema::Person,
        &["Svetlana Nikolaevna Zakharova", "Светлана Николаевна Захарова"],
        &["born 1964-03-18", "tax 183111242572", "program GB-RUS"],
    ),
    among(
        "NK-JseaPJctnK9o8wrmz8xmoT",
        Schema::Person,
        &["Nikita Aleksandrovich Zakharov"],
        &["born 1986-10-27", "gender Male"],
    ),
    among(
        "NK-aU5ybkbRFJucf8YMwsJvDw",
        Schema::Person,
        &["Alexander Vyacheslavovich ZAKHAROV", "Александр Вячеславович Захаров"],
        &["born 1965-09-21", "tax 183111242406"],
    ),
    among(
        "NK-hUAjuiA3vTKXF6v2X6MYnS",
        Schema::Person,
        &["Lavrentiy Aleksandrovich ZAKHAROV"],
        &["born 1999-02-26"],
    ),
    among(
        "NK-abdzbEBkqyT29GyREbiURZ",
        Schema::Company,
        &["LLC CST", "TsST LLC"],
        &[
            "tax 1841015504",
            "registration 1101841007938",
            "program US-BIS-EL",
            "program EU-UKR",
            "country ru",
        ],
    ),
    among(
        "NK-cPks3aTbes8k4aCerfBAzN",
        Schema::Company,
        &["Акціонерне товариство \"Зала Аеро\""],
        &["tax 9715478507"],
    ),
    among(
        "NK-nR5AXM9AVPq4pQaSPSaVam",
        Schema::Company,
        &["JSC Kalashnikov Concern", "Όμιλος JSC Kalashnikov"],
        &["registration 1111832003018", "program AU-RUSSIA"],
    ),
    among(
        "NK-iE6m5ryPeTAMZozfECVSL7",
        Schema::Company,
        &["Limited Liability Company Aeroscan"],
        &["tax 5603045794"],
    ),
    // Not a target, and no topic: only its registration says who it is.
    among(
        "ru-inn-5920040846",
        Schema::Company,
        &["ОБЩЕСТВО С ОГРАНИЧЕННОЙ ОТВЕТСТВЕННОСТЬЮ \"ЦСТ\""],
        &["tax 5920040846", "registration 1135920001260"],
    ),
];

#[test]
fn ten_entities_in_the_model_of_follow_the_money() {
    let Some(list) = load("opensanctions/sample.entities.ftm.json") else { return };
    let v = &list.version;
    assert_eq!(
        (v.records, v.entities, v.rejected),
        (91, 17, 0),
        "91 objects: 17 parties, and others that add facts to them"
    );
    assert_eq!(v.published.unwrap().to_string(), "2026-04-29");
    check_among(&list, ENTITIES);
    let cst = "NK-abdzbEBkqyT29GyREbiURZ";
    assert_eq!(kind_of_name(&list, cst, "OOO TSST").1, AliasStrength::Weak);
    let former = kind_of_name(&list, "NK-2Tbri3s6GgNtAwsSXh4qpL", "Maria Aleksandrovna Zakharova");
    assert_eq!(former.0, NameKind::Former);
    let cst = entity(&list, cst);
    assert!(entity(&list, "ru-inn-5920040846").remarks.starts_with("not a target"));
    assert!(cst.remarks.contains("owned by JSC Kalashnikov Concern"), "ownership is a remark");
    assert!(cst.addresses.iter().any(|a| a.contains("Perunovsky Lane")), "address objects are added");
}

#[test]
fn every_row_of_the_simplified_tables_is_loaded_or_rejected() {
    for (path, entities) in [
        ("opensanctions/ua_war_sanctions.targets.simple.csv", 5_600),
        ("opensanctions/interpol.targets.simple.csv", 6_561),
    ] {
        let Some(list) = load(path) else { return };
        let v = &list.version;
        assert_eq!(v.entities, entities, "{path}");
        assert_eq!(v.records, v.entities + v.rejected, "{path}");
    }
}
