//! The pipeline of a run: one thread reads, others screen, and the caller's thread writes in the order of the
//! rows.
//!
//! A fixed number of chunks circulates: the reader fills a chunk, a free worker screens it, the writer writes
//! it when all chunks before it are written, and hands it back with its buffers. Only the writer waits for a
//! slow row.

use super::input::{InputTable, ReadOutcome};
use super::notices::SilentCell;
use super::result_cache::{CachedHits, ResultCache};
use super::{Batch, Outputs, RunAction, Summary};
use crate::audit;
use crate::entity::{Check, Identifier};
use crate::error::{Error, ErrorKind, Result, ResumeProblem};
use crate::run::{Columns, RejectReason, RejectedRow, RowCounts, RowNotes, ScreenedHit, ScreenedRow};
use crate::screen::{Outcome, PartyLimit, Query, Scratch, Stats, Withheld};
use csv::ByteRecord;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Rows of a chunk: some milliseconds of screening, so that handing a chunk on costs little beside it.
const CHUNK_ROWS: usize = 512;
/// Bytes of a chunk's records, the ends of their fields included, at which it is full before it has its rows.
const CHUNK_BYTES: usize = 1 << 20;
/// Chunks for each worker, and once more for the reader and the writer together.
const CHUNKS_PER_THREAD: usize = 4;
/// How long the writer waits for a chunk before it calls the observer: short enough for a signal to be obeyed
/// at once.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// A record as it was read.
#[derive(Default)]
struct InputRow {
    record: ByteRecord,
    /// Why the record cannot be read, although the next one can.
    invalid: Option<RejectReason>,
}

/// The hits of one name of a row.
struct NameHits {
    /// Index of the row in its chunk.
    at: usize,
    name_column_index: usize,
    first: bool,
    hits: Vec<ScreenedHit>,
    withheld: Withheld,
}

/// Rows and their outcomes, on the way from the reader to the writer.
#[derive(Default)]
struct Chunk {
    /// Number among the chunks.
    number: u64,
    /// Rows of the input before it.
    before: u64,
    /// Whether an earlier run has done these rows: they are read for what is told of the whole table, and not screened.
    is_done: bool,
    rows: Vec<InputRow>,
    /// How many of `rows` are in use; the others are buffers of earlier rounds.
    used: usize,
    /// How the input ended, in the last chunk.
    end: Option<Result<()>>,
    hits: Vec<NameHits>,
    rejected: Vec<(usize, RejectReason)>,
    /// What was forgiven, by index of the row.
    notes: Vec<(usize, RowNotes)>,
    silent_cells: Vec<SilentCell>,
    /// Audit records of all rows, and where each ends.
    audit: Vec<u8>,
    audit_ends: Vec<usize>,
    read_seconds: f64,
}

/// Record number and line of the row at an index of a chunk that has `before` rows before it.
fn place(before: u64, at: usize, row: &InputRow) -> (u64, u64) {
    (before + at as u64 + 1, row.record.position().map_or(0, csv::Position::line))
}

/// Screens the rows of a file.
pub(super) fn run(batch: &Batch<'_>, input: impl Read + Send, outputs: Outputs<'_>) -> Result<Summary> {
    let table = InputTable::open(input, &batch.input, &outputs.meter, batch.columns.chosen_names())?;
    run_table(batch, table, outputs)
}

/// Screens the rows of a table.
pub(super) fn run_table(
    batch: &Batch<'_>,
    mut table: InputTable<'_>,
    mut outputs: Outputs<'_>,
) -> Result<Summary> {
    table.count_sheet_rows(batch.columns.wants_sheet_rows());
    let sample = table.sample();
    let columns = match Columns::find_in(&table.header, &batch.columns, &sample) {
        Ok(columns) => table.check_title_rows(&batch.columns).map(|()| columns),
        Err(e) => Err(table.check_title_rows(&batch.columns).err().unwrap_or(e)),
    }?;
    table.begin(&columns);
    let mut summary = Summary {
        counts: outputs.done,
        input: table.described.clone(),
        columns: columns.describe(),
        hint: table.hint.clone(),
        ..Summary::default()
    };
    summary.notices.unused_columns = columns.unused().map(String::from).collect();
    if !batch.columns.chosen_names().is_empty() {
        summary.notices.doubtful_names =
            columns.doubtful_names(&sample).into_iter().map(String::from).collect();
    }
    let end_marks = table.end_marks.clone();
    let done = outputs.done.rows;
    if done == 0 {
        outputs.hits.begin(&columns)?;
        if let Some(audit) = &mut outputs.audit {
            audit.begin(&summary.input, &summary.columns)?;
        }
    }
    let stage = ScreeningStage {
        batch,
        columns: &columns,
        decoded: table.decoded,
        audit: outputs.audit.is_some(),
        cache: ResultCache::default(),
        panicked: AtomicBool::new(false),
    };
    let (free, to_fill) = channel::<Chunk>();
    let (filled, to_screen) = channel::<Chunk>();
    let (screened, to_write) = channel::<Chunk>();
    for _ in 0..(batch.threads + 1) * CHUNKS_PER_THREAD {
        let _ = free.send(Chunk::default());
    }
    let to_screen = Mutex::new(to_screen);
    std::thread::scope(|scope| {
        scope.spawn(move || fill_chunks(table, done, &to_fill, &filled));
        let workers: Vec<_> = (0..batch.threads)
            .map(|_| {
                let (stage, to_screen, screened) = (&stage, &to_screen, screened.clone());
                scope.spawn(move || stage.work(to_screen, &screened))
            })
            .collect();
        drop(screened);
        let mut writer = ChunkWriter { columns: &columns, outputs, panicked: &stage.panicked };
        let result = writer.write(&mut summary, &to_write, &free);
        // Without these channels, the other threads end at their next chunk.
        drop(to_write);
        drop(free);
        for worker in workers {
            if let Ok(stats) = worker.join() {
                stats.add_to(&mut summary);
            }
        }
        result
    })?;
    summary.notices.end_mark = end_marks.load(Relaxed) > 0;
    Ok(summary)
}

/// The reader: fills chunks until the input ends or no chunk comes back. An earlier run has done the first `done` rows.
fn fill_chunks(mut table: InputTable<'_>, done: u64, to_fill: &Receiver<Chunk>, filled: &Sender<Chunk>) {
    let (mut rows, mut number, mut end) = (0, 0, None);
    while let Ok(mut chunk) = to_fill.recv() {
        let clock = Instant::now();
        (chunk.number, chunk.before, chunk.used) = (number, rows, 0);
        chunk.is_done = rows < done;
        let mut bytes = 0;
        while end.is_none()
            && chunk.used < CHUNK_ROWS
            && bytes < CHUNK_BYTES
            && chunk.is_done == (rows < done)
        {
            if chunk.used == chunk.rows.len() {
                chunk.rows.push(InputRow::default());
            }
            let row = &mut chunk.rows[chunk.used];
            row.invalid = None;
            match table.read(&mut row.record, rows) {
                Ok(ReadOutcome::End) => {
                    let truncated = || Error::new(ErrorKind::CannotResume(ResumeProblem::TruncatedInput));
                    end = Some(if chunk.is_done { Err(truncated()) } else { Ok(()) });
                    break;
                }
                Ok(ReadOutcome::Invalid(reason)) => row.invalid = Some(reason),
                Ok(ReadOutcome::Record) => (),
                Err(e) => {
                    end = Some(Err(e));
                    break;
                }
            }
            rows += 1;
            chunk.used += 1;
            bytes += row.record.as_slice().len() + row.record.len() * size_of::<usize>();
        }
        number += 1;
        chunk.end = end.take();
        let last = chunk.end.is_some();
        chunk.read_seconds = clock.elapsed().as_secs_f64();
        if filled.send(chunk).is_err() || last {
            return;
        }
    }
}

/// What the workers share.
struct ScreeningStage<'a> {
    batch: &'a Batch<'a>,
    columns: &'a Columns,
    decoded: bool,
    audit: bool,
    cache: ResultCache,
    /// Whether a worker has panicked.
    panicked: AtomicBool,
}

/// The work of one worker.
#[derive(Default)]
struct WorkerStats {
    stats: Stats,
    repeated: u64,
    failed_checks: u64,
    first_failed_check: Option<(u64, Identifier)>,
    seconds: f64,
}

impl WorkerStats {
    fn add_failed_check(&mut self, row: u64, identifier: Identifier) {
        self.failed_checks += 1;
        if self.first_failed_check.as_ref().is_none_or(|(first, _)| row < *first) {
            self.first_failed_check = Some((row, identifier));
        }
    }

    fn add_to(self, summary: &mut Summary) {
        summary.stats.add(&self.stats);
        summary.repeated += self.repeated;
        summary.failed_checks += self.failed_checks;
        let first = [summary.first_failed_check.take(), self.first_failed_check].into_iter().flatten();
        summary.first_failed_check = first.min_by_key(|(row, _)| *row);
        summary.busy.screening += self.seconds;
    }
}

/// Sets a flag when its thread panics, so that the writer does not wait for the thread's chunk.
struct PanicFlag<'a>(&'a AtomicBool);

impl Drop for PanicFlag<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.store(true, Relaxed);
        }
    }
}

/// Buffers and statistics of one worker.
struct WorkerState {
    scratch: Scratch,
    query: Query,
    /// The key of a query in the result cache.
    key: Vec<u8>,
    /// Indices of the name columns whose names are screened.
    names: Vec<usize>,
    /// Cells that are understood, by field.
    understood: Vec<FxHashSet<Box<[u8]>>>,
    stats: WorkerStats,
}

impl ScreeningStage<'_> {
    /// Screens chunks until there are no more.
    fn work(&self, to_screen: &Mutex<Receiver<Chunk>>, screened: &Sender<Chunk>) -> WorkerStats {
        let _flag = PanicFlag(&self.panicked);
        let mut state = WorkerState {
            scratch: Scratch::with_timing(self.batch.timing),
            query: Query::default(),
            key: Vec::new(),
            names: Vec::new(),
            understood: Vec::new(),
            stats: WorkerStats::default(),
        };
        loop {
            let chunk = to_screen.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(mut chunk) = chunk else { break };
            let clock = Instant::now();
            for at in 0..chunk.used {
                self.screen_row(&mut chunk, at, &mut state);
            }
            state.stats.seconds += clock.elapsed().as_secs_f64();
            if screened.send(chunk).is_err() {
                break;
            }
        }
        WorkerStats { stats: state.scratch.stats, ..state.stats }
    }

    fn screen_row(&self, chunk: &mut Chunk, at: usize, state: &mut WorkerState) {
        let (number, line) = place(chunk.before, at, &chunk.rows[at]);
        let mut record = audit::AuditRow::new(number, line);
        let checked = self.prepare(chunk, at, &mut state.names);
        if checked.is_ok() {
            self.note_cells(chunk, at, state);
        }
        if chunk.is_done {
            return;
        }
        let row = &chunk.rows[at];
        match checked {
            Ok(()) => {
                for i in 0..state.names.len() {
                    let (name_column_index, first) = (state.names[i], i == 0);
                    let screened =
                        ScreenedRow::new((number, line), &row.record, self.columns, name_column_index, first);
                    let (hits, withheld) = self.screen_name(&screened, state);
                    if self.audit {
                        self.record(&mut record, &screened, (&hits, &withheld), &mut state.query);
                    }
                    if !hits.is_empty() || withheld != Withheld::default() {
                        chunk.hits.push(NameHits { at, name_column_index, first, hits, withheld });
                    }
                }
            }
            Err(reason) => {
                record.reject(&reason);
                chunk.rejected.push((at, reason));
            }
        }
        if self.audit {
            record.write(&mut chunk.audit);
            chunk.audit_ends.push(chunk.audit.len());
        }
    }

    /// Checks that a row can be screened, brings it into shape, and finds its names.
    fn prepare(&self, chunk: &mut Chunk, at: usize, names: &mut Vec<usize>) -> Result<(), RejectReason> {
        let row = &mut chunk.rows[at];
        if let Some(reason) = &row.invalid {
            return Err(reason.clone());
        }
        self.columns.check(&row.record, self.decoded)?;
        let notes = self.columns.prepare(&mut row.record);
        if notes != RowNotes::default() {
            chunk.notes.push((at, notes));
        }
        self.columns.screened_names(&row.record, names)
    }

    /// Notes the cells of a row that tell nothing, and counts its identifiers that are mistyped.
    fn note_cells(&self, chunk: &mut Chunk, at: usize, state: &mut WorkerState) {
        let row = &chunk.rows[at];
        let (number, _) = place(chunk.before, at, row);
        if self.columns.has_described_fields() {
            let silent = &mut chunk.silent_cells;
            self.columns.for_each_silent_cell(&row.record, &mut state.understood, |column, value, sense| {
                silent.push(SilentCell::new(number, column, sense, value))
            });
        }
        self.check_identifiers(number, row, &mut state.stats);
    }

    /// Counts the identifiers of a row that are mistyped.
    fn check_identifiers(&self, number: u64, row: &InputRow, stats: &mut WorkerStats) {
        if !self.columns.has_identifiers() {
            return;
        }
        for failed in self.columns.identifiers(&row.record).filter(|i| i.check() == Check::Failed) {
            stats.add_failed_check(number, failed);
        }
    }

    /// Adds a name and its hits to the audit record of its row.
    fn record(
        &self,
        record: &mut audit::AuditRow,
        row: &ScreenedRow<'_>,
        (hits, withheld): (&[ScreenedHit], &Withheld),
        query: &mut Query,
    ) {
        let describe = |n| self.batch.acceptances.map_or(String::new(), |a| a.describe(n));
        if !hits.is_empty() {
            row.set_query(query, self.batch.schema);
        }
        record.add(row, hits, withheld, query, self.batch.screener, describe);
    }

    /// The hits of a name and those that fields cleared, from the cache if an earlier row had the same fields, and what
    /// was withheld.
    fn screen_name(&self, row: &ScreenedRow<'_>, state: &mut WorkerState) -> (Vec<ScreenedHit>, Withheld) {
        state.key.clear();
        state.key.extend_from_slice(row.name.as_bytes());
        for (field, text) in row.fields() {
            // No field holds a NUL byte, so that keys of different fields differ.
            state.key.push(0);
            state.key.extend_from_slice(field.as_bytes());
            state.key.push(0);
            state.key.extend_from_slice(text.as_bytes());
        }
        let outcome: CachedHits = match self.cache.get(&state.key) {
            Ok(outcome) => {
                state.stats.repeated += 1;
                outcome
            }
            Err(hash) => {
                row.set_query(&mut state.query, self.batch.schema);
                let outcome = self.batch.screener.outcome(&state.query, &mut state.scratch);
                let outcome = (!outcome.is_empty()).then(|| outcome.into());
                self.cache.insert(hash, &state.key, outcome.clone());
                outcome
            }
        };
        match outcome {
            None => Default::default(),
            Some(outcome) => self.judge(row, &outcome),
        }
    }

    /// Finds the acceptances of hits, and applies the limit to the others: accepted hits do not displace them.
    fn judge(&self, row: &ScreenedRow<'_>, outcome: &Outcome) -> (Vec<ScreenedHit>, Withheld) {
        let index = self.batch.screener.index();
        let mut limit = PartyLimit::new(self.batch.limit);
        let mut hits = Vec::with_capacity(outcome.hits.len() + outcome.cleared.len());
        for hit in &outcome.hits {
            let accepted = self.batch.acceptances.and_then(|a| a.find(row, hit, index));
            if accepted.is_some() || limit.admits(&hit.group, hit.score) {
                hits.push(ScreenedHit::new(hit.clone(), accepted));
            }
        }
        hits.extend(outcome.cleared.iter().map(|hit| ScreenedHit::new(hit.clone(), None)));
        // Cleared ones stand among the hits by their score.
        hits.sort_by(|a, b| b.hit.score.total_cmp(&a.hit.score));
        (hits, Withheld { cut: outcome.withheld.cut + limit.cut, ..outcome.withheld })
    }
}

/// The writer, on the caller's thread.
struct ChunkWriter<'a, 'o> {
    columns: &'a Columns,
    outputs: Outputs<'o>,
    panicked: &'a AtomicBool,
}

impl ChunkWriter<'_, '_> {
    /// Writes chunks in their order until the input ends or the observer stops the run.
    fn write(
        &mut self,
        summary: &mut Summary,
        to_write: &Receiver<Chunk>,
        free: &Sender<Chunk>,
    ) -> Result<()> {
        let mut waiting: BTreeMap<u64, Chunk> = BTreeMap::new();
        let mut next = 0;
        loop {
            match to_write.recv_timeout(POLL_INTERVAL) {
                Ok(chunk) => drop(waiting.insert(chunk.number, chunk)),
                Err(RecvTimeoutError::Timeout) if !self.panicked.load(Relaxed) => (),
                Err(_) => return Err(Error::internal("a screening thread failed; this is a bug")),
            }
            while let Some(mut chunk) = waiting.remove(&next) {
                next += 1;
                let clock = Instant::now();
                summary.busy.reading += chunk.read_seconds;
                for (at, notes) in chunk.notes.drain(..) {
                    summary.notices.add_row(chunk.before + at as u64 + 1, notes);
                }
                for cell in chunk.silent_cells.drain(..) {
                    summary.notices.add_cell(self.columns, cell);
                }
                if !chunk.is_done {
                    self.write_chunk(&mut chunk, &mut summary.counts)?;
                }
                summary.busy.writing += clock.elapsed().as_secs_f64();
                if let Some(end) = chunk.end.take() {
                    return self.close(end, &summary.counts);
                }
                // The reader may have ended already.
                let _ = free.send(chunk);
            }
            let Some(observer) = &mut self.outputs.observer else { continue };
            let action = observer.next(&summary.counts);
            if action != RunAction::Continue {
                self.save(&summary.counts)?;
            }
            if action == RunAction::Stop {
                summary.stopped = true;
                return Ok(());
            }
        }
    }

    /// Ends the outputs behind the last chunk; `end` is how the input ended.
    fn close(&mut self, end: Result<()>, counts: &RowCounts) -> Result<()> {
        if end.is_ok()
            && let Some(audit) = &mut self.outputs.audit
        {
            audit.close(counts)?;
        }
        self.flush()?;
        end
    }

    fn write_chunk(&mut self, chunk: &mut Chunk, counts: &mut RowCounts) -> Result<()> {
        counts.rows += chunk.used as u64;
        counts.rejected += chunk.rejected.len() as u64;
        counts.screened += (chunk.used - chunk.rejected.len()) as u64;
        let Chunk { before, rows, hits, rejected, audit: records, audit_ends, .. } = chunk;
        let place = |at: usize| place(*before, at, &rows[at]);
        let mut last_with_hits = None;
        for NameHits { at, name_column_index, first, hits, withheld } in hits.drain(..) {
            counts.withhold(&withheld);
            let accepted = hits.iter().filter(|h| h.accepted.is_some()).count();
            let open = hits.iter().filter(|h| h.is_open()).count();
            counts.accepted += accepted as u64;
            if open > 0 {
                counts.hits += open as u64;
                counts.with_hits += u64::from(last_with_hits.replace(at) != Some(at));
            }
            if hits.is_empty() {
                continue;
            }
            let row = ScreenedRow::new(place(at), &rows[at].record, self.columns, name_column_index, first);
            self.outputs.hits.write(&row, &hits)?;
        }
        for (at, reason) in rejected.drain(..) {
            self.outputs.rejects.write(RejectedRow::new(place(at), reason))?;
        }
        if let Some(audit) = &mut self.outputs.audit {
            let mut from = 0;
            for to in audit_ends.drain(..) {
                audit.row(&records[from..to])?;
                from = to;
            }
            records.clear();
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        self.outputs.hits.flush()?;
        self.outputs.rejects.flush()?;
        if let Some(audit) = &mut self.outputs.audit {
            audit.flush()?;
        }
        Ok(())
    }

    fn save(&mut self, counts: &RowCounts) -> Result<()> {
        self.flush()?;
        let audit = self.outputs.audit.as_ref().map(|a| a.state());
        match &mut self.outputs.observer {
            Some(observer) => observer.saved(counts, audit.as_ref()),
            None => Ok(()),
        }
    }
}
