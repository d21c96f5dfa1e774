//! Cells of free text: several names, dates or places in one, as publishers write them for people.

use crate::entity::{Date, Entity, IdentifierKind, Schema, add_once, countries_in, several};
use crate::name::{Tag, analyse};

/// Words that stand before a name to say its language.
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

/// The names of a cell that separates them by line ends, semicolons, slashes between blanks, or commas: see
/// [`comma_separated`].
pub(super) fn names(cell: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in cell.split([';', '\n', '|']).flat_map(|l| l.split(" / ")) {
        for piece in comma_separated(line) {
            let piece = match piece.split_once(':') {
                Some((head, rest)) if LANGUAGES.contains(&head.trim().to_lowercase().as_str()) => rest.trim(),
                _ => piece,
            };
            let piece =
                ["a.k.a. ", "aka ", "or "].iter().find_map(|p| piece.strip_prefix(p)).unwrap_or(piece);
            found.extend(scripts(piece).into_iter().filter(|n| !n.is_empty()).map(str::to_string));
        }
    }
    found
}

/// The names of a line. A comma separates them where every piece has two words or more: "Sergei, Serhii SHERBAKOV"
/// and "Sample Co., Ltd" stay whole.
///
/// It also separates where the script changes, for nobody writes one name in two. In a line in which it does, the
/// pieces of one script are names if one of them has three words; but what follows a single word may be the given
/// names of that family.
fn comma_separated(line: &str) -> Vec<&str> {
    let words = |p: &&str| p.split_whitespace().count();
    let pieces: Vec<&str> = line.split(',').map(str::trim).filter(|p| !p.is_empty()).collect();
    if pieces.len() > 1 && pieces.iter().all(|p| words(p) > 1) {
        return pieces;
    }
    let alike = |a: &&str, b: &&str| is_latin(a).zip(is_latin(b)).is_none_or(|(a, b)| a == b);
    let scripts: Vec<&[&str]> = pieces.chunk_by(alike).collect();
    if scripts.len() < 2 {
        return vec![line.trim()];
    }
    let mut names: Vec<&str> = Vec::new();
    for pieces in scripts {
        let several = pieces.iter().all(|p| words(p) > 1) || pieces.iter().any(|p| words(p) > 2);
        let first = names.len();
        // Whether the last name is a single word, behind which given names may follow.
        let mut family = false;
        for piece in pieces {
            match names[first..].last_mut() {
                Some(name) if !several || family || goes_on(piece) => {
                    *name = through(line, name, piece);
                    family = false;
                }
                _ => {
                    names.push(piece);
                    family = words(piece) == 1;
                }
            }
        }
    }
    names
}

/// Whether the text behind a comma belongs to the name before it: a legal form, or words in small letters.
fn goes_on(piece: &str) -> bool {
    piece.starts_with(char::is_lowercase) || {
        let words = analyse(piece, Schema::Organization);
        words.tokens().iter().all(|t| t.tag == Tag::LegalForm)
    }
}

/// What stands in a line from one part of it to the end of another behind it.
fn through<'a>(line: &'a str, from: &str, to: &str) -> &'a str {
    let at = |part: &str| part.as_ptr() as usize - line.as_ptr() as usize;
    &line[at(from)..at(to) + to.len()]
}

/// A name with itself in another script in brackets behind it, as two: "Minsk Works (Минский завод)".
pub(super) fn scripts(name: &str) -> Vec<&str> {
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

/// Whether most letters are Latin; `None` without letters.
fn is_latin(text: &str) -> Option<bool> {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    let latin = letters().filter(|c| *c < '\u{250}').count();
    let all = letters().count();
    (all > 0).then_some(latin * 2 > all)
}

/// The items of a cell that numbers them "a) … b) …" or "i) … ii) …"; the whole cell where it does not.
pub(super) fn lettered(cell: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let mut begin = 0;
    for (at, _) in cell.match_indices(')') {
        let mark = cell[..at].rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
        let start = at - mark.len();
        let numbered = (1..=4).contains(&mark.len())
            && (mark.len() == 1 && mark.bytes().all(|b| b.is_ascii_lowercase())
                || mark.bytes().all(|b| matches!(b, b'i' | b'v' | b'x')));
        let opened = cell[..start].ends_with('(');
        let free = cell[..start].is_empty() || cell[..start].ends_with([' ', ',', ';', '\n', '(']);
        // "(a)" in the middle of a text is a reference to somewhere else.
        if numbered && free && !opened {
            items.push(&cell[begin..start]);
            begin = at + 1;
        }
    }
    items.push(&cell[begin..]);
    let trim = |i: &str| !i.trim_matches([' ', ',', ';', '\n']).is_empty();
    items.into_iter().filter(|i| trim(i)).map(|i| i.trim_matches([' ', ',', ';', '\n'])).collect()
}

/// Adds the birth or founding dates of a cell. What is no date is kept as a remark, and so is what stands in brackets
/// behind one: "3 March 1979 (from false passport)".
pub(super) fn dates(cell: &str, e: &mut Entity) {
    for item in lettered(cell) {
        let mut text = item.to_lowercase();
        if let Some(rest) = text.strip_prefix("between ") {
            text = rest.replace(" and ", " to ").replace("–", " to ");
        }
        // "1978 (or 1975)" is all dates.
        let read = |t: &str| several(t, &BETWEEN_DATES, &|t| Date::parse(t.trim_end_matches('.')));
        let all = read(&text.replace(['(', ')'], " "));
        let bare = if all.is_some() { text.clone() } else { without_brackets(&text) };
        let Some(dates) = all.or_else(|| read(&bare)) else {
            e.add_birth_date(item);
            continue;
        };
        let rough = ["(approx", "(circa"].iter().any(|mark| text.contains(mark));
        for date in dates {
            let date = if rough { date.circa() } else { date };
            add_once(&mut e.birth_dates, date);
        }
        if bare.len() < text.len() {
            e.add_remark(&format!("date: {item}"));
        }
    }
}

/// What stands between dates, from what separates most.
const BETWEEN_DATES: [&str; 6] = [";", " or ", " and ", " / ", ",", " "];

/// The text without its brackets and what they hold; a bracket that is not closed goes to the end.
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

/// Adds the countries of a cell: "Malian / Mauritanian", "Russian and Ukrainian". What a country is qualified by,
/// "(until 1991)" or "possibly", is kept as a remark. A text in which anything is no country is one: "Korea, Middle".
pub(super) fn countries(cell: &str, e: &mut Entity) {
    for item in lettered(cell).into_iter().flat_map(|i| i.split([';', '\n'])) {
        for (country, written) in countries_in(item) {
            e.add_country(country);
            if country.len() < written.len() {
                e.add_remark(&format!("country: {written}"));
            }
        }
    }
}

/// The kind of document that a publisher's words name.
pub(super) fn document_kind(words: &str) -> IdentifierKind {
    use IdentifierKind as K;
    let text = words.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
    let word = |w: &str| text.split(|c: char| !c.is_alphanumeric()).any(|t| t == w);
    if has(&["passport"]) {
        K::Passport
    } else if word("imo") {
        K::Imo
    } else if word("mmsi") {
        K::Mmsi
    } else if has(&["swift"]) || word("bic") {
        K::Bic
    } else if word("lei") || has(&["legal entity identifier"]) {
        K::Lei
    } else if word("iban") {
        K::Iban
    } else if has(&["tax", "fiscal"])
        || ["inn", "tin", "ein", "vat", "unn", "unp", "инн", "унн", "унп"].into_iter().any(word)
    {
        K::Tax
    } else if has(&["registration", "register", "registry", "company number", "licence", "license"])
        || ["ogrn", "ogrnip", "огрн", "огрнип"].into_iter().any(word)
    {
        K::Registration
    } else if has(&["national", "identity", "identification", "id card", "cedula", "social security"])
        || word("id")
        || word("ssn")
    {
        K::NationalId
    } else if text.trim().is_empty() {
        K::untold()
    } else {
        K::Other(words.trim().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_cell() {
        for (cell, wanted) in [
            ("Ann A; Ana A\nAnna A", &["Ann A", "Ana A", "Anna A"][..]),
            ("Ivan Petrov, Iwan Petroff, Иван Петров", &["Ivan Petrov", "Iwan Petroff", "Иван Петров"]),
            ("Sergei, Serhii SAMPLE", &["Sergei, Serhii SAMPLE"]),
            ("Sample Trading Co., Ltd", &["Sample Trading Co., Ltd"]),
            ("Belarusian: Мікалай Узор; Russian: Николай Узор", &["Мікалай Узор", "Николай Узор"]),
            ("Minsk Works (Минский завод)", &["Minsk Works", "Минский завод"]),
            ("Sample Works (SW)", &["Sample Works (SW)"]),
            // The script tells where commas separate.
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
            assert_eq!(names(cell), wanted, "{cell}");
        }
    }

    #[test]
    fn lettered_items() {
        assert_eq!(lettered("a) Kabul, Afghanistan b) Herat"), ["Kabul, Afghanistan", "Herat"]);
        assert_eq!(lettered("i) 1970, ii) 1971; iii) circa 1972"), ["1970", "1971", "circa 1972"]);
        assert_eq!(lettered("Kabul (old town), Afghanistan"), ["Kabul (old town), Afghanistan"]);
        assert_eq!(lettered("see paragraph (a) of it"), ["see paragraph (a) of it"]);
        assert_eq!(lettered(""), [""; 0]);
    }

    #[test]
    fn countries_of_a_cell() {
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
            countries(cell, &mut e);
            assert_eq!(e.countries, found, "{cell}");
            assert_eq!(e.remarks, remarks, "{cell}");
        }
    }

    #[test]
    fn dates_of_a_cell() {
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
            dates(cell, &mut e);
            let found: Vec<String> = e.birth_dates.iter().map(Date::to_string).collect();
            assert_eq!(found, shown, "{cell}");
            assert_eq!(e.remarks.is_empty(), !shown.is_empty(), "what is no date is kept: {cell}");
        }
        for (cell, shown) in [
            ("3 March 1979 (from false passport)", &["1979-03-03"][..]),
            ("1970 (approximately)", &["circa 1969/1971"]),
            ("5 Feb. 1970 (this alias only, alt born 5 Feb. 1969", &["1970-02-05"]),
            ("1970 (passport), 1971 (birth certificate)", &["1970", "1971"]),
        ] {
            let mut e = Entity::new("1", Schema::Person, "x");
            dates(cell, &mut e);
            let found: Vec<String> = e.birth_dates.iter().map(Date::to_string).collect();
            assert_eq!(found, shown, "{cell}");
            assert_eq!(e.remarks, format!("date: {cell}"));
        }
    }
}
