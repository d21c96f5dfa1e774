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
    /// Show what was added, removed and changed between two publications of lists
    Diff(Diff),
    /// Fetch lists from their publishers, check them, and put them in the place of the old ones
    #[command(
        after_help = "Exit status: 0 every source is up to date; 1 one or more are not (the table says why), \
        their old files are as they were; 2 wrong usage."
    )]
    Update(Update),
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
    /// Report only what changed since this publication of the lists (file, folder or index file): hits that are
    /// new, changed or gone, in a further column `change`
    #[arg(long, value_name = "OLD")]
    pub since: Option<PathBuf>,
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
}

#[derive(Clone, Copy, ValueEnum, PartialEq)]
pub enum DiffFormat {
    /// Every entity that differs, with its fields
    Text,
    /// The same as one JSON object
    Json,
    /// One line a list
    Summary,
}

#[derive(ClapArgs)]
pub struct Diff {
    /// The old publication: a list file, a folder, or an index file
    pub old: PathBuf,
    /// The new publication
    pub new: PathBuf,
    /// What to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: DiffFormat,
}

#[derive(ClapArgs)]
pub struct Update {
    /// Names of sources; all but those marked "on request" where none is given
    #[arg(value_name = "SOURCE")]
    pub names: Vec<String>,
    /// The folder of the lists: each source in a folder of its own, its former version in .former
    #[arg(long, default_value = "lists")]
    pub dir: PathBuf,
    /// A file of sources instead of the built-in one, in the form of lists/sources.toml
    #[arg(long, value_name = "FILE")]
    pub sources: Option<PathBuf>,
    /// Accept a list that has lost more than 10 % of its entities
    #[arg(long)]
    pub allow_shrink: bool,
    /// Longest wait for a connection, for the first byte and for each further one
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: u64,
    /// Further attempts where one failed for a reason that may pass
    #[arg(long, default_value = "3")]
    pub retries: u32,
    /// Largest file
    #[arg(long, value_name = "MB", default_value = "1024", value_parser = clap::value_parser!(u64).range(1..1 << 40))]
    pub max_size: u64,
}
