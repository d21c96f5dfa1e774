//! The audit trail of a run: a record for each message, or part of one, with all that was screened of it.

use super::args::Payments;
use super::{Answer, Item};
use crate::audit;
use crate::screen::config_values;
use interdict::audit::{Record, Trail, TrailState};
use interdict::batch::{Configuration, InputIdentity, RunIdentity};
use interdict::payment::Cause;
use interdict::screen::Outcome;
use interdict::{Config, Error, Query, Result, Screener, WholeFile};
use std::fs::File;
use std::path::{Path, PathBuf};

/// What is said of the input in the header of a run.
const LAYOUT: &str = "payment messages";

pub struct PaymentTrail {
    trail: Trail<WholeFile>,
    path: PathBuf,
}

/// A query of a message, with the role of its subject.
pub type Screened = (String, Query, Outcome);

impl PaymentTrail {
    /// Begins the trail, or continues it. It gets its name when the run is done.
    pub fn begin(
        args: &Payments,
        screener: &Screener,
        config: &Config,
        accept: Option<&str>,
        date: &str,
    ) -> Result<Option<Self>> {
        let Some(path) = &args.audit else { return Ok(None) };
        let former = audit::former(Some(path), args.audit_append)?;
        let identity = identity(args, screener, config, accept);
        let trail = start(path, former.as_ref(), &identity, date).map_err(|e| e.with_path(path))?;
        Ok(Some(PaymentTrail { trail, path: path.clone() }))
    }

    /// Writes the record of a message.
    pub fn write(&mut self, record: Record) -> Result<()> {
        self.trail.write(record).map(drop).map_err(|e| e.with_path(&self.path))
    }

    /// Puts the trail in place.
    pub fn finish(self) -> Result<()> {
        let fail = |e: Error| e.with_path(&self.path);
        let (file, _) = self.trail.finish().map_err(fail)?;
        file.finish()
    }
}

fn start(
    path: &Path,
    former: Option<&TrailState>,
    identity: &RunIdentity,
    date: &str,
) -> Result<Trail<WholeFile>> {
    let mut file = WholeFile::create(path)?;
    match former {
        Some(former) => {
            std::io::copy(&mut File::open(path)?, &mut file)?;
            Trail::resume(file, former, identity, date, LAYOUT)
        }
        None => Trail::begin(file, identity, date, LAYOUT),
    }
}

/// Everything that decides what is found.
fn identity(args: &Payments, screener: &Screener, config: &Config, accept: Option<&str>) -> RunIdentity {
    let mut configuration = Configuration::default();
    configuration.extend(config_values(config));
    configuration.extend(args.exhaustive.then(|| ("exhaustive".to_string(), "true".to_string())));
    configuration.extend(accept.map(|hash| ("accept".to_string(), hash.to_string())));
    RunIdentity::new(screener.index(), configuration, InputIdentity::default())
}

/// The record of a message: its queries, its verdict, what could not be read.
pub fn record(
    (file, item, at): (&str, &Item, &str),
    answer: &Answer,
    screened: &[Screened],
    screener: &Screener,
    describe: impl Fn(u32) -> String,
) -> Record {
    let mut record = Record::new();
    for (role, query, outcome) in screened {
        let accepted = |hit: &interdict::Hit| {
            let findings = answer.screened.findings.iter().zip(&answer.accepted);
            let of_hit = findings.filter(|(finding, _)| {
                finding.query == query.name
                    && matches!(&finding.cause, Cause::Hit(found) if found.entity == hit.entity)
            });
            of_hit.filter_map(|(_, accepted)| *accepted).next().map(&describe)
        };
        record.add(role, query, outcome, accepted, screener);
    }
    record.message(&item.message, &answer.screened).request(item.message.number, file, at)
}
