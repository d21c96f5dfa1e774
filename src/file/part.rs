//! A file that grows over several runs.

use super::{NamedFile, sync_folder};
use crate::error::{Error, ErrorKind, Result, ResumeProblem};
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A file that grows under the name `PATH.part` and appears under its own when it is finished. Unlike a
/// [`WholeFile`](super::WholeFile) it can outlive the process that wrote it, and be taken up again at a
/// length known to be safe.
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
            Ok(meta) if meta.is_dir() => return Err(Error::new(ErrorKind::IsFolder).with_path(path)),
            Ok(meta) if !meta.is_file() => {
                return Err(Error::new(ErrorKind::NotReplaceable).with_path(path));
            }
            _ => (),
        }
        let part = PartFile::part_of(path);
        let mut options = File::options();
        options.read(true).write(true).create(create).truncate(false);
        let mut file = options.open(&part).map_err(|e| Error::from(e).with_path(&part))?;
        file.try_lock().map_err(|e| match e {
            std::fs::TryLockError::WouldBlock => Error::new(ErrorKind::Locked).with_path(path),
            std::fs::TryLockError::Error(e) => fail(e),
        })?;
        let got = file.metadata().map_err(fail)?.len();
        if got < length {
            let problem = ResumeProblem::TruncatedFile { got, expected: length };
            return Err(Error::new(ErrorKind::CannotResume(problem)).with_path(&part));
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

    /// A writer to the end of the part.
    pub(crate) fn writer(&self) -> Result<impl Write + use<>> {
        let file = self.file.try_clone().map_err(|e| Error::from(e).with_path(&self.path))?;
        Ok(BufWriter::with_capacity(1 << 18, NamedFile { file, path: self.path.clone() }))
    }

    /// Waits until all bytes written are on disk, and returns how many there are.
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
