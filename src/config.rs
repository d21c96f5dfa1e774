//! The options of a screener as a TOML file, for compliance officers.
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
//! [`Config::to_toml`] writes every key with its meaning, its range and its value. A key that is left out
//! keeps its default. Unknown keys, values of another type, values out of range and weights that contradict
//! each other are errors that name the line.
//!
//! [`Config::sha256`] identifies the values in force, wherever they came from: two runs with the same hash,
//! program version and lists give the same hits.
//!
//! Cost: reading a file takes microseconds. Limits: the comparison of names has no settings, because the
//! index is built to find exactly what the score accepts.

use crate::entity::country_of_cell;
use crate::error::{Error, Position, Result};
use crate::screen::Options;
use crate::screen::settings::{self, SETTINGS, Setting, Value};
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The sections of the file, each with the comment above it.
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

/// The values in force: the defaults, overridden by a file, overridden by the caller.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    options: Options,
    embargo: EmbargoLists,
}

/// The section `[embargo]`: what holds a payment message whomever it names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct EmbargoLists {
    /// Codes in lower case.
    countries: Vec<String>,
    places: Vec<String>,
}

/// The section of embargoed countries and places.
const EMBARGO: &str = "embargo";

impl From<Options> for Config {
    fn from(options: Options) -> Config {
        Config { options, embargo: EmbargoLists::default() }
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
            .map_err(|_| Error::invalid_config("the file is not valid UTF-8; save it as UTF-8"))
            .map_err(|e| e.with_path(path))?;
        Config::parse(text.trim_start_matches('\u{feff}')).map_err(|e| e.with_path(path))
    }

    /// Reads a text; what it does not name keeps its default.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidConfig`](crate::ErrorKind::InvalidConfig) with line and key: the text is no TOML,
    /// a key is unknown, a value has the wrong type or is out of range, or two weights contradict each other.
    pub fn parse(text: &str) -> Result<Config> {
        let line = |at: usize| text.as_bytes().iter().take(at).filter(|b| **b == b'\n').count() as u64 + 1;
        let table = DeTable::parse(text).map_err(|e| {
            let position = e.span().map_or_else(Position::default, |s| Position::line(line(s.start)));
            Error::invalid_config(format!("no valid TOML: {}", e.message())).at(position)
        })?;
        let mut config = Config::default();
        let mut lines: Vec<(&'static str, u64)> = Vec::new();
        config.take("", table.get_ref(), &line, &mut lines)?;
        settings::check(&config.options).map_err(|wrong| {
            // The later of two keys that contradict each other is the one to look at.
            let named = lines.iter().filter(|(k, _)| wrong.keys.contains(k)).max_by_key(|(_, line)| *line);
            let error = Error::invalid_config(wrong.message);
            match named {
                Some((key, line)) => error.at(Position::line(*line).in_field(*key)),
                None => error,
            }
        })?;
        Ok(config)
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
            if key == EMBARGO {
                let DeValue::Table(table) = value.get_ref() else {
                    let message = "this is a section, [embargo], with the keys countries, places";
                    return Err(Error::invalid_config(message).at(position()));
                };
                self.take_embargo(table, line)?;
                continue;
            }
            let is_section = SECTIONS.iter().any(|(section, _)| *section == key);
            match (value.get_ref(), SETTINGS.iter().find(|s| s.key == key)) {
                (DeValue::Table(inner), None) if is_section => {
                    self.take(&format!("{key}."), inner, line, lines)?;
                }
                (_, None) if is_section => {
                    let keys = keys_of(&format!("{key}."));
                    let message = format!("this is a section, [{key}], with the keys {keys}");
                    return Err(Error::invalid_config(message).at(position()));
                }
                (_, None) => {
                    let message = format!("no such key; the keys here are {}", keys_of(prefix));
                    return Err(Error::invalid_config(message).at(position()));
                }
                (_, Some(setting)) => {
                    let line = line(value.span().start);
                    let position = || Position::line(line).in_field(setting.key);
                    set(setting, value, &mut self.options)
                        .map_err(|message| Error::invalid_config(message).at(position()))?;
                    lines.push((setting.key, line));
                }
            }
        }
        Ok(())
    }

    /// Takes the section of embargoed countries and places.
    fn take_embargo(&mut self, table: &DeTable<'_>, line: &dyn Fn(usize) -> u64) -> Result<()> {
        for (name, value) in table {
            let key = name.get_ref().as_ref();
            let wrong = |message: String| {
                let position = Position::line(line(value.span().start)).in_field(format!("{EMBARGO}.{key}"));
                Err(Error::invalid_config(message).at(position))
            };
            let texts = match value.get_ref() {
                DeValue::Array(items) => items.iter().map(|item| item.get_ref().as_str()).collect(),
                _ => None,
            };
            let Some(texts): Option<Vec<&str>> = texts else {
                return wrong("must be a list of texts in quotes".into());
            };
            match key {
                "countries" => {
                    for text in texts {
                        let Some(code) = country_of_cell(text) else {
                            return wrong(format!("'{text}' is no country"));
                        };
                        self.embargo.countries.push(code.to_string());
                    }
                }
                "places" => match texts.iter().find(|t| !t.chars().any(char::is_alphabetic)) {
                    Some(text) => return wrong(format!("'{text}' is no name of a place")),
                    None => self.embargo.places.extend(texts.into_iter().map(String::from)),
                },
                _ => return wrong("no such key; the keys here are countries, places".into()),
            }
        }
        Ok(())
    }

    /// Codes of embargoed countries, in lower case: see [`payment`](crate::payment).
    pub fn embargoed_countries(&self) -> &[String] {
        &self.embargo.countries
    }

    /// Names of embargoed places.
    pub fn embargoed_places(&self) -> &[String] {
        &self.embargo.places
    }

    /// The same with another threshold for every schema, if one is given. The threshold of weak aliases
    /// stays.
    pub fn with_threshold(mut self, threshold: Option<f32>) -> Config {
        if let Some(threshold) = threshold {
            self.options = self.options.threshold(threshold).without_schema_thresholds();
        }
        self
    }

    /// The same with another limit of hits, if one is given.
    pub fn with_limit(mut self, limit: Option<usize>) -> Config {
        self.options.limit = limit.unwrap_or(self.options.limit);
        self
    }

    /// The values, for a screener.
    pub fn options(&self) -> Options {
        self.options
    }

    /// One line `key = value` for each value in force, in a fixed order: the input of [`Config::sha256`].
    pub fn canonical(&self) -> String {
        let settings = SETTINGS
            .iter()
            .filter_map(|s| value(s, self.options).map(|value| format!("{} = {value}\n", s.key)));
        let lists = [("countries", &self.embargo.countries), ("places", &self.embargo.places)];
        let lists = lists.into_iter().filter(|(_, texts)| !texts.is_empty());
        settings
            .chain(lists.map(|(key, texts)| format!("{EMBARGO}.{key} = {}\n", list_as_toml(texts))))
            .collect()
    }

    /// The SHA-256 of [`Config::canonical`], in hexadecimal.
    pub fn sha256(&self) -> String {
        crate::digest::hex_digest([self.canonical().as_bytes()])
    }

    /// A file that has these values, with the meaning and the range of each key. Keys that are not set are
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
            let default = value(s, Options::default()).unwrap_or_else(|| "not set".into());
            text += &format!("# {} Allowed: {}; default: {default}.\n", s.about, s.allowed());
            text += &match value(s, self.options) {
                Some(value) => format!("{name} = {value}\n"),
                None => format!("# {name} = {}\n", self.options.threshold),
            };
        }
        text += "\n# Countries (codes or names) and places that hold a payment message, found in countries, BICs, IBANs and\n\
                 # towns of its parties. Empty by default.\n[embargo]\n";
        text += &format!("countries = {}\n", list_as_toml(&self.embargo.countries));
        text + &format!("places = {}\n", list_as_toml(&self.embargo.places))
    }
}

/// Texts as TOML: its strings have the escapes of JSON's.
fn list_as_toml(texts: &[String]) -> String {
    serde_json::to_string(texts).unwrap_or_default()
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

/// The value as TOML; `None` where it is not set.
fn value(setting: &Setting, mut options: Options) -> Option<String> {
    match setting.access(&mut options) {
        Value::Number(n) => Some(n.to_string()),
        Value::Optional(n) => n.map(|n| n.to_string()),
        Value::Whole(n) => Some(n.to_string()),
        Value::Switch(on) => Some(on.to_string()),
    }
}

/// Sets the value that a file has; the error says what is allowed.
fn set(setting: &Setting, value: &Spanned<DeValue<'_>>, options: &mut Options) -> Result<(), String> {
    let got = match value.get_ref() {
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
    let wrong = || format!("must be {}, and is {got}", setting.allowed());
    let (low, high) = setting.range;
    let number = number.filter(|n| (low..=high).contains(n)).ok_or_else(wrong);
    match (setting.access(options), value.get_ref()) {
        (Value::Number(n), _) => *n = number?,
        (Value::Optional(n), _) => *n = Some(number?),
        (Value::Whole(n), DeValue::Integer(_)) => *n = number? as usize,
        (Value::Switch(switch), DeValue::Boolean(on)) => *switch = *on,
        _ => return Err(wrong()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn error(text: &str) -> String {
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
            error("[threshold]\n\nPerson = 0.4\n"),
            "line 3, field 'threshold.Person': must be a number from 0.5 to 1, and is 0.4"
        );
        assert_eq!(
            error("[weak_aliases]\nuse = \"no\"\n"),
            "line 2, field 'weak_aliases.use': must be true or false, and is the text \"no\""
        );
        assert_eq!(
            error("limit = 2.5"),
            "line 1, field 'limit': must be a whole number from 1 to 1000000, and is 2.5"
        );
        assert_eq!(
            error("[gender]\nsame = 0.1\nother = 0.1\n"),
            "line 3, field 'gender.other': no such key; the keys here are same, different"
        );
        assert!(error("thresholds = 0.9").contains("the keys here are limit, threshold, weak_aliases"));
        assert!(error("weak_aliases = false").contains("[weak_aliases], with the keys use, threshold"));
        assert!(error("[country]\nsame = nan").contains("from 0 to 0.3, and is nan"));
        assert!(error("[country]\nsame = [0.1]").contains("is of type array"));
        assert!(error("limit = 1\nlimit = 2").starts_with("line 2: no valid TOML: duplicate key"));
        assert_eq!(
            error("[birth_date]\nsame_day = 0.05\n"),
            "line 2, field 'birth_date.same_day': birth_date.same_day (0.05) must not be less than birth_date.possible (0.1)"
        );
    }

    #[test]
    fn embargoed_countries_and_places_are_read_and_part_of_the_hash() {
        let text = "[embargo]\ncountries = [\"IR\", \"North Korea\"]\nplaces = [\"Sevastopol\"]\n";
        let config = Config::parse(text).unwrap();
        assert_eq!(config.embargoed_countries(), ["ir", "kp"]);
        assert_eq!(config.embargoed_places(), ["Sevastopol"]);
        assert_ne!(config.sha256(), Config::default().sha256());
        assert_eq!(Config::parse(&config.to_toml()).unwrap(), config);
        assert_eq!(Config::parse(&config.canonical()).unwrap(), config);
        assert_eq!(
            error("[embargo]\ncountries = [\"Narnia\"]\n"),
            "line 2, field 'embargo.countries': 'Narnia' is no country"
        );
        assert!(error("[embargo]\nplaces = \"x\"\n").contains("a list of texts"));
        assert!(error("embargo = 1\n").contains("[embargo], with the keys countries, places"));
        assert!(error("[embargo]\nregions = []\n").contains("the keys here are countries, places"));
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
