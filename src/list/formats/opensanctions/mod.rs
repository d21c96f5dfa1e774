//! Lists as published by OpenSanctions.

pub(crate) mod ftm;
pub(crate) mod simple;
pub(crate) mod statements;
