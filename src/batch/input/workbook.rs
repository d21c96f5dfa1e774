//! Workbooks (.xlsx, .ods): the cells of one sheet as rows of text.
//!
//! Limits: an .xlsx sheet is streamed; an .ods workbook is held in memory, with at most [`MAX_ODS`] bytes as a file.

use super::{BEYOND, ByteStream, InputHint, InputLimits, quoted};
use crate::error::{Error, Result};
use calamine::{Data, DataRef, ExcelDateTime, Reader, SheetVisible, Xlsx};
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek};

/// Rows and columns of a sheet (ECMA-376, and the limits that Excel states).
const MAX_ROWS: u32 = 1_048_576;
const MAX_COLUMNS: u32 = 16_384;
/// The most bytes of the parts that are held in memory: shared texts, styles, the list of sheets.
const MAX_HELD: u64 = 64 << 20;

/// The most bytes of an .ods file.
const MAX_ODS: u64 = 64 << 20;

/// Checks what the parts of a workbook expand to, by expanding them: what they claim proves nothing. True if it is an .ods
/// workbook.
fn check_parts(file: &mut File, limits: InputLimits) -> Result<bool> {
    let fail =
        |e: zip::result::ZipError| Error::malformed(format!("not a readable workbook (.xlsx or .ods): {e}"));
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(fail)?;
    let mut held = 0;
    let is_ods = archive.by_name("content.xml").is_ok();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(fail)?;
        let is_sheet = |name: &str| name.starts_with("xl/worksheets/") || is_ods && name == "content.xml";
        let is_sheet = part.name().is_ok_and(|name| is_sheet(&name));
        let compressed = part.compressed_size();
        let mut buffer = vec![0; 1 << 16];
        let mut expanded = 0;
        loop {
            let n = part.read(&mut buffer)? as u64;
            if n == 0 {
                break;
            }
            expanded += n;
            limits.check_expansion(compressed, expanded)?;
            held += if is_sheet { 0 } else { n };
            if held > MAX_HELD {
                let text = format!(
                    "the workbook's shared texts take more than {} MiB; save it as CSV",
                    MAX_HELD >> 20
                );
                return Err(Error::malformed(text));
            }
        }
    }
    Ok(is_ods)
}

/// A sheet, converted to CSV whose last column is the number of the sheet's row.
pub(super) struct SheetRows {
    /// The form of the workbook, for people.
    pub form: &'static str,
    pub name: String,
    pub rows: BufReader<File>,
    /// Length of the CSV.
    pub bytes: u64,
    /// The other sheets of the workbook.
    pub hint: Option<InputHint>,
}

/// Reads a sheet by its name or its number from 1 on; the first visible one where none is given. Rows without
/// any text are skipped, as blank lines of CSV are; the first row from `header_row` on that is left is the header.
pub(super) fn open(
    mut input: ByteStream<'_>,
    wanted: Option<&str>,
    header_row: u64,
    limits: InputLimits,
) -> Result<SheetRows> {
    let fail = |e: calamine::XlsxError| Error::malformed(format!("not a readable .xlsx workbook: {e}"));
    let mut file = tempfile::tempfile()?;
    std::io::copy(&mut input, &mut file)?;
    file.rewind()?;
    let is_ods = check_parts(&mut file, limits)?;
    file.rewind()?;
    if is_ods {
        return open_ods(&mut file, wanted, header_row);
    }
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(fail)?;
    let mut visible = book.sheets_metadata().iter().filter(|s| s.visible == SheetVisible::Visible);
    let first = visible.next().map(|s| s.name.clone());
    let (name, hint) = select_sheet(&book.sheet_names(), first, wanted)?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(fail)?;
    let mut out = csv::WriterBuilder::new().flexible(true).from_writer(BufWriter::new(tempfile::tempfile()?));
    let mut rows = RowsOut { width: None, fields: Vec::new(), row: 0, beyond: false };
    while let Some(cell) = cells.next_cell().map_err(fail)? {
        let (row, column) = cell.get_position();
        if u64::from(row) + 1 < header_row {
            continue;
        }
        let text = text(cell.get_value());
        if row != rows.row {
            rows.end(&mut out)?;
            rows.row = row;
        }
        if row >= MAX_ROWS || column >= MAX_COLUMNS {
            rows.beyond |= !text.trim().is_empty();
            continue;
        }
        let column = column as usize;
        if !text.trim().is_empty() {
            if rows.fields.len() <= column {
                rows.fields.resize(column + 1, String::new());
            }
            rows.fields[column] = text;
        }
    }
    rows.end(&mut out)?;
    finished("workbook", name, hint, out)
}

/// Reads a sheet of an .ods workbook, as [`open`].
fn open_ods(file: &mut File, wanted: Option<&str>, header_row: u64) -> Result<SheetRows> {
    let mut bytes = Vec::new();
    file.take(MAX_ODS + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_ODS {
        let text = format!("an .ods workbook of more than {} MiB; save it as CSV", MAX_ODS >> 20);
        return Err(Error::malformed(text));
    }
    let sheets = crate::list::ods_sheets(&bytes)?;
    drop(bytes);
    let names: Vec<String> = sheets.iter().map(|s| s.name.clone()).collect();
    let (name, hint) = select_sheet(&names, None, wanted)?;
    let mut out = csv::WriterBuilder::new().flexible(true).from_writer(BufWriter::new(tempfile::tempfile()?));
    let mut rows = RowsOut { width: None, fields: Vec::new(), row: 0, beyond: false };
    let sheet = sheets.into_iter().find(|s| s.name == name);
    for (number, cells) in sheet.into_iter().flat_map(|s| s.rows) {
        if number < header_row || cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        rows.fields = cells;
        // The numbers of rows are counted from 0 there.
        rows.row = u32::try_from(number - 1).unwrap_or(MAX_ROWS);
        rows.end(&mut out)?;
    }
    finished(".ods workbook", name, hint, out)
}

/// The written rows from their beginning.
fn finished(
    form: &'static str,
    name: String,
    hint: Option<InputHint>,
    out: csv::Writer<BufWriter<File>>,
) -> Result<SheetRows> {
    let mut file = out
        .into_inner()
        .map_err(|e| std::io::Error::other(e.to_string()))?
        .into_inner()
        .map_err(|e| e.into_error())?;
    let bytes = file.stream_position()?;
    file.rewind()?;
    Ok(SheetRows { form, name, rows: BufReader::with_capacity(1 << 18, file), bytes, hint })
}

/// The name of the wanted sheet, and a hint if it was not chosen.
fn select_sheet(
    names: &[String],
    visible: Option<String>,
    wanted: Option<&str>,
) -> Result<(String, Option<InputHint>)> {
    let Some(wanted) = wanted else {
        let first = visible.or_else(|| names.first().cloned());
        let first = first.ok_or_else(|| Error::malformed("the workbook has no sheet"))?;
        let hint = (names.len() > 1)
            .then(|| InputHint::SeveralSheets { sheets: names.to_vec(), read: first.clone() });
        return Ok((first, hint));
    };
    let by_number = || wanted.parse::<usize>().ok().and_then(|n| names.get(n.checked_sub(1)?));
    match names.iter().find(|n| *n == wanted).or_else(by_number) {
        Some(name) => Ok((name.clone(), None)),
        None => Err(Error::malformed(format!("no sheet '{wanted}'; the workbook has: {}", quoted(names)))),
    }
}

/// A row on its way to the CSV.
struct RowsOut {
    /// Columns of the header.
    width: Option<usize>,
    fields: Vec<String>,
    row: u32,
    /// Whether a cell claims to be beyond the sheet.
    beyond: bool,
}

impl RowsOut {
    fn end<W: std::io::Write>(&mut self, out: &mut csv::Writer<W>) -> Result<()> {
        if self.fields.is_empty() && !self.beyond {
            return Ok(());
        }
        let width = *self.width.get_or_insert(self.fields.len());
        // A cell beyond the header makes a row of another width, which is rejected where rows are checked.
        self.fields.resize(width.max(self.fields.len()), String::new());
        let line = format!("{}{}", u64::from(self.row) + 1, if self.beyond { BEYOND } else { "" });
        self.beyond = false;
        let fields = self.fields.iter().map(String::as_str).chain([line.as_str()]);
        out.write_record(fields).map_err(csv_io)?;
        self.fields.clear();
        Ok(())
    }
}

fn csv_io(e: csv::Error) -> std::io::Error {
    e.into()
}

/// A cell as a person reads it: whole numbers without a point, days as `2020-01-31`.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::SharedString(s) => s.to_string(),
        DataRef::Float(n) if n.fract() == 0.0 && n.abs() < 1e15 => (*n as i64).to_string(),
        DataRef::DateTime(d) if d.is_datetime() => day(d),
        DataRef::Error(_) | DataRef::Empty => String::new(),
        other => match Data::from(other.clone()) {
            Data::DateTimeIso(s) | Data::DurationIso(s) | Data::String(s) => s,
            data => data.to_string(),
        },
    }
}

fn day(value: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
    let mut text = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) != (0, 0, 0) {
        text += &format!("T{hour:02}:{minute:02}:{second:02}");
    }
    text
}
