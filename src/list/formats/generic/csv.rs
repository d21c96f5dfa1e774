//! The generic CSV layout: any table of names with a header. Its columns are listed in the documentation of
//! [`crate::list`].
//!
//! A schema word that is not known becomes [`Schema::Unknown`], which is compatible with every schema, so that no hit is
//! lost.
//!
//! Cost: one pass. Limits: UTF-8 only, with or without a byte order mark.

use crate::digest::hex_digest;
use crate::entity::{
    AliasStrength, Date, Entity, Identifier, IdentifierKind, Name, NameKind, Schema, add_once, country_named,
};
use crate::error::{Error, ErrorKind, Result};
use crate::list::read::builder::{ListBuilder, ListMetadata, Parsed, RejectReason};
use crate::list::read::csv_rows::{CsvRows, field_count_reason};
use crate::list::read::source::ByteSource;
use crate::list::text::cells;
use crate::list::{Layout, List};
use rustc_hash::FxHashMap;

/// The meaning of a column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Column {
    Id,
    Name,
    Schema,
    Alias(NameKind, AliasStrength),
    Country,
    BirthDate,
    Gender,
    Program,
    ListedOn,
    Address,
    BirthPlace,
    Remarks,
    Identifier(IdentifierKind),
    Ignored,
}

/// The meaning of a column with this header.
pub(crate) fn column(header: &str) -> Column {
    let key: String = header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    match key.as_str() {
        "id" | "entityid" | "uid" => Column::Id,
        "name" | "fullname" | "caption" | "entityname" => Column::Name,
        "schema" | "type" | "entitytype" | "sdntype" | "designation" => Column::Schema,
        "aliases" | "alias" | "aka" | "chinesename" | "cleanname" | "othernames" | "originalname" => {
            Column::Alias(NameKind::Alias, AliasStrength::Strong)
        }
        "weakaliases" | "weakalias" => Column::Alias(NameKind::Alias, AliasStrength::Weak),
        "formernames" | "formername" | "previousname" | "previousnames" | "fka" => {
            Column::Alias(NameKind::Former, AliasStrength::Strong)
        }
        "countries" | "country" | "nationality" | "jurisdiction" | "flag" | "citizenship" => Column::Country,
        "birthdate" | "dob" | "dateofbirth" | "birthdates" | "incorporationdate" => Column::BirthDate,
        "gender" | "sex" => Column::Gender,
        "program" | "programs" | "regime" | "programkey" | "programids" | "programme" | "list" => {
            Column::Program
        }
        "listedon" | "startdate" | "listingdate" | "date" => Column::ListedOn,
        "address" | "addresses" => Column::Address,
        "birthplace" | "placeofbirth" | "pob" => Column::BirthPlace,
        "remarks" | "notes" | "note" | "reason" | "summary" | "position" | "title" | "source"
        | "sourceurl" => Column::Remarks,
        _ => IdentifierKind::of_header(&key).map_or(Column::Ignored, Column::Identifier),
    }
}

/// Whether a header makes a file a generic list.
pub(crate) fn is_header(fields: &[String]) -> bool {
    fields.iter().any(|f| column(f) == Column::Name)
}

/// Reads a generic CSV.
pub(crate) fn read(name: &str, source: ByteSource<'_>) -> Result<List> {
    let mut builder = ListBuilder::new(source.name());
    let mut rows = CsvRows::new(source, b',');
    let header = rows.header()?;
    let columns: Vec<Column> = header.iter().map(|h| column(h)).collect();
    if !columns.contains(&Column::Name) {
        return Err(Error::new(ErrorKind::UnknownLayout(format!(
            "the generic CSV needs a column 'name'; the header is: {}",
            header.join(", ")
        ))));
    }
    let mut table = GenericTable::new(columns.contains(&Column::Id));
    while let Some((record, at)) = rows.next()? {
        let added = if record.len() == header.len() {
            let cells = record.iter().zip(header.iter().zip(&columns));
            parse_row(cells).and_then(|row| table.add_row(row, &mut builder.entities))
        } else {
            Err(field_count_reason(record.len(), header.len()))
        };
        match added {
            Ok(Outcome::NewEntity) => {}
            Ok(Outcome::Merged) => builder.count_merged(1),
            Err(reason) => builder.reject(at, reason)?,
        }
    }
    let sha256 = rows.sha256()?;
    Ok(builder.finish(ListMetadata::new(name, Layout::GenericCsv, sha256)))
}

fn parse_row<'a>(cells: impl Iterator<Item = (&'a [u8], (&'a String, &'a Column))>) -> Parsed<RowFacts> {
    let mut row = RowFacts::default();
    for (cell, (header, column)) in cells {
        let text = std::str::from_utf8(cell).map_err(|_| RejectReason::field(header, "not valid UTF-8"))?;
        row.add_cell(column, text);
    }
    Ok(row)
}

/// The facts of a row.
pub(crate) struct RowFacts {
    /// The facts other than names, id and remarks.
    entity: Entity,
    id: String,
    primary_name: String,
    other_names: Vec<Name>,
    /// The countries in the form in which they enter an id derived from the content.
    countries_for_id: Vec<String>,
    remarks: Vec<String>,
}

impl Default for RowFacts {
    fn default() -> Self {
        RowFacts {
            entity: Entity::without_names("", Schema::Unknown),
            id: String::new(),
            primary_name: String::new(),
            other_names: Vec::new(),
            countries_for_id: Vec::new(),
            remarks: Vec::new(),
        }
    }
}

impl RowFacts {
    /// Adds a cell.
    pub(crate) fn add_cell(&mut self, column: &Column, cell: &str) {
        let text = cell.trim();
        if text.is_empty() || text == "-" && *column != Column::Name {
            return;
        }
        let values = || text.split([';', '\n']).map(str::trim).filter(|v| !v.is_empty());
        let e = &mut self.entity;
        match column {
            Column::Id => self.id = text.to_string(),
            Column::Name if self.primary_name.is_empty() => self.primary_name = text.to_string(),
            Column::Name => self.other_names.push(Name::alias(text)),
            Column::Schema => match Schema::parse(text) {
                Some(schema) if e.schema == Schema::Unknown => e.schema = schema,
                Some(_) => {}
                None => self.remarks.push(text.to_string()),
            },
            Column::Alias(kind, strength) => {
                let names = values().flat_map(cells::split_scripts);
                self.other_names.extend(names.map(|v| Name::new(v, *kind, *strength)));
            }
            Column::Country => {
                values().for_each(|v| cells::add_countries(v, e));
                values().for_each(|v| add_country_for_id(v, &mut self.countries_for_id));
            }
            Column::BirthDate => values().for_each(|v| match Date::parse(v) {
                Some(date) => e.birth_dates.push(date),
                None => cells::add_dates(v, e),
            }),
            Column::Gender => e.add_gender(text),
            Column::Program => e.programs.extend(values().map(str::to_string)),
            Column::ListedOn => e.add_listing_date(text),
            Column::Address => e.addresses.extend(values().map(str::to_string)),
            Column::BirthPlace => e.birth_places.push(text.to_string()),
            Column::Remarks => self.remarks.push(text.to_string()),
            Column::Identifier(kind) => {
                e.identifiers.extend(values().map(|v| Identifier::new(kind.clone(), v)));
            }
            Column::Ignored => {}
        }
    }
}

/// Adds the countries of a text in the form in which they enter an id: as a code if the text is a code or name, else as
/// written. Demonyms are not recognised, so that ids do not change when one is added to the program.
fn add_country_for_id(text: &str, countries: &mut Vec<String>) {
    let is_named = |t: &str| country_named(t).is_some();
    let is_several = !is_named(text) && text.split(',').all(is_named);
    for country in if is_several { text.split(',').collect() } else { vec![text] } {
        add_once(countries, country_named(country).unwrap_or(country).to_string());
    }
}

/// The result of adding a row.
pub(crate) enum Outcome {
    /// The row is a new entity.
    NewEntity,
    /// The row was merged into the entity of an earlier row.
    Merged,
}

/// The entities of a generic table by their ids.
pub(crate) struct GenericTable {
    requires_id: bool,
    by_id: FxHashMap<String, usize>,
}

impl GenericTable {
    /// `requires_id` means that a row without an id is rejected.
    pub(crate) fn new(requires_id: bool) -> GenericTable {
        GenericTable { requires_id, by_id: FxHashMap::default() }
    }

    /// Adds a row as an entity, or merges it into the entity with the same id.
    pub(crate) fn add_row(&mut self, row: RowFacts, entities: &mut Vec<Entity>) -> Parsed<Outcome> {
        let RowFacts { mut entity, mut id, primary_name, other_names, countries_for_id, remarks } = row;
        if primary_name.is_empty() {
            return Err(RejectReason::field("name", "no name"));
        }
        remarks.iter().for_each(|r| entity.add_remark(r));
        let id_is_published = !id.is_empty();
        if !id_is_published {
            if self.requires_id {
                return Err(RejectReason::field("id", "no id, in a list that has them"));
            }
            id = content_id(&primary_name, &countries_for_id, &entity);
        }
        let known = self.by_id.get(&id).copied();
        let index = known.unwrap_or_else(|| {
            self.by_id.insert(id.clone(), entities.len());
            entities.push(Entity::new(id, entity.schema, primary_name.clone()));
            entities.len() - 1
        });
        let target = &mut entities[index];
        if known.is_some() && id_is_published {
            // A repeated name is kept too, so that the counts of names are those of the file.
            target.names.push(Name::alias(primary_name));
        }
        other_names.into_iter().for_each(|n| target.add_name(n));
        merge(target, entity);
        Ok(if known.is_some() { Outcome::Merged } else { Outcome::NewEntity })
    }
}

/// Adds the facts of a further row to an entity.
fn merge(into: &mut Entity, row: Entity) {
    fn add<T: PartialEq>(into: &mut Vec<T>, from: Vec<T>) {
        from.into_iter().for_each(|v| add_once(into, v));
    }
    if into.schema == Schema::Unknown {
        into.schema = row.schema;
    }
    add(&mut into.birth_dates, row.birth_dates);
    add(&mut into.countries, row.countries);
    add(&mut into.programs, row.programs);
    add(&mut into.identifiers, row.identifiers);
    add(&mut into.addresses, row.addresses);
    add(&mut into.birth_places, row.birth_places);
    into.gender = into.gender.or(row.gender);
    into.listed_on = into.listed_on.or(row.listed_on);
    into.add_remark(&row.remarks);
}

/// An id derived from the facts of a row. It does not depend on the order of the file, and rows with equal facts have the
/// same id.
fn content_id(name: &str, countries: &[String], entity: &Entity) -> String {
    let dates: Vec<String> = entity.birth_dates.iter().map(Date::to_string).collect();
    let parts =
        [name, entity.schema.as_str(), &countries.join(";"), &dates.join(";"), &entity.programs.join(";")]
            .join("\u{1f}");
    hex_digest([parts.as_bytes()])[..16].to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(csv: &[u8]) -> Result<List> {
        super::read("x", ByteSource::from_bytes("x", csv))
    }

    #[test]
    fn rows_of_one_id_are_one_entity() {
        let csv = "\u{feff}ID,Name,schema,DOB,country,passport\n1,Al Foo,Person,1970;1971-02,Iran,A 1\n2,Bar Ltd,company,,,\n1,Alfu,Person,1970,IR,\n";
        let list = read(csv.as_bytes()).unwrap();
        assert_eq!(list.entities.len(), 2);
        let e = &list.entities[0];
        assert_eq!(e.names, [Name::primary("Al Foo"), Name::alias("Alfu")]);
        assert_eq!(e.birth_dates.len(), 2);
        assert_eq!(e.countries, ["ir"]);
        assert_eq!((list.version.records, list.version.names, list.version.aliases), (3, 3, 1));
    }

    #[test]
    fn broken_rows_are_rejected_with_their_position() {
        let list = read(b"name,country\nA,b,c\n,fr\n\xff,fr\n\"two\nlines\",fr\nC,de\n").unwrap();
        let found: Vec<_> = list.rejected.iter().map(|r| (r.position.line, r.reason.as_str())).collect();
        assert_eq!(
            found,
            [
                (Some(2), "3 fields where the header has 2"),
                (Some(3), "no name"),
                (Some(4), "not valid UTF-8")
            ]
        );
        assert_eq!(list.entities.len(), 2);
        assert_eq!(list.version.records, 5);
    }

    #[test]
    fn derived_ids_survive_reordering() {
        let ids = |csv: &str| {
            let mut ids: Vec<_> = read(csv.as_bytes()).unwrap().entities.into_iter().map(|e| e.id).collect();
            ids.sort();
            ids
        };
        assert_eq!(ids("name,country\nA,fr\nB,de\n"), ids("name,country\nB,de\nA,fr\n"));
        assert_ne!(ids("name,country\nA,fr\n"), ids("name,country\nA,de\n"));
    }
}
