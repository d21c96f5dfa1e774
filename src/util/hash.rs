//! One hash function, for keys of the index and for Bloom filters.
//!
//! It is not cryptographic and needs no seed against attacks: a collision costs a comparison, for whatever is found
//! by a hash is compared by its text afterwards.

/// Odd multipliers with well spread bits: those of wyhash, of the golden ratio (Fibonacci hashing) and of rrmxmx.
const SEED: u64 = 0xa076_1d64_78bd_642f;
const GOLDEN_RATIO: u64 = 0x9e37_79b9_7f4a_7c15;
const FINAL: u64 = 0xd6e8_feb8_6659_fd93;

/// The hash of a sequence of words. Different seeds give independent hashes.
pub(crate) fn hash_words(seed: u64, words: impl Iterator<Item = u64>) -> u64 {
    // The seed is spread first, so that no words can make up for another one.
    let mut h = seed.wrapping_mul(SEED);
    h ^= h >> 32;
    for word in words {
        h = (h ^ word).wrapping_mul(GOLDEN_RATIO);
        h ^= h >> 32;
    }
    h = h.wrapping_mul(FINAL);
    h ^ (h >> 29)
}

/// The hash of bytes. Their number is part of it: "a" and "a\0" differ.
pub(crate) fn hash_bytes(seed: u64, bytes: &[u8]) -> u64 {
    hash_words(seed << 8 | bytes.len() as u64, bytes.chunks(8).map(word))
}

/// The hash of one word: a multiplication, and its high half folded into the low one.
pub(crate) fn hash_word(word: u64) -> u64 {
    let h = word.wrapping_mul(GOLDEN_RATIO);
    h ^ (h >> 32)
}

/// Up to eight bytes as a word, the first one lowest.
pub(crate) fn word(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |word, b| word << 8 | u64::from(*b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn similar_texts_have_different_hashes() {
        let mut hashes = HashSet::new();
        let mut texts = 0;
        for length in 0..20 {
            for seed in 0..3 {
                for letter in b'a'..=b'z' {
                    let mut text = vec![b'a'; length];
                    if let Some(last) = text.last_mut() {
                        *last = letter;
                    } else if letter > b'a' {
                        continue;
                    }
                    hashes.insert(hash_bytes(seed, &text));
                    texts += 1;
                }
            }
        }
        assert_eq!(hashes.len(), texts);
    }
}
