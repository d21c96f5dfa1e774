//! Measures the latency of single queries, as in a payment system: median, 99th percentile and maximum, with a scratch
//! that is kept from query to query, and with a new one for each.
//!
//! ```console
//! $ cargo run --release --example latency
//! $ cargo run --release --example latency -- lists.idx queries.csv
//! 5000 queries, one thread, buffers kept (screen_with): median 15.2µs, 99th percentile 91.4µs, worst 212.0µs
//! 5000 queries, one thread, buffers anew (screen): median 21.5µs, 99th percentile 103.6µs, worst 230.9µs
//! ```
//!
//! The names are in the second column of the CSV file. Every query is screened once to warm the caches, and then timed.
//! Without arguments, the starter list and examples/counterparties.csv are used.

use interdict::screen::{Query, Scratch};
use interdict::{Index, Screener, list};
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (index, queries) = match &args[..] {
        [] => (Index::build(&[list::starter()])?, "examples/counterparties.csv"),
        [index, queries] => (Index::open(index)?, queries.as_str()),
        _ => return Err("usage: latency [INDEX QUERIES.csv]".into()),
    };
    let screener = Screener::new(index);
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

/// Times every query and prints the percentiles. The queries must have `hits` hits in total.
fn time(what: &str, names: &[Query], hits: usize, mut screen: impl FnMut(&Query) -> usize) {
    let mut times: Vec<Duration> = Vec::with_capacity(names.len());
    let mut found = 0;
    for query in names {
        let start = Instant::now();
        found += screen(query);
        times.push(start.elapsed());
    }
    assert_eq!(found, hits, "the number of hits has changed");
    times.sort_unstable();
    let at = |part: usize| times.get((times.len() * part / 1000).min(times.len().saturating_sub(1)));
    let [median, p99, worst] = [500, 990, 1000].map(|part| at(part).copied().unwrap_or_default());
    println!(
        "{} queries, one thread, {what}: median {median:.1?}, 99th percentile {p99:.1?}, worst {worst:.1?}",
        times.len()
    );
}
