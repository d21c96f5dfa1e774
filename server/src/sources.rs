//! Reading lists or an index, and seeing whether their files have changed.

use crate::settings::Sources;
use interdict::{Error, ErrorKind, Index, Result, list};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Rejected records of a list that are logged.
const MAX_REJECTED_LOGGED: usize = 20;

/// Reads the sources into an index; blocks for the time that takes. Lists must be whole, as `interdict screen` and
/// `interdict lists check` demand.
pub fn read(sources: &Sources) -> Result<Index> {
    match sources {
        Sources::Starter => Index::build(&[list::starter()]),
        Sources::Index(path) => Index::open(path),
        Sources::Lists { paths, allow_incomplete } => {
            let loaded = list::read_complete(paths, allow_incomplete)?;
            for file in &loaded.skipped {
                tracing::warn!(file = %file.path.display(), reason = %file.reason, "file is not read");
            }
            for list in &loaded.lists {
                for record in list.rejected.iter().take(MAX_REJECTED_LOGGED) {
                    tracing::warn!(
                        list = list.version.name, file = record.file, position = %record.position,
                        reason = record.reason, "record is rejected"
                    );
                }
            }
            Index::build(&loaded.lists)
        }
    }
}

/// SHA-256 in hexadecimal of what an index was built from: lists by their content, program and analysis.
pub fn index_hash(index: &Index) -> String {
    // Plain data can be written as JSON.
    hex(&Sha256::digest(serde_json::to_vec(index.identity()).unwrap_or_default()))
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Path, length, times and number of every file of the sources. Two stamps differ if a file was written, replaced,
/// added or removed between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp(Vec<(PathBuf, u64, Option<SystemTime>, u64)>);

impl Stamp {
    /// The stamp of the sources as they are now. What cannot be read counts as a file that is not there.
    pub fn of(sources: &Sources, config: Option<&Path>) -> Stamp {
        let mut files = Vec::new();
        match sources {
            Sources::Starter => (),
            Sources::Index(path) => add(path, &mut files, 0),
            Sources::Lists { paths, .. } => paths.iter().for_each(|path| add(path, &mut files, 0)),
        }
        if let Some(path) = config {
            add(path, &mut files, 0);
        }
        files.sort();
        Stamp(files)
    }
}

/// Depth of folders that is looked into, against links in circles.
const MAX_DEPTH: u32 = 16;

fn add(path: &Path, files: &mut Vec<(PathBuf, u64, Option<SystemTime>, u64)>, depth: u32) {
    let Ok(meta) = std::fs::metadata(path) else { return };
    if meta.is_dir() && depth < MAX_DEPTH {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        entries.for_each(|entry| add(&entry.path(), files, depth + 1));
    } else {
        files.push((path.to_path_buf(), meta.len(), meta.modified().ok(), number(&meta)));
    }
}

#[cfg(unix)]
fn number(meta: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(meta)
}

#[cfg(not(unix))]
fn number(_: &std::fs::Metadata) -> u64 {
    0
}

/// The index that these sources gave last, kept in the folder of the state.
#[derive(Clone, Debug)]
pub struct LastGood(PathBuf);

impl LastGood {
    /// The file for these sources; none for those that cannot be gone.
    pub fn of(state: Option<&Path>, sources: &Sources) -> Option<LastGood> {
        let mut hash = Sha256::new();
        match sources {
            Sources::Starter => return None,
            Sources::Index(path) => hash.update(format!("index {}\0", absolute(path).display())),
            Sources::Lists { paths, allow_incomplete } => {
                paths.iter().for_each(|path| hash.update(format!("list {}\0", absolute(path).display())));
                allow_incomplete.iter().for_each(|list| hash.update(format!("incomplete {list}\0")));
            }
        }
        let name = format!("last-good-{}.idx", &hex(&hash.finalize())[..16]);
        Some(LastGood(state?.join(name)))
    }

    /// Keeps an index.
    pub fn save(&self, index: &Index) -> Result<()> {
        if let Some(folder) = self.0.parent() {
            std::fs::create_dir_all(folder).map_err(|e| Error::from(e).with_path(folder))?;
        }
        index.save(&self.0)
    }

    /// Opens the index that was kept; none if there was none.
    pub fn open(&self) -> Result<Option<Index>> {
        match Index::open(&self.0) {
            Ok(index) => Ok(Some(index)),
            Err(e) => match e.kind() {
                ErrorKind::Io(io) if io.kind() == std::io::ErrorKind::NotFound => Ok(None),
                _ => Err(e),
            },
        }
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}
