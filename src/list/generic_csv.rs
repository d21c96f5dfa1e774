//! The generic CSV layout: any table of names with a header.
//!
//! | column (any case; blanks, `_` and `-` do not count) | becomes |
//! |---|---|
//! | `name` (required; `full_name`, `caption`, `entity_name`) | the primary name; in further rows of the same id an alias |
//! | `id` (`entity_id`, `uid`) | the id; without it one is derived from the content |
//! | `schema` (`type`, `entity_type`, `sdn_type`, `designation`) | the schema, where it holds such words; else a remark |
//! | `aliases` (`alias`, `aka`, `other_names`, `chinese_name`, `original_name`, `clean_name`) | further names, separated by `;` or line ends, with a name in another script in brackets as one of its own |
//! | `weak_aliases` (`weak_alias`) · `former_names` (`former_name`, `previous_name`, `fka`) | weak aliases, former names |
//! | `countries` (`country`, `nationality`, `citizenship`, `jurisdiction`, `flag`) | countries, separated by `;`, `/`, or by `,` and "and" where all are known; with what they are qualified by ("possibly", "(until 1991)"), also a remark |
//! | `birth_date` (`dob`, `date_of_birth`, `birth_dates`, `incorporation_date`) | birth dates; a text that is none becomes a remark |
//! | `gender` (`sex`), `address` (`addresses`), `birth_place` (`place_of_birth`, `pob`) | the like |
//! | `program` (`programs`, `programme`, `regime`, `program_key`, `program_ids`, `list`) | programs |
//! | `listed_on` (`listing_date`, `start_date`, `date`) | listing date |
//! | `remarks` (`notes`, `note`, `reason`, `summary`, `position`, `title`, `source`, `source_url`) | remarks |
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
use super::{Layout, List, cells, hex_digest};
use crate::entity::{
    Date, Entity, Identifier, IdentifierKind, Name, NameKind, Schema, Strength, add_once, country_named,
};
use crate::error::{Error, ErrorKind, Result};
use rustc_hash::FxHashMap;

/// What a column holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Column {
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

pub(super) fn column(header: &str) -> Column {
    let key: String = header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    match key.as_str() {
        "id" | "entityid" | "uid" => Column::Id,
        "name" | "fullname" | "caption" | "entityname" => Column::Name,
        "schema" | "type" | "entitytype" | "sdntype" | "designation" => Column::Schema,
        "aliases" | "alias" | "aka" | "chinesename" | "cleanname" | "othernames" | "originalname" => {
            Column::Alias(NameKind::Alias, Strength::Strong)
        }
        "weakaliases" | "weakalias" => Column::Alias(NameKind::Alias, Strength::Weak),
        "formernames" | "formername" | "previousname" | "previousnames" | "fka" => {
            Column::Alias(NameKind::Former, Strength::Strong)
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
    let mut list = Reading::new(columns.contains(&Column::Id));
    while let Some((record, at)) = rows.next()? {
        let read = if record.len() == header.len() {
            let cells = record.iter().zip(header.iter().zip(&columns));
            draft(cells).and_then(|draft| list.add(draft, &mut gathered.entities))
        } else {
            Err(Refused::record(format!("{} fields where the header has {}", record.len(), header.len())))
        };
        match read {
            Ok(Added::Entity) => {}
            Ok(Added::ToAnother) => gathered.fold(1),
            Err(refused) => gathered.reject(at, refused)?,
        }
    }
    let sha256 = rows.sha256()?;
    Ok(gathered.list(About::new(name, Layout::GenericCsv, sha256)))
}

fn draft<'a>(
    cells: impl Iterator<Item = (&'a [u8], (&'a String, &'a Column))>,
) -> std::result::Result<Draft, Refused> {
    let mut draft = Draft::default();
    for (cell, (header, column)) in cells {
        let text = std::str::from_utf8(cell).map_err(|_| Refused::field(header, "not valid UTF-8"))?;
        draft.set(column, text);
    }
    Ok(draft)
}

/// A row while its cells are read.
pub(super) struct Draft {
    entity: Entity,
    id: String,
    primary: String,
    others: Vec<Name>,
    /// The countries as an id is made of them.
    named: Vec<String>,
    remarks: Vec<String>,
}

impl Default for Draft {
    fn default() -> Self {
        let mut entity = Entity::new("", Schema::Unknown, "");
        entity.names.clear();
        Draft {
            entity,
            id: String::new(),
            primary: String::new(),
            others: Vec::new(),
            named: Vec::new(),
            remarks: Vec::new(),
        }
    }
}

impl Draft {
    /// Takes a cell.
    pub(super) fn set(&mut self, column: &Column, cell: &str) {
        let text = cell.trim();
        if text.is_empty() || text == "-" && *column != Column::Name {
            return;
        }
        let values = || text.split([';', '\n']).map(str::trim).filter(|v| !v.is_empty());
        let e = &mut self.entity;
        match column {
            Column::Id => self.id = text.to_string(),
            Column::Name if self.primary.is_empty() => self.primary = text.to_string(),
            Column::Name => self.others.push(Name::alias(text)),
            Column::Schema => match Schema::parse(text) {
                Some(schema) if e.schema == Schema::Unknown => e.schema = schema,
                Some(_) => {}
                None => self.remarks.push(text.to_string()),
            },
            Column::Alias(kind, strength) => {
                let names = values().flat_map(cells::scripts);
                self.others.extend(names.map(|v| Name::new(v, *kind, *strength)));
            }
            Column::Country => {
                values().for_each(|v| cells::countries(v, e));
                values().for_each(|v| add_named(v, &mut self.named));
            }
            Column::BirthDate => values().for_each(|v| match Date::parse(v) {
                Some(date) => e.birth_dates.push(date),
                None => cells::dates(v, e),
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

/// Adds the countries of a text as an id is made of them: by code or name, else as written.
fn add_named(text: &str, named: &mut Vec<String>) {
    let is_named = |t: &str| country_named(t).is_some();
    let several = !is_named(text) && text.split(',').all(is_named);
    for country in if several { text.split(',').collect() } else { vec![text] } {
        add_once(named, country_named(country).unwrap_or(country).to_string());
    }
}

/// What became of a row.
pub(super) enum Added {
    /// An entity of its own.
    Entity,
    /// A part of the entity of an earlier row.
    ToAnother,
}

/// Rows by the id that they share.
pub(super) struct Reading {
    has_id: bool,
    by_id: FxHashMap<String, usize>,
}

impl Reading {
    /// `has_id` says that every row must tell its id.
    pub(super) fn new(has_id: bool) -> Reading {
        Reading { has_id, by_id: FxHashMap::default() }
    }

    /// Adds a row as an entity, or to the one that has its id.
    pub(super) fn add(
        &mut self,
        draft: Draft,
        entities: &mut Vec<Entity>,
    ) -> std::result::Result<Added, Refused> {
        let Draft { mut entity, mut id, primary, others, named, remarks } = draft;
        if primary.is_empty() {
            return Err(Refused::field("name", "no name"));
        }
        remarks.iter().for_each(|r| entity.add_remark(r));
        let own_id = !id.is_empty();
        if !own_id {
            if self.has_id {
                return Err(Refused::field("id", "no id, in a list that has them"));
            }
            id = content_id(&primary, &named, &entity);
        }
        let known = self.by_id.get(&id).copied();
        let at = known.unwrap_or_else(|| {
            self.by_id.insert(id.clone(), entities.len());
            entities.push(Entity { id, ..Entity::new("", entity.schema, primary.clone()) });
            entities.len() - 1
        });
        let merged = &mut entities[at];
        if known.is_some() && own_id {
            // Every row's name is kept, a repeated one as well: the counts of names are those of the file.
            merged.names.push(Name::alias(primary));
        }
        others.into_iter().for_each(|n| merged.add_name(n));
        merge(merged, entity);
        Ok(if known.is_some() { Added::ToAnother } else { Added::Entity })
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

/// An id from what a row says of the party, so that it survives reordering of the file. Rows that say the same
/// are one entity.
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
