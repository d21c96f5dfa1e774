//! Answers that were given before in the same run.

use crate::screen::Hit;
use rustc_hash::{FxBuildHasher, FxHasher};
use std::collections::HashMap;
use std::hash::Hasher;
use std::sync::{Arc, Mutex, PoisonError};

const SHARDS: usize = 16;
/// Answers in one generation of a shard.
const MOST: usize = 4096;

/// The hits of a query; most have none.
pub(super) type Answer = Option<Arc<[Hit]>>;
type Generation = HashMap<Box<[u8]>, Answer, FxBuildHasher>;

/// The answers to the last 65,000 to 131,000 distinct queries, by the very bytes of their fields.
///
/// Two generations: when the younger is full, the older is forgotten. What is asked again moves to the
/// younger.
#[derive(Debug, Default)]
pub(super) struct Duplicates {
    shards: [Mutex<[Generation; 2]>; SHARDS],
}

impl Duplicates {
    fn shard(&self, key: &[u8]) -> std::sync::MutexGuard<'_, [Generation; 2]> {
        let mut hasher = FxHasher::default();
        hasher.write(key);
        let shard = &self.shards[(hasher.finish() >> 32) as usize % SHARDS];
        shard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to a query that was asked before.
    pub(super) fn get(&self, key: &[u8]) -> Option<Answer> {
        let mut shard = self.shard(key);
        if let Some(answer) = shard[0].get(key) {
            return Some(answer.clone());
        }
        let (key, answer) = shard[1].remove_entry(key)?;
        insert(&mut shard, key, answer.clone());
        Some(answer)
    }

    /// Keeps an answer.
    pub(super) fn put(&self, key: &[u8], answer: Answer) {
        insert(&mut self.shard(key), key.into(), answer);
    }
}

fn insert(shard: &mut [Generation; 2], key: Box<[u8]>, answer: Answer) {
    if shard[0].len() >= MOST {
        shard.swap(0, 1);
        shard[0].clear();
    }
    shard[0].insert(key, answer);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_kept_within_bounds() {
        let kept = Duplicates::default();
        assert!(kept.get(b"a").is_none());
        for i in 0..400_000u32 {
            kept.put(&i.to_le_bytes(), None);
            kept.put(b"always", None);
            assert!(kept.get(b"always").is_some());
        }
        let all: usize =
            kept.shards.iter().map(|s| s.lock().unwrap().iter().map(HashMap::len).sum::<usize>()).sum();
        assert!(all <= SHARDS * 2 * (MOST + 1), "{all}");
        assert!(kept.get(&399_999u32.to_le_bytes()).is_some());
        assert!(kept.get(&0u32.to_le_bytes()).is_none());
    }
}
