//! Retrieval: from a query to the listed names that can reach the threshold, and their scores.
//!
//! Every token of the query brings the listed tokens it is related to. A name that no related token stands in
//! scores 0. The query's tokens are taken from the one with the fewest names on, until what the others could
//! match cannot reach the threshold by itself; only names of these tokens are candidates. Each candidate gets
//! an upper bound from its tokens, and what passes is scored exactly.

use super::neighbours::{
    Finder, Neighbour, Neighbourhood, find_exhaustively, find_joined, find_joined_exhaustively,
};
use super::{Query, QueryFields, RawHit, Screener};
use crate::entity::{Gender, Schema};
use crate::index::{NameRecord, WITH_INITIAL};
use crate::name::{Analysed, Analyser, Tag};
use crate::score::align::{Aligner, Alignment, Pair, Slot, joins, setting, slots};
use crate::score::fields::{Fields, compare, most_lift};
use crate::score::relation::{View, Way};
use crate::score::round;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Scores are compared after rounding to five decimals; bounds give way by more than that.
const MARGIN: f32 = 2e-5;

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

/// A related listed token, as one query token or join sees it. `next` chains those of the same listed token.
#[derive(Clone, Copy, Debug)]
struct Entry {
    q: (u8, u8),
    likeness: f32,
    way: Way,
    next: u32,
}

/// Buffers of one thread for [`Screener::screen_with`], and counts of what it did.
#[derive(Debug, Default)]
pub struct Scratch {
    analyser: Analyser,
    analysed: Analysed,
    aligner: Aligner,
    alignment: Alignment,
    finder: Finder,
    fields: QueryFields,
    joined: String,
    spans: Vec<((u8, u8), Vec<Neighbour>)>,
    neighbourhoods: Vec<Arc<Neighbourhood>>,
    /// For each listed token: 1 + the first entry in `entries`, valid if `entry_epochs` is now.
    heads: Vec<u32>,
    head_epochs: Vec<u32>,
    entries: Vec<Entry>,
    /// For each listed name the query that looked at it last.
    seen: Vec<u32>,
    epoch: u32,
    best: FxHashMap<u32, (f32, u32)>,
    hits: Vec<RawHit>,
    order: Vec<usize>,
    /// Work done so far.
    pub stats: Stats,
    timing: bool,
}

impl Scratch {
    /// Buffers that take times into their [`Stats`] or not.
    pub fn with_timing(timing: bool) -> Self {
        Scratch { timing, ..Scratch::default() }
    }

    fn begin(&mut self, tokens: usize, names: usize) {
        if self.heads.len() != tokens || self.seen.len() != names || self.epoch == u32::MAX {
            self.heads = vec![0; tokens];
            self.head_epochs = vec![0; tokens];
            self.seen = vec![0; names];
            self.epoch = 0;
        }
        self.epoch += 1;
        self.entries.clear();
        self.entries.push(Entry { q: (0, 0), likeness: 0.0, way: Way::Equal, next: 0 });
        self.best.clear();
        self.hits.clear();
    }

    fn enter(&mut self, q: (u8, u8), n: &Neighbour) {
        let token = n.token as usize;
        let next = if self.head_epochs[token] == self.epoch { self.heads[token] } else { 0 };
        self.head_epochs[token] = self.epoch;
        self.heads[token] = self.entries.len() as u32;
        self.entries.push(Entry { q, likeness: n.likeness, way: n.way, next });
    }

    fn head(&self, token: u32) -> u32 {
        let token = token as usize;
        if self.head_epochs[token] == self.epoch { self.heads[token] } else { 0 }
    }
}

impl Screener {
    /// The hits of one query as numbers, best first: for callers that need no texts.
    pub fn retrieve<'s>(&self, query: &Query, s: &'s mut Scratch) -> &'s [RawHit] {
        let start = s.timing.then(std::time::Instant::now);
        let mut analysed = std::mem::take(&mut s.analysed);
        s.analyser.analyse(&query.name, query.schema, &mut analysed);
        s.begin(self.index.tokens(), self.index.names());
        s.stats.queries += 1;
        s.fields.set(query);
        let analysed_at = s.timing.then(std::time::Instant::now);
        self.relate(&analysed, s);
        let related_at = s.timing.then(std::time::Instant::now);
        self.score(query, &analysed, s);
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

    /// Finds the listed tokens that every token and join of the query is related to.
    fn relate(&self, name: &Analysed, s: &mut Scratch) {
        s.neighbourhoods.clear();
        for (i, token) in name.tokens().iter().enumerate() {
            let view = View::new(name, token);
            let found = if self.options.exhaustive {
                Arc::new(Neighbourhood::of(find_exhaustively(&view, &self.index), &self.index, view.weight))
            } else {
                let (found, known) = self.neighbours.of(&view, &self.index, &mut s.finder);
                if known {
                    s.stats.neighbours_known += 1;
                } else {
                    s.stats.neighbours_found += 1;
                }
                found
            };
            for n in &found.all {
                s.enter((i as u8, 1), n);
            }
            s.neighbourhoods.push(found);
        }
        let mut spans = std::mem::take(&mut s.spans);
        let mut joined = std::mem::take(&mut s.joined);
        let mut count = 0;
        joins(name, &mut joined, |span, text, skeleton| {
            if spans.len() == count {
                spans.push((span, Vec::new()));
            }
            let (at, found) = &mut spans[count];
            *at = span;
            if self.options.exhaustive {
                find_joined_exhaustively(text, skeleton, &self.index, found);
            } else {
                find_joined(text, skeleton, &self.index, found);
            }
            found.sort_unstable_by_key(|n| n.token);
            found.dedup_by_key(|n| n.token);
            count += usize::from(!found.is_empty());
        });
        // Buffers beyond `count` are kept for later queries; their content is of no meaning.
        for (_, found) in &mut spans[count..] {
            found.clear();
        }
        for (span, found) in &spans[..count] {
            for n in found {
                s.enter(*span, n);
            }
        }
        s.spans = spans;
        s.joined = joined;
    }

    fn score(&self, query: &Query, name: &Analysed, s: &mut Scratch) {
        slots(name, &mut s.aligner.q);
        s.aligner.setting = setting(name);
        // Fields lift a score by a part of what it lacks: the name alone may be that much below.
        let lift = most_lift(&s.fields.fields(query));
        let wanted = self.options.threshold;
        let least = ((wanted - lift) / (1.0 - lift) - MARGIN).max(MARGIN);
        let names = self.index.name_records();
        if self.options.exhaustive {
            for number in 0..names.len() as u32 {
                self.score_name(query, name, number, 0.0, s);
            }
            return;
        }
        let openers = self.openers(least, s);
        let neighbourhoods = std::mem::take(&mut s.neighbourhoods);
        let spans = std::mem::take(&mut s.spans);
        let look_at = |s: &mut Scratch, posting: u32| {
            let number = posting & !WITH_INITIAL;
            let seen = &mut s.seen[number as usize];
            if *seen != s.epoch {
                *seen = s.epoch;
                s.stats.candidates += 1;
                self.score_name(query, name, number, least, s);
            }
        };
        for (i, found) in neighbourhoods.iter().enumerate() {
            if openers >> i & 1 == 1 {
                for n in &found.all {
                    self.index.postings(n.token).iter().for_each(|p| look_at(s, *p));
                }
            } else {
                // An initial in a listed name may stand for an opener.
                for token in &found.with_initials {
                    let with = self.index.postings(*token).iter().take_while(|p| **p & WITH_INITIAL != 0);
                    with.for_each(|p| look_at(s, *p));
                }
            }
        }
        for ((first, count), found) in &spans {
            let opens = openers & (((1u64 << count) - 1) << first) != 0;
            for n in found {
                for p in self.index.postings(n.token) {
                    if opens || p & WITH_INITIAL != 0 {
                        look_at(s, *p);
                    }
                }
            }
        }
        s.neighbourhoods = neighbourhoods;
        s.spans = spans;
    }

    /// The tokens of the query, one bit each, of which every name that reaches `least` has a related one.
    ///
    /// Let O be these tokens and R the others. A name related to R alone matches at most the sum over R, and
    /// loses at least the omission of O, so that its score is at most M(R) / (M(R) + omission(O)).
    fn openers(&self, least: f32, s: &mut Scratch) -> u64 {
        let q = &s.aligner.q;
        let cut_end = |i: usize| s.aligner.setting.cut && i + 1 == q.len();
        let most = |i: usize| {
            let slot: &Slot = &q[i];
            // Pairs that no index enumerates: an initial with a name, the end of a cut name with a longer one.
            // A join matches its tokens at once, each with its own weight at most.
            let joined = s.spans.iter().any(|((first, count), found)| {
                !found.is_empty() && (usize::from(*first)..usize::from(first + count)).contains(&i)
            });
            if joined || slot.tag == Tag::Initial || cut_end(i) {
                2.0 * slot.weight
            } else {
                s.neighbourhoods[i].most
            }
        };
        s.order.clear();
        s.order.extend((0..q.len()).filter(|&i| q[i].tag != Tag::Initial && !cut_end(i)));
        let postings = |i: usize| s.neighbourhoods[i].postings as f32;
        // The cheapest first: names to look at for each unit of loss that leaving the token out costs.
        s.order.sort_by(|&a, &b| {
            let cost = |i: usize| (postings(i) + 1.0) / (q[i].omission() + 1e-6);
            cost(a).total_cmp(&cost(b)).then(a.cmp(&b))
        });
        let mut rest: f32 = (0..q.len()).map(most).sum();
        let mut omitted = 0.0;
        let mut openers = 0u64;
        let reachable = |rest: f32, omitted: f32| if rest <= 0.0 { 0.0 } else { rest / (rest + omitted) };
        for &i in &s.order {
            if reachable(rest, omitted) < least {
                return openers;
            }
            openers |= 1 << i;
            rest -= most(i);
            omitted += q[i].omission();
        }
        // Whatever scores has a pair that the index enumerates: all tokens together miss nothing.
        if reachable(rest, omitted) < least { openers } else { u64::MAX }
    }

    /// Scores one listed name, unless a bound shows that it cannot reach `least`.
    fn score_name(&self, query: &Query, name: &Analysed, number: u32, least: f32, s: &mut Scratch) {
        let record = &self.index.name_records()[number as usize];
        if !self.gather(record, least, s) {
            return;
        }
        s.stats.scored += 1;
        self.fill_slots(record, s);
        let head = name.tokens().last().map_or("", |t| name.latin(t));
        let listed = self.listed_tokens(record);
        let records = self.index.token_records();
        let mut aligner = std::mem::take(&mut s.aligner);
        aligner.open_pairs(head, |j| self.index.token_texts(&records[listed[j] as usize]).1);
        aligner.choose(&mut s.alignment);
        s.aligner = aligner;
        if s.alignment.score < least {
            return;
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
        let score = round(compare(&s.fields.fields(query), &listed).apply(s.alignment.score));
        if score < self.options.threshold {
            return;
        }
        let best = s.best.entry(record.entity).or_insert((score, number));
        if score > best.0 || (score == best.0 && number < best.1) {
            *best = (score, number);
        }
    }

    fn listed_tokens(&self, record: &NameRecord) -> &[u32] {
        let at = record.tokens_offset as usize;
        &self.index.name_tokens()[at..at + usize::from(record.tokens)]
    }

    /// The joins of a listed name: its token and its span, by twos.
    fn listed_joins(&self, record: &NameRecord) -> &[u32] {
        let at = record.tokens_offset as usize + usize::from(record.tokens);
        &self.index.name_tokens()[at..at + 2 * usize::from(record.joins)]
    }

    /// Collects the related pairs of a listed name into the aligner; false when they cannot reach `least`.
    fn gather(&self, record: &NameRecord, least: f32, s: &mut Scratch) -> bool {
        s.aligner.pairs.clear();
        let records = self.index.token_records();
        let mut most = 0.0f32;
        let mut saved = 0.0f32;
        for (j, &token) in self.listed_tokens(record).iter().enumerate() {
            let mut at = s.head(token);
            let mut best = 0.0f32;
            let weight = records[token as usize].weight;
            while at != 0 {
                let e = s.entries[at as usize];
                at = e.next;
                let q: f32 = span_weight(&s.aligner.q, e.q);
                best = best.max(2.0 * e.likeness * weight.min(q));
                s.aligner.pairs.push(Pair { q: e.q, n: (j as u8, 1), likeness: e.likeness, way: e.way });
            }
            if best > 0.0 {
                most += best;
                saved += 0.5 * weight;
            }
        }
        for join in self.listed_joins(record).chunks_exact(2) {
            let mut at = s.head(join[0]);
            while at != 0 {
                let e = s.entries[at as usize];
                at = e.next;
                let span = (join[1] as u8, (join[1] >> 8) as u8);
                most += 2.0 * e.likeness * span_weight(&s.aligner.q, e.q);
                saved = f32::INFINITY;
                s.aligner.pairs.push(Pair { q: e.q, n: span, likeness: e.likeness, way: e.way });
            }
        }
        if s.aligner.pairs.is_empty() {
            return false;
        }
        if least <= 0.0 {
            return true;
        }
        // Tokens of the listed name that nothing relates to are missing in the query, unless they are
        // initials, stand for one, or were cut off.
        let open = s.aligner.setting.cut || s.aligner.q.iter().any(|q| q.tag == Tag::Initial);
        if open || saved.is_infinite() {
            return true;
        }
        let initials: f32 = self
            .listed_tokens(record)
            .iter()
            .map(|t| &records[*t as usize])
            .filter(|r| r.tag == Tag::Initial as u8)
            .map(|r| r.weight)
            .sum();
        let most = most + 2.0 * initials;
        let missing = (record.omission - saved - 0.5 * initials).max(0.0);
        most / (most + missing) >= least
    }

    fn fill_slots(&self, record: &NameRecord, s: &mut Scratch) {
        let records = self.index.token_records();
        s.aligner.n.clear();
        let tokens = self.listed_tokens(record);
        s.aligner.n.extend(tokens.iter().map(|t| {
            let r = &records[*t as usize];
            Slot { weight: r.weight, tag: r.tag(), first: r.first }
        }));
    }

    /// Adds the hits by identifier, orders all, and keeps the best ones.
    fn rank(&self, query: &Query, s: &mut Scratch) {
        for identifier in &query.identifiers {
            for entity in self.index.entities_with_identifier(&identifier.normalized()) {
                if s.best.get(&entity).is_none_or(|(score, _)| *score < 1.0) {
                    s.best.insert(entity, (1.0, u32::MAX));
                }
            }
        }
        s.hits.extend(s.best.iter().map(|(entity, (score, name))| RawHit { score: *score, entity: *entity, name: *name }));
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

fn span_weight(slots: &[Slot], (first, count): (u8, u8)) -> f32 {
    slots[usize::from(first)..usize::from(first + count)].iter().map(|s| s.weight).sum()
}
