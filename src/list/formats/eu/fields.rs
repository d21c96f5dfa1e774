//! The meaning of the fields of the EU's consolidated list, the same in its XML and its CSV.
//!
//! The functions take a look-up of a field by the name of its XML attribute. The CSV maps it to a column.

use crate::entity::{
    AliasStrength, Date, Entity, Identifier, IdentifierKind as K, Name, NameKind, Schema, add_once,
    country_code,
};

/// Looks up the fields of one part of an entry; the empty text for a missing field.
pub(crate) type Fields<'a> = dyn Fn(&str) -> &'a str + 'a;

/// The id of an entry: the EU's reference number ("EU.27.28"), which is stable over publications, else the
/// number of the file.
pub(crate) fn id<'a>(f: &Fields<'a>) -> &'a str {
    let reference = f("euReferenceNumber");
    if reference.is_empty() { f("logicalId") } else { reference }
}

/// Adds the fields of the entry itself, without its kind.
pub(crate) fn add_entity(f: &Fields<'_>, e: &mut Entity) {
    e.add_listing_date(f("designationDate"));
    e.add_identifier(Identifier::new(K::Other("un-reference".into()), f("unitedNationId")));
    e.add_remark(f("designationDetails"));
}

/// Whether the party is a person, whose address is not its country.
pub(crate) fn is_person(e: &Entity) -> bool {
    e.schema == Schema::Person
}

/// "person" or "P", "enterprise" or "E".
pub(crate) fn schema(code: &str) -> Option<Schema> {
    match code.to_ascii_lowercase().as_str() {
        "person" | "p" => Some(Schema::Person),
        "enterprise" | "e" => Some(Schema::Organization),
        _ => None,
    }
}

/// Adds a name. It is weak if `strong` is false or the remark says "low quality" (sometimes "lo quality"),
/// and former if the remark says so.
pub(crate) fn add_name(f: &Fields<'_>, remark: &str, e: &mut Entity) {
    let parts = [f("firstName"), f("middleName"), f("lastName")].join(" ");
    let text = if f("wholeName").is_empty() { parts.trim() } else { f("wholeName") };
    let remark_words = remark.to_lowercase();
    let weak = f("strong").eq_ignore_ascii_case("false")
        || ["low quality", "lo quality"].iter().any(|w| remark_words.contains(w));
    let former = remark_words.contains("formerly known") || remark_words.contains("f.k.a");
    let kind = if former { NameKind::Former } else { NameKind::Alias };
    e.add_name(Name::new(text, kind, if weak { AliasStrength::Weak } else { AliasStrength::Strong }));
    e.add_gender(f("gender"));
    for (label, field) in [("Title", "title"), ("Function", "function")] {
        if !f(field).is_empty() {
            e.add_remark(&format!("{label}: {}", f(field)));
        }
    }
    e.add_remark(remark);
}

/// Adds a date or a place of birth, or both.
pub(crate) fn add_birth(f: &Fields<'_>, e: &mut Entity) {
    let number = |name: &str| f(name).parse::<i16>().ok().filter(|n| *n != 0);
    let part = |name: &str| number(name).and_then(|n| i8::try_from(n).ok());
    let day = match (number("year"), part("monthOfYear"), part("dayOfMonth")) {
        (Some(y), Some(m), Some(d)) => Date::day(y, m, d),
        (Some(y), Some(m), None) => Date::month(y, m),
        (Some(y), ..) => Date::year(y),
        _ => None,
    };
    let range = || match (number("yearRangeFrom"), number("yearRangeTo")) {
        (Some(from), Some(to)) => Date::years(from, to),
        (Some(year), None) | (None, Some(year)) => Date::year(year).map(Date::circa),
        _ => None,
    };
    let text = f("birthdate");
    let calendar = f("calendarType");
    if !calendar.is_empty() && !calendar.eq_ignore_ascii_case("gregorian") {
        // The year of another calendar cannot be compared.
        let parts = [text, f("dayOfMonth"), f("monthOfYear"), f("year")].join(" ");
        e.add_remark(&format!("born {} ({} calendar)", parts.trim(), calendar.to_lowercase()));
    } else if let Some(date) = Date::parse(text).or(day).or_else(range) {
        let date = if f("circa").eq_ignore_ascii_case("true") { date.circa() } else { date };
        add_once(&mut e.birth_dates, date);
    } else if !text.is_empty() {
        e.add_birth_date(text);
    }
    e.add_birth_place([f("place"), f("city"), f("region"), country(f)]);
}

/// A country by its description or code. "00" and "UNKNOWN" are not countries.
pub(crate) fn country<'a>(f: &Fields<'a>) -> &'a str {
    let (text, code) = (f("countryDescription"), f("countryIso2Code"));
    let is_country = |t: &str| !t.is_empty() && !t.eq_ignore_ascii_case("unknown") && t != "00";
    match (is_country(text), is_country(code)) {
        // The code if the description is not a known country.
        (true, true) if country_code(text).is_none() => code,
        (true, _) => text,
        (false, true) => code,
        _ => "",
    }
}

/// Adds an address, and of an organisation the country of its seat.
pub(crate) fn add_address(f: &Fields<'_>, e: &mut Entity) {
    let po_box = f("poBox");
    let po_box = if po_box.is_empty() { String::new() } else { format!("P.O. Box {po_box}") };
    e.add_address([f("street"), &po_box, f("zipCode"), f("city"), f("place"), f("region"), country(f)]);
    if e.schema != Schema::Person {
        e.add_country(country(f));
    }
}

/// Adds a telephone number, an e-mail address or a website.
pub(crate) fn add_contact(kind: &str, value: &str, e: &mut Entity) {
    let kind = match kind.to_ascii_lowercase().as_str() {
        "phone" | "fax" | "telephone" => K::Phone,
        "email" => K::Email,
        "web" | "website" => K::Website,
        other => return e.add_remark(&format!("{other} {value}")),
    };
    for value in value.split([',', ';']) {
        e.add_identifier(Identifier::new(kind.clone(), value));
    }
}

/// Adds a document or registration. One that is known to be false or expired is kept, as its holder may still
/// show it, with a remark.
pub(crate) fn add_identification(f: &Fields<'_>, remark: &str, e: &mut Entity) {
    let described = f("identificationTypeDescription");
    let kind = match f("identificationTypeCode").to_ascii_lowercase().as_str() {
        "passport" => K::Passport,
        "id" | "ssn" | "nrn" => K::NationalId,
        "regnumber" => K::Registration,
        "fiscalcode" => K::Tax,
        "swiftbic" => K::Bic,
        "imo" => K::Imo,
        "lei" => K::Lei,
        code => K::Other(if described.is_empty() { code.to_string() } else { described.to_string() }),
    };
    for number in [f("number"), f("latinNumber")] {
        e.add_identifier(Identifier::new(kind.clone(), number).issued_by(country(f)));
    }
    let number = if f("number").is_empty() { f("latinNumber") } else { f("number") };
    for (field, words) in [
        ("knownFalse", "known to be false"),
        ("knownExpired", "known to be expired"),
        ("reportedLost", "reported lost"),
        ("revokedByIssuer", "revoked by its issuer"),
    ] {
        if f(field).eq_ignore_ascii_case("true") {
            e.add_remark(&format!("{} {number} is {words}", kind.as_str()));
        }
    }
    e.add_remark(remark);
}

/// Adds the programme and the title of a legal act.
pub(crate) fn add_regulation(f: &Fields<'_>, e: &mut Entity) {
    e.add_program(f("programme"));
    e.add_remark(f("numberTitle"));
}

/// The day on which a legal act came into force, else the day of its publication.
pub(crate) fn regulation_date(f: &Fields<'_>) -> Option<Date> {
    Date::parse_recent(f("entryIntoForceDate")).or_else(|| Date::parse_recent(f("publicationDate")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_decide_whether_a_name_is_weak_or_former() {
        for (remark, wanted) in [
            ("(good quality alias)", Name::alias("Ann")),
            ("(low quality alias)", Name::weak("Ann")),
            ("Lo quality a.k.a.", Name::weak("Ann")),
            ("formerly known as", Name::former("Ann")),
        ] {
            let mut e = Entity::new("1", Schema::Person, "x");
            add_name(&|field| if field == "wholeName" { "Ann" } else { "" }, remark, &mut e);
            assert_eq!(e.names[1], wanted, "{remark}");
        }
    }
}
