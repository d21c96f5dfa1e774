//! The hash table of keys, and the Bloom filter before it.

use super::run_offsets;
use crate::index::records::{bucket_number, key_fingerprint};
use crate::util::bloom::BloomFilter;
use rayon::slice::ParallelSliceMut;

/// Keys of a bucket on average: few enough to compare one by one, and enough that the table of buckets takes
/// less than a byte for each key.
const KEYS_PER_BUCKET: usize = 6;
/// Bits of the Bloom filter for each key: one look-up of another key in sixteen passes, or fewer.
const BITS_PER_KEY: usize = 16;

/// A hash table from keys to tokens, with fingerprints in the place of the keys.
pub(super) struct KeyTable {
    /// Where each bucket begins; one more number is the end of the last bucket.
    pub(super) buckets: Vec<u32>,
    pub(super) fingerprints: Vec<u16>,
    pub(super) tokens: Vec<u32>,
}

impl KeyTable {
    /// The table of these keys with their tokens.
    pub(super) fn new(mut keys: Vec<(u64, u32)>) -> KeyTable {
        let buckets = (keys.len() / KEYS_PER_BUCKET).max(1);
        let entry = |(key, token): &(u64, u32)| (bucket_number(*key, buckets), key_fingerprint(*key), *token);
        keys.par_sort_unstable_by_key(entry);
        keys.dedup_by_key(|key| entry(key));
        KeyTable {
            buckets: run_offsets(buckets, keys.iter().map(|(key, _)| bucket_number(*key, buckets))),
            fingerprints: keys.iter().map(|(key, _)| key_fingerprint(*key)).collect(),
            tokens: keys.iter().map(|(_, token)| *token).collect(),
        }
    }
}

/// The filter over the keys that concatenations of a query look up: most concatenations have no such key, and
/// one bit says so before the key table is read.
pub(super) fn concatenation_filter(probe_keys: &[u64]) -> BloomFilter {
    let mut filter = BloomFilter::with_words((BITS_PER_KEY * probe_keys.len()).div_ceil(64));
    probe_keys.iter().for_each(|key| filter.insert(*key));
    filter
}
