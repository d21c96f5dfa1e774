//! The objects of a JSON file, one at a time, with their positions: JSON Lines, one array of objects, or an
//! array of objects within an object, as in `{"results": [{…}, {…}]}`.
//!
//! Cost: one streamed pass; an object is held as text and as a tree. Limits: an object is bounded (see
//! [`ByteSource`]). Of an object around the array the texts and numbers are kept, everything else in it is
//! only checked for its end. A file that ends within an array was cut off: this is an error.

use super::source::{ByteSource, MAX_RECORD_BYTES, read_error};
use crate::error::{Error, Position, Result};
use serde_json::{Map, Value};
use std::io::BufRead;

/// An object, or the reason why its record is not one.
type ObjectOrReason = std::result::Result<Map<String, Value>, String>;

/// Keys of arrays whose elements are the records of a file: those of the layouts in `formats`, and what
/// interfaces commonly answer with.
const RECORD_KEYS: [&str; 9] =
    ["results", "PublicationDetail", "ZPROCSUPP", "data", "records", "items", "entities", "rows", "response"];

/// Keys of an object that is a record, and not one around the records.
const OWN_KEYS: [&str; 12] = [
    "name",
    "Name",
    "full_name",
    "first_name",
    "last_name",
    "firstName",
    "lastName",
    "caption",
    "schema",
    "properties",
    "RECORD_ID",
    "DATA_SOURCE",
];

/// The most texts kept of the object around the records, and the longest in bytes.
const MAX_FACTS: usize = 64;
const MAX_FACT_BYTES: usize = 1024;

/// Where the records of a file are.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum JsonForm {
    /// One object a line.
    Lines,
    /// The elements of an array: that of the whole file, or with a key the first one that has it.
    Array(Option<String>),
}

/// The form of a JSON file by its head, without a byte order mark.
pub(crate) fn form(head: &str) -> JsonForm {
    let text = head.trim_start();
    if text.starts_with('[') {
        return JsonForm::Array(None);
    }
    // The keys of the open objects; an array of objects directly within them is looked for.
    let mut outline = Outline::default();
    // The key of the first array of objects in an object that is no record itself, whatever the key is.
    let (mut first, mut array, mut is_record) = (None, None, false);
    for byte in text.bytes() {
        let event = outline.add(byte);
        is_record |= byte == b':' && outline.depth == 1 && OWN_KEYS.contains(&outline.key.as_str());
        match event {
            Some(Event::OpenArray) => {
                outline.pending_array = RECORD_KEYS.into_iter().find(|k| outline.opened == *k);
                array = (outline.depth <= 2).then(|| outline.opened.clone());
            }
            Some(Event::OpenObject) => {
                if let Some(key) = outline.pending_array {
                    return JsonForm::Array(Some(key.to_string()));
                }
                first = first.or_else(|| array.take());
            }
            Some(Event::Close) if outline.depth == 0 => break,
            Some(Event::Close | Event::Value) => {
                outline.pending_array = None;
                array = None;
            }
            None => {}
        }
    }
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let is_whole = lines.next().is_some_and(|line| line.trim_end().ends_with('}'));
    let is_lines = is_whole && lines.next().is_some_and(|line| line.starts_with('{'));
    match first {
        Some(key) if !is_record && !is_lines => JsonForm::Array(Some(key)),
        _ => JsonForm::Lines,
    }
}

/// The first record in the head of a file, if it is whole.
pub(crate) fn first_object(head: &str) -> Option<Map<String, Value>> {
    let text = match form(head) {
        JsonForm::Lines => head.trim_start().lines().next()?,
        JsonForm::Array(None) => head.trim_start().strip_prefix('[')?,
        JsonForm::Array(Some(key)) => {
            let mut outline = Outline::default();
            let is_open = |b| matches!(outline.add(b), Some(Event::OpenArray)) && outline.opened == key;
            let at = head.bytes().position(is_open)?;
            &head[at + 1..]
        }
    };
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    match values.next()? {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

/// What a byte of a JSON text does outside of strings.
enum Event {
    OpenObject,
    OpenArray,
    Close,
    /// A string, number, boolean or null has ended.
    Value,
}

/// Follows the structure of a JSON text byte by byte, without a tree.
#[derive(Default)]
struct Outline {
    /// Open objects and arrays.
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// The bytes of the present string or other scalar, as far as they are kept.
    scalar: Vec<u8>,
    /// The string before the last colon, until its value has begun to be read.
    key: String,
    /// The key of the object or array that was opened last.
    opened: String,
    /// Whether a colon was the last sign, so that a value follows and not a key.
    expects_value: bool,
    /// The last string, which may be a key.
    last: String,
    /// The key of the array that was opened last, if nothing followed.
    pending_array: Option<&'static str>,
}

impl Outline {
    fn add(&mut self, byte: u8) -> Option<Event> {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => {
                    self.in_string = false;
                    self.last = String::from_utf8_lossy(&self.scalar).into_owned();
                    self.scalar.clear();
                    return std::mem::take(&mut self.expects_value).then_some(Event::Value);
                }
                _ => {}
            }
            self.keep(byte);
            return None;
        }
        match byte {
            b'"' => {
                self.in_string = true;
                self.scalar.clear();
                None
            }
            b':' => {
                self.key = std::mem::take(&mut self.last);
                self.expects_value = true;
                None
            }
            b'{' | b'[' => {
                self.depth += 1;
                self.opened = std::mem::take(&mut self.key);
                self.expects_value = false;
                Some(if byte == b'{' { Event::OpenObject } else { Event::OpenArray })
            }
            b'}' | b']' => {
                self.end_scalar();
                self.expects_value = false;
                self.depth = self.depth.saturating_sub(1);
                Some(Event::Close)
            }
            b',' => {
                let is_value = self.end_scalar() && self.expects_value;
                self.expects_value = false;
                is_value.then_some(Event::Value)
            }
            b if b.is_ascii_whitespace() => None,
            b => {
                self.keep(b);
                None
            }
        }
    }

    /// Ends a number, boolean or null; false if there is none.
    fn end_scalar(&mut self) -> bool {
        let is_there = !self.scalar.is_empty();
        if is_there {
            self.last = String::from_utf8_lossy(&self.scalar).into_owned();
            self.scalar.clear();
        }
        is_there
    }

    fn keep(&mut self, byte: u8) {
        if self.scalar.len() < MAX_FACT_BYTES {
            self.scalar.push(byte);
        }
    }
}

/// Where the reading of an array stands.
#[derive(PartialEq)]
enum Phase {
    Before,
    Within,
    After,
}

/// The objects of a JSON file. Blank lines are not records.
pub(crate) struct JsonObjects<'a> {
    source: ByteSource<'a>,
    form: JsonForm,
    /// Whether every array of objects beside that of the records holds records too.
    all_arrays: bool,
    phase: Phase,
    outline: Outline,
    facts: Vec<(String, String)>,
    line: Vec<u8>,
    records: u64,
}

impl<'a> JsonObjects<'a> {
    pub(crate) fn new(source: ByteSource<'a>) -> JsonObjects<'a> {
        let form = form(&String::from_utf8_lossy(source.head()));
        JsonObjects {
            source,
            form,
            all_arrays: false,
            phase: Phase::Before,
            outline: Outline::default(),
            facts: Vec::new(),
            line: Vec::new(),
            records: 0,
        }
    }

    /// As [`JsonObjects::new`]; but every array of objects in the object around the records holds records, as in
    /// `{"individuals": [{…}], "entities": [{…}]}`.
    pub(crate) fn of_all_arrays(source: ByteSource<'a>) -> JsonObjects<'a> {
        JsonObjects { all_arrays: true, ..JsonObjects::new(source) }
    }

    /// A text or number of the object around the records, by its key. Those behind the records are known when
    /// all are read.
    pub(crate) fn fact(&self, key: &str) -> Option<&str> {
        self.facts.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }

    /// The next record, with its position.
    pub(crate) fn next(&mut self) -> Result<Option<(ObjectOrReason, Position)>> {
        match &self.form {
            JsonForm::Lines => self.next_line(),
            JsonForm::Array(key) => {
                let key = key.clone();
                self.next_element(key.as_deref())
            }
        }
    }

    fn next_line(&mut self) -> Result<Option<(ObjectOrReason, Position)>> {
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

    fn next_element(&mut self, key: Option<&str>) -> Result<Option<(ObjectOrReason, Position)>> {
        if self.phase == Phase::Before && !self.skip_to_array(key)? {
            return Err(self.cut_off());
        }
        if self.phase == Phase::After {
            return Ok(None);
        }
        self.source.allow(MAX_RECORD_BYTES);
        // Commas and white space before the element.
        loop {
            match self.peek_byte()? {
                None => return Err(self.cut_off()),
                Some(b']') => {
                    self.outline = Outline { depth: self.outline.depth, ..Outline::default() };
                    if self.all_arrays && key.is_some() && self.skip_to_array(key)? {
                        return self.next_element(key);
                    }
                    self.phase = Phase::After;
                    self.skip_to_end()?;
                    return Ok(None);
                }
                Some(b) if b == b',' || b.is_ascii_whitespace() => self.source.consume(1),
                Some(_) => break,
            }
        }
        let at = self.source.position();
        self.read_element()?;
        self.records += 1;
        let at = Position { record: Some(self.records), ..at };
        let object = match serde_json::from_slice::<Value>(&self.line) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(_) => Err("an element that is no JSON object".to_string()),
            Err(_) if std::str::from_utf8(&self.line).is_err() => Err("not valid UTF-8".to_string()),
            Err(e) => Err(format!("broken JSON: {e}")),
        };
        Ok(Some((object, at)))
    }

    /// Reads up to the array of records; false if none is left in the document.
    fn skip_to_array(&mut self, key: Option<&str>) -> Result<bool> {
        while let Some(byte) = self.peek_byte()? {
            self.source.allow(MAX_RECORD_BYTES);
            self.source.consume(1);
            let event = self.outline.add(byte);
            if matches!(event, Some(Event::OpenArray)) {
                let is_named = key.is_none_or(|k| self.outline.opened == k);
                if is_named || self.all_arrays && self.outline.depth == 2 && self.is_before_object()? {
                    self.phase = Phase::Within;
                    return Ok(true);
                }
            }
            self.note_fact(event.as_ref());
            if self.outline.depth == 0 && matches!(byte, b'}' | b']') {
                return Ok(false);
            }
        }
        Ok(false)
    }

    /// Whether the next byte but for white space begins an object.
    fn is_before_object(&mut self) -> Result<bool> {
        while let Some(byte) = self.peek_byte()? {
            if !byte.is_ascii_whitespace() {
                return Ok(byte == b'{');
            }
            self.source.consume(1);
        }
        Ok(false)
    }

    /// Reads what follows the array of records.
    fn skip_to_end(&mut self) -> Result<()> {
        while let Some(byte) = self.peek_byte()? {
            self.source.allow(MAX_RECORD_BYTES);
            self.source.consume(1);
            let was_open = self.outline.depth > 0;
            let event = self.outline.add(byte);
            if !was_open && !byte.is_ascii_whitespace() {
                let what = "text behind the end of the JSON document";
                return Err(Error::malformed(what).at(self.source.position()));
            }
            self.note_fact(event.as_ref());
        }
        if self.outline.depth > 0 { Err(self.cut_off()) } else { Ok(()) }
    }

    /// Keeps a text or number of the object around the records.
    fn note_fact(&mut self, event: Option<&Event>) {
        let outline = &mut self.outline;
        if matches!(event, Some(Event::Value | Event::Close))
            && !outline.key.is_empty()
            && !outline.last.is_empty()
            && self.facts.len() < MAX_FACTS
        {
            self.facts.push((std::mem::take(&mut outline.key), std::mem::take(&mut outline.last)));
        }
    }

    /// Reads one element of the array into `line`.
    fn read_element(&mut self) -> Result<()> {
        self.line.clear();
        let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
        loop {
            let at = self.source.position();
            let chunk = self.source.fill_buf().map_err(|e| read_error(&e, at.clone()))?;
            if chunk.is_empty() {
                return Err(self.cut_off());
            }
            let mut end = None;
            for (i, byte) in chunk.iter().enumerate() {
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' if in_string => escaped = true,
                    b'"' => in_string = !in_string,
                    _ if in_string => {}
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' if depth > 0 => depth -= 1,
                    b',' | b']' | b'}' if depth == 0 => {
                        // The end of a number or word, which belongs to what follows.
                        end = Some(i);
                        break;
                    }
                    _ => {}
                }
                if depth == 0 && !in_string && matches!(byte, b'}' | b']' | b'"') {
                    end = Some(i + 1);
                    break;
                }
            }
            let taken = end.unwrap_or(chunk.len());
            self.line.extend_from_slice(&chunk[..taken]);
            self.source.consume(taken);
            if end.is_some() {
                return Ok(());
            }
        }
    }

    fn peek_byte(&mut self) -> Result<Option<u8>> {
        let at = self.source.position();
        let chunk = self.source.fill_buf().map_err(|e| read_error(&e, at))?;
        Ok(chunk.first().copied())
    }

    fn cut_off(&self) -> Error {
        Error::malformed("the file ends within a JSON document: it was cut off").at(self.source.position())
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

    fn objects(text: &str) -> Result<Vec<String>> {
        let mut objects = JsonObjects::new(ByteSource::from_bytes("x", text.as_bytes()));
        let mut found = Vec::new();
        while let Some((object, _)) = objects.next()? {
            found.push(object.map_or_else(|e| e, |o| Value::Object(o).to_string()));
        }
        found.extend(objects.fact("total").map(|n| format!("total {n}")));
        found.extend(objects.fact("day").map(|n| format!("day {n}")));
        Ok(found)
    }

    #[test]
    fn elements_of_arrays_are_records() {
        let a = r#"{"a":"],\\"}"#;
        for (text, wanted) in [
            (format!("[{a}, {{\"b\": [1, {{}}]}}]\n"), &[a, r#"{"b":[1,{}]}"#][..]),
            (
                format!("\n[\n{a}\n,\n1, \"x\",{a}]"),
                &[a, "an element that is no JSON object", "an element that is no JSON object", a],
            ),
            ("[]".into(), &[]),
            (
                format!(r#"{{"total": 7, "of": {{"x": ["y"], "results": [{a}]}}, "day": "d"}}"#),
                &[a, "total 7", "day d"],
            ),
            (format!(r#"{{"total": 7, "results": [{a},{a}]}}"#), &[a, a, "total 7"]),
            (r#"{"name": "x", "results": []}"#.into(), &[r#"{"name":"x","results":[]}"#]),
            (r#"{"name": "x", "others": [{"a": 1}]}"#.into(), &[r#"{"name":"x","others":[{"a":1}]}"#]),
        ] {
            assert_eq!(objects(&text).unwrap(), wanted, "{text}");
        }
    }

    #[test]
    fn an_array_cut_anywhere_is_an_error() {
        let text = r#"{"total": 2, "results": [{"a": "]"}, {"b": {"c": []}}], "x": 1}"#;
        for cut in text.find("{\"a").unwrap() + 1..text.len() {
            assert!(objects(&text[..cut]).is_err(), "{}", &text[..cut]);
        }
        assert!(objects("[{}] {}").is_err());
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
