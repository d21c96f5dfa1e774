//! Counting the rows of a run.

use crate::screen::Withheld;
use serde::{Deserialize, Serialize};

/// How many rows of a table had which outcome. `rows = screened + rejected`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RowCounts {
    /// Records read.
    pub rows: u64,
    /// Records screened.
    pub screened: u64,
    /// Records rejected.
    pub rejected: u64,
    /// Records with at least one hit that is not accepted.
    pub with_hits: u64,
    /// Hits that are not accepted.
    pub hits: u64,
    /// Accepted hits.
    pub accepted: u64,
    /// Entities whose name reaches the threshold, and that other fields take below it.
    #[serde(default)]
    pub cleared: u64,
    /// Hits beyond the limit.
    #[serde(default)]
    pub cut: u64,
    /// Entities of which only a weak alias would be a hit, and weak aliases are left out or have a threshold of their own.
    #[serde(default)]
    pub weak: u64,
}

impl RowCounts {
    /// Adds what was withheld from the hits of a name.
    pub(crate) fn withhold(&mut self, withheld: &Withheld) {
        self.cleared += withheld.cleared;
        self.cut += withheld.cut;
        self.weak += withheld.weak;
    }

    /// Whether every row read was screened or rejected.
    pub fn add_up(&self) -> bool {
        self.rows == self.screened + self.rejected
    }
}
