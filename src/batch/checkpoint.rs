//! The journal of an unfinished run, so that the run can go on after it was killed at any moment.
//!
//! While a run writes `hits.csv`, its results grow in `hits.csv.part` (rejected rows and the audit trail in
//! parts of their own). Every few seconds `hits.csv.progress` is replaced by a journal of the number of rows
//! done and of the length of each part when all its bytes were on disk. A resumed run truncates the parts to
//! these lengths, reads over the rows that are done, and screens the others. At the end the parts get their
//! names and the journal is removed.
//!
//! The journal holds the hash of each part, and a seal over itself: if one of them was changed, the run is not resumed.
//! The seal has no secret. It shows what was edited, and not what somebody sealed anew.
//!
//! The journal holds the [identity](RunIdentity) of its run. A run with another program, configuration, lists
//! or input is not resumed.
//!
//! Cost: two or three synchronised writes for each checkpoint. Limits: the input must be a file that is still
//! there; the rows that are done are read again, about a second for each million.

use crate::audit;
use crate::error::{Error, ErrorKind, Result, ResumeProblem};
use crate::file::{Former, PartFile, PartWriter, Stream};
use crate::run::{RowCounts, RunIdentity};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Version of the journal's layout.
const VERSION: u32 = 2;

/// A part of the run as the journal holds it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Part {
    /// Finished name.
    path: PathBuf,
    /// Safe length in bytes.
    length: u64,
    /// BLAKE3 of these bytes.
    blake3: String,
    /// What happens to a file that has the name already.
    former: Former,
}

/// A journal with its seal.
#[derive(Debug, Serialize, Deserialize)]
struct SealedJournal {
    #[serde(flatten)]
    journal: Journal,
    /// BLAKE3 of the journal's JSON without line breaks, and so of the hashes of all parts.
    seal: String,
}

/// The journal as its file holds it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Journal {
    #[serde(rename = "layout")]
    version: u32,
    identity: RunIdentity,
    /// The day on which the run began.
    date: String,
    /// Whether all rows are done, so that only the renaming of the parts is left.
    complete: bool,
    counts: RowCounts,
    audit: Option<audit::TrailState>,
    /// What else the run must know to go on; none for a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<serde_json::Value>,
    /// The files that are being written.
    parts: Vec<Part>,
}

impl Journal {
    fn seal(&self) -> String {
        // Plain data cannot fail to be written to memory.
        blake3::hash(&serde_json::to_vec(self).unwrap_or_default()).to_hex().to_string()
    }
}

/// The layout of any journal.
#[derive(Deserialize)]
struct Layout {
    #[serde(rename = "layout")]
    version: u32,
}

/// An unfinished run that was found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Unfinished {
    /// The rows that are done.
    pub counts: RowCounts,
    /// The state of its audit trail.
    pub audit: Option<audit::TrailState>,
    /// What [`Checkpoint::set_state`] kept.
    pub state: Option<serde_json::Value>,
    /// Whether all rows were done and only the renaming of the files was left, which is done now.
    pub complete: bool,
}

/// The files that a run writes, and its journal.
#[derive(Debug)]
pub struct Checkpoint {
    /// Path of the journal; none for a run that cannot be resumed.
    path: Option<PathBuf>,
    journal: Journal,
    /// The parts of the run that is resumed.
    earlier: Vec<Part>,
    parts: Vec<PartFile>,
    saved: bool,
}

impl Checkpoint {
    /// A run from the beginning. The journal is kept beside the file `output`; without it the run cannot be
    /// resumed, and leaves nothing when it fails. The journal of an earlier run is removed.
    ///
    /// # Errors
    ///
    /// The old journal cannot be removed.
    pub fn begin(output: Option<&Path>, identity: RunIdentity) -> Result<Checkpoint> {
        let date = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date().to_string();
        let journal = Journal {
            version: VERSION,
            identity,
            date,
            complete: false,
            counts: RowCounts::default(),
            audit: None,
            state: None,
            parts: Vec::new(),
        };
        let path = output.map(Checkpoint::journal_of);
        if let Some(path) = path.as_deref().filter(|p| p.symlink_metadata().is_ok()) {
            std::fs::remove_file(path).map_err(|e| Error::from(e).with_path(path))?;
        }
        Ok(Checkpoint { path, journal, earlier: Vec::new(), parts: Vec::new(), saved: false })
    }

    /// Goes on with the unfinished run of this output, if there is one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CannotResume`] if the journal cannot be read or the identity of the run differs; an
    /// output cannot be read.
    pub fn resume(output: &Path, identity: &RunIdentity) -> Result<Option<(Checkpoint, Unfinished)>> {
        let path = Checkpoint::journal_of(output);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(Error::from(e).with_path(&path)),
        };
        let refused = |problem| Error::new(ErrorKind::CannotResume(problem)).with_path(&path);
        let unreadable = |e: serde_json::Error| refused(ResumeProblem::UnreadableJournal(e.to_string()));
        let Layout { version } = serde_json::from_slice(&bytes).map_err(unreadable)?;
        if version != VERSION {
            return Err(refused(ResumeProblem::JournalVersion { got: version, expected: VERSION }));
        }
        let SealedJournal { mut journal, seal } = serde_json::from_slice(&bytes).map_err(unreadable)?;
        let differences = journal.identity.differences_with_input(identity);
        if !differences.is_empty() {
            return Err(refused(ResumeProblem::Changed(differences)));
        }
        if seal != journal.seal() {
            return Err(refused(ResumeProblem::ChangedJournal));
        }
        let found = Unfinished {
            counts: journal.counts,
            audit: journal.audit.clone(),
            state: journal.state.clone(),
            complete: journal.complete,
        };
        let earlier = std::mem::take(&mut journal.parts);
        let mut checkpoint =
            Checkpoint { path: Some(path), journal, earlier, parts: Vec::new(), saved: true };
        if found.complete {
            for Part { path, length, blake3, former } in checkpoint.earlier.clone() {
                // A part that is not there was renamed already.
                if PartFile::part_of(&path).exists() {
                    checkpoint.parts.push(PartFile::reopen(&path, length, &blake3, former)?);
                }
            }
            checkpoint.rename_files()?;
        }
        Ok(Some((checkpoint, found)))
    }

    /// The journal of the run that writes this output.
    pub fn journal_of(output: &Path) -> PathBuf {
        let mut path = output.as_os_str().to_owned();
        path.push(".progress");
        path.into()
    }

    /// Whether there is an unfinished run of an output.
    pub fn exists(output: &Path) -> bool {
        Checkpoint::journal_of(output).exists()
    }

    /// The day (UTC) on which the run began, as `2026-01-31`.
    pub fn date(&self) -> &str {
        &self.journal.date
    }

    /// The identity of the run.
    pub fn identity(&self) -> &RunIdentity {
        &self.journal.identity
    }

    /// Begins a file, or goes on with it behind its safe length. The writer must be flushed before
    /// [`Checkpoint::save`] and [`Checkpoint::finish`]. A path that names a [stream](crate::file::is_stream) is written
    /// to as it comes.
    ///
    /// # Errors
    ///
    /// The file cannot be written, or is shorter than it was.
    pub fn file(&mut self, path: &Path) -> Result<impl Write + use<>> {
        self.begin_file(path, Former::Replaced)
    }

    /// As [`Checkpoint::file`], for a file that replaces none: [`Checkpoint::finish`] fails if there is one then.
    ///
    /// # Errors
    ///
    /// As [`Checkpoint::file`].
    pub fn new_file(&mut self, path: &Path) -> Result<impl Write + use<>> {
        self.begin_file(path, Former::Refused)
    }

    /// As [`Checkpoint::file`], for a file that begins with all bytes of the one of this name, if there is one.
    /// [`Checkpoint::finish`] fails if that was changed meanwhile.
    ///
    /// # Errors
    ///
    /// As [`Checkpoint::file`].
    pub fn continued_file(&mut self, path: &Path) -> Result<impl Write + use<>> {
        self.begin_file(path, Former::Continued)
    }

    fn begin_file(&mut self, path: &Path, former: Former) -> Result<std::io::BufWriter<PartWriter>> {
        if let Some(stream) = Stream::of(path) {
            return PartWriter::to_stream(&stream, path);
        }
        let earlier = self.earlier.iter().find(|part| part.path == path);
        let part = match earlier {
            Some(part) => PartFile::reopen(path, part.length, &part.blake3, part.former)?,
            None if self.saved => {
                let problem = ErrorKind::CannotResume(ResumeProblem::UnknownFile);
                return Err(Error::new(problem).with_path(path));
            }
            None => PartFile::create(path, former)?,
        };
        let writer = part.writer()?;
        self.parts.push(part);
        Ok(writer)
    }

    /// Opens the part of a file that was begun, for reading.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub fn part(&self, path: &Path) -> Result<File> {
        File::open(PartFile::part_of(path)).map_err(|e| Error::from(e).with_path(path))
    }

    /// Sets what a resumed run must know beside the counts; the next [`Checkpoint::save`] keeps it.
    pub fn set_state(&mut self, state: serde_json::Value) {
        self.journal.state = Some(state);
    }

    /// Makes everything that has been written safe, and notes it in the journal.
    ///
    /// # Errors
    ///
    /// The disk is full or fails.
    pub fn save(&mut self, counts: &RowCounts, audit: Option<&audit::TrailState>) -> Result<()> {
        // Before the first row there is nothing to resume: the files would get their beginnings twice.
        if self.path.is_none() || (counts.rows == 0 && !self.journal.complete) {
            return Ok(());
        }
        let mut lengths = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let (path, former, length) = (part.path().to_path_buf(), part.former(), part.sync()?);
            lengths.push(Part { path, length, blake3: part.hash(), former });
        }
        self.journal.counts = *counts;
        self.journal.audit = audit.cloned();
        self.journal.parts = lengths;
        self.write()?;
        self.saved = true;
        self.parts.iter_mut().for_each(|p| p.keep(true));
        Ok(())
    }

    /// Replaces the journal. If the run is killed here, the next run overwrites the unfinished new journal.
    fn write(&self) -> Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        let file = PartFile::create(path, Former::Replaced)?;
        let mut out = file.writer()?;
        let sealed = SealedJournal { seal: self.journal.seal(), journal: self.journal.clone() };
        serde_json::to_writer_pretty(&mut out, &sealed).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
        out.flush()?;
        file.finish()
    }

    /// Gives all files their names.
    ///
    /// # Errors
    ///
    /// The disk is full or fails.
    pub fn finish(&mut self, counts: &RowCounts, audit: Option<&audit::TrailState>) -> Result<()> {
        self.journal.complete = true;
        self.save(counts, audit)?;
        self.rename_files()
    }

    fn rename_files(&mut self) -> Result<()> {
        // The output was begun first and is renamed last: once it is there, all files are.
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

    /// Whether the run has been saved, so that it can be resumed.
    pub fn is_saved(&self) -> bool {
        self.path.is_some() && self.saved
    }

    /// Removes everything that has been written.
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

    fn identity() -> RunIdentity {
        RunIdentity {
            program: "x".into(),
            configuration: Default::default(),
            lists: Vec::new(),
            input: Default::default(),
        }
    }

    #[test]
    fn a_run_that_ended_before_its_files_had_their_names() {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["hits", "rejects", "audit"].map(|n| folder.path().join(n));
        let counts = RowCounts { rows: 1, screened: 1, ..RowCounts::default() };
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
