//! The other fields: how birth date, country, gender and schema qualify a name's score.
//!
//! They never make a hit of names that are not alike: agreement lifts a score by at most [`MOST_LIFT`] of what
//! it lacks to 1, and disagreement lowers it by a factor.

use crate::entity::{Date, Gender, Schema};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// The most that agreeing fields together lift a score, as a part of what it lacks to 1.
pub const MOST_LIFT: f32 = 0.3;

/// A span of days as the numbers yyyymmdd of its first and last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Days {
    /// The first day it can mean.
    pub first: i32,
    /// The last day it can mean.
    pub last: i32,
}

impl From<&Date> for Days {
    fn from(date: &Date) -> Days {
        let number = |d: jiff::civil::Date| {
            i32::from(d.year()) * 10_000 + i32::from(d.month()) * 100 + i32::from(d.day())
        };
        Days { first: number(date.first()), last: number(date.last()) }
    }
}

/// A country as the number of its two letters; 0 for a text that is no code.
pub fn country_number(code: &str) -> u16 {
    match code.as_bytes() {
        [a, b] => u16::from_be_bytes([*a, *b]),
        _ => 0,
    }
}

/// The fields of one side.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fields<'a> {
    /// What kind of party it is.
    pub schema: Schema,
    /// Gender of a person.
    pub gender: Option<Gender>,
    /// Birth dates.
    pub dates: &'a [Days],
    /// Countries, as [`country_number`] gives them.
    pub countries: &'a [u16],
}

/// What one field said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// The field: "birth date", "country", "gender" or "schema".
    pub field: &'static str,
    /// How the two sides stand to each other, for people.
    pub finding: &'static str,
    /// For agreement: the part of what the score lacks that it adds, above 0. For disagreement: what the
    /// score is multiplied with less 1, below 0.
    pub effect: f32,
}

/// What the fields say together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Verdict {
    evidence: [Option<Evidence>; 4],
}

impl Verdict {
    /// The fields that said something.
    pub fn evidence(&self) -> impl Iterator<Item = &Evidence> {
        self.evidence.iter().flatten()
    }

    /// The score of a name after the fields.
    pub fn apply(&self, score: f32) -> f32 {
        let lift: f32 = self.evidence().map(|e| e.effect.max(0.0)).sum();
        let factor: f32 = self.evidence().map(|e| 1.0 + e.effect.min(0.0)).product();
        (score + (1.0 - score) * lift.min(MOST_LIFT)) * factor
    }
}

/// Compares the fields of a query with those of a listed entity.
pub fn compare(query: &Fields<'_>, listed: &Fields<'_>) -> Verdict {
    Verdict {
        evidence: [
            dates(query, listed),
            countries(query, listed),
            gender(query, listed),
            schema(query, listed),
        ],
    }
}

/// The most the fields of a query can lift a score, as a part of what it lacks.
pub fn most_lift(query: &Fields<'_>) -> f32 {
    let mut lift: f32 = 0.0;
    if !query.dates.is_empty() {
        lift += 0.2;
    }
    if !query.countries.is_empty() {
        lift += 0.06;
    }
    if query.gender.is_some() {
        lift += 0.02;
    }
    lift.min(MOST_LIFT)
}

fn evidence(field: &'static str, finding: &'static str, effect: f32) -> Option<Evidence> {
    Some(Evidence { field, finding, effect })
}

fn dates(query: &Fields<'_>, listed: &Fields<'_>) -> Option<Evidence> {
    const FIELD: &str = "birth date";
    let mut best: Option<Evidence> = None;
    for a in query.dates {
        for b in listed.dates {
            let days = a.first == a.last && b.first == b.last;
            let swapped = |d: i32| d / 10_000 * 10_000 + d % 100 * 100 + d / 100 % 100;
            let years = (a.first / 10_000 - b.last / 10_000).max(b.first / 10_000 - a.last / 10_000).max(0);
            let found = if days && a == b {
                evidence(FIELD, "the same day", 0.2)
            } else if a.first <= b.last && b.first <= a.last {
                evidence(FIELD, "can be the same", 0.1)
            } else if days && swapped(a.first) == b.first {
                evidence(FIELD, "day and month swapped", 0.1)
            } else if days && (a.first % 10_000 == b.first % 10_000 || years == 0) {
                evidence(FIELD, "differs in part", -0.01)
            } else if years <= 1 {
                evidence(FIELD, "a year apart at most", -0.02)
            } else if years <= 5 {
                evidence(FIELD, "a few years apart", -0.06)
            } else {
                evidence(FIELD, "many years apart", -0.1)
            };
            if let Some(found) = found
                && best.is_none_or(|b| b.effect < found.effect)
            {
                best = Some(found);
            }
        }
    }
    best
}

fn countries(query: &Fields<'_>, listed: &Fields<'_>) -> Option<Evidence> {
    if query.countries.is_empty() || listed.countries.is_empty() {
        return None;
    }
    if query.countries.iter().any(|c| *c != 0 && listed.countries.contains(c)) {
        evidence("country", "in common", 0.06)
    } else {
        evidence("country", "none in common", -0.02)
    }
}

fn gender(query: &Fields<'_>, listed: &Fields<'_>) -> Option<Evidence> {
    let (a, b) = (query.gender?, listed.gender?);
    if a == b { evidence("gender", "the same", 0.02) } else { evidence("gender", "different", -0.06) }
}

fn schema(query: &Fields<'_>, listed: &Fields<'_>) -> Option<Evidence> {
    if query.schema.is_compatible(listed.schema) {
        None
    } else {
        evidence("schema", "of another kind", -0.12)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings() {
        let days = |t: &str| [Days::from(&Date::parse(t).unwrap())];
        let find = |a: &str, b: &str| {
            let (a, b) = (days(a), days(b));
            dates(&Fields { dates: &a, ..Fields::default() }, &Fields { dates: &b, ..Fields::default() })
                .unwrap()
                .effect
        };
        assert_eq!(find("1970-03-04", "1970-03-04"), 0.2);
        assert_eq!(find("1970-03-04", "1970"), 0.1);
        assert_eq!(find("1970-03-04", "1970-04-03"), 0.1);
        assert_eq!(find("1970-03-04", "1985"), -0.1);
        assert_eq!(country_number("ru"), country_number("ru"));
        assert_ne!(country_number("ru"), country_number("ir"));
    }
}
