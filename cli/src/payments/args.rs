//! The arguments of `interdict payments`.

use crate::args::{ConfigArgs, ListArgs, SpreadsheetSafe, parse_seconds, parse_threads};
use clap::{Args as ClapArgs, ValueEnum};
use std::path::PathBuf;

#[derive(Clone, Copy, ValueEnum, PartialEq)]
pub enum Format {
    Csv,
    Jsonl,
}

#[derive(ClapArgs)]
pub struct Payments {
    /// Files of payment messages, or folders of them, in any mix of formats; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub lists: ListArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Write the subjects of all messages as CSV instead of screening them
    #[arg(long, conflicts_with_all = ["report", "accept", "verdicts", "fail_on_hit", "audit"])]
    pub show_subjects: bool,
    /// Write the hits to this file instead of standard output; it appears complete or not at all. `-` is standard
    /// output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Format of the hits
    #[arg(long, value_enum, default_value = "csv")]
    pub format: Format,
    /// Write the verdict of every message to this CSV file
    #[arg(long, value_name = "FILE")]
    pub verdicts: Option<PathBuf>,
    /// Write what could not be read to this CSV file instead of standard error
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// Write an HTML page for reviewing the hits in a browser
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Known false positives: a CSV file as `interdict accept` writes it. They are counted, and hold no message
    #[arg(long, value_name = "FILE")]
    pub accept: Option<PathBuf>,
    /// Write an audit trail of every message to this file, which must not exist: a trail is never replaced
    #[arg(long, value_name = "FILE")]
    pub audit: Option<PathBuf>,
    /// Continue the trail of --audit, if the file exists: its bytes stay, and the run is chained to its last line
    #[arg(long, requires = "audit")]
    pub audit_append: bool,
    /// Continue an unfinished run of the same command
    #[arg(long, requires = "output", conflicts_with = "show_subjects")]
    pub resume: bool,
    /// Seconds between two checkpoints for --resume; 0 means one after every few hundred messages
    #[arg(long, value_name = "SECONDS", default_value = "2", value_parser = parse_seconds)]
    pub checkpoint: f64,
    /// Whether CSV cells that a spreadsheet would run as formulas get an apostrophe before them
    #[arg(long, value_enum, default_value = "always")]
    pub spreadsheet_safe: SpreadsheetSafe,
    /// Number of threads; by default one for each processor
    #[arg(long, value_parser = parse_threads)]
    pub threads: Option<usize>,
    /// Compare every listed name instead of using the index's short cuts: much slower, same hits
    #[arg(long, hide = true)]
    pub exhaustive: bool,
    /// Exit with status 3 if a message is held
    #[arg(long)]
    pub fail_on_hit: bool,
}
