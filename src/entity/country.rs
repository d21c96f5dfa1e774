use super::split_values;
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// The ISO 3166-1 alpha-2 code, in lower case, of a country given by its code (two or three letters), its
/// English name in the spellings of the lists, or its demonym. `None` if the text is not a known country.
///
/// ```
/// use interdict::entity::country_code;
/// assert_eq!(country_code("Iran"), Some("ir"));
/// assert_eq!(country_code("KOR"), Some("kr"));
/// assert_eq!(country_code("Korea, North"), Some("kp"));
/// assert_eq!(country_code("Iranian"), Some("ir"));
/// assert_eq!(country_code("Atlantis"), None);
/// ```
pub fn country_code(text: &str) -> Option<&'static str> {
    look_up_lowercase(text, |text| names().get(text).or_else(|| demonyms().get(text)).copied())
}

/// As [`country_code`], by codes and names alone. Ids derived from the content use it, so that they do not
/// change when a demonym is added.
pub(crate) fn country_named(text: &str) -> Option<&'static str> {
    look_up_lowercase(text, |text| names().get(text).copied())
}

/// Looks up a text, trimmed and in lower case.
fn look_up_lowercase<T>(text: &str, look_up: impl Fn(&str) -> Option<T>) -> Option<T> {
    let text = text.trim();
    // Most look-ups are one for each row of a table, with a short text: no allocation for those.
    let mut small = [0; 32];
    if text.is_ascii()
        && let Some(small) = small.get_mut(..text.len())
    {
        small.copy_from_slice(text.as_bytes());
        small.make_ascii_lowercase();
        return look_up(std::str::from_utf8(small).unwrap_or(""));
    }
    look_up(&text.to_lowercase())
}

/// Separators of countries, the strongest first.
const SEPARATORS: [&str; 5] = ["\n", "/", ",", " and ", " or "];

/// Words of doubt before a country.
const DOUBT_WORDS: [&str; 3] = ["possibly", "probably", "reportedly"];

/// Whether a text may be more than a single country: it has a separator, a bracket or a word of doubt. A quick test
/// without a look-up, as most texts are single countries.
#[cfg(any(feature = "batch", test))]
pub(crate) fn is_compound(text: &str) -> bool {
    let is_mark = |b: u8| matches!(b, b'/' | b',' | b'(' | b'\n');
    let is_word =
        |w: &str| matches!(w, "and" | "or") || DOUBT_WORDS.iter().any(|d| w.eq_ignore_ascii_case(d));
    text.bytes().any(is_mark) || text.split(' ').any(is_word)
}

/// The countries of a text as pairs: the country, and the part of the text with its qualification. The
/// separators are `/`, `,`, line ends, "and" and "or". A text with a part that is not a country is returned
/// whole.
///
/// ```
/// use interdict::entity::countries_in;
/// assert_eq!(countries_in("Russian/Ukrainian"), [("Russian", "Russian"), ("Ukrainian", "Ukrainian")]);
/// assert_eq!(countries_in("Iranian (since 1999)"), [("Iranian", "Iranian (since 1999)")]);
/// assert_eq!(countries_in("Korea, North"), [("Korea, North", "Korea, North")]);
/// assert_eq!(countries_in("Korea, Middle"), [("Korea, Middle", "Korea, Middle")]);
/// ```
pub fn countries_in(text: &str) -> Vec<(&str, &str)> {
    let text = text.trim();
    let country = |t| {
        let bare: &str = unqualified(t);
        let single = bare.len() < t.len() && !SEPARATORS.iter().any(|s| bare.contains(s));
        (single || country_code(bare).is_some()).then_some((bare, t))
    };
    split_values(text, &SEPARATORS, &country).unwrap_or_else(|| vec![(text, text)])
}

/// A country without a bracket after it or a word of doubt before it.
fn unqualified(country: &str) -> &str {
    let known = |t: &str| country_code(t).is_some();
    if known(country) {
        return country;
    }
    let bracket =
        country.split_once('(').filter(|(_, inner)| inner.find(')').is_none_or(|at| at + 1 == inner.len()));
    let bare = bracket.map_or(country, |(head, _)| head.trim());
    let sure = DOUBT_WORDS.into_iter().find_map(|word| {
        let (head, rest) = bare.split_at_checked(word.len())?;
        (head.eq_ignore_ascii_case(word) && rest.starts_with(' ') && known(rest)).then_some(rest.trim())
    });
    sure.unwrap_or(bare)
}

/// Short and former names that the table of ISO 3166 lacks.
const SPELLINGS: &[(&str, &str)] = &[
    ("russia", "ru"),
    ("iran", "ir"),
    ("syria", "sy"),
    ("north korea", "kp"),
    ("korea, north", "kp"),
    ("dprk", "kp"),
    ("democratic people's republic of korea", "kp"),
    ("south korea", "kr"),
    ("korea, south", "kr"),
    ("republic of korea", "kr"),
    ("burma", "mm"),
    ("venezuela", "ve"),
    ("bolivia", "bo"),
    ("tanzania", "tz"),
    ("moldova", "md"),
    ("laos", "la"),
    ("vietnam", "vn"),
    ("brunei", "bn"),
    ("taiwan", "tw"),
    ("turkey", "tr"),
    ("turkiye", "tr"),
    ("czech republic", "cz"),
    ("ivory coast", "ci"),
    ("cote d'ivoire", "ci"),
    ("cape verde", "cv"),
    ("swaziland", "sz"),
    ("macedonia", "mk"),
    ("north macedonia, the republic of", "mk"),
    ("united states", "us"),
    ("usa", "us"),
    ("u.s.a.", "us"),
    ("united kingdom", "gb"),
    ("uk", "gb"),
    ("great britain", "gb"),
    ("england", "gb"),
    ("congo, democratic republic of the", "cd"),
    ("democratic republic of the congo", "cd"),
    ("dr congo", "cd"),
    ("drc", "cd"),
    ("congo", "cg"),
    ("congo, republic of the", "cg"),
    ("west bank", "ps"),
    ("palestinian", "ps"),
    ("palestine", "ps"),
    ("region: gaza", "ps"),
    ("gaza", "ps"),
    ("state of palestine", "ps"),
    ("the gambia", "gm"),
    ("the bahamas", "bs"),
    ("bahamas, the", "bs"),
    ("gambia, the", "gm"),
    ("holland", "nl"),
    ("uae", "ae"),
    ("u.a.e.", "ae"),
    ("hong kong", "hk"),
    ("macau", "mo"),
    ("kosovo", "xk"),
    ("xk", "xk"),
    ("micronesia", "fm"),
    ("east timor", "tl"),
    ("vatican city", "va"),
    ("region: crimea", "ua"),
    ("netherlands antilles", "an"),
    ("reunion", "re"),
    ("saint martin", "mf"),
    ("virgin islands, british", "vg"),
    ("british virgin islands", "vg"),
    ("netherlands", "nl"),
    ("the netherlands", "nl"),
    ("people's republic of china", "cn"),
];

type Table = FxHashMap<String, &'static str>;

fn names() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table::default();
        for country in rust_iso3166::ALL {
            // Leaked once for each country, as the table lives as long as the program.
            let code: &'static str = Box::leak(country.alpha2.to_lowercase().into_boxed_str());
            table.insert(code.to_string(), code);
            table.insert(country.alpha3.to_lowercase(), code);
            let name = country.name.to_lowercase();
            if let Some((short, _)) = name.split_once(" (") {
                table.entry(short.to_string()).or_insert(code);
            }
            table.insert(name, code);
        }
        for &(name, code) in SPELLINGS {
            table.insert(name.to_string(), code);
        }
        table
    })
}

/// Demonyms, and inverted names of countries.
fn demonyms() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| demonym_rows().map(|(code, word)| (word.to_string(), code)).collect())
}

fn demonym_rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    let rows = include_str!("country_words.tsv").lines().filter_map(|line| line.split_once('\t'));
    rows.flat_map(|(code, words)| words.split(';').map(move |word| (code, word.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_with_a_separator_or_a_doubt_is_compound() {
        for text in ["Russian/Ukrainian", "Iran, Syria", "A and B", "Iran (x)", "Possibly Iran", "ir\nsy"] {
            assert!(is_compound(text), "{text}");
        }
        for text in ["Iran", "KOR", "South Korea", "Andorra", "Ecuador", "possiblyiran", ""] {
            assert!(!is_compound(text), "{text}");
        }
    }

    #[test]
    fn demonyms_are_read_as_countries() {
        for (text, code) in [
            ("Iranian", "ir"),
            ("RUSSIAN", "ru"),
            ("South Korean", "kr"),
            ("Burkinabé", "bf"),
            ("Saudi Arabian", "sa"),
            ("palestinian", "ps"),
            ("Moldova, Republic of", "md"),
        ] {
            assert_eq!(country_code(text), Some(code), "{text}");
        }
        for text in ["Korean", "Martian", ""] {
            assert_eq!(country_code(text), None, "{text}");
        }
        let mut seen = std::collections::HashSet::new();
        for (code, word) in demonym_rows() {
            assert_eq!(country_named(code), Some(code), "a code of ISO 3166: {code}");
            assert!(country_named(word).is_none(), "no country's name: {word}");
            assert_eq!(country_code(word), Some(code), "{word}");
            assert!(word == word.to_lowercase() && seen.insert(word), "once, in small letters: {word}");
        }
    }
}
