//! Precision and recall of scores on labelled pairs of names.
//!
//! ```
//! use interdict::evaluate::pairs::LabelledPairs;
//!
//! let mut pairs = LabelledPairs::default();
//! for (score, matches) in [(0.95, true), (0.9, true), (0.88, false), (0.4, false)] {
//!     pairs.add(score, matches, score >= 0.85);
//! }
//! assert_eq!((pairs.as_configured().precision, pairs.as_configured().recall), (2.0 / 3.0, 1.0));
//! assert_eq!((pairs.best().threshold, pairs.best().f1), (0.9, 1.0));
//! assert_eq!(pairs.auc(), 1.0);
//! ```

use std::fmt;

/// Scored pairs with their labels.
#[derive(Clone, Debug, Default)]
pub struct LabelledPairs {
    scored: Vec<ScoredPair>,
}

#[derive(Clone, Copy, Debug)]
struct ScoredPair {
    score: f32,
    /// The label.
    matches: bool,
    /// Whether the pair counts as a match as configured.
    counts: bool,
}

/// Agreement of a decision with the labels; all ratios are in \[0, 1\].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct PairMetrics {
    /// The threshold at which pairs count as matches.
    pub threshold: f32,
    /// The part of the pairs decided to match that do.
    pub precision: f64,
    /// The part of the matching pairs decided to match.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
}

impl PairMetrics {
    fn of(threshold: f32, decided: impl Iterator<Item = (bool, bool)>) -> PairMetrics {
        let [mut true_positives, mut positives, mut matching] = [0usize; 3];
        for (decision, matches) in decided {
            true_positives += usize::from(decision && matches);
            positives += usize::from(decision);
            matching += usize::from(matches);
        }
        let ratio = |all: usize| true_positives as f64 / all.max(1) as f64;
        let (precision, recall) = (ratio(positives), ratio(matching));
        let f1 = 2.0 * precision * recall / (precision + recall).max(1e-9);
        PairMetrics { threshold, precision, recall, f1 }
    }
}

impl fmt::Display for PairMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "precision {:.4} recall {:.4} F1 {:.4}", self.precision, self.recall, self.f1)
    }
}

impl LabelledPairs {
    /// Adds a pair: its score, its label, and whether it counts as a match as configured.
    pub fn add(&mut self, score: f32, matches: bool, counts: bool) {
        self.scored.push(ScoredPair { score, matches, counts });
    }

    /// Number of pairs.
    pub fn len(&self) -> usize {
        self.scored.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.scored.is_empty()
    }

    /// The metrics as configured; their threshold is NaN.
    pub fn as_configured(&self) -> PairMetrics {
        PairMetrics::of(f32::NAN, self.scored.iter().map(|p| (p.counts, p.matches)))
    }

    /// The metrics at the threshold with the best F1; of several the highest threshold.
    pub fn best(&self) -> PairMetrics {
        let mut thresholds: Vec<f32> = self.scored.iter().map(|p| p.score).collect();
        thresholds.sort_by(f32::total_cmp);
        thresholds.dedup();
        let all = thresholds
            .into_iter()
            .map(|t| PairMetrics::of(t, self.scored.iter().map(|p| (p.score >= t, p.matches))));
        let nothing = PairMetrics { threshold: 1.0, precision: 0.0, recall: 0.0, f1: 0.0 };
        all.fold(nothing, |best, new| if new.f1 >= best.f1 { new } else { best })
    }

    /// The area under the ROC curve: how often a matching pair scores more than one that does not match;
    /// equal scores count half. NaN where all pairs have one label.
    pub fn auc(&self) -> f64 {
        let of = |label: bool| {
            let mut scores: Vec<f32> =
                self.scored.iter().filter(|p| p.matches == label).map(|p| p.score).collect();
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
            let mut pairs = LabelledPairs::default();
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
            prop_assert!(best.f1 >= pairs.as_configured().f1);
        }
    }
}
