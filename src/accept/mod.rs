//! Accepted hits: somebody looked at a hit, found that the counterparty is not the listed party, and said so.
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
//! An acceptance holds for one counterparty (its id, its name, or both: each that is given must be the same) and
//! one listed entity with what the list said of it on that day. It lapses when the entity's
//! [content hash](crate::entity::Entity::content_hash) changes, when its last day is over, and when the
//! counterparty of that id has another name. Of several lines for the same counterparty and entity the last one
//! counts, so that a renewal is appended.
//!
//! Cost: a hash lookup a hit, and one walk over the index's entities when the file is read. Limits: names are
//! compared as written, but for white space. Days are days in UTC.

mod file;
mod hit_line;

pub use file::{COLUMNS, append, day, read};
pub use hit_line::{HitLine, read_hits};

use crate::batch::{Accept, Screened};
use crate::index::Index;
use crate::screen::Hit;
use jiff::civil::Date as Day;
use rustc_hash::FxHashMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// That a hit was accepted: a line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// The counterparty's id in the input; empty where only the name is given.
    pub counterparty_id: String,
    /// The counterparty's name as written in the input; empty where only the id is given.
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
    /// The last day on which it holds; without end where there is none.
    pub until: Option<Day>,
    /// Why.
    pub reason: String,
}

impl Acceptance {
    /// The values in the order of [`COLUMNS`].
    fn values(&self) -> [String; 9] {
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
        ]
    }

    /// Who the counterparty is, for people.
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
    /// Hits that it is about.
    hits: AtomicU64,
    /// Hits of a counterparty with its id and another name.
    renamed: AtomicU64,
}

/// The accepted hits of a file, judged on one day against one index.
#[derive(Debug, Default)]
pub struct Acceptances {
    entries: Vec<Entry>,
    by_entity: FxHashMap<u32, Vec<u32>>,
}

impl Acceptances {
    /// Judges the lines of a file on this day against the entities of this index.
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
            });
        }
        let mut judged = Acceptances { entries, by_entity: FxHashMap::default() };
        if !wanted.is_empty() {
            judged.find(index, wanted);
        }
        judged
    }

    /// Looks for the entities in the index, and compares what the list says of them now.
    fn find(&mut self, index: &Index, mut wanted: FxHashMap<(String, String), Vec<u32>>) {
        let mut key = (String::new(), String::new());
        for number in 0..index.entities() as u32 {
            let list = index.entity_records()[number as usize].list as usize;
            key.0.clone_from(&index.identity().lists[list].name);
            index.entity_id(number).clone_into(&mut key.1);
            let Some(about) = wanted.remove(&key) else { continue };
            let Some((entity, _)) = index.entity(number) else { continue };
            let hash = entity.content_hash();
            for &n in &about {
                let entry = &mut self.entries[n as usize];
                if entry.lapse == Some(Lapse::EntityGone) {
                    let same = entry.acceptance.entity_hash == hash;
                    entry.lapse = if same { None } else { Some(Lapse::EntityChanged(hash.clone())) };
                }
            }
            self.by_entity.insert(number, about);
        }
    }

    /// The acceptance that holds for this hit of a counterparty with this id and name, by its number.
    pub fn of(&self, id: Option<&str>, name: &str, hit: &Hit) -> Option<u32> {
        let about = self.by_entity.get(&hit.entity)?;
        let mut found = None;
        for &n in about {
            let entry = &self.entries[n as usize];
            let a = &entry.acceptance;
            let same_id = a.counterparty_id.is_empty() || id.map(str::trim) == Some(&a.counterparty_id);
            let same_name = a.counterparty_name.is_empty() || folded(&a.counterparty_name) == folded(name);
            if same_id && same_name {
                entry.hits.fetch_add(1, Relaxed);
                if entry.lapse.is_none() && found.is_none() {
                    found = Some(n);
                }
            } else if same_id && !a.counterparty_id.is_empty() {
                entry.renamed.fetch_add(1, Relaxed);
            }
        }
        found
    }

    /// Number of acceptances that count (of several about the same, the last).
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The most acceptances that can hold for one row: so many hits more must be looked for, so that accepted ones
    /// do not push others over the limit.
    pub fn most_for_one(&self) -> usize {
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

    /// After a run: acceptances that have lapsed, and why. Each by line.
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

    /// After a run: acceptances that hold and matched no hit. Each by line.
    pub fn unused(&self) -> Vec<String> {
        self.entries
            .iter()
            .filter(|e| e.lapse.is_none() && e.hits.load(Relaxed) + e.renamed.load(Relaxed) == 0)
            .map(|e| format!("line {}: {}", e.line, about(&e.acceptance)))
            .collect()
    }
}

impl Accept for Acceptances {
    fn accepted(&self, row: &Screened<'_>, hit: &Hit, _: &Index) -> Option<u32> {
        self.of(row.id(), row.name, hit)
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
