//! Words in Hangul: the names of people syllable by syllable, as each is a word of its own in Latin spelling;
//! other words as a whole.

use super::{Buffers, NameContext};
use crate::entity::Schema;
use crate::name::Tag;
use crate::name::lexicon::{hangul_spellings, lexicon};
use crate::name::raw_name::RawName;

/// The most syllables of a person's name in one word.
const MAX_PERSON: usize = 6;
/// The most syllables of a word that is taken for a person's name where the schema is unknown.
const MAX_GUESSED_PERSON: usize = 4;

/// Appends the tokens of a run of Hangul.
pub(super) fn push_run(run: &str, context: NameContext, buffers: &mut Buffers, raw: &mut RawName) {
    let reading = &mut buffers.reading;
    let syllables = run.chars().count();
    let person = match context.schema {
        Schema::Person => syllables <= MAX_PERSON,
        Schema::Unknown | Schema::LegalEntity => syllables <= MAX_GUESSED_PERSON,
        _ => false,
    };
    if !person {
        reading.clear();
        for c in run.chars() {
            push_lowercase(any_ascii::any_ascii_char(c), reading);
        }
        return raw.push_with_reading(run, reading, Tag::Hangul);
    }
    let is_whole_name = context.words == 1;
    for (i, syllable) in run.chars().enumerate() {
        let is_surname = (i == 0 && is_whole_name && syllables >= 2) || syllables == 1;
        reading.clear();
        push_lowercase(romanization(syllable, is_surname), reading);
        raw.push_with_reading(syllable.encode_utf8(&mut [0; 4]), reading, Tag::Hangul);
    }
}

/// The most usual spelling of a syllable in names, or its transliteration.
fn romanization(syllable: char, is_surname: bool) -> &'static str {
    let surname = is_surname.then(|| lexicon().hangul_surname(syllable)).flatten();
    surname
        .or_else(|| hangul_spellings(syllable).first().map(|s| &**s))
        .unwrap_or_else(|| any_ascii::any_ascii_char(syllable))
}

fn push_lowercase(text: &str, out: &mut String) {
    out.extend(text.chars().map(|c| c.to_ascii_lowercase()));
}
