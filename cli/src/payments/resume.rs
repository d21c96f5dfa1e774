//! How far a run has come, and how it goes on after it was killed.

use super::args::Payments;
use super::inputs::Inputs;
use super::output::VerdictLine;
use super::{Counts, Merged};
use interdict::audit::TrailState;
use interdict::batch::{Checkpoint, RowCounts, RunIdentity, Unfinished};
use interdict::file::is_stream;
use interdict::{Error, ErrorKind, Result, ResumeProblem};
use serde_json::{Value, json};
use std::path::Path;

/// What a run has done.
#[derive(Default)]
pub struct Progress {
    /// Messages, and parts of messages.
    pub items: u64,
    pub counts: Counts,
    pub merged: Merged,
}

/// Begins a run, or goes on with the unfinished one if asked to.
pub fn begin(
    args: &Payments,
    inputs: &Inputs,
    identity: RunIdentity,
) -> Result<(Checkpoint, Option<Unfinished>)> {
    let journal = args.output.as_deref().filter(|o| is_resumable(o, inputs));
    if args.resume {
        let Some(output) = journal else {
            let message = "--resume needs files as input and --output FILE";
            return Err(Error::invalid_option("--resume", message));
        };
        if let Some((checkpoint, unfinished)) = Checkpoint::resume(output, &identity)? {
            if !unfinished.complete {
                sayln!("notice: resuming behind {} messages and parts of messages", unfinished.counts.rows);
            }
            return Ok((checkpoint, Some(unfinished)));
        }
        sayln!("notice: no unfinished run of {} is there; beginning anew", output.display());
        crate::audit::check_new(args.audit.as_deref(), args.audit_append)?;
    } else if let Some(output) = journal.filter(|o| Checkpoint::exists(o)) {
        sayln!("notice: an unfinished run of {} is dropped, since --resume was not given", output.display());
    }
    Ok((Checkpoint::begin(journal, identity)?, None))
}

fn is_resumable(output: &Path, inputs: &Inputs) -> bool {
    output.as_os_str() != "-" && !is_stream(output) && inputs.can_be_read_again()
}

impl Progress {
    /// What an unfinished run had done.
    pub fn read(unfinished: &Unfinished) -> Result<Progress> {
        let fail = || {
            let problem = ResumeProblem::UnreadableJournal("it is of another command".into());
            Error::new(ErrorKind::CannotResume(problem))
        };
        let state = unfinished.state.as_ref().ok_or_else(fail)?;
        let mut counts = Counts::default();
        let kept = state["counts"].as_array().ok_or_else(fail)?;
        for (at, count) in counts.all().into_iter().enumerate() {
            *count = kept.get(at).and_then(Value::as_u64).ok_or_else(fail)?;
        }
        let verdict = match &state["message"] {
            Value::Null => None,
            line => Some(VerdictLine::from_json(line).ok_or_else(fail)?),
        };
        Ok(Progress { items: unfinished.counts.rows, counts, merged: Merged { verdict } })
    }

    /// Makes everything safe that was written; `trail` is what the outputs were flushed to.
    pub fn save(
        &mut self,
        checkpoint: &mut Checkpoint,
        trail: Option<(TrailState, RowCounts)>,
    ) -> Result<()> {
        let (counts, trail) = self.keep(checkpoint, trail);
        checkpoint.save(&counts, trail.as_ref())
    }

    /// Gives all files their names.
    pub fn finish(
        &mut self,
        checkpoint: &mut Checkpoint,
        trail: Option<(TrailState, RowCounts)>,
    ) -> Result<()> {
        let (counts, trail) = self.keep(checkpoint, trail);
        checkpoint.finish(&counts, trail.as_ref())
    }

    /// Puts the state into the journal. The counts of the journal are those of the audit trail, which has a record for each
    /// message or part of one; without a trail they are the number of these.
    fn keep(
        &mut self,
        checkpoint: &mut Checkpoint,
        trail: Option<(TrailState, RowCounts)>,
    ) -> (RowCounts, Option<TrailState>) {
        let counts: Vec<u64> = self.counts.all().into_iter().map(|count| *count).collect();
        let message = self.merged.verdict.as_ref().map(VerdictLine::to_json);
        checkpoint.set_state(json!({"counts": counts, "message": message}));
        match trail {
            Some((state, counts)) => (counts, Some(state)),
            None => {
                let mut counts = RowCounts::default();
                (counts.rows, counts.screened) = (self.items, self.items);
                (counts, None)
            }
        }
    }
}

impl Counts {
    /// All counts, in an order that stays.
    fn all(&mut self) -> [&mut u64; 12] {
        let Counts {
            files,
            messages,
            pass,
            hold,
            unreadable,
            subjects,
            hits,
            embargoed,
            accepted,
            cleared,
            cut,
            weak,
        } = self;
        [files, messages, pass, hold, unreadable, subjects, hits, embargoed, accepted, cleared, cut, weak]
    }
}
