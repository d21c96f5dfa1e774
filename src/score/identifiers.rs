//! What two equal identifiers say: a score of their own, beside that of the names.
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
//! Numbers are equal or not; what differs is how much their equality says.
//!
//! | the two numbers | score |
//! |---|---|
//! | are of one kind | 1 |
//! | are the same, and one has no kind | × 0.97 |
//! | are documents or registrations of two kinds (a tax number given as national id) | × 0.93 |
//! | differ in leading zeros | × 0.97 |
//! | are call signs or serial numbers, which are given anew | × 0.9 |
//! | are issued by two countries | × 0.9 |
//! | have fewer than six characters, and are issued by one country | × 0.9 |
//! | have fewer than six characters otherwise | × 0.8 |
//!
//! So at the default threshold of 0.85 a short number without its country is no hit by itself, nor is one of
//! another kind and another country; at a lower threshold both are seen. Among the 7,241 numbers of OFAC's list of
//! specially designated nationals 19 are shared by two entities: two by chance, serial numbers of three and four
//! digits, and 17 because the entities belong together.
//!
//! A worldwide number (LEI, BIC, IBAN, IMO, MMSI, tail number, wallet) meets its own kind and numbers of untold
//! kind only. Contact details meet nothing. A wrong check digit changes no score.

use crate::entity::{Identifier, IdentifierKind, Scope, country_code};

/// Numbers shorter than this are shared by many documents.
const SHORT: usize = 6;

/// What two equal identifiers say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// In (0, 1].
    pub score: f32,
    /// How the two stand to each other, for people.
    pub finding: &'static str,
}

/// Compares an identifier of a query with a listed one; `countries` are the query's own countries (codes or
/// names), which stand in for an issuing country that the query's identifier does not tell.
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
    let theirs = listed.keys();
    let key = query.keys().into_iter().find(|k| theirs.contains(k))?;
    // A word is no number, but for codes that consist of letters.
    let lettered = |kind: &IdentifierKind| {
        matches!(kind, IdentifierKind::Bic | IdentifierKind::AircraftTail | IdentifierKind::CallSign)
    };
    let has_digit = key.bytes().any(|b| b.is_ascii_digit());
    if !has_digit && !lettered(&query.kind) && !lettered(&listed.kind) {
        return None;
    }
    let (mut score, mut finding) = (1.0, "the same number");
    let mut weaken = |factor: f32, why: &'static str| {
        score *= factor;
        finding = why;
    };
    if unspecified {
        weaken(0.97, "the same number, whose kind is not told");
    } else if !one_kind {
        weaken(0.93, "the same number, of another kind");
    }
    if one_kind && a != Scope::Worldwide && query.normalized() != listed.normalized() {
        weaken(0.97, "the same number but for leading zeros");
    }
    if a == Scope::Reused || b == Scope::Reused {
        weaken(0.9, "the same number, which is given more than once");
    }
    let worldwide = a == Scope::Worldwide || b == Scope::Worldwide;
    let issued = match (&query.country, &listed.country) {
        _ if worldwide => Issued::Unknown,
        (Some(q), Some(l)) if code(q) == code(l) => Issued::ByOne,
        (Some(_), Some(_)) => Issued::ByTwo,
        // Who holds a document of another state than his own contradicts nothing.
        (None, Some(l)) if countries.iter().any(|c| code(c) == code(l)) => Issued::ByOne,
        _ => Issued::Unknown,
    };
    if issued == Issued::ByTwo {
        weaken(0.9, "the same number, issued by another country");
    }
    // Serial numbers are short, and weakened already.
    let short = key.chars().count() < SHORT && !worldwide && a != Scope::Reused && b != Scope::Reused;
    if short && issued == Issued::ByOne {
        weaken(0.9, "the same short number of the same country");
    } else if short {
        weaken(0.8, "the same number, which is short");
    }
    Some(Agreement { score: super::round(score), finding })
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
    fn the_table() {
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
    fn the_querys_country_stands_in() {
        let listed = Identifier::new(K::Passport, "12345").issued_by("Iran");
        let query = Identifier::new(K::Passport, "12345");
        let own = ["IRN".to_string()];
        assert_eq!(compare(&query, &listed, &own).unwrap().score, 0.9);
        assert_eq!(compare(&query, &listed, &["Syria".to_string()]).unwrap().score, 0.8);
    }
}
