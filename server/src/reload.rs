//! Exchanging the lists while requests are answered.
//!
//! The next index is read and built beside the one in force, checked as `interdict screen` checks its lists, and then
//! exchanged for it at once. Requests under way end with the old one. If the new lists are not whole or cannot be read,
//! the old ones stay, and `/readyz`, the metrics and every answer say so.

use crate::directory::Directory;
use crate::settings::Settings;
use crate::sources::{self, LastGood, Stamp};
use crate::state::{AppState, Loaded, Snapshot, today};
use interdict::Result;
use jiff::Timestamp;
use serde::Serialize;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use utoipa::ToSchema;

/// How often it is seen whether a day has begun.
const DAY_WATCH: Duration = Duration::from_secs(30);
/// When a refresh by a change of files that failed is tried again.
const RETRY: Duration = Duration::from_secs(60);

/// What made a reload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Trigger {
    /// The start of the service.
    #[default]
    Startup,
    /// A file has changed.
    Watch,
    /// The signal SIGHUP.
    Signal,
    /// A request.
    Request,
}

/// How far a reload has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReloadState {
    /// It goes on.
    #[default]
    Running,
    /// It has ended, and its lists are in force.
    Succeeded,
    /// It has failed; the earlier lists are in force.
    Failed,
}

/// The last reload.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct ReloadStatus {
    /// How far it has come.
    pub state: ReloadState,
    /// What made it.
    pub trigger: Trigger,
    /// When it began, in RFC 3339.
    #[schema(value_type = Option<String>)]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[schema(value_type = Option<String>)]
    pub finished_at: Option<Timestamp>,
    /// Why it failed.
    pub error: Option<String>,
    /// Reloads that succeeded since the start.
    pub succeeded: u64,
    /// Reloads that failed since the start.
    pub failed: u64,
}

/// The reloads of a service: one at a time.
#[derive(Debug, Default)]
pub(crate) struct Reloads {
    status: Mutex<ReloadStatus>,
    /// What is in force, without what depends on the day.
    loaded: Mutex<Option<Loaded>>,
    running: Arc<tokio::sync::Mutex<()>>,
}

impl Reloads {
    pub(crate) fn status(&self) -> ReloadStatus {
        lock(&self.status).clone()
    }
}

/// The content of a lock. It holds plain data, which a thread that panicked has not left half-changed.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Another reload goes on.
#[derive(Clone, Copy, Debug)]
pub struct AlreadyRunning;

impl AppState {
    /// Reads the lists again, on another thread, and exchanges them. Returns the status when that has ended.
    ///
    /// # Errors
    ///
    /// Another reload goes on; it may have begun before the last change of the files.
    pub async fn reload(&self, trigger: Trigger) -> std::result::Result<ReloadStatus, AlreadyRunning> {
        let Ok(running) = Arc::clone(&self.reloads().running).try_lock_owned() else {
            return Err(AlreadyRunning);
        };
        self.begin(trigger);
        let state = self.clone();
        // A task of its own: it ends as it should also if nobody waits for it any more.
        let task = tokio::spawn(async move {
            let _running = running;
            let loading = state.clone();
            let load = move || {
                let (loaded, snapshot) = load(loading.settings(), trigger == Trigger::Startup)?;
                loading.exchange(loaded, snapshot);
                Ok(())
            };
            let result = tokio::task::spawn_blocking(load).await;
            let broken = |e: tokio::task::JoinError| {
                Err(interdict::Error::malformed(format!("the reload broke off: {e}")))
            };
            state.end(result.unwrap_or_else(broken));
        });
        if let Err(e) = task.await {
            tracing::error!(reason = %e, "the reload broke off");
        }
        Ok(self.reload_status())
    }

    fn begin(&self, trigger: Trigger) {
        let mut status = lock(&self.reloads().status);
        let (succeeded, failed) = (status.succeeded, status.failed);
        *status = ReloadStatus {
            trigger,
            started_at: Some(Timestamp::now()),
            succeeded,
            failed,
            ..Default::default()
        };
    }

    fn exchange(&self, loaded: Loaded, snapshot: Snapshot) {
        tracing::info!(
            index = snapshot.index,
            config = snapshot.config_sha256,
            entities = snapshot.screener.index().entities(),
            names = snapshot.screener.index().names(),
            "lists are in force"
        );
        *lock(&self.reloads().loaded) = Some(loaded);
        self.set_snapshot(snapshot);
    }

    fn end(&self, result: Result<()>) {
        let error = result.err().map(|e| e.to_string());
        let failed = {
            let mut status = lock(&self.reloads().status);
            status.finished_at = Some(Timestamp::now());
            match &error {
                None => (status.state, status.succeeded) = (ReloadState::Succeeded, status.succeeded + 1),
                Some(_) => (status.state, status.failed) = (ReloadState::Failed, status.failed + 1),
            }
            status.error = error;
            status.error.clone()
        };
        if let Some(reason) = failed {
            tracing::error!(reason, "the refresh of the lists failed; the earlier ones stay in force");
            self.renew();
        }
    }

    /// Renews what answers say of the lists: their age, and a refresh that failed.
    fn renew(&self) {
        let (Some(loaded), Some(current)) = (lock(&self.reloads().loaded).clone(), self.current()) else {
            return;
        };
        let failed = self.reload_status().error;
        match Snapshot::of(current.screener.clone(), &loaded, self.settings(), failed.as_deref()) {
            Ok(snapshot) => self.set_snapshot(snapshot),
            Err(e) => tracing::error!(reason = %e, "the state of the lists cannot be renewed"),
        }
    }

    /// The files as they are now.
    pub(crate) async fn stamp(&self) -> Stamp {
        let state = self.clone();
        let read = move || {
            let settings = state.settings();
            Stamp::of(&settings.sources, settings.config.file.as_deref())
        };
        tokio::task::spawn_blocking(read).await.unwrap_or_default()
    }

    /// Watches the files, and the day, for as long as the service runs. `served` are the files from before they were
    /// read.
    pub(crate) async fn watch(self, mut served: Stamp) {
        let watch = self.settings().watch;
        let every = watch.unwrap_or(DAY_WATCH).min(DAY_WATCH);
        let mut before = served.clone();
        // A refresh that failed is tried again: what failed may have been the disk.
        let mut again_at: Option<Instant> = None;
        loop {
            tokio::time::sleep(every).await;
            if self.current().is_some_and(|snapshot| snapshot.day != today()) {
                self.renew();
                if let Some(audit) = self.audit() {
                    audit.rotate();
                }
            }
            if watch.is_none() {
                continue;
            }
            let now = self.stamp().await;
            let is_due = now != served || again_at.is_some_and(|at| at <= Instant::now());
            // A file that is being written is waited for: two looks must agree.
            if is_due
                && now == before
                && let Ok(status) = self.reload(Trigger::Watch).await
            {
                served = now.clone();
                again_at = (status.state == ReloadState::Failed).then(|| Instant::now() + RETRY);
            }
            before = now;
        }
    }
}

/// Reads the sources, or at the start, if they cannot be read, the last good index.
fn load(settings: &Settings, is_start: bool) -> Result<(Loaded, Snapshot)> {
    interdict::name::load_tables();
    let config = settings.config.read()?;
    let at = Timestamp::now();
    let last_good = LastGood::of(settings.state.as_deref(), &settings.sources);
    let (index, in_place_of) = match sources::read(&settings.sources) {
        Ok(index) => (index, None),
        Err(e) if !is_start => return Err(e),
        Err(e) => match last_good.as_ref().map(LastGood::open) {
            Some(Ok(Some(index))) => (index, Some(e.to_string())),
            Some(Err(other)) => {
                tracing::error!(reason = %other, "the last good index cannot be opened");
                return Err(e);
            }
            Some(Ok(None)) | None => return Err(e),
        },
    };
    let directory = Arc::new(Directory::of(&index));
    let loaded = Loaded { index, config, in_place_of, at, directory };
    let snapshot = Snapshot::new(&loaded, settings, None)?;
    if let (Some(last_good), None) = (last_good, &loaded.in_place_of)
        && let Err(e) = last_good.save(&loaded.index)
    {
        tracing::warn!(reason = %e, "the index cannot be kept for a start without its sources");
    }
    Ok((loaded, snapshot))
}
