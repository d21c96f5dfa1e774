//! What identifies a run: program, configuration, lists and input, each by its content.

use crate::error::{Error, Result};
use crate::index::Index;
use crate::list::ListVersion;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Digits of a SHA-256 that a message shows.
const SHOWN_DIGITS: usize = 12;

/// Every setting that influences the output of a run, by name.
pub type Configuration = BTreeMap<String, String>;

/// The setting with the columns of free text: see [`ColumnChoice::texts`](super::ColumnChoice::texts).
pub const TEXT_COLUMN: &str = "text-column";

/// The bytes of an input.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InputIdentity {
    /// Its name as it was given; `-` is standard input.
    pub path: String,
    /// SHA-256 in hexadecimal; none for an input that cannot be read twice.
    pub sha256: Option<String>,
    /// Length in bytes.
    pub bytes: Option<u64>,
}

impl InputIdentity {
    /// An input of which only the name is known.
    pub fn named(path: impl Into<String>) -> InputIdentity {
        InputIdentity { path: path.into(), ..InputIdentity::default() }
    }

    /// Reads a file to its end.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub fn of(path: &Path) -> Result<InputIdentity> {
        use sha2::Digest;
        let fail = |e: std::io::Error| Error::from(e).with_path(path);
        let mut file = File::open(path).map_err(fail)?;
        let mut hasher = sha2::Sha256::new();
        let mut buffer = vec![0; 1 << 20];
        let mut bytes = 0;
        loop {
            let n = file.read(&mut buffer).map_err(fail)?;
            if n == 0 {
                break;
            }
            hasher.update(&buffer[..n]);
            bytes += n as u64;
        }
        let sha256 = Some(crate::digest::hex(&hasher.finalize()));
        Ok(InputIdentity { path: path.display().to_string(), sha256, bytes: Some(bytes) })
    }
}

/// A list by its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ListIdentity {
    /// Its name in hits.
    pub name: String,
    /// Publication date, if the list has one.
    pub published: Option<String>,
    /// SHA-256 of its file, in hexadecimal.
    pub sha256: String,
    /// Number of entities.
    pub entities: u64,
    /// Number of names.
    pub names: u64,
    /// In what the list is not whole, as text. Somebody has accepted it so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
}

impl ListIdentity {
    /// The identity of a list that was read.
    pub fn of(version: &ListVersion) -> ListIdentity {
        ListIdentity {
            name: version.name.clone(),
            published: version.published.map(|d| d.to_string()),
            sha256: version.sha256.clone(),
            entities: version.entities,
            names: version.names,
            problems: version.problems.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Program, configuration, lists and input of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RunIdentity {
    /// Version of the program and of its analysis of names.
    pub program: String,
    /// Every setting that influences the output.
    pub configuration: Configuration,
    /// The lists, in their order in the index.
    pub lists: Vec<ListIdentity>,
    /// The input.
    pub input: InputIdentity,
}

/// The list of `others` that corresponds to the one at `at`: the n-th of the same name. Both sides of a run
/// against a change have the same name.
fn counterpart<'o>(
    lists: &[ListIdentity],
    at: usize,
    others: &'o [ListIdentity],
) -> Option<&'o ListIdentity> {
    let same_name = |l: &&ListIdentity| l.name == lists[at].name;
    let before = lists[..at].iter().filter(same_name).count();
    others.iter().filter(same_name).nth(before)
}

impl RunIdentity {
    /// A run of this program with this index.
    pub fn new(index: &Index, configuration: Configuration, input: InputIdentity) -> RunIdentity {
        let lists = index.identity().lists.iter().map(ListIdentity::of);
        let version = env!("CARGO_PKG_VERSION");
        let program = format!("interdict {version}, analysis {}", crate::name::ANALYSIS_VERSION);
        RunIdentity { program, configuration, lists: lists.collect(), input }
    }

    /// SHA-256 of the configuration's JSON, in hexadecimal.
    pub fn configuration_hash(&self) -> String {
        crate::digest::hex_digest([&serde_json::to_vec(&self.configuration).unwrap_or_default()[..]])
    }

    /// The differences of `now` in program, configuration and lists, each as a text for people.
    pub fn differences(&self, now: &RunIdentity) -> Vec<String> {
        let mut differences = Vec::new();
        if self.program != now.program {
            differences.push(format!("program: was {}, is {}", self.program, now.program));
        }
        self.add_configuration_differences(now, &mut differences);
        self.add_list_differences(now, &mut differences);
        if differences.is_empty() && self.lists != now.lists {
            differences.push("lists: they come in another order".into());
        }
        differences
    }

    /// As [`RunIdentity::differences`], with those of the input.
    pub(crate) fn differences_with_input(&self, now: &RunIdentity) -> Vec<String> {
        let mut differences = self.differences(now);
        if (&self.input.sha256, self.input.bytes) != (&now.input.sha256, now.input.bytes) {
            let show = |i: &InputIdentity| {
                let hash = i.sha256.as_deref().unwrap_or("unknown");
                format!("{} bytes, {}", i.bytes.unwrap_or(0), shortened(hash))
            };
            differences.push(format!("input: was {}, is {}", show(&self.input), show(&now.input)));
        }
        differences
    }

    fn add_configuration_differences(&self, now: &RunIdentity, differences: &mut Vec<String>) {
        let keys: BTreeSet<_> = self.configuration.keys().chain(now.configuration.keys()).collect();
        for key in keys {
            let show = |c: &Configuration| c.get(key).map_or("not set".into(), |v| format!("'{v}'"));
            let (was, is) = (show(&self.configuration), show(&now.configuration));
            if was != is {
                differences.push(format!("configuration: {key} was {was}, is {is}"));
            }
        }
    }

    fn add_list_differences(&self, now: &RunIdentity, differences: &mut Vec<String>) {
        for (at, list) in self.lists.iter().enumerate() {
            match counterpart(&self.lists, at, &now.lists) {
                None => differences.push(format!("lists: {} is not there", list.name)),
                Some(other) if other != list => {
                    let show = |l: &ListIdentity| {
                        let day = l.published.as_deref().unwrap_or("no date");
                        format!("{} ({day}, {} entities)", shortened(&l.sha256), l.entities)
                    };
                    differences.push(format!("lists: {} was {}, is {}", list.name, show(list), show(other)));
                }
                Some(_) => (),
            }
        }
        let new = (0..now.lists.len()).filter(|at| counterpart(&now.lists, *at, &self.lists).is_none());
        differences.extend(new.map(|at| format!("lists: {} was not there", now.lists[at].name)));
    }
}

fn shortened(hash: &str) -> &str {
    hash.get(..SHOWN_DIGITS).unwrap_or(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_one_name_are_compared_in_their_order() {
        let list = |sha256: &str| {
            let (name, sha256) = ("a".to_string(), sha256.to_string());
            ListIdentity { name, published: None, sha256, entities: 1, names: 1, problems: Vec::new() }
        };
        let of = |sides: &[&str]| RunIdentity {
            program: "x".into(),
            configuration: Configuration::default(),
            lists: sides.iter().map(|s| list(s)).collect(),
            input: InputIdentity::default(),
        };
        let differences = |sides: &[&str]| of(&["new", "old"]).differences(&of(sides));
        assert_eq!(differences(&["new", "old"]), [""; 0]);
        assert_eq!(
            differences(&["new", "older"]),
            ["lists: a was old (no date, 1 entities), is older (no date, 1 entities)"]
        );
        assert_eq!(differences(&["new"]), ["lists: a is not there"]);
        assert_eq!(differences(&["new", "old", "b"]), ["lists: a was not there"]);
    }
}
