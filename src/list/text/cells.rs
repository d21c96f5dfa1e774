//! Cells of free text that hold several names, dates, places or countries, as publishers write them for
//! people.

use crate::entity::{Date, Entity, IdentifierKind, Schema, add_once, countries_in, split_values};
use crate::name::{Tag, analyse};

/// Words before a name that state its language: "Russian: …".
const LANGUAGES: [&str; 12] = [
    "arabic",
    "belarusian",
    "burmese",
    "chinese",
    "english",
    "farsi",
    "french",
    "korean",
    "persian",
    "russian",
    "spanish",
    "ukrainian",
];

/// The names of a cell, which are separated by line ends, semicolons, bars, slashes between blanks, or
/// commas: see [`split_at_commas`].
pub(crate) fn split_names(cell: &str) -> Vec<String> {
    let mut names = Vec::new();
    for line in cell.split([';', '\n', '|']).flat_map(|l| l.split(" / ")) {
        for piece in split_at_commas(line) {
            let piece = match piece.split_once(':') {
                Some((head, rest)) if LANGUAGES.contains(&head.trim().to_lowercase().as_str()) => rest.trim(),
                _ => piece,
            };
            let piece =
                ["a.k.a. ", "aka ", "or "].iter().find_map(|p| piece.strip_prefix(p)).unwrap_or(piece);
            names.extend(split_scripts(piece).into_iter().filter(|n| !n.is_empty()).map(str::to_string));
        }
    }
    names
}

/// The names of a line.
///
/// Commas separate names if every piece has at least two words: "Sergei, Serhii SHERBAKOV" and
/// "Sample Co., Ltd" stay whole. A comma at which the script changes always separates names, as nobody writes
/// one name in two scripts. In such a line the pieces of one script are names of their own if one of them has
/// three words; except that a piece after a single word may be the given names that belong to that family
/// name.
fn split_at_commas(line: &str) -> Vec<&str> {
    let words = |p: &&str| p.split_whitespace().count();
    let pieces: Vec<&str> = line.split(',').map(str::trim).filter(|p| !p.is_empty()).collect();
    if pieces.len() > 1 && pieces.iter().all(|p| words(p) > 1) {
        return pieces;
    }
    let same_script = |a: &&str, b: &&str| is_latin(a).zip(is_latin(b)).is_none_or(|(a, b)| a == b);
    let scripts: Vec<&[&str]> = pieces.chunk_by(same_script).collect();
    if scripts.len() < 2 {
        return vec![line.trim()];
    }
    let mut names: Vec<&str> = Vec::new();
    for pieces in scripts {
        let are_names = pieces.iter().all(|p| words(p) > 1) || pieces.iter().any(|p| words(p) > 2);
        let first = names.len();
        // Whether the last name is a single word, which given names may follow.
        let mut is_family_name = false;
        for piece in pieces {
            match names[first..].last_mut() {
                Some(name) if !are_names || is_family_name || continues_name(piece) => {
                    *name = join_within(line, name, piece);
                    is_family_name = false;
                }
                _ => {
                    names.push(piece);
                    is_family_name = words(piece) == 1;
                }
            }
        }
    }
    names
}

/// Whether the text after a comma belongs to the name before it: a legal form, or words in lower case.
fn continues_name(piece: &str) -> bool {
    piece.starts_with(char::is_lowercase) || {
        let words = analyse(piece, Schema::Organization);
        words.tokens().iter().all(|t| t.tag == Tag::LegalForm)
    }
}

/// The part of a line from the beginning of `from` to the end of `to`, both of which are parts of the line.
fn join_within<'a>(line: &'a str, from: &str, to: &str) -> &'a str {
    let at = |part: &str| part.as_ptr() as usize - line.as_ptr() as usize;
    &line[at(from)..at(to) + to.len()]
}

/// Splits a name followed by itself in another script in brackets: "Minsk Works (Минский завод)". Any other
/// name is returned alone.
pub(crate) fn split_scripts(name: &str) -> Vec<&str> {
    if let Some((head, rest)) = name.split_once('(')
        && let Some((inner, tail)) = rest.split_once(')')
        && tail.trim().is_empty()
        && let (Some(a), Some(b)) = (is_latin(head), is_latin(inner))
        && a != b
    {
        return vec![head.trim(), inner.trim()];
    }
    vec![name.trim()]
}

/// Whether most letters are Latin; `None` for a text without letters.
pub(super) fn is_latin(text: &str) -> Option<bool> {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    let latin = letters().filter(|c| *c < '\u{250}').count();
    let all = letters().count();
    (all > 0).then_some(latin * 2 > all)
}

/// The items of a cell that numbers them "a) … b) …" or "i) … ii) …". Any other cell is a single item.
pub(crate) fn split_items(cell: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let mut begin = 0;
    for (at, _) in cell.match_indices(')') {
        let mark = cell[..at].rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
        let start = at - mark.len();
        let numbered = (1..=4).contains(&mark.len())
            && (mark.len() == 1 && mark.bytes().all(|b| b.is_ascii_lowercase())
                || mark.bytes().all(|b| matches!(b, b'i' | b'v' | b'x')));
        let in_brackets = cell[..start].ends_with('(');
        let begins_word = cell[..start].is_empty() || cell[..start].ends_with([' ', ',', ';', '\n', '(']);
        // "(a)" within a text is a reference to another place.
        if numbered && begins_word && !in_brackets {
            items.push(&cell[begin..start]);
            begin = at + 1;
        }
    }
    items.push(&cell[begin..]);
    items.into_iter().map(|i| i.trim_matches([' ', ',', ';', '\n'])).filter(|i| !i.is_empty()).collect()
}

/// Adds the birth or founding dates of a cell. A text that is not a date is kept as a remark, and so is a
/// date with a note in brackets: "3 March 1979 (from false passport)".
pub(crate) fn add_dates(cell: &str, e: &mut Entity) {
    for item in split_items(cell) {
        let mut text = item.to_lowercase();
        if let Some(rest) = text.strip_prefix("between ") {
            text = rest.replace(" and ", " to ").replace("–", " to ");
        }
        let parse = |t: &str| split_values(t, &DATE_SEPARATORS, &|t| Date::parse(t.trim_end_matches('.')));
        // The brackets of "1978 (or 1975)" hold a date.
        let all = parse(&text.replace(['(', ')'], " "));
        let bare = if all.is_some() { text.clone() } else { without_brackets(&text) };
        let Some(dates) = all.or_else(|| parse(&bare)) else {
            e.add_birth_date(item);
            continue;
        };
        let approximate = ["(approx", "(circa"].iter().any(|mark| text.contains(mark));
        for date in dates {
            let date = if approximate { date.circa() } else { date };
            add_once(&mut e.birth_dates, date);
        }
        if bare.len() < text.len() {
            e.add_remark(&format!("date: {item}"));
        }
    }
}

/// Separators of dates, the strongest first.
const DATE_SEPARATORS: [&str; 6] = [";", " or ", " and ", " / ", ",", " "];

/// The text without its brackets and their content. An unclosed bracket extends to the end.
fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let kept = text.chars().filter(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    });
    kept.collect()
}

/// Adds the countries of a cell: "Malian / Mauritanian", "Russian and Ukrainian". A country with a
/// qualification, "(until 1991)" or "possibly", is kept as a remark as well. A text with a part that is not a
/// country is added whole: "Korea, Middle".
pub(crate) fn add_countries(cell: &str, e: &mut Entity) {
    for item in split_items(cell).into_iter().flat_map(|i| i.split([';', '\n'])) {
        for (country, written) in countries_in(item) {
            e.add_country(country);
            if country.len() < written.len() {
                e.add_remark(&format!("country: {written}"));
            }
        }
    }
}

/// The kind of document that a publisher's words name.
pub(crate) fn document_kind(words: &str) -> IdentifierKind {
    use IdentifierKind as K;
    let text = words.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
    let has_word = |w: &str| text.split(|c: char| !c.is_alphanumeric()).any(|t| t == w);
    if has(&["passport"]) {
        K::Passport
    } else if has_word("imo") {
        K::Imo
    } else if has_word("mmsi") {
        K::Mmsi
    } else if has(&["swift"]) || has_word("bic") {
        K::Bic
    } else if has_word("lei") || has(&["legal entity identifier"]) {
        K::Lei
    } else if has_word("iban") {
        K::Iban
    } else if has(&["tax", "fiscal"])
        || ["inn", "tin", "ein", "vat", "unn", "unp", "инн", "унн", "унп"].into_iter().any(has_word)
    {
        K::Tax
    } else if has(&["registration", "register", "registry", "company number", "licence", "license"])
        || ["ogrn", "ogrnip", "огрн", "огрнип"].into_iter().any(has_word)
    {
        K::Registration
    } else if has(&["national", "identity", "identification", "id card", "cedula", "social security"])
        || has_word("id")
        || has_word("ssn")
    {
        K::NationalId
    } else if text.trim().is_empty() {
        K::unspecified()
    } else {
        K::Other(words.trim().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_separated_and_legal_forms_stay() {
        for (cell, wanted) in [
            ("Ann A; Ana A\nAnna A", &["Ann A", "Ana A", "Anna A"][..]),
            ("Ivan Petrov, Iwan Petroff, Иван Петров", &["Ivan Petrov", "Iwan Petroff", "Иван Петров"]),
            ("Sergei, Serhii SAMPLE", &["Sergei, Serhii SAMPLE"]),
            ("Sample Trading Co., Ltd", &["Sample Trading Co., Ltd"]),
            ("Belarusian: Мікалай Узор; Russian: Николай Узор", &["Мікалай Узор", "Николай Узор"]),
            ("Minsk Works (Минский завод)", &["Minsk Works", "Минский завод"]),
            ("Sample Works (SW)", &["Sample Works (SW)"]),
            // A comma where the script changes separates names.
            ("Union, Союз \"Пример Дела\", Союз", &["Union", "Союз \"Пример Дела\"", "Союз"]),
            (
                "SW, SWK, Пример Восточная Компания, ООО, ООО “ПВК”",
                &["SW, SWK", "Пример Восточная Компания, ООО", "ООО “ПВК”"],
            ),
            (
                "Войска учебной, химической и иной защиты, ВУЗ, PDT",
                &["Войска учебной, химической и иной защиты", "ВУЗ", "PDT"],
            ),
            ("AMIN, Ahmad Sample Ahmad, أحمد", &["AMIN, Ahmad Sample Ahmad", "أحمد"]),
            ("SAMPLE, Sergei, ПРИМЕР, Сергей", &["SAMPLE, Sergei", "ПРИМЕР, Сергей"]),
            ("Sample Trading Co., Ltd, 例子有限公司", &["Sample Trading Co., Ltd", "例子有限公司"]),
            (" ; ", &[]),
        ] {
            assert_eq!(split_names(cell), wanted, "{cell}");
        }
    }

    #[test]
    fn items_are_separated_at_their_letters() {
        assert_eq!(split_items("a) Kabul, Afghanistan b) Herat"), ["Kabul, Afghanistan", "Herat"]);
        assert_eq!(split_items("i) 1970, ii) 1971; iii) circa 1972"), ["1970", "1971", "circa 1972"]);
        assert_eq!(split_items("Kabul (old town), Afghanistan"), ["Kabul (old town), Afghanistan"]);
        assert_eq!(split_items("see paragraph (a) of it"), ["see paragraph (a) of it"]);
        assert_eq!(split_items(""), [""; 0]);
    }

    #[test]
    fn countries_are_separated_and_qualifications_kept() {
        for (cell, found, remarks) in [
            ("Iranian", &["ir"][..], ""),
            ("Malian / Mauritanian", &["ml", "mr"], ""),
            ("Moldovan, Russian and Ukrainian", &["md", "ru", "ua"], ""),
            ("a) Turkish/Jordanian b) Iran (Islamic Republic of)", &["tr", "jo", "ir"], ""),
            ("Korea, North", &["kp"], ""),
            ("Trinidad and Tobago; Cuba", &["tt", "cu"], ""),
            ("Indonesian (as at Dec. 2003)", &["id"], "country: Indonesian (as at Dec. 2003)"),
            ("Possibly Ethiopian", &["et"], "country: Possibly Ethiopian"),
            ("USSR (until 1991), Russian", &["USSR", "ru"], "country: USSR (until 1991)"),
            ("Ukrainian, Russian (by annexation)", &["ua", "ru"], "country: Russian (by annexation)"),
            ("Congo (Democratic Republic)", &["cd"], ""),
            ("Congo (Democratic Republic), Rwanda", &["cd", "rw"], ""),
            ("Syria, Trinidad and Tobago, Turkey", &["sy", "tt", "tr"], ""),
            ("Guinea, the Other", &["Guinea, the Other"], ""),
            ("Possibly of Atlantis", &["Possibly of Atlantis"], ""),
            ("", &[], ""),
        ] {
            let mut e = Entity::new("1", Schema::Person, "x");
            add_countries(cell, &mut e);
            assert_eq!(e.countries, found, "{cell}");
            assert_eq!(e.remarks, remarks, "{cell}");
        }
    }

    #[test]
    fn dates_are_separated_and_notes_kept() {
        for (cell, shown) in [
            ("1971 or 1972", &["1971", "1972"][..]),
            ("2 May 1971, 3 May 1972", &["1971-05-02", "1972-05-03"]),
            ("Between 1958 and 1963", &["1958/1963"]),
            ("Approximately 1960", &["circa 1959/1961"]),
            ("a) 1 Jan 1970 b) circa 1972", &["1970-01-01", "circa 1971/1973"]),
            ("1970-01-02", &["1970-01-02"]),
            ("5/06/1953   15/06/1953", &["1953-06-05", "1953-06-15"]),
            ("1963, and, 1965", &["1963", "1965"]),
            ("March 16, 1972 or 1 Apr. 1978", &["1972-03-16", "1978-04-01"]),
            ("May 1970 or 1971.", &["1970-05", "1971"]),
            ("20.11.2002 / 16.5.1964", &["2002-11-20", "1964-05-16"]),
            ("25.7.1978 (or 23.3.1975)", &["1978-07-25", "1975-03-23"]),
            ("long ago", &[]),
            ("24/01/,1973", &[]),
            ("2 children, born 1999 and 2001", &[]),
        ] {
            let mut e = Entity::new("1", Schema::Person, "x");
            add_dates(cell, &mut e);
            let found: Vec<String> = e.birth_dates.iter().map(Date::to_string).collect();
            assert_eq!(found, shown, "{cell}");
            assert_eq!(e.remarks.is_empty(), !shown.is_empty(), "a text that is no date is kept: {cell}");
        }
        for (cell, shown) in [
            ("3 March 1979 (from false passport)", &["1979-03-03"][..]),
            ("1970 (approximately)", &["circa 1969/1971"]),
            ("5 Feb. 1970 (this alias only, alt born 5 Feb. 1969", &["1970-02-05"]),
            ("1970 (passport), 1971 (birth certificate)", &["1970", "1971"]),
        ] {
            let mut e = Entity::new("1", Schema::Person, "x");
            add_dates(cell, &mut e);
            let found: Vec<String> = e.birth_dates.iter().map(Date::to_string).collect();
            assert_eq!(found, shown, "{cell}");
            assert_eq!(e.remarks, format!("date: {cell}"));
        }
    }
}
