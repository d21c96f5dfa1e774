//! A run: one thread reads, others screen, and the caller's thread writes in the order of the rows.
//!
//! A fixed number of chunks goes round: filled by the reader, screened by whichever thread is free, written
//! when its turn comes, and handed back with all its buffers. Nothing waits for the slowest row of a chunk
//! but the writer.

use super::duplicates::{Answer, Duplicates};
use super::input::{Read1, Table};
use super::{Batch, Columns, Counts, Found, Outputs, RejectedRow, Screened, Step, Summary, set_query};
use crate::audit;
use crate::entity::{Check, Identifier};
use crate::error::{Error, Result};
use crate::screen::{Query, Scratch, Stats};
use csv::ByteRecord;
use std::collections::BTreeMap;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Rows of a chunk.
const ROWS: usize = 512;
/// Bytes of a chunk's records, their field ends included, from which on it is full.
const BYTES: usize = 1 << 20;
/// Chunks for each thread, and some more for the reader and the writer.
const CHUNKS: usize = 4;
/// How long the writer waits before it asks whether to go on.
const PATIENCE: Duration = Duration::from_millis(100);

/// A record, or why there is none.
#[derive(Default)]
struct Slot {
    record: ByteRecord,
    bad: Option<String>,
}

impl Slot {
    fn line(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }
}

/// Hits of one name of a row.
struct Hits {
    slot: usize,
    which: usize,
    first: bool,
    found: Vec<Found>,
}

/// Rows on their way round, with what was found out about them.
#[derive(Default)]
struct Chunk {
    /// Place among the chunks.
    number: u64,
    /// Rows before it.
    before: u64,
    slots: Vec<Slot>,
    /// Slots that hold a row.
    used: usize,
    /// How the input ended, in the last chunk.
    end: Option<Result<()>>,
    hits: Vec<Hits>,
    rejected: Vec<(usize, String)>,
    /// Audit records of all rows, and where each ends.
    audit: Vec<u8>,
    audit_ends: Vec<usize>,
    read_seconds: f64,
}

pub(super) fn run(batch: &Batch<'_>, input: impl Read + Send, mut outputs: Outputs<'_>) -> Result<Summary> {
    let wanted: Vec<String> = batch.columns.names.clone();
    let table = Table::open(input, &batch.input, &outputs.meter, &wanted)?;
    let columns = Columns::find(&table.header, &batch.columns)?;
    let mut summary = Summary {
        counts: outputs.done,
        input: table.described.clone(),
        columns: columns.describe(),
        hint: table.hint.clone(),
        ..Summary::default()
    };
    let resumed = outputs.done.rows > 0;
    if !resumed {
        outputs.hits.begin(&columns)?;
        if let Some(audit) = &mut outputs.audit {
            audit.begin(&summary.input, &summary.columns)?;
        }
    }
    let (decoded, done) = (table.decoded, outputs.done.rows);
    let screening = Screening {
        batch,
        columns: &columns,
        decoded,
        audit: outputs.audit.is_some(),
        duplicates: Duplicates::default(),
        failed: AtomicBool::new(false),
    };
    let (free, to_fill) = channel::<Chunk>();
    let (filled, to_screen) = channel::<Chunk>();
    let (screened, to_write) = channel::<Chunk>();
    for _ in 0..(batch.threads + 1) * CHUNKS {
        let _ = free.send(Chunk::default());
    }
    let to_screen = Mutex::new(to_screen);
    std::thread::scope(|scope| {
        scope.spawn(move || read(table, done, &to_fill, &filled));
        let workers: Vec<_> = (0..batch.threads)
            .map(|_| {
                let (screening, to_screen, screened) = (&screening, &to_screen, screened.clone());
                scope.spawn(move || screening.work(to_screen, &screened))
            })
            .collect();
        drop(screened);
        let mut writing = Writing { columns: &columns, outputs, failed: &screening.failed };
        let result = writing.write(&mut summary, &to_write, &free);
        // Without these, the others end at their next chunk.
        drop(to_write);
        drop(free);
        for worker in workers {
            if let Ok(work) = worker.join() {
                summary.stats.add(&work.stats);
                summary.repeated += work.repeated;
                summary.failed_checks += work.failed_checks;
                let first =
                    [summary.first_failed_check.take(), work.first_failed_check].into_iter().flatten();
                summary.first_failed_check = first.min_by_key(|(row, _)| *row);
                summary.seconds[1] += work.seconds;
            }
        }
        result
    })?;
    Ok(summary)
}

/// Fills chunks until the input or the chunks end.
fn read(mut table: Table<'_>, skip: u64, to_fill: &Receiver<Chunk>, filled: &Sender<Chunk>) {
    let mut rows = 0;
    let mut number = 0;
    let mut skipped = ByteRecord::new();
    let mut end = None;
    while rows < skip && end.is_none() {
        match table.read(&mut skipped, rows) {
            Ok(Read1::End) => {
                end = Some(Err(Error::malformed("the input has fewer rows than were done before")))
            }
            Ok(_) => rows += 1,
            Err(e) => end = Some(Err(e)),
        }
    }
    while let Ok(mut chunk) = to_fill.recv() {
        let clock = Instant::now();
        (chunk.number, chunk.before, chunk.used) = (number, rows, 0);
        let mut bytes = 0;
        while end.is_none() && chunk.used < ROWS && bytes < BYTES {
            if chunk.used == chunk.slots.len() {
                chunk.slots.push(Slot::default());
            }
            let slot = &mut chunk.slots[chunk.used];
            slot.bad = None;
            match table.read(&mut slot.record, rows) {
                Ok(Read1::End) => {
                    end = Some(Ok(()));
                    break;
                }
                Ok(Read1::Bad(reason)) => slot.bad = Some(reason),
                Ok(Read1::Record) => (),
                Err(e) => {
                    end = Some(Err(e));
                    break;
                }
            }
            rows += 1;
            chunk.used += 1;
            bytes += slot.record.as_slice().len() + slot.record.len() * size_of::<usize>();
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

/// What the screening threads share.
struct Screening<'a> {
    batch: &'a Batch<'a>,
    columns: &'a Columns,
    decoded: bool,
    audit: bool,
    duplicates: Duplicates,
    /// Whether one of them has panicked.
    failed: AtomicBool,
}

/// What one thread did.
struct Work {
    stats: Stats,
    repeated: u64,
    failed_checks: u64,
    first_failed_check: Option<(u64, Identifier)>,
    seconds: f64,
}

/// Raises the alarm when its thread panics, so that nobody waits for it.
struct Alarm<'a>(&'a AtomicBool);

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.store(true, Relaxed);
        }
    }
}

/// Buffers of one screening thread.
struct Desk {
    scratch: Scratch,
    query: Query,
    key: Vec<u8>,
    names: Vec<usize>,
    repeated: u64,
    failed_checks: u64,
    first_failed_check: Option<(u64, Identifier)>,
}

impl Screening<'_> {
    fn work(&self, to_screen: &Mutex<Receiver<Chunk>>, screened: &Sender<Chunk>) -> Work {
        let _alarm = Alarm(&self.failed);
        let mut desk = Desk {
            scratch: Scratch::with_timing(self.batch.timing),
            query: Query::default(),
            key: Vec::new(),
            names: Vec::new(),
            repeated: 0,
            failed_checks: 0,
            first_failed_check: None,
        };
        let mut seconds = 0.0;
        loop {
            let chunk = to_screen.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(mut chunk) = chunk else { break };
            let clock = Instant::now();
            self.screen(&mut chunk, &mut desk);
            seconds += clock.elapsed().as_secs_f64();
            if screened.send(chunk).is_err() {
                break;
            }
        }
        Work {
            stats: desk.scratch.stats,
            repeated: desk.repeated,
            failed_checks: desk.failed_checks,
            first_failed_check: desk.first_failed_check,
            seconds,
        }
    }

    fn screen(&self, chunk: &mut Chunk, desk: &mut Desk) {
        for at in 0..chunk.used {
            let slot = &chunk.slots[at];
            let row = chunk.before + at as u64 + 1;
            let checked = match &slot.bad {
                Some(reason) => Err(reason.clone()),
                None => self
                    .columns
                    .check(&slot.record, self.decoded)
                    .and_then(|()| self.columns.screened_names(&slot.record, &mut desk.names)),
            };
            let mut audited = audit::Row::new(row, slot.line());
            match checked {
                Ok(()) => {
                    if self.columns.has_identifiers() {
                        let all = self.columns.identifiers(&slot.record);
                        for failed in all.filter(|i| i.check() == Check::Failed) {
                            desk.failed_checks += 1;
                            if desk.first_failed_check.as_ref().is_none_or(|(first, _)| row < *first) {
                                desk.first_failed_check = Some((row, failed));
                            }
                        }
                    }
                    for i in 0..desk.names.len() {
                        let which = desk.names[i];
                        let screened = Screened {
                            row,
                            line: slot.line(),
                            name: self.columns.name(&slot.record, which),
                            record: &slot.record,
                            columns: self.columns,
                            which,
                            first: i == 0,
                        };
                        let found = self.answer(&screened, desk);
                        if self.audit {
                            let describe = |n| self.batch.accept.map_or(String::new(), |a| a.describe(n));
                            if !found.is_empty() {
                                self.set_query(&screened, &mut desk.query);
                            }
                            audited.add(&screened, &found, &desk.query, self.batch.screener, describe);
                        }
                        if !found.is_empty() {
                            chunk.hits.push(Hits { slot: at, which, first: i == 0, found });
                        }
                    }
                }
                Err(reason) => {
                    audited.reject(&reason);
                    chunk.rejected.push((at, reason));
                }
            }
            if self.audit {
                audited.write(&mut chunk.audit);
                chunk.audit_ends.push(chunk.audit.len());
            }
        }
    }

    fn set_query(&self, row: &Screened<'_>, query: &mut Query) {
        set_query(query, row.name, self.columns.fields(row.record, row.first), self.batch.schema);
    }

    fn answer(&self, row: &Screened<'_>, desk: &mut Desk) -> Vec<Found> {
        desk.key.clear();
        desk.key.extend_from_slice(row.name.as_bytes());
        for (field, text) in self.columns.fields(row.record, row.first) {
            // No field holds a NUL, so that keys of different fields differ.
            desk.key.push(0);
            desk.key.extend_from_slice(field.as_str().as_bytes());
            desk.key.push(0);
            desk.key.extend_from_slice(text.as_bytes());
        }
        let answer: Answer = match self.duplicates.get(&desk.key) {
            Ok(answer) => {
                desk.repeated += 1;
                answer
            }
            Err(hash) => {
                self.set_query(row, &mut desk.query);
                let hits = self.batch.screener.screen_with(&desk.query, &mut desk.scratch);
                let answer = (!hits.is_empty()).then(|| hits.into());
                self.duplicates.put(hash, &desk.key, answer.clone());
                answer
            }
        };
        let index = self.batch.screener.index();
        // Accepted hits do not push others out: of those only so many are shown.
        let mut left = self.batch.limit;
        answer
            .iter()
            .flat_map(|hits| hits.iter())
            .map(|hit| Found {
                hit: hit.clone(),
                accepted: self.batch.accept.and_then(|a| a.accepted(row, hit, index)),
            })
            .filter(|found| {
                let shown = found.accepted.is_some() || left > 0;
                left -= usize::from(shown && found.accepted.is_none());
                shown
            })
            .collect()
    }
}

/// The caller's side of a run.
struct Writing<'a, 'o> {
    columns: &'a Columns,
    outputs: Outputs<'o>,
    failed: &'a AtomicBool,
}

impl Writing<'_, '_> {
    /// Writes chunks in their order until the input ends or somebody says stop.
    fn write(
        &mut self,
        summary: &mut Summary,
        to_write: &Receiver<Chunk>,
        free: &Sender<Chunk>,
    ) -> Result<()> {
        let mut waiting: BTreeMap<u64, Chunk> = BTreeMap::new();
        let mut turn = 0;
        loop {
            match to_write.recv_timeout(PATIENCE) {
                Ok(chunk) => drop(waiting.insert(chunk.number, chunk)),
                Err(RecvTimeoutError::Timeout) if !self.failed.load(Relaxed) => (),
                Err(_) => return Err(Error::malformed("a screening thread failed; this is a bug")),
            }
            while let Some(mut chunk) = waiting.remove(&turn) {
                turn += 1;
                let clock = Instant::now();
                summary.seconds[0] += chunk.read_seconds;
                self.chunk(&mut chunk, &mut summary.counts)?;
                summary.seconds[2] += clock.elapsed().as_secs_f64();
                if let Some(end) = chunk.end.take() {
                    if end.is_ok()
                        && let Some(audit) = &mut self.outputs.audit
                    {
                        audit.close(&summary.counts)?;
                    }
                    self.flush()?;
                    return end;
                }
                // The reader may have ended already.
                let _ = free.send(chunk);
            }
            let Some(watch) = &mut self.outputs.watch else { continue };
            let step = watch.next(&summary.counts);
            if step != Step::Continue {
                self.save(&summary.counts)?;
            }
            if step == Step::Stop {
                summary.stopped = true;
                return Ok(());
            }
        }
    }

    fn chunk(&mut self, chunk: &mut Chunk, counts: &mut Counts) -> Result<()> {
        counts.rows += chunk.used as u64;
        counts.rejected += chunk.rejected.len() as u64;
        counts.screened += (chunk.used - chunk.rejected.len()) as u64;
        let mut last = None;
        for hits in chunk.hits.drain(..) {
            let slot = &chunk.slots[hits.slot];
            let accepted = hits.found.iter().filter(|f| f.accepted.is_some()).count();
            counts.accepted += accepted as u64;
            if accepted < hits.found.len() {
                counts.hits += (hits.found.len() - accepted) as u64;
                counts.with_hits += u64::from(last.replace(hits.slot) != Some(hits.slot));
            }
            let screened = Screened {
                row: chunk.before + hits.slot as u64 + 1,
                line: slot.line(),
                name: self.columns.name(&slot.record, hits.which),
                record: &slot.record,
                columns: self.columns,
                which: hits.which,
                first: hits.first,
            };
            self.outputs.hits.write(&screened, &hits.found)?;
        }
        for (at, reason) in chunk.rejected.drain(..) {
            let row = chunk.before + at as u64 + 1;
            self.outputs.rejects.write(RejectedRow { row, line: chunk.slots[at].line(), reason })?;
        }
        if let Some(audit) = &mut self.outputs.audit {
            let mut from = 0;
            for to in chunk.audit_ends.drain(..) {
                audit.row(&chunk.audit[from..to])?;
                from = to;
            }
            chunk.audit.clear();
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

    fn save(&mut self, counts: &Counts) -> Result<()> {
        self.flush()?;
        let audit = self.outputs.audit.as_ref().map(|a| a.state());
        match &mut self.outputs.watch {
            Some(watch) => watch.saved(counts, audit.as_ref()),
            None => Ok(()),
        }
    }
}
