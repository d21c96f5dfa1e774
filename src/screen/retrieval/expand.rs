//! Query expansion: which listed tokens match the tokens of a query and their concatenations. The first stage of
//! retrieval, before any name is looked at.
//!
//! Tokens whose matches are cached come first, then the others, the heaviest first. Once the tokens that match nothing
//! weigh so much that no name can reach the minimal score by the remaining ones, the query is ruled out and nothing more
//! is looked up. Against a small index, such as that of a change, one token mostly suffices.
//!
//! Concatenations are looked up last and only where they could lift the bound: "no token matches" does not rule a query
//! out if two of its tokens written together may.

use super::bounds::{bound_reaches, exact_match_gain};
use super::concatenation_set::ConcatenationSet;
use super::lookup::{
    LookupBuffers, find_concatenation_matches, find_concatenation_matches_exhaustively,
    find_matches_exhaustively,
};
use super::prefilter::small_index::SMALL_INDEX_MAX_TOKENS;
use super::token_cache::{CachedToken, TokenCache};
use super::token_match::{ConcatenationMatches, TokenMatches};
use crate::index::{Index, IndexView, letter_mask};
use crate::name::{AnalysedName, Tag};
use crate::score::align::{AlignToken, Span, TokenSet, acronym, concatenations, token_runs};
use crate::score::relation::{Concatenation, TokenRef};
use crate::screen::stats::Stats;

/// The first letters of all initials in listed names, as [`letter_mask`] has them; of a large index all letters.
pub(crate) fn listed_initials(index: &Index) -> u32 {
    let view = index.view();
    if view.tokens.len() > SMALL_INDEX_MAX_TOKENS {
        return u32::MAX;
    }
    let listed = view.spans.iter().flat_map(|span| view.listed_tokens(span));
    listed.filter(|token| token.is_initial()).fold(0, |all, token| all | letter_mask(token.first()))
}

/// Expands one query.
pub(super) struct Expander<'s, 'i> {
    pub(super) index: &'i Index,
    /// The sections of the index, once they were needed: most queries of a small index need none.
    pub(super) view: Option<IndexView<'i>>,
    /// The query's tokens, and whether the query may be truncated.
    pub(super) tokens: &'s [AlignToken],
    pub(super) truncated: bool,
    /// The score that a name must reach.
    pub(super) min_score: f32,
    /// First letters of the initials that the index has.
    pub(super) listed_initials: u32,
    pub(super) token_cache: &'s mut TokenCache,
    pub(super) lookup: &'s mut LookupBuffers,
    /// A buffer for the text of a concatenation.
    pub(super) text: &'s mut String,
    pub(super) concatenations: &'s mut ConcatenationMatches,
    /// The concatenations that may match anything, once they were determined.
    pub(super) possible: Option<ConcatenationSet>,
    pub(super) stats: &'s mut Stats,
    pub(super) state: ExpansionState,
}

/// What is known of the tokens of a query in the course of its expansion.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ExpansionState {
    /// Tokens that match nothing.
    unmatched: TokenSet,
    /// Tokens whose matches all gain less than an equal token would.
    weak: TokenSet,
    /// Tokens that match something, and of which it is open whether they are weak.
    pending: TokenSet,
    /// Tokens that can be paired with what no index enumerates: initials, and the end of a truncated name.
    wildcard: TokenSet,
    /// Tokens that may be the first, and the last, of a concatenation that matches.
    starts: TokenSet,
    ends: TokenSet,
    /// The weight of all tokens but the unmatched ones, and the omission cost of these.
    matched_weight: f32,
    omission: f32,
}

impl<'i> Expander<'_, 'i> {
    /// Finds the matches of the tokens and concatenations of a query. Returns the sections of the index, or `None` if
    /// no name can reach the minimal score; then some matches are missing.
    pub(super) fn run(mut self, name: &AnalysedName) -> Option<IndexView<'i>> {
        self.concatenations.clear();
        // All cached matches are read before any is computed.
        let unresolved = self.scan_cached();
        let mut ruled_out = self.is_ruled_out(name);
        if !unresolved.is_empty() && !ruled_out {
            ruled_out = self.resolve(name, unresolved);
        }
        if ruled_out || (self.mark_weak() && self.is_ruled_out(name)) {
            return None;
        }
        let possible = self.possible_concatenations(name);
        self.match_concatenations(name, possible);
        // Candidates are names of matching tokens: a query without a match has none.
        let has_matches = self.token_cache.tokens.iter().any(CachedToken::has_matches);
        (has_matches || !self.concatenations.is_empty()).then(|| self.view())
    }

    /// The same by comparing every token and concatenation with the whole dictionary: the oracle.
    pub(super) fn run_exhaustively(mut self, name: &AnalysedName) -> IndexView<'i> {
        self.concatenations.clear();
        let view = self.view();
        for (i, token) in name.tokens().iter().enumerate() {
            let token = TokenRef::new(name, token);
            let matches = find_matches_exhaustively(&token, &view);
            self.token_cache.set_for_query(i, TokenMatches::new(matches, &view, token.weight).into());
        }
        let found = &mut *self.concatenations;
        concatenations(
            name,
            self.text,
            |_| true,
            |span, concatenation| {
                found.add(span, |out| find_concatenation_matches_exhaustively(concatenation, &view, out));
            },
        );
        self.load_concatenation_fields(name);
        view
    }

    fn view(&mut self) -> IndexView<'i> {
        *self.view.get_or_insert_with(|| self.index.view())
    }

    /// Sums up what is cached of the tokens. Returns the tokens that are not resolved.
    ///
    /// There is no branch in the loop: none could be predicted, and this runs for every query.
    fn scan_cached(&mut self) -> TokenSet {
        let mut state = ExpansionState::default();
        let (mut resolved, mut matched) = (TokenSet::EMPTY, TokenSet::EMPTY);
        let truncated_end = if self.truncated { self.tokens.len().wrapping_sub(1) } else { usize::MAX };
        for (i, (cached, token)) in self.token_cache.tokens.iter().zip(self.tokens).enumerate() {
            let is_initial =
                (token.tag == Tag::Initial) | (letter_mask(token.first) & self.listed_initials != 0);
            let is_wildcard = is_initial | (i == truncated_end);
            let is_unmatched = cached.is_resolved() & !cached.has_matches() & !is_wildcard;
            resolved.insert_if(i, cached.is_resolved());
            matched.insert_if(i, cached.has_matches());
            state.wildcard.insert_if(i, is_wildcard);
            state.unmatched.insert_if(i, is_unmatched);
            state.starts.insert_if(i, cached.role.may_start());
            state.ends.insert_if(i, cached.role.may_end());
            let unmatched = f32::from(u8::from(is_unmatched));
            state.matched_weight += (1.0 - unmatched) * token.weight;
            state.omission += unmatched * token.omission();
        }
        state.pending = matched.without(state.wildcard);
        self.state = state;
        self.stats.cached_tokens += resolved.len() as u64;
        self.all().without(resolved)
    }

    /// Resolves these tokens, the heaviest first, until no name can reach the minimal score: then true.
    #[inline(never)]
    fn resolve(&mut self, name: &AnalysedName, mut unresolved: TokenSet) -> bool {
        while !unresolved.is_empty() {
            let token = self.heaviest(unresolved);
            unresolved.remove(token);
            let view = || *self.view.get_or_insert_with(|| self.index.view());
            let was_cached = self.token_cache.fetch(name, token, view, self.lookup);
            self.stats.cached_tokens += u64::from(was_cached);
            self.stats.computed_tokens += u64::from(!was_cached);
            self.record(token);
            if self.is_ruled_out(name) {
                return true;
            }
        }
        false
    }

    /// Takes note of whether a token that was resolved matches anything.
    fn record(&mut self, token: usize) {
        let state = &mut self.state;
        if state.wildcard.contains(token) {
            return;
        }
        if self.token_cache.tokens[token].has_matches() {
            state.pending.insert(token);
            return;
        }
        state.unmatched.insert(token);
        state.matched_weight -= self.tokens[token].weight;
        state.omission += self.tokens[token].omission();
    }

    /// Decides which of the pending tokens are weak; true if any token is. Matches lie apart from the tokens, and most
    /// queries of a small index are ruled out without reading them.
    fn mark_weak(&mut self) -> bool {
        for token in std::mem::take(&mut self.state.pending).iter() {
            let is_weak = self.token_cache.matches(token).pair_gain(self.min_score)
                < exact_match_gain(&self.tokens[token], self.min_score);
            self.state.weak.insert_if(token, is_weak);
        }
        !self.state.weak.is_empty()
    }

    /// Whether no name can reach the minimal score, because too few of the tokens match, alone or concatenated.
    fn is_ruled_out(&mut self, name: &AnalysedName) -> bool {
        if self.may_reach() {
            return false;
        }
        let ExpansionState { unmatched, weak, .. } = self.state;
        let mut helpful = self.possible_concatenations(name);
        if helpful.is_empty() {
            return true;
        }
        let lacking = unmatched | weak;
        helpful
            .retain(self.tokens.len(), |span| span.tokens().intersects(lacking) && self.can_compensate(span));
        if !helpful.is_empty() {
            self.match_concatenations(name, helpful);
            let alone = !self.concatenated();
            if self.bound_reaches_without(unmatched & alone, weak & alone) {
                return false;
            }
        }
        true
    }

    /// Whether names can reach the minimal score by what is known of the tokens, concatenations left aside.
    fn may_reach(&self) -> bool {
        let ExpansionState { unmatched, weak, matched_weight, omission, .. } = self.state;
        if unmatched == self.all() {
            return false;
        }
        if weak.is_empty() {
            let gain = (1.0 - self.min_score) * 2.0 * matched_weight;
            return bound_reaches(self.min_score, gain, matched_weight, omission);
        }
        self.bound_reaches_without(unmatched, weak)
    }

    /// Whether names can reach the minimal score that pair none of the `unmatched` tokens, and the `weak` ones with
    /// nothing but their matches.
    fn bound_reaches_without(&self, unmatched: TokenSet, weak: TokenSet) -> bool {
        let (mut gain, mut matched_weight, mut omission) = (0.0, 0.0, 0.0);
        for (i, token) in self.tokens.iter().enumerate() {
            if unmatched.contains(i) {
                omission += token.omission();
                continue;
            }
            matched_weight += token.weight;
            gain += if weak.contains(i) {
                self.token_cache.matches(i).pair_gain(self.min_score)
            } else {
                exact_match_gain(token, self.min_score)
            };
        }
        bound_reaches(self.min_score, gain, matched_weight, omission)
    }

    /// Whether a concatenation could make up for unmatched tokens: whether the bound reaches the minimal score if it
    /// matches, together with all others that fit beside it.
    fn can_compensate(&self, span: Span) -> bool {
        let (first, end, all) = (span.range().start, span.range().end, self.tokens.len());
        // A single token before or behind it is in no other concatenation.
        let before = if first > 1 { TokenSet::first(first) } else { TokenSet::EMPTY };
        let behind = if all > end + 1 { !TokenSet::first(end) } else { TokenSet::EMPTY };
        let left = !(span.tokens() | before | behind);
        self.bound_reaches_without(self.state.unmatched & left, self.state.weak & left)
    }

    /// Looks these concatenations up.
    fn match_concatenations(&mut self, name: &AnalysedName, wanted: ConcatenationSet) {
        if wanted.is_empty() {
            return;
        }
        // What an earlier look found is found again: it was of a part of these.
        self.concatenations.clear();
        let (token_cache, lookup, found) = (&*self.token_cache, &mut *self.lookup, &mut *self.concatenations);
        let (index, view) = (self.index, &mut self.view);
        let mut each = |span, concatenation: &Concatenation<'_>| {
            if token_cache.may_match_concatenation(concatenation) {
                let view = view.get_or_insert_with(|| index.view());
                let small_index = token_cache.small_index();
                found.add(span, |out| {
                    find_concatenation_matches(concatenation, small_index, view, lookup, out);
                });
            }
        };
        token_runs(name, self.text, |span| wanted.contains(span), &mut each);
        if wanted.acronym && acronym(name, self.text) {
            each(Span::new(0, name.tokens().len()), &Concatenation::acronym(self.text));
        }
        self.load_concatenation_fields(name);
    }

    fn load_concatenation_fields(&mut self, name: &AnalysedName) {
        let Some(view) = &self.view else { return };
        for (span, matches) in self.concatenations.iter_mut() {
            let weight = name.tokens()[span.range()].iter().map(|token| token.weight).sum();
            matches.iter_mut().for_each(|m| m.load_index_fields(view, weight));
        }
    }

    /// The concatenations that may match anything: of a small index those that its filter lets pass, else all.
    fn possible_concatenations(&mut self, name: &AnalysedName) -> ConcatenationSet {
        if let Some(possible) = self.possible {
            return possible;
        }
        let possible = match self.token_cache.small_index() {
            None => ConcatenationSet::ALL,
            Some(filter) if filter.has_native_words() => ConcatenationSet::ALL,
            Some(filter) => {
                let mut text = std::mem::take(self.text);
                let possible = self.filter_concatenations(name, filter, &mut text);
                *self.text = text;
                possible
            }
        };
        self.possible = Some(possible);
        possible
    }
}

impl Expander<'_, '_> {
    /// All tokens of the query.
    fn all(&self) -> TokenSet {
        TokenSet::first(self.tokens.len())
    }

    /// The tokens that concatenations with a match cover.
    fn concatenated(&self) -> TokenSet {
        self.concatenations.iter().fold(TokenSet::EMPTY, |all, (span, _)| all | span.tokens())
    }

    /// The first tokens of the runs over this distance whose ends may be those of a concatenation that matches.
    pub(super) fn possible_ends(&self, distance: usize) -> TokenSet {
        self.state.starts & self.state.ends.before(distance)
    }

    /// The token of these whose omission costs most; of equals the first.
    fn heaviest(&self, tokens: TokenSet) -> usize {
        let omission = |i: &usize| self.tokens[*i].omission();
        tokens.iter().max_by(|a, b| omission(a).total_cmp(&omission(b)).then(b.cmp(a))).unwrap_or(0)
    }
}
