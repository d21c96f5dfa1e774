//! Tables in and out by the PyCapsule interface of Arrow.

use crate::errors::{arrow_error, option_error};
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, to_ffi};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{Array, RecordBatch, RecordBatchIterator, RecordBatchReader, StructArray};
use arrow_schema::{ArrowError, SchemaRef};
use interdict_arrow::{
    HitBatches, Input, Next, Progress, ProgressHandle, import_batch, import_schema, import_stream,
};
use pyo3::exceptions::{PyStopIteration, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyIterator, PyTuple};
use std::ffi::CStr;
use std::sync::{Mutex, MutexGuard, TryLockError};
use std::time::Duration;

const STREAM: &CStr = c"arrow_array_stream";
const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";

/// How long hits are waited for before signals are looked at.
const POLL: Duration = Duration::from_millis(100);

/// Takes the structure out of a capsule, which is empty from then on.
fn take<T>(capsule: &Bound<'_, PyCapsule>, name: &'static CStr, empty: T) -> PyResult<T> {
    let pointer = capsule.pointer_checked(Some(name))?.cast::<T>();
    // SAFETY: a capsule of this name holds a structure of this type, by the PyCapsule interface of Arrow; the thread is
    // attached, so that nobody else takes it; what is left in its place has no release, so that it is released once.
    Ok(unsafe { std::ptr::replace(pointer.as_ptr(), empty) })
}

/// A table as Python gives it: anything with the Arrow PyCapsule interface, or an iterable of record batches.
pub fn input_of(table: &Bound<'_, PyAny>) -> PyResult<Input> {
    if table.hasattr("__arrow_c_stream__")? {
        let capsule = table.call_method0("__arrow_c_stream__")?.cast_into::<PyCapsule>()?;
        let stream = take(&capsule, STREAM, FFI_ArrowArrayStream::empty())?;
        return import_stream(stream).map_err(arrow_error);
    }
    if table.hasattr("__arrow_c_array__")? {
        let batch = batch_of(table)?;
        let schema = batch.schema();
        return Ok(Box::new(RecordBatchIterator::new([Ok(batch)], schema)));
    }
    if table.hasattr("collect")? {
        let message = "this is a query that has not run; call its collect() first";
        return Err(PyTypeError::new_err(message));
    }
    Err(PyTypeError::new_err(format!(
        "an object of type '{}' is no Arrow table: it has neither __arrow_c_stream__ nor __arrow_c_array__; pandas (2.2 or \
         later), Polars, PyArrow and DuckDB have them",
        table.get_type().name()?
    )))
}

/// The record batch of an object with `__arrow_c_array__`.
fn batch_of(object: &Bound<'_, PyAny>) -> PyResult<RecordBatch> {
    let pair = object.call_method0("__arrow_c_array__")?.cast_into::<PyTuple>()?;
    let schema = take(&pair.get_item(0)?.cast_into::<PyCapsule>()?, SCHEMA, FFI_ArrowSchema::empty())?;
    let array = take(&pair.get_item(1)?.cast_into::<PyCapsule>()?, ARRAY, FFI_ArrowArray::empty())?;
    let schema = import_schema(&schema).map_err(arrow_error)?;
    // SAFETY: both came out of the capsules of one object, which promises that they belong together.
    unsafe { import_batch(array, &schema) }.map_err(arrow_error)
}

/// Record batches from a Python iterator, which is asked on the thread that asks for hits.
pub struct PyBatches {
    batches: Py<PyIterator>,
    schema: SchemaRef,
    /// The first batch, which told the schema.
    first: Option<RecordBatch>,
}

impl PyBatches {
    /// The batches of an iterable; none if it is empty.
    pub fn of(batches: &Bound<'_, PyAny>) -> PyResult<Option<PyBatches>> {
        let mut batches = batches.try_iter()?;
        let Some(first) = batches.next() else { return Ok(None) };
        let first = batch_of(&first?)?;
        Ok(Some(PyBatches { batches: batches.unbind(), schema: first.schema(), first: Some(first) }))
    }
}

impl Iterator for PyBatches {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(first) = self.first.take() {
            return Some(Ok(first));
        }
        let next = Python::attach(|py| {
            self.batches.bind(py).clone().next().map(|batch| batch.and_then(|batch| batch_of(&batch)))
        })?;
        Some(next.map_err(|e| ArrowError::ExternalError(Box::new(e))))
    }
}

impl RecordBatchReader for PyBatches {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}

/// A rejected row.
#[pyclass(name = "Rejected", module = "interdict", frozen, get_all)]
pub struct PyRejected {
    /// The number of the row, from 1 on.
    row: u64,
    /// Why it was not screened.
    reason: String,
}

#[pymethods]
impl PyRejected {
    fn __repr__(&self) -> String {
        format!("<interdict.Rejected row {}: {}>", self.row, self.reason)
    }
}

fn rejected_of(progress: &[interdict::batch::RejectedRow]) -> Vec<PyRejected> {
    progress.iter().map(|r| PyRejected { row: r.row, reason: r.reason.to_string() }).collect()
}

fn counts_of<'py>(py: Python<'py>, progress: &Progress) -> PyResult<Bound<'py, PyDict>> {
    let counts = &progress.counts;
    let dict = PyDict::new(py);
    for (name, count) in [
        ("rows", counts.rows),
        ("screened", counts.screened),
        ("rejected", counts.rejected),
        ("with_hits", counts.with_hits),
        ("hits", counts.hits),
        ("cleared", counts.cleared),
        ("cut", counts.cut),
        ("weak", counts.weak),
    ] {
        dict.set_item(name, count)?;
    }
    Ok(dict)
}

/// Calls Python with the rows that are done.
pub type ProgressCall = Option<Py<PyAny>>;

/// Hits that are made as they are asked for.
#[pyclass(name = "HitStream", module = "interdict", frozen)]
pub struct PyHitStream {
    hits: Mutex<Option<HitBatches>>,
    handle: Option<ProgressHandle>,
    progress: ProgressCall,
}

impl PyHitStream {
    pub fn new(hits: Option<HitBatches>, progress: ProgressCall) -> Self {
        let handle = hits.as_ref().map(HitBatches::progress);
        PyHitStream { hits: Mutex::new(hits), handle, progress }
    }

    /// The hits, unless another thread waits for them. To wait for it here, with the interpreter's lock, would be forever.
    fn lock(&self) -> PyResult<MutexGuard<'_, Option<HitBatches>>> {
        match self.hits.try_lock() {
            Ok(guard) => Ok(guard),
            Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => Err(option_error("another thread reads this stream of hits")),
        }
    }

    /// The next batch. Signals are answered while it is waited for: an interrupt ends the screening.
    pub fn next_batch(&self, py: Python<'_>) -> PyResult<Option<RecordBatch>> {
        let mut guard = self.lock()?;
        let answer = loop {
            let Some(hits) = guard.as_mut() else { return Ok(None) };
            let next = py.detach(|| hits.next_within(POLL));
            let told = py.check_signals().and_then(|()| self.tell(py));
            match (told, next) {
                (Err(e), _) => break Err(e),
                (Ok(()), Ok(Next::Hits(batch))) => return Ok(Some(batch)),
                (Ok(()), Ok(Next::Waiting)) => (),
                (Ok(()), Ok(Next::End)) => break Ok(None),
                (Ok(()), Err(e)) => break Err(arrow_error(e)),
            }
        };
        let ended = guard.take();
        py.detach(|| drop(ended));
        answer
    }

    fn tell(&self, py: Python<'_>) -> PyResult<()> {
        if let (Some(progress), Some(handle)) = (&self.progress, &self.handle) {
            progress.call1(py, (handle.counts().rows,))?;
        }
        Ok(())
    }

    fn snapshot(&self) -> Progress {
        self.handle.as_ref().map(ProgressHandle::snapshot).unwrap_or_default()
    }

    /// All hits.
    pub fn collect(&self, py: Python<'_>) -> PyResult<PyHitTable> {
        let schema = self.lock()?.as_ref().map(HitBatches::schema);
        let schema = schema.ok_or_else(|| option_error("the hits of this stream were taken before"))?;
        let mut batches = Vec::new();
        while let Some(batch) = self.next_batch(py)? {
            batches.push(batch);
        }
        Ok(PyHitTable { schema, batches, progress: self.snapshot() })
    }
}

#[pymethods]
impl PyHitStream {
    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<PyHitTable> {
        match self.next_batch(py)? {
            Some(batch) => {
                Ok(PyHitTable { schema: batch.schema(), batches: vec![batch], progress: Progress::default() })
            }
            None => Err(PyStopIteration::new_err(())),
        }
    }

    /// The hits as a stream of Arrow, once.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // A consumer that asks for another schema casts what it gets.
        drop(requested_schema);
        let hits = self.lock()?.take();
        let hits = hits.ok_or_else(|| option_error("the hits of this stream were taken before"))?;
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(hits)), STREAM)
    }

    /// How many rows had which outcome, so far.
    #[getter]
    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        counts_of(py, &self.snapshot())
    }

    /// The rejected rows so far.
    #[getter]
    fn rejected(&self) -> Vec<PyRejected> {
        rejected_of(&self.snapshot().rejected)
    }

    /// What was forgiven and not understood in the rows, at the end.
    #[getter]
    fn notices(&self) -> Vec<String> {
        self.snapshot().notices
    }
}

/// The hits of a table: a table of Arrow.
#[pyclass(name = "HitTable", module = "interdict", frozen)]
pub struct PyHitTable {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
    progress: Progress,
}

#[pymethods]
impl PyHitTable {
    /// The hits as a stream of Arrow, as often as it is asked for.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        drop(requested_schema);
        let batches: Vec<_> = self.batches.iter().cloned().map(Ok).collect();
        let reader = RecordBatchIterator::new(batches, self.schema.clone());
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), STREAM)
    }

    /// The schema of the hits.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(self.schema.as_ref()).map_err(arrow_error)?;
        PyCapsule::new_with_value(py, schema, SCHEMA)
    }

    /// The hits as one batch of Arrow.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        drop(requested_schema);
        let [batch] = &self.batches[..] else {
            return Err(option_error("these hits are not one batch; read them as a stream"));
        };
        let (array, schema) = to_ffi(&StructArray::from(batch.clone()).to_data()).map_err(arrow_error)?;
        let schema = PyCapsule::new_with_value(py, schema, SCHEMA)?;
        PyTuple::new(py, [schema, PyCapsule::new_with_value(py, array, ARRAY)?])
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// The number of hits.
    #[getter]
    fn num_rows(&self) -> usize {
        self.__len__()
    }

    /// The names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    /// How many rows had which outcome.
    #[getter]
    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        counts_of(py, &self.progress)
    }

    /// The rows that were not screened, each with its reason.
    #[getter]
    fn rejected(&self) -> Vec<PyRejected> {
        rejected_of(&self.progress.rejected)
    }

    /// What was forgiven and not understood in the rows, as lines for people.
    #[getter]
    fn notices(&self) -> Vec<String> {
        self.progress.notices.clone()
    }

    /// The columns that were used, for people.
    #[getter]
    fn columns(&self) -> String {
        self.progress.columns.clone()
    }

    /// The hits as a `pyarrow.Table`.
    fn to_arrow<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        this.py().import("pyarrow")?.call_method1("table", (this,))
    }

    /// The hits as a `pandas.DataFrame`; needs PyArrow.
    fn to_pandas<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        PyHitTable::to_arrow(this)?.call_method0("to_pandas")
    }

    /// The hits as a `polars.DataFrame`.
    fn to_polars<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        this.py().import("polars")?.call_method1("DataFrame", (this,))
    }

    fn __repr__(&self) -> String {
        let counts = &self.progress.counts;
        format!(
            "<interdict.HitTable: {} hits of {} rows; {} screened, {} rejected>",
            self.__len__(),
            counts.rows,
            counts.screened,
            counts.rejected
        )
    }
}
