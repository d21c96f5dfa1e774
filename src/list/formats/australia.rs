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
use crate::list::text::cells;
use crate::list::text::numbers::add_labelled_fact;
use crate::list::{Layout, List};
use rustc_hash::FxHashMap;
#[cfg(feature = "xlsx")]
use {
    crate::error::{Error, ErrorKind},
    crate::list::read::source::read_error,
    calamine::{Cell, Data, Reader, Xlsx, XlsxCellReader},
    std::io::{Cursor, Read},
};

/// The most bytes of a workbook as published. The list has about one million.
#[cfg(feature = "xlsx")]
const MAX_PACKED_BYTES: u64 = 64 << 20;
/// The most bytes of the parts of a workbook together, unpacked.
#[cfg(feature = "xlsx")]
const MAX_UNPACKED_BYTES: u64 = 256 << 20;

/// The most columns of a sheet. The list has about twenty.
#[cfg(feature = "xlsx")]
const MAX_COLUMNS: usize = 1000;

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
pub(crate) fn read_xlsx(mut source: ByteSource<'_>) -> Result<List> {
    let mut builder = ListBuilder::new(source.name());
    source.allow(MAX_PACKED_BYTES);
    let mut bytes = Vec::new();
    let at = source.position();
    source.read_to_end(&mut bytes).map_err(|e| read_error(&e, at))?;
    let sha256 = source.sha256()?;
    check_unpacked_size(&bytes)?;
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(broken_workbook)?;
    let mut found = false;
    for sheet in book.sheet_names() {
        let cells = book.worksheet_cells_reader(&sheet).map_err(broken_workbook)?;
        found |= read_sheet(&sheet, SheetRows { cells, peeked: None, at_end: false }, &mut builder)?;
    }
    if !found {
        return Err(Error::new(ErrorKind::UnknownLayout(
            "a workbook in which no sheet begins with the header of Australia's Consolidated List (Reference, Name of \
             Individual or Entity, …)"
                .into(),
        )));
    }
    Ok(finish(builder, Layout::AustraliaDfatXlsx, sha256))
}

/// Reads a sheet; false if its first row is not the header of the list.
#[cfg(feature = "xlsx")]
fn read_sheet(name: &str, mut rows: SheetRows<'_>, builder: &mut ListBuilder) -> Result<bool> {
    let Some((_, header)) = rows.next()? else { return Ok(false) };
    if !is_header(&header) {
        return Ok(false);
    }
    let width = header.len();
    let mut table = TableReader::new(header);
    let mut records = 0;
    while let Some((line, mut row)) = rows.next()? {
        // A workbook does not store the empty cells at the end of a row.
        row.resize(row.len().max(width), String::new());
        records += 1;
        let at = Position { record: Some(records), ..Position::line(line) };
        table.add_row(&row, at.in_field(name), builder)?;
    }
    Ok(true)
}

/// The rows of a sheet, read cell by cell. A sheet with a single cell in its last corner is therefore not held as a table
/// of all the cells between.
#[cfg(feature = "xlsx")]
struct SheetRows<'a> {
    cells: XlsxCellReader<'a, Cursor<Vec<u8>>>,
    /// The first cell of the next row.
    peeked: Option<Cell<Data>>,
    /// Whether the last cell was read. The reader reports a damaged file if it is called again after that.
    at_end: bool,
}

#[cfg(feature = "xlsx")]
impl SheetRows<'_> {
    /// The next row that is not empty, with its 1-based number. Sheets end in rows that were emptied and not
    /// deleted.
    fn next(&mut self) -> Result<Option<(u64, Vec<String>)>> {
        loop {
            let first = match self.peeked.take() {
                Some(cell) => cell,
                None => match self.next_cell()? {
                    Some(cell) => cell,
                    None => return Ok(None),
                },
            };
            let number = first.get_position().0;
            let mut row = Vec::new();
            let mut cell = Some(first);
            while let Some(found) = cell {
                if found.get_position().0 != number {
                    self.peeked = Some(found);
                    break;
                }
                let column = found.get_position().1 as usize;
                if column >= MAX_COLUMNS {
                    let what = format!("a row with more than {MAX_COLUMNS} columns");
                    return Err(Error::malformed(what).at(Position::line(u64::from(number) + 1)));
                }
                row.resize(row.len().max(column + 1), String::new());
                row[column] = cell_text(found.get_value());
                cell = self.next_cell()?;
            }
            while row.last().is_some_and(|c| c.trim().is_empty()) {
                row.pop();
            }
            if !row.is_empty() {
                return Ok(Some((u64::from(number) + 1, row)));
            }
        }
    }

    fn next_cell(&mut self) -> Result<Option<Cell<Data>>> {
        if self.at_end {
            return Ok(None);
        }
        let cell = self.cells.next_cell().map_err(broken_workbook)?;
        self.at_end = cell.is_none();
        Ok(cell.map(|c| Cell::new(c.get_position(), Data::from(c.get_value().clone()))))
    }
}

#[cfg(feature = "xlsx")]
fn broken_workbook(e: impl std::fmt::Display) -> Error {
    Error::malformed(format!("broken workbook: {e}"))
}

/// Unpacks every part once and counts the bytes, because the size that a part states is not to be trusted.
#[cfg(feature = "xlsx")]
fn check_unpacked_size(bytes: &[u8]) -> Result<()> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken_workbook)?;
    let mut left = MAX_UNPACKED_BYTES;
    for i in 0..archive.len() {
        let part = archive.by_index(i).map_err(broken_workbook)?;
        let size = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(broken_workbook)?;
        if size > left {
            let most = MAX_UNPACKED_BYTES >> 20;
            return Err(Error::malformed(format!(
                "a workbook of more than {most} MB unpacked: no list has that"
            )));
        }
        left -= size;
    }
    Ok(())
}

/// A cell as text, with dates in ISO 8601.
#[cfg(feature = "xlsx")]
fn cell_text(cell: &Data) -> String {
    match cell {
        Data::DateTime(date) if date.is_datetime() => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        // A workbook writes a carriage return in a cell so.
        other => other.to_string().replace("_x000D_", "\n"),
    }
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

    #[test]
    fn a_workbook_that_is_none() {
        for bytes in [&b"PK\x03\x04 [Content_Types].xml broken"[..], b"PK\x05\x06"] {
            assert!(read_xlsx(ByteSource::from_bytes("x", bytes)).is_err());
        }
    }
}
