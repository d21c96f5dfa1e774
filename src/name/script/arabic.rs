//! Words in Arabic script (Arabic, Persian, Urdu, Pashto): their Latin readings, and how well a Latin word
//! spells them.
//!
//! The reading goes letter by letter: the consonants and the long vowels as written, and an "a" between
//! consonants, where a short vowel is not written. It serves as a key. Matching decides by [`similarity`],
//! which knows for each letter its usual Latin spellings, and that short vowels may be missing.

use super::transliteration::{Spellings, TransliterationAligner, TransliterationPair};
use std::sync::LazyLock;

/// The reading of a letter, and its code for [`similarity`]. Letters that are one in the languages of the
/// script share a code. `first` and `last` tell its place in the word. `None` for characters that are no
/// letter of the script.
///
/// Compiled by hand by the authors from the romanizations in use (see [`SPELLINGS`]).
const fn letter(c: char, first: bool, last: bool) -> Option<(&'static str, &'static str)> {
    Some(match c {
        'إ' if first => ("i", "A"),
        'ا' | 'أ' | 'إ' | 'آ' | 'ٱ' => ("a", "A"),
        'ب' => ("b", "b"),
        'پ' => ("p", "p"),
        'ت' | 'ط' | 'ټ' | 'ٹ' => ("t", "t"),
        'ث' => ("s", "x"),
        'ج' => ("j", "j"),
        'چ' => ("ch", "c"),
        'ح' | 'ه' | 'ھ' | 'ہ' => ("h", "h"),
        'خ' => ("kh", "X"),
        'د' | 'ډ' | 'ڈ' => ("d", "d"),
        'ذ' => ("z", "D"),
        'ر' | 'ړ' | 'ڑ' => ("r", "r"),
        'ز' | 'ږ' => ("z", "z"),
        'ژ' => ("zh", "J"),
        'س' | 'ص' => ("s", "s"),
        'ش' | 'ښ' => ("sh", "S"),
        'ض' => ("d", "Z"),
        'ظ' => ("z", "Z"),
        'ع' => (if first { "a" } else { "" }, "E"),
        'غ' => ("gh", "G"),
        'ف' => ("f", "f"),
        'ق' => ("q", "q"),
        'ک' | 'ك' | 'ګ' => ("k", "k"),
        'گ' => ("g", "g"),
        'ل' => ("l", "l"),
        'م' => ("m", "m"),
        'ن' | 'ں' | 'ڼ' => ("n", "n"),
        'و' | 'ؤ' => (if first { "w" } else { "u" }, "W"),
        'ی' | 'ي' | 'ې' | 'ۍ' | 'ے' | 'ێ' => (if first { "y" } else { "i" }, "Y"),
        'ئ' => (if first { "y" } else { "i" }, "I"),
        'ى' => ("a", "I"),
        'ة' | 'ۃ' if last => ("a", "T"),
        'ة' | 'ۃ' => ("t", "t"),
        // The hamza by itself is neither read nor compared.
        'ء' => ("", ""),
        _ => return None,
    })
}

/// Appends the reading of `word` to `out`.
pub(crate) fn read(word: &str, out: &mut String) {
    let (mut first, mut after_consonant) = (true, false);
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        let reading = match letter(c, first, chars.peek().is_none()) {
            Some((reading, _)) => reading,
            None => any_ascii::any_ascii_char(c),
        };
        let is_consonant = reading.as_bytes().first().is_some_and(|b| !b"aeiou".contains(b));
        if after_consonant && is_consonant {
            out.push('a');
        }
        if !reading.is_empty() {
            after_consonant = is_consonant;
        }
        first = false;
        out.extend(reading.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()));
    }
}

/// Appends the codes of the letters of `word`, one byte each, to `out`.
pub(crate) fn letter_codes(word: &str, out: &mut String) {
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        match letter(c, false, chars.peek().is_none()) {
            Some((_, code)) => out.push_str(code),
            None => {
                let reading = any_ascii::any_ascii_char(c);
                out.extend(reading.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()));
            }
        }
    }
}

/// The Latin spellings of each letter code, with costs in hundredths of a letter. Compiled by hand by the
/// authors from the romanizations in use (ALA-LC, BGN/PCGN, the French and German habits of passports); the
/// costs have no source.
const SPELLINGS: Spellings = Spellings {
    of: |code| match code {
        b'A' => &[("a", 0), ("e", 10), ("o", 20), ("", 30)],
        b'W' => &[("w", 0), ("u", 0), ("o", 0), ("v", 5), ("ou", 0), ("oo", 0), ("", 50)],
        b'Y' => &[("y", 0), ("i", 0), ("ee", 0), ("ie", 0), ("e", 15), ("j", 20), ("", 40)],
        b'I' => &[("i", 0), ("a", 0), ("y", 0), ("e", 5), ("", 20)],
        b'E' => &[("", 0)],
        b'T' => &[("a", 0), ("ah", 0), ("e", 0), ("eh", 0), ("at", 5), ("i", 10), ("t", 20), ("", 15)],
        b'h' => &[("h", 0), ("", 35)],
        b'b' => &[("b", 0), ("p", 30)],
        b'p' => &[("p", 0), ("b", 10)],
        b't' => &[("t", 0), ("th", 15), ("d", 40)],
        b'x' => &[("th", 0), ("s", 5), ("t", 10)],
        b'j' => &[("j", 0), ("dj", 0), ("dzh", 5), ("g", 10), ("zh", 15), ("y", 25)],
        b'c' => &[("ch", 0), ("tch", 0), ("c", 15), ("sh", 20)],
        b'X' => &[("kh", 0), ("x", 5), ("ch", 10), ("h", 15), ("k", 20)],
        b'd' => &[("d", 0), ("dh", 15), ("t", 30)],
        b'D' => &[("dh", 0), ("z", 0), ("d", 5), ("th", 5)],
        b'z' => &[("z", 0), ("s", 25)],
        b'J' => &[("zh", 0), ("j", 0)],
        b's' => &[("s", 0), ("z", 30), ("c", 30)],
        b'S' => &[("sh", 0), ("ch", 0), ("sch", 0), ("s", 25)],
        b'Z' => &[("z", 0), ("d", 0), ("dh", 0), ("th", 10)],
        b'G' => &[("gh", 0), ("g", 10), ("q", 25)],
        b'f' => &[("f", 0), ("ph", 0), ("v", 25)],
        b'q' => &[("q", 0), ("k", 0), ("c", 5), ("g", 10), ("gh", 20)],
        b'k' => &[("k", 0), ("c", 5), ("q", 5), ("kh", 15), ("g", 20)],
        b'g' => &[("g", 0), ("gh", 5), ("k", 15)],
        _ => &[],
    },
    inserted_letter_cost: |letter, last| match letter {
        b'a' | b'e' | b'i' | b'o' | b'u' => 4,
        b'h' if last => 10,
        b'y' => 25,
        b'h' | b'w' => 40,
        _ => 100,
    },
    any_first_vowel: b'A',
};

static ALIGNER: LazyLock<TransliterationAligner> = LazyLock::new(|| TransliterationAligner::new(&SPELLINGS));

/// How well a Latin word spells the [`letter_codes`] of a word in Arabic script, in \[0, 0.97\].
pub(crate) fn similarity(letters: &[u8], latin: &[u8]) -> f32 {
    ALIGNER.similarity(TransliterationPair { letters, latin })
}

/// Calls `each` with the parts of a word between which other writers put a blank: the article (الرحمن is al +
/// rahman), عبد and أبو before a name, الله and الدين after one. Where a list writes them as one word,
/// concatenation of tokens brings them together again. Short words, and words whose "al" is a part of the
/// name, stay whole.
pub(super) fn for_each_part<'w>(word: &'w str, mut each: impl FnMut(&'w str)) {
    let letters = |s: &str| s.chars().count();
    let mut rest = word;
    for head in ["عبد", "أبو", "ابو"] {
        if let Some(tail) = rest.strip_prefix(head)
            && (letters(tail) >= 5 && tail.starts_with("ال") || head != "عبد" && letters(tail) >= 3)
        {
            each(head);
            rest = tail;
            break;
        }
    }
    let tail = ["الله", "اللہ", "الدين", "الدین"]
        .into_iter()
        .find(|tail| rest.strip_suffix(tail).is_some_and(|before| letters(before) >= 2));
    if let Some(tail) = tail {
        let (before, after) = rest.split_at(rest.len() - tail.len());
        each(before);
        rest = after;
    }
    match rest.strip_prefix("ال") {
        Some(body) if letters(body) >= 3 => {
            each(ARTICLE);
            each(body);
        }
        _ => each(rest),
    }
}

/// The article.
pub(super) const ARTICLE: &str = "ال";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_letter_by_letter() {
        for (word, reading) in [("محمد", "mahamad"), ("صدام", "sadam"), ("حسين", "hasin"), ("طاهر", "tahar")]
        {
            let mut out = String::new();
            read(word, &mut out);
            assert_eq!(out, reading);
        }
    }

    #[test]
    fn words_fall_into_the_parts_that_others_write_apart() {
        for (word, expected) in [
            ("التكريتي", &["ال", "تكريتي"][..]),
            ("الي", &["الي"]),
            ("الله", &["الله"]),
            ("عبدالجبار", &["عبد", "ال", "جبار"]),
            ("عبدالله", &["عبد", "الله"]),
            ("خيرالله", &["خير", "الله"]),
            ("أبوغيث", &["أبو", "غيث"]),
        ] {
            let mut found = Vec::new();
            for_each_part(word, |part| found.push(part));
            assert_eq!(found, expected, "{word}");
        }
    }

    #[test]
    fn latin_spellings_are_graded() {
        let like = |word: &str, latin: &str| {
            let mut codes = String::new();
            letter_codes(word, &mut codes);
            similarity(codes.as_bytes(), latin.as_bytes())
        };
        for (word, good) in [
            ("محمد", "muhammad"),
            ("محمد", "mohamed"),
            ("حسين", "hussein"),
            ("ظاهر", "dahir"),
            ("كاظم", "kathim"),
            ("عثمان", "othman"),
            ("شريف", "cherif"),
            ("جواد", "javad"),
        ] {
            assert!(like(word, good) >= 0.9, "{word} {good} {}", like(word, good));
        }
        for (word, other) in
            [("محمد", "mahdi"), ("مهدی", "muhammad"), ("محمدی", "mahdawi"), ("جهانی", "cano")]
        {
            assert!(like(word, other) < 0.8, "{word} {other} {}", like(word, other));
        }
    }
}
