//! Misspelled and torn words of legal forms and long business words: "LIAILITY", "COPMANY", "LIAB ILITY".
//!
//! Uncorrected, such a word counts as a rare name, and its phrase ("limited liability company") is not
//! recognised. An unknown word that is one edit from a long word of the lexicon is corrected to that word;
//! two neighbours that together are such a word are joined. Beside two whole words of a phrase, its third
//! word is corrected even if it is short or two edits away.
//!
//! Candidates come from a deletion neighbourhood (SymSpell): a word and one at most one edit away share a
//! text that is left of each when at most one letter is deleted. They are verified by edit distance.
//!
//! Cost: a hash look-up for each letter of an unknown word of six letters and more in the name of an
//! organization.

use crate::util::osa::Pattern;
use rustc_hash::FxHashMap;

/// The shortest word that is corrected to by itself, in letters; shorter ones are one edit from many names.
const MIN_WORD: usize = 7;
/// The longest.
const MAX_WORD: usize = 24;
/// The shortest word of a phrase that is corrected to beside others of its phrase, in letters.
const MIN_PHRASE_WORD: usize = 4;

/// Words to correct to, by themselves and by their neighbours in phrases.
#[derive(Default)]
pub(crate) struct SpellCorrector {
    words: Vec<Box<str>>,
    /// Numbers of words by their deletion variants.
    by_variant: FxHashMap<Box<[u8]>, Vec<u16>>,
    /// Words of phrases by the key of their neighbours; see [`Neighbours::key`].
    by_neighbours: FxHashMap<Box<str>, Vec<Box<str>>>,
}

/// The neighbours of a word in a phrase by which it is recognised.
#[derive(Clone, Copy)]
pub(crate) enum Neighbours<'a> {
    /// The words before and after it.
    Around(&'a str, &'a str),
    /// The two words after it.
    After(&'a str, &'a str),
    /// The two words before it.
    Before(&'a str, &'a str),
    /// The word after it, in a phrase of two.
    NextOfTwo(&'a str),
    /// The word before it, in a phrase of two.
    PreviousOfTwo(&'a str),
}

impl Neighbours<'_> {
    /// Writes a text that differs between any two neighbourhoods.
    fn key(self, out: &mut String) {
        let (kind, first, second) = match self {
            Neighbours::Around(before, after) => ('0', before, after),
            Neighbours::After(next, second) => ('1', next, second),
            Neighbours::Before(first, previous) => ('2', first, previous),
            Neighbours::NextOfTwo(next) => ('3', "", next),
            Neighbours::PreviousOfTwo(previous) => ('3', previous, ""),
        };
        out.clear();
        out.push(kind);
        out.extend([first, " ", second]);
    }

    fn is_single(self) -> bool {
        matches!(self, Neighbours::NextOfTwo(_) | Neighbours::PreviousOfTwo(_))
    }
}

impl SpellCorrector {
    /// Adds the words of a phrase with their neighbours.
    pub(super) fn add_phrase(&mut self, phrase: &str) {
        let words: Vec<&str> = phrase.split(' ').collect();
        if let &[a, b] = &words[..] {
            if a.len() >= MIN_PHRASE_WORD && b.len() >= MIN_PHRASE_WORD {
                self.add_phrase_word(a, Neighbours::NextOfTwo(b));
                self.add_phrase_word(b, Neighbours::PreviousOfTwo(a));
            }
            return;
        }
        for window in words.windows(3) {
            let &[a, b, c] = window else { continue };
            self.add_phrase_word(b, Neighbours::Around(a, c));
            self.add_phrase_word(a, Neighbours::After(b, c));
            self.add_phrase_word(c, Neighbours::Before(a, b));
        }
    }

    fn add_phrase_word(&mut self, word: &str, neighbours: Neighbours<'_>) {
        if word.len() >= MIN_PHRASE_WORD && is_lowercase(word) {
            let mut key = String::new();
            neighbours.key(&mut key);
            let words = self.by_neighbours.entry(key.into()).or_default();
            if !words.iter().any(|w| **w == *word) {
                words.push(word.into());
            }
        }
    }

    /// Adds a word; short ones and those that are not Latin are skipped.
    pub(super) fn add(&mut self, word: &str) {
        if !is_lowercase(word)
            || !(MIN_WORD..=MAX_WORD).contains(&word.len())
            || self.find(word.as_bytes()).is_some()
        {
            return;
        }
        let Ok(number) = u16::try_from(self.words.len()) else { return };
        self.words.push(word.into());
        deletion_variants(word.as_bytes(), |variant| {
            let numbers = self.by_variant.entry(variant.into()).or_default();
            if numbers.last() != Some(&number) {
                numbers.push(number);
            }
        });
    }

    /// The word that is one edit from `word`; the first added where there are several.
    pub(crate) fn correct(&self, word: &str) -> Option<&str> {
        if word.len() + 1 < MIN_WORD || word.len() > MAX_WORD || !is_lowercase(word) {
            return None;
        }
        let pattern = Pattern::new(word.as_bytes())?;
        let mut found: Option<u16> = None;
        deletion_variants(word.as_bytes(), |variant| {
            for number in self.by_variant.get(variant).into_iter().flatten() {
                let other = self.words[usize::from(*number)].as_bytes();
                // Another first letter is more often another word than a misspelling: fighting, lighting.
                let is_close = other[0] == word.as_bytes()[0] && pattern.distance(other, 1).is_some();
                if is_close && found.is_none_or(|f| *number < f) {
                    found = Some(*number);
                }
            }
        });
        found.map(|number| &*self.words[usize::from(number)])
    }

    /// The word of a phrase that is one edit from `word`, or two if it is long, beside whole words of that
    /// phrase. `key` is a buffer.
    pub(crate) fn correct_in_phrase(
        &self,
        word: &str,
        neighbours: Neighbours<'_>,
        key: &mut String,
    ) -> Option<&str> {
        if word.len() + 1 < MIN_PHRASE_WORD {
            return None;
        }
        neighbours.key(key);
        let words = self.by_neighbours.get(key.as_str())?;
        let pattern = Pattern::new(word.as_bytes())?;
        // Another first letter is more often another word than a misspelling; two whole neighbours outweigh
        // that.
        let single = neighbours.is_single();
        let is_close = |w: &&str| {
            let max_edits = if w.len() >= MIN_WORD && !single { 2 } else { 1 };
            let same_first = w.as_bytes().first() == word.as_bytes().first();
            (!single || same_first) && pattern.distance(w.as_bytes(), max_edits).is_some_and(|d| d > 0)
        };
        words.iter().map(|w| &**w).find(is_close)
    }

    /// The word whose two halves these are.
    pub(crate) fn join_halves(&self, head: &str, tail: &str) -> Option<&str> {
        let len = head.len() + tail.len();
        if !(MIN_WORD..=MAX_WORD).contains(&len) {
            return None;
        }
        let mut whole = [0; MAX_WORD];
        whole[..head.len()].copy_from_slice(head.as_bytes());
        whole[head.len()..len].copy_from_slice(tail.as_bytes());
        self.find(&whole[..len])
    }

    fn find(&self, word: &[u8]) -> Option<&str> {
        let words = self.by_variant.get(word)?.iter().map(|number| &*self.words[usize::from(*number)]);
        words.into_iter().find(|w| w.as_bytes() == word)
    }
}

fn is_lowercase(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_lowercase())
}

/// Calls `each` with a word and with what is left of it when one letter is deleted.
fn deletion_variants(word: &[u8], mut each: impl FnMut(&[u8])) {
    each(word);
    let mut buffer = [0; MAX_WORD];
    for i in 0..word.len().min(MAX_WORD) {
        let variant = &mut buffer[..word.len() - 1];
        variant[..i].copy_from_slice(&word[..i]);
        variant[i..].copy_from_slice(&word[i + 1..]);
        each(variant);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_one_edit_away_is_corrected() {
        let mut corrector = SpellCorrector::default();
        ["liability", "company", "obshchestvo", "short"].iter().for_each(|w| corrector.add(w));
        for (word, expected) in [
            ("liaility", Some("liability")),
            ("copmany", Some("company")),
            ("companny", Some("company")),
            ("obshchesvto", Some("obshchestvo")),
            ("cmpany", Some("company")),
            ("shor", None),
            ("campani", None),
        ] {
            assert_eq!(corrector.correct(word), expected, "{word}");
        }
        assert_eq!(corrector.join_halves("com", "pany"), Some("company"));
        assert_eq!(corrector.join_halves("com", "pan"), None);
    }
}
