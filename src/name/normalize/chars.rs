//! Properties of single characters: the class of their script, and the categories of Unicode.
//!
//! Cost: a comparison or two for most letters; one look-up in a table of 64 kB for the others, after the
//! first time that each is seen.

use std::sync::atomic::{AtomicU8, Ordering::Relaxed};
use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};

/// The script of a character, as far as analysis distinguishes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScriptClass {
    Latin,
    Digit,
    /// Cyrillic, Greek, Armenian: alphabets with letters that are confusable with Latin ones.
    LatinLike,
    Arabic,
    Han,
    Hangul,
    /// Hiragana and Katakana.
    Kana,
    Other,
}

impl ScriptClass {
    /// All classes, in the order of their numbers.
    const ALL: [ScriptClass; 8] = [
        ScriptClass::Latin,
        ScriptClass::Digit,
        ScriptClass::LatinLike,
        ScriptClass::Arabic,
        ScriptClass::Han,
        ScriptClass::Hangul,
        ScriptClass::Kana,
        ScriptClass::Other,
    ];
}

/// The script of a folded character.
pub(crate) fn script_of(c: char) -> ScriptClass {
    if c.is_ascii_lowercase() {
        return ScriptClass::Latin;
    }
    if c.is_ascii_digit() {
        return ScriptClass::Digit;
    }
    // Most letters are in these blocks; the table of properties takes longer.
    match c {
        'ß'..='ö' | 'ø'..='ÿ' | '\u{100}'..='\u{24f}' => ScriptClass::Latin,
        _ => script_of_simple(c).unwrap_or_else(|| CharProps::of(c).script()),
    }
}

/// The script of a simple letter, and `None` for any other character.
///
/// A simple letter is changed neither by case folding nor by normalization, and does not compose with another
/// simple letter or ASCII beside it (it may with a mark after it). Most letters of most scripts are simple.
pub(crate) fn script_of_simple(c: char) -> Option<ScriptClass> {
    match c {
        'а'..='џ' => Some(ScriptClass::LatinLike),
        '\u{620}'..='\u{63f}' | '\u{641}'..='\u{64a}' => Some(ScriptClass::Arabic),
        '\u{671}'..='\u{674}' | '\u{679}'..='\u{6d3}' => Some(ScriptClass::Arabic),
        '\u{4e00}'..='\u{9fff}' => Some(ScriptClass::Han),
        '\u{ac00}'..='\u{d7a3}' => Some(ScriptClass::Hangul),
        _ => None,
    }
}

/// The script by Unicode's property table, which is searched: hundreds of steps for some letters.
fn script_by_table(c: char) -> ScriptClass {
    match c.script() {
        Script::Latin => ScriptClass::Latin,
        Script::Cyrillic | Script::Greek | Script::Armenian => ScriptClass::LatinLike,
        Script::Arabic => ScriptClass::Arabic,
        Script::Han => ScriptClass::Han,
        Script::Hangul => ScriptClass::Hangul,
        Script::Hiragana | Script::Katakana => ScriptClass::Kana,
        // The sign of a long vowel is of the script "common".
        _ if c == 'ー' => ScriptClass::Kana,
        _ => ScriptClass::Other,
    }
}

/// Whether a character other than ASCII stands for nothing that is read, so that a word with it is the word without it.
///
/// - What has no shape: Unicode's property `Default_Ignorable_Code_Point` (DerivedCoreProperties.txt, version 14.0.0),
///   among them joiners, directional marks, variation selectors and the fillers of Hangul; the controls from U+0080 on,
///   and the Braille pattern without dots.
/// - What has no meaning: private use, noncharacters, and the replacement of what could not be decoded.
/// - Marks of no script of their own (script "Inherited"), which may be heaped on any letter.
fn is_ignorable(c: char) -> bool {
    let has_no_shape = matches!(
        c,
        '\u{80}'..='\u{9f}'
            | '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    );
    let is_noncharacter = matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe;
    let has_no_meaning =
        is_noncharacter || matches!(c, '\u{fffd}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}');
    has_no_shape || has_no_meaning || (is_combining_mark(c) && c.script() == Script::Inherited)
}

/// Folds the case of the Cyrillic capitals whose small letters are simple; any other character is returned as
/// it is.
pub(crate) fn fold_cyrillic(c: char) -> char {
    let distance = match c {
        'А'..='Я' => 'а' as u32 - 'А' as u32,
        'Ѐ'..='Џ' => 'ѐ' as u32 - 'Ѐ' as u32,
        _ => return c,
    };
    char::from_u32(c as u32 + distance).unwrap_or(c)
}

/// The properties of a character that Unicode's tables give: its script, and whether it is alphanumeric or a
/// mark. Those of the first plane are cached, as the tables are searched.
#[derive(Clone, Copy)]
pub(crate) struct CharProps(u8);

impl CharProps {
    const ALPHANUMERIC: u8 = 1;
    const MARK: u8 = 2;
    /// The lowest bit of the script's number.
    const SCRIPT_SHIFT: u8 = 2;
    const IGNORABLE: u8 = 1 << 6;
    /// Set in every cached entry, so that 0 is none.
    const PRESENT: u8 = 0x80;

    pub(crate) fn of(c: char) -> CharProps {
        /// The properties of each character of the first plane; 0 until the first request for it.
        static CACHE: [AtomicU8; 0x1_0000] = [const { AtomicU8::new(0) }; 0x1_0000];
        let Some(cached) = CACHE.get(c as usize) else { return CharProps(CharProps::search(c)) };
        // Threads that search at the same time store the same value.
        match cached.load(Relaxed) {
            0 => {
                let found = CharProps::search(c);
                cached.store(found, Relaxed);
                CharProps(found)
            }
            found => CharProps(found),
        }
    }

    fn search(c: char) -> u8 {
        let alphanumeric = if c.is_alphanumeric() { CharProps::ALPHANUMERIC } else { 0 };
        let mark = if is_combining_mark(c) { CharProps::MARK } else { 0 };
        let ignorable = if is_ignorable(c) { CharProps::IGNORABLE } else { 0 };
        let script = (script_by_table(c) as u8) << CharProps::SCRIPT_SHIFT;
        CharProps::PRESENT | script | alphanumeric | mark | ignorable
    }

    pub(crate) fn is_alphanumeric(self) -> bool {
        self.0 & CharProps::ALPHANUMERIC != 0
    }

    pub(crate) fn is_mark(self) -> bool {
        self.0 & CharProps::MARK != 0
    }

    /// Whether it stands for nothing that is read: see [`is_ignorable`].
    pub(crate) fn is_ignorable(self) -> bool {
        self.0 & CharProps::IGNORABLE != 0
    }

    pub(crate) fn script(self) -> ScriptClass {
        ScriptClass::ALL[usize::from(self.0 >> CharProps::SCRIPT_SHIFT & 15) % ScriptClass::ALL.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_agree_with_the_table_of_scripts() {
        let letters = (0x80..=0x10_ffff).filter_map(char::from_u32);
        letters.for_each(|c| assert_eq!(script_of(c), script_by_table(c), "{c:?}"));
    }

    #[test]
    fn cached_properties_are_those_of_the_tables() {
        for _ in 0..2 {
            for c in (0x80..=0x3_ffff).filter_map(char::from_u32) {
                let props = CharProps::of(c);
                let cached = (props.is_alphanumeric(), props.is_mark(), props.script());
                assert_eq!(cached, (c.is_alphanumeric(), is_combining_mark(c), script_by_table(c)), "{c:?}");
            }
        }
        ScriptClass::ALL.into_iter().enumerate().for_each(|(i, class)| assert_eq!(i, class as usize));
    }
}
