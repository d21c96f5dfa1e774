//! What all requests share: the lists in force, settings, counts.

use crate::audit::AuditLog;
use crate::directory::Directory;
use crate::error::ApiError;
use crate::keys::Keys;
use crate::metrics::Metrics;
use crate::parties::Parties;
use crate::reload::{ReloadStatus, Reloads};
use crate::settings::Settings;
use crate::sources;
use crate::work::Pool;
use arc_swap::ArcSwapOption;
use interdict::list::check_age;
use interdict::payment::Embargo;
use interdict::run::{Configuration, InputIdentity, RunIdentity};
use interdict::{Config, Index, Screener};
use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use std::sync::Arc;
use utoipa::ToSchema;

/// What all requests share. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    inner: Arc<Inner>,
}

struct Inner {
    settings: Settings,
    snapshot: ArcSwapOption<Snapshot>,
    reloads: Reloads,
    metrics: Metrics,
    keys: Option<Keys>,
    audit: Option<AuditLog>,
    pool: Pool,
    started: Timestamp,
}

/// The lists in force, and all that an answer says of them. A request takes one and answers by it alone, so that an
/// answer belongs whole to one index.
#[derive(Debug)]
pub struct Snapshot {
    /// Screens with the configuration in force.
    pub screener: Screener,
    /// The lists as answers show them, with their age at `day`.
    pub lists: Vec<ListStatus>,
    /// SHA-256 of what the index was built from.
    pub index: String,
    /// The configuration in force.
    pub config: Config,
    /// SHA-256 of the configuration.
    pub config_sha256: String,
    /// The embargoed countries and places of the configuration, for payment messages.
    pub embargo: Embargo,
    /// When the index was loaded.
    pub loaded_at: Timestamp,
    /// The day, in UTC, for which the ages hold.
    pub day: Date,
    /// What every answer says beside the hits: that only the starter list is screened against, that a refresh failed.
    pub notices: Vec<String>,
    /// Why it must not be screened against: lists beyond `--max-age`.
    pub too_old: Option<String>,
    /// What an audit trail calls a run by this snapshot.
    pub identity: RunIdentity,
    /// Entities by list and id.
    pub directory: Arc<Directory>,
    /// `lists` as JSON.
    pub lists_json: Box<RawValue>,
    /// `notices` as JSON.
    pub notices_json: Box<RawValue>,
}

/// A list, as answers name it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ListStatus {
    /// Its name in hits.
    pub name: String,
    /// The day of its publication, if the file tells it.
    pub published: Option<String>,
    /// Days from its publication to today, in UTC.
    pub age_days: Option<i64>,
}

/// An index with the settings it is served by.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The index.
    pub index: Index,
    /// The configuration.
    pub config: Config,
    /// Why it is not that of the sources as they are: the last good one serves in its place.
    pub in_place_of: Option<String>,
    /// When it was loaded.
    pub at: Timestamp,
    /// Its entities by list and id.
    pub directory: Arc<Directory>,
}

/// Today in UTC.
pub fn today() -> Date {
    Timestamp::now().to_zoned_datetime(TimeZone::UTC).date()
}

/// Configuration values as the batch program writes them into an audit trail.
pub fn configuration(config: &Config) -> Configuration {
    let canonical = config.canonical();
    let values = canonical.lines().filter_map(|line| line.split_once(" = "));
    values.map(|(key, value)| (format!("config.{key}"), value.to_string())).collect()
}

impl Snapshot {
    /// The parties of the index: which entries of lists are one.
    pub fn parties(&self) -> Parties<'_> {
        Parties::of(self.screener.index(), &self.directory)
    }

    /// The snapshot of an index; `failed` is why the last refresh failed.
    ///
    /// # Errors
    ///
    /// The configuration contradicts itself.
    pub fn new(loaded: &Loaded, settings: &Settings, failed: Option<&str>) -> interdict::Result<Snapshot> {
        let screener = Screener::new(loaded.index.clone());
        Snapshot::of(screener, loaded, settings, failed)
    }

    /// The same index at another day, or after a refresh that failed.
    pub(crate) fn of(
        screener: Screener,
        loaded: &Loaded,
        settings: &Settings,
        failed: Option<&str>,
    ) -> interdict::Result<Snapshot> {
        let screener = screener.with_options(loaded.config.options())?;
        let embargo = Embargo::new(loaded.config.embargoed_countries(), loaded.config.embargoed_places())?;
        let day = today();
        let versions = &screener.index().identity().lists;
        let status = |v: &interdict::list::ListVersion| ListStatus {
            name: v.name.clone(),
            published: v.published.map(|d| d.to_string()),
            age_days: v.age_days(day),
        };
        let lists: Vec<ListStatus> = versions.iter().map(status).collect();
        let too_old =
            settings.max_age.and_then(|days| check_age(versions, days, day).err()).map(|e| e.to_string());
        let notices = notices(loaded, settings, failed);
        let input = InputIdentity::named("service");
        let config_sha256 = loaded.config.sha256();
        Ok(Snapshot {
            index: sources::index_hash(screener.index()),
            identity: RunIdentity::new(screener.index(), configuration(&loaded.config), input),
            lists_json: raw(&lists),
            notices_json: raw(&notices),
            lists,
            config: loaded.config.clone(),
            config_sha256,
            embargo,
            loaded_at: loaded.at,
            directory: Arc::clone(&loaded.directory),
            day,
            notices,
            too_old,
            screener,
        })
    }
}

impl Snapshot {
    /// The number of the entity of a list with this id.
    pub fn find(&self, list: &str, id: &str) -> Option<u32> {
        self.directory.find(self.screener.index(), list, id)
    }

    /// The entries of a group, as `list:id`.
    pub fn same_party(&self, group: &str) -> Vec<String> {
        let index = self.screener.index();
        let members =
            self.directory.members(index, group).into_iter().filter_map(|number| index.entity(number));
        members.map(|(entity, list)| format!("{}:{}", list.name, entity.id)).collect()
    }
}

fn notices(loaded: &Loaded, settings: &Settings, failed: Option<&str>) -> Vec<String> {
    let mut notices = Vec::new();
    if matches!(settings.sources, crate::Sources::Starter) {
        notices.push(
            "screened against the built-in starter list, which is for trying only: it is neither complete nor current"
                .to_string(),
        );
    }
    if let Some(reason) = &loaded.in_place_of {
        notices
            .push(format!("screened against the last good index, since the lists cannot be read: {reason}"));
    }
    if let Some(reason) = failed {
        notices
            .push(format!("the last refresh of the lists failed, the earlier ones are in force: {reason}"));
    }
    for version in &loaded.index.identity().lists {
        for problem in &version.problems {
            notices.push(format!("list {} is not whole, which was accepted: {problem}", version.name));
        }
    }
    notices
}

/// Plain data as JSON.
pub(crate) fn raw<T: Serialize>(value: &T) -> Box<RawValue> {
    to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

impl AppState {
    pub(crate) fn new(settings: Settings, keys: Option<Keys>, audit: Option<AuditLog>) -> AppState {
        let pool = Pool::new(settings.limits.queue, settings.limits.deadline);
        let inner = Inner {
            snapshot: ArcSwapOption::empty(),
            reloads: Reloads::default(),
            metrics: Metrics::default(),
            keys,
            audit,
            pool,
            started: Timestamp::now(),
            settings,
        };
        AppState { inner: Arc::new(inner) }
    }

    /// What the service was started with.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// The lists in force, for one request.
    ///
    /// # Errors
    ///
    /// 503 while they are loaded for the first time, and when they are older than allowed.
    pub fn snapshot(&self) -> Result<Arc<Snapshot>, ApiError> {
        let snapshot = self.current().ok_or_else(|| {
            ApiError::unavailable("not_ready", "the lists are being loaded; ask /readyz when they are there")
        })?;
        match &snapshot.too_old {
            None => Ok(snapshot),
            Some(reason) => Err(ApiError::unavailable("lists_too_old", reason.clone())),
        }
    }

    /// The lists that are loaded, whatever their age.
    pub fn current(&self) -> Option<Arc<Snapshot>> {
        self.inner.snapshot.load_full()
    }

    pub(crate) fn set_snapshot(&self, snapshot: Snapshot) {
        self.inner.snapshot.store(Some(Arc::new(snapshot)));
    }

    /// Counts and times.
    pub fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    /// The state of the last reload.
    pub fn reload_status(&self) -> ReloadStatus {
        self.inner.reloads.status()
    }

    pub(crate) fn reloads(&self) -> &Reloads {
        &self.inner.reloads
    }

    /// The keys, if the service has any.
    pub(crate) fn keys(&self) -> Option<&Keys> {
        self.inner.keys.as_ref()
    }

    /// The audit trail, if one is kept.
    pub fn audit(&self) -> Option<&AuditLog> {
        self.inner.audit.as_ref()
    }

    /// The threads for larger requests.
    pub fn pool(&self) -> &Pool {
        &self.inner.pool
    }

    /// When the service was started.
    pub fn started(&self) -> Timestamp {
        self.inner.started
    }
}

impl std::fmt::Debug for AppState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppState").field("settings", &self.inner.settings).finish_non_exhaustive()
    }
}
