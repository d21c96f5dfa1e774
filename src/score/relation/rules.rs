//! The rules by which two tokens are related, one function each: every rule returns its relation, or `None`
//! where it does not apply. [`relate`](super::relate) has their order.
//!
//! A rule that is added needs a key in `src/score/keys` that all tokens it relates have in common, or the
//! index loses hits, and a test in `small_index` that no filter of a small index rejects such tokens.

use super::normal_forms::{dedup_letters, fold_digraphs, hangul_spellings, script_skeleton, utf8};
use super::{MatchKind, PreparedToken, Relation, TokenRef};
use crate::name::{HanLanguage, NativeWord, Skeleton, Tag, arabic_similarity, kana_similarity, wade_giles};
use crate::score::params::{
    BUSINESS_GROUP, CHINESE_ROMANIZATION, CHINESE_ROMANIZATION_OF_SYLLABLE, COMMON_NAME_FREQUENCY,
    COMMON_NAME_PENALTY, DERIVED_READING_PENALTY, HANGUL_SPELLING, LEGAL_FORM_GROUP, MAX_DEDUP_LETTERS,
    MAX_SHORT_WORD, MIN_CODES_ONE_APART, MIN_FOLDED_LETTERS, MIN_HAN_CHARS, MIN_RESPELLED, MIN_SIMILARITY,
    MIN_SKELETON_CODES, MIN_TRANSLITERATION, NICKNAME_GROUP, NUMBER_GROUP, OTHER_GROUP, PARTICLE_GROUP,
    RESPELLED, SAME_READING, SAME_READING_IN_SCRIPT, SAME_SKELETON,
};
use crate::score::similarity::similarity;
use std::cell::Cell;

/// Two tokens, with what several rules need of them as a pair.
pub(super) struct Comparison<'p, 'q, 'l> {
    query: &'p TokenRef<'q>,
    listed: &'p TokenRef<'l>,
    /// Whether the readings are within the edit budget.
    within_edits: bool,
    /// A group of equivalent words that both belong to.
    shared_group: Option<u32>,
    /// The similarity of the readings in spelling, once a rule has needed it.
    spelling: Cell<Option<f32>>,
}

/// A word in a script that writes sounds, and the Latin reading of the word it is compared with.
pub(super) struct Transliteration<'a> {
    script: Tag,
    /// Codes of the letters or sounds.
    letters: &'a [u8],
    latin: &'a [u8],
}

impl<'p, 'q, 'l> Comparison<'p, 'q, 'l> {
    pub(super) fn new(query: &'p TokenRef<'q>, listed: &'p TokenRef<'l>, within_edits: bool) -> Self {
        let shared_group = query.groups.iter().find(|g| **g != 0 && listed.groups.contains(g)).copied();
        Comparison { query, listed, within_edits, shared_group, spelling: Cell::new(None) }
    }

    /// The similarity of the readings in spelling.
    fn spelling(&self) -> f32 {
        self.spelling.get().unwrap_or_else(|| {
            let spelling = similarity(self.query.latin, self.listed.latin);
            self.spelling.set(Some(spelling));
            spelling
        })
    }

    /// What an edit between two common names takes off.
    fn common_name_penalty(&self) -> f32 {
        let is_common = |token: &TokenRef<'_>| token.frequency >= COMMON_NAME_FREQUENCY;
        let applies = self.shared_group.is_none() && is_common(self.query) && is_common(self.listed);
        if applies { COMMON_NAME_PENALTY } else { 0.0 }
    }

    /// What an edit against a reading that is derived from characters takes off.
    fn derived_reading_penalty(&self) -> f32 {
        let is_derived = self.query.has_derived_reading() || self.listed.has_derived_reading();
        if is_derived && self.query.tag != self.listed.tag { DERIVED_READING_PENALTY } else { 0.0 }
    }

    /// The pair as a word in Arabic script or Kana and a word that is not; `None` for any other pair.
    pub(super) fn transliteration(&self) -> Option<Transliteration<'p>> {
        let (query, listed) = (self.query, self.listed);
        [Tag::Abjad, Tag::Kana].into_iter().find_map(|script| {
            match (query.tag == script, listed.tag == script) {
                (true, false) => Some(Transliteration { script, letters: query.text, latin: listed.latin }),
                (false, true) => Some(Transliteration { script, letters: listed.text, latin: query.latin }),
                _ => None,
            }
        })
    }

    fn both(&self, tag: Tag) -> bool {
        self.query.tag == tag && self.listed.tag == tag
    }
}

/// A similarity unless it is below [`MIN_SIMILARITY`].
fn at_least_minimum(similarity: f32, kind: MatchKind) -> Option<Relation> {
    (similarity >= MIN_SIMILARITY).then_some(Relation { similarity, kind })
}

/// The same text of one script. Codes for letters of Arabic script and Kana may look like Latin text.
#[inline]
pub(super) fn equal(query: &TokenRef<'_>, listed: &TokenRef<'_>) -> Option<Relation> {
    (query.text == listed.text && query.letter_code_script() == listed.letter_code_script())
        .then_some(Relation { similarity: 1.0, kind: MatchKind::Equal })
}

/// Members of one group of the tables.
pub(super) fn group(pair: &Comparison<'_, '_, '_>) -> Option<Relation> {
    use crate::name::group_kind::{BUSINESS, LEGAL, NICKNAME, NUMBER, PARTICLE, kind};
    let similarity = match kind(pair.shared_group?) {
        NICKNAME => NICKNAME_GROUP.0 + NICKNAME_GROUP.1 * pair.spelling(),
        BUSINESS => BUSINESS_GROUP,
        LEGAL => LEGAL_FORM_GROUP,
        NUMBER => NUMBER_GROUP,
        PARTICLE => PARTICLE_GROUP,
        _ => OTHER_GROUP,
    };
    Some(Relation { similarity, kind: MatchKind::Group })
}

/// Different characters or scripts with the same reading. Across scripts it is the same word.
pub(super) fn same_reading(pair: &Comparison<'_, '_, '_>) -> Option<Relation> {
    if pair.query.latin != pair.listed.latin {
        return None;
    }
    let in_script = pair.both(Tag::Han) || pair.both(Tag::Hangul);
    let is_by_letters = |token: &TokenRef<'_>| token.tag.is_alphabetic() || token.tag == Tag::NonLatin;
    let similarity = if in_script {
        SAME_READING_IN_SCRIPT
    } else if is_by_letters(pair.query) && is_by_letters(pair.listed) {
        1.0
    } else {
        SAME_READING
    };
    Some(Relation { similarity, kind: MatchKind::Reading })
}

/// A Hangul syllable and one of its usual Latin spellings.
pub(super) fn hangul_spelling(pair: &Comparison<'_, '_, '_>) -> Option<Relation> {
    let is_spelling = |hangul: &TokenRef<'_>, latin: &TokenRef<'_>| {
        hangul_spellings(hangul).iter().any(|spelling| spelling.as_bytes() == latin.latin)
    };
    (is_spelling(pair.query, pair.listed) || is_spelling(pair.listed, pair.query))
        .then_some(Relation { similarity: HANGUL_SPELLING, kind: MatchKind::Reading })
}

/// A word of another script and a Latin spelling of it, by the table of the script. `native` is the query's token, if it
/// is such a word.
pub(super) fn learned_spelling(
    pair: &Comparison<'_, '_, '_>,
    native: Option<&NativeWord>,
) -> Option<Relation> {
    let similarity = match (native, pair.listed.tag.is_alphabetic()) {
        (Some(native), true) => native.similarity(pair.listed.latin, MIN_TRANSLITERATION),
        (None, false) if pair.query.tag.is_alphabetic() => {
            pair.listed.native_word()?.similarity(pair.query.latin, MIN_TRANSLITERATION)
        }
        _ => return None,
    };
    at_least_minimum(similarity, MatchKind::Transliteration)
}

/// A word in Han characters and a Latin spelling of its reading in one language.
pub(super) fn spelling_in(language: HanLanguage, native: &NativeWord, latin: &[u8]) -> Option<Relation> {
    at_least_minimum(native.similarity_in(language, latin, MIN_TRANSLITERATION), MatchKind::Transliteration)
}

/// Han texts that are one character apart.
pub(super) fn han_edit(pair: &Comparison<'_, '_, '_>) -> Option<Relation> {
    let (query, listed) = (utf8(pair.query.text), utf8(pair.listed.text));
    let (a, b) = (query.chars().count(), listed.chars().count());
    (a.min(b) >= MIN_HAN_CHARS && strsim::osa_distance(query, listed) <= 1)
        .then(|| Relation { similarity: 1.0 - 1.0 / a.max(b) as f32, kind: MatchKind::Edit })
}

/// Latin readings within the edit budget.
pub(super) fn edit(pair: &Comparison<'_, '_, '_>) -> Option<Relation> {
    if !pair.within_edits {
        return None;
    }
    let similarity = pair.spelling() - pair.common_name_penalty() - pair.derived_reading_penalty();
    at_least_minimum(similarity, MatchKind::Edit)
}

/// Short words that differ by doubled letters: "Li" and "Lii". Such words have no edit budget.
pub(super) fn doubled_letters(pair: &Comparison<'_, '_, '_>) -> Option<Relation> {
    let (a, b) = (pair.query.latin, pair.listed.latin);
    (a.len().min(b.len()) <= MAX_SHORT_WORD
        && a.len().max(b.len()) <= MAX_DEDUP_LETTERS
        && dedup_letters(a).eq(dedup_letters(b)))
    .then(|| Relation { similarity: pair.spelling() - pair.derived_reading_penalty(), kind: MatchKind::Edit })
}

/// A word in Arabic script or Kana and a spelling in Latin letters, aligned letter by letter.
pub(super) fn script_alignment(
    pair: &Comparison<'_, '_, '_>,
    Transliteration { script, letters, latin }: Transliteration<'_>,
) -> Option<Relation> {
    let (a, b) = (&pair.query.skeleton, &pair.listed.skeleton);
    let is_abjad = script == Tag::Abjad;
    let one_code_apart = is_abjad
        && a.len().min(b.len()) >= MIN_CODES_ONE_APART
        && is_one_edit_apart(a.as_bytes(), b.as_bytes());
    let (first, second) = (script_skeleton(a, script), script_skeleton(b, script));
    if !(pair.within_edits || one_code_apart || (first.len() > 0 && first == second)) {
        return None;
    }
    let similarity = if is_abjad { arabic_similarity } else { kana_similarity }(letters, latin);
    at_least_minimum(similarity, MatchKind::Skeleton)
}

/// The same consonants; of words with few of them also the same folded spelling.
pub(super) fn same_skeleton(pair: &Comparison<'_, '_, '_>) -> Option<Relation> {
    let skeleton = &pair.query.skeleton;
    if *skeleton != pair.listed.skeleton {
        return None;
    }
    if skeleton.len() < MIN_SKELETON_CODES {
        let folded = fold_digraphs(pair.query.latin);
        if folded.len() < MIN_FOLDED_LETTERS || folded != fold_digraphs(pair.listed.latin) {
            return None;
        }
    }
    let similarity = pair.spelling().clamp(SAME_SKELETON.0, SAME_SKELETON.1)
        - pair.common_name_penalty()
        - pair.derived_reading_penalty();
    at_least_minimum(similarity, MatchKind::Skeleton)
}

/// Spellings of one sound by the rules of two languages: "Tschatajew" and "Chataev".
pub(super) fn respelled(pair: &Comparison<'_, '_, '_>, prepared: &PreparedToken<'_>) -> Option<Relation> {
    let (query, listed) = (pair.query, pair.listed);
    if !(query.respelled || listed.respelled) || !query.tag.is_alphabetic() || !listed.tag.is_alphabetic() {
        return None;
    }
    let mut best: f32 = 0.0;
    let mut compare = |a: &[u8], a_codes: &Skeleton, b: &[u8], b_codes: &Skeleton| {
        if a_codes == b_codes {
            best = best.max(similarity(a, b));
        }
    };
    let respellings = prepared.respellings();
    for (word, codes) in respellings {
        compare(word, codes, listed.latin, &listed.skeleton);
    }
    listed.for_each_respelling(|other, other_codes| {
        compare(query.latin, &query.skeleton, other, other_codes);
        for (word, codes) in respellings {
            compare(word, codes, other, other_codes);
        }
    });
    (best >= MIN_RESPELLED).then(|| Relation {
        similarity: (best * RESPELLED) - pair.common_name_penalty(),
        kind: MatchKind::Respelling,
    })
}

/// Pinyin and Wade-Giles of one word.
pub(super) fn chinese_romanization(pair: &Comparison<'_, '_, '_>) -> Option<Relation> {
    let syllables = chinese_romanization_syllables(pair.query.latin, pair.listed.latin)?;
    let similarity = if syllables > 1 { CHINESE_ROMANIZATION } else { CHINESE_ROMANIZATION_OF_SYLLABLE };
    Some(Relation { similarity, kind: MatchKind::Reading })
}

/// The number of syllables if one word is the Wade-Giles spelling of the other in pinyin.
pub(super) fn chinese_romanization_syllables(a: &[u8], b: &[u8]) -> Option<u8> {
    let syllables = |pinyin: &[u8], other: &[u8]| {
        // First and last letters alone rule most pairs out.
        if !may_be_romanized([*pinyin.first()?, *pinyin.last()?], [*other.first()?, *other.last()?]) {
            return None;
        }
        let wade = wade_giles(pinyin)?;
        (wade.as_bytes() == other).then_some(wade.syllables)
    };
    syllables(a, b).or_else(|| syllables(b, a))
}

/// Returns false if no word in pinyin with this first and last letter is one in Wade-Giles with those.
fn may_be_romanized([first, last]: [u8; 2], [wade_first, wade_last]: [u8; 2]) -> bool {
    let may_begin = match wade_first {
        b'p' => matches!(first, b'b' | b'p'),
        b't' => matches!(first, b'd' | b't' | b'z' | b'c'),
        b'k' => matches!(first, b'g' | b'k'),
        b'c' => matches!(first, b'j' | b'q' | b'z' | b'c'),
        b'h' => matches!(first, b'x' | b'h'),
        b'j' => first == b'r',
        b's' | b'm' | b'f' | b'n' | b'l' | b'y' | b'w' | b'a' | b'e' | b'o' => first == wade_first,
        _ => false,
    };
    may_begin
        && match wade_last {
            b'o' => matches!(last, b'e' | b'o'),
            b'u' => matches!(last, b'i' | b'u'),
            b'h' => matches!(last, b'i' | b'e' | b'r'),
            b'a' | b'e' | b'i' | b'n' | b'g' => last == wade_last,
            _ => false,
        }
}

/// Whether two skeletons are one deletion apart, or one code replaced by another.
pub(super) fn is_one_edit_apart(a: &[u8], b: &[u8]) -> bool {
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[start..], &b[start..]);
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    a.len() - end <= 1 && b.len() - end <= 1
}
