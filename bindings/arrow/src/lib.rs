//! Screening of Arrow tables.
