//! Telling a file's layout by its content.

use super::Layout;

/// What is expected of a list; part of error messages.
pub(super) const EXPECTED: &str = "expected a list as published by OFAC, UN, EU, UK, Canada, Switzerland, Australia or \
     OpenSanctions, Senzing JSON Lines, a CSV whose header has a column 'name', or JSON Lines with a key 'name'";

/// A part of a list that is nothing by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    List(Layout),
    /// OFAC's alternate names: ent_num, alt_num, type, name, remarks.
    OfacAlt,
    /// OFAC's addresses.
    OfacAdd,
    /// OFAC's overflow of remarks.
    OfacComments,
    Nothing,
}

/// Looks at the head of a file, [`super::source::HEAD`] bytes without the byte order mark.
pub(super) fn detect(head: &[u8]) -> Found {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start();
    if text.starts_with('<') {
        return match root_element(text) {
            Some("CONSOLIDATED_LIST") => Found::List(Layout::UnXml),
            Some("sdnList") => Found::List(Layout::OfacXml),
            Some("Sanctions") => Found::List(Layout::OfacAdvanced),
            Some("export") => Found::List(Layout::EuXml),
            Some("Designations") => Found::List(Layout::UkXml),
            Some("data-set") if text.contains("<record>") => Found::List(Layout::CanadaSema),
            Some("swiss-sanctions-list") => Found::List(Layout::SecoXml),
            _ => Found::Nothing,
        };
    }
    if text.starts_with('{') {
        return json(text).map_or(Found::Nothing, Found::List);
    }
    if head.starts_with(b"PK\x03\x04") {
        // Every workbook is a zip with this part.
        let parts: [&[u8]; 2] = [b"[Content_Types].xml", b"xl/"];
        let has = |part: &[u8]| head.windows(part.len()).any(|w| w == part);
        return if parts.iter().any(|p| has(p)) {
            Found::List(Layout::AustraliaDfatXlsx)
        } else {
            Found::Nothing
        };
    }
    let Some(fields) = row(text, b',', 0) else { return Found::Nothing };
    if row(text, b';', 0).is_some_and(|header| super::eu_csv::is_header(&header)) {
        return Found::List(Layout::EuCsv);
    }
    // A line with the date stands above the header.
    let below = super::uk_csv::report_date(&fields).and_then(|_| row(text, b',', 1));
    if super::uk_csv::is_header(below.as_ref().unwrap_or(&fields)) {
        return Found::List(Layout::UkCsv);
    }
    let number =
        |i: usize| fields.get(i).is_some_and(|f| !f.is_empty() && f.bytes().all(|b| b.is_ascii_digit()));
    if number(0) && fields.len() == 12 {
        return Found::List(Layout::OfacDelimited);
    }
    if number(0) && number(1) && fields.len() == 5 {
        return Found::OfacAlt;
    }
    if number(0) && number(1) && fields.len() == 6 {
        return Found::OfacAdd;
    }
    if number(0) && fields.len() == 2 {
        return Found::OfacComments;
    }
    let has = |name: &str| fields.iter().any(|f| f == name);
    if ["id", "schema", "name", "aliases", "birth_date", "first_seen", "last_seen"].into_iter().all(has) {
        return Found::List(Layout::OpenSanctionsSimple);
    }
    if super::australia::is_header(&fields) {
        return Found::List(Layout::AustraliaDfat);
    }
    if super::generic_csv::is_header(&fields) {
        return Found::List(Layout::GenericCsv);
    }
    Found::Nothing
}

/// The layout of JSON Lines, by the first of them.
fn json(text: &str) -> Option<Layout> {
    let line = text.lines().next().unwrap_or("");
    let Ok(serde_json::Value::Object(object)) = serde_json::from_str(line) else {
        // A line longer than the head of the file, or broken: its keys tell.
        let has = |key: &str| text.contains(&format!("\"{key}\""));
        return if has("schema") && has("properties") {
            Some(Layout::FollowTheMoney)
        } else if has("RECORD_ID") {
            Some(Layout::Senzing)
        } else {
            has("name").then_some(Layout::GenericJsonLines)
        };
    };
    if super::ftm::is_object(&object) {
        Some(Layout::FollowTheMoney)
    } else if super::senzing::is_object(&object) {
        Some(Layout::Senzing)
    } else {
        super::generic_jsonl::is_object(&object).then_some(Layout::GenericJsonLines)
    }
}

/// A row of the head, trimmed.
fn row(text: &str, delimiter: u8, number: usize) -> Option<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new();
    let mut reader =
        reader.has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let record = reader.records().nth(number)?.ok()?;
    Some(record.iter().map(|f| f.trim().to_string()).collect())
}

fn root_element(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        let start = rest.find('<')?;
        rest = &rest[start + 1..];
        if rest.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || "_-:.".contains(c))).unwrap_or(rest.len());
            return Some(rest[..end].rsplit(':').next().unwrap_or(""));
        }
    }
}
