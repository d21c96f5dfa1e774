//! JSON: one object a line, or an array of objects.

use super::limits::is_deeper;
use super::{InputLimits, ReadOutcome};
use crate::error::{Error, Result};
use crate::headers::is_known_header;
use crate::run::{Field, RejectReason};
use csv::ByteRecord;
use rustc_hash::FxHashMap;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt;
use std::io::{BufRead, BufReader, Read};

/// Lines whose keys make the header.
const LOOKAHEAD: usize = 1000;
/// The most bytes of these lines.
const LOOKAHEAD_BYTES: usize = 1 << 20;

/// How objects follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonForm {
    /// One a line.
    Lines,
    /// In an array.
    Array,
}

impl fmt::Display for JsonForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            JsonForm::Lines => "JSON Lines",
            JsonForm::Array => "JSON array",
        })
    }
}

/// The form of a text that begins with an object, or with an array of them.
pub(super) fn json_form(head: &[u8]) -> Option<JsonForm> {
    let head = head.trim_ascii_start();
    match head.split_first()? {
        (b'{', _) => Some(JsonForm::Lines),
        // "[name],[country]" is a header of SQL Server.
        (b'[', rest) => {
            matches!(rest.trim_ascii_start().first(), Some(b'{' | b']')).then_some(JsonForm::Array)
        }
        _ => None,
    }
}

/// Objects as records under the keys of the first thousand. An array is joined by `;`, null is empty, numbers
/// stay as they are written. A row with a key that is in none of the first and names a field is rejected,
/// since there is no column for it.
pub(super) struct JsonLines<R> {
    input: BufReader<R>,
    form: JsonForm,
    /// Whether the array has ended.
    ended: bool,
    /// Values that were read for their keys, each with its line; of those beyond a limit the reason.
    ahead: VecDeque<(u64, Result<Vec<u8>, RejectReason>)>,
    /// The column of each key.
    keys: FxHashMap<String, usize>,
    fields: Vec<Option<String>>,
    /// Lines read.
    lines: u64,
    /// The line of the last record.
    line: u64,
    buffer: Vec<u8>,
    limits: InputLimits,
}

impl<R: Read> JsonLines<R> {
    pub(super) fn new(input: R, form: JsonForm, limits: InputLimits) -> Result<(Self, ByteRecord)> {
        let mut rows = JsonLines {
            input: BufReader::with_capacity(1 << 20, input),
            form,
            ended: false,
            ahead: VecDeque::new(),
            keys: FxHashMap::default(),
            fields: Vec::new(),
            lines: 0,
            line: 0,
            buffer: Vec::new(),
            limits,
        };
        if form == JsonForm::Array {
            rows.skip_to(b'[')?;
        }
        let mut header = ByteRecord::new();
        let mut bytes = 0;
        while rows.ahead.len() < LOOKAHEAD && bytes < LOOKAHEAD_BYTES && rows.next_value()? {
            let checked = rows.check();
            rows.collect_keys(checked.is_err(), &mut header);
            bytes += rows.buffer.len();
            rows.ahead.push_back((rows.line, checked.map(|()| std::mem::take(&mut rows.buffer))));
        }
        if header.is_empty() {
            return Err(Error::malformed(match form {
                JsonForm::Lines => "begins like JSON Lines, but no line is a JSON object with a key",
                JsonForm::Array => "begins like a JSON array, but holds no object with a key",
            }));
        }
        Ok((rows, header))
    }

    /// Adds the keys of the object in the buffer that are new. One that is beyond a limit has keys as far as it can be read,
    /// so that it is rejected as a row, and not the table with it.
    fn collect_keys(&mut self, is_beyond_limit: bool, header: &mut ByteRecord) {
        let mut keys = Vec::new();
        let object = Keys(&mut keys).deserialize(&mut serde_json::Deserializer::from_slice(&self.buffer));
        if object.is_err() && !is_beyond_limit {
            return;
        }
        for key in keys {
            if !self.keys.contains_key(&key) {
                header.push_field(key.as_bytes());
                self.keys.insert(key, self.fields.len());
                self.fields.push(None);
            }
        }
    }

    /// The line of the last record.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Reads the next value into the buffer, and its line.
    fn next_value(&mut self) -> Result<bool> {
        match self.form {
            JsonForm::Lines => {
                let found = self.next_line()?;
                self.line = self.lines;
                Ok(found)
            }
            JsonForm::Array => self.next_element(),
        }
    }

    /// Reads over blanks and then this byte.
    fn skip_to(&mut self, wanted: u8) -> Result<()> {
        loop {
            match self.next_byte()? {
                Some(byte) if byte == wanted => return Ok(()),
                Some(byte) if byte.is_ascii_whitespace() => (),
                _ => {
                    return Err(Error::malformed(format!(
                        "no '{}' where one is expected",
                        char::from(wanted)
                    )));
                }
            }
        }
    }

    fn next_byte(&mut self) -> Result<Option<u8>> {
        let Some(byte) = self.input.fill_buf()?.first().copied() else { return Ok(None) };
        self.input.consume(1);
        self.lines += u64::from(byte == b'\n');
        Ok(Some(byte))
    }

    /// Reads the next element of the array into the buffer; of one beyond the limit one byte more than that. Whether it is
    /// valid is seen when it is parsed: here only its end is found, by its brackets and quotes.
    fn next_element(&mut self) -> Result<bool> {
        self.buffer.clear();
        if self.ended {
            return Ok(false);
        }
        let (mut depth, mut in_string, mut escaped) = (0u64, false, false);
        loop {
            let Some(byte) = self.next_byte()? else {
                return Err(Error::malformed("the JSON array is cut short: it is never closed"));
            };
            if self.buffer.is_empty() {
                // `lines` counts line ends.
                self.line = self.lines + 1;
            }
            match byte {
                _ if in_string => {
                    in_string = escaped || byte != b'"';
                    escaped = !escaped && byte == b'\\';
                }
                b'"' => in_string = true,
                b'{' | b'[' => depth += 1,
                b',' if depth == 0 && self.buffer.is_empty() => continue,
                b',' if depth == 0 => return Ok(true),
                b']' if depth == 0 => {
                    self.ended = true;
                    self.check_rest()?;
                    return Ok(!self.buffer.is_empty());
                }
                b'}' | b']' => depth = depth.saturating_sub(1),
                byte if byte.is_ascii_whitespace() && self.buffer.is_empty() => continue,
                _ => (),
            }
            if self.buffer.len() as u64 <= self.limits.row {
                self.buffer.push(byte);
            }
        }
    }

    /// Nothing may follow the array.
    fn check_rest(&mut self) -> Result<()> {
        while let Some(byte) = self.next_byte()? {
            if !byte.is_ascii_whitespace() {
                return Err(Error::malformed("something follows the JSON array"));
            }
        }
        Ok(())
    }

    /// Checks the limits of the line or element in the buffer, which has one byte too many if it was cut.
    fn check(&self) -> Result<(), RejectReason> {
        let InputLimits { row, depth, .. } = self.limits;
        if self.buffer.len() as u64 > row {
            Err(RejectReason::LongRow { limit: row })
        } else if is_deeper(&self.buffer, depth) {
            Err(RejectReason::DeepJson { limit: depth })
        } else {
            Ok(())
        }
    }

    /// Reads the next line that is not blank into the buffer; of a line beyond the limit one byte more than that.
    fn next_line(&mut self) -> Result<bool> {
        loop {
            self.buffer.clear();
            let most = self.limits.row + 1;
            let read = self.input.by_ref().take(most).read_until(b'\n', &mut self.buffer)?;
            if read == 0 {
                return Ok(false);
            }
            if read as u64 == most && !self.buffer.ends_with(b"\n") {
                self.input.skip_until(b'\n')?;
            }
            self.lines += 1;
            if !self.buffer.trim_ascii().is_empty() {
                return Ok(true);
            }
        }
    }

    pub(super) fn read(&mut self, record: &mut ByteRecord) -> Result<ReadOutcome> {
        record.clear();
        let checked = match self.ahead.pop_front() {
            Some((line, text)) => {
                self.line = line;
                text.map(|text| self.buffer = text)
            }
            None if self.next_value()? => self.check(),
            None => return Ok(ReadOutcome::End),
        };
        let mut position = csv::Position::new();
        position.set_line(self.line);
        position.set_record(self.line);
        record.set_position(Some(position));
        self.fields.iter_mut().for_each(|f| *f = None);
        if let Err(reason) = checked {
            return Ok(ReadOutcome::Invalid(reason));
        }
        if let Err(reason) = self.parse_fields() {
            return Ok(ReadOutcome::Invalid(RejectReason::InvalidJson(reason)));
        }
        for field in &self.fields {
            record.push_field(field.as_deref().unwrap_or_default().as_bytes());
        }
        Ok(ReadOutcome::Record)
    }

    /// Parses the buffer into the fields.
    fn parse_fields(&mut self) -> Result<(), String> {
        let object: Object<'_> =
            serde_json::from_slice(&self.buffer).map_err(|e| format!("not a JSON object: {e}"))?;
        for (key, value) in object.0 {
            let value = text(&key, value)?;
            match self.keys.get(&*key) {
                Some(i) if self.fields[*i].is_some() => return Err(format!("the key '{key}' stands twice")),
                Some(i) => self.fields[*i] = Some(value),
                None if is_known_header(&key) => {
                    return Err(format!(
                        "the key '{key}' is in none of the first {LOOKAHEAD} records, whose keys are the columns"
                    ));
                }
                None => (),
            }
        }
        Ok(())
    }
}

/// A value as the text of a field.
fn text(key: &str, value: &RawValue) -> Result<String, String> {
    let raw = value.get();
    Ok(match raw.as_bytes().first() {
        Some(b'"') => serde_json::from_str(raw).map_err(|e| format!("the key '{key}': {e}"))?,
        Some(b'n') => String::new(),
        Some(b'[') if Field::parse(key) != Some(Field::Name) => {
            let values: Vec<&RawValue> =
                serde_json::from_str(raw).map_err(|e| format!("the key '{key}': {e}"))?;
            let values: Result<Vec<String>, String> = values.into_iter().map(|v| text(key, v)).collect();
            values?.join(";")
        }
        Some(b'{' | b'[') if Field::parse(key).is_some() => {
            return Err(format!("the key '{key}' holds more than one value"));
        }
        _ => raw.to_string(),
    })
}

/// The keys and values of an object, in their order.
struct Object<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(key) = map.next_key::<String>()? {
                    pairs.push((Cow::Owned(key), map.next_value::<&RawValue>()?));
                }
                Ok(Object(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// Collects the keys of an object until it ends or cannot be read.
struct Keys<'a>(&'a mut Vec<String>);

impl<'de> DeserializeSeed<'de> for Keys<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Keys<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key()? {
            self.0.push(key);
            // Without recursion, however deep it is.
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_records() {
        let text = concat!(
            "{\"id\":12345678901234567890123,\"name\":\"A \\u0042\"}\n\n",
            "{\"name\":\"C\",\"country\":[\"ru\",\"ir\"],\"note\":{\"x\":1}}\n",
            "[1]\n{\"name\":\"D\",\"name\":\"E\"}\n{\"name\":{\"first\":\"x\"}}\n{\"name\":null}"
        );
        let (mut rows, header) =
            JsonLines::new(text.as_bytes(), JsonForm::Lines, InputLimits::default()).unwrap();
        assert_eq!(header, ByteRecord::from(vec!["id", "name", "country", "note"]));
        let mut seen = Vec::new();
        let mut record = ByteRecord::new();
        loop {
            match rows.read(&mut record).unwrap() {
                ReadOutcome::End => break,
                ReadOutcome::Invalid(reason) => seen.push(format!("{}: {reason}", rows.line())),
                ReadOutcome::Record => {
                    let fields: Vec<_> = record.iter().map(String::from_utf8_lossy).collect();
                    seen.push(format!("{}: {}", rows.line(), fields.join("|")));
                }
            }
        }
        assert_eq!(seen[0], "1: 12345678901234567890123|A B||");
        assert_eq!(seen[1], "3: |C|ru;ir|{\"x\":1}");
        assert!(seen[2].starts_with("4: not a JSON object"), "{}", seen[2]);
        assert_eq!(seen[3], "5: the key 'name' stands twice");
        assert_eq!(seen[4], "6: the key 'name' holds more than one value");
        assert_eq!(seen[5], "7: |||");
    }

    #[test]
    fn elements_beyond_a_limit_are_rejected_and_the_next_one_is_read() {
        let limits = InputLimits::default().row(40).depth(3);
        let long = format!("{{\"name\":\"{}\"}}", "],}\\\"".repeat(100));
        let deep = "{\"name\":[[[[1]]]]}";
        for (form, text) in [
            (
                JsonForm::Array,
                format!("[{long},\n{deep} ,{{\"name\":\"A\"}},{long},{{\"name\":\"B\"}},{deep}]\n"),
            ),
            (JsonForm::Lines, [&long, deep, "{\"name\":\"A\"}", &long, "{\"name\":\"B\"}", deep].join("\n")),
        ] {
            let (mut rows, header) = JsonLines::new(text.as_bytes(), form, limits).unwrap();
            assert_eq!(header, ByteRecord::from(vec!["name"]));
            let (mut seen, mut record) = (Vec::new(), ByteRecord::new());
            loop {
                match rows.read(&mut record).unwrap() {
                    ReadOutcome::End => break,
                    ReadOutcome::Invalid(RejectReason::LongRow { limit: 40 }) => {
                        seen.push("long".to_string())
                    }
                    ReadOutcome::Invalid(RejectReason::DeepJson { limit: 3 }) => {
                        seen.push("deep".to_string())
                    }
                    ReadOutcome::Invalid(reason) => panic!("{form}: {reason}"),
                    ReadOutcome::Record => seen.push(String::from_utf8_lossy(&record[0]).into_owned()),
                }
                assert!(rows.buffer.len() <= 41);
            }
            assert_eq!(seen, ["long", "deep", "A", "long", "B", "deep"], "{form}");
        }
    }
}
