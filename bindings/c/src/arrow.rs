//! Tables of Arrow through the C stream interface: a stream of rows in, a stream of hits out.

use crate::failure::{Failure, Result, Status};
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use interdict::Screener;
use interdict::batch::ColumnChoice;
use interdict::entity::Schema;
use interdict::run::Field;
use interdict_arrow::{HitBatches, TableScreener};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The options of a table, in JSON.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Columns of names; `First+Last` joins two.
    names: Vec<String>,
    /// Fields with their columns.
    fields: BTreeMap<String, String>,
    /// The column with the row's id.
    id: Option<String>,
    /// Columns that are copied to the hits.
    carry: Vec<String>,
    /// The kind of parties of rows that have none of their own.
    schema: Option<String>,
    threads: Option<usize>,
    show_cleared: bool,
    show_rejected: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            names: Vec::new(),
            fields: BTreeMap::new(),
            id: None,
            carry: Vec::new(),
            schema: None,
            threads: None,
            show_cleared: false,
            // Nothing else in C tells which rows were not screened.
            show_rejected: true,
        }
    }
}

impl Options {
    fn parse(text: &str) -> Result<Options> {
        let text = if text.trim().is_empty() { "{}" } else { text };
        serde_json::from_str(text).map_err(|e| Failure::json(format!("the options of the table: {e}")))
    }

    fn screener(self, screener: &Screener) -> Result<TableScreener> {
        let fields = self.fields.into_iter().map(|(field, column)| Ok((field.parse::<Field>()?, column)));
        let fields = fields.collect::<interdict::Result<Vec<_>>>()?;
        let columns = ColumnChoice::default().names(self.names).fields(fields).id(self.id).carry(self.carry);
        let schema = match &self.schema {
            None => Schema::Unknown,
            Some(word) => Schema::parse(word).ok_or_else(|| {
                Failure::new(Status::INTERDICT_INVALID_ARGUMENT, format!("'{word}' is no kind of party"))
            })?,
        };
        if self.threads == Some(0) {
            return Err(Failure::new(Status::INTERDICT_INVALID_ARGUMENT, "the number of threads is 0"));
        }
        Ok(TableScreener::new(screener)
            .columns(columns)
            .schema(schema)
            .threads(self.threads)
            .show_cleared(self.show_cleared)
            .show_rejected(self.show_rejected))
    }
}

/// Begins to screen a table; its stream is released in any case.
pub(crate) fn screen(
    screener: &Screener,
    table: FFI_ArrowArrayStream,
    options: &str,
) -> Result<FFI_ArrowArrayStream> {
    let table = RecordBatchStreamReader::try_new(table).map_err(invalid_table)?;
    let hits =
        Options::parse(options)?.screener(screener)?.screen(Box::new(table)).map_err(|e| match e.kind() {
            interdict::ErrorKind::Internal(_) => Failure::from(e),
            _ => invalid_table(e),
        })?;
    Ok(FFI_ArrowArrayStream::new(Box::new(Guarded { schema: hits.schema(), hits: Some(hits) })))
}

fn invalid_table(error: impl ToString) -> Failure {
    Failure::new(Status::INTERDICT_INVALID_TABLE, error.to_string())
}

/// Hits whose reader is called from C: a panic is an error of the stream.
struct Guarded {
    schema: SchemaRef,
    hits: Option<HitBatches>,
}

impl Iterator for Guarded {
    type Item = std::result::Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let hits = self.hits.as_mut()?;
        catch_unwind(AssertUnwindSafe(|| hits.next())).unwrap_or_else(|_| {
            self.hits = None;
            Some(Err(ArrowError::ExternalError("a bug of interdict: the screening panicked".into())))
        })
    }
}

impl RecordBatchReader for Guarded {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}
