//! The EU's consolidated list of financial sanctions.

pub(crate) mod csv;
mod fields;
pub(crate) mod xml;
