//! A table screened by the library alone, from memory into memory: what the command line's run of the same table is
//! measured against.
//!
//! ```console
//! $ cargo run --release --example batch -- bench.idx counterparties.csv
//! ```

use interdict::batch::{Batch, CsvHits, Outputs};
use interdict::{Index, Screener};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(index), Some(table)) = (args.next(), args.next()) else {
        return Err("usage: batch INDEX TABLE".into());
    };
    let rows = std::fs::read(table)?;
    let screener = Screener::new(Index::open(index)?);
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
