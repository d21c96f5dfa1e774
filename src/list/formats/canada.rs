//! Canada's Consolidated Autonomous Sanctions List as XML, `data-set` with `record`, or as CSV.
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
//! The CSV has the same fields as columns, some under shorter names: `Entity`, `DateOfBirth`, `Title`. Source: the
//! fault file of this layout in the project's shared data. Its French form was not seen and is not read.
//!
//! Cost: one streamed pass. Limits: the file states neither its date nor its number of records.

use crate::entity::{Entity, Identifier, IdentifierKind, Name, Schema};
use crate::error::Result;
use crate::list::read::builder::{ListBuilder, ListMetadata, Parsed, RejectReason};
use crate::list::read::csv_rows::CsvRows;
use crate::list::read::source::ByteSource;
use crate::list::read::xml::{XmlFile, for_each_record};
use crate::list::text::cells;
use crate::list::{Layout, List};

pub(crate) fn read(source: ByteSource<'_>) -> Result<List> {
    let mut builder = ListBuilder::new(source.name());
    let XmlFile { sha256, unread } = for_each_record(
        source,
        |name| name == "record",
        |_| {},
        |record, at| builder.add(at, parse_record(&|name| record.text_of(name).unwrap_or(""))),
    )?;
    builder.add_unread(unread);
    Ok(builder.finish(ListMetadata::new("canada-sema", Layout::CanadaSema, sha256)))
}

/// Looks up a field of a record by the name of its element; the empty text for a missing field.
type Fields<'a> = dyn Fn(&str) -> &'a str + 'a;

fn parse_record(text: &Fields<'_>) -> Parsed {
    let regime = text("Country").split(" / ").next().unwrap_or("").trim();
    let item = text("Item");
    if regime.is_empty() || item.is_empty() {
        return Err(RejectReason::field("Item", "a record without its regime or item number"));
    }
    let id_parts = [regime, text("Schedule"), item].map(id_part).into_iter().filter(|p| !p.is_empty());
    let id = id_parts.collect::<Vec<_>>().join("-");
    let imo = text("ShipIMONumber");
    let (schema, name) = schema_and_name(text)?;
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
    e.add_identifier(Identifier::new(IdentifierKind::Imo, imo));
    cells::add_dates(text("DateOfBirthOrShipBuildDate"), &mut e);
    let title = text("TitleOrShip");
    if !title.is_empty() {
        e.add_remark(&format!("{}: {title}", if schema == Schema::Vessel { "Ship type" } else { "Title" }));
    }
    e.add_listing_date(text("DateOfListing"));
    Ok(e)
}

/// The schema and the primary name of a record.
fn schema_and_name(text: &Fields<'_>) -> Parsed<(Schema, String)> {
    let name = text("EntityOrShip");
    if !name.is_empty() {
        let is_ship = !text("ShipIMONumber").is_empty();
        return Ok((if is_ship { Schema::Vessel } else { Schema::Organization }, name.to_string()));
    }
    let parts: Vec<&str> =
        ["GivenName", "LastName"].map(text).into_iter().filter(|p| !p.is_empty()).collect();
    if parts.is_empty() {
        return Err(RejectReason::field("LastName", "a record without a name"));
    }
    Ok((Schema::Person, parts.join(" ")))
}

/// The element of the XML that has what a column of the CSV has.
fn element_of_column(column: &str) -> &str {
    const ELEMENTS: [&str; 12] = [
        "Country",
        "LastName",
        "GivenName",
        "EntityOrShip",
        "Aliases",
        "DateOfBirthOrShipBuildDate",
        "TitleOrShip",
        "ShipIMONumber",
        "Schedule",
        "Item",
        "DateOfListing",
        "",
    ];
    let key: String = column.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    match key.as_str() {
        "entity" => "EntityOrShip",
        "dateofbirth" => "DateOfBirthOrShipBuildDate",
        "title" => "TitleOrShip",
        "imonumber" | "shipimo" => "ShipIMONumber",
        key => ELEMENTS.into_iter().find(|e| e.to_lowercase() == *key).unwrap_or(""),
    }
}

/// Whether a header is that of the CSV.
pub(crate) fn is_header(fields: &[String]) -> bool {
    let has = |name: &str| fields.iter().any(|f| element_of_column(f) == name);
    ["LastName", "GivenName", "EntityOrShip", "Schedule", "Item"].into_iter().all(has)
}

pub(crate) fn read_csv(source: ByteSource<'_>, delimiter: u8) -> Result<List> {
    let mut builder = ListBuilder::new(source.name());
    let mut rows = CsvRows::new(source, delimiter);
    let header = rows.header()?;
    while let Some((cells, at)) = rows.next_checked(&mut builder)? {
        for (column, cell) in header.iter().zip(&cells) {
            if element_of_column(column).is_empty() && !cell.trim().is_empty() {
                builder.count_unread(column);
            }
        }
        let parsed = parse_record(&|name| {
            let found = header.iter().position(|h| element_of_column(h) == name);
            found.map_or("", |i| cells[i].trim())
        });
        builder.add(at, parsed)?;
    }
    Ok(builder.finish(ListMetadata::new("canada-sema", Layout::CanadaCsv, rows.sha256()?)))
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

    #[test]
    fn the_csv_has_the_same_fields() {
        let csv = "Country,Item,Schedule,LastName,GivenName,Aliases,DateOfBirth,Entity,Title,DateOfListing,Colour\n\
            Elbonia,7,1,EXAMPLE,Ann,Nana Example;A. Example,1970-03-12,,Colonel,2031-02-03,red\n\
            Elbonia,8,1,,,,,EXAMPLE LLC (also known as Sample LLC),,2031-02-03,\n\
            Elbonia,9,1,,,,,,,2031-02-03,\n";
        let list = crate::list::from_bytes("x", csv.as_bytes()).unwrap();
        let v = &list.version;
        assert_eq!(
            (v.layout, v.name.as_str(), v.records, v.rejected),
            (Layout::CanadaCsv, "canada-sema", 3, 1)
        );
        assert_eq!(v.coverage.unread, [("Colour".to_string(), 1)]);
        let e = &list.entities[0];
        assert_eq!((e.id.as_str(), e.schema), ("elbonia-1-7", Schema::Person));
        assert_eq!(
            e.names,
            [Name::primary("Ann EXAMPLE"), Name::alias("Nana Example"), Name::alias("A. Example")]
        );
        assert_eq!(
            (e.birth_dates[0].to_string(), e.remarks.as_str()),
            ("1970-03-12".into(), "Title: Colonel")
        );
        let names: Vec<&str> = list.entities[1].names.iter().map(|n| n.text.as_str()).collect();
        assert_eq!(names[1..], ["EXAMPLE LLC", "Sample LLC"]);
    }
}
