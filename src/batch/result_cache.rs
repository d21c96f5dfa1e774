//! A set-associative cache from a query, as the bytes of its fields, to its hits: rows of one run repeat.

use crate::screen::Outcome;
use rustc_hash::FxHasher;
use std::hash::Hasher;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Shards with a lock each. Several times the usual number of threads, so that these seldom wait for each
/// other.
const SHARDS: usize = 16;
/// Slots of a shard. All shards together hold 131,072 results.
const SLOTS: usize = 8192;
/// Slots that a query can be in. Four of 8 bytes are half a cache line, so that they are fetched together.
const ASSOCIATIVITY: usize = 4;

/// What is to be said of a query; of most queries nothing.
pub(super) type CachedHits = Option<Arc<Outcome>>;

/// The hits of the latest distinct queries.
///
/// The slots that a query can be in are ordered by their last use. A new query replaces the least recently
/// used one and reuses its buffers.
#[derive(Debug, Default)]
pub(super) struct ResultCache {
    shards: [Mutex<Shard>; SHARDS],
}

#[derive(Debug, Default)]
struct Shard {
    /// In each slot 32 bits of the query's hash and the number of its result, from 1 on; 0 in an empty slot.
    slots: Vec<u64>,
    results: Vec<CachedResult>,
}

#[derive(Debug)]
struct CachedResult {
    query: Vec<u8>,
    hits: CachedHits,
}

impl ResultCache {
    fn shard(&self, hash: u64) -> MutexGuard<'_, Shard> {
        let shard = &self.shards[(hash >> 32) as usize % SHARDS];
        shard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The hits of a query that is cached; the hash of any other query.
    pub(super) fn get(&self, query: &[u8]) -> Result<CachedHits, u64> {
        let mut hasher = FxHasher::default();
        hasher.write(query);
        let hash = hasher.finish();
        self.shard(hash).get(hash, query).ok_or(hash)
    }

    /// Inserts the hits of the query with this hash.
    pub(super) fn insert(&self, hash: u64, query: &[u8], hits: CachedHits) {
        self.shard(hash).insert(hash, query, hits);
    }
}

impl Shard {
    fn slots(&mut self, hash: u64) -> Option<&mut [u64; ASSOCIATIVITY]> {
        let at = (hash >> 36) as usize % (SLOTS / ASSOCIATIVITY) * ASSOCIATIVITY;
        self.slots.get_mut(at..)?.first_chunk_mut()
    }

    fn get(&mut self, hash: u64, query: &[u8]) -> Option<CachedHits> {
        let slots = *self.slots(hash)?;
        let (at, result) = slots.iter().enumerate().find_map(|(at, slot)| {
            let result = self.results.get((*slot as u32).checked_sub(1)? as usize)?;
            (slot >> 32 == u64::from(hash as u32) && result.query == query).then_some((at, result))
        })?;
        let hits = result.hits.clone();
        self.slots(hash)?[..=at].rotate_right(1);
        Some(hits)
    }

    fn insert(&mut self, hash: u64, query: &[u8], hits: CachedHits) {
        if self.slots.is_empty() {
            self.slots = vec![0; SLOTS];
        }
        let next = self.results.len() as u32 + 1;
        let Some(slots) = self.slots(hash) else { return };
        slots.rotate_right(1);
        let number = if slots[0] == 0 { next } else { slots[0] as u32 };
        slots[0] = hash << 32 | u64::from(number);
        if number == next {
            self.results.push(CachedResult { query: query.to_vec(), hits });
        } else if let Some(result) = self.results.get_mut(number as usize - 1) {
            result.query.clear();
            result.query.extend_from_slice(query);
            result.hits = hits;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_kept_within_bounds() {
        let cache = ResultCache::default();
        let lookup = |query: &[u8]| match cache.get(query) {
            Ok(_) => true,
            Err(hash) => {
                cache.insert(hash, query, None);
                false
            }
        };
        assert!(!lookup(b"always"));
        for i in 0..400_000u32 {
            assert!(!lookup(&i.to_le_bytes()));
            assert!(lookup(b"always"));
            assert!(lookup(&i.to_le_bytes()));
        }
        let all: usize = cache.shards.iter().map(|s| s.lock().unwrap().results.len()).sum();
        assert!(all <= SHARDS * SLOTS && all > SHARDS * SLOTS * 3 / 4, "{all}");
        assert!(!lookup(&0u32.to_le_bytes()));
    }
}
