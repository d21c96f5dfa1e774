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
//! let counts = summary.counts;
//! assert_eq!((counts.rows, counts.screened, counts.rejected, counts.with_hits), (3, 2, 1, 1));
//! assert_eq!(rejected[0].reason.to_string(), "no name");
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! | file | content |
//! |---|---|
//! | `input` | detecting and reading the form of an input: compression, encoding, delimiter, JSON Lines, workbooks |
//! | `pipeline` | a thread that reads, threads that screen, and the caller's thread, which writes in the order of the rows |
//! | `result_cache` | the hits of queries that were screened before in the same run |
//! | `notices` | what is told of a table: rows that were mended, cells that were not understood |
//! | `output` | hits as CSV, JSON and a table for terminals; [cells that a spreadsheet would run](spreadsheet) |
//! | `checkpoint` | the journal of an unfinished run, so that it can be resumed |
//!
//! The columns of a table, rows, counts and the identity of a run are in [`run`](crate::run).
//!
//! The output does not depend on the number of threads.
//!
//! Cost: memory for a few chunks of rows (512 rows or a mebibyte each) and for the hits of the last 130,000
//! distinct queries, whatever the length of the input. Limits: [`InputLimits`].

mod checkpoint;
mod input;
mod notices;
mod output;
mod pipeline;
mod result_cache;

#[cfg(feature = "config")]
#[doc(no_inline)]
pub use crate::run::Mapping;
#[doc(no_inline)]
pub use crate::run::{
    AcceptanceLookup, ColumnChoice, Columns, Configuration, Field, InputIdentity, ListIdentity, NAME_COLUMNS,
    RejectReason, RejectedRow, RowCounts, RunIdentity, ScreenedHit, ScreenedRow,
};
pub use checkpoint::{Checkpoint, Unfinished};
#[cfg(feature = "evaluate")]
pub(crate) use input::decode_marked;
pub use input::{ByteMeter, InputHint, InputLimits, InputOptions, NO_DELIMITER, RowCells, RowSource};
pub use notices::{ReadingNotices, SilentCells, Tally};
pub use output::spreadsheet;
pub use output::{CsvHits, HitWriter, JsonHits, TableHits};

use crate::audit;
use crate::entity::{Identifier, Schema};
use crate::error::Result;
use crate::screen::{Screener, Stats};
use std::fmt;
use std::io::Read;
use std::sync::Arc;

/// The outcome of a run.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Summary {
    /// How many rows had which outcome, those before a resumed run's start included.
    pub counts: RowCounts,
    /// The form of the input: `CSV with ';', windows-1251, gzip`.
    pub input: String,
    /// Each field with its header: [`Columns::describe`].
    pub columns: String,
    /// What might be wrong with the way the input was read.
    pub hint: Option<InputHint>,
    /// What was forgiven and what was not understood in its rows.
    pub notices: ReadingNotices,
    /// Whether it was stopped before the end.
    pub stopped: bool,
    /// Names whose hits were known from an earlier row.
    pub repeated: u64,
    /// Identifiers whose check digit or length is wrong. They are screened as they are written and match
    /// nothing: a mistyped number is no evidence that its holder is not listed.
    pub failed_checks: u64,
    /// The first of them: its record number, and the identifier.
    pub first_failed_check: Option<(u64, Identifier)>,
    /// Work of all threads together.
    pub stats: Stats,
    /// Busy times of the threads.
    pub busy: BusySeconds,
}

/// Seconds in which threads worked and did not wait.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct BusySeconds {
    /// Of the thread that reads.
    pub reading: f64,
    /// Of all threads that screen.
    pub screening: f64,
    /// Of the thread that writes.
    pub writing: f64,
}

/// Takes rejected rows, in their order among themselves.
pub trait RejectWriter {
    /// Writes one.
    ///
    /// # Errors
    ///
    /// The output cannot be written.
    fn write(&mut self, row: RejectedRow) -> Result<()>;

    /// Writes what is still buffered.
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

/// What a run does after a chunk of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RunAction {
    /// Goes on.
    Continue,
    /// Writes everything that is buffered, calls [`RunObserver::saved`], and goes on.
    Save,
    /// As [`RunAction::Save`], then ends before the end of the input.
    Stop,
}

/// Follows the progress of a run and decides how it goes on.
pub trait RunObserver {
    /// Called after each chunk, and every tenth of a second while there is nothing to write.
    fn next(&mut self, _counts: &RowCounts) -> RunAction {
        RunAction::Continue
    }

    /// All rows counted have been written, and nothing is buffered. `audit` is the state of the audit trail.
    ///
    /// # Errors
    ///
    /// The run ends with this error.
    fn saved(&mut self, _counts: &RowCounts, _audit: Option<&audit::TrailState>) -> Result<()> {
        Ok(())
    }
}

/// Ignores the progress.
impl RunObserver for () {}

/// Where a run writes its results.
pub struct Outputs<'o> {
    hits: &'o mut dyn HitWriter,
    rejects: &'o mut dyn RejectWriter,
    audit: Option<&'o mut audit::Writer>,
    observer: Option<&'o mut dyn RunObserver>,
    done: RowCounts,
    meter: Arc<ByteMeter>,
}

impl<'o> Outputs<'o> {
    /// Hits and rejected rows alone.
    pub fn new(hits: &'o mut dyn HitWriter, rejects: &'o mut dyn RejectWriter) -> Self {
        let meter = Arc::default();
        Outputs { hits, rejects, audit: None, observer: None, done: RowCounts::default(), meter }
    }

    /// With an audit trail.
    pub fn audit(mut self, audit: Option<&'o mut audit::Writer>) -> Self {
        self.audit = audit;
        self
    }

    /// With an observer of the run.
    pub fn observer(mut self, observer: &'o mut dyn RunObserver) -> Self {
        self.observer = Some(observer);
        self
    }

    /// With a meter of the bytes read.
    pub fn meter(mut self, meter: Arc<ByteMeter>) -> Self {
        self.meter = meter;
        self
    }

    /// Goes on behind the rows that an earlier run has done: the outputs already hold their results.
    pub fn resume(mut self, done: RowCounts) -> Self {
        self.done = done;
        self
    }
}

impl fmt::Debug for Outputs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outputs")
            .field("done", &self.done)
            .field("meter", &self.meter)
            .finish_non_exhaustive()
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
    acceptances: Option<&'s dyn AcceptanceLookup>,
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
            acceptances: None,
            limit: usize::MAX,
        }
    }

    /// The columns to use.
    pub fn columns(mut self, columns: ColumnChoice) -> Self {
        self.columns = columns;
        self
    }

    /// How to read the input.
    pub fn input(mut self, input: InputOptions) -> Self {
        self.input = input;
        self
    }

    /// The schema of rows without one of their own.
    pub fn schema(mut self, schema: Schema) -> Self {
        self.schema = schema;
        self
    }

    /// Threads that screen, at least 1. Reading and writing have their own, which are idle most of the time.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// Measures the times of the summary's statistics.
    pub fn timing(mut self, timing: bool) -> Self {
        self.timing = timing;
        self
    }

    /// Marks hits that were accepted before.
    pub fn accept(mut self, acceptances: Option<&'s dyn AcceptanceLookup>) -> Self {
        self.acceptances = acceptances;
        self
    }

    /// The most hits of a name that are not accepted. If hits are accepted, the limit of the screener must be
    /// higher, so that accepted hits do not displace others.
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Screens all rows of `input`.
    ///
    /// # Errors
    ///
    /// The input is empty or has no name column, or reading or writing fails. Rows that were read before a
    /// failure of the input have been screened and written.
    pub fn run(&self, input: impl Read + Send, outputs: Outputs<'_>) -> Result<Summary> {
        pipeline::run(self, input, outputs)
    }

    /// Screens all rows of a source. Of the input's options, the limits of rows and fields apply.
    ///
    /// ```
    /// use interdict::batch::{Batch, CsvHits, Outputs, RowCells, RowSource};
    /// use interdict::{Index, Screener, list};
    ///
    /// struct Names(std::vec::IntoIter<&'static str>);
    ///
    /// impl RowSource for Names {
    ///     fn header(&self) -> Vec<String> {
    ///         vec!["name".to_string()]
    ///     }
    ///     fn read(&mut self, row: &mut RowCells<'_>) -> interdict::Result<bool> {
    ///         let name = self.0.next();
    ///         name.inspect(|name| row.push(name.as_bytes()));
    ///         Ok(name.is_some())
    ///     }
    /// }
    ///
    /// let screener = Screener::new(Index::build(&[list::starter()])?);
    /// let (mut hits, mut rejected) = (CsvHits::new(Vec::new()), Vec::new());
    /// let names = Names(vec!["Lazarus Grupo", "Jane Roe", ""].into_iter());
    /// let summary = Batch::new(&screener).run_rows(names, Outputs::new(&mut hits, &mut rejected))?;
    /// assert_eq!((summary.counts.rows, summary.counts.with_hits, rejected[0].row), (3, 1, 3));
    /// # Ok::<(), interdict::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The source has no name column or fails, or writing fails.
    pub fn run_rows<'r>(&self, rows: impl RowSource + 'r, outputs: Outputs<'_>) -> Result<Summary> {
        pipeline::run_table(self, input::InputTable::elsewhere(rows, &self.input), outputs)
    }
}

impl fmt::Debug for Batch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("columns", &self.columns)
            .field("input", &self.input)
            .field("schema", &self.schema)
            .field("threads", &self.threads)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
