//! Writes a large generated list, or counterparties to screen against it, to standard output.
//!
//! ```console
//! $ cargo run --release --example generate -- list 1000000 7 > list.csv
//! $ cargo run --release --example generate -- counterparties 200000 11 7 > counterparties.csv
//! $ cargo run --release --example generate -- counterparties 5000 11 7 5 > queries.csv
//! ```
//!
//! | argument | output |
//! |---|---|
//! | `list NAMES SEED` | a list with this number of names; columns `id,name,schema` |
//! | `counterparties ROWS SEED LIST-SEED [N]` | a table of counterparties; columns `id,name,schema,listed,how`. One row in N (200 by default) is a party of the list made with LIST-SEED, with another spelling: `listed` is its id there, and `how` the manipulation |
//!
//! The same arguments have the same output on every machine. All names are invented.

// The benches use more of this module.
#[allow(dead_code)]
#[path = "../benches/generate/mod.rs"]
mod generate;

use std::io::{BufWriter, stdout};
use std::process::ExitCode;

const USAGE: &str =
    "usage: generate list NAMES SEED | generate counterparties ROWS SEED LIST-SEED [ONE-IN-N]";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (numbers, wrong): (Vec<_>, Vec<_>) =
        args.iter().skip(1).map(|a| a.parse::<u64>()).partition(Result::is_ok);
    let numbers: Vec<u64> = numbers.into_iter().flatten().collect();
    let out = BufWriter::new(stdout().lock());
    let done = match (args.first().map(String::as_str), &numbers[..], wrong.is_empty()) {
        (Some("list"), &[names, seed], true) => generate::list(names as usize, seed, out),
        (Some("counterparties"), &[rows, seed, list], true) => {
            generate::counterparties(rows as usize, seed, list, 200, out)
        }
        (Some("counterparties"), &[rows, seed, list, one_in], true) if one_in > 0 => {
            generate::counterparties(rows as usize, seed, list, one_in as usize, out)
        }
        _ => {
            eprintln!("{USAGE}");
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
