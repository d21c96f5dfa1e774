//! Candidate generation for one token: its keys are looked up in the index, and what is found is compared with it.
//!
//! [`relate`] alone decides whether two tokens match. Keys only bring the tokens to compare: two tokens that match
//! always share a key, and a key shared by chance costs one comparison.

use super::prefilter::small_index::SmallIndexFilter;
use super::token_match::TokenMatch;
use crate::index::{IndexView, TokenSignature};
use crate::name::Tag;
use crate::score::keys::{KeyScope, query_concatenation_keys};
use crate::score::relation::{
    Concatenation, PreparedToken, Relation, TokenRef, relate, relate_concatenation,
};
use crate::util::prefetch::{PREFETCH_BATCH, prefetch_all};
use std::ops::Range;

/// Buffers for looking keys up.
#[derive(Debug, Default)]
pub(crate) struct LookupBuffers {
    /// The keys to look up.
    pub(super) keys: Vec<u64>,
    bucket_ranges: Vec<Range<u32>>,
    tokens: Vec<u32>,
}

impl LookupBuffers {
    /// Drains `keys` and leaves in `tokens` the listed tokens that are filed under any of them, by number.
    fn look_up(&mut self, index: &IndexView<'_>) {
        self.tokens.clear();
        // First all buckets, then their contents: reads that do not wait for each other.
        self.bucket_ranges.clear();
        self.bucket_ranges.extend(self.keys.iter().map(|key| index.bucket_range(*key)));
        prefetch_all(&self.bucket_ranges, |range| index.prefetch_bucket(range));
        for (key, range) in self.keys.drain(..).zip(&self.bucket_ranges) {
            index.for_each_token_in_bucket(key, range, |token| self.tokens.push(token));
        }
        self.tokens.sort_unstable();
        self.tokens.dedup();
        prefetch_all(&self.tokens, |token| index.prefetch_token(*token));
    }
}

/// The listed tokens that match a query token. `buffers` holds the token's keys.
///
/// `is_chinese` says whether the token may have another romanization of Chinese that is listed.
pub(super) fn find_matches(
    token: &TokenRef<'_>,
    index: &IndexView<'_>,
    buffers: &mut LookupBuffers,
    is_chinese: impl Fn() -> bool,
) -> Vec<TokenMatch> {
    buffers.look_up(index);
    if buffers.tokens.is_empty() {
        return Vec::new();
    }
    let is_chinese = is_chinese();
    let signature = TokenSignature::of(token, is_chinese);
    buffers.tokens.retain(|listed| !index.tokens[*listed as usize].cannot_match(token, &signature));
    if buffers.tokens.is_empty() {
        return Vec::new();
    }
    let prepared = PreparedToken::with_romanization(*token, is_chinese);
    let mut matches = Vec::new();
    for batch in buffers.tokens.chunks(PREFETCH_BATCH) {
        prefetch_all(batch, |listed| index.prefetch_text(*listed));
        matches.extend(batch.iter().filter_map(|listed| relate_to(&prepared, token, *listed, index)));
    }
    matches
}

/// The same by comparing the token with every listed token: the oracle of [`find_matches`].
pub(crate) fn find_matches_exhaustively(token: &TokenRef<'_>, index: &IndexView<'_>) -> Vec<TokenMatch> {
    let prepared = PreparedToken::new(*token);
    (0..index.tokens.len() as u32).filter_map(|listed| relate_to(&prepared, token, listed, index)).collect()
}

fn relate_to(
    prepared: &PreparedToken<'_>,
    token: &TokenRef<'_>,
    number: u32,
    index: &IndexView<'_>,
) -> Option<TokenMatch> {
    let listed = index.token(number);
    let Relation { similarity, kind } = if index.tokens[number as usize].is_concatenation() {
        let (abjad, acronym) = (listed.tag == Tag::Abjad, listed.tag == Tag::Letter);
        let concatenation = Concatenation { latin: listed.latin, skeleton: listed.skeleton, abjad, acronym };
        relate_concatenation(&concatenation, token, prepared.native())?
    } else {
        relate(prepared, &listed)?
    };
    Some(TokenMatch::new(number, similarity, kind))
}

/// Writes the listed tokens that match a concatenation of query tokens to `out`. They are not cached: concatenations
/// hardly repeat.
pub(super) fn find_concatenation_matches(
    concatenation: &Concatenation<'_>,
    small_index: Option<&SmallIndexFilter>,
    index: &IndexView<'_>,
    buffers: &mut LookupBuffers,
    out: &mut Vec<TokenMatch>,
) {
    out.clear();
    let scope =
        small_index.map_or(KeyScope::ALL, |filter| filter.concatenation_key_scope(concatenation.latin));
    query_concatenation_keys(concatenation, scope, |key| {
        buffers.keys.extend(index.may_contain_concatenation_key(key).then_some(key));
    });
    if buffers.keys.is_empty() {
        return;
    }
    buffers.look_up(index);
    for batch in buffers.tokens.chunks(PREFETCH_BATCH) {
        prefetch_all(batch, |listed| index.prefetch_text(*listed));
        out.extend(batch.iter().filter_map(|listed| relate_concatenation_to(concatenation, *listed, index)));
    }
}

/// The same by comparing with every listed token: the oracle of [`find_concatenation_matches`].
pub(super) fn find_concatenation_matches_exhaustively(
    concatenation: &Concatenation<'_>,
    index: &IndexView<'_>,
    out: &mut Vec<TokenMatch>,
) {
    out.clear();
    let listed = 0..index.tokens.len() as u32;
    out.extend(listed.filter_map(|listed| relate_concatenation_to(concatenation, listed, index)));
}

fn relate_concatenation_to(
    concatenation: &Concatenation<'_>,
    listed: u32,
    index: &IndexView<'_>,
) -> Option<TokenMatch> {
    // Two concatenations are not compared: their tokens match one by one.
    if index.tokens[listed as usize].is_concatenation() {
        return None;
    }
    let token = index.token(listed);
    let native = token.native_word();
    let Relation { similarity, kind } = relate_concatenation(concatenation, &token, native.as_deref())?;
    Some(TokenMatch::new(listed, similarity, kind))
}
