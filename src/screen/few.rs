//! What is known ahead of an index so small that finding neighbours costs less than sharing them, such as the index of
//! a change: what none of its tokens can be related to is told by a bit or two, and nothing is looked up for it.
//!
//! Nothing here decides. What may be related is related by [`relate`](crate::score::relation::relate) as for any other
//! index; what is ruled out shares no key, or no skeleton and no romanization, with any listed token.

use super::sounds::{Heard, Role, Sounds};
use crate::index::{Tables, place};
use crate::name::{Analysed, Tag, Token, may_be_romanized, romanized, skeleton};
use crate::score::keys::{Heads, Listed, query_keys, thinned};
use crate::score::relation::{Joined, LONGEST_COLLAPSED, View, collapsed};

/// Tokens of a small index.
pub(super) const FEW: usize = 4096;
/// Bits for each key that is filed.
const BITS_FOR_A_KEY: usize = 32;
/// Bits for the marks of keys.
const MARKS: usize = 1 << 16;
/// Bits for each word. No more: what is asked for every query should stay near.
const BITS_FOR_A_WORD: usize = 32;
/// The same for what a word has several of.
const BITS_FOR_MANY: usize = 256;

/// Where in a number that of a second bit begins.
const SECOND: u32 = 16;

/// What a small index holds. Words are its tokens that are no joins.
#[derive(Debug)]
pub(super) struct Few {
    /// A bit for each mark of a key, and one for each place that a key can have, set if one has it.
    marks: Box<[u64]>,
    keys: Box<[u64]>,
    /// Skeletons of all tokens, and of the words if joins can be related by them.
    skeletons: Box<[u64]>,
    skeletons_of_words: Box<[u64]>,
    /// The skeletons of words with a code left out, or none.
    thinned: Box<[u64]>,
    /// Readings of words.
    readings: Box<[u64]>,
    /// What may be another romanization of a token; and of a word.
    romanized: Box<[u64]>,
    romanized_words: Box<[u64]>,
    /// What tokens sound like, and the words that may be the first letters of a name.
    heard: Heard,
    acronyms: Box<[u64]>,
    /// How words begin.
    heads: Heads,
    listed: Listed,
    /// Whether what words of Latin letters are related to is told by their letters and sounds, and that of words in Han
    /// characters too.
    is_spelled: bool,
    is_alphabetic: bool,
    /// How many buckets the index has.
    buckets: usize,
}

/// Bits for so many things.
pub(super) fn bits(things: usize, for_each: usize) -> Box<[u64]> {
    vec![0; (for_each * things / 64).next_power_of_two()].into()
}

impl Few {
    /// Of an index with no more than [`FEW`] tokens.
    pub(super) fn of(index: &Tables<'_>) -> Option<Few> {
        if index.tokens.len() > FEW {
            return None;
        }
        let tokens = index.tokens.len();
        let is_word = |number: &u32| !index.tokens[*number as usize].is_join();
        let words = (0..tokens as u32).filter(is_word);
        let count = words.clone().count();
        let of_words = || bits(count, BITS_FOR_A_WORD);
        let mut few = Few {
            marks: bits(MARKS, 1),
            keys: bits(index.keys().count(), BITS_FOR_A_KEY),
            skeletons: bits(tokens, BITS_FOR_A_WORD),
            skeletons_of_words: of_words(),
            thinned: bits(count, BITS_FOR_MANY),
            readings: of_words(),
            romanized: bits(tokens, BITS_FOR_A_WORD),
            romanized_words: of_words(),
            heard: Heard::new(tokens, count),
            acronyms: of_words(),
            heads: Heads::of(words.map(|number| index.view(number).latin)),
            listed: Listed { abjad: false, kana: false, ..Listed::ALL },
            is_spelled: true,
            is_alphabetic: true,
            buckets: index.buckets(),
        };
        for place in index.keys() {
            set(&mut few.marks, place);
            set(&mut few.keys, spread(place));
        }
        for number in 0..tokens as u32 {
            let (token, record) = (index.view(number), &index.tokens[number as usize]);
            few.listed.abjad |= token.tag == Tag::Abjad;
            few.listed.kana |= token.tag == Tag::Kana;
            few.is_spelled &= !matches!(token.tag, Tag::Abjad | Tag::Kana | Tag::Hangul);
            few.is_alphabetic &= token.tag.is_alphabetic();
            few.heard.note(&token, record.is_chinese(), record.is_join());
            set(&mut few.skeletons, codes(token.skeleton.word()));
            if record.is_chinese() {
                set(&mut few.romanized, spread(romanized(token.latin)));
            }
            if record.is_join() {
                continue;
            }
            set(&mut few.readings, letters(token.latin));
            if token.skeleton.len() >= token.least_codes_of_joins() {
                set(&mut few.skeletons_of_words, codes(token.skeleton.word()));
            }
            thinned(&token.skeleton, |_, word| {
                set(&mut few.thinned, codes(word));
                set(&mut few.thinned, codes(word) >> SECOND);
            });
            if record.is_chinese() {
                set(&mut few.romanized_words, spread(romanized(token.latin)));
            }
            if token.may_be_acronym() {
                set(&mut few.acronyms, letters(token.latin));
            }
        }
        Some(few)
    }

    /// Adds the keys under which a token may be filed; `None` if there is none: most tokens are related to nothing, and
    /// what they sound like and how they begin tells it sooner than their keys.
    pub(super) fn keys<'n>(
        &self,
        name: &'n Analysed,
        token: &Token,
        sounds: Sounds,
        keys: &mut Vec<u64>,
    ) -> Option<View<'n>> {
        let text = name.latin(token);
        let latin = text.as_bytes();
        let mut listed = self.listed;
        let is_told = match token.tag {
            Tag::Han => self.is_alphabetic,
            tag => self.is_spelled && tag.is_alphabetic() && name.text(token) == text,
        };
        if is_told {
            self.heads.keys(latin, |key| keys.push(key));
            listed.near = false;
            // What is related by more than few edits sounds the same, and has one skeleton, is romanized otherwise, or
            // is a letter or two.
            listed.alike = self.heard.has(latin, sounds);
            if listed.alike {
                listed.chinese = has_romanized(&self.romanized, latin);
                let is_short = latin.len() <= LONGEST_COLLAPSED && collapsed(latin).nth(2).is_none();
                listed.alike =
                    listed.chinese || is_short || has(&self.skeletons, codes(skeleton(text).word()));
            }
            if keys.is_empty() && !listed.alike && token.groups == [0; 2] {
                return None;
            }
        } else {
            listed.chinese = has_romanized(&self.romanized, latin);
        }
        let view = View::new(name, token);
        query_keys(&view, listed, |key| keys.push(key));
        keys.retain(|key| self.may_hold(*key));
        (!keys.is_empty()).then_some(view)
    }

    /// Whether a token may be another romanization of one.
    pub(super) fn may_be_chinese(&self, latin: &[u8]) -> bool {
        has_romanized(&self.romanized, latin)
    }

    /// What keys of a join there are to look for.
    pub(super) fn listed_joined(&self, latin: &[u8]) -> Listed {
        Listed { chinese: has_romanized(&self.romanized_words, latin), ..self.listed }
    }

    /// False of a key that nothing is filed under.
    fn may_hold(&self, key: u64) -> bool {
        // The lowest bits of a key are those of its place.
        has(&self.marks, key) && has(&self.keys, spread(place(key, self.buckets)))
    }

    /// False of the sounds of a join of so many letters that is related to no token.
    pub(super) fn may_sound(&self, join: Sounds, letters: usize) -> bool {
        self.heard.may_be(join, letters)
    }

    /// Where in a join that is related to a token a word may stand.
    pub(super) fn role(&self, word: Sounds) -> Role {
        self.heard.role(word)
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
        if has(&self.readings, letters(joined.latin)) || has_romanized(&self.romanized_words, joined.latin) {
            return true;
        }
        if !joined.abjad {
            return has(&self.skeletons_of_words, codes(joined.skeleton.word()));
        }
        let mut may = false;
        thinned(&joined.skeleton, |_, word| {
            let codes = codes(word);
            may |= has(&self.thinned, codes) & has(&self.thinned, codes >> SECOND);
        });
        may
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

/// The codes of a skeleton as a number.
fn codes(word: u128) -> u64 {
    mixed(mixed(0, word as u64), (word >> 64) as u64) >> 24
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
