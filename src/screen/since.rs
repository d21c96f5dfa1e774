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
//! - They are ordered by score, list and id as all hits are, and then cut to [`Options::limit`]. A limit within the
//!   two runs would report hits as gone that another entity pushed out of the best ten, and hide new ones.
//! - An old list bears the name of the new one it is compared with (see [`crate::list::diff`] for which that is).
//!   The group of a hit is that of its own side's full lists, and its change alone is none.
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
use crate::list::diff::pairs;
use crate::list::{List, ListVersion};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

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
#[derive(Clone, Copy, Debug)]
pub(super) struct Since {
    /// The lists of the new side come first in the index, and so do their entities.
    new_lists: usize,
    first_old: u32,
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
        let (mut lists, gone) = differing(old, new);
        let first_old = lists.iter().map(|l| l.entities.len() as u32).sum();
        let new_lists = lists.len();
        lists.extend(gone);
        let mut screener = Screener::new(Index::build_even_empty(&lists)?);
        let limit = std::mem::replace(&mut screener.options.limit, usize::MAX);
        screener.since = Some(Since { new_lists, first_old, limit });
        Ok(screener)
    }

    /// Of a screener made by [`Screener::since`]: for the new and the old side the publications, and how many of
    /// their entities differ and are in the index. `None` for any other.
    pub fn sides(&self) -> Option<[(&[ListVersion], usize); 2]> {
        let since = self.since?;
        let (new, old) = self.index.identity().lists.split_at(since.new_lists);
        let first_old = since.first_old as usize;
        Some([(new, first_old), (old, self.index.entities() - first_old)])
    }
}

/// What only the new lists hold, and what only the old ones hold under the names of the new ones.
fn differing(old: &[List], new: &[List]) -> (Vec<List>, Vec<List>) {
    let (mut only_new, mut only_old) = (Vec::new(), Vec::new());
    for (old, new) in pairs(old, new) {
        let mut by_id: FxHashMap<&str, Vec<&Entity>> = FxHashMap::default();
        for entity in old.iter().flat_map(|l| &l.entities) {
            by_id.entry(&entity.id).or_default().push(entity);
        }
        let mut added = Vec::new();
        for entity in new.iter().flat_map(|l| &l.entities) {
            let same = by_id.get_mut(entity.id.as_str());
            let equal = same.and_then(|s| Some((s.iter().position(|o| *o == entity)?, s)));
            match equal {
                Some((at, same)) => drop(same.remove(at)),
                None => added.push(entity.clone()),
            }
        }
        let mut left = by_id;
        let gone = old.iter().flat_map(|l| &l.entities).filter(|e| {
            left.get_mut(e.id.as_str())
                .is_some_and(|s| s.iter().position(|o| std::ptr::eq(*o, *e)).map(|at| s.remove(at)).is_some())
        });
        let gone: Vec<Entity> = gone.cloned().collect();
        let name = new.or(old).map_or(String::new(), |l| l.version.name.clone());
        for (list, entities, out) in [(new, added, &mut only_new), (old, gone, &mut only_old)] {
            if let Some(list) = list {
                let mut version = list.version.clone();
                version.name.clone_from(&name);
                out.push(List { version, entities, rejected: Vec::new() });
            }
        }
    }
    (only_new, only_old)
}

impl Since {
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
