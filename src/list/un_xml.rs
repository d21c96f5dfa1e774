//! The UN Security Council's consolidated list as XML: `CONSOLIDATED_LIST` with `INDIVIDUAL` and `ENTITY`.
//!
//! | element | becomes |
//! |---|---|
//! | `DATAID` | id |
//! | `FIRST_NAME` … `FOURTH_NAME` | primary name |
//! | `NAME_ORIGINAL_SCRIPT` | alias |
//! | `…_ALIAS`: `QUALITY` Good or a.k.a. / Low / f.k.a. | alias / weak alias / former name; so with a note "previously listed as" |
//! | `…_DATE_OF_BIRTH`: EXACT, APPROXIMATELY, BETWEEN | birth dates |
//! | `INDIVIDUAL_DOCUMENT` | passports and national identity numbers |
//! | `NATIONALITY`, addresses' `COUNTRY` of entities | countries |
//! | `UN_LIST_TYPE` | program |
//! | `LISTED_ON`, `GENDER`, `COMMENTS1` | the like; `REFERENCE_NUMBER`, titles and designations lead the remarks |
//!
//! Cost: one streamed pass. Limits: a record without a name or a `DATAID` is rejected.

use super::gather::{About, Gathered, Refused};
use super::source::Source;
use super::xml::{Node, walk};
use super::{Layout, List};
use crate::entity::{Date, Entity, Gender, Identifier, IdentifierKind, Name, NameKind, Schema, Strength};
use crate::error::Result;

pub(super) fn read(source: Source<'_>) -> Result<List> {
    let mut published = None;
    let mut gathered = Gathered::new(source.name());
    let sha256 = walk(
        source,
        |name| matches!(name, "INDIVIDUAL" | "ENTITY"),
        |root| {
            published =
                root.attributes.iter().find(|(k, _)| k == "dateGenerated").and_then(|(_, v)| Date::parse(v));
        },
        |node, at| gathered.take(at, entity(&node)),
    )?;
    Ok(gathered.list(About { published, ..About::new("un-sc", Layout::UnXml, sha256) }))
}

fn entity(node: &Node) -> std::result::Result<Entity, Refused> {
    let id = node.text("DATAID").ok_or_else(|| Refused::field("DATAID", "a record without its number"))?;
    let parts: Vec<&str> = ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"]
        .into_iter()
        .filter_map(|part| node.text(part))
        .collect();
    if parts.is_empty() {
        return Err(Refused::field("FIRST_NAME", "a record without a name"));
    }
    let person = node.name == "INDIVIDUAL";
    let schema = if person { Schema::Person } else { Schema::Organization };
    let mut e = Entity::new(id, schema, parts.join(" "));
    if let Some(name) = node.text("NAME_ORIGINAL_SCRIPT") {
        e.add_name(Name::alias(name));
    }
    for alias in node.all("INDIVIDUAL_ALIAS").chain(node.all("ENTITY_ALIAS")) {
        let Some(text) = alias.text("ALIAS_NAME") else { continue };
        let former = alias.text("QUALITY").is_some_and(|q| q.starts_with("f.k.a"))
            || alias.text("NOTE").is_some_and(|n| n.contains("previously listed as"));
        let weak = alias.text("QUALITY").is_some_and(|q| q.eq_ignore_ascii_case("low"));
        let kind = if former { NameKind::Former } else { NameKind::Alias };
        // One alias element may hold several names.
        for name in text.split(';').map(str::trim).filter(|n| !n.is_empty()) {
            e.add_name(Name::new(name, kind, if weak { Strength::Weak } else { Strength::Strong }));
        }
    }
    for date in node.all("INDIVIDUAL_DATE_OF_BIRTH") {
        e.birth_dates.extend(birth_date(date));
    }
    for place in node.all("INDIVIDUAL_PLACE_OF_BIRTH") {
        let parts: Vec<&str> =
            ["CITY", "STATE_PROVINCE", "COUNTRY"].into_iter().filter_map(|p| place.text(p)).collect();
        if !parts.is_empty() {
            e.birth_places.push(parts.join(", "));
        }
    }
    node.values("NATIONALITY").for_each(|v| e.add_country(v));
    for address in node.all("INDIVIDUAL_ADDRESS").chain(node.all("ENTITY_ADDRESS")) {
        let parts: Vec<&str> = ["STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY", "NOTE"]
            .into_iter()
            .filter_map(|p| address.text(p))
            .collect();
        if !parts.is_empty() {
            e.addresses.push(parts.join(", "));
        }
        if !person && let Some(country) = address.text("COUNTRY") {
            e.add_country(country);
        }
    }
    for document in node.all("INDIVIDUAL_DOCUMENT") {
        e.identifiers.extend(identifier(document));
    }
    e.gender = node.text("GENDER").and_then(Gender::parse);
    e.programs.extend(node.text("UN_LIST_TYPE").map(str::to_string));
    e.listed_on = node.text("LISTED_ON").and_then(Date::parse);
    let remarks: Vec<&str> = node
        .text("REFERENCE_NUMBER")
        .into_iter()
        .chain(node.values("TITLE"))
        .chain(node.values("DESIGNATION"))
        .chain(node.text("COMMENTS1"))
        .collect();
    e.remarks = remarks.join("; ");
    Ok(e)
}

fn birth_date(node: &Node) -> Option<Date> {
    let year = |name: &str| node.text(name).and_then(|y| y.parse::<i16>().ok());
    if let (Some(from), Some(to)) = (year("FROM_YEAR"), year("TO_YEAR")) {
        return Date::years(from, to);
    }
    let date = node.text("DATE").and_then(Date::parse).or_else(|| Date::year(year("YEAR")?))?;
    let rough = node.text("TYPE_OF_DATE").is_some_and(|t| t.eq_ignore_ascii_case("approximately"));
    Some(if rough { date.circa() } else { date })
}

fn identifier(node: &Node) -> Option<Identifier> {
    let number = node.text("NUMBER")?;
    let kind = match node.text("TYPE_OF_DOCUMENT").unwrap_or("").to_lowercase() {
        t if t.contains("passport") => IdentifierKind::Passport,
        t if t.contains("national") || t.contains("identification") => IdentifierKind::NationalId,
        t => IdentifierKind::Other(if t.is_empty() { "document".into() } else { t }),
    };
    let mut found = Identifier::new(kind, number);
    let country = node.text("ISSUING_COUNTRY").or_else(|| node.text("COUNTRY_OF_ISSUE"));
    found.country = country.map(|c| crate::entity::country_code(c).map_or(c.to_string(), str::to_string));
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<CONSOLIDATED_LIST dateGenerated="2030-01-02T03:04:05Z"><INDIVIDUALS>
 <INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>ANNA &amp;</FIRST_NAME><SECOND_NAME>EXAMPLE</SECOND_NAME>
  <UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>KPi.999</REFERENCE_NUMBER><LISTED_ON>2029-12-31</LISTED_ON>
  <NAME_ORIGINAL_SCRIPT>예시</NAME_ORIGINAL_SCRIPT><NATIONALITY><VALUE>Iraq</VALUE></NATIONALITY>
  <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Abu X</ALIAS_NAME></INDIVIDUAL_ALIAS>
  <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Anne</ALIAS_NAME><NOTE>previously listed as</NOTE></INDIVIDUAL_ALIAS>
  <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1960</FROM_YEAR><TO_YEAR>1962</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
  <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1970</YEAR></INDIVIDUAL_DATE_OF_BIRTH>
  <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>P 12</NUMBER><ISSUING_COUNTRY>Iraq</ISSUING_COUNTRY></INDIVIDUAL_DOCUMENT>
 </INDIVIDUAL>
 <INDIVIDUAL><DATAID>2</DATAID></INDIVIDUAL></INDIVIDUALS>
 <ENTITIES><ENTITY><DATAID>3</DATAID><FIRST_NAME>BODY</FIRST_NAME><ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>OLD BODY</ALIAS_NAME></ENTITY_ALIAS></ENTITY></ENTITIES>
</CONSOLIDATED_LIST>"#;

    fn read(xml: &str) -> Result<List> {
        super::read(Source::bytes("un.xml", xml.as_bytes()))
    }

    #[test]
    fn fields() {
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
        assert_eq!(e.identifiers[0].normalized(), "P12");
        assert_eq!(list.entities[1].names[1], Name::former("OLD BODY"));
        assert_eq!(list.rejected[0].position.field.as_deref(), Some("FIRST_NAME"));
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
