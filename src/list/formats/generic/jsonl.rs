//! The generic JSON layout: objects, one a line or in an array, whose keys are the columns of the generic CSV. See the
//! documentation of [`crate::list`].
//!
//! Cost: one pass. Limits: the first line must have a key `name` or one of its synonyms.

use super::columns::{Column, column};
use super::csv::{GenericTable, Outcome, RowFacts};
use crate::error::Result;
use crate::list::read::builder::{ListBuilder, ListMetadata, RejectReason};
use crate::list::read::json_lines::{JsonObjects, texts};
use crate::list::read::source::ByteSource;
use crate::list::{Layout, List};
use serde_json::{Map, Value};

/// Whether an object is a line of this layout.
pub(crate) fn is_object(object: &Map<String, Value>) -> bool {
    object.keys().any(|k| matches!(column(k), Column::Name | Column::FamilyName))
}

pub(crate) fn read(name: &str, source: ByteSource<'_>) -> Result<List> {
    let mut builder = ListBuilder::new(source.name());
    let mut objects = JsonObjects::of_all_arrays(source);
    let mut table = GenericTable::new(false);
    while let Some((object, at)) = objects.next()? {
        let added = object.map_err(RejectReason::record).and_then(|object| {
            let mut row = RowFacts::default();
            for (key, value) in &object {
                add_value(key, value, &mut row, &mut builder);
            }
            table.add_row(row, &mut builder.entities)
        });
        match added {
            Ok(Outcome::NewEntity) => {}
            Ok(Outcome::Merged) => builder.count_merged(1),
            Err(reason) => builder.reject(at, reason)?,
        }
    }
    let sha256 = objects.sha256()?;
    Ok(builder.finish(ListMetadata::new(name, Layout::GenericJsonLines, sha256)))
}

/// Adds the value of a key to a row. Of objects within a record the names, the texts of facts (`{"name": "Russia"}`) and
/// nothing else are read.
fn add_value(key: &str, value: &Value, row: &mut RowFacts, list: &mut ListBuilder) {
    let column = column(key);
    match value {
        Value::Array(values) if values.iter().any(Value::is_object) => {
            values.iter().for_each(|value| add_value(key, value, row, list));
        }
        Value::Object(object) if column.is_name() => {
            if !row.add_nested(&column, &nested_texts(object)) {
                list.count_unread(key);
            }
        }
        Value::Object(object) => {
            let inner = ["name", "value", "text", "full", "number", "date"];
            let found = inner.iter().find_map(|k| object.get(*k)).filter(|_| column != Column::Ignored);
            found.map(texts).into_iter().flatten().for_each(|text| row.add_cell(&column, &text));
            if found.is_none() {
                list.count_unread(key);
            }
        }
        value => {
            let texts = texts(value);
            if column == Column::Ignored && !texts.is_empty() {
                list.count_unread(key);
            }
            texts.iter().for_each(|text| row.add_cell(&column, text));
        }
    }
}

/// The texts of an object that tells a name, with what they are.
fn nested_texts(object: &Map<String, Value>) -> Vec<(Column, String)> {
    let column_within = |key: &str| match key.to_lowercase().as_str() {
        "first" | "given" => Column::GivenName,
        "middle" => Column::MiddleName,
        "last" | "family" | "surname" => Column::FamilyName,
        "full" | "value" | "text" | "whole" | "display" => Column::Name,
        key => column(key),
    };
    let texts = object.iter().map(|(key, value)| (column_within(key), texts(value)));
    texts.flat_map(|(c, values)| values.into_iter().map(move |v| (c.clone(), v))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{IdentifierKind, Name};

    fn names(json: &str) -> Vec<Vec<String>> {
        let list = crate::list::from_bytes("x", json.as_bytes()).unwrap();
        assert_eq!(list.version.rejected, 0, "{:?}", list.rejected);
        list.entities.iter().map(|e| e.names.iter().map(|n| n.text.clone()).collect()).collect()
    }

    #[test]
    fn names_within_objects_are_read() {
        let nested = r#"[{"id":1,"name":{"first":"Ivan","last":"Petrov"},"aliases":[{"name":"Vanya"},{"value":"V. P."}]},
            {"id":2,"name":"Ben Roe","names":[{"name":"Benny Roe"}]}, {"id":3,"name":{"full":"Cy Poe"}}]"#;
        assert_eq!(
            names(nested),
            [vec!["Ivan Petrov", "Vanya", "V. P."], vec!["Ben Roe", "Benny Roe"], vec!["Cy Poe"]]
        );
    }

    #[test]
    fn every_array_of_records_is_read() {
        let two = r#"{"updated":"x","individuals":[{"name":"Ann Doe"}],"entities":[{"name":"Works Ltd"},{"name":"B"}]}"#;
        assert_eq!(names(two), [["Ann Doe"], ["Works Ltd"], ["B"]]);
        let unknown = r#"{"meta":{"count":2},"persons":[{"name":"Ann Doe"},{"name":"Ben Roe"}],"empty":[],"tags":["x"]}"#;
        assert_eq!(names(unknown), [["Ann Doe"], ["Ben Roe"]]);
    }

    #[test]
    fn keys_are_the_columns_of_the_generic_csv() {
        let lines = r#"{"Name": "Ann Example", "aliases": ["Анна Пример", "Nana"], "dob": 1971, "country": "Iran", "passport": ["A1234567"], "more": {"x": 1}}
{"id": 7, "name": "Works Ltd", "type": "company", "weak_alias": "Works"}
{"id": 7, "name": "Old Works"}
{"alias": "nobody"}
not json
"#;
        let list = read("x", ByteSource::from_bytes("x", lines.as_bytes())).unwrap();
        assert_eq!((list.version.records, list.version.entities, list.version.rejected), (5, 2, 2));
        let e = &list.entities[0];
        assert_eq!(e.names, [Name::primary("Ann Example"), Name::alias("Анна Пример"), Name::alias("Nana")]);
        assert_eq!((e.birth_dates[0].to_string(), &e.countries[0][..]), ("1971".into(), "ir"));
        assert_eq!(e.identifiers[0].kind, IdentifierKind::Passport);
        let works = &list.entities[1];
        assert_eq!(works.id, "7");
        assert_eq!(works.names, [Name::primary("Works Ltd"), Name::weak("Works"), Name::alias("Old Works")]);
        let lines: Vec<_> = list.rejected.iter().map(|r| r.position.line).collect();
        assert_eq!(lines, [Some(4), Some(5)]);
    }
}
