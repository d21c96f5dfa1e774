//! The records of an audit trail.

use crate::batch::{Counts, Found, Identity, Screened};
use crate::score::align::{Span, TokenSet};
use crate::screen::{Explanation, Hit, MatchedBy, Query, Screener};
use serde::{Deserialize, Serialize};

/// The first line.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Header {
    pub audit: u32,
    pub date: String,
    pub configuration_sha256: String,
    /// How the input was read.
    pub layout: String,
    pub columns: String,
    #[serde(flatten)]
    pub identity: Identity,
}

/// A row, screened or rejected.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(super) row: u64,
    pub(super) line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) names: Vec<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rejected: Option<String>,
}

/// A name that was screened.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Name {
    pub column: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<(String, String)>,
    pub hits: Vec<AuditedHit>,
}

/// A hit of a name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct AuditedHit {
    pub score: f64,
    pub list: String,
    pub entity_id: String,
    pub entity_hash: String,
    pub entity_name: String,
    pub matched_name: String,
    pub schema: String,
    pub program: String,
    pub matched_by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<String>,
    pub reasons: serde_json::Value,
}

/// The last line.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct End {
    pub end: Counts,
}

impl Row {
    /// A row of which nothing is known yet.
    pub(crate) fn new(row: u64, line: u64) -> Row {
        Row { row, line, ..Row::default() }
    }

    /// Adds a name with its hits. `query` is that of the name if there are any.
    pub(crate) fn add(
        &mut self,
        screened: &Screened<'_>,
        found: &[Found],
        query: &Query,
        screener: &Screener,
        describe: impl Fn(u32) -> String,
    ) {
        self.id = screened.id().map(str::to_string);
        let hits = found.iter().map(|f| {
            let explained = screener.explain(query, &f.hit);
            AuditedHit::new(&f.hit, explained.as_ref(), f.accepted.map(&describe))
        });
        self.names.push(Name {
            column: screened.name_column().to_string(),
            name: screened.name.to_string(),
            fields: screened.fields().map(|(f, t)| (f.to_string(), t.to_string())).collect(),
            hits: hits.collect(),
        });
    }

    /// Notes why the row was rejected.
    pub(crate) fn reject(&mut self, reason: &str) {
        self.rejected = Some(reason.to_string());
    }

    /// Appends the record as JSON.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        // Writing plain data to memory cannot fail.
        let _ = serde_json::to_writer(out, self);
    }
}

/// A number with as many decimals as count.
fn decimals(value: f32) -> f64 {
    (f64::from(value) * 1e5).round() / 1e5
}

impl AuditedHit {
    fn new(hit: &Hit, explained: Option<&Explanation>, accepted: Option<String>) -> AuditedHit {
        AuditedHit {
            score: decimals(hit.score),
            list: hit.list.clone(),
            entity_id: hit.entity_id.clone(),
            entity_hash: explained.map_or(String::new(), |e| e.entity.content_hash()),
            entity_name: hit.entity_name.clone(),
            matched_name: hit.matched_name.clone(),
            schema: hit.schema.as_str().to_string(),
            program: hit.program(),
            matched_by: hit.matched_by.to_string(),
            accepted,
            reasons: explained.map_or(serde_json::Value::Null, |e| reasons(hit, e)),
        }
    }
}

/// Why a hit scores what it does.
fn reasons(hit: &Hit, e: &Explanation) -> serde_json::Value {
    if hit.matched_by == MatchedBy::Identifier {
        return serde_json::json!({ "identifier": hit.matched_name });
    }
    let words = |name: &crate::name::AnalysedName, span: Span| {
        let span = &name.tokens()[span.range()];
        span.iter().map(|t| name.text(t)).collect::<Vec<_>>().join(" ")
    };
    let left = |name: &crate::name::AnalysedName, set: TokenSet| -> Vec<String> {
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
                "likeness": decimals(p.similarity),
                "weight": decimals(p.weight),
            })
        })
        .collect();
    let fields: Vec<_> = e
        .verdict
        .evidence()
        .map(|f| serde_json::json!({"field": f.field.as_str(), "finding": f.finding.as_str(), "effect": decimals(f.effect)}))
        .collect();
    serde_json::json!({
        "pairs": pairs,
        "only_in_query": left(&e.query, a.unmatched_query),
        "only_in_list": left(&e.listed, a.unmatched_listed),
        "matched": decimals(a.matched),
        "unlike": decimals(a.mismatch),
        "contradiction": decimals(a.contradiction),
        "missing": decimals(a.omission),
        "order": decimals(a.disorder),
        "scarcity": decimals(a.scarcity),
        "name_score": decimals(a.score),
        "fields": fields,
    })
}
