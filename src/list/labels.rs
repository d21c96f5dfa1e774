//! Labels: the words beside a number that say what it is, "INN:", "Passport No.", "код ЄДРПОУ".

use super::cells::document_kind;
use crate::entity::{IdentifierKind as K, country_code};

/// Words that end a label without a colon: of anybody, then of Russia and its neighbours, whose parties are listed
/// most.
const LABELS: &str = "number numbers no nr code codes id passport tax taxpayer registration company swift bic lei imo \
    mmsi vat tin ein crn uscc inn kpp ogrn ogrnip okpo unn unp bin usreou edrpou инн кпп огрн огрнип окпо унн унп бин \
    едрпоу єдрпоу";

/// Further words of labels, which say no more than the kind of the number does.
const WITHIN_LABELS: &str = "identification identity identifier national personal card cedula social security ssn \
    fiscal legal entity business corporate corporation register registered registry state licence license iban alt \
    email mail e website web site telephone phone tel mobile fax";

/// What the words beside a number say of it. Read once: many numbers can follow one label.
#[derive(Clone, PartialEq)]
pub(super) enum Label {
    Absent,
    Kind(K),
    Date,
    Unknown,
}

impl Label {
    /// Reads the words of a label.
    pub(super) fn of(words: &str) -> Label {
        match document_kind(words) {
            _ if words.is_empty() => Label::Absent,
            _ if words.to_lowercase().contains("date") => Label::Date,
            K::Other(_) => Label::Unknown,
            kind => Label::Kind(kind),
        }
    }
}

/// Whether a word ends a label.
pub(super) fn is_label(word: &str) -> bool {
    let known = |w: &str| is_one_of(LABELS, w);
    let lower = word.to_lowercase();
    word.ends_with(':') || word.contains('№') || lower.split(|c: char| !c.is_alphanumeric()).any(known)
}

/// Whether a word says that a number follows, and not which.
pub(super) fn is_number_sign(word: &str) -> bool {
    is_one_of("no nr number №", word.to_lowercase().trim_matches(['.', ':']))
}

fn is_one_of(words: &str, word: &str) -> bool {
    words.split(' ').any(|w| w == word)
}

/// Whether a label tells more than a kind of number and a country: "passport of his brother".
pub(super) fn says_more(label: &str, country: &str) -> bool {
    let lower = label.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.any(|w| {
        let known = is_one_of(LABELS, w) || is_one_of(WITHIN_LABELS, w);
        !known && (w.len() <= 3 || country_code(w).is_none_or(|c| c != country))
    })
}

/// Whether a word of a label is told by the kind of the number.
#[cfg(test)]
pub(super) fn is_said(word: &str) -> bool {
    !says_more(word, "")
}
