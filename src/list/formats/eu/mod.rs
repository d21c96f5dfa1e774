//! The EU's consolidated list of financial sanctions.

pub(crate) mod csv;
pub(crate) mod csv_1_0;
mod fields;
pub(crate) mod xml;
