//! OFAC's delimited files: `sdn.csv` with `alt.csv`, `add.csv` and `sdn_comments.csv` in the same folder, and
//! `cons_prim.csv`, `cons_alt.csv` … of the consolidated list.
//!
//! The files have no header. Null is `-0- `. They end with the byte 0x1A, which is not a record.
//!
//! | file | columns |
//! |---|---|
//! | sdn | ent_num, name, type, program, title, call sign, vessel type, tonnage, gross tonnage, flag, owner, remarks |
//! | alt | ent_num, alt_num, type (aka, fka, nka), name, remarks |
//! | add | ent_num, add_num, address, city/state/postal code, country, remarks |
//! | comments | ent_num, continued remarks |
//!
//! The type is `individual`, `vessel`, `aircraft`, or null for an organisation. Several programmes are joined
//! by `] [`. Remarks have a grammar of their own (see `remarks.rs`) and are read together with the comments
//! that continue them. Names stay as published ("PUTIN, Vladimir Vladimirovich").
//!
//! Cost: one streamed pass over each file. Limits: a last row without a line end is an error, as the file was
//! cut off. A row with another number of fields, with bytes that are not UTF-8, or about an entity that is
//! not in the sdn file, is rejected.

use super::{facts, remarks};
use crate::digest::hex_digest;
use crate::entity::{Entity, Identifier, IdentifierKind};
use crate::error::Result;
use crate::list::read::builder::{ListBuilder, ListMetadata, Parsed, RejectReason};
use crate::list::read::csv_rows::{CsvRows, row_of_text};
use crate::list::read::source::ByteSource;
use crate::list::{Layout, List, ListProblem};
use rustc_hash::FxHashMap;
use std::path::Path;

/// Ends a file.
const END_OF_FILE: u8 = 0x1a;

/// An empty cell.
const NULL: &str = "-0-";

/// The tables of a list, each in a file of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    /// The parties.
    Main,
    /// Further names.
    Aliases,
    /// Addresses.
    Addresses,
    /// Remarks continued.
    Comments,
}

impl Table {
    /// The number of columns.
    fn columns(self) -> usize {
        match self {
            Table::Main => 12,
            Table::Aliases => 5,
            Table::Addresses => 6,
            Table::Comments => 2,
        }
    }
}

/// The table that a row belongs to, by its numbers and its number of fields.
pub(crate) fn table_of_row(fields: &[String]) -> Option<Table> {
    let is_number =
        |i: usize| fields.get(i).is_some_and(|f| !f.is_empty() && f.bytes().all(|b| b.is_ascii_digit()));
    let tables = [Table::Main, Table::Aliases, Table::Addresses, Table::Comments];
    let table = tables.into_iter().find(|t| t.columns() == fields.len() && is_number(0))?;
    let has_own_number = matches!(table, Table::Aliases | Table::Addresses);
    (!has_own_number || is_number(1)).then_some(table)
}

/// The files of one list.
pub(crate) struct ListFiles<'a> {
    main: ByteSource<'a>,
    aliases: Option<ByteSource<'a>>,
    addresses: Option<ByteSource<'a>>,
    comments: Option<ByteSource<'a>>,
}

impl<'a> ListFiles<'a> {
    /// The sdn file alone.
    pub(crate) fn main_alone(main: ByteSource<'a>) -> Self {
        ListFiles { main, aliases: None, addresses: None, comments: None }
    }

    /// Adds a file by its content. A file that is not a part of the list is ignored.
    pub(crate) fn add(&mut self, source: ByteSource<'a>) {
        let row = row_of_text(String::from_utf8_lossy(source.head()).trim_start(), b',', 0);
        match row.and_then(|fields| table_of_row(&fields)) {
            Some(Table::Aliases) => self.aliases = Some(source),
            Some(Table::Addresses) => self.addresses = Some(source),
            Some(Table::Comments) => self.comments = Some(source),
            Some(Table::Main) | None => {}
        }
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |n| n.to_string_lossy().to_lowercase())
}

/// Whether the file name says that `other` is a part of the list whose main file is `main`.
pub(crate) fn is_part_of(main: &Path, other: &Path) -> bool {
    let consolidated = file_name(main).starts_with("cons");
    let name = file_name(other);
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(s, _)| s);
    if consolidated {
        matches!(stem, "cons_alt" | "cons_add" | "cons_comments")
    } else {
        matches!(stem, "alt" | "add" | "sdn_comments" | "comments" | "sdn_alt" | "sdn_add")
    }
}

struct DelimitedReader {
    /// Indices of the entities by their numbers.
    by_number: FxHashMap<String, usize>,
    builder: ListBuilder,
    /// The remarks of each entity. The sdn file cuts long remarks, even within a word, and the comments
    /// continue them. Therefore they are read when all files are.
    remarks: Vec<String>,
}

/// Reads the fields of one row.
type ReadRow = fn(&mut DelimitedReader, &[&str]) -> Parsed<()>;

pub(crate) fn read(files: ListFiles<'_>) -> Result<List> {
    let consolidated = file_name(Path::new(files.main.name())).starts_with("cons");
    let builder = ListBuilder::new(files.main.name());
    let mut r = DelimitedReader { by_number: FxHashMap::default(), builder, remarks: Vec::new() };
    for (file, part) in [(&files.aliases, "alt.csv"), (&files.addresses, "add.csv")] {
        if file.is_none() {
            let prefix = if consolidated { "cons_" } else { "" };
            r.builder.add_problem(ListProblem::PartMissing { part: format!("{prefix}{part}") });
        }
    }
    let mut digests = vec![r.read_file(files.main, Table::Main, DelimitedReader::read_entity)?];
    // Rows of the other files add to entities; only the rejected ones count as records.
    for (file, table, read_row) in [
        (files.aliases, Table::Aliases, DelimitedReader::read_alias as ReadRow),
        (files.addresses, Table::Addresses, DelimitedReader::read_address),
        (files.comments, Table::Comments, DelimitedReader::read_comment),
    ] {
        if let Some(file) = file {
            digests.push(r.read_file(file, table, read_row)?);
        }
    }
    for (e, text) in r.builder.entities.iter_mut().zip(&r.remarks) {
        remarks::read(text, e);
        e.add_remark(text);
    }
    let sha256 = match &digests[..] {
        [one] => one.clone(),
        digests => hex_digest([digests.join("\n").as_bytes()]),
    };
    let name = if consolidated { "ofac-consolidated" } else { "ofac-sdn" };
    Ok(r.builder.finish(ListMetadata::new(name, Layout::OfacDelimited, sha256)))
}

impl DelimitedReader {
    /// Reads the rows of a file and returns its SHA-256.
    fn read_file(&mut self, source: ByteSource<'_>, table: Table, read_row: ReadRow) -> Result<String> {
        self.builder.begin_file(source.name());
        let mut rows = CsvRows::new(source, b',').require_line_ends();
        while let Some((record, at)) = rows.next()? {
            if record.len() == 1 && record[0].iter().all(|b| *b == END_OF_FILE || b.is_ascii_whitespace()) {
                continue;
            }
            if let Err(reason) = texts(record, table.columns()).and_then(|row| read_row(self, &row)) {
                self.builder.reject(at, reason)?;
            }
        }
        rows.sha256()
    }

    fn read_entity(&mut self, row: &[&str]) -> Parsed<()> {
        let texts: Vec<&str> = row.iter().map(|t| t.trim()).collect();
        let [number, name, kind, program, title, call_sign, vessel_type, tonnage, gross, flag, owner, _] =
            texts[..]
        else {
            return Err(another_shape());
        };
        if name.is_empty() {
            return Err(RejectReason::record("no name"));
        }
        if number.is_empty() || self.by_number.contains_key(number) {
            let what = format!("entity number '{number}' is missing or stands here twice");
            return Err(RejectReason::record(what));
        }
        let mut e = Entity::new(number, facts::schema(kind), name);
        program.split("] [").for_each(|p| e.add_program(p.trim_matches(['[', ']'])));
        e.add_identifier(Identifier::new(IdentifierKind::CallSign, call_sign));
        e.add_country(flag);
        for (label, text) in [
            ("Title", title),
            ("Vessel type", vessel_type),
            ("Tonnage", tonnage),
            ("Gross tonnage", gross),
            ("Owner", owner),
        ] {
            facts::add_labelled_remark(label, text, &mut e);
        }
        self.by_number.insert(number.to_string(), self.builder.entities.len());
        self.builder.entities.push(e);
        self.remarks.push(row[11].to_string());
        Ok(())
    }

    /// The index of the entity with this number.
    fn index_of(&self, number: &str) -> Parsed<usize> {
        let number = number.trim();
        let missing = || RejectReason::record(format!("entity number '{number}' is not in the sdn file"));
        self.by_number.get(number).copied().ok_or_else(missing)
    }

    fn read_alias(&mut self, row: &[&str]) -> Parsed<()> {
        let [number, _, kind, name, remarks] = row else { return Err(another_shape()) };
        if name.trim().is_empty() {
            return Err(RejectReason::record("no name"));
        }
        let index = self.index_of(number)?;
        let e = &mut self.builder.entities[index];
        // A repeated name is kept too, so that the counts of names are those of the file.
        e.names.push(facts::alias(name, kind, false));
        e.add_remark(remarks);
        Ok(())
    }

    fn read_address(&mut self, row: &[&str]) -> Parsed<()> {
        let [number, _, street, city, country, remarks] = row else { return Err(another_shape()) };
        let index = self.index_of(number)?;
        let e = &mut self.builder.entities[index];
        facts::add_address([*street, *city, *country], country, e);
        e.add_remark(remarks);
        Ok(())
    }

    fn read_comment(&mut self, row: &[&str]) -> Parsed<()> {
        let [number, text] = row else { return Err(another_shape()) };
        let index = self.index_of(number)?;
        let remarks = &mut self.remarks[index];
        // The cut may have dropped the blank before a country in brackets.
        if text.starts_with('(') && remarks.ends_with(|c: char| c.is_alphanumeric()) {
            remarks.push(' ');
        }
        remarks.push_str(text);
        Ok(())
    }
}

/// The fields of a row, with null as the empty text.
fn texts(record: &csv::ByteRecord, fields: usize) -> Parsed<Vec<&str>> {
    if record.len() != fields {
        let what = format!("{} fields where the layout has {fields}", record.len());
        return Err(RejectReason::record(what));
    }
    let texts: Result<Vec<&str>, _> = record.iter().map(std::str::from_utf8).collect();
    let texts = texts.map_err(|_| RejectReason::record("not valid UTF-8"))?;
    Ok(texts.into_iter().map(|t| if t.trim() == NULL { "" } else { t }).collect())
}

fn another_shape() -> RejectReason {
    RejectReason::record("another shape")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Name, Schema};

    #[test]
    fn comments_continue_the_remarks() {
        let prim = b"17,\"EXAMPLE BANK\",-0- ,\"UKRAINE-EO13662] [RUSSIA-EO14024\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"SWIFT/BIC EXAMRUMM; Registration Numbe\"\n\
                     18,\"EXAMPLE TRADE\",-0- ,\"CMIC-EO13959\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"Tax ID No. 77\"\n\x1a";
        let mut files = ListFiles::main_alone(ByteSource::from_bytes("cons_prim.csv", prim));
        let comments = b"17,\"r 1027 (Russia); a.k.a. 'EXBANK'.\"\n18,\"(China); a.k.a. 'EXTRA'.\"\n\x1a";
        files.add(ByteSource::from_bytes("cons_comments.csv", comments));
        let list = read(files).unwrap();
        assert_eq!((list.version.name.as_str(), list.version.records), ("ofac-consolidated", 2));
        let e = &list.entities[0];
        assert_eq!(e.programs, ["UKRAINE-EO13662", "RUSSIA-EO14024"]);
        assert_eq!(e.names[1], Name::weak("EXBANK"));
        let ids: Vec<_> = e.identifiers.iter().map(|i| (i.kind.as_str(), i.value.as_str())).collect();
        assert_eq!(ids, [("bic", "EXAMRUMM"), ("registration", "1027")]);
        assert!(e.remarks.ends_with("Registration Number 1027 (Russia); a.k.a. 'EXBANK'."), "{}", e.remarks);
        let id = &list.entities[1].identifiers[0];
        assert_eq!((id.value.as_str(), id.country.as_deref()), ("77", Some("cn")));
    }

    #[test]
    fn the_files_of_a_list_are_read_together() {
        let sdn = b"1,\"DOE, John\",\"individual\",\"SDGT] [CYBER2\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB 1970.\"\r\n\
                    2,\"ACME LTD.\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\
                    2,\"AGAIN\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\x1a";
        let mut files = ListFiles::main_alone(ByteSource::from_bytes("sdn.csv", sdn));
        let alt = b"2,9,\"fka\",\"OLD ACME\",-0- \r\n7,1,\"aka\",\"NOBODY\",-0- \r\n\x1a";
        files.add(ByteSource::from_bytes("alt.csv", alt));
        files.add(ByteSource::from_bytes("add.csv", b"2,1,\"Street 1\",\"Havana\",\"Cuba\",-0- \r\n"));
        let list = read(files).unwrap();
        assert_eq!(list.entities.len(), 2);
        assert_eq!(list.entities[0].programs, ["SDGT", "CYBER2"]);
        assert_eq!(list.entities[0].schema, Schema::Person);
        assert_eq!(list.entities[1].names[1], Name::former("OLD ACME"));
        assert_eq!(list.entities[1].countries, ["cu"]);
        assert_eq!(list.entities[1].addresses, ["Street 1, Havana, Cuba"]);
        let reasons: Vec<_> = list.rejected.iter().map(|r| (r.file.as_str(), r.position.line)).collect();
        assert_eq!(reasons, [("sdn.csv", Some(3)), ("alt.csv", Some(2))]);
        assert_eq!(list.version.records, list.version.entities + list.version.rejected);
    }
}
