//! A word of another script as its table reads it, and how well a Latin word spells it.

use super::table::{Piece, Table, Unit};
use crate::name::MAX_TOKEN_CHARS;

/// The highest similarity: below that of equal words.
const MAX_SIMILARITY: f32 = 0.97;
/// What a hundredth of a nat takes off the similarity, times the letters of the word: a wrong consonant costs some five
/// nats, and so takes off about what an edit does. Source: of 0.002, 0.0016 and 0.0013 on the pairs of names across
/// scripts, the one with most recall for its alerts.
const PER_COST: f32 = 0.0016;
/// The cost of a letter that is not spelled.
const UNSPELLED: u16 = 450;

/// The cost of a Latin letter that stands for no letter of the word.
const fn inserted_letter_cost(letter: u8) -> u16 {
    match letter {
        b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'h' => 300,
        _ => 500,
    }
}

/// The information of a Latin letter that nothing is known of, in hundredths of a nat.
const LETTER: u32 = 250;
/// How much more probable the word must make a spelling than chance does, in hundredths of a nat: one in fifty words of
/// that length would be spelled so by chance. Source: hand.
const MIN_EVIDENCE: u32 = 400;

/// A word prepared for comparisons.
#[derive(Debug)]
pub(super) struct Lattice {
    table: &'static Table,
    /// For each letter the units of one letter and of two that begin there.
    units: Vec<[Option<Unit>; 2]>,
    /// For each letter the cost of the cheapest spelling from there on.
    lowest: Vec<u32>,
}

impl Lattice {
    /// Prepares the letters of a word.
    pub(super) fn new(table: &'static Table, letters: &[char]) -> Lattice {
        let units: Vec<_> = (0..letters.len())
            .map(|at| {
                let pair = letters.get(at..at + 2);
                [table.unit(&letters[at..=at]), pair.and_then(|pair| table.unit(pair))]
            })
            .collect();
        let mut lowest = vec![0; letters.len() + 1];
        for (at, units) in units.iter().enumerate().rev() {
            let spelled = (1..)
                .zip(units)
                .filter_map(|(len, unit)| unit.map(|unit| lowest[at + len] + u32::from(unit.lowest)));
            lowest[at] = spelled.min().unwrap_or(u32::MAX).min(lowest[at + 1] + u32::from(UNSPELLED));
        }
        Lattice { table, units, lowest }
    }

    pub(super) fn letters(&self) -> usize {
        self.units.len()
    }

    /// The pieces of the unit of so many letters that begins at a letter; `None` for no unit.
    pub(super) fn pieces(&self, at: usize, len: usize) -> Option<&[Piece]> {
        self.units[at][len - 1].map(|unit| self.table.pieces(unit))
    }

    /// How well a Latin word spells this one, in \[0, 0.97\]; 0 where it is below `least` or tells too little. Costs count
    /// `strictness` times.
    pub(super) fn similarity(&self, latin: &[u8], least: f32, strictness: f32) -> f32 {
        let per_cost = strictness * PER_COST;
        let latin = &latin[..latin.len().min(4 * MAX_TOKEN_CHARS)];
        let letters = latin.len() as u32;
        let lowest = self.lowest[0];
        let most_excess = ((1.0 - least) * letters as f32 / per_cost) as u32;
        let Some(most) = (LETTER * letters).checked_sub(MIN_EVIDENCE) else { return 0.0 };
        let Some(cost) = self.cost(latin, most.min(lowest + most_excess)) else { return 0.0 };
        (1.0 - per_cost * (cost - lowest) as f32 / letters as f32).clamp(0.0, MAX_SIMILARITY)
    }

    /// The cost of the cheapest way to write the word so, unless it is above `most`.
    fn cost(&self, latin: &[u8], most: u32) -> Option<u32> {
        let columns = latin.len() + 1;
        // The next four letters from each place on.
        let mut ahead = vec![0u32; columns];
        for (j, letter) in latin.iter().enumerate().rev() {
            ahead[j] = ahead[j + 1] >> 8 | u32::from(*letter) << 24;
        }
        // Rows for this letter and the two behind it.
        let mut rows = vec![u32::MAX; 3 * columns];
        rows[0] = 0;
        for at in 0..self.letters() {
            let (row, rest) = rows.split_at_mut(columns);
            let pieces =
                [1, 2].map(|len| (at + len <= self.letters()).then(|| self.pieces(at, len)).flatten());
            let limit = most.checked_sub(self.lowest[at])?;
            for j in 0..columns {
                let cost = row[j];
                if cost > limit {
                    continue;
                }
                if j + 1 < columns {
                    row[j + 1] = row[j + 1].min(cost + u32::from(inserted_letter_cost(latin[j])));
                }
                rest[j] = rest[j].min(cost + u32::from(UNSPELLED));
                for (len, pieces) in pieces.iter().enumerate() {
                    let below = &mut rest[len * columns..][..columns];
                    for piece in pieces.unwrap_or_default() {
                        // No letter is 0, so that a piece longer than the rest of the word never fits.
                        if ahead[j] & piece.mask == piece.letters {
                            let cell = &mut below[j + usize::from(piece.len)];
                            *cell = (*cell).min(cost + u32::from(piece.cost));
                        }
                    }
                }
            }
            rows.copy_within(columns.., 0);
            rows[2 * columns..].fill(u32::MAX);
        }
        for j in 1..columns {
            let inserted = rows[j - 1].saturating_add(inserted_letter_cost(latin[j - 1]).into());
            rows[j] = rows[j].min(inserted);
        }
        Some(rows[columns - 1]).filter(|cost| *cost <= most)
    }
}
