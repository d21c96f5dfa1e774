//! The program: arguments, messages, exit codes. All work is the library's.

mod accept;
mod age;
mod args;
mod audit;
mod config;
mod evaluate;
mod explain;
mod hits;
mod index;
mod lists;
mod lists_diff;
mod lists_update;
mod progress;
mod score;
mod screen;
mod sources;

use args::{Args, AuditCommand, Command, IndexCommand, ListsCommand};
use clap::Parser;
use interdict::{ColumnPurpose, Error, ErrorKind, ResumeProblem};
use std::process::ExitCode;

/// Exit status: all was done.
const DONE: u8 = 0;
/// Exit status: the work could not be done.
const FAILED: u8 = 1;
/// Exit status: wrong usage.
const USAGE: u8 = 2;
/// Exit status: hits were found, and `--fail-on-hit` was given.
const HITS: u8 = 3;
/// Exit status: done, but rows were rejected, or an audit trail is not as it should be.
const REJECTED: u8 = 4;

fn main() -> ExitCode {
    let args = Args::parse();
    if matches!(args.command, Command::Screen(_) | Command::Score(_) | Command::Evaluate(_)) {
        // While lists are read. Whoever needs them before they are there waits.
        std::thread::spawn(interdict::name::load_tables);
    }
    let result = match args.command {
        Command::Screen(args) => screen::run(&args),
        Command::Score(args) => score::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Config(args) => config::run(&args),
        Command::Accept(args) => accept::run(&args),
        Command::Index { command: IndexCommand::Build(args) } => index::build(&args),
        Command::Index { command: IndexCommand::Info(args) } => index::info(&args),
        Command::Audit { command: AuditCommand::Verify(args) } => audit::verify(&args),
        Command::Audit { command: AuditCommand::Replay(args) } => audit::replay(&args),
        Command::Lists { command: ListsCommand::Check(args) } => lists::check(&args),
        Command::Lists { command: ListsCommand::Diff(args) } => lists_diff::run(&args),
        Command::Lists { command: ListsCommand::Update(args) } => lists_update::run(&args),
    };
    ExitCode::from(match result {
        Ok(status) => status,
        Err(e) => {
            let closed = matches!(e.kind(), ErrorKind::Io(io) if io.kind() == std::io::ErrorKind::BrokenPipe);
            if closed {
                eprintln!("interdict: standard output was closed before everything was written");
            } else {
                eprintln!("interdict: {}", message(&e));
            }
            if e.is_invalid_option() { USAGE } else { FAILED }
        }
    })
}

/// The message of an error, with the option or command that concerns it: the library knows neither.
fn message(e: &Error) -> String {
    let kind = e.kind();
    let library = kind.to_string();
    let own = match kind {
        ErrorKind::ColumnNotFound { column, purpose, header } => {
            let option = match purpose {
                ColumnPurpose::Id => "--id-column",
                ColumnPurpose::Carried => "--carry",
                _ => "--column",
            };
            format!("{option} names the column '{column}'; the header has: {}", header.join(", "))
        }
        ErrorKind::NotAWorkbook => "--sheet is given, but this is no .xlsx workbook".into(),
        ErrorKind::IndexInsteadOfList => {
            "not a list in a known layout: an index file, which is given with --index instead of --list"
                .into()
        }
        _ => format!("{library}{}", hint(kind)),
    };
    let text = e.to_string();
    let place = text.strip_suffix(&library).unwrap_or_default();
    format!("{place}{own}")
}

/// The command or option that helps, to be shown behind the message of the library.
fn hint(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::MissingColumn { .. } => "; name it with --name-column",
        ErrorKind::OldLists { .. } => " (--max-age)",
        ErrorKind::NotAnIndex => "; build one with `interdict index build`",
        ErrorKind::IndexVersion { .. } => " with `interdict index build`",
        ErrorKind::Interrupted { resumable: true, .. } => screen::RESUME_HINT,
        ErrorKind::CannotResume(
            ResumeProblem::UnreadableJournal(_)
            | ResumeProblem::JournalVersion { .. }
            | ResumeProblem::Changed(_),
        ) => "; without --resume the run begins anew",
        _ => "",
    }
}
