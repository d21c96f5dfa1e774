//! Writing files whole or not at all.

use crate::error::{Error, Result};
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A file that appears under its name only when it is finished: written under a temporary name in the same
/// folder, then renamed. Dropped unfinished, it leaves nothing, and an old file stays as it was.
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
    out: BufWriter<NamedTempFile>,
}

impl WholeFile {
    /// Begins a file.
    ///
    /// # Errors
    ///
    /// The folder does not exist or cannot be written.
    pub fn create(path: impl AsRef<Path>) -> Result<WholeFile> {
        let path = path.as_ref().to_path_buf();
        if path.is_dir() {
            return Err(Error::config("this is a folder; name a file").with_path(&path));
        }
        let temp = NamedTempFile::new_in(folder(&path)).map_err(|e| Error::from(e).with_path(&path))?;
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
        temp.as_file().sync_all().map_err(fail)?;
        #[cfg(unix)]
        {
            // Temporary files are private; a result is as readable as any file the user makes.
            use std::os::unix::fs::PermissionsExt;
            temp.as_file().set_permissions(std::fs::Permissions::from_mode(0o644)).map_err(fail)?;
        }
        temp.persist(&path).map_err(|e| fail(e.error))?;
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

/// A file that grows under the name `PATH.part` and appears under its own when it is finished. Unlike a
/// [`WholeFile`] it can outlive the process that wrote it, and be taken up again at a length known to be safe.
///
/// While it is open it is locked, so that two runs cannot write the same output.
#[derive(Debug)]
pub(crate) struct PartFile {
    path: PathBuf,
    part: PathBuf,
    file: File,
    /// Whether the part stays when this is dropped unfinished.
    keep: bool,
}

impl PartFile {
    /// Begins a file; an old part is overwritten.
    pub(crate) fn create(path: &Path) -> Result<PartFile> {
        PartFile::open(path, 0, true)
    }

    /// Goes on with a part behind its first `length` bytes.
    pub(crate) fn reopen(path: &Path, length: u64) -> Result<PartFile> {
        let mut part = PartFile::open(path, length, false)?;
        part.keep = true;
        Ok(part)
    }

    fn open(path: &Path, length: u64, create: bool) -> Result<PartFile> {
        let fail = |e: io::Error| Error::from(e).with_path(path);
        match std::fs::metadata(path) {
            Ok(meta) if meta.is_dir() => {
                return Err(Error::config("this is a folder; name a file").with_path(path));
            }
            Ok(meta) if !meta.is_file() => {
                let text = "this is a device or a pipe, which cannot be replaced whole; use standard output";
                return Err(Error::config(text).with_path(path));
            }
            _ => (),
        }
        let part = PartFile::part_of(path);
        let mut options = File::options();
        options.read(true).write(true).create(create).truncate(false);
        let mut file = options.open(&part).map_err(|e| Error::from(e).with_path(&part))?;
        file.try_lock().map_err(|e| match e {
            std::fs::TryLockError::WouldBlock => {
                Error::config("another run is writing this file").with_path(path)
            }
            std::fs::TryLockError::Error(e) => fail(e),
        })?;
        let found = file.metadata().map_err(fail)?.len();
        if found < length {
            let text = format!("{found} bytes are left of the {length} that were written");
            return Err(Error::malformed(text).with_path(&part));
        }
        file.set_len(length).map_err(fail)?;
        file.seek(SeekFrom::End(0)).map_err(fail)?;
        Ok(PartFile { path: path.to_path_buf(), part, file, keep: false })
    }

    /// The name of the part of a file.
    pub(crate) fn part_of(path: &Path) -> PathBuf {
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        part.into()
    }

    /// The name of the finished file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What writes to the end of the part.
    pub(crate) fn writer(&self) -> Result<impl Write + use<>> {
        let file = self.file.try_clone().map_err(|e| Error::from(e).with_path(&self.path))?;
        Ok(BufWriter::with_capacity(1 << 18, Named { file, path: self.path.clone() }))
    }

    /// Sees that all bytes written are on disk, and tells how many there are.
    pub(crate) fn sync(&self) -> Result<u64> {
        let length = self.file.sync_data().and_then(|()| self.file.metadata());
        Ok(length.map_err(|e| Error::from(e).with_path(&self.path))?.len())
    }

    /// Whether the part stays when this is dropped unfinished.
    pub(crate) fn keep(&mut self, keep: bool) {
        self.keep = keep;
    }

    /// Puts the file under its own name.
    pub(crate) fn finish(mut self) -> Result<()> {
        self.sync()?;
        std::fs::rename(&self.part, &self.path).map_err(|e| Error::from(e).with_path(&self.path))?;
        self.keep = true;
        sync_folder(&self.path);
        Ok(())
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if !self.keep {
            // Nothing can be done where this fails, and the next run overwrites it.
            let _ = std::fs::remove_file(&self.part);
        }
    }
}

/// A file whose errors know its name, whatever they pass through on their way.
struct Named {
    file: File,
    path: PathBuf,
}

impl Named {
    fn name(&self, e: io::Error) -> io::Error {
        io::Error::new(e.kind(), InFile { path: self.path.clone(), source: e })
    }
}

impl Write for Named {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes).map_err(|e| self.name(e))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush().map_err(|e| self.name(e))
    }
}

/// What is within an [`io::Error`] that knows its file.
#[derive(Debug, thiserror::Error)]
#[error("{source}")]
pub(crate) struct InFile {
    pub(crate) path: PathBuf,
    source: io::Error,
}

/// The folder of a file.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Sees that a renamed file has its new name after a power failure too, where the system can tell.
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

    #[test]
    fn a_part_is_taken_up_at_a_safe_length() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");
        let mut part = PartFile::create(&path).unwrap();
        part.writer().unwrap().write_all(b"safe, and more").unwrap();
        assert!(PartFile::create(&path).unwrap_err().to_string().contains("another run"));
        part.keep(true);
        drop(part);
        assert!(PartFile::reopen(&path, 99).is_err());
        let part = PartFile::reopen(&path, 4).unwrap();
        part.writer().unwrap().write_all(b"!").unwrap();
        part.finish().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"safe!");
        drop(PartFile::create(&path).unwrap());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
