//! Opening an input table, whatever it is written in.
//!
//! The bytes tell what they are: gzip and zstd by their first bytes, a workbook by those of a zip archive, the
//! encoding by a byte order mark or the zero bytes of UTF-16, JSON Lines by a `{`, and the delimiter by the
//! header. What cannot be told safely is not guessed: bytes that are not UTF-8 make rejected rows, with a hint
//! at what `--encoding` might be.
//!
//! Cost: reading CSV takes under a microsecond a row. Limits: a record holds at most 64 MiB; a workbook is
//! copied to a temporary file first, its shared texts are held in memory, and cells that hold an error
//! (`#N/A`) count as empty.

mod delimiter;
mod encoding;
mod json_lines;
mod sheet;

use crate::error::{Error, ErrorKind, Position, Result};
use csv::ByteRecord;
use encoding_rs::Encoding;
use json_lines::JsonLines;
use std::io::{self, BufReader, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Bytes looked at to tell what an input is.
const HEAD: usize = 256 << 10;
/// The longest record; a quote that is never closed would else swallow the memory.
const LONGEST: u64 = 64 << 20;
/// Buffer of the CSV reader.
const BUFFER: usize = 1 << 20;
/// A last line of our own: what stands behind a quote that was never closed ends with it.
const END: &str = "\u{1}end of the input\u{1}";

/// How to read an input, where it does not tell itself.
#[derive(Clone, Debug, Default)]
pub struct InputOptions {
    /// The delimiter of CSV; told by the header where there is none.
    pub delimiter: Option<u8>,
    /// The encoding; UTF-8 where there is none, or what a byte order mark tells.
    pub encoding: Option<&'static Encoding>,
    /// The sheet of a workbook, by name or by number from 1 on; the first where there is none.
    pub sheet: Option<String>,
}

/// How far an input has been read, for whoever watches from another thread.
#[derive(Debug, Default)]
pub struct Meter {
    read: AtomicU64,
    total: AtomicU64,
}

impl Meter {
    /// A meter of an input of so many bytes; 0 when the length is not known.
    pub fn new(total: u64) -> Arc<Meter> {
        Arc::new(Meter { read: AtomicU64::new(0), total: AtomicU64::new(total) })
    }

    /// Bytes read so far, before they are decompressed.
    pub fn read(&self) -> u64 {
        self.read.load(Relaxed)
    }

    /// The length in bytes, if it is known.
    pub fn total(&self) -> Option<u64> {
        Some(self.total.load(Relaxed)).filter(|t| *t > 0)
    }

    fn restart(&self, total: u64) {
        self.total.store(total, Relaxed);
        self.read.store(0, Relaxed);
    }
}

struct Metered<R> {
    inner: R,
    meter: Arc<Meter>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.meter.read.fetch_add(n as u64, Relaxed);
        Ok(n)
    }
}

type Source<'i> = Box<dyn Read + Send + 'i>;

/// What reading a record came to.
pub(super) enum Read1 {
    Record,
    /// The record is there, but cannot be read; why.
    Bad(String),
    End,
}

/// An open input: a header and records.
pub(super) struct Table<'i> {
    /// The header.
    pub header: ByteRecord,
    /// What it is, for people: `CSV with ';', windows-1251, gzip`.
    pub described: String,
    /// What might be wrong with the way it is read, for people.
    pub hint: Option<String>,
    /// Whether the bytes were decoded, so that a replacement character stands for a damaged one.
    pub decoded: bool,
    rows: Rows<'i>,
}

enum Rows<'i> {
    Delimited { reader: csv::Reader<Source<'i>>, record_start: Arc<AtomicU64>, sheet: bool },
    Json(JsonLines<Source<'i>>),
}

impl<'i> Table<'i> {
    /// Opens an input.
    ///
    /// # Errors
    ///
    /// It is empty, cannot be read, or is something that is not read here.
    pub(super) fn open(
        input: impl Read + Send + 'i,
        options: &InputOptions,
        meter: &Arc<Meter>,
        wanted: &[String],
    ) -> Result<Table<'i>> {
        let input: Source<'i> = Box::new(Metered { inner: input, meter: meter.clone() });
        let (mut head, mut input) = peek(input)?;
        let mut compression = None;
        if head.starts_with(&[0x1f, 0x8b]) {
            compression = Some("gzip");
            input = Box::new(Decompressed {
                inner: flate2::read::MultiGzDecoder::new(BufReader::with_capacity(BUFFER, input)),
                what: "gzip",
            });
        } else if head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            compression = Some("zstd");
            input = Box::new(Decompressed { inner: zstd::Decoder::new(input)?, what: "zstd" });
        }
        if compression.is_some() {
            (head, input) = peek(input)?;
        }
        if head.is_empty() {
            return Err(Error::new(ErrorKind::Empty));
        }
        let described = |what: &str| match compression {
            Some(c) => format!("{what}, {c}"),
            None => what.to_string(),
        };
        if head.starts_with(b"PK\x03\x04") {
            let sheet = sheet::open(input, options.sheet.as_deref())?;
            meter.restart(sheet.bytes);
            let rows: Source<'i> = Box::new(Metered { inner: sheet.rows, meter: meter.clone() });
            let mut table = Table::delimited(rows, b',', true)?;
            table.described = described(&format!("workbook, sheet '{}'", sheet.name));
            table.hint = sheet.hint;
            return Ok(table);
        }
        if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            return Err(Error::malformed("this is an old Excel file; save it as .xlsx or as CSV"));
        }
        if options.sheet.is_some() {
            return Err(Error::malformed("--sheet is given, but this is no .xlsx workbook"));
        }
        let told = encoding::tell(&head, options.encoding);
        let decoded = told.decode.is_some();
        let input = encoding::decode(input, &told)?;
        let (head, input) = peek(input)?;
        if head.is_empty() {
            return Err(Error::new(ErrorKind::Empty));
        }
        let mut table = if head.trim_ascii_start().starts_with(b"{") && options.delimiter.is_none() {
            let (rows, header) = JsonLines::new(input)?;
            let mut table = Table::new(header, Rows::Json(rows));
            table.described = described(&format!("JSON Lines, {}", told.name));
            table
        } else {
            let delimiter = options.delimiter.unwrap_or_else(|| delimiter::tell(&head, wanted));
            let mut table = Table::delimited(input, delimiter, false)?;
            let shown =
                if delimiter == b'\t' { "tab".into() } else { format!("'{}'", char::from(delimiter)) };
            table.described = described(&format!("CSV with {shown}, {}", told.name));
            table
        };
        table.decoded = decoded;
        table.hint = told.hint;
        Ok(table)
    }

    fn new(header: ByteRecord, rows: Rows<'i>) -> Self {
        Table { header, described: String::new(), hint: None, decoded: false, rows }
    }

    fn delimited(input: Source<'i>, delimiter: u8, sheet: bool) -> Result<Table<'i>> {
        let record_start = Arc::new(AtomicU64::new(0));
        let input = Guarded { inner: input, given: 0, record_start: record_start.clone() };
        let input: Source<'i> = Box::new(input.chain(Cursor::new(format!("\n{END}\n"))));
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(BUFFER)
            .from_reader(input);
        let mut header = reader.byte_headers().map_err(|e| csv_error(&e, 0))?.clone();
        let only_end = header.len() == 1 && &header[0] == END.as_bytes();
        if only_end || header.iter().all(|f| f.trim_ascii().is_empty()) {
            return Err(Error::new(ErrorKind::Empty));
        }
        if header.iter().any(|f| find_end(f).is_some()) {
            return Err(Error::malformed("a quote in the header is never closed"));
        }
        if sheet {
            header.truncate(header.len() - 1);
        }
        Ok(Table::new(header, Rows::Delimited { reader, record_start, sheet }))
    }

    /// Reads the next record into `record`, with the line on which it begins as its position. `number` is how
    /// many were read before.
    ///
    /// # Errors
    ///
    /// The input cannot be read further.
    pub(super) fn read(&mut self, record: &mut ByteRecord, number: u64) -> Result<Read1> {
        match &mut self.rows {
            Rows::Json(rows) => {
                rows.read(record).map_err(|e| e.at(Position::record(number + 1).at_line(rows.line())))
            }
            Rows::Delimited { reader, record_start, sheet } => {
                if !reader.read_byte_record(record).map_err(|e| csv_error(&e, number))? {
                    return Ok(Read1::End);
                }
                record_start.store(reader.position().byte(), Relaxed);
                if *sheet && record.len() > 1 {
                    let line = std::str::from_utf8(&record[record.len() - 1]).unwrap_or_default();
                    let line = line.parse().unwrap_or_default();
                    record.truncate(record.len() - 1);
                    let mut position = csv::Position::new();
                    position.set_line(line);
                    record.set_position(Some(position));
                }
                // What ends the input of itself is our own line.
                let Some(last) = record.len().checked_sub(1) else { return Ok(Read1::Record) };
                let Some(at) = find_end(&record[last]) else { return Ok(Read1::Record) };
                if last == 0 && at == 0 {
                    return Ok(Read1::End);
                }
                Ok(Read1::Bad(format!(
                    "field {} begins with a quote that is never closed, so that it runs to the end of the input",
                    last + 1
                )))
            }
        }
    }
}

/// Where our own line begins in a field.
fn find_end(field: &[u8]) -> Option<usize> {
    let field = field.strip_suffix(b"\n").unwrap_or(field);
    field.ends_with(END.as_bytes()).then(|| field.len() - END.len())
}

/// The first bytes, and the whole input again.
fn peek(mut input: Source<'_>) -> Result<(Vec<u8>, Source<'_>)> {
    let mut head = Vec::new();
    input.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    let whole = Box::new(Cursor::new(head.clone()).chain(input));
    Ok((head, whole))
}

/// Says of errors in compressed bytes what they are.
struct Decompressed<R> {
    inner: R,
    what: &'static str,
}

impl<R: Read> Read for Decompressed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer).map_err(|e| match e.kind() {
            io::ErrorKind::UnexpectedEof => io::Error::new(
                e.kind(),
                format!("the {} data is cut short: the file is incomplete", self.what),
            ),
            kind => io::Error::new(kind, format!("the {} data is damaged: {e}", self.what)),
        })
    }
}

/// Gives up when a record does not end.
struct Guarded<R> {
    inner: R,
    given: u64,
    record_start: Arc<AtomicU64>,
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given.saturating_sub(self.record_start.load(Relaxed)) > LONGEST + BUFFER as u64 {
            let mib = LONGEST >> 20;
            let text = format!("a record of more than {mib} MiB begins here; a quote may never be closed");
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        let n = self.inner.read(buffer)?;
        self.given += n as u64;
        Ok(n)
    }
}

fn csv_error(e: &csv::Error, number: u64) -> Error {
    let position = Position::record(number + 1);
    match e.kind() {
        csv::ErrorKind::Io(io) => Error::from(io::Error::new(io.kind(), io.to_string())).at(position),
        _ => Error::malformed(e.to_string()).at(position),
    }
}
