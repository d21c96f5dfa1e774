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
pub(super) fn information(latin: &[u8]) -> u32 {
    let costs = &*COSTS;
    let (mut before, mut sum) = (EDGE, 0);
    for letter in latin {
        let symbol = symbol(*letter);
        sum += if symbol == EDGE { u32::from(OTHER) } else { u32::from(costs[before][symbol]) };
        before = symbol;
    }
    sum + u32::from(costs[before][EDGE])
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
