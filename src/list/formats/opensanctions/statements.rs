//! OpenSanctions' statements, `statements.csv`: a row for each value of a property of an entity in the
//! FollowTheMoney model.
//!
//! Columns: `canonical_id`, else `entity_id`, the entity; `schema`, `prop`, `value`; `last_seen` for the
//! publication date. The rows of one entity become one object, which is read as in `ftm.rs`; of several
//! schemata the most specific one counts. The property `id` and the other columns are not read. Source of the
//! columns: OpenSanctions' documentation of its bulk data, as far as public programs quote it.
//!
//! Cost: one pass; all entities are held in memory before they are read. Limits: a row without entity, schema
//! or property is rejected.

use super::ftm::GraphReader;
use crate::error::{Position, Result};
use crate::list::read::builder::{ListBuilder, ListMetadata, RejectReason};
use crate::list::read::csv_rows::CsvRows;
use crate::list::read::source::ByteSource;
use crate::list::{Layout, List};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

/// Columns that are read.
const COLUMNS: [&str; 6] = ["canonical_id", "entity_id", "schema", "prop", "value", "last_seen"];

/// Whether a header is that of this layout.
pub(crate) fn is_header(fields: &[String]) -> bool {
    let has = |name: &str| fields.iter().any(|f| f == name);
    ["entity_id", "schema", "prop", "value"].into_iter().all(has)
}

/// An entity in the making.
struct PartialObject {
    id: String,
    schema: String,
    last_seen: String,
    properties: Map<String, Value>,
    at: Position,
}

pub(crate) fn read(name: &str, source: ByteSource<'_>) -> Result<List> {
    let mut builder = ListBuilder::new(source.name());
    let mut rows = CsvRows::new(source, b',');
    let header = rows.header()?;
    let columns = COLUMNS.map(|c| header.iter().position(|h| h == c));
    let mut objects: Vec<PartialObject> = Vec::new();
    let mut by_id: FxHashMap<String, usize> = FxHashMap::default();
    while let Some((cells, at)) = rows.next_checked(&mut builder)? {
        for (field, _) in
            header.iter().zip(&cells).filter(|(f, c)| !c.is_empty() && !COLUMNS.contains(&f.as_str()))
        {
            builder.count_unread(field);
        }
        let [canonical, entity, schema, prop, value, last_seen] =
            columns.map(|c| c.map_or("", |i| cells[i].trim()));
        let id = if canonical.is_empty() { entity } else { canonical };
        if id.is_empty() || schema.is_empty() || prop.is_empty() {
            builder.reject(at, RejectReason::record("a statement without entity, schema or property"))?;
            continue;
        }
        let number = match by_id.get(id) {
            Some(number) => {
                builder.count_merged(1);
                *number
            }
            None => {
                by_id.insert(id.to_string(), objects.len());
                objects.push(PartialObject {
                    id: id.to_string(),
                    schema: schema.to_string(),
                    last_seen: String::new(),
                    properties: Map::new(),
                    at,
                });
                objects.len() - 1
            }
        };
        let object = &mut objects[number];
        if specificity(schema) > specificity(&object.schema) {
            object.schema = schema.to_string();
        }
        if last_seen > object.last_seen.as_str() {
            object.last_seen = last_seen.to_string();
        }
        if prop != "id"
            && let Value::Array(values) =
                object.properties.entry(prop.to_string()).or_insert_with(|| Value::Array(Vec::new()))
        {
            values.push(Value::String(value.to_string()));
        }
    }
    let sha256 = rows.sha256()?;
    let mut reader = GraphReader::default();
    for PartialObject { id, schema, last_seen, properties, at } in objects {
        let mut object = Map::new();
        object.insert("id".into(), Value::String(id));
        object.insert("schema".into(), Value::String(schema));
        object.insert("last_seen".into(), Value::String(last_seen));
        object.insert("properties".into(), Value::Object(properties));
        reader.add_object(&object, at, &mut builder)?;
    }
    let published = reader.finish(&mut builder)?;
    let metadata = ListMetadata::new(name, Layout::OpenSanctionsStatements, sha256);
    Ok(builder.finish(ListMetadata { published, ..metadata }))
}

/// How much a schema says.
fn specificity(schema: &str) -> u8 {
    match schema {
        "Thing" => 0,
        "LegalEntity" | "Asset" => 1,
        "Organization" => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Date, Name, Schema};

    #[test]
    fn the_statements_of_an_entity_are_one_object() {
        let csv = "canonical_id,entity_id,prop,schema,value,dataset,last_seen\n\
            q1,x-1,id,Person,abc,ex,2031-05-06\n\
            q1,x-1,name,LegalEntity,Ann Example,ex,2031-05-06\n\
            q1,x-2,alias,Person,Анна Пример,ex,2031-05-07\n\
            q1,x-2,birthDate,Person,1969-05-05,ex,2031-05-07\n\
            s1,s1,entity,Sanction,q1,ex,\n\
            s1,s1,programId,Sanction,EX-P,ex,\n\
            ,,name,Person,Nobody,ex,\n";
        let list = crate::list::from_bytes("x", csv.as_bytes()).unwrap();
        let v = &list.version;
        assert_eq!((v.layout, v.records, v.entities, v.rejected), (Layout::OpenSanctionsStatements, 7, 1, 1));
        assert_eq!(v.published, Date::parse("2031-05-07"));
        assert_eq!(v.coverage.unread, [("dataset".to_string(), 7)]);
        let e = &list.entities[0];
        assert_eq!(
            (e.id.as_str(), e.schema, &e.programs[..]),
            ("q1", Schema::Person, &["EX-P".to_string()][..])
        );
        assert_eq!(e.names, [Name::primary("Ann Example"), Name::alias("Анна Пример")]);
    }
}
