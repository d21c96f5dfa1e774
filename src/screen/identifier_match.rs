//! Hits by identifier: the listed entities that share a number with the query.

use super::hit::HitPart;
use super::text::identifiers::identifiers_in;
use super::{Query, Screener};
use crate::entity::{Entity, Identifier};
use crate::score::identifiers::{Agreement, compare};
use std::borrow::Cow;
use std::ops::Range;

/// An identifier of a query, an equal listed one, and the score of their equality.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct IdentifierMatch {
    /// The query's.
    pub query: Identifier,
    /// The listed entity's.
    pub listed: Identifier,
    /// The result of their comparison.
    pub agreement: Agreement,
}

/// The identifiers of a query, with the part of its name that each stands in: those told, and those within free text.
fn identifiers_of(query: &Query) -> Cow<'_, [(Identifier, HitPart)]> {
    if query.identifiers.is_empty() && !query.free_text {
        return Cow::Borrowed(&[]);
    }
    let mut all: Vec<_> = query.identifiers.iter().map(|i| (i.clone(), HitPart::Whole)).collect();
    if query.free_text {
        let part = |place: Range<usize>| HitPart::Text { start: place.start as u32, end: place.end as u32 };
        all.extend(
            identifiers_in(&query.name).into_iter().map(|(identifier, place)| (identifier, part(place))),
        );
    }
    Cow::Owned(all)
}

/// The pair of identifiers with the highest score; of equal ones the first in the order of the query, then of the
/// list.
pub(super) fn best_match(query: &Query, entity: &Entity) -> Option<IdentifierMatch> {
    best_of(&identifiers_of(query), query, entity).map(|(best, _)| best)
}

fn best_of(
    identifiers: &[(Identifier, HitPart)],
    query: &Query,
    entity: &Entity,
) -> Option<(IdentifierMatch, HitPart)> {
    let mut best: Option<(IdentifierMatch, HitPart)> = None;
    for (own, part) in identifiers {
        for listed in &entity.identifiers {
            if let Some(agreement) = compare(own, listed, &query.countries)
                && best.as_ref().is_none_or(|(b, _)| agreement.score > b.agreement.score)
            {
                let found = IdentifierMatch { query: own.clone(), listed: listed.clone(), agreement };
                best = Some((found, *part));
            }
        }
    }
    best
}

impl Screener {
    /// Calls `each` with every entity that shares an identifier with the query, the score of its best match, and where
    /// that stands.
    pub(super) fn for_each_identifier_match(&self, query: &Query, mut each: impl FnMut(u32, f32, HitPart)) {
        let identifiers = identifiers_of(query);
        if identifiers.is_empty() {
            return;
        }
        let mut compare = |number: u32| {
            let entity = self.index.entity(number);
            let found = entity.and_then(|(entity, _)| best_of(&identifiers, query, &entity));
            if let Some((found, part)) = found {
                each(number, found.agreement.score, part);
            }
        };
        if self.options.exhaustive {
            return (0..self.index.entities() as u32).for_each(compare);
        }
        // Numbers of different kinds share keys, so what the index finds by key is compared again.
        let mut holders: Vec<u32> = Vec::new();
        for (identifier, _) in &*identifiers {
            for key in identifier.keys() {
                holders.extend(self.index.entities_with_identifier(&key));
            }
        }
        holders.sort_unstable();
        holders.dedup();
        holders.into_iter().for_each(&mut compare);
    }
}
