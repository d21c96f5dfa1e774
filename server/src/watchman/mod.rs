//! The interface of Watchman, version 2, so that clients written for it work unchanged.
//!
//! | route | what |
//! |---|---|
//! | `GET /v2/search` | entries of lists that match: [`search`], by the parameters of [`params`] |
//! | `GET /v2/listinfo` | the lists with their numbers of entities and hashes |
//! | `GET /v2/data/refresh`, `POST /v2/data/refresh` | the last reload of the lists; starts one |
//! | `GET /v2/export/{list}` | the entries of a list |
//! | `GET /ping` | `PONG` |
//!
//! Parameters, answers and errors have Watchman's names and shapes; a parameter that is not read is an error. Scores are
//! interdict's. Lists are what the service was started with: nothing can be added to them over HTTP, so that nobody
//! can poison them, and `/v2/ingest` says so. `docs/service-compatibility.md` says what differs.

pub mod entity;
pub mod params;
pub mod search;

use crate::access::RequestId;
use crate::error::ApiError;
use crate::parties::Entry;
use crate::party::Subject;
use crate::reload::{ReloadState, Trigger};
use crate::screen::Screened;
use crate::state::{AppState, Snapshot};
use crate::work::{Patience, with_scratch};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use jiff::Timestamp;
use params::Format;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::time::Instant;

/// The header with the number of warnings of an answer.
const WARNINGS: HeaderName = HeaderName::from_static("x-interdict-warnings");

/// Its routes.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/ping", get(|| async { ([(header::CONTENT_TYPE, "text/plain")], "PONG") }))
        .route("/v2/search", get(search_lists))
        .route("/v2/listinfo", get(list_info))
        .route("/v2/data/refresh", get(refresh_status).post(refresh))
        .route("/v2/export/{list}", get(export))
        .route("/v2/ingest/{kind}", post(ingest))
}

/// An error as Watchman writes it: 400 whatever is wrong with the request, and a line feed behind the body.
#[derive(Debug)]
struct WatchmanError {
    status: StatusCode,
    message: String,
    retry_after: Option<u64>,
}

impl WatchmanError {
    fn bad_request(message: impl Into<String>) -> Self {
        WatchmanError { status: StatusCode::BAD_REQUEST, message: message.into(), retry_after: None }
    }
}

impl From<ApiError> for WatchmanError {
    fn from(e: ApiError) -> Self {
        WatchmanError { status: e.status, message: e.detail.message.clone(), retry_after: e.retry_after }
    }
}

impl IntoResponse for WatchmanError {
    fn into_response(self) -> Response {
        let body = format!("{}\n", json!({"error": self.message}));
        let mut response = (self.status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

type Answer = Result<Response, WatchmanError>;

/// An answer that pages of other hosts may read, as Watchman's.
fn answer(body: &Value, snapshot: &Snapshot) -> Response {
    let mut response = crate::screen::json(body, snapshot);
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

async fn search_lists(
    State(state): State<AppState>,
    Extension(id): Extension<RequestId>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Answer {
    let start = Instant::now();
    let snapshot = state.snapshot()?;
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let given: Vec<(String, String)> = serde_urlencoded::from_str(query.as_deref().unwrap_or_default())
        .map_err(|e| WatchmanError::bad_request(format!("the query string cannot be read: {e}")))?;
    let asked = params::read(&given, accept).map_err(WatchmanError::bad_request)?;
    let (screener, config) = (&snapshot.screener, &snapshot.config);
    let found = with_scratch(|scratch| search::search(screener, config, snapshot.parties(), &asked, scratch));
    let body = search::answer(screener, &asked, &found);
    let mut response = match (&body, asked.format) {
        (Value::Array(entities), Format::SenzingLines) => {
            let lines: String = entities.iter().map(|entity| format!("{entity}\n")).collect();
            ([(header::CONTENT_TYPE, "application/x-ndjson")], lines).into_response()
        }
        _ => answer(&body, &snapshot),
    };
    if !found.warnings.is_empty() {
        response.headers_mut().insert(WARNINGS, found.warnings.len().into());
    }
    // A look-up by the id on a list screens nobody.
    if !found.answers.is_empty() {
        let subject = Subject { id: asked.request_id, party: asked.party, bytes: 0 };
        let screened = Screened::of(subject, 1, found.answers);
        crate::screen::account_for(&state, &snapshot, found.config, screened, &id, start)?;
    }
    Ok(response)
}

fn time(at: Option<Timestamp>) -> Value {
    at.map_or(Value::Null, |at| json!(at.to_string()))
}

/// The lists by their names in Watchman; a list whose name another one has too is under its own.
async fn list_info(State(state): State<AppState>) -> Answer {
    let snapshot = state.snapshot()?;
    let lists = &snapshot.screener.index().identity().lists;
    let (mut counts, mut hashes) = (Map::new(), Map::new());
    for list in lists {
        let source = entity::source_of(list);
        let is_single = lists.iter().filter(|other| entity::source_of(other) == source).count() == 1;
        let name = if is_single { source } else { list.name.clone() };
        counts.insert(name.clone(), json!(list.entities));
        hashes.insert(name, json!(list.sha256));
    }
    let status = state.reload_status();
    let body = json!({
        "lists": counts, "listHashes": hashes, "startedAt": time(status.started_at),
        "endedAt": time(status.finished_at.or(Some(snapshot.loaded_at))),
        "version": concat!("interdict v", env!("CARGO_PKG_VERSION")),
    });
    Ok(answer(&body, &snapshot))
}

fn status_json(state: &AppState) -> Value {
    let status = state.reload_status();
    let name = match (status.started_at, status.state) {
        (None, _) => "idle",
        (_, ReloadState::Running) => "running",
        (_, ReloadState::Succeeded) => "succeeded",
        (_, ReloadState::Failed) => "failed",
    };
    let trigger = match status.trigger {
        Trigger::Startup => "startup",
        Trigger::Watch => "scheduled",
        Trigger::Signal | Trigger::Request => "manual",
    };
    let duration =
        status.started_at.map(|from| status.finished_at.unwrap_or_else(Timestamp::now).duration_since(from));
    json!({
        "state": name, "trigger": trigger, "startedAt": time(status.started_at), "finishedAt": time(status.finished_at),
        "duration": duration.map_or_else(String::new, |duration| go_duration(duration.as_millis())),
        "lastError": status.error.unwrap_or_default(),
    })
}

/// A duration as Go writes one: `2m3s`, `1.5s`, `120ms`.
fn go_duration(millis: i128) -> String {
    let (minutes, rest) = (millis / 60_000, millis % 60_000);
    let seconds = format!("{}s", rest as f64 / 1000.0);
    match (minutes / 60, minutes % 60) {
        (0, 0) if millis < 1000 => format!("{millis}ms"),
        (0, 0) => seconds,
        (0, minutes) => format!("{minutes}m{seconds}"),
        (hours, minutes) => format!("{hours}h{minutes}m{seconds}"),
    }
}

async fn refresh_status(State(state): State<AppState>) -> Response {
    Json(status_json(&state)).into_response()
}

/// Starts a reload and does not wait for its end.
async fn refresh(State(state): State<AppState>) -> Response {
    let reload = {
        let state = state.clone();
        // The first poll tells whether another reload goes on.
        Box::pin(async move { state.reload(Trigger::Request).await })
    };
    let mut reload = tokio::spawn(reload);
    let ended = tokio::time::timeout(std::time::Duration::from_millis(20), &mut reload).await;
    let status = match ended {
        Ok(Ok(Err(_already_running))) => StatusCode::CONFLICT,
        _ => StatusCode::ACCEPTED,
    };
    (status, Json(status_json(&state))).into_response()
}

async fn export(State(state): State<AppState>, Path(name): Path<String>) -> Answer {
    let snapshot = state.snapshot()?;
    let lists = &snapshot.screener.index().identity().lists;
    if !lists.iter().any(|list| entity::is_source(&name, list)) {
        let known: Vec<String> = lists.iter().map(entity::source_of).collect();
        return Err(WatchmanError::bad_request(format!(
            "unknown list '{name}'; there are {}",
            known.join(", ")
        )));
    }
    let exported = Arc::clone(&snapshot);
    let body = state.pool().run(Patience::Refuse, move || {
        let index = exported.screener.index();
        let entries = (0..index.entities() as u32).filter_map(|number| {
            let (entity, list) = index.entity(number)?;
            entity::is_source(&name, list).then(|| entity::entity_of(&Entry { number, entity, list }))
        });
        Value::Array(entries.collect())
    });
    Ok(answer(&body.await?, &snapshot))
}

async fn ingest(Path(kind): Path<String>) -> WatchmanError {
    WatchmanError::bad_request(format!(
        "'{kind}' was not taken in: lists are files that the service was started with; add the file to them and reload"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_go() {
        for (millis, text) in [(120, "120ms"), (1500, "1.5s"), (123_000, "2m3s"), (3_723_000, "1h2m3s")] {
            assert_eq!(go_duration(millis), text);
        }
    }
}
