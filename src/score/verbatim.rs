//! What the texts of two names say before any analysis: that they are the same name, or that one is the beginning of
//! the other, cut off by the width of a field.
//!
//! The analysis of a name depends on what it is taken for: "CASPIA" may be a person, a ship or a company, "S.A." two
//! initials or a legal form. The folded text ([`fold_name`]) does not. So both relations hold by construction for every
//! name and every schema.
//!
//! A text is taken for the beginning of a name if it ends within a word of the name and has [`MIN_CUT_LENGTH`] characters
//! or more, or if it ends at the end of a word and is as long as a field in which names are cut ([`FIELD_WIDTHS`]).
//!
//! Limits: a shorter text, or one with a typing error, is left to the comparison of words. So is a name that is cut at
//! its beginning.

#[cfg(doc)]
use crate::name::fold_name;
use super::params::CUT_NAME;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

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
    /// The query is the beginning of the listed name.
    Beginning,
}

impl VerbatimMatch {
    /// How the folded text of a query of `length` characters stands to a listed one.
    pub(crate) fn of(query: &str, length: usize, listed: &str) -> Option<VerbatimMatch> {
        let rest = listed.strip_prefix(query)?;
        match rest.bytes().next() {
            _ if query.is_empty() => None,
            None => Some(VerbatimMatch::Equal),
            Some(next) => VerbatimMatch::of_beginning(length, next),
        }
    }

    /// How a query of `length` characters stands to a listed name that begins with it and goes on with the byte `next`.
    pub(crate) fn of_beginning(length: usize, next: u8) -> Option<VerbatimMatch> {
        may_be_cut(length, next == b' ').then_some(VerbatimMatch::Beginning)
    }

    /// The score of the name, before the other fields are compared.
    pub(crate) fn score(self) -> f32 {
        match self {
            VerbatimMatch::Equal => 1.0,
            VerbatimMatch::Beginning => CUT_NAME,
        }
    }

    /// The words of an explanation.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            VerbatimMatch::Equal => "the names are the same",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_or_begin_alike() {
        let find = |query: &str, listed: &str| VerbatimMatch::of(query, query.chars().count(), listed);
        assert_eq!(find("caspia", "caspia"), Some(VerbatimMatch::Equal));
        assert_eq!(find("", ""), None);
        assert_eq!(find("", "caspia"), None);
        let listed = "zarin darya shipping limited liability company";
        for (length, expected) in [
            (21, None),
            (22, Some(VerbatimMatch::Beginning)),
            (28, None), // "zarin darya shipping limited" is no width of a field
            (35, Some(VerbatimMatch::Beginning)),
        ] {
            assert_eq!(find(&listed[..length], listed), expected, "{}", &listed[..length]);
        }
        let listed = "gran scientific and production association";
        assert_eq!(find(&listed[..30], listed), Some(VerbatimMatch::Beginning), "at a blank, and 30 characters");
        assert_eq!(find("zarin darya shipping limitet l", "zarin darya shipping limited liability"), None);
    }

    #[test]
    fn a_text_that_can_be_cut_nowhere_begins_no_name() {
        for length in 0..200 {
            assert_eq!(may_be_cut_anywhere(length), may_be_cut(length, true) || length >= 22, "{length}");
        }
        assert!(!may_be_cut_anywhere(21) && may_be_cut_anywhere(22));
    }
}
