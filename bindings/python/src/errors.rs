//! Errors of the library as exceptions: `interdict.Error`, and `interdict.OptionError` for a wrong argument.

use arrow_schema::ArrowError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

/// A class of `interdict._errors`.
fn class<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyType>> {
    static ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static OPTION_ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let cell = if name == "Error" { &ERROR } else { &OPTION_ERROR };
    cell.import(py, "interdict._errors", name).cloned()
}

fn raise(class_name: &str, message: String) -> PyErr {
    Python::attach(|py| match class(py, class_name) {
        Ok(class) => PyErr::from_type(class, (message,)),
        Err(e) => e,
    })
}

/// The exception of a wrong argument.
pub fn option_error(message: impl Into<String>) -> PyErr {
    raise("OptionError", message.into())
}

/// The exception of an error of the library, with its message.
pub fn library_error(error: interdict::Error) -> PyErr {
    let class = if error.is_invalid_option() { "OptionError" } else { "Error" };
    raise(class, error.to_string())
}

/// The exception of an error on the way through Arrow: that of the library, or of the Python code that made the input.
pub fn arrow_error(error: ArrowError) -> PyErr {
    match error {
        ArrowError::ExternalError(inner) => match inner.downcast::<interdict::Error>() {
            Ok(error) => library_error(*error),
            Err(inner) => match inner.downcast::<PyErr>() {
                Ok(error) => *error,
                Err(other) => raise("Error", other.to_string()),
            },
        },
        ArrowError::CDataInterface(message) => raise("Error", format!("the table cannot be read: {message}")),
        other => raise("Error", other.to_string()),
    }
}
