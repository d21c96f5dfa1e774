//! Senzing: entities of a sample in the published layout, checked by hand.

use super::expected::{ExpectedAmong, among, check_among, entity, kind_of_name};
use super::sample;
use interdict::entity::{AliasStrength, NameKind, Schema};
use interdict::list::Layout;

/// Ten entities of the sample.
const ENTITIES: &[ExpectedAmong<'_>] = &[
    among(
        "S1",
        Schema::Person,
        &["Viktor Petrovich Probnik", "Виктор Пробник"],
        &[
            "born 1964-02-17",
            "gender Male",
            "country by",
            "passport MP1234567",
            "national-id 3170264A001PB1",
            "program sanction",
        ],
    ),
    among(
        "S2",
        Schema::Person,
        &["Layla Musterman", "Umm Salim", "ليلى مسترمان"],
        &["born 1980", "gender Female", "country sy", "country lb", "tax 7701234567", "program WATCH"],
    ),
    among(
        "3",
        Schema::Person,
        &["Ben Sample", "Benny", "Ben Muster"],
        &["born 1971-05", "gender Male", "national-id 078-05-1120"],
    ),
    among(
        "S4",
        Schema::Organization,
        &["Beispiel Werke JSC", "Beispiel Fabrik", "ОАО Бейшпиль Верке"],
        &["born 1999-09-01", "country by", "lei 5493001KJTIIGC8Y1R12"],
    ),
    among(
        "S5",
        Schema::Organization,
        &["Syldavian Trade Bank"],
        &[
            "tax 12-3456789",
            "website https://bank.example",
            "email desk@bank.example",
            "phone +41 22 000 00 00",
            "program SYLDAVIA",
        ],
    ),
    among(
        "S6",
        Schema::Vessel,
        &["Morning Specimen", "Evening Specimen"],
        &["imo 9253325", "mmsi 206123456", "call-sign EWAA1"],
    ),
    among("S7", Schema::Aircraft, &["EW-001XX"], &["program WATCH"]),
    among("S8", Schema::Unknown, &["Anonymous Mixer"], &["wallet 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"]),
    among(
        "S9",
        Schema::Organization,
        &["Borduria Mining Corporation", "博尔多利亚矿业公司"],
        &["registration 123456789", "country ch"],
    ),
    among("S10", Schema::Person, &["Ivan Obraztsov"], &["born 1959-12-31", "registration 112233"]),
];

#[test]
fn ten_entities_of_the_sample() {
    let list = sample("senzing.jsonl", Layout::Senzing);
    let v = &list.version;
    assert_eq!((v.records, v.entities, v.rejected), (11, 10, 1));
    assert_eq!(list.rejected[0].position.line, Some(11));
    check_among(&list, ENTITIES);
    assert_eq!(kind_of_name(&list, "S2", "Umm Salim"), (NameKind::Alias, AliasStrength::Weak));
    assert_eq!(kind_of_name(&list, "3", "Ben Muster").0, NameKind::Former);
    assert_eq!(kind_of_name(&list, "S6", "Evening Specimen").0, NameKind::Former);
    let works = entity(&list, "S4");
    assert_eq!(works.addresses, ["Sadovaya 12, Gomel, 220030, BY"]);
}
