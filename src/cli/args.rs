//! The arguments of the program.

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use interdict::entity::Schema;
use std::path::PathBuf;

/// Screens names against sanctions lists.
#[derive(Parser)]
#[command(version, about, propagate_version = true)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Screen a CSV of counterparties and write the hits
    #[command(after_help = "Exit status: 0 all rows screened; 1 could not do the work; 2 wrong usage; \
        3 hits found and --fail-on-hit given; 4 done, but some rows were rejected.")]
    Screen(Screen),
    /// Score pairs of names: columns name1, name2 and, where there is one, schema
    Score(Score),
    /// Show the best hits of one name, and why
    Explain(Explain),
    /// Build an index file, or look at one
    Index {
        #[command(subcommand)]
        command: IndexCommand,
    },
    /// Look at lists
    Lists {
        #[command(subcommand)]
        command: ListsCommand,
    },
}

#[derive(Subcommand)]
pub enum IndexCommand {
    /// Build an index file from lists
    Build(Build),
    /// Show what an index file holds
    Info(Info),
}

#[derive(Subcommand)]
pub enum ListsCommand {
    /// Read lists and show what was loaded and what was rejected
    Check(Check),
}

/// What to screen against.
#[derive(ClapArgs, Default)]
pub struct Against {
    /// A list: file or folder, any layout (repeatable)
    #[arg(long = "list", value_name = "PATH")]
    pub lists: Vec<PathBuf>,
    /// An index file instead of lists
    #[arg(long, value_name = "FILE", conflicts_with = "lists")]
    pub index: Option<PathBuf>,
    /// Refuse lists that are older, or tell no date (7d, 2w)
    #[arg(long, value_name = "AGE", value_parser = crate::age::days)]
    pub max_age: Option<i64>,
}

#[derive(Clone, Copy, ValueEnum, PartialEq)]
pub enum Format {
    Csv,
    Jsonl,
}

#[derive(Clone, Copy, ValueEnum, PartialEq)]
pub enum Progress {
    Auto,
    Always,
    Never,
}

fn schema(text: &str) -> Result<Schema, String> {
    let known = || Schema::ALL.map(Schema::as_str).join(", ");
    Schema::parse(text).ok_or_else(|| format!("not one of {}", known()))
}

fn threshold(text: &str) -> Result<f32, String> {
    let lowest = interdict::screen::LOWEST_THRESHOLD;
    match text.parse::<f32>() {
        Ok(t) if (lowest..=1.0).contains(&t) => Ok(t),
        _ => Err(format!("must be a number from {lowest} to 1")),
    }
}

fn positive(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(n) if n > 0 => Ok(n),
        _ => Err("must be a whole number from 1 on".into()),
    }
}

#[derive(ClapArgs)]
pub struct Screen {
    /// CSV file with a header; `-` is standard input
    pub input: PathBuf,
    #[command(flatten)]
    pub against: Against,
    /// Column that holds the name
    #[arg(long, value_name = "COL")]
    pub name_column: Option<String>,
    /// Lowest score of a hit, from 0.5 to 1
    #[arg(long, default_value = "0.85", value_parser = threshold)]
    pub threshold: f32,
    /// Most hits for one row
    #[arg(long, default_value = "10", value_parser = positive)]
    pub limit: usize,
    /// Write the hits to this file, whole or not at all, instead of standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Format of the hits
    #[arg(long, value_enum, default_value = "csv")]
    pub format: Format,
    /// Write rejected rows to this CSV file instead of standard error
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// Threads; all processors where it is not given
    #[arg(long, value_parser = positive)]
    pub threads: Option<usize>,
    /// Show progress on standard error
    #[arg(long, value_enum, default_value = "auto")]
    pub progress: Progress,
    /// Schema of rows that do not tell their own (Person, Organization …)
    #[arg(long, value_parser = schema)]
    pub schema: Option<Schema>,
    /// Encoding of the input, if it is not UTF-8 and no byte order mark tells it (windows-1251, gb18030 …)
    #[arg(long, value_name = "LABEL")]
    pub encoding: Option<String>,
    /// Look at every listed name instead of the index's candidates: slow, gives the same hits
    #[arg(long)]
    pub exhaustive: bool,
    /// End with status 3 if there is a hit
    #[arg(long)]
    pub fail_on_hit: bool,
    /// Show where the time went
    #[arg(long)]
    pub profile: bool,
}

#[derive(ClapArgs)]
pub struct Score {
    /// CSV file with the columns name1, name2 and, where there is one, schema; `-` is standard input
    pub pairs: PathBuf,
}

#[derive(ClapArgs)]
pub struct Explain {
    /// The name
    #[arg(required_unless_present = "id_numbers")]
    pub name: Option<String>,
    /// A number of any kind (IMO, passport, wallet …) to look for, with or without a name (repeatable)
    #[arg(long = "id-number", value_name = "NUMBER")]
    pub id_numbers: Vec<String>,
    #[command(flatten)]
    pub against: Against,
    /// What kind of party it is
    #[arg(long, value_parser = schema)]
    pub schema: Option<Schema>,
    /// Birth date
    #[arg(long)]
    pub birth_date: Option<String>,
    /// Country
    #[arg(long)]
    pub country: Option<String>,
    /// Most hits to show
    #[arg(long, default_value = "3", value_parser = positive)]
    pub limit: usize,
}

#[derive(ClapArgs)]
pub struct Build {
    /// A list: file or folder, any layout (repeatable)
    #[arg(long = "list", value_name = "PATH", required = true)]
    pub lists: Vec<PathBuf>,
    /// The index file to write
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
}

#[derive(ClapArgs)]
pub struct Info {
    /// The index file
    pub file: PathBuf,
}

#[derive(ClapArgs)]
pub struct Check {
    /// Files or folders
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// Refuse lists that are older, or tell no date (7d, 2w)
    #[arg(long, value_name = "AGE", value_parser = crate::age::days)]
    pub max_age: Option<i64>,
}
