//! A party as JSON.
//!
//! The keys are the fields of a table: `name`, `schema`, `birth_date`, `country`, `gender`, the kinds of identifiers, and
//! their other names in the languages of table headers ("dob", "nationality"). A value is a text, a number, or an array
//! of them. Besides there are `id`, `names`, `text` and `identifiers`. A key that is none of these is an error: a field that is
//! misspelt must not be lost.

use crate::error::ErrorDetail;
use interdict::entity::{Identifier, IdentifierKind, country_of_cell};
use interdict::run::{Field, Party};
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use std::borrow::Cow;
use std::fmt;

/// Bytes of a value: names and fields are far shorter, and a query costs as its name is long.
pub const MAX_VALUE: usize = 64 << 10;
/// Names and values of a party together.
const MAX_VALUES: usize = 1000;

/// A party of a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subject {
    /// The client's own id of it.
    pub id: Option<String>,
    /// Its name and fields.
    pub party: Party,
    /// Bytes of its names and fields, by which the cost of screening it is estimated.
    pub bytes: usize,
}

impl Subject {
    /// Reads a party.
    ///
    /// # Errors
    ///
    /// It is no JSON object, a key is unknown, or a value is none of its field; with the key.
    pub fn parse(json: &[u8]) -> Result<Subject, Box<ErrorDetail>> {
        let text = std::str::from_utf8(json).map_err(|e| {
            let message = format!("byte {} is not UTF-8; send the text as UTF-8", e.valid_up_to() + 1);
            Box::new(ErrorDetail { code: "invalid_utf8".into(), message, ..ErrorDetail::default() })
        })?;
        let mut subject = Subject::default();
        let mut wrong = None;
        let mut reader = serde_json::Deserializer::from_str(text);
        let read = Reader { subject: &mut subject, wrong: &mut wrong }
            .deserialize(&mut reader)
            .and_then(|()| reader.end());
        match (read, wrong) {
            (_, Some(wrong)) => Err(wrong),
            (Ok(()), None) => Ok(subject),
            (Err(e), None) => Err(Box::new(ErrorDetail {
                code: if e.is_data() { "invalid_party".into() } else { "invalid_json".into() },
                message: e.to_string(),
                ..ErrorDetail::default()
            })),
        }
    }

    /// Adds a field that stands in the query of an address.
    pub(crate) fn add_parameter(&mut self, field: &Field, value: String) -> Result<(), String> {
        check_text(&value).map_err(|message| format!("the parameter {field} {message}"))?;
        self.add(Some(field), value);
        Ok(())
    }

    fn add_text(&mut self, text: String) {
        self.bytes += text.len();
        self.party = std::mem::take(&mut self.party).with_text(text);
    }

    fn add(&mut self, field: Option<&Field>, text: String) {
        self.bytes += text.len();
        let party = std::mem::take(&mut self.party);
        self.party = match field {
            None => party.with_name(text),
            Some(field) => party.with_field(field.clone(), text),
        };
    }
}

/// The field of a parameter of an address; none for options.
pub(crate) fn field_of_parameter(name: &str) -> Option<Field> {
    match key(name)? {
        Key::Name => Some(Field::Name),
        Key::Field(field) => Some(field),
        Key::Id | Key::Text | Key::Identifiers => None,
    }
}

/// Reads the object; what is wrong with a key goes to `wrong`, since an error of serde is text only.
struct Reader<'a> {
    subject: &'a mut Subject,
    wrong: &'a mut Option<Box<ErrorDetail>>,
}

/// What a key means.
enum Key {
    Id,
    Name,
    Text,
    Identifiers,
    Field(Field),
}

fn key(text: &str) -> Option<Key> {
    Some(match text {
        "id" => Key::Id,
        "name" | "names" => Key::Name,
        "text" => Key::Text,
        "identifiers" => Key::Identifiers,
        "schema" => Key::Field(Field::Schema),
        "birth_date" => Key::Field(Field::BirthDate),
        "country" => Key::Field(Field::Country),
        "gender" => Key::Field(Field::Gender),
        other => match Field::parse(other)? {
            Field::Name => Key::Name,
            field => Key::Field(field),
        },
    })
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a party as a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen: Vec<String> = Vec::new();
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            let fail = |wrong: &mut Option<Box<ErrorDetail>>, code: &'static str, message: String| {
                let field = Some(name.to_string());
                let detail = ErrorDetail { code: code.into(), message, field, ..ErrorDetail::default() };
                *wrong = Some(Box::new(detail));
                <A::Error as de::Error>::custom(code)
            };
            let Some(key) = key(&name) else {
                let known = Field::names().collect::<Vec<_>>().join(", ");
                let message =
                    format!("there is no field '{name}'; there are id, names, text, identifiers, {known}");
                return Err(fail(self.wrong, "unknown_field", message));
            };
            if seen.iter().any(|other| *other == name) {
                return Err(fail(self.wrong, "field_twice", format!("the field '{name}' stands twice")));
            }
            seen.push(name.to_string());
            if let Key::Identifiers = key {
                let identifiers = map.next_value::<Vec<TypedIdentifier<'de>>>()?;
                for identifier in identifiers {
                    let identifier = identifier
                        .read()
                        .map_err(|message| fail(self.wrong, "invalid_identifier", message))?;
                    self.subject.bytes += identifier.value.len();
                    let party = std::mem::take(&mut self.subject.party);
                    self.subject.party = party.with_identifier(identifier);
                }
                continue;
            }
            let values = map.next_value::<Values>()?;
            if let Err(message) = values.check() {
                return Err(fail(self.wrong, "invalid_value", format!("the field '{name}' {message}")));
            }
            match key {
                Key::Id => match values {
                    Values::One(id) => self.subject.id = Some(id).filter(|id| !id.is_empty()),
                    Values::Many(_) => {
                        return Err(fail(
                            self.wrong,
                            "invalid_value",
                            "the field 'id' holds more than one value".into(),
                        ));
                    }
                },
                Key::Name => values.into_iter().for_each(|value| self.subject.add(None, value)),
                Key::Text => values.into_iter().for_each(|value| self.subject.add_text(value)),
                Key::Field(field) => {
                    if matches!(field, Field::Schema | Field::Gender) && matches!(values, Values::Many(_)) {
                        let message = format!("the field '{name}' holds more than one value");
                        return Err(fail(self.wrong, "invalid_value", message));
                    }
                    let text = match values {
                        Values::One(value) => value,
                        Values::Many(values) => values.join(";"),
                    };
                    self.subject.add(Some(&field), text);
                }
                Key::Identifiers => (),
            }
        }
        Ok(())
    }
}

/// An identifier with its kind.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedIdentifier<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    value: Cow<'a, str>,
    #[serde(borrow)]
    country: Option<Cow<'a, str>>,
}

impl TypedIdentifier<'_> {
    fn read(self) -> Result<Identifier, String> {
        let kind = IdentifierKind::of_header(&self.kind).filter(IdentifierKind::is_identifying).ok_or_else(
            || {
                let kinds: Vec<&str> = Field::names().skip(5).collect();
                format!("there is no kind of identifier '{}'; there are {}", self.kind, kinds.join(", "))
            },
        )?;
        check_text(&self.value).map_err(|message| format!("the value of an identifier {message}"))?;
        let identifier = Identifier::new(kind, self.value);
        match self.country.as_deref().map(str::trim).filter(|country| !country.is_empty()) {
            None => Ok(identifier),
            Some(country) => match country_of_cell(country) {
                Some(code) => Ok(identifier.issued_by(code)),
                None => Err(format!("'{country}' is no country")),
            },
        }
    }
}

/// The value of a field: a text, or several.
enum Values {
    One(String),
    Many(Vec<String>),
}

impl Values {
    fn check(&self) -> Result<(), String> {
        match self {
            Values::One(value) => check_text(value),
            Values::Many(values) if values.len() > MAX_VALUES => {
                Err(format!("holds more than {MAX_VALUES} values"))
            }
            Values::Many(values) => values.iter().try_for_each(|value| check_text(value)),
        }
    }
}

impl IntoIterator for Values {
    type Item = String;
    type IntoIter = std::vec::IntoIter<String>;

    fn into_iter(self) -> Self::IntoIter {
        match self {
            Values::One(value) => vec![value].into_iter(),
            Values::Many(values) => values.into_iter(),
        }
    }
}

fn check_text(text: &str) -> Result<(), String> {
    match text {
        _ if text.len() > MAX_VALUE => Err(format!("is longer than {MAX_VALUE} bytes")),
        _ if text.contains('\0') => Err("holds a NUL byte".into()),
        _ => Ok(()),
    }
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ValuesVisitor;
        impl<'de> Visitor<'de> for ValuesVisitor {
            type Value = Values;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a number, or an array of them")
            }

            fn visit_str<E>(self, text: &str) -> Result<Values, E> {
                Ok(Values::One(text.to_string()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Values, E> {
                Ok(Values::One(number.to_string()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Values, E> {
                Ok(Values::One(number.to_string()))
            }

            fn visit_unit<E>(self) -> Result<Values, E> {
                Ok(Values::One(String::new()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Values, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = seq.next_element::<Values>()? {
                    match value {
                        Values::One(text) if values.len() <= MAX_VALUES => values.push(text),
                        Values::One(_) => while seq.next_element::<IgnoredAny>()?.is_some() {},
                        Values::Many(_) => {
                            return Err(de::Error::custom("an array within an array is no value"));
                        }
                    }
                }
                Ok(Values::Many(values))
            }
        }
        deserializer.deserialize_any(ValuesVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use interdict::entity::Schema;

    fn wrong(json: &str) -> ErrorDetail {
        *Subject::parse(json.as_bytes()).unwrap_err()
    }

    #[test]
    fn a_party_is_read_with_all_its_fields() {
        let json = r#"{"id": "c-1", "name": "Anatoli Petrovski", "names": ["Петровский"], "dob": 1970,
            "country": ["Russia", "ir"], "gender": "m", "schema": "person", "passport": "75 1",
            "identifiers": [{"type": "imo", "value": "9253325", "country": "Iran"}]}"#;
        let subject = Subject::parse(json.as_bytes()).unwrap();
        assert_eq!(subject.id.as_deref(), Some("c-1"));
        let queries = subject.party.queries(Schema::Unknown).unwrap();
        assert_eq!(queries.len(), 2);
        assert_eq!(queries[0].countries, ["Russia", "ir"]);
        assert_eq!(queries[0].schema, Schema::Person);
        assert_eq!(queries[0].birth_dates[0].to_string(), "1970");
        let identifiers: Vec<_> =
            queries[0].identifiers.iter().map(|i| (i.value.as_str(), i.country.as_deref())).collect();
        assert_eq!(identifiers, [("75 1", None), ("9253325", Some("ir"))]);
        assert!(queries[1].identifiers.is_empty());
    }

    #[test]
    fn what_is_not_understood_is_an_error_that_names_it() {
        for (json, code, field) in [
            (r#"{"nmae": "x"}"#, "unknown_field", Some("nmae")),
            (r#"{"name": "x", "name": "y"}"#, "field_twice", Some("name")),
            (r#"{"name": "a\u0000b"}"#, "invalid_value", Some("name")),
            (r#"{"name": "x", "gender": ["m", "f"]}"#, "invalid_value", Some("gender")),
            (
                r#"{"name": "x", "identifiers": [{"type": "shoe size", "value": "1"}]}"#,
                "invalid_identifier",
                Some("identifiers"),
            ),
            (
                r#"{"name": "x", "identifiers": [{"type": "imo", "value": "1", "country": "Narnia"}]}"#,
                "invalid_identifier",
                Some("identifiers"),
            ),
            (r#"{"name": true}"#, "invalid_party", None),
            (r#"{"name": {"first": "x"}}"#, "invalid_party", None),
            (r#"{"name": [["x"]]}"#, "invalid_party", None),
            (r#"["x"]"#, "invalid_party", None),
            (r#"{"name": "x""#, "invalid_json", None),
            (r#"{"name": "x"} {}"#, "invalid_json", None),
        ] {
            let wrong = wrong(json);
            assert_eq!((&*wrong.code, wrong.field.as_deref()), (code, field), "{json}: {}", wrong.message);
        }
        assert_eq!(Subject::parse(b"{\"name\": \"\xff\"}").unwrap_err().code, "invalid_utf8");
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_break_it(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = Subject::parse(&bytes);
        }
    }
}
