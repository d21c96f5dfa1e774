//! Listed names in scripts without blanks between words, where they stand in a text letter by letter.
//!
//! 支付永信至诚科技集团股份有限公司货款: where the name begins and ends is seen only by knowing it. The automaton of
//! folded names is walked from each such letter.

use super::super::scratch::Scratch;
use super::super::{Query, Screener};
use crate::name::fold_name;
use crate::score::VerbatimMatch;
use std::ops::Range;
use unicode_script::{Script, UnicodeScript};

/// The fewest letters of a name that is found so: two or three are a common word more often than a party.
const MIN_LETTERS: usize = 4;

impl Screener {
    /// Finds the names in scripts without blanks.
    pub(super) fn search_unspaced(&self, query: &Query, s: &mut Scratch) {
        if query.name.is_ascii() {
            return;
        }
        let keep = |place: Range<usize>, name: u32, s: &mut Scratch| {
            let entities = self.text_scorer(s.query.fields.fields(query), place);
            entities.keep(name, VerbatimMatch::Equal.score(), &mut s.scoring.best);
        };
        for_each_run(&query.name, |place| {
            let letters = fold_letters(&query.name[place.clone()]);
            if self.options.exhaustive {
                for (number, record) in (0..).zip(self.index.name_records()) {
                    let name = fold_name(self.index.name_text(record));
                    for (start, end) in occurrences(&letters, &name) {
                        keep(place.start + start..place.start + end, number, s);
                    }
                }
                return;
            }
            for (first, (_, start, _)) in letters.iter().enumerate() {
                let names = self.index.folded_names();
                let mut at = names.start();
                for (count, (letter, _, end)) in letters[first..].iter().enumerate() {
                    let Some(next) = letter.bytes().try_fold(at, |at, byte| names.step(at, byte)) else {
                        break;
                    };
                    at = next;
                    if count + 1 < MIN_LETTERS {
                        continue;
                    }
                    for item in names.run(at).map_or(&[][..], |run| &names.items()[run]) {
                        keep(place.start + start..place.start + end, item.number(), s);
                    }
                }
            }
        });
    }
}

/// The letters of a text as folded, each with its place.
fn fold_letters(run: &str) -> Vec<(String, usize, usize)> {
    run.char_indices().map(|(at, c)| (fold_name(c.encode_utf8(&mut [0; 4])), at, at + c.len_utf8())).collect()
}

/// Where a folded name stands in letters.
fn occurrences(letters: &[(String, usize, usize)], name: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for first in 0..letters.len() {
        let mut rest = name;
        for (count, (letter, _, end)) in letters[first..].iter().enumerate() {
            let Some(next) = rest.strip_prefix(letter.as_str()) else { break };
            rest = next;
            if rest.is_empty() && count + 1 >= MIN_LETTERS {
                found.push((letters[first].1, *end));
            }
        }
    }
    found
}

/// Calls `each` with every run of letters of scripts without blanks.
fn for_each_run(text: &str, mut each: impl FnMut(Range<usize>)) {
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, is_unspaced(c)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                start = None;
                each(from..at);
            }
            _ => {}
        }
    }
}

/// Whether a letter is of a script that is written without blanks between words.
fn is_unspaced(c: char) -> bool {
    use Script as S;
    matches!(c.script(), S::Han | S::Hiragana | S::Katakana | S::Thai | S::Lao | S::Khmer | S::Myanmar)
        || c == 'ー'
}
