//! Answers as JSON.

use crate::audit::AuditPlace;
use crate::error::ErrorDetail;
use crate::state::ListStatus;
use interdict::Hit;
use interdict::screen::{ExplanationRecord, Outcome, Withheld};
use interdict::{Query, Screener};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// The answer to a request with one party or many.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScreenAnswer<'a> {
    /// The id of the request.
    pub request: &'a str,
    /// SHA-256 of the index: of the lists by their content, the program and its analysis of names.
    pub index: &'a str,
    /// SHA-256 of the configuration in force for this request.
    pub config: &'a str,
    /// The lists that were screened against, with their dates and ages.
    #[schema(value_type = Vec<ListStatus>)]
    pub lists: &'a RawValue,
    /// What must be known of this answer: that only the starter list was screened against, that a refresh failed.
    #[schema(value_type = Vec<String>)]
    pub notices: &'a RawValue,
    /// Where the audit trail has the records of this request, if one is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit: Option<AuditPlace>,
    /// What became of the parties, counted.
    pub counts: Counts,
    /// One result for each party, in their order.
    pub results: Vec<PartyAnswer>,
}

/// How many parties had which outcome. `parties = screened + rejected`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Counts {
    /// Parties of the request.
    pub parties: u64,
    /// Parties that were screened.
    pub screened: u64,
    /// Parties that were not screened, each with its error.
    pub rejected: u64,
    /// Parties with a hit.
    pub with_hits: u64,
    /// Hits.
    pub hits: u64,
    /// Entities whose name reaches the threshold, and that other fields take below it.
    pub cleared: u64,
    /// Hits beyond the limit.
    pub cut: u64,
    /// Entities of which only a weak alias would be a hit.
    pub weak: u64,
}

/// The result of a party.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct PartyAnswer {
    /// The line of the request, in a stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The party's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The hits, best first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hits: Option<Vec<HitAnswer>>,
    /// With `cleared=show`: entities that other fields take below the threshold, best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cleared: Vec<HitAnswer>,
    /// How many entities are not among the hits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld: Option<WithheldAnswer>,
    /// What of the party was not used: a date that is none, an unknown country.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Why the party was not screened; there are no hits then, which says nothing of the party.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Box<ErrorDetail>>,
}

/// How many entities are not among the hits of a party, by the rule that keeps them out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct WithheldAnswer {
    /// Hits beyond the limit.
    pub cut: u64,
    /// Entities whose name reaches the threshold, and that other fields take below it.
    pub cleared: u64,
    /// Entities of which only a weak alias would be a hit.
    pub weak: u64,
}

impl WithheldAnswer {
    pub(crate) fn add(&mut self, withheld: &Withheld) {
        self.cut += withheld.cut;
        self.cleared += withheld.cleared;
        self.weak += withheld.weak;
    }
}

/// A listed entity that a party matched.
#[derive(Debug, Serialize, ToSchema)]
pub struct HitAnswer {
    /// The score from 0 to 1.
    pub score: f32,
    /// The list.
    pub list: String,
    /// The entity's id in the list.
    pub entity_id: String,
    /// The entity's primary name.
    pub entity_name: String,
    /// The listed name that scores best; of a hit by identifier its kind and value.
    pub matched_name: String,
    /// The kind of party that the entity is.
    pub schema: &'static str,
    /// The programmes.
    pub programs: Vec<String>,
    /// `name` or `identifier`.
    pub matched_by: &'static str,
    /// Whether the list marks the matched name as a weak alias.
    pub weak: bool,
    /// The party across all lists: equal for entries of different lists that are the same one.
    pub group: String,
    /// The name or text of the party that matched.
    pub query: String,
    /// The part of it that matched, if it was not the whole; of a text the words that match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_part: Option<String>,
    /// Where this part stands in `query`, in bytes: `17-35`, from the first to the one behind the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_span: Option<String>,
    /// The fields that take the score below the threshold; of cleared entities only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cleared_by: Vec<String>,
    /// With `explain=true`: why the score is what it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub explanation: Option<ExplanationRecord>,
}

impl HitAnswer {
    /// A hit; with its explanation if a screener is given.
    pub fn new(hit: &Hit, query: &Query, explain: Option<&Screener>) -> HitAnswer {
        HitAnswer {
            score: hit.score,
            list: hit.list.clone(),
            entity_id: hit.entity_id.clone(),
            entity_name: hit.entity_name.clone(),
            matched_name: hit.matched_name.clone(),
            schema: hit.schema.as_str(),
            programs: hit.programs.clone(),
            matched_by: hit.matched_by.as_str(),
            weak: hit.weak,
            group: hit.group.clone(),
            query: query.name.clone(),
            query_part: hit.query_part.as_ref().map(|part| part.text.clone()),
            query_span: hit.query_part.as_ref().map(|part| format!("{}-{}", part.span.start, part.span.end)),
            cleared_by: hit.cleared_by.iter().map(|field| field.as_str().replace(' ', "_")).collect(),
            explanation: explain.and_then(|screener| screener.explain(query, hit)).map(|e| e.record()),
        }
    }
}

/// The hits of all names of a party as one list, best first: of an entity that several names match, the best. What is cleared
/// is left out where another name makes it a hit.
pub fn merged<'a>(
    answers: &'a [(Query, Outcome)],
    of: impl Fn(&'a Outcome) -> &'a [Hit],
) -> Vec<(&'a Query, &'a Hit)> {
    let mut hits: Vec<(&Query, &Hit)> =
        answers.iter().flat_map(|(query, outcome)| of(outcome).iter().map(move |hit| (query, hit))).collect();
    if answers.len() > 1 {
        hits.sort_by(|(_, a), (_, b)| {
            let by_score = b.score.total_cmp(&a.score);
            by_score.then_with(|| (&a.list, &a.entity_id).cmp(&(&b.list, &b.entity_id)))
        });
        let mut seen = std::collections::HashSet::new();
        hits.retain(|(_, hit)| seen.insert(hit.entity));
    }
    hits
}

impl Counts {
    /// Adds other counts.
    pub fn add(&mut self, other: &Counts) {
        self.parties += other.parties;
        self.screened += other.screened;
        self.rejected += other.rejected;
        self.with_hits += other.with_hits;
        self.hits += other.hits;
        self.cleared += other.cleared;
        self.cut += other.cut;
        self.weak += other.weak;
    }
}
