//! What is screened against: lists, entities, the state of the service.

use crate::access::RequestId;
use crate::error::ApiError;
use crate::reload::{AlreadyRunning, ReloadState, ReloadStatus, Trigger};
use crate::screen::json;
use crate::state::AppState;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use interdict::entity::Entity;
use interdict::list::ListVersion;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// Whether the process lives. It says nothing of the lists.
#[utoipa::path(get, path = "/healthz", tag = "operation", responses((status = 200, description = "`{\"status\":\"ok\"}`, always")))]
pub(crate) async fn healthz() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], r#"{"status":"ok"}"#).into_response()
}

/// The state of the service.
#[derive(Debug, Serialize, ToSchema)]
pub struct Readiness {
    /// `ok`, or why nothing is screened.
    pub status: String,
    /// SHA-256 of the index in force.
    pub index: Option<String>,
    /// What every answer says beside its hits.
    pub notices: Vec<String>,
    /// The last reload.
    pub reload: ReloadStatus,
}

/// Whether parties are screened, and how the last refresh of the lists ended.
#[utoipa::path(get, path = "/readyz", tag = "operation", responses(
    (status = 200, description = "Parties are screened", body = Readiness),
    (status = 503, description = "The lists are being loaded, or older than allowed", body = Readiness),
))]
pub(crate) async fn readyz(State(state): State<AppState>) -> Response {
    let (status, text) = match state.snapshot() {
        Ok(_) => (StatusCode::OK, "ok".to_string()),
        Err(e) => (e.status, e.detail.message.clone()),
    };
    let current = state.current();
    let readiness = Readiness {
        status: text,
        index: current.as_ref().map(|s| s.index.clone()),
        notices: current.as_ref().map_or_else(Vec::new, |s| s.notices.clone()),
        reload: state.reload_status(),
    };
    (status, axum::Json(readiness)).into_response()
}

/// The lists that are screened against.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListsAnswer {
    /// The id of the request.
    pub request: String,
    /// SHA-256 of the index.
    pub index: String,
    /// SHA-256 of the configuration.
    pub config: String,
    /// When the index was loaded, in RFC 3339.
    #[schema(value_type = String)]
    pub loaded_at: Timestamp,
    /// The program and the version of its analysis of names.
    pub program: String,
    /// Entities of all lists.
    pub entities: u64,
    /// Names of these entities.
    pub names: u64,
    /// Why nothing is screened, if the lists are older than allowed.
    pub too_old: Option<String>,
    /// What every answer says beside its hits.
    pub notices: Vec<String>,
    /// The last reload.
    pub reload: ReloadStatus,
    /// The lists.
    pub lists: Vec<ListDetail>,
    /// Listed names that no query can find.
    pub unsearchable: Vec<Unsearchable>,
}

/// A list, with the counts of its records.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListDetail {
    /// Its name in hits.
    pub name: String,
    /// The layout it was read from.
    pub layout: String,
    /// The day of its publication, if the file tells it.
    pub published: Option<String>,
    /// Days from its publication to today, in UTC.
    pub age_days: Option<i64>,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Records read.
    pub records: u64,
    /// The number of records that the file tells.
    pub declared: Option<u64>,
    /// Entities.
    pub entities: u64,
    /// Names.
    pub names: u64,
    /// Records that were rejected.
    pub rejected: u64,
    /// The reasons, with their numbers.
    pub rejected_for: Vec<Count>,
    /// In what it is not whole; somebody has accepted it so.
    pub problems: Vec<String>,
}

/// A number of something.
#[derive(Debug, Serialize, ToSchema)]
pub struct Count {
    /// What.
    pub what: String,
    /// How many.
    pub count: u64,
}

/// A listed name that no query can find, since it has neither letter nor digit.
#[derive(Debug, Serialize, ToSchema)]
pub struct Unsearchable {
    /// The list.
    pub list: String,
    /// The entity's id.
    pub entity_id: String,
    /// The name.
    pub name: String,
}

impl ListDetail {
    fn of(v: &ListVersion) -> ListDetail {
        let count = |(what, count): &(String, u64)| Count { what: what.clone(), count: *count };
        ListDetail {
            name: v.name.clone(),
            layout: v.layout.to_string(),
            published: v.published.map(|d| d.to_string()),
            age_days: v.age_days(crate::state::today()),
            sha256: v.sha256.clone(),
            records: v.records,
            declared: v.declared,
            entities: v.entities,
            names: v.names,
            rejected: v.rejected,
            rejected_for: v.coverage.rejected_for.iter().map(count).collect(),
            problems: v.problems.iter().map(ToString::to_string).collect(),
        }
    }
}

/// The lists in force, with their dates, ages and counts, and the last reload.
#[utoipa::path(get, path = "/v1/lists", tag = "lists", responses(
    (status = 200, description = "The lists, also if they are older than allowed", body = ListsAnswer),
    (status = 503, description = "They are being loaded", body = crate::error::ErrorBody),
))]
pub(crate) async fn lists(
    State(state): State<AppState>,
    Extension(request): Extension<RequestId>,
) -> Result<Response, ApiError> {
    let Some(snapshot) = state.current() else {
        return Err(state.snapshot().err().unwrap_or_else(not_ready));
    };
    let identity = snapshot.screener.index().identity();
    let unsearchable = identity.unsearchable.iter().map(|name| Unsearchable {
        list: name.list.clone(),
        entity_id: name.entity_id.clone(),
        name: name.name.clone(),
    });
    let answer = ListsAnswer {
        request: request.0.to_string(),
        index: snapshot.index.clone(),
        config: snapshot.config_sha256.clone(),
        loaded_at: snapshot.loaded_at,
        program: snapshot.identity.program.clone(),
        entities: snapshot.screener.index().entities() as u64,
        names: snapshot.screener.index().names() as u64,
        too_old: snapshot.too_old.clone(),
        notices: snapshot.notices.clone(),
        reload: state.reload_status(),
        lists: identity.lists.iter().map(ListDetail::of).collect(),
        unsearchable: unsearchable.collect(),
    };
    Ok(json(&answer, &snapshot))
}

fn not_ready() -> ApiError {
    ApiError::unavailable("not_ready", "the lists are being loaded")
}

/// A listed entity, with the list it is on.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntityAnswer {
    /// The id of the request.
    pub request: String,
    /// SHA-256 of the index.
    pub index: String,
    /// The list.
    pub list: String,
    /// The day of the list's publication.
    pub published: Option<String>,
    /// The party across all lists.
    pub group: String,
    /// The entries of all lists that are the same party, this one included, as `list:id`.
    pub same_party: Vec<String>,
    /// SHA-256 of the entity's data, as audit trails and acceptances hold it.
    pub content_hash: String,
    /// The entity.
    pub entity: EntityDetail,
}

/// The data of a listed entity.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntityDetail {
    /// Its id in the list.
    pub id: String,
    /// Its kind.
    pub schema: &'static str,
    /// Its names, the primary one first.
    pub names: Vec<NameDetail>,
    /// Birth dates of a person, founding dates of an organization.
    pub birth_dates: Vec<String>,
    /// Gender of a person.
    pub gender: Option<&'static str>,
    /// Countries as ISO 3166-1 codes in small letters.
    pub countries: Vec<String>,
    /// Programmes.
    pub programs: Vec<String>,
    /// Identifiers.
    pub identifiers: Vec<IdentifierDetail>,
    /// Addresses.
    pub addresses: Vec<String>,
    /// Places of birth.
    pub birth_places: Vec<String>,
    /// The day on which it was listed.
    pub listed_on: Option<String>,
    /// Remarks of the list.
    pub remarks: String,
}

/// A listed name.
#[derive(Debug, Serialize, ToSchema)]
pub struct NameDetail {
    /// The name.
    pub text: String,
    /// `primary`, `alias`, `former` …
    pub kind: &'static str,
    /// `strong` or `weak`.
    pub strength: &'static str,
}

/// An identifier.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentifierDetail {
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its value.
    pub value: String,
    /// Who issued it, as an ISO 3166-1 code.
    pub country: Option<String>,
}

impl From<Entity> for EntityDetail {
    fn from(entity: Entity) -> EntityDetail {
        let name = |n: interdict::entity::Name| NameDetail {
            text: n.text,
            kind: n.kind.as_str(),
            strength: n.strength.as_str(),
        };
        let identifier = |i: interdict::entity::Identifier| IdentifierDetail {
            kind: i.kind.as_str().to_string(),
            value: i.value,
            country: i.country,
        };
        EntityDetail {
            id: entity.id,
            schema: entity.schema.as_str(),
            names: entity.names.into_iter().map(name).collect(),
            birth_dates: entity.birth_dates.iter().map(ToString::to_string).collect(),
            gender: entity.gender.map(|g| g.as_str()),
            countries: entity.countries,
            programs: entity.programs,
            identifiers: entity.identifiers.into_iter().map(identifier).collect(),
            addresses: entity.addresses,
            birth_places: entity.birth_places,
            listed_on: entity.listed_on.map(|d| d.to_string()),
            remarks: entity.remarks,
        }
    }
}

/// A listed entity with all its data.
#[utoipa::path(get, path = "/v1/entities/{list}/{id}", tag = "lists",
    params(("list" = String, Path, description = "The list's name, as in hits"), ("id" = String, Path, description = "The entity's id in the list")),
    responses(
        (status = 200, description = "The entity", body = EntityAnswer),
        (status = 404, description = "There is no such list or entity", body = crate::error::ErrorBody),
        (status = 503, description = "The lists are not loaded, or older than allowed", body = crate::error::ErrorBody),
    ))]
pub(crate) async fn entity(
    State(state): State<AppState>,
    Extension(request): Extension<RequestId>,
    Path((list, id)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let snapshot = state.snapshot()?;
    let not_found = |message: String| ApiError::new(StatusCode::NOT_FOUND, "not_found", message);
    if !snapshot.lists.iter().any(|l| l.name == list) {
        let known = snapshot.lists.iter().map(|l| l.name.as_str()).collect::<Vec<_>>().join(", ");
        return Err(not_found(format!("there is no list '{list}'; there are {known}")));
    }
    let number =
        snapshot.find(&list, &id).ok_or_else(|| not_found(format!("list {list} has no entity '{id}'")))?;
    let index = snapshot.screener.index();
    let (entity, version) = index.entity(number).ok_or_else(not_ready)?;
    let group = index.group(number).unwrap_or_default();
    let answer = EntityAnswer {
        request: request.0.to_string(),
        index: snapshot.index.clone(),
        list: version.name.clone(),
        published: version.published.map(|d| d.to_string()),
        same_party: snapshot.same_party(&group),
        group,
        content_hash: entity.content_hash(),
        entity: entity.into(),
    };
    Ok(json(&answer, &snapshot))
}

/// Reads the lists again and puts them in force; answers when that has ended.
#[utoipa::path(post, path = "/v1/reload", tag = "operation", responses(
    (status = 200, description = "The lists are in force", body = ReloadStatus),
    (status = 409, description = "Another reload goes on", body = crate::error::ErrorBody),
    (status = 502, description = "It failed, and the earlier lists are in force", body = ReloadStatus),
))]
pub(crate) async fn reload(State(state): State<AppState>) -> Result<Response, ApiError> {
    match state.reload(Trigger::Request).await {
        Err(AlreadyRunning) => {
            let message = "another reload goes on; /v1/lists tells when it has ended";
            Err(ApiError::new(StatusCode::CONFLICT, "reload_running", message))
        }
        Ok(status) if status.state == ReloadState::Failed => {
            Ok((StatusCode::BAD_GATEWAY, axum::Json(status)).into_response())
        }
        Ok(status) => Ok(axum::Json(status).into_response()),
    }
}

/// Counts and times for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "operation", responses((status = 200, description = "Text format of Prometheus, version 0.0.4", content_type = "text/plain")))]
pub(crate) async fn metrics(State(state): State<AppState>) -> Response {
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], crate::metrics::text(&state)).into_response()
}
