//! What the tokens of a query, and its joins, are related to: the first half of retrieval, before any name is looked
//! at.
//!
//! What is known of the tokens comes first, then the heaviest token whose neighbours are not. Once the tokens that
//! nothing listed is related to weigh so much that no name can reach the threshold by the others, the others are not
//! looked up. Of a small index, such as a change of a list, one token mostly suffices.

use super::bounds::bound_reaches;
use super::match_cache::{
    LookupBuffers, TokenMatch, TokenMatches, find_concatenation_matches,
    find_concatenation_matches_exhaustively, find_exhaustively, load_index_fields,
};
use super::prefilter::small_index::{SMALL_INDEX_MAX_TOKENS, SmallIndexFilter};
use super::token_cache::{CachedToken, TokenCache};
use super::{Scratch, Stats};
use crate::index::{Index, IndexView, letter_mask};
use crate::name::{AnalysedName, Tag, Token};
use crate::score::align::{
    AlignToken, MAX_CONCATENATION, Span, TokenSet, acronym, concatenations, is_arabic_clitic, is_person,
    skipped_in_acronym, token_runs,
};
use crate::score::relation::{ACRONYM, Concatenation, TokenRef};
use crate::screen::Screener;

/// The first letters of all initials in listed names, one bit each; of a large index all letters.
pub(crate) fn listed_initials(index: &Index) -> u32 {
    let view = index.view();
    if view.tokens.len() > SMALL_INDEX_MAX_TOKENS {
        return u32::MAX;
    }
    let listed = view.spans.iter().flat_map(|span| view.listed_tokens(span));
    listed.filter(|token| token.is_initial()).fold(0, |all, token| all | letter_mask(token.first()))
}

/// The buffers that relating takes from a [`Scratch`].
pub(crate) struct Expander<'s, 'i> {
    pub(crate) index: &'i Index,
    /// Its sections, once they were asked for: most queries of a small index ask for none.
    pub(crate) view: Option<IndexView<'i>>,
    /// What joins are related to, each with its first token and number of tokens; those beyond the ones found are
    /// empty, and kept for later queries.
    pub(crate) concatenations: &'s mut Vec<(Span, Vec<TokenMatch>)>,
    pub(crate) text: &'s mut String,
    pub(crate) token_cache: &'s mut TokenCache,
    /// The joins that sound like something listed, once that was asked.
    pub(crate) concatenation_set: Option<ConcatenationSet>,
    pub(crate) buffers: &'s mut LookupBuffers,
    pub(crate) stats: &'s mut Stats,
    /// The slots of the query, and whether it is cut.
    pub(crate) query: &'s [AlignToken],
    pub(crate) cut: bool,
    /// What a name must reach.
    pub(crate) min_score: f32,
    /// First letters of initials that the index has.
    pub(crate) listed_initials: u32,
    pub(crate) state: ExpansionState,
}

/// What is noted of the tokens of a query, one bit each.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ExpansionState {
    /// Those that nothing is related to.
    unmatched: u64,
    /// Those that what is related to them cannot match as a whole, but for those that are not weighed yet.
    weak: u64,
    pending: u64,
    /// Those that can be paired with what no index enumerates: initials, and the end of a cut name.
    wildcard: u64,
    /// Those that may begin joins, and end them.
    starts: u64,
    ends: u64,
    /// What all but those that nothing is related to weigh, and what the omission of these costs.
    matched_weight: f32,
    omission: f32,
}

impl Expander<'_, '_> {
    /// Notes what is known of the tokens that were told; returns those of which it is not known what they are related
    /// to. Without a branch for a token: none could be foreseen, and this is done for every query.
    fn scan_cached(&mut self) -> u64 {
        let mut state = ExpansionState::default();
        let (mut known, mut matches) = (0, 0);
        let cut = if self.cut { self.query.len().wrapping_sub(1) } else { usize::MAX };
        for (i, (cached, slot)) in self.token_cache.cached.iter().zip(self.query).enumerate() {
            let is_initial =
                (slot.tag == Tag::Initial) | (letter_mask(slot.first) & self.listed_initials != 0);
            let is_wildcard = is_initial | (i == cut);
            let is_unmatched = cached.is_resolved() & !cached.has_matches() & !is_wildcard;
            known |= u64::from(cached.is_resolved()) << i;
            matches |= u64::from(cached.has_matches()) << i;
            state.wildcard |= u64::from(is_wildcard) << i;
            state.unmatched |= u64::from(is_unmatched) << i;
            state.starts |= cached.role.may_start() << i;
            state.ends |= cached.role.may_end() << i;
            let unmatched = f32::from(u8::from(is_unmatched));
            state.matched_weight += (1.0 - unmatched) * slot.weight;
            state.omission += unmatched * slot.omission();
        }
        state.pending = matches & !state.wildcard;
        self.state = state;
        self.stats.cached_tokens += u64::from(known.count_ones());
        self.all() & !known
    }

    /// All tokens of the query.
    fn all(&self) -> u64 {
        TokenSet::first(self.query.len()).0
    }

    /// Notes whether a token is related to anything, which is known now.
    fn record(&mut self, token: usize) {
        let state = &mut self.state;
        if state.wildcard >> token & 1 == 1 {
            return;
        }
        if self.token_cache.cached[token].has_matches() {
            state.pending |= 1 << token;
            return;
        }
        state.unmatched |= 1 << token;
        state.matched_weight -= self.query[token].weight;
        state.omission += self.query[token].omission();
    }

    /// The tokens of which this is 1.
    fn cached(&self, is: impl Fn(&CachedToken) -> u64) -> u64 {
        self.token_cache.cached.iter().enumerate().fold(0, |all, (i, cached)| all | is(cached) << i)
    }

    /// Notes which of the tokens that are related to something are weak; true if any is. What they are related to lies
    /// apart from the tokens, and most queries of a small index are hopeless without it.
    fn mark_weak(&mut self) -> bool {
        let mut left = std::mem::take(&mut self.state.pending);
        while left != 0 {
            let token = left.trailing_zeros() as usize;
            left &= left - 1;
            let is_weak = self.token_cache.matches(token).pair_gain(self.min_score)
                < exact_match_gain(&self.query[token], self.min_score);
            self.state.weak |= u64::from(is_weak) << token;
        }
        self.state.weak != 0
    }

    /// Whether names can reach `min_score` that pair none of the tokens in `unmatched`, and those in `weak` with nothing but
    /// what they are related to.
    fn bound_reaches_without(&self, unmatched: u64, weak: u64) -> bool {
        let (mut most, mut matched_weight, mut omission) = (0.0, 0.0, 0.0);
        for (i, slot) in self.query.iter().enumerate() {
            if unmatched >> i & 1 == 1 {
                omission += slot.omission();
                continue;
            }
            matched_weight += slot.weight;
            let is_weak = weak >> i & 1 == 1;
            most += if is_weak {
                self.token_cache.matches(i).pair_gain(self.min_score)
            } else {
                exact_match_gain(slot, self.min_score)
            };
        }
        bound_reaches(self.min_score, most, matched_weight, omission)
    }

    /// The same of what is noted, most of which is summed up.
    fn may_reach(&self) -> bool {
        let ExpansionState { unmatched, weak, matched_weight, omission, .. } = self.state;
        match weak {
            _ if unmatched == self.all() => false,
            0 => bound_reaches(
                self.min_score,
                (1.0 - self.min_score) * 2.0 * matched_weight,
                matched_weight,
                omission,
            ),
            _ => self.bound_reaches_without(unmatched, weak),
        }
    }

    /// The tokens that joins with neighbours cover, one bit each.
    fn joined(&self) -> u64 {
        let found = self.concatenations.iter().take_while(|(_, found)| !found.is_empty());
        found.fold(0, |all, (span, _)| all | span_mask(*span))
    }

    /// The joins that sound like something in a small index; of any other all.
    fn concatenation_set(&mut self, name: &AnalysedName) -> ConcatenationSet {
        let Some(small_index) = self.token_cache.small_index() else { return ConcatenationSet::ALL };
        let mut concatenation_set = ConcatenationSet::NONE;
        concatenation_set.acronym = self.may_be_acronym(name, small_index) && acronym(name, self.text);
        let (tokens, cached) = (name.tokens(), &self.token_cache.cached);
        let syllables = if tokens.len() > 2 { self.cached(|cached| cached.role.is_syllable()) } else { 0 };
        let short = syllables & syllables >> 1;
        for (behind, token_runs) in (1..).zip(&mut concatenation_set.token_runs) {
            // Those that begin and end like something; longer ones than two of syllables alone.
            let mut left = self.state.starts & self.state.ends >> behind;
            if behind > 1 {
                left &= short & short >> (behind - 1);
            }
            while left != 0 {
                let first = left.trailing_zeros() as usize;
                left &= left - 1;
                let (last, own) = (first + behind, cached[first].code);
                let join = cached[first + 1..=last].iter().fold(own, |join, next| join.concat(next.code));
                let letters = tokens[first..=last].iter().map(Token::letters).sum();
                *token_runs |= u64::from(small_index.may_contain_phonetic(join, letters)) << first;
            }
        }
        let abjad = self.cached(|cached| cached.role.is_abjad());
        if abjad != 0 {
            concatenation_set.add_clitics(name, abjad);
        }
        concatenation_set
    }

    /// False of a name whose first letters are no listed word.
    fn may_be_acronym(&self, name: &AnalysedName, small_index: &SmallIndexFilter) -> bool {
        if is_person(name) || self.cached(|cached| cached.role.is_phrase()) != 0 {
            return !is_person(name);
        }
        let mut letter_mask = [0; *ACRONYM.end()];
        let mut count = 0;
        for slot in
            self.query.iter().filter(|slot| slot.first.is_ascii_lowercase() && !skipped_in_acronym(slot.tag))
        {
            let Some(letter) = letter_mask.get_mut(count) else { return false };
            *letter = slot.first;
            count += 1;
        }
        ACRONYM.contains(&count) && small_index.may_be_acronym(&letter_mask[..count])
    }

    /// Whether a join could make up for what nothing is related to: together with all others that fit beside it, it
    /// leaves no more out than what a name that reaches `min_score` can lack.
    fn can_compensate(&self, span: Span) -> bool {
        let (first, end, all) = (span.range().start, span.range().end, self.query.len());
        // A single token beside it is in no other join.
        let before = if first > 1 { (1 << first) - 1 } else { 0 };
        let behind = if all > end + 1 { !0 << end } else { 0 };
        let left = !(span_mask(span) | before | behind);
        self.bound_reaches_without(self.state.unmatched & left, self.state.weak & left)
    }

    /// The joins to look up; known once it was asked.
    fn all_concatenations(&mut self, name: &AnalysedName) -> ConcatenationSet {
        let concatenation_set = self.concatenation_set.unwrap_or_else(|| self.concatenation_set(name));
        self.concatenation_set = Some(concatenation_set);
        concatenation_set
    }

    /// Relates these joins.
    fn match_concatenations(
        &mut self,
        name: &AnalysedName,
        concatenation_set: ConcatenationSet,
        exhaustive: bool,
    ) {
        if concatenation_set.is_empty() && !exhaustive {
            return;
        }
        let (spans, token_cache, buffers) =
            (&mut *self.concatenations, &*self.token_cache, &mut *self.buffers);
        let (index, view) = (self.index, &mut self.view);
        let mut count = 0;
        let mut each = |span, text: &Concatenation<'_>| {
            if !exhaustive && !token_cache.may_contain_concatenation(text) {
                return;
            }
            if spans.len() == count {
                spans.push((span, Vec::new()));
            }
            let (at, found) = &mut spans[count];
            *at = span;
            let view = view.get_or_insert_with(|| index.view());
            if exhaustive {
                find_concatenation_matches_exhaustively(text, view, found);
            } else {
                find_concatenation_matches(text, token_cache.small_index(), view, buffers, found);
            }
            found.sort_unstable_by_key(|n| n.token);
            found.dedup_by_key(|n| n.token);
            count += usize::from(!found.is_empty());
        };
        if exhaustive {
            concatenations(name, self.text, |_| true, each);
        } else {
            token_runs(name, self.text, |span| concatenation_set.contains(span), &mut each);
            if concatenation_set.acronym && acronym(name, self.text) {
                each(Span::new(0, name.tokens().len()), &Concatenation::acronym(self.text));
            }
        }
        // All of them: of an earlier look at the same query there may be some behind one that is empty now.
        spans[count..].iter_mut().for_each(|(_, found)| found.clear());
        let Some(view) = &self.view else { return };
        for (span, found) in &mut spans[..count] {
            let weight = name.tokens()[span.range()].iter().map(|t| t.weight).sum();
            found.iter_mut().for_each(|n| load_index_fields(n, view, weight));
        }
    }

    /// Whether no name can reach `min_score`, because too little is related to the tokens and to the joins they are in.
    fn is_ruled_out(&mut self, name: &AnalysedName) -> bool {
        if self.may_reach() {
            return false;
        }
        let ExpansionState { unmatched, weak, .. } = self.state;
        let mut concatenation_set = self.all_concatenations(name);
        if concatenation_set.is_empty() {
            return true;
        }
        concatenation_set.retain(self.query.len(), |span| {
            span_mask(span) & (unmatched | weak) != 0 && self.can_compensate(span)
        });
        if !concatenation_set.is_empty() {
            self.match_concatenations(name, concatenation_set, false);
            let alone = !self.joined();
            if self.bound_reaches_without(unmatched & alone, weak & alone) {
                return false;
            }
        }
        true
    }

    /// The heaviest of these tokens.
    fn heaviest(&self, tokens: u64) -> usize {
        let omission = |i: &usize| self.query[*i].omission();
        let some = (0..self.query.len()).filter(|i| tokens >> i & 1 == 1);
        some.max_by(|a, b| omission(a).total_cmp(&omission(b)).then(b.cmp(a))).unwrap_or(0)
    }

    /// Finds what these tokens are related to, the heaviest first, until no name can reach `min_score`: then true.
    #[inline(never)]
    fn resolve(&mut self, name: &AnalysedName, mut unknown: u64) -> bool {
        while unknown != 0 {
            let token = self.heaviest(unknown);
            unknown &= !(1 << token);
            let view = || *self.view.get_or_insert_with(|| self.index.view());
            let was_cached = self.token_cache.fetch_or_compute(name, token, view, self.buffers);
            self.stats.cached_tokens += u64::from(was_cached);
            self.stats.computed_tokens += u64::from(!was_cached);
            self.record(token);
            if self.is_ruled_out(name) {
                return true;
            }
        }
        false
    }

    /// Relates the tokens and joins of the name that was told; false if no name can reach `min_score`, and then not all
    /// are related.
    fn relate(&mut self, name: &AnalysedName) -> bool {
        // All that is known is taken before anything is found.
        let unknown = self.scan_cached();
        let mut ruled_out = self.is_ruled_out(name);
        if unknown != 0 && !ruled_out {
            ruled_out = self.resolve(name, unknown);
        }
        if ruled_out || (self.mark_weak() && self.is_ruled_out(name)) {
            return false;
        }
        let concatenation_set = self.all_concatenations(name);
        self.match_concatenations(name, concatenation_set, false);
        // Candidates are names of related tokens: a query without any has none.
        self.token_cache.cached.iter().any(|cached| cached.has_matches()) || self.joined() != 0
    }
}

/// Empties the first of these joins; those behind an empty one are so.
fn clear_concatenations(concatenations: &mut [(Span, Vec<TokenMatch>)]) {
    concatenations.iter_mut().take_while(|(_, found)| !found.is_empty()).for_each(|(_, found)| found.clear());
}

/// What a token adds that is paired with its equal.
fn exact_match_gain(slot: &AlignToken, min_score: f32) -> f32 {
    (1.0 - min_score) * 2.0 * slot.weight
}

/// The joins of a query that are looked up.
#[derive(Clone, Copy)]
pub(crate) struct ConcatenationSet {
    /// Of two, three and four tokens the bits of the first ones.
    token_runs: [u64; MAX_CONCATENATION - 1],
    /// Whether the first letters of the name are.
    acronym: bool,
}

impl ConcatenationSet {
    const NONE: ConcatenationSet =
        ConcatenationSet { token_runs: [0; MAX_CONCATENATION - 1], acronym: false };
    const ALL: ConcatenationSet =
        ConcatenationSet { token_runs: [u64::MAX; MAX_CONCATENATION - 1], acronym: true };

    /// Adds the joins with Arabic articles, which are related to words that sound otherwise. `abjad` has a bit for
    /// each token of a script that writes consonants.
    fn add_clitics(&mut self, name: &AnalysedName, abjad: u64) {
        let tokens = name.tokens();
        let clitics = tokens.iter().enumerate().filter(|(_, token)| is_arabic_clitic(name.latin(token)));
        let clitics = clitics.fold(0u64, |all, (at, _)| all | 1 << at);
        for (count, token_runs) in (2..).zip(&mut self.token_runs) {
            let with_clitic = (0..tokens.len()).filter(|first| {
                let run = span_mask(Span::new(*first, count));
                run & abjad != 0 && run & clitics != 0
            });
            *token_runs = with_clitic.fold(*token_runs, |all, first| all | 1 << first);
        }
    }

    /// Keeps of the runs those that a name of so many tokens has and `keep` keeps, and the first letters.
    fn retain(&mut self, tokens: usize, keep: impl Fn(Span) -> bool) {
        for (count, token_runs) in (2..).zip(&mut self.token_runs) {
            *token_runs &= ((1 << tokens) - 1) >> (count - 1);
            let mut left = *token_runs;
            while left != 0 {
                let first = left.trailing_zeros() as u8;
                left &= left - 1;
                if !keep(Span { first, count }) {
                    *token_runs &= !(1 << first);
                }
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.token_runs == [0; MAX_CONCATENATION - 1] && !self.acronym
    }

    fn contains(&self, span: Span) -> bool {
        self.token_runs[usize::from(span.count) - 2] >> span.first & 1 == 1
    }
}

/// The tokens of a span, one bit each.
pub(crate) fn span_mask(span: Span) -> u64 {
    span.tokens().0
}

impl Screener {
    /// Finds the listed tokens that the tokens and joins of a query are related to. Returns the sections of the index;
    /// `None` if no name can reach `min_score`.
    pub(crate) fn relate(
        &self,
        name: &AnalysedName,
        min_score: f32,
        s: &mut Scratch,
    ) -> Option<IndexView<'_>> {
        let mut r = s.expander(&self.index, min_score, self.listed_initials);
        clear_concatenations(r.concatenations);
        if self.options.exhaustive {
            let view = &self.index.view();
            for (i, token) in name.tokens().iter().enumerate() {
                let token = TokenRef::new(name, token);
                let found = find_exhaustively(&token, view);
                r.token_cache.insert_for_query(i, TokenMatches::of(found, view, token.weight).into());
            }
            r.match_concatenations(name, ConcatenationSet::ALL, true);
            return Some(*view);
        }
        r.relate(name).then(|| r.view.unwrap_or_else(|| self.index.view()))
    }
}
