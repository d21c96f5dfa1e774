//! Tools that read files record by record: streams, tables, XML and JSON, and the list built from the
//! records.

pub(super) mod builder;
mod compression;
pub(super) mod csv_rows;
pub(super) mod encoding;
pub(super) mod json_lines;
pub(super) mod multi_row;
pub(super) mod source;
#[cfg(feature = "xlsx")]
pub(super) mod workbook;
pub(super) mod xml;
