//! OpenSanctions' entities in the FollowTheMoney model, `entities.ftm.json`: JSON Lines, one object a line
//! with `id`, `schema`, `properties` (each an array of texts), `caption`, `target`, `last_seen`.
//!
//! | object | becomes |
//! |---|---|
//! | Person, Organization, Company, PublicBody, LegalEntity, Vessel, Airplane, CryptoWallet, Security … | an entity |
//! | `Sanction` | programmes (`programId`, else `program`), listing date, remarks of its `entity` |
//! | `Passport`, `Identification` | an identifier of its `holder`: `number`, `type`, `country` |
//! | `Address` | an address of the entities whose `addressEntity` names it |
//! | `Ownership`, `Directorship`, `Family`, `Associate` … | a remark at both ends ("owner of X") |
//! | `Position`, `Event`, `Document` … | nothing |
//!
//! | property | becomes |
//! |---|---|
//! | `caption` · `name` | the primary name · aliases |
//! | `alias`, `abbreviation` · `weakAlias` · `previousName` | aliases · weak aliases · former names |
//! | `birthDate`, `incorporationDate`, `buildDate` | birth dates |
//! | `country`, `nationality`, `citizenship`, `jurisdiction`, `flag`, `mainCountry` | countries |
//! | `passportNumber`, `idNumber`, `taxNumber`, `innCode`, `registrationNumber`, `ogrnCode`, `leiCode`, `swiftBic`, `imoNumber`, `mmsi`, `callSign`, `publicKey` … | identifiers |
//! | `programId`; `topics` if neither the entity nor a Sanction object has a programme | programmes |
//! | `address`, `birthPlace`, `gender`; `notes`, `position`, `title` | address, birth place, gender; remarks |
//!
//! Objects that are not targets are loaded too, because owners and wallets are screened as well. Their
//! remarks begin with "not a target", and their programmes are their topics ("sanction.linked").
//!
//! The publication date is the latest `last_seen`. An edge with both ends missing is rejected.
//!
//! In `targets.nested.json` objects are values of properties of others. They are read as objects of their own
//! and count as records.
//!
//! Cost: one pass; edges and nested parties are kept until the end.

use crate::entity::{AliasStrength, Date, Entity, Identifier, IdentifierKind, Name, NameKind, Schema};
use crate::error::{Position, Result};
use crate::list::read::builder::{ListBuilder, ListMetadata, Parsed, RejectReason, move_primary_name_first};
use crate::list::read::json_lines::{JsonObjects, texts};
use crate::list::read::source::ByteSource;
use crate::list::text::cells;
use crate::list::{Layout, List};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

type Object = Map<String, Value>;

/// An object that adds facts to other objects: a sanction, a document, a relation.
struct Edge {
    at: Position,
    schema: String,
    properties: Object,
}

/// An entity whose address is an object of its own.
struct AddressLink {
    entity: usize,
    address_id: String,
}

#[derive(Default)]
pub(super) struct GraphReader {
    published: Option<Date>,
    /// Indices of the entities by their ids.
    by_id: FxHashMap<String, usize>,
    /// Address objects by their ids, each as one line.
    addresses: FxHashMap<String, String>,
    address_links: Vec<AddressLink>,
    edges: Vec<Edge>,
    /// Parties within other objects, with the positions of these.
    nested_parties: Vec<(Object, Position)>,
}

/// Whether an object is one of this layout.
pub(crate) fn is_object(object: &Object) -> bool {
    object.get("schema").is_some_and(Value::is_string)
        && object.get("properties").is_some_and(Value::is_object)
}

pub(crate) fn read(name: &str, source: ByteSource<'_>) -> Result<List> {
    let mut builder = ListBuilder::new(source.name());
    let mut objects = JsonObjects::new(source);
    let mut reader = GraphReader::default();
    while let Some((object, at)) = objects.next()? {
        match object {
            Ok(object) if is_object(&object) => reader.add_with_nested(object, at, &mut builder)?,
            Ok(_) => {
                let reason = RejectReason::field("schema", "an object without schema and properties");
                builder.reject(at, reason)?;
            }
            Err(reason) => builder.reject(at, RejectReason::record(reason))?,
        }
    }
    let published = reader.finish(&mut builder)?;
    let sha256 = objects.sha256()?;
    Ok(builder.finish(ListMetadata { published, ..ListMetadata::new(name, Layout::FollowTheMoney, sha256) }))
}

/// What an object of a schema becomes.
enum Role {
    Party(Schema),
    Edge,
    Address,
    Ignored,
}

fn role(schema: &str) -> Role {
    match schema {
        "Person" => Role::Party(Schema::Person),
        "Organization" | "PublicBody" => Role::Party(Schema::Organization),
        "Company" => Role::Party(Schema::Company),
        "LegalEntity" => Role::Party(Schema::LegalEntity),
        "Vessel" => Role::Party(Schema::Vessel),
        "Airplane" => Role::Party(Schema::Aircraft),
        "CryptoWallet" => Role::Party(Schema::CryptoWallet),
        "Asset" | "Security" | "BankAccount" | "Vehicle" | "RealEstate" => Role::Party(Schema::Other),
        "Address" => Role::Address,
        "Sanction" | "Passport" | "Identification" => Role::Edge,
        _ if relation_ends(schema).is_some() => Role::Edge,
        // Positions, events, documents and the like are not parties.
        _ => Role::Ignored,
    }
}

/// One end of a relation: its property, and the words for its role towards the other end.
type RelationEnd = (&'static str, &'static str);

/// The two ends of a relation.
fn relation_ends(schema: &str) -> Option<[RelationEnd; 2]> {
    Some(match schema {
        "Ownership" => [("owner", "owner of"), ("asset", "owned by")],
        "Directorship" => [("director", "director of"), ("organization", "directed by")],
        "Membership" => [("member", "member of"), ("organization", "has as a member")],
        "Employment" => [("employee", "employed by"), ("employer", "employer of")],
        "Family" => [("person", "family of"), ("relative", "family of")],
        "Associate" => [("person", "associate of"), ("associate", "associate of")],
        "Representation" => [("agent", "agent of"), ("client", "represented by")],
        "Succession" => [("predecessor", "predecessor of"), ("successor", "successor of")],
        "UnknownLink" => [("subject", "linked to"), ("object", "linked to")],
        "Occupancy" => [("holder", "holds"), ("post", "held by")],
        _ => return None,
    })
}

/// The values of a property.
fn values(properties: &Object, key: &str) -> Vec<String> {
    properties.get(key).map_or_else(Vec::new, texts)
}

/// The values of several properties.
fn values_of_all(properties: &Object, keys: &[&str]) -> Vec<String> {
    keys.iter().flat_map(|k| values(properties, k)).collect()
}

/// Properties that are numbers of the party.
const NUMBERS: [(&str, IdentifierKind); 26] = {
    use IdentifierKind as K;
    [
        ("passportNumber", K::Passport),
        ("socialSecurityNumber", K::NationalId),
        ("taxNumber", K::Tax),
        ("innCode", K::Tax),
        ("vatCode", K::Tax),
        ("registrationNumber", K::Registration),
        ("ogrnCode", K::Registration),
        ("okpoCode", K::Registration),
        ("uscCode", K::Registration),
        ("cikCode", K::Registration),
        ("dunsCode", K::Registration),
        ("npiCode", K::Registration),
        ("uniqueEntityId", K::Registration),
        ("leiCode", K::Lei),
        ("swiftBic", K::Bic),
        ("bic", K::Bic),
        ("iban", K::Iban),
        ("accountNumber", K::Iban),
        ("imoNumber", K::Imo),
        ("mmsi", K::Mmsi),
        ("callSign", K::CallSign),
        ("serialNumber", K::AircraftSerial),
        ("publicKey", K::CryptoWallet),
        ("phone", K::Phone),
        ("email", K::Email),
        ("website", K::Website),
    ]
};

/// Properties that are names, with their kinds.
const NAMES: [(&str, NameKind, AliasStrength); 5] = [
    ("name", NameKind::Alias, AliasStrength::Strong),
    ("alias", NameKind::Alias, AliasStrength::Strong),
    ("abbreviation", NameKind::Alias, AliasStrength::Weak),
    ("weakAlias", NameKind::Alias, AliasStrength::Weak),
    ("previousName", NameKind::Former, AliasStrength::Strong),
];

/// Properties that serve as the name of a wallet or a security without a name.
const NUMBERS_AS_NAMES: [&str; 3] = ["publicKey", "isin", "registrationNumber"];

/// The beginning of the remark with the topics of an entity.
const TOPICS: &str = "topics: ";

fn parse_party(object: &Object, schema: Schema, properties: &Object) -> Parsed {
    let (id, caption) = (text(object, "id"), text(object, "caption"));
    if id.is_empty() {
        return Err(RejectReason::field("id", "no id"));
    }
    let mut e = Entity::new(id, schema, caption);
    e.names.retain(|n| !n.text.is_empty());
    add_names(properties, &mut e);
    if !move_primary_name_first(&mut e) {
        return Err(RejectReason::field("caption", "no name"));
    }
    let each = |keys: &[&str]| values_of_all(properties, keys);
    each(&["birthDate", "incorporationDate", "buildDate"]).iter().for_each(|d| e.add_birth_date(d));
    let countries = ["nationality", "citizenship", "jurisdiction", "flag", "mainCountry", "country"];
    each(&countries).iter().for_each(|c| e.add_country(c));
    each(&["address"]).iter().for_each(|a| e.add_address([a.as_str()]));
    each(&["birthPlace"]).iter().for_each(|p| e.add_birth_place([p.as_str()]));
    each(&["programId"]).iter().for_each(|p| e.add_program(p));
    each(&["gender"]).iter().for_each(|g| e.add_gender(g));
    add_identifiers(properties, &mut e);
    if object.get("target").and_then(Value::as_bool) == Some(false) {
        e.add_remark("not a target");
    }
    let topics = each(&["topics"]);
    if !topics.is_empty() {
        e.add_remark(&format!("{TOPICS}{}", topics.join(", ")));
    }
    each(&["title", "position", "notes", "summary"]).iter().for_each(|n| e.add_remark(n));
    Ok(e)
}

fn add_names(properties: &Object, e: &mut Entity) {
    for (key, kind, strength) in NAMES {
        values(properties, key).into_iter().for_each(|n| e.add_name(Name::new(n, kind, strength)));
    }
    for key in NUMBERS_AS_NAMES {
        if e.names.is_empty() {
            values(properties, key).into_iter().for_each(|n| e.add_name(Name::alias(n)));
        }
    }
}

fn add_identifiers(properties: &Object, e: &mut Entity) {
    for (key, kind) in NUMBERS {
        let is_tail_number = key == "registrationNumber" && e.schema == Schema::Aircraft;
        let kind = if is_tail_number { IdentifierKind::AircraftTail } else { kind };
        let numbers = values(properties, key).into_iter();
        numbers.for_each(|n| e.add_identifier(Identifier::new(kind.clone(), n)));
    }
    // A number is often given twice, as `idNumber` and as the property of its kind: the kind is kept.
    for number in values_of_all(properties, &["idNumber", "isin"]) {
        let unspecified = Identifier::new(IdentifierKind::unspecified(), number);
        if e.identifiers.iter().all(|i| i.value != unspecified.value) {
            e.add_identifier(unspecified);
        }
    }
}

/// A text directly in an object, trimmed; empty if it is missing.
fn text<'a>(object: &'a Object, key: &str) -> &'a str {
    object.get(key).and_then(Value::as_str).unwrap_or("").trim()
}

/// Makes the topics of an entity without programmes its programmes.
fn use_topics_as_programs(e: &mut Entity) {
    if e.programs.is_empty()
        && let Some((_, topics)) = e.remarks.split_once(TOPICS)
    {
        let topics = topics.split(';').next().unwrap_or("").split(", ").map(str::to_string);
        e.programs = topics.collect();
    }
}

/// Properties of an object whose values are objects (`targets.nested.json`): the inner objects become objects
/// of their own, which refer to the outer one, and their ids become the values.
fn unnest(mut object: Object, found: &mut Vec<Object>) -> Object {
    let id = text(&object, "id").to_string();
    let Some(Value::Object(properties)) = object.get_mut("properties") else { return object };
    for values in properties.values_mut().filter_map(Value::as_array_mut) {
        for value in values.iter_mut().filter(|v| v.is_object()) {
            let Value::Object(inner) = value.take() else { continue };
            let mut inner = unnest(inner, found);
            let schema = text(&inner, "schema").to_string();
            let ends: &[&str] = match schema.as_str() {
                "Sanction" => &["entity"],
                "Passport" | "Identification" => &["holder"],
                schema => &relation_ends(schema).map_or(["", ""], |[a, b]| [a.0, b.0]),
            };
            if let Some(Value::Object(inner)) = inner.get_mut("properties")
                && let Some(end) = ends.iter().find(|end| !end.is_empty() && !inner.contains_key(**end))
            {
                inner.insert(end.to_string(), Value::Array(vec![Value::String(id.clone())]));
            }
            *value = Value::String(text(&inner, "id").to_string());
            found.push(inner);
        }
    }
    object
}

impl GraphReader {
    /// Adds an object and those within it. A party within another one may also be an object of its own, which
    /// then counts.
    fn add_with_nested(&mut self, object: Object, at: Position, builder: &mut ListBuilder) -> Result<()> {
        let mut nested = Vec::new();
        let object = unnest(object, &mut nested);
        self.add_object(&object, at.clone(), builder)?;
        for inner in nested {
            match role(text(&inner, "schema")) {
                Role::Party(_) => self.nested_parties.push((inner, at.clone())),
                _ => self.add_object(&inner, at.clone(), builder)?,
            }
        }
        Ok(())
    }

    /// Adds everything that waits for the other objects, and returns the publication date.
    pub(super) fn finish(mut self, builder: &mut ListBuilder) -> Result<Option<Date>> {
        for (party, at) in std::mem::take(&mut self.nested_parties) {
            if self.by_id.contains_key(text(&party, "id")) {
                builder.count_merged(1);
            } else {
                self.add_object(&party, at, builder)?;
            }
        }
        self.add_addresses(&mut builder.entities);
        for edge in &self.edges {
            match self.apply_edge(edge, &mut builder.entities) {
                Ok(()) => builder.count_merged(1),
                Err(reason) => builder.reject(edge.at.clone(), reason)?,
            }
        }
        builder.entities.iter_mut().for_each(use_topics_as_programs);
        Ok(self.published)
    }

    pub(super) fn add_object(
        &mut self,
        object: &Object,
        at: Position,
        builder: &mut ListBuilder,
    ) -> Result<()> {
        let (id, schema) = (text(object, "id"), text(object, "schema"));
        self.published = self.published.max(Date::parse(text(object, "last_seen")));
        let Some(Value::Object(properties)) = object.get("properties") else { return Ok(()) };
        match role(schema) {
            Role::Party(schema) => {
                if self.by_id.contains_key(id) {
                    return builder
                        .reject(at, RejectReason::field("id", format!("'{id}' stands here twice")));
                }
                let parsed = parse_party(object, schema, properties);
                if parsed.is_ok() {
                    let entity = builder.entities.len();
                    self.by_id.insert(id.to_string(), entity);
                    let addresses = values(properties, "addressEntity").into_iter();
                    self.address_links.extend(addresses.map(|address_id| AddressLink { entity, address_id }));
                }
                builder.add(at, parsed)?;
            }
            Role::Address => {
                let first = |key: &str| values(properties, key).into_iter().next();
                let parts = ["street", "city", "region", "postalCode", "country"];
                let joined = || parts.iter().filter_map(|p| first(p)).collect::<Vec<_>>().join(", ");
                self.addresses.insert(id.to_string(), first("full").unwrap_or_else(joined));
                builder.count_merged(1);
            }
            Role::Ignored => builder.count_merged(1),
            Role::Edge => {
                self.edges.push(Edge { at, schema: schema.to_string(), properties: properties.clone() });
            }
        }
        Ok(())
    }

    /// Adds the address objects to the entities that refer to them.
    fn add_addresses(&self, entities: &mut [Entity]) {
        for link in &self.address_links {
            if let Some(address) = self.addresses.get(&link.address_id) {
                entities[link.entity].add_address([address.as_str()]);
            }
        }
    }

    /// Adds the facts of an edge to the entities at its ends.
    fn apply_edge(&self, edge: &Edge, entities: &mut [Entity]) -> Parsed<()> {
        match edge.schema.as_str() {
            "Sanction" => self.apply_sanction(edge, entities),
            "Passport" | "Identification" => self.apply_document(edge, entities),
            schema => match relation_ends(schema) {
                Some(ends) => self.apply_relation(edge, ends, entities),
                None => Ok(()),
            },
        }
    }

    /// The indices of the entities that a property of an edge refers to.
    fn entities_at(&self, edge: &Edge, key: &str) -> Vec<usize> {
        edge.values(key).iter().filter_map(|id| self.by_id.get(id).copied()).collect()
    }

    fn apply_sanction(&self, edge: &Edge, entities: &mut [Entity]) -> Parsed<()> {
        let holders = self.entities_at(edge, "entity");
        if holders.is_empty() {
            return Err(edge.without_holder("entity"));
        }
        let mut programs = edge.values("programId");
        if programs.is_empty() {
            programs = edge.values("program");
        }
        let dates = values_of_all(&edge.properties, &["listingDate", "startDate"]);
        let remark = values_of_all(&edge.properties, &["authority", "reason", "summary"]).join(": ");
        for holder in holders {
            let e = &mut entities[holder];
            programs.iter().for_each(|p| e.add_program(p));
            dates.iter().for_each(|d| e.add_listing_date(d));
            e.add_remark(&remark);
        }
        Ok(())
    }

    fn apply_document(&self, edge: &Edge, entities: &mut [Entity]) -> Parsed<()> {
        let holders = self.entities_at(edge, "holder");
        if holders.is_empty() {
            return Err(edge.without_holder("holder"));
        }
        let kind = match edge.schema.as_str() {
            "Passport" => IdentifierKind::Passport,
            _ => cells::document_kind(&edge.first("type")),
        };
        for holder in holders {
            for number in edge.values("number") {
                let document = Identifier::new(kind.clone(), number).issued_by(&edge.first("country"));
                // The number of a passport is also a property of its holder, without the country.
                let e = &mut entities[holder];
                e.identifiers.retain(|i| i.value != document.value || i.country.is_some());
                e.add_identifier(document);
            }
        }
        Ok(())
    }

    fn apply_relation(&self, edge: &Edge, ends: [RelationEnd; 2], entities: &mut [Entity]) -> Parsed<()> {
        let [(a, a_role), (b, b_role)] = ends;
        let (left, right) = (self.entities_at(edge, a), self.entities_at(edge, b));
        if left.is_empty() && right.is_empty() {
            return Err(edge.without_holder(a));
        }
        let role = values_of_all(&edge.properties, &["role", "relationship"]).into_iter().next();
        let role = role.map_or_else(String::new, |r| format!(" ({r})"));
        for (holders, end_role, others) in [(&left, a_role, edge.values(b)), (&right, b_role, edge.values(a))]
        {
            for holder in holders {
                for other in &others {
                    let known = self.by_id.get(other).map(|n| entities[*n].primary_name());
                    let remark = format!("{end_role} {}{role}", known.unwrap_or(other));
                    entities[*holder].add_remark(&remark);
                }
            }
        }
        Ok(())
    }
}

impl Edge {
    fn values(&self, key: &str) -> Vec<String> {
        values(&self.properties, key)
    }

    /// The first value of a property; empty if it is missing.
    fn first(&self, key: &str) -> String {
        self.values(key).into_iter().next().unwrap_or_default()
    }

    /// Why the edge is rejected if no entity is at this end.
    fn without_holder(&self, key: &str) -> RejectReason {
        let id = self.first(key);
        let what = format!("'{id}' is not in the file, so nobody holds this {}", self.schema);
        RejectReason::field(key, what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = r#"{"id":"s-1","caption":"EX","schema":"Sanction","properties":{"entity":["p-1"],"programId":["EX-P"],"authority":["Office"],"listingDate":["2030-02-03","2031-02-03"]},"target":false,"last_seen":"2031-05-06T07:08:09"}
{"id":"p-1","caption":"Ann Example","schema":"Person","properties":{"name":["Ann Example","EXAMPLE, Ann"],"alias":["Анна Пример"],"weakAlias":["Nana"],"previousName":["Ann Sample"],"birthDate":["1971-04"],"nationality":["by"],"passportNumber":["AB123456"],"idNumber":["7701234567","99887766"],"innCode":["7701234567"],"addressEntity":["a-1"],"gender":["female"],"topics":["sanction"]},"target":true,"last_seen":"2031-05-07T00:00:00"}
{"id":"a-1","caption":"Street 1","schema":"Address","properties":{"full":["Street 1, Minsk"]}}
{"id":"i-1","schema":"Passport","properties":{"holder":["p-1"],"number":["AB123456"],"country":["by"]}}
{"id":"i-2","schema":"Identification","properties":{"holder":["p-1"],"number":["5566"],"type":["Driver's licence"]}}
{"id":"c-1","caption":"Works Ltd","schema":"Company","properties":{"name":["Works Ltd"],"topics":["sanction.linked"]},"target":false}
{"id":"o-1","schema":"Ownership","properties":{"owner":["p-1"],"asset":["c-1"],"role":["founder"]}}
{"id":"w-1","schema":"CryptoWallet","caption":"","properties":{"publicKey":["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"]},"target":true}
{"id":"s-2","schema":"Sanction","properties":{"entity":["nobody"]}}
{"id":"x","schema":"Position","properties":{"name":["Minister"]}}
{"id":"p-1","schema":"Person","caption":"Again","properties":{}}
"#;

    #[test]
    fn nested_objects_are_objects_of_their_own() {
        let line = r#"{"id":"p-1","caption":"Ann Example","schema":"Person","target":true,"properties":{"name":["Ann Example"],
            "sanctions":[{"id":"s-1","schema":"Sanction","properties":{"programId":["EX-P"],"listingDate":["2030-02-03"]}}],
            "addressEntity":[{"id":"a-1","schema":"Address","properties":{"full":["Street 1, Minsk"]}}],
            "passports":[{"id":"i-1","schema":"Passport","properties":{"number":["AB123456"],"country":["by"]}}],
            "ownershipOwner":[{"id":"o-1","schema":"Ownership","properties":{"asset":[{"id":"c-1","caption":"Works Ltd","schema":"Company","properties":{"name":["Works Ltd"]}}]}}]}}"#;
        let json = format!(
            "{}\n{{\"id\":\"c-1\",\"schema\":\"Company\",\"caption\":\"Works Ltd\",\"properties\":{{\"alias\":[\"WL\"]}}}}\n",
            line.replace('\n', "")
        );
        let list = read("x", ByteSource::from_bytes("x", json.as_bytes())).unwrap();
        assert_eq!((list.version.entities, list.rejected.len()), (2, 0));
        let e = &list.entities[0];
        assert_eq!((&e.programs[..], e.listed_on), (&["EX-P".to_string()][..], Date::parse("2030-02-03")));
        assert_eq!((&e.addresses[0][..], &e.identifiers[0].value[..]), ("Street 1, Minsk", "AB123456"));
        assert!(e.remarks.contains("owner of Works Ltd"), "{}", e.remarks);
        assert_eq!(list.entities[1].names.len(), 2, "the object of its own counts");
    }

    #[test]
    fn edges_are_added_to_the_entities_at_their_ends() {
        let list = read("x", ByteSource::from_bytes("x", SAMPLE.as_bytes())).unwrap();
        let v = &list.version;
        assert_eq!((v.records, v.entities, v.rejected), (11, 3, 2));
        assert_eq!(v.published, Date::parse("2031-05-07"));
        let reasons: Vec<_> =
            list.rejected.iter().map(|r| (r.position.line, r.position.field.as_deref())).collect();
        assert_eq!(reasons, [(Some(11), Some("id")), (Some(9), Some("entity"))]);
        let e = &list.entities[0];
        assert_eq!(
            e.names,
            [
                Name::primary("Ann Example"),
                Name::alias("EXAMPLE, Ann"),
                Name::alias("Анна Пример"),
                Name::weak("Nana"),
                Name::former("Ann Sample")
            ]
        );
        assert_eq!((&e.programs[..], e.listed_on), (&["EX-P".to_string()][..], Date::parse("2030-02-03")));
        assert_eq!(e.addresses, ["Street 1, Minsk"]);
        let ids: Vec<(&str, &str)> =
            e.identifiers.iter().map(|i| (i.kind.as_str(), i.value.as_str())).collect();
        assert_eq!(
            ids,
            [
                ("tax", "7701234567"),
                ("identifier", "99887766"),
                ("passport", "AB123456"),
                ("registration", "5566")
            ]
        );
        assert_eq!(e.identifiers[2].country.as_deref(), Some("by"));
        assert_eq!(e.remarks, "topics: sanction; Office; owner of Works Ltd (founder)");
        let works = &list.entities[1];
        assert_eq!(works.programs, ["sanction.linked"]);
        assert!(
            works.remarks.starts_with("not a target")
                && works.remarks.contains("owned by Ann Example (founder)")
        );
        assert_eq!(list.entities[2].primary_name(), "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa");
    }
}
