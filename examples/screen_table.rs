//! Screens a table of counterparties and writes the hits as CSV, as `interdict screen` does.
//!
//! ```console
//! $ cargo run --example screen_table
//! row,query,score,list,entity_id,entity_name,matched_name,schema,program,matched_by,group,id
//! 1,Integrety Technolgy Group,…
//! …
//! $ cargo run --example screen_table -- counterparties.xlsx > hits.csv
//! ```
//!
//! The hits go to standard output; rejected rows and the summary go to standard error.

use interdict::batch::{Batch, ColumnChoice, CsvHits, Outputs};
use interdict::screen::Options;
use interdict::{Index, Screener, list};
use std::fs::File;
use std::io::stdout;

fn main() -> interdict::Result<()> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "examples/counterparties.csv".to_string());
    let table = File::open(&path).map_err(|e| interdict::Error::from(e).with_path(&path))?;

    let options = Options::default().threshold(0.85).limit(5);
    let screener = Screener::new(Index::build(&[list::starter()])?).with_options(options)?;

    // Columns are found by their headers ("name", "country", "date_of_birth", …). The id column is chosen, so that it
    // is copied to the hits.
    let columns = ColumnChoice::default().id(Some("id".to_string()));

    let mut hits = CsvHits::new(stdout().lock());
    let mut rejected = Vec::new();
    let summary =
        Batch::new(&screener).columns(columns).run(table, Outputs::new(&mut hits, &mut rejected))?;

    for row in &rejected {
        eprintln!("rejected: row {} (line {}): {}", row.row, row.line, row.reason);
    }
    let counts = summary.counts;
    eprintln!(
        "rows {}, screened {}, rejected {}, with hits {}",
        counts.rows, counts.screened, counts.rejected, counts.with_hits
    );
    Ok(())
}
