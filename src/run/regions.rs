//! Regions under embargo that are no countries: what tables write where a country should be.
//!
//! A region tells more than its country, and is no country: it is told as evidence of its own, whatever the country beside
//! it is, and compared with nothing.
//!
//! Limits: the regions are those of ISO 3166-2:UA for which the United States and the European Union have measures by
//! territory, and their names are by the knowledge of the author. Places that a bank holds besides are for payment messages
//! (`[embargo]` in the configuration).

use crate::entity::folded;

/// A region: its code of ISO 3166-2, and its names as tables write them.
const REGIONS: [(&str, &[&str]); 6] = [
    (
        "UA-43",
        &[
            "Crimea",
            "Republic of Crimea",
            "Autonomous Republic of Crimea",
            "Crimea Region",
            "Krim",
            "Krym",
            "Crimée",
            "Krym Republic",
            "Крым",
            "Республика Крым",
            "Крим",
            "Автономна Республіка Крим",
            "克里米亚",
            "القرم",
        ],
    ),
    (
        "UA-40",
        &["Sevastopol", "Sewastopol", "Sébastopol", "Sevastopol City", "Севастополь", "г. Севастополь"],
    ),
    (
        "UA-14",
        &[
            "Donetsk",
            "Donetsk Region",
            "Donetsk Oblast",
            "Donetska Oblast",
            "Donezk",
            "DNR",
            "DPR",
            "Donetsk People's Republic",
            "Донецк",
            "Донецкая область",
            "Донецкая Народная Республика",
            "ДНР",
            "Донецьк",
            "Донецька область",
        ],
    ),
    (
        "UA-09",
        &[
            "Luhansk",
            "Lugansk",
            "Luhansk Region",
            "Luhansk Oblast",
            "Lugansk Oblast",
            "Luhanska Oblast",
            "LNR",
            "LPR",
            "Luhansk People's Republic",
            "Lugansk People's Republic",
            "Луганск",
            "Луганская область",
            "Луганская Народная Республика",
            "ЛНР",
            "Луганськ",
            "Луганська область",
        ],
    ),
    (
        "UA-65",
        &[
            "Kherson",
            "Kherson Region",
            "Kherson Oblast",
            "Cherson",
            "Херсон",
            "Херсонская область",
            "Херсонська область",
        ],
    ),
    (
        "UA-23",
        &[
            "Zaporizhzhia",
            "Zaporizhzhya",
            "Zaporozhye",
            "Zaporizhzhia Region",
            "Zaporizhzhia Oblast",
            "Saporischschja",
            "Запорожье",
            "Запорожская область",
            "Запоріжжя",
            "Запорізька область",
        ],
    ),
];

/// The longest cell in which a region is looked for, in bytes.
const MAX_CELL: usize = 200;

/// The code of a region that a cell for a country names, alone or beside its country: "Crimea", "Ukraine (Crimea)".
pub(super) fn region_in(cell: &str) -> Option<&'static str> {
    if cell.len() > MAX_CELL {
        return None;
    }
    let parts = cell.split(|c: char| ",;/()[]|-–".contains(c)).chain([cell]);
    let keys: Vec<String> = parts.map(folded).filter(|key| !key.is_empty()).collect();
    let named = |names: &[&str]| names.iter().any(|name| keys.contains(&folded(name)));
    REGIONS.iter().find(|(code, names)| named(names) || keys.contains(&folded(code))).map(|(code, _)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_told_alone_and_beside_a_country() {
        for (cell, code) in [
            ("Crimea", Some("UA-43")),
            ("KRIM", Some("UA-43")),
            ("Ukraine (Crimea)", Some("UA-43")),
            ("Crimea, Russia", Some("UA-43")),
            ("UA-43", Some("UA-43")),
            ("Донецкая область", Some("UA-14")),
            ("Luhansk People's Republic", Some("UA-09")),
            ("Ukraine", None),
            ("Russia", None),
            ("Crimean Tatar", None),
            ("", None),
        ] {
            assert_eq!(region_in(cell), code, "{cell}");
        }
    }

    #[test]
    fn no_region_has_the_name_of_a_country() {
        for name in REGIONS.iter().flat_map(|(_, names)| *names) {
            assert_eq!(crate::entity::country_of_cell(name), None, "{name}");
        }
    }
}
