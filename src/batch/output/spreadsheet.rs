//! Protection against CSV injection: cells that a spreadsheet would run as formulas.
//!
//! A spreadsheet that opens a CSV file interprets a cell that begins with `=`, `+`, `-` or `@` (also behind a
//! tab or a line end, and their full-width forms) as a formula, which can fetch, send or start something.
//! Quotes do not help: they belong to CSV and are gone by then. An apostrophe before the cell helps: it marks
//! the cell as text.
//!
//! [`protect`] adds the apostrophe; [`original`] removes it, so that a program reads the value that was
//! written. A cell that begins with apostrophes before such a character gets one more, so that this holds for
//! every text. Plain numbers (`-12.50`, `+49`) stay as they are: they cannot run.
//!
//! ```
//! use interdict::batch::spreadsheet::{original, protect};
//! assert_eq!(protect("=HYPERLINK(\"http://x\")"), "'=HYPERLINK(\"http://x\")");
//! assert_eq!(protect("O'Neill-Smith"), "O'Neill-Smith");
//! assert_eq!(protect("-12.50"), "-12.50");
//! assert_eq!(original(&protect("@handle")), "@handle");
//! ```
//!
//! Cost: a look at the first characters of a cell. Limits: a spreadsheet that splits lines at another
//! separator than the comma makes other cells, which are not protected.

use std::borrow::Cow;

/// The characters that make a cell a formula, or hide one that does.
const STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Whether the cell would run, leading apostrophes ignored.
fn runs(cell: &str) -> bool {
    let core = cell.trim_start_matches('\'');
    core.starts_with(STARTS) && !is_number(core)
}

fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix(['+', '-']).unwrap_or(cell);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
}

/// The cell with an apostrophe before it if a spreadsheet would run it.
pub fn protect(cell: &str) -> Cow<'_, str> {
    if runs(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// The cell as it was before [`protect`].
pub fn original(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if runs(rest) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_runs_is_protected() {
        for cell in
            ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1", "+7 (495) 1", "-"]
        {
            assert_eq!(protect(cell), format!("'{cell}"), "{cell}");
        }
        for cell in ["", "a=b", "-12", "+4912", "-1.250,00", "'quoted'", "’=1"] {
            assert_eq!(protect(cell), cell);
        }
    }

    proptest! {
        #[test]
        fn no_cell_runs_and_none_is_lost(cell in "['=+@\t1-]{0,4}.{0,4}") {
            let safe = protect(&cell);
            prop_assert!(!safe.starts_with(STARTS) || is_number(&safe));
            prop_assert_eq!(original(&safe), cell.as_str());
        }
    }
}
