//! `Screener`.

use crate::errors::{library_error, option_error};
use crate::hit::{PyHit, PyOutcome};
use crate::index::{PyIndex, lists_at};
use crate::query::{field_of, query_of};
use crate::table::{ProgressCall, PyBatches, PyHitStream, PyHitTable, input_of};
use arrow_schema::SchemaRef;
use interdict::batch::{ColumnChoice, Field};
use interdict::entity::Schema;
use interdict::payment::Embargo;
use interdict::screen::Scratch;
use interdict::{Config, Index, Query, Screener};
use interdict_arrow::{Input, TableScreener};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Queries of `screen_all` between two looks at signals: some tens of milliseconds.
const SLICE: usize = 4096;

/// A screener, and the buffers of the threads that use it.
pub struct Shared {
    pub screener: Screener,
    scratches: Mutex<Vec<Scratch>>,
}

impl Shared {
    /// Does something with buffers that no other thread uses meanwhile.
    fn with_scratch<T>(&self, work: impl FnOnce(&Screener, &mut Scratch) -> T) -> T {
        let pool = || self.scratches.lock().unwrap_or_else(PoisonError::into_inner);
        let mut scratch = pool().pop().unwrap_or_default();
        let answer = work(&self.screener, &mut scratch);
        pool().push(scratch);
        answer
    }
}

/// Screens parties and tables. Any number of threads may share it.
#[pyclass(name = "Screener", module = "interdict", frozen)]
pub struct PyScreener {
    shared: Arc<Shared>,
    /// The countries and places of the configuration, for payments.
    embargo: Embargo,
}

/// An index, or the path of one.
enum IndexOrPath<'py> {
    Index(PyRef<'py, PyIndex>),
    Path(PathBuf),
}

impl<'py> FromPyObject<'_, 'py> for IndexOrPath<'py> {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match value.cast::<PyIndex>() {
            Ok(index) => Ok(IndexOrPath::Index(index.try_borrow()?)),
            Err(_) => value.extract().map(IndexOrPath::Path),
        }
    }
}

/// How to screen a table: columns by keyword, and options.
#[derive(Default)]
struct TableOptions {
    choice: ColumnChoice,
    schema: Schema,
    threads: Option<usize>,
    cleared: bool,
    rejected: bool,
}

/// The columns of an argument: one, or several.
fn columns(value: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    if value.is_none() {
        return Ok(Vec::new());
    }
    match value.cast::<PyString>() {
        Ok(one) => Ok(vec![one.extract()?]),
        Err(_) => value.extract(),
    }
}

impl TableOptions {
    fn of(table: &SchemaRef, keywords: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let mut options = TableOptions::default();
        let mut choice = ColumnChoice::default();
        let mut fields: Vec<(Field, String)> = Vec::new();
        for (keyword, value) in keywords.into_iter().flat_map(|k| k.iter()) {
            let keyword: String = keyword.extract()?;
            match keyword.as_str() {
                "name" => choice = choice.names(columns(&value)?),
                "text" => choice = choice.texts(columns(&value)?),
                "carry" => choice = choice.carry(columns(&value)?),
                "threads" => options.threads = value.extract()?,
                "cleared" => options.cleared = value.extract()?,
                "rejected" => {
                    options.rejected = match value.extract::<String>()?.as_str() {
                        "rows" => true,
                        "list" => false,
                        other => {
                            return Err(option_error(format!(
                                "rejected: '{other}' is neither 'list' nor 'rows'"
                            )));
                        }
                    }
                }
                "schema" => {
                    // A column of this name, or one kind for all rows.
                    for column in columns(&value)? {
                        match Schema::parse(&column).filter(|_| table.column_with_name(&column).is_none()) {
                            Some(schema) => options.schema = schema,
                            None => fields.push((Field::Schema, column)),
                        }
                    }
                }
                other => {
                    let field = field_of(other)?;
                    fields.extend(columns(&value)?.into_iter().map(|column| (field.clone(), column)));
                }
            }
        }
        options.choice = choice.fields(fields);
        Ok(options)
    }
}

impl PyScreener {
    /// The screener of the library.
    pub fn library(&self) -> &Screener {
        &self.shared.screener
    }

    /// The embargo of the configuration.
    pub fn embargo(&self) -> &Embargo {
        &self.embargo
    }

    /// Does something with buffers that no other thread uses meanwhile.
    pub fn with_scratch<T>(&self, work: impl FnOnce(&Screener, &mut Scratch) -> T) -> T {
        self.shared.with_scratch(work)
    }

    fn table_screener(&self, options: TableOptions) -> TableScreener {
        TableScreener::new(&self.shared.screener)
            .columns(options.choice)
            .schema(options.schema)
            .threads(options.threads)
            .show_cleared(options.cleared)
            .show_rejected(options.rejected)
    }

    fn begin(
        &self,
        input: Input,
        keywords: Option<&Bound<'_, PyDict>>,
        progress: ProgressCall,
    ) -> PyResult<PyHitStream> {
        let options = TableOptions::of(&input.schema(), keywords)?;
        let hits = self.table_screener(options).screen(input).map_err(library_error)?;
        Ok(PyHitStream::new(Some(hits), progress))
    }
}

#[pymethods]
impl PyScreener {
    #[new]
    #[pyo3(signature = (index, *, config = None, threshold = None, limit = None, since = None))]
    fn new(
        py: Python<'_>,
        index: IndexOrPath<'_>,
        config: Option<PathBuf>,
        threshold: Option<f32>,
        limit: Option<usize>,
        since: Option<IndexOrPath<'_>>,
    ) -> PyResult<Self> {
        let index = match index {
            IndexOrPath::Index(index) => index.index.clone(),
            IndexOrPath::Path(path) => py.detach(|| Index::open(path)).map_err(library_error)?,
        };
        let since = since.map(|since| match since {
            IndexOrPath::Index(index) => Ok(index.index.clone()),
            IndexOrPath::Path(path) => Err(path),
        });
        let make = || -> interdict::Result<(Screener, Embargo)> {
            let config = config.map_or_else(|| Ok(Config::default()), Config::read)?;
            let mut options = config.options();
            options.threshold = threshold.unwrap_or(options.threshold);
            options.limit = limit.unwrap_or(options.limit);
            let screener = match since {
                None => Screener::new(index),
                Some(Ok(old)) => Screener::for_changes(&old.lists(), &index.lists())?,
                Some(Err(old)) => Screener::for_changes(&lists_at(&old)?.lists, &index.lists())?,
            };
            let embargo = Embargo::new(config.embargoed_countries(), config.embargoed_places())?;
            Ok((screener.with_options(options)?, embargo))
        };
        let (screener, embargo) = py.detach(make).map_err(library_error)?;
        Ok(PyScreener { shared: Arc::new(Shared { screener, scratches: Mutex::default() }), embargo })
    }

    /// The hits of one party, best first.
    #[pyo3(signature = (name = None, *, text = None, **fields))]
    fn screen(
        &self,
        py: Python<'_>,
        name: Option<&str>,
        text: Option<&str>,
        fields: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Vec<PyHit>> {
        let query = query_of(name, text, fields)?;
        let hits =
            py.detach(|| self.shared.with_scratch(|screener, scratch| screener.screen_with(&query, scratch)));
        Ok(PyHit::all(hits, &self.shared, query))
    }

    /// The hits of one party, and what was withheld from them.
    #[pyo3(signature = (name = None, *, text = None, **fields))]
    fn outcome(
        &self,
        py: Python<'_>,
        name: Option<&str>,
        text: Option<&str>,
        fields: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<PyOutcome> {
        let query = query_of(name, text, fields)?;
        let outcome =
            py.detach(|| self.shared.with_scratch(|screener, scratch| screener.outcome(&query, scratch)));
        PyOutcome::new(py, outcome, &self.shared, query)
    }

    /// The hits of each of many parties: names, or dictionaries of the keywords of `screen`.
    fn screen_all(&self, py: Python<'_>, parties: &Bound<'_, PyAny>) -> PyResult<Vec<Vec<PyHit>>> {
        let mut queries: Vec<Query> = Vec::new();
        for party in parties.try_iter()? {
            let party = party?;
            queries.push(match party.cast::<PyDict>() {
                Err(_) => query_of(Some(party.extract()?), None, None)?,
                Ok(keywords) => {
                    let fields = keywords.copy()?;
                    let taken = |key: &str| -> PyResult<Option<String>> {
                        let value = fields.get_item(key)?;
                        if value.is_some() {
                            fields.del_item(key)?;
                        }
                        value.map_or(Ok(None), |value| value.extract())
                    };
                    let (name, text) = (taken("name")?, taken("text")?);
                    query_of(name.as_deref(), text.as_deref(), Some(&fields))?
                }
            });
        }
        let mut all = Vec::with_capacity(queries.len());
        let mut queries = queries.into_iter();
        while queries.len() > 0 {
            let slice: Vec<Query> = queries.by_ref().take(SLICE).collect();
            let hits = py.detach(|| self.shared.screener.screen_all(&slice));
            py.check_signals()?;
            all.extend(
                slice.into_iter().zip(hits).map(|(query, hits)| PyHit::all(hits, &self.shared, query)),
            );
        }
        Ok(all)
    }

    /// The hits of a table.
    #[pyo3(signature = (table, name = None, *, progress = None, **options))]
    fn screen_table(
        &self,
        py: Python<'_>,
        table: &Bound<'_, PyAny>,
        name: Option<Bound<'_, PyAny>>,
        progress: ProgressCall,
        options: Option<Bound<'_, PyDict>>,
    ) -> PyResult<PyHitTable> {
        let options = with_name(py, name, options)?;
        self.begin(input_of(table)?, Some(&options), progress)?.collect(py)
    }

    /// The hits of a table or of an iterable of record batches, batch by batch.
    #[pyo3(signature = (batches, name = None, *, progress = None, **options))]
    fn screen_batches(
        &self,
        py: Python<'_>,
        batches: &Bound<'_, PyAny>,
        name: Option<Bound<'_, PyAny>>,
        progress: ProgressCall,
        options: Option<Bound<'_, PyDict>>,
    ) -> PyResult<PyHitStream> {
        let options = with_name(py, name, options)?;
        let is_table = batches.hasattr("__arrow_c_stream__")? || batches.hasattr("__arrow_c_array__")?;
        let input: Option<Input> = match is_table {
            true => Some(input_of(batches)?),
            false => PyBatches::of(batches)?.map(|batches| Box::new(batches) as Input),
        };
        match input {
            Some(input) => self.begin(input, Some(&options), progress),
            None => Ok(PyHitStream::new(None, progress)),
        }
    }

    /// The lowest score of a hit.
    #[getter]
    fn threshold(&self) -> f64 {
        (f64::from(self.shared.screener.options().threshold) * 1e5).round() / 1e5
    }

    /// The most parties of one query.
    #[getter]
    fn limit(&self) -> usize {
        self.shared.screener.options().limit
    }

    /// Bytes of the index and the caches that all threads share.
    #[getter]
    fn nbytes(&self) -> usize {
        self.shared.screener.memory_usage()
    }

    fn __repr__(&self) -> String {
        let screener = &self.shared.screener;
        format!(
            "<interdict.Screener: {} entities, threshold {}>",
            screener.index().entities(),
            screener.options().threshold
        )
    }
}

/// The options of a table with the column of names among them.
fn with_name<'py>(
    py: Python<'py>,
    name: Option<Bound<'py, PyAny>>,
    options: Option<Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyDict>> {
    let options = options.unwrap_or_else(|| PyDict::new(py));
    if let Some(name) = name {
        options.set_item("name", name)?;
    }
    Ok(options)
}
