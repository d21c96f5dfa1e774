//! Writing hits.

use crate::error::Result;
use crate::screen::{Change, Hit};
use serde::Serialize;
use std::io::Write;

/// Takes hits in the order of the rows.
pub trait HitWriter {
    /// Writes one hit of a row (its 1-based number) whose name was `query`.
    ///
    /// # Errors
    ///
    /// The output cannot be written.
    fn write(&mut self, row: u64, query: &str, hit: &Hit) -> Result<()>;

    /// Writes what is still held back.
    ///
    /// # Errors
    ///
    /// The output cannot be written.
    fn flush(&mut self) -> Result<()>;
}

/// The columns of hits as CSV.
pub const HIT_COLUMNS: [&str; 11] = [
    "row",
    "query",
    "score",
    "list",
    "entity_id",
    "entity_name",
    "matched_name",
    "schema",
    "program",
    "matched_by",
    "group",
];

/// Hits as CSV, one line a hit.
pub struct CsvHits<W: Write> {
    out: csv::Writer<W>,
    change: bool,
}

impl<W: Write> CsvHits<W> {
    /// Writes the header.
    ///
    /// # Errors
    ///
    /// The output cannot be written.
    pub fn new(out: W) -> Result<Self> {
        CsvHits::with_columns(out, false)
    }

    /// Writes the header with a further column `change` (new, changed, gone), for a screener made by
    /// [`Screener::since`](crate::Screener::since).
    ///
    /// # Errors
    ///
    /// The output cannot be written.
    pub fn of_change(out: W) -> Result<Self> {
        CsvHits::with_columns(out, true)
    }

    fn with_columns(out: W, change: bool) -> Result<Self> {
        let mut out = csv::WriterBuilder::new().buffer_capacity(1 << 18).from_writer(out);
        out.write_record(HIT_COLUMNS.iter().chain(change.then_some(&"change"))).map_err(io_error)?;
        Ok(CsvHits { out, change })
    }

    /// The writer behind it, with all hits written.
    ///
    /// # Errors
    ///
    /// The output cannot be written.
    pub fn into_inner(self) -> Result<W> {
        self.out.into_inner().map_err(|e| std::io::Error::new(e.error().kind(), e.error().to_string()).into())
    }
}

/// The error of the writer behind, with its own kind: a closed pipe must stay one.
fn io_error(e: csv::Error) -> crate::Error {
    match e.into_kind() {
        csv::ErrorKind::Io(io) => io.into(),
        other => std::io::Error::other(format!("{other:?}")).into(),
    }
}

impl<W: Write> HitWriter for CsvHits<W> {
    fn write(&mut self, row: u64, query: &str, hit: &Hit) -> Result<()> {
        let (row, score) = (row.to_string(), format!("{:.5}", hit.score));
        let fields = [
            row.as_str(),
            query,
            &score,
            &hit.list,
            &hit.entity_id,
            &hit.entity_name,
            &hit.matched_name,
            hit.schema.as_str(),
            &hit.program,
            hit.matched_by,
            &hit.group,
        ];
        let change = self.change.then(|| hit.change.map_or("", Change::as_str));
        self.out.write_record(fields.into_iter().chain(change)).map_err(io_error)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }
}

/// Hits as JSON, one object a line, with the keys of the CSV's columns.
pub struct JsonHits<W: Write> {
    out: W,
}

#[derive(Serialize)]
struct JsonHit<'a> {
    row: u64,
    query: &'a str,
    score: f64,
    list: &'a str,
    entity_id: &'a str,
    entity_name: &'a str,
    matched_name: &'a str,
    schema: &'a str,
    program: &'a str,
    matched_by: &'a str,
    group: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<&'a str>,
}

impl<W: Write> JsonHits<W> {
    /// Hits to this writer.
    pub fn new(out: W) -> Self {
        JsonHits { out }
    }

    /// The writer behind it.
    pub fn into_inner(self) -> W {
        self.out
    }
}

impl<W: Write> HitWriter for JsonHits<W> {
    fn write(&mut self, row: u64, query: &str, hit: &Hit) -> Result<()> {
        let score = (f64::from(hit.score) * 1e5).round() / 1e5;
        let line = JsonHit {
            row,
            query,
            score,
            list: &hit.list,
            entity_id: &hit.entity_id,
            entity_name: &hit.entity_name,
            matched_name: &hit.matched_name,
            schema: hit.schema.as_str(),
            program: &hit.program,
            matched_by: hit.matched_by,
            group: &hit.group,
            change: hit.change.map(Change::as_str),
        };
        serde_json::to_writer(&mut self.out, &line).map_err(std::io::Error::from)?;
        Ok(self.out.write_all(b"\n")?)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }
}
