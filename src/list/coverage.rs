//! How much of a list was read, and how old it is: what every run says of every list.
//!
//! ```
//! let list = interdict::list::starter();
//! let today = jiff::civil::date(2026, 11, 24);
//! println!("{}", list.version.describe(today));
//! assert!(list.version.coverage.scripts.iter().any(|(script, names)| script == "Han" && *names > 0));
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! Cost: one look at each letter of each name, when the list is read. Limits: a name is counted under the script
//! of most of its letters.

use super::{ListVersion, Rejected};
use crate::entity::{Entity, NameKind, Strength};
use crate::error::{Error, ErrorKind, Result};
use jiff::civil::Date as Day;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write;
use unicode_script::{Script, UnicodeScript};

/// What was read of a list, beyond its counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Names by the script of most of their letters, most names first; "none" for names without letters.
    pub scripts: Vec<(String, u64)>,
    /// Weak aliases.
    pub weak: u64,
    /// Former names.
    pub former: u64,
    /// Why records were rejected, most frequent first; numbers and quoted texts within a reason are left out.
    pub rejected_for: Vec<(String, u64)>,
}

impl Coverage {
    pub(super) fn of(entities: &[Entity], rejected: &[Rejected]) -> Coverage {
        let names = || entities.iter().flat_map(|e| &e.names);
        let count =
            |wanted: &dyn Fn(&crate::entity::Name) -> bool| names().filter(|n| wanted(n)).count() as u64;
        Coverage {
            scripts: ranked(names().map(|n| script(&n.text).to_string())),
            weak: count(&|n| n.strength == Strength::Weak),
            former: count(&|n| n.kind == NameKind::Former),
            rejected_for: ranked(rejected.iter().map(|r| general(&r.reason))),
        }
    }
}

/// Counts of equal texts, the most frequent first, of equals in their order.
fn ranked(texts: impl Iterator<Item = String>) -> Vec<(String, u64)> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    texts.for_each(|t| *counts.entry(t).or_default() += 1);
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    counts
}

fn script(name: &str) -> &'static str {
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

/// "de-listed on 2021-01-02" as "de-listed on …": one reason for all that it befalls.
fn general(reason: &str) -> String {
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
    /// Days from its publication to `today`; below 0 when it is dated ahead, `None` when it tells no date. Of a
    /// month or year without its day the first day counts, so that a list is never taken for younger than it is.
    pub fn age_days(&self, today: Day) -> Option<i64> {
        let published = self.published?.first();
        Some(i64::from((today - published).get_days()))
    }

    /// Whether the file tells a number of records that is not the number read.
    pub fn is_incomplete(&self) -> bool {
        self.declared.is_some_and(|declared| declared != self.records)
    }

    /// What to say of the list on every run: a line with its date, age and counts, and indented lines on what was
    /// read and what was rejected. Every line ends in a line feed.
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
        // Read is loaded and rejected: rows that add a name, and links between entities, are part of one.
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
        text
    }
}

/// Refuses lists that are older than so many days at `today`, or that tell no date.
///
/// # Errors
///
/// [`ErrorKind::OldLists`], with every list that is too old or undated.
pub fn check_age<'a>(
    lists: impl IntoIterator<Item = &'a ListVersion>,
    most_days: i64,
    today: Day,
) -> Result<()> {
    let old: Vec<String> = lists
        .into_iter()
        .filter_map(|v| match v.age_days(today) {
            None => Some(format!("list {} tells no date", v.name)),
            Some(age) if age > most_days => Some(format!("list {} is {age} days old", v.name)),
            Some(_) => None,
        })
        .collect();
    if old.is_empty() {
        return Ok(());
    }
    Err(Error::new(ErrorKind::OldLists { lists: old, max_days: most_days }))
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
    fn a_list_in_words() {
        let today = jiff::civil::date(2031, 5, 9);
        let mut v = version("2031-05-06");
        v.sha256 = "0123456789abcdef".into();
        assert_eq!(
            v.describe(today),
            "list x: 2031-05-06, 3 days old (0123456789ab), 2 entities, 3 names, 1 rejected\n  \
             records read 3; names by script: Latin 2, Cyrillic 1; weak aliases 0, former names 0\n  \
             rejected for: no name 1\n"
        );
        v.declared = Some(3);
        assert!(v.describe(today).contains("(as many as the file tells: 3)") && !v.is_incomplete());
        v.declared = Some(5);
        assert!(v.describe(today).contains("THE FILE TELLS 5") && v.is_incomplete());
    }

    #[test]
    fn what_was_read_adds_up() {
        let list = list::from_bytes("x", b"id,name\n1,Ann\n1,Anna\n2,\n3,Ben\n").unwrap();
        let told = list.version.describe(jiff::civil::date(2031, 5, 9));
        assert!(told.contains("2 entities, 3 names, 1 rejected"), "{told}");
        assert!(told.contains("records read 4, 1 of them parts of another's entity; "), "{told}");
    }

    #[test]
    fn ages() {
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
        let said = "list x is 8 days old, list x tells no date; at most 7 days are allowed";
        assert!(e.to_string().contains(said), "{e}");
    }

    #[test]
    fn reasons_are_one_without_their_numbers() {
        assert_eq!(general("3 fields where the header has 22"), "… fields where the header has …");
        assert_eq!(general("de-listed on 2021-01-02"), "de-listed on …");
        assert_eq!(general("'NK-1a' stands here twice"), "'…' stands here twice");
    }
}
