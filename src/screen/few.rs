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
    /// Two bits for each place that a key can have, set if one has it.
    keys: Box<[u64]>,
    /// The same of the skeletons of tokens.
    skeletons: Box<[u64]>,
    /// What may be another romanization of a listed word; and of one that is no join.
    romanized: Romanized,
    romanized_tokens: Romanized,
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
            romanized: Romanized::default(),
            romanized_tokens: Romanized::default(),
            listed: Listed { abjad: false, kana: false, chinese: true },
        };
        for place in index.keys() {
            spread(place).into_iter().for_each(|bit| set(&mut few.keys, bit));
        }
        for number in 0..index.tokens.len() as u32 {
            let (token, record) = (index.view(number), &index.tokens[number as usize]);
            few.listed.abjad |= token.tag == Tag::Abjad;
            few.listed.kana |= token.tag == Tag::Kana;
            set(&mut few.skeletons, hash(&token.skeleton));
            if record.is_chinese() {
                few.romanized.note(token.latin);
                if !record.is_join() {
                    few.romanized_tokens.note(token.latin);
                }
            }
        }
        Some(few)
    }

    /// What keys of a token there are to look for.
    pub(super) fn listed(&self, latin: &[u8]) -> Listed {
        Listed { chinese: self.romanized.may_hold(latin), ..self.listed }
    }

    /// False of a key that nothing is filed under.
    pub(super) fn may_hold(&self, index: &Tables<'_>, key: u64) -> bool {
        spread(index.place(key)).into_iter().all(|bit| has(&self.keys, bit))
    }

    /// False of a join that is related to no token.
    pub(super) fn may_join(&self, joined: &Joined<'_>) -> bool {
        joined.abjad
            || joined.acronym
            || has(&self.skeletons, hash(&joined.skeleton))
            || self.romanized_tokens.may_hold(joined.latin)
    }
}

/// For each first letter, the last letters of words that may be another romanization of a word noted.
#[derive(Debug, Default)]
struct Romanized {
    lasts: [u32; 26],
    noted: [u32; 26],
}

impl Romanized {
    /// Notes a word in Chinese syllables.
    fn note(&mut self, latin: &[u8]) {
        let Some((first, last)) = ends(latin).filter(|(first, last)| self.noted[*first] >> last & 1 == 0)
        else {
            return;
        };
        self.noted[first] |= 1 << last;
        let letters = |first: usize, last: usize| [first, last].map(|number| b'a' + number as u8);
        let own = letters(first, last);
        for (x, lasts) in self.lasts.iter_mut().enumerate() {
            for y in 0..26 {
                let other = letters(x, y);
                *lasts |= u32::from(may_be_romanized(own, other) || may_be_romanized(other, own)) << y;
            }
        }
    }

    fn may_hold(&self, latin: &[u8]) -> bool {
        ends(latin).is_some_and(|(first, last)| self.lasts[first] >> last & 1 == 1)
    }
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

/// The bits of a place.
fn spread(place: u64) -> [u64; 2] {
    let hash = place.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    [hash >> 40, hash >> 20]
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
