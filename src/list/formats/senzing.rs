//! Senzing's entity specification as JSON Lines: `DATA_SOURCE`, `RECORD_ID`, and the features of the entity in the array
//! `FEATURES`, in arrays by kind (`NAMES`, `ADDRESSES` …), or as attributes of the record itself.
//!
//! | attribute | becomes |
//! |---|---|
//! | `RECORD_ID` | id |
//! | `RECORD_TYPE` PERSON, ORGANIZATION, VESSEL, AIRCRAFT | schema |
//! | `NAME_FULL`, `NAME_ORG`, or `NAME_FIRST` `NAME_MIDDLE` `NAME_LAST` `NAME_SUFFIX` | a name |
//! | `NAME_TYPE` PRIMARY / AKA … / FORMER / WEAK, LOW | primary name, alias, former name, weak alias |
//! | `DATE_OF_BIRTH`, `REGISTRATION_DATE` | birth dates |
//! | `NATIONALITY`, `CITIZENSHIP`, `REGISTRATION_COUNTRY`, `COUNTRY_OF_ASSOCIATION` | countries |
//! | `GENDER`, `PLACE_OF_BIRTH`, `ADDR_FULL` or its parts | gender, birth place, address |
//! | `PASSPORT_NUMBER`, `NATIONAL_ID_NUMBER`, `SSN_NUMBER`, `TAX_ID_NUMBER`, `OTHER_ID_NUMBER` …, each with `…_TYPE`, `…_COUNTRY`; `LEI_NUMBER`, `IMO_NUMBER`, `MMSI_NUMBER`, `CALL_SIGN`, `ACCOUNT_NUMBER`, `CRYPTO_ADDRESS` | identifiers |
//! | `PHONE_NUMBER`, `EMAIL_ADDRESS`, `WEBSITE_ADDRESS` | contact details |
//! | `PROGRAM`, the `TOPIC` of `RISKS`, else `DATA_SOURCE` | programmes |
//!
//! An attribute of the record itself may have a label before it (`PRIMARY_NAME_LAST`, `HOME_ADDR_CITY`). Attributes with
//! the same label belong together, and the label of a name is its type. Relations (`REL_…`) are not kept.
//!
//! Cost: one pass. Limits: a record without a name or id is rejected.

use crate::entity::{AliasStrength, Entity, Identifier, IdentifierKind as K, Name, NameKind, Schema};
use crate::error::Result;
use crate::list::read::builder::{ListBuilder, ListMetadata, Parsed, RejectReason, move_primary_name_first};
use crate::list::read::json_lines::{JsonObjects, texts};
use crate::list::read::source::ByteSource;
use crate::list::text::cells;
use crate::list::{Layout, List};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Whether an object is a record of this layout.
pub(crate) fn is_object(object: &Map<String, Value>) -> bool {
    object.contains_key("RECORD_ID") || object.contains_key("DATA_SOURCE") && object.contains_key("FEATURES")
}

pub(crate) fn read(name: &str, source: ByteSource<'_>) -> Result<List> {
    let mut builder = ListBuilder::new(source.name());
    let mut objects = JsonObjects::new(source);
    while let Some((object, at)) = objects.next()? {
        let parsed = object.map_err(RejectReason::record).and_then(|object| parse_record(&object));
        builder.add(at, parsed)?;
    }
    let sha256 = objects.sha256()?;
    Ok(builder.finish(ListMetadata::new(name, Layout::Senzing, sha256)))
}

/// Attributes that belong together, by their names.
struct Feature(BTreeMap<String, String>);

impl Feature {
    /// The value of an attribute; the empty text if it is missing.
    fn get(&self, attribute: &str) -> &str {
        self.0.get(attribute).map_or("", String::as_str)
    }
}

/// The beginnings of attributes, by which a label before them is recognised.
const FAMILIES: [&str; 27] = [
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

/// Splits an attribute of the record into its label, which may be empty, and the attribute proper.
fn split_label(key: &str) -> (&str, &str) {
    if FAMILIES.iter().any(|f| key.starts_with(f)) {
        return ("", key);
    }
    let found = FAMILIES.iter().filter_map(|f| key.find(&format!("_{f}"))).min();
    found.map_or(("", key), |at| (&key[..at], &key[at + 1..]))
}

/// The features of a record: those of its own attributes, one for each label and family, then those of its arrays.
fn features(object: &Map<String, Value>) -> Vec<Feature> {
    let mut own: BTreeMap<(String, String), BTreeMap<String, String>> = BTreeMap::new();
    let mut listed = Vec::new();
    for (key, value) in object {
        if let Value::Array(items) = value {
            for item in items.iter().filter_map(Value::as_object) {
                let texts = item.iter().filter_map(|(k, v)| Some((k.clone(), texts(v).into_iter().next()?)));
                listed.push(texts.collect());
            }
            continue;
        }
        let (label, attribute) = split_label(key);
        let family = FAMILIES.iter().find(|f| attribute.starts_with(**f)).copied().unwrap_or(attribute);
        let feature = own.entry((family.to_string(), label.to_string())).or_default();
        feature.extend(texts(value).into_iter().map(|v| (attribute.to_string(), v)));
        if family == "NAME_" && !label.is_empty() {
            feature.entry("NAME_TYPE".into()).or_insert_with(|| label.to_string());
        }
    }
    own.into_values().chain(listed).map(Feature).collect()
}

fn parse_record(object: &Map<String, Value>) -> Parsed {
    let text =
        |key: &str| object.get(key).map_or_else(Vec::new, texts).into_iter().next().unwrap_or_default();
    let id = text("RECORD_ID");
    if id.is_empty() {
        return Err(RejectReason::field("RECORD_ID", "no record id"));
    }
    let mut e = Entity::without_names(id, Schema::parse(&text("RECORD_TYPE")).unwrap_or_default());
    features(object).iter().for_each(|feature| add_feature(feature, &mut e));
    if !move_primary_name_first(&mut e) {
        return Err(RejectReason::field("NAME_FULL", "no name"));
    }
    if e.programs.is_empty() {
        e.add_program(&text("DATA_SOURCE"));
    }
    Ok(e)
}

fn add_feature(feature: &Feature, e: &mut Entity) {
    if e.schema == Schema::Unknown {
        e.schema = Schema::parse(feature.get("RECORD_TYPE")).unwrap_or_default();
    }
    add_name(feature, e);
    for date in ["DATE_OF_BIRTH", "REGISTRATION_DATE"].map(|k| feature.get(k)) {
        if !date.is_empty() {
            e.add_birth_date(date);
        }
    }
    for key in ["NATIONALITY", "CITIZENSHIP", "REGISTRATION_COUNTRY", "COUNTRY_OF_ASSOCIATION"] {
        e.add_country(feature.get(key));
    }
    e.add_gender(feature.get("GENDER"));
    e.add_birth_place([feature.get("PLACE_OF_BIRTH")]);
    add_address(feature, e);
    add_identifiers(feature, e);
    ["PROGRAM", "TOPIC"].iter().for_each(|k| e.add_program(feature.get(k)));
}

fn add_name(feature: &Feature, e: &mut Entity) {
    let whole = ["NAME_FULL", "NAME_ORG"].iter().map(|k| feature.get(k)).find(|v| !v.is_empty());
    let parts = ["NAME_FIRST", "NAME_MIDDLE", "NAME_LAST", "NAME_SUFFIX"].map(|k| feature.get(k));
    let parts = parts.into_iter().filter(|v| !v.is_empty()).collect::<Vec<_>>().join(" ");
    let (kind, strength) = match feature.get("NAME_TYPE").to_uppercase().as_str() {
        "PRIMARY" | "LEGAL" => (NameKind::Primary, AliasStrength::Strong),
        t if t.contains("FORMER") || t.contains("PREVIOUS") || t == "FKA" || t == "MAIDEN" => {
            (NameKind::Former, AliasStrength::Strong)
        }
        t if t.contains("WEAK") || t.contains("LOW") => (NameKind::Alias, AliasStrength::Weak),
        _ => (NameKind::Alias, AliasStrength::Strong),
    };
    e.add_name(Name::new(whole.unwrap_or(&parts), kind, strength));
}

fn add_address(feature: &Feature, e: &mut Entity) {
    match feature.get("ADDR_FULL") {
        "" => {
            let parts = [
                "ADDR_LINE1",
                "ADDR_LINE2",
                "ADDR_LINE3",
                "ADDR_LINE4",
                "ADDR_CITY",
                "ADDR_STATE",
                "ADDR_POSTAL_CODE",
                "ADDR_COUNTRY",
            ];
            e.add_address(parts.map(|k| feature.get(k)));
        }
        full => e.add_address([full]),
    }
}

/// The families of numbers, each with the attributes `…_NUMBER`, `…_TYPE` and `…_COUNTRY`, and their kinds. A number of a
/// family without a kind has the kind that `…_TYPE` names.
const NUMBERS: [(&str, Option<K>); 14] = [
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
];

fn add_identifiers(feature: &Feature, e: &mut Entity) {
    for (family, kind) in NUMBERS {
        let part = |suffix: &str| feature.get(&format!("{family}_{suffix}"));
        let kind = kind.unwrap_or_else(|| cells::document_kind(part("TYPE")));
        let country = if part("COUNTRY").is_empty() { part("STATE") } else { part("COUNTRY") };
        e.add_identifier(Identifier::new(kind, part("NUMBER")).issued_by(country));
    }
    for (attribute, kind) in [
        ("CALL_SIGN", K::CallSign),
        ("CRYPTO_ADDRESS", K::CryptoWallet),
        ("EMAIL_ADDRESS", K::Email),
        ("WEBSITE_ADDRESS", K::Website),
    ] {
        e.add_identifier(Identifier::new(kind, feature.get(attribute)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Gender, IdentifierKind};

    const SAMPLE: &str = r#"{"DATA_SOURCE":"WATCH","RECORD_ID":"1","FEATURES":[{"RECORD_TYPE":"PERSON"},{"NAME_TYPE":"AKA","NAME_FULL":"Анна Пример"},{"NAME_TYPE":"PRIMARY","NAME_FIRST":"Ann","NAME_LAST":"Example"},{"DATE_OF_BIRTH":"1971-04-03"},{"NATIONALITY":"by"},{"PASSPORT_NUMBER":"AB123456","PASSPORT_COUNTRY":"BY"},{"OTHER_ID_TYPE":"Tax number","OTHER_ID_NUMBER":"7701234567"},{"ADDR_LINE1":"Street 1","ADDR_CITY":"Minsk"}]}
{"DATA_SOURCE":"WATCH","RECORD_ID":2,"RECORD_TYPE":"ORGANIZATION","NAMES":[{"NAME_TYPE":"PRIMARY","NAME_ORG":"Works Ltd"},{"NAME_TYPE":"FORMER","NAME_ORG":"Old Works"}],"RISKS":[{"TOPIC":"sanction"}],"LEI_NUMBER":"5493001KJTIIGC8Y1R12"}
{"DATA_SOURCE":"WATCH","RECORD_ID":"3","RECORD_TYPE":"PERSON","PRIMARY_NAME_LAST":"Sample","PRIMARY_NAME_FIRST":"Ben","AKA_NAME_FULL":"Benny","HOME_ADDR_FULL":"Street 2","DATE_OF_BIRTH":"2/5/1971","GENDER":"M"}
{"DATA_SOURCE":"WATCH","RECORD_ID":"4","RECORD_TYPE":"PERSON"}
{"DATA_SOURCE":"WATCH","NAME_FULL":"Nobody","FEATURES":[]}
"#;

    #[test]
    fn features_lists_and_flat_attributes() {
        let list = read("x", ByteSource::from_bytes("x", SAMPLE.as_bytes())).unwrap();
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
