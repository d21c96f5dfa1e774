//! A run: from the opened input to the finished files.

use super::INTERRUPTED;
use super::identity::FileStamp;
use super::rejects::{RejectFile, RejectLines};
use crate::args::{Cleared, Screen};
use crate::hints;
use crate::hits::{self, TeeHitWriter};
use crate::progress::Progress;
use crate::sources::Input;
use interdict::batch::{
    AcceptanceLookup, Batch, ByteMeter, Checkpoint, Outputs, RejectWriter, RowCounts, RunAction, RunObserver,
    Summary,
};
use interdict::report::{HitReport, MAX_HITS};
use interdict::{Error, ErrorKind, Result, Screener, WholeFile, audit};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// A run from the opened input to the finished files.
pub struct Run<'a> {
    pub args: &'a Screen,
    pub screener: &'a Screener,
    pub accepted: Option<&'a dyn AcceptanceLookup>,
    pub batch: Batch<'a>,
    pub checkpoint: Box<Checkpoint>,
    /// Counts of the rows that were done before the run was resumed.
    pub done: RowCounts,
    /// The state of the audit trail.
    pub trail: Option<audit::TrailState>,
    pub meter: Arc<ByteMeter>,
}

impl<'a> Run<'a> {
    /// The page for reviewing hits, if `--report` is given.
    pub fn page(&mut self) -> Result<Option<HitReport<'a>>> {
        let Some(path) = &self.args.report else { return Ok(None) };
        let spool = hits::spool(path);
        let out = Box::new(self.checkpoint.file(&spool)?);
        let report = HitReport::spooled(self.screener, MAX_HITS, out, self.checkpoint.part(&spool)?)?;
        Ok(Some(
            report
                .schema(self.args.schema.unwrap_or_default())
                .accept(self.accepted)
                .show_cleared(self.args.cleared == Cleared::Show),
        ))
    }

    /// Screens all rows. If the run is stopped or fails, its checkpoint is kept or discarded so that `--resume` does
    /// what its user expects.
    pub fn screen(&mut self, input: Input, page: Option<&mut HitReport<'_>>) -> Result<Summary> {
        match self.screen_rows(input, page) {
            Ok(summary) if !summary.stopped => Ok(summary),
            Ok(summary) => {
                let (rows, resumable) = (summary.counts.rows, self.checkpoint.is_saved());
                Err(Error::new(ErrorKind::Interrupted { rows, resumable }).with_path(&self.args.input))
            }
            Err(e) => {
                let is_transient = is_transient(&e);
                if !self.checkpoint.is_saved() || (!is_transient && self.done.rows == 0) {
                    self.checkpoint.discard();
                } else if is_transient {
                    sayln!("notice: the rows done before the last checkpoint are safe{}", hints::RESUME);
                }
                Err(e)
            }
        }
    }

    fn screen_rows(&mut self, input: Input, page: Option<&mut HitReport<'_>>) -> Result<Summary> {
        let args = self.args;
        let resumed = self.done.rows > 0;
        let progress = Progress::new(args.progress, self.meter.clone(), self.done.rows);
        let out: Box<dyn Write> = match &args.output {
            Some(path) => Box::new(self.checkpoint.file(path)?),
            None => Box::new(BufWriter::with_capacity(1 << 16, std::io::stdout().lock())),
        };
        let hits = hits::writer(args, out, self.accepted.filter(|_| args.show_accepted));
        let mut hits = TeeHitWriter { hits, page };
        let mut rejects: Box<dyn RejectWriter + '_> = match &args.rejects {
            Some(path) => Box::new(RejectFile::new(self.checkpoint.file(path)?, resumed)?),
            None => Box::new(RejectLines(&progress)),
        };
        let mut trail = match &args.audit {
            Some(path) => {
                let out: Box<dyn Write> = match args.audit_append {
                    false => Box::new(self.checkpoint.new_file(path)?),
                    true => Box::new(self.checkpoint.continued_file(path)?),
                };
                let trail = audit::Writer::new(out, self.checkpoint.identity(), self.checkpoint.date());
                Some(trail.resume(self.trail.take()))
            }
            None => None,
        };
        let mut monitor = RunMonitor {
            checkpoint: &mut self.checkpoint,
            progress: &progress,
            interval: Duration::from_secs_f64(args.checkpoint),
            last: Instant::now(),
        };
        let outputs = Outputs::new(&mut hits, &mut *rejects)
            .audit(trail.as_mut())
            .observer(&mut monitor)
            .meter(self.meter.clone())
            .resume(self.done);
        let result = self.batch.run(input, outputs);
        progress.finish();
        self.trail = trail.as_ref().map(audit::Writer::state);
        result.map_err(|e| match e.kind() {
            ErrorKind::Io(io) if is_about_output(io.kind()) && args.output.is_none() => {
                e.with_path("standard output")
            }
            // An error without a path of its own concerns the input.
            _ => e.with_path(&args.input),
        })
    }

    /// Fails if the index file or the input was changed while rows were screened: the hits would be unreliable.
    pub fn check(&mut self, stamp: Option<FileStamp>, index: Option<FileStamp>) -> Result<()> {
        if let Some(path) = &self.args.lists.index {
            self.screener.index().verify().map_err(|e| e.with_path(path))?;
            if index != Some(FileStamp::of(path)) {
                let path = interdict::text::shown(&path.to_string_lossy()).into_owned();
                sayln!(
                    "notice: {path} was replaced or touched while rows were screened; the hits are of the index as it was opened"
                );
            }
        }
        if stamp.is_some_and(|stamp| stamp != FileStamp::of(&self.args.input)) {
            self.checkpoint.discard();
            return Err(Error::new(ErrorKind::InputChanged).with_path(&self.args.input));
        }
        Ok(())
    }

    /// Writes the page, puts all files in place, and prints the notices.
    pub fn finish(
        mut self,
        page: Option<HitReport<'_>>,
        summary: &Summary,
        notices: &[(String, Vec<String>)],
        start: Instant,
    ) -> Result<()> {
        if let (Some(page), Some(path)) = (page, &self.args.report) {
            let identity = self.checkpoint.identity();
            let about = hits::about(self.args, identity, summary, notices, start.elapsed());
            let file = WholeFile::create(path)?;
            page.finish(file, &about).and_then(WholeFile::finish).map_err(|e| e.with_path(path))?;
        }
        if let Some(path) = &self.args.summary {
            self.write_summary(path, summary)?;
        }
        self.checkpoint.finish(&summary.counts, self.trail.as_ref())?;
        hits::discard_spool(self.args);
        for (headline, lines) in notices {
            sayln!("notice: {headline}");
            lines.iter().for_each(|line| sayln!("  {line}"));
        }
        Ok(())
    }
}

impl Run<'_> {
    /// Writes the counts as JSON.
    fn write_summary(&self, path: &Path, summary: &Summary) -> Result<()> {
        let fail = |e: std::io::Error| Error::from(e).with_path(path);
        let identity = self.checkpoint.identity();
        let value = serde_json::json!({
            "program": identity.program,
            "configuration_sha256": identity.configuration_hash(),
            "input": identity.input,
            "lists": identity.lists,
            "threshold": self.screener.options().threshold,
            "counts": summary.counts,
        });
        let mut file = WholeFile::create(path)?;
        serde_json::to_writer_pretty(&mut file, &value).map_err(|e| fail(e.into()))?;
        file.write_all(b"\n").map_err(fail)?;
        file.finish()
    }
}

fn is_about_output(kind: std::io::ErrorKind) -> bool {
    matches!(kind, std::io::ErrorKind::BrokenPipe | std::io::ErrorKind::StorageFull)
}

/// Whether the same run may succeed later. A full disk can be emptied; an invalid input stays invalid.
fn is_transient(e: &Error) -> bool {
    use std::io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    matches!(e.kind(), ErrorKind::Io(io) if !matches!(io.kind(), InvalidData | InvalidInput | UnexpectedEof))
}

/// Shows progress, saves checkpoints, and stops the run after a signal.
struct RunMonitor<'a> {
    checkpoint: &'a mut Checkpoint,
    progress: &'a Progress,
    /// Time between two checkpoints.
    interval: Duration,
    /// Time of the last one.
    last: Instant,
}

impl RunObserver for RunMonitor<'_> {
    fn next(&mut self, counts: &RowCounts) -> RunAction {
        self.progress.show(counts.rows);
        if INTERRUPTED.load(Ordering::Relaxed) {
            return RunAction::Stop;
        }
        if self.checkpoint.can_save() && self.last.elapsed() >= self.interval {
            return RunAction::Save;
        }
        RunAction::Continue
    }

    fn saved(&mut self, counts: &RowCounts, audit: Option<&audit::TrailState>) -> Result<()> {
        self.checkpoint.save(counts, audit)?;
        self.last = Instant::now();
        Ok(())
    }
}
