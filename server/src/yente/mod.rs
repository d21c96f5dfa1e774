//! The interface of yente, so that clients written for it work unchanged.
//!
//! | route | what |
//! |---|---|
//! | `POST /match/{dataset}` | screens example entities: [`matching`] |
//! | `GET /search/{dataset}` | selects parties by a text and filters: [`search`] |
//! | `GET /entities/{id}`, `…/adjacent`, `…/adjacent/{property}` | a party, its sanctions and addresses: [`entities`] |
//! | `GET /catalog`, `GET /manifest` | the datasets: [`catalog`] |
//! | `GET /algorithms` | the algorithm: [`algorithms`] |
//! | `POST /updatez` | reads the lists again |
//! | `/reconcile/{dataset}` and below | the W3C's reconciliation interface, for OpenRefine: [`reconcile`] |
//!
//! Parameters, answers and errors have yente's names and shapes. Scores are interdict's. What yente passes over in
//! silence is a sentence in `warnings`, and their number is in the header `x-interdict-warnings`.
//! `docs/service-compatibility.md` says what differs.

pub mod algorithms;
pub mod catalog;
pub mod datasets;
pub mod entities;
pub mod entity;
pub mod error;
pub mod filter;
pub mod matching;
pub mod params;
pub mod query;
pub mod reconcile;
pub mod request;
pub mod schema;
pub mod search;

use crate::access::RequestId;
use crate::error::ApiError;
use crate::party::Subject;
use crate::reload::{ReloadState, Trigger};
use crate::screen::Screened;
use crate::state::{AppState, Snapshot};
use crate::work::{INLINE_BYTES, Patience, with_scratch};
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Extension, Json, Router};
use entities::Found;
use error::YenteError;
use filter::Filter;
use matching::Matches;
use params::{MAX_LIMIT, MAX_OFFSET, Params};
use rayon::prelude::*;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::time::Instant;

/// The header with the number of queries of a body.
const BATCH_SIZE: HeaderName = HeaderName::from_static("x-batch-size");
/// The header with the number of warnings of an answer.
const WARNINGS: HeaderName = HeaderName::from_static("x-interdict-warnings");
/// Queries that are screened by the thread of the request: with their explanations each costs some 100 µs.
const INLINE_QUERIES: usize = 8;
/// Parties that are looked at by one thread in a search before it takes the next.
const SEARCH_SLICE: usize = 512;

/// Its routes.
pub fn router() -> Router<AppState> {
    let no_other =
        |route: MethodRouter<AppState>| route.fallback(|| async { YenteError::method_not_allowed() });
    Router::new()
        .route("/match/{dataset}", no_other(post(match_entities)))
        .route("/search/{dataset}", no_other(get(search_entities)))
        .route("/entities/{id}", no_other(get(fetch)))
        .route("/entities/{id}/adjacent", no_other(get(adjacent)))
        .route("/entities/{id}/adjacent/{property}", no_other(get(adjacent_by)))
        .route("/catalog", no_other(get(catalog_of)))
        .route("/manifest", no_other(get(catalog_of)))
        .route("/algorithms", no_other(get(|| async { Json(algorithms::list()) })))
        .route("/updatez", no_other(post(update)))
        .route("/reconcile/{dataset}", no_other(get(reconcile_get).post(reconcile_post)))
        .route("/reconcile/{dataset}/suggest/{what}", no_other(get(suggest)))
        .route("/reconcile/{dataset}/extend/property", no_other(get(propose)))
        .route("/reconcile/{dataset}/preview", no_other(get(preview)))
}

type Answer = Result<Response, YenteError>;

fn params(query: Option<&str>) -> Params {
    Params::parse(query.unwrap_or_default())
}

/// An answer with the number of its warnings and the hash of its index.
fn answer(body: &Value, warnings: usize, snapshot: &Snapshot) -> Response {
    let mut response = crate::screen::json(body, snapshot);
    if warnings > 0 {
        response.headers_mut().insert(WARNINGS, warnings.into());
    }
    response
}

fn warnings_in(body: &Value) -> usize {
    body.get("warnings").and_then(Value::as_array).map_or(0, Vec::len)
}

async fn match_entities(
    State(state): State<AppState>,
    Extension(id): Extension<RequestId>,
    Path(dataset): Path<String>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Answer {
    let snapshot = state.snapshot()?;
    let body = crate::body::read(request, &state.settings().limits).await?;
    let lists = &snapshot.screener.index().identity().lists;
    let asked = request::read_request(&dataset, &params(query.as_deref()), &body, lists)?;
    if asked.queries.len() <= INLINE_QUERIES && body.len() <= INLINE_BYTES {
        return respond(&state, &snapshot, asked, &id);
    }
    let on_pool = state.clone();
    state.pool().run(Patience::Refuse, move || respond(&on_pool, &snapshot, asked, &id)).await?
}

/// Screens the examples of a request, and writes the answer.
fn respond(state: &AppState, snapshot: &Snapshot, asked: request::MatchRequest, id: &RequestId) -> Answer {
    let start = Instant::now();
    let batch = asked.queries.len();
    let mut responses = Map::new();
    let mut count = asked.warnings.len();
    let mut screened = false;
    let mut all = Vec::with_capacity(batch);
    for (key, example) in asked.queries {
        let matches = with_scratch(|scratch| {
            let parties = snapshot.parties();
            matching::match_example(&snapshot.screener, &snapshot.config, parties, &example, scratch)
        });
        count += matches.warnings;
        screened |= matches.screened;
        responses.insert(key, matches.json.clone());
        all.push((example.id, matches));
    }
    account(state, snapshot, all, id, start)?;
    if asked.strict && !screened {
        let detail = "Nothing was screened: no query has a name or an identifier.";
        return Err(YenteError::bad_request(detail));
    }
    let mut body = json!({"responses": responses, "limit": asked.limit});
    if !asked.warnings.is_empty() {
        body["warnings"] = json!(asked.warnings);
    }
    if !snapshot.notices.is_empty() {
        body["notices"] = json!(snapshot.notices);
    }
    let mut response = answer(&body, count, snapshot);
    response.headers_mut().insert(BATCH_SIZE, batch.into());
    Ok(response)
}

/// Counts examples that were screened, and writes their records into the audit trail.
fn account(
    state: &AppState,
    snapshot: &Snapshot,
    all: Vec<(Option<String>, Matches)>,
    id: &RequestId,
    start: Instant,
) -> Result<(), ApiError> {
    for (place, (reference, matches)) in (1..).zip(all) {
        let subject = Subject { id: reference, party: matches.party, bytes: 0 };
        let screened = Screened::of(subject, place, matches.answers);
        crate::screen::account_for(state, snapshot, matches.config, screened, id, start)?;
    }
    Ok(())
}

async fn search_entities(
    State(state): State<AppState>,
    Path(dataset): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let snapshot = state.snapshot()?;
    let lists = &snapshot.screener.index().identity().lists;
    let search = search::Search::read(&dataset, &params(query.as_deref()), lists)?;
    let searched = Arc::clone(&snapshot);
    let body = state
        .pool()
        .run(Patience::Refuse, move || {
            let parties = searched.parties();
            let numbers: Vec<u32> = parties.all().collect();
            let scores = with_scratch(|scratch| search.scores(&searched.screener, parties, scratch));
            let slices = numbers.par_chunks(SEARCH_SLICE);
            let selections = slices.map(|numbers| search.select(parties, numbers, &scores)).collect();
            search.answer(parties, selections)
        })
        .await?;
    Ok(answer(&body, warnings_in(&body), &snapshot))
}

/// A redirection to the canonical id.
fn redirect(id: &str, below: &str, query: Option<&str>) -> Response {
    let query = query.map_or(String::new(), |query| format!("?{query}"));
    let mut response = StatusCode::PERMANENT_REDIRECT.into_response();
    // Ids are safe in a path, and a query string came in one.
    if let Ok(location) = HeaderValue::from_str(&format!("/entities/{id}{below}{query}")) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

fn no_such_entity() -> YenteError {
    YenteError::not_found("No such entity!")
}

async fn fetch(State(state): State<AppState>, Path(id): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let snapshot = state.snapshot()?;
    let nested = params(query.as_deref()).flag("nested", true)?;
    let body = match entities::find(snapshot.parties(), &id) {
        Found::Party(party) => Value::Object(entity::entity_of(&party, nested)),
        Found::Nested(entity) => entity,
        Found::Referent(canonical) => return Ok(redirect(&canonical, "", query.as_deref())),
        Found::Nothing => return Err(no_such_entity()),
    };
    Ok(answer(&body, 0, &snapshot))
}

async fn adjacent(
    State(state): State<AppState>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let snapshot = state.snapshot()?;
    let given = params(query.as_deref());
    let (limit, offset) = (given.count("limit", 10, MAX_LIMIT)?, given.count("offset", 0, MAX_OFFSET)?);
    let body = match entities::find(snapshot.parties(), &id) {
        Found::Party(party) => entities::adjacent(&party, limit, offset),
        Found::Nested(entity) => json!({"entity": entity, "adjacent": {}}),
        Found::Referent(canonical) => return Ok(redirect(&canonical, "/adjacent", query.as_deref())),
        Found::Nothing => return Err(no_such_entity()),
    };
    Ok(answer(&body, 0, &snapshot))
}

async fn adjacent_by(
    State(state): State<AppState>,
    Path((id, property)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let snapshot = state.snapshot()?;
    let given = params(query.as_deref());
    let (limit, offset) = (given.count("limit", 10, MAX_LIMIT)?, given.count("offset", 0, MAX_OFFSET)?);
    let page = match entities::find(snapshot.parties(), &id) {
        Found::Party(party) => entities::adjacent_by(&party, &property, limit, offset),
        Found::Referent(canonical) if schema::property(&property).is_some() => {
            return Ok(redirect(&canonical, &format!("/adjacent/{property}"), query.as_deref()));
        }
        Found::Nested(_) | Found::Referent(_) => None,
        Found::Nothing => return Err(no_such_entity()),
    };
    let body = page.ok_or_else(|| YenteError::not_found("No such property!"))?;
    Ok(answer(&body, 0, &snapshot))
}

async fn catalog_of(State(state): State<AppState>, headers: HeaderMap) -> Answer {
    let snapshot = state.snapshot()?;
    let (index, at) = (snapshot.screener.index(), snapshot.loaded_at);
    let tag = format!("\"{}\"", catalog::index_version(&snapshot.index, at));
    let is_known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = match is_known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => answer(&catalog::catalog(index, &snapshot.index, at), 0, &snapshot),
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    Ok(response)
}

/// Reads the lists again. The key of the request must allow it, which is seen to before; `token` may be the key.
async fn update(State(state): State<AppState>, RawQuery(query): RawQuery) -> Answer {
    let sync = params(query.as_deref()).flag("sync", false)?;
    if state.keys().is_none() && state.settings().tls.as_ref().is_none_or(|tls| tls.client_ca.is_none()) {
        // As yente without a token: nobody may.
        return Err(YenteError::Detail(StatusCode::FORBIDDEN, "Invalid token.".into()));
    }
    let reload = async move { state.reload(Trigger::Request).await };
    if !sync {
        tokio::spawn(reload);
        return Ok(Json(json!({"status": "ok"})).into_response());
    }
    match reload.await {
        Ok(status) if status.state == ReloadState::Failed => {
            let detail = status.error.unwrap_or_default();
            Err(YenteError::Detail(StatusCode::INTERNAL_SERVER_ERROR, detail))
        }
        _ => Ok(Json(json!({"status": "ok"})).into_response()),
    }
}

/// The address by which a client reaches the service.
fn base_of(state: &AppState, headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme =
        if state.settings().tls.is_some() { "https" } else { text("x-forwarded-proto").unwrap_or("http") };
    let host = text("host").map_or_else(|| state.settings().listen.to_string(), str::to_string);
    format!("{scheme}://{host}")
}

fn filter_of(dataset: &str, snapshot: &Snapshot) -> Result<Filter, YenteError> {
    let lists = &snapshot.screener.index().identity().lists;
    let scope =
        datasets::lists_of(dataset, lists).ok_or_else(|| YenteError::not_found("No such dataset."))?;
    Ok(Filter { lists: (scope.len() < lists.len()).then_some(scope), ..Filter::default() })
}

async fn reconcile_get(
    State(state): State<AppState>,
    Extension(id): Extension<RequestId>,
    Path(dataset): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Answer {
    let snapshot = state.snapshot()?;
    let given = params(query.as_deref());
    if given.get("queries").or(given.get("extend")).is_some() {
        return reconcile_form(&state, &snapshot, &dataset, &given, &id);
    }
    filter_of(&dataset, &snapshot)?;
    let body =
        reconcile::manifest(&dataset, &base_of(&state, &headers), query.as_deref().unwrap_or_default());
    Ok(answer(&body, 0, &snapshot))
}

async fn reconcile_post(
    State(state): State<AppState>,
    Extension(id): Extension<RequestId>,
    Path(dataset): Path<String>,
    request: Request,
) -> Answer {
    let snapshot = state.snapshot()?;
    let body = crate::body::read(request, &state.settings().limits).await?;
    let form = std::str::from_utf8(&body).map_err(|_| YenteError::bad_request("the form is not UTF-8"))?;
    reconcile_form(&state, &snapshot, &dataset, &Params::parse(form), &id)
}

fn reconcile_form(
    state: &AppState,
    snapshot: &Snapshot,
    dataset: &str,
    form: &Params,
    id: &RequestId,
) -> Answer {
    let start = Instant::now();
    let filter = filter_of(dataset, snapshot)?;
    let body = match (form.get("queries"), form.get("extend")) {
        (Some(queries), _) => {
            let (body, screened) = with_scratch(|scratch| {
                let (screener, config) = (&snapshot.screener, &snapshot.config);
                reconcile::reconcile(screener, config, snapshot.parties(), &filter, queries, scratch)
            })?;
            account(
                state,
                snapshot,
                screened.into_iter().map(|matches| (None, matches)).collect(),
                id,
                start,
            )?;
            body
        }
        (None, Some(extend)) => reconcile::extend(snapshot.parties(), extend)?,
        (None, None) => return Err(YenteError::bad_request("the form has neither 'queries' nor 'extend'")),
    };
    Ok(answer(&body, 0, snapshot))
}

async fn suggest(
    State(state): State<AppState>,
    Path((dataset, what)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let snapshot = state.snapshot()?;
    let filter = filter_of(&dataset, &snapshot)?;
    let given = params(query.as_deref());
    let prefix = given.get("prefix").unwrap_or_default();
    let limit = given.count("limit", 10, MAX_LIMIT)?;
    let body = match what.as_str() {
        "entity" => reconcile::suggest_entities(snapshot.parties(), &filter, prefix, limit),
        "type" => reconcile::suggest_types(prefix),
        "property" => reconcile::suggest_properties(prefix, given.get("type").unwrap_or(schema::THING)),
        _ => return Err(YenteError::not_found("Not Found")),
    };
    Ok(answer(&body, 0, &snapshot))
}

async fn propose(
    State(state): State<AppState>,
    Path(dataset): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let snapshot = state.snapshot()?;
    filter_of(&dataset, &snapshot)?;
    let given = params(query.as_deref());
    let limit = given.count("limit", 0, MAX_LIMIT)?;
    Ok(answer(
        &reconcile::propose_properties(given.get("type").unwrap_or(schema::THING), limit),
        0,
        &snapshot,
    ))
}

async fn preview(
    State(state): State<AppState>,
    Path(dataset): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let snapshot = state.snapshot()?;
    filter_of(&dataset, &snapshot)?;
    let given = params(query.as_deref());
    let parties = snapshot.parties();
    let party = given.get("id").and_then(|id| parties.find(id)).and_then(|number| parties.party(number));
    Ok(Html(reconcile::preview(&party.ok_or_else(no_such_entity)?)).into_response())
}
