//! `interdict screen`.

use crate::args::{Format, Progress, Screen};
use crate::{DONE, FAILED, HITS, REJECTED, sources};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use interdict::batch::{Batch, CsvHits, HitWriter, JsonHits, Summary};
use interdict::screen::Options;
use interdict::{Error, Result, Screener, WholeFile};
use std::io::{IsTerminal, Read, Write};
use std::time::Instant;

pub fn run(args: &Screen) -> Result<u8> {
    let start = Instant::now();
    rayon::ThreadPoolBuilder::new()
        .num_threads(args.threads.unwrap_or(0))
        .build_global()
        .map_err(|e| Error::config(e.to_string()))?;
    let (input, bytes) = sources::input(&args.input)?;
    let screener = match &args.since {
        None => Screener::new(sources::open(&args.against)?),
        Some(old) => sources::since(&args.against, old)?,
    };
    let options = Options { threshold: args.threshold, limit: args.limit, exhaustive: args.exhaustive };
    let screener = screener.with_options(options)?;
    let batch = Batch::new(&screener)
        .name_column(args.name_column.clone())
        .schema(args.schema.unwrap_or_default())
        .encoding(args.encoding.as_deref())?
        .timing(args.profile);
    let bar = bar(args, bytes);
    let input = bar.wrap_read(input);
    let ready = Instant::now();
    let summary = match &args.output {
        Some(path) => {
            let file = WholeFile::create(path)?;
            let (summary, file) = write_hits(args, &batch, input, file).map_err(|e| blame(e, args))?;
            unchanged(args, &screener)?;
            file.finish()?;
            summary
        }
        None => {
            let out = std::io::stdout().lock();
            let (summary, mut out) = write_hits(args, &batch, input, out).map_err(|e| blame(e, args))?;
            out.flush()?;
            unchanged(args, &screener)?;
            summary
        }
    };
    bar.finish_and_clear();
    if let Some(path) = &args.rejects {
        write_rejects(path, &summary)?;
    } else {
        for r in &summary.rejects {
            eprintln!("rejected: row {} (line {}): {}", r.row, r.line, r.reason);
        }
    }
    report(args, &screener, &summary, start, ready);
    if summary.rows != summary.screened + summary.rejected {
        eprintln!("interdict: the counts do not add up; do not rely on this run");
        return Ok(FAILED);
    }
    Ok(if args.fail_on_hit && summary.hits > 0 {
        HITS
    } else if summary.rejected > 0 {
        REJECTED
    } else {
        DONE
    })
}

/// Checks that nobody has changed the index file in place: the hits would be worth nothing.
fn unchanged(args: &Screen, screener: &Screener) -> Result<()> {
    match &args.against.index {
        Some(path) => screener.index().verify().map_err(|e| e.with_path(path)),
        None => Ok(()),
    }
}

/// Errors of a run without a file of their own are about the input, unless the output was closed.
fn blame(e: Error, args: &Screen) -> Error {
    let output = matches!(e.kind(), interdict::ErrorKind::Io(io)
        if matches!(io.kind(), std::io::ErrorKind::BrokenPipe | std::io::ErrorKind::StorageFull));
    match (&args.output, output) {
        (Some(path), true) => e.with_path(path),
        (None, true) => e,
        _ => e.with_path(&args.input),
    }
}

fn write_hits<R: Read, W: Write>(args: &Screen, batch: &Batch<'_>, input: R, out: W) -> Result<(Summary, W)> {
    match args.format {
        Format::Csv => {
            let mut hits = if args.since.is_some() { CsvHits::of_change(out)? } else { CsvHits::new(out)? };
            let summary = batch.run(input, &mut hits as &mut dyn HitWriter, |_| ())?;
            Ok((summary, hits.into_inner()?))
        }
        Format::Jsonl => {
            let mut hits = JsonHits::new(std::io::BufWriter::new(out));
            let summary = batch.run(input, &mut hits as &mut dyn HitWriter, |_| ())?;
            let out = hits.into_inner().into_inner().map_err(|e| Error::from(e.into_error()))?;
            Ok((summary, out))
        }
    }
}

fn bar(args: &Screen, bytes: Option<u64>) -> ProgressBar {
    let shown = match args.progress {
        Progress::Auto => std::io::stderr().is_terminal(),
        Progress::Always => true,
        Progress::Never => false,
    };
    if !shown {
        return ProgressBar::hidden();
    }
    let bar = match bytes {
        Some(bytes) => ProgressBar::new(bytes),
        None => ProgressBar::no_length(),
    };
    let style = if bytes.is_some() {
        "{wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}"
    } else {
        "{spinner} {bytes} {bytes_per_sec}"
    };
    bar.set_draw_target(ProgressDrawTarget::stderr());
    bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn write_rejects(path: &std::path::Path, summary: &Summary) -> Result<()> {
    let mut out = csv::Writer::from_writer(WholeFile::create(path)?);
    let fail = |e: csv::Error| Error::from(std::io::Error::from(e)).with_path(path);
    out.write_record(["row", "line", "reason"]).map_err(fail)?;
    for r in &summary.rejects {
        out.write_record([r.row.to_string(), r.line.to_string(), r.reason.clone()]).map_err(fail)?;
    }
    let file = out.into_inner().map_err(|e| Error::malformed(e.to_string()).with_path(path))?;
    file.finish()
}

fn report(args: &Screen, screener: &Screener, summary: &Summary, start: Instant, ready: Instant) {
    let seconds = start.elapsed().as_secs_f64();
    let working = ready.elapsed().as_secs_f64();
    eprint!("{}", sources::describe_screener(screener));
    eprintln!(
        "rows read {}, screened {}, rejected {}, with hits {}; hits {}; threshold {}; elapsed {:.2} s (lists {:.2} s); {:.0} rows/s",
        summary.rows,
        summary.screened,
        summary.rejected,
        summary.with_hits,
        summary.hits,
        args.threshold,
        seconds,
        seconds - working,
        summary.rows as f64 / working.max(1e-9)
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
        let [read, screen, write] = summary.seconds;
        eprintln!("profile: reading {read:.3} s, screening {screen:.3} s, writing {write:.3} s (wall clock)");
        let [a, n, p] = s.nanos.map(|n| n as f64 / 1e3 / s.queries.max(1) as f64);
        eprintln!(
            "profile: per query, all threads: analysing {a:.2} us, neighbours {n:.2} us, postings and scoring {p:.2} us"
        );
        eprintln!(
            "profile: per query: candidates {:.1}, scored {:.1}; tokens known {} of {} ({:.1} %); memory {:.1} MB",
            per(s.candidates),
            per(s.scored),
            s.neighbours_known,
            s.neighbours_known + s.neighbours_found,
            100.0 * s.neighbours_known as f64 / (s.neighbours_known + s.neighbours_found).max(1) as f64,
            screener.memory_usage() as f64 / 1e6
        );
    }
}
