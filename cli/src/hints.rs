//! Hints for messages of the library.
//!
//! The library knows nothing of the program's flags, so its errors name none. This module appends the flag that helps
//! to the message.

use crate::sources;
use interdict::{Error, ErrorKind};

/// The text to append to an error: empty, or a clause that begins with its own punctuation.
pub fn hint(e: &Error) -> &'static str {
    let hint = match e.kind() {
        ErrorKind::MissingColumn { .. } => "; name it with --name-column",
        ErrorKind::IndexAsList => sources::INDEX_HINT,
        ErrorKind::NotAnIndex => "; build one with `interdict index build`",
        ErrorKind::IndexVersion { .. } => " with `interdict index build`",
        _ => "",
    };
    if e.to_string().ends_with(hint) { "" } else { hint }
}
