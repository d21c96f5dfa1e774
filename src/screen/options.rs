//! Options of a screener: thresholds, limit and weights. Their ranges are in `settings`.

use super::settings;
use crate::entity::Schema;
use crate::error::{Error, Result};
use crate::score::fields::FieldWeights;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The lowest threshold that may be set. Names that match by initials alone score less, and retrieval does not
/// look for them.
pub const LOWEST_THRESHOLD: f32 = 0.5;

/// How to screen. [`Config`](crate::Config) reads the options from a file.
///
/// # Examples
///
/// ```
/// use interdict::entity::Schema;
/// use interdict::screen::Options;
///
/// let options = Options::default().threshold(0.9).with_schema_threshold(Schema::Vessel, 0.95).limit(20);
/// assert_eq!(options.required(Schema::Vessel, false), 0.95);
/// assert_eq!(options.required(Schema::Person, false), 0.9);
/// assert!(Options::default().threshold(0.3).check().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Options {
    /// The lowest score of a hit, in \[0.5, 1\]; 0.85 by default.
    pub threshold: f32,
    pub(crate) schema_thresholds: SchemaThresholds,
    /// Whether weak aliases are screened against; they are by default.
    pub weak_aliases: bool,
    /// The lowest score of a weak alias, in \[0.5, 1\]. It applies where it is above the threshold.
    pub weak_threshold: Option<f32>,
    /// The lowest score of a name within free text, in \[0.5, 1\]; 0.87 by default. It applies where it is above the
    /// threshold.
    pub text_threshold: f32,
    /// Whether a shared identifier is a hit; it is by default.
    pub identifiers: bool,
    /// The effect of birth dates, countries, gender and schema on a name's score.
    pub fields: FieldWeights,
    /// The most parties of one query, in \[1, 1,000,000\]; 10 by default. The best ones are kept; entries of different
    /// lists for one party count once, and a score of 1 is always kept.
    pub limit: usize,
    /// Compares every listed name instead of the index's candidates. It is slow and gives the same hits: the
    /// proof that retrieval is complete.
    pub exhaustive: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            threshold: 0.85,
            schema_thresholds: SchemaThresholds::default(),
            weak_aliases: true,
            weak_threshold: None,
            text_threshold: 0.87,
            identifiers: true,
            fields: FieldWeights::default(),
            limit: 10,
            exhaustive: false,
        }
    }
}

/// Thresholds of single schemas, at `schema as usize`. Not public, so that a new schema changes no public type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(into = "BTreeMap<Schema, f32>", from = "BTreeMap<Schema, f32>")]
pub(crate) struct SchemaThresholds([Option<f32>; Schema::ALL.len()]);

impl From<SchemaThresholds> for BTreeMap<Schema, f32> {
    fn from(thresholds: SchemaThresholds) -> Self {
        Schema::ALL.into_iter().filter_map(|s| Some((s, thresholds.0[s as usize]?))).collect()
    }
}

impl From<BTreeMap<Schema, f32>> for SchemaThresholds {
    fn from(map: BTreeMap<Schema, f32>) -> Self {
        let mut thresholds = SchemaThresholds::default();
        map.into_iter().for_each(|(schema, threshold)| thresholds.0[schema as usize] = Some(threshold));
        thresholds
    }
}

/// Builder-style setters. Values are checked by [`Options::check`] and
/// [`Screener::with_options`](super::Screener::with_options).
impl Options {
    /// Sets the lowest score of a hit.
    pub fn threshold(mut self, threshold: f32) -> Self {
        self.threshold = threshold;
        self
    }

    /// Sets the lowest score of a hit for listed entities of one schema; `None` returns to the general threshold.
    pub fn with_schema_threshold(mut self, schema: Schema, threshold: impl Into<Option<f32>>) -> Self {
        self.schema_thresholds.0[schema as usize] = threshold.into();
        self
    }

    /// Removes the thresholds of all schemas.
    pub fn without_schema_thresholds(mut self) -> Self {
        self.schema_thresholds = SchemaThresholds::default();
        self
    }

    /// Sets whether weak aliases are screened against.
    pub fn weak_aliases(mut self, weak_aliases: bool) -> Self {
        self.weak_aliases = weak_aliases;
        self
    }

    /// Sets the lowest score of a weak alias; `None` returns to the threshold of other names.
    pub fn weak_threshold(mut self, threshold: impl Into<Option<f32>>) -> Self {
        self.weak_threshold = threshold.into();
        self
    }

    /// Sets the lowest score of a name within free text.
    pub fn text_threshold(mut self, threshold: f32) -> Self {
        self.text_threshold = threshold;
        self
    }

    /// Sets whether a shared identifier is a hit.
    pub fn identifiers(mut self, identifiers: bool) -> Self {
        self.identifiers = identifiers;
        self
    }

    /// Sets the effect of birth dates, countries, gender and schema.
    pub fn fields(mut self, weights: FieldWeights) -> Self {
        self.fields = weights;
        self
    }

    /// Sets the most hits of one query.
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Sets whether every listed name is compared.
    pub fn exhaustive(mut self, exhaustive: bool) -> Self {
        self.exhaustive = exhaustive;
        self
    }
}

impl Options {
    /// The threshold set for a schema, if there is one.
    pub fn schema_threshold(&self, schema: Schema) -> Option<f32> {
        self.schema_thresholds.0[schema as usize]
    }

    /// The same to be set in place, for the table of settings.
    pub(crate) fn schema_threshold_mut(&mut self, schema: Schema) -> &mut Option<f32> {
        &mut self.schema_thresholds.0[schema as usize]
    }

    /// The lowest score at which a name of a listed entity of this schema is a hit.
    pub fn required(&self, schema: Schema, weak: bool) -> f32 {
        let threshold = self.schema_threshold(schema).unwrap_or(self.threshold);
        self.weak_threshold.filter(|_| weak).map_or(threshold, |t| t.max(threshold))
    }

    /// The lowest score at which anything is a hit.
    pub fn lowest_threshold(&self) -> f32 {
        Schema::ALL.into_iter().map(|s| self.required(s, false)).fold(1.0, f32::min)
    }

    /// Checks the ranges.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for a value outside of its range, such as a
    /// threshold outside of \[0.5, 1\] or a limit of 0, and for weights that contradict each other.
    pub fn check(&self) -> Result<()> {
        settings::check(self).map_err(|wrong| Error::invalid_option(wrong.keys[0], wrong.message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_survive_json() {
        let options = Options::default().threshold(0.9).with_schema_threshold(Schema::Person, 0.8).limit(3);
        let text = serde_json::to_string(&options).unwrap();
        assert!(text.contains(r#""schema_thresholds":{"Person":0.8}"#), "{text}");
        assert_eq!(serde_json::from_str::<Options>(&text).unwrap(), options);
        assert_eq!(serde_json::from_str::<Options>("{}").unwrap(), Options::default());
    }

    #[test]
    fn every_value_out_of_range_is_named() {
        let message = |options: Options| options.check().unwrap_err().to_string();
        for (options, expected) in [
            (Options::default().limit(0), "limit must be a whole number from 1 to 1000000, and is 0"),
            (
                Options::default().threshold(0.49),
                "threshold.default must be a number from 0.5 to 1, and is 0.49",
            ),
            (
                Options::default().with_schema_threshold(Schema::Vessel, 1.5),
                "threshold.Vessel must be a number from 0.5 to 1, and is 1.5",
            ),
            (
                Options::default().weak_threshold(f32::NAN),
                "weak_aliases.threshold must be a number from 0.5 to 1, and is NaN",
            ),
            (
                Options::default().fields(FieldWeights { same_country: 0.4, ..FieldWeights::default() }),
                "country.same must be a number from 0 to 0.3, and is 0.4",
            ),
            (
                Options::default().fields(FieldWeights { same_day: 0.05, ..FieldWeights::default() }),
                "birth_date.same_day (0.05) must not be less than birth_date.possible (0.1)",
            ),
        ] {
            assert_eq!(message(options), expected);
        }
    }
}
