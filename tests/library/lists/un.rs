//! The UN Security Council's list: entities of the published file against the file's own text.

use super::expected::{Expected, NO_FACTS, check_exactly, entity};
use super::load;
use interdict::entity::{Gender, Schema};
use interdict::list::Layout;

/// Ten entities of the consolidated list.
const ENTITIES: &[Expected] = &[
    Expected {
        id: "110899",
        names: &["FAZL MOHAMMAD MAZLOOM", "فضل محمد مظلوم", "Molah Fazl", "Fazel Mohammad Mazloom"],
        born: &["1963/1968"],
        countries: &["af"],
        programs: &["Taliban"],
        identifiers: &["un-reference TAi.023"],
        listed: "2001-02-23",
    },
    Expected {
        id: "110896",
        names: &[
            "SHAMS UR-RAHMAN ABDUL ZAHIR",
            "شمس الرحمن عبد الظاهر",
            "Shamsurrahman",
            "Shams-u-Rahman",
            "Shamsurrahman Abdurahman",
            "~Shams ur-Rahman Sher Alam",
        ],
        born: &["1969"],
        countries: &["af"],
        programs: &["Taliban"],
        identifiers: &["un-reference TAi.008", "national-id 2132370", "national-id 812673"],
        listed: "2001-02-23",
    },
    Expected {
        id: "690744",
        names: &[
            "RA KY'ONG-SU",
            "Ra Kyung-Su",
            "Chang Myong Ho",
            "Chang Myo’ng-Ho",
            "Chang Myong-Ho",
            "Ra Kyong-Su",
        ],
        born: &["1954-06-04"],
        countries: &["kp"],
        programs: &["DPRK"],
        identifiers: &["un-reference KPi.008", "passport 645120196 (kp)"],
        listed: "2013-01-22",
    },
    Expected {
        id: "6908473",
        names: &["AQSA MAHMOOD", "~Umm Layth"],
        born: &["1994-05-11"],
        countries: &["gb"],
        programs: &["Al-Qaida"],
        identifiers: &["un-reference QDi.356", "passport 720134834 (gb)"],
        listed: "2015-09-28",
    },
    Expected {
        id: "110941",
        names: &["EZATULLAH HAQQANI KHAN SAYYID", "عزت الله حقاني خان سيد", "<Ezatullah Haqqani"],
        born: &["circa 1956/1958"],
        countries: &["af"],
        programs: &["Taliban"],
        identifiers: &["un-reference TAi.064"],
        listed: "2001-02-23",
    },
    Expected {
        id: "6907993",
        names: &["ERIC BADEGE"],
        born: &["1971"],
        countries: &["cd"],
        programs: &["DRC"],
        identifiers: &["un-reference CDi.001"],
        listed: "2012-12-31",
    },
    Expected {
        id: "113995",
        names: &[
            "THE ORGANIZATION OF AL-QAIDA IN THE ISLAMIC MAGHREB",
            "تنظيم القا عدة ببلاد المغرب الاسلامي",
            "AQIM",
            "Al Qaïda au Maghreb islamique (AQMI)",
            "<Le Groupe Salafiste pour La Prédication et le Combat (GSPC)",
            "<Salafist Group For Call and Combat",
        ],
        countries: &["dz", "ml", "mr", "ma", "ne", "tn"],
        programs: &["Al-Qaida"],
        identifiers: &["un-reference QDe.014"],
        listed: "2001-10-06",
        ..NO_FACTS
    },
    Expected {
        id: "6908046",
        names: &[
            "OCEAN MARITIME MANAGEMENT COMPANY, LIMITED (OMM)",
            "East Sea Shipping Company",
            "Korea Mirae Shipping Co. Ltd",
            "Haeyang Crew Management Company",
        ],
        countries: &["kp"],
        programs: &["DPRK"],
        identifiers: &["un-reference KPe.020"],
        listed: "2014-07-28",
        ..NO_FACTS
    },
    Expected {
        id: "2786469",
        names: &["ALY SOLIMAN MASSOUD ABDUL SAYED", "~Adam", "Ibn El Qaim", "Mohamed Osman"],
        born: &["1969"],
        countries: &["ly"],
        programs: &["Al-Qaida"],
        identifiers: &["un-reference QDi.229", "passport 96/184442 (ly)"],
        listed: "2007-06-08",
    },
    Expected {
        id: "6908911",
        names: &["JIMMY CHERIZIER", "~BARBEQUE"],
        born: &["1977-03-30"],
        countries: &["ht"],
        programs: &["Haiti"],
        identifiers: &["un-reference HTi.001", "national-id 001-843-989-7"],
        listed: "2022-10-21",
    },
];

#[test]
fn ten_entities_of_the_un() {
    let Some(list) = load("un/consolidated.xml") else { return };
    assert_eq!(list.version.layout, Layout::UnXml);
    check_exactly(&list, ENTITIES);
    let e = entity(&list, "6908473");
    assert_eq!(e.gender, Some(Gender::Female));
    assert_eq!(e.birth_places, ["Glasgow, Scotland, United Kingdom of Great Britain and Northern Ireland"]);
    assert_eq!(e.addresses[0], "Syrian Arab Republic, as at Nov. 2013");
}

#[test]
fn the_published_file_is_read_completely() {
    let Some(list) = load("un/consolidated.xml") else { return };
    let v = &list.version;
    let people = list.entities.iter().filter(|e| e.schema == Schema::Person).count();
    assert_eq!((v.entities, people, v.rejected), (684 + 193, 684, 0));
    assert_eq!(v.published.unwrap().to_string(), "2025-04-19");
}
