//! Errors as yente's clients know them: `{"detail": …}`.

use crate::error::ApiError;
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// An error as an answer.
#[derive(Debug)]
pub enum YenteError {
    /// A sentence.
    Detail(StatusCode, String),
    /// 422: values that are wrong, each with its place.
    Invalid(Vec<Invalid>),
    /// An error of the service.
    Service(ApiError),
}

/// A value that is wrong. The fields and words are those of pydantic, which yente answers with.
#[derive(Clone, Debug, PartialEq)]
pub struct Invalid {
    /// A word for programs, such as `missing`.
    pub kind: &'static str,
    /// Where it is: `["query", "limit"]`.
    pub place: Vec<Value>,
    /// A sentence for people.
    pub message: String,
    /// The value.
    pub input: Value,
    /// What the sentence is made of.
    pub context: Option<Box<Value>>,
}

impl Invalid {
    /// A wrong value at a place.
    pub fn new(kind: &'static str, place: &[Value], message: impl Into<String>, input: Value) -> Self {
        Invalid { kind, place: place.to_vec(), message: message.into(), input, context: None }
    }

    /// The same with what the sentence is made of.
    pub fn with_context(mut self, context: Value) -> Self {
        self.context = Some(Box::new(context));
        self
    }

    fn json(&self) -> Value {
        let mut object =
            json!({"type": self.kind, "loc": self.place, "msg": self.message, "input": self.input});
        if let Some(context) = &self.context {
            object["ctx"] = Value::clone(context);
        }
        object
    }
}

impl YenteError {
    /// 400 with a sentence.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        YenteError::Detail(StatusCode::BAD_REQUEST, detail.into())
    }

    /// 404 with a sentence.
    pub fn not_found(detail: impl Into<String>) -> Self {
        YenteError::Detail(StatusCode::NOT_FOUND, detail.into())
    }

    /// 405.
    pub fn method_not_allowed() -> Self {
        YenteError::Detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed".into())
    }
}

impl From<ApiError> for YenteError {
    fn from(error: ApiError) -> Self {
        YenteError::Service(error)
    }
}

impl From<Invalid> for YenteError {
    fn from(invalid: Invalid) -> Self {
        YenteError::Invalid(vec![invalid])
    }
}

impl IntoResponse for YenteError {
    fn into_response(self) -> Response {
        match self {
            YenteError::Detail(status, detail) => (status, Json(json!({"detail": detail}))).into_response(),
            YenteError::Invalid(all) => {
                let detail: Vec<Value> = all.iter().map(Invalid::json).collect();
                (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({"detail": detail}))).into_response()
            }
            YenteError::Service(error) => {
                // While there is no index, the words are yente's own.
                let detail = match error.detail.code.as_ref() {
                    "not_ready" => "Index not ready.".to_string(),
                    _ => error.detail.message.clone(),
                };
                let mut response = (error.status, Json(json!({"detail": detail}))).into_response();
                if let Some(seconds) = error.retry_after {
                    response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
                }
                response
            }
        }
    }
}
