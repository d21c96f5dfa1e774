//! Australia's Consolidated List of DFAT, as the published workbook (.xlsx) or the same table as CSV.
//!
//! | column | becomes |
//! |---|---|
//! | `Reference` | id: its number; rows "101a", "101b" … are further names of 101 |
//! | `Name of Individual or Entity` | name |
//! | `Name Type` Primary Name / aka / Original Script / fka, Previously listed as | primary name, alias, alias, former name |
//! | `Alias Strength` Weak | weak alias |
//! | `Type` Individual, Entity, Vessel; empty beside an IMO number | schema; a vessel |
//! | `Date of Birth`, `Place of Birth`, `Address` | the like; free text, items lettered "a) … b) …" |
//! | `Citizenship` "Malian / Mauritanian", "Indonesian (as at 2003)" | countries; with what they are qualified by, also a remark |
//! | `IMO Number` | IMO number |
//! | `Committees` | program |
//! | `Control Date` | listing date |
//! | `Additional Information`, `Listing Information`, `Instrument of Designation`, and whatever else has a header | remarks |
//!
//! A second row without a letter under a number that was used before, with other rows between, is another
//! party: the list has such mistakes. It gets the id "101-2".
//!
//! Cost: the workbook is unpacked in memory, at most 256 MB of it. Limits: the file tells neither its date nor
//! its number of records; cells are read as shown, formulas are not computed.

use super::gather::{About, Gathered, Refused, settle_names};
use super::numbers::fact;
use super::source::Source;
use super::table::Rows;
use super::{Layout, List, cells};
use crate::entity::{Entity, Identifier, IdentifierKind, Name, NameKind, Schema, Strength};
use crate::error::{Position, Result};
use rustc_hash::FxHashMap;
#[cfg(feature = "xlsx")]
use {
    super::source::io_error,
    crate::error::{Error, ErrorKind},
    calamine::{Cell, Data, Reader, Xlsx, XlsxCellReader},
    std::io::{Cursor, Read},
};

/// The most bytes of a workbook as it lies on disk; the published one has about one million.
#[cfg(feature = "xlsx")]
const MOST_PACKED: u64 = 64 << 20;
/// The most bytes of its parts together, unpacked.
#[cfg(feature = "xlsx")]
const MOST_UNPACKED: u64 = 256 << 20;

/// More columns than any list has.
#[cfg(feature = "xlsx")]
const MOST_COLUMNS: usize = 1000;

const REFERENCE: &str = "reference";
const NAME: &str = "name of individual or entity";

/// Whether a header is that of the list.
pub(super) fn is_header(fields: &[String]) -> bool {
    let has = |wanted: &str| fields.iter().any(|f| f.trim().eq_ignore_ascii_case(wanted));
    has(REFERENCE) && has(NAME)
}

/// Reads the table as CSV.
pub(super) fn read_csv(source: Source<'_>) -> Result<List> {
    let mut gathered = Gathered::new(source.name());
    let mut rows = Rows::new(source, b',');
    let mut reading = Reading::new(rows.header()?);
    while let Some((record, at)) = rows.next()? {
        if record.iter().all(|f| f.iter().all(u8::is_ascii_whitespace)) {
            let reason = Refused::record("a row without content");
            gathered.reject(at, reason)?;
            continue;
        }
        let cells: std::result::Result<Vec<String>, _> =
            record.iter().map(|f| std::str::from_utf8(f).map(str::to_string)).collect();
        match cells {
            Ok(cells) => reading.row(&cells, at, &mut gathered)?,
            Err(_) => gathered.reject(at, Refused::record("not valid UTF-8"))?,
        }
    }
    let sha256 = rows.sha256()?;
    Ok(list(gathered, Layout::AustraliaDfat, sha256))
}

/// Reads the workbook: every sheet whose first row is the list's header.
#[cfg(feature = "xlsx")]
pub(super) fn read_xlsx(mut source: Source<'_>) -> Result<List> {
    let mut gathered = Gathered::new(source.name());
    source.allow(MOST_PACKED);
    let mut bytes = Vec::new();
    let at = source.position();
    source.read_to_end(&mut bytes).map_err(|e| io_error(&e, at))?;
    let sha256 = source.sha256()?;
    check_size(&bytes)?;
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(broken)?;
    let mut found = false;
    for sheet in book.sheet_names() {
        let cells = book.worksheet_cells_reader(&sheet).map_err(broken)?;
        let mut rows = SheetRows { cells, ahead: None, done: false };
        let Some((_, header)) = rows.next()? else { continue };
        if !is_header(&header) {
            continue;
        }
        found = true;
        let width = header.len();
        let mut reading = Reading::new(header);
        let mut records = 0;
        while let Some((line, mut row)) = rows.next()? {
            // Empty cells at the end of a row are not written.
            row.resize(row.len().max(width), String::new());
            records += 1;
            let at = Position { record: Some(records), ..Position::line(line) };
            reading.row(&row, at.in_field(sheet.clone()), &mut gathered)?;
        }
    }
    if !found {
        return Err(Error::new(ErrorKind::UnknownLayout(
            "a workbook in which no sheet begins with the header of Australia's Consolidated List (Reference, Name of \
             Individual or Entity, …)"
                .into(),
        )));
    }
    Ok(list(gathered, Layout::AustraliaDfatXlsx, sha256))
}

/// The rows of a sheet, cell by cell: a sheet with one cell in its last corner is not held as a table of all the
/// cells between.
#[cfg(feature = "xlsx")]
struct SheetRows<'a> {
    cells: XlsxCellReader<'a, Cursor<Vec<u8>>>,
    /// The first cell of the next row.
    ahead: Option<Cell<Data>>,
    /// Whether the last cell was read: a reader asked again behind it reports a cut file.
    done: bool,
}

#[cfg(feature = "xlsx")]
impl SheetRows<'_> {
    /// The next row that holds something, with its 1-based number: sheets end in rows that were emptied and not
    /// deleted.
    fn next(&mut self) -> Result<Option<(u64, Vec<String>)>> {
        loop {
            let first = match self.ahead.take() {
                Some(cell) => cell,
                None => match self.cell()? {
                    Some(cell) => cell,
                    None => return Ok(None),
                },
            };
            let number = first.get_position().0;
            let mut row = Vec::new();
            let mut cell = Some(first);
            while let Some(found) = cell {
                if found.get_position().0 != number {
                    self.ahead = Some(found);
                    break;
                }
                let column = found.get_position().1 as usize;
                if column >= MOST_COLUMNS {
                    let what = format!("a row with more than {MOST_COLUMNS} columns");
                    return Err(Error::malformed(what).at(Position::line(u64::from(number) + 1)));
                }
                row.resize(row.len().max(column + 1), String::new());
                row[column] = text(found.get_value());
                cell = self.cell()?;
            }
            while row.last().is_some_and(|c| c.trim().is_empty()) {
                row.pop();
            }
            if !row.is_empty() {
                return Ok(Some((u64::from(number) + 1, row)));
            }
        }
    }

    fn cell(&mut self) -> Result<Option<Cell<Data>>> {
        if self.done {
            return Ok(None);
        }
        let cell = self.cells.next_cell().map_err(broken)?;
        self.done = cell.is_none();
        Ok(cell.map(|c| Cell::new(c.get_position(), Data::from(c.get_value().clone()))))
    }
}

#[cfg(feature = "xlsx")]
fn broken(e: calamine::XlsxError) -> Error {
    Error::malformed(format!("broken workbook: {e}"))
}

/// Unpacks every part once, counting: what a part says of its own size is not to be trusted.
#[cfg(feature = "xlsx")]
fn check_size(bytes: &[u8]) -> Result<()> {
    let broken = |e: &dyn std::fmt::Display| Error::malformed(format!("broken workbook: {e}"));
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| broken(&e))?;
    let mut left = MOST_UNPACKED;
    for i in 0..archive.len() {
        let part = archive.by_index(i).map_err(|e| broken(&e))?;
        let size = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|e| broken(&e))?;
        if size > left {
            let most = MOST_UNPACKED >> 20;
            return Err(Error::malformed(format!(
                "a workbook of more than {most} MB unpacked: no list has that"
            )));
        }
        left -= size;
    }
    Ok(())
}

/// A cell as text; dates as ISO 8601.
#[cfg(feature = "xlsx")]
fn text(cell: &Data) -> String {
    match cell {
        Data::DateTime(date) if date.is_datetime() => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        // What a workbook writes for a carriage return in a cell.
        other => other.to_string().replace("_x000D_", "\n"),
    }
}

struct Reading {
    header: Vec<String>,
    /// The latest entity under each number, and how many there are.
    by_number: FxHashMap<String, (usize, usize)>,
    last: String,
}

impl Reading {
    fn new(header: Vec<String>) -> Reading {
        let header = header.iter().map(|h| h.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        Reading { header, by_number: FxHashMap::default(), last: String::new() }
    }

    fn row(&mut self, row: &[String], at: Position, gathered: &mut Gathered) -> Result<()> {
        if row.len() != self.header.len() {
            let what = format!("{} fields where the header has {}", row.len(), self.header.len());
            return gathered.reject(at, Refused::record(what));
        }
        let cell = |name: &str| {
            let found = self.header.iter().position(|h| h.eq_ignore_ascii_case(name));
            found.map_or("", |i| row[i].trim())
        };
        let reference = cell(REFERENCE);
        let digits = reference.find(|c: char| !c.is_ascii_digit()).unwrap_or(reference.len());
        let (number, letter) = reference.split_at(digits);
        if number.is_empty() {
            let reason = Refused::field("Reference", "no reference number");
            return gathered.reject(at, reason);
        }
        let name = cell(NAME);
        if name.is_empty() {
            return gathered.reject(at, Refused::field("Name of Individual or Entity", "no name"));
        }
        let number = number.to_string();
        // An alias row brings its letter wherever it stands; a bare number that comes back is another party.
        let known = self.by_number.get(&number).copied();
        let known = known.filter(|_| !letter.is_empty() || self.last == number);
        let entity = match known {
            Some((entity, _)) => {
                gathered.fold(1);
                entity
            }
            None => {
                let times = self.by_number.get(&number).map_or(1, |(_, times)| times + 1);
                let id = if times > 1 { format!("{number}-{times}") } else { number.clone() };
                let mut e = Entity::new(id, Schema::Unknown, "");
                e.names.clear();
                gathered.entities.push(e);
                let entity = gathered.entities.len() - 1;
                self.by_number.insert(number.clone(), (entity, times));
                entity
            }
        };
        self.last = number;
        self.facts(row, &mut gathered.entities[entity]);
        Ok(())
    }

    fn facts(&self, row: &[String], e: &mut Entity) {
        let (mut name, mut kind, mut strength) = ("", NameKind::Alias, Strength::Strong);
        let mut has_number = false;
        for (header, cell) in self.header.iter().zip(row).filter(|(_, cell)| !cell.trim().is_empty()) {
            let cell = cell.trim();
            match header.to_lowercase().as_str() {
                REFERENCE => {}
                NAME => name = cell,
                "name type" => kind = name_kind(cell).unwrap_or(NameKind::Alias),
                "alias strength" if cell.eq_ignore_ascii_case("weak") => strength = Strength::Weak,
                "type" => match (Schema::parse(cell), name_kind(cell)) {
                    (Some(schema), _) if e.schema == Schema::Unknown => e.schema = schema,
                    (Some(_), _) => {}
                    // The cell of the next column, one too far to the left.
                    (None, Some(shifted)) => kind = shifted,
                    (None, None) => e.add_remark(&format!("Type: {cell}")),
                },
                "date of birth" => cells::dates(cell, e),
                "place of birth" => cells::lettered(cell).into_iter().for_each(|p| e.add_birth_place([p])),
                "citizenship" => cells::countries(cell, e),
                "address" => {
                    let items = cells::lettered(cell).into_iter().flat_map(|a| a.split([';', '\n']));
                    items.for_each(|a| e.add_address([a]));
                }
                "imo number" => {
                    has_number = true;
                    e.add_identifier(Identifier::new(IdentifierKind::Imo, cell));
                }
                "committees" => e.add_program(cell),
                "control date" => e.add_listing_date(cell),
                "alias strength" => {}
                _ => {
                    for part in cell.split(['\n', ';']).map(str::trim) {
                        if !fact(part, e) {
                            e.add_remark(&format!("{header}: {part}"));
                        }
                    }
                }
            }
        }
        if has_number && e.schema == Schema::Unknown {
            e.schema = Schema::Vessel;
        }
        // Which of them is the primary name is settled when all rows are read.
        let name = Name::new(name, kind, strength);
        if e.names.iter().all(|n| n.text != name.text) {
            e.names.push(name);
        }
    }
}

/// The kind of name that a word tells; `None` for a word that tells none.
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

fn list(mut gathered: Gathered, layout: Layout, sha256: String) -> List {
    for e in &mut gathered.entities {
        settle_names(e);
    }
    gathered.list(About::new("au-dfat", layout, sha256))
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
        let list = read_csv(Source::bytes("x", SAMPLE.as_bytes())).unwrap();
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
        let list = read_csv(Source::bytes("x", csv.as_bytes())).unwrap();
        let [ship, person, other] = &list.entities[..] else { panic!("three parties") };
        assert_eq!((ship.schema, ship.remarks.as_str()), (Schema::Vessel, ""));
        assert_eq!(ship.names, [Name::primary("Sea Example"), Name::former("Old Example")]);
        assert_eq!(person.names, [Name::primary("Ann Example"), Name::former("Anna Example")]);
        assert_eq!((other.schema, other.remarks.as_str()), (Schema::Unknown, "Type: Barge"));
    }

    #[test]
    fn a_workbook_that_is_none() {
        for bytes in [&b"PK\x03\x04 [Content_Types].xml broken"[..], b"PK\x05\x06"] {
            assert!(read_xlsx(Source::bytes("x", bytes)).is_err());
        }
    }
}
