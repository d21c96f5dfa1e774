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
    let mut objects = JsonObjects::new(source);
    let mut table = GenericTable::new(false);
    while let Some((object, at)) = objects.next()? {
        let added = object.map_err(RejectReason::record).and_then(|object| {
            let mut row = RowFacts::default();
            for (key, value) in &object {
                let column = column(key);
                if column == Column::Ignored || has_object(value) {
                    builder.count_unread(key);
                }
                texts(value).iter().for_each(|text| row.add_cell(&column, text));
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

/// Whether a value holds an object, which is not read.
fn has_object(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::Array(values) => values.iter().any(has_object),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{IdentifierKind, Name};

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
