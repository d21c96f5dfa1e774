//! The UN Security Council's consolidated list as XML: `CONSOLIDATED_LIST` with `INDIVIDUAL` and `ENTITY`.
//!
//! | element | becomes |
//! |---|---|
//! | `DATAID` | id |
//! | `REFERENCE_NUMBER` ("QDi.001") | identifier `un-reference`, by which other lists name the party; leads the remarks |
//! | `FIRST_NAME` … `FOURTH_NAME` | primary name |
//! | `NAME_ORIGINAL_SCRIPT` | alias |
//! | `…_ALIAS`: `QUALITY` Good or a.k.a. / Low / f.k.a. | alias / weak alias / former name; former too with a note "previously (formerly) listed as" |
//! | `…_ALIAS`: several names by `;`; another script in brackets | an alias each |
//! | `…_ALIAS`: `DATE_OF_BIRTH`, `CITY_OF_BIRTH`, `COUNTRY_OF_BIRTH` | birth dates and places: those of the alias are claimed for the party |
//! | `…_DATE_OF_BIRTH`: EXACT, APPROXIMATELY, BETWEEN; a `NOTE` that is a date | birth dates |
//! | `…_PLACE_OF_BIRTH` | birth places |
//! | `INDIVIDUAL_DOCUMENT`: `TYPE_OF_DOCUMENT`, `TYPE_OF_DOCUMENT2` | passports, national identity numbers, others by their word |
//! | `NATIONALITY`, addresses' `COUNTRY` of entities | countries |
//! | `…_ADDRESS` | addresses |
//! | `UN_LIST_TYPE` · `LISTED_ON` · `GENDER` | programme · listing date · gender |
//! | `TITLE`, `DESIGNATION`, `COMMENTS1`, the `NOTE`s | remarks |
//!
//! The publication date is the root's `dateGenerated`. `VERSIONNUM`, `LIST_TYPE`, the sort keys and the days of
//! amendment (`LAST_DAY_UPDATED`) say nothing of the party and are passed over.
//!
//! Cost: one streamed pass. Limits: a record without a name or a `DATAID` is rejected.

use super::gather::{About, Gathered, Refused};
use super::source::Source;
use super::xml::{Node, walk};
use super::{Layout, List};
use crate::entity::{Date, Entity, Identifier, IdentifierKind, Name, NameKind, Schema, Strength};
use crate::error::Result;

pub(super) fn read(source: Source<'_>) -> Result<List> {
    let mut published = None;
    let mut gathered = Gathered::new(source.name());
    let sha256 = walk(
        source,
        |name| matches!(name, "INDIVIDUAL" | "ENTITY"),
        |root| {
            published =
                root.attributes.iter().find(|(k, _)| k == "dateGenerated").and_then(|(_, v)| Date::parse(v));
        },
        |node, at| gathered.take(at, entity(&node)),
    )?;
    Ok(gathered.list(About { published, ..About::new("un-sc", Layout::UnXml, sha256) }))
}

fn entity(node: &Node) -> std::result::Result<Entity, Refused> {
    let id = node.text("DATAID").ok_or_else(|| Refused::field("DATAID", "a record without its number"))?;
    let parts: Vec<&str> = ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"]
        .into_iter()
        .filter_map(|part| node.text(part))
        .collect();
    if parts.is_empty() {
        return Err(Refused::field("FIRST_NAME", "a record without a name"));
    }
    let person = node.name == "INDIVIDUAL";
    let schema = if person { Schema::Person } else { Schema::Organization };
    let mut e = Entity::new(id, schema, parts.join(" "));
    let reference = node.text("REFERENCE_NUMBER").unwrap_or("");
    e.add_identifier(Identifier::new(IdentifierKind::Other("un-reference".into()), reference));
    e.add_remark(reference);
    node.values("TITLE").chain(node.values("DESIGNATION")).for_each(|t| e.add_remark(t));
    e.add_remark(node.text("COMMENTS1").unwrap_or(""));
    if let Some(name) = node.text("NAME_ORIGINAL_SCRIPT") {
        e.add_name(Name::alias(name));
    }
    for name in node.all("INDIVIDUAL_ALIAS").chain(node.all("ENTITY_ALIAS")) {
        alias(name, &mut e);
    }
    for date in node.all("INDIVIDUAL_DATE_OF_BIRTH") {
        birth_date(date, &mut e);
    }
    for place in node.all("INDIVIDUAL_PLACE_OF_BIRTH") {
        let parts = ["STREET", "CITY", "STATE_PROVINCE", "COUNTRY"];
        e.add_birth_place(parts.into_iter().filter_map(|p| place.text(p)));
        e.add_remark(place.text("NOTE").unwrap_or(""));
    }
    node.values("NATIONALITY").for_each(|v| e.add_country(v));
    for address in node.all("INDIVIDUAL_ADDRESS").chain(node.all("ENTITY_ADDRESS")) {
        let parts = ["STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY", "NOTE"];
        e.add_address(parts.into_iter().filter_map(|p| address.text(p)));
        if !person {
            e.add_country(address.text("COUNTRY").unwrap_or(""));
        }
    }
    node.all("INDIVIDUAL_DOCUMENT").for_each(|d| document(d, &mut e));
    e.add_gender(node.text("GENDER").unwrap_or(""));
    e.add_program(node.text("UN_LIST_TYPE").unwrap_or(""));
    e.add_listing_date(node.text("LISTED_ON").unwrap_or(""));
    Ok(e)
}

fn alias(node: &Node, e: &mut Entity) {
    if let Some(date) = node.text("DATE_OF_BIRTH") {
        e.add_birth_date(date);
    }
    e.add_birth_place(["CITY_OF_BIRTH", "COUNTRY_OF_BIRTH"].into_iter().filter_map(|p| node.text(p)));
    let note = node.text("NOTE").unwrap_or("");
    let quality = node.text("QUALITY").unwrap_or("");
    let text = node.text("ALIAS_NAME").unwrap_or("");
    let says = |what: &str| note.contains(what) || text.contains(what);
    let listed = says("previously listed as") || says("formerly listed as");
    let former = quality.starts_with("f.k.a") || listed;
    if !listed {
        e.add_remark(note);
    }
    let kind = if former { NameKind::Former } else { NameKind::Alias };
    let strength = if quality.eq_ignore_ascii_case("low") { Strength::Weak } else { Strength::Strong };
    // One alias element may hold several names.
    let text = text.replace("(previously listed as)", "").replace("(formerly listed as)", "");
    let names = text.split(';').flat_map(scripts);
    for name in names.map(|n| n.trim_matches([' ', ','])).filter(|n| !n.is_empty()) {
        e.add_name(Name::new(name, kind, strength));
    }
}

/// "Gulab Gul (گلاب گل)": the name, and the same in its own script.
fn scripts(name: &str) -> [&str; 2] {
    let (latin, bracket) = name.split_once('(').unwrap_or((name, ""));
    match bracket.trim_end().trim_end_matches(',').strip_suffix(')') {
        Some(other)
            if !other.contains(|c: char| c.is_ascii_alphabetic()) && other.contains(char::is_alphabetic) =>
        {
            [latin, other]
        }
        _ => [name, ""],
    }
}

fn birth_date(node: &Node, e: &mut Entity) {
    let year = |name: &str| node.text(name).and_then(|y| y.parse::<i16>().ok());
    let between = || Date::years(year("FROM_YEAR")?, year("TO_YEAR")?);
    let told = || node.text("DATE").and_then(Date::parse).or_else(|| Date::year(year("YEAR")?));
    let note = node.text("NOTE").unwrap_or("");
    let is_rough = |t: &str| t.trim().eq_ignore_ascii_case("approximately");
    // A month without its day stands in the note: "Nov. 1973".
    let noted = || Date::parse(&note.replace(". ", " "));
    let date = between().or_else(told);
    match date.or_else(noted) {
        Some(date) if e.birth_dates.contains(&date) => {}
        Some(date) if is_rough(note) || node.text("TYPE_OF_DATE").is_some_and(is_rough) => {
            e.birth_dates.push(date.circa());
        }
        Some(date) => e.birth_dates.push(date),
        None => e.add_remark(node.text("DATE").unwrap_or("")),
    }
    if !is_rough(note) && !note.is_empty() && (date.is_some() || noted().is_none()) {
        e.add_remark(&format!("date of birth: {note}"));
    }
}

fn document(node: &Node, e: &mut Entity) {
    let words = [node.text("TYPE_OF_DOCUMENT"), node.text("TYPE_OF_DOCUMENT2")];
    let kind: Vec<&str> = words.into_iter().flatten().collect();
    let kind = kind.join(", ").split_whitespace().collect::<Vec<_>>().join(" ");
    let note = node.text("NOTE").unwrap_or("");
    match node.text("NUMBER") {
        Some(number) => {
            let is = |words: &[&str]| words.iter().any(|w| kind.to_lowercase().contains(w));
            let found = if is(&["passport", "passeport", "pasaporte"]) {
                IdentifierKind::Passport
            } else if is(&["national", "identi"]) {
                IdentifierKind::NationalId
            } else {
                IdentifierKind::Other(if kind.is_empty() { "document".into() } else { kind.clone() })
            };
            // "Afghan passport number SE 012820", "Libyan Passport No. 96/184442"
            let cut = ["number ", "No. "].into_iter().find_map(|word| number.rsplit_once(word));
            let number = cut.map_or(number, |(_, number)| number);
            let country =
                node.text("ISSUING_COUNTRY").or_else(|| node.text("COUNTRY_OF_ISSUE")).unwrap_or("");
            e.add_identifier(Identifier::new(found, number).issued_by(country));
            if !note.is_empty() {
                e.add_remark(&format!("{kind} {number}: {note}"));
            }
        }
        // A number may stand in the words for the kind.
        None => e.add_remark(&[&kind, note].map(str::trim).join(" ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = include_str!("../../tests/samples/un.xml");

    fn read(xml: &str) -> Result<List> {
        super::read(Source::bytes("un.xml", xml.as_bytes()))
    }

    #[test]
    fn fields() {
        let list = read(SAMPLE).unwrap();
        assert_eq!(list.version.published, Date::parse("2030-01-02"));
        assert_eq!((list.version.records, list.version.entities, list.version.rejected), (3, 2, 1));
        let e = &list.entities[0];
        assert_eq!(
            e.names,
            [Name::primary("ANNA & EXAMPLE"), Name::alias("예시"), Name::weak("Abu X"), Name::former("Anne")]
        );
        let dates: Vec<String> = e.birth_dates.iter().map(Date::to_string).collect();
        assert_eq!(dates, ["1960/1962", "circa 1969/1971"]);
        assert_eq!(e.countries, ["iq"]);
        assert_eq!(e.identifiers[0].value, "KPi.999");
        assert_eq!(
            (e.identifiers[1].kind.as_str(), e.identifiers[1].normalized().as_str()),
            ("passport", "P12")
        );
        assert_eq!(list.entities[1].names[1], Name::former("OLD BODY"));
        assert_eq!(list.rejected[0].position.field.as_deref(), Some("FIRST_NAME"));
    }

    #[test]
    fn names_in_brackets_notes_and_documents() {
        let xml = r#"<CONSOLIDATED_LIST><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>Gul</FIRST_NAME>
          <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Haji Gul (حاجی گل ),; Gul (the elder)</ALIAS_NAME><DATE_OF_BIRTH>1955</DATE_OF_BIRTH>
            <CITY_OF_BIRTH>Logar</CITY_OF_BIRTH><COUNTRY_OF_BIRTH>Afghanistan</COUNTRY_OF_BIRTH><NOTE>son of somebody</NOTE></INDIVIDUAL_ALIAS>
          <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Gulo</ALIAS_NAME><NOTE>formerly listed as</NOTE></INDIVIDUAL_ALIAS>
          <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><NOTE>Nov. 1973 </NOTE></INDIVIDUAL_DATE_OF_BIRTH>
          <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1979-03-03</DATE><NOTE>from false passport</NOTE></INDIVIDUAL_DATE_OF_BIRTH>
          <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><NOTE>24/06/1402 (Hijri Calendar)</NOTE></INDIVIDUAL_DATE_OF_BIRTH>
          <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>Afghan passport number SE 012</NUMBER><NOTE>expired</NOTE></INDIVIDUAL_DOCUMENT>
          <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT2>Ration card no.</TYPE_OF_DOCUMENT2><NUMBER>77</NUMBER></INDIVIDUAL_DOCUMENT>
          <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>National Identification Number</TYPE_OF_DOCUMENT><TYPE_OF_DOCUMENT2>tazkira 545</TYPE_OF_DOCUMENT2></INDIVIDUAL_DOCUMENT>
          </INDIVIDUAL></CONSOLIDATED_LIST>"#;
        let e = &read(xml).unwrap().entities[0];
        let names: Vec<&str> = e.names.iter().map(|n| n.text.as_str()).collect();
        assert_eq!(names, ["Gul", "Haji Gul", "حاجی گل", "Gul (the elder)", "Gulo"]);
        assert_eq!((e.names[4].kind, e.names[4].strength), (NameKind::Former, Strength::Weak));
        let dates: Vec<String> = e.birth_dates.iter().map(Date::to_string).collect();
        assert_eq!(dates, ["1955", "1973-11", "1979-03-03"]);
        assert_eq!(e.birth_places, ["Logar, Afghanistan"]);
        let ids: Vec<_> = e.identifiers.iter().map(|i| (i.kind.as_str(), i.value.as_str())).collect();
        assert_eq!(ids, [("passport", "SE 012"), ("Ration card no.", "77")]);
        for part in
            ["son of somebody", "from false passport", "24/06/1402 (Hijri", "tazkira 545", "SE 012: expired"]
        {
            assert!(e.remarks.contains(part), "{part}: {}", e.remarks);
        }
    }

    #[test]
    fn hostile_files_are_errors() {
        let cut = &SAMPLE[..600];
        assert!(read(cut).is_err());
        let bomb =
            r#"<!DOCTYPE x [<!ENTITY a "aaaa">]><CONSOLIDATED_LIST><ENTITY>&a;</ENTITY></CONSOLIDATED_LIST>"#;
        assert!(read(bomb).unwrap_err().to_string().contains("document type"));
        assert!(read("<CONSOLIDATED_LIST><ENTITY>&a;</ENTITY></CONSOLIDATED_LIST>").is_err());
    }
}
