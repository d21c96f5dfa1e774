//! Neighbouring tokens of a name that are compared with one token of another: "Abd al Rahman" and
//! "Abdulrahman", or the initial letters of a whole name ("IRGC").

use super::rules::{chinese_romanization_syllables, is_one_edit_apart};
use super::{MatchKind, Relation, TokenRef};
use crate::name::{HanLanguage, NativeWord, Skeleton, skeleton};
use crate::score::params::{
    ACRONYM_SIMILARITY, CONCATENATION_ABJAD, CONCATENATION_ABJAD_ONE_CODE, CONCATENATION_EQUAL,
    CONCATENATION_ROMANIZATION, CONCATENATION_SKELETON, CONCATENATION_SKELETON_MIN, MIN_CODES_ONE_APART,
    MIN_CONCATENATION_CODES, MIN_TRANSLITERATION,
};
use crate::score::similarity::similarity;

/// The readings of neighbouring tokens, written together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Concatenation<'a> {
    pub(crate) latin: &'a [u8],
    /// Of `latin`.
    pub(crate) skeleton: Skeleton,
    /// Whether some tokens are written in an abjad, so that vowels are missing, and one of them is an article
    /// or another word that merges with its neighbour.
    pub(crate) abjad: bool,
    /// Whether it consists of the initial letters of a whole name.
    pub(crate) acronym: bool,
}

impl<'a> Concatenation<'a> {
    /// Readings of neighbouring tokens, one behind the other.
    pub(crate) fn of(latin: &'a str, abjad: bool) -> Self {
        Concatenation { latin: latin.as_bytes(), skeleton: skeleton(latin), abjad, acronym: false }
    }

    /// The initial letters of a name.
    pub(crate) fn acronym(letters: &'a str) -> Self {
        Concatenation { acronym: true, ..Concatenation::of(letters, false) }
    }
}

/// The relation of tokens written together and a whole token of the other name; `native` is the whole token, if it is in
/// a script that is read by a learned table.
pub(crate) fn relate_concatenation(
    concatenation: &Concatenation<'_>,
    whole: &TokenRef<'_>,
    native: Option<&NativeWord>,
) -> Option<Relation> {
    let is_equal = concatenation.latin == whole.latin;
    if concatenation.acronym {
        return (is_equal && whole.may_be_acronym())
            .then_some(Relation { similarity: ACRONYM_SIMILARITY, kind: MatchKind::Acronym });
    }
    let similarity = if is_equal {
        Some(CONCATENATION_EQUAL)
    } else if whole.exact_only() {
        None
    } else if chinese_romanization_syllables(concatenation.latin, whole.latin).is_some() {
        Some(CONCATENATION_ROMANIZATION)
    } else if has_same_skeleton(concatenation, whole) {
        similarity_by_skeleton(concatenation, whole)
    } else if has_almost_same_skeleton(concatenation, whole) {
        Some(CONCATENATION_ABJAD_ONE_CODE)
    } else {
        similarity_by_respelling(concatenation, whole)
    };
    let spelled = native
        .filter(|native| native.is_syllabic())
        .and_then(|native| similarity_by_spelling(concatenation, native));
    let similarity = match (similarity, spelled) {
        (Some(similarity), Some(spelled)) => Some(similarity.max(spelled)),
        (similarity, spelled) => similarity.or(spelled),
    };
    similarity.map(|similarity| Relation { similarity, kind: MatchKind::Concatenation })
}

/// The relation of tokens in Latin letters written together and a token in Han characters that is read in one language.
pub(crate) fn relate_concatenation_in(
    language: HanLanguage,
    (han, native): (&TokenRef<'_>, &NativeWord),
    concatenation: &Concatenation<'_>,
) -> Option<Relation> {
    if language == native.own_language()
        && let Some(relation) = relate_concatenation(concatenation, han, None)
    {
        return Some(relation);
    }
    let similarity = native.similarity_in(language, concatenation.latin, MIN_TRANSLITERATION);
    (similarity >= MIN_TRANSLITERATION).then_some(Relation { similarity, kind: MatchKind::Concatenation })
}

fn has_same_skeleton(concatenation: &Concatenation<'_>, whole: &TokenRef<'_>) -> bool {
    let min_codes =
        if concatenation.abjad { MIN_CONCATENATION_CODES.0 } else { whole.min_concatenation_codes() };
    concatenation.skeleton.len() >= min_codes && concatenation.skeleton == whole.skeleton
}

fn similarity_by_skeleton(concatenation: &Concatenation<'_>, whole: &TokenRef<'_>) -> Option<f32> {
    if concatenation.abjad {
        return Some(CONCATENATION_ABJAD);
    }
    let spelling = similarity(concatenation.latin, whole.latin);
    (spelling >= CONCATENATION_SKELETON_MIN)
        .then(|| spelling.clamp(CONCATENATION_SKELETON.0, CONCATENATION_SKELETON.1))
}

/// A word that another language spells so: "Abd al-Shakur" and "Abdechakour".
fn similarity_by_respelling(concatenation: &Concatenation<'_>, whole: &TokenRef<'_>) -> Option<f32> {
    let mut best: f32 = 0.0;
    whole.for_each_respelling(|word, codes| {
        if codes.len() >= whole.min_concatenation_codes() && *codes == concatenation.skeleton {
            best = best.max(similarity(concatenation.latin, word));
        }
    });
    (best >= CONCATENATION_SKELETON_MIN)
        .then(|| best.clamp(CONCATENATION_SKELETON.0, CONCATENATION_SKELETON.1))
}

/// A word of another script, of which the tokens written together are a spelling: "志強" and "Chi Keung".
fn similarity_by_spelling(concatenation: &Concatenation<'_>, native: &NativeWord) -> Option<f32> {
    let similarity = native.similarity(concatenation.latin, MIN_TRANSLITERATION);
    (similarity >= MIN_TRANSLITERATION).then_some(similarity)
}

/// Arabic articles merge with what follows: "Shams al-Din" is also written "Shamsuddin".
fn has_almost_same_skeleton(concatenation: &Concatenation<'_>, whole: &TokenRef<'_>) -> bool {
    let (a, b) = (&concatenation.skeleton, &whole.skeleton);
    concatenation.abjad
        && a.len().min(b.len()) >= MIN_CODES_ONE_APART
        && is_one_edit_apart(a.as_bytes(), b.as_bytes())
}
