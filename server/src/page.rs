//! The pages for people: `/`, and `/docs` for the interface. They need nothing from elsewhere, and their policy allows
//! nothing from elsewhere.

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// Only files of this service, no inline scripts or styles, no frames.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

fn file(kind: &'static str, text: &'static str) -> Response {
    let mut response = text.into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The routes of the pages and of what they load.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    const HTML: &str = "text/html; charset=utf-8";
    const SCRIPT: &str = "text/javascript; charset=utf-8";
    Router::new()
        .route("/", get(|| async { file(HTML, include_str!("page/index.html")) }))
        .route("/docs", get(|| async { file(HTML, include_str!("page/docs.html")) }))
        .route(
            "/assets/app.css",
            get(|| async { file("text/css; charset=utf-8", include_str!("page/app.css")) }),
        )
        .route("/assets/app.js", get(|| async { file(SCRIPT, include_str!("page/app.js")) }))
        .route("/assets/docs.js", get(|| async { file(SCRIPT, include_str!("page/docs.js")) }))
        .route("/assets/icon.svg", get(|| async { file("image/svg+xml", include_str!("page/icon.svg")) }))
}
