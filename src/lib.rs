pub mod entity;
mod error;
pub mod list;
pub use error::{Error, ErrorKind, Position, Result};
