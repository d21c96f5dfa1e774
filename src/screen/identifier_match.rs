//! Hits by identifier: the listed entities that share a number with the query.

use super::{Query, Screener};
use crate::entity::{Entity, Identifier};
use crate::score::identifiers::{Agreement, compare};

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

/// The pair of identifiers with the highest score; of equal ones the first in the order of the query, then of the
/// list.
pub(super) fn best_match(query: &Query, entity: &Entity) -> Option<IdentifierMatch> {
    let mut best: Option<IdentifierMatch> = None;
    for own in &query.identifiers {
        for listed in &entity.identifiers {
            if let Some(agreement) = compare(own, listed, &query.countries)
                && best.as_ref().is_none_or(|b| agreement.score > b.agreement.score)
            {
                best = Some(IdentifierMatch { query: own.clone(), listed: listed.clone(), agreement });
            }
        }
    }
    best
}

impl Screener {
    /// Calls `each` with every entity that shares an identifier with the query, and the score of its best match.
    pub(super) fn for_each_identifier_match(&self, query: &Query, mut each: impl FnMut(u32, f32)) {
        if query.identifiers.is_empty() {
            return;
        }
        let mut compare = |number: u32| {
            let found = self.index.entity(number).and_then(|(entity, _)| best_match(query, &entity));
            if let Some(found) = found {
                each(number, found.agreement.score);
            }
        };
        if self.options.exhaustive {
            return (0..self.index.entities() as u32).for_each(compare);
        }
        // Numbers of different kinds share keys, so what the index finds by key is compared again.
        let mut holders: Vec<u32> = Vec::new();
        for identifier in &query.identifiers {
            for key in identifier.keys() {
                holders.extend(self.index.entities_with_identifier(&key));
            }
        }
        holders.sort_unstable();
        holders.dedup();
        holders.into_iter().for_each(&mut compare);
    }
}
