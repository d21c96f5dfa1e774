//! Retrieval: from a query to the listed names that can reach the threshold, and their scores.
//!
//! Every token of the query brings the listed tokens it is related to. A name that no related token stands in
//! scores 0. The query's tokens are taken from the one with the fewest names on, until what the others could
//! match cannot reach the threshold by itself; only names of these tokens are candidates. Each candidate gets
//! an upper bound from its tokens, and what passes is scored exactly.

use super::entered::Entered;
use super::near::{Near, Place};
use super::neighbours::{Finder, Found, Neighbour, TOGETHER, touch, touch_names};
use super::relate::Relating;
use super::{Query, QueryFields, RawHit, Screener};
use crate::entity::{Gender, Schema};
use crate::index::{MISSED, NameSpan, Posting, Tables, letters};
use crate::name::{Analysed, Analyser, Tag};
use crate::score::align::{
    Aligner, Alignment, CONTRADICTION, CUT_OMISSION, INITIAL, LIKENESS, NEAR, OMISSION, PREFIX, Pair,
    scarcity, setting, slots,
};
use crate::score::fields::{Fields, compare, most_lift};
use crate::score::{readings, round};
use rustc_hash::FxHashMap;

/// Scores are compared after rounding to five decimals; bounds give way by more than that.
const MARGIN: f32 = 2e-5;
/// Postings that are walked in the time of a look at a candidate.
const WALK: usize = 24;
/// The most an initial weighs.
const MOST_INITIAL: f32 = 0.3;

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
    /// Nanoseconds in analysis, neighbours, and postings with scoring; zero unless timing is on.
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
struct Related<'a> {
    tokens: &'a [Found],
    joins: &'a [((u8, u8), Vec<Neighbour>)],
}

/// What stays the same for all names that a query is compared with.
struct Asked<'a> {
    tables: &'a Tables<'a>,
    query: &'a Query,
    name: &'a Analysed,
    related: Related<'a>,
    /// What a name must reach before the other fields are looked at.
    least: f32,
}

/// Buffers of one thread for [`Screener::screen_with`], and counts of what it did.
#[derive(Debug, Default)]
pub struct Scratch {
    analyser: Analyser,
    analysed: Analysed,
    aligner: Aligner,
    alignment: Alignment,
    finder: Finder,
    near: Near,
    unknown: Vec<(usize, Place)>,
    fields: QueryFields,
    joined: String,
    spans: Vec<((u8, u8), Vec<Neighbour>)>,
    neighbourhoods: Vec<Found>,
    entered: Entered,
    /// One bit for each listed name that is a candidate already, one if it may have a second related token, and one
    /// if it has a related join.
    seen: Vec<u64>,
    second: Vec<u64>,
    with_join: Vec<u64>,
    candidates: Vec<u32>,
    /// Where the candidates of a token of the query end; without a token, those of joins and initials.
    opened: Vec<(Option<u8>, usize)>,
    /// The candidates that are looked at.
    kept: Vec<u32>,
    best: FxHashMap<u32, (f32, u32)>,
    hits: Vec<RawHit>,
    order: Vec<usize>,
    /// The most each token of the query can add, and the names its neighbours stand in.
    worth: Vec<f32>,
    openings: Vec<u32>,
    /// The most that a listed name can lack, as [`ListedToken::missed`](crate::index::ListedToken::missed)
    /// counts.
    most_missing: u32,
    /// The joins of the list that tokens of the query are related to.
    joins: Vec<Neighbour>,
    /// Whether related pairs were left out because no name that reaches the threshold needs them.
    pruned: bool,
    /// Whether a join of the query is related to anything.
    has_joins: bool,
    /// First letters of the query's initials, and of its other tokens.
    initials: u32,
    letters: u32,
    /// Work done so far.
    pub stats: Stats,
    timing: bool,
}

impl Scratch {
    /// Buffers that take times into their [`Stats`] or not.
    pub fn with_timing(timing: bool) -> Self {
        Scratch { timing, ..Scratch::default() }
    }

    fn begin(&mut self, names: usize) {
        for name in self.candidates.drain(..) {
            // Of another index the bits may be too few.
            for bits in [&mut self.seen, &mut self.second, &mut self.with_join] {
                bits.get_mut(name as usize / 64).into_iter().for_each(|word| *word = 0);
            }
        }
        self.seen.resize(names.div_ceil(64), 0);
        self.second.resize(names.div_ceil(64), 0);
        self.with_join.resize(names.div_ceil(64), 0);
        self.entered.clear();
        self.best.clear();
        self.hits.clear();
    }

    /// Buffers for [`Screener::relate`].
    pub(super) fn relating(&mut self) -> Relating<'_> {
        Relating {
            tokens: &mut self.neighbourhoods,
            joins: &mut self.spans,
            joined: &mut self.joined,
            order: &mut self.order,
            near: &mut self.near,
            unknown: &mut self.unknown,
            finder: &mut self.finder,
            stats: &mut self.stats,
            q: &self.aligner.q,
            cut: self.aligner.setting.cut,
        }
    }

    fn is_related_to_nothing(&self) -> bool {
        self.neighbourhoods.iter().all(|found| found.all.is_empty())
            && self.spans.iter().all(|(_, found)| found.is_empty())
    }

    fn add_candidate(&mut self, posting: Posting) {
        let name = posting.name();
        let (at, bit) = (name as usize / 64, 1 << (name % 64));
        let known = self.seen[at] & bit != 0;
        if !known {
            self.seen[at] |= bit;
            self.candidates.push(name);
        }
        if known || (posting.has_initial() && posting.stands_for(self.letters)) {
            self.second[at] |= bit;
        }
    }
}

impl Screener {
    /// The hits of one query as numbers, best first: for callers that need no texts.
    pub fn retrieve<'s>(&self, query: &Query, s: &'s mut Scratch) -> &'s [RawHit] {
        let start = s.timing.then(std::time::Instant::now);
        let mut analysed = std::mem::take(&mut s.analysed);
        s.analyser.analyse(&query.name, query.schema, &mut analysed);
        s.begin(self.index.names());
        s.stats.queries += 1;
        s.fields.set(query);
        let analysed_at = s.timing.then(std::time::Instant::now);
        let tables = self.index.tables();
        slots(&analysed, &mut s.aligner.q);
        s.aligner.setting = setting(&analysed, false);
        // Fields lift a score by a part of what it lacks: the name alone may be that much below.
        let lift = most_lift(&s.fields.fields(query), &self.options.fields);
        let wanted = self.options.least_threshold();
        let least = ((wanted - lift) / (1.0 - lift) - MARGIN).max(MARGIN);
        self.relate(&tables, &analysed, least, s);
        let related_at = s.timing.then(std::time::Instant::now);
        // Candidates are names of related tokens: a query without any has none.
        if self.options.exhaustive || !s.is_related_to_nothing() {
            self.score(&tables, query, &analysed, least, s);
        }
        if let (Some(a), Some(b), Some(c)) = (start, analysed_at, related_at) {
            let parts = [b - a, c - b, c.elapsed()];
            for (sum, part) in s.stats.nanos.iter_mut().zip(parts) {
                *sum += part.as_nanos() as u64;
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
        let neighbourhoods = std::mem::take(&mut s.neighbourhoods);
        let spans = std::mem::take(&mut s.spans);
        let cut = s.aligner.setting.cut;
        s.worth.clear();
        for (i, (slot, found)) in s.aligner.q.iter().zip(&neighbourhoods).enumerate() {
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
            s.worth.push(found.all.iter().map(|n| n.worth(least)).fold(most, f32::max));
        }
        let total: f32 = s.worth.iter().sum();
        s.pruned = false;
        s.joins.clear();
        s.openings.clear();
        for (i, found) in neighbourhoods.iter().enumerate() {
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
        s.neighbourhoods = neighbourhoods;
        s.spans = spans;
    }

    fn score(&self, tables: &Tables<'_>, query: &Query, name: &Analysed, least: f32, s: &mut Scratch) {
        let first = |initial: bool| {
            let slots = s.aligner.q.iter().filter(|q| (q.tag == Tag::Initial) == initial);
            slots.fold(0, |all, q| all | letters(q.first))
        };
        (s.initials, s.letters) = (first(true), first(false));
        let names = tables.names;
        if self.options.exhaustive {
            self.enter_pairs(0.0, s);
            let related = Related { tokens: &[], joins: &[] };
            let asked = Asked { tables, query, name, related, least: 0.0 };
            (0..names.len() as u32).for_each(|number| self.score_name(&asked, number, true, s));
            return;
        }
        self.enter_pairs(least, s);
        let openers = self.openers(least, s);
        let neighbourhoods = std::mem::take(&mut s.neighbourhoods);
        let spans = std::mem::take(&mut s.spans);
        let opens = |i: usize| openers >> i & 1 == 1;
        let total: f32 = s.worth.iter().sum();
        // Beside a token that opens nothing, an initial in a listed name may stand for one that does.
        let firsts = s.aligner.q.iter().enumerate().filter(|(i, _)| opens(*i));
        let firsts = firsts.fold(0, |all, (_, q)| all | letters(q.first));
        s.opened.clear();
        for (i, found) in neighbourhoods.iter().enumerate() {
            if opens(i) {
                let others = total - s.worth[i];
                let can_pair = |n: &Neighbour| others + n.worth(least) >= -MARGIN;
                names_of(&found.all, tables, can_pair, |names| {
                    names.iter().for_each(|p| s.add_candidate(*p))
                });
                s.opened.push((Some(i as u8), s.candidates.len()));
            } else {
                for token in &found.with_initials {
                    if !s.entered.contains(*token) {
                        continue;
                    }
                    let with = tables.postings(*token).iter().take_while(|p| p.has_initial());
                    with.filter(|p| p.stands_for(firsts)).for_each(|p| s.add_candidate(*p));
                }
                s.opened.push((None, s.candidates.len()));
            }
        }
        for ((first, count), found) in &spans {
            let all = openers & (((1u64 << count) - 1) << first) != 0;
            for n in found {
                let postings = n.names(tables).iter();
                let worth_it = |p: &&Posting| all || (p.has_initial() && p.stands_for(firsts));
                postings.filter(worth_it).for_each(|p| s.add_candidate(*p));
            }
        }
        s.opened.push((None, s.candidates.len()));
        // Joins pair tokens that look unrelated: their names are told apart from the others, which most bounds
        // are for.
        names_of(&s.joins, tables, |_| true, |names| mark(names, &s.seen, &mut s.with_join));
        let related = Related { tokens: &neighbourhoods, joins: &spans };
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
                let joined = s.with_join[*number as usize / 64] >> (*number % 64) & 1 == 1;
                if can_reach(tables, span, joined, least, s) {
                    self.score_name(&asked, *number, joined, s);
                }
            }
        }
        s.kept = candidates;
        s.neighbourhoods = neighbourhoods;
        s.spans = spans;
    }

    /// Keeps the candidates that can reach `least`, as far as their spans alone tell.
    ///
    /// Postings of the other tokens are walked first, and mark the candidates that have a second related token.
    /// A name that has none misses all the query's tokens but the one that brought it, and the query all of the
    /// name's, of which its span has the sum. What is not worth walking counts as related.
    fn keep_candidates(&self, asked: &Asked<'_>, openers: u64, s: &mut Scratch) {
        let &Asked { tables, related, least, .. } = asked;
        let q = &s.aligner.q;
        let (cut, last) = (s.aligner.setting.cut, q.len() - 1);
        let is_open = |i: usize| q[i].tag == Tag::Initial || (cut && i == last);
        s.order.clear();
        s.order.extend((0..q.len()).filter(|&i| openers >> i & 1 == 0 && !is_open(i)));
        // The cheapest first, as openers are chosen.
        let stake = |i: usize| s.worth[i] + least * q[i].omission();
        let cost = |i: usize| cost(s.openings[i], stake(i));
        s.order.sort_unstable_by(|&a, &b| cost(a).total_cmp(&cost(b)).then(a.cmp(&b)));
        let mut walked =
            (0..q.len()).filter(|&i| openers >> i & 1 == 1 && !is_open(i)).fold(0, |all, i| all | 1 << i);
        let is_walked = |walked: u64, i: usize| walked >> i & 1 == 1;
        let (mut to_walk, interior) = (0, ((1u64 << last) - 1) & !1);
        let total: f32 = s.worth.iter().sum();
        // What a name gains at most by one of the openers and the tokens not walked.
        let openers_stake = (0..q.len()).filter(|&i| is_walked(walked, i)).map(stake);
        let mut most_alone = total - openers_stake.clone().sum::<f32>() + openers_stake.fold(0.0, f32::max);
        for &i in &s.order {
            // No more than rules out what has no second related token.
            if most_alone < -MARGIN && (!cut || (walked & interior).count_ones() > 1) {
                break;
            }
            most_alone -= stake(i);
            to_walk += s.openings[i] as usize;
            if to_walk > WALK * s.candidates.len() {
                break;
            }
            walked |= 1u64 << i;
            let others = total - s.worth[i];
            let can_pair = |n: &Neighbour| others + n.worth(least) >= -MARGIN;
            names_of(&related.tokens[i].all, tables, can_pair, |names| mark(names, &s.seen, &mut s.second));
        }
        for joined in related.joins.iter().map(|(_, found)| found).chain([&s.joins]) {
            names_of(joined, tables, |_| true, |names| mark(names, &s.seen, &mut s.second));
        }
        // What tokens that count as related add at most and cover at most of a listed name; what the others lose.
        let (mut rest, mut covered, mut omitted) = (0.0, 0, 0.0);
        let most_missed =
            |i: usize| related.tokens[i].all.iter().map(|n| u32::from(n.missed)).max().unwrap_or(0);
        for (i, slot) in q.iter().enumerate() {
            if walked >> i & 1 == 1 {
                omitted += slot.omission();
            } else {
                rest += s.worth[i];
                covered += if is_open(i) { MISSED as u32 } else { most_missed(i) };
            }
        }
        s.kept.clear();
        let mut from = 0;
        for &(token, to) in &s.opened {
            let opened = &s.candidates[from..to];
            from = to;
            let token = token.map(usize::from).filter(|i| walked >> i & 1 == 1);
            let Some(i) = token else {
                s.kept.extend_from_slice(opened);
                continue;
            };
            // What stands behind the end of a cut name is forgiven if all its tokens from the second on are paired.
            let unpaired = walked & interior & !(1 << i);
            if cut && unpaired == 0 {
                s.kept.extend_from_slice(opened);
                continue;
            }
            let most = rest + s.worth[i] - least * (omitted - q[i].omission());
            let in_all = (most >= -MARGIN).then(|| covered + most_missed(i) + as_missed(most, least));
            let second = &s.second;
            let has_second = |name: u32| second[name as usize / 64] >> (name % 64) & 1 == 1;
            let Some(in_all) = in_all else {
                s.kept.extend(opened.iter().filter(|name| has_second(**name)));
                continue;
            };
            let missed = |name: &u32| u32::from(tables.spans[*name as usize].missed);
            for some in opened.chunks(TOGETHER) {
                touch(some, missed);
                s.kept.extend(some.iter().filter(|name| has_second(**name) || missed(name) <= in_all));
            }
        }
    }

    /// The tokens of the query, one bit each, of which every name that reaches `least` has a related one.
    ///
    /// Let O be these tokens and R the others. A name aligned by R alone gains at most the worth of R, and
    /// loses at least the omission of O.
    fn openers(&self, least: f32, s: &mut Scratch) -> u64 {
        let q = &s.aligner.q;
        let cut_end = |i: usize| s.aligner.setting.cut && i + 1 == q.len();
        s.order.clear();
        s.order.extend((0..q.len()).filter(|&i| q[i].tag != Tag::Initial && !cut_end(i)));
        // The cheapest first.
        let cost = |i: usize| cost(s.openings[i], s.worth[i] + least * q[i].omission());
        s.order.sort_unstable_by(|&a, &b| cost(a).total_cmp(&cost(b)).then(a.cmp(&b)));
        let mut rest: f32 = s.worth.iter().sum();
        let mut weighed: f32 = q.iter().map(|slot| slot.weight).sum();
        let mut omitted = 0.0;
        let mut openers = 0u64;
        let enough = |rest, weighed, omitted| enough(least, rest, weighed, omitted);
        for &i in &s.order {
            if !enough(rest, weighed, omitted) {
                return openers;
            }
            openers |= 1 << i;
            rest -= s.worth[i];
            weighed -= q[i].weight;
            omitted += q[i].omission();
        }
        // Whatever scores has a pair that the index enumerates: all tokens together miss nothing.
        if enough(rest, weighed, omitted) { u64::MAX } else { openers }
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

/// Calls `each` with the names of every neighbour that `wanted` tells.
fn names_of<'a>(
    all: &[Neighbour],
    tables: &Tables<'a>,
    wanted: impl Fn(&Neighbour) -> bool,
    mut each: impl FnMut(&'a [Posting]),
) {
    for some in all.chunks(TOGETHER) {
        touch_names(some, tables);
        some.iter().filter(|n| wanted(n)).for_each(|n| each(n.names(tables)));
    }
}

/// Marks the names of these postings that are candidates.
fn mark(postings: &[Posting], seen: &[u64], marks: &mut [u64]) {
    for p in postings {
        let (at, bit) = (p.name() as usize / 64, 1 << (p.name() % 64));
        // Few are, and what is not written need not be fetched.
        if seen[at] & bit != 0 {
            marks[at] |= bit;
        }
    }
}

/// The most that a listed name can lack, as [`ListedToken::missed`](crate::index::ListedToken::missed) counts, if
/// what is paired adds `most`.
fn as_missed(most: f32, least: f32) -> u32 {
    ((most.max(0.0) + MARGIN) / (least * OMISSION) * MISSED) as u32 + 1
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
        let single = related.tokens.iter().enumerate().map(|(i, found)| ((i as u8, 1), &*found.all));
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

/// Names to look at for each unit of what leaving a token out costs.
fn cost(names: u32, stake: f32) -> f32 {
    (names as f32 + 1.0) / (stake + 1e-6)
}

/// Whether tokens that gain `rest` and weigh `weighed` can reach `least` where `omitted` is lost beside them.
pub(super) fn enough(least: f32, rest: f32, weighed: f32, omitted: f32) -> bool {
    rest - least * omitted * scarcity(weighed) >= -MARGIN
}

impl Neighbour {
    /// What a pair with it adds.
    fn worth(&self, least: f32) -> f32 {
        worth(least, self.likeness, self.weight, self.join)
    }
}

/// What a pair adds to (1 − t) · M − t · L; of a pair that may weigh less, the most it adds.
fn worth(least: f32, likeness: f32, weight: f32, at_most: bool) -> f32 {
    let unit = (1.0 - least) * 2.0 * likeness - least * 2.0 * LIKENESS * (1.0 - likeness);
    if at_most { weight * unit.max(0.0) } else { weight * unit }
}

/// Whether a listed name can reach `least`, by a bound that looks at each of its tokens once.
///
/// With M what matches and L what is lost, a score reaches t only if (1 − t) · M − t · L ≥ 0. Each listed token
/// adds at most its best pair to this sum; tokens on either side that have no pair at all lose their omission
/// for certain, and contradict each other.
#[inline(never)]
fn can_reach(tables: &Tables<'_>, span: &NameSpan, joined: bool, least: f32, s: &Scratch) -> bool {
    // What a join pairs looks uncovered here.
    if least <= 0.0 || joined {
        return true;
    }
    let cut = s.aligner.setting.cut;
    let last = s.aligner.q.len() - 1;
    let end = if cut { s.aligner.q[last].first } else { 0 };
    // What stands behind the end of a cut name is forgiven only if the tokens before are paired in their places, all
    // but the first. Joins of the query shift places.
    let in_place = !s.has_joins;
    let mut forgivable = cut;
    let mut begins = false;
    // What nothing of the query is related to, as it is missed; of it, the most that the end of a cut name can begin.
    let (mut missing, mut begun) = (0u32, 0u32);
    // Tokens that something is related to, and those that an initial may be paired with.
    let (mut paired, mut stands) = (0u64, 0u64);
    let tokens = tables.listed_tokens(span);
    for (j, listed) in tokens.iter().enumerate() {
        let may_end = end != 0 && listed.first() == end;
        begins |= may_end;
        let initial = listed.is_initial();
        if (initial || s.initials != 0)
            && letters(listed.first()) & if initial { s.letters } else { s.initials } != 0
        {
            stands |= 1 << j;
        } else if !s.entered.contains(listed.token) {
            missing += listed.missed();
            if may_end {
                begun = begun.max(listed.missed());
            }
            forgivable &= !in_place || j == 0 || j > last || (j == last && may_end);
            // Most names are ruled out by what they have besides.
            if !forgivable && missing - begun > s.most_missing {
                return false;
            }
            continue;
        }
        paired |= 1 << j;
    }
    let (mut gain, mut weighed) = (0.0f32, 0.0f32);
    // The same weight as it contradicts.
    let (mut facing, mut begun_facing) = (0.0f32, 0.0f32);
    let mut covered = 0u64;
    // First letters that an initial of the listed name stands for.
    let mut initials = 0u32;
    for (j, listed) in tokens.iter().enumerate() {
        let slot = listed.slot();
        if paired >> j & 1 == 0 {
            facing += slot.facing();
            if end != 0 && slot.first == end {
                begun_facing = begun_facing.max(slot.facing());
            }
            continue;
        }
        if stands >> j & 1 == 1 {
            let initial = listed.is_initial();
            let weight = if initial { slot.weight } else { slot.weight.min(MOST_INITIAL) };
            initials |= if initial { letters(slot.first) } else { 0 };
            gain += (1.0 - least) * 2.0 * INITIAL * weight;
            weighed += weight;
        }
        let (mut best, mut heaviest) = (0.0f32, 0.0f32);
        for e in s.entered.of(listed.token) {
            let weight = slot.weight.min(e.weight);
            let lost = 2.0 * LIKENESS * (1.0 - e.likeness) * weight;
            best = best.max((1.0 - least) * 2.0 * e.likeness * weight - least * lost);
            heaviest = heaviest.max(weight);
            covered |= ((1u64 << e.q.1) - 1) << e.q.0;
        }
        gain += best;
        weighed += heaviest;
    }
    if begins {
        gain += (1.0 - least) * 2.0 * PREFIX * s.aligner.q[last].weight;
        weighed += s.aligner.q[last].weight;
    }
    let (mut lacking, mut against) = (0.0f32, 0.0f32);
    for (i, slot) in s.aligner.q.iter().enumerate() {
        let stands = slot.tag == Tag::Initial || initials & letters(slot.first) != 0 || (begins && i == last);
        if covered >> i & 1 == 0 && !stands {
            lacking += slot.omission();
            against += slot.facing();
        }
    }
    // The end of a cut name may begin one of the tokens.
    let forgiven = if forgivable { CUT_OMISSION } else { 1.0 };
    let missing = forgiven * OMISSION * (missing - begun) as f32 / MISSED;
    let facing = forgiven * (facing - begun_facing);
    let lost = (lacking + missing + CONTRADICTION * (1.0 - NEAR) * facing.min(against)) * scarcity(weighed);
    gain - least * lost >= -MARGIN
}
