//! The error type of the crate: what went wrong, in which file, and at which place in it.
//!
//! There is one [`Error`] for all modules. Its [`ErrorKind`] carries data, so that a caller can decide by it;
//! its `Display` is one line for people: the path, the position, and what happened.
//!
//! ```
//! use interdict::{ErrorKind, list};
//!
//! let error = list::from_bytes("x", b"").unwrap_err();
//! assert!(matches!(error.kind(), ErrorKind::Empty));
//! assert_eq!(error.with_path("x.csv").to_string(), "x.csv: the file is empty");
//! ```

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
    /// A position of which only the line is known.
    pub fn line(line: u64) -> Self {
        Position { line: Some(line), ..Position::default() }
    }

    /// A position of which only the record number is known.
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
    /// The input has the expected layout but cannot be read further; the text says why.
    Malformed(String),
    /// The bytes are no list in a known layout; the text says what was expected.
    UnknownLayout(String),
    /// An index file was given where a list is read.
    IndexInsteadOfList,
    /// The lists hold no entity, or there is no list.
    NoEntities,
    /// Lists of which something is missing, and which nobody has accepted so.
    IncompleteLists {
        /// What is missing, as text, each with its list or file.
        problems: Vec<String>,
    },
    /// Lists that are older than allowed, or have no date.
    OldLists {
        /// What is wrong with each of these lists, as text.
        lists: Vec<String>,
        /// The greatest age allowed, in days.
        max_days: i64,
    },
    /// A table has none of the columns that could hold a needed value.
    MissingColumn {
        /// The headers that would have been accepted.
        wanted: Vec<String>,
        /// The header of the file.
        header: Vec<String>,
    },
    /// A table has columns with the header of a name, and none of them can be screened.
    UnusableNames {
        /// The header of the first such column.
        column: String,
        /// What is wrong with it: "holds ids or numbers and no names".
        reason: String,
        /// The header of the file.
        header: Vec<String>,
    },
    /// The first row of a table is no header, and a later one looks like it: titles stand above the header.
    TitleRows {
        /// The row that looks like the header, as a spreadsheet program counts it.
        header_row: u64,
        /// The first row.
        first: Vec<String>,
        /// The row that looks like the header.
        header: Vec<String>,
    },
    /// A row of the header was given for an input that has none, or that ends before it.
    NoHeaderRow {
        /// The row given.
        row: u64,
    },
    /// A column that the caller named is not in the header of a table.
    ColumnNotFound {
        /// The name given.
        column: String,
        /// What the column was named for.
        purpose: ColumnPurpose,
        /// The header of the file.
        header: Vec<String>,
    },
    /// No encoding has this label.
    UnknownEncoding {
        /// The label given.
        label: String,
    },
    /// A sheet was chosen, but the input is no workbook.
    NotAWorkbook,
    /// The crate was built without the feature that reads this form of input.
    MissingFeature {
        /// The form of input, such as "gzip".
        form: &'static str,
        /// The feature of the crate.
        feature: &'static str,
    },
    /// An option given by the caller is unknown, out of its range, or contradicts another one.
    InvalidOption {
        /// The name of the option.
        option: String,
        /// What is wrong, as text that names the option.
        message: String,
    },
    /// A configuration file is no valid TOML, or has an unknown key or a value out of its range.
    InvalidConfig(String),
    /// The path names a folder where a file is to be written.
    IsFolder,
    /// The path names a disk or a socket, which cannot be replaced by a finished file.
    NotReplaceable,
    /// In the place of the unfinished part of a file is a link, or another thing that no run has put there.
    ForeignPart,
    /// A file that must not be replaced appeared, or was changed, while its continuation was written.
    FormerFileChanged,
    /// Another run is writing the same file.
    Locked,
    /// A run was stopped before the end of its input.
    Interrupted {
        /// Rows that were done.
        rows: u64,
        /// Whether the run can be resumed behind these rows.
        resumable: bool,
    },
    /// An unfinished run cannot be resumed.
    CannotResume(ResumeProblem),
    /// The input was changed while it was screened.
    InputChanged,
    /// An evaluation has no positives or no negatives.
    NoCases {
        /// "positives" or "negatives".
        what: &'static str,
    },
    /// An audit trail is of another version of its layout.
    AuditVersion {
        /// The version found in the file.
        got: u32,
        /// The version that this program reads.
        expected: u32,
    },
    /// The lists have more names than an index can hold.
    TooManyNames {
        /// The most names of an index.
        max: usize,
    },
    /// The file is no index of this program.
    NotAnIndex,
    /// The index was written by another version of the format.
    IndexVersion {
        /// The version found in the file.
        got: u32,
        /// The version that this program reads.
        expected: u32,
    },
    /// The names of the index were analysed by another version of the analysis.
    IndexAnalysisVersion {
        /// The version found in the file.
        got: u32,
        /// The version of this program.
        expected: u32,
    },
    /// The index file is shorter or longer than its header says.
    IndexTruncated {
        /// The length in bytes according to the header.
        expected: u64,
        /// The length in bytes of the file.
        got: u64,
    },
    /// A section's bytes do not have the checksum that was written with them.
    IndexChecksum {
        /// The name of the section.
        section: String,
    },
    /// A bug of this crate or a failure of its runtime, such as a thread that cannot be started.
    Internal(String),
}

/// What a column of a table was named for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ColumnPurpose {
    /// It holds a field of the counterparty.
    Field,
    /// It holds the row's own id.
    Id,
    /// It is copied to the hits.
    Carried,
}

/// Why an unfinished run cannot be resumed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResumeProblem {
    /// Its journal cannot be read.
    UnreadableJournal(String),
    /// Its journal is of another version of the layout.
    JournalVersion {
        /// The version found in the file.
        got: u32,
        /// The version that this program reads.
        expected: u32,
    },
    /// Program, configuration, lists or input differ; one text for each difference.
    Changed(Vec<String>),
    /// The unfinished run did not write this file.
    UnknownFile,
    /// A file has become shorter than it was when the journal was written.
    TruncatedFile {
        /// Its length in bytes.
        got: u64,
        /// Its length in bytes according to the journal.
        expected: u64,
    },
    /// A file is not as it was when the journal was written.
    ChangedFile,
    /// The journal is not as it was written.
    ChangedJournal,
    /// The input has fewer rows than were done before.
    TruncatedInput,
}

impl fmt::Display for ResumeProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ResumeProblem::UnreadableJournal(reason) => write!(f, "not a readable journal: {reason}"),
            ResumeProblem::JournalVersion { got, expected } => {
                write!(f, "cannot resume: journal of layout {got}, not {expected}")
            }
            ResumeProblem::Changed(differences) => {
                write!(f, "cannot resume, since something has changed: {}", differences.join("; "))
            }
            ResumeProblem::UnknownFile => {
                f.write_str("cannot resume: the unfinished run did not write this file")
            }
            ResumeProblem::TruncatedFile { got, expected } => {
                write!(f, "{got} bytes are left of the {expected} that were written")
            }
            ResumeProblem::ChangedFile => {
                f.write_str("cannot resume: the file was changed since it was written")
            }
            ResumeProblem::ChangedJournal => {
                f.write_str("cannot resume: the journal was changed since it was written")
            }
            ResumeProblem::TruncatedInput => f.write_str("the input has fewer rows than were done before"),
        }
    }
}

/// An error: its kind, the file it concerns and the place in it. One pointer in size.
///
/// `Display` gives one line that says where and what happened and, where it is not obvious, what to do.
#[derive(Debug)]
pub struct Error(Box<Context>);

#[derive(Debug)]
struct Context {
    kind: ErrorKind,
    path: Option<PathBuf>,
    position: Position,
}

impl Error {
    /// An error of a kind, with neither path nor position.
    pub fn new(kind: ErrorKind) -> Self {
        Error(Box::new(Context { kind, path: None, position: Position::default() }))
    }

    /// Shorthand for [`ErrorKind::Malformed`].
    pub fn malformed(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Malformed(message.into()))
    }

    /// Shorthand for [`ErrorKind::InvalidOption`].
    pub fn invalid_option(option: impl Into<String>, message: impl Into<String>) -> Self {
        Error::new(ErrorKind::InvalidOption { option: option.into(), message: message.into() })
    }

    /// Shorthand for [`ErrorKind::InvalidConfig`].
    pub fn invalid_config(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::InvalidConfig(message.into()))
    }

    /// Shorthand for [`ErrorKind::Internal`].
    pub fn internal(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Internal(message.into()))
    }

    /// The same error, about this file. A path set before is kept.
    pub fn with_path(mut self, path: impl AsRef<Path>) -> Self {
        self.0.path.get_or_insert_with(|| path.as_ref().to_path_buf());
        self
    }

    /// The same error, at this position.
    pub fn at(mut self, position: Position) -> Self {
        self.0.position = position;
        self
    }

    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The file concerned, if there is one.
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    /// The place in the file; empty when it is not known.
    pub fn position(&self) -> &Position {
        &self.0.position
    }

    /// Whether the operating system refused to read or write.
    pub fn is_io(&self) -> bool {
        matches!(self.kind(), ErrorKind::Io(_))
    }

    /// Whether the caller gave an option that is unknown, out of range or contradictory, so that the same
    /// call can never succeed. A configuration file that is wrong is not meant: see
    /// [`ErrorKind::InvalidConfig`].
    pub fn is_invalid_option(&self) -> bool {
        matches!(self.kind(), ErrorKind::InvalidOption { .. } | ErrorKind::UnknownEncoding { .. })
    }

    /// Whether a run was stopped before the end of its input.
    pub fn is_interrupted(&self) -> bool {
        matches!(self.kind(), ErrorKind::Interrupted { .. })
    }

    /// Whether an index file cannot be used: it is none, damaged, or of another version. Building it again
    /// helps.
    pub fn is_unusable_index(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::NotAnIndex
                | ErrorKind::IndexVersion { .. }
                | ErrorKind::IndexAnalysisVersion { .. }
                | ErrorKind::IndexTruncated { .. }
                | ErrorKind::IndexChecksum { .. }
        )
    }

    /// Whether the crate was built without the feature that reads this form of input.
    pub fn is_missing_feature(&self) -> bool {
        matches!(self.kind(), ErrorKind::MissingFeature { .. })
    }

    /// Whether it is a bug of this crate or a failure of its runtime.
    pub fn is_internal(&self) -> bool {
        matches!(self.kind(), ErrorKind::Internal(_))
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ErrorKind::Io(e) => write!(f, "{e}"),
            ErrorKind::Empty => f.write_str("the file is empty"),
            ErrorKind::Malformed(text)
            | ErrorKind::InvalidOption { message: text, .. }
            | ErrorKind::InvalidConfig(text)
            | ErrorKind::Internal(text) => f.write_str(text),
            ErrorKind::UnknownLayout(text) => write!(f, "not a list in a known layout: {text}"),
            ErrorKind::IndexInsteadOfList => f.write_str("not a list in a known layout: an index file"),
            ErrorKind::NoEntities => f.write_str("no list was given that holds an entity"),
            ErrorKind::IncompleteLists { problems } => {
                write!(f, "the lists are not whole: {}", problems.join("; "))
            }
            ErrorKind::OldLists { lists, max_days } => {
                write!(f, "{}; at most {max_days} days are allowed", lists.join(", "))
            }
            ErrorKind::IsFolder => f.write_str("this is a folder; name a file"),
            ErrorKind::NotReplaceable => {
                f.write_str("this is a disk or a socket, which cannot be replaced by a file; use standard output")
            }
            ErrorKind::ForeignPart => f.write_str(
                "this is a link or no file, where the unfinished part of an output belongs; remove it if it is of no \
                 use",
            ),
            ErrorKind::FormerFileChanged => f.write_str(
                "this file appeared or was changed while it was to be written; it is left as it is, and nothing has \
                 been written",
            ),
            ErrorKind::Locked => f.write_str("another run is writing this file"),
            ErrorKind::MissingFeature { form, feature } => write!(
                f,
                "{form} cannot be read, since the crate interdict was built without its feature `{feature}`"
            ),
            ErrorKind::Interrupted { rows, .. } => write!(f, "interrupted when {rows} rows were done"),
            ErrorKind::CannotResume(problem) => problem.fmt(f),
            ErrorKind::InputChanged => {
                f.write_str("the input was changed while it was screened; nothing has been written")
            }
            ErrorKind::NoCases { what } => write!(f, "there are no {what} to screen"),
            ErrorKind::AuditVersion { got, expected } => {
                write!(f, "audit layout {got}; this program reads layout {expected}")
            }
            ErrorKind::MissingColumn { .. }
            | ErrorKind::ColumnNotFound { .. }
            | ErrorKind::UnusableNames { .. }
            | ErrorKind::TitleRows { .. }
            | ErrorKind::NoHeaderRow { .. }
            | ErrorKind::UnknownEncoding { .. }
            | ErrorKind::NotAWorkbook => self.fmt_table(f),
            ErrorKind::TooManyNames { .. }
            | ErrorKind::NotAnIndex
            | ErrorKind::IndexVersion { .. }
            | ErrorKind::IndexAnalysisVersion { .. }
            | ErrorKind::IndexTruncated { .. }
            | ErrorKind::IndexChecksum { .. } => self.fmt_index(f),
        }
    }
}

impl ErrorKind {
    /// Displays the kinds that concern a table of counterparties.
    fn fmt_table(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ErrorKind::MissingColumn { wanted, header } => {
                write!(f, "no column {} in the header ({})", wanted.join(" / "), header.join(", "))
            }
            ErrorKind::UnusableNames { column, reason, header } => {
                write!(f, "the column '{column}' {reason}; the header has: {}", header.join(", "))
            }
            ErrorKind::TitleRows { header_row, first, header } => write!(
                f,
                "the first row is no header ({}), but row {header_row} looks like one ({})",
                first.join(", "),
                header.join(", ")
            ),
            ErrorKind::NoHeaderRow { row } => {
                write!(f, "the input has no header in row {row}: it is JSON or ends before it")
            }
            ErrorKind::ColumnNotFound { column, header, .. } => {
                write!(f, "no column '{column}' in the header ({})", header.join(", "))
            }
            ErrorKind::UnknownEncoding { label } => write!(f, "the encoding '{label}' is not known"),
            _ => f.write_str("a sheet is given, but this is no .xlsx workbook"),
        }
    }

    /// Displays the kinds that concern an index.
    fn fmt_index(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ErrorKind::TooManyNames { max } => write!(f, "an index holds at most {max} names"),
            ErrorKind::IndexVersion { got, expected } => {
                write!(f, "index format version {got}, this program reads version {expected}; build it again")
            }
            ErrorKind::IndexAnalysisVersion { got, expected } => write!(
                f,
                "the index was made with analysis version {got} and this program has version {expected}; build it \
                 again"
            ),
            ErrorKind::IndexTruncated { expected, got } => write!(
                f,
                "the index is {got} bytes long and should be {expected}: it was cut off or appended to; build it again"
            ),
            ErrorKind::IndexChecksum { section } => write!(
                f,
                "the index is damaged: the checksum of its section '{section}' does not match; build it again"
            ),
            _ => f.write_str("not an interdict index"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = self.path() {
            write!(f, "{}: ", crate::text::shown(&path.to_string_lossy()))?;
        }
        if !self.position().is_empty() {
            write!(f, "{}: ", self.position())?;
        }
        self.kind().fmt(f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.kind() {
            ErrorKind::Io(e) => Some(e),
            _ => None,
        }
    }
}

const _: () = assert!(size_of::<Error>() == size_of::<usize>());
