//! Payment messages.

use crate::errors::library_error;
use crate::screener::PyScreener;
use interdict::payment::{self, Embargo, Message, Reader, ScreenedMessage};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};
use serde_json::{Value, json};
use std::io::{BufReader, Read};
use std::path::PathBuf;

/// Messages between two looks at signals.
const SLICE: usize = 256;

/// The bytes of messages, or the file that holds them.
enum Source {
    Bytes(Vec<u8>),
    File(PathBuf),
}

impl<'py> FromPyObject<'_, 'py> for Source {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Source> {
        match value.cast::<PyBytes>() {
            Ok(bytes) => Ok(Source::Bytes(bytes.as_bytes().to_vec())),
            Err(_) => value.extract().map(Source::File),
        }
    }
}

/// A message with its verdict, as JSON: the keys of the message, and `verdict`, `findings` and `withheld`.
fn answer(message: &Message<'_>, screened: &ScreenedMessage) -> Result<Value, serde_json::Error> {
    let mut value = serde_json::to_value(message)?;
    if let Some(keys) = value.as_object_mut() {
        keys.insert("verdict".into(), json!(screened.verdict));
        keys.insert("findings".into(), serde_json::to_value(&screened.findings)?);
        keys.insert("withheld".into(), serde_json::to_value(screened.withheld)?);
    }
    Ok(value)
}

#[pymethods]
impl PyScreener {
    /// The payment messages of a file, or of bytes, each with its verdict.
    fn payments<'py>(&self, py: Python<'py>, source: Source) -> PyResult<Bound<'py, PyList>> {
        let loads = py.import("json")?.getattr("loads")?;
        let all = PyList::empty(py);
        let (input, path): (Box<dyn Read + Send>, _) = match source {
            Source::Bytes(bytes) => (Box::new(std::io::Cursor::new(bytes)), None),
            Source::File(path) => {
                let file = std::fs::File::open(&path)
                    .map_err(|e| library_error(interdict::Error::from(e).with_path(&path)))?;
                (Box::new(BufReader::new(file)), Some(path))
            }
        };
        let mut reader = Reader::new(input);
        loop {
            let texts = py.detach(|| self.screen_messages(&mut reader));
            let texts = texts.map_err(|e| match &path {
                Some(path) => library_error(e.with_path(path)),
                None => library_error(e),
            })?;
            py.check_signals()?;
            if texts.is_empty() {
                return Ok(all);
            }
            for text in texts {
                all.append(loads.call1((text,))?)?;
            }
        }
    }
}

impl PyScreener {
    /// The next messages as JSON; none at the end.
    fn screen_messages(&self, reader: &mut Reader<Box<dyn Read + Send>>) -> interdict::Result<Vec<String>> {
        let embargo: &Embargo = self.embargo();
        let mut texts = Vec::new();
        for message in reader.by_ref().take(SLICE) {
            let message = message?;
            let screened =
                self.with_scratch(|screener, scratch| payment::screen(screener, &message, embargo, scratch));
            let value = answer(&message, &screened).map_err(std::io::Error::from)?;
            texts.push(value.to_string());
        }
        Ok(texts)
    }
}
