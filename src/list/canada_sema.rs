//! Canada's Consolidated Autonomous Sanctions List as XML: `data-set` with `record`.
//!
//! | element | becomes |
//! |---|---|
//! | `Country` (the regime, English / French), `Schedule`, `Item` | program (English); all three make the id |
//! | `GivenName`, `LastName` | primary name of a person |
//! | `EntityOrShip` | primary name of an organisation; of a ship where `ShipIMONumber` is there |
//! | `Aliases` | aliases, separated by semicolons, line ends, slashes, "or", or commas between whole names or where the script changes |
//! | `TitleOrShip` | remark: title, or type of ship |
//! | `ShipIMONumber` | IMO number |
//! | `DateOfBirthOrShipBuildDate` | birth date; of a ship the day it was built |
//! | `DateOfListing` | listing date |
//!
//! The regime's country is not made the party's country: many who are listed for Ukraine are no Ukrainians.
//!
//! Cost: one streamed pass. Limits: the file tells neither its date nor its number of records.

use super::gather::{About, Gathered, Refused};
use super::source::Source;
use super::xml::{Node, walk};
use super::{Layout, List, cells};
use crate::entity::{Entity, Identifier, IdentifierKind, Name, Schema};
use crate::error::Result;

pub(super) fn read(source: Source<'_>) -> Result<List> {
    let mut gathered = Gathered::new(source.name());
    let sha256 = walk(source, |name| name == "record", |_| (), |node, at| gathered.take(at, entity(&node)))?;
    Ok(gathered.list(About::new("canada-sema", Layout::CanadaSema, sha256)))
}

fn entity(node: &Node) -> std::result::Result<Entity, Refused> {
    let text = |name: &str| node.text(name).unwrap_or("");
    let regime = text("Country").split(" / ").next().unwrap_or("").trim();
    let item = text("Item");
    if regime.is_empty() || item.is_empty() {
        return Err(Refused::field("Item", "a record without its regime or item number"));
    }
    let id = [regime, text("Schedule"), item].map(slug).into_iter().filter(|p| !p.is_empty());
    let id = id.collect::<Vec<_>>().join("-");
    let imo = node.text("ShipIMONumber");
    let (schema, name) = match node.text("EntityOrShip") {
        Some(name) if imo.is_some() => (Schema::Vessel, name.to_string()),
        Some(name) => (Schema::Organization, name.to_string()),
        None => {
            let parts: Vec<&str> =
                ["GivenName", "LastName"].into_iter().filter_map(|part| node.text(part)).collect();
            if parts.is_empty() {
                return Err(Refused::field("LastName", "a record without a name"));
            }
            (Schema::Person, parts.join(" "))
        }
    };
    let mut e = Entity::new(id, schema, &name);
    // A body's own name may hold itself in another script.
    let primary = cells::scripts(&name);
    if primary.len() > 1 {
        primary.iter().for_each(|n| e.add_name(Name::alias(*n)));
    }
    for alias in text("Aliases").split(" or ").flat_map(cells::names) {
        e.add_name(Name::alias(alias));
    }
    e.add_program(regime);
    if let Some(imo) = imo {
        e.add_identifier(Identifier::new(IdentifierKind::Imo, imo));
    }
    cells::dates(text("DateOfBirthOrShipBuildDate"), &mut e);
    let title = text("TitleOrShip");
    if !title.is_empty() {
        e.add_remark(&format!("{}: {title}", if schema == Schema::Vessel { "Ship type" } else { "Title" }));
    }
    e.add_listing_date(text("DateOfListing"));
    Ok(e)
}

/// "1, Part 1.1" as "1-part-1.1".
fn slug(text: &str) -> String {
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
    fn fields() {
        let list = read(Source::bytes("x", SAMPLE.as_bytes())).unwrap();
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
