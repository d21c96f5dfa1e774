//! The buffers of one thread.

use super::retrieval::candidates::Candidates;
use super::retrieval::exact::ScoreBuffers;
use super::retrieval::lookup::LookupBuffers;
use super::retrieval::pair_plan::PairPlan;
use super::retrieval::token_cache::TokenCache;
use super::retrieval::token_match::ConcatenationMatches;
use super::stats::{StageTimer, Stats};
use super::text::TextBuffers;
use super::{QueryFields, RawHit, Withheld};
use crate::name::{AnalysedName, Analyser};
use crate::score::align::AlignToken;

/// Buffers of one thread for [`Screener::screen_with`](super::Screener::screen_with), and counts of its work.
///
/// New buffers hold some kilobytes; they grow with the queries, to 10 MB at most for the cache of tokens. Buffers may be
/// used with one screener after another; what they cached of one index is forgotten with the next.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Kept from query to query.
    pub(super) caches: Caches,
    /// The query at hand.
    pub(super) query: QueryState,
    /// Its candidates.
    pub(super) candidates: Candidates,
    /// The scores of its candidates.
    pub(super) scoring: ScoreBuffers,
    /// For queries that are free text.
    pub(super) text: TextBuffers,
    /// Its hits.
    pub(super) hits: Vec<RawHit>,
    /// Those that other fields cleared.
    pub(super) cleared: Vec<RawHit>,
    /// What is not among the hits.
    pub(super) withheld: Withheld,
    /// Work done so far.
    pub stats: Stats,
    pub(super) timer: StageTimer,
    /// Buffers for the whole versions of the entities that changed, beside these for the parts that changed: a cache is
    /// of one index.
    version_scratch: Option<Box<Scratch>>,
}

/// What is worth keeping from query to query.
#[derive(Debug, Default)]
pub(super) struct Caches {
    pub(super) analyser: Analyser,
    pub(super) token_cache: TokenCache,
    pub(super) lookup: LookupBuffers,
}

/// What is known of one query.
#[derive(Debug, Default)]
pub(super) struct QueryState {
    /// The analysed name, and its tokens as the alignment sees them.
    pub(super) name: AnalysedName,
    pub(super) tokens: Vec<AlignToken>,
    pub(super) fields: QueryFields,
    /// The matches of its concatenations, and a buffer for the text of one.
    pub(super) concatenations: ConcatenationMatches,
    pub(super) text: String,
    pub(super) plan: PairPlan,
}

impl Scratch {
    /// Buffers that take times into their [`Stats`] or not.
    pub fn with_timing(timing: bool) -> Self {
        let timer = if timing { StageTimer::running() } else { StageTimer::default() };
        Scratch { timer, ..Scratch::default() }
    }

    /// Forgets the hits of the query before.
    pub(super) fn clear(&mut self) {
        self.scoring.best.clear();
        self.hits.clear();
        self.cleared.clear();
        self.withheld = Withheld::default();
    }

    /// Screens the whole versions of changed entities with buffers of their own. It is not counted as another query.
    pub(super) fn with_version_scratch<T>(&mut self, screen: impl Fn(&mut Scratch) -> T) -> T {
        let timing = self.timer.is_running();
        let scratch = self.version_scratch.get_or_insert_with(|| Box::new(Scratch::with_timing(timing)));
        let answer = screen(scratch);
        let work = Stats { queries: 0, ..std::mem::take(&mut scratch.stats) };
        self.stats.add(&work);
        answer
    }
}
