//! What the page's script is given: hits and entities as JSON.

use super::Row;
use super::marks::{spans, utf16};
use crate::entity::{AliasStrength, Entity, Gender, NameKind};
use crate::name::{AnalysedName, Token};
use crate::score::align::{Span, TokenSet};
use crate::screen::{Explanation, Hit, MatchedBy, Screener};
use serde::Serialize;

/// One hit and why.
#[derive(Serialize)]
pub(super) struct HitData<'a> {
    row: u64,
    query: &'a str,
    score: f64,
    matched: &'a str,
    by: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    /// The party over all lists, by the smallest `list:id` of its entries.
    group: &'a str,
    /// New, changed or gone, in a run against a change.
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<&'a str>,
    /// The fields of the query that were compared: label and values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<(&'static str, Vec<String>)>,
    /// Other columns of the row: header and value.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    columns: &'a [(&'a str, &'a str)],
    #[serde(flatten)]
    why: Option<Why>,
}

/// The alignment of the two names.
#[derive(Serialize)]
struct Why {
    /// Query's token, list's token, way, likeness, weight, what it is.
    pairs: Vec<(String, String, &'static str, f32, f32, &'static str)>,
    /// Tokens left over: text, what it is, weight.
    only_query: Vec<(String, &'static str, f32)>,
    only_list: Vec<(String, &'static str, f32)>,
    /// Matched; lost by unlike pairs, contradiction, omission, order; by how much losses counted more; the name's
    /// score before the fields.
    sums: [f32; 7],
    /// Field, finding, effect.
    evidence: Vec<(&'static str, &'static str, f32)>,
    /// Parts of the query to mark: from, to (UTF-16 units), number of the pair.
    marks_query: Vec<[usize; 3]>,
    marks_list: Vec<[usize; 3]>,
}

impl<'a> HitData<'a> {
    pub fn new(screener: &Screener, row: &'a Row<'a>, hit: &'a Hit, accepted: Option<&'a str>) -> Self {
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
        let why = match hit.matched_by {
            MatchedBy::Name => screener.explain(q, hit).map(|e| Why::new(&e, &q.name, &hit.matched_name)),
            MatchedBy::Identifier => None,
        };
        HitData {
            row: row.row,
            query: &q.name,
            score: (f64::from(hit.score) * 1e5).round() / 1e5,
            matched: &hit.matched_name,
            by: hit.matched_by.as_str(),
            id: row.id,
            group: &hit.group,
            change: hit.change.map(crate::screen::Change::as_str),
            accepted,
            fields: fields
                .into_iter()
                .filter(|(label, v)| !v.is_empty() && (*label != "schema" || v[0] != "Unknown"))
                .collect(),
            columns: &row.columns,
            why,
        }
    }
}

impl Why {
    fn new(e: &Explanation, query: &str, listed: &str) -> Why {
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
        Why {
            pairs: a
                .pairs
                .iter()
                .map(|p| {
                    let tag = e.listed.tokens()[usize::from(p.listed.first)].tag.as_str();
                    let way = p.kind.as_str();
                    (
                        run(&e.query, p.query),
                        run(&e.listed, p.listed),
                        way,
                        rounded(p.similarity),
                        rounded(p.weight),
                        tag,
                    )
                })
                .collect(),
            only_query: left(&e.query, a.unmatched_query),
            only_list: left(&e.listed, a.unmatched_listed),
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

fn run(name: &AnalysedName, span: Span) -> String {
    let tokens = &name.tokens()[span.range()];
    tokens.iter().map(|t| shown(name, t)).collect::<Vec<_>>().join(" + ")
}

fn left(name: &AnalysedName, set: TokenSet) -> Vec<(String, &'static str, f32)> {
    let tokens = name.tokens().iter().enumerate().filter(|(i, _)| set.contains(*i));
    tokens.map(|(_, t)| (shown(name, t), t.tag.as_str(), rounded(t.weight))).collect()
}

fn gender(gender: Gender) -> &'static str {
    match gender {
        Gender::Female => "female",
        Gender::Male => "male",
    }
}

/// A listed entity: what its list says of it.
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
