//! A screening that is under way: batches in on one side, hits out on the other.

use crate::hits::HitBuilder;
use crate::source::{BatchRows, CarriedRows};
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use interdict::batch::{
    Batch, Columns, HitWriter, Outputs, RejectWriter, RejectedRow, RowCounts, RunAction, RunObserver,
    ScreenedHit, ScreenedRow, Summary,
};
use interdict::{Error, Result};
use std::cell::RefCell;
use std::fmt;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Batches of the input that are read ahead, so that no thread waits for the input while it has rows.
pub(crate) const READ_AHEAD: usize = 2;
/// Batches of hits that wait to be taken, and as many other events.
pub(crate) const WAITING: usize = 16;

/// What the thread of a screening tells.
pub(crate) enum Event {
    /// It has begun with a batch, and another one may be sent.
    Taken,
    /// Hits.
    Hits(RecordBatch),
    /// It has ended.
    Done(Box<Result<Summary>>),
}

/// What is known of a screening while it runs and after it.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Progress {
    /// The rows so far.
    pub counts: RowCounts,
    /// The rejected rows so far, in their order, unless they are among the hits.
    pub rejected: Vec<RejectedRow>,
    /// What was forgiven and not understood, as lines for people; at the end.
    pub notices: Vec<String>,
    /// The columns that are used, for people: `name 'Company', birth_date 'DOB'`.
    pub columns: String,
}

/// A view of the progress of a screening, to keep when its hits are handed on.
#[derive(Clone, Debug, Default)]
pub struct ProgressHandle(Arc<Mutex<Progress>>);

impl ProgressHandle {
    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The counts of the rows so far.
    pub fn counts(&self) -> RowCounts {
        self.lock().counts
    }

    /// Takes the rejected rows that were not taken before.
    pub fn take_rejected(&self) -> Vec<RejectedRow> {
        std::mem::take(&mut self.lock().rejected)
    }

    /// What is known so far. It copies the rejected rows.
    pub fn snapshot(&self) -> Progress {
        self.lock().clone()
    }
}

/// What comes next of a screening.
#[derive(Debug)]
pub enum Next {
    /// Hits.
    Hits(RecordBatch),
    /// None yet: the time was over.
    Waiting,
    /// The end.
    End,
}

/// The input of a screening.
pub type Input = Box<dyn RecordBatchReader + Send>;

/// The hits of a table, batch by batch: an iterator and a reader of batches, to be exported as a stream of the C interface.
///
/// It reads the input on the thread that asks for hits, and screens on threads of its own. It holds at most three
/// batches of the input beyond those whose columns are carried, and sixteen batches of hits. Dropped, it ends its threads.
pub struct HitBatches {
    schema: SchemaRef,
    input: Option<Input>,
    /// How the input failed, once the rows before are done.
    input_error: Option<ArrowError>,
    to_screen: Option<SyncSender<RecordBatch>>,
    /// Batches that may be sent without waiting.
    credit: usize,
    events: Option<Receiver<Event>>,
    thread: Option<JoinHandle<()>>,
    progress: ProgressHandle,
}

impl HitBatches {
    pub(crate) fn new(
        schema: SchemaRef,
        input: Input,
        to_screen: SyncSender<RecordBatch>,
        events: Receiver<Event>,
        (thread, progress): (JoinHandle<()>, ProgressHandle),
    ) -> Self {
        HitBatches {
            schema,
            input: Some(input),
            input_error: None,
            to_screen: Some(to_screen),
            credit: READ_AHEAD,
            events: Some(events),
            thread: Some(thread),
            progress,
        }
    }

    /// Counts, rejected rows and notices.
    pub fn progress(&self) -> ProgressHandle {
        self.progress.clone()
    }

    /// The schema of the hits.
    pub fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// The next hits, if there are any within this time; none of it is spent on the input, whose batches take the time they
    /// take. Ask again after [`Next::Waiting`].
    ///
    /// # Errors
    ///
    /// The input fails: the error is that of the input, and comes when the rows before it are done. Or the screening fails.
    pub fn next_within(&mut self, time: Duration) -> std::result::Result<Next, ArrowError> {
        loop {
            self.feed();
            let Some(events) = &self.events else { return Ok(Next::End) };
            match events.recv_timeout(time) {
                Ok(Event::Taken) => self.credit += 1,
                Ok(Event::Hits(hits)) => return Ok(Next::Hits(hits)),
                Ok(Event::Done(result)) => {
                    self.stop();
                    let summary = (*result).map_err(external)?;
                    let mut progress = self.progress.lock();
                    progress.counts = summary.counts;
                    progress.notices = summary.notices.lines();
                    progress.columns = summary.columns;
                    drop(progress);
                    return self.input_error.take().map_or(Ok(Next::End), Err);
                }
                Err(RecvTimeoutError::Timeout) => return Ok(Next::Waiting),
                Err(RecvTimeoutError::Disconnected) => {
                    self.stop();
                    return Err(external(Error::internal("a thread of the screening failed; this is a bug")));
                }
            }
        }
    }

    /// Sends batches of the input as long as there is room for them.
    fn feed(&mut self) {
        while self.credit > 0
            && let Some(input) = &mut self.input
        {
            match input.next() {
                Some(Ok(batch)) => {
                    self.credit -= 1;
                    // If the screening has ended, its last event says why.
                    let sent = self.to_screen.as_ref().is_some_and(|to| to.send(batch).is_ok());
                    if !sent {
                        self.end_input();
                    }
                }
                Some(Err(e)) => {
                    self.input_error = Some(e);
                    self.end_input();
                }
                None => self.end_input(),
            }
        }
    }

    fn end_input(&mut self) {
        self.input = None;
        self.to_screen = None;
    }

    /// Ends the threads. Without channels they end at their next chunk of rows.
    fn stop(&mut self) {
        self.end_input();
        self.events = None;
        if let Some(thread) = self.thread.take() {
            // A panic was reported as a missing end.
            let _ = thread.join();
        }
    }
}

fn external(error: Error) -> ArrowError {
    ArrowError::ExternalError(Box::new(error))
}

impl Drop for HitBatches {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Iterator for HitBatches {
    type Item = std::result::Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.next_within(Duration::from_secs(3600)) {
                Ok(Next::Hits(hits)) => return Some(Ok(hits)),
                Ok(Next::Waiting) => (),
                Ok(Next::End) => return None,
                Err(e) => return Some(Err(e)),
            }
        }
    }
}

impl RecordBatchReader for HitBatches {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}

impl fmt::Debug for HitBatches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HitBatches")
            .field("schema", &self.schema)
            .field("counts", &self.progress.counts())
            .finish_non_exhaustive()
    }
}

/// What a screening shows among its hits.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shown {
    pub(crate) cleared: bool,
    pub(crate) rejected: bool,
}

/// Collects what a run writes, and sends it on.
pub(crate) struct Sink {
    hits: HitBuilder,
    shown: Shown,
    carried: CarriedRows,
    events: SyncSender<Event>,
    progress: ProgressHandle,
}

impl Sink {
    pub(crate) fn new(
        (schema, carried): (SchemaRef, CarriedRows),
        shown: Shown,
        events: SyncSender<Event>,
        progress: ProgressHandle,
    ) -> Self {
        Sink { hits: HitBuilder::new(schema, carried.clone()), shown, carried, events, progress }
    }

    /// Screens all rows, and sends what they give.
    pub(crate) fn run(self, batch: &Batch<'_>, rows: BatchRows) -> Result<Summary> {
        let sink = RefCell::new(self);
        let (mut hits, mut rejects, mut observer) = (ToSink(&sink), ToSink(&sink), ToSink(&sink));
        batch.run_rows(rows, Outputs::new(&mut hits, &mut rejects).observer(&mut observer))
    }

    fn send(&mut self) -> Result<()> {
        match self.hits.finish() {
            Ok(None) => Ok(()),
            Ok(Some(hits)) => self.events.send(Event::Hits(hits)).map_err(|_| given_up()),
            Err(e) => Err(Error::internal(e.to_string())),
        }
    }

    fn send_if_full(&mut self) -> Result<()> {
        if self.hits.is_full() { self.send() } else { Ok(()) }
    }
}

/// The error of a screening that nobody waits for any more.
fn given_up() -> Error {
    Error::from(std::io::Error::from(std::io::ErrorKind::BrokenPipe))
}

/// One of the three parts that a run writes to.
struct ToSink<'s>(&'s RefCell<Sink>);

impl HitWriter for ToSink<'_> {
    fn begin(&mut self, columns: &Columns) -> Result<()> {
        self.0.borrow_mut().progress.lock().columns = columns.describe();
        Ok(())
    }

    fn write(&mut self, row: &ScreenedRow<'_>, hits: &[ScreenedHit]) -> Result<()> {
        let mut sink = self.0.borrow_mut();
        let shown = sink.shown.cleared;
        for hit in hits.iter().filter(|hit| shown || !hit.is_cleared()) {
            sink.hits.add(row, hit);
            sink.send_if_full()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        self.0.borrow_mut().send()
    }
}

impl RejectWriter for ToSink<'_> {
    fn write(&mut self, row: RejectedRow) -> Result<()> {
        let mut sink = self.0.borrow_mut();
        if sink.shown.rejected {
            sink.hits.add_rejected(&row);
            return sink.send_if_full();
        }
        sink.progress.lock().rejected.push(row);
        Ok(())
    }
}

impl RunObserver for ToSink<'_> {
    fn next(&mut self, counts: &RowCounts) -> RunAction {
        let sink = self.0.borrow();
        sink.progress.lock().counts = *counts;
        sink.carried.release(counts.rows);
        RunAction::Continue
    }
}
