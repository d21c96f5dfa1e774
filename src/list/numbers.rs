//! Numbers in a text, with the words that say what they are: "INN: 7701234567 OGRN: 1027700123456", "SWIFT codes:
//! AAAABYCC (head office), AAAABYDD", "7701234567 - INN".
//!
//! A text is cut where a comma, a semicolon, a line end, "and" or "or" stands outside brackets, and before each
//! label behind a number. A number without a label has the label before it. What stands in brackets behind it is
//! its country or, like any other word, no part of it.

use super::cells::document_kind;
use crate::entity::{Check, Date, Entity, Identifier, IdentifierKind as K, country_code};

/// Where a text is cut, outside brackets.
const SEPARATORS: [&str; 6] = [",", ";", "|", "\n", " and ", " or "];

/// Words that end a label without a colon: of anybody, then of Russia and its neighbours, whose parties are listed
/// most.
const LABELS: &str = "number numbers no nr code codes id tax taxpayer registration company swift bic lei imo mmsi vat \
    tin ein crn uscc inn kpp ogrn ogrnip okpo unn unp bin usreou edrpou инн кпп огрн огрнип окпо унн унп бин едрпоу \
    єдрпоу";

/// So long are numbers that stand beside each other with a slash or a blank between; the parts of one are shorter:
/// "143/262/10355".
const LONG: usize = 7;

/// A number as a text names it.
struct Numbered<'a> {
    label: &'a str,
    /// Empty for words without a number.
    number: &'a str,
    country: &'a str,
    /// Whether there are words that are neither label, number nor country.
    more: bool,
}

/// Reads "Tax number: 123" into an entity, where the words before the colon name a number. False where words are
/// left for the remarks: the text is no such fact, or holds more.
pub(super) fn fact(text: &str, e: &mut Entity) -> bool {
    let Some((label, value)) = text.split_once(':') else { return false };
    let value = value.trim().trim_end_matches('.');
    let lower = label.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    let contact = match &lower {
        _ if label.len() > 60 || value.is_empty() => return false,
        _ if has(&["e-mail", "email"]) => K::Email,
        _ if has(&["website", "web site"]) => K::Website,
        _ if has(&["telephone", "phone", "tel.", "fax"]) => K::Phone,
        // "Place of registration: Minsk" names no number.
        _ => return kind(label).is_some() && numbers(text, None, e),
    };
    value.split([';', ',']).for_each(|v| e.add_identifier(Identifier::new(contact.clone(), v)));
    true
}

/// Adds the numbers of a text, each of the kind that its label names; `untold` is the kind of those without one,
/// and without it they are none. False where the remarks should keep the text, as it says more.
pub(super) fn numbers(text: &str, untold: Option<K>, e: &mut Entity) -> bool {
    let mut whole = true;
    for found in numbered(text) {
        // A column says better than "Business ID" whether a number is that of a person.
        let told = kind(found.label).map(|k| match &untold {
            Some(column) if k == K::NationalId => column.clone(),
            _ => k,
        });
        whole &= !found.more && (told.is_some() || found.label.is_empty());
        // What is no number of the kind its label names may be one of the column's: "SWIFT/BIN AAAABYCC / 5012345678".
        let kinds = [told, untold.clone().filter(|_| !is_date(found.label))];
        let mut add = |number: &str| {
            let fitting = kinds.iter().flatten().find(|k| fits(k, number));
            whole &= fitting.is_some();
            if let Some(kind) = fitting {
                e.add_identifier(Identifier::new(kind.clone(), number).issued_by(found.country));
            }
        };
        beside_each_other(found.number).into_iter().for_each(&mut add);
    }
    whole
}

/// The kind of number that a label names.
fn kind(label: &str) -> Option<K> {
    match document_kind(label) {
        K::Other(_) => None,
        _ if is_date(label) => None,
        kind => Some(kind),
    }
}

fn is_date(label: &str) -> bool {
    label.to_lowercase().contains("date")
}

/// Whether a text can be a number of a kind, and is no prose.
fn fits(kind: &K, number: &str) -> bool {
    if *kind == K::Bic {
        return is_bic(number);
    }
    let count = |what: fn(&char) -> bool| number.chars().filter(what).count();
    let digits = count(|c| c.is_ascii_digit());
    let single = number.split_whitespace().count() == 1;
    let prose = number.split_whitespace().any(|w| w.starts_with(char::is_lowercase) && !has_digit(w));
    digits > 0 && (single || !prose && count(|c| c.is_alphabetic()) <= digits && !is_day(number))
}

/// "3 May 2001" as opposed to "20010503", which may be a number.
fn is_day(text: &str) -> bool {
    text.contains(char::is_alphabetic) && Date::parse(text).is_some()
}

/// Eight or eleven capitals and digits: small letters are words ("branches" would be a bank in Switzerland).
fn is_bic(word: &str) -> bool {
    matches!(word.len(), 8 | 11)
        && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        && Identifier::new(K::Bic, word).check() == Check::Passed
}

fn has_digit(word: &str) -> bool {
    word.bytes().any(|b| b.is_ascii_digit())
}

fn is_label(word: &str) -> bool {
    let known = |w: &str| LABELS.split(' ').any(|l| l == w);
    let lower = word.to_lowercase();
    word.ends_with(':') || word.contains('№') || lower.split(|c: char| !c.is_alphanumeric()).any(known)
}

/// Several long numbers with nothing but slashes and blanks between them, or the text as one.
fn beside_each_other(text: &str) -> Vec<&str> {
    let pieces: Vec<&str> = text.split(['/', ' ']).filter(|p| !p.is_empty()).collect();
    let is_long =
        |p: &&str| p.chars().filter(|c| c.is_alphanumeric()).count() >= LONG && has_digit(p) || is_bic(p);
    if pieces.iter().all(is_long) { pieces } else { vec![text] }
}

/// The numbers of a text with their labels.
fn numbered(text: &str) -> Vec<Numbered<'_>> {
    let lower = text.to_lowercase();
    let banks = lower.split(|c: char| !c.is_alphanumeric()).any(|w| matches!(w, "swift" | "bic"));
    let mut found: Vec<Numbered> = Vec::new();
    for piece in pieces(text) {
        let (piece, brackets) = brackets(piece);
        let before = found.len();
        found.extend(parts(piece, banks));
        for i in before..found.len() {
            if found[i].label.is_empty() && i > 0 {
                found[i].label = found[i - 1].label;
            }
        }
        let Some(last) = found[before..].last_mut() else { continue };
        for bracket in brackets {
            match country_code(bracket) {
                Some(code) => last.country = code,
                None if last.label.is_empty() && is_label(bracket) => last.label = bracket,
                None => last.more = true,
            }
        }
    }
    found
}

fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut begin, mut depth) = (0, 0_usize);
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 || at < begin => {}
            _ => {
                if let Some(separator) = SEPARATORS.iter().find(|s| text[at..].starts_with(**s)) {
                    pieces.push(&text[begin..at]);
                    begin = at + separator.len();
                }
            }
        }
    }
    pieces.push(&text[begin..]);
    pieces.retain(|p| !p.trim().is_empty());
    pieces
}

/// A piece without the brackets at its end, and what stands in them. A bracket without letters belongs to the
/// number before it.
fn brackets(piece: &str) -> (&str, Vec<&str>) {
    let mut rest = piece.trim().trim_end_matches('.');
    let mut found = Vec::new();
    while rest.ends_with([')', ']'])
        && let Some(open) = rest.rfind(['(', '['])
        && rest[..open].ends_with(char::is_whitespace)
        && rest[open..].contains(char::is_alphabetic)
    {
        found.push(&rest[open + 1..rest.len() - 1]);
        rest = rest[..open].trim_end();
    }
    (rest, found)
}

/// The numbers of a piece, cut before each label behind a number. `banks` says that words may be bank codes.
fn parts(piece: &str, banks: bool) -> Vec<Numbered<'_>> {
    let words = words(piece);
    let is_number = |w: &str| has_digit(w) || banks && is_bic(w);
    let mut found = Vec::new();
    let mut begin = 0;
    for at in 1..words.len() {
        let begins = !is_number(words[at].1) && is_number(words[at - 1].1);
        let mut run = words[at..].iter().map(|w| w.1).take_while(|w| !is_number(w));
        let ends = || words[at..].iter().any(|w| is_number(w.1));
        if begins && run.any(is_label) && ends() {
            found.extend(part(piece, &words[begin..at], is_number));
            begin = at;
        }
    }
    found.extend(part(piece, &words[begin..], is_number));
    found
}

/// A label before or behind a number, and the number; `None` without words.
fn part<'a>(
    piece: &'a str,
    words: &[(usize, &'a str)],
    is_number: impl Fn(&str) -> bool,
) -> Option<Numbered<'a>> {
    let (begin, end) = (words.first()?.0, words.last().map(|(at, w)| at + w.len())?);
    let Some(first) = words.iter().position(|w| is_number(w.1)) else {
        return Some(Numbered { label: "", number: "", country: "", more: true });
    };
    let label_end = words[..first].iter().rposition(|w| is_label(w.1)).map_or(0, |at| at + 1);
    // The number goes on until a word of prose: "AB123456 valid until 2030".
    let mut last = first;
    for (at, (_, word)) in words.iter().enumerate().skip(first) {
        if is_number(word) {
            last = at;
        } else if word.starts_with(char::is_lowercase) {
            break;
        }
    }
    // A letter or two behind are a part of it: "HRB 12345 B".
    if let [(_, tail)] = words[last + 1..]
        && tail.len() < 3
        && !is_label(tail)
    {
        last += 1;
    }
    let tail = &words[last + 1..];
    let number_end = words[last].0 + words[last].1.len();
    let start = words[label_end].0;
    let mut label = piece[begin..start].trim();
    let mut more = !tail.is_empty();
    if label.is_empty() && tail.iter().any(|w| is_label(w.1)) {
        label = piece[number_end..end].trim();
        more = false;
    }
    let edge = |c: char| c.is_whitespace() || ".:/-–—=#".contains(c);
    let country = label.split(|c: char| !c.is_alphabetic()).filter(|w| w.len() > 3).find_map(country_code);
    Some(Numbered {
        label,
        number: piece[start..number_end].trim_matches(edge),
        country: country.unwrap_or(""),
        more,
    })
}

/// The words of a piece and where they begin. A colon ends a word, and so does a number before a label that was
/// written together with it: "7701234567OGRN: 1027700123456".
fn words(piece: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut begin = 0;
    let mut digit = false;
    for (at, c) in piece.char_indices() {
        let glued = digit && c.is_alphabetic() && {
            let letters = piece[at..].split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
            letters.chars().count() > 2 && is_label(letters)
        };
        if c.is_whitespace() || glued || piece[begin..at].ends_with(':') {
            words.push((begin, &piece[begin..at]));
            begin = at;
        }
        if c.is_whitespace() {
            begin = at + c.len_utf8();
        }
        digit = c.is_ascii_digit();
    }
    words.push((begin, &piece[begin..]));
    words.retain(|(_, w)| !w.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Schema;

    /// "kind value" or "kind value country" of what a text gives, and whether that was all of it.
    fn read(text: &str, read: impl Fn(&str, &mut Entity) -> bool) -> (Vec<String>, bool) {
        let mut e = Entity::new("1", Schema::Company, "x");
        let whole = read(text, &mut e);
        let show = |i: &Identifier| {
            let country = i.country.as_ref().map_or(String::new(), |c| format!(" {c}"));
            format!("{} {}{country}", i.kind.as_str(), i.value)
        };
        (e.identifiers.iter().map(show).collect(), whole)
    }

    #[test]
    fn numbers_of_a_column() {
        for (text, found, whole) in [
            ("1027700123456", &["registration 1027700123456"][..], true),
            ("HRB 12345 B", &["registration HRB 12345 B"], true),
            ("143/262/10355", &["registration 143/262/10355"], true),
            ("INN: 7701234567 OGRN: 1027700123456", &["tax 7701234567", "registration 1027700123456"], true),
            ("INN: 7701234567OGRN: 1027700123456", &["tax 7701234567", "registration 1027700123456"], true),
            ("INN:7701234567/ KPP: 770101001", &["tax 7701234567", "registration 770101001"], false),
            ("TIN: 7701234567, Registration number: 51777", &["tax 7701234567", "registration 51777"], true),
            ("USREOU code 3482300", &["registration 3482300"], false),
            ("TIN - 5263000100", &["tax 5263000100"], true),
            ("9709056400 - Russia INN", &["tax 9709056400 ru"], true),
            ("9709056400 (OGRN)", &["registration 9709056400"], true),
            ("Unified Social Credit Code: 91310113MACPUNUD00", &["registration 91310113MACPUNUD00"], false),
            ("SWIFT/BIN AAAABYCC / 5040942400", &["bic AAAABYCC", "registration 5040942400"], true),
            ("Tax Identification Number: INN: 5008000700", &["tax 5008000700"], true),
            (
                "(УНН/ИНН): 190950800 (Belarus), 7704734001/770301002 (Russia)",
                &["tax 190950800 by", "tax 7704734001 ru", "tax 770301002 ru"],
                true,
            ),
            ("Business ID: 123456", &["registration 123456"], true),
            ("Company No. HRB 123", &["registration HRB 123"], false),
            ("A123456(7)", &["registration A123456(7)"], true),
            ("12345 (formerly of Minsk)", &["registration 12345"], false),
            ("OGRN 1027700123456 issued by office 7", &["registration 1027700123456"], false),
            ("Registered on 12 May 2003 in Minsk", &[], false),
            ("Date of registration: 12.05.2003", &[], false),
            ("unknown", &[], false),
            ("", &[], true),
        ] {
            let of = read(text, |t, e| numbers(t, Some(K::Registration), e));
            assert_eq!(of, (found.iter().map(|f| f.to_string()).collect(), whole), "{text}");
        }
    }

    #[test]
    fn facts() {
        for (text, found, whole) in [
            ("IMO number: 9253325", &["imo 9253325"][..], true),
            ("IMO number: 9253325; MMSI: 445000123", &["imo 9253325", "mmsi 445000123"], true),
            ("IMO number: 9253325; Flag: Elbonia 5", &["imo 9253325"], false),
            ("SWIFT/BIC: DEUTDEFF", &["bic DEUTDEFF"], true),
            ("SWIFT/BIC code: AAAABYCC and 5040942400", &["bic AAAABYCC"], false),
            (
                "SWIFT codes: AAAABYCCXXX (Minsk, main branch), AAAABY2X (Brest), BBBBRUMM",
                &["bic AAAABYCCXXX", "bic AAAABY2X", "bic BBBBRUMM"],
                false,
            ),
            ("SWIFT/BIC: AAAABYCC, all branches [XX].", &["bic AAAABYCC"], false),
            ("Tax Registration Number: 7701234567.", &["tax 7701234567"], true),
            ("ОГРН/main Registration number : 1037739085600", &["registration 1037739085600"], true),
            ("Passport number: AB123456 (Belarus), valid until 2030", &["passport AB123456 by"], false),
            ("E-mail: a@b.example", &["email a@b.example"], true),
            ("Tel.: +375 17 1, +375 17 2", &["phone +375 17 1", "phone +375 17 2"], true),
            ("Date of registration: 2001", &[], false),
            ("Place of registration: Minsk", &[], false),
            ("Registration number: ИНН", &[], false),
            ("Colour: 12", &[], false),
            ("no colon", &[], false),
        ] {
            assert_eq!(read(text, fact), (found.iter().map(|f| f.to_string()).collect(), whole), "{text}");
        }
    }
}
