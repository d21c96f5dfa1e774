//! A file that grows over several runs.

use super::stream::Stream;
use super::{NamedFile, check_replaceable, sync_folder};
use crate::error::{Error, ErrorKind, Result, ResumeProblem};
use serde::{Deserialize, Serialize};
use std::fs::{File, Metadata};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes that are copied or hashed at once.
const BUFFER: usize = 1 << 18;

/// What happens to a file that has the name already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Former {
    /// It is replaced.
    Replaced,
    /// There must be none.
    Refused,
    /// The new file begins with its bytes.
    Continued,
}

/// A file that grows under the name `PATH.part` and appears under its own when it is finished. Unlike a
/// [`WholeFile`](super::WholeFile) it can outlive the process that wrote it, and be taken up again at a
/// length known to be safe.
///
/// While it is open it is locked, so that two runs cannot write the same output. The part is a new file, never one
/// that was there before, and no link is followed to it.
#[derive(Debug)]
pub(crate) struct PartFile {
    path: PathBuf,
    part: PathBuf,
    file: File,
    former: Former,
    /// Of all bytes written.
    hash: Arc<Mutex<blake3::Hasher>>,
    /// Whether the part stays when this is dropped unfinished.
    keep: bool,
}

impl PartFile {
    /// Begins a file; an old part is removed. With [`Former::Continued`] it begins with the bytes of the file that has
    /// the name.
    pub(crate) fn create(path: &Path, former: Former) -> Result<PartFile> {
        check_replaceable(path)?;
        let part = PartFile::part_of(path);
        let mut options = File::options();
        options.read(true).write(true).create_new(true);
        let file = loop {
            match options.open(&part) {
                Ok(file) => {
                    lock(&file, path)?;
                    // Another run may have found the file before it was locked, and removed it.
                    if is_at(&file, &part) {
                        break file;
                    }
                }
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => remove_old(path, &part)?,
                Err(e) => return Err(Error::from(e).with_path(&part)),
            }
        };
        let file =
            PartFile { path: path.to_path_buf(), part, file, former, hash: Arc::default(), keep: false };
        if former == Former::Continued && path.exists() {
            let mut old = File::open(path).map_err(|e| file.fail(e))?;
            io::copy(&mut old, &mut file.writer()?).map_err(|e| file.fail(e))?;
        }
        Ok(file)
    }

    /// Goes on with a part behind its first `length` bytes, which must have this hash.
    pub(crate) fn reopen(path: &Path, length: u64, hash: &str, former: Former) -> Result<PartFile> {
        check_replaceable(path)?;
        let part = PartFile::part_of(path);
        let mut file = open_own(&part)?;
        lock(&file, path)?;
        let fail = |e: io::Error| Error::from(e).with_path(path);
        let refused = |problem| Error::new(ErrorKind::CannotResume(problem)).with_path(&part);
        let got = file.metadata().map_err(fail)?.len();
        if got < length {
            return Err(refused(ResumeProblem::TruncatedFile { got, expected: length }));
        }
        let mut hasher = blake3::Hasher::new();
        io::copy(&mut (&mut file).take(length), &mut hasher).map_err(fail)?;
        if hasher.finalize().to_hex().as_str() != hash {
            return Err(refused(ResumeProblem::ChangedFile));
        }
        file.set_len(length).map_err(fail)?;
        file.seek(SeekFrom::End(0)).map_err(fail)?;
        let hash = Arc::new(Mutex::new(hasher));
        Ok(PartFile { path: path.to_path_buf(), part, file, former, hash, keep: true })
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

    /// What happens to a file that has the name already.
    pub(crate) fn former(&self) -> Former {
        self.former
    }

    /// A writer to the end of the part.
    pub(crate) fn writer(&self) -> Result<BufWriter<PartWriter>> {
        let file = self.file.try_clone().map_err(|e| self.fail(e))?;
        let file = NamedFile { file, path: self.path.clone() };
        Ok(BufWriter::with_capacity(BUFFER, PartWriter { file, hash: Some(self.hash.clone()) }))
    }

    /// Waits until all bytes written are on disk, and returns how many there are.
    pub(crate) fn sync(&self) -> Result<u64> {
        let length = self.file.sync_data().and_then(|()| self.file.metadata());
        Ok(length.map_err(|e| self.fail(e))?.len())
    }

    /// The hash of all bytes written, in hexadecimal.
    pub(crate) fn hash(&self) -> String {
        self.hash.lock().unwrap_or_else(PoisonError::into_inner).finalize().to_hex().to_string()
    }

    /// Whether the part stays when this is dropped unfinished.
    pub(crate) fn keep(&mut self, keep: bool) {
        self.keep = keep;
    }

    /// Puts the file under its own name.
    pub(crate) fn finish(mut self) -> Result<()> {
        self.sync()?;
        if self.former == Former::Replaced {
            std::fs::rename(&self.part, &self.path).map_err(|e| self.fail(e))?;
        } else {
            self.finish_beside_former()?;
        }
        self.keep = true;
        sync_folder(&self.path);
        Ok(())
    }

    /// The same for a file that must not replace another one.
    fn finish_beside_former(&self) -> Result<()> {
        match std::fs::hard_link(&self.part, &self.path) {
            Ok(()) => std::fs::remove_file(&self.part).map_err(|e| self.fail(e)),
            Err(_) if is_at(&self.file, &self.path) => {
                // Killed between the two steps above; the part is the other name of the file.
                std::fs::remove_file(&self.part).map_err(|e| self.fail(e))
            }
            Err(_) if self.path.symlink_metadata().is_ok() => {
                if self.former == Former::Refused || !self.begins_with_former().map_err(|e| self.fail(e))? {
                    return Err(Error::new(ErrorKind::FormerFileChanged).with_path(&self.path));
                }
                std::fs::rename(&self.part, &self.path).map_err(|e| self.fail(e))
            }
            // A file system without hard links.
            Err(_) => std::fs::rename(&self.part, &self.path).map_err(|e| self.fail(e)),
        }
    }

    /// Whether the file begins with all bytes of the one that has its name.
    fn begins_with_former(&self) -> io::Result<bool> {
        let mut part = BufReader::with_capacity(BUFFER, File::open(&self.part)?);
        let mut former = BufReader::with_capacity(BUFFER, File::open(&self.path)?);
        let (mut a, mut b) = (vec![0; BUFFER], vec![0; BUFFER]);
        loop {
            let n = former.read(&mut a)?;
            if n == 0 {
                return Ok(true);
            }
            match part.read_exact(&mut b[..n]) {
                Ok(()) if a[..n] == b[..n] => (),
                Err(e) if e.kind() != io::ErrorKind::UnexpectedEof => return Err(e),
                _ => return Ok(false),
            }
        }
    }

    fn fail(&self, e: io::Error) -> Error {
        Error::from(e).with_path(&self.path)
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if !self.keep {
            // Nothing can be done where this fails, and the next run removes it.
            let _ = std::fs::remove_file(&self.part);
        }
    }
}

/// Writes to a part, or to a stream.
#[derive(Debug)]
pub(crate) struct PartWriter {
    file: NamedFile,
    /// Of what is written to a part.
    hash: Option<Arc<Mutex<blake3::Hasher>>>,
}

impl PartWriter {
    /// A writer to a stream.
    pub(crate) fn to_stream(stream: &Stream, path: &Path) -> Result<BufWriter<PartWriter>> {
        let file = stream.open().map_err(|e| Error::from(e).with_path(path))?;
        let file = NamedFile { file, path: path.to_path_buf() };
        Ok(BufWriter::with_capacity(BUFFER, PartWriter { file, hash: None }))
    }
}

impl Write for PartWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.file.write(bytes)?;
        if let Some(hash) = &self.hash {
            hash.lock().unwrap_or_else(PoisonError::into_inner).update(&bytes[..n]);
        }
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn lock(file: &File, path: &Path) -> Result<()> {
    file.try_lock().map_err(|e| match e {
        std::fs::TryLockError::WouldBlock => Error::new(ErrorKind::Locked).with_path(path),
        std::fs::TryLockError::Error(e) => Error::from(e).with_path(path),
    })
}

/// Removes the part of a run that has ended. A link or a device that stands in its place is somebody else's.
fn remove_old(path: &Path, part: &Path) -> Result<()> {
    let file = match open_own(part) {
        // Another run removed it.
        Err(e) if matches!(e.kind(), ErrorKind::Io(io) if io.kind() == io::ErrorKind::NotFound) => {
            return Ok(());
        }
        file => file?,
    };
    lock(&file, path)?;
    if is_at(&file, part) {
        std::fs::remove_file(part).map_err(|e| Error::from(e).with_path(part))?;
    }
    Ok(())
}

/// Opens a part that is there. It must be a file of one name, and no link.
fn open_own(part: &Path) -> Result<File> {
    let fail = |e: io::Error| Error::from(e).with_path(part);
    let refused = || Error::new(ErrorKind::ForeignPart).with_path(part);
    // Before it is opened, for a pipe would be waited for.
    if !part.symlink_metadata().map_err(fail)?.is_file() {
        return Err(refused());
    }
    let mut options = File::options();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NOFOLLOW | libc::O_NONBLOCK);
    let file = options.open(part).map_err(fail)?;
    let meta = file.metadata().map_err(fail)?;
    if !meta.is_file() || has_other_names(&meta) {
        return Err(refused());
    }
    Ok(file)
}

#[cfg(unix)]
fn has_other_names(meta: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(meta) > 1
}

#[cfg(not(unix))]
fn has_other_names(_: &Metadata) -> bool {
    false
}

/// Whether a file is the one at this path, not followed through links.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |m: Metadata| (m.dev(), m.ino());
    match (file.metadata(), path.symlink_metadata()) {
        (Ok(a), Ok(b)) => id(a) == id(b),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_taken_up_at_a_safe_length() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");
        let mut part = PartFile::create(&path, Former::Replaced).unwrap();
        let mut writer = part.writer().unwrap();
        writer.write_all(b"safe").unwrap();
        writer.flush().unwrap();
        let hash = part.hash();
        writer.write_all(b", and more").unwrap();
        drop(writer);
        assert!(PartFile::create(&path, Former::Replaced).unwrap_err().to_string().contains("another run"));
        part.keep(true);
        drop(part);
        let reopen = |length, hash: &str| PartFile::reopen(&path, length, hash, Former::Replaced);
        assert!(reopen(99, &hash).is_err());
        assert!(reopen(3, &hash).unwrap_err().to_string().contains("was changed"));
        let part = reopen(4, &hash).unwrap();
        part.writer().unwrap().write_all(b"!").unwrap();
        assert_eq!(part.hash(), blake3::hash(b"safe!").to_hex().as_str());
        part.finish().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"safe!");
        drop(PartFile::create(&path, Former::Replaced).unwrap());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_must_not_be_replaced_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trail");
        let create = |former, text: &[u8]| {
            let part = PartFile::create(&path, former).unwrap();
            part.writer().unwrap().write_all(text).unwrap();
            part
        };
        create(Former::Refused, b"one").finish().unwrap();
        let error = create(Former::Refused, b"two").finish().unwrap_err();
        assert!(error.to_string().contains("appeared or was changed"), "{error}");
        create(Former::Continued, b" two").finish().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"one two");
        let part = create(Former::Continued, b" three");
        std::fs::write(&path, "one too").unwrap();
        part.finish().unwrap_err();
        assert_eq!(std::fs::read(&path).unwrap(), b"one too");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_place_of_a_part_is_neither_followed_nor_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let links: [fn(&Path, &Path) -> io::Result<()>; 2] =
            [|a, b| std::os::unix::fs::symlink(a, b), |a, b| std::fs::hard_link(a, b)];
        std::fs::write(path("precious"), "precious").unwrap();
        for link in links {
            link(&path("precious"), &path("x.part")).unwrap();
            let error = PartFile::create(&path("x"), Former::Replaced).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::ForeignPart), "{error}");
            PartFile::reopen(&path("x"), 3, "", Former::Replaced).unwrap_err();
            assert_eq!(std::fs::read(path("precious")).unwrap(), b"precious");
            std::fs::remove_file(path("x.part")).unwrap();
        }
        std::os::unix::fs::symlink(path("nowhere"), path("x.part")).unwrap();
        PartFile::create(&path("x"), Former::Replaced).unwrap_err();
        assert!(!path("nowhere").exists());
    }
}
