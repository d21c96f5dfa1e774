//! The hash function of index keys and Bloom filters.
//!
//! A multiply and xor-shift hash: a few instructions for each word, and no dependency. It is not
//! cryptographic and has no protection against chosen collisions, and needs none: a collision costs a
//! comparison, for everything that is found by a hash is compared by its text afterwards.
//!
//! Part of the format of an index file, which has keys and a Bloom filter of them: another hash needs another
//! format version.

/// Odd multipliers with well spread bits: those of wyhash, of the golden ratio (Fibonacci hashing) and of
/// rrmxmx.
const SEED: u64 = 0xa076_1d64_78bd_642f;
const GOLDEN_RATIO: u64 = 0x9e37_79b9_7f4a_7c15;
const FINAL: u64 = 0xd6e8_feb8_6659_fd93;

/// The hash of a sequence of words. Different seeds give independent hashes.
pub(crate) fn hash_words(seed: u64, words: impl Iterator<Item = u64>) -> u64 {
    // The seed is spread first, so that no words can cancel the difference of two seeds.
    let mut h = seed.wrapping_mul(SEED);
    h ^= h >> 32;
    for word in words {
        h = (h ^ word).wrapping_mul(GOLDEN_RATIO);
        h ^= h >> 32;
    }
    h = h.wrapping_mul(FINAL);
    h ^ (h >> 29)
}

/// The hash of bytes. Their number is part of it: "a" and "a\0" differ. The seed is below 2^56.
pub(crate) fn hash_bytes(seed: u64, bytes: &[u8]) -> u64 {
    hash_words(seed << 8 | bytes.len() as u64, bytes.chunks(8).map(word))
}

/// The hash of one word: a multiplication, and its high half folded into the low half.
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

    #[test]
    fn hashes_are_those_of_index_files() {
        // Of format version 8: a change makes the keys of files written before unfindable.
        assert_eq!(hash_bytes(1, b"petrov"), 0x3d87_683c_ead4_eef5);
        assert_eq!(hash_words(0, [1, 2].into_iter()), 0xdee7_0e5f_2e83_bc59);
        assert_eq!(hash_word(1), 0x9e37_79b9_e17d_05ac);
    }

    #[test]
    fn words_hold_the_first_byte_lowest() {
        assert_eq!(word(b""), 0);
        assert_eq!(word(&[1, 2]), 0x0201);
        assert_eq!(word(&[1, 2, 3, 4, 5, 6, 7, 8]), 0x0807_0605_0403_0201);
    }

    #[test]
    fn seeds_give_independent_hashes() {
        let hashes: HashSet<u64> = (0..1000).map(|seed| hash_bytes(seed, b"petrov")).collect();
        assert_eq!(hashes.len(), 1000);
        // A Bloom filter takes bits 16 to 21, 22 and above, and the six highest ones.
        let distinct = |shift: u32| (0..64).map(|n| hash_word(n) >> shift & 63).collect::<HashSet<_>>().len();
        assert!(distinct(16) > 32 && distinct(22) > 32 && distinct(58) > 32);
    }
}
