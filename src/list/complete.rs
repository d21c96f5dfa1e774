//! Whether lists are whole. A screening against half a list finds half of the hits and looks like any other.
//!
//! [`read_complete`] reads lists as [`read`](super::read) does, and fails if anything of them is missing.
//! What is missing can be accepted, list by list. Every list carries what is wrong with it in
//! [`ListVersion::problems`](super::ListVersion::problems), through an index too.
//!
//! ```no_run
//! use interdict::list;
//! let lists = list::read_complete(&["lists"], &["my-own".to_string()])?.lists;
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! Limits: that a table was cut off between two rows is not noticed, unless it tells its number of records.

use super::folder::{self, FileError};
use super::read::builder::{ListBuilder, ListMetadata};
use super::{Layout, List, Loaded, SkipReason};
use crate::error::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::Path;

/// In what a list is not whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ListProblem {
    /// It holds no record.
    Empty,
    /// The file tells another number of records than were read.
    OtherCount {
        /// The number that the file tells.
        declared: u64,
        /// The number read.
        read: u64,
    },
    /// More than one in a hundred records were rejected; or any, in a file that tells its number of records.
    /// Records that are no longer in force do not count.
    Rejected {
        /// Records rejected.
        rejected: u64,
        /// Records read.
        records: u64,
    },
    /// Records are not in the encoding as which the file was read.
    NotDecoded {
        /// Records with such bytes.
        records: u64,
        /// The encoding that the file is probably in.
        likely: Option<String>,
    },
    /// A file that belongs to the list is not there.
    PartMissing {
        /// What is missing.
        part: String,
    },
    /// Nothing of it was read.
    NotRead {
        /// Why.
        reason: String,
    },
}

impl fmt::Display for ListProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ListProblem::Empty => f.write_str("it holds no record"),
            ListProblem::OtherCount { declared, read } => {
                write!(f, "the file tells {declared} records, and {read} were read")
            }
            ListProblem::Rejected { rejected, records } => {
                write!(f, "{rejected} of {records} records were rejected")
            }
            ListProblem::NotDecoded { records, likely } => {
                write!(f, "{records} records are not UTF-8")?;
                match likely {
                    Some(encoding) => write!(f, "; the file looks like {encoding}: convert it to UTF-8"),
                    None => f.write_str(": convert the file to UTF-8"),
                }
            }
            ListProblem::PartMissing { part } => write!(f, "{part} is not there"),
            ListProblem::NotRead { reason } => write!(f, "not read: {reason}"),
        }
    }
}

/// Reads files and folders, and fails unless every list in them is whole or accepted.
///
/// Each of `accepted` is the name of a list, or the path or name of its file. An accepted list that cannot be
/// read at all becomes a list without entities, so that its absence is part of the identity of an index.
///
/// Besides the problems of lists, a folder is not whole if a file in it that has the ending of a list is none,
/// if a link in it leads nowhere, or if a list that an update has fetched is gone.
///
/// # Errors
///
/// [`ErrorKind::IncompleteLists`] with everything that is missing and not accepted; the error of [`read`](super::read) if
/// a single path is all that cannot be read; [`ErrorKind::NoEntities`] if there are lists and all are empty.
pub fn read_complete(paths: &[impl AsRef<Path>], accepted: &[String]) -> Result<Loaded> {
    let mut check = Check { accepted, loaded: Loaded::default(), problems: Vec::new(), error: None };
    for path in paths {
        let path = path.as_ref();
        let mut failed = Vec::new();
        match folder::read_path(path, &mut FileError::Collect(&mut failed)) {
            Ok(mut loaded) => {
                loaded.lists.iter_mut().for_each(folder::date_by_fetching);
                check.add(loaded);
            }
            Err(e) => {
                check.not_read(path, e.to_string());
                check.error = Some(e);
            }
        }
        failed.into_iter().for_each(|(path, e)| check.not_read(&path, e.to_string()));
        for name in folder::missing_sources(path) {
            check.not_read(&path.join(&name), "an update has fetched it, and it is gone".into());
        }
    }
    let Check { loaded, problems, error, .. } = check;
    let nothing = loaded.lists.iter().all(|l| l.version.records == 0) && !loaded.lists.is_empty();
    match error {
        _ if problems.is_empty() => Ok(loaded),
        // If a path itself cannot be read, that is the whole error, with its kind.
        Some(error) if problems.len() == 1 => Err(error),
        None if nothing && problems.len() == loaded.lists.len() => Err(Error::new(ErrorKind::NoEntities)),
        _ => Err(Error::new(ErrorKind::IncompleteLists { problems })),
    }
}

struct Check<'a> {
    accepted: &'a [String],
    loaded: Loaded,
    problems: Vec<String>,
    /// The error of a path that cannot be read.
    error: Option<Error>,
}

impl Check<'_> {
    fn add(&mut self, loaded: Loaded) {
        for list in &loaded.lists {
            let version = &list.version;
            let is_accepted = |a: &String| {
                *a == version.name || list.path.as_ref().is_some_and(|p| is_file(a, &p.display().to_string()))
            };
            if !self.accepted.iter().any(is_accepted) {
                self.problems.extend(version.problems.iter().map(|p| format!("list {}: {p}", version.name)));
            }
        }
        self.loaded.lists.extend(loaded.lists);
        for file in loaded.skipped {
            if file.reason.is_harmless(&file.path) {
                self.loaded.skipped.push(file);
            } else {
                self.not_read(&file.path, file.reason.to_string());
            }
        }
    }

    /// A file that was not read: a problem, or if it is accepted, a list without entities.
    fn not_read(&mut self, path: &Path, reason: String) {
        let shown = path.display().to_string();
        let reason = reason.strip_prefix(&format!("{shown}: ")).unwrap_or(&reason).to_string();
        if self.accepted.iter().any(|a| is_file(a, &shown) || *a == folder::name_of_file(path)) {
            self.loaded.lists.push(list_not_read(path, reason));
        } else {
            self.problems.push(format!("{shown}: {reason}"));
        }
    }
}

/// Whether a text is the path or the name of a file.
fn is_file(accepted: &str, file: &str) -> bool {
    accepted == file || Path::new(file).file_name().is_some_and(|n| n.to_string_lossy() == accepted)
}

fn list_not_read(path: &Path, reason: String) -> List {
    let name = folder::name_of_file(path);
    let sha256 = crate::digest::hex_digest([b"".as_slice()]);
    let builder = ListBuilder::new(&path.display().to_string());
    let mut list = builder.finish(ListMetadata::new(&name, Layout::InMemory, sha256));
    list.version.problems.push(ListProblem::NotRead { reason });
    list
}

impl SkipReason {
    /// Whether a skipped file of a folder is none that was meant as a list.
    fn is_harmless(&self, path: &Path) -> bool {
        const ENDINGS: [&str; 12] =
            ["csv", "tsv", "xml", "json", "jsonl", "ndjson", "xlsx", "ods", "zip", "gz", "zst", "txt"];
        match self {
            SkipReason::Hidden | SkipReason::IndexFile => true,
            SkipReason::DanglingLink | SkipReason::OfacPartAlone => false,
            _ => {
                let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
                !ending.is_some_and(|e| ENDINGS.contains(&e.as_str()))
            }
        }
    }
}
