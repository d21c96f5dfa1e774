//! The layouts of OFAC, the UN, the EU and the UK: entities of the real files against the files' own text, and
//! files that are hostile or cut off.

use interdict::entity::{Date, Entity, Gender, NameKind, Strength};
use interdict::list::{self, Layout, List};
use std::path::PathBuf;
use std::time::{Duration, Instant};

fn data(path: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is absent", path.display());
    None
}

/// What the file says of an entity, as a person reads it. Names: `~` before a weak one, `<` before a former one.
/// Identifiers: "kind value" and, in brackets, the country.
struct Told {
    id: &'static str,
    names: &'static [&'static str],
    born: &'static [&'static str],
    countries: &'static [&'static str],
    programs: &'static [&'static str],
    identifiers: &'static [&'static str],
    listed: &'static str,
}

const TOLD: Told =
    Told { id: "", names: &[], born: &[], countries: &[], programs: &[], identifiers: &[], listed: "" };

fn names(e: &Entity) -> Vec<String> {
    let mark = |n: &interdict::entity::Name| {
        let weak = if n.strength == Strength::Weak { "~" } else { "" };
        let former = if n.kind == NameKind::Former { "<" } else { "" };
        format!("{weak}{former}{}", n.text)
    };
    e.names.iter().map(mark).collect()
}

fn check(list: &List, told: &[Told]) {
    for t in told {
        let e = list.entities.iter().find(|e| e.id == t.id).unwrap_or_else(|| panic!("no {}", t.id));
        assert_eq!(names(e), t.names, "{}", t.id);
        let born: Vec<String> = e.birth_dates.iter().map(Date::to_string).collect();
        assert_eq!(born, t.born, "{}", t.id);
        assert_eq!(e.countries, t.countries, "{}", t.id);
        assert_eq!(e.programs, t.programs, "{}", t.id);
        let identifiers: Vec<String> = e
            .identifiers
            .iter()
            .map(|i| {
                let country = i.country.as_ref().map_or(String::new(), |c| format!(" ({c})"));
                format!("{} {}{country}", i.kind.as_str(), i.value)
            })
            .collect();
        assert_eq!(identifiers, t.identifiers, "{}", t.id);
        assert_eq!(e.listed_on.map_or(String::new(), |d| d.to_string()), t.listed, "{}", t.id);
    }
}

fn load(path: &str, layout: Layout) -> Option<List> {
    let list = list::read(data(path)?).unwrap().lists.remove(0);
    let v = &list.version;
    assert_eq!(v.layout, layout);
    assert_eq!(v.records, v.entities + v.rejected, "every record is loaded or rejected: {v:?}");
    Some(list)
}

#[test]
fn ten_entities_of_ofac_xml() {
    let Some(list) = load("lists/ofac_consolidated/consolidated.xml", Layout::OfacXml) else { return };
    assert_eq!((list.version.declared, list.version.records), (Some(443), 443));
    let told = [
        Told {
            id: "9639",
            names: &["HANIYA, Ismail Abdul Salah", "HANIYA, Ismail", "HANIYYA, Ismaeel"],
            born: &["1962"],
            programs: &["NS-PLC"],
            ..TOLD
        },
        Told {
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
            ..TOLD
        },
        Told {
            id: "9641",
            names: &[
                "AL-SHANTI, Jamileh Abdullah",
                "EL-SHANTI, Jameela Abdallah",
                "AL SHANTEE, Jamila Abed Allah",
            ],
            born: &["1955"],
            programs: &["NS-PLC"],
            ..TOLD
        },
        Told {
            id: "15268",
            names: &[
                "BANK OF KUNLUN CO LTD",
                "<KARAMAY URBAN CREDIT COOPERATIVES",
                "<KARAMAY CITY COMMERCIAL BANK CO LTD.",
            ],
            countries: &["cn"],
            programs: &["561-Related"],
            identifiers: &["bic CKLBCNBJ"],
            ..TOLD
        },
        Told {
            id: "26182",
            names: &["KAYAKIRAN, Evren"],
            born: &["1980-02-08"],
            countries: &["tr"],
            programs: &["FSE-IR"],
            identifiers: &["passport U00242309 (tr)"],
            ..TOLD
        },
        Told {
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
            ..TOLD
        },
        Told {
            id: "33114",
            names: &["SENSETIME GROUP LIMITED", "SENSETIME GROUP LTD"],
            countries: &["cn"],
            programs: &["CMIC-EO13959"],
            identifiers: &["registration 2162198 (hk)"],
            ..TOLD
        },
        Told {
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
            ..TOLD
        },
        Told {
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
            identifiers: &[
                "registration 1057803105755 (ru)",
                "tax 7810327462 (ru)",
                "email lgnch@lgnch.spb.ru",
            ],
            ..TOLD
        },
        Told {
            id: "46072",
            names: &["MYANMA OIL AND GAS ENTERPRISE", "~MOGE", "~M.O.G.E."],
            born: &["1963"],
            countries: &["mm"],
            programs: &["BURMA-EO14014"],
            ..TOLD
        },
    ];
    check(&list, &told);
    let bank = list.entities.iter().find(|e| e.id == "15268").unwrap();
    assert_eq!(
        bank.addresses[1],
        "9 Dongzhimen North Street, Dongcheng District, (Head Office), Beijing, 100007, China"
    );
    let e = list.entities.iter().find(|e| e.id == "9647").unwrap();
    assert_eq!((e.gender, &e.birth_places[..]), (Some(Gender::Male), &["Gaza Strip".to_string()][..]));
    assert!(
        e.remarks.contains("(Linked To: HAMAS)")
            && e.remarks.contains("section 1(b) of Executive Order 13224")
    );
}

#[test]
fn ten_entities_of_ofac_delimited() {
    let Some(list) = load("lists/ofac", Layout::OfacDelimited) else { return };
    let told = [
        Told {
            id: "36",
            names: &["AEROCARIBBEAN AIRLINES", "AERO-CARIBBEAN"],
            countries: &["cu"],
            programs: &["CUBA"],
            ..TOLD
        },
        Told {
            id: "2674",
            names: &["ABBAS, Abu", "ZAYDAN, Muhammad"],
            born: &["1948-12-10"],
            programs: &["SDGT"],
            ..TOLD
        },
        Told {
            id: "25278",
            names: &["AYNAZ"],
            countries: &["ir"],
            programs: &["IRAN", "NPWMD", "IFSR"],
            identifiers: &["imo 9683570"],
            ..TOLD
        },
        Told {
            id: "40267",
            names: &["ARTAMONOV, Igor Georgiyevich", "ARTAMONOV, Igor Georgievich"],
            born: &["1967-03-14"],
            countries: &["ru"],
            programs: &["RUSSIA-EO14024"],
            identifiers: &["tax 262400998479 (ru)"],
            ..TOLD
        },
        Told {
            id: "7157",
            names: &["FARMACIA VIDA SUPREMA, S.A. DE C.V.", "FARMACIAS VIDA", "FARMACIA VIDA"],
            countries: &["mx"],
            programs: &["SDNTK"],
            identifiers: &["tax FVS-870610-LX3 (mx)"],
            ..TOLD
        },
        Told {
            id: "30629",
            names: &["KAVE COFFEE S.A.", "KAVE COFFEE S A"],
            countries: &["pa", "cu"],
            programs: &["CUBA"],
            identifiers: &["tax 22044-123-197519 (pa)"],
            ..TOLD
        },
        Told {
            id: "15432",
            names: &["EP-GOL"],
            programs: &["SDGT"],
            identifiers: &["aircraft-serial 8305", "aircraft-serial 1013409297"],
            ..TOLD
        },
        Told {
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
            ..TOLD
        },
        Told {
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
            ..TOLD
        },
        Told {
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
            ..TOLD
        },
    ];
    check(&list, &told);
}

#[test]
fn ten_entities_of_the_un() {
    let Some(list) = load("lists/un/consolidated.xml", Layout::UnXml) else { return };
    let told = [
        Told {
            id: "110899",
            names: &["FAZL MOHAMMAD MAZLOOM", "فضل محمد مظلوم", "Molah Fazl", "Fazel Mohammad Mazloom"],
            born: &["1963/1968"],
            countries: &["af"],
            programs: &["Taliban"],
            identifiers: &["un-reference TAi.023"],
            listed: "2001-02-23",
        },
        Told {
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
        Told {
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
        Told {
            id: "6908473",
            names: &["AQSA MAHMOOD", "~Umm Layth"],
            born: &["1994-05-11"],
            countries: &["gb"],
            programs: &["Al-Qaida"],
            identifiers: &["un-reference QDi.356", "passport 720134834 (gb)"],
            listed: "2015-09-28",
        },
        Told {
            id: "110941",
            names: &["EZATULLAH HAQQANI KHAN SAYYID", "عزت الله حقاني خان سيد", "<Ezatullah Haqqani"],
            born: &["circa 1956/1958"],
            countries: &["af"],
            programs: &["Taliban"],
            identifiers: &["un-reference TAi.064"],
            listed: "2001-02-23",
        },
        Told {
            id: "6907993",
            names: &["ERIC BADEGE"],
            born: &["1971"],
            countries: &["cd"],
            programs: &["DRC"],
            identifiers: &["un-reference CDi.001"],
            listed: "2012-12-31",
        },
        Told {
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
            ..TOLD
        },
        Told {
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
            ..TOLD
        },
        Told {
            id: "2786469",
            names: &["ALY SOLIMAN MASSOUD ABDUL SAYED", "~Adam", "Ibn El Qaim", "Mohamed Osman"],
            born: &["1969"],
            countries: &["ly"],
            programs: &["Al-Qaida"],
            identifiers: &["un-reference QDi.229", "passport 96/184442 (ly)"],
            listed: "2007-06-08",
        },
        Told {
            id: "6908911",
            names: &["JIMMY CHERIZIER", "~BARBEQUE"],
            born: &["1977-03-30"],
            countries: &["ht"],
            programs: &["Haiti"],
            identifiers: &["un-reference HTi.001", "national-id 001-843-989-7"],
            listed: "2022-10-21",
        },
    ];
    check(&list, &told);
    let e = list.entities.iter().find(|e| e.id == "6908473").unwrap();
    assert_eq!(e.gender, Some(Gender::Female));
    assert_eq!(e.birth_places, ["Glasgow, Scotland, United Kingdom of Great Britain and Northern Ireland"]);
    assert_eq!(e.addresses[0], "Syrian Arab Republic, as at Nov. 2013");
}

/// The samples of the layouts, each with its number of entities, and the layout that it is told to be.
fn samples() -> [(&'static str, &'static [u8], Layout, usize); 9] {
    [
        ("ofac.xml", include_bytes!("../samples/ofac.xml"), Layout::OfacXml, 2),
        ("ofac_advanced.xml", include_bytes!("../samples/ofac_advanced.xml"), Layout::OfacAdvanced, 3),
        ("eu.xml", include_bytes!("../samples/eu.xml"), Layout::EuXml, 2),
        ("uk.xml", include_bytes!("../samples/uk.xml"), Layout::UkXml, 2),
        ("un.xml", include_bytes!("../samples/un.xml"), Layout::UnXml, 2),
        ("eu.csv", include_bytes!("../samples/eu.csv"), Layout::EuCsv, 2),
        ("uk.csv", include_bytes!("../samples/uk.csv"), Layout::UkCsv, 3),
        ("sdn.csv", include_bytes!("../samples/sdn.csv"), Layout::OfacDelimited, 3),
        ("cons_prim.csv", include_bytes!("../samples/cons_prim.csv"), Layout::OfacDelimited, 2),
    ]
}

#[test]
fn layouts_are_told_by_their_content() {
    for (name, bytes, layout, entities) in samples() {
        let list = list::from_bytes("anything", bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!((list.version.layout, list.entities.len()), (layout, entities), "{name}");
        assert!(list.rejected.iter().all(|r| r.position.line.is_some()), "{name}");
    }
}

#[test]
fn a_list_cut_anywhere_is_never_silently_shorter() {
    for (name, bytes, _, entities) in samples() {
        let whole = list::from_bytes(name, bytes).unwrap();
        let end = bytes.iter().rposition(|b| !b.is_ascii_whitespace() && *b != 0x1a).unwrap() + 1;
        // Of the long samples every seventh place, unless all are asked for.
        let all = bytes.len() < 4_000 || std::env::var_os("INTERDICT_ALL_CUTS").is_some();
        for cut in (0..end).step_by(if all { 1 } else { 7 }) {
            match list::from_bytes(name, &bytes[..cut]) {
                Err(e) => {
                    let told = e.position().line.is_some() || cut < bytes.len() / 2;
                    assert!(told, "{name} cut at {cut}: {e}");
                }
                // A table has no end of its own: cut between two rows it is another table. Cut within a row, the
                // row is rejected, or has lost nothing but the end of its last field.
                Ok(list) if name.ends_with(".csv") => {
                    let rows = |upto: usize| bytes[..upto].iter().filter(|b| **b == b'\n').count();
                    let between = bytes[cut - 1] == b'\n' || matches!(bytes[cut], b'\r' | b'\n');
                    let last_field = bytes[cut..].iter().position(|b| *b == b'\n').is_some_and(|n| {
                        let rest = &bytes[cut..cut + n];
                        !rest.contains(&b',') && !rest.contains(&b';')
                    });
                    assert!(
                        between
                            || last_field
                            || list.rejected.iter().any(|r| r.position.line == Some(rows(cut) as u64 + 1)),
                        "{name} cut at {cut}: {:?}",
                        list.rejected
                    );
                }
                Ok(list) => panic!("{name} cut at {cut} of {end}: {} of {entities}", list.entities.len()),
            }
        }
        assert_eq!(whole.entities.len(), entities);
    }
}

#[test]
fn entities_of_xml_are_not_expanded() {
    for root in ["sdnList", "Sanctions", "export", "Designations", "CONSOLIDATED_LIST"] {
        let mut bomb = format!("<?xml version=\"1.0\"?>\n<!DOCTYPE {root} [\n<!ENTITY a \"ha\">\n");
        for (i, c) in ('b'..='l').enumerate() {
            let before = (b'a' + i as u8) as char;
            bomb += &format!("<!ENTITY {c} \"{}\">\n", format!("&{before};").repeat(10));
        }
        bomb += &format!("]>\n<{root}>&l;</{root}>");
        let e = list::from_bytes("bomb", bomb.as_bytes()).unwrap_err();
        assert!(e.to_string().contains("line 2") && e.to_string().contains("document type"), "{root}: {e}");
        let external = format!("<!DOCTYPE {root} SYSTEM \"file:///etc/passwd\"><{root}/>");
        assert!(list::from_bytes("external", external.as_bytes()).is_err());
        let undeclared = format!("<{root}>\n&l;</{root}>");
        let e = list::from_bytes("undeclared", undeclared.as_bytes()).unwrap_err();
        assert!(e.position().line == Some(2), "{root}: {e}");
    }
}

#[test]
fn bytes_that_are_no_utf8_are_errors_or_rejected_in_their_place() {
    for (name, bytes, ..) in samples() {
        let whole = list::from_bytes(name, bytes).unwrap();
        // Within the text of the last record.
        let at = bytes.iter().rposition(u8::is_ascii_uppercase).unwrap();
        let mut broken = bytes.to_vec();
        broken[at] = 0xff;
        match list::from_bytes(name, &broken) {
            Err(e) => assert!(e.position().line.is_some(), "{name}: {e}"),
            Ok(list) => {
                assert!(
                    list.rejected.len() >= whole.rejected.len()
                        && list.version.records <= whole.version.records
                );
                assert!(list.rejected.iter().any(|r| r.reason.contains("UTF-8")), "{name}");
            }
        }
    }
}

/// Bytes that are made while they are read, so that a file of any size needs no memory of its own.
fn write_repeated(head: &str, body: &str, times: usize, tail: &str) -> tempfile::NamedTempFile {
    use std::io::Write;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    {
        let mut out = std::io::BufWriter::new(file.as_file_mut());
        out.write_all(head.as_bytes()).unwrap();
        for _ in 0..times {
            out.write_all(body.as_bytes()).unwrap();
        }
        out.write_all(tail.as_bytes()).unwrap();
        out.flush().unwrap();
    }
    file
}

#[test]
fn no_text_and_no_row_is_held_whole() {
    // 16 MB by default: four times what a record may have. INTERDICT_HOSTILE_MB scales it up.
    let mb: usize = std::env::var("INTERDICT_HOSTILE_MB").ok().and_then(|n| n.parse().ok()).unwrap_or(16);
    let kilobyte = "x".repeat(1024);
    for (head, body, tail) in [
        (
            "<sdnList>\n<sdnEntry><uid>1</uid><lastName>",
            kilobyte.as_str(),
            "</lastName></sdnEntry></sdnList>",
        ),
        ("<sdnList>\n<!--", kilobyte.as_str(), "--></sdnList>"),
        ("<sdnList>\n<sdnEntry a=\"", kilobyte.as_str(), "\"/></sdnList>"),
        ("<sdnList>\n<![CDATA[", kilobyte.as_str(), "]]></sdnList>"),
        ("<sdnList>\n<", kilobyte.as_str(), "/></sdnList>"),
        ("<export>\n<sanctionEntity>", &"<nameAlias/>".repeat(86), "</sanctionEntity></export>"),
        ("name,country\n", &",".repeat(1024), "\n"),
        ("name,country\n\"", kilobyte.as_str(), "\"\n"),
        ("Report Date: 23-Sep-2030\nUnique ID,Name 6,Name 1\n", &",".repeat(1024), "\n"),
    ] {
        let file = write_repeated(head, body, mb << 10, tail);
        let begin = Instant::now();
        let e = list::read(file.path()).unwrap_err();
        assert!(e.to_string().contains("more than 4 MB"), "{head}: {e}");
        assert!(e.position().line.is_some_and(|l| l >= 2), "{head}: {e}");
        assert!(begin.elapsed() < Duration::from_secs(20), "{head}: {:?}", begin.elapsed());
    }
}

#[test]
fn a_table_of_ten_million_columns_is_refused_at_once() {
    let file = write_repeated("name,", "c,", 10_000_000, "\nA\n");
    let begin = Instant::now();
    let e = list::read(file.path()).unwrap_err();
    assert!(e.to_string().contains("line 1") && e.to_string().contains("more than 4 MB"), "{e}");
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
}

#[test]
fn junk_between_records_is_streamed() {
    let mb: usize = std::env::var("INTERDICT_HOSTILE_MB").ok().and_then(|n| n.parse().ok()).unwrap_or(16);
    let junk = format!("<!-- {} -->{}\n<other>{}</other>", "y".repeat(400), " ".repeat(200), "z".repeat(400));
    let head = "<sdnList><sdnEntry><uid>1</uid><lastName>A</lastName></sdnEntry>";
    let tail = "<sdnEntry><uid>2</uid><lastName>B</lastName></sdnEntry></sdnList>";
    let file = write_repeated(head, &junk, mb << 10, tail);
    let list = list::read(file.path()).unwrap().lists.remove(0);
    assert_eq!((list.entities.len(), list.version.records), (2, 2));
}

fn gzip(bytes: impl std::io::Read) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = std::io::BufReader::new(bytes);
    std::io::copy(&mut bytes, &mut flate2::write::GzEncoder::new(&mut out, flate2::Compression::best()))
        .unwrap();
    out
}

#[test]
fn compressed_lists_are_read_as_what_they_hold() {
    let (name, bytes, layout, entities) = samples()[1];
    let packed = gzip(bytes);
    let list = list::from_bytes(name, &packed).unwrap();
    assert_eq!((list.version.layout, list.entities.len()), (layout, entities));
    let plain = list::from_bytes(name, bytes).unwrap();
    assert_ne!(list.version.sha256, plain.version.sha256, "the digest is that of the file as published");
    for cut in (3..packed.len()).step_by(7) {
        let e = list::from_bytes(name, &packed[..cut]).unwrap_err();
        assert!(e.to_string().contains("damaged or was cut off"), "{cut}: {e}");
    }
    use std::io::Read;
    let head = &b"<sdnList><sdnEntry><uid>1</uid><lastName>A</lastName></sdnEntry>"[..];
    let bomb = gzip(head.chain(std::io::repeat(b' ').take(64 << 20)));
    assert!(bomb.len() < 100_000, "64 MB in {} bytes", bomb.len());
    let e = list::from_bytes("bomb", &bomb).unwrap_err();
    assert!(e.to_string().contains("more than"), "{e}");
    let lines = "<!-- junk -->\n".repeat(1 << 10);
    let mut junk = String::from_utf8(head.to_vec()).unwrap();
    (0..4 << 10).for_each(|_| junk += &lines);
    let bomb = gzip(junk.as_bytes());
    let e = list::from_bytes("bomb", &bomb).unwrap_err();
    assert!(e.to_string().contains("more than 200 times its size"), "{e}");
}
