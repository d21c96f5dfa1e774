//! The C interface of interdict.
