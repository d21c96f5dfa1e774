//! Verifying an audit trail.

use super::record::{End, Header, Row};
use super::{LAYOUT, NOTHING};
use crate::batch::{Counts, Identity};
use crate::digest::hex_digest;
use crate::error::{Error, ErrorKind, Result};
use std::fmt;
use std::io::{BufRead, BufReader, Read};

/// Problems that are told; those behind them are counted.
const TOLD: usize = 100;

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// 1-based line of the file.
    pub line: u64,
    /// What it is, in a sentence for people.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// What an audit trail was found to be.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// What the run was made of, as the header says.
    pub identity: Option<Identity>,
    /// The day of the run, as the header says.
    pub date: String,
    /// Lines read.
    pub lines: u64,
    /// What the records come to.
    pub counts: Counts,
    /// The seal of the closing record, if it is there: who keeps it elsewhere knows the whole file by it.
    pub seal: Option<String>,
    /// The first hundred problems, in the order of the lines.
    pub problems: Vec<Problem>,
    /// All problems.
    pub found: u64,
}

impl Checked {
    /// Whether the file is as it was written, as far as it can tell itself.
    pub fn is_intact(&self) -> bool {
        self.found == 0
    }

    fn tell(&mut self, what: impl Into<String>) {
        self.found += 1;
        if self.problems.len() < TOLD {
            self.problems.push(Problem { line: self.lines, what: what.into() });
        }
    }
}

/// Reads a trail from its beginning to its end and tells every place where it is not as it was written.
///
/// # Errors
///
/// It cannot be read, is empty, or does not begin with the header of a known layout.
pub fn verify(input: impl Read) -> Result<Checked> {
    walk(input, |_, _| Ok(()))
}

/// What the run of a trail was made of, and its day, as the header says.
///
/// # Errors
///
/// It cannot be read, is empty, or does not begin with the header of a known layout.
pub fn header(input: impl Read) -> Result<(Identity, String)> {
    let mut line = Vec::new();
    BufReader::new(input).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Err(Error::new(ErrorKind::Empty));
    }
    let header = parse_header(&line)?;
    Ok((header.identity, header.date))
}

fn parse_header(line: &[u8]) -> Result<Header> {
    let header: Header = serde_json::from_slice(line).map_err(|e| {
        let text = format!("not an audit trail, or its header was changed: {e}");
        Error::malformed(text).at(crate::Position::line(1))
    })?;
    if header.audit != LAYOUT {
        let text = format!("audit layout {}; this program reads layout {LAYOUT}", header.audit);
        return Err(Error::malformed(text));
    }
    Ok(header)
}

/// Verifies, and gives each row whose record can be read, with whether the file was intact up to there.
pub(super) fn walk(input: impl Read, mut rows: impl FnMut(Row, &Checked) -> Result<()>) -> Result<Checked> {
    let mut input = BufReader::with_capacity(1 << 20, input);
    let mut checked = Checked::default();
    let mut line = Vec::new();
    let mut previous = NOTHING.to_string();
    let mut last_row = 0;
    let mut end: Option<Counts> = None;
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        checked.lines += 1;
        if end.is_some() {
            checked.tell("stands behind the closing record");
        }
        let whole = line.pop_if(|b| *b == b'\n').is_some();
        if !whole {
            checked.tell("does not end: the file was cut off within it or changed");
        }
        let linked = linked(&line);
        let chained = linked == Some(previous.as_bytes());
        previous = hex_digest([&line[..]]);
        if checked.lines == 1 {
            take_header(&line, &mut checked)?;
            if !chained {
                checked.tell("the header does not begin as a header does: it was changed");
            }
            continue;
        }
        // The content is read only to say what is wrong and to count; the chain alone decides.
        if let Ok(row) = serde_json::from_slice::<Row>(&line)
            && (row.rejected.is_some() || !row.names.is_empty())
        {
            order(&mut checked, chained, last_row, row.row);
            last_row = row.row;
            count(&mut checked.counts, &row);
            rows(row, &checked)?;
        } else if let Ok(closing) = serde_json::from_slice::<End>(&line) {
            if !chained {
                checked.tell("the record before the closing one was changed or is missing");
            }
            checked.seal = seal(&line);
            if checked.seal.is_none() {
                checked.tell("the closing record was changed");
            }
            end = Some(closing.end);
        } else {
            checked.tell("not a readable record: it was changed");
        }
    }
    if checked.lines == 0 {
        return Err(Error::new(ErrorKind::Empty));
    }
    match end {
        None => checked.tell(format!(
            "the closing record is missing: the file was cut off, or its run did not end; nothing is known of the rows behind row {last_row}"
        )),
        Some(end) if end != checked.counts => {
            let counts = checked.counts;
            checked.tell(format!(
                "the records come to {} rows, {} rejected, {} hits; the closing record says {}, {}, {}",
                counts.rows, counts.rejected, counts.hits, end.rows, end.rejected, end.hits
            ));
        }
        Some(_) => (),
    }
    Ok(checked)
}

/// The hash of the line before that a line carries.
fn linked(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"{\"previous\":\"")?;
    let hash = rest.get(..NOTHING.len())?;
    rest[NOTHING.len()..].starts_with(b"\",").then_some(hash)
}

/// Takes the header's content.
fn take_header(line: &[u8], checked: &mut Checked) -> Result<()> {
    let header = parse_header(line)?;
    if header.configuration_sha256 != header.identity.configuration_hash() {
        checked.tell("the configuration does not have the hash that stands beside it");
    }
    checked.identity = Some(header.identity);
    checked.date = header.date;
    Ok(())
}

/// Tells what happened where the chain or the rows' numbers break.
fn order(checked: &mut Checked, chained: bool, last: u64, row: u64) {
    let next = last + 1;
    match row {
        _ if row == next && chained => (),
        _ if row == next => {
            let before =
                if last == 0 { "the header".to_string() } else { format!("the record of row {last}") };
            checked.tell(format!("{before} was changed, or this one's link to it"));
        }
        _ if row > next => {
            let missing = if row - 1 == next {
                format!("the record of row {next} is missing")
            } else {
                format!("the records of rows {next} to {} are missing", row - 1)
            };
            checked.tell(format!("{missing} before row {row}"));
        }
        _ => checked.tell(format!("row {row} comes behind row {last}: records were moved, added or changed")),
    }
}

fn count(counts: &mut Counts, row: &Row) {
    counts.rows += 1;
    match row.rejected {
        Some(_) => counts.rejected += 1,
        None => counts.screened += 1,
    }
    let hits = || row.names.iter().flat_map(|n| &n.hits);
    let accepted = hits().filter(|h| h.accepted.is_some()).count() as u64;
    let open = hits().count() as u64 - accepted;
    counts.accepted += accepted;
    counts.hits += open;
    counts.with_hits += u64::from(open > 0);
}

/// The seal of a closing record, if it is that of its content.
fn seal(line: &[u8]) -> Option<String> {
    let mark = b",\"seal\":\"";
    let at = line.windows(mark.len()).rposition(|w| w == mark)?;
    let seal = hex_digest([&line[..at]]);
    (line[at + mark.len()..] == *format!("{seal}\"}}").as_bytes()).then_some(seal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Writer;
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn identity() -> Identity {
        Identity {
            program: "x".into(),
            configuration: Default::default(),
            lists: vec![],
            input: Default::default(),
        }
    }

    fn trail(rows: u64) -> Vec<u8> {
        let out = Shared::default();
        let mut writer = Writer::new(out.clone(), &identity(), "2026-01-31");
        writer.begin("CSV", "name").unwrap();
        for row in 1..=rows {
            let mut record = Row::new(row, row + 1);
            record.reject("no name");
            let mut body = Vec::new();
            record.write(&mut body);
            writer.row(&body).unwrap();
        }
        writer.close(&Counts { rows, rejected: rows, ..Counts::default() }).unwrap();
        std::mem::take(&mut *out.0.lock().unwrap())
    }

    #[test]
    fn every_changed_byte_is_found() {
        let bytes = trail(3);
        assert!(verify(&bytes[..]).unwrap().is_intact());
        for i in 0..bytes.len() {
            for bit in [1, 32] {
                let mut changed = bytes.clone();
                changed[i] ^= bit;
                let found = verify(&changed[..]);
                assert!(found.is_err() || !found.unwrap().is_intact(), "byte {i}");
            }
        }
    }

    #[test]
    fn every_cut_is_found() {
        let bytes = trail(3);
        for length in 0..bytes.len() {
            let found = verify(&bytes[..length]);
            assert!(found.is_err() || !found.unwrap().is_intact(), "{length} bytes");
        }
    }

    #[test]
    fn missing_moved_and_added_records_are_named() {
        let bytes = trail(9);
        let lines: Vec<&[u8]> = bytes.split_inclusive(|b| *b == b'\n').collect();
        let told = |lines: &[&[u8]]| {
            let found = verify(&lines.concat()[..]).unwrap();
            found.problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(told(&lines), "");
        let without = [&lines[..4], &lines[6..]].concat();
        assert!(
            told(&without).contains("line 5: the records of rows 4 to 5 are missing"),
            "{}",
            told(&without)
        );
        let mut swapped = lines.clone();
        swapped.swap(3, 4);
        assert!(told(&swapped).contains("row 3 comes behind row 4"), "{}", told(&swapped));
        let cut = &lines[..8];
        assert!(told(cut).contains("nothing is known of the rows behind row 7"), "{}", told(cut));
        let twice = [&lines[..], &lines[10..]].concat();
        assert!(told(&twice).contains("behind the closing record"), "{}", told(&twice));
    }
}
