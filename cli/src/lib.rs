//! The program `interdict`: arguments, messages and exit statuses. The library does the work.
//!
//! The program is a library too, so that the packages for other languages can bring it: [`run`] is all of it.

#[macro_use]
mod terminal;

mod accept;
mod age;
mod args;
mod audit;
mod config;
mod evaluate;
mod explain;
mod files;
mod hints;
mod hits;
mod index;
mod lists;
mod lists_diff;
mod lists_update;
mod manifest;
mod names;
mod payments;
mod progress;
mod score;
mod screen;
#[cfg(feature = "serve")]
mod serve;
mod sources;

use args::{Args, AuditCommand, Command, IndexCommand, ListsCommand};
use clap::{CommandFactory, Parser};
use interdict::ErrorKind;
use std::ffi::OsString;

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

/// Runs the program with these arguments, of which the first is its name, and returns its exit status.
///
/// It writes to standard output and standard error. It changes the process: the mode of new files with `--mode`, the size of
/// rayon's pool, and what an interrupt does. So it is for a process of its own.
pub fn run(args: impl IntoIterator<Item = OsString>) -> u8 {
    let mut args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(e) => {
            // Help and versions are errors too, with status 0. A closed output cannot be told.
            let _ = e.print();
            return u8::try_from(e.exit_code()).unwrap_or(USAGE);
        }
    };
    if let Err(e) = set_mode(args.mode) {
        sayln!("interdict: {e}");
        return USAGE;
    }
    if let Command::Screen(args) = &mut args.command {
        args.output.take_if(|output| output.as_os_str() == "-");
    }
    if matches!(
        args.command,
        Command::Screen(_) | Command::Payments(_) | Command::Score(_) | Command::Evaluate(_)
    ) {
        // Loads them while lists are read. Code that needs them earlier waits.
        std::thread::spawn(interdict::name::load_tables);
    }
    let result = match args.command {
        Command::Screen(args) => screen::run(&args),
        Command::Payments(args) => payments::run(&args),
        Command::Score(args) => score::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Config(args) => config::run(&args),
        Command::Names(args) => names::run(&args),
        Command::Accept(args) => accept::run(&args),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::run(args),
        Command::Index { command: IndexCommand::Build(args) } => index::build(&args),
        Command::Index { command: IndexCommand::Info(args) } => index::info(&args),
        Command::Audit { command: AuditCommand::Verify(args) } => audit::verify(&args),
        Command::Audit { command: AuditCommand::Replay(args) } => audit::replay(&args),
        Command::Lists { command: ListsCommand::Check(args) } => lists::check(&args),
        Command::Lists { command: ListsCommand::Diff(args) } => lists_diff::run(&args),
        Command::Lists { command: ListsCommand::Update(args) } => lists_update::run(&args),
    };
    match result {
        Ok(status) => status,
        Err(e) => {
            let closed = matches!(e.kind(), ErrorKind::Io(io) if io.kind() == std::io::ErrorKind::BrokenPipe);
            if closed {
                sayln!("interdict: standard output was closed before everything was written");
            } else {
                sayln!("interdict: {}", hints::message(&e));
            }
            if e.is_invalid_option() { USAGE } else { FAILED }
        }
    }
}

/// The commands and their options, for completions and man pages.
pub fn command() -> clap::Command {
    Args::command()
}

/// Makes new files have these permissions and no others.
#[cfg(unix)]
fn set_mode(mode: Option<u32>) -> interdict::Result<()> {
    if let Some(mode) = mode {
        // Before any thread starts, so that no file escapes it.
        rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o777 & !mode));
    }
    Ok(())
}

#[cfg(not(unix))]
fn set_mode(mode: Option<u32>) -> interdict::Result<()> {
    match mode {
        None => Ok(()),
        Some(_) => {
            Err(interdict::Error::invalid_option("--mode", "--mode: this system has no such permissions"))
        }
    }
}
