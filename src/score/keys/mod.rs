//! The keys under which related tokens meet: two tokens that [`relate`](super::relation::relate) always share
//! one.
//!
//! The index files a listed token under [`index_keys`], and a query looks up [`query_keys`]; for tokens
//! written together there are [`index_concatenation_keys`] and [`query_concatenation_keys`]. Keys are hashes:
//! whatever is found under one is related again by its text, so that a collision costs a comparison and never
//! a hit.
//!
//! Cost: 30 keys or so for a long word, most of them deletion variants.

mod deletion;
mod kinds;

pub(crate) use deletion::{DeletionFilter, skeleton_deletions};

use super::params::{
    MAX_DEDUP_LETTERS, MAX_SHORT_WORD, MIN_CONCATENATION_CODES, MIN_FOLDED_LETTERS, MIN_HAN_CHARS,
    MIN_SKELETON_CODES,
};
use super::relation::{
    Concatenation, TokenRef, dedup_letters, fold_digraphs, hangul_spellings, script_skeleton, utf8,
};
use crate::name::{MAX_TOKEN_CHARS, Tag, is_wade_giles, latin_key, wade_giles};
use deletion::{deletion_key, deletion_variants, skeleton_deletion_keys};
use kinds::{KeyKind, Packed, key, word_key};

/// What stands on a list. Keys under which it has filed nothing need not be looked up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyScope {
    /// Words of scripts that write consonants, or concatenations of them.
    pub(crate) abjad: bool,
    /// Words in Kana.
    pub(crate) kana: bool,
    /// Words of other scripts that the learned tables read.
    pub(crate) native: bool,
    /// Words that may be another romanization of the query's token.
    pub(crate) chinese: bool,
    /// Words that may be within the edit budget of it.
    pub(crate) edits: bool,
    /// Words that may be related to it in any other way, but for the groups of the tables.
    pub(crate) beyond_edits: bool,
}

impl KeyScope {
    /// A list with words of all kinds.
    pub(crate) const ALL: KeyScope =
        KeyScope { abjad: true, kana: true, native: true, chinese: true, edits: true, beyond_edits: true };
}

/// Which of two sides keys are for: a listed token is filed under what it is, and a query looks up what it is
/// not.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Index,
    Query,
}

/// The keys under which an index files a token.
pub(crate) fn index_keys(token: &TokenRef<'_>, mut each: impl FnMut(u64)) {
    let exact_only = token.exact_only();
    common_keys(token, &Packed::of(token.latin), exact_only, KeyScope::ALL, &mut each);
    concatenation_probe_keys(token, &mut each);
    if !exact_only && token.tag.is_alphabetic() {
        each(consonants_key(KeyKind::LatinConsonants, latin_key(token.latin)));
    } else if let Some(native) = token.native_word().filter(|native| !exact_only && !native.is_syllabic()) {
        native.keys().for_each(|consonants| each(consonants_key(KeyKind::ScriptConsonants, consonants)));
    }
    if exact_only || token.skeleton.len() == 0 {
        return;
    }
    if token.is_abjad() {
        skeleton_deletion_keys(&token.skeleton, KeyKind::AbjadSkeletonDeletion, &mut each);
    }
    transliteration_keys(token, Side::Index, KeyScope::ALL, &mut each);
}

/// Those of them that concatenations of a query look up, as in [`query_concatenation_keys`].
pub(crate) fn concatenation_probe_keys(token: &TokenRef<'_>, each: &mut impl FnMut(u64)) {
    each(key(KeyKind::Whole, token.latin));
    if token.exact_only() {
        return;
    }
    if let Some(native) = token.native_word() {
        let keys = native.keys().filter(|_| native.is_syllabic());
        keys.for_each(|consonants| each(consonants_key(KeyKind::ScriptConsonants, consonants)));
    }
    wade_giles_keys(token.latin, &[KeyKind::WadeGiles], each);
    let codes = token.skeleton.as_bytes();
    if codes.is_empty() {
        return;
    }
    each(key(KeyKind::Skeleton, codes));
    respelling_keys(token, &[KeyKind::Skeleton], each);
    if token.may_be_acronym() {
        each(key(KeyKind::Short, token.latin));
    }
    skeleton_deletion_keys(&token.skeleton, KeyKind::SkeletonDeletion, each);
    if token.is_abjad() {
        each(key(KeyKind::Abjad, codes));
    }
}

/// The keys under which a query looks up all tokens and concatenations of a list that are related to one of
/// its tokens.
pub(crate) fn query_keys(token: &TokenRef<'_>, listed: KeyScope, mut each: impl FnMut(u64)) {
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
    if !exact_only {
        query_consonants_keys(token, listed, &mut each);
    }
    let codes = Packed::of(token.skeleton.as_bytes());
    if exact_only || codes.bytes.is_empty() {
        return;
    }
    if token.is_abjad() || codes.bytes.len() >= MIN_SKELETON_CODES {
        each(codes.key(KeyKind::Skeleton));
        each(codes.key(KeyKind::ConcatenationSkeleton));
    }
    transliteration_keys(token, Side::Query, listed, &mut each);
    respelling_keys(token, &[KeyKind::Skeleton, KeyKind::ConcatenationSkeleton], &mut each);
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
pub(crate) fn index_concatenation_keys(concatenation: &Concatenation<'_>, mut each: impl FnMut(u64)) {
    if concatenation.acronym {
        return each(key(KeyKind::Acronym, concatenation.latin));
    }
    each(key(KeyKind::Concatenation, concatenation.latin));
    each(consonants_key(KeyKind::ConcatenationConsonants, latin_key(concatenation.latin)));
    wade_giles_keys(concatenation.latin, &[KeyKind::WadeGilesConcatenation], &mut each);
    if concatenation.skeleton.len() >= MIN_SKELETON_CODES {
        each(key(KeyKind::ConcatenationSkeleton, concatenation.skeleton.as_bytes()));
    }
    if concatenation.abjad {
        skeleton_deletion_keys(&concatenation.skeleton, KeyKind::ConcatenationSkeletonDeletion, &mut each);
    }
}

/// The keys under which a query looks up tokens that are equal to several tokens of the query written
/// together.
pub(crate) fn query_concatenation_keys(
    concatenation: &Concatenation<'_>,
    listed: KeyScope,
    mut each: impl FnMut(u64),
) {
    if concatenation.acronym {
        return each(key(KeyKind::Short, concatenation.latin));
    }
    each(key(KeyKind::Whole, concatenation.latin));
    if listed.native {
        each(consonants_key(KeyKind::ScriptConsonants, latin_key(concatenation.latin)));
    }
    if listed.chinese {
        wade_giles_keys(concatenation.latin, &[KeyKind::WadeGiles], &mut each);
    }
    let codes = concatenation.skeleton.as_bytes();
    let (min_codes_abjad, min_codes) = MIN_CONCATENATION_CODES;
    if codes.len() >= min_codes || (codes.len() >= min_codes_abjad && concatenation.abjad) {
        each(key(KeyKind::Skeleton, codes));
    } else if codes.len() >= min_codes_abjad {
        each(key(KeyKind::Abjad, codes));
    }
    if concatenation.abjad {
        skeleton_deletion_keys(&concatenation.skeleton, KeyKind::SkeletonDeletion, &mut each);
    }
}

/// Keys that are the same on both sides: of groups, equal texts, edits, and the rules for short words and
/// characters.
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
        // Such tokens are equal or not, and their texts are their readings: the key of the whole reading is
        // enough.
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
    short_word_keys(token, each);
    if token.latin.len() <= 8 {
        each(reading.key(KeyKind::Spelling));
    }
    for spelling in hangul_spellings(token) {
        each(key(KeyKind::Spelling, spelling.as_bytes()));
    }
    if token.tag == Tag::Han {
        han_keys(utf8(token.text), each);
    }
}

/// The keys under which short words meet that differ by doubled letters or digraphs.
fn short_word_keys(token: &TokenRef<'_>, each: &mut impl FnMut(u64)) {
    if token.latin.len() <= MAX_DEDUP_LETTERS {
        let (mut word, mut len) = ([0u8; MAX_DEDUP_LETTERS], 0);
        for b in dedup_letters(token.latin) {
            word[len] = *b;
            len += 1;
        }
        if len <= MAX_SHORT_WORD {
            each(key(KeyKind::DedupLetters, &word[..len]));
        }
    }
    if token.skeleton.len() < MIN_SKELETON_CODES {
        let folded = fold_digraphs(token.latin);
        if folded.len() >= MIN_FOLDED_LETTERS {
            each(key(KeyKind::FoldedDigraphs, folded.as_bytes()));
        }
    }
}

/// The keys under which Han texts one character apart meet.
fn han_keys(text: &str, each: &mut impl FnMut(u64)) {
    if text.chars().count() < MIN_HAN_CHARS {
        return;
    }
    each(key(KeyKind::Han, text.as_bytes()));
    let mut buffer = [0u8; 4 * MAX_TOKEN_CHARS];
    for (i, c) in text.char_indices() {
        let (head, tail) = (&text.as_bytes()[..i], &text.as_bytes()[i + c.len_utf8()..]);
        buffer[..i].copy_from_slice(head);
        buffer[i..i + tail.len()].copy_from_slice(tail);
        each(key(KeyKind::Han, &buffer[..i + tail.len()]));
    }
}

/// The keys under which words of scripts that write sounds and their Latin spellings meet.
fn transliteration_keys(token: &TokenRef<'_>, side: Side, listed: KeyScope, each: &mut impl FnMut(u64)) {
    for (script, is_listed, script_kind, other_kind) in [
        (Tag::Abjad, listed.abjad, KeyKind::AbjadScript, KeyKind::LatinAsAbjad),
        (Tag::Kana, listed.kana, KeyKind::KanaScript, KeyKind::LatinAsKana),
    ] {
        // A word of the script looks up all others, and they look it up.
        if !is_listed && token.tag != script {
            continue;
        }
        let kind = if (token.tag == script) == (side == Side::Index) { script_kind } else { other_kind };
        each(key(kind, script_skeleton(&token.skeleton, script).as_bytes()));
    }
}

/// The keys under which spellings of one word by the rules of several languages meet: the skeletons of what English would
/// write. A word that has none is filed under its own skeleton.
fn respelling_keys(token: &TokenRef<'_>, kinds: &[KeyKind], each: &mut impl FnMut(u64)) {
    token.for_each_respelling(|_, codes| {
        if *codes != token.skeleton {
            kinds.iter().for_each(|kind| each(key(*kind, codes.as_bytes())));
        }
    });
}

/// The keys under which a query's token meets the words and concatenations that it may be written as, or that may be
/// written so.
fn query_consonants_keys(token: &TokenRef<'_>, listed: KeyScope, each: &mut impl FnMut(u64)) {
    if let Some(native) = token.native_word() {
        for consonants in native.keys() {
            each(consonants_key(KeyKind::LatinConsonants, consonants));
            if native.is_syllabic() {
                each(consonants_key(KeyKind::ConcatenationConsonants, consonants));
            }
        }
    } else if listed.native && token.tag.is_alphabetic() {
        each(consonants_key(KeyKind::ScriptConsonants, latin_key(token.latin)));
    }
}

/// The key of classes of consonants.
fn consonants_key(kind: KeyKind, consonants: u32) -> u64 {
    word_key(kind, 4, std::iter::once(consonants.into()))
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

    /// Names of all kinds and scripts, and every Chinese surname by itself, before and behind a given name:
    /// many are read in two ways.
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
    fn related_tokens_share_a_key() {
        let names = names();
        let mut seen = HashSet::new();
        let tokens =
            names.iter().flat_map(|name| name.tokens().iter().map(move |token| TokenRef::new(name, token)));
        let tokens: Vec<TokenRef<'_>> =
            tokens.filter(|t| seen.insert((t.text, t.latin, t.tag, t.groups, t.frequency))).collect();
        let indexed: Vec<_> = tokens.iter().map(|t| of(|each| index_keys(t, each))).collect();
        let queried: Vec<_> = tokens.iter().map(|t| of(|each| query_keys(t, KeyScope::ALL, each))).collect();
        let mut related = 0;
        for (token, queried) in tokens.iter().zip(&queried) {
            let prepared = PreparedToken::new(*token);
            for (other, indexed) in tokens.iter().zip(&indexed) {
                if let Some(relation) = relate(&prepared, other) {
                    assert!(!queried.is_disjoint(indexed), "{token:?} {other:?} {relation:?}");
                    related += 1;
                }
            }
        }
        assert!(tokens.len() > 700 && related > 2 * tokens.len(), "{related} of {}", tokens.len());
        let mut related = 0;
        for name in &names {
            concatenations(
                name,
                &mut String::new(),
                |_| true,
                |_, concatenation| {
                    let by_query = of(|each| query_concatenation_keys(concatenation, KeyScope::ALL, each));
                    let by_index = of(|each| index_concatenation_keys(concatenation, each));
                    for ((token, indexed), queried) in tokens.iter().zip(&indexed).zip(&queried) {
                        if let Some(relation) =
                            relate_concatenation(concatenation, token, token.native_word().as_deref())
                        {
                            assert!(
                                !by_query.is_disjoint(indexed),
                                "{concatenation:?} {token:?} {relation:?}"
                            );
                            assert!(
                                !by_index.is_disjoint(queried),
                                "{concatenation:?} {token:?} {relation:?}"
                            );
                            related += 1;
                        }
                    }
                },
            );
        }
        assert!(related > 20, "{related}");
    }
}
