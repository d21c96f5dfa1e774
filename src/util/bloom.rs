//! A blocked Bloom filter: a set of hashes that may report what it does not hold and never loses what it
//! holds.
//!
//! All bits of an item lie in one word, so that a look-up costs one access to memory (Putze, Sanders and
//! Singler, "Cache-, hash- and space-efficient Bloom filters", 2007). With 16 to 64 bits an item, one or two
//! bits set for each item suffice: 6 % to 1.5 % of the items that were not inserted pass with one bit, 1.6 %
//! to 0.2 % with two.
//!
//! An index file holds such a filter as one of its sections.

use std::ops::Deref;

/// A set of hashes with `BITS` bits, one or two, for each of them. `W` holds the words: owned while a filter
/// is filled, borrowed from an index file to look up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BloomFilter<const BITS: usize = 1, W = Box<[u64]>> {
    words: W,
}

impl<const BITS: usize> BloomFilter<BITS> {
    /// An empty filter for so many items with about so many bits for each, rounded to a power of two.
    pub(crate) fn new(items: usize, bits_per_item: usize) -> Self {
        BloomFilter::with_words(bits_per_item * items / 64)
    }

    /// An empty filter of at least so many words; their number is rounded up to a power of two.
    pub(crate) fn with_words(words: usize) -> Self {
        const { assert!(BITS == 1 || BITS == 2) };
        BloomFilter { words: vec![0; words.next_power_of_two()].into() }
    }

    pub(crate) fn insert(&mut self, hash: u64) {
        let (word, mask) = position::<BITS>(hash, self.words.len());
        self.words[word] |= mask;
    }
}

impl<'a, const BITS: usize> BloomFilter<BITS, &'a [u64]> {
    /// The filter that [`BloomFilter::words`] returned the words of. Without any word it holds nothing.
    pub(crate) fn from_words(words: &'a [u64]) -> Self {
        BloomFilter { words }
    }
}

impl<const BITS: usize, W: Deref<Target = [u64]>> BloomFilter<BITS, W> {
    /// Returns false if the hash was never inserted.
    pub(crate) fn may_contain(&self, hash: u64) -> bool {
        let (word, mask) = position::<BITS>(hash, self.words.len());
        self.words.get(word).is_some_and(|word| word & mask == mask)
    }

    /// The filter as words.
    pub(crate) fn words(&self) -> &[u64] {
        &self.words
    }
}

/// The word of a hash in a filter of so many words, a power of two, and its bits there.
///
/// Part of the format of an index file: another position needs another format version.
fn position<const BITS: usize>(hash: u64, words: usize) -> (usize, u64) {
    let mut mask = 1 << (hash >> 16 & 63);
    if BITS == 2 {
        mask |= 1 << (hash >> 58);
    }
    ((hash >> 22) as usize & words.wrapping_sub(1), mask)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::util::hash::hash_word;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_inserted_is_lost(numbers in prop::collection::vec(any::<u64>(), 0..300)) {
            let mut one = BloomFilter::<1>::new(numbers.len(), 32);
            let mut two = BloomFilter::<2>::new(numbers.len(), 16);
            numbers.iter().for_each(|n| { one.insert(hash_word(*n)); two.insert(hash_word(*n)); });
            let borrowed = BloomFilter::<2, _>::from_words(two.words());
            for n in numbers {
                let hash = hash_word(n);
                prop_assert!(one.may_contain(hash) && two.may_contain(hash) && borrowed.may_contain(hash));
            }
        }

        #[test]
        fn an_empty_filter_contains_nothing(hash: u64, items in 0usize..300) {
            prop_assert!(!BloomFilter::<1>::new(items, 16).may_contain(hash));
            prop_assert!(!BloomFilter::<2>::new(items, 16).may_contain(hash));
            prop_assert!(!BloomFilter::<1, _>::from_words(&[]).may_contain(hash));
        }
    }

    #[test]
    fn most_of_what_was_not_inserted_is_ruled_out() {
        let mut one = BloomFilter::<1>::new(1000, 32);
        let mut two = BloomFilter::<2>::new(1000, 32);
        (0..1000).for_each(|n| {
            one.insert(hash_word(n));
            two.insert(hash_word(n))
        });
        let wrong = |may: &dyn Fn(u64) -> bool| (1000..101_000).filter(|n| may(hash_word(*n))).count();
        let (one, two) = (wrong(&|h| one.may_contain(h)), wrong(&|h| two.may_contain(h)));
        // One bit of 32 for each is 3 %, two of them 0.5 % and somewhat more for lying in one word.
        assert!(one < 4000 && two < 1200, "{one} {two}");
    }

    #[test]
    fn positions_are_those_of_index_files() {
        // Word and mask of format version 8: a change makes files written before lose keys.
        assert_eq!(position::<1>(0x0123_4567_89ab_cdef, 1024), (0x226, 1 << 0x2b));
        assert_eq!(position::<2>(0xfc00_0000_0000_0000, 1), (0, 1 << 63 | 1));
    }
}
