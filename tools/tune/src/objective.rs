//! What the search maximises.

use crate::data::{Pair, Part};
use interdict::score::{PairScorer, ScoreParams};
use rayon::prelude::*;

/// The default threshold, which keeps its meaning.
pub const THRESHOLD: f32 = 0.85;

/// How well scores separate matches from others.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quality {
    /// Area under the ROC curve; 0.5 if there are only matches or none.
    pub auc: f64,
    /// The part of matches that reach the threshold.
    pub recall: f64,
    /// The part of other pairs that reach it.
    pub false_rate: f64,
}

impl Quality {
    /// AUC + recall − cost · false matches: higher is better.
    pub fn value(&self, false_cost: f64) -> f64 {
        self.auc + self.recall - false_cost * self.false_rate
    }
}

/// The mean objective over several sets, each counted once however large it is.
pub fn value(params: &ScoreParams, parts: &[Part<'_>], false_cost: f64) -> f64 {
    let sets = parts.iter().filter(|part| !part.pairs.is_empty());
    let values: Vec<f64> = sets.map(|part| quality(params, part).value(false_cost)).collect();
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The quality of the scores of one set.
pub fn quality(params: &ScoreParams, part: &Part<'_>) -> Quality {
    let scores: Vec<(f32, bool)> = part
        .pairs
        .par_chunks(256)
        .map(|pairs| {
            let mut scorer = PairScorer::with_params(*params);
            let score = |pair: &&Pair| (scorer.score(&pair.query, &pair.listed, pair.schema), pair.is_match);
            pairs.iter().map(score).collect::<Vec<_>>()
        })
        .flatten()
        .collect();
    let reached = |matches: bool| {
        let of = scores.iter().filter(|(_, is_match)| *is_match == matches);
        let reached = of.clone().filter(|(score, _)| *score >= THRESHOLD).count();
        reached as f64 / of.count().max(1) as f64
    };
    Quality { auc: auc(scores.clone()), recall: reached(true), false_rate: reached(false) }
}

/// The area under the ROC curve, by ranks; ties count half.
fn auc(mut scores: Vec<(f32, bool)>) -> f64 {
    scores.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let (mut rank_sum, mut matches) = (0.0, 0usize);
    let mut start = 0;
    while start < scores.len() {
        let ties = scores[start..].iter().take_while(|(score, _)| *score == scores[start].0).count();
        let matching = scores[start..start + ties].iter().filter(|(_, is_match)| *is_match).count();
        rank_sum += matching as f64 * (start as f64 + (ties as f64 + 1.0) / 2.0);
        matches += matching;
        start += ties;
    }
    let others = scores.len() - matches;
    if matches == 0 || others == 0 {
        return 0.5;
    }
    (rank_sum - matches as f64 * (matches as f64 + 1.0) / 2.0) / (matches as f64 * others as f64)
}

#[cfg(test)]
mod tests {
    use super::auc;

    #[test]
    fn the_area_counts_pairs_in_order_and_ties_half() {
        assert_eq!(auc(vec![(0.1, false), (0.9, true)]), 1.0);
        assert_eq!(auc(vec![(0.1, true), (0.9, false)]), 0.0);
        assert_eq!(auc(vec![(0.5, true), (0.5, false)]), 0.5);
        // Of the four pairs of a match and another, three are in order.
        assert_eq!(auc(vec![(0.2, false), (0.4, true), (0.6, false), (0.8, true)]), 0.75);
        assert_eq!(auc(vec![(0.2, true)]), 0.5);
    }
}
