//! How much of a list was read, and how old the list is. Every run reports this for every list.
//!
//! ```
//! let list = interdict::list::starter();
//! let today = jiff::civil::date(2026, 11, 24);
//! println!("{}", list.version.describe(today));
//! assert!(list.version.coverage.scripts.iter().any(|(script, names)| script == "Han" && *names > 0));
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! Cost: linear in the letters of the names, once when the list is read. Limits: a name is counted under the
//! script of most of its letters.

use super::{ListVersion, RejectedRecord};
use crate::entity::{AliasStrength, Entity, Identifier, IdentifierKind, NameKind};
use crate::error::{Error, ErrorKind, Result};
use jiff::civil::Date as Day;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write;
use unicode_script::{Script, UnicodeScript};

/// Names by script and kind, and reasons of rejection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Coverage {
    /// Names by the script of most of their letters, the most frequent script first; "none" for names without
    /// letters.
    pub scripts: Vec<(String, u64)>,
    /// Weak aliases.
    pub weak: u64,
    /// Former names.
    pub former: u64,
    /// Reasons of rejection, the most frequent first. Numbers and quoted texts within a reason are replaced
    /// by "…".
    pub rejected_for: Vec<(String, u64)>,
    /// Identifiers by kind, the most frequent first. Kinds that only the publisher has are "other".
    pub identifiers: Vec<(String, u64)>,
    /// Birth and founding dates.
    pub dates: u64,
    /// Entities by country: ISO 3166-1 alpha-2 codes, or the published text if it is not known; the most
    /// frequent first.
    pub countries: Vec<(String, u64)>,
    /// Of a table whose columns have no fixed meaning, each column that was read and what it became.
    pub columns: Vec<(String, String)>,
    /// Columns, elements and attributes that were not read, in alphabetical order, each with the number of
    /// its values.
    pub unread: Vec<(String, u64)>,
}

/// Counts of fields that were not read, by their names.
#[derive(Default)]
pub(super) struct NotRead(BTreeMap<String, u64>);

/// The most names of fields that are counted each by itself. A JSON file may have a key of its own in every
/// record.
const MAX_UNREAD: usize = 1000;

impl NotRead {
    pub(super) fn count(&mut self, field: &str, values: u64) {
        let field = if self.0.len() < MAX_UNREAD || self.0.contains_key(field) { field } else { "(others)" };
        match self.0.get_mut(field) {
            Some(n) => *n += values,
            None => drop(self.0.insert(field.to_string(), values)),
        }
    }
}

impl Coverage {
    pub(super) fn of(
        entities: &[Entity],
        rejected: &[RejectedRecord],
        not_read: NotRead,
        columns: Vec<(String, String)>,
    ) -> Coverage {
        let names = || entities.iter().flat_map(|e| &e.names);
        let kind = |i: &Identifier| match &i.kind {
            IdentifierKind::Other(_) if i.kind != IdentifierKind::unspecified() => "other".to_string(),
            kind => kind.as_str().to_string(),
        };
        Coverage {
            identifiers: count_by_frequency(entities.iter().flat_map(|e| &e.identifiers).map(kind)),
            dates: entities.iter().map(|e| e.birth_dates.len() as u64).sum(),
            countries: count_by_frequency(entities.iter().flat_map(|e| &e.countries).cloned()),
            columns,
            unread: not_read.0.into_iter().collect(),
            scripts: count_by_frequency(names().map(|n| main_script(&n.text).to_string())),
            weak: names().filter(|n| n.strength == AliasStrength::Weak).count() as u64,
            former: names().filter(|n| n.kind == NameKind::Former).count() as u64,
            rejected_for: count_by_frequency(rejected.iter().map(|r| without_details(&r.reason))),
        }
    }
}

#[cfg(feature = "xlsx")]
impl Coverage {
    /// Adds what was not read of another part of the list, and counts anew.
    pub(super) fn append(&mut self, other: Coverage, entities: &[Entity], rejected: &[RejectedRecord]) {
        let mut not_read = NotRead::default();
        self.unread.iter().chain(&other.unread).for_each(|(field, n)| not_read.count(field, *n));
        let mut columns = std::mem::take(&mut self.columns);
        let more = other.columns.into_iter().filter(|c| !columns.contains(c)).collect::<Vec<_>>();
        columns.extend(more);
        *self = Coverage::of(entities, rejected, not_read, columns);
    }
}

/// Counts of equal texts, the most frequent first; equally frequent ones in alphabetical order.
fn count_by_frequency(texts: impl Iterator<Item = String>) -> Vec<(String, u64)> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    texts.for_each(|t| *counts.entry(t).or_default() += 1);
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    counts
}

/// The script of most letters of a name.
fn main_script(name: &str) -> &'static str {
    let mut counts: Vec<(Script, usize)> = Vec::new();
    for found in name.chars().filter(|c| c.is_alphabetic()).map(|c| c.script()) {
        if matches!(found, Script::Common | Script::Inherited) {
            continue;
        }
        match counts.iter_mut().find(|(s, _)| *s == found) {
            Some((_, n)) => *n += 1,
            None => counts.push((found, 1)),
        }
    }
    counts.into_iter().rev().max_by_key(|(_, n)| *n).map_or("none", |(s, _)| s.full_name())
}

/// A reason without its numbers and quoted texts, so that equal reasons are counted together:
/// "de-listed on 2021-01-02" becomes "de-listed on …".
fn without_details(reason: &str) -> String {
    let mut text = String::new();
    for (i, part) in reason.split('\'').enumerate() {
        if i % 2 == 1 {
            text.push_str("'…'");
            continue;
        }
        let mut number = false;
        for c in part.chars() {
            let digit = c.is_ascii_digit() || (number && c == '-');
            if digit && !number {
                text.push('…');
            } else if !digit {
                text.push(c);
            }
            number = digit;
        }
    }
    text
}

impl ListVersion {
    /// Days from the publication to `today`: negative if the list is dated in the future, `None` if it has no
    /// date. For a date without its day the first possible day counts, so that no list appears younger than
    /// it is.
    pub fn age_days(&self, today: Day) -> Option<i64> {
        let published = self.published?.first();
        Some(i64::from((today - published).get_days()))
    }

    /// Whether the file states a number of records other than the number read.
    pub fn is_incomplete(&self) -> bool {
        self.declared.is_some_and(|declared| declared != self.records)
    }

    /// The list described for people: a line with its date, age and counts, then indented lines with what was
    /// read and rejected. Every line ends in a line feed.
    pub fn describe(&self, today: Day) -> String {
        let mut text = String::new();
        let sha256 = &self.sha256[..self.sha256.len().min(12)];
        let dated = match (&self.published, self.age_days(today)) {
            (Some(date), Some(1)) => format!("{date}, 1 day old"),
            (Some(date), Some(age)) if age < 0 => format!("{date}, dated {} days ahead", -age),
            (Some(date), Some(age)) => format!("{date}, {age} days old"),
            _ => "no date".to_string(),
        };
        let _ = writeln!(
            text,
            "list {}: {dated} ({sha256}), {} entities, {} names, {} rejected",
            self.name, self.entities, self.names, self.rejected
        );
        let declared = match self.declared {
            None => String::new(),
            Some(n) if n == self.records => format!(" (as many as the file tells: {n})"),
            Some(n) => format!(" (THE FILE TELLS {n}: it was not read whole, or was changed)"),
        };
        // Records that are neither an entity nor rejected: rows that add a name, links between entities.
        let parts = match self.records.saturating_sub(self.entities + self.rejected) {
            0 => String::new(),
            n => format!(", {n} of them parts of another's entity"),
        };
        let listed = |counts: &[(String, u64)]| {
            counts.iter().map(|(what, n)| format!("{what} {n}")).collect::<Vec<_>>().join(", ")
        };
        let c = &self.coverage;
        let _ = writeln!(
            text,
            "  records read {}{declared}{parts}; names by script: {}; weak aliases {}, former names {}",
            self.records,
            listed(&c.scripts),
            c.weak,
            c.former
        );
        if !c.rejected_for.is_empty() {
            let _ = writeln!(text, "  rejected for: {}", listed(&c.rejected_for));
        }
        if !c.columns.is_empty() {
            let columns = c.columns.iter().map(|(column, field)| format!("'{column}' ({field})"));
            let _ = writeln!(text, "  columns read: {}", columns.collect::<Vec<_>>().join(", "));
            let unread = if c.unread.is_empty() { "none".into() } else { listed(&c.unread) };
            let _ = writeln!(text, "  columns not read, with their values: {unread}");
        }
        for problem in &self.problems {
            let _ = writeln!(text, "  INCOMPLETE: {problem}");
        }
        text
    }
}

/// Days that a list may be dated ahead: it is tomorrow east of here.
pub(crate) const FUTURE_DAYS: i64 = 1;

/// Checks that no list is older than `max_days` at `today`. A list without a date counts as too old, and so does one from
/// the future, whose age says nothing.
///
/// # Errors
///
/// [`ErrorKind::OldLists`], with every list that is too old or undated.
pub fn check_age<'a>(
    lists: impl IntoIterator<Item = &'a ListVersion>,
    max_days: i64,
    today: Day,
) -> Result<()> {
    let old: Vec<String> = lists
        .into_iter()
        .filter_map(|v| match v.age_days(today) {
            None => Some(format!("list {} tells no date", v.name)),
            Some(age) if age < -FUTURE_DAYS => {
                let published = v.published.map_or(String::new(), |date| date.to_string());
                Some(format!(
                    "list {} is dated {published}, in the future: the list or the clock is wrong",
                    v.name
                ))
            }
            Some(age) if age > max_days => Some(format!("list {} is {age} days old", v.name)),
            Some(_) => None,
        })
        .collect();
    if old.is_empty() {
        return Ok(());
    }
    Err(Error::new(ErrorKind::OldLists { lists: old, max_days }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list;

    fn version(published: &str) -> ListVersion {
        let mut version =
            list::from_bytes("x", b"name,alias\nAnn,\xd0\x90\xd0\xbd\xd0\xbd\xd0\xb0\n,\nBen,\n")
                .unwrap()
                .version;
        version.published = crate::entity::Date::parse(published);
        version
    }

    #[test]
    fn a_list_from_the_future_has_no_age() {
        let today = jiff::civil::date(2031, 5, 9);
        for (published, allowed) in [("2031-05-10", true), ("2031-05-11", false), ("2099-01-01", false)] {
            let checked = check_age([&version(published)], 7, today);
            assert_eq!(checked.is_ok(), allowed, "{published}: {checked:?}");
        }
        let error = check_age([&version("2099-01-01")], 7, today).unwrap_err().to_string();
        assert!(error.contains("2099-01-01, in the future"), "{error}");
    }

    #[test]
    fn a_list_is_described_with_its_age_and_counts() {
        let today = jiff::civil::date(2031, 5, 9);
        let mut v = version("2031-05-06");
        v.sha256 = "0123456789abcdef".into();
        assert_eq!(
            v.describe(today),
            "list x: 2031-05-06, 3 days old (0123456789ab), 2 entities, 3 names, 1 rejected\n  \
             records read 3; names by script: Latin 2, Cyrillic 1; weak aliases 0, former names 0\n  \
             rejected for: no name 1\n  columns read: 'name' (name), 'alias' (alias)\n  \
             columns not read, with their values: none\n  INCOMPLETE: 1 of 3 records were rejected\n"
        );
        v.declared = Some(3);
        assert!(v.describe(today).contains("(as many as the file tells: 3)") && !v.is_incomplete());
        v.declared = Some(5);
        assert!(v.describe(today).contains("THE FILE TELLS 5") && v.is_incomplete());
    }

    #[test]
    fn described_counts_add_up() {
        let list = list::from_bytes("x", b"id,name\n1,Ann\n1,Anna\n2,\n3,Ben\n").unwrap();
        let text = list.version.describe(jiff::civil::date(2031, 5, 9));
        assert!(text.contains("2 entities, 3 names, 1 rejected"), "{text}");
        assert!(text.contains("records read 4, 1 of them parts of another's entity; "), "{text}");
    }

    #[test]
    fn ages_are_counted_from_the_first_possible_day() {
        let today = jiff::civil::date(2031, 5, 9);
        for (published, age) in [
            ("2031-05-09", Some(0)),
            ("2030-05-09", Some(365)),
            ("2031-05", Some(8)),
            ("", None),
            ("2031-05-10", Some(-1)),
        ] {
            assert_eq!(version(published).age_days(today), age, "{published}");
        }
        assert!(check_age([&version("2031-05-02")], 7, today).is_ok());
        let e =
            check_age([&version("2031-05-01"), &version(""), &version("2031-05-09")], 7, today).unwrap_err();
        let expected = "list x is 8 days old, list x tells no date; at most 7 days are allowed";
        assert!(e.to_string().contains(expected), "{e}");
    }

    #[test]
    fn reasons_are_one_without_their_numbers() {
        assert_eq!(without_details("3 fields where the header has 22"), "… fields where the header has …");
        assert_eq!(without_details("de-listed on 2021-01-02"), "de-listed on …");
        assert_eq!(without_details("'NK-1a' stands here twice"), "'…' stands here twice");
    }
}
