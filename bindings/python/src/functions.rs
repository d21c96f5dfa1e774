//! Functions of the module: scores of pairs, measuring, the command.

use crate::errors::{library_error, option_error};
use crate::hit::PyExplanation;
use crate::screener::PyScreener;
use interdict::Query;
use interdict::entity::Schema;
use interdict::score::PairScorer;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::ffi::OsString;
use std::path::PathBuf;

/// The kind of party that a word means.
fn schema_of(word: Option<&str>) -> PyResult<Schema> {
    match word {
        None => Ok(Schema::default()),
        Some(word) => Schema::parse(word)
            .ok_or_else(|| option_error(format!("schema: '{word}' is not a kind of party"))),
    }
}

/// The score of two names in [0, 1].
#[pyfunction]
#[pyo3(signature = (a, b, schema = None))]
pub fn score(a: &str, b: &str, schema: Option<&str>) -> PyResult<f64> {
    thread_local! {
        static SCORER: std::cell::RefCell<PairScorer> = std::cell::RefCell::default();
    }
    let schema = schema_of(schema)?;
    let score = SCORER.with_borrow_mut(|scorer| scorer.score(a, b, schema));
    Ok((f64::from(score) * 1e5).round() / 1e5)
}

/// Why two names have their score; the second one is taken as listed. `None` if they have nothing in common.
#[pyfunction]
#[pyo3(signature = (a, b, schema = None))]
pub fn explain(py: Python<'_>, a: &str, b: &str, schema: Option<&str>) -> PyResult<Option<PyExplanation>> {
    use interdict::entity::Entity;
    use interdict::list::List;
    use interdict::screen::{LOWEST_THRESHOLD, Options};
    let schema = schema_of(schema)?;
    let work = || -> interdict::Result<Option<PyExplanation>> {
        let list = List::from_entities("pair", [Entity::new("b", schema, b)])?;
        let screener = interdict::Screener::new(interdict::Index::build(&[list])?)
            .with_options(Options::default().threshold(LOWEST_THRESHOLD))?;
        let query = Query::name(a).schema(schema);
        let hit = screener.screen(&query).into_iter().next();
        Ok(hit.and_then(|hit| screener.explain(&query, &hit)).map(PyExplanation))
    };
    py.detach(work).map_err(library_error)
}

/// Recall and alert rate of a screener on labelled names, as a dictionary.
#[pyfunction]
#[pyo3(signature = (screener, *, positives = None, negatives, name_column = None, seed = 1, per_kind = 100))]
pub fn evaluate<'py>(
    py: Python<'py>,
    screener: &PyScreener,
    positives: Option<PathBuf>,
    negatives: Vec<PathBuf>,
    name_column: Option<String>,
    seed: u64,
    per_kind: usize,
) -> PyResult<Bound<'py, PyDict>> {
    use interdict::evaluate::{Cases, Positives, TargetIndex, evaluate, mutate};
    let screener = screener.library();
    let open =
        |path: &PathBuf| std::fs::File::open(path).map_err(|e| interdict::Error::from(e).with_path(path));
    let work = || -> interdict::Result<String> {
        let targets = TargetIndex::of(screener.index());
        let column = name_column.as_deref();
        let positives = match &positives {
            Some(path) => Positives::read(open(path)?, column, &targets).map_err(|e| e.with_path(path))?,
            None => mutate::positives(screener.index(), &targets, seed, per_kind),
        };
        let mut others = Vec::new();
        for path in &negatives {
            others.push(Cases::read_negatives(open(path)?, column).map_err(|e| e.with_path(path))?);
        }
        let found = evaluate(screener, &positives, &others)?;
        serde_json::to_string(&found).map_err(|e| std::io::Error::from(e).into())
    };
    let text = py.detach(work).map_err(library_error)?;
    Ok(py.import("json")?.call_method1("loads", (text,))?.cast_into::<PyDict>()?)
}

/// Runs the program `interdict` with these arguments, of which the first is its name, and returns its exit status.
#[pyfunction]
pub fn run_program(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| interdict_cli::run(arguments))
}
