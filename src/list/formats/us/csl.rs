//! The US Consolidated Screening List: the lists of the Departments of Commerce, State and the Treasury in one
//! file, as CSV or as JSON (`{"results": [{…}]}`).
//!
//! | field | becomes |
//! |---|---|
//! | `_id` or `id`, else `entity_number` | id; without both one is derived from source, name and address |
//! | `type` Individual, Entity, Vessel, Aircraft | schema; none for many of Commerce's parties |
//! | `name` · `alt_names` | primary name · aliases, in CSV separated by `;` |
//! | `programs`, else `source` | programmes |
//! | `addresses` | addresses; of all but people, the country of the JSON is a country too |
//! | `citizenships`, `nationalities`, `vessel_flag` | countries |
//! | `dates_of_birth` · `places_of_birth` | birth dates · places |
//! | `ids`: in CSV "Tax ID No., 77, RU" or, in older files, "RU, 77, Tax ID No."; in JSON `type`, `number`, `country` | identifiers by OFAC's types; statements are remarks |
//! | `call_sign` · `start_date` | call sign · listing date |
//! | `source`, `title`, `remarks`, `end_date`, `federal_register_notice`, `standard_order`, `license_requirement`, `license_policy`, `vessel_type`, `gross_tonnage`, `gross_registered_tonnage`, `vessel_owner` | remarks |
//!
//! Of an alias "and X" at the end of a list X is a name too. `source_list_url`, `source_information_url` and
//! other fields are not read. Sources of the fields: rows of the published file in the project's shared data,
//! and the fault files of this layout.
//!
//! Cost: one streamed pass. Limits: a cell of the CSV is cut at semicolons, which an address may contain.

use crate::digest::hex_digest;
use crate::entity::{Entity, Identifier, IdentifierKind, Name, Schema, country_code};
use crate::error::Result;
use crate::list::formats::ofac::facts;
use crate::list::read::builder::{ListBuilder, ListMetadata, NOT_UTF8, Parsed, RejectReason};
use crate::list::read::csv_rows::{CsvRows, field_count_reason};
use crate::list::read::json_lines::{JsonObjects, texts};
use crate::list::read::source::ByteSource;
use crate::list::{Layout, List};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

const NAME: &str = "us-csl";

/// Fields that become remarks, with their labels.
const REMARKS: [(&str, &str); 12] = [
    ("source", "Source"),
    ("title", "Title"),
    ("remarks", ""),
    ("end_date", "End date"),
    ("federal_register_notice", "Federal Register"),
    ("standard_order", "Standard order"),
    ("license_requirement", "License requirement"),
    ("license_policy", "License policy"),
    ("vessel_type", "Vessel type"),
    ("gross_tonnage", "Gross tonnage"),
    ("gross_registered_tonnage", "Gross registered tonnage"),
    ("vessel_owner", "Owner"),
];

/// Fields that are read otherwise.
const FIELDS: [&str; 16] = [
    "_id",
    "id",
    "entity_number",
    "type",
    "name",
    "alt_names",
    "programs",
    "addresses",
    "citizenships",
    "nationalities",
    "vessel_flag",
    "dates_of_birth",
    "places_of_birth",
    "ids",
    "call_sign",
    "start_date",
];

/// Whether these are fields of the list.
fn are_fields<'a>(mut has: impl FnMut(&str) -> bool + 'a) -> bool {
    has("source")
        && has("name")
        && ["alt_names", "source_list_url", "source_information_url", "entity_number"].into_iter().any(has)
}

/// Whether a header is that of the CSV.
pub(crate) fn is_header(fields: &[String]) -> bool {
    are_fields(|name| fields.iter().any(|f| f == name)) && fields.iter().any(|f| f == "alt_names")
}

/// Whether an object is a record of the JSON.
pub(crate) fn is_object(object: &Map<String, Value>) -> bool {
    are_fields(|name| object.contains_key(name))
}

fn is_read(field: &str) -> bool {
    FIELDS.contains(&field) || REMARKS.iter().any(|(f, _)| *f == field)
}

pub(crate) fn read_csv(source: ByteSource<'_>, delimiter: u8) -> Result<List> {
    let mut builder = ListBuilder::new(source.name());
    let mut rows = CsvRows::new(source, delimiter);
    let header = rows.header()?;
    let mut ids = Ids::default();
    while let Some(at) = rows.advance_to_next()? {
        if !rows.fit_to_header() {
            builder.reject(at, field_count_reason(rows.row().len(), header.len()))?;
            continue;
        }
        let cells: std::result::Result<Vec<&str>, _> = rows.row().iter().map(std::str::from_utf8).collect();
        let Ok(cells) = cells else {
            builder.reject(at, RejectReason::record(NOT_UTF8))?;
            continue;
        };
        for (field, _) in header.iter().zip(&cells).filter(|(f, c)| !c.trim().is_empty() && !is_read(f)) {
            builder.count_unread(field);
        }
        let values = |field: &str| {
            let cell = header.iter().position(|h| h == field).map_or("", |i| cells[i].trim());
            let is_list = FIELDS[5..].contains(&field) && !matches!(field, "call_sign" | "start_date");
            let parts = if is_list { cell.split(';').collect() } else { vec![cell] };
            parts.into_iter().map(|v| v.trim().to_string()).filter(|v| !v.is_empty()).collect()
        };
        let parsed = parse_record(&values, &mut ids).map(|mut e| {
            values("addresses").iter().for_each(|a| e.add_address([a.as_str()]));
            values("ids").iter().for_each(|id| add_id_of_cell(id, &mut e));
            e
        });
        builder.add(at, parsed)?;
    }
    Ok(builder.finish(ListMetadata::new(NAME, Layout::UsCslCsv, rows.sha256()?)))
}

pub(crate) fn read_json(source: ByteSource<'_>) -> Result<List> {
    let mut builder = ListBuilder::new(source.name());
    let mut objects = JsonObjects::new(source);
    let mut ids = Ids::default();
    while let Some((object, at)) = objects.next()? {
        let parsed = object.map_err(RejectReason::record).and_then(|object| {
            object.keys().filter(|k| !is_read(k)).for_each(|k| builder.count_unread(k));
            let values = |field: &str| object.get(field).map_or_else(Vec::new, texts);
            let mut e = parse_record(&values, &mut ids)?;
            let objects = |field: &str| {
                let values = object.get(field).and_then(Value::as_array);
                values.into_iter().flatten().filter_map(Value::as_object)
            };
            objects("addresses").for_each(|address| add_address(address, &mut e));
            values("addresses").iter().for_each(|a| e.add_address([a.as_str()]));
            objects("ids").for_each(|id| {
                let text = |key: &str| id.get(key).map_or_else(Vec::new, texts).join(" ");
                facts::add(&text("type"), &text("number"), &text("country"), &mut e);
            });
            Ok(e)
        });
        builder.add(at, parsed)?;
    }
    let sha256 = objects.sha256()?;
    Ok(builder.finish(ListMetadata::new(NAME, Layout::UsCslJson, sha256)))
}

/// How often each id was used. One party of OFAC may be on several of its lists.
#[derive(Default)]
struct Ids(FxHashMap<String, u32>);

impl Ids {
    /// The id, with a number if it was used before.
    fn unique(&mut self, id: String) -> String {
        let used = self.0.entry(id.clone()).or_default();
        *used += 1;
        if *used > 1 { format!("{id}-{used}") } else { id }
    }
}

/// The fields that CSV and JSON have in the same form.
fn parse_record(values: &dyn Fn(&str) -> Vec<String>, ids: &mut Ids) -> Parsed {
    let text = |field: &str| values(field).join(" ");
    let name = text("name");
    if name.trim().is_empty() {
        return Err(RejectReason::field("name", "no name"));
    }
    let id = ["_id", "id", "entity_number"].map(text).into_iter().find(|id| !id.is_empty());
    let id = id.unwrap_or_else(|| {
        let key = [text("source"), name.clone(), text("addresses"), text("start_date")].join("\u{1f}");
        hex_digest([key.as_bytes()])[..16].to_string()
    });
    let schema = match text("type") {
        kind if kind.is_empty() => Schema::Unknown,
        kind => facts::schema(&kind),
    };
    let mut e = Entity::new(ids.unique(id), schema, name);
    for alias in values("alt_names") {
        e.add_name(Name::alias(&alias));
        e.add_name(Name::alias(alias.strip_prefix("and ").unwrap_or(&alias)));
    }
    let programs = values("programs");
    programs.iter().for_each(|p| e.add_program(p));
    if programs.is_empty() {
        e.add_program(&text("source"));
    }
    for field in ["nationalities", "citizenships", "vessel_flag"] {
        values(field).iter().for_each(|c| e.add_country(c));
    }
    values("dates_of_birth").iter().for_each(|d| e.add_birth_date(d));
    values("places_of_birth").iter().for_each(|p| e.add_birth_place([p.as_str()]));
    values("call_sign")
        .into_iter()
        .for_each(|c| e.add_identifier(Identifier::new(IdentifierKind::CallSign, c)));
    e.add_listing_date(&text("start_date"));
    for (field, label) in REMARKS {
        let value = text(field);
        match label {
            "" => e.add_remark(&value),
            label => facts::add_labelled_remark(label, &value, &mut e),
        }
    }
    Ok(e)
}

fn add_address(address: &Map<String, Value>, e: &mut Entity) {
    let text = |key: &str| address.get(key).map_or_else(Vec::new, texts).join(" ");
    let parts = ["address", "city", "state", "postal_code", "country"].map(text);
    facts::add_address(parts.iter().map(String::as_str), &parts[4], e);
}

/// The most parts of an id in a cell: a type with commas in it, a number with some, and a country.
const MAX_ID_PARTS: usize = 20;

/// Adds "Tax ID No., 7705, RU" or "RU, 7705, Tax ID No.", or a statement "Subject to Directive 2, Executive
/// Order 13662 Directive Determination -". A text without a known type becomes a remark.
fn add_id_of_cell(text: &str, e: &mut Entity) {
    let mut parts: Vec<&str> = text.split(", ").map(str::trim).collect();
    // More parts are a text. Trying them all would cost the square of their number.
    if parts.len() > MAX_ID_PARTS {
        return e.add_remark(text);
    }
    let country_of = |part: &str| part.len() == 2 && country_code(part).is_some();
    // The longest type at the beginning or the end, as a type may contain a comma.
    for length in (1..parts.len()).rev() {
        let (first, last) = (parts[..length].join(", "), parts[parts.len() - length..].join(", "));
        let kind = if facts::is_type(&first) {
            parts.drain(..length);
            first
        } else if facts::is_type(&last) {
            parts.truncate(parts.len() - length);
            last
        } else {
            continue;
        };
        let mut country = "";
        if parts.len() > 1 && country_of(parts[0]) {
            country = parts.remove(0);
        } else if parts.len() > 1 && country_of(parts[parts.len() - 1]) {
            country = parts.pop().unwrap_or("");
        }
        return facts::add(&kind, &parts.join(", "), country, e);
    }
    e.add_remark(text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Date;

    #[test]
    fn csv_and_json_have_the_same_fields() {
        let csv = "_id,source,entity_number,type,programs,name,title,addresses,start_date,call_sign,remarks,source_list_url,alt_names,citizenships,dates_of_birth,nationalities,places_of_birth,ids\n\
            a1,Some List (SL) - Office,7,Individual,EX-1; EX-2,EXAMPLE Ann,Dr,\"1 Street, Minsk, BY; 2 Street, Brest, BY\",2031-02-03,,why,http://x,NANA; Anna Example; and Annie,BY,1969-05-05; 1970,RU,\"Minsk, Belarus\",\"Tax ID No., 7705, RU; BY, AB123456, Passport; Subject to Directive 1, Executive Order 13662 Directive Determination -; odd thing\"\n\
            ,Some List (SL) - Office,,,,Works Ltd,,,,,,,,,,,,\n\
            a1,Other List,7,Entity,,Works Two,,,,,,,,,,,,\n\
            a2,Other List,8,Entity,,,,,,,,,,,,,,\n";
        let list = crate::list::from_bytes("x", csv.as_bytes()).unwrap();
        let v = &list.version;
        assert_eq!((v.layout, v.name.as_str(), v.records, v.rejected), (Layout::UsCslCsv, "us-csl", 4, 1));
        assert_eq!(v.coverage.unread, [("source_list_url".to_string(), 1)]);
        let e = &list.entities[0];
        assert_eq!((e.id.as_str(), e.schema, list.entities[2].id.as_str()), ("a1", Schema::Person, "a1-2"));
        let names: Vec<&str> = e.names.iter().map(|n| n.text.as_str()).collect();
        assert_eq!(names, ["EXAMPLE Ann", "NANA", "Anna Example", "and Annie", "Annie"]);
        assert_eq!((&e.programs[..], e.addresses.len()), (&["EX-1".to_string(), "EX-2".to_string()][..], 2));
        let ids: Vec<_> = e
            .identifiers
            .iter()
            .map(|i| (i.kind.as_str(), i.value.as_str(), i.country.as_deref().unwrap_or("")))
            .collect();
        assert_eq!(ids, [("tax", "7705", "ru"), ("passport", "AB123456", "by")]);
        assert_eq!((e.countries.len(), e.birth_dates.len(), e.listed_on), (2, 2, Date::day(2031, 2, 3)));
        assert!(e.remarks.contains("Directive 1") && e.remarks.contains("odd thing"), "{}", e.remarks);
        assert_eq!(list.entities[1].programs, ["Some List (SL) - Office"]);

        let json = r#"{"total": 1, "results": [{"id": "a1", "source": "Some List", "type": "Individual", "name": "EXAMPLE Ann", "score": 1,
          "alt_names": ["NANA"], "addresses": [{"address": "1 Street", "city": "Minsk", "state": null, "postal_code": null, "country": "BY"}],
          "ids": [{"type": "Passport", "number": "AB123456", "country": "BY", "issue_date": null}], "dates_of_birth": ["1969-05-05"],
          "nationalities": ["RU"], "programs": ["EX-1"], "start_date": "2031-02-03"}]}"#;
        let list = crate::list::from_bytes("x", json.as_bytes()).unwrap();
        let v = &list.version;
        assert_eq!(
            (v.layout, v.records, &v.coverage.unread[..]),
            (Layout::UsCslJson, 1, &[("score".to_string(), 1)][..])
        );
        let e = &list.entities[0];
        assert_eq!(
            (e.names.len(), &e.addresses[0][..], &e.countries[..]),
            (2, "1 Street, Minsk, BY", &["ru".to_string()][..])
        );
        assert_eq!(
            (e.identifiers[0].kind.as_str(), &e.programs[..]),
            ("passport", &["EX-1".to_string()][..])
        );
    }
}
