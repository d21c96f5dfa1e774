//! Progress on standard error: a bar on a terminal, a line every few seconds elsewhere.

use crate::args;
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use interdict::batch::ByteMeter;
use std::cell::Cell;
use std::io::IsTerminal;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Seconds between two lines with `--progress auto`.
const AUTO_INTERVAL: u64 = 10;
/// Seconds between two lines with `--progress always`.
const ALWAYS_INTERVAL: u64 = 1;

pub struct Progress {
    shown: Shown,
    meter: Arc<ByteMeter>,
    start: Instant,
    /// Rows that were done before the run was resumed.
    done: u64,
}

enum Shown {
    Nothing,
    Bar(ProgressBar),
    Lines { every: Duration, next: Cell<Instant> },
}

impl Progress {
    pub fn new(mode: args::Progress, meter: Arc<ByteMeter>, done: u64) -> Progress {
        let start = Instant::now();
        let lines = |seconds| {
            let every = Duration::from_secs(seconds);
            Shown::Lines { every, next: Cell::new(start + every) }
        };
        let shown = match (mode, std::io::stderr().is_terminal()) {
            (args::Progress::Never, _) => Shown::Nothing,
            (_, true) => Shown::Bar(bar()),
            (args::Progress::Auto, false) => lines(AUTO_INTERVAL),
            (args::Progress::Always, false) => lines(ALWAYS_INTERVAL),
        };
        Progress { shown, meter, start, done }
    }

    /// Shows the number of rows done, the rate, and the time left.
    pub fn show(&self, rows: u64) {
        let rate = || {
            let rate = (rows - self.done) as f64 / self.start.elapsed().as_secs_f64().max(1e-9);
            format!("{rows} rows, {rate:.0} rows/s")
        };
        match &self.shown {
            Shown::Nothing => (),
            Shown::Bar(bar) => {
                if let Some(total) = self.meter.total() {
                    bar.set_length(total);
                }
                bar.set_message(rate());
                bar.set_position(self.meter.read());
            }
            Shown::Lines { every, next } => {
                let now = Instant::now();
                if now < next.get() {
                    return;
                }
                next.set(now + *every);
                let read = self.meter.read();
                let left = self.meter.total().filter(|_| read > 0).map(|total| {
                    let done = (read as f64 / total as f64).min(1.0);
                    let left = self.start.elapsed().mul_f64((1.0 - done) / done);
                    format!(", {:.0} % of the input, {} left", 100.0 * done, HumanDuration(left))
                });
                sayln!("progress: {}{}", rate(), left.unwrap_or_default());
            }
        }
    }

    /// Prints a line above the bar.
    pub fn line(&self, text: &str) {
        match &self.shown {
            Shown::Bar(bar) => bar.suspend(|| sayln!("{text}")),
            _ => sayln!("{text}"),
        }
    }

    /// Removes the bar.
    pub fn finish(&self) {
        if let Shown::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::no_length();
    bar.set_draw_target(ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{wide_bar} {percent} % {msg} {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}
