//! Australia's Consolidated List of DFAT, as the published workbook (.xlsx) or the same table as CSV.
//!
//! | column | becomes |
//! |---|---|
//! | `Reference` | id: its number; rows "101a", "101b" … are further names of 101 |
//! | `Name of Individual or Entity` | name |
//! | `Name Type` Primary Name / aka / Original Script / fka, Previously listed as | primary name, alias, alias, former name |
//! | `Alias AliasStrength` Weak | weak alias |
//! | `Type` Individual, Entity, Vessel; empty beside an IMO number | schema; a vessel |
//! | `Date of Birth`, `Place of Birth`, `Address` | birth dates, birth places, addresses; free text, items lettered "a) … b) …" |
//! | `Citizenship` "Malian / Mauritanian", "Indonesian (as at 2003)" | countries; a qualified one is also a remark |
//! | `IMO Number` | IMO number |
//! | `Committees` | programme |
//! | `Control Date` | listing date |
//! | `Additional Information`, `Listing Information`, `Instrument of Designation`, and all other columns | remarks |
//!
//! A row without a letter whose number was used before, with other rows between, is another party: the list
//! has such mistakes. Its id is "101-2".
//!
//! Cost: the workbook is unpacked in memory, at most 256 MB. Limits: the file states neither its date nor its
//! number of records; cells are read as shown, formulas are not computed.

use crate::entity::{AliasStrength, Entity, Identifier, IdentifierKind, Name, NameKind, Schema};
use crate::error::{Position, Result};
use crate::list::read::builder::{ListBuilder, ListMetadata, RejectReason, move_primary_name_first};
use crate::list::read::csv_rows::{CsvRows, field_count_reason};
use crate::list::read::source::ByteSource;
#[cfg(feature = "xlsx")]
use crate::list::read::workbook::Sheet;
use crate::list::text::cells;
use crate::list::text::numbers::add_labelled_fact;
use crate::list::{Layout, List};
use rustc_hash::FxHashMap;

const REFERENCE: &str = "reference";
const NAME: &str = "name of individual or entity";

/// Whether a header is that of the list.
pub(crate) fn is_header(fields: &[String]) -> bool {
    let has = |wanted: &str| fields.iter().any(|f| f.trim().eq_ignore_ascii_case(wanted));
    has(REFERENCE) && has(NAME)
}

/// Reads the table as CSV.
pub(crate) fn read_csv(source: ByteSource<'_>) -> Result<List> {
    let mut builder = ListBuilder::new(source.name());
    let mut rows = CsvRows::new(source, b',');
    let mut table = TableReader::new(rows.header()?);
    while let Some((record, at)) = rows.next()? {
        if record.iter().all(|f| f.iter().all(u8::is_ascii_whitespace)) {
            builder.reject(at, RejectReason::record("a row without content"))?;
            continue;
        }
        let cells: std::result::Result<Vec<String>, _> =
            record.iter().map(|f| std::str::from_utf8(f).map(str::to_string)).collect();
        match cells {
            Ok(cells) => table.add_row(&cells, at, &mut builder)?,
            Err(_) => builder.reject(at, RejectReason::record("not valid UTF-8"))?,
        }
    }
    let sha256 = rows.sha256()?;
    Ok(finish(builder, Layout::AustraliaDfat, sha256))
}

/// Reads the workbook: every sheet whose first row is the header of the list.
#[cfg(feature = "xlsx")]
pub(crate) fn read_sheets(name: &str, sheets: &[Sheet], sha256: String) -> Result<List> {
    let mut builder = ListBuilder::new(name);
    for sheet in sheets {
        let Some((_, header)) = sheet.rows.first().filter(|(_, header)| is_header(header)) else { continue };
        let mut table = TableReader::new(header.clone());
        for (record, (line, row)) in (1..).zip(&sheet.rows[1..]) {
            // A workbook does not store the empty cells at the end of a row.
            let mut row = row.clone();
            row.resize(row.len().max(header.len()), String::new());
            let at = Position { record: Some(record), ..Position::line(*line) };
            table.add_row(&row, at.in_field(&sheet.name), &mut builder)?;
        }
    }
    Ok(finish(builder, Layout::AustraliaDfatXlsx, sha256))
}

/// The latest entity with a reference number.
#[derive(Clone, Copy)]
struct Numbered {
    /// Its index in the list.
    entity: usize,
    /// How many entities have the number.
    count: usize,
}

/// Reads the rows of the table, from CSV or a workbook.
struct TableReader {
    header: Vec<String>,
    by_number: FxHashMap<String, Numbered>,
    last_number: String,
}

impl TableReader {
    fn new(header: Vec<String>) -> TableReader {
        let header = header.iter().map(|h| h.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        TableReader { header, by_number: FxHashMap::default(), last_number: String::new() }
    }

    fn add_row(&mut self, row: &[String], at: Position, builder: &mut ListBuilder) -> Result<()> {
        if row.len() != self.header.len() {
            return builder.reject(at, field_count_reason(row.len(), self.header.len()));
        }
        let cell = |name: &str| {
            let found = self.header.iter().position(|h| h.eq_ignore_ascii_case(name));
            found.map_or("", |i| row[i].trim())
        };
        let reference = cell(REFERENCE);
        let digits = reference.find(|c: char| !c.is_ascii_digit()).unwrap_or(reference.len());
        let (number, letter) = reference.split_at(digits);
        if number.is_empty() {
            return builder.reject(at, RejectReason::field("Reference", "no reference number"));
        }
        if cell(NAME).is_empty() {
            return builder.reject(at, RejectReason::field("Name of Individual or Entity", "no name"));
        }
        let number = number.to_string();
        // A row with a letter adds to its number at any place. A number alone that occurs again is another
        // party.
        let known = self.by_number.get(&number).filter(|_| !letter.is_empty() || self.last_number == number);
        let entity = match known {
            Some(known) => {
                builder.count_merged(1);
                known.entity
            }
            None => self.insert_entity(&number, builder),
        };
        self.last_number = number;
        self.add_facts(row, &mut builder.entities[entity]);
        Ok(())
    }

    /// Adds an entity without names to the list and returns its index.
    fn insert_entity(&mut self, number: &str, builder: &mut ListBuilder) -> usize {
        let count = self.by_number.get(number).map_or(1, |n| n.count + 1);
        let id = if count > 1 { format!("{number}-{count}") } else { number.to_string() };
        let entity = builder.entities.len();
        builder.entities.push(Entity::without_names(id, Schema::Unknown));
        self.by_number.insert(number.to_string(), Numbered { entity, count });
        entity
    }

    fn add_facts(&self, row: &[String], e: &mut Entity) {
        let (mut name, mut kind, mut strength) = ("", NameKind::Alias, AliasStrength::Strong);
        let mut has_imo_number = false;
        for (header, cell) in self.header.iter().zip(row).filter(|(_, cell)| !cell.trim().is_empty()) {
            let cell = cell.trim();
            match header.to_lowercase().as_str() {
                REFERENCE => {}
                NAME => name = cell,
                "name type" => kind = name_kind(cell).unwrap_or(NameKind::Alias),
                "alias strength" if cell.eq_ignore_ascii_case("weak") => strength = AliasStrength::Weak,
                "alias strength" => {}
                // The cell of the next column, shifted to the left.
                "type" if Schema::parse(cell).is_none() && name_kind(cell).is_some() => {
                    kind = name_kind(cell).unwrap_or(kind);
                }
                header_key => {
                    has_imo_number |= header_key == "imo number";
                    add_fact(header, header_key, cell, e);
                }
            }
        }
        if has_imo_number && e.schema == Schema::Unknown {
            e.schema = Schema::Vessel;
        }
        // The primary name is chosen when all rows are read.
        let name = Name::new(name, kind, strength);
        if e.names.iter().all(|n| n.text != name.text) {
            e.names.push(name);
        }
    }
}

/// Adds the cell of a column that has a meaning by itself.
fn add_fact(header: &str, header_key: &str, cell: &str, e: &mut Entity) {
    match header_key {
        "type" => match Schema::parse(cell) {
            Some(schema) if e.schema == Schema::Unknown => e.schema = schema,
            Some(_) => {}
            None => e.add_remark(&format!("Type: {cell}")),
        },
        "date of birth" => cells::add_dates(cell, e),
        "place of birth" => cells::split_items(cell).into_iter().for_each(|p| e.add_birth_place([p])),
        "citizenship" => cells::add_countries(cell, e),
        "address" => {
            let items = cells::split_items(cell).into_iter().flat_map(|a| a.split([';', '\n']));
            items.for_each(|a| e.add_address([a]));
        }
        "imo number" => e.add_identifier(Identifier::new(IdentifierKind::Imo, cell)),
        "committees" => e.add_program(cell),
        "control date" => e.add_listing_date(cell),
        _ => {
            for part in cell.split(['\n', ';']).map(str::trim) {
                if !add_labelled_fact(part, e) {
                    e.add_remark(&format!("{header}: {part}"));
                }
            }
        }
    }
}

/// The kind of name that a word states.
fn name_kind(word: &str) -> Option<NameKind> {
    let word = word.to_lowercase();
    let begins = |heads: &[&str]| heads.iter().any(|h| word.starts_with(h));
    if begins(&["primary"]) {
        Some(NameKind::Primary)
    } else if begins(&["fka", "f.k.a", "former", "previous"]) {
        Some(NameKind::Former)
    } else {
        begins(&["aka", "a.k.a", "alias", "original script"]).then_some(NameKind::Alias)
    }
}

fn finish(mut builder: ListBuilder, layout: Layout, sha256: String) -> List {
    for e in &mut builder.entities {
        move_primary_name_first(e);
    }
    builder.finish(ListMetadata::new("au-dfat", layout, sha256))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Date;

    const SAMPLE: &str = "Reference,Name of Individual or Entity,Type,Name Type,Alias Strength,Date of Birth,Place of Birth,Citizenship,Address,Additional Information,Listing Information,IMO Number,Committees,Control Date\n\
        101,Ann Example,Individual,Primary Name,,a) 2 May 1971 b) circa 1972,\"a) Minsk, Belarus b) Gomel\",Belarus,a) Street 1 b) Street 2,Passport: AB123456,Listed by X,,Autonomous (Elbonia),2031-02-03\n\
        101a,Анна Пример,Individual,Original Script,,,,,,,,,,\n\
        102,Works Ltd,Entity,Primary Name,,,,,,,,,Autonomous (Elbonia),4/02/2031\n\
        101b,Nana,Individual,aka,Weak,,,,,,,,,\n\
        103,Sea Example,Vessel,Primary Name,,,,,,,,9253325,Autonomous (Elbonia),\n\
        101,Other Party,Individual,Primary Name,,,,,,,,,,\n\
        ,Nobody,Individual,,,,,,,,,,,\n\
        104,,Individual,,,,,,,,,,,\n";

    #[test]
    fn rows_of_one_reference_are_one_entity() {
        let list = read_csv(ByteSource::from_bytes("x", SAMPLE.as_bytes())).unwrap();
        let ids: Vec<&str> = list.entities.iter().map(|e| e.id.as_str()).collect();
        assert_eq!(ids, ["101", "102", "103", "101-2"]);
        assert_eq!((list.version.records, list.version.entities, list.version.rejected), (8, 4, 2));
        let e = &list.entities[0];
        assert_eq!(e.names, [Name::primary("Ann Example"), Name::alias("Анна Пример"), Name::weak("Nana")]);
        let dates: Vec<String> = e.birth_dates.iter().map(Date::to_string).collect();
        assert_eq!(dates, ["1971-05-02", "circa 1971/1973"]);
        assert_eq!(e.birth_places, ["Minsk, Belarus", "Gomel"]);
        assert_eq!((&e.countries[..], e.addresses.len()), (&["by".to_string()][..], 2));
        assert_eq!(e.identifiers, [Identifier::new(IdentifierKind::Passport, "AB123456")]);
        assert_eq!(
            (e.programs[0].as_str(), e.listed_on),
            ("Autonomous (Elbonia)", Date::parse("2031-02-03"))
        );
        assert_eq!(e.remarks, "Listing Information: Listed by X");
        assert_eq!(list.entities[2].identifiers, [Identifier::new(IdentifierKind::Imo, "9253325")]);
        assert_eq!(list.entities[3].names, [Name::primary("Other Party")]);
    }

    #[test]
    fn types_that_are_missing_or_shifted() {
        let csv = "Reference,Name of Individual or Entity,Type,Name Type,IMO Number\n\
            1,Sea Example,,Primary Name,9253325\n\
            1a,Old Example,fka,,\n\
            2,Ann Example,Individual,Primary Name,\n\
            2a,Anna Example,Individual,Previously listed as,\n\
            3,Works,Barge,Primary Name,\n";
        let list = read_csv(ByteSource::from_bytes("x", csv.as_bytes())).unwrap();
        let [ship, person, other] = &list.entities[..] else { panic!("three parties") };
        assert_eq!((ship.schema, ship.remarks.as_str()), (Schema::Vessel, ""));
        assert_eq!(ship.names, [Name::primary("Sea Example"), Name::former("Old Example")]);
        assert_eq!(person.names, [Name::primary("Ann Example"), Name::former("Anna Example")]);
        assert_eq!((other.schema, other.remarks.as_str()), (Schema::Unknown, "Type: Barge"));
    }
}
