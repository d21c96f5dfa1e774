//! What the texts of two names say before any analysis: that they are the same name, that they have the same letters in
//! other words, or that one is the beginning of the other, cut off by the width of a field.
//!
//! The analysis of a name depends on what it is taken for: "CASPIA" may be a person, a ship or a company, "S.A." two
//! initials or a legal form. The folded text ([`fold_name`]) does not. So these relations hold by construction for every
//! name and every schema.
//!
//! Two names of [`MIN_LETTERS`] letters or more have the same letters if they differ in the blanks of their folded texts
//! alone: "Vladimir Putin", "vladimirputin", "V L A D I M I R  PU TIN". If the query is a single word of 10
//! letters or more, the words of the listed name may also begin with another one: "ivanpetrov" for "PETROV, Ivan".
//!
//! A text is taken for the beginning of a name if it ends within a word of the name and has [`MIN_CUT_LENGTH`] characters
//! or more, or if it ends at the end of a word and is as long as a field in which names are cut ([`FIELD_WIDTHS`]).
//!
//! Limits: a shorter text, or one with a typing error, is left to the comparison of words. So is a name that is cut at
//! its beginning.

use super::params::{CUT_NAME, SAME_LETTERS};
#[cfg(doc)]
use crate::name::fold_name;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// The least letters of names that are compared by their letters alone. Shorter ones are more often other words.
const MIN_LETTERS: usize = 5;
/// The letters of a word in which all words of a name may be written together, in another order. The
/// time for a word grows with the square of its letters, so that longer ones are left out.
const GLUED: RangeInclusive<usize> = 10..=200;
/// The least characters of a name that ends within a word of a listed name to be taken for its beginning: the name of
/// a person in an entry of the US clearing houses (Nacha, field "Individual Name") has 22.
const MIN_CUT_LENGTH: usize = 22;
/// Lengths in characters of names that were cut at the end of a word: fields of payment messages have 35, 70 (ISO 20022:
/// Max35Text, Max70Text), 66 (two lines of a SWIFT party with their line numbers) and 140 characters (Max140Text), and
/// systems before them 30 to 34. A blank that stood at the cut has been removed.
const FIELD_WIDTHS: [RangeInclusive<usize>; 4] = [30..=35, 65..=66, 69..=70, 139..=140];

/// How the text of a query stands to that of a listed name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum VerbatimMatch {
    /// Both are the same name.
    Equal,
    /// Both have the same letters, divided into words in another way.
    Letters,
    /// The query is the beginning of the listed name.
    Beginning,
}

impl VerbatimMatch {
    /// How the folded text of a query of `length` characters stands to a listed one.
    pub(crate) fn of(query: &str, length: usize, listed: &str) -> Option<VerbatimMatch> {
        if query.is_empty() {
            return None;
        }
        match listed.strip_prefix(query).map(|rest| rest.bytes().next()) {
            Some(None) => return Some(VerbatimMatch::Equal),
            Some(Some(next)) => return VerbatimMatch::of_beginning(length, next),
            None => {}
        }
        let letters = without_blanks(query);
        if letters.len() != listed.bytes().filter(|byte| *byte != b' ').count() {
            return None;
        }
        let same = has_enough_letters(&letters) && without_blanks(listed) == letters;
        let glued = || may_be_glued(query) && rotations(query).any(|rotation| is_glued(&rotation, listed));
        (same || glued()).then_some(VerbatimMatch::Letters)
    }

    /// How a query of `length` characters stands to a listed name that begins with it and goes on with the byte `next`.
    pub(crate) fn of_beginning(length: usize, next: u8) -> Option<VerbatimMatch> {
        may_be_cut(length, next == b' ').then_some(VerbatimMatch::Beginning)
    }

    /// The score of the name, before the other fields are compared.
    pub(crate) fn score(self) -> f32 {
        match self {
            VerbatimMatch::Equal => 1.0,
            VerbatimMatch::Letters => SAME_LETTERS,
            VerbatimMatch::Beginning => CUT_NAME,
        }
    }

    /// The words of an explanation.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            VerbatimMatch::Equal => "the names are the same",
            VerbatimMatch::Letters => "the names have the same letters, in other words",
            VerbatimMatch::Beginning => "the listed name begins with the query, which may be cut off",
        }
    }
}

/// Returns false if no text of this length was cut off.
pub(crate) fn may_be_cut_anywhere(length: usize) -> bool {
    may_be_cut(length, false) || may_be_cut(length, true)
}

/// Whether a text of this length may have been cut, at the end of a word or within one.
fn may_be_cut(length: usize, at_word_end: bool) -> bool {
    match at_word_end {
        false => length >= MIN_CUT_LENGTH,
        true => FIELD_WIDTHS.iter().any(|widths| widths.contains(&length)),
    }
}

fn without_blanks(folded: &str) -> String {
    folded.split(' ').collect()
}

/// Whether a folded text without blanks is compared by its letters alone.
pub(crate) fn has_enough_letters(letters: &str) -> bool {
    letters.chars().nth(MIN_LETTERS - 1).is_some()
}

/// Whether a folded text may be all words of a name, written together.
pub(crate) fn may_be_glued(folded: &str) -> bool {
    folded.len() <= 4 * GLUED.end() && !folded.contains(' ') && GLUED.contains(&folded.chars().count())
}

/// A text of which the last letters were put before the first ones.
pub(crate) struct Rotation {
    /// Its letters.
    pub(crate) letters: String,
    /// The bytes of them that stood last.
    moved: usize,
}

/// The rotations of a text, but for the text itself.
pub(crate) fn rotations(text: &str) -> impl Iterator<Item = Rotation> + '_ {
    text.char_indices().skip(1).map(|(at, _)| {
        let (first, last) = text.split_at(at);
        Rotation { letters: [last, first].concat(), moved: last.len() }
    })
}

/// Whether a rotation of the query is a listed name without blanks, and was divided between two words of it.
pub(crate) fn is_glued(rotation: &Rotation, listed: &str) -> bool {
    let mut ends = listed.split(' ').scan(0, |end, word| {
        *end += word.len();
        Some(*end)
    });
    ends.any(|end| end == rotation.moved) && without_blanks(listed) == rotation.letters
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(query: &str, listed: &str) -> Option<VerbatimMatch> {
        VerbatimMatch::of(query, query.chars().count(), listed)
    }

    #[test]
    fn names_are_the_same_or_begin_alike() {
        assert_eq!(find("caspia", "caspia"), Some(VerbatimMatch::Equal));
        assert_eq!(find("", ""), None);
        assert_eq!(find("", "caspia"), None);
        let listed = "zarin darya shipping limited liability company";
        for (length, expected) in [
            (19, None),
            (23, Some(VerbatimMatch::Beginning)),
            (28, None), // "zarin darya shipping limited" is no width of a field
            (35, Some(VerbatimMatch::Beginning)),
        ] {
            assert_eq!(find(&listed[..length], listed), expected, "{}", &listed[..length]);
        }
        assert_eq!(VerbatimMatch::of_beginning(21, b'x'), None);
        assert_eq!(VerbatimMatch::of_beginning(22, b'x'), Some(VerbatimMatch::Beginning));
        let listed = "gran scientific and production association";
        assert_eq!(
            find(&listed[..30], listed),
            Some(VerbatimMatch::Beginning),
            "at a blank, and 30 characters"
        );
        assert_eq!(find("zarin darya shipping limitet l", "zarin darya shipping limited liability"), None);
    }

    #[test]
    fn names_of_the_same_letters_are_recognised() {
        let letters = Some(VerbatimMatch::Letters);
        for query in ["vladimirputin", "v l a d i m i r p u t i n", "vladimi rputin", "putinvladimir"] {
            assert_eq!(find(query, "vladimir putin"), letters, "{query}");
        }
        assert_eq!(find("petrovichpetrovivan", "petrov ivan petrovich"), letters);
        assert_eq!(find("ivanpetrovpetrovich", "petrov ivan petrovich"), None, "two words exchanged");
        assert_eq!(find("mirputinvladi", "vladimir putin"), None, "not divided between words");
        assert_eq!(find("putin vladimir", "vladimir putin"), None, "left to the comparison of words");
        assert_eq!((find("ali b", "al ib"), find("al i", "ali")), (None, None));
        assert_eq!(find("a libi", "ali bi"), letters);
        assert_eq!((find("putinvlad", "vlad putin"), find("putinvladi", "vladi putin")), (None, letters));
    }

    #[test]
    fn a_text_that_can_be_cut_nowhere_begins_no_name() {
        for length in 0..200 {
            assert_eq!(may_be_cut_anywhere(length), may_be_cut(length, true) || length >= 22, "{length}");
        }
        assert!(!may_be_cut_anywhere(21) && may_be_cut_anywhere(22));
    }
}
