//! A row of the input and its outcome.

use super::{Columns, ComparedFields, set_query};
use crate::entity::Schema;
use crate::index::Index;
use crate::screen::{Hit, Query};
use csv::ByteRecord;
use std::fmt;

/// One name of a row that was screened; a row has one for each name column that holds a name.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ScreenedRow<'a> {
    /// 1-based record number; the header does not count.
    pub row: u64,
    /// 1-based line, or row of the sheet, on which the record begins, or the first blank line before it.
    pub line: u64,
    /// The name as it is written, trimmed.
    pub name: &'a str,
    record: &'a ByteRecord,
    columns: &'a Columns,
    /// Index of the name's column among the name columns.
    name_column_index: usize,
    /// Whether it is the first name of its row, which the identifiers go with.
    first: bool,
}

impl<'a> ScreenedRow<'a> {
    /// The name in one of the name columns of a record. `row` and `line` say where the record is in the
    /// input.
    pub(crate) fn new(
        (row, line): (u64, u64),
        record: &'a ByteRecord,
        columns: &'a Columns,
        name_column_index: usize,
        first: bool,
    ) -> Self {
        let name = columns.name(record, name_column_index);
        ScreenedRow { row, line, name, record, columns, name_column_index, first }
    }

    /// The row's own id, if a column for it was chosen.
    pub fn id(&self) -> Option<&'a str> {
        self.columns.id_of(self.record)
    }

    /// The header of the name's column.
    pub fn name_column(&self) -> &'a str {
        self.columns.name_header(self.name_column_index)
    }

    /// The values of [`Columns::extra_columns`], each with its header.
    pub fn extra_columns(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let name_column = Some(self.name_column()).filter(|_| self.columns.names().len() > 1);
        let carried = self.columns.carried_of(self.record);
        let sheet_row = self.columns.sheet_row_of(self.record);
        self.columns
            .extra_columns()
            .zip(name_column.into_iter().chain(self.id()).chain(carried).chain(sheet_row))
    }

    /// The row as a query; `schema` is that of rows without one of their own.
    pub fn query(&self, schema: Schema) -> Query {
        let mut query = Query::default();
        self.set_query(&mut query, schema);
        query
    }

    /// As [`ScreenedRow::query`], with the buffers of `query`.
    pub(crate) fn set_query(&self, query: &mut Query, schema: Schema) {
        set_query(query, self.name, self.columns.fields(self.record, self.first), schema);
        query.free_text = self.columns.is_free_text();
    }

    /// The other fields of the party as written: the field's name and its value; empty ones are left out.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &'a str)> + use<'a> {
        self.columns.fields(self.record, self.first).map(|(f, t)| (f.as_str(), t))
    }
}

impl ScreenedRow<'_> {
    /// Whether the row's name is free text.
    pub(crate) fn is_free_text(&self) -> bool {
        self.columns.is_free_text()
    }

    /// The fields that are compared, as a text; none if the input has no such column.
    pub(crate) fn compared(&self) -> Option<String> {
        self.columns.has_fields().then(|| ComparedFields::of(self.fields()).to_string())
    }
}

/// A hit of a row, or an entity that other fields cleared.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ScreenedHit {
    /// The hit.
    pub hit: Hit,
    /// Number of the acceptance that covers it, as [`AcceptanceLookup::find`] returned it.
    pub accepted: Option<u32>,
}

impl ScreenedHit {
    /// Whether it is a hit that was neither accepted nor cleared by other fields.
    pub fn is_open(&self) -> bool {
        self.accepted.is_none() && !self.is_cleared()
    }

    /// Whether other fields take it below the threshold.
    pub fn is_cleared(&self) -> bool {
        !self.hit.cleared_by.is_empty()
    }

    /// A hit and the number of the acceptance that covers it.
    pub(crate) fn new(hit: Hit, accepted: Option<u32>) -> Self {
        ScreenedHit { hit, accepted }
    }
}

/// Knows which hits are false positives that somebody accepted.
pub trait AcceptanceLookup: Sync {
    /// The number of the acceptance that covers this hit. Called from several threads, in any order.
    fn find(&self, row: &ScreenedRow<'_>, hit: &Hit, index: &Index) -> Option<u32>;

    /// The acceptance as hits and the audit trail show it: by whom, when and why.
    fn describe(&self, acceptance: u32) -> String;
}

/// A row that was not screened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RejectedRow {
    /// 1-based record number; the header does not count.
    pub row: u64,
    /// 1-based line, or row of the sheet, on which the record begins, or the first blank line before it.
    pub line: u64,
    /// Why.
    pub reason: RejectReason,
}

impl RejectedRow {
    /// A row at this place of the input.
    pub(crate) fn new((row, line): (u64, u64), reason: RejectReason) -> Self {
        RejectedRow { row, line, reason }
    }
}

/// Why a row was not screened. `Display` gives a text for people.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RejectReason {
    /// It has cells with text behind the header's last column.
    FieldCount {
        /// Fields of the row.
        got: usize,
        /// Fields of the header.
        expected: usize,
    },
    /// A field is not valid UTF-8, and no other encoding was given.
    InvalidUtf8 {
        /// 1-based number of the field.
        field: usize,
    },
    /// A field is not valid in the encoding of the input.
    InvalidEncoding {
        /// 1-based number of the field.
        field: usize,
    },
    /// A field holds a NUL byte.
    NulByte {
        /// 1-based number of the field.
        field: usize,
    },
    /// A field begins with a quote that is never closed.
    UnclosedQuote {
        /// 1-based number of the field.
        field: usize,
    },
    /// A field is longer than its limit.
    LongField {
        /// 1-based number of the field.
        field: usize,
        /// The limit in bytes.
        limit: u64,
    },
    /// The row is longer than its limit. What follows its line is read again as rows.
    LongRow {
        /// The limit in bytes.
        limit: u64,
    },
    /// A cell of a workbook claims to be beyond the columns or rows that a sheet has.
    BeyondSheet,
    /// The line has more levels of arrays and objects than their limit.
    DeepJson {
        /// The limit.
        limit: usize,
    },
    /// The line is not a JSON object with one value for each field; the text says why.
    InvalidJson(String),
    /// It has no name, and the table has no identifiers.
    NoName,
    /// It has neither a name nor an identifier.
    NoNameOrIdentifier,
    /// The name has neither letter nor digit.
    NoLetterOrDigit,
}

impl fmt::Display for RejectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RejectReason::FieldCount { got, expected } => {
                write!(f, "{got} fields where the header has {expected}")
            }
            RejectReason::InvalidUtf8 { field } => write!(f, "field {field} is not valid UTF-8"),
            RejectReason::InvalidEncoding { field } => {
                write!(f, "field {field} is not valid in the input's encoding")
            }
            RejectReason::NulByte { field } => write!(f, "field {field} holds a NUL byte"),
            RejectReason::UnclosedQuote { field } => write!(
                f,
                "field {field} begins with a quote that is never closed, so that it runs to the end of the input"
            ),
            RejectReason::LongField { field, limit } => {
                write!(f, "field {field} is longer than {limit} bytes")
            }
            RejectReason::LongRow { limit } => write!(
                f,
                "the row is longer than {limit} bytes; a quote may never be closed, and what follows is read as rows again"
            ),
            RejectReason::BeyondSheet => {
                f.write_str("a cell claims to be beyond column 16,384 or row 1,048,576, which no sheet has")
            }
            RejectReason::DeepJson { limit } => {
                write!(f, "more than {limit} levels of arrays and objects within each other")
            }
            RejectReason::InvalidJson(reason) => f.write_str(reason),
            RejectReason::NoName => f.write_str("no name"),
            RejectReason::NoNameOrIdentifier => f.write_str("no name and no identifier"),
            RejectReason::NoLetterOrDigit => f.write_str("the name has neither letter nor digit"),
        }
    }
}
