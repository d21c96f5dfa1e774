//! Every tuned constant of the score of two names, in one table.
//!
//! Each row says what the number is, its unit, its range, where it comes from and what else depends on it. A
//! number without a unit is a plain factor. Sources:
//!
//! - **search**: a random search over 430 labelled pairs of names, under the condition that the recall of the
//!   labelled queries at fixed alert rates does not fall; then moved to the nearest round value that keeps
//!   both.
//! - **hand**: chosen by hand when the rule was added, from labelled queries with names of that kind.
//!
//! The constants of the alignment are the fields of [`ScoreParams`], with [`ScoreParams::DEFAULT`] in use.
//! With the feature `tune`, a `PairScorer` takes other values, so that a search can vary them without
//! building the program anew. Retrieval and index files always use the default, for their bounds and records
//! are computed from it.
//!
//! Constants of the score that stand elsewhere: the weights of tokens (`name`), the weights of the other
//! fields ([`FieldWeights`](super::fields::FieldWeights), configurable), the factors of identifiers
//! ([`identifiers`](super::identifiers)), and the costs of letters against Arabic script and Kana (`name`).

use crate::name::Tag;
use std::ops::RangeInclusive;

/// Makes the struct of parameters, its default and its table of ranges from one list of rows.
macro_rules! score_params {
    ($($(#[$doc:meta])* $name:ident = $value:literal in $min:literal..=$max:literal,)*) => {
        /// The constants of the alignment of two names; [the module](crate::score) has the formula they stand
        /// in.
        ///
        /// All are plain factors but for the two pivots, which are sums of weights of matched tokens.
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct ScoreParams {
            $($(#[$doc])* pub $name: f32,)*
        }

        impl ScoreParams {
            /// The values that the program uses.
            pub const DEFAULT: ScoreParams = ScoreParams { $($name: $value,)* };

            /// Name, default and range of each parameter, in the order of [`ScoreParams::values_mut`].
            pub const TABLE: &[ParamRange] = &[
                $(ParamRange { name: stringify!($name), default: $value, range: $min..=$max },)*
            ];

            /// The values, in the order of [`ScoreParams::TABLE`].
            pub fn values_mut(&mut self) -> Vec<&mut f32> {
                vec![$(&mut self.$name,)*]
            }
        }
    };
}

/// A row of [`ScoreParams::TABLE`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ParamRange {
    /// The name of the field.
    pub name: &'static str,
    /// The value in use.
    pub default: f32,
    /// The values that make sense.
    pub range: RangeInclusive<f32>,
}

score_params! {
    // Losses.
    /// Cost of a token that the other name lacks, for each unit of its weight. Source: search. This,
    /// `contradiction` and `mismatch` are one scale: multiplied by one factor they move the threshold and not
    /// the order of scores.
    omission = 0.41 in 0.1..=1.0,
    /// Cost of core tokens that are left over on both sides, beyond their omission, for each unit of the
    /// lighter side. Source: search. On one scale with `omission`.
    contradiction = 2.4 in 0.0..=5.0,
    /// Cost of dissimilar pairs: factor of 2·(1 − similarity)·weight. Source: search. On
    /// one scale with `omission`.
    mismatch = 0.75 in 0.3..=1.5,
    /// Weight of matched tokens from which on a contradiction costs more, in proportion. Source: search.
    contradiction_pivot = 1.03 in 0.5..=2.0,
    /// The part of a contradiction that is remitted if the contradicting tokens are spelled almost alike; in
    /// \[0, 1\]. Source: search.
    near_relief = 0.83 in 0.0..=1.0,
    /// Similarity that any two words have: no relief up to here. Source: search.
    base_similarity = 0.33 in 0.2..=0.6,
    /// Similarity beyond `base_similarity` at which the relief is complete. Source: search.
    similarity_range = 0.37 in 0.2..=0.6,
    /// Factor of a contradiction of places, for each unit of weight. Source: search.
    place_contradiction = 1.45 in 0.0..=3.0,
    /// Factor of the omission of core tokens between a person and a company, ship or aircraft. Source: hand.
    schema_mismatch = 1.4 in 1.0..=3.0,
    /// Factor of the omission and contradiction of tokens behind the end of a truncated name; in \[0, 1\].
    /// Source: hand.
    cut_omission = 0.08 in 0.0..=1.0,
    /// Part of what matched that is lost where pairs of a person's name cross. Source: hand.
    disorder_person = 0.003 in 0.0..=0.05,
    /// The same of other names, whose words have an order. Source: hand.
    disorder_other = 0.014 in 0.0..=0.05,

    // What the distinctive words say, which are the names among them: d rises from 0 to 1 with the sum of similarity ·
    // weight of their pairs.
    /// Sum of the pairs of names from which on they say who is meant. Source: search.
    distinctive_from = 0.55 in 0.0..=1.5,
    /// Sum beyond `distinctive_from` at which they say it for certain. Source: search.
    distinctive_range = 0.45 in 0.1..=1.5,
    /// The part of a contradiction of business words that is remitted where the distinctive words say who is meant; in
    /// \[0, 1\]. Source: search.
    business_relief = 0.9 in 0.0..=1.0,
    /// Rate of omission of business words, beyond their own, where no distinctive word says who is meant. Source: search.
    vague_omission = 1.6 in 0.0..=4.0,
    /// Sum of the pairs of names up to which the names that two people have in common leave open who is meant. Source: search.
    people_from = 1.1 in 0.5..=2.0,
    /// Sum beyond `people_from` from which on they do not. Source: search.
    people_range = 0.7 in 0.1..=1.5,
    /// Part of what a common name weighs less than a rare one that its omission costs all the same, where the names in common
    /// leave open who is meant. Source: search.
    vague_names = 0.6 in 0.0..=3.0,
    /// Part of the omissions that is added where two people have a single name in common. Source: search.
    lone_omission = 0.3 in 0.0..=4.0,
    /// Part of the mismatch that is added where two names have a single word in common, which is spelled differently.
    /// Source: search.
    lone_mismatch = 0.5 in 0.0..=4.0,

    // How much a loss counts.
    /// By how much losses grow when hardly anything matched: they are multiplied by 1 to 1 + `scarcity`.
    /// Source: search.
    scarcity = 0.75 in 0.0..=2.0,
    /// Weight of matched tokens from which on losses are not multiplied. Source: search.
    scarcity_pivot = 1.7 in 0.5..=3.0,

    // Similarities of pairs that no index enumerates.
    /// Similarity of an initial and a name that it can stand for; in (0, 1\]. Source: hand.
    initial = 0.8 in 0.5..=1.0,
    /// Similarity of the last token of a truncated name and a longer token that begins with it; in (0, 1\].
    /// Source: hand.
    prefix = 0.9 in 0.5..=1.0,

    // Rates of omission by tag, factors of `omission`; 1 for all other tags. Index files hold sums of them in
    // tenths: each is a whole number of tenths, and a change needs another `FORMAT_VERSION`.
    /// Omission rate of a patronymic: a person is often named without it. Source: hand.
    omission_patronymic = 0.6 in 0.0..=3.0,
    /// Omission rate of a number: "Fund" and "Fund II" are two. Source: hand.
    omission_number = 2.5 in 0.0..=4.0,
    /// Omission rate of a place behind the name, which tells a subsidiary from its parent ("Banco Santander
    /// Chile"). Source: search.
    omission_trailing_place = 3.0 in 0.0..=4.0,
    /// Omission rate of a business word that says almost nothing. Source: search.
    omission_business_generic = 0.6 in 0.0..=3.0,
    /// Omission rate of a business word that says a little. Source: search.
    omission_business_specific = 0.6 in 0.0..=3.0,

    // Weights that contradict, by tag; 0 for all other tags.
    /// Contradiction weight of a name that weighs nothing: two common names are as different as two rare
    /// ones, so that a name weighs more where it contradicts than where it matches. Source: search.
    contradiction_name_base = 0.62 in 0.0..=1.0,
    /// Contradiction weight of a name, beyond the base, for each unit of weight. Source: search. Both
    /// together are 1.
    contradiction_name_slope = 0.38 in 0.0..=1.0,
    /// Contradiction weight of a patronymic for each unit of weight: a wrong one is rare. Source: search.
    contradiction_patronymic = 2.7 in 0.0..=4.0,
    /// Contradiction weight of a number for each unit of weight; it is low, for its omission counts much.
    /// Source: search.
    contradiction_number = 0.15 in 0.0..=3.0,
    /// Contradiction weight of a business word that says a little, for each unit of weight. Source: search.
    contradiction_business_specific = 1.3 in 0.0..=4.0,
    /// Contradiction weight of a business word that says almost nothing, for each unit of weight. Source:
    /// search.
    contradiction_business_generic = 1.8 in 0.0..=4.0,
    /// Contradiction weight of an initial or a single letter, for each unit of weight. Source: search.
    contradiction_letter = 1.5 in 0.0..=4.0,
}

impl Default for ScoreParams {
    fn default() -> Self {
        ScoreParams::DEFAULT
    }
}

impl ScoreParams {
    /// The factor of [`ScoreParams::omission`] by the tag of the token that is left over.
    pub(crate) const fn omission_rate(&self, tag: Tag) -> f32 {
        match tag {
            Tag::Patronymic => self.omission_patronymic,
            Tag::Number => self.omission_number,
            Tag::TrailingPlace => self.omission_trailing_place,
            Tag::BusinessGeneric => self.omission_business_generic,
            Tag::BusinessSpecific => self.omission_business_specific,
            _ => 1.0,
        }
    }

    /// The cost of a token that the other name lacks.
    #[inline]
    pub(crate) fn omission_cost(&self, tag: Tag, weight: f32) -> f32 {
        #[cfg(feature = "tune")]
        let rate = self.omission_rate(tag);
        // By a table: every token of a name is weighed, and a branch by its tag cannot be predicted.
        #[cfg(not(feature = "tune"))]
        let rate = OMISSION_RATES[tag as usize];
        self.omission * rate * weight
    }

    /// The weight with which a token contradicts those it faces; 0 if it contradicts none.
    #[inline]
    pub(crate) fn contradiction_weight(&self, tag: Tag, weight: f32) -> f32 {
        let rate = match tag {
            tag if tag.is_name_word() => {
                return self.contradiction_name_base + self.contradiction_name_slope * weight;
            }
            Tag::Patronymic => self.contradiction_patronymic,
            Tag::Number => self.contradiction_number,
            Tag::BusinessSpecific => self.contradiction_business_specific,
            Tag::BusinessGeneric => self.contradiction_business_generic,
            Tag::Initial | Tag::Letter => self.contradiction_letter,
            _ => 0.0,
        };
        rate * weight
    }

    /// The same with the most that distinctive words remit.
    #[inline]
    pub(crate) fn least_contradiction_weight(&self, tag: Tag, weight: f32) -> f32 {
        let remitted = if tag.is_business() { self.business_relief } else { 0.0 };
        self.contradiction_weight(tag, weight) * (1.0 - remitted)
    }

    /// By how much losses are multiplied when tokens of this weight matched.
    #[inline]
    pub(crate) fn scarcity_factor(&self, matched_weight: f32) -> f32 {
        1.0 + self.scarcity * (1.0 - matched_weight / self.scarcity_pivot).max(0.0)
    }
}

/// [`omission_rate`] by number of the tag.
#[cfg(not(feature = "tune"))]
static OMISSION_RATES: [f32; Tag::ALL.len()] = {
    let mut rates = [0.0; Tag::ALL.len()];
    let mut tag = 0;
    while tag < rates.len() {
        rates[tag] = omission_rate(Tag::ALL[tag]);
        tag += 1;
    }
    rates
};

/// The parameters of an alignment: those that a tuner set, or else the default, as constants of the compiler.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ActiveParams {
    #[cfg(feature = "tune")]
    pub(crate) params: ScoreParams,
}

impl std::ops::Deref for ActiveParams {
    type Target = ScoreParams;

    #[cfg(feature = "tune")]
    fn deref(&self) -> &ScoreParams {
        &self.params
    }

    #[cfg(not(feature = "tune"))]
    #[inline(always)]
    fn deref(&self) -> &ScoreParams {
        &ScoreParams::DEFAULT
    }
}

// The constants that retrieval's upper bounds are computed from (src/screen/retrieval/bounds.rs).

/// [`ScoreParams::omission`] by default.
pub(crate) const OMISSION: f32 = ScoreParams::DEFAULT.omission;
/// [`ScoreParams::contradiction`] by default.
pub(crate) const CONTRADICTION: f32 = ScoreParams::DEFAULT.contradiction;
/// [`ScoreParams::mismatch`] by default.
pub(crate) const MISMATCH_COST: f32 = ScoreParams::DEFAULT.mismatch;
/// [`ScoreParams::near_relief`] by default.
pub(crate) const NEAR_RELIEF: f32 = ScoreParams::DEFAULT.near_relief;
/// [`ScoreParams::cut_omission`] by default.
pub(crate) const CUT_OMISSION: f32 = ScoreParams::DEFAULT.cut_omission;
/// [`ScoreParams::initial`] by default.
pub(crate) const INITIAL: f32 = ScoreParams::DEFAULT.initial;
/// [`ScoreParams::prefix`] by default.
pub(crate) const PREFIX: f32 = ScoreParams::DEFAULT.prefix;

/// [`ScoreParams::scarcity_factor`] by default.
#[inline]
pub(crate) fn scarcity(matched_weight: f32) -> f32 {
    ScoreParams::DEFAULT.scarcity_factor(matched_weight)
}

/// [`ScoreParams::omission_rate`] by default.
pub(crate) const fn omission_rate(tag: Tag) -> f32 {
    ScoreParams::DEFAULT.omission_rate(tag)
}

/// An omission rate in tenths, for index files and bounds.
pub(crate) const fn omission_rate_tenths(tag: Tag) -> u8 {
    (10.0 * omission_rate(tag) + 0.5) as u8
}

// Bounds would be too strict, and lose hits, if rates were not whole tenths: the score uses the rates
// themselves.
const _: () = {
    let mut i = 0;
    while i < Tag::ALL.len() {
        let difference = omission_rate(Tag::ALL[i]) * 10.0 - omission_rate_tenths(Tag::ALL[i]) as f32;
        assert!(-1e-5 < difference && difference < 1e-5, "an omission rate is no whole number of tenths");
        i += 1;
    }
};

// What follows are the constants of the token relation: which tokens are related, and how similar they are.

// Similarities by rule of src/score/relation. Unit: similarity. Range: `MIN_SIMILARITY` to 1. Source: hand. A
// similarity is compared with others of the same pair, of which the greatest counts. Nothing stored depends
// on them.

/// The score of a listed name that begins with the query (src/score/verbatim.rs), before the other fields. What is cut
/// off is unknown, so it is below that of the same name, and it is above the default threshold. Unit: score. Source: hand.
pub(crate) const CUT_NAME: f32 = 0.9;
/// The score of a listed name with the letters of the query in other words (src/score/verbatim.rs), before the other
/// fields: that of two words written together. Unit: score. Source: hand.
pub(crate) const SAME_LETTERS: f32 = CONCATENATION_EQUAL;
/// Words whose similarity by spelling is below this are not related.
pub(crate) const MIN_SIMILARITY: f32 = 0.6;
/// Words of other scripts and Latin words that a learned table relates less than this are not related.
pub(crate) const MIN_TRANSLITERATION: f32 = 0.7;
/// Different characters or scripts with the same reading.
pub(crate) const SAME_READING: f32 = 0.97;
/// Different characters of one script, Han or Hangul, with the same reading: many characters share one.
pub(crate) const SAME_READING_IN_SCRIPT: f32 = 0.7;
/// A Hangul syllable and one of its usual Latin spellings.
pub(crate) const HANGUL_SPELLING: f32 = 0.94;
/// Pinyin and Wade-Giles of a word of several syllables, and of one: that may be another word.
pub(crate) const CHINESE_ROMANIZATION: f32 = 0.88;
/// The same of a single syllable.
pub(crate) const CHINESE_ROMANIZATION_OF_SYLLABLE: f32 = 0.8;
/// Words with the same consonant skeleton: least and greatest similarity, by spelling in between.
pub(crate) const SAME_SKELETON: (f32, f32) = (0.72, 0.92);
/// Factor of the similarity of two words as English would spell them, one of which is spelled by the rules of another
/// language.
pub(crate) const RESPELLED: f32 = 0.97;
/// Such words whose similarity is below this are not related.
pub(crate) const MIN_RESPELLED: f32 = 0.8;
/// Nicknames of one name: at least, and the further part that grows with the similarity of spelling.
pub(crate) const NICKNAME_GROUP: (f32, f32) = (0.88, 0.1);
/// Business words with the same meaning.
pub(crate) const BUSINESS_GROUP: f32 = 0.96;
/// Legal forms of one class.
pub(crate) const LEGAL_FORM_GROUP: f32 = 0.96;
/// Numbers with the same value.
pub(crate) const NUMBER_GROUP: f32 = 0.98;
/// Particles.
pub(crate) const PARTICLE_GROUP: f32 = 0.9;
/// Members of any other group.
pub(crate) const OTHER_GROUP: f32 = 0.95;
/// An acronym and the initial letters of a name. Below the default threshold, so that it makes no hit by
/// itself.
pub(crate) const ACRONYM_SIMILARITY: f32 = 0.8;
/// Tokens written together whose readings are those of the whole token.
pub(crate) const CONCATENATION_EQUAL: f32 = 0.97;
/// Tokens written together in another romanization of Chinese.
pub(crate) const CONCATENATION_ROMANIZATION: f32 = 0.86;
/// Tokens written together in an abjad, with the skeleton of the whole token.
pub(crate) const CONCATENATION_ABJAD: f32 = 0.93;
/// The same with a skeleton that is one code apart: Arabic articles merge with what follows.
pub(crate) const CONCATENATION_ABJAD_ONE_CODE: f32 = 0.86;
/// Tokens of other scripts written together, with the skeleton of the whole token: least and greatest
/// similarity, by spelling in between.
pub(crate) const CONCATENATION_SKELETON: (f32, f32) = (0.75, 0.9);
/// Similarity by spelling from which on the latter are related.
pub(crate) const CONCATENATION_SKELETON_MIN: f32 = 0.7;

// Penalties. Unit: similarity, subtracted. Range: 0 to 0.3. Source: hand.

/// An edit against a reading derived from Han or Hangul: a derived reading contains no typing errors.
pub(crate) const DERIVED_READING_PENALTY: f32 = 0.1;
/// An edit between two names that are both common: two such names are less likely to be one name misspelled.
pub(crate) const COMMON_NAME_PENALTY: f32 = 0.08;
/// Class of frequency (0 to 5) from which on a name is common in this sense.
pub(crate) const COMMON_NAME_FREQUENCY: u8 = 2;

// Lengths that decide whether a rule applies. Unit: letters of a reading, codes of a skeleton, characters of
// a text. Source: hand. The keys of an index (src/score/keys) and the filters of retrieval
// (src/screen/retrieval/prefilter) depend on them: a change needs another `ANALYSIS_VERSION`.

/// The most edits between two words whose shorter one has `len` letters.
pub(crate) const fn max_edits(len: usize) -> usize {
    match len {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    }
}
/// Letters of an acronym.
pub(crate) const ACRONYM: RangeInclusive<usize> = 3..=6;
/// Class of frequency (0 to 5) up to which a short word may be an acronym.
pub(crate) const ACRONYM_MAX_FREQUENCY: u8 = 1;
/// Codes of a skeleton that relates two words by itself.
pub(crate) const MIN_SKELETON_CODES: usize = 3;
/// Letters, after folding of digraphs, that relate two words with fewer codes: "Li" and "Lee".
pub(crate) const MIN_FOLDED_LETTERS: usize = 2;
/// Letters of a folded word that count.
pub(crate) const MAX_FOLDED_LETTERS: usize = 24;
/// Letters of the longest word that is compared with runs of one letter counted once, if the other has two at
/// most.
pub(crate) const MAX_DEDUP_LETTERS: usize = 6;
/// Letters of the shorter of two such words.
pub(crate) const MAX_SHORT_WORD: usize = 2;
/// Codes of skeletons that relate words of Arabic script to others although they are one code apart.
pub(crate) const MIN_CODES_ONE_APART: usize = 4;
/// Codes of a skeleton that relates tokens written together to a whole token: of an abjad, and of other
/// scripts.
pub(crate) const MIN_CONCATENATION_CODES: (usize, usize) = (3, 4);
/// Characters of two Han texts that are related although they are one edit apart.
pub(crate) const MIN_HAN_CHARS: usize = 4;
/// The most tokens that are tried as one.
pub(crate) const MAX_CONCATENATION: usize = 4;
/// The most letters of tokens that are tried as one.
pub(crate) const MAX_CONCATENATION_LETTERS: usize = 24;
/// Letters of a token up to which three or four of them are tried as one: syllables of East Asian names.
pub(crate) const MAX_SYLLABLE_LETTERS: usize = 6;

// Costs of edits (src/score/similarity). Unit: hundredths of an edit. Range: 0 to 255, so that a substitution
// fits a byte. Source: hand. Nothing stored depends on them.

/// A letter that is missing, or stands for another one.
pub(crate) const LETTER_EDIT: u8 = 100;
/// A digit that is missing, or stands for another character.
pub(crate) const DIGIT_EDIT: u8 = 150;
/// Two neighbours in the other order.
pub(crate) const SWAP_EDIT: u16 = 80;
/// One of two equal neighbours that is missing.
pub(crate) const DOUBLED_LETTER_GAP: u16 = 40;
/// An h that is missing: silent in many languages.
pub(crate) const H_GAP: u16 = 50;
/// A vowel that is missing.
pub(crate) const VOWEL_GAP: u16 = 70;
/// A first letter that is missing.
pub(crate) const FIRST_LETTER_GAP: u16 = 120;
/// Factor of the cost of one letter for another where both words begin, as a fraction.
pub(crate) const FIRST_LETTER_SUBSTITUTION: (u16, u16) = (5, 4);
/// Letters that transliterations exchange freely: i and y, o and u, e and i, i and j.
pub(crate) const ALIKE_LETTERS: u8 = 45;
/// Letters of one sound: c, k and q; s and z; c and s; v and w; g and j.
pub(crate) const CONFUSED_LETTERS: u8 = 55;
/// Any two other vowels.
pub(crate) const VOWEL_SUBSTITUTION: u8 = 60;
/// Letters of related sounds: voiced and voiceless stops, v and b, u and w.
pub(crate) const RELATED_LETTERS: u8 = 70;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_lie_within_their_ranges() {
        let mut params = ScoreParams::DEFAULT;
        let values = params.values_mut();
        assert_eq!(values.len(), ScoreParams::TABLE.len());
        for (value, row) in values.into_iter().zip(ScoreParams::TABLE) {
            assert_eq!(*value, row.default, "{}", row.name);
            assert!(row.range.contains(value), "{}", row.name);
        }
    }

    #[test]
    fn a_name_of_full_weight_contradicts_with_its_weight() {
        let params = ScoreParams::DEFAULT;
        assert_eq!(params.contradiction_name_base + params.contradiction_name_slope, 1.0);
    }
}
