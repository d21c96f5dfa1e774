//! Listed parties as Watchman's entities, and as Senzing's.
//!
//! Dates are times of RFC 3339 or `null`, because Go decodes nothing else: a year becomes its first day. Countries of
//! documents are ISO codes in capitals.

use crate::parties::Entry;
use interdict::entity::{Date, Entity, Identifier, IdentifierKind, NameKind, Schema};
use interdict::list::{Layout, ListVersion};
use serde_json::{Map, Value, json};

/// An entity that has nothing but its name and source.
pub fn blank(name: &str, kind: &str, source: &str, id: &str) -> Value {
    json!({
        "name": name, "entityType": kind, "sourceList": source, "sourceID": id,
        "person": null, "business": null, "organization": null, "aircraft": null, "vessel": null,
        "contact": {"emailAddresses": null, "phoneNumbers": null, "faxNumbers": null, "websites": null},
        "addresses": null, "cryptoAddresses": null, "affiliations": null, "sanctionsInfo": null,
        "historicalInfo": null, "sourceData": null,
    })
}

/// An address of one line.
pub fn address(text: &str) -> Value {
    json!({
        "line1": text, "line2": "", "city": "", "postalCode": "", "state": "", "country": "",
        "latitude": 0, "longitude": 0,
    })
}

/// The first moment of a date, or `null`.
pub fn time_of(date: Option<&Date>) -> Value {
    date.map_or(Value::Null, |date| json!(format!("{}T00:00:00Z", date.first())))
}

/// The name of a list in Watchman: its own where the layout is that of one of its lists, else the list's.
pub fn source_of(list: &ListVersion) -> String {
    let name = match list.layout {
        Layout::OfacDelimited | Layout::OfacXml | Layout::OfacAdvanced | Layout::OfacEnhanced => {
            match list.name.to_lowercase().contains("cons") {
                true => "us_non_sdn",
                false => "us_ofac",
            }
        }
        Layout::UsCslCsv | Layout::UsCslJson => "us_csl",
        Layout::EuXml | Layout::EuCsv | Layout::EuCsv10 => "eu_csl",
        Layout::UkXml | Layout::UkCsv | Layout::OfsiXml => "uk_csl",
        Layout::UnXml => "un_csl",
        _ => return list.name.clone(),
    };
    name.to_string()
}

/// Whether a source in a request means a list.
pub fn is_source(wanted: &str, list: &ListVersion) -> bool {
    wanted.eq_ignore_ascii_case(&source_of(list)) || wanted == list.name
}

/// The kind of party in Watchman's words; the empty text if there is none for it.
pub fn kind_of(schema: Schema) -> &'static str {
    match schema {
        Schema::Person => "person",
        Schema::Company => "business",
        Schema::Organization | Schema::LegalEntity => "organization",
        Schema::Aircraft => "aircraft",
        Schema::Vessel => "vessel",
        _ => "",
    }
}

/// An entry as an entity.
pub fn entity_of(entry: &Entry<'_>) -> Value {
    let entity = &entry.entity;
    let kind = kind_of(entity.schema);
    let mut object = blank(entity.primary_name(), kind, &source_of(entry.list), &entity.id);
    if !kind.is_empty() {
        object[kind] = details(entity, kind);
    }
    for (field, contact) in [
        ("emailAddresses", IdentifierKind::Email),
        ("phoneNumbers", IdentifierKind::Phone),
        ("websites", IdentifierKind::Website),
    ] {
        object["contact"][field] = or_null(numbers(entity, &contact).map(|i| json!(i.value)).collect());
    }
    object["addresses"] = or_null(entity.addresses.iter().map(|text| address(text)).collect());
    object["cryptoAddresses"] = or_null(numbers(entity, &IdentifierKind::CryptoWallet).map(wallet).collect());
    if !entity.programs.is_empty() {
        object["sanctionsInfo"] =
            json!({"programs": entity.programs, "secondary": is_secondary(entity), "description": ""});
    }
    let former = entity.names.iter().filter(|name| name.kind == NameKind::Former);
    let former =
        former.map(|name| json!({"type": "Former Name", "value": name.text, "date": "0001-01-01T00:00:00Z"}));
    object["historicalInfo"] = or_null(former.collect());
    object
}

/// Whether the publisher warns of secondary sanctions, in OFAC's words.
fn is_secondary(entity: &Entity) -> bool {
    let remarks = entity.remarks.to_lowercase();
    remarks.contains("secondary sanctions")
}

fn or_null(values: Vec<Value>) -> Value {
    if values.is_empty() { Value::Null } else { Value::Array(values) }
}

fn numbers<'a>(entity: &'a Entity, kind: &IdentifierKind) -> impl Iterator<Item = &'a Identifier> {
    entity.identifiers.iter().filter(move |identifier| identifier.kind == *kind)
}

fn first_number<'a>(entity: &'a Entity, kind: &IdentifierKind) -> &'a str {
    numbers(entity, kind).next().map_or("", |identifier| &identifier.value)
}

fn wallet(identifier: &Identifier) -> Value {
    let (currency, address) = identifier.value.rsplit_once(':').unwrap_or(("", &identifier.value));
    json!({"currency": currency, "address": address})
}

fn details(entity: &Entity, kind: &str) -> Value {
    let name = entity.primary_name();
    let others = entity.names.iter().skip(1).filter(|name| name.kind != NameKind::Former);
    let alt_names = or_null(others.map(|name| json!(name.text)).collect());
    let date = time_of(entity.birth_dates.first());
    let flag = entity.countries.first().map(|code| code.to_uppercase()).unwrap_or_default();
    match kind {
        "person" => json!({
            "name": name, "altNames": alt_names, "gender": entity.gender.map_or("", |gender| gender.as_str()),
            "birthDate": date, "placeOfBirth": entity.birth_places.first().map_or("", String::as_str),
            "deathDate": null, "titles": null, "governmentIDs": government_ids(entity),
        }),
        "business" | "organization" => json!({
            "name": name, "altNames": alt_names, "created": date, "dissolved": null,
            "governmentIDs": government_ids(entity),
        }),
        "aircraft" => json!({
            "name": name, "altNames": alt_names, "type": "", "flag": flag, "built": date,
            "icaoCode": "", "model": "", "serialNumber": first_number(entity, &IdentifierKind::AircraftSerial),
        }),
        _ => json!({
            "name": name, "altNames": alt_names, "imoNumber": first_number(entity, &IdentifierKind::Imo), "type": "",
            "flag": flag, "built": date, "model": "", "tonnage": 0,
            "mmsi": first_number(entity, &IdentifierKind::Mmsi),
            "callSign": first_number(entity, &IdentifierKind::CallSign), "grossRegisteredTonnage": 0, "owner": "",
        }),
    }
}

/// Documents and registrations of a person or body. Those without a kind of Watchman's have their own words.
fn government_ids(entity: &Entity) -> Value {
    use IdentifierKind as K;
    let ids = entity.identifiers.iter().filter(|i| i.kind.is_identifying() && i.kind != K::CryptoWallet);
    let ids = ids.map(|identifier| {
        let kind = match &identifier.kind {
            K::Passport => "passport",
            K::NationalId => "national-id",
            K::Tax => "tax-id",
            K::Registration => "business-registration",
            other => other.as_str(),
        };
        let country = identifier.country.as_deref().unwrap_or_default();
        let country = if country.len() == 2 { country.to_uppercase() } else { country.to_string() };
        json!({"name": "", "type": kind, "country": country, "identifier": identifier.value})
    });
    or_null(ids.collect())
}

/// An entry in Senzing's entity specification: one object with its features.
pub fn senzing_of(entry: &Entry<'_>) -> Value {
    let entity = &entry.entity;
    let mut features: Vec<Value> = Vec::new();
    let record_type = match entity.schema {
        Schema::Person => "PERSON",
        Schema::Vessel => "VESSEL",
        Schema::Aircraft => "AIRCRAFT",
        Schema::Organization | Schema::Company | Schema::LegalEntity => "ORGANIZATION",
        _ => "",
    };
    if !record_type.is_empty() {
        features.push(json!({"RECORD_TYPE": record_type}));
    }
    for (i, name) in entity.names.iter().enumerate() {
        let kind = if i == 0 { "PRIMARY" } else { "AKA" };
        let field = if record_type == "PERSON" { "NAME_FULL" } else { "NAME_ORG" };
        features.push(json!({"NAME_TYPE": kind, (field): name.text}));
    }
    let date = if record_type == "PERSON" { "DATE_OF_BIRTH" } else { "REGISTRATION_DATE" };
    features.extend(entity.birth_dates.iter().map(|day| json!({(date): day.to_string()})));
    features.extend(entity.gender.map(|gender| json!({"GENDER": gender.as_str()})));
    features
        .extend(entity.countries.iter().map(|code| json!({"COUNTRY_OF_ASSOCIATION": code.to_uppercase()})));
    features.extend(entity.addresses.iter().map(|text| json!({"ADDR_FULL": text})));
    features.extend(entity.identifiers.iter().map(senzing_number));
    let mut object = Map::new();
    object.insert("DATA_SOURCE".into(), json!(source_of(entry.list)));
    object.insert("RECORD_ID".into(), json!(entity.id));
    object.insert("FEATURES".into(), Value::Array(features));
    Value::Object(object)
}

fn senzing_number(identifier: &Identifier) -> Value {
    use IdentifierKind as K;
    let country = identifier.country.as_deref().unwrap_or_default().to_uppercase();
    let value = &identifier.value;
    match &identifier.kind {
        K::Passport => json!({"PASSPORT_NUMBER": value, "PASSPORT_COUNTRY": country}),
        K::NationalId => json!({"NATIONAL_ID_NUMBER": value, "NATIONAL_ID_COUNTRY": country}),
        K::Tax => json!({"TAX_ID_NUMBER": value, "TAX_ID_COUNTRY": country}),
        K::Lei => json!({"LEI_NUMBER": value}),
        K::Phone => json!({"PHONE_NUMBER": value}),
        K::Email => json!({"EMAIL_ADDRESS": value}),
        K::Website => json!({"WEBSITE_ADDRESS": value}),
        kind => {
            json!({"OTHER_ID_TYPE": kind.as_str(), "OTHER_ID_NUMBER": value, "OTHER_ID_COUNTRY": country})
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Directory;
    use crate::parties::Parties;
    use interdict::{Index, list};

    #[test]
    fn entries_have_the_shape_that_the_go_client_decodes() {
        let own = "id,name,schema,aliases,former_names,birth_date,country,gender,program,passport,wallet,address,imo\n\
                   7,Ivan PETROV,Person,Vanya PETROV,Ivan OLD,1965,ru,male,RUSSIA,75 1234567,XBT:1abc,Moscow,\n\
                   8,SEA LILY,Vessel,,,1999-02-03,ir,,,,,,9253325\n";
        let index = Index::build(&[list::from_bytes("own", own.as_bytes()).unwrap()]).unwrap();
        let directory = Directory::of(&index);
        let parties = Parties::of(&index, &directory);
        let person = entity_of(&parties.party(0).unwrap().entries[0]);
        assert_eq!(person["person"]["birthDate"], json!("1965-01-01T00:00:00Z"));
        assert_eq!(person["person"]["altNames"], json!(["Vanya PETROV"]));
        assert_eq!(person["historicalInfo"][0]["value"], json!("Ivan OLD"));
        assert_eq!(person["person"]["governmentIDs"][0]["identifier"], json!("75 1234567"));
        assert_eq!(person["cryptoAddresses"][0]["address"], json!("1abc"));
        assert_eq!(person["sanctionsInfo"]["programs"], json!(["RUSSIA"]));
        assert_eq!((&person["sourceList"], &person["sourceID"]), (&json!("own"), &json!("7")));
        assert!(person["vessel"].is_null() && person["contact"]["websites"].is_null());
        let ship_entry = &parties.party(1).unwrap().entries[0];
        let ship = entity_of(ship_entry);
        assert_eq!(
            (&ship["vessel"]["imoNumber"], &ship["vessel"]["flag"]),
            (&json!("9253325"), &json!("IR"))
        );
        let senzing = senzing_of(ship_entry);
        assert_eq!(
            (&senzing["RECORD_ID"], &senzing["FEATURES"][1]["NAME_ORG"]),
            (&json!("8"), &json!("SEA LILY"))
        );
    }
}
