//! The other fields: how birth date, country, gender and schema qualify a name's score.
//!
//! They never make a hit of names that are not alike: agreement lifts a score by at most [`MAX_LIFT`] of what
//! it lacks to 1, and disagreement lowers it by a factor.

use crate::entity::{Date, Gender, Schema};
use serde::{Deserialize, Serialize};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// The most that agreeing fields together lift a score, as a part of what it lacks to 1.
pub const MAX_LIFT: f32 = 0.3;

/// How much each field counts. Agreement adds its weight as a part of what the score lacks to 1, all fields
/// together at most [`MAX_LIFT`]; disagreement takes its weight off the score, as a part of it. All weights
/// lie in \[0, 1\], those of agreement in \[0, [`MAX_LIFT`]\]; 0 leaves the finding out of account.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldWeights {
    /// Added when both sides have the same day of birth.
    pub same_day: f32,
    /// Added when the birth dates can be the same (a year alone), or have day and month swapped.
    pub possible_day: f32,
    /// Taken when birth dates have the same year, or the same day and month of different years.
    pub partly_different_date: f32,
    /// Taken when birth dates are a year apart at most.
    pub year_apart: f32,
    /// Taken when birth dates are two to five years apart.
    pub few_years_apart: f32,
    /// Taken when birth dates are more than five years apart.
    pub many_years_apart: f32,
    /// Added for a country in common.
    pub same_country: f32,
    /// Taken when both sides have countries, and none in common.
    pub different_country: f32,
    /// Added for the same gender.
    pub same_gender: f32,
    /// Taken for different genders.
    pub different_gender: f32,
    /// Taken when one side is a person and the other a ship, and the like.
    pub different_schema: f32,
}

impl Default for FieldWeights {
    fn default() -> Self {
        FieldWeights {
            same_day: 0.2,
            possible_day: 0.1,
            partly_different_date: 0.01,
            year_apart: 0.02,
            few_years_apart: 0.06,
            many_years_apart: 0.1,
            same_country: 0.06,
            different_country: 0.02,
            same_gender: 0.02,
            different_gender: 0.06,
            different_schema: 0.12,
        }
    }
}

/// A span of days as the numbers yyyymmdd of its first and last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct DayRange {
    /// The first day it can mean.
    pub first: i32,
    /// The last day it can mean.
    pub last: i32,
}

impl From<&Date> for DayRange {
    fn from(date: &Date) -> DayRange {
        let number = |d: jiff::civil::Date| {
            i32::from(d.year()) * 10_000 + i32::from(d.month()) * 100 + i32::from(d.day())
        };
        DayRange { first: number(date.first()), last: number(date.last()) }
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
    pub dates: &'a [DayRange],
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
        (score + (1.0 - score) * lift.min(MAX_LIFT)) * factor
    }
}

/// Compares the fields of a query with those of a listed entity.
pub fn compare(query: &Fields<'_>, listed: &Fields<'_>, weights: &FieldWeights) -> Verdict {
    Verdict {
        evidence: [
            dates(query, listed, weights),
            countries(query, listed, weights),
            gender(query, listed, weights),
            schema(query, listed, weights),
        ],
    }
}

/// Which fields any entity of an index has: what none has lifts no score.
#[derive(Clone, Copy, Debug)]
pub struct FieldPresence {
    /// Birth dates.
    pub dates: bool,
    /// Countries.
    pub countries: bool,
    /// Genders.
    pub genders: bool,
}

/// The most the fields of a query can lift a score, as a part of what it lacks.
pub fn max_lift(query: &Fields<'_>, listed: FieldPresence, weights: &FieldWeights) -> f32 {
    let mut lift: f32 = 0.0;
    if listed.dates && !query.dates.is_empty() {
        lift += weights.same_day.max(weights.possible_day);
    }
    if listed.countries && !query.countries.is_empty() {
        lift += weights.same_country;
    }
    if listed.genders && query.gender.is_some() {
        lift += weights.same_gender;
    }
    lift.min(MAX_LIFT)
}

fn evidence(field: &'static str, finding: &'static str, effect: f32) -> Option<Evidence> {
    Some(Evidence { field, finding, effect })
}

fn dates(query: &Fields<'_>, listed: &Fields<'_>, weights: &FieldWeights) -> Option<Evidence> {
    const FIELD: &str = "birth date";
    let mut best: Option<Evidence> = None;
    for a in query.dates {
        for b in listed.dates {
            let days = a.first == a.last && b.first == b.last;
            let swapped = |d: i32| d / 10_000 * 10_000 + d % 100 * 100 + d / 100 % 100;
            let years = (a.first / 10_000 - b.last / 10_000).max(b.first / 10_000 - a.last / 10_000).max(0);
            let found = if days && a == b {
                evidence(FIELD, "the same day", weights.same_day)
            } else if a.first <= b.last && b.first <= a.last {
                evidence(FIELD, "can be the same", weights.possible_day)
            } else if days && swapped(a.first) == b.first {
                evidence(FIELD, "day and month swapped", weights.possible_day)
            } else if days && (a.first % 10_000 == b.first % 10_000 || years == 0) {
                evidence(FIELD, "differs in part", -weights.partly_different_date)
            } else if years <= 1 {
                evidence(FIELD, "a year apart at most", -weights.year_apart)
            } else if years <= 5 {
                evidence(FIELD, "a few years apart", -weights.few_years_apart)
            } else {
                evidence(FIELD, "many years apart", -weights.many_years_apart)
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

fn countries(query: &Fields<'_>, listed: &Fields<'_>, weights: &FieldWeights) -> Option<Evidence> {
    if query.countries.is_empty() || listed.countries.is_empty() {
        return None;
    }
    if query.countries.iter().any(|c| *c != 0 && listed.countries.contains(c)) {
        evidence("country", "in common", weights.same_country)
    } else {
        evidence("country", "none in common", -weights.different_country)
    }
}

fn gender(query: &Fields<'_>, listed: &Fields<'_>, weights: &FieldWeights) -> Option<Evidence> {
    let (a, b) = (query.gender?, listed.gender?);
    if a == b {
        evidence("gender", "the same", weights.same_gender)
    } else {
        evidence("gender", "different", -weights.different_gender)
    }
}

fn schema(query: &Fields<'_>, listed: &Fields<'_>, weights: &FieldWeights) -> Option<Evidence> {
    if query.schema.is_compatible(listed.schema) {
        None
    } else {
        evidence("schema", "of another kind", -weights.different_schema)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings() {
        let days = |t: &str| [DayRange::from(&Date::parse(t).unwrap())];
        let find = |a: &str, b: &str| {
            let (a, b) = (days(a), days(b));
            let [a, b] = [&a, &b].map(|dates| Fields { dates, ..Fields::default() });
            dates(&a, &b, &FieldWeights::default()).unwrap().effect
        };
        assert_eq!(find("1970-03-04", "1970-03-04"), 0.2);
        assert_eq!(find("1970-03-04", "1970"), 0.1);
        assert_eq!(find("1970-03-04", "1970-04-03"), 0.1);
        assert_eq!(find("1970-03-04", "1985"), -0.1);
        assert_eq!(country_number("ru"), country_number("ru"));
        assert_ne!(country_number("ru"), country_number("ir"));
    }
}
