//! Screening a table of counterparties: rows in, hits out, in order.
//!
//! ```
//! use interdict::{Index, Screener, batch::{Batch, CsvHits}, list};
//!
//! let screener = Screener::new(Index::build(&[list::starter()])?);
//! let mut hits = CsvHits::new(Vec::new())?;
//! let summary = Batch::new(&screener).run("name\nLAZARUS GROUP\nJane Roe\n".as_bytes(), &mut hits, |_| ())?;
//! assert_eq!((summary.rows, summary.screened, summary.rejected, summary.with_hits), (2, 2, 0, 1));
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! Rows are read in chunks; the rows of a chunk are screened on all threads of the current rayon pool, and
//! written in their order, so that the output does not depend on the number of threads.
//!
//! Cost: memory of a few chunks, whatever the length of the input. Limits: the input is CSV with a header, in
//! UTF-8 or in another encoding that a byte order mark or the caller tells.

mod columns;
mod write;

pub use columns::{Columns, NAME_COLUMNS};
pub use write::{CsvHits, HitWriter, JsonHits};

use crate::entity::{Check, Identifier};
use crate::error::{Error, ErrorKind, Position, Result};
use crate::screen::{Hit, Query, Scratch, Screener, Stats};
use rayon::prelude::*;
use std::io::Read;

/// Rows that are read, screened and written together.
const CHUNK: usize = 8192;
/// Rows that one thread takes at a time.
const PIECE: usize = 256;

/// A row that was not screened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedRow {
    /// 1-based record number; the header does not count.
    pub row: u64,
    /// 1-based line on which the record begins.
    pub line: u64,
    /// Why.
    pub reason: String,
}

/// What a run did. `rows = screened + rejected`.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Records read.
    pub rows: u64,
    /// Records screened.
    pub screened: u64,
    /// Records rejected.
    pub rejected: u64,
    /// Records with at least one hit.
    pub with_hits: u64,
    /// Hits.
    pub hits: u64,
    /// The rejected records.
    pub rejects: Vec<RejectedRow>,
    /// Identifiers whose check digit or length is wrong. They are screened as they stand, and as they stand they
    /// find nothing: a mistyped number is no evidence that its holder is not listed.
    pub failed_checks: u64,
    /// The first of them: its record number, and the identifier.
    pub first_failed_check: Option<(u64, Identifier)>,
    /// Work of all threads together.
    pub stats: Stats,
    /// Seconds spent reading, screening (wall clock), and writing.
    pub seconds: [f64; 3],
}

impl Summary {
    fn check_identifiers(&mut self, query: &Query) {
        for failed in query.identifiers.iter().filter(|i| i.check() == Check::Failed) {
            self.failed_checks += 1;
            self.first_failed_check.get_or_insert_with(|| (self.rows, failed.clone()));
        }
    }
}

/// How to read and screen a table.
#[derive(Clone, Debug)]
pub struct Batch<'s> {
    screener: &'s Screener,
    name_column: Option<String>,
    schema: crate::entity::Schema,
    encoding: Option<&'static encoding_rs::Encoding>,
    timing: bool,
}

struct Row {
    number: u64,
    query: Query,
}

impl<'s> Batch<'s> {
    /// A run with this screener; the name column is found by its header.
    pub fn new(screener: &'s Screener) -> Self {
        Batch { screener, name_column: None, schema: Default::default(), encoding: None, timing: false }
    }

    /// Takes the names from this column.
    pub fn name_column(mut self, column: Option<String>) -> Self {
        self.name_column = column;
        self
    }

    /// The schema of rows that do not tell their own.
    pub fn schema(mut self, schema: crate::entity::Schema) -> Self {
        self.schema = schema;
        self
    }

    /// The encoding of the input, by its WHATWG label ("windows-1251", "gb18030"); UTF-8 where none is given,
    /// UTF-16 where a byte order mark tells it.
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

    /// Takes times into the summary's statistics.
    pub fn timing(mut self, timing: bool) -> Self {
        self.timing = timing;
        self
    }

    /// Screens all rows of `input` and gives the hits to `hits`. `progress` is called after each chunk with the
    /// rows read so far.
    ///
    /// # Errors
    ///
    /// The input is empty or has no name column, or reading or writing fails.
    pub fn run(
        &self,
        input: impl Read,
        hits: &mut dyn HitWriter,
        mut progress: impl FnMut(u64),
    ) -> Result<Summary> {
        let input = encoding_rs_io::DecodeReaderBytesBuilder::new()
            .encoding(self.encoding)
            .utf8_passthru(true)
            .strip_bom(true)
            .build(input);
        let mut reader = csv::ReaderBuilder::new().flexible(true).buffer_capacity(1 << 20).from_reader(input);
        let header = reader.byte_headers().map_err(|e| csv_error(&e))?.clone();
        if header.iter().all(|f| f.iter().all(u8::is_ascii_whitespace)) {
            return Err(Error::new(ErrorKind::Empty));
        }
        let columns = Columns::find(&header, self.name_column.as_deref())?;
        let mut summary = Summary::default();
        let mut rows: Vec<Row> = Vec::with_capacity(CHUNK);
        let mut record = csv::ByteRecord::new();
        let threads = rayon::current_num_threads();
        let mut scratches: Vec<Scratch> = (0..threads).map(|_| Scratch::with_timing(self.timing)).collect();
        let mut clock = std::time::Instant::now();
        let mut lap = |seconds: &mut f64| {
            *seconds += clock.elapsed().as_secs_f64();
            clock = std::time::Instant::now();
        };
        loop {
            rows.clear();
            let mut more = true;
            while rows.len() < CHUNK {
                more = reader.read_byte_record(&mut record).map_err(|e| csv_error(&e))?;
                if !more {
                    break;
                }
                summary.rows += 1;
                match columns.query(&record, self.schema) {
                    Ok(query) => {
                        summary.check_identifiers(&query);
                        rows.push(Row { number: summary.rows, query });
                    }
                    Err(reason) => {
                        let line = record.position().map_or(0, csv::Position::line);
                        summary.rejects.push(RejectedRow { row: summary.rows, line, reason });
                    }
                }
            }
            lap(&mut summary.seconds[0]);
            let found = screen_rows(self.screener, &rows, &mut scratches);
            lap(&mut summary.seconds[1]);
            for (row, found) in found.iter().flatten() {
                let row = &rows[*row];
                summary.with_hits += 1;
                summary.hits += found.len() as u64;
                for hit in found {
                    hits.write(row.number, &row.query.name, hit)?;
                }
            }
            lap(&mut summary.seconds[2]);
            summary.screened += rows.len() as u64;
            progress(summary.rows);
            if !more {
                break;
            }
        }
        hits.flush()?;
        summary.rejected = summary.rejects.len() as u64;
        for s in &scratches {
            summary.stats.add(&s.stats);
        }
        Ok(summary)
    }
}

/// Rows with hits, by their place in the chunk; one list for each piece.
type Found = Vec<(usize, Vec<Hit>)>;

fn screen_rows(screener: &Screener, rows: &[Row], scratches: &mut [Scratch]) -> Vec<Found> {
    // One scratch for each thread: pieces are handed out in turn, so that a slow row holds up nobody.
    let next = std::sync::atomic::AtomicUsize::new(0);
    let pieces = rows.len().div_ceil(PIECE);
    let mut found: Vec<(usize, Found)> = scratches
        .par_iter_mut()
        .with_max_len(1)
        .flat_map_iter(|scratch| {
            let mut mine = Vec::new();
            loop {
                let piece = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                if piece >= pieces {
                    return mine;
                }
                let from = piece * PIECE;
                let to = rows.len().min(from + PIECE);
                let found: Found = (from..to)
                    .filter_map(|i| {
                        let hits = screener.screen_with(&rows[i].query, scratch);
                        (!hits.is_empty()).then_some((i, hits))
                    })
                    .collect();
                mine.push((piece, found));
            }
        })
        .collect();
    found.sort_unstable_by_key(|(piece, _)| *piece);
    found.into_iter().map(|(_, f)| f).collect()
}

fn csv_error(e: &csv::Error) -> Error {
    let position =
        e.position().map_or_else(Position::default, |p| Position::record(p.record()).at_line(p.line()));
    match e.kind() {
        csv::ErrorKind::Io(io) => Error::from(std::io::Error::new(io.kind(), io.to_string())).at(position),
        _ => Error::malformed(e.to_string()).at(position),
    }
}
