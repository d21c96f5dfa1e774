//! A bounded cache from query tokens to their matches in one index, shared between threads.
//!
//! Tokens repeat from query to query: given names, legal forms, business words. The cache is divided into shards, each
//! with a lock of its own. A shard that is full starts anew: what is common comes back soon, and no order of use has
//! to be kept.
//!
//! A small index has no cache: finding matches there costs less than a lock. It has a
//! [filter](super::prefilter::small_index) instead, which rules most tokens out before any key is hashed.

use super::lookup::{LookupBuffers, find_matches};
use super::prefilter::phonetic::PhoneticCode;
use super::prefilter::small_index::SmallIndexFilter;
use super::token_match::{SharedMatches, TokenMatch, TokenMatches};
use crate::index::IndexView;
use crate::name::{AnalysedName, Token};
use crate::score::keys::{KeyScope, query_keys};
use crate::score::relation::{Concatenation, TokenIdentity, TokenRef, is_chinese};
use rustc_hash::FxHashMap;
use std::sync::{PoisonError, RwLock};

const SHARDS: usize = 64;
/// Matches that one shard holds, at least and at most: all shards together take 120 MB for a short list and up to
/// 470 MB for a long one.
const SHARD_CAPACITY: std::ops::RangeInclusive<usize> = (64 << 10)..=(256 << 10);
/// Matches that are cached for each token of the list, within these limits.
const CACHED_PER_TOKEN: usize = 8;
/// What an entry without matches counts, in matches.
const ENTRY_COST: usize = 8;

/// A cache of token matches in one index.
#[derive(Debug)]
pub(crate) struct MatchCache {
    shards: Box<[RwLock<Shard>]>,
    shard_capacity: usize,
    /// The filter of a small index, which has no shards.
    small_index: Option<SmallIndexFilter>,
}

#[derive(Debug, Default)]
struct Shard {
    /// By the hash of a token's identity. The identity is compared too, so that no token gets the matches of another.
    by_hash: FxHashMap<u64, CachedMatches>,
    /// Matches held, each entry counted with [`ENTRY_COST`].
    len: usize,
}

/// The matches of a token, under its identity.
type CachedMatches = (TokenIdentity<Box<[u8]>>, SharedMatches);

impl Shard {
    fn insert(&mut self, hash: u64, identity: TokenIdentity<&[u8]>, matches: SharedMatches, capacity: usize) {
        let cost = matches.all.len() + ENTRY_COST;
        self.len += cost;
        if self.len > capacity {
            self.by_hash.clear();
            self.len = cost;
        }
        self.by_hash.insert(hash, (identity.to_owned(), matches));
    }
}

impl MatchCache {
    /// An empty cache for an index.
    pub(crate) fn new(index: &IndexView<'_>) -> MatchCache {
        let small_index = SmallIndexFilter::new(index);
        let shards = if small_index.is_some() { 0 } else { SHARDS };
        let capacity = CACHED_PER_TOKEN * index.tokens.len() / SHARDS;
        MatchCache {
            shards: (0..shards).map(|_| RwLock::default()).collect(),
            shard_capacity: capacity.clamp(*SHARD_CAPACITY.start(), *SHARD_CAPACITY.end()),
            small_index,
        }
    }

    /// The matches of a token, and whether they were cached.
    ///
    /// `code` is the token's phonetic code. `view` is called only when the index itself is needed: for most tokens of a
    /// small index its filter suffices.
    pub(super) fn get_or_compute<'i>(
        &self,
        name: &AnalysedName,
        token: &Token,
        code: PhoneticCode,
        view: impl FnOnce() -> IndexView<'i>,
        buffers: &mut LookupBuffers,
    ) -> (SharedMatches, bool) {
        if let Some(filter) = &self.small_index {
            return (find_in_small_index(filter, name, token, code, view, buffers), false);
        }
        let identity = TokenIdentity::new(name, token);
        let hash = identity.hash();
        let shard = &self.shards[(hash >> 58) as usize % SHARDS];
        if let Some((cached, matches)) =
            shard.read().unwrap_or_else(PoisonError::into_inner).by_hash.get(&hash)
            && cached.as_ref() == identity
        {
            return (matches.clone(), true);
        }
        let (index, token) = (&view(), &TokenRef::new(name, token));
        query_keys(token, KeyScope::ALL, |key| buffers.keys.push(key));
        let matches = find_matches(token, index, buffers, || is_chinese(token.latin));
        let matches = SharedMatches::from(TokenMatches::new(matches, index, token.weight));
        let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
        shard.insert(hash, identity, matches.clone(), self.shard_capacity);
        (matches, false)
    }

    /// Returns false if a concatenation of query tokens can match nothing in the index.
    pub(super) fn may_match_concatenation(&self, concatenation: &Concatenation<'_>) -> bool {
        self.small_index.as_ref().is_none_or(|filter| filter.may_match_concatenation(concatenation))
    }

    /// The filter, if the index is small.
    pub(super) fn small_index(&self) -> Option<&SmallIndexFilter> {
        self.small_index.as_ref()
    }

    /// Bytes held by the matches.
    pub(crate) fn memory_usage(&self) -> usize {
        let len = |shard: &RwLock<Shard>| shard.read().unwrap_or_else(PoisonError::into_inner).len;
        self.shards.iter().map(len).sum::<usize>() * size_of::<TokenMatch>()
    }
}

fn find_in_small_index<'i>(
    filter: &SmallIndexFilter,
    name: &AnalysedName,
    token: &Token,
    code: PhoneticCode,
    view: impl FnOnce() -> IndexView<'i>,
    buffers: &mut LookupBuffers,
) -> SharedMatches {
    let Some((token, may_be_chinese)) = filter.filtered_query_keys(name, token, code, &mut buffers.keys)
    else {
        return SharedMatches::default();
    };
    let index = &view();
    let matches = find_matches(&token, index, buffers, || may_be_chinese && is_chinese(token.latin));
    TokenMatches::new(matches, index, token.weight).into()
}
