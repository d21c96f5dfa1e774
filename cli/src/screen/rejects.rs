//! Where rejected rows are reported.

use crate::hints;
use crate::progress::Progress;
use interdict::Result;
use interdict::batch::{RejectWriter, RejectedRow};
use std::io::Write;

/// Writes rejected rows as CSV.
pub struct RejectFile<W: Write>(csv::Writer<W>);

impl<W: Write> RejectFile<W> {
    /// With a header, unless the file of a resumed run has one already.
    pub fn new(out: W, resumed: bool) -> Result<Self> {
        let mut out = csv::Writer::from_writer(out);
        if !resumed {
            out.write_record(["row", "line", "reason"]).map_err(std::io::Error::from)?;
        }
        Ok(RejectFile(out))
    }
}

impl<W: Write> RejectWriter for RejectFile<W> {
    fn write(&mut self, row: RejectedRow) -> Result<()> {
        let fields = [row.row.to_string(), row.line.to_string(), reason(&row)];
        Ok(self.0.write_record(fields).map_err(std::io::Error::from)?)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.0.flush()?)
    }
}

/// Writes rejected rows as lines on standard error.
pub struct RejectLines<'a>(pub &'a Progress);

impl RejectWriter for RejectLines<'_> {
    fn write(&mut self, row: RejectedRow) -> Result<()> {
        self.0.line(&format!("rejected: row {} (line {}): {}", row.row, row.line, reason(&row)));
        Ok(())
    }
}

fn reason(row: &RejectedRow) -> String {
    format!("{}{}", row.reason, hints::of_rejected_row(&row.reason))
}
