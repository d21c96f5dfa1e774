//! The audit trail of a run: a record for each message, or part of one, with all that was screened of it.

use super::args::{Format, Payments};
use super::inputs::Inputs;
use super::{Answer, Item};
use crate::args::SpreadsheetSafe;
use crate::audit;
use crate::screen::config_values;
use interdict::audit::{Record, Trail, TrailState};
use interdict::batch::{Checkpoint, Configuration, RowCounts, RunIdentity, Unfinished};
use interdict::payment::Cause;
use interdict::screen::Outcome;
use interdict::{Config, Error, Query, Result, Screener};
use std::io::Write;
use std::path::PathBuf;

/// What is said of the input in the header of a run.
const LAYOUT: &str = "payment messages";

pub struct PaymentTrail {
    trail: Trail<Box<dyn Write>>,
    path: PathBuf,
}

/// A query of a message, with the role of its subject.
pub type Screened = (String, Query, Outcome);

impl PaymentTrail {
    /// Begins the trail, continues a former one, or goes on with that of an unfinished run.
    pub fn begin(
        args: &Payments,
        checkpoint: &mut Checkpoint,
        unfinished: Option<&Unfinished>,
    ) -> Result<Option<Self>> {
        let Some(path) = &args.audit else { return Ok(None) };
        let fail = |e: Error| e.with_path(path);
        let former = match unfinished {
            Some(_) => None,
            None => audit::former(Some(path), args.audit_append)?,
        };
        let out: Box<dyn Write> = match args.audit_append {
            false => Box::new(checkpoint.new_file(path)?),
            true => Box::new(checkpoint.continued_file(path)?),
        };
        let (identity, date) = (checkpoint.identity(), checkpoint.date());
        let trail = match (unfinished, &former) {
            (Some(Unfinished { audit: Some(state), counts, .. }), _) => {
                Trail::reopen(out, state, *counts, identity, date)
            }
            (_, Some(former)) => Trail::resume(out, former, identity, date, LAYOUT).map_err(fail)?,
            _ => Trail::begin(out, identity, date, LAYOUT).map_err(fail)?,
        };
        Ok(Some(PaymentTrail { trail, path: path.clone() }))
    }

    /// Writes the record of a message.
    pub fn write(&mut self, record: Record) -> Result<()> {
        self.trail.write(record).map(drop).map_err(|e| e.with_path(&self.path))
    }

    /// Passes on what is buffered; the state and the counts up to there.
    pub fn flush(&mut self) -> Result<(TrailState, RowCounts)> {
        self.trail.flush().map_err(|e| e.with_path(&self.path))?;
        Ok((self.trail.state(), *self.trail.counts()))
    }

    /// Writes the closing record.
    pub fn close(self) -> Result<()> {
        self.trail.finish().map(drop).map_err(|e| e.with_path(&self.path))
    }
}

/// Everything that decides what is written.
pub fn identity(
    args: &Payments,
    screener: &Screener,
    config: &Config,
    accept: Option<&str>,
    inputs: &Inputs,
) -> Result<RunIdentity> {
    let mut configuration = Configuration::default();
    configuration.extend(config_values(config));
    let settings = [
        ("exhaustive", args.exhaustive.then_some("true")),
        ("accept", accept),
        ("format", (args.format == Format::Jsonl).then_some("jsonl")),
        ("spreadsheet-safe", (args.spreadsheet_safe == SpreadsheetSafe::Never).then_some("never")),
    ];
    let given = settings.into_iter().filter_map(|(key, value)| Some((key.to_string(), value?.to_string())));
    configuration.extend(given);
    let input = inputs.identity(args.output.is_some() || args.audit.is_some())?;
    Ok(RunIdentity::new(screener.index(), configuration, input))
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
