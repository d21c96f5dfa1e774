//! The data of the page's script: hits and entities as JSON.

use super::ReportRow;
use super::highlight::{spans, utf16};
use crate::entity::{AliasStrength, Entity, Gender, NameKind};
use crate::name::{AnalysedName, Token};
use crate::run::HitRecord;
use crate::score::align::{Span, TokenSet};
use crate::screen::{Explanation, Hit, Screener};
use serde::Serialize;
use std::borrow::Cow;

/// A hit and its explanation: a [`HitRecord`] under the short keys of the script, without its entity, which
/// the page holds once for all its hits.
#[derive(Serialize)]
pub(super) struct HitData<'a> {
    row: u64,
    query: &'a str,
    score: f64,
    matched: Cow<'a, str>,
    by: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    /// The party over all lists, by the smallest `list:id` of its entries.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<Cow<'a, str>>,
    /// New, changed or gone, in a run against a change of the lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<Cow<'a, str>>,
    /// The fields that take the score below the threshold.
    #[serde(skip_serializing_if = "Option::is_none")]
    cleared: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<String>,
    /// The fields of the query that were compared: label and values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<(&'static str, Vec<String>)>,
    /// Other columns of the row: header and value.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    columns: &'a [(&'a str, &'a str)],
    #[serde(flatten)]
    alignment: Option<AlignmentData>,
}

/// The alignment of the two names.
#[derive(Serialize)]
struct AlignmentData {
    /// Token of the query, token of the list, kind of match, similarity, weight, tag.
    pairs: Vec<(String, String, &'static str, f32, f32, &'static str)>,
    /// Unmatched tokens: text, tag, weight.
    only_query: Vec<(String, &'static str, f32)>,
    only_list: Vec<(String, &'static str, f32)>,
    /// Matched; lost by dissimilar pairs, contradiction, omission, order; the factor of scarcity; the score
    /// of the names before the other fields.
    sums: [f32; 7],
    /// Field, finding, effect.
    evidence: Vec<(&'static str, &'static str, f32)>,
    /// Parts of the query to highlight: from, to (UTF-16 units), number of the pair.
    marks_query: Vec<[usize; 3]>,
    marks_list: Vec<[usize; 3]>,
}

impl<'a> HitData<'a> {
    pub fn new(screener: &Screener, row: &'a ReportRow<'a>, hit: &'a Hit, accepted: Option<&str>) -> Self {
        let record = HitRecord::new(hit, accepted.map(String::from));
        let q = row.query;
        let gender = q.gender.map(gender);
        let fields = [
            ("born", q.birth_dates.iter().map(ToString::to_string).collect::<Vec<_>>()),
            ("country", q.countries.clone()),
            ("gender", gender.into_iter().map(String::from).collect()),
            ("schema", vec![q.schema.as_str().to_string()]),
            (
                "identifier",
                q.identifiers.iter().map(|i| format!("{} {}", i.kind.as_str(), i.value)).collect(),
            ),
        ];
        let alignment = match record.is_by_identifier() {
            false => screener.explain(q, hit).map(|e| AlignmentData::new(&e, &q.name, &hit.matched_name)),
            true => None,
        };
        HitData {
            row: row.row,
            query: &q.name,
            score: record.score,
            matched: record.matched_name,
            by: record.matched_by,
            id: row.id,
            group: record.group,
            change: record.change,
            cleared: record.cleared_by,
            accepted: record.accepted,
            fields: fields
                .into_iter()
                .filter(|(label, v)| !v.is_empty() && (*label != "schema" || v[0] != "Unknown"))
                .collect(),
            columns: &row.columns,
            alignment,
        }
    }
}

impl AlignmentData {
    fn new(e: &Explanation, query: &str, listed: &str) -> AlignmentData {
        let a = &e.alignment;
        let places = [spans(query, &e.query), spans(listed, &e.listed)];
        let mut marks = [Vec::new(), Vec::new()];
        for (number, pair) in a.pairs.iter().enumerate() {
            for (side, (text, span)) in [(query, pair.query), (listed, pair.listed)].into_iter().enumerate() {
                for token in span.range() {
                    if let Some(range) = places[side].get(token).and_then(Option::as_ref) {
                        let [from, to] = utf16(text, range);
                        marks[side].push([from, to, number]);
                    }
                }
            }
        }
        marks.iter_mut().for_each(|m| m.sort_unstable());
        let [marks_query, marks_list] = marks;
        AlignmentData {
            pairs: a
                .pairs
                .iter()
                .map(|p| {
                    let tag = e.listed.tokens()[usize::from(p.listed.first)].tag.as_str();
                    (
                        span_text(&e.query, p.query),
                        span_text(&e.listed, p.listed),
                        p.kind.as_str(),
                        rounded(p.similarity),
                        rounded(p.weight),
                        tag,
                    )
                })
                .collect(),
            only_query: unmatched(&e.query, a.unmatched_query),
            only_list: unmatched(&e.listed, a.unmatched_listed),
            sums: [a.matched, a.mismatch, a.contradiction, a.omission, a.disorder, a.scarcity, a.score]
                .map(rounded),
            evidence: e
                .verdict
                .evidence()
                .map(|e| (e.field.as_str(), e.finding.as_str(), e.effect))
                .collect(),
            marks_query,
            marks_list,
        }
    }
}

/// Four decimals are enough for a page.
fn rounded(x: f32) -> f32 {
    (x * 1e4).round() / 1e4
}

fn shown(name: &AnalysedName, token: &Token) -> String {
    match (name.text(token), name.latin(token)) {
        (text, latin) if text == latin || latin.is_empty() => text.to_string(),
        (text, latin) => format!("{text} ({latin})"),
    }
}

fn span_text(name: &AnalysedName, span: Span) -> String {
    let tokens = &name.tokens()[span.range()];
    tokens.iter().map(|t| shown(name, t)).collect::<Vec<_>>().join(" + ")
}

fn unmatched(name: &AnalysedName, set: TokenSet) -> Vec<(String, &'static str, f32)> {
    let tokens = name.tokens().iter().enumerate().filter(|(i, _)| set.contains(*i));
    tokens.map(|(_, t)| (shown(name, t), t.tag.as_str(), rounded(t.weight))).collect()
}

fn gender(gender: Gender) -> &'static str {
    match gender {
        Gender::Female => "female",
        Gender::Male => "male",
    }
}

/// A listed entity.
#[derive(Serialize)]
pub(super) struct EntityData<'a> {
    list: usize,
    id: &'a str,
    schema: &'a str,
    /// Text and what kind of name it is, the primary one first.
    names: Vec<(&'a str, &'static str)>,
    /// Label and values, in the order shown; those without values are left out.
    facts: Vec<(&'static str, Vec<String>)>,
    countries: &'a [String],
    programs: &'a [String],
    /// Kind, value, country, the form in which they are compared.
    identifiers: Vec<(&'a str, &'a str, Option<&'a str>)>,
}

impl<'a> EntityData<'a> {
    pub fn new(list: usize, e: &'a Entity) -> Self {
        let one = |value: Option<String>| value.into_iter().filter(|v| !v.is_empty()).collect::<Vec<_>>();
        let born = if e.schema == crate::entity::Schema::Person { "born" } else { "founded" };
        let facts = [
            (born, e.birth_dates.iter().map(ToString::to_string).collect()),
            ("place of birth", e.birth_places.clone()),
            ("gender", one(e.gender.map(gender).map(String::from))),
            ("addresses", e.addresses.clone()),
            ("listed on", one(e.listed_on.map(|d| d.to_string()))),
            ("remarks", one(Some(e.remarks.clone()))),
        ];
        EntityData {
            list,
            id: &e.id,
            schema: e.schema.as_str(),
            names: e
                .names
                .iter()
                .map(|n| {
                    let kind = match (n.kind, n.strength) {
                        (NameKind::Primary, _) => "primary",
                        (NameKind::Former, _) => "former",
                        (_, AliasStrength::Weak) => "weak alias",
                        _ => "alias",
                    };
                    (n.text.as_str(), kind)
                })
                .collect(),
            facts: facts.into_iter().filter(|(_, v): &(_, Vec<String>)| !v.is_empty()).collect(),
            countries: &e.countries,
            programs: &e.programs,
            identifiers: e
                .identifiers
                .iter()
                .map(|i| (i.kind.as_str(), i.value.as_str(), i.country.as_deref()))
                .collect(),
        }
    }
}
