//! What the tokens of a query, and its joins, are related to: the first half of retrieval, before any name is looked
//! at.
//!
//! What is known of the tokens comes first, then the heaviest token whose neighbours are not. Once the tokens that
//! nothing listed is related to weigh so much that no name can reach the threshold by the others, the others are not
//! looked up. Of a small index, such as a change of a list, one token mostly suffices.

use super::Screener;
use super::bounds::enough;
use super::few::{FEW, Few};
use super::near::{Near, Told};
use super::neighbours::{
    Finder, Neighbour, Neighbourhood, complete, find_exhaustively, find_joined, find_joined_exhaustively,
};
use super::retrieve::{Scratch, Stats};
use crate::index::{Index, Tables, letters};
use crate::name::{Analysed, Tag, Token};
use crate::score::align::{MAX_JOIN, Slot, acronym, binds_words, is_person, is_unlettered, joins, runs};
use crate::score::relation::{ACRONYM, Joined, View};

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
    pub(super) finder: &'s mut Finder,
    pub(super) stats: &'s mut Stats,
    /// The slots of the query, and whether it is cut.
    pub(super) q: &'s [Slot],
    pub(super) cut: bool,
    /// What a name must reach.
    pub(super) least: f32,
    /// First letters of initials that the index has.
    pub(super) listed_initials: u32,
    pub(super) noted: Noted,
}

/// What is noted of the tokens of a query, one bit each.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Noted {
    /// Those that nothing is related to.
    missed: u64,
    /// Those that what is related to them cannot match as a whole, but for those that are not weighed yet.
    weak: u64,
    unweighed: u64,
    /// Those that can be paired with what no index enumerates: initials, and the end of a cut name.
    open: u64,
    /// Those that may begin joins, and end them.
    begins: u64,
    ends: u64,
    /// What all but those that nothing is related to weigh, and what the omission of these costs.
    weighed: f32,
    omitted: f32,
}

impl Relating<'_, '_> {
    /// Notes what is known of the tokens that were told; returns those of which it is not known what they are related
    /// to. Without a branch for a token: none could be foreseen, and this is done for every query.
    fn note_told(&mut self) -> u64 {
        let mut noted = Noted::default();
        let (mut known, mut related) = (0, 0);
        let cut = if self.cut { self.q.len().wrapping_sub(1) } else { usize::MAX };
        for (i, (told, slot)) in self.near.told.iter().zip(self.q).enumerate() {
            let is_initial = (slot.tag == Tag::Initial) | (letters(slot.first) & self.listed_initials != 0);
            let is_open = is_initial | (i == cut);
            let is_missed = told.is_known() & !told.is_related() & !is_open;
            known |= u64::from(told.is_known()) << i;
            related |= u64::from(told.is_related()) << i;
            noted.open |= u64::from(is_open) << i;
            noted.missed |= u64::from(is_missed) << i;
            noted.begins |= told.role.begins() << i;
            noted.ends |= told.role.ends() << i;
            let missed = f32::from(u8::from(is_missed));
            noted.weighed += (1.0 - missed) * slot.weight;
            noted.omitted += missed * slot.omission();
        }
        noted.unweighed = related & !noted.open;
        self.noted = noted;
        self.stats.neighbours_known += u64::from(known.count_ones());
        self.all() & !known
    }

    /// All tokens of the query.
    fn all(&self) -> u64 {
        bits((0, self.q.len() as u8))
    }

    /// Notes whether a token is related to anything, which is known now.
    fn note(&mut self, token: usize) {
        let noted = &mut self.noted;
        if noted.open >> token & 1 == 1 {
            return;
        }
        if self.near.told[token].is_related() {
            noted.unweighed |= 1 << token;
            return;
        }
        noted.missed |= 1 << token;
        noted.weighed -= self.q[token].weight;
        noted.omitted += self.q[token].omission();
    }

    /// The tokens of which this is 1.
    fn told(&self, is: impl Fn(&Told) -> u64) -> u64 {
        self.near.told.iter().enumerate().fold(0, |all, (i, told)| all | is(told) << i)
    }

    /// Notes which of the tokens that are related to something are weak; true if any is. What they are related to lies
    /// apart from the tokens, and most queries of a small index are hopeless without it.
    fn weigh(&mut self) -> bool {
        let mut left = std::mem::take(&mut self.noted.unweighed);
        while left != 0 {
            let token = left.trailing_zeros() as usize;
            left &= left - 1;
            let is_weak = self.near.related(token).worth(self.least) < whole(&self.q[token], self.least);
            self.noted.weak |= u64::from(is_weak) << token;
        }
        self.noted.weak != 0
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

    /// The same of what is noted, most of which is summed up.
    fn may_be_enough(&self) -> bool {
        let Noted { missed, weak, weighed, omitted, .. } = self.noted;
        match weak {
            _ if missed == self.all() => false,
            0 => enough(self.least, (1.0 - self.least) * 2.0 * weighed, weighed, omitted),
            _ => self.is_enough(missed, weak),
        }
    }

    /// The tokens that joins with neighbours cover, one bit each.
    fn joined(&self) -> u64 {
        let found = self.joins.iter().take_while(|(_, found)| !found.is_empty());
        found.fold(0, |all, (span, _)| all | bits(*span))
    }

    /// The joins that sound like something in a small index; of any other all.
    fn joinable(&mut self, name: &Analysed) -> Joinable {
        let Some(few) = self.near.few() else { return Joinable::ALL };
        let mut joinable = Joinable::NONE;
        joinable.acronym = self.may_be_acronym(name, few) && acronym(name, self.joined);
        let (tokens, told) = (name.tokens(), &self.near.told);
        let syllables = if tokens.len() > 2 { self.told(|told| told.role.is_syllable()) } else { 0 };
        let short = syllables & syllables >> 1;
        for (behind, runs) in (1..).zip(&mut joinable.runs) {
            // Those that begin and end like something; longer ones than two of syllables alone.
            let mut left = self.noted.begins & self.noted.ends >> behind;
            if behind > 1 {
                left &= short & short >> (behind - 1);
            }
            while left != 0 {
                let first = left.trailing_zeros() as usize;
                left &= left - 1;
                let (last, own) = (first + behind, told[first].sounds);
                let join =
                    told[first + 1..=last].iter().fold(own, |join, next| join.followed_by(next.sounds));
                let letters = tokens[first..=last].iter().map(Token::letters).sum();
                *runs |= u64::from(few.may_sound(join, letters)) << first;
            }
        }
        let abjad = self.told(|told| told.role.is_abjad());
        if abjad != 0 {
            joinable.add_bound(name, abjad);
        }
        joinable
    }

    /// False of a name whose first letters are no listed word.
    fn may_be_acronym(&self, name: &Analysed, few: &Few) -> bool {
        if is_person(name) || self.told(|told| told.role.is_phrase()) != 0 {
            return !is_person(name);
        }
        let mut letters = [0; *ACRONYM.end()];
        let mut count = 0;
        for slot in self.q.iter().filter(|slot| slot.first.is_ascii_lowercase() && !is_unlettered(slot.tag)) {
            let Some(letter) = letters.get_mut(count) else { return false };
            *letter = slot.first;
            count += 1;
        }
        ACRONYM.contains(&count) && few.may_be_acronym(&letters[..count])
    }

    /// Whether a join could make up for what nothing is related to: together with all others that fit beside it, it
    /// leaves no more out than what a name that reaches `least` can lack.
    fn may_make_up(&self, span: (u8, u8)) -> bool {
        let (first, end, all) = (u32::from(span.0), u32::from(span.0 + span.1), self.q.len() as u32);
        // A single token beside it is in no other join.
        let before = if first > 1 { (1 << first) - 1 } else { 0 };
        let behind = if all > end + 1 { !0 << end } else { 0 };
        let left = !(bits(span) | before | behind);
        self.is_enough(self.noted.missed & left, self.noted.weak & left)
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
        // All of them: of an earlier look at the same query there may be some behind one that is empty now.
        spans[count..].iter_mut().for_each(|(_, found)| found.clear());
        let Some(tables) = &self.tables else { return };
        for ((first, tokens), found) in &mut spans[..count] {
            let (from, to) = (usize::from(*first), usize::from(*first + *tokens));
            let weight = name.tokens()[from..to].iter().map(|t| t.weight).sum();
            found.iter_mut().for_each(|n| complete(n, tables, weight));
        }
    }

    /// Whether no name can reach `least`, because too little is related to the tokens and to the joins they are in.
    fn is_hopeless(&mut self, name: &Analysed) -> bool {
        if self.may_be_enough() {
            return false;
        }
        let Noted { missed, weak, .. } = self.noted;
        let mut joinable = self.all_joinable(name);
        if joinable.is_nothing() {
            return true;
        }
        joinable.retain(self.q.len(), |span| bits(span) & (missed | weak) != 0 && self.may_make_up(span));
        if !joinable.is_nothing() {
            self.relate_joins(name, joinable, false);
            let alone = !self.joined();
            if self.is_enough(missed & alone, weak & alone) {
                return false;
            }
        }
        true
    }

    /// The heaviest of these tokens.
    fn heaviest(&self, tokens: u64) -> usize {
        let omission = |i: &usize| self.q[*i].omission();
        let some = (0..self.q.len()).filter(|i| tokens >> i & 1 == 1);
        some.max_by(|a, b| omission(a).total_cmp(&omission(b)).then(b.cmp(a))).unwrap_or(0)
    }

    /// Finds what these tokens are related to, the heaviest first, until no name can reach `least`: then true.
    #[inline(never)]
    fn find(&mut self, name: &Analysed, mut unknown: u64) -> bool {
        while unknown != 0 {
            let token = self.heaviest(unknown);
            unknown &= !(1 << token);
            let tables = || *self.tables.get_or_insert_with(|| self.index.tables());
            let was_known = self.near.ask(name, token, tables, self.finder);
            self.stats.neighbours_known += u64::from(was_known);
            self.stats.neighbours_found += u64::from(!was_known);
            self.note(token);
            if self.is_hopeless(name) {
                return true;
            }
        }
        false
    }

    /// Relates the tokens and joins of the name that was told; false if no name can reach `least`, and then not all
    /// are related.
    fn relate(&mut self, name: &Analysed) -> bool {
        // All that is known is taken before anything is found.
        let unknown = self.note_told();
        let mut hopeless = self.is_hopeless(name);
        if unknown != 0 && !hopeless {
            hopeless = self.find(name, unknown);
        }
        if hopeless || (self.weigh() && self.is_hopeless(name)) {
            return false;
        }
        let joinable = self.all_joinable(name);
        self.relate_joins(name, joinable, false);
        // Candidates are names of related tokens: a query without any has none.
        self.near.told.iter().any(|told| told.is_related()) || self.joined() != 0
    }
}

/// Empties the first of these joins; those behind an empty one are so.
fn forget(joins: &mut [((u8, u8), Vec<Neighbour>)]) {
    joins.iter_mut().take_while(|(_, found)| !found.is_empty()).for_each(|(_, found)| found.clear());
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
        forget(r.joins);
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
