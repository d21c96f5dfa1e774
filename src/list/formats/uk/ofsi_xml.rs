//! OFSI's consolidated list as XML, `ConList.xml`: root `ArrayOfFinancialSanctionsTarget` with
//! `FinancialSanctionsTarget`, one for each name of a party. Those of one `GroupID` are one entity.
//!
//! The elements are the columns of OFSI's CSV, some with a prefix (`Individual_DateOfBirth`,
//! `Entity_BusinessRegNumber`, `Ship_IMONumber`), and become the same fields: see the table in `csv.rs`.
//! Source of the names: public programs that read the file in its form of 2022.
//!
//! Cost: one streamed pass. Limits: the file states no date. A target without group, of an unknown kind, or a
//! party without a name is rejected. `LastUpdated` and `FullName`, which repeats the parts, are not read.

use super::fields::{Field, add_fields, field, first_text, id, schema};
use crate::error::Result;
use crate::list::read::builder::{ListBuilder, ListMetadata, RejectReason};
use crate::list::read::multi_row::MultiRowEntities;
use crate::list::read::source::ByteSource;
use crate::list::read::xml::{XmlFile, for_each_record};
use crate::list::{Layout, List};

pub(crate) fn read(source: ByteSource<'_>) -> Result<List> {
    let mut builder = ListBuilder::new(source.name());
    let mut entities = MultiRowEntities::default();
    let XmlFile { sha256, unread } = for_each_record(
        source,
        |name| name == "FinancialSanctionsTarget",
        |_| {},
        |target, at| {
            let mut row: Vec<(Field, &str)> = Vec::new();
            for part in &target.children {
                let found = field_of_element(&part.name);
                if found != Field::Ignored {
                    part.mark_all_read();
                    row.push((found, part.text.as_str()));
                }
            }
            let id = id(&row);
            if id.is_empty() {
                return builder.reject(at, RejectReason::field("GroupID", "a target without its group"));
            }
            let kind = first_text(&row, Field::Kind);
            let Some(schema) = schema(kind) else {
                let reason = format!("'{kind}' is neither individual, entity nor ship");
                return builder.reject(at, RejectReason::field("GroupTypeDescription", reason));
            };
            let e = entities.get_or_insert(id, at)?;
            e.schema = schema;
            add_fields(&row, e);
            Ok(())
        },
    )?;
    builder.add_unread(unread);
    entities.finish("Name6", &mut builder)?;
    Ok(builder.finish(ListMetadata::new("uk-ofsi", Layout::OfsiXml, sha256)))
}

/// The field of an element.
fn field_of_element(name: &str) -> Field {
    let bare = ["Individual_", "Entity_", "Ship_"].into_iter().find_map(|prefix| name.strip_prefix(prefix));
    match bare.unwrap_or(name) {
        "DateOfBirth" => Field::BirthDate,
        "NINumber" => Field::NationalId,
        "NIDetails" => Field::Remark("National identifier"),
        "BusinessRegNumber" => Field::Registration,
        "Type" if name.starts_with("Entity") => Field::Remark("Type of entity"),
        "Type" => Field::Remark("Type of ship"),
        "Tonnage" => Field::Remark("Tonnage"),
        "Length" => Field::Remark("Length"),
        "YearBuilt" => Field::Remark("Built"),
        "HIN" => Field::Hull,
        "Flag" => Field::Flag,
        "CurrentOwners" => Field::Remark("Owner or operator"),
        "PostCode" => Field::PostalCode,
        "AliasTypeName" => Field::NameType,
        // It repeats `AliasTypeName` in other words.
        "AliasType" => Field::Ignored,
        "GroupTypeDescription" => Field::Kind,
        "DateListed" => Field::Listed,
        bare => field(bare),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Date, Name, Schema};

    #[test]
    fn the_targets_of_a_group_are_one_entity() {
        let xml = r#"<ArrayOfFinancialSanctionsTarget xmlns="http://schemas.hmtreasury.gov.uk/ofsi/consolidatedlist">
          <FinancialSanctionsTarget><Name6>EXAMPLE</Name6><name1>Ann</name1><name2>Mary</name2><AliasTypeName>Primary name</AliasTypeName><RegimeName>Elbonia</RegimeName>
            <Individual_DateOfBirth>05/05/1969</Individual_DateOfBirth><Individual_Nationality>Belarus</Individual_Nationality><Individual_PassportNumber>AB123456</Individual_PassportNumber>
            <GroupTypeDescription>Individual</GroupTypeDescription><GroupID>77</GroupID><DateListed>2031-02-03T00:00:00</DateListed><LastUpdated>x</LastUpdated></FinancialSanctionsTarget>
          <FinancialSanctionsTarget><Name6>NANA</Name6><AliasTypeName>AKA</AliasTypeName><AliasQuality>Low quality a.k.a</AliasQuality><NameNonLatinScript>Нана</NameNonLatinScript>
            <GroupTypeDescription>Individual</GroupTypeDescription><GroupID>77</GroupID></FinancialSanctionsTarget>
          <FinancialSanctionsTarget><Name6>SEA EXAMPLE</Name6><Ship_IMONumber>9253325</Ship_IMONumber><GroupTypeDescription>Ship</GroupTypeDescription><GroupID>78</GroupID></FinancialSanctionsTarget>
          <FinancialSanctionsTarget><Name6>NOBODY</Name6></FinancialSanctionsTarget></ArrayOfFinancialSanctionsTarget>"#;
        let list = crate::list::from_bytes("ConList", xml.as_bytes()).unwrap();
        let v = &list.version;
        assert_eq!((v.layout, v.name.as_str(), v.records, v.entities), (Layout::OfsiXml, "uk-ofsi", 4, 2));
        assert_eq!(v.coverage.unread, [("FinancialSanctionsTarget/LastUpdated".to_string(), 1)]);
        let e = &list.entities[0];
        assert_eq!(e.names, [Name::primary("Ann Mary EXAMPLE"), Name::weak("NANA"), Name::weak("Нана")]);
        assert_eq!((&e.countries[0][..], e.birth_dates[0]), ("by", Date::day(1969, 5, 5).unwrap()));
        assert_eq!(
            e.identifiers.iter().map(|i| i.kind.as_str()).collect::<Vec<_>>(),
            ["passport", "ofsi-group-id"]
        );
        assert_eq!(e.listed_on, Date::day(2031, 2, 3));
        assert_eq!((list.entities[1].schema, list.rejected.len()), (Schema::Vessel, 1));
    }
}
