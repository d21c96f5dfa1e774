//! Chinese syllables in pinyin and in Wade-Giles, the romanization of older lists and of Taiwan: "Hsi Chin-ping" is
//! Xi Jinping, "Mao Tse-tung" Mao Zedong.
//!
//! A word that falls into pinyin syllables has one Wade-Giles spelling, written here without marks and
//! apostrophes, as names on lists are. The way back is not unique ("chang" is zhang or chang), so only this one is
//! taken. The correspondence is that of the Library of Congress's conversion table, made by rule.

use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::OnceLock;

/// The longest word that is looked at, in letters.
const MAX: usize = 24;
/// The longest syllable ("zhuang").
const LONGEST: usize = 6;

#[derive(Default)]
struct Syllables {
    /// The Wade-Giles spelling of every pinyin syllable.
    wade: FxHashMap<u32, Box<[u8]>>,
    /// The Wade-Giles syllables.
    known: FxHashSet<u32>,
    /// Which letters stand side by side in words of either.
    pinyin_pairs: Pairs,
    wade_pairs: Pairs,
}

/// For each letter, and the end of a word, the set of letters that can stand behind it. Most words that are not
/// Chinese have a pair that no syllables make, which is seen sooner than that they do not fall into syllables.
struct Pairs([u32; END + 1]);

/// The number of the end of a word, or its beginning, beside those of the letters.
const END: usize = 26;

impl Default for Pairs {
    fn default() -> Self {
        Pairs([0; END + 1])
    }
}

impl Pairs {
    fn of<'a>(syllables: impl Iterator<Item = &'a [u8]> + Clone) -> Pairs {
        let mut pairs = Pairs::default();
        let (mut first, mut last) = (0u32, Vec::new());
        for syllable in syllables {
            for pair in syllable.windows(2) {
                pairs.0[number(pair[0])] |= 1 << number(pair[1]);
            }
            first |= syllable.first().map_or(0, |b| 1 << number(*b));
            last.extend(syllable.last().map(|b| number(*b)));
        }
        pairs.0[END] = first;
        last.into_iter().for_each(|letter| pairs.0[letter] |= first | 1 << END);
        pairs
    }

    /// False of a word that does not fall into the syllables.
    fn may_fall(&self, word: &[u8]) -> bool {
        let mut before = END;
        for b in word {
            let letter = number(*b);
            if self.0[before] >> letter & 1 == 0 {
                return false;
            }
            before = letter;
        }
        self.0[before] >> END & 1 == 1
    }
}

/// The number of a letter; that of the end for all else, which no syllable has within.
fn number(b: u8) -> usize {
    if b.is_ascii_lowercase() { usize::from(b - b'a') } else { END }
}

/// A syllable as a number, five bits a letter; 0 for none.
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
            if pinyin.len() <= LONGEST
                && pinyin.bytes().all(|b| b.is_ascii_lowercase())
                && pinyin.bytes().any(vowel)
            {
                let wade: Box<[u8]> = spelled(&pinyin).replace('v', "u").as_bytes().into();
                table.known.insert(packed(&wade));
                let pinyin = pinyin.replace('v', "u");
                table.wade.insert(packed(pinyin.as_bytes()), wade);
                spellings.insert(pinyin);
            }
        }
        table.pinyin_pairs = Pairs::of(spellings.iter().map(|s| s.as_bytes()));
        table.wade_pairs = Pairs::of(table.wade.values().map(|s| &**s));
        table
    })
}

/// Makes the table of syllables, if nobody has yet.
pub(super) fn load() {
    syllables();
}

/// The Wade-Giles spelling of a pinyin syllable.
fn spelled(pinyin: &str) -> String {
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

/// Cuts a word into the fewest syllables that `known` has, the longest first; calls `each` with their numbers. False
/// if it does not fall into syllables.
fn cut(word: &[u8], known: impl Fn(u32) -> bool, mut each: impl FnMut(u32)) -> bool {
    let n = word.len();
    if !(2..=MAX).contains(&n) {
        return false;
    }
    // For each place, the fewest syllables that reach it and the length of the last; 0 for none. Most words are
    // ruled out by their first letters.
    let mut best = [(u8::MAX, 0u8); MAX + 1];
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
        for len in 1..=LONGEST.min(n - at) {
            number = number << 5 | packed(&word[at + len - 1..at + len]);
            let syllables = best[at].0 + 1;
            if known(number) && syllables < best[at + len].0 {
                best[at + len] = (syllables, len as u8);
                reached = reached.max(at + len);
            }
        }
    }
    if best[n].0 == u8::MAX {
        return false;
    }
    let (mut ends, mut count, mut at) = ([0u8; MAX], 0, n);
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

/// The Wade-Giles spelling of a word in pinyin, with its length and the number of syllables; `None` for a word
/// that is none.
pub(crate) fn wade_giles(word: &[u8]) -> Option<([u8; 2 * MAX], usize, usize)> {
    let table = syllables();
    if !table.pinyin_pairs.may_fall(word) {
        return None;
    }
    let (mut out, mut len, mut count) = ([0; 2 * MAX], 0, 0);
    let fits = cut(
        word,
        |s| table.wade.contains_key(&s),
        |s| {
            let wade = &table.wade[&s];
            if len + wade.len() <= out.len() {
                out[len..len + wade.len()].copy_from_slice(wade);
                len += wade.len();
                count += 1;
            }
        },
    );
    fits.then_some((out, len, count))
}

/// Whether a word falls into Wade-Giles syllables.
pub(crate) fn is_wade_giles(word: &[u8]) -> bool {
    let table = syllables();
    table.wade_pairs.may_fall(word) && cut(word, |s| table.known.contains(&s), |_| ())
}

/// False of letters that do not fall into syllables of either romanization.
pub(crate) fn may_be_romanized(word: &[u8]) -> bool {
    let table = syllables();
    table.pinyin_pairs.may_fall(word) || table.wade_pairs.may_fall(word)
}

/// For each letter the class of those that pinyin and Wade-Giles write for each other; 0 for vowels, h, w and y, and
/// for what is no letter.
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

/// The classes of a word's letters in their order, each run of one once, as a number: the same for both spellings of
/// a Chinese word. Of a long word it tells the last twenty-one.
pub(crate) fn romanized(word: &[u8]) -> u64 {
    let (mut all, mut last) = (0u64, 0);
    for b in word {
        let class = CLASSES[usize::from(*b)];
        let is_new = class != 0 && class != last;
        last = if class != 0 { class } else { last };
        all = if is_new { all << 3 | u64::from(class) } else { all };
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_the_same_in_both_romanizations() {
        let table = syllables();
        assert!(table.wade.len() > 350);
        let mut word = Vec::new();
        for (syllable, wade) in &table.wade {
            word.clear();
            let letters = (0..6).rev().map(|i| (syllable >> (5 * i) & 31) as u8).filter(|n| *n != 0);
            word.extend(letters.map(|n| b'a' + n - 1));
            assert_eq!(romanized(&word), romanized(wade), "{:?}", String::from_utf8_lossy(&word));
        }
        assert_ne!(romanized(b"lin"), romanized(b"lim"));
    }

    #[test]
    fn known_names() {
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
            let (out, len, _) = wade_giles(pinyin.as_bytes()).unwrap();
            assert_eq!(std::str::from_utf8(&out[..len]), Ok(wade));
            assert!(is_wade_giles(wade.as_bytes()), "{wade}");
        }
        assert!(wade_giles(b"vladimir").is_none() && !is_wade_giles(b"vladimir"));
    }
}
