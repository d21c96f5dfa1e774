//! Numbers in a text, with the words that say what they are: "INN: 7701234567 OGRN: 1027700123456", "SWIFT codes:
//! AAAABYCC (head office), AAAABYDD", "7701234567 - INN".
//!
//! A text is cut where a comma, a semicolon, a line end, "and" or "or" stands outside brackets, and before each
//! label behind a number. A number without a label has the label before it. What stands in brackets behind it is
//! its country or, like any other word, no part of it.

use super::labels::{Label, is_label, is_number_sign, says_more};
use crate::entity::{Check, Date, Entity, Identifier, IdentifierKind as K, country_code};

/// Where a text is cut, outside brackets.
const SEPARATORS: [&str; 6] = [",", ";", "|", "\n", " and ", " or "];

/// So long are numbers that stand beside each other with a slash or a blank between; the parts of one are shorter:
/// "143/262/10355", "71 No 1234567".
const LONG: usize = 7;

/// A number as a text names it.
struct Numbered<'a> {
    label: Label,
    /// Empty for words without a number.
    number: &'a str,
    country: &'a str,
    /// Whether there are words that are neither label, number nor country, or tell more than a label does.
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
        // A number in the brackets of a sentence is somebody else's: "captain of the SEA (IMO: 9253325)".
        _ if label.matches('(').count() > label.matches(')').count() => return false,
        _ if has(&["e-mail", "email"]) => K::Email,
        _ if has(&["website", "web site"]) => K::Website,
        _ if has(&["telephone", "phone", "tel.", "fax"]) => K::Phone,
        // "Place of registration: Minsk" names no number.
        _ => return matches!(Label::of(label), Label::Kind(_)) && numbers(text, None, e),
    };
    contacts(&contact, value, e) && !says_more(label, "")
}

/// Adds contact details; one may have a label of its own: "850 2 181, E-mail: a@b.example". False where words are
/// none.
fn contacts(kind: &K, value: &str, e: &mut Entity) -> bool {
    let mut whole = true;
    for piece in value.split([';', ',']).map(str::trim).filter(|p| !p.is_empty()) {
        if piece.contains(": ") {
            whole &= fact(piece, e);
            continue;
        }
        let words = if *kind == K::Phone { vec![piece] } else { piece.split_whitespace().collect() };
        for word in words {
            let fits = match kind {
                K::Email => word.contains('@'),
                K::Website => word.contains('.'),
                _ => count(word, char::is_alphabetic) <= count(word, char::is_numeric),
            };
            whole &= fits;
            if fits {
                e.add_identifier(Identifier::new(kind.clone(), word));
            }
        }
    }
    whole
}

/// Adds the numbers of a text, each of the kind that its label names; `untold` is the kind of those without one,
/// and without it they are none. False where the remarks should keep the text, as it says more.
pub(super) fn numbers(text: &str, untold: Option<K>, e: &mut Entity) -> bool {
    let mut whole = true;
    for found in numbered(text) {
        let told = match (&found.label, &untold) {
            // A column says better than "Business ID" whether a number is that of a person.
            (Label::Kind(K::NationalId), Some(K::Registration)) => untold.clone(),
            (Label::Kind(kind), _) => Some(kind.clone()),
            _ => None,
        };
        whole &= !found.more;
        // What is no number of the kind its label names may be one of the column's: "SWIFT/BIN AAAABYCC / 5012345678".
        let kinds = [told, untold.clone().filter(|_| found.label != Label::Date)];
        for number in beside_each_other(found.number) {
            let fitting = kinds.iter().flatten().find(|k| fits(k, number));
            whole &= fitting.is_some();
            if let Some(kind) = fitting {
                e.add_identifier(Identifier::new(kind.clone(), number).issued_by(found.country));
            }
        }
    }
    whole
}

/// Whether a text can be a number of a kind, and is no prose.
fn fits(kind: &K, number: &str) -> bool {
    if *kind == K::Bic {
        return is_bic(number);
    }
    let digits = count(number, |c| c.is_ascii_digit());
    let single = number.split_whitespace().count() == 1;
    let prose = number.split_whitespace().any(|w| w.starts_with(char::is_lowercase) && !has_digit(w));
    digits > 0 && (single || !prose && count(number, char::is_alphabetic) <= digits && !is_day(number))
}

fn count(text: &str, what: fn(char) -> bool) -> usize {
    text.chars().filter(|c| what(*c)).count()
}

/// "3 May 2001" or "DOB 3 May 2001", as opposed to "20010503", which may be a number.
fn is_day(text: &str) -> bool {
    let told = |t: &str| t.contains(char::is_alphabetic) && Date::parse(t).is_some();
    told(text) || text.split_once(' ').is_some_and(|(_, rest)| told(rest))
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

fn is_long(text: &str) -> bool {
    count(text, char::is_alphanumeric) >= LONG && has_digit(text)
}

/// Several long numbers with nothing but slashes and blanks between them, or the text as one.
fn beside_each_other(text: &str) -> Vec<&str> {
    let pieces: Vec<&str> = text.split(['/', ' ']).filter(|p| !p.is_empty()).collect();
    if pieces.iter().all(|p| is_long(p) || is_bic(p)) { pieces } else { vec![text] }
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
            if found[i].label == Label::Absent && i > 0 {
                found[i].label = found[i - 1].label.clone();
            }
        }
        let mut further = Vec::new();
        for bracket in brackets {
            match found[before..].last_mut() {
                Some(last) if !has_digit(bracket) => last.qualify(bracket),
                // "7701234567 (OGRN: 1027700123456)"
                _ => further.extend(parts(bracket, banks)),
            }
        }
        found.extend(further);
    }
    found
}

impl Numbered<'_> {
    /// Takes what stands in brackets behind the number: its country, its label, or more.
    fn qualify(&mut self, bracket: &str) {
        match country_code(bracket) {
            Some(code) if self.country.is_empty() || self.country == code => self.country = code,
            None if self.label == Label::Absent && is_label(bracket) => {
                self.label = Label::of(bracket);
                self.more |= says_more(bracket, "");
            }
            _ => self.more = true,
        }
    }
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
        let run = || words[at..].iter().map(|w| w.1).take_while(|w| !is_number(w));
        // "71 No 1234567" is one number.
        let within = || run().all(is_number_sign) && !is_long(words[at - 1].1);
        let ends = || words[at..].iter().any(|w| is_number(w.1));
        if begins && run().any(is_label) && !within() && ends() {
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
        return Some(Numbered { label: Label::Absent, number: "", country: "", more: true });
    };
    let before = &words[..first];
    let label_end = before.iter().rposition(|w| is_label(w.1));
    // Prose before what can only be a number: "Diplomatic D9004878".
    let label_end =
        label_end.or_else(|| before.iter().rposition(|w| is_long(words[first].1) && is_prose(w.1)));
    let label_end = label_end.map_or(0, |at| at + 1);
    // The number goes on until a word of prose: "AB123456 valid until 2030".
    let numeral = |w: &&(usize, &str)| is_number(w.1) || !is_prose(w.1);
    let run = words[first..].iter().take_while(numeral).count();
    let mut last = first + words[first..first + run].iter().rposition(|w| is_number(w.1)).unwrap_or(0);
    // A letter or two behind are a part of it: "HRB 12345 B".
    if let [(_, tail)] = words[last + 1..]
        && tail.len() < 3
        && !is_label(tail)
    {
        last += 1;
    }
    let number_end = words[last].0 + words[last].1.len();
    let start = words[label_end].0;
    let (tail, behind) = without_country(&piece[..end], &words[last + 1..]);
    let mut label = piece[begin..start].trim();
    let mut more = !tail.is_empty();
    if label.is_empty() && tail.iter().any(|w| is_label(w.1)) {
        label = piece[number_end..end].trim();
        more = false;
    }
    let named = label.split(|c: char| !c.is_alphabetic()).filter(|w| w.len() > 3).find_map(country_code);
    let country = behind.or(named).unwrap_or("");
    let (label, words) = (Label::of(label), label);
    more |= matches!(label, Label::Date | Label::Unknown) || says_more(words, country);
    Some(Numbered { label, number: trimmed(&piece[start..number_end]), country, more })
}

/// Whether a word between numbers is none of a number's letters: "HRB 123 B" has them, "A123 Issued 2010" not.
fn is_prose(word: &str) -> bool {
    !has_digit(word) && (word.starts_with(char::is_lowercase) || count(word, char::is_alphabetic) > 3)
}

/// The words behind a number without the country at their end, before which there may be a bracket: "A1234567
/// (expired) Russia".
fn without_country<'w, 'a>(
    piece: &str,
    tail: &'w [(usize, &'a str)],
) -> (&'w [(usize, &'a str)], Option<&'static str>) {
    const MOST_WORDS: usize = 4;
    let begin = tail.first().map_or(0, |w| w.0);
    for at in tail.len().saturating_sub(MOST_WORDS)..tail.len() {
        let (head, text) = (piece[begin..tail[at].0].trim(), &piece[tail[at].0..]);
        let free = head.trim_matches(['-', '–']).is_empty() || head.starts_with('(') && head.ends_with(')');
        // Shorter ones are words more often than codes.
        if free
            && text.len() > 3
            && text.starts_with(char::is_uppercase)
            && let Some(code) = country_code(text)
        {
            return (&tail[..at], Some(code));
        }
    }
    (tail, None)
}

/// A number without the punctuation around it, and without a bracket that has no other half in it.
fn trimmed(number: &str) -> &str {
    let edge = |c: char| c.is_whitespace() || ",.:/-–—=#".contains(c);
    let number = number.trim_matches(edge);
    let number = if number.contains('(') { number } else { number.trim_end_matches(')') };
    let number = if number.contains(')') { number } else { number.trim_start_matches('(') };
    number.trim_matches(edge)
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
            (
                "7724032000 (or State registration number: 1027700450900)",
                &["registration 7724032000", "registration 1027700450900"],
                false,
            ),
            ("7724032000 (Russia) (Belarus)", &["registration 7724032000 by"], false),
            ("INN 7729634801)", &["tax 7729634801"], true),
            ("770403 valid until 2030 INN", &["tax 770403"], false),
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
    fn numbers_of_passports() {
        for (text, found, whole) in [
            ("4606 123456", &["passport 4606 123456"][..], true),
            ("71 No 1234567", &["passport 71 No 1234567"], true),
            ("A1234567 (expired) Russia", &["passport A1234567 ru"], false),
            ("A1234567 Saudi Arabia", &["passport A1234567 sa"], true),
            ("A1234567, B7654321 (Iran)", &["passport A1234567", "passport B7654321 ir"], true),
            ("A1234567 / B7654321", &["passport A1234567", "passport B7654321"], true),
            ("731200000 valid from 01/02/2012 to 2022", &["passport 731200000"], false),
            ("A1234567 Issued 12 May 2010", &["passport A1234567"], false),
            ("DOB 3 May 2001", &[], false),
            ("Diplomatic D9004878", &["passport D9004878"], false),
            ("Iranian passport U36098321", &["passport U36098321 ir"], true),
            ("D9004878, national ID 12345", &["passport D9004878", "national-id 12345"], true),
        ] {
            let of = read(text, |t, e| numbers(t, Some(K::Passport), e));
            assert_eq!(of, (found.iter().map(|f| f.to_string()).collect(), whole), "{text}");
        }
    }

    #[test]
    fn facts() {
        for (text, found, whole) in [
            ("IMO number: 9253325", &["imo 9253325"][..], true),
            ("Passport number of his brother Igor: A123456", &["passport A123456"], false),
            ("Captain of the tanker EXAMPLE (IMO: 9253325)", &[], false),
            ("+7 495 1 fax: +7 495 2", &["phone +7 495 2"], false),
            ("Telephone: 850-2-181, E-mail: a@b.example", &["phone 850-2-181", "email a@b.example"], true),
            ("E-mail: a@b.example Notice on the web", &["email a@b.example"], false),
            ("Telephone: unknown", &[], false),
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
            ("ОГРН/main Registration number : 1037739085600", &["registration 1037739085600"], false),
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
