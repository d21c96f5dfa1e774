//! A blocked Bloom filter: a set of hashes that may report what it does not hold and never loses what it holds.
//!
//! All bits of an item lie in one word, so that a look-up costs one access to memory (Putze, Sanders and Singler,
//! "Cache-, hash- and space-efficient Bloom filters", 2007). With 16 to 64 bits an item one bit or two suffice.

/// A set of hashes with `BITS` bits, one or two, for each.
#[derive(Clone, Debug)]
pub(crate) struct BloomFilter<const BITS: usize = 1> {
    words: Box<[u64]>,
}

impl<const BITS: usize> BloomFilter<BITS> {
    /// An empty filter with room for so many items.
    pub(crate) fn new(items: usize, bits_per_item: usize) -> Self {
        const { assert!(BITS == 1 || BITS == 2) };
        BloomFilter { words: vec![0; (bits_per_item * items / 64).next_power_of_two()].into() }
    }

    pub(crate) fn insert(&mut self, hash: u64) {
        let (at, mask) = position::<BITS>(hash, self.words.len());
        self.words[at] |= mask;
    }

    /// False of a hash that was never inserted.
    pub(crate) fn may_contain(&self, hash: u64) -> bool {
        let (at, mask) = position::<BITS>(hash, self.words.len());
        self.words[at] & mask == mask
    }
}

/// Where a hash lies in a filter of so many words, a power of two: which word, and its bits there.
///
/// The index file holds such a filter: another position needs another format version.
pub(crate) fn position<const BITS: usize>(hash: u64, words: usize) -> (usize, u64) {
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
            for n in numbers {
                prop_assert!(one.may_contain(hash_word(n)) && two.may_contain(hash_word(n)));
            }
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
}
