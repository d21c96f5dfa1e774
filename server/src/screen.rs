//! `POST /v1/screen`, and the screening that all interfaces share.

use crate::access::RequestId;
use crate::answer::{Counts, HitAnswer, PartyAnswer, ScreenAnswer, WithheldAnswer, merged};
use crate::audit::AuditPlace;
use crate::body;
use crate::error::{ApiError, ErrorDetail};
use crate::party::Subject;
use crate::state::{AppState, Snapshot};
use crate::stream;
use crate::work::{INLINE_BYTES, Patience, SLICE, with_scratch};
use axum::Extension;
use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use interdict::audit::Record;
use interdict::entity::Schema;
use interdict::run::Field;
use interdict::screen::{Outcome, Scratch};
use interdict::{Config, Query, Screener};
use jiff::Timestamp;
use rayon::prelude::*;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Instant;

/// The header with the hash of the index.
pub const INDEX: HeaderName = HeaderName::from_static("x-interdict-index");

/// The parameters of a request that screens parties.
const OPTIONS: [&str; 5] = ["threshold", "limit", "schema", "explain", "cleared"];

/// How a request is screened: the options of its query.
#[derive(Clone, Debug)]
pub struct Manner {
    /// Screens with the configuration of the request.
    pub screener: Screener,
    /// The configuration of the request.
    pub config: Config,
    /// The schema of parties without one of their own.
    pub schema: Schema,
    /// Whether hits are explained.
    pub explain: bool,
    /// Whether cleared entities are shown.
    pub show_cleared: bool,
}

impl Manner {
    /// The manner of the configuration in force.
    pub fn of(snapshot: &Snapshot) -> Manner {
        Manner {
            screener: snapshot.screener.clone(),
            config: snapshot.config.clone(),
            schema: Schema::Unknown,
            explain: false,
            show_cleared: false,
        }
    }

    /// The manner that the query of a request asks for: `threshold`, `limit`, `schema`, `explain`, `cleared`.
    ///
    /// # Errors
    ///
    /// 400: a parameter is unknown, or a value is none of its parameter.
    pub fn read(snapshot: &Snapshot, query: Option<&str>) -> Result<Manner, ApiError> {
        Manner::read_with(snapshot, query, &OPTIONS)
    }

    /// As [`Manner::read`], where only some of the parameters are known.
    pub(crate) fn read_with(
        snapshot: &Snapshot,
        query: Option<&str>,
        known: &[&str],
    ) -> Result<Manner, ApiError> {
        let mut manner = Manner::of(snapshot);
        let Some(query) = query.filter(|query| !query.is_empty()) else { return Ok(manner) };
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).map_err(|e| {
            ApiError::bad_request("invalid_parameter", format!("the query of the address: {e}"))
        })?;
        let wrong = |name: &str, expected: &str| {
            let message = format!("the parameter {name} must be {expected}");
            ApiError::bad_request("invalid_parameter", message).in_field(name)
        };
        for (name, value) in &pairs {
            if !known.contains(&name.as_str()) && name != "api_key" {
                let message = format!("there is no parameter '{name}'; there are {}", known.join(", "));
                return Err(ApiError::bad_request("unknown_parameter", message).in_field(name.as_str()));
            }
            match name.as_str() {
                "threshold" => {
                    let threshold = value.parse().map_err(|_| wrong(name, "a number from 0.5 to 1"))?;
                    manner.config = manner.config.with_threshold(Some(threshold));
                }
                "limit" => {
                    let limit = value.parse().map_err(|_| wrong(name, "a whole number from 1 on"))?;
                    manner.config = manner.config.with_limit(Some(limit));
                }
                "schema" => {
                    let known = Schema::ALL.map(Schema::as_str).join(", ");
                    manner.schema =
                        Schema::parse(value).ok_or_else(|| wrong(name, &format!("one of {known}")))?;
                }
                "explain" => manner.explain = flag(value).ok_or_else(|| wrong(name, "true or false"))?,
                "cleared" => match value.as_str() {
                    "show" => manner.show_cleared = true,
                    "hide" => manner.show_cleared = false,
                    _ => return Err(wrong(name, "show or hide")),
                },
                // The key, which was looked at already.
                _ => (),
            }
        }
        if manner.config != snapshot.config {
            manner.screener = manner
                .screener
                .with_options(manner.config.options())
                .map_err(|e| ApiError::bad_request("invalid_parameter", e.to_string()))?;
        }
        Ok(manner)
    }

    /// SHA-256 of the configuration.
    pub fn config_sha256(&self, snapshot: &Snapshot) -> String {
        if self.config == snapshot.config { snapshot.config_sha256.clone() } else { self.config.sha256() }
    }
}

pub(crate) fn flag(value: &str) -> Option<bool> {
    match value {
        "true" | "1" | "yes" | "on" | "" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// A party with the outcome of each of its names, or why it was not screened.
#[derive(Debug)]
pub struct Screened {
    /// The party; an empty one if it could not be read.
    pub subject: Subject,
    /// Where it stood in the request, counted from 1: its number, or its line.
    pub place: u64,
    /// Its queries with their outcomes.
    pub answers: Result<Vec<(Query, Outcome)>, Box<ErrorDetail>>,
}

/// Screens a party: one query for each of its names.
pub fn screen(subject: Subject, place: u64, manner: &Manner, scratch: &mut Scratch) -> Screened {
    let answers = match subject.party.queries(manner.schema) {
        Ok(queries) => {
            let answer = |query: Query| {
                let outcome = manner.screener.outcome(&query, scratch);
                (query, outcome)
            };
            Ok(queries.into_iter().map(answer).collect())
        }
        Err(reason) => Err(Box::new(ErrorDetail {
            code: "nothing_to_screen".into(),
            message: format!("{reason}: give a name, an identifier or a text"),
            ..ErrorDetail::default()
        })),
    };
    Screened { subject, place, answers }
}

impl Screened {
    /// A party with the outcomes of its queries; without any it counts as rejected.
    pub fn of(subject: Subject, place: u64, answers: Vec<(Query, Outcome)>) -> Screened {
        let nothing = || {
            Box::new(ErrorDetail {
                code: "nothing_to_screen".into(),
                message: "neither a name nor an identifier".into(),
                ..ErrorDetail::default()
            })
        };
        let answers = if answers.is_empty() { Err(nothing()) } else { Ok(answers) };
        Screened { subject, place, answers }
    }

    /// A party that could not be read.
    pub fn unreadable(place: u64, error: Box<ErrorDetail>) -> Screened {
        Screened { subject: Subject::default(), place, answers: Err(error) }
    }

    /// The record for the audit trail.
    pub fn record(&self, manner: &Manner, request: &str, at: &str) -> Record {
        let record = match &self.answers {
            Ok(answers) => Record::screened(&self.subject.party, answers, &manner.screener),
            Err(error) => Record::rejected(error.message.clone()),
        };
        record.id(self.subject.id.clone()).request(self.place, request, at)
    }

    /// The answer of `/v1`, which adds to the counts.
    pub fn answer(self, manner: &Manner, counts: &mut Counts) -> PartyAnswer {
        counts.parties += 1;
        let answers = match self.answers {
            Ok(answers) => answers,
            Err(error) => {
                counts.rejected += 1;
                return PartyAnswer { id: self.subject.id, error: Some(error), ..PartyAnswer::default() };
            }
        };
        let explain = manner.explain.then_some(&manner.screener);
        let shown = |(query, hit): (&Query, &interdict::Hit)| HitAnswer::new(hit, query, explain);
        let hits: Vec<HitAnswer> = merged(&answers, |outcome| &outcome.hits).into_iter().map(shown).collect();
        let mut cleared: Vec<HitAnswer> = Vec::new();
        if manner.show_cleared {
            let found = merged(&answers, |outcome| &outcome.cleared);
            let is_hit = |hit: &interdict::Hit| {
                answers.iter().any(|(_, o)| o.hits.iter().any(|h| h.entity == hit.entity))
            };
            cleared.extend(found.into_iter().filter(|(_, hit)| !is_hit(hit)).map(shown));
        }
        let mut withheld = WithheldAnswer::default();
        answers.iter().for_each(|(_, outcome)| withheld.add(&outcome.withheld));
        counts.screened += 1;
        counts.with_hits += u64::from(!hits.is_empty());
        counts.hits += hits.len() as u64;
        counts.cleared += withheld.cleared;
        counts.cut += withheld.cut;
        counts.weak += withheld.weak;
        let warnings = match answers.iter().all(|(query, _)| query.free_text) {
            // Whatever they are, there is nothing that they go with.
            true => {
                self.subject.party.fields().iter().map(|(field, value)| lone_field(field, value)).collect()
            }
            false => self.subject.party.silent_values().into_iter().map(silent_value).collect(),
        };
        PartyAnswer {
            line: None,
            warnings,
            id: self.subject.id,
            hits: Some(hits),
            cleared,
            withheld: Some(withheld),
            error: None,
        }
    }
}

/// The warning about a value that tells nothing.
fn silent_value((field, value): (&Field, &str)) -> String {
    format!("{field}: '{value}' is not understood, or stands for no value; it was not used")
}

/// The warning about a field of a party that has texts alone.
fn lone_field(field: &Field, value: &str) -> String {
    format!("{field}: '{value}' is compared with names only, and the party has none; it was not used")
}

/// What became of parties, for the metrics.
#[derive(Debug, Default)]
pub struct Tally {
    parties: u64,
    hits: BTreeMap<String, u64>,
    rejected: BTreeMap<Cow<'static, str>, u64>,
}

impl Tally {
    /// Counts a party.
    pub fn add(&mut self, party: &Screened) {
        self.parties += 1;
        match &party.answers {
            Ok(answers) => {
                for hit in answers.iter().flat_map(|(_, outcome)| &outcome.hits) {
                    match self.hits.get_mut(&hit.list) {
                        Some(count) => *count += 1,
                        None => drop(self.hits.insert(hit.list.clone(), 1)),
                    }
                }
            }
            Err(error) => *self.rejected.entry(error.code.clone()).or_default() += 1,
        }
    }

    /// Adds the counts of other parties.
    pub fn join(&mut self, other: Tally) {
        self.parties += other.parties;
        for (list, count) in other.hits {
            *self.hits.entry(list).or_default() += count;
        }
        for (reason, count) in other.rejected {
            *self.rejected.entry(reason).or_default() += count;
        }
    }

    /// Adds the counts to the metrics.
    pub fn publish(&self, state: &AppState, start: Instant) {
        let metrics = state.metrics();
        metrics.screened(self.parties, start.elapsed());
        self.hits.iter().for_each(|(list, count)| metrics.hits(list, *count));
        self.rejected.iter().for_each(|(reason, count)| metrics.rejected(reason, *count));
    }
}

/// Counts parties that were screened, and writes their records.
///
/// # Errors
///
/// 503: the audit trail cannot be written, so that nothing may be answered.
pub fn account(
    state: &AppState,
    snapshot: &Snapshot,
    manner: &Manner,
    screened: &[Screened],
    request: &RequestId,
    start: Instant,
) -> Result<Option<AuditPlace>, ApiError> {
    let mut tally = Tally::default();
    for party in screened {
        tally.add(party);
        log_names(state, party, request);
    }
    tally.publish(state, start);
    let Some(audit) = state.audit() else { return Ok(None) };
    let at = Timestamp::now().to_string();
    let records = screened.iter().map(|party| party.record(manner, &request.0, &at)).collect();
    audit.write(snapshot, &manner.config, records)
}

/// [`account`] for a party that another interface has screened, by a configuration of its request.
///
/// # Errors
///
/// 503: the audit trail cannot be written.
pub(crate) fn account_for(
    state: &AppState,
    snapshot: &Snapshot,
    config: Config,
    screened: Screened,
    request: &RequestId,
    start: Instant,
) -> Result<(), ApiError> {
    let manner = Manner { config, ..Manner::of(snapshot) };
    account(state, snapshot, &manner, &[screened], request, start)?;
    Ok(())
}

/// Logs the names of a party, if that is asked for.
pub(crate) fn log_names(state: &AppState, party: &Screened, request: &RequestId) {
    if state.settings().log_names {
        let hits = party.answers.iter().flatten().map(|(_, outcome)| outcome.hits.len()).sum::<usize>();
        tracing::info!(request = &*request.0, names = ?party.subject.party.names(), hits, "party");
    }
}

/// A party as it was read, or why it could not be.
pub type Read = Result<Subject, Box<ErrorDetail>>;

/// Screens parties on this thread, or on all those of the pool if it is one of them.
pub fn screen_each(parties: Vec<Read>, manner: &Manner) -> Vec<Screened> {
    let one = |(place, party): (usize, Read)| match party {
        Ok(subject) => with_scratch(|scratch| screen(subject, place as u64 + 1, manner, scratch)),
        Err(error) => Screened::unreadable(place as u64 + 1, error),
    };
    if parties.len() <= SLICE {
        return parties.into_iter().enumerate().map(one).collect();
    }
    parties.into_par_iter().enumerate().with_max_len(SLICE).map(one).collect()
}

/// Screens parties: at once if they are few, else on the pool. Counts them and writes their records.
///
/// # Errors
///
/// 429: too many large requests wait. 503: the audit trail cannot be written.
pub async fn screen_all(
    state: &AppState,
    snapshot: &Snapshot,
    manner: &Manner,
    parties: Vec<Read>,
    request: &RequestId,
) -> Result<(Vec<Screened>, Option<AuditPlace>), ApiError> {
    let start = Instant::now();
    let bytes: usize = parties.iter().map(|party| party.as_ref().map_or(0, |p| p.bytes)).sum();
    let screened = if parties.len() <= SLICE && bytes <= INLINE_BYTES {
        screen_each(parties, manner)
    } else {
        let manner = manner.clone();
        state.pool().run(Patience::Refuse, move || screen_each(parties, &manner)).await?
    };
    let place = account(state, snapshot, manner, &screened, request, start)?;
    Ok((screened, place))
}

/// Screens a party, many as an array or under `parties`, or a stream of lines (`application/x-ndjson`).
#[utoipa::path(
    post, path = "/v1/screen", tag = "screening",
    params(
        ("threshold" = Option<f32>, Query, description = "Lowest score of a hit, from 0.5 to 1; by default that of the configuration"),
        ("limit" = Option<u32>, Query, description = "Most parties among the hits; a score of 1 is never cut, and what is cut is counted"),
        ("schema" = Option<String>, Query, description = "Kind of party of those without one of their own"),
        ("explain" = Option<bool>, Query, description = "Whether each hit has its explanation"),
        ("cleared" = Option<String>, Query, description = "`show` adds entities that other fields take below the threshold"),
    ),
    request_body(description = "A party, or {\"parties\": [...]}, or an array of parties; as application/x-ndjson one party a line",
        content((crate::docs::PartyBody = "application/json"), (crate::docs::PartyBody = "application/x-ndjson"))),
    responses(
        (status = 200, description = "One result for each party", body = ScreenAnswer<'static>),
        (status = 400, description = "The body is no JSON, or a parameter is unknown", body = crate::error::ErrorBody),
        (status = 413, description = "The body is too long", body = crate::error::ErrorBody),
        (status = 408, description = "The body does not come in time", body = crate::error::ErrorBody),
        (status = 415, description = "The body is compressed", body = crate::error::ErrorBody),
        (status = 422, description = "The party has no name, no identifier and no text, a field is unknown, or there are too many parties", body = crate::error::ErrorBody),
        (status = 429, description = "Too many requests", body = crate::error::ErrorBody),
        (status = 503, description = "The lists are not loaded, or older than allowed", body = crate::error::ErrorBody),
    ),
)]
pub(crate) async fn post(
    State(state): State<AppState>,
    Extension(request_id): Extension<RequestId>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<Response, ApiError> {
    let snapshot = state.snapshot()?;
    let manner = Manner::read(&snapshot, query.as_deref())?;
    body::check_encoding(request.headers())?;
    if is_stream(request.headers()) {
        return Ok(stream::answer(state, snapshot, manner, request_id, request.into_body()));
    }
    let body = body::read(request, &state.settings().limits).await?;
    if body.len() <= INLINE_BYTES {
        return respond(&state, &snapshot, &manner, &body, &request_id);
    }
    let on_pool = state.clone();
    let answer = move || respond(&on_pool, &snapshot, &manner, &body, &request_id);
    state.pool().run(Patience::Refuse, answer).await?
}

/// Reads a body, screens its parties, and writes the answer.
fn respond(
    state: &AppState,
    snapshot: &Snapshot,
    manner: &Manner,
    body: &[u8],
    request: &RequestId,
) -> Result<Response, ApiError> {
    let start = Instant::now();
    let (parties, is_single) = parties(body, state.settings().limits.parties)?;
    let screened = screen_each(parties, manner);
    let audit = account(state, snapshot, manner, &screened, request, start)?;
    if is_single && let Some(Screened { answers: Err(error), .. }) = screened.first() {
        return Err(ApiError {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            detail: error.clone(),
            retry_after: None,
        });
    }
    let mut counts = Counts::default();
    let results = screened.into_iter().map(|party| party.answer(manner, &mut counts)).collect();
    let answer = ScreenAnswer {
        request: &request.0,
        index: &snapshot.index,
        config: &manner.config_sha256(snapshot),
        lists: &snapshot.lists_json,
        notices: &snapshot.notices_json,
        audit,
        counts,
        results,
    };
    Ok(json(&answer, snapshot))
}

fn is_stream(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"]
        .iter()
        .any(|known| kind.eq_ignore_ascii_case(known))
}

/// An answer as JSON, with the hash of its index as a header.
pub(crate) fn json<T: serde::Serialize>(answer: &T, snapshot: &Snapshot) -> Response {
    let body = serde_json::to_vec(answer).unwrap_or_default();
    let mut response = body.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    add_index(&mut response, snapshot);
    response
}

pub(crate) fn add_index(response: &mut Response, snapshot: &Snapshot) {
    if let Ok(value) = HeaderValue::from_str(&snapshot.index) {
        response.headers_mut().insert(INDEX, value);
    }
}

/// The parties of a body, and whether it holds a single one that is not within an array.
fn parties(body: &[u8], most: usize) -> Result<(Vec<Read>, bool), ApiError> {
    let not_json =
        |e: serde_json::Error| ApiError::bad_request("invalid_json", format!("the body is no JSON: {e}"));
    let text = std::str::from_utf8(body).map_err(|e| {
        let message = format!("byte {} of the body is not UTF-8; send it as UTF-8", e.valid_up_to() + 1);
        ApiError::bad_request("invalid_utf8", message)
    })?;
    let many = |values: Vec<&RawValue>| {
        if values.is_empty() {
            return Err(ApiError::unprocessable("no_parties", "the body holds no party"));
        }
        if values.len() > most {
            let message = format!(
                "{} parties where at most {most} are allowed; send them as application/x-ndjson, one a line",
                values.len()
            );
            return Err(ApiError::unprocessable("too_many_parties", message));
        }
        Ok((values.into_iter().map(|value| Subject::parse(value.get().as_bytes())).collect(), false))
    };
    let trimmed = text.trim_start();
    if trimmed.starts_with('[') {
        return many(serde_json::from_str(trimmed).map_err(not_json)?);
    }
    match Subject::parse(trimmed.as_bytes()) {
        Err(error) if error.field.as_deref() == Some("parties") && error.code == "unknown_field" => {
            let body: PartiesBody<'_> = serde_json::from_str(trimmed).map_err(not_json)?;
            many(body.parties)
        }
        Err(error) if error.code == "invalid_json" => {
            Err(ApiError::bad_request("invalid_json", format!("the body is no JSON: {}", error.message)))
        }
        subject => Ok((vec![subject], true)),
    }
}

/// A body with many parties.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct PartiesBody<'a> {
    #[serde(borrow)]
    parties: Vec<&'a RawValue>,
}
