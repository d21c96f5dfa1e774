//! Retrieval: from a query to the listed names that can reach the threshold, and their scores.
//!
//! Every token of the query brings the listed tokens it is related to. A name that no related token stands in
//! scores 0. The query's tokens are taken from the one with the fewest names on, until what the others could
//! match cannot reach the threshold by itself; only names of these tokens are candidates. Each candidate gets
//! an upper bound from its tokens, and what passes is scored exactly.

use super::bounds::{MARGIN, MOST_INITIAL, as_missed, can_reach, worth};
use super::candidates::{JOINED, Marks, Opened, names_of};
use super::entered::Entered;
use super::near::Near;
use super::neighbours::{Finder, Neighbour, TOGETHER, touch};
use super::relate::{Noted, Relating, bits};
use super::{Query, QueryFields, RawHit, Screener};
use crate::entity::{Gender, Schema};
use crate::index::{Index, NameSpan, Posting, Tables, letters};
use crate::name::{Analysed, Analyser, Tag};
use crate::score::align::{Aligner, Alignment, INITIAL, Pair, setting, slots};
use crate::score::fields::{Fields, compare, most_lift};
use crate::score::{readings, round};
use rustc_hash::FxHashMap;
use std::time::{Duration, Instant};

/// Counts of the work done with a [`Scratch`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Queries answered.
    pub queries: u64,
    /// Tokens whose neighbours were known already.
    pub neighbours_known: u64,
    /// Tokens whose neighbours had to be found.
    pub neighbours_found: u64,
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
        self.neighbours_known += other.neighbours_known;
        self.neighbours_found += other.neighbours_found;
        self.candidates += other.candidates;
        self.scored += other.scored;
        self.nanos.iter_mut().zip(other.nanos).for_each(|(a, b)| *a += b);
    }
}

/// All that the tokens and joins of a query are related to.
#[derive(Clone, Copy)]
pub(super) struct Related<'a> {
    pub(super) near: &'a Near,
    pub(super) joins: &'a [((u8, u8), Vec<Neighbour>)],
}

/// What stays the same for all names that a query is compared with.
pub(super) struct Asked<'a> {
    pub(super) tables: &'a Tables<'a>,
    pub(super) query: &'a Query,
    pub(super) name: &'a Analysed,
    pub(super) related: Related<'a>,
    /// What a name must reach before the other fields are looked at.
    pub(super) least: f32,
}

/// Buffers of one thread for [`Screener::screen_with`], and counts of what it did.
#[derive(Debug, Default)]
pub struct Scratch {
    analyser: Analyser,
    analysed: Analysed,
    pub(super) aligner: Aligner,
    alignment: Alignment,
    finder: Finder,
    near: Near,
    fields: QueryFields,
    joined: String,
    spans: Vec<((u8, u8), Vec<Neighbour>)>,
    pub(super) entered: Entered,
    pub(super) marks: Marks,
    pub(super) candidates: Vec<u32>,
    /// What brought the candidates, in their order.
    pub(super) opened: Vec<Opened>,
    /// The candidates that are looked at.
    pub(super) kept: Vec<u32>,
    best: FxHashMap<u32, (f32, u32)>,
    hits: Vec<RawHit>,
    pub(super) order: Vec<usize>,
    /// The most each token of the query can add, and the names its neighbours stand in.
    pub(super) worth: Vec<f32>,
    pub(super) openings: Vec<u32>,
    /// The most that a listed name can lack, as [`ListedToken::missed`](crate::index::ListedToken::missed)
    /// counts.
    pub(super) most_missing: u32,
    /// The joins of the list that tokens of the query are related to.
    pub(super) joins: Vec<Neighbour>,
    /// Whether related pairs were left out because no name that reaches the threshold needs them.
    pruned: bool,
    /// Whether a join of the query is related to anything.
    pub(super) has_joins: bool,
    /// First letters of the query's initials, and of its other tokens.
    pub(super) initials: u32,
    pub(super) letters: u32,
    /// Work done so far.
    pub stats: Stats,
    timing: bool,
    /// What a look at the clock takes, if times are taken.
    clock: Duration,
    /// Buffers for both sides of a change, beside these for what tells them apart.
    both_sides: Option<Box<Scratch>>,
}

impl Scratch {
    /// Buffers that take times into their [`Stats`] or not.
    pub fn with_timing(timing: bool) -> Self {
        let clock = if timing { clock() } else { Duration::ZERO };
        Scratch { timing, clock, ..Scratch::default() }
    }

    fn begin(&mut self, names: usize) {
        self.marks.begin(names, &self.candidates);
        self.candidates.clear();
        self.entered.clear();
        self.best.clear();
        self.hits.clear();
    }

    /// Asks both sides of a change with buffers of their own: what is known of tokens is known for one index. It is
    /// not counted as another query.
    pub(super) fn asking_both_sides<T>(&mut self, ask: impl Fn(&mut Scratch) -> T) -> T {
        let timing = self.timing;
        let own = self.both_sides.get_or_insert_with(|| Box::new(Scratch::with_timing(timing)));
        let answer = ask(own);
        let work = Stats { queries: 0, ..std::mem::take(&mut own.stats) };
        self.stats.add(&work);
        answer
    }

    /// Buffers for [`Screener::relate`].
    pub(super) fn relating<'i>(
        &mut self,
        index: &'i Index,
        least: f32,
        listed_initials: u32,
    ) -> Relating<'_, 'i> {
        Relating {
            index,
            tables: None,
            joins: &mut self.spans,
            joined: &mut self.joined,
            near: &mut self.near,
            joinable: None,
            finder: &mut self.finder,
            stats: &mut self.stats,
            q: &self.aligner.q,
            cut: self.aligner.setting.cut,
            least,
            listed_initials,
            noted: Noted::default(),
        }
    }

    /// Adds the names of a neighbour of these tokens of the query.
    fn open(&mut self, by: u64, n: &Neighbour, least: f32, names: &[Posting]) {
        let from = self.candidates.len();
        names.iter().for_each(|p| self.add_candidate(*p));
        let to = self.candidates.len();
        if from < to {
            self.opened.push(Opened { by, worth: n.worth(least), missed: n.missed, to });
        }
    }

    /// Ends the candidates of which no more is known than that they are candidates.
    fn open_unknown(&mut self) {
        self.opened.push(Opened { by: 0, worth: 0.0, missed: 0, to: self.candidates.len() });
    }

    fn add_candidate(&mut self, posting: Posting) {
        let name = posting.name();
        let second = posting.has_initial() && posting.stands_for(self.letters);
        if !self.marks.add(name, second) {
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
        s.near.turn_to(&self.neighbours);
        s.near.seek(&analysed);
        s.begin(self.index.names());
        s.stats.queries += 1;
        s.fields.set(query);
        s.near.tell(&analysed);
        let analysed_at = s.timing.then(Instant::now);
        slots(&analysed, &mut s.aligner.q);
        s.aligner.setting = setting(&analysed, false);
        // Fields lift a score by a part of what it lacks: the name alone may be that much below.
        let lift = most_lift(&s.fields.fields(query), self.listed_fields, &self.options.fields);
        let wanted = self.least_threshold;
        let least = ((wanted - lift) / (1.0 - lift) - MARGIN).max(MARGIN);
        let tables = self.relate(&analysed, least, s);
        let related_at = s.timing.then(Instant::now);
        if let Some(tables) = &tables {
            self.score(tables, query, &analysed, least, s);
        }
        if let (Some(a), Some(b), Some(c)) = (start, analysed_at, related_at) {
            // To look at the clock takes as long as some queries of a small index: it is taken off.
            let scored = if tables.is_some() { c.elapsed() } else { Duration::ZERO };
            let parts = [b - a, c - b, scored];
            for (sum, part) in s.stats.nanos.iter_mut().zip(parts) {
                *sum += part.saturating_sub(s.clock).as_nanos() as u64;
            }
        }
        s.analysed = analysed;
        self.rank(query, s);
        &s.hits
    }

    /// Enters the related tokens that can be part of a name that reaches `least`; returns the worth of each
    /// token of the query.
    ///
    /// A score reaches t only if the sum of (1 − t) · M − t · L over tokens and pairs is not negative. Every
    /// token of the query adds the best of its pairs to that, or the loss of its omission. Where even the best
    /// of all other tokens cannot make up for a pair, no name that reaches t is aligned by that pair.
    fn enter_pairs(&self, least: f32, s: &mut Scratch) {
        let near = std::mem::take(&mut s.near);
        let spans = std::mem::take(&mut s.spans);
        let cut = s.aligner.setting.cut;
        s.worth.clear();
        for (i, slot) in s.aligner.q.iter().enumerate() {
            let mut most = -least * slot.omission();
            // Pairs that no index enumerates: initials, and the end of a cut name with a longer token.
            if slot.tag == Tag::Initial || (cut && i + 1 == s.aligner.q.len()) {
                most = most.max((1.0 - least) * 2.0 * slot.weight);
            } else {
                most = most.max(worth(least, INITIAL, slot.weight.min(MOST_INITIAL), true));
            }
            // A join matches its tokens at once, each with its own weight at most.
            let joined = spans.iter().any(|((first, count), found)| {
                !found.is_empty() && (usize::from(*first)..usize::from(first + count)).contains(&i)
            });
            if joined {
                most = most.max((1.0 - least) * 2.0 * slot.weight);
            }
            s.worth.push(near.related(i).all.iter().map(|n| n.worth(least)).fold(most, f32::max));
        }
        let total: f32 = s.worth.iter().sum();
        s.pruned = false;
        s.joins.clear();
        s.openings.clear();
        for i in 0..s.aligner.q.len() {
            let found = near.related(i);
            let others = total - s.worth[i];
            let (q, weight) = ((i as u8, 1), s.aligner.q[i].weight);
            let mut postings = 0;
            for n in &found.all {
                if least > 0.0 && others + n.worth(least) < -MARGIN {
                    s.pruned = true;
                } else {
                    s.entered.enter(q, weight, n);
                    s.joins.extend(n.join.then_some(*n));
                    postings += n.postings;
                }
            }
            s.openings.push(postings);
        }
        s.has_joins = false;
        for ((first, count), found) in spans.iter().filter(|(_, found)| !found.is_empty()) {
            s.has_joins = true;
            let (from, to) = (usize::from(*first), usize::from(first + count));
            let weight = s.aligner.q[from..to].iter().map(|t| t.weight).sum();
            for n in found {
                s.entered.enter((*first, *count), weight, n);
            }
        }
        s.most_missing = if least > 0.0 { as_missed(total, least) } else { u32::MAX };
        s.near = near;
        s.spans = spans;
    }

    // Apart, for most queries of a small index end before.
    #[inline(never)]
    fn score(&self, tables: &Tables<'_>, query: &Query, name: &Analysed, least: f32, s: &mut Scratch) {
        let first = |initial: bool| {
            let slots = s.aligner.q.iter().filter(|q| (q.tag == Tag::Initial) == initial);
            slots.fold(0, |all, q| all | letters(q.first))
        };
        (s.initials, s.letters) = (first(true), first(false));
        let names = tables.names;
        if self.options.exhaustive {
            self.enter_pairs(0.0, s);
            let related = Related { near: &Near::default(), joins: &[] };
            let asked = Asked { tables, query, name, related, least: 0.0 };
            (0..names.len() as u32).for_each(|number| self.score_name(&asked, number, true, s));
            return;
        }
        self.enter_pairs(least, s);
        let openers = self.openers(least, s);
        let near = std::mem::take(&mut s.near);
        let spans = std::mem::take(&mut s.spans);
        let opens = |i: usize| openers >> i & 1 == 1;
        let total: f32 = s.worth.iter().sum();
        // Beside a token that opens nothing, an initial in a listed name may stand for one that does.
        let firsts = s.aligner.q.iter().enumerate().filter(|(i, _)| opens(*i));
        let firsts = firsts.fold(0, |all, (_, q)| all | letters(q.first));
        s.opened.clear();
        for i in 0..s.aligner.q.len() {
            let found = near.related(i);
            if opens(i) {
                let others = total - s.worth[i];
                let can_pair = |n: &Neighbour| others + n.worth(least) >= -MARGIN;
                names_of(&found.all, tables, can_pair, |n, names| s.open(1 << i, n, least, names));
                continue;
            }
            for token in &found.with_initials {
                if s.entered.contains(*token) {
                    let with = tables.postings(*token).iter().take_while(|p| p.has_initial());
                    with.filter(|p| p.stands_for(firsts)).for_each(|p| s.add_candidate(*p));
                }
            }
            s.open_unknown();
        }
        for (span, found) in &spans {
            let by = bits(*span);
            for n in found {
                if openers & by != 0 {
                    s.open(by, n, least, n.names(tables));
                } else {
                    let with = n.names(tables).iter().filter(|p| p.has_initial() && p.stands_for(firsts));
                    with.for_each(|p| s.add_candidate(*p));
                    s.open_unknown();
                }
            }
        }
        // Joins pair tokens that look unrelated: their names are told apart from the others, which most bounds
        // are for.
        names_of(&s.joins, tables, |_| true, |_, names| s.marks.mark_all(names, JOINED));
        let related = Related { near: &near, joins: &spans };
        let asked = Asked { tables, query, name, related, least };
        self.keep_candidates(&asked, openers, s);
        let candidates = std::mem::take(&mut s.kept);
        s.stats.candidates += candidates.len() as u64;
        for some in candidates.chunks(TOGETHER) {
            // The records of several names are asked for before the first is needed: candidates lie far apart,
            // and waiting for one after the other is what a query would spend most of its time on.
            let mut at = [NameSpan::default(); TOGETHER];
            some.iter().zip(&mut at).for_each(|(number, span)| *span = tables.spans[*number as usize]);
            touch(&at[..some.len()], |span| tables.touch(span));
            for (number, span) in some.iter().zip(&at) {
                let joined = s.marks.has(*number, JOINED);
                if can_reach(tables, span, joined, least, s) {
                    self.score_name(&asked, *number, joined, s);
                }
            }
        }
        s.kept = candidates;
        s.near = near;
        s.spans = spans;
    }

    /// Scores one listed name, and keeps it if it reaches the threshold.
    fn score_name(&self, asked: &Asked<'_>, number: u32, joined: bool, s: &mut Scratch) {
        let &Asked { tables, query, name, related, least } = asked;
        let span = &tables.spans[number as usize];
        gather(tables, span, joined, s);
        if s.aligner.pairs.is_empty() {
            return;
        }
        let record = &tables.names[number as usize];
        if record.weak != 0 && !self.options.weak_aliases {
            return;
        }
        s.stats.scored += 1;
        let head = name.tokens().last().map_or("", |t| name.latin(t));
        let listed = tables.listed_tokens(span);
        let latin = |j: usize| tables.view(listed[j].token).latin;
        s.aligner.setting.listed_person = record.person != 0;
        s.aligner.open_pairs(head.as_bytes(), latin);
        s.aligner.choose(readings(name), latin, least, &mut s.alignment);
        if s.alignment.score < least {
            return;
        }
        if s.pruned {
            // Without the pairs left out another alignment may have been chosen than the score's own.
            gather_all(tables, span, related, &mut s.aligner.pairs);
            s.aligner.open_pairs(head.as_bytes(), latin);
            s.aligner.choose(readings(name), latin, least, &mut s.alignment);
            if s.alignment.score < least {
                return;
            }
        }
        let entity = &self.index.entity_records()[record.entity as usize];
        let listed = Fields {
            schema: Schema::from_u8(entity.schema).unwrap_or_default(),
            gender: match entity.gender {
                1 => Some(Gender::Female),
                2 => Some(Gender::Male),
                _ => None,
            },
            dates: self.index.dates(entity),
            countries: self.index.countries(entity),
        };
        let verdict = compare(&s.fields.fields(query), &listed, &self.options.fields);
        let score = round(verdict.apply(s.alignment.score));
        if score < self.options.required(listed.schema, record.weak != 0) {
            return;
        }
        let best = s.best.entry(record.entity).or_insert((score, number));
        let place = |number: u32| tables.names[number as usize].text_offset;
        if score > best.0 || (score == best.0 && place(number) < place(best.1)) {
            *best = (score, number);
        }
    }

    /// Adds the hits by identifier, orders all, and keeps the best ones.
    fn rank(&self, query: &Query, s: &mut Scratch) {
        let schema =
            |n: u32| Schema::from_u8(self.index.entity_records()[n as usize].schema).unwrap_or_default();
        let options = &self.options;
        self.identified(query, |entity, score| {
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
fn clock() -> Duration {
    (0..1000).map(|_| Instant::now().elapsed()).min().unwrap_or_default()
}

/// Collects slots and related pairs of a listed name into the aligner; `joined` if it has related joins.
fn gather(tables: &Tables<'_>, span: &NameSpan, joined: bool, s: &mut Scratch) {
    let (pairs, slots) = (&mut s.aligner.pairs, &mut s.aligner.n);
    pairs.clear();
    slots.clear();
    for (j, listed) in tables.listed_tokens(span).iter().enumerate() {
        slots.push(listed.slot());
        pairs.extend(s.entered.of(listed.token).map(|e| Pair::new(e.q, (j as u8, 1), e.likeness, e.way)));
    }
    for join in if joined { tables.listed_joins(span) } else { &[] } {
        pairs.extend(s.entered.of(join.token).map(|e| Pair::new(e.q, join.span(), e.likeness, e.way)));
    }
}

/// Collects the same with the pairs that were left out.
fn gather_all(tables: &Tables<'_>, span: &NameSpan, related: Related<'_>, pairs: &mut Vec<Pair>) {
    pairs.clear();
    let mut meet = |token: u32, n: (u8, u8)| {
        let single = (0..related.near.told.len()).map(|i| ((i as u8, 1), &*related.near.related(i).all));
        let joined = related.joins.iter().map(|(span, found)| (*span, &found[..]));
        for (q, found) in single.chain(joined) {
            if let Ok(at) = found.binary_search_by_key(&token, |n| n.token) {
                pairs.push(Pair::new(q, n, found[at].likeness, found[at].way));
            }
        }
    };
    for (j, listed) in tables.listed_tokens(span).iter().enumerate() {
        meet(listed.token, (j as u8, 1));
    }
    for join in tables.listed_joins(span) {
        meet(join.token, join.span());
    }
}
