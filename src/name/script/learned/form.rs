//! What of a word is aligned with Latin letters: by which tables, and as which letters.
//!
//! | word | table | letters |
//! |---|---|---|
//! | alphabets, abugidas | of the script | as written |
//! | Arabic script, Kana | `arabic`, `kana` | the codes of letters and sounds |
//! | Hangul | `hangul` | its letters, syllables taken apart |
//! | Han, as a Japanese name | `japanese` | characters and Hiragana |
//! | Han, as a foreign name | `han` | characters |
//! | Han, as a Cantonese name | `cantonese` | the reading in Jyutping |
//! | Han, as a Korean name | `hangul` | the reading in Hangul, at the beginning with and without the law of initial sounds |
//!
//! Every form begins with `^` and ends with `$`.

use super::table::{block, number};
use crate::name::Tag;
use crate::name::lexicon::{hangul_spellings, lexicon};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use unicode_normalization::char::decompose_canonical;

/// Calls `each` with the number of a table and the letters that it reads, for every table that reads a word.
pub(super) fn for_each(tag: Tag, text: &str, mut each: impl FnMut(usize, &[char])) {
    let mut letters = Vec::new();
    let mut form = |table: Option<usize>, push: &mut dyn FnMut(&mut Vec<char>)| {
        letters.clear();
        letters.push('^');
        push(&mut letters);
        letters.push('$');
        if let (Some(table), true) = (table, letters.len() > 2) {
            each(table, &letters);
        }
    };
    let as_written = &mut |letters: &mut Vec<char>| letters.extend(text.chars());
    match tag {
        Tag::NonLatin => form(text.chars().next().and_then(block), as_written),
        Tag::Abjad => form(number("arabic"), as_written),
        Tag::Kana => form(number("kana"), as_written),
        // A syllable of Korean names has its own table of spellings.
        Tag::Hangul if text.chars().nth(1).is_some() || !text.chars().all(is_name_syllable) => {
            form(number("hangul"), &mut |letters| text.chars().for_each(|c| push_letters(c, letters)));
        }
        Tag::Han => {
            form(number("japanese"), &mut |letters| letters.extend(text.chars().map(hiragana)));
            // A foreign name of two characters is as rare as a Chinese one is frequent.
            if text.chars().nth(2).is_some() {
                form(number("han"), as_written);
            }
            if lexicon().is_japanese_surname(text) {
                return;
            }
            if let Some(jyutping) = HAN.cantonese(text) {
                form(number("cantonese"), &mut |letters| letters.extend(jyutping.chars()));
            }
            for hangul in HAN.korean(text) {
                form(number("hangul"), &mut |letters| hangul.chars().for_each(|c| push_letters(c, letters)));
            }
        }
        _ => {}
    }
}

fn is_name_syllable(syllable: char) -> bool {
    !hangul_spellings(syllable).is_empty()
}

/// Takes a syllable of Hangul apart.
fn push_letters(syllable: char, letters: &mut Vec<char>) {
    decompose_canonical(syllable, |letter| letters.push(letter));
}

/// A sound in Katakana in Hiragana; any other character as it is.
fn hiragana(c: char) -> char {
    match c {
        'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        _ => c,
    }
}

/// The readings of Han characters in Korean and Cantonese.
struct HanReadings {
    korean: FxHashMap<char, &'static str>,
    cantonese: FxHashMap<char, &'static str>,
}

static HAN: LazyLock<HanReadings> = LazyLock::new(|| HanReadings {
    korean: read(include_str!("tables/hanja.tsv")),
    cantonese: read(include_str!("tables/jyutping.tsv")),
});

/// Rows of a character and its readings.
fn read(table: &'static str) -> FxHashMap<char, &'static str> {
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| row.split_once('\t'))
        .filter_map(|(han, readings)| Some((han.chars().next()?, readings)))
        .collect()
}

impl HanReadings {
    /// The Cantonese reading of a text; `None` if it has a character without one.
    fn cantonese(&self, text: &str) -> Option<String> {
        text.chars().map(|c| self.cantonese.get(&c).and_then(|readings| readings.split(' ').next())).collect()
    }

    /// The Korean readings of a text: with each reading of the first character, as it is within a word and at its
    /// beginning. None if it has a character without one.
    fn korean(&self, text: &str) -> Vec<String> {
        let mut chars = text.chars();
        let first = chars.next().and_then(|c| self.korean.get(&c)).copied().unwrap_or("");
        let Some(rest) = chars
            .map(|c| self.korean.get(&c).and_then(|readings| readings.split(' ').next()))
            .collect::<Option<String>>()
        else {
            return Vec::new();
        };
        let mut readings = Vec::new();
        for syllable in first.split(' ').filter_map(|syllable| syllable.chars().next()) {
            for syllable in [syllable, initial_syllable(syllable)] {
                let reading = format!("{syllable}{rest}");
                if !readings.contains(&reading) {
                    readings.push(reading);
                }
            }
        }
        readings
    }
}

/// A syllable at the beginning of a word by South Korea's law of initial sounds (Hangul orthography, articles 10 to 12):
/// r is n, and r and n before i and y are not spoken.
fn initial_syllable(syllable: char) -> char {
    const N: u32 = 2;
    const R: u32 = 5;
    const SILENT: u32 = 11;
    let Some(index) = u32::from(syllable).checked_sub(0xac00).filter(|index| *index < 11_172) else {
        return syllable;
    };
    let (initial, vowel) = (index / 588, index / 28 % 21);
    let before_i = matches!(vowel, 2 | 3 | 6 | 7 | 12 | 17 | 20);
    let initial = match initial {
        R | N if before_i => SILENT,
        R => N,
        other => other,
    };
    char::from_u32(0xac00 + initial * 588 + index % 588).unwrap_or(syllable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_characters_are_read_in_korean_and_cantonese() {
        assert_eq!(HAN.korean("李"), ["리", "이"]);
        assert_eq!(HAN.korean("金"), ["금", "김"]);
        assert_eq!(HAN.korean("柳"), ["류", "유"]);
        assert_eq!(HAN.korean("罗"), ["라", "나"]);
        assert_eq!(HAN.korean("李x"), [""; 0]);
        assert_eq!(HAN.cantonese("志强").as_deref(), Some("zikoeng"));
        assert_eq!(HAN.cantonese("志x"), None);
    }

    #[test]
    fn hangul_is_taken_apart_and_katakana_is_hiragana() {
        let mut forms = Vec::new();
        for_each(Tag::Hangul, "한국", |_, letters| forms.push(letters.iter().collect::<String>()));
        assert_eq!(forms, ["^\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}$"]);
        assert_eq!("フじ子".chars().map(hiragana).collect::<String>(), "ふじ子");
    }
}
