//! Upper bounds of scores: which names cannot reach a score, whatever their alignment is.
//!
//! A score is M / (M + L), with M what matched and L what was lost ([`crate::score::align`]). It reaches t only if
//!
//! ```text
//! (1 − t) · M − t · L ≥ 0
//! ```
//!
//! This sum is a sum over tokens and pairs, so that bounds of its parts add up. *Gain* is what a part adds to it at
//! most.

use super::ExpandedQuery;
use super::pair_plan::PairPlan;
use super::pair_table::PairTable;
use super::token_match::TokenMatch;
use crate::index::{IndexView, ListedToken, NameSpan, OMISSION_UNIT, letter_mask};
use crate::name::weights::max_weight;
use crate::name::{MAX_TOKENS, Tag};
use crate::score::align::{
    AlignToken, CONTRADICTION, CUT_OMISSION, INITIAL, MISMATCH_COST, NEAR_RELIEF, OMISSION, PREFIX, TokenSet,
    scarcity,
};

/// By how much bounds give way. Scores are compared after rounding to five decimals, which lifts them by half of 1e-5
/// at most; sums of floats in another order differ by less.
pub(super) const SCORE_EPSILON: f32 = 2e-5;
/// The greatest weight of an initial, and so of a pair with one.
pub(super) const MAX_INITIAL_WEIGHT: f32 = max_weight(Tag::Initial) as f32 / 100.0;

/// What a pair adds to (1 − t) · M − t · L; of a pair that may weigh less than `weight`, the most it adds.
pub(super) fn pair_gain(min_score: f32, similarity: f32, weight: f32, is_max_weight: bool) -> f32 {
    let unit = (1.0 - min_score) * 2.0 * similarity - min_score * 2.0 * MISMATCH_COST * (1.0 - similarity);
    if is_max_weight { weight * unit.max(0.0) } else { weight * unit }
}

/// What a token adds that is paired with its equal.
pub(super) fn exact_match_gain(token: &AlignToken, min_score: f32) -> f32 {
    (1.0 - min_score) * 2.0 * token.weight
}

/// Whether tokens that gain `gain` and weigh `matched_weight` can reach `min_score` where `omission` is lost beside them.
pub(super) fn bound_reaches(min_score: f32, gain: f32, matched_weight: f32, omission: f32) -> bool {
    // Scarcity makes a loss greater: most that do not reach the score do not without it.
    let lost = min_score * omission;
    gain - lost >= -SCORE_EPSILON && gain - lost * scarcity(matched_weight) >= -SCORE_EPSILON
}

/// The greatest omission cost that a listed name can have if its pairs gain `gain`, in the units of
/// [`ListedToken::omission_cost`].
pub(super) fn max_omission_cost(gain: f32, min_score: f32) -> u32 {
    ((gain.max(0.0) + SCORE_EPSILON) / (min_score * OMISSION) * OMISSION_UNIT) as u32 + 1
}

/// Posting lists to scan for each unit of the bound: what a token's posting lists cost against what scanning them rules
/// out.
pub(super) fn postings_per_gain(postings: u32, upper_bound: f32) -> f32 {
    (postings as f32 + 1.0) / (upper_bound + 1e-6)
}

/// A query as the bound of one name sees it.
#[derive(Clone, Copy)]
pub(super) struct NameBound<'a> {
    pub(super) view: &'a IndexView<'a>,
    pub(super) min_score: f32,
    /// The query's tokens, and whether the query may be truncated.
    pub(super) tokens: &'a [AlignToken],
    pub(super) truncated: bool,
    pub(super) pair_table: &'a PairTable,
    /// The most that the tokens of a listed name which match nothing may cost.
    pub(super) max_omission_cost: u32,
    /// Whether a concatenation of the query matches anything: it shifts the places of tokens.
    pub(super) has_concatenations: bool,
    /// First letters of the query's initials, and of its other tokens.
    pub(super) initial_letters: u32,
    pub(super) first_letters: u32,
}

/// What the first pass over a listed name finds.
struct Surplus {
    /// Listed tokens that match a query token, or that an initial may be paired with.
    paired: TokenSet,
    /// Those of them that are paired with an initial or are one.
    initials: TokenSet,
    /// Where the matches of each listed token begin in the pair table; 0 for none.
    first_entry: [u32; MAX_TOKENS],
    /// Omission cost of the other tokens, less that of the one which the truncated end of the query may begin.
    omission: u32,
    /// Whether the end of a truncated query may begin one of the tokens.
    may_be_prefix: bool,
    /// Whether what stands behind the end of a truncated query may be forgiven.
    forgivable: bool,
}

impl NameBound<'_> {
    /// Whether a listed name can reach the minimal score, by a bound that looks at each of its tokens once or twice.
    ///
    /// Each listed token adds at most its best pair. Tokens on either side that have no pair lose their omission for
    /// certain, and contradict each other. Two kinds of names escape: those with a concatenation that matches, since
    /// what it pairs looks unpaired here, and those that a truncated query may extend.
    #[inline(never)]
    pub(super) fn can_reach(&self, span: &NameSpan, has_concatenation: bool) -> bool {
        if self.min_score <= 0.0 || has_concatenation {
            return true;
        }
        let listed = self.view.listed_tokens(span);
        self.surplus(listed).is_some_and(|surplus| self.gain_covers_loss(listed, &surplus))
    }

    /// First letter of the end of a truncated query; 0 if the query is whole.
    fn truncated_first(&self) -> u8 {
        if self.truncated { self.tokens[self.tokens.len() - 1].first } else { 0 }
    }

    /// Sums up what the listed name has beyond the query; `None` if that alone rules it out, as it does for most names.
    #[inline(always)]
    fn surplus(&self, listed: &[ListedToken]) -> Option<Surplus> {
        let (last, end) = (self.tokens.len() - 1, self.truncated_first());
        // What stands behind the end of a truncated query is forgiven only if the tokens before it, all but the first,
        // are paired in their places. Concatenations of the query shift places.
        let in_place = !self.has_concatenations;
        let mut forgivable = self.truncated;
        let mut may_be_prefix = false;
        let (mut omission, mut prefix_omission) = (0u32, 0u32);
        let (mut paired, mut initials) = (TokenSet::EMPTY, TokenSet::EMPTY);
        let mut first_entry = [0u32; MAX_TOKENS];
        for (j, token) in listed.iter().enumerate() {
            let may_end = end != 0 && token.first() == end;
            may_be_prefix |= may_end;
            let is_initial = token.is_initial();
            let entry = self.pair_table.first_entry(token.token);
            first_entry[j] = entry;
            if (is_initial || self.initial_letters != 0)
                && letter_mask(token.first())
                    & if is_initial { self.first_letters } else { self.initial_letters }
                    != 0
            {
                initials.insert(j);
            } else if entry == 0 {
                omission += token.omission_cost();
                if may_end {
                    prefix_omission = prefix_omission.max(token.omission_cost());
                }
                forgivable &= !in_place || j == 0 || j > last || (j == last && may_end);
                if !forgivable && omission - prefix_omission > self.max_omission_cost {
                    return None;
                }
                continue;
            }
            paired.insert(j);
        }
        let omission = omission - prefix_omission;
        Some(Surplus { paired, initials, first_entry, omission, may_be_prefix, forgivable })
    }

    /// Whether the best pairs of a listed name gain what its and the query's other tokens lose.
    #[inline(always)]
    fn gain_covers_loss(&self, listed: &[ListedToken], surplus: &Surplus) -> bool {
        let (min_score, last, end) = (self.min_score, self.tokens.len() - 1, self.truncated_first());
        let (mut gain, mut matched_weight) = (0.0f32, 0.0f32);
        let (mut listed_contradiction, mut prefix_contradiction) = (0.0f32, 0.0f32);
        let mut covered = TokenSet::EMPTY;
        // First letters that the initials of the listed name may stand for.
        let mut listed_initials = 0u32;
        for (j, token) in listed.iter().enumerate() {
            let aligned = token.align_token();
            if !surplus.paired.contains(j) {
                listed_contradiction += aligned.least_contradiction_weight();
                if end != 0 && aligned.first == end {
                    prefix_contradiction = prefix_contradiction.max(aligned.least_contradiction_weight());
                }
                continue;
            }
            if surplus.initials.contains(j) {
                let is_initial = token.is_initial();
                let weight = if is_initial { aligned.weight } else { aligned.weight.min(MAX_INITIAL_WEIGHT) };
                listed_initials |= if is_initial { letter_mask(aligned.first) } else { 0 };
                gain += (1.0 - min_score) * 2.0 * INITIAL * weight;
                matched_weight += weight;
            }
            let (mut best, mut max_weight) = (0.0f32, 0.0f32);
            for entry in self.pair_table.entries_from(surplus.first_entry[j], token.token) {
                let weight = aligned.weight.min(entry.weight);
                let lost = 2.0 * MISMATCH_COST * (1.0 - entry.similarity) * weight;
                best = best.max((1.0 - min_score) * 2.0 * entry.similarity * weight - min_score * lost);
                max_weight = max_weight.max(weight);
                covered |= entry.query_span.tokens();
            }
            gain += best;
            matched_weight += max_weight;
        }
        if surplus.may_be_prefix {
            gain += (1.0 - min_score) * 2.0 * PREFIX * self.tokens[last].weight;
            matched_weight += self.tokens[last].weight;
        }
        let (mut query_omission, mut query_contradiction) = (0.0f32, 0.0f32);
        for (i, token) in self.tokens.iter().enumerate() {
            let is_wildcard = token.tag == Tag::Initial
                || listed_initials & letter_mask(token.first) != 0
                || (surplus.may_be_prefix && i == last);
            if !covered.contains(i) && !is_wildcard {
                query_omission += token.omission();
                query_contradiction += token.least_contradiction_weight();
            }
        }
        let forgiven = if surplus.forgivable { CUT_OMISSION } else { 1.0 };
        let listed_omission = forgiven * OMISSION * surplus.omission as f32 / OMISSION_UNIT;
        let facing = forgiven * (listed_contradiction - prefix_contradiction);
        let contradiction = CONTRADICTION * (1.0 - NEAR_RELIEF) * facing.min(query_contradiction);
        let lost = (query_omission + listed_omission + contradiction) * scarcity(matched_weight);
        gain - min_score * lost >= -SCORE_EPSILON
    }
}

/// Upper bound of what a pair of any of these matches adds, at least `floor`.
pub(super) fn max_pair_gain(matches: &[TokenMatch], min_score: f32, floor: f32) -> f32 {
    matches.iter().map(|m| m.pair_gain(min_score)).fold(floor, f32::max)
}

impl<'a> NameBound<'a> {
    /// The bound for the names of one query.
    pub(super) fn new(query: &ExpandedQuery<'a>, plan: &'a PairPlan) -> NameBound<'a> {
        NameBound {
            view: query.view,
            min_score: query.min_score,
            tokens: query.tokens,
            truncated: query.truncated,
            pair_table: &plan.pair_table,
            max_omission_cost: plan.max_omission_cost,
            has_concatenations: !query.concatenations.is_empty(),
            initial_letters: query.initial_letters,
            first_letters: query.first_letters,
        }
    }
}
