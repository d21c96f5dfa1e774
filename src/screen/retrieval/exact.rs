//! The exact score of one listed name, from the pairs that retrieval found.

use super::ExpandedQuery;
use super::pair_plan::PairPlan;
use crate::entity::Schema;
use crate::index::{EntityRecord, Index, IndexView, ListedToken, NameSpan};
use crate::name::AnalysedName;
use crate::score::align::{AlignedPair, Aligner, Alignment, NameTokens, Span};
use crate::score::fields::{FieldSet, Fields, compare};
use crate::score::relation::TokenRef;
use crate::score::round;
use crate::screen::Options;
use crate::screen::hit::HitPart;
use rustc_hash::{FxHashMap, FxHashSet};

/// Buffers for scoring names, and the best name of each entity.
#[derive(Debug, Default)]
pub(crate) struct ScoreBuffers {
    pub(in crate::screen) aligner: Aligner,
    alignment: Alignment,
    pub(in crate::screen) best: FoundNames,
}

/// The names that reach the threshold, and those that rules of their own keep below it.
#[derive(Debug, Default)]
pub(in crate::screen) struct FoundNames {
    pub(in crate::screen) hits: BestNames,
    /// Names that reach the threshold, and that other fields take below it.
    pub(in crate::screen) cleared: BestNames,
    /// Entities with a weak alias that reaches the threshold of other names.
    pub(in crate::screen) weak: FxHashSet<u32>,
}

impl FoundNames {
    pub(in crate::screen) fn clear(&mut self) {
        self.hits.clear();
        self.cleared.clear();
        self.weak.clear();
    }
}

/// From the scores of names to the scores of their entities.
pub(in crate::screen) struct EntityScorer<'a> {
    pub(in crate::screen) index: &'a Index,
    pub(in crate::screen) options: &'a Options,
    pub(in crate::screen) fields: Fields<'a>,
    /// The part of the query that is screened.
    pub(in crate::screen) part: HitPart,
    /// The least score of a hit, beside the thresholds of the options.
    pub(in crate::screen) least: f32,
}

/// The best name of an entity.
#[derive(Clone, Copy, Debug)]
pub(in crate::screen) struct BestName {
    pub(in crate::screen) score: f32,
    /// The number of the name; `u32::MAX` for an identifier.
    pub(in crate::screen) name: u32,
    /// The part of the query that scores so.
    pub(in crate::screen) part: HitPart,
    /// The fields that take it below the threshold.
    pub(in crate::screen) cleared_by: FieldSet,
}

/// The best name of each entity, by the number of the entity.
pub(in crate::screen) type BestNames = FxHashMap<u32, BestName>;

impl EntityScorer<'_> {
    /// Compares the other fields with those of the entity of a listed name that has this score. Keeps the name if it
    /// reaches the threshold and is the best of its entity; else notes the rule that keeps it out, if there is one.
    pub(in crate::screen) fn keep(&self, number: u32, name_score: f32, found: &mut FoundNames) {
        let names = self.index.name_records();
        let record = &names[number as usize];
        let entity = &self.index.entity_records()[record.entity as usize];
        let listed = listed_fields(self.index, entity);
        let weak = record.weak != 0;
        let verdict = compare(&self.fields, &listed, &self.options.fields);
        let score = round(verdict.apply(name_score));
        let required = self.options.required(listed.schema, weak).max(self.least);
        let kept = |cleared_by| BestName { score, name: number, part: self.part, cleared_by };
        // Of equals the first in the order of the list, which is that of the texts.
        let place = |number: u32| names[number as usize].text_offset;
        let keep_best = |names: &mut BestNames, kept: BestName| {
            let best = names.entry(record.entity).or_insert(kept);
            if score > best.score || (score == best.score && place(number) < place(best.name)) {
                *best = kept;
            }
        };
        if weak && (!self.options.weak_aliases || round(name_score.max(score)) < required) {
            if round(name_score.max(score)) >= self.options.required(listed.schema, false) {
                found.weak.insert(record.entity);
            }
        } else if score >= required {
            keep_best(&mut found.hits, kept(FieldSet::default()));
        } else if round(name_score) >= required {
            keep_best(&mut found.cleared, kept(verdict.contradicting()));
        }
    }
}

/// Scores the names of one index for one query.
pub(super) struct ExactScorer<'a> {
    pub(super) entities: EntityScorer<'a>,
    pub(super) query: &'a ExpandedQuery<'a>,
    pub(super) name: &'a AnalysedName,
    pub(super) plan: &'a PairPlan,
}

impl<'a> ExactScorer<'a> {
    /// Scores a listed name and keeps it if it reaches the threshold and is the best of its entity. Returns whether it
    /// was aligned at all.
    pub(super) fn score(&self, number: u32, has_concatenation: bool, s: &mut ScoreBuffers) -> bool {
        let view = self.query.view;
        let span = &view.spans[number as usize];
        collect_pairs(view, span, has_concatenation, self.plan, &mut s.aligner);
        if s.aligner.pairs.is_empty() {
            return false;
        }
        let record = &view.names[number as usize];
        s.aligner.options.listed_person = record.person != 0;
        let is_reached = if self.plan.has_pruned_pairs {
            // Without the pairs left out another alignment may have been chosen than the score's own.
            self.align(span, s, Aligner::align_greedy) && {
                collect_all_pairs(self.query, span, &mut s.aligner.pairs);
                self.align(span, s, Aligner::align)
            }
        } else {
            self.align(span, s, Aligner::align)
        };
        if is_reached {
            self.entities.keep(number, s.alignment.score, &mut s.best);
        }
        true
    }

    /// Aligns the query with a listed name by the pairs collected; returns whether the score of the name can reach the
    /// minimal score.
    fn align(&self, span: &NameSpan, s: &mut ScoreBuffers, align: Align<'a>) -> bool {
        let last = self.name.tokens().last().map_or("", |token| self.name.latin(token));
        let listed = ListedTokens { view: self.query.view, tokens: self.query.view.listed_tokens(span) };
        s.aligner.add_wildcard_pairs(last.as_bytes(), |j| listed.reading(j));
        align(&mut s.aligner, self.name, listed, self.query.min_score, &mut s.alignment);
        s.alignment.score >= self.query.min_score
    }
}

/// A way to align the query with a listed name.
type Align<'a> = fn(&mut Aligner, &'a AnalysedName, ListedTokens<'a>, f32, &mut Alignment);

/// The tokens of a listed name.
#[derive(Clone, Copy)]
struct ListedTokens<'a> {
    view: &'a IndexView<'a>,
    tokens: &'a [ListedToken],
}

impl<'a> NameTokens<'a> for ListedTokens<'a> {
    fn reading(&self, number: usize) -> &'a [u8] {
        self.view.token(self.tokens[number].token).latin
    }

    fn token(&self, number: usize) -> TokenRef<'a> {
        self.view.token(self.tokens[number].token)
    }
}

/// The fields of a listed entity that are compared.
fn listed_fields<'i>(index: &'i Index, entity: &EntityRecord) -> Fields<'i> {
    Fields {
        schema: Schema::from_u8(entity.schema).unwrap_or_default(),
        gender: entity.gender(),
        dates: index.dates(entity),
        countries: index.countries(entity),
    }
}

/// Collects the tokens of a listed name and its pairs in the aligner.
fn collect_pairs(
    view: &IndexView<'_>,
    span: &NameSpan,
    has_concatenation: bool,
    plan: &PairPlan,
    aligner: &mut Aligner,
) {
    let (pairs, tokens, table) = (&mut aligner.pairs, &mut aligner.listed, &plan.pair_table);
    pairs.clear();
    tokens.clear();
    for (j, listed) in view.listed_tokens(span).iter().enumerate() {
        tokens.push(listed.align_token());
        let entries = table.entries(listed.token);
        pairs.extend(entries.map(|e| AlignedPair::new(e.query_span, Span::single(j), e.similarity, e.kind)));
    }
    for listed in if has_concatenation { view.listed_concatenations(span) } else { &[] } {
        let entries = table.entries(listed.token);
        pairs.extend(entries.map(|e| AlignedPair::new(e.query_span, listed.span(), e.similarity, e.kind)));
    }
}

/// Collects all pairs of a listed name, with those that the plan left out.
fn collect_all_pairs(query: &ExpandedQuery<'_>, span: &NameSpan, pairs: &mut Vec<AlignedPair>) {
    pairs.clear();
    let mut collect = |token: u32, listed_span: Span| {
        let single =
            (0..query.tokens.len()).map(|i| (Span::single(i), &query.token_cache.matches(i).all[..]));
        for (query_span, matches) in single.chain(query.concatenations.iter()) {
            if let Ok(at) = matches.binary_search_by_key(&token, |m| m.token) {
                pairs.push(AlignedPair::new(
                    query_span,
                    listed_span,
                    matches[at].similarity,
                    matches[at].kind,
                ));
            }
        }
    };
    for (j, listed) in query.view.listed_tokens(span).iter().enumerate() {
        collect(listed.token, Span::single(j));
    }
    for listed in query.view.listed_concatenations(span) {
        collect(listed.token, listed.span());
    }
}
