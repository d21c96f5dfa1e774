//! A phonetic code: the consonants of a word mapped to seven classes, runs collapsed, and how the word begins.
//!
//! It is a relative of Soundex, made so that it never separates what the relation brings together:
//!
//! - Digraphs stay within one class, and a stop before a sibilant is merged with it (ts, tch, dj), so that words with one
//!   consonant skeleton have one code.
//! - Both romanizations of a Chinese word have one code, but for an r that the other one writes j.
//! - Codes concatenate: the code of two words written together follows from theirs, so that a concatenation is tested
//!   without building its text.
//!
//! A small index holds the codes of its words in Bloom filters. Most query tokens fail them, and so do most runs of
//! tokens: theirs is the code of no beginning and no end of a listed word.

use crate::name::{Tag, Token, wade_giles};
use crate::score::align::is_syllable;
use crate::score::relation::TokenRef;
use crate::util::bloom::BloomFilter;
use crate::util::hash::hash_words;

/// The phonetic code of a word.
///
/// The lowest bits are the classes, three bits each, the first lowest; above them stand their number (5 bits) and the
/// onset (2 bits).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PhoneticCode(u64);

/// The most classes of a code. A code of so many may be cut, and is taken to match everything.
const MAX_CLASSES: u32 = 19;
const CLASS_MASK: u64 = (1 << (3 * MAX_CLASSES)) - 1;
const COUNT_SHIFT: u32 = 3 * MAX_CLASSES;
const ONSET_SHIFT: u32 = COUNT_SHIFT + 5;
/// Onsets: two letters by which skeletons begin differently, whatever follows them, have different ones. A word that
/// begins with no letter may have the skeleton of a word with any onset.
const ONSETS: u64 = 3;
const ANY_ONSET: u64 = 3;

/// The class of d and t, and that of sibilants and of letters that may be written for one.
const STOP: u64 = 6;
const SIBILANT: u64 = 7;

/// For each byte its class in the lowest three bits, 0 for none, and above it the onset of a word that begins with it.
/// h, v, w, y and the vowels have no class, for skeletons have no code of theirs, or not in all places.
static CLASSES: [u8; 256] = {
    let mut classes = [(ANY_ONSET as u8) << 3; 256];
    let mut letter = b'a';
    while letter <= b'z' {
        classes[letter as usize] = match letter {
            b'a' | b'e' | b'i' | b'o' | b'u' | b'y' => 1 << 3,
            b'h' | b'v' | b'w' => 2 << 3,
            b'l' => 1,
            b'm' => 2,
            b'n' => 3,
            b'r' => 4,
            b'b' | b'f' | b'p' => 5,
            b'd' | b't' => STOP as u8,
            _ => SIBILANT as u8,
        };
        letter += 1;
    }
    classes
};

impl PhoneticCode {
    /// The code of no word.
    pub(crate) const NONE: PhoneticCode = PhoneticCode(0);

    /// The code of a Latin reading.
    pub(crate) fn of(latin: &[u8]) -> PhoneticCode {
        let (mut classes, mut count, mut last) = (0, 0, 0);
        for b in latin {
            let class = u64::from(CLASSES[usize::from(*b)] & 7);
            let mut is_new = class != 0 && class != last && count < MAX_CLASSES;
            if is_new && last == STOP && class == SIBILANT {
                count -= 1;
                classes &= (1 << (3 * count)) - 1;
                is_new = count == 0 || classes >> (3 * count - 3) != SIBILANT;
                last = SIBILANT;
            }
            last = if is_new { class } else { last };
            classes |= if is_new { class << (3 * count) } else { 0 };
            count += u32::from(is_new);
        }
        let onset = latin.first().map_or(ANY_ONSET, |b| u64::from(CLASSES[usize::from(*b)] >> 3));
        PhoneticCode::new(classes, count, onset)
    }

    fn new(classes: u64, count: u32, onset: u64) -> PhoneticCode {
        PhoneticCode(classes | u64::from(count) << COUNT_SHIFT | onset << ONSET_SHIFT)
    }

    fn count(self) -> u32 {
        (self.0 >> COUNT_SHIFT) as u32 & 31
    }

    fn onset(self) -> u64 {
        self.0 >> ONSET_SHIFT
    }

    /// The last class; 0 if there is none.
    fn last_class(self) -> u64 {
        (self.0 & CLASS_MASK) >> (3 * self.count().max(1) - 3)
    }

    /// The first classes, as a number.
    fn prefix_classes(self, count: u32) -> u64 {
        self.0 & ((1 << (3 * count)) - 1)
    }

    /// The part that stays whatever is written behind the word: all classes but a stop at the end, which a sibilant
    /// would take in.
    fn stable_prefix(self) -> PhoneticCode {
        let count = if self.last_class() == STOP { self.count() - 1 } else { self.count() };
        PhoneticCode::new(self.prefix_classes(count), count, self.onset())
    }

    /// The code of this word and the next one written together.
    pub(crate) fn concat(self, next: PhoneticCode) -> PhoneticCode {
        let next_classes = next.0 & CLASS_MASK;
        let begins_with_sibilant = next_classes & 7 == SIBILANT;
        let first =
            if begins_with_sibilant && self.count() < MAX_CLASSES { self.stable_prefix() } else { self };
        let shared = u32::from(next_classes != 0 && first.last_class() == next_classes & 7);
        let count = (first.count() + next.count() - shared).min(MAX_CLASSES);
        let classes =
            (first.0 & CLASS_MASK | next_classes >> (3 * shared) << (3 * first.count())) & CLASS_MASK;
        PhoneticCode::new(classes, count, first.onset())
    }

    /// The last classes, as a code without an onset.
    fn suffix(self, count: u32) -> PhoneticCode {
        PhoneticCode::new((self.0 & CLASS_MASK) >> (3 * (self.count() - count)), count, 0)
    }

    /// The same code with another onset.
    fn with_onset(self, onset: u64) -> PhoneticCode {
        PhoneticCode(self.0 & ((1 << ONSET_SHIFT) - 1) | onset << ONSET_SHIFT)
    }

    /// The hash of the code; with the number of its letters for a word that only its letters relate to another.
    fn hash(self, letters: usize) -> u64 {
        hash_words(letters as u64, std::iter::once(self.0))
    }
}

/// What a token may be in a concatenation that matches: flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ConcatenationRole(pub(crate) u8);

impl ConcatenationRole {
    /// Every role.
    pub(crate) const ANY: ConcatenationRole = ConcatenationRole(31);

    /// Whether a word with this code may be the first, and the last, of a concatenation.
    fn new(may_start: bool, may_end: bool) -> ConcatenationRole {
        ConcatenationRole(u8::from(may_start) | u8::from(may_end) << 1)
    }

    /// The same with what the token itself says.
    pub(crate) fn with_token(self, token: &Token, latin: &str) -> ConcatenationRole {
        let flags = [token.tag == Tag::Abjad, latin.contains(' '), is_syllable(token)];
        flags.into_iter().zip(2..).fold(ConcatenationRole(self.0 & 3), |role, (flag, bit)| {
            ConcatenationRole(role.0 | u8::from(flag) << bit)
        })
    }

    /// It may be the first token.
    pub(crate) fn may_start(self) -> bool {
        self.0 & 1 != 0
    }

    /// It may be the last token.
    pub(crate) fn may_end(self) -> bool {
        self.0 & 2 != 0
    }

    /// It is a word of an abjad, which may match what has another code.
    pub(crate) fn is_abjad(self) -> bool {
        self.0 & 4 != 0
    }

    /// It consists of several words.
    pub(crate) fn is_phrase(self) -> bool {
        self.0 & 8 != 0
    }

    /// It is so short that three or four such tokens are tried together.
    pub(crate) fn is_syllable(self) -> bool {
        self.0 & 16 != 0
    }
}

/// Bits for each listed word in each filter.
const BITS_PER_WORD: usize = 64;
/// Codes of the longest skeleton: one of so many may be cut.
const MAX_SKELETON_CODES: usize = 15;

/// The phonetic codes of the listed words.
#[derive(Debug)]
pub(crate) struct PhoneticFilter {
    /// The codes of all tokens, concatenations included.
    tokens: BloomFilter<2>,
    /// The codes of single words.
    words: BloomFilter<2>,
    /// All prefixes and suffixes of the codes of single words.
    starts: BloomFilter,
    ends: BloomFilter,
    /// The codes of skeletons that may be cut: a word that begins with one may have any code behind it.
    truncated: Vec<PhoneticCode>,
    /// Whether the code of a single word may be cut.
    has_overlong_words: bool,
}

impl PhoneticFilter {
    /// An empty filter with room for so many tokens, of which so many are single words.
    pub(crate) fn new(tokens: usize, words: usize) -> PhoneticFilter {
        PhoneticFilter {
            tokens: BloomFilter::new(tokens, BITS_PER_WORD),
            words: BloomFilter::new(words, BITS_PER_WORD),
            starts: BloomFilter::new(words, BITS_PER_WORD),
            ends: BloomFilter::new(words, BITS_PER_WORD),
            truncated: Vec::new(),
            has_overlong_words: false,
        }
    }

    /// Inserts a listed token. Phrases count as concatenations: no concatenation of a query matches them.
    pub(crate) fn insert(&mut self, token: &TokenRef<'_>, is_chinese: bool, is_concatenation: bool) {
        let is_word = !is_concatenation && !token.latin.contains(&b' ');
        if token.skeleton.len() == MAX_SKELETON_CODES && is_word {
            let code = PhoneticCode::of(&token.skeleton.as_bytes().to_ascii_lowercase());
            self.truncated.push(code.stable_prefix());
        }
        // Without a skeleton that relates it to concatenations, a word matches by its letters alone.
        let by_skeleton = token.skeleton.len() >= token.min_concatenation_codes();
        let letters = if by_skeleton { 0 } else { token.latin.len() };
        self.insert_reading(token.latin, letters, false, is_word);
        token.for_each_respelling(|word, codes| {
            self.insert_reading(word, 0, false, is_word);
            if codes.len() == MAX_SKELETON_CODES && is_word {
                let code = PhoneticCode::of(&codes.as_bytes().to_ascii_lowercase());
                self.truncated.push(code.stable_prefix());
            }
        });
        if is_chinese {
            // Pinyin's r is j in Wade-Giles, and nothing else in either has another code.
            let pinyin: Vec<u8> = token.latin.iter().map(|b| if *b == b'j' { b'r' } else { *b }).collect();
            self.insert_reading(&pinyin, 0, true, is_word);
            if let Some(wade) = wade_giles(token.latin) {
                self.insert_reading(wade.as_bytes(), 0, true, is_word);
            }
        }
    }

    fn insert_reading(&mut self, latin: &[u8], letters: usize, any_onset: bool, is_word: bool) {
        let code = PhoneticCode::of(latin);
        let any_onset = any_onset || code.onset() == ANY_ONSET;
        self.has_overlong_words |= code.count() == MAX_CLASSES && is_word;
        for onset in (0..ONSETS).filter(|onset| any_onset || *onset == code.onset()) {
            let code = code.with_onset(onset);
            self.tokens.insert(code.hash(0));
            if !is_word {
                continue;
            }
            self.words.insert(code.hash(letters));
            for count in 0..=code.count() {
                let prefix = PhoneticCode::new(code.prefix_classes(count), count, onset);
                self.starts.insert(prefix.hash(0));
            }
        }
        for count in (0..=code.count()).filter(|_| is_word) {
            self.ends.insert(code.suffix(count).hash(0));
        }
    }

    /// Returns false if no listed word has the skeleton, the letters or another romanization of this one.
    pub(crate) fn may_match(&self, latin: &[u8], code: PhoneticCode) -> bool {
        // No letter but x has two skeleton codes. A word whose skeleton may be cut may match any code.
        let skeleton_codes = latin.len() + latin.iter().filter(|b| **b == b'x').count();
        skeleton_codes >= MAX_SKELETON_CODES
            || code.count() == MAX_CLASSES
            || any_onset(code, |code| self.tokens.may_contain(code.hash(0)))
    }

    /// Returns false if a concatenation with this code and so many letters matches no listed word.
    pub(crate) fn may_match_concatenation(&self, code: PhoneticCode, letters: usize) -> bool {
        let contains = |code: PhoneticCode| {
            self.words.may_contain(code.hash(0)) || self.words.may_contain(code.hash(letters))
        };
        let begins_with =
            |prefix: &PhoneticCode| code.prefix_classes(prefix.count()) == prefix.0 & CLASS_MASK;
        code.count() == MAX_CLASSES || self.truncated.iter().any(begins_with) || any_onset(code, contains)
    }

    /// What a word may be in a concatenation that [may match](PhoneticFilter::may_match_concatenation).
    pub(crate) fn role(&self, word: PhoneticCode) -> ConcatenationRole {
        if self.has_overlong_words || !self.truncated.is_empty() || word.count() == MAX_CLASSES {
            return ConcatenationRole::ANY;
        }
        let is_start = |code: PhoneticCode| self.starts.may_contain(code.hash(0));
        let may_end = self.ends.may_contain(word.suffix(word.count()).hash(0));
        ConcatenationRole::new(any_onset(word.stable_prefix(), is_start), may_end)
    }
}

/// Whether a code is contained; one with any onset, with any of the onsets.
fn any_onset(code: PhoneticCode, contains: impl Fn(PhoneticCode) -> bool) -> bool {
    match code.onset() {
        ANY_ONSET => (0..ONSETS).any(|onset| contains(code.with_onset(onset))),
        _ => contains(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::{has_respellings, skeleton};
    use crate::score::relation::{Concatenation, is_chinese, relate_concatenation};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn words_with_one_skeleton_have_one_code(a in "[lmnrstchkaeouyhwvxpd]{1,9}|[a-z0-9']{1,7}", b in "[a-z]{0,9}") {
            let code = PhoneticCode::of(a.as_bytes());
            let codes = skeleton(&a).as_bytes().to_ascii_lowercase();
            let expected = PhoneticCode::of(&codes);
            if codes.len() < MAX_SKELETON_CODES {
                prop_assert_eq!(code.prefix_classes(MAX_CLASSES), expected.prefix_classes(MAX_CLASSES));
                prop_assert_eq!(code.count(), expected.count());
                prop_assert!(code.onset() == ANY_ONSET || code.onset() == expected.onset(), "{}", a);
            }
            let both = code.concat(PhoneticCode::of(b.as_bytes()));
            prop_assert_eq!(both, PhoneticCode::of([a, b].concat().as_bytes()));
        }

        #[test]
        fn both_romanizations_pass(syllables in prop::collection::vec(0usize..12, 1..4)) {
            let known = ["zi", "re", "zhang", "xiong", "rui", "juan", "jue", "long", "er", "man", "ren", "guo"];
            let pinyin: String = syllables.iter().map(|s| known[*s]).collect();
            let wade = wade_giles(pinyin.as_bytes()).unwrap();
            let wade = std::str::from_utf8(wade.as_bytes()).unwrap();
            for (listed, queried) in [(wade, &*pinyin), (&*pinyin, wade)] {
                let mut filter = PhoneticFilter::new(64, 64);
                filter.insert(&token(listed), true, false);
                let code = PhoneticCode::of(queried.as_bytes());
                prop_assert!(filter.may_match_concatenation(code, queried.len()), "{} {}", listed, queried);
                prop_assert!(filter.may_match(queried.as_bytes(), code), "{} {}", listed, queried);
                for at in 1..queried.len() {
                    let [first, last] = [&queried[..at], &queried[at..]].map(|part| filter.role(PhoneticCode::of(part.as_bytes())));
                    prop_assert!(first.may_start() && last.may_end(), "{} {} {}", listed, queried, at);
                }
            }
        }

        /// A concatenation that matches is recognised by the codes of its words.
        #[test]
        fn matching_concatenations_pass(
            words in prop::collection::vec("[bdkhlmnprstvwyaeiou]{1,4}|[dtszcjhx]{1,3}|[a-z'7]{1,8}", 2..5),
            listed in "[bdkhlmnprstvwyaeiou]{1,9}",
            vowel in "[aeiouyhw]{0,2}",
            related in any::<bool>(),
        ) {
            let joined = words.concat();
            // A word of other vowels, or any.
            let listed = if related { joined.replace(['a', 'e', 'i'], &vowel) } else { listed };
            let whole = token(&listed);
            let mut filter = PhoneticFilter::new(64, 64);
            filter.insert(&whole, is_chinese(listed.as_bytes()), false);
            let codes: Vec<PhoneticCode> = words.iter().map(|word| PhoneticCode::of(word.as_bytes())).collect();
            let code = codes.iter().copied().reduce(PhoneticCode::concat).unwrap();
            if relate_concatenation(&Concatenation::of(&joined, false), &whole, None).is_some() {
                prop_assert!(filter.may_match_concatenation(code, joined.len()), "{} {}", joined, listed);
                let [first, last] = [codes[0], codes[codes.len() - 1]].map(|code| filter.role(code));
                prop_assert!(first.may_start() && last.may_end(), "{:?} {}", words, listed);
            }
        }
    }

    fn token(latin: &str) -> TokenRef<'_> {
        TokenRef {
            text: latin.as_bytes(),
            latin: latin.as_bytes(),
            tag: Tag::Name,
            weight: 1.0,
            groups: [0; 2],
            frequency: 0,
            skeleton: skeleton(latin),
            respelled: has_respellings(latin.as_bytes()),
        }
    }

    #[test]
    fn most_concatenations_fail() {
        let mut filter = PhoneticFilter::new(64, 64);
        let matches = |filter: &PhoneticFilter, words: &[&str]| {
            let code =
                words.iter().map(|word| PhoneticCode::of(word.as_bytes())).reduce(PhoneticCode::concat);
            filter.may_match_concatenation(code.unwrap(), words.concat().len())
        };
        filter.insert(&token("volkswagen"), false, false);
        let roles = |word: &str| {
            let role = filter.role(PhoneticCode::of(word.as_bytes()));
            (u8::from(role.may_start()), u8::from(role.may_end()))
        };
        assert_eq!(["volks", "wagen", "ks", "lk", "m"].map(roles), [(1, 0), (0, 1), (0, 0), (0, 0), (0, 0)]);
        // A stop may be merged with the sibilant behind it.
        assert_eq!(["volt", "volkt", "volkst"].map(roles), [(1, 0), (1, 0), (1, 0)]);
        assert!(matches(&filter, &["volt", "swagen"]));
        assert!(matches(&filter, &["volks", "wagen"]));
        assert!(matches(&filter, &["walk", "sugin"]));
        assert!(!matches(&filter, &["wagen", "volks"]));
        assert!(!matches(&filter, &["solks", "wagen"]));
        assert!(!matches(&filter, &[""]));
        // A word of few consonants matches by its letters alone.
        filter.insert(&token("lina"), false, false);
        assert!(matches(&filter, &["li", "na"]));
        assert!(!matches(&filter, &["lee", "na"]));
        // A skeleton that may be cut matches whatever begins with its codes.
        filter.insert(&token("bcdfbcdfbcdfbcdf"), false, false);
        assert!(matches(&filter, &["bcdfbcdfbc", "dfbcdfr"]));
        assert_eq!(filter.role(PhoneticCode::of(b"dfbcdfr")), ConcatenationRole::ANY);
        assert!(filter.may_match(b"bcdfbcdfbcdfbcdr", PhoneticCode::of(b"bcdfbcdfbcdfbcdr")));
        assert!(
            filter.may_match(b"lina", PhoneticCode::of(b"lina"))
                && !filter.may_match(b"nila", PhoneticCode::of(b"nila"))
        );
        assert!(!matches(&filter, &["bcdfbcdfbcr", "dfbcdf"]));
    }

    #[test]
    fn sounds_beyond_the_most_are_left_out() {
        let long = PhoneticCode::of("lm".repeat(40).as_bytes());
        assert_eq!((long.count(), long.concat(PhoneticCode::of(b"n"))), (MAX_CLASSES, long));
        let some = PhoneticCode::of("lm".repeat(9).as_bytes());
        assert_eq!(some.concat(PhoneticCode::of(b"lmlm")), long);
    }
}
