//! Writing hits: one writer for each format.

mod csv;
mod json;
pub mod spreadsheet;
mod table;

pub use self::csv::CsvHits;
pub use json::JsonHits;
pub use table::TableHits;

use crate::error::Result;
use crate::run::{AcceptanceLookup, Columns, ScreenedHit, ScreenedRow};
use crate::screen::Hit;

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

    /// Writes the hits of a name, of which there is at least one, best first. Accepted hits, and entities that other
    /// fields cleared ([`ScreenedHit::is_cleared`]), are among them; whether they are shown is the writer's choice.
    ///
    /// # Errors
    ///
    /// The output cannot be written.
    fn write(&mut self, row: &ScreenedRow<'_>, hits: &[ScreenedHit]) -> Result<()>;

    /// Writes what is still buffered.
    ///
    /// # Errors
    ///
    /// The output cannot be written.
    fn flush(&mut self) -> Result<()>;
}

/// The records of the hits that are shown: without `acceptances` those that are not accepted, else all of
/// them, with the description of their acceptance; those that fields cleared only if `cleared`.
fn records<'h>(
    hits: &'h [ScreenedHit],
    acceptances: Option<&'h dyn AcceptanceLookup>,
    cleared: bool,
) -> impl Iterator<Item = (&'h Hit, Option<String>)> {
    hits.iter().filter(move |h| cleared || !h.is_cleared()).filter_map(move |h| {
        match (h.accepted, acceptances) {
            (None, _) => Some((&h.hit, None)),
            (Some(number), Some(acceptances)) => Some((&h.hit, Some(acceptances.describe(number)))),
            (Some(_), None) => None,
        }
    })
}
