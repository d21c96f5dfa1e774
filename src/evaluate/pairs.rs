//! How well scores of pairs tell those that match from those that do not.
//!
//! ```
//! use interdict::evaluate::pairs::Pairs;
//!
//! let mut pairs = Pairs::default();
//! for (score, matches) in [(0.95, true), (0.9, true), (0.88, false), (0.4, false)] {
//!     pairs.add(score, matches, score >= 0.85);
//! }
//! assert_eq!((pairs.judged().precision, pairs.judged().recall), (2.0 / 3.0, 1.0));
//! assert_eq!((pairs.best().threshold, pairs.best().f1), (0.9, 1.0));
//! assert_eq!(pairs.auc(), 1.0);
//! ```

use std::fmt;

/// Scored pairs with their labels.
#[derive(Clone, Debug, Default)]
pub struct Pairs {
    /// Score, label, and whether it counts as a match as configured.
    scored: Vec<(f32, bool, bool)>,
}

/// How well a decision fits the labels; all parts lie in \[0, 1\].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// The threshold at which pairs count as matches.
    pub threshold: f32,
    /// The part of the pairs said to match that do.
    pub precision: f64,
    /// The part of the matching pairs said to match.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
}

impl Judged {
    fn of(threshold: f32, decided: impl Iterator<Item = (bool, bool)>) -> Judged {
        let [mut right, mut said, mut matching] = [0usize; 3];
        for (says, matches) in decided {
            right += usize::from(says && matches);
            said += usize::from(says);
            matching += usize::from(matches);
        }
        let part = |all: usize| right as f64 / all.max(1) as f64;
        let (precision, recall) = (part(said), part(matching));
        let f1 = 2.0 * precision * recall / (precision + recall).max(1e-9);
        Judged { threshold, precision, recall, f1 }
    }
}

impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "precision {:.4} recall {:.4} F1 {:.4}", self.precision, self.recall, self.f1)
    }
}

impl Pairs {
    /// Adds a pair: its score, its label, and whether it counts as a match as configured.
    pub fn add(&mut self, score: f32, matches: bool, counts: bool) {
        self.scored.push((score, matches, counts));
    }

    /// Number of pairs.
    pub fn len(&self) -> usize {
        self.scored.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.scored.is_empty()
    }

    /// What is had as configured; its threshold is not told.
    pub fn judged(&self) -> Judged {
        Judged::of(f32::NAN, self.scored.iter().map(|(_, matches, counts)| (*counts, *matches)))
    }

    /// What is had at the threshold that gives the best F1; of several the highest.
    pub fn best(&self) -> Judged {
        let mut thresholds: Vec<f32> = self.scored.iter().map(|(s, _, _)| *s).collect();
        thresholds.sort_by(f32::total_cmp);
        thresholds.dedup();
        let all = thresholds
            .into_iter()
            .map(|t| Judged::of(t, self.scored.iter().map(|(score, matches, _)| (*score >= t, *matches))));
        let nothing = Judged { threshold: 1.0, precision: 0.0, recall: 0.0, f1: 0.0 };
        all.fold(nothing, |best, new| if new.f1 >= best.f1 { new } else { best })
    }

    /// The area under the ROC curve: how often a matching pair scores more than one that does not match; equal
    /// scores count half. NaN where all pairs have one label.
    pub fn auc(&self) -> f64 {
        let of = |label: bool| {
            let mut scores: Vec<f32> =
                self.scored.iter().filter(|(_, m, _)| *m == label).map(|(s, _, _)| *s).collect();
            scores.sort_by(f32::total_cmp);
            scores
        };
        let (matching, others) = (of(true), of(false));
        let won: usize = matching
            .iter()
            .map(|s| others.partition_point(|o| o < s) + others.partition_point(|o| o <= s))
            .sum();
        won as f64 / 2.0 / (matching.len() as f64 * others.len() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_area_is_that_of_all_pairs_of_pairs(
            scored in proptest::collection::vec(((0u8..20).prop_map(|n| f32::from(n) / 20.0), any::<bool>()), 2..60),
        ) {
            let mut pairs = Pairs::default();
            scored.iter().for_each(|(score, matches)| pairs.add(*score, *matches, *score >= 0.5));
            let of = |label: bool| scored.iter().filter(move |s| s.1 == label).map(|s| s.0);
            let (mut won, mut all) = (0.0, 0.0);
            for p in of(true) {
                for n in of(false) {
                    won += if p > n { 1.0 } else if p == n { 0.5 } else { 0.0 };
                    all += 1.0;
                }
            }
            if all > 0.0 {
                prop_assert!((pairs.auc() - won / all).abs() < 1e-12);
            }
            let best = pairs.best();
            prop_assert!(best.f1 >= pairs.judged().f1);
        }
    }
}
