//! The audit trail: a record of every party that was screened or refused, in the format of the batch program.
//!
//! A file holds a day, or less if the service was started again; within it there is a run for each index and
//! configuration. [`interdict::audit::verify`] checks a file. A record is with the operating system before its answer is
//! sent. If it cannot be written, the request is answered by an error: no party is screened without a record. A payment
//! message has a record of its own, with the queries of all its subjects and its verdict.

use crate::error::ApiError;
use crate::reload::lock;
use crate::state::{Snapshot, configuration};
use interdict::audit::{Record, Trail};
use interdict::run::RunIdentity;
use interdict::{Config, Error, Result};
use jiff::civil::Date;
use serde::Serialize;
use std::fs::File;
use std::io::{BufWriter, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use utoipa::ToSchema;

/// The source that the header of a run names.
const SOURCE: &str = "HTTP";
/// Files of one day that are looked for, at the most.
const MAX_FILES: u32 = 100_000;

/// Where the records of a request are.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuditPlace {
    /// The file in the folder of the trail.
    pub file: String,
    /// The run in the file, counted from 1.
    pub run: u64,
    /// The number of the first record in the run.
    pub first: u64,
    /// The number of the last one.
    pub last: u64,
}

/// The audit trail of a service.
#[derive(Debug)]
pub struct AuditLog {
    folder: PathBuf,
    open: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    file: Option<Open>,
    /// Why the last write failed; nothing is written behind it.
    failed: Option<String>,
}

#[derive(Debug)]
struct Open {
    name: String,
    day: Date,
    trail: Trail<BufWriter<File>>,
    index: String,
    config: Config,
    run: u64,
}

impl AuditLog {
    /// The trail in this folder, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// The folder cannot be made or written to.
    pub fn open(folder: &Path) -> Result<AuditLog> {
        let fail = |e: std::io::Error| Error::from(e).with_path(folder);
        std::fs::create_dir_all(folder).map_err(fail)?;
        // A folder that cannot be written to is told at the start, and not by the first request.
        let probe = folder.join(format!(".probe-{}", std::process::id()));
        File::create(&probe).map_err(fail)?;
        std::fs::remove_file(&probe).map_err(fail)?;
        Ok(AuditLog { folder: folder.to_path_buf(), open: Mutex::default() })
    }

    /// Writes the records of a request, all behind each other. `config` is the configuration that it was screened with.
    ///
    /// # Errors
    ///
    /// 503: they cannot be written.
    pub fn write(
        &self,
        snapshot: &Snapshot,
        config: &Config,
        records: Vec<Record>,
    ) -> std::result::Result<Option<AuditPlace>, ApiError> {
        if records.is_empty() {
            return Ok(None);
        }
        let mut state = lock(&self.open);
        let written = match state.failed.take() {
            // The next file is another one, so that a trail is never continued behind a gap.
            Some(_) => {
                state.file = None;
                self.append(&mut state, snapshot, config, records)
            }
            None => self.append(&mut state, snapshot, config, records),
        };
        written.map(Some).map_err(|e| {
            tracing::error!(reason = %e, "the audit trail cannot be written; requests are refused");
            state.failed = Some(e.to_string());
            ApiError::unavailable(
                "audit_failed",
                "the audit trail cannot be written, so that nothing is screened",
            )
        })
    }

    fn append(
        &self,
        state: &mut State,
        snapshot: &Snapshot,
        config: &Config,
        records: Vec<Record>,
    ) -> Result<AuditPlace> {
        let day = crate::state::today();
        if state.file.as_ref().is_some_and(|open| open.day != day) {
            close(state)?;
        }
        let open = match &mut state.file {
            Some(open) => {
                if open.index != snapshot.index || open.config != *config {
                    open.trail.next_run(&identity(snapshot, config), &day.to_string(), SOURCE)?;
                    (open.index, open.config, open.run) =
                        (snapshot.index.clone(), config.clone(), open.run + 1);
                }
                open
            }
            file => file.insert(self.begin(day, snapshot, config)?),
        };
        let first = open.trail.rows() + 1;
        for record in records {
            open.trail.write(record)?;
        }
        open.trail.flush()?;
        Ok(AuditPlace { file: open.name.clone(), run: open.run, first, last: open.trail.rows() })
    }

    /// Begins the next file of a day.
    fn begin(&self, day: Date, snapshot: &Snapshot, config: &Config) -> Result<Open> {
        for number in 1..MAX_FILES {
            let name = match number {
                1 => format!("audit-{day}.jsonl"),
                n => format!("audit-{day}-{n}.jsonl"),
            };
            let path = self.folder.join(&name);
            match File::create_new(&path) {
                Ok(file) => {
                    let (out, date) = (BufWriter::with_capacity(1 << 16, file), day.to_string());
                    let trail = Trail::begin(out, &identity(snapshot, config), &date, SOURCE)?;
                    let index = snapshot.index.clone();
                    return Ok(Open { name, day, trail, index, config: config.clone(), run: 1 });
                }
                Err(e) if e.kind() == ErrorKind::AlreadyExists => (),
                Err(e) => return Err(Error::from(e).with_path(path)),
            }
        }
        Err(Error::internal("there are too many audit trails of this day"))
    }

    /// Ends the file of a day that is over, also if no request comes.
    pub(crate) fn rotate(&self) {
        let mut state = lock(&self.open);
        if state.file.as_ref().is_some_and(|open| open.day != crate::state::today())
            && let Err(e) = close(&mut state)
        {
            tracing::error!(reason = %e, "the audit trail of the day before cannot be closed");
        }
    }

    /// Writes the closing record. The trail may go on in another file.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn close(&self) -> Result<()> {
        close(&mut lock(&self.open))
    }
}

/// Closes the file and logs its seal, which should be kept elsewhere than the trail.
fn close(state: &mut State) -> Result<()> {
    let Some(open) = state.file.take().filter(|_| state.failed.is_none()) else { return Ok(()) };
    let (name, rows) = (open.name, open.trail.rows());
    let (out, seal) = open.trail.finish()?;
    out.get_ref().sync_all()?;
    tracing::info!(file = name, rows, seal, "the audit trail of the day is closed");
    Ok(())
}

/// The identity of a run with this configuration.
fn identity(snapshot: &Snapshot, config: &Config) -> RunIdentity {
    let mut identity = snapshot.identity.clone();
    if *config != snapshot.config {
        identity.configuration = configuration(config);
    }
    identity
}
