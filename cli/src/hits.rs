//! The outputs of a run: the writer of hits, the page for reviewing them, and the file of accepted ones.

use crate::args::{Cleared, Format, Screen, SpreadsheetSafe};
use interdict::accept::{self, Acceptance, Acceptances};
use interdict::batch::{
    AcceptanceLookup, Columns, CsvHits, HitWriter, JsonHits, RowCounts, RunIdentity, ScreenedHit,
    ScreenedRow, Summary, TableHits,
};
use interdict::report::{About, HitReport};
use interdict::{Error, ErrorKind, Index, Result};
use sha2::{Digest, Sha256};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Width of a table that is not written to a terminal, in columns.
const DEFAULT_WIDTH: usize = 120;

/// Checks that the page can be written, before anything is.
pub fn check(args: &Screen) -> Result<()> {
    match &args.report {
        Some(report) if report.is_dir() => Err(Error::new(ErrorKind::IsFolder).with_path(report)),
        _ => Ok(()),
    }
}

/// The format of the hits: the one given, or a table on a terminal and CSV elsewhere.
pub fn format(args: &Screen) -> Format {
    let terminal = args.output.is_none() && std::io::stdout().is_terminal();
    args.format.unwrap_or(if terminal { Format::Table } else { Format::Csv })
}

/// The writer of hits in their format.
pub fn writer<'a>(
    args: &Screen,
    out: Box<dyn Write + 'a>,
    accepted: Option<&'a dyn AcceptanceLookup>,
) -> Box<dyn HitWriter + 'a> {
    let cleared = args.cleared == Cleared::Show;
    match format(args) {
        Format::Csv => {
            let safe = args.spreadsheet_safe == SpreadsheetSafe::Always;
            Box::new(
                CsvHits::new(out)
                    .with_change(args.since.is_some())
                    .show_accepted(accepted)
                    .show_cleared(cleared)
                    .spreadsheet_safe(safe),
            )
        }
        Format::Jsonl => Box::new(JsonHits::new(out).show_accepted(accepted).show_cleared(cleared)),
        Format::Table => {
            let columns = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
            let terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
            let width = columns.or_else(|| args.output.is_none().then(terminal).flatten());
            let table = TableHits::new(out, width.unwrap_or(DEFAULT_WIDTH), accepted.is_some());
            Box::new(table.show_cleared(cleared))
        }
    }
}

/// Writes hits to the output and to the page.
pub struct TeeHitWriter<'a, 'p, 's> {
    pub hits: Box<dyn HitWriter + 'a>,
    pub page: Option<&'p mut HitReport<'s>>,
}

impl HitWriter for TeeHitWriter<'_, '_, '_> {
    fn begin(&mut self, columns: &Columns) -> Result<()> {
        self.hits.begin(columns)
    }

    fn write(&mut self, row: &ScreenedRow<'_>, hits: &[ScreenedHit]) -> Result<()> {
        if let Some(page) = &mut self.page {
            page.write(row, hits)?;
        }
        self.hits.write(row, hits)
    }

    fn flush(&mut self) -> Result<()> {
        if let Some(page) = &mut self.page {
            page.flush()?;
        }
        self.hits.flush()
    }
}

/// The file that collects the hits of a page: beside the page, so that a resumed run finds them.
pub fn spool(report: &Path) -> PathBuf {
    let mut path = report.as_os_str().to_owned();
    path.push(".hits");
    path.into()
}

/// Removes the collected hits of a page that is complete.
pub fn discard_spool(args: &Screen) {
    if let Some(report) = &args.report {
        // A file that cannot be removed is overwritten by the next run.
        let _ = std::fs::remove_file(spool(report));
    }
}

/// What is not among the hits, with its label.
pub fn withheld(counts: &RowCounts) -> impl Iterator<Item = (&'static str, u64)> {
    let all = [
        ("cleared by other fields", counts.cleared),
        ("cut by the limit", counts.cut),
        ("weak aliases left out", counts.weak),
    ];
    all.into_iter().filter(|(_, n)| *n > 0)
}

/// The description of the run on the page.
pub fn about(
    args: &Screen,
    identity: &RunIdentity,
    summary: &Summary,
    notices: &[(String, Vec<String>)],
    elapsed: Duration,
) -> About {
    let now = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC);
    let mut counts = vec![
        ("rows read", summary.counts.rows),
        ("screened", summary.counts.screened),
        ("rejected", summary.counts.rejected),
        ("with hits", summary.counts.with_hits),
        ("hits", summary.counts.hits),
    ];
    if args.accept.is_some() {
        counts.push(("accepted hits", summary.counts.accepted));
    }
    counts.extend(withheld(&summary.counts));
    let run = [
        ("program", identity.program.clone()),
        ("input", summary.input.clone()),
        ("input's sha256", identity.input.sha256.clone().unwrap_or_default()),
        ("columns", summary.columns.clone()),
        ("elapsed", format!("{:.2} s", elapsed.as_secs_f64())),
    ];
    let settings = identity.configuration.iter().map(|(k, v)| (k.clone(), v.clone()));
    About {
        input: args.input.display().to_string(),
        when: now.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        counts: counts.into_iter().map(|(label, n)| (label.to_string(), n)).collect(),
        configuration: run
            .into_iter()
            .filter(|(_, v)| !v.is_empty())
            .map(|(k, v)| (k.to_string(), v))
            .chain(settings)
            .collect(),
        notices: notices.to_vec(),
        hits: summary.counts.hits + summary.counts.accepted,
        show_accepted: args.show_accepted,
    }
}

/// The file of accepted hits, if there is one.
pub struct AcceptanceFile<'a> {
    file: Option<AcceptanceLines<'a>>,
}

struct AcceptanceLines<'a> {
    path: &'a Path,
    sha256: String,
    /// Each with its 1-based line.
    lines: Vec<(u64, Acceptance)>,
}

impl<'a> AcceptanceFile<'a> {
    /// Reads the file, if there is one.
    pub fn read(path: Option<&'a Path>) -> Result<Self> {
        let Some(path) = path else { return Ok(AcceptanceFile { file: None }) };
        let bytes = std::fs::read(path).map_err(|e| Error::from(e).with_path(path))?;
        let lines = accept::read(&bytes).map_err(|e| e.with_path(path))?;
        let sha256 = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        Ok(AcceptanceFile { file: Some(AcceptanceLines { path, sha256, lines }) })
    }

    /// SHA-256 of the file, in hexadecimal.
    pub fn sha256(&self) -> Option<&str> {
        self.file.as_ref().map(|file| file.sha256.as_str())
    }

    /// The acceptances that are valid on this day.
    pub fn judge(&self, index: &Index, day: &str) -> Result<Option<Acceptances>> {
        let Some(AcceptanceLines { lines, .. }) = &self.file else { return Ok(None) };
        let day = accept::day(day).ok_or_else(|| Error::malformed(format!("'{day}' is no day")))?;
        Ok(Some(Acceptances::new(lines.clone(), index, day)))
    }

    /// Notices about the acceptances after a run, each as a headline and its lines.
    pub fn notices(&self, judged: Option<&Acceptances>, resumed: bool) -> Vec<(String, Vec<String>)> {
        let (Some(AcceptanceLines { path, .. }), Some(judged)) = (&self.file, judged) else {
            return Vec::new();
        };
        let path = path.display();
        let mut notices = Vec::new();
        let lapsed = judged.lapsed();
        if !lapsed.is_empty() {
            notices.push((
                format!("{path}: {} of {} acceptances have lapsed", lapsed.len(), judged.len()),
                lapsed,
            ));
        }
        let former = judged.former();
        if !former.is_empty() {
            let n = former.len();
            notices.push((
                format!(
                    "{path}: {n} of {} acceptances are of the former kind, which holds neither the counterparty's fields nor the score; accept their hits again",
                    judged.len()
                ),
                former,
            ));
        }
        let unused = judged.unused();
        if resumed {
            notices.push((
                format!("{path}: acceptances without a hit are not reported, since the run was resumed"),
                Vec::new(),
            ));
        } else if !unused.is_empty() {
            notices.push((
                format!("{path}: {} of {} acceptances matched no hit", unused.len(), judged.len()),
                unused,
            ));
        }
        notices
    }
}
