//! Counts and times, in the text format of Prometheus.

use crate::reload::lock;
use crate::state::AppState;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

/// Upper bounds of the buckets of times, in microseconds.
const BUCKETS: [u64; 14] =
    [50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 500_000, 1_000_000, 10_000_000];

/// A distribution of times.
#[derive(Debug, Default)]
struct Histogram {
    buckets: [AtomicU64; BUCKETS.len()],
    count: AtomicU64,
    nanos: AtomicU64,
}

impl Histogram {
    fn add(&self, time: Duration) {
        let micros = time.as_micros().try_into().unwrap_or(u64::MAX);
        if let Some(at) = BUCKETS.iter().position(|bound| micros <= *bound) {
            self.buckets[at].fetch_add(1, Relaxed);
        }
        self.count.fetch_add(1, Relaxed);
        self.nanos.fetch_add(time.as_nanos().try_into().unwrap_or(u64::MAX), Relaxed);
    }

    fn write(&self, out: &mut String, name: &str, labels: &str) {
        let comma = if labels.is_empty() { "" } else { "," };
        let mut sum = 0;
        for (bound, count) in BUCKETS.iter().zip(&self.buckets) {
            sum += count.load(Relaxed);
            let _ = writeln!(out, "{name}_bucket{{{labels}{comma}le=\"{}\"}} {sum}", *bound as f64 / 1e6);
        }
        // Taken after the buckets, so that no bucket is above the whole.
        let count = self.count.load(Relaxed).max(sum);
        let _ = writeln!(out, "{name}_bucket{{{labels}{comma}le=\"+Inf\"}} {count}");
        let braces = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
        let _ = writeln!(out, "{name}_sum{braces} {}", self.nanos.load(Relaxed) as f64 / 1e9);
        let _ = writeln!(out, "{name}_count{braces} {count}");
    }
}

/// Route, method and status of requests that are counted together.
type Request = (String, &'static str, u16);

/// Counts and times of a service.
#[derive(Debug, Default)]
pub struct Metrics {
    requests: RwLock<BTreeMap<Request, Arc<Histogram>>>,
    screening: Histogram,
    hits: Mutex<BTreeMap<String, u64>>,
    rejected: Mutex<BTreeMap<String, u64>>,
    messages: Mutex<BTreeMap<&'static str, u64>>,
    parties: AtomicU64,
    /// Connections that are open.
    pub(crate) connections: AtomicU64,
}

impl Metrics {
    /// Counts a request. `route` is the pattern of its path.
    pub fn request(&self, route: &str, method: &'static str, status: u16, time: Duration) {
        // The lock is written to only for the first request of its kind.
        let known = {
            let requests = self.requests.read().unwrap_or_else(std::sync::PoisonError::into_inner);
            let key = (route.to_string(), method, status);
            requests.get(&key).cloned()
        };
        let histogram = known.unwrap_or_else(|| {
            let mut requests = self.requests.write().unwrap_or_else(std::sync::PoisonError::into_inner);
            Arc::clone(requests.entry((route.to_string(), method, status)).or_default())
        });
        histogram.add(time);
    }

    /// Counts parties that were screened together.
    pub fn screened(&self, parties: u64, time: Duration) {
        self.parties.fetch_add(parties, Relaxed);
        self.screening.add(time);
    }

    /// Counts hits of a list.
    pub fn hits(&self, list: &str, count: u64) {
        let mut hits = lock(&self.hits);
        match hits.get_mut(list) {
            Some(sum) => *sum += count,
            None => {
                hits.insert(list.to_string(), count);
            }
        }
    }

    /// Counts payment messages with a verdict.
    pub fn messages(&self, verdict: &'static str, count: u64) {
        *lock(&self.messages).entry(verdict).or_default() += count;
    }

    /// Counts requests or parties that were refused, by the word of their error.
    pub fn rejected(&self, reason: &str, count: u64) {
        *lock(&self.rejected).entry(reason.to_string()).or_default() += count;
    }
}

fn escaped(label: &str) -> String {
    label.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

/// All metrics as text.
pub fn text(state: &AppState) -> String {
    let metrics = state.metrics();
    let mut out = String::with_capacity(8 << 10);
    let name = "interdict_http_request_duration_seconds";
    head(&mut out, name, "histogram", "Time from the head of a request to the head of its answer.");
    let requests = metrics.requests.read().unwrap_or_else(std::sync::PoisonError::into_inner);
    for ((route, method, code), histogram) in &*requests {
        let labels = format!("route=\"{}\",method=\"{method}\",code=\"{code}\"", escaped(route));
        histogram.write(&mut out, name, &labels);
    }
    drop(requests);
    head(
        &mut out,
        "interdict_screen_seconds",
        "histogram",
        "Time to screen the parties of a request, or of a slice of a stream.",
    );
    metrics.screening.write(&mut out, "interdict_screen_seconds", "");
    head(&mut out, "interdict_parties_total", "counter", "Parties screened.");
    let _ = writeln!(out, "interdict_parties_total {}", metrics.parties.load(Relaxed));
    head(&mut out, "interdict_hits_total", "counter", "Hits by list.");
    for (list, count) in &*lock(&metrics.hits) {
        let _ = writeln!(out, "interdict_hits_total{{list=\"{}\"}} {count}", escaped(list));
    }
    head(&mut out, "interdict_messages_total", "counter", "Payment messages by verdict.");
    for (verdict, count) in &*lock(&metrics.messages) {
        let _ = writeln!(out, "interdict_messages_total{{verdict=\"{verdict}\"}} {count}");
    }
    head(
        &mut out,
        "interdict_rejected_total",
        "counter",
        "Requests and parties that were refused, by reason.",
    );
    for (reason, count) in &*lock(&metrics.rejected) {
        let _ = writeln!(out, "interdict_rejected_total{{reason=\"{}\"}} {count}", escaped(reason));
    }
    for (name, help, value) in [
        ("interdict_connections", "Open connections.", metrics.connections.load(Relaxed)),
        ("interdict_queue", "Large requests that wait for a place.", state.pool().waiting() as u64),
    ] {
        head(&mut out, name, "gauge", help);
        let _ = writeln!(out, "{name} {value}");
    }
    write_lists(&mut out, state);
    out
}

fn write_lists(out: &mut String, state: &AppState) {
    let status = state.reload_status();
    head(out, "interdict_reload_total", "counter", "Reloads of the lists, by result.");
    let _ = writeln!(out, "interdict_reload_total{{result=\"succeeded\"}} {}", status.succeeded);
    let _ = writeln!(out, "interdict_reload_total{{result=\"failed\"}} {}", status.failed);
    head(out, "interdict_reload_failed", "gauge", "1 if the last reload failed.");
    let _ = writeln!(out, "interdict_reload_failed {}", u8::from(status.error.is_some()));
    head(out, "interdict_ready", "gauge", "1 if requests are screened.");
    let _ = writeln!(out, "interdict_ready {}", u8::from(state.snapshot().is_ok()));
    let Some(snapshot) = state.current() else { return };
    head(out, "interdict_index_info", "gauge", "The index and the configuration in force, by their SHA-256.");
    let (index, config) = (&snapshot.index, &snapshot.config_sha256);
    let _ = writeln!(out, "interdict_index_info{{sha256=\"{index}\",config=\"{config}\"}} 1");
    head(out, "interdict_index_loaded_timestamp_seconds", "gauge", "When the index was loaded.");
    let _ = writeln!(out, "interdict_index_loaded_timestamp_seconds {}", snapshot.loaded_at.as_second());
    let versions = &snapshot.screener.index().identity().lists;
    head(out, "interdict_list_records", "gauge", "Records read of a list.");
    for v in versions {
        let _ = writeln!(out, "interdict_list_records{{list=\"{}\"}} {}", escaped(&v.name), v.records);
    }
    head(out, "interdict_list_entities", "gauge", "Entities of a list.");
    for v in versions {
        let _ = writeln!(out, "interdict_list_entities{{list=\"{}\"}} {}", escaped(&v.name), v.entities);
    }
    head(out, "interdict_list_rejected", "gauge", "Records of a list that were rejected.");
    for v in versions {
        let _ = writeln!(out, "interdict_list_rejected{{list=\"{}\"}} {}", escaped(&v.name), v.rejected);
    }
    head(
        out,
        "interdict_list_age_seconds",
        "gauge",
        "Seconds since the day of a list's publication began, in UTC.",
    );
    for v in versions {
        let Some(day) = v.published.map(|d| d.first()) else { continue };
        let Ok(begin) = day.to_zoned_datetime(jiff::tz::TimeZone::UTC) else { continue };
        let age = Timestamp::now().as_second() - begin.timestamp().as_second();
        let _ = writeln!(out, "interdict_list_age_seconds{{list=\"{}\"}} {age}", escaped(&v.name));
    }
}
