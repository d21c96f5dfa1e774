//! The other fields: how birth date, country, gender and schema qualify a name's score.
//!
//! They never make a hit of dissimilar names: agreement lifts a score by at most [`MAX_LIFT`] of what it
//! lacks to 1, and disagreement lowers it by a factor.
//!
//! ```
//! use interdict::score::fields::FieldWeights;
//!
//! // The country of a counterparty is often that of a branch: leave it out of account.
//! let mut weights = FieldWeights::default();
//! (weights.same_country, weights.different_country) = (0.0, 0.0);
//! ```

use crate::entity::{Date, Gender, Schema};
use serde::{Deserialize, Serialize};
use std::fmt;
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

/// The days that a date may be, as the numbers yyyymmdd of the first and the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct DayRange {
    pub(crate) first: i32,
    pub(crate) last: i32,
}

impl From<&Date> for DayRange {
    fn from(date: &Date) -> DayRange {
        let number = |d: jiff::civil::Date| {
            i32::from(d.year()) * 10_000 + i32::from(d.month()) * 100 + i32::from(d.day())
        };
        DayRange { first: number(date.first()), last: number(date.last()) }
    }
}

impl DayRange {
    /// The day, if there is but one.
    fn day(self) -> Option<i32> {
        (self.first == self.last).then_some(self.first)
    }

    fn overlaps(self, other: DayRange) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// The least number of years, by the calendar, between a day of both.
    fn years_to(self, other: DayRange) -> i32 {
        (self.first / 10_000 - other.last / 10_000).max(other.first / 10_000 - self.last / 10_000).max(0)
    }
}

/// A country as the number of its two letters; 0 for a text that is no code.
pub(crate) fn country_number(code: &str) -> u16 {
    match code.as_bytes() {
        [a, b] => u16::from_be_bytes([*a, *b]),
        _ => 0,
    }
}

/// The fields of one side.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fields<'a> {
    pub(crate) schema: Schema,
    /// Of a person.
    pub(crate) gender: Option<Gender>,
    pub(crate) dates: &'a [DayRange],
    /// As [`country_number`] returns them.
    pub(crate) countries: &'a [u16],
}

/// A field that both sides have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ComparedField {
    /// Birth dates.
    BirthDate,
    /// Countries.
    Country,
    /// Genders.
    Gender,
    /// Kinds of parties.
    Schema,
}

impl ComparedField {
    /// A word for people.
    pub fn as_str(self) -> &'static str {
        match self {
            ComparedField::BirthDate => "birth date",
            ComparedField::Country => "country",
            ComparedField::Gender => "gender",
            ComparedField::Schema => "schema",
        }
    }
}

/// A set of fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FieldSet(u8);

impl FieldSet {
    fn with(self, field: ComparedField) -> FieldSet {
        FieldSet(self.0 | 1 << field as u8)
    }

    /// The fields, in the order in which they are compared.
    pub(crate) fn fields(self) -> impl Iterator<Item = ComparedField> {
        let all =
            [ComparedField::BirthDate, ComparedField::Country, ComparedField::Gender, ComparedField::Schema];
        all.into_iter().filter(move |field| self.0 & 1 << *field as u8 != 0)
    }
}

/// The word of [`ComparedField::as_str`].
impl fmt::Display for ComparedField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How the values of a field agree or differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Finding {
    /// Both have the same day of birth.
    SameDay,
    /// The birth dates can be the same day.
    PossibleDay,
    /// The birth dates have day and month swapped.
    DayAndMonthSwapped,
    /// The birth dates have the same year, or the same day and month of different years.
    PartlyDifferentDate,
    /// The birth dates are a year apart at most.
    YearApart,
    /// The birth dates are two to five years apart.
    FewYearsApart,
    /// The birth dates are more than five years apart.
    ManyYearsApart,
    /// Both have a country in common.
    SameCountry,
    /// Both have countries, and none in common.
    DifferentCountry,
    /// Both have the same gender.
    SameGender,
    /// Both have a gender, and not the same.
    DifferentGender,
    /// One is a person and the other a ship, and the like.
    DifferentSchema,
}

impl Finding {
    /// A phrase for people, to stand behind the name of the field.
    pub fn as_str(self) -> &'static str {
        match self {
            Finding::SameDay => "the same day",
            Finding::PossibleDay => "can be the same",
            Finding::DayAndMonthSwapped => "day and month swapped",
            Finding::PartlyDifferentDate => "differs in part",
            Finding::YearApart => "a year apart at most",
            Finding::FewYearsApart => "a few years apart",
            Finding::ManyYearsApart => "many years apart",
            Finding::SameCountry => "in common",
            Finding::DifferentCountry => "none in common",
            Finding::SameGender => "the same",
            Finding::DifferentGender => "different",
            Finding::DifferentSchema => "of another kind",
        }
    }

    fn field(self) -> ComparedField {
        match self {
            Finding::SameDay
            | Finding::PossibleDay
            | Finding::DayAndMonthSwapped
            | Finding::PartlyDifferentDate
            | Finding::YearApart
            | Finding::FewYearsApart
            | Finding::ManyYearsApart => ComparedField::BirthDate,
            Finding::SameCountry | Finding::DifferentCountry => ComparedField::Country,
            Finding::SameGender | Finding::DifferentGender => ComparedField::Gender,
            Finding::DifferentSchema => ComparedField::Schema,
        }
    }
}

/// The phrase of [`Finding::as_str`].
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FieldWeights {
    /// What a finding does to a score, as [`Evidence::effect`].
    fn effect(&self, finding: Finding) -> f32 {
        match finding {
            Finding::SameDay => self.same_day,
            Finding::PossibleDay | Finding::DayAndMonthSwapped => self.possible_day,
            Finding::PartlyDifferentDate => -self.partly_different_date,
            Finding::YearApart => -self.year_apart,
            Finding::FewYearsApart => -self.few_years_apart,
            Finding::ManyYearsApart => -self.many_years_apart,
            Finding::SameCountry => self.same_country,
            Finding::DifferentCountry => -self.different_country,
            Finding::SameGender => self.same_gender,
            Finding::DifferentGender => -self.different_gender,
            Finding::DifferentSchema => -self.different_schema,
        }
    }
}

/// What one field contributes to a score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Evidence {
    /// The field.
    pub field: ComparedField,
    /// How the two sides compare.
    pub finding: Finding,
    /// For agreement: the part of what the score lacks that it adds, above 0. For disagreement: what the
    /// score is multiplied with less 1, below 0.
    pub effect: f32,
}

/// What the fields contribute together.
///
/// ```
/// use interdict::entity::Schema;
/// use interdict::{Index, Query, Screener, list};
///
/// let screener = Screener::new(Index::build(&[list::starter()])?);
/// let mut query = Query::name("Integrity Technology Group");
/// query.countries = vec!["Iran".into()];
/// let hit = &screener.screen(&query)[0];
/// let verdict = screener.explain(&query, hit).unwrap().verdict;
/// let found: Vec<String> = verdict.evidence().map(|e| format!("{}: {}", e.field, e.finding)).collect();
/// assert_eq!(found, ["country: none in common"]);
/// # Ok::<(), interdict::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Verdict {
    evidence: [Option<Evidence>; 4],
}

impl Verdict {
    /// The evidence of each field that both sides have.
    pub fn evidence(&self) -> impl Iterator<Item = &Evidence> {
        self.evidence.iter().flatten()
    }

    /// The fields that lower a score.
    pub(crate) fn contradicting(&self) -> FieldSet {
        self.evidence().filter(|e| e.effect < 0.0).fold(FieldSet::default(), |set, e| set.with(e.field))
    }

    /// The score of a name after the fields.
    pub(crate) fn apply(&self, score: f32) -> f32 {
        let lift: f32 = self.evidence().map(|e| e.effect.max(0.0)).sum();
        let factor: f32 = self.evidence().map(|e| 1.0 + e.effect.min(0.0)).product();
        (score + (1.0 - score) * lift.min(MAX_LIFT)) * factor
    }
}

/// Compares the fields of a query with those of a listed entity.
pub(crate) fn compare(query: &Fields<'_>, listed: &Fields<'_>, weights: &FieldWeights) -> Verdict {
    let evidence =
        |finding: Finding| Evidence { field: finding.field(), finding, effect: weights.effect(finding) };
    Verdict {
        evidence: [
            compare_dates(query, listed, weights).map(evidence),
            compare_countries(query, listed).map(evidence),
            compare_genders(query, listed).map(evidence),
            compare_schemas(query, listed).map(evidence),
        ],
    }
}

/// Which fields any entity of an index has. A field that none has lifts no score.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldPresence {
    pub(crate) dates: bool,
    pub(crate) countries: bool,
    pub(crate) genders: bool,
}

/// The most that the fields of a query can lift a score, as a part of what it lacks.
pub(crate) fn max_lift(query: &Fields<'_>, listed: FieldPresence, weights: &FieldWeights) -> f32 {
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

/// The finding of the pair of dates with the greatest effect.
fn compare_dates(query: &Fields<'_>, listed: &Fields<'_>, weights: &FieldWeights) -> Option<Finding> {
    let mut best: Option<Finding> = None;
    for a in query.dates {
        for b in listed.dates {
            let finding = compare_days(*a, *b);
            if best.is_none_or(|best| weights.effect(best) < weights.effect(finding)) {
                best = Some(finding);
            }
        }
    }
    best
}

fn compare_days(a: DayRange, b: DayRange) -> Finding {
    let swapped = |day: i32| day / 10_000 * 10_000 + day % 100 * 100 + day / 100 % 100;
    let years = a.years_to(b);
    match (a.day(), b.day()) {
        (Some(a), Some(b)) if a == b => Finding::SameDay,
        _ if a.overlaps(b) => Finding::PossibleDay,
        (Some(a), Some(b)) if swapped(a) == b => Finding::DayAndMonthSwapped,
        (Some(a), Some(b)) if a % 10_000 == b % 10_000 || years == 0 => Finding::PartlyDifferentDate,
        _ if years <= 1 => Finding::YearApart,
        _ if years <= 5 => Finding::FewYearsApart,
        _ => Finding::ManyYearsApart,
    }
}

fn compare_countries(query: &Fields<'_>, listed: &Fields<'_>) -> Option<Finding> {
    if query.countries.is_empty() || listed.countries.is_empty() {
        return None;
    }
    let in_common = query.countries.iter().any(|c| *c != 0 && listed.countries.contains(c));
    Some(if in_common { Finding::SameCountry } else { Finding::DifferentCountry })
}

fn compare_genders(query: &Fields<'_>, listed: &Fields<'_>) -> Option<Finding> {
    let (a, b) = (query.gender?, listed.gender?);
    Some(if a == b { Finding::SameGender } else { Finding::DifferentGender })
}

fn compare_schemas(query: &Fields<'_>, listed: &Fields<'_>) -> Option<Finding> {
    (!query.schema.is_compatible(listed.schema)).then_some(Finding::DifferentSchema)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(a: &str, b: &str) -> Finding {
        let [a, b] = [a, b].map(|text| DayRange::from(&Date::parse(text).unwrap()));
        assert_eq!(compare_days(a, b), compare_days(b, a));
        compare_days(a, b)
    }

    #[test]
    fn dates_are_the_same_or_differ_by_a_slip_or_by_years() {
        for (a, b, finding, effect) in [
            ("1970-03-04", "1970-03-04", Finding::SameDay, 0.2),
            ("1970-03-04", "1970", Finding::PossibleDay, 0.1),
            ("1970", "1970", Finding::PossibleDay, 0.1),
            ("1970-03-04", "1970-04-03", Finding::DayAndMonthSwapped, 0.1),
            ("1970-03-04", "1970-05-20", Finding::PartlyDifferentDate, -0.01),
            ("1970-03-04", "1985-03-04", Finding::PartlyDifferentDate, -0.01),
            ("1970-03-04", "1971", Finding::YearApart, -0.02),
            ("1970-03-04", "1975", Finding::FewYearsApart, -0.06),
            ("1970-03-04", "1985", Finding::ManyYearsApart, -0.1),
        ] {
            assert_eq!(find(a, b), finding, "{a} {b}");
            assert_eq!(FieldWeights::default().effect(finding), effect, "{a} {b}");
        }
    }

    #[test]
    fn of_several_dates_the_best_counts() {
        let days = ["1970-03-04", "1985"].map(|text| DayRange::from(&Date::parse(text).unwrap()));
        let [a, b] = [&days[..1], &days[..]].map(|dates| Fields { dates, ..Fields::default() });
        assert_eq!(compare_dates(&a, &b, &FieldWeights::default()), Some(Finding::SameDay));
    }

    #[test]
    fn a_text_that_is_no_country_code_has_no_country_in_common() {
        assert_eq!(country_number("ru"), country_number("ru"));
        assert_ne!(country_number("ru"), country_number("ir"));
        let unknown = [country_number("Atlantis")];
        let fields = Fields { countries: &unknown, ..Fields::default() };
        assert_eq!(compare_countries(&fields, &fields), Some(Finding::DifferentCountry));
    }
}
