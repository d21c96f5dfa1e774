//! OFAC's Enhanced XML: `SDN_ENHANCED.XML` and `CONS_ENHANCED.XML`, root `sanctionsData` with `entity`.
//!
//! | element of `entity` | becomes |
//! |---|---|
//! | `@id` | id |
//! | `generalInfo/entityType` · `title`, `remarks` | schema · remarks |
//! | `names/name`: `isPrimary`; `aliasType` A.K.A., F.K.A.; `isLowQuality` | primary name; alias, former name; weak |
//! | `translation/formattedFullName`, each script; else `formattedFirstName`, `formattedLastName` | one name each |
//! | `sanctionsPrograms/sanctionsProgram` | programmes |
//! | `sanctionsLists/sanctionsList` with `datePublished` | listing date; the name of the list |
//! | `addresses/address`: `addressPart/value`, `country` | addresses; of all but people, `country` is a country too |
//! | `features/feature`: `type`, `value` | birth dates and places, countries, gender; identifiers by OFAC's types |
//! | `identityDocuments/identityDocument`: `type`, `documentNumber`, `issuingCountry` | identifiers |
//! | `relationships/relationship`: `type`, `relatedEntity` | remarks |
//!
//! `publicationInfo/dataAsOf` is the publication date. A source of the layout: the fault file of this layout
//! in the project's shared data and the tests of moov-io/watchman's reader.
//!
//! Cost: one streamed pass. Limits: an entity without id or name is rejected; the reference tables at the end
//! are not read, as the records repeat their words.

use super::facts;
use crate::entity::{AliasStrength, Date, Entity, Name, NameKind};
use crate::error::Result;
use crate::list::read::builder::{ListBuilder, ListMetadata, Parsed, RejectReason, move_primary_name_first};
use crate::list::read::source::ByteSource;
use crate::list::read::xml::{Element, XmlFile, for_each_record};
use crate::list::{Layout, List};

pub(crate) fn read(source: ByteSource<'_>) -> Result<List> {
    let mut published = None;
    let mut on_sdn_list = false;
    let mut entities = 0;
    let mut builder = ListBuilder::new(source.name());
    let XmlFile { sha256, unread } = for_each_record(
        source,
        |name| matches!(name, "entity" | "publicationInfo"),
        |_| {},
        |element, mut at| {
            if element.name == "publicationInfo" {
                published = element.text_of("dataAsOf").and_then(|d| Date::parse(d.split('T').next()?));
                return Ok(());
            }
            entities += 1;
            at.record = Some(entities);
            let lists = element.items("sanctionsLists", "sanctionsList");
            on_sdn_list |= lists.into_iter().any(|l| l.text.trim().starts_with("SDN"));
            builder.add(at, parse_entity(element))
        },
    )?;
    builder.add_unread(unread);
    let name = if on_sdn_list { "ofac-sdn" } else { "ofac-consolidated" };
    Ok(builder.finish(ListMetadata { published, ..ListMetadata::new(name, Layout::OfacEnhanced, sha256) }))
}

fn parse_entity(entity: &Element) -> Parsed {
    let id = entity.attribute("id");
    if id.is_empty() {
        return Err(RejectReason::field("id", "an entity without its number"));
    }
    let info = entity.named("generalInfo").next();
    let text = |name: &str| info.and_then(|i| i.text_of(name)).unwrap_or("");
    let mut e = Entity::without_names(id, facts::schema(text("entityType")));
    for name in entity.items("names", "name") {
        add_name(name, &mut e);
    }
    if !move_primary_name_first(&mut e) {
        return Err(RejectReason::field("names", "an entity without a name"));
    }
    facts::add_labelled_remark("Title", text("title"), &mut e);
    e.add_remark(text("remarks"));
    entity.items("sanctionsPrograms", "sanctionsProgram").for_each(|p| e.add_program(&p.text));
    for list in entity.items("sanctionsLists", "sanctionsList") {
        e.add_listing_date(list.attribute("datePublished"));
    }
    entity.items("addresses", "address").for_each(|a| add_address(a, &mut e));
    for feature in entity.items("features", "feature") {
        let kind = feature.text_of("type").unwrap_or("");
        add_feature(kind, feature.text_of("value").unwrap_or(""), &mut e);
    }
    for document in entity.items("identityDocuments", "identityDocument") {
        let text = |name: &str| document.text_of(name).unwrap_or("");
        facts::add(text("type"), text("documentNumber"), text("issuingCountry"), &mut e);
    }
    for relation in entity.items("relationships", "relationship") {
        let text = |name: &str| relation.text_of(name).unwrap_or("");
        e.add_remark(&format!("{}: {}", text("type"), text("relatedEntity")));
    }
    Ok(e)
}

fn is_true(element: &Element, name: &str) -> bool {
    element.text_of(name).is_some_and(|t| t.eq_ignore_ascii_case("true"))
}

/// Adds the forms of a name in all scripts.
fn add_name(name: &Element, e: &mut Entity) {
    let alias = facts::alias("", name.text_of("aliasType").unwrap_or(""), is_true(name, "isLowQuality"));
    let is_primary = is_true(name, "isPrimary");
    for form in name.items("translations", "translation") {
        let text = |field: &str| form.text_of(field).unwrap_or("");
        let parts = || facts::last_first(text("formattedLastName"), text("formattedFirstName"));
        let whole = form.text_of("formattedFullName").map_or_else(parts, str::to_string);
        let (kind, strength) = match is_primary && is_true(form, "isPrimary") {
            true => (NameKind::Primary, AliasStrength::Strong),
            false => (alias.kind, alias.strength),
        };
        e.add_name(Name::new(whole, kind, strength));
    }
}

fn add_address(address: &Element, e: &mut Entity) {
    let country = address.text_of("country").unwrap_or("");
    let forms = address.items("translations", "translation");
    let lines: Vec<Vec<&str>> = forms
        .map(|form| form.items("addressParts", "addressPart").filter_map(|p| p.text_of("value")).collect())
        .collect();
    for parts in &lines {
        facts::add_address(parts.iter().copied().chain([country]), country, e);
    }
    if lines.is_empty() {
        facts::add_address([country], country, e);
    }
}

fn add_feature(kind: &str, value: &str, e: &mut Entity) {
    match kind {
        "Birthdate" => e.add_birth_date(value),
        "Place of Birth" => e.add_birth_place([value]),
        _ => facts::add(kind, value, "", e),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Schema;

    #[test]
    fn every_element_goes_to_its_field() {
        let xml = r#"<sanctionsData xmlns="x"><publicationInfo><dataAsOf>2031-05-06T00:00:00</dataAsOf></publicationInfo>
          <entities><entity id="7"><generalInfo><identityId>1</identityId><entityType refId="600">Individual</entityType><title>Minister</title></generalInfo>
          <sanctionsLists><sanctionsList id="1" datePublished="2030-01-02">SDN List</sanctionsList></sanctionsLists>
          <sanctionsPrograms><sanctionsProgram>EX-1</sanctionsProgram></sanctionsPrograms>
          <names><name><isPrimary>false</isPrimary><aliasType>A.K.A.</aliasType><isLowQuality>true</isLowQuality><translations><translation><isPrimary>true</isPrimary><formattedFullName>NANA</formattedFullName></translation></translations></name>
          <name><isPrimary>true</isPrimary><translations><translation><isPrimary>true</isPrimary><script>Latin</script><formattedFullName>EXAMPLE, Ann</formattedFullName></translation>
          <translation><isPrimary>false</isPrimary><script>Cyrillic</script><formattedLastName>Пример</formattedLastName><formattedFirstName>Анна</formattedFirstName></translation></translations></name></names>
          <addresses><address><country>Belarus</country><translations><translation><addressParts><addressPart><type>CITY</type><value>Minsk</value></addressPart></addressParts></translation></translations></address></addresses>
          <features><feature><type>Birthdate</type><value>05 May 1969</value></feature><feature><type>Nationality Country</type><value>Belarus</value></feature></features>
          <identityDocuments><identityDocument><type>Passport</type><documentNumber>X123456</documentNumber><issuingCountry>Belarus</issuingCountry></identityDocument></identityDocuments></entity>
          <entity id="8"><generalInfo><entityType>Entity</entityType></generalInfo></entity></entities></sanctionsData>"#;
        let list = read(ByteSource::from_bytes("x", xml.as_bytes())).unwrap();
        let v = &list.version;
        assert_eq!((v.name.as_str(), v.published, v.records), ("ofac-sdn", Date::day(2031, 5, 6), 2));
        assert_eq!(list.rejected[0].position.field.as_deref(), Some("names"));
        let e = &list.entities[0];
        assert_eq!((e.id.as_str(), e.schema), ("7", Schema::Person));
        assert_eq!(e.names, [Name::primary("EXAMPLE, Ann"), Name::weak("NANA"), Name::alias("Пример, Анна")]);
        assert_eq!(e.birth_dates, [Date::day(1969, 5, 5).unwrap()]);
        assert_eq!((&e.countries[0][..], &e.addresses[0][..]), ("by", "Minsk, Belarus"));
        assert_eq!(
            (e.identifiers[0].kind.as_str(), e.identifiers[0].value.as_str()),
            ("passport", "X123456")
        );
        assert_eq!((&e.programs[0][..], e.listed_on), ("EX-1", Date::day(2030, 1, 2)));
    }
}
