//! What is known ahead of an index so small that finding neighbours costs less than sharing them, such as the index of
//! a change: what none of its tokens can be related to is told by a bit or two, and nothing is looked up for it.
//!
//! Nothing here decides. What may be related is related by [`relate`](crate::score::relation::relate) as for any other
//! index; what is ruled out shares no key, or no skeleton and no romanization, with any listed token.

use super::sounds::{Heard, Sounds};
use crate::index::{Tables, place};
use crate::name::{Skeleton, Tag, may_be_romanized, romanized};
use crate::score::keys::Listed;
use crate::score::relation::Joined;

/// Tokens of a small index.
pub(super) const FEW: usize = 4096;
/// Bits for each key that is filed.
const BITS_FOR_A_KEY: usize = 32;
/// Bits for skeletons and for the marks of keys.
const SKELETONS: usize = 1 << 16;

/// What a small index holds.
#[derive(Debug)]
pub(super) struct Few {
    /// A bit for each mark of a key, and one for each place that a key can have, set if one has it.
    marks: Box<[u64]>,
    keys: Box<[u64]>,
    /// Readings of tokens that are no joins, and their skeletons if joins can be related by them.
    readings: Box<[u64]>,
    skeletons: Box<[u64]>,
    /// What may be another romanization of a listed word; and of one that is no join.
    romanized: Box<[u64]>,
    romanized_tokens: Box<[u64]>,
    /// What words that are no joins sound like, and those that may be the first letters of a name.
    heard: Heard,
    acronyms: Box<[u64]>,
    listed: Listed,
    /// How many buckets the index has.
    buckets: usize,
}

impl Few {
    /// Of an index with no more than [`FEW`] tokens.
    pub(super) fn of(index: &Tables<'_>) -> Option<Few> {
        if index.tokens.len() > FEW {
            return None;
        }
        let mut few = Few {
            marks: vec![0; SKELETONS / 64].into(),
            keys: vec![0; (BITS_FOR_A_KEY * index.keys().count() / 64).next_power_of_two()].into(),
            readings: vec![0; SKELETONS / 64].into(),
            skeletons: vec![0; SKELETONS / 64].into(),
            romanized: vec![0; SKELETONS / 64].into(),
            romanized_tokens: vec![0; SKELETONS / 64].into(),
            heard: Heard::default(),
            acronyms: vec![0; SKELETONS / 64].into(),
            listed: Listed { abjad: false, kana: false, chinese: true },
            buckets: index.buckets(),
        };
        for place in index.keys() {
            set(&mut few.marks, place);
            set(&mut few.keys, spread(place));
        }
        for number in 0..index.tokens.len() as u32 {
            let (token, record) = (index.view(number), &index.tokens[number as usize]);
            few.listed.abjad |= token.tag == Tag::Abjad;
            few.listed.kana |= token.tag == Tag::Kana;
            if record.is_chinese() {
                set(&mut few.romanized, spread(romanized(token.latin)));
            }
            if record.is_join() {
                continue;
            }
            set(&mut few.readings, letters(token.latin));
            if token.skeleton.len() >= token.least_codes_of_joins() {
                set(&mut few.skeletons, codes(&token.skeleton));
            }
            if record.is_chinese() {
                set(&mut few.romanized_tokens, spread(romanized(token.latin)));
            }
            few.heard.note(&token, record.is_chinese());
            if token.may_be_acronym() {
                set(&mut few.acronyms, letters(token.latin));
            }
        }
        Some(few)
    }

    /// What keys of a token there are to look for.
    pub(super) fn listed(&self, latin: &[u8]) -> Listed {
        Listed { chinese: has_romanized(&self.romanized, latin), ..self.listed }
    }

    /// The same of a join.
    pub(super) fn listed_joined(&self, latin: &[u8]) -> Listed {
        Listed { chinese: has_romanized(&self.romanized_tokens, latin), ..self.listed }
    }

    /// False of a key that nothing is filed under.
    pub(super) fn may_hold(&self, key: u64) -> bool {
        // The lowest bits of a key are those of its place.
        has(&self.marks, key) && has(&self.keys, spread(place(key, self.buckets)))
    }

    /// False of the sounds of a join of so many letters that is related to no token.
    pub(super) fn may_sound(&self, join: Sounds, letters: usize) -> bool {
        self.heard.may_be(join, letters)
    }

    /// False of the first letters of a name that no token is.
    pub(super) fn may_be_acronym(&self, initials: &[u8]) -> bool {
        has(&self.acronyms, letters(initials))
    }

    /// False of a join that is related to no token.
    pub(super) fn may_join(&self, joined: &Joined<'_>) -> bool {
        if joined.acronym {
            return self.may_be_acronym(joined.latin);
        }
        joined.abjad
            || has(&self.readings, letters(joined.latin))
            || has(&self.skeletons, codes(&joined.skeleton))
            || has_romanized(&self.romanized_tokens, joined.latin)
    }
}

/// Letters as a number.
fn letters(latin: &[u8]) -> u64 {
    let words = latin.chunks(8).map(|chunk| chunk.iter().rev().fold(0, |word, b| word << 8 | u64::from(*b)));
    words.fold(latin.len() as u64, mixed) >> 32
}

fn mixed(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// False of a word that is no other romanization of a listed one.
fn has_romanized(listed: &[u64], latin: &[u8]) -> bool {
    has(listed, spread(romanized(latin))) && may_be_romanized(latin)
}

fn codes(skeleton: &Skeleton) -> u64 {
    let word = skeleton.word();
    mixed(mixed(0, word as u64), (word >> 64) as u64) >> 32
}

/// The bit of a number.
fn spread(number: u64) -> u64 {
    number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32
}

/// Sets the bit of a number; there are as many as a power of two.
pub(super) fn set(bits: &mut [u64], number: u64) {
    let at = number as usize & (64 * bits.len() - 1);
    bits[at / 64] |= 1 << (at % 64);
}

/// Whether the bit of a number is set.
pub(super) fn has(bits: &[u64], number: u64) -> bool {
    let at = number as usize & (64 * bits.len() - 1);
    bits[at / 64] >> (at % 64) & 1 == 1
}
