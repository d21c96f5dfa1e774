//! The description of the interface in OpenAPI, made from the types of the answers.

use crate::{answer, audit, error, explain, lists, payments, reload, screen, state, stream};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::sync::LazyLock;
use utoipa::{OpenApi, ToSchema};

/// A party. Other names of the fields are read too, as in the header of a table ("dob", "nationality"). Each value may be a
/// text, a number, or an array of them. An unknown field is an error.
#[derive(Debug, Serialize, ToSchema)]
#[allow(dead_code)]
pub struct PartyBody {
    /// The client's own id, which its answer has.
    id: Option<String>,
    /// The name, in any script and word order. It may be missing if there is an identifier.
    name: Option<String>,
    /// Other names of the same party; each is screened.
    names: Option<Vec<String>>,
    /// Free text, such as a remittance text or a note: every listed name that stands in it is a hit. Fields and identifiers
    /// are compared with names only.
    text: Option<Vec<String>>,
    /// Person, Organization, Company, Vessel, Airplane …
    schema: Option<String>,
    /// Birth dates of a person, founding dates of an organization: 1970-03-04, "4 March 1970", 1970.
    birth_date: Option<String>,
    /// Codes, names or nationalities; `;` separates several.
    country: Option<String>,
    /// Gender of a person.
    gender: Option<String>,
    passport: Option<String>,
    national_id: Option<String>,
    tax_number: Option<String>,
    registration_number: Option<String>,
    lei: Option<String>,
    bic: Option<String>,
    iban: Option<String>,
    imo: Option<String>,
    mmsi: Option<String>,
    call_sign: Option<String>,
    tail_number: Option<String>,
    aircraft_serial_number: Option<String>,
    wallet: Option<String>,
    /// An identifier of unknown kind.
    identifier: Option<String>,
    /// Identifiers with their kind, one of the fields above, and with the country that issued them.
    identifiers: Option<Vec<TypedIdentifierBody>>,
}

/// An identifier with its kind.
#[derive(Debug, Serialize, ToSchema)]
#[allow(dead_code)]
pub struct TypedIdentifierBody {
    /// `passport`, `imo` …
    r#type: String,
    /// The number as written.
    value: String,
    /// Who issued it.
    country: Option<String>,
}

#[derive(OpenApi)]
#[openapi(
    info(title = "interdict", description = "Sanctions screening over HTTP"),
    paths(
        screen::post, payments::post, explain::get, lists::lists, lists::entity, lists::reload,
        lists::healthz, lists::readyz, lists::metrics,
    ),
    components(schemas(
        PartyBody, TypedIdentifierBody, answer::ScreenAnswer<'static>, answer::PartyAnswer, answer::HitAnswer,
        answer::Counts, answer::WithheldAnswer, stream::StreamEnd<'static>, error::ErrorBody, error::ErrorDetail,
        audit::AuditPlace, state::ListStatus, lists::ListsAnswer, lists::EntityAnswer, lists::Readiness,
        reload::ReloadStatus, payments::PaymentsAnswer<'static>, payments::PaymentCounts, payments::MessageAnswer,
        payments::FindingAnswer, payments::EmbargoAnswer, payments::ProblemAnswer, payments::IdsAnswer,
        payments::SpanAnswer,
    )),
    tags(
        (name = "screening", description = "Parties in, hits out"),
        (name = "lists", description = "What is screened against"),
        (name = "operation", description = "State and counts of the service"),
    ),
)]
struct Description;

/// The description as JSON.
pub fn json() -> &'static str {
    static JSON: LazyLock<String> =
        LazyLock::new(|| Description::openapi().to_pretty_json().unwrap_or_default());
    &JSON
}

/// `GET /openapi.json`.
pub(crate) async fn get() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], json()).into_response()
}
