//! The tables of facts in `tables/`, compiled into the program and loaded once.
//!
//! Each table is a tab-separated file with a source note at its head. Words pass through the same cleaning and
//! reading as names do, so that a table may be written in any script and spelling.

use super::repair::{Context, Repairs};
use super::words::Words;
use super::{Tag, analyser};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::OnceLock;

/// Groups of equivalent words, in ranges by the table they come from.
pub(crate) mod group {
    /// Spellings and short forms of one given name.
    pub(crate) const NICKNAME: u32 = 1 << 24;
    /// Business words with their abbreviations and translations.
    pub(crate) const BUSINESS: u32 = 2 << 24;
    /// Classes of legal forms.
    pub(crate) const LEGAL: u32 = 3 << 24;
    /// Countries and cities.
    pub(crate) const PLACE: u32 = 4 << 24;
    /// Numbers by value.
    pub(crate) const NUMBER: u32 = 5 << 24;

    /// Particles: any stands for any other.
    pub(crate) const PARTICLE: u32 = 6 << 24;

    /// The range a group lies in.
    pub(crate) fn kind(group: u32) -> u32 {
        group & 0xff00_0000
    }
}

/// What the tables say of one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Facts {
    pub frequency: u8,
    pub nicknames: [u32; 2],
    pub business: Option<(Tag, u32)>,
    pub place: u32,
    pub legal: u32,
    pub legal_ambiguous: bool,
    pub number: u32,
    pub number_ambiguous: bool,
    pub honorific: Option<Tag>,
    pub particle: bool,
    pub starts_phrase: bool,
}

impl Facts {
    /// Whether a word is a rare name at most, and nothing else.
    pub(super) fn is_name_at_most(&self) -> bool {
        self.frequency <= 1
            && self.business.is_none()
            && self.place == 0
            && self.legal == 0
            && self.number == 0
            && self.honorific.is_none()
            && !self.starts_phrase
    }
}

/// A phrase of several words that stands for one token.
#[derive(Clone, Copy, Debug)]
pub(super) enum Phrase {
    Legal(u32),
    Business(Tag, u32),
    Place(u32),
    Honorific,
    Padding,
}

#[derive(Default)]
pub(crate) struct Tables {
    words: Words,
    phrases: FxHashMap<Box<str>, Phrase>,
    noise: FxHashSet<Box<str>>,
    han_words: FxHashSet<Box<str>>,
    han_readings: FxHashMap<Box<str>, Box<str>>,
    han_surnames: FxHashMap<Box<str>, Box<str>>,
    brands: FxHashMap<Box<str>, Box<str>>,
    hangul: FxHashMap<char, Vec<Box<str>>>,
    hangul_surnames: FxHashMap<char, Box<str>>,
    repairs: Repairs,
    /// All legal phrases, sorted: for those that a name was cut off within.
    legal_phrases: Vec<(Box<str>, u32)>,
    /// Every word of a phrase.
    phrase_words: FxHashSet<Box<str>>,
    /// The frequency of the commonest name with this skeleton, for readings without vowels.
    skeletons: FxHashMap<super::Skeleton, u8>,
}

/// Somewhat more words than the tables have.
const WORDS: usize = 57_000;
/// The longest phrase of the tables, in words.
pub(super) const MAX_PHRASE: usize = 9;
/// The longest Han word of the tables, in characters.
const MAX_HAN: usize = 8;

const LEGAL_CLASSES: [&str; 10] = ["llc", "jsc", "lp", "gp", "coop", "npo", "state", "sole", "co", "branch"];

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .map(|l| l.trim_end_matches('\r'))
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .map(|l| l.split('\t').map(str::trim).collect())
}

fn has_han(text: &str) -> bool {
    text.chars().any(|c| ('\u{3400}'..='\u{9fff}').contains(&c))
}

pub(crate) fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(Tables::load)
}

impl Tables {
    fn load() -> Tables {
        let mut t = Tables { words: Words::with_capacity(WORDS), ..Tables::default() };
        for row in rows(include_str!("tables/name_frequency.tsv")) {
            if let [word, class, ..] = row[..] {
                t.word(word).frequency = class.parse().unwrap_or(1);
            }
        }
        for (i, row) in rows(include_str!("tables/nicknames.tsv")).enumerate() {
            let id = group::NICKNAME + i as u32 + 1;
            for word in row.iter().flat_map(|cell| cell.split(' ')).filter(|w| !w.is_empty()) {
                let facts = t.word(word);
                if let Some(free) = facts.nicknames.iter_mut().find(|g| **g == 0) {
                    *free = id;
                }
            }
        }
        for row in rows(include_str!("tables/honorifics.tsv")) {
            let tag = if row.get(2).is_some_and(|c| *c == "name") { Tag::NameTitle } else { Tag::Honorific };
            t.entry(row[0], |facts| facts.honorific = Some(tag), Phrase::Honorific);
        }
        for row in rows(include_str!("tables/particles.tsv")) {
            t.word(row[0]).particle = row.get(2).is_none_or(|c| *c != "bound");
        }
        for (i, row) in rows(include_str!("tables/business_words.tsv")).enumerate() {
            let id = group::BUSINESS + i as u32 + 1;
            let tag = if row.get(1).is_some_and(|c| *c == "semi") {
                Tag::BusinessSpecific
            } else {
                Tag::BusinessGeneric
            };
            for word in row.iter().take(1).copied().chain(row.iter().skip(2).flat_map(|c| c.split(' '))) {
                let word = word.replace('_', " ");
                t.entry(
                    &word,
                    |facts| facts.business = facts.business.or(Some((tag, id))),
                    Phrase::Business(tag, id),
                );
            }
        }
        for (i, row) in rows(include_str!("tables/places.tsv")).enumerate() {
            let id = group::PLACE + i as u32 + 1;
            for word in row.iter().take(1).copied().chain(row.iter().skip(2).flat_map(|c| c.split(' '))) {
                let word = word.replace('_', " ");
                t.entry(&word, |facts| facts.place = id, Phrase::Place(id));
            }
        }
        for row in rows(include_str!("tables/legal_forms.tsv")) {
            let Some(class) = row.get(1).and_then(|c| LEGAL_CLASSES.iter().position(|l| l == c)) else {
                continue;
            };
            let id = group::LEGAL + class as u32 + 1;
            let ambiguous = row.get(3).is_some_and(|c| *c == "ambiguous");
            t.entry(
                row[0],
                |facts| {
                    facts.legal = id;
                    facts.legal_ambiguous = ambiguous;
                },
                Phrase::Legal(id),
            );
        }
        for row in rows(include_str!("tables/numbers.tsv")) {
            let Ok(value) = row[0].parse::<u32>() else { continue };
            let ambiguous = row.get(2).is_some_and(|c| *c == "ambiguous");
            for word in row.get(1).copied().unwrap_or("").split(' ').filter(|w| !w.is_empty()) {
                let facts = t.word(word);
                facts.number = number_group(value as u64);
                facts.number_ambiguous = ambiguous;
            }
        }
        for row in rows(include_str!("tables/noise.tsv")) {
            let phrase = analyser::plain_words(row[0]).join(" ");
            if phrase.contains(' ') {
                let first = phrase.split(' ').next().unwrap_or("");
                t.word_as_is(first).starts_phrase = true;
                t.phrases.entry(phrase.into()).or_insert(Phrase::Padding);
            } else if !phrase.is_empty() {
                t.noise.insert(phrase.into());
            }
        }
        for row in rows(include_str!("tables/brands.tsv")) {
            if let [native, brand, ..] = row[..] {
                let native: String = native.chars().map(super::han::simplify).collect();
                t.brands.insert(native.into(), brand.into());
            }
        }
        for row in rows(include_str!("tables/han_surnames.tsv")) {
            if let [native, reading, ..] = row[..] {
                t.han_surnames.insert(native.into(), reading.into());
            }
        }
        for row in rows(include_str!("tables/han_words.tsv")) {
            if let [native, reading, ..] = row[..] {
                t.han_readings.insert(native.into(), reading.into());
            }
        }
        for row in rows(include_str!("tables/hangul_surnames.tsv")) {
            let (mut chars, spellings) = (row[0].chars(), row.get(1).copied().unwrap_or(""));
            if let (Some(c), None) = (chars.next(), chars.next()) {
                t.hangul_surnames.insert(c, spellings.split(' ').next().unwrap_or("").into());
                t.hangul.entry(c).or_default().extend(spellings.split(' ').map(Box::from));
            }
        }
        for row in rows(include_str!("tables/hangul_given.tsv")) {
            let (mut chars, spellings) = (row[0].chars(), row.get(1).copied().unwrap_or(""));
            if let (Some(c), None) = (chars.next(), chars.next()) {
                t.hangul.entry(c).or_default().extend(spellings.split(' ').map(Box::from));
            }
        }
        t.note_long_words();
        let mut skeletons = FxHashMap::with_capacity_and_hasher(WORDS, Default::default());
        t.words.for_each(|word, facts| {
            if facts.frequency > 0 {
                let best = skeletons.entry(super::skeleton(word)).or_insert(0);
                *best = facts.frequency.max(*best);
            }
        });
        t.skeletons = skeletons;
        t.words.settle();
        t
    }

    /// Collects the words that are repaired, and the phrases that names are cut off within.
    fn note_long_words(&mut self) {
        let mut words: Vec<Box<str>> = Vec::new();
        for (phrase, what) in &self.phrases {
            if let Phrase::Legal(id) = what {
                words.extend(phrase.split(' ').map(Box::from));
                self.legal_phrases.push((phrase.clone(), *id));
            }
            self.phrase_words.extend(phrase.split(' ').map(Box::from));
        }
        self.words.for_each(|word, f| {
            if f.legal != 0 || f.business.is_some() {
                words.push(word.into());
            }
            if f.legal != 0 && word.len() >= 7 {
                self.legal_phrases.push((word.into(), f.legal));
            }
        });
        // In an order of their own: that of a hash table differs from build to build.
        words.sort_unstable();
        self.legal_phrases.sort_unstable();
        let noise = |what: &Phrase| matches!(what, Phrase::Padding | Phrase::Honorific);
        let mut phrases: Vec<_> =
            self.phrases.iter().filter(|(_, what)| !noise(what)).map(|(p, _)| p).collect();
        phrases.sort_unstable();
        phrases.iter().for_each(|phrase| self.repairs.add_phrase(phrase));
        words.iter().for_each(|word| self.repairs.add(word));
    }

    /// The repaired form of a word that no table knows.
    pub(super) fn repaired(&self, word: &str) -> Option<&str> {
        self.repairs.of(word)
    }

    /// Whether a word is part of a phrase, and so need not be in the tables by itself.
    pub(super) fn is_in_phrase(&self, word: &str) -> bool {
        self.phrase_words.contains(word)
    }

    /// The repaired form of a word beside two words of a legal phrase.
    pub(super) fn repaired_in_phrase(
        &self,
        word: &str,
        kind: Context,
        words: [&str; 2],
        key: &mut String,
    ) -> Option<&str> {
        self.repairs.of_phrase(word, kind, words[0], words[1], key)
    }

    /// The long word of legal forms or of business that two halves make.
    pub(super) fn long_word_of(&self, head: &str, tail: &str) -> Option<&str> {
        self.repairs.of_halves(head, tail)
    }

    /// The legal form that begins with `text` and goes on.
    pub(super) fn legal_form_cut_to(&self, text: &str) -> Option<u32> {
        let at = self.legal_phrases.partition_point(|(phrase, _)| **phrase < *text);
        let (phrase, id) = self.legal_phrases.get(at)?;
        phrase.starts_with(text).then_some(*id)
    }

    fn word_as_is(&mut self, word: &str) -> &mut Facts {
        self.words.entry(word)
    }

    fn word(&mut self, word: &str) -> &mut Facts {
        // Most are written as they are read.
        if word.bytes().all(|b| b.is_ascii_lowercase()) {
            return self.words.entry(word);
        }
        self.words.entry(&analyser::plain_words(word).concat())
    }

    /// Files a word or a phrase under its reading, and a Han word under itself.
    fn entry(&mut self, text: &str, set: impl FnOnce(&mut Facts), phrase: Phrase) {
        if has_han(text) {
            let text: String = text.chars().map(super::han::simplify).collect();
            if text.chars().count() >= 2 {
                set(self.words.entry(&text));
                self.han_words.insert(text.into());
            }
            return;
        }
        let words = analyser::plain_words(text);
        match &words[..] {
            [] => {}
            [word] => set(self.words.entry(word)),
            [first, ..] if words.len() <= MAX_PHRASE => {
                self.words.entry(first).starts_phrase = true;
                self.phrases.entry(words.join(" ").into()).or_insert(phrase);
            }
            _ => {}
        }
    }

    pub(super) fn facts(&self, word: &str) -> Option<&Facts> {
        self.words.get(word)
    }

    pub(super) fn phrase(&self, text: &str) -> Option<Phrase> {
        self.phrases.get(text).copied()
    }

    pub(super) fn is_noise(&self, word: &str) -> bool {
        self.noise.contains(word)
    }

    /// Whether the letters of "S.A." or "U.S." are one word.
    pub(super) fn is_abbreviation(&self, word: &str) -> bool {
        self.words.get(word).is_some_and(|f| f.legal != 0 || f.place != 0)
    }

    /// Length in bytes of the longest known Han word that `text` begins with.
    pub(super) fn han_word_at(&self, text: &str) -> Option<usize> {
        longest_prefix(text, |prefix| self.han_words.contains(prefix))
    }

    pub(super) fn han_reading_at(&self, text: &str) -> Option<(usize, &str)> {
        let len = longest_prefix(text, |prefix| self.han_readings.contains_key(prefix))?;
        Some((len, &self.han_readings[&text[..len]]))
    }

    pub(super) fn han_surname(&self, name: &str) -> Option<&str> {
        self.han_surnames.get(name).map(|s| &**s)
    }

    pub(super) fn brand(&self, word: &str) -> Option<&str> {
        self.brands.get(word).map(|s| &**s)
    }

    pub(super) fn hangul_surname(&self, c: char) -> Option<&str> {
        self.hangul_surnames.get(&c).map(|s| &**s)
    }

    /// The usual Latin spellings of a Hangul syllable in names.
    pub(crate) fn hangul_spellings(&self, c: char) -> &[Box<str>] {
        self.hangul.get(&c).map_or(&[], |v| v)
    }

    pub(super) fn frequency_of_skeleton(&self, skeleton: &super::Skeleton) -> u8 {
        self.skeletons.get(skeleton).copied().unwrap_or(0)
    }
}

fn longest_prefix(text: &str, known: impl Fn(&str) -> bool) -> Option<usize> {
    let mut ends = [0; MAX_HAN];
    let mut n = 0;
    for (i, c) in text.char_indices().take(MAX_HAN) {
        ends[n] = i + c.len_utf8();
        n += 1;
    }
    ends[..n].iter().rev().copied().find(|&end| known(&text[..end]))
}

/// The group of all words that mean this number.
pub(super) fn number_group(value: u64) -> u32 {
    // Values beyond the range share a group only with equal low bits; their texts are compared as well.
    group::NUMBER + (value % (1 << 24)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_letters_are_read_as_they_are_written() {
        for row in rows(include_str!("tables/name_frequency.tsv")) {
            if row[0].bytes().all(|b| b.is_ascii_lowercase()) {
                assert_eq!(analyser::plain_words(row[0]), [row[0]]);
            }
        }
    }
}
