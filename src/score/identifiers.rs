//! Equal identifiers: a score of their own, beside that of the names.
//!
//! ```
//! use interdict::entity::{Identifier, IdentifierKind};
//! use interdict::score::identifiers::compare;
//!
//! let listed = Identifier::new(IdentifierKind::Imo, "IMO 9253325");
//! let same = compare(&Identifier::new(IdentifierKind::Imo, "9253325"), &listed, &[]).unwrap();
//! assert_eq!(same.score, 1.0);
//! assert!(compare(&Identifier::new(IdentifierKind::Imo, "9253326"), &listed, &[]).is_none());
//! ```
//!
//! Numbers are equal or not; their equality proves more or less.
//!
//! | the two numbers | score |
//! |---|---|
//! | are of one kind | 1 |
//! | are the same, and one has no kind | × 0.97 |
//! | are documents or registrations of two kinds (a tax number given as national id) | × 0.93 |
//! | differ in leading zeros | × 0.97 |
//! | are call signs or serial numbers, which are issued more than once | × 0.9 |
//! | are issued by two countries | × 0.9 |
//! | have fewer than six characters, and are issued by one country | × 0.9 |
//! | have fewer than six characters otherwise | × 0.8 |
//!
//! Leading zeros of a number of digits do not count as its characters, unless the two numbers are equal as
//! written and have at least seven with them.
//!
//! At the default threshold of 0.85 a short number without its country is no hit by itself, nor is one of
//! another kind and another country; at a lower threshold both are. Among the 7,241 numbers of OFAC's list of
//! specially designated nationals 19 are shared by two entities: two by chance, serial numbers of three and
//! four digits, and 17 because the entities belong together.
//!
//! A worldwide number (LEI, BIC, IBAN, IMO, MMSI, tail number, wallet) matches its own kind and numbers of
//! unspecified kind only. Contact details match nothing. A wrong check digit changes no score.

use crate::entity::{Identifier, IdentifierKind, Scope, country_code};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Numbers shorter than this are shared by many documents.
const SHORT: usize = 6;

/// Numbers of so many characters that are equal as written are not short, whatever zeros lead them.
const LONG: usize = 7;

/// How two equal identifiers compare, and the score of their agreement.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Agreement {
    /// In (0, 1].
    pub score: f32,
    /// What weakens the agreement most specifically.
    pub finding: IdentifierFinding,
}

/// How two equal identifiers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IdentifierFinding {
    /// One number of one kind.
    Same,
    /// One of them has no kind.
    UnspecifiedKind,
    /// They are documents or registrations of two kinds.
    OtherKind,
    /// They differ in leading zeros.
    LeadingZeros,
    /// They are of a kind whose numbers are issued more than once.
    Reused,
    /// They are issued by two countries.
    OtherCountry,
    /// They are short, and issued by one country.
    ShortOfOneCountry,
    /// They are short, and the issuing country is unknown or another one.
    Short,
}

impl IdentifierFinding {
    /// A phrase for people.
    pub fn as_str(self) -> &'static str {
        match self {
            IdentifierFinding::Same => "the same number",
            IdentifierFinding::UnspecifiedKind => "the same number, whose kind is not told",
            IdentifierFinding::OtherKind => "the same number, of another kind",
            IdentifierFinding::LeadingZeros => "the same number but for leading zeros",
            IdentifierFinding::Reused => "the same number, which is given more than once",
            IdentifierFinding::OtherCountry => "the same number, issued by another country",
            IdentifierFinding::ShortOfOneCountry => "the same short number of the same country",
            IdentifierFinding::Short => "the same number, which is short",
        }
    }

    /// The factor of the score.
    fn factor(self) -> f32 {
        match self {
            IdentifierFinding::Same => 1.0,
            IdentifierFinding::UnspecifiedKind => 0.97,
            IdentifierFinding::OtherKind => 0.93,
            IdentifierFinding::LeadingZeros => 0.97,
            IdentifierFinding::Reused => 0.9,
            IdentifierFinding::OtherCountry => 0.9,
            IdentifierFinding::ShortOfOneCountry => 0.9,
            IdentifierFinding::Short => 0.8,
        }
    }
}

/// The phrase of [`IdentifierFinding::as_str`].
impl fmt::Display for IdentifierFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Compares an identifier of a query with a listed one; `countries` are the query's own countries (codes or
/// names), which stand in for an issuing country that the query's identifier lacks.
///
/// `None` when the numbers are different, or of kinds that cannot be one.
pub fn compare(query: &Identifier, listed: &Identifier, countries: &[String]) -> Option<Agreement> {
    let (a, b) = (query.kind.scope(), listed.kind.scope());
    let unspecified = a == Scope::Unspecified || b == Scope::Unspecified;
    let one_kind = query.kind == listed.kind;
    if a == Scope::Contact || b == Scope::Contact {
        return None;
    }
    if !(one_kind || unspecified || (a == Scope::Issued && b == Scope::Issued)) {
        return None;
    }
    let listed_keys = listed.keys();
    let key = query.keys().into_iter().find(|k| listed_keys.contains(k))?;
    if !has_digit(&key) && !may_lack_digits(&query.kind) && !may_lack_digits(&listed.kind) {
        return None;
    }
    let (mut score, mut finding) = (1.0, IdentifierFinding::Same);
    let mut weaken = |by: IdentifierFinding| {
        score *= by.factor();
        finding = by;
    };
    if unspecified {
        weaken(IdentifierFinding::UnspecifiedKind);
    } else if !one_kind {
        weaken(IdentifierFinding::OtherKind);
    }
    if one_kind && a != Scope::Worldwide && query.normalized() != listed.normalized() {
        weaken(IdentifierFinding::LeadingZeros);
    }
    let reused = a == Scope::Reused || b == Scope::Reused;
    if reused {
        weaken(IdentifierFinding::Reused);
    }
    let worldwide = a == Scope::Worldwide || b == Scope::Worldwide;
    let issued = if worldwide { Issued::Unknown } else { issued(query, listed, countries) };
    if issued == Issued::ByTwo {
        weaken(IdentifierFinding::OtherCountry);
    }
    // Serial numbers are short, and weakened already.
    // A number of ten digits is long, however many of them are leading zeros, if both have them all.
    let written = query.normalized();
    let same_as_written = written.chars().count() >= LONG && written == listed.normalized();
    let short = key.chars().count() < SHORT && !same_as_written && !worldwide && !reused;
    if short && issued == Issued::ByOne {
        weaken(IdentifierFinding::ShortOfOneCountry);
    } else if short {
        weaken(IdentifierFinding::Short);
    }
    Some(Agreement { score: super::round(score), finding })
}

/// A text without digits is a word and no number ("unknown"), but for kinds of codes that may consist of
/// letters.
fn has_digit(key: &str) -> bool {
    key.bytes().any(|b| b.is_ascii_digit())
}

fn may_lack_digits(kind: &IdentifierKind) -> bool {
    matches!(kind, IdentifierKind::Bic | IdentifierKind::AircraftTail | IdentifierKind::CallSign)
}

/// Whether one country issued both.
fn issued(query: &Identifier, listed: &Identifier, countries: &[String]) -> Issued {
    match (&query.country, &listed.country) {
        (Some(q), Some(l)) if code(q) == code(l) => Issued::ByOne,
        (Some(_), Some(_)) => Issued::ByTwo,
        // A document of another state than the party's own contradicts nothing.
        (None, Some(l)) if countries.iter().any(|c| code(c) == code(l)) => Issued::ByOne,
        _ => Issued::Unknown,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Issued {
    ByOne,
    ByTwo,
    Unknown,
}

fn code(text: &str) -> &str {
    country_code(text).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use IdentifierKind as K;

    fn score(q: (K, &str, &str), l: (K, &str, &str)) -> Option<f32> {
        let [q, l] = [q, l].map(|(kind, value, country)| Identifier::new(kind, value).issued_by(country));
        compare(&q, &l, &[]).map(|a| a.score)
    }

    #[test]
    fn the_score_is_that_of_the_table_above() {
        for (q, l, wanted) in [
            ((K::Passport, "A1234567", ""), (K::Passport, "a 1234567", "ir"), Some(1.0)),
            ((K::Passport, "A1234567", "Iran"), (K::Passport, "A1234567", "ir"), Some(1.0)),
            ((K::Passport, "A1234567", "us"), (K::Passport, "A1234567", "ir"), Some(0.9)),
            ((K::NationalId, "262400998479", ""), (K::Tax, "262400998479", "ru"), Some(0.93)),
            ((K::NationalId, "262400998479", "us"), (K::Tax, "262400998479", "ru"), Some(0.837)),
            ((K::Tax, "62400998479", ""), (K::Tax, "062400998479", "ru"), Some(0.97)),
            ((K::unspecified(), "9253325", ""), (K::Imo, "IMO 9253325", ""), Some(0.97)),
            ((K::Imo, "9253325", ""), (K::unspecified(), "IMO9253325", ""), Some(0.97)),
            ((K::Passport, "12345", ""), (K::Passport, "12345", "ir"), Some(0.8)),
            ((K::Passport, "12345", "ir"), (K::Passport, "12345", "ir"), Some(0.9)),
            // Equal as written, with the zeros that lead them.
            ((K::Passport, "0000092405", ""), (K::Passport, "0000092405", ""), Some(1.0)),
            ((K::Passport, "0000000012", ""), (K::Passport, "00-0000-0012", ""), Some(1.0)),
            ((K::Passport, "92405", ""), (K::Passport, "0000092405", ""), Some(0.776)),
            ((K::AircraftSerial, "3165", ""), (K::AircraftSerial, "3165", ""), Some(0.9)),
            ((K::Bic, "DEUTDEFF500", ""), (K::Bic, "DEUTDEFF", ""), Some(1.0)),
            ((K::AircraftTail, "EPMNA", ""), (K::AircraftTail, "EP-MNA", ""), Some(1.0)),
            // Numbers that cannot be one.
            ((K::Imo, "9253325", ""), (K::Passport, "9253325", ""), None),
            ((K::Phone, "9253325", ""), (K::Phone, "9253325", ""), None),
            ((K::unspecified(), "unknown", ""), (K::Passport, "unknown", ""), None),
            ((K::Passport, "A1234567", ""), (K::Passport, "A1234568", ""), None),
        ] {
            assert_eq!(score(q.clone(), l.clone()), wanted, "{q:?} {l:?}");
        }
    }

    #[test]
    fn the_country_of_the_query_stands_in_for_the_issuing_one() {
        let listed = Identifier::new(K::Passport, "12345").issued_by("Iran");
        let query = Identifier::new(K::Passport, "12345");
        let own = ["IRN".to_string()];
        assert_eq!(compare(&query, &listed, &own).unwrap().score, 0.9);
        assert_eq!(compare(&query, &listed, &["Syria".to_string()]).unwrap().score, 0.8);
    }
}
