//! Candidates: which tokens of a query bring names to look at, and which of these names are looked at.

use super::Screener;
use super::bounds::{MARGIN, as_missed, cost, enough};
use super::neighbours::{Neighbour, TOGETHER, touch, touch_names};
use super::relate::bits;
use super::retrieve::{Asked, Scratch};
use crate::index::{MOST_MISSED, Posting, Tables};
use crate::name::Tag;

/// Postings that are walked in the time of a look at a candidate.
const WALK: usize = 24;

/// What is known of each listed name while a query is answered: one bit for a candidate, and one for each of the
/// following. All of one name stands in one word, so that it is fetched once: names that share a token lie anywhere in
/// a long list.
#[derive(Debug, Default)]
pub(super) struct Marks(Vec<u64>);

/// Names that a word tells of.
const IN_A_WORD: u32 = 16;
/// It may have a second related token.
pub(super) const SECOND: u32 = IN_A_WORD;
/// It has a related join.
pub(super) const JOINED: u32 = 2 * IN_A_WORD;

impl Marks {
    /// Forgets what is known of these names, and has room for an index with so many.
    pub(super) fn begin(&mut self, names: usize, candidates: &[u32]) {
        for name in candidates {
            self.0[(name / IN_A_WORD) as usize] = 0;
        }
        self.0.resize(names.div_ceil(IN_A_WORD as usize), 0);
    }

    pub(super) fn has(&self, name: u32, mark: u32) -> bool {
        self.0[(name / IN_A_WORD) as usize] >> (name % IN_A_WORD + mark) & 1 == 1
    }

    /// Makes a name a candidate, or, if it is one, marks it as having a second related token; also if `second` tells.
    /// Whether it was one.
    pub(super) fn add(&mut self, name: u32, second: bool) -> bool {
        let word = &mut self.0[(name / IN_A_WORD) as usize];
        let seen = *word >> (name % IN_A_WORD) & 1;
        *word |= (1 | (seen | u64::from(second)) << SECOND) << (name % IN_A_WORD);
        seen == 1
    }

    /// Marks the names of these postings that are candidates.
    pub(super) fn mark_all(&mut self, postings: &[Posting], mark: u32) {
        let words = &mut self.0[..];
        for name in postings.iter().map(|p| p.name()) {
            let Some(word) = words.get_mut((name / IN_A_WORD) as usize) else { continue };
            let own = *word >> (name % IN_A_WORD);
            // Few are, and what is not written need not be fetched.
            if own & 1 == 1 {
                *word |= 1 << (name % IN_A_WORD + mark);
            }
        }
    }
}

/// Names that one listed token brought.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opened {
    /// The tokens of the query that it is related to, one bit each; none for names that initials brought, of which
    /// nothing is known.
    pub(super) by: u64,
    /// What the pair adds at most.
    pub(super) worth: f32,
    /// What the omission of the listed token counts.
    pub(super) missed: u16,
    /// Where they end among the candidates.
    pub(super) to: usize,
}

impl Screener {
    /// The tokens of the query, one bit each, of which every name that reaches `least` has a related one.
    ///
    /// Let O be these tokens and R the others. A name aligned by R alone gains at most the worth of R, and
    /// loses at least the omission of O.
    pub(super) fn openers(&self, least: f32, s: &mut Scratch) -> u64 {
        let q = &s.aligner.q;
        let cut_end = |i: usize| s.aligner.setting.cut && i + 1 == q.len();
        s.order.clear();
        s.order.extend((0..q.len()).filter(|&i| q[i].tag != Tag::Initial && !cut_end(i)));
        // The cheapest first.
        let cost = |i: usize| cost(s.openings[i], s.worth[i] + least * q[i].omission());
        s.order.sort_unstable_by(|&a, &b| cost(a).total_cmp(&cost(b)).then(a.cmp(&b)));
        let mut rest: f32 = s.worth.iter().sum();
        let mut weighed: f32 = q.iter().map(|slot| slot.weight).sum();
        let mut omitted = 0.0;
        let mut openers = 0u64;
        let enough = |rest, weighed, omitted| enough(least, rest, weighed, omitted);
        for &i in &s.order {
            if !enough(rest, weighed, omitted) {
                return openers;
            }
            openers |= 1 << i;
            rest -= s.worth[i];
            weighed -= q[i].weight;
            omitted += q[i].omission();
        }
        // Whatever scores has a pair that the index enumerates: all tokens together miss nothing.
        if enough(rest, weighed, omitted) { u64::MAX } else { openers }
    }

    /// Keeps the candidates that can reach `least`, as far as their spans alone tell.
    ///
    /// Postings of the other tokens are walked first, and mark the candidates that have a second related token.
    /// A name that has none misses all the query's tokens but the one that brought it, and the query all of the
    /// name's, of which its span has the sum. What is not worth walking counts as related.
    pub(super) fn keep_candidates(&self, asked: &Asked<'_>, openers: u64, s: &mut Scratch) {
        let &Asked { tables, related, least, .. } = asked;
        let q = &s.aligner.q;
        let (cut, last) = (s.aligner.setting.cut, q.len() - 1);
        let is_open = |i: usize| q[i].tag == Tag::Initial || (cut && i == last);
        s.order.clear();
        s.order.extend((0..q.len()).filter(|&i| openers >> i & 1 == 0 && !is_open(i)));
        // The cheapest first, as openers are chosen.
        let stake = |i: usize| s.worth[i] + least * q[i].omission();
        let cost = |i: usize| cost(s.openings[i], stake(i));
        s.order.sort_unstable_by(|&a, &b| cost(a).total_cmp(&cost(b)).then(a.cmp(&b)));
        let mut walked =
            (0..q.len()).filter(|&i| openers >> i & 1 == 1 && !is_open(i)).fold(0, |all, i| all | 1 << i);
        let is_walked = |walked: u64, i: usize| walked >> i & 1 == 1;
        let (mut to_walk, interior) = (0, ((1u64 << last) - 1) & !1);
        let total: f32 = s.worth.iter().sum();
        // What a name gains at most by one of the openers and the tokens not walked.
        let openers_stake = (0..q.len()).filter(|&i| is_walked(walked, i)).map(stake);
        let mut most_alone = total - openers_stake.clone().sum::<f32>() + openers_stake.fold(0.0, f32::max);
        for &i in &s.order {
            // No more than rules out what has no second related token.
            if most_alone < -MARGIN && (!cut || (walked & interior).count_ones() > 1) {
                break;
            }
            most_alone -= stake(i);
            to_walk += s.openings[i] as usize;
            if to_walk > WALK * s.candidates.len() {
                break;
            }
            walked |= 1u64 << i;
            let others = total - s.worth[i];
            let can_pair = |n: &Neighbour| others + n.worth(least) >= -MARGIN;
            names_of(&related.near.related(i).all, tables, can_pair, |_, names| {
                s.marks.mark_all(names, SECOND)
            });
        }
        // Joins that have an opener brought all their names.
        let rest = related.joins.iter().filter(|(span, _)| openers & bits(*span) == 0);
        for joined in rest.map(|(_, found)| found).chain([&s.joins]) {
            names_of(joined, tables, |_| true, |_, names| s.marks.mark_all(names, SECOND));
        }
        // What tokens that count as related add at most and cover at most of a listed name; what the others lose.
        let (mut rest, mut covered) = (0.0, 0);
        let most_missed =
            |i: usize| related.near.related(i).all.iter().map(|n| u32::from(n.missed)).max().unwrap_or(0);
        for i in (0..q.len()).filter(|i| !is_walked(walked, *i)) {
            rest += s.worth[i];
            covered += if is_open(i) { MOST_MISSED } else { most_missed(i) };
        }
        let omission = |tokens: u64| -> f32 {
            let some = q.iter().enumerate().filter(|(i, _)| tokens >> i & 1 == 1);
            some.map(|(_, slot)| slot.omission()).sum()
        };
        let omitted = omission(walked);
        let has_second = |name: u32| s.marks.has(name, SECOND);
        let missed = |name: &u32| u32::from(tables.spans[*name as usize].missed);
        s.kept.clear();
        let mut from = 0;
        for &Opened { by, worth, missed: own, to } in &s.opened {
            let opened = &s.candidates[from..to];
            from = to;
            // What stands behind the end of a cut name is forgiven if all its tokens from the second on are paired.
            if by == 0 || (cut && walked & interior & !by == 0) {
                s.kept.extend_from_slice(opened);
                continue;
            }
            let lost = least * omission(walked & by);
            let most = rest + worth.max(-lost) - (least * omitted - lost);
            if most < -MARGIN {
                s.kept.extend(opened.iter().filter(|name| has_second(**name)));
                continue;
            }
            let in_all = covered + u32::from(own) + as_missed(most, least);
            for some in opened.chunks(TOGETHER) {
                touch(some, missed);
                s.kept.extend(some.iter().filter(|name| has_second(**name) || missed(name) <= in_all));
            }
        }
    }
}

/// Calls `each` with every neighbour that `wanted` tells and its names.
pub(super) fn names_of<'a>(
    all: &[Neighbour],
    tables: &Tables<'a>,
    wanted: impl Fn(&Neighbour) -> bool,
    mut each: impl FnMut(&Neighbour, &'a [Posting]),
) {
    for some in all.chunks(TOGETHER) {
        touch_names(some, tables);
        some.iter().filter(|n| wanted(n)).for_each(|n| each(n, n.names(tables)));
    }
}
