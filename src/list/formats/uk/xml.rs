//! The UK Sanctions List as XML: root `Designations` with `Designation`.
//!
//! The elements are the columns of the CSV, with lists where the CSV has several rows, and become the same
//! fields: see the table in `csv.rs`. `DateGenerated` is the publication date.
//!
//! | element | becomes |
//! |---|---|
//! | `UniqueID`, else `OFSIGroupID` | id |
//! | `Names/Name` with `Name1` … `Name6`, `NameType`, `AliasStrength` | names |
//! | `NonLatinNames/…/NameNonLatinScript` | aliases |
//! | `IndividualEntityShip` | schema |
//! | all others, at any place | as the columns of the same name |
//!
//! Cost: one streamed pass. Limits: a designation without id, kind or name is rejected.

use super::fields::{Field, add_fields, field, schema};
use crate::entity::{Date, Entity};
use crate::error::Result;
use crate::list::read::builder::{ListBuilder, ListMetadata, Parsed, RejectReason, move_primary_name_first};
use crate::list::read::source::ByteSource;
use crate::list::read::xml::{Element, XmlFile, for_each_record};
use crate::list::{Layout, List};

pub(crate) fn read(source: ByteSource<'_>) -> Result<List> {
    let mut published = None;
    let mut designations = 0;
    let mut builder = ListBuilder::new(source.name());
    let XmlFile { sha256, unread } = for_each_record(
        source,
        |name| matches!(name, "Designation" | "DateGenerated"),
        |_| {},
        |element, mut at| {
            if element.name == "DateGenerated" {
                published = Date::parse_recent(&element.text);
                return Ok(());
            }
            designations += 1;
            at.record = Some(designations);
            builder.add(at, parse_designation(element))
        },
    )?;
    builder.add_unread(unread);
    Ok(builder.finish(ListMetadata { published, ..ListMetadata::new("uk-sanctions", Layout::UkXml, sha256) }))
}

fn parse_designation(designation: &Element) -> Parsed {
    let text = |names: [&str; 2]| names.into_iter().find_map(|n| designation.text_of(n)).unwrap_or("");
    let id = text(["UniqueID", "OFSIGroupID"]);
    if id.is_empty() {
        return Err(RejectReason::field("UniqueID", "a designation without its id"));
    }
    let kind = text(["IndividualEntityShip", "DesignationType"]);
    let Some(schema) = schema(kind) else {
        let reason = format!("'{kind}' is neither individual, entity nor ship");
        return Err(RejectReason::field("IndividualEntityShip", reason));
    };
    let mut e = Entity::without_names(id, schema);
    add_element(designation, &mut e);
    if move_primary_name_first(&mut e) {
        Ok(e)
    } else {
        Err(RejectReason::field("Names", "a designation without a name"))
    }
}

/// Adds an element and its descendants. The texts directly in an element belong together: the parts of a
/// name, the lines of an address.
fn add_element(element: &Element, e: &mut Entity) {
    let texts = element.children.iter().filter(|c| c.children.is_empty());
    let mut fields: Vec<(Field, &str)> = Vec::new();
    for text in texts {
        let field = field(&text.name);
        if field != Field::Ignored {
            text.mark_read();
            fields.push((field, text.text.as_str()));
        }
    }
    // An element may have several names in other scripts.
    let originals = fields.iter().filter(|(f, _)| *f == Field::OriginalName).skip(1);
    add_fields(&fields, e);
    originals.for_each(|name| add_fields(std::slice::from_ref(name), e));
    for part in element.children.iter().filter(|c| !c.children.is_empty()) {
        part.mark_read();
        add_element(part, e);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Gender, Name, Schema};

    #[test]
    fn every_element_goes_to_its_field() {
        let xml = include_bytes!("../../../../tests/samples/uk.xml");
        let list = read(ByteSource::from_bytes("uk.xml", xml)).unwrap();
        let v = &list.version;
        assert_eq!((v.name.as_str(), v.records, v.entities, v.rejected), ("uk-sanctions", 4, 2, 2));
        assert_eq!(v.published, Date::day(2030, 9, 23));
        let e = &list.entities[0];
        assert_eq!((e.id.as_str(), e.schema, e.gender), ("RUS9001", Schema::Person, Some(Gender::Female)));
        assert_eq!(
            e.names,
            [
                Name::primary("Anna Maria EXAMPLE"),
                Name::alias("Anna EKSEMPEL"),
                Name::weak("LA RUBIA"),
                Name::alias("Анна Пример"),
                Name::alias("例子")
            ]
        );
        let dates: Vec<String> = e.birth_dates.iter().map(Date::to_string).collect();
        assert_eq!(dates, ["1969-12-05", "1970"]);
        assert_eq!(e.birth_places, ["Minsk, Belarus", "Brest"]);
        assert_eq!(e.countries, ["by", "ru"]);
        assert_eq!(e.addresses, ["1 Some St, Minsk, 220000, Belarus", "Moscow, Russia"]);
        let ids: Vec<_> = e.identifiers.iter().map(|i| (i.kind.as_str(), i.value.as_str())).collect();
        assert_eq!(
            ids,
            [
                ("ofsi-group-id", "14001"),
                ("phone", "+375 1"),
                ("national-id", "77"),
                ("passport", "X12"),
                ("passport", "X13")
            ]
        );
        assert_eq!((e.listed_on, &e.programs[..]), (Date::day(2022, 3, 1), &["Russia".to_string()][..]));
        assert!(e.remarks.contains("Position: Director"), "{}", e.remarks);
        let ship = &list.entities[1];
        assert_eq!((ship.schema, &ship.countries[..]), (Schema::Vessel, &["ga".to_string()][..]));
        assert_eq!(ship.identifiers[0].normalized(), "9074729");
        assert!(ship.remarks.contains("Owner or operator: EXAMPLE SHIPPING"), "{}", ship.remarks);
        let fields: Vec<_> = list.rejected.iter().filter_map(|r| r.position.field.as_deref()).collect();
        assert_eq!(fields, ["UniqueID", "Names"]);
    }
}
