//! What is kept of an unfinished run, so that it can go on after a kill at any moment.
//!
//! While a run writes `hits.csv`, its results grow in `hits.csv.part` (rejected rows and the audit trail in
//! parts of their own), and every few seconds `hits.csv.progress` is replaced by one that says how many rows
//! are done and how long each part was when all its bytes were on disk. To go on is to cut the parts to these
//! lengths, to read over the rows that are done, and to screen the others. At the end the parts get their
//! names and the journal goes.
//!
//! A journal knows what its run was made of: program, configuration, lists and input, each by its content.
//! Where one differs, the run is not resumed.
//!
//! Cost: two or three synchronised writes each time. Limits: the input must be a file that is still there; the
//! rows that are done are read again, about a second for each million.

use super::Counts;
use crate::audit;
use crate::error::{Error, Result};
use crate::file::PartFile;
use crate::index::Index;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Version of the journal's layout.
const LAYOUT: u32 = 1;

/// Every setting that decides what a run writes, by name.
pub type Configuration = BTreeMap<String, String>;

/// The bytes of an input.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputIdentity {
    /// Its name as it was given; `-` is standard input.
    pub path: String,
    /// SHA-256 in hexadecimal; none for what cannot be read twice.
    pub sha256: Option<String>,
    /// Length in bytes.
    pub bytes: Option<u64>,
}

impl InputIdentity {
    /// Reads a file to its end.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub fn of(path: &Path) -> Result<InputIdentity> {
        use sha2::Digest;
        let fail = |e: std::io::Error| Error::from(e).with_path(path);
        let mut file = File::open(path).map_err(fail)?;
        let mut hasher = sha2::Sha256::new();
        let mut buffer = vec![0; 1 << 20];
        let mut bytes = 0;
        loop {
            let n = file.read(&mut buffer).map_err(fail)?;
            if n == 0 {
                break;
            }
            hasher.update(&buffer[..n]);
            bytes += n as u64;
        }
        let sha256 = Some(crate::digest::hex(&hasher.finalize()));
        Ok(InputIdentity { path: path.display().to_string(), sha256, bytes: Some(bytes) })
    }
}

/// A list by its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListIdentity {
    /// Its name in hits.
    pub name: String,
    /// Publication date, where the list tells one.
    pub published: Option<String>,
    /// SHA-256 of its file, in hexadecimal.
    pub sha256: String,
    /// Entities.
    pub entities: u64,
    /// Names.
    pub names: u64,
}

/// What a run is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Version of the program and of its analysis of names.
    pub program: String,
    /// Every setting that decides what is written.
    pub configuration: Configuration,
    /// The lists, in their order in the index.
    pub lists: Vec<ListIdentity>,
    /// The input.
    pub input: InputIdentity,
}

/// The list that stands among others of its name where the one at `at` does. Both sides of a run against a change bear
/// one name.
fn counterpart<'o>(
    lists: &[ListIdentity],
    at: usize,
    others: &'o [ListIdentity],
) -> Option<&'o ListIdentity> {
    let is_alike = |l: &&ListIdentity| l.name == lists[at].name;
    let before = lists[..at].iter().filter(is_alike).count();
    others.iter().filter(is_alike).nth(before)
}

impl Identity {
    /// A run of this program with this index.
    pub fn new(index: &Index, configuration: Configuration, input: InputIdentity) -> Identity {
        let lists = index.identity().lists.iter().map(|v| ListIdentity {
            name: v.name.clone(),
            published: v.published.map(|d| d.to_string()),
            sha256: v.sha256.clone(),
            entities: v.entities,
            names: v.names,
        });
        let version = env!("CARGO_PKG_VERSION");
        let program = format!("interdict {version}, analysis {}", crate::name::ANALYSIS_VERSION);
        Identity { program, configuration, lists: lists.collect(), input }
    }

    /// SHA-256 of the configuration's JSON, in hexadecimal.
    pub fn configuration_hash(&self) -> String {
        crate::digest::hex_digest([&serde_json::to_vec(&self.configuration).unwrap_or_default()[..]])
    }

    /// What differs in `now`, for people, the input left out: program, configuration and lists.
    pub fn differences(&self, now: &Identity) -> Vec<String> {
        let mut told = Vec::new();
        if self.program != now.program {
            told.push(format!("program: was {}, is {}", self.program, now.program));
        }
        let keys: std::collections::BTreeSet<_> =
            self.configuration.keys().chain(now.configuration.keys()).collect();
        for key in keys {
            let show = |c: &Configuration| c.get(key).map_or("not set".into(), |v| format!("'{v}'"));
            let (was, is) = (show(&self.configuration), show(&now.configuration));
            if was != is {
                told.push(format!("configuration: {key} was {was}, is {is}"));
            }
        }
        for (at, list) in self.lists.iter().enumerate() {
            match counterpart(&self.lists, at, &now.lists) {
                None => told.push(format!("lists: {} is not there", list.name)),
                Some(other) if other != list => {
                    let show = |l: &ListIdentity| {
                        let day = l.published.as_deref().unwrap_or("no date");
                        format!("{} ({day}, {} entities)", &l.sha256[..l.sha256.len().min(12)], l.entities)
                    };
                    told.push(format!("lists: {} was {}, is {}", list.name, show(list), show(other)));
                }
                Some(_) => (),
            }
        }
        let new = (0..now.lists.len()).filter(|at| counterpart(&now.lists, *at, &self.lists).is_none());
        told.extend(new.map(|at| format!("lists: {} was not there", now.lists[at].name)));
        if told.is_empty() && self.lists != now.lists {
            told.push("lists: they come in another order".into());
        }
        told
    }

    fn refuse(&self, now: &Identity) -> Vec<String> {
        let mut told = self.differences(now);
        if (&self.input.sha256, self.input.bytes) != (&now.input.sha256, now.input.bytes) {
            let show = |i: &InputIdentity| {
                let hash = i.sha256.as_deref().unwrap_or("unknown");
                format!("{} bytes, {}", i.bytes.unwrap_or(0), &hash[..hash.len().min(12)])
            };
            told.push(format!("input: was {}, is {}", show(&self.input), show(&now.input)));
        }
        told
    }
}

/// The journal, as it stands in its file.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Journal {
    layout: u32,
    identity: Identity,
    /// The day on which the run began.
    date: String,
    /// All rows are done; what is left is to give the parts their names.
    complete: bool,
    counts: Counts,
    audit: Option<audit::State>,
    /// Finished name and safe length of each part.
    parts: Vec<(PathBuf, u64)>,
}

/// An unfinished run that was found.
#[derive(Clone, Debug)]
pub struct Unfinished {
    /// What is done.
    pub counts: Counts,
    /// The state of its audit trail.
    pub audit: Option<audit::State>,
    /// Whether all was done but for the names of the files, which have them now.
    pub complete: bool,
}

/// The files that a run writes, and its journal.
#[derive(Debug)]
pub struct Checkpoint {
    /// The journal's name; none for a run that cannot be resumed.
    path: Option<PathBuf>,
    journal: Journal,
    /// Parts of the run that is resumed.
    earlier: Vec<(PathBuf, u64)>,
    parts: Vec<PartFile>,
    saved: bool,
}

impl Checkpoint {
    /// A run from the beginning. `output` is the file beside which the journal stands; without it the run
    /// cannot be resumed, and leaves nothing when it fails. The journal of an earlier run is removed.
    ///
    /// # Errors
    ///
    /// The old journal cannot be removed.
    pub fn begin(output: Option<&Path>, identity: Identity) -> Result<Checkpoint> {
        let date = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date().to_string();
        let journal = Journal {
            layout: LAYOUT,
            identity,
            date,
            complete: false,
            counts: Counts::default(),
            audit: None,
            parts: Vec::new(),
        };
        let path = output.map(Checkpoint::journal_of);
        if let Some(path) = path.as_deref().filter(|p| p.exists()) {
            std::fs::remove_file(path).map_err(|e| Error::from(e).with_path(path))?;
        }
        Ok(Checkpoint { path, journal, earlier: Vec::new(), parts: Vec::new(), saved: false })
    }

    /// Goes on with the unfinished run of this output, if there is one.
    ///
    /// # Errors
    ///
    /// The journal cannot be read, or what the run was made of differs; the error says what.
    pub fn resume(output: &Path, identity: &Identity) -> Result<Option<(Checkpoint, Unfinished)>> {
        let path = Checkpoint::journal_of(output);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(Error::from(e).with_path(&path)),
        };
        let anew = "; without --resume the run begins anew";
        let mut journal: Journal = serde_json::from_slice(&bytes)
            .map_err(|e| Error::malformed(format!("not a readable journal: {e}{anew}")).with_path(&path))?;
        if journal.layout != LAYOUT {
            let text = format!("cannot resume: journal of layout {}, not {LAYOUT}{anew}", journal.layout);
            return Err(Error::malformed(text).with_path(&path));
        }
        let told = journal.identity.refuse(identity);
        if !told.is_empty() {
            let text = format!("cannot resume, since something has changed: {}{anew}", told.join("; "));
            return Err(Error::malformed(text).with_path(&path));
        }
        let found =
            Unfinished { counts: journal.counts, audit: journal.audit.clone(), complete: journal.complete };
        let earlier = std::mem::take(&mut journal.parts);
        let mut checkpoint =
            Checkpoint { path: Some(path), journal, earlier, parts: Vec::new(), saved: true };
        if found.complete {
            for (file, length) in checkpoint.earlier.clone() {
                // A part that is not there has its name already.
                if PartFile::part_of(&file).exists() {
                    checkpoint.parts.push(PartFile::reopen(&file, length)?);
                }
            }
            checkpoint.name_files()?;
        }
        Ok(Some((checkpoint, found)))
    }

    fn journal_of(output: &Path) -> PathBuf {
        let mut path = output.as_os_str().to_owned();
        path.push(".progress");
        path.into()
    }

    /// Whether the unfinished run of an output is there.
    pub fn exists(output: &Path) -> bool {
        Checkpoint::journal_of(output).exists()
    }

    /// The day (UTC) on which the run began, as `2026-01-31`.
    pub fn date(&self) -> &str {
        &self.journal.date
    }

    /// What the run is made of.
    pub fn identity(&self) -> &Identity {
        &self.journal.identity
    }

    /// Begins a file, or goes on with it behind what is safe. What is written must be flushed before
    /// [`Checkpoint::save`] and [`Checkpoint::finish`].
    ///
    /// # Errors
    ///
    /// The file cannot be written, or is shorter than it was.
    pub fn file(&mut self, path: &Path) -> Result<impl Write + use<>> {
        let earlier = self.earlier.iter().find(|(p, _)| p == path);
        let part = match earlier {
            Some((_, length)) => PartFile::reopen(path, *length)?,
            None if self.saved => {
                let text = "cannot resume: the unfinished run did not write this file";
                return Err(Error::malformed(text).with_path(path));
            }
            None => PartFile::create(path)?,
        };
        let writer = part.writer()?;
        self.parts.push(part);
        Ok(writer)
    }

    /// Opens what has been written of a file that was begun, for reading.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub fn part(&self, path: &Path) -> Result<File> {
        File::open(PartFile::part_of(path)).map_err(|e| Error::from(e).with_path(path))
    }

    /// Notes that all that has been written is safe.
    ///
    /// # Errors
    ///
    /// The disk is full or fails.
    pub fn save(&mut self, counts: &Counts, audit: Option<&audit::State>) -> Result<()> {
        // Without a row there is nothing to go on with: the files would get their beginnings twice.
        if self.path.is_none() || (counts.rows == 0 && !self.journal.complete) {
            return Ok(());
        }
        let mut lengths = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            lengths.push((part.path().to_path_buf(), part.sync()?));
        }
        self.journal.counts = *counts;
        self.journal.audit = audit.cloned();
        self.journal.parts = lengths;
        self.write()?;
        self.saved = true;
        self.parts.iter_mut().for_each(|p| p.keep(true));
        Ok(())
    }

    /// Replaces the journal. A part of it that a kill leaves is overwritten by the next run.
    fn write(&self) -> Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        let file = PartFile::create(path)?;
        let mut out = file.writer()?;
        serde_json::to_writer_pretty(&mut out, &self.journal).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
        out.flush()?;
        file.finish()
    }

    /// Gives all files their names.
    ///
    /// # Errors
    ///
    /// The disk is full or fails.
    pub fn finish(&mut self, counts: &Counts, audit: Option<&audit::State>) -> Result<()> {
        self.journal.complete = true;
        self.save(counts, audit)?;
        self.name_files()
    }

    fn name_files(&mut self) -> Result<()> {
        // The output comes last: where it is, everything is. It was the first to be begun.
        for part in self.parts.drain(..).rev() {
            part.finish()?;
        }
        match &self.path {
            Some(path) => std::fs::remove_file(path).map_err(|e| Error::from(e).with_path(path)),
            None => Ok(()),
        }
    }

    /// Whether the run can be resumed once it has been saved.
    pub fn can_save(&self) -> bool {
        self.path.is_some()
    }

    /// Whether there is something that can be resumed.
    pub fn is_saved(&self) -> bool {
        self.path.is_some() && self.saved
    }

    /// Removes what has been written.
    pub fn discard(&mut self) {
        self.parts.iter_mut().for_each(|p| p.keep(false));
        self.parts.clear();
        if let Some(path) = self.path.as_deref().filter(|_| self.saved) {
            // Nothing can be done where this fails, and the next run overwrites it.
            let _ = std::fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity() -> Identity {
        Identity {
            program: "x".into(),
            configuration: Configuration::default(),
            lists: Vec::new(),
            input: InputIdentity::default(),
        }
    }

    #[test]
    fn both_sides_of_a_change_bear_one_name() {
        let list = |sha256: &str| {
            let (name, sha256) = ("a".to_string(), sha256.to_string());
            ListIdentity { name, published: None, sha256, entities: 1, names: 1 }
        };
        let of = |sides: &[&str]| Identity { lists: sides.iter().map(|s| list(s)).collect(), ..identity() };
        let told = |sides: &[&str]| of(&["new", "old"]).differences(&of(sides));
        assert_eq!(told(&["new", "old"]), [""; 0]);
        assert_eq!(
            told(&["new", "older"]),
            ["lists: a was old (no date, 1 entities), is older (no date, 1 entities)"]
        );
        assert_eq!(told(&["new"]), ["lists: a is not there"]);
        assert_eq!(told(&["new", "old", "b"]), ["lists: a was not there"]);
    }

    #[test]
    fn a_run_that_ended_before_its_files_had_their_names() {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["hits", "rejects", "audit"].map(|n| folder.path().join(n));
        let counts = Counts { rows: 1, screened: 1, ..Counts::default() };
        let mut checkpoint = Checkpoint::begin(Some(&paths[0]), identity()).unwrap();
        for path in &paths {
            checkpoint.file(path).unwrap().write_all(b"done").unwrap();
        }
        checkpoint.journal.complete = true;
        checkpoint.save(&counts, None).unwrap();
        // It is killed when one file has its name.
        checkpoint.parts.pop().unwrap().finish().unwrap();
        drop(checkpoint);
        assert!(!paths[0].exists() && paths[2].exists());
        let (_, found) = Checkpoint::resume(&paths[0], &identity()).unwrap().unwrap();
        assert!(found.complete && found.counts == counts);
        assert!(paths.iter().all(|p| std::fs::read(p).unwrap() == b"done"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[test]
    fn what_fails_before_it_is_saved_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hits");
        let mut checkpoint = Checkpoint::begin(Some(&path), identity()).unwrap();
        checkpoint.file(&path).unwrap().write_all(b"half").unwrap();
        drop(checkpoint);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
