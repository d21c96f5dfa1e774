//! What can go wrong, where, and what to do about it.

use std::fmt;
use std::path::{Path, PathBuf};

/// The result of every fallible operation of the crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A place in an input: all parts that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Position {
    /// 1-based line of the file.
    pub line: Option<u64>,
    /// 1-based record number (a CSV record or an XML entry; the header does not count).
    pub record: Option<u64>,
    /// Byte offset from the start of the file.
    pub byte: Option<u64>,
    /// Name of the column, element or key.
    pub field: Option<String>,
}

impl Position {
    /// A position that knows its line alone.
    pub fn line(line: u64) -> Self {
        Position { line: Some(line), ..Position::default() }
    }

    /// A position that knows its record number alone.
    pub fn record(record: u64) -> Self {
        Position { record: Some(record), ..Position::default() }
    }

    /// The same position with its line.
    pub fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// The same position with its byte offset.
    pub fn at_byte(mut self, byte: u64) -> Self {
        self.byte = Some(byte);
        self
    }

    /// The same position with the name of its field.
    pub fn in_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    fn is_empty(&self) -> bool {
        self == &Position::default()
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(record) = self.record {
            parts.push(format!("record {record}"));
        }
        if let Some(line) = self.line {
            parts.push(format!("line {line}"));
        }
        if let (Some(byte), None) = (self.byte, self.line) {
            parts.push(format!("byte {byte}"));
        }
        if let Some(field) = &self.field {
            parts.push(format!("field '{field}'"));
        }
        f.write_str(&parts.join(", "))
    }
}

/// The kind of an [`Error`].
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operating system refused to read or write.
    Io(std::io::Error),
    /// The input holds nothing at all.
    Empty,
    /// The bytes are no list in a known layout; the text says what was expected.
    UnknownLayout(String),
    /// The file is an index, and a list was expected.
    IndexAsList,
    /// The input has the expected layout but cannot be read further.
    Malformed(String),
    /// A required column is missing; `header` is what was found.
    MissingColumn {
        /// The names that would have been accepted.
        wanted: Vec<String>,
        /// The header as it stands in the file.
        header: Vec<String>,
    },
    /// The bytes are not valid in the encoding of the file.
    Encoding(String),
    /// A setting is outside of its range or contradicts another.
    Config(String),
    /// No list was given, or the lists hold no entity.
    NoEntities,
    /// Lists that are older than allowed, or tell no date.
    OldLists(String),
    /// The file is no index of this program.
    NotAnIndex,
    /// The index was written by another version of the format.
    IndexVersion {
        /// The version found in the file.
        got: u32,
        /// The version that this program reads.
        expected: u32,
    },
    /// The index file is shorter or longer than it says.
    IndexTruncated {
        /// The length in bytes that the header tells.
        expected: u64,
        /// The length in bytes of the file.
        got: u64,
    },
    /// A section's bytes do not have the checksum that was written with them.
    IndexChecksum {
        /// The name of the section.
        section: String,
    },
}

/// An error with its kind, the file it concerns and the place in it.
///
/// `Display` gives one line that says what happened, where, and (where it is not obvious) what to do.
#[derive(Debug)]
pub struct Error {
    kind: Box<ErrorKind>,
    path: Option<PathBuf>,
    position: Position,
}

impl Error {
    /// An error of a kind, with neither path nor position.
    pub fn new(kind: ErrorKind) -> Self {
        Error { kind: Box::new(kind), path: None, position: Position::default() }
    }

    /// Shorthand for [`ErrorKind::Malformed`].
    pub fn malformed(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Malformed(message.into()))
    }

    /// Shorthand for [`ErrorKind::Config`].
    pub fn config(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Config(message.into()))
    }

    /// The same error, about this file. A path set before is kept.
    pub fn with_path(mut self, path: impl AsRef<Path>) -> Self {
        self.path.get_or_insert_with(|| path.as_ref().to_path_buf());
        self
    }

    /// The same error, at this position.
    pub fn at(mut self, position: Position) -> Self {
        self.position = position;
        self
    }

    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// The file concerned, if there is one.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The place in the file; empty when it is not known.
    pub fn position(&self) -> &Position {
        &self.position
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.path {
            write!(f, "{}: ", path.display())?;
        }
        if !self.position.is_empty() {
            write!(f, "{}: ", self.position)?;
        }
        match &*self.kind {
            ErrorKind::Io(e) => write!(f, "{e}"),
            ErrorKind::Empty => f.write_str("the file is empty"),
            ErrorKind::UnknownLayout(what) => write!(f, "not a list in a known layout: {what}"),
            ErrorKind::IndexAsList => f.write_str("not a list in a known layout: an index file"),
            ErrorKind::Malformed(what) => f.write_str(what),
            ErrorKind::MissingColumn { wanted, header } => write!(
                f,
                "no column {} in the header ({}); name it with --name-column",
                wanted.join(" / "),
                header.join(", ")
            ),
            ErrorKind::Encoding(what) => f.write_str(what),
            ErrorKind::Config(what) => f.write_str(what),
            ErrorKind::NoEntities => f.write_str("no list was given that holds an entity"),
            ErrorKind::OldLists(what) => f.write_str(what),
            ErrorKind::NotAnIndex => {
                f.write_str("not an interdict index; build one with `interdict index build`")
            }
            ErrorKind::IndexVersion { got, expected } => write!(
                f,
                "index format version {got}, this program reads version {expected}; build it again with `interdict index build`"
            ),
            ErrorKind::IndexTruncated { expected, got } => write!(
                f,
                "the index is {got} bytes long and should be {expected}: it was cut off or appended to; build it again"
            ),
            ErrorKind::IndexChecksum { section } => {
                write!(
                    f,
                    "the index is damaged: the checksum of its section '{section}' does not match; build it again"
                )
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.kind {
            ErrorKind::Io(e) => Some(e),
            _ => None,
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(e: std::io::Error) -> Self {
        let file = e.get_ref().and_then(|e| e.downcast_ref::<crate::file::InFile>());
        let path = file.map(|f| f.path.clone());
        Error { path, ..Error::new(ErrorKind::Io(e)) }
    }
}
