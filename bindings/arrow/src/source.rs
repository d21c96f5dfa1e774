//! The rows of batches, as the screening reads them.

use crate::cells::{Cells, is_readable};
use crate::stream::Event;
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use interdict::batch::{Columns, RowCells, RowSource};
use interdict::{Error, Result};
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The carried columns of the batches that are being screened. Shared by the thread that reads and the one that collects
/// hits.
#[derive(Clone, Default)]
pub(crate) struct CarriedRows {
    /// Numbers of the columns.
    columns: Arc<[usize]>,
    /// Each batch with the number of its first row.
    batches: Arc<Mutex<VecDeque<(u64, RecordBatch)>>>,
}

impl CarriedRows {
    pub(crate) fn new(columns: &[usize]) -> Self {
        CarriedRows { columns: columns.into(), batches: Arc::default() }
    }

    pub(crate) fn is_wanted(&self) -> bool {
        !self.columns.is_empty()
    }

    fn batches(&self) -> MutexGuard<'_, VecDeque<(u64, RecordBatch)>> {
        self.batches.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the carried columns of a batch that begins with this row.
    fn keep(&self, first_row: u64, batch: &RecordBatch) -> Result<()> {
        if self.is_wanted() {
            let carried = batch.project(&self.columns).map_err(|e| Error::internal(e.to_string()))?;
            self.batches().push_back((first_row, carried));
        }
        Ok(())
    }

    /// The batch that holds a row which is not yet released, and its first row.
    pub(crate) fn batch_of(&self, row: u64) -> (u64, RecordBatch) {
        let batches = self.batches();
        let at = batches.partition_point(|(first, _)| *first <= row) - 1;
        batches[at].clone()
    }

    /// Lets go of the batches whose rows are all done.
    pub(crate) fn release(&self, rows_done: u64) {
        let mut batches = self.batches();
        while batches.front().is_some_and(|(first, batch)| first + batch.num_rows() as u64 <= rows_done + 1) {
            batches.pop_front();
        }
    }
}

/// A batch that is being read.
struct Current {
    cells: Vec<Cells>,
    next: usize,
    rows: usize,
}

/// The rows of the batches that come through a channel.
pub(crate) struct BatchRows {
    schema: SchemaRef,
    batches: Receiver<RecordBatch>,
    events: SyncSender<Event>,
    carried: CarriedRows,
    /// Whether a column is read.
    is_read: Vec<bool>,
    current: Option<Current>,
    /// The number of the next batch's first row.
    first_row: u64,
    buffer: String,
}

impl BatchRows {
    pub(crate) fn new(
        schema: SchemaRef,
        batches: Receiver<RecordBatch>,
        events: SyncSender<Event>,
        carried: CarriedRows,
    ) -> Self {
        // Until it is known which columns are read, all are.
        let is_read = vec![true; schema.fields().len()];
        let buffer = String::new();
        BatchRows { schema, batches, events, carried, is_read, current: None, first_row: 1, buffer }
    }

    /// Takes the next batch; `false` when there is none.
    fn take_batch(&mut self) -> Result<bool> {
        let Ok(batch) = self.batches.recv() else { return Ok(false) };
        // Nobody takes the event if the screening was given up; then no batch follows either.
        let _ = self.events.send(Event::Taken);
        self.carried.keep(self.first_row, &batch)?;
        self.first_row += batch.num_rows() as u64;
        let cells = batch.columns().iter().zip(&self.is_read);
        let cells = cells.map(|(column, is_read)| if *is_read { Cells::of(column) } else { Cells::Empty });
        self.current = Some(Current { cells: cells.collect(), next: 0, rows: batch.num_rows() });
        Ok(true)
    }
}

impl RowSource for BatchRows {
    fn header(&self) -> Vec<String> {
        header(&self.schema)
    }

    fn begin(&mut self, columns: &Columns) {
        self.is_read = (0..self.is_read.len()).map(|at| columns.is_read(at)).collect();
        if let Some(current) = &mut self.current {
            for (cells, _) in current.cells.iter_mut().zip(&self.is_read).filter(|(_, is_read)| !**is_read) {
                *cells = Cells::Empty;
            }
        }
    }

    fn read(&mut self, row: &mut RowCells<'_>) -> Result<bool> {
        loop {
            if let Some(current) = &mut self.current
                && current.next < current.rows
            {
                for cells in &current.cells {
                    cells.with(current.next, &mut self.buffer, &mut |text| row.push(text));
                }
                current.next += 1;
                return Ok(true);
            }
            if !self.take_batch()? {
                return Ok(false);
            }
        }
    }
}

/// The names of the columns.
pub(crate) fn header(schema: &SchemaRef) -> Vec<String> {
    schema.fields().iter().map(|field| field.name().clone()).collect()
}

/// Fails if a column that is read has a type that cannot be.
pub(crate) fn check_types(schema: &SchemaRef, columns: &Columns) -> Result<()> {
    for (at, field) in schema.fields().iter().enumerate().filter(|(at, _)| columns.is_read(*at)) {
        // A name is one text; of other fields, a list of texts is as good as texts that `;` separates.
        if !is_readable(field.data_type(), !columns.is_name(at)) {
            return Err(Error::invalid_option(
                field.name(),
                format!(
                    "the column '{}' has the type {}, which is not read; cast it to text or to a date",
                    field.name(),
                    field.data_type()
                ),
            ));
        }
    }
    Ok(())
}
