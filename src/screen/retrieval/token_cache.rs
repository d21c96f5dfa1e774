//! A per-thread, two-way set-associative cache from query tokens to their matches.
//!
//! A hit costs one cache line and no lock; the [cache that threads share](super::match_cache) costs more than most
//! queries do, for most tokens match little or nothing. A slot is chosen by the hash of everything that a token's
//! matches depend on; its text is compared, so that a token never gets the matches of another.
//!
//! The cache starts with 64 slots and grows to 65,536, so that a query with new buffers does not pay for what only
//! pays over thousands of queries.
//!
//! The cache also holds the tokens of the query at hand, in the order of the name: [`TokenCache::prefetch`] requests
//! their slots, [`TokenCache::look_up`] reads them.

use super::lookup::LookupBuffers;
use super::match_cache::MatchCache;
use super::prefilter::phonetic::{ConcatenationRole, PhoneticCode};
use super::prefilter::small_index::SmallIndexFilter;
use super::token_match::{NO_MATCHES, SharedMatches};
use crate::index::IndexView;
use crate::name::{AnalysedName, Token};
use crate::score::relation::{Concatenation, TokenIdentity};
use crate::util::prefetch::prefetch_all;
use std::sync::Arc;

/// Sets of two slots, at first and at most. Powers of two.
const INITIAL_SETS: usize = 1 << 5;
const MAX_SETS: usize = if cfg!(test) { 1 << 6 } else { 1 << 15 };
/// By how much their number grows at a time.
const GROWTH_FACTOR: usize = 8;
/// The longest token that is cached, in bytes: two slots fill a cache line.
const MAX_INLINE_BYTES: usize = 16;
/// The number of no slot.
const NO_SLOT: u32 = u32::MAX;

/// The upper 48 bits of the hash of a token's identity; the first part chooses the set.
#[derive(Clone, Copy, Debug, PartialEq)]
struct IdentityHash([u16; 3]);

impl IdentityHash {
    fn of(name: &AnalysedName, token: &Token) -> IdentityHash {
        let hash = TokenIdentity::new(name, token).hash();
        IdentityHash([48, 32, 16].map(|shift| (hash >> shift) as u16))
    }
}

/// A cached token.
#[derive(Clone, Copy, Debug)]
struct Slot {
    code: PhoneticCode,
    hash: IdentityHash,
    state: SlotState,
    len: u8,
    text: [u8; MAX_INLINE_BYTES],
}

/// A slot that no token fits: its length is that of no text.
const EMPTY_SLOT: Slot = Slot {
    code: PhoneticCode::NONE,
    hash: IdentityHash([0; 3]),
    state: SlotState::new(Residency::Unknown, ConcatenationRole::ANY),
    len: u8::MAX,
    text: [0; MAX_INLINE_BYTES],
};

impl Slot {
    fn text(&self) -> Option<&[u8]> {
        self.text.get(..usize::from(self.len))
    }
}

#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Set([Slot; 2]);

const _: () = assert!(size_of::<Set>() == 64);

/// Whether the matches of a token are known, and where they are.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(u8)]
enum Residency {
    /// They are not known.
    Unknown = 0,
    /// There are none.
    Unmatched = 1,
    /// In `TokenCache::matches`, under the number of the slot.
    Cached = 2,
    /// In `TokenCache::query_only`: the token has no slot.
    QueryOnly = 3,
}

/// Residency and concatenation role in one byte, for a set must fit a cache line.
#[derive(Clone, Copy, Debug)]
struct SlotState(u8);

impl SlotState {
    const fn new(residency: Residency, role: ConcatenationRole) -> SlotState {
        SlotState(role.0 << 2 | residency as u8)
    }

    fn residency(self) -> Residency {
        match self.0 & 3 {
            0 => Residency::Unknown,
            1 => Residency::Unmatched,
            2 => Residency::Cached,
            _ => Residency::QueryOnly,
        }
    }

    fn role(self) -> ConcatenationRole {
        ConcatenationRole(self.0 >> 2)
    }
}

/// A token of the query at hand, as far as the cache knows it.
#[derive(Clone, Copy, Debug)]
pub(in crate::screen) struct CachedToken {
    pub(super) code: PhoneticCode,
    pub(super) role: ConcatenationRole,
    /// The number of its slot or [`NO_SLOT`]; for matches of the query alone their place among these.
    number: u32,
    residency: Residency,
}

impl CachedToken {
    /// Whether its matches are known.
    pub(in crate::screen) fn is_resolved(&self) -> bool {
        self.residency != Residency::Unknown
    }

    /// Whether it is known to match anything.
    pub(super) fn has_matches(&self) -> bool {
        !matches!(self.residency, Residency::Unknown | Residency::Unmatched)
    }
}

/// Tokens and their matches in one index.
#[derive(Debug, Default)]
pub(crate) struct TokenCache {
    sets: Vec<Set>,
    /// For each set, whether its second slot is replaced next.
    replace_second: Vec<bool>,
    /// The matches of the tokens that have any, by number of the slot.
    matches: Vec<SharedMatches>,
    /// Tokens inserted since the cache last grew.
    inserted: usize,
    /// The shared cache of the index. Held, so that its address cannot become that of another index.
    shared: Option<Arc<MatchCache>>,
    /// Hashes of the query's tokens.
    hashes: Vec<IdentityHash>,
    /// The query's tokens, and the matches of those that have no slot.
    pub(in crate::screen) tokens: Vec<CachedToken>,
    query_only: Vec<SharedMatches>,
}

impl TokenCache {
    /// Binds the cache to an index; forgets everything if it was bound to another one.
    pub(super) fn bind(&mut self, shared: &Arc<MatchCache>) {
        if !self.shared.as_ref().is_some_and(|bound| Arc::ptr_eq(bound, shared)) {
            self.shared = Some(Arc::clone(shared));
            self.reset(INITIAL_SETS);
        }
    }

    fn reset(&mut self, sets: usize) {
        self.sets = vec![Set([EMPTY_SLOT; 2]); sets];
        self.replace_second = vec![false; sets];
        self.matches = vec![SharedMatches::default(); 2 * sets];
        self.inserted = 0;
    }

    /// Moves the tokens to more sets.
    fn grow(&mut self) {
        let sets = (GROWTH_FACTOR * self.sets.len()).min(MAX_SETS);
        let old = std::mem::take(self);
        (self.shared, self.hashes, self.tokens) = (old.shared, old.hashes, old.tokens);
        self.reset(sets);
        self.tokens.clear();
        let slots = old.sets.iter().flat_map(|set| set.0);
        for (slot, matches) in slots.zip(old.matches) {
            if let Some(text) = slot.text() {
                let number = self.insert(slot.hash, text, (slot.code, slot.state.role())).number as usize;
                self.sets[number / 2].0[number % 2].state = slot.state;
                self.matches[number] = matches;
            }
        }
    }

    /// Returns false if a concatenation of query tokens can match nothing in the index.
    pub(super) fn may_match_concatenation(&self, concatenation: &Concatenation<'_>) -> bool {
        self.shared.as_ref().is_none_or(|shared| shared.may_match_concatenation(concatenation))
    }

    /// The filter of the index, if it is small.
    pub(super) fn small_index(&self) -> Option<&SmallIndexFilter> {
        self.shared.as_ref()?.small_index()
    }

    fn set(&self, hash: IdentityHash) -> usize {
        usize::from(hash.0[0]) & (self.sets.len() - 1)
    }

    /// Requests the slots of a query's tokens, so that memory is waited for once, and while other work is done before
    /// [`TokenCache::look_up`].
    pub(in crate::screen) fn prefetch(&mut self, name: &AnalysedName) {
        if self.inserted > self.sets.len() && self.sets.len() < MAX_SETS {
            self.grow();
        }
        self.hashes.clear();
        self.hashes.extend(name.tokens().iter().map(|token| IdentityHash::of(name, token)));
        prefetch_all(&self.hashes, |hash| u32::from(self.sets[self.set(*hash)].0[0].len));
    }

    /// Reads the slots of the tokens of the name that was prefetched; gives a slot to those that have none.
    pub(in crate::screen) fn look_up(&mut self, name: &AnalysedName) {
        self.tokens.clear();
        self.query_only.clear();
        for (i, token) in name.tokens().iter().enumerate() {
            let (hash, text) = (self.hashes[i], name.text(token).as_bytes());
            let at = self.set(hash);
            let is_it = |slot: &Slot| slot.hash == hash && slot.text() == Some(text);
            let cached = match self.sets[at].0.iter().enumerate().find(|(_, slot)| is_it(slot)) {
                Some((i, slot)) => CachedToken {
                    code: slot.code,
                    role: slot.state.role(),
                    number: (2 * at + i) as u32,
                    residency: slot.state.residency(),
                },
                None => {
                    let latin = name.latin(token);
                    let code = PhoneticCode::of(latin.as_bytes());
                    let role = self.small_index().map_or(ConcatenationRole::ANY, |index| index.role(code));
                    self.insert(hash, text, (code, role.with_token(token, latin)))
                }
            };
            self.tokens.push(cached);
        }
    }

    /// Gives a token a slot, in place of another token if need be.
    fn insert(
        &mut self,
        hash: IdentityHash,
        text: &[u8],
        (code, role): (PhoneticCode, ConcatenationRole),
    ) -> CachedToken {
        if text.len() > MAX_INLINE_BYTES {
            return CachedToken { code, role, number: NO_SLOT, residency: Residency::Unknown };
        }
        let at = self.set(hash);
        let i = usize::from(self.replace_second[at]);
        self.replace_second[at] = !self.replace_second[at];
        let slot = &mut self.sets[at].0[i];
        let state = SlotState::new(Residency::Unknown, role);
        *slot = Slot { code, hash, state, len: text.len() as u8, text: [0; MAX_INLINE_BYTES] };
        slot.text[..text.len()].copy_from_slice(text);
        self.inserted += 1;
        let number = (2 * at + i) as u32;
        // An earlier token of this query that had the slot has none any more.
        for evicted in self.tokens.iter_mut().filter(|token| token.number == number) {
            (evicted.number, evicted.residency) = (NO_SLOT, Residency::Unknown);
        }
        CachedToken { code, role, number, residency: Residency::Unknown }
    }

    /// The matches of a token of the query, as far as they are known.
    pub(in crate::screen) fn matches(&self, token: usize) -> &SharedMatches {
        let CachedToken { number, residency, .. } = self.tokens[token];
        match residency {
            Residency::Unknown | Residency::Unmatched => &NO_MATCHES,
            Residency::Cached => &self.matches[number as usize],
            Residency::QueryOnly => &self.query_only[number as usize],
        }
    }

    /// Sets the matches of a token for this query alone.
    pub(super) fn set_for_query(&mut self, token: usize, matches: SharedMatches) {
        let cached = &mut self.tokens[token];
        cached.residency = Residency::Unmatched;
        if !matches.all.is_empty() {
            (cached.residency, cached.number) = (Residency::QueryOnly, self.query_only.len() as u32);
            self.query_only.push(matches);
        }
    }

    /// Gets the matches of a token from the shared cache, which computes them if need be, and keeps them. Returns
    /// whether the shared cache had them.
    pub(in crate::screen) fn fetch<'i>(
        &mut self,
        name: &AnalysedName,
        token: usize,
        view: impl FnOnce() -> IndexView<'i>,
        buffers: &mut LookupBuffers,
    ) -> bool {
        let Some(shared) = &self.shared else { return false };
        let CachedToken { code, number, .. } = self.tokens[token];
        let (matches, was_cached) = shared.get_or_compute(name, &name.tokens()[token], code, view, buffers);
        let number = number as usize;
        let Some(Set(slots)) = self.sets.get_mut(number / 2) else {
            self.set_for_query(token, matches);
            return was_cached;
        };
        let residency = if matches.all.is_empty() { Residency::Unmatched } else { Residency::Cached };
        let cached = &mut self.tokens[token];
        cached.residency = residency;
        slots[number % 2].state = SlotState::new(residency, cached.role);
        if residency == Residency::Cached {
            self.matches[number] = matches;
        }
        was_cached
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Entity, Schema};
    use crate::index::Index;
    use crate::list;
    use crate::name::analyse;
    use crate::score::relation::TokenRef;
    use crate::screen::retrieval::{lookup::find_matches_exhaustively, token_match::TokenMatches};
    use proptest::prelude::*;
    use std::cell::Cell;

    #[test]
    fn every_token_has_its_own_matches() {
        let mut list = list::starter();
        list.entities.push(Entity::new("own", Schema::Company, "Bao Zou Sol Line"));
        let index = Index::build(&[list]).unwrap();
        let view = index.view();
        let match_cache = Arc::new(MatchCache::new(&view));
        let words = "integrity technology group ltd company limited yongxin zhicheng beijing flax typhoon al abd 永信 科技 \
            Иванов volga intgrity tecnology grup maria kim su incorporated-in-the-republic باو bau زو zu سل sal";
        let words: Vec<&str> = words.split_whitespace().collect();
        // Far more tokens than slots, many of them in one name.
        let own = prop::sample::select(words).prop_map(str::to_string);
        let token = prop_oneof![own, "[bdklmnrst][aeiou][bdklmnrst][aeiou]{1,2}"];
        let names = prop::collection::vec(prop::collection::vec(token, 1..40), 1..60);
        let matches = Cell::new(0);
        let run = |names: Vec<Vec<String>>| {
            let (mut token_cache, mut buffers) = (TokenCache::default(), LookupBuffers::default());
            for name in names {
                let schema = if name.len() % 2 == 0 { Schema::Person } else { Schema::Company };
                let name = analyse(&name.join(" "), schema);
                token_cache.bind(&match_cache);
                token_cache.prefetch(&name);
                token_cache.look_up(&name);
                for token in (0..name.tokens().len()).rev() {
                    matches.set(matches.get() + usize::from(token_cache.tokens[token].has_matches()));
                    if !token_cache.tokens[token].is_resolved() && token % 5 != 0 {
                        token_cache.fetch(&name, token, || view, &mut buffers);
                    }
                }
                for (i, token) in name.tokens().iter().enumerate() {
                    prop_assert_eq!(
                        token_cache.tokens[i].code,
                        PhoneticCode::of(name.latin(token).as_bytes())
                    );
                    if token_cache.tokens[i].is_resolved() {
                        let token_ref = TokenRef::new(&name, token);
                        let found = find_matches_exhaustively(&token_ref, &view);
                        let expected = TokenMatches::new(found, &view, token_ref.weight);
                        prop_assert_eq!(&token_cache.matches(i).all, &expected.all, "{}", name.text(token));
                    }
                }
            }
            Ok(())
        };
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        runner.run(&names, run).unwrap();
        assert!(matches.get() > 1000);
    }
}
