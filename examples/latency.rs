//! Times one query at a time, as a payment system asks: median, 99th percentile and worst.
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
    let mut hits: usize = names.iter().map(|q| screener.screen_with(q, &mut scratch).len()).sum();
    let mut times: Vec<Duration> = Vec::with_capacity(names.len());
    for query in &names {
        let start = Instant::now();
        hits -= screener.screen_with(query, &mut scratch).len();
        times.push(start.elapsed());
    }
    assert_eq!(hits, 0, "the same queries gave other hits");
    times.sort_unstable();
    let at = |part: usize| times.get((times.len() * part / 1000).min(times.len().saturating_sub(1)));
    let [median, p99, worst] = [500, 990, 1000].map(|part| at(part).copied().unwrap_or_default());
    println!(
        "{} queries, one thread: median {median:.1?}, 99th percentile {p99:.1?}, worst {worst:.1?}",
        times.len()
    );
    Ok(())
}
