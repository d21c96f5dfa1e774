//! Upper bounds of scores: which names cannot reach a threshold, whatever their alignment is.
//!
//! With M what matches and L what is lost, a score reaches t only if (1 − t) · M − t · L ≥ 0. Bounds add up, for tokens
//! and pairs, the most that each adds to this sum.

use super::Scratch;
use super::match_cache::TokenMatch;
use crate::index::{IndexView, NameSpan, OMISSION_UNIT, letter_mask};
use crate::name::{MAX_TOKENS, Tag};
use crate::score::align::{
    CONTRADICTION, CUT_OMISSION, INITIAL, MISMATCH_COST, NEAR_RELIEF, OMISSION, PREFIX, scarcity,
};
pub(crate) use crate::score::params::MAX_INITIAL_WEIGHT;

/// Scores are compared after rounding to five decimals; bounds give way by more than that.
pub(crate) const SCORE_EPSILON: f32 = 2e-5;

/// The most that a listed name can lack, as [`ListedToken::omission_cost`](crate::index::ListedToken::missed) counts, if
/// what is paired adds `most`.
pub(crate) fn to_omission_units(most: f32, min_score: f32) -> u32 {
    ((most.max(0.0) + SCORE_EPSILON) / (min_score * OMISSION) * OMISSION_UNIT) as u32 + 1
}

/// Names to look at for each unit of what leaving a token out costs.
pub(crate) fn postings_per_gain(names: u32, upper_bound: f32) -> f32 {
    (names as f32 + 1.0) / (upper_bound + 1e-6)
}

/// Whether tokens that gain `gain` and weigh `matched_weight` can reach `min_score` where `omission` is lost beside them.
pub(crate) fn bound_reaches(min_score: f32, gain: f32, matched_weight: f32, omission: f32) -> bool {
    // Scarcity makes a loss greater: most that do not reach it do not without it.
    let lost = min_score * omission;
    gain - lost >= -SCORE_EPSILON && gain - lost * scarcity(matched_weight) >= -SCORE_EPSILON
}

impl TokenMatch {
    /// What a pair with it adds.
    pub(crate) fn pair_gain(&self, min_score: f32) -> f32 {
        pair_gain(min_score, self.similarity, self.weight, self.is_concatenation)
    }
}

/// What a pair adds to (1 − t) · M − t · L; of a pair that may weigh less, the most it adds.
pub(crate) fn pair_gain(min_score: f32, similarity: f32, weight: f32, is_upper_bound: bool) -> f32 {
    let unit = (1.0 - min_score) * 2.0 * similarity - min_score * 2.0 * MISMATCH_COST * (1.0 - similarity);
    if is_upper_bound { weight * unit.max(0.0) } else { weight * unit }
}

/// Whether a listed name can reach `min_score`, by a bound that looks at each of its tokens once.
///
/// With M what matches and L what is lost, a score reaches t only if (1 − t) · M − t · L ≥ 0. Each listed token
/// adds at most its best pair to this sum; tokens on either side that have no pair at all lose their omission
/// for certain, and contradict each other.
#[inline(never)]
pub(crate) fn can_reach(
    view: &IndexView<'_>,
    span: &NameSpan,
    has_concatenation: bool,
    min_score: f32,
    s: &Scratch,
) -> bool {
    // What a join pairs looks uncovered here.
    if min_score <= 0.0 || has_concatenation {
        return true;
    }
    let cut = s.aligner.options.cut;
    let last = s.aligner.query.len() - 1;
    let end = if cut { s.aligner.query[last].first } else { 0 };
    // What stands behind the end of a cut name is forgiven only if the tokens before are paired in their places, all
    // but the first. Joins of the query shift places.
    let in_place = !s.has_concatenations;
    let mut forgivable = cut;
    let mut may_be_prefix = false;
    // What nothing of the query is related to, as it is missed; of it, the most that the end of a cut name can begin.
    let (mut listed_omission, mut prefix_omission) = (0u32, 0u32);
    // Tokens that something is related to, and those that an initial may be paired with.
    let (mut paired, mut may_match_initial) = (0u64, 0u64);
    // Where what the query's tokens are to each of them is entered.
    let mut pair_table = [0u32; MAX_TOKENS];
    let tokens = view.listed_tokens(span);
    for (j, listed) in tokens.iter().enumerate() {
        let may_end = end != 0 && listed.first() == end;
        may_be_prefix |= may_end;
        let initial = listed.is_initial();
        let entry = s.pair_table.first_entry(listed.token);
        pair_table[j] = entry;
        if (initial || s.initial_letters != 0)
            && letter_mask(listed.first()) & if initial { s.first_letters } else { s.initial_letters } != 0
        {
            may_match_initial |= 1 << j;
        } else if entry == 0 {
            listed_omission += listed.omission_cost();
            if may_end {
                prefix_omission = prefix_omission.max(listed.omission_cost());
            }
            forgivable &= !in_place || j == 0 || j > last || (j == last && may_end);
            // Most names are ruled out by what they have besides.
            if !forgivable && listed_omission - prefix_omission > s.max_omission {
                return false;
            }
            continue;
        }
        paired |= 1 << j;
    }
    let (mut gain, mut matched_weight) = (0.0f32, 0.0f32);
    // The same weight as it contradicts.
    let (mut listed_contradiction, mut prefix_contradiction) = (0.0f32, 0.0f32);
    let mut covered = 0u64;
    // First letters that an initial of the listed name stands for.
    let mut initials = 0u32;
    for (j, listed) in tokens.iter().enumerate() {
        let slot = listed.align_token();
        if paired >> j & 1 == 0 {
            listed_contradiction += slot.contradiction_weight();
            if end != 0 && slot.first == end {
                prefix_contradiction = prefix_contradiction.max(slot.contradiction_weight());
            }
            continue;
        }
        if may_match_initial >> j & 1 == 1 {
            let initial = listed.is_initial();
            let weight = if initial { slot.weight } else { slot.weight.min(MAX_INITIAL_WEIGHT) };
            initials |= if initial { letter_mask(slot.first) } else { 0 };
            gain += (1.0 - min_score) * 2.0 * INITIAL * weight;
            matched_weight += weight;
        }
        let (mut best, mut max_weight) = (0.0f32, 0.0f32);
        for e in s.pair_table.entries_from(pair_table[j], listed.token) {
            let weight = slot.weight.min(e.weight);
            let lost = 2.0 * MISMATCH_COST * (1.0 - e.similarity) * weight;
            best = best.max((1.0 - min_score) * 2.0 * e.similarity * weight - min_score * lost);
            max_weight = max_weight.max(weight);
            covered |= e.query_span.tokens().0;
        }
        gain += best;
        matched_weight += max_weight;
    }
    if may_be_prefix {
        gain += (1.0 - min_score) * 2.0 * PREFIX * s.aligner.query[last].weight;
        matched_weight += s.aligner.query[last].weight;
    }
    let (mut query_omission, mut query_contradiction) = (0.0f32, 0.0f32);
    for (i, slot) in s.aligner.query.iter().enumerate() {
        let may_match_initial = slot.tag == Tag::Initial
            || initials & letter_mask(slot.first) != 0
            || (may_be_prefix && i == last);
        if covered >> i & 1 == 0 && !may_match_initial {
            query_omission += slot.omission();
            query_contradiction += slot.contradiction_weight();
        }
    }
    // The end of a cut name may begin one of the tokens.
    let forgiven = if forgivable { CUT_OMISSION } else { 1.0 };
    let listed_omission = forgiven * OMISSION * (listed_omission - prefix_omission) as f32 / OMISSION_UNIT;
    let listed_contradiction = forgiven * (listed_contradiction - prefix_contradiction);
    let lost = (query_omission
        + listed_omission
        + CONTRADICTION * (1.0 - NEAR_RELIEF) * listed_contradiction.min(query_contradiction))
        * scarcity(matched_weight);
    gain - min_score * lost >= -SCORE_EPSILON
}
