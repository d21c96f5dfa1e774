//! Whether a window of a text says enough to be a hit.
//!
//! A text has many words, and each may be a word of some name. So a score is not enough:
//!
//! | the name has, and the window matches | it is a hit |
//! |---|---|
//! | two distinctive words or more | at the threshold |
//! | one distinctive word, and a legal form, business word, place or number | if all words match |
//! | no distinctive word, but three others or more | if all words match |
//! | two words of these kinds | as published |
//! | a single word, or a title or particle beside it | as published, if it is long and rare and no weak alias |
//!
//! Where a text was cut, the beginning of a name as published is a hit if it has two words, a distinctive one among them.
//!
//! Ships and aircraft are named after people, places and virtues: if one word is all there is, there must be a sign of a
//! ship beside it, such as MV, tanker or IMO.

use super::reading::Reading;
use super::window::WindowScorer;
use crate::entity::Schema;
use crate::index::ListedToken;
use crate::name::Tag;
use crate::name::parts::is_ship_word;
use crate::score::VerbatimMatch;
use crate::score::align::TokenSet;
use std::ops::Range;

/// The fewest letters of a name that is a single word.
const MIN_LETTERS: usize = 6;
/// The least weight of a name that is a single word: that of a rare one.
const MIN_WEIGHT: f32 = 0.9;
/// The fewest words of a name without a distinctive one that may be misspelled.
const MIN_COMMON_WORDS: usize = 3;
/// The fewest letters that the beginning of a name must have where a text was cut.
const MIN_CUT_LETTERS: usize = 10;
/// The part of the weight of a name that is nearly all of it: a word may be taken for another alone than in the name.
const NEARLY_ALL: f32 = 0.75;
/// How many words before a name the sign of a ship may stand, and how many behind it.
const SIGN_DISTANCE: usize = 2;

/// What a window needs to be a hit, by the tokens of the name that its words match.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Needed {
    /// A score at the threshold.
    Score,
    /// All words of the name, so that the window is about as long as the name.
    AllWords,
}

/// What a window needs in which so many words match these tokens of a listed name; `None` if only the name as published
/// would be enough. It is known before the window is scored, so that most never are.
pub(super) fn needed(words: usize, matched: TokenSet, listed: &[ListedToken]) -> Option<Needed> {
    let distinctive = matched.iter().filter(|i| is_distinctive(listed[*i].align_token().tag)).count();
    if distinctive >= 2 && words >= 2 {
        return Some(Needed::Score);
    }
    let weight = |tokens: TokenSet| tokens.iter().map(|i| listed[i].align_token().weight).sum::<f32>();
    let all = TokenSet::first(listed.len());
    let is_nearly_all =
        matched == all || (words >= MIN_COMMON_WORDS && weight(matched) >= NEARLY_ALL * weight(all));
    (listed.len() > 1 && is_nearly_all).then_some(Needed::AllWords)
}

/// Whether the name has a word beside these that a text may hold unrecognised: a legal form of several words, a letter, a
/// numeral is only told within its name, and a word with a meaning of its own is told anywhere.
pub(super) fn lacks_word_of_context(matched: TokenSet, listed: &[ListedToken]) -> bool {
    let lacking = (0..listed.len()).filter(|i| !matched.contains(*i));
    lacking.into_iter().any(|i| !is_distinctive(listed[i].align_token().tag))
}

/// Whether a word of this kind tells one party from another.
fn is_distinctive(tag: Tag) -> bool {
    tag.is_core() && tag != Tag::Number
}

impl WindowScorer {
    /// Whether the words that were scored last, at this place of the text, say enough to be the listed name.
    pub(super) fn has_evidence(&self, text: &Reading, words: &Range<usize>, weak: bool) -> bool {
        let tokens = self.listed.tokens();
        let (mut distinctive, mut common) = (0, 0);
        for i in self.alignment.pairs.iter().flat_map(|pair| pair.listed.range()) {
            match tokens[i].tag {
                tag if is_distinctive(tag) => distinctive += 1,
                Tag::Honorific | Tag::NameTitle | Tag::Particle | Tag::Initial | Tag::Padding => {}
                _ => common += 1,
            }
        }
        if self.verbatim == Some(VerbatimMatch::Beginning) {
            let letters = text.words(words.clone()).chars().filter(|c| c.is_alphanumeric()).count();
            return words.len() >= 2 && distinctive >= 1 && letters >= MIN_CUT_LETTERS;
        }
        let is_as_published = self.verbatim == Some(VerbatimMatch::Equal);
        match (distinctive, common) {
            (2.., _) => true,
            (1, 1..) => is_as_published || (!weak && self.is_whole()),
            (0, MIN_COMMON_WORDS..) => is_as_published || self.is_whole(),
            (0, 2..) => is_as_published,
            _ => is_as_published && self.is_rare_word(has_ship_sign(text, words), weak),
        }
    }

    /// Whether the listed name is a single word that is hardly anything else.
    fn is_rare_word(&self, has_sign: bool, weak: bool) -> bool {
        let is_ship = matches!(self.listed.schema(), Schema::Vessel | Schema::Aircraft);
        if is_ship {
            return has_sign;
        }
        let heaviest = self.listed.tokens().iter().max_by(|a, b| a.weight.total_cmp(&b.weight));
        !weak
            && heaviest.is_some_and(|word| {
                let letters = self.listed.text(word).chars().count();
                word.tag.is_core() && word.weight >= MIN_WEIGHT && letters >= MIN_LETTERS
            })
    }

    /// Whether all words of both sides are paired.
    fn is_whole(&self) -> bool {
        self.alignment.unmatched_query.is_empty() && self.alignment.unmatched_listed.is_empty()
    }
}

/// Whether a word beside the words says that they name a ship.
fn has_ship_sign(text: &Reading, words: &Range<usize>) -> bool {
    let before = words.start.saturating_sub(SIGN_DISTANCE)..words.start;
    let behind = words.end..(words.end + SIGN_DISTANCE).min(text.len());
    before.chain(behind).any(|i| {
        let word = text.words(i..i + 1);
        is_ship_word(word) || word.eq_ignore_ascii_case("imo")
    })
}
