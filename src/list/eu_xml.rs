//! The EU's consolidated list of financial sanctions as XML (`xmlFullSanctionsList_1_1`): root `export` with
//! `sanctionEntity`. All facts stand in attributes.
//!
//! | element | becomes |
//! |---|---|
//! | `sanctionEntity`: `euReferenceNumber`, else `logicalId` | id |
//! | `subjectType/@code`: person, enterprise | schema |
//! | `nameAlias`: `wholeName`, else its parts; `strong` false or remark "low quality"; remark "formerly known as" | names; weak; former. The first good one is the primary name: the list marks none |
//! | `nameAlias`: `gender`, `title`, `function` | gender; remarks |
//! | `birthdate`: `birthdate`, `year` `monthOfYear` `dayOfMonth`, `yearRangeFrom` `yearRangeTo`, `circa` | birth dates; of a calendar other than the Gregorian a remark |
//! | `birthdate`: `city`, `place`, `region`, country | birth places |
//! | `citizenship` | countries |
//! | `address`, with `contactInfo` | addresses, of bodies the country too; telephone, mail, web |
//! | `identification`: `number`, `latinNumber`, `identificationTypeCode`, country | identifiers; known false, expired, lost or revoked ones with a remark |
//! | `regulation`: `programme`; `designationDate`, else the earliest `entryIntoForceDate` | programmes; listing date |
//! | `unitedNationId` | identifier `un-reference` |
//! | `remark`s, titles of the acts | remarks |
//!
//! The publication date is the root's `generationDate`.
//!
//! Cost: one streamed pass. Limits: an entry without id, kind or name is rejected; the language of a name is not
//! kept, as its script tells.

use super::eu_fields as eu;
use super::gather::{About, Gathered, Refused, settle_names};
use super::source::Source;
use super::xml::{Node, walk};
use super::{Layout, List};
use crate::entity::{Date, Entity};
use crate::error::Result;

pub(super) fn read(source: Source<'_>) -> Result<List> {
    let mut published = None;
    let mut gathered = Gathered::new(source.name());
    let sha256 = walk(
        source,
        |name| name == "sanctionEntity",
        |root| published = Date::parse(root.attribute("generationDate")),
        |node, at| gathered.take(at, entity(&node)),
    )?;
    Ok(gathered.list(About { published, ..About::new("eu-fsf", Layout::EuXml, sha256) }))
}

fn remark(node: &Node) -> String {
    node.all("remark").map(|r| r.text.trim()).collect::<Vec<_>>().join("; ")
}

fn entity(node: &Node) -> std::result::Result<Entity, Refused> {
    let own = |name: &str| node.attribute(name);
    let id = eu::id(&own);
    if id.is_empty() {
        return Err(Refused::field("euReferenceNumber", "an entry without its number"));
    }
    let subject = node.all("subjectType").next();
    let code = subject.map_or("", |s| s.attribute("code"));
    let code = if code.is_empty() { subject.map_or("", |s| s.attribute("classificationCode")) } else { code };
    let Some(schema) = eu::schema(code) else {
        return Err(Refused::field("subjectType", format!("'{code}' is neither person nor enterprise")));
    };
    let mut e = Entity::new(id, schema, "");
    e.names.clear();
    eu::entity(&own, &mut e);
    e.add_remark(&remark(node));
    for part in &node.children {
        let f = |name: &str| part.attribute(name);
        match part.name.as_str() {
            "nameAlias" => eu::name(&f, &remark(part), &mut e),
            "birthdate" => {
                eu::birth(&f, &mut e);
                e.add_remark(&remark(part));
            }
            "citizenship" => {
                e.add_country(eu::country(&f));
                e.add_remark(&remark(part));
            }
            "address" => {
                eu::address(&f, &mut e);
                part.all("contactInfo")
                    .for_each(|c| eu::contact(c.attribute("key"), c.attribute("value"), &mut e));
                e.add_remark(&remark(part));
            }
            "contactInfo" => eu::contact(f("key"), f("value"), &mut e),
            "identification" => eu::identification(&f, &remark(part), &mut e),
            "regulation" => eu::regulation(&f, &mut e),
            _ => {}
        }
    }
    if e.listed_on.is_none() {
        e.listed_on =
            node.all("regulation").filter_map(|r| eu::regulation_date(&|name| r.attribute(name))).min();
    }
    if settle_names(&mut e) { Ok(e) } else { Err(Refused::field("nameAlias", "an entry without a name")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Gender, Name, Schema};

    #[test]
    fn fields() {
        let xml = include_bytes!("../../tests/samples/eu.xml");
        let list = read(Source::bytes("eu.xml", xml)).unwrap();
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
        let body = &list.entities[1];
        assert_eq!((body.schema, &body.countries[..]), (Schema::Organization, &["sy".to_string()][..]));
        let ids: Vec<_> = body.identifiers.iter().map(|i| (i.kind.as_str(), i.value.as_str())).collect();
        assert_eq!(
            ids,
            [
                ("bic", "EXAMSYDA"),
                ("registration", "55"),
                ("phone", "+963 1"),
                ("website", "www.example.org")
            ]
        );
        assert_eq!(body.listed_on, Date::day(2019, 1, 1));
        let fields: Vec<_> = list.rejected.iter().filter_map(|r| r.position.field.as_deref()).collect();
        assert_eq!(fields, ["subjectType", "nameAlias"]);
    }
}
