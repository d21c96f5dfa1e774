//! The native half of interdict for Python: the classes and functions that the package `interdict` shows.
//!
//! | file | content |
//! |---|---|
//! | `index`, `screener`, `hit` | the classes of these names |
//! | `query` | parties as keywords |
//! | `table` | tables in and out by the PyCapsule interface of Arrow; waiting with an ear for signals |
//! | `payments` | payment messages |
//! | `functions` | scores of pairs, measuring, the command |
//! | `errors` | errors as exceptions |
//!
//! The interpreter's lock is released while anything is screened, read or written. The docstrings that users see are in
//! the package's stubs and README.

// Classes of Python are shown by their `__repr__`.
#![allow(missing_debug_implementations)]

mod errors;
mod functions;
mod hit;
mod index;
mod payments;
mod query;
mod screener;
mod table;

use pyo3::prelude::*;

#[pymodule(gil_used = false)]
fn _interdict(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<index::PyIndex>()?;
    module.add_class::<screener::PyScreener>()?;
    module.add_class::<hit::PyHit>()?;
    module.add_class::<hit::PyOutcome>()?;
    module.add_class::<hit::PyExplanation>()?;
    module.add_class::<table::PyHitTable>()?;
    module.add_class::<table::PyHitStream>()?;
    module.add_class::<table::PyRejected>()?;
    module.add_function(wrap_pyfunction!(functions::score, module)?)?;
    module.add_function(wrap_pyfunction!(functions::explain, module)?)?;
    module.add_function(wrap_pyfunction!(functions::evaluate, module)?)?;
    module.add_function(wrap_pyfunction!(functions::run_program, module)?)?;
    Ok(())
}
