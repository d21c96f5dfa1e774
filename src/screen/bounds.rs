//! Upper bounds of scores: which names cannot reach a threshold, whatever their alignment is.
//!
//! With M what matches and L what is lost, a score reaches t only if (1 − t) · M − t · L ≥ 0. Bounds add up, for tokens
//! and pairs, the most that each adds to this sum.

use super::neighbours::Neighbour;
use super::retrieve::Scratch;
use crate::index::{MISSED, NameSpan, Tables, letters};
use crate::name::{MAX_TOKENS, Tag};
use crate::score::align::{CONTRADICTION, CUT_OMISSION, INITIAL, LIKENESS, NEAR, OMISSION, PREFIX, scarcity};

/// Scores are compared after rounding to five decimals; bounds give way by more than that.
pub(super) const MARGIN: f32 = 2e-5;
/// The most an initial weighs.
pub(super) const MOST_INITIAL: f32 = 0.3;

/// The most that a listed name can lack, as [`ListedToken::missed`](crate::index::ListedToken::missed) counts, if
/// what is paired adds `most`.
pub(super) fn as_missed(most: f32, least: f32) -> u32 {
    ((most.max(0.0) + MARGIN) / (least * OMISSION) * MISSED) as u32 + 1
}

/// Names to look at for each unit of what leaving a token out costs.
pub(super) fn cost(names: u32, stake: f32) -> f32 {
    (names as f32 + 1.0) / (stake + 1e-6)
}

/// Whether tokens that gain `rest` and weigh `weighed` can reach `least` where `omitted` is lost beside them.
pub(super) fn enough(least: f32, rest: f32, weighed: f32, omitted: f32) -> bool {
    // Scarcity makes a loss greater: most that do not reach it do not without it.
    let lost = least * omitted;
    rest - lost >= -MARGIN && rest - lost * scarcity(weighed) >= -MARGIN
}

impl Neighbour {
    /// What a pair with it adds.
    pub(super) fn worth(&self, least: f32) -> f32 {
        worth(least, self.likeness, self.weight, self.join)
    }
}

/// What a pair adds to (1 − t) · M − t · L; of a pair that may weigh less, the most it adds.
pub(super) fn worth(least: f32, likeness: f32, weight: f32, at_most: bool) -> f32 {
    let unit = (1.0 - least) * 2.0 * likeness - least * 2.0 * LIKENESS * (1.0 - likeness);
    if at_most { weight * unit.max(0.0) } else { weight * unit }
}

/// Whether a listed name can reach `least`, by a bound that looks at each of its tokens once.
///
/// With M what matches and L what is lost, a score reaches t only if (1 − t) · M − t · L ≥ 0. Each listed token
/// adds at most its best pair to this sum; tokens on either side that have no pair at all lose their omission
/// for certain, and contradict each other.
#[inline(never)]
pub(super) fn can_reach(tables: &Tables<'_>, span: &NameSpan, joined: bool, least: f32, s: &Scratch) -> bool {
    // What a join pairs looks uncovered here.
    if least <= 0.0 || joined {
        return true;
    }
    let cut = s.aligner.setting.cut;
    let last = s.aligner.q.len() - 1;
    let end = if cut { s.aligner.q[last].first } else { 0 };
    // What stands behind the end of a cut name is forgiven only if the tokens before are paired in their places, all
    // but the first. Joins of the query shift places.
    let in_place = !s.has_joins;
    let mut forgivable = cut;
    let mut begins = false;
    // What nothing of the query is related to, as it is missed; of it, the most that the end of a cut name can begin.
    let (mut missing, mut begun) = (0u32, 0u32);
    // Tokens that something is related to, and those that an initial may be paired with.
    let (mut paired, mut stands) = (0u64, 0u64);
    // Where what the query's tokens are to each of them is entered.
    let mut entered = [0u32; MAX_TOKENS];
    let tokens = tables.listed_tokens(span);
    for (j, listed) in tokens.iter().enumerate() {
        let may_end = end != 0 && listed.first() == end;
        begins |= may_end;
        let initial = listed.is_initial();
        let entry = s.entered.first(listed.token);
        entered[j] = entry;
        if (initial || s.initials != 0)
            && letters(listed.first()) & if initial { s.letters } else { s.initials } != 0
        {
            stands |= 1 << j;
        } else if entry == 0 {
            missing += listed.missed();
            if may_end {
                begun = begun.max(listed.missed());
            }
            forgivable &= !in_place || j == 0 || j > last || (j == last && may_end);
            // Most names are ruled out by what they have besides.
            if !forgivable && missing - begun > s.most_missing {
                return false;
            }
            continue;
        }
        paired |= 1 << j;
    }
    let (mut gain, mut weighed) = (0.0f32, 0.0f32);
    // The same weight as it contradicts.
    let (mut facing, mut begun_facing) = (0.0f32, 0.0f32);
    let mut covered = 0u64;
    // First letters that an initial of the listed name stands for.
    let mut initials = 0u32;
    for (j, listed) in tokens.iter().enumerate() {
        let slot = listed.slot();
        if paired >> j & 1 == 0 {
            facing += slot.facing();
            if end != 0 && slot.first == end {
                begun_facing = begun_facing.max(slot.facing());
            }
            continue;
        }
        if stands >> j & 1 == 1 {
            let initial = listed.is_initial();
            let weight = if initial { slot.weight } else { slot.weight.min(MOST_INITIAL) };
            initials |= if initial { letters(slot.first) } else { 0 };
            gain += (1.0 - least) * 2.0 * INITIAL * weight;
            weighed += weight;
        }
        let (mut best, mut heaviest) = (0.0f32, 0.0f32);
        for e in s.entered.from(entered[j], listed.token) {
            let weight = slot.weight.min(e.weight);
            let lost = 2.0 * LIKENESS * (1.0 - e.likeness) * weight;
            best = best.max((1.0 - least) * 2.0 * e.likeness * weight - least * lost);
            heaviest = heaviest.max(weight);
            covered |= ((1u64 << e.q.1) - 1) << e.q.0;
        }
        gain += best;
        weighed += heaviest;
    }
    if begins {
        gain += (1.0 - least) * 2.0 * PREFIX * s.aligner.q[last].weight;
        weighed += s.aligner.q[last].weight;
    }
    let (mut lacking, mut against) = (0.0f32, 0.0f32);
    for (i, slot) in s.aligner.q.iter().enumerate() {
        let stands = slot.tag == Tag::Initial || initials & letters(slot.first) != 0 || (begins && i == last);
        if covered >> i & 1 == 0 && !stands {
            lacking += slot.omission();
            against += slot.facing();
        }
    }
    // The end of a cut name may begin one of the tokens.
    let forgiven = if forgivable { CUT_OMISSION } else { 1.0 };
    let missing = forgiven * OMISSION * (missing - begun) as f32 / MISSED;
    let facing = forgiven * (facing - begun_facing);
    let lost = (lacking + missing + CONTRADICTION * (1.0 - NEAR) * facing.min(against)) * scarcity(weighed);
    gain - least * lost >= -MARGIN
}
