//! Writing hits.

use super::spreadsheet::protect;
use super::{Accept, Columns, Found, Screened};
use crate::error::Result;
use crate::screen::{Change, Hit, MatchedBy};
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

/// The column that tells by whom a hit was accepted, and why; the last one, where accepted hits are shown.
pub const ACCEPTED: &str = "accepted";

/// The columns of hits as CSV; behind them stand `change` where hits are told by it, and those of
/// [`Columns::further`].
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

/// Hits as CSV, one line a hit. Accepted ones are left out unless told otherwise.
pub struct CsvHits<'a, W: Write> {
    out: csv::Writer<W>,
    change: bool,
    accepted: Option<&'a dyn Accept>,
    protect: bool,
}

impl<'a, W: Write> CsvHits<'a, W> {
    /// Hits to this writer, with cells that [no spreadsheet runs](super::spreadsheet).
    pub fn new(out: W) -> Self {
        let out = csv::WriterBuilder::new().buffer_capacity(1 << 18).from_writer(out);
        CsvHits { out, change: false, accepted: None, protect: true }
    }

    /// With a further column `change` (new, changed, gone), for a screener made by
    /// [`Screener::for_changes`](crate::Screener::for_changes).
    pub fn with_change(mut self, change: bool) -> Self {
        self.change = change;
        self
    }

    /// Shows accepted hits too, with a column `accepted` that describes the acceptance.
    pub fn show_accepted(mut self, accepted: Option<&'a dyn Accept>) -> Self {
        self.accepted = accepted;
        self
    }

    /// Whether cells that a spreadsheet would run get an apostrophe before them; at first they do.
    pub fn spreadsheet_safe(mut self, protect: bool) -> Self {
        self.protect = protect;
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

/// Whether a hit is shown, and what its acceptance says.
fn shown<'a>(
    hits: &'a [Found],
    accepted: Option<&'a dyn Accept>,
) -> impl Iterator<Item = (&'a Hit, Option<String>)> {
    hits.iter().filter_map(move |f| match (f.accepted, accepted) {
        (None, _) => Some((&f.hit, None)),
        (Some(n), Some(accepted)) => Some((&f.hit, Some(accepted.describe(n)))),
        (Some(_), None) => None,
    })
}

impl<W: Write> HitWriter for CsvHits<'_, W> {
    fn begin(&mut self, columns: &Columns) -> Result<()> {
        let change = self.change.then_some("change");
        let accepted = self.accepted.map(|_| ACCEPTED);
        let header = HIT_COLUMNS.into_iter().chain(change).chain(columns.further()).chain(accepted);
        match self.protect {
            true => self.out.write_record(header.map(|h| protect(h).into_owned())),
            false => self.out.write_record(header),
        }
        .map_err(io_error)
    }

    fn write(&mut self, row: &Screened<'_>, hits: &[Found]) -> Result<()> {
        for (hit, acceptance) in shown(hits, self.accepted) {
            let (number, score) = (row.row.to_string(), format!("{:.5}", hit.score));
            let program = hit.program();
            let values = [
                number.as_str(),
                row.name,
                &score,
                &hit.list,
                &hit.entity_id,
                &hit.entity_name,
                &hit.matched_name,
                hit.schema.as_str(),
                &program,
                hit.matched_by.as_str(),
                &hit.group,
            ];
            let change = self.change.then(|| hit.change.map_or("", Change::as_str));
            let acceptance = self.accepted.map(|_| acceptance.as_deref().unwrap_or(""));
            for value in
                values.into_iter().chain(change).chain(row.further().map(|(_, v)| v)).chain(acceptance)
            {
                match self.protect {
                    true => self.out.write_field(&*protect(value)),
                    false => self.out.write_field(value),
                }
                .map_err(io_error)?;
            }
            self.out.write_record(None::<&[u8]>).map_err(io_error)?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }
}

/// Hits as JSON, one object a line, with the keys of the CSV's columns. Accepted ones are left out unless told
/// otherwise.
pub struct JsonHits<'a, W: Write> {
    out: W,
    accepted: Option<&'a dyn Accept>,
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
    program: String,
    matched_by: MatchedBy,
    group: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<&'a str>,
    #[serde(flatten)]
    further: Further<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<String>,
}

/// The columns behind the others, as keys.
struct Further<'a>(&'a Screened<'a>);

impl Serialize for Further<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.further())
    }
}

impl<'a, W: Write> JsonHits<'a, W> {
    /// Hits to this writer.
    pub fn new(out: W) -> Self {
        JsonHits { out, accepted: None }
    }

    /// Shows accepted hits too, with a key `accepted` that describes the acceptance.
    pub fn show_accepted(mut self, accepted: Option<&'a dyn Accept>) -> Self {
        self.accepted = accepted;
        self
    }

    /// The writer behind it.
    pub fn into_inner(self) -> W {
        self.out
    }
}

impl<W: Write> HitWriter for JsonHits<'_, W> {
    fn write(&mut self, row: &Screened<'_>, hits: &[Found]) -> Result<()> {
        for (hit, accepted) in shown(hits, self.accepted) {
            let line = JsonHit {
                row: row.row,
                query: row.name,
                score: (f64::from(hit.score) * 1e5).round() / 1e5,
                list: &hit.list,
                entity_id: &hit.entity_id,
                entity_name: &hit.entity_name,
                matched_name: &hit.matched_name,
                schema: hit.schema.as_str(),
                program: hit.program(),
                matched_by: hit.matched_by,
                group: &hit.group,
                change: hit.change.map(Change::as_str),
                further: Further(row),
                accepted,
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
