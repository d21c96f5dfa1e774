//! Words in Arabic script (Arabic, Persian, Urdu, Pashto): their Latin readings, and how well a Latin word spells
//! them.
//!
//! The reading goes letter by letter: the consonants and the long vowels as written, and an "a" between consonants,
//! where a short vowel is not written. It serves for keys. What decides is [`similarity`], which knows of each letter
//! the ways it is written in Latin, and that short vowels come and go.

use super::speller::{Spelled, Speller, Spellings};
use std::sync::LazyLock;

/// Appends the reading of `word` to `out`.
pub(super) fn read(word: &str, out: &mut String) {
    let (mut first, mut consonant) = (true, false);
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        let last = chars.peek().is_none();
        let reading = match c {
            'ا' | 'أ' | 'إ' | 'آ' | 'ٱ' => {
                if first && c == 'إ' {
                    "i"
                } else {
                    "a"
                }
            }
            'ب' => "b",
            'پ' => "p",
            'ت' | 'ط' | 'ټ' | 'ٹ' => "t",
            'ث' => "s",
            'ج' => "j",
            'چ' => "ch",
            'ح' | 'ه' | 'ھ' | 'ہ' => "h",
            'خ' => "kh",
            'د' | 'ډ' | 'ڈ' => "d",
            'ذ' => "z",
            'ر' | 'ړ' | 'ڑ' => "r",
            'ز' | 'ږ' => "z",
            'ژ' => "zh",
            'س' => "s",
            'ش' | 'ښ' => "sh",
            'ص' => "s",
            'ض' => "d",
            'ظ' => "z",
            'ع' => {
                if first {
                    "a"
                } else {
                    ""
                }
            }
            'غ' => "gh",
            'ف' => "f",
            'ق' => "q",
            'ک' | 'ك' | 'ګ' => "k",
            'گ' => "g",
            'ل' => "l",
            'م' => "m",
            'ن' | 'ں' | 'ڼ' => "n",
            'و' | 'ؤ' => {
                if first {
                    "w"
                } else {
                    "u"
                }
            }
            'ی' | 'ي' | 'ې' | 'ۍ' | 'ئ' | 'ے' | 'ێ' => {
                if first {
                    "y"
                } else {
                    "i"
                }
            }
            'ى' => "a",
            'ة' | 'ۃ' => {
                if last {
                    "a"
                } else {
                    "t"
                }
            }
            'ء' => "",
            other => any_ascii::any_ascii_char(other),
        };
        let opens = reading.as_bytes().first().is_some_and(|b| !b"aeiou".contains(b));
        if consonant && opens {
            out.push('a');
        }
        if !reading.is_empty() {
            consonant = opens;
        }
        first = false;
        out.extend(reading.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()));
    }
}

/// The letters of `word`, one byte each, as [`similarity`] compares them; spellings of one letter in the languages of
/// the script are one byte.
pub(super) fn letters(word: &str, out: &mut String) {
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        let last = chars.peek().is_none();
        let code = match c {
            'ا' | 'أ' | 'إ' | 'آ' | 'ٱ' => 'A',
            'ب' => 'b',
            'پ' => 'p',
            'ت' | 'ط' | 'ټ' | 'ٹ' => 't',
            'ث' => 'x',
            'ج' => 'j',
            'چ' => 'c',
            'ح' | 'ه' | 'ھ' | 'ہ' => 'h',
            'خ' => 'X',
            'د' | 'ډ' | 'ڈ' => 'd',
            'ذ' => 'D',
            'ر' | 'ړ' | 'ڑ' => 'r',
            'ز' | 'ږ' => 'z',
            'ژ' => 'J',
            'س' | 'ص' => 's',
            'ش' | 'ښ' => 'S',
            'ض' | 'ظ' => 'Z',
            'ع' => 'E',
            'غ' => 'G',
            'ف' => 'f',
            'ق' => 'q',
            'ک' | 'ك' | 'ګ' => 'k',
            'گ' => 'g',
            'ل' => 'l',
            'م' => 'm',
            'ن' | 'ں' | 'ڼ' => 'n',
            'و' | 'ؤ' => 'W',
            'ی' | 'ي' | 'ې' | 'ۍ' | 'ے' | 'ێ' => 'Y',
            'ى' | 'ئ' => 'I',
            'ة' | 'ۃ' => {
                if last {
                    'T'
                } else {
                    't'
                }
            }
            'ء' => continue,
            other => {
                let reading = any_ascii::any_ascii_char(other);
                out.extend(reading.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()));
                continue;
            }
        };
        out.push(code);
    }
}

/// The spellings of the letters. Own compilation from the romanizations in use (ALA-LC, BGN/PCGN, the French and
/// German habits of passports).
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
    unwritten: |letter, last| match letter {
        b'a' | b'e' | b'i' | b'o' | b'u' => 4,
        b'h' if last => 10,
        b'y' => 25,
        b'h' | b'w' => 40,
        _ => 100,
    },
    any_first_vowel: b'A',
};

static SPELLER: LazyLock<Speller> = LazyLock::new(|| Speller::new(&SPELLINGS));

/// How well a Latin word spells the [`letters`] of a word in Arabic script, in \[0, 0.97\].
pub(crate) fn similarity(letters: &[u8], latin: &[u8]) -> f32 {
    SPELLER.similarity(Spelled { letters, latin })
}

/// The parts of a word that other writers put a blank between: the article (الرحمن is al + rahman), عبد and أبو
/// before a name, الله and الدين behind one. Joins bring them together again where a list writes them as one.
/// Words that are short, or whose "al" is a part of the name, stay whole.
pub(super) fn parts<'w>(word: &'w str, mut each: impl FnMut(&'w str)) {
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
    fn readings() {
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
            parts(word, |part| found.push(part));
            assert_eq!(found, expected, "{word}");
        }
    }

    #[test]
    fn latin_spellings_are_graded() {
        let like = |word: &str, latin: &str| {
            let mut codes = String::new();
            letters(word, &mut codes);
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
