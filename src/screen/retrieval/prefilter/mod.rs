//! Filters that rule a query token out before any key is hashed or looked up. They may let through what is related to
//! nothing, and never rule out what is related to something.

pub(crate) mod phonetic;
pub(crate) mod small_index;
