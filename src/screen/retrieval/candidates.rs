//! Candidates: which tokens of a query bring names to look at, and which of these names are looked at.

use super::bounds::{SCORE_EPSILON, bound_reaches, postings_per_gain, to_omission_units};
use super::expand::span_mask;
use super::match_cache::{PREFETCH_BATCH, TokenMatch, prefetch_all, prefetch_postings};
use super::{QueryContext, Scratch};
use crate::index::{IndexView, MAX_OMISSION_COST, Posting};
use crate::name::Tag;
use crate::screen::Screener;

/// Postings that are walked in the time of a look at a candidate.
const SCAN_COST_RATIO: usize = 24;

/// What is known of each listed name while a query is answered: one bit for a candidate, and one for each of the
/// following. All of one name stands in one word, so that it is fetched once: names that share a token lie anywhere in
/// a long list.
#[derive(Debug, Default)]
pub(crate) struct CandidateBits(Vec<u64>);

/// Names that a word tells of.
const NAMES_PER_WORD: u32 = 16;
/// It may have a second related token.
pub(crate) const MATCHED_TWICE: u32 = NAMES_PER_WORD;
/// It has a related join.
pub(crate) const HAS_CONCATENATION: u32 = 2 * NAMES_PER_WORD;

impl CandidateBits {
    /// Forgets what is known of these names, and has room for an index with so many.
    pub(crate) fn reset(&mut self, names: usize, candidates: &[u32]) {
        for name in candidates {
            self.0[(name / NAMES_PER_WORD) as usize] = 0;
        }
        self.0.resize(names.div_ceil(NAMES_PER_WORD as usize), 0);
    }

    pub(crate) fn contains(&self, name: u32, mark: u32) -> bool {
        self.0[(name / NAMES_PER_WORD) as usize] >> (name % NAMES_PER_WORD + mark) & 1 == 1
    }

    /// Makes a name a candidate, or, if it is one, marks it as having a second related token; also if `matched_twice` tells.
    /// Whether it was one.
    pub(crate) fn add(&mut self, name: u32, matched_twice: bool) -> bool {
        let word = &mut self.0[(name / NAMES_PER_WORD) as usize];
        let seen = *word >> (name % NAMES_PER_WORD) & 1;
        *word |= (1 | (seen | u64::from(matched_twice)) << MATCHED_TWICE) << (name % NAMES_PER_WORD);
        seen == 1
    }

    /// Marks the names of these postings that are candidates.
    pub(crate) fn mark_candidates(&mut self, postings: &[Posting], mark: u32) {
        let words = &mut self.0[..];
        for name in postings.iter().map(|p| p.name()) {
            let Some(word) = words.get_mut((name / NAMES_PER_WORD) as usize) else { continue };
            let own = *word >> (name % NAMES_PER_WORD);
            // Few are, and what is not written need not be fetched.
            if own & 1 == 1 {
                *word |= 1 << (name % NAMES_PER_WORD + mark);
            }
        }
    }
}

/// Names that one listed token brought.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PostingRun {
    /// The tokens of the query that it is related to, one bit each; none for names that initials brought, of which
    /// nothing is known.
    pub(crate) query_mask: u64,
    /// What the pair adds at most.
    pub(crate) gain: f32,
    /// What the omission of the listed token counts.
    pub(crate) omission_cost: u16,
    /// Where they end among the candidates.
    pub(crate) end: usize,
}

impl Screener {
    /// The tokens of the query, one bit each, of which every name that reaches `min_score` has a related one.
    ///
    /// Let O be these tokens and R the others. A name aligned by R alone gains at most the worth of R, and
    /// loses at least the omission of O.
    pub(crate) fn essential(&self, min_score: f32, s: &mut Scratch) -> u64 {
        let q = &s.aligner.query;
        let cut_end = |i: usize| s.aligner.options.cut && i + 1 == q.len();
        s.order.clear();
        s.order.extend((0..q.len()).filter(|&i| q[i].tag != Tag::Initial && !cut_end(i)));
        // The cheapest first.
        let postings_per_gain =
            |i: usize| postings_per_gain(s.posting_counts[i], s.token_gains[i] + min_score * q[i].omission());
        s.order
            .sort_unstable_by(|&a, &b| postings_per_gain(a).total_cmp(&postings_per_gain(b)).then(a.cmp(&b)));
        let mut rest: f32 = s.token_gains.iter().sum();
        let mut matched_weight: f32 = q.iter().map(|slot| slot.weight).sum();
        let mut omission_total = 0.0;
        let mut essential = 0u64;
        let bound_reaches = |rest, matched_weight, omission_total| {
            bound_reaches(min_score, rest, matched_weight, omission_total)
        };
        for &i in &s.order {
            if !bound_reaches(rest, matched_weight, omission_total) {
                return essential;
            }
            essential |= 1 << i;
            rest -= s.token_gains[i];
            matched_weight -= q[i].weight;
            omission_total += q[i].omission();
        }
        // Whatever scores has a pair that the index enumerates: all tokens together miss nothing.
        if bound_reaches(rest, matched_weight, omission_total) { u64::MAX } else { essential }
    }

    /// Keeps the candidates that can reach `min_score`, as far as their spans alone tell.
    ///
    /// Postings of the other tokens are walked first, and mark the candidates that have a second related token.
    /// A name that has none misses all the query's tokens but the one that brought it, and the query all of the
    /// name's, of which its span has the sum. What is not worth walking counts as related.
    pub(crate) fn prune_candidates(&self, context: &QueryContext<'_>, essential: u64, s: &mut Scratch) {
        let &QueryContext { view, expansion, min_score, .. } = context;
        let q = &s.aligner.query;
        let (cut, last) = (s.aligner.options.cut, q.len() - 1);
        let is_wildcard = |i: usize| q[i].tag == Tag::Initial || (cut && i == last);
        s.order.clear();
        s.order.extend((0..q.len()).filter(|&i| essential >> i & 1 == 0 && !is_wildcard(i)));
        // The cheapest first, as openers are chosen.
        let upper_bound = |i: usize| s.token_gains[i] + min_score * q[i].omission();
        let postings_per_gain = |i: usize| postings_per_gain(s.posting_counts[i], upper_bound(i));
        s.order
            .sort_unstable_by(|&a, &b| postings_per_gain(a).total_cmp(&postings_per_gain(b)).then(a.cmp(&b)));
        let mut scanned = (0..q.len())
            .filter(|&i| essential >> i & 1 == 1 && !is_wildcard(i))
            .fold(0, |all, i| all | 1 << i);
        let is_scanned = |scanned: u64, i: usize| scanned >> i & 1 == 1;
        let (mut to_scan, interior) = (0, ((1u64 << last) - 1) & !1);
        let total: f32 = s.token_gains.iter().sum();
        // What a name gains at most by one of the openers and the tokens not walked.
        let essential_bounds = (0..q.len()).filter(|&i| is_scanned(scanned, i)).map(upper_bound);
        let mut most_alone =
            total - essential_bounds.clone().sum::<f32>() + essential_bounds.fold(0.0, f32::max);
        for &i in &s.order {
            // No more than rules out what has no second related token.
            if most_alone < -SCORE_EPSILON && (!cut || (scanned & interior).count_ones() > 1) {
                break;
            }
            most_alone -= upper_bound(i);
            to_scan += s.posting_counts[i] as usize;
            if to_scan > SCAN_COST_RATIO * s.candidates.len() {
                break;
            }
            scanned |= 1u64 << i;
            let others = total - s.token_gains[i];
            let can_pair = |n: &TokenMatch| others + n.pair_gain(min_score) >= -SCORE_EPSILON;
            for_each_posting_list(&expansion.token_cache.matches(i).all, view, can_pair, |_, names| {
                s.candidate_bits.mark_candidates(names, MATCHED_TWICE)
            });
        }
        // Joins that have an opener brought all their names.
        let rest =
            expansion.concatenation_matches.iter().filter(|(span, _)| essential & span_mask(*span) == 0);
        for concatenation in rest.map(|(_, found)| found).chain([&s.concatenation_matches]) {
            for_each_posting_list(
                concatenation,
                view,
                |_| true,
                |_, names| s.candidate_bits.mark_candidates(names, MATCHED_TWICE),
            );
        }
        // What tokens that count as related add at most and cover at most of a listed name; what the others lose.
        let (mut rest, mut covered) = (0.0, 0);
        let max_omission_cost = |i: usize| {
            expansion.token_cache.matches(i).all.iter().map(|n| u32::from(n.omission_cost)).max().unwrap_or(0)
        };
        for i in (0..q.len()).filter(|i| !is_scanned(scanned, *i)) {
            rest += s.token_gains[i];
            covered += if is_wildcard(i) { MAX_OMISSION_COST } else { max_omission_cost(i) };
        }
        let omission = |tokens: u64| -> f32 {
            let some = q.iter().enumerate().filter(|(i, _)| tokens >> i & 1 == 1);
            some.map(|(_, slot)| slot.omission()).sum()
        };
        let omission_total = omission(scanned);
        let is_matched_twice = |name: u32| s.candidate_bits.contains(name, MATCHED_TWICE);
        let omission_cost = |name: &u32| u32::from(view.spans[*name as usize].omission_cost);
        s.survivors.clear();
        let mut from = 0;
        for &PostingRun { query_mask, gain, omission_cost: own, end } in &s.posting_runs {
            let posting_runs = &s.candidates[from..end];
            from = end;
            // What stands behind the end of a cut name is forgiven if all its tokens from the second on are paired.
            if query_mask == 0 || (cut && scanned & interior & !query_mask == 0) {
                s.survivors.extend_from_slice(posting_runs);
                continue;
            }
            let lost = min_score * omission(scanned & query_mask);
            let most = rest + gain.max(-lost) - (min_score * omission_total - lost);
            if most < -SCORE_EPSILON {
                s.survivors.extend(posting_runs.iter().filter(|name| is_matched_twice(**name)));
                continue;
            }
            let in_all = covered + u32::from(own) + to_omission_units(most, min_score);
            for some in posting_runs.chunks(PREFETCH_BATCH) {
                prefetch_all(some, omission_cost);
                s.survivors.extend(
                    some.iter().filter(|name| is_matched_twice(**name) || omission_cost(name) <= in_all),
                );
            }
        }
    }
}

/// Calls `each` with every neighbour that `wanted` tells and its names.
pub(crate) fn for_each_posting_list<'a>(
    all: &[TokenMatch],
    view: &IndexView<'a>,
    wanted: impl Fn(&TokenMatch) -> bool,
    mut each: impl FnMut(&TokenMatch, &'a [Posting]),
) {
    for some in all.chunks(PREFETCH_BATCH) {
        prefetch_postings(some, view);
        some.iter().filter(|n| wanted(n)).for_each(|n| each(n, n.postings(view)));
    }
}
