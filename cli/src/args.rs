//! The arguments of the program, with their help texts.

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use interdict::Config;
use interdict::batch::Field;
use interdict::entity::Schema;
use std::path::PathBuf;

/// A sanctions-screening engine: finds listed people, companies, ships and aircraft under any spelling, and explains
/// every hit
#[derive(Parser)]
#[command(name = "interdict", version, about, propagate_version = true)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
    /// Permissions of the files that are written, as 0600; by default those that the umask leaves
    #[arg(long, global = true, value_name = "MODE", value_parser = parse_mode)]
    pub mode: Option<u32>,
}

#[derive(Subcommand)]
// Made once for each run.
#[allow(clippy::large_enum_variant)]
pub enum Command {
    /// Screen a CSV of counterparties and write the hits
    #[command(after_help = "Exit status: 0 all rows screened; 1 could not do the work; 2 wrong usage; \
        3 hits found and --fail-on-hit given; 4 done, but some rows were rejected.")]
    Screen(Box<Screen>),
    /// Screen payment messages: whom they name, and a verdict for each
    #[command(
        after_help = "Formats: ISO 20022 (XML), SWIFT MT, NACHA, Fedwire FAIM, told by content. Verdicts: pass, \
        hold, unreadable. Exit status: 0 all messages read and screened; 1 could not do the work; 2 wrong usage; 3 a \
        message is held and --fail-on-hit given; 4 done, but a message was unreadable."
    )]
    Payments(Box<crate::payments::Payments>),
    /// Score pairs of names: columns name1, name2 and optionally schema
    Score(Score),
    /// Show the best hits of one name, and why
    Explain(Explain),
    /// List the names that begin with a text
    Names(Names),
    /// Mark a hit as a false positive, with who, why and until when
    Accept(Accept),
    /// Answer over HTTP: screening as JSON and as a stream of lines, a page for people, lists that are exchanged while it
    /// runs
    #[cfg(feature = "serve")]
    #[command(
        after_help = "It listens when it says `listening on ADDRESS:PORT` on standard error; /healthz answers at once, \
        /readyz when it can screen. SIGHUP reads the lists again; SIGTERM and SIGINT end it when the requests under way \
        are answered. Exit status: 0 it was stopped; 1 it could not start; 2 wrong usage."
    )]
    Serve(Box<Serve>),
    /// Build an index file, or show what is in one
    Index {
        #[command(subcommand)]
        command: IndexCommand,
    },
    /// Verify an audit trail, or screen its names again
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Measure recall and alert rate, on names that must be found and on names that must not
    #[command(
        after_help = "Positives have a column target or listed_name (primary name of the listed party) or \
        entity_id, and may have category. Exit status: 0 done; 1 could not do the work; 2 wrong usage; 4 done, but \
        some rows were rejected."
    )]
    Evaluate(Evaluate),
    /// Print the configuration in force, with an explanation of every key
    Config(ConfigArgs),
    /// Check, compare and update lists
    Lists {
        #[command(subcommand)]
        command: ListsCommand,
    },
}

#[derive(Subcommand)]
pub enum IndexCommand {
    /// Build an index file from lists
    Build(Build),
    /// Show the lists and the size of an index file
    Info(Info),
}

#[derive(Subcommand)]
pub enum ListsCommand {
    /// Read lists and show what was loaded and what was rejected
    Check(Check),
    /// Show what was added, removed and changed between two publications of lists
    Diff(Diff),
    /// Download lists from their publishers, check them, and replace the old ones
    #[command(
        after_help = "Exit status: 0 every source is up to date; 1 one or more are not (the table says why) and \
        their old files are unchanged; 2 wrong usage."
    )]
    Update(Update),
}

#[derive(Subcommand)]
pub enum AuditCommand {
    /// Find every record that was changed, removed or moved
    #[command(after_help = "Exit status: 0 the trail is intact; 1 it cannot be read; 4 it is not intact.")]
    Verify(Verify),
    /// Screen the recorded names again and show which hits differ, and why
    #[command(
        after_help = "Exit status: 0 no difference; 1 it cannot be read; 4 answers differ, or the trail is not intact."
    )]
    Replay(Replay),
}

/// The lists or the index to screen against.
#[derive(ClapArgs, Default)]
pub struct ListArgs {
    /// A list: file or folder, in any layout (repeatable)
    #[arg(long = "list", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// An index file instead of lists
    #[arg(long, value_name = "FILE", conflicts_with = "paths")]
    pub index: Option<PathBuf>,
    /// Refuse lists that are older than this, or have no date (7d, 2w)
    #[arg(long, value_name = "AGE", value_parser = crate::age::parse_days)]
    pub max_age: Option<i64>,
    /// Screen although this list is missing, cut or mostly rejected; its name, or the path or name of its file
    /// (repeatable). The summary and the audit trail say so
    #[arg(long, value_name = "LIST", conflicts_with = "index")]
    pub allow_incomplete: Vec<String>,
    /// The lists of the last run: one that is in this file and is not there any more ends the run with status 1, unless
    /// --allow-incomplete names it. The file is written anew with the lists of this run
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
}

/// The configuration: a file, and flags that take precedence over it.
#[derive(ClapArgs, Default)]
pub struct ConfigArgs {
    /// A configuration file; `interdict config` prints one with an explanation of every key
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Lowest score of a hit, from 0.5 to 1, for every schema (default 0.85)
    #[arg(long, value_parser = parse_threshold)]
    pub threshold: Option<f32>,
    /// Most parties for one name (default 10); a score of 1 is never cut, and what is cut is counted
    #[arg(long, value_parser = parse_positive)]
    pub limit: Option<usize>,
}

impl ConfigArgs {
    /// The configuration in force.
    pub fn read(&self) -> interdict::Result<Config> {
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
pub enum Cleared {
    Show,
    Hide,
}

#[derive(Clone, Copy, ValueEnum, PartialEq)]
pub enum SpreadsheetSafe {
    /// Put an apostrophe before every cell that a spreadsheet would run as a formula (= + - @ …)
    Always,
    /// Leave cells as they are
    Never,
}

#[derive(Clone, Copy, ValueEnum, PartialEq)]
pub enum Progress {
    Auto,
    Always,
    Never,
}

fn parse_mode(text: &str) -> Result<u32, String> {
    match u32::from_str_radix(text, 8) {
        Ok(mode) if mode & !0o666 == 0 && mode & 0o600 == 0o600 => Ok(mode),
        _ => {
            Err("must be the permissions of a file that its owner can read and write, as 0600 or 0640".into())
        }
    }
}

fn parse_schema(text: &str) -> Result<Schema, String> {
    let known = || Schema::ALL.map(Schema::as_str).join(", ");
    Schema::parse(text).ok_or_else(|| format!("not one of {}", known()))
}

fn parse_threshold(text: &str) -> Result<f32, String> {
    let lowest = interdict::screen::LOWEST_THRESHOLD;
    match text.parse::<f32>() {
        Ok(t) if (lowest..=1.0).contains(&t) => Ok(t),
        _ => Err(format!("must be a number from {lowest} to 1")),
    }
}

fn parse_positive(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(n) if n > 0 => Ok(n),
        _ => Err("must be a whole number from 1 on".into()),
    }
}

/// The most threads: sixteen for each processor, and 64 on any machine. More only take memory.
pub fn parse_threads(text: &str) -> Result<usize, String> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let most = (16 * processors).max(64);
    match parse_positive(text)? {
        n if n <= most => Ok(n),
        _ => Err(format!("must be at most {most} on this machine, which has {processors} processors")),
    }
}

fn parse_field_column(text: &str) -> Result<(Field, String), String> {
    let (field, column) = text.split_once('=').ok_or("must be FIELD=COL, as birth_date=DOB")?;
    let known = || Field::names().collect::<Vec<_>>().join(", ");
    let field = Field::parse(field).ok_or_else(|| format!("'{field}' is not one of {}", known()))?;
    Ok((field, column.to_string()))
}

pub fn parse_delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        _ if text == "tab" || text == "\\t" => Ok(b'\t'),
        _ if text == "none" => Ok(interdict::batch::NO_DELIMITER),
        [c] if c.is_ascii() && !c.is_ascii_alphanumeric() && !matches!(c, b'"' | b'\n' | b'\r') => Ok(*c),
        _ => {
            Err("must be one character that is neither letter, digit nor quote, or \"tab\", or \"none\""
                .into())
        }
    }
}

pub fn parse_seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(n) if (0.0..=86_400.0).contains(&n) => Ok(n),
        _ => Err("must be a number of seconds from 0 to 86400".into()),
    }
}

#[derive(ClapArgs)]
pub struct Screen {
    /// CSV with a header, JSON Lines, a JSON array or .xlsx, also gzip or zstd; `-` is standard input
    pub input: PathBuf,
    #[command(flatten)]
    pub lists: ListArgs,
    /// Report only the differences from this earlier publication of the lists (file, folder or index file): hits that
    /// are new, changed or gone, with a column `change`. Cannot be combined with an audit trail
    #[arg(long, value_name = "OLD", conflicts_with = "audit")]
    pub since: Option<PathBuf>,
    /// Column that holds a name (repeatable: each is screened, and the hit names the column). COL+COL joins the parts of
    /// a name with a blank. Without it, columns are found by their headers in fifteen languages
    #[arg(long = "name-column", value_name = "COL")]
    pub name_columns: Vec<String>,
    /// Column that holds free text, such as a remittance text: every listed name that stands in it is a hit, with its
    /// words and their place in the columns `query_part` and `query_span` (repeatable). Other columns are not compared
    #[arg(long = "text-column", value_name = "COL", conflicts_with_all = ["name_columns", "columns", "schema"])]
    pub text_columns: Vec<String>,
    /// Column that holds a field: birth_date=DOB (repeatable)
    #[arg(long = "column", value_name = "FIELD=COL", value_parser = parse_field_column)]
    pub columns: Vec<(Field, String)>,
    /// Column that holds the row's own id, shown with each hit
    #[arg(long, value_name = "COL")]
    pub id_column: Option<String>,
    /// Column to copy to the hits (repeatable)
    #[arg(long, value_name = "COL")]
    pub carry: Vec<String>,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Write the hits to this file instead of standard output; it appears complete or not at all. `-` is standard
    /// output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Format of the hits; by default a table on a terminal, otherwise csv
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Whether CSV cells that a spreadsheet would run as formulas get an apostrophe before them
    #[arg(long, value_enum, default_value = "always")]
    pub spreadsheet_safe: SpreadsheetSafe,
    /// Write an HTML page for reviewing the hits in a browser
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Known false positives: a CSV file as `interdict accept` writes it. They are counted and not shown
    // An acceptance does not cover an entity that changed since, so it has no effect on a report of changes.
    #[arg(long, value_name = "FILE", conflicts_with = "since")]
    pub accept: Option<PathBuf>,
    /// Show accepted hits too, with a column `accepted`
    #[arg(long, requires = "accept")]
    pub show_accepted: bool,
    /// Show what other fields (birth date, country, gender, schema) take below the threshold although the name reaches it,
    /// with a column `cleared_by`. It is counted in any case, and recorded in the audit trail
    #[arg(long, value_enum, default_value = "hide")]
    pub cleared: Cleared,
    /// Write the counts of the run to this JSON file
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,
    /// Write rejected rows to this CSV file instead of standard error
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// Number of threads; by default one for each processor
    #[arg(long, value_parser = parse_threads)]
    pub threads: Option<usize>,
    /// Show progress on standard error
    #[arg(long, value_enum, default_value = "auto")]
    pub progress: Progress,
    /// Schema of rows without one of their own (Person, Organization …)
    #[arg(long, value_parser = parse_schema)]
    pub schema: Option<Schema>,
    /// Encoding of the input, if it is not UTF-8 and has no byte order mark (windows-1251, gb18030 …)
    #[arg(long, value_name = "LABEL")]
    pub encoding: Option<String>,
    /// Delimiter of the CSV, if it cannot be detected from the header: one character, "tab", or "none" for a
    /// table of one column
    #[arg(long, value_name = "CHAR", value_parser = parse_delimiter)]
    pub delimiter: Option<u8>,
    /// Row of the header, as a spreadsheet program shows it, if titles stand above it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub header_row: Option<u64>,
    /// A file that keeps the mapping of columns and how the input is read (TOML; see the guide). Flags take precedence
    #[arg(long, value_name = "FILE")]
    pub map: Option<PathBuf>,
    /// Show with each hit the row of the input as a spreadsheet program counts it, in a column `sheet_row`
    #[arg(long)]
    pub sheet_row: bool,
    /// Sheet of a workbook, by name or number; by default the first visible one
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// How many times longer than its compressed form the input may be
    #[arg(long, value_name = "N", default_value = "1000", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_expansion: u64,
    /// Longest row; a longer one is rejected
    #[arg(long, value_name = "BYTES", default_value = "67108864", value_parser = clap::value_parser!(u64).range(1024..1 << 32))]
    pub max_row: u64,
    /// Longest field; a row with a longer one is rejected
    #[arg(long, value_name = "BYTES", default_value = "16777216", value_parser = clap::value_parser!(u64).range(1024..1 << 32))]
    pub max_field: u64,
    /// Most levels of arrays and objects within each other in a row of JSON; a deeper one is rejected
    #[arg(long, value_name = "N", default_value = "64", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub max_depth: u16,
    /// Write an audit trail of every row to this file, which must not exist: a trail is never replaced
    #[arg(long, value_name = "FILE")]
    pub audit: Option<PathBuf>,
    /// Continue the trail of --audit, if the file exists: its bytes stay, and the run is chained to its last line
    #[arg(long, requires = "audit")]
    pub audit_append: bool,
    /// Continue an unfinished run of the same command
    #[arg(long)]
    pub resume: bool,
    /// Seconds between two checkpoints for --resume; 0 means one after every few hundred rows
    #[arg(long, value_name = "SECONDS", default_value = "2", value_parser = parse_seconds)]
    pub checkpoint: f64,
    /// Compare every listed name instead of the index's candidates: slow, with the same hits
    #[arg(long)]
    pub exhaustive: bool,
    /// End with status 3 if there is a hit
    #[arg(long)]
    pub fail_on_hit: bool,
    /// Show how long each stage took
    #[arg(long)]
    pub profile: bool,
}

#[derive(ClapArgs)]
pub struct Score {
    /// CSV file with the columns name1, name2 and optionally schema; `-` is standard input. With a column is_match or
    /// label, precision, recall, F1 and ROC AUC are written to standard error
    pub pairs: PathBuf,
    /// A configuration file: its thresholds decide which pairs count as matches
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Lowest score of a match, from 0.5 to 1 (default 0.85)
    #[arg(long, value_parser = parse_threshold)]
    pub threshold: Option<f32>,
}

#[derive(ClapArgs)]
pub struct Evaluate {
    #[command(flatten)]
    pub lists: ListArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// CSV of names that must be found
    #[arg(long, value_name = "FILE", required_unless_present = "mutate")]
    pub positives: Option<PathBuf>,
    /// Derive the positives from the lists by named manipulations, such as typos and transliterations
    #[arg(long, conflicts_with = "positives")]
    pub mutate: bool,
    /// With --mutate: seed of the random choices
    #[arg(long, value_name = "N", default_value_t = 1, requires = "mutate")]
    pub seed: u64,
    /// With --mutate: most names for each manipulation, of people and of organizations each
    #[arg(long, value_name = "N", default_value = "100", value_parser = parse_positive, requires = "mutate")]
    pub per_kind: usize,
    /// Write the positives to this CSV file
    #[arg(long, value_name = "FILE")]
    pub save_positives: Option<PathBuf>,
    /// CSV of names that must not be found (repeatable)
    #[arg(long, value_name = "FILE", required = true)]
    pub negatives: Vec<PathBuf>,
    /// Column that holds the name
    #[arg(long, value_name = "COL")]
    pub name_column: Option<String>,
    /// Write an HTML page to this file
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
    /// An identifier of any kind (IMO number, passport, wallet …), with or without a name (repeatable)
    #[arg(long = "id-number", value_name = "NUMBER")]
    pub id_numbers: Vec<String>,
    #[command(flatten)]
    pub lists: ListArgs,
    /// Kind of party (Person, Organization …)
    #[arg(long, value_parser = parse_schema)]
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
    #[arg(long, default_value = "3", value_parser = parse_positive)]
    pub limit: usize,
}

#[derive(ClapArgs)]
pub struct Names {
    /// The beginning of a name; case, marks and punctuation do not count
    pub prefix: String,
    #[command(flatten)]
    pub lists: ListArgs,
    /// Also names that begin so but for one letter
    #[arg(long)]
    pub typo: bool,
    /// Most names to list
    #[arg(long, default_value = "20", value_parser = parse_positive)]
    pub limit: usize,
    #[arg(long, value_enum, default_value = "text")]
    pub format: NamesFormat,
}

#[derive(Clone, Copy, ValueEnum, PartialEq)]
pub enum NamesFormat {
    /// A name on each line, and whose it is
    Text,
    Csv,
    Jsonl,
}

fn parse_day(text: &str) -> Result<jiff::civil::Date, String> {
    interdict::accept::day(text).ok_or_else(|| "must be a day as 2026-12-31".into())
}

#[derive(ClapArgs)]
pub struct Accept {
    /// Hits as `interdict screen` wrote them, CSV or JSON Lines, or a single line of them; `-` is standard input
    pub hits: PathBuf,
    /// File of accepted hits to append to; it is created if it does not exist
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
    /// Name of the person who accepts it
    #[arg(long)]
    pub who: String,
    /// Why it is not the listed party
    #[arg(long)]
    pub reason: String,
    /// Last day on which the acceptance is valid (2026-12-31); by default it does not expire
    #[arg(long, value_name = "DAY", value_parser = parse_day)]
    pub until: Option<jiff::civil::Date>,
    #[command(flatten)]
    pub lists: ListArgs,
}

#[derive(ClapArgs)]
pub struct Build {
    /// A list: file or folder, in any layout (repeatable)
    #[arg(long = "list", value_name = "PATH", required = true)]
    pub lists: Vec<PathBuf>,
    /// Build although this list is missing, cut or mostly rejected; its name, or the path or name of its file
    /// (repeatable). The index remembers it
    #[arg(long, value_name = "LIST")]
    pub allow_incomplete: Vec<String>,
    /// The lists of the last run: one that is in this file and is not there any more ends the run with status 1, unless
    /// --allow-incomplete names it. The file is written anew with the lists of this run
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
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
    /// Print one JSON document instead of text
    #[arg(long)]
    pub json: bool,
    /// Refuse lists that are older than this, or have no date (7d, 2w)
    #[arg(long, value_name = "AGE", value_parser = crate::age::parse_days)]
    pub max_age: Option<i64>,
}

#[derive(ClapArgs)]
pub struct Verify {
    /// The audit trail
    pub file: PathBuf,
    /// The seal of the trail, as recorded elsewhere
    #[arg(long, value_name = "SHA256")]
    pub seal: Option<String>,
}

#[derive(ClapArgs)]
pub struct Replay {
    /// The audit trail
    pub file: PathBuf,
    #[command(flatten)]
    pub lists: ListArgs,
    /// A configuration file; by default the values recorded in the trail
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Lowest score of a hit; by default the one recorded in the trail
    #[arg(long, value_parser = parse_threshold)]
    pub threshold: Option<f32>,
    /// Most hits for one name; by default the number recorded in the trail
    #[arg(long, value_parser = parse_positive)]
    pub limit: Option<usize>,
}

#[derive(Clone, Copy, ValueEnum, PartialEq)]
pub enum DiffFormat {
    /// Every entity that differs, with its fields
    Text,
    /// The same as one JSON object
    Json,
    /// One line for each list
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
    /// Names of sources; by default all but those marked "on request"
    #[arg(value_name = "SOURCE")]
    pub names: Vec<String>,
    /// The folder of the lists: each source has a folder, with its previous version in .former
    #[arg(long, default_value = "lists")]
    pub dir: PathBuf,
    /// A file of sources instead of the built-in one, in the form of lists/sources.toml
    #[arg(long, value_name = "FILE")]
    pub sources: Option<PathBuf>,
    /// Accept a list with over 10 % fewer entities than before
    #[arg(long)]
    pub allow_shrink: bool,
    /// Longest wait for a connection, for the first byte and between bytes
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: u64,
    /// Further attempts after a transient failure
    #[arg(long, default_value = "3")]
    pub retries: u32,
    /// Largest file to download
    #[arg(long, value_name = "MB", default_value = "1024", value_parser = clap::value_parser!(u64).range(1..1 << 40))]
    pub max_size: u64,
}

/// How the lines of the log are written.
#[cfg(feature = "serve")]
#[derive(Clone, Copy, ValueEnum, PartialEq)]
pub enum LogFormat {
    Json,
    Text,
}

#[cfg(feature = "serve")]
#[derive(ClapArgs)]
pub struct Serve {
    /// Where to listen; port 0 takes a free one. An address that others can reach needs --keys or --tls-client-ca
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8100")]
    pub listen: std::net::SocketAddr,
    // `--max-age`: answers 503 instead of screening against lists that are older.
    #[command(flatten)]
    pub lists: ListArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// A file of API keys
    #[arg(long, value_name = "FILE")]
    pub keys: Option<PathBuf>,
    /// Make a key of this name, print it on standard error and its entry for the file of keys on standard output, and end
    #[arg(long, value_name = "NAME")]
    pub new_key: Option<String>,
    /// A certificate in PEM, with those that signed it: speak TLS
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// The private key of the certificate, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Admit only clients with a certificate that this authority signed, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_client_ca: Option<PathBuf>,
    /// Write an audit trail into this folder, a file a day; `interdict audit verify` checks them
    #[arg(long, value_name = "DIR")]
    pub audit: Option<PathBuf>,
    /// Read the lists again when their files change; they are looked at every so many seconds (2)
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "2", value_parser = parse_interval)]
    pub watch: Option<f64>,
    /// Keep the last good index in this folder, for a start when a list is gone; by default where the system keeps the
    /// state of programs
    #[arg(long, value_name = "DIR")]
    pub state: Option<PathBuf>,
    /// Most bytes of a body that is not streamed, and of a line of a stream
    #[arg(long, value_name = "BYTES", default_value = "8388608", value_parser = parse_positive)]
    pub max_body: usize,
    /// Most parties of a body that is not streamed
    #[arg(long, value_name = "N", default_value = "10000", value_parser = parse_positive)]
    pub max_parties: usize,
    /// Most connections at a time
    #[arg(long, value_name = "N", default_value = "4096", value_parser = parse_positive)]
    pub max_connections: usize,
    /// Seconds for a request, and for each read of a stream
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = parse_interval)]
    pub deadline: f64,
    /// Seconds that requests under way have when the service is stopped
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = parse_interval)]
    pub grace: f64,
    /// How the log is written, to standard error
    #[arg(long, value_enum, default_value = "json")]
    pub log: LogFormat,
    /// What is logged: error, warn, info (each request a line), debug
    #[arg(long, value_name = "LEVEL", default_value = "info")]
    pub log_level: String,
    /// Log the names of parties too; without it the log holds none
    #[arg(long)]
    pub log_names: bool,
}

#[cfg(feature = "serve")]
fn parse_interval(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(n) if (0.1..=86_400.0).contains(&n) => Ok(n),
        _ => Err("must be a number of seconds from 0.1 to 86400".into()),
    }
}
