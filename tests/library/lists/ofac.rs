//! OFAC: entities of the published files against the files' own text.

use super::expected::{Expected, NO_FACTS, check_exactly, entity};
use super::{load, read_all};
use crate::support::data;
use interdict::entity::Gender;
use interdict::list::{self, Layout};

/// Ten entities of the consolidated list.
const XML_ENTITIES: &[Expected] = &[
    Expected {
        id: "9639",
        names: &["HANIYA, Ismail Abdul Salah", "HANIYA, Ismail", "HANIYYA, Ismaeel"],
        born: &["1962"],
        programs: &["NS-PLC"],
        ..NO_FACTS
    },
    Expected {
        id: "9647",
        names: &[
            "ZAHHAR, Mahmoud Khaled",
            "AL ZAHAR, Mahmoud Khaled",
            "~ZAHAR, Mahmoud",
            "~AL-ZAHAR, Mahmoud",
        ],
        born: &["1945"],
        countries: &["ps"],
        programs: &["NS-PLC", "SDGT"],
        ..NO_FACTS
    },
    Expected {
        id: "9641",
        names: &[
            "AL-SHANTI, Jamileh Abdullah",
            "EL-SHANTI, Jameela Abdallah",
            "AL SHANTEE, Jamila Abed Allah",
        ],
        born: &["1955"],
        programs: &["NS-PLC"],
        ..NO_FACTS
    },
    Expected {
        id: "15268",
        names: &[
            "BANK OF KUNLUN CO LTD",
            "<KARAMAY URBAN CREDIT COOPERATIVES",
            "<KARAMAY CITY COMMERCIAL BANK CO LTD.",
        ],
        countries: &["cn"],
        programs: &["561-Related"],
        identifiers: &["bic CKLBCNBJ"],
        ..NO_FACTS
    },
    Expected {
        id: "26182",
        names: &["KAYAKIRAN, Evren"],
        born: &["1980-02-08"],
        countries: &["tr"],
        programs: &["FSE-IR"],
        identifiers: &["passport U00242309 (tr)"],
        ..NO_FACTS
    },
    Expected {
        id: "30925",
        names: &[
            "AVIATION INDUSTRY CORPORATION OF CHINA, LTD.",
            "AVIATION INDUSTRY CORP OF CHINA",
            "AVIATION INDUSTRY OF CHINA",
            "~AVIC",
            "Aviation Industry Corporation of China, Ltd",
        ],
        countries: &["cn"],
        programs: &["CMIC-EO13959"],
        identifiers: &[
            "registration 91110000710935732K (cn)",
            "ISIN CND10001WSL0",
            "ISIN CND10002HNP1",
            "ISIN CND10002DPC3",
        ],
        ..NO_FACTS
    },
    Expected {
        id: "33114",
        names: &["SENSETIME GROUP LIMITED", "SENSETIME GROUP LTD"],
        countries: &["cn"],
        programs: &["CMIC-EO13959"],
        identifiers: &["registration 2162198 (hk)"],
        ..NO_FACTS
    },
    Expected {
        id: "30926",
        names: &["CNOOC LIMITED", "CNOOC LTD", "CNOOC Limited", "CNOOC Ltd"],
        countries: &["cn"],
        programs: &["CMIC-EO13959"],
        identifiers: &[
            "registration 0685974 (hk)",
            "registration 549300XIVJCBIGMRUD48",
            "Equity Ticker 00883 HK",
            "Equity Ticker CNU CA",
            "Equity Ticker NC2B DE",
            "Equity Ticker CEO US",
            "ISIN HK0883013259",
            "ISIN US1261321095",
            "ISIN HK2998013240",
            "ISIN BRC1EODR004",
        ],
        ..NO_FACTS
    },
    Expected {
        id: "23552",
        names: &[
            "LENGIPRONEFTEKHIM OOO",
            "LLC LENGIPRONEFTEKHIM",
            "LIMITED LIABILITY COMPANY OIL REFINING AND PETROCHEMICAL FACILITIES DESIGN INSTITUTE",
            "INSTITUT PO PROEKTIROVANIYU PREDPRIYATY NEFTEPERERABATYVAYUSCHEY I NEFTEKHIMICHESKOY PROMYSHLENNOSTI, LIMITED LIABILITY COMPANY",
            "LIMITED LIABILITY COMPANY DESIGN AND ENGINEERING INSTITUTE FOR OIL REFINING AND PETROCHEMICAL ENTERPRISES",
        ],
        countries: &["ru"],
        programs: &["UKRAINE-EO13662", "RUSSIA-EO14024"],
        identifiers: &["registration 1057803105755 (ru)", "tax 7810327462 (ru)", "email lgnch@lgnch.spb.ru"],
        ..NO_FACTS
    },
    Expected {
        id: "46072",
        names: &["MYANMA OIL AND GAS ENTERPRISE", "~MOGE", "~M.O.G.E."],
        born: &["1963"],
        countries: &["mm"],
        programs: &["BURMA-EO14014"],
        ..NO_FACTS
    },
];

#[test]
fn ten_entities_of_ofac_xml() {
    let Some(list) = load("ofac_consolidated/consolidated.xml") else { return };
    assert_eq!(list.version.layout, Layout::OfacXml);
    assert_eq!((list.version.declared, list.version.records), (Some(443), 443));
    check_exactly(&list, XML_ENTITIES);
    let bank = entity(&list, "15268");
    assert_eq!(
        bank.addresses[1],
        "9 Dongzhimen North Street, Dongcheng District, (Head Office), Beijing, 100007, China"
    );
    let e = entity(&list, "9647");
    assert_eq!((e.gender, &e.birth_places[..]), (Some(Gender::Male), &["Gaza Strip".to_string()][..]));
    assert!(
        e.remarks.contains("(Linked To: HAMAS)")
            && e.remarks.contains("section 1(b) of Executive Order 13224")
    );
}

/// Ten entities of the SDN list.
const DELIMITED_ENTITIES: &[Expected] = &[
    Expected {
        id: "36",
        names: &["AEROCARIBBEAN AIRLINES", "AERO-CARIBBEAN"],
        countries: &["cu"],
        programs: &["CUBA"],
        ..NO_FACTS
    },
    Expected {
        id: "2674",
        names: &["ABBAS, Abu", "ZAYDAN, Muhammad"],
        born: &["1948-12-10"],
        programs: &["SDGT"],
        ..NO_FACTS
    },
    Expected {
        id: "25278",
        names: &["AYNAZ"],
        countries: &["ir"],
        programs: &["IRAN", "NPWMD", "IFSR"],
        identifiers: &["imo 9683570"],
        ..NO_FACTS
    },
    Expected {
        id: "40267",
        names: &["ARTAMONOV, Igor Georgiyevich", "ARTAMONOV, Igor Georgievich"],
        born: &["1967-03-14"],
        countries: &["ru"],
        programs: &["RUSSIA-EO14024"],
        identifiers: &["tax 262400998479 (ru)"],
        ..NO_FACTS
    },
    Expected {
        id: "7157",
        names: &["FARMACIA VIDA SUPREMA, S.A. DE C.V.", "FARMACIAS VIDA", "FARMACIA VIDA"],
        countries: &["mx"],
        programs: &["SDNTK"],
        identifiers: &["tax FVS-870610-LX3 (mx)"],
        ..NO_FACTS
    },
    Expected {
        id: "30629",
        names: &["KAVE COFFEE S.A.", "KAVE COFFEE S A"],
        countries: &["pa", "cu"],
        programs: &["CUBA"],
        identifiers: &["tax 22044-123-197519 (pa)"],
        ..NO_FACTS
    },
    Expected {
        id: "15432",
        names: &["EP-GOL"],
        programs: &["SDGT"],
        identifiers: &["aircraft-serial 8305", "aircraft-serial 1013409297"],
        ..NO_FACTS
    },
    Expected {
        id: "25308",
        names: &["YAN, Xiaobing", "~ZHOU, William", "~YAN, Steven"],
        born: &["1977-03-25"],
        countries: &["cn"],
        programs: &["SDNTK"],
        identifiers: &[
            "wallet 12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h",
            "wallet 1Kuf2Rd8mDyAViwBozGTNYnvWL8uYFrkVo",
            "wallet 13f59kUM5FU8MfTG7DCEugYarDhSD7XCoC",
            "wallet 1P3ZfGFLezzYGg9k5SVzQmnjyh7nrUmF2y",
            "wallet 1EpMiZkQVekM5ij12nMiEwttFPcDK9XhX6",
            "wallet 1JREJdZupiFhE7ZzQPtASuMCvvpXC7wRsC",
            "Chinese Commercial Code 7346 2556 0365",
            "national-id 421002197703250019 (cn)",
        ],
        ..NO_FACTS
    },
    Expected {
        id: "26137",
        names: &["KHORASHADIZADEH, Ali", "~Mastercartaria", "~Iranvisacart"],
        born: &["1979-09-21"],
        countries: &["ir"],
        programs: &["CYBER2"],
        identifiers: &[
            "email iranvisacart@yahoo.com",
            "email mastercartaria@yahoo.com",
            "email alikhorashadi@yahoo.com",
            "email toppglasses@gmail.com",
            "email iranian_boy5@yahoo.com",
            "wallet 149w62rY42aZBox8fGcmqNsXUzSStKeq8C",
            "passport T14553558 (ir)",
        ],
        ..NO_FACTS
    },
    Expected {
        id: "906",
        names: &["HAVIN BANK LIMITED", "HAVANA INTERNATIONAL BANK, LTD"],
        countries: &["gb", "cu"],
        programs: &["CUBA"],
        identifiers: &[
            "bic HAVIGB2L",
            "website www.havanaintbank.co.uk",
            "website www.hib.uk.com",
            "registration 01074897 (gb)",
        ],
        ..NO_FACTS
    },
];

#[test]
fn ten_entities_of_ofac_delimited() {
    let Some(list) = load("ofac") else { return };
    assert_eq!(list.version.layout, Layout::OfacDelimited);
    check_exactly(&list, DELIMITED_ENTITIES);
}

#[test]
fn the_published_delimited_files_are_read_completely() {
    let Some(lists) = read_all("ofac") else { return };
    let v = &lists[0].version;
    assert_eq!((lists.len(), v.name.as_str(), v.entities), (1, "ofac-sdn", 12_464));
    let aliases_of_file = 17_781;
    assert!(v.aliases >= aliases_of_file, "aliases of the file and those of the remarks: {}", v.aliases);
    assert_eq!(v.rejected, 0);
    let alone = list::read(data("lists/ofac/sdn.csv").unwrap()).unwrap().lists;
    assert_eq!(alone[0].version, *v, "the sdn file is read with its alt and add files");
    let e = entity(&lists[0], "50543");
    assert!(e.names.iter().any(|n| n.text == "BEIJING INTEGRITY TECHNOLOGY COMPANY, LIMITED"));
    assert_eq!(e.countries, ["cn"]);
    let e = entity(&lists[0], "40267");
    assert_eq!(e.birth_dates[0].to_string(), "1967-03-14");
    assert_eq!(e.identifiers[0].value, "262400998479");
    let e = entity(&lists[0], "25278");
    assert_eq!(e.identifiers[0].normalized(), "9683570");
}

#[test]
fn the_published_xml_is_read_completely() {
    let Some(list) = load("ofac_consolidated/consolidated.xml") else { return };
    let v = &list.version;
    assert_eq!((v.name.as_str(), v.entities, v.records, v.rejected), ("ofac-consolidated", 443, 443, 0));
    assert_eq!((v.declared, v.published.unwrap().to_string()), (Some(443), "2025-03-28".into()));
}
