//! The UK Sanctions List, and OFSI's consolidated list before it.

pub(crate) mod csv;
pub(crate) mod fields;
pub(crate) mod ofsi_xml;
pub(crate) mod xml;
