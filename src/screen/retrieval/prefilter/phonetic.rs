//! The sounds of words: their consonants in seven classes, which what is written for one sound in several letters does
//! not leave, but for a d or t before a hiss. Words with one skeleton have the same sounds in the same order, and so
//! have both romanizations of a Chinese word but for its r, which is the other's j. Of a join they are told by those of
//! its words, long before it is written together; and most words sound like no beginning and no end of a listed one.

use crate::name::{Tag, Token, wade_giles};
use crate::score::align::is_syllable;
use crate::score::relation::TokenRef;
use crate::util::bloom::BloomFilter;
use crate::util::hash::hash_words;

/// The sounds of a word in their order, each run of one once, and how it begins.
///
/// Of a word of the machine the lowest bits are the classes, three bits each, the first lowest; above them stand their
/// number and the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PhoneticCode(u64);

/// As many as are told, and their bits. What has so many may have more, and is taken for all that has.
const MAX_CLASSES: u32 = 19;
const CLASS_MASK: u64 = (1 << (3 * MAX_CLASSES)) - 1;
/// Where their number and the beginning stand.
const COUNT_SHIFT: u32 = 3 * MAX_CLASSES;
const ONSET_SHIFT: u32 = COUNT_SHIFT + 5;
/// Beginnings: two letters by which skeletons begin differently, whatever follows them, begin differently here. What
/// begins with no letter may have the skeleton of what begins in any way.
const ONSETS: u64 = 3;
const ANY_ONSET: u64 = 3;

/// The classes of d and t, and of what hisses or may be written with the letter of what does. A stop with a hiss
/// behind it, as in ts, tch and dj, is the one code of a hiss, so that no stop is told before one.
const STOP: u64 = 6;
const SIBILANT: u64 = 7;

/// For each byte its class in the lowest three bits, 0 for none, and above it the beginning of a word that begins with
/// it. Of h, v, w and y, and of the vowels, skeletons have no code, or not in all places.
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
    /// Those of nothing.
    pub(crate) const NONE: PhoneticCode = PhoneticCode(0);

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

    /// The last of them; 0 of none.
    fn last_class(self) -> u64 {
        (self.0 & CLASS_MASK) >> (3 * self.count().max(1) - 3)
    }

    /// Those that stay whatever follows: all but a stop at the end.
    fn stable_prefix(self) -> PhoneticCode {
        let stable_prefix = if self.last_class() == STOP { self.count() - 1 } else { self.count() };
        PhoneticCode::new(self.prefix_classes(stable_prefix), stable_prefix, self.onset())
    }

    /// Those of two words written together.
    pub(crate) fn concat(self, next: PhoneticCode) -> PhoneticCode {
        let classes = next.0 & CLASS_MASK;
        let own =
            if classes & 7 == SIBILANT && self.count() < MAX_CLASSES { self.stable_prefix() } else { self };
        let once = u32::from(classes != 0 && own.last_class() == classes & 7);
        let count = (own.count() + next.count() - once).min(MAX_CLASSES);
        let all = (own.0 & CLASS_MASK | classes >> (3 * once) << (3 * own.count())) & CLASS_MASK;
        PhoneticCode::new(all, count, own.onset())
    }

    /// The classes of the first of them.
    fn prefix_classes(self, count: u32) -> u64 {
        self.0 & ((1 << (3 * count)) - 1)
    }

    fn onset(self) -> u64 {
        self.0 >> ONSET_SHIFT
    }

    /// The classes of the last of them, as a word has them that begins in no way.
    fn suffix(self, count: u32) -> PhoneticCode {
        PhoneticCode::new((self.0 & CLASS_MASK) >> (3 * (self.count() - count)), count, 0)
    }

    /// The same of a word that begins otherwise.
    fn with_onset(self, onset: u64) -> PhoneticCode {
        PhoneticCode(self.0 & ((1 << ONSET_SHIFT) - 1) | onset << ONSET_SHIFT)
    }

    /// Its hash; of a word that is related by its letters alone, with how many it has.
    fn hash(self, letters: usize) -> u64 {
        hash_words(letters as u64, std::iter::once(self.0))
    }
}

/// What a word may be in a join that is related to something: bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ConcatenationRole(pub(crate) u8);

impl ConcatenationRole {
    /// Anything.
    pub(crate) const ANY: ConcatenationRole = ConcatenationRole(31);

    /// Of a word that begins joins and ends them, as it sounds.
    fn new(may_start: bool, ends: bool) -> ConcatenationRole {
        ConcatenationRole(u8::from(may_start) | u8::from(ends) << 1)
    }

    /// The same, of this token.
    pub(crate) fn of(self, token: &Token, latin: &str) -> ConcatenationRole {
        let is = [token.tag == Tag::Abjad, latin.contains(' '), is_syllable(token)];
        is.into_iter().zip(2..).fold(ConcatenationRole(self.0 & 3), |role, (is, bit)| {
            ConcatenationRole(role.0 | u8::from(is) << bit)
        })
    }

    /// 1 if it may begin one.
    pub(crate) fn may_start(self) -> u64 {
        u64::from(self.0 & 1)
    }

    /// 1 if it may end one.
    pub(crate) fn may_end(self) -> u64 {
        u64::from(self.0 >> 1 & 1)
    }

    /// 1 of a word of a script that writes consonants, which may be related to what sounds otherwise.
    pub(crate) fn is_abjad(self) -> u64 {
        u64::from(self.0 >> 2 & 1)
    }

    /// 1 of several words.
    pub(crate) fn is_phrase(self) -> u64 {
        u64::from(self.0 >> 3 & 1)
    }

    /// 1 of a word so short that three or four such are tried as one.
    pub(crate) fn is_syllable(self) -> u64 {
        u64::from(self.0 >> 4)
    }
}

/// Bits for the sounds of a listed word, for its beginnings and for its ends.
const BITS_PER_WORD: usize = 64;
/// Codes of a skeleton that may have lost more.
const MAX_SKELETON_CODES: usize = 15;

/// The sounds of listed words.
#[derive(Debug)]
pub(crate) struct PhoneticFilter {
    /// Of all, joins too.
    words: BloomFilter<2>,
    /// Of those that are no joins.
    single_words: BloomFilter<2>,
    /// How they begin and end.
    starts: BloomFilter,
    ends: BloomFilter,
    /// What skeletons sound like that may have lost their ends: what has them too may sound otherwise behind.
    truncated: Vec<PhoneticCode>,
    /// Whether one of these words has more sounds than are told.
    has_overlong_words: bool,
}

impl PhoneticFilter {
    /// Of so many tokens, of which so many are no joins, none noted yet.
    pub(crate) fn new(tokens: usize, words: usize) -> PhoneticFilter {
        PhoneticFilter {
            words: BloomFilter::new(tokens, BITS_PER_WORD),
            single_words: BloomFilter::new(words, BITS_PER_WORD),
            starts: BloomFilter::new(words, BITS_PER_WORD),
            ends: BloomFilter::new(words, BITS_PER_WORD),
            truncated: Vec::new(),
            has_overlong_words: false,
        }
    }

    /// Notes a listed word. Phrases are no join's.
    pub(crate) fn insert(&mut self, word: &TokenRef<'_>, is_chinese: bool, is_concatenation: bool) {
        let is_concatenation = is_concatenation || word.latin.contains(&b' ');
        if word.skeleton.len() == MAX_SKELETON_CODES && !is_concatenation {
            self.truncated
                .push(PhoneticCode::of(&word.skeleton.as_bytes().to_ascii_lowercase()).stable_prefix());
        }
        let mut insert = |latin: &[u8], letters: usize, any: bool| {
            let sounds = PhoneticCode::of(latin);
            let any = any || sounds.onset() == ANY_ONSET;
            self.has_overlong_words |= sounds.count() == MAX_CLASSES && !is_concatenation;
            for onset in (0..ONSETS).filter(|b| any || *b == sounds.onset()) {
                let own = sounds.with_onset(onset);
                self.words.insert(own.hash(0));
                if is_concatenation {
                    continue;
                }
                self.single_words.insert(own.hash(letters));
                for count in 0..=sounds.count() {
                    let first = PhoneticCode::new(sounds.prefix_classes(count), count, onset);
                    self.starts.insert(first.hash(0));
                }
            }
            for count in (0..=sounds.count()).filter(|_| !is_concatenation) {
                self.ends.insert(sounds.suffix(count).hash(0));
            }
        };
        // Where no other spelling is related, its letters count.
        let is_spelled = word.skeleton.len() >= word.min_concatenation_codes();
        insert(word.latin, if is_spelled { 0 } else { word.latin.len() }, false);
        if is_chinese {
            // What pinyin writes r is j in Wade-Giles, and nothing else of either sounds otherwise.
            let pinyin: Vec<u8> = word.latin.iter().map(|b| if *b == b'j' { b'r' } else { *b }).collect();
            insert(&pinyin, 0, true);
            if let Some((wade, len, _)) = wade_giles(word.latin) {
                insert(&wade[..len], 0, true);
            }
        }
    }

    /// False of the sounds of a join of so many letters that is related to no word.
    pub(crate) fn may_contain_concatenation(&self, join: PhoneticCode, letters: usize) -> bool {
        let contains = |join: PhoneticCode| {
            self.single_words.may_contain(join.hash(0)) || self.single_words.may_contain(join.hash(letters))
        };
        join.count() == MAX_CLASSES
            || self
                .truncated
                .iter()
                .any(|truncated| join.prefix_classes(truncated.count()) == truncated.0 & CLASS_MASK)
            || any_onset(join, contains)
    }

    /// False of a word that has the skeleton, the letters or another romanization of none.
    pub(crate) fn may_contain(&self, latin: &[u8], sounds: PhoneticCode) -> bool {
        // No letter but x has two codes. What may have lost some is not told by its sounds.
        let codes = latin.len() + latin.iter().filter(|b| **b == b'x').count();
        codes >= MAX_SKELETON_CODES
            || sounds.count() == MAX_CLASSES
            || any_onset(sounds, |sounds| self.words.may_contain(sounds.hash(0)))
    }

    /// Where in a join that [may be](Heard::may_be) one of the words a word may stand.
    pub(crate) fn role(&self, word: PhoneticCode) -> ConcatenationRole {
        if self.has_overlong_words || !self.truncated.is_empty() || word.count() == MAX_CLASSES {
            return ConcatenationRole::ANY;
        }
        let may_start = |word: PhoneticCode| self.starts.may_contain(word.hash(0));
        let ends = self.ends.may_contain(word.suffix(word.count()).hash(0));
        ConcatenationRole::new(any_onset(word.stable_prefix(), may_start), ends)
    }
}

/// Whether a word with these sounds is `contains`; of one that may begin in any way, in any of them.
fn any_onset(word: PhoneticCode, contains: impl Fn(PhoneticCode) -> bool) -> bool {
    match word.onset() {
        ANY_ONSET => (0..ONSETS).any(|onset| contains(word.with_onset(onset))),
        _ => contains(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::skeleton;
    use crate::score::relation::{Concatenation, is_chinese, relate_concatenation};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn words_with_one_skeleton_sound_alike(a in "[lmnrstchkaeouyhwvxpd]{1,9}|[a-z0-9']{1,7}", b in "[a-z]{0,9}") {
            let sounds = PhoneticCode::of(a.as_bytes());
            let codes = skeleton(&a).as_bytes().to_ascii_lowercase();
            let own = PhoneticCode::of(&codes);
            if codes.len() < MAX_SKELETON_CODES {
                prop_assert_eq!(sounds.prefix_classes(MAX_CLASSES), own.prefix_classes(MAX_CLASSES));
                prop_assert_eq!(sounds.count(), own.count());
                prop_assert!(sounds.onset() == ANY_ONSET || sounds.onset() == own.onset(), "{}", a);
            }
            let both = sounds.concat(PhoneticCode::of(b.as_bytes()));
            prop_assert_eq!(both, PhoneticCode::of([a, b].concat().as_bytes()));
        }

        #[test]
        fn both_romanizations_are_heard(syllables in prop::collection::vec(0usize..12, 1..4)) {
            let known = ["zi", "re", "zhang", "xiong", "rui", "juan", "jue", "long", "er", "man", "ren", "guo"];
            let pinyin: String = syllables.iter().map(|s| known[*s]).collect();
            let (wade, len, _) = wade_giles(pinyin.as_bytes()).unwrap();
            let wade = std::str::from_utf8(&wade[..len]).unwrap();
            for (listed, asked) in [(wade, &*pinyin), (&*pinyin, wade)] {
                let mut contains = PhoneticFilter::new(64, 64);
                contains.insert(&view(listed), true, false);
                let sounds = PhoneticCode::of(asked.as_bytes());
                prop_assert!(contains.may_contain_concatenation(sounds, asked.len()), "{} {}", listed, asked);
                prop_assert!(contains.may_contain(asked.as_bytes(), sounds), "{} {}", listed, asked);
                for at in 1..asked.len() {
                    let [first, last] = [&asked[..at], &asked[at..]].map(|part| contains.role(PhoneticCode::of(part.as_bytes())));
                    prop_assert!(first.may_start() == 1 && last.may_end() == 1, "{} {} {}", listed, asked, at);
                }
            }
        }

        /// What is related to a join is heard in its words.
        #[test]
        fn related_joins_are_heard(
            words in prop::collection::vec("[bdkhlmnprstvwyaeiou]{1,4}|[dtszcjhx]{1,3}|[a-z'7]{1,8}", 2..5),
            listed in "[bdkhlmnprstvwyaeiou]{1,9}",
            vowel in "[aeiouyhw]{0,2}",
            own in any::<bool>(),
        ) {
            let join = words.concat();
            // A word of other vowels, or any.
            let listed = if own { join.replace(['a', 'e', 'i'], &vowel) } else { listed };
            for tag in [crate::name::Tag::Name, crate::name::Tag::Abjad] {
                let whole = TokenRef { tag, ..view(&listed) };
                let mut contains = PhoneticFilter::new(64, 64);
                contains.insert(&whole, is_chinese(listed.as_bytes()), false);
                let own: Vec<PhoneticCode> = words.iter().map(|word| PhoneticCode::of(word.as_bytes())).collect();
                let sounds = own.iter().copied().reduce(PhoneticCode::concat).unwrap();
                if relate_concatenation(&Concatenation::of(&join, false), &whole).is_some() {
                    prop_assert!(contains.may_contain_concatenation(sounds, join.len()), "{} {}", join, listed);
                    let [first, last] = [own[0], own[own.len() - 1]].map(|sounds| contains.role(sounds));
                    prop_assert!(first.may_start() == 1 && last.may_end() == 1, "{:?} {}", words, listed);
                }
            }
        }
    }

    fn view(latin: &str) -> TokenRef<'_> {
        TokenRef {
            text: latin.as_bytes(),
            latin: latin.as_bytes(),
            tag: crate::name::Tag::Name,
            weight: 1.0,
            groups: [0; 2],
            frequency: 0,
            skeleton: skeleton(latin),
        }
    }

    #[test]
    fn most_joins_sound_like_nothing() {
        let mut contains = PhoneticFilter::new(64, 64);
        let hears = |contains: &PhoneticFilter, words: &[&str]| {
            let sounds =
                words.iter().map(|word| PhoneticCode::of(word.as_bytes())).reduce(PhoneticCode::concat);
            contains.may_contain_concatenation(sounds.unwrap(), words.concat().len())
        };
        contains.insert(&view("volkswagen"), false, false);
        let roles = |word: &str| {
            let role = contains.role(PhoneticCode::of(word.as_bytes()));
            (role.may_start(), role.may_end())
        };
        assert_eq!(["volks", "wagen", "ks", "lk", "m"].map(roles), [(1, 0), (0, 1), (0, 0), (0, 0), (0, 0)]);
        // A stop may be swallowed by what follows.
        assert_eq!(["volt", "volkt", "volkst"].map(roles), [(1, 0), (1, 0), (1, 0)]);
        assert!(hears(&contains, &["volt", "swagen"]));
        assert!(hears(&contains, &["volks", "wagen"]));
        assert!(hears(&contains, &["walk", "sugin"]));
        assert!(!hears(&contains, &["wagen", "volks"]));
        assert!(!hears(&contains, &["solks", "wagen"]));
        assert!(!hears(&contains, &[""]));
        // Of few consonants only the same letters are related.
        contains.insert(&view("lina"), false, false);
        assert!(hears(&contains, &["li", "na"]));
        assert!(!hears(&contains, &["lee", "na"]));
        // The first fifteen codes are those of what begins so and ends otherwise.
        contains.insert(&view("bcdfbcdfbcdfbcdf"), false, false);
        assert!(hears(&contains, &["bcdfbcdfbc", "dfbcdfr"]));
        assert_eq!(contains.role(PhoneticCode::of(b"dfbcdfr")), ConcatenationRole::ANY);
        assert!(contains.may_contain(b"bcdfbcdfbcdfbcdr", PhoneticCode::of(b"bcdfbcdfbcdfbcdr")));
        assert!(
            contains.may_contain(b"lina", PhoneticCode::of(b"lina"))
                && !contains.may_contain(b"nila", PhoneticCode::of(b"nila"))
        );
        assert!(!hears(&contains, &["bcdfbcdfbcr", "dfbcdf"]));
    }

    #[test]
    fn sounds_beyond_the_most_are_left_out() {
        let long = PhoneticCode::of("lm".repeat(40).as_bytes());
        assert_eq!((long.count(), long.concat(PhoneticCode::of(b"n"))), (MAX_CLASSES, long));
        let some = PhoneticCode::of("lm".repeat(9).as_bytes());
        assert_eq!(some.concat(PhoneticCode::of(b"lmlm")), long);
    }
}
