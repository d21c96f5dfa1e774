//! Retrieval: from a query to the listed names that can reach the threshold, and their scores.
//!
//! A name has a score only if one of its tokens matches a token of the query ([`crate::score::relation`]). The stages,
//! each in a file of its own:
//!
//! | stage | file | what it does |
//! |---|---|---|
//! | look-up of tokens | [`token_cache`], [`match_cache`] | matches of the query's tokens, from caches |
//! | query expansion | [`expand`], [`concatenation_set`], [`lookup`] | the other tokens and the concatenations; ends early if no name can reach the score |
//! | small-index filter | [`prefilter`] | rules tokens out before any key is hashed |
//! | pair plan | [`pair_plan`], [`pair_table`] | which pairs a name may be aligned by, and what they gain at most |
//! | candidate generation | [`candidates`] | essential terms, and the names in their posting lists |
//! | pruning | [`prune`] | candidates ruled out by posting lists and name summaries |
//! | bound | [`bounds`] | an upper bound of each survivor's score |
//! | exact score | [`exact`] | the alignment |
//! | names as written | [`verbatim`] | names that are the query's, have its letters or begin with it, whatever their words say |
//!
//! Nothing is lost on the way: each stage only drops what cannot reach the threshold. [`Options::exhaustive`] takes the
//! oracle's way instead, which compares every token and aligns every name; tests hold both to the same hits.
//!
//! [`Options::exhaustive`]: crate::screen::Options::exhaustive

pub(crate) mod bounds;
pub(crate) mod candidates;
mod concatenation_set;
pub(crate) mod exact;
pub(crate) mod expand;
pub(crate) mod lookup;
pub(crate) mod match_cache;
pub(crate) mod pair_plan;
mod pair_table;
pub(crate) mod prefilter;
mod prune;
pub(crate) mod token_cache;
pub(crate) mod token_match;
mod verbatim;

use super::hit::HitPart;
use super::outcome::PartyLimit;
use super::scratch::{QueryState, Scratch};
use super::{Query, QueryFields, RawHit, Screener};
use crate::entity::Schema;
use crate::index::{IndexView, NameSpan, letter_mask};
use crate::name::Tag;
use crate::name::parts::{Part, PartKind, for_each_part};
use crate::score::VerbatimMatch;
use crate::score::align::{AlignToken, TokenSet, align_options, align_tokens};
use crate::score::fields::{FieldSet, Fields, max_lift};
use crate::util::prefetch::{PREFETCH_BATCH, prefetch_all};
use bounds::{NameBound, SCORE_EPSILON};
use candidates::{Candidates, Mark, essential_terms};
use exact::{BestName, BestNames, EntityScorer, ExactScorer, ScoreBuffers};
use expand::{Expander, ExpansionState};
use token_cache::TokenCache;
use token_match::ConcatenationMatches;
use verbatim::FoldedQuery;

/// A query whose tokens and concatenations have their matches: what the later stages read.
pub(super) struct ExpandedQuery<'a> {
    pub(super) view: &'a IndexView<'a>,
    /// The score that a name must reach before the other fields are compared.
    pub(super) min_score: f32,
    pub(super) tokens: &'a [AlignToken],
    /// Whether the query may be truncated, so that its last token may begin a longer one.
    pub(super) truncated: bool,
    pub(super) token_cache: &'a TokenCache,
    pub(super) concatenations: &'a ConcatenationMatches,
    /// First letters of the query's initials, and of its other tokens, as [`letter_mask`] has them.
    pub(super) initial_letters: u32,
    pub(super) first_letters: u32,
}

/// The name of a query, or a part of it.
struct QueryText<'a> {
    part: Part<'a>,
    /// 0 for the whole, else the number of the part.
    number: u16,
}

impl QueryText<'_> {
    /// The fields of the query, with the kind of party that the text is of.
    fn fields<'f>(&self, query: &Query, fields: &'f QueryFields) -> Fields<'f> {
        Fields { schema: self.part.schema(query.schema), ..fields.fields(query) }
    }
}

impl ExpandedQuery<'_> {
    /// Whether a token is the last one of a truncated query.
    fn is_truncated_end(&self, token: usize) -> bool {
        self.truncated && token + 1 == self.tokens.len()
    }

    /// Whether a token can be paired with what no index enumerates.
    fn is_wildcard(&self, token: usize) -> bool {
        self.tokens[token].tag == Tag::Initial || self.is_truncated_end(token)
    }

    /// All tokens but the first and the last.
    fn interior(&self) -> TokenSet {
        TokenSet::first(self.tokens.len() - 1).without(TokenSet::single(0))
    }
}

impl Screener {
    /// The hits of one query as numbers, best first: for callers that need no texts.
    pub fn retrieve<'s>(&self, query: &Query, s: &'s mut Scratch) -> &'s [RawHit] {
        s.clear();
        s.stats.queries += 1;
        s.query.fields.set(query);
        s.caches.token_cache.bind(&self.match_cache);
        if query.free_text {
            self.search_text(query, s);
            self.rank(query, s);
            return &s.hits;
        }
        let whole = Part { text: &query.name, kind: PartKind::Whole };
        self.score_text(&QueryText { part: whole, number: 0 }, query, s);
        let mut number = 0;
        for_each_part(&query.name, query.schema, |part| {
            number += 1;
            self.score_text(&QueryText { part, number }, query, s);
        });
        self.rank(query, s);
        &s.hits
    }

    /// Scores the names that match the name of a query, or a part of it.
    fn score_text(&self, text: &QueryText<'_>, query: &Query, s: &mut Scratch) {
        let started = s.timer.start();
        s.candidates.reset(self.index.names());
        s.query.plan.clear();
        s.caches.analyser.analyse(
            &text.part.analysed_text(),
            text.part.schema(query.schema),
            &mut s.query.name,
        );
        if !text.part.is_name(&s.query.name) {
            return;
        }
        if !text.part.compares_words() {
            return self.score_verbatim(text, query, s);
        }
        s.caches.token_cache.prefetch(&s.query.name);
        s.caches.token_cache.look_up(&s.query.name);
        let analysed = s.timer.start();
        align_tokens(&s.query.name, &mut s.query.tokens);
        s.scoring.aligner.options = align_options(&s.query.name, false);
        let min_score = self.min_score(&text.fields(query, &s.query.fields));
        let view = self.expand(min_score, s);
        let expanded = s.timer.start();
        if let Some(view) = &view {
            self.score(view, text, query, min_score, s);
        }
        self.score_verbatim(text, query, s);
        s.timer.add_stages(&mut s.stats.nanos, [started, analysed, expanded], view.is_some());
    }

    /// The score that a name must reach before the other fields are compared. Fields lift a score by a part of what it
    /// lacks to 1: the name alone may be that much below the threshold.
    fn min_score(&self, fields: &Fields<'_>) -> f32 {
        let lift = max_lift(fields, self.listed_fields, &self.options.fields);
        ((self.lowest_threshold - lift) / (1.0 - lift) - SCORE_EPSILON).max(SCORE_EPSILON)
    }

    /// Finds the matches of the query's tokens and concatenations. Returns the sections of the index, or `None` if no
    /// name can reach the minimal score.
    fn expand(&self, min_score: f32, s: &mut Scratch) -> Option<IndexView<'_>> {
        let QueryState { name, tokens, concatenations, text, .. } = &mut s.query;
        let expander = Expander {
            index: &self.index,
            view: None,
            tokens,
            truncated: s.scoring.aligner.options.cut,
            min_score,
            listed_initials: self.listed_initials,
            token_cache: &mut s.caches.token_cache,
            lookup: &mut s.caches.lookup,
            text,
            concatenations,
            possible: None,
            stats: &mut s.stats,
            state: ExpansionState::default(),
        };
        if self.options.exhaustive { Some(expander.run_exhaustively(name)) } else { expander.run(name) }
    }

    // Not inlined, for most queries of a small index end before.
    #[inline(never)]
    fn score(
        &self,
        view: &IndexView<'_>,
        text: &QueryText<'_>,
        query: &Query,
        min_score: f32,
        s: &mut Scratch,
    ) {
        let QueryState { name, fields, tokens, concatenations, plan, .. } = &mut s.query;
        let letters = |initials: bool| {
            let some = tokens.iter().filter(|token| (token.tag == Tag::Initial) == initials);
            some.fold(0, |all, token| all | letter_mask(token.first))
        };
        let expanded = ExpandedQuery {
            view,
            min_score: if self.options.exhaustive { 0.0 } else { min_score },
            tokens,
            truncated: s.scoring.aligner.options.cut,
            token_cache: &s.caches.token_cache,
            concatenations,
            initial_letters: letters(true),
            first_letters: letters(false),
        };
        plan.fill(&expanded, expanded.min_score);
        s.scoring.aligner.query.clone_from(tokens);
        let entities = self.entity_scorer(text, text.fields(query, fields));
        let scorer = ExactScorer { entities, query: &expanded, name, plan };
        if self.options.exhaustive {
            for number in 0..view.names.len() as u32 {
                s.stats.scored += u64::from(scorer.score(number, true, &mut s.scoring));
            }
            return;
        }
        let essential = essential_terms(&expanded, plan, &mut s.candidates.order);
        s.candidates.generate(&expanded, plan, essential);
        s.candidates.prune(&expanded, plan, essential);
        s.stats.candidates += s.candidates.survivors.len() as u64;
        s.stats.scored += score_survivors(&scorer, &s.candidates, &mut s.scoring);
    }

    fn entity_scorer<'a>(&'a self, text: &QueryText<'_>, fields: Fields<'a>) -> EntityScorer<'a> {
        let part = if text.number == 0 { HitPart::Whole } else { HitPart::Part(text.number) };
        EntityScorer { index: &self.index, options: &self.options, fields, part, least: 0.0 }
    }

    /// Adds the names that are the query's, or begin with it, as folded.
    fn score_verbatim(&self, text: &QueryText<'_>, query: &Query, s: &mut Scratch) {
        let entities = self.entity_scorer(text, text.fields(query, &s.query.fields));
        let best = &mut s.scoring.best;
        let folded = FoldedQuery { text: s.caches.analyser.folded_name(), length: s.query.name.chars() };
        let each = |number: u32, found: VerbatimMatch| entities.keep(number, found.score(), best);
        if self.options.exhaustive {
            verbatim::for_each_exhaustively(&self.index, &folded, each);
        } else {
            verbatim::for_each(&self.index, &folded, &mut s.query.text, each);
        }
    }

    /// Adds the hits by identifier, orders all, and keeps the best ones.
    fn rank(&self, query: &Query, s: &mut Scratch) {
        let best = &mut s.scoring.best;
        let schema =
            |n: u32| Schema::from_u8(self.index.entity_records()[n as usize].schema).unwrap_or_default();
        let options = &self.options;
        self.for_each_identifier_match(query, |entity, score, part| {
            let is_hit = options.identifiers && score >= options.required(schema(entity), false);
            if is_hit && best.hits.get(&entity).is_none_or(|best| best.score < score) {
                let cleared_by = FieldSet::default();
                best.hits.insert(entity, BestName { score, name: u32::MAX, part, cleared_by });
            }
        });
        best.cleared.retain(|entity, _| !best.hits.contains_key(entity));
        best.weak.retain(|entity| !best.hits.contains_key(entity) && !best.cleared.contains_key(entity));
        s.withheld.weak = best.weak.len() as u64;
        s.withheld.cleared = best.cleared.len() as u64;
        s.withheld.cut = self.order(&best.hits, &mut s.hits);
        self.order(&best.cleared, &mut s.cleared);
    }

    /// Orders hits and keeps the best ones; returns how many are beyond the limit.
    fn order(&self, best: &BestNames, hits: &mut Vec<RawHit>) -> u64 {
        hits.extend(best.iter().map(|(entity, best)| RawHit {
            score: best.score,
            entity: *entity,
            name: best.name,
            part: best.part,
            cleared_by: best.cleared_by,
        }));
        let lists = &self.index.identity().lists;
        let key = |hit: &RawHit| {
            let record = &self.index.entity_records()[hit.entity as usize];
            (&lists[record.list as usize].name, self.index.entity_id(hit.entity))
        };
        hits.sort_unstable_by(|a, b| {
            let by_place = || key(a).cmp(&key(b)).then(a.entity.cmp(&b.entity));
            b.score.total_cmp(&a.score).then_with(by_place)
        });
        if hits.len() <= self.options.limit {
            return 0;
        }
        let mut limit = PartyLimit::new(self.options.limit);
        hits.retain(|hit| limit.admits(self.index.party(hit.entity), hit.score));
        limit.cut
    }
}

/// Scores the candidates that the bound lets pass; returns how many.
fn score_survivors(scorer: &ExactScorer<'_>, candidates: &Candidates, s: &mut ScoreBuffers) -> u64 {
    let (query, plan) = (scorer.query, scorer.plan);
    let bound = NameBound::new(query, plan);
    let mut scored = 0;
    for batch in candidates.survivors.chunks(PREFETCH_BATCH) {
        // Candidates lie far apart, and a query would spend most of its time waiting for one after the other.
        let mut spans = [NameSpan::default(); PREFETCH_BATCH];
        batch.iter().zip(&mut spans).for_each(|(number, span)| *span = query.view.spans[*number as usize]);
        prefetch_all(&spans[..batch.len()], |span| query.view.prefetch_listed_tokens(span));
        for (number, span) in batch.iter().zip(&spans) {
            let has_concatenation = candidates.bits.is_marked(*number, Mark::HasConcatenation);
            if bound.can_reach(span, has_concatenation) {
                scored += u64::from(scorer.score(*number, has_concatenation, s));
            }
        }
    }
    scored
}
