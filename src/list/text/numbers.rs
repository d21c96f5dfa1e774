//! Numbers in a text, with the words that name their kind: "INN: 7701234567 OGRN: 1027700123456", "SWIFT codes: AAAABYCC
//! (head office), AAAABYDD", "7701234567 - INN".
//!
//! A text is cut at commas, semicolons, line ends, "and" and "or" outside brackets, and before each label that follows a
//! number. A number without a label takes the previous one. Brackets after a number hold its country, its label or
//! other words.

use super::labels::{Label, ends_label, has_extra_words, is_number_sign};
use crate::entity::{Check, Date, Entity, Identifier, IdentifierKind as K, country_code};

/// Separators of numbers, outside brackets.
const SEPARATORS: [&str; 6] = [",", ";", "|", "\n", " and ", " or "];

/// A number has at least so many letters and digits if it is separated from the next one by a slash or a blank alone. The
/// parts of a single number are shorter: "143/262/10355", "71 No 1234567".
const MIN_ADJACENT_LEN: usize = 7;

/// Longer labels before a colon are sentences. Unit: bytes.
const MAX_LABEL_LEN: usize = 60;

/// The most words of a country's name after a number.
const MAX_COUNTRY_WORDS: usize = 4;

/// A number with its label and country.
struct LabelledNumber<'a> {
    label: Label,
    /// Empty for words without a number.
    number: &'a str,
    country: &'a str,
    /// Whether there are words beyond the label, the number and the country.
    has_extra_words: bool,
}

/// Adds a fact such as "Tax number: 123" to an entity, if the words before the colon name a kind of number or contact.
///
/// Returns false if the remarks should keep the text: it is not such a fact, or has further words.
pub(crate) fn add_labelled_fact(text: &str, e: &mut Entity) -> bool {
    let Some((label, value)) = text.split_once(':') else { return false };
    let value = value.trim().trim_end_matches('.');
    let lower = label.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    let contact = match &lower {
        _ if label.len() > MAX_LABEL_LEN || value.is_empty() => return false,
        // A number in brackets within a sentence belongs to another party: "captain of the SEA (IMO: 9253325)".
        _ if label.matches('(').count() > label.matches(')').count() => return false,
        _ if has(&["e-mail", "email"]) => K::Email,
        _ if has(&["website", "web site"]) => K::Website,
        _ if has(&["telephone", "phone", "tel.", "fax"]) => K::Phone,
        // "Place of registration: Minsk" names no number.
        _ => return matches!(Label::parse(label), Label::Kind(_)) && add_numbers(text, None, e),
    };
    add_contacts(&contact, value, e) && !has_extra_words(label, "")
}

/// Adds contact details. One of them may have its own label: "850 2 181, E-mail: a@b.example". Returns false if there
/// are other words.
fn add_contacts(kind: &K, value: &str, e: &mut Entity) -> bool {
    let mut complete = true;
    for piece in value.split([';', ',']).map(str::trim).filter(|p| !p.is_empty()) {
        if piece.contains(": ") {
            complete &= add_labelled_fact(piece, e);
            continue;
        }
        let words = if *kind == K::Phone { vec![piece] } else { piece.split_whitespace().collect() };
        for word in words {
            let is_contact = match kind {
                K::Email => word.contains('@'),
                K::Website => word.contains('.'),
                _ => count(word, char::is_alphabetic) <= count(word, char::is_numeric),
            };
            complete &= is_contact;
            if is_contact {
                e.add_identifier(Identifier::new(kind.clone(), word));
            }
        }
    }
    complete
}

/// Adds the numbers of a text, each of the kind that its label names. `default_kind` is the kind of a number without a
/// label; without a default kind it is not added.
///
/// Returns false if the remarks should keep the text, because it has further words.
pub(crate) fn add_numbers(text: &str, default_kind: Option<K>, e: &mut Entity) -> bool {
    let mut complete = true;
    for found in labelled_numbers(text) {
        let labelled_kind = match (&found.label, &default_kind) {
            // "Business ID" in a column of registration numbers is not the number of a person.
            (Label::Kind(K::NationalId), Some(K::Registration)) => default_kind.clone(),
            (Label::Kind(kind), _) => Some(kind.clone()),
            _ => None,
        };
        complete &= !found.has_extra_words;
        // A number that cannot be of the labelled kind may be of the column's: "SWIFT/BIN AAAABYCC / 5012345678".
        let kinds = [labelled_kind, default_kind.clone().filter(|_| found.label != Label::Date)];
        for number in split_adjacent(found.number) {
            let fitting = kinds.iter().flatten().find(|k| can_be(k, number));
            complete &= fitting.is_some();
            if let Some(kind) = fitting {
                e.add_identifier(Identifier::new(kind.clone(), number).issued_by(found.country));
            }
        }
    }
    complete
}

/// Whether a text can be a number of a kind, and is not prose.
fn can_be(kind: &K, number: &str) -> bool {
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
    let is_written_day = |t: &str| t.contains(char::is_alphabetic) && Date::parse(t).is_some();
    is_written_day(text) || text.split_once(' ').is_some_and(|(_, rest)| is_written_day(rest))
}

/// Eight or eleven upper-case letters and digits. Words in lower case are excluded: "branches" would be a bank in
/// Switzerland.
fn is_bic(word: &str) -> bool {
    matches!(word.len(), 8 | 11)
        && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        && Identifier::new(K::Bic, word).check() == Check::Passed
}

fn has_digit(word: &str) -> bool {
    word.bytes().any(|b| b.is_ascii_digit())
}

fn is_long(text: &str) -> bool {
    count(text, char::is_alphanumeric) >= MIN_ADJACENT_LEN && has_digit(text)
}

/// Splits a text of long numbers with nothing but slashes and blanks between them. Any other text is one number.
fn split_adjacent(text: &str) -> Vec<&str> {
    let pieces: Vec<&str> = text.split(['/', ' ']).filter(|p| !p.is_empty()).collect();
    if pieces.iter().all(|p| is_long(p) || is_bic(p)) { pieces } else { vec![text] }
}

/// The numbers of a text with their labels.
fn labelled_numbers(text: &str) -> Vec<LabelledNumber<'_>> {
    let lower = text.to_lowercase();
    let allows_bics = lower.split(|c: char| !c.is_alphanumeric()).any(|w| matches!(w, "swift" | "bic"));
    let mut found: Vec<LabelledNumber> = Vec::new();
    for piece in split_outside_brackets(text) {
        let (piece, brackets) = split_trailing_brackets(piece);
        let first = found.len();
        found.extend(split_at_labels(piece, allows_bics));
        for i in first..found.len() {
            if found[i].label == Label::Absent && i > 0 {
                found[i].label = found[i - 1].label.clone();
            }
        }
        let mut further = Vec::new();
        for bracket in brackets {
            match found[first..].last_mut() {
                Some(last) if !has_digit(bracket) => last.qualify(bracket),
                // "7701234567 (OGRN: 1027700123456)"
                _ => further.extend(split_at_labels(bracket, allows_bics)),
            }
        }
        found.extend(further);
    }
    found
}

impl LabelledNumber<'_> {
    /// Reads the text in brackets after the number: its country, its label, or other words.
    fn qualify(&mut self, bracket: &str) {
        match country_code(bracket) {
            Some(code) if self.country.is_empty() || self.country == code => self.country = code,
            None if self.label == Label::Absent && ends_label(bracket) => {
                self.label = Label::parse(bracket);
                self.has_extra_words |= has_extra_words(bracket, "");
            }
            _ => self.has_extra_words = true,
        }
    }
}

/// Cuts a text at the separators outside brackets.
fn split_outside_brackets(text: &str) -> Vec<&str> {
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

/// A piece without the brackets at its end, and their contents, the last one first. A bracket without letters is a part
/// of the number before it.
fn split_trailing_brackets(piece: &str) -> (&str, Vec<&str>) {
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

/// The numbers of a piece, cut before each label that follows a number. `allows_bics` means that a word without digits
/// may be a BIC.
fn split_at_labels(piece: &str, allows_bics: bool) -> Vec<LabelledNumber<'_>> {
    let words = split_words(piece);
    let is_number = |w: &str| has_digit(w) || allows_bics && is_bic(w);
    let mut found = Vec::new();
    let mut begin = 0;
    for at in 1..words.len() {
        let follows_number = !is_number(words[at].text) && is_number(words[at - 1].text);
        let label = || words[at..].iter().map(|w| w.text).take_while(|w| !is_number(w));
        // "71 No 1234567" is one number.
        let is_within_number = || label().all(is_number_sign) && !is_long(words[at - 1].text);
        let precedes_number = || words[at..].iter().any(|w| is_number(w.text));
        if follows_number && label().any(ends_label) && !is_within_number() && precedes_number() {
            found.extend(parse_number(piece, &words[begin..at], is_number));
            begin = at;
        }
    }
    found.extend(parse_number(piece, &words[begin..], is_number));
    found
}

/// Reads a number with the label before or after it. Returns `None` without words.
fn parse_number<'a>(
    piece: &'a str,
    words: &[Word<'a>],
    is_number: impl Fn(&str) -> bool,
) -> Option<LabelledNumber<'a>> {
    let (begin, end) = (words.first()?.begin, words.last()?.end());
    let Some(first) = words.iter().position(|w| is_number(w.text)) else {
        return Some(LabelledNumber { label: Label::Absent, number: "", country: "", has_extra_words: true });
    };
    let before = &words[..first];
    let label_end = before.iter().rposition(|w| ends_label(w.text));
    // Prose before a long number is a label of unknown meaning: "Diplomatic D9004878".
    let label_end =
        label_end.or_else(|| before.iter().rposition(|w| is_long(words[first].text) && is_prose(w.text)));
    let number_begin = words[label_end.map_or(0, |at| at + 1)].begin;
    let last = last_word_of_number(words, first, is_number);
    let number_end = words[last].end();
    let (tail, country_after) = split_country(&piece[..end], &words[last + 1..]);
    let mut label = piece[begin..number_begin].trim();
    let mut extra_words = !tail.is_empty();
    if label.is_empty() && tail.iter().any(|w| ends_label(w.text)) {
        label = piece[number_end..end].trim();
        extra_words = false;
    }
    let in_label = label.split(|c: char| !c.is_alphabetic()).filter(|w| w.len() > 3).find_map(country_code);
    let country = country_after.or(in_label).unwrap_or("");
    let meaning = Label::parse(label);
    extra_words |= matches!(meaning, Label::Date | Label::Unknown) || has_extra_words(label, country);
    let number = trim_punctuation(&piece[number_begin..number_end]);
    Some(LabelledNumber { label: meaning, number, country, has_extra_words: extra_words })
}

/// The index of the last word of a number that begins with the word `first`.
fn last_word_of_number(words: &[Word<'_>], first: usize, is_number: impl Fn(&str) -> bool) -> usize {
    // A word of prose ends the number: "AB123456 valid until 2030".
    let is_part = |w: &&Word<'_>| is_number(w.text) || !is_prose(w.text);
    let run = words[first..].iter().take_while(is_part).count();
    let last = first + words[first..first + run].iter().rposition(|w| is_number(w.text)).unwrap_or(0);
    // One or two letters at the end are a part of it: "HRB 12345 B".
    match &words[last + 1..] {
        [tail] if tail.text.len() < 3 && !ends_label(tail.text) => last + 1,
        _ => last,
    }
}

/// Whether a word after a number is prose and not a part of the number: "A123 Issued 2010" as opposed to "HRB 123 B".
fn is_prose(word: &str) -> bool {
    !has_digit(word) && (word.starts_with(char::is_lowercase) || count(word, char::is_alphabetic) > 3)
}

/// Splits off the country at the end of the words after a number. A bracket may precede it: "A1234567 (expired) Russia".
fn split_country<'w, 'a>(piece: &str, tail: &'w [Word<'a>]) -> (&'w [Word<'a>], Option<&'static str>) {
    let begin = tail.first().map_or(0, |w| w.begin);
    for at in tail.len().saturating_sub(MAX_COUNTRY_WORDS)..tail.len() {
        let (before, text) = (piece[begin..tail[at].begin].trim(), &piece[tail[at].begin..]);
        let is_separate =
            before.trim_matches(['-', '–']).is_empty() || before.starts_with('(') && before.ends_with(')');
        // Shorter texts are more often words than codes.
        if is_separate
            && text.len() > 3
            && text.starts_with(char::is_uppercase)
            && let Some(code) = country_code(text)
        {
            return (&tail[..at], Some(code));
        }
    }
    (tail, None)
}

/// A number without punctuation around it, and without an unpaired bracket.
fn trim_punctuation(number: &str) -> &str {
    let edge = |c: char| c.is_whitespace() || ",.:/-–—=#".contains(c);
    let number = number.trim_matches(edge);
    let number = if number.contains('(') { number } else { number.trim_end_matches(')') };
    let number = if number.contains(')') { number } else { number.trim_start_matches('(') };
    number.trim_matches(edge)
}

/// A word of a piece.
struct Word<'a> {
    /// The byte of the piece at which it begins.
    begin: usize,
    text: &'a str,
}

impl Word<'_> {
    fn end(&self) -> usize {
        self.begin + self.text.len()
    }
}

/// The words of a piece. A colon ends a word, and so does a number directly before a label: "7701234567OGRN:
/// 1027700123456".
fn split_words(piece: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut begin = 0;
    let mut digit = false;
    for (at, c) in piece.char_indices() {
        let label_follows = digit && c.is_alphabetic() && {
            let letters = piece[at..].split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
            letters.chars().count() > 2 && ends_label(letters)
        };
        if c.is_whitespace() || label_follows || piece[begin..at].ends_with(':') {
            words.push(Word { begin, text: &piece[begin..at] });
            begin = at;
        }
        if c.is_whitespace() {
            begin = at + c.len_utf8();
        }
        digit = c.is_ascii_digit();
    }
    words.push(Word { begin, text: &piece[begin..] });
    words.retain(|w| !w.text.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Schema;

    /// The identifiers of a text as "kind value" or "kind value country", and whether the text holds nothing else.
    fn read(text: &str, read: impl Fn(&str, &mut Entity) -> bool) -> (Vec<String>, bool) {
        let mut e = Entity::new("1", Schema::Company, "x");
        let complete = read(text, &mut e);
        let show = |i: &Identifier| {
            let country = i.country.as_ref().map_or(String::new(), |c| format!(" {c}"));
            format!("{} {}{country}", i.kind.as_str(), i.value)
        };
        (e.identifiers.iter().map(show).collect(), complete)
    }

    #[test]
    fn numbers_of_a_column_take_the_kind_of_their_label() {
        for (text, found, complete) in [
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
            let of = read(text, |t, e| add_numbers(t, Some(K::Registration), e));
            assert_eq!(of, (found.iter().map(|f| f.to_string()).collect(), complete), "{text}");
        }
    }

    #[test]
    fn passports_are_separated_from_their_countries_and_notes() {
        for (text, found, complete) in [
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
            let of = read(text, |t, e| add_numbers(t, Some(K::Passport), e));
            assert_eq!(of, (found.iter().map(|f| f.to_string()).collect(), complete), "{text}");
        }
    }

    #[test]
    fn facts_have_a_label_before_the_colon() {
        for (text, found, complete) in [
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
            assert_eq!(
                read(text, add_labelled_fact),
                (found.iter().map(|f| f.to_string()).collect(), complete),
                "{text}"
            );
        }
    }
}
