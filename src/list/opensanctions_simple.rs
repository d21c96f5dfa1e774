//! OpenSanctions' simplified table, `targets.simple.csv`: one row an entity, lists within a cell by `;`.
//!
//! Columns: id, schema, name, aliases, birth_date, countries, addresses, identifiers, sanctions, phones, emails,
//! (program_ids,) dataset, first_seen, last_seen, last_change. The publication date is the latest `last_seen`.
//! The sanctions' texts become remarks; `program_ids`, else `dataset`, the program.
//!
//! Cost: one pass. Limits: identifiers come without their kind; those that say it (`IMO…`) get it, the others
//! are kept and do not stand alone.

use super::gather::{About, Gathered, Refused};
use super::source::Source;
use super::table::Rows;
use super::{Layout, List};
use crate::entity::{Date, Entity, Identifier, IdentifierKind, Name, Schema};
use crate::error::Result;
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

fn split(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').map(str::trim).filter(|v| !v.is_empty())
}

pub(super) fn read(name: &str, source: Source<'_>) -> Result<List> {
    let mut gathered = Gathered::new(source.name());
    let mut rows = Rows::new(source, b',');
    let header = csv::StringRecord::from(rows.header()?);
    let mut published: Option<Date> = None;
    while let Some((record, at)) = rows.next()? {
        let read = if record.len() == header.len() {
            row(record, &header, &mut published)
        } else {
            Err(format!("{} fields where the header has {}", record.len(), header.len()))
        };
        gathered.take(at, read.map_err(Refused::record))?;
    }
    let about = About::new(name, Layout::OpenSanctionsSimple, rows.sha256()?);
    Ok(gathered.list(About { published, ..about }))
}

fn row(
    record: &csv::ByteRecord,
    header: &csv::StringRecord,
    published: &mut Option<Date>,
) -> std::result::Result<Entity, String> {
    let text =
        csv::StringRecord::from_byte_record(record.clone()).map_err(|_| "not valid UTF-8".to_string())?;
    let row: Row<'_> = text.deserialize(Some(header)).map_err(|e| e.to_string())?;
    if row.id.is_empty() {
        return Err("no id".into());
    }
    if row.name.trim().is_empty() {
        return Err("no name".into());
    }
    let schema = Schema::parse(row.schema).unwrap_or(Schema::Other);
    let mut e = Entity::new(row.id, schema, row.name);
    split(row.aliases).for_each(|a| e.add_name(Name::alias(a)));
    e.birth_dates.extend(split(row.birth_date).filter_map(Date::parse));
    split(row.countries).for_each(|c| e.add_country(c));
    e.addresses.extend(split(row.addresses).map(str::to_string));
    e.identifiers.extend(split(row.identifiers).map(identifier));
    e.identifiers.extend(split(row.phones).map(|v| Identifier::new(IdentifierKind::Phone, v)));
    e.identifiers.extend(split(row.emails).map(|v| Identifier::new(IdentifierKind::Email, v)));
    let programs = if row.program_ids.is_empty() { row.dataset } else { row.program_ids };
    e.programs.extend(split(programs).map(str::to_string));
    e.remarks = row.sanctions.to_string();
    *published = (*published).max(Date::parse(row.last_seen));
    Ok(e)
}

fn identifier(value: &str) -> Identifier {
    let imo =
        value.strip_prefix("IMO").is_some_and(|n| n.len() == 7 && n.bytes().all(|b| b.is_ascii_digit()));
    let kind = if imo { IdentifierKind::Imo } else { IdentifierKind::Other("identifier".into()) };
    Identifier::new(kind, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields() {
        let csv = "\"id\",\"schema\",\"name\",\"aliases\",\"birth_date\",\"countries\",\"addresses\",\"identifiers\",\"sanctions\",\"phones\",\"emails\",\"dataset\",\"first_seen\",\"last_seen\",\"last_change\"\n\
                   \"X-1\",\"Vessel\",\"SEA ONE\",\"Old One;Other\",\"\",\"lr;pa\",\"\",\"IMO9253325\",\"why\",\"\",\"\",\"Some List\",\"2030-01-01T00:00:00\",\"2030-02-03T00:00:00\",\"\"\n\
                   \"X-2\",\"Person\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"\n";
        let list = read("x", Source::bytes("x", csv.as_bytes())).unwrap();
        let e = &list.entities[0];
        assert_eq!((e.schema, e.names.len(), e.countries.len()), (Schema::Vessel, 3, 2));
        assert_eq!(e.identifiers[0].kind, IdentifierKind::Imo);
        assert_eq!(list.version.published, Date::parse("2030-02-03"));
        assert_eq!(list.rejected[0].reason, "no name");
    }
}
