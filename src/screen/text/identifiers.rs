//! Identifiers within a text, by their form and check digit.

use crate::entity::{Check, Identifier, IdentifierKind};
use std::ops::Range;

/// The identifiers in a text, with their places in bytes: IMO numbers, LEI, IBAN, BIC and addresses of wallets. Of the
/// kinds with a check digit only those that pass; an IMO number needs the word "IMO" before it, and a BIC must be written
/// in capitals.
pub(crate) fn identifiers_in(text: &str) -> Vec<(Identifier, Range<usize>)> {
    let mut found = Vec::new();
    let mut is_behind_imo = false;
    for (start, word) in words(text) {
        let digits = strip_imo(word);
        let kind = if digits.len() == 7 && digits.bytes().all(|b| b.is_ascii_digit()) {
            (is_behind_imo || digits.len() < word.len()).then_some(IdentifierKind::Imo)
        } else {
            kind_of(word)
        };
        is_behind_imo = digits.is_empty()
            || (is_behind_imo
                && ["no", "number", "nr"]
                    .iter()
                    .any(|no| no.eq_ignore_ascii_case(word.trim_end_matches('.'))));
        let Some(kind) = kind else { continue };
        let must_pass = kind != IdentifierKind::CryptoWallet;
        let identifier = Identifier::new(kind, word);
        if !must_pass || identifier.check() == Check::Passed {
            found.push((identifier, start..start + word.len()));
        }
    }
    found
}

/// The word without "IMO" before it.
fn strip_imo(word: &str) -> &str {
    match word.get(..3) {
        Some(imo) if imo.eq_ignore_ascii_case("imo") => word[3..].trim_start_matches([':', '-', '.', '#']),
        _ => word,
    }
}

/// The kind whose form a word has.
fn kind_of(word: &str) -> Option<IdentifierKind> {
    use IdentifierKind as K;
    if !word.is_ascii() || word.len() < 8 {
        return None;
    }
    let bytes = word.as_bytes();
    let has_digit = bytes.iter().any(u8::is_ascii_digit);
    let is_upper = bytes.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let begins_with_country =
        bytes[..2].iter().all(u8::is_ascii_uppercase) && bytes[2..4].iter().all(u8::is_ascii_digit);
    match bytes.len() {
        8 | 11 if is_upper && bytes[..6].iter().all(u8::is_ascii_uppercase) => Some(K::Bic),
        20 if is_upper && bytes[18..].iter().all(u8::is_ascii_digit) => Some(K::Lei),
        15..=34 if is_upper && begins_with_country => Some(K::Iban),
        26..=90 if has_digit => Some(K::CryptoWallet),
        _ => None,
    }
}

/// The words of a text and where they begin. The signs that identifiers are written with stay in them.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_edge = |c: char| {
        c.is_whitespace() || matches!(c, '/' | ',' | ';' | '(' | ')' | '[' | ']' | '+' | '"' | '\'')
    };
    let place = move |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    text.split(is_edge)
        .map(|word| word.trim_end_matches(['.', ':']))
        .filter(|word| !word.is_empty())
        .map(move |word| (place(word), word))
}
