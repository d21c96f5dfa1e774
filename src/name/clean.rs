//! Folding of case, marks and look-alike letters, and cutting into words.

use super::letters::{Kind, Traits, kind_of_settled, look_alike, lower};
use caseless::Caseless;
use std::sync::LazyLock;
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};
use unicode_script::{Script, UnicodeScript};

/// A word of the cleaned text, as a range of bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    pub start: usize,
    pub end: usize,
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʻ' | 'ʼ' | '`' | '´' | 'ʿ' | 'ʾ' | '′' | '‛' | 'ʹ' | 'ʽ' | '״' | '׳')
}

/// What a Latin letter with marks, or one that ASCII lacks, is folded to: ASCII letters and digits, or nothing if it is
/// not.
#[derive(Clone, Copy, Default)]
struct Folded {
    letters: [u8; 4],
    len: u8,
}

/// The blocks of Latin letters that most languages need.
const LATIN: std::ops::RangeInclusive<char> = '\u{c0}'..='\u{24f}';
static FOLDED: LazyLock<Box<[Folded]>> = LazyLock::new(|| {
    let (mut text, mut words) = (String::new(), Vec::new());
    let mut fold = |c: char| {
        text.clear();
        words.clear();
        let mut cleaner = Cleaner { text: &mut text, words: &mut words, start: None, single: 0 };
        // Between others, so that what it takes for a gap shows.
        cleaner.any(&format!("x{c}x"));
        cleaner.finish();
        let mut folded = Folded::default();
        let letters =
            text.strip_prefix('x').and_then(|rest| rest.strip_suffix("x ")).unwrap_or("").as_bytes();
        if letters.iter().all(u8::is_ascii_alphanumeric) && letters.len() <= folded.letters.len() {
            folded.letters[..letters.len()].copy_from_slice(letters);
            folded.len = letters.len() as u8;
        }
        folded
    };
    LATIN.map(&mut fold).collect()
});

/// The ASCII letters of a Latin letter that is none itself; what stands beside it among settled letters does not
/// matter.
fn folded(c: char) -> Option<&'static [u8]> {
    if !LATIN.contains(&c) {
        return None;
    }
    let Folded { letters, len } = FOLDED.get(c as usize - *LATIN.start() as usize)?;
    (*len > 0).then(|| &letters[..usize::from(*len)])
}

/// Whether a character is looked at by itself: ASCII, or a letter that is as it is, or is folded to ASCII.
fn is_settled(c: char) -> bool {
    c.is_ascii() || kind_of_settled(lower(c)).is_some() || folded(c).is_some()
}

/// Folds `raw` into `text` and notes its words in `words`; both are cleared first. Returns the length of the
/// raw name in characters.
pub(super) fn clean(raw: &str, text: &mut String, words: &mut Vec<Word>) -> usize {
    text.clear();
    words.clear();
    let raw = raw.trim();
    if raw.is_ascii() {
        clean_ascii(raw, text, words);
        return raw.len();
    }
    let mut cleaner = Cleaner { text, words, start: None, single: 0 };
    if raw.chars().all(is_settled) {
        cleaner.settled(raw);
    } else {
        cleaner.any(raw);
    }
    cleaner.finish();
    raw.chars().count()
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}')
}

/// Whether a word goes on in two capitals or more and nothing else: "HassanKHALIL" is two words.
fn ends_in_capitals(rest: &[u8]) -> bool {
    let letters = rest.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    letters >= 2 && rest[..letters].iter().all(u8::is_ascii_uppercase)
}

/// Whether a text ends in a word of one capital and three letters or more: not "Mac" and not "MUkh".
fn is_capitalised(text: &[u8]) -> bool {
    let letters = text.iter().rev().take_while(|b| b.is_ascii_lowercase()).count();
    let Some(first) = text.len().checked_sub(letters + 1) else { return false };
    letters >= 3
        && text[first].is_ascii_uppercase()
        && first.checked_sub(1).is_none_or(|before| !text[before].is_ascii_alphanumeric())
}

fn clean_ascii(raw: &str, text: &mut String, words: &mut Vec<Word>) {
    let mut cleaner = Cleaner { text, words, start: None, single: 0 };
    let bytes = raw.as_bytes();
    for (i, b) in bytes.iter().enumerate() {
        if i > 0
            && b.is_ascii_uppercase()
            && bytes[i - 1].is_ascii_lowercase()
            && is_capitalised(&bytes[..i])
            && ends_in_capitals(&bytes[i..])
        {
            cleaner.gap(false);
        }
        cleaner.push(b.to_ascii_lowercase() as char);
    }
    cleaner.finish();
}

struct Cleaner<'a> {
    text: &'a mut String,
    words: &'a mut Vec<Word>,
    start: Option<usize>,
    /// How many single letters with dots ("s.", "a.") the text ends with.
    single: usize,
}

impl Cleaner<'_> {
    /// Takes a text of settled characters.
    fn settled(&mut self, raw: &str) {
        for c in raw.chars() {
            if c.is_ascii() {
                self.push(c.to_ascii_lowercase());
            } else if let Some(letters) = folded(c) {
                letters.iter().for_each(|b| self.letter(char::from(*b)));
            } else {
                self.letter(lower(c));
            }
        }
    }

    /// Takes any text.
    fn any(&mut self, raw: &str) {
        // Compatibility forms (full-width letters, ligatures) first, composed, so that a letter with its marks is
        // one unit. Most texts are so as they are, which is sooner seen than done.
        if is_nfkc_quick(raw.chars()) == IsNormalized::Yes {
            self.normalized(raw.chars());
        } else {
            self.normalized(raw.nfkc());
        }
    }

    /// Takes any text that is normalized. Marks are dropped only where they do not carry the vowel (Latin, Greek,
    /// Arabic).
    fn normalized(&mut self, text: impl Iterator<Item = char>) {
        let mut last = Kind::Other;
        for c in text {
            if c.is_ascii() {
                self.push(c.to_ascii_lowercase());
                last = Kind::Latin;
                continue;
            }
            for c in std::iter::once(c).default_case_fold() {
                if c.is_ascii() {
                    self.push(c);
                    last = Kind::Latin;
                    continue;
                }
                let traits = Traits::of(c);
                if is_apostrophe(c) {
                    // Within a word it only separates letters; the word goes on.
                } else if traits.is_alphanumeric() || (traits.is_mark() && last == Kind::Other) {
                    last = traits.kind();
                    match last {
                        Kind::Latin => {
                            for d in std::iter::once(c).nfd().filter(|d| !is_combining_mark(*d)) {
                                if d.is_ascii() {
                                    self.push(d);
                                } else {
                                    for e in any_ascii::any_ascii_char(d).chars() {
                                        self.push(e.to_ascii_lowercase());
                                    }
                                }
                            }
                        }
                        Kind::LookAlike if c.script() == Script::Greek => {
                            for d in std::iter::once(c).nfd().filter(|d| !is_combining_mark(*d)) {
                                self.letter(d);
                            }
                        }
                        _ => self.letter(c),
                    }
                } else if traits.is_mark() || is_invisible(c) || c == 'ـ' {
                    // Marks on letters that can do without, joiners, bidirectional controls, the Arabic tatweel.
                } else {
                    self.gap(c == '。' || c == '．');
                }
            }
        }
    }

    fn push(&mut self, c: char) {
        if c.is_ascii_alphanumeric() {
            self.letter(c);
        } else if is_apostrophe(c) {
        } else {
            self.gap(c == '.');
        }
    }

    fn letter(&mut self, c: char) {
        if self.start.is_none() {
            self.start = Some(self.text.len());
        }
        self.text.push(c);
    }

    /// Ends a word. Letters with dots between them and no blank ("S.A.", "o.O.O.") are glued into one word
    /// when there are three or more, or when the two of them are a legal form or a country.
    fn gap(&mut self, dot: bool) {
        let Some(start) = self.start.take() else {
            if !dot {
                self.glue();
            }
            return;
        };
        let end = self.text.len();
        self.words.push(Word { start, end });
        self.text.push(' ');
        let one = self.text[start..end].chars().nth(1).is_none();
        if one && (dot || self.single > 0) {
            self.single += 1;
            if !dot {
                self.glue();
            }
        } else {
            self.single = 0;
        }
    }

    fn glue(&mut self) {
        let n = std::mem::take(&mut self.single);
        if n < 2 {
            return;
        }
        let from = self.words.len() - n;
        let start = self.words[from].start;
        let mut joined: String = self.words[from..].iter().map(|w| &self.text[w.start..w.end]).collect();
        if !joined.is_ascii() {
            // Look-alikes are undone within a word, which single letters are not yet.
            let latin: String = joined.chars().map(|c| look_alike(c).unwrap_or(c)).collect();
            if latin.is_ascii() && super::tables().is_abbreviation(&latin) {
                joined = latin;
            }
        }
        if n >= 3 || super::tables().is_abbreviation(&joined) {
            self.text.truncate(start);
            self.text.push_str(&joined);
            self.words.truncate(from);
            self.words.push(Word { start, end: self.text.len() });
            self.text.push(' ');
        }
    }

    fn finish(mut self) {
        self.gap(false);
        self.glue();
    }
}

/// Turns digits that stand for letters back ("s3ch1n", "c0mpany"); false when the word has none.
///
/// Digits at the end of a word count mostly ("radar 26", "skay17"). A single one is a letter if the word has others
/// that are, if it is a zero, or if `names` says that words here have no numbers, as those of people have none.
pub(super) fn undo_leet(word: &str, names: bool, out: &mut String) -> bool {
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 || letters == 0 || digits > letters + 1 || letters + digits != word.len() {
        return false;
    }
    let ordinal = word.trim_start_matches(|c: char| c.is_ascii_digit());
    if matches!(ordinal, "st" | "nd" | "rd" | "th" | "d") {
        return false;
    }
    let body = word.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (head, tail) = (word.len() - ordinal.len(), word.len() - body);
    let inner = word[head..body].bytes().any(|b| b.is_ascii_digit());
    let first = head == 1 && (letters >= 2 || word.starts_with('0'));
    let last = match tail {
        0 => false,
        1 => inner || first || names || word.ends_with('0'),
        _ => names,
    };
    if !names && (head > 1 || (head == 1 && !first) || !(inner || first || last)) {
        return false;
    }
    let vowel = |b: Option<&u8>| b.is_some_and(|b| b"aeiou034".contains(b));
    out.clear();
    let bytes = word.as_bytes();
    for (i, b) in bytes.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|i| bytes.get(i));
        let letter = match b {
            _ if i >= body && !last => *b,
            b'0' => b'o',
            // What stands between a vowel and a vowel, or ends a word behind one, is an l.
            b'1' if vowel(before) && (i + 1 == bytes.len() || vowel(bytes.get(i + 1))) => b'l',
            b'1' if before.is_none() && vowel(bytes.get(1)) => b'l',
            b'1' => b'i',
            b'3' => b'e',
            b'4' => b'a',
            b'5' => b's',
            b'6' | b'9' => b'g',
            b'7' => b't',
            b'8' => b'b',
            b'2' => b'z',
            _ => *b,
        };
        out.push(letter as char);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(raw: &str) -> Vec<String> {
        let (mut text, mut words) = (String::new(), Vec::new());
        clean(raw, &mut text, &mut words);
        words.iter().map(|w| text[w.start..w.end].to_string()).collect()
    }

    #[test]
    fn settled_letters_are_as_they_are() {
        let letters = (0x80..=0x10_ffff).filter_map(char::from_u32);
        for c in letters.filter(|c| kind_of_settled(lower(*c)).is_some()) {
            let folded: String = std::iter::once(c).nfkc().default_case_fold().collect();
            assert_eq!(folded, lower(c).to_string());
            // Of such letters none is ever the second of two that compose.
            assert_eq!(is_nfkc_quick(std::iter::once(c)), IsNormalized::Yes, "{c:?}");
            assert!(lower(c).is_alphanumeric() && !is_apostrophe(c));
        }
    }

    /// The words of a text of which every character is looked at by every step.
    fn words_of_any(raw: &str) -> Vec<String> {
        let (mut text, mut words) = (String::new(), Vec::new());
        let mut cleaner = Cleaner { text: &mut text, words: &mut words, start: None, single: 0 };
        cleaner.any(raw.trim());
        cleaner.finish();
        words.iter().map(|w| text[w.start..w.end].to_string()).collect()
    }

    #[test]
    fn latin_letters_are_folded_as_any_are() {
        let mut folded_letters = 0;
        for c in LATIN {
            let any = words_of_any(&format!("x{c}x"));
            if let Some(letters) = folded(c) {
                assert_eq!(any, [format!("x{}x", std::str::from_utf8(letters).unwrap())]);
                folded_letters += 1;
            }
        }
        assert!(folded_letters > 350, "{folded_letters}");
        assert_eq!(
            ["ß", "İ", "Ø", "ÿ"].map(|c| folded(c.chars().next().unwrap()).unwrap()),
            [&b"ss"[..], b"i", b"o", b"y"]
        );
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(5_000))]

        #[test]
        fn settled_texts_are_cut_as_others_are(
            text in "[ a-zA-Z0-9.'&-]{0,3}([ .'a-cА-Яа-яЀ-џا-غف-يٱ-ٴٹ-ۓ一-龥가-힣]{0,6}[ .-]{0,2}[a-zA-Z0-9.À-ɏ]{0,3}){0,4}[ .]?[а-я一-龥كÀ-ɏ]"
        ) {
            proptest::prop_assert_eq!(words(&text), words_of_any(&text));
        }
    }

    #[test]
    fn cuts_and_folds() {
        assert_eq!(words("CIMEX, S.A."), ["cimex", "sa"]);
        assert_eq!(words("L.L.C o.O.O."), ["llc", "ooo"]);
        assert_eq!(words("V.V. Putin"), ["v", "v", "putin"]);
        assert_eq!(words("Sa'ad  AL-Kabi"), ["saad", "al", "kabi"]);
        assert_eq!(words("Ákbár MÖTÁLLÉ Łódź Straße"), ["akbar", "motalle", "lodz", "strasse"]);
        assert_eq!(
            words("HassanKHALIL SiemensAG MuhNammad MUkhAMMAD MacARTHUR"),
            ["hassan", "khalil", "siemens", "ag", "muhnammad", "mukhammad", "macarthur"]
        );
        assert_eq!(words("İstanbul"), ["istanbul"]);
        assert_eq!(words("ＡＢＣ\u{200b}D"), ["abcd"]);
        assert_eq!(words("\u{202e}abc"), ["abc"]);
        assert_eq!(words("  "), [""; 0]);
    }

    #[test]
    fn digits_for_letters() {
        let mut out = String::new();
        for (word, want) in [
            ("s3ch1n", "sechin"),
            ("c0mpany", "company"),
            ("1gor", "igor"),
            ("ig0r", "igor"),
            ("a0", "ao"),
            ("4guirr3", "aguirre"),
            ("ant0nio", "antonio"),
            ("m4nue1", "manuel"),
            ("1opez", "lopez"),
        ] {
            assert!(undo_leet(word, false, &mut out), "{word}");
            assert_eq!(out, want);
        }
        for word in ["radar2633", "18th", "3d", "2024", "skay17", "abc", "star5", "m5", "10"] {
            assert!(!undo_leet(word, false, &mut out), "{word}");
        }
        for (word, want) in [
            ("rosale5", "rosales"),
            ("haj1", "haji"),
            ("manue1", "manuel"),
            ("r1", "ri"),
            ("18rahim", "ibrahim"),
        ] {
            assert!(undo_leet(word, true, &mut out), "{word}");
            assert_eq!(out, want);
        }
    }
}
