//! `Index`: the lists in the form in which they are searched.

use crate::errors::library_error;
use interdict::list::{self, ListVersion, Loaded};
use interdict::{ErrorKind, Index};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::path::PathBuf;

/// The lists in the form in which they are searched. It does not change, and any number of threads may share it.
#[pyclass(name = "Index", module = "interdict", frozen)]
pub struct PyIndex {
    pub index: Index,
    /// What is told of the lists: files that are not read, records that are rejected.
    notices: Vec<String>,
}

/// The lists of files and folders, all of them whole; what was passed over is told.
fn read_lists(paths: &[PathBuf], allow_incomplete: &[String]) -> interdict::Result<Loaded> {
    list::read_complete(paths, allow_incomplete)
}

/// The lists at a path, which may be an index too.
pub fn lists_at(path: &PathBuf) -> interdict::Result<Loaded> {
    match Index::open(path) {
        Ok(index) => Ok(Loaded::of_lists(index.lists())),
        Err(e) if matches!(e.kind(), ErrorKind::NotAnIndex | ErrorKind::Empty | ErrorKind::Io(_)) => {
            list::read(path)
        }
        Err(e) => Err(e),
    }
}

fn notices(loaded: &Loaded) -> Vec<String> {
    let skipped = loaded.skipped.iter().map(|f| format!("{} is not read: {}", f.path.display(), f.reason));
    let rejected = loaded.lists.iter().flat_map(|list| &list.rejected);
    skipped.chain(rejected.map(|r| format!("{}: {}: rejected: {}", r.file, r.position, r.reason))).collect()
}

#[pymethods]
impl PyIndex {
    /// Opens an index file. It is mapped, so that processes share its memory.
    #[staticmethod]
    pub fn open(py: Python<'_>, path: PathBuf) -> PyResult<PyIndex> {
        let index = py.detach(|| Index::open(path)).map_err(library_error)?;
        Ok(PyIndex { index, notices: Vec::new() })
    }

    /// Builds an index from lists: files, or folders with any mix of layouts.
    #[staticmethod]
    #[pyo3(signature = (paths, *, allow_incomplete = Vec::new()))]
    pub fn build(py: Python<'_>, paths: Paths, allow_incomplete: Vec<String>) -> PyResult<PyIndex> {
        let built = py.detach(|| {
            let loaded = read_lists(&paths.0, &allow_incomplete)?;
            let index = Index::build(&loaded.lists).map_err(|e| match paths.0.first() {
                Some(path) => e.with_path(path),
                None => e,
            })?;
            Ok((index, notices(&loaded)))
        });
        let (index, notices) = built.map_err(library_error)?;
        Ok(PyIndex { index, notices })
    }

    /// The index of the starter list that is built in, for trying.
    #[staticmethod]
    pub fn starter(py: Python<'_>) -> PyResult<PyIndex> {
        let index = py.detach(|| Index::build(&[list::starter()])).map_err(library_error)?;
        Ok(PyIndex { index, notices: Vec::new() })
    }

    /// Writes the index to a file, which appears whole or not at all.
    pub fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        py.detach(|| self.index.save(path)).map_err(library_error)
    }

    /// The number of listed parties.
    #[getter]
    fn entities(&self) -> usize {
        self.index.entities()
    }

    /// The number of listed names.
    #[getter]
    fn names(&self) -> usize {
        self.index.names()
    }

    /// Bytes of the index.
    #[getter]
    fn nbytes(&self) -> usize {
        self.index.memory_usage()
    }

    /// The lists, each as a dictionary.
    #[getter]
    fn lists<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        self.index.identity().lists.iter().map(|version| list_dict(py, version)).collect()
    }

    /// What was told when the lists were read: files that are not read, records that were rejected.
    #[getter]
    fn notices(&self) -> Vec<String> {
        self.notices.clone()
    }

    fn __repr__(&self) -> String {
        let lists: Vec<&str> = self.index.identity().lists.iter().map(|l| l.name.as_str()).collect();
        format!(
            "<interdict.Index: {} entities, {} names; lists: {}>",
            self.index.entities(),
            self.index.names(),
            lists.join(", ")
        )
    }
}

fn list_dict<'py>(py: Python<'py>, version: &ListVersion) -> PyResult<Bound<'py, PyDict>> {
    let text = serde_json::to_string(version).map_err(|e| library_error(std::io::Error::from(e).into()))?;
    Ok(py.import("json")?.call_method1("loads", (text,))?.cast_into::<PyDict>()?)
}

/// A path, or several.
pub struct Paths(pub Vec<PathBuf>);

impl<'py> FromPyObject<'_, 'py> for Paths {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Paths> {
        match value.extract::<PathBuf>() {
            Ok(path) => Ok(Paths(vec![path])),
            Err(_) => value.extract::<Vec<PathBuf>>().map(Paths),
        }
    }
}
