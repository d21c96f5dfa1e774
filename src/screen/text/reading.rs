//! A text as its words: the words of each way in which its line breaks are read.
//!
//! Payment systems wrap a text at 35 characters, in the middle of a word if need be, and mark the break by `//`, by a
//! line break, or not at all. So a text with breaks has two readings: one in which the two sides of a break are one word,
//! and one in which they are two.

use std::ops::Range;

/// A text with its breaks read in one way, and its words.
#[derive(Debug, Default)]
pub(super) struct Reading {
    text: String,
    /// The words, as ranges of bytes of `text`.
    words: Vec<Range<usize>>,
    /// Where bytes of the text as written are left out: the place in `text`, and the number left out up to there.
    left_out: Vec<(usize, usize)>,
    is_cut: bool,
}

/// The most digits of a number that may be of a name: those of invoices and accounts are longer.
const MAX_DIGITS: usize = 5;

/// How the breaks of a text are read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Breaks {
    /// As a blank.
    Divide,
    /// As nothing, where letters or digits stand on both sides.
    Join,
}

impl Reading {
    /// Reads a text.
    pub(super) fn read(&mut self, text: &str, breaks: Breaks) {
        self.text.clear();
        self.words.clear();
        self.left_out.clear();
        self.is_cut = is_cut(text);
        let mut rest = text;
        while let Some((at, length)) = next_break(rest) {
            let (before, after) = (&rest[..at], &rest[at + length..]);
            self.text.push_str(before);
            let is_within_word =
                before.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric);
            if breaks == Breaks::Join && is_within_word {
                let left_out = self.left_out.last().map_or(0, |(_, all)| *all) + length;
                self.left_out.push((self.text.len(), left_out));
            } else {
                self.text.extend(std::iter::repeat_n(' ', length));
            }
            rest = after;
        }
        self.text.push_str(rest);
        find_words(&self.text, &mut self.words);
    }

    /// Whether the text was cut behind its last word.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The number of words.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// Writes one word, or two written together, to `joined`. Returns whether it may match anything: a long number does not,
    /// and two words are joined if they are letters.
    pub(super) fn join(&self, words: Range<usize>, joined: &mut String) -> bool {
        joined.clear();
        let texts = || words.clone().map(|i| self.words(i..i + 1));
        texts().for_each(|word| joined.push_str(word));
        match words.len() {
            1 => joined.contains(char::is_alphabetic) || joined.len() <= MAX_DIGITS,
            _ => texts().all(|word| word.chars().all(char::is_alphabetic)),
        }
    }

    /// The text of some words and of what stands between them.
    pub(super) fn words(&self, words: Range<usize>) -> &str {
        &self.text[self.range(&words)]
    }

    /// Where these words are in the text as written, in bytes.
    pub(super) fn place(&self, words: Range<usize>) -> Range<usize> {
        let Range { start, end } = self.range(&words);
        // A word does not begin with what is left out, but may end before it.
        self.as_written(start + 1) - 1..self.as_written(end)
    }

    fn range(&self, words: &Range<usize>) -> Range<usize> {
        match (self.words.get(words.start), self.words.get(words.end.wrapping_sub(1))) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => 0..0,
        }
    }

    fn as_written(&self, end: usize) -> usize {
        let before = self.left_out.partition_point(|(place, _)| *place < end);
        end + before.checked_sub(1).map_or(0, |last| self.left_out[last].1)
    }
}

/// Where the next break is, and its length.
fn next_break(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let at = memchr::memchr3_iter(b'/', b'\n', b'\r', bytes)
        .find(|at| bytes[*at] != b'/' || bytes.get(at + 1) == Some(&b'/'))?;
    let length = bytes[at..].iter().take_while(|byte| matches!(byte, b'/' | b'\n' | b'\r')).count();
    Some((at, length))
}

/// Whether a text says by a `+` at its end that it was cut there, as translations of ISO 20022 to SWIFT MT do.
pub(in crate::screen) fn is_cut(text: &str) -> bool {
    let text = text.trim_end();
    text.strip_suffix('+').is_some_and(|before| before.ends_with(char::is_alphanumeric))
}

/// A text with its breaks read in each way; the text itself if it has none.
pub(in crate::screen) fn readings_of(text: &str) -> Vec<String> {
    if !has_breaks(text) {
        return vec![text.to_string()];
    }
    let read = |breaks| {
        let mut reading = Reading::default();
        reading.read(text, breaks);
        reading.text
    };
    vec![read(Breaks::Join), read(Breaks::Divide)]
}

/// Whether a text has breaks.
pub(super) fn has_breaks(text: &str) -> bool {
    next_break(text).is_some()
}

/// Finds the words of a text: what has a letter or a digit, and stands between blanks and signs that no word has.
fn find_words(text: &str, words: &mut Vec<Range<usize>>) {
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, is_of_word(c)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                start = None;
                let word = text[from..at].trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
                let word_start = from + text[from..at].find(word).unwrap_or(0);
                if word.contains(char::is_alphanumeric) {
                    words.push(word_start..word_start + word.len());
                }
            }
            _ => {}
        }
    }
}

/// Whether a character belongs to the word that it stands in: letters, marks and digits, and the signs within names
/// ("Al-Qa'ida", "S.A.", "AT&T").
fn is_of_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || matches!(c, '.' | '\'' | '-' | '&' | '`');
    }
    !c.is_whitespace()
        && !matches!(
            c,
            '«' | '»'
                | '“'
                | '”'
                | '„'
                | '‹'
                | '›'
                | '，'
                | '。'
                | '、'
                | '：'
                | '；'
                | '／'
                | '（'
                | '）'
                | '–'
                | '—'
                | '|'
                | '،'
                | '؛'
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str, breaks: Breaks) -> Vec<String> {
        let mut reading = Reading::default();
        reading.read(text, breaks);
        (0..reading.len()).map(|i| reading.words(i..i + 1).to_string()).collect()
    }

    #[test]
    fn breaks_are_read_in_two_ways() {
        let text = "INV 17 Radisl//av KRSTIC\nOdessa/Izmail";
        assert_eq!(words(text, Breaks::Divide), ["INV", "17", "Radisl", "av", "KRSTIC", "Odessa", "Izmail"]);
        assert_eq!(words(text, Breaks::Join), ["INV", "17", "Radislav", "KRSTICOdessa", "Izmail"]);
        assert!(has_breaks(text) && !has_breaks("INV/17 a.b"));
    }

    #[test]
    fn signs_of_names_stay_in_words() {
        let text = "(Al-Qa'ida), «Lilia» S.A. + AT&T; - 'x'";
        assert_eq!(words(text, Breaks::Divide), ["Al-Qa'ida", "Lilia", "S.A.", "AT&T", "x"]);
    }

    proptest! {
        #[test]
        fn words_are_found_where_they_stand(text in "([a-cé/ ]|//|\r\n|\n|\\.|永){0,30}") {
            let mut reading = Reading::default();
            for breaks in [Breaks::Divide, Breaks::Join] {
                reading.read(&text, breaks);
                for first in 0..reading.len() {
                    for end in first + 1..=reading.len() {
                        let written = &text[reading.place(first..end)];
                        let plain = |text: &str| text.replace(['/', '\n', '\r', ' '], "");
                        prop_assert_eq!(plain(written), plain(reading.words(first..end)));
                        prop_assert!(written.starts_with(|c: char| is_of_word(c)));
                        prop_assert!(written.ends_with(|c: char| is_of_word(c)));
                    }
                }
            }
        }
    }
}
