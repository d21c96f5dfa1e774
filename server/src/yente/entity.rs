//! From listed parties to FollowTheMoney entities.
//!
//! A party is one entity: its canonical entry gives id and caption, and all its entries give the properties. Nothing is made
//! up: a list that states no topic, no day of listing or no date of publication gives none.

use super::datasets::{self, Publisher};
use super::schema::{THING, of_listed};
use crate::parties::{Entry, Party};
use interdict::entity::{AliasStrength, Date, Entity, IdentifierKind, NameKind, Schema};
use interdict::list::Layout;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The beginning of the remark in which the reader of FollowTheMoney keeps the topics of an entity.
const TOPICS: &str = "topics: ";

/// A party as an entity. `nested` adds entities of their own for its sanctions and addresses.
pub fn entity_of(party: &Party<'_>, nested: bool) -> Map<String, Value> {
    let schema = of_listed(party.schema());
    let mut properties = Properties::default();
    for entry in &party.entries {
        add_properties(entry, schema, &mut properties);
    }
    let mut properties = properties.0;
    if nested {
        for (property, entities) in nested_of(party) {
            if !entities.is_empty() {
                properties.insert(property.to_string(), entities.into());
            }
        }
    }
    let ids = party.ids();
    let last_seen = party.entries.iter().filter_map(|entry| entry.list.published).max();
    let mut object = Map::new();
    object.insert("id".into(), json!(ids[0]));
    object.insert("caption".into(), json!(party.entries[0].entity.primary_name()));
    object.insert("schema".into(), json!(schema));
    object.insert("properties".into(), Value::Object(properties));
    object.insert("datasets".into(), json!(datasets_of(party)));
    object.insert("referents".into(), json!(ids[1..]));
    object.insert("target".into(), json!(party.entries.iter().any(|entry| is_target(&entry.entity))));
    object.insert("first_seen".into(), Value::Null);
    object.insert("last_seen".into(), last_seen.map_or(Value::Null, |day| json!(midnight(&day))));
    object.insert("last_change".into(), Value::Null);
    object
}

/// The properties with entities of their own, and these entities.
pub fn nested_of(party: &Party<'_>) -> [(&'static str, Vec<Value>); 2] {
    let sanctions = party.entries.iter().filter_map(sanction_of).collect();
    let mut addresses = Vec::new();
    for entry in &party.entries {
        let numbered = entry.entity.addresses.iter().enumerate();
        addresses.extend(numbered.map(|(i, text)| {
            let id = format!("{}~place-{}", entry.id(), i + 1);
            nested_entity(entry, &id, text, "Address", json!({ "full": [text] }))
        }));
    }
    [("sanctions", sanctions), ("addressEntity", addresses)]
}

/// The sanction that an entry is, if its list is one of sanctions or states programmes.
fn sanction_of(entry: &Entry<'_>) -> Option<Value> {
    let publisher = datasets::publisher_of(entry.list.layout);
    let sanctioned =
        topics_of(entry).is_some_and(|topics| topics.iter().any(|topic| topic.starts_with("sanction")));
    if !sanctioned && entry.entity.programs.is_empty() {
        return None;
    }
    let authority = publisher.map_or(entry.list.name.as_str(), |Publisher { name, .. }| name);
    let mut properties = Properties::default();
    properties.add("authority", authority);
    if let Some(Publisher { country: Some(country), .. }) = publisher {
        properties.add("country", country);
    }
    entry.entity.programs.iter().for_each(|program| properties.add("program", program));
    if entry.list.layout == Layout::FollowTheMoney {
        entry.entity.programs.iter().for_each(|program| properties.add("programId", program));
    }
    if let Some(day) = entry.entity.listed_on {
        dates_of(&day).iter().for_each(|day| properties.add("listingDate", day));
    }
    properties.add("recordId", &entry.entity.id);
    let id = format!("{}~sanction", entry.id());
    let caption = entry.entity.programs.first().map_or(authority, String::as_str);
    Some(nested_entity(entry, &id, caption, "Sanction", Value::Object(properties.0)))
}

fn nested_entity(entry: &Entry<'_>, id: &str, caption: &str, schema: &str, properties: Value) -> Value {
    json!({
        "id": id, "caption": caption, "schema": schema, "properties": properties,
        "datasets": [datasets::name_of(&entry.list.name)], "referents": [], "target": false,
        "first_seen": null, "last_seen": entry.list.published.map(|day| midnight(&day)), "last_change": null,
    })
}

/// The datasets of a party, each once.
pub fn datasets_of(party: &Party<'_>) -> BTreeSet<String> {
    party.entries.iter().map(|entry| datasets::name_of(&entry.list.name)).collect()
}

/// What a list says of the topics of an entry; `None` if it says nothing.
///
/// Lists of FollowTheMoney state topics. On a list of sanctions every entry is one of sanctions; so is an entry with a
/// programme, unless the programmes of its layout may be the names of datasets.
pub fn topics_of(entry: &Entry<'_>) -> Option<BTreeSet<String>> {
    let single = |topic: &str| Some(BTreeSet::from([topic.to_string()]));
    if let Some(publisher) = datasets::publisher_of(entry.list.layout) {
        return publisher.topic.and_then(single);
    }
    match entry.list.layout {
        Layout::FollowTheMoney => {
            let (_, rest) = entry.entity.remarks.split_once(TOPICS)?;
            let stated = rest.split(';').next().unwrap_or("");
            Some(
                stated
                    .split(',')
                    .map(|topic| topic.trim().to_string())
                    .filter(|topic| !topic.is_empty())
                    .collect(),
            )
        }
        Layout::OpenSanctionsSimple | Layout::OpenSanctionsStatements => None,
        _ if entry.entity.programs.is_empty() => None,
        _ => single("sanction"),
    }
}

/// Whether an entry is itself listed, and not only related to someone who is.
fn is_target(entity: &Entity) -> bool {
    !entity.remarks.starts_with("not a target")
}

/// A date as the vocabulary writes it: a day, a month or a year; of a longer span the first and the last.
pub fn dates_of(date: &Date) -> Vec<String> {
    let (first, last) = (date.first(), date.last());
    if date.is_day() {
        return vec![first.to_string()];
    }
    let whole_years = (first.month(), first.day(), last.month(), last.day()) == (1, 1, 12, 31);
    if whole_years {
        let mut years = vec![format!("{:04}", first.year()), format!("{:04}", last.year())];
        years.dedup();
        return years;
    }
    if Date::month(first.year(), first.month()).is_some_and(|month| month.last() == last && first.day() == 1)
    {
        return vec![format!("{:04}-{:02}", first.year(), first.month())];
    }
    vec![first.to_string(), last.to_string()]
}

/// The first moment of a date, as times are written in answers.
pub fn midnight(date: &Date) -> String {
    format!("{}T00:00:00", date.first())
}

/// Properties with their values, each once.
#[derive(Default)]
struct Properties(Map<String, Value>);

impl Properties {
    fn add(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        let values = self.0.entry(name).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(values) = values
            && !values.iter().any(|known| known == value)
        {
            values.push(value.into());
        }
    }
}

fn add_properties(entry: &Entry<'_>, schema: &str, properties: &mut Properties) {
    let entity = &entry.entity;
    for (i, name) in entity.names.iter().enumerate() {
        let property = match (name.kind, name.strength) {
            (_, AliasStrength::Weak) => "weakAlias",
            (NameKind::Former, _) => "previousName",
            (NameKind::Primary, _) => "name",
            _ if i == 0 => "name",
            _ => "alias",
        };
        properties.add(property, &name.text);
    }
    let date = match schema {
        "Person" => "birthDate",
        "Vessel" | "Airplane" => "buildDate",
        _ => "incorporationDate",
    };
    entity.birth_dates.iter().flat_map(dates_of).for_each(|text| properties.add(date, &text));
    let country = if schema == "Vessel" { "flag" } else { "country" };
    entity.countries.iter().for_each(|text| properties.add(country, text));
    if let Some(gender) = entity.gender {
        properties.add("gender", gender.as_str());
    }
    entity.addresses.iter().for_each(|text| properties.add("address", text));
    entity.birth_places.iter().for_each(|text| properties.add("birthPlace", text));
    entity.programs.iter().for_each(|text| properties.add("program", text));
    if entry.list.layout == Layout::FollowTheMoney {
        entity.programs.iter().for_each(|text| properties.add("programId", text));
    }
    for identifier in &entity.identifiers {
        properties.add(property_of(&identifier.kind, entity.schema), &identifier.value);
    }
    topics_of(entry).iter().flatten().for_each(|topic| properties.add("topics", topic));
    properties.add("notes", &entity.remarks);
}

/// The property for identifiers of a kind.
pub fn property_of(kind: &IdentifierKind, schema: Schema) -> &'static str {
    use IdentifierKind as K;
    match kind {
        K::Passport => "passportNumber",
        K::Tax => "taxNumber",
        K::Registration | K::AircraftTail => "registrationNumber",
        K::Lei => "leiCode",
        K::Bic => "swiftBic",
        K::Iban => "iban",
        K::Imo => "imoNumber",
        K::Mmsi => "mmsi",
        K::CallSign => "callSign",
        K::AircraftSerial => "serialNumber",
        K::CryptoWallet if schema == Schema::CryptoWallet => "publicKey",
        K::CryptoWallet => "cryptoAddress",
        K::Phone => "phone",
        K::Email => "email",
        K::Website => "website",
        _ => "idNumber",
    }
}

/// The values of a property of an entity as [`entity_of`] makes it.
pub fn values<'a>(entity: &'a Map<String, Value>, property: &str) -> impl Iterator<Item = &'a str> {
    let properties = entity.get("properties").and_then(|properties| properties.get(property));
    properties.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// Whether an entity is of a schema that was asked for.
pub fn is_of_schema(entity_schema: &str, wanted: &str) -> bool {
    let parents: &[&str] = match entity_schema {
        "Person" => &["LegalEntity"],
        "Organization" => &["LegalEntity"],
        "Company" => &["Organization", "LegalEntity", "Asset"],
        "Vessel" | "Airplane" => &["Vehicle", "Asset"],
        _ => &[],
    };
    // What the list does not state may be anything.
    wanted == THING || entity_schema == wanted || entity_schema == THING || parents.contains(&wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Directory;
    use crate::parties::Parties;
    use interdict::{Index, list};

    fn index() -> Index {
        let us = "id,name,schema,aliases,weak_aliases,birth_date,country,program,listed_on,passport\n\
                  11,Ivan PETROV,Person,Vanya Petrov,Vanka,1965-04-21,ru,RUSSIA,2020-02-03,751234567\n\
                  12,SEA LILY,Vessel,,,1999,ir,,,\n";
        let uk = "id,name,schema,birth_date,passport\nA2,Petrov Ivan,Person,1965-04-21,751234567\n";
        let read = |name, text: &str| list::from_bytes(name, text.as_bytes()).unwrap();
        Index::build(&[read("us-list", us), read("uk", uk)]).unwrap()
    }

    #[test]
    fn entries_of_a_party_are_one_entity() {
        let index = index();
        let directory = Directory::of(&index);
        let party = Parties::of(&index, &directory).party(0).unwrap();
        let entity = entity_of(&party, false);
        assert_eq!((&entity["id"], &entity["referents"]), (&json!("uk:A2"), &json!(["us-list:11"])));
        assert_eq!(entity["datasets"], json!(["uk", "us_list"]));
        assert_eq!(entity["caption"], json!("Petrov Ivan"));
        assert_eq!(entity["properties"]["name"], json!(["Petrov Ivan", "Ivan PETROV"]));
        assert_eq!(entity["properties"]["birthDate"], json!(["1965-04-21"]));
        assert_eq!(entity["properties"]["topics"], json!(["sanction"]), "it has a programme");
        assert_eq!(entity["properties"]["passportNumber"], json!(["751234567"]));
        assert!(entity["properties"].get("sanctions").is_none());

        let nested = entity_of(&party, true);
        let sanctions = nested["properties"]["sanctions"].as_array().unwrap();
        assert_eq!(sanctions.len(), 1, "the other list states no programme");
        assert_eq!(sanctions[0]["id"], json!("us-list:11~sanction"));
        assert_eq!(sanctions[0]["properties"]["listingDate"], json!(["2020-02-03"]));
        assert_eq!(sanctions[0]["properties"]["program"], json!(["RUSSIA"]));
    }

    #[test]
    fn what_a_list_does_not_say_is_not_made_up() {
        let index = index();
        let directory = Directory::of(&index);
        let parties = Parties::of(&index, &directory);
        let ship = entity_of(&parties.party(1).unwrap(), true);
        assert!(ship["properties"].get("topics").is_none() && ship["properties"].get("sanctions").is_none());
        assert_eq!(
            (&ship["first_seen"], &ship["last_change"], &ship["last_seen"]),
            (&Value::Null, &Value::Null, &Value::Null)
        );
        assert_eq!(
            (&ship["properties"]["buildDate"], &ship["properties"]["flag"]),
            (&json!(["1999"]), &json!(["ir"]))
        );
    }

    #[test]
    fn dates_keep_their_precision() {
        for (text, expected) in [
            ("1965-04-21", vec!["1965-04-21"]),
            ("1965-04", vec!["1965-04"]),
            ("1965", vec!["1965"]),
            ("circa 1965", vec!["1964", "1966"]),
            ("21/03/1962 to 20/04/1962", vec!["1962-03-21", "1962-04-20"]),
        ] {
            assert_eq!(dates_of(&Date::parse(text).unwrap()), expected, "{text}");
        }
    }
}
