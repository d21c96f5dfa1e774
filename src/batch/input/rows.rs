//! Rows that come from elsewhere than a file.

use crate::error::Result;
use crate::run::Columns;
use csv::ByteRecord;
use std::fmt;

/// A table whose rows come from elsewhere than a file: a data frame, a database, another program. See
/// [`Batch::run_rows`](crate::batch::Batch::run_rows).
///
/// Its rows have the hits, the order and the rejections of the same rows as CSV: what a missing value is there, an empty
/// cell, is an empty cell here.
pub trait RowSource: Send {
    /// The header: a text for each column.
    fn header(&self) -> Vec<String>;

    /// Called once, when it is known which columns are read: see [`Columns::is_read`]. The cells of others may be left
    /// empty from then on.
    fn begin(&mut self, _columns: &Columns) {}

    /// Reads the next row: adds a cell for each column, in their order. `false`, and no cell, at the end.
    ///
    /// # Errors
    ///
    /// The source fails; the rows before are screened and written, and the run ends with this error.
    fn read(&mut self, row: &mut RowCells<'_>) -> Result<bool>;
}

/// Takes the cells of a row.
pub struct RowCells<'r>(pub(super) &'r mut ByteRecord);

impl RowCells<'_> {
    /// Adds a cell: its text in UTF-8, empty if it has no value. A row with a cell that is not UTF-8 is rejected.
    pub fn push(&mut self, cell: &[u8]) {
        self.0.push_field(cell);
    }
}

impl fmt::Debug for RowCells<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RowCells").field(&self.0).finish()
    }
}
