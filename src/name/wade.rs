//! Chinese syllables in pinyin and in Wade-Giles, the romanization of older lists and of Taiwan: "Hsi Chin-ping" is
//! Xi Jinping, "Mao Tse-tung" Mao Zedong.
//!
//! A word that falls into pinyin syllables has one Wade-Giles spelling, written here without marks and
//! apostrophes, as names on lists are. The way back is not unique ("chang" is zhang or chang), so only this one is
//! taken. The correspondence is that of the Library of Congress's conversion table, made by rule.

use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// The longest word that is looked at, in letters.
const MAX: usize = 24;
/// The longest syllable ("zhuang").
const LONGEST: usize = 6;

#[derive(Default)]
struct Syllables {
    /// The Wade-Giles spelling of every pinyin syllable.
    wade: FxHashMap<Box<[u8]>, Box<[u8]>>,
    /// The Wade-Giles syllables.
    known: rustc_hash::FxHashSet<Box<[u8]>>,
}

fn syllables() -> &'static Syllables {
    static TABLE: OnceLock<Syllables> = OnceLock::new();
    TABLE.get_or_init(|| {
        use pinyin::ToPinyin;
        let mut table = Syllables::default();
        for c in '\u{4e00}'..='\u{9fff}' {
            let Some(reading) = c.to_pinyin() else { continue };
            let pinyin = reading.plain().replace('ü', "v");
            if pinyin.bytes().all(|b| b.is_ascii_lowercase())
                && pinyin.bytes().any(|b| b"aeiouv".contains(&b))
            {
                let wade: Box<[u8]> = spelled(&pinyin).replace('v', "u").as_bytes().into();
                table.known.insert(wade.clone());
                table.wade.insert(pinyin.replace('v', "u").as_bytes().into(), wade);
            }
        }
        table
    })
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

/// Cuts a word into the fewest syllables that `known` has, the longest first; calls `each` with them. False if it
/// does not fall into syllables.
fn cut<'w>(word: &'w [u8], known: impl Fn(&[u8]) -> bool, mut each: impl FnMut(&'w [u8])) -> bool {
    let n = word.len();
    if n < 2 || n > MAX {
        return false;
    }
    // For each place, the number of syllables from there on and the length of the first; 0 for none.
    let mut best = [(u8::MAX, 0u8); MAX + 1];
    best[n] = (0, 0);
    for at in (0..n).rev() {
        for len in (1..=LONGEST.min(n - at)).rev() {
            let rest = best[at + len].0;
            if rest < u8::MAX && rest + 1 < best[at].0 && known(&word[at..at + len]) {
                best[at] = (rest + 1, len as u8);
            }
        }
    }
    let mut at = 0;
    while at < n {
        let len = usize::from(best[at].1);
        if len == 0 {
            return false;
        }
        each(&word[at..at + len]);
        at += len;
    }
    true
}

/// The Wade-Giles spelling of a word in pinyin, with its length and the number of syllables; `None` for a word
/// that is none.
pub(crate) fn wade_giles(word: &[u8]) -> Option<([u8; 2 * MAX], usize, usize)> {
    let table = syllables();
    let (mut out, mut len, mut count) = ([0; 2 * MAX], 0, 0);
    let fits = cut(
        word,
        |s| table.wade.contains_key(s),
        |s| {
            let wade = &table.wade[s];
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
    cut(word, |s| syllables().known.contains(s), |_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

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
