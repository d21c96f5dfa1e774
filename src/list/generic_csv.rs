//! The generic CSV layout: any table of names with a header.
//!
//! | column (any case; blanks, `_` and `-` do not count) | becomes |
//! |---|---|
//! | `name` (required; `full_name`, `caption`) | the primary name; in further rows of the same id an alias |
//! | `id` (`entity_id`, `uid`) | the id; without it one is derived from the content |
//! | `schema` (`type`, `entity_type`, `designation` where it holds such words) | the schema |
//! | `aliases` / `alias`, `chinese_name`, `clean_name` · `weak_aliases` / `weak_alias` · `former_names` / `previous_name` | further names, separated by `;` or line ends |
//! | `countries` / `country`, `nationality`, `jurisdiction`, `flag` | countries |
//! | `birth_date` / `dob`, `date_of_birth`, `incorporation_date` | birth dates |
//! | `gender`, `program` / `programs` / `regime`, `listed_on` / `start_date`, `address`, `birth_place`, `remarks` / `notes`, `source` | the like |
//! | the headers of [`IdentifierKind::of_header`] | identifiers |
//!
//! ```
//! let list = interdict::list::from_bytes("mine", b"name,aliases\nACME LTD,Acme;A.C.M.E.\n")?;
//! assert_eq!(list.entities[0].names.len(), 3);
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! Rows that share an id are one entity. A row with another number of fields than the header, with bytes that
//! are no UTF-8, or without a name is rejected. A schema word that is not known is kept as Unknown, which
//! compares with everything and so loses nothing.
//!
//! Cost: one pass; the list is held in memory. Limits: UTF-8 only, with or without a byte order mark.

use super::gather::{About, Gathered, Refused};
use super::source::Source;
use super::table::Rows;
use super::{Layout, List, hex_digest};
use crate::entity::{Date, Entity, Gender, Identifier, IdentifierKind, Name, NameKind, Schema, Strength};
use crate::error::{Error, ErrorKind, Result};
use rustc_hash::FxHashMap;

/// What a column holds.
#[derive(Clone, Debug, PartialEq)]
enum Column {
    Id,
    Name,
    Schema,
    Alias(NameKind, Strength),
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

fn column(header: &str) -> Column {
    let key: String = header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    match key.as_str() {
        "id" | "entityid" | "uid" => Column::Id,
        "name" | "fullname" | "caption" | "entityname" => Column::Name,
        "schema" | "type" | "entitytype" | "sdntype" | "designation" => Column::Schema,
        "aliases" | "alias" | "aka" | "chinesename" | "cleanname" | "othernames" | "originalname" => {
            Column::Alias(NameKind::Alias, Strength::Strong)
        }
        "weakaliases" | "weakalias" => Column::Alias(NameKind::Alias, Strength::Weak),
        "formernames" | "previousname" | "previousnames" | "fka" => {
            Column::Alias(NameKind::Former, Strength::Strong)
        }
        "countries" | "country" | "nationality" | "jurisdiction" | "flag" | "citizenship" => Column::Country,
        "birthdate" | "dob" | "dateofbirth" | "birthdates" | "incorporationdate" => Column::BirthDate,
        "gender" | "sex" => Column::Gender,
        "program" | "programs" | "regime" | "programkey" | "programids" | "programme" => Column::Program,
        "listedon" | "startdate" | "listingdate" => Column::ListedOn,
        "address" | "addresses" => Column::Address,
        "birthplace" | "placeofbirth" | "pob" => Column::BirthPlace,
        "remarks" | "notes" | "note" | "reason" | "summary" | "source" | "sourceurl" => Column::Remarks,
        _ => IdentifierKind::of_header(&key).map_or(Column::Ignored, Column::Identifier),
    }
}

/// Whether a header makes a file a generic list.
pub(super) fn is_header(fields: &[String]) -> bool {
    fields.iter().any(|f| column(f) == Column::Name)
}

/// Reads a generic CSV.
pub(super) fn read(name: &str, source: Source<'_>) -> Result<List> {
    let mut gathered = Gathered::new(source.name());
    let mut rows = Rows::new(source, b',');
    let header = rows.header()?;
    let columns: Vec<Column> = header.iter().map(|h| column(h)).collect();
    if !columns.contains(&Column::Name) {
        return Err(Error::new(ErrorKind::UnknownLayout(format!(
            "the generic CSV needs a column 'name'; the header is: {}",
            header.join(", ")
        ))));
    }
    let has_id = columns.contains(&Column::Id);
    let mut list = Reading { columns, has_id, by_id: FxHashMap::default() };
    while let Some((record, at)) = rows.next()? {
        let read = if record.len() == header.len() {
            list.row(record, &mut gathered).map_err(|(column, reason)| match column {
                Some(column) => Refused::field(header[column].clone(), reason),
                None => Refused::record(reason),
            })
        } else {
            Err(Refused::record(format!("{} fields where the header has {}", record.len(), header.len())))
        };
        if let Err(refused) = read {
            gathered.reject(at, refused)?;
        }
    }
    let sha256 = rows.sha256()?;
    Ok(gathered.list(About::new(name, Layout::GenericCsv, sha256)))
}

struct Reading {
    columns: Vec<Column>,
    has_id: bool,
    by_id: FxHashMap<String, usize>,
}

impl Reading {
    fn row(
        &mut self,
        record: &csv::ByteRecord,
        gathered: &mut Gathered,
    ) -> std::result::Result<(), (Option<usize>, String)> {
        let mut entity = Entity::new("", Schema::Unknown, "");
        entity.names.clear();
        let mut remarks: Vec<&str> = Vec::new();
        let (mut id, mut primary) = (String::new(), String::new());
        let mut others = Vec::new();
        for (i, (field, column)) in record.iter().zip(&self.columns).enumerate() {
            let text =
                std::str::from_utf8(field).map_err(|_| (Some(i), "not valid UTF-8".to_string()))?.trim();
            if text.is_empty() || text == "-" && *column != Column::Name {
                continue;
            }
            let values = || text.split([';', '\n']).map(str::trim).filter(|v| !v.is_empty());
            match column {
                Column::Id => id = text.to_string(),
                Column::Name if primary.is_empty() => primary = text.to_string(),
                Column::Name => others.push(Name::alias(text)),
                Column::Schema => {
                    if entity.schema == Schema::Unknown {
                        entity.schema = Schema::parse(text).unwrap_or_default();
                    }
                }
                Column::Alias(kind, strength) => {
                    others.extend(values().map(|v| Name::new(v, *kind, *strength)))
                }
                Column::Country => values().for_each(|v| entity.add_country(v)),
                Column::BirthDate => entity.birth_dates.extend(values().filter_map(Date::parse)),
                Column::Gender => entity.gender = Gender::parse(text),
                Column::Program => entity.programs.extend(values().map(str::to_string)),
                Column::ListedOn => entity.listed_on = Date::parse(text),
                Column::Address => entity.addresses.extend(values().map(str::to_string)),
                Column::BirthPlace => entity.birth_places.push(text.to_string()),
                Column::Remarks => remarks.push(text),
                Column::Identifier(kind) => {
                    entity.identifiers.extend(values().map(|v| Identifier::new(kind.clone(), v)));
                }
                Column::Ignored => {}
            }
        }
        if primary.is_empty() {
            let column = self.columns.iter().position(|c| *c == Column::Name);
            return Err((column, "no name".into()));
        }
        entity.remarks = remarks.join(" | ");
        if id.is_empty() {
            if self.has_id {
                let column = self.columns.iter().position(|c| *c == Column::Id);
                return Err((column, "no id, in a list that has them".into()));
            }
            id = content_id(&primary, &entity);
        }
        let entities = &mut gathered.entities;
        let known = self.by_id.get(&id).copied();
        let at = known.unwrap_or_else(|| {
            self.by_id.insert(id.clone(), entities.len());
            entities.push(Entity { id, ..Entity::new("", entity.schema, primary.clone()) });
            entities.len() - 1
        });
        let merged = &mut entities[at];
        if known.is_some() && self.has_id {
            // Every row's name is kept, a repeated one as well: the counts of names are those of the file.
            merged.names.push(Name::alias(primary));
        }
        others.into_iter().for_each(|n| merged.add_name(n));
        merge(merged, entity);
        if known.is_some() {
            gathered.fold();
        }
        Ok(())
    }
}

/// Adds the facts of a further row to an entity.
fn merge(into: &mut Entity, row: Entity) {
    fn add<T: PartialEq>(into: &mut Vec<T>, from: Vec<T>) {
        from.into_iter().for_each(|v| {
            if !into.contains(&v) {
                into.push(v);
            }
        });
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
    if into.remarks.is_empty() {
        into.remarks = row.remarks;
    }
}

/// An id from what a row says of the party, so that it survives reordering of the file. Rows that say the same
/// are one entity.
fn content_id(name: &str, entity: &Entity) -> String {
    let dates: Vec<String> = entity.birth_dates.iter().map(Date::to_string).collect();
    let parts = [
        name,
        entity.schema.as_str(),
        &entity.countries.join(";"),
        &dates.join(";"),
        &entity.programs.join(";"),
    ]
    .join("\u{1f}");
    hex_digest([parts.as_bytes()])[..16].to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(csv: &[u8]) -> Result<List> {
        super::read("x", Source::bytes("x", csv))
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
    fn broken_rows_are_rejected_with_their_place() {
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
