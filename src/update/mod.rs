//! Keeping lists current: fetch, check, and only then replace.
//!
//! ```no_run
//! use interdict::update::{Folder, Settings, official};
//! let folder = Folder::open("lists")?;
//! for source in official().iter().filter(|s| !s.on_request) {
//!     let report = folder.update(source, &Settings::default());
//!     println!("{}: {}", report.source, report.outcome);
//! }
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! | path in the folder | what |
//! |---|---|
//! | `NAME/` | the files of a source as fetched last |
//! | `.former/NAME/` | the same before that, for `lists diff` and `screen --since` |
//! | `.state/NAME.json` | what the server gave to recognise the files by (ETag, Last-Modified), with their SHA-256 |
//! | `.incoming/NAME/` | files of an update that is under way |
//!
//! A source is replaced as a whole or not at all: all its files are fetched beside the old ones, read as a list, and
//! compared with the old list; then the folders change places. It is refused when what came is no list, holds
//! nothing, rejects more than a tenth of its records, has another layout than before, was published before the one
//! that is there, or has lost more than a tenth of its entities ([`Settings::allow_shrink`]). Whatever goes wrong,
//! the old files stay as they were. Marks of the server are only used for files that are still what was fetched.
//!
//! Encrypted addresses are checked against the authorities that the system trusts and are never redirected to one
//! without encryption. A proxy is taken from `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`.
//!
//! Limits: a server that cuts a table at a line end and says so in its length is noticed only by what is missing:
//! at more than a tenth of the entities, or never at the first fetch. One update at a time works on a folder.

mod fetch;
mod sources;

pub use sources::{Source, SourceFile, official, sources};

use crate::error::{Error, Result};
use crate::list::{self, List, ListVersion};
use fetch::{Fetched, Marks, fetch};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How to fetch and what to accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The longest wait for a connection, for the first byte, and for each further one.
    pub timeout: Duration,
    /// The longest time for one file.
    pub whole_timeout: Duration,
    /// Further attempts after one that failed for a reason that may pass.
    pub retries: u32,
    /// The largest file.
    pub max_bytes: u64,
    /// Accept a list that has lost more than a tenth of its entities.
    pub allow_shrink: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            timeout: Duration::from_secs(30),
            whole_timeout: Duration::from_secs(30 * 60),
            retries: 3,
            max_bytes: 1 << 30,
            allow_shrink: false,
        }
    }
}

/// What became of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The list is new or was replaced.
    Updated,
    /// The list is what it was.
    Unchanged,
    /// Something came that must not take the list's place, for this reason.
    Refused(String),
    /// The list that came has lost more entities than allowed: see [`Settings::allow_shrink`].
    Shrunk(String),
    /// Nothing usable came, for this reason.
    Failed(String),
}

impl Outcome {
    /// Whether the folder now holds what the publisher has.
    pub fn is_current(&self) -> bool {
        matches!(self, Outcome::Updated | Outcome::Unchanged)
    }

    /// The word for it, and the reason where there is one.
    pub fn parts(&self) -> (&'static str, &str) {
        match self {
            Outcome::Updated => ("updated", ""),
            Outcome::Unchanged => ("unchanged", ""),
            Outcome::Refused(reason) | Outcome::Shrunk(reason) => ("refused", reason),
            Outcome::Failed(reason) => ("failed", reason),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parts() {
            (word, "") => f.write_str(word),
            (word, reason) => write!(f, "{word}: {reason}"),
        }
    }
}

/// What an update of one source did.
#[derive(Clone, Debug)]
pub struct Report {
    /// The source's name.
    pub source: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The list that was there before.
    pub old: Option<ListVersion>,
    /// The list that is there now, or for a refused one what came.
    pub new: Option<ListVersion>,
}

/// What is known of a source's files.
#[derive(Debug, Default, Serialize, Deserialize)]
struct State {
    files: BTreeMap<String, FileState>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct FileState {
    address: String,
    sha256: String,
    #[serde(flatten)]
    marks: Marks,
}

/// A folder of lists that this process alone updates.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Locked as long as it is open.
    _lock: fs::File,
}

impl Folder {
    /// Opens a folder for updates; makes it where there is none. An update that was interrupted is undone.
    ///
    /// # Errors
    ///
    /// The folder cannot be written, or another process is updating it.
    pub fn open(path: impl AsRef<Path>) -> Result<Folder> {
        let path = path.as_ref();
        let fail = |e: io::Error| Error::from(e).with_path(path);
        fs::create_dir_all(path).map_err(fail)?;
        let lock = fs::File::create(path.join(".lock")).map_err(fail)?;
        lock.try_lock().map_err(|e| match e {
            fs::TryLockError::WouldBlock => {
                Error::malformed("another update is working on this folder").with_path(path)
            }
            fs::TryLockError::Error(e) => fail(e),
        })?;
        Ok(Folder { path: path.to_path_buf(), _lock: lock })
    }

    /// Brings one source up to date.
    pub fn update(&self, source: &Source, settings: &Settings) -> Report {
        let mut report =
            Report { source: source.name.clone(), outcome: Outcome::Unchanged, old: None, new: None };
        report.outcome = match self.try_update(source, settings, &mut report) {
            Ok(outcome) => outcome,
            Err(e) => Outcome::Failed(e.to_string()),
        };
        // What is left of an update that came to nothing.
        let _ = fs::remove_dir_all(self.incoming(source));
        report
    }

    fn incoming(&self, source: &Source) -> PathBuf {
        self.path.join(".incoming").join(&source.name)
    }

    fn try_update(&self, source: &Source, settings: &Settings, report: &mut Report) -> io::Result<Outcome> {
        let (now, incoming) = (self.path.join(&source.name), self.incoming(source));
        self.recover(source)?;
        let state_file = self.path.join(".state").join(format!("{}.json", source.name));
        let state: State =
            fs::read(&state_file).ok().and_then(|b| serde_json::from_slice(&b).ok()).unwrap_or_default();
        report.old = the_list(&now).ok().map(|l| l.version);
        let _ = fs::remove_dir_all(&incoming);
        fs::create_dir_all(&incoming)?;

        let mut fetched = State::default();
        let mut changed = false;
        for part in &source.files {
            let (here, to) = (now.join(&part.name), incoming.join(&part.name));
            let known = state
                .files
                .get(&part.name)
                .filter(|s| s.address == part.address && sha256_of(&here).is_ok_and(|sum| sum == s.sha256));
            let known = known.filter(|_| report.old.is_some());
            let entry = match fetch(settings, &part.address, known.map(|k| &k.marks), &to) {
                Err(reason) => return Ok(Outcome::Failed(reason)),
                Ok(Fetched::NotModified) => {
                    fs::copy(&here, &to)?;
                    known.cloned()
                }
                Ok(Fetched::New(marks)) => {
                    let sha256 = sha256_of(&to)?;
                    changed |= !sha256_of(&here).is_ok_and(|sum| sum == sha256);
                    if let Some(reason) = older(known, &marks).filter(|_| changed) {
                        return Ok(Outcome::Refused(format!("{}: {reason}", part.address)));
                    }
                    Some(FileState { address: part.address.clone(), sha256, marks })
                }
            };
            fetched.files.extend(entry.map(|e| (part.name.clone(), e)));
        }
        if !changed {
            report.new.clone_from(&report.old);
            self.remember(&state_file, &fetched)?;
            return Ok(Outcome::Unchanged);
        }
        match the_list(&incoming) {
            Err(e) => {
                // The old list is what counts; where the new one lay for a moment does not.
                let shown = e.to_string().replace(&incoming.display().to_string(), &source.name);
                return Ok(Outcome::Refused(shown));
            }
            Ok(list) => report.new = Some(list.version),
        }
        if let Some(reason) = objection(report) {
            return Ok(Outcome::Refused(reason));
        }
        if let Some(reason) = shrinkage(settings, report) {
            return Ok(Outcome::Shrunk(reason));
        }
        self.replace(source)?;
        self.remember(&state_file, &fetched)?;
        Ok(Outcome::Updated)
    }

    /// Keeps the marks for the next time. Written last: marks without their files are not used.
    fn remember(&self, file: &Path, state: &State) -> io::Result<()> {
        fs::create_dir_all(self.path.join(".state"))?;
        let mut temp = tempfile::NamedTempFile::new_in(self.path.join(".state"))?;
        serde_json::to_writer_pretty(&mut temp, state)?;
        temp.persist(file).map_err(|e| e.error)?;
        Ok(())
    }

    fn places(&self, source: &Source) -> [PathBuf; 3] {
        let former = self.path.join(".former");
        [self.path.join(&source.name), former.join(&source.name), former.join(format!(".{}", source.name))]
    }

    /// Puts the new folder in the place of the old one, which becomes the former.
    fn replace(&self, source: &Source) -> io::Result<()> {
        let [now, former, before] = self.places(source);
        fs::create_dir_all(self.path.join(".former"))?;
        if now.exists() {
            if former.exists() {
                fs::rename(&former, &before)?;
            }
            fs::rename(&now, &former)?;
        }
        if let Err(e) = fs::rename(self.incoming(source), &now) {
            self.recover(source)?;
            return Err(e);
        }
        if before.exists() {
            fs::remove_dir_all(&before)?;
        }
        Ok(())
    }

    /// Undoes a replacement that was interrupted between its renames.
    fn recover(&self, source: &Source) -> io::Result<()> {
        let [now, former, before] = self.places(source);
        if !now.exists() && former.exists() {
            fs::rename(&former, &now)?;
        }
        if before.exists() {
            if former.exists() {
                fs::remove_dir_all(&before)?;
            } else {
                fs::rename(&before, &former)?;
            }
        }
        Ok(())
    }
}

/// The one list in a source's folder.
fn the_list(folder: &Path) -> Result<List> {
    let loaded = list::read(folder)?;
    if let Some((file, reason)) = loaded.skipped.first() {
        return Err(Error::malformed(format!("is not read: {reason}")).with_path(file));
    }
    let mut lists = loaded.lists;
    match (lists.pop(), lists.len()) {
        (Some(list), 0) if list.entities.is_empty() => Err(Error::malformed("the list holds no entity")),
        (Some(list), 0) => Ok(list),
        (_, others) => Err(Error::malformed(format!("{} lists where one was expected", others + 1))),
    }
}

/// Why a list that was read must not take the place of the old one.
fn objection(report: &Report) -> Option<String> {
    let new = report.new.as_ref()?;
    if new.rejected > new.records / 10 {
        return Some(format!("{} of {} records cannot be read", new.rejected, new.records));
    }
    let old = report.old.as_ref()?;
    if new.layout != old.layout {
        return Some(format!("the layout is {:?} and was {:?}", new.layout, old.layout));
    }
    if let (Some(new), Some(old)) = (new.published, old.published)
        && new.last() < old.last()
    {
        return Some(format!("published {new}, before the list that is there ({old})"));
    }
    None
}

/// The loss of more than a tenth of the entities, unless it is allowed.
fn shrinkage(settings: &Settings, report: &Report) -> Option<String> {
    let (new, old) = (report.new.as_ref()?.entities, report.old.as_ref()?.entities);
    (!settings.allow_shrink && new < old - old / 10).then(|| format!("{new} entities where there were {old}"))
}

/// Whether the server's own dates say that a file is older than the one that is there.
fn older(known: Option<&FileState>, new: &Marks) -> Option<String> {
    let old = known?.marks.last_modified.as_ref()?;
    let new = new.last_modified.as_ref()?;
    (fetch::seconds(new)? < fetch::seconds(old)?)
        .then(|| format!("of {new}, before the one that is there ({old})"))
}

fn sha256_of(path: &Path) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut file = fs::File::open(path)?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        match io::Read::read(&mut file, &mut buffer)? {
            0 => return Ok(hasher.finalize().iter().map(|b| format!("{b:02x}")).collect()),
            n => hasher.update(&buffer[..n]),
        }
    }
}
