//! Every value of [`Options`] under its key, with the range that it may have.
//!
//! [`Options::check`] and the configuration file both work from this table: a new option needs one entry
//! here.

// Without configuration files only the ranges are used.
#![cfg_attr(not(feature = "config"), allow(dead_code))]

use super::{LOWEST_THRESHOLD, Options};
use crate::entity::Schema;
use crate::score::fields::MAX_LIFT;

/// The highest limit of hits for one query; more than anybody can look at.
pub(crate) const MAX_LIMIT: usize = 1_000_000;

/// A value of [`Options`], to read or to set.
pub(crate) enum Value<'a> {
    Number(&'a mut f32),
    /// A number that may be left unset.
    Optional(&'a mut Option<f32>),
    Whole(&'a mut usize),
    Switch(&'a mut bool),
}

/// One value of [`Options`].
pub(crate) struct Setting {
    /// Its key in a configuration file.
    pub(crate) key: &'static str,
    /// Its meaning, as one sentence for the file.
    pub(crate) about: &'static str,
    /// The least and the greatest value; unused for a switch.
    pub(crate) range: (f32, f32),
    access: fn(&mut Options) -> Value<'_>,
}

const fn setting(
    key: &'static str,
    about: &'static str,
    range: (f32, f32),
    access: fn(&mut Options) -> Value<'_>,
) -> Setting {
    Setting { key, about, range, access }
}

/// Range of a threshold.
const THRESHOLDS: (f32, f32) = (LOWEST_THRESHOLD, 1.0);
/// Range of a weight that is added for agreement.
const ADDED: (f32, f32) = (0.0, MAX_LIFT);
/// Range of a weight that is subtracted for disagreement; unused for a switch.
const TAKEN: (f32, f32) = (0.0, 1.0);

/// A setting for the threshold of one schema.
macro_rules! threshold_of {
    ($schema:ident, $about:expr) => {
        setting(concat!("threshold.", stringify!($schema)), $about, THRESHOLDS, |o| {
            Value::Optional(o.schema_threshold_mut(Schema::$schema))
        })
    };
}

/// Every setting, in the order of the configuration file.
#[rustfmt::skip]
pub(crate) static SETTINGS: [Setting; 26] = [
    setting("limit", "The most parties for one name; the best are kept, and whatever scores 1.", (1.0, MAX_LIMIT as f32),
        |o| Value::Whole(&mut o.limit)),
    setting("threshold.default", "The lowest score of a hit.", THRESHOLDS,
        |o| Value::Number(&mut o.threshold)),
    threshold_of!(Person, "For listed people, instead of the default."),
    threshold_of!(Organization, "For listed bodies of any kind."),
    threshold_of!(Company, "For listed companies, where the list tells them from other bodies."),
    threshold_of!(LegalEntity, "For listed parties of which the list does not say whether person or body."),
    threshold_of!(Vessel, "For listed ships."),
    threshold_of!(Aircraft, "For listed aircraft."),
    threshold_of!(CryptoWallet, "For listed wallets with a name."),
    threshold_of!(Other, "For listed things of another kind."),
    threshold_of!(Unknown, "For listed parties of which the list does not say what they are."),
    setting("weak_aliases.use", "Whether names that the publisher calls weak are screened against.", TAKEN,
        |o| Value::Switch(&mut o.weak_aliases)),
    setting("weak_aliases.threshold", "What a weak name must reach, where that is more than the threshold.",
        THRESHOLDS, |o| Value::Optional(&mut o.weak_threshold)),
    setting("text.threshold", "What a name within free text must reach, where that is more than the threshold.",
        THRESHOLDS, |o| Value::Number(&mut o.text_threshold)),
    setting("identifiers.use", "Whether an identifier in common (passport, IMO number, LEI …) is a hit.", TAKEN,
        |o| Value::Switch(&mut o.identifiers)),
    setting("birth_date.same_day", "Added for the same day.", ADDED,
        |o| Value::Number(&mut o.fields.same_day)),
    setting("birth_date.possible", "Added for dates that can be the same (a year alone), or have day and month swapped.", ADDED,
        |o| Value::Number(&mut o.fields.possible_day)),
    setting("birth_date.partly_different", "Taken for another day of the same year, or another year of the same day.", TAKEN,
        |o| Value::Number(&mut o.fields.partly_different_date)),
    setting("birth_date.year_apart", "Taken for a year apart at most.", TAKEN,
        |o| Value::Number(&mut o.fields.year_apart)),
    setting("birth_date.few_years_apart", "Taken for two to five years apart.", TAKEN,
        |o| Value::Number(&mut o.fields.few_years_apart)),
    setting("birth_date.many_years_apart", "Taken for more than five years apart.", TAKEN,
        |o| Value::Number(&mut o.fields.many_years_apart)),
    setting("country.same", "Added for a country in common.", ADDED,
        |o| Value::Number(&mut o.fields.same_country)),
    setting("country.different", "Taken when both sides have countries, and none in common.", TAKEN,
        |o| Value::Number(&mut o.fields.different_country)),
    setting("gender.same", "Added for the same gender.", ADDED,
        |o| Value::Number(&mut o.fields.same_gender)),
    setting("gender.different", "Taken for different genders.", TAKEN,
        |o| Value::Number(&mut o.fields.different_gender)),
    setting("schema.different", "Taken when one side is a person and the other a ship, and the like.", TAKEN,
        |o| Value::Number(&mut o.fields.different_schema)),
];

/// Pairs of weights of which the first must not be less than the second.
static ORDERED: [(&str, &str); 4] = [
    ("birth_date.same_day", "birth_date.possible"),
    ("birth_date.many_years_apart", "birth_date.few_years_apart"),
    ("birth_date.few_years_apart", "birth_date.year_apart"),
    ("birth_date.year_apart", "birth_date.partly_different"),
];

impl Setting {
    /// The value in these options.
    pub(crate) fn access<'a>(&self, options: &'a mut Options) -> Value<'a> {
        (self.access)(options)
    }

    /// The value as a number; none for a switch and for a number that is not set.
    fn number(&self, mut options: Options) -> Option<f32> {
        match self.access(&mut options) {
            Value::Number(n) => Some(*n),
            Value::Optional(n) => *n,
            Value::Whole(n) => Some(*n as f32),
            Value::Switch(_) => None,
        }
    }

    /// The values allowed, as text.
    pub(crate) fn allowed(&self) -> String {
        let (low, high) = self.range;
        match self.access(&mut Options::default()) {
            Value::Number(_) | Value::Optional(_) => format!("a number from {low} to {high}"),
            Value::Whole(_) => format!("a whole number from {low} to {high}"),
            Value::Switch(_) => "true or false".into(),
        }
    }
}

/// A value that is out of its range, or contradicts another one.
pub(crate) struct OutOfRange {
    /// The keys concerned; at least one.
    pub(crate) keys: Vec<&'static str>,
    /// What is wrong, as text.
    pub(crate) message: String,
}

/// Checks the range of every value and the order of those that must be ordered.
pub(crate) fn check(options: &Options) -> Result<(), OutOfRange> {
    for s in &SETTINGS {
        if let Some(number) = s.number(*options)
            && !(s.range.0..=s.range.1).contains(&number)
        {
            let message = format!("{} must be {}, and is {number}", s.key, s.allowed());
            return Err(OutOfRange { keys: vec![s.key], message });
        }
    }
    let value = |key: &str| SETTINGS.iter().find(|s| s.key == key).and_then(|s| s.number(*options));
    for (more, less) in ORDERED {
        if let (Some(a), Some(b)) = (value(more), value(less))
            && a < b
        {
            let message = format!("{more} ({a}) must not be less than {less} ({b})");
            return Err(OutOfRange { keys: vec![more, less], message });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_out_of_range_are_refused() {
        for options in [
            Options { limit: 0, ..Options::default() },
            Options { threshold: 0.49, ..Options::default() },
            Options { threshold: f32::NAN, ..Options::default() },
            Options { weak_threshold: Some(1.1), ..Options::default() },
        ] {
            assert!(options.check().is_err_and(|e| e.is_invalid_option()), "{options:?}");
        }
        assert!(Options::default().check().is_ok());
    }
}
