//! What is known ahead of an index so small that finding neighbours costs less than sharing them, such as the index of
//! a change: what none of its tokens can be related to is told by a bit or two, and nothing is looked up for it.
//!
//! Nothing here decides. What may be related is related by [`relate`](crate::score::relation::relate) as for any other
//! index; what is ruled out shares no key, or no skeleton and no romanization, with any listed token.

use crate::index::Tables;
use crate::name::{Skeleton, Tag};
use crate::score::keys::Listed;
use crate::score::relation::{Joined, may_be_romanized};
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// Tokens of a small index.
pub(super) const FEW: usize = 4096;
/// Bits for each key that is filed.
const BITS_FOR_A_KEY: usize = 32;
/// Bits for skeletons.
const SKELETONS: usize = 1 << 16;

/// What a small index holds.
#[derive(Debug)]
pub(super) struct Few {
    /// One bit for each place that a key can have, set if one has it.
    keys: Box<[u64]>,
    /// The same of the skeletons of tokens.
    skeletons: Box<[u64]>,
    /// For each first letter the last letters of words that may be another romanization of a listed one.
    romanized: [u32; 26],
    listed: Listed,
}

impl Few {
    /// Of an index with no more than [`FEW`] tokens.
    pub(super) fn of(index: &Tables<'_>) -> Option<Few> {
        if index.tokens.len() > FEW {
            return None;
        }
        let mut few = Few {
            keys: vec![0; (BITS_FOR_A_KEY * index.keys().count() / 64).next_power_of_two()].into(),
            skeletons: vec![0; SKELETONS / 64].into(),
            romanized: [0; 26],
            listed: Listed { abjad: false, kana: false, chinese: true },
        };
        index.keys().for_each(|key| set(&mut few.keys, spread(key)));
        // First and last letters of words in Chinese syllables.
        let mut chinese = [0u32; 26];
        for number in 0..index.tokens.len() as u32 {
            let (token, record) = (index.view(number), &index.tokens[number as usize]);
            few.listed.abjad |= token.tag == Tag::Abjad;
            few.listed.kana |= token.tag == Tag::Kana;
            set(&mut few.skeletons, hash(&token.skeleton));
            if let (true, Some((first, last))) = (record.is_chinese(), ends(token.latin)) {
                chinese[first] |= 1 << last;
            }
        }
        for (first, lasts) in chinese.iter().enumerate() {
            for last in (0..26).filter(|last| lasts >> last & 1 == 1) {
                few.add_romanized(letter(first), letter(last));
            }
        }
        Some(few)
    }

    /// Adds the ends of words that may be another romanization of one with these ends.
    fn add_romanized(&mut self, first: u8, last: u8) {
        for (x, lasts) in self.romanized.iter_mut().enumerate() {
            for y in 0..26 {
                let (own, other) = ([first, last], [letter(x), letter(y)]);
                *lasts |= u32::from(may_be_romanized(own, other) || may_be_romanized(other, own)) << y;
            }
        }
    }

    /// What keys of a token there are to look for.
    pub(super) fn listed(&self, latin: &[u8]) -> Listed {
        Listed { chinese: self.is_romanized(latin), ..self.listed }
    }

    /// False of a key that nothing is filed under.
    pub(super) fn may_hold(&self, index: &Tables<'_>, key: u64) -> bool {
        has(&self.keys, spread(index.place(key)))
    }

    /// False of a join that is related to no token.
    pub(super) fn may_join(&self, joined: &Joined<'_>) -> bool {
        joined.abjad
            || joined.acronym
            || has(&self.skeletons, hash(&joined.skeleton))
            || self.is_romanized(joined.latin)
    }

    fn is_romanized(&self, latin: &[u8]) -> bool {
        ends(latin).is_some_and(|(first, last)| self.romanized[first] >> last & 1 == 1)
    }
}

/// The letter with a number from 0 on.
fn letter(number: usize) -> u8 {
    b'a' + number as u8
}

/// The numbers of a word's first and last letter; `None` if one is no letter.
fn ends(latin: &[u8]) -> Option<(usize, usize)> {
    let number = |b: &u8| b.is_ascii_lowercase().then(|| usize::from(b - b'a'));
    Some((number(latin.first()?)?, number(latin.last()?)?))
}

fn hash(skeleton: &Skeleton) -> u64 {
    let mut hasher = FxHasher::default();
    skeleton.hash(&mut hasher);
    hasher.finish() >> 32
}

/// Neighbouring places far apart.
fn spread(place: u64) -> u64 {
    place.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32
}

/// Sets the bit of a number; there are as many as a power of two.
fn set(bits: &mut [u64], number: u64) {
    let at = number as usize & (64 * bits.len() - 1);
    bits[at / 64] |= 1 << (at % 64);
}

fn has(bits: &[u64], number: u64) -> bool {
    let at = number as usize & (64 * bits.len() - 1);
    bits[at / 64] >> (at % 64) & 1 == 1
}
