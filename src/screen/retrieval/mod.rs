//! Retrieval: from a query to the listed names that can reach the threshold, and their scores.
//!
//! Every token of the query brings the listed tokens it is related to. A name that no related token stands in
//! scores 0. The query's tokens are taken from the one with the fewest names on, until what the others could
//! match cannot reach the threshold by itself; only names of these tokens are candidates. Each candidate gets
//! an upper bound from its tokens, and what passes is scored exactly.

pub(crate) mod bounds;
pub(crate) mod candidates;
pub(crate) mod expand;
pub(crate) mod match_cache;
pub(crate) mod pair_table;
pub(crate) mod prefilter;
pub(crate) mod token_cache;

use super::{Query, QueryFields, RawHit, Screener};
use crate::entity::Schema;
use crate::index::{Index, IndexView, NameSpan, Posting, letter_mask};
use crate::name::{AnalysedName, Analyser, Tag};
use crate::score::align::{Aligner, Alignment, INITIAL, Pair, Span, align_options, align_tokens};
use crate::score::fields::{Fields, compare, max_lift};
use crate::score::{readings, round};
use bounds::{MAX_INITIAL_WEIGHT, SCORE_EPSILON, can_reach, pair_gain, to_omission_units};
use candidates::{CandidateBits, HAS_CONCATENATION, PostingRun, for_each_posting_list};
use expand::{Expander, ExpansionState, span_mask};
use match_cache::{LookupBuffers, PREFETCH_BATCH, TokenMatch, prefetch_all};
use pair_table::PairTable;
use rustc_hash::FxHashMap;
use std::time::{Duration, Instant};
use token_cache::TokenCache;

/// Counts of the work done with a [`Scratch`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Queries answered.
    pub queries: u64,
    /// Tokens whose neighbours were known already.
    pub cached_tokens: u64,
    /// Tokens whose neighbours had to be found.
    pub computed_tokens: u64,
    /// Listed names looked at.
    pub candidates: u64,
    /// Listed names scored exactly.
    pub scored: u64,
    /// Nanoseconds in analysis, neighbours, and postings with scoring, less what looking at the clock takes; zero unless
    /// timing is on.
    pub nanos: [u64; 3],
}

impl Stats {
    /// Adds the counts of another thread.
    pub fn add(&mut self, other: &Stats) {
        self.queries += other.queries;
        self.cached_tokens += other.cached_tokens;
        self.computed_tokens += other.computed_tokens;
        self.candidates += other.candidates;
        self.scored += other.scored;
        self.nanos.iter_mut().zip(other.nanos).for_each(|(a, b)| *a += b);
    }
}

/// All that the tokens and joins of a query are related to.
#[derive(Clone, Copy)]
pub(crate) struct Expansion<'a> {
    pub(crate) token_cache: &'a TokenCache,
    pub(crate) concatenation_matches: &'a [(Span, Vec<TokenMatch>)],
}

/// What stays the same for all names that a query is compared with.
pub(crate) struct QueryContext<'a> {
    pub(crate) view: &'a IndexView<'a>,
    pub(crate) query: &'a Query,
    pub(crate) name: &'a AnalysedName,
    pub(crate) expansion: Expansion<'a>,
    /// What a name must reach before the other fields are looked at.
    pub(crate) min_score: f32,
}

/// Buffers of one thread for [`Screener::screen_with`], and counts of what it did.
#[derive(Debug, Default)]
pub struct Scratch {
    analyser: Analyser,
    analysed: AnalysedName,
    pub(crate) aligner: Aligner,
    alignment: Alignment,
    buffers: LookupBuffers,
    token_cache: TokenCache,
    fields: QueryFields,
    text: String,
    concatenations: Vec<(Span, Vec<TokenMatch>)>,
    pub(crate) pair_table: PairTable,
    pub(crate) candidate_bits: CandidateBits,
    pub(crate) candidates: Vec<u32>,
    /// What brought the candidates, in their order.
    pub(crate) posting_runs: Vec<PostingRun>,
    /// The candidates that are looked at.
    pub(crate) survivors: Vec<u32>,
    best: FxHashMap<u32, (f32, u32)>,
    hits: Vec<RawHit>,
    pub(crate) order: Vec<usize>,
    /// The most each token of the query can add, and the names its neighbours stand in.
    pub(crate) token_gains: Vec<f32>,
    pub(crate) posting_counts: Vec<u32>,
    /// The most that a listed name can lack, as [`ListedToken::omission_cost`](crate::index::ListedToken::missed)
    /// counts.
    pub(crate) max_omission: u32,
    /// The joins of the list that tokens of the query are related to.
    pub(crate) concatenation_matches: Vec<TokenMatch>,
    /// Whether related pairs were left out because no name that reaches the threshold needs them.
    has_pruned_pairs: bool,
    /// Whether a join of the query is related to anything.
    pub(crate) has_concatenations: bool,
    /// First letters of the query's initials, and of its other tokens.
    pub(crate) initial_letters: u32,
    pub(crate) first_letters: u32,
    /// Work done so far.
    pub stats: Stats,
    timing: bool,
    /// What a look at the clock takes, if times are taken.
    timer_overhead: Duration,
    /// Buffers for both sides of a change, beside these for what tells them apart.
    version_scratch: Option<Box<Scratch>>,
}

impl Scratch {
    /// Buffers that take times into their [`Stats`] or not.
    pub fn with_timing(timing: bool) -> Self {
        let timer_overhead = if timing { timer_overhead() } else { Duration::ZERO };
        Scratch { timing, timer_overhead, ..Scratch::default() }
    }

    fn reset(&mut self, names: usize) {
        self.candidate_bits.reset(names, &self.candidates);
        self.candidates.clear();
        self.pair_table.clear();
        self.best.clear();
        self.hits.clear();
    }

    /// Asks both sides of a change with buffers of their own: what is known of tokens is known for one index. It is
    /// not counted as another query.
    pub(crate) fn with_version_scratch<T>(&mut self, ask: impl Fn(&mut Scratch) -> T) -> T {
        let timing = self.timing;
        let own = self.version_scratch.get_or_insert_with(|| Box::new(Scratch::with_timing(timing)));
        let answer = ask(own);
        let work = Stats { queries: 0, ..std::mem::take(&mut own.stats) };
        self.stats.add(&work);
        answer
    }

    /// Buffers for [`Screener::relate`].
    pub(crate) fn expander<'i>(
        &mut self,
        index: &'i Index,
        min_score: f32,
        listed_initials: u32,
    ) -> Expander<'_, 'i> {
        Expander {
            index,
            view: None,
            concatenations: &mut self.concatenations,
            text: &mut self.text,
            token_cache: &mut self.token_cache,
            concatenation_set: None,
            buffers: &mut self.buffers,
            stats: &mut self.stats,
            query: &self.aligner.query,
            cut: self.aligner.options.cut,
            min_score,
            listed_initials,
            state: ExpansionState::default(),
        }
    }

    /// Adds the names of a neighbour of these tokens of the query.
    fn add_run(&mut self, query_mask: u64, n: &TokenMatch, min_score: f32, names: &[Posting]) {
        let from = self.candidates.len();
        names.iter().for_each(|p| self.add_candidate(*p));
        let end = self.candidates.len();
        if from < end {
            self.posting_runs.push(PostingRun {
                query_mask,
                gain: n.pair_gain(min_score),
                omission_cost: n.omission_cost,
                end,
            });
        }
    }

    /// Ends the candidates of which no more is known than that they are candidates.
    fn add_unbounded_run(&mut self) {
        self.posting_runs.push(PostingRun {
            query_mask: 0,
            gain: 0.0,
            omission_cost: 0,
            end: self.candidates.len(),
        });
    }

    fn add_candidate(&mut self, posting: Posting) {
        let name = posting.name();
        let matched_twice = posting.has_initial() && posting.may_match_initial(self.first_letters);
        if !self.candidate_bits.add(name, matched_twice) {
            self.candidates.push(name);
        }
    }
}

impl Screener {
    /// The hits of one query as numbers, best first: for callers that need no texts.
    pub fn retrieve<'s>(&self, query: &Query, s: &'s mut Scratch) -> &'s [RawHit] {
        let start = s.timing.then(Instant::now);
        let mut analysed = std::mem::take(&mut s.analysed);
        s.analyser.analyse(&query.name, query.schema, &mut analysed);
        s.token_cache.bind_index(&self.match_cache);
        s.token_cache.prefetch(&analysed);
        s.reset(self.index.names());
        s.stats.queries += 1;
        s.fields.set(query);
        s.token_cache.lookup(&analysed);
        let analysed_at = s.timing.then(Instant::now);
        align_tokens(&analysed, &mut s.aligner.query);
        s.aligner.options = align_options(&analysed, false);
        // Fields lift a score by a part of what it lacks: the name alone may be that much below.
        let lift = max_lift(&s.fields.fields(query), self.listed_fields, &self.options.fields);
        let wanted = self.lowest_threshold;
        let min_score = ((wanted - lift) / (1.0 - lift) - SCORE_EPSILON).max(SCORE_EPSILON);
        let view = self.relate(&analysed, min_score, s);
        let related_at = s.timing.then(Instant::now);
        if let Some(view) = &view {
            self.score(view, query, &analysed, min_score, s);
        }
        if let (Some(a), Some(b), Some(c)) = (start, analysed_at, related_at) {
            // To look at the clock takes as long as some queries of a small index: it is taken off.
            let scored = if view.is_some() { c.elapsed() } else { Duration::ZERO };
            let parts = [b - a, c - b, scored];
            for (sum, part) in s.stats.nanos.iter_mut().zip(parts) {
                *sum += part.saturating_sub(s.timer_overhead).as_nanos() as u64;
            }
        }
        s.analysed = analysed;
        self.rank(query, s);
        &s.hits
    }

    /// Enters the related tokens that can be part of a name that reaches `min_score`; returns the worth of each
    /// token of the query.
    ///
    /// A score reaches t only if the sum of (1 − t) · M − t · L over tokens and pairs is not negative. Every
    /// token of the query adds the best of its pairs to that, or the loss of its omission. Where even the best
    /// of all other tokens cannot make up for a pair, no name that reaches t is aligned by that pair.
    fn fill_pair_table(&self, min_score: f32, s: &mut Scratch) {
        let token_cache = std::mem::take(&mut s.token_cache);
        let concatenations = std::mem::take(&mut s.concatenations);
        let cut = s.aligner.options.cut;
        s.token_gains.clear();
        for (i, slot) in s.aligner.query.iter().enumerate() {
            let mut most = -min_score * slot.omission();
            // Pairs that no index enumerates: initials, and the end of a cut name with a longer token.
            if slot.tag == Tag::Initial || (cut && i + 1 == s.aligner.query.len()) {
                most = most.max((1.0 - min_score) * 2.0 * slot.weight);
            } else {
                most = most.max(pair_gain(min_score, INITIAL, slot.weight.min(MAX_INITIAL_WEIGHT), true));
            }
            // A join matches its tokens at once, each with its own weight at most.
            let has_concatenation =
                concatenations.iter().any(|(span, found)| !found.is_empty() && span.range().contains(&i));
            if has_concatenation {
                most = most.max((1.0 - min_score) * 2.0 * slot.weight);
            }
            s.token_gains
                .push(token_cache.matches(i).all.iter().map(|n| n.pair_gain(min_score)).fold(most, f32::max));
        }
        let total: f32 = s.token_gains.iter().sum();
        s.has_pruned_pairs = false;
        s.concatenation_matches.clear();
        s.posting_counts.clear();
        for i in 0..s.aligner.query.len() {
            let found = token_cache.matches(i);
            let others = total - s.token_gains[i];
            let (q, weight) = (Span::single(i), s.aligner.query[i].weight);
            let mut postings = 0;
            for n in &found.all {
                if min_score > 0.0 && others + n.pair_gain(min_score) < -SCORE_EPSILON {
                    s.has_pruned_pairs = true;
                } else {
                    s.pair_table.insert(q, weight, n);
                    s.concatenation_matches.extend(n.is_concatenation.then_some(*n));
                    postings += n.posting_count;
                }
            }
            s.posting_counts.push(postings);
        }
        s.has_concatenations = false;
        for (span, found) in concatenations.iter().filter(|(_, found)| !found.is_empty()) {
            s.has_concatenations = true;
            let weight = s.aligner.query[span.range()].iter().map(|t| t.weight).sum();
            for n in found {
                s.pair_table.insert(*span, weight, n);
            }
        }
        s.max_omission = if min_score > 0.0 { to_omission_units(total, min_score) } else { u32::MAX };
        s.token_cache = token_cache;
        s.concatenations = concatenations;
    }

    // Apart, for most queries of a small index end before.
    #[inline(never)]
    fn score(
        &self,
        view: &IndexView<'_>,
        query: &Query,
        name: &AnalysedName,
        min_score: f32,
        s: &mut Scratch,
    ) {
        let first = |initial: bool| {
            let slots = s.aligner.query.iter().filter(|q| (q.tag == Tag::Initial) == initial);
            slots.fold(0, |all, q| all | letter_mask(q.first))
        };
        (s.initial_letters, s.first_letters) = (first(true), first(false));
        let names = view.names;
        if self.options.exhaustive {
            self.fill_pair_table(0.0, s);
            let expansion = Expansion { token_cache: &TokenCache::default(), concatenation_matches: &[] };
            let context = QueryContext { view, query, name, expansion, min_score: 0.0 };
            (0..names.len() as u32).for_each(|number| self.score_name(&context, number, true, s));
            return;
        }
        self.fill_pair_table(min_score, s);
        let essential = self.essential(min_score, s);
        let token_cache = std::mem::take(&mut s.token_cache);
        let concatenations = std::mem::take(&mut s.concatenations);
        let is_essential = |i: usize| essential >> i & 1 == 1;
        let total: f32 = s.token_gains.iter().sum();
        // Beside a token that opens nothing, an initial in a listed name may stand for one that does.
        let essential_letters = s.aligner.query.iter().enumerate().filter(|(i, _)| is_essential(*i));
        let essential_letters = essential_letters.fold(0, |all, (_, q)| all | letter_mask(q.first));
        s.posting_runs.clear();
        for i in 0..s.aligner.query.len() {
            let found = token_cache.matches(i);
            if is_essential(i) {
                let others = total - s.token_gains[i];
                let can_pair = |n: &TokenMatch| others + n.pair_gain(min_score) >= -SCORE_EPSILON;
                for_each_posting_list(&found.all, view, can_pair, |n, names| {
                    s.add_run(1 << i, n, min_score, names)
                });
                continue;
            }
            for token in &found.with_initials {
                if s.pair_table.contains(*token) {
                    let with = view.postings(*token).iter().take_while(|p| p.has_initial());
                    with.filter(|p| p.may_match_initial(essential_letters)).for_each(|p| s.add_candidate(*p));
                }
            }
            s.add_unbounded_run();
        }
        for (span, found) in &concatenations {
            let query_mask = span_mask(*span);
            for n in found {
                if essential & query_mask != 0 {
                    s.add_run(query_mask, n, min_score, n.postings(view));
                } else {
                    let with = n
                        .postings(view)
                        .iter()
                        .filter(|p| p.has_initial() && p.may_match_initial(essential_letters));
                    with.for_each(|p| s.add_candidate(*p));
                    s.add_unbounded_run();
                }
            }
        }
        // Joins pair tokens that look unrelated: their names are told apart from the others, which most bounds
        // are for.
        for_each_posting_list(
            &s.concatenation_matches,
            view,
            |_| true,
            |_, names| s.candidate_bits.mark_candidates(names, HAS_CONCATENATION),
        );
        let expansion = Expansion { token_cache: &token_cache, concatenation_matches: &concatenations };
        let context = QueryContext { view, query, name, expansion, min_score };
        self.prune_candidates(&context, essential, s);
        let candidates = std::mem::take(&mut s.survivors);
        s.stats.candidates += candidates.len() as u64;
        for some in candidates.chunks(PREFETCH_BATCH) {
            // The records of several names are asked for before the first is needed: candidates lie far apart,
            // and waiting for one after the other is what a query would spend most of its time on.
            let mut at = [NameSpan::default(); PREFETCH_BATCH];
            some.iter().zip(&mut at).for_each(|(number, span)| *span = view.spans[*number as usize]);
            prefetch_all(&at[..some.len()], |span| view.prefetch_listed_tokens(span));
            for (number, span) in some.iter().zip(&at) {
                let has_concatenation = s.candidate_bits.contains(*number, HAS_CONCATENATION);
                if can_reach(view, span, has_concatenation, min_score, s) {
                    self.score_name(&context, *number, has_concatenation, s);
                }
            }
        }
        s.survivors = candidates;
        s.token_cache = token_cache;
        s.concatenations = concatenations;
    }

    /// Scores one listed name, and keeps it if it reaches the threshold.
    fn score_name(&self, context: &QueryContext<'_>, number: u32, has_concatenation: bool, s: &mut Scratch) {
        let &QueryContext { view, query, name, expansion, min_score } = context;
        let span = &view.spans[number as usize];
        collect_pairs(view, span, has_concatenation, s);
        if s.aligner.pairs.is_empty() {
            return;
        }
        let record = &view.names[number as usize];
        if record.weak != 0 && !self.options.weak_aliases {
            return;
        }
        s.stats.scored += 1;
        let head = name.tokens().last().map_or("", |t| name.latin(t));
        let listed = view.listed_tokens(span);
        let latin = |j: usize| view.token(listed[j].token).latin;
        s.aligner.options.listed_person = record.person != 0;
        s.aligner.add_wildcard_pairs(head.as_bytes(), latin);
        s.aligner.align_greedy(readings(name), latin, min_score, &mut s.alignment);
        if s.alignment.score < min_score {
            return;
        }
        if s.has_pruned_pairs {
            // Without the pairs left out another alignment may have been chosen than the score's own.
            collect_all_pairs(view, span, expansion, &mut s.aligner.pairs);
            s.aligner.add_wildcard_pairs(head.as_bytes(), latin);
            s.aligner.align_greedy(readings(name), latin, min_score, &mut s.alignment);
            if s.alignment.score < min_score {
                return;
            }
        }
        let entity = &self.index.entity_records()[record.entity as usize];
        let listed = Fields {
            schema: Schema::from_u8(entity.schema).unwrap_or_default(),
            gender: entity.gender(),
            dates: self.index.dates(entity),
            countries: self.index.countries(entity),
        };
        let verdict = compare(&s.fields.fields(query), &listed, &self.options.fields);
        let score = round(verdict.apply(s.alignment.score));
        if score < self.options.required(listed.schema, record.weak != 0) {
            return;
        }
        let best = s.best.entry(record.entity).or_insert((score, number));
        let place = |number: u32| view.names[number as usize].text_offset;
        if score > best.0 || (score == best.0 && place(number) < place(best.1)) {
            *best = (score, number);
        }
    }

    /// Adds the hits by identifier, orders all, and keeps the best ones.
    fn rank(&self, query: &Query, s: &mut Scratch) {
        let schema =
            |n: u32| Schema::from_u8(self.index.entity_records()[n as usize].schema).unwrap_or_default();
        let options = &self.options;
        self.for_each_identifier_match(query, |entity, score| {
            let is_hit = options.identifiers && score >= options.required(schema(entity), false);
            if is_hit && s.best.get(&entity).is_none_or(|(name, _)| *name < score) {
                s.best.insert(entity, (score, u32::MAX));
            }
        });
        s.hits.extend(s.best.iter().map(|(entity, (score, name))| RawHit {
            score: *score,
            entity: *entity,
            name: *name,
        }));
        let identity = self.index.identity();
        s.hits.sort_unstable_by(|a, b| {
            b.score.total_cmp(&a.score).then_with(|| {
                let key = |h: &RawHit| {
                    let record = &self.index.entity_records()[h.entity as usize];
                    (&identity.lists[record.list as usize].name, self.index.entity_id(h.entity))
                };
                key(a).cmp(&key(b)).then(a.entity.cmp(&b.entity))
            })
        });
        s.hits.truncate(self.options.limit);
    }
}

/// What a look at the clock takes at least.
fn timer_overhead() -> Duration {
    (0..1000).map(|_| Instant::now().elapsed()).min().unwrap_or_default()
}

/// Collects slots and related pairs of a listed name into the aligner; `has_concatenation` if it has related joins.
fn collect_pairs(view: &IndexView<'_>, span: &NameSpan, has_concatenation: bool, s: &mut Scratch) {
    let (pairs, slots) = (&mut s.aligner.pairs, &mut s.aligner.listed);
    pairs.clear();
    slots.clear();
    for (j, listed) in view.listed_tokens(span).iter().enumerate() {
        slots.push(listed.align_token());
        pairs.extend(
            s.pair_table
                .entries(listed.token)
                .map(|e| Pair::new(e.query_span, Span::single(j), e.similarity, e.kind)),
        );
    }
    for join in if has_concatenation { view.listed_concatenations(span) } else { &[] } {
        pairs.extend(
            s.pair_table
                .entries(join.token)
                .map(|e| Pair::new(e.query_span, join.span(), e.similarity, e.kind)),
        );
    }
}

/// Collects the same with the pairs that were left out.
fn collect_all_pairs(view: &IndexView<'_>, span: &NameSpan, expansion: Expansion<'_>, pairs: &mut Vec<Pair>) {
    pairs.clear();
    let mut meet = |token: u32, n: Span| {
        let single = (0..expansion.token_cache.cached.len())
            .map(|i| (Span::single(i), &*expansion.token_cache.matches(i).all));
        let has_concatenation =
            expansion.concatenation_matches.iter().map(|(span, found)| (*span, &found[..]));
        for (q, found) in single.chain(has_concatenation) {
            if let Ok(at) = found.binary_search_by_key(&token, |n| n.token) {
                pairs.push(Pair::new(q, n, found[at].similarity, found[at].kind));
            }
        }
    };
    for (j, listed) in view.listed_tokens(span).iter().enumerate() {
        meet(listed.token, Span::single(j));
    }
    for join in view.listed_concatenations(span) {
        meet(join.token, join.span());
    }
}
