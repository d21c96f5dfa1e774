//! Errors as answers.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::borrow::Cow;
use utoipa::ToSchema;

/// An error as an answer. The body is `{"error": {…}, "request": id}`: see [`ErrorBody`].
#[derive(Clone, Debug)]
pub struct ApiError {
    /// The status of the answer.
    pub status: StatusCode,
    /// What it says.
    pub detail: Box<ErrorDetail>,
    /// Seconds after which to try again, as the header `Retry-After`.
    pub retry_after: Option<u64>,
}

/// What an error says.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct ErrorDetail {
    /// A word for programs, such as `unknown_field`.
    #[schema(value_type = String)]
    pub code: Cow<'static, str>,
    /// A sentence for people: what is wrong, and what to do.
    pub message: String,
    /// The field it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The line of the body, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The party of the request, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party: Option<u64>,
}

/// The body of an error.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// What is wrong.
    pub error: ErrorDetail,
    /// The id of the request.
    #[schema(value_type = String)]
    pub request: Cow<'static, str>,
}

impl ApiError {
    /// An error with this status, word and sentence.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let detail = ErrorDetail { code: code.into(), message: message.into(), ..ErrorDetail::default() };
        ApiError { status, detail: Box::new(detail), retry_after: None }
    }

    /// 400: the request cannot be understood.
    pub fn bad_request(code: &'static str, message: impl Into<String>) -> Self {
        ApiError::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// 422: it is understood and cannot be done.
    pub fn unprocessable(code: &'static str, message: impl Into<String>) -> Self {
        ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, code, message)
    }

    /// 503: it cannot be done now.
    pub fn unavailable(code: &'static str, message: impl Into<String>) -> Self {
        ApiError { retry_after: Some(5), ..ApiError::new(StatusCode::SERVICE_UNAVAILABLE, code, message) }
    }

    /// Names the field it is about.
    pub fn in_field(mut self, field: impl Into<String>) -> Self {
        self.detail.field = Some(field.into());
        self
    }

    /// Names the line it is about.
    pub fn at_line(mut self, line: u64) -> Self {
        self.detail.line = Some(line);
        self
    }

    /// Names the party it is about.
    pub fn at_party(mut self, party: u64) -> Self {
        self.detail.party = Some(party);
        self
    }
}

/// The body is written by [`crate::access`], which knows the id of the request.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}
