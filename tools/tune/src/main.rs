//! Searches the constants of `src/score/params.rs` on labelled pairs of names.
//!
//! ```text
//! cargo run --release -p interdict-tune -- PAIRS.csv [MORE.csv …] [--folds 5] [--iterations 300] [--seed 1]
//! ```
//!
//! Each file has the columns `name1`, `name2`, `is_match` (true or false), optionally `schema`, and a column of case
//! groups: `case_group`, else `kind`, else `category`. Groups are never divided between folds, so that what is reported
//! for a held-out fold is about kinds of cases that the search did not see.
//!
//! The search is a (1+1) evolution strategy: some parameters are moved by a random step within their range, and the
//! change is kept if the objective on the training folds rises. It starts from the constants in use. The same files,
//! options and seed give the same result. The log goes to standard output, in Markdown.

mod data;
mod objective;
mod report;
mod search;

use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;

/// Search the constants of the score on labelled pairs of names.
#[derive(Debug, Parser)]
pub struct Args {
    /// CSV files with the columns name1, name2, is_match, schema and case_group, kind or category.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// How many folds to cross-validate over.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(2..=20))]
    folds: u64,
    /// How many changes to try in each fold.
    #[arg(long, default_value_t = 300)]
    iterations: usize,
    /// Seed of the random numbers.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What the rate of false matches at the threshold costs, in units of recall.
    #[arg(long, default_value_t = 5.0)]
    false_cost: f64,
    /// Start from other values than those in use, such as scarcity=0.8; with `--iterations 0` they are only measured.
    #[arg(long, value_delimiter = ',')]
    start: Vec<String>,
    /// Move only these parameters (by default all).
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("interdict-tune: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), String> {
    let sets = args.files.iter().map(|path| data::read(path)).collect::<Result<Vec<_>, _>>()?;
    let movable = search::movable(&args.only)?;
    let start = search::start(&args.start)?;
    report::head(args, &sets, &movable);
    for fold in 0..args.folds {
        let (train, held_out): (Vec<_>, Vec<_>) = sets.iter().map(|set| set.fold(args.folds, fold)).unzip();
        let found = search::search(args, start, &movable, &train, args.seed + fold);
        report::fold(args, fold, &train, &held_out, &found);
    }
    let all: Vec<_> = sets.iter().map(data::PairSet::all).collect();
    let found = search::search(args, start, &movable, &all, args.seed);
    report::result(args, &all, &found);
    Ok(())
}
