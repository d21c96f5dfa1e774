//! Misspelled and torn words of legal forms and long business words: "LIAILITY", "COPMANY", "LIAB ILITY".
//!
//! Such a word would count as a rare name, and its phrase ("limited liability company") would not be seen. A word
//! that no table knows and that is one edit from a long word of the tables is read as that word; two neighbours
//! that together are such a word are read as one.
//!
//! Cost: a few look-ups for every unknown word of seven letters and more in the name of a body.

use crate::util::osa::Pattern;
use rustc_hash::FxHashMap;

/// The shortest word that is repaired, in letters.
const SHORTEST: usize = 7;
/// The longest.
const LONGEST: usize = 24;

/// Long words of the tables, by themselves and by what is left of them when a letter goes.
#[derive(Default)]
pub(super) struct Repairs {
    words: Vec<Box<str>>,
    by_rest: FxHashMap<Box<[u8]>, Vec<u16>>,
    /// Words of phrases, by the two words that stand around, behind or before them.
    by_context: FxHashMap<Box<str>, Vec<Box<str>>>,
}

/// Where two words of a phrase stand, seen from a third.
#[derive(Clone, Copy)]
pub(super) enum Context {
    /// One before, one behind.
    Around,
    /// Both behind.
    Behind,
    /// Both before.
    Before,
    /// The other word of two, behind or before.
    NextTo,
}

/// The shortest word of a phrase that is repaired, in letters.
const SHORTEST_IN_PHRASE: usize = 4;

fn context(kind: Context, first: &str, second: &str, out: &mut String) {
    out.clear();
    out.push(char::from(b'0' + kind as u8));
    out.extend([first, " ", second]);
}

impl Repairs {
    /// Adds the words of a phrase with what stands around them.
    pub(super) fn add_phrase(&mut self, phrase: &str) {
        let words: Vec<&str> = phrase.split(' ').collect();
        if let &[a, b] = &words[..] {
            if a.len() >= SHORTEST_IN_PHRASE && b.len() >= SHORTEST_IN_PHRASE {
                self.add_context(Context::NextTo, "", b, a);
                self.add_context(Context::NextTo, a, "", b);
            }
            return;
        }
        for window in words.windows(3) {
            let &[a, b, c] = window else { continue };
            for (kind, first, second, word) in
                [(Context::Around, a, c, b), (Context::Behind, b, c, a), (Context::Before, a, b, c)]
            {
                self.add_context(kind, first, second, word);
            }
        }
    }

    fn add_context(&mut self, kind: Context, first: &str, second: &str, word: &str) {
        if word.len() >= SHORTEST_IN_PHRASE && word.bytes().all(|b| b.is_ascii_lowercase()) {
            let mut key = String::new();
            context(kind, first, second, &mut key);
            let words = self.by_context.entry(key.into()).or_default();
            if !words.iter().any(|w| **w == *word) {
                words.push(word.into());
            }
        }
    }

    /// The word of a phrase that `word` is one edit from (a long one two), beside two whole words of that phrase.
    pub(super) fn of_phrase(
        &self,
        word: &str,
        kind: Context,
        first: &str,
        second: &str,
        key: &mut String,
    ) -> Option<&str> {
        if word.len() + 1 < SHORTEST_IN_PHRASE {
            return None;
        }
        context(kind, first, second, key);
        let words = self.by_context.get(key.as_str())?;
        let pattern = Pattern::new(word.as_bytes())?;
        // Another first letter makes another word more often than a slip; two whole words beside it outweigh that.
        let single = matches!(kind, Context::NextTo);
        let near = |w: &&str| {
            let most = if w.len() >= SHORTEST && !single { 2 } else { 1 };
            let same_first = w.as_bytes().first() == word.as_bytes().first();
            (!single || same_first) && pattern.distance(w.as_bytes(), most).is_some_and(|d| d > 0)
        };
        words.iter().map(|w| &**w).find(near)
    }

    /// Adds a word of the tables; short ones and those that are not Latin are left out.
    pub(super) fn add(&mut self, word: &str) {
        let lower = word.bytes().all(|b| b.is_ascii_lowercase());
        if !lower || word.len() < SHORTEST || word.len() > LONGEST || self.whole(word.as_bytes()).is_some() {
            return;
        }
        let Ok(number) = u16::try_from(self.words.len()) else { return };
        self.words.push(word.into());
        rests(word.as_bytes(), |rest| {
            let numbers = self.by_rest.entry(rest.into()).or_default();
            if numbers.last() != Some(&number) {
                numbers.push(number);
            }
        });
    }

    /// The word that two halves make.
    pub(super) fn of_halves(&self, head: &str, tail: &str) -> Option<&str> {
        let len = head.len() + tail.len();
        if !(SHORTEST..=LONGEST).contains(&len) {
            return None;
        }
        let mut whole = [0; LONGEST];
        whole[..head.len()].copy_from_slice(head.as_bytes());
        whole[head.len()..len].copy_from_slice(tail.as_bytes());
        self.whole(&whole[..len])
    }

    fn whole(&self, word: &[u8]) -> Option<&str> {
        let words = self.by_rest.get(word)?.iter().map(|number| &*self.words[usize::from(*number)]);
        words.into_iter().find(|w| w.as_bytes() == word)
    }

    /// The word of the tables that `word` is one edit from; the first added where there are several.
    pub(super) fn of(&self, word: &str) -> Option<&str> {
        if word.len() + 1 < SHORTEST || word.len() > LONGEST || !word.bytes().all(|b| b.is_ascii_lowercase())
        {
            return None;
        }
        let pattern = Pattern::new(word.as_bytes())?;
        let mut found: Option<u16> = None;
        rests(word.as_bytes(), |rest| {
            for number in self.by_rest.get(rest).into_iter().flatten() {
                let other = self.words[usize::from(*number)].as_bytes();
                // Another first letter makes another word more often than a slip: fighting, lighting.
                let near = other[0] == word.as_bytes()[0] && pattern.distance(other, 1).is_some();
                if near && found.is_none_or(|f| *number < f) {
                    found = Some(*number);
                }
            }
        });
        found.map(|number| &*self.words[usize::from(number)])
    }
}

/// Calls `each` with a word and with what is left of it when one letter goes.
fn rests(word: &[u8], mut each: impl FnMut(&[u8])) {
    each(word);
    let mut buffer = [0; LONGEST];
    for i in 0..word.len().min(LONGEST) {
        let rest = &mut buffer[..word.len() - 1];
        rest[..i].copy_from_slice(&word[..i]);
        rest[i..].copy_from_slice(&word[i + 1..]);
        each(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_edit_is_repaired() {
        let mut repairs = Repairs::default();
        ["liability", "company", "obshchestvo", "short"].iter().for_each(|w| repairs.add(w));
        for (word, expected) in [
            ("liaility", Some("liability")),
            ("copmany", Some("company")),
            ("companny", Some("company")),
            ("obshchesvto", Some("obshchestvo")),
            ("cmpany", Some("company")),
            ("shor", None),
            ("campani", None),
        ] {
            assert_eq!(repairs.of(word), expected, "{word}");
        }
        assert_eq!(repairs.of_halves("com", "pany"), Some("company"));
        assert_eq!(repairs.of_halves("com", "pan"), None);
    }
}
