//! Entities checked by hand: what is wanted of one.

use interdict::entity::{Entity, Schema};
use interdict::list::List;

/// What an entity must hold; each text in the list of its kind.
pub struct Wanted<'a> {
    pub id: &'a str,
    pub schema: Schema,
    /// The primary name first; the others in any order, each of them must be there.
    pub names: &'a [&'a str],
    /// Birth dates, programmes, identifiers as "kind value", listing date, countries.
    pub facts: &'a [&'a str],
}

fn facts(e: &Entity) -> Vec<String> {
    let dates = e.birth_dates.iter().map(|d| format!("born {d}"));
    let programs = e.programs.iter().map(|p| format!("program {p}"));
    let identifiers = e.identifiers.iter().map(|i| format!("{} {}", i.kind.as_str(), i.value));
    let listed = e.listed_on.iter().map(|d| format!("listed {d}"));
    let countries = e.countries.iter().map(|c| format!("country {c}"));
    let gender = e.gender.iter().map(|g| format!("gender {g:?}"));
    dates.chain(programs).chain(identifiers).chain(listed).chain(countries).chain(gender).collect()
}

/// Holds the entities of a list to what is wanted.
pub fn check(list: &List, wanted: &[Wanted<'_>]) {
    for w in wanted {
        let by_id = list.entities.iter().find(|e| e.id == w.id);
        // Ids derived from the content are told by the name.
        let found = by_id
            .or_else(|| list.entities.iter().find(|e| w.id.is_empty() && e.primary_name() == w.names[0]));
        let Some(e) = found else { panic!("{} {} is not in {}", w.id, w.names[0], list.version.name) };
        assert_eq!(e.schema, w.schema, "{}", w.names[0]);
        assert_eq!(e.primary_name(), w.names[0]);
        for name in w.names {
            assert!(
                e.names.iter().any(|n| n.text == *name),
                "{name} is no name of {}: {:?}",
                w.names[0],
                e.names
            );
        }
        let facts = facts(e);
        for fact in w.facts {
            assert!(facts.iter().any(|f| f == fact), "{fact} is no fact of {}: {facts:?}", w.names[0]);
        }
    }
}
