//! Listed tokens that match a query token, with what retrieval needs to know of each.

use super::bounds::pair_gain;
use crate::index::{IndexView, Posting};
use crate::score::align::Span;
use crate::score::relation::MatchKind;
use crate::util::prefetch::prefetch_all;
use std::sync::Arc;

/// A listed token, or a concatenation of listed tokens, that matches a query token or a concatenation of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TokenMatch {
    /// Number of the listed token.
    pub(crate) token: u32,
    pub(crate) similarity: f32,
    pub(crate) kind: MatchKind,
    /// Weight of the lighter side; for a listed concatenation, whose tokens weigh differently from name to name, the
    /// weight of the query's side.
    pub(crate) weight: f32,
    /// Whether the listed token is a concatenation, so that a pair may weigh less than `weight`.
    pub(crate) is_concatenation: bool,
    /// Length of its posting list, and where the list begins among all postings.
    pub(crate) posting_count: u32,
    posting_offset: u32,
    /// Cost of leaving it out, in the units of [`ListedToken::omission_cost`](crate::index::ListedToken::omission_cost).
    pub(crate) omission_cost: u16,
}

impl TokenMatch {
    /// A match whose remaining fields [`TokenMatch::load_index_fields`] has to fill in.
    pub(super) fn new(token: u32, similarity: f32, kind: MatchKind) -> TokenMatch {
        TokenMatch {
            token,
            similarity,
            kind,
            weight: 0.0,
            is_concatenation: false,
            posting_count: 0,
            posting_offset: 0,
            omission_cost: 0,
        }
    }

    /// Loads what the index knows of the listed token. `query_weight` is the weight of the query's side.
    pub(super) fn load_index_fields(&mut self, index: &IndexView<'_>, query_weight: f32) {
        let record = &index.tokens[self.token as usize];
        self.is_concatenation = record.is_concatenation();
        self.weight = if self.is_concatenation { query_weight } else { query_weight.min(record.weight()) };
        self.omission_cost = record.omission_cost() as u16;
        (self.posting_offset, self.posting_count) = index.postings_at(self.token);
    }

    /// The posting list of the listed token.
    pub(crate) fn postings<'a>(&self, index: &IndexView<'a>) -> &'a [Posting] {
        index.postings_slice(self.posting_offset, self.posting_count)
    }

    /// Upper bound of what a pair of it adds to a score: see [`pair_gain`].
    pub(super) fn pair_gain(&self, min_score: f32) -> f32 {
        pair_gain(min_score, self.similarity, self.weight, self.is_concatenation)
    }
}

/// All listed tokens that match one query token.
#[derive(Debug, Default)]
pub(crate) struct TokenMatches {
    /// The matches, by number of the listed token.
    pub(crate) all: Vec<TokenMatch>,
    /// The listed tokens among them that occur in a name with an initial.
    pub(crate) with_initials: Vec<u32>,
}

impl TokenMatches {
    /// Sorts matches, removes duplicates and loads their fields from the index.
    pub(crate) fn new(mut all: Vec<TokenMatch>, index: &IndexView<'_>, query_weight: f32) -> Self {
        all.sort_unstable_by_key(|m| m.token);
        all.dedup_by_key(|m| m.token);
        prefetch_all(&all, |m| index.prefetch_postings(m.token));
        for m in &mut all {
            m.load_index_fields(index, query_weight);
        }
        prefetch_posting_lists(&all, index);
        // Postings of names with an initial come first in every list.
        let with_initials = all.iter().filter(|m| m.postings(index).first().is_some_and(|p| p.has_initial()));
        let with_initials = with_initials.map(|m| m.token).collect();
        all.shrink_to_fit();
        TokenMatches { all, with_initials }
    }
}

/// Prefetches the beginnings of several posting lists.
pub(super) fn prefetch_posting_lists(matches: &[TokenMatch], index: &IndexView<'_>) {
    prefetch_all(matches, |m| m.postings(index).first().map_or(0, |p| p.name()));
}

/// The matches of a token, shared between threads. An empty set allocates nothing and counts no references.
#[derive(Clone, Debug, Default)]
pub(crate) struct SharedMatches {
    shared: Option<Arc<TokenMatches>>,
    /// The greatest similarity and weight of any match. They are read far more often than the matches, and here
    /// they do not cost a pointer to follow.
    max_similarity: f32,
    max_weight: f32,
}

/// The matches of a token that matches nothing.
pub(super) static NO_MATCHES: SharedMatches =
    SharedMatches { shared: None, max_similarity: 0.0, max_weight: 0.0 };

impl SharedMatches {
    /// Upper bound of what a pair with any of the matches adds to a score.
    pub(super) fn pair_gain(&self, min_score: f32) -> f32 {
        pair_gain(min_score, self.max_similarity, self.max_weight, true)
    }
}

impl std::ops::Deref for SharedMatches {
    type Target = TokenMatches;

    fn deref(&self) -> &TokenMatches {
        static NONE: TokenMatches = TokenMatches { all: Vec::new(), with_initials: Vec::new() };
        self.shared.as_deref().unwrap_or(&NONE)
    }
}

impl From<TokenMatches> for SharedMatches {
    fn from(matches: TokenMatches) -> SharedMatches {
        let max = |of: fn(&TokenMatch) -> f32| matches.all.iter().map(of).fold(0.0, f32::max);
        let (max_similarity, max_weight) = (max(|m| m.similarity), max(|m| m.weight));
        let shared = (!matches.all.is_empty()).then(|| Arc::new(matches));
        SharedMatches { shared, max_similarity, max_weight }
    }
}

/// The matches of a query's concatenations, each with the tokens that it joins. Keeps its buffers between queries.
#[derive(Debug, Default)]
pub(crate) struct ConcatenationMatches {
    /// Only the first `len` are of this query; each of these has a match.
    buffers: Vec<(Span, Vec<TokenMatch>)>,
    len: usize,
}

impl ConcatenationMatches {
    pub(super) fn clear(&mut self) {
        self.len = 0;
    }

    /// Lets `find` write the matches of a concatenation into a buffer, which may hold others before; keeps them,
    /// sorted and each once, if there are any.
    pub(super) fn add(&mut self, span: Span, find: impl FnOnce(&mut Vec<TokenMatch>)) {
        if self.buffers.len() == self.len {
            self.buffers.push((span, Vec::new()));
        }
        let (at, matches) = &mut self.buffers[self.len];
        *at = span;
        find(matches);
        matches.sort_unstable_by_key(|m| m.token);
        matches.dedup_by_key(|m| m.token);
        self.len += usize::from(!matches.is_empty());
    }

    /// The concatenations that match anything.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Span, &[TokenMatch])> {
        self.buffers[..self.len].iter().map(|(span, matches)| (*span, &matches[..]))
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (Span, &mut [TokenMatch])> {
        self.buffers[..self.len].iter_mut().map(|(span, matches)| (*span, &mut matches[..]))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }
}
