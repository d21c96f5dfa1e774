//! The meaning of the fields of the UK's lists, the same in the UK Sanctions List as CSV and XML and in
//! OFSI's former consolidated list.
//!
//! A field is recognised by the letters and digits of its column's or element's name: "Name non-latin script"
//! and `NameNonLatinScript` are the same field.

use crate::entity::{
    AliasStrength, Date, Entity, Identifier, IdentifierKind as K, Name, NameKind, Schema, add_once,
};
use crate::list::text::numbers::add_numbers;

/// The meaning of a column or element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    UniqueId,
    GroupId,
    UnReference,
    /// A part of a name: 1 to 5 the given names, 6 the last name or the name of an organisation or ship.
    Name(u8),
    NameType,
    AliasStrength,
    OriginalName,
    Kind,
    Regime,
    Listed,
    BirthDate,
    BirthTown,
    BirthCountry,
    Nationality,
    Flag,
    Gender,
    AddressLine(u8),
    PostalCode,
    AddressCountry,
    Passport,
    NationalId,
    Registration,
    Imo,
    Hull,
    Wallet,
    Phone,
    Email,
    Website,
    /// A text for the remarks, with its label.
    Remark(&'static str),
    Ignored,
}

/// The field of a column or element with this name.
pub(crate) fn field(name: &str) -> Field {
    let key: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let digit = |head: &str| {
        key.strip_prefix(head).and_then(|n| n.parse::<u8>().ok()).filter(|n| (1..=6).contains(n))
    };
    if let Some(n) = digit("name") {
        return Field::Name(n);
    }
    if let Some(n) = digit("addressline").or_else(|| digit("address")) {
        return Field::AddressLine(n);
    }
    match key.as_str() {
        "uniqueid" | "uksanctionslistref" => Field::UniqueId,
        "ofsigroupid" | "groupid" => Field::GroupId,
        "unreferencenumber" | "unref" => Field::UnReference,
        "nametype" | "aliastype" => Field::NameType,
        "aliasstrength" | "aliasquality" => Field::AliasStrength,
        "namenonlatinscript" => Field::OriginalName,
        "individualentityship" | "designationtype" | "grouptype" => Field::Kind,
        "regimename" | "regime" => Field::Regime,
        "datedesignated" | "uksanctionslistdatedesignated" | "listedon" => Field::Listed,
        "dob" => Field::BirthDate,
        "townofbirth" => Field::BirthTown,
        "countryofbirth" => Field::BirthCountry,
        "nationality" | "nationalityies" => Field::Nationality,
        "currentbelievedflagofship" | "flagofship" => Field::Flag,
        "gender" => Field::Gender,
        "addresspostalcode" | "postzipcode" => Field::PostalCode,
        "addresscountry" | "country" => Field::AddressCountry,
        "passportnumber" => Field::Passport,
        "nationalidentifiernumber" | "nationalidentificationnumber" => Field::NationalId,
        "businessregistrationnumbers" | "businessregistrationnumber" => Field::Registration,
        "imonumber" => Field::Imo,
        "hullidentificationnumberhin" | "hullidentificationnumber" => Field::Hull,
        "cryptowalletaddress" | "cryptowalletaddresses" => Field::Wallet,
        "phonenumber" => Field::Phone,
        "emailaddress" => Field::Email,
        "website" => Field::Website,
        "title" => Field::Remark("Title"),
        "position" => Field::Remark("Position"),
        "designationsource" => Field::Remark("Designated by"),
        "sanctionsimposed" => Field::Remark("Sanctions"),
        "otherinformation" => Field::Remark(""),
        "ukstatementofreasons" => Field::Remark("Reasons"),
        "passportadditionalinformation" | "passportdetails" => Field::Remark("Passport"),
        "nationalidentifieradditionalinformation" | "nationalidentificationdetails" => {
            Field::Remark("National identifier")
        }
        "typeofentity" => Field::Remark("Type of entity"),
        "subsidiaries" | "subsidiary" => Field::Remark("Subsidiaries"),
        "parentcompany" => Field::Remark("Parent company"),
        "currentowneroperators" | "currentowneroperator" => Field::Remark("Owner or operator"),
        "previousowneroperators" | "previousowneroperator" => Field::Remark("Previous owner or operator"),
        "previousflags" | "previousflag" => Field::Remark("Previous flags"),
        "typeofship" => Field::Remark("Type of ship"),
        "tonnageofship" => Field::Remark("Tonnage"),
        "lengthofship" => Field::Remark("Length"),
        "yearbuilt" => Field::Remark("Built"),
        _ => Field::Ignored,
    }
}

/// The first text of a field that is not empty, trimmed; else the empty text.
pub(crate) fn first_text<'a>(fields: &[(Field, &'a str)], wanted: Field) -> &'a str {
    let mut texts = fields.iter().filter(|(f, _)| *f == wanted).map(|(_, t)| t.trim());
    texts.find(|t| !t.is_empty()).unwrap_or("")
}

/// The id of a party: the id of the UK Sanctions List, else OFSI's group id.
pub(crate) fn id<'a>(fields: &[(Field, &'a str)]) -> &'a str {
    match first_text(fields, Field::UniqueId) {
        "" => first_text(fields, Field::GroupId),
        id => id,
    }
}

/// Adds fields that belong together: those of a row, or the texts of an element. Empty texts are ignored.
pub(crate) fn add_fields(fields: &[(Field, &str)], e: &mut Entity) {
    let text = |wanted: Field| first_text(fields, wanted);
    add_names(&text, e);
    let lines: Vec<&str> = (1..=6).map(|n| text(Field::AddressLine(n))).collect();
    let country = text(Field::AddressCountry);
    e.add_address(lines.into_iter().chain([text(Field::PostalCode), country]));
    if matches!(e.schema, Schema::Organization | Schema::Company) {
        numbered_values(country).for_each(|c| e.add_country(c));
    }
    e.add_birth_place([text(Field::BirthTown), text(Field::BirthCountry)]);
    for (field, text) in fields {
        let text = text.trim();
        if !text.is_empty() {
            add_field(*field, text, e);
        }
    }
}

/// Adds a field that has a meaning by itself.
fn add_field(field: Field, text: &str, e: &mut Entity) {
    match field {
        Field::GroupId => add_identifiers(K::Other("ofsi-group-id".into()), text, e),
        Field::UnReference => add_identifiers(K::Other("un-reference".into()), text, e),
        Field::Passport => add_labelled_numbers(K::Passport, "Passport", text, e),
        Field::NationalId => add_labelled_numbers(K::NationalId, "National identifier", text, e),
        Field::Registration => add_labelled_numbers(K::Registration, "Business registration", text, e),
        Field::Imo => add_identifiers(K::Imo, text, e),
        Field::Hull => add_identifiers(K::Other("hull-identification-number".into()), text, e),
        Field::Wallet => add_identifiers(K::CryptoWallet, text, e),
        Field::Phone => add_identifiers(K::Phone, text, e),
        Field::Email => add_identifiers(K::Email, text, e),
        Field::Website => add_identifiers(K::Website, text, e),
        Field::Regime => e.add_program(text),
        Field::Listed => e.add_listing_date(text),
        Field::BirthDate => numbered_values(text).for_each(|v| add_birth_date(v, e)),
        Field::Nationality | Field::Flag => numbered_values(text).for_each(|c| e.add_country(c)),
        Field::Gender => e.add_gender(text),
        Field::Remark("") => e.add_remark(text),
        Field::Remark(label) => e.add_remark(&format!("{label}: {text}")),
        _ => {}
    }
}

/// Adds the identifiers of a cell. Those of a kind without commas and semicolons may be separated by them.
fn add_identifiers(kind: K, text: &str, e: &mut Entity) {
    let separated = matches!(kind, K::Imo | K::Email | K::Website);
    for value in numbered_values(text).flat_map(|v| v.split(move |c| separated && ",;|".contains(c))) {
        e.add_identifier(Identifier::new(kind.clone(), value));
    }
}

/// Adds numbers with their labels: "INN: 7701234567 OGRN: 1027700123456". A value with further words is kept
/// as a remark.
fn add_labelled_numbers(column: K, label: &str, text: &str, e: &mut Entity) {
    for value in numbered_values(text) {
        if !add_numbers(value, Some(column.clone()), e) {
            e.add_remark(&format!("{label}: {value}"));
        }
    }
}

/// The kind of party by its word: Individual, Entity, Ship.
pub(crate) fn schema(word: &str) -> Option<Schema> {
    Schema::parse(word).filter(|s| *s != Schema::Unknown)
}

fn add_names<'a>(text: &impl Fn(Field) -> &'a str, e: &mut Entity) {
    let parts: Vec<&str> = (1..=6).map(|n| text(Field::Name(n))).filter(|p| !p.is_empty()).collect();
    let kind = text(Field::NameType).to_lowercase();
    let weak = text(Field::AliasStrength).to_lowercase().contains("low");
    let strength = if weak { AliasStrength::Weak } else { AliasStrength::Strong };
    let kind = match kind.as_str() {
        "primary name" => NameKind::Primary,
        k if k.starts_with("fka") || k.starts_with("f.k.a") || k.starts_with("former") => NameKind::Former,
        // "Primary name variation" is another spelling of the primary name.
        _ => NameKind::Alias,
    };
    let name = parts.join(" ");
    e.add_name(Name::new(&name, kind, strength));
    if e.schema == Schema::Vessel
        && let Some(alone) = name_beside_imo_number(&name)
    {
        let kind = if kind == NameKind::Former { kind } else { NameKind::Alias };
        e.add_name(Name::new(alone, kind, strength));
    }
    e.add_name(Name::new(text(Field::OriginalName), NameKind::Alias, strength));
}

/// The name of a ship that is listed with its IMO number: `IMO 9274082 ("NAME")`, `NAME (IMO 9274082)`. The
/// documents of a ship have the name alone.
fn name_beside_imo_number(name: &str) -> Option<String> {
    let (before, after) = name.split_once("IMO")?;
    let after = after.trim_start_matches([' ', ':']);
    let after = ["number", "Number", "No."].iter().find_map(|w| after.strip_prefix(w)).unwrap_or(after);
    let (number, after) = after.trim_start_matches([' ', ':']).split_at_checked(7)?;
    let is_number =
        number.bytes().all(|b| b.is_ascii_digit()) && !after.starts_with(|c: char| c.is_alphanumeric());
    if !is_number || before.ends_with(char::is_alphanumeric) {
        return None;
    }
    let alone = format!("{before} {after}");
    let alone = alone.trim_matches(|c: char| c.is_whitespace() || "()[]\"'“”‘’«»,;:-–/".contains(c));
    // A text with brackets is more than a name.
    (!alone.is_empty() && !alone.contains(['(', ')', '[', ']'])).then(|| alone.to_string())
}

/// The values of a cell, which has one, or several with numbers: "(1) Iran (2) Iraq".
fn numbered_values(text: &str) -> impl Iterator<Item = &str> {
    let numbered = text.starts_with("(1)");
    let mut rest = text;
    let mut number = 1;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if !numbered {
            return Some(std::mem::take(&mut rest));
        }
        rest = rest.strip_prefix(format!("({number})").as_str()).unwrap_or(rest);
        number += 1;
        let end = rest.find(format!("({number})").as_str()).unwrap_or(rest.len());
        let (value, after) = rest.split_at(end);
        rest = after;
        Some(value)
    })
    .map(str::trim)
    .filter(|v| !v.is_empty())
}

/// Adds a date such as "05/05/1969". Unknown parts are letters or zeros: "dd/mm/1969", "00/05/1969".
fn add_birth_date(text: &str, e: &mut Entity) {
    let parts: Vec<&str> = text.split('/').map(str::trim).collect();
    let [day, month, year] = parts[..] else { return e.add_birth_date(text) };
    let part = |t: &str| t.parse::<i8>().ok().filter(|n| *n != 0);
    let year = year.parse::<i16>().ok().filter(|y| *y >= 1000);
    // "dd", "00" and "??" carry no information; a longer word does.
    if year.is_some() && [day, month].iter().any(|p| p.chars().count() > 2) {
        e.add_remark(&format!("date: {text}"));
    }
    let date = match (year, part(month), part(day)) {
        (Some(y), Some(m), Some(d)) => Date::day(y, m, d).or_else(|| Date::parse(text)).or(Date::year(y)),
        (Some(y), Some(m), None) => Date::month(y, m).or(Date::year(y)),
        (Some(y), None, _) => Date::year(y),
        // "07/04/62"
        _ => Date::parse(text),
    };
    match date {
        Some(date) => add_once(&mut e.birth_dates, date),
        None => e.add_remark(&format!("date: {text}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_separated_by_their_numbers() {
        let of = |text| numbered_values(text).map(str::to_string).collect::<Vec<_>>();
        assert_eq!(of("(1) Iran (2) Iraq"), ["Iran", "Iraq"]);
        assert_eq!(of("12 (34)"), ["12 (34)"]);
        assert_eq!(of("(1) A (B) (2)"), ["A (B)"]);
        assert_eq!(of(""), Vec::<String>::new());
    }

    #[test]
    fn numbers_take_the_kind_of_their_label() {
        let mut e = Entity::new("1", Schema::Organization, "x");
        let registered = "(1) INN: 7701234567 OGRN: 1027700123456 (2) USREOU code 3482300";
        add_fields(&[(Field::Registration, registered), (Field::NationalId, "TIN - 526300010012")], &mut e);
        let found: Vec<_> = e.identifiers.iter().map(|i| (i.kind.as_str(), i.value.as_str())).collect();
        assert_eq!(
            found,
            [
                ("tax", "7701234567"),
                ("registration", "1027700123456"),
                ("registration", "3482300"),
                ("tax", "526300010012")
            ]
        );
        assert_eq!(e.remarks, "Business registration: USREOU code 3482300");
    }

    #[test]
    fn several_passports_of_one_cell_are_separated() {
        let mut e = Entity::new("1", Schema::Person, "x");
        let cell = "(1) A1234567 (expired) Russia (2) 4606 123456, B7654321";
        add_fields(&[(Field::Passport, cell)], &mut e);
        let found: Vec<_> = e.identifiers.iter().map(|i| (i.kind.as_str(), i.value.as_str())).collect();
        assert_eq!(found, [("passport", "A1234567"), ("passport", "4606 123456"), ("passport", "B7654321")]);
        assert_eq!(e.identifiers[0].country.as_deref(), Some("ru"));
        assert_eq!(e.remarks, "Passport: A1234567 (expired) Russia");
    }

    #[test]
    fn the_name_beside_the_number_of_a_ship_is_an_alias() {
        for (name, alone) in [
            ("IMO 9253325 (\"SEA EXAMPLE 5\")", Some("SEA EXAMPLE 5")),
            ("IMO9253325 (SEA EXAMPLE)", Some("SEA EXAMPLE")),
            ("IMO number: 9253325, “SEA EXAMPLE”", Some("SEA EXAMPLE")),
            ("SEA EXAMPLE (IMO 9253325)", Some("SEA EXAMPLE")),
            ("IMO 9253325", None),
            ("IMO STAR", None),
            ("IMO 92533251 (SEA)", None),
            ("KIMO 9253325", None),
            ("SEA EXAMPLE", None),
        ] {
            assert_eq!(name_beside_imo_number(name).as_deref(), alone, "{name}");
            let mut e = Entity::without_names("1", Schema::Vessel);
            add_fields(&[(Field::Name(6), name), (Field::NameType, "Primary Name")], &mut e);
            assert_eq!(e.names[0], Name::primary(name), "as published");
            assert_eq!(e.names.get(1), alone.map(Name::alias).as_ref(), "{name}");
        }
    }

    #[test]
    fn unknown_parts_of_dates_are_left_out() {
        let mut e = Entity::new("1", Schema::Person, "x");
        for text in
            ["05/12/1969", "dd/mm/1970", "00/05/1971", "dd/13/1972", "dd/mm/yyyy", "05/12/1969", "07/04/62"]
        {
            add_birth_date(text, &mut e);
        }
        let dates: Vec<String> = e.birth_dates.iter().map(Date::to_string).collect();
        assert_eq!(dates, ["1969-12-05", "1970", "1971-05", "1972", "1962-04-07"]);
        assert_eq!(e.remarks, "date: dd/mm/yyyy");
        add_birth_date("5/Frimaire/1970", &mut e);
        assert_eq!(
            e.remarks, "date: dd/mm/yyyy; date: 5/Frimaire/1970",
            "a word that is no part of a date is kept"
        );
    }
}
