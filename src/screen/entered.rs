//! What the tokens of one query are related to, looked up by listed token.

use super::neighbours::Neighbour;
use crate::score::relation::Way;

/// Few enough to stay in the first cache, however long the list is.
const BUCKETS: usize = 2048;

/// A related listed token, as one query token or join sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    token: u32,
    /// First token and number of tokens on the query's side.
    pub(super) q: (u8, u8),
    pub(super) likeness: f32,
    /// Weight of the query's tokens.
    pub(super) weight: f32,
    pub(super) way: Way,
    /// The next entry of the bucket, from 1 on; 0 is none.
    next: u32,
}

/// A small hash table with chains, emptied after each query at the cost of what was in it.
#[derive(Debug)]
pub(super) struct Entered {
    buckets: Box<[u32; BUCKETS]>,
    entries: Vec<Entry>,
}

impl Default for Entered {
    fn default() -> Self {
        Entered { buckets: Box::new([0; BUCKETS]), entries: Vec::new() }
    }
}

impl Entered {
    pub(super) fn clear(&mut self) {
        for e in self.entries.drain(..) {
            self.buckets[e.token as usize % BUCKETS] = 0;
        }
    }

    pub(super) fn enter(&mut self, q: (u8, u8), weight: f32, n: &Neighbour) {
        let head = &mut self.buckets[n.token as usize % BUCKETS];
        let entry = Entry { token: n.token, q, likeness: n.likeness, weight, way: n.way, next: *head };
        self.entries.push(entry);
        *head = self.entries.len() as u32;
    }

    /// What the query's tokens and joins are to a listed token.
    pub(super) fn of(&self, token: u32) -> impl Iterator<Item = &Entry> {
        self.from(self.buckets[token as usize % BUCKETS], token)
    }

    /// The same from an entry on, of which [`Entered::first`] tells.
    pub(super) fn from(&self, mut at: u32, token: u32) -> impl Iterator<Item = &Entry> {
        std::iter::from_fn(move || {
            while at != 0 {
                let e = &self.entries[at as usize - 1];
                at = e.next;
                if e.token == token {
                    return Some(e);
                }
            }
            None
        })
    }

    /// The first entry of a listed token; 0 is none.
    pub(super) fn first(&self, token: u32) -> u32 {
        // Most tokens of a candidate are related to nothing, which the bucket alone tells.
        let mut at = self.buckets[token as usize % BUCKETS];
        while at != 0 {
            let e = &self.entries[at as usize - 1];
            if e.token == token {
                break;
            }
            at = e.next;
        }
        at
    }

    pub(super) fn contains(&self, token: u32) -> bool {
        self.first(token) != 0
    }
}
