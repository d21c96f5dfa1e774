//! The weighted optimal string alignment: dynamic programming over the letters that differ.
//!
//! Both versions are written without branches in the inner loop. A query against a long list compares
//! hundreds of words, and a mispredicted branch costs more than the cells of a table that need not have been
//! filled.

use super::costs::{CLASSES, OTHER_CLASS, SUBSTITUTION, class, first_letter_cost, gap_cost};
use super::{MAX_LETTERS, Middle};
use crate::score::params::SWAP_EDIT;

/// The cost of the best alignment of the `height` letters of `a` and the `width` letters of `b` that differ,
/// in hundredths of an edit.
pub(super) fn weighted_osa(a: &[u8], b: &[u8], Middle { start, height, width }: Middle) -> u16 {
    // The gap costs of a row and a column are needed in every cell of it, and each row needs the two above
    // it.
    let (mut gaps, mut classes) = ([0u16; MAX_LETTERS], [0u8; MAX_LETTERS]);
    let mut rows = [[0u16; MAX_LETTERS + 1]; 3];
    let [two_above, above, row] = &mut rows;
    let (mut two_above, mut above, mut row) = (two_above, above, row);
    let columns = &b[start..start + width];
    for (j, y) in columns.iter().enumerate() {
        (gaps[j], classes[j]) = (gap_cost(b, start + j), class(*y));
        above[j + 1] = above[j] + gaps[j];
    }
    let (gaps, classes) = (&gaps[..width], &classes[..width]);
    for i in 0..height {
        let (x, gap) = (a[start + i], gap_cost(a, start + i));
        let costs = &SUBSTITUTION[usize::from(class(x)) % CLASSES];
        let previous_x = if i > 0 { a[start + i - 1] } else { 0 };
        let mut left = above[0] + gap;
        row[0] = left;
        let mut previous_y = 0;
        for (j, y) in columns.iter().enumerate() {
            let mut cost = if x == *y { 0 } else { u16::from(costs[usize::from(classes[j]) % CLASSES]) };
            if start + i + j == 0 {
                cost = first_letter_cost(cost);
            }
            let mut best = (above[j] + cost).min(above[j + 1] + gap).min(left + gaps[j]);
            if previous_x == *y && i > 0 && j > 0 && x == previous_y && x != *y {
                best = best.min(two_above[j - 1] + SWAP_EDIT);
            }
            (left, previous_y) = (best, *y);
            row[j + 1] = best;
        }
        (two_above, above, row) = (above, row, two_above);
    }
    above[width]
}

/// The most columns of [`weighted_osa_short`].
pub(super) const SHORT_WORD: usize = 8;

/// The same where `width` is at most [`SHORT_WORD`]. Every row has a fixed number of columns, so that the
/// compiler unrolls it.
pub(super) fn weighted_osa_short(a: &[u8], b: &[u8], Middle { start, height, width }: Middle) -> u16 {
    // Columns beyond the word hold no letter; no column depends on one behind it.
    let (mut columns, mut classes, mut gaps, mut above) =
        ([0u8; SHORT_WORD], [OTHER_CLASS; SHORT_WORD], [0u16; SHORT_WORD], [0u16; SHORT_WORD + 1]);
    for j in 0..width.min(SHORT_WORD) {
        columns[j] = b[start + j];
        (classes[j], gaps[j]) = (class(columns[j]), gap_cost(b, start + j));
    }
    for j in 0..SHORT_WORD {
        above[j + 1] = above[j] + gaps[j];
    }
    let mut two_above = above;
    let mut previous_x = 0;
    for (i, x) in a[start..start + height].iter().enumerate() {
        let gap = gap_cost(a, start + i);
        let costs_of_x = &SUBSTITUTION[usize::from(class(*x)) % CLASSES];
        let mut costs = [0u16; SHORT_WORD];
        for j in 0..SHORT_WORD {
            let cost = u16::from(costs_of_x[usize::from(classes[j]) % CLASSES]);
            costs[j] = if columns[j] == *x { 0 } else { cost };
        }
        if start + i == 0 {
            costs[0] = first_letter_cost(costs[0]);
        }
        let mut row = [above[0] + gap; SHORT_WORD + 1];
        for j in 0..SHORT_WORD {
            let best = (above[j] + costs[j]).min(above[j + 1] + gap).min(row[j] + gaps[j]);
            let previous_y = if j > 0 { columns[j - 1] } else { 0 };
            let is_swap = (columns[j] == previous_x) & (previous_y == *x) & (columns[j] != *x);
            let swapped = if is_swap { two_above[j.saturating_sub(1)] + SWAP_EDIT } else { u16::MAX };
            row[j + 1] = best.min(swapped);
        }
        (two_above, above, previous_x) = (above, row, *x);
    }
    above[width]
}
