//! The UK Sanctions List, and OFSI's consolidated list before it.

pub(crate) mod csv;
pub(crate) mod fields;
pub(crate) mod xml;
