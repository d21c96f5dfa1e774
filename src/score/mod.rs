//! How similar two names are, and why.
//!
//! One notion of similarity serves retrieval and scoring: the relation of two tokens (`score::relation`). Two
//! names are aligned over related tokens (`score::align`), the tokens left over on both sides are weighed,
//! and the other fields qualify the result ([`fields`]). Identifiers have scores of their own
//! ([`identifiers`]).
//!
//! ```
//! use interdict::score::score_names;
//! use interdict::entity::Schema;
//!
//! let same = score_names("Владимир Путин", "PUTIN, Vladimir", Schema::Person);
//! let other = score_names("Vladimir Orlov", "PUTIN, Vladimir", Schema::Person);
//! assert!(same > 0.9 && other < 0.7);
//! ```
//!
//! # The score
//!
//! Each token has a weight in (0, 1]. Pairs of related tokens are selected greedily by s²·w, no token twice,
//! where s is the similarity of the pair and w the smaller of the two weights. With sums over the pairs
//! selected and the tokens left over,
//!
//! ```text
//! W = Σ w                            M = Σ 2·s·w                      what matched
//! U = Σ 2·0.75·(1−s)·w · (1 + 0.5·short) dissimilar pairs
//! O = Σ 0.41·rate·weight             tokens left over on either side
//! C = 2.4 · facing · max(1, W/1.03) · (1 − 0.83·near)                 tokens left over on both sides
//! D = 0.003·M or 0.014·M             if pairs cross, for people or for others
//! k = 1 + 0.75·max(0, 1 − W/1.7)     scarcity: a loss counts more when little matched
//! d = (Σ s·w of names − 0.55)/0.45   how far distinctive words say who is meant, clamped to [0, 1]
//! score = M / (M + k·(U + C + O) + D)
//! ```
//!
//! - `rate` depends on the kind of the token; it is 0.08 times that behind the end of a truncated name, and
//!   1.4 times that for names between a person and a body, ship or aircraft. That of business words is 0.6, and
//!   1.6·(1 − d) more.
//! - `facing` is the smaller of the two sides' contradiction weights, which depend on the kind of the token,
//!   and 1.45 times the smaller of the places left over. Those of business words are multiplied by 1 − 0.9·d.
//! - `near` is the similarity in spelling of the two most similar words that face each other, from 0 for any
//!   two words to 1: (similarity − 0.33)/0.37, clamped.
//! - `short` is 0 but where a single name is paired: 1 up to 4 letters and for words written together, (8 − letters)/4 up
//!   to 8 letters.
//! - Of two people, a name left over costs 0.41·0.6·(1 − weight)·c more, where c falls from 1 to 0 while Σ s·w of the names
//!   in common rises from 1.1 to 1.8. If they have a single name in common, O is 1.3 times as much; a single initial adds
//!   0.41·(1 − d) of what it weighs less than the name that it stands for.
//!
//! That is the score of the words. A listed name that is the [same name](crate::name::fold_name) as the query has the
//! score 1 whatever its words say, one with the same letters in other words at least 0.97, and one that begins with the
//! query, which a field may have cut off, at least 0.9 ([`VerbatimMatch`]).
//!
//! Without a pair that an index enumerates (initials and prefixes of truncated names are none) the score is
//! 0. The constants are in [`ScoreParams`], each with its range and source. Scores are rounded to five
//! decimals before anything compares them, so that a printed score is the one that counted.
//!
//! Cost: some four microseconds for a pair of short names, their analysis included (bench `score a pair`).
//!
//! Limits: the alignment is greedy; it is the same for retrieval and for screening without an index. The
//! score of two names is symmetric but for truncated names, padding and the order of ties, which are read on
//! the query's side.

pub(crate) mod align;
pub mod fields;
pub mod identifiers;
pub(crate) mod keys;
pub(crate) mod params;
pub(crate) mod relation;
pub(crate) mod similarity;
pub(crate) mod verbatim;

pub use align::{AlignedPair, Alignment, Span, TokenSet};
pub use params::{ParamRange, ScoreParams};
pub use relation::MatchKind;
pub use verbatim::VerbatimMatch;

use crate::entity::Schema;
use crate::name::parts::{Part, PartKind, for_each_part};
use crate::name::{AnalysedName, Analyser};

/// The score of two names without any other field: in \[0, 1\], 1 for names that are equal after analysis.
///
/// The schema applies to both names.
pub fn score_names(a: &str, b: &str, schema: Schema) -> f32 {
    PairScorer::default().score(a, b, schema)
}

/// Scores pairs of names, with buffers that it keeps. A thread that scores many pairs has one of its own.
///
/// ```
/// use interdict::entity::Schema;
/// use interdict::score::{MatchKind, PairScorer};
///
/// let mut scorer = PairScorer::default();
/// let score = scorer.score("Vladimir Petrovsky", "PETROVSKI, Wladimir", Schema::Person);
/// assert!(score > 0.85);
///
/// let alignment = scorer.alignment();
/// assert_eq!(alignment.pairs.len(), 2);
/// assert!(alignment.pairs.iter().all(|pair| pair.kind != MatchKind::Equal));
/// assert!(alignment.unmatched_listed.is_empty());
/// ```
#[derive(Debug, Default)]
pub struct PairScorer {
    analyser: Analyser,
    query: AnalysedName,
    listed: AnalysedName,
    aligner: align::Aligner,
    alignment: Alignment,
    /// The folded text of the query.
    folded: String,
    verbatim: Option<VerbatimMatch>,
}

impl PairScorer {
    /// A scorer with other constants than [`ScoreParams::DEFAULT`], for their search.
    #[cfg(feature = "tune")]
    pub fn with_params(params: ScoreParams) -> PairScorer {
        let mut scorer = PairScorer::default();
        scorer.aligner.params.params = params;
        scorer
    }

    /// The score of two names, as [`score_names`]: that of the query's name or of the best part of it, such as "X" of
    /// "X (formerly Y)".
    pub fn score(&mut self, query: &str, listed: &str, schema: Schema) -> f32 {
        let whole = Part { text: query, kind: PartKind::Whole };
        let (mut best, mut best_part, mut last_part) = (self.score_part(whole, listed, schema), whole, whole);
        for_each_part(query, schema, |part| {
            last_part = part;
            let score = self.score_part(part, listed, schema);
            if score > best {
                (best, best_part) = (score, part);
            }
        });
        if best_part != last_part {
            // So that the alignment is that of the best.
            self.score_part(best_part, listed, schema);
        }
        best
    }

    fn score_part(&mut self, part: Part<'_>, listed: &str, schema: Schema) -> f32 {
        let text = part.analysed_text();
        let query = &*text;
        self.analyser.analyse(query, schema, &mut self.query);
        self.folded.clear();
        self.folded.push_str(self.analyser.folded_name());
        self.analyser.analyse(listed, schema, &mut self.listed);
        self.verbatim = VerbatimMatch::of(&self.folded, self.query.chars(), self.analyser.folded_name());
        self.alignment.clear();
        if !part.is_name(&self.query) {
            return 0.0;
        }
        if !part.compares_words() {
            return self.verbatim.map_or(0.0, VerbatimMatch::score);
        }
        // Where the schema is unknown, one guess serves both names: the name of a body without a legal form
        // is compared as such with the one that has it.
        if self.query.schema() != self.listed.schema() {
            let is_person = self.query.schema() == Schema::Person;
            let body = if is_person { self.listed.schema() } else { self.query.schema() };
            self.analyser.analyse(query, body, &mut self.query);
            self.analyser.analyse(listed, body, &mut self.listed);
        }
        self.aligner.relate(&self.query, &self.listed);
        self.aligner.align(&self.query, &self.listed, 0.0, &mut self.alignment);
        round(self.verbatim.map_or(0.0, VerbatimMatch::score).max(self.alignment.score))
    }

    /// How the texts of the last pair scored stand to each other. The score is that of the texts or that of the
    /// alignment, whichever is higher.
    pub fn verbatim(&self) -> Option<VerbatimMatch> {
        self.verbatim
    }

    /// The alignment of the last pair scored. Its score is not rounded.
    pub fn alignment(&self) -> &Alignment {
        &self.alignment
    }
}

/// A score rounded to five decimals.
pub(crate) fn round(score: f32) -> f32 {
    (score * 1e5).round() / 1e5
}
