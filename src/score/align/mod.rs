//! The alignment of two names: pairs of tokens, tokens left over, and the score.
//!
//! 1. All related pairs are collected, by [`Aligner::relate`] or by retrieval, and
//!    [`Aligner::add_wildcard_pairs`] adds those that no index enumerates: initials, and the last token of a
//!    truncated name.
//! 2. [`select_pairs`](select_pairs::select_pairs) pairs tokens greedily.
//! 3. [`Leftovers`] sums up the tokens left over on either side, and what they contradict.
//! 4. [`score_losses`](loss::score_losses) combines matches and losses to the score. The formula is in
//!    [the documentation of the module](crate::score).
//!
//! Cost: related pairs are sorted, and words that face each other are compared in spelling if the score can
//! reach the minimum. A name has at most [`MAX_TOKENS`] tokens.
//!
//! Limits: pairs are selected greedily, not optimally.

mod concatenations;
mod evidence;
mod han_language;
mod loss;
mod name_tokens;
mod select_pairs;

pub(crate) use super::params::{
    CONTRADICTION, CUT_OMISSION, INITIAL, MAX_CONCATENATION, MISMATCH_COST, NEAR_RELIEF, OMISSION, PREFIX,
    scarcity,
};
pub use crate::util::bits::{Span, TokenSet};
pub(crate) use concatenations::{
    acronym, concatenations, has_article, is_arabic_clitic, is_syllable, skipped_in_acronym, token_runs,
};

use super::params::{ActiveParams, ScoreParams};
use super::relation::{MatchKind, PreparedToken, Relation, TokenRef, relate, relate_concatenation};
use crate::entity::Schema;
use crate::name::{AnalysedName, MAX_TOKENS, TRUNCATION_LENGTH, Tag};
use evidence::Evidence;
use loss::{Leftovers, SideTokens};
pub(crate) use name_tokens::NameTokens;
use serde::Serialize;

// A set of tokens holds those of any name, and shifts of it do not overflow.
const _: () = assert!(MAX_TOKENS < TokenSet::CAPACITY);

/// A token as the alignment sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AlignToken {
    /// In (0, 1].
    pub(crate) weight: f32,
    pub(crate) tag: Tag,
    /// First letter of the reading; 0 for none.
    pub(crate) first: u8,
}

impl AlignToken {
    /// Whether it contradicts a token of the other name that it faces.
    #[inline]
    pub(crate) fn contradicts(&self) -> bool {
        self.tag.is_core() || matches!(self.tag, Tag::BusinessGeneric | Tag::Initial | Tag::Letter)
    }

    /// [`ScoreParams::least_contradiction_weight`] by default.
    #[inline]
    pub(crate) fn least_contradiction_weight(&self) -> f32 {
        ScoreParams::DEFAULT.least_contradiction_weight(self.tag, self.weight)
    }

    /// [`ScoreParams::omission_cost`] by default.
    #[inline]
    pub(crate) fn omission(&self) -> f32 {
        ScoreParams::DEFAULT.omission_cost(self.tag, self.weight)
    }
}

/// Tokens of a query that are paired with tokens of a listed name.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AlignedPair {
    /// Tokens of the query.
    pub query: Span,
    /// Tokens of the listed name.
    pub listed: Span,
    /// Similarity in (0, 1].
    pub similarity: f32,
    /// How they are related.
    pub kind: MatchKind,
    /// Weight of the lighter side. A token weighs at most 1, and several weigh their sum.
    pub weight: f32,
}

impl AlignedPair {
    /// A related pair. Its weight is set when it is aligned.
    pub(crate) fn new(query: Span, listed: Span, similarity: f32, kind: MatchKind) -> AlignedPair {
        AlignedPair { query, listed, similarity, kind, weight: 0.0 }
    }
}

/// The outcome of an alignment: the score, and everything it is computed from.
///
/// The losses are those of the formula in [the documentation of the module](crate::score), where the fields
/// are M, U, C, O, D and k.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Alignment {
    /// The score in \[0, 1\].
    pub score: f32,
    /// The pairs selected, the best first.
    pub pairs: Vec<AlignedPair>,
    /// Tokens of the query that are left over.
    pub unmatched_query: TokenSet,
    /// Tokens of the listed name that are left over.
    pub unmatched_listed: TokenSet,
    /// M: the sum of the pairs.
    pub matched: f32,
    /// U: lost by dissimilar pairs.
    pub mismatch: f32,
    /// C: lost by tokens that contradict each other.
    pub contradiction: f32,
    /// O: lost by tokens missing on one side.
    pub omission: f32,
    /// D: lost by the order of the tokens.
    pub disorder: f32,
    /// k: by how much losses but for that of the order are multiplied.
    pub scarcity: f32,
}

impl Alignment {
    /// Empties it, and keeps the buffer.
    pub(crate) fn clear(&mut self) {
        let mut pairs = std::mem::take(&mut self.pairs);
        pairs.clear();
        *self = Alignment { pairs, ..Alignment::default() };
    }
}

/// What the alignment depends on beyond tokens and pairs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AlignOptions {
    /// Whether the query may be truncated, so that its last token may begin a longer one.
    pub(crate) cut: bool,
    /// Whether the order of tokens is free: the query is a person's name.
    pub(crate) free_order: bool,
    /// Whether the listed name is a person's.
    pub(crate) listed_person: bool,
}

impl AlignOptions {
    /// Whether one name is a person's and the other is not.
    fn schema_mismatch(self) -> bool {
        self.free_order != self.listed_person
    }
}

/// Aligns names, with buffers that it keeps.
#[derive(Debug, Default)]
pub(crate) struct Aligner {
    pub(crate) query: Vec<AlignToken>,
    pub(crate) listed: Vec<AlignToken>,
    /// The related pairs, in any order; sorted by [`Aligner::align_greedy`].
    pub(crate) pairs: Vec<AlignedPair>,
    pub(crate) options: AlignOptions,
    pub(crate) params: ActiveParams,
    concatenation: String,
    language: han_language::Buffers,
}

/// Writes the tokens of an analysed name to `out`.
pub(crate) fn align_tokens(name: &AnalysedName, out: &mut Vec<AlignToken>) {
    out.clear();
    out.extend(name.tokens().iter().map(|t| AlignToken {
        weight: t.weight,
        tag: t.tag,
        first: name.first(t),
    }));
}

/// How a query is aligned with listed names of persons or of others.
pub(crate) fn align_options(query: &AnalysedName, listed_person: bool) -> AlignOptions {
    AlignOptions { cut: query.chars() >= TRUNCATION_LENGTH, free_order: is_person(query), listed_person }
}

/// Whether a name was analysed as a person's.
pub(crate) fn is_person(name: &AnalysedName) -> bool {
    name.schema() == Schema::Person
}

impl Aligner {
    /// Relates every token and concatenation of a query with every one of a listed name, without an index.
    pub(crate) fn relate(&mut self, query: &AnalysedName, listed: &AnalysedName) {
        align_tokens(query, &mut self.query);
        align_tokens(listed, &mut self.listed);
        self.options = align_options(query, is_person(listed));
        self.pairs.clear();
        let pairs = &mut self.pairs;
        let mut add = |query: Span, listed: Span, relation: Option<Relation>| {
            pairs.extend(relation.map(|r| AlignedPair::new(query, listed, r.similarity, r.kind)));
        };
        let [query_tokens, listed_tokens] = [query, listed]
            .map(|name| name.tokens().iter().map(|t| TokenRef::new(name, t)).collect::<Vec<TokenRef<'_>>>());
        let [query_natives, listed_natives] = [&query_tokens, &listed_tokens]
            .map(|tokens| tokens.iter().map(TokenRef::native_word).collect::<Vec<_>>());
        for (i, token) in query_tokens.iter().enumerate() {
            let prepared = PreparedToken::new(*token);
            for (j, other) in listed_tokens.iter().enumerate() {
                add(Span::single(i), Span::single(j), relate(&prepared, other));
            }
        }
        let buffer = &mut self.concatenation;
        concatenations(
            query,
            buffer,
            |_| true,
            |span, concatenation| {
                for (j, whole) in listed_tokens.iter().enumerate() {
                    let native = listed_natives[j].as_deref();
                    add(span, Span::single(j), relate_concatenation(concatenation, whole, native));
                }
            },
        );
        concatenations(
            listed,
            buffer,
            |_| true,
            |span, concatenation| {
                for (i, whole) in query_tokens.iter().enumerate() {
                    let native = query_natives[i].as_deref();
                    add(Span::single(i), span, relate_concatenation(concatenation, whole, native));
                }
            },
        );
        let last = query_tokens.last().map_or(&[][..], |token| token.latin);
        self.add_wildcard_pairs(last, |j| listed_tokens[j].latin);
    }

    /// Adds the pairs that no index enumerates: initials, and the last token of a truncated query with those
    /// it begins. They count only beside an enumerable pair. `last` is the reading of the query's last token,
    /// and `listed_reading` returns those of the listed name.
    pub(crate) fn add_wildcard_pairs<'t>(&mut self, last: &[u8], listed_reading: impl Fn(usize) -> &'t [u8]) {
        if self.options.free_order && self.options.listed_person {
            self.add_initials();
        }
        if self.options.cut && !last.is_empty() && !last.contains(&b' ') {
            self.add_prefixes(last, listed_reading);
        }
    }

    /// Adds the pairs of an initial and a name with this first letter. Bodies have no initials.
    fn add_initials(&mut self) {
        for (i, query) in self.query.iter().enumerate() {
            for (j, listed) in self.listed.iter().enumerate() {
                let other = match (query.tag, listed.tag) {
                    (Tag::Initial, Tag::Initial) => continue,
                    (Tag::Initial, other) | (other, Tag::Initial) => other,
                    _ => continue,
                };
                if query.first == listed.first && query.first != 0 && may_be_abbreviated(other) {
                    let (query, listed) = (Span::single(i), Span::single(j));
                    let similarity = self.params.initial;
                    self.pairs.push(AlignedPair::new(query, listed, similarity, MatchKind::Initial));
                }
            }
        }
    }

    /// Adds the pairs of the query's last token, whose reading is `last`, and a longer token that begins with
    /// it.
    fn add_prefixes<'t>(&mut self, last: &[u8], listed_reading: impl Fn(usize) -> &'t [u8]) {
        let query = Span::single(self.query.len() - 1);
        for j in 0..self.listed.len() {
            let whole = listed_reading(j);
            if whole.len() > last.len() && whole.starts_with(last) {
                let similarity = self.params.prefix;
                self.pairs.push(AlignedPair::new(query, Span::single(j), similarity, MatchKind::Prefix));
            }
        }
    }

    /// Selects among the pairs, weighs the tokens left over, and scores, with Han characters read in one language.
    ///
    /// Of a name that cannot reach `min_score`, the score is an upper bound below `min_score`.
    pub(crate) fn align<'q, 'l>(
        &mut self,
        query: impl NameTokens<'q>,
        listed: impl NameTokens<'l>,
        min_score: f32,
        out: &mut Alignment,
    ) {
        self.align_greedy(query, listed, min_score, out);
        if out.score >= min_score && out.score > 0.0 {
            self.align_in_one_language(query, listed, min_score, out);
        }
    }

    /// Selects among the pairs, whatever the languages of their readings are.
    ///
    /// Of a name that cannot reach `min_score`, the score is an upper bound below `min_score`: the similarity
    /// of its unmatched tokens, the most expensive part, is not computed.
    pub(crate) fn align_greedy<'q, 'l>(
        &mut self,
        query_name: impl NameTokens<'q>,
        listed_name: impl NameTokens<'l>,
        min_score: f32,
        out: &mut Alignment,
    ) {
        let (params, options) = (self.params, self.options);
        let query = &self.query[..self.query.len().min(MAX_TOKENS)];
        let listed = &self.listed[..self.listed.len().min(MAX_TOKENS)];
        select_pairs::weigh_pairs(&mut self.pairs, query, listed);
        select_pairs::sort_by_value(&mut self.pairs);
        out.clear();
        let selection = select_pairs::select_pairs(&self.pairs, params, &mut out.pairs);
        out.unmatched_query = TokenSet::first(query.len()).without(selection.query);
        out.unmatched_listed = TokenSet::first(listed.len()).without(selection.listed);
        if !selection.anchored {
            out.pairs.clear();
            return;
        }
        let query = SideTokens { tokens: query, unmatched: out.unmatched_query };
        let listed = SideTokens { tokens: listed, unmatched: out.unmatched_listed };
        let truncated_after = loss::truncated_after(options, &selection, out);
        let letters = |pair: &AlignedPair| {
            let query: usize = pair.query.range().map(|i| query_name.reading(i).len()).sum();
            query.min(pair.listed.range().map(|j| listed_name.reading(j).len()).sum())
        };
        let evidence = Evidence::of(&out.pairs, [query.tokens, listed.tokens], letters, options, params);
        let leftovers = Leftovers::of(query, listed, truncated_after, options, &evidence, params);
        out.disorder = loss::disorder(&out.pairs, selection.matched, options.free_order, params);
        let relief = || {
            let readings = (|i| query_name.reading(i), |j| listed_name.reading(j));
            loss::facing_similarity((query, readings.0), (listed, readings.1), params)
        };
        loss::score_losses(&selection, &evidence, &leftovers, params, min_score, relief, out);
    }
}

/// Whether a person's token of this kind may be written as an initial.
fn may_be_abbreviated(tag: Tag) -> bool {
    tag.is_name_word() || matches!(tag, Tag::Patronymic | Tag::NameTitle)
}

// A set of tokens has 64 bits.
const _: () = assert!(MAX_TOKENS < 64);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::analyse;

    fn align(query: &str, listed: &str, schema: Schema, min_score: f32) -> Alignment {
        let [query, listed] = [query, listed].map(|name| analyse(name, schema));
        let (mut aligner, mut out) = (Aligner::default(), Alignment::default());
        aligner.relate(&query, &listed);
        aligner.align(&query, &listed, min_score, &mut out);
        out
    }

    /// The examples that DESIGN.md computes by hand.
    #[test]
    fn worked_examples_have_their_scores() {
        for (query, listed, schema, score) in [
            (
                "Integrety Technolgy Group",
                "INTEGRITY TECHNOLOGY GROUP, INCORPORATED",
                Schema::Organization,
                0.955,
            ),
            ("Mohammad Rahim al-Tikriti", "Mohammad Rahim AL-KARWANI", Schema::Person, 0.352),
            ("Anatoly Petrovsky", "PETROVSKY, Anatoli Borisovich", Schema::Person, 0.958),
        ] {
            let found = align(query, listed, schema, 0.0);
            assert!((found.score - score).abs() < 6e-4, "{found:?}");
            let loss =
                (found.mismatch + found.contradiction + found.omission) * found.scarcity + found.disorder;
            assert_eq!(found.score, found.matched / (found.matched + loss));
        }
    }

    #[test]
    fn equal_names_score_one_in_any_order_of_their_words() {
        assert_eq!(align("Vladimir Putin", "Vladimir Putin", Schema::Person, 0.0).score, 1.0);
        let crossing = align("Vladimir Putin", "Putin Vladimir", Schema::Person, 0.0);
        assert!(crossing.score < 1.0 && crossing.score > 0.99, "{crossing:?}");
    }

    #[test]
    fn initials_and_prefixes_alone_are_no_match() {
        let found = align("V P", "Vladimir Putin", Schema::Person, 0.0);
        assert_eq!((found.score, found.matched), (0.0, 0.0), "{found:?}");
        assert!(found.pairs.is_empty());
        let beside = align("V Putin", "Vladimir Putin", Schema::Person, 0.0);
        assert!(beside.pairs.iter().any(|pair| pair.kind == MatchKind::Initial), "{beside:?}");
    }

    #[test]
    fn a_truncated_name_lacks_what_stands_behind_its_end() {
        let listed = "ZARIN DARYA INTERNATIONAL SHIPPING LINES COMPANY LIMITED";
        let truncated = align("ZARIN DARYA INTERNATIONAL SHIPPI", listed, Schema::Company, 0.0);
        assert!(truncated.pairs.iter().any(|pair| pair.kind == MatchKind::Prefix), "{truncated:?}");
        let whole = align("ZARIN DARYA SHIPPI", listed, Schema::Company, 0.0);
        assert!(truncated.score > 0.9 && truncated.score > whole.score, "{truncated:?} {whole:?}");
    }

    #[test]
    fn a_score_below_the_minimum_is_an_upper_bound_below_it() {
        let (query, listed) = ("Mohammad Rahim Tikriti", "Mohammad Rahim Karwani");
        let score = align(query, listed, Schema::Person, 0.0).score;
        let bound = align(query, listed, Schema::Person, 0.9).score;
        assert!(score <= bound && bound < 0.9, "{score} {bound}");
        assert_eq!(align(query, listed, Schema::Person, score).score, score);
    }
}
