//! Paths that name no file but a stream: standard output, a device, a pipe. They are written to and never replaced.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// The most links that a path is followed through, as on Linux.
const MAX_LINKS: usize = 40;

/// What a path names, if it is no file that could be replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    /// `-`, `/dev/stdout` and other names of standard output.
    StandardOutput,
    /// `/dev/stderr` and other names of standard error.
    StandardError,
    /// A character device, a pipe, or an open file of the process by its number.
    Device(PathBuf),
}

impl Stream {
    /// The stream that a path names. Links are followed, so that a link to `/dev/stdout` is standard output.
    pub(crate) fn of(path: &Path) -> Option<Stream> {
        if path.as_os_str() == "-" {
            return Some(Stream::StandardOutput);
        }
        let mut path = path.to_path_buf();
        for _ in 0..MAX_LINKS {
            if let Some(stream) = Stream::by_name(&path) {
                return Some(stream);
            }
            let Ok(target) = std::fs::read_link(&path) else { break };
            path = super::folder(&path).join(target);
        }
        is_device(&path).then_some(Stream::Device(path))
    }

    /// The names of the open files of a process. Their links do not always lead to a file: the file may have been
    /// removed, or be a pipe.
    fn by_name(path: &Path) -> Option<Stream> {
        let name = path.file_name()?.to_str()?;
        let folder = super::folder(path);
        let own = |folder: &Path| {
            folder == Path::new("/dev/fd")
                || folder.canonicalize().is_ok_and(|f| f.starts_with("/proc") && f.ends_with("fd"))
        };
        let number = match name {
            "stdout" if folder == Path::new("/dev") => 1,
            "stderr" if folder == Path::new("/dev") => 2,
            _ => name.parse::<u32>().ok().filter(|_| own(folder))?,
        };
        Some(match number {
            1 => Stream::StandardOutput,
            2 => Stream::StandardError,
            _ => Stream::Device(path.to_path_buf()),
        })
    }

    /// Opens it for writing. Nothing of what it holds is overwritten.
    pub(crate) fn open(&self) -> io::Result<File> {
        match self {
            #[cfg(unix)]
            Stream::StandardOutput => Ok(duplicate(&io::stdout())?.into()),
            #[cfg(unix)]
            Stream::StandardError => Ok(duplicate(&io::stderr())?.into()),
            #[cfg(not(unix))]
            Stream::StandardOutput | Stream::StandardError => Err(io::ErrorKind::Unsupported.into()),
            Stream::Device(path) => File::options().append(true).open(path),
        }
    }
}

#[cfg(unix)]
fn duplicate(stream: &impl std::os::fd::AsFd) -> io::Result<std::os::fd::OwnedFd> {
    stream.as_fd().try_clone_to_owned()
}

#[cfg(unix)]
fn is_device(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    std::fs::metadata(path).is_ok_and(|m| m.file_type().is_char_device() || m.file_type().is_fifo())
}

#[cfg(not(unix))]
fn is_device(_: &Path) -> bool {
    false
}

/// Whether a path names standard output (`-`, `/dev/stdout`), standard error, a character device or a pipe. An output
/// there is written as it comes, and replaces nothing.
///
/// ```
/// use interdict::file::is_stream;
/// assert!(is_stream("-") && !is_stream("hits.csv"));
/// assert!(cfg!(windows) || (is_stream("/dev/null") && is_stream("/dev/stdout")));
/// ```
pub fn is_stream(path: impl AsRef<Path>) -> bool {
    Stream::of(path.as_ref()).is_some()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn streams_are_told_by_what_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for (link, target) in [("a", "/dev/stdout"), ("b", "a"), ("loop", "loop"), ("file", "target")] {
            std::os::unix::fs::symlink(target, path(link)).unwrap();
        }
        assert_eq!(Stream::of(&path("b")), Some(Stream::StandardOutput));
        assert_eq!(Stream::of(Path::new("/dev/stderr")), Some(Stream::StandardError));
        assert_eq!(Stream::of(Path::new("/dev/null")), Some(Stream::Device("/dev/null".into())));
        for none in ["loop", "file", "missing", "1", "stdout"] {
            assert_eq!(Stream::of(&path(none)), None, "{none}");
        }
        if Path::new("/proc/self/fd").exists() {
            assert_eq!(Stream::of(Path::new("/proc/self/fd/1")), Some(Stream::StandardOutput));
            assert!(matches!(Stream::of(Path::new("/dev/fd/7")), Some(Stream::Device(_))));
        }
    }
}
