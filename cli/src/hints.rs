//! Messages for errors of the library, with the option or command that helps.
//!
//! The library knows nothing of the program's options, so its messages name none. They are added here, and only here.

use interdict::batch::{InputHint, RejectReason};
use interdict::list::SkipReason;
use interdict::update::{Outcome, Refusal};
use interdict::{ColumnPurpose, Error, ErrorKind, ResumeProblem};

/// What to do with an unfinished run.
pub const RESUME: &str = "; the same command with --resume goes on behind them";

/// What to do with an index file that was given as a list.
const INDEX_FILE: &str = ", which is given with --index instead of --list";

/// The message of an error.
pub fn message(e: &Error) -> String {
    let kind = e.kind();
    let library = kind.to_string();
    let message = match kind {
        ErrorKind::ColumnNotFound { column, purpose, header } => {
            let option = match purpose {
                ColumnPurpose::Id => "--id-column",
                ColumnPurpose::Carried => "--carry",
                _ => "--column",
            };
            format!("{option} names the column '{column}'; the header has: {}", header.join(", "))
        }
        ErrorKind::NotAWorkbook => "--sheet is given, but this is no .xlsx workbook".into(),
        _ => format!("{library}{}", of_kind(kind)),
    };
    // Path and position stay in front.
    let text = e.to_string();
    let place = text.strip_suffix(&library).unwrap_or_default();
    format!("{place}{message}")
}

/// The clause to append to the message of an error.
fn of_kind(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::MissingColumn { .. } => "; name it with --name-column",
        ErrorKind::UnusableNames { .. } => "; name the column, or COL+COL, with --name-column",
        ErrorKind::TitleRows { .. } => "; name it with --header-row",
        ErrorKind::IndexInsteadOfList => INDEX_FILE,
        ErrorKind::IncompleteLists { .. } => {
            "; `interdict lists check` shows what was read; --allow-incomplete LIST accepts a list as it is"
        }
        ErrorKind::OldLists { .. } => " (--max-age)",
        ErrorKind::NotAnIndex => "; build one with `interdict index build`",
        ErrorKind::IndexVersion { .. } => " with `interdict index build`",
        ErrorKind::Interrupted { resumable: true, .. } => RESUME,
        ErrorKind::CannotResume(
            ResumeProblem::UnreadableJournal(_)
            | ResumeProblem::JournalVersion { .. }
            | ResumeProblem::Changed(_),
        ) => "; without --resume the run begins anew",
        _ => "",
    }
}

/// The clause to append to the reason why a row was rejected.
pub fn of_rejected_row(reason: &RejectReason) -> &'static str {
    match reason {
        RejectReason::InvalidUtf8 { .. } => "; name the encoding with --encoding",
        _ => "",
    }
}

/// The clause to append to a notice about the input.
pub fn of_input(hint: &InputHint) -> String {
    match hint {
        InputHint::LikelyEncoding { encoding } => format!(": if it is, give --encoding {encoding}"),
        InputHint::SeveralSheets { .. } => "; --sheet names another".into(),
        _ => String::new(),
    }
}

/// The clause to append to the reason why a file of a folder is not read.
pub fn of_skipped_file(reason: &SkipReason) -> &'static str {
    match reason {
        SkipReason::IndexFile => INDEX_FILE,
        _ => "",
    }
}

/// The clause to append to the reason why a list was not updated.
pub fn of_update(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Refused(Refusal::Shrunk { .. }) => "; if that is right, say --allow-shrink",
        _ => "",
    }
}
