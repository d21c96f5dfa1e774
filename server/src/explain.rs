//! `GET /v1/explain`: why the best hits of a name score what they do, for a look by hand.

use crate::access::RequestId;
use crate::answer::{Counts, ScreenAnswer};
use crate::error::ApiError;
use crate::party::{Subject, field_of_parameter};
use crate::screen::{Manner, Screened, account, json, screen};
use crate::state::AppState;
use crate::work::with_scratch;
use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::time::Instant;

/// The hits of a party given in the address, each explained, with what other fields clear. Names stand in the address:
/// what keeps addresses in its log, such as a proxy, keeps them. `POST /v1/screen?explain=true` says the same.
#[utoipa::path(get, path = "/v1/explain", tag = "screening",
    params(
        ("name" = Option<String>, Query, description = "The name"),
        ("schema" = Option<String>, Query, description = "Kind of party"),
        ("birth_date" = Option<String>, Query, description = "Birth date, as in a table"),
        ("country" = Option<String>, Query, description = "Country"),
        ("gender" = Option<String>, Query, description = "Gender"),
        ("threshold" = Option<f32>, Query, description = "Lowest score of a hit"),
        ("limit" = Option<u32>, Query, description = "Most parties among the hits"),
    ),
    responses(
        (status = 200, description = "The party's hits with their explanations", body = ScreenAnswer<'static>),
        (status = 400, description = "A parameter is unknown", body = crate::error::ErrorBody),
        (status = 422, description = "There is no name and no identifier", body = crate::error::ErrorBody),
        (status = 503, description = "The lists are not loaded, or older than allowed", body = crate::error::ErrorBody),
    ))]
pub(crate) async fn get(
    State(state): State<AppState>,
    Extension(request): Extension<RequestId>,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    let start = Instant::now();
    let snapshot = state.snapshot()?;
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query.as_deref().unwrap_or_default())
        .map_err(|e| ApiError::bad_request("invalid_parameter", format!("the query of the address: {e}")))?;
    let (mut subject, mut options) = (Subject::default(), Vec::new());
    for (name, value) in pairs {
        match field_of_parameter(&name) {
            Some(field) => subject
                .add_parameter(&field, value)
                .map_err(|message| ApiError::bad_request("invalid_parameter", message).in_field(name))?,
            None => options.push((name, value)),
        }
    }
    let options = serde_urlencoded::to_string(options).unwrap_or_default();
    let mut manner = Manner::read(&snapshot, Some(&options))?;
    (manner.explain, manner.show_cleared) = (true, true);
    let screened = with_scratch(|scratch| screen(subject, 1, &manner, scratch));
    let audit = account(&state, &snapshot, &manner, std::slice::from_ref(&screened), &request, start)?;
    if let Screened { answers: Err(error), .. } = &screened {
        return Err(ApiError {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            detail: error.clone(),
            retry_after: None,
        });
    }
    let mut counts = Counts::default();
    let results = vec![screened.answer(&manner, &mut counts)];
    let answer = ScreenAnswer {
        request: &request.0,
        index: &snapshot.index,
        config: &manner.config_sha256(&snapshot),
        lists: &snapshot.lists_json,
        notices: &snapshot.notices_json,
        audit,
        counts,
        results,
    };
    Ok(json(&answer, &snapshot))
}
