//! Answers in JSON.

use crate::failure::{Failure, Result, Status};
use crate::open::Opened;
use crate::party::JsonParty;
use interdict::entity::Schema;
use interdict::list::ListVersion;
use interdict::payment::{self, Cause, EmbargoMatch, Ids, Message, Problem, Subject, Verdict};
use interdict::run::{HitRecord, Party};
use interdict::screen::{ExplanationRecord, Hit, Outcome, Query, QueryPart, Scratch, Withheld};
use serde::Serialize;
use std::cell::RefCell;

thread_local! {
    static SCRATCH: RefCell<Option<Box<Scratch>>> = const { RefCell::new(None) };
}

/// Calls with the thread's scratch. After a panic it is not put back, and the next call begins with a new one.
fn with_scratch<T>(call: impl FnOnce(&mut Scratch) -> T) -> T {
    let kept = SCRATCH.try_with(|kept| kept.borrow_mut().take()).ok().flatten();
    let mut scratch = kept.unwrap_or_default();
    let answer = call(&mut scratch);
    let _ = SCRATCH.try_with(|kept| *kept.borrow_mut() = Some(scratch));
    answer
}

impl Opened {
    /// Screens each name of a party. `take` gets the query of each with its outcome.
    pub(crate) fn screen(&self, party: &Party, mut take: impl FnMut(Query, Outcome)) -> Result<()> {
        let queries = party.queries(Schema::Unknown)?;
        with_scratch(|scratch| {
            for query in queries {
                let outcome = self.screener.outcome(&query, scratch);
                take(query, outcome);
            }
        });
        Ok(())
    }
}

/// The answer to a party.
#[derive(Debug, Default, Serialize)]
struct Answer<'a> {
    hits: Vec<HitObject<'a>>,
    cleared: Vec<HitObject<'a>>,
    withheld: Withheld,
    not_compared: Vec<SilentValue<'a>>,
    not_read: &'a [String],
    mended: u64,
}

/// A hit: the keys of the program's JSON, without the row's number, and what the program has no column for.
#[derive(Debug, Serialize)]
struct HitObject<'a> {
    query: &'a str,
    #[serde(flatten)]
    record: HitRecord<'a>,
    weak: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    query_part: Option<&'a QueryPart>,
}

impl<'a> HitObject<'a> {
    fn new(query: &'a str, hit: &'a Hit) -> HitObject<'a> {
        let Hit { weak, query_part, .. } = hit;
        let record = HitRecord::new(hit, None);
        HitObject { query, record, weak: *weak, query_part: query_part.as_ref() }
    }
}

/// A value of a field that is compared with nothing.
#[derive(Debug, Serialize)]
struct SilentValue<'a> {
    field: &'static str,
    value: &'a str,
}

/// The hits of a party as JSON.
pub(crate) fn screen(opened: &Opened, party: &str) -> Result<String> {
    let JsonParty { party, unread } = read_party(party)?;
    let mut outcomes = Vec::with_capacity(1);
    opened.screen(&party, |query, outcome| outcomes.push((query, outcome)))?;
    let silent = party.silent_values().into_iter();
    let mut answer = Answer {
        not_compared: silent.map(|(field, value)| SilentValue { field: field.as_str(), value }).collect(),
        not_read: &unread,
        mended: party.mended(),
        ..Answer::default()
    };
    for (query, outcome) in &outcomes {
        answer.hits.extend(outcome.hits.iter().map(|hit| HitObject::new(&query.name, hit)));
        answer.cleared.extend(outcome.cleared.iter().map(|hit| HitObject::new(&query.name, hit)));
        answer.withheld.cut += outcome.withheld.cut;
        answer.withheld.cleared += outcome.withheld.cleared;
        answer.withheld.weak += outcome.withheld.weak;
    }
    to_json(&answer)
}

/// The party, or an error that names the keys that are no field if nothing is left to screen.
fn read_party(text: &str) -> Result<JsonParty> {
    let read = JsonParty::parse(text)?;
    match read.party.queries(Schema::Unknown) {
        Err(reason) if !read.unread.is_empty() => {
            let keys = read.unread.join(", ");
            let message = format!("nothing to screen: {reason}; these keys are no fields: {keys}");
            Err(Failure::new(Status::INTERDICT_INVALID_PARTY, message))
        }
        _ => Ok(read),
    }
}

/// Why an entity is a hit.
#[derive(Debug, Serialize)]
struct Explained<'a> {
    hit: HitObject<'a>,
    explanation: ExplanationRecord,
    text: String,
}

/// The explanations of the hits of a party as JSON, or that of one entity, by its list and id.
pub(crate) fn explain(opened: &Opened, party: &str, entity: Option<(&str, &str)>) -> Result<String> {
    let JsonParty { party, .. } = read_party(party)?;
    let mut outcomes = Vec::with_capacity(1);
    opened.screen(&party, |query, outcome| outcomes.push((query, outcome)))?;
    let is_wanted = |hit: &Hit| entity.is_none_or(|(list, id)| hit.list == list && hit.entity_id == id);
    let mut all = Vec::new();
    for (query, outcome) in &outcomes {
        // Cleared entities are explained if they are asked for: the question is why they are none.
        let cleared = outcome.cleared.iter().filter(|_| entity.is_some());
        for hit in outcome.hits.iter().chain(cleared).filter(|hit| is_wanted(hit)) {
            let explanation = opened.screener.explain(query, hit).ok_or_else(|| {
                Failure::new(Status::INTERDICT_INTERNAL, "a hit is of another index than its screener")
            })?;
            let (record, text) = (explanation.record(), explanation.to_string());
            all.push(Explained { hit: HitObject::new(&query.name, hit), explanation: record, text });
        }
    }
    match entity {
        Some((list, id)) if all.is_empty() => Err(Failure::new(
            Status::INTERDICT_NO_HIT,
            format!("the entity '{id}' of the list '{list}' is no hit of this party"),
        )),
        _ => to_json(&all),
    }
}

/// The messages of a payment file, with the worst of their verdicts.
#[derive(Debug, Serialize)]
struct Payments<'a> {
    verdict: Verdict,
    messages: Vec<MessageObject<'a>>,
}

/// A message.
#[derive(Debug, Serialize)]
struct MessageObject<'a> {
    number: u64,
    kind: &'a str,
    definition: &'a str,
    ids: Ids<'a>,
    verdict: Verdict,
    findings: Vec<FindingObject<'a>>,
    withheld: Withheld,
    subjects: &'a [Subject<'a>],
    problems: &'a [Problem],
}

/// Why a message is held: a hit or an embargo, and the number of its subject, counted from 0.
#[derive(Debug, Serialize)]
struct FindingObject<'a> {
    subject: usize,
    role: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hit: Option<HitObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    embargo: Option<&'a EmbargoMatch>,
}

/// The verdicts on the messages of a payment file as JSON.
pub(crate) fn payment(opened: &Opened, bytes: &[u8]) -> Result<String> {
    let messages = payment::read(bytes);
    let screened: Vec<_> = with_scratch(|scratch| {
        let screen = |message| payment::screen(&opened.screener, message, &opened.embargo, scratch);
        messages.iter().map(screen).collect()
    });
    let verdict = screened.iter().map(|screened| screened.verdict).max().unwrap_or(Verdict::Unreadable);
    let messages =
        messages.iter().zip(&screened).map(|(message, screened)| message_object(message, screened));
    to_json(&Payments { verdict, messages: messages.collect() })
}

fn message_object<'a>(message: &'a Message<'a>, screened: &'a payment::ScreenedMessage) -> MessageObject<'a> {
    let finding = |finding: &'a payment::Finding| {
        let (hit, embargo) = match &finding.cause {
            Cause::Hit(hit) => (Some(HitObject::new(&finding.query, hit)), None),
            Cause::Embargo(embargo) => (None, Some(embargo)),
            _ => (None, None),
        };
        let role = message.subjects.get(finding.subject).map_or("", |subject| &*subject.role);
        FindingObject { subject: finding.subject, role, hit, embargo }
    };
    MessageObject {
        number: message.number,
        kind: &message.kind,
        definition: &message.definition,
        ids: message.ids(),
        verdict: screened.verdict,
        findings: screened.findings.iter().map(finding).collect(),
        withheld: screened.withheld,
        subjects: &message.subjects,
        problems: &message.problems,
    }
}

/// What is screened against.
#[derive(Debug, Serialize)]
struct Lists<'a> {
    program: &'a str,
    analysis: u32,
    names: usize,
    entities: usize,
    lists: &'a [ListVersion],
    not_searchable: &'a [interdict::index::UnsearchableName],
    skipped: Vec<SkippedObject>,
    rejected: Vec<RejectedObject<'a>>,
}

/// A file of a folder that is no list.
#[derive(Debug, Serialize)]
struct SkippedObject {
    path: String,
    reason: String,
}

/// A record that was not loaded.
#[derive(Debug, Serialize)]
struct RejectedObject<'a> {
    file: &'a str,
    position: String,
    reason: &'a str,
}

/// The lists as JSON.
pub(crate) fn lists(opened: &Opened) -> Result<String> {
    let index = opened.screener.index();
    let identity = index.identity();
    let skipped = opened
        .skipped
        .iter()
        .map(|file| SkippedObject { path: file.path.display().to_string(), reason: file.reason.to_string() });
    let rejected = opened.rejected.iter().map(|record| RejectedObject {
        file: &record.file,
        position: record.position.to_string(),
        reason: &record.reason,
    });
    to_json(&Lists {
        program: &identity.program,
        analysis: identity.analysis,
        names: index.names(),
        entities: index.entities(),
        lists: &identity.lists,
        not_searchable: &identity.unsearchable,
        skipped: skipped.collect(),
        rejected: rejected.collect(),
    })
}

fn to_json(answer: &impl Serialize) -> Result<String> {
    serde_json::to_string(answer).map_err(|e| Failure::new(Status::INTERDICT_INTERNAL, e.to_string()))
}
