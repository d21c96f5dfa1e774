//! The sounds of words: their consonants in six classes, which what is written for one sound in several letters does
//! not leave. Words with one skeleton have the same sounds in the same order, and so have both romanizations of a
//! Chinese word but for its r, which is the other's j. Of a join they are told by those of its words, long before it
//! is written together.

use super::few::{has, set};
use crate::name::wade_giles;
use crate::score::relation::View;

/// The sounds of a word in their order, each run of one once, and how it begins.
///
/// Of a word of the machine the lowest bits are the classes, three bits each, the first lowest; above them stand their
/// number and the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sounds(u64);

/// As many as are told, and their bits.
const MOST: u32 = 19;
const TOLD: u64 = (1 << (3 * MOST)) - 1;
/// Where their number and the beginning stand.
const COUNT: u32 = 3 * MOST;
const BEGINNING: u32 = COUNT + 5;
/// Beginnings: two letters by which skeletons begin differently, whatever follows them, begin differently here. What
/// begins with no letter may have the skeleton of what begins in any way.
const BEGINNINGS: u64 = 3;
const ANY: u64 = 3;

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
            _ => 6,
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
            let class = CLASSES[usize::from(*b)] & 7;
            let is_new = class != 0 && class != last && count < MOST;
            last = if is_new { class } else { last };
            classes |= if is_new { u64::from(class) << (3 * count) } else { 0 };
            count += u32::from(is_new);
        }
        let beginning = latin.first().map_or(ANY, |b| u64::from(CLASSES[usize::from(*b)] >> 3));
        Sounds(classes | u64::from(count) << COUNT | beginning << BEGINNING)
    }

    fn count(self) -> u32 {
        (self.0 >> COUNT) as u32 & 31
    }

    /// Those of two words written together.
    pub(super) fn followed_by(self, next: Sounds) -> Sounds {
        let (own, classes) = (self.0 & TOLD, next.0 & TOLD);
        let end = own >> (3 * self.count().max(1) - 3);
        let once = u32::from(end != 0 && end == classes & 7);
        let count = (self.count() + next.count() - once).min(MOST);
        let all = (own | classes >> (3 * once) << (3 * self.count())) & TOLD;
        Sounds(all | u64::from(count) << COUNT | self.0 >> BEGINNING << BEGINNING)
    }

    /// The classes of the first of them.
    fn first(self, count: u32) -> u64 {
        self.0 & ((1 << (3 * count)) - 1)
    }

    fn beginning(self) -> u64 {
        self.0 >> BEGINNING
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

/// Bits for the sounds of listed words.
const BITS: usize = 1 << 16;
/// Codes of a skeleton that may have lost more.
const LONGEST: usize = 15;

/// The sounds of listed words that are no joins.
#[derive(Debug)]
pub(super) struct Heard {
    bits: Box<[u64]>,
    /// What skeletons sound like that may have lost their ends: what has them too may sound otherwise behind.
    cut: Vec<Sounds>,
}

impl Default for Heard {
    fn default() -> Self {
        Heard { bits: vec![0; BITS / 64].into(), cut: Vec::new() }
    }
}

impl Heard {
    /// Notes a listed word.
    pub(super) fn note(&mut self, word: &View<'_>, is_chinese: bool) {
        // Phrases are no join's.
        if word.latin.contains(&b' ') {
            return;
        }
        if word.skeleton.len() == LONGEST {
            self.cut.push(Sounds::of(&word.skeleton.as_bytes().to_ascii_lowercase()));
        }
        let mut note = |latin: &[u8], letters: usize, any: bool| {
            let sounds = Sounds::of(latin);
            let any = any || sounds.beginning() == ANY;
            for beginning in (0..BEGINNINGS).filter(|b| any || *b == sounds.beginning()) {
                let numbers = sounds.beginning_with(beginning).numbers(letters);
                numbers.into_iter().for_each(|number| set(&mut self.bits, number));
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
        let all = |numbers: [u64; 2]| numbers.into_iter().all(|number| has(&self.bits, number));
        let heard = |join: Sounds| all(join.numbers(0)) || all(join.numbers(letters));
        self.cut.iter().any(|cut| join.first(cut.count()) == cut.0 & TOLD)
            || match join.beginning() {
                ANY => (0..BEGINNINGS).any(|beginning| heard(join.beginning_with(beginning))),
                _ => heard(join),
            }
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
                let mut heard = Heard::default();
                heard.note(&view(listed), true);
                prop_assert!(heard.may_be(Sounds::of(asked.as_bytes()), asked.len()), "{} {}", listed, asked);
            }
        }

        /// What is related to a join is heard in its words.
        #[test]
        fn related_joins_are_heard(
            words in prop::collection::vec("[bdkhlmnprstvwyaeiou]{1,4}|[a-z'7]{1,8}", 2..5),
            listed in "[bdkhlmnprstvwyaeiou]{1,9}",
            vowel in "[aeiouyhw]{0,2}",
            own in any::<bool>(),
        ) {
            let join = words.concat();
            // A word of other vowels, or any.
            let listed = if own { join.replace(['a', 'e', 'i'], &vowel) } else { listed };
            for tag in [crate::name::Tag::Plain, crate::name::Tag::Abjad] {
                let whole = View { tag, ..view(&listed) };
                let mut heard = Heard::default();
                heard.note(&whole, is_chinese(listed.as_bytes()));
                let sounds = words.iter().map(|word| Sounds::of(word.as_bytes()));
                let sounds = sounds.reduce(Sounds::followed_by).unwrap();
                if relate_join(&Joined::of(&join, false), &whole).is_some() {
                    prop_assert!(heard.may_be(sounds, join.len()), "{} {}", join, listed);
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
        let mut heard = Heard::default();
        let hears = |heard: &Heard, words: &[&str]| {
            let sounds = words.iter().map(|word| Sounds::of(word.as_bytes())).reduce(Sounds::followed_by);
            heard.may_be(sounds.unwrap(), words.concat().len())
        };
        heard.note(&view("volkswagen"), false);
        assert!(hears(&heard, &["volks", "wagen"]));
        assert!(hears(&heard, &["walk", "sugin"]));
        assert!(!hears(&heard, &["wagen", "volks"]));
        assert!(!hears(&heard, &["solks", "wagen"]));
        assert!(!hears(&heard, &[""]));
        // Of few consonants only the same letters are related.
        heard.note(&view("lina"), false);
        assert!(hears(&heard, &["li", "na"]));
        assert!(!hears(&heard, &["lee", "na"]));
        // The first fifteen codes are those of what begins so and ends otherwise.
        heard.note(&view("bcdfbcdfbcdfbcdf"), false);
        assert!(hears(&heard, &["bcdfbcdfbc", "dfbcdfr"]));
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
