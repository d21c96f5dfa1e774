//! `GET /entities/{id}` and what is next to an entity: its sanctions and addresses.

use super::entity::{entity_of, nested_of};
use super::schema;
use crate::parties::{Parties, Party};
use serde_json::{Map, Value, json};

/// What an id leads to.
#[derive(Debug)]
pub enum Found<'a> {
    /// A party by its canonical id.
    Party(Party<'a>),
    /// A sanction or an address of a party.
    Nested(Value),
    /// A party by another of its ids; this is the canonical one.
    Referent(String),
    /// Nothing.
    Nothing,
}

/// Looks an id up.
pub fn find<'a>(parties: Parties<'a>, id: &str) -> Found<'a> {
    if let Some(party) = parties.find(id).and_then(|number| Some((number, parties.party(number)?))) {
        let (number, party) = party;
        let canonical = party.id();
        return match party.entries[0].number == number && canonical == id {
            true => Found::Party(party),
            false => Found::Referent(canonical),
        };
    }
    let parent = id.rsplit_once('~').and_then(|(parent, _)| parties.find(parent));
    let Some(party) = parent.and_then(|number| parties.party(number)) else { return Found::Nothing };
    let mut nested = nested_of(&party).into_iter().flat_map(|(_, entities)| entities);
    nested.find(|entity| entity["id"] == id).map_or(Found::Nothing, Found::Nested)
}

/// The entities next to a party, a page of each property.
pub fn adjacent(party: &Party<'_>, limit: usize, offset: usize) -> Value {
    let pages = nested_of(party).into_iter().filter(|(_, entities)| !entities.is_empty());
    let adjacent: Map<String, Value> =
        pages.map(|(property, entities)| (property.to_string(), page(&entities, limit, offset))).collect();
    json!({"entity": entity_of(party, false), "adjacent": adjacent})
}

/// The entities of one property; `None` if there is no such property of entities.
pub fn adjacent_by(party: &Party<'_>, property: &str, limit: usize, offset: usize) -> Option<Value> {
    schema::property(property).filter(|property| property.kind == "entity")?;
    let entities =
        nested_of(party).into_iter().find(|(name, _)| *name == property).map(|(_, entities)| entities);
    Some(page(&entities.unwrap_or_default(), limit, offset))
}

fn page(entities: &[Value], limit: usize, offset: usize) -> Value {
    let results: Vec<&Value> = entities.iter().skip(offset).take(limit).collect();
    json!({
        "results": results, "total": {"value": entities.len(), "relation": "eq"}, "limit": limit, "offset": offset,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Directory;
    use interdict::{Index, list};

    #[test]
    fn every_id_in_an_answer_leads_somewhere() {
        let us = "id,name,imo,program,address\n11,LADY ROSALIND,9253325,SDGT,Piraeus\n";
        let uk = "id,name,imo\nA2,Lady Rosalind,IMO 9253325\n";
        let read = |name, text: &str| list::from_bytes(name, text.as_bytes()).unwrap();
        let index = Index::build(&[read("us", us), read("uk", uk)]).unwrap();
        let directory = Directory::of(&index);
        let parties = Parties::of(&index, &directory);
        assert!(matches!(find(parties, "us:11"), Found::Referent(id) if id == "uk:A2"));
        assert!(matches!(find(parties, "us:12"), Found::Nothing));
        assert!(matches!(find(parties, "us:11~sanction-7"), Found::Nothing));
        let Found::Party(party) = find(parties, "uk:A2") else { panic!("the canonical id") };
        for (property, entities) in nested_of(&party) {
            assert_eq!(entities.len(), 1, "{property}");
            let id = entities[0]["id"].as_str().unwrap();
            assert!(matches!(find(parties, id), Found::Nested(found) if found == entities[0]), "{id}");
            assert_eq!(adjacent_by(&party, property, 10, 0).unwrap()["results"], json!(entities));
        }
        assert_eq!(adjacent_by(&party, "ownershipOwner", 10, 0).unwrap()["total"]["value"], json!(0));
        assert!(adjacent_by(&party, "name", 10, 0).is_none() && adjacent_by(&party, "nope", 10, 0).is_none());
        assert_eq!(adjacent(&party, 10, 1)["adjacent"]["sanctions"]["results"], json!([]));
    }
}
