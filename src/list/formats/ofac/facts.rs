//! The meaning of OFAC's types of identifiers and features. They are the same in the remarks of the delimited
//! files, in the `idList` of the XML, and in the features and documents of the Advanced XML.

use crate::entity::{AliasStrength, Entity, Identifier, IdentifierKind as K, Name, NameKind, Schema};

/// The types of identifiers that have a kind of their own. None is the beginning of another.
const IDENTIFIERS: &[(&str, K)] = &[
    ("Passport", K::Passport),
    ("Diplomatic Passport", K::Passport),
    ("British National Overseas Passport", K::Passport),
    ("Stateless Person Passport", K::Passport),
    ("National ID No.", K::NationalId),
    ("National Foreign ID Number", K::NationalId),
    ("Cedula No.", K::NationalId),
    ("Personal ID Card", K::NationalId),
    ("Identification Number", K::NationalId),
    ("Turkish Identification Number", K::NationalId),
    ("Kenyan ID No.", K::NationalId),
    ("Bosnian Personal ID No.", K::NationalId),
    ("Moroccan Personal ID No.", K::NationalId),
    ("Tazkira National ID Card", K::NationalId),
    ("Citizen's Card Number", K::NationalId),
    ("CNP (Personal Numerical Code)", K::NationalId),
    ("SSN", K::NationalId),
    ("C.U.R.P.", K::NationalId),
    ("C.U.I.P.", K::NationalId),
    ("C.U.I.", K::NationalId),
    ("C.I.N.", K::NationalId),
    ("D.N.I.", K::NationalId),
    ("N.I.E.", K::NationalId),
    ("UAE Identification", K::NationalId),
    ("Numero de Identidad", K::NationalId),
    ("Stateless Person ID Card", K::NationalId),
    ("Refugee ID Card", K::NationalId),
    ("Tax ID No.", K::Tax),
    ("V.A.T. Number", K::Tax),
    ("US FEIN", K::Tax),
    ("Fiscal Code", K::Tax),
    ("Italian Fiscal Code", K::Tax),
    ("C.U.I.T.", K::Tax),
    ("C.I.F.", K::Tax),
    ("N.I.F.", K::Tax),
    ("R.F.C.", K::Tax),
    ("RFC", K::Tax),
    ("Romanian Tax Registration", K::Tax),
    ("Paraguayan tax identification number", K::Tax),
    ("Numero Unico de Identificacao Tributaria (NUIT)", K::Tax),
    ("RTN", K::Tax),
    ("NIT #", K::Tax),
    ("RIF #", K::Tax),
    ("RUC #", K::Tax),
    ("Registration Number", K::Registration),
    ("Registration ID", K::Registration),
    ("Public Registration Number", K::Registration),
    ("Business Registration Number", K::Registration),
    ("Business Registration Document #", K::Registration),
    ("Business Number", K::Registration),
    ("Commercial Registry Number", K::Registration),
    ("Certificate of Incorporation Number", K::Registration),
    ("Chamber of Commerce Number", K::Registration),
    ("Company Number", K::Registration),
    ("UK Company Number", K::Registration),
    ("Enterprise Number", K::Registration),
    ("Economic Register Number (CBLS)", K::Registration),
    ("Central Registration System Number", K::Registration),
    ("Matricula Mercantil No", K::Registration),
    ("Folio Mercantil No.", K::Registration),
    ("Organization Code", K::Registration),
    ("Registered Charity No.", K::Registration),
    ("Unified Social Credit Code (USCC)", K::Registration),
    ("United Social Credit Code Certificate (USCCC)", K::Registration),
    ("Legal Entity Number", K::Registration),
    ("LE Number", K::Registration),
    ("C.R. No.", K::Registration),
    ("Romanian C.R.", K::Registration),
    ("RSIN", K::Registration),
    ("Trade License No.", K::Registration),
    ("Registration Certificate Number (Dubai)", K::Registration),
    ("Dubai Chamber of Commerce Membership No.", K::Registration),
    ("Istanbul Chamber of Comm. No.", K::Registration),
    ("Branch Unit Number", K::Registration),
    ("MSB Registration Number", K::Registration),
    ("Russian State Individual Business Registration Number Pattern (OGRNIP)", K::Registration),
    ("SWIFT/BIC", K::Bic),
    ("LEI", K::Lei),
    ("Vessel Registration Identification", K::Imo),
    ("MMSI", K::Mmsi),
    ("Vessel Call Sign", K::CallSign),
    ("Other Vessel Call Sign", K::CallSign),
    ("Aircraft Tail Number", K::AircraftTail),
    ("Previous Aircraft Tail Number", K::AircraftTail),
    ("Aircraft Manufacturer's Serial Number (MSN)", K::AircraftSerial),
    ("Aircraft Construction Number (also called L/N or S/N or F/N)", K::AircraftSerial),
    ("Aircraft Serial Identification", K::AircraftSerial),
    ("Email Address", K::Email),
    ("Phone Number", K::Phone),
    ("Telephone No.", K::Phone),
    ("Website", K::Website),
];

/// Further types that begin a fact of the remarks; read by [`add`].
const OTHERS: &[&str] = &[
    "Organization Established Date",
    "Nationality of Registration",
    "Issuer Name",
    "ISIN",
    "Equity Ticker",
    "BIK (RU)",
    "MICEX Code",
    "D-U-N-S Number",
    "UN/LOCODE",
    "Government Gazette Number",
    "Chinese Commercial Code",
    "License",
    "Driver's License No.",
    "Pilot License Number",
    "Travel Document Number",
    "Birth Certificate Number",
    "Electoral Registry No.",
    "Credencial electoral",
    "Residency Number",
    "Immigration No.",
    "Public Security and Immigration No.",
    "Military Registration Number",
    "Seafarer's Identification Document",
    "Tarjeta Profesional",
    "I.F.E.",
    "VisaNumberID",
    "Cartilla de Servicio Militar Nacional",
    "Romanian Permanent Resident",
    "Afghan Money Service Provider License Number",
    "Tourism License No.",
    "SRE Permit No.",
    "Permit Number",
    "Trademark number",
    "File Number",
    "Serial No.",
    "Aircraft Mode S Transponder Code",
];

/// The beginning of the type of a crypto address; its currency follows.
const WALLET_PREFIX: &str = "Digital Currency Address - ";

/// Whether the values of a type are statements about the listing and not numbers of the party.
fn is_statement(kind: &str) -> bool {
    kind.ends_with([':', '-'])
        || kind.contains(" Date ")
        || [
            "Executive Order",
            "Target Type",
            "Vessel",
            "Other Vessel",
            "Former Vessel",
            "Aircraft M",
            "Aircraft O",
            "VESSEL",
        ]
        .iter()
        .any(|head| kind.starts_with(head))
}

/// The identifier of a type and a value, if the type has a kind of its own.
fn identifier(kind: &str, value: &str) -> Option<Identifier> {
    if kind.starts_with(WALLET_PREFIX) {
        return Some(Identifier::new(K::CryptoWallet, value));
    }
    let kind = kind.replace('\u{2019}', "'");
    let (_, found) = IDENTIFIERS.iter().find(|(name, _)| *name == kind)?;
    if *found == K::Imo {
        // Numbers of other registers have the same type.
        return Some(match value.trim().strip_prefix("IMO") {
            Some(number) => Identifier::new(K::Imo, number),
            None => Identifier::new(K::Registration, value),
        });
    }
    Some(Identifier::new(found.clone(), value))
}

/// Whether a text is a type of facts.
pub(crate) fn is_type(text: &str) -> bool {
    let text = text.trim();
    identifier(text, "1").is_some() || OTHERS.contains(&text) || is_statement(text) || text == "Gender"
}

/// Adds a fact to the field of its type. A statement about the listing becomes a remark, and an unknown type
/// an identifier with OFAC's name for it.
pub(crate) fn add(kind: &str, value: &str, country: &str, e: &mut Entity) {
    let (kind, value) = (kind.trim(), value.trim());
    if value.is_empty() {
        return;
    }
    if let Some(found) = identifier(kind, value) {
        return e.add_identifier(found.issued_by(country));
    }
    match kind {
        "Aircraft Mode S Transponder Code" => {
            e.add_identifier(Identifier::new(K::Other(kind.to_string()), value))
        }
        "Gender" => e.add_gender(value),
        "Organization Established Date" => e.add_birth_date(value),
        "Nationality of Registration"
        | "Registration Country"
        | "Vessel Flag"
        | "Flag"
        | "Nationality Country"
        | "Citizenship Country" => e.add_country(value),
        // The issuer of a listed security: the name under which the party is traded.
        "Issuer Name" => e.add_name(Name::alias(value)),
        _ if is_statement(kind) => e.add_remark(&format!("{kind} {value}")),
        _ => e.add_identifier(Identifier::new(K::Other(kind.to_string()), value).issued_by(country)),
    }
}

/// Splits a fact of the remarks into its type and the rest.
pub(crate) fn split_type(part: &str) -> Option<(&str, &str)> {
    if let Some(rest) = part.strip_prefix(WALLET_PREFIX) {
        let currency = rest.find(' ')?;
        return Some(part.split_at(WALLET_PREFIX.len() + currency));
    }
    let names = IDENTIFIERS.iter().map(|(name, _)| *name).chain(OTHERS.iter().copied());
    let mut types = names.filter(|name| part.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ')));
    types.next().map(|name| part.split_at(name.len()))
}

/// A name by OFAC's word for its role ("a.k.a.", "f.k.a.", "n.k.a.", "fka" …) and its strength.
pub(crate) fn alias(text: &str, kind: &str, weak: bool) -> Name {
    let former = kind.trim().to_lowercase().starts_with(['f']);
    let strength = if weak { AliasStrength::Weak } else { AliasStrength::Strong };
    Name::new(text, if former { NameKind::Former } else { NameKind::Alias }, strength)
}

/// "LAST, First", as OFAC writes a person's name in its delimited files. The last name alone if there is no
/// first name.
pub(crate) fn last_first(last: &str, first: &str) -> String {
    match (last.trim(), first.trim()) {
        (last, "") => last.to_string(),
        ("", first) => first.to_string(),
        (last, first) => format!("{last}, {first}"),
    }
}

/// The schema by OFAC's word for the type of a party. An organisation has the word "Entity", or none.
pub(crate) fn schema(word: &str) -> Schema {
    match word.to_ascii_lowercase().as_str() {
        "individual" => Schema::Person,
        "vessel" => Schema::Vessel,
        "aircraft" => Schema::Aircraft,
        _ => Schema::Organization,
    }
}

/// Adds an address. The seat of an organisation makes its country one of the party's countries; the address
/// of a person does not.
pub(crate) fn add_address<'a>(parts: impl IntoIterator<Item = &'a str>, country: &str, e: &mut Entity) {
    e.add_address(parts);
    if e.schema != Schema::Person {
        e.add_country(country);
    }
}

/// Adds the remark "label: text", unless the text is empty.
pub(crate) fn add_labelled_remark(label: &str, text: &str, e: &mut Entity) {
    if !text.is_empty() {
        e.add_remark(&format!("{label}: {text}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_documents_are_read_alike_in_remarks_and_id_lists() {
        for (kind, word) in [
            ("RFC", "tax"),
            ("R.F.C.", "tax"),
            ("Romanian Tax Registration", "tax"),
            ("Paraguayan tax identification number", "tax"),
            ("Numero Unico de Identificacao Tributaria (NUIT)", "tax"),
            ("N.I.E.", "national-id"),
            ("C.U.I.", "national-id"),
            ("C.U.I.P.", "national-id"),
            ("UAE Identification", "national-id"),
            ("Russian State Individual Business Registration Number Pattern (OGRNIP)", "registration"),
            ("Dubai Chamber of Commerce Membership No.", "registration"),
            ("I.F.E.", "I.F.E."),
            ("Permit Number", "Permit Number"),
        ] {
            let part = format!("{kind} 12-345");
            assert_eq!(split_type(&part), Some((kind, " 12-345")), "in the remarks: {kind}");
            let mut e = Entity::new("1", Schema::Person, "x");
            add(kind, "12-345", "Mexico", &mut e);
            let found = &e.identifiers[0];
            assert_eq!((found.kind.as_str(), found.country.as_deref()), (word, Some("mx")), "{kind}");
        }
    }
}
