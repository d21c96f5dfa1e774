//! The lexicon: what is known of words in names, from the tables in `data/`.
//!
//! The tables are compiled into the program and loaded once, on first use. Each is a tab-separated file with
//! its format and its source in the first lines. Words of a table are normalized and read as words of names
//! are, so that a table may be written in any script and spelling.
//!
//! Cost: 40 to 60 milliseconds to load, 8 MB; then one hash look-up for a word.

mod compound;
pub(crate) mod group;
mod load;
mod spell_correct;
mod word_table;

pub(super) use compound::split_compound_at;
pub(super) use spell_correct::{Neighbours, SpellCorrector};

use super::{Skeleton, Tag};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::OnceLock;
use word_table::WordTable;

/// The longest phrase of the tables, in words.
pub(super) const MAX_PHRASE: usize = 9;
/// The longest Han word of the tables, in characters.
const MAX_HAN: usize = 8;

/// The entry of one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct WordInfo {
    /// How common it is as a person's name, 0 (rare) to 5.
    pub(super) frequency: u8,
    /// How common it is in names of companies, 0 (rare) to 5.
    pub(super) company_frequency: u8,
    /// Groups of forms of one given name; 0 for none.
    pub(super) nicknames: [u32; 2],
    /// The class of a business word ([`Tag::BusinessSpecific`] or [`Tag::BusinessGeneric`]) and its group.
    pub(super) business: Option<(Tag, u32)>,
    /// The group of a place; 0 for none.
    pub(super) place: u32,
    /// The group of a legal form; 0 for none.
    pub(super) legal: u32,
    /// Whether the legal form is an ordinary word elsewhere.
    pub(super) legal_ambiguous: bool,
    /// Where in a name it is a legal form.
    pub(super) legal_position: LegalPosition,
    /// Whether the legal form is recognised as it is written only, not misspelled or cut.
    pub(super) legal_as_written: bool,
    /// The group of a number written as a word; 0 for none.
    pub(super) number: u32,
    /// Whether the number is often another word.
    pub(super) number_ambiguous: bool,
    /// The tag of an honorific or title ([`Tag::Honorific`] or [`Tag::NameTitle`]).
    pub(super) honorific: Option<Tag>,
    /// Whether it is a particle of people's names.
    pub(super) particle: bool,
    /// Whether a phrase of the tables starts with it.
    pub(super) starts_phrase: bool,
    /// Whether it is a word as it is written, though one edit from another of the tables: no misspelling.
    pub(super) is_real: bool,
}

impl WordInfo {
    /// The entry of a word of which nothing is known.
    pub(super) const EMPTY: WordInfo = WordInfo {
        frequency: 0,
        company_frequency: 0,
        nicknames: [0; 2],
        business: None,
        place: 0,
        legal: 0,
        legal_ambiguous: false,
        legal_position: LegalPosition::Anywhere,
        legal_as_written: false,
        number: 0,
        number_ambiguous: false,
        honorific: None,
        particle: false,
        starts_phrase: false,
        is_real: false,
    };

    /// Whether the word is a rare name at most, and nothing else: no word of companies' names either.
    pub(super) fn is_rare_name_at_most(&self) -> bool {
        self.frequency <= 1
            && self.company_frequency == 0
            && !self.is_company_word()
            && self.number == 0
            && self.honorific.is_none()
            && !self.starts_phrase
            && !self.is_real
    }

    /// Whether the word is a legal form, a business word or a place.
    pub(super) fn is_company_word(&self) -> bool {
        self.legal != 0 || self.business.is_some() || self.place != 0
    }
}

/// Where in a name a word is a legal form. A short abbreviation of one country is a name or another word elsewhere, so it
/// is one beside another word only, where legal forms stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum LegalPosition {
    Anywhere,
    /// As the first or the last word.
    Edge,
    /// As the last word.
    End,
}

/// A phrase of several words that becomes one token. The numbers are groups.
#[derive(Clone, Copy, Debug)]
pub(super) enum Phrase {
    Legal(u32),
    /// The same, but recognised as it is written only, not misspelled or cut.
    LegalAsWritten(u32),
    Business(Tag, u32),
    Place(u32),
    Honorific,
    Padding,
}

/// All tables, ready for look-ups.
#[derive(Default)]
pub(super) struct Lexicon {
    words: WordTable,
    /// Phrases by their words, joined by blanks.
    phrases: FxHashMap<Box<str>, Phrase>,
    /// Single words of padding.
    padding: FxHashSet<Box<str>>,
    /// Han words that are legal forms, business words or places.
    han_words: FxHashSet<Box<str>>,
    /// The pinyin of Han words that are not read as their characters are.
    han_readings: FxHashMap<Box<str>, Box<str>>,
    /// The pinyin of Chinese surnames.
    han_surnames: FxHashMap<Box<str>, Box<str>>,
    /// Japanese surnames, in simplified characters.
    japanese_surnames: FxHashSet<&'static str>,
    /// The usual Latin spellings of Hangul syllables in names.
    hangul: FxHashMap<char, Vec<Box<str>>>,
    /// The most usual spelling of Korean surnames.
    hangul_surnames: FxHashMap<char, Box<str>>,
    corrector: SpellCorrector,
    /// Legal phrases and long legal words with their groups, sorted.
    legal_phrases: Vec<(Box<str>, u32)>,
    /// Every word of a phrase.
    phrase_words: FxHashSet<Box<str>>,
    /// The highest frequency class of the names with this skeleton, for readings without vowels.
    skeleton_frequencies: FxHashMap<Skeleton, u8>,
}

/// The lexicon, which the first call loads.
pub(super) fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(Lexicon::load)
}

/// Whether letters written with dots are one word: a legal form ("S.A.") or a place ("U.S.").
pub(super) fn is_abbreviation(letters: &str) -> bool {
    let is_legal = |info: &WordInfo| info.legal != 0 && info.legal_position == LegalPosition::Anywhere;
    lexicon().info(letters).is_some_and(|info| is_legal(info) || info.place != 0)
}

/// The usual Latin spellings of a Hangul syllable in names, the most usual first.
pub(crate) fn hangul_spellings(syllable: char) -> &'static [Box<str>] {
    lexicon().hangul.get(&syllable).map_or(&[], Vec::as_slice)
}

impl Lexicon {
    /// The entry of a word.
    pub(super) fn info(&self, word: &str) -> Option<&WordInfo> {
        self.words.get(word)
    }

    /// The phrase whose words, joined by blanks, are `text`.
    pub(super) fn phrase(&self, text: &str) -> Option<Phrase> {
        self.phrases.get(text).copied()
    }

    /// Whether a word is part of a phrase; it need not have an entry.
    pub(super) fn is_phrase_word(&self, word: &str) -> bool {
        self.phrase_words.contains(word)
    }

    /// Whether a word by itself is padding.
    pub(super) fn is_padding(&self, word: &str) -> bool {
        self.padding.contains(word)
    }

    /// Corrects words of legal forms and of business.
    pub(super) fn corrector(&self) -> &SpellCorrector {
        &self.corrector
    }

    /// The group of the legal form that starts with `text`, which may be truncated.
    pub(super) fn truncated_legal_form(&self, text: &str) -> Option<u32> {
        let at = self.legal_phrases.partition_point(|(phrase, _)| **phrase < *text);
        let (phrase, group) = self.legal_phrases.get(at)?;
        phrase.starts_with(text).then_some(*group)
    }

    /// Length in bytes of the longest Han word of the tables that `text` starts with.
    pub(super) fn han_word_prefix(&self, text: &str) -> Option<usize> {
        longest_prefix(text, |prefix| self.han_words.contains(prefix))
    }

    /// Length in bytes and pinyin of the longest Han word of the table of readings that `text` starts with.
    pub(super) fn han_reading_prefix(&self, text: &str) -> Option<(usize, &str)> {
        let len = longest_prefix(text, |prefix| self.han_readings.contains_key(prefix))?;
        Some((len, &self.han_readings[&text[..len]]))
    }

    /// Whether it is a Japanese surname of two characters or more.
    pub(super) fn is_japanese_surname(&self, name: &str) -> bool {
        self.japanese_surnames.contains(name)
    }

    /// The pinyin of a Chinese surname.
    pub(super) fn han_surname(&self, name: &str) -> Option<&str> {
        self.han_surnames.get(name).map(|s| &**s)
    }

    /// Whether a word is the pinyin of a Chinese surname, with u for ü.
    pub(super) fn is_chinese_surname(&self, pinyin: &str) -> bool {
        self.han_surnames.values().any(|surname| **surname == *pinyin)
    }

    /// The most usual spelling of a Korean surname.
    pub(super) fn hangul_surname(&self, syllable: char) -> Option<&str> {
        self.hangul_surnames.get(&syllable).map(|s| &**s)
    }

    /// The highest frequency class of the names with this skeleton.
    pub(super) fn frequency_of_skeleton(&self, skeleton: &Skeleton) -> u8 {
        self.skeleton_frequencies.get(skeleton).copied().unwrap_or(0)
    }
}

/// Length in bytes of the longest prefix of up to [`MAX_HAN`] characters that `is_known` accepts.
fn longest_prefix(text: &str, is_known: impl Fn(&str) -> bool) -> Option<usize> {
    let mut ends = [0; MAX_HAN];
    let mut n = 0;
    for (i, c) in text.char_indices().take(MAX_HAN) {
        ends[n] = i + c.len_utf8();
        n += 1;
    }
    ends[..n].iter().rev().copied().find(|&end| is_known(&text[..end]))
}
