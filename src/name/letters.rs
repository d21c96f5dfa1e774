//! What is known of single letters: which alphabet they are of, which Latin letter they look like, and what the tables
//! of Unicode say.
//!
//! Cost: a comparison or two for most letters, and for the others one look into what was kept of them.

use std::sync::atomic::{AtomicU8, Ordering::Relaxed};
use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};

/// Cyrillic and Greek letters that look like a Latin one, after case folding and in capitals.
const LOOK_ALIKES: &[(char, char)] = &[
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

/// The Latin letter that a letter of another alphabet looks like.
pub(super) fn look_alike(c: char) -> Option<char> {
    /// By letter, from the first block that has one to the last; 0 for none.
    const FIRST: usize = 0x250;
    static LATIN: [u8; 0x340] = {
        let mut table = [0; 0x340];
        let mut i = 0;
        while i < LOOK_ALIKES.len() {
            table[LOOK_ALIKES[i].0 as usize - FIRST] = LOOK_ALIKES[i].1 as u8;
            i += 1;
        }
        table
    };
    match LATIN.get((c as usize).wrapping_sub(FIRST)) {
        None | Some(0) => None,
        Some(latin) => Some(char::from(*latin)),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Latin,
    Digit,
    /// Cyrillic, Greek, Armenian: alphabets that hold look-alikes of Latin letters.
    LookAlike,
    Arabic,
    Han,
    Hangul,
    Kana,
    Other,
}

impl Kind {
    const ALL: [Kind; 8] = [
        Kind::Latin,
        Kind::Digit,
        Kind::LookAlike,
        Kind::Arabic,
        Kind::Han,
        Kind::Hangul,
        Kind::Kana,
        Kind::Other,
    ];
}

pub(super) fn kind(c: char) -> Kind {
    if c.is_ascii_lowercase() {
        return Kind::Latin;
    }
    if c.is_ascii_digit() {
        return Kind::Digit;
    }
    // Most letters stand in these blocks; a look into the table of scripts takes longer.
    match c {
        'ß'..='ö' | 'ø'..='ÿ' | '\u{100}'..='\u{24f}' => Kind::Latin,
        _ => kind_of_settled(c).unwrap_or_else(|| Traits::of(c).kind()),
    }
}

/// The kind of a letter that is as it is: neither case folding nor normalization changes it, nor what stands beside it
/// among its like and ASCII. (A mark behind it may.) Most letters of most scripts are such.
pub(super) fn kind_of_settled(c: char) -> Option<Kind> {
    match c {
        'а'..='џ' => Some(Kind::LookAlike),
        '\u{620}'..='\u{63f}' | '\u{641}'..='\u{64a}' => Some(Kind::Arabic),
        '\u{671}'..='\u{674}' | '\u{679}'..='\u{6d3}' => Some(Kind::Arabic),
        '\u{4e00}'..='\u{9fff}' => Some(Kind::Han),
        '\u{ac00}'..='\u{d7a3}' => Some(Kind::Hangul),
        _ => None,
    }
}

fn kind_by_script(c: char) -> Kind {
    match c.script() {
        Script::Latin => Kind::Latin,
        Script::Cyrillic | Script::Greek | Script::Armenian => Kind::LookAlike,
        Script::Arabic => Kind::Arabic,
        Script::Han => Kind::Han,
        Script::Hangul => Kind::Hangul,
        Script::Hiragana | Script::Katakana => Kind::Kana,
        _ if c == 'ー' => Kind::Kana,
        _ => Kind::Other,
    }
}

/// Folds the case of the Cyrillic capitals whose small letters are settled, and leaves the rest.
pub(super) fn lower(c: char) -> char {
    let apart = match c {
        'А'..='Я' => 'а' as u32 - 'А' as u32,
        'Ѐ'..='Џ' => 'ѐ' as u32 - 'Ѐ' as u32,
        _ => return c,
    };
    char::from_u32(c as u32 + apart).unwrap_or(c)
}

/// What the tables of scripts and categories tell of a character; they are searched, which takes hundreds of steps
/// for letters of most scripts.
#[derive(Clone, Copy)]
pub(super) struct Traits(u8);

impl Traits {
    const ALPHANUMERIC: u8 = 1;
    const MARK: u8 = 2;

    pub(super) fn of(c: char) -> Traits {
        /// What was found of each character of the first plane, kept; 0 of one that was not asked for.
        static KNOWN: [AtomicU8; 0x1_0000] = [const { AtomicU8::new(0) }; 0x1_0000];
        let search = || {
            let alphanumeric = if c.is_alphanumeric() { Traits::ALPHANUMERIC } else { 0 };
            let mark = if is_combining_mark(c) { Traits::MARK } else { 0 };
            0x80 | (kind_by_script(c) as u8) << 2 | alphanumeric | mark
        };
        let Some(known) = KNOWN.get(c as usize) else { return Traits(search()) };
        // Whoever asks at the same time finds the same.
        match known.load(Relaxed) {
            0 => {
                let found = search();
                known.store(found, Relaxed);
                Traits(found)
            }
            found => Traits(found),
        }
    }

    pub(super) fn is_alphanumeric(self) -> bool {
        self.0 & Traits::ALPHANUMERIC != 0
    }

    pub(super) fn is_mark(self) -> bool {
        self.0 & Traits::MARK != 0
    }

    pub(super) fn kind(self) -> Kind {
        Kind::ALL[usize::from(self.0 >> 2 & 15) % Kind::ALL.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_agree_with_the_table_of_scripts() {
        let letters = (0x80..=0x10_ffff).filter_map(char::from_u32);
        letters.for_each(|c| assert_eq!(kind(c), kind_by_script(c), "{c:?}"));
    }

    #[test]
    fn look_alikes_are_those_listed() {
        for c in '\0'..=char::MAX {
            let listed = LOOK_ALIKES.iter().find(|(alike, _)| *alike == c).map(|(_, latin)| *latin);
            assert_eq!(look_alike(c), listed, "{c}");
        }
    }

    #[test]
    fn what_is_kept_of_a_character_is_what_the_tables_tell() {
        for _ in 0..2 {
            for c in (0x80..=0x3_ffff).filter_map(char::from_u32) {
                let traits = Traits::of(c);
                let told = (traits.is_alphanumeric(), traits.is_mark(), traits.kind());
                assert_eq!(told, (c.is_alphanumeric(), is_combining_mark(c), kind_by_script(c)), "{c:?}");
            }
        }
        Kind::ALL.into_iter().enumerate().for_each(|(i, kind)| assert_eq!(i, kind as usize));
    }
}
