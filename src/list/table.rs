//! Rows of a CSV file, one at a time, each with its place.
//!
//! A row is bounded (see [`Source`]), and a file that ends within a quoted field was cut off: that is an error,
//! not a row.

use super::source::{MAX_RECORD, Source, io_error};
use crate::error::{Error, Position, Result};

/// Stands behind the content of the file. Within a quoted field that nobody closed it is part of the field, and
/// so never comes as a row of its own.
const END: &[u8] = b"\n\0end\0\n";

/// The rows of a CSV file, the header included where the file has one.
pub(super) struct Rows<'a> {
    reader: csv::Reader<Source<'a>>,
    row: csv::ByteRecord,
    /// Bytes before the first row: a byte order mark.
    base: u64,
    records: u64,
    done: bool,
    line_ends: bool,
}

impl<'a> Rows<'a> {
    /// Rows whose fields are separated by `delimiter`.
    pub(super) fn new(mut source: Source<'a>, delimiter: u8) -> Rows<'a> {
        source.end_with(END);
        let base = source.position().byte.unwrap_or(0);
        let mut reader = csv::ReaderBuilder::new();
        let reader = reader.has_headers(false).flexible(true).delimiter(delimiter).from_reader(source);
        Rows { reader, row: csv::ByteRecord::new(), base, records: 0, done: false, line_ends: false }
    }

    /// Demands a line end behind every row: the publisher writes one, so a last row without it was cut off.
    pub(super) fn with_line_ends(mut self) -> Rows<'a> {
        self.line_ends = true;
        self
    }

    /// The next row as a header: trimmed, and not counted as a record.
    pub(super) fn header(&mut self) -> Result<Vec<String>> {
        if !self.advance()? {
            return Err(Error::malformed("no header"));
        }
        Ok(self.row.iter().map(|f| String::from_utf8_lossy(f).trim().to_string()).collect())
    }

    /// The next record with its position: number, line and byte.
    pub(super) fn next(&mut self) -> Result<Option<(&csv::ByteRecord, Position)>> {
        if !self.advance()? {
            return Ok(None);
        }
        self.records += 1;
        let begin = self.row.position().map_or(0, csv::Position::byte);
        let position = self.position(begin, self.records);
        Ok(Some((&self.row, position)))
    }

    /// The SHA-256 of the file.
    pub(super) fn sha256(self) -> Result<String> {
        self.reader.into_inner().sha256()
    }

    fn advance(&mut self) -> Result<bool> {
        if self.done {
            return Ok(false);
        }
        self.reader.get_mut().allow(MAX_RECORD);
        let begin = self.reader.position().byte();
        if let Err(e) = self.reader.read_byte_record(&mut self.row) {
            let position = self.position(begin, self.records + 1);
            return Err(match e.kind() {
                csv::ErrorKind::Io(e) => io_error(e, position),
                _ => Error::malformed(e.to_string()).at(position),
            });
        }
        let end = self.base + self.reader.position().byte();
        if !self.reader.get_ref().is_behind(end) {
            return Ok(true);
        }
        self.done = self.row.len() == 1 && self.row[0] == END[1..END.len() - 1];
        if self.done {
            return Ok(false);
        }
        let quoted = self.row.iter().next_back().is_some_and(|last| last.ends_with(END));
        if quoted || self.line_ends && self.row.len() > 1 {
            let within = if quoted { "a quoted field" } else { "a row: no line end follows" };
            let what = format!("the file ends within {within}; it was cut off");
            return Err(Error::malformed(what).at(self.position(begin, self.records + 1)));
        }
        Ok(true)
    }

    /// The position of a record that begins at a byte of the csv reader's count.
    fn position(&mut self, begin: u64, record: u64) -> Position {
        let byte = self.base + begin;
        let line = self.reader.get_mut().line_at(byte);
        Position { record: Some(record), ..Position::line(line).at_byte(byte) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(csv: &[u8]) -> Result<Vec<(usize, u64)>> {
        let mut rows = Rows::new(Source::bytes("x", csv), b',');
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
    fn a_quoted_field_without_end_is_an_error_at_its_row() {
        for cut in ["a\nb,\"c\nd\n", "a\nb,\"c", "a\n\"b,c\n\n"] {
            let e = lines(cut.as_bytes()).unwrap_err();
            assert_eq!((e.position().record, e.position().line), (Some(2), Some(2)), "{cut:?}: {e}");
            assert!(e.to_string().contains("cut off"), "{e}");
        }
        assert_eq!(
            lines(b"a\n\"\n\0end\0\n\"\n\0end\0\nb\n").unwrap().len(),
            4,
            "the end mark is told by its place"
        );
    }

    #[test]
    fn a_row_without_end_is_an_error() {
        let e = lines(&[b"a\n".as_slice(), &vec![b','; 10_000_000]].concat()).unwrap_err();
        assert_eq!(e.position().line, Some(2));
        assert!(e.to_string().contains("more than 4 MB"), "{e}");
    }
}
