//! Tools that read files record by record: streams, tables, XML and JSON, and the list built from the records.

pub(super) mod builder;
pub(super) mod csv_rows;
pub(super) mod json_lines;
pub(super) mod multi_row;
pub(super) mod source;
pub(super) mod xml;
