//! `interdict payments`: messages in, hits and verdicts out.
//!
//! Messages are read one after the other and screened in batches on all processors; outputs have their order whatever the
//! threads. A message that comes in parts has one verdict, the worst of its parts. All files grow as parts of a
//! [`Checkpoint`], so that a run that was killed goes on where it was saved.

mod args;
mod inputs;
mod output;
mod resume;
mod subjects;
mod trail;

use crate::files::Files;
use crate::hits::AcceptanceFile;
use crate::sources;
use crate::{DONE, FAILED, HITS, REJECTED};
pub use args::Payments;
use inputs::Inputs;
use interdict::accept::Acceptances;
use interdict::audit::Record;
use interdict::batch::{AcceptanceLookup, Checkpoint};
use interdict::payment::{self, Cause, Embargo, Message, ScreenedMessage, Verdict};
use interdict::screen::Scratch;
use interdict::{Config, Error, Result, Screener};
use output::Outputs;
use rayon::prelude::*;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Subjects that are screened at once: some milliseconds for each thread.
const BATCH_SUBJECTS: usize = 8192;

/// A message with the number of its file.
pub struct Item {
    pub file: usize,
    pub message: Message<'static>,
}

/// The answer to a message, with the acceptance of each finding.
pub struct Answer {
    pub screened: ScreenedMessage,
    pub accepted: Vec<Option<u32>>,
    /// What the audit trail records, if there is one.
    pub record: Option<Record>,
}

/// What messages are screened with.
struct Desk<'a> {
    screener: &'a Screener,
    embargo: &'a Embargo,
    accepted: Option<&'a Acceptances>,
    scratches: Vec<Mutex<Scratch>>,
    is_audited: bool,
}

/// What was read and found, as the summary tells it.
#[derive(Default)]
pub struct Counts {
    pub files: u64,
    pub messages: u64,
    pub pass: u64,
    pub hold: u64,
    pub unreadable: u64,
    pub subjects: u64,
    pub hits: u64,
    pub embargoed: u64,
    pub accepted: u64,
    pub cleared: u64,
    pub cut: u64,
    pub weak: u64,
}

impl Counts {
    fn add_up(&self) -> bool {
        self.messages == self.pass + self.hold + self.unreadable
    }
}

pub fn run(args: &Payments) -> Result<u8> {
    let start = Instant::now();
    files(args).check()?;
    if !args.resume {
        crate::audit::check_new(args.audit.as_deref(), args.audit_append)?;
    }
    let threads = rayon::ThreadPoolBuilder::new().num_threads(args.threads.unwrap_or(0));
    threads.build_global().map_err(|e| Error::internal(e.to_string()))?;
    let mut inputs = Inputs::new(&args.files)?;
    if args.show_subjects {
        return subjects::run(args, &mut inputs);
    }
    let config = args.config.read()?;
    let embargo = Embargo::new(config.embargoed_countries(), config.embargoed_places())?;
    let accept = AcceptanceFile::read(args.accept.as_deref())?;
    let screener = Screener::new(sources::open(&args.lists)?);
    let identity = trail::identity(args, &screener, &config, accept.sha256(), &inputs)?;
    let (mut checkpoint, unfinished) = resume::begin(args, &inputs, identity)?;
    if let Some(unfinished) = unfinished.as_ref().filter(|unfinished| unfinished.complete) {
        sayln!("notice: the unfinished run had done all messages; its files have their names now");
        discard_spool(args);
        let counts = resume::Progress::read(unfinished)?.counts;
        report(&screener, &config, &counts, start, Instant::now());
        return Ok(status(args, &counts));
    }
    let accepted = accept.judge(screener.index(), checkpoint.date())?;
    let options = config.options();
    let more = accepted.as_ref().map_or(0, Acceptances::max_per_counterparty);
    let screener = screener
        .with_options(options.exhaustive(args.exhaustive).limit(options.limit.saturating_add(more)))?;
    let ready = Instant::now();
    let mut outputs = Outputs::new(args, &screener, accepted.as_ref(), &mut checkpoint, unfinished.as_ref())?;
    let desk = Desk {
        screener: &screener,
        embargo: &embargo,
        accepted: accepted.as_ref(),
        scratches: (0..rayon::current_num_threads()).map(|_| Mutex::new(Scratch::default())).collect(),
        is_audited: args.audit.is_some(),
    };
    let mut progress = match &unfinished {
        Some(unfinished) => resume::Progress::read(unfinished)?,
        None => resume::Progress::default(),
    };
    inputs.skip(progress.items)?;
    outputs.set_subjects(progress.counts.subjects);
    screen(args, &mut inputs, &desk, &mut outputs, &mut checkpoint, &mut progress)?;
    progress.counts.files = inputs.files();
    if !progress.counts.add_up() {
        checkpoint.discard();
        return Err(Error::internal("the counts do not add up; nothing has been written"));
    }
    let notices = accept.notices(accepted.as_ref(), unfinished.is_some());
    let ended = outputs.finish(&progress.counts, &notices, start)?;
    progress.finish(&mut checkpoint, ended)?;
    discard_spool(args);
    for (headline, lines) in &notices {
        sayln!("notice: {headline}");
        lines.iter().for_each(|line| sayln!("  {line}"));
    }
    report(&screener, &config, &progress.counts, start, ready);
    Ok(status(args, &progress.counts))
}

/// Screens the messages that are left, and saves how far it came now and then.
fn screen(
    args: &Payments,
    inputs: &mut Inputs,
    desk: &Desk<'_>,
    outputs: &mut Outputs<'_>,
    checkpoint: &mut Checkpoint,
    progress: &mut resume::Progress,
) -> Result<()> {
    let mut saved = Instant::now();
    loop {
        let items = batch(inputs)?;
        if items.is_empty() {
            return Ok(());
        }
        let now = jiff::Timestamp::now().to_string();
        let names: Vec<&str> = items.iter().map(|item| inputs.name(item.file)).collect();
        let answers: Vec<Answer> =
            items.par_iter().zip(&names).map(|(item, name)| desk.answer(name, item, &now)).collect();
        for (item, mut answer) in items.iter().zip(answers) {
            let record = answer.record.take();
            outputs.write(inputs.name(item.file), item, &answer)?;
            outputs.record(record)?;
            let resume::Progress { counts, merged, items } = &mut *progress;
            merged.add(inputs.name(item.file), item, &answer, counts, outputs)?;
            *items += 1;
        }
        if checkpoint.can_save() && saved.elapsed().as_secs_f64() >= args.checkpoint {
            let flushed = outputs.flush()?;
            progress.save(checkpoint, flushed)?;
            saved = Instant::now();
        }
    }
}

/// Removes the collected hits of a page that is complete.
fn discard_spool(args: &Payments) {
    if let Some(report) = &args.report {
        // A file that cannot be removed is overwritten by the next run.
        let _ = std::fs::remove_file(crate::hits::spool(report));
    }
}

/// Everything that the run reads and writes.
fn files(args: &Payments) -> Files {
    let files = Files::default()
        .reads("a file of messages", &args.files)
        .reads("a list", &args.lists.paths)
        .reads("the index", &args.lists.index)
        .reads("the configuration", &args.config.config)
        .reads("the file of acceptances", &args.accept);
    let files = match &args.output {
        Some(output) => files.writes("--output", [output], &[".part", ".progress", ".progress.part"]),
        None => files.writes("standard output", ["-"], &[]),
    };
    files
        .writes("--verdicts", &args.verdicts, &[".part"])
        .writes("--rejects", &args.rejects, &[".part"])
        .writes("--report", &args.report, &[".part", ".hits", ".hits.part"])
        .writes("--audit", &args.audit, &[".part"])
}

/// The next messages, together some thousand subjects; none at the end.
fn batch(inputs: &mut Inputs) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    let mut subjects = 0;
    while subjects < BATCH_SUBJECTS {
        let Some(item) = inputs.next()? else { break };
        subjects += item.message.subjects.len() + 1;
        items.push(item);
    }
    Ok(items)
}

impl Desk<'_> {
    /// Screens a message. `now` is the time that the audit trail gives.
    fn answer(&self, file: &str, item: &Item, now: &str) -> Answer {
        let own = rayon::current_thread_index().unwrap_or(0) % self.scratches.len();
        let mut scratch = self.scratches[own].lock().unwrap_or_else(PoisonError::into_inner);
        let mut queries: Vec<trail::Screened> = Vec::new();
        let mut screened = payment::screen_each(
            self.screener,
            &item.message,
            self.embargo,
            &mut scratch,
            |subject, query, outcome| {
                if self.is_audited {
                    queries.push((subject.role.to_string(), query.clone(), outcome.clone()));
                }
            },
        );
        let accepted: Vec<Option<u32>> = screened
            .findings
            .iter()
            .map(|finding| match &finding.cause {
                Cause::Hit(hit) => self.accepted.and_then(|a| a.of(None, &finding.query, hit)),
                _ => None,
            })
            .collect();
        if screened.verdict == Verdict::Hold && accepted.iter().all(Option::is_some) {
            screened.verdict = Verdict::Pass;
        }
        let mut answer = Answer { screened, accepted, record: None };
        if self.is_audited {
            let describe = |n| self.accepted.map_or(String::from("accepted"), |a| a.describe(n));
            let place = (file, item, now);
            answer.record = Some(trail::record(place, &answer, &queries, self.screener, describe));
        }
        answer
    }
}

/// A message whose parts are still coming.
#[derive(Default)]
pub struct Merged {
    pub verdict: Option<output::VerdictLine>,
}

impl Merged {
    fn add(
        &mut self,
        file: &str,
        item: &Item,
        answer: &Answer,
        counts: &mut Counts,
        outputs: &mut Outputs<'_>,
    ) -> Result<()> {
        let line = self.verdict.get_or_insert_with(|| output::VerdictLine::new(file, item));
        line.add(item, answer);
        counts.subjects += item.message.subjects.len() as u64;
        let withheld = &answer.screened.withheld;
        counts.cleared += withheld.cleared;
        counts.cut += withheld.cut;
        counts.weak += withheld.weak;
        for (finding, accepted) in answer.screened.findings.iter().zip(&answer.accepted) {
            match (accepted, &finding.cause) {
                (Some(_), _) => counts.accepted += 1,
                (None, Cause::Embargo(_)) => counts.embargoed += 1,
                (None, _) => counts.hits += 1,
            }
        }
        if item.message.continues {
            return Ok(());
        }
        counts.messages += 1;
        match line.verdict {
            Verdict::Pass => counts.pass += 1,
            Verdict::Hold => counts.hold += 1,
            _ => counts.unreadable += 1,
        }
        let line = self.verdict.take();
        line.map_or(Ok(()), |line| outputs.verdict(&line))
    }
}

fn report(screener: &Screener, config: &Config, counts: &Counts, start: Instant, ready: Instant) {
    say!("{}", sources::describe_screener(screener));
    sayln!("configuration sha256 {}", config.sha256());
    say!(
        "files {}; messages read {}, pass {}, hold {}, unreadable {}; subjects {}; hits {}; ",
        counts.files,
        counts.messages,
        counts.pass,
        counts.hold,
        counts.unreadable,
        counts.subjects,
        counts.hits,
    );
    let others = [
        ("embargoed", counts.embargoed),
        ("accepted hits", counts.accepted),
        ("cleared by other fields", counts.cleared),
        ("cut by the limit", counts.cut),
        ("weak aliases left out", counts.weak),
    ];
    for (label, n) in others.into_iter().filter(|(_, n)| *n > 0) {
        say!("{label} {n}; ");
    }
    let (all, screening) = (start.elapsed().as_secs_f64(), ready.elapsed().as_secs_f64());
    sayln!(
        "threshold {}; elapsed {all:.2} s (lists {:.2} s); {:.0} messages/s",
        screener.options().threshold,
        all - screening,
        counts.messages as f64 / screening.max(1e-9)
    );
}

fn status(args: &Payments, counts: &Counts) -> u8 {
    if counts.messages == 0 {
        FAILED
    } else if args.fail_on_hit && counts.hits + counts.embargoed > 0 {
        HITS
    } else if counts.unreadable > 0 {
        REJECTED
    } else {
        DONE
    }
}
