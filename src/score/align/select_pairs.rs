//! Which related tokens are paired: greedily by similarity²·weight, the best pair first, no token twice.

use super::{AlignToken, AlignedPair, Span, TokenSet};
use crate::score::params::ActiveParams;
use crate::score::relation::MatchKind;

/// The pairs selected, in sums.
#[derive(Default)]
pub(super) struct Selection {
    /// Tokens of the query that are paired.
    pub(super) query: TokenSet,
    /// Tokens of the listed name that are paired.
    pub(super) listed: TokenSet,
    /// M = Σ 2·similarity·weight.
    pub(super) matched: f32,
    /// W = Σ weight.
    pub(super) matched_weight: f32,
    /// U = Σ 2·mismatch·(1 − similarity)·weight.
    pub(super) mismatch: f32,
    /// Whether a pair is among them that an index enumerates. Initials and prefixes alone make no match.
    pub(super) anchored: bool,
}

/// Sets the weight of each pair: that of its lighter side.
pub(super) fn weigh_pairs(pairs: &mut [AlignedPair], query: &[AlignToken], listed: &[AlignToken]) {
    let weight =
        |tokens: &[AlignToken], span: Span| -> f32 { tokens[span.range()].iter().map(|t| t.weight).sum() };
    for pair in pairs {
        pair.weight = weight(query, pair.query).min(weight(listed, pair.listed));
    }
}

/// Sorts pairs by value, the best first. Ties are broken by position, so that the order of related pairs does
/// not matter.
pub(super) fn sort_by_value(pairs: &mut [AlignedPair]) {
    let value = |pair: &AlignedPair| pair.similarity * pair.similarity * pair.weight;
    pairs.sort_unstable_by(|a, b| {
        value(b)
            .total_cmp(&value(a))
            .then_with(|| (a.query, a.listed, a.kind).cmp(&(b.query, b.listed, b.kind)))
    });
}

/// Selects from sorted pairs, and appends those selected to `selected`.
pub(super) fn select_pairs(
    pairs: &[AlignedPair],
    params: ActiveParams,
    selected: &mut Vec<AlignedPair>,
) -> Selection {
    let mut sums = Selection::default();
    for pair in pairs {
        let (query, listed) = (pair.query.tokens(), pair.listed.tokens());
        if sums.query.intersects(query) || sums.listed.intersects(listed) {
            continue;
        }
        sums.query |= query;
        sums.listed |= listed;
        sums.matched += 2.0 * pair.similarity * pair.weight;
        sums.matched_weight += pair.weight;
        sums.mismatch += 2.0 * params.mismatch * (1.0 - pair.similarity) * pair.weight;
        sums.anchored |= !matches!(pair.kind, MatchKind::Initial | MatchKind::Prefix);
        selected.push(*pair);
    }
    sums
}
