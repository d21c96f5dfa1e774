//! What the tests of the library share.

pub mod wanted;
