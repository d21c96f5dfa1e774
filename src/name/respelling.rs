//! Romanizations of other languages, written as English writes them.
//!
//! A name that is not written in Latin letters at home is spelled by every language in its own way: Tschatajew in German,
//! Czatajew in Polish, Tjatajev in Swedish, Tchataïev in French, and Chataev in English. Two such spellings differ by more
//! letters than a typing error does, and by other consonants. So a word with letters that are typical of another
//! romanization is also read as that language reads it: [`for_each_respelling`] gives "chatayev" for all of these.
//!
//! The rules of a language are its chunks of letters, each with the English chunk for the same sound. They were chosen from
//! spellings of one name in Wikidata's labels, and `tools/respelling` counts again how many groups of such spellings each
//! rule brings together. A chunk is part of a language only if the word has a letter of [`is_marked`], so that most words
//! have no respelling.
//!
//! Cost: one pass over the letters for a word that has none, which is most; a few hundred nanoseconds for another. Nothing is
//! allocated but the buffer that is passed.
//!
//! Limits: a mark that folding has removed (š, č, ł) is not seen; spellings of Arabic names are read by the French rules, and
//! no others.

use super::skeleton::{Skeleton, skeleton};

/// Chunks of letters and the English spelling of their sounds, longer ones before their beginnings.
type Rules = &'static [(&'static str, &'static str)];

/// German with sch as sh, and with sch as zh, which German does not distinguish.
const GERMAN: Rules = &[
    ("schtsch", "shch"),
    ("dsch", "j"),
    ("tsch", "ch"),
    ("sch", "sh"),
    ("ch", "kh"),
    ("ss", "s"),
    ("w", "v"),
    ("j", "y"),
    ("z", "ts"),
];
const GERMAN_ZH: Rules = &[
    ("schtsch", "shch"),
    ("dsch", "j"),
    ("tsch", "ch"),
    ("sch", "zh"),
    ("ch", "kh"),
    ("ss", "s"),
    ("w", "v"),
    ("j", "y"),
    ("z", "ts"),
];
const POLISH: Rules =
    &[("szcz", "shch"), ("cz", "ch"), ("sz", "sh"), ("ch", "kh"), ("w", "v"), ("j", "y"), ("c", "ts")];
/// Swedish, Norwegian and Danish.
const SCANDINAVIAN: Rules =
    &[("sjtj", "shch"), ("tj", "ch"), ("sj", "sh"), ("zj", "zh"), ("ch", "kh"), ("w", "v"), ("j", "y")];
const DUTCH: Rules = &[
    ("sjtsj", "shch"),
    ("tsj", "ch"),
    ("sj", "sh"),
    ("zj", "zh"),
    ("oe", "u"),
    ("ch", "kh"),
    ("w", "v"),
    ("j", "y"),
];
const FRENCH: Rules = &[
    ("chtch", "shch"),
    ("tch", "ch"),
    ("ch", "sh"),
    ("ou", "u"),
    ("gue", "ge"),
    ("gui", "gi"),
    ("dj", "j"),
    ("j", "zh"),
];
const HUNGARIAN: Rules =
    &[("scs", "shch"), ("cs", "ch"), ("zs", "zh"), ("sz", "s"), ("s", "sh"), ("j", "y"), ("c", "ts")];

/// The rules of a language, and the letters with which their chunks begin, a bit each: most letters begin none.
#[derive(Clone, Copy)]
struct Language {
    rules: Rules,
    first_letters: u32,
}

impl Language {
    const fn of(rules: Rules) -> Language {
        let (mut first_letters, mut i) = (0, 0);
        while i < rules.len() {
            first_letters |= letter_bit(rules[i].0.as_bytes()[0]);
            i += 1;
        }
        Language { rules, first_letters }
    }

    /// The rule for what stands at the beginning of these letters.
    #[inline]
    fn rule(&self, letters: &[u8]) -> Option<&'static (&'static str, &'static str)> {
        if self.first_letters & letter_bit(letters[0]) == 0 {
            return None;
        }
        self.rules.iter().find(|(chunk, _)| {
            // The first letter rules most of them out without a call.
            chunk.as_bytes().first() == letters.first() && letters.starts_with(chunk.as_bytes())
        })
    }
}

const fn letter_bit(letter: u8) -> u32 {
    1 << (letter % 32)
}

const LANGUAGES: [Language; 7] = [
    Language::of(GERMAN),
    Language::of(GERMAN_ZH),
    Language::of(POLISH),
    Language::of(SCANDINAVIAN),
    Language::of(DUTCH),
    Language::of(FRENCH),
    Language::of(HUNGARIAN),
];

/// The most letters of a word that has respellings: longer ones are compounds.
const MAX_LETTERS: usize = 24;
/// Codes of a skeleton from which on a respelling relates two words by it; with fewer, too many words have it.
const MIN_CODES: usize = 3;

/// Whether a Latin word has letters that are typical of a romanization other than the English ones. A word without has no
/// respelling.
#[inline]
pub(crate) fn is_marked(latin: &[u8]) -> bool {
    latin.len() <= MAX_LETTERS
        && latin.iter().enumerate().any(|(i, b)| match b {
            b'w' | b'j' => true,
            b'o' => latin.get(i + 1) == Some(&b'u'),
            b'c' => matches!(latin.get(i + 1), Some(b'z' | b's')),
            b's' | b't' => {
                matches!(latin[i + 1..], [b'c', b'h', ..]) || *b == b's' && latin.get(i + 1) == Some(&b'z')
            }
            b'z' => latin.get(i + 1) == Some(&b's'),
            // The article and name of "… al-Din" in French.
            b'e' => latin[i..].starts_with(b"eddin"),
            _ => false,
        })
}

/// Calls `each` with every respelling of a word, and its skeleton: at most one for each of the languages, none twice in a
/// row, none that is the word itself and none that is too short to relate words.
pub(crate) fn for_each_respelling(latin: &[u8], mut each: impl FnMut(&[u8], &Skeleton)) {
    if !is_marked(latin) {
        return;
    }
    let mut last = [0; 2 * MAX_LETTERS];
    let mut last_len = 0;
    for language in LANGUAGES {
        let mut buffer = [0; 2 * MAX_LETTERS];
        let len = respell(latin, language, &mut buffer);
        let word = &buffer[..len];
        if word == latin || word == &last[..last_len] {
            continue;
        }
        if let Ok(text) = std::str::from_utf8(word) {
            let codes = skeleton(text);
            if codes.len() >= MIN_CODES {
                each(word, &codes);
            }
        }
        (last, last_len) = (buffer, len);
    }
}

/// Writes a word as English would spell what it says in a language; the number of letters.
fn respell(latin: &[u8], language: Language, out: &mut [u8; 2 * MAX_LETTERS]) -> usize {
    let (mut at, mut len) = (0, 0);
    while at < latin.len() {
        let rest = &latin[at..];
        let Some((chunk, english)) = language.rule(rest) else {
            out[len] = rest[0];
            (at, len) = (at + 1, len + 1);
            continue;
        };
        let (used, written) = (chunk.len(), english.as_bytes());
        out[len..len + written.len()].copy_from_slice(written);
        at += used;
        len += written.len();
    }
    len
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn respellings(word: &str) -> Vec<String> {
        let mut all = Vec::new();
        for_each_respelling(word.as_bytes(), |word, _| all.push(String::from_utf8(word.to_vec()).unwrap()));
        all
    }

    #[test]
    fn spellings_of_one_name_are_read_alike() {
        for (word, english) in [
            ("wjatscheslaw", "vyacheslav"),
            ("czernyszow", "chernyshov"),
            ("schirinowski", "zhirinovski"),
            ("vjatjeslav", "vyacheslav"),
            ("astrejka", "astreyka"),
            ("choukri", "shukri"),
            ("charafeddine", "sharafeddine"),
            ("khroesjtsjov", "khrushchov"),
            ("viacseszlav", "viacheslav"),
        ] {
            assert!(respellings(word).contains(&english.to_string()), "{word}: {:?}", respellings(word));
        }
        for word in ["petrov", "smith", "li", "", "ivanovich"] {
            assert!(respellings(word).is_empty(), "{word}");
        }
    }

    proptest! {
        #[test]
        fn a_word_that_is_not_marked_has_no_respelling(word in "[a-z0-9]{0,30}") {
            prop_assert!(is_marked(word.as_bytes()) || respellings(&word).is_empty());
        }
    }
}
