//! Kinds of keys, and how a key is hashed.

use crate::util::hash::{hash_bytes, hash_words, word};

/// A kind of key; keys of different kinds never meet. Index files hold keys, so that numbers stay as they
/// are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum KeyKind {
    /// The prefix of a reading with letters left out.
    Deletion = 1,
    /// A consonant skeleton.
    Skeleton,
    /// The skeleton of an abjad token.
    Abjad,
    /// The script skeleton of an abjad token.
    AbjadScript,
    /// The script skeleton of any other token, as an abjad would have it.
    LatinAsAbjad,
    /// The script skeleton of a word in Kana.
    KanaScript,
    /// The script skeleton of any other token, as Kana would have it.
    LatinAsKana,
    /// The initial letters of a name.
    Acronym,
    /// A word that may be an acronym.
    Short,
    /// A word in which spellings of one sound are one.
    FoldedDigraphs,
    /// A Wade-Giles spelling.
    WadeGiles,
    /// A Wade-Giles spelling of a concatenation.
    WadeGilesConcatenation,
    /// A skeleton with one code left out.
    SkeletonDeletion,
    /// The same, of an abjad token.
    AbjadSkeletonDeletion,
    /// A group of equivalent words.
    Group,
    /// A usual spelling of a Hangul syllable.
    Spelling,
    /// Han text with one character left out.
    Han,
    /// A word of one or two letters, doubled ones once.
    DedupLetters,
    /// A whole reading.
    Whole,
    /// The reading of a concatenation.
    Concatenation,
    /// The skeleton of a concatenation.
    ConcatenationSkeleton,
    /// The skeleton of a concatenation with abjad tokens, with one code left out.
    ConcatenationSkeletonDeletion,
    /// A text in another script: a Chinese character is read one way in a surname and another way elsewhere.
    Text,
    /// The classes of a Latin word's consonants.
    LatinConsonants,
    /// The same of a concatenation.
    ConcatenationConsonants,
    /// The classes of consonants in a probable Latin spelling of a word in another script.
    ScriptConsonants,
}

/// The key of some bytes.
pub(super) fn key(kind: KeyKind, bytes: &[u8]) -> u64 {
    hash_bytes(kind as u64, bytes)
}

/// The key of `len` bytes that are in words already.
pub(super) fn word_key(kind: KeyKind, len: usize, words: impl Iterator<Item = u64>) -> u64 {
    hash_words((kind as u64) << 8 | len as u64, words)
}

/// Bytes with the first sixteen of them as two words, for keys of several kinds.
pub(super) struct Packed<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) words: [u64; 2],
}

impl<'a> Packed<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        let (head, rest) = bytes.split_at(bytes.len().min(8));
        Packed { bytes, words: [word(head), word(&rest[..rest.len().min(8)])] }
    }

    /// The [key] of all of them.
    pub(super) fn key(&self, kind: KeyKind) -> u64 {
        match self.bytes.len() {
            len @ 1..=8 => word_key(kind, len, std::iter::once(self.words[0])),
            len @ 9..=16 => word_key(kind, len, self.words.into_iter()),
            _ => key(kind, self.bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn packed_bytes_have_the_key_of_the_bytes(bytes in prop::collection::vec(any::<u8>(), 1..40)) {
            prop_assert_eq!(Packed::of(&bytes).key(KeyKind::Whole), key(KeyKind::Whole, &bytes));
        }
    }
}
