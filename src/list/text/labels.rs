//! Labels: the words next to a number that name its kind, "INN:", "Passport No.", "код ЄДРПОУ".

use super::cells::document_kind;
use crate::entity::{IdentifierKind as K, country_code};

/// Words that end a label without a colon: international ones, then those of Russia and its neighbours, where most
/// listed parties are.
const LABEL_END_WORDS: &str = "number numbers no nr code codes id passport tax taxpayer registration company swift bic lei imo \
    mmsi vat tin ein crn uscc inn kpp ogrn ogrnip okpo unn unp bin usreou edrpou инн кпп огрн огрнип окпо унн унп бин \
    едрпоу єдрпоу";

/// Further words of labels, which carry no information beyond the kind of the number.
const LABEL_INNER_WORDS: &str = "identification identity identifier national personal card cedula social security ssn \
    fiscal legal entity business corporate corporation register registered registry state licence license iban alt \
    email mail e website web site telephone phone tel mobile fax";

/// The meaning of the words next to a number.
#[derive(Clone, PartialEq)]
pub(super) enum Label {
    /// There are no words.
    Absent,
    /// The words name a kind of number.
    Kind(K),
    /// The words name a date.
    Date,
    /// The words name something else.
    Unknown,
}

impl Label {
    /// Reads the words of a label.
    pub(super) fn parse(words: &str) -> Label {
        match document_kind(words) {
            _ if words.is_empty() => Label::Absent,
            _ if words.to_lowercase().contains("date") => Label::Date,
            K::Other(_) => Label::Unknown,
            kind => Label::Kind(kind),
        }
    }
}

/// Whether a word ends a label.
pub(super) fn ends_label(word: &str) -> bool {
    let is_end_word = |w: &str| is_one_of(LABEL_END_WORDS, w);
    let lower = word.to_lowercase();
    word.ends_with(':') || word.contains('№') || lower.split(|c: char| !c.is_alphanumeric()).any(is_end_word)
}

/// Whether a word announces a number without its kind: "No.".
pub(super) fn is_number_sign(word: &str) -> bool {
    is_one_of("no nr number №", word.to_lowercase().trim_matches(['.', ':']))
}

fn is_one_of(words: &str, word: &str) -> bool {
    words.split(' ').any(|w| w == word)
}

/// Whether a label has words beyond a kind of number and this country: "passport of his brother".
pub(super) fn has_extra_words(label: &str, country: &str) -> bool {
    let lower = label.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.any(|w| {
        let known = is_one_of(LABEL_END_WORDS, w) || is_one_of(LABEL_INNER_WORDS, w);
        !known && (w.len() <= 3 || country_code(w).is_none_or(|c| c != country))
    })
}

/// Whether the kind of the number stands for this word of a label.
#[cfg(test)]
pub(super) fn is_label_word(word: &str) -> bool {
    !has_extra_words(word, "")
}
