//! Chinese syllables in pinyin and in Wade-Giles, the romanization of older lists and of Taiwan: "Hsi
//! Chin-ping" is Xi Jinping, "Mao Tse-tung" Mao Zedong.
//!
//! A word that can be cut into pinyin syllables has one Wade-Giles spelling, here without marks and
//! apostrophes, as names are written on lists. The reverse is not unique ("chang" is zhang or chang), so
//! words are compared in Wade-Giles.
//!
//! Source: the Library of Congress's pinyin conversion table, as rules; the pinyin syllables are those of the
//! crate `pinyin`.
//!
//! Cost: most words that are not Chinese are ruled out by their pairs of letters; others cost a hash look-up
//! for each possible syllable.

use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::OnceLock;

/// The longest word that is segmented, in letters.
const MAX_WORD: usize = 24;
/// The longest syllable ("zhuang"), in letters.
const MAX_SYLLABLE: usize = 6;

#[derive(Default)]
struct Syllables {
    /// The Wade-Giles spelling of every pinyin syllable.
    wade_giles_of: FxHashMap<u32, Box<[u8]>>,
    /// The Wade-Giles syllables.
    wade_giles: FxHashSet<u32>,
    /// The pairs of letters in words of pinyin and of Wade-Giles.
    pinyin_pairs: LetterPairs,
    wade_giles_pairs: LetterPairs,
}

/// For each letter, and the start of a word, the set of letters that can follow it; the end of a word counts
/// as one. Testing the pairs of a word is faster than segmenting it.
struct LetterPairs([u32; BOUNDARY + 1]);

/// The number of the start or the end of a word, after those of the letters.
const BOUNDARY: usize = 26;

impl Default for LetterPairs {
    fn default() -> Self {
        LetterPairs([0; BOUNDARY + 1])
    }
}

impl LetterPairs {
    /// The pairs in words of these syllables.
    fn of<'a>(syllables: impl Iterator<Item = &'a [u8]> + Clone) -> LetterPairs {
        let mut pairs = LetterPairs::default();
        let (mut first, mut last) = (0u32, Vec::new());
        for syllable in syllables {
            for pair in syllable.windows(2) {
                pairs.0[number(pair[0])] |= 1 << number(pair[1]);
            }
            first |= syllable.first().map_or(0, |b| 1 << number(*b));
            last.extend(syllable.last().map(|b| number(*b)));
        }
        pairs.0[BOUNDARY] = first;
        last.into_iter().for_each(|letter| pairs.0[letter] |= first | 1 << BOUNDARY);
        pairs
    }

    /// Returns false if the word cannot be cut into the syllables.
    fn may_segment(&self, word: &[u8]) -> bool {
        let mut before = BOUNDARY;
        for b in word {
            let letter = number(*b);
            if self.0[before] >> letter & 1 == 0 {
                return false;
            }
            before = letter;
        }
        self.0[before] >> BOUNDARY & 1 == 1
    }
}

/// The number of a letter; [`BOUNDARY`] for any other byte, which no syllable has within.
fn number(b: u8) -> usize {
    if b.is_ascii_lowercase() { usize::from(b - b'a') } else { BOUNDARY }
}

/// A syllable as a number, five bits for each letter; 0 for none.
fn packed(syllable: &[u8]) -> u32 {
    syllable.iter().fold(0, |n, b| n << 5 | if b.is_ascii_lowercase() { u32::from(b - b'a') + 1 } else { 31 })
}

fn syllables() -> &'static Syllables {
    static TABLE: OnceLock<Syllables> = OnceLock::new();
    TABLE.get_or_init(|| {
        use pinyin::ToPinyin;
        let (mut table, mut spellings) = (Syllables::default(), FxHashSet::default());
        for c in '\u{4e00}'..='\u{9fff}' {
            let Some(reading) = c.to_pinyin() else { continue };
            let pinyin = reading.plain().replace('ü', "v");
            let vowel = |b: u8| b"aeiouv".contains(&b);
            if pinyin.len() <= MAX_SYLLABLE
                && pinyin.bytes().all(|b| b.is_ascii_lowercase())
                && pinyin.bytes().any(vowel)
            {
                let wade_giles: Box<[u8]> = to_wade_giles(&pinyin).replace('v', "u").as_bytes().into();
                table.wade_giles.insert(packed(&wade_giles));
                let pinyin = pinyin.replace('v', "u");
                table.wade_giles_of.insert(packed(pinyin.as_bytes()), wade_giles);
                spellings.insert(pinyin);
            }
        }
        table.pinyin_pairs = LetterPairs::of(spellings.iter().map(|s| s.as_bytes()));
        table.wade_giles_pairs = LetterPairs::of(table.wade_giles_of.values().map(|s| &**s));
        table
    })
}

/// Makes the table of syllables, which the first use of it would make otherwise.
pub(crate) fn load() {
    syllables();
}

/// The Wade-Giles spelling of a pinyin syllable, in which "v" is ü.
fn to_wade_giles(pinyin: &str) -> String {
    match pinyin {
        "zi" | "ci" => return "tzu".into(),
        "si" => return "ssu".into(),
        "zhi" | "chi" => return "chih".into(),
        "shi" => return "shih".into(),
        "ri" => return "jih".into(),
        "er" => return "erh".into(),
        "yan" => return "yen".into(),
        "ye" => return "yeh".into(),
        "yue" => return "yueh".into(),
        "yong" => return "yung".into(),
        "you" => return "yu".into(),
        "gui" => return "kuei".into(),
        "kui" => return "kuei".into(),
        "ge" | "ke" => return "ko".into(),
        "he" => return "ho".into(),
        _ => {}
    }
    let at = pinyin.bytes().position(|b| b"aeiouv".contains(&b)).unwrap_or(0);
    let (initial, last) = pinyin.split_at(at);
    let initial = match initial {
        "b" => "p",
        "d" => "t",
        "g" => "k",
        "j" | "q" | "zh" => "ch",
        "x" => "hs",
        "r" => "j",
        "z" | "c" => "ts",
        other => other,
    };
    let last = match last {
        "ian" => "ien",
        "ie" => "ieh",
        "ue" | "ve" => "ueh",
        "ong" => "ung",
        "iong" => "iung",
        "uo" if !matches!(initial, "k" | "h" | "sh") => "o",
        other => other,
    };
    format!("{initial}{last}")
}

/// Cuts a word into the fewest syllables that `is_syllable` accepts; of several ways the one whose last
/// syllables are longest. Calls `each` with their numbers in order. Returns false if it cannot be cut.
fn segment(word: &[u8], is_syllable: impl Fn(u32) -> bool, mut each: impl FnMut(u32)) -> bool {
    let n = word.len();
    if !(2..=MAX_WORD).contains(&n) {
        return false;
    }
    // For each place, the fewest syllables up to it and the length of the last; u8::MAX where none reach it.
    // Most words are ruled out by their first letters.
    let mut best = [(u8::MAX, 0u8); MAX_WORD + 1];
    best[0] = (0, 0);
    let mut reached = 0;
    for at in 0..n {
        if at > reached {
            return false;
        }
        if best[at].0 == u8::MAX {
            continue;
        }
        let mut number = 0;
        for len in 1..=MAX_SYLLABLE.min(n - at) {
            number = number << 5 | packed(&word[at + len - 1..at + len]);
            let syllables = best[at].0 + 1;
            if is_syllable(number) && syllables < best[at + len].0 {
                best[at + len] = (syllables, len as u8);
                reached = reached.max(at + len);
            }
        }
    }
    if best[n].0 == u8::MAX {
        return false;
    }
    let (mut ends, mut count, mut at) = ([0u8; MAX_WORD], 0, n);
    while at > 0 {
        ends[count] = at as u8;
        count += 1;
        at -= usize::from(best[at].1);
    }
    let mut from = 0;
    for end in ends[..count].iter().rev().map(|end| usize::from(*end)) {
        each(packed(&word[from..end]));
        from = end;
    }
    true
}

/// A word in Wade-Giles.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WadeGiles {
    letters: [u8; 2 * MAX_WORD],
    len: u8,
    /// The number of syllables.
    pub(crate) syllables: u8,
}

impl WadeGiles {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.letters[..usize::from(self.len)]
    }

    fn push(&mut self, syllable: &[u8]) {
        let at = usize::from(self.len);
        if let Some(free) = self.letters.get_mut(at..at + syllable.len()) {
            free.copy_from_slice(syllable);
            self.len += syllable.len() as u8;
            self.syllables += 1;
        }
    }
}

/// The Wade-Giles spelling of a word in pinyin; `None` for a word that cannot be cut into pinyin syllables.
pub(crate) fn wade_giles(word: &[u8]) -> Option<WadeGiles> {
    let table = syllables();
    if !table.pinyin_pairs.may_segment(word) {
        return None;
    }
    let mut out = WadeGiles { letters: [0; 2 * MAX_WORD], len: 0, syllables: 0 };
    segment(word, |s| table.wade_giles_of.contains_key(&s), |s| out.push(&table.wade_giles_of[&s]))
        .then_some(out)
}

/// Whether a word can be cut into Wade-Giles syllables.
pub(crate) fn is_wade_giles(word: &[u8]) -> bool {
    let table = syllables();
    table.wade_giles_pairs.may_segment(word) && segment(word, |s| table.wade_giles.contains(&s), |_| ())
}

/// Returns false if a word can be cut into syllables of neither romanization.
pub(crate) fn may_be_romanized(word: &[u8]) -> bool {
    let table = syllables();
    table.pinyin_pairs.may_segment(word) || table.wade_giles_pairs.may_segment(word)
}

/// For each letter the class of those that pinyin and Wade-Giles write for each other; 0 for vowels, h, w and
/// y, and for any other byte.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut letter = b'a';
    while letter <= b'z' {
        classes[letter as usize] = match letter {
            b'b' | b'p' => 1,
            b'g' | b'k' => 2,
            b'c' | b'd' | b'j' | b'q' | b'r' | b's' | b't' | b'x' | b'z' => 3,
            b'f' => 4,
            b'l' => 5,
            b'm' => 6,
            b'n' => 7,
            _ => 0,
        };
        letter += 1;
    }
    classes
};

/// A phonetic code that both spellings of a Chinese word share: the classes of its letters in their order,
/// each run of one class once, three bits each. Of a long word it has the last twenty-one.
pub(crate) fn romanization_key(word: &[u8]) -> u64 {
    let (mut key, mut last) = (0u64, 0);
    for b in word {
        let class = CLASSES[usize::from(*b)];
        let is_new = class != 0 && class != last;
        last = if class != 0 { class } else { last };
        key = if is_new { key << 3 | u64::from(class) } else { key };
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_the_same_in_both_romanizations() {
        let table = syllables();
        assert!(table.wade_giles_of.len() > 350);
        let mut word = Vec::new();
        for (syllable, wade) in &table.wade_giles_of {
            word.clear();
            let letters = (0..6).rev().map(|i| (syllable >> (5 * i) & 31) as u8).filter(|n| *n != 0);
            word.extend(letters.map(|n| b'a' + n - 1));
            assert_eq!(
                romanization_key(&word),
                romanization_key(wade),
                "{:?}",
                String::from_utf8_lossy(&word)
            );
        }
        assert_ne!(romanization_key(b"lin"), romanization_key(b"lim"));
    }

    #[test]
    fn known_names_have_their_usual_wade_giles_spelling() {
        for (pinyin, wade) in [
            ("xi", "hsi"),
            ("jinping", "chinping"),
            ("zedong", "tsetung"),
            ("zhou", "chou"),
            ("enlai", "enlai"),
            ("deng", "teng"),
            ("xiaoping", "hsiaoping"),
            ("jiang", "chiang"),
            ("zhongshan", "chungshan"),
            ("guofeng", "kuofeng"),
        ] {
            let spelling = wade_giles(pinyin.as_bytes()).unwrap();
            assert_eq!(std::str::from_utf8(spelling.as_bytes()), Ok(wade));
            assert!(is_wade_giles(wade.as_bytes()), "{wade}");
        }
        assert!(wade_giles(b"vladimir").is_none() && !is_wade_giles(b"vladimir"));
    }
}
