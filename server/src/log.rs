//! The log: one line for each request and event, on standard error. No line holds a name of a party, or the query of an
//! address, unless [`Settings::log_names`](crate::Settings::log_names) is set.

use std::io::{self, Write};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Lines that wait to be written; a request waits for its line only beyond them.
const WAITING: usize = 8192;

/// What the thread that writes is sent.
enum Message {
    Line(Vec<u8>),
    /// To tell when all before it is written.
    Flush(SyncSender<()>),
}

static LOG: OnceLock<SyncSender<Message>> = OnceLock::new();

/// Lines on their way to the thread that writes them, so that a request does not wait for a slow terminal or disk.
#[derive(Clone)]
struct Lines(SyncSender<Message>);

impl Write for Lines {
    /// Takes a whole line: the subscriber writes each at once.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        // Waits if too many lines wait already: none is lost.
        let sent = self.0.send(Message::Line(line.to_vec()));
        sent.map(|()| line.len()).map_err(|_| io::ErrorKind::BrokenPipe.into())
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

fn write(messages: &Receiver<Message>) {
    let mut text = Vec::new();
    while let Ok(first) = messages.recv() {
        // What waits goes with it, in one call.
        let mut next = Some(first);
        let mut flushed = None;
        while let Some(message) = next.take() {
            match message {
                Message::Line(line) => text.extend_from_slice(&line),
                Message::Flush(done) => flushed = Some(done),
            }
            if flushed.is_none() && text.len() < 1 << 16 {
                next = messages.try_recv().ok();
            }
        }
        let _ = io::stderr().lock().write_all(&text);
        text.clear();
        if let Some(done) = flushed {
            let _ = done.send(());
        }
    }
}

/// Waits until all lines are written; for the end of the process.
pub fn flush() {
    let (done, is_done) = sync_channel(1);
    if LOG.get().is_some_and(|log| log.send(Message::Flush(done)).is_ok()) {
        let _ = is_done.recv_timeout(Duration::from_secs(2));
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
    let send = LOG.get_or_init(|| send).clone();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(Lines(send)).with_ansi(false);
    let started = match json {
        true => log.json().flatten_event(true).with_target(false).with_current_span(false).try_init(),
        false => log.with_target(false).try_init(),
    };
    started.map_err(|e| e.to_string())
}
