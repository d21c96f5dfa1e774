//! The EU's consolidated list of financial sanctions as XML (`xmlFullSanctionsList_1_1`): root `export` with
//! `sanctionEntity`. All facts are in attributes.
//!
//! | element | becomes |
//! |---|---|
//! | `sanctionEntity`: `euReferenceNumber`, else `logicalId` | id |
//! | `subjectType/@code`: person, enterprise | schema |
//! | `nameAlias`: `wholeName`, else its parts; `strong` false or remark "low quality"; remark "formerly known as" | names; weak; former. The list marks no primary name: the first that is neither weak nor former is it |
//! | `nameAlias`: `gender`, `title`, `function` | gender; remarks |
//! | `birthdate`: `birthdate`, `year` `monthOfYear` `dayOfMonth`, `yearRangeFrom` `yearRangeTo`, `circa` | birth dates; a date of another calendar is a remark |
//! | `birthdate`: `city`, `place`, `region`, country | birth places |
//! | `citizenship` | countries |
//! | `address`, with `contactInfo` | addresses, of organisations the country too; telephone, e-mail, website |
//! | `identification`: `number`, `latinNumber`, `identificationTypeCode`, country | identifiers; known false, expired, lost or revoked ones with a remark |
//! | `regulation`: `programme`; `designationDate`, else the earliest `entryIntoForceDate` | programmes; listing date |
//! | `unitedNationId` | identifier `un-reference` |
//! | `remark`s, titles of the acts | remarks |
//!
//! The publication date is the root's `generationDate`.
//!
//! Cost: one streamed pass. Limits: an entry without id, kind or name is rejected; the language of a name is
//! not kept.

use super::fields;
use crate::entity::{Date, Entity};
use crate::error::Result;
use crate::list::read::builder::{ListBuilder, ListMetadata, Parsed, RejectReason, move_primary_name_first};
use crate::list::read::source::ByteSource;
use crate::list::read::xml::{Element, XmlFile, for_each_record};
use crate::list::{Layout, List};

pub(crate) fn read(source: ByteSource<'_>) -> Result<List> {
    let mut published = None;
    let mut builder = ListBuilder::new(source.name());
    let XmlFile { sha256, unread } = for_each_record(
        source,
        |name| name == "sanctionEntity",
        |root| published = Date::parse(root.attribute("generationDate")),
        |entry, at| builder.add(at, parse_entry(entry)),
    )?;
    builder.add_unread(unread);
    Ok(builder.finish(ListMetadata { published, ..ListMetadata::new("eu-fsf", Layout::EuXml, sha256) }))
}

fn parse_entry(entry: &Element) -> Parsed {
    let attribute = |name: &str| entry.attribute(name);
    let id = fields::id(&attribute);
    if id.is_empty() {
        return Err(RejectReason::field("euReferenceNumber", "an entry without its number"));
    }
    let subject = entry.named("subjectType").next();
    let code = subject.map_or("", |s| s.attribute("code"));
    let code = if code.is_empty() { subject.map_or("", |s| s.attribute("classificationCode")) } else { code };
    let Some(schema) = fields::schema(code) else {
        let what = format!("'{code}' is neither person nor enterprise");
        return Err(RejectReason::field("subjectType", what));
    };
    let mut e = Entity::without_names(id, schema);
    fields::add_entity(&attribute, &mut e);
    e.add_remark(&remark(entry));
    entry.children.iter().for_each(|part| add_part(part, &mut e));
    if e.listed_on.is_none() {
        let dates = entry.named("regulation").map(|r| fields::regulation_date(&|name| r.attribute(name)));
        e.listed_on = dates.flatten().min();
    }
    if move_primary_name_first(&mut e) {
        Ok(e)
    } else {
        Err(RejectReason::field("nameAlias", "an entry without a name"))
    }
}

fn add_part(part: &Element, e: &mut Entity) {
    let attribute = |name: &str| part.attribute(name);
    match part.name.as_str() {
        "nameAlias" => fields::add_name(&attribute, &remark(part), e),
        "birthdate" => {
            fields::add_birth(&attribute, e);
            e.add_remark(&remark(part));
        }
        "citizenship" => {
            e.add_country(fields::country(&attribute));
            e.add_remark(&remark(part));
        }
        "address" => {
            fields::add_address(&attribute, e);
            for contact in part.named("contactInfo") {
                fields::add_contact(contact.attribute("key"), contact.attribute("value"), e);
            }
            e.add_remark(&remark(part));
        }
        "contactInfo" => fields::add_contact(attribute("key"), attribute("value"), e),
        "identification" => fields::add_identification(&attribute, &remark(part), e),
        "regulation" => fields::add_regulation(&attribute, e),
        _ => return,
    }
    part.mark_read();
}

/// The remarks of an element, joined.
fn remark(element: &Element) -> String {
    element.named("remark").map(|r| r.text.trim()).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Gender, Name, Schema};

    #[test]
    fn every_element_goes_to_its_field() {
        let xml = include_bytes!("../../../../tests/samples/eu.xml");
        let list = read(ByteSource::from_bytes("eu.xml", xml)).unwrap();
        let v = &list.version;
        assert_eq!((v.name.as_str(), v.records, v.entities, v.rejected), ("eu-fsf", 4, 2, 2));
        assert_eq!(v.published, Date::day(2030, 1, 2));
        let e = &list.entities[0];
        assert_eq!((e.id.as_str(), e.schema, e.gender), ("EU.1.1", Schema::Person, Some(Gender::Female)));
        assert_eq!(
            e.names,
            [
                Name::primary("Anna O'Example & Sons"),
                Name::alias("Анна Пример"),
                Name::weak("La Rubia"),
                Name::former("Anna Before"),
                Name::weak("Anya")
            ]
        );
        let dates: Vec<String> = e.birth_dates.iter().map(Date::to_string).collect();
        assert_eq!(dates, ["1969-05-05", "1970", "1971-03", "1965/1968", "circa 1959/1961"]);
        assert_eq!(e.birth_places, ["Some Quarter, Minsk, BELARUS"]);
        assert_eq!(e.countries, ["by", "ru"]);
        assert_eq!(e.addresses, ["1 Some St, P.O. Box 77, 220000, Minsk, BELARUS"]);
        let ids: Vec<_> = e.identifiers.iter().map(|i| (i.kind.as_str(), i.value.as_str())).collect();
        assert_eq!(
            ids,
            [
                ("un-reference", "QDi.999"),
                ("passport", "X12"),
                ("Driving licence", "D-7"),
                ("email", "a@example.org")
            ]
        );
        assert_eq!(e.identifiers[1].country.as_deref(), Some("by"));
        assert_eq!(e.programs, ["BLR", "UKR"]);
        assert_eq!(e.listed_on, Date::day(2020, 10, 2));
        for part in
            ["Function: Director", "listed for the sample", "passport X12 is known to be false", "islamic"]
        {
            assert!(e.remarks.contains(part), "{part}: {}", e.remarks);
        }
        let company = &list.entities[1];
        assert_eq!((company.schema, &company.countries[..]), (Schema::Organization, &["sy".to_string()][..]));
        let ids: Vec<_> = company.identifiers.iter().map(|i| (i.kind.as_str(), i.value.as_str())).collect();
        assert_eq!(
            ids,
            [
                ("bic", "EXAMSYDA"),
                ("registration", "55"),
                ("phone", "+963 1"),
                ("website", "www.example.org")
            ]
        );
        assert_eq!(company.listed_on, Date::day(2019, 1, 1));
        let fields: Vec<_> = list.rejected.iter().filter_map(|r| r.position.field.as_deref()).collect();
        assert_eq!(fields, ["subjectType", "nameAlias"]);
    }
}
