//! The rows of a CSV file, one at a time, with their positions.
//!
//! A row is bounded (see [`ByteSource`]). A file that ends within a quoted field was cut off: this is an
//! error and not a row.

use super::builder::{ListBuilder, RejectReason};
use super::source::{ByteSource, MAX_RECORD_BYTES, read_error};
use crate::error::{Error, Position, Result};
use crate::util::quotes::cell_with_rows;

/// Appended to the content of the file. Within an unclosed quoted field it becomes part of the field, so that
/// it does not come as a row of its own.
const END_MARKER: &[u8] = b"\n\0end\0\n";

/// The rows of a CSV file, including the header if the file has one.
pub(crate) struct CsvRows<'a> {
    reader: csv::Reader<ByteSource<'a>>,
    row: csv::ByteRecord,
    delimiter: u8,
    /// Fields of the header.
    header_len: usize,
    /// The offset of the first row: the length of a byte order mark.
    base: u64,
    /// Records read.
    records: u64,
    at_end: bool,
    requires_line_ends: bool,
    /// Whether a line end follows the present row.
    has_line_end: bool,
}

impl<'a> CsvRows<'a> {
    /// Rows with fields separated by `delimiter`.
    pub(crate) fn new(mut source: ByteSource<'a>, delimiter: u8) -> CsvRows<'a> {
        source.append(END_MARKER);
        let base = source.position().byte.unwrap_or(0);
        let mut reader = csv::ReaderBuilder::new();
        let reader = reader.has_headers(false).flexible(true).delimiter(delimiter).from_reader(source);
        CsvRows {
            reader,
            row: csv::ByteRecord::new(),
            delimiter,
            header_len: 0,
            base,
            records: 0,
            at_end: false,
            requires_line_ends: false,
            has_line_end: true,
        }
    }

    /// Requires a line end after every row. For publishers that write one: a last row without it was cut off.
    pub(crate) fn require_line_ends(mut self) -> CsvRows<'a> {
        self.requires_line_ends = true;
        self
    }

    /// The next row as a header: its fields are trimmed, and it does not count as a record.
    pub(crate) fn header(&mut self) -> Result<Vec<String>> {
        if !self.advance()? {
            return Err(Error::malformed("no header"));
        }
        self.header_len = self.row.len();
        Ok(self.row.iter().map(|f| String::from_utf8_lossy(f).trim().to_string()).collect())
    }

    /// The next record with its position: number, line and byte.
    pub(crate) fn next(&mut self) -> Result<Option<(&csv::ByteRecord, Position)>> {
        Ok(self.next_position()?.map(|position| (&self.row, position)))
    }

    /// The next record that is valid UTF-8 and has as many fields as the header. Other records are rejected.
    pub(crate) fn next_checked(&mut self, list: &mut ListBuilder) -> Result<Option<(Vec<&str>, Position)>> {
        while let Some(position) = self.next_position()? {
            if self.row.iter().any(|f| std::str::from_utf8(f).is_err()) {
                list.reject(position, RejectReason::record("not valid UTF-8"))?;
            } else if self.row.len() != self.header_len {
                list.reject(position, field_count_reason(self.row.len(), self.header_len))?;
            } else {
                let fields = self.row.iter().filter_map(|f| std::str::from_utf8(f).ok());
                return Ok(Some((fields.collect(), position)));
            }
        }
        Ok(None)
    }

    /// Gives the present row as many fields as the header: cells that are missing at its end are empty, and
    /// empty cells behind the last column are dropped. False if a cell with text is behind the last column, or
    /// if the file was cut off within the row.
    pub(crate) fn fit_to_header(&mut self) -> bool {
        let width = self.header_len;
        while self.row.len() < width && self.has_line_end {
            self.row.push_field(b"");
        }
        if self.row.len() > width && self.row.iter().skip(width).all(|f| f.trim_ascii().is_empty()) {
            self.row.truncate(width);
        }
        self.row.len() == width
    }

    /// The number of a cell of the present row that holds other rows, because a quote in it was not closed where it
    /// should be: a cell with line ends and a single quote, or with a line that is a row by itself in a column whose cells
    /// are `short` and have no delimiters and line ends of their own.
    pub(crate) fn swallowed_rows(&self, is_short: impl Fn(usize) -> bool) -> Option<usize> {
        cell_with_rows(&self.row, self.delimiter, self.header_len, is_short).map(|at| at + 1)
    }

    /// Whether a line end follows the present row.
    pub(crate) fn has_line_end(&self) -> bool {
        self.has_line_end
    }

    /// The present row.
    pub(crate) fn row(&self) -> &csv::ByteRecord {
        &self.row
    }

    /// The next row's position, for callers that fit the row to the header.
    pub(crate) fn advance_to_next(&mut self) -> Result<Option<Position>> {
        self.next_position()
    }

    /// The SHA-256 of the file.
    pub(crate) fn sha256(self) -> Result<String> {
        self.reader.into_inner().sha256()
    }

    fn next_position(&mut self) -> Result<Option<Position>> {
        if !self.advance()? {
            return Ok(None);
        }
        self.records += 1;
        let offset = self.row.position().map_or(0, csv::Position::byte);
        Ok(Some(self.position(offset, self.records)))
    }

    /// Reads the next row into `row`; false at the end of the file.
    fn advance(&mut self) -> Result<bool> {
        if self.at_end {
            return Ok(false);
        }
        self.reader.get_mut().allow(MAX_RECORD_BYTES);
        let begin = self.reader.position().byte();
        if let Err(e) = self.reader.read_byte_record(&mut self.row) {
            let position = self.position(begin, self.records + 1);
            return Err(match e.kind() {
                csv::ErrorKind::Io(e) => read_error(e, position),
                _ => Error::malformed(e.to_string()).at(position),
            });
        }
        let end = self.base + self.reader.position().byte();
        self.has_line_end = !self.reader.get_ref().is_past_content(end);
        if self.has_line_end {
            return Ok(true);
        }
        self.at_end = self.row.len() == 1 && self.row[0] == END_MARKER[1..END_MARKER.len() - 1];
        if self.at_end {
            return Ok(false);
        }
        let quoted = self.row.iter().next_back().is_some_and(|last| last.ends_with(END_MARKER));
        if quoted || self.requires_line_ends && self.row.len() > 1 {
            let within = if quoted { "a quoted field" } else { "a row: no line end follows" };
            let what = format!("the file ends within {within}; it was cut off");
            return Err(Error::malformed(what).at(self.position(begin, self.records + 1)));
        }
        Ok(true)
    }

    /// The position of a record at an offset as the CSV reader counts it.
    fn position(&mut self, offset: u64, record: u64) -> Position {
        let byte = self.base + offset;
        let line = self.reader.get_mut().line_at(byte);
        Position { record: Some(record), ..Position::line(line).at_byte(byte) }
    }
}

/// A row of a text, by its index, with its fields trimmed.
pub(crate) fn row_of_text(text: &str, delimiter: u8, index: usize) -> Option<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new();
    let mut reader =
        reader.has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let record = reader.records().nth(index)?.ok()?;
    Some(record.iter().map(|f| f.trim().to_string()).collect())
}

/// Why a row is rejected whose cell holds other rows.
pub(crate) fn swallowed_reason(cell: usize) -> RejectReason {
    RejectReason::record(format!("a quote in field {cell} is not closed: the cell holds the rows below it"))
}

/// Why a row with another number of fields than the header is rejected.
pub(crate) fn field_count_reason(fields: usize, header: usize) -> RejectReason {
    RejectReason::record(format!("{fields} fields where the header has {header}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(csv: &[u8]) -> Result<Vec<(usize, u64)>> {
        let mut rows = CsvRows::new(ByteSource::from_bytes("x", csv), b',');
        let mut found = Vec::new();
        while let Some((row, position)) = rows.next()? {
            found.push((row.len(), position.line.unwrap()));
        }
        Ok(found)
    }

    #[test]
    fn every_row_has_its_line() {
        assert_eq!(lines(b"a,b\nc\n\n\nd").unwrap(), [(2, 1), (1, 2), (1, 5)]);
        assert_eq!(
            lines(b"\xef\xbb\xbfa,b\r\n\r\n\"c\r\nc\",2,3\r\nd\r\n").unwrap(),
            [(2, 1), (3, 3), (1, 5)]
        );
        assert_eq!(lines(b"").unwrap(), []);
        let many = "x,y\r\n".repeat(50_000);
        let found = lines(many.as_bytes()).unwrap();
        assert!(found.iter().zip(1..).all(|((_, line), i)| *line == i) && found.len() == 50_000);
    }

    #[test]
    fn a_quoted_field_without_an_end_is_an_error_at_its_row() {
        for cut in ["a\nb,\"c\nd\n", "a\nb,\"c", "a\n\"b,c\n\n"] {
            let e = lines(cut.as_bytes()).unwrap_err();
            assert_eq!((e.position().record, e.position().line), (Some(2), Some(2)), "{cut:?}: {e}");
            assert!(e.to_string().contains("cut off"), "{e}");
        }
        assert_eq!(
            lines(b"a\n\"\n\0end\0\n\"\n\0end\0\nb\n").unwrap().len(),
            4,
            "the end marker is recognised by its position"
        );
    }

    #[test]
    fn a_row_without_an_end_is_an_error() {
        let e = lines(&[b"a\n".as_slice(), &vec![b','; 10_000_000]].concat()).unwrap_err();
        assert_eq!(e.position().line, Some(2));
        assert!(e.to_string().contains("more than 4 MB"), "{e}");
    }
}
