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
//! | `addressList/address` | addresses; of all but people, the `country` is one of the party's countries as well |
//! | `idList/id`: `idType`, `idNumber`, `idCountry` | identifiers; "Gender", "Organization Established Date", "Nationality of Registration" and "Issuer Name" go to their own fields; statements ("Secondary sanctions risk:" …) to the remarks |
//! | `vesselInfo`: `callSign`, `vesselFlag`; the rest | call sign, country; remarks |
//! | `title`, `remarks` | remarks |
//!
//! `publshInformation` tells the publication date and `Record_Count`, which is the list's own number of records.
//! Which of the two lists it is stands nowhere in the file: a file whose name contains "cons" is the
//! consolidated one.
//!
//! Cost: one streamed pass. Limits: a record without `uid` or name is rejected; `idList` has no dates of issue
//! and expiry beyond what stands in the remarks.

use super::gather::{About, Gathered, Refused};
use super::source::Source;
use super::xml::{Node, walk};
use super::{Layout, List, ofac_facts};
use crate::entity::{Date, Entity, Identifier, IdentifierKind, Schema};
use crate::error::Result;

pub(super) fn read(name: &str, source: Source<'_>) -> Result<List> {
    let (mut published, mut declared) = (None, None);
    let mut records = 0;
    let mut gathered = Gathered::new(source.name());
    let sha256 = walk(
        source,
        |name| matches!(name, "sdnEntry" | "publshInformation"),
        |_| {},
        |node, mut at| {
            if node.name == "publshInformation" {
                published = node.text("Publish_Date").and_then(Date::parse_month_first);
                declared = node.text("Record_Count").and_then(|n| n.parse().ok());
                return Ok(());
            }
            records += 1;
            at.record = Some(records);
            gathered.take(at, entity(&node))
        },
    )?;
    let name = if name.to_lowercase().contains("cons") { "ofac-consolidated" } else { "ofac-sdn" };
    Ok(gathered.list(About { published, declared, ..About::new(name, Layout::OfacXml, sha256) }))
}

fn entity(node: &Node) -> std::result::Result<Entity, Refused> {
    let text = |name: &str| node.text(name).unwrap_or("");
    let id = node.text("uid").ok_or_else(|| Refused::field("uid", "an entry without its number"))?;
    let name = ofac_facts::last_first(text("lastName"), text("firstName"));
    if name.is_empty() {
        return Err(Refused::field("lastName", "an entry without a name"));
    }
    let schema = match text("sdnType").to_ascii_lowercase().as_str() {
        "individual" => Schema::Person,
        "vessel" => Schema::Vessel,
        "aircraft" => Schema::Aircraft,
        _ => Schema::Organization,
    };
    let mut e = Entity::new(id, schema, name);
    e.add_remark(&labelled("Title", text("title")));
    e.add_remark(text("remarks"));
    for aka in node.items("akaList", "aka") {
        let text = |name: &str| aka.text(name).unwrap_or("");
        let name = ofac_facts::last_first(text("lastName"), text("firstName"));
        let weak = text("category").eq_ignore_ascii_case("weak");
        e.add_name(ofac_facts::name(&name, text("type"), weak));
    }
    node.items("programList", "program").for_each(|p| e.add_program(&p.text));
    for date in node.items("dateOfBirthList", "dateOfBirthItem") {
        date.text("dateOfBirth").into_iter().for_each(|d| e.add_birth_date(d));
    }
    for place in node.items("placeOfBirthList", "placeOfBirthItem") {
        e.add_birth_place(place.text("placeOfBirth"));
    }
    let countries =
        node.items("nationalityList", "nationality").chain(node.items("citizenshipList", "citizenship"));
    countries.filter_map(|c| c.text("country")).for_each(|c| e.add_country(c));
    for address in node.items("addressList", "address") {
        let parts = ["address1", "address2", "address3", "city", "stateOrProvince", "postalCode", "country"];
        e.add_address(parts.into_iter().filter_map(|p| address.text(p)));
        // Where a body has its seat is the country it is asked for by; a person's address is not.
        if schema != Schema::Person {
            address.text("country").into_iter().for_each(|c| e.add_country(c));
        }
    }
    for id in node.items("idList", "id") {
        let text = |name: &str| id.text(name).unwrap_or("");
        ofac_facts::add(text("idType"), text("idNumber"), text("idCountry"), &mut e);
    }
    if let Some(vessel) = node.all("vesselInfo").next() {
        let text = |name: &str| vessel.text(name).unwrap_or("");
        e.add_identifier(Identifier::new(IdentifierKind::CallSign, text("callSign")));
        e.add_country(text("vesselFlag"));
        for (label, name) in [
            ("Vessel type", "vesselType"),
            ("Tonnage", "tonnage"),
            ("Gross tonnage", "grossRegisteredTonnage"),
            ("Owner", "vesselOwner"),
        ] {
            e.add_remark(&labelled(label, text(name)));
        }
    }
    Ok(e)
}

fn labelled(label: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{label}: {text}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Gender, Name};

    const SAMPLE: &str = include_str!("../../tests/samples/ofac.xml");

    #[test]
    fn fields() {
        let list = read("sdn", Source::bytes("sdn.xml", SAMPLE.as_bytes())).unwrap();
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
