//! interdict
pub mod entity;
mod error;
mod file;
pub mod index;
pub mod list;
pub mod name;
pub mod score;
pub mod screen;
pub use error::{Error, ErrorKind, Position, Result};
