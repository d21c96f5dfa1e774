//! A hit as it is written and read back: CSV, JSON Lines, the audit trail, the page of hits, acceptances.
//!
//! [`HitRecord`] is the hit alone, as the audit trail nests it in the record of its row. [`HitLine`] is a
//! line of a file of hits: the record with the row and the columns that were copied from the input. All names
//! of columns and keys, and their order, are defined here.

use super::ScreenedRow;
use crate::screen::{Change, Hit, QueryPart};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;

/// The columns of hits as CSV and the keys of hits as JSON, in their order. Behind them are `change`, in a
/// run against a change of the lists, and [`Columns::extra_columns`](super::Columns::extra_columns).
pub const HIT_COLUMNS: [&str; 11] = [
    "row",
    "query",
    "score",
    "list",
    "entity_id",
    "entity_name",
    "matched_name",
    "schema",
    "program",
    "matched_by",
    "group",
];

/// The column that says which fields take a score below the threshold, which the name alone reaches; there if cleared
/// hits are shown.
pub const CLEARED_BY: &str = "cleared_by";

/// The column with the fields of the counterparty that were compared, as [`ComparedFields`](super::ComparedFields) are
/// written; there if the input has such fields. An acceptance holds them.
pub const COMPARED: &str = "compared";

/// The fields that cleared a hit.
fn cleared_by(hit: &Hit) -> String {
    hit.cleared_by.iter().map(|field| field.as_str().replace(' ', "_")).collect::<Vec<_>>().join(";")
}

/// The columns with the words of a free text that matched, and with their place in it: the bytes from the first to the one
/// behind the last, as `17-35`. There if free text is screened.
pub const QUERY_PART: &str = "query_part";
/// See [`QUERY_PART`].
pub const QUERY_SPAN: &str = "query_span";

/// The column that says by whom a hit was accepted, and why; the last one, if accepted hits are shown.
pub const ACCEPTED: &str = "accepted";

/// A score or weight with the five decimals that are significant.
pub(crate) fn rounded(value: f32) -> f64 {
    (f64::from(value) * 1e5).round() / 1e5
}

/// A hit as files hold it. The order of the fields is the order of the keys of the audit trail.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HitRecord<'a> {
    /// The score in \[0, 1\], with five decimals.
    pub score: f64,
    /// The list's name.
    pub list: Cow<'a, str>,
    /// The entity's id in its list.
    pub entity_id: Cow<'a, str>,
    /// The [content hash](crate::entity::Entity::content_hash) of the entity. In audit trails only, where
    /// every hit has one: `deserialize_with` makes a missing key an error.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "Option::deserialize")]
    pub entity_hash: Option<String>,
    /// The entity's primary name.
    pub entity_name: Cow<'a, str>,
    /// The name that matched best; for a hit by identifier the identifier.
    pub matched_name: Cow<'a, str>,
    /// The entity's schema.
    pub schema: Cow<'a, str>,
    /// Programmes, joined by `;`.
    pub program: Cow<'a, str>,
    /// `name` or `identifier`.
    pub matched_by: Cow<'a, str>,
    /// The party over all lists. Not in audit trails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<Cow<'a, str>>,
    /// `new`, `changed` or `gone`, in a run against a change of the lists. Not in audit trails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Cow<'a, str>>,
    /// The fields that take the score below the threshold, joined by `;`; none for a hit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cleared_by: Option<Cow<'a, str>>,
    /// By whom the hit was accepted, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<String>,
    /// The explanation as JSON. In audit trails only.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "any_value")]
    pub reasons: Option<serde_json::Value>,
}

/// Reads a value that must be there, be it `null`.
fn any_value<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<serde_json::Value>, D::Error> {
    serde_json::Value::deserialize(value).map(Some)
}

impl<'a> HitRecord<'a> {
    /// The record of a hit, without what only audit trails hold.
    pub fn new(hit: &'a Hit, accepted: Option<String>) -> Self {
        HitRecord {
            score: rounded(hit.score),
            list: hit.list.as_str().into(),
            entity_id: hit.entity_id.as_str().into(),
            entity_hash: None,
            entity_name: hit.entity_name.as_str().into(),
            matched_name: hit.matched_name.as_str().into(),
            schema: hit.schema.as_str().into(),
            program: hit.program().into(),
            matched_by: hit.matched_by.as_str().into(),
            group: Some(hit.group.as_str().into()),
            change: hit.change.map(Change::as_str).map(Cow::from),
            cleared_by: (!hit.cleared_by.is_empty()).then(|| cleared_by(hit).into()),
            accepted,
            reasons: None,
        }
    }

    /// The same record with texts of its own.
    pub(crate) fn into_owned(self) -> HitRecord<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        HitRecord {
            score: self.score,
            list: owned(self.list),
            entity_id: owned(self.entity_id),
            entity_hash: self.entity_hash,
            entity_name: owned(self.entity_name),
            matched_name: owned(self.matched_name),
            schema: owned(self.schema),
            program: owned(self.program),
            matched_by: owned(self.matched_by),
            group: self.group.map(owned),
            change: self.change.map(owned),
            cleared_by: self.cleared_by.map(owned),
            accepted: self.accepted,
            reasons: self.reasons,
        }
    }

    /// Whether an identifier matched, so that there is no alignment of names to explain.
    pub(crate) fn is_by_identifier(&self) -> bool {
        self.matched_by == "identifier"
    }
}

/// The value of a column.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Cell<'a> {
    /// A count.
    Number(u64),
    /// A score; five decimals as text.
    Score(f64),
    /// A text.
    Text(&'a str),
}

impl<'a> Cell<'a> {
    /// The value as text.
    pub fn to_text(self) -> Cow<'a, str> {
        match self {
            Cell::Number(n) => n.to_string().into(),
            Cell::Score(score) => format!("{score:.5}").into(),
            Cell::Text(text) => text.into(),
        }
    }
}

/// A line of a file of hits.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct HitLine<'a> {
    /// 1-based record number of the input.
    pub row: u64,
    /// The counterparty's name.
    pub query: Cow<'a, str>,
    /// The hit.
    pub hit: HitRecord<'a>,
    /// The fields of the counterparty that were compared, if the input has such columns.
    pub compared: Option<String>,
    /// The words that matched and their place, if free text is screened: see [`QUERY_PART`].
    pub query_part: Option<(Cow<'a, str>, String)>,
    /// Columns from the input: header and value.
    pub extra: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> HitLine<'a> {
    /// The line of a row's hit.
    pub fn new(row: &ScreenedRow<'a>, hit: &'a Hit, accepted: Option<String>) -> Self {
        let query_part = row.is_free_text().then(|| {
            let place = |part: &'a QueryPart| {
                (part.text.as_str().into(), format!("{}-{}", part.span.start, part.span.end))
            };
            hit.query_part.as_ref().map(place).unwrap_or_default()
        });
        let hit = HitRecord::new(hit, accepted);
        let extra = row.extra_columns().map(|(header, value)| (header.into(), value.into())).collect();
        HitLine { row: row.row, query: row.name.into(), hit, compared: row.compared(), query_part, extra }
    }

    /// A line read back by its columns: those that identify a hit, its entity's name, and the row's own id.
    /// The error is the name of a column that is missing or cannot be read.
    pub(crate) fn from_columns(
        column: impl Fn(&str) -> Option<String>,
    ) -> Result<HitLine<'static>, &'static str> {
        let required = |name| column(name).ok_or(name);
        let row = required("row")?.parse().map_err(|_| "row")?;
        let query = required("query")?.into();
        let hit = HitRecord {
            list: required("list")?.into(),
            entity_id: required("entity_id")?.into(),
            entity_name: column("entity_name").unwrap_or_default().into(),
            score: column("score").and_then(|score| score.parse().ok()).unwrap_or_default(),
            matched_name: column("matched_name").unwrap_or_default().into(),
            matched_by: column("matched_by").unwrap_or_default().into(),
            ..HitRecord::default()
        };
        let extra = column("id").map(|id| ("id".into(), id.into())).into_iter().collect();
        Ok(HitLine { row, query, hit, compared: column(COMPARED), query_part: None, extra })
    }

    /// The row's own id, if the line has one.
    pub fn id(&self) -> Option<&str> {
        self.extra.iter().find(|(header, _)| header == "id").map(|(_, id)| &**id)
    }

    /// The values of [`HIT_COLUMNS`].
    pub fn cells(&self) -> [Cell<'_>; HIT_COLUMNS.len()] {
        let hit = &self.hit;
        [
            Cell::Number(self.row),
            Cell::Text(&self.query),
            Cell::Score(hit.score),
            Cell::Text(&hit.list),
            Cell::Text(&hit.entity_id),
            Cell::Text(&hit.entity_name),
            Cell::Text(&hit.matched_name),
            Cell::Text(&hit.schema),
            Cell::Text(&hit.program),
            Cell::Text(&hit.matched_by),
            Cell::Text(hit.group.as_deref().unwrap_or_default()),
        ]
    }
}

/// One object with the keys of the CSV's columns.
impl Serialize for HitLine<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (column, cell) in HIT_COLUMNS.iter().zip(self.cells()) {
            map.serialize_entry(column, &cell)?;
        }
        if let Some(change) = &self.hit.change {
            map.serialize_entry("change", change)?;
        }
        if let Some(fields) = &self.hit.cleared_by {
            map.serialize_entry(CLEARED_BY, fields)?;
        }
        if let Some(compared) = &self.compared {
            map.serialize_entry(COMPARED, compared)?;
        }
        if let Some((part, span)) = &self.query_part {
            map.serialize_entry(QUERY_PART, part)?;
            map.serialize_entry(QUERY_SPAN, span)?;
        }
        for (header, value) in &self.extra {
            map.serialize_entry(header, value)?;
        }
        if let Some(accepted) = &self.hit.accepted {
            map.serialize_entry(ACCEPTED, accepted)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> HitRecord<'static> {
        HitRecord {
            score: 0.9,
            list: "sdn".into(),
            entity_id: "12".into(),
            entity_name: "X".into(),
            matched_name: "Y".into(),
            schema: "Company".into(),
            program: "P".into(),
            matched_by: "name".into(),
            ..HitRecord::default()
        }
    }

    #[test]
    fn a_line_has_the_columns_in_their_order() {
        let accepted = Some("by J. Doe".to_string());
        let hit =
            HitRecord { change: Some("new".into()), group: Some("sdn:12".into()), accepted, ..record() };
        let extra = vec![("id".into(), "c-1".into())];
        let line = HitLine { row: 7, query: "x".into(), hit, compared: None, query_part: None, extra };
        assert_eq!(
            serde_json::to_string(&line).unwrap(),
            "{\"row\":7,\"query\":\"x\",\"score\":0.9,\"list\":\"sdn\",\"entity_id\":\"12\",\"entity_name\":\"X\",\
             \"matched_name\":\"Y\",\"schema\":\"Company\",\"program\":\"P\",\"matched_by\":\"name\",\
             \"group\":\"sdn:12\",\"change\":\"new\",\"id\":\"c-1\",\"accepted\":\"by J. Doe\"}"
        );
        assert_eq!(line.cells()[2].to_text(), "0.90000");
        assert_eq!(line.id(), Some("c-1"));
    }

    #[test]
    fn an_audited_hit_has_its_keys_in_their_order_and_lacks_none() {
        let reasons = Some(serde_json::Value::Null);
        let hit = HitRecord { entity_hash: Some("h".into()), reasons, ..record() };
        let text = serde_json::to_string(&hit).unwrap();
        assert_eq!(
            text,
            "{\"score\":0.9,\"list\":\"sdn\",\"entity_id\":\"12\",\"entity_hash\":\"h\",\"entity_name\":\"X\",\
             \"matched_name\":\"Y\",\"schema\":\"Company\",\"program\":\"P\",\"matched_by\":\"name\",\"reasons\":null}"
        );
        assert_eq!(serde_json::from_str::<HitRecord<'_>>(&text).unwrap(), hit);
        let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
        for key in object.keys() {
            let mut lacking = object.clone();
            lacking.remove(key);
            let lacking = serde_json::Value::Object(lacking);
            assert!(serde_json::from_value::<HitRecord<'_>>(lacking).is_err(), "{key}");
        }
    }
}
