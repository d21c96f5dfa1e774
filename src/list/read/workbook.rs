//! Workbooks (.xlsx, .ods) as tables of texts.
//!
//! ```text
//! let (sheets, source) = sheets(source)?;      // every sheet that has a row
//! let csv = sheets[0].to_csv();                // for the readers of tables
//! ```
//!
//! Dates are written as in ISO 8601, numbers as they are stored. Rows without any text are left out; each row
//! keeps the number that the user's program shows.
//!
//! Cost: a workbook is unpacked in memory. Limits: 64 MB as published, 256 MB unpacked and as text, 1000
//! columns; formulas are not computed; a row of an .ods file that is repeated more than 1000 times is an
//! error unless it is empty.

use super::source::{ByteSource, read_error};
use crate::error::{Error, Position, Result};
use calamine::{Data, Reader as _, Xlsx};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::{BufReader, Cursor, Read};

/// The most bytes of a workbook as published. The longest published list has about three million.
const MAX_PACKED_BYTES: u64 = 64 << 20;
/// The most bytes of the parts of a workbook together, unpacked; and of its cells as text.
const MAX_UNPACKED_BYTES: u64 = 256 << 20;
/// The most columns of a sheet. Published lists have at most fifty.
const MAX_COLUMNS: usize = 1000;
/// The most times that an .ods file may repeat a row that is not empty.
const MAX_REPEATED: usize = 1000;

/// A sheet: its name, and its rows that are not empty with their 1-based numbers.
pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(crate) rows: Vec<(u64, Vec<String>)>,
}

impl Sheet {
    /// The sheet as CSV with commas. Every row begins at the line of its number, as far as no cell has line
    /// ends. Rows are filled up to the width of the first one.
    pub(crate) fn to_csv(&self) -> Vec<u8> {
        let width = self.rows.first().map_or(0, |(_, row)| row.len());
        let mut out = Vec::new();
        let mut line = 1;
        for (number, row) in &self.rows {
            while line < *number {
                out.push(b'\n');
                line += 1;
            }
            let cells = row
                .iter()
                .map(String::as_str)
                .chain(std::iter::repeat_n("", width.saturating_sub(row.len())));
            for (i, cell) in cells.enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                // Quoted always, so that a single empty cell is no empty line.
                out.push(b'"');
                cell.bytes().for_each(|b| out.extend(std::iter::repeat_n(b, if b == b'"' { 2 } else { 1 })));
                out.push(b'"');
                line += cell.bytes().filter(|b| *b == b'\n').count() as u64;
            }
            out.push(b'\n');
            line += 1;
        }
        out
    }
}

/// The sheets of a workbook that have rows, and its file, read to the end.
///
/// # Errors
///
/// It is damaged, or beyond the limits of this module.
pub(crate) fn sheets(mut source: ByteSource<'_>) -> Result<(Vec<Sheet>, ByteSource<'_>)> {
    source.allow(MAX_PACKED_BYTES);
    let mut bytes = Vec::new();
    let at = source.position();
    source.read_to_end(&mut bytes).map_err(|e| read_error(&e, at))?;
    let is_ods = unpacked_parts(&bytes)?.iter().any(|name| name == "content.xml");
    let mut sheets = if is_ods { ods_sheets(&bytes)? } else { xlsx_sheets(bytes)? };
    sheets.retain(|s| !s.rows.is_empty());
    Ok((sheets, source))
}

/// Unpacks every part once and counts the bytes, because the size that a part states is not to be trusted.
/// Returns the names of the parts.
fn unpacked_parts(bytes: &[u8]) -> Result<Vec<String>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut left = MAX_UNPACKED_BYTES;
    let mut names = Vec::new();
    for i in 0..archive.len() {
        let part = archive.by_index(i).map_err(broken)?;
        names.push(part.name().map_err(broken)?.into_owned());
        let size = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(broken)?;
        left = left.checked_sub(size).ok_or_else(too_large)?;
    }
    Ok(names)
}

fn too_large() -> Error {
    let most = MAX_UNPACKED_BYTES >> 20;
    Error::malformed(format!("a workbook of more than {most} MB unpacked: no list has that"))
}

fn broken(e: impl std::fmt::Display) -> Error {
    Error::malformed(format!("broken workbook: {e}"))
}

/// Collects the rows of a sheet within the limits.
struct RowCollector {
    rows: Vec<(u64, Vec<String>)>,
    row: Vec<String>,
    /// Bytes of text that are left for all sheets.
    left: u64,
}

impl RowCollector {
    fn put(&mut self, number: u64, column: usize, text: String) -> Result<()> {
        if column >= MAX_COLUMNS {
            let what = format!("a row with more than {MAX_COLUMNS} columns");
            return Err(Error::malformed(what).at(Position::line(number)));
        }
        self.left = self.left.checked_sub(text.len() as u64).ok_or_else(too_large)?;
        self.row.resize(self.row.len().max(column + 1), String::new());
        self.row[column] = text;
        Ok(())
    }

    /// Ends the row with this number. Cells without text at its end are dropped, and so is a row of them.
    fn end_row(&mut self, number: u64) {
        let mut row = std::mem::take(&mut self.row);
        while row.last().is_some_and(|c| c.trim().is_empty()) {
            row.pop();
        }
        if !row.is_empty() {
            self.rows.push((number, row));
        }
    }
}

/// Reads an .xlsx workbook cell by cell. A sheet with a single cell in its last corner is therefore not held
/// as a table of all the cells between.
fn xlsx_sheets(bytes: Vec<u8>) -> Result<Vec<Sheet>> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(broken)?;
    let mut sheets = Vec::new();
    let mut out = RowCollector { rows: Vec::new(), row: Vec::new(), left: MAX_UNPACKED_BYTES };
    for name in book.sheet_names() {
        // A sheet of charts has no cells.
        let Ok(mut cells) = book.worksheet_cells_reader(&name) else { continue };
        let mut number = 0;
        while let Some(cell) = cells.next_cell().map_err(broken)? {
            let (row, column) = cell.get_position();
            if u64::from(row) + 1 != number {
                out.end_row(number);
                number = u64::from(row) + 1;
            }
            let text = cell_text(&Data::from(cell.get_value().clone()));
            if !text.is_empty() {
                out.put(number, column as usize, text)?;
            }
        }
        out.end_row(number);
        sheets.push(Sheet { name, rows: std::mem::take(&mut out.rows) });
    }
    Ok(sheets)
}

/// A cell as text, with dates in ISO 8601.
fn cell_text(cell: &Data) -> String {
    match cell {
        Data::DateTime(date) if date.is_datetime() => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        // A workbook writes a carriage return in a cell so.
        other => other.to_string().replace("_x000D_", "\n"),
    }
}

/// Reads an .ods workbook: the tables of its `content.xml`.
///
/// # Errors
///
/// It is damaged, or beyond the limits of this module.
pub(crate) fn ods_sheets(bytes: &[u8]) -> Result<Vec<Sheet>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let content = archive.by_name("content.xml").map_err(broken)?;
    let mut reader = Reader::from_reader(BufReader::new(content));
    let mut buffer = Vec::new();
    let mut ods = OdsReader {
        in_annotation: false,
        sheets: Vec::new(),
        out: RowCollector { rows: Vec::new(), row: Vec::new(), left: MAX_UNPACKED_BYTES },
        name: String::new(),
        row: OdsSpan::default(),
        cell: OdsSpan::default(),
        text: None,
    };
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(broken)? {
            Event::Start(e) => ods.start(&e)?,
            Event::Empty(e) => {
                ods.start(&e)?;
                ods.end(e.local_name().as_ref())?;
            }
            Event::End(e) => ods.end(e.local_name().as_ref())?,
            Event::Text(text) => ods.push(text.as_ref()),
            Event::CData(text) => ods.push(text.as_ref()),
            Event::GeneralRef(reference) => {
                let c = super::xml::resolve(&reference).ok_or_else(|| broken("an unknown entity"))?;
                ods.push(c.encode_utf8(&mut [0; 4]));
            }
            Event::DocType(_) => return Err(broken("a document type declaration")),
            Event::Eof => return Ok(ods.sheets),
            _ => {}
        }
    }
}

/// A row or cell, which may stand for several equal ones.
#[derive(Default)]
struct OdsSpan {
    /// Where it begins, from 0.
    at: usize,
    repeated: usize,
}

struct OdsReader {
    /// Whether what comes is a comment on the present cell, which stands before the cell's own text.
    in_annotation: bool,
    sheets: Vec<Sheet>,
    out: RowCollector,
    name: String,
    row: OdsSpan,
    cell: OdsSpan,
    /// The text of the present cell: the value of its attributes, or its paragraphs.
    text: Option<(String, bool)>,
}

impl OdsReader {
    fn start(&mut self, e: &BytesStart<'_>) -> Result<()> {
        let attribute = |name: &str| {
            let found = e.attributes().flatten().find(|a| a.key.local_name().as_ref() == name);
            found
                .and_then(|a| Some(a.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?.into_owned()))
        };
        let repeated = |name: &str| attribute(name).and_then(|n| n.parse().ok()).unwrap_or(1_usize).max(1);
        match e.local_name().as_ref() {
            "table" => {
                self.name = attribute("name").unwrap_or_default();
                (self.row, self.cell) = (OdsSpan::default(), OdsSpan::default());
            }
            "table-row" => {
                self.row.repeated = repeated("number-rows-repeated");
                self.cell = OdsSpan::default();
            }
            "table-cell" | "covered-table-cell" => {
                self.cell.repeated = repeated("number-columns-repeated");
                // The paragraphs of a date are in the format of the user's country.
                let date = attribute("date-value").map(|d| d.split('T').next().unwrap_or("").to_string());
                self.text = Some((date.clone().unwrap_or_default(), date.is_some()));
            }
            // A further paragraph.
            "p" if self.text.as_ref().is_some_and(|(text, _)| !text.is_empty()) => self.push("\n"),
            "tab" => self.push(" "),
            "s" => self.push(" "),
            "line-break" => self.push("\n"),
            // A comment on a cell is not its text.
            "annotation" => self.in_annotation = true,
            _ => {}
        }
        Ok(())
    }

    fn push(&mut self, more: &str) {
        if let Some((text, false)) = &mut self.text
            && !self.in_annotation
        {
            text.push_str(more);
        }
    }

    fn end(&mut self, name: &str) -> Result<()> {
        match name {
            "annotation" => self.in_annotation = false,
            "table-cell" | "covered-table-cell" => {
                let (text, _) = self.text.take().unwrap_or_default();
                let text = text.trim();
                if !text.is_empty() {
                    for column in 0..self.cell.repeated {
                        self.out.put(self.row.at as u64 + 1, self.cell.at + column, text.to_string())?;
                    }
                }
                self.cell.at = self.cell.at.saturating_add(self.cell.repeated);
            }
            "table-row" => {
                let row = std::mem::take(&mut self.out.row);
                if !row.is_empty() {
                    if self.row.repeated > MAX_REPEATED {
                        let what = format!("a row that is repeated more than {MAX_REPEATED} times");
                        return Err(Error::malformed(what).at(Position::line(self.row.at as u64 + 1)));
                    }
                    for i in 0..self.row.repeated {
                        for (column, text) in row.iter().enumerate() {
                            self.out.put((self.row.at + i) as u64 + 1, column, text.clone())?;
                        }
                        self.out.end_row((self.row.at + i) as u64 + 1);
                    }
                }
                self.row.at = self.row.at.saturating_add(self.row.repeated);
            }
            "table" => {
                let rows = std::mem::take(&mut self.out.rows);
                self.sheets.push(Sheet { name: std::mem::take(&mut self.name), rows });
            }
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_on_a_cell_is_not_its_text() {
        let content = "<o:document-content xmlns:o='o' xmlns:t='t' xmlns:x='x'><t:table t:name='S'><t:table-row>\
            <t:table-cell><o:annotation><x:p>seen by J.</x:p></o:annotation><x:p>Ann</x:p><x:p>Doe</x:p></t:table-cell>\
            <t:table-cell t:number-columns-repeated='2'><x:p>y<x:tab/>z</x:p></t:table-cell></t:table-row></t:table>\
            </o:document-content>";
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("content.xml", zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, content.as_bytes()).unwrap();
        let sheets = ods_sheets(&zip.finish().unwrap().into_inner()).unwrap();
        assert_eq!(sheets[0].rows, [(1, vec!["Ann\nDoe".to_string(), "y z".into(), "y z".into()])]);
    }

    #[test]
    fn rows_begin_at_their_lines() {
        let rows = vec![
            (3, vec!["name".into(), "x".into()]),
            (4, vec!["A \"B\"\nC".into()]),
            (7, vec![String::new(), "y".into()]),
        ];
        let csv = String::from_utf8(Sheet { name: "s".into(), rows }.to_csv()).unwrap();
        assert_eq!(csv, "\n\n\"name\",\"x\"\n\"A \"\"B\"\"\nC\",\"\"\n\n\"\",\"y\"\n");
    }

    /// An .ods file with this content of its body.
    pub(crate) fn ods(body: &str) -> Vec<u8> {
        use std::io::Write;
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file("mimetype", options).unwrap();
        zip.write_all(b"application/vnd.oasis.opendocument.spreadsheet").unwrap();
        zip.start_file("content.xml", options).unwrap();
        let xml = format!(
            "<office:document-content xmlns:office='o' xmlns:table='t' xmlns:text='x'><office:body>\
             <office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
        );
        zip.write_all(xml.as_bytes()).unwrap();
        zip.finish().unwrap().into_inner()
    }

    fn read(body: &str) -> Result<Vec<Sheet>> {
        Ok(sheets(ByteSource::from_memory("x", &ods(body))?)?.0)
    }

    #[test]
    fn cells_of_an_ods_file_are_read_with_their_repetitions() {
        let found = read(
            "<table:table table:name='A'><table:table-row table:number-rows-repeated='1048576'>\
             <table:table-cell table:number-columns-repeated='16384'/></table:table-row></table:table>\
             <table:table table:name='B'><table:table-row><table:table-cell><text:p>name</text:p></table:table-cell>\
             <table:table-cell table:number-columns-repeated='2'/><table:table-cell><text:p>dob</text:p></table:table-cell>\
             </table:table-row><table:table-row table:number-rows-repeated='3'/><table:table-row>\
             <table:table-cell><office:annotation><text:p>no</text:p></office:annotation></table:table-cell>\
             <table:table-cell table:number-columns-repeated='2'><text:p>A&amp;B<text:s/>C</text:p><text:p>D</text:p></table:table-cell>\
             <table:table-cell office:date-value='1970-01-02T00:00:00'><text:p>2.1.70</text:p></table:table-cell>\
             </table:table-row></table:table>",
        )
        .unwrap();
        assert_eq!((found.len(), found[0].name.as_str()), (1, "B"));
        let row = |texts: &[&str]| texts.iter().map(|t| t.to_string()).collect::<Vec<_>>();
        assert_eq!(found[0].rows[0], (1, row(&["name", "", "", "dob"])));
        assert_eq!(found[0].rows[1], (5, row(&["", "A&B C\nD", "A&B C\nD", "1970-01-02"])));
    }

    #[test]
    fn a_workbook_that_is_none() {
        for bytes in [&b"PK\x03\x04 [Content_Types].xml broken"[..], b"PK\x05\x06"] {
            assert!(sheets(ByteSource::from_bytes("x", bytes)).is_err());
        }
    }

    #[test]
    fn repetitions_without_end_are_errors() {
        let cell =
            "<table:table-cell table:number-columns-repeated='16384'><text:p>x</text:p></table:table-cell>";
        let row = "<table:table-row table:number-rows-repeated='1048576'><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>";
        for body in [format!("<table:table-row>{cell}</table:table-row>"), row.to_string()] {
            let e = read(&format!("<table:table>{body}</table:table>")).err().unwrap();
            assert_eq!(e.position().line, Some(1), "{e}");
        }
    }
}
