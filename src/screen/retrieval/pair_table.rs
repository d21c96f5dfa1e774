//! What the tokens of one query are related to, looked up by listed token.

use super::match_cache::TokenMatch;
use crate::score::align::Span;
use crate::score::relation::MatchKind;

/// Few enough to stay in the first cache, however long the list is.
const BUCKETS: usize = 2048;

/// A related listed token, as one query token or join sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    token: u32,
    /// First token and number of tokens on the query's side.
    pub(crate) query_span: Span,
    pub(crate) similarity: f32,
    /// Weight of the query's tokens.
    pub(crate) weight: f32,
    pub(crate) kind: MatchKind,
    /// The next entry of the bucket, from 1 on; 0 is none.
    next: u32,
}

/// A small hash table with chains, emptied after each query at the cost of what was in it.
#[derive(Debug)]
pub(crate) struct PairTable {
    buckets: Box<[u32; BUCKETS]>,
    entries: Vec<Entry>,
}

impl Default for PairTable {
    fn default() -> Self {
        PairTable { buckets: Box::new([0; BUCKETS]), entries: Vec::new() }
    }
}

impl PairTable {
    pub(crate) fn clear(&mut self) {
        for e in self.entries.drain(..) {
            self.buckets[e.token as usize % BUCKETS] = 0;
        }
    }

    pub(crate) fn insert(&mut self, query_span: Span, weight: f32, n: &TokenMatch) {
        let head = &mut self.buckets[n.token as usize % BUCKETS];
        let entry =
            Entry { token: n.token, query_span, similarity: n.similarity, weight, kind: n.kind, next: *head };
        self.entries.push(entry);
        *head = self.entries.len() as u32;
    }

    /// What the query's tokens and joins are to a listed token.
    pub(crate) fn entries(&self, token: u32) -> impl Iterator<Item = &Entry> {
        self.entries_from(self.buckets[token as usize % BUCKETS], token)
    }

    /// The same from an entry on, of which [`PairTable::first_entry`] tells.
    pub(crate) fn entries_from(&self, mut at: u32, token: u32) -> impl Iterator<Item = &Entry> {
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
    pub(crate) fn first_entry(&self, token: u32) -> u32 {
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

    pub(crate) fn contains(&self, token: u32) -> bool {
        self.first_entry(token) != 0
    }
}
