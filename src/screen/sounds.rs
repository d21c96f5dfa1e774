//! The sounds of words: their consonants in six classes, which what is written for one sound in several letters does
//! not leave. Words with one skeleton have the same sounds in the same order, and so have both romanizations of a
//! Chinese word but for its r, which is the other's j. Of a join they are told by those of its words, long before it
//! is written together.

use super::few::{has, set};
use crate::name::wade_giles;
use crate::score::relation::View;

/// The sounds of a word in their order, each run of one once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sounds {
    /// Three bits each, the first lowest.
    classes: u64,
    count: u32,
}

/// As many as are told, and their bits.
const MOST: u32 = 21;
const TOLD: u64 = (1 << (3 * MOST)) - 1;

/// For each byte its class; 0 for none. Of h, v, w and y, and of the vowels, skeletons have none, or not in all places.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let letters: [&[u8]; 6] = [b"l", b"m", b"n", b"r", b"bfp", b"cdgjkqstxz"];
    let mut class = 0;
    while class < letters.len() {
        let mut i = 0;
        while i < letters[class].len() {
            classes[letters[class][i] as usize] = class as u8 + 1;
            i += 1;
        }
        class += 1;
    }
    classes
};

impl Sounds {
    pub(super) fn of(latin: &[u8]) -> Sounds {
        let (mut classes, mut count, mut last) = (0, 0, 0);
        for b in latin {
            let class = CLASSES[usize::from(*b)];
            let is_new = class != 0 && class != last && count < MOST;
            last = if is_new { class } else { last };
            classes |= if is_new { u64::from(class) << (3 * count) } else { 0 };
            count += u32::from(is_new);
        }
        Sounds { classes, count }
    }

    /// Those of two words written together.
    pub(super) fn followed_by(self, next: Sounds) -> Sounds {
        let end = self.classes >> (3 * self.count.max(1) - 3);
        let once = u32::from(self.count > 0 && end == next.classes & 7);
        let count = self.count + next.count - once;
        let behind = next.classes >> (3 * once) << (3 * self.count);
        Sounds { classes: (self.classes | behind) & TOLD, count: count.min(MOST) }
    }

    fn number(self) -> u64 {
        (self.classes ^ u64::from(self.count) << 58).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32
    }
}

/// Bits for the sounds of listed words.
const BITS: usize = 1 << 14;
/// Codes of a skeleton that may have lost more.
const LONGEST: usize = 15;

/// The sounds of listed words that are no joins.
#[derive(Debug)]
pub(super) struct Heard {
    bits: Box<[u64]>,
    /// Whether a skeleton may have lost its end, so that words with other sounds have it too.
    is_cut: bool,
}

impl Default for Heard {
    fn default() -> Self {
        Heard { bits: vec![0; BITS / 64].into(), is_cut: false }
    }
}

impl Heard {
    /// Notes a listed word.
    pub(super) fn note(&mut self, word: &View<'_>, is_chinese: bool) {
        // Phrases are no join's.
        if word.latin.contains(&b' ') {
            return;
        }
        self.is_cut |= word.skeleton.len() == LONGEST;
        let mut note = |latin: &[u8]| set(&mut self.bits, Sounds::of(latin).number());
        note(word.latin);
        if is_chinese {
            note(&word.latin.iter().map(|b| if *b == b'j' { b'r' } else { *b }).collect::<Vec<u8>>());
            if let Some((wade, len, _)) = wade_giles(word.latin) {
                note(&wade[..len]);
            }
        }
    }

    /// False of the sounds of a join that is related to no word.
    pub(super) fn may_be(&self, join: Sounds) -> bool {
        self.is_cut || has(&self.bits, join.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::skeleton;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn words_with_one_skeleton_sound_alike(a in "[lmnrstchkaeouyhxpd]{1,9}|[a-z0-9]{0,7}", b in "[a-z]{0,9}") {
            let sounds = Sounds::of(a.as_bytes());
            let codes = skeleton(&a).as_bytes().to_ascii_lowercase();
            if codes.len() < LONGEST {
                prop_assert_eq!(sounds, Sounds::of(&codes));
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
                let view = View { text: listed.as_bytes(), ..view(listed) };
                heard.note(&view, true);
                prop_assert!(heard.may_be(Sounds::of(asked.as_bytes())), "{} {}", listed, asked);
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
        heard.note(&view("volkswagen"), false);
        assert!(heard.may_be(Sounds::of(b"volks").followed_by(Sounds::of(b"wagen"))));
        assert!(!heard.may_be(Sounds::of(b"wagen").followed_by(Sounds::of(b"volks"))));
        assert!(!heard.may_be(Sounds::of(b"")));
        // The first fifteen codes are those of what begins so and ends otherwise.
        heard.note(&view("bcdfbcdfbcdfbcdf"), false);
        assert!(heard.may_be(Sounds::of(b"bcdfbcdfbcdfbcdfr")));
    }

    #[test]
    fn sounds_beyond_the_most_are_left_out() {
        let long = Sounds::of("lm".repeat(40).as_bytes());
        assert_eq!((long.count, long.followed_by(Sounds::of(b"n"))), (MOST, long));
        let some = Sounds::of("lm".repeat(10).as_bytes());
        assert_eq!(some.followed_by(Sounds::of(b"lmlm")), long);
    }
}
