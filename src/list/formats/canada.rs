//! Canada's Consolidated Autonomous Sanctions List as XML: `data-set` with `record`.
//!
//! | element | becomes |
//! |---|---|
//! | `Country` (the regime, English / French), `Schedule`, `Item` | programme (English); the id is made of all three |
//! | `GivenName`, `LastName` | primary name of a person |
//! | `EntityOrShip` | primary name of an organisation, or of a ship if there is a `ShipIMONumber` |
//! | `Aliases` | aliases, separated by semicolons, line ends, slashes, "or", or by commas between whole names or at a change of script |
//! | `TitleOrShip` | remark: title, or type of ship |
//! | `ShipIMONumber` | IMO number |
//! | `DateOfBirthOrShipBuildDate` | birth date; of a ship the day it was built |
//! | `DateOfListing` | listing date |
//!
//! The country of the regime does not become a country of the party: many parties listed for Ukraine are not
//! Ukrainian.
//!
//! Cost: one streamed pass. Limits: the file states neither its date nor its number of records.

use crate::entity::{Entity, Identifier, IdentifierKind, Name, Schema};
use crate::error::Result;
use crate::list::read::builder::{ListBuilder, ListMetadata, Parsed, RejectReason};
use crate::list::read::source::ByteSource;
use crate::list::read::xml::{Element, XmlFile, for_each_record};
use crate::list::text::cells;
use crate::list::{Layout, List};

pub(crate) fn read(source: ByteSource<'_>) -> Result<List> {
    let mut builder = ListBuilder::new(source.name());
    let XmlFile { sha256, unread } = for_each_record(
        source,
        |name| name == "record",
        |_| {},
        |record, at| builder.add(at, parse_record(record)),
    )?;
    builder.add_unread(unread);
    Ok(builder.finish(ListMetadata::new("canada-sema", Layout::CanadaSema, sha256)))
}

fn parse_record(record: &Element) -> Parsed {
    let text = |name: &str| record.text_of(name).unwrap_or("");
    let regime = text("Country").split(" / ").next().unwrap_or("").trim();
    let item = text("Item");
    if regime.is_empty() || item.is_empty() {
        return Err(RejectReason::field("Item", "a record without its regime or item number"));
    }
    let id_parts = [regime, text("Schedule"), item].map(id_part).into_iter().filter(|p| !p.is_empty());
    let id = id_parts.collect::<Vec<_>>().join("-");
    let imo = record.text_of("ShipIMONumber");
    let (schema, name) = schema_and_name(record)?;
    let mut e = Entity::new(id, schema, &name);
    // The name of an organisation may contain the same name in another script.
    let in_scripts = cells::split_scripts(&name);
    if in_scripts.len() > 1 {
        in_scripts.iter().for_each(|n| e.add_name(Name::alias(*n)));
    }
    for alias in text("Aliases").split(" or ").flat_map(cells::split_names) {
        e.add_name(Name::alias(alias));
    }
    e.add_program(regime);
    if let Some(imo) = imo {
        e.add_identifier(Identifier::new(IdentifierKind::Imo, imo));
    }
    cells::add_dates(text("DateOfBirthOrShipBuildDate"), &mut e);
    let title = text("TitleOrShip");
    if !title.is_empty() {
        e.add_remark(&format!("{}: {title}", if schema == Schema::Vessel { "Ship type" } else { "Title" }));
    }
    e.add_listing_date(text("DateOfListing"));
    Ok(e)
}

/// The schema and the primary name of a record.
fn schema_and_name(record: &Element) -> Parsed<(Schema, String)> {
    if let Some(name) = record.text_of("EntityOrShip") {
        let is_ship = record.text_of("ShipIMONumber").is_some();
        return Ok((if is_ship { Schema::Vessel } else { Schema::Organization }, name.to_string()));
    }
    let parts: Vec<&str> = ["GivenName", "LastName"].into_iter().filter_map(|p| record.text_of(p)).collect();
    if parts.is_empty() {
        return Err(RejectReason::field("LastName", "a record without a name"));
    }
    Ok((Schema::Person, parts.join(" ")))
}

/// A part of an id: "1, Part 1.1" as "1-part-1.1".
fn id_part(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '.').filter(|w| !w.is_empty());
    words.collect::<Vec<_>>().join("-").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Date;

    const SAMPLE: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<data-set xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <record><Country>Elbonia / Elbonie</Country><LastName>Example</LastName><GivenName>Ann</GivenName><Aliases>Анна Пример; Anne Example</Aliases>
  <DateOfBirthOrShipBuildDate>1971 or 1972</DateOfBirthOrShipBuildDate><TitleOrShip>Colonel</TitleOrShip><Schedule>1, Part 1</Schedule><Item>7</Item><DateOfListing>2031-02-03</DateOfListing></record>
 <record><Country>Elbonia / Elbonie</Country><EntityOrShip>Sea Example</EntityOrShip><TitleOrShip>Oil Tanker</TitleOrShip><ShipIMONumber>9253325</ShipIMONumber>
  <DateOfBirthOrShipBuildDate>2003</DateOfBirthOrShipBuildDate><Schedule>1.1</Schedule><Item>1</Item><DateOfListing>2031-02-03</DateOfListing></record>
 <record><Country>Elbonia / Elbonie</Country><Schedule>1, Part 1</Schedule><Item>8</Item></record>
</data-set>"#;

    #[test]
    fn every_element_goes_to_its_field() {
        let list = read(ByteSource::from_bytes("x", SAMPLE.as_bytes())).unwrap();
        assert_eq!((list.version.records, list.version.entities, list.version.rejected), (3, 2, 1));
        let e = &list.entities[0];
        assert_eq!((e.id.as_str(), e.schema), ("elbonia-1-part-1-7", Schema::Person));
        assert_eq!(
            e.names,
            [Name::primary("Ann Example"), Name::alias("Анна Пример"), Name::alias("Anne Example")]
        );
        assert_eq!(e.birth_dates, [Date::year(1971).unwrap(), Date::year(1972).unwrap()]);
        assert_eq!((e.programs[0].as_str(), e.remarks.as_str()), ("Elbonia", "Title: Colonel"));
        assert_eq!(e.listed_on, Date::parse("2031-02-03"));
        let ship = &list.entities[1];
        assert_eq!((ship.schema, ship.id.as_str()), (Schema::Vessel, "elbonia-1.1-1"));
        assert_eq!(ship.identifiers, [Identifier::new(IdentifierKind::Imo, "9253325")]);
        assert_eq!(list.rejected[0].position.line, Some(7));
    }
}
