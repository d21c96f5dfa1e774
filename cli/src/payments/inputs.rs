//! The messages of files and folders, one after the other.

use super::Item;
use crate::sources::{self, Input};
use interdict::payment::Reader;
use interdict::run::InputIdentity;
use interdict::{Error, ErrorKind, Result, ResumeProblem};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

pub struct Inputs {
    /// Each with its name as it was given; of a folder the path within it.
    files: Vec<(PathBuf, String)>,
    /// Number of the file that is read.
    at: usize,
    reader: Option<Reader<Input>>,
}

impl Inputs {
    /// Finds the files; hidden ones in folders are passed over.
    pub fn new(paths: &[PathBuf]) -> Result<Inputs> {
        let mut files = Vec::new();
        for path in paths {
            if path.is_dir() {
                let before = files.len();
                add_folder(path, &mut files)?;
                if files.len() == before {
                    return Err(Error::malformed("the folder holds no file").with_path(path));
                }
            } else {
                files.push(path.clone());
            }
        }
        let named = |path: PathBuf| (path.clone(), path.display().to_string());
        Ok(Inputs { files: files.into_iter().map(named).collect(), at: 0, reader: None })
    }

    pub fn name(&self, file: usize) -> &str {
        &self.files[file].1
    }

    /// The files by their names and content; the content only if `is_hashed`, and none can be read but once.
    pub fn identity(&self, is_hashed: bool) -> Result<InputIdentity> {
        let names: Vec<&str> = self.files.iter().map(|(_, name)| name.as_str()).collect();
        let mut identity = InputIdentity::named(names.join(", "));
        if !is_hashed || !self.can_be_read_again() {
            return Ok(identity);
        }
        let (mut all, mut bytes) = (Sha256::new(), 0);
        for (path, name) in &self.files {
            let file = InputIdentity::of(path)?;
            all.update(format!("{name}\0{}\0", file.sha256.unwrap_or_default()));
            bytes += file.bytes.unwrap_or(0);
        }
        identity.sha256 = Some(all.finalize().iter().map(|b| format!("{b:02x}")).collect());
        identity.bytes = Some(bytes);
        Ok(identity)
    }

    /// Whether all inputs are files, and none is a pipe.
    pub fn can_be_read_again(&self) -> bool {
        self.files.iter().all(|(path, _)| path.as_os_str() != "-" && path.is_file())
    }

    /// Reads over the messages, or parts of them, that an earlier run has done.
    pub fn skip(&mut self, done: u64) -> Result<()> {
        for _ in 0..done {
            if self.next()?.is_none() {
                return Err(Error::new(ErrorKind::CannotResume(ResumeProblem::TruncatedInput)));
            }
        }
        Ok(())
    }

    /// Files read to their end.
    pub fn files(&self) -> u64 {
        self.at as u64
    }

    /// The next message, or part of one.
    pub fn next(&mut self) -> Result<Option<Item>> {
        while self.at < self.files.len() {
            let path = &self.files[self.at].0;
            if self.reader.is_none() {
                self.reader = Some(Reader::new(sources::input(path)?.0));
            }
            match self.reader.as_mut().and_then(Iterator::next) {
                Some(message) => {
                    let message = message.map_err(|e| e.with_path(path))?;
                    return Ok(Some(Item { file: self.at, message }));
                }
                None => {
                    self.reader = None;
                    self.at += 1;
                }
            }
        }
        Ok(None)
    }
}

fn add_folder(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let fail = |e: std::io::Error| Error::from(e).with_path(folder);
    let mut entries: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        entries.push(entry.map_err(fail)?.path());
    }
    entries.sort();
    let is_hidden = |path: &PathBuf| path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
    for path in entries.into_iter().filter(|path| !is_hidden(path)) {
        match path.is_dir() {
            true => add_folder(&path, files)?,
            false => files.push(path),
        }
    }
    Ok(())
}
