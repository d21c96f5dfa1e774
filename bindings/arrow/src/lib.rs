//! Screening of Arrow tables: batches of rows in, batches of hits out.
//!
//! The bindings for Python and C are made of this. A table of pandas, Polars, DuckDB, Spark or another program that
//! speaks Arrow goes through the same run as a file of the program: the same columns are found, the same rows are rejected,
//! and the hits are the same.
//!
//! ```
//! use arrow_array::{RecordBatch, RecordBatchIterator, StringArray};
//! use interdict::{Index, Screener, list};
//! use interdict_arrow::TableScreener;
//! use std::sync::Arc;
//!
//! let screener = Screener::new(Index::build(&[list::starter()])?);
//! let names = StringArray::from(vec![Some("Lazarus Grupo"), Some("Jane Roe"), None]);
//! let table = RecordBatch::try_from_iter([("customer", Arc::new(names) as _)])?;
//! let input = RecordBatchIterator::new([Ok(table.clone())], table.schema());
//!
//! let mut hits = TableScreener::new(&screener).screen(Box::new(input))?;
//! let batch = hits.next().unwrap()?;
//! assert_eq!((batch.num_rows(), batch.schema().field(5).name().as_str()), (1, "entity_name"));
//! assert!(hits.next().is_none());
//!
//! let progress = hits.progress().snapshot();
//! assert_eq!((progress.counts.rows, progress.counts.screened, progress.counts.hits), (3, 2, 1));
//! assert_eq!((progress.rejected[0].row, progress.rejected[0].reason.to_string()), (3, "no name".to_string()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | file | content |
//! |---|---|
//! | `cells` | columns as texts: strings of all kinds, dictionaries, lists, numbers, dates |
//! | `source` | the rows of batches, as the library reads them |
//! | `hits` | [the schema of hits](hit_schema), and hits as batches |
//! | `stream` | [`HitBatches`]: a screening under way |
//!
//! Cost: that of the library's tables; a row is copied once. Memory: three batches of the input, sixteen of hits, and what a
//! [batch of the library](interdict::batch) holds, whatever the length of the table. Limits: names are texts; birth dates
//! are texts, dates or times without a named time zone; other fields may also be numbers or lists of texts.

mod cells;
mod hits;
mod source;
mod stream;

pub use hits::hit_schema;
pub use stream::{HitBatches, Input, Next, Progress, ProgressHandle};

use arrow_array::RecordBatchReader;
use arrow_schema::SchemaRef;
use interdict::batch::{Batch, ColumnChoice, Columns};
use interdict::entity::Schema;
use interdict::{Error, Result, Screener};
use source::{BatchRows, CarriedRows};
use std::sync::mpsc::sync_channel;
use stream::{Event, READ_AHEAD, Shown, Sink, WAITING};

/// How to screen tables.
#[derive(Clone, Debug)]
pub struct TableScreener {
    screener: Screener,
    columns: ColumnChoice,
    schema: Schema,
    threads: Option<usize>,
    shown: Shown,
}

impl TableScreener {
    /// Screens with this screener, on all processors; columns are found by their headers.
    pub fn new(screener: &Screener) -> Self {
        TableScreener {
            screener: screener.clone(),
            columns: ColumnChoice::default(),
            schema: Schema::default(),
            threads: None,
            shown: Shown::default(),
        }
    }

    /// The columns to use. Carried columns keep their type.
    pub fn columns(mut self, columns: ColumnChoice) -> Self {
        self.columns = columns;
        self
    }

    /// The schema of rows without one of their own.
    pub fn schema(mut self, schema: Schema) -> Self {
        self.schema = schema;
        self
    }

    /// Threads that screen; all processors by default.
    pub fn threads(mut self, threads: Option<usize>) -> Self {
        self.threads = threads;
        self
    }

    /// Whether the hits that other fields cleared are shown too, with the fields in `cleared_by`.
    pub fn show_cleared(mut self, shown: bool) -> Self {
        self.shown.cleared = shown;
        self
    }

    /// Whether rejected rows are among the hits, with the reason in `rejected`. Otherwise they are in
    /// [`Progress::rejected`].
    pub fn show_rejected(mut self, shown: bool) -> Self {
        self.shown.rejected = shown;
        self
    }

    /// The schema of the hits of a table with this schema.
    ///
    /// # Errors
    ///
    /// As [`TableScreener::screen`].
    pub fn schema_of_hits(&self, table: &SchemaRef) -> Result<SchemaRef> {
        self.plan(table).map(|(schema, _)| schema)
    }

    /// The schema of hits, and the numbers of the columns that are carried.
    fn plan(&self, table: &SchemaRef) -> Result<(SchemaRef, CarriedRows)> {
        let header = source::header(table);
        let columns = Columns::find(header.iter().map(String::as_bytes), &self.columns)?;
        source::check_types(table, &columns)?;
        let carried: Vec<_> = columns.carried().iter().map(|at| table.field(*at).clone()).collect();
        Ok((hits::schema_with(&carried), CarriedRows::new(columns.carried())))
    }

    /// Screens a table. Nothing of it is read before hits are asked for.
    ///
    /// # Errors
    ///
    /// The table has no name column, or lacks a column of the choice, or one that is read has a type that cannot be.
    pub fn screen(self, input: Input) -> Result<HitBatches> {
        let table = input.schema();
        let (schema, carried) = self.plan(&table)?;
        let (to_screen, batches) = sync_channel(READ_AHEAD);
        let (sender, events) = sync_channel(WAITING);
        let progress = ProgressHandle::default();
        let rows = BatchRows::new(table, batches, sender.clone(), carried.clone());
        let sink = Sink::new((schema.clone(), carried), self.shown, sender.clone(), progress.clone());
        let thread = std::thread::Builder::new().name("interdict".to_string()).spawn(move || {
            let mut batch = Batch::new(&self.screener).columns(self.columns).schema(self.schema);
            batch = batch.limit(self.screener.options().limit);
            if let Some(threads) = self.threads {
                batch = batch.threads(threads);
            }
            let result = sink.run(&batch, rows);
            // Nobody takes it if the screening was given up.
            let _ = sender.send(Event::Done(Box::new(result)));
        });
        let thread = thread.map_err(Error::from)?;
        Ok(HitBatches::new(schema, input, to_screen, events, (thread, progress)))
    }
}
