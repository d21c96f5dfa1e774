//! Writing an audit trail.

use super::record::{End, Header};
use super::{NO_PREVIOUS, VERSION};
use crate::digest::hex_digest;
use crate::error::Result;
use crate::run::{RowCounts, RunIdentity};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io::Write;

/// The state of an audit trail between two lines, with which it can be resumed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TrailState {
    /// SHA-256 of the last line, in hexadecimal.
    pub previous: String,
}

/// Writes an audit trail, line by line.
pub struct Writer {
    out: Box<dyn Write>,
    header: Header,
    previous: String,
    line: Vec<u8>,
}

impl Writer {
    /// A trail from the beginning. `date` is the day of the run. Nothing is written yet.
    pub fn new(out: impl Write + 'static, identity: &RunIdentity, date: &str) -> Self {
        let header = Header {
            audit: VERSION,
            date: date.to_string(),
            configuration_sha256: identity.configuration_hash(),
            layout: String::new(),
            columns: String::new(),
            identity: identity.clone(),
        };
        let previous = NO_PREVIOUS.to_string();
        Writer { out: Box::new(out), header, previous, line: Vec::new() }
    }

    /// Goes on with a trail in this state.
    pub fn resume(mut self, state: Option<TrailState>) -> Self {
        if let Some(state) = state {
            self.previous = state.previous;
        }
        self
    }

    /// The state behind the last line.
    pub fn state(&self) -> TrailState {
        TrailState { previous: self.previous.clone() }
    }

    /// Writes the header.
    pub(crate) fn begin(&mut self, layout: &str, columns: &str) -> Result<()> {
        self.header.layout = layout.to_string();
        self.header.columns = columns.to_string();
        let body = serde_json::to_vec(&self.header).map_err(std::io::Error::from)?;
        self.row(&body)
    }

    /// Writes a record, which is a JSON object.
    pub(crate) fn row(&mut self, body: &[u8]) -> Result<()> {
        self.begin_line(body);
        self.end_line()
    }

    /// Writes the last line.
    pub(crate) fn close(&mut self, counts: &RowCounts) -> Result<()> {
        let body = serde_json::to_vec(&End { end: *counts }).map_err(std::io::Error::from)?;
        self.begin_line(&body[..body.len() - 1]);
        let seal = hex_digest([&self.line[..]]);
        self.line.extend_from_slice(format!(",\"seal\":\"{seal}\"}}").as_bytes());
        self.end_line()
    }

    fn begin_line(&mut self, body: &[u8]) {
        self.line.clear();
        self.line.extend_from_slice(b"{\"previous\":\"");
        self.line.extend_from_slice(self.previous.as_bytes());
        self.line.extend_from_slice(b"\",");
        self.line.extend_from_slice(&body[1..]);
    }

    fn end_line(&mut self) -> Result<()> {
        self.previous = hex_digest([&self.line[..]]);
        self.line.push(b'\n');
        Ok(self.out.write_all(&self.line)?)
    }

    pub(crate) fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("previous", &self.previous).finish_non_exhaustive()
    }
}
