//! Counting the rows of a run.

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
}
