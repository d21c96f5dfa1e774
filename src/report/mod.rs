//! Pages to read in a browser.

#[allow(dead_code, reason = "used by the report of hits, which follows")]
pub(crate) mod page;
