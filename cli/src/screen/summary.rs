//! The summary of a run, on standard error.

use crate::args::Screen;
use crate::{hints, hits, sources};
use interdict::batch::{BusySeconds, RowCounts, Summary};
use interdict::{Config, Screener};
use std::time::Instant;

/// Unused columns that are named.
const MAX_UNUSED: usize = 60;

/// Prints the counts, without the end of the line.
pub fn print_counts(counts: &RowCounts, threshold: f32) {
    say!(
        "rows read {}, screened {}, rejected {}, with hits {}; hits {}; ",
        counts.rows,
        counts.screened,
        counts.rejected,
        counts.with_hits,
        counts.hits,
    );
    if counts.accepted > 0 {
        say!("accepted hits {}; ", counts.accepted);
    }
    for (label, n) in hits::withheld(counts) {
        say!("{label} {n}; ");
    }
    say!("threshold {threshold}");
}

/// Prints the summary. The run began at `start`, and its lists were loaded at `ready`.
pub fn report(args: &Screen, screener: &Screener, summary: &Summary, start: Instant, ready: Instant) {
    let seconds = start.elapsed().as_secs_f64();
    let screening = ready.elapsed().as_secs_f64();
    sayln!("input: {}; columns: {}", summary.input, summary.columns);
    let unused = &summary.notices.unused_columns;
    if !unused.is_empty() {
        let (shown, more) = unused.split_at(unused.len().min(MAX_UNUSED));
        let more = if more.is_empty() { String::new() } else { format!(", and {} more", more.len()) };
        sayln!("columns not used: {}{more}", shown.join(", "));
    }
    if let Some(hint) = &summary.hint {
        sayln!("notice: {hint}{}", hints::of_input(hint));
    }
    say!("{}", sources::describe_screener(screener));
    sayln!("configuration sha256 {}", Config::from(*screener.options()).sha256());
    print_counts(&summary.counts, screener.options().threshold);
    sayln!(
        "; elapsed {seconds:.2} s (lists {:.2} s); {:.0} rows/s",
        seconds - screening,
        summary.counts.rows as f64 / screening.max(1e-9)
    );
    if let Some((row, first)) = &summary.first_failed_check {
        sayln!(
            "notice: identifiers with a wrong check digit or length: {}, first {} {} in row {row}; they are screened as written",
            summary.failed_checks,
            first.kind.as_str(),
            first.value
        );
    }
    if args.profile {
        report_profile(screener, summary);
    }
}

/// Prints where the time went, for `--profile`.
fn report_profile(screener: &Screener, summary: &Summary) {
    let s = &summary.stats;
    let per_query = |n: u64| n as f64 / s.queries.max(1) as f64;
    let BusySeconds { reading, screening, writing, .. } = summary.busy;
    sayln!(
        "profile: busy reading {reading:.3} s, screening {screening:.3} s (all threads), writing {writing:.3} s; names asked before: {}",
        summary.repeated
    );
    let micros = |nanos: u64| nanos as f64 / 1e3 / s.queries.max(1) as f64;
    let nanos = s.nanos;
    let (analysis, matching, scoring) =
        (micros(nanos.analysis), micros(nanos.expansion), micros(nanos.scoring));
    sayln!(
        "profile: per query, all threads: analysing {analysis:.2} us, neighbours {matching:.2} us, postings and scoring {scoring:.2} us"
    );
    sayln!(
        "profile: per query: candidates {:.1}, scored {:.1}; tokens known {} of {} ({:.1} %); memory {:.1} MB",
        per_query(s.candidates),
        per_query(s.scored),
        s.cached_tokens,
        s.cached_tokens + s.computed_tokens,
        100.0 * s.cached_tokens as f64 / (s.cached_tokens + s.computed_tokens).max(1) as f64,
        screener.memory_usage() as f64 / 1e6
    );
}
