//! Keeping lists current: fetch, check, and only then replace.
//!
//! # Examples
//!
//! ```no_run
//! use interdict::update::{Folder, Settings, official_sources};
//! let folder = Folder::open("lists")?;
//! for source in official_sources().iter().filter(|s| !s.on_request) {
//!     let report = folder.update(source, &Settings::default());
//!     println!("{}: {}", report.source, report.outcome);
//! }
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! # The folder
//!
//! | path in the folder | content |
//! |---|---|
//! | `NAME/` | the files of a source as fetched last |
//! | `.former/NAME/` | the files before that, for the comparison of lists and for screening against changes |
//! | `.state/NAME.json` | the cache validators of the server (ETag, Last-Modified) and the SHA-256 of each file |
//! | `.incoming/NAME/` | the files of an update in progress |
//!
//! # What is replaced
//!
//! A source is replaced completely or not at all. All its files are fetched into a separate folder, read as a
//! list and compared with the old list; then the folders are exchanged. The new list is refused for the
//! reasons of [`Refusal`]. In case of any failure the old files remain. Cache validators are used only if the
//! files are still those that were fetched with them.
//!
//! On Linux the folders are exchanged in one step of the file system: there is no moment in which the list is absent.
//! A program that reads the folder meanwhile, with [`list::read`], notices the exchange and reads
//! again: it sees the old list or the new one, and no mixture.
//!
//! A list that tells no date has the day on which it was fetched, or was found unchanged at its publisher.
//!
//! # What is reached
//!
//! Only the addresses of the sources: by `https`, or by `http` on this machine or where the source says `unencrypted =
//! true`. Redirects are followed to the source's own host and to those that it names, and never to a private, link-local
//! or loopback address, unless the source's own host has such an address. Encrypted addresses are verified against the
//! certificate authorities of the system, and are never redirected to an unencrypted one. A proxy is taken from
//! `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`.
//!
//! # Limits
//!
//! If a server cuts off a table at a line end and declares the shorter length, this is noticed only by the
//! number of entities: if more than a tenth of them are missing, and never at the first fetch. A folder can
//! be updated by one process at a time.

mod address;
mod fetch;
mod sources;

pub use sources::{Source, SourceFile, official_sources, parse_sources};

use crate::error::{Error, Result};
use crate::list::{self, FUTURE_DAYS, Layout, List, ListVersion};
use fetch::{CacheValidators, Fetched, fetch};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A new list is refused if it has lost more than one in so many entities, or if more than one in so many of
/// its records cannot be read.
const TOLERATED_FRACTION: u64 = 10;

/// How to fetch, and what to accept.
///
/// ```
/// use std::time::Duration;
/// let settings = interdict::update::Settings::default().with_timeout(Duration::from_secs(5)).with_retries(0);
/// assert_eq!(settings.max_bytes, 1 << 30);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// The longest wait for a connection, for the first byte, and for each further one; 30 seconds by
    /// default.
    pub timeout: Duration,
    /// The longest time for one file; 30 minutes by default.
    pub whole_timeout: Duration,
    /// Further attempts after a transient failure; 3 by default.
    pub retries: u32,
    /// The largest file in bytes; 1 GiB by default.
    pub max_bytes: u64,
    /// Accept a list that has lost more than a tenth of its entities; false by default.
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

impl Settings {
    /// The settings with another [`timeout`](Settings::timeout).
    pub fn with_timeout(self, timeout: Duration) -> Settings {
        Settings { timeout, ..self }
    }

    /// The settings with another [`whole_timeout`](Settings::whole_timeout).
    pub fn with_whole_timeout(self, whole_timeout: Duration) -> Settings {
        Settings { whole_timeout, ..self }
    }

    /// The settings with another number of [`retries`](Settings::retries).
    pub fn with_retries(self, retries: u32) -> Settings {
        Settings { retries, ..self }
    }

    /// The settings with another [`max_bytes`](Settings::max_bytes).
    pub fn with_max_bytes(self, max_bytes: u64) -> Settings {
        Settings { max_bytes, ..self }
    }

    /// The settings that accept a list that has lost many entities, or not: see
    /// [`allow_shrink`](Settings::allow_shrink).
    pub fn with_allow_shrink(self, allow_shrink: bool) -> Settings {
        Settings { allow_shrink, ..self }
    }
}

/// The result of updating a source.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The list is new or was replaced.
    Updated,
    /// The list has not changed.
    Unchanged,
    /// The fetched files must not replace the list.
    Refused(Refusal),
    /// No usable files were fetched, for this reason.
    Failed(String),
}

impl Outcome {
    /// Whether the folder now has the list as published.
    pub fn is_current(&self) -> bool {
        matches!(self, Outcome::Updated | Outcome::Unchanged)
    }

    /// The outcome as one word: `updated`, `unchanged`, `refused`, `failed`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Outcome::Updated => "updated",
            Outcome::Unchanged => "unchanged",
            Outcome::Refused(_) => "refused",
            Outcome::Failed(_) => "failed",
        }
    }

    /// The reason of a refusal or failure.
    pub fn reason(&self) -> Option<String> {
        match self {
            Outcome::Updated | Outcome::Unchanged => None,
            Outcome::Refused(refusal) => Some(refusal.to_string()),
            Outcome::Failed(reason) => Some(reason.clone()),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason() {
            None => f.write_str(self.as_str()),
            Some(reason) => write!(f, "{}: {reason}", self.as_str()),
        }
    }
}

/// Why fetched files must not replace a list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The files are not one list, or a list without entities; the text is the error.
    NotAList(String),
    /// More than a tenth of the records cannot be read.
    Rejected {
        /// Rejected records.
        rejected: u64,
        /// All records.
        records: u64,
    },
    /// The list has another layout than the source names.
    OtherThanNamed {
        /// The layout that the source names.
        named: Layout,
        /// The fetched layout.
        new: Layout,
    },
    /// The list has another layout than before.
    OtherLayout {
        /// The layout before.
        old: Layout,
        /// The fetched layout.
        new: Layout,
    },
    /// The list is dated in the future, or the clock is wrong: it would never be replaced by a later one.
    FutureList {
        /// The publication date of the fetched list.
        published: crate::entity::Date,
        /// The day by the clock.
        today: String,
    },
    /// The list was published before the one that is there.
    OlderList {
        /// The publication date of the list that is there.
        old: crate::entity::Date,
        /// The publication date of the fetched list.
        new: crate::entity::Date,
    },
    /// By the dates of the server, a file is older than the one that is there.
    OlderFile {
        /// The address of the file.
        address: String,
        /// The server's date of the file that is there.
        old: String,
        /// The server's date of the fetched file.
        new: String,
    },
    /// The list has lost more than a tenth of its entities. [`Settings::allow_shrink`] accepts it.
    Shrunk {
        /// Entities before.
        old: u64,
        /// Fetched entities.
        new: u64,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::NotAList(error) => f.write_str(error),
            Refusal::Rejected { rejected, records } => {
                write!(f, "{rejected} of {records} records cannot be read")
            }
            Refusal::OtherThanNamed { named, new } => {
                write!(f, "the layout is {new}, and the source names {named}")
            }
            Refusal::OtherLayout { old, new } => write!(f, "the layout is {new} and was {old}"),
            Refusal::OlderList { old, new } => {
                write!(f, "published {new}, before the list that is there ({old})")
            }
            Refusal::FutureList { published, today } => {
                write!(f, "dated {published}, in the future (it is {today} by the clock)")
            }
            Refusal::OlderFile { address, old, new } => {
                write!(f, "{address}: of {new}, before the one that is there ({old})")
            }
            Refusal::Shrunk { old, new } => write!(f, "{new} entities where there were {old}"),
        }
    }
}

/// The update of one source.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report {
    /// The name of the source.
    pub source: String,
    /// The result.
    pub outcome: Outcome,
    /// The list before the update.
    pub old: Option<ListVersion>,
    /// The list after the update; of a refusal the fetched list.
    pub new: Option<ListVersion>,
}

/// The stored state of a source's files, by their names.
#[derive(Debug, Default, Serialize, Deserialize)]
struct SourceState {
    /// The day on which the files were fetched, or found unchanged at the publisher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fetched: Option<String>,
    files: BTreeMap<String, FileState>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct FileState {
    address: String,
    sha256: String,
    #[serde(flatten)]
    validators: CacheValidators,
}

/// The fetched files of a source.
struct FetchedFiles {
    state: SourceState,
    /// Whether any file differs from the one that is there.
    changed: bool,
}

/// Why an update ended without a replacement.
enum Abort {
    Refused(Refusal),
    Failed(String),
}

impl From<io::Error> for Abort {
    fn from(e: io::Error) -> Self {
        Abort::Failed(e.to_string())
    }
}

/// A folder of lists that only this process updates.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Locked while it is open.
    _lock: fs::File,
}

impl Folder {
    /// Opens a folder for updates, and creates it if it does not exist.
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

    /// Brings one source up to date. An earlier update of the source that was interrupted is undone first.
    pub fn update(&self, source: &Source, settings: &Settings) -> Report {
        let mut report =
            Report { source: source.name.clone(), outcome: Outcome::Unchanged, old: None, new: None };
        report.outcome = match self.try_update(source, settings, &mut report) {
            Ok(true) => Outcome::Updated,
            Ok(false) => Outcome::Unchanged,
            Err(Abort::Refused(refusal)) => Outcome::Refused(refusal),
            Err(Abort::Failed(reason)) => Outcome::Failed(reason),
        };
        // Left over from an update that was refused or failed.
        let _ = fs::remove_dir_all(self.incoming(source));
        report
    }

    /// Updates a source; true if the list is new or was replaced.
    fn try_update(
        &self,
        source: &Source,
        settings: &Settings,
        report: &mut Report,
    ) -> std::result::Result<bool, Abort> {
        let incoming = self.incoming(source);
        self.recover(source)?;
        let state_file = self.path.join(".state").join(format!("{}.json", source.name));
        report.old = read_single_list(&self.path.join(&source.name)).ok().map(|l| l.version);
        let _ = fs::remove_dir_all(&incoming);
        fs::create_dir_all(&incoming)?;
        // Without a list that can be read, all files are fetched again.
        let stored = match &report.old {
            Some(_) => fs::read(&state_file).ok().and_then(|b| serde_json::from_slice(&b).ok()),
            None => None,
        };
        let fetched = self.fetch_files(source, settings, &stored.unwrap_or_default())?;
        if !fetched.changed {
            report.new.clone_from(&report.old);
            self.save_state(&state_file, &fetched.state)?;
            return Ok(false);
        }
        let new = read_single_list(&incoming).map_err(|e| {
            // The message shows the source and not the temporary path.
            let shown = e.to_string().replace(&incoming.display().to_string(), &source.name);
            Abort::Refused(Refusal::NotAList(shown))
        })?;
        let new = &report.new.insert(new.version);
        if let Some(refusal) = reason_to_refuse(settings, source, report.old.as_ref(), new) {
            return Err(Abort::Refused(refusal));
        }
        self.replace(source)?;
        self.save_state(&state_file, &fetched.state)?;
        Ok(true)
    }

    /// Fetches all files of a source into its incoming folder. Files that have not changed are copied.
    fn fetch_files(
        &self,
        source: &Source,
        settings: &Settings,
        stored: &SourceState,
    ) -> std::result::Result<FetchedFiles, Abort> {
        let (current, incoming) = (self.path.join(&source.name), self.incoming(source));
        let state = SourceState { fetched: Some(today().to_string()), files: BTreeMap::new() };
        let mut fetched = FetchedFiles { state, changed: false };
        for file in &source.files {
            let (path, to) = (current.join(&file.name), incoming.join(&file.name));
            let known = stored
                .files
                .get(&file.name)
                .filter(|s| s.address == file.address && sha256_of(&path).is_ok_and(|sum| sum == s.sha256));
            let state = match fetch(settings, &file.address, &source.hosts, known.map(|k| &k.validators), &to)
            {
                Err(reason) => return Err(Abort::Failed(reason)),
                Ok(Fetched::NotModified) => {
                    fs::copy(&path, &to)?;
                    known.cloned()
                }
                Ok(Fetched::New(validators)) => {
                    let sha256 = sha256_of(&to)?;
                    fetched.changed |= !sha256_of(&path).is_ok_and(|sum| sum == sha256);
                    if fetched.changed
                        && let Some(refusal) = refuse_older(&file.address, known, &validators)
                    {
                        return Err(Abort::Refused(refusal));
                    }
                    Some(FileState { address: file.address.clone(), sha256, validators })
                }
            };
            fetched.state.files.extend(state.map(|s| (file.name.clone(), s)));
        }
        Ok(fetched)
    }

    /// Stores the state of a source for the next update. It is written after the files, because validators
    /// without their files are not used.
    fn save_state(&self, file: &Path, state: &SourceState) -> io::Result<()> {
        fs::create_dir_all(self.path.join(".state"))?;
        let mut temp = tempfile::NamedTempFile::new_in(self.path.join(".state"))?;
        serde_json::to_writer_pretty(&mut temp, state)?;
        temp.persist(file).map_err(|e| e.error)?;
        Ok(())
    }

    /// The folder in which the files of an update are fetched.
    fn incoming(&self, source: &Source) -> PathBuf {
        self.path.join(".incoming").join(&source.name)
    }

    fn versions(&self, source: &Source) -> VersionPaths {
        let former = self.path.join(".former");
        VersionPaths {
            current: self.path.join(&source.name),
            former: former.join(&source.name),
            outdated: former.join(format!(".{}", source.name)),
        }
    }

    /// Puts the incoming folder in the place of the current one, which becomes the former one.
    fn replace(&self, source: &Source) -> io::Result<()> {
        let VersionPaths { current, former, outdated } = self.versions(source);
        fs::create_dir_all(self.path.join(".former"))?;
        if current.exists() && exchange(&self.incoming(source), &current) {
            // The list is replaced. What was there before becomes the former version.
            if former.exists() {
                fs::rename(&former, &outdated)?;
            }
            fs::rename(self.incoming(source), &former)?;
            return if outdated.exists() { fs::remove_dir_all(&outdated) } else { Ok(()) };
        }
        if current.exists() {
            if former.exists() {
                fs::rename(&former, &outdated)?;
            }
            fs::rename(&current, &former)?;
        }
        if let Err(e) = fs::rename(self.incoming(source), &current) {
            self.recover(source)?;
            return Err(e);
        }
        if outdated.exists() {
            fs::remove_dir_all(&outdated)?;
        }
        Ok(())
    }

    /// Undoes a replacement that was interrupted between its renames.
    fn recover(&self, source: &Source) -> io::Result<()> {
        let VersionPaths { current, former, outdated } = self.versions(source);
        if !current.exists() && former.exists() {
            fs::rename(&former, &current)?;
        }
        if outdated.exists() {
            if former.exists() {
                fs::remove_dir_all(&outdated)?;
            } else {
                fs::rename(&outdated, &former)?;
            }
        }
        Ok(())
    }
}

/// The folders of the versions of a source.
struct VersionPaths {
    current: PathBuf,
    former: PathBuf,
    /// The former version, while a replacement is in progress.
    outdated: PathBuf,
}

/// Exchanges two folders in one step; false where the system or the file system cannot.
#[cfg(target_os = "linux")]
fn exchange(a: &Path, b: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> bool {
    false
}

/// The day by the clock, in UTC.
fn today() -> jiff::civil::Date {
    jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date()
}

/// The only list in a source's folder.
fn read_single_list(folder: &Path) -> Result<List> {
    let loaded = list::read_undated(folder)?;
    if let Some(file) = loaded.skipped.first() {
        return Err(Error::malformed(format!("is not read: {}", file.reason)).with_path(&file.path));
    }
    let mut lists = loaded.lists;
    match (lists.pop(), lists.len()) {
        (Some(list), 0) if list.entities.is_empty() => Err(Error::malformed("the list holds no entity")),
        (Some(list), 0) => Ok(list),
        (_, others) => Err(Error::malformed(format!("{} lists where one was expected", others + 1))),
    }
}

/// Why a fetched list must not replace the old one.
fn reason_to_refuse(
    settings: &Settings,
    source: &Source,
    old: Option<&ListVersion>,
    new: &ListVersion,
) -> Option<Refusal> {
    if new.rejected > new.records / TOLERATED_FRACTION {
        return Some(Refusal::Rejected { rejected: new.rejected, records: new.records });
    }
    let today = today();
    if let Some(published) = new.published
        && new.age_days(today).is_some_and(|age| age < -FUTURE_DAYS)
    {
        return Some(Refusal::FutureList { published, today: today.to_string() });
    }
    if let Some(named) = source.named_layout().filter(|named| *named != new.layout) {
        return Some(Refusal::OtherThanNamed { named, new: new.layout });
    }
    let old = old?;
    if new.layout != old.layout {
        return Some(Refusal::OtherLayout { old: old.layout, new: new.layout });
    }
    if let (Some(new), Some(old)) = (new.published, old.published)
        && new.last() < old.last()
    {
        return Some(Refusal::OlderList { old, new });
    }
    if !settings.allow_shrink && new.entities < old.entities - old.entities / TOLERATED_FRACTION {
        return Some(Refusal::Shrunk { old: old.entities, new: new.entities });
    }
    None
}

/// Refuses a file that is older than the known one by the dates of the server.
fn refuse_older(address: &str, known: Option<&FileState>, new: &CacheValidators) -> Option<Refusal> {
    let old = known?.validators.last_modified.as_ref()?;
    let new = new.last_modified.as_ref()?;
    (fetch::seconds(new)? < fetch::seconds(old)?).then(|| Refusal::OlderFile {
        address: address.to_string(),
        old: old.clone(),
        new: new.clone(),
    })
}

fn sha256_of(path: &Path) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut file = fs::File::open(path)?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        match io::Read::read(&mut file, &mut buffer)? {
            0 => return Ok(crate::digest::hex(&hasher.finalize())),
            n => hasher.update(&buffer[..n]),
        }
    }
}
