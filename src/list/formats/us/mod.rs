//! Lists of the United States other than OFAC's own.

pub(crate) mod bis;
pub(crate) mod csl;
