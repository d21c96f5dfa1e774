//! Times one query at a time, as a payment system asks: median, 99th percentile and worst, with buffers that are kept
//! from query to query, and with new ones for each.
//!
//! ```console
//! $ cargo run --release --example latency -- lists.idx queries.csv
//! ```
//!
//! The names are those of the second column of the CSV file. Every query is asked once to warm the caches, and once
//! on the clock.

use interdict::screen::{Query, Scratch};
use interdict::{Index, Screener};
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let [index, queries] = <[String; 2]>::try_from(std::env::args().skip(1).collect::<Vec<_>>())
        .map_err(|_| "usage: latency INDEX QUERIES.csv")?;
    let screener = Screener::new(Index::open(index)?);
    let mut names = Vec::new();
    for row in csv::Reader::from_path(queries)?.records() {
        names.push(Query::name(row?.get(1).unwrap_or_default()));
    }
    let mut scratch = Scratch::default();
    let hits: usize = names.iter().map(|q| screener.screen_with(q, &mut scratch).len()).sum();
    time("buffers kept (screen_with)", &names, hits, |query| screener.screen_with(query, &mut scratch).len());
    time("buffers anew (screen)", &names, hits, |query| screener.screen(query).len());
    Ok(())
}

/// Times every query, which together have so many hits, and prints what it took.
fn time(what: &str, names: &[Query], hits: usize, mut screen: impl FnMut(&Query) -> usize) {
    let mut times: Vec<Duration> = Vec::with_capacity(names.len());
    let mut found = 0;
    for query in names {
        let start = Instant::now();
        found += screen(query);
        times.push(start.elapsed());
    }
    assert_eq!(found, hits, "the same queries gave other hits");
    times.sort_unstable();
    let at = |part: usize| times.get((times.len() * part / 1000).min(times.len().saturating_sub(1)));
    let [median, p99, worst] = [500, 990, 1000].map(|part| at(part).copied().unwrap_or_default());
    println!(
        "{} queries, one thread, {what}: median {median:.1?}, 99th percentile {p99:.1?}, worst {worst:.1?}",
        times.len()
    );
}
