//! Answers that were given before in the same run.

use crate::screen::Hit;
use rustc_hash::FxHasher;
use std::hash::Hasher;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const SHARDS: usize = 16;
/// Places for answers in a shard.
const PLACES: usize = 8192;
/// Places that a query can have: side by side, so that they are fetched together.
const WAYS: usize = 4;

/// The hits of a query; most have none.
pub(super) type Answer = Option<Arc<[Hit]>>;

/// The answers to some 131,000 distinct queries, by the very bytes of their fields.
///
/// Of the few places that a query can have, the one asked last comes first. Where all are taken, a new query has the
/// last one, and its buffers.
#[derive(Debug, Default)]
pub(super) struct Duplicates {
    shards: [Mutex<Shard>; SHARDS],
}

#[derive(Debug, Default)]
struct Shard {
    /// For each place half of the query's hash and the number of its answer, from 1 on; 0 for none.
    places: Vec<u64>,
    kept: Vec<Kept>,
}

#[derive(Debug)]
struct Kept {
    query: Vec<u8>,
    answer: Answer,
}

impl Duplicates {
    fn shard(&self, hash: u64) -> MutexGuard<'_, Shard> {
        let shard = &self.shards[(hash >> 32) as usize % SHARDS];
        shard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to a query that was asked before; for any other its hash.
    pub(super) fn get(&self, query: &[u8]) -> Result<Answer, u64> {
        let mut hasher = FxHasher::default();
        hasher.write(query);
        let hash = hasher.finish();
        self.shard(hash).get(hash, query).ok_or(hash)
    }

    /// Keeps the answer to the query with this hash.
    pub(super) fn put(&self, hash: u64, query: &[u8], answer: Answer) {
        self.shard(hash).put(hash, query, answer);
    }
}

impl Shard {
    fn places(&mut self, hash: u64) -> Option<&mut [u64; WAYS]> {
        let at = (hash >> 36) as usize % (PLACES / WAYS) * WAYS;
        self.places.get_mut(at..)?.first_chunk_mut()
    }

    fn get(&mut self, hash: u64, query: &[u8]) -> Option<Answer> {
        let places = *self.places(hash)?;
        let (way, kept) = places.iter().enumerate().find_map(|(way, place)| {
            let kept = self.kept.get((*place as u32).checked_sub(1)? as usize)?;
            (place >> 32 == u64::from(hash as u32) && kept.query == query).then_some((way, kept))
        })?;
        let answer = kept.answer.clone();
        self.places(hash)?[..=way].rotate_right(1);
        Some(answer)
    }

    fn put(&mut self, hash: u64, query: &[u8], answer: Answer) {
        if self.places.is_empty() {
            self.places = vec![0; PLACES];
        }
        let next = self.kept.len() as u32 + 1;
        let Some(places) = self.places(hash) else { return };
        places.rotate_right(1);
        let number = if places[0] == 0 { next } else { places[0] as u32 };
        places[0] = hash << 32 | u64::from(number);
        if number == next {
            self.kept.push(Kept { query: query.to_vec(), answer });
        } else if let Some(kept) = self.kept.get_mut(number as usize - 1) {
            kept.query.clear();
            kept.query.extend_from_slice(query);
            kept.answer = answer;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_kept_within_bounds() {
        let kept = Duplicates::default();
        let ask = |query: &[u8]| match kept.get(query) {
            Ok(_) => true,
            Err(hash) => {
                kept.put(hash, query, None);
                false
            }
        };
        assert!(!ask(b"always"));
        for i in 0..400_000u32 {
            assert!(!ask(&i.to_le_bytes()));
            assert!(ask(b"always"));
            assert!(ask(&i.to_le_bytes()));
        }
        let all: usize = kept.shards.iter().map(|s| s.lock().unwrap().kept.len()).sum();
        assert!(all <= SHARDS * PLACES && all > SHARDS * PLACES * 3 / 4, "{all}");
        assert!(!ask(&0u32.to_le_bytes()));
    }
}
