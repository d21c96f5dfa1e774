//! `POST /v1/payments`: payment messages in, verdicts and findings out.
//!
//! The body is a file of messages as it is: ISO 20022, SWIFT MT, NACHA, Fedwire. Hits and verdicts are those of
//! [`payment::screen`], and so those of `interdict payments`.
//!
//! Cost: as for parties, a query for each name and text of a message. Limits: a body is read whole; see
//! [`Limits::body`](crate::Limits::body). An audit trail has a record for each message, with all that was screened of it; it
//! is with the operating system before the answer is sent.

use crate::access::RequestId;
use crate::answer::{HitAnswer, WithheldAnswer};
use crate::audit::AuditPlace;
use crate::body;
use crate::error::ApiError;
use crate::screen::{Manner, json};
use crate::state::{AppState, ListStatus, Snapshot};
use crate::work::{INLINE_BYTES, Patience, with_scratch};
use axum::Extension;
use axum::extract::{RawQuery, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use interdict::Query;
use interdict::audit::Record;
use interdict::payment::{self, Cause, Finding, Format, Ids, Message, ScreenedMessage, Subject, Verdict};
use interdict::screen::Outcome;
use jiff::Timestamp;
use rayon::prelude::*;
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Instant;
use utoipa::ToSchema;

/// The options of a request.
const OPTIONS: [&str; 3] = ["threshold", "limit", "explain"];

/// The answer to a body of payment messages.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentsAnswer<'a> {
    /// The id of the request.
    pub request: &'a str,
    /// SHA-256 of the index: of the lists by their content, the program and its analysis of names.
    pub index: &'a str,
    /// SHA-256 of the configuration in force for this request, with its embargo.
    pub config: &'a str,
    /// The lists that were screened against, with their dates and ages.
    #[schema(value_type = Vec<ListStatus>)]
    pub lists: &'a RawValue,
    /// What must be known of this answer.
    #[schema(value_type = Vec<String>)]
    pub notices: &'a RawValue,
    /// Where the audit trail has the records of this request, if one is kept: one for each message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit: Option<AuditPlace>,
    /// What became of the messages, counted.
    pub counts: PaymentCounts,
    /// The messages, in the order of the body.
    pub messages: Vec<MessageAnswer>,
}

/// What became of messages. `messages = pass + hold + unreadable`, and `findings = hits + embargoed`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct PaymentCounts {
    /// Messages of the body.
    pub messages: u64,
    /// Messages that were read whole, and in which nothing was found.
    pub pass: u64,
    /// Messages that were read whole, and in which something was found.
    pub hold: u64,
    /// Messages that could not be read whole.
    pub unreadable: u64,
    /// What could not be read.
    pub problems: u64,
    /// Subjects of the messages, each of them screened.
    pub subjects: u64,
    /// What was found.
    pub findings: u64,
    /// Findings that are listed entities.
    pub hits: u64,
    /// Findings that are embargoed countries and places.
    pub embargoed: u64,
    /// Entities whose name reaches the threshold, and that other fields take below it.
    pub cleared: u64,
    /// Hits beyond the limit.
    pub cut: u64,
    /// Entities of which only a weak alias would be a hit.
    pub weak: u64,
}

/// The answer to a message.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageAnswer {
    /// Its number in the body, counted from 1.
    pub number: u64,
    /// `iso20022`, `mt`, `nacha`, `fedwire` or `unknown`.
    #[schema(value_type = String)]
    pub format: Format,
    /// Its kind: `pacs.008`, `MT103`, `NACHA IAT`, `Fedwire CTR`; empty if it could not be told.
    pub kind: String,
    /// Its kind with variant and version, where the message states it.
    pub definition: String,
    /// What identifies it: its own id, and of its only or first transaction the others.
    pub ids: IdsAnswer,
    /// Where it is in the body.
    pub span: SpanAnswer,
    /// `pass`, `hold` or `unreadable`. Only `pass` says that the message was read whole and nothing was found.
    pub verdict: &'static str,
    /// What could not be read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<ProblemAnswer>,
    /// How many subjects were screened.
    pub subjects: u64,
    /// How many entities are not among the hits of all its subjects.
    pub withheld: WithheldAnswer,
    /// What was found, in the order of the subjects.
    pub findings: Vec<FindingAnswer>,
}

/// What identifies a message or a transaction; what is not given is left out.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdsAnswer {
    /// `MsgId`, `:20:`, the trace number.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message_id: String,
    /// `InstrId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub instruction_id: String,
    /// `EndToEndId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub end_to_end_id: String,
    /// `TxId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub transaction_id: String,
    /// The unique end-to-end transaction reference.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub uetr: String,
}

/// A place in the body, in bytes, counted from 0. In a body that is not UTF-8 it counts in the text decoded to UTF-8.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct SpanAnswer {
    /// The first byte.
    pub start: u64,
    /// The byte behind the last one.
    pub end: u64,
}

/// Something that could not be read. The message is `unreadable` then.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemAnswer {
    /// The byte of the body at which it is.
    pub byte: u64,
    /// What is wrong.
    pub reason: String,
}

/// Something that was found: a listed entity as `hit`, or an embargoed country or place as `embargo`.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingAnswer {
    /// The number of the subject in its message, counted from 1.
    pub subject: u64,
    /// The role of the subject, the same words in every format: `debtor`, `intermediary agent 2`, `remittance information`.
    pub role: String,
    /// What the subject is: `party`, `agent`, `text`, `country` or `identifier`.
    pub kind: &'static str,
    /// Where the subject stands: names of elements joined by `/`, or field and line.
    pub path: String,
    /// Where its name, or what stands for one, is in the body.
    pub span: SpanAnswer,
    /// What identifies the transaction that it belongs to.
    pub ids: IdsAnswer,
    /// The name or text that was screened.
    pub query: String,
    /// The listed entity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hit: Option<HitAnswer>,
    /// The embargoed country or place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embargo: Option<EmbargoAnswer>,
}

/// An embargoed country or place.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmbargoAnswer {
    /// The country's code in lower case, or the place as configured.
    pub embargoed: String,
    /// What told it: `country`, `bic`, `iban` or `place`.
    pub found_in: &'static str,
    /// The text of the message.
    pub text: String,
}

impl IdsAnswer {
    fn new(ids: &Ids<'_>) -> IdsAnswer {
        IdsAnswer {
            message_id: ids.message_id.to_string(),
            instruction_id: ids.instruction_id.to_string(),
            end_to_end_id: ids.end_to_end_id.to_string(),
            transaction_id: ids.transaction_id.to_string(),
            uetr: ids.uetr.to_string(),
        }
    }

    /// The ids of a transaction; what it lacks is that of its message.
    fn of_transaction(message: &Message<'_>, transaction: usize) -> IdsAnswer {
        let all = IdsAnswer::new(&message.ids());
        let Some(own) = message.transactions.get(transaction) else { return all };
        let own = IdsAnswer::new(own);
        let or = |own: String, all: String| if own.is_empty() { all } else { own };
        // An id of another transaction would mislead: only the first one speaks for the message.
        let speaks = message.transactions.len() <= 2;
        let or_all = |own: String, all: String| if speaks { or(own, all) } else { own };
        IdsAnswer {
            message_id: or(own.message_id, all.message_id),
            instruction_id: or_all(own.instruction_id, all.instruction_id),
            end_to_end_id: or_all(own.end_to_end_id, all.end_to_end_id),
            transaction_id: or_all(own.transaction_id, all.transaction_id),
            uetr: or_all(own.uetr, all.uetr),
        }
    }
}

impl From<&Range<u64>> for SpanAnswer {
    fn from(span: &Range<u64>) -> SpanAnswer {
        SpanAnswer { start: span.start, end: span.end }
    }
}

impl MessageAnswer {
    fn new(message: &Message<'_>, screened: &ScreenedMessage, manner: &Manner) -> MessageAnswer {
        let mut withheld = WithheldAnswer::default();
        withheld.add(&screened.withheld);
        let problem = |p: &payment::Problem| ProblemAnswer { byte: p.byte, reason: p.reason.clone() };
        MessageAnswer {
            number: message.number,
            format: message.format,
            kind: message.kind.to_string(),
            definition: message.definition.to_string(),
            ids: IdsAnswer::new(&message.ids()),
            span: (&message.span).into(),
            verdict: screened.verdict.as_str(),
            problems: message.problems.iter().map(problem).collect(),
            subjects: message.subjects.len() as u64,
            withheld,
            findings: screened
                .findings
                .iter()
                .map(|finding| FindingAnswer::new(message, finding, manner))
                .collect(),
        }
    }
}

impl FindingAnswer {
    fn new(message: &Message<'_>, finding: &Finding, manner: &Manner) -> FindingAnswer {
        let subject = &message.subjects[finding.subject];
        let (mut hit, mut embargo) = (None, None);
        match &finding.cause {
            Cause::Hit(found) => {
                let explain = manner.explain.then_some(&manner.screener);
                hit = Some(HitAnswer::new(found, &query_of(subject, finding), explain));
            }
            Cause::Embargo(found) => {
                embargo = Some(EmbargoAnswer {
                    embargoed: found.embargoed.clone(),
                    found_in: found.found_in,
                    text: found.text.clone(),
                });
            }
            // A cause of a later version is told by its subject.
            _ => (),
        }
        FindingAnswer {
            subject: finding.subject as u64 + 1,
            role: subject.role.to_string(),
            kind: subject.kind.as_str(),
            path: subject.path.clone(),
            span: (&subject.span).into(),
            ids: IdsAnswer::of_transaction(message, subject.transaction),
            query: finding.query.clone(),
            hit,
            embargo,
        }
    }
}

/// The query of a subject with which something was found.
fn query_of(subject: &Subject<'_>, finding: &Finding) -> Query {
    let is_screened = |query: &Query| query.name == finding.query && query.free_text == finding.free_text;
    subject.queries().find(is_screened).unwrap_or_else(|| Query::name(&finding.query))
}

impl PaymentCounts {
    fn add(&mut self, message: &Message<'_>, screened: &ScreenedMessage) {
        self.messages += 1;
        match screened.verdict {
            Verdict::Pass => self.pass += 1,
            Verdict::Hold => self.hold += 1,
            // Whatever else is no release.
            _ => self.unreadable += 1,
        }
        self.problems += message.problems.len() as u64;
        self.subjects += message.subjects.len() as u64;
        let hits = screened.findings.iter().filter(|f| matches!(f.cause, Cause::Hit(_))).count() as u64;
        self.findings += screened.findings.len() as u64;
        self.hits += hits;
        self.embargoed += screened.findings.len() as u64 - hits;
        self.cleared += screened.withheld.cleared;
        self.cut += screened.withheld.cut;
        self.weak += screened.withheld.weak;
    }
}

/// Screens a file of payment messages: ISO 20022, SWIFT MT, NACHA, Fedwire, one or several.
#[utoipa::path(
    post, path = "/v1/payments", tag = "screening",
    params(
        ("threshold" = Option<f32>, Query, description = "Lowest score of a hit, from 0.5 to 1; by default that of the configuration"),
        ("limit" = Option<u32>, Query, description = "Most parties among the hits of a name or text; what is cut is counted"),
        ("explain" = Option<bool>, Query, description = "Whether each hit has its explanation"),
    ),
    request_body(description = "The messages as they are, of any media type", content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "A verdict for each message", body = PaymentsAnswer<'static>),
        (status = 400, description = "A parameter is unknown, or the body breaks off", body = crate::error::ErrorBody),
        (status = 408, description = "The body does not come in time", body = crate::error::ErrorBody),
        (status = 413, description = "The body is too long", body = crate::error::ErrorBody),
        (status = 415, description = "The body is compressed", body = crate::error::ErrorBody),
        (status = 422, description = "There is no message in the body", body = crate::error::ErrorBody),
        (status = 429, description = "Too many requests", body = crate::error::ErrorBody),
        (status = 503, description = "The lists are not loaded or older than allowed, or the audit trail cannot be written", body = crate::error::ErrorBody),
    ),
)]
pub(crate) async fn post(
    State(state): State<AppState>,
    Extension(request_id): Extension<RequestId>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<Response, ApiError> {
    let snapshot = state.snapshot()?;
    let manner = Manner::read_with(&snapshot, query.as_deref(), &OPTIONS)?;
    body::check_encoding(request.headers())?;
    let most = state.settings().limits.body;
    let body = body::read(request, &state.settings().limits).await.map_err(|e| too_long(e, most))?;
    if body.len() <= INLINE_BYTES {
        return respond(&state, &snapshot, &manner, &body, &request_id);
    }
    let on_pool = state.clone();
    let answer = move || respond(&on_pool, &snapshot, &manner, &body, &request_id);
    state.pool().run(Patience::Refuse, answer).await?
}

/// What to do about a body of messages that is too long.
fn too_long(error: ApiError, most: usize) -> ApiError {
    if error.status != StatusCode::PAYLOAD_TOO_LARGE {
        return error;
    }
    let message = format!(
        "the body is longer than {most} bytes; send the messages in several bodies, or screen the file by interdict payments"
    );
    ApiError::new(error.status, "body_too_long", message)
}

/// Reads a body, screens its messages, and writes the answer.
fn respond(
    state: &AppState,
    snapshot: &Snapshot,
    manner: &Manner,
    body: &[u8],
    request: &RequestId,
) -> Result<Response, ApiError> {
    let start = Instant::now();
    let messages = payment::read(body);
    let at = state.audit().map(|_| Timestamp::now().to_string());
    let screen = |message: &Message<'_>| {
        let (answer, record) = screen(message, snapshot, manner, at.is_some());
        let record = record.zip(at.as_ref()).map(|(r, at)| r.request(message.number, &*request.0, at));
        (answer, record)
    };
    // On a thread of the pool the messages are divided among all of them.
    let (screened, records): (Vec<ScreenedMessage>, Vec<Option<Record>>) = match body.len() <= INLINE_BYTES {
        true => messages.iter().map(screen).unzip(),
        false => messages.par_iter().map(screen).unzip(),
    };
    check_any(&messages, &screened)?;
    let mut counts = PaymentCounts::default();
    messages.iter().zip(&screened).for_each(|(message, screened)| counts.add(message, screened));
    publish(state, &counts, &screened, start);
    let records = records.into_iter().flatten().collect();
    let audit =
        state.audit().map(|audit| audit.write(snapshot, &manner.config, records)).transpose()?.flatten();
    let answers = messages.iter().zip(&screened);
    let answer = PaymentsAnswer {
        request: &request.0,
        index: &snapshot.index,
        config: &manner.config_sha256(snapshot),
        lists: &snapshot.lists_json,
        notices: &snapshot.notices_json,
        audit,
        counts,
        messages: answers.map(|(message, screened)| MessageAnswer::new(message, screened, manner)).collect(),
    };
    Ok(json(&answer, snapshot))
}

/// Screens a message. The record is what an audit trail keeps of it, if one is kept.
fn screen(
    message: &Message<'_>,
    snapshot: &Snapshot,
    manner: &Manner,
    is_audited: bool,
) -> (ScreenedMessage, Option<Record>) {
    let mut record = is_audited.then(Record::new);
    let answer = with_scratch(|scratch| {
        let add = |subject: &Subject<'_>, query: &Query, outcome: &Outcome| {
            if let Some(record) = &mut record {
                record.add(&subject.role, query, outcome, |_| None, &manner.screener);
            }
        };
        payment::screen_each(&manner.screener, message, &snapshot.embargo, scratch, add)
    });
    let record = record.map(|record| record.message(message, &answer));
    (answer, record)
}

/// Refuses a body without any message. One in which something was found is answered, whatever it is.
fn check_any(messages: &[Message<'_>], screened: &[ScreenedMessage]) -> Result<(), ApiError> {
    let is_none = |message: &Message<'_>| {
        message.kind.is_empty() && matches!(message.format, Format::Unknown | Format::Iso20022)
    };
    if !messages.iter().all(is_none) || screened.iter().any(|answer| !answer.findings.is_empty()) {
        return Ok(());
    }
    let mut problems = messages.iter().flat_map(|message| &message.problems);
    let reason = problems.next().map_or(String::from("it is empty"), |p| p.to_string());
    let message = format!("there is no payment message in the body: {reason}; send the file as it is");
    Err(ApiError::unprocessable("no_message", message))
}

/// Adds to the metrics.
fn publish(state: &AppState, counts: &PaymentCounts, screened: &[ScreenedMessage], start: Instant) {
    let metrics = state.metrics();
    metrics.screened(0, start.elapsed());
    for (verdict, count) in
        [(Verdict::Pass, counts.pass), (Verdict::Hold, counts.hold), (Verdict::Unreadable, counts.unreadable)]
    {
        metrics.messages(verdict.as_str(), count);
    }
    let mut lists: BTreeMap<&str, u64> = BTreeMap::new();
    for finding in screened.iter().flat_map(|answer| &answer.findings) {
        if let Cause::Hit(hit) = &finding.cause {
            *lists.entry(&hit.list).or_default() += 1;
        }
    }
    lists.into_iter().for_each(|(list, count)| metrics.hits(list, count));
}
