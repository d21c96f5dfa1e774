//! A hit: a listed entity that a query matched.

use super::query::part_of;
use super::{Change, Query, Screener, identifier_match};
use crate::entity::Schema;
use crate::name::parts::PartKind;
use crate::score::fields::{ComparedField, FieldSet};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// A listed entity that a query matched, with the text that a reviewer needs.
///
/// # Examples
///
/// ```
/// use interdict::{Index, Query, Screener, list, screen::MatchedBy};
///
/// let screener = Screener::new(Index::build(&[list::starter()])?);
/// let hit = screener.screen(&Query::name("Lazarus Grop")).remove(0);
/// assert_eq!(hit.entity_name, "LAZARUS GROUP");
/// assert_eq!(hit.matched_by, MatchedBy::Name);
/// assert!(hit.score > 0.85 && hit.score < 1.0);
/// # Ok::<(), interdict::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Hit {
    /// The score in \[0, 1\], rounded to five decimals.
    pub score: f32,
    /// The list's name.
    pub list: String,
    /// The entity's id in its list.
    pub entity_id: String,
    /// The entity's primary name.
    pub entity_name: String,
    /// The listed name that scores best; for a hit by identifier, the kind and value of the listed identifier.
    pub matched_name: String,
    /// The kind of party that the entity is.
    pub schema: Schema,
    /// Sanctions programmes of the entity.
    pub programs: Vec<String>,
    /// Whether the name or an identifier matched.
    pub matched_by: MatchedBy,
    /// Whether the list marks the matched name as a weak alias.
    pub weak: bool,
    /// Number of the entity in the index, for [`Index::entity`](crate::Index::entity). Another build of the index
    /// may number entities differently.
    pub entity: u32,
    /// The party across all lists, named by the smallest `list:id` of its entries: see
    /// [`Index::group`](crate::Index::group).
    pub group: String,
    /// The part of the query's name that matched, if it was not the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query_part: Option<QueryPart>,
    /// The fields that take the score below the threshold, which the name alone reaches; empty for a hit. See
    /// [`Outcome::cleared`](super::Outcome::cleared).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cleared_by: Vec<ComparedField>,
    /// What happened to the hit between two publications; `Some` only with [`Screener::for_changes`].
    pub change: Option<Change>,
}

/// A name within the name of a query: "X" of "X (formerly Y)", or a name within free text. A name in Han characters without
/// blanks is a part of itself where another surname than the usual one is set apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct QueryPart {
    /// The part as written; of a name in Han characters with the surname set apart.
    pub text: String,
    /// Where it stands in the query's name, in bytes.
    pub span: Range<usize>,
    /// Whether a word beside it says that it is the name of a ship: "MV X". Only a ship of that very name is a hit then.
    pub ship: bool,
}

impl Hit {
    /// The programmes joined by `;`, as the CSV output has them.
    pub fn program(&self) -> String {
        self.programs.join(";")
    }
}

/// The part of the query's name that matched, if it was not the whole.
fn query_part(query: &Query, part: HitPart) -> Option<QueryPart> {
    match part {
        HitPart::Whole => None,
        HitPart::Part(number) => part_of(query, number).map(|part| {
            let start = part.text.as_ptr() as usize - query.name.as_ptr() as usize;
            let span = start..start + part.text.len();
            QueryPart { text: part.analysed_text().into_owned(), span, ship: part.kind == PartKind::Ship }
        }),
        HitPart::Text { start, end } => {
            let span = start as usize..end as usize;
            let text = query.name.get(span.clone()).unwrap_or_default().to_string();
            Some(QueryPart { text, span, ship: false })
        }
    }
}

/// What a hit is based on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum MatchedBy {
    /// A listed name.
    Name,
    /// A listed identifier.
    Identifier,
}

impl MatchedBy {
    /// The word in the column `matched_by`: `name` or `identifier`.
    pub fn as_str(self) -> &'static str {
        match self {
            MatchedBy::Name => "name",
            MatchedBy::Identifier => "identifier",
        }
    }
}

impl fmt::Display for MatchedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for MatchedBy {
    type Err = crate::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "name" => Ok(MatchedBy::Name),
            "identifier" => Ok(MatchedBy::Identifier),
            other => Err(crate::Error::malformed(format!("'{other}' is neither 'name' nor 'identifier'"))),
        }
    }
}

/// Which part of a query's name matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HitPart {
    Whole,
    /// The part with this number, counted from 1: see [`for_each_part`](crate::name::parts::for_each_part).
    Part(u16),
    /// Words of a free text, in bytes of it.
    Text {
        start: u32,
        end: u32,
    },
}

/// A hit as numbers, without its texts.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct RawHit {
    /// The score in \[0, 1\], rounded to five decimals.
    pub score: f32,
    /// Number of the entity in the index.
    pub entity: u32,
    /// Number of the name in the index; `u32::MAX` for a hit by identifier.
    pub name: u32,
    /// The part of the query's name that matched.
    pub(super) part: HitPart,
    /// The fields that take it below the threshold.
    pub(super) cleared_by: FieldSet,
}

impl Screener {
    /// Reads the texts of a hit from the index.
    pub(super) fn hit(&self, query: &Query, raw: &RawHit) -> Option<Hit> {
        let (entity, version) = self.index.entity(raw.entity)?;
        let record = self.index.name_records().get(raw.name as usize);
        let (matched_name, matched_by) = match record {
            Some(record) => (self.index.name_text(record).to_string(), MatchedBy::Name),
            None => {
                let shared = identifier_match::best_match(query, &entity).map(|i| i.listed);
                let text = shared.map_or(String::new(), |i| format!("{} {}", i.kind.as_str(), i.value));
                (text, MatchedBy::Identifier)
            }
        };
        let entity_name = entity.primary_name().to_string();
        Some(Hit {
            score: raw.score,
            list: version.name.clone(),
            entity_id: entity.id,
            entity_name,
            matched_name,
            schema: entity.schema,
            programs: entity.programs,
            matched_by,
            weak: record.is_some_and(|r| r.weak != 0),
            query_part: query_part(query, raw.part),
            entity: raw.entity,
            group: match &self.delta {
                None => self.index.group(raw.entity).unwrap_or_default(),
                Some(delta) => delta.group(raw.entity),
            },
            cleared_by: raw.cleared_by.fields().collect(),
            change: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hit_survives_json() {
        let screener = Screener::new(crate::Index::build(&[crate::list::starter()]).unwrap());
        let hits = screener.screen(&Query::name("Integrity Technology Group"));
        let text = serde_json::to_string(&hits).unwrap();
        assert!(text.contains(r#""matched_by":"name""#), "{text}");
        assert_eq!(serde_json::from_str::<Vec<Hit>>(&text).unwrap(), hits);
    }

    #[test]
    fn what_matched_is_read_as_it_is_shown() {
        for by in [MatchedBy::Name, MatchedBy::Identifier] {
            assert_eq!(by.to_string().parse::<MatchedBy>().unwrap(), by);
        }
        assert!("alias".parse::<MatchedBy>().is_err());
    }
}
