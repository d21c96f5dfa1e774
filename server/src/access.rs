//! What every request passes through: its id, the keys, the log, times, errors as answers.

use crate::error::{ApiError, ErrorBody};
use crate::keys::{self, Scope};
use crate::state::AppState;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

/// The header with the id of a request.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");
/// The longest id that is taken from a client.
const MAX_ID: usize = 128;

/// The id of a request: that of the client, of its trace, or a new one. An extension of every request.
#[derive(Clone, Debug)]
pub struct RequestId(pub Arc<str>);

/// An id as a client may give it: it goes into logs, headers and the audit trail.
fn is_plain(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= MAX_ID
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:/".contains(&b))
}

impl RequestId {
    fn of(headers: &HeaderMap) -> RequestId {
        let text = |name: &HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
        if let Some(id) = text(&REQUEST_ID).filter(|id| is_plain(id)) {
            return RequestId(id.into());
        }
        // 00-TRACE-SPAN-FLAGS
        let trace = text(&TRACEPARENT)
            .and_then(|value| value.split('-').nth(1))
            .filter(|id| id.len() == 32 && is_plain(id));
        RequestId(trace.map_or_else(new_id, Into::into))
    }
}

/// An id that no other request of this process has, and hardly one of another.
fn new_id() -> Arc<str> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    static START: std::sync::LazyLock<u64> = std::sync::LazyLock::new(|| {
        let nanos = jiff::Timestamp::now().as_nanosecond() as u64;
        nanos ^ u64::from(std::process::id()).rotate_left(40)
    });
    format!("{:016x}-{:x}", *START, NEXT.fetch_add(1, Relaxed)).into()
}

/// Who may call a route.
fn scope(method: &Method, path: &str) -> Option<Scope> {
    match path {
        "/" | "/healthz" | "/readyz" | "/ping" | "/openapi.json" | "/docs" => None,
        _ if path.starts_with("/assets/") => None,
        "/v1/reload" | "/updatez" => Some(Scope::Admin),
        "/v2/data/refresh" if *method == Method::POST => Some(Scope::Admin),
        _ => Some(Scope::Screen),
    }
}

/// Whether a name of a host is that of this machine: a page of the web whose name was pointed here sends its own.
fn is_local(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let is_loopback = name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    is_loopback || name.eq_ignore_ascii_case("localhost")
}

/// Whether the request may be answered; the name of its key.
fn admit<'a>(state: &'a AppState, request: &Request) -> Result<Option<&'a str>, ApiError> {
    let forbidden = |message| ApiError::new(axum::http::StatusCode::FORBIDDEN, "forbidden", message);
    let Some(scope) = scope(request.method(), request.uri().path()) else { return Ok(None) };
    let headers = request.headers();
    let text = |name: HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(keys) = state.keys() {
        let given = keys::given(headers, request.uri().query());
        return keys.check(given.as_deref(), scope).map(Some);
    }
    if state.settings().tls.as_ref().is_some_and(|tls| tls.client_ca.is_some()) {
        return Ok(None);
    }
    // Without keys, on loopback: pages of other hosts in a browser of this machine must not reach it.
    let host = text(header::HOST).or(request.uri().host());
    if host.is_some_and(|host| !is_local(host)) {
        return Err(forbidden(
            "without keys the service answers to this machine's own names only: 127.0.0.1, localhost",
        ));
    }
    let origin = text(header::ORIGIN).and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    match origin {
        Some(origin) if request.method() != Method::GET && !is_local(origin) => {
            Err(forbidden("a page of another host asks for this"))
        }
        _ => Ok(None),
    }
}

fn method_name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "HEAD" => "HEAD",
        "OPTIONS" => "OPTIONS",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        _ => "other",
    }
}

/// The layer around all routes.
pub async fn layer(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let start = Instant::now();
    let id = RequestId::of(request.headers());
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_string());
    let method = method_name(request.method());
    let passed_on: Vec<(HeaderName, HeaderValue)> = [TRACEPARENT, TRACESTATE]
        .into_iter()
        .filter_map(|name| request.headers().get(&name).cloned().map(|value| (name, value)))
        .collect();
    let (admitted, key) = match admit(&state, &request) {
        Ok(key) => (Ok(()), key.map(str::to_string)),
        Err(e) => (Err(e), None),
    };
    let mut response = match admitted {
        Ok(()) => {
            request.extensions_mut().insert(id.clone());
            next.run(request).await
        }
        Err(e) => axum::response::IntoResponse::into_response(e),
    };
    let error = response.extensions_mut().remove::<ApiError>();
    if let Some(error) = &error {
        state.metrics().rejected(&error.detail.code, 1);
        write_error(&mut response, error, &id);
    }
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response.headers_mut().extend(passed_on);
    let (status, time) = (response.status().as_u16(), start.elapsed());
    let route = route.as_deref().unwrap_or("unmatched");
    state.metrics().request(route, method, status, time);
    let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    let code = error.as_ref().map(|e| &*e.detail.code);
    match status {
        // Probes come every few seconds.
        _ if matches!(route, "/healthz" | "/readyz") => {
            tracing::debug!(request = &*id.0, method, route, status, micros, "request")
        }
        500 => tracing::error!(request = &*id.0, key, method, route, status, micros, error = code, "request"),
        501.. => {
            tracing::warn!(request = &*id.0, key, method, route, status, micros, error = code, "request")
        }
        _ => tracing::info!(request = &*id.0, key, method, route, status, micros, error = code, "request"),
    }
    response
}

/// Gives an error its body.
fn write_error(response: &mut Response, error: &ApiError, id: &RequestId) {
    let body = ErrorBody { error: (*error.detail).clone(), request: id.0.to_string().into() };
    let text = serde_json::to_vec(&body).unwrap_or_default();
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    if error.status == axum::http::StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response.headers_mut().remove(header::CONTENT_LENGTH);
    *response.body_mut() = text.into();
}
