//! Listed names that stand in a text word for word, as folded.
//!
//! The automaton of folded names is walked from the beginning of each word. It finds a name whatever its words are taken
//! for: a legal form of three words, two initials, a word that is no name anywhere else.

use super::reading::Reading;
use crate::index::Index;
use crate::name::{MAX_TOKENS, fold_name};
use std::ops::Range;

/// The folded words of a reading, with one blank between them.
#[derive(Debug, Default)]
pub(super) struct FoldedText {
    text: String,
    /// For each word of the reading where its folded text is.
    words: Vec<Range<usize>>,
}

impl FoldedText {
    /// Folds the words of a reading one by one.
    pub(super) fn fold(&mut self, reading: &Reading) {
        self.text.clear();
        self.words.clear();
        for i in 0..reading.len() {
            let word = fold_name(reading.words(i..i + 1));
            if !self.text.is_empty() && !word.is_empty() {
                self.text.push(' ');
            }
            let start = self.text.len();
            self.text.push_str(&word);
            self.words.push(start..self.text.len());
        }
    }

    /// Calls `each` with every listed name that is a run of words, and with these.
    pub(super) fn for_each_name(&self, index: &Index, mut each: impl FnMut(u32, Range<usize>)) {
        let names = index.folded_names();
        for (first, word) in self.words.iter().enumerate().filter(|(_, word)| !word.is_empty()) {
            let (mut at, mut read) = (names.start(), word.start);
            for (last, word) in self.words.iter().enumerate().skip(first).filter(|(_, word)| !word.is_empty())
            {
                let letters = self.text[read..word.end].bytes();
                let Some(next) = letters.into_iter().try_fold(at, |at, byte| names.step(at, byte)) else {
                    break;
                };
                (at, read) = (next, word.end);
                for item in names.run(at).map_or(&[][..], |run| &names.items()[run]) {
                    each(item.number(), first..last + 1);
                }
            }
        }
    }

    /// Calls `each` with every listed name that begins with the last words and goes on, and with these.
    pub(super) fn for_each_beginning(&self, index: &Index, mut each: impl FnMut(u32, Range<usize>)) {
        let names = index.folded_names();
        for (first, words) in self.last_words() {
            let Some(at) = names.walk(words.as_bytes()) else { continue };
            for (_, next) in names.steps(at) {
                for item in &names.items()[names.range(next)] {
                    each(item.number(), first..self.words.len());
                }
            }
        }
    }

    /// The same by comparing the last words with every listed name.
    pub(super) fn for_each_beginning_exhaustively(
        &self,
        index: &Index,
        mut each: impl FnMut(u32, Range<usize>),
    ) {
        for (number, record) in (0..).zip(index.name_records()) {
            let name = fold_name(index.name_text(record));
            for (first, words) in self.last_words() {
                if name.len() > words.len() && name.starts_with(words) {
                    each(number, first..self.words.len());
                }
            }
        }
    }

    /// The last two words and more, as many as the longest name has, with the number of the first.
    fn last_words(&self) -> impl Iterator<Item = (usize, &str)> {
        let count = self.words.len();
        let firsts = count.saturating_sub(MAX_TOKENS)..count.saturating_sub(1);
        firsts
            .filter(|first| !self.words[*first].is_empty())
            .map(|first| (first, &self.text[self.words[first].start..]))
    }

    /// [`for_each_name`](Self::for_each_name) by comparing every run of words with every listed name.
    pub(super) fn for_each_name_exhaustively(&self, index: &Index, mut each: impl FnMut(u32, Range<usize>)) {
        for (number, record) in (0..).zip(index.name_records()) {
            let name = fold_name(index.name_text(record));
            for first in 0..self.words.len() {
                for last in first..self.words.len() {
                    let (start, end) = (&self.words[first], &self.words[last]);
                    if !start.is_empty() && !end.is_empty() && self.text[start.start..end.end] == name {
                        each(number, first..last + 1);
                    }
                }
            }
        }
    }
}
