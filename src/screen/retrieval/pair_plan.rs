//! The pairs of tokens that a name which reaches the minimal score can be aligned by, and what they can gain.

use super::ExpandedQuery;
use super::bounds::{
    MAX_INITIAL_WEIGHT, SCORE_EPSILON, exact_match_gain, max_omission_cost, max_pair_gain, pair_gain,
};
use super::pair_table::PairTable;
use super::token_match::TokenMatch;
use crate::name::Tag;
use crate::score::align::{AlignToken, INITIAL, Span};

/// The plan for one query. Keeps its buffers between queries.
#[derive(Debug, Default)]
pub(crate) struct PairPlan {
    /// The matches by listed token, without those that no name needs.
    pub(super) pair_table: PairTable,
    /// For each token of the query the most it can add.
    pub(super) token_gains: Vec<f32>,
    /// The most that all tokens of the query add together.
    pub(super) total_gain: f32,
    /// For each token of the query the length of all its posting lists.
    pub(super) posting_counts: Vec<u32>,
    /// The listed concatenations that match single tokens of the query.
    pub(super) listed_concatenations: Vec<TokenMatch>,
    /// The most that the tokens of a listed name which match nothing may cost.
    pub(super) max_omission_cost: u32,
    /// Whether pairs were left out because no name that reaches the minimal score needs them.
    pub(super) has_pruned_pairs: bool,
}

impl PairPlan {
    pub(in crate::screen) fn clear(&mut self) {
        self.pair_table.clear();
    }

    /// Plans the pairs of a query. With `min_score` 0 no pair is left out.
    ///
    /// A score reaches t only if (1 − t) · M − t · L ≥ 0, summed over tokens and pairs. Every token of the query adds
    /// its best pair to that sum, or the loss of its omission. A pair is left out where even the best of all other
    /// tokens could not make up for it.
    pub(super) fn fill(&mut self, query: &ExpandedQuery<'_>, min_score: f32) {
        self.token_gains.clear();
        for i in 0..query.tokens.len() {
            let floor = unenumerated_gain(query, i, min_score);
            self.token_gains.push(max_pair_gain(&query.token_cache.matches(i).all, min_score, floor));
        }
        self.total_gain = self.token_gains.iter().sum();
        self.has_pruned_pairs = false;
        self.listed_concatenations.clear();
        self.posting_counts.clear();
        for (i, token) in query.tokens.iter().enumerate() {
            let others = self.total_gain - self.token_gains[i];
            let mut postings = 0;
            for m in &query.token_cache.matches(i).all {
                if min_score > 0.0 && others + m.pair_gain(min_score) < -SCORE_EPSILON {
                    self.has_pruned_pairs = true;
                    continue;
                }
                self.pair_table.insert(Span::single(i), token.weight, m);
                self.listed_concatenations.extend(m.is_concatenation.then_some(*m));
                postings += m.posting_count;
            }
            self.posting_counts.push(postings);
        }
        for (span, matches) in query.concatenations.iter() {
            let weight = query.tokens[span.range()].iter().map(|t| t.weight).sum();
            matches.iter().for_each(|m| self.pair_table.insert(span, weight, m));
        }
        self.max_omission_cost =
            if min_score > 0.0 { max_omission_cost(self.total_gain, min_score) } else { u32::MAX };
    }

    /// The most that a token can change the bound by: its gain, and its omission cost if it is not paired.
    pub(super) fn upper_bound(&self, token: usize, tokens: &[AlignToken], min_score: f32) -> f32 {
        self.token_gains[token] + min_score * tokens[token].omission()
    }

    /// Whether a name that reaches the minimal score can be aligned by a match of this token.
    pub(super) fn can_pair(&self, token: usize, m: &TokenMatch, min_score: f32) -> bool {
        self.total_gain - self.token_gains[token] + m.pair_gain(min_score) >= -SCORE_EPSILON
    }
}

/// What a token of the query adds at most without a match of its own: by the loss of its omission, by an initial, by the
/// end of a truncated name, or within a concatenation.
fn unenumerated_gain(query: &ExpandedQuery<'_>, i: usize, min_score: f32) -> f32 {
    let token = &query.tokens[i];
    let mut gain = -min_score * token.omission();
    if token.tag == Tag::Initial || query.is_truncated_end(i) {
        gain = gain.max(exact_match_gain(token, min_score));
    } else {
        gain = gain.max(pair_gain(min_score, INITIAL, token.weight.min(MAX_INITIAL_WEIGHT), true));
    }
    // A concatenation matches its tokens at once, each with its own weight at most.
    if query.concatenations.iter().any(|(span, _)| span.range().contains(&i)) {
        gain = gain.max(exact_match_gain(token, min_score));
    }
    gain
}
