//! The UN Security Council's consolidated list as XML: `CONSOLIDATED_LIST` with `INDIVIDUAL` and `ENTITY`.
//!
//! | element | becomes |
//! |---|---|
//! | `DATAID` | id |
//! | `REFERENCE_NUMBER` ("QDi.001") | identifier `un-reference`, by which other lists refer to the party; also the first remark |
//! | `FIRST_NAME` … `FOURTH_NAME` | primary name |
//! | `NAME_ORIGINAL_SCRIPT` | alias |
//! | `…_ALIAS`: `QUALITY` Good or a.k.a. / Low / f.k.a. | alias / weak alias / former name; former too with a note "previously (formerly) listed as" |
//! | `…_ALIAS`: several names by `;` outside brackets; another script in brackets, or in a note behind "original script:", "In Arabic:" | an alias each |
//! | `…_ALIAS`: `DATE_OF_BIRTH`, `CITY_OF_BIRTH`, `COUNTRY_OF_BIRTH` | birth dates and places of the party, as it uses them with the alias |
//! | `…_DATE_OF_BIRTH`: EXACT, APPROXIMATELY, BETWEEN; a `NOTE` that is a date | birth dates |
//! | `…_PLACE_OF_BIRTH` | birth places |
//! | `INDIVIDUAL_DOCUMENT`: `TYPE_OF_DOCUMENT`, `TYPE_OF_DOCUMENT2` | passports, national identity numbers, others by their word |
//! | `NATIONALITY`, addresses' `COUNTRY` of entities | countries |
//! | `…_ADDRESS` | addresses |
//! | `UN_LIST_TYPE` · `LISTED_ON` · `GENDER` | programme · listing date · gender |
//! | `TITLE`, `DESIGNATION`, `COMMENTS1`, the `NOTE`s | remarks |
//!
//! The publication date is the root's `dateGenerated`. `VERSIONNUM`, `LIST_TYPE`, the sort keys and the days
//! of amendment (`LAST_DAY_UPDATED`) do not concern the party and are ignored.
//!
//! Cost: one streamed pass. Limits: a record without a name or a `DATAID` is rejected.

use crate::entity::{AliasStrength, Date, Entity, Identifier, IdentifierKind, Name, NameKind, Schema};
use crate::error::Result;
use crate::list::read::builder::{ListBuilder, ListMetadata, Parsed, RejectReason};
use crate::list::read::source::ByteSource;
use crate::list::read::xml::{Element, XmlFile, for_each_record};
use crate::list::{Layout, List};

pub(crate) fn read(source: ByteSource<'_>) -> Result<List> {
    let mut published = None;
    let mut builder = ListBuilder::new(source.name());
    let XmlFile { sha256, unread } = for_each_record(
        source,
        |name| matches!(name, "INDIVIDUAL" | "ENTITY"),
        |root| published = Date::parse(root.attribute("dateGenerated")),
        |element, at| builder.add(at, parse_record(element)),
    )?;
    builder.add_unread(unread);
    Ok(builder.finish(ListMetadata { published, ..ListMetadata::new("un-sc", Layout::UnXml, sha256) }))
}

/// The texts of the `VALUE` children of the children with this name, trimmed and not empty.
fn values<'a>(element: &'a Element, name: &'a str) -> impl Iterator<Item = &'a str> {
    element.items(name, "VALUE").map(|v| v.text.trim()).filter(|t| !t.is_empty())
}

fn parse_record(record: &Element) -> Parsed {
    let text = |name: &str| record.text_of(name).unwrap_or("");
    let no_id = || RejectReason::field("DATAID", "a record without its number");
    let id = record.text_of("DATAID").ok_or_else(no_id)?;
    let parts = ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"];
    let parts: Vec<&str> = parts.into_iter().filter_map(|part| record.text_of(part)).collect();
    if parts.is_empty() {
        return Err(RejectReason::field("FIRST_NAME", "a record without a name"));
    }
    let is_person = record.name == "INDIVIDUAL";
    let schema = if is_person { Schema::Person } else { Schema::Organization };
    let mut e = Entity::new(id, schema, parts.join(" "));
    let reference = text("REFERENCE_NUMBER");
    e.add_identifier(Identifier::new(IdentifierKind::Other("un-reference".into()), reference));
    e.add_remark(reference);
    values(record, "TITLE").chain(values(record, "DESIGNATION")).for_each(|t| e.add_remark(t));
    e.add_remark(text("COMMENTS1"));
    e.add_name(Name::alias(text("NAME_ORIGINAL_SCRIPT")));
    let aliases = record.named("INDIVIDUAL_ALIAS").chain(record.named("ENTITY_ALIAS"));
    aliases.for_each(|alias| add_alias(alias, &mut e));
    record.named("INDIVIDUAL_DATE_OF_BIRTH").for_each(|date| add_birth_date(date, &mut e));
    for place in record.named("INDIVIDUAL_PLACE_OF_BIRTH") {
        let parts = ["STREET", "CITY", "STATE_PROVINCE", "COUNTRY"];
        e.add_birth_place(parts.into_iter().filter_map(|p| place.text_of(p)));
        e.add_remark(place.text_of("NOTE").unwrap_or(""));
    }
    values(record, "NATIONALITY").for_each(|v| e.add_country(v));
    for address in record.named("INDIVIDUAL_ADDRESS").chain(record.named("ENTITY_ADDRESS")) {
        let parts = ["STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY", "NOTE"];
        e.add_address(parts.into_iter().filter_map(|p| address.text_of(p)));
        if !is_person {
            e.add_country(address.text_of("COUNTRY").unwrap_or(""));
        }
    }
    record.named("INDIVIDUAL_DOCUMENT").for_each(|document| add_document(document, &mut e));
    e.add_gender(text("GENDER"));
    e.add_program(text("UN_LIST_TYPE"));
    e.add_listing_date(text("LISTED_ON"));
    Ok(e)
}

fn add_alias(alias: &Element, e: &mut Entity) {
    if let Some(date) = alias.text_of("DATE_OF_BIRTH") {
        e.add_birth_date(date);
    }
    e.add_birth_place(["CITY_OF_BIRTH", "COUNTRY_OF_BIRTH"].into_iter().filter_map(|p| alias.text_of(p)));
    let note = alias.text_of("NOTE").unwrap_or("");
    let quality = alias.text_of("QUALITY").unwrap_or("");
    let text = alias.text_of("ALIAS_NAME").unwrap_or("");
    let mentions = |what: &str| note.contains(what) || text.contains(what);
    let was_listed_so = mentions("previously listed as") || mentions("formerly listed as");
    if !was_listed_so {
        e.add_remark(note);
    }
    let is_former = quality.starts_with("f.k.a") || was_listed_so;
    let kind = if is_former { NameKind::Former } else { NameKind::Alias };
    let is_weak = quality.eq_ignore_ascii_case("low");
    let strength = if is_weak { AliasStrength::Weak } else { AliasStrength::Strong };
    // One element may have several names.
    let text = text.replace("(previously listed as)", "").replace("(formerly listed as)", "");
    let names = split_names(&text).into_iter().flat_map(split_original_script);
    for name in names.chain(names_in_note(note)).map(|n| n.trim_matches([' ', ','])).filter(|n| !n.is_empty())
    {
        e.add_name(Name::new(name, kind, strength));
    }
}

/// The names of an element, separated by semicolons outside brackets.
fn split_names(text: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let separates = |c: char| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => return c == ';' && depth == 0,
        }
        false
    };
    text.split(separates).collect()
}

/// The names in another script that a note has behind a label: "original script: …", "In Arabic: …".
fn names_in_note(note: &str) -> impl Iterator<Item = &str> {
    let labels = note.match_indices(':').filter(|(at, _)| {
        let label = note[..*at].rsplit(['.', ';', '(', ':']).next().unwrap_or("").trim().to_lowercase();
        label.ends_with("script") || label.starts_with("in ") && !label.contains(|c: char| c.is_ascii_digit())
    });
    let behind = labels.map(|(at, _)| {
        let rest = &note[at + 1..];
        let end = rest.find(|c: char| c.is_ascii_alphabetic() || ";):".contains(c));
        rest[..end.unwrap_or(rest.len())].trim()
    });
    behind.filter(|name| name.contains(char::is_alphabetic))
}

/// Splits "Gulab Gul (گلاب گل)" into the name and the same in its original script. The second text of any
/// other name is empty.
fn split_original_script(name: &str) -> [&str; 2] {
    let (latin, bracket) = name.split_once('(').unwrap_or((name, ""));
    match bracket.trim_end().trim_end_matches(',').strip_suffix(')') {
        Some(other)
            if !other.contains(|c: char| c.is_ascii_alphabetic()) && other.contains(char::is_alphabetic) =>
        {
            [latin, other]
        }
        _ => [name, ""],
    }
}

fn add_birth_date(element: &Element, e: &mut Entity) {
    let year = |name: &str| element.text_of(name).and_then(|y| y.parse::<i16>().ok());
    let between = || Date::years(year("FROM_YEAR")?, year("TO_YEAR")?);
    let exact = || element.text_of("DATE").and_then(Date::parse).or_else(|| Date::year(year("YEAR")?));
    let note = element.text_of("NOTE").unwrap_or("");
    let is_approximate = |t: &str| t.trim().eq_ignore_ascii_case("approximately");
    // A month without its day is in the note: "Nov. 1973".
    let noted = || Date::parse(&note.replace(". ", " "));
    let date = between().or_else(exact);
    match date.or_else(noted) {
        Some(date) if e.birth_dates.contains(&date) => {}
        Some(date) if is_approximate(note) || element.text_of("TYPE_OF_DATE").is_some_and(is_approximate) => {
            e.birth_dates.push(date.circa());
        }
        Some(date) => e.birth_dates.push(date),
        None => e.add_remark(element.text_of("DATE").unwrap_or("")),
    }
    if !is_approximate(note) && !note.is_empty() && (date.is_some() || noted().is_none()) {
        e.add_remark(&format!("date of birth: {note}"));
    }
}

fn add_document(document: &Element, e: &mut Entity) {
    let types = [document.text_of("TYPE_OF_DOCUMENT"), document.text_of("TYPE_OF_DOCUMENT2")];
    let types: Vec<&str> = types.into_iter().flatten().collect();
    let types = types.join(", ").split_whitespace().collect::<Vec<_>>().join(" ");
    let note = document.text_of("NOTE").unwrap_or("");
    let Some(number) = document.text_of("NUMBER") else {
        // The words for the type may have the number.
        e.add_remark(&[&types, note].map(str::trim).join(" "));
        return;
    };
    // "Afghan passport number SE 012820", "Libyan Passport No. 96/184442"
    let labelled = ["number ", "No. "].into_iter().find_map(|label| number.rsplit_once(label));
    let number = labelled.map_or(number, |(_, number)| number);
    let country = document.text_of("ISSUING_COUNTRY").or_else(|| document.text_of("COUNTRY_OF_ISSUE"));
    e.add_identifier(Identifier::new(document_kind(&types), number).issued_by(country.unwrap_or("")));
    if !note.is_empty() {
        e.add_remark(&format!("{types} {number}: {note}"));
    }
}

/// The kind of document by the UN's words for its type.
fn document_kind(types: &str) -> IdentifierKind {
    let lower = types.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    if has(&["passport", "passeport", "pasaporte"]) {
        IdentifierKind::Passport
    } else if has(&["national", "identi"]) {
        IdentifierKind::NationalId
    } else {
        IdentifierKind::Other(if types.is_empty() { "document".into() } else { types.to_string() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = include_str!("../../../tests/samples/un.xml");

    fn read(xml: &str) -> Result<List> {
        super::read(ByteSource::from_bytes("un.xml", xml.as_bytes()))
    }

    #[test]
    fn every_element_goes_to_its_field() {
        let list = read(SAMPLE).unwrap();
        assert_eq!(list.version.published, Date::parse("2030-01-02"));
        assert_eq!((list.version.records, list.version.entities, list.version.rejected), (3, 2, 1));
        let e = &list.entities[0];
        assert_eq!(
            e.names,
            [Name::primary("ANNA & EXAMPLE"), Name::alias("예시"), Name::weak("Abu X"), Name::former("Anne")]
        );
        let dates: Vec<String> = e.birth_dates.iter().map(Date::to_string).collect();
        assert_eq!(dates, ["1960/1962", "circa 1969/1971"]);
        assert_eq!(e.countries, ["iq"]);
        assert_eq!(e.identifiers[0].value, "KPi.999");
        assert_eq!(
            (e.identifiers[1].kind.as_str(), e.identifiers[1].normalized().as_str()),
            ("passport", "P12")
        );
        assert_eq!(list.entities[1].names[1], Name::former("OLD BODY"));
        assert_eq!(list.rejected[0].position.field.as_deref(), Some("FIRST_NAME"));
    }

    #[test]
    fn names_in_brackets_notes_and_documents_are_read() {
        let xml = r#"<CONSOLIDATED_LIST><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>Gul</FIRST_NAME>
          <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Haji Gul (حاجی گل ),; Gul (the elder)</ALIAS_NAME><DATE_OF_BIRTH>1955</DATE_OF_BIRTH>
            <CITY_OF_BIRTH>Logar</CITY_OF_BIRTH><COUNTRY_OF_BIRTH>Afghanistan</COUNTRY_OF_BIRTH><NOTE>son of somebody</NOTE></INDIVIDUAL_ALIAS>
          <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Gulo</ALIAS_NAME><NOTE>formerly listed as</NOTE></INDIVIDUAL_ALIAS>
          <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><NOTE>Nov. 1973 </NOTE></INDIVIDUAL_DATE_OF_BIRTH>
          <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1979-03-03</DATE><NOTE>from false passport</NOTE></INDIVIDUAL_DATE_OF_BIRTH>
          <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><NOTE>24/06/1402 (Hijri Calendar)</NOTE></INDIVIDUAL_DATE_OF_BIRTH>
          <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>Afghan passport number SE 012</NUMBER><NOTE>expired</NOTE></INDIVIDUAL_DOCUMENT>
          <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT2>Ration card no.</TYPE_OF_DOCUMENT2><NUMBER>77</NUMBER></INDIVIDUAL_DOCUMENT>
          <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>National Identification Number</TYPE_OF_DOCUMENT><TYPE_OF_DOCUMENT2>tazkira 545</TYPE_OF_DOCUMENT2></INDIVIDUAL_DOCUMENT>
          </INDIVIDUAL></CONSOLIDATED_LIST>"#;
        let e = &read(xml).unwrap().entities[0];
        let names: Vec<&str> = e.names.iter().map(|n| n.text.as_str()).collect();
        assert_eq!(names, ["Gul", "Haji Gul", "حاجی گل", "Gul (the elder)", "Gulo"]);
        assert_eq!((e.names[4].kind, e.names[4].strength), (NameKind::Former, AliasStrength::Weak));
        let dates: Vec<String> = e.birth_dates.iter().map(Date::to_string).collect();
        assert_eq!(dates, ["1955", "1973-11", "1979-03-03"]);
        assert_eq!(e.birth_places, ["Logar, Afghanistan"]);
        let ids: Vec<_> = e.identifiers.iter().map(|i| (i.kind.as_str(), i.value.as_str())).collect();
        assert_eq!(ids, [("passport", "SE 012"), ("Ration card no.", "77")]);
        for part in
            ["son of somebody", "from false passport", "24/06/1402 (Hijri", "tazkira 545", "SE 012: expired"]
        {
            assert!(e.remarks.contains(part), "{part}: {}", e.remarks);
        }
    }

    #[test]
    fn hostile_files_are_errors() {
        let cut = &SAMPLE[..600];
        assert!(read(cut).is_err());
        let bomb =
            r#"<!DOCTYPE x [<!ENTITY a "aaaa">]><CONSOLIDATED_LIST><ENTITY>&a;</ENTITY></CONSOLIDATED_LIST>"#;
        assert!(read(bomb).unwrap_err().to_string().contains("document type"));
        assert!(read("<CONSOLIDATED_LIST><ENTITY>&a;</ENTITY></CONSOLIDATED_LIST>").is_err());
    }
}
