//! OFAC's XML: `SDN.XML` and `CONSOLIDATED.XML`, root `sdnList`.
//!
//! | element of `sdnEntry` | becomes |
//! |---|---|
//! | `uid` | id, the `ent_num` of the delimited files |
//! | `lastName`, `firstName` | primary name, "LAST, First" as in the delimited files |
//! | `sdnType`: Individual, Entity, Vessel, Aircraft | schema |
//! | `akaList/aka`: `type` a.k.a. / f.k.a. / n.k.a., `category` strong / weak | alias / former name, weak or not |
//! | `programList/program` | programmes |
//! | `dateOfBirthList`, `placeOfBirthList` | birth dates and places |
//! | `nationalityList`, `citizenshipList` | countries |
//! | `addressList/address` | addresses; of all but people, `country` becomes a country of the party as well |
//! | `idList/id`: `idType`, `idNumber`, `idCountry` | identifiers; "Gender", "Organization Established Date", "Nationality of Registration" and "Issuer Name" go to their fields; statements ("Secondary sanctions risk:" …) to the remarks |
//! | `vesselInfo`: `callSign`, `vesselFlag`; the rest | call sign, country; remarks |
//! | `title`, `remarks` | remarks |
//!
//! `publshInformation` has the publication date and, as `Record_Count`, the number of records. The file does
//! not state which of the two lists it is: a file whose name contains "cons" is taken for the consolidated
//! one.
//!
//! Cost: one streamed pass. Limits: a record without `uid` or name is rejected; dates of issue and expiry are
//! read only in the remarks.

use super::facts;
use crate::entity::{Date, Entity, Identifier, IdentifierKind};
use crate::error::Result;
use crate::list::read::builder::{ListBuilder, ListMetadata, Parsed, RejectReason};
use crate::list::read::source::ByteSource;
use crate::list::read::xml::{Element, XmlFile, for_each_record};
use crate::list::{Layout, List};

pub(crate) fn read(name: &str, source: ByteSource<'_>) -> Result<List> {
    let (mut published, mut declared) = (None, None);
    let mut records = 0;
    let mut builder = ListBuilder::new(source.name());
    let XmlFile { sha256, unread } = for_each_record(
        source,
        |name| matches!(name, "sdnEntry" | "publshInformation"),
        |_| {},
        |element, mut at| {
            if element.name == "publshInformation" {
                published = element.text_of("Publish_Date").and_then(Date::parse_month_first);
                declared = element.text_of("Record_Count").and_then(|n| n.parse().ok());
                return Ok(());
            }
            records += 1;
            at.record = Some(records);
            builder.add(at, parse_entry(element))
        },
    )?;
    builder.add_unread(unread);
    let name = if name.to_lowercase().contains("cons") { "ofac-consolidated" } else { "ofac-sdn" };
    Ok(builder.finish(ListMetadata {
        published,
        declared,
        ..ListMetadata::new(name, Layout::OfacXml, sha256)
    }))
}

fn parse_entry(entry: &Element) -> Parsed {
    let text = |name: &str| entry.text_of(name).unwrap_or("");
    let id = entry.text_of("uid").ok_or_else(|| RejectReason::field("uid", "an entry without its number"))?;
    let name = facts::last_first(text("lastName"), text("firstName"));
    if name.is_empty() {
        return Err(RejectReason::field("lastName", "an entry without a name"));
    }
    let mut e = Entity::new(id, facts::schema(text("sdnType")), name);
    facts::add_labelled_remark("Title", text("title"), &mut e);
    e.add_remark(text("remarks"));
    for aka in entry.items("akaList", "aka") {
        let text = |name: &str| aka.text_of(name).unwrap_or("");
        let name = facts::last_first(text("lastName"), text("firstName"));
        let weak = text("category").eq_ignore_ascii_case("weak");
        e.add_name(facts::alias(&name, text("type"), weak));
    }
    entry.items("programList", "program").for_each(|p| e.add_program(&p.text));
    for date in entry.items("dateOfBirthList", "dateOfBirthItem") {
        date.text_of("dateOfBirth").into_iter().for_each(|d| e.add_birth_date(d));
    }
    for place in entry.items("placeOfBirthList", "placeOfBirthItem") {
        e.add_birth_place(place.text_of("placeOfBirth"));
    }
    let nationalities = entry.items("nationalityList", "nationality");
    let countries = nationalities.chain(entry.items("citizenshipList", "citizenship"));
    countries.filter_map(|c| c.text_of("country")).for_each(|c| e.add_country(c));
    for address in entry.items("addressList", "address") {
        let parts = ["address1", "address2", "address3", "city", "stateOrProvince", "postalCode", "country"];
        let parts = parts.into_iter().filter_map(|p| address.text_of(p));
        facts::add_address(parts, address.text_of("country").unwrap_or(""), &mut e);
    }
    for id in entry.items("idList", "id") {
        let text = |name: &str| id.text_of(name).unwrap_or("");
        facts::add(text("idType"), text("idNumber"), text("idCountry"), &mut e);
    }
    entry.named("vesselInfo").take(1).for_each(|vessel| add_vessel(vessel, &mut e));
    Ok(e)
}

fn add_vessel(vessel: &Element, e: &mut Entity) {
    let text = |name: &str| vessel.text_of(name).unwrap_or("");
    e.add_identifier(Identifier::new(IdentifierKind::CallSign, text("callSign")));
    e.add_country(text("vesselFlag"));
    for (label, name) in [
        ("Vessel type", "vesselType"),
        ("Tonnage", "tonnage"),
        ("Gross tonnage", "grossRegisteredTonnage"),
        ("Owner", "vesselOwner"),
    ] {
        facts::add_labelled_remark(label, text(name), e);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Gender, Name, Schema};

    const SAMPLE: &str = include_str!("../../../../tests/samples/ofac.xml");

    #[test]
    fn every_element_goes_to_its_field() {
        let list = read("sdn", ByteSource::from_bytes("sdn.xml", SAMPLE.as_bytes())).unwrap();
        let v = &list.version;
        assert_eq!((v.name.as_str(), v.declared, v.records), ("ofac-sdn", Some(3), 3));
        assert_eq!(v.published, Date::day(2030, 3, 4));
        let e = &list.entities[0];
        assert_eq!(
            e.names,
            [
                Name::primary("EXAMPLE, Anna Maria"),
                Name::alias("EKSEMPEL, Ana"),
                Name::weak("LA RUBIA"),
                Name::former("BEFORE, Anna")
            ]
        );
        assert_eq!((e.schema, e.gender), (Schema::Person, Some(Gender::Female)));
        assert_eq!(e.programs, ["SDGT", "IRAN"]);
        assert_eq!(e.countries, ["sy"], "a person's address is no nationality");
        let dates: Vec<String> = e.birth_dates.iter().map(Date::to_string).collect();
        assert_eq!(dates, ["1969-05-05", "circa 1969/1971"]);
        assert_eq!(e.birth_places, ["Qom, Iran"]);
        assert_eq!(e.addresses, ["1 Some St, Tehran, Iran"]);
        let ids: Vec<_> = e.identifiers.iter().map(|i| (i.kind.as_str(), i.value.as_str())).collect();
        assert_eq!(
            ids,
            [("passport", "X 12-34"), ("wallet", "bc1qExample"), ("Driver's License No.", "D77")]
        );
        assert_eq!(e.identifiers[0].country.as_deref(), Some("ir"));
        for part in
            ["Title: Director", "(Linked To: EXAMPLE BANK)", "Secondary sanctions risk:", "date: unknown"]
        {
            assert!(e.remarks.contains(part), "{}", e.remarks);
        }
        let v = &list.entities[1];
        assert_eq!((v.schema, &v.countries[..]), (Schema::Vessel, &["pa".to_string()][..]));
        let ids: Vec<_> = v.identifiers.iter().map(|i| (i.kind.as_str(), i.value.as_str())).collect();
        assert_eq!(ids, [("imo", "9074729"), ("mmsi", "572469210"), ("call-sign", "T2EA4")]);
        assert!(v.remarks.contains("Owner: EXAMPLE SHIPPING"));
        assert_eq!(list.rejected[0].position.record, Some(3));
        assert_eq!(list.rejected[0].position.field.as_deref(), Some("lastName"));
    }
}
