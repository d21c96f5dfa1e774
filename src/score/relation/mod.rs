//! The token relation: whether, how, and how much a token of one name is similar to a token of another.
//!
//! [`relate`] decides, by the rules of [`rules`] in a fixed order; [`relate_concatenation`] decides for
//! tokens written together. `score::keys` lists keys such that two related tokens always share one: an index
//! finds every related token by looking its keys up, and loses none.
//!
//! Cost: most pairs that an index compares are ruled out by the bit-parallel distance alone, which takes one
//! step for each letter; only related words need the weighted distance.

mod concatenation;
mod normal_forms;
mod rules;
mod token_ref;

pub(crate) use super::params::{ACRONYM, MAX_DEDUP_LETTERS};
pub(crate) use concatenation::{Concatenation, relate_concatenation, relate_concatenation_in};
pub(crate) use normal_forms::{dedup_letters, script_skeleton};
pub(super) use normal_forms::{fold_digraphs, hangul_spellings, utf8};
pub(crate) use token_ref::{PreparedToken, TokenIdentity, TokenRef, is_chinese};

use crate::name::{HanLanguage, NativeWord, Tag};
use rules::Comparison;
use serde::{Deserialize, Serialize};

/// How two tokens, or tokens written together and a token, came to be related.
///
/// ```
/// use interdict::score::MatchKind;
///
/// assert_eq!(MatchKind::Edit.to_string(), "close spelling");
/// assert_eq!(serde_json::to_string(&MatchKind::Edit)?, r#""edit""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[repr(u8)]
pub enum MatchKind {
    /// The same text.
    Equal = 0,
    /// Texts of different scripts or characters with the same reading.
    Reading = 1,
    /// Members of one group of the tables: nickname, translation, legal form, number value.
    Group = 2,
    /// Within the edit budget: one or two edits apart.
    Edit = 3,
    /// The same consonants.
    Skeleton = 4,
    /// Written together on one side and apart on the other.
    Concatenation = 5,
    /// An initial and a name it can stand for.
    Initial = 6,
    /// The last token of a truncated name and a name it begins.
    Prefix = 7,
    /// The initial letters of a name's words.
    Acronym = 8,
    /// A word of another script and a Latin spelling of it.
    Transliteration = 9,
    /// Spelled by the rules of another language (German, Polish, Swedish, French …).
    Respelling = 10,
}

impl MatchKind {
    /// A phrase for people.
    pub fn as_str(self) -> &'static str {
        match self {
            MatchKind::Equal => "equal",
            MatchKind::Reading => "same reading",
            MatchKind::Group => "same meaning",
            MatchKind::Edit => "close spelling",
            MatchKind::Skeleton => "same consonants",
            MatchKind::Concatenation => "joined or split",
            MatchKind::Initial => "initial",
            MatchKind::Prefix => "cut off",
            MatchKind::Acronym => "first letters",
            MatchKind::Transliteration => "spelled in Latin letters",
            MatchKind::Respelling => "spelled in another language",
        }
    }
}

/// The phrase of [`MatchKind::as_str`].
impl std::fmt::Display for MatchKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// How two tokens are related, and how much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Relation {
    /// In (0, 1].
    pub(crate) similarity: f32,
    pub(crate) kind: MatchKind,
}

/// The relation of two tokens; `None` if they are not related. Symmetric.
pub(crate) fn relate(prepared: &PreparedToken<'_>, listed: &TokenRef<'_>) -> Option<Relation> {
    relate_by(prepared, listed, |pair| rules::learned_spelling(pair, prepared.native.as_deref()))
}

/// The relation of a token in Han characters and one in Latin letters, where the characters are read in one language.
pub(crate) fn relate_in(
    language: HanLanguage,
    (han, native): (&TokenRef<'_>, &NativeWord),
    latin: &PreparedToken<'_>,
) -> Option<Relation> {
    let in_mandarin = relate_by(latin, han, |_| None);
    let any_language = in_mandarin.filter(|relation| {
        language == native.own_language() || matches!(relation.kind, MatchKind::Equal | MatchKind::Group)
    });
    more_similar(any_language, rules::spelling_in(language, native, latin.token.latin))
}

/// The relation of two tokens, with that of the tables of scripts as given.
fn relate_by<'p, 'q, 'l>(
    prepared: &'p PreparedToken<'q>,
    listed: &'p TokenRef<'l>,
    learned_spelling: impl FnOnce(&Comparison<'p, 'q, 'l>) -> Option<Relation>,
) -> Option<Relation> {
    let query = &prepared.token;
    if let Some(equal) = rules::equal(query, listed) {
        return Some(equal);
    }
    let within_edits = prepared.is_within_edits(listed);
    // Most pairs that are compared share some letters and nothing else.
    if !within_edits && prepared.only_edits_can_relate(listed) {
        return None;
    }
    let pair = Comparison::new(query, listed, within_edits);
    let group = rules::group(&pair);
    if prepared.exact_only || listed.exact_only() {
        return group;
    }
    if let Some(same_reading) = rules::same_reading(&pair) {
        return Some(same_reading);
    }
    // Texts of one such script are compared by their characters, not by their readings.
    match (query.tag, listed.tag) {
        (Tag::Hangul, Tag::Hangul) => return group,
        (Tag::Han, Tag::Han) => return more_similar(group, rules::han_edit(&pair)),
        _ => {}
    }
    let best = more_similar(group, rules::hangul_spelling(&pair));
    let best = more_similar(best, learned_spelling(&pair));
    if let Some(transliteration) = pair.transliteration() {
        return more_similar(best, rules::script_alignment(&pair, transliteration));
    }
    let best = more_similar(best, rules::edit(&pair));
    let best = more_similar(best, rules::doubled_letters(&pair));
    let best = more_similar(best, rules::same_skeleton(&pair));
    let best = more_similar(best, rules::respelled(&pair, prepared));
    if prepared.is_chinese { more_similar(best, rules::chinese_romanization(&pair)) } else { best }
}

/// The relation with the greater similarity; of equal ones the first.
fn more_similar(best: Option<Relation>, other: Option<Relation>) -> Option<Relation> {
    match (best, other) {
        (Some(a), Some(b)) if a.similarity >= b.similarity => best,
        (_, Some(_)) => other,
        (_, None) => best,
    }
}

#[cfg(test)]
mod tests;
