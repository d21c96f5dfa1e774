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
#[cfg(feature = "xlsx")]
mod workbook;

#[cfg(feature = "evaluate")]
pub(crate) use encoding::decode_marked;

use crate::error::{Error, ErrorKind, Position, Result};
use crate::run::RejectReason;
use csv::ByteRecord;
use delimiter::sniff_delimiter;
use encoding::detect_encoding;
use json_lines::JsonLines;
pub use limits::InputLimits;
use limits::{CUT_MARKER, RowLimit};
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
    limits: InputLimits,
}

impl InputOptions {
    /// What a row or a compressed input may take.
    pub fn limits(mut self, limits: InputLimits) -> Self {
        self.limits = limits;
        self
    }

    /// The delimiter of CSV, an ASCII character; without one it is detected by the header.
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
    rows: RowReader<'i>,
    limits: InputLimits,
}

enum RowReader<'i> {
    Delimited { reader: csv::Reader<ByteStream<'i>>, record_start: Arc<AtomicU64>, sheet: bool },
    Json(JsonLines<ByteStream<'i>>),
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

    fn new(header: ByteRecord, rows: RowReader<'i>) -> Self {
        InputTable {
            header,
            described: String::new(),
            hint: None,
            decoded: false,
            rows,
            limits: InputLimits::default(),
        }
    }

    #[cfg(feature = "xlsx")]
    fn workbook(
        input: ByteStream<'i>,
        options: &InputOptions,
        meter: &Arc<ByteMeter>,
    ) -> Result<InputTable<'i>> {
        let sheet = workbook::open(input, options.sheet.as_deref(), options.limits)?;
        meter.restart(sheet.bytes);
        let rows: ByteStream<'i> = Box::new(MeteredReader { inner: sheet.rows, meter: meter.clone() });
        let mut table = InputTable::delimited(rows, b',', true, options.limits.row)?;
        table.described = format!("workbook, sheet '{}'", sheet.name);
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
        let mut table = if head.trim_ascii_start().starts_with(b"{") && options.delimiter.is_none() {
            let (rows, header) = JsonLines::new(input, options.limits)?;
            let mut table = InputTable::new(header, RowReader::Json(rows));
            table.described = format!("JSON Lines, {}", encoding.name);
            table
        } else {
            let delimiter = options.delimiter.unwrap_or_else(|| sniff_delimiter(&head, name_columns));
            let mut table = InputTable::delimited(input, delimiter, false, options.limits.row)?;
            let shown =
                if delimiter == b'\t' { "tab".into() } else { format!("'{}'", char::from(delimiter)) };
            table.described = format!("CSV with {shown}, {}", encoding.name);
            table
        };
        table.decoded = encoding.is_decoded();
        table.hint = encoding.hint;
        Ok(table)
    }

    fn delimited(input: ByteStream<'i>, delimiter: u8, sheet: bool, limit: u64) -> Result<InputTable<'i>> {
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
        Ok(InputTable::new(header, RowReader::Delimited { reader, record_start, sheet }))
    }

    /// Reads the next record into `record`, with the line on which it begins as its position. `number` is how
    /// many were read before.
    ///
    /// # Errors
    ///
    /// The input cannot be read further.
    pub(super) fn read(&mut self, record: &mut ByteRecord, number: u64) -> Result<ReadOutcome> {
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
            RowReader::Delimited { reader, record_start, sheet } => {
                if !reader.read_byte_record(record).map_err(|e| csv_error(&e, number))? {
                    return Ok(ReadOutcome::End);
                }
                record_start.store(reader.position().byte(), Relaxed);
                if *sheet && record.len() > 1 && take_line_number(record) == CellPlace::Beyond {
                    return Ok(ReadOutcome::Invalid(RejectReason::BeyondSheet));
                }
                let Some(last) = record.len().checked_sub(1) else { return Ok(ReadOutcome::Record) };
                if record[last].strip_suffix(b"\"").unwrap_or(&record[last]).ends_with(CUT_MARKER.as_bytes())
                {
                    return Ok(ReadOutcome::Invalid(RejectReason::LongRow { limit: row_limit }));
                }
                match find_end_marker(&record[last]) {
                    None => Ok(ReadOutcome::Record),
                    Some(0) if last == 0 => Ok(ReadOutcome::End),
                    Some(_) => Ok(ReadOutcome::Invalid(RejectReason::UnclosedQuote { field: last + 1 })),
                }
            }
        }
    }
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

fn csv_error(e: &csv::Error, number: u64) -> Error {
    let position = Position::record(number + 1);
    match e.kind() {
        csv::ErrorKind::Io(io) => Error::from(io::Error::new(io.kind(), io.to_string())).at(position),
        _ => Error::malformed(e.to_string()).at(position),
    }
}
