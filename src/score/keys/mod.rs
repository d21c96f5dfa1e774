//! The keys under which related tokens meet: two tokens that [`relate`](super::relation::relate) always share one.
//!
//! Keys are hashes. What is found under one is related again by its text, so that a collision costs a comparison
//! and never a hit.

use super::relation::{
    Concatenation, MAX_DEDUP_LETTERS, MIN_FOLDED_LETTERS, TokenRef, dedup_letters, fold_digraphs,
    script_skeleton, spellings, utf8,
};
use super::similarity::max_edits;
use crate::name::{MAX_TOKEN_CHARS, Skeleton, Tag, is_wade_giles, wade_giles};
use crate::util::bloom::BloomFilter;
use crate::util::hash::{hash_bytes, hash_word, hash_words, word};

/// A kind of key; keys of different domains never meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum KeyKind {
    /// The head of a reading with letters left out.
    Deletion = 1,
    /// A consonant skeleton.
    Skeleton,
    /// The skeleton of an abjad token.
    Abjad,
    /// The coarse skeleton of an abjad token, and of any other token as such.
    AbjadScript,
    LatinAsAbjad,
    /// The same of Kana.
    KanaScript,
    LatinAsKana,
    /// The first letters of a name, and a word that can be such.
    Acronym,
    Short,
    /// A word in which spellings of one sound are one.
    FoldedDigraphs,
    /// A Wade-Giles spelling, and the same of a join.
    WadeGiles,
    WadeGilesConcatenation,
    /// A skeleton with one code left out.
    SkeletonDeletion,
    /// The same, of an abjad token.
    AbjadSkeletonDeletion,
    /// A group of the tables.
    Group,
    /// A usual spelling of a Hangul syllable.
    Spelling,
    /// Han text with one character left out.
    Han,
    /// A word of one or two letters, doubled ones once.
    DedupLetters,
    /// A whole reading.
    Whole,
    /// The reading of a join.
    Concatenation,
    /// The skeleton of a join.
    ConcatenationSkeleton,
    /// The skeleton of a join with abjad tokens, with one code left out.
    ConcatenationSkeletonDeletion,
    /// A text in another script: Chinese characters are read one way in a surname and another way elsewhere.
    Text,
}

fn key(kind: KeyKind, bytes: &[u8]) -> u64 {
    hash_bytes(kind as u64, bytes)
}

/// The key of `len` bytes that are in words already.
fn word_key(kind: KeyKind, len: usize, words: impl Iterator<Item = u64>) -> u64 {
    hash_words((kind as u64) << 8 | len as u64, words)
}

/// Bytes, and the first sixteen of them in two words of the machine: for the keys of several domains.
struct Packed<'a> {
    bytes: &'a [u8],
    words: [u64; 2],
}

impl<'a> Packed<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        let (head, rest) = bytes.split_at(bytes.len().min(8));
        Packed { bytes, words: [word(head), word(&rest[..rest.len().min(8)])] }
    }

    /// The [key] of all of them.
    fn key(&self, kind: KeyKind) -> u64 {
        match self.bytes.len() {
            len @ 1..=8 => word_key(kind, len, std::iter::once(self.words[0])),
            len @ 9..=16 => word_key(kind, len, self.words.into_iter()),
            _ => key(kind, self.bytes),
        }
    }
}

/// Letters of a reading that its deletion keys look at: words related by few edits have related heads. They fit a
/// word of the machine.
const DELETION_PREFIX: usize = 7;

/// The head of a reading with up to `budget` letters left out: the number of its letters, and they as a word.
fn deletion_variants(reading: &Packed<'_>, mut each: impl FnMut(usize, u64)) {
    let most = max_edits(reading.bytes.len());
    let len = reading.bytes.len().min(DELETION_PREFIX);
    let head = reading.words[0] & ((1 << (8 * DELETION_PREFIX)) - 1);
    each(len, head);
    if most == 0 {
        return;
    }
    for i in 0..len {
        let once = without(head, i);
        each(len - 1, once);
        if most < 2 {
            continue;
        }
        for j in i..len - 1 {
            each(len - 2, without(once, j));
        }
    }
}

/// The key of such a head.
fn deletion_key(len: usize, letters: u64) -> u64 {
    word_key(KeyKind::Deletion, len, std::iter::once(letters))
}

/// A Bloom filter over the deletion variants of some words. Testing it costs less than hashing and looking up the keys.
#[derive(Debug)]
pub(crate) struct DeletionFilter(BloomFilter<2>);

/// Bits for each variant: about one in fifty of those that no word has passes.
const BITS_PER_VARIANT: usize = 16;

impl DeletionFilter {
    /// A filter over the variants of these words.
    pub(crate) fn of<'w>(words: impl Iterator<Item = &'w [u8]>) -> DeletionFilter {
        let mut all = Vec::new();
        words.for_each(|word| deletion_variants(&Packed::of(word), |_, letters| all.push(letters)));
        let mut filter = BloomFilter::new(all.len(), BITS_PER_VARIANT);
        all.into_iter().for_each(|letters| filter.insert(hash_word(letters)));
        DeletionFilter(filter)
    }

    /// Calls `each` with the deletion keys of a reading that pass: all those that it shares with any of the words.
    pub(crate) fn keys(&self, latin: &[u8], mut each: impl FnMut(u64)) {
        deletion_variants(&Packed::of(latin), |len, letters| {
            if self.0.may_contain(hash_word(letters)) {
                each(deletion_key(len, letters));
            }
        });
    }
}

/// Letters in a word of the machine, without the one at `i`.
fn without(letters: u64, i: usize) -> u64 {
    let before = (1 << (8 * i)) - 1;
    letters & before | letters >> 8 & !before
}

/// A skeleton of three codes or more with one left out, or none: the number of its codes, and they as a word.
pub(crate) fn skeleton_deletions(skeleton: &Skeleton, mut each: impl FnMut(usize, u128)) {
    let (len, codes) = (skeleton.len(), skeleton.word());
    if len < 3 {
        return;
    }
    each(len, codes);
    for i in 0..len {
        let before = (1 << (8 * i)) - 1;
        each(len - 1, codes & before | codes >> 8 & !before);
    }
}

/// The keys of these.
fn skeleton_deletion_keys(skeleton: &Skeleton, kind: KeyKind, each: &mut impl FnMut(u64)) {
    skeleton_deletions(skeleton, |len, codes| {
        let words = [codes as u64, (codes >> 64) as u64].into_iter().take(len.div_ceil(8));
        each(word_key(kind, len, words));
    });
}

fn common_keys(
    token: &TokenRef<'_>,
    reading: &Packed<'_>,
    exact_only: bool,
    listed: KeyScope,
    each: &mut impl FnMut(u64),
) {
    for g in token.groups.iter().filter(|g| **g != 0) {
        each(key(KeyKind::Group, &g.to_le_bytes()));
    }
    if exact_only {
        // Equality alone: the whole reading is enough. (Texts of rigid tokens are their readings.)
        return;
    }
    if token.text != token.latin || !token.tag.is_alphabetic() {
        each(key(KeyKind::Text, token.text));
    }
    if listed.edits {
        deletion_variants(reading, |len, letters| each(deletion_key(len, letters)));
    }
    if !listed.beyond_edits {
        return;
    }
    if token.latin.len() <= MAX_DEDUP_LETTERS {
        let (mut word, mut n) = ([0u8; MAX_DEDUP_LETTERS], 0);
        for b in dedup_letters(token.latin) {
            word[n] = *b;
            n += 1;
        }
        if n <= 2 {
            each(key(KeyKind::DedupLetters, &word[..n]));
        }
    }
    if token.skeleton.len() < 3 && fold_digraphs(token.latin).len() >= MIN_FOLDED_LETTERS {
        each(key(KeyKind::FoldedDigraphs, fold_digraphs(token.latin).as_bytes()));
    }
    if token.latin.len() <= 8 {
        each(reading.key(KeyKind::Spelling));
    }
    for s in spellings(token) {
        each(key(KeyKind::Spelling, s.as_bytes()));
    }
    let text = if token.tag == Tag::Han { utf8(token.text) } else { "" };
    if text.chars().count() >= 4 {
        each(key(KeyKind::Han, text.as_bytes()));
        let mut buffer = [0u8; 4 * MAX_TOKEN_CHARS];
        for (i, c) in text.char_indices() {
            let (head, tail) = (&text.as_bytes()[..i], &text.as_bytes()[i + c.len_utf8()..]);
            buffer[..i].copy_from_slice(head);
            buffer[i..i + tail.len()].copy_from_slice(tail);
            each(key(KeyKind::Han, &buffer[..i + tail.len()]));
        }
    }
}

/// The keys under which an index files a token.
pub fn index_keys(token: &TokenRef<'_>, mut each: impl FnMut(u64)) {
    let exact_only = token.exact_only();
    common_keys(token, &Packed::of(token.latin), exact_only, KeyScope::ALL, &mut each);
    concatenation_probe_keys(token, &mut each);
    if exact_only || token.skeleton.len() == 0 {
        return;
    }
    if token.is_abjad() {
        skeleton_deletion_keys(&token.skeleton, KeyKind::AbjadSkeletonDeletion, &mut each);
    }
    transliteration_keys(token, true, KeyScope::ALL, &mut each);
}

/// Those of them that joins of a query look for, as [`query_concatenation_keys`] has them.
pub fn concatenation_probe_keys(token: &TokenRef<'_>, each: &mut impl FnMut(u64)) {
    each(key(KeyKind::Whole, token.latin));
    if token.exact_only() {
        return;
    }
    wade_giles_keys(token.latin, &[KeyKind::WadeGiles], each);
    let codes = token.skeleton.as_bytes();
    if codes.is_empty() {
        return;
    }
    each(key(KeyKind::Skeleton, codes));
    if token.may_be_acronym() {
        each(key(KeyKind::Short, token.latin));
    }
    skeleton_deletion_keys(&token.skeleton, KeyKind::SkeletonDeletion, each);
    if token.is_abjad() {
        each(key(KeyKind::Abjad, codes));
    }
}

/// What stands on a list: keys that nothing else is filed under need not be looked for without it.
#[derive(Clone, Copy, Debug)]
pub struct KeyScope {
    /// Words of scripts that write consonants, or joins of them.
    pub abjad: bool,
    /// Words in Kana.
    pub kana: bool,
    /// Words that may be another romanization of the token looked for.
    pub chinese: bool,
    /// Words that may be few edits from it.
    pub edits: bool,
    /// Words that may be alike in any other kind, but for the groups of the tables.
    pub beyond_edits: bool,
}

impl KeyScope {
    /// A list that has everything.
    pub const ALL: KeyScope =
        KeyScope { abjad: true, kana: true, chinese: true, edits: true, beyond_edits: true };
}

/// The keys under which words of scripts that write sounds and their Latin spellings meet.
fn transliteration_keys(token: &TokenRef<'_>, filed: bool, listed: KeyScope, each: &mut impl FnMut(u64)) {
    for (script, is_listed, own, other) in [
        (Tag::Abjad, listed.abjad, KeyKind::AbjadScript, KeyKind::LatinAsAbjad),
        (Tag::Kana, listed.kana, KeyKind::KanaScript, KeyKind::LatinAsKana),
    ] {
        // A word of the script looks for all others, and they for it.
        if !is_listed && token.tag != script {
            continue;
        }
        // Filed under what the token is, and looked for under what it is not.
        let kind = if (token.tag == script) == filed { own } else { other };
        each(key(kind, script_skeleton(&token.skeleton, script).as_bytes()));
    }
}

/// The keys under which pinyin and Wade-Giles meet: the word itself, and its Wade-Giles spelling.
fn wade_giles_keys(word: &[u8], kinds: &[KeyKind], each: &mut impl FnMut(u64)) {
    if let Some(wade) = wade_giles(word) {
        kinds.iter().for_each(|kind| each(key(*kind, wade.as_bytes())));
    }
    if is_wade_giles(word) {
        kinds.iter().for_each(|kind| each(key(*kind, word)));
    }
}

/// The keys under which a query looks for all tokens and joins of a list that are related to one of its tokens.
pub fn query_keys(token: &TokenRef<'_>, listed: KeyScope, mut each: impl FnMut(u64)) {
    let (reading, exact_only) = (Packed::of(token.latin), token.exact_only());
    common_keys(token, &reading, exact_only, listed, &mut each);
    if !listed.beyond_edits {
        return;
    }
    each(reading.key(KeyKind::Whole));
    each(reading.key(KeyKind::Concatenation));
    if token.may_be_acronym() {
        each(reading.key(KeyKind::Acronym));
    }
    let codes = Packed::of(token.skeleton.as_bytes());
    if exact_only || codes.bytes.is_empty() {
        return;
    }
    if token.is_abjad() || codes.bytes.len() >= 3 {
        each(codes.key(KeyKind::Skeleton));
        each(codes.key(KeyKind::ConcatenationSkeleton));
    }
    transliteration_keys(token, false, listed, &mut each);
    if listed.chinese {
        wade_giles_keys(token.latin, &[KeyKind::WadeGiles, KeyKind::WadeGilesConcatenation], &mut each);
    }
    if listed.abjad {
        skeleton_deletion_keys(&token.skeleton, KeyKind::ConcatenationSkeletonDeletion, &mut each);
    }
    if token.is_abjad() {
        skeleton_deletion_keys(&token.skeleton, KeyKind::SkeletonDeletion, &mut each);
    } else if listed.abjad {
        skeleton_deletion_keys(&token.skeleton, KeyKind::AbjadSkeletonDeletion, &mut each);
    }
}

/// The keys under which an index files neighbouring tokens written together.
pub fn index_concatenation_keys(concatenation: &Concatenation<'_>, mut each: impl FnMut(u64)) {
    if concatenation.acronym {
        return each(key(KeyKind::Acronym, concatenation.latin));
    }
    each(key(KeyKind::Concatenation, concatenation.latin));
    wade_giles_keys(concatenation.latin, &[KeyKind::WadeGilesConcatenation], &mut each);
    if concatenation.skeleton.len() >= 3 {
        each(key(KeyKind::ConcatenationSkeleton, concatenation.skeleton.as_bytes()));
    }
    if concatenation.abjad {
        skeleton_deletion_keys(&concatenation.skeleton, KeyKind::ConcatenationSkeletonDeletion, &mut each);
    }
}

/// The keys under which a query looks for tokens that are several of its own written together.
pub fn query_concatenation_keys(
    concatenation: &Concatenation<'_>,
    listed: KeyScope,
    mut each: impl FnMut(u64),
) {
    if concatenation.acronym {
        return each(key(KeyKind::Short, concatenation.latin));
    }
    each(key(KeyKind::Whole, concatenation.latin));
    if listed.chinese {
        wade_giles_keys(concatenation.latin, &[KeyKind::WadeGiles], &mut each);
    }
    let codes = concatenation.skeleton.as_bytes();
    if codes.len() >= 4 || (codes.len() == 3 && concatenation.abjad) {
        each(key(KeyKind::Skeleton, codes));
    } else if codes.len() == 3 {
        each(key(KeyKind::Abjad, codes));
    }
    if concatenation.abjad {
        skeleton_deletion_keys(&concatenation.skeleton, KeyKind::SkeletonDeletion, &mut each);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Schema;
    use crate::name::{AnalysedName, analyse};
    use crate::score::align::concatenations;
    use crate::score::relation::{PreparedToken, relate, relate_concatenation};
    use std::collections::HashSet;

    fn of(keys: impl FnOnce(&mut dyn FnMut(u64))) -> HashSet<u64> {
        let mut all = HashSet::new();
        keys(&mut |key| {
            all.insert(key);
        });
        all
    }

    /// Names of all kinds and scripts, and every Chinese surname by itself, before and behind a given name: many are
    /// read in two ways.
    fn names() -> Vec<AnalysedName> {
        let mut texts: Vec<String> = Vec::new();
        let cases = include_str!("../../../tests/cases/queries.tsv").lines().filter(|l| !l.starts_with('#'));
        texts.extend(cases.map(|line| line.split('\t').next().unwrap_or("").to_string()));
        let starter = crate::list::starter().entities;
        texts.extend(starter.iter().flat_map(|e| e.names.iter().map(|n| n.text.clone())));
        for line in
            include_str!("../../name/lexicon/data/han_surnames.tsv").lines().filter(|l| !l.starts_with('#'))
        {
            let surname = line.split('\t').next().unwrap_or("");
            texts.extend([format!("{surname} 文"), format!("文 {surname}"), format!("{surname}文涛")]);
        }
        let schemas = [Schema::Person, Schema::Company];
        texts.iter().flat_map(|text| schemas.map(|schema| analyse(text, schema))).collect()
    }

    #[test]
    fn what_is_related_shares_a_key() {
        let names = names();
        let mut seen = HashSet::new();
        let tokens =
            names.iter().flat_map(|name| name.tokens().iter().map(move |token| TokenRef::new(name, token)));
        let tokens: Vec<TokenRef<'_>> =
            tokens.filter(|t| seen.insert((t.text, t.latin, t.tag, t.groups, t.frequency))).collect();
        let filed: Vec<_> = tokens.iter().map(|t| of(|each| index_keys(t, each))).collect();
        let sought: Vec<_> = tokens.iter().map(|t| of(|each| query_keys(t, KeyScope::ALL, each))).collect();
        let mut related = 0;
        for (token, keys) in tokens.iter().zip(&sought) {
            let prepared = PreparedToken::new(*token);
            for (other, filed) in tokens.iter().zip(&filed) {
                if let Some(how) = relate(&prepared, other) {
                    assert!(!keys.is_disjoint(filed), "{token:?} {other:?} {how:?}");
                    related += 1;
                }
            }
        }
        assert!(tokens.len() > 700 && related > 2 * tokens.len(), "{related} of {}", tokens.len());
        let (mut buffer, mut concatenation) = (String::new(), 0);
        for name in &names {
            concatenations(
                name,
                &mut buffer,
                |_| true,
                |_, join| {
                    let (asked, listed) = (
                        of(|each| query_concatenation_keys(join, KeyScope::ALL, each)),
                        of(|each| index_concatenation_keys(join, each)),
                    );
                    for ((token, filed), sought) in tokens.iter().zip(&filed).zip(&sought) {
                        if let Some(how) = relate_concatenation(join, token) {
                            assert!(!asked.is_disjoint(filed), "{join:?} {token:?} {how:?}");
                            assert!(!listed.is_disjoint(sought), "{join:?} {token:?} {how:?}");
                            concatenation += 1;
                        }
                    }
                },
            );
        }
        assert!(concatenation > 20, "{concatenation}");
    }
}
