//! Screening: a query in, hits out.
//!
//! ```
//! use interdict::screen::{Query, Screener};
//! use interdict::{index::Index, list};
//!
//! let screener = Screener::new(Index::build(&[list::starter()])?);
//! let hits = screener.screen(&Query::name("Integrety Technolgy Group"));
//! assert_eq!(hits[0].entity_id, "50543");
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! | file | content |
//! |---|---|
//! | `query` | [`Query`]: the party that is looked for |
//! | `options` | [`Options`]: thresholds, limit and weights, with their ranges |
//! | `hit` | [`Hit`]: a listed entity that matched |
//! | `outcome` | [`Outcome`]: hits, and what the limit, other fields and the rule for weak aliases kept out of them |
//! | `explanation` | [`Explanation`]: the parts of a score |
//! | `text` | names within free text |
//! | `retrieval` | candidate generation, pruning and exact scores |
//! | `identifier_match` | hits by passport, registration, IMO number and the like |
//! | [`delta`] | what changed between two publications of the lists |
//!
//! Retrieval is complete: for every query and threshold the hits are those of [`Options::exhaustive`], which
//! compares every listed name.
//!
//! # Threads
//!
//! A [`Screener`] is `Send`, `Sync` and cheap to clone: its index and its match cache are shared. A thread that
//! screens many queries keeps a [`Scratch`] and calls [`Screener::screen_with`]; a scratch holds the caches and
//! buffers of one thread. [`Screener::screen_all`] does this on all cores for a slice of queries.
//!
//! # Cost
//!
//! Against 33,000 names, with a warm scratch, the median query takes 4 µs and the 99th percentile 40 µs; a query whose
//! tokens are new to the caches takes some 100 µs. `cargo run --release --example latency` measures it.
//!
//! # Limits
//!
//! Thresholds are in \[0.5, 1\]. A query has hits of at most [`Options::limit`] parties and of all that score 1, one for
//! each entity with its best name.

pub mod delta;
mod explanation;
pub(crate) mod hit;
mod identifier_match;
mod options;
mod outcome;
mod query;
mod retrieval;
mod scratch;
pub(crate) mod settings;
mod stats;
mod text;

use crate::error::Result;
use crate::index::Index;
use crate::score::fields::FieldPresence;
pub use delta::Change;
use delta::Delta;
pub use explanation::{
    Explanation, ExplanationRecord, FieldRecord, IdentifierRecord, PairRecord, TokenRecord,
};
pub use hit::{Hit, MatchedBy, QueryPart, RawHit};
pub use identifier_match::IdentifierMatch;
pub use options::{LOWEST_THRESHOLD, Options};
pub(crate) use outcome::PartyLimit;
pub use outcome::{Outcome, Withheld};
pub use query::Query;
pub(crate) use query::QueryFields;
use rayon::prelude::*;
use retrieval::match_cache::MatchCache;
pub use scratch::Scratch;
pub use stats::{StageNanos, Stats};
use std::sync::{Arc, OnceLock};
use text::anchors::Anchors;

/// The least number of queries that [`Screener::screen_all`] screens with one [`Scratch`]. To make one costs about as
/// much as one query.
const MIN_QUERIES_PER_SCRATCH: usize = 16;

/// Screens queries against an index.
///
/// # Examples
///
/// ```
/// use interdict::screen::{Options, Query, Screener};
/// use interdict::{Index, list};
///
/// let screener = Screener::new(Index::build(&[list::starter()])?)
///     .with_options(Options::default().threshold(0.9).limit(20))?;
/// let queries = [Query::name("Lazarus Group"), Query::name("Jane Roe Bakery")];
/// let hits = screener.screen_all(&queries);
/// assert_eq!((hits[0].len(), hits[1].len()), (1, 0));
/// # Ok::<(), interdict::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Screener {
    pub(crate) index: Index,
    pub(crate) options: Options,
    /// The lowest score of any hit by these options.
    lowest_threshold: f32,
    pub(crate) match_cache: Arc<MatchCache>,
    /// First letters of the initials in the index.
    listed_initials: u32,
    /// The fields that entities of the index have.
    listed_fields: FieldPresence,
    delta: Option<Delta>,
    /// The anchors of the listed names, collected with the first text.
    anchors: Arc<OnceLock<Anchors>>,
}

impl Screener {
    /// A screener with the default options: threshold 0.85, ten hits.
    pub fn new(index: Index) -> Self {
        let listed_initials = retrieval::expand::listed_initials(&index);
        let match_cache = Arc::new(MatchCache::new(&index.view()));
        let listed_fields = index.fields();
        let options = Options::default();
        let lowest_threshold = options.lowest_threshold();
        Screener {
            index,
            options,
            lowest_threshold,
            match_cache,
            listed_initials,
            listed_fields,
            delta: None,
            anchors: Arc::default(),
        }
    }

    /// The same screener with other options. The match cache is kept and shared.
    ///
    /// # Errors
    ///
    /// As [`Options::check`].
    pub fn with_options(mut self, options: Options) -> Result<Self> {
        options.check()?;
        let options = match &mut self.delta {
            None => options,
            Some(delta) => delta.take_options(options),
        };
        self.set_options(options);
        Ok(self)
    }

    fn set_options(&mut self, options: Options) {
        self.options = options;
        self.lowest_threshold = options.lowest_threshold();
    }

    /// The index it screens against.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The options.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Bytes held by the index and the match cache.
    pub fn memory_usage(&self) -> usize {
        let delta = self.delta.as_ref().map_or(0, Delta::memory_usage);
        let anchors = self.anchors.get().map_or(0, Anchors::memory_usage);
        self.index.memory_usage() + self.match_cache.memory_usage() + delta + anchors
    }

    /// The hits of one query, best first. [`Screener::screen_with`] is faster for many queries.
    pub fn screen(&self, query: &Query) -> Vec<Hit> {
        self.screen_with(query, &mut Scratch::default())
    }

    /// The hits of one query, best first, with the caches and buffers of a scratch.
    ///
    /// Hits are ordered by score, highest first, then by list and entity id.
    pub fn screen_with(&self, query: &Query, scratch: &mut Scratch) -> Vec<Hit> {
        let search = |scratch: &mut Scratch| -> Vec<Hit> {
            self.retrieve(query, scratch);
            self.hits(query, &scratch.hits)
        };
        match &self.delta {
            None => search(scratch),
            Some(delta) => delta.screen(query, self.options.exhaustive, scratch, search).0,
        }
    }

    /// The hits of one query, and what was withheld from them. Of a screener for changes, only what the limit cuts is
    /// counted.
    pub fn outcome(&self, query: &Query, scratch: &mut Scratch) -> Outcome {
        if let Some(delta) = &self.delta {
            let search = |scratch: &mut Scratch| {
                self.retrieve(query, scratch);
                self.hits(query, &scratch.hits)
            };
            let (hits, cut) = delta.screen(query, self.options.exhaustive, scratch, search);
            return Outcome { hits, cleared: Vec::new(), withheld: Withheld { cut, ..Withheld::default() } };
        }
        self.retrieve(query, scratch);
        Outcome {
            hits: self.hits(query, &scratch.hits),
            cleared: self.hits(query, &scratch.cleared),
            withheld: scratch.withheld,
        }
    }

    /// Reads the texts of hits.
    fn hits(&self, query: &Query, raw: &[RawHit]) -> Vec<Hit> {
        raw.iter().filter_map(|raw| self.hit(query, raw)).collect()
    }

    /// The hits of every query, in the order of the queries, screened on all cores by the current rayon thread pool.
    ///
    /// The hits are those of [`Screener::screen`], whatever the number of threads. To screen on fewer threads,
    /// call it within [`rayon::ThreadPool::install`]. [`batch`](crate::batch) screens tables that do not fit into
    /// memory.
    pub fn screen_all(&self, queries: &[Query]) -> Vec<Vec<Hit>> {
        queries
            .par_iter()
            .with_min_len(MIN_QUERIES_PER_SCRATCH)
            .map_init(Scratch::default, |scratch, query| self.screen_with(query, scratch))
            .collect()
    }
}

/// Callers share these between threads: a change that makes one thread-bound must not compile.
const _: () = {
    const fn assert_send_and_sync<T: Send + Sync>() {}
    assert_send_and_sync::<Screener>();
    assert_send_and_sync::<Index>();
    assert_send_and_sync::<Query>();
    assert_send_and_sync::<Hit>();
    assert_send_and_sync::<Options>();
    assert_send_and_sync::<Explanation>();
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_queries_have_the_hits_of_each_in_order() {
        let screener = Screener::new(Index::build(&[crate::list::starter()]).unwrap());
        let names = ["Lazarus Grop", "Jane Roe", "Integrity Technology", "Maksim Yakubets"];
        let queries: Vec<Query> = names.iter().cycle().take(1000).map(|n| Query::name(*n)).collect();
        let hits = screener.screen_all(&queries);
        assert_eq!(hits.len(), queries.len());
        for (query, hits) in queries.iter().zip(&hits) {
            assert_eq!(*hits, screener.screen(query), "{query:?}");
        }
        assert!(hits.iter().any(|h| !h.is_empty()) && hits.iter().any(Vec::is_empty));
        assert!(screener.screen_all(&[]).is_empty());
    }
}
