//! How probable each Latin letter is behind each other one, in the words that are learned from.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Letters, and the beginning or end of a word.
const SYMBOLS: usize = 27;
const EDGE: usize = 26;

/// The table as text: a row for each letter and for the beginning of a word, with the cost, −ln p in hundredths of a nat,
/// of each letter behind it and of the end of the word.
pub fn table(words: &BTreeSet<&str>) -> String {
    let mut counts = [[1u32; SYMBOLS]; SYMBOLS];
    for word in words {
        let mut before = EDGE;
        for letter in word.bytes().filter(u8::is_ascii_lowercase) {
            let letter = usize::from(letter - b'a');
            counts[before][letter] += 1;
            before = letter;
        }
        counts[before][EDGE] += 1;
    }
    let mut text = String::from(
        "# Learned by tools/transliteration: Latin letters behind a letter, and the end of a word.\n",
    );
    for (letter, row) in ('a'..='z').chain(['^']).zip(&counts) {
        let total: u32 = row.iter().sum();
        text.push(letter);
        for count in row {
            _ = write!(text, "\t{:.0}", -100.0 * (f64::from(*count) / f64::from(total)).ln());
        }
        text.push('\n');
    }
    text
}
