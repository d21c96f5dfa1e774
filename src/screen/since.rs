//! Screening against a change: what a new publication adds to the hits, alters and takes away.
//!
//! ```
//! use interdict::screen::{Change, Query, Screener};
//! use interdict::list;
//!
//! let old = list::from_bytes("mine", b"id,name\n1,ACME LTD\n2,Petrovsky Marine\n")?;
//! let new = list::from_bytes("mine", b"id,name\n1,ACME LTD\n2,Petrovsky Shipping Marine\n3,Volga Star\n")?;
//! let screener = Screener::since(&[old], &[new])?;
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
//! - They are ordered by score, list and id as all hits are, and then cut to [`Options::limit`](super::Options::limit). A limit within the
//!   two runs would report hits as gone that another entity pushed out of the best ten, and hide new ones.
//! - An old list bears the name of the new one it is compared with (see [`crate::list::diff`] for which that is).
//!   The group of a hit is the one that the full lists of its side make; a hit of another group alone is no change.
//!
//! This holds because a score depends on the query and the listed entity alone, never on the rest of the list:
//! entities that are equal on both sides give equal hits, so that only those that differ are indexed.
//!
//! Cost: one comparison of the two sides, then an index of the entities that differ, both versions of each.
//! Limits: with a renumbered entity the hit of the old id is gone and that of the new one is new.

use super::{Hit, Screener};
use crate::entity::Entity;
use crate::error::{Error, ErrorKind, Result};
use crate::index::Index;
use crate::index::groups::groups;
use crate::list::diff::pairs;
use crate::list::{List, ListVersion};
use rustc_hash::FxHashMap;
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
pub(super) struct Since {
    /// The lists of the new side come first in the index, and so do their entities.
    new_lists: usize,
    first_old: u32,
    /// The groups of the entities in the index, as the full lists of their side make them.
    groups: Arc<[String]>,
    /// The index is asked without a limit; this one is for what differs.
    pub(super) limit: usize,
}

impl Screener {
    /// A screener that reports what differs between the hits of two publications: see the
    /// [module](self) for what exactly.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoEntities`] when the new lists hold no entity.
    pub fn since(old: &[List], new: &[List]) -> Result<Screener> {
        if new.iter().all(|l| l.entities.is_empty()) {
            return Err(Error::new(ErrorKind::NoEntities));
        }
        let [differing_new, differing_old] = differing(old, new);
        let new_lists = differing_new.lists.len();
        let first_old = differing_new.groups.len() as u32;
        let lists = [differing_new.lists, differing_old.lists].concat();
        let groups = [differing_new.groups, differing_old.groups].concat();
        let mut screener = Screener::new(Index::build_even_empty(&lists)?);
        let limit = std::mem::replace(&mut screener.options.limit, usize::MAX);
        screener.since = Some(Since { new_lists, first_old, groups: groups.into(), limit });
        Ok(screener)
    }

    /// Of a screener made by [`Screener::since`]: for the new and the old side the publications, and how many of
    /// their entities differ and are in the index. `None` for any other.
    pub fn sides(&self) -> Option<[(&[ListVersion], usize); 2]> {
        let since = self.since.as_ref()?;
        let (new, old) = self.index.identity().lists.split_at(since.new_lists);
        let first_old = since.first_old as usize;
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
    let pairs = pairs(old, new);
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

impl Since {
    pub(super) fn group(&self, entity: u32) -> String {
        self.groups.get(entity as usize).cloned().unwrap_or_default()
    }

    /// From the hits of both sides to those that differ.
    pub(super) fn changes(&self, hits: Vec<Hit>) -> Vec<Hit> {
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
