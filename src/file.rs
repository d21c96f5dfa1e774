//! Writing files whole or not at all.

use crate::error::{Error, ErrorKind, Result};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

#[cfg(feature = "batch")]
mod part;
mod stream;
#[cfg(feature = "batch")]
pub(crate) use part::{Former, PartFile, PartWriter};
pub(crate) use stream::Stream;
pub use stream::is_stream;

/// A file that appears under its name only when it is finished: written under a temporary name in the same
/// folder, then renamed. Dropped unfinished, it leaves nothing, and an old file stays as it was. A path that names a
/// [stream](is_stream) is written to when the file is finished, and not replaced.
///
/// The file has the permissions that the process gives to new files (its umask).
///
/// ```
/// use std::io::Write;
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("hits.csv");
/// let mut file = interdict::WholeFile::create(&path)?;
/// file.write_all(b"row\n")?;
/// assert!(!path.exists());
/// file.finish()?;
/// assert!(path.exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct WholeFile {
    path: PathBuf,
    out: BufWriter<TempFile>,
}

impl WholeFile {
    /// Begins a file.
    ///
    /// # Errors
    ///
    /// The folder does not exist or cannot be written.
    pub fn create(path: impl AsRef<Path>) -> Result<WholeFile> {
        let path = path.as_ref().to_path_buf();
        let fail = |e: io::Error| Error::from(e).with_path(&path);
        let temp = match Stream::of(&path) {
            Some(stream) => {
                let file = NamedFile { file: stream.open().map_err(fail)?, path: path.clone() };
                TempFile { file, path: None }
            }
            None => {
                check_replaceable(&path)?;
                TempFile::create_for(&path).map_err(fail)?
            }
        };
        Ok(WholeFile { out: BufWriter::with_capacity(1 << 20, temp), path })
    }

    /// Puts the file under its name, after its bytes are on disk.
    ///
    /// # Errors
    ///
    /// The disk is full or the folder has become unwritable.
    pub fn finish(self) -> Result<()> {
        let WholeFile { path, out } = self;
        let fail = |e: io::Error| Error::from(e).with_path(&path);
        let temp = out.into_inner().map_err(|e| fail(e.into_error()))?;
        if temp.path.is_none() {
            return Ok(());
        }
        temp.file.file.sync_all().map_err(fail)?;
        temp.rename(&path).map_err(fail)?;
        sync_folder(&path);
        Ok(())
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The name of a temporary file: process and number stand between these.
const TEMP_PREFIX: &str = ".interdict-";
const TEMP_SUFFIX: &str = ".tmp";

/// A new file; removed when it is dropped unless it was renamed.
#[derive(Debug)]
struct TempFile {
    file: NamedFile,
    /// Its temporary path; none once it was renamed, and for a stream.
    path: Option<PathBuf>,
}

impl TempFile {
    /// A file in the folder of the file that it becomes. It is locked, so that others can tell it from one whose process
    /// was killed.
    fn create_for(finished: &Path) -> io::Result<TempFile> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        remove_abandoned(folder(finished));
        let mut options = File::options();
        options.write(true).create_new(true);
        loop {
            let number = NEXT.fetch_add(1, Relaxed);
            let name = format!("{TEMP_PREFIX}{}-{number}{TEMP_SUFFIX}", std::process::id());
            let path = folder(finished).join(name);
            match options.open(&path) {
                Ok(file) => {
                    // A file system without locks: the file stays if the process is killed.
                    let _ = file.try_lock();
                    // Another process may have found the file before it was locked, and removed it.
                    if path.symlink_metadata().is_err() {
                        continue;
                    }
                    let file = NamedFile { file, path: finished.to_path_buf() };
                    return Ok(TempFile { file, path: Some(path) });
                }
                // Left by a process of the same number that was killed.
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => (),
                Err(e) => return Err(e),
            }
        }
    }

    fn rename(mut self, to: &Path) -> io::Result<()> {
        if let Some(path) = &self.path {
            std::fs::rename(path, to)?;
        }
        self.path = None;
        Ok(())
    }
}

impl Write for TempFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            // Nothing can be done where this fails.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Removes the temporary files of processes that were killed: those that nobody holds the lock of. What cannot be read or
/// removed stays.
fn remove_abandoned(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_temporary = name.to_str().is_some_and(|name| {
            let number = name.strip_prefix(TEMP_PREFIX).and_then(|n| n.strip_suffix(TEMP_SUFFIX));
            number.is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit() || b == b'-'))
        });
        // A link or a device that stands under the name is somebody else's.
        if !is_temporary || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        let path = entry.path();
        if File::options().write(true).open(&path).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = std::fs::remove_file(&path);
        }
    }
}

/// A file that notes its name in every error, so that the name survives whatever writer stands in between.
#[derive(Debug)]
struct NamedFile {
    file: File,
    path: PathBuf,
}

impl NamedFile {
    fn name(&self, e: io::Error) -> io::Error {
        io::Error::new(e.kind(), InFile { path: self.path.clone(), source: e })
    }
}

impl Write for NamedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes).map_err(|e| self.name(e))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush().map_err(|e| self.name(e))
    }
}

/// An error of the operating system. Where a writer of this crate noted its file in it, the error names the
/// file.
impl From<io::Error> for Error {
    fn from(e: io::Error) -> Self {
        let path = e.get_ref().and_then(|e| e.downcast_ref::<InFile>()).map(|file| file.path.clone());
        let error = Error::new(ErrorKind::Io(e));
        match path {
            Some(path) => error.with_path(path),
            None => error,
        }
    }
}

/// The payload of an [`io::Error`] that knows its file.
#[derive(Debug, thiserror::Error)]
#[error("{source}")]
struct InFile {
    path: PathBuf,
    source: io::Error,
}

/// Refuses a path under which a finished file cannot be put.
fn check_replaceable(path: &Path) -> Result<()> {
    match std::fs::metadata(path) {
        Ok(meta) if meta.is_dir() => Err(Error::new(ErrorKind::IsFolder).with_path(path)),
        Ok(meta) if !meta.is_file() => Err(Error::new(ErrorKind::NotReplaceable).with_path(path)),
        _ => Ok(()),
    }
}

/// The folder of a file.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes the new name of a renamed file survive a power failure, where the system can do that.
fn sync_folder(path: &Path) {
    if cfg!(unix)
        && let Ok(folder) = File::open(folder(path))
    {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_file_has_the_permissions_of_any_new_file() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let [a, b] = ["a", "b"].map(|name| folder.path().join(name));
        std::fs::write(&a, "").unwrap();
        WholeFile::create(&b).unwrap().finish().unwrap();
        let [a, b] = [a, b].map(|path| path.metadata().unwrap().permissions().mode());
        assert_eq!(a, b);
    }

    #[test]
    fn what_a_killed_process_left_is_removed_and_what_is_being_written_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let left = folder.path().join(format!("{TEMP_PREFIX}1-0{TEMP_SUFFIX}"));
        let others = [".tmp-1-0", ".interdict-mine.tmp"].map(|name| folder.path().join(name));
        std::fs::write(&left, "half").unwrap();
        others.iter().for_each(|path| std::fs::write(path, "kept").unwrap());
        let mut first = WholeFile::create(folder.path().join("a")).unwrap();
        assert!(!left.exists());
        first.write_all(b"whole").unwrap();
        WholeFile::create(folder.path().join("b")).unwrap().finish().unwrap();
        first.finish().unwrap();
        assert_eq!(std::fs::read(folder.path().join("a")).unwrap(), b"whole");
        assert!(others.iter().all(|path| path.exists()));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4);
    }

    #[test]
    fn an_unfinished_file_leaves_nothing_and_a_finished_one_replaces_the_old() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        std::fs::write(&path, "old").unwrap();
        let mut file = WholeFile::create(&path).unwrap();
        file.write_all(b"new").unwrap();
        drop(file);
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        let (mut first, second) = (WholeFile::create(&path).unwrap(), WholeFile::create(&path).unwrap());
        first.write_all(b"new").unwrap();
        first.finish().unwrap();
        drop(second);
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
