//! Writing to people: messages on standard error, and answers as text on standard output.
//!
//! Characters that act on a terminal are escaped, and a standard error that is full or closed changes nothing: the
//! exit status says how the work ended.

use interdict::text::shown_lines;
use std::fmt::Arguments;
use std::io::{self, Write};

/// Writes a line to standard error, as `eprintln!` does, without its panics.
macro_rules! sayln {
    () => { $crate::terminal::say(format_args!("\n")) };
    ($($text:tt)*) => { $crate::terminal::say(format_args!("{}\n", format_args!($($text)*))) };
}

/// Writes a text to standard error, as `eprint!` does, without its panics.
macro_rules! say {
    ($($text:tt)*) => { $crate::terminal::say(format_args!($($text)*)) };
}

/// Writes a text to standard error.
pub fn say(text: Arguments<'_>) {
    // There is nowhere to report that standard error cannot be written.
    let _ = io::stderr().lock().write_all(shown_lines(&text.to_string()).as_bytes());
}

/// Standard output for answers as text.
pub fn stdout() -> impl Write {
    Shown(io::stdout().lock())
}

/// Escapes what acts on a terminal.
struct Shown<W>(W);

impl<W: Write> Write for Shown<W> {
    /// Each piece that the formatting macros write is a whole text.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.0.write_all(shown_lines(text).as_bytes())?,
            Err(_) => self.0.write_all(shown_lines(&String::from_utf8_lossy(bytes)).as_bytes())?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
