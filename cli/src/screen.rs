//! `interdict screen`.

use crate::args::{Screen, SpreadsheetSafe};
use crate::hits::{self, Accepted, Both};
use crate::progress::Progress;
use crate::{DONE, FAILED, HITS, REJECTED, sources};
use clap::ValueEnum;
use interdict::accept::Acceptances;
use interdict::batch::{
    AcceptanceLookup, Batch, BusySeconds, ByteMeter, Checkpoint, ColumnChoice, Configuration, InputHint,
    InputIdentity, InputOptions, Outputs, RejectReason, RejectWriter, RejectedRow, RowCounts, RunAction,
    RunIdentity, RunObserver, Summary,
};
use interdict::report::{HitReport, MAX_HITS};
use interdict::screen::Options;
use interdict::{Config, Error, ErrorKind, Result, Screener, WholeFile, audit};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Whether the user or the system asked for an end.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// How to go on with an unfinished run.
pub const RESUME_HINT: &str = "; the same command with --resume goes on behind them";

pub fn run(args: &Screen) -> Result<u8> {
    let start = Instant::now();
    let threads = args.threads.unwrap_or(0);
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build_global()
        .map_err(|e| Error::internal(e.to_string()))?;
    let (input, bytes) = sources::input(&args.input)?;
    let input_options = InputOptions::default()
        .delimiter(args.delimiter)
        .sheet(args.sheet.clone())
        .encoding(args.encoding.as_deref())?;
    let screener = match &args.since {
        None => Screener::new(sources::open(&args.against)?),
        Some(old) => sources::since(&args.against, old)?,
    };
    let index = screener.index().clone();
    let config = args.tuned.config()?;
    hits::check(args)?;
    let accept = Accepted::read(args.accept.as_deref())?;
    let hashed = bytes.is_some() && (args.output.is_some() || args.audit.is_some());
    let before = stamp(&args.input);
    let identity = RunIdentity::new(
        &index,
        configuration(args, &config, &accept),
        match hashed {
            true => InputIdentity::of(&args.input)?,
            false => InputIdentity::named(args.input.display().to_string()),
        },
    );
    let journal = args.output.as_deref().filter(|_| bytes.is_some());
    let (checkpoint, done, audited) = match resume(args, journal, identity)? {
        Start::Run(checkpoint, done, audited) => (checkpoint, done, audited),
        Start::Complete(counts) => {
            eprintln!("notice: the unfinished run had done all rows; its files have their names now");
            hits::discard_spool(args);
            eprint!("{}", sources::describe(&index));
            tell_counts(&counts, config.options().threshold);
            eprintln!();
            return Ok(status(args, &counts));
        }
    };
    let accepted = accept.judge(&index, checkpoint.date())?;
    // Accepted hits must not push others over the limit.
    let more = accepted.as_ref().map_or(0, Acceptances::max_per_counterparty);
    let limit = config.options().limit;
    let options = Options { exhaustive: args.exhaustive, limit: limit + more, ..config.options() };
    let screener = screener.with_options(options)?;
    let accepted_hits = accepted.as_ref().map(|a| a as &dyn AcceptanceLookup);
    let batch = Batch::new(&screener)
        .columns(columns(args))
        .input(input_options)
        .schema(args.schema.unwrap_or_default())
        .threads(args.threads.unwrap_or_else(rayon::current_num_threads))
        .accept(accepted_hits)
        .limit(limit)
        .timing(args.profile);
    let _ = ctrlc::set_handler(|| {
        // Who asks twice does not want to wait.
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(FAILED));
        }
    });
    let ready = Instant::now();
    let meter = ByteMeter::new(bytes.unwrap_or(0));
    let mut run =
        Run { args, screener: &screener, accepted: accepted_hits, batch, checkpoint, done, audited, meter };
    let mut page = run.page()?;
    let summary = match run.screen(input, page.as_mut()) {
        Ok(summary) if !summary.stopped => summary,
        Ok(summary) => {
            let (rows, resumable) = (summary.counts.rows, run.checkpoint.is_saved());
            return Err(Error::new(ErrorKind::Interrupted { rows, resumable }).with_path(&args.input));
        }
        Err(e) => {
            let passing = may_pass(&e);
            if !run.checkpoint.is_saved() || (!passing && run.done.rows == 0) {
                run.checkpoint.discard();
            } else if passing {
                eprintln!("notice: the rows done before the last checkpoint are safe{RESUME_HINT}");
            }
            return Err(e);
        }
    };
    unchanged(args, &screener)?;
    if hashed && stamp(&args.input) != before {
        run.checkpoint.discard();
        return Err(Error::new(ErrorKind::InputChanged).with_path(&args.input));
    }
    let notices = accept.notices(accepted.as_ref(), done.rows > 0);
    if let (Some(page), Some(path)) = (page, &args.report) {
        let about = hits::about(args, run.checkpoint.identity(), &summary, &notices, start.elapsed());
        let file = WholeFile::create(path)?;
        page.finish(file, &about).and_then(WholeFile::finish).map_err(|e| e.with_path(path))?;
    }
    run.checkpoint.finish(&summary.counts, run.audited.as_ref())?;
    hits::discard_spool(args);
    for (headline, lines) in &notices {
        eprintln!("notice: {headline}");
        lines.iter().for_each(|line| eprintln!("  {line}"));
    }
    report(args, &screener, &summary, start, ready);
    let counts = &summary.counts;
    if counts.rows != counts.screened + counts.rejected {
        eprintln!("interdict: the counts do not add up; do not rely on this run");
        return Ok(FAILED);
    }
    Ok(status(args, counts))
}

/// Checks that nobody has changed the index file in place: the hits would be worth nothing.
fn unchanged(args: &Screen, screener: &Screener) -> Result<()> {
    match &args.against.index {
        Some(path) => screener.index().verify().map_err(|e| e.with_path(path)),
        None => Ok(()),
    }
}

/// Length and time of change of a file: what an input that somebody writes to does not keep.
fn stamp(path: &Path) -> Option<(u64, std::time::SystemTime)> {
    let meta = std::fs::metadata(path).ok()?;
    Some((meta.len(), meta.modified().ok()?))
}

/// Whether the same run may do better later: a full disk can be emptied, an input that is wrong stays wrong.
fn may_pass(e: &Error) -> bool {
    use std::io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    matches!(e.kind(), ErrorKind::Io(io) if !matches!(io.kind(), InvalidData | InvalidInput | UnexpectedEof))
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

fn columns(args: &Screen) -> ColumnChoice {
    ColumnChoice::default()
        .names(args.name_columns.clone())
        .fields(args.columns.clone())
        .id(args.id_column.clone())
        .carry(args.carry.clone())
}

/// Every setting that decides what is written.
fn configuration(args: &Screen, config: &Config, accept: &Accepted) -> Configuration {
    let fields = args.columns.iter().map(|(f, c)| format!("{}={c}", f.as_str()));
    let format = hits::format(args);
    let set = [
        ("exhaustive", args.exhaustive.then(|| "true".into())),
        ("schema", args.schema.map(|s| s.as_str().into())),
        ("since", args.since.as_ref().map(|p| p.display().to_string())),
        ("name-column", Some(args.name_columns.join("; "))),
        ("column", Some(fields.collect::<Vec<_>>().join("; "))),
        ("id-column", args.id_column.clone()),
        ("carry", Some(args.carry.join("; "))),
        ("encoding", args.encoding.clone()),
        ("delimiter", args.delimiter.map(|d| char::from(d).to_string())),
        ("sheet", args.sheet.clone()),
        ("format", format.to_possible_value().map(|f| f.get_name().to_string())),
        ("spreadsheet-safe", (args.spreadsheet_safe == SpreadsheetSafe::Never).then(|| "never".into())),
        ("accept", accept.sha256().map(String::from)),
        ("show-accepted", args.show_accepted.then(|| "true".into())),
    ];
    let set = set.into_iter().filter_map(|(k, v)| Some((k.to_string(), v.filter(|v| !v.is_empty())?)));
    set.chain(tuned(config)).collect()
}

/// The key of a tuned value in the settings of a run.
pub const TUNED: &str = "config.";

/// The tuned values, each under its key.
pub fn tuned(config: &Config) -> Vec<(String, String)> {
    let canonical = config.canonical();
    let values = canonical.lines().filter_map(|line| line.split_once(" = "));
    values.map(|(key, value)| (format!("{TUNED}{key}"), value.to_string())).collect()
}

/// How a run begins.
enum Start {
    Run(Box<Checkpoint>, RowCounts, Option<audit::TrailState>),
    /// It had ended but for the names of its files.
    Complete(RowCounts),
}

fn resume(args: &Screen, journal: Option<&Path>, identity: RunIdentity) -> Result<Start> {
    if args.resume {
        let Some(output) = journal else {
            let message = "--resume needs a file as input and --output FILE";
            return Err(Error::invalid_option("--resume", message));
        };
        match Checkpoint::resume(output, &identity)? {
            Some((_, found)) if found.complete => return Ok(Start::Complete(found.counts)),
            Some((checkpoint, found)) => {
                eprintln!("notice: resuming behind row {}", found.counts.rows);
                return Ok(Start::Run(Box::new(checkpoint), found.counts, found.audit));
            }
            None => eprintln!("notice: no unfinished run of {} is there; beginning anew", output.display()),
        }
    } else if let Some(output) = journal.filter(|o| Checkpoint::exists(o)) {
        eprintln!(
            "notice: an unfinished run of {} is dropped, since --resume was not given",
            output.display()
        );
    }
    Ok(Start::Run(Box::new(Checkpoint::begin(journal, identity)?), RowCounts::default(), None))
}

/// A run from the opened input to the finished files.
struct Run<'a> {
    args: &'a Screen,
    screener: &'a Screener,
    accepted: Option<&'a dyn AcceptanceLookup>,
    batch: Batch<'a>,
    checkpoint: Box<Checkpoint>,
    done: RowCounts,
    audited: Option<audit::TrailState>,
    meter: std::sync::Arc<ByteMeter>,
}

impl<'a> Run<'a> {
    /// The page of the hits, where one is asked for.
    fn page(&mut self) -> Result<Option<HitReport<'a>>> {
        let Some(path) = &self.args.report else { return Ok(None) };
        let spool = hits::spool(path);
        let out = Box::new(self.checkpoint.file(&spool)?);
        let report = HitReport::spooled(self.screener, MAX_HITS, out, self.checkpoint.part(&spool)?)?;
        Ok(Some(report.schema(self.args.schema.unwrap_or_default()).accept(self.accepted)))
    }

    fn screen(&mut self, input: sources::Input, page: Option<&mut HitReport<'_>>) -> Result<Summary> {
        let args = self.args;
        let resumed = self.done.rows > 0;
        let progress = Progress::new(args.progress, self.meter.clone(), self.done.rows);
        let out: Box<dyn Write> = match &args.output {
            Some(path) => Box::new(self.checkpoint.file(path)?),
            None => Box::new(BufWriter::with_capacity(1 << 16, std::io::stdout().lock())),
        };
        let hits = hits::writer(args, out, self.accepted.filter(|_| args.show_accepted));
        let mut hits = Both { hits, page };
        let mut rejects: Box<dyn RejectWriter + '_> = match &args.rejects {
            Some(path) => Box::new(RejectFile::new(self.checkpoint.file(path)?, resumed)?),
            None => Box::new(RejectLines(&progress)),
        };
        let mut trail = match &args.audit {
            Some(path) => {
                let out = self.checkpoint.file(path)?;
                let trail = audit::Writer::new(out, self.checkpoint.identity(), self.checkpoint.date());
                Some(trail.resume(self.audited.take()))
            }
            None => None,
        };
        let mut follower = Follower {
            checkpoint: &mut self.checkpoint,
            progress: &progress,
            every: Duration::from_secs_f64(args.checkpoint),
            last: Instant::now(),
        };
        let outputs = Outputs::new(&mut hits, &mut *rejects)
            .audit(trail.as_mut())
            .observer(&mut follower)
            .meter(self.meter.clone())
            .resume(self.done);
        let result = self.batch.run(input, outputs);
        progress.finish();
        self.audited = trail.as_ref().map(audit::Writer::state);
        result.map_err(|e| match e.kind() {
            ErrorKind::Io(io) if is_about_output(io.kind()) && args.output.is_none() => {
                e.with_path("standard output")
            }
            // What is about no other file is about the input.
            _ => e.with_path(&args.input),
        })
    }
}

fn is_about_output(kind: std::io::ErrorKind) -> bool {
    matches!(kind, std::io::ErrorKind::BrokenPipe | std::io::ErrorKind::StorageFull)
}

/// Shows progress, saves what is done from time to time, and stops when asked to.
struct Follower<'a> {
    checkpoint: &'a mut Checkpoint,
    progress: &'a Progress,
    every: Duration,
    last: Instant,
}

impl RunObserver for Follower<'_> {
    fn next(&mut self, counts: &RowCounts) -> RunAction {
        self.progress.show(counts.rows);
        if INTERRUPTED.load(Ordering::Relaxed) {
            return RunAction::Stop;
        }
        if self.checkpoint.can_save() && self.last.elapsed() >= self.every {
            return RunAction::Save;
        }
        RunAction::Continue
    }

    fn saved(&mut self, counts: &RowCounts, audit: Option<&audit::TrailState>) -> Result<()> {
        self.checkpoint.save(counts, audit)?;
        self.last = Instant::now();
        Ok(())
    }
}

/// Why a row was rejected, with the option that may help.
fn explained(reason: &RejectReason) -> String {
    let hint = match reason {
        RejectReason::InvalidUtf8 { .. } => "; name the encoding with --encoding",
        _ => "",
    };
    format!("{reason}{hint}")
}

/// Rejected rows as CSV.
struct RejectFile<W: Write>(csv::Writer<W>);

impl<W: Write> RejectFile<W> {
    fn new(out: W, resumed: bool) -> Result<Self> {
        let mut out = csv::Writer::from_writer(out);
        if !resumed {
            out.write_record(["row", "line", "reason"]).map_err(std::io::Error::from)?;
        }
        Ok(RejectFile(out))
    }
}

impl<W: Write> RejectWriter for RejectFile<W> {
    fn write(&mut self, row: RejectedRow) -> Result<()> {
        let fields = [row.row.to_string(), row.line.to_string(), explained(&row.reason)];
        Ok(self.0.write_record(fields).map_err(std::io::Error::from)?)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.0.flush()?)
    }
}

/// Rejected rows as lines on standard error.
struct RejectLines<'a>(&'a Progress);

impl RejectWriter for RejectLines<'_> {
    fn write(&mut self, row: RejectedRow) -> Result<()> {
        let reason = explained(&row.reason);
        self.0.line(&format!("rejected: row {} (line {}): {reason}", row.row, row.line));
        Ok(())
    }
}

fn tell_counts(counts: &RowCounts, threshold: f32) {
    eprint!(
        "rows read {}, screened {}, rejected {}, with hits {}; hits {}; ",
        counts.rows, counts.screened, counts.rejected, counts.with_hits, counts.hits,
    );
    if counts.accepted > 0 {
        eprint!("accepted hits {}; ", counts.accepted);
    }
    eprint!("threshold {threshold}");
}

fn report(args: &Screen, screener: &Screener, summary: &Summary, start: Instant, ready: Instant) {
    let seconds = start.elapsed().as_secs_f64();
    let working = ready.elapsed().as_secs_f64();
    eprintln!("input: {}; columns: {}", summary.input, summary.columns);
    if let Some(hint) = &summary.hint {
        let option = match hint {
            InputHint::LikelyEncoding { encoding } => format!(": if it is, give --encoding {encoding}"),
            InputHint::SeveralSheets { .. } => "; --sheet names another".into(),
            _ => String::new(),
        };
        eprintln!("notice: {hint}{option}");
    }
    eprint!("{}", sources::describe_screener(screener));
    eprintln!("configuration sha256 {}", Config::from(*screener.options()).sha256());
    tell_counts(&summary.counts, screener.options().threshold);
    eprintln!(
        "; elapsed {seconds:.2} s (lists {:.2} s); {:.0} rows/s",
        seconds - working,
        summary.counts.rows as f64 / working.max(1e-9)
    );
    if let Some((row, first)) = &summary.first_failed_check {
        eprintln!(
            "notice: identifiers with a wrong check digit or length: {}, first {} {} in row {row}; they are screened as written",
            summary.failed_checks,
            first.kind.as_str(),
            first.value
        );
    }
    if args.profile {
        let s = &summary.stats;
        let per = |n: u64| n as f64 / s.queries.max(1) as f64;
        let BusySeconds { reading, screening, writing, .. } = summary.busy;
        eprintln!(
            "profile: busy reading {reading:.3} s, screening {screening:.3} s (all threads), writing {writing:.3} s; names asked before: {}",
            summary.repeated
        );
        let [a, n, p] = s.nanos.map(|n| n as f64 / 1e3 / s.queries.max(1) as f64);
        eprintln!(
            "profile: per query, all threads: analysing {a:.2} us, neighbours {n:.2} us, postings and scoring {p:.2} us"
        );
        eprintln!(
            "profile: per query: candidates {:.1}, scored {:.1}; tokens known {} of {} ({:.1} %); memory {:.1} MB",
            per(s.candidates),
            per(s.scored),
            s.cached_tokens,
            s.cached_tokens + s.computed_tokens,
            100.0 * s.cached_tokens as f64 / (s.cached_tokens + s.computed_tokens).max(1) as f64,
            screener.memory_usage() as f64 / 1e6
        );
    }
}
