//! OpenSanctions' simplified table, `targets.simple.csv`: one row an entity, lists within a cell separated by `;`.
//!
//! Columns: id, schema, name, aliases, birth_date, countries, addresses, identifiers, sanctions, phones, emails,
//! (program_ids,) dataset, first_seen, last_seen, last_change. The publication date is the latest `last_seen`. The texts
//! of `sanctions` become remarks; `program_ids`, else `dataset`, the programmes.
//!
//! Cost: one pass. Limits: the table does not state the kinds of identifiers. A number that begins with `IMO` is an IMO
//! number, the others are of unspecified kind.

use crate::entity::{Date, Entity, Identifier, IdentifierKind, Name, Schema};
use crate::error::Result;
use crate::list::read::builder::{ListBuilder, ListMetadata, Parsed, RejectReason};
use crate::list::read::csv_rows::{CsvRows, field_count_reason};
use crate::list::read::source::ByteSource;
use crate::list::{Layout, List};
use serde::Deserialize;

#[derive(Deserialize)]
struct Row<'a> {
    id: &'a str,
    schema: &'a str,
    name: &'a str,
    aliases: &'a str,
    birth_date: &'a str,
    countries: &'a str,
    #[serde(default)]
    addresses: &'a str,
    #[serde(default)]
    identifiers: &'a str,
    #[serde(default)]
    sanctions: &'a str,
    #[serde(default)]
    phones: &'a str,
    #[serde(default)]
    emails: &'a str,
    #[serde(default)]
    program_ids: &'a str,
    #[serde(default)]
    dataset: &'a str,
    #[serde(default)]
    last_seen: &'a str,
}

/// Whether a header is that of this layout.
pub(crate) fn is_header(fields: &[String]) -> bool {
    let has = |name: &str| fields.iter().any(|f| f == name);
    ["id", "schema", "name", "aliases", "birth_date", "first_seen", "last_seen"].into_iter().all(has)
}

pub(crate) fn read(name: &str, source: ByteSource<'_>) -> Result<List> {
    let mut builder = ListBuilder::new(source.name());
    let mut rows = CsvRows::new(source, b',');
    let header = csv::StringRecord::from(rows.header()?);
    let mut published: Option<Date> = None;
    while let Some((record, at)) = rows.next()? {
        let parsed = if record.len() == header.len() {
            parse_row(record, &header, &mut published)
        } else {
            Err(field_count_reason(record.len(), header.len()))
        };
        builder.add(at, parsed)?;
    }
    let metadata = ListMetadata::new(name, Layout::OpenSanctionsSimple, rows.sha256()?);
    Ok(builder.finish(ListMetadata { published, ..metadata }))
}

fn parse_row(record: &csv::ByteRecord, header: &csv::StringRecord, published: &mut Option<Date>) -> Parsed {
    let text = csv::StringRecord::from_byte_record(record.clone());
    let text = text.map_err(|_| RejectReason::record("not valid UTF-8"))?;
    let row: Row<'_> = text.deserialize(Some(header)).map_err(|e| RejectReason::record(e.to_string()))?;
    if row.id.is_empty() {
        return Err(RejectReason::record("no id"));
    }
    if row.name.trim().is_empty() {
        return Err(RejectReason::record("no name"));
    }
    let schema = Schema::parse(row.schema).unwrap_or(Schema::Other);
    let mut e = Entity::new(row.id, schema, row.name);
    values(row.aliases).for_each(|a| e.add_name(Name::alias(a)));
    e.birth_dates.extend(values(row.birth_date).filter_map(Date::parse));
    values(row.countries).for_each(|c| e.add_country(c));
    e.addresses.extend(values(row.addresses).map(str::to_string));
    e.identifiers.extend(values(row.identifiers).map(identifier));
    e.identifiers.extend(values(row.phones).map(|v| Identifier::new(IdentifierKind::Phone, v)));
    e.identifiers.extend(values(row.emails).map(|v| Identifier::new(IdentifierKind::Email, v)));
    let programs = if row.program_ids.is_empty() { row.dataset } else { row.program_ids };
    e.programs.extend(values(programs).map(str::to_string));
    e.remarks = row.sanctions.to_string();
    *published = (*published).max(Date::parse(row.last_seen));
    Ok(e)
}

/// The values of a cell.
fn values(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').map(str::trim).filter(|v| !v.is_empty())
}

fn identifier(value: &str) -> Identifier {
    let is_imo =
        value.strip_prefix("IMO").is_some_and(|n| n.len() == 7 && n.bytes().all(|b| b.is_ascii_digit()));
    let kind = if is_imo { IdentifierKind::Imo } else { IdentifierKind::unspecified() };
    Identifier::new(kind, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_goes_to_its_field() {
        let csv = "\"id\",\"schema\",\"name\",\"aliases\",\"birth_date\",\"countries\",\"addresses\",\"identifiers\",\"sanctions\",\"phones\",\"emails\",\"dataset\",\"first_seen\",\"last_seen\",\"last_change\"\n\
                   \"X-1\",\"Vessel\",\"SEA ONE\",\"Old One;Other\",\"\",\"lr;pa\",\"\",\"IMO9253325\",\"why\",\"\",\"\",\"Some List\",\"2030-01-01T00:00:00\",\"2030-02-03T00:00:00\",\"\"\n\
                   \"X-2\",\"Person\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"\n";
        let list = read("x", ByteSource::from_bytes("x", csv.as_bytes())).unwrap();
        let e = &list.entities[0];
        assert_eq!((e.schema, e.names.len(), e.countries.len()), (Schema::Vessel, 3, 2));
        assert_eq!(e.identifiers[0].kind, IdentifierKind::Imo);
        assert_eq!(list.version.published, Date::parse("2030-02-03"));
        assert_eq!(list.rejected[0].reason, "no name");
    }
}
