//! Letters of other alphabets that look like Latin ones, with which names are disguised: "Рutin" with a
//! Cyrillic Р.
//!
//! The terms are those of Unicode's UTS #39: a word is a *mixed-script confusable* if it mixes Latin letters
//! with such letters, and a *whole-script confusable* if all its letters have a Latin counterpart.

use super::chars::{ScriptClass, script_of};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Letters of the Cyrillic, Greek and Armenian alphabets in use and rare Latin letters that look like a Latin letter,
/// small or as capitals, after case folding. Compiled by hand by the authors, for UTS #39 has the small letters by
/// themselves, of which "н" looks like no h and "в" like no b; its other letters are in [`OTHER_CONFUSABLES`].
const CONFUSABLES: &[(char, char)] = &[
    ('а', 'a'),
    ('в', 'b'),
    ('е', 'e'),
    ('к', 'k'),
    ('м', 'm'),
    ('н', 'h'),
    ('о', 'o'),
    ('р', 'p'),
    ('с', 'c'),
    ('т', 't'),
    ('у', 'y'),
    ('х', 'x'),
    ('і', 'i'),
    ('ї', 'i'),
    ('ј', 'j'),
    ('ѕ', 's'),
    ('ԁ', 'd'),
    ('ԛ', 'q'),
    ('ԝ', 'w'),
    ('ё', 'e'),
    ('һ', 'h'),
    ('ѵ', 'v'),
    ('α', 'a'),
    ('β', 'b'),
    ('ε', 'e'),
    ('ζ', 'z'),
    ('η', 'h'),
    ('ι', 'i'),
    ('κ', 'k'),
    ('μ', 'm'),
    ('ν', 'v'),
    ('ο', 'o'),
    ('ρ', 'p'),
    ('τ', 't'),
    ('υ', 'y'),
    ('χ', 'x'),
    ('ɡ', 'g'),
    ('ӏ', 'l'),
    ('ɑ', 'a'),
    ('ց', 'g'),
    ('օ', 'o'),
    ('ս', 'u'),
    ('ո', 'n'),
];

/// Further letters and signs, of these alphabets and of scripts in which no name on a list is written (Cherokee, Lisu,
/// Coptic …), from Unicode's table. Made by `tools/tables/confusables.py`.
static OTHER_CONFUSABLES: LazyLock<FxHashMap<char, char>> = LazyLock::new(|| {
    let rows = include_str!("confusables.tsv").lines().filter(|line| !line.starts_with('#'));
    let pairs = rows.filter_map(|row| row.split_once('\t'));
    pairs.filter_map(|(other, latin)| Some((other.parse().ok()?, latin.parse().ok()?))).collect()
});

/// The Latin letter that a letter of another alphabet looks like.
pub(crate) fn confusable(c: char) -> Option<char> {
    /// The first character of the blocks that have confusables, and the number of characters to their end.
    const FIRST: usize = 0x250;
    const COUNT: usize = 0x340;
    /// The Latin letter of each character from `FIRST` on; 0 for none.
    static LATIN: LazyLock<[u8; COUNT]> = LazyLock::new(|| {
        let mut table = [0; COUNT];
        let others = OTHER_CONFUSABLES.iter().map(|(other, latin)| (*other, *latin));
        for (other, latin) in others.chain(CONFUSABLES.iter().copied()) {
            if let Some(cell) = (other as usize).checked_sub(FIRST).and_then(|at| table.get_mut(at)) {
                *cell = latin as u8;
            }
        }
        table
    });
    match LATIN.get((c as usize).checked_sub(FIRST)?) {
        Some(0) => None,
        Some(latin) => Some(char::from(*latin)),
        None => OTHER_CONFUSABLES.get(&c).copied(),
    }
}

/// The Latin letter that a character looks like which no name is written with: a letter of a script that is not in use or
/// has no reading here, or a sign.
pub(crate) fn disguised_letter(c: char) -> Option<char> {
    OTHER_CONFUSABLES.get(&c).copied().filter(|_| script_of(c) == ScriptClass::Other)
}

/// Whether a name is written in Cyrillic letters, whatever Latin ones stand among them: it has more Cyrillic letters that
/// look like no Latin one than Latin letters that look like no Cyrillic one, or where neither has any, more letters of
/// Cyrillic than of Latin.
pub(crate) fn is_cyrillic<'a>(words: impl Iterator<Item = &'a str>) -> bool {
    let (mut only_cyrillic, mut only_latin, mut cyrillic, mut latin) = (0, 0, 0, 0);
    for c in words.flat_map(str::chars) {
        if c.is_ascii_lowercase() {
            latin += 1;
            only_latin += usize::from(!"abcehijkmoptxy".contains(c));
        } else if CYRILLIC.contains(&c) {
            cyrillic += 1;
            only_cyrillic += usize::from(confusable(c).is_none());
        }
    }
    (only_cyrillic, cyrillic) > (only_latin, latin)
}

/// The letters of the Cyrillic script.
const CYRILLIC: std::ops::RangeInclusive<char> = '\u{400}'..='\u{52f}';

/// Writes a word that mixes Latin letters with Cyrillic ones in Cyrillic letters: "Владiслав" with a Latin i. Returns
/// whether it could: all its other letters are Cyrillic, and every Latin one looks like one of them.
pub(crate) fn write_in_cyrillic(word: &str, out: &mut String) -> bool {
    let is_cyrillic = |c: &char| CYRILLIC.contains(c);
    let cyrillic_of = |latin: char| {
        let alike = CONFUSABLES.iter().find(|(other, looks_like)| *looks_like == latin && is_cyrillic(other));
        alike.map(|(other, _)| *other)
    };
    out.clear();
    for c in word.chars() {
        let written = if c.is_ascii_lowercase() { cyrillic_of(c) } else { Some(c).filter(is_cyrillic) };
        match written {
            Some(c) => out.push(c),
            None => return false,
        }
    }
    true
}

/// How a word could be disguised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Confusability {
    /// Whether it mixes Latin letters with letters of an alphabet that has confusables.
    pub(crate) mixed_script: bool,
    /// Whether it has letters of such an alphabet and each of them is confusable with a Latin one.
    pub(crate) whole_script: bool,
}

/// Whether a folded word mixes scripts, or could be a Latin word in letters of another script.
pub(crate) fn confusability(word: &str) -> Confusability {
    let (mut latin, mut other, mut all) = (false, false, true);
    for c in word.chars() {
        match script_of(c) {
            ScriptClass::Latin => latin = true,
            ScriptClass::Digit => {}
            ScriptClass::LatinLike => {
                other = true;
                all &= confusable(c).is_some();
            }
            _ => all = false,
        }
    }
    Confusability { mixed_script: latin && other, whole_script: other && all }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confusables_are_those_listed() {
        let rows = include_str!("confusables.tsv").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(OTHER_CONFUSABLES.len(), rows);
        for c in '\0'..=char::MAX {
            let by_hand = CONFUSABLES.iter().find(|(other, _)| *other == c).map(|(_, latin)| *latin);
            let listed = by_hand.or_else(|| OTHER_CONFUSABLES.get(&c).copied());
            assert_eq!(confusable(c), listed, "{c}");
        }
    }

    #[test]
    fn scripts_with_readings_are_not_taken_for_latin_letters() {
        for c in "सםهวഠကဝሀოー〇한中".chars() {
            assert_eq!(disguised_letter(c), None, "{c}");
        }
        assert_eq!("ꓮᏚꓲ".chars().filter_map(disguised_letter).collect::<String>(), "asi");
    }

    #[test]
    fn latin_letters_within_a_cyrillic_word_are_cyrillic() {
        let written = |word: &str| {
            let mut out = String::new();
            write_in_cyrillic(word, &mut out).then_some(out)
        };
        assert_eq!(written("владiслав").as_deref(), Some("владіслав"));
        assert_eq!(written("пeтpoв").as_deref(), Some("петров"));
        assert_eq!(written("путin"), None, "no Cyrillic letter looks like n");
        assert_eq!(written("αλiα"), None);
    }

    #[test]
    fn a_name_is_cyrillic_by_the_letters_that_no_other_alphabet_has() {
        for (name, expected) in [
            ("iгор астранiн", true),
            ("oбщество c oграниченной", true),
            ("ао aскон", true),
            ("рutin", false),
            ("рutin vladimir", false),
            ("vladimir путин", false),
            ("smith", false),
        ] {
            assert_eq!(is_cyrillic(name.split(' ')), expected, "{name}");
        }
    }

    #[test]
    fn disguised_words_are_recognised() {
        let of = |word| {
            let Confusability { mixed_script, whole_script } = confusability(word);
            (mixed_script, whole_script)
        };
        assert_eq!(of("рutin"), (true, true));
        assert_eq!(of("росс"), (false, true));
        assert_eq!(of("путин"), (false, false));
        assert_eq!(of("putin"), (false, false));
    }
}
