//! The arguments of the program.

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use interdict::Config;
use interdict::batch::Field;
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
    /// Accept a hit: note that somebody looked at it and found another party
    Accept(Accept),
    /// Build an index file, or look at one
    Index {
        #[command(subcommand)]
        command: IndexCommand,
    },
    /// Verify an audit trail, or screen it again
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Measure how much is found and how much alerts, on names that must be found and names that are clean
    #[command(
        after_help = "Positives have a column target or listed_name (primary name of the listed party) or \
        entity_id, and may have category. Exit status: 0 done; 1 could not do the work; 2 wrong usage; 4 done, but \
        some rows were rejected."
    )]
    Evaluate(Evaluate),
    /// Print the configuration in force, every key explained
    Config(Tuned),
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

#[derive(Subcommand)]
pub enum AuditCommand {
    /// Find every record that was changed, removed or moved
    #[command(after_help = "Exit status: 0 the trail is intact; 1 it cannot be read; 4 it is not intact.")]
    Verify(Verify),
    /// Screen the recorded names again and show where the answer differs, and why
    #[command(
        after_help = "Exit status: 0 no difference; 1 it cannot be read; 4 answers differ, or the trail is not intact."
    )]
    Replay(Replay),
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

/// What may be tuned: a file, and flags that go before it.
#[derive(ClapArgs, Default)]
pub struct Tuned {
    /// A configuration file; `interdict config` prints one with every key explained
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Lowest score of a hit, from 0.5 to 1, whatever the schema (default 0.85)
    #[arg(long, value_parser = threshold)]
    pub threshold: Option<f32>,
    /// Most hits for one name (default 10)
    #[arg(long, value_parser = positive)]
    pub limit: Option<usize>,
}

impl Tuned {
    /// The values in force.
    pub fn config(&self) -> interdict::Result<Config> {
        let config = self.config.as_ref().map_or_else(|| Ok(Config::default()), Config::read)?;
        Ok(config.with_threshold(self.threshold).with_limit(self.limit))
    }
}

#[derive(Clone, Copy, ValueEnum, PartialEq)]
pub enum Format {
    Csv,
    Jsonl,
    /// Aligned columns for a terminal
    Table,
}

#[derive(Clone, Copy, ValueEnum, PartialEq)]
pub enum SpreadsheetSafe {
    /// An apostrophe before every cell that a spreadsheet would run (= + - @ …)
    Always,
    /// Cells as they are
    Never,
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

fn field_column(text: &str) -> Result<(Field, String), String> {
    let (field, column) = text.split_once('=').ok_or("must be FIELD=COL, as birth_date=DOB")?;
    let known = || Field::names().collect::<Vec<_>>().join(", ");
    let field = Field::parse(field).ok_or_else(|| format!("'{field}' is not one of {}", known()))?;
    Ok((field, column.to_string()))
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        _ if text == "tab" || text == "\\t" => Ok(b'\t'),
        [c] if c.is_ascii() && !c.is_ascii_alphanumeric() && !matches!(c, b'"' | b'\n' | b'\r') => Ok(*c),
        _ => Err("must be one character that is neither letter, digit nor quote, or \"tab\"".into()),
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(n) if (0.0..=86_400.0).contains(&n) => Ok(n),
        _ => Err("must be a number of seconds from 0 to 86400".into()),
    }
}

#[derive(ClapArgs)]
pub struct Screen {
    /// CSV with a header, JSON Lines or .xlsx, also gzip or zstd; `-` is standard input
    pub input: PathBuf,
    #[command(flatten)]
    pub against: Against,
    /// Report only what changed since this publication of the lists (file, folder or index file): hits that are
    /// new, changed or gone, in a further column `change`. An audit trail is of full runs
    #[arg(long, value_name = "OLD", conflicts_with = "audit")]
    pub since: Option<PathBuf>,
    /// Column that holds a name (repeatable: each is screened, and the hit says which)
    #[arg(long = "name-column", value_name = "COL")]
    pub name_columns: Vec<String>,
    /// Column that holds a field: birth_date=DOB (repeatable)
    #[arg(long = "column", value_name = "FIELD=COL", value_parser = field_column)]
    pub columns: Vec<(Field, String)>,
    /// Column that holds the row's own id, shown with each hit
    #[arg(long, value_name = "COL")]
    pub id_column: Option<String>,
    /// Column to copy to the hits (repeatable)
    #[arg(long, value_name = "COL")]
    pub carry: Vec<String>,
    #[command(flatten)]
    pub tuned: Tuned,
    /// Write the hits to this file, whole or not at all, instead of standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Format of the hits; where it is not given, a table on a terminal and else csv
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Whether cells of the CSV that a spreadsheet would run get an apostrophe before them
    #[arg(long, value_enum, default_value = "always")]
    pub spreadsheet_safe: SpreadsheetSafe,
    /// Write a page to read the hits on, for a browser
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Hits accepted before: CSV as `interdict accept` writes it; they are counted and not shown
    // Against what differs between two lists there is nothing to accept: an entity that changed is to be looked at.
    #[arg(long, value_name = "FILE", conflicts_with = "since")]
    pub accept: Option<PathBuf>,
    /// Show accepted hits too, marked in a column `accepted`
    #[arg(long, requires = "accept")]
    pub show_accepted: bool,
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
    /// Delimiter of CSV where the header does not tell it: one character, or "tab"
    #[arg(long, value_name = "CHAR", value_parser = delimiter)]
    pub delimiter: Option<u8>,
    /// Sheet of an .xlsx workbook, by name or number; the first visible one where it is not given
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Write an audit trail of every row to this file
    #[arg(long, value_name = "FILE")]
    pub audit: Option<PathBuf>,
    /// Go on with an unfinished run of the same command
    #[arg(long)]
    pub resume: bool,
    /// Seconds after which what is done is made safe, for --resume; 0 is after every few hundred rows
    #[arg(long, value_name = "SECONDS", default_value = "2", value_parser = seconds)]
    pub checkpoint: f64,
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
    /// CSV file with the columns name1, name2 and, where there is one, schema; `-` is standard input. With a column
    /// is_match or label, standard error tells precision, recall, F1 and ROC AUC
    pub pairs: PathBuf,
    /// A configuration file: its thresholds say which pairs count as matches
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Lowest score of a match, from 0.5 to 1 (default 0.85)
    #[arg(long, value_parser = threshold)]
    pub threshold: Option<f32>,
}

#[derive(ClapArgs)]
pub struct Evaluate {
    #[command(flatten)]
    pub against: Against,
    #[command(flatten)]
    pub tuned: Tuned,
    /// CSV of names that must be found
    #[arg(long, value_name = "FILE", required_unless_present = "mutate")]
    pub positives: Option<PathBuf>,
    /// Make the positives from the lists by named manipulations
    #[arg(long, conflicts_with = "positives")]
    pub mutate: bool,
    /// With --mutate: determines the names that are made
    #[arg(long, value_name = "N", default_value_t = 1, requires = "mutate")]
    pub seed: u64,
    /// With --mutate: most names of each manipulation, for people and bodies each
    #[arg(long, value_name = "N", default_value = "100", value_parser = positive, requires = "mutate")]
    pub per_kind: usize,
    /// Write the positives that are used to this CSV file
    #[arg(long, value_name = "FILE")]
    pub save_positives: Option<PathBuf>,
    /// CSV of names that are clean (repeatable)
    #[arg(long, value_name = "FILE", required = true)]
    pub negatives: Vec<PathBuf>,
    /// Column that holds the name
    #[arg(long, value_name = "COL")]
    pub name_column: Option<String>,
    /// Write a page for a browser to this file
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Write all figures to this JSON file
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
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
    /// Country, or several: "Iran, Syria"
    #[arg(long)]
    pub country: Option<String>,
    /// A configuration file
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Most hits to show
    #[arg(long, default_value = "3", value_parser = positive)]
    pub limit: usize,
}

fn day(text: &str) -> Result<jiff::civil::Date, String> {
    interdict::accept::day(text).ok_or_else(|| "must be a day as 2026-12-31".into())
}

#[derive(ClapArgs)]
pub struct Accept {
    /// Hits as `interdict screen` wrote them, CSV or JSON Lines, or a single line of them; `-` is standard input
    pub hits: PathBuf,
    /// File of accepted hits to append to; it is made where there is none
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
    /// The hit's row
    #[arg(long, value_name = "N")]
    pub row: Option<u64>,
    /// The hit's entity_id
    #[arg(long, value_name = "ID")]
    pub entity: Option<String>,
    /// The hit's list
    #[arg(long, value_name = "NAME")]
    pub on_list: Option<String>,
    /// Who accepts it
    #[arg(long)]
    pub who: String,
    /// Why it is not the listed party
    #[arg(long)]
    pub reason: String,
    /// Last day on which the acceptance holds (2026-12-31); without end where it is not given
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub until: Option<jiff::civil::Date>,
    #[command(flatten)]
    pub against: Against,
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

#[derive(ClapArgs)]
pub struct Verify {
    /// The audit trail
    pub file: PathBuf,
    /// The seal that was kept elsewhere
    #[arg(long, value_name = "SHA256")]
    pub seal: Option<String>,
}

#[derive(ClapArgs)]
pub struct Replay {
    /// The audit trail
    pub file: PathBuf,
    #[command(flatten)]
    pub against: Against,
    /// A configuration file; the values of the trail where it is not given
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Lowest score of a hit; that of the trail where it is not given
    #[arg(long, value_parser = threshold)]
    pub threshold: Option<f32>,
    /// Most hits for one name; that of the trail where it is not given
    #[arg(long, value_parser = positive)]
    pub limit: Option<usize>,
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
