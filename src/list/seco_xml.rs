//! Switzerland's sanctions list of SECO as XML: `swiss-sanctions-list` with `sanctions-program`, `target` and
//! `place`.
//!
//! | element | becomes |
//! |---|---|
//! | `swiss-sanctions-list` `date` | publication date |
//! | `target` `ssid` | id |
//! | `individual` / `entity` / `object` with `object-type` vessel, aircraft | schema |
//! | `identity/name` with `name-part` (`order`, `value`) | names; of the main identity's `primary-name` the primary one |
//! | `name` `name-type` alias, formerly-known-as; `quality` low | alias, former name; weak |
//! | `name-part/spelling-variant` (`lang`, `script`) | an alias for each language and script; parts without a variant keep their value |
//! | `name-part-type` title | remark, no part of the name |
//! | `day-month-year` | birth dates; of bodies the founding date; of a `calendar` other than the Gregorian a remark |
//! | `nationality/country` | countries; so the addresses' countries of bodies |
//! | `place-of-birth`, `address` with `place-id` | places and addresses, completed by the `place` |
//! | `identification-document` with `document-type`, `number`, `issuer` | identifiers |
//! | `other-information` "IMO number: …; MMSI: …", "SWIFT codes: … (Minsk), …", … | identifiers, each of the kind that its own label names; what says more a remark |
//! | `sanctions-set-id` | program: the English `program-key` |
//! | `modification` listed | listing date; de-listed as the last one, by its day and then by its place: rejected, with its date |
//! | `justification`, `foreign-identifier` | remarks |
//!
//! Cost: one streamed pass; programmes and places, which may follow the targets, are filled in at the end.
//! Limits: relations between targets are not kept.

use super::gather::{About, Gathered, Refused};
use super::numbers::fact;
use super::source::Source;
use super::xml::{Node, walk};
use super::{Layout, List, cells};
use crate::entity::{Date, Entity, Identifier, Name, NameKind, Schema, Strength};
use crate::error::Result;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// The most names that the spelling variants of one name make together.
const MOST_VARIANTS: usize = 16;

/// An address or place of birth, to be completed by its place.
struct Located {
    entity: usize,
    birth: bool,
    place: String,
    parts: Vec<String>,
}

#[derive(Default)]
struct Reading {
    programs: FxHashMap<String, String>,
    places: FxHashMap<String, Node>,
    located: Vec<Located>,
    /// The sanctions set of each entity.
    sets: Vec<(usize, String)>,
}

pub(super) fn read(source: Source<'_>) -> Result<List> {
    let mut gathered = Gathered::new(source.name());
    let mut published = None;
    let mut r = Reading::default();
    let sha256 = walk(
        source,
        |name| matches!(name, "sanctions-program" | "target" | "place"),
        |root| published = Date::parse(root.attribute("date")),
        |node, at| match node.name.as_str() {
            "sanctions-program" => {
                r.program(&node);
                Ok(())
            }
            "place" => {
                r.places.insert(node.attribute("ssid").to_string(), node);
                Ok(())
            }
            _ => {
                let number = gathered.entities.len();
                let read = r.target(&node, number);
                if read.is_err() {
                    r.located.retain(|l| l.entity != number);
                    r.sets.retain(|(entity, _)| *entity != number);
                }
                gathered.take(at, read)
            }
        },
    )?;
    r.complete(&mut gathered.entities);
    Ok(gathered.list(About { published, ..About::new("ch-seco", Layout::SecoXml, sha256) }))
}

impl Reading {
    fn program(&mut self, node: &Node) {
        let english = |name: &str| {
            let all = || node.all(name).filter(|n| !n.text.trim().is_empty());
            let found = all().find(|n| n.attribute("lang") == "eng").or_else(|| all().next());
            found.map(|n| n.text.trim().to_string())
        };
        let Some(program) = english("program-key").or_else(|| english("program-name")) else { return };
        for set in node.all("sanctions-set") {
            self.programs.insert(set.attribute("ssid").to_string(), program.clone());
        }
    }

    fn target(&mut self, node: &Node, number: usize) -> std::result::Result<Entity, Refused> {
        let id = node.attribute("ssid");
        if id.is_empty() {
            return Err(Refused::field("ssid", "a target without its number"));
        }
        let kinds = ["individual", "entity", "object"];
        let Some(party) = node.children.iter().find(|c| kinds.contains(&c.name.as_str())) else {
            return Err(Refused::field("target", "neither individual nor entity nor object"));
        };
        if let Some((day, change)) = last_change(node)
            && change.attribute("modification-type") == "de-listed"
        {
            let day = day.map_or("a day not told".into(), |d| d.to_string());
            return Err(Refused::record(format!("de-listed on {day}")));
        }
        let schema = match party.name.as_str() {
            "individual" => Schema::Person,
            "entity" => Schema::Organization,
            _ => Schema::parse(party.attribute("object-type")).unwrap_or(Schema::Other),
        };
        let mut e = Entity::new(id, schema, "");
        e.names.clear();
        // The main identity first: its primary name is the entity's.
        let mut identities: Vec<&Node> = party.all("identity").collect();
        identities.sort_by_key(|i| i.attribute("main") != "true");
        for (i, identity) in identities.into_iter().enumerate() {
            self.identity(identity, i == 0, number, &mut e);
        }
        if !super::gather::settle_names(&mut e) {
            return Err(Refused::field("name", "a target without a name"));
        }
        e.add_gender(party.attribute("sex"));
        let listed = node.all("modification").filter(|m| m.attribute("modification-type") == "listed");
        e.listed_on = listed.filter_map(|m| Date::parse(m.attribute("publication-date"))).min();
        let set = match node.attribute("sanctions-set-id") {
            "" => node.text("sanctions-set-id").unwrap_or(""),
            set => set,
        };
        self.sets.push((number, set.to_string()));
        for other in party.all("other-information") {
            if !fact(other.text.trim(), &mut e) {
                e.add_remark(&other.text);
            }
        }
        party.all("justification").for_each(|j| e.add_remark(&j.text));
        if let Some(foreign) = node.text("foreign-identifier") {
            e.add_remark(&format!("foreign identifier {foreign}"));
        }
        Ok(e)
    }

    fn identity(&mut self, node: &Node, main: bool, number: usize, e: &mut Entity) {
        for name in node.all("name") {
            let strength = if name.attribute("quality") == "low" { Strength::Weak } else { Strength::Strong };
            let kind = match name.attribute("name-type") {
                "formerly-known-as" => NameKind::Former,
                "primary-name" if main && e.names.iter().all(|n| n.kind != NameKind::Primary) => {
                    NameKind::Primary
                }
                _ => NameKind::Alias,
            };
            for (i, text) in spellings(name, e).into_iter().enumerate() {
                let kind = if i > 0 && kind == NameKind::Primary { NameKind::Alias } else { kind };
                e.add_name(Name::new(text, kind, strength));
            }
        }
        for day in node.all("day-month-year") {
            add_birth_date(day, e);
        }
        for country in node.all("nationality").flat_map(|n| n.all("country")) {
            add_country(country, e);
        }
        for (what, birth) in [("address", false), ("place-of-birth", true)] {
            for at in node.all(what) {
                let parts = ["c-o", "address-details", "p-o-box", "zip-code", "remarks"];
                self.located.push(Located {
                    entity: number,
                    birth,
                    place: at.attribute("place-id").to_string(),
                    parts: parts.iter().filter_map(|p| at.text(p)).map(str::to_string).collect(),
                });
            }
        }
        for document in node.all("identification-document") {
            let Some(value) = document.text("number") else { continue };
            let kind = cells::document_kind(&document.attribute("document-type").replace('-', " "));
            let issuer = document.all("issuer").next();
            let issuer = issuer.map_or("", |i| match i.attribute("code") {
                "" => i.text.as_str(),
                code => code,
            });
            e.add_identifier(Identifier::new(kind, value).issued_by(issuer));
        }
    }

    /// Fills in what stands elsewhere in the file.
    fn complete(&self, entities: &mut [Entity]) {
        for (entity, set) in &self.sets {
            if let Some(program) = self.programs.get(set) {
                entities[*entity].add_program(program);
            }
        }
        for located in &self.located {
            let e = &mut entities[located.entity];
            let place = self.places.get(&located.place);
            let part = |name: &str| place.and_then(|p| p.text(name)).unwrap_or("");
            let around = [part("location"), part("area"), part("country")];
            let parts = located.parts.iter().map(String::as_str).chain(around);
            if located.birth {
                e.add_birth_place(parts);
            } else {
                e.add_address(parts);
                if e.schema != Schema::Person
                    && let Some(country) = place.and_then(|p| p.all("country").next())
                {
                    add_country(country, e);
                }
            }
        }
    }
}

/// The last modification and the day it took effect, or else was enacted or published. The file writes the newest
/// first: of several of one day, as where a party is de-listed and listed anew, the first decides.
fn last_change(target: &Node) -> Option<(Option<Date>, &Node)> {
    let day = |m: &Node| {
        let days = ["effective-date", "enactment-date", "publication-date"];
        days.into_iter().find_map(|name| Date::parse(m.attribute(name)))
    };
    let changes: Vec<_> = target.all("modification").map(|m| (day(m), m)).collect();
    // The greatest, and of equal ones the last that is looked at.
    changes.into_iter().rev().max_by_key(|(day, _)| day.map(|d| d.first()))
}

fn add_country(node: &Node, e: &mut Entity) {
    match node.attribute("iso-code") {
        "" => e.add_country(&node.text),
        code => e.add_country(code),
    }
}

fn add_birth_date(node: &Node, e: &mut Entity) {
    let calendar = node.attribute("calendar").to_lowercase();
    if calendar.is_empty() || calendar == "gregorian" {
        e.birth_dates.extend(date(node));
        return;
    }
    // A year of another calendar, compared with one of ours, would be wrong.
    let parts = ["day", "month", "year"].map(|part| node.attribute(part));
    let parts = parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>();
    e.add_remark(&format!("born {} ({calendar} calendar)", parts.join("/")));
}

fn date(node: &Node) -> Option<Date> {
    let number = |name: &str| node.attribute(name).parse::<i16>().ok();
    let year = number("year")?;
    let narrow = |n: i16| i8::try_from(n).ok();
    match (number("month").and_then(narrow), number("day").and_then(narrow)) {
        (Some(month), Some(day)) => Date::day(year, month, day).or_else(|| Date::month(year, month)),
        (Some(month), None) => Date::month(year, month),
        _ => Date::year(year),
    }
    .or_else(|| Date::year(year))
}

/// A name as written, then with the variants of its parts, each language and script by itself.
fn spellings(name: &Node, e: &mut Entity) -> Vec<String> {
    let mut parts: Vec<(u32, &Node)> =
        name.all("name-part").map(|p| (p.attribute("order").parse().unwrap_or(u32::MAX), p)).collect();
    parts.sort_by_key(|(order, _)| *order);
    for (_, title) in parts.iter().filter(|(_, p)| p.attribute("name-part-type") == "title") {
        if let Some(title) = title.text("value") {
            e.add_remark(&format!("Title: {title}"));
        }
    }
    parts.retain(|(_, p)| p.attribute("name-part-type") != "title");
    let value = |p: &Node| p.text("value").unwrap_or("").to_string();
    let join =
        |words: &[String]| words.iter().filter(|w| !w.is_empty()).cloned().collect::<Vec<_>>().join(" ");
    let written: Vec<String> = parts.iter().map(|(_, p)| value(p)).collect();
    let mut names = vec![join(&written)];
    let mut cultures: BTreeMap<(&str, &str), ()> = BTreeMap::new();
    for variant in parts.iter().flat_map(|(_, p)| p.all("spelling-variant")) {
        cultures.insert((variant.attribute("lang"), variant.attribute("script")), ());
    }
    for (lang, script) in cultures.into_keys() {
        let mut combined: Vec<Vec<String>> = vec![Vec::new()];
        for (_, part) in &parts {
            let own = part.all("spelling-variant");
            let own = own.filter(|v| v.attribute("lang") == lang && v.attribute("script") == script);
            let mut choices: Vec<String> = own.map(|v| v.text.trim().to_string()).collect();
            if choices.is_empty() {
                choices.push(value(part));
            }
            combined = combined
                .iter()
                .flat_map(|head| choices.iter().map(|c| [head.clone(), vec![c.clone()]].concat()))
                .take(MOST_VARIANTS)
                .collect();
        }
        names.extend(combined.iter().map(|words| join(words)));
    }
    names.retain(|n| !n.is_empty());
    names
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
    fn fields() {
        let list = read(Source::bytes("x", SAMPLE.as_bytes())).unwrap();
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
    /// A list of bodies that are called by their modifications, each "type effective enactment publication".
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
        read(Source::bytes("x", xml.as_bytes())).unwrap()
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
