//! From FollowTheMoney properties to queries of the library.
//!
//! | property | becomes |
//! |---|---|
//! | `name`, `alias`, `previousName`, `weakAlias`, `abbreviation` | a query each; the best score of a party counts |
//! | `firstName`, `secondName`, `middleName`, `fatherName`, `lastName`, `motherName`, `nameSuffix` | a name, if no property above is given |
//! | `birthDate`, `incorporationDate`, `buildDate` | birth dates |
//! | `country`, `nationality`, `citizenship`, `jurisdiction`, `mainCountry`, `flag`, `pastFlags`, `birthCountry` | countries |
//! | `gender` | gender |
//! | properties of type `identifier` | identifiers, of their kind where the table below has one |
//!
//! Everything else is named: a text that cannot be read, a property that the vocabulary lacks, and an example in which
//! nothing can be screened are warnings; known properties that have no effect are listed in `not_compared`.

use super::schema::{self, FtmSchema};
use interdict::Query;
use interdict::entity::{Date, Gender, Identifier, IdentifierKind, Schema, country_of_cell};
use interdict::run::{Field, Party};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// An example entity, read.
#[derive(Debug, Default)]
pub struct Example {
    /// What is screened, as a party of any other interface.
    pub party: Party,
    /// Its queries, one for each name; empty if there is nothing to screen.
    pub queries: Vec<Query>,
    /// The properties as understood: known ones, values as lists of texts, countries as codes.
    pub properties: Map<String, Value>,
    /// What could not be used, for a person.
    pub warnings: Vec<String>,
    /// Known properties that were given and have no effect.
    pub not_compared: BTreeSet<String>,
}

/// Properties that are names.
const NAMES: [&str; 5] = ["name", "alias", "previousName", "weakAlias", "abbreviation"];
/// Properties that are parts of a person's name, in the order in which they are written.
const NAME_PARTS: [&str; 7] =
    ["firstName", "secondName", "middleName", "fatherName", "lastName", "motherName", "nameSuffix"];
const DATES: [&str; 3] = ["birthDate", "incorporationDate", "buildDate"];
const COUNTRIES: [&str; 8] = [
    "country",
    "nationality",
    "citizenship",
    "jurisdiction",
    "mainCountry",
    "flag",
    "pastFlags",
    "birthCountry",
];
/// Properties of type `identifier` that identify no party: codes of activities, markets and catalogues.
const NO_IDENTIFIERS: [&str; 10] = [
    "programId",
    "ticker",
    "ricCode",
    "wikidataId",
    "osmId",
    "googlePlaceId",
    "authorityId",
    "okvedCode",
    "coatoCode",
    "kppCode",
];

/// The most names that are made of name parts with several values.
const MAX_COMPOSED_NAMES: usize = 32;
/// The most names of one example.
const MAX_NAMES: usize = 500;

/// Reads an example entity of a schema.
pub fn read_example(schema: &FtmSchema, properties: &Map<String, Value>) -> Example {
    let mut example = Example::default();
    if !schema.is_matchable() && schema.name != schema::THING {
        let name = schema.name;
        example.warnings.push(format!("schema '{name}' is not matched; screened as a party of any kind"));
    }
    let kind = schema.library_schema();
    let mut gender = None;
    for (name, value) in properties {
        let values = texts(name, value, &mut example.warnings);
        if schema::property(name).is_none() {
            let hint = "names go into 'name', parts of names into 'firstName' and 'lastName'";
            example.warnings.push(format!("unknown property '{name}' was not screened: {hint}"));
            continue;
        }
        let understood = add_property(name, values, kind, &mut gender, &mut example);
        if !understood.is_empty() {
            example.properties.insert(name.clone(), understood.into());
        }
    }
    for name in names_of(&mut example) {
        if !name.chars().any(char::is_alphanumeric) {
            example
                .warnings
                .push(format!("the name '{name}' has neither a letter nor a digit: it matches nothing"));
        }
        example.party = std::mem::take(&mut example.party).with_name(name);
    }
    match example.party.queries(kind) {
        Ok(queries) => example.queries = queries,
        Err(reason) => example.warnings.push(format!("nothing was screened: {reason}")),
    }
    let silent = example.party.silent_values();
    let silent = silent
        .iter()
        .map(|(field, value)| format!("{field} '{value}' stands for no value and was not compared"));
    example.warnings.extend(silent);
    example
}

/// The texts of a value: a text, a number, or a list of them.
fn texts(name: &str, value: &Value, warnings: &mut Vec<String>) -> Vec<String> {
    let values = match value {
        Value::Array(values) => values.iter().collect(),
        value => vec![value],
    };
    let mut texts: Vec<String> = Vec::with_capacity(values.len());
    for value in values {
        match value {
            Value::String(text) if text.trim().is_empty() => {}
            Value::String(text) => texts.push(text.trim().to_string()),
            Value::Number(number) => texts.push(number.to_string()),
            Value::Bool(flag) => texts.push(flag.to_string()),
            Value::Null => {}
            // An entity, as in an answer that is sent back as an example.
            Value::Object(_) | Value::Array(_) => {
                warnings
                    .push(format!("a value of '{name}' is neither a text nor a number and was not screened"));
            }
        }
    }
    texts
}

/// Takes the values of a property into the fields of the query, and returns them as understood.
fn add_property(
    name: &str,
    values: Vec<String>,
    schema: Schema,
    known_gender: &mut Option<Gender>,
    example: &mut Example,
) -> Vec<String> {
    let warnings = &mut example.warnings;
    let mut refuse = |kind: &str, text: &str| {
        warnings.push(format!("'{text}' of '{name}' is not a {kind} and was not compared"));
    };
    let mut add = |field: Field, text: &str| {
        example.party = std::mem::take(&mut example.party).with_field(field, text);
    };
    if COUNTRIES.contains(&name) {
        let mut codes = Vec::new();
        for text in values {
            match country_of_cell(&text) {
                Some(code) => {
                    add(Field::Country, code);
                    codes.push(code.to_string());
                }
                None => refuse("country", &text),
            }
        }
        return codes;
    }
    if DATES.contains(&name) {
        let mut dates = Vec::new();
        for text in values {
            match Date::parse(&text) {
                Some(_) => {
                    add(Field::BirthDate, &text);
                    dates.push(text);
                }
                None => refuse("date", &text),
            }
        }
        return dates;
    }
    if name == "gender" {
        let mut genders = Vec::new();
        for text in values {
            match Gender::parse(&text) {
                Some(gender) if known_gender.is_none_or(|known| known == gender) => {
                    *known_gender = Some(gender);
                    add(Field::Gender, gender.as_str());
                    genders.push(gender.as_str().to_string());
                }
                Some(_) => {
                    // Two genders say nothing of the party that is looked for.
                    refuse("single gender", &text);
                }
                None => refuse("gender", &text),
            }
        }
        return genders;
    }
    match identifier_kind(name, schema) {
        Some(kind) if kind.is_identifying() => {
            for value in &values {
                let identifier = Identifier::new(kind.clone(), value);
                example.party = std::mem::take(&mut example.party).with_identifier(identifier);
            }
        }
        _ if NAMES.contains(&name) || NAME_PARTS.contains(&name) => {}
        _ => {
            example.not_compared.insert(name.to_string());
        }
    }
    values
}

/// The kind of the identifiers in a property; `None` for another property.
fn identifier_kind(name: &str, schema: Schema) -> Option<IdentifierKind> {
    use IdentifierKind as K;
    Some(match name {
        "passportNumber" => K::Passport,
        "socialSecurityNumber" => K::NationalId,
        "taxNumber" | "innCode" | "vatCode" => K::Tax,
        "registrationNumber" if schema == Schema::Aircraft => K::AircraftTail,
        "registrationNumber" | "ogrnCode" | "okpoCode" | "uscCode" | "cikCode" | "dunsCode" | "npiCode"
        | "uniqueEntityId" => K::Registration,
        "leiCode" => K::Lei,
        "swiftBic" | "bic" => K::Bic,
        "iban" | "accountNumber" => K::Iban,
        "imoNumber" => K::Imo,
        "mmsi" => K::Mmsi,
        "callSign" => K::CallSign,
        "serialNumber" => K::AircraftSerial,
        "publicKey" | "cryptoAddress" => K::CryptoWallet,
        "phone" => K::Phone,
        "email" => K::Email,
        "website" => K::Website,
        _ => {
            let property = schema::property(name)?;
            let identifies = property.kind == "identifier" && !NO_IDENTIFIERS.contains(&name);
            return identifies.then(IdentifierKind::unspecified);
        }
    })
}

/// The names to screen: those given, else those that the parts of names make.
fn names_of(example: &mut Example) -> Vec<String> {
    let values = |properties: &Map<String, Value>, name: &str| -> Vec<String> {
        let values = properties.get(name).and_then(Value::as_array).into_iter().flatten();
        values.filter_map(Value::as_str).map(str::to_string).collect()
    };
    let mut names: Vec<String> = Vec::new();
    for name in NAMES.into_iter().flat_map(|key| values(&example.properties, key)) {
        if !names.contains(&name) && names.len() <= MAX_NAMES {
            names.push(name);
        }
    }
    if names.len() > MAX_NAMES {
        names.truncate(MAX_NAMES);
        example.warnings.push(format!("more than {MAX_NAMES} names: the others were not screened"));
    }
    if !names.is_empty() {
        return names;
    }
    // Every way to choose one value of each part.
    let mut composed = vec![String::new()];
    for part in NAME_PARTS {
        let choices = values(&example.properties, part);
        if choices.is_empty() {
            continue;
        }
        let longer =
            composed.iter().flat_map(|name| choices.iter().map(move |part| format!("{name} {part}")));
        composed = longer.map(|name| name.trim().to_string()).take(MAX_COMPOSED_NAMES + 1).collect();
        if composed.len() > MAX_COMPOSED_NAMES {
            composed.truncate(MAX_COMPOSED_NAMES);
            let message =
                format!("the parts make more than {MAX_COMPOSED_NAMES} names: not all were screened");
            example.warnings.push(message);
        }
    }
    composed.retain(|name| !name.is_empty());
    composed
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(schema: &str, properties: Value) -> Example {
        let Value::Object(properties) = properties else { panic!("an object") };
        read_example(FtmSchema::find(schema).unwrap(), &properties)
    }

    #[test]
    fn fields_become_those_of_a_query() {
        let example = read(
            "Person",
            json!({"name": ["Ivan Petrov", "Иван Петров"], "birthDate": "1965-04-21", "nationality": ["Russia"],
                   "gender": "m", "passportNumber": 751234567, "address": "Moscow"}),
        );
        let [first, second] = &example.queries[..] else { panic!("{example:?}") };
        assert_eq!((&*first.name, &*second.name), ("Ivan Petrov", "Иван Петров"));
        assert_eq!((first.schema, first.gender), (Schema::Person, Some(Gender::Male)));
        assert_eq!(
            (&first.birth_dates[0].to_string()[..], &first.countries[..]),
            ("1965-04-21", &["ru".into()][..])
        );
        assert_eq!(first.identifiers, [Identifier::new(IdentifierKind::Passport, "751234567")]);
        assert!(second.identifiers.is_empty() && second.birth_dates == first.birth_dates);
        assert_eq!(example.properties["nationality"], json!(["ru"]));
        assert_eq!(example.not_compared, BTreeSet::from(["address".to_string()]));
        assert_eq!(example.warnings, [""; 0]);
    }

    #[test]
    fn parts_make_a_name_only_if_there_is_none() {
        let parts =
            json!({"lastName": ["Petrov", "Petroff"], "firstName": "Ivan", "fatherName": "Sergeevich"});
        let names: Vec<_> = read("Person", parts).queries.into_iter().map(|q| q.name).collect();
        assert_eq!(names, ["Ivan Sergeevich Petrov", "Ivan Sergeevich Petroff"]);
        let both = json!({"lastName": "Petrov", "name": "I. Petrov"});
        assert_eq!(read("Person", both).queries[0].name, "I. Petrov");
        let many: Vec<String> = (0..9).map(|i| format!("n{i}")).collect();
        let others: Vec<String> = (0..9).map(|i| format!("m{i}")).collect();
        let example = read("Person", json!({"firstName": many, "lastName": others}));
        assert_eq!((example.queries.len(), example.warnings.len()), (32, 1));
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let example = read(
            "Person",
            json!({"fullName": "Ivan", "birthDate": "soon", "country": "Atlantis", "gender": "x", "name": ["", null]}),
        );
        for part in ["'fullName'", "'soon'", "'Atlantis'", "'x'", "nothing was screened"] {
            assert!(example.warnings.iter().any(|w| w.contains(part)), "{part}: {:?}", example.warnings);
        }
        assert!(example.queries.is_empty());
        let object = read("Person", json!({"name": ["Ivan", {"id": "1"}]}));
        assert_eq!((object.queries.len(), object.warnings.len()), (1, 1));
        assert!(read("Document", json!({"name": "Ivan"})).warnings[0].contains("'Document'"));
    }

    #[test]
    fn numbers_are_of_the_kind_of_their_property() {
        let kind = |schema, property: &str| {
            let example = read(schema, json!({property: "AB-12345"}));
            example.queries.first().map(|q| q.identifiers[0].kind.clone())
        };
        assert_eq!(kind("Vessel", "imoNumber"), Some(IdentifierKind::Imo));
        assert_eq!(kind("Airplane", "registrationNumber"), Some(IdentifierKind::AircraftTail));
        assert_eq!(kind("Company", "registrationNumber"), Some(IdentifierKind::Registration));
        assert_eq!(kind("Person", "idNumber"), Some(IdentifierKind::unspecified()));
        assert_eq!(kind("CryptoWallet", "publicKey"), Some(IdentifierKind::CryptoWallet));
        assert_eq!((kind("Company", "ticker"), kind("Person", "email")), (None, None));
    }
}
