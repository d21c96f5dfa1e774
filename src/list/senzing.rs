//! Senzing's entity specification as JSON Lines: `DATA_SOURCE`, `RECORD_ID`, and the features of the entity in the
//! list `FEATURES`, in lists of their own (`NAMES`, `ADDRESSES` …), or flat beside the key.
//!
//! | attribute | becomes |
//! |---|---|
//! | `RECORD_ID` | id |
//! | `RECORD_TYPE` PERSON, ORGANIZATION, VESSEL, AIRCRAFT | schema |
//! | `NAME_FULL`, `NAME_ORG`, or `NAME_FIRST` `NAME_MIDDLE` `NAME_LAST` `NAME_SUFFIX` | a name |
//! | `NAME_TYPE` PRIMARY / AKA … / FORMER / WEAK, LOW | primary name, alias, former name, weak alias |
//! | `DATE_OF_BIRTH`, `REGISTRATION_DATE` | birth dates |
//! | `NATIONALITY`, `CITIZENSHIP`, `REGISTRATION_COUNTRY`, `COUNTRY_OF_ASSOCIATION` | countries |
//! | `GENDER`, `PLACE_OF_BIRTH`, `ADDR_FULL` or its parts | the like |
//! | `PASSPORT_NUMBER`, `NATIONAL_ID_NUMBER`, `SSN_NUMBER`, `TAX_ID_NUMBER`, `OTHER_ID_NUMBER` …, each with `…_TYPE`, `…_COUNTRY`; `LEI_NUMBER`, `IMO_NUMBER`, `MMSI_NUMBER`, `CALL_SIGN`, `ACCOUNT_NUMBER`, `CRYPTO_ADDRESS` | identifiers |
//! | `PHONE_NUMBER`, `EMAIL_ADDRESS`, `WEBSITE_ADDRESS` | contact details |
//! | `PROGRAM`, the `TOPIC` of `RISKS`, else `DATA_SOURCE` | programs |
//!
//! A flat attribute may have a label before it (`PRIMARY_NAME_LAST`, `HOME_ADDR_CITY`); attributes with one label
//! belong together, and a label of a name is its type. Relations (`REL_…`) are not kept.
//!
//! Cost: one pass. Limits: a record without a name or id is rejected.

use super::gather::{About, Gathered, Refused, settle_names};
use super::json_lines::{Objects, texts};
use super::source::Source;
use super::{Layout, List, cells};
use crate::entity::{Entity, Identifier, IdentifierKind, Name, NameKind, Schema, Strength};
use crate::error::Result;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Whether an object is a record of this layout.
pub(super) fn is_object(object: &Map<String, Value>) -> bool {
    object.contains_key("RECORD_ID") || object.contains_key("DATA_SOURCE") && object.contains_key("FEATURES")
}

pub(super) fn read(name: &str, source: Source<'_>) -> Result<List> {
    let mut gathered = Gathered::new(source.name());
    let mut objects = Objects::new(source);
    while let Some((object, at)) = objects.next()? {
        let read = object.map_err(Refused::record).and_then(|object| entity(&object));
        gathered.take(at, read)?;
    }
    let sha256 = objects.sha256()?;
    Ok(gathered.list(About::new(name, Layout::Senzing, sha256)))
}

/// Attributes that belong together, by their names.
type Feature = BTreeMap<String, String>;

/// The heads of attributes, by which a label before them is told.
const HEADS: [&str; 27] = [
    "NAME_",
    "ADDR_",
    "DATE_OF_BIRTH",
    "REGISTRATION_",
    "NATIONALITY",
    "CITIZENSHIP",
    "COUNTRY_OF_ASSOCIATION",
    "GENDER",
    "PLACE_OF_BIRTH",
    "PASSPORT_",
    "NATIONAL_ID_",
    "TAX_ID_",
    "OTHER_ID_",
    "TRUSTED_ID_",
    "DRIVERS_LICENSE_",
    "SSN_",
    "LEI_",
    "DUNS_",
    "NPI_",
    "IMO_",
    "MMSI_",
    "CALL_SIGN",
    "ACCOUNT_",
    "CRYPTO_",
    "PHONE_",
    "EMAIL_",
    "WEBSITE_",
];

/// The label before an attribute (empty without one) and the attribute.
fn unlabel(key: &str) -> (&str, &str) {
    if HEADS.iter().any(|h| key.starts_with(h)) {
        return ("", key);
    }
    let found = HEADS.iter().filter_map(|h| key.find(&format!("_{h}"))).min();
    found.map_or(("", key), |at| (&key[..at], &key[at + 1..]))
}

fn features(object: &Map<String, Value>) -> Vec<Feature> {
    // Flat attributes of one label and one family are one feature.
    let mut flat: BTreeMap<(String, String), Feature> = BTreeMap::new();
    let mut lists = Vec::new();
    for (key, value) in object {
        match value {
            Value::Array(items) => {
                for item in items.iter().filter_map(Value::as_object) {
                    let texts =
                        item.iter().filter_map(|(k, v)| Some((k.clone(), texts(v).into_iter().next()?)));
                    lists.push(texts.collect());
                }
            }
            _ => {
                let (label, attribute) = unlabel(key);
                let head = HEADS.iter().find(|h| attribute.starts_with(**h)).copied().unwrap_or(attribute);
                let feature = flat.entry((head.to_string(), label.to_string())).or_default();
                feature.extend(texts(value).into_iter().map(|v| (attribute.to_string(), v)));
                if head == "NAME_" && !label.is_empty() {
                    feature.entry("NAME_TYPE".into()).or_insert_with(|| label.to_string());
                }
            }
        }
    }
    flat.into_values().chain(lists).collect()
}

fn entity(object: &Map<String, Value>) -> std::result::Result<Entity, Refused> {
    let root =
        |key: &str| object.get(key).map_or_else(Vec::new, texts).into_iter().next().unwrap_or_default();
    let id = root("RECORD_ID");
    if id.is_empty() {
        return Err(Refused::field("RECORD_ID", "no record id"));
    }
    let mut e = Entity::new(id, Schema::parse(&root("RECORD_TYPE")).unwrap_or_default(), "");
    e.names.clear();
    for feature in features(object) {
        add(&feature, &mut e);
    }
    if !settle_names(&mut e) {
        return Err(Refused::field("NAME_FULL", "no name"));
    }
    if e.programs.is_empty() {
        e.add_program(&root("DATA_SOURCE"));
    }
    Ok(e)
}

fn add(feature: &Feature, e: &mut Entity) {
    let get = |key: &str| feature.get(key).map_or("", String::as_str);
    let joined =
        |keys: &[&str]| keys.iter().map(|k| get(k)).filter(|v| !v.is_empty()).collect::<Vec<_>>().join(" ");
    if e.schema == Schema::Unknown {
        e.schema = Schema::parse(get("RECORD_TYPE")).unwrap_or_default();
    }
    let whole = ["NAME_FULL", "NAME_ORG"].iter().map(|k| get(k)).find(|v| !v.is_empty());
    let parts = joined(&["NAME_FIRST", "NAME_MIDDLE", "NAME_LAST", "NAME_SUFFIX"]);
    let name = whole.unwrap_or(&parts);
    if !name.is_empty() {
        let (kind, strength) = match get("NAME_TYPE").to_uppercase().as_str() {
            "PRIMARY" | "LEGAL" => (NameKind::Primary, Strength::Strong),
            t if t.contains("FORMER") || t.contains("PREVIOUS") || t == "FKA" || t == "MAIDEN" => {
                (NameKind::Former, Strength::Strong)
            }
            t if t.contains("WEAK") || t.contains("LOW") => (NameKind::Alias, Strength::Weak),
            _ => (NameKind::Alias, Strength::Strong),
        };
        e.add_name(Name::new(name, kind, strength));
    }
    ["DATE_OF_BIRTH", "REGISTRATION_DATE"]
        .iter()
        .map(|k| get(k))
        .filter(|v| !v.is_empty())
        .for_each(|d| e.add_birth_date(d));
    for key in ["NATIONALITY", "CITIZENSHIP", "REGISTRATION_COUNTRY", "COUNTRY_OF_ASSOCIATION"] {
        e.add_country(get(key));
    }
    e.add_gender(get("GENDER"));
    e.add_birth_place([get("PLACE_OF_BIRTH")]);
    match get("ADDR_FULL") {
        "" => {
            let lines = ["ADDR_LINE1", "ADDR_LINE2", "ADDR_LINE3", "ADDR_LINE4", "ADDR_CITY", "ADDR_STATE"];
            e.add_address(lines.iter().chain(&["ADDR_POSTAL_CODE", "ADDR_COUNTRY"]).map(|k| get(k)));
        }
        full => e.add_address([full]),
    }
    use IdentifierKind as K;
    for (key, kind) in [
        ("PASSPORT", Some(K::Passport)),
        ("NATIONAL_ID", Some(K::NationalId)),
        ("SSN", Some(K::NationalId)),
        ("DRIVERS_LICENSE", Some(K::Registration)),
        ("TAX_ID", Some(K::Tax)),
        ("OTHER_ID", None),
        ("TRUSTED_ID", None),
        ("LEI", Some(K::Lei)),
        ("DUNS", Some(K::Registration)),
        ("NPI", Some(K::Registration)),
        ("IMO", Some(K::Imo)),
        ("MMSI", Some(K::Mmsi)),
        ("ACCOUNT", Some(K::Iban)),
        ("PHONE", Some(K::Phone)),
    ] {
        let of = |what: &str| get(&format!("{key}_{what}")).to_string();
        // What the type says goes before the attribute: national ids and tax numbers of bodies are registrations.
        let kind = match (kind, of("TYPE")) {
            (None, words) => cells::document_kind(&words),
            (Some(kind), _) => kind,
        };
        let country = if of("COUNTRY").is_empty() { of("STATE") } else { of("COUNTRY") };
        e.add_identifier(Identifier::new(kind, of("NUMBER")).issued_by(&country));
    }
    for (key, kind) in [
        ("CALL_SIGN", K::CallSign),
        ("CRYPTO_ADDRESS", K::CryptoWallet),
        ("EMAIL_ADDRESS", K::Email),
        ("WEBSITE_ADDRESS", K::Website),
    ] {
        e.add_identifier(Identifier::new(kind, get(key)));
    }
    ["PROGRAM", "TOPIC"].iter().for_each(|k| e.add_program(get(k)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Gender;

    const SAMPLE: &str = r#"{"DATA_SOURCE":"WATCH","RECORD_ID":"1","FEATURES":[{"RECORD_TYPE":"PERSON"},{"NAME_TYPE":"AKA","NAME_FULL":"Анна Пример"},{"NAME_TYPE":"PRIMARY","NAME_FIRST":"Ann","NAME_LAST":"Example"},{"DATE_OF_BIRTH":"1971-04-03"},{"NATIONALITY":"by"},{"PASSPORT_NUMBER":"AB123456","PASSPORT_COUNTRY":"BY"},{"OTHER_ID_TYPE":"Tax number","OTHER_ID_NUMBER":"7701234567"},{"ADDR_LINE1":"Street 1","ADDR_CITY":"Minsk"}]}
{"DATA_SOURCE":"WATCH","RECORD_ID":2,"RECORD_TYPE":"ORGANIZATION","NAMES":[{"NAME_TYPE":"PRIMARY","NAME_ORG":"Works Ltd"},{"NAME_TYPE":"FORMER","NAME_ORG":"Old Works"}],"RISKS":[{"TOPIC":"sanction"}],"LEI_NUMBER":"5493001KJTIIGC8Y1R12"}
{"DATA_SOURCE":"WATCH","RECORD_ID":"3","RECORD_TYPE":"PERSON","PRIMARY_NAME_LAST":"Sample","PRIMARY_NAME_FIRST":"Ben","AKA_NAME_FULL":"Benny","HOME_ADDR_FULL":"Street 2","DATE_OF_BIRTH":"2/5/1971","GENDER":"M"}
{"DATA_SOURCE":"WATCH","RECORD_ID":"4","RECORD_TYPE":"PERSON"}
{"DATA_SOURCE":"WATCH","NAME_FULL":"Nobody","FEATURES":[]}
"#;

    #[test]
    fn features_lists_and_flat_attributes() {
        let list = read("x", Source::bytes("x", SAMPLE.as_bytes())).unwrap();
        let v = &list.version;
        assert_eq!((v.records, v.entities, v.rejected), (5, 3, 2));
        let e = &list.entities[0];
        assert_eq!((e.id.as_str(), e.schema), ("1", Schema::Person));
        assert_eq!(e.names, [Name::primary("Ann Example"), Name::alias("Анна Пример")]);
        assert_eq!(e.identifiers[0], Identifier::new(IdentifierKind::Passport, "AB123456").issued_by("by"));
        assert_eq!(e.identifiers[1].kind, IdentifierKind::Tax);
        assert_eq!(
            (&e.addresses[..], &e.programs[..]),
            (&["Street 1, Minsk".into()][..], &["WATCH".into()][..])
        );
        let works = &list.entities[1];
        assert_eq!(works.names, [Name::primary("Works Ltd"), Name::former("Old Works")]);
        assert_eq!((works.id.as_str(), works.identifiers[0].kind.clone()), ("2", IdentifierKind::Lei));
        assert_eq!(works.programs, ["sanction"]);
        let flat = &list.entities[2];
        assert_eq!(flat.names, [Name::primary("Ben Sample"), Name::alias("Benny")]);
        assert_eq!(
            (flat.birth_dates.len(), flat.gender, &flat.addresses[0][..]),
            (1, Some(Gender::Male), "Street 2")
        );
        let fields: Vec<_> = list.rejected.iter().map(|r| r.position.field.as_deref()).collect();
        assert_eq!(fields, [Some("NAME_FULL"), Some("RECORD_ID")]);
    }
}
