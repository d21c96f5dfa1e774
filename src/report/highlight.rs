//! The positions of the tokens of an analysed name in the name as written, so that a page can highlight them.
//!
//! The analysis folds case, marks and look-alike letters, may reorder words, and keeps no positions. Here
//! each token is looked up again: first as text in the folded name, at word boundaries before anywhere else,
//! then as a word whose own analysis gives the same token (look-alike letters, digits for letters). A token
//! that is not found is not highlighted; the page lists every pair as text, too.

use crate::entity::Schema;
use crate::name::{AnalysedName, analyse};
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};

/// For each token of `name` the bytes of `text` that it was made from, if they are found.
pub(crate) fn spans(text: &str, name: &AnalysedName) -> Vec<Option<Range<usize>>> {
    let folded = Folded::of(text);
    let words = words(text);
    let mut used = vec![false; folded.chars.len()];
    name.tokens()
        .iter()
        .map(|token| {
            let wanted: Vec<char> = fold(name.text(token)).collect();
            folded.find(&wanted, &mut used).or_else(|| {
                let word = words.iter().find(|word| {
                    let alone = analyse(&text[(*word).clone()], Schema::Unknown);
                    let same = alone
                        .tokens()
                        .iter()
                        .any(|t| alone.text(t) == name.text(token) || alone.latin(t) == name.latin(token));
                    same && !folded.is_used(word, &used)
                })?;
                folded.take(word, &mut used);
                Some(word.clone())
            })
        })
        .collect()
}

/// A range of bytes of `text` in UTF-16 code units, in which a browser counts.
pub(crate) fn utf16(text: &str, range: &Range<usize>) -> [usize; 2] {
    let units = |to: usize| text[..to].encode_utf16().count();
    [units(range.start), units(range.end)]
}

/// Letters without case and marks; a Han character in the simplified form that the analysis gives it.
fn fold(text: &str) -> impl Iterator<Item = char> {
    let han = |c: char| -> Option<char> {
        if c.script() != Script::Han {
            return None;
        }
        let alone = analyse(c.encode_utf8(&mut [0; 4]), Schema::Organization);
        let token = alone.tokens().first()?;
        alone.text(token).chars().next()
    };
    text.chars()
        .map(move |c| han(c).unwrap_or(c))
        .flat_map(|c| c.nfkd())
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
}

/// Runs of letters and digits.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    for (i, c) in text.char_indices() {
        if !c.is_alphanumeric() && !is_combining_mark(c) {
            continue;
        }
        let end = i + c.len_utf8();
        match words.last_mut() {
            Some(last) if last.end == i => last.end = end,
            _ => words.push(i..end),
        }
    }
    words
}

/// A folded text with the position of each of its characters in the original.
struct Folded {
    chars: Vec<char>,
    /// The bytes of the original that each character was made from.
    from: Vec<Range<usize>>,
}

impl Folded {
    fn of(text: &str) -> Folded {
        let mut folded = Folded { chars: Vec::new(), from: Vec::new() };
        for (i, c) in text.char_indices() {
            for f in fold(c.encode_utf8(&mut [0; 4])) {
                folded.chars.push(f);
                folded.from.push(i..i + c.len_utf8());
            }
        }
        folded
    }

    /// The first occurrence of `wanted` that is not used yet; whole words before others.
    fn find(&self, wanted: &[char], used: &mut [bool]) -> Option<Range<usize>> {
        if wanted.is_empty() || wanted.len() > self.chars.len() {
            return None;
        }
        let inner = |at: Option<usize>| {
            at.and_then(|i| self.chars.get(i))
                .is_some_and(|c| c.is_alphanumeric() && c.script() != Script::Han)
        };
        let places = (0..=self.chars.len() - wanted.len())
            .filter(|&i| self.chars[i..].starts_with(wanted) && !used[i..i + wanted.len()].contains(&true));
        let whole = |i: &usize| !inner(i.checked_sub(1)) && !inner(Some(i + wanted.len()));
        let at = places.clone().find(whole).or_else(|| places.clone().next())?;
        used[at..at + wanted.len()].fill(true);
        Some(self.from[at].start..self.from[at + wanted.len() - 1].end)
    }

    fn places(&self, word: &Range<usize>) -> impl Iterator<Item = usize> {
        (0..self.from.len()).filter(|&i| self.from[i].start >= word.start && self.from[i].end <= word.end)
    }

    fn is_used(&self, word: &Range<usize>, used: &[bool]) -> bool {
        self.places(word).any(|i| used[i])
    }

    fn take(&self, word: &Range<usize>, used: &mut [bool]) {
        self.places(word).for_each(|i| used[i] = true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, schema: Schema) -> Vec<&str> {
        let name = analyse(text, schema);
        spans(text, &name).into_iter().map(|s| s.map_or("", |s| &text[s])).collect()
    }

    #[test]
    fn tokens_are_found_in_the_name_as_written() {
        assert_eq!(marked("Müller & Söhne, GmbH", Schema::Company)[0], "Müller");
        let turned = marked("PETROVSKY, Anatoli Borisovich", Schema::Person);
        assert!(turned.contains(&"PETROVSKY") && turned.contains(&"Anatoli"), "{turned:?}");
        assert!(marked("Владимир ПУТИН", Schema::Person).contains(&"ПУТИН"));
        // Cyrillic а and е within Latin words.
        assert!(marked("Аcmе Trading", Schema::Company).contains(&"Аcmе"));
        let traditional = marked("永信至誠科技集團", Schema::Company);
        assert_eq!(traditional.concat(), "永信至誠科技集團");
        // The same word twice gets two places.
        assert_eq!(marked("Bin Bin Trading", Schema::Company)[..2], ["Bin", "Bin"]);
    }

    #[test]
    fn offsets_are_those_of_a_browser() {
        assert_eq!(utf16("😀 Ü b", &(8..9)), [5, 6]);
    }
}
