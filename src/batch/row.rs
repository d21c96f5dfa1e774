//! What those who take a run's results get to see of a row.

use super::{Columns, set_query};
use crate::entity::Schema;
use crate::index::Index;
use crate::screen::{Hit, Query};
use csv::ByteRecord;

/// A name of a row that was screened; a row has one for each name column that holds a name.
#[derive(Clone, Copy, Debug)]
pub struct Screened<'a> {
    /// 1-based record number; the header does not count.
    pub row: u64,
    /// 1-based line, or row of the sheet, on which the record begins.
    pub line: u64,
    /// The name as it is written, trimmed.
    pub name: &'a str,
    pub(super) record: &'a ByteRecord,
    pub(super) columns: &'a Columns,
    /// Number of the name's column among the name columns.
    pub(super) which: usize,
    /// Whether it is the first name of its row.
    pub(super) first: bool,
}

impl<'a> Screened<'a> {
    /// The row's own id, where a column for it was chosen.
    pub fn id(&self) -> Option<&'a str> {
        self.columns.id_of(self.record)
    }

    /// The header of the column in which the name stands.
    pub fn name_column(&self) -> &'a str {
        self.columns.name_header(self.which)
    }

    /// The values under [`Columns::further`], each with its header.
    pub fn further(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let name_column = Some(self.name_column()).filter(|_| self.columns.names().len() > 1);
        let carried = self.columns.carried_of(self.record);
        self.columns.further().zip(name_column.into_iter().chain(self.id()).chain(carried))
    }

    /// The row as a query; `schema` is that of rows that do not tell their own.
    pub fn query(&self, schema: Schema) -> Query {
        let mut query = Query::default();
        set_query(&mut query, self.name, self.columns.fields(self.record, self.first), schema);
        query
    }

    /// What else was known of the party, as written: the field's name and its value; empty ones are left out.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &'a str)> + use<'a> {
        self.columns.fields(self.record, self.first).map(|(f, t)| (f.as_str(), t))
    }
}

/// A hit of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The hit.
    pub hit: Hit,
    /// Number of the acceptance that covers it, as [`Accept::accepted`] gave it.
    pub accepted: Option<u32>,
}

/// Knows which hits have been looked at before and accepted.
pub trait Accept: Sync {
    /// The number of the acceptance that covers this hit. Called from several threads, in any order.
    fn accepted(&self, row: &Screened<'_>, hit: &Hit, index: &Index) -> Option<u32>;

    /// The acceptance as it stands in the audit trail.
    fn describe(&self, acceptance: u32) -> String;
}

/// A row that was not screened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedRow {
    /// 1-based record number; the header does not count.
    pub row: u64,
    /// 1-based line, or row of the sheet, on which the record begins.
    pub line: u64,
    /// Why.
    pub reason: String,
}
