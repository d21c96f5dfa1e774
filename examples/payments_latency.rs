//! Time of one payment message, extraction and screening, on so many threads: messages a second and percentiles.
//!
//! ```sh
//! cargo run --release --example payments_latency -- [LIST] [MESSAGES] [THREADS]
//! cargo run --release --example payments_latency -- write 10000 > messages.xml
//! ```
//!
//! LIST is a file or folder of lists; without it, or as `-`, 33,055 made-up names. `write` writes the messages instead.

// The benches use more of this module.
#[allow(dead_code)]
#[path = "../benches/generate/mod.rs"]
mod generate;
#[path = "../benches/generate/payments.rs"]
mod generate_payments;

use interdict::payment::{self, Embargo};
use interdict::screen::Scratch;
use interdict::{Index, Screener, list};
use std::io::Write;
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default| args.get(at).map_or(Ok(default), |text| text.parse::<usize>());
    let (count, threads) = (number(1, 10_000)?, number(2, 2)?);
    let mut table = Vec::new();
    generate::counterparties(6 * count, 11, 7, 200, &mut table)?;
    let mut rows = csv::Reader::from_reader(&table[..]);
    let names: Vec<String> =
        rows.records().map(|row| row.map(|r| r[1].to_string())).collect::<Result<_, _>>()?;
    let messages: Vec<String> = (0..count).map(|n| generate_payments::pacs008(n, &names)).collect();
    if args.first().is_some_and(|a| a == "write") {
        return Ok(std::io::stdout().lock().write_all(messages.concat().as_bytes())?);
    }
    let lists = match args.first().filter(|path| *path != "-") {
        Some(path) => list::read(path)?.lists,
        None => {
            let mut bytes = Vec::new();
            generate::list(33_055, 7, &mut bytes)?;
            vec![list::from_bytes("generated", &bytes)?]
        }
    };
    let screener = Screener::new(Index::build(&lists)?);
    let start = Instant::now();
    let mut times: Vec<Duration> = std::thread::scope(|scope| {
        let chunks = messages.chunks(count.div_ceil(threads.max(1)).max(1));
        let workers: Vec<_> = chunks.map(|chunk| scope.spawn(|| work(&screener, chunk))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    let seconds = start.elapsed().as_secs_f64();
    times.sort_unstable();
    let percentile = |p: usize| times[(times.len() * p / 100).min(times.len() - 1)].as_micros();
    println!(
        "{count} messages, {threads} threads: {:.0} messages/s; p50 {} us, p99 {} us, longest {} us",
        count as f64 / seconds,
        percentile(50),
        percentile(99),
        percentile(100)
    );
    Ok(())
}

/// Reads and screens messages; the time of each.
fn work(screener: &Screener, messages: &[String]) -> Vec<Duration> {
    let (mut scratch, embargo) = (Scratch::default(), Embargo::default());
    let time = |text: &String| {
        let start = Instant::now();
        for message in payment::read(text.as_bytes()) {
            std::hint::black_box(payment::screen(screener, &message, &embargo, &mut scratch));
        }
        start.elapsed()
    };
    messages.iter().map(time).collect()
}
