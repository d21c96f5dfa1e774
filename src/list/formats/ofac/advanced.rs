//! OFAC's Advanced XML: `SDN_ADVANCED.XML` and `CONS_ADVANCED.XML`, root `Sanctions`. The only OFAC file with
//! names in their original script.
//!
//! The file is a set of tables that refer to each other by number. `ReferenceValueSets` has the words.
//!
//! | element | becomes |
//! |---|---|
//! | `DateOfIssue` | publication date |
//! | `DistinctParty/@FixedRef` | id, the `uid` of the other OFAC files |
//! | `Profile/@PartySubTypeID` | schema, by `PartySubType` and its `PartyType` |
//! | `Identity/Alias` with `AliasTypeID` Name / A.K.A. / F.K.A. / N.K.A., `LowQuality` | primary name / alias / former name / alias; weak or not |
//! | `DocumentedName` of an alias: its `NamePartValue`s in order, of any `ScriptID` | one name each: "LAST, First Middle" for a person's Latin name, otherwise parts joined by a blank, or East Asian ones without; a primary name in another script is a strong alias |
//! | `Feature` Birthdate | birth dates: a day, a month, a year, a span; circa if `Approximate` |
//! | `Feature` Place of Birth | birth places |
//! | `Feature` Nationality / Citizenship Country, Vessel Flag, Registration Country | countries |
//! | `Feature` Location | addresses; of all but people, the country as well |
//! | `Feature` Gender, crypto addresses, call signs, tail numbers, SWIFT/BIC, tax numbers … | gender and identifiers, as in the `idList` of the other XML |
//! | other features | identifiers of their own kind, or remarks |
//! | `IDRegDocument` | identifiers with their country |
//! | `SanctionsEntry`: `SanctionsMeasure` of type Program; `EntryEvent/Date` | programmes; listing date, the earliest |
//! | `ProfileRelationship`, `Comment`s, legal bases | remarks |
//!
//! The list is `ofac-sdn` if any entry is on the SDN list, else `ofac-consolidated`.
//!
//! Cost: one streamed pass. Places and documents, which precede the parties, are kept until the end. Limits:
//! a party without a name or number is rejected; so is a document, entry or relationship whose party is not
//! in the file.

use super::facts;
use crate::entity::{AliasStrength, Date, Entity, Name, NameKind, Schema, add_once, country_code};
use crate::error::{Position, Result};
use crate::list::read::builder::{ListBuilder, ListMetadata, Parsed, RejectReason, move_primary_name_first};
use crate::list::read::source::ByteSource;
use crate::list::read::xml::{Element, XmlFile, for_each_record};
use crate::list::{Layout, List};
use rustc_hash::FxHashMap;

/// The elements that are read. The first ones are those of `ReferenceValueSets`.
const RECORDS: &[&str] = &[
    "AliasType",
    "AreaCode",
    "Country",
    "DetailReference",
    "FeatureType",
    "IDRegDocType",
    "LegalBasis",
    "List",
    "LocPartType",
    "NamePartType",
    "PartySubType",
    "PartyType",
    "RelationType",
    "SanctionsType",
    "DateOfIssue",
    "Location",
    "IDRegDocument",
    "DistinctParty",
    "ProfileRelationship",
    "SanctionsEntry",
];

/// A place: its parts as text, and its country.
#[derive(Default)]
struct Place {
    parts: Vec<String>,
    country: String,
}

/// An identity document, kept until its party is read.
struct Document {
    kind: String,
    number: String,
    country: String,
    remark: String,
    at: Position,
}

#[derive(Default)]
struct ReferenceTables {
    /// The word of (table, number). (`PartySubType/type`, number) has the number of the type of a sub-type.
    words: FxHashMap<(String, String), String>,
    places: FxHashMap<String, Place>,
    /// Documents by the identity they belong to.
    documents: FxHashMap<String, Vec<Document>>,
    /// Indices of the entities by their profiles.
    profiles: FxHashMap<String, usize>,
    on_sdn_list: bool,
    on_other_list: bool,
}

pub(crate) fn read(source: ByteSource<'_>) -> Result<List> {
    let mut published = None;
    let mut tables = ReferenceTables::default();
    let mut parties = 0;
    let mut builder = ListBuilder::new(source.name());
    let XmlFile { sha256, unread } = for_each_record(
        source,
        |name| RECORDS.contains(&name),
        |_| {},
        |element, at| {
            match element.name.as_str() {
                "DateOfIssue" => published = date(element),
                "Location" => tables.add_place(element),
                "IDRegDocument" => tables.add_document(element, at),
                "DistinctParty" => {
                    parties += 1;
                    let at = Position { record: Some(parties), ..at };
                    let parsed = tables.parse_party(element);
                    if parsed.is_ok() {
                        let number = builder.entities.len();
                        let profiles = element.named("Profile").map(|p| p.attribute("ID").to_string());
                        tables.profiles.extend(profiles.map(|p| (p, number)));
                    }
                    builder.add(at, parsed)?;
                }
                "ProfileRelationship" => {
                    if let Err(reason) = tables.add_relationship(element, &mut builder.entities) {
                        builder.reject(at, reason)?;
                    }
                }
                "SanctionsEntry" => {
                    if let Err(reason) = tables.add_entry(element, &mut builder.entities) {
                        builder.reject(at, reason)?;
                    }
                }
                _ => tables.add_word(element),
            }
            Ok(())
        },
    )?;
    builder.add_unread(unread);
    let mut unowned: Vec<Document> = tables.documents.into_values().flatten().collect();
    unowned.sort_by_key(|d| d.at.byte);
    for document in unowned {
        let what = format!("{} {} belongs to no party of the file", document.kind, document.number);
        builder.reject(document.at, RejectReason::field("IDRegDocument", what))?;
    }
    let consolidated = tables.on_other_list && !tables.on_sdn_list;
    let name = if consolidated { "ofac-consolidated" } else { "ofac-sdn" };
    Ok(builder.finish(ListMetadata { published, ..ListMetadata::new(name, Layout::OfacAdvanced, sha256) }))
}

impl ReferenceTables {
    /// The word of a table with this number; empty if there is none.
    fn word(&self, table: &str, number: &str) -> &str {
        self.words.get(&(table.to_string(), number.to_string())).map_or("", String::as_str)
    }

    fn add_word(&mut self, element: &Element) {
        let id = element.attribute("ID").to_string();
        let text = match element.name.as_str() {
            "LegalBasis" => element.text_of("LegalBasisShortRef").unwrap_or(element.text.trim()).to_string(),
            // The text of an area is only its code.
            "AreaCode" if !element.attribute("Description").is_empty() => {
                element.attribute("Description").to_string()
            }
            "Country" if element.text.trim().is_empty() => element.attribute("ISO2").to_string(),
            _ => element.text.trim().to_string(),
        };
        if element.name == "PartySubType" {
            let party_type = element.attribute("PartyTypeID").to_string();
            self.words.insert(("PartySubType/type".to_string(), id.clone()), party_type);
        }
        self.words.insert((element.name.clone(), id), text);
    }

    fn add_place(&mut self, element: &Element) {
        let mut place = Place::default();
        for part in element.named("LocationPart") {
            // The values of one part are the same text in several scripts.
            let values: Vec<&str> =
                part.named("LocationPartValue").filter_map(|v| v.text_of("Value")).collect();
            let text = values.join(" / ");
            // If nothing but the country is known, it is a part of unknown kind.
            let unknown = self.word("LocPartType", part.attribute("LocPartTypeID")) == "Unknown";
            if unknown && place.country.is_empty() && country_code(&text).is_some() {
                place.country = text;
            } else if !text.is_empty() {
                place.parts.push(text);
            }
        }
        let countries =
            element.named("LocationCountry").map(|c| self.word("Country", c.attribute("CountryID")));
        let areas =
            element.named("LocationAreaCode").map(|a| self.word("AreaCode", a.attribute("AreaCodeID")));
        let country = countries.chain(areas).find(|c| !c.is_empty() && *c != "undetermined");
        if let Some(country) = country {
            place.country = country.to_string();
        }
        self.places.insert(element.attribute("ID").to_string(), place);
    }

    fn add_document(&mut self, element: &Element, at: Position) {
        let Some(number) = element.text_of("IDRegistrationNo") else { return };
        let mut country = self.word("Country", element.attribute("IssuedBy-CountryID"));
        if country.is_empty() {
            country = element
                .named("IssuedBy")
                .next()
                .map_or("", |i| self.word("Country", i.attribute("CountryID")));
        }
        let remarks = [element.text_of("Comment"), element.text_of("IssuingAuthority")];
        let document = Document {
            kind: self.word("IDRegDocType", element.attribute("IDRegDocTypeID")).to_string(),
            number: number.to_string(),
            country: country.to_string(),
            remark: remarks.into_iter().flatten().collect::<Vec<_>>().join("; "),
            at,
        };
        self.documents.entry(element.attribute("IdentityID").to_string()).or_default().push(document);
    }

    fn parse_party(&mut self, party: &Element) -> Parsed {
        let mut id = party.attribute("FixedRef");
        if id.is_empty() {
            id = party.named("Profile").next().map_or("", |p| p.attribute("ID"));
        }
        if id.is_empty() {
            return Err(RejectReason::field("FixedRef", "a party without its number"));
        }
        let schema = party.named("Profile").map(|p| self.schema(p)).next().unwrap_or_default();
        let mut e = Entity::without_names(id, schema);
        for identity in party.items("Profile", "Identity") {
            for document in self.documents.remove(identity.attribute("ID")).into_iter().flatten() {
                facts::add(&document.kind, &document.number, &document.country, &mut e);
                e.add_remark(&document.remark);
            }
            self.add_names(identity, &mut e);
        }
        if !move_primary_name_first(&mut e) {
            return Err(RejectReason::field("Alias", "a party without a name"));
        }
        party.named("Comment").for_each(|c| e.add_remark(&c.text));
        let features = party.items("Profile", "Feature").chain(party.named("Feature"));
        features.for_each(|f| self.add_feature(f, &mut e));
        Ok(e)
    }

    fn schema(&self, profile: &Element) -> Schema {
        let sub_type = profile.attribute("PartySubTypeID");
        let mut word = self.word("PartySubType", sub_type);
        if word.is_empty() || word == "Unknown" {
            word = self.word("PartyType", self.word("PartySubType/type", sub_type));
        }
        match word {
            "Vessel" => Schema::Vessel,
            "Aircraft" => Schema::Aircraft,
            "Individual" => Schema::Person,
            _ => Schema::Organization,
        }
    }

    fn add_names(&self, identity: &Element, e: &mut Entity) {
        let mut part_types: FxHashMap<&str, &str> = FxHashMap::default();
        for group in
            identity.items("NamePartGroups", "MasterNamePartGroup").flat_map(|g| g.named("NamePartGroup"))
        {
            part_types
                .insert(group.attribute("ID"), self.word("NamePartType", group.attribute("NamePartTypeID")));
        }
        for alias in identity.named("Alias") {
            let kind = self.word("AliasType", alias.attribute("AliasTypeID"));
            let weak = alias.attribute("LowQuality").eq_ignore_ascii_case("true");
            let mut primary = alias.attribute("Primary").eq_ignore_ascii_case("true");
            for documented in alias.named("DocumentedName") {
                let text = full_name(documented, &part_types);
                let mut name = facts::alias(&text, kind, weak);
                if primary {
                    // The first is the Latin one; the others are the same name in other scripts.
                    name = Name::new(&text, NameKind::Primary, AliasStrength::Strong);
                    primary = false;
                }
                e.add_name(name);
            }
        }
    }

    fn add_feature(&self, feature: &Element, e: &mut Entity) {
        let kind = match self.word("FeatureType", feature.attribute("FeatureTypeID")) {
            "" => "Feature",
            kind => kind,
        };
        for version in feature.named("FeatureVersion").chain([feature]) {
            version.named("DatePeriod").filter_map(period_date).for_each(|date| add_date(kind, date, e));
            let places = version.named("VersionLocation").map(|l| l.attribute("LocationID"));
            places.filter_map(|id| self.places.get(id)).for_each(|place| add_place(kind, place, e));
            for detail in version.named("VersionDetail") {
                let reference = self.word("DetailReference", detail.attribute("DetailReferenceID"));
                add_detail(kind, if reference.is_empty() { detail.text.trim() } else { reference }, e);
            }
            version.named("Comment").for_each(|c| e.add_remark(&c.text));
        }
    }

    /// The entity with this profile.
    fn entity_mut<'a>(&self, profile: &str, entities: &'a mut [Entity]) -> Parsed<&'a mut Entity> {
        match self.profiles.get(profile) {
            Some(i) => Ok(&mut entities[*i]),
            None => {
                Err(RejectReason::field("ProfileID", format!("profile '{profile}' is no party of the file")))
            }
        }
    }

    fn add_relationship(&self, relationship: &Element, entities: &mut [Entity]) -> Parsed<()> {
        let to = self.entity_mut(relationship.attribute("To-ProfileID"), entities)?;
        let to = format!("{} ({})", to.primary_name(), to.id);
        let mut word = self.word("RelationType", relationship.attribute("RelationTypeID"));
        if word.is_empty() {
            word = "Linked To";
        }
        let former =
            if relationship.attribute("Former").eq_ignore_ascii_case("true") { "formerly " } else { "" };
        let from = self.entity_mut(relationship.attribute("From-ProfileID"), entities)?;
        from.add_remark(&format!("{former}{}: {to}", word.trim_end_matches(':')));
        Ok(())
    }

    fn add_entry(&mut self, entry: &Element, entities: &mut [Entity]) -> Parsed<()> {
        match self.word("List", entry.attribute("ListID")) {
            "" => {}
            list if list.starts_with("SDN") => self.on_sdn_list = true,
            _ => self.on_other_list = true,
        }
        let e = self.entity_mut(entry.attribute("ProfileID"), entities)?;
        for event in entry.named("EntryEvent") {
            e.listed_on = [e.listed_on, event.named("Date").find_map(date)].into_iter().flatten().min();
            e.add_remark(self.word("LegalBasis", event.attribute("LegalBasisID")));
            event.named("Comment").for_each(|c| e.add_remark(&c.text));
        }
        for measure in entry.named("SanctionsMeasure") {
            let kind = self.word("SanctionsType", measure.attribute("SanctionsTypeID"));
            let text = measure.text_of("Comment").unwrap_or("");
            if kind.is_empty() || kind == "Program" {
                e.add_program(text);
            } else if text.is_empty() {
                e.add_remark(kind);
            } else {
                e.add_remark(&format!("{kind}: {text}"));
            }
        }
        Ok(())
    }
}

/// Adds the date of a feature.
fn add_date(kind: &str, date: Date, e: &mut Entity) {
    match kind {
        "Birthdate" | "Organization Established Date" => add_once(&mut e.birth_dates, date),
        _ => e.add_remark(&format!("{kind} {date}")),
    }
}

/// Adds the place of a feature.
fn add_place(kind: &str, place: &Place, e: &mut Entity) {
    let country = Some(place.country.as_str()).filter(|c| !c.is_empty());
    let parts = place.parts.iter().map(String::as_str).chain(country);
    match kind {
        "Location" => facts::add_address(parts, &place.country, e),
        "Place of Birth" => e.add_birth_place(parts),
        _ => {
            let text: Vec<&str> = parts.collect();
            facts::add(kind, country.unwrap_or(&text.join(", ")), "", e);
        }
    }
}

/// Adds the text of a feature.
fn add_detail(kind: &str, value: &str, e: &mut Entity) {
    match kind {
        "Birthdate" => e.add_birth_date(value),
        "Place of Birth" => e.add_birth_place([value]),
        "Location" => e.add_address([value]),
        "Title" => facts::add_labelled_remark("Title", value, e),
        _ => facts::add(kind, value, "", e),
    }
}

/// The parts of a name in their order. A person's Latin name is written "LAST, First" as in OFAC's other
/// files.
fn full_name(documented: &Element, part_types: &FxHashMap<&str, &str>) -> String {
    let (mut last, mut others) = (Vec::new(), Vec::new());
    for value in documented.items("DocumentedNamePart", "NamePartValue") {
        let text = value.text.trim();
        match part_types.get(value.attribute("NamePartGroupID")) {
            Some(&"Last Name") => last.push(text),
            _ => others.push(text),
        }
    }
    let east_asian = last.iter().chain(&others).all(|part| part.chars().all(is_east_asian));
    let latin = last.iter().chain(&others).all(|part| part.chars().all(|c| c < '\u{250}'));
    if east_asian {
        return [last, others].concat().concat();
    }
    if latin {
        return facts::last_first(&last.join(" "), &others.join(" "));
    }
    [last, others].concat().join(" ")
}

/// Whether a letter is Han, Kana or Hangul, in which names are written without blanks.
fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{20000}'..='\u{3ffff}')
}

/// A date by its `Year`, `Month` and `Day`, as far as they are known.
fn date(element: &Element) -> Option<Date> {
    let number = |name: &str| element.text_of(name).and_then(|t| t.parse::<i16>().ok()).filter(|n| *n != 0);
    let year = number("Year")?;
    let month = number("Month").and_then(|m| i8::try_from(m).ok());
    let day = number("Day").and_then(|d| i8::try_from(d).ok());
    match (month, day) {
        (Some(month), Some(day)) => Date::day(year, month, day),
        (Some(month), None) => Date::month(year, month),
        _ => None,
    }
    .or_else(|| Date::year(year))
}

/// The span of a period, whose start and end are each a span of dates.
fn period_date(period: &Element) -> Option<Date> {
    let bounds: Vec<&Element> = period.named("Start").chain(period.named("End")).collect();
    let dates = bounds.iter().flat_map(|b| b.named("From").chain(b.named("To"))).filter_map(date);
    let span = dates.reduce(Date::span).or_else(|| date(period))?;
    let approximate = bounds.iter().any(|b| b.attribute("Approximate").eq_ignore_ascii_case("true"));
    Some(if approximate { span.circa() } else { span })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Gender;

    const SAMPLE: &str = include_str!("../../../../tests/samples/ofac_advanced.xml");

    #[test]
    fn every_element_goes_to_its_field() {
        let list = read(ByteSource::from_bytes("sdn_advanced.xml", SAMPLE.as_bytes())).unwrap();
        let v = &list.version;
        assert_eq!((v.name.as_str(), v.entities, v.rejected, v.records), ("ofac-sdn", 3, 3, 6));
        assert_eq!(v.published, Date::day(2030, 1, 2));
        let e = &list.entities[0];
        assert_eq!((e.id.as_str(), e.schema, e.gender), ("101", Schema::Person, Some(Gender::Female)));
        assert_eq!(
            e.names,
            [
                Name::primary("EXAMPLE, Anna Maria"),
                Name::alias("EKSEMPEL, Ana"),
                Name::alias("ПРИМЕР Анна Мария"),
                Name::alias("例子安娜"),
                Name::weak("LA RUBIA"),
                Name::former("BEFORE, Anna"),
            ]
        );
        let dates: Vec<String> = e.birth_dates.iter().map(Date::to_string).collect();
        assert_eq!(dates, ["1969-05-05", "1970", "circa 1970/1974", "1975-03"]);
        assert_eq!(e.birth_places, ["Qom, Iran"]);
        assert_eq!(e.countries, ["sy"]);
        assert_eq!(e.addresses, ["1 Some St / ул. Некая 1, Tehran, Iran"]);
        let ids: Vec<_> = e.identifiers.iter().map(|i| (i.kind.as_str(), i.value.as_str())).collect();
        assert_eq!(ids, [("passport", "X 12-34"), ("wallet", "bc1qExample"), ("email", "anna@example.org")]);
        assert_eq!(e.identifiers[0].country.as_deref(), Some("ir"));
        assert_eq!(e.programs, ["SDGT", "IRAN"]);
        assert_eq!(e.listed_on, Date::day(2019, 9, 13));
        for part in
            ["Executive Order 13224", "a party of the sample", "Owned or Controlled By: EXAMPLE BANK (102)"]
        {
            assert!(e.remarks.contains(part), "{part}: {}", e.remarks);
        }
        let ship = &list.entities[2];
        assert_eq!((ship.schema, ship.primary_name()), (Schema::Vessel, "SEA EXAMPLE"));
        assert_eq!(ship.countries, ["pa"]);
        let ids: Vec<_> = ship.identifiers.iter().map(|i| (i.kind.as_str(), i.value.as_str())).collect();
        assert_eq!(ids, [("imo", "9074729"), ("call-sign", "T2EA4")]);
    }

    #[test]
    fn a_record_without_its_party_is_rejected() {
        let list = read(ByteSource::from_bytes("sdn_advanced.xml", SAMPLE.as_bytes())).unwrap();
        let reasons: Vec<&str> = list.rejected.iter().map(|r| r.reason.as_str()).collect();
        assert_eq!(
            reasons,
            [
                "a party without a name",
                "profile '999' is no party of the file",
                "Passport LOST-1 belongs to no party of the file"
            ]
        );
        assert!(list.rejected.iter().all(|r| r.position.line.is_some()));
    }
}
