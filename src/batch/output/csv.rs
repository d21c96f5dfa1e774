//! Hits as CSV.

use super::spreadsheet::protect;
use super::{HitWriter, records};
use crate::error::{Error, Result};
use crate::run::{
    ACCEPTED, AcceptanceLookup, CLEARED_BY, COMPARED, Columns, HIT_COLUMNS, HitLine, QUERY_PART, QUERY_SPAN,
    ScreenedHit, ScreenedRow,
};
use std::fmt;
use std::io::{self, Write};

/// Size of the buffer in bytes: some thousand hits.
const BUFFER: usize = 1 << 18;

/// Hits as CSV, one line a hit, with the columns [`HIT_COLUMNS`] and [`Columns::extra_columns`]. Accepted
/// hits are left out unless [`CsvHits::show_accepted`] is called.
pub struct CsvHits<'a, W: Write> {
    out: csv::Writer<W>,
    change: bool,
    acceptances: Option<&'a dyn AcceptanceLookup>,
    cleared: bool,
    protect: bool,
}

impl<'a, W: Write> CsvHits<'a, W> {
    /// Hits to this writer, with cells that [no spreadsheet runs](super::spreadsheet).
    pub fn new(out: W) -> Self {
        let out = csv::WriterBuilder::new().buffer_capacity(BUFFER).from_writer(out);
        CsvHits { out, change: false, acceptances: None, cleared: false, protect: true }
    }

    /// With a column `change` (new, changed, gone), for a screener made by
    /// [`Screener::for_changes`](crate::Screener::for_changes).
    pub fn with_change(mut self, change: bool) -> Self {
        self.change = change;
        self
    }

    /// Shows accepted hits too, with a column `accepted` that describes the acceptance.
    pub fn show_accepted(mut self, acceptances: Option<&'a dyn AcceptanceLookup>) -> Self {
        self.acceptances = acceptances;
        self
    }

    /// Whether cells that a spreadsheet would run get an apostrophe before them; by default they do.
    pub fn spreadsheet_safe(mut self, protect: bool) -> Self {
        self.protect = protect;
        self
    }

    /// Shows what other fields cleared too, with a column `cleared_by` that names the fields.
    pub fn show_cleared(mut self, cleared: bool) -> Self {
        self.cleared = cleared;
        self
    }

    /// The inner writer, after all hits were written to it.
    ///
    /// # Errors
    ///
    /// The output cannot be written.
    pub fn into_inner(self) -> Result<W> {
        self.out.into_inner().map_err(|e| io::Error::new(e.error().kind(), e.error().to_string()).into())
    }

    fn write_cell(&mut self, cell: &str) -> Result<()> {
        match self.protect {
            true => self.out.write_field(&*protect(cell)),
            false => self.out.write_field(cell),
        }
        .map_err(io_error)
    }

    fn end_line(&mut self) -> Result<()> {
        self.out.write_record(None::<&[u8]>).map_err(io_error)
    }
}

/// The error of the inner writer with its own kind, by which a closed pipe is recognised.
fn io_error(e: csv::Error) -> Error {
    match e.into_kind() {
        csv::ErrorKind::Io(io) => io.into(),
        other => io::Error::other(format!("{other:?}")).into(),
    }
}

impl<W: Write> HitWriter for CsvHits<'_, W> {
    fn begin(&mut self, columns: &Columns) -> Result<()> {
        let change = self.change.then_some("change");
        let accepted = self.acceptances.map(|_| ACCEPTED);
        let cleared = self.cleared.then_some(CLEARED_BY);
        let header = HIT_COLUMNS.into_iter().chain(change).chain(cleared);
        let header = header.chain(columns.has_fields().then_some(COMPARED));
        let header =
            header.chain(columns.is_free_text().then_some([QUERY_PART, QUERY_SPAN]).into_iter().flatten());
        let header = header.chain(columns.extra_columns()).chain(accepted);
        for cell in header {
            self.write_cell(cell)?;
        }
        self.end_line()
    }

    fn write(&mut self, row: &ScreenedRow<'_>, hits: &[ScreenedHit]) -> Result<()> {
        for (hit, accepted) in records(hits, self.acceptances, self.cleared) {
            let line = HitLine::new(row, hit, accepted);
            for cell in line.cells() {
                self.write_cell(&cell.to_text())?;
            }
            if self.change {
                self.write_cell(line.hit.change.as_deref().unwrap_or_default())?;
            }
            if self.cleared {
                self.write_cell(line.hit.cleared_by.as_deref().unwrap_or_default())?;
            }
            if let Some(compared) = &line.compared {
                self.write_cell(compared)?;
            }
            if let Some((part, span)) = &line.query_part {
                self.write_cell(part)?;
                self.write_cell(span)?;
            }
            for (_, value) in &line.extra {
                self.write_cell(value)?;
            }
            if self.acceptances.is_some() {
                self.write_cell(line.hit.accepted.as_deref().unwrap_or_default())?;
            }
            self.end_line()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }
}

impl<W: Write> fmt::Debug for CsvHits<'_, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CsvHits")
            .field("change", &self.change)
            .field("protect", &self.protect)
            .finish_non_exhaustive()
    }
}
