//! Opening an input table, whatever form it has.
//!
//! The form is detected by the bytes: gzip and zstd by their first bytes, a workbook by those of a zip
//! archive, the encoding by a byte order mark or the zero bytes of UTF-16, JSON Lines by a `{`, and the
//! delimiter by the header. Where detection is not safe, nothing is guessed: bytes that are not UTF-8 make
//! rejected rows, with a [hint](InputHint) at the likely encoding.
//!
//! Cost: reading CSV takes under a microsecond a row. Limits: [`InputLimits`]; a workbook is
//! copied to a temporary file first, its shared texts are held in memory, and cells that hold an error
//! (`#N/A`) count as empty.

mod delimiter;
mod encoding;
mod json_lines;
mod limits;
mod rows;
#[cfg(feature = "xlsx")]
mod workbook;

#[cfg(feature = "evaluate")]
pub(crate) use encoding::decode_marked;

use crate::error::{Error, ErrorKind, Position, Result};
use crate::headers::rate_header;
use crate::run::{ColumnChoice, Columns, RejectReason};
use crate::util::quotes::cell_with_rows;
use csv::ByteRecord;
use delimiter::sniff_delimiter;
use encoding::detect_encoding;
use json_lines::{JsonLines, json_form};
pub use limits::InputLimits;
use limits::{CUT_MARKER, RowLimit};
pub use rows::{RowCells, RowSource};
use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Bytes by which the form of an input is detected.
const HEAD: usize = 256 << 10;
/// Size of the CSV reader's buffer in bytes.
const BUFFER: usize = 1 << 20;
/// A line that is added to the end of the input: a field whose quote is never closed ends with it.
const END_MARKER: &str = "\u{1}end of the input\u{1}";

/// First bytes of a file in gzip.
const GZIP: &[u8] = &[0x1f, 0x8b];
/// First bytes of a file in zstd.
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// First bytes of a zip archive, and so of a workbook.
const ZIP: &[u8] = b"PK\x03\x04";
/// First bytes of a workbook of Excel 97 to 2003.
const OLD_EXCEL: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];

/// The byte with which old programs mark the end of a file.
const END_OF_FILE: u8 = 0x1a;

/// Rows in which a header is looked for that is not the first one.
const TITLE_ROWS: i64 = 30;

/// The delimiter of a table of one column: a byte that UTF-8 never has.
pub const NO_DELIMITER: u8 = 0xff;

/// Records that are read ahead: they tell a column of names from one of ids.
const SAMPLE: usize = 100;
/// The most bytes of these records.
const SAMPLE_BYTES: usize = 1 << 20;

/// The form of an input, if it cannot be detected.
///
/// ```
/// use interdict::batch::InputOptions;
/// let options = InputOptions::default().delimiter(Some(b'^')).encoding(Some("utf-8"))?;
/// assert!(InputOptions::default().encoding(Some("utf-9")).is_err());
/// # Ok::<(), interdict::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct InputOptions {
    delimiter: Option<u8>,
    encoding: Option<encoding::Label>,
    sheet: Option<String>,
    header_row: Option<u64>,
    limits: InputLimits,
}

impl InputOptions {
    /// What a row or a compressed input may take.
    pub fn limits(mut self, limits: InputLimits) -> Self {
        self.limits = limits;
        self
    }

    /// The delimiter of CSV, an ASCII character, or [`NO_DELIMITER`] for a table of one column, whose lines are cells;
    /// without one it is detected by the header.
    pub fn delimiter(mut self, delimiter: Option<u8>) -> Self {
        self.delimiter = delimiter;
        self
    }

    /// The encoding by its WHATWG label ("windows-1251", "gb18030"). Without one it is UTF-8. A byte order
    /// mark overrides it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownEncoding`]; without the feature `encodings` [`ErrorKind::MissingFeature`] for
    /// every label but that of UTF-8.
    pub fn encoding(mut self, label: Option<&str>) -> Result<Self> {
        self.encoding = label.map(encoding::label).transpose()?.flatten();
        Ok(self)
    }

    /// The row of the header, counted from 1 as a spreadsheet program shows it: rows above it are titles, and passed
    /// over. Without one it is the first row that is not blank.
    pub fn header_row(mut self, row: Option<u64>) -> Self {
        self.header_row = row;
        self
    }

    /// The sheet of a workbook, by its name or its number from 1 on; without one the first visible sheet is
    /// read.
    pub fn sheet(mut self, sheet: Option<impl Into<String>>) -> Self {
        self.sheet = sheet.map(Into::into);
        self
    }
}

/// What might be wrong with the way an input was read. `Display` gives a text for people.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InputHint {
    /// The input is not UTF-8, as which it was read.
    LikelyEncoding {
        /// Label of the encoding that it is probably in.
        encoding: &'static str,
    },
    /// A workbook has several sheets, and none was chosen.
    SeveralSheets {
        /// The names of all sheets.
        sheets: Vec<String>,
        /// The sheet that was read.
        read: String,
    },
}

impl fmt::Display for InputHint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InputHint::LikelyEncoding { encoding } => {
                write!(f, "the input is not UTF-8 and looks like {encoding}")
            }
            InputHint::SeveralSheets { sheets, read } => {
                write!(f, "the workbook has the sheets {}; '{read}' is read", quoted(sheets))
            }
        }
    }
}

/// Names in quotes, separated by commas.
fn quoted(names: &[String]) -> String {
    names.iter().map(|n| format!("'{n}'")).collect::<Vec<_>>().join(", ")
}

/// Counts the bytes of an input that have been read, for an observer in another thread.
#[derive(Debug, Default)]
pub struct ByteMeter {
    read: AtomicU64,
    total: AtomicU64,
}

impl ByteMeter {
    /// A meter of an input of this length in bytes; 0 if the length is not known.
    pub fn new(total: u64) -> Arc<ByteMeter> {
        Arc::new(ByteMeter { read: AtomicU64::new(0), total: AtomicU64::new(total) })
    }

    /// Bytes read so far, before decompression.
    pub fn read(&self) -> u64 {
        self.read.load(Relaxed)
    }

    /// The length in bytes, if it is known.
    pub fn total(&self) -> Option<u64> {
        Some(self.total.load(Relaxed)).filter(|t| *t > 0)
    }

    #[cfg(feature = "xlsx")]
    fn restart(&self, total: u64) {
        self.total.store(total, Relaxed);
        self.read.store(0, Relaxed);
    }
}

/// Counts the bytes that are read.
struct MeteredReader<R> {
    inner: R,
    meter: Arc<ByteMeter>,
}

impl<R: Read> Read for MeteredReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.meter.read.fetch_add(n as u64, Relaxed);
        Ok(n)
    }
}

type ByteStream<'i> = Box<dyn Read + Send + 'i>;

/// The outcome of reading a record.
pub(super) enum ReadOutcome {
    /// A record.
    Record,
    /// The record is there but cannot be read; the next one can.
    Invalid(RejectReason),
    /// The end of the input.
    End,
}

/// An open input: a header and records.
pub(super) struct InputTable<'i> {
    /// The header.
    pub header: ByteRecord,
    /// The form of the input, for people: `CSV with ';', windows-1251, gzip`.
    pub described: String,
    /// What might be wrong with the way it is read.
    pub hint: Option<InputHint>,
    /// Whether the bytes were decoded, so that a replacement character stands for those that are not valid.
    pub decoded: bool,
    /// Marks of the end of a file (0x1A) at its end, once it is read.
    pub end_marks: Arc<AtomicU64>,
    /// Records that were read ahead, and how.
    ahead: VecDeque<(ByteRecord, Result<ReadOutcome>)>,
    /// A later row that looks more like a header than the first one.
    title_rows: Option<LikelyHeader>,
    rows: RowReader<'i>,
    limits: InputLimits,
}

enum RowReader<'i> {
    Delimited(Delimited<'i>),
    Json(JsonLines<ByteStream<'i>>),
    Elsewhere(Box<dyn RowSource + 'i>),
}

/// Records of CSV or of a sheet.
struct Delimited<'i> {
    reader: csv::Reader<ByteStream<'i>>,
    record_start: Arc<AtomicU64>,
    /// Whether the last field is the number of the sheet's row.
    sheet: bool,
    delimiter: u8,
    /// Columns of the header.
    width: usize,
    /// Lines above the header.
    lines_above: u64,
    /// How rows are counted as a spreadsheet program does, if they are.
    sheet_rows: Option<SheetRows>,
}

/// Counts the rows of CSV as a spreadsheet program does: a row for each line end that is not within a cell.
#[derive(Clone, Copy, Default)]
struct SheetRows {
    /// Rows that are not lines of the reader: those above the header, less the line `sep=;`, which no program shows.
    offset: i64,
    /// Line ends within cells so far.
    within_cells: i64,
}

/// The start of a text: what stands above the header.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Above {
    bytes: usize,
    lines: u64,
    /// The delimiter that the line `sep=;` tells.
    delimiter: Option<u8>,
}

impl<'i> InputTable<'i> {
    /// Opens an input. `name_columns` are the headers that a delimiter should find.
    ///
    /// # Errors
    ///
    /// It is empty, cannot be read, or has a form that is not supported.
    pub(super) fn open(
        input: impl Read + Send + 'i,
        options: &InputOptions,
        meter: &Arc<ByteMeter>,
        name_columns: &[String],
    ) -> Result<InputTable<'i>> {
        let input: ByteStream<'i> = Box::new(MeteredReader { inner: input, meter: meter.clone() });
        let (head, input, compression) = decompressed(input, options.limits, meter)?;
        if head.is_empty() {
            return Err(Error::new(ErrorKind::Empty));
        }
        let mut table = if head.starts_with(ZIP) {
            InputTable::workbook(input, options, meter)?
        } else if head.starts_with(OLD_EXCEL) {
            return Err(Error::malformed("this is an old Excel file; save it as .xlsx or as CSV"));
        } else if options.sheet.is_some() {
            return Err(Error::new(ErrorKind::NotAWorkbook));
        } else {
            InputTable::text(&head, input, options, name_columns)?
        };
        if let Some(compression) = compression {
            table.described += ", ";
            table.described += compression;
        }
        table.limits = options.limits;
        Ok(table)
    }

    /// The table of a source of rows.
    pub(super) fn elsewhere(source: impl RowSource + 'i, options: &InputOptions) -> InputTable<'i> {
        let header = ByteRecord::from(source.header());
        let mut table = InputTable::new(header, RowReader::Elsewhere(Box::new(source)));
        table.described = "rows in memory".to_string();
        table.limits = options.limits;
        table
    }

    /// Tells a source of rows which columns are read.
    pub(super) fn begin(&mut self, columns: &Columns) {
        if let RowReader::Elsewhere(source) = &mut self.rows {
            source.begin(columns);
        }
    }

    fn new(header: ByteRecord, rows: RowReader<'i>) -> Self {
        InputTable {
            header,
            described: String::new(),
            hint: None,
            decoded: false,
            end_marks: Arc::default(),
            ahead: VecDeque::new(),
            title_rows: None,
            rows,
            limits: InputLimits::default(),
        }
    }

    /// Whether rows are numbered as a spreadsheet program shows them: as the number of the record's position.
    pub(super) fn count_sheet_rows(&mut self, wanted: bool) {
        if let RowReader::Delimited(rows) = &mut self.rows
            && !wanted
        {
            rows.sheet_rows = None;
        }
    }

    /// The first records, which are read again.
    pub(super) fn sample(&mut self) -> Vec<ByteRecord> {
        let (mut bytes, mut number) = (0, 0);
        while self.ahead.len() < SAMPLE && bytes < SAMPLE_BYTES {
            let mut record = ByteRecord::new();
            let outcome = self.read_next(&mut record, number);
            bytes += record.as_slice().len();
            number += 1;
            let goes_on = matches!(outcome, Ok(ReadOutcome::Record | ReadOutcome::Invalid(_)));
            self.ahead.push_back((record, outcome));
            if !goes_on {
                break;
            }
        }
        let records = self.ahead.iter().filter(|(_, outcome)| matches!(outcome, Ok(ReadOutcome::Record)));
        records.map(|(record, _)| record.clone()).collect()
    }

    /// Fails if titles stand above the header, unless the caller chose the columns of names.
    pub(super) fn check_title_rows(&self, choice: &ColumnChoice) -> Result<()> {
        match &self.title_rows {
            Some(likely) if choice.chosen_names().is_empty() => Err(Error::new(ErrorKind::TitleRows {
                header_row: likely.row,
                first: texts(&self.header),
                header: likely.header.clone(),
            })),
            _ => Ok(()),
        }
    }

    #[cfg(feature = "xlsx")]
    fn workbook(
        input: ByteStream<'i>,
        options: &InputOptions,
        meter: &Arc<ByteMeter>,
    ) -> Result<InputTable<'i>> {
        let sheet =
            workbook::open(input, options.sheet.as_deref(), options.header_row.unwrap_or(1), options.limits)?;
        meter.restart(sheet.bytes);
        let rows: ByteStream<'i> = Box::new(MeteredReader { inner: sheet.rows, meter: meter.clone() });
        let (head, rows) = peek(rows)?;
        let mut table = InputTable::delimited(rows, b',', true, Above::default(), &head, options.limits.row)
            .map_err(|e| match (e.kind(), options.header_row) {
                (ErrorKind::Empty, Some(row)) => Error::new(ErrorKind::NoHeaderRow { row }),
                _ => e,
            })?;
        if options.header_row.is_none() {
            table.title_rows = likely_header(&head, &table.header, true, 0);
        }
        table.described = format!("{}, sheet '{}'", sheet.form, sheet.name);
        table.hint = sheet.hint;
        Ok(table)
    }

    #[cfg(not(feature = "xlsx"))]
    fn workbook(_: ByteStream<'i>, _: &InputOptions, _: &Arc<ByteMeter>) -> Result<InputTable<'i>> {
        Err(Error::new(ErrorKind::MissingFeature { form: "a workbook", feature: "xlsx" }))
    }

    /// CSV or JSON Lines in any encoding.
    fn text(
        head: &[u8],
        input: ByteStream<'i>,
        options: &InputOptions,
        name_columns: &[String],
    ) -> Result<InputTable<'i>> {
        let encoding = detect_encoding(head, options.encoding)?;
        let (head, input) = peek(encoding::decode(input, &encoding)?)?;
        if head.is_empty() {
            return Err(Error::new(ErrorKind::Empty));
        }
        let end_marks = Arc::<AtomicU64>::default();
        let mut input: ByteStream<'i> = Box::new(WithoutEndMark::new(input, end_marks.clone()));
        let json = json_form(&head).filter(|_| options.delimiter.is_none());
        let mut table = if let Some(form) = json {
            if let Some(row) = options.header_row {
                return Err(Error::new(ErrorKind::NoHeaderRow { row }));
            }
            let (rows, header) = JsonLines::new(input, form, options.limits)?;
            let mut table = InputTable::new(header, RowReader::Json(rows));
            table.described = format!("{form}, {}", encoding.name);
            table
        } else {
            let above = above_header(&head, options.header_row)?;
            io::copy(&mut input.by_ref().take(above.bytes as u64), &mut io::sink())?;
            let head = &head[above.bytes..];
            let delimiter = options.delimiter.or(above.delimiter);
            let delimiter = delimiter.unwrap_or_else(|| sniff_delimiter(head, name_columns));
            let mut table = InputTable::delimited(input, delimiter, false, above, head, options.limits.row)?;
            if options.header_row.is_none() {
                let hidden = i64::from(above.delimiter.is_some());
                table.title_rows = likely_header(head, &table.header, false, above.lines as i64 - hidden);
            }
            table.described = match delimiter {
                NO_DELIMITER => format!("CSV of one column, {}", encoding.name),
                b'\t' => format!("CSV with tab, {}", encoding.name),
                _ => format!("CSV with '{}', {}", char::from(delimiter), encoding.name),
            };
            table
        };
        table.end_marks = end_marks;
        table.decoded = encoding.is_decoded();
        table.hint = encoding.hint;
        Ok(table)
    }

    /// Reads a header and records. `head` are the first bytes.
    fn delimited(
        input: ByteStream<'i>,
        delimiter: u8,
        sheet: bool,
        above: Above,
        head: &[u8],
        limit: u64,
    ) -> Result<InputTable<'i>> {
        let record_start = Arc::new(AtomicU64::new(0));
        let row_start = record_start.clone();
        let input = RowLimit {
            inner: input,
            limit,
            read: 0,
            row_start,
            text_end: 0,
            pending: Vec::new(),
            skipping: false,
        };
        let input: ByteStream<'i> = Box::new(input.chain(Cursor::new(format!("\n{END_MARKER}\n"))));
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(BUFFER)
            .from_reader(input);
        let mut header = reader.byte_headers().map_err(|e| csv_error(&e, 0))?.clone();
        record_start.store(reader.position().byte(), Relaxed);
        let only_end = header.len() == 1 && &header[0] == END_MARKER.as_bytes();
        if only_end || header.iter().all(|f| f.trim_ascii().is_empty()) {
            return Err(Error::new(ErrorKind::Empty));
        }
        if header.iter().any(|f| find_end_marker(f).is_some()) {
            return Err(Error::malformed("a quote in the header is never closed"));
        }
        if sheet {
            header.truncate(header.len() - 1);
        }
        // At CRLF the reader stops before the line feed, which it counts with the next record.
        let after = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        let lag = i64::from(head.get(after) == Some(&b'\n') && after > 0 && head[after - 1] == b'\r');
        let hidden = i64::from(above.delimiter.is_some());
        let sheet_rows =
            SheetRows { offset: above.lines as i64 - hidden + lag, within_cells: line_ends(&header) };
        let rows = Delimited {
            reader,
            record_start,
            sheet,
            delimiter,
            width: header.len(),
            lines_above: above.lines,
            sheet_rows: Some(sheet_rows),
        };
        Ok(InputTable::new(header, RowReader::Delimited(rows)))
    }

    /// Reads the next record into `record`, with the line on which it begins as its position. `number` is how
    /// many were read before.
    ///
    /// # Errors
    ///
    /// The input cannot be read further.
    pub(super) fn read(&mut self, record: &mut ByteRecord, number: u64) -> Result<ReadOutcome> {
        match self.ahead.pop_front() {
            Some((ahead, outcome)) => {
                *record = ahead;
                outcome
            }
            None => self.read_next(record, number),
        }
    }

    fn read_next(&mut self, record: &mut ByteRecord, number: u64) -> Result<ReadOutcome> {
        let outcome = self.read_row(record, number)?;
        let InputLimits { field: limit, row, .. } = self.limits;
        if matches!(outcome, ReadOutcome::Record) && record.as_slice().len() as u64 > row {
            return Ok(ReadOutcome::Invalid(RejectReason::LongRow { limit: row }));
        }
        if let ReadOutcome::Record = outcome
            && record.as_slice().len() as u64 > limit
            && let Some(at) = record.iter().position(|field| field.len() as u64 > limit)
        {
            return Ok(ReadOutcome::Invalid(RejectReason::LongField { field: at + 1, limit }));
        }
        Ok(outcome)
    }

    fn read_row(&mut self, record: &mut ByteRecord, number: u64) -> Result<ReadOutcome> {
        let row_limit = self.limits.row;
        match &mut self.rows {
            RowReader::Json(rows) => {
                rows.read(record).map_err(|e| e.at(Position::record(number + 1).at_line(rows.line())))
            }
            RowReader::Delimited(rows) => rows.read(record, number, row_limit),
            RowReader::Elsewhere(source) => {
                record.clear();
                let mut position = csv::Position::new();
                position.set_line(number + 1);
                position.set_record(number + 1);
                record.set_position(Some(position));
                let is_row = source.read(&mut RowCells(record))?;
                Ok(if is_row { ReadOutcome::Record } else { ReadOutcome::End })
            }
        }
    }
}

impl Delimited<'_> {
    fn read(&mut self, record: &mut ByteRecord, number: u64, row_limit: u64) -> Result<ReadOutcome> {
        if !self.reader.read_byte_record(record).map_err(|e| csv_error(&e, number))? {
            return Ok(ReadOutcome::End);
        }
        self.record_start.store(self.reader.position().byte(), Relaxed);
        if !self.sheet {
            self.set_position(record);
        } else if record.len() > 1 && take_line_number(record) == CellPlace::Beyond {
            return Ok(ReadOutcome::Invalid(RejectReason::BeyondSheet));
        }
        let Some(last) = record.len().checked_sub(1) else { return Ok(ReadOutcome::Record) };
        // The delimiter of a table of one column is a byte that UTF-8 does not have.
        if self.delimiter == NO_DELIMITER && last > 0 {
            return Ok(ReadOutcome::Invalid(RejectReason::InvalidUtf8 { field: 1 }));
        }
        if record[last].strip_suffix(b"\"").unwrap_or(&record[last]).ends_with(CUT_MARKER.as_bytes()) {
            return Ok(ReadOutcome::Invalid(RejectReason::LongRow { limit: row_limit }));
        }
        match find_end_marker(&record[last]) {
            // Any cell may be a text of several lines.
            None if !self.sheet => match cell_with_rows(record, self.delimiter, self.width, |_| false) {
                Some(at) => Ok(ReadOutcome::Invalid(RejectReason::UnclosedQuote { field: at + 1 })),
                None => Ok(ReadOutcome::Record),
            },
            None => Ok(ReadOutcome::Record),
            Some(0) if last == 0 => Ok(ReadOutcome::End),
            Some(_) => Ok(ReadOutcome::Invalid(RejectReason::UnclosedQuote { field: last + 1 })),
        }
    }

    /// Sets the line of a record, and its row as a spreadsheet program shows it.
    fn set_position(&mut self, record: &mut ByteRecord) {
        if self.lines_above == 0 && self.sheet_rows.is_none() {
            return;
        }
        let mut position = record.position().cloned().unwrap_or_else(csv::Position::new);
        position.set_line(position.line() + self.lines_above);
        if let Some(rows) = &mut self.sheet_rows {
            rows.within_cells += line_ends(record);
            let lines = self.reader.position().line() as i64 - 1;
            position.set_record(u64::try_from(lines + rows.offset - rows.within_cells).unwrap_or_default());
        }
        record.set_position(Some(position));
    }
}

/// Line ends within the cells of a record.
fn line_ends(record: &ByteRecord) -> i64 {
    memchr::memchr_iter(b'\n', record.as_slice()).count() as i64
}

/// The cells of a record as text, as an error shows them.
fn texts(record: &ByteRecord) -> Vec<String> {
    let cells = record.iter().take(20).map(|c| String::from_utf8_lossy(c).trim().to_string());
    cells
        .map(|c| if c.chars().count() > 60 { c.chars().take(60).chain(['…']).collect() } else { c })
        .collect()
}

/// What stands above the header: the rows before `header_row`, and a first line `sep=;`, as Excel reads it.
fn above_header(head: &[u8], header_row: Option<u64>) -> Result<Above> {
    let mut above = Above::default();
    let end = memchr::memchr(b'\n', head);
    let first = &head[..end.unwrap_or(head.len())];
    let line = first.strip_suffix(b"\r").unwrap_or(first);
    let line = line.strip_prefix(b"\"").and_then(|l| l.strip_suffix(b"\"")).unwrap_or(line);
    if let (Some(end), [key @ .., delimiter]) = (end, line)
        && key.eq_ignore_ascii_case(b"sep=")
        && delimiter.is_ascii()
    {
        above = Above { bytes: end + 1, lines: 1, delimiter: Some(*delimiter) };
    }
    let Some(row) = header_row else { return Ok(above) };
    let none = || Error::new(ErrorKind::NoHeaderRow { row });
    for _ in 1..row {
        let end = memchr::memchr(b'\n', &head[above.bytes..]).ok_or_else(none)?;
        above.bytes += end + 1;
        above.lines += 1;
    }
    Ok(above)
}

/// A row that looks like a header.
pub(super) struct LikelyHeader {
    /// Its number, as a spreadsheet program counts it.
    row: u64,
    header: Vec<String>,
}

/// A row below the first one that looks more like a header than it: with two known headers, one of a name, where the
/// first row has no header of a name or is a single cell. `sheet` means that the last field is the number of the row;
/// otherwise `above` rows stand above the first one.
fn likely_header(head: &[u8], header: &ByteRecord, sheet: bool, above: i64) -> Option<LikelyHeader> {
    let (known, has_name) = rate_header(header.iter());
    let cells = header.iter().filter(|cell| !cell.trim_ascii().is_empty()).count();
    if has_name && (known > 1 || cells > 1) {
        return None;
    }
    let mut rest = head;
    for line in 2..=TITLE_ROWS {
        let end = memchr::memchr(b'\n', rest)?;
        rest = &rest[end + 1..];
        let delimiter = if sheet { b',' } else { sniff_delimiter(rest, &[]) };
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(rest);
        let mut record = ByteRecord::new();
        if !reader.read_byte_record(&mut record).unwrap_or(false) {
            return None;
        }
        let mut row = u64::try_from(line + above).unwrap_or_default();
        if sheet {
            take_line_number(&mut record);
            row = record.position().map_or(0, csv::Position::line);
        }
        let (known, has_name) = rate_header(record.iter());
        // A line that is blank begins the next record: its number would be wrong.
        if has_name && known > 1 && !rest.starts_with(b"\n") && !rest.starts_with(b"\r") {
            return Some(LikelyHeader { row, header: texts(&record) });
        }
    }
    None
}

/// Where the cells of a row of a sheet are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CellPlace {
    /// Within the columns and rows of a sheet.
    Within,
    /// A cell claims to be beyond them.
    Beyond,
}

/// What stands behind the number of a row of a sheet with a cell beyond the sheet.
const BEYOND: &str = " beyond";

/// Removes the last field of a record, the number of the sheet's row, and makes it the record's line.
fn take_line_number(record: &mut ByteRecord) -> CellPlace {
    let line = std::str::from_utf8(&record[record.len() - 1]).unwrap_or_default();
    let (line, cells) = match line.strip_suffix(BEYOND) {
        Some(line) => (line, CellPlace::Beyond),
        None => (line, CellPlace::Within),
    };
    let line = line.parse().unwrap_or_default();
    record.truncate(record.len() - 1);
    let mut position = csv::Position::new();
    position.set_line(line);
    position.set_record(line);
    record.set_position(Some(position));
    cells
}

/// The position of the end marker in a field.
fn find_end_marker(field: &[u8]) -> Option<usize> {
    let field = field.strip_suffix(b"\n").unwrap_or(field);
    field.ends_with(END_MARKER.as_bytes()).then(|| field.len() - END_MARKER.len())
}

/// The first bytes, and the whole input again.
fn peek(mut input: ByteStream<'_>) -> Result<(Vec<u8>, ByteStream<'_>)> {
    let mut head = Vec::new();
    input.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    let whole = Box::new(Cursor::new(head.clone()).chain(input));
    Ok((head, whole))
}

/// The content of an input: its first bytes, all of it, and the name of the compression that was undone.
type Content<'i> = (Vec<u8>, ByteStream<'i>, Option<&'static str>);

fn decompressed<'i>(
    input: ByteStream<'i>,
    limits: InputLimits,
    meter: &Arc<ByteMeter>,
) -> Result<Content<'i>> {
    let (head, input) = peek(input)?;
    let (input, form): (ByteStream<'_>, _) = if head.starts_with(GZIP) {
        (gunzip(input)?, "gzip")
    } else if head.starts_with(ZSTD) {
        (unzstd(input)?, "zstd")
    } else {
        return Ok((head, input, None));
    };
    let (head, input) =
        peek(Box::new(Decompressed { inner: input, form, limits, meter: meter.clone(), expanded: 0 }))?;
    Ok((head, input, Some(form)))
}

#[cfg(feature = "gzip")]
fn gunzip(input: ByteStream<'_>) -> Result<ByteStream<'_>> {
    let input = io::BufReader::with_capacity(BUFFER, input);
    Ok(Box::new(flate2::read::MultiGzDecoder::new(input)))
}

#[cfg(not(feature = "gzip"))]
fn gunzip(_: ByteStream<'_>) -> Result<ByteStream<'_>> {
    Err(Error::new(ErrorKind::MissingFeature { form: "gzip", feature: "gzip" }))
}

#[cfg(feature = "zstd")]
fn unzstd(input: ByteStream<'_>) -> Result<ByteStream<'_>> {
    Ok(Box::new(zstd::Decoder::new(input)?))
}

#[cfg(not(feature = "zstd"))]
fn unzstd(_: ByteStream<'_>) -> Result<ByteStream<'_>> {
    Err(Error::new(ErrorKind::MissingFeature { form: "zstd", feature: "zstd" }))
}

/// Names the compression in errors of damaged bytes.
struct Decompressed<R> {
    inner: R,
    form: &'static str,
    limits: InputLimits,
    /// Counts the compressed bytes.
    meter: Arc<ByteMeter>,
    expanded: u64,
}

impl<R: Read> Read for Decompressed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer).map_err(|e| match e.kind() {
            io::ErrorKind::UnexpectedEof => io::Error::new(
                e.kind(),
                format!("the {} data is cut short: the file is incomplete", self.form),
            ),
            kind => io::Error::new(kind, format!("the {} data is damaged: {e}", self.form)),
        })?;
        self.expanded += read as u64;
        self.limits.check_expansion(self.meter.read(), self.expanded)?;
        Ok(read)
    }
}

/// Leaves out the bytes 0x1A at the end of an input, with which old programs mark the end of a file.
struct WithoutEndMark<R> {
    inner: R,
    /// Marks that were read and not passed on: what follows them tells whether they are the last bytes.
    held: u64,
    /// Marks, and bytes behind them, that are passed on next.
    marks: u64,
    bytes: Cursor<Vec<u8>>,
    /// Marks at the end.
    found: Arc<AtomicU64>,
}

impl<R: Read> WithoutEndMark<R> {
    fn new(inner: R, found: Arc<AtomicU64>) -> Self {
        WithoutEndMark { inner, held: 0, marks: 0, bytes: Cursor::default(), found }
    }
}

impl<R: Read> Read for WithoutEndMark<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.marks > 0 {
                let n = buffer.len().min(usize::try_from(self.marks).unwrap_or(usize::MAX));
                buffer[..n].fill(END_OF_FILE);
                self.marks -= n as u64;
                return Ok(n);
            }
            let n = self.bytes.read(buffer)?;
            if n > 0 {
                return Ok(n);
            }
            let n = self.inner.read(buffer)?;
            if n == 0 {
                self.found.fetch_add(std::mem::take(&mut self.held), Relaxed);
                return Ok(0);
            }
            let kept = buffer[..n].iter().rposition(|b| *b != END_OF_FILE).map_or(0, |last| last + 1);
            let held = (n - kept) as u64;
            if kept == 0 {
                self.held += held;
            } else if self.held == 0 {
                self.held = held;
                return Ok(kept);
            } else {
                (self.marks, self.held) = (self.held, held);
                self.bytes = Cursor::new(buffer[..kept].to_vec());
            }
        }
    }
}

fn csv_error(e: &csv::Error, number: u64) -> Error {
    let position = Position::record(number + 1);
    match e.kind() {
        csv::ErrorKind::Io(io) => Error::from(io::Error::new(io.kind(), io.to_string())).at(position),
        _ => Error::malformed(e.to_string()).at(position),
    }
}
