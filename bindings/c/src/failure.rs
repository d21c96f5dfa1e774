//! What goes wrong at the edge: stable statuses, the message of the thread's last failure, and the guard that lets no
//! panic cross.

use interdict::run::RejectReason;
use interdict::{Error, ErrorKind};
use std::any::Any;
use std::cell::RefCell;
use std::ffi::CString;
use std::os::raw::c_char;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The result of every function that can fail. The numbers never change; later versions may add others.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum interdict_status {
    /// Done.
    INTERDICT_OK = 0,
    /// A pointer that is needed is null.
    INTERDICT_NULL_POINTER = 1,
    /// The screener is none: it was never opened, or it was freed.
    INTERDICT_INVALID_HANDLE = 2,
    /// A text is not valid UTF-8.
    INTERDICT_INVALID_UTF8 = 3,
    /// A text is not valid JSON, or not of the form that is described.
    INTERDICT_INVALID_JSON = 4,
    /// The party has nothing to screen: neither a name with a letter or digit, nor an identifier.
    INTERDICT_INVALID_PARTY = 5,
    /// The configuration has an unknown key or a value out of range.
    INTERDICT_INVALID_CONFIG = 6,
    /// An argument is out of its range, such as a length or the kind of a field.
    INTERDICT_INVALID_ARGUMENT = 7,
    /// The operating system refused to read.
    INTERDICT_IO = 8,
    /// A file is no list, a list is broken, not whole or too old, or all lists are empty.
    INTERDICT_INVALID_LIST = 9,
    /// The index file is damaged or of another version: build it again.
    INTERDICT_INVALID_INDEX = 10,
    /// A buffer is too short. What fits has been written, and the answer tells how much there was.
    INTERDICT_SHORT_BUFFER = 11,
    /// The entity whose hit was to be explained is no hit of the party.
    INTERDICT_NO_HIT = 12,
    /// A table has no column that can be screened, or is of a type that cannot be read.
    INTERDICT_INVALID_TABLE = 13,
    /// A bug of the library.
    INTERDICT_INTERNAL = 99,
}

pub(crate) use interdict_status as Status;

/// A status with its message.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: Status,
    pub(crate) message: String,
}

pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    pub(crate) fn new(status: Status, message: impl Into<String>) -> Failure {
        Failure { status, message: message.into() }
    }

    pub(crate) fn null(what: &str) -> Failure {
        Failure::new(Status::INTERDICT_NULL_POINTER, format!("{what} is null"))
    }

    pub(crate) fn json(message: impl Into<String>) -> Failure {
        Failure::new(Status::INTERDICT_INVALID_JSON, message)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        let status = match error.kind() {
            ErrorKind::Io(_) => Status::INTERDICT_IO,
            ErrorKind::InvalidConfig(_) | ErrorKind::InvalidOption { .. } => Status::INTERDICT_INVALID_CONFIG,
            ErrorKind::MissingColumn { .. }
            | ErrorKind::ColumnNotFound { .. }
            | ErrorKind::UnusableNames { .. } => Status::INTERDICT_INVALID_TABLE,
            ErrorKind::Internal(_) => Status::INTERDICT_INTERNAL,
            _ if error.is_unusable_index() => Status::INTERDICT_INVALID_INDEX,
            _ => Status::INTERDICT_INVALID_LIST,
        };
        Failure::new(status, error.to_string())
    }
}

impl From<RejectReason> for Failure {
    fn from(reason: RejectReason) -> Failure {
        Failure::new(Status::INTERDICT_INVALID_PARTY, format!("nothing to screen: {reason}"))
    }
}

thread_local! {
    static LAST_ERROR: RefCell<CString> = RefCell::new(CString::default());
}

/// Keeps the message for [`last_error`]. A NUL within it, as of a path, becomes U+FFFD.
fn keep(message: &str) {
    let text = CString::new(message.replace('\0', "\u{fffd}")).unwrap_or_default();
    // A thread that is ending has no place for it any more.
    let _ = LAST_ERROR.try_with(|last| *last.borrow_mut() = text);
}

/// The message of the thread's last failure; valid until its next one.
pub(crate) fn last_error() -> *const c_char {
    LAST_ERROR.try_with(|last| last.borrow().as_ptr()).unwrap_or(c"".as_ptr())
}

/// Carries a call out. A failure and a panic become a status, and their message is kept.
pub(crate) fn guard(call: impl FnOnce() -> Result<()>) -> Status {
    let failure = match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(())) => return Status::INTERDICT_OK,
        Ok(Err(failure)) => failure,
        Err(panic) => {
            Failure::new(Status::INTERDICT_INTERNAL, format!("a bug of interdict: {}", text_of(&*panic)))
        }
    };
    keep(&failure.message);
    failure.status
}

/// The message of a panic.
fn text_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("panic without a message")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::CStr;

    fn last() -> String {
        // SAFETY: the text lives until this thread's next failure.
        unsafe { CStr::from_ptr(last_error()) }.to_str().unwrap().to_string()
    }

    #[test]
    fn a_panic_becomes_a_status_with_its_message() {
        let status = guard(|| panic!("number {}", 7));
        assert_eq!((status, last().as_str()), (Status::INTERDICT_INTERNAL, "a bug of interdict: number 7"));
    }

    #[test]
    fn a_message_stays_until_the_next_failure_of_its_thread() {
        assert_eq!(guard(|| Err(Failure::null("a\0b"))), Status::INTERDICT_NULL_POINTER);
        assert_eq!(guard(|| Ok(())), Status::INTERDICT_OK);
        std::thread::spawn(|| assert_eq!(last(), "")).join().unwrap();
        assert_eq!(last(), "a\u{fffd}b is null");
    }
}
