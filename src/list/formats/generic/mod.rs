//! Generic tables: see the module documentation of [`crate::list`].

pub(crate) mod csv;
pub(crate) mod jsonl;
