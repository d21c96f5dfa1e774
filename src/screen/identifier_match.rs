//! Hits by identifier: which listed entities carry a number of the query, and how much that says.

use super::{Query, Screener};
use crate::entity::{Entity, Identifier};
use crate::score::identifiers::{Agreement, compare};

/// An identifier of a query, a listed one, and what their equality says.
#[derive(Clone, Debug, PartialEq)]
pub struct IdentifierMatch {
    /// The query's.
    pub query: Identifier,
    /// The listed entity's.
    pub listed: Identifier,
    /// How they stand to each other.
    pub agreement: Agreement,
}

/// The pair of identifiers that says most; of equals the first in the order of the query, then of the list.
pub(super) fn best_match(query: &Query, entity: &Entity) -> Option<IdentifierMatch> {
    let mut best_match: Option<IdentifierMatch> = None;
    for own in &query.identifiers {
        for listed in &entity.identifiers {
            let found = compare(own, listed, &query.countries);
            if let Some(agreement) = found
                && best_match.as_ref().is_none_or(|b| agreement.score > b.agreement.score)
            {
                best_match = Some(IdentifierMatch { query: own.clone(), listed: listed.clone(), agreement });
            }
        }
    }
    best_match
}

impl Screener {
    /// Calls `each` with every entity that shares an identifier with the query, and the score of the best.
    pub(super) fn for_each_identifier_match(&self, query: &Query, mut each: impl FnMut(u32, f32)) {
        let mut look = |number: u32| {
            let found = self.index.entity(number).and_then(|(entity, _)| best_match(query, &entity));
            if let Some(found) = found {
                each(number, found.agreement.score);
            }
        };
        if query.identifiers.is_empty() {
            return;
        }
        if self.options.exhaustive {
            return (0..self.index.entities() as u32).for_each(look);
        }
        // The index is asked by key; what it gives is compared again, for numbers of different kinds share keys.
        let mut holders: Vec<u32> = Vec::new();
        for identifier in &query.identifiers {
            for key in identifier.keys() {
                holders.extend(self.index.entities_with_identifier(&key));
            }
        }
        holders.sort_unstable();
        holders.dedup();
        holders.into_iter().for_each(&mut look);
    }
}
