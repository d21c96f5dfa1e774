//! Pruning: which candidates are looked at, as far as posting lists and the summary of each name can decide.
//!
//! The posting lists of tokens that are not essential are scanned first, the cheapest first, and mark the candidates
//! that a second token of the query matches. A candidate without such a mark was brought by a single listed token: the
//! query lacks everything but that pair, and the name lacks everything but that token, of which its [`NameSpan`] holds
//! the sum. Both are known without a look at the name's tokens. Tokens that are not worth scanning count as if they
//! matched.
//!
//! [`NameSpan`]: crate::index::NameSpan

use super::ExpandedQuery;
use super::bounds::{SCORE_EPSILON, max_omission_cost};
use super::candidates::{Candidates, Mark, PostingRun, for_each_posting_list, sort_by_cost};
use super::pair_plan::PairPlan;
use crate::index::MAX_OMISSION_COST;
use crate::score::align::TokenSet;
use crate::util::prefetch::{PREFETCH_BATCH, prefetch_all};

/// Postings that can be scanned in the time of a look at one candidate.
const SCAN_COST_RATIO: usize = 24;

/// What is known of a candidate that no second token matches.
struct SingleMatchBound {
    /// The tokens whose postings are known: the essential ones, and those that were scanned.
    scanned: TokenSet,
    /// The most that all other tokens add, and the most that they cover of a listed name's omission cost.
    unscanned_gain: f32,
    unscanned_cover: u32,
    /// What the query loses if none of the scanned tokens is paired.
    omission: f32,
}

impl Candidates {
    /// Leaves in `survivors` the candidates that can reach the minimal score.
    pub(super) fn prune(&mut self, query: &ExpandedQuery<'_>, plan: &PairPlan, essential: TokenSet) {
        let scanned = self.scan(query, plan, essential);
        let bound = SingleMatchBound::new(query, plan, scanned);
        self.survivors.clear();
        let mut start = 0;
        for at in 0..self.runs.len() {
            let run = self.runs[at];
            self.prune_run(query, &bound, &run, start..run.end);
            start = run.end;
        }
    }

    /// Scans posting lists of tokens that are not essential, and marks the candidates in them. Returns the tokens whose
    /// postings are known then, the essential ones included.
    fn scan(&mut self, query: &ExpandedQuery<'_>, plan: &PairPlan, essential: TokenSet) -> TokenSet {
        let (tokens, min_score) = (query.tokens, query.min_score);
        let all = TokenSet::first(tokens.len());
        let mut scanned: TokenSet = (all & essential).iter().filter(|&i| !query.is_wildcard(i)).collect();
        self.order.clear();
        self.order.extend(all.without(essential).iter().filter(|&i| !query.is_wildcard(i)));
        sort_by_cost(&mut self.order, query, plan);
        let upper_bound = |i: usize| plan.upper_bound(i, tokens, min_score);
        // What a name gains at most by one of the essential terms and the tokens not scanned.
        let bounds = scanned.iter().map(upper_bound);
        let mut max_gain_alone = plan.total_gain - bounds.clone().sum::<f32>() + bounds.fold(0.0, f32::max);
        let interior = query.interior();
        let mut to_scan = 0;
        for at in 0..self.order.len() {
            let i = self.order[at];
            // Scanning more rules out no more than the candidates without a second match, and these are out already.
            if max_gain_alone < -SCORE_EPSILON && (!query.truncated || (scanned & interior).len() > 1) {
                break;
            }
            max_gain_alone -= upper_bound(i);
            to_scan += plan.posting_counts[i] as usize;
            if to_scan > SCAN_COST_RATIO * self.names.len() {
                break;
            }
            scanned.insert(i);
            let matches = &query.token_cache.matches(i).all;
            for_each_posting_list(
                matches,
                query.view,
                |m| plan.can_pair(i, m, min_score),
                |_, postings| {
                    self.bits.mark_candidates(postings, Mark::MatchedTwice);
                },
            );
        }
        // Concatenations with an essential term brought all their names.
        let others = query.concatenations.iter().filter(|(span, _)| !essential.intersects(span.tokens()));
        for matches in others.map(|(_, matches)| matches).chain([&plan.listed_concatenations[..]]) {
            for_each_posting_list(
                matches,
                query.view,
                |_| true,
                |_, postings| {
                    self.bits.mark_candidates(postings, Mark::MatchedTwice);
                },
            );
        }
        scanned
    }

    /// Adds the candidates of a run that can reach the minimal score to the survivors.
    fn prune_run(
        &mut self,
        query: &ExpandedQuery<'_>,
        bound: &SingleMatchBound,
        run: &PostingRun,
        names: std::ops::Range<usize>,
    ) {
        let (bits, names) = (&self.bits, &self.names[names]);
        let scanned_interior = bound.scanned & query.interior();
        // What stands behind the end of a truncated name is forgiven if all its tokens from the second on are paired.
        let may_be_forgiven = query.truncated && scanned_interior.without(run.query_tokens).is_empty();
        if run.query_tokens.is_empty() || may_be_forgiven {
            self.survivors.extend_from_slice(names);
            return;
        }
        let is_matched_twice = |name: u32| bits.is_marked(name, Mark::MatchedTwice);
        let gain = bound.gain(query, run);
        if gain < -SCORE_EPSILON {
            self.survivors.extend(names.iter().filter(|name| is_matched_twice(**name)));
            return;
        }
        let max_cost =
            bound.unscanned_cover + u32::from(run.omission_cost) + max_omission_cost(gain, query.min_score);
        let omission_cost = |name: &u32| u32::from(query.view.spans[*name as usize].omission_cost);
        for batch in names.chunks(PREFETCH_BATCH) {
            prefetch_all(batch, omission_cost);
            let can_reach = |name: &&u32| is_matched_twice(**name) || omission_cost(name) <= max_cost;
            self.survivors.extend(batch.iter().filter(can_reach));
        }
    }
}

impl SingleMatchBound {
    fn new(query: &ExpandedQuery<'_>, plan: &PairPlan, scanned: TokenSet) -> SingleMatchBound {
        let (mut unscanned_gain, mut unscanned_cover) = (0.0, 0);
        let max_cover = |i: usize| {
            query.token_cache.matches(i).all.iter().map(|m| u32::from(m.omission_cost)).max().unwrap_or(0)
        };
        for i in (0..query.tokens.len()).filter(|i| !scanned.contains(*i)) {
            unscanned_gain += plan.token_gains[i];
            unscanned_cover += if query.is_wildcard(i) { MAX_OMISSION_COST } else { max_cover(i) };
        }
        let omission = omission(query, scanned);
        SingleMatchBound { scanned, unscanned_gain, unscanned_cover, omission }
    }

    /// The most that a name gains which a run brought and no second token matches.
    fn gain(&self, query: &ExpandedQuery<'_>, run: &PostingRun) -> f32 {
        let lost = query.min_score * omission(query, self.scanned & run.query_tokens);
        self.unscanned_gain + run.gain.max(-lost) - (query.min_score * self.omission - lost)
    }
}

/// The omission cost of these tokens of the query.
fn omission(query: &ExpandedQuery<'_>, tokens: TokenSet) -> f32 {
    tokens.iter().map(|i| query.tokens[i].omission()).sum()
}
