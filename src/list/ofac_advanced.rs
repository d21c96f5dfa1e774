//! OFAC's Advanced XML: `SDN_ADVANCED.XML` and `CONS_ADVANCED.XML`, root `Sanctions`. The only OFAC file that holds
//! names in their own script.
//!
//! The file is a set of tables that refer to each other by number; the words stand in `ReferenceValueSets`.
//!
//! | element | becomes |
//! |---|---|
//! | `DateOfIssue` | publication date |
//! | `DistinctParty/@FixedRef` | id, the `uid` of the other OFAC files |
//! | `Profile/@PartySubTypeID` | schema, by `PartySubType` and its `PartyType` |
//! | `Identity/Alias` with `AliasTypeID` Name / A.K.A. / F.K.A. / N.K.A., `LowQuality` | primary name / alias / former name / alias; weak or not |
//! | `DocumentedName` of an alias: its `NamePartValue`s in order, whatever their `ScriptID` | one name each: "LAST, First Middle" for a person's Latin name, parts joined by a blank otherwise, East Asian ones without; a primary name in another script is a strong alias |
//! | `Feature` Birthdate | birth dates: a day, a month, a year, a span; circa where `Approximate` |
//! | `Feature` Place of Birth | birth places |
//! | `Feature` Nationality / Citizenship Country, Vessel Flag, Registration Country | countries |
//! | `Feature` Location | addresses; of all but people, the country as well |
//! | `Feature` Gender, crypto addresses, call signs, tail numbers, SWIFT/BIC, tax numbers … | gender and identifiers, as in the `idList` of the other XML |
//! | other features | identifiers of their own kind, or remarks |
//! | `IDRegDocument` | identifiers with their country |
//! | `SanctionsEntry`: `SanctionsMeasure` of type Program; `EntryEvent/Date` | programmes; listing date, the earliest |
//! | `ProfileRelationship`, `Comment`s, legal bases | remarks |
//!
//! It is `ofac-sdn` where an entry stands on the SDN list, else `ofac-consolidated`.
//!
//! Cost: one streamed pass; places and documents, which stand before the parties, are held until the end. Limits:
//! a party without a name or number is rejected; so is a document, an entry or a relationship of a party that the
//! file does not hold.

use super::gather::{About, Gathered, Refused};
use super::source::Source;
use super::xml::{Node, walk};
use super::{Layout, List, ofac_facts};
use crate::entity::{Date, Entity, Name, NameKind, Schema, Strength, country_code};
use crate::error::{Position, Result};
use rustc_hash::FxHashMap;

/// The elements that are read; `ReferenceValueSets` consists of the first ones.
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

/// A place, as text and by its country.
#[derive(Default)]
struct Place {
    parts: Vec<String>,
    country: String,
}

/// An identity document, until its party is met.
struct Document {
    kind: String,
    number: String,
    country: String,
    remark: String,
    at: Position,
}

#[derive(Default)]
struct Tables {
    /// (table, number) to the word; of a sub-type the number of its type as (`PartySubType/type`, number).
    words: FxHashMap<(String, String), String>,
    places: FxHashMap<String, Place>,
    documents: FxHashMap<String, Vec<Document>>,
    /// Profiles to their entities.
    profiles: FxHashMap<String, usize>,
    on_sdn_list: bool,
    on_other_list: bool,
}

pub(super) fn read(source: Source<'_>) -> Result<List> {
    let mut published = None;
    let mut tables = Tables::default();
    let mut parties = 0;
    let mut gathered = Gathered::new(source.name());
    let sha256 = walk(
        source,
        |name| RECORDS.contains(&name),
        |_| {},
        |node, at| {
            match node.name.as_str() {
                "DateOfIssue" => published = date(&node),
                "Location" => tables.place(&node),
                "IDRegDocument" => tables.document(&node, at),
                "DistinctParty" => {
                    parties += 1;
                    let at = Position { record: Some(parties), ..at };
                    let read = tables.party(&node);
                    if let Ok((profiles, _)) = &read {
                        let number = gathered.entities.len();
                        tables.profiles.extend(profiles.iter().map(|p| (p.clone(), number)));
                    }
                    gathered.take(at, read.map(|(_, entity)| entity))?;
                }
                "ProfileRelationship" => {
                    if let Err(refused) = tables.relationship(&node, &mut gathered.entities) {
                        gathered.reject(at, refused)?;
                    }
                }
                "SanctionsEntry" => {
                    if let Err(refused) = tables.entry(&node, &mut gathered.entities) {
                        gathered.reject(at, refused)?;
                    }
                }
                _ => tables.word(&node),
            }
            Ok(())
        },
    )?;
    let mut orphans: Vec<Document> = tables.documents.into_values().flatten().collect();
    orphans.sort_by_key(|d| d.at.byte);
    for document in orphans {
        let what = format!("{} {} belongs to no party of the file", document.kind, document.number);
        gathered.reject(document.at, Refused::field("IDRegDocument", what))?;
    }
    let consolidated = tables.on_other_list && !tables.on_sdn_list;
    let name = if consolidated { "ofac-consolidated" } else { "ofac-sdn" };
    Ok(gathered.list(About { published, ..About::new(name, Layout::OfacAdvanced, sha256) }))
}

impl Tables {
    fn get(&self, table: &str, number: &str) -> &str {
        self.words.get(&(table.to_string(), number.to_string())).map_or("", String::as_str)
    }

    fn word(&mut self, node: &Node) {
        let id = node.attribute("ID").to_string();
        let text = match node.name.as_str() {
            "LegalBasis" => node.text("LegalBasisShortRef").unwrap_or(node.text.trim()).to_string(),
            // The text of an area is its code.
            "AreaCode" if !node.attribute("Description").is_empty() => {
                node.attribute("Description").to_string()
            }
            "Country" if node.text.trim().is_empty() => node.attribute("ISO2").to_string(),
            _ => node.text.trim().to_string(),
        };
        if node.name == "PartySubType" {
            let party_type = node.attribute("PartyTypeID").to_string();
            self.words.insert(("PartySubType/type".to_string(), id.clone()), party_type);
        }
        self.words.insert((node.name.clone(), id), text);
    }

    fn place(&mut self, node: &Node) {
        let mut place = Place::default();
        for part in node.all("LocationPart") {
            // Values in other scripts stand beside the primary one.
            let values: Vec<&str> = part.all("LocationPartValue").filter_map(|v| v.text("Value")).collect();
            let text = values.join(" / ");
            // A place of which nothing but the country is known has it as a part of unknown kind.
            let unknown = self.get("LocPartType", part.attribute("LocPartTypeID")) == "Unknown";
            if unknown && place.country.is_empty() && country_code(&text).is_some() {
                place.country = text;
            } else if !text.is_empty() {
                place.parts.push(text);
            }
        }
        let countries = node.all("LocationCountry").map(|c| self.get("Country", c.attribute("CountryID")));
        let areas = node.all("LocationAreaCode").map(|a| self.get("AreaCode", a.attribute("AreaCodeID")));
        let told = countries.chain(areas).find(|c| !c.is_empty() && *c != "undetermined");
        if let Some(country) = told {
            place.country = country.to_string();
        }
        self.places.insert(node.attribute("ID").to_string(), place);
    }

    fn document(&mut self, node: &Node, at: Position) {
        let Some(number) = node.text("IDRegistrationNo") else { return };
        let mut country = self.get("Country", node.attribute("IssuedBy-CountryID"));
        if country.is_empty() {
            country =
                node.all("IssuedBy").next().map_or("", |i| self.get("Country", i.attribute("CountryID")));
        }
        let remarks = [node.text("Comment"), node.text("IssuingAuthority")];
        let document = Document {
            kind: self.get("IDRegDocType", node.attribute("IDRegDocTypeID")).to_string(),
            number: number.to_string(),
            country: country.to_string(),
            remark: remarks.into_iter().flatten().collect::<Vec<_>>().join("; "),
            at,
        };
        self.documents.entry(node.attribute("IdentityID").to_string()).or_default().push(document);
    }

    /// The profiles of a party, and the party.
    fn party(&mut self, node: &Node) -> std::result::Result<(Vec<String>, Entity), Refused> {
        let mut id = node.attribute("FixedRef");
        if id.is_empty() {
            id = node.all("Profile").next().map_or("", |p| p.attribute("ID"));
        }
        if id.is_empty() {
            return Err(Refused::field("FixedRef", "a party without its number"));
        }
        let schema = node.all("Profile").map(|p| self.schema(p)).next().unwrap_or_default();
        let mut e = Entity::new(id, schema, "");
        e.names.clear();
        let identities: Vec<&Node> = node.all("Profile").flat_map(|p| p.all("Identity")).collect();
        for identity in &identities {
            for document in self.documents.remove(identity.attribute("ID")).into_iter().flatten() {
                ofac_facts::add(&document.kind, &document.number, &document.country, &mut e);
                e.add_remark(&document.remark);
            }
            self.names(identity, &mut e);
        }
        if !super::gather::settle_names(&mut e) {
            return Err(Refused::field("Alias", "a party without a name"));
        }
        node.all("Comment").for_each(|c| e.add_remark(&c.text));
        let features = node.all("Profile").flat_map(|p| p.all("Feature")).chain(node.all("Feature"));
        features.for_each(|f| self.feature(f, &mut e));
        let profiles = node.all("Profile").map(|p| p.attribute("ID").to_string()).collect();
        Ok((profiles, e))
    }

    fn schema(&self, profile: &Node) -> Schema {
        let sub_type = profile.attribute("PartySubTypeID");
        let mut word = self.get("PartySubType", sub_type);
        if word.is_empty() || word == "Unknown" {
            word = self.get("PartyType", self.get("PartySubType/type", sub_type));
        }
        match word {
            "Vessel" => Schema::Vessel,
            "Aircraft" => Schema::Aircraft,
            "Individual" => Schema::Person,
            _ => Schema::Organization,
        }
    }

    fn names(&self, identity: &Node, e: &mut Entity) {
        let mut groups: FxHashMap<&str, &str> = FxHashMap::default();
        for group in
            identity.all("NamePartGroups").flat_map(|g| g.items("MasterNamePartGroup", "NamePartGroup"))
        {
            groups.insert(group.attribute("ID"), self.get("NamePartType", group.attribute("NamePartTypeID")));
        }
        for alias in identity.all("Alias") {
            let kind = self.get("AliasType", alias.attribute("AliasTypeID"));
            let weak = alias.attribute("LowQuality").eq_ignore_ascii_case("true");
            let mut primary = alias.attribute("Primary").eq_ignore_ascii_case("true");
            for documented in alias.all("DocumentedName") {
                let text = full_name(documented, &groups);
                let mut name = ofac_facts::name(&text, kind, weak);
                if primary {
                    // The first is the Latin one; the others are the same name in other scripts.
                    name = Name::new(&text, NameKind::Primary, Strength::Strong);
                    primary = false;
                }
                e.add_name(name);
            }
        }
    }

    fn feature(&self, node: &Node, e: &mut Entity) {
        let kind = self.get("FeatureType", node.attribute("FeatureTypeID"));
        let kind = if kind.is_empty() { "Feature" } else { kind };
        for version in node.all("FeatureVersion").chain([node]) {
            for period in version.all("DatePeriod") {
                let Some(date) = period_date(period) else { continue };
                match kind {
                    "Birthdate" | "Organization Established Date" if e.birth_dates.contains(&date) => {}
                    "Birthdate" | "Organization Established Date" => e.birth_dates.push(date),
                    _ => e.add_remark(&format!("{kind} {date}")),
                }
            }
            for place in version.all("VersionLocation") {
                let Some(place) = self.places.get(place.attribute("LocationID")) else { continue };
                let country = Some(place.country.as_str()).filter(|c| !c.is_empty());
                let parts = place.parts.iter().map(String::as_str).chain(country);
                match kind {
                    "Location" => {
                        e.add_address(parts);
                        if e.schema != Schema::Person {
                            e.add_country(&place.country);
                        }
                    }
                    "Place of Birth" => e.add_birth_place(parts),
                    _ => {
                        let text: Vec<&str> = parts.collect();
                        ofac_facts::add(kind, country.unwrap_or(&text.join(", ")), "", e);
                    }
                }
            }
            for detail in version.all("VersionDetail") {
                let reference = self.get("DetailReference", detail.attribute("DetailReferenceID"));
                let value = if reference.is_empty() { detail.text.trim() } else { reference };
                match kind {
                    "Birthdate" => e.add_birth_date(value),
                    "Place of Birth" => e.add_birth_place([value]),
                    "Location" => e.add_address([value]),
                    "Title" if !value.is_empty() => e.add_remark(&format!("Title: {value}")),
                    _ => ofac_facts::add(kind, value, "", e),
                }
            }
            version.all("Comment").for_each(|c| e.add_remark(&c.text));
        }
    }

    fn entity<'a>(
        &self,
        profile: &str,
        entities: &'a mut [Entity],
    ) -> std::result::Result<&'a mut Entity, Refused> {
        match self.profiles.get(profile) {
            Some(i) => Ok(&mut entities[*i]),
            None => Err(Refused::field("ProfileID", format!("profile '{profile}' is no party of the file"))),
        }
    }

    fn relationship(&self, node: &Node, entities: &mut [Entity]) -> std::result::Result<(), Refused> {
        let to = self.entity(node.attribute("To-ProfileID"), entities)?;
        let to = format!("{} ({})", to.primary_name(), to.id);
        let mut word = self.get("RelationType", node.attribute("RelationTypeID"));
        if word.is_empty() {
            word = "Linked To";
        }
        let former = if node.attribute("Former").eq_ignore_ascii_case("true") { "formerly " } else { "" };
        let from = self.entity(node.attribute("From-ProfileID"), entities)?;
        from.add_remark(&format!("{former}{}: {to}", word.trim_end_matches(':')));
        Ok(())
    }

    fn entry(&mut self, node: &Node, entities: &mut [Entity]) -> std::result::Result<(), Refused> {
        match self.get("List", node.attribute("ListID")) {
            "" => {}
            list if list.starts_with("SDN") => self.on_sdn_list = true,
            _ => self.on_other_list = true,
        }
        let e = self.entity(node.attribute("ProfileID"), entities)?;
        for event in node.all("EntryEvent") {
            e.listed_on = [e.listed_on, event.all("Date").find_map(date)].into_iter().flatten().min();
            e.add_remark(self.get("LegalBasis", event.attribute("LegalBasisID")));
            event.all("Comment").for_each(|c| e.add_remark(&c.text));
        }
        for measure in node.all("SanctionsMeasure") {
            let kind = self.get("SanctionsType", measure.attribute("SanctionsTypeID"));
            let text = measure.text("Comment").unwrap_or("");
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

/// The parts of a name in their order. A person's Latin name is written as in OFAC's other files.
fn full_name(documented: &Node, groups: &FxHashMap<&str, &str>) -> String {
    let (mut last, mut others) = (Vec::new(), Vec::new());
    for value in documented.items("DocumentedNamePart", "NamePartValue") {
        let text = value.text.trim();
        match groups.get(value.attribute("NamePartGroupID")) {
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
        return ofac_facts::last_first(&last.join(" "), &others.join(" "));
    }
    [last, others].concat().join(" ")
}

/// Han, Kana and Hangul, whose names are written without blanks.
fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{20000}'..='\u{3ffff}')
}

/// A date by its `Year`, `Month` and `Day`, as far as they are told.
fn date(node: &Node) -> Option<Date> {
    let number = |name: &str| node.text(name).and_then(|t| t.parse::<i16>().ok()).filter(|n| *n != 0);
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

/// A period has a start and an end, each from a date to a date: all that lies between them.
fn period_date(period: &Node) -> Option<Date> {
    let bounds: Vec<&Node> = period.all("Start").chain(period.all("End")).collect();
    let dates = bounds.iter().flat_map(|b| b.all("From").chain(b.all("To"))).filter_map(date);
    let span = dates.reduce(Date::span).or_else(|| date(period))?;
    let rough = bounds.iter().any(|b| b.attribute("Approximate").eq_ignore_ascii_case("true"));
    Some(if rough { span.circa() } else { span })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Gender;

    const SAMPLE: &str = include_str!("../../tests/samples/ofac_advanced.xml");

    #[test]
    fn fields() {
        let list = read(Source::bytes("sdn_advanced.xml", SAMPLE.as_bytes())).unwrap();
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
    fn what_belongs_to_no_party_is_rejected() {
        let list = read(Source::bytes("sdn_advanced.xml", SAMPLE.as_bytes())).unwrap();
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
