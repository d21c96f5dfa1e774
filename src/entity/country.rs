use super::folding::folded;
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

/// As [`country_code`], and also by the three digits of ISO 3166-1, by official names ("Republic of Kenya", "Korea,
/// Republic of") and by the names of the Common Locale Data Repository in the languages of country_names.tsv: for
/// cells of tables, which hold a country and nothing else. Case, accents and punctuation do not count.
///
/// Cost: for a text that is no code and no English name, a table of some thousand names is made once.
///
/// ```
/// use interdict::entity::country_of_cell;
/// for text in ["643", "Russland", "РОССИЯ", "俄罗斯", "Russian Federation, The"] {
///     assert_eq!(country_of_cell(text), Some("ru"), "{text}");
/// }
/// assert_eq!(country_of_cell("Narnia"), None);
/// ```
pub fn country_of_cell(text: &str) -> Option<&'static str> {
    country_code(text).or_else(|| {
        let text = text.trim();
        match text.as_bytes() {
            _ if ["n/a", "n.a."].iter().any(|none| text.eq_ignore_ascii_case(none)) => None,
            // A longer text names no country.
            bytes if bytes.len() > MAX_CELL => None,
            // With fewer digits it may be a dialling code.
            [a, b, c] if [a, b, c].iter().all(|d| d.is_ascii_digit()) => numeric_code(text),
            _ => {
                let folded = folded(text);
                localized().get(&folded).copied().or_else(|| official(text))
            }
        }
    })
}

/// The longest text that may name a country, in bytes.
const MAX_CELL: usize = 200;

fn numeric_code(digits: &str) -> Option<&'static str> {
    let country = rust_iso3166::ALL.iter().find(|c| digits.parse() == Ok(c.numeric))?;
    names().get(&country.alpha2.to_lowercase()).copied()
}

/// The names of country_names.tsv, and all others in folded form.
fn localized() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let rows = include_str!("country_names.tsv").lines().filter_map(|line| line.split_once('\t'));
        let cells = rows.flat_map(|(code, words)| words.split(';').map(move |word| (code, word)));
        let mut table: Table = cells.map(|(code, word)| (folded(word), code)).collect();
        // What was read before goes first.
        let known = demonyms().iter().chain(names());
        table.extend(known.map(|(name, code)| (folded(name), *code)));
        table.extend(OFFICIAL.iter().map(|(name, code)| (folded(name), *code)));
        table
    })
}

/// Names of states that the rules of [`official`] do not reach or would read wrongly. By ISO 3166-1's full names; the
/// two Koreas and Chinas, whose names differ in the form of state alone.
const OFFICIAL: &[(&str, &str)] = &[
    ("republic of korea", "kr"),
    ("korea (the republic of)", "kr"),
    ("korea republic of", "kr"),
    ("korea, rep. of", "kr"),
    ("korea, rep.", "kr"),
    ("korea democratic people's republic of", "kp"),
    ("korea (the democratic people's republic of)", "kp"),
    ("korea, dem. people's rep.", "kp"),
    ("democratic people's republic of korea", "kp"),
    ("republic of china", "tw"),
    ("people's republic of china", "cn"),
    ("mainland china", "cn"),
    ("p.r. china", "cn"),
    ("pr china", "cn"),
    ("prc", "cn"),
    ("china, pr", "cn"),
    ("hong kong, china", "hk"),
    ("macao, china", "mo"),
    ("macau, china", "mo"),
    ("taiwan, china", "tw"),
    ("taiwan, province of china", "tw"),
    ("taiwan, r.o.c.", "tw"),
    ("congo, the democratic republic of the", "cd"),
    ("congo, dem. rep.", "cd"),
    ("republic of the congo", "cg"),
    ("congo, rep.", "cg"),
    ("hong kong sar", "hk"),
    ("hong kong s.a.r.", "hk"),
    ("macao sar", "mo"),
    ("macau sar", "mo"),
    ("hellenic republic", "gr"),
    ("swiss confederation", "ch"),
    ("united mexican states", "mx"),
    ("gabonese republic", "ga"),
    ("kyrgyz republic", "kg"),
    ("slovak republic", "sk"),
    ("rwandese republic", "rw"),
    ("togolese republic", "tg"),
    ("oriental republic of uruguay", "uy"),
    ("independent state of papua new guinea", "pg"),
    ("independent state of samoa", "ws"),
    ("virgin islands, u.s.", "vi"),
    ("us virgin islands", "vi"),
    ("u.s.", "us"),
];

/// Words of the form of a state.
const FORMS: [&str; 42] = [
    "the",
    "of",
    "republic",
    "rep",
    "kingdom",
    "state",
    "states",
    "federal",
    "federation",
    "federated",
    "federative",
    "democratic",
    "dem",
    "people",
    "peoples",
    "s",
    "islamic",
    "arab",
    "socialist",
    "commonwealth",
    "principality",
    "grand",
    "duchy",
    "union",
    "sultanate",
    "bolivarian",
    "plurinational",
    "hashemite",
    "united",
    "independent",
    "cooperative",
    "co",
    "operative",
    "emirate",
    "confederation",
    "special",
    "administrative",
    "region",
    "sovereign",
    "former",
    "and",
    "sar",
];

/// The country of an official name: the words of the form of state before "of", or behind a comma, or around a
/// demonym, are left out. Georgia is a state of the United States too.
fn official(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase().replace(['’', '\''], " ");
    let is_form = |words: &str| {
        words.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).all(|w| FORMS.contains(&w))
    };
    let look_up = |rest: &str| {
        let rest = rest.trim();
        let rest = rest.strip_prefix("the ").unwrap_or(rest);
        localized().get(&folded(rest)).copied().filter(|code| !matches!(*code, "kr" | "kp" | "cg" | "cd"))
    };
    let is_us_state = |words: &str, rest: &str| words.contains("state") && rest.contains("georgia");
    if let Some((name, form)) = lower.split_once(',')
        && is_form(form)
    {
        return look_up(name).filter(|_| !is_us_state(form, name));
    }
    if let Some((form, name)) = lower.split_once(" of ")
        && is_form(form)
    {
        return look_up(name).filter(|_| !is_us_state(form, name));
    }
    // "French Republic", "Russian Federation", "the Netherlands".
    let mut words: Vec<&str> = lower.split_whitespace().collect();
    let all = words.len();
    while words.len() > 1 && words.last().is_some_and(|w| FORMS.contains(w)) {
        words.pop();
    }
    let from = words.iter().take_while(|w| **w == "the").count();
    let rest = words.get(from..)?;
    if rest.is_empty() || (rest.len() == all && from == 0) {
        return None;
    }
    look_up(&rest.join(" ")).filter(|_| !is_us_state(&lower, &lower))
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
    split_countries(text, country_code)
}

/// As [`countries_in`], of a cell of a table: with the countries that [`country_of_cell`] knows.
#[cfg(feature = "batch")]
pub(crate) fn countries_in_cell(text: &str) -> Vec<(&str, &str)> {
    split_countries(text, country_of_cell)
}

fn split_countries(text: &str, look_up: fn(&str) -> Option<&'static str>) -> Vec<(&str, &str)> {
    let text = text.trim();
    let country = |t| {
        let bare: &str = unqualified(t, look_up);
        let single = bare.len() < t.len() && !SEPARATORS.iter().any(|s| bare.contains(s));
        (single || look_up(bare).is_some()).then_some((bare, t))
    };
    split_values(text, &SEPARATORS, &country).unwrap_or_else(|| vec![(text, text)])
}

/// A country without a bracket after it or a word of doubt before it.
fn unqualified(country: &str, look_up: fn(&str) -> Option<&'static str>) -> &str {
    let known = |t: &str| look_up(t).is_some();
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
            // There are two of Korea.
            if let Some((short, _)) = name.split_once(" (").filter(|(short, _)| *short != "korea") {
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
    fn cells_hold_countries_in_many_forms() {
        for (text, code) in [
            ("Korea, Republic of", "kr"),
            ("Korea (the Republic of)", "kr"),
            ("Korea (South)", "kr"),
            ("Hong Kong, China", "hk"),
            ("Korea (the Democratic People's Republic of)", "kp"),
            ("Iran, Islamic Republic of", "ir"),
            ("Iran (Islamic Republic of)", "ir"),
            ("Islamic Republic of Iran", "ir"),
            ("Hong Kong SAR", "hk"),
            ("Hong Kong SAR China", "hk"),
            ("U.S.", "us"),
            ("U.S.A.", "us"),
            ("408", "kp"),
            ("004", "af"),
            ("Republic of Kenya", "ke"),
            ("The Republic of the Sudan", "sd"),
            ("French Republic", "fr"),
            ("Italian Republic", "it"),
            ("Democratic Socialist Republic of Sri Lanka", "lk"),
            ("Bolivia, Plurinational State of", "bo"),
            ("Palestine, State of", "ps"),
            ("Lao People's Democratic Republic", "la"),
            ("Republic of China", "tw"),
            ("People’s Republic of China", "cn"),
            ("Republic of the Congo", "cg"),
            ("Bosnia & Herzegovina", "ba"),
            ("St. Lucia", "lc"),
            ("COTE D IVOIRE", "ci"),
            ("Belarus", "by"),
            ("États-Unis", "us"),
            ("etats unis", "us"),
            ("Corea del Norte", "kp"),
            ("Rusya", "ru"),
            ("Соединенные Штаты", "us"),
            ("المملكة العربية السعودية", "sa"),
            ("伊朗", "ir"),
            ("イラン", "ir"),
            ("이란", "ir"),
            ("Österreich", "at"),
        ] {
            assert_eq!(country_of_cell(text), Some(code), "{text}");
        }
        let long = "Republic of ".repeat(1000);
        for text in [
            "Narnia",
            "7",
            "44",
            "999",
            "Georgia State",
            "State of Georgia",
            "Republic",
            "the",
            "",
            "Korea",
            &long,
        ] {
            assert_eq!(country_of_cell(text), None, "{text}");
        }
        assert_eq!(country_of_cell("Georgia"), Some("ge"));
    }

    #[test]
    fn names_in_other_languages_are_of_one_country_each() {
        let rows = include_str!("country_names.tsv").lines().filter(|l| !l.starts_with('#'));
        let mut seen = std::collections::HashMap::new();
        for (code, words) in rows.filter_map(|line| line.split_once('\t')) {
            for word in words.split(';').filter(|w| !w.is_empty()) {
                let before = seen.insert(folded(word), code);
                assert!(before.is_none_or(|before| before == code), "{word}: {before:?} and {code}");
            }
        }
        assert!(seen.len() > 3000);
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
