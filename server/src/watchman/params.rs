//! The parameters of `GET /v2/search`, read strictly as Watchman reads them: what was not read is an error.
//!
//! Which parameters are read depends on `type`: a birth date is one of a person. Without a type the parameters that name
//! and contact details need are read, and nothing else.

use interdict::Query;
use interdict::entity::{Date, Gender, Identifier, IdentifierKind, Schema, country_of_cell};
use interdict::run::{Field, Party};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The most hits of an answer.
pub const MAX_LIMIT: usize = 100;
const DEFAULT_LIMIT: usize = 10;

/// A search, read.
#[derive(Clone, Debug)]
pub struct Search {
    /// What is screened, as a party of any other interface.
    pub party: Party,
    /// Its queries: the name and each of its alternatives, all with the same fields.
    pub queries: Vec<Query>,
    /// The query as the answer repeats it.
    pub echo: Value,
    /// The list to which the answer is limited.
    pub source: Option<String>,
    /// The id on the list to which the answer is limited.
    pub source_id: Option<String>,
    /// The kind of party to which the answer is limited.
    pub kind: Option<&'static str>,
    /// The most hits.
    pub limit: usize,
    /// The lowest score; `None` for the threshold that the service is configured with.
    pub min_match: Option<f32>,
    /// Whether each hit is explained.
    pub debug: bool,
    /// The ids that are explained beside the hits.
    pub debug_ids: Vec<String>,
    /// The form of the answer.
    pub format: Format,
    /// The client's id of the request.
    pub request_id: Option<String>,
    /// What had no effect, for a person.
    pub warnings: Vec<String>,
}

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One object.
    Watchman,
    /// An array of Senzing's entities.
    SenzingJson,
    /// Senzing's entities, one a line.
    SenzingLines,
}

/// Parameters that are read one after the other.
struct Reader<'a> {
    params: &'a [(String, String)],
    read: BTreeSet<&'a str>,
}

impl<'a> Reader<'a> {
    /// The values of a parameter by any of its names, without empty ones.
    fn all(&mut self, names: &[&str]) -> Vec<&'a str> {
        let mut values = Vec::new();
        for (name, value) in self.params {
            if names.contains(&name.as_str()) {
                self.read.insert(name);
                values.push(value.trim());
            }
        }
        values.retain(|value| !value.is_empty());
        values
    }

    fn one(&mut self, name: &str) -> Option<&'a str> {
        self.all(&[name]).into_iter().next()
    }

    fn date(&mut self, name: &str) -> Result<Option<Date>, String> {
        let Some(text) = self.one(name) else { return Ok(None) };
        let has_shape = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
            && matches!(text.len(), 4 | 7 | 10);
        let date = Date::parse(text).filter(|_| has_shape);
        date.map(Some)
            .ok_or_else(|| format!("{name}: '{text}' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD"))
    }

    /// The parameters that nobody has read, in alphabetical order.
    fn unused(&self) -> Vec<&str> {
        let unread =
            self.params.iter().map(|(name, _)| name.as_str()).filter(|name| !self.read.contains(name));
        unread.collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// Reads the parameters. `accept` is the header of that name, which may ask for a form.
///
/// # Errors
///
/// A sentence that names a parameter with a wrong value, or those that were not read.
pub fn read(params: &[(String, String)], accept: &str) -> Result<Search, String> {
    let mut reader = Reader { params, read: BTreeSet::new() };
    let kind = kind_of(reader.one("type").unwrap_or_default())?;
    // A key may stand among the parameters; the service has read it.
    reader.all(&["api_key"]);
    let mut party = Party::default();
    let mut warnings = Vec::new();
    let name = reader.one("name").unwrap_or_default().to_string();
    let alt_names: Vec<String> = match kind {
        Some(_) => reader.all(&["altNames"]).into_iter().map(str::to_string).collect(),
        None => Vec::new(),
    };
    let mut echo = echo_of(&name, kind);
    if let Some(kind) = kind {
        let details = read_details(kind, &name, &alt_names, &mut reader, &mut party)?;
        echo[kind] = details;
    }
    read_contact(&mut reader, &mut party, &mut echo, &mut warnings)?;
    let mut search = Search {
        party: Party::default(),
        queries: Vec::new(),
        echo,
        source: reader.one("source").map(str::to_string),
        source_id: reader.one("sourceID").map(str::to_string),
        kind,
        limit: read_limit(&mut reader)?,
        min_match: read_min_match(&mut reader)?,
        debug: reader.one("debug").is_some_and(|text| matches!(text, "yes" | "true" | "1")),
        debug_ids: reader
            .all(&["debugSourceIDs"])
            .iter()
            .flat_map(|ids| ids.split(','))
            .map(str::to_string)
            .collect(),
        format: read_format(&mut reader, accept)?,
        request_id: reader.one("requestID").map(str::to_string),
        warnings,
    };
    let unused = reader.unused();
    if !unused.is_empty() {
        return Err(format!("extra/unused query parameters in request: {}", unused.join(",")));
    }
    for name in std::iter::once(name).chain(alt_names).filter(|name| !name.is_empty()) {
        party = party.with_name(name);
    }
    search.queries = party.queries(schema_of(kind)).unwrap_or_default();
    search.party = party;
    if search.queries.is_empty() && search.source_id.is_none() {
        return Err("name or an identifier is required: there is nothing to search for".into());
    }
    Ok(search)
}

fn kind_of(text: &str) -> Result<Option<&'static str>, String> {
    let kinds = ["person", "business", "organization", "aircraft", "vessel"];
    match kinds.into_iter().find(|kind| kind.eq_ignore_ascii_case(text)) {
        None if text.is_empty() => Ok(None),
        None => {
            Err(format!("unknown type '{text}': it is person, business, organization, aircraft or vessel"))
        }
        found => Ok(found),
    }
}

fn schema_of(kind: Option<&str>) -> Schema {
    match kind {
        Some("person") => Schema::Person,
        Some("business") => Schema::Company,
        Some("organization") => Schema::Organization,
        Some("aircraft") => Schema::Aircraft,
        Some("vessel") => Schema::Vessel,
        _ => Schema::Unknown,
    }
}

/// The query as the answer repeats it, without the details of its kind.
fn echo_of(name: &str, kind: Option<&str>) -> Value {
    let mut echo = super::entity::blank(name, kind.unwrap_or_default(), "api-request", "");
    echo["sourceData"] = Value::Null;
    echo
}

/// Reads what parties of this kind have.
fn read_details(
    kind: &str,
    name: &str,
    alt_names: &[String],
    reader: &mut Reader<'_>,
    party: &mut Party,
) -> Result<Value, String> {
    let alt_names = or_null(alt_names.iter().map(|name| json!(name)).collect());
    Ok(match kind {
        "person" => {
            let birth = founding_date(reader, party, "birthDate")?;
            let death = reader.date("deathDate")?;
            let gender = reader.one("gender").unwrap_or_default();
            let known = Gender::parse(gender);
            if let Some(known) = known {
                add(party, Field::Gender, known.as_str());
            }
            if known.is_none() && !matches!(gender, "" | "unknown" | "other") {
                return Err(format!("gender: '{gender}' is neither male nor female"));
            }
            let titles = or_null(reader.all(&["titles"]).into_iter().map(|title| json!(title)).collect());
            json!({
                "name": name, "altNames": alt_names, "gender": known.map_or("", Gender::as_str),
                "birthDate": birth, "placeOfBirth": "", "deathDate": super::entity::time_of(death.as_ref()),
                "titles": titles, "governmentIDs": read_government_ids(reader, party)?,
            })
        }
        "business" | "organization" => {
            let (created, dissolved) = (founding_date(reader, party, "created")?, reader.date("dissolved")?);
            json!({
                "name": name, "altNames": alt_names, "created": created,
                "dissolved": super::entity::time_of(dissolved.as_ref()),
                "governmentIDs": read_government_ids(reader, party)?,
            })
        }
        "aircraft" => {
            let built = founding_date(reader, party, "built")?;
            let flag = read_flag(reader, party)?;
            let (icao, serial) = (reader.one("icaoCode"), reader.one("serialNumber"));
            add_number(party, IdentifierKind::unspecified(), icao);
            add_number(party, IdentifierKind::AircraftSerial, serial);
            json!({
                "name": name, "altNames": alt_names, "type": text(reader.one("aircraftType")), "flag": flag,
                "built": built, "icaoCode": text(icao), "model": text(reader.one("model")), "serialNumber": text(serial),
            })
        }
        _ => {
            let built = founding_date(reader, party, "built")?;
            let flag = read_flag(reader, party)?;
            let (imo, mmsi, call_sign) =
                (reader.one("imoNumber"), reader.one("mmsi"), reader.one("callSign"));
            add_number(party, IdentifierKind::Imo, imo);
            add_number(party, IdentifierKind::Mmsi, mmsi);
            add_number(party, IdentifierKind::CallSign, call_sign);
            json!({
                "name": name, "altNames": alt_names, "imoNumber": text(imo), "type": text(reader.one("vesselType")),
                "flag": flag, "built": built, "model": text(reader.one("model")), "tonnage": read_count(reader, "tonnage")?,
                "mmsi": text(mmsi), "callSign": text(call_sign),
                "grossRegisteredTonnage": read_count(reader, "grossRegisteredTonnage")?, "owner": text(reader.one("owner")),
            })
        }
    })
}

fn text(value: Option<&str>) -> &str {
    value.unwrap_or_default()
}

fn or_null(values: Vec<Value>) -> Value {
    if values.is_empty() { Value::Null } else { Value::Array(values) }
}

fn add_number(party: &mut Party, kind: IdentifierKind, value: Option<&str>) {
    if let Some(value) = value {
        identify(party, Identifier::new(kind, value));
    }
}

fn identify(party: &mut Party, identifier: Identifier) {
    *party = std::mem::take(party).with_identifier(identifier);
}

fn add(party: &mut Party, field: Field, text: &str) {
    *party = std::mem::take(party).with_field(field, text);
}

/// Reads the date of a birth, a founding or a building, and returns it as the answer repeats it.
fn founding_date(reader: &mut Reader<'_>, party: &mut Party, name: &str) -> Result<Value, String> {
    let date = reader.date(name)?;
    if let Some(date) = &date {
        add(party, Field::BirthDate, &date.to_string());
    }
    Ok(super::entity::time_of(date.as_ref()))
}

fn read_flag<'a>(reader: &mut Reader<'a>, party: &mut Party) -> Result<&'a str, String> {
    let Some(flag) = reader.one("flag") else { return Ok("") };
    let code = country_of_cell(flag).ok_or_else(|| format!("flag: '{flag}' is not a country"))?;
    add(party, Field::Country, code);
    Ok(flag)
}

fn read_count(reader: &mut Reader<'_>, name: &str) -> Result<u64, String> {
    let Some(text) = reader.one(name) else { return Ok(0) };
    text.parse().map_err(|_| format!("{name}: '{text}' is not a whole number"))
}

/// Kinds of `gov_KIND`, and those of the library.
const GOVERNMENT_IDS: [(&str, Option<IdentifierKind>); 18] = {
    use IdentifierKind as K;
    [
        ("passport", Some(K::Passport)),
        ("diplomatic-passport", Some(K::Passport)),
        ("drivers-license", None),
        ("national-id", Some(K::NationalId)),
        ("personal-id", Some(K::NationalId)),
        ("ssn", Some(K::NationalId)),
        ("cedula", Some(K::NationalId)),
        ("curp", Some(K::NationalId)),
        ("tax-id", Some(K::Tax)),
        ("cuit", Some(K::Tax)),
        ("business-registration", Some(K::Registration)),
        ("commercial-registry", Some(K::Registration)),
        ("electoral", None),
        ("birth-certificate", None),
        ("refugee-id", None),
        ("citizenship", None),
        ("nationality", None),
        ("identification", None),
    ]
};

/// Reads `gov_KIND=country:identifier`.
fn read_government_ids(reader: &mut Reader<'_>, party: &mut Party) -> Result<Value, String> {
    let mut echo = Vec::new();
    for (name, kind) in GOVERNMENT_IDS {
        for value in reader.all(&[&format!("gov_{name}")]) {
            let (country, number) = match value.split_once(':') {
                Some((country, number)) => (country.trim(), number.trim()),
                // Of citizenship and nationality the country is all there is.
                None if matches!(name, "citizenship" | "nationality") => (value, ""),
                None => return Err(format!("gov_{name}: '{value}' is not of the form country:identifier")),
            };
            if matches!(name, "citizenship" | "nationality") {
                let stated = [country, number].into_iter().find_map(country_of_cell);
                let code = stated.ok_or_else(|| format!("gov_{name}: '{value}' names no country"))?;
                add(party, Field::Country, code);
            } else {
                let kind = kind.clone().unwrap_or_else(IdentifierKind::unspecified);
                identify(party, Identifier::new(kind, number).issued_by(country));
            }
            echo.push(json!({"name": "", "type": name, "country": country, "identifier": number}));
        }
    }
    Ok(or_null(echo))
}

/// Contact details, addresses and wallets, which all kinds have. Contact details and addresses never make a hit.
fn read_contact(
    reader: &mut Reader<'_>,
    party: &mut Party,
    echo: &mut Value,
    warnings: &mut Vec<String>,
) -> Result<(), String> {
    let contacts = [
        ("emailAddresses", &["email", "emailAddress", "emailAddresses"][..]),
        ("phoneNumbers", &["phone", "phoneNumber", "phoneNumbers"]),
        ("faxNumbers", &["fax", "faxNumber", "faxNumbers"]),
        ("websites", &["website", "websites"]),
    ];
    for (field, names) in contacts {
        let values = reader.all(names);
        if !values.is_empty() {
            warnings.push(format!("{} was not compared: contact details make no hit", names[0]));
        }
        echo["contact"][field] = or_null(values.into_iter().map(|value| json!(value)).collect());
    }
    let addresses = reader.all(&["address", "addresses"]);
    if !addresses.is_empty() {
        warnings.push("address was not compared: an address makes no hit".into());
    }
    echo["addresses"] = or_null(addresses.into_iter().map(super::entity::address).collect());
    let mut wallets = Vec::new();
    for value in reader.all(&["cryptoAddress", "cryptoAddresses"]) {
        let (currency, address) = value.split_once(':').unwrap_or(("", value));
        if address.trim().is_empty() {
            return Err(format!("cryptoAddress: '{value}' is not of the form currency:address"));
        }
        identify(party, Identifier::new(IdentifierKind::CryptoWallet, address));
        wallets.push(json!({"currency": currency.trim(), "address": address.trim()}));
    }
    echo["cryptoAddresses"] = or_null(wallets);
    Ok(())
}

fn read_limit(reader: &mut Reader<'_>) -> Result<usize, String> {
    let Some(text) = reader.one("limit") else { return Ok(DEFAULT_LIMIT) };
    let limit: usize = text.parse().map_err(|_| format!("limit: '{text}' is not a whole number"))?;
    Ok(if limit == 0 { DEFAULT_LIMIT } else { limit.min(MAX_LIMIT) })
}

fn read_min_match(reader: &mut Reader<'_>) -> Result<Option<f32>, String> {
    let Some(text) = reader.one("minMatch") else { return Ok(None) };
    let number = text.parse::<f32>().ok().filter(|number| (0.0..=1.0).contains(number));
    number.map(Some).ok_or_else(|| format!("minMatch: '{text}' is not a number from 0 to 1"))
}

fn read_format(reader: &mut Reader<'_>, accept: &str) -> Result<Format, String> {
    let asked = reader.one("format");
    let from_accept =
        ["senzing/json", "senzing", "jsonl", "ndjson"].into_iter().find(|form| accept.contains(form));
    match asked.or(from_accept).unwrap_or("watchman") {
        "watchman" | "json" => Ok(Format::Watchman),
        "senzing" | "senzing/json" => Ok(Format::SenzingJson),
        "jsonl" | "ndjson" | "senzing/jsonl" => Ok(Format::SenzingLines),
        other => Err(format!("unknown format '{other}': it is watchman, senzing, jsonl or ndjson")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Search, String> {
        let params: Vec<(String, String)> = serde_urlencoded::from_str(text).unwrap();
        read(&params, "")
    }

    #[test]
    fn a_request_of_the_go_client_is_read() {
        let search = read_text("name=nicolas+maduro&type=&minMatch=0.00&limit=3&debug=yes").unwrap();
        assert_eq!(
            (search.queries[0].name.as_str(), search.limit, search.debug),
            ("nicolas maduro", 3, true)
        );
        assert_eq!((search.min_match, search.kind, search.format), (Some(0.0), None, Format::Watchman));
        assert_eq!(search.echo["entityType"], json!(""));
    }

    #[test]
    fn a_person_has_dates_and_documents() {
        let search = read_text(
            "name=Ivan+Petrov&type=person&altNames=Vanya&birthDate=1965&gender=male&gov_passport=RU:75+1234567\
             &gov_nationality=Russia&cryptoAddress=XBT:x123456&titles=Mr",
        )
        .unwrap();
        let [first, second] = &search.queries[..] else { panic!("a query a name") };
        assert_eq!((first.identifiers.len(), second.identifiers.len(), &*second.name), (2, 0, "Vanya"));
        assert_eq!(first.identifiers[0].country.as_deref(), Some("ru"));
        assert_eq!((&first.countries[..], first.gender), (&["ru".to_string()][..], Some(Gender::Male)));
        assert_eq!(search.echo["person"]["birthDate"], json!("1965-01-01T00:00:00Z"));
        assert_eq!(search.echo["person"]["governmentIDs"][0]["type"], json!("passport"));
        assert_eq!(search.echo["cryptoAddresses"], json!([{"currency": "XBT", "address": "x123456"}]));
    }

    #[test]
    fn what_is_not_read_is_an_error() {
        for (text, expected) in [
            ("name=x&type=business&birthDate=1965", "extra/unused query parameters in request: birthDate"),
            ("name=x&zz=1&aa=2", "extra/unused query parameters in request: aa,zz"),
            ("name=x&altNames=y", "extra/unused query parameters in request: altNames"),
            ("name=x&type=ship", "unknown type 'ship'"),
            ("name=x&type=person&birthDate=04/21/1965", "birthDate: '04/21/1965'"),
            ("name=x&minMatch=2", "minMatch: '2'"),
            ("name=x&limit=-1", "limit: '-1'"),
            ("name=x&format=xml", "unknown format 'xml'"),
            ("name=x&type=person&gov_passport=123", "gov_passport: '123'"),
            ("name=x&type=vessel&flag=Atlantis", "flag: 'Atlantis'"),
            ("name=x&type=vessel&tonnage=big", "tonnage: 'big'"),
            ("type=person", "there is nothing to search for"),
        ] {
            let message = read_text(text).unwrap_err();
            assert!(message.contains(expected), "{text}: {message}");
        }
        assert_eq!(read_text("name=x&limit=1000").unwrap().limit, MAX_LIMIT);
        assert_eq!(read_text("name=x&email=a@b.c").unwrap().warnings.len(), 1);
        assert_eq!(read_text("type=vessel&imoNumber=9253325").unwrap().queries.len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn any_parameters_are_read_or_refused(
            names in proptest::collection::vec("(name|type|altNames|birthDate|gov_passport|flag|limit|minMatch|cryptoAddress|[a-z]{1,8})", 0..8),
            values in proptest::collection::vec("(person|vessel|1965|ru:7|\\PC{0,12})", 8),
        ) {
            let params: Vec<(String, String)> = names.into_iter().zip(values).collect();
            let known: Vec<&str> = params.iter().map(|(name, _)| name.as_str()).collect();
            match read(&params, "") {
                Ok(search) => proptest::prop_assert!(!search.queries.is_empty() || search.source_id.is_some()),
                Err(message) => proptest::prop_assert!(!message.is_empty(), "{known:?}"),
            }
        }
    }
}
