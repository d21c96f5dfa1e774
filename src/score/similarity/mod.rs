//! The similarity of two words in spelling: a weighted edit distance, scaled to \[0, 1\].
//!
//! Whether two words are within the edit budget is decided by the plain distance of [`crate::util::osa`];
//! this module grades them. Edits are insertions, deletions, substitutions and swaps of neighbouring letters.
//! Their costs depend on the letters (`costs`): spellings of one sound and vowels are cheap, the first letter
//! and digits are dear. With c the cost of the cheapest alignment in letters and n the letters of the longer
//! word, the similarity is 1 − c/n.
//!
//! Cost: one table cell for every pair of letters between what both words begin with and what both end with.
//!
//! Limits: letters beyond the first [`MAX_TOKEN_CHARS`](crate::name::MAX_TOKEN_CHARS) are not compared.

mod costs;
mod weighted;

use costs::{gap_cost, substitution_cost};
use weighted::{SHORT_WORD, weighted_osa, weighted_osa_short};

/// Letters of a word that are compared.
const MAX_LETTERS: usize = crate::name::MAX_TOKEN_CHARS;

/// The parts of two words between what both begin and what both end with.
#[derive(Clone, Copy)]
struct Middle {
    /// Letters that both words begin with.
    start: usize,
    /// Letters of the first word that differ.
    height: usize,
    /// Letters of the second word that differ.
    width: usize,
}

impl Middle {
    fn of(a: &[u8], b: &[u8]) -> Middle {
        let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
        let end = a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(|(x, y)| x == y).count();
        Middle { start, height: a.len() - end - start, width: b.len() - end - start }
    }

    fn transposed(self) -> Middle {
        Middle { height: self.width, width: self.height, ..self }
    }
}

/// The similarity of two words in \[0, 1\]: 1 for equal words and less for others. Symmetric.
///
/// Vowels, doubled letters, h, and letters that stand for one sound cost less than other edits; digits and
/// the first letter cost more; a swap of neighbours is one edit.
pub(crate) fn similarity(a: &[u8], b: &[u8]) -> f32 {
    let (a, b) = (&a[..a.len().min(MAX_LETTERS)], &b[..b.len().min(MAX_LETTERS)]);
    if a == b {
        return 1.0;
    }
    // Common affixes are aligned with each other. The rest keeps its positions, for the cost of a gap depends
    // on the neighbouring letters.
    let middle = Middle::of(a, b);
    let start = middle.start;
    let cost = match (middle.height, middle.width) {
        (0, width) => (start..start + width).map(|j| gap_cost(b, j)).sum(),
        (height, 0) => (start..start + height).map(|i| gap_cost(a, i)).sum(),
        (1, 1) => substitution_cost(a[start], b[start], start).min(gap_cost(a, start) + gap_cost(b, start)),
        (_, width) if width <= SHORT_WORD => weighted_osa_short(a, b, middle),
        (height, _) if height <= SHORT_WORD => weighted_osa_short(b, a, middle.transposed()),
        _ => weighted_osa(a, b, middle),
    };
    (1.0 - f32::from(cost) / 100.0 / a.len().max(b.len()) as f32).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::costs::substitution;
    use super::*;
    use crate::score::params::SWAP_EDIT;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_similarity_is_that_of_the_whole_table(a in "[a-eh1]{1,12}", b in "[a-eh1]{1,12}") {
            let cost = cost_by_full_table(a.as_bytes(), b.as_bytes());
            let want = (1.0 - f32::from(cost) / 100.0 / a.len().max(b.len()) as f32).max(0.0);
            prop_assert_eq!(similarity(a.as_bytes(), b.as_bytes()), want);
        }

        #[test]
        fn the_similarity_is_symmetric_and_in_range(a in "[a-z0-9]{0,15}", b in "[a-z0-9]{0,15}") {
            let ab = similarity(a.as_bytes(), b.as_bytes());
            prop_assert!((0.0..=1.0).contains(&ab));
            prop_assert_eq!(ab, similarity(b.as_bytes(), a.as_bytes()));
            prop_assert_eq!(ab == 1.0, a == b);
        }
    }

    /// The cost of the best alignment from a table of all cells between the common affixes.
    fn cost_by_full_table(a: &[u8], b: &[u8]) -> u16 {
        let Middle { start, height, width } = Middle::of(a, b);
        let mut table = vec![vec![0u16; width + 1]; height + 1];
        for i in 0..=height {
            for j in 0..=width {
                let (x, y) = (start + i, start + j);
                let mut best = if i + j == 0 { 0 } else { u16::MAX };
                if i > 0 {
                    best = best.min(table[i - 1][j] + gap_cost(a, x - 1));
                }
                if j > 0 {
                    best = best.min(table[i][j - 1] + gap_cost(b, y - 1));
                }
                if i > 0 && j > 0 {
                    let own = substitution(a[x - 1], b[y - 1]);
                    let cost = if a[x - 1] == b[y - 1] { 0 } else { u16::from(own) };
                    best = best.min(table[i - 1][j - 1] + if x + y == 2 { cost * 5 / 4 } else { cost });
                }
                if i > 1 && j > 1 && a[x - 1] == b[y - 2] && a[x - 2] == b[y - 1] && a[x - 1] != b[y - 1] {
                    best = best.min(table[i - 2][j - 2] + SWAP_EDIT);
                }
                table[i][j] = best;
            }
        }
        table[height][width]
    }

    #[test]
    fn frequent_variants_of_spelling_cost_less_than_other_edits() {
        let similarity = |a: &str, b: &str| similarity(a.as_bytes(), b.as_bytes());
        assert!(similarity("sergei", "sergey") > similarity("sergei", "sergek"));
        assert!(similarity("moussa", "mousa") > similarity("moussa", "mussa"));
        assert!(similarity("ghasemi", "ghasmei") > similarity("ghasemi", "ghazeri"));
    }
}
