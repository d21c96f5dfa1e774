//! Screening against a change: what a new publication adds to the hits, alters and takes away.
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
//! The hits of such a screener are the difference of two full runs, one against each side, as follows.
//!
//! - Both runs have the same threshold and no limit. Hits of a query are told apart by list and entity id.
//! - A hit of the new run alone is *new*; of the old run alone *gone*, with what the old run said; of both, *changed*
//!   if anything of it differs (score, names, schema, programmes, way), with what the new run says; a hit that is
//!   the same in both is not reported.
//! - They are ordered by score, list and id as all hits are, and then cut to [`Options::limit`]. A limit within the two
//!   runs would report hits as gone that another entity pushed out of the best ten, and hide new ones.
//! - An old list bears the name of the new one it is compared with (see [`crate::list::diff`] for which that is).
//!   The group of a hit is the one that the full lists of its side make; a hit of another group alone is no change.
//!
//! This holds because a score depends on the query and the listed entity alone, never on the rest of the list:
//! entities that are equal on both sides give equal hits, so that only those that differ are indexed. Most of these
//! differ by little: a party of five names gets a sixth. Only a query that this name is a hit for can have another hit
//! than before; what the two versions have in common decides nothing. So a query is asked first of what the versions of
//! the entities differ by, and of the entities as a whole only if that is a hit.
//!
//! Cost: one comparison of the two sides, then an index of the entities that differ, both versions of each, and one of
//! what they differ by. A query costs what it costs against the latter, and nothing where only remarks, addresses and
//! the like differ, which no hit shows or depends on.
//! Limits: with a renumbered entity the hit of the old id is gone and that of the new one is new.

use super::{Hit, Options, Query, Scratch, Screener};
use crate::entity::{Entity, Name};
use crate::error::{Error, ErrorKind, Result};
use crate::index::Index;
use crate::index::groups::groups;
use crate::list::diff::pair_lists;
use crate::list::{List, ListVersion};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;
use std::sync::Arc;

/// What became of a hit between two publications.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Only the new publication gives it.
    New,
    /// Both give it, and something of it differs.
    Changed,
    /// Only the old publication gave it.
    Gone,
}

impl Change {
    /// The word for hits: `new`, `changed`, `gone`.
    pub fn as_str(self) -> &'static str {
        match self {
            Change::New => "new",
            Change::Changed => "changed",
            Change::Gone => "gone",
        }
    }
}

/// Which lists and entities of a screener's index belong to the old side, and how many changes to report.
#[derive(Clone, Debug)]
pub(super) struct Delta {
    /// The lists of the new side come first in the index, and so do their entities.
    new_lists: usize,
    first_old: u32,
    /// The groups of the entities in the index, as the full lists of their side make them.
    groups: Arc<[String]>,
    /// The index is asked without a limit; this one is for what differs.
    limit: usize,
    filter: DeltaFilter,
}

/// What tells of a query that its hits may differ between the two sides.
#[derive(Clone, Debug)]
enum DeltaFilter {
    /// Nothing: the hits of no query can differ.
    Nothing,
    /// A hit of this screener, whose index holds what the entities differ by.
    Part(Box<Screener>),
    /// A hit of any kind: what the entities differ by is all they have.
    All,
}

impl Screener {
    /// A screener that reports what differs between the hits of two publications: see the
    /// [module](self) for what exactly.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoEntities`] when the new lists hold no entity.
    pub fn for_changes(old: &[List], new: &[List]) -> Result<Screener> {
        if new.iter().all(|l| l.entities.is_empty()) {
            return Err(Error::new(ErrorKind::NoEntities));
        }
        let [differing_new, differing_old] = differing(old, new);
        let new_lists = differing_new.lists.len();
        let first_old = differing_new.groups.len() as u32;
        let lists = [differing_new.lists, differing_old.lists].concat();
        let groups = [differing_new.groups, differing_old.groups].concat();
        let filter = DeltaFilter::of(&lists, new_lists)?;
        let mut screener = Screener::new(Index::build_allow_empty(&lists)?);
        let limit = screener.options.limit;
        screener.delta = Some(Delta { new_lists, first_old, groups: groups.into(), limit, filter });
        screener.with_options(Options::default())
    }

    /// Of a screener made by [`Screener::for_changes`]: for the new and the old side the publications, and how many of
    /// their entities differ and are in the index. `None` for any other.
    pub fn versions(&self) -> Option<[(&[ListVersion], usize); 2]> {
        let delta = self.delta.as_ref()?;
        let (new, old) = self.index.identity().lists.split_at(delta.new_lists);
        let first_old = delta.first_old as usize;
        Some([(new, first_old), (old, self.index.entities() - first_old)])
    }
}

/// What one side holds and the other does not, list by list, with the groups of these entities.
#[derive(Default)]
struct Differing {
    lists: Vec<List>,
    groups: Vec<String>,
}

/// What only the new side holds, and what only the old one holds, under the names of the new lists.
fn differing(old: &[List], new: &[List]) -> [Differing; 2] {
    let pairs = pair_lists(old, new);
    let mut old_names: Vec<&str> = old.iter().map(|l| l.version.name.as_str()).collect();
    let new_names: Vec<&str> = new.iter().map(|l| l.version.name.as_str()).collect();
    for (o, n) in &pairs {
        if let (Some(o), Some(n)) = (o, n) {
            old_names[*o] = new_names[*n];
        }
    }
    let (of_new, of_old) = rayon::join(|| labels(new, &new_names), || labels(old, &old_names));
    let labels = [of_new, of_old];
    let mut found = [Differing::default(), Differing::default()];
    for (o, n) in pairs {
        let olds: &[Entity] = o.map_or(&[], |o| &old[o].entities);
        let news: &[Entity] = n.map_or(&[], |n| &new[n].entities);
        // By id the places of the old entities that no new one was found equal to.
        let mut left: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (at, entity) in olds.iter().enumerate() {
            left.entry(&entity.id).or_default().push(at);
        }
        let mut added = Vec::new();
        for (at, entity) in news.iter().enumerate() {
            let same = left.get_mut(entity.id.as_str());
            match same.and_then(|s| Some((s.iter().position(|o| olds[*o] == *entity)?, s))) {
                Some((equal, same)) => drop(same.remove(equal)),
                None => added.push(at),
            }
        }
        let mut gone: Vec<usize> = left.into_values().flatten().collect();
        gone.sort_unstable();
        for (side, lists, names, at, places) in
            [(0, new, &new_names, n, added), (1, old, &old_names, o, gone)]
        {
            let Some(at) = at else { continue };
            let mut version = lists[at].version.clone();
            version.name = names[at].to_string();
            let entities = places.iter().map(|place| lists[at].entities[*place].clone()).collect();
            found[side].lists.push(List { version, entities, rejected: Vec::new() });
            found[side].groups.extend(places.iter().map(|place| labels[side][at][*place].clone()));
        }
    }
    found
}

/// The group of every entity of every list, under these names of the lists.
fn labels(lists: &[List], names: &[&str]) -> Vec<Vec<String>> {
    let own = lists
        .iter()
        .zip(names)
        .flat_map(|(l, name)| l.entities.iter().map(move |e| format!("{name}:{}", e.id)));
    let own: Vec<String> = own.collect();
    let mut groups = groups(lists).into_iter().map(|first| own[first as usize].clone());
    lists.iter().map(|l| groups.by_ref().take(l.entities.len()).collect()).collect()
}

impl DeltaFilter {
    /// What tells the versions of entities apart, in lists of which the first are those of the new side.
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
            // Of one side alone, or no pair.
            _ => Some(entity.clone()),
        };
        let parts: Vec<List> = lists
            .iter()
            .map(|list| {
                let entities = list.entities.iter().filter_map(|entity| part(list, entity)).collect();
                List { version: list.version.clone(), entities, rejected: Vec::new() }
            })
            .collect();
        let names =
            |lists: &[List]| lists.iter().flat_map(|l| &l.entities).map(|e| e.names.len()).sum::<usize>();
        Ok(if parts.iter().all(|list| list.entities.is_empty()) {
            DeltaFilter::Nothing
        } else if names(&parts) == names(lists) {
            DeltaFilter::All
        } else {
            DeltaFilter::Part(Box::new(Screener::new(Index::build_allow_empty(&parts)?)))
        })
    }
}

/// What of an entity may be a hit that is none, or another one, with the other version of it; `None` if nothing may.
///
/// Names in common score the same where the other fields are the same; if they also stand in the same order, the best
/// of them is the same, and only a name that the other version does not have can be better.
fn changed_part(entity: &Entity, other: &Entity) -> Option<Entity> {
    // Taken apart, so that a new field cannot be forgotten here.
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
    let in_common = |a: &'_ Entity, b: &'_ Entity| -> Vec<Name> {
        let of_b: FxHashSet<&Name> = b.names.iter().collect();
        a.names.iter().filter(|name| of_b.contains(name)).cloned().collect()
    };
    let common = in_common(entity, other);
    let is_comparable = (schema, birth_dates, gender, countries, programs)
        == (&other.schema, &other.birth_dates, &other.gender, &other.countries, &other.programs)
        && entity.primary_name() == other.primary_name()
        && common == in_common(other, entity);
    if !is_comparable {
        return Some(entity.clone());
    }
    let common: FxHashSet<Name> = common.into_iter().collect();
    let mut part = entity.clone();
    part.names = names.iter().filter(|name| !common.contains(name)).cloned().collect();
    if *identifiers == other.identifiers {
        part.identifiers.clear();
    }
    (!part.names.is_empty() || !part.identifiers.is_empty()).then_some(part)
}

impl Delta {
    /// Takes options for both sides, and returns those to ask them with.
    pub(super) fn take_options(&mut self, options: Options) -> Options {
        self.limit = options.limit;
        if let DeltaFilter::Part(part) = &mut self.filter {
            part.set_options(Options { limit: 1, ..options });
        }
        Options { limit: usize::MAX, ..options }
    }

    /// What differs of the hits that `ask` finds in both sides; an exhaustive search takes no short cut.
    pub(super) fn screen(
        &self,
        query: &Query,
        exhaustive: bool,
        scratch: &mut Scratch,
        ask: impl Fn(&mut Scratch) -> Vec<Hit>,
    ) -> Vec<Hit> {
        let hits = match &self.filter {
            _ if exhaustive => ask(scratch),
            DeltaFilter::Nothing => {
                scratch.stats.queries += 1;
                return Vec::new();
            }
            DeltaFilter::All => ask(scratch),
            DeltaFilter::Part(part) => {
                if part.retrieve(query, scratch).is_empty() {
                    return Vec::new();
                }
                scratch.with_version_scratch(ask)
            }
        };
        self.changes(hits)
    }

    pub(super) fn memory_usage(&self) -> usize {
        if let DeltaFilter::Part(part) = &self.filter { part.memory_usage() } else { 0 }
    }

    pub(super) fn group(&self, entity: u32) -> String {
        self.groups.get(entity as usize).cloned().unwrap_or_default()
    }

    /// From the hits of both sides to those that differ.
    fn changes(&self, hits: Vec<Hit>) -> Vec<Hit> {
        let (new, old): (Vec<Hit>, Vec<Hit>) = hits.into_iter().partition(|h| h.entity < self.first_old);
        let mut former: FxHashMap<(String, String), VecDeque<Hit>> = FxHashMap::default();
        for hit in old {
            former.entry((hit.list.clone(), hit.entity_id.clone())).or_default().push_back(hit);
        }
        let mut changes = Vec::new();
        for hit in new {
            let was =
                former.get_mut(&(hit.list.clone(), hit.entity_id.clone())).and_then(VecDeque::pop_front);
            match was {
                None => changes.push(Hit { change: Some(Change::New), ..hit }),
                Some(was) if same(&was, &hit) => {}
                Some(_) => changes.push(Hit { change: Some(Change::Changed), ..hit }),
            }
        }
        let gone = former.into_values().flatten();
        changes.extend(gone.map(|hit| Hit { change: Some(Change::Gone), ..hit }));
        changes.sort_by(|a, b| {
            let key = |h: &Hit| (h.change, h.entity);
            b.score
                .total_cmp(&a.score)
                .then_with(|| (&a.list, &a.entity_id).cmp(&(&b.list, &b.entity_id)))
                .then_with(|| key(a).cmp(&key(b)))
        });
        changes.truncate(self.limit);
        changes
    }
}

/// Whether two publications say the same by a hit.
fn same(a: &Hit, b: &Hit) -> bool {
    // The number in the index and the group are not the hit's own.
    let Hit { score, list: _, entity_id: _, entity_name, matched_name, schema, program, matched_by, .. } = a;
    (score, entity_name, matched_name, schema, program, matched_by)
        == (&b.score, &b.entity_name, &b.matched_name, &b.schema, &b.program, &b.matched_by)
}
