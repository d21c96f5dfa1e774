//! The firms and individuals that the World Bank has debarred, as its interface gives them:
//! `{"response": {"ZPROCSUPP": [{…}]}}`.
//!
//! | key | becomes |
//! |---|---|
//! | `SUPP_ID` | id |
//! | `SUPP_NAME`, cut at "a.k.a.", "d/b/a", "f/k/a", "formerly" | primary name, aliases, former names; marks such as `*12` behind it are dropped |
//! | `COUNTRY_NAME` | country |
//! | `SUPP_ADDR`, `SUPP_CITY`, `SUPP_STATE_CODE`, `SUPP_ZIP_CODE` | addresses |
//! | `DEBAR_REASON` · `DEBAR_FROM_DATE`, `DEBAR_TO_DATE` | programme · listing date, remark |
//!
//! Source of the keys: OpenSanctions' crawler `worldbank`, which has all but the state and postal code; these
//! two were not seen in a file.
//!
//! Cost: one streamed pass. Limits: the kind of party is not told. The bank's CSV was not seen and is read as
//! a generic table if it has a column of names.

use crate::entity::{Entity, Name, Schema};
use crate::error::Result;
use crate::list::read::builder::{ListBuilder, ListMetadata, Parsed, RejectReason};
use crate::list::read::json_lines::{JsonObjects, texts};
use crate::list::read::source::ByteSource;
use crate::list::{Layout, List};
use serde_json::{Map, Value};

/// Keys that are read.
const KEYS: [&str; 10] = [
    "SUPP_ID",
    "SUPP_NAME",
    "COUNTRY_NAME",
    "SUPP_ADDR",
    "SUPP_CITY",
    "SUPP_STATE_CODE",
    "SUPP_ZIP_CODE",
    "DEBAR_REASON",
    "DEBAR_FROM_DATE",
    "DEBAR_TO_DATE",
];

/// Longer texts are not cut into names. Unit: bytes.
const MAX_CUT: usize = 10_000;

/// Words before further names, and whether these are former names.
const MARKS: [(&str, bool); 7] = [
    ("a.k.a.", false),
    ("also known as", false),
    ("d/b/a", false),
    ("also d.b.a.", false),
    ("f/k/a", true),
    ("formerly known as", true),
    ("formerly", true),
];

/// Whether an object is a record of this layout.
pub(crate) fn is_object(object: &Map<String, Value>) -> bool {
    object.contains_key("SUPP_ID") && object.contains_key("SUPP_NAME")
}

pub(crate) fn read(source: ByteSource<'_>) -> Result<List> {
    let mut builder = ListBuilder::new(source.name());
    let mut objects = JsonObjects::new(source);
    while let Some((object, at)) = objects.next()? {
        let parsed = object.map_err(RejectReason::record).and_then(|object| {
            for (key, value) in object.iter().filter(|(k, _)| !KEYS.contains(&k.as_str())) {
                if !texts(value).is_empty() {
                    builder.count_unread(key);
                }
            }
            parse_record(&object)
        });
        builder.add(at, parsed)?;
    }
    let sha256 = objects.sha256()?;
    Ok(builder.finish(ListMetadata::new("world-bank", Layout::WorldBank, sha256)))
}

fn parse_record(object: &Map<String, Value>) -> Parsed {
    let text = |key: &str| object.get(key).map_or_else(Vec::new, texts).join(" ");
    let id = text("SUPP_ID");
    if id.is_empty() {
        return Err(RejectReason::field("SUPP_ID", "no id"));
    }
    let published = text("SUPP_NAME");
    let names = split_names(&published);
    let Some((primary, others)) = names.split_first() else {
        return Err(RejectReason::field("SUPP_NAME", "no name"));
    };
    let mut e = Entity::new(id, Schema::Unknown, primary.0.clone());
    for (name, former) in others {
        e.add_name(if *former { Name::former(name) } else { Name::alias(name) });
    }
    if published.trim() != primary.0 {
        e.add_remark(&published);
    }
    e.add_country(&text("COUNTRY_NAME"));
    let parts = ["SUPP_ADDR", "SUPP_CITY", "SUPP_STATE_CODE", "SUPP_ZIP_CODE", "COUNTRY_NAME"].map(text);
    e.add_address(parts.iter().map(String::as_str));
    e.add_program(&text("DEBAR_REASON"));
    e.add_listing_date(&text("DEBAR_FROM_DATE"));
    let end = text("DEBAR_TO_DATE");
    if !end.is_empty() {
        e.add_remark(&format!("Debarred until: {end}"));
    }
    Ok(e)
}

/// The names of a text, and whether each is a former one.
fn split_names(text: &str) -> Vec<(String, bool)> {
    // A longer text is no name; cutting it would cost the square of its length.
    if text.len() > MAX_CUT {
        return vec![(text.trim().to_string(), false)];
    }
    let lower = text.to_ascii_lowercase();
    let mut cuts = vec![(0, 0, false)];
    for (mark, former) in MARKS {
        for (at, _) in lower.match_indices(mark) {
            let begins_word = lower[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
            let inside = cuts.iter().any(|(begin, end, _)| (*begin..*end).contains(&at));
            if begins_word && !inside {
                cuts.push((at, at + mark.len(), former));
            }
        }
    }
    cuts.sort_unstable();
    let mut names = Vec::new();
    for (i, (_, begin, former)) in cuts.iter().enumerate() {
        let end = cuts.get(i + 1).map_or(text.len(), |c| c.0).max(*begin);
        let name = text[*begin..end].split('*').next().unwrap_or("");
        let name = name.trim_matches(|c: char| c.is_whitespace() || "(),;:".contains(c));
        if name.contains(char::is_alphanumeric) {
            names.push((name.to_string(), *former));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Date;

    #[test]
    fn every_key_goes_to_its_field() {
        let json = r#"{"response": {"ZPROCSUPP": [{"SUPP_ID": "7", "SUPP_NAME": "Example Works Ltd. (a.k.a. Sample Works, formerly Old Works)*12",
          "SUPP_ADDR": "1 Street", "SUPP_CITY": "Minsk", "COUNTRY_NAME": "Belarus", "DEBAR_FROM_DATE": "2031-02-03", "DEBAR_TO_DATE": "2041-02-03",
          "DEBAR_REASON": "Guidelines", "LAND1": "BY"}, {"SUPP_ID": "8", "SUPP_NAME": " "}]}}"#;
        let list = crate::list::from_bytes("x", json.as_bytes()).unwrap();
        let v = &list.version;
        assert_eq!((v.layout, v.records, v.rejected), (Layout::WorldBank, 2, 1));
        assert_eq!(v.coverage.unread, [("LAND1".to_string(), 1)]);
        let e = &list.entities[0];
        assert_eq!(
            e.names,
            [Name::primary("Example Works Ltd."), Name::alias("Sample Works"), Name::former("Old Works")]
        );
        assert_eq!((&e.countries[0][..], e.listed_on), ("by", Date::day(2031, 2, 3)));
        assert_eq!(e.addresses, ["1 Street, Minsk, Belarus"]);
    }
}
