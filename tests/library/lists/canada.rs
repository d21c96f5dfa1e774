//! Canada: entities of the published file against the file's own text.

use super::expected::{ExpectedAmong, among, check_among};
use super::load;
use interdict::entity::Schema;
use interdict::list::Layout;

/// Ten entities of the published file.
const ENTITIES: &[ExpectedAmong<'_>] = &[
    among(
        "belarus-1-part-1-1",
        Schema::Person,
        &["Khazalbek Bakhtibekovich Atabekov"],
        &["program Belarus", "listed 2020-09-28"],
    ),
    among(
        "belarus-1-part-1.1-5",
        Schema::Person,
        &["Igor Sergeyevich KABUSHEV", "Игорь Сергеевич Кабушев"],
        &["listed 2022-03-08"],
    ),
    among(
        "justice-for-victims-of-corrupt-foreign-officials-regulations-jvcfor-9",
        Schema::Person,
        &["Carlos Alberto OSORIO ZAMBRANO"],
        &["listed 2017-11-03"],
    ),
    among(
        "russia-1-part-1-233",
        Schema::Person,
        &["Vitaly Borisovich EFIMOV", "Ефимов Виталий Борисович"],
        &["program Russia"],
    ),
    among(
        "russia-1-part-1-741",
        Schema::Person,
        &["Maria Vladimirovna VORONTSOVA", "Мария Воронцова", "Мария Владимировна Путина"],
        &["born 1985-04-28", "listed 2022-04-19"],
    ),
    among(
        "russia-1-part-1-1346",
        Schema::Person,
        &["Natalia Viktorovna GANKINA", "Наталья Викторовна Ганькина"],
        &["born 1981-04-20"],
    ),
    among(
        "russia-1-part-2-251",
        Schema::Organization,
        &["Concern Morinformsystem-Agat", "Акционерное Общество \"Концерн \"Моринформсистема - Агат\""],
        &["listed 2022-07-29"],
    ),
    among("russia-1.1-17", Schema::Vessel, &["Nurkez"], &["imo 9253325", "born 2004", "listed 2025-02-21"]),
    among(
        "ukraine-part-1-99",
        Schema::Person,
        &["Irina Valerievna KIVIKO"],
        &["program Ukraine", "listed 2016-11-28"],
    ),
    among("zimbabwe-177", Schema::Person, &["Cesar Zvayi"], &["listed 2008-09-04"]),
];

#[test]
fn ten_entities_of_the_published_file() {
    let Some(list) = load("canada/sema.xml") else { return };
    let v = &list.version;
    assert_eq!((v.name.as_str(), v.layout), ("canada-sema", Layout::CanadaSema));
    assert_eq!((v.records, v.entities, v.rejected), (4_759, 4_759, 0));
    check_among(&list, ENTITIES);
    let ids: std::collections::HashSet<&str> = list.entities.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids.len(), 4_759, "every id is there once");
}
