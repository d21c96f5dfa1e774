//! What is known ahead of an index so small that finding neighbours costs less than sharing them, such as the index of
//! a change: what none of its tokens can be related to is told by a bit or two, and nothing is looked up for it.
//!
//! Nothing here decides. What may be related is related by [`relate`](crate::score::relation::relate) as for any other
//! index; what is ruled out shares no key with any listed token, or is more than few edits from all and has the skeleton
//! and the romanization of none.

use super::phonetic::{ConcatenationRole, PhoneticCode, PhoneticFilter};
use crate::index::{IndexView, key_slot};
use crate::name::{AnalysedName, Skeleton, Tag, Token, may_be_romanized, romanized, skeleton};
use crate::score::keys::{DeletionFilter, KeyScope, query_keys, skeleton_deletions};
use crate::score::relation::{Concatenation, MAX_DEDUP_LETTERS, TokenRef, dedup_letters, script_skeleton};
use crate::util::bits::BitSet;
use crate::util::bloom::BloomFilter;
use crate::util::hash::{hash_bytes, hash_word, hash_words};

/// Tokens of a small index.
pub(crate) const SMALL_INDEX_MAX_TOKENS: usize = 4096;
/// Bits for each key that is filed.
const BITS_PER_KEY: usize = 32;
/// Bits for the marks of keys.
const FINGERPRINTS: usize = 1 << 16;
/// Bits for each word. No more: what is asked for every query should stay near.
const BITS_PER_WORD: usize = 32;
/// The same for what a word has several of.
const BITS_PER_VARIANT_SET: usize = 256;

/// What a small index holds. Words are its tokens that are no joins.
#[derive(Debug)]
pub(crate) struct SmallIndexFilter {
    /// A bit for each mark of a key, and one for each place that a key can have, set if one has it.
    fingerprints: BitSet,
    keys: BloomFilter,
    /// Skeletons of all tokens, and of the words if joins can be related by them.
    skeletons: BloomFilter,
    word_skeletons: BloomFilter,
    /// The skeletons of words with a code left out, or none.
    skeleton_deletions: BloomFilter<2>,
    /// The coarse skeletons of words, as those of scripts that write consonants are compared.
    coarse_skeletons: BloomFilter,
    /// Readings of words.
    readings: BloomFilter,
    /// What may be another romanization of a token; and of a word.
    romanizations: BloomFilter,
    word_romanizations: BloomFilter,
    /// What tokens sound like, and the words that may be the first letters of a name.
    phonetic: PhoneticFilter,
    acronyms: BloomFilter,
    /// How words begin.
    deletion_filter: DeletionFilter,
    listed: KeyScope,
    /// Whether what words of Latin letters are related to is told by their letters and sounds, and that of words in Han
    /// characters and of scripts that write consonants too.
    is_latin_only: bool,
    is_alphabetic: bool,
    /// How many buckets the index has.
    buckets: usize,
}

impl SmallIndexFilter {
    /// Of an index with no more than [`SMALL_INDEX_MAX_TOKENS`] tokens.
    pub(crate) fn of(index: &IndexView<'_>) -> Option<SmallIndexFilter> {
        if index.tokens.len() > SMALL_INDEX_MAX_TOKENS {
            return None;
        }
        let tokens = index.tokens.len();
        let is_word = |number: &u32| !index.tokens[*number as usize].is_concatenation();
        let words = (0..tokens as u32).filter(is_word);
        let count = words.clone().count();
        let of_words = || BloomFilter::new(count, BITS_PER_WORD);
        let mut filter = SmallIndexFilter {
            fingerprints: BitSet::new(FINGERPRINTS),
            keys: BloomFilter::new(index.key_slots().count(), BITS_PER_KEY),
            skeletons: BloomFilter::new(tokens, BITS_PER_WORD),
            word_skeletons: of_words(),
            skeleton_deletions: BloomFilter::new(count, BITS_PER_VARIANT_SET),
            coarse_skeletons: of_words(),
            readings: of_words(),
            romanizations: BloomFilter::new(tokens, BITS_PER_WORD),
            word_romanizations: of_words(),
            phonetic: PhoneticFilter::new(tokens, count),
            acronyms: of_words(),
            deletion_filter: DeletionFilter::of(words.map(|number| index.token(number).latin)),
            listed: KeyScope { abjad: false, kana: false, ..KeyScope::ALL },
            is_latin_only: true,
            is_alphabetic: true,
            buckets: index.buckets(),
        };
        for key_slot in index.key_slots() {
            filter.fingerprints.insert(key_slot);
            filter.keys.insert(hash_word(key_slot));
        }
        for number in 0..tokens as u32 {
            let (token, record) = (index.token(number), &index.tokens[number as usize]);
            filter.listed.abjad |= token.tag == Tag::Abjad;
            filter.listed.kana |= token.tag == Tag::Kana;
            filter.is_latin_only &= !matches!(token.tag, Tag::Abjad | Tag::Kana | Tag::Hangul);
            filter.is_alphabetic &= token.tag.is_alphabetic();
            filter.phonetic.insert(&token, record.is_chinese(), record.is_concatenation());
            filter.skeletons.insert(hash_codes(token.skeleton.word()));
            if record.is_chinese() {
                filter.romanizations.insert(hash_word(romanized(token.latin)));
            }
            if record.is_concatenation() {
                continue;
            }
            filter.readings.insert(hash_bytes(0, token.latin));
            if token.skeleton.len() >= token.min_concatenation_codes() {
                filter.word_skeletons.insert(hash_codes(token.skeleton.word()));
            }
            skeleton_deletions(&token.skeleton, |_, word| {
                filter.skeleton_deletions.insert(hash_codes(word));
            });
            filter.coarse_skeletons.insert(hash_codes(script_skeleton(&token.skeleton, Tag::Abjad).word()));
            if record.is_chinese() {
                filter.word_romanizations.insert(hash_word(romanized(token.latin)));
            }
            if token.may_be_acronym() {
                filter.acronyms.insert(hash_bytes(0, token.latin));
            }
        }
        Some(filter)
    }

    /// Adds the keys under which a token may be filed, and tells whether it may be another romanization of one; `None` if
    /// there is none: most tokens are related to nothing, and what they sound like and how they begin tells it sooner
    /// than their keys.
    pub(crate) fn filtered_query_keys<'n>(
        &self,
        name: &'n AnalysedName,
        token: &Token,
        code: PhoneticCode,
        keys: &mut Vec<u64>,
    ) -> Option<(TokenRef<'n>, bool)> {
        let text = name.latin(token);
        let latin = text.as_bytes();
        let mut listed = self.listed;
        let is_told = match token.tag {
            Tag::Han | Tag::Abjad => self.is_alphabetic,
            tag => self.is_latin_only && tag.is_alphabetic() && name.text(token) == text,
        };
        if is_told {
            self.deletion_filter.keys(latin, |key| self.add(key, keys));
            listed.edits = false;
            (listed.beyond_edits, listed.chinese) =
                self.may_match_beyond_edits(text, token.tag == Tag::Abjad, code);
        } else {
            listed.chinese = may_contain_romanization(&self.romanizations, latin);
        }
        let has_more = listed.beyond_edits || token.groups != [0; 2];
        if keys.is_empty() && !has_more {
            return None;
        }
        let view = TokenRef::new(name, token);
        if has_more {
            query_keys(&view, listed, |key| self.add(key, keys));
        }
        (!keys.is_empty()).then_some((view, listed.chinese))
    }

    fn add(&self, key: u64, keys: &mut Vec<u64>) {
        if self.may_contain_key(key) {
            keys.push(key);
        }
    }

    /// False of a word that is related to none by more than few edits; and whether another romanization may be listed.
    fn may_match_beyond_edits(&self, text: &str, is_abjad: bool, code: PhoneticCode) -> (bool, bool) {
        let latin = text.as_bytes();
        if is_abjad {
            let skeleton = &skeleton(text);
            let chinese = may_contain_romanization(&self.romanizations, latin);
            let may_match_beyond_edits = self.skeletons.may_contain(hash_codes(skeleton.word()))
                || self
                    .coarse_skeletons
                    .may_contain(hash_codes(script_skeleton(skeleton, Tag::Abjad).word()))
                || self.may_contain_skeleton_deletion(skeleton);
            return (may_match_beyond_edits || chinese, chinese);
        }
        // What is related so sounds the same, and has one skeleton, is romanized otherwise, or is a letter or two.
        if !self.phonetic.may_contain(latin, code) {
            return (false, false);
        }
        let chinese = may_contain_romanization(&self.romanizations, latin);
        let is_short = || latin.len() <= MAX_DEDUP_LETTERS && dedup_letters(latin).nth(2).is_none();
        (chinese || is_short() || self.skeletons.may_contain(hash_codes(skeleton(text).word())), chinese)
    }

    /// False of a skeleton that is not a code apart from that of any word, if both have enough.
    fn may_contain_skeleton_deletion(&self, skeleton: &Skeleton) -> bool {
        let mut may = false;
        skeleton_deletions(skeleton, |_, word| {
            may |= self.skeleton_deletions.may_contain(hash_codes(word));
        });
        may
    }

    /// What keys of a join there are to look for.
    pub(crate) fn concatenation_key_scope(&self, latin: &[u8]) -> KeyScope {
        KeyScope { chinese: may_contain_romanization(&self.word_romanizations, latin), ..self.listed }
    }

    /// False of a key that nothing is filed under.
    fn may_contain_key(&self, key: u64) -> bool {
        // The lowest bits of a key are those of its place.
        self.fingerprints.contains(key) && self.keys.may_contain(hash_word(key_slot(key, self.buckets)))
    }

    /// False of the sounds of a join of so many letters that is related to no token.
    pub(crate) fn may_contain_phonetic(&self, join: PhoneticCode, letters: usize) -> bool {
        self.phonetic.may_contain_concatenation(join, letters)
    }

    /// Where in a join that is related to a token a word may stand.
    pub(crate) fn role(&self, word: PhoneticCode) -> ConcatenationRole {
        self.phonetic.role(word)
    }

    /// False of the first letters of a name that no token is.
    pub(crate) fn may_be_acronym(&self, initials: &[u8]) -> bool {
        self.acronyms.may_contain(hash_bytes(0, initials))
    }

    /// False of a join that is related to no token.
    pub(crate) fn may_contain_concatenation(&self, joined: &Concatenation<'_>) -> bool {
        if joined.acronym {
            return self.may_be_acronym(joined.latin);
        }
        if self.readings.may_contain(hash_bytes(0, joined.latin))
            || may_contain_romanization(&self.word_romanizations, joined.latin)
        {
            return true;
        }
        if !joined.abjad {
            return self.word_skeletons.may_contain(hash_codes(joined.skeleton.word()));
        }
        self.may_contain_skeleton_deletion(&joined.skeleton)
    }
}

/// False of a word that is no other romanization of a listed one.
fn may_contain_romanization(listed: &BloomFilter, latin: &[u8]) -> bool {
    listed.may_contain(hash_word(romanized(latin))) && may_be_romanized(latin)
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
    use crate::screen::retrieval::match_cache::{LookupBuffers, MatchCache, find_exhaustively};
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

    /// A word like another: with a letter more or less or another one, doubled or left out, or other vowels.
    fn like(word: &str, at: usize, how: u8) -> String {
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

    /// Which word is taken, and what is done to it twice, and where.
    type MatchKind = (prop::sample::Index, usize, u8, u8);

    /// What a token of any script is related to is found by the keys that are left of it, and without keys there is
    /// nothing: on lists of Latin letters, with Han characters, and of all scripts.
    #[test]
    fn what_is_left_of_the_keys_finds_all() {
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
        let ways = prop::collection::vec((any::<prop::sample::Index>(), 0usize..9, 0u8..8, 0u8..8), 1..12);
        let others = prop::collection::vec(word(&known), 0..6);
        let (nothing, related) = (Cell::new(0), Cell::new(0));
        let run = |(listed, ways, others): (Vec<String>, Vec<MatchKind>, Vec<String>)| {
            // Some words apart and some as joins.
            let names: Vec<String> = listed.chunks(3).map(|words| words.join(" ")).collect();
            let index = index(&names);
            let view = index.view();
            let (match_cache, mut buffers) = (MatchCache::new(&view), LookupBuffers::default());
            let filter = match_cache.small_index().unwrap();
            let own = ways.iter().map(|(word, at, how, again)| {
                like(&like(word.get::<String>(&listed), *at, *how), *at, *again)
            });
            for asked in own.chain(others) {
                for schema in [Schema::Person, Schema::Company] {
                    let name = analyse(&asked, schema);
                    for token in name.tokens() {
                        let code = PhoneticCode::of(name.latin(token).as_bytes());
                        let (found, _) =
                            match_cache.get_or_compute(&name, token, code, || view, &mut buffers);
                        let found: Vec<u32> = found.all.iter().map(|n| n.token).collect();
                        let all = find_exhaustively(&TokenRef::new(&name, token), &view);
                        let all: Vec<u32> = all.iter().map(|n| n.token).collect();
                        prop_assert_eq!(&found, &all, "{} of {:?} in {:?}", name.text(token), asked, names);
                        let mut keys = Vec::new();
                        let has_keys = filter.filtered_query_keys(&name, token, code, &mut keys).is_some();
                        nothing.set(nothing.get() + usize::from(!has_keys));
                        related.set(related.get() + usize::from(!all.is_empty()));
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
        runner.run(&(listed, ways, others), run).unwrap();
        assert!(nothing.get() > 5000 && related.get() > 5000, "{} {}", nothing.get(), related.get());
    }
}
