//! Reading the names to evaluate with.

use super::schema_of;
use crate::entity::Schema;
use crate::error::{Error, ErrorKind, Position, Result};
use crate::index::Index;
use crate::run::{ColumnChoice, Columns, RejectReason};
use crate::screen::Query;
use serde::Serialize;
use std::collections::HashMap;
use std::io::Read;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Columns that name the listed party of a positive.
const TARGET_COLUMNS: [&str; 3] = ["target", "listed_name", "entity_id"];

/// Rows of one kind: `rows = used + rejected`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CaseCounts {
    /// Rows read or made.
    pub rows: usize,
    /// Rows screened.
    pub used: usize,
    /// Rows that could not be used.
    pub rejected: usize,
}

impl CaseCounts {
    fn new(used: usize, rejected: usize) -> CaseCounts {
        CaseCounts { rows: used + rejected, used, rejected }
    }
}

impl std::iter::Sum for CaseCounts {
    fn sum<I: Iterator<Item = CaseCounts>>(counts: I) -> CaseCounts {
        counts.fold(CaseCounts::default(), |a, b| CaseCounts::new(a.used + b.used, a.rejected + b.rejected))
    }
}

/// A name to screen.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Case {
    /// 1-based row; the header does not count.
    pub row: u64,
    /// The name, with its fields.
    pub query: Query,
}

/// A row that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RejectedCase {
    /// 1-based row; the header does not count.
    pub row: u64,
    /// 1-based line of the file.
    pub line: u64,
    /// Why.
    pub reason: String,
}

/// Names of one file.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Cases {
    /// The names, in the order of their rows.
    pub cases: Vec<Case>,
    /// The rows that could not be used.
    pub rejected: Vec<RejectedCase>,
}

/// A name that must be found.
#[derive(Clone, Debug)]
pub(super) struct Positive {
    pub case: Case,
    /// The kind of case.
    pub category: String,
    /// The schema under which it is counted.
    pub schema: Schema,
    /// Numbers of entities of the index, of which one must be found.
    pub targets: Vec<u32>,
}

/// Names that must be found.
#[derive(Clone, Debug, Default)]
pub struct Positives {
    pub(super) cases: Vec<Positive>,
    /// The rows that could not be used.
    pub rejected: Vec<RejectedCase>,
    /// Whether the program made them.
    pub(super) made: bool,
    /// Their origin, for people.
    pub(super) origin: String,
}

/// The entities of an index by primary name and by id.
#[derive(Debug, Default)]
pub struct TargetIndex {
    by_name: HashMap<String, Vec<u32>>,
    by_id: HashMap<String, Vec<u32>>,
    schemas: Vec<Schema>,
}

/// A name without case, marks, punctuation and order.
pub(super) fn key(name: &str) -> String {
    let plain: String = name.nfkd().filter(|c| !is_combining_mark(*c)).collect();
    let plain = plain.to_uppercase();
    let mut words: Vec<&str> =
        plain.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.sort_unstable();
    words.join(" ")
}

impl TargetIndex {
    /// Reads every entity of an index.
    pub fn of(index: &Index) -> TargetIndex {
        let mut targets = TargetIndex::default();
        for number in 0..index.entities() as u32 {
            let Some((entity, _)) = index.entity(number) else { continue };
            targets.by_name.entry(key(entity.primary_name())).or_default().push(number);
            targets.by_id.entry(entity.id).or_default().push(number);
            targets.schemas.push(entity.schema);
        }
        targets
    }

    /// The entities with this primary name; case, marks, punctuation and order are ignored.
    pub fn named(&self, name: &str) -> &[u32] {
        self.by_name.get(&key(name)).map_or(&[], Vec::as_slice)
    }

    /// The entities with this id.
    pub fn with_id(&self, id: &str) -> &[u32] {
        self.by_id.get(id.trim()).map_or(&[], Vec::as_slice)
    }

    pub(super) fn positive(&self, case: Case, category: String, targets: Vec<u32>) -> Positive {
        let listed = targets.first().map_or(Schema::Unknown, |t| self.schemas[*t as usize]);
        Positive { schema: schema_of(&case.query, listed), case, category, targets }
    }
}

impl Cases {
    /// Reads names of parties that are not listed, from any table of counterparties with a header.
    ///
    /// # Errors
    ///
    /// The input is empty, has no name column, or cannot be read.
    pub fn read_negatives(input: impl Read, name_column: Option<&str>) -> Result<Cases> {
        let mut cases = Cases::default();
        read(
            input,
            name_column,
            |_| Ok(()),
            |(), row, line, _, query| match query {
                Ok(query) => cases.cases.push(Case { row, query }),
                Err(reason) => {
                    let reason = reason.to_string();
                    cases.rejected.push(RejectedCase { row, line, reason });
                }
            },
        )?;
        Ok(cases)
    }

    /// How many rows there were.
    pub fn counts(&self) -> CaseCounts {
        CaseCounts::new(self.cases.len(), self.rejected.len())
    }
}

impl Positives {
    /// Reads names that must be found: a table of counterparties with a column `target` or `listed_name` (the
    /// primary name of the listed party) or `entity_id`, and where there is one `category`.
    ///
    /// # Errors
    ///
    /// The input is empty, has no name column or no such column, or cannot be read.
    pub fn read(input: impl Read, name_column: Option<&str>, targets: &TargetIndex) -> Result<Positives> {
        let mut positives = Positives { origin: "a table of names".into(), ..Positives::default() };
        let columns = |header: &[String]| {
            let at = |name: &str| header.iter().position(|h| h.trim().eq_ignore_ascii_case(name));
            match TARGET_COLUMNS.iter().find_map(|name| Some((at(name)?, *name == "entity_id"))) {
                Some((target, by_id)) => Ok((target, by_id, at("category"))),
                None => Err(Error::malformed(format!(
                    "no column {} in the header ({}): it names the listed party that each row must find",
                    TARGET_COLUMNS.join(" / "),
                    header.join(", ")
                ))),
            }
        };
        read(input, name_column, columns, |(target, by_id, category), row, line, record, query| {
            let text = |i: usize| String::from_utf8_lossy(record.get(i).unwrap_or(b"")).trim().to_string();
            let wanted = text(*target);
            let found = if *by_id { targets.with_id(&wanted) } else { targets.named(&wanted) };
            let rejected = |reason: String| RejectedCase { row, line, reason };
            match query {
                Err(reason) => positives.rejected.push(rejected(reason.to_string())),
                Ok(_) if found.is_empty() => {
                    positives
                        .rejected
                        .push(rejected(format!("the target '{wanted}' is on none of the lists")));
                }
                Ok(query) => {
                    let category = category.map(&text).filter(|c| !c.is_empty());
                    let category = category.unwrap_or_else(|| "all".into());
                    positives.cases.push(targets.positive(Case { row, query }, category, found.to_vec()));
                }
            }
        })?;
        Ok(positives)
    }

    /// How many rows there were.
    pub fn counts(&self) -> CaseCounts {
        CaseCounts::new(self.cases.len(), self.rejected.len())
    }

    /// Writes them as a table that [`Positives::read`] reads.
    ///
    /// # Errors
    ///
    /// The output cannot be written.
    pub fn write(&self, out: impl std::io::Write, index: &Index) -> Result<()> {
        let fail = |e: csv::Error| Error::from(std::io::Error::from(e));
        let mut out = csv::Writer::from_writer(out);
        out.write_record(["category", "schema", "name", "entity_id", "target"]).map_err(fail)?;
        for p in &self.cases {
            let Some((entity, _)) = p.targets.first().and_then(|t| index.entity(*t)) else { continue };
            let query = &p.case.query;
            out.write_record([
                p.category.as_str(),
                query.schema.as_str(),
                &query.name,
                &entity.id,
                entity.primary_name(),
            ])
            .map_err(fail)?;
        }
        Ok(out.flush()?)
    }
}

/// Reads a table with a header. `columns` finds more columns in it; `each` takes a row's number and line, its
/// fields, and its query or why there is none.
fn read<C>(
    input: impl Read,
    name_column: Option<&str>,
    columns: impl FnOnce(&[String]) -> Result<C>,
    mut each: impl FnMut(&C, u64, u64, &csv::ByteRecord, Result<Query, RejectReason>),
) -> Result<()> {
    let input = crate::batch::decode_marked(input)?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let fail = |e: csv::Error| {
        let position =
            e.position().map_or_else(Position::default, |p| Position::record(p.record()).at_line(p.line()));
        Error::malformed(e.to_string()).at(position)
    };
    let header = reader.byte_headers().map_err(fail)?.clone();
    if header.iter().all(|f| f.iter().all(u8::is_ascii_whitespace)) {
        return Err(Error::new(ErrorKind::Empty));
    }
    let found = Columns::find(&header, &ColumnChoice::default().names(name_column))?;
    let shown: Vec<String> = header.iter().map(|h| String::from_utf8_lossy(h).into_owned()).collect();
    let more = columns(&shown)?;
    let mut record = csv::ByteRecord::new();
    let mut row = 0;
    while reader.read_byte_record(&mut record).map_err(fail)? {
        row += 1;
        let line = record.position().map_or(0, csv::Position::line);
        each(&more, row, line, &record, found.query(&record));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list;

    #[test]
    fn names_are_told_apart_by_their_words_alone() {
        assert_eq!(key("PÉTROV, Ivan  (jr.)"), key("ivan jr petrov"));
        assert_ne!(key("Ivan Petrov"), key("Ivan Petrova"));
    }

    #[test]
    fn every_row_is_used_or_rejected() {
        let list = list::from_bytes("l", b"id,name\n1,Jane Roe\n2,JOHN DOE\n").unwrap();
        let targets = TargetIndex::of(&Index::build(&[list]).unwrap());
        let rows = "name,target,category\nRoe Jane,\"ROE, Jane\",order\nDoe,Nobody,order\n,John Doe,x\nJ,John Doe,y,z\nJ. Doe,doe john,\n";
        let read = Positives::read(rows.as_bytes(), None, &targets).unwrap();
        assert_eq!(read.counts(), CaseCounts { rows: 5, used: 2, rejected: 3 });
        assert_eq!((read.cases[0].targets.as_slice(), read.cases[0].category.as_str()), (&[0][..], "order"));
        assert_eq!(read.cases[1].category, "all");
        assert_eq!((read.rejected[0].row, read.rejected[0].line), (2, 3));
        assert!(read.rejected[0].reason.contains("'Nobody' is on none of the lists"));
        assert!(read.rejected[1].reason.contains("no name"));
        let by_id = Positives::read("entity_id,name\n2,Doe\n".as_bytes(), None, &targets).unwrap();
        assert_eq!(by_id.cases[0].targets, [1]);
        let none = Positives::read("name,id\na,b\n".as_bytes(), None, &targets).unwrap_err();
        assert!(none.to_string().contains("no column target / listed_name / entity_id"), "{none}");
    }
}
