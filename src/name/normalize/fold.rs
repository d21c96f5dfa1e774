//! Folding of case, marks and compatibility forms.
//!
//! Cost: a step for each character of an ASCII name; a look-up for each letter of most other names; for the
//! rest Unicode's normalization and case folding.

use super::chars::{CharProps, ScriptClass, fold_cyrillic, script_of_simple};
use super::confusables::disguised_letter;
use super::decode::decode;
use super::is_apostrophe;
use super::words::{FoldedWords, IsAbbreviation, WordCutter};
use caseless::Caseless;
use std::sync::LazyLock;
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};
use unicode_script::{Script, UnicodeScript};

impl FoldedWords {
    /// Folds `raw` and cuts it into words; former words are dropped. Returns the length of `raw` in
    /// characters, without blanks at its ends.
    pub(crate) fn fold(&mut self, raw: &str, is_abbreviation: IsAbbreviation) -> usize {
        self.clear();
        let decoded = decode(raw);
        let raw = decoded.trim();
        let mut words = WordCutter::new(self, is_abbreviation);
        if raw.is_ascii() {
            words.fold_ascii(raw.as_bytes());
            words.finish();
            return raw.len();
        }
        if raw.chars().all(folds_alone) {
            words.fold_simple(raw);
        } else {
            words.fold_any(raw);
        }
        words.finish();
        raw.chars().count()
    }
}

impl WordCutter<'_> {
    fn fold_ascii(&mut self, raw: &[u8]) {
        for (i, b) in raw.iter().enumerate() {
            if i > 0
                && b.is_ascii_uppercase()
                && raw[i - 1].is_ascii_lowercase()
                && is_capitalised(&raw[..i])
                && ends_in_capitals(&raw[i..])
            {
                self.end_word(false);
            }
            self.push_ascii(char::from(b.to_ascii_lowercase()));
        }
    }

    /// Folds a text of characters that fold alone.
    fn fold_simple(&mut self, raw: &str) {
        for c in raw.chars() {
            if c.is_ascii() {
                self.push_ascii(c.to_ascii_lowercase());
            } else if let Some(letters) = ascii_letters(c) {
                letters.iter().for_each(|b| self.push_letter(char::from(*b)));
            } else {
                self.push_letter(fold_cyrillic(c));
            }
        }
    }

    /// Folds any text: compatibility forms (full-width letters, ligatures) first, composed, so that a letter
    /// with its marks is one character. Most texts are in this form already, and testing for it is faster
    /// than normalizing.
    fn fold_any(&mut self, raw: &str) {
        let chars = raw.chars().map(|c| enclosed_letter(c).unwrap_or(c));
        if is_nfkc_quick(chars.clone()) == IsNormalized::Yes {
            self.fold_normalized(chars);
        } else {
            self.fold_normalized(chars.nfkc());
        }
    }

    fn fold_normalized(&mut self, text: impl Iterator<Item = char>) {
        let mut last = ScriptClass::Other;
        for c in text {
            if c.is_ascii() {
                self.push_ascii(c.to_ascii_lowercase());
                last = ScriptClass::Latin;
                continue;
            }
            if CharProps::of(c).is_ignorable() {
                continue;
            }
            for c in std::iter::once(c).default_case_fold() {
                if c.is_ascii() {
                    self.push_ascii(c);
                    last = ScriptClass::Latin;
                } else {
                    self.fold_char(c, &mut last);
                }
            }
        }
    }

    /// Folds a character other than ASCII whose case is folded. `last` is the script of the letter before.
    ///
    /// Marks are dropped where letters can do without (Latin, Greek, Arabic), and kept where they carry the
    /// vowel.
    fn fold_char(&mut self, c: char, last: &mut ScriptClass) {
        let props = CharProps::of(c);
        if props.script() == ScriptClass::Other
            && let Some(letter) = disguised_letter(c)
        {
            self.push_ascii(letter);
            *last = ScriptClass::Latin;
            return;
        }
        // Unicode calls vowel signs alphabetic; heaped on a letter of another script, a mark is no letter.
        let is_foreign_mark = props.is_mark() && props.script() != *last;
        if is_apostrophe(c) || is_foreign_mark {
            return;
        }
        if props.is_alphanumeric() || (props.is_mark() && *last == ScriptClass::Other) {
            *last = props.script();
            let without_marks = || std::iter::once(c).nfd().filter(|d| !is_combining_mark(*d));
            match last {
                ScriptClass::Latin => without_marks().for_each(|d| self.push_latin(d)),
                ScriptClass::LatinLike if c.script() == Script::Greek => {
                    without_marks().for_each(|d| self.push_letter(d));
                }
                _ => self.push_letter(c),
            }
        } else if props.is_mark() || c == 'ـ' {
            // Marks, the Arabic tatweel.
        } else {
            self.end_word(c == '。' || c == '．');
        }
    }

    /// Appends a Latin letter without marks as ASCII.
    fn push_latin(&mut self, c: char) {
        if c.is_ascii() {
            self.push_ascii(c);
        } else {
            any_ascii::any_ascii_char(c).chars().for_each(|c| self.push_ascii(c.to_ascii_lowercase()));
        }
    }
}

/// Whether a word starts in two capitals or more and nothing else: "HassanKHALIL" is two words.
fn ends_in_capitals(rest: &[u8]) -> bool {
    let letters = rest.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    letters >= 2 && rest[..letters].iter().all(u8::is_ascii_uppercase)
}

/// Whether a text ends in a word of one capital and at least three small letters: not "Mac" and not "MUkh".
fn is_capitalised(text: &[u8]) -> bool {
    let letters = text.iter().rev().take_while(|b| b.is_ascii_lowercase()).count();
    let Some(first) = text.len().checked_sub(letters + 1) else { return false };
    letters >= 3
        && text[first].is_ascii_uppercase()
        && first.checked_sub(1).is_none_or(|before| !text[before].is_ascii_alphanumeric())
}

/// The letter of a character that is a letter within a bracket, a circle or a square, and is not normalized to the
/// letter itself: Unicode's blocks "Enclosed Alphanumerics" and "Enclosed Alphanumeric Supplement".
fn enclosed_letter(c: char) -> Option<char> {
    const ALPHABETS: [u32; 5] = [0x249c, 0x1f110, 0x1f150, 0x1f170, 0x1f1e6];
    let c = u32::from(c);
    let letter = ALPHABETS.iter().find_map(|first| c.checked_sub(*first).filter(|i| *i < 26))?;
    char::from_u32(u32::from('a') + letter)
}

/// The ASCII letters and digits that a Latin letter is folded to; none if it is folded otherwise.
#[derive(Clone, Copy, Default)]
struct AsciiLetters {
    letters: [u8; 4],
    len: u8,
}

/// The blocks of Latin letters that most languages need.
const LATIN: std::ops::RangeInclusive<char> = '\u{c0}'..='\u{24f}';

/// What each letter of these blocks is folded to, found by folding it.
static ASCII_LETTERS: LazyLock<Box<[AsciiLetters]>> = LazyLock::new(|| {
    let mut words = FoldedWords::default();
    let mut fold = |c: char| {
        words.clear();
        let mut cutter = WordCutter::new(&mut words, |_| false);
        // Between other letters, so that a character that separates words is noticed.
        cutter.fold_any(&format!("x{c}x"));
        cutter.finish();
        let folded = words.text().strip_prefix('x').and_then(|rest| rest.strip_suffix("x ")).unwrap_or("");
        let mut ascii = AsciiLetters::default();
        if folded.bytes().all(|b| b.is_ascii_alphanumeric()) && folded.len() <= ascii.letters.len() {
            ascii.letters[..folded.len()].copy_from_slice(folded.as_bytes());
            ascii.len = folded.len() as u8;
        }
        ascii
    };
    LATIN.map(&mut fold).collect()
});

/// The ASCII letters of a Latin letter that is none itself. They do not depend on simple letters beside it.
fn ascii_letters(c: char) -> Option<&'static [u8]> {
    if !LATIN.contains(&c) {
        return None;
    }
    let AsciiLetters { letters, len } = ASCII_LETTERS.get(c as usize - *LATIN.start() as usize)?;
    (*len > 0).then(|| &letters[..usize::from(*len)])
}

/// Whether a character is folded independently of its neighbours: ASCII, a simple letter, or one that is
/// folded to ASCII.
fn folds_alone(c: char) -> bool {
    c.is_ascii() || script_of_simple(fold_cyrillic(c)).is_some() || ascii_letters(c).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::lexicon::is_abbreviation;

    fn words(raw: &str) -> Vec<String> {
        let mut words = FoldedWords::default();
        words.fold(raw, is_abbreviation);
        words.iter().map(str::to_string).collect()
    }

    #[test]
    fn letters_of_scripts_not_in_use_are_the_latin_ones_that_they_look_like() {
        assert_eq!(words("AL-AᏚsad ᏚᎪYᎬD"), ["al", "assad", "sayed"]);
        assert_eq!(words("ꓮꓡꓲ"), ["ali"]);
    }

    #[test]
    fn marks_of_another_script_are_not_there() {
        for mark in ['\u{610}', '\u{616}', '\u{6d6}', '\u{591}', '\u{5b0}', '\u{93c}', '\u{e31}', '\u{fb1e}']
        {
            assert_eq!(words(&format!("Vladimir PU{mark}TIN")), ["vladimir", "putin"], "{mark:?}");
        }
        // Vowels of their own script stay.
        assert_ne!(words("\u{915}\u{93f}"), words("\u{915}"));
        assert_ne!(words("\u{e01}\u{e31}"), words("\u{e01}"));
    }

    #[test]
    fn simple_letters_are_unchanged_by_folding() {
        let letters = (0x80..=0x10_ffff).filter_map(char::from_u32);
        for c in letters.filter(|c| script_of_simple(fold_cyrillic(*c)).is_some()) {
            let folded: String = std::iter::once(c).nfkc().default_case_fold().collect();
            assert_eq!(folded, fold_cyrillic(c).to_string());
            // Of such letters none is ever the second of two that compose.
            assert_eq!(is_nfkc_quick(std::iter::once(c)), IsNormalized::Yes, "{c:?}");
            assert!(fold_cyrillic(c).is_alphanumeric() && !is_apostrophe(c));
        }
    }

    /// The words of a text of which every character is looked at by every step.
    fn words_by_fold_any(raw: &str) -> Vec<String> {
        let mut words = FoldedWords::default();
        let mut cutter = WordCutter::new(&mut words, is_abbreviation);
        cutter.fold_any(raw.trim());
        cutter.finish();
        words.iter().map(str::to_string).collect()
    }

    #[test]
    fn latin_letters_are_folded_as_any_are() {
        let mut folded_letters = 0;
        for c in LATIN {
            let any = words_by_fold_any(&format!("x{c}x"));
            if let Some(letters) = ascii_letters(c) {
                assert_eq!(any, [format!("x{}x", std::str::from_utf8(letters).unwrap())]);
                folded_letters += 1;
            }
        }
        assert!(folded_letters > 350, "{folded_letters}");
        assert_eq!(
            ["ß", "İ", "Ø", "ÿ"].map(|c| ascii_letters(c.chars().next().unwrap()).unwrap()),
            [&b"ss"[..], b"i", b"o", b"y"]
        );
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(5_000))]

        #[test]
        fn simple_texts_are_folded_as_any_are(
            text in "[ a-zA-Z0-9.'&-]{0,3}([ .'a-cА-Яа-яЀ-џا-غف-يٱ-ٴٹ-ۓ一-龥가-힣]{0,6}[ .-]{0,2}[a-zA-Z0-9.À-ɏ]{0,3}){0,4}[ .]?[а-я一-龥كÀ-ɏ]"
        ) {
            proptest::prop_assert_eq!(words(&text), words_by_fold_any(&text));
        }
    }

    #[test]
    fn names_are_folded_and_cut_into_words() {
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
        assert_eq!(words("⒜⒝🄲🅓🇪 ⓕ"), ["abcde", "f"]);
        assert_eq!(words("a\u{7f}b\u{85}c\u{3164}d\u{fffd}e\u{2800}f\tg\nh\u{1}i"), ["abcdef", "g", "hi"]);
        assert_eq!(words("Z\u{36e}a\u{345}\u{363}l\u{489}go"), ["zalgo"]);
        assert_eq!(words("  "), [""; 0]);
    }
}
