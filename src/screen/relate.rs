//! What the tokens of a query, and its joins, are related to: the first half of retrieval, before any name is looked
//! at.
//!
//! What is known of the tokens comes first, then the heaviest token whose neighbours are not. Once the tokens that
//! nothing listed is related to weigh so much that no name can reach the threshold by the others, the others are not
//! looked up. Of a small index, such as a change of a list, one token mostly suffices.

use super::Screener;
use super::bounds::enough;
use super::few::FEW;
use super::near::{Near, Place};
use super::neighbours::{
    Finder, Found, Neighbour, Neighbourhood, complete, find_exhaustively, find_joined,
    find_joined_exhaustively, touch,
};
use super::retrieve::{Scratch, Stats};
use crate::index::{Index, Tables, letters};
use crate::name::{Analysed, Tag};
use crate::score::align::{Slot, acronym, joins, runs};
use crate::score::relation::{Joined, View};

/// The first letters of all initials in listed names, one bit each; of a large index all letters.
pub(super) fn listed_initials(index: &Index) -> u32 {
    let tables = index.tables();
    if tables.tokens.len() > FEW {
        return u32::MAX;
    }
    let listed = tables.spans.iter().flat_map(|span| tables.listed_tokens(span));
    listed.filter(|token| token.is_initial()).fold(0, |all, token| all | letters(token.first()))
}

/// The buffers that relating takes from a [`Scratch`].
pub(super) struct Relating<'s> {
    /// What each token is related to.
    pub(super) tokens: &'s mut Vec<Found>,
    /// What joins are related to, each with its first token and number of tokens; those beyond the ones found are
    /// empty, and kept for later queries.
    pub(super) joins: &'s mut Vec<((u8, u8), Vec<Neighbour>)>,
    pub(super) joined: &'s mut String,
    pub(super) near: &'s mut Near,
    /// Tokens whose neighbours the thread does not know.
    pub(super) unknown: &'s mut Vec<(usize, Place)>,
    pub(super) finder: &'s mut Finder,
    pub(super) stats: &'s mut Stats,
    /// The slots of the query, and whether it is cut.
    pub(super) q: &'s [Slot],
    pub(super) cut: bool,
}

impl Relating<'_> {
    /// Whether names that none of the tokens in `missed` is paired with can reach `least`.
    fn is_enough_without(&self, missed: u64, least: f32) -> bool {
        let (mut weighed, mut omitted) = (0.0, 0.0);
        for (i, slot) in self.q.iter().enumerate() {
            if missed >> i & 1 == 1 {
                omitted += slot.omission();
            } else {
                weighed += slot.weight;
            }
        }
        enough(least, (1.0 - least) * 2.0 * weighed, weighed, omitted)
    }

    /// The tokens that joins with neighbours cover, one bit each.
    fn joined(&self) -> u64 {
        let found = self.joins.iter().filter(|(_, found)| !found.is_empty());
        found.fold(0, |all, (span, _)| all | bits(*span))
    }

    /// Relates the joins that have a token of `wanted`.
    fn relate_joins(&mut self, name: &Analysed, wanted: u64, tables: &Tables<'_>, exhaustive: bool) {
        let (spans, near, finder) = (&mut *self.joins, &*self.near, &mut *self.finder);
        let mut count = 0;
        let mut each = |span, text: &Joined<'_>| {
            if !exhaustive && !near.may_join(text) {
                return;
            }
            if spans.len() == count {
                spans.push((span, Vec::new()));
            }
            let (at, found) = &mut spans[count];
            *at = span;
            if exhaustive {
                find_joined_exhaustively(text, tables, found);
            } else {
                find_joined(text, tables, finder, found);
            }
            found.sort_unstable_by_key(|n| n.token);
            found.dedup_by_key(|n| n.token);
            count += usize::from(!found.is_empty());
        };
        if exhaustive {
            joins(name, self.joined, |_| true, each);
        } else {
            let wanted = |span| bits(span) & wanted != 0;
            runs(name, self.joined, wanted, &mut each);
            if acronym(name, self.joined) && near.may_be_acronym(self.joined) {
                each((0, name.tokens().len() as u8), &Joined::acronym(self.joined));
            }
        }
        for (_, found) in &mut spans[count..] {
            found.clear();
        }
        for ((first, tokens), found) in &mut spans[..count] {
            let (from, to) = (usize::from(*first), usize::from(*first + *tokens));
            let weight = name.tokens()[from..to].iter().map(|t| t.weight).sum();
            found.iter_mut().for_each(|n| complete(n, tables, weight));
        }
    }

    /// Whether no name can reach `least`, because nothing is related to the tokens in `missed` or to their joins.
    fn is_hopeless(&mut self, missed: u64, least: f32, name: &Analysed, tables: &Tables<'_>) -> bool {
        if self.is_enough_without(missed, least) {
            return false;
        }
        self.relate_joins(name, missed, tables, false);
        if self.is_enough_without(missed & !self.joined(), least) {
            return false;
        }
        self.tokens.fill(Found::default());
        self.joins.iter_mut().for_each(|(_, found)| found.clear());
        true
    }
}

/// The tokens of a span, one bit each.
pub(super) fn bits((first, count): (u8, u8)) -> u64 {
    ((1u64 << count) - 1) << first
}

impl Screener {
    /// Finds the listed tokens that the tokens and joins of a query are related to; nothing if no name can reach
    /// `least`.
    pub(super) fn relate(&self, tables: &Tables<'_>, name: &Analysed, least: f32, s: &mut Scratch) {
        let mut r = s.relating();
        r.tokens.clear();
        if self.options.exhaustive {
            for token in name.tokens() {
                let view = View::new(name, token);
                r.tokens
                    .push(Neighbourhood::of(find_exhaustively(&view, tables), tables, view.weight).into());
            }
            return r.relate_joins(name, !0, tables, true);
        }
        let tokens = name.tokens();
        r.tokens.resize(tokens.len(), Found::default());
        r.near.turn_to(&self.neighbours);
        // Where each is kept is asked for together, and all that is known is taken before anything is found.
        r.unknown.clear();
        r.unknown.extend(tokens.iter().enumerate().map(|(i, token)| (i, r.near.place(name, token))));
        touch(r.unknown, |(_, place)| r.near.touch(place));
        // Pairs that no index enumerates: initials, and the end of a cut name.
        let open = |q: &[Slot], cut: bool, i: usize| {
            q[i].tag == Tag::Initial
                || (cut && i + 1 == q.len())
                || letters(q[i].first) & self.listed_initials != 0
        };
        let mut missed = 0u64;
        r.unknown.retain(|(i, place)| {
            let Some(found) = r.near.look(place, name, &tokens[*i]) else { return true };
            r.stats.neighbours_known += 1;
            if found.all.is_empty() && !open(r.q, r.cut, *i) {
                missed |= 1 << i;
            }
            r.tokens[*i] = found;
            false
        });
        if missed != 0 && r.is_hopeless(missed, least, name, tables) {
            return;
        }
        // Then the others, the heaviest first.
        r.unknown.sort_unstable_by(|(a, _), (b, _)| {
            r.q[*b].omission().total_cmp(&r.q[*a].omission()).then(a.cmp(b))
        });
        for at in 0..r.unknown.len() {
            let (i, place) = r.unknown[at];
            let (found, known) = r.near.ask(&place, name, &tokens[i], tables, r.finder);
            if known {
                r.stats.neighbours_known += 1;
            } else {
                r.stats.neighbours_found += 1;
            }
            if found.all.is_empty() && !open(r.q, r.cut, i) {
                missed |= 1 << i;
                if r.is_hopeless(missed, least, name, tables) {
                    return;
                }
            }
            r.tokens[i] = found;
        }
        r.relate_joins(name, !0, tables, false);
    }
}
