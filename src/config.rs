//! What a compliance officer may tune, in one TOML file.
//!
//! ```
//! use interdict::Config;
//! use interdict::entity::Schema;
//!
//! let config = Config::parse("[threshold]\ndefault = 0.88\nVessel = 0.95\n[weak_aliases]\nuse = false\n")?;
//! assert_eq!(config.options().required(Schema::Person, false), 0.88);
//! assert_eq!(config.options().required(Schema::Vessel, false), 0.95);
//!
//! let wrong = Config::parse("[threshold]\ndefault = 88\n").unwrap_err();
//! assert_eq!(
//!     wrong.to_string(),
//!     "line 2, field 'threshold.default': must be a number from 0.5 to 1, and is 88"
//! );
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! `interdict config` prints every key with what it means, what is allowed, and its value in force; see
//! [`Config::to_toml`]. A key that is left out keeps its default; a flag of the command line goes before the
//! file. Unknown keys, values of another type, values out of range and weights that contradict each other are
//! errors that name the line.
//!
//! [`Config::sha256`] identifies the values in force, whatever file or flags they came from: two runs with the
//! same hash, program version and lists give the same hits.
//!
//! Limits: how names are compared is not tuned here, for the index promises to find what the score finds.

use crate::entity::Schema;
use crate::error::{Error, Position, Result};
use crate::score::fields::MAX_LIFT;
use crate::screen::{LOWEST_THRESHOLD, MAX_LIMIT, Options};
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Where a setting is kept in [`Options`].
enum Place<'a> {
    Number(&'a mut f32),
    /// A number that may be left unset.
    Optional(&'a mut Option<f32>),
    Whole(&'a mut usize),
    Switch(&'a mut bool),
}

/// One key of the file.
struct Setting {
    key: &'static str,
    about: &'static str,
    /// The least and the greatest value; of no meaning for a switch.
    range: (f32, f32),
    place: fn(&mut Options) -> Place<'_>,
}

const fn setting(
    key: &'static str,
    about: &'static str,
    range: (f32, f32),
    place: fn(&mut Options) -> Place<'_>,
) -> Setting {
    Setting { key, about, range, place }
}

const THRESHOLDS: (f32, f32) = (LOWEST_THRESHOLD, 1.0);
const ADDED: (f32, f32) = (0.0, MAX_LIFT);
const TAKEN: (f32, f32) = (0.0, 1.0);

/// A setting for the threshold of one schema.
macro_rules! threshold_of {
    ($schema:ident, $about:expr) => {
        setting(concat!("threshold.", stringify!($schema)), $about, THRESHOLDS, |o| {
            Place::Optional(o.schema_threshold_mut(Schema::$schema))
        })
    };
}

/// Every key, in the order of the file.
#[rustfmt::skip]
static SETTINGS: [Setting; 25] = [
    setting("limit", "The most hits for one name; the best ones are kept.", (1.0, MAX_LIMIT as f32),
        |o| Place::Whole(&mut o.limit)),
    setting("threshold.default", "The lowest score of a hit.", THRESHOLDS,
        |o| Place::Number(&mut o.threshold)),
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
        |o| Place::Switch(&mut o.weak_aliases)),
    setting("weak_aliases.threshold", "What a weak name must reach, where that is more than the threshold.",
        THRESHOLDS, |o| Place::Optional(&mut o.weak_threshold)),
    setting("identifiers.use", "Whether an identifier in common (passport, IMO number, LEI …) is a hit.", TAKEN,
        |o| Place::Switch(&mut o.identifiers)),
    setting("birth_date.same_day", "Added for the same day.", ADDED,
        |o| Place::Number(&mut o.fields.same_day)),
    setting("birth_date.possible", "Added for dates that can be the same (a year alone), or have day and month swapped.", ADDED,
        |o| Place::Number(&mut o.fields.possible_day)),
    setting("birth_date.partly_different", "Taken for another day of the same year, or another year of the same day.", TAKEN,
        |o| Place::Number(&mut o.fields.partly_different_date)),
    setting("birth_date.year_apart", "Taken for a year apart at most.", TAKEN,
        |o| Place::Number(&mut o.fields.year_apart)),
    setting("birth_date.few_years_apart", "Taken for two to five years apart.", TAKEN,
        |o| Place::Number(&mut o.fields.few_years_apart)),
    setting("birth_date.many_years_apart", "Taken for more than five years apart.", TAKEN,
        |o| Place::Number(&mut o.fields.many_years_apart)),
    setting("country.same", "Added for a country in common.", ADDED,
        |o| Place::Number(&mut o.fields.same_country)),
    setting("country.different", "Taken when both sides have countries, and none in common.", TAKEN,
        |o| Place::Number(&mut o.fields.different_country)),
    setting("gender.same", "Added for the same gender.", ADDED,
        |o| Place::Number(&mut o.fields.same_gender)),
    setting("gender.different", "Taken for different genders.", TAKEN,
        |o| Place::Number(&mut o.fields.different_gender)),
    setting("schema.different", "Taken when one side is a person and the other a ship, and the like.", TAKEN,
        |o| Place::Number(&mut o.fields.different_schema)),
];

/// What the sections are for.
const SECTIONS: [(&str, &str); 7] = [
    (
        "threshold",
        "Scores lie between 0 and 1; 1 is the same name. A threshold for a kind of listed party goes before the default.",
    ),
    (
        "weak_aliases",
        "Nicknames and overly broad aliases that their publisher calls weak (OFAC, UN \"low quality\").",
    ),
    (
        "identifiers",
        "Documents, registrations and wallets. How much one says depends on its kind; the best score 1.",
    ),
    (
        "birth_date",
        "Fields qualify a name and never make a hit of one. What agrees adds a part of what the score lacks to 1\n\
         # (all fields together at most 0.3); what disagrees takes a part off the score. 0 leaves it out of account.",
    ),
    ("country", "Nationality, citizenship, flag, jurisdiction."),
    ("gender", "Of people."),
    ("schema", "Person, body, ship, aircraft."),
];

/// The values in force: defaults, over them the file, over that the flags of the command line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Config {
    options: Options,
}

impl From<Options> for Config {
    fn from(options: Options) -> Config {
        Config { options }
    }
}

impl Config {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// The file cannot be read; or as [`Config::parse`], with the path.
    pub fn read(path: impl AsRef<Path>) -> Result<Config> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|e| Error::from(e).with_path(path))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Error::config("the file is not valid UTF-8; save it as UTF-8").with_path(path))?;
        Config::parse(text.trim_start_matches('\u{feff}')).map_err(|e| e.with_path(path))
    }

    /// Reads a text; what it does not name keeps its default.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) with line and key: the text is no TOML, a key is unknown,
    /// a value has the wrong type or is out of range, or two weights contradict each other.
    pub fn parse(text: &str) -> Result<Config> {
        let line = |at: usize| text.as_bytes().iter().take(at).filter(|b| **b == b'\n').count() as u64 + 1;
        let table = DeTable::parse(text).map_err(|e| {
            let position = e.span().map_or_else(Position::default, |s| Position::line(line(s.start)));
            Error::config(format!("no valid TOML: {}", e.message())).at(position)
        })?;
        let mut config = Config::default();
        let mut lines: Vec<(&'static str, u64)> = Vec::new();
        config.take("", table.get_ref(), &line, &mut lines)?;
        let Some(violation) = config.options.violation() else { return Ok(config) };
        // The later of two keys that contradict each other is the one to look at.
        let is_named = |key: &str| violation.keys.iter().any(|k| k == key);
        let named = lines.iter().filter(|(key, _)| is_named(key)).max_by_key(|(_, line)| *line);
        let error = Error::config(&violation.message);
        Err(match named {
            None => error,
            Some((key, line)) => error.at(Position::line(*line).in_field(*key)),
        })
    }

    /// Takes the values of a table whose keys begin with `prefix`.
    fn take(
        &mut self,
        prefix: &str,
        table: &DeTable<'_>,
        line: &dyn Fn(usize) -> u64,
        lines: &mut Vec<(&'static str, u64)>,
    ) -> Result<()> {
        for (name, value) in table {
            let key = format!("{prefix}{}", name.get_ref());
            let position = || Position::line(line(name.span().start)).in_field(&key);
            let is_section = SECTIONS.iter().any(|(section, _)| *section == key);
            match (value.get_ref(), SETTINGS.iter().find(|s| s.key == key)) {
                (DeValue::Table(inner), None) if is_section => {
                    self.take(&format!("{key}."), inner, line, lines)?;
                }
                (_, None) if is_section => {
                    let keys = keys_of(&format!("{key}."));
                    let told = format!("this is a section, [{key}], with the keys {keys}");
                    return Err(Error::config(told).at(position()));
                }
                (_, None) => {
                    let told = format!("no such key; the keys here are {}", keys_of(prefix));
                    return Err(Error::config(told).at(position()));
                }
                (_, Some(setting)) => {
                    let line = line(value.span().start);
                    setting
                        .read(value, &mut self.options)
                        .map_err(|told| Error::config(told).at(Position::line(line).in_field(setting.key)))?;
                    lines.push((setting.key, line));
                }
            }
        }
        Ok(())
    }

    /// The same with another threshold, for every schema, where one is given: the command line's `--threshold`.
    /// What weak aliases must reach stays.
    pub fn with_threshold(mut self, threshold: Option<f32>) -> Config {
        if let Some(threshold) = threshold {
            self.options = self.options.threshold(threshold).without_schema_thresholds();
        }
        self
    }

    /// The same with another limit, where one is given: the command line's `--limit`.
    pub fn with_limit(mut self, limit: Option<usize>) -> Config {
        self.options.limit = limit.unwrap_or(self.options.limit);
        self
    }

    /// The values as a screener takes them.
    pub fn options(&self) -> Options {
        self.options
    }

    /// One line for each value in force, in a fixed order: what [`Config::sha256`] is taken of.
    pub fn canonical(&self) -> String {
        SETTINGS
            .iter()
            .filter_map(|s| s.value(self.options).map(|value| format!("{} = {value}\n", s.key)))
            .collect()
    }

    /// The SHA-256 of [`Config::canonical`], in hexadecimal.
    pub fn sha256(&self) -> String {
        crate::digest::hex_digest([self.canonical().as_bytes()])
    }

    /// The file that gives these values, with what each key means and allows; keys that are not set stand as
    /// comments.
    pub fn to_toml(&self) -> String {
        let mut text = format!(
            "# Configuration of interdict. Every key may be left out and then has its default.\n\
             # Values in force: sha256 {}\n",
            self.sha256()
        );
        let mut section = "";
        for s in &SETTINGS {
            let (own, name) = s.key.split_once('.').unwrap_or(("", s.key));
            if own != section {
                section = own;
                let about = SECTIONS.iter().find(|(name, _)| *name == own).map_or("", |(_, about)| about);
                text += &format!("\n# {about}\n[{own}]\n");
            }
            let default = s.value(Options::default());
            let told = default.map_or(String::from("not set"), |d| d.to_string());
            text += &format!("# {} Allowed: {}; default: {told}.\n", s.about, s.allowed());
            text += &match s.value(self.options) {
                Some(value) => format!("{name} = {value}\n"),
                None => format!("# {name} = {}\n", self.options.threshold),
            };
        }
        text
    }
}

/// The keys and sections that may follow a prefix.
fn keys_of(prefix: &str) -> String {
    let mut keys: Vec<&str> = SETTINGS
        .iter()
        .filter_map(|s| s.key.strip_prefix(prefix))
        .map(|rest| rest.split('.').next().unwrap_or(rest))
        .collect();
    keys.dedup();
    keys.join(", ")
}

impl Setting {
    fn place<'a>(&self, options: &'a mut Options) -> Place<'a> {
        (self.place)(options)
    }

    /// The value as TOML; `None` where it is not set.
    fn value(&self, mut options: Options) -> Option<String> {
        match self.place(&mut options) {
            Place::Number(n) => Some(n.to_string()),
            Place::Optional(n) => n.map(|n| n.to_string()),
            Place::Whole(n) => Some(n.to_string()),
            Place::Switch(on) => Some(on.to_string()),
        }
    }

    fn allowed(&self) -> String {
        let (low, high) = self.range;
        match self.place(&mut Options::default()) {
            Place::Number(_) | Place::Optional(_) => format!("a number from {low} to {high}"),
            Place::Whole(_) => format!("a whole number from {low} to {high}"),
            Place::Switch(_) => "true or false".into(),
        }
    }

    /// Sets the value; the error says what is allowed.
    fn read(&self, value: &Spanned<DeValue<'_>>, options: &mut Options) -> std::result::Result<(), String> {
        let wrong = |got: &str| format!("must be {}, and is {got}", self.allowed());
        let told = match value.get_ref() {
            DeValue::Integer(n) => n.to_string(),
            DeValue::Float(n) => n.to_string(),
            DeValue::Boolean(on) => on.to_string(),
            DeValue::String(text) => format!("the text \"{text}\""),
            other => format!("of type {}", other.type_str()),
        };
        let number = match value.get_ref() {
            DeValue::Integer(n) if n.radix() == 10 => n.as_str().parse::<f32>().ok(),
            DeValue::Float(n) => n.as_str().parse::<f32>().ok(),
            _ => None,
        };
        let number = number.filter(|n| (self.range.0..=self.range.1).contains(n)).ok_or(());
        match (self.place(options), value.get_ref()) {
            (Place::Number(place), _) => *place = number.map_err(|()| wrong(&told))?,
            (Place::Optional(place), _) => *place = Some(number.map_err(|()| wrong(&told))?),
            (Place::Whole(place), DeValue::Integer(_)) => {
                *place = number.map_err(|()| wrong(&told))? as usize;
            }
            (Place::Switch(place), DeValue::Boolean(on)) => *place = *on,
            _ => return Err(wrong(&told)),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(text: &str) -> String {
        Config::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn what_is_printed_reads_back() {
        for text in
            ["", "limit = 3\n[threshold]\nPerson = 0.9\n[weak_aliases]\nuse = false\nthreshold = 0.95"]
        {
            let config = Config::parse(text).unwrap();
            assert_eq!(Config::parse(&config.to_toml()).unwrap(), config);
            assert_eq!(Config::parse(&config.canonical()).unwrap(), config);
        }
        assert_eq!(Config::parse("").unwrap(), Config::default());
    }

    #[test]
    fn the_hash_is_of_the_values_and_not_of_the_text() {
        let hash = |text: &str| Config::parse(text).unwrap().sha256();
        assert_eq!(hash("threshold.default = 0.850"), hash("# nothing\n"));
        assert_ne!(hash("threshold.default = 0.86"), hash(""));
        assert_ne!(hash("threshold.Person = 0.85"), hash(""), "set, even if to the default's value");
        // Of no effect on hits: not part of it.
        let slow = Options { exhaustive: true, ..Options::default() };
        assert_eq!(Config::from(slow).sha256(), hash(""));
    }

    #[test]
    fn errors_name_line_and_key_and_what_is_allowed() {
        assert_eq!(
            told("[threshold]\n\nPerson = 0.4\n"),
            "line 3, field 'threshold.Person': must be a number from 0.5 to 1, and is 0.4"
        );
        assert_eq!(
            told("[weak_aliases]\nuse = \"no\"\n"),
            "line 2, field 'weak_aliases.use': must be true or false, and is the text \"no\""
        );
        assert_eq!(
            told("limit = 2.5"),
            "line 1, field 'limit': must be a whole number from 1 to 1000000, and is 2.5"
        );
        assert_eq!(
            told("[gender]\nsame = 0.1\nother = 0.1\n"),
            "line 3, field 'gender.other': no such key; the keys here are same, different"
        );
        assert!(told("thresholds = 0.9").contains("the keys here are limit, threshold, weak_aliases"));
        assert!(told("weak_aliases = false").contains("[weak_aliases], with the keys use, threshold"));
        assert!(told("[country]\nsame = nan").contains("from 0 to 0.3, and is nan"));
        assert!(told("[country]\nsame = [0.1]").contains("is of type array"));
        assert!(told("limit = 1\nlimit = 2").starts_with("line 2: no valid TOML: duplicate key"));
        assert_eq!(
            told("[birth_date]\nsame_day = 0.05\n"),
            "line 2, field 'birth_date.same_day': birth_date.same_day (0.05) must not be less than birth_date.possible (0.1)"
        );
    }

    #[test]
    fn options_out_of_range_are_refused() {
        for options in [
            Options { limit: 0, ..Options::default() },
            Options { threshold: 0.49, ..Options::default() },
            Options { threshold: f32::NAN, ..Options::default() },
            Options { weak_threshold: Some(1.1), ..Options::default() },
        ] {
            assert!(options.check().is_err(), "{options:?}");
        }
        assert!(Options::default().check().is_ok());
    }

    proptest! {
        #[test]
        fn no_text_is_a_panic(text in "[\\[\\]a-z_=.\"0-9 \n#{}]{0,60}") {
            if let Ok(config) = Config::parse(&text) {
                prop_assert!(config.options().check().is_ok());
            }
        }
    }
}
