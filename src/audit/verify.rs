//! Verifying an audit trail.

use super::record::{AuditRow, End, Header};
use super::{NO_PREVIOUS, TrailState, VERSION};
use crate::digest::hex_digest;
use crate::error::{Error, ErrorKind, Result};
use crate::run::{RowCounts, RunIdentity};
use std::fmt;
use std::io::{BufRead, BufReader, Read};

/// Problems that a report holds; further ones are only counted.
const MAX_REPORTED: usize = 100;

/// A place where a trail is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// 1-based line of the file.
    pub line: u64,
    /// What is wrong, as a sentence for people.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// The result of verifying an audit trail.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct VerifyReport {
    /// Runs in the trail: one, and those that were appended.
    pub runs: u64,
    /// The identity of the last run, from its header.
    pub identity: Option<RunIdentity>,
    /// The day of the last run, from its header.
    pub date: String,
    /// Lines read.
    pub lines: u64,
    /// The counts of the records of all runs.
    pub counts: RowCounts,
    /// The seal of the last closing record, if there is one: a copy of it kept elsewhere identifies the whole
    /// file.
    pub seal: Option<String>,
    /// The first hundred problems, in the order of the lines.
    pub problems: Vec<Problem>,
    /// Number of all problems.
    pub found: u64,
    /// The hash of the last line.
    previous: Option<String>,
}

impl VerifyReport {
    /// Whether the file is as it was written, as far as the file itself can prove it.
    pub fn is_intact(&self) -> bool {
        self.found == 0
    }

    /// The state behind the last line, with which a further run can be appended.
    pub fn state(&self) -> Option<TrailState> {
        self.previous.clone().map(|previous| TrailState { previous })
    }

    /// Adds a problem of the current line.
    fn report(&mut self, what: impl Into<String>) {
        self.found += 1;
        if self.problems.len() < MAX_REPORTED {
            self.problems.push(Problem { line: self.lines, what: what.into() });
        }
    }
}

/// Reads a trail from its beginning to its end and reports every place where it is not as it was written.
///
/// # Errors
///
/// It cannot be read, is empty, or does not begin with the header of a known layout.
pub fn verify(input: impl Read) -> Result<VerifyReport> {
    verify_rows(input, |_, _| Ok(()))
}

/// The identity of a trail's run, and its day, from the header.
///
/// # Errors
///
/// It cannot be read, is empty, or does not begin with the header of a known layout.
pub fn header(input: impl Read) -> Result<(RunIdentity, String)> {
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
    if header.audit != VERSION {
        return Err(Error::new(ErrorKind::AuditVersion { got: header.audit, expected: VERSION }));
    }
    Ok(header)
}

/// As [`verify`]; each row whose record can be read is passed to `rows`, with the report up to there.
pub(super) fn verify_rows(
    input: impl Read,
    rows: impl FnMut(AuditRow, &VerifyReport) -> Result<()>,
) -> Result<VerifyReport> {
    let mut input = BufReader::with_capacity(1 << 20, input);
    let mut verifier = Verifier {
        report: VerifyReport::default(),
        previous: NO_PREVIOUS.to_string(),
        last_row: 0,
        counts: RowCounts::default(),
        ended: false,
        rows,
    };
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            return verifier.finish();
        }
        verifier.check_line(&mut line)?;
    }
}

/// A trail that is being read.
struct Verifier<F> {
    report: VerifyReport,
    /// The hash of the last line.
    previous: String,
    /// The number of the last row.
    last_row: u64,
    /// The counts of the records of this run.
    counts: RowCounts,
    /// Whether the closing record of this run was read.
    ended: bool,
    rows: F,
}

impl<F: FnMut(AuditRow, &VerifyReport) -> Result<()>> Verifier<F> {
    /// Checks a line, whose line end is removed, and its link to the line before.
    fn check_line(&mut self, line: &mut Vec<u8>) -> Result<()> {
        self.report.lines += 1;
        let whole = line.pop_if(|b| *b == b'\n').is_some();
        if !whole {
            self.report.report("does not end: the file was cut off within it or changed");
        }
        let chained = linked(line) == Some(self.previous.as_bytes());
        self.previous = hex_digest([&line[..]]);
        if self.report.lines == 1 {
            return self.check_header(parse_header(line)?, chained);
        }
        if self.ended {
            // Only a run that was appended may follow.
            if let Ok(header) = parse_header(line) {
                (self.last_row, self.counts, self.ended) = (0, RowCounts::default(), false);
                return self.check_header(header, chained);
            }
            self.report.report("stands behind the closing record");
        }
        self.check_record(line, chained)
    }

    fn check_header(&mut self, header: Header, chained: bool) -> Result<()> {
        self.report.runs += 1;
        self.report.seal = None;
        if header.configuration_sha256 != header.identity.configuration_hash() {
            self.report.report("the configuration does not have the hash that stands beside it");
        }
        self.report.identity = Some(header.identity);
        self.report.date = header.date;
        if !chained {
            self.report.report("the header does not begin as a header does: it was changed");
        }
        Ok(())
    }

    /// Checks a record. Its content serves to describe problems and to count; integrity follows from the
    /// chain alone.
    fn check_record(&mut self, line: &[u8], chained: bool) -> Result<()> {
        if let Ok(row) = serde_json::from_slice::<AuditRow>(line)
            && (row.rejected.is_some() || !row.names.is_empty())
        {
            self.check_order(chained, row.row);
            self.last_row = row.row;
            count(&mut self.counts, &row);
            count(&mut self.report.counts, &row);
            (self.rows)(row, &self.report)?;
        } else if let Ok(closing) = serde_json::from_slice::<End>(line) {
            if !chained {
                self.report.report("the record before the closing one was changed or is missing");
            }
            self.report.seal = seal(line);
            if self.report.seal.is_none() {
                self.report.report("the closing record was changed");
            }
            self.ended = true;
            self.check_counts(&closing.end);
        } else {
            self.report.report("not a readable record: it was changed");
        }
        Ok(())
    }

    /// Reports where the chain or the numbers of the rows break.
    fn check_order(&mut self, chained: bool, row: u64) {
        let (last, next) = (self.last_row, self.last_row + 1);
        match row {
            _ if row == next && chained => (),
            _ if row == next => {
                let before =
                    if last == 0 { "the header".to_string() } else { format!("the record of row {last}") };
                self.report.report(format!("{before} was changed, or this one's link to it"));
            }
            _ if row > next => {
                let missing = if row - 1 == next {
                    format!("the record of row {next} is missing")
                } else {
                    format!("the records of rows {next} to {} are missing", row - 1)
                };
                self.report.report(format!("{missing} before row {row}"));
            }
            _ => self
                .report
                .report(format!("row {row} comes behind row {last}: records were moved, added or changed")),
        }
    }

    /// Compares the counts of a closing record with those of the records.
    fn check_counts(&mut self, end: &RowCounts) {
        let counts = self.counts;
        if *end != counts {
            self.report.report(format!(
                "the records come to {} rows, {} rejected, {} hits; the closing record says {}, {}, {}",
                counts.rows, counts.rejected, counts.hits, end.rows, end.rejected, end.hits
            ));
        }
    }

    /// Checks the end of the trail.
    fn finish(self) -> Result<VerifyReport> {
        let Verifier { mut report, last_row, ended, previous, .. } = self;
        if report.lines == 0 {
            return Err(Error::new(ErrorKind::Empty));
        }
        report.previous = Some(previous);
        if !ended {
            report.report(format!(
                "the closing record is missing: the file was cut off, or its run did not end; nothing is known of the rows behind row {last_row}"
            ));
        }
        Ok(report)
    }
}

/// The hash of the line before, as a line holds it.
fn linked(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"{\"previous\":\"")?;
    let hash = rest.get(..NO_PREVIOUS.len())?;
    rest[NO_PREVIOUS.len()..].starts_with(b"\",").then_some(hash)
}

pub(super) fn count(counts: &mut RowCounts, row: &AuditRow) {
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
    row.names.iter().for_each(|name| counts.withhold(&name.withheld));
}

/// The seal of a closing record, if it is the hash of its content.
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
    use crate::run::RejectReason;
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

    fn identity() -> RunIdentity {
        RunIdentity {
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
            let mut record = AuditRow::new(row, row + 1);
            record.reject(&RejectReason::NoName);
            let mut body = Vec::new();
            record.write(&mut body);
            writer.row(&body).unwrap();
        }
        writer.close(&RowCounts { rows, rejected: rows, ..RowCounts::default() }).unwrap();
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
        let problems = |lines: &[&[u8]]| {
            let found = verify(&lines.concat()[..]).unwrap();
            found.problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(problems(&lines), "");
        let without = [&lines[..4], &lines[6..]].concat();
        assert!(
            problems(&without).contains("line 5: the records of rows 4 to 5 are missing"),
            "{}",
            problems(&without)
        );
        let mut swapped = lines.clone();
        swapped.swap(3, 4);
        assert!(problems(&swapped).contains("row 3 comes behind row 4"), "{}", problems(&swapped));
        let cut = &lines[..8];
        assert!(problems(cut).contains("nothing is known of the rows behind row 7"), "{}", problems(cut));
        let twice = [&lines[..], &lines[10..]].concat();
        assert!(problems(&twice).contains("behind the closing record"), "{}", problems(&twice));
    }
}
