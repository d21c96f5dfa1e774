//! Loading of the lexicon, table by table.
//!
//! The order of the tables and of their rows matters where a word is in several: a business word keeps
//! its first group, a phrase its first meaning.

use super::word_table::WordTable;
use super::{LegalPosition, Lexicon, MAX_PHRASE, Phrase, WordInfo, group};
use crate::name::normalize::chars::{ScriptClass, script_of};
use crate::name::normalize::{FoldedWords, simplify};
use crate::name::script::{alphabet, arabic, kana};
use crate::name::{Tag, skeleton};
use rustc_hash::FxHashMap;

/// Somewhat more words than the tables have, so that loading does not rehash.
const WORDS: usize = 76_000;

/// The shortest legal word of which a truncated one is recognised, in letters.
const MIN_TRUNCATED: usize = 7;

/// The group of the first brand among the groups of names: more than there are of nicknames.
const FIRST_BRAND: u32 = 1 << 20;
/// The least characters of a brand in Han that is cut off what it is written together with; shorter ones are ordinary words.
const MIN_CUT_BRAND: usize = 3;

/// The classes of legal forms, in the order of their groups.
const LEGAL_CLASSES: [&str; 10] = ["llc", "jsc", "lp", "gp", "coop", "npo", "state", "sole", "co", "branch"];

/// The rows of a table as cells; comments and empty lines are skipped.
pub(super) fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .map(|l| l.trim_end_matches('\r'))
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .map(|l| l.split('\t').map(str::trim).collect())
}

/// Whether a row has this text in a column.
fn has(row: &[&str], column: usize, text: &str) -> bool {
    row.get(column).is_some_and(|cell| *cell == text)
}

/// The words of a cell, separated by blanks.
fn cell_words<'t>(cell: Option<&&'t str>) -> impl Iterator<Item = &'t str> {
    cell.copied().unwrap_or("").split(' ').filter(|word| !word.is_empty())
}

/// The variants of a row of business words or places: the first cell, and the words from the third on, in
/// which "_" is a blank.
fn variants(row: &[&'static str]) -> impl Iterator<Item = String> {
    let variants = row.iter().skip(2).flat_map(|cell| cell.split(' '));
    row.iter().take(1).copied().chain(variants).map(|word| word.replace('_', " "))
}

/// Cuts a text of a table into words as names are cut, and reads each word.
pub(super) fn read_words(text: &str) -> Vec<String> {
    let mut words = FoldedWords::default();
    // Tables are written without dots: which letters with dots are an abbreviation is not known before they
    // are loaded.
    words.fold(&text.replace('.', ""), |_| false);
    words.iter().map(read_word).filter(|w| !w.is_empty()).collect()
}

/// The reading of a folded word; Han and Hangul are left as they are.
fn read_word(word: &str) -> String {
    let mut reading = String::new();
    match word.chars().map(script_of).find(|script| *script != ScriptClass::Digit) {
        Some(ScriptClass::Arabic) => arabic::read(word, &mut reading),
        Some(ScriptClass::Kana) => kana::read(word, &mut reading),
        _ => alphabet::read(word, false, &mut reading),
    }
    reading
}

impl Lexicon {
    pub(super) fn load() -> Lexicon {
        let mut lexicon = Lexicon { words: WordTable::with_capacity(WORDS), ..Lexicon::default() };
        lexicon.load_frequencies();
        lexicon.load_company_words();
        lexicon.load_nicknames();
        lexicon.load_honorifics();
        lexicon.load_particles();
        lexicon.load_business_words();
        lexicon.load_places();
        lexicon.load_legal_forms();
        lexicon.load_numbers();
        lexicon.load_padding();
        lexicon.load_real_words();
        lexicon.load_brands();
        lexicon.load_han();
        lexicon.load_hangul();
        lexicon.collect_legal_phrases();
        lexicon.collect_correctable_words();
        lexicon.collect_skeletons();
        lexicon.words.freeze();
        lexicon
    }

    fn load_frequencies(&mut self) {
        for row in rows(include_str!("data/name_frequency.tsv")) {
            if let [word, class, ..] = row[..] {
                self.word(word).frequency = class.parse().unwrap_or(1);
            }
        }
    }

    fn load_company_words(&mut self) {
        for row in rows(include_str!("data/company_words.tsv")) {
            if let [word, class, ..] = row[..] {
                self.word(word).company_frequency = class.parse().unwrap_or(1);
            }
        }
    }

    fn load_nicknames(&mut self) {
        for (i, row) in rows(include_str!("data/nicknames.tsv")).enumerate() {
            let id = group::NICKNAME + i as u32 + 1;
            for word in row.iter().flat_map(|cell| cell_words(Some(cell))) {
                if let Some(free) = self.word(word).nicknames.iter_mut().find(|g| **g == 0) {
                    *free = id;
                }
            }
        }
    }

    fn load_honorifics(&mut self) {
        for row in rows(include_str!("data/honorifics.tsv")) {
            let tag = if has(&row, 2, "name") { Tag::NameTitle } else { Tag::Honorific };
            self.add(row[0], Phrase::Honorific, |info| info.honorific = Some(tag));
        }
    }

    fn load_particles(&mut self) {
        for row in rows(include_str!("data/particles.tsv")) {
            self.word(row[0]).particle = !has(&row, 2, "bound");
        }
    }

    fn load_business_words(&mut self) {
        let by_hand = rows(include_str!("data/business_words.tsv")).map(|row| (row, false));
        let synonyms = rows(include_str!("data/business_synonyms.tsv")).map(|row| (row, true));
        for (i, (row, continues)) in by_hand.chain(synonyms).enumerate() {
            let tag = if has(&row, 1, "semi") { Tag::BusinessSpecific } else { Tag::BusinessGeneric };
            // A synonym of a word of the table by hand belongs to its group.
            let told = if continues { self.business(row[0]) } else { None };
            let (tag, id) = told.unwrap_or((tag, group::BUSINESS + i as u32 + 1));
            for word in variants(&row) {
                self.add(&word, Phrase::Business(tag, id), |info| {
                    info.business = info.business.or(Some((tag, id)));
                });
            }
        }
    }

    /// The class and the group of a business word or phrase of a table.
    fn business(&self, text: &str) -> Option<(Tag, u32)> {
        let words = read_words(&text.replace('_', " "));
        match &words[..] {
            [word] => self.words.get(word).and_then(|info| info.business),
            _ => match self.phrases.get(&*words.join(" "))? {
                Phrase::Business(tag, id) => Some((*tag, *id)),
                _ => None,
            },
        }
    }

    fn load_places(&mut self) {
        for (i, row) in rows(include_str!("data/places.tsv")).enumerate() {
            let id = group::PLACE + i as u32 + 1;
            for word in variants(&row) {
                self.add(&word, Phrase::Place(id), |info| info.place = id);
            }
        }
    }

    fn load_legal_forms(&mut self) {
        for row in rows(include_str!("data/legal_forms.tsv")) {
            let Some(class) = row.get(1).and_then(|c| LEGAL_CLASSES.iter().position(|l| l == c)) else {
                continue;
            };
            let id = group::LEGAL + class as u32 + 1;
            let has_flag = |flag| cell_words(row.get(3)).any(|word| word == flag);
            let phrase = if has_flag("exact") { Phrase::LegalAsWritten(id) } else { Phrase::Legal(id) };
            self.add(row[0], phrase, |info| {
                info.legal = id;
                info.legal_ambiguous = has_flag("ambiguous");
                info.legal_position = match (has_flag("edge"), has_flag("end")) {
                    (_, true) => LegalPosition::End,
                    (true, false) => LegalPosition::Edge,
                    (false, false) => LegalPosition::Anywhere,
                };
                info.legal_as_written = has_flag("exact");
            });
        }
    }

    fn load_numbers(&mut self) {
        for row in rows(include_str!("data/numbers.tsv")) {
            let Ok(value) = row[0].parse::<u32>() else { continue };
            for word in cell_words(row.get(1)) {
                let info = self.word(word);
                info.number = group::of_number(value.into());
                info.number_ambiguous = has(&row, 2, "ambiguous");
            }
        }
    }

    fn load_padding(&mut self) {
        for row in rows(include_str!("data/padding.tsv")) {
            let words = read_words(row[0]);
            match &words[..] {
                [] => {}
                [word] => {
                    self.padding.insert(word.as_str().into());
                }
                [first, ..] => {
                    self.words.entry(first).starts_phrase = true;
                    self.phrases.entry(words.join(" ").into()).or_insert(Phrase::Padding);
                }
            }
        }
    }

    fn load_real_words(&mut self) {
        for row in rows(include_str!("data/real_words.tsv")) {
            self.word(row[0]).is_real = true;
        }
    }

    /// A brand and the name that it is of are forms of one name; the name keeps its own reading, for it is often another
    /// company's.
    fn load_brands(&mut self) {
        let mut groups = FxHashMap::default();
        for row in rows(include_str!("data/brands.tsv")) {
            let [native, brand, ..] = row[..] else { continue };
            let next = group::NICKNAME + FIRST_BRAND + groups.len() as u32;
            let id = *groups.entry(brand).or_insert(next);
            let native: String = native.chars().map(simplify).collect();
            for word in [&*native, brand] {
                let nicknames = &mut self.words.entry(word).nicknames;
                if !nicknames.contains(&id)
                    && let Some(free) = nicknames.iter_mut().find(|g| **g == 0)
                {
                    *free = id;
                }
            }
            if native.chars().count() >= MIN_CUT_BRAND {
                self.han_words.insert(native.into());
            }
        }
    }

    fn load_han(&mut self) {
        for row in rows(include_str!("data/han_surnames.tsv")) {
            if let [native, reading, ..] = row[..] {
                self.han_surnames.insert(native.into(), reading.into());
            }
        }
        self.japanese_surnames = rows(include_str!("data/japanese_surnames.tsv")).map(|row| row[0]).collect();
        for row in rows(include_str!("data/han_words.tsv")) {
            if let [native, reading, ..] = row[..] {
                self.han_readings.insert(native.into(), reading.into());
            }
        }
    }

    fn load_hangul(&mut self) {
        let surnames = rows(include_str!("data/hangul_surnames.tsv")).map(|row| (row, true));
        let given = rows(include_str!("data/hangul_given.tsv")).map(|row| (row, false));
        for (row, is_surname) in surnames.chain(given) {
            let (mut chars, spellings) = (row[0].chars(), row.get(1).copied().unwrap_or(""));
            let (Some(syllable), None) = (chars.next(), chars.next()) else { continue };
            if is_surname {
                self.hangul_surnames.insert(syllable, spellings.split(' ').next().unwrap_or("").into());
            }
            self.hangul.entry(syllable).or_default().extend(spellings.split(' ').map(Box::from));
        }
    }

    /// Collects the phrases and words that a truncated legal form is completed to, and the words of phrases.
    fn collect_legal_phrases(&mut self) {
        for (phrase, meaning) in &self.phrases {
            if let Phrase::Legal(id) = meaning {
                self.legal_phrases.push((phrase.clone(), *id));
            }
            self.phrase_words.extend(phrase.split(' ').map(Box::from));
        }
        self.words.for_each(|word, info| {
            if info.legal != 0 && !info.legal_as_written && word.len() >= MIN_TRUNCATED {
                self.legal_phrases.push((word.into(), info.legal));
            }
        });
        self.legal_phrases.sort_unstable();
    }

    /// Collects the words to which misspelled ones are corrected, in sorted order: that of a hash table
    /// differs from build to build, and the first of several corrections is taken.
    fn collect_correctable_words(&mut self) {
        let is_correctable = |meaning: &Phrase| {
            !matches!(meaning, Phrase::Padding | Phrase::Honorific | Phrase::LegalAsWritten(_))
        };
        let phrases = self.phrases.iter().filter(|(_, meaning)| is_correctable(meaning));
        let mut phrases: Vec<&str> = phrases.map(|(phrase, _)| &**phrase).collect();
        phrases.sort_unstable();
        phrases.iter().for_each(|phrase| self.corrector.add_phrase(phrase));

        let legal = self.phrases.iter().filter(|(_, meaning)| matches!(meaning, Phrase::Legal(_)));
        let mut words: Vec<Box<str>> =
            legal.flat_map(|(phrase, _)| phrase.split(' ').map(Box::from)).collect();
        self.words.for_each(|word, info| {
            if (info.legal != 0 && !info.legal_as_written) || info.business.is_some() {
                words.push(word.into());
            }
        });
        words.sort_unstable();
        words.iter().for_each(|word| self.corrector.add(word));
    }

    /// Collects the frequency of the names by their skeletons.
    fn collect_skeletons(&mut self) {
        let mut frequencies = FxHashMap::with_capacity_and_hasher(WORDS, Default::default());
        self.words.for_each(|word, info| {
            if info.frequency > 0 {
                let highest = frequencies.entry(skeleton(word)).or_insert(0);
                *highest = info.frequency.max(*highest);
            }
        });
        self.skeleton_frequencies = frequencies;
    }

    /// The entry of a single word of a table, under its reading.
    fn word(&mut self, word: &str) -> &mut WordInfo {
        // Most are written as they are read.
        if word.bytes().all(|b| b.is_ascii_lowercase()) {
            return self.words.entry(word);
        }
        self.words.entry(&read_words(word).concat())
    }

    /// Adds a word or a phrase under its reading, and a Han word under itself. `set` changes the entry of a
    /// word; `phrase` is what several words mean.
    fn add(&mut self, text: &str, phrase: Phrase, set: impl FnOnce(&mut WordInfo)) {
        if text.chars().any(|c| ('\u{3400}'..='\u{9fff}').contains(&c)) {
            let text: String = text.chars().map(simplify).collect();
            let is_legal = matches!(phrase, Phrase::Legal(_) | Phrase::LegalAsWritten(_));
            if text.chars().count() >= 2 {
                set(self.words.entry(&text));
                self.han_words.insert(text.into());
            } else if is_legal {
                // A form where it stands alone, "(株)", and no part to be cut off.
                set(self.words.entry(&text));
            }
            return;
        }
        let words = read_words(text);
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_letters_are_read_as_they_are_written() {
        for row in rows(include_str!("data/name_frequency.tsv")) {
            if row[0].bytes().all(|b| b.is_ascii_lowercase()) {
                assert_eq!(read_words(row[0]), [row[0]]);
            }
        }
    }

    #[test]
    fn no_han_word_is_longer_than_those_looked_up() {
        let lexicon = super::super::lexicon();
        let words = lexicon.han_words.iter().chain(lexicon.han_readings.keys());
        assert!(words.map(|word| word.chars().count()).max().unwrap() <= super::super::MAX_HAN);
    }
}
