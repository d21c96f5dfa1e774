//! What an alignment loses: by tokens left over on one side, by tokens left over on both that contradict each
//! other, and by the order of the pairs.

use super::evidence::Evidence;
use super::select_pairs::Selection;
use super::{AlignOptions, AlignToken, AlignedPair, Alignment, TokenSet};
use crate::name::Tag;
use crate::score::params::ActiveParams;
use crate::score::similarity::similarity;

/// The tokens of one side of an alignment, and which of them are left over.
#[derive(Clone, Copy)]
pub(super) struct SideTokens<'a> {
    pub(super) tokens: &'a [AlignToken],
    pub(super) unmatched: TokenSet,
}

impl<'a> SideTokens<'a> {
    fn unmatched(self) -> impl Iterator<Item = (usize, &'a AlignToken)> {
        self.tokens.iter().enumerate().filter(move |(i, _)| self.unmatched.contains(*i))
    }

    /// The numbers of words left over that contradict what they face. Numbers are no words.
    fn contradicting_words(self) -> impl Iterator<Item = usize> {
        let is_word = |token: &AlignToken| token.contradicts() && token.tag != Tag::Number;
        self.unmatched().filter(move |(_, token)| is_word(token)).map(|(i, _)| i)
    }
}

/// The tokens left over on both sides, in sums.
pub(super) struct Leftovers {
    /// What leaving the tokens out costs.
    pub(super) omission: f32,
    /// Contradiction weights of the lighter side: words, and places.
    pub(super) facing_words: f32,
    facing_places: f32,
}

impl Leftovers {
    /// Sums up the tokens left over. A truncated query lacks those of the listed name
    /// behind token `truncated_after`.
    pub(super) fn of(
        query: SideTokens<'_>,
        listed: SideTokens<'_>,
        truncated_after: usize,
        options: AlignOptions,
        evidence: &Evidence,
        params: ActiveParams,
    ) -> Leftovers {
        let (mut words, mut places, mut omission) = ([0.0f32; 2], [0.0f32; 2], 0.0f32);
        let schema_mismatch = options.schema_mismatch();
        let business = 1.0 - params.business_relief * evidence.distinctive;
        let vague_name = params.omission * params.vague_names * evidence.common_names;
        let vague = params.omission * params.vague_omission * (1.0 - evidence.distinctive);
        for (side, tokens) in [query, listed].into_iter().enumerate() {
            for (i, token) in tokens.unmatched() {
                let rate = if side == 1 && i > truncated_after { params.cut_omission } else { 1.0 };
                let mismatch =
                    if schema_mismatch && token.contradicts() { params.schema_mismatch } else { 1.0 };
                omission += rate * mismatch * params.omission_cost(token.tag, token.weight);
                if token.tag.is_business() {
                    omission += rate * vague * token.weight;
                    words[side] += rate * business * params.contradiction_weight(token.tag, token.weight);
                } else if token.contradicts() {
                    if token.tag.is_name_word() {
                        omission += rate * vague_name * (1.0 - token.weight);
                    }
                    words[side] += rate * params.contradiction_weight(token.tag, token.weight);
                } else if matches!(token.tag, Tag::Place | Tag::TrailingPlace) {
                    places[side] += rate * token.weight;
                }
            }
        }
        omission += params.omission * evidence.unsaid;
        if evidence.lone_name {
            omission *= 1.0 + params.lone_omission;
        }
        let [facing_words, facing_places] = [words, places].map(|sides| sides[0].min(sides[1]));
        Leftovers { omission, facing_words, facing_places }
    }

    /// What the contradiction costs if the words are spelled quite differently: over and above being left
    /// out, and the more, the more of the name matches.
    fn contradiction_if_unlike(&self, matched_weight: f32, params: ActiveParams) -> f32 {
        let facing = self.facing_words + params.place_contradiction * self.facing_places;
        params.contradiction * facing * (matched_weight / params.contradiction_pivot).max(1.0)
    }
}

/// The last token of the listed name that a truncated query still has: the last matched one, if all tokens of
/// the query but the first are matched in their positions. `usize::MAX` if the query is not truncated there.
pub(super) fn truncated_after(options: AlignOptions, selection: &Selection, out: &Alignment) -> usize {
    let in_order = |pair: &AlignedPair| {
        pair.query.first == pair.listed.first || pair.query.count != 1 || pair.listed.count != 1
    };
    let is_truncated = options.cut
        && out.unmatched_query.without(TokenSet::single(0)).is_empty()
        && out.pairs.iter().all(in_order);
    if is_truncated { selection.listed.last().unwrap_or(0) } else { usize::MAX }
}

/// What the order of the pairs costs: a part of what matched, if any two of them cross.
pub(super) fn disorder(pairs: &[AlignedPair], matched: f32, free_order: bool, params: ActiveParams) -> f32 {
    let crosses = |a: &AlignedPair, b: &AlignedPair| {
        (a.query.first < b.query.first) != (a.listed.first < b.listed.first)
    };
    if pairs.iter().enumerate().any(|(i, a)| pairs[..i].iter().any(|b| crosses(a, b))) {
        let rate = if free_order { params.disorder_person } else { params.disorder_other };
        rate * matched
    } else {
        0.0
    }
}

/// Sets the sums and the score of `out`. `relief` returns the similarity in spelling of the words that face
/// each other, from 0 (any two words) to 1 (almost alike); it is not called for a name that cannot reach
/// `min_score` whatever it is.
pub(super) fn score_losses(
    selection: &Selection,
    evidence: &Evidence,
    leftovers: &Leftovers,
    params: ActiveParams,
    min_score: f32,
    relief: impl FnOnce() -> f32,
    out: &mut Alignment,
) {
    let (matched, omission) = (selection.matched, leftovers.omission);
    let mismatch = selection.mismatch * (1.0 + params.lone_mismatch * evidence.shortness);
    let (scarcity, disorder) = (params.scarcity_factor(selection.matched_weight), out.disorder);
    let if_unlike = leftovers.contradiction_if_unlike(selection.matched_weight, params);
    let score = |contradiction: f32| {
        let loss = (mismatch + contradiction + omission) * scarcity + disorder;
        if loss <= 0.0 { 1.0 } else { (matched / (matched + loss)).clamp(0.0, 1.0) }
    };
    // Most names that are scored fail by far, whatever their unmatched tokens are.
    let words_face = leftovers.facing_words > 0.0;
    let mut contradiction = if_unlike * if words_face { 1.0 - params.near_relief } else { 1.0 };
    out.score = score(contradiction);
    if words_face && out.score >= min_score {
        contradiction = if_unlike * (1.0 - params.near_relief * relief());
        out.score = score(contradiction);
    }
    (out.matched, out.mismatch, out.omission) = (matched, mismatch, omission);
    (out.contradiction, out.scarcity) = (contradiction, scarcity);
}

/// The similarity in spelling of the two most similar words that face each other, from 0 (any two words) to
/// 1.
pub(super) fn facing_similarity<'t>(
    (query, query_reading): (SideTokens<'_>, impl Fn(usize) -> &'t [u8]),
    (listed, listed_reading): (SideTokens<'_>, impl Fn(usize) -> &'t [u8]),
    params: ActiveParams,
) -> f32 {
    let mut best = 0.0f32;
    for i in query.contradicting_words() {
        for j in listed.contradicting_words() {
            best = best.max(similarity(query_reading(i), listed_reading(j)));
        }
    }
    ((best - params.base_similarity) / params.similarity_range).clamp(0.0, 1.0)
}
