//! Switzerland's sanctions list of SECO as XML: `swiss-sanctions-list` with `sanctions-program`, `target` and
//! `place`.
//!
//! | element | becomes |
//! |---|---|
//! | `swiss-sanctions-list` `date` | publication date |
//! | `target` `ssid` | id |
//! | `individual` / `entity` / `object` with `object-type` vessel, aircraft | schema |
//! | `identity/name` with `name-part` (`order`, `value`) | names; the `primary-name` of the main identity is the primary name |
//! | `name` `name-type` alias, formerly-known-as; `quality` low | alias, former name; weak |
//! | `name-part/spelling-variant` (`lang`, `script`) | for each language and script an alias of every combination, at most 256; beyond that an alias of each variant alone, and the number of the other combinations in the coverage; parts without a variant keep their value |
//! | `name-part-type` title | remark, not a part of the name |
//! | `day-month-year` | birth dates, of organisations founding dates; a date of another `calendar` than the Gregorian is a remark |
//! | `nationality/country` | countries, as is the country of an organisation's address |
//! | `place-of-birth`, `address` with `place-id` | places and addresses, completed by the `place` |
//! | `identification-document` with `document-type`, `number`, `issuer` | identifiers |
//! | `other-information` "IMO number: …; MMSI: …", "SWIFT codes: … (Minsk), …", … | identifiers, each of the kind of its label; a text with further words is also a remark |
//! | `sanctions-set-id` | program: the English `program-key` |
//! | `modification` listed | listing date; a target whose last modification, by day and then by place, is de-listed is rejected with the date |
//! | `justification`, `foreign-identifier` | remarks |
//!
//! Cost: one streamed pass. Programmes and places, which may follow the targets, are added at the end.
//! Limits: relations between targets are not kept.

use crate::entity::{AliasStrength, Date, Entity, Identifier, Name, NameKind, Schema};
use crate::error::Result;
use crate::list::read::builder::{ListBuilder, ListMetadata, Parsed, RejectReason, move_primary_name_first};
use crate::list::read::source::ByteSource;
use crate::list::read::xml::{Element, XmlFile, for_each_record};
use crate::list::text::cells;
use crate::list::text::numbers::add_labelled_fact;
use crate::list::{Layout, List};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// The most names that the spelling variants of one name are combined to, in one language and script: four
/// variants of each of four parts.
const MAX_VARIANTS: usize = 256;

/// Names of more parts get no further name for each variant: no name has that many.
const MAX_PARTS: usize = 32;

/// An address or place of birth of which a part is in a `place` element.
struct PendingPlace {
    entity: usize,
    is_birth_place: bool,
    place_id: String,
    parts: Vec<String>,
}

#[derive(Default)]
struct TargetReader {
    /// Programmes by their sanctions sets.
    programs: FxHashMap<String, String>,
    places: FxHashMap<String, Element>,
    pending_places: Vec<PendingPlace>,
    /// The sanctions set of each entity.
    sets: Vec<(usize, String)>,
    /// Combinations of spelling variants that are no names, because there are too many.
    combinations_left_out: u64,
}

pub(crate) fn read(source: ByteSource<'_>) -> Result<List> {
    let mut builder = ListBuilder::new(source.name());
    let mut published = None;
    let mut reader = TargetReader::default();
    let XmlFile { sha256, unread } = for_each_record(
        source,
        |name| matches!(name, "sanctions-program" | "target" | "place"),
        |root| published = Date::parse(root.attribute("date")),
        |element, at| match element.name.as_str() {
            "sanctions-program" => {
                reader.add_program(element);
                Ok(())
            }
            "place" => {
                // It is read when all targets are there.
                element.mark_all_read();
                reader.places.insert(element.attribute("ssid").to_string(), element.clone());
                Ok(())
            }
            _ => {
                let number = builder.entities.len();
                let parsed = reader.parse_target(element, number);
                if parsed.is_err() {
                    reader.drop_pending(number);
                }
                builder.add(at, parsed)
            }
        },
    )?;
    builder.add_unread(unread);
    reader.complete(&mut builder.entities);
    if reader.combinations_left_out > 0 {
        let what = "name (combinations of spelling variants)".to_string();
        builder.add_unread(vec![(what, reader.combinations_left_out)]);
    }
    Ok(builder.finish(ListMetadata { published, ..ListMetadata::new("ch-seco", Layout::SecoXml, sha256) }))
}

impl TargetReader {
    fn add_program(&mut self, program: &Element) {
        let english = |name: &str| {
            let texts = || program.named(name).filter(|n| !n.text.trim().is_empty());
            let found = texts().find(|n| n.attribute("lang") == "eng").or_else(|| texts().next());
            found.map(|n| n.text.trim().to_string())
        };
        let Some(key) = english("program-key").or_else(|| english("program-name")) else { return };
        for set in program.named("sanctions-set") {
            self.programs.insert(set.attribute("ssid").to_string(), key.clone());
        }
    }

    fn parse_target(&mut self, target: &Element, number: usize) -> Parsed {
        let id = target.attribute("ssid");
        if id.is_empty() {
            return Err(RejectReason::field("ssid", "a target without its number"));
        }
        let kinds = ["individual", "entity", "object"];
        let Some(party) = target.children.iter().find(|c| kinds.contains(&c.name.as_str())) else {
            return Err(RejectReason::field("target", "neither individual nor entity nor object"));
        };
        party.mark_read();
        if let Some((day, change)) = last_modification(target)
            && change.attribute("modification-type") == "de-listed"
        {
            let day = day.map_or("a day not told".into(), |d| d.to_string());
            return Err(RejectReason::record(format!("de-listed on {day}")).not_in_force());
        }
        let mut e = Entity::without_names(id, schema(party));
        // The main identity first: its primary name is that of the entity.
        let mut identities: Vec<&Element> = party.named("identity").collect();
        identities.sort_by_key(|i| i.attribute("main") != "true");
        for (i, identity) in identities.into_iter().enumerate() {
            self.add_identity(identity, i == 0, number, &mut e);
        }
        if !move_primary_name_first(&mut e) {
            return Err(RejectReason::field("name", "a target without a name"));
        }
        e.add_gender(party.attribute("sex"));
        let listings = target.named("modification").filter(|m| m.attribute("modification-type") == "listed");
        e.listed_on = listings.filter_map(|m| Date::parse(m.attribute("publication-date"))).min();
        let set = match target.attribute("sanctions-set-id") {
            "" => target.text_of("sanctions-set-id").unwrap_or(""),
            set => set,
        };
        self.sets.push((number, set.to_string()));
        for information in party.named("other-information") {
            if !add_labelled_fact(information.text.trim(), &mut e) {
                e.add_remark(&information.text);
            }
        }
        party.named("justification").for_each(|j| e.add_remark(&j.text));
        if let Some(foreign) = target.text_of("foreign-identifier") {
            e.add_remark(&format!("foreign identifier {foreign}"));
        }
        Ok(e)
    }

    fn add_identity(&mut self, identity: &Element, is_main: bool, number: usize, e: &mut Entity) {
        for name in identity.named("name") {
            add_name(name, is_main, e, &mut self.combinations_left_out);
        }
        identity.named("day-month-year").for_each(|day| add_birth_date(day, e));
        identity.items("nationality", "country").for_each(|country| add_country(country, e));
        for (name, is_birth_place) in [("address", false), ("place-of-birth", true)] {
            for element in identity.named(name) {
                let parts = ["c-o", "address-details", "p-o-box", "zip-code", "remarks"];
                self.pending_places.push(PendingPlace {
                    entity: number,
                    is_birth_place,
                    place_id: element.attribute("place-id").to_string(),
                    parts: parts.iter().filter_map(|p| element.text_of(p)).map(str::to_string).collect(),
                });
            }
        }
        identity.named("identification-document").for_each(|document| add_document(document, e));
    }

    /// Drops the pending places and sets of a rejected target.
    fn drop_pending(&mut self, number: usize) {
        self.pending_places.retain(|p| p.entity != number);
        self.sets.retain(|(entity, _)| *entity != number);
    }

    /// Adds the programmes and places of all entities.
    fn complete(&self, entities: &mut [Entity]) {
        for (entity, set) in &self.sets {
            if let Some(program) = self.programs.get(set) {
                entities[*entity].add_program(program);
            }
        }
        for pending in &self.pending_places {
            let e = &mut entities[pending.entity];
            let place = self.places.get(&pending.place_id);
            let part = |name: &str| place.and_then(|p| p.text_of(name)).unwrap_or("");
            let place_parts = [part("location"), part("area"), part("country")];
            let parts = pending.parts.iter().map(String::as_str).chain(place_parts);
            if pending.is_birth_place {
                e.add_birth_place(parts);
            } else {
                e.add_address(parts);
                if e.schema != Schema::Person
                    && let Some(country) = place.and_then(|p| p.named("country").next())
                {
                    add_country(country, e);
                }
            }
        }
    }
}

fn schema(party: &Element) -> Schema {
    match party.name.as_str() {
        "individual" => Schema::Person,
        "entity" => Schema::Organization,
        _ => Schema::parse(party.attribute("object-type")).unwrap_or(Schema::Other),
    }
}

/// The last modification and the day on which it took effect, or else was enacted or published. The file has
/// the newest first; of several of one day, as when a party is de-listed and listed again, the first one
/// counts.
fn last_modification(target: &Element) -> Option<(Option<Date>, &Element)> {
    let day = |m: &Element| {
        let days = ["effective-date", "enactment-date", "publication-date"];
        days.into_iter().find_map(|name| Date::parse(m.attribute(name)))
    };
    let modifications: Vec<_> = target.named("modification").map(|m| (day(m), m)).collect();
    // `max_by_key` returns the last of equal maxima.
    modifications.into_iter().rev().max_by_key(|(day, _)| day.map(|d| d.first()))
}

fn add_country(country: &Element, e: &mut Entity) {
    match country.attribute("iso-code") {
        "" => e.add_country(&country.text),
        code => e.add_country(code),
    }
}

fn add_birth_date(element: &Element, e: &mut Entity) {
    let calendar = element.attribute("calendar").to_lowercase();
    if calendar.is_empty() || calendar == "gregorian" {
        e.birth_dates.extend(date(element));
        return;
    }
    // The year of another calendar cannot be compared.
    let parts = ["day", "month", "year"].map(|part| element.attribute(part));
    let parts = parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>();
    e.add_remark(&format!("born {} ({calendar} calendar)", parts.join("/")));
}

/// The date as far as it exists: of the 31st of February the month.
fn date(element: &Element) -> Option<Date> {
    let number = |name: &str| element.attribute(name).parse::<i16>().ok();
    let year = number("year")?;
    let narrow = |n: i16| i8::try_from(n).ok();
    match (number("month").and_then(narrow), number("day").and_then(narrow)) {
        (Some(month), Some(day)) => Date::day(year, month, day).or_else(|| Date::month(year, month)),
        (Some(month), None) => Date::month(year, month),
        _ => Date::year(year),
    }
    .or_else(|| Date::year(year))
}

fn add_document(document: &Element, e: &mut Entity) {
    let Some(number) = document.text_of("number") else { return };
    let kind = cells::document_kind(&document.attribute("document-type").replace('-', " "));
    let issuer = document.named("issuer").next();
    let issuer = issuer.map_or("", |i| match i.attribute("code") {
        "" => i.text.as_str(),
        code => code,
    });
    e.add_identifier(Identifier::new(kind, number).issued_by(issuer));
}

fn add_name(name: &Element, is_main: bool, e: &mut Entity, combinations_left_out: &mut u64) {
    let is_weak = name.attribute("quality") == "low";
    let strength = if is_weak { AliasStrength::Weak } else { AliasStrength::Strong };
    let kind = match name.attribute("name-type") {
        "formerly-known-as" => NameKind::Former,
        "primary-name" if is_main && e.names.iter().all(|n| n.kind != NameKind::Primary) => NameKind::Primary,
        _ => NameKind::Alias,
    };
    for (i, text) in spellings(name, e, combinations_left_out).into_iter().enumerate() {
        let kind = if i > 0 && kind == NameKind::Primary { NameKind::Alias } else { kind };
        e.add_name(Name::new(text, kind, strength));
    }
}

/// A name as written, then with the spelling variants of its parts, for each language and script. Titles
/// become remarks.
fn spellings(name: &Element, e: &mut Entity, combinations_left_out: &mut u64) -> Vec<String> {
    let mut parts: Vec<(u32, &Element)> =
        name.named("name-part").map(|p| (p.attribute("order").parse().unwrap_or(u32::MAX), p)).collect();
    parts.sort_by_key(|(order, _)| *order);
    let (titles, parts): (Vec<&Element>, Vec<&Element>) =
        parts.into_iter().map(|(_, p)| p).partition(|p| p.attribute("name-part-type") == "title");
    for title in titles.iter().filter_map(|t| t.text_of("value")) {
        e.add_remark(&format!("Title: {title}"));
    }
    let written: Vec<String> = parts.iter().map(|p| value(p)).collect();
    let mut names = vec![join_words(&written)];
    let variants = parts.iter().flat_map(|p| p.named("spelling-variant"));
    let cultures: BTreeSet<(&str, &str)> = variants.map(culture).collect();
    for culture in cultures {
        let (combined, left_out) = combinations(&parts, culture);
        names.extend(combined.iter().map(|words| join_words(words)));
        if left_out > 0 {
            e.add_remark(&format!("{left_out} combinations of spelling variants are not names here"));
        }
        *combinations_left_out += left_out;
    }
    names.retain(|n| !n.is_empty());
    names
}

/// The language and script of a spelling variant.
fn culture(variant: &Element) -> (&str, &str) {
    (variant.attribute("lang"), variant.attribute("script"))
}

/// The combinations of the variants of each part in one language and script, and how many were left out. A
/// part without variants keeps its value. Of more combinations than [`MAX_VARIANTS`] the first ones are
/// taken, and each variant once beside the values of the other parts, so that none is lost.
fn combinations(parts: &[&Element], wanted: (&str, &str)) -> (Vec<Vec<String>>, u64) {
    let choices: Vec<Vec<String>> = parts
        .iter()
        .map(|part| {
            let variants = part.named("spelling-variant").filter(|v| culture(v) == wanted);
            let variants: Vec<String> = variants.map(|v| v.text.trim().to_string()).collect();
            if variants.is_empty() { vec![value(part)] } else { variants }
        })
        .collect();
    let mut combined: Vec<Vec<String>> = vec![Vec::new()];
    let mut all = 1_u64;
    for choices in &choices {
        all = all.saturating_mul(choices.len() as u64);
        combined = combined
            .iter()
            .flat_map(|head| choices.iter().map(|c| [head.clone(), vec![c.clone()]].concat()))
            .take(MAX_VARIANTS)
            .collect();
    }
    let left_out = all - combined.len() as u64;
    if left_out > 0 && parts.len() <= MAX_PARTS {
        let values: Vec<String> = parts.iter().map(|p| value(p)).collect();
        for (at, variants) in choices.iter().enumerate() {
            for variant in variants {
                let mut words = values.clone();
                words[at].clone_from(variant);
                combined.push(words);
            }
        }
    }
    (combined, left_out)
}

fn value(part: &Element) -> String {
    part.text_of("value").unwrap_or("").to_string()
}

fn join_words(words: &[String]) -> String {
    words.iter().filter(|w| !w.is_empty()).cloned().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Gender;

    const SAMPLE: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<swiss-sanctions-list list-type="whole-list" date="2031-05-06">
 <sanctions-program ssid="1" version-date="2031-05-06"><program-key lang="ger">Elbonien</program-key><program-key lang="eng">Elbonia</program-key>
  <program-name lang="eng">Ordinance on Elbonia</program-name><sanctions-set lang="eng" ssid="11">Art. 2</sanctions-set></sanctions-program>
 <target ssid="500"><sanctions-set-id>11</sanctions-set-id><foreign-identifier>EBi.001</foreign-identifier>
  <individual sex="female"><identity ssid="501" main="true">
   <name ssid="502" name-type="primary-name" quality="good" lang="eng">
    <name-part ssid="503" order="2" name-part-type="family-name"><value>Example</value><spelling-variant ssid="9" lang="rus" script="Cyrl">Пример</spelling-variant></name-part>
    <name-part ssid="504" order="1" name-part-type="given-name"><value>Anna</value><spelling-variant ssid="8" lang="rus" script="Cyrl">Анна</spelling-variant><spelling-variant ssid="7" lang="eng" script="Latn">Hanna</spelling-variant></name-part>
    <name-part ssid="506" order="3" name-part-type="title"><value>Dr.</value></name-part></name>
   <name ssid="510" name-type="alias" quality="low"><name-part ssid="511" order="1" name-part-type="whole-name"><value>Nana</value></name-part></name>
   <day-month-year ssid="512" day="3" month="4" year="1971" calendar="Gregorian"/><day-month-year ssid="517" month="4" year="1350" calendar="Islamic"/><place-of-birth ssid="513" place-id="90"/>
   <nationality ssid="514"><country iso-code="RU">Russian Federation</country></nationality>
   <identification-document ssid="515" document-type="passport"><number>AB 123456</number><issuer code="RU">Russian Federation</issuer></identification-document>
  </identity><justification ssid="516">Reason.</justification></individual>
  <modification modification-type="listed" enactment-date="2030-01-02" publication-date="2030-01-02" effective-date="2030-01-03"/></target>
 <target ssid="600"><sanctions-set-id>11</sanctions-set-id><object object-type="vessel"><identity ssid="601" main="true">
   <name ssid="602" name-type="primary-name" quality="good"><name-part ssid="603" order="1" name-part-type="whole-name"><value>Sea Example</value></name-part></name>
   <name ssid="604" name-type="formerly-known-as" quality="good"><name-part ssid="605" order="1" name-part-type="whole-name"><value>Old Example</value></name-part></name></identity>
  <other-information ssid="606">IMO number: 9253325</other-information></object></target>
 <target ssid="700"><entity><identity ssid="701" main="true"><name ssid="702" name-type="primary-name" quality="good"><name-part ssid="703" order="1" name-part-type="whole-name"><value>Gone Ltd</value></name-part></name></identity></entity>
  <modification modification-type="listed" publication-date="2020-01-02" effective-date="2020-01-02"/><modification modification-type="de-listed" publication-date="2021-01-02" effective-date="2021-01-02"/></target>
 <target ssid="800"><entity><identity ssid="801" main="true"><name ssid="802" name-type="primary-name" quality="good"><name-part ssid="803" order="1" name-part-type="whole-name"><value>Works Ltd</value></name-part></name>
  <address ssid="804" place-id="90"><address-details>Street 1</address-details><zip-code>123</zip-code></address></identity></entity></target>
 <place ssid="90"><location>Minsk</location><area>Minsk region</area><country iso-code="BY">Belarus</country></place>
</swiss-sanctions-list>"#;

    #[test]
    fn every_element_goes_to_its_field() {
        let list = read(ByteSource::from_bytes("x", SAMPLE.as_bytes())).unwrap();
        let v = &list.version;
        assert_eq!((v.name.as_str(), v.published), ("ch-seco", Date::parse("2031-05-06")));
        assert_eq!((v.records, v.entities, v.rejected), (4, 3, 1));
        assert_eq!(list.rejected[0].reason, "de-listed on 2021-01-02");
        let e = &list.entities[0];
        assert_eq!((e.id.as_str(), e.schema, e.gender), ("500", Schema::Person, Some(Gender::Female)));
        assert_eq!(
            e.names,
            [
                Name::primary("Anna Example"),
                Name::alias("Hanna Example"),
                Name::alias("Анна Пример"),
                Name::weak("Nana")
            ]
        );
        assert_eq!(e.birth_dates, [Date::day(1971, 4, 3).unwrap()]);
        assert_eq!((&e.countries[..], &e.programs[..]), (&["ru".into()][..], &["Elbonia".into()][..]));
        assert_eq!(e.birth_places, ["Minsk, Minsk region, Belarus"]);
        let passport = Identifier::new(crate::entity::IdentifierKind::Passport, "AB 123456").issued_by("ru");
        assert_eq!(e.identifiers, [passport]);
        assert_eq!(e.listed_on, Date::parse("2030-01-02"));
        assert_eq!(
            e.remarks,
            "Title: Dr.; born 4/1350 (islamic calendar); Reason.; foreign identifier EBi.001"
        );
        let ship = &list.entities[1];
        assert_eq!((ship.schema, ship.identifiers[0].normalized()), (Schema::Vessel, "9253325".into()));
        assert_eq!(ship.names[1], Name::former("Old Example"));
        let works = &list.entities[2];
        assert_eq!(works.addresses, ["Street 1, 123, Minsk, Minsk region, Belarus"]);
        assert_eq!(works.countries, ["by"]);
    }

    #[test]
    fn every_spelling_variant_is_a_name() {
        let read_parts = |parts: usize| {
            let part = |i: usize| {
                let variants = (0..4).map(|v| {
                    format!("<spelling-variant lang=\"rus\" script=\"Latn\">W{i}v{v}</spelling-variant>")
                });
                format!(
                    "<name-part order=\"{i}\"><value>W{i}</value>{}</name-part>",
                    variants.collect::<String>()
                )
            };
            let parts: String = (1..=parts).map(part).collect();
            let xml = format!(
                "<swiss-sanctions-list><target ssid=\"1\"><individual><identity main=\"true\"><name>{parts}</name>\
                 </identity></individual></target></swiss-sanctions-list>"
            );
            read(ByteSource::from_bytes("x", xml.as_bytes())).unwrap()
        };
        let list = read_parts(3);
        assert_eq!(list.entities[0].names.len(), 1 + 64);
        let left_out = |list: &List| {
            let unread = list.version.coverage.unread.iter();
            unread.filter(|(field, _)| field.contains("combinations")).map(|(_, n)| *n).sum::<u64>()
        };
        assert_eq!(left_out(&list), 0);
        assert!(list.entities[0].names.iter().any(|n| n.text == "W1v3 W2v3 W3v3"));
        let list = read_parts(5);
        assert_eq!(left_out(&list), 1024 - 256);
        for i in 1..=5 {
            for v in 0..4 {
                let word = format!("W{i}v{v}");
                assert!(list.entities[0].names.iter().any(|n| n.text.contains(&word)), "{word}");
            }
        }
    }

    /// A list of organisations named after their modifications, each "type effective enactment publication".
    fn with_changes(targets: &[&[&str]]) -> List {
        let target = |changes: &&[&str]| {
            let change = |c: &&str| {
                let words: Vec<&str> = c.split(' ').collect();
                format!(
                    r#"<modification modification-type="{}" effective-date="{}" enactment-date="{}" publication-date="{}"/>"#,
                    words[0],
                    words[1].trim_matches('-'),
                    words[2].trim_matches('-'),
                    words[3].trim_matches('-'),
                )
            };
            let name = format!("<name-part><value>{}</value></name-part>", changes.join(", "));
            let changes: String = changes.iter().map(change).collect();
            format!(
                r#"<target ssid="1"><entity><identity main="true"><name>{name}</name></identity></entity>{changes}</target>"#
            )
        };
        let targets: String = targets.iter().map(target).collect();
        let xml = format!("<swiss-sanctions-list>{targets}</swiss-sanctions-list>");
        read(ByteSource::from_bytes("x", xml.as_bytes())).unwrap()
    }

    #[test]
    fn the_last_modification_decides() {
        let listed: &[&[&str]] = &[
            &["listed 2031-05-06 - -", "de-listed 2031-05-06 - -", "listed 2030-01-02 - -"],
            &["listed - 2031-05-06 2031-05-05", "de-listed 2031-05-05 2031-05-07 -"],
            &["de-listed 2031-05-05 - -", "listed - - 2031-05-06"],
            &["listed - - -", "de-listed - - -"],
        ];
        assert_eq!(with_changes(listed).entities.len(), listed.len());
        let gone: &[&[&str]] = &[
            &["de-listed 2031-05-06 - -", "amended 2031-05-06 - -", "listed 2030-01-02 - -"],
            &["amended 2031-05-05 - -", "de-listed - 2031-05-06 -"],
            &["de-listed - - -", "listed - - -"],
        ];
        let reasons: Vec<String> = with_changes(gone).rejected.into_iter().map(|r| r.reason).collect();
        assert_eq!(
            reasons,
            ["de-listed on 2031-05-06", "de-listed on 2031-05-06", "de-listed on a day not told"]
        );
    }
}
