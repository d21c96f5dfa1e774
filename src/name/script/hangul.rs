//! Words in Hangul: the names of people syllable by syllable, as Latin spelling often separates them;
//! other words as a whole.

use super::{Buffers, NameContext};
use crate::entity::Schema;
use crate::name::Tag;
use crate::name::lexicon::{hangul_spellings, lexicon};
use crate::name::normalize::chars::{ScriptClass, script_of};
use crate::name::raw_name::RawName;

/// The most syllables of a person's name in one word.
const MAX_PERSON: usize = 6;
/// The most syllables of a word that is taken for a person's name where the schema is unknown.
const MAX_GUESSED_PERSON: usize = 4;

/// Surnames of two syllables: the Korean readings of those that the table of Chinese surnames and Korea have in common.
const LONG_SURNAMES: [&str; 5] = ["남궁", "독고", "동방", "제갈", "황보"];
/// The most syllables of a Korean name with a surname of one syllable.
const MAX_WITH_SHORT_SURNAME: usize = 3;

/// Appends the tokens of a run of Hangul.
pub(super) fn push_run(run: &str, context: NameContext, buffers: &mut Buffers, raw: &mut RawName) {
    let reading = &mut buffers.reading;
    let syllables = run.chars().count();
    let person = match context.schema {
        _ if context.is_foreign_hangul => false,
        _ if context.words == 1 && syllables > MAX_WITH_SHORT_SURNAME && !has_long_surname(run) => false,
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

/// Whether the words of a name, some of them in Hangul, are no Korean name: that has a surname of one syllable, or two, and
/// a given name of at most two.
pub(in crate::name) fn is_foreign_name<'w>(words: impl Iterator<Item = &'w str>) -> bool {
    let hangul = |word: &&str| word.chars().next().is_some_and(|c| script_of(c) == ScriptClass::Hangul);
    let (mut count, mut longest, mut first) = (0, 0, None);
    for word in words.filter(hangul) {
        count += 1;
        longest = word.chars().count().max(longest);
        first = first.or(Some(word));
    }
    let is_surname = |word: &str| {
        let mut syllables = word.chars();
        let surname = syllables.next().and_then(|syllable| lexicon().hangul_surname(syllable));
        LONG_SURNAMES.contains(&word) || (surname.is_some() && syllables.next().is_none())
    };
    count >= 3 || count == 2 && (longest >= 3 || !first.is_some_and(is_surname))
}

fn has_long_surname(name: &str) -> bool {
    LONG_SURNAMES.iter().any(|surname| name.starts_with(surname))
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
