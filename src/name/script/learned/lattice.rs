//! A word of another script as its table reads it, and how well a Latin word spells it.

use super::latin::information;
use super::table::{Piece, Table, Unit, letter_bit};

/// The highest similarity: below that of equal words.
const MAX_SIMILARITY: f32 = 0.97;
/// What is taken off the similarity where the word needs as many nats more than its cheapest spelling as the Latin word has
/// on its own, so that its letters tell nothing. Source: of 0.25, 0.33 and 0.42 on the names of six sets across scripts,
/// which find as many within three points; of words that were not learned from and 300 random words each, some one in
/// 8,000 reaches 0.85.
const PER_INFORMATION: f32 = 0.4;

/// The cost of a letter that is not spelled.
const UNSPELLED: u16 = 450;

/// The cost of a Latin letter that stands for no letter of the word.
const fn inserted_letter_cost(letter: u8) -> u16 {
    match letter {
        b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'h' => LEAST_INSERTED as u16,
        _ => 500,
    }
}

/// The cost of the cheapest letter that stands for none.
const LEAST_INSERTED: u32 = 300;

/// How much more probable the word must make a spelling than chance does, in hundredths of a nat: one in fifty words of
/// that length would be spelled so by chance. Source: hand.
const MIN_EVIDENCE: u32 = 400;

/// The most letters of a Latin word that are compared.
const MAX_LETTERS: usize = 63;

/// A word prepared for comparisons.
#[derive(Debug)]
pub(super) struct Lattice {
    table: &'static Table,
    /// For each letter the units of one letter and of two that begin there.
    units: Vec<[Option<Unit>; 2]>,
    /// For each letter the cost of the cheapest spelling from there on.
    lowest: Vec<u32>,
    /// The Latin letters that its units are written with, a bit each.
    letters_used: u32,
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
        let letters_used = units.iter().flatten().flatten().fold(0, |all, unit| all | unit.letters);
        Lattice { table, units, lowest, letters_used }
    }

    pub(super) fn letters(&self) -> usize {
        self.units.len()
    }

    /// The cost of the cheapest spelling from a letter on.
    pub(super) fn lowest(&self, at: usize) -> u32 {
        self.lowest[at]
    }

    /// The pieces of the unit of so many letters that begins at a letter; `None` for no unit.
    pub(super) fn pieces(&self, at: usize, len: usize) -> Option<&[Piece]> {
        self.units[at][len - 1].map(|unit| self.table.pieces(unit))
    }

    /// How well a Latin word spells this one, in \[0, 0.97\]; 0 where it is below `least` or tells too little. `surcharge`
    /// is added to the cost of every spelling.
    pub(super) fn similarity(&self, latin: &[u8], least: f32, surcharge: u32) -> f32 {
        let latin = &latin[..latin.len().min(MAX_LETTERS)];
        let information = information(latin);
        let per_cost = PER_INFORMATION / information as f32;
        let lowest = self.lowest[0];
        let most_excess = ((1.0 - least) / per_cost) as u32;
        let Some(most_excess) = most_excess.checked_sub(surcharge) else { return 0.0 };
        let Some(most) = information.checked_sub(MIN_EVIDENCE) else { return 0.0 };
        let most = most.min(lowest.saturating_add(most_excess));
        // Every letter that no unit is written with costs something.
        let strange =
            latin.iter().filter(|letter| self.letters_used & letter_bit(**letter) == 0).count() as u32;
        if lowest + strange * LEAST_INSERTED > most {
            return 0.0;
        }
        let Some(cost) = self.cost(latin, most) else { return 0.0 };
        (1.0 - per_cost * (cost - lowest + surcharge) as f32).clamp(0.0, MAX_SIMILARITY)
    }

    /// The cost of the cheapest way to write the word so, unless it is above `most`.
    fn cost(&self, latin: &[u8], most: u32) -> Option<u32> {
        let columns = latin.len() + 1;
        // The next eight letters from each place on.
        let mut ahead = [0u64; MAX_LETTERS + 1];
        for (j, letter) in latin.iter().enumerate().rev() {
            ahead[j] = ahead[j + 1] >> 8 | u64::from(*letter) << 56;
        }
        // The row of this letter, and those of the next two.
        let [mut first, mut second, mut third] = [[u32::MAX; MAX_LETTERS + 1]; 3];
        first[0] = 0;
        let mut rows = [&mut first, &mut second, &mut third];
        for (at, units) in self.units.iter().enumerate() {
            let [row, next, second] = &mut rows;
            let limit = most.checked_sub(self.lowest[at])?;
            let mut is_alive = false;
            for j in 0..columns {
                let cost = row[j];
                if cost > limit {
                    continue;
                }
                is_alive = true;
                if let Some(letter) = latin.get(j) {
                    row[j + 1] = row[j + 1].min(cost + u32::from(inserted_letter_cost(*letter)));
                }
                next[j] = next[j].min(cost + u32::from(UNSPELLED));
                for (below, unit) in [&mut **next, &mut **second].into_iter().zip(units) {
                    let Some(unit) = *unit else { continue };
                    if let Some(silent) = unit.silent {
                        below[j] = below[j].min(cost + u32::from(silent));
                    }
                    let Some(letter) = latin.get(j) else { continue };
                    for piece in self.table.pieces_from(unit, *letter) {
                        // No letter is 0, so that a piece longer than the rest of the word never fits.
                        if ahead[j] & piece.mask == piece.letters {
                            let cell = &mut below[j + usize::from(piece.len)];
                            *cell = (*cell).min(cost + u32::from(piece.cost));
                        }
                    }
                }
            }
            // A unit of two letters may pass over this one.
            if !is_alive && next[..columns].iter().all(|cost| *cost == u32::MAX) {
                return None;
            }
            rows.rotate_left(1);
            rows[2][..columns].fill(u32::MAX);
        }
        let mut last = u32::MAX;
        for (j, cost) in rows[0][..columns].iter().enumerate() {
            let inserted = j
                .checked_sub(1)
                .map_or(u32::MAX, |j| last.saturating_add(inserted_letter_cost(latin[j]).into()));
            last = inserted.min(*cost);
        }
        Some(last).filter(|cost| *cost <= most)
    }
}
