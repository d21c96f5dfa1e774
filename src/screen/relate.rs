//! What the tokens of a query, and its joins, are related to: the first half of retrieval, before any name is looked
//! at.
//!
//! What is known of the tokens comes first, then the heaviest token whose neighbours are not. Once the tokens that
//! nothing listed is related to weigh so much that no name can reach the threshold by the others, the others are not
//! looked up. Of a small index, such as a change of a list, one token mostly suffices.

use super::Screener;
use super::bounds::enough;
use super::few::FEW;
use super::near::Near;
use super::neighbours::{
    Finder, Neighbour, Neighbourhood, complete, find_exhaustively, find_joined, find_joined_exhaustively,
};
use super::retrieve::{Scratch, Stats};
use crate::index::{Index, Tables, letters};
use crate::name::{Analysed, Tag};
use crate::score::align::{MAX_JOIN, Slot, acronym, binds_words, is_syllable, joins, runs};
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
pub(super) struct Relating<'s, 'i> {
    pub(super) index: &'i Index,
    /// Its sections, once they were asked for: most queries of a small index ask for none.
    pub(super) tables: Option<Tables<'i>>,
    /// What joins are related to, each with its first token and number of tokens; those beyond the ones found are
    /// empty, and kept for later queries.
    pub(super) joins: &'s mut Vec<((u8, u8), Vec<Neighbour>)>,
    pub(super) joined: &'s mut String,
    pub(super) near: &'s mut Near,
    /// The joins that sound like something listed, once that was asked.
    pub(super) joinable: Option<Joinable>,
    /// Tokens whose neighbours the thread does not know.
    pub(super) unknown: &'s mut Vec<usize>,
    pub(super) finder: &'s mut Finder,
    pub(super) stats: &'s mut Stats,
    /// The slots of the query, and whether it is cut.
    pub(super) q: &'s [Slot],
    pub(super) cut: bool,
    /// What a name must reach.
    pub(super) least: f32,
    /// First letters of initials that the index has.
    pub(super) listed_initials: u32,
    /// The tokens that nothing is related to, one bit each.
    pub(super) missed: u64,
    /// Those that what is related to them cannot match as a whole, but for those that are not weighed yet.
    pub(super) weak: u64,
    pub(super) unweighed: u64,
}

impl Relating<'_, '_> {
    /// Whether a token can be paired with what no index enumerates: initials, and the end of a cut name.
    fn is_open(&self, token: usize) -> bool {
        self.q[token].tag == Tag::Initial
            || (self.cut && token + 1 == self.q.len())
            || letters(self.q[token].first) & self.listed_initials != 0
    }

    /// Notes whether a token is related to anything, which is known.
    fn note(&mut self, token: usize) {
        if !self.is_open(token) {
            let is_related = self.near.told[token].is_related();
            let bits = if is_related { &mut self.unweighed } else { &mut self.missed };
            *bits |= 1 << token;
        }
    }

    /// Notes which of the tokens that are related to something are weak; true if any is. What they are related to lies
    /// apart from the tokens, and most queries of a small index are hopeless without it.
    fn weigh(&mut self) -> bool {
        let mut left = std::mem::take(&mut self.unweighed);
        while left != 0 {
            let token = left.trailing_zeros() as usize;
            left &= left - 1;
            let is_weak = self.near.related(token).worth(self.least) < whole(&self.q[token], self.least);
            self.weak |= u64::from(is_weak) << token;
        }
        self.weak != 0
    }

    /// Whether names can reach `least` that pair none of the tokens in `missed`, and those in `weak` with nothing but
    /// what they are related to.
    fn is_enough(&self, missed: u64, weak: u64) -> bool {
        let (mut most, mut weighed, mut omitted) = (0.0, 0.0, 0.0);
        for (i, slot) in self.q.iter().enumerate() {
            if missed >> i & 1 == 1 {
                omitted += slot.omission();
                continue;
            }
            weighed += slot.weight;
            let is_weak = weak >> i & 1 == 1;
            most += if is_weak { self.near.related(i).worth(self.least) } else { whole(slot, self.least) };
        }
        enough(self.least, most, weighed, omitted)
    }

    /// The tokens that joins with neighbours cover, one bit each.
    fn joined(&self) -> u64 {
        let found = self.joins.iter().filter(|(_, found)| !found.is_empty());
        found.fold(0, |all, (span, _)| all | bits(*span))
    }

    /// The joins that sound like something in a small index; of any other all.
    fn joinable(&mut self, name: &Analysed) -> Joinable {
        let Some(few) = self.near.few() else { return Joinable::ALL };
        let mut joinable = Joinable::NONE;
        joinable.acronym = acronym(name, self.joined) && few.may_be_acronym(self.joined.as_bytes());
        let (tokens, told) = (name.tokens(), &self.near.told);
        let mut abjad = 0;
        for (first, (token, own)) in tokens.iter().zip(told).enumerate() {
            abjad |= u64::from(token.tag == Tag::Abjad) << first;
            let (mut join, mut letters, mut syllables) = (own.sounds, token.letters(), is_syllable(token));
            for (i, runs) in joinable.runs.iter_mut().enumerate() {
                let Some((token, next)) = tokens.get(first + 1 + i).zip(told.get(first + 1 + i)) else {
                    break;
                };
                syllables &= is_syllable(token);
                if i > 0 && !syllables {
                    break;
                }
                join = join.followed_by(next.sounds);
                letters += token.letters();
                *runs |= u64::from(few.may_sound(join, letters)) << first;
            }
        }
        if abjad != 0 {
            joinable.add_bound(name, abjad);
        }
        joinable
    }

    /// Whether a join could make up for what nothing is related to: together with all others that fit beside it, it
    /// leaves no more out than what a name that reaches `least` can lack.
    fn may_make_up(&self, span: (u8, u8)) -> bool {
        let (first, end, all) = (u32::from(span.0), u32::from(span.0 + span.1), self.q.len() as u32);
        // A single token beside it is in no other join.
        let before = if first > 1 { (1 << first) - 1 } else { 0 };
        let behind = if all > end + 1 { !0 << end } else { 0 };
        let left = !(bits(span) | before | behind);
        self.is_enough(self.missed & left, self.weak & left)
    }

    /// The joins to look up; known once it was asked.
    fn all_joinable(&mut self, name: &Analysed) -> Joinable {
        let joinable = self.joinable.unwrap_or_else(|| self.joinable(name));
        self.joinable = Some(joinable);
        joinable
    }

    /// Relates these joins.
    fn relate_joins(&mut self, name: &Analysed, joinable: Joinable, exhaustive: bool) {
        if joinable.is_nothing() && !exhaustive {
            return;
        }
        let (spans, near, finder) = (&mut *self.joins, &*self.near, &mut *self.finder);
        let (index, tables) = (self.index, &mut self.tables);
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
            let tables = tables.get_or_insert_with(|| index.tables());
            if exhaustive {
                find_joined_exhaustively(text, tables, found);
            } else {
                find_joined(text, near.few(), tables, finder, found);
            }
            found.sort_unstable_by_key(|n| n.token);
            found.dedup_by_key(|n| n.token);
            count += usize::from(!found.is_empty());
        };
        if exhaustive {
            joins(name, self.joined, |_| true, each);
        } else {
            runs(name, self.joined, |span| joinable.has(span), &mut each);
            if joinable.acronym && acronym(name, self.joined) {
                each((0, name.tokens().len() as u8), &Joined::acronym(self.joined));
            }
        }
        for (_, found) in &mut spans[count..] {
            found.clear();
        }
        let Some(tables) = &self.tables else { return };
        for ((first, tokens), found) in &mut spans[..count] {
            let (from, to) = (usize::from(*first), usize::from(*first + *tokens));
            let weight = name.tokens()[from..to].iter().map(|t| t.weight).sum();
            found.iter_mut().for_each(|n| complete(n, tables, weight));
        }
    }

    /// Whether no name can reach `least`, because too little is related to the tokens and to the joins they are in.
    fn is_hopeless(&mut self, name: &Analysed) -> bool {
        if self.is_enough(self.missed, self.weak) {
            return false;
        }
        let mut joinable = self.all_joinable(name);
        let lacking = self.missed | self.weak;
        joinable.retain(self.q.len(), |span| bits(span) & lacking != 0 && self.may_make_up(span));
        if !joinable.is_nothing() {
            self.relate_joins(name, joinable, false);
            let alone = !self.joined();
            if self.is_enough(self.missed & alone, self.weak & alone) {
                return false;
            }
        }
        true
    }

    /// Relates the tokens and joins of the name that was told; false if no name can reach `least`, and then not all
    /// are related.
    fn relate(&mut self, name: &Analysed) -> bool {
        // All that is known is taken before anything is found.
        let mut unknown = std::mem::take(self.unknown);
        unknown.clear();
        for token in 0..self.near.told.len() {
            if self.near.told[token].is_known() {
                self.stats.neighbours_known += 1;
                self.note(token);
            } else {
                unknown.push(token);
            }
        }
        let mut hopeless = self.is_hopeless(name);
        // Then the others, the heaviest first.
        let omission = |i: usize| self.q[i].omission();
        unknown.sort_unstable_by(|a, b| omission(*b).total_cmp(&omission(*a)).then(a.cmp(b)));
        for token in &unknown {
            if hopeless {
                break;
            }
            let tables = || *self.tables.get_or_insert_with(|| self.index.tables());
            let was_known = self.near.ask(name, *token, tables, self.finder);
            self.stats.neighbours_known += u64::from(was_known);
            self.stats.neighbours_found += u64::from(!was_known);
            self.note(*token);
            hopeless = self.is_hopeless(name);
        }
        *self.unknown = unknown;
        if hopeless || (self.weigh() && self.is_hopeless(name)) {
            return false;
        }
        let joinable = self.all_joinable(name);
        self.relate_joins(name, joinable, false);
        // Candidates are names of related tokens: a query without any has none.
        self.near.told.iter().any(|told| told.is_related()) || self.joined() != 0
    }
}

/// What a token adds that is paired with its equal.
fn whole(slot: &Slot, least: f32) -> f32 {
    (1.0 - least) * 2.0 * slot.weight
}

/// The joins of a query that are looked up.
#[derive(Clone, Copy)]
pub(super) struct Joinable {
    /// Of two, three and four tokens the bits of the first ones.
    runs: [u64; MAX_JOIN - 1],
    /// Whether the first letters of the name are.
    acronym: bool,
}

impl Joinable {
    const NONE: Joinable = Joinable { runs: [0; MAX_JOIN - 1], acronym: false };
    const ALL: Joinable = Joinable { runs: [u64::MAX; MAX_JOIN - 1], acronym: true };

    /// Adds the joins with Arabic articles, which are related to words that sound otherwise. `abjad` has a bit for
    /// each token of a script that writes consonants.
    fn add_bound(&mut self, name: &Analysed, abjad: u64) {
        let tokens = name.tokens();
        let binds = tokens.iter().enumerate().filter(|(_, token)| binds_words(name.latin(token)));
        let binds = binds.fold(0u64, |all, (at, _)| all | 1 << at);
        for (count, runs) in (2..).zip(&mut self.runs) {
            let bound = (0..tokens.len()).filter(|first| {
                let run = bits((*first as u8, count));
                run & abjad != 0 && run & binds != 0
            });
            *runs = bound.fold(*runs, |all, first| all | 1 << first);
        }
    }

    /// Keeps of the runs those that a name of so many tokens has and `keep` keeps, and the first letters.
    fn retain(&mut self, tokens: usize, keep: impl Fn((u8, u8)) -> bool) {
        for (count, runs) in (2..).zip(&mut self.runs) {
            *runs &= ((1 << tokens) - 1) >> (count - 1);
            let mut left = *runs;
            while left != 0 {
                let first = left.trailing_zeros() as u8;
                left &= left - 1;
                if !keep((first, count)) {
                    *runs &= !(1 << first);
                }
            }
        }
    }

    fn is_nothing(&self) -> bool {
        self.runs == [0; MAX_JOIN - 1] && !self.acronym
    }

    fn has(&self, (first, count): (u8, u8)) -> bool {
        self.runs[usize::from(count) - 2] >> first & 1 == 1
    }
}

/// The tokens of a span, one bit each.
pub(super) fn bits((first, count): (u8, u8)) -> u64 {
    ((1u64 << count) - 1) << first
}

impl Screener {
    /// Finds the listed tokens that the tokens and joins of a query are related to. Returns the sections of the index;
    /// `None` if no name can reach `least`.
    pub(super) fn relate(&self, name: &Analysed, least: f32, s: &mut Scratch) -> Option<Tables<'_>> {
        let mut r = s.relating(&self.index, least, self.listed_initials);
        r.joins.iter_mut().for_each(|(_, found)| found.clear());
        if self.options.exhaustive {
            let tables = &self.index.tables();
            for (i, token) in name.tokens().iter().enumerate() {
                let view = View::new(name, token);
                let found = find_exhaustively(&view, tables);
                r.near.give(i, Neighbourhood::of(found, tables, view.weight).into());
            }
            r.relate_joins(name, Joinable::ALL, true);
            return Some(*tables);
        }
        r.relate(name).then(|| r.tables.unwrap_or_else(|| self.index.tables()))
    }
}
