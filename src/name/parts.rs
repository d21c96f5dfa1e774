//! The names within a cell: "X aka Y", "X (formerly Y)", "X / Y", "c/o X", "MV X (IMO 9123456)".
//!
//! A cell for one name often holds two, or a name and something about it. The words of the other name count against the
//! one that is listed, so that each part is screened too, beside the whole. A part is never the only reading: nothing that
//! the whole finds is lost.
//!
//! | written | parts |
//! |---|---|
//! | X *aka* Y, X *formerly* Y, X *trading as* Y, X *on behalf of* Y | X, Y |
//! | X & Y, X and Y, X or Y, X/Y | X, Y, if both have two words that distinguish names |
//! | X / Y, X; Y | X, Y |
//! | X 4829103847, /DE8937040044 X | X: without the account or other long number before or behind it |
//! | X (Y), X \[Y\] | X, and Y if it has two words or more, or is marked as a name |
//! | X, 12 Street, City | X: what stands before a comma and a number |
//! | *c/o* X, *ATTN:* X, Department | X; what stands before the last comma, after *attn* |
//! | RFB/INV 20931 /BNF/ X /ACC/ 408178 | what stands between the codes |
//! | MV X, M/V X, "X" VLCC | X, as the name of a ship, if it is just that |
//! | Чжан Жосюй | Zhang Ruoxu: a Chinese name in Russian spelling |
//! | Roe, J A N E | Roe, JANE: letters that stand apart, four and more, as one word |
//!
//! Which names will be wrong: "Procter & Gamble" has words on one side alone and stays whole; "Ivan Petrov and
//! Golden Lily Shipping" is screened as "Ivan Petrov" and "Golden Lily Shipping" too, which may be one company.
//!
//! Cost: one look at each word. Limits: cells of at most [`MAX_CELL`] bytes; the whole is screened in any case.

use super::lexicon::{WordInfo, lexicon};
use super::script::{for_each_surname, palladius};
use crate::entity::{Schema, country_code};
use crate::name::{AnalysedName, Tag};
use std::borrow::Cow;

/// The longest cell that is divided, in bytes. Free text is no cell, and the time for a text grows with its square.
pub(crate) const MAX_CELL: usize = 1024;

/// A part of a cell that may be a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part<'a> {
    pub(crate) text: &'a str,
    pub(crate) kind: PartKind,
}

/// What divides a part from the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartKind {
    /// The whole cell.
    Whole,
    /// A mark between names, a bracket, an address.
    Marked,
    /// A word or sign that stands within names too.
    Loose,
    /// The word for a ship.
    Ship,
    /// A bracket around an acronym.
    Acronym,
    /// The system in which Russian spells Chinese names: the part is the name in pinyin.
    Palladius,
    /// Blanks between the letters of a word, which the part is without.
    Spaced,
    /// Nothing: the whole of a name in Han characters, with so many bytes of it taken for the surname.
    Surname(usize),
}

impl<'a> Part<'a> {
    /// The text that is analysed: the part as written, or with the surname set apart.
    pub(crate) fn analysed_text(&self) -> Cow<'a, str> {
        match self.kind {
            PartKind::Surname(end) => format!("{} {}", &self.text[..end], &self.text[end..]).into(),
            PartKind::Palladius => palladius::pinyin(self.text).map_or(self.text.into(), Cow::Owned),
            PartKind::Spaced => with_letters_joined(self.text).into(),
            _ => self.text.into(),
        }
    }

    /// The kind of party that the part is, in a cell of this kind.
    pub(crate) fn schema(&self, cell: Schema) -> Schema {
        if self.kind == PartKind::Ship { Schema::Vessel } else { cell }
    }

    /// Whether the words of the part are compared, beside its text. A ship without the word for it has few words, often
    /// common ones, and an acronym few letters, so that only a party of that very name is a hit.
    pub(crate) fn compares_words(&self) -> bool {
        !matches!(self.kind, PartKind::Ship | PartKind::Acronym)
    }

    /// Whether the part is a name, and not legal forms and words of business alone: it is, or for a loose part it and one
    /// more are, a word that distinguishes names.
    pub(crate) fn is_name(&self, name: &AnalysedName) -> bool {
        let least = match self.kind {
            PartKind::Whole | PartKind::Palladius | PartKind::Spaced | PartKind::Surname(_) => 0,
            PartKind::Marked | PartKind::Ship | PartKind::Acronym => 1,
            PartKind::Loose => 2,
        };
        let tokens = || name.tokens().iter().map(|token| token.tag);
        // A body may have no other words: "Hong Kong Electronics (HKE)".
        let is_described = || tokens().filter(|tag| tag.is_business() || *tag == Tag::Place).count() >= 2;
        tokens().filter(|tag| tag.is_name_word()).count() >= least
            || (self.kind == PartKind::Marked && is_described())
    }
}

/// Phrases between two names of one party, before another name of it, or between two parties, of which a list may have
/// either. Compiled by the authors: the abbreviations of published lists (OFAC: "a.k.a.", "f.k.a.", "n.k.a."), of company
/// registers ("d/b/a", "t/a") and of payment messages ("OBO", "FFC").
const MARKS: &[&str] = &[
    "a/k/a",
    "aka",
    "also known as",
    "f/k/a",
    "fka",
    "formerly",
    "formerly known as",
    "previously",
    "previously known as",
    "previously listed as",
    "n/k/a",
    "nka",
    "now known as",
    "d/b/a",
    "dba",
    "doing business as",
    "t/a",
    "trading as",
    "o/b/o",
    "obo",
    "on behalf of",
    "by order of",
    "ffc",
    "for further credit",
    "for further credit to",
    "in favour of",
    "in favor of",
    "c/o",
    "care of",
    "attn",
    "attention",
    "so-called",
    "so called",
    "the so-called",
    "birth name",
];

/// Marks that stand within a name as often as between two, and words that are also names ("Max Born"): they divide only
/// what has two words on either side.
const LOOSE_MARKS: &[&str] = &["&", "and", "or", "/", ";", "alias", "now", "née", "nee", "born", "ex"];

/// Words before or behind the name of a ship, without dots and slashes. Compiled by the authors from the prefixes of the
/// kinds of ship: motor, steam, sailing, fishing, research and container vessel, motor tanker, motor yacht, very large and
/// ultra large crude carrier, carrier of liquefied natural and petroleum gas, tug, barge, and words for "ship" itself.
const SHIP_WORDS: &[&str] = &[
    "mv", "mt", "ms", "mts", "ss", "sv", "fv", "rv", "cv", "my", "vlcc", "ulcc", "lng", "lpg", "lngc",
    "lpgc", "vessel", "vsl", "ship", "tanker", "tug", "barge", "ferry", "yacht",
];

/// Calls `each` with the parts of a cell other than the whole, in the order of the text.
pub(crate) fn for_each_part<'a>(cell: &'a str, schema: Schema, mut each: impl FnMut(Part<'a>)) {
    if cell.len() > MAX_CELL {
        return;
    }
    let may_be_ship = matches!(schema, Schema::Vessel | Schema::Unknown | Schema::Other);
    for_each_surname(trimmed(cell), schema, |text, end| each(Part { text, kind: PartKind::Surname(end) }));
    if matches!(schema, Schema::Person | Schema::Unknown) && palladius::pinyin(trimmed(cell)).is_some() {
        each(Part { text: trimmed(cell), kind: PartKind::Palladius });
    }
    if has_spaced_word(cell) {
        each(Part { text: trimmed(cell), kind: PartKind::Spaced });
    }
    let mut found = |text: &'a str, kind: PartKind| {
        let text = trimmed(text);
        if !text.is_empty() && text != trimmed(cell) {
            each(Part { text, kind });
        }
    };
    if !cell.contains(BRACKETS) {
        found(without_numbers(cell), PartKind::Marked);
        for_each_script(cell, &mut found);
    }
    if let Some(labelled) = without_label(cell) {
        found(labelled, PartKind::Marked);
    }
    let shorter = if schema == Schema::Person { before_note(cell) } else { before_dedication(cell) };
    if let Some(name) = shorter {
        found(name, PartKind::Marked);
    }
    let Some((before, mut inside, mut after)) = brackets(cell) else {
        return for_each_name(cell, may_be_ship, &mut found);
    };
    // What stands behind a bracket mostly belongs to what stands before it: "Star (UK) Ltd".
    let goes_on = next_word(after, 0).is_some_and(|(start, _)| {
        !after[start..].starts_with(BRACKETS) && mark_at(after, start).is_none_or(|(_, is_loose)| is_loose)
    });
    if !goes_on {
        for_each_name(before, may_be_ship, &mut found);
    }
    loop {
        for_each_addition(inside, &mut found);
        let Some(next) = brackets(after) else { return for_each_addition(after, &mut found) };
        for_each_addition(next.0, &mut found);
        (inside, after) = (next.1, next.2);
    }
}

/// Letters apart from which on they are taken for a word: three are the initials of a person, "J. R. R. Tolkien".
const MIN_SPACED: usize = 4;

/// The letters with a blank between them at the beginning of a text: how many, and where they end.
fn spaced_letters(text: &str) -> (usize, usize) {
    let (mut count, mut end) = (0, 0);
    let mut rest = text.char_indices();
    while let Some((at, c)) = rest.next()
        && c.is_alphabetic()
    {
        let blank = rest.next();
        if blank.is_some_and(|(_, c)| !c.is_whitespace()) {
            break;
        }
        (count, end) = (count + 1, at + c.len_utf8());
    }
    (count, end)
}

/// Whether a word is written with blanks between its letters.
fn has_spaced_word(cell: &str) -> bool {
    let mut starts =
        cell.char_indices().filter(|(at, _)| cell[..*at].chars().next_back().is_none_or(char::is_whitespace));
    // Most names have no two single letters beside each other.
    let is_letter = |text: &str| text.chars().nth(1).is_none_or(char::is_whitespace);
    starts.any(|(at, _)| is_letter(&cell[at..]) && spaced_letters(&cell[at..]).0 >= MIN_SPACED)
}

/// A text without the blanks between letters that are words by themselves.
fn with_letters_joined(text: &str) -> String {
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    while let Some(c) = text[at..].chars().next() {
        let begins_word = out.chars().next_back().is_none_or(char::is_whitespace);
        let (count, end) = if begins_word { spaced_letters(&text[at..]) } else { (0, 0) };
        if count >= MIN_SPACED {
            out.extend(text[at..at + end].chars().filter(|c| !c.is_whitespace()));
            at += end;
        } else {
            out.push(c);
            at += c.len_utf8();
        }
    }
    out
}

/// Calls `found` with the names in a text that begins a cell, those of ships without the word for a ship too.
fn for_each_name<'a>(text: &'a str, may_be_ship: bool, found: &mut impl FnMut(&'a str, PartKind)) {
    for_each_segment(text, &mut |segment, kind| {
        found(segment, kind);
        if let Some(ship) = without_ship_word(trimmed(segment)).filter(|_| may_be_ship) {
            found(ship, PartKind::Ship);
        }
    });
}

/// Calls `found` with the names in a text within a bracket or behind one: what is marked as a name or has two words.
fn for_each_addition<'a>(text: &'a str, found: &mut impl FnMut(&'a str, PartKind)) {
    for_each_segment(text, &mut |segment, kind| {
        let is_marked = trimmed(segment).len() < trimmed(text).len();
        if is_marked || words(segment) > 1 {
            found(segment, kind);
        } else if is_acronym(trimmed(segment)) {
            found(segment, PartKind::Acronym);
        }
    });
}

/// Calls `found` with the runs of words of one script, where a cell has the name in several: "Romashka LLC ООО Ромашка".
/// A run has two words that distinguish names, for a single word may be part of either.
fn for_each_script<'a>(cell: &'a str, found: &mut impl FnMut(&'a str, PartKind)) {
    if cell.is_ascii() {
        return;
    }
    let is_latin =
        |word: &str| word.chars().find(|c| c.is_alphabetic()).map(|c| c.is_ascii() || c < '\u{250}');
    let (mut start, mut run, mut runs) = (0, None, 0);
    let mut at = 0;
    let mut segment = |from: usize, to: usize| {
        if words(&cell[from..to]) >= 2 {
            found(&cell[from..to], PartKind::Loose);
        }
    };
    while let Some((word_start, word)) = next_word(cell, at) {
        at = word_start + word.len();
        let Some(script) = is_latin(word) else { continue };
        if run.is_some_and(|run| run != script) {
            segment(start, word_start);
            (start, runs) = (word_start, runs + 1);
        }
        run = Some(script);
    }
    if runs > 0 {
        segment(start, cell.len());
    }
}

/// What stands behind a label: "Russian: …", "Other name: …".
fn without_label(cell: &str) -> Option<&str> {
    let (label, name) = cell.split_once(": ")?;
    let is_mark = mark_at(label, label.len() - label.trim_start().len()).is_some();
    (!is_mark
        && words(label) <= 2
        && words(name) >= 2
        && label.chars().all(|c| c.is_alphabetic() || c == ' '))
    .then_some(name)
}

/// Words behind a person's name that begin a note about the person. Compiled by the authors from the labels of columns
/// that exports write into one cell.
const NOTES: &[&str] = &[
    "born", "dob", "d.o.b.", "passport", "pass", "id", "ssn", "tin", "inn", "minor", "deceased", "late",
    "retired",
];

/// The name of a person before a note about it: "Jane Roe born 1960", "Jane Roe passport A123", "Jane Roe 12 Main Street",
/// "Jane Roe RU". A name has two words or more.
fn before_note(cell: &str) -> Option<&str> {
    let has_digit = |word: &str| word.bytes().any(|b| b.is_ascii_digit());
    let is_capital = |word: &str| word.bytes().all(|b| b.is_ascii_uppercase());
    let all_capital = cell.split_whitespace().all(is_capital);
    let (mut at, mut count) = (0, 0);
    while let Some((start, word)) = next_word(cell, at) {
        at = start + word.len();
        let next = next_word(cell, at).map(|(_, next)| next);
        // Such words are names too ("Aung San Tin", "John Lee Minor"): they are none where they are not written as one, or
        // a number follows.
        let is_written_otherwise =
            word.starts_with(char::is_lowercase) || word.ends_with(':') || (is_capital(word) && !all_capital);
        let is_note_word =
            NOTES.iter().any(|note| note.eq_ignore_ascii_case(word.trim_end_matches([':', ','])))
                && (is_written_otherwise || next.is_some_and(has_digit));
        let is_country = next.is_none() && is_capital(word) && !all_capital && is_country_code(word);
        if (has_digit(word) || is_note_word || is_country) && count >= 2 {
            return Some(&cell[..start]);
        }
        count += usize::from(word.chars().any(char::is_alphabetic));
    }
    None
}

/// Whether a word is a country's code of two letters and no common name: "RU", and no "LI" as in "Chi Ming LI".
fn is_country_code(word: &str) -> bool {
    // Names of class 1 are known, and no more: "RU" is one of them.
    let is_common = |info: &WordInfo| info.frequency > 1;
    word.len() == 2
        && country_code(word).is_some()
        && !lexicon().info(&word.to_ascii_lowercase()).is_some_and(is_common)
}

/// Words between the name of an institute or works and the person it is named after. The Russian ones are "imeni" and its
/// abbreviation. Compiled by the authors from names on the published lists of the EU and of OFAC.
const DEDICATIONS: &[&str] =
    &["named after", "named for", "named", "in the name of", "imeni", "im.", "им.", "имени", "імені", "ім."];

/// The name of a body before the person it is named after, by which it is known as well: "Polyus Institute named after M.F.
/// Stelmakh".
pub(crate) fn before_dedication(name: &str) -> Option<&str> {
    let mut at = 0;
    while let Some((start, word)) = next_word(name, at) {
        at = start + word.len();
        let rest = &name[start..];
        if start > 0 && DEDICATIONS.iter().any(|mark| begins_with_phrase(rest, mark)) {
            return Some(trimmed(&name[..start]));
        }
    }
    None
}

/// Whether a text begins with these words, whatever their case.
fn begins_with_phrase(text: &str, phrase: &str) -> bool {
    let mut rest = text.chars().flat_map(char::to_lowercase);
    phrase.chars().all(|c| rest.next() == Some(c))
        && rest.next().is_some_and(|c| !c.is_alphanumeric() || phrase.ends_with('.'))
}

/// Whether a word is written as acronyms are: three to ten capital letters, and no other.
fn is_acronym(word: &str) -> bool {
    (3..=10).contains(&word.chars().count()) && word.chars().all(char::is_uppercase)
}

/// The signs that a bracket begins with.
const BRACKETS: [char; 3] = ['(', '[', '（'];

/// What stands before, in and behind the first bracket.
fn brackets(cell: &str) -> Option<(&str, &str, &str)> {
    let open = cell.find(BRACKETS)?;
    let (before, rest) = cell.split_at(open);
    let inside = rest.trim_start_matches(BRACKETS);
    let Some(close) = inside.find([')', ']', '）']) else { return Some((before, inside, "")) };
    let (inside, after) = inside.split_at(close);
    Some((before, inside, after.trim_start_matches([')', ']', '）'])))
}

/// Calls `each` with the texts between marks; with the text itself if there is none.
fn for_each_segment<'a>(text: &'a str, each: &mut impl FnMut(&'a str, PartKind)) {
    let text = before_address(text);
    let (mut rest, mut kind) = (text, PartKind::Marked);
    let mut start = 0;
    let mut at = 0;
    while let Some((word_start, word)) = next_word(text, at) {
        at = word_start + word.len();
        let Some((end, is_loose)) = mark_at(text, word_start) else { continue };
        let (before, after) = (&text[start..word_start], &text[end..]);
        // "Roe, née Doe": behind a comma or a dash such a word says one thing only.
        let is_maiden_name =
            is_loose && is_birth_word(word) && before.trim_end().ends_with([',', '-', '–', '(']);
        if is_loose && !is_maiden_name && (words(before) < 2 || words(after) < 2) {
            continue;
        }
        if is_loose && !is_maiden_name {
            kind = PartKind::Loose;
        }
        if !trimmed(before).is_empty() {
            each(before, kind);
        }
        (start, at, rest) = (end, end, after);
        if is_attention(word)
            && let Some(comma) = after.rfind(',')
        {
            each(&after[..comma], kind);
        }
    }
    each(rest, kind);
}

/// The end of the mark that begins here, and whether it is a loose one. A code between slashes is one too.
fn mark_at(text: &str, start: usize) -> Option<(usize, bool)> {
    let rest = &text[start..];
    if !may_be_mark(rest.as_bytes()) {
        return None;
    }
    let first = next_word(rest, 0)?.1;
    if is_code(first) {
        return Some((start + first.len(), false));
    }
    // With blanks on both sides it stands within no name: "A/S", "M/V".
    let is_apart = |text: &str| text.chars().next().is_some_and(char::is_whitespace);
    if first == ";" && is_apart(&rest[1..])
        || first == "/" && is_apart(&rest[1..]) && text[..start].ends_with(char::is_whitespace)
    {
        return Some((start + first.len(), false));
    }
    if LOOSE_MARKS.iter().any(|mark| mark.eq_ignore_ascii_case(first)) {
        return Some((start + first.len(), true));
    }
    let is_plain = first.bytes().all(|byte| byte.is_ascii_alphabetic());
    let may_begin = |mark: &&&str| {
        let (mark, word) = (mark.as_bytes(), first.as_bytes());
        if is_plain { begins_with_word(mark, word) } else { mark[0].eq_ignore_ascii_case(&word[0]) }
    };
    let lengths = MARKS.iter().filter(may_begin).filter_map(|mark| length_of_mark(mark, rest));
    lengths.max().map(|length| (start + length, false))
}

/// Whether a mark begins with a word, whatever its case.
fn begins_with_word(mark: &[u8], word: &[u8]) -> bool {
    let first = mark.get(..word.len()).is_some_and(|first| first.eq_ignore_ascii_case(word));
    first && matches!(mark.get(word.len()), None | Some(b' '))
}

/// Returns false if the first two bytes show that a text begins with no mark, as those of most words do.
fn may_be_mark(text: &[u8]) -> bool {
    /// For each first letter the second ones of all marks, as bits; the last bit is for all that is no letter.
    static SECOND_LETTERS: [u32; 26] = {
        let mut letters = [0; 26];
        let mut i = 0;
        while i < MARKS.len() + LOOSE_MARKS.len() {
            let mark = if i < MARKS.len() { MARKS[i] } else { LOOSE_MARKS[i - MARKS.len()] }.as_bytes();
            if mark[0].is_ascii_lowercase() {
                letters[(mark[0] - b'a') as usize] |= 1 << letter_number(mark[1]) | 1 << OTHER;
            }
            i += 1;
        }
        letters
    };
    let (first, second) = (text.first().copied().unwrap_or(0), text.get(1).copied().unwrap_or(0));
    match letter_number(first) {
        OTHER => matches!(first, b'&' | b'/' | b';'),
        letter => SECOND_LETTERS[letter as usize] >> letter_number(second) & 1 == 1,
    }
}

/// The number of a letter in the alphabet, from 0 on, or [`OTHER`].
const fn letter_number(byte: u8) -> u8 {
    let letter = byte.to_ascii_lowercase();
    if letter.is_ascii_lowercase() { letter - b'a' } else { OTHER }
}

/// What is no letter, in [`letter_number`].
const OTHER: u8 = 26;

/// The length of a mark that a text begins with, whatever its case, its blanks and the dots and colons in it; `None` if
/// the text begins otherwise.
fn length_of_mark(mark: &str, text: &str) -> Option<usize> {
    let mut end = 0;
    for expected in mark.split(' ') {
        let (start, word) = next_word(text, end)?;
        let letters = word.chars().filter(|c| !matches!(c, '.' | ':' | ','));
        if !letters.flat_map(char::to_lowercase).eq(expected.chars()) {
            return None;
        }
        end = start + word.len();
    }
    Some(end)
}

/// Whether a word stands before the name that a person was born with.
fn is_birth_word(word: &str) -> bool {
    ["née", "nee", "born"].iter().any(|birth| birth.eq_ignore_ascii_case(word))
}

fn is_attention(word: &str) -> bool {
    let word = word.trim_end_matches([':', '.']);
    ["attn", "attention"].iter().any(|mark| mark.eq_ignore_ascii_case(word))
}

/// Whether a word is a code of a payment message: "/BNF/", "RFB/INV".
fn is_code(word: &str) -> bool {
    let code = word.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    code.is_some_and(|code| (3..=8).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_uppercase()))
}

/// The text without the account or other long number that it begins or ends with.
fn without_numbers(text: &str) -> &str {
    let is_number = |word: &str| {
        let (digits, letters) = word.chars().fold((0, 0), |(digits, letters), c| {
            (digits + usize::from(c.is_ascii_digit()), letters + usize::from(c.is_alphabetic()))
        });
        digits >= MIN_NUMBER_DIGITS && digits >= 2 * letters
    };
    let mut rest = text.trim();
    while let Some((first, behind)) = rest.split_once(char::is_whitespace)
        && is_number(first)
    {
        rest = behind.trim_start();
    }
    while let Some((before, last)) = rest.rsplit_once(char::is_whitespace)
        && is_number(last)
    {
        rest = before.trim_end();
    }
    rest
}

/// Digits from which on a word is the number of an account, a document or a phone, and part of no name.
const MIN_NUMBER_DIGITS: usize = 6;

/// The text before a comma that a number follows: an address behind a name.
fn before_address(text: &str) -> &str {
    let address =
        |(at, _): &(usize, &str)| text[at + 1..].trim_start().starts_with(|c: char| c.is_ascii_digit());
    match text.match_indices(',').find(address) {
        Some((at, _)) if words(&text[..at]) > 0 => &text[..at],
        _ => text,
    }
}

/// The name of a ship without the word for it before or behind.
pub(crate) fn without_ship_word(text: &str) -> Option<&str> {
    let (first, rest) = text.split_once(' ')?;
    if first.eq_ignore_ascii_case("the") {
        return without_ship_word(rest);
    }
    if is_ship_word(first) {
        return Some(rest);
    }
    if first.eq_ignore_ascii_case("motor")
        && let Some((second, last)) = rest.split_once(' ')
        && is_ship_word(second)
    {
        return Some(last);
    }
    // "M V LENA"
    if let Some((second, last)) = rest.split_once(' ')
        && first.len() + second.len() == 2
        && is_ship_word(&[first, second].concat())
    {
        return Some(last);
    }
    let (before, last) = text.rsplit_once(' ')?;
    is_ship_word(last).then_some(before)
}

/// Whether a word before or behind a name says that it is the name of a ship.
pub(crate) fn is_ship_word(word: &str) -> bool {
    let letters =
        || word.bytes().filter(|byte| !matches!(byte, b'.' | b'/')).map(|byte| byte.to_ascii_lowercase());
    SHIP_WORDS.iter().any(|ship| ship.bytes().eq(letters()))
}

/// The next word from a byte on, and where it starts.
fn next_word(text: &str, from: usize) -> Option<(usize, &str)> {
    let rest = &text[from..];
    let start = from + rest.find(|c: char| !c.is_whitespace())?;
    let word = &text[start..];
    // A semicolon is a mark of its own, wherever it stands.
    let end = match word.find(|c: char| c.is_whitespace() || c == ';') {
        Some(0) => 1,
        end => end.unwrap_or(word.len()),
    };
    let end = match slash_between_names(&word[..end]) {
        Some(0) => 1,
        Some(slash) => slash,
        None => end,
    };
    Some((start, &word[..end]))
}

/// Where a slash stands between two words of three letters and more, with no blank beside it: "ROE/Doe" and no "M/V" or
/// "C/O". The slash is a word of its own.
fn slash_between_names(word: &str) -> Option<usize> {
    let slash = word.find('/').filter(|_| word.bytes().filter(|b| *b == b'/').count() == 1)?;
    let (before, behind) = (&word[..slash], &word[slash + 1..]);
    let long = |part: &str| part.chars().filter(|c| c.is_alphabetic()).count() >= 3;
    (long(behind) && (before.is_empty() || long(before))).then_some(slash)
}

/// The number of words with a letter or a digit.
fn words(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
}

/// The text without blanks and punctuation around it. A dot behind a letter stays.
fn trimmed(text: &str) -> &str {
    let is_edge =
        |c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '/' | '-' | '"' | '“' | '”' | '«' | '»');
    text.trim_matches(is_edge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts(cell: &str) -> Vec<&str> {
        let mut all = Vec::new();
        for_each_part(cell, Schema::Unknown, |part| all.push(part.text));
        all
    }

    #[test]
    fn letters_that_stand_apart_are_a_word() {
        for (cell, joined) in [
            ("Roe, J A N E", "Roe, JANE"),
            ("J A N E  A N N E Roe", "JANE  ANNE Roe"),
            ("Jane р о е в а", "Jane роева"),
            ("J R R Tolkien", "J R R Tolkien"),
            ("J R R T.", "J R R T."),
            ("", ""),
        ] {
            assert_eq!(with_letters_joined(cell), joined);
            assert_eq!(has_spaced_word(cell), joined != cell, "{cell}");
        }
    }

    #[test]
    fn the_names_within_a_cell_are_its_parts() {
        for (cell, expected) in [
            ("Jane Roe", &[][..]),
            ("Jane R O E", &[]),
            ("Roe, J A N E", &["Roe, J A N E"]),
            ("ROE, Jane", &[]),
            ("Romashka LLC a.k.a. Lilia", &["Romashka LLC", "Lilia"]),
            ("Romashka LLC, formerly known as Lilia Trading", &["Romashka LLC", "Lilia Trading"]),
            ("Alpine AG (formerly ROMASHKA LLC)", &["Alpine AG", "ROMASHKA LLC"]),
            ("Jane Roe (previously listed as)", &["Jane Roe"]),
            ("Romashka Trading Bureau (RTB)", &["Romashka Trading Bureau", "RTB"]),
            ("Star (UK) Ltd", &[]),
            ("Romashka Corporation (ROMK)", &["Romashka Corporation", "ROMK"]),
            ("Jane Roe, née Doe", &["Jane Roe", "Doe"]),
            ("Jane Roe born Doe", &[]),
            ("Jane ROE/Jane DOE", &["Jane ROE", "Jane DOE"]),
            ("A/S Romashka M/V Lena", &[]),
            ("John Doe / ROMASHKA", &["John Doe", "ROMASHKA"]),
            ("John Doe; Romashka", &["John Doe", "Romashka"]),
            ("Romashka 482910384756", &["Romashka"]),
            ("/DE89370400440532013000 Jane Roe", &["Jane Roe"]),
            ("Route 66 Diner", &[]),
            ("RFB/INV 20931 /BNF/ Romashka /ACC/ 4081", &["RFB/INV 20931", "Romashka", "4081"]),
            ("Other name: Jane Roe", &["Jane Roe"]),
            ("OOO Romashka ООО Ромашка", &["OOO Romashka", "ООО Ромашка"]),
            ("Polyus Institute named after J. Roe", &["Polyus Institute"]),
            ("НИИ Полюс им. И. Роева", &["НИИ Полюс"]),
            ("Jane Roe (deceased) aka Lily", &["Jane Roe", "Lily"]),
            ("Jane Roe (Lily Doe) [UK] (formerly Rose)", &["Jane Roe", "Lily Doe", "Rose"]),
            ("Минский завод (Minsk Works)", &["Минский завод", "Minsk Works"]),
            ("John Doe & Jane Roe", &["John Doe", "Jane Roe"]),
            ("Procter & Gamble", &[]),
            ("John Doe; Jane Roe", &["John Doe", "Jane Roe"]),
            ("John Doe / Jane Roe", &["John Doe", "Jane Roe"]),
            ("John Doe on behalf of Romashka LLC", &["John Doe", "Romashka LLC"]),
            ("ATTN: Romashka Co., Ltd., Accounts", &["Romashka Co., Ltd.", "Romashka Co., Ltd., Accounts"]),
            ("c/o Jane Roe", &["Jane Roe"]),
            ("Romashka Ltd., 12 Lenin St, Moscow", &["Romashka Ltd."]),
            ("RFB/INV 17 /BNF/ Romashka Ltd /ACC/ 408178 1", &["RFB/INV 17", "Romashka Ltd", "408178 1"]),
            ("MV LENA", &["LENA"]),
            ("M/V LENA (IMO 9123456)", &["M/V LENA", "LENA", "IMO 9123456"]),
            ("M. V. LENA", &[]),
            ("M V LENA", &["LENA"]),
            ("Motor Vessel LENA", &["LENA"]),
            ("LENA VLCC", &["LENA"]),
            ("the so-called Romashka Council", &["Romashka Council"]),
        ] {
            assert_eq!(parts(cell), expected, "{cell}");
        }
    }

    #[test]
    fn the_first_letters_rule_no_mark_out() {
        for mark in MARKS.iter().chain(LOOSE_MARKS) {
            let mut written = vec![mark.to_string(), mark.to_uppercase()];
            if mark.len() > 1 {
                written.push(mark.replace('/', "."));
            }
            assert!(written.iter().all(|mark| may_be_mark(mark.as_bytes())), "{written:?}");
        }
        assert!(!["petrov", "Ivan", "lily"].iter().any(|word| may_be_mark(word.as_bytes())));
    }

    #[test]
    fn a_note_about_a_person_is_no_part_of_the_name() {
        let names = |cell: &'static str| {
            let mut all = Vec::new();
            for_each_part(cell, Schema::Person, |part| all.push(part.text));
            all
        };
        for note in ["born 1960", "DOB 1 May", "passport A123", "12 Main Street", "RU", "ID: X", "1960"] {
            let cell: &'static str = Box::leak(format!("Jane Roe {note}").into_boxed_str());
            assert!(names(cell).contains(&"Jane Roe"), "{cell}: {:?}", names(cell));
        }
        assert_eq!(names("JANE ROE LI"), [""; 0]);
        assert_eq!(names("Jane Roe Li"), [""; 0]);
        for name in
            ["Minor Roe", "Aung San Tin", "John Lee Minor", "JOHN LEE MINOR", "Chi Ming LI", "Van Anh HO"]
        {
            assert_eq!(names(name), [""; 0]);
        }
    }

    #[test]
    fn what_is_told_to_be_no_ship_has_no_ship_word() {
        let mut all = Vec::new();
        for_each_part("MS Lena", Schema::Person, |part| all.push(part));
        assert_eq!(all, []);
        for_each_part("MS Lena", Schema::Vessel, |part| all.push(part));
        assert_eq!(all, [Part { text: "Lena", kind: PartKind::Ship }]);
        assert_eq!(all[0].schema(Schema::Unknown), Schema::Vessel);
    }

    proptest! {
        #[test]
        fn parts_are_within_the_cell(cell in "([a-zé&;/(),. ]|aka |mv | and |/BNF/ |1|，|（){0,40}") {
            let all = parts(&cell);
            prop_assert!(all.iter().all(|part| cell.contains(part) && !part.is_empty()));
        }
    }
}
