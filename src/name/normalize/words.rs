//! Cutting of a folded text into words.

use super::confusables::confusable;
use super::is_apostrophe;
use crate::name::text_range::TextRange;

/// Whether letters written with dots are one word: "sa" of "S.A.", "us" of "U.S.".
pub(crate) type IsAbbreviation = fn(&str) -> bool;

/// The words of a folded text.
#[derive(Debug, Default)]
pub(crate) struct FoldedWords {
    /// The words, each followed by a blank.
    text: String,
    words: Vec<TextRange>,
    /// Letters of an abbreviation, while they are put together.
    joined: String,
}

impl FoldedWords {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.words.clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| word.of(&self.text))
    }

    /// The folded text with one blank between words.
    pub(crate) fn joined(&self) -> &str {
        self.text.strip_suffix(' ').unwrap_or(&self.text)
    }

    /// The folded text with a blank after each word.
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

/// Appends folded characters to words.
pub(super) struct WordCutter<'a> {
    words: &'a mut FoldedWords,
    /// Where the word that is being written starts.
    start: Option<u32>,
    /// The number of words at the end that are single letters with dots between them ("s.", "a.").
    dotted_letters: usize,
    is_abbreviation: IsAbbreviation,
}

impl<'a> WordCutter<'a> {
    pub(super) fn new(words: &'a mut FoldedWords, is_abbreviation: IsAbbreviation) -> WordCutter<'a> {
        WordCutter { words, start: None, dotted_letters: 0, is_abbreviation }
    }

    /// Appends an ASCII character: a letter or digit to the word, any other ends it.
    pub(super) fn push_ascii(&mut self, c: char) {
        if c.is_ascii_alphanumeric() {
            self.push_letter(c);
        } else if !is_apostrophe(c) && (!c.is_ascii_control() || c.is_ascii_whitespace()) {
            self.end_word(c == '.');
        }
    }

    pub(super) fn push_letter(&mut self, c: char) {
        if self.start.is_none() {
            self.start = Some(self.words.text.len() as u32);
        }
        self.words.text.push(c);
    }

    /// Ends a word, if there is one, at a dot or at another separator.
    pub(super) fn end_word(&mut self, dot: bool) {
        let Some(start) = self.start.take() else {
            if !dot {
                self.join_dotted_letters();
            }
            return;
        };
        let FoldedWords { text, words, .. } = &mut *self.words;
        let word = TextRange { start, end: text.len() as u32 };
        words.push(word);
        text.push(' ');
        let is_single = word.of(text).chars().nth(1).is_none();
        if is_single && (dot || self.dotted_letters > 0) {
            self.dotted_letters += 1;
            if !dot {
                self.join_dotted_letters();
            }
        } else {
            self.dotted_letters = 0;
        }
    }

    /// Joins letters with dots between them and no blank ("S.A.", "o.O.O.") into one word when there are
    /// three or more, or when the two of them are an abbreviation.
    fn join_dotted_letters(&mut self) {
        let count = std::mem::take(&mut self.dotted_letters);
        if count < 2 {
            return;
        }
        let FoldedWords { text, words, joined } = &mut *self.words;
        let first = words.len() - count;
        joined.clear();
        joined.extend(words[first..].iter().map(|word| word.of(text)));
        if !joined.is_ascii() {
            // Confusables are undone within a word; each of these letters is a word until now.
            let latin: String = joined.chars().map(|c| confusable(c).unwrap_or(c)).collect();
            if latin.is_ascii() && (self.is_abbreviation)(&latin) {
                *joined = latin;
            }
        }
        if count >= 3 || (self.is_abbreviation)(joined) {
            text.truncate(words[first].start as usize);
            words.truncate(first);
            words.push(TextRange::append(joined, text));
            text.push(' ');
        }
    }

    /// Ends the text.
    pub(super) fn finish(mut self) {
        self.end_word(false);
        self.join_dotted_letters();
    }
}
