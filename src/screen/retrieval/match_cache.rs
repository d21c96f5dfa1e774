//! The tokens of the list that a token of a query is related to, computed once for each distinct token.

use super::bounds::pair_gain;
use super::prefilter::phonetic::PhoneticCode;
use super::prefilter::small_index::SmallIndexFilter;
use crate::index::{IndexView, Posting, TokenSignature};
use crate::name::{AnalysedName, Tag, Token};
use crate::score::keys::{KeyScope, query_concatenation_keys, query_keys};
use crate::score::relation::{
    Concatenation, MatchKind, PreparedToken, Relation, TokenIdentity, TokenRef, is_chinese, relate,
    relate_concatenation,
};
use rustc_hash::FxHashMap;
use std::sync::{Arc, RwLock};

/// A listed token that a query's token is related to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TokenMatch {
    pub(crate) token: u32,
    pub(crate) similarity: f32,
    pub(crate) kind: MatchKind,
    /// Weight of the lighter side; of a join, whose listed tokens differ from name to name, the query's.
    pub(crate) weight: f32,
    /// Whether the listed token is a join, so that a pair may weigh less than `weight`.
    pub(crate) is_concatenation: bool,
    /// Names it stands in, and where they begin among all postings.
    pub(crate) posting_count: u32,
    posting_offset: u32,
    /// What its omission counts, as [`ListedToken::omission_cost`](crate::index::ListedToken::missed).
    pub(crate) omission_cost: u16,
}

impl TokenMatch {
    /// A neighbour that [`load_index_fields`] has still to fill in.
    fn new(token: u32, similarity: f32, kind: MatchKind) -> TokenMatch {
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

    /// The names it stands in.
    pub(crate) fn postings<'a>(&self, index: &IndexView<'a>) -> &'a [Posting] {
        index.postings_slice(self.posting_offset, self.posting_count)
    }
}

/// All neighbours of a token, with what retrieval asks of them as a whole.
#[derive(Debug, Default)]
pub(crate) struct TokenMatches {
    /// By number of the listed token.
    pub(crate) all: Vec<TokenMatch>,
    /// Those that stand in a name with an initial.
    pub(crate) with_initials: Vec<u32>,
}

/// A neighbourhood that threads share. One without neighbours is none, and has no count that they share either.
#[derive(Clone, Debug, Default)]
pub(crate) struct SharedMatches {
    shared: Option<Arc<TokenMatches>>,
    /// The most that any of them is alike and weighs: asked for more often than they are, and here it is not apart.
    max_similarity: f32,
    max_weight: f32,
}

/// What a token is related to that is related to nothing.
pub(crate) static NO_MATCHES: SharedMatches =
    SharedMatches { shared: None, max_similarity: 0.0, max_weight: 0.0 };

impl std::ops::Deref for SharedMatches {
    type Target = TokenMatches;

    fn deref(&self) -> &TokenMatches {
        static NONE: TokenMatches = TokenMatches { all: Vec::new(), with_initials: Vec::new() };
        self.shared.as_deref().unwrap_or(&NONE)
    }
}

impl From<TokenMatches> for SharedMatches {
    fn from(found: TokenMatches) -> SharedMatches {
        let most = |of: fn(&TokenMatch) -> f32| found.all.iter().map(of).fold(0.0, f32::max);
        let (max_similarity, max_weight) = (most(|n| n.similarity), most(|n| n.weight));
        SharedMatches { shared: (!found.all.is_empty()).then(|| Arc::new(found)), max_similarity, max_weight }
    }
}

impl SharedMatches {
    /// What a pair with any of them adds at most.
    pub(crate) fn pair_gain(&self, min_score: f32) -> f32 {
        pair_gain(min_score, self.max_similarity, self.max_weight, true)
    }
}

impl TokenMatches {
    pub(crate) fn of(mut all: Vec<TokenMatch>, index: &IndexView<'_>, weight: f32) -> Self {
        all.sort_unstable_by_key(|n| n.token);
        all.dedup_by_key(|n| n.token);
        prefetch_all(&all, |n| index.prefetch_postings(n.token));
        for n in &mut all {
            load_index_fields(n, index, weight);
        }
        prefetch_postings(&all, index);
        let with_initials = all.iter().filter(|n| n.postings(index).first().is_some_and(|p| p.has_initial()));
        let with_initials = with_initials.map(|n| n.token).collect();
        all.shrink_to_fit();
        TokenMatches { all, with_initials }
    }
}

/// Fills in what retrieval asks of a neighbour when the query's side weighs `weight`.
pub(crate) fn load_index_fields(n: &mut TokenMatch, index: &IndexView<'_>, weight: f32) {
    let record = &index.tokens[n.token as usize];
    n.is_concatenation = record.is_concatenation();
    n.weight = if n.is_concatenation { weight } else { weight.min(record.weight()) };
    n.omission_cost = record.omission_cost() as u16;
    (n.posting_offset, n.posting_count) = index.postings_at(n.token);
}

const SHARDS: usize = 64;
/// Neighbours kept by one shard, of a short list and of a long one; when it has its part, it starts anew. All shards
/// together hold 120 MB at most, or 470.
const SHARD_CAPACITY: std::ops::RangeInclusive<usize> = (64 << 10)..=(256 << 10);
/// Neighbours kept for each token of the list.
const CACHED_PER_TOKEN: usize = 8;

#[derive(Debug, Default)]
struct Shard {
    by_hash: FxHashMap<u64, (TokenIdentity<Box<[u8]>>, SharedMatches)>,
    cached: usize,
}

/// A bounded cache of an index's neighbourhoods, shared between threads.
#[derive(Debug)]
pub(crate) struct MatchCache {
    shards: Box<[RwLock<Shard>]>,
    capacity: usize,
    /// A small index has no cache.
    small_index: Option<SmallIndexFilter>,
}

/// Buffers for looking neighbours up.
#[derive(Debug, Default)]
pub(crate) struct LookupBuffers {
    keys: Vec<u64>,
    bucket_ranges: Vec<std::ops::Range<u32>>,
    tokens: Vec<u32>,
}

impl LookupBuffers {
    /// From the keys, which it gives up, to the tokens that are filed under them, by number.
    fn look_up(&mut self, index: &IndexView<'_>) {
        self.tokens.clear();
        // First all buckets, then what they hold: reads that do not wait for each other.
        self.bucket_ranges.clear();
        self.bucket_ranges.extend(self.keys.iter().map(|key| index.bucket_range(*key)));
        prefetch_all(&self.bucket_ranges, |bucket_ranges| index.prefetch_bucket(bucket_ranges));
        for (key, bucket_ranges) in self.keys.drain(..).zip(&self.bucket_ranges) {
            index.for_each_token_in_bucket(key, bucket_ranges, |id| self.tokens.push(id));
        }
        self.tokens.sort_unstable();
        self.tokens.dedup();
        prefetch_all(&self.tokens, |id| index.prefetch_token(*id));
    }
}

impl MatchCache {
    /// An empty cache for an index.
    pub(crate) fn new(index: &IndexView<'_>) -> MatchCache {
        let small_index = SmallIndexFilter::of(index);
        let shards = if small_index.is_some() { 0 } else { SHARDS };
        let capacity = CACHED_PER_TOKEN * index.tokens.len() / SHARDS;
        MatchCache {
            shards: (0..shards).map(|_| RwLock::default()).collect(),
            capacity: capacity.clamp(*SHARD_CAPACITY.start(), *SHARD_CAPACITY.end()),
            small_index,
        }
    }

    /// The neighbours of a token that sounds like this; `true` when they were known already. Many a token of a small
    /// index is told without the `view`.
    pub(crate) fn get_or_compute<'i>(
        &self,
        name: &AnalysedName,
        token: &Token,
        code: PhoneticCode,
        view: impl FnOnce() -> IndexView<'i>,
        buffers: &mut LookupBuffers,
    ) -> (SharedMatches, bool) {
        if let Some(small_index) = &self.small_index {
            let Some((token, chinese)) =
                small_index.filtered_query_keys(name, token, code, &mut buffers.keys)
            else {
                return (SharedMatches::default(), false);
            };
            let index = &view();
            let found = find_matches(&token, index, buffers, || chinese && is_chinese(token.latin));
            return (TokenMatches::of(found, index, token.weight).into(), false);
        }
        let identity = TokenIdentity::new(name, token);
        let hash = identity.hash();
        let shard = &self.shards[(hash >> 58) as usize % SHARDS];
        if let Some((known_identity, known)) =
            shard.read().unwrap_or_else(|e| e.into_inner()).by_hash.get(&hash)
            && known_identity.as_ref() == identity
        {
            return (known.clone(), true);
        }
        let (index, token) = (&view(), &TokenRef::new(name, token));
        query_keys(token, KeyScope::ALL, |key| buffers.keys.push(key));
        let found = find_matches(token, index, buffers, || is_chinese(token.latin));
        let found = SharedMatches::from(TokenMatches::of(found, index, token.weight));
        let mut shard = shard.write().unwrap_or_else(|e| e.into_inner());
        shard.cached += found.all.len() + 8;
        if shard.cached > self.capacity {
            shard.by_hash.clear();
            shard.cached = found.all.len() + 8;
        }
        shard.by_hash.insert(hash, (identity.to_owned(), found.clone()));
        (found, false)
    }

    /// False of a join of a query that is related to nothing.
    pub(crate) fn may_contain_concatenation(&self, concatenation: &Concatenation<'_>) -> bool {
        self.small_index
            .as_ref()
            .is_none_or(|small_index| small_index.may_contain_concatenation(concatenation))
    }

    /// What is known of a small index.
    pub(crate) fn small_index(&self) -> Option<&SmallIndexFilter> {
        self.small_index.as_ref()
    }

    pub(crate) fn memory_usage(&self) -> usize {
        let cached: usize =
            self.shards.iter().map(|s| s.read().unwrap_or_else(|e| e.into_inner()).cached).sum();
        cached * std::mem::size_of::<TokenMatch>()
    }
}

/// Tokens or names whose records are asked for together.
pub(crate) const PREFETCH_BATCH: usize = 16;

/// Asks for memory that is needed soon: words of a large list lie far apart, and waiting for one after the other is
/// what finding neighbours would spend most of its time on.
pub(crate) fn prefetch_all<T>(all: &[T], read: impl Fn(&T) -> u32) {
    std::hint::black_box(all.iter().fold(0, |sum, one| sum ^ read(one)));
}

/// Asks for the names of several neighbours.
pub(crate) fn prefetch_postings(some: &[TokenMatch], index: &IndexView<'_>) {
    prefetch_all(some, |n| n.postings(index).first().map_or(0, |p| p.name()));
}

/// Looks the keys of a token up, which the finder has and gives up, and relates what is filed under them.
/// `is_chinese`: whether another romanization of Chinese may spell the token and be listed.
fn find_matches(
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
    let outline = TokenSignature::of(token, is_chinese);
    buffers.tokens.retain(|id| !index.tokens[*id as usize].cannot_match(token, &outline));
    if buffers.tokens.is_empty() {
        return Vec::new();
    }
    let prepared = PreparedToken::with_romanization(*token, is_chinese);
    let mut matches = Vec::new();
    for some in buffers.tokens.chunks(PREFETCH_BATCH) {
        prefetch_all(some, |id| index.prefetch_text(*id));
        matches.extend(some.iter().filter_map(|id| relate_to(&prepared, token, *id, index)));
    }
    matches
}

/// All neighbours of a token, by relating it with every listed token: the oracle's way.
pub(crate) fn find_exhaustively(token: &TokenRef<'_>, index: &IndexView<'_>) -> Vec<TokenMatch> {
    let prepared = PreparedToken::new(*token);
    (0..index.tokens.len() as u32).filter_map(|id| relate_to(&prepared, token, id, index)).collect()
}

fn relate_to(
    prepared: &PreparedToken<'_>,
    token: &TokenRef<'_>,
    id: u32,
    index: &IndexView<'_>,
) -> Option<TokenMatch> {
    let listed = index.token(id);
    let Relation { similarity, kind } = if index.tokens[id as usize].is_concatenation() {
        let (abjad, acronym) = (listed.tag == Tag::Abjad, listed.tag == Tag::Letter);
        relate_concatenation(
            &Concatenation { latin: listed.latin, skeleton: listed.skeleton, abjad, acronym },
            token,
        )?
    } else {
        relate(prepared, &listed)?
    };
    Some(TokenMatch::new(id, similarity, kind))
}

/// The neighbours of several tokens of a query written together. Not kept: joins hardly repeat.
pub(crate) fn find_concatenation_matches(
    concatenation: &Concatenation<'_>,
    small_index: Option<&SmallIndexFilter>,
    index: &IndexView<'_>,
    buffers: &mut LookupBuffers,
    out: &mut Vec<TokenMatch>,
) {
    out.clear();
    let listed = small_index
        .map_or(KeyScope::ALL, |small_index| small_index.concatenation_key_scope(concatenation.latin));
    query_concatenation_keys(concatenation, listed, |key| {
        buffers.keys.extend(index.may_contain_concatenation_key(key).then_some(key))
    });
    if buffers.keys.is_empty() {
        return;
    }
    buffers.look_up(index);
    for some in buffers.tokens.chunks(PREFETCH_BATCH) {
        prefetch_all(some, |id| index.prefetch_text(*id));
        out.extend(some.iter().filter_map(|id| relate_concatenation_to(concatenation, *id, index)));
    }
}

/// The same by relating with every listed token.
pub(crate) fn find_concatenation_matches_exhaustively(
    concatenation: &Concatenation<'_>,
    index: &IndexView<'_>,
    out: &mut Vec<TokenMatch>,
) {
    out.clear();
    out.extend(
        (0..index.tokens.len() as u32).filter_map(|id| relate_concatenation_to(concatenation, id, index)),
    );
}

fn relate_concatenation_to(
    concatenation: &Concatenation<'_>,
    id: u32,
    index: &IndexView<'_>,
) -> Option<TokenMatch> {
    if index.tokens[id as usize].is_concatenation() {
        return None;
    }
    let Relation { similarity, kind } = relate_concatenation(concatenation, &index.token(id))?;
    Some(TokenMatch::new(id, similarity, kind))
}
