//! Hits as JSON Lines.

use super::{HitWriter, records};
use crate::error::Result;
use crate::run::{AcceptanceLookup, HitLine, ScreenedHit, ScreenedRow};
use std::fmt;
use std::io::Write;

/// Hits as JSON, one object a line, with the keys of the CSV's columns. Accepted hits are left out unless
/// [`JsonHits::show_accepted`] is called.
pub struct JsonHits<'a, W: Write> {
    out: W,
    acceptances: Option<&'a dyn AcceptanceLookup>,
    cleared: bool,
}

impl<'a, W: Write> JsonHits<'a, W> {
    /// Hits to this writer.
    pub fn new(out: W) -> Self {
        JsonHits { out, acceptances: None, cleared: false }
    }

    /// Shows accepted hits too, with a key `accepted` that describes the acceptance.
    pub fn show_accepted(mut self, acceptances: Option<&'a dyn AcceptanceLookup>) -> Self {
        self.acceptances = acceptances;
        self
    }

    /// Shows what other fields cleared too, with a column `cleared_by` that names the fields.
    pub fn show_cleared(mut self, cleared: bool) -> Self {
        self.cleared = cleared;
        self
    }

    /// The inner writer.
    pub fn into_inner(self) -> W {
        self.out
    }
}

impl<W: Write> HitWriter for JsonHits<'_, W> {
    fn write(&mut self, row: &ScreenedRow<'_>, hits: &[ScreenedHit]) -> Result<()> {
        for (hit, accepted) in records(hits, self.acceptances, self.cleared) {
            serde_json::to_writer(&mut self.out, &HitLine::new(row, hit, accepted))
                .map_err(std::io::Error::from)?;
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }
}

impl<W: Write> fmt::Debug for JsonHits<'_, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonHits").finish_non_exhaustive()
    }
}
