//! A word of another script, prepared for comparisons with Latin words.

use super::form;
use super::keys::latin_key;
use super::latin::LatinWord;
use super::lattice::Lattice;
use super::table::{self, Table};
use crate::name::Tag;
use std::cell::OnceCell;

/// What is added to the cost of every spelling of a word, in hundredths of a nat: how many words of other meaning are spelled
/// alike. Han characters have readings in four languages and as a foreign name, abjads leave vowels out, and of the syllables
/// of Korean names few are far apart. Source: of 0 to 400, 0 to 200 and 0 to 200 on the pairs of names across scripts and on
/// clean names in these scripts (docs/validation.md).
fn surcharge(tag: Tag, table: &str, text: &str) -> u32 {
    match (tag, table) {
        // With Kana it is Japanese for certain.
        (Tag::Han, _) if has_kana(text) => 0,
        (Tag::Han, _) => 250,
        (_, "arabic" | "hebrew") => 150,
        (_, "hangul") => 50,
        _ => 0,
    }
}

/// A language in which Han characters are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HanLanguage {
    /// By pinyin, and by the characters that foreign names are written with.
    Mandarin,
    Cantonese,
    Japanese,
    Korean,
}

impl HanLanguage {
    pub(crate) const ALL: [HanLanguage; 4] =
        [HanLanguage::Mandarin, HanLanguage::Cantonese, HanLanguage::Japanese, HanLanguage::Korean];

    /// The language whose readings a table spells.
    fn of_table(name: &str) -> HanLanguage {
        match name {
            "cantonese" => HanLanguage::Cantonese,
            "japanese" => HanLanguage::Japanese,
            "hangul" => HanLanguage::Korean,
            _ => HanLanguage::Mandarin,
        }
    }
}

/// Whether a word has letters that only Japanese is written with.
fn has_kana(word: &str) -> bool {
    word.contains(|c| matches!(c, '\u{3041}'..='\u{30ff}'))
}

/// A word with the tables that may read it.
#[derive(Debug)]
pub(crate) struct NativeWord {
    readings: Vec<Reading>,
    /// Whether its syllables may be written apart in Latin letters.
    is_syllabic: bool,
    /// The language of the reading that the word has in itself: that of the characters in pinyin, unless there are Kana.
    own_language: HanLanguage,
}

/// A word as one table reads it.
#[derive(Debug)]
struct Reading {
    lattice: Lattice,
    /// What is added to the cost of every spelling.
    surcharge: u32,
    /// What it is read as.
    description: &'static str,
    /// The language of a word in Han characters.
    language: HanLanguage,
    keys: OnceCell<Vec<u32>>,
}

impl NativeWord {
    /// Prepares a token; `None` if no table reads it.
    pub(crate) fn new(tag: Tag, text: &str) -> Option<NativeWord> {
        let mut readings = Vec::new();
        form::for_each(tag, text, |number, letters| {
            let Some(table) = Table::get(number) else { return };
            readings.push(Reading {
                lattice: Lattice::new(table, letters),
                surcharge: surcharge(tag, table::name(number), text),
                description: table::description(number, tag),
                language: HanLanguage::of_table(table::name(number)),
                keys: OnceCell::new(),
            });
        });
        let is_syllabic =
            matches!(tag, Tag::Han | Tag::Hangul) || text.chars().next().is_some_and(table::is_syllabic);
        let own_language = if has_kana(text) { HanLanguage::Japanese } else { HanLanguage::Mandarin };
        (!readings.is_empty()).then_some(NativeWord { readings, is_syllabic, own_language })
    }

    /// Whether its syllables may be written apart in Latin letters, so that it is compared with Latin words written together:
    /// "志強" and "Chi Keung".
    pub(crate) fn is_syllabic(&self) -> bool {
        self.is_syllabic
    }

    /// The language of the reading that a word in Han characters has in itself.
    pub(crate) fn own_language(&self) -> HanLanguage {
        self.own_language
    }

    /// The keys under which it meets Latin words, at most `MAX_KEYS` for each table. Some may be there twice.
    pub(crate) fn keys(&self) -> impl Iterator<Item = u32> {
        self.readings.iter().flat_map(|reading| reading.keys().iter().copied())
    }

    /// Prepares it for comparisons with more than a few words, which each take less time then.
    pub(super) fn prepare(&self) {
        self.readings.iter().for_each(|reading| reading.lattice.prepare());
    }

    /// How well a Latin word spells this one, in \[0, 0.97\]; 0 where it is below `least` or they share no key.
    pub(crate) fn similarity(&self, latin: &[u8], least: f32) -> f32 {
        best_similarity(self.readings.iter(), latin, least)
    }

    /// The same of a word in Han characters as it is read in one language; where that is Mandarin, as a foreign name.
    pub(crate) fn similarity_in(&self, language: HanLanguage, latin: &[u8], least: f32) -> f32 {
        best_similarity(self.readings.iter().filter(|reading| reading.language == language), latin, least)
    }

    /// What it is read as where a Latin word spells it best, for people: "Hebrew letters", "Han characters as a Japanese
    /// name"; `None` if the word spells none of its readings.
    pub(crate) fn description(&self, latin: &[u8], least: f32) -> Option<&'static str> {
        let (key, latin) = (latin_key(latin), LatinWord::new(latin));
        let graded = self.readings.iter().map(|reading| (reading.similarity(&latin, key, least), reading));
        let (similarity, reading) = graded.max_by(|a, b| a.0.total_cmp(&b.0))?;
        (similarity > 0.0).then_some(reading.description)
    }
}

/// The highest similarity of the readings; 0 where it is below `least`.
fn best_similarity<'r>(readings: impl Iterator<Item = &'r Reading>, latin: &[u8], least: f32) -> f32 {
    let key = latin_key(latin);
    let mut word = None;
    // Each has to surpass those before it only.
    readings.filter(|reading| reading.may_have(key)).fold(0.0, |best: f32, reading| {
        let word = word.get_or_insert_with(|| LatinWord::new(latin));
        best.max(reading.similarity(word, key, least.max(best)))
    })
}

impl Reading {
    /// How well a Latin word with this key spells it; 0 where it is below `least` or they share no key.
    fn similarity(&self, latin: &LatinWord, key: u32, least: f32) -> f32 {
        let similarity = self.lattice.similarity(latin, least, self.surcharge);
        if similarity > 0.0 && self.keys().contains(&key) { similarity } else { 0.0 }
    }

    /// False if it is known that it does not have a key.
    fn may_have(&self, key: u32) -> bool {
        self.keys.get().is_none_or(|keys| keys.contains(&key))
    }

    fn keys(&self) -> &[u32] {
        self.keys.get_or_init(|| self.lattice.keys())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn similarity(tag: Tag, text: &str, latin: &str) -> f32 {
        NativeWord::new(tag, text).map_or(0.0, |word| word.similarity(latin.as_bytes(), 0.7))
    }

    #[test]
    fn words_meet_their_usual_spellings_and_not_others() {
        for (tag, text, latin) in [
            (Tag::NonLatin, "נתניהו", "netanyahu"),
            (Tag::NonLatin, "путин", "putin"),
            (Tag::NonLatin, "путин", "poutine"),
            (Tag::NonLatin, "шевченко", "schewtschenko"),
            (Tag::NonLatin, "παπαδοπουλος", "papadopoulos"),
            (Tag::Hangul, "블라디미르", "vladimir"),
            (Tag::Han, "健二", "kenji"),
            (Tag::Han, "金", "kim"),
        ] {
            assert!(similarity(tag, text, latin) >= 0.85, "{text} {latin} {}", similarity(tag, text, latin));
        }
        for (tag, text, latin) in [
            (Tag::NonLatin, "נתניהו", "nasrallah"),
            (Tag::NonLatin, "путин", "peskov"),
            (Tag::Hangul, "블라디미르", "volodymyr"),
            (Tag::Han, "金", "kong"),
        ] {
            assert!(similarity(tag, text, latin) < 0.85, "{text} {latin} {}", similarity(tag, text, latin));
        }
        assert!(NativeWord::new(Tag::Name, "putin").is_none());
        // A syllable of a person's name has a table of its own.
        assert!(NativeWord::new(Tag::Hangul, "김").is_none());
    }

    proptest! {
        #[test]
        fn any_word_has_few_keys_and_a_similarity_in_range(
            text in "[\\p{Cyrillic}\\p{Hebrew}\\p{Thai}\\p{Devanagari}]{1,48}|\\p{Han}{1,9}",
            latin in "[a-z]{0,60}",
        ) {
            let tag = if text.chars().all(|c| c >= '\u{2e80}') { Tag::Han } else { Tag::NonLatin };
            if let Some(word) = NativeWord::new(tag, &text) {
                prop_assert!(word.keys().count() <= 8 * super::super::keys::MAX_KEYS);
                let similarity = word.similarity(latin.as_bytes(), 0.7);
                prop_assert!(similarity == 0.0 || (0.7..=0.97).contains(&similarity), "{}", similarity);
                if similarity > 0.0 {
                    prop_assert!(word.keys().any(|key| key == latin_key(latin.as_bytes())));
                }
            }
        }
    }
}
