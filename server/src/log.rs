//! The log: one line for each request and event, on standard error. No line holds a name of a party, or the query of an
//! address, unless [`Settings::log_names`](crate::Settings::log_names) is set.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Lines that wait to be written; a request waits for its line only beyond them.
const WAITING: usize = 8192;

/// Lines on their way to the thread that writes them, so that a request does not wait for a slow terminal or disk.
#[derive(Clone)]
struct Lines(SyncSender<Vec<u8>>);

impl Write for Lines {
    /// Takes a whole line: the subscriber writes each at once.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        match self.0.try_send(line.to_vec()) {
            Ok(()) => Ok(line.len()),
            // No line is lost: the request waits.
            Err(TrySendError::Full(line)) => {
                let length = line.len();
                self.0.send(line).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
                Ok(length)
            }
            Err(TrySendError::Disconnected(_)) => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Lines;

    fn make_writer(&'a self) -> Lines {
        self.clone()
    }
}

fn write(lines: &Receiver<Vec<u8>>) {
    let mut all = Vec::new();
    while let Ok(line) = lines.recv() {
        all.clear();
        all.extend_from_slice(&line);
        // What waits goes with it, in one call.
        while let Some(line) = lines.try_recv().ok().filter(|_| all.len() < 1 << 16) {
            all.extend_from_slice(&line);
        }
        let _ = io::stderr().lock().write_all(&all);
    }
}

/// Starts the log, as JSON or as text. `level` is one of error, warn, info and debug, or a filter of `tracing`.
///
/// # Errors
///
/// The level is none.
pub fn start(json: bool, level: &str) -> Result<(), String> {
    let filter = EnvFilter::builder().parse(level).map_err(|e| e.to_string())?;
    let (send, receive) = sync_channel(WAITING);
    std::thread::Builder::new()
        .name("log".into())
        .spawn(move || write(&receive))
        .map_err(|e| e.to_string())?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(Lines(send)).with_ansi(false);
    let started = match json {
        true => log.json().flatten_event(true).with_target(false).with_current_span(false).try_init(),
        false => log.with_target(false).try_init(),
    };
    started.map_err(|e| e.to_string())
}
