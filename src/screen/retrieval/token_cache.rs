//! The tokens that a thread met last, by number, and what they are related to: telling a token costs a look at one line
//! of memory, while the cache that threads share costs more than most answers, and most tokens are related to little or
//! nothing.

use super::match_cache::{LookupBuffers, MatchCache, NO_MATCHES, SharedMatches, prefetch_all};
use super::prefilter::phonetic::{ConcatenationRole, PhoneticCode};
use super::prefilter::small_index::SmallIndexFilter;
use crate::index::IndexView;
use crate::name::{AnalysedName, Token};
use crate::score::relation::{Concatenation, TokenIdentity};
use std::sync::Arc;

/// Sets of two places, at first and at most; a token is kept in the set that its hash tells. Few at first, so that who
/// asks once does not pay for what is worth its while over thousands of queries.
const INITIAL_SETS: usize = 1 << 5;
const MAX_SETS: usize = if cfg!(test) { 1 << 6 } else { 1 << 15 };
/// By how much their number grows.
const GROWTH_FACTOR: usize = 8;
/// The longest token that is kept, in bytes: a set is a cache line.
const MAX_INLINE_BYTES: usize = 16;

/// The upper bits of the hash of a token's identity; the first part chooses the set.
#[derive(Clone, Copy, Debug, PartialEq)]
struct IdentityHash([u16; 3]);

impl IdentityHash {
    fn of(name: &AnalysedName, token: &Token) -> IdentityHash {
        let hash = TokenIdentity::new(name, token).hash();
        IdentityHash([48, 32, 16].map(|shift| (hash >> shift) as u16))
    }
}

/// Where a token is kept. Its text is compared, so that no hash stands for another token's.
#[derive(Clone, Copy, Debug)]
struct Slot {
    code: PhoneticCode,
    hash: IdentityHash,
    state: SlotState,
    len: u8,
    text: [u8; MAX_INLINE_BYTES],
}

/// A place that no token fits.
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

/// What the token in a place is related to.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(u8)]
enum Residency {
    /// Not known.
    Unknown = 0,
    /// Nothing.
    Unmatched = 1,
    /// What is kept for the place.
    Cached = 2,
    /// What is given for the query alone.
    QueryOnly = 3,
}

/// What is known of the token in a place, and what it may be in a join: one byte, for a set is a cache line.
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

/// A token of a name that was told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CachedToken {
    pub(crate) code: PhoneticCode,
    /// What it may be in a join.
    pub(crate) role: ConcatenationRole,
    /// The number of its place, of a token that has none [`u32::MAX`]; of what is given among that.
    number: u32,
    residency: Residency,
}

impl CachedToken {
    /// Whether it is known what it is related to.
    pub(crate) fn is_resolved(&self) -> bool {
        self.residency != Residency::Unknown
    }

    /// Whether it is known to be related to something.
    pub(crate) fn has_matches(&self) -> bool {
        !matches!(self.residency, Residency::Unknown | Residency::Unmatched)
    }
}

/// Tokens with their neighbours in one index.
#[derive(Debug, Default)]
pub(crate) struct TokenCache {
    sets: Vec<Set>,
    /// Which of the two places of a set is given away next.
    victim: Vec<bool>,
    /// By number the neighbours of each token that has any.
    matches: Vec<SharedMatches>,
    /// Tokens put into the sets since there are so many.
    inserted: usize,
    /// The index's own cache. Held, so that no other index can be taken for this one.
    match_cache: Option<Arc<MatchCache>>,
    /// The hashes of the tokens of the name that is sought.
    hashes: Vec<IdentityHash>,
    /// The tokens of the name that was told last, and the neighbours of those that have no place.
    pub(crate) cached: Vec<CachedToken>,
    query_only: Vec<SharedMatches>,
}

impl TokenCache {
    /// Forgets what it knows if it was of another index.
    pub(crate) fn bind_index(&mut self, match_cache: &Arc<MatchCache>) {
        if !self.match_cache.as_ref().is_some_and(|own| Arc::ptr_eq(own, match_cache)) {
            self.match_cache = Some(Arc::clone(match_cache));
            self.reset(INITIAL_SETS);
        }
    }

    /// Forgets all tokens, and has so many sets from now on: a power of two.
    fn reset(&mut self, sets: usize) {
        self.sets = vec![Set([EMPTY_SLOT; 2]); sets];
        self.victim = vec![false; sets];
        self.matches = vec![SharedMatches::default(); 2 * sets];
        self.inserted = 0;
    }

    /// Spreads the tokens over more sets.
    fn grow(&mut self) {
        let sets = (GROWTH_FACTOR * self.sets.len()).min(MAX_SETS);
        let former = std::mem::take(self);
        (self.match_cache, self.hashes, self.cached) = (former.match_cache, former.hashes, former.cached);
        self.reset(sets);
        self.cached.clear();
        let slots = former.sets.iter().flat_map(|set| set.0);
        for (slot, matches) in slots.zip(former.matches) {
            if let Some(text) = slot.text() {
                let number = self.insert(slot.hash, text, (slot.code, slot.state.role())).number as usize;
                self.sets[number / 2].0[number % 2].state = slot.state;
                self.matches[number] = matches;
            }
        }
    }

    /// False of a join of a query that is related to nothing.
    pub(crate) fn may_contain_concatenation(&self, concatenation: &Concatenation<'_>) -> bool {
        self.match_cache
            .as_ref()
            .is_none_or(|match_cache| match_cache.may_contain_concatenation(concatenation))
    }

    /// What is known of a small index.
    pub(crate) fn small_index(&self) -> Option<&SmallIndexFilter> {
        self.match_cache.as_ref()?.small_index()
    }

    fn set(&self, hash: IdentityHash) -> usize {
        usize::from(hash.0[0]) & (self.sets.len() - 1)
    }

    /// Asks for the places of the tokens of a name, so that memory is waited for once, and while other things are done
    /// before the name is [told](Near::tell).
    pub(crate) fn prefetch(&mut self, name: &AnalysedName) {
        if self.inserted > self.sets.len() && self.sets.len() < MAX_SETS {
            self.grow();
        }
        self.hashes.clear();
        self.hashes.extend(name.tokens().iter().map(|token| IdentityHash::of(name, token)));
        prefetch_all(&self.hashes, |hash| u32::from(self.sets[self.set(*hash)].0[0].len));
    }

    /// Tells the tokens of the name that was sought.
    pub(crate) fn lookup(&mut self, name: &AnalysedName) {
        self.cached.clear();
        self.query_only.clear();
        for (i, token) in name.tokens().iter().enumerate() {
            let (hash, text) = (self.hashes[i], name.text(token).as_bytes());
            let at = self.set(hash);
            let Set(slots) = &self.sets[at];
            let own = |slot: &Slot| slot.hash == hash && slot.text() == Some(text);
            let cached = match slots.iter().enumerate().find(|(_, slot)| own(slot)) {
                Some((i, slot)) => {
                    let number = (2 * at + i) as u32;
                    CachedToken {
                        code: slot.code,
                        role: slot.state.role(),
                        number,
                        residency: slot.state.residency(),
                    }
                }
                None => {
                    let code = PhoneticCode::of(name.latin(token).as_bytes());
                    let role = self
                        .small_index()
                        .map_or(ConcatenationRole::ANY, |small_index| small_index.role(code));
                    self.insert(hash, text, (code, role.of(token, name.latin(token))))
                }
            };
            self.cached.push(cached);
        }
    }

    /// Gives a new token one of the places of its set.
    fn insert(
        &mut self,
        hash: IdentityHash,
        text: &[u8],
        (code, role): (PhoneticCode, ConcatenationRole),
    ) -> CachedToken {
        if text.len() > MAX_INLINE_BYTES {
            return CachedToken { code, role, number: u32::MAX, residency: Residency::Unknown };
        }
        let at = self.set(hash);
        let slot = usize::from(self.victim[at]);
        self.victim[at] = !self.victim[at];
        let own = &mut self.sets[at].0[slot];
        let state = SlotState::new(Residency::Unknown, role);
        *own = Slot { code, hash, state, len: text.len() as u8, text: [0; MAX_INLINE_BYTES] };
        own.text[..text.len()].copy_from_slice(text);
        self.inserted += 1;
        let number = (2 * at + slot) as u32;
        // A token before it in this name that had the place has none.
        for cached in self.cached.iter_mut().filter(|cached| cached.number == number) {
            (cached.number, cached.residency) = (u32::MAX, Residency::Unknown);
        }
        CachedToken { code, role, number, residency: Residency::Unknown }
    }

    /// The neighbours of a token of the name that was told, as far as they are known.
    pub(crate) fn matches(&self, token: usize) -> &SharedMatches {
        let CachedToken { number, residency, .. } = self.cached[token];
        match residency {
            Residency::Unknown | Residency::Unmatched => &NO_MATCHES,
            Residency::Cached => &self.matches[number as usize],
            Residency::QueryOnly => &self.query_only[number as usize],
        }
    }

    /// Takes the neighbours of a token of the name that was told as given, for this name alone.
    pub(crate) fn insert_for_query(&mut self, token: usize, matches: SharedMatches) {
        let cached = &mut self.cached[token];
        cached.residency = Residency::Unmatched;
        if !matches.all.is_empty() {
            (cached.residency, cached.number) = (Residency::QueryOnly, self.query_only.len() as u32);
            self.query_only.push(matches);
        }
    }

    /// Finds the neighbours of a token of the name that was told in the cache that threads share; they are known from
    /// now on. `true` when the cache had them.
    pub(crate) fn fetch_or_compute<'i>(
        &mut self,
        name: &AnalysedName,
        token: usize,
        view: impl FnOnce() -> IndexView<'i>,
        buffers: &mut LookupBuffers,
    ) -> bool {
        let Some(match_cache) = &self.match_cache else { return false };
        let CachedToken { code, number, .. } = self.cached[token];
        let (matches, was_cached) =
            match_cache.get_or_compute(name, &name.tokens()[token], code, view, buffers);
        let number = number as usize;
        let Some(Set(slots)) = self.sets.get_mut(number / 2) else {
            self.insert_for_query(token, matches);
            return was_cached;
        };
        let residency = if matches.all.is_empty() { Residency::Unmatched } else { Residency::Cached };
        let cached = &mut self.cached[token];
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
    use crate::screen::retrieval::match_cache::{TokenMatches, find_exhaustively};
    use proptest::prelude::*;
    use std::cell::Cell;

    #[test]
    fn every_token_has_its_own_neighbours() {
        let mut list = list::starter();
        list.entities.push(Entity::new("own", Schema::Company, "Bao Zou Sol Line"));
        let index = Index::build(&[list]).unwrap();
        let view = index.view();
        let match_cache = Arc::new(MatchCache::new(&view));
        let words = "integrity technology group ltd company limited yongxin zhicheng beijing flax typhoon al abd 永信 科技 \
            Иванов volga intgrity tecnology grup maria kim su incorporated-in-the-republic باو bau زو zu سل sal";
        let words: Vec<&str> = words.split_whitespace().collect();
        // Far more tokens than places, many of them in one name.
        let own = prop::sample::select(words).prop_map(str::to_string);
        let token = prop_oneof![own, "[bdklmnrst][aeiou][bdklmnrst][aeiou]{1,2}"];
        let names = prop::collection::vec(prop::collection::vec(token, 1..40), 1..60);
        let matches = Cell::new(0);
        let run = |names: Vec<Vec<String>>| {
            let (mut token_cache, mut buffers) = (TokenCache::default(), LookupBuffers::default());
            for name in names {
                let schema = if name.len() % 2 == 0 { Schema::Person } else { Schema::Company };
                let name = analyse(&name.join(" "), schema);
                token_cache.bind_index(&match_cache);
                token_cache.prefetch(&name);
                token_cache.lookup(&name);
                for token in (0..name.tokens().len()).rev() {
                    matches.set(matches.get() + usize::from(token_cache.cached[token].has_matches()));
                    if !token_cache.cached[token].is_resolved() && token % 5 != 0 {
                        token_cache.fetch_or_compute(&name, token, || view, &mut buffers);
                    }
                }
                for (i, token) in name.tokens().iter().enumerate() {
                    prop_assert_eq!(
                        token_cache.cached[i].code,
                        PhoneticCode::of(name.latin(token).as_bytes())
                    );
                    if token_cache.cached[i].is_resolved() {
                        let token_ref = TokenRef::new(&name, token);
                        let own =
                            TokenMatches::of(find_exhaustively(&token_ref, &view), &view, token_ref.weight);
                        prop_assert_eq!(&token_cache.matches(i).all, &own.all, "{}", name.text(token));
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
