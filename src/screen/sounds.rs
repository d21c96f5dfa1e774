//! The sounds of words: their consonants in seven classes, which what is written for one sound in several letters does
//! not leave, but for a d or t before a hiss. Words with one skeleton have the same sounds in the same order, and so
//! have both romanizations of a Chinese word but for its r, which is the other's j. Of a join they are told by those of
//! its words, long before it is written together; and most words sound like no beginning and no end of a listed one.

use super::few::{bit_set, has, set};
use crate::name::{Tag, Token, wade_giles};
use crate::score::align::is_syllable;
use crate::score::relation::View;

/// The sounds of a word in their order, each run of one once, and how it begins.
///
/// Of a word of the machine the lowest bits are the classes, three bits each, the first lowest; above them stand their
/// number and the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sounds(u64);

/// As many as are told, and their bits. What has so many may have more, and is taken for all that has.
const MOST: u32 = 19;
const TOLD: u64 = (1 << (3 * MOST)) - 1;
/// Where their number and the beginning stand.
const COUNT: u32 = 3 * MOST;
const BEGINNING: u32 = COUNT + 5;
/// Beginnings: two letters by which skeletons begin differently, whatever follows them, begin differently here. What
/// begins with no letter may have the skeleton of what begins in any way.
const BEGINNINGS: u64 = 3;
const ANY: u64 = 3;

/// The classes of d and t, and of what hisses or may be written with the letter of what does. A stop with a hiss
/// behind it, as in ts, tch and dj, is the one code of a hiss, so that no stop is told before one.
const STOP: u64 = 6;
const HISS: u64 = 7;

/// For each byte its class in the lowest three bits, 0 for none, and above it the beginning of a word that begins with
/// it. Of h, v, w and y, and of the vowels, skeletons have no code, or not in all places.
static CLASSES: [u8; 256] = {
    let mut classes = [(ANY as u8) << 3; 256];
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
            _ => HISS as u8,
        };
        letter += 1;
    }
    classes
};

impl Sounds {
    /// Those of nothing.
    pub(super) const NONE: Sounds = Sounds(0);

    pub(super) fn of(latin: &[u8]) -> Sounds {
        let (mut classes, mut count, mut last) = (0, 0, 0);
        for b in latin {
            let class = u64::from(CLASSES[usize::from(*b)] & 7);
            let mut is_new = class != 0 && class != last && count < MOST;
            if is_new && last == STOP && class == HISS {
                count -= 1;
                classes &= (1 << (3 * count)) - 1;
                is_new = count == 0 || classes >> (3 * count - 3) != HISS;
                last = HISS;
            }
            last = if is_new { class } else { last };
            classes |= if is_new { class << (3 * count) } else { 0 };
            count += u32::from(is_new);
        }
        let beginning = latin.first().map_or(ANY, |b| u64::from(CLASSES[usize::from(*b)] >> 3));
        Sounds::new(classes, count, beginning)
    }

    fn new(classes: u64, count: u32, beginning: u64) -> Sounds {
        Sounds(classes | u64::from(count) << COUNT | beginning << BEGINNING)
    }

    fn count(self) -> u32 {
        (self.0 >> COUNT) as u32 & 31
    }

    /// The last of them; 0 of none.
    fn end(self) -> u64 {
        (self.0 & TOLD) >> (3 * self.count().max(1) - 3)
    }

    /// Those that stay whatever follows: all but a stop at the end.
    fn lasting(self) -> Sounds {
        let lasting = if self.end() == STOP { self.count() - 1 } else { self.count() };
        Sounds::new(self.first(lasting), lasting, self.beginning())
    }

    /// Those of two words written together.
    pub(super) fn followed_by(self, next: Sounds) -> Sounds {
        let classes = next.0 & TOLD;
        let own = if classes & 7 == HISS && self.count() < MOST { self.lasting() } else { self };
        let once = u32::from(classes != 0 && own.end() == classes & 7);
        let count = (own.count() + next.count() - once).min(MOST);
        let all = (own.0 & TOLD | classes >> (3 * once) << (3 * own.count())) & TOLD;
        Sounds::new(all, count, own.beginning())
    }

    /// The classes of the first of them.
    fn first(self, count: u32) -> u64 {
        self.0 & ((1 << (3 * count)) - 1)
    }

    fn beginning(self) -> u64 {
        self.0 >> BEGINNING
    }

    /// The classes of the last of them, as a word has them that begins in no way.
    fn last(self, count: u32) -> Sounds {
        Sounds::new((self.0 & TOLD) >> (3 * (self.count() - count)), count, 0)
    }

    /// The same of a word that begins otherwise.
    fn beginning_with(self, beginning: u64) -> Sounds {
        Sounds(self.0 & ((1 << BEGINNING) - 1) | beginning << BEGINNING)
    }

    /// The numbers of its bits; of a word that is related by its letters alone they tell also how many it has.
    fn numbers(self, letters: usize) -> [u64; 2] {
        let mut hash = self.0 ^ (letters as u64).wrapping_mul(0xd6e8_feb8_6659_fd93);
        hash = (hash ^ hash >> 31).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        [hash >> 44, hash >> 24]
    }
}

/// What a word may be in a join that is related to something: bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Role(pub(super) u8);

impl Role {
    /// Anything.
    pub(super) const ANY: Role = Role(31);

    /// Of a word that begins joins and ends them, as it sounds.
    fn new(begins: bool, ends: bool) -> Role {
        Role(u8::from(begins) | u8::from(ends) << 1)
    }

    /// The same, of this token.
    pub(super) fn of(self, token: &Token, latin: &str) -> Role {
        let is = [token.tag == Tag::Abjad, latin.contains(' '), is_syllable(token)];
        is.into_iter().zip(2..).fold(Role(self.0 & 3), |role, (is, bit)| Role(role.0 | u8::from(is) << bit))
    }

    /// 1 if it may begin one.
    pub(super) fn begins(self) -> u64 {
        u64::from(self.0 & 1)
    }

    /// 1 if it may end one.
    pub(super) fn ends(self) -> u64 {
        u64::from(self.0 >> 1 & 1)
    }

    /// 1 of a word of a script that writes consonants, which may be related to what sounds otherwise.
    pub(super) fn is_abjad(self) -> u64 {
        u64::from(self.0 >> 2 & 1)
    }

    /// 1 of several words.
    pub(super) fn is_phrase(self) -> u64 {
        u64::from(self.0 >> 3 & 1)
    }

    /// 1 of a word so short that three or four such are tried as one.
    pub(super) fn is_syllable(self) -> u64 {
        u64::from(self.0 >> 4)
    }
}

/// Bits for the sounds of a listed word, for its beginnings and for its ends.
const BITS_FOR_A_WORD: usize = 64;
/// Codes of a skeleton that may have lost more.
const LONGEST: usize = 15;

/// The sounds of listed words.
#[derive(Debug)]
pub(super) struct Heard {
    /// Of all, joins too.
    words: Box<[u64]>,
    /// Of those that are no joins.
    bits: Box<[u64]>,
    /// How they begin and end.
    beginnings: Box<[u64]>,
    ends: Box<[u64]>,
    /// What skeletons sound like that may have lost their ends: what has them too may sound otherwise behind.
    cut: Vec<Sounds>,
    /// Whether one of these words has more sounds than are told.
    is_long: bool,
}

impl Heard {
    /// Of so many tokens, of which so many are no joins, none noted yet.
    pub(super) fn new(tokens: usize, words: usize) -> Heard {
        let bits = |count| bit_set(count, BITS_FOR_A_WORD);
        Heard {
            words: bits(tokens),
            bits: bits(words),
            beginnings: bits(words),
            ends: bits(words),
            cut: Vec::new(),
            is_long: false,
        }
    }

    /// Notes a listed word. Phrases are no join's.
    pub(super) fn note(&mut self, word: &View<'_>, is_chinese: bool, is_join: bool) {
        let is_join = is_join || word.latin.contains(&b' ');
        if word.skeleton.len() == LONGEST && !is_join {
            self.cut.push(Sounds::of(&word.skeleton.as_bytes().to_ascii_lowercase()).lasting());
        }
        let mut note = |latin: &[u8], letters: usize, any: bool| {
            let sounds = Sounds::of(latin);
            let any = any || sounds.beginning() == ANY;
            self.is_long |= sounds.count() == MOST && !is_join;
            for beginning in (0..BEGINNINGS).filter(|b| any || *b == sounds.beginning()) {
                let own = sounds.beginning_with(beginning);
                own.numbers(0).into_iter().for_each(|number| set(&mut self.words, number));
                if is_join {
                    continue;
                }
                let numbers = own.numbers(letters);
                numbers.into_iter().for_each(|number| set(&mut self.bits, number));
                for count in 0..=sounds.count() {
                    let first = Sounds::new(sounds.first(count), count, beginning);
                    set(&mut self.beginnings, first.numbers(0)[0]);
                }
            }
            for count in (0..=sounds.count()).filter(|_| !is_join) {
                set(&mut self.ends, sounds.last(count).numbers(0)[0]);
            }
        };
        // Where no other spelling is related, its letters count.
        let is_spelled = word.skeleton.len() >= word.least_codes_of_joins();
        note(word.latin, if is_spelled { 0 } else { word.latin.len() }, false);
        if is_chinese {
            // What pinyin writes r is j in Wade-Giles, and nothing else of either sounds otherwise.
            let pinyin: Vec<u8> = word.latin.iter().map(|b| if *b == b'j' { b'r' } else { *b }).collect();
            note(&pinyin, 0, true);
            if let Some((wade, len, _)) = wade_giles(word.latin) {
                note(&wade[..len], 0, true);
            }
        }
    }

    /// False of the sounds of a join of so many letters that is related to no word.
    pub(super) fn may_be(&self, join: Sounds, letters: usize) -> bool {
        let heard = |join: Sounds| all(&self.bits, join.numbers(0)) || all(&self.bits, join.numbers(letters));
        join.count() == MOST
            || self.cut.iter().any(|cut| join.first(cut.count()) == cut.0 & TOLD)
            || any_beginning(join, heard)
    }

    /// False of a word that has the skeleton, the letters or another romanization of none.
    pub(super) fn has(&self, latin: &[u8], sounds: Sounds) -> bool {
        // No letter but x has two codes. What may have lost some is not told by its sounds.
        let codes = latin.len() + latin.iter().filter(|b| **b == b'x').count();
        codes >= LONGEST
            || sounds.count() == MOST
            || any_beginning(sounds, |sounds| all(&self.words, sounds.numbers(0)))
    }

    /// Where in a join that [may be](Heard::may_be) one of the words a word may stand.
    pub(super) fn role(&self, word: Sounds) -> Role {
        if self.is_long || !self.cut.is_empty() || word.count() == MOST {
            return Role::ANY;
        }
        let begins = |word: Sounds| has(&self.beginnings, word.numbers(0)[0]);
        let ends = has(&self.ends, word.last(word.count()).numbers(0)[0]);
        Role::new(any_beginning(word.lasting(), begins), ends)
    }
}

/// Whether all these bits are set.
fn all(bits: &[u64], numbers: [u64; 2]) -> bool {
    numbers.into_iter().all(|number| has(bits, number))
}

/// Whether a word with these sounds is `heard`; of one that may begin in any way, in any of them.
fn any_beginning(word: Sounds, heard: impl Fn(Sounds) -> bool) -> bool {
    match word.beginning() {
        ANY => (0..BEGINNINGS).any(|beginning| heard(word.beginning_with(beginning))),
        _ => heard(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::skeleton;
    use crate::score::relation::{Joined, is_chinese, relate_join};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn words_with_one_skeleton_sound_alike(a in "[lmnrstchkaeouyhwvxpd]{1,9}|[a-z0-9']{1,7}", b in "[a-z]{0,9}") {
            let sounds = Sounds::of(a.as_bytes());
            let codes = skeleton(&a).as_bytes().to_ascii_lowercase();
            let own = Sounds::of(&codes);
            if codes.len() < LONGEST {
                prop_assert_eq!(sounds.first(MOST), own.first(MOST));
                prop_assert_eq!(sounds.count(), own.count());
                prop_assert!(sounds.beginning() == ANY || sounds.beginning() == own.beginning(), "{}", a);
            }
            let both = sounds.followed_by(Sounds::of(b.as_bytes()));
            prop_assert_eq!(both, Sounds::of([a, b].concat().as_bytes()));
        }

        #[test]
        fn both_romanizations_are_heard(syllables in prop::collection::vec(0usize..12, 1..4)) {
            let known = ["zi", "re", "zhang", "xiong", "rui", "juan", "jue", "long", "er", "man", "ren", "guo"];
            let pinyin: String = syllables.iter().map(|s| known[*s]).collect();
            let (wade, len, _) = wade_giles(pinyin.as_bytes()).unwrap();
            let wade = std::str::from_utf8(&wade[..len]).unwrap();
            for (listed, asked) in [(wade, &*pinyin), (&*pinyin, wade)] {
                let mut heard = Heard::new(64, 64);
                heard.note(&view(listed), true, false);
                let sounds = Sounds::of(asked.as_bytes());
                prop_assert!(heard.may_be(sounds, asked.len()), "{} {}", listed, asked);
                prop_assert!(heard.has(asked.as_bytes(), sounds), "{} {}", listed, asked);
                for at in 1..asked.len() {
                    let [first, last] = [&asked[..at], &asked[at..]].map(|part| heard.role(Sounds::of(part.as_bytes())));
                    prop_assert!(first.begins() == 1 && last.ends() == 1, "{} {} {}", listed, asked, at);
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
            for tag in [crate::name::Tag::Plain, crate::name::Tag::Abjad] {
                let whole = View { tag, ..view(&listed) };
                let mut heard = Heard::new(64, 64);
                heard.note(&whole, is_chinese(listed.as_bytes()), false);
                let own: Vec<Sounds> = words.iter().map(|word| Sounds::of(word.as_bytes())).collect();
                let sounds = own.iter().copied().reduce(Sounds::followed_by).unwrap();
                if relate_join(&Joined::of(&join, false), &whole).is_some() {
                    prop_assert!(heard.may_be(sounds, join.len()), "{} {}", join, listed);
                    let [first, last] = [own[0], own[own.len() - 1]].map(|sounds| heard.role(sounds));
                    prop_assert!(first.begins() == 1 && last.ends() == 1, "{:?} {}", words, listed);
                }
            }
        }
    }

    fn view(latin: &str) -> View<'_> {
        View {
            text: latin.as_bytes(),
            latin: latin.as_bytes(),
            tag: crate::name::Tag::Plain,
            weight: 1.0,
            groups: [0; 2],
            frequency: 0,
            skeleton: skeleton(latin),
        }
    }

    #[test]
    fn most_joins_sound_like_nothing() {
        let mut heard = Heard::new(64, 64);
        let hears = |heard: &Heard, words: &[&str]| {
            let sounds = words.iter().map(|word| Sounds::of(word.as_bytes())).reduce(Sounds::followed_by);
            heard.may_be(sounds.unwrap(), words.concat().len())
        };
        heard.note(&view("volkswagen"), false, false);
        let roles = |word: &str| {
            let role = heard.role(Sounds::of(word.as_bytes()));
            (role.begins(), role.ends())
        };
        assert_eq!(["volks", "wagen", "ks", "lk", "m"].map(roles), [(1, 0), (0, 1), (0, 0), (0, 0), (0, 0)]);
        // A stop may be swallowed by what follows.
        assert_eq!(["volt", "volkt", "volkst"].map(roles), [(1, 0), (1, 0), (1, 0)]);
        assert!(hears(&heard, &["volt", "swagen"]));
        assert!(hears(&heard, &["volks", "wagen"]));
        assert!(hears(&heard, &["walk", "sugin"]));
        assert!(!hears(&heard, &["wagen", "volks"]));
        assert!(!hears(&heard, &["solks", "wagen"]));
        assert!(!hears(&heard, &[""]));
        // Of few consonants only the same letters are related.
        heard.note(&view("lina"), false, false);
        assert!(hears(&heard, &["li", "na"]));
        assert!(!hears(&heard, &["lee", "na"]));
        // The first fifteen codes are those of what begins so and ends otherwise.
        heard.note(&view("bcdfbcdfbcdfbcdf"), false, false);
        assert!(hears(&heard, &["bcdfbcdfbc", "dfbcdfr"]));
        assert_eq!(heard.role(Sounds::of(b"dfbcdfr")), Role::ANY);
        assert!(heard.has(b"bcdfbcdfbcdfbcdr", Sounds::of(b"bcdfbcdfbcdfbcdr")));
        assert!(heard.has(b"lina", Sounds::of(b"lina")) && !heard.has(b"nila", Sounds::of(b"nila")));
        assert!(!hears(&heard, &["bcdfbcdfbcr", "dfbcdf"]));
    }

    #[test]
    fn sounds_beyond_the_most_are_left_out() {
        let long = Sounds::of("lm".repeat(40).as_bytes());
        assert_eq!((long.count(), long.followed_by(Sounds::of(b"n"))), (MOST, long));
        let some = Sounds::of("lm".repeat(9).as_bytes());
        assert_eq!(some.followed_by(Sounds::of(b"lmlm")), long);
    }
}
