//! Counts and times of the work that retrieval does.

use std::time::{Duration, Instant};

/// Counts of the work done with a [`Scratch`](super::Scratch).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Queries answered.
    pub queries: u64,
    /// Query tokens whose matches were cached.
    pub cached_tokens: u64,
    /// Query tokens whose matches had to be computed.
    pub computed_tokens: u64,
    /// Listed names whose tokens were looked at.
    pub candidates: u64,
    /// Listed names that were aligned.
    pub scored: u64,
    /// Nanoseconds by stage, without the time that reading the clock takes; zero unless timing is on.
    pub nanos: StageNanos,
}

/// Nanoseconds by stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StageNanos {
    /// Analysis of the name, and look-up of its tokens in the thread's cache.
    pub analysis: u64,
    /// Matches of the tokens that were not cached, and of concatenations.
    pub expansion: u64,
    /// Posting lists, candidates, bounds and scores.
    pub scoring: u64,
}

impl Stats {
    /// Adds the counts of another thread.
    pub fn add(&mut self, other: &Stats) {
        self.queries += other.queries;
        self.cached_tokens += other.cached_tokens;
        self.computed_tokens += other.computed_tokens;
        self.candidates += other.candidates;
        self.scored += other.scored;
        self.nanos.analysis += other.nanos.analysis;
        self.nanos.expansion += other.nanos.expansion;
        self.nanos.scoring += other.nanos.scoring;
    }
}

/// Takes the times of the stages, or does nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct StageTimer {
    /// What reading the clock takes at least; `None` if no times are taken. It takes as long as some queries of a small
    /// index, and is therefore taken off.
    overhead: Option<Duration>,
}

impl StageTimer {
    /// A timer that takes times.
    pub(super) fn running() -> StageTimer {
        StageTimer { overhead: Some((0..1000).map(|_| Instant::now().elapsed()).min().unwrap_or_default()) }
    }

    pub(super) fn is_running(self) -> bool {
        self.overhead.is_some()
    }

    /// The time now.
    pub(super) fn start(self) -> Option<Instant> {
        self.overhead.map(|_| Instant::now())
    }

    /// Adds the times of a query whose stages began at these times. The last one counts only if it was `entered`.
    pub(super) fn add_stages(self, nanos: &mut StageNanos, begins: [Option<Instant>; 3], entered: bool) {
        let (Some(overhead), [Some(analysis), Some(expansion), Some(scoring)]) = (self.overhead, begins)
        else {
            return;
        };
        let net = |time: Duration| time.saturating_sub(overhead).as_nanos() as u64;
        nanos.analysis += net(expansion - analysis);
        nanos.expansion += net(scoring - expansion);
        nanos.scoring += if entered { net(scoring.elapsed()) } else { 0 };
    }
}
