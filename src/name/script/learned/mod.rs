//! How words of other scripts are written in Latin letters, learned from names.
//!
//! For each script there is a table of what its letters, and some pairs of them, stand for: pieces of up to eight Latin
//! letters, each with its cost, the negative logarithm of its probability. The program in `tools/transliteration` learns
//! the tables from groups of spellings of one name; `docs/validation.md` has the data, the log and what was gained.
//!
//! A word is compared with a Latin one by [`NativeWord`]: the cheapest way to write it so, against the cheapest way to
//! write it at all. "נתניהו" is written "ntnyhw" letter by letter; the table knows that each of its consonants mostly
//! brings a vowel, and that the last two letters are "ahu".
//!
//! # Losslessness
//!
//! An index cannot try all ways to write a word. So it is part of the relation that the two words share a key: the
//! [consonant classes](latin_key) of the Latin word are those of one of the `MAX_KEYS` most probable ways to write the
//! other ([`NativeWord::keys`]). Retrieval looks these up and compares what it finds.
//!
//! # Cost
//!
//! Tables take 0.3 MB and are read on first use, each by itself. Preparing a word takes 5 to 20 microseconds, most of it
//! for the keys, and comparing it with one Latin word a fifth of a microsecond. Each thread keeps the words that it prepared
//! last ([`prepared`]), with up to 2 KB each.

mod form;
mod keys;
mod latin;
mod lattice;
mod native_word;
mod recent;
mod table;

pub(crate) use keys::latin_key;
pub(crate) use native_word::{HanLanguage, NativeWord};
pub(crate) use recent::prepared;

use super::super::Tag;

/// Whether words of the script of this one are compared by a table.
pub(super) fn has_table(word: &str) -> bool {
    word.chars().next().is_some_and(|c| table::block(c).is_some())
}

/// The tables that read a token, by name, and the letters that each reads, for the program that learns the tables.
#[doc(hidden)]
pub fn alignment_forms(tag: Tag, text: &str) -> Vec<(&'static str, String)> {
    let mut forms = Vec::new();
    form::for_each(tag, text, |table, letters| forms.push((table::name(table), letters.iter().collect())));
    forms
}
