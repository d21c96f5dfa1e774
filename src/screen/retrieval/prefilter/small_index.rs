//! The filter of a small index: what none of its tokens can match is ruled out by a few bits, before any key is hashed.
//!
//! Against a small index, such as that of a change, finding matches costs less than the lock of a shared cache, and most
//! query tokens match nothing. Two facts rule a token out:
//!
//! - A token within the edit budget of a listed one shares a variant of their deletion neighbourhoods with it
//!   ([`DeletionFilter`]).
//! - A token that matches in another way has the phonetic code, and the skeleton or a romanization, of a listed one
//!   ([`PhoneticFilter`]).
//!
//! The filter decides nothing by itself. What it lets pass is compared by [`relate`](crate::score::relation::relate) as
//! for any other index.

use super::phonetic::{ConcatenationRole, PhoneticCode, PhoneticFilter};
use crate::index::{IndexView, key_slot};
use crate::name::{
    AnalysedName, Skeleton, Tag, Token, has_respellings, may_be_romanized, romanization_key, skeleton,
};
use crate::score::keys::{DeletionFilter, KeyScope, query_keys, skeleton_deletions};
use crate::score::relation::{Concatenation, MAX_DEDUP_LETTERS, TokenRef, dedup_letters};
use crate::util::bits::BitSet;
use crate::util::bloom::BloomFilter;
use crate::util::hash::{hash_bytes, hash_word, hash_words};

/// The most tokens of a small index.
pub(crate) const SMALL_INDEX_MAX_TOKENS: usize = 4096;
/// Bits for each key.
const BITS_PER_KEY: usize = 32;
/// How many key fingerprints there are.
const FINGERPRINTS: usize = 1 << 16;
/// Bits for each word. No more: what is read for every query should stay in the first-level cache.
const BITS_PER_WORD: usize = 32;
/// Bits for each word whose skeleton deletions are inserted, some eight of them.
const BITS_PER_VARIANT_SET: usize = 256;

/// The filter of a small index. *Words* are its tokens that are no concatenations.
#[derive(Debug)]
pub(crate) struct SmallIndexFilter {
    /// The fingerprints of all keys, and the slots of the key table that are not empty.
    fingerprints: BitSet,
    keys: BloomFilter,
    /// The skeletons of all tokens, and of the words that concatenations can match by them.
    skeletons: BloomFilter,
    word_skeletons: BloomFilter,
    /// The skeletons of words with one code left out, or none.
    skeleton_deletions: BloomFilter<2>,
    /// The Latin readings of words.
    readings: BloomFilter,
    /// The romanization keys of Chinese tokens, and of Chinese words.
    romanizations: BloomFilter,
    word_romanizations: BloomFilter,
    /// Words that may be the acronym of a name.
    acronyms: BloomFilter,
    phonetic: PhoneticFilter,
    deletions: DeletionFilter,
    /// Which kinds of keys need to be looked up at all.
    scope: KeyScope,
    /// How many buckets the key table has.
    buckets: usize,
}

impl SmallIndexFilter {
    /// The filter of an index; `None` if it has more than [`SMALL_INDEX_MAX_TOKENS`] tokens.
    pub(crate) fn new(index: &IndexView<'_>) -> Option<SmallIndexFilter> {
        let tokens = index.tokens.len();
        if tokens > SMALL_INDEX_MAX_TOKENS {
            return None;
        }
        let words = (0..tokens as u32).filter(|token| !index.tokens[*token as usize].is_concatenation());
        let count = words.clone().count();
        let for_tokens = || BloomFilter::new(tokens, BITS_PER_WORD);
        let for_words = || BloomFilter::new(count, BITS_PER_WORD);
        let mut filter = SmallIndexFilter {
            fingerprints: BitSet::new(FINGERPRINTS),
            keys: BloomFilter::new(index.key_slots().count(), BITS_PER_KEY),
            skeletons: for_tokens(),
            word_skeletons: for_words(),
            skeleton_deletions: BloomFilter::new(count, BITS_PER_VARIANT_SET),
            readings: for_words(),
            romanizations: for_tokens(),
            word_romanizations: for_words(),
            acronyms: for_words(),
            phonetic: PhoneticFilter::new(tokens, count),
            deletions: DeletionFilter::of(words.map(|token| index.token(token).latin)),
            scope: KeyScope { abjad: false, kana: false, native: false, ..KeyScope::ALL },
            buckets: index.buckets(),
        };
        for slot in index.key_slots() {
            // The lowest bits of a slot are its fingerprint.
            filter.fingerprints.insert(slot);
            filter.keys.insert(hash_word(slot));
        }
        for number in 0..tokens as u32 {
            let record = &index.tokens[number as usize];
            filter.insert(&index.token(number), record.is_chinese(), record.is_concatenation());
        }
        Some(filter)
    }

    fn insert(&mut self, token: &TokenRef<'_>, is_chinese: bool, is_concatenation: bool) {
        self.scope.abjad |= token.tag == Tag::Abjad;
        self.scope.kana |= token.tag == Tag::Kana;
        self.scope.native |= !token.tag.is_alphabetic();
        self.phonetic.insert(token, is_chinese, is_concatenation);
        self.skeletons.insert(hash_codes(token.skeleton.word()));
        if is_chinese {
            self.romanizations.insert(hash_word(romanization_key(token.latin)));
        }
        if is_concatenation {
            return;
        }
        token.for_each_respelling(|_, codes| {
            self.skeletons.insert(hash_codes(codes.word()));
            self.word_skeletons.insert(hash_codes(codes.word()));
        });
        self.readings.insert(hash_bytes(0, token.latin));
        if token.skeleton.len() >= token.min_concatenation_codes() {
            self.word_skeletons.insert(hash_codes(token.skeleton.word()));
        }
        skeleton_deletions(&token.skeleton, |_, codes| self.skeleton_deletions.insert(hash_codes(codes)));
        if is_chinese {
            self.word_romanizations.insert(hash_word(romanization_key(token.latin)));
        }
        if token.may_be_acronym() {
            self.acronyms.insert(hash_bytes(0, token.latin));
        }
    }

    /// Adds the keys of a query token under which something may be filed to `keys`. Returns the token, and whether
    /// another romanization of it may be listed; `None` if no key is left.
    pub(crate) fn filtered_query_keys<'n>(
        &self,
        name: &'n AnalysedName,
        token: &Token,
        code: PhoneticCode,
        keys: &mut Vec<u64>,
    ) -> Option<(TokenRef<'n>, bool)> {
        let latin = name.latin(token);
        let mut scope = self.scope;
        // Two words in Latin letters match by their letters and phonetic code alone.
        if !scope.native && token.tag.is_alphabetic() && name.text(token) == latin {
            self.deletions.keys(latin.as_bytes(), |key| self.push_if_contained(key, keys));
            scope.edits = false;
            (scope.beyond_edits, scope.chinese) = self.may_match_beyond_edits(latin, code);
        } else {
            scope.chinese = may_contain_romanization(&self.romanizations, latin.as_bytes());
        }
        let has_more = scope.beyond_edits || token.groups != [0; 2];
        if keys.is_empty() && !has_more {
            return None;
        }
        let token = TokenRef::new(name, token);
        if has_more {
            query_keys(&token, scope, |key| self.push_if_contained(key, keys));
        }
        (!keys.is_empty()).then_some((token, scope.chinese))
    }

    fn push_if_contained(&self, key: u64, keys: &mut Vec<u64>) {
        if self.may_contain_key(key) {
            keys.push(key);
        }
    }

    /// Returns false if nothing is filed under a key.
    fn may_contain_key(&self, key: u64) -> bool {
        // The lowest bits of a key are its fingerprint.
        self.fingerprints.contains(key) && self.keys.may_contain(hash_word(key_slot(key, self.buckets)))
    }

    /// Whether a word may match by more than few edits, and whether another romanization of it may be listed.
    fn may_match_beyond_edits(&self, latin: &str, code: PhoneticCode) -> (bool, bool) {
        if has_respellings(latin.as_bytes()) {
            return (true, may_contain_romanization(&self.romanizations, latin.as_bytes()));
        }
        // Any other word that matches so has the code of a listed one or of a respelling of it, and has its skeleton, is
        // romanized otherwise, or is a letter or two.
        if !self.phonetic.may_match(latin.as_bytes(), code) {
            return (false, false);
        }
        let chinese = may_contain_romanization(&self.romanizations, latin.as_bytes());
        let is_short =
            || latin.len() <= MAX_DEDUP_LETTERS && dedup_letters(latin.as_bytes()).nth(2).is_none();
        let by_skeleton = || self.skeletons.may_contain(hash_codes(skeleton(latin).word()));
        (chinese || is_short() || by_skeleton(), chinese)
    }

    /// Returns false if a skeleton is not one code apart from that of any word.
    fn may_contain_skeleton_deletion(&self, skeleton: &Skeleton) -> bool {
        let mut may_contain = false;
        skeleton_deletions(skeleton, |_, codes| {
            may_contain |= self.skeleton_deletions.may_contain(hash_codes(codes));
        });
        may_contain
    }

    /// The kinds of keys to look up for a concatenation.
    pub(crate) fn concatenation_key_scope(&self, latin: &[u8]) -> KeyScope {
        KeyScope { chinese: may_contain_romanization(&self.word_romanizations, latin), ..self.scope }
    }

    /// Returns false if a concatenation with this code and so many letters matches nothing.
    pub(crate) fn may_match_code(&self, code: PhoneticCode, letters: usize) -> bool {
        self.phonetic.may_match_concatenation(code, letters)
    }

    /// Whether a word of another script is listed, which any concatenation may spell.
    pub(crate) fn has_native_words(&self) -> bool {
        self.scope.native
    }

    /// What a word may be in a concatenation that matches.
    pub(crate) fn role(&self, word: PhoneticCode) -> ConcatenationRole {
        self.phonetic.role(word)
    }

    /// Returns false if no listed word consists of the first letters of a name.
    pub(crate) fn may_be_acronym(&self, letters: &[u8]) -> bool {
        self.acronyms.may_contain(hash_bytes(0, letters))
    }

    /// Returns false if a concatenation matches nothing.
    pub(crate) fn may_match_concatenation(&self, concatenation: &Concatenation<'_>) -> bool {
        let Concatenation { latin, skeleton, abjad, acronym } = concatenation;
        if *acronym {
            return self.may_be_acronym(latin);
        }
        if self.scope.native
            || self.readings.may_contain(hash_bytes(0, latin))
            || may_contain_romanization(&self.word_romanizations, latin)
        {
            return true;
        }
        if !*abjad {
            return self.word_skeletons.may_contain(hash_codes(skeleton.word()));
        }
        self.may_contain_skeleton_deletion(skeleton)
    }
}

/// Returns false if a word is another romanization of none in the filter.
fn may_contain_romanization(romanizations: &BloomFilter, latin: &[u8]) -> bool {
    romanizations.may_contain(hash_word(romanization_key(latin))) && may_be_romanized(latin)
}

/// The hash of a skeleton's codes.
fn hash_codes(codes: u128) -> u64 {
    hash_words(0, [codes as u64, (codes >> 64) as u64].into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Entity, Name, Schema};
    use crate::index::Index;
    use crate::list;
    use crate::name::analyse;
    use crate::screen::retrieval::lookup::{LookupBuffers, find_matches_exhaustively};
    use crate::screen::retrieval::match_cache::MatchCache;
    use proptest::prelude::*;
    use std::cell::Cell;

    /// An index of an entity with these names.
    fn index(names: &[String]) -> Index {
        let mut list = list::starter();
        let mut entity = Entity::new("1", Schema::Company, names[0].clone());
        entity.names.extend(names[1..].iter().map(Name::alias));
        list.entities = vec![entity];
        Index::build(&[list]).unwrap()
    }

    /// A variant of a word: with a letter more or less or another one, doubled or left out, or other vowels.
    fn vary(word: &str, at: usize, how: u8) -> String {
        let mut letters: Vec<char> = word.chars().collect();
        let at = at % letters.len().max(1);
        match how {
            0 => letters.insert(at, 's'),
            1 if letters.len() > 1 => drop(letters.remove(at)),
            2 => letters[at] = 'k',
            3 => letters.insert(at, letters[at]),
            4 => letters.iter_mut().filter(|c| "aeiou".contains(**c)).for_each(|c| *c = 'e'),
            5 => letters.insert(at, 'h'),
            6 => letters.reverse(),
            _ => {}
        }
        letters.into_iter().collect()
    }

    /// Which word is varied, and where and how, twice.
    type Variation = (prop::sample::Index, usize, u8, u8);

    /// The keys that pass the filter find every match of a token of any script, and a token without one has none: on
    /// lists of Latin letters, with Han characters, and of all scripts.
    #[test]
    fn the_keys_that_pass_find_every_match() {
        let known = "永信 张伟 王 김 철수 محمد عبد الله قذافي دمشقي アリ 加藤 иванов zhang tsang tsai cai hsiao xiao \
            wang li lee mohammad muhammad mahmad ltd limited iii 44 44b xx x ck tts ddj ccch dj irgc gaddafee dimaskee";
        let known: Vec<String> = known.split_whitespace().map(str::to_string).collect();
        let latin: Vec<String> = known.iter().filter(|word| word.is_ascii()).cloned().collect();
        let han: Vec<String> = latin.iter().cloned().chain(["永信", "张伟"].map(String::from)).collect();
        let drawn = "[a-z]{1,9}|[bdkhlmnprstx]{1,3}|([bdklmnrst][aeiou]){1,4}|(dj|ts|tch|sh|x|th|a|o){1,9}";
        let word = move |known: &[String]| prop_oneof![2 => drawn, 1 => prop::sample::select(known.to_vec())];
        let listed = prop_oneof![
            2 => prop::collection::vec(word(&latin), 2..12),
            1 => prop::collection::vec(word(&han), 2..12),
            1 => prop::collection::vec(word(&known), 2..12),
        ];
        let variations =
            prop::collection::vec((any::<prop::sample::Index>(), 0usize..9, 0u8..8, 0u8..8), 1..12);
        let others = prop::collection::vec(word(&known), 0..6);
        let (without_keys, with_matches) = (Cell::new(0), Cell::new(0));
        let run = |(listed, variations, others): (Vec<String>, Vec<Variation>, Vec<String>)| {
            // Some words alone and some concatenated.
            let names: Vec<String> = listed.chunks(3).map(|words| words.join(" ")).collect();
            let index = index(&names);
            let view = index.view();
            let (match_cache, mut buffers) = (MatchCache::new(&view), LookupBuffers::default());
            let filter = match_cache.small_index().unwrap();
            let varied = variations.iter().map(|(word, at, how, again)| {
                vary(&vary(word.get::<String>(&listed), *at, *how), *at, *again)
            });
            for queried in varied.chain(others) {
                for schema in [Schema::Person, Schema::Company] {
                    let name = analyse(&queried, schema);
                    for token in name.tokens() {
                        let code = PhoneticCode::of(name.latin(token).as_bytes());
                        let (found, _) =
                            match_cache.get_or_compute(&name, token, code, || view, &mut buffers);
                        let found: Vec<u32> = found.all.iter().map(|n| n.token).collect();
                        let all = find_matches_exhaustively(&TokenRef::new(&name, token), &view);
                        let all: Vec<u32> = all.iter().map(|n| n.token).collect();
                        prop_assert_eq!(&found, &all, "{} of {:?} in {:?}", name.text(token), queried, names);
                        let mut keys = Vec::new();
                        let has_keys = filter.filtered_query_keys(&name, token, code, &mut keys).is_some();
                        without_keys.set(without_keys.get() + usize::from(!has_keys));
                        with_matches.set(with_matches.get() + usize::from(!all.is_empty()));
                    }
                }
            }
            Ok(())
        };
        let config = ProptestConfig { cases: 2000, ..ProptestConfig::default() };
        let mut runner = proptest::test_runner::TestRunner::new_with_rng(
            config,
            proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
        );
        runner.run(&(listed, variations, others), run).unwrap();
        assert!(
            without_keys.get() > 5000 && with_matches.get() > 5000,
            "{} {}",
            without_keys.get(),
            with_matches.get()
        );
    }
}
