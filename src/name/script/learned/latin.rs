//! How much a Latin word says by itself: its letters by what stands before each, as in the words that the tables were
//! learned from. "Schmidt" is one word in a hundred million, "Ana" one in two thousand; a word of another script that is
//! spelled so with as many nats says nothing.

use std::sync::LazyLock;

/// Letters, and the beginning or end of a word.
const SYMBOLS: usize = 27;
/// The number of the beginning and of the end.
const EDGE: usize = 26;
/// The information of what is no letter, in hundredths of a nat.
const OTHER: u16 = 600;

/// The cost of each letter behind each other one, in hundredths of a nat.
static COSTS: LazyLock<[[u16; SYMBOLS]; SYMBOLS]> = LazyLock::new(|| {
    let mut costs = [[OTHER; SYMBOLS]; SYMBOLS];
    let rows = include_str!("tables/latin.tsv").lines().filter(|line| !line.starts_with('#'));
    for (row, costs) in rows.zip(&mut costs) {
        for (cell, cost) in row.split('\t').skip(1).zip(costs) {
            *cost = cell.parse().unwrap_or(OTHER);
        }
    }
    costs
});

fn symbol(letter: u8) -> usize {
    if letter.is_ascii_lowercase() { usize::from(letter - b'a') } else { EDGE }
}

/// The information of a word, in hundredths of a nat; of no letters, that of an empty word.
fn information(latin: &[u8]) -> u32 {
    let costs = &*COSTS;
    let (mut before, mut sum) = (EDGE, 0);
    for letter in latin {
        let symbol = symbol(*letter);
        sum += if symbol == EDGE { u32::from(OTHER) } else { u32::from(costs[before][symbol]) };
        before = symbol;
    }
    sum + u32::from(costs[before][EDGE])
}

/// A Latin word prepared for comparisons with words of other scripts.
#[derive(Debug)]
pub(super) struct LatinWord {
    /// Its letters, and zeros behind them, so that eight can be read from each on.
    letters: [u8; LatinWord::MAX_LETTERS + 8],
    len: usize,
    information: u32,
}

impl LatinWord {
    /// The most letters that are compared.
    pub(super) const MAX_LETTERS: usize = 63;

    pub(super) fn new(word: &[u8]) -> LatinWord {
        let len = word.len().min(Self::MAX_LETTERS);
        let mut letters = [0; Self::MAX_LETTERS + 8];
        letters[..len].copy_from_slice(&word[..len]);
        LatinWord { letters, len, information: information(&word[..len]) }
    }

    pub(super) fn letters(&self) -> &[u8] {
        &self.letters[..self.len]
    }

    /// The next eight letters from a place on, the first one highest; 0 behind the end, which no letter is.
    #[inline]
    pub(super) fn ahead(&self, at: usize) -> u64 {
        self.letters[at..].first_chunk().map_or(0, |letters| u64::from_be_bytes(*letters))
    }

    /// How much it says, in hundredths of a nat.
    pub(super) fn information(&self) -> u32 {
        self.information
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_of_the_table_is_a_cost() {
        let rows: Vec<&str> =
            include_str!("tables/latin.tsv").lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(rows.len(), SYMBOLS);
        for row in rows {
            let cells: Vec<&str> = row.split('\t').skip(1).collect();
            assert!(cells.len() == SYMBOLS && cells.iter().all(|cell| cell.parse::<u16>().is_ok()), "{row}");
        }
    }

    #[test]
    fn rare_letters_say_more_than_frequent_ones() {
        assert!(information(b"ana") < information(b"zeq"));
        assert!(information(b"ana") < information(b"anastasia"));
    }
}
