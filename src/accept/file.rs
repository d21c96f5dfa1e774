//! The file of accepted hits: read strictly, and replaced as a whole when a line is appended.

use super::{Acceptance, Evidence, Score};
use crate::batch::spreadsheet::{original, protect};
use crate::error::{Error, ErrorKind, Position, Result};
use crate::file::WholeFile;
use jiff::civil::Date as Day;
use std::io::Write;
use std::path::Path;

/// The columns of the file. They may be in any order, and others beside them.
pub const COLUMNS: [&str; 13] = [
    "counterparty_id",
    "counterparty_name",
    "list",
    "entity_id",
    "entity_hash",
    "who",
    "when",
    "until",
    "reason",
    "compared",
    "matched_name",
    "matched_by",
    "score",
];

/// The columns that a file of the former kind has: it holds neither the compared fields nor how the names matched.
const FORMER_COLUMNS: usize = 9;

/// The positions of the columns of a file, in the order of [`COLUMNS`]; none of one that the file lacks.
struct Layout {
    at: [Option<usize>; COLUMNS.len()],
    width: usize,
}

impl Layout {
    fn of(header: &csv::StringRecord) -> Result<Layout> {
        let found = |name: &str| -> Result<usize> {
            let mut places = header.iter().enumerate().filter(|(_, h)| h.trim() == name).map(|(i, _)| i);
            let missing = || {
                Error::malformed(format!(
                    "no column '{name}' in the header ({}); accepted hits have the columns {}, separated by commas",
                    header.iter().collect::<Vec<_>>().join(", "),
                    COLUMNS.join(", ")
                ))
                .at(Position::line(1))
            };
            let at = places.next().ok_or_else(missing)?;
            match places.next() {
                None => Ok(at),
                Some(_) => Err(Error::malformed(format!("the column '{name}' stands twice in the header"))
                    .at(Position::line(1))),
            }
        };
        let mut at = [None; COLUMNS.len()];
        for (number, (place, name)) in at.iter_mut().zip(COLUMNS).enumerate() {
            let is_there = number < FORMER_COLUMNS || header.iter().any(|h| h.trim() == name);
            *place = if is_there { Some(found(name)?) } else { None };
        }
        Ok(Layout { at, width: header.len() })
    }
}

/// Reads a file of accepted hits: each with its 1-based line, in the order of the file.
///
/// # Errors
///
/// Any row that is incomplete or ambiguous, by line and field: one that was read wrongly would hide a hit.
pub fn read(bytes: &[u8]) -> Result<Vec<(u64, Acceptance)>> {
    Ok(parse(bytes)?.1)
}

fn parse(bytes: &[u8]) -> Result<(Layout, Vec<(u64, Acceptance)>)> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::new(ErrorKind::Empty));
    }
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let csv_error = |e: csv::Error| {
        let line = e.position().map_or(1, csv::Position::line);
        Error::malformed(e.to_string()).at(Position::line(line))
    };
    let layout = Layout::of(reader.headers().map_err(csv_error)?)?;
    let mut entries = Vec::new();
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(csv_error)? {
        let begins = record.position().map_or(0, csv::Position::byte) as usize;
        // The position is where the reader began to read, which may be an empty line before the record.
        let blank = bytes[begins..].iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        let line = 1 + bytes[..begins + blank].iter().filter(|b| **b == b'\n').count() as u64;
        let entry = row(&layout, &record).map_err(|(field, reason)| {
            let position = Position::line(line);
            let position = if field.is_empty() { position } else { position.in_field(field) };
            Error::malformed(reason).at(position)
        })?;
        entries.push((line, entry));
    }
    Ok((layout, entries))
}

/// Reads one row; the error names the field and the reason.
fn row(layout: &Layout, record: &csv::ByteRecord) -> std::result::Result<Acceptance, (&'static str, String)> {
    if record.len() != layout.width {
        return Err(("", format!("{} fields where the header has {}", record.len(), layout.width)));
    }
    let mut values = [""; COLUMNS.len()];
    for ((value, at), name) in values.iter_mut().zip(layout.at).zip(COLUMNS) {
        let Some(at) = at else { continue };
        *value = std::str::from_utf8(&record[at])
            .map(|v| original(v.trim()))
            .map_err(|_| (name, "not valid UTF-8; save the file as UTF-8".to_string()))?;
        if value.contains(['\n', '\r']) {
            return Err((name, "holds a line break: is a quote not closed?".into()));
        }
    }
    let [
        id,
        name,
        list,
        entity_id,
        hash,
        who,
        when,
        until,
        reason,
        compared,
        matched_name,
        matched_by,
        score,
    ] = values;
    if id.is_empty() && name.is_empty() {
        return Err(("counterparty_id", "neither the counterparty's id nor its name is given".into()));
    }
    for (value, field) in [(list, 2), (entity_id, 3), (hash, 4), (who, 5), (when, 6), (reason, 8)] {
        if value.is_empty() {
            return Err((COLUMNS[field], "must not be empty".into()));
        }
    }
    if hash.len() != 32 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err((
            "entity_hash",
            format!(
                "'{hash}' is no content hash of an entity (32 hexadecimal digits); `interdict accept` writes it"
            ),
        ));
    }
    let day = |field: &'static str, text: &str| {
        day(text).ok_or_else(|| (field, format!("'{text}' is no day; write it as 2026-12-31")))
    };
    let when = day("when", when)?;
    let until = if until.is_empty() { None } else { Some(day("until", until)?) };
    if until.is_some_and(|until| until < when) {
        return Err(("until", "lies before the day of the acceptance".into()));
    }
    let evidence = match (score, matched_by) {
        ("", "") if compared.is_empty() && matched_name.is_empty() => None,
        ("", _) | (_, "") => {
            return Err(("score", "score and matched_by are both given, or no evidence is".into()));
        }
        (score, matched_by) => Some(Evidence {
            compared: compared.to_string(),
            matched_name: matched_name.to_string(),
            matched_by: matched_by.to_string(),
            score: score_of(score).ok_or_else(|| ("score", format!("'{score}' is no score from 0 to 1")))?,
        }),
    };
    Ok(Acceptance {
        evidence,
        counterparty_id: id.to_string(),
        counterparty_name: name.to_string(),
        list: list.to_string(),
        entity_id: entity_id.to_string(),
        entity_hash: hash.to_ascii_lowercase(),
        who: who.to_string(),
        when,
        until,
        reason: reason.to_string(),
    })
}

/// A score, as it was written to the hits.
fn score_of(text: &str) -> Option<Score> {
    let score: f64 = text.parse().ok().filter(|score| (0.0..=1.0).contains(score))?;
    Some(Score::new(score))
}

/// A day written as `2026-12-31`, and in no other way.
pub fn day(text: &str) -> Option<Day> {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| match i {
            4 | 7 => b == b'-',
            _ => b.is_ascii_digit(),
        });
    if shaped { text.parse().ok() } else { None }
}

/// Appends an acceptance to a file, which is created if there is none. The file is written anew and replaced,
/// so that it holds the whole acceptance or nothing of it; others who append at the same time wait.
///
/// # Errors
///
/// The acceptance is incomplete, the present file is not one of accepted hits, or the file cannot be written.
pub fn append(path: impl AsRef<Path>, acceptance: &Acceptance) -> Result<()> {
    let path = path.as_ref();
    let fail = |e: std::io::Error| Error::from(e).with_path(path);
    let _lock = lock(path)?;
    let mut bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(e) => return Err(fail(e)),
    };
    if bytes.is_empty() {
        bytes = [COLUMNS.join(",").as_bytes(), b"\n"].concat();
    }
    let (mut layout, _) = parse(&bytes).map_err(|e| e.with_path(path))?;
    if acceptance.evidence.is_some() && layout.at.contains(&None) {
        bytes = with_all_columns(&bytes).map_err(|e| fail(e.into()))?;
        layout = parse(&bytes).map_err(|e| e.with_path(path))?.0;
    }
    if !bytes.ends_with(b"\n") {
        bytes.push(b'\n');
    }
    let mut fields = vec![String::new(); layout.width];
    for (at, value) in layout.at.into_iter().zip(acceptance.values()) {
        if let Some(at) = at {
            fields[at] = protect(&value).into_owned();
        }
    }
    let mut line = csv::Writer::from_writer(Vec::new());
    line.write_record(&fields).map_err(|e| fail(e.into()))?;
    let line = line.into_inner().map_err(|e| fail(e.into_error()))?;
    bytes.extend_from_slice(&line);
    // The line that was just written must be read as this acceptance.
    let (_, entries) = parse(&bytes).map_err(|e| e.with_path(path))?;
    if entries.last().map(|(_, last)| last) != Some(acceptance) {
        return Err(
            Error::malformed("the acceptance cannot be written so that it reads the same").with_path(path)
        );
    }
    let mut file = WholeFile::create(path)?;
    file.write_all(&bytes).map_err(fail)?;
    file.finish()
}

/// A file of the former kind with the columns that it lacks, which are empty.
fn with_all_columns(bytes: &[u8]) -> csv::Result<Vec<u8>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut out = csv::Writer::from_writer(Vec::new());
    let mut missing: Option<Vec<&str>> = None;
    for record in reader.records() {
        let record = record?;
        match &missing {
            None => {
                let lacks = COLUMNS.into_iter().filter(|name| record.iter().all(|h| h.trim() != *name));
                let lacks = missing.insert(lacks.collect());
                out.write_record(record.iter().chain(lacks.iter().copied()))?;
            }
            Some(lacks) => out.write_record(record.iter().chain(lacks.iter().map(|_| "")))?,
        }
    }
    out.into_inner().map_err(|e| e.into_error().into())
}

/// A lock that is held while a file is replaced, so that no line is lost when two processes append. It is on
/// the folder, since the file itself is replaced.
fn lock(path: &Path) -> Result<Option<std::fs::File>> {
    if cfg!(not(unix)) {
        return Ok(None);
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = std::fs::File::open(folder).map_err(|e| Error::from(e).with_path(path))?;
    match folder.lock() {
        Ok(()) => Ok(Some(folder)),
        // Some network file systems have no locks; then nobody waits.
        Err(e) if e.kind() == std::io::ErrorKind::Unsupported => Ok(None),
        Err(e) => Err(Error::from(e).with_path(path)),
    }
}
