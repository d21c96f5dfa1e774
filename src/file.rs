//! Writing files whole or not at all.

use crate::error::{Error, Result};
use std::io::{self, BufWriter, Write};
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
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if path.is_dir() {
            return Err(Error::config("this is a folder; name a file").with_path(&path));
        }
        let temp = NamedTempFile::new_in(folder).map_err(|e| Error::from(e).with_path(&path))?;
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
