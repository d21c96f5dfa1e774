//! Candidate generation: which listed names are looked at.
//!
//! As in MaxScore (Turtle and Flood, "Query evaluation: strategies and optimizations", 1995), the query's tokens are
//! divided: every name that reaches the minimal score matches one of the *essential terms*, so that only names in their
//! posting lists are candidates. The posting lists of the other tokens are read only to [rule candidates
//! out](super::prune).

use super::ExpandedQuery;
use super::bounds::{bound_reaches, postings_per_gain};
use super::pair_plan::PairPlan;
use super::token_match::{TokenMatch, prefetch_posting_lists};
use crate::index::{IndexView, Posting, letter_mask};
use crate::score::align::TokenSet;
use crate::util::prefetch::PREFETCH_BATCH;

/// Three bits for each listed name: whether it is a candidate, and two marks. The bits of one name lie in one word, so
/// that it is fetched once: names that share a token lie anywhere in a long list.
#[derive(Debug, Default)]
pub(super) struct CandidateBits(Vec<u64>);

/// Names in a word.
const NAMES_PER_WORD: u32 = 16;

/// What may be known of a candidate: where in a word its bits are.
#[derive(Clone, Copy, Debug)]
#[repr(u32)]
pub(super) enum Mark {
    /// A second token of the query may match it.
    MatchedTwice = NAMES_PER_WORD,
    /// One of its concatenations matches.
    HasConcatenation = 2 * NAMES_PER_WORD,
}

impl CandidateBits {
    /// Clears the bits of these candidates, and makes room for an index with so many names.
    fn reset(&mut self, names: usize, candidates: &[u32]) {
        for name in candidates {
            self.0[(name / NAMES_PER_WORD) as usize] = 0;
        }
        self.0.resize(names.div_ceil(NAMES_PER_WORD as usize), 0);
    }

    pub(super) fn is_marked(&self, name: u32, mark: Mark) -> bool {
        self.0[(name / NAMES_PER_WORD) as usize] >> (name % NAMES_PER_WORD + mark as u32) & 1 == 1
    }

    /// Makes a name a candidate, or, if it is one, marks it as matched twice; also if `matched_twice` says so. Returns
    /// whether it was one.
    fn add(&mut self, name: u32, matched_twice: bool) -> bool {
        let word = &mut self.0[(name / NAMES_PER_WORD) as usize];
        let seen = *word >> (name % NAMES_PER_WORD) & 1;
        let bits = 1 | (seen | u64::from(matched_twice)) << Mark::MatchedTwice as u32;
        *word |= bits << (name % NAMES_PER_WORD);
        seen == 1
    }

    /// Marks the names of these postings that are candidates.
    pub(super) fn mark_candidates(&mut self, postings: &[Posting], mark: Mark) {
        let words = &mut self.0[..];
        for name in postings.iter().map(|p| p.name()) {
            let Some(word) = words.get_mut((name / NAMES_PER_WORD) as usize) else { continue };
            // Few are, and a word that is not written need not be fetched exclusively.
            if *word >> (name % NAMES_PER_WORD) & 1 == 1 {
                *word |= 1 << (name % NAMES_PER_WORD + mark as u32);
            }
        }
    }
}

/// Candidates from one posting list.
#[derive(Clone, Copy, Debug)]
pub(super) struct PostingRun {
    /// The tokens of the query that the listed token matches; none for names that initials brought, of which nothing is
    /// known.
    pub(super) query_tokens: TokenSet,
    /// The most that the pair adds.
    pub(super) gain: f32,
    /// The omission cost of the listed token.
    pub(super) omission_cost: u16,
    /// Where the run ends among the candidates.
    pub(super) end: usize,
}

/// The candidates of one query. Keeps its buffers between queries.
#[derive(Debug, Default)]
pub(crate) struct Candidates {
    pub(super) bits: CandidateBits,
    /// All candidates, run by run.
    pub(super) names: Vec<u32>,
    pub(super) runs: Vec<PostingRun>,
    /// The candidates that pruning leaves.
    pub(super) survivors: Vec<u32>,
    /// Tokens in the order in which they are considered.
    pub(super) order: Vec<usize>,
}

/// The tokens of the query of which every name that reaches the minimal score matches one.
///
/// A name aligned by the other tokens alone gains at most what they gain, and loses at least the omission of the
/// essential ones. Tokens become essential, the cheapest first, until that cannot reach the score.
pub(super) fn essential_terms(
    query: &ExpandedQuery<'_>,
    plan: &PairPlan,
    order: &mut Vec<usize>,
) -> TokenSet {
    let (tokens, min_score) = (query.tokens, query.min_score);
    order.clear();
    order.extend((0..tokens.len()).filter(|&i| !query.is_wildcard(i)));
    sort_by_cost(order, query, plan);
    let mut gain = plan.total_gain;
    let mut matched_weight: f32 = tokens.iter().map(|token| token.weight).sum();
    let mut omission = 0.0;
    let mut essential = TokenSet::EMPTY;
    for &i in order.iter() {
        if !bound_reaches(min_score, gain, matched_weight, omission) {
            return essential;
        }
        essential.insert(i);
        gain -= plan.token_gains[i];
        matched_weight -= tokens[i].weight;
        omission += tokens[i].omission();
    }
    // Whatever has a score has a pair that the index enumerates: all tokens together miss nothing.
    if bound_reaches(min_score, gain, matched_weight, omission) { TokenSet::ALL } else { essential }
}

/// Sorts tokens by what their posting lists cost for what they gain, the cheapest first.
pub(super) fn sort_by_cost(order: &mut [usize], query: &ExpandedQuery<'_>, plan: &PairPlan) {
    let cost = |i: usize| {
        postings_per_gain(plan.posting_counts[i], plan.upper_bound(i, query.tokens, query.min_score))
    };
    order.sort_unstable_by(|&a, &b| cost(a).total_cmp(&cost(b)).then(a.cmp(&b)));
}

impl Candidates {
    /// Forgets the candidates of the query before, and makes room for an index with so many names.
    pub(in crate::screen) fn reset(&mut self, names: usize) {
        self.bits.reset(names, &self.names);
        self.names.clear();
    }

    /// Collects the names that match an essential term.
    ///
    /// An initial in a listed name may stand for an essential term too. Names with initials are therefore candidates
    /// for all tokens that match; their postings come first in every list.
    pub(super) fn generate(&mut self, query: &ExpandedQuery<'_>, plan: &PairPlan, essential: TokenSet) {
        let min_score = query.min_score;
        let firsts = query.tokens.iter().enumerate().filter(|(i, _)| essential.contains(*i));
        let essential_letters = firsts.fold(0, |all, (_, token)| all | letter_mask(token.first));
        self.runs.clear();
        for i in 0..query.tokens.len() {
            let matches = query.token_cache.matches(i);
            if essential.contains(i) {
                let can_pair = |m: &TokenMatch| plan.can_pair(i, m, min_score);
                for_each_posting_list(&matches.all, query.view, can_pair, |m, postings| {
                    self.add_run(TokenSet::single(i), m, query, postings);
                });
                continue;
            }
            for token in matches.with_initials.iter().filter(|token| plan.pair_table.contains(**token)) {
                self.add_with_initials(query.view.postings(*token), essential_letters, query);
            }
            self.end_unbounded_run();
        }
        for (span, matches) in query.concatenations.iter() {
            for m in matches {
                let postings = m.postings(query.view);
                if essential.intersects(span.tokens()) {
                    self.add_run(span.tokens(), m, query, postings);
                } else {
                    self.add_with_initials(postings, essential_letters, query);
                    self.end_unbounded_run();
                }
            }
        }
        // Concatenations pair tokens that look unpaired: most bounds do not apply to their names.
        let listed = &plan.listed_concatenations;
        for_each_posting_list(
            listed,
            query.view,
            |_| true,
            |_, postings| {
                self.bits.mark_candidates(postings, Mark::HasConcatenation);
            },
        );
    }

    /// Adds the names in the posting list of a match of these tokens of the query.
    fn add_run(
        &mut self,
        query_tokens: TokenSet,
        m: &TokenMatch,
        query: &ExpandedQuery<'_>,
        postings: &[Posting],
    ) {
        let start = self.names.len();
        postings.iter().for_each(|posting| self.add(*posting, query));
        let end = self.names.len();
        if start < end {
            let gain = m.pair_gain(query.min_score);
            self.runs.push(PostingRun { query_tokens, gain, omission_cost: m.omission_cost, end });
        }
    }

    /// Adds the names of a posting list that have an initial which may stand for an essential term.
    fn add_with_initials(&mut self, postings: &[Posting], essential_letters: u32, query: &ExpandedQuery<'_>) {
        let with_initials = postings.iter().take_while(|p| p.has_initial());
        with_initials.filter(|p| p.may_match_initial(essential_letters)).for_each(|p| self.add(*p, query));
    }

    /// Ends a run of candidates of which no more is known than that they are candidates.
    fn end_unbounded_run(&mut self) {
        let end = self.names.len();
        self.runs.push(PostingRun { query_tokens: TokenSet::EMPTY, gain: 0.0, omission_cost: 0, end });
    }

    fn add(&mut self, posting: Posting, query: &ExpandedQuery<'_>) {
        let name = posting.name();
        // An initial of the name may be paired with a token of the query.
        let matched_twice = posting.has_initial() && posting.may_match_initial(query.first_letters);
        if !self.bits.add(name, matched_twice) {
            self.names.push(name);
        }
    }
}

/// Calls `each` with every match that is `wanted` and its posting list.
pub(super) fn for_each_posting_list<'a>(
    matches: &[TokenMatch],
    view: &IndexView<'a>,
    wanted: impl Fn(&TokenMatch) -> bool,
    mut each: impl FnMut(&TokenMatch, &'a [Posting]),
) {
    for batch in matches.chunks(PREFETCH_BATCH) {
        prefetch_posting_lists(batch, view);
        batch.iter().filter(|m| wanted(m)).for_each(|m| each(m, m.postings(view)));
    }
}
