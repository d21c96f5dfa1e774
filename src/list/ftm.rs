//! OpenSanctions' entities in the FollowTheMoney model, `entities.ftm.json`: JSON Lines, one object a line with
//! `id`, `schema`, `properties` (each a list of texts), `caption`, `target`, `last_seen`.
//!
//! | object | becomes |
//! |---|---|
//! | Person, Organization, Company, PublicBody, LegalEntity, Vessel, Airplane, CryptoWallet, Security … | an entity |
//! | `Sanction` | programs (`programId`, else `program`), listing date, remarks of its `entity` |
//! | `Passport`, `Identification` | an identifier of its `holder`: `number`, `type`, `country` |
//! | `Address` | an address of the entities whose `addressEntity` names it |
//! | `Ownership`, `Directorship`, `Family`, `Associate` … | a remark at both ends ("owner of X") |
//! | `Position`, `Event`, `Document` … | nothing of their own |
//!
//! | property | becomes |
//! |---|---|
//! | `caption` | the primary name; `name` the others |
//! | `alias`, `abbreviation` · `weakAlias` · `previousName` | aliases · weak aliases · former names |
//! | `birthDate`, `incorporationDate`, `buildDate` | birth dates |
//! | `country`, `nationality`, `citizenship`, `jurisdiction`, `flag`, `mainCountry` | countries |
//! | `passportNumber`, `idNumber`, `taxNumber`, `innCode`, `registrationNumber`, `ogrnCode`, `leiCode`, `swiftBic`, `imoNumber`, `mmsi`, `callSign`, `publicKey` … | identifiers |
//! | `programId`, else `topics` | programs; those of Sanction objects come before topics |
//! | `address`, `birthPlace`, `gender`, `notes`, `position`, `title` | the like |
//!
//! Objects that are no target are loaded too, for owners and wallets are screened as well; their remarks begin
//! with "not a target", and their programs are their topics ("sanction.linked").
//!
//! The publication date is the latest `last_seen`. An edge whose ends are all missing is rejected.
//!
//! Cost: one pass; edges are held until the end. Limits: nested objects (`targets.nested.json`) are not read.

use super::gather::{About, Gathered, Refused};
use super::json_lines::{Objects, texts};
use super::source::Source;
use super::{Layout, List, cells};
use crate::entity::{Date, Entity, Identifier, IdentifierKind, Name, NameKind, Schema, Strength};
use crate::error::{Position, Result};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

/// An object that says something of entities, and where it stands.
struct Edge {
    at: Position,
    schema: String,
    properties: Map<String, Value>,
}

/// What the addresses of an entity are called until all are read.
type AddressIds = Vec<(usize, String)>;

/// Whether the head of a file is that of such a list.
pub(super) fn is_object(object: &Map<String, Value>) -> bool {
    object.get("schema").is_some_and(Value::is_string)
        && object.get("properties").is_some_and(Value::is_object)
}

pub(super) fn read(name: &str, source: Source<'_>) -> Result<List> {
    let mut gathered = Gathered::new(source.name());
    let mut objects = Objects::new(source);
    let mut published: Option<Date> = None;
    let mut by_id: FxHashMap<String, usize> = FxHashMap::default();
    let mut addresses: FxHashMap<String, String> = FxHashMap::default();
    let mut wanted: AddressIds = Vec::new();
    let mut edges: Vec<Edge> = Vec::new();
    while let Some((object, at)) = objects.next()? {
        let object = match object {
            Ok(object) if is_object(&object) => object,
            Ok(_) => {
                gathered.reject(at, Refused::field("schema", "an object without schema and properties"))?;
                continue;
            }
            Err(reason) => {
                gathered.reject(at, Refused::record(reason))?;
                continue;
            }
        };
        let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or("").trim();
        let (id, schema) = (text("id"), text("schema"));
        published = published.max(Date::parse(text("last_seen")));
        let Some(Value::Object(properties)) = object.get("properties") else { continue };
        match role(schema) {
            Role::Party(kind) => {
                if by_id.contains_key(id) {
                    gathered.reject(at, Refused::field("id", format!("'{id}' stands here twice")))?;
                    continue;
                }
                let read = entity(id, kind, text("caption"), &object, properties);
                if read.is_ok() {
                    let number = gathered.entities.len();
                    by_id.insert(id.to_string(), number);
                    wanted.extend(all(properties, "addressEntity").into_iter().map(|a| (number, a)));
                }
                gathered.take(at, read)?;
            }
            Role::Address => {
                let full = all(properties, "full").into_iter().next();
                let parts = ["street", "city", "region", "postalCode", "country"];
                let parts = || parts.iter().filter_map(|p| all(properties, p).into_iter().next());
                addresses
                    .insert(id.to_string(), full.unwrap_or_else(|| parts().collect::<Vec<_>>().join(", ")));
                gathered.fold(1);
            }
            Role::Nothing => gathered.fold(1),
            Role::Edge => {
                edges.push(Edge { at, schema: schema.to_string(), properties: properties.clone() });
            }
        }
    }
    for (number, address) in wanted {
        if let Some(full) = addresses.get(&address) {
            gathered.entities[number].add_address([full.as_str()]);
        }
    }
    for edge in &edges {
        match fold(edge, &by_id, &mut gathered.entities) {
            Ok(()) => gathered.fold(1),
            Err(refused) => gathered.reject(edge.at.clone(), refused)?,
        }
    }
    for e in &mut gathered.entities {
        settle_programs(e);
    }
    let sha256 = objects.sha256()?;
    Ok(gathered.list(About { published, ..About::new(name, Layout::FollowTheMoney, sha256) }))
}

enum Role {
    Party(Schema),
    Edge,
    Address,
    Nothing,
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
        _ if ends(schema).is_some() => Role::Edge,
        // Positions, events, documents and the like are no parties.
        _ => Role::Nothing,
    }
}

/// The properties at both ends of an edge, and what each end is to the other.
fn ends(schema: &str) -> Option<[(&'static str, &'static str); 2]> {
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

fn all(properties: &Map<String, Value>, key: &str) -> Vec<String> {
    properties.get(key).map_or_else(Vec::new, texts)
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

fn entity(
    id: &str,
    schema: Schema,
    caption: &str,
    object: &Map<String, Value>,
    properties: &Map<String, Value>,
) -> std::result::Result<Entity, Refused> {
    if id.is_empty() {
        return Err(Refused::field("id", "no id"));
    }
    let mut e = Entity::new(id, schema, caption);
    e.names.retain(|n| !n.text.is_empty());
    for (key, kind, strength) in [
        ("name", NameKind::Alias, Strength::Strong),
        ("alias", NameKind::Alias, Strength::Strong),
        ("abbreviation", NameKind::Alias, Strength::Weak),
        ("weakAlias", NameKind::Alias, Strength::Weak),
        ("previousName", NameKind::Former, Strength::Strong),
        // What a wallet or a security is called by, where it has no name.
        ("publicKey", NameKind::Alias, Strength::Strong),
        ("isin", NameKind::Alias, Strength::Strong),
        ("registrationNumber", NameKind::Alias, Strength::Strong),
    ] {
        let number = matches!(key, "publicKey" | "isin" | "registrationNumber");
        if number && !e.names.is_empty() {
            continue;
        }
        all(properties, key).into_iter().for_each(|n| e.add_name(Name::new(n, kind, strength)));
    }
    if !super::gather::settle_names(&mut e) {
        return Err(Refused::field("caption", "no name"));
    }
    let each = |keys: &[&str]| keys.iter().flat_map(|k| all(properties, k)).collect::<Vec<_>>();
    each(&["birthDate", "incorporationDate", "buildDate"]).iter().for_each(|d| e.add_birth_date(d));
    let countries = ["nationality", "citizenship", "jurisdiction", "flag", "mainCountry", "country"];
    each(&countries).iter().for_each(|c| e.add_country(c));
    each(&["address"]).iter().for_each(|a| e.add_address([a.as_str()]));
    each(&["birthPlace"]).iter().for_each(|p| e.add_birth_place([p.as_str()]));
    each(&["programId"]).iter().for_each(|p| e.add_program(p));
    each(&["gender"]).iter().for_each(|g| e.add_gender(g));
    for (key, kind) in NUMBERS {
        let kind = match (key, schema) {
            ("registrationNumber", Schema::Aircraft) => IdentifierKind::AircraftTail,
            // Of ships and cars, too: a maker's number all the same.
            _ => kind,
        };
        all(properties, key).into_iter().for_each(|n| e.add_identifier(Identifier::new(kind.clone(), n)));
    }
    // The same number often stands as id number and under its own kind: the kind says more.
    for number in each(&["idNumber", "isin"]) {
        let untold = Identifier::new(IdentifierKind::untold(), number);
        if e.identifiers.iter().all(|i| i.value != untold.value) {
            e.add_identifier(untold);
        }
    }
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

/// How the remark begins that tells an entity's topics.
const TOPICS: &str = "topics: ";

/// An entity that no sanction names has its topics for programs.
fn settle_programs(e: &mut Entity) {
    if e.programs.is_empty()
        && let Some((_, topics)) = e.remarks.split_once(TOPICS)
    {
        let topics = topics.split(';').next().unwrap_or("").split(", ").map(str::to_string);
        e.programs = topics.collect();
    }
}

/// Adds what an edge says to the entities at its ends.
fn fold(
    edge: &Edge,
    by_id: &FxHashMap<String, usize>,
    entities: &mut [Entity],
) -> std::result::Result<(), Refused> {
    let get = |key: &str| all(&edge.properties, key);
    let first = |key: &str| get(key).into_iter().next().unwrap_or_default();
    let known = |key: &str| get(key).iter().filter_map(|id| by_id.get(id).copied()).collect::<Vec<_>>();
    let missing = |key: &str| {
        let what = format!("'{}' is not in the file, so nobody holds this {}", first(key), edge.schema);
        Refused::field(key, what)
    };
    match edge.schema.as_str() {
        "Sanction" => {
            let holders = known("entity");
            if holders.is_empty() {
                return Err(missing("entity"));
            }
            let programs = if get("programId").is_empty() { get("program") } else { get("programId") };
            let dates: Vec<_> = ["listingDate", "startDate"].iter().flat_map(|k| get(k)).collect();
            let about = ["authority", "reason", "summary"].iter().flat_map(|k| get(k));
            let about = about.collect::<Vec<_>>().join(": ");
            for holder in holders {
                let e = &mut entities[holder];
                programs.iter().for_each(|p| e.add_program(p));
                dates.iter().for_each(|d| e.add_listing_date(d));
                e.add_remark(&about);
            }
        }
        "Passport" | "Identification" => {
            let holders = known("holder");
            if holders.is_empty() {
                return Err(missing("holder"));
            }
            let kind = match edge.schema.as_str() {
                "Passport" => IdentifierKind::Passport,
                _ => cells::document_kind(&first("type")),
            };
            for holder in holders {
                for number in get("number") {
                    let found = Identifier::new(kind.clone(), number).issued_by(&first("country"));
                    // A passport's number stands among the holder's properties as well, without its country.
                    let e = &mut entities[holder];
                    e.identifiers.retain(|i| i.value != found.value || i.country.is_some());
                    e.add_identifier(found);
                }
            }
        }
        schema => {
            let Some([(a, a_is), (b, b_is)]) = ends(schema) else { return Ok(()) };
            let (left, right) = (known(a), known(b));
            if left.is_empty() && right.is_empty() {
                return Err(missing(a));
            }
            let role = ["role", "relationship"].iter().flat_map(|k| get(k)).next();
            let role = role.map_or_else(String::new, |r| format!(" ({r})"));
            let name = |id: &String, entities: &[Entity]| {
                by_id.get(id).map_or_else(|| id.clone(), |n| entities[*n].primary_name().to_string())
            };
            for (holders, is, others) in [(&left, a_is, get(b)), (&right, b_is, get(a))] {
                for holder in holders {
                    for other in &others {
                        let remark = format!("{is} {}{role}", name(other, entities));
                        entities[*holder].add_remark(&remark);
                    }
                }
            }
        }
    }
    Ok(())
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
    fn edges_are_folded_in() {
        let list = read("x", Source::bytes("x", SAMPLE.as_bytes())).unwrap();
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
