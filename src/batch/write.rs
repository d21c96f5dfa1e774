//! Writing hits.

use super::{Columns, Found, Screened};
use crate::error::Result;
use crate::screen::Change;
use serde::Serialize;
use std::io::Write;

/// Takes hits in the order of the rows.
pub trait HitWriter {
    /// Called once before the first row, when the input's columns are known; not when a run is resumed, whose
    /// output has its beginning already.
    ///
    /// # Errors
    ///
    /// The output cannot be written.
    fn begin(&mut self, _columns: &Columns) -> Result<()> {
        Ok(())
    }

    /// Writes the hits of a name, of which there is at least one, best first.
    ///
    /// # Errors
    ///
    /// The output cannot be written.
    fn write(&mut self, row: &Screened<'_>, hits: &[Found]) -> Result<()>;

    /// Writes what is still held back.
    ///
    /// # Errors
    ///
    /// The output cannot be written.
    fn flush(&mut self) -> Result<()>;
}

/// The columns of hits as CSV; behind them stand those of [`Columns::further`].
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

/// Hits as CSV, one line a hit; accepted ones are left out.
pub struct CsvHits<W: Write> {
    out: csv::Writer<W>,
    change: bool,
}

impl<W: Write> CsvHits<W> {
    /// Hits to this writer.
    pub fn new(out: W) -> Self {
        CsvHits { out: csv::WriterBuilder::new().buffer_capacity(1 << 18).from_writer(out), change: false }
    }

    /// The same with a column `change` (new, changed, gone) behind `group`, for a screener made by
    /// [`Screener::since`](crate::Screener::since).
    pub fn with_change(mut self, change: bool) -> Self {
        self.change = change;
        self
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
    fn begin(&mut self, columns: &Columns) -> Result<()> {
        let change = self.change.then_some("change");
        let columns = HIT_COLUMNS.into_iter().chain(change).chain(columns.further());
        self.out.write_record(columns).map_err(io_error)
    }

    fn write(&mut self, row: &Screened<'_>, hits: &[Found]) -> Result<()> {
        for Found { hit, .. } in hits.iter().filter(|f| f.accepted.is_none()) {
            let (number, score) = (row.row.to_string(), format!("{:.5}", hit.score));
            let values = [
                number.as_str(),
                row.name,
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
            let values = values.into_iter().chain(change).chain(row.further().map(|(_, v)| v));
            self.out.write_record(values).map_err(io_error)?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }
}

/// Hits as JSON, one object a line, with the keys of the CSV's columns; accepted ones are left out.
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
    #[serde(flatten)]
    further: Further<'a>,
}

/// The columns behind the others, as keys.
struct Further<'a>(&'a Screened<'a>);

impl Serialize for Further<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.further())
    }
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
    fn write(&mut self, row: &Screened<'_>, hits: &[Found]) -> Result<()> {
        for Found { hit, .. } in hits.iter().filter(|f| f.accepted.is_none()) {
            let line = JsonHit {
                row: row.row,
                query: row.name,
                score: (f64::from(hit.score) * 1e5).round() / 1e5,
                list: &hit.list,
                entity_id: &hit.entity_id,
                entity_name: &hit.entity_name,
                matched_name: &hit.matched_name,
                schema: hit.schema.as_str(),
                program: &hit.program,
                matched_by: hit.matched_by,
                group: &hit.group,
                change: hit.change.map(Change::as_str),
                further: Further(row),
            };
            serde_json::to_writer(&mut self.out, &line).map_err(std::io::Error::from)?;
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }
}
