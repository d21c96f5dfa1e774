//! Generic tables: see the module documentation of [`crate::list`].

mod columns;
pub(crate) mod csv;
pub(crate) mod jsonl;
pub(crate) mod names;
