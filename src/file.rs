//! Writing files whole or not at all.

use crate::error::{Error, Result};
use std::io::Write;
use std::path::Path;

/// Writes a file under a temporary name in its folder and renames it when all is written and on disk: after
/// a failure the old file, if there was one, is untouched.
pub(crate) fn write_whole(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<()> {
    let fail = |e: std::io::Error| Error::from(e).with_path(path);
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let temp = tempfile::NamedTempFile::new_in(folder).map_err(fail)?;
    let mut out = std::io::BufWriter::with_capacity(1 << 20, temp);
    write(&mut out).and_then(|()| out.flush()).map_err(fail)?;
    let temp = out.into_inner().map_err(|e| fail(e.into_error()))?;
    temp.as_file().sync_all().map_err(fail)?;
    #[cfg(unix)]
    {
        // Temporary files are private; a result is as readable as any file the user makes.
        use std::os::unix::fs::PermissionsExt;
        temp.as_file().set_permissions(std::fs::Permissions::from_mode(0o644)).map_err(fail)?;
    }
    temp.persist(path).map_err(|e| fail(e.error))?;
    Ok(())
}
