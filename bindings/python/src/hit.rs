//! `Hit`, `Outcome` and `Explanation`.

use crate::errors::library_error;
use crate::screener::Shared;
use interdict::screen::{Change, Explanation, Outcome};
use interdict::{Hit, Query};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::sync::Arc;

/// The query of hits, and what it was screened with: enough to explain them.
pub struct Origin {
    pub screener: Arc<Shared>,
    pub query: Query,
}

/// A listed party that matched.
#[pyclass(name = "Hit", module = "interdict", frozen)]
pub struct PyHit {
    hit: Hit,
    origin: Arc<Origin>,
}

impl PyHit {
    /// The hits of one query.
    pub fn all(hits: Vec<Hit>, screener: &Arc<Shared>, query: Query) -> Vec<PyHit> {
        if hits.is_empty() {
            return Vec::new();
        }
        let origin = Arc::new(Origin { screener: screener.clone(), query });
        hits.into_iter().map(|hit| PyHit { hit, origin: origin.clone() }).collect()
    }
}

#[pymethods]
impl PyHit {
    /// The score in [0, 1], with five decimals.
    #[getter]
    fn score(&self) -> f64 {
        (f64::from(self.hit.score) * 1e5).round() / 1e5
    }

    /// The list's name.
    #[getter]
    fn list(&self) -> &str {
        &self.hit.list
    }

    /// The party's id in its list.
    #[getter]
    fn entity_id(&self) -> &str {
        &self.hit.entity_id
    }

    /// The party's primary name.
    #[getter]
    fn entity_name(&self) -> &str {
        &self.hit.entity_name
    }

    /// The listed name that scores best; for a hit by identifier, its kind and value.
    #[getter]
    fn matched_name(&self) -> &str {
        &self.hit.matched_name
    }

    /// `name` or `identifier`.
    #[getter]
    fn matched_by(&self) -> &'static str {
        self.hit.matched_by.as_str()
    }

    /// The kind of party.
    #[getter]
    fn schema(&self) -> &'static str {
        self.hit.schema.as_str()
    }

    /// Sanctions programmes.
    #[getter]
    fn programs(&self) -> Vec<String> {
        self.hit.programs.clone()
    }

    /// Sanctions programmes, joined by `;`.
    #[getter]
    fn program(&self) -> String {
        self.hit.program()
    }

    /// The party over all lists.
    #[getter]
    fn group(&self) -> &str {
        &self.hit.group
    }

    /// Whether the list calls the matched name a weak alias.
    #[getter]
    fn weak(&self) -> bool {
        self.hit.weak
    }

    /// `new`, `changed` or `gone`, if changes of the lists are screened.
    #[getter]
    fn change(&self) -> Option<&'static str> {
        self.hit.change.map(Change::as_str)
    }

    /// The fields that cleared it; none for a hit.
    #[getter]
    fn cleared_by(&self) -> Vec<String> {
        self.hit.cleared_by.iter().map(|field| field.as_str().replace(' ', "_")).collect()
    }

    /// The part of the name that matched, if it was not the whole.
    #[getter]
    fn query_part(&self) -> Option<&str> {
        self.hit.query_part.as_ref().map(|part| part.text.as_str())
    }

    /// Where that part stands in the name or text, as the bounds of a slice of it.
    #[getter]
    fn query_span(&self) -> Option<(usize, usize)> {
        let part = self.hit.query_part.as_ref()?;
        let characters = |end: usize| self.origin.query.name.get(..end).map(|text| text.chars().count());
        Some((characters(part.span.start)?, characters(part.span.end)?))
    }

    /// Why it is a hit; `None` for one by identifier alone.
    fn explain(&self, py: Python<'_>) -> Option<PyExplanation> {
        let Origin { screener, query } = &*self.origin;
        let explanation = py.detach(|| screener.screener.explain(query, &self.hit))?;
        Some(PyExplanation(explanation))
    }

    /// All attributes as a dictionary.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("score", self.score())?;
        dict.set_item("list", self.list())?;
        dict.set_item("entity_id", self.entity_id())?;
        dict.set_item("entity_name", self.entity_name())?;
        dict.set_item("matched_name", self.matched_name())?;
        dict.set_item("schema", self.schema())?;
        dict.set_item("program", self.program())?;
        dict.set_item("matched_by", self.matched_by())?;
        dict.set_item("group", self.group())?;
        dict.set_item("weak", self.weak())?;
        dict.set_item("change", self.change())?;
        dict.set_item("cleared_by", self.cleared_by())?;
        dict.set_item("query_part", self.query_part())?;
        dict.set_item("query_span", self.query_span())?;
        Ok(dict)
    }

    fn __repr__(&self) -> String {
        let Hit { score, list, entity_id, entity_name, .. } = &self.hit;
        format!("<interdict.Hit {score:.5} {list}:{entity_id} {entity_name}>")
    }
}

/// The parts of a score.
#[pyclass(name = "Explanation", module = "interdict", frozen)]
pub struct PyExplanation(pub Explanation);

#[pymethods]
impl PyExplanation {
    /// The parts of the score as a dictionary.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let text = serde_json::to_string(&self.0.record())
            .map_err(|e| library_error(std::io::Error::from(e).into()))?;
        Ok(py.import("json")?.call_method1("loads", (text,))?.cast_into::<PyDict>()?)
    }

    /// The explanation as text.
    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<interdict.Explanation\n{}>", self.0)
    }
}

/// The hits of a query, and what was withheld from them.
#[pyclass(name = "Outcome", module = "interdict", frozen)]
pub struct PyOutcome {
    hits: Vec<Py<PyHit>>,
    cleared: Vec<Py<PyHit>>,
    /// Hits beyond the limit.
    #[pyo3(get)]
    cut: u64,
    /// Parties of which only a weak alias would be a hit, where weak aliases are left out.
    #[pyo3(get)]
    weak: u64,
    /// Parties that other fields cleared; `cleared` holds as many of them as the limit allows.
    #[pyo3(get)]
    cleared_count: u64,
}

impl PyOutcome {
    pub fn new(py: Python<'_>, outcome: Outcome, screener: &Arc<Shared>, query: Query) -> PyResult<Self> {
        let origin = Arc::new(Origin { screener: screener.clone(), query });
        let hits = |hits: Vec<Hit>| {
            let hits = hits.into_iter().map(|hit| Py::new(py, PyHit { hit, origin: origin.clone() }));
            hits.collect::<PyResult<Vec<_>>>()
        };
        Ok(PyOutcome {
            hits: hits(outcome.hits)?,
            cleared: hits(outcome.cleared)?,
            cut: outcome.withheld.cut,
            weak: outcome.withheld.weak,
            cleared_count: outcome.withheld.cleared,
        })
    }
}

#[pymethods]
impl PyOutcome {
    /// The hits, best first.
    #[getter]
    fn hits(&self, py: Python<'_>) -> Vec<Py<PyHit>> {
        self.hits.iter().map(|hit| hit.clone_ref(py)).collect()
    }

    /// Parties whose name is a hit and that other fields cleared, best first.
    #[getter]
    fn cleared(&self, py: Python<'_>) -> Vec<Py<PyHit>> {
        self.cleared.iter().map(|hit| hit.clone_ref(py)).collect()
    }

    fn __repr__(&self) -> String {
        format!(
            "<interdict.Outcome: {} hits; {} cleared, {} cut, {} weak>",
            self.hits.len(),
            self.cleared_count,
            self.cut,
            self.weak
        )
    }
}
