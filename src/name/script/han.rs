//! Words in Han characters: simplified, cut into words of the lexicon and what is between them, and read in
//! pinyin.

use super::{Buffers, NameContext, alphabet};
use super::{ScriptClass, script_of};
use crate::entity::Schema;
use crate::name::lexicon::lexicon;
use crate::name::normalize::simplify;
use crate::name::raw_name::RawName;
use crate::name::{MAX_TOKEN_CHARS, Tag};
use pinyin::ToPinyin;

/// The most characters of a run that are read; the name of a company is written as one run.
const MAX_RUN: usize = 4 * MAX_TOKEN_CHARS;

/// The lengths of a person's name in characters, with the surname.
const PERSON: std::ops::RangeInclusive<usize> = 2..=4;
/// The most characters of a Japanese name.
const MAX_JAPANESE: usize = 7;

/// Appends the tokens of a run of Han characters.
pub(super) fn push_run(run: &str, context: NameContext, buffers: &mut Buffers, raw: &mut RawName) {
    let Buffers { reading, text: word } = buffers;
    word.clear();
    word.extend(run.chars().take(MAX_RUN).map(simplify));
    if context.is_foreign_han && context.schema == Schema::Person {
        return push_foreign(word, reading, raw);
    }
    if !is_person(word, context.schema, raw.is_empty()) || context.is_foreign_han {
        return segment(word, |part| match lexicon().han_word_prefix(part) {
            None if context.is_foreign_han => push_foreign(part, reading, raw),
            _ => push(part, false, reading, raw),
        });
    }
    let (word, honorific) = split_honorific(word);
    push_person(word, context, reading, raw);
    if !honorific.is_empty() {
        push(honorific, false, reading, raw);
    }
}

/// Appends surname and given name of a person.
fn push_person(word: &str, context: NameContext, reading: &mut String, raw: &mut RawName) {
    let chars = word.chars().count();
    let is_japanese = chars <= MAX_JAPANESE && japanese_surname_len(word).is_some();
    if !(PERSON.contains(&chars) || is_japanese) || lexicon().han_surname(word).is_some() {
        push(word, true, reading, raw);
    } else if context.words > 1 {
        // A name written with blanks has its surname apart already: this is a given name.
        push(word, false, reading, raw);
    } else {
        let (family, given) = word.split_at(surname_len(word));
        push(family, true, reading, raw);
        push(given, false, reading, raw);
    }
}

/// Cuts the honorific off a person's name, "王伟先生"; it is empty where there is none.
fn split_honorific(word: &str) -> (&str, &str) {
    let ends = word.char_indices().map(|(end, _)| end).skip(1);
    // One character, as 君, is a name as well.
    let is_honorific = |text: &str| {
        text.chars().count() >= 2 && lexicon().info(text).is_some_and(|info| info.honorific.is_some())
    };
    let end = ends.into_iter().find(|end| is_honorific(&word[*end..]));
    word.split_at(end.unwrap_or(word.len()))
}

/// Whether a word is the name of a person, or a part of it.
fn is_person(word: &str, schema: Schema, is_first: bool) -> bool {
    match schema {
        Schema::Person => true,
        Schema::Unknown | Schema::LegalEntity | Schema::Other => {
            let chars = word.chars().count();
            // A name in one word, or a surname before the rest of it.
            (PERSON.contains(&chars) || (chars == 1 && is_first))
                && lexicon().han_word_prefix(word).is_none()
                && (japanese_surname_len(word).is_some()
                    || lexicon().han_surname(&word[..surname_len(word)]).is_some())
        }
        _ => false,
    }
}

fn push(word: &str, is_surname: bool, reading: &mut String, raw: &mut RawName) {
    reading.clear();
    read(word, is_surname, reading);
    raw.push_with_reading(word, reading, Tag::Han);
}

/// Appends a word of a foreign name, whose characters are read as letters are: by their table.
fn push_foreign(word: &str, reading: &mut String, raw: &mut RawName) {
    reading.clear();
    read(word, false, reading);
    raw.push_with_reading(word, reading, Tag::NonLatin);
}

/// Whether a name in Han characters is that of a foreigner: there is a dot between its words, 弗拉基米尔·普京.
pub(in crate::name) fn is_foreign_name(name: &str) -> bool {
    // Katakana middle dot, bullet, hyphenation point and dot operator are typed for the middle dot.
    let is_dot = |c: char| matches!(c, '·' | '・' | '•' | '‧' | '⋅');
    let is_han = |c: char| script_of(c) == ScriptClass::Han;
    name.match_indices(is_dot).any(|(at, dot)| {
        name[..at].trim_end().ends_with(is_han) && name[at + dot.len()..].trim_start().starts_with(is_han)
    })
}

/// Cuts a simplified Han word at the words of the lexicon (legal forms, business words, places), the longest
/// first. What is between them, a brand or a person's name, is a part as well.
fn segment<'w>(word: &'w str, mut each: impl FnMut(&'w str)) {
    let (mut unknown, mut at) = (0, 0);
    while at < word.len() {
        match lexicon().han_word_prefix(&word[at..]) {
            Some(len) => {
                if unknown < at {
                    each(&word[unknown..at]);
                }
                each(&word[at..at + len]);
                at += len;
                unknown = at;
            }
            None => at += word[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    if unknown < at {
        each(&word[unknown..]);
    }
}

/// Appends the tokens of a word in Han characters and Kana, which is Japanese: surname and given name, or the word as a
/// whole. Returns whether it did; the words of a body are cut by their scripts instead.
pub(super) fn push_mixed(word: &str, context: NameContext, buffers: &mut Buffers, raw: &mut RawName) -> bool {
    let Buffers { reading, text } = buffers;
    text.clear();
    text.extend(word.chars().take(MAX_RUN).map(simplify));
    let surname = japanese_surname_len(text).filter(|_| text.chars().count() <= MAX_JAPANESE);
    let is_person = match context.schema {
        Schema::Person => surname.is_some() || context.words > 1,
        Schema::Unknown | Schema::LegalEntity | Schema::Other => surname.is_some(),
        _ => false,
    };
    if is_person {
        let (family, given) = text.split_at(surname.unwrap_or(0));
        for part in [family, given].into_iter().filter(|part| !part.is_empty()) {
            push(part, false, reading, raw);
        }
    }
    is_person
}

/// Length in bytes of the Japanese surname before a given name that a name starts with, the longest that is known.
fn japanese_surname_len(name: &str) -> Option<usize> {
    let ends = name.char_indices().map(|(end, _)| end).take(MAX_JAPANESE_SURNAME + 1).skip(2);
    ends.filter(|end| lexicon().is_japanese_surname(&name[..*end])).last()
}

/// Calls `each` with the end in bytes of each other surname that a person's name in one word may begin with, than the one
/// that the name is analysed with. 金光珍 is 金 and 光珍 in Korea, 金光 and 珍 in Japan.
pub(in crate::name) fn for_each_surname<'a>(
    name: &'a str,
    schema: Schema,
    mut each: impl FnMut(&'a str, usize),
) {
    let is_japanese = |c| matches!(script_of(c), ScriptClass::Han | ScriptClass::Kana);
    let is_divided = |c: char| c.is_whitespace() || c == '·';
    if name.is_ascii() || name.contains(is_divided) || !name.chars().all(is_japanese) {
        return;
    }
    let text: String = name.chars().map(simplify).collect();
    let chars = text.chars().count();
    let has_kana = name.chars().any(|c| script_of(c) == ScriptClass::Kana);
    let has_han = name.chars().any(|c| script_of(c) == ScriptClass::Han);
    if !has_han || !is_person(&text, schema, true) || lexicon().han_surname(&text).is_some() {
        return;
    }
    let surname_chars = |len: usize| text[..len].chars().count();
    let (analysed, possible) = match (has_kana, chars) {
        (false, 3 | 4) => (surname_chars(surname_len(&text)), 1..=2),
        (false, 5) => (japanese_surname_len(&text).map_or(0, surname_chars), 2..=3),
        (true, 3..=MAX_JAPANESE) => (japanese_surname_len(&text).map_or(0, surname_chars), 1..=3),
        _ => return,
    };
    for surname in possible.filter(|surname| *surname != analysed && *surname < chars) {
        let end = name.char_indices().nth(surname).map_or(name.len(), |(end, _)| end);
        each(name, end);
    }
}

/// The most characters of a Japanese surname in the table.
const MAX_JAPANESE_SURNAME: usize = 4;

/// Length in bytes of the surname that a person's name starts with: a Japanese one, a known one of two characters, or the
/// first character.
fn surname_len(name: &str) -> usize {
    if let Some(japanese) = japanese_surname_len(name) {
        return japanese;
    }
    let one = name.chars().next().map_or(0, char::len_utf8);
    let two: usize = name.chars().take(2).map(char::len_utf8).sum();
    let chars = name.chars().count();
    let is_known = |surname: &str| lexicon().han_surname(surname).is_some();
    // Four characters without a Chinese surname are most often a Japanese name, with two for the surname.
    if (chars > 2 && is_known(&name[..two])) || (chars == 4 && !is_known(&name[..one])) { two } else { one }
}

/// Appends the pinyin of `word`, without tones and blanks, to `out`. Words whose reading differs from that of
/// their characters come from a table; a surname may have another one.
fn read(word: &str, is_surname: bool, out: &mut String) {
    if let Some(reading) = is_surname.then(|| lexicon().han_surname(word)).flatten() {
        out.push_str(reading);
        return;
    }
    let mut rest = word;
    while let Some(c) = rest.chars().next() {
        let len = match lexicon().han_reading_prefix(rest) {
            Some((len, reading)) => {
                out.push_str(reading);
                len
            }
            None => {
                read_char(c, out);
                c.len_utf8()
            }
        };
        rest = &rest[len..];
    }
}

fn read_char(c: char, out: &mut String) {
    match c.to_pinyin() {
        Some(pinyin) => out.extend(pinyin.plain().chars().map(|c| if c == 'ü' { 'u' } else { c })),
        None => alphabet::transliterate(c, out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_in_pinyin() {
        let mut out = String::new();
        read("永信至诚", false, &mut out);
        assert_eq!(out, "yongxinzhicheng");
    }

    #[test]
    fn words_of_the_lexicon_are_cut_off() {
        let mut parts = Vec::new();
        segment("北京永信至诚科技股份有限公司", |part| parts.push(part));
        assert_eq!(parts, ["北京", "永信至诚", "科技", "股份有限公司"]);
    }

    #[test]
    fn an_honorific_is_cut_off_a_person() {
        assert_eq!(split_honorific("王伟先生"), ("王伟", "先生"));
        assert_eq!(split_honorific("王伟"), ("王伟", ""));
        assert_eq!(split_honorific("先生"), ("先生", ""));
    }
}
