//! Reading a body whole.

use crate::error::ApiError;
use crate::settings::Limits;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use bytes::{Bytes, BytesMut};
use http_body::Body as _;
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout_at};

/// Reads the body of a request.
///
/// # Errors
///
/// 413: it is longer than allowed, which is seen by its `Content-Length` before any of it is read. 408: it does not come in
/// time. 400: it breaks off.
pub async fn read(request: Request, limits: &Limits) -> Result<Bytes, ApiError> {
    let mut body = request.into_body();
    if body.size_hint().lower() > limits.body as u64 {
        return Err(too_long(limits.body));
    }
    let until = Instant::now() + limits.deadline;
    let mut first: Option<Bytes> = None;
    let mut all = BytesMut::new();
    loop {
        let frame = timeout_at(until, body.frame()).await.map_err(|_| slow())?;
        let Some(frame) = frame else { break };
        let frame =
            frame.map_err(|e| ApiError::bad_request("broken_body", format!("the body breaks off: {e}")))?;
        let Ok(data) = frame.into_data() else { continue };
        if all.len() + first.as_ref().map_or(0, Bytes::len) + data.len() > limits.body {
            return Err(too_long(limits.body));
        }
        // Most bodies come in one piece, which is not copied.
        match first.take() {
            None if all.is_empty() => first = Some(data),
            before => {
                if let Some(before) = before {
                    all.extend_from_slice(&before);
                }
                all.extend_from_slice(&data);
            }
        }
    }
    Ok(first.unwrap_or_else(|| all.freeze()))
}

/// Refuses a body that is compressed, or otherwise encoded.
///
/// # Errors
///
/// 415.
pub(crate) fn check_encoding(headers: &HeaderMap) -> Result<(), ApiError> {
    match headers.get(header::CONTENT_ENCODING) {
        Some(encoding) if encoding != "identity" => {
            let message = "the body has a Content-Encoding; send it as it is";
            Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "encoded_body", message))
        }
        _ => Ok(()),
    }
}

pub(crate) fn too_long(most: usize) -> ApiError {
    let message = format!(
        "the body is longer than {most} bytes; send many parties as application/x-ndjson, one a line"
    );
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_long", message)
}

pub(crate) fn slow() -> ApiError {
    ApiError::new(StatusCode::REQUEST_TIMEOUT, "body_too_slow", "the body did not come in time")
}
