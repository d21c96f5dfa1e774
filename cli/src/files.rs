//! The files that a command reads and writes: no output may be an input, and no two outputs one file.
//!
//! A command states its files before it reads any, and [`Files::check`] compares them by what they are and not by how
//! they are spelled: by device and number of the file, which links of both kinds share, and where there is no file yet
//! by its folder and name.

use interdict::file::is_stream;
use interdict::{Error, Result};
use std::fs::Metadata;
use std::path::{Path, PathBuf};

/// The first bytes of an index file, which is no list and may lie in a folder of lists.
const INDEX_MAGIC: &[u8] = b"INTERDX\n";

/// A file of a command.
struct Role {
    /// What it is to the command, as messages say it: the option, or "the input".
    name: &'static str,
    path: PathBuf,
}

/// The files of a command.
#[derive(Default)]
pub struct Files {
    inputs: Vec<Role>,
    outputs: Vec<Role>,
}

impl Files {
    /// Adds a file or folder that is read; `-` is standard input.
    pub fn reads<P: AsRef<Path>>(mut self, name: &'static str, paths: impl IntoIterator<Item = P>) -> Self {
        let role = |path: P| match path.as_ref() {
            path if path.as_os_str() == "-" => Role { name, path: "/dev/stdin".into() },
            path => Role { name, path: path.into() },
        };
        self.inputs.extend(paths.into_iter().map(role));
        self
    }

    /// Adds a file that is written, and the files beside it, which have these endings behind its name.
    pub fn writes<P: AsRef<Path>>(
        mut self,
        name: &'static str,
        paths: impl IntoIterator<Item = P>,
        endings: &[&str],
    ) -> Self {
        for path in paths {
            let path = match path.as_ref() {
                path if path.as_os_str() == "-" => Path::new("/dev/stdout"),
                path => path,
            };
            self.outputs.push(Role { name, path: path.into() });
            if !is_stream(path) {
                self.outputs.extend(endings.iter().map(|e| Role { name, path: beside(path, e) }));
            }
        }
        self
    }

    /// Checks that nothing is written that is read, and nothing is written twice.
    ///
    /// # Errors
    ///
    /// An invalid option, which names both files. Nothing has been read then.
    pub fn check(&self) -> Result<()> {
        let identify = |role: &Role| FileId::of(&role.path);
        let outputs: Vec<_> = self.outputs.iter().filter_map(|role| Some((role, identify(role)?))).collect();
        for input in &self.inputs {
            check_input(input, &input.path, &outputs)?;
        }
        for (at, (role, id)) in outputs.iter().enumerate() {
            if let Some((other, _)) = outputs[..at].iter().find(|(_, other)| other == id) {
                let [a, b] = [role, other].map(|role| shown(&role.path));
                let message = format!(
                    "{}: {a} is the file that {} names ({b}); nothing is written",
                    role.name, other.name
                );
                return Err(Error::invalid_option(role.name, message));
            }
        }
        Ok(())
    }
}

fn shown(path: &Path) -> String {
    interdict::text::shown(&path.to_string_lossy()).into_owned()
}

/// A path with an ending behind its name.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut beside = path.as_os_str().to_os_string();
    beside.push(ending);
    beside.into()
}

/// Checks that an input, or any file of a folder, is none of the outputs.
fn check_input(role: &Role, path: &Path, outputs: &[(&Role, FileId)]) -> Result<()> {
    if path.is_dir() {
        // A folder that cannot be read is reported when its lists are read.
        let Ok(entries) = std::fs::read_dir(path) else { return Ok(()) };
        let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        entries.sort();
        return entries
            .iter()
            .filter(|path| !is_index(path))
            .try_for_each(|path| check_entry(role, path, outputs));
    }
    let Some(id) = FileId::of(path) else { return Ok(()) };
    let Some((output, _)) = outputs.iter().find(|(_, output)| *output == id) else { return Ok(()) };
    let [output_path, input_path] = [output.path.as_path(), path].map(shown);
    let message = format!(
        "{}: {output_path} is {} ({input_path}), which is read; nothing is written",
        output.name, role.name
    );
    Err(Error::invalid_option(output.name, message))
}

/// The same for an entry of a folder. Links to folders are not followed, for they may lead in a circle.
fn check_entry(role: &Role, path: &Path, outputs: &[(&Role, FileId)]) -> Result<()> {
    match path.symlink_metadata() {
        Ok(meta) if meta.is_symlink() && path.is_dir() => Ok(()),
        _ => check_input(role, path, outputs),
    }
}

fn is_index(path: &Path) -> bool {
    use std::io::Read;
    let mut head = [0; INDEX_MAGIC.len()];
    path.is_file()
        && std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok()
        && head == INDEX_MAGIC
}

/// What a path is, however it is spelled or linked.
#[derive(Clone, Debug, PartialEq, Eq)]
enum FileId {
    /// A file or a pipe that is there, by device and number.
    #[cfg(unix)]
    Present(u64, u64),
    /// A file that is not there yet, or a system without such numbers.
    Named(PathBuf),
}

impl FileId {
    /// None for what may be read and written at once: a terminal, `/dev/null`.
    fn of(path: &Path) -> Option<FileId> {
        match std::fs::metadata(path) {
            Ok(meta) => FileId::present(path, &meta),
            Err(_) => {
                let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
                let folder = folder.canonicalize().unwrap_or_else(|_| folder.into());
                Some(FileId::Named(folder.join(path.file_name()?)))
            }
        }
    }

    #[cfg(unix)]
    fn present(_: &Path, meta: &Metadata) -> Option<FileId> {
        use std::os::unix::fs::{FileTypeExt, MetadataExt};
        let kind = meta.file_type();
        (!kind.is_char_device()).then(|| FileId::Present(meta.dev(), meta.ino()))
    }

    #[cfg(not(unix))]
    fn present(path: &Path, _: &Metadata) -> Option<FileId> {
        Some(FileId::Named(path.canonicalize().ok()?))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn files_are_compared_by_what_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir(path("lists")).unwrap();
        for name in ["in.csv", "lists/a.csv", "out.csv.part"] {
            std::fs::write(path(name), "name\n").unwrap();
        }
        std::fs::write(path("lists/old.idx"), "INTERDX\n…").unwrap();
        std::fs::hard_link(path("in.csv"), path("hard")).unwrap();
        std::os::unix::fs::symlink("in.csv", path("soft")).unwrap();
        std::os::unix::fs::symlink(path("lists"), path("lists/again")).unwrap();
        let check = |input: &str, output: &str| {
            let files = Files::default().reads("the input", [path(input)]);
            files.writes("--output", [path(output)], &[".part"]).check().map_err(|e| e.to_string())
        };
        for (input, output) in [
            ("in.csv", "in.csv"),
            ("in.csv", "./lists/../in.csv"),
            ("in.csv", "hard"),
            ("in.csv", "soft"),
            ("soft", "hard"),
            ("lists", "lists/a.csv"),
            ("out.csv.part", "out.csv"),
        ] {
            let error = check(input, output).unwrap_err();
            assert!(error.contains("--output: ") && error.contains("nothing is written"), "{error}");
        }
        for (input, output) in [("in.csv", "out.csv"), ("lists", "lists/old.idx"), ("lists", "in.csv")] {
            assert_eq!(check(input, output), Ok(()), "{input} {output}");
        }
    }

    #[test]
    fn two_outputs_are_two_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let check = |a: &Path, b: &Path| {
            let files =
                Files::default().writes("--output", [a], &[".part"]).writes("--audit", [b], &[".part"]);
            files.check().is_ok()
        };
        assert!(check(&path("a"), &path("b")));
        assert!(check(Path::new("/dev/null"), Path::new("/dev/null")));
        for (a, b) in [("a", "a"), ("a", "./a"), ("a", "a.part"), ("a.part", "a")] {
            assert!(!check(&path(a), &path(b)), "{a} {b}");
        }
    }
}
