//! From paths and settings to a screener.
//!
//! Settings are the program's configuration as TOML or as JSON of the same shape. JSON may have the key `lists` besides,
//! with what the program has options for: `allow_incomplete` and `max_age_days`.

use crate::failure::{Failure, Result, Status};
use interdict::list::{self, Loaded, RejectedRecord, SkippedFile};
use interdict::payment::Embargo;
use interdict::{Config, Error, ErrorKind, Index, Screener};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::PathBuf;

/// Where a screener comes from, for a reload.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) settings: Settings,
}

/// How to screen, and which lists are accepted.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Settings {
    config: Config,
    lists: ListSettings,
}

/// The key `lists` of settings in JSON.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ListSettings {
    /// Lists that are screened against although they are not whole: their names, or the paths or names of their files.
    allow_incomplete: Vec<String>,
    /// The greatest age of a list in days; an older one, or one without a date, is an error.
    max_age_days: Option<u16>,
}

/// An open screener with what was read to make it.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) screener: Screener,
    pub(crate) source: Source,
    /// What holds a payment message whomever it names.
    pub(crate) embargo: Embargo,
    /// Files of folders that are no lists.
    pub(crate) skipped: Vec<SkippedFile>,
    /// Records that were not loaded.
    pub(crate) rejected: Vec<RejectedRecord>,
}

impl Settings {
    /// Reads TOML, or JSON if the first character is `{`.
    pub(crate) fn parse(text: &str) -> Result<Settings> {
        if !text.trim_start().starts_with('{') {
            let config = Config::parse(text.trim_start_matches('\u{feff}'))?;
            return Ok(Settings { config, lists: ListSettings::default() });
        }
        let mut keys: Map<String, Value> = serde_json::from_str(text)
            .map_err(|e| Failure::json(format!("the settings are no valid JSON: {e}")))?;
        let lists = match keys.remove("lists") {
            None => ListSettings::default(),
            Some(value) => serde_json::from_value(value).map_err(|e| {
                Failure::new(
                    Status::INTERDICT_INVALID_CONFIG,
                    format!("the key 'lists' of the settings: {e}"),
                )
            })?,
        };
        let mut toml = String::new();
        write_toml("", &keys, &mut toml);
        let config = Config::parse(&toml).map_err(without_line)?;
        Ok(Settings { config, lists })
    }
}

/// Writes the values of an object as lines `"key"."key" = value` of TOML. A null is a key that is not set.
fn write_toml(prefix: &str, object: &Map<String, Value>, toml: &mut String) {
    for (key, value) in object {
        // A text of JSON is one of TOML too.
        let key = format!("{prefix}{}", Value::from(key.as_str()));
        match value {
            Value::Null => (),
            Value::Object(inner) => write_toml(&format!("{key}."), inner, toml),
            // What an array of TOML cannot hold is an empty array within it, which no key takes.
            Value::Array(items) if items.iter().any(|i| i.is_null() || i.is_object() || i.is_array()) => {
                *toml += &format!("{key} = [[]]\n");
            }
            value => *toml += &format!("{key} = {value}\n"),
        }
    }
}

/// The error with the key and without the line, which is one of the TOML and not of the JSON.
fn without_line(error: Error) -> Failure {
    let message = match &error.position().field {
        Some(field) => format!("field '{field}': {}", error.kind()),
        None => error.kind().to_string(),
    };
    Failure::new(Status::INTERDICT_INVALID_CONFIG, message)
}

impl Source {
    /// Opens an index file, or reads lists and builds an index of them.
    pub(crate) fn open(self) -> Result<Opened> {
        let (index, loaded) = self.index()?;
        let Loaded { lists, skipped, .. } = loaded;
        if let Some(days) = self.settings.lists.max_age_days {
            let today = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
            list::check_age(&index.identity().lists, i64::from(days), today)?;
        }
        let config = &self.settings.config;
        let screener = Screener::new(index).with_options(config.options())?;
        let embargo = Embargo::new(config.embargoed_countries(), config.embargoed_places())?;
        let rejected = lists.into_iter().flat_map(|list| list.rejected).collect();
        Ok(Opened { screener, source: self, embargo, skipped, rejected })
    }

    fn index(&self) -> Result<(Index, Loaded)> {
        let [path] = &self.paths[..] else { return self.built() };
        match Index::open(path) {
            Ok(index) => Ok((index, Loaded::default())),
            // A folder cannot be opened as a file.
            Err(e) if matches!(e.kind(), ErrorKind::NotAnIndex | ErrorKind::Empty) || path.is_dir() => {
                self.built()
            }
            Err(e) => Err(e.into()),
        }
    }

    fn built(&self) -> Result<(Index, Loaded)> {
        let loaded = list::read_complete(&self.paths, &self.settings.lists.allow_incomplete)?;
        let index = Index::build(&loaded.lists).map_err(|e| match self.paths.first() {
            Some(path) => e.with_path(path),
            None => e,
        })?;
        Ok((index, loaded))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_toml_say_the_same() {
        let toml = "limit = 3\n[threshold]\ndefault = 0.9\nVessel = 0.95\n[weak_aliases]\nuse = false\n\
                    [embargo]\ncountries = [\"IR\"]\nplaces = [\"Yalta\"]\n";
        let json = r#" {"limit": 3, "threshold": {"default": 0.9, "Vessel": 0.95, "Person": null},
                        "weak_aliases": {"use": false}, "embargo": {"countries": ["IR"], "places": ["Yalta"]}}"#;
        assert_eq!(Settings::parse(toml).unwrap(), Settings::parse(json).unwrap());
        assert_eq!(Settings::parse("").unwrap(), Settings::default());
        assert_eq!(Settings::parse("{}").unwrap(), Settings::default());
        let accepted =
            Settings::parse(r#"{"lists": {"allow_incomplete": ["own"], "max_age_days": 7}}"#).unwrap();
        assert_eq!((accepted.lists.allow_incomplete.len(), accepted.lists.max_age_days), (1, Some(7)));
    }

    #[test]
    fn what_is_wrong_in_settings_is_named() {
        let message = |text: &str| {
            let failure = Settings::parse(text).unwrap_err();
            format!("{}: {}", failure.status as i32, failure.message)
        };
        assert_eq!(
            message(r#"{"threshold": {"default": 88}}"#),
            "6: field 'threshold.default': must be a number from 0.5 to 1, and is 88"
        );
        assert!(message(r#"{"threshold": 0.9}"#).contains("this is a section, [threshold]"));
        assert!(message(r#"{"threshold": {"default": [{}]}}"#).contains("is of type array"));
        assert!(message(r#"{"embargo": {"places": [{}]}}"#).contains("embargo.places"));
        assert!(message(r#"{"a\"b\n\u0001": 1}"#).contains("no such key"));
        assert!(message(r#"{"limit": 3"#).starts_with("4: the settings are no valid JSON"));
        assert!(message(r#"{"lists": {"max_age": 3}}"#).starts_with("6: the key 'lists'"));
        assert!(message("limit = 0").starts_with("6: line 1, field 'limit'"));
    }
}
