//! Accepted hits: false positives that somebody reviewed, with who, when, why and until when.
//!
//! ```
//! use interdict::accept::{self, Acceptances};
//! use interdict::{Index, Query, Screener, list};
//!
//! let screener = Screener::new(Index::build(&[list::starter()])?);
//! let query = Query::name("Lazarus Grupo");
//! let hit = &screener.screen(&query)[0];
//! let (entity, _) = screener.index().entity(hit.entity).unwrap();
//! let file = format!(
//!     "counterparty_id,counterparty_name,list,entity_id,entity_hash,who,when,until,reason\n\
//!      ,Lazarus Grupo,{},{},{},J. Doe,2026-11-24,2027-11-24,a bakery in Lima\n",
//!     hit.list, hit.entity_id, entity.content_hash()
//! );
//! let day = accept::day("2026-12-01").unwrap();
//! let accepted = Acceptances::new(accept::read(file.as_bytes())?, screener.index(), day);
//! assert!(accepted.of(None, &query.name, hit).is_some());
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! An acceptance holds for one counterparty (its id, its name, or both: each that is given must be equal) and
//! one listed entity with the content of its entry on that day. It lapses when the entity's [content
//! hash](crate::entity::Entity::content_hash) changes, when its last day is over, and when the counterparty
//! of that id has another name. It lapses too when its [evidence](Evidence) changes for the worse: another value of a
//! compared field, a higher score, another listed name or another way of matching. A file of the former kind, without
//! evidence, is read and reported as such. Of several lines for the same counterparty and entity the last one counts, so
//! that a renewal is appended.
//!
//! Days are of the type [`jiff::civil::Date`], and days in UTC: version 1 of jiff is part of this interface.
//!
//! Cost: a hash lookup for each hit, and one pass over the index's entities when the file is read. Limits:
//! names are compared as written, except for white space.

mod file;
mod hit_line;

#[doc(no_inline)]
pub use crate::run::{HitLine, HitRecord};
pub use file::{COLUMNS, append, day, read};
pub use hit_line::read_hits;

use crate::index::Index;
use crate::run::{AcceptanceLookup, ComparedFields, ScreenedRow};
use crate::screen::Hit;
use jiff::civil::Date as Day;
use rustc_hash::FxHashMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// An accepted hit: a line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// The counterparty's id in the input; empty if only the name is given.
    pub counterparty_id: String,
    /// The counterparty's name as written in the input; empty if only the id is given.
    pub counterparty_name: String,
    /// The list of the entity.
    pub list: String,
    /// The entity's id in its list.
    pub entity_id: String,
    /// The entity's content hash when the hit was accepted.
    pub entity_hash: String,
    /// Who accepted it.
    pub who: String,
    /// On which day.
    pub when: Day,
    /// The last day on which it holds; none if it holds without end.
    pub until: Option<Day>,
    /// Why.
    pub reason: String,
    /// On what evidence; none in a file of the former kind, which did not hold it.
    pub evidence: Option<Evidence>,
}

/// What the hit was based on when it was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The counterparty's compared fields, as [`ComparedFields`] are displayed.
    pub compared: String,
    /// The listed name, or identifier, that matched.
    pub matched_name: String,
    /// How: as [`Hit::matched_by`].
    pub matched_by: String,
    /// The score.
    pub score: Score,
}

/// A score in hundred-thousandths, the precision in which scores are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score(u32);

impl Score {
    /// A score in \[0, 1\].
    pub fn new(score: f64) -> Score {
        Score((score.clamp(0.0, 1.0) * 1e5).round() as u32)
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.5}", f64::from(self.0) / 1e5)
    }
}

impl Evidence {
    /// What has changed for the worse between this evidence and a hit of a counterparty with these fields.
    fn changes(&self, compared: &ComparedFields, hit: &Hit) -> Vec<String> {
        let mut changes = ComparedFields::parse(&self.compared).changes(compared);
        let score = Score::new(f64::from(hit.score));
        if score > self.score {
            changes.push(format!("the score was {} and is {score}", self.score));
        }
        if self.matched_by != hit.matched_by.as_str() {
            changes.push(format!("it was a hit by {} and is one by {}", self.matched_by, hit.matched_by));
        }
        if folded(&self.matched_name) != folded(&hit.matched_name) {
            changes.push(format!("'{}' matched, and now '{}' does", self.matched_name, hit.matched_name));
        }
        changes
    }
}

impl Acceptance {
    /// The values in the order of [`COLUMNS`].
    fn values(&self) -> [String; COLUMNS.len()] {
        let evidence = |text: fn(&Evidence) -> String| self.evidence.as_ref().map_or(String::new(), text);
        [
            self.counterparty_id.clone(),
            self.counterparty_name.clone(),
            self.list.clone(),
            self.entity_id.clone(),
            self.entity_hash.clone(),
            self.who.clone(),
            self.when.to_string(),
            self.until.map_or(String::new(), |d| d.to_string()),
            self.reason.clone(),
            evidence(|e| e.compared.clone()),
            evidence(|e| e.matched_name.clone()),
            evidence(|e| e.matched_by.clone()),
            evidence(|e| e.score.to_string()),
        ]
    }

    /// The counterparty, for people.
    fn counterparty(&self) -> String {
        match (self.counterparty_id.as_str(), self.counterparty_name.as_str()) {
            (id, "") => format!("id {id}"),
            ("", name) => format!("'{name}'"),
            (id, name) => format!("id {id} '{name}'"),
        }
    }
}

/// Why an acceptance does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Lapse {
    /// Its last day is over.
    Expired,
    /// It is dated after the day of the run.
    NotYet,
    /// The entity's content hash is now this.
    EntityChanged(String),
    /// The lists hold no such entity.
    EntityGone,
}

#[derive(Debug)]
struct Entry {
    line: u64,
    acceptance: Acceptance,
    lapse: Option<Lapse>,
    /// Hits that it covers, or would cover if it had not lapsed.
    hits: AtomicU64,
    /// Hits of a counterparty with its id and another name.
    renamed: AtomicU64,
    /// Hits on other evidence, and what has changed in the first of them.
    changed: AtomicU64,
    changes: OnceLock<String>,
}

/// The accepted hits of a file, and which of them hold on one day against one index.
#[derive(Debug, Default)]
pub struct Acceptances {
    entries: Vec<Entry>,
    by_entity: FxHashMap<u32, Vec<u32>>,
}

impl Acceptances {
    /// The lines of a file, on this day and against the entities of this index.
    pub fn new(lines: Vec<(u64, Acceptance)>, index: &Index, day: Day) -> Acceptances {
        // Of lines about the same counterparty and entity the last one counts.
        let mut latest: FxHashMap<[String; 4], usize> = FxHashMap::default();
        let mut wanted: FxHashMap<(String, String), Vec<u32>> = FxHashMap::default();
        for (i, (_, a)) in lines.iter().enumerate() {
            let [id, name, list, entity, ..] = a.values();
            latest.insert([id, folded(&name), list, entity], i);
        }
        let mut current: Vec<usize> = latest.into_values().collect();
        current.sort_unstable();
        let mut lines: Vec<Option<(u64, Acceptance)>> = lines.into_iter().map(Some).collect();
        let mut entries = Vec::with_capacity(current.len());
        for i in current {
            let Some((line, acceptance)) = lines[i].take() else { continue };
            let key = (acceptance.list.clone(), acceptance.entity_id.clone());
            wanted.entry(key).or_default().push(entries.len() as u32);
            let lapse = if acceptance.until.is_some_and(|until| until < day) {
                Some(Lapse::Expired)
            } else if acceptance.when > day {
                Some(Lapse::NotYet)
            } else {
                Some(Lapse::EntityGone)
            };
            entries.push(Entry {
                line,
                acceptance,
                lapse,
                hits: AtomicU64::new(0),
                renamed: AtomicU64::new(0),
                changed: AtomicU64::new(0),
                changes: OnceLock::new(),
            });
        }
        let mut acceptances = Acceptances { entries, by_entity: FxHashMap::default() };
        if !wanted.is_empty() {
            acceptances.match_entities(index, wanted);
        }
        acceptances
    }

    /// Finds the entities in the index, and compares their content now.
    fn match_entities(&mut self, index: &Index, mut wanted: FxHashMap<(String, String), Vec<u32>>) {
        let mut key = (String::new(), String::new());
        for number in 0..index.entities() as u32 {
            let list = index.entity_records()[number as usize].list as usize;
            key.0.clone_from(&index.identity().lists[list].name);
            index.entity_id(number).clone_into(&mut key.1);
            let Some(entries) = wanted.remove(&key) else { continue };
            let Some((entity, _)) = index.entity(number) else { continue };
            let hash = entity.content_hash();
            for &n in &entries {
                let entry = &mut self.entries[n as usize];
                if entry.lapse == Some(Lapse::EntityGone) {
                    let same = entry.acceptance.entity_hash == hash;
                    entry.lapse = if same { None } else { Some(Lapse::EntityChanged(hash.clone())) };
                }
            }
            self.by_entity.insert(number, entries);
        }
    }

    /// The number of the acceptance that holds for this hit of a counterparty with this id and name, and without other
    /// fields.
    pub fn of(&self, id: Option<&str>, name: &str, hit: &Hit) -> Option<u32> {
        self.of_fields(id, name, &ComparedFields::default(), hit)
    }

    /// The same for a counterparty with these fields.
    pub fn of_fields(
        &self,
        id: Option<&str>,
        name: &str,
        compared: &ComparedFields,
        hit: &Hit,
    ) -> Option<u32> {
        let mut found = None;
        for &n in self.by_entity.get(&hit.entity)? {
            let entry = &self.entries[n as usize];
            let a = &entry.acceptance;
            let same_id = a.counterparty_id.is_empty() || id.map(str::trim) == Some(&a.counterparty_id);
            let same_name = a.counterparty_name.is_empty() || folded(&a.counterparty_name) == folded(name);
            if same_id && same_name {
                entry.hits.fetch_add(1, Relaxed);
                let changes = a.evidence.as_ref().map_or(Vec::new(), |e| e.changes(compared, hit));
                if !changes.is_empty() {
                    entry.changed.fetch_add(1, Relaxed);
                    entry.changes.get_or_init(|| changes.join("; "));
                    continue;
                }
                if entry.lapse.is_none() && found.is_none() {
                    found = Some(n);
                }
            } else if same_id && !a.counterparty_id.is_empty() {
                entry.renamed.fetch_add(1, Relaxed);
            }
        }
        found
    }

    /// Number of acceptances; of several for the same counterparty and entity only the last one counts.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The most acceptances that can hold for one counterparty. The limit of a screener must be higher by
    /// this number, so that accepted hits do not displace others.
    pub fn max_per_counterparty(&self) -> usize {
        let mut by_id: FxHashMap<&str, usize> = FxHashMap::default();
        let mut by_name: FxHashMap<String, usize> = FxHashMap::default();
        for Entry { acceptance: a, .. } in self.entries.iter().filter(|e| e.lapse.is_none()) {
            match a.counterparty_id.as_str() {
                "" => *by_name.entry(folded(&a.counterparty_name)).or_default() += 1,
                id => *by_id.entry(id).or_default() += 1,
            }
        }
        by_id.values().max().unwrap_or(&0) + by_name.values().max().unwrap_or(&0)
    }

    /// The acceptances that have lapsed, each with its line and the reason. To be called after a run.
    pub fn lapsed(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for e in &self.entries {
            let a = &e.acceptance;
            let why = match &e.lapse {
                Some(Lapse::Expired) => format!("its last day was {}", a.until.unwrap_or(a.when)),
                Some(Lapse::NotYet) => format!("it is dated {}, after the day of this run", a.when),
                Some(Lapse::EntityChanged(now)) => {
                    format!(
                        "what the list says has changed since (content hash {} then, {now} now)",
                        a.entity_hash
                    )
                }
                Some(Lapse::EntityGone) => "the lists hold no such entity".into(),
                None if e.renamed.load(Relaxed) > 0 => {
                    format!("the counterparty of this id has another name ({} hits)", e.renamed.load(Relaxed))
                }
                None if e.changed.load(Relaxed) > 0 => e.changes.get().cloned().unwrap_or_default(),
                None => continue,
            };
            let hits = match e.hits.load(Relaxed) {
                0 => String::new(),
                n => format!("; hits shown for it: {n}"),
            };
            lines.push(format!("line {}: {}: {why}{hits}", e.line, about(a)));
        }
        lines
    }

    /// The acceptances of the former kind, which hold neither the compared fields nor the score: each with its line.
    pub fn former(&self) -> Vec<String> {
        let former = self.entries.iter().filter(|e| e.acceptance.evidence.is_none());
        former.map(|e| format!("line {}: {}", e.line, about(&e.acceptance))).collect()
    }

    /// The acceptances that hold and matched no hit, each with its line. To be called after a run.
    pub fn unused(&self) -> Vec<String> {
        self.entries
            .iter()
            .filter(|e| e.lapse.is_none() && e.hits.load(Relaxed) + e.renamed.load(Relaxed) == 0)
            .map(|e| format!("line {}: {}", e.line, about(&e.acceptance)))
            .collect()
    }
}

impl AcceptanceLookup for Acceptances {
    fn find(&self, row: &ScreenedRow<'_>, hit: &Hit, _: &Index) -> Option<u32> {
        self.of_fields(row.id(), row.name, &ComparedFields::of(row.fields()), hit)
    }

    fn describe(&self, acceptance: u32) -> String {
        let a = &self.entries[acceptance as usize].acceptance;
        let until = a.until.map_or(String::new(), |d| format!(" until {d}"));
        format!("accepted by {} on {}{until}: {}", a.who, a.when, a.reason)
    }
}

fn about(a: &Acceptance) -> String {
    format!("{} as {} {}", a.counterparty(), a.list, a.entity_id)
}

fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}
