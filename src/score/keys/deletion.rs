//! Deletion neighbourhoods (SymSpell): words within the edit budget of each other share a variant with
//! letters left out.
//!
//! An edit is at most one deletion on either side: a substitution is one on both, and of two letters swapped
//! each side leaves one out. Only a prefix is varied, so that a word has at most 29 variants: what two words
//! within the budget begin with is within it too.

use super::kinds::{KeyKind, Packed, word_key};
use crate::name::Skeleton;
use crate::score::params::max_edits;
use crate::util::bloom::BloomFilter;
use crate::util::hash::hash_word;

/// Letters of a reading that are varied. They and their number fit a machine word.
const DELETION_PREFIX: usize = 7;

/// Calls `each` with the prefix of a reading and its variants with as many letters left out as the reading
/// may have edits: the number of letters, and the letters as a word.
pub(super) fn deletion_variants(reading: &Packed<'_>, mut each: impl FnMut(usize, u64)) {
    let edits = max_edits(reading.bytes.len());
    let len = reading.bytes.len().min(DELETION_PREFIX);
    let prefix = reading.words[0] & ((1 << (8 * DELETION_PREFIX)) - 1);
    each(len, prefix);
    if edits == 0 {
        return;
    }
    for i in 0..len {
        let variant = without_letter(prefix, i);
        each(len - 1, variant);
        if edits < 2 {
            continue;
        }
        for j in i..len - 1 {
            each(len - 2, without_letter(variant, j));
        }
    }
}

/// The key of a variant.
pub(super) fn deletion_key(len: usize, letters: u64) -> u64 {
    word_key(KeyKind::Deletion, len, std::iter::once(letters))
}

/// Letters as a word, without letter `i`.
fn without_letter(letters: u64, i: usize) -> u64 {
    let before = (1 << (8 * i)) - 1;
    letters & before | letters >> 8 & !before
}

/// A Bloom filter over the deletion variants of some words. Testing it costs less than hashing and looking up
/// the keys.
#[derive(Debug)]
pub(crate) struct DeletionFilter(BloomFilter<2>);

/// Bits for each variant, for a false positive rate of about one in fifty.
const BITS_PER_VARIANT: usize = 16;

impl DeletionFilter {
    /// A filter over the variants of these words.
    pub(crate) fn of<'w>(words: impl Iterator<Item = &'w [u8]>) -> DeletionFilter {
        let mut all = Vec::new();
        words.for_each(|word| deletion_variants(&Packed::of(word), |_, letters| all.push(letters)));
        let mut filter = BloomFilter::new(all.len(), BITS_PER_VARIANT);
        all.into_iter().for_each(|letters| filter.insert(hash_word(letters)));
        DeletionFilter(filter)
    }

    /// Calls `each` with the deletion keys of a reading that pass, among them all that it shares with any of
    /// the words.
    pub(crate) fn keys(&self, latin: &[u8], mut each: impl FnMut(u64)) {
        deletion_variants(&Packed::of(latin), |len, letters| {
            if self.0.may_contain(hash_word(letters)) {
                each(deletion_key(len, letters));
            }
        });
    }
}

/// Calls `each` with a skeleton of three codes or more and its variants with one code left out: the number of
/// codes, and the codes as a word.
pub(crate) fn skeleton_deletions(skeleton: &Skeleton, mut each: impl FnMut(usize, u128)) {
    let (len, codes) = (skeleton.len(), skeleton.word());
    if len < 3 {
        return;
    }
    each(len, codes);
    for i in 0..len {
        let before = (1 << (8 * i)) - 1;
        each(len - 1, codes & before | codes >> 8 & !before);
    }
}

/// The keys of these variants.
pub(super) fn skeleton_deletion_keys(skeleton: &Skeleton, kind: KeyKind, each: &mut impl FnMut(u64)) {
    skeleton_deletions(skeleton, |len, codes| {
        let words = [codes as u64, (codes >> 64) as u64].into_iter().take(len.div_ceil(8));
        each(word_key(kind, len, words));
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    fn variants(word: &str) -> HashSet<(usize, u64)> {
        let mut all = HashSet::new();
        deletion_variants(&Packed::of(word.as_bytes()), |len, letters| {
            all.insert((len, letters));
        });
        all
    }

    proptest! {
        #[test]
        fn words_within_the_edit_budget_share_a_variant(a in "[ab]{1,9}", b in "[ab]{1,9}") {
            if strsim::osa_distance(&a, &b) <= max_edits(a.len().min(b.len())) {
                prop_assert!(!variants(&a).is_disjoint(&variants(&b)));
            }
        }
    }

    #[test]
    fn a_word_has_at_most_29_variants() {
        assert_eq!(variants("abcdefghij").len(), 29);
        assert_eq!(variants("abcd").len(), 5);
        assert_eq!(variants("ab").len(), 1);
    }
}
