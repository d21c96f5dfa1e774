//! How well a Latin word spells a word of a script that writes sounds: a weighted alignment of the letters of
//! one with the spellings of the other. [`super::arabic`] and [`super::kana`] each have a table of spellings.
//!
//! Cost: the product of both lengths, times the number of spellings of a letter; words are at most
//! [`MAX_TOKEN_CHARS`](crate::name::MAX_TOKEN_CHARS) long. Nothing is allocated.

use crate::name::MAX_TOKEN_CHARS as MAX;

/// The ways a script is written in Latin letters. Costs are hundredths of a letter.
pub(super) struct Spellings {
    /// The usual spellings of a letter with their costs; "" is a letter left out. A letter without any stands
    /// for itself. The longest spelling has four letters.
    pub of: fn(u8) -> &'static [(&'static str, u16)],
    /// The cost of a Latin letter that stands for no letter of the word; the second argument tells whether it
    /// is the last.
    pub inserted_letter_cost: fn(u8, bool) -> u16,
    /// The letter that carries any vowel at the beginning of a word; 0 for none.
    pub any_first_vowel: u8,
}

/// The letters of a word, and the Latin word that may spell it.
pub(super) struct TransliterationPair<'a> {
    pub letters: &'a [u8],
    pub latin: &'a [u8],
}

/// The lowest similarity that is distinguished from 0. Matching asks for more.
const MIN_SIMILARITY: f32 = 0.5;
/// The highest similarity, which an exact spelling has: below that of equal words.
const MAX_SIMILARITY: f32 = 0.97;
/// The similarity that an average cost of one letter takes off, so that a cost of four fifths leaves none.
const COST_SCALE: f32 = 1.25;
/// The cost of a letter of the word that is not spelled, in hundredths.
const UNSPELLED: u16 = 100;

/// One way to write a letter.
#[derive(Clone, Copy)]
struct Spelling {
    /// Its letters as a number, the last one lowest, and a mask of the bytes that it has.
    letters: u32,
    mask: u32,
    len: u8,
    cost: u16,
}

/// [`Spellings`] compiled for fast alignment.
pub(super) struct TransliterationAligner {
    spellings: Vec<Spelling>,
    /// The range of `spellings` of each letter.
    ranges: [(u16, u16); 256],
    /// For each Latin letter, the cost of an inserted one: not the last, the last.
    inserted_letter_cost: [[u16; 2]; 256],
    any_first_vowel: u8,
}

impl TransliterationAligner {
    pub(super) fn new(table: &Spellings) -> TransliterationAligner {
        let mut spellings = Vec::new();
        let ranges = std::array::from_fn(|letter| {
            let from = spellings.len() as u16;
            spellings.extend((table.of)(letter as u8).iter().map(|(text, cost)| Spelling {
                letters: text.bytes().fold(0, |letters, b| letters << 8 | u32::from(b)),
                mask: text.bytes().fold(0, |mask, _| mask << 8 | 0xff),
                len: text.len() as u8,
                cost: *cost,
            }));
            (from, spellings.len() as u16)
        });
        let inserted_letter_cost =
            std::array::from_fn(|b| [false, true].map(|last| (table.inserted_letter_cost)(b as u8, last)));
        TransliterationAligner {
            spellings,
            ranges,
            inserted_letter_cost,
            any_first_vowel: table.any_first_vowel,
        }
    }

    /// 1 less the scaled cost of the best alignment per letter, in \[0, 0.97\]; 0 where it is below
    /// [`MIN_SIMILARITY`].
    pub(super) fn similarity(&self, TransliterationPair { letters, latin }: TransliterationPair<'_>) -> f32 {
        let (a, b) = (&letters[..letters.len().min(MAX)], &latin[..latin.len().min(MAX)]);
        if a.is_empty() || b.is_empty() {
            return 0.0;
        }
        let max_cost = ((1.0 - MIN_SIMILARITY) * 100.0 * a.len() as f32 / COST_SCALE) as u16;
        let Some(cost) = self.alignment_cost(a, b, max_cost) else { return 0.0 };
        let similarity = 1.0 - COST_SCALE * (f32::from(cost) / 100.0) / a.len() as f32;
        if similarity < MIN_SIMILARITY { 0.0 } else { similarity.min(MAX_SIMILARITY) }
    }

    /// The cost of the best alignment of the letters `a` with the Latin word `b`, in hundredths; `None` if it
    /// is found to be above `max_cost` before the end.
    fn alignment_cost(&self, a: &[u8], b: &[u8], max_cost: u16) -> Option<u16> {
        // The last four letters up to each place of the Latin word, and the cost of its letter there as an
        // inserted one.
        let (mut ends, mut inserted) = ([0u32; MAX + 1], [0u16; MAX + 1]);
        let (mut above, mut row) = ([0u16; MAX + 1], [0u16; MAX + 1]);
        for (j, letter) in b.iter().enumerate() {
            let doubled = j > 0 && b[j - 1] == *letter;
            let last = usize::from(j + 1 == b.len());
            inserted[j + 1] = if doubled { 0 } else { self.inserted_letter_cost[usize::from(*letter)][last] };
            ends[j + 1] = ends[j] << 8 | u32::from(*letter);
            above[j + 1] = above[j] + inserted[j + 1];
        }
        for (i, letter) in a.iter().enumerate() {
            let (from, to) = self.ranges[usize::from(*letter)];
            let spellings = &self.spellings[usize::from(from)..usize::from(to)];
            let carries_vowel = i == 0 && *letter == self.any_first_vowel;
            let mut lowest = u16::MAX;
            for j in 0..=b.len() {
                let mut best = above[j] + UNSPELLED;
                if spellings.is_empty() && j > 0 && b[j - 1] == *letter {
                    best = best.min(above[j - 1]);
                }
                for spelling in spellings {
                    // No letter is 0, so a spelling longer than the word up to here never fits.
                    if ends[j] & spelling.mask == spelling.letters {
                        best = best.min(above[j - usize::from(spelling.len)] + spelling.cost);
                    }
                }
                if carries_vowel && j == 1 && b"aeiou".contains(&b[0]) {
                    best = best.min(above[0]);
                }
                if j > 0 {
                    best = best.min(row[j - 1] + inserted[j]);
                }
                row[j] = best;
                lowest = lowest.min(best);
            }
            // Costs never fall from row to row.
            if lowest > max_cost {
                return None;
            }
            std::mem::swap(&mut above, &mut row);
        }
        Some(above[b.len()])
    }
}
