//! A word of another script as its table reads it, and how well a Latin word spells it.

use super::keys::Classes;
use super::latin::LatinWord;
use super::table::{LETTERS, Table, Unit, letter_bit, letter_number};
use std::cell::OnceCell;

/// The highest similarity: below that of equal words.
const MAX_SIMILARITY: f32 = 0.97;
/// What is taken off the similarity where the word needs as many nats more than its cheapest spelling as the Latin word has
/// on its own, so that its letters tell nothing. Source: of 0.25, 0.33 and 0.42 on the names of six sets across scripts,
/// which find as many within three points; of words that were not learned from and 300 random words each, some one in
/// 8,000 reaches 0.85.
const PER_INFORMATION: f32 = 0.4;

/// The cost of a letter that is not spelled.
const UNSPELLED: u32 = 450;

/// The cost of a Latin letter that stands for no letter of the word.
const fn inserted_letter_cost(letter: u8) -> u16 {
    match letter {
        b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'h' => LEAST_INSERTED,
        _ => 500,
    }
}

/// The cost of the cheapest letter that stands for none.
const LEAST_INSERTED: u16 = 300;

/// How much more probable the word must make a spelling than chance does, in hundredths of a nat: one in fifty words of
/// that length would be spelled so by chance. Source: hand.
const MIN_EVIDENCE: u32 = 400;

/// The highest excess that is looked for, so that sums fit their type. No word says so much that it counts.
const MAX_EXCESS: u16 = 20_000;

/// A place that no spelling was found to reach.
const UNREACHED: u16 = u16::MAX;

/// A word prepared for comparisons.
///
/// The excess of a step is what it takes a spelling away from the cheapest one: nothing on the way of that one. So the sum
/// only grows, and what is above a limit is left at once.
#[derive(Debug)]
pub(super) struct Lattice {
    letters: Vec<Letter>,
    /// The cost of the cheapest spelling.
    lowest: u32,
    /// The Latin letters that its units are written with, a bit each.
    letters_used: u32,
    /// Of a word that is compared with many.
    least: OnceCell<Box<LeastExcess>>,
}

/// A letter of a word.
#[derive(Debug)]
struct Letter {
    /// The units of one letter and of two that begin there.
    units: [Option<&'static Unit>; 2],
    /// The cost of the cheapest spelling from there on.
    lowest: u32,
    /// What has to be added to the cost of a piece of either unit for its excess.
    to_excess: [i32; 2],
    /// The excess of writing nothing for the letter, and for it and the next one.
    silent: [u16; 2],
}

impl Lattice {
    /// Prepares the letters of a word.
    pub(super) fn new(table: &'static Table, letters: &[char]) -> Lattice {
        let mut lowest = vec![0; letters.len() + 1];
        let mut prepared: Vec<Letter> = Vec::with_capacity(letters.len());
        for at in (0..letters.len()).rev() {
            let pair = letters.get(at..at + 2);
            let units = [table.unit(&letters[at..=at]), pair.and_then(|pair| table.unit(pair))];
            let spelled = (1..)
                .zip(units)
                .filter_map(|(len, unit)| unit.map(|unit| lowest[at + len] + u32::from(unit.lowest)));
            lowest[at] = spelled.min().unwrap_or(u32::MAX).min(lowest[at + 1] + UNSPELLED);
            let to_excess =
                [1, 2].map(|len| lowest.get(at + len).map_or(0, |behind| *behind as i32 - lowest[at] as i32));
            let silent = [0, 1].map(|i| {
                let silent = units[i].and_then(|unit| unit.silent);
                silent.map_or(UNREACHED, |cost| excess(cost.into(), to_excess[i]))
            });
            let silent = [silent[0].min(excess(UNSPELLED, to_excess[0])), silent[1]];
            prepared.push(Letter { units, lowest: lowest[at], to_excess, silent });
        }
        prepared.reverse();
        let units = prepared.iter().flat_map(|letter| letter.units).flatten();
        let letters_used = units.fold(0, |all, unit| all | unit.letters);
        Lattice { letters: prepared, lowest: lowest[0], letters_used, least: OnceCell::new() }
    }

    pub(super) fn letters(&self) -> usize {
        self.letters.len()
    }

    /// The cost of the cheapest spelling from a letter on.
    pub(super) fn lowest(&self, at: usize) -> u32 {
        self.letters.get(at).map_or(0, |letter| letter.lowest)
    }

    /// The ways to write the unit of so many letters that begins at a letter; `None` for no unit.
    pub(super) fn classes(&self, at: usize, len: usize) -> Option<&[Classes]> {
        self.letters[at].units[len - 1].map(|unit| &*unit.classes)
    }

    /// Prepares it for comparisons with more than a few words, which each take less time then.
    pub(super) fn prepare(&self) {
        self.least.get_or_init(|| Box::new(LeastExcess::of(&self.letters)));
    }

    /// How well a Latin word spells this one, in \[0, 0.97\]; 0 where it is below `least` or tells too little. `surcharge`
    /// is added to the cost of every spelling.
    pub(super) fn similarity(&self, latin: &LatinWord, least: f32, surcharge: u32) -> f32 {
        let information = latin.information();
        let per_cost = PER_INFORMATION / information as f32;
        let most_excess = ((1.0 - least) / per_cost) as u32;
        let Some(most_excess) = most_excess.checked_sub(surcharge) else { return 0.0 };
        let Some(most) = information.checked_sub(MIN_EVIDENCE + self.lowest) else { return 0.0 };
        let most = most.min(most_excess).min(MAX_EXCESS.into()) as u16;
        // Every letter that no unit is written with costs something.
        let is_strange = |letter: &&u8| self.letters_used & letter_bit(**letter) == 0;
        if latin.letters().iter().filter(is_strange).count() as u16 * LEAST_INSERTED > most {
            return 0.0;
        }
        let Some(excess) = self.excess(latin, most) else { return 0.0 };
        (1.0 - per_cost * (u32::from(excess) + surcharge) as f32).clamp(0.0, MAX_SIMILARITY)
    }

    /// By how much the cheapest way to write the word so costs more than the cheapest way to write it at all, unless it
    /// is by more than `most`.
    fn excess(&self, latin: &LatinWord, most: u16) -> Option<u16> {
        let letters = latin.letters();
        // What may be spent on the way to each place in the Latin word, so that the rest can still be written.
        let mut limits = [most; ROW];
        if let Some(least) = self.least.get() {
            least.limits(letters, &mut limits)?;
        }
        // The rows of this letter and of the next two, in turn.
        let mut rows = [Row::default(); 3];
        let [mut row, mut next, mut second] = rows.each_mut();
        row.relax(0, 0, &limits);
        for this in &self.letters {
            while let Some((j, cost)) = row.pop() {
                next.relax(j, cost + this.silent[0], &limits);
                second.relax(j, cost.saturating_add(this.silent[1]), &limits);
                let Some(letter) = letters.get(j) else { break };
                row.relax(j + 1, cost + inserted_letter_cost(*letter), &limits);
                let number = letter_number(*letter);
                if number == LETTERS {
                    continue;
                }
                let ahead = latin.ahead(j);
                let units = this.units.iter().zip(this.to_excess);
                for ((unit, to_excess), below) in units.zip([&mut *next, &mut *second]) {
                    let Some(unit) = unit else { continue };
                    for piece in unit.pieces_from(number) {
                        if ahead & piece.mask == piece.letters {
                            let cost = cost + excess(piece.cost.into(), to_excess);
                            below.relax(j + usize::from(piece.len), cost, &limits);
                        }
                    }
                }
            }
            // A unit of two letters may pass over the next one.
            if next.is_empty() && second.is_empty() {
                return None;
            }
            *row = Row::default();
            (row, next, second) = (next, second, row);
        }
        let mut cheapest = None;
        while let Some((j, cost)) = row.pop() {
            match letters.get(j) {
                Some(letter) => row.relax(j + 1, cost + inserted_letter_cost(*letter), &limits),
                None => cheapest = Some(cost),
            }
        }
        cheapest
    }
}

/// For each place in a Latin word what it costs at least to get there.
#[derive(Clone, Copy)]
struct Row {
    costs: [u16; ROW],
    /// The places from which the rest may still be written, a bit each.
    open: u64,
}

const _: () = assert!(ROW <= 64);

impl Default for Row {
    fn default() -> Self {
        Row { costs: [UNREACHED; ROW], open: 0 }
    }
}

impl Row {
    #[inline]
    fn relax(&mut self, at: usize, cost: u16, limits: &[u16; ROW]) {
        let at = at % ROW;
        self.costs[at] = cost.min(self.costs[at]);
        self.open |= u64::from(cost <= limits[at]) << at;
    }

    /// Takes the first open place out.
    #[inline]
    fn pop(&mut self) -> Option<(usize, u16)> {
        if self.is_empty() {
            return None;
        }
        let at = self.open.trailing_zeros() as usize % ROW;
        self.open &= self.open - 1;
        Some((at, self.costs[at]))
    }

    fn is_empty(&self) -> bool {
        self.open == 0
    }
}

/// The excess of a step, from its cost.
fn excess(cost: u32, to_excess: i32) -> u16 {
    cost.saturating_add_signed(to_excess).min(u32::from(MAX_EXCESS) + 1) as u16
}

/// Places in a Latin word: before each letter and behind the last.
const ROW: usize = LatinWord::MAX_LETTERS + 1;

/// What each letter of a Latin word costs at least, whatever it is written for: the excess of a step is shared out among
/// the letters that it writes.
#[derive(Debug)]
struct LeastExcess {
    /// By the letter before, and for the first letter in the last row; in units of [`LeastExcess::UNIT`].
    by_pair: [[u8; LETTERS]; LETTERS + 1],
}

impl LeastExcess {
    const UNIT: u16 = 4;

    fn of(letters: &[Letter]) -> LeastExcess {
        let share = |excess: u16| (excess / LeastExcess::UNIT).min(255) as u8;
        // A letter that begins a piece may stand behind any other.
        let mut first: [u8; LETTERS] = std::array::from_fn(|n| share(inserted_letter_cost(b'a' + n as u8)));
        let mut by_pair = [[u8::MAX; LETTERS]; LETTERS + 1];
        for letter in letters {
            for (unit, to_excess) in letter.units.iter().zip(letter.to_excess) {
                for piece in unit.iter().flat_map(|unit| unit.pieces()) {
                    let share = share(excess(piece.cost.into(), to_excess) / u16::from(piece.len));
                    let mut before = LETTERS;
                    for letter in piece.bytes().map(letter_number) {
                        let cell =
                            if before == LETTERS { &mut first[letter] } else { &mut by_pair[before][letter] };
                        *cell = share.min(*cell);
                        before = letter;
                    }
                }
            }
        }
        for row in &mut by_pair {
            row.iter_mut().zip(first).for_each(|(cell, first)| *cell = first.min(*cell));
        }
        LeastExcess { by_pair }
    }

    /// What may be spent on the way to each place in a word, so that no more than the last limit is spent in all; `None` if
    /// the letters cost more than that.
    fn limits(&self, letters: &[u8], limits: &mut [u16; ROW]) -> Option<()> {
        for j in (0..letters.len()).rev() {
            let before = j.checked_sub(1).map_or(LETTERS, |before| letter_number(letters[before]));
            let least =
                self.by_pair[before].get(letter_number(letters[j])).map_or(0, |least| u16::from(*least));
            limits[j] = limits[j + 1].checked_sub(least * LeastExcess::UNIT)?;
        }
        Some(())
    }
}
