//! `interdict screen`: a table of counterparties in, hits out.
//!
//! A run has five steps, each with a function below: [`Inputs::open`] reads everything that decides what is written,
//! [`begin`] starts a run or resumes an unfinished one, [`Run::screen`] screens the rows, [`Run::check`] makes sure that
//! no input changed meanwhile, and [`Run::finish`] puts the files in place and reports.

mod identity;
mod mapping;
mod rejects;
mod run;
mod summary;

use crate::args::Screen;
use crate::audit;
use crate::files::Files;
use crate::hits::{self, AcceptanceFile};
use crate::sources::{self, Input};
use crate::{DONE, FAILED, HITS, REJECTED};
use identity::FileStamp;
pub use identity::{CONFIG_PREFIX, config_values};
use interdict::accept::Acceptances;
use interdict::audit::TrailState;
use interdict::batch::{
    AcceptanceLookup, Batch, ByteMeter, Checkpoint, ColumnChoice, InputLimits, InputOptions, RowCounts,
    RunIdentity,
};
use interdict::file::is_stream;
use interdict::{Config, Error, Result, Screener};
use run::Run;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Whether the user or the system asked the run to stop.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

pub fn run(args: &Screen) -> Result<u8> {
    let start = Instant::now();
    files(args).check()?;
    if !args.resume {
        audit::check_new(args.audit.as_deref(), args.audit_append)?;
    }
    set_threads(args.threads)?;
    let (input, mut inputs) = Inputs::open(args)?;
    let identity = inputs.identity(args)?;
    let begun = match begin(args, inputs.journal(args), identity)? {
        Beginning::Run(begun) => begun,
        Beginning::Complete(counts) => return Ok(report_complete(args, &inputs, &counts)),
    };
    let accepted = inputs.accept.judge(inputs.screener.index(), begun.checkpoint.date())?;
    inputs.set_options(args, accepted.as_ref())?;
    stop_on_signals();
    let ready = Instant::now();
    let mut run = Run {
        args,
        screener: &inputs.screener,
        accepted: accepted.as_ref().map(|a| a as &dyn AcceptanceLookup),
        batch: inputs.batch(args, accepted.as_ref()),
        done: begun.done,
        checkpoint: begun.checkpoint,
        trail: begun.trail,
        meter: ByteMeter::new(inputs.bytes.unwrap_or(0)),
    };
    let mut page = run.page()?;
    let summary = run.screen(input, page.as_mut())?;
    run.check(inputs.stamp, inputs.index_stamp)?;
    if !summary.counts.add_up() {
        run.checkpoint.discard();
        return Err(Error::internal("the counts do not add up; nothing has been written"));
    }
    let mut notices = inputs.accept.notices(accepted.as_ref(), run.done.rows > 0);
    notices.extend(summary.notices.lines().into_iter().map(|line| (line, Vec::new())));
    run.finish(page, &summary, &notices, start)?;
    summary::report(args, &inputs.screener, &summary, start, ready);
    let counts = &summary.counts;
    Ok(status(args, counts))
}

/// Everything that the run reads and writes.
fn files(args: &Screen) -> Files {
    let mut outputs = Files::default()
        .reads("the input", [&args.input])
        .reads("a list", &args.lists.paths)
        .reads("the index", &args.lists.index)
        .reads("the list of --since", &args.since)
        .reads("the configuration", &args.config.config)
        .reads("the file of acceptances", &args.accept)
        .writes("--manifest", &args.lists.manifest, &[]);
    outputs = match &args.output {
        Some(output) => outputs.writes("--output", [output], &[".part", ".progress", ".progress.part"]),
        None => outputs.writes("standard output", ["-"], &[]),
    };
    outputs
        .writes("--rejects", &args.rejects, &[".part"])
        .writes("--audit", &args.audit, &[".part"])
        .writes("--summary", &args.summary, &[])
        .writes("--report", &args.report, &[".hits", ".hits.part"])
}

fn limits(args: &Screen) -> InputLimits {
    InputLimits::default()
        .expansion(args.max_expansion)
        .row(args.max_row)
        .field(args.max_field)
        .depth(args.max_depth.into())
}

fn set_threads(threads: Option<usize>) -> Result<()> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0));
    pool.build_global().map_err(|e| Error::internal(e.to_string()))
}

/// Lets the first signal stop the run at the next checkpoint, and the second one at once.
fn stop_on_signals() {
    let _ = ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(FAILED));
        }
    });
}

fn status(args: &Screen, counts: &RowCounts) -> u8 {
    if args.fail_on_hit && counts.hits > 0 {
        HITS
    } else if counts.rejected > 0 {
        REJECTED
    } else {
        DONE
    }
}

/// Everything that decides what is written, besides the rows.
struct Inputs<'a> {
    columns: ColumnChoice,
    /// Length of the input in bytes, if it is a file.
    bytes: Option<u64>,
    options: InputOptions,
    screener: Screener,
    config: Config,
    accept: AcceptanceFile<'a>,
    /// The state of the index file when it was opened.
    index_stamp: Option<FileStamp>,
    /// The state of the input file, if its hash is part of the run's identity.
    stamp: Option<FileStamp>,
}

impl<'a> Inputs<'a> {
    /// Opens the input, and reads lists, configuration and acceptances.
    fn open(args: &'a Screen) -> Result<(Input, Inputs<'a>)> {
        let (input, bytes) = sources::input(&args.input)?;
        let (columns, options) = mapping::read(args)?;
        let options = options.limits(limits(args));
        let index_stamp = args.lists.index.as_deref().map(FileStamp::of);
        let screener = match &args.since {
            None => Screener::new(sources::open(&args.lists)?),
            Some(old) => sources::open_changes(&args.lists, old)?,
        };
        let config = args.config.read()?;
        hits::check(args)?;
        let accept = AcceptanceFile::read(args.accept.as_deref())?;
        let is_hashed = bytes.is_some() && (args.output.is_some() || args.audit.is_some());
        let stamp = is_hashed.then(|| FileStamp::of(&args.input));
        Ok((input, Inputs { columns, bytes, options, screener, config, accept, index_stamp, stamp }))
    }

    fn identity(&self, args: &Screen) -> Result<RunIdentity> {
        let configuration = identity::configuration(args, &self.config, &self.accept);
        let input = identity::input(&args.input, self.stamp.is_some())?;
        Ok(RunIdentity::new(self.screener.index(), configuration, input))
    }

    /// The output beside which the journal of the run is kept, if the run can be resumed.
    fn journal<'p>(&self, args: &'p Screen) -> Option<&'p Path> {
        args.output.as_deref().filter(|output| self.bytes.is_some() && !is_stream(output))
    }

    /// Sets the options of the screener. Its limit leaves room for accepted hits, which must not push others out.
    fn set_options(&mut self, args: &Screen, accepted: Option<&Acceptances>) -> Result<()> {
        let options = self.config.options();
        let more = accepted.map_or(0, Acceptances::max_per_counterparty);
        let options = options.exhaustive(args.exhaustive).limit(options.limit + more);
        self.screener = self.screener.clone().with_options(options)?;
        Ok(())
    }

    fn batch<'s>(&'s self, args: &Screen, accepted: Option<&'s Acceptances>) -> Batch<'s> {
        Batch::new(&self.screener)
            .columns(self.columns.clone())
            .input(self.options.clone())
            .schema(args.schema.unwrap_or_default())
            .threads(args.threads.unwrap_or_else(rayon::current_num_threads))
            .accept(accepted.map(|a| a as &dyn AcceptanceLookup))
            .limit(self.config.options().limit)
            .timing(args.profile)
    }
}

/// A run that is ready to screen rows.
struct Begun {
    checkpoint: Box<Checkpoint>,
    /// Counts of the rows that an interrupted run has done.
    done: RowCounts,
    /// The state of the audit trail after these rows.
    trail: Option<TrailState>,
}

enum Beginning {
    Run(Begun),
    /// The unfinished run had done all rows; its files are in place now.
    Complete(RowCounts),
}

/// Resumes an unfinished run if asked to, or starts a new one.
fn begin(args: &Screen, journal: Option<&Path>, identity: RunIdentity) -> Result<Beginning> {
    if args.resume {
        let Some(output) = journal else {
            let message = "--resume needs a file as input and --output FILE";
            return Err(Error::invalid_option("--resume", message));
        };
        match Checkpoint::resume(output, &identity)? {
            Some((_, unfinished)) if unfinished.complete => {
                return Ok(Beginning::Complete(unfinished.counts));
            }
            Some((checkpoint, unfinished)) => {
                sayln!("notice: resuming behind row {}", unfinished.counts.rows);
                return Ok(Beginning::Run(Begun {
                    checkpoint: Box::new(checkpoint),
                    done: unfinished.counts,
                    trail: unfinished.audit,
                }));
            }
            None => {
                sayln!("notice: no unfinished run of {} is there; beginning anew", output.display());
                audit::check_new(args.audit.as_deref(), args.audit_append)?;
            }
        }
    } else if let Some(output) = journal.filter(|o| Checkpoint::exists(o)) {
        sayln!("notice: an unfinished run of {} is dropped, since --resume was not given", output.display());
    }
    let trail = audit::former(args.audit.as_deref(), args.audit_append)?;
    let checkpoint = Box::new(Checkpoint::begin(journal, identity)?);
    Ok(Beginning::Run(Begun { checkpoint, done: RowCounts::default(), trail }))
}

fn report_complete(args: &Screen, inputs: &Inputs<'_>, counts: &RowCounts) -> u8 {
    sayln!("notice: the unfinished run had done all rows; its files have their names now");
    hits::discard_spool(args);
    say!("{}", sources::describe(inputs.screener.index()));
    summary::print_counts(counts, inputs.config.options().threshold);
    sayln!();
    status(args, counts)
}
