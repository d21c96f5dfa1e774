//! The answer to a query: its hits, and what was withheld.

use super::Hit;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use std::hash::Hash;

/// The answer to a query: its hits, and what rules of their own kept out of them. Nothing is dropped without being
/// counted here.
///
/// # Examples
///
/// ```
/// use interdict::entity::{Date, Entity, Schema};
/// use interdict::screen::Scratch;
/// use interdict::{Index, Query, Screener, list::List};
///
/// let mut entity = Entity::new("7", Schema::Person, "Ivan Petrov");
/// entity.birth_dates.push(Date::parse("1970-03-04").unwrap());
/// let screener = Screener::new(Index::build(&[List::from_entities("own", [entity])?])?);
/// // The very name, with another birth date and as another kind of party.
/// let query = Query::name("Ivan Petrov").schema(Schema::Vessel).birth_date(Date::parse("1999-01-02").unwrap());
/// let outcome = screener.outcome(&query, &mut Scratch::default());
/// assert!(outcome.hits.is_empty());
/// assert_eq!((outcome.withheld.cleared, outcome.cleared[0].entity_id.as_str()), (1, "7"));
/// # Ok::<(), interdict::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// The hits, best first.
    pub hits: Vec<Hit>,
    /// Entities whose name reaches the threshold, and that other fields take below it, best first; of as many parties as
    /// [`Options::limit`](super::Options::limit) allows. [`Hit::cleared_by`] names the fields.
    pub cleared: Vec<Hit>,
    /// What is not among the hits.
    pub withheld: Withheld,
}

impl Outcome {
    /// Whether there is nothing to say of the query.
    pub fn is_empty(&self) -> bool {
        *self == Outcome::default()
    }
}

/// How many entities are not among the hits of a query, by the rule that keeps them out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Withheld {
    /// Hits beyond the limit.
    pub cut: u64,
    /// Entities whose name reaches the threshold, and that other fields take below it.
    pub cleared: u64,
    /// Entities of which only a weak alias reaches the threshold of other names, and weak aliases are left out or have
    /// a threshold of their own.
    pub weak: u64,
}

/// Which hits a limit lets pass, asked in their order: those of the first parties, and every score of 1. Entries of
/// different lists for one party take one place.
#[derive(Debug)]
pub(crate) struct PartyLimit<P> {
    limit: usize,
    parties: FxHashSet<P>,
    /// Hits that did not pass.
    pub(crate) cut: u64,
}

impl<P: Hash + Eq> PartyLimit<P> {
    pub(crate) fn new(limit: usize) -> Self {
        PartyLimit { limit, parties: FxHashSet::default(), cut: 0 }
    }

    /// Whether the next hit passes.
    pub(crate) fn admits(&mut self, party: P, score: f32) -> bool {
        let admitted = score >= 1.0 || self.parties.len() < self.limit || self.parties.contains(&party);
        if admitted {
            self.parties.insert(party);
        } else {
            self.cut += 1;
        }
        admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_counts_parties_and_never_cuts_a_score_of_1() {
        let mut limit = PartyLimit::new(2);
        let hits = [("a", 1.0), ("b", 1.0), ("c", 1.0), ("a", 0.9), ("d", 0.9), ("b", 0.88), ("e", 0.86)];
        let shown: Vec<_> = hits.into_iter().filter(|(party, score)| limit.admits(*party, *score)).collect();
        assert_eq!(shown, [("a", 1.0), ("b", 1.0), ("c", 1.0), ("a", 0.9), ("b", 0.88)]);
        assert_eq!(limit.cut, 2);
    }
}
