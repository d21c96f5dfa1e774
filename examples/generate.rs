//! Writes a large made-up list, or counterparties to screen against it, to standard output.
//!
//! ```console
//! $ cargo run --release --example generate -- list 1000000 7 > list.csv
//! $ cargo run --release --example generate -- counterparties 200000 11 7 > counterparties.csv
//! ```
//!
//! The numbers are how many, the seed, and for counterparties the seed of the list of which one in 200 is.

#[path = "../benches/generate/mod.rs"]
mod generate;

use std::io::{BufWriter, stdout};
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize| args.get(i).and_then(|a: &String| a.parse::<u64>().ok());
    let out = BufWriter::new(stdout().lock());
    let done = match (args.first().map(String::as_str), number(1), number(2)) {
        (Some("list"), Some(names), Some(seed)) => generate::list(names as usize, seed, out),
        (Some("counterparties"), Some(rows), Some(seed)) => {
            generate::counterparties(rows as usize, seed, number(3).unwrap_or(seed), out)
        }
        _ => {
            eprintln!(
                "usage: generate list NAMES SEED | generate counterparties ROWS SEED [SEED-OF-THE-LIST]"
            );
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("generate: {e}");
            ExitCode::FAILURE
        }
    }
}
