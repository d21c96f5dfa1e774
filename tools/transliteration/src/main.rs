//! Learns, for each script, how its letters are written in Latin letters.
//!
//! ```sh
//! cargo run --release -p interdict-transliteration -- --groups person_names.txt --pairs training_pairs.csv \
//!     --japanese japanese --unihan /usr/share/unicode --hold-out scripts.dev.csv --output src/name/script/learned/tables
//! ```
//!
//! Input: groups of spellings of one name (`spelling, spelling, … => id`, one group a line) and pairs of a name in its
//! own script and in Latin letters (CSV with the columns `native` and `latin`). Words that occur in the columns `name1`
//! and `name2` of a file given with `--hold-out` are left out, in either script, so that the file can measure.
//! Names of organizations in Japanese are read as Chinese loan words are, those of people seldom are: these readings of the
//! 2,136 characters of general use (jōyō kanji) are from Unihan (package `unicode-data` 15.0.0-1 of Debian, unpacked by
//! `bunzip2`).
//!
//! Method: expectation maximisation over alignments of the letters of a word with pieces of up to eight Latin letters
//! (Jiampojamarn, Kondrak and Sherif 2007, "Applying many-to-many alignments and hidden Markov models to
//! letter-to-phoneme conversion"), first with single letters as units. Two letters become a unit of their own where the
//! data are described in fewer bits with it (minimum description length); a word's beginning and end count as letters.
//!
//! The same inputs give the same tables, byte for byte: nothing is random but a sample of the pairs, by a fixed seed.

mod data;
mod latin;
mod model;

use clap::Parser;
use rayon::prelude::*;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
struct Arguments {
    /// Groups of spellings of one name.
    #[arg(long)]
    groups: Vec<PathBuf>,
    /// CSV with the columns `native` and `latin`.
    #[arg(long)]
    pairs: Vec<PathBuf>,
    /// A folder with Japanese names: CSV with characters and Latin letters.
    #[arg(long)]
    japanese: Vec<PathBuf>,
    /// A folder with `Unihan_Readings.txt` and `Unihan_OtherMappings.txt` of Unicode: Sino-Japanese readings.
    #[arg(long)]
    unihan: Option<PathBuf>,
    /// CSV with the columns `name1` and `name2`, whose words are not learned from.
    #[arg(long)]
    hold_out: Vec<PathBuf>,
    /// Folder for the tables.
    #[arg(long)]
    output: PathBuf,
    /// The most pairs of a script.
    #[arg(long, default_value_t = 60_000)]
    most: usize,
    /// Seed of the sample where a script has more pairs.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let held_out = data::held_out(&arguments.hold_out)?;
    let mut scripts = data::read(&arguments.groups, &arguments.pairs, &arguments.japanese, &held_out)?;
    for pairs in scripts.values_mut() {
        data::sample(pairs, arguments.most, arguments.seed);
    }
    // Whole, whatever the sample is.
    if let Some(folder) = &arguments.unihan {
        data::read_unihan(folder, &mut scripts)?;
    }
    println!("{} words held out", held_out.len());
    let words = scripts.values().flatten().map(|pair| pair.latin.as_str()).collect();
    let path = arguments.output.join("latin.tsv");
    std::fs::write(&path, latin::table(&words)).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut tables: Vec<_> =
        scripts.par_iter().map(|(name, pairs)| (name, pairs.len(), model::train(pairs))).collect();
    tables.sort_by_key(|(name, ..)| name.to_string());
    for (name, pairs, trained) in tables {
        let text = trained.table(name);
        let path = arguments.output.join(format!("{name}.tsv"));
        std::fs::write(&path, &text).map_err(|e| format!("{}: {e}", path.display()))?;
        println!("{name}: {pairs} pairs, {}, {} bytes", trained.log, text.len());
    }
    Ok(())
}
