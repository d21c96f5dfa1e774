//! A party as it comes in: JSON, or fields by their numbers.

use crate::failure::{Failure, Result, Status};
use interdict::entity::IdentifierKind;
use interdict::run::{Field, Party};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// The kind of a field of a party.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum interdict_field_kind {
    /// The name. Of several, each is screened.
    INTERDICT_NAME = 0,
    /// The kind of party: Person, Organization, Company, Vessel, Aircraft, or a word for one of them.
    INTERDICT_SCHEMA = 1,
    /// A birth or founding date, as far as it is known.
    INTERDICT_BIRTH_DATE = 2,
    /// A country: a code, a name or a nationality.
    INTERDICT_COUNTRY = 3,
    /// The gender of a person.
    INTERDICT_GENDER = 4,
    /// A passport number.
    INTERDICT_PASSPORT = 5,
    /// A national identity number.
    INTERDICT_NATIONAL_ID = 6,
    /// A tax number.
    INTERDICT_TAX_NUMBER = 7,
    /// The registration number of a company.
    INTERDICT_REGISTRATION_NUMBER = 8,
    /// A Legal Entity Identifier.
    INTERDICT_LEI = 9,
    /// A Business Identifier Code (SWIFT).
    INTERDICT_BIC = 10,
    /// An IBAN or another number of an account.
    INTERDICT_IBAN = 11,
    /// The IMO number of a ship or company.
    INTERDICT_IMO = 12,
    /// The MMSI of a ship.
    INTERDICT_MMSI = 13,
    /// A radio call sign.
    INTERDICT_CALL_SIGN = 14,
    /// The tail number of an aircraft.
    INTERDICT_TAIL_NUMBER = 15,
    /// The serial number of an aircraft.
    INTERDICT_AIRCRAFT_SERIAL_NUMBER = 16,
    /// The address of a wallet.
    INTERDICT_WALLET = 17,
    /// A number of unknown kind, which is compared with every kind.
    INTERDICT_IDENTIFIER = 18,
}

/// The names of the kinds in JSON, in the order of their numbers: those of the library.
fn field_of_kind(kind: u32) -> Option<Field> {
    Some(match kind {
        0 => Field::Name,
        1 => Field::Schema,
        2 => Field::BirthDate,
        3 => Field::Country,
        4 => Field::Gender,
        5 => Field::Identifier(IdentifierKind::Passport),
        6 => Field::Identifier(IdentifierKind::NationalId),
        7 => Field::Identifier(IdentifierKind::Tax),
        8 => Field::Identifier(IdentifierKind::Registration),
        9 => Field::Identifier(IdentifierKind::Lei),
        10 => Field::Identifier(IdentifierKind::Bic),
        11 => Field::Identifier(IdentifierKind::Iban),
        12 => Field::Identifier(IdentifierKind::Imo),
        13 => Field::Identifier(IdentifierKind::Mmsi),
        14 => Field::Identifier(IdentifierKind::CallSign),
        15 => Field::Identifier(IdentifierKind::AircraftTail),
        16 => Field::Identifier(IdentifierKind::AircraftSerial),
        17 => Field::Identifier(IdentifierKind::CryptoWallet),
        18 => Field::Identifier(IdentifierKind::unspecified()),
        _ => return None,
    })
}

/// The field with a number of [`interdict_field_kind`].
pub(crate) fn field(kind: u32) -> Result<Field> {
    field_of_kind(kind).ok_or_else(|| {
        Failure::new(Status::INTERDICT_INVALID_ARGUMENT, format!("{kind} is no kind of a field"))
    })
}

/// A party with another field. A NUL is refused, as in the rows of a table: it is a sign of broken data.
pub(crate) fn with_field(party: Party, field: Field, text: &str) -> Result<Party> {
    if text.contains('\0') {
        let message = format!("the field '{field}' holds a NUL byte");
        return Err(Failure::new(Status::INTERDICT_INVALID_PARTY, message));
    }
    Ok(party.with_field(field, text))
}

/// A party in JSON, and the keys of it that are no field.
#[derive(Debug, Default)]
pub(crate) struct JsonParty {
    pub(crate) party: Party,
    pub(crate) unread: Vec<String>,
}

impl JsonParty {
    /// Reads an object with the keys of a table's columns: `{"name": "…", "birth_date": "1970"}`. A value is a text, a
    /// number, or an array of these; `identifiers` may be an object with a key for each kind, or an array of objects with
    /// `kind` and `value`. A key that stands twice counts twice.
    pub(crate) fn parse(text: &str) -> Result<JsonParty> {
        let Json::Object(entries) = serde_json::from_str(text)
            .map_err(|e| Failure::json(format!("the party is no valid JSON object: {e}")))?
        else {
            return Err(Failure::json("the party is no valid JSON object: it is another value"));
        };
        let mut read = JsonParty::default();
        for (key, value) in entries {
            match (key.as_str(), value) {
                ("identifiers", Json::Object(kinds)) => {
                    for (kind, value) in kinds {
                        read.add_all(&format!("identifiers.{kind}"), &identifier(&kind), value)?;
                    }
                }
                ("identifiers", Json::Array(items)) => read.add_identifiers(items)?,
                ("names" | "aliases", value) => read.add_all(&key, &Field::Name, value)?,
                ("birth_dates", value) => read.add_all(&key, &Field::BirthDate, value)?,
                (_, Json::Null) => (),
                (_, value) => match Field::parse(&key) {
                    Some(field) => read.add_all(&key, &field, value)?,
                    None => read.unread.push(key),
                },
            }
        }
        Ok(read)
    }

    fn add_identifiers(&mut self, items: Vec<Json>) -> Result<()> {
        for item in items {
            let Json::Object(entries) = item else {
                self.add_all("identifiers", &identifier("identifier"), item)?;
                continue;
            };
            let (mut kind, mut values) = (String::from("identifier"), Vec::new());
            for (key, value) in entries {
                match (key.as_str(), value) {
                    ("kind", Json::Text(text)) => kind = text,
                    ("value", value) => values.push(value),
                    _ => self.unread.push(format!("identifiers.{key}")),
                }
            }
            self.add_all("identifiers", &identifier(&kind), Json::Array(values))?;
        }
        Ok(())
    }

    /// Adds a value, or each of an array.
    fn add_all(&mut self, key: &str, field: &Field, value: Json) -> Result<()> {
        match value {
            Json::Text(text) => {
                let party = std::mem::take(&mut self.party);
                self.party = with_field(party, field.clone(), &text)?;
                Ok(())
            }
            Json::Null => Ok(()),
            Json::Array(values) => values.into_iter().try_for_each(|value| match value {
                Json::Array(_) => Err(not_a_text(key)),
                value => self.add_all(key, field, value),
            }),
            Json::Object(_) => Err(not_a_text(key)),
        }
    }
}

fn not_a_text(key: &str) -> Failure {
    Failure::json(format!("the key '{key}' of the party must be a text, a number, or an array of these"))
}

/// A value of JSON. Unlike serde_json's, it keeps a key that stands twice; numbers and booleans are texts.
#[derive(Debug)]
enum Json {
    Null,
    Text(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Json, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of JSON")
    }

    fn visit_unit<E>(self) -> std::result::Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> std::result::Result<Json, E> {
        Ok(Json::Text(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> std::result::Result<Json, E> {
        Ok(Json::Text(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> std::result::Result<Json, E> {
        Ok(Json::Text(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> std::result::Result<Json, E> {
        Ok(Json::Text(value.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> std::result::Result<Json, E> {
        Ok(Json::Text(text.to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<Json, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = items.next_element()? {
            values.push(value);
        }
        Ok(Json::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Json, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Json::Object(entries))
    }
}

/// The field of a kind of identifiers, by the header of a column or by the word in hits.
fn identifier(kind: &str) -> Field {
    match Field::parse(kind) {
        Some(field @ Field::Identifier(_)) => field,
        _ => Field::Identifier(kind.parse().unwrap_or_else(|_| IdentifierKind::unspecified())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use interdict::entity::Schema;

    #[test]
    fn the_numbers_of_kinds_are_those_of_the_names_of_fields() {
        let names: Vec<&str> = Field::names().collect();
        for (number, name) in (0..).zip(&names) {
            assert_eq!(field(number).unwrap().as_str(), *name);
        }
        assert!(field(names.len() as u32).is_err());
    }

    #[test]
    fn a_party_is_read_in_every_form() {
        let one = r#"{"name": "Ocean Lily", "type": "ship", "imo": 9253325, "countries": ["ir", "Panama"], "dob": null}"#;
        let other = r#"{"names": ["Ocean Lily"], "schema": "Vessel", "country": "ir; Panama",
                        "identifiers": [{"kind": "imo", "value": "9253325"}]}"#;
        let third = r#"{"name": "Ocean Lily", "schema": "Vessel", "country": "ir; Panama",
                        "identifiers": {"imo_number": ["9253325"]}}"#;
        let query =
            |text: &str| JsonParty::parse(text).unwrap().party.queries(Schema::Unknown).unwrap().remove(0);
        assert_eq!((query(one), query(one).countries.len()), (query(other), 2));
        assert_eq!(query(other), query(third));
    }

    #[test]
    fn a_key_that_stands_twice_counts_twice() {
        let party = JsonParty::parse(
            r#"{"name": "Ocean Lily", "name": "Sea Rose", "identifiers": {"imo": 1, "imo": 2}}"#,
        );
        let party = party.unwrap().party;
        assert_eq!((party.names().len(), party.fields().len()), (2, 2));
    }

    #[test]
    fn what_is_not_read_is_told_and_what_cannot_be_read_is_an_error() {
        let party =
            JsonParty::parse(r#"{"name": "A", "fullNam": "B", "identifiers": [{"kind": "lei", "nr": 1}]}"#);
        assert_eq!(party.unwrap().unread, ["fullNam", "identifiers.nr"]);
        for (text, message) in [
            ("[]", "no valid JSON object"),
            ("{\"name\": \"A\"", "no valid JSON object"),
            (r#"{"name": {"first": "A"}}"#, "the key 'name'"),
            (r#"{"name": [["A"]]}"#, "the key 'name'"),
        ] {
            let failure = JsonParty::parse(text).unwrap_err();
            assert!(failure.message.contains(message), "{}", failure.message);
            assert_eq!(failure.status, Status::INTERDICT_INVALID_JSON);
        }
    }
}
