//! JSON Lines: one object a line, with its position.

use super::source::{ByteSource, MAX_RECORD_BYTES, read_error};
use crate::error::{Error, Position, Result};
use serde_json::{Map, Value};
use std::io::BufRead;

/// An object, or the reason why its line is not one.
type ObjectOrReason = std::result::Result<Map<String, Value>, String>;

/// The objects of a JSON Lines file. Blank lines are not records.
pub(crate) struct JsonObjects<'a> {
    source: ByteSource<'a>,
    line: Vec<u8>,
    records: u64,
}

impl<'a> JsonObjects<'a> {
    pub(crate) fn new(source: ByteSource<'a>) -> JsonObjects<'a> {
        JsonObjects { source, line: Vec::new(), records: 0 }
    }

    /// The next line that is not blank, with its position.
    pub(crate) fn next(&mut self) -> Result<Option<(ObjectOrReason, Position)>> {
        loop {
            self.line.clear();
            let at = self.source.position();
            self.source.allow(MAX_RECORD_BYTES);
            let read = self.source.read_until(b'\n', &mut self.line);
            if read.map_err(|e| read_error(&e, at.clone()))? == 0 {
                return Ok(None);
            }
            if self.line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            self.records += 1;
            let at = Position { record: Some(self.records), ..at };
            let object = match serde_json::from_slice::<Value>(&self.line) {
                Ok(Value::Object(object)) => Ok(object),
                Ok(_) => Err("a line that is no JSON object".to_string()),
                // A last line without a line end is the rest of a file that was cut off.
                Err(e) if e.is_eof() && !self.line.ends_with(b"\n") => {
                    return Err(Error::malformed("the file ends within an object: it was cut off").at(at));
                }
                Err(e) => Err(format!("not valid JSON: {e}")),
            };
            return Ok(Some((object, at)));
        }
    }

    /// The SHA-256 of the file.
    pub(crate) fn sha256(self) -> Result<String> {
        self.source.sha256()
    }
}

/// The texts of a value: itself, or the elements of an array; numbers and booleans as text.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Null | Value::Object(_) => Vec::new(),
        Value::String(s) => Some(s.trim().to_string()).filter(|s| !s.is_empty()).into_iter().collect(),
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        other => vec![other.to_string()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_its_position() {
        let mut objects =
            JsonObjects::new(ByteSource::from_bytes("x", b"{\"a\": [1, \"x\", null]}\n\n[1]\n{broken}\n{}"));
        let mut found = Vec::new();
        while let Some((object, at)) = objects.next().unwrap() {
            found.push((at.record.unwrap(), at.line.unwrap(), object.is_ok()));
            if let Ok(object) = object
                && let Some(a) = object.get("a")
            {
                assert_eq!(texts(a), ["1", "x"]);
            }
        }
        assert_eq!(found, [(1, 1, true), (2, 3, false), (3, 4, false), (4, 5, true)]);
    }

    #[test]
    fn a_file_that_was_cut_off_is_an_error() {
        let mut objects = JsonObjects::new(ByteSource::from_bytes("x", b"{\"a\": 1}\n{\"a\": \"b"));
        objects.next().unwrap();
        let e = objects.next().unwrap_err();
        assert_eq!(e.position().line, Some(2));
        assert!(e.to_string().contains("cut off"), "{e}");
    }
}
