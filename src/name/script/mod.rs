//! Reading of words: a Latin reading for each word of any script.
//!
//! A word is cut into runs of one script. Han, Hangul, Kana and Arabic script have a file each; all other
//! scripts are transliterated letter by letter ([`alphabet`]). [`transliteration`] grades how well a Latin
//! word spells a word in Arabic script or Kana, and [`chinese_romanization`] relates pinyin and Wade-Giles.

pub(crate) mod alphabet;
pub(crate) mod arabic;
pub(crate) mod chinese_romanization;
mod han;
mod hangul;
pub(crate) mod kana;
pub(crate) mod learned;
pub(crate) mod palladius;
mod transliteration;

use super::lexicon::split_compound_at;
use super::normalize::chars::{ScriptClass, script_of};
use super::normalize::confusables::{confusability, write_in_cyrillic};
use super::normalize::undo_leet;
use super::raw_name::RawName;
use super::{MAX_TOKENS, Tag};
use crate::entity::Schema;

/// What the reading of a word depends on besides the word.
#[derive(Clone, Copy, Debug)]
pub(super) struct NameContext {
    /// The schema of the request; it may be unknown.
    pub(super) schema: Schema,
    /// The number of words of the name.
    pub(super) words: usize,
    /// Whether a word of the name mixes Latin letters with confusables.
    pub(super) disguised: bool,
    /// Whether the name is written in Cyrillic letters, so that Latin ones that look like them are meant for them.
    pub(super) is_cyrillic: bool,
    /// Whether the words in Hangul are those of a foreign name, and no Korean one.
    pub(super) is_foreign_hangul: bool,
    /// Whether the words in Han characters are those of a foreign name, which has dots between them.
    pub(super) is_foreign_han: bool,
}

/// Buffers for reading words.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    reading: String,
    text: String,
}

impl Buffers {
    /// A buffer for the key of a look-up, while no word is read.
    pub(super) fn key(&mut self) -> &mut String {
        &mut self.text
    }
}

pub(super) use han::{for_each_surname, is_foreign_name as is_foreign_han};
pub(super) use hangul::is_foreign_name as is_foreign_hangul;

/// Reads a word run by run, each of one script, and appends the tokens to `raw`.
pub(super) fn read_word(word: &str, context: NameContext, buffers: &mut Buffers, raw: &mut RawName) {
    // A single Latin letter among Cyrillic words is one of theirs: "Общество C Oграниченной Oтветственностью".
    if word.is_ascii() && !(context.is_cyrillic && word.len() == 1) {
        return push_latin(word, context.schema, &mut buffers.text, raw);
    }
    if is_han_and_kana(word) && han::push_mixed(word, context, buffers, raw) {
        return;
    }
    let mut rest = word;
    while let Some((script, run)) = first_run(rest) {
        rest = &rest[run.len()..];
        if raw.len() > MAX_TOKENS {
            raw.exceeds_limits = true;
            return;
        }
        match script {
            ScriptClass::Han => han::push_run(run, context, buffers, raw),
            ScriptClass::Hangul => hangul::push_run(run, context, buffers, raw),
            ScriptClass::Arabic => push_arabic(run, buffers, raw),
            ScriptClass::Kana => push_kana(run, buffers, raw),
            _ => push_alphabet(run, context, buffers, raw),
        }
    }
}

/// The run of one script that a word starts with; all alphabets count as one.
fn first_run(word: &str) -> Option<(ScriptClass, &str)> {
    let class = |c: char| match script_of(c) {
        ScriptClass::Digit | ScriptClass::LatinLike | ScriptClass::Other => ScriptClass::Latin,
        script => script,
    };
    let script = class(word.chars().next()?);
    let len = word.char_indices().find(|(_, c)| class(*c) != script).map_or(word.len(), |(i, _)| i);
    Some((script, &word[..len]))
}

/// Whether a word is written in Han characters and Kana, some of both.
fn is_han_and_kana(word: &str) -> bool {
    let (mut han, mut kana) = (false, false);
    word.chars().all(|c| {
        let script = script_of(c);
        han |= script == ScriptClass::Han;
        kana |= script == ScriptClass::Kana;
        matches!(script, ScriptClass::Han | ScriptClass::Kana)
    }) && han
        && kana
}

fn push_arabic(run: &str, Buffers { reading, text }: &mut Buffers, raw: &mut RawName) {
    arabic::for_each_part(run, |part| {
        if part == arabic::ARTICLE {
            return raw.push("al");
        }
        let part = raw.truncate(part);
        reading.clear();
        text.clear();
        arabic::read(part, reading);
        arabic::letter_codes(part, text);
        raw.push_with_reading(text, reading, Tag::Abjad);
    });
}

fn push_kana(run: &str, Buffers { reading, text }: &mut Buffers, raw: &mut RawName) {
    reading.clear();
    text.clear();
    kana::read(raw.truncate(run), reading);
    kana::sound_codes(reading, text);
    raw.push_with_reading(text, reading, Tag::Kana);
}

fn push_alphabet(run: &str, context: NameContext, buffers: &mut Buffers, raw: &mut RawName) {
    let Buffers { reading, text } = buffers;
    let confusability = confusability(run);
    let is_disguised = confusability.mixed_script || (context.disguised && confusability.whole_script);
    let may_be_cyrillic = (confusability.mixed_script && !confusability.whole_script)
        || (context.is_cyrillic && (confusability.mixed_script || run.len() == 1));
    let in_cyrillic = may_be_cyrillic && write_in_cyrillic(run, text);
    let written = if in_cyrillic { std::mem::take(text) } else { String::new() };
    let undo_confusables = is_disguised && !in_cyrillic;
    let run = if in_cyrillic { written.as_str() } else { run };
    reading.clear();
    let run = raw.truncate(run);
    alphabet::read(run, undo_confusables, reading);
    if learned::has_table(run) && !undo_confusables && is_one_word(reading, context.schema) {
        return raw.push_with_reading(run, reading, Tag::Name);
    }
    push_latin(reading, context.schema, text, raw);
}

/// Whether [`push_latin`] appends a word as it is.
fn is_one_word(word: &str, schema: Schema) -> bool {
    !word.is_empty()
        && word.bytes().all(|b| b.is_ascii_lowercase())
        && (schema == Schema::Person || split_compound_at(word).is_none())
}

/// Appends a Latin word: without digits that stand for letters, and in the names of others than persons with
/// compounds split. `buffer` is for the word without digits.
fn push_latin(word: &str, schema: Schema, buffer: &mut String, raw: &mut RawName) {
    let person = schema == Schema::Person;
    let has_digits = word.bytes().any(|b| b.is_ascii_digit());
    let word = if has_digits && undo_leet(word, person, buffer) { buffer.as_str() } else { word };
    if person { raw.push(word) } else { push_compound(word, raw) }
}

/// Appends a word, or its parts if it is a compound with a legal word ("companysputnik", "jointstock").
fn push_compound(word: &str, raw: &mut RawName) {
    match split_compound_at(word) {
        Some(at) => {
            push_compound(&word[..at], raw);
            push_compound(&word[at..], raw);
        }
        None => raw.push(word),
    }
}
