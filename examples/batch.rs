//! Measures the screening of a table by the library alone, from memory into memory: the baseline for a run of the
//! program over the same table.
//!
//! ```console
//! $ cargo run --release --example batch
//! $ cargo run --release --example batch -- bench.idx counterparties.csv
//! rows 200000, hits 1071, rejected 0; 1.62 s, 123456 rows/s
//! ```
//!
//! Without arguments, the starter list and examples/counterparties.csv are used.

use interdict::batch::{Batch, CsvHits, Outputs};
use interdict::{Index, Screener, list};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (index, table) = match &args[..] {
        [] => (Index::build(&[list::starter()])?, "examples/counterparties.csv"),
        [index, table] => (Index::open(index)?, table.as_str()),
        _ => return Err("usage: batch [INDEX TABLE]".into()),
    };
    let rows = std::fs::read(table)?;
    let screener = Screener::new(index);
    let (mut hits, mut rejected) = (CsvHits::new(Vec::new()), Vec::new());
    let start = Instant::now();
    let summary = Batch::new(&screener).run(&rows[..], Outputs::new(&mut hits, &mut rejected))?;
    let elapsed = start.elapsed();
    println!(
        "rows {}, hits {}, rejected {}; {:.2} s, {:.0} rows/s",
        summary.counts.rows,
        summary.counts.hits,
        summary.counts.rejected,
        elapsed.as_secs_f64(),
        summary.counts.rows as f64 / elapsed.as_secs_f64()
    );
    Ok(())
}
