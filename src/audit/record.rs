//! The records of an audit trail.

use crate::entity::Identifier;
use crate::name::AnalysedName;
use crate::run::{HitRecord, RejectReason, RowCounts, RunIdentity, ScreenedHit, ScreenedRow, rounded};
use crate::score::align::{Span, TokenSet};
use crate::screen::{Explanation, Hit, Query, Screener, Withheld};
use serde::{Deserialize, Serialize};

/// The first line.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Header {
    /// Version of the layout of the trail.
    pub audit: u32,
    pub date: String,
    pub configuration_sha256: String,
    /// The form of the input.
    pub layout: String,
    /// The columns of the input.
    pub columns: String,
    #[serde(flatten)]
    pub identity: RunIdentity,
}

/// A row, screened or rejected.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct AuditRow {
    pub(super) row: u64,
    pub(super) line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    /// When it was screened, and the id of the request; of a service only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) request: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) names: Vec<AuditName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rejected: Option<String>,
    /// The verdict, and embargoed countries and places; of a payment message only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) verdict: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) embargoed: Vec<String>,
}

/// A name that was screened.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct AuditName {
    pub column: String,
    pub name: String,
    /// Whether the name is a free text, in which names were looked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub free_text: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<(String, String)>,
    /// Identifiers of which more is known than a field tells; of a service only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
    pub hits: Vec<HitRecord<'static>>,
    /// Entities whose name reaches the threshold, and that other fields take below it: the best of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cleared: Vec<HitRecord<'static>>,
    /// How many entities are not among the hits.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub withheld: Withheld,
}

fn is_nothing(withheld: &Withheld) -> bool {
    *withheld == Withheld::default()
}

/// The last line.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct End {
    pub end: RowCounts,
}

impl AuditRow {
    /// The record of a row without its outcome.
    pub(crate) fn new(row: u64, line: u64) -> AuditRow {
        AuditRow { row, line, ..AuditRow::default() }
    }

    /// Adds a name with its hits. `query` is that of the name if there are any.
    pub(crate) fn add(
        &mut self,
        row: &ScreenedRow<'_>,
        hits: &[ScreenedHit],
        withheld: &Withheld,
        query: &Query,
        screener: &Screener,
        describe: impl Fn(u32) -> String,
    ) {
        self.id = row.id().map(str::to_string);
        let records = hits.iter().map(|h| audited(screener, query, &h.hit, h.accepted.map(&describe)));
        let (cleared, hits) = records.partition(|record| record.cleared_by.is_some());
        self.names.push(AuditName {
            column: row.name_column().to_string(),
            name: row.name.to_string(),
            free_text: row.is_free_text(),
            fields: row.fields().map(|(f, t)| (f.to_string(), t.to_string())).collect(),
            identifiers: Vec::new(),
            hits,
            cleared,
            withheld: *withheld,
        });
    }

    /// Adds the reason why the row was rejected.
    pub(crate) fn reject(&mut self, reason: &RejectReason) {
        self.rejected = Some(reason.to_string());
    }

    /// Appends the record as JSON.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        // Writing plain data to memory cannot fail.
        let _ = serde_json::to_writer(out, self);
    }
}

/// The record of a hit with the hash of its entity and its explanation.
pub(super) fn audited(
    screener: &Screener,
    query: &Query,
    hit: &Hit,
    accepted: Option<String>,
) -> HitRecord<'static> {
    let explanation = screener.explain(query, hit);
    let record = HitRecord::new(hit, accepted);
    let mut reasons = explanation.as_ref().map_or(serde_json::Value::Null, |e| reasons(&record, e));
    if let (Some(part), Some(reasons)) = (&hit.query_part, reasons.as_object_mut()) {
        reasons.insert("query_part".into(), part.text.as_str().into());
        reasons.insert("query_span".into(), format!("{}-{}", part.span.start, part.span.end).into());
    }
    HitRecord {
        entity_hash: Some(explanation.map_or(String::new(), |e| e.entity.content_hash())),
        reasons: Some(reasons),
        group: None,
        change: None,
        ..record.into_owned()
    }
}

/// The explanation of a hit as JSON.
fn reasons(hit: &HitRecord<'_>, e: &Explanation) -> serde_json::Value {
    if hit.is_by_identifier() {
        return serde_json::json!({ "identifier": hit.matched_name });
    }
    let words = |name: &AnalysedName, span: Span| {
        let span = &name.tokens()[span.range()];
        span.iter().map(|t| name.text(t)).collect::<Vec<_>>().join(" ")
    };
    let unmatched = |name: &AnalysedName, set: TokenSet| -> Vec<String> {
        let tokens = name.tokens().iter().enumerate();
        tokens.filter(|(i, _)| set.contains(*i)).map(|(_, t)| name.text(t).to_string()).collect()
    };
    let a = &e.alignment;
    let pairs: Vec<_> = a
        .pairs
        .iter()
        .map(|p| {
            serde_json::json!({
                "query": words(&e.query, p.query),
                "listed": words(&e.listed, p.listed),
                "way": p.kind.as_str(),
                "likeness": rounded(p.similarity),
                "weight": rounded(p.weight),
            })
        })
        .collect();
    let fields: Vec<_> = e
        .verdict
        .evidence()
        .map(|f| serde_json::json!({"field": f.field.as_str(), "finding": f.finding.as_str(), "effect": rounded(f.effect)}))
        .collect();
    serde_json::json!({
        "pairs": pairs,
        "only_in_query": unmatched(&e.query, a.unmatched_query),
        "only_in_list": unmatched(&e.listed, a.unmatched_listed),
        "matched": rounded(a.matched),
        "unlike": rounded(a.mismatch),
        "contradiction": rounded(a.contradiction),
        "missing": rounded(a.omission),
        "order": rounded(a.disorder),
        "scarcity": rounded(a.scarcity),
        "name_score": rounded(a.score),
        "fields": fields,
    })
}
