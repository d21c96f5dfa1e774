//! The lists of the US Office of Foreign Assets Control (OFAC).

pub(crate) mod advanced;
pub(crate) mod delimited;
pub(crate) mod enhanced;
pub(crate) mod facts;
mod remarks;
pub(crate) mod xml;
