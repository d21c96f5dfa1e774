//! The matches of one query, by listed token.

use super::token_match::TokenMatch;
use crate::score::align::Span;
use crate::score::relation::MatchKind;

/// Few enough to stay in the first-level cache, however long the list is.
const BUCKETS: usize = 2048;

/// A listed token that matches, from the query's side.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    token: u32,
    /// The tokens of the query that it matches: one, or several written together.
    pub(super) query_span: Span,
    pub(super) similarity: f32,
    /// Weight of the query's tokens.
    pub(super) weight: f32,
    pub(super) kind: MatchKind,
    /// The next entry of the bucket, counted from 1; 0 is none.
    next: u32,
}

/// A small hash table with chains. Clearing it costs what is in it.
#[derive(Debug)]
pub(super) struct PairTable {
    /// The first entry of each bucket, counted from 1; 0 is none.
    buckets: Box<[u32; BUCKETS]>,
    entries: Vec<Entry>,
}

impl Default for PairTable {
    fn default() -> Self {
        PairTable { buckets: Box::new([0; BUCKETS]), entries: Vec::new() }
    }
}

impl PairTable {
    pub(super) fn clear(&mut self) {
        for entry in self.entries.drain(..) {
            self.buckets[entry.token as usize % BUCKETS] = 0;
        }
    }

    /// Adds a match of tokens of the query that weigh `weight` together.
    pub(super) fn insert(&mut self, query_span: Span, weight: f32, m: &TokenMatch) {
        let head = &mut self.buckets[m.token as usize % BUCKETS];
        let TokenMatch { token, similarity, kind, .. } = *m;
        self.entries.push(Entry { token, query_span, similarity, weight, kind, next: *head });
        *head = self.entries.len() as u32;
    }

    /// The entries of a listed token.
    pub(super) fn entries(&self, token: u32) -> impl Iterator<Item = &Entry> {
        self.entries_from(self.buckets[token as usize % BUCKETS], token)
    }

    /// The same from an entry on, of which [`PairTable::first_entry`] gives the first.
    pub(super) fn entries_from(&self, mut at: u32, token: u32) -> impl Iterator<Item = &Entry> {
        std::iter::from_fn(move || {
            while at != 0 {
                let entry = &self.entries[at as usize - 1];
                at = entry.next;
                if entry.token == token {
                    return Some(entry);
                }
            }
            None
        })
    }

    /// The first entry of a listed token, counted from 1; 0 if there is none.
    pub(super) fn first_entry(&self, token: u32) -> u32 {
        // Most tokens of a candidate match nothing, which the bucket alone says.
        let mut at = self.buckets[token as usize % BUCKETS];
        while at != 0 {
            let entry = &self.entries[at as usize - 1];
            if entry.token == token {
                break;
            }
            at = entry.next;
        }
        at
    }

    pub(super) fn contains(&self, token: u32) -> bool {
        self.first_entry(token) != 0
    }
}
