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

/// Makes the lines of an audit trail, each with the hash of the line before.
#[derive(Debug)]
pub(super) struct Chain {
    header: Header,
    previous: String,
    line: Vec<u8>,
}

impl Chain {
    /// A chain from the beginning.
    pub(super) fn new(identity: &RunIdentity, date: &str) -> Self {
        let header = Header {
            audit: VERSION,
            date: date.to_string(),
            configuration_sha256: identity.configuration_hash(),
            layout: String::new(),
            columns: String::new(),
            identity: identity.clone(),
        };
        Chain { header, previous: NO_PREVIOUS.to_string(), line: Vec::new() }
    }

    /// The chain behind a trail in this state.
    pub(super) fn after(mut self, state: &TrailState) -> Self {
        self.previous.clone_from(&state.previous);
        self
    }

    /// The state behind the last line.
    pub(super) fn state(&self) -> TrailState {
        TrailState { previous: self.previous.clone() }
    }

    /// The same chain, in which the lines of another run follow.
    pub(super) fn continued(&self, identity: &RunIdentity, date: &str) -> Self {
        Chain { previous: self.previous.clone(), ..Chain::new(identity, date) }
    }

    /// The header as a line.
    pub(super) fn header(&mut self, layout: &str, columns: &str) -> Result<&[u8]> {
        self.header.layout = layout.to_string();
        self.header.columns = columns.to_string();
        let body = serde_json::to_vec(&self.header).map_err(std::io::Error::from)?;
        Ok(self.row(&body))
    }

    /// A record, which is a JSON object, as a line.
    pub(super) fn row(&mut self, body: &[u8]) -> &[u8] {
        self.begin_line(body);
        self.end_line()
    }

    /// The last line.
    pub(super) fn closing(&mut self, counts: &RowCounts) -> Result<&[u8]> {
        self.seal(counts)?;
        Ok(&self.line)
    }

    /// Makes the last line, and returns its seal.
    pub(super) fn seal(&mut self, counts: &RowCounts) -> Result<String> {
        let body = serde_json::to_vec(&End { end: *counts }).map_err(std::io::Error::from)?;
        self.begin_line(&body[..body.len() - 1]);
        let seal = hex_digest([&self.line[..]]);
        self.line.extend_from_slice(format!(",\"seal\":\"{seal}\"}}").as_bytes());
        self.end_line();
        Ok(seal)
    }

    /// The line made last.
    pub(super) fn line(&self) -> &[u8] {
        &self.line
    }

    fn begin_line(&mut self, body: &[u8]) {
        self.line.clear();
        self.line.extend_from_slice(b"{\"previous\":\"");
        self.line.extend_from_slice(self.previous.as_bytes());
        self.line.extend_from_slice(b"\",");
        self.line.extend_from_slice(&body[1..]);
    }

    fn end_line(&mut self) -> &[u8] {
        self.previous = hex_digest([&self.line[..]]);
        self.line.push(b'\n');
        &self.line
    }
}

/// Writes an audit trail, line by line.
pub struct Writer {
    out: Box<dyn Write>,
    chain: Chain,
}

impl Writer {
    /// A trail from the beginning. `date` is the day of the run. Nothing is written yet.
    pub fn new(out: impl Write + 'static, identity: &RunIdentity, date: &str) -> Self {
        Writer { out: Box::new(out), chain: Chain::new(identity, date) }
    }

    /// Goes on with a trail in this state.
    pub fn resume(mut self, state: Option<TrailState>) -> Self {
        if let Some(state) = state {
            self.chain.previous = state.previous;
        }
        self
    }

    /// The state behind the last line.
    pub fn state(&self) -> TrailState {
        self.chain.state()
    }

    /// Writes the header.
    pub(crate) fn begin(&mut self, layout: &str, columns: &str) -> Result<()> {
        Ok(self.out.write_all(self.chain.header(layout, columns)?)?)
    }

    /// Writes a record, which is a JSON object.
    pub(crate) fn row(&mut self, body: &[u8]) -> Result<()> {
        Ok(self.out.write_all(self.chain.row(body))?)
    }

    /// Writes the last line.
    pub(crate) fn close(&mut self, counts: &RowCounts) -> Result<()> {
        Ok(self.out.write_all(self.chain.closing(counts)?)?)
    }

    pub(crate) fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("previous", &self.chain.previous).finish_non_exhaustive()
    }
}
