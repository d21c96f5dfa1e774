//! Delta screening: the hits that a new publication of the lists adds, changes and removes.
//!
//! ```
//! use interdict::screen::{Change, Query, Screener};
//! use interdict::list;
//!
//! let old = list::from_bytes("mine", b"id,name\n1,ACME LTD\n2,Petrovsky Marine\n")?;
//! let new = list::from_bytes("mine", b"id,name\n1,ACME LTD\n2,Petrovsky Shipping Marine\n3,Volga Star\n")?;
//! let screener = Screener::for_changes(&[old], &[new])?;
//! let changes = |name: &str| screener.screen(&Query::name(name)).iter().map(|h| h.change).collect::<Vec<_>>();
//! assert_eq!(changes("Volga Star"), [Some(Change::New)]);
//! assert_eq!(changes("Petrovsky Marine"), [Some(Change::Changed)]);
//! assert!(changes("ACME Limited").is_empty());
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! # Which hits are reported
//!
//! The hits are the difference of two full runs, one against each side:
//!
//! - Both runs have the same threshold and no limit. A hit is identified by query, list and entity id.
//! - A hit of the new run alone is *new*. A hit of the old run alone is *gone*, and is reported as the old run has
//!   it. A hit of both is *changed* if any part of it differs (score, names, schema, programmes, name or identifier),
//!   and is reported as the new run has it. A hit that is the same in both is not reported.
//! - The hits are ordered by score, list and id as all hits are, and then cut to [`Options::limit`]. A limit inside
//!   the two runs would report a hit as gone because another entity pushed it out of the best ten, and would hide new
//!   ones.
//! - An old list has the name of the new list that it is compared with (see [`crate::list::diff`] for the pairing).
//!   The group of a hit is the one in the full lists of its side. A change of the group alone is no change.
//!
//! # Why it is fast
//!
//! A score depends on the query and the listed entity alone, never on the rest of the list. Entities that are equal on
//! both sides have equal hits, so only those that differ are indexed. Most of these differ little: a party with five
//! names gets a sixth. Only a query that hits the sixth name can have another result than before. So a query is first
//! screened against an index of the changed names and identifiers, and against both versions of the entities only if
//! there is a hit.
//!
//! # Cost
//!
//! To build: one comparison of the two sides, an index of both versions of the differing entities, and an index of
//! their changed parts. A query costs as much as one against the latter. It costs nothing if only remarks, addresses
//! and the like differ, which are part of no hit and no score.
//!
//! # Limits
//!
//! If a publisher renumbers an entity, the hit with the old id is gone and the one with the new id is new.

use super::{Hit, Options, PartyLimit, Query, Scratch, Screener};
use crate::entity::{Entity, Name};
use crate::error::{Error, ErrorKind, Result};
use crate::index::Index;
use crate::index::groups::groups;
use crate::list::diff::pair_lists;
use crate::list::{List, ListVersion};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// What happened to a hit between two publications.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Change {
    /// A hit of the new publication alone.
    New,
    /// A hit of both that differs.
    Changed,
    /// A hit of the old publication alone.
    Gone,
}

impl Change {
    /// The word in the column `change`: `new`, `changed` or `gone`.
    pub fn as_str(self) -> &'static str {
        match self {
            Change::New => "new",
            Change::Changed => "changed",
            Change::Gone => "gone",
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Change {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "new" => Ok(Change::New),
            "changed" => Ok(Change::Changed),
            "gone" => Ok(Change::Gone),
            other => Err(Error::malformed(format!("'{other}' is none of 'new', 'changed' and 'gone'"))),
        }
    }
}

/// The state of a screener against a change: which part of its index is the old side, and how many hits to report.
#[derive(Clone, Debug)]
pub(super) struct Delta {
    /// Number of lists of the new side. They come first in the index, and so do their entities.
    new_lists: usize,
    /// Number of the first entity of the old side.
    first_old: u32,
    /// The groups of the entities in the index, as the full lists of their side define them.
    groups: Arc<[String]>,
    /// The most hits to report. The search itself has no limit.
    limit: usize,
    filter: DeltaFilter,
}

/// Decides for which queries the hits of the two sides may differ.
#[derive(Clone, Debug)]
enum DeltaFilter {
    /// For no query: the sides differ by nothing that a hit depends on.
    RejectAll,
    /// For queries with a hit of this screener, whose index has the changed parts of the entities.
    ChangedParts(Box<Screener>),
    /// For every query: the entities have changed as a whole.
    AcceptAll,
}

impl Screener {
    /// A screener that reports the differences between the hits of two publications, as the
    /// [module](self) defines them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoEntities`] when the new lists hold no entity.
    pub fn for_changes(old: &[List], new: &[List]) -> Result<Screener> {
        if new.iter().all(|l| l.entities.is_empty()) {
            return Err(Error::new(ErrorKind::NoEntities));
        }
        let [only_new, only_old] = differing_entities(old, new);
        let new_lists = only_new.lists.len();
        let first_old = only_new.groups.len() as u32;
        let lists = [only_new.lists, only_old.lists].concat();
        let groups = [only_new.groups, only_old.groups].concat();
        let filter = DeltaFilter::of(&lists, new_lists)?;
        let mut screener = Screener::new(Index::build_allow_empty(&lists)?);
        let limit = screener.options.limit;
        screener.delta = Some(Delta { new_lists, first_old, groups: groups.into(), limit, filter });
        screener.with_options(Options::default())
    }

    /// The publications of the new and of the old side, each with the number of entities that differ and are in the
    /// index. `None` unless the screener was made by [`Screener::for_changes`].
    pub fn versions(&self) -> Option<[(&[ListVersion], usize); 2]> {
        let delta = self.delta.as_ref()?;
        let (new, old) = self.index.identity().lists.split_at(delta.new_lists);
        let first_old = delta.first_old as usize;
        Some([(new, first_old), (old, self.index.entities() - first_old)])
    }
}

/// The entities of one side that the other lacks, list by list, with their groups.
#[derive(Default)]
struct OneSided {
    lists: Vec<List>,
    groups: Vec<String>,
}

/// The entities of the new side alone and of the old side alone, under the names of the new lists.
fn differing_entities(old: &[List], new: &[List]) -> [OneSided; 2] {
    let pairs = pair_lists(old, new);
    let mut old_names: Vec<&str> = old.iter().map(|l| l.version.name.as_str()).collect();
    let new_names: Vec<&str> = new.iter().map(|l| l.version.name.as_str()).collect();
    for (o, n) in &pairs {
        if let (Some(o), Some(n)) = (o, n) {
            old_names[*o] = new_names[*n];
        }
    }
    let (new_labels, old_labels) = rayon::join(|| labels(new, &new_names), || labels(old, &old_names));
    let mut sides = [OneSided::default(), OneSided::default()];
    for (o, n) in pairs {
        let old_entities: &[Entity] = o.map_or(&[], |o| &old[o].entities);
        let new_entities: &[Entity] = n.map_or(&[], |n| &new[n].entities);
        let (added, gone) = one_sided(old_entities, new_entities);
        if let Some(n) = n {
            sides[0].add(&new[n], new_names[n], &new_labels[n], &added);
        }
        if let Some(o) = o {
            sides[1].add(&old[o], old_names[o], &old_labels[o], &gone);
        }
    }
    sides
}

/// The positions of the new entities without an equal old one of the same id, and of the old ones without a new one.
fn one_sided(old: &[Entity], new: &[Entity]) -> (Vec<usize>, Vec<usize>) {
    // Old entities by id; those with an equal new one are removed.
    let mut unpaired: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (at, entity) in old.iter().enumerate() {
        unpaired.entry(&entity.id).or_default().push(at);
    }
    let mut added = Vec::new();
    for (at, entity) in new.iter().enumerate() {
        let candidates = unpaired.get_mut(entity.id.as_str());
        match candidates.and_then(|c| Some((c.iter().position(|o| old[*o] == *entity)?, c))) {
            Some((equal, candidates)) => drop(candidates.remove(equal)),
            None => added.push(at),
        }
    }
    let mut gone: Vec<usize> = unpaired.into_values().flatten().collect();
    gone.sort_unstable();
    (added, gone)
}

impl OneSided {
    /// Adds the entities of a list at these positions, under this name of the list.
    fn add(&mut self, list: &List, name: &str, labels: &[String], positions: &[usize]) {
        let mut version = list.version.clone();
        version.name = name.to_string();
        let entities = positions.iter().map(|at| list.entities[*at].clone()).collect();
        self.lists.push(List { version, path: None, entities, rejected: Vec::new() });
        self.groups.extend(positions.iter().map(|at| labels[*at].clone()));
    }
}

/// The group of every entity of every list, with these names of the lists.
fn labels(lists: &[List], names: &[&str]) -> Vec<Vec<String>> {
    let ids = lists
        .iter()
        .zip(names)
        .flat_map(|(l, name)| l.entities.iter().map(move |e| format!("{name}:{}", e.id)));
    let ids: Vec<String> = ids.collect();
    let mut groups = groups(lists).into_iter().map(|first| ids[first as usize].clone());
    lists.iter().map(|l| groups.by_ref().take(l.entities.len()).collect()).collect()
}

impl DeltaFilter {
    /// The filter for these lists, of which the first are those of the new side.
    fn of(lists: &[List], new_lists: usize) -> Result<DeltaFilter> {
        let mut versions: FxHashMap<(&str, &str), [Vec<&Entity>; 2]> = FxHashMap::default();
        for (at, list) in lists.iter().enumerate() {
            for entity in &list.entities {
                let key = (list.version.name.as_str(), entity.id.as_str());
                versions.entry(key).or_default()[usize::from(at >= new_lists)].push(entity);
            }
        }
        let part = |list: &List, entity: &Entity| match &versions[&(&*list.version.name, &*entity.id)] {
            [new, old] if new.len() == 1 && old.len() == 1 => {
                let is_new = std::ptr::eq(new[0], entity);
                changed_part(entity, if is_new { old[0] } else { new[0] })
            }
            // An entity of one side alone, or an ambiguous id.
            _ => Some(entity.clone()),
        };
        let parts: Vec<List> = lists
            .iter()
            .map(|list| {
                let entities = list.entities.iter().filter_map(|entity| part(list, entity)).collect();
                List { version: list.version.clone(), path: None, entities, rejected: Vec::new() }
            })
            .collect();
        let names =
            |lists: &[List]| lists.iter().flat_map(|l| &l.entities).map(|e| e.names.len()).sum::<usize>();
        Ok(if parts.iter().all(|list| list.entities.is_empty()) {
            DeltaFilter::RejectAll
        } else if names(&parts) == names(lists) {
            DeltaFilter::AcceptAll
        } else {
            DeltaFilter::ChangedParts(Box::new(Screener::new(Index::build_allow_empty(&parts)?)))
        })
    }
}

/// The part of an entity that can be a hit which the other version of the entity lacks or has differently; `None` if
/// there is no such part.
///
/// Shared names score the same if the other fields are the same. If they also have the same order, the best of them is
/// the same, and only a name that the other version lacks can score higher.
fn changed_part(entity: &Entity, other: &Entity) -> Option<Entity> {
    // Destructured, so that a new field of the entity does not compile until it is considered here.
    let Entity {
        id: _,
        schema,
        names,
        birth_dates,
        gender,
        countries,
        programs,
        identifiers,
        addresses: _,
        birth_places: _,
        listed_on: _,
        remarks: _,
    } = entity;
    let shared_names = |a: &'_ Entity, b: &'_ Entity| -> Vec<Name> {
        let of_b: FxHashSet<&Name> = b.names.iter().collect();
        a.names.iter().filter(|name| of_b.contains(name)).cloned().collect()
    };
    let shared = shared_names(entity, other);
    let is_comparable = (schema, birth_dates, gender, countries, programs)
        == (&other.schema, &other.birth_dates, &other.gender, &other.countries, &other.programs)
        && entity.primary_name() == other.primary_name()
        && shared == shared_names(other, entity);
    if !is_comparable {
        return Some(entity.clone());
    }
    let shared: FxHashSet<Name> = shared.into_iter().collect();
    let mut part = entity.clone();
    part.names = names.iter().filter(|name| !shared.contains(name)).cloned().collect();
    if *identifiers == other.identifiers {
        part.identifiers.clear();
    }
    (!part.names.is_empty() || !part.identifiers.is_empty()).then_some(part)
}

impl Delta {
    /// Sets the limit and the options of the filter, and returns the options to search both sides with.
    pub(super) fn take_options(&mut self, options: Options) -> Options {
        self.limit = options.limit;
        if let DeltaFilter::ChangedParts(part) = &mut self.filter {
            part.set_options(options.limit(1));
        }
        options.limit(usize::MAX)
    }

    /// The differences between the hits that `search` finds on the two sides, and how many more are beyond the limit. An exhaustive search skips the filter.
    pub(super) fn screen(
        &self,
        query: &Query,
        exhaustive: bool,
        scratch: &mut Scratch,
        search: impl Fn(&mut Scratch) -> Vec<Hit>,
    ) -> (Vec<Hit>, u64) {
        let hits = match &self.filter {
            _ if exhaustive => search(scratch),
            DeltaFilter::RejectAll => {
                scratch.stats.queries += 1;
                return Default::default();
            }
            DeltaFilter::AcceptAll => search(scratch),
            DeltaFilter::ChangedParts(part) => {
                if part.retrieve(query, scratch).is_empty() {
                    return Default::default();
                }
                scratch.with_version_scratch(search)
            }
        };
        self.changes(hits)
    }

    pub(super) fn memory_usage(&self) -> usize {
        if let DeltaFilter::ChangedParts(part) = &self.filter { part.memory_usage() } else { 0 }
    }

    pub(super) fn group(&self, entity: u32) -> String {
        self.groups.get(entity as usize).cloned().unwrap_or_default()
    }

    /// The hits that differ, of the hits of both sides, and how many are beyond the limit.
    fn changes(&self, hits: Vec<Hit>) -> (Vec<Hit>, u64) {
        let (new, old): (Vec<Hit>, Vec<Hit>) = hits.into_iter().partition(|h| h.entity < self.first_old);
        let mut old_hits: FxHashMap<(String, String), VecDeque<Hit>> = FxHashMap::default();
        for hit in old {
            old_hits.entry((hit.list.clone(), hit.entity_id.clone())).or_default().push_back(hit);
        }
        let mut changes = Vec::new();
        for hit in new {
            let before =
                old_hits.get_mut(&(hit.list.clone(), hit.entity_id.clone())).and_then(VecDeque::pop_front);
            match before {
                None => changes.push(Hit { change: Some(Change::New), ..hit }),
                Some(before) if is_same_hit(&before, &hit) => {}
                Some(_) => changes.push(Hit { change: Some(Change::Changed), ..hit }),
            }
        }
        let gone = old_hits.into_values().flatten();
        changes.extend(gone.map(|hit| Hit { change: Some(Change::Gone), ..hit }));
        changes.sort_by(|a, b| {
            let key = |h: &Hit| (h.change, h.entity);
            b.score
                .total_cmp(&a.score)
                .then_with(|| (&a.list, &a.entity_id).cmp(&(&b.list, &b.entity_id)))
                .then_with(|| key(a).cmp(&key(b)))
        });
        let mut limit = PartyLimit::new(self.limit);
        changes.retain(|hit| limit.admits(hit.group.clone(), hit.score));
        (changes, limit.cut)
    }
}

/// Whether hits of the two sides are the same to a reader. Group and number depend on the rest of the lists.
fn is_same_hit(a: &Hit, b: &Hit) -> bool {
    let Hit { score, entity_name, matched_name, schema, matched_by, .. } = a;
    (score, entity_name, matched_name, schema, matched_by)
        == (&b.score, &b.entity_name, &b.matched_name, &b.schema, &b.matched_by)
        && a.program() == b.program()
}
