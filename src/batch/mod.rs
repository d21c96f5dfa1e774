//! Screening a table of counterparties: rows in, hits out, in order.
//!
//! ```
//! use interdict::{Index, Screener, batch::{Batch, CsvHits, Outputs}, list};
//!
//! let screener = Screener::new(Index::build(&[list::starter()])?);
//! let mut hits = CsvHits::new(Vec::new());
//! let mut rejected = Vec::new();
//! let input = "company;country\nLAZARUS GROUP;kp\nJane Roe;us\n;us\n".as_bytes();
//! let summary = Batch::new(&screener).run(input, Outputs::new(&mut hits, &mut rejected))?;
//! assert_eq!((summary.rows, summary.screened, summary.rejected, summary.with_hits), (3, 2, 1, 1));
//! assert_eq!(rejected[0].reason, "no name");
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! | file | what |
//! |---|---|
//! | `input` | what an input is written in: compression, encoding, delimiter, JSON Lines, workbooks |
//! | `columns` | which column holds what |
//! | `run` | a thread that reads, threads that screen, and the caller's thread, which writes in the order of the rows |
//! | `duplicates` | answers given before in the same run |
//! | `write` | hits as CSV and JSON |
//! | [`spreadsheet`] | cells that a spreadsheet would run |
//! | `table` | hits as a table for a terminal |
//! | `checkpoint` | what is kept of an unfinished run, so that it can be resumed |
//!
//! The output does not depend on the number of threads.
//!
//! Cost: memory of a few chunks of rows (512 rows or a mebibyte each) and of the last 130,000 distinct queries'
//! answers, whatever the length of the input. Limits: a record has at most 64 MiB.

mod checkpoint;
mod columns;
mod duplicates;
mod input;
mod row;
mod run;
pub mod spreadsheet;
mod table;
mod write;

pub use checkpoint::{Checkpoint, Configuration, Identity, InputIdentity, Unfinished};
pub(crate) use columns::set_query;
pub use columns::{ColumnChoice, Columns, Field, NAME_COLUMNS};
pub use input::{InputOptions, Meter};
pub use row::{Accept, Found, RejectedRow, Screened};
pub use table::TableHits;
pub use write::{CsvHits, HitWriter, JsonHits};

use crate::audit;
use crate::entity::{Identifier, Schema};
use crate::error::{Error, Result};
use crate::screen::{Screener, Stats};
use serde::{Deserialize, Serialize};
use std::io::Read;
use std::sync::Arc;

/// How many rows came to what. `rows = screened + rejected`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
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

/// What a run did.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// How many rows came to what, those before a resumed run's start included.
    pub counts: Counts,
    /// What the input is written in: `CSV with ';', windows-1251, gzip`.
    pub input: String,
    /// Which field was found under which header.
    pub columns: String,
    /// What might be wrong with the way the input was read.
    pub hint: Option<String>,
    /// Whether it was stopped before the end.
    pub stopped: bool,
    /// Names whose answer was known from an earlier row.
    pub repeated: u64,
    /// Identifiers whose check digit or length is wrong. They are screened as they stand, and as they stand they
    /// find nothing: a mistyped number is no evidence that its holder is not listed.
    pub failed_checks: u64,
    /// The first of them: its record number, and the identifier.
    pub first_failed_check: Option<(u64, Identifier)>,
    /// Work of all threads together.
    pub stats: Stats,
    /// Busy seconds of the thread that reads, of all threads that screen, and of the one that writes.
    pub seconds: [f64; 3],
}

impl std::ops::Deref for Summary {
    type Target = Counts;

    fn deref(&self) -> &Counts {
        &self.counts
    }
}

/// Takes rejected rows, in their order among themselves.
pub trait RejectWriter {
    /// Writes one.
    ///
    /// # Errors
    ///
    /// The output cannot be written.
    fn write(&mut self, row: RejectedRow) -> Result<()>;

    /// Writes what is still held back.
    ///
    /// # Errors
    ///
    /// The output cannot be written.
    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

impl RejectWriter for Vec<RejectedRow> {
    fn write(&mut self, row: RejectedRow) -> Result<()> {
        self.push(row);
        Ok(())
    }
}

/// What a run does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Goes on.
    Continue,
    /// Writes everything that is held back, calls [`Watch::saved`], and goes on.
    Save,
    /// As [`Step::Save`], then ends before the end of the input.
    Stop,
}

/// Follows a run.
pub trait Watch {
    /// Called after each chunk, and now and then while there is nothing to write.
    fn next(&mut self, _counts: &Counts) -> Step {
        Step::Continue
    }

    /// All rows counted have been written, and nothing is held back. `audit` is the state of the audit trail.
    ///
    /// # Errors
    ///
    /// The run ends with this error.
    fn saved(&mut self, _counts: &Counts, _audit: Option<&audit::State>) -> Result<()> {
        Ok(())
    }
}

/// Follows nothing.
impl Watch for () {}

/// Where a run's results go.
pub struct Outputs<'o> {
    hits: &'o mut dyn HitWriter,
    rejects: &'o mut dyn RejectWriter,
    audit: Option<&'o mut audit::Writer>,
    watch: Option<&'o mut dyn Watch>,
    done: Counts,
    meter: Arc<Meter>,
}

impl<'o> Outputs<'o> {
    /// Hits and rejected rows alone.
    pub fn new(hits: &'o mut dyn HitWriter, rejects: &'o mut dyn RejectWriter) -> Self {
        let meter = Arc::default();
        Outputs { hits, rejects, audit: None, watch: None, done: Counts::default(), meter }
    }

    /// With an audit trail.
    pub fn audit(mut self, audit: Option<&'o mut audit::Writer>) -> Self {
        self.audit = audit;
        self
    }

    /// With somebody who follows the run.
    pub fn watch(mut self, watch: &'o mut dyn Watch) -> Self {
        self.watch = Some(watch);
        self
    }

    /// With a meter of the bytes read.
    pub fn meter(mut self, meter: Arc<Meter>) -> Self {
        self.meter = meter;
        self
    }

    /// Goes on behind the rows that an earlier run has done: the outputs already hold their results.
    pub fn resume(mut self, done: Counts) -> Self {
        self.done = done;
        self
    }
}

/// How to read and screen a table.
#[derive(Clone)]
pub struct Batch<'s> {
    screener: &'s Screener,
    columns: ColumnChoice,
    input: InputOptions,
    schema: Schema,
    threads: usize,
    timing: bool,
    accept: Option<&'s dyn Accept>,
    limit: usize,
}

impl<'s> Batch<'s> {
    /// A run with this screener; the columns are found by their headers, and all processors are used.
    pub fn new(screener: &'s Screener) -> Self {
        Batch {
            screener,
            columns: ColumnChoice::default(),
            input: InputOptions::default(),
            schema: Schema::default(),
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            timing: false,
            accept: None,
            limit: usize::MAX,
        }
    }

    /// Which columns to use.
    pub fn columns(mut self, columns: ColumnChoice) -> Self {
        self.columns = columns;
        self
    }

    /// How to read the input.
    pub fn input(mut self, input: InputOptions) -> Self {
        self.input = input;
        self
    }

    /// The schema of rows that do not tell their own.
    pub fn schema(mut self, schema: Schema) -> Self {
        self.schema = schema;
        self
    }

    /// Threads that screen, at least 1. Reading and writing have their own, which idle most of the time.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// Takes times into the summary's statistics.
    pub fn timing(mut self, timing: bool) -> Self {
        self.timing = timing;
        self
    }

    /// Hits that were accepted before are marked.
    pub fn accept(mut self, accept: Option<&'s dyn Accept>) -> Self {
        self.accept = accept;
        self
    }

    /// The most hits of a name that are not accepted. Where hits are accepted the screener must look for more, so
    /// that they do not push others out.
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Screens all rows of `input`.
    ///
    /// # Errors
    ///
    /// The input is empty or has no name column, or reading or writing fails. What was read before a
    /// failure of the input has been screened and written.
    pub fn run(&self, input: impl Read + Send, outputs: Outputs<'_>) -> Result<Summary> {
        run::run(self, input, outputs)
    }
}

impl InputOptions {
    /// The encoding of the input by its WHATWG label ("windows-1251", "gb18030").
    ///
    /// # Errors
    ///
    /// The label is not known.
    pub fn encoding(mut self, label: Option<&str>) -> Result<Self> {
        self.encoding = match label {
            None => None,
            Some(label) => Some(
                encoding_rs::Encoding::for_label(label.as_bytes())
                    .ok_or_else(|| Error::config(format!("the encoding '{label}' is not known")))?,
            ),
        };
        Ok(self)
    }
}
