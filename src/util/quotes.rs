//! Cells of CSV that swallowed the rows below them, because a quote was not closed where it should have been.
//!
//! ```text
//! 1,"Ann Doe
//! 2,Ben Roe
//! 3,"Cy Poe"        → one row for a lenient reader, whose second cell holds all three
//! ```
//!
//! Cost: rows without a line end within a cell are told by one search. Limits: a cell is told by an odd number of quotes
//! in it, or by a line of it that begins with the number of a row as this row does; others are taken for texts of several
//! lines. In a column of texts both must be.

use csv::ByteRecord;

/// The cell of a row that holds other rows, counted from 0. `width` is the number of columns; cells of columns that are
/// not `short` are texts, which may have line ends and delimiters.
pub(crate) fn cell_with_rows(
    row: &ByteRecord,
    delimiter: u8,
    width: usize,
    is_short: impl Fn(usize) -> bool,
) -> Option<usize> {
    memchr::memchr(b'\n', row.as_slice())?;
    row.iter().enumerate().position(|(at, cell)| {
        let Some(first) = memchr::memchr(b'\n', cell) else { return false };
        // A line with as many cells before this one, the first of which looks like that of this row.
        let is_row = |line: &[u8]| {
            let mut cells = line.split(|b| *b == delimiter);
            let like = cells.next().is_some_and(|cell| is_number(&row[0]) && is_number(cell));
            like && cells.count() >= if at == 0 { width.saturating_sub(1).max(1) } else { at }
        };
        let has_rows = cell[first + 1..].split(|b| *b == b'\n').any(is_row);
        let is_odd = memchr::memchr_iter(b'"', cell).count() % 2 == 1;
        is_odd && (is_short(at) || has_rows) || is_short(at) && has_rows
    })
}

/// Whether a cell may be the number of a row or record.
fn is_number(cell: &[u8]) -> bool {
    let cell = cell.trim_ascii();
    let is_sign = |b: &u8| b.is_ascii_alphanumeric() || b"-_./#".contains(b);
    cell.iter().any(u8::is_ascii_digit) && cell.iter().all(is_sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(cells: &[&str]) -> Option<usize> {
        cell_with_rows(&ByteRecord::from(cells.to_vec()), b',', cells.len(), |_| true)
    }

    #[test]
    fn rows_within_a_cell_are_told_from_texts_of_several_lines() {
        assert_eq!(found(&["1", "Ann Doe\n2,Ben Roe\n3,Cy Poe\""]), Some(1));
        assert_eq!(found(&["1", "Ann\n2,Ben", "x"]), Some(1));
        assert_eq!(found(&["1", "Ann\nDoe"]), None);
        assert_eq!(found(&["1", "Acme Trading\nCo., Ltd"]), None);
        assert_eq!(found(&["Ann", "12 High Street\nDover, Kent"]), None);
        assert_eq!(found(&["1", "the \"Works\"\nof Dover"]), None);
        assert_eq!(found(&["1", "Ann, Doe"]), None);
    }
}
