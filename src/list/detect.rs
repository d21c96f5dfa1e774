//! Recognising a file's layout by its content.

use super::Layout;
use super::formats::{australia, eu, generic, opensanctions, senzing, uk};
use crate::file_kind::ZIP_MAGIC;

/// The files that are lists; part of error messages.
pub(super) const EXPECTED: &str = "expected a list as published by OFAC, UN, EU, UK, Canada, Switzerland, Australia or \
     OpenSanctions, Senzing JSON Lines, a CSV whose header has a column 'name', or JSON Lines with a key 'name'";

/// The result of looking at the head of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detected {
    List(Layout),
    /// A part of OFAC's delimited list, which is not a list without the main file.
    OfacPart(OfacPart),
    Unknown,
}

/// A part of OFAC's delimited list other than the main file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OfacPart {
    /// Further names: ent_num, alt_num, type, name, remarks.
    Aliases,
    /// Addresses: ent_num, add_num, address, city, country, remarks.
    Addresses,
    /// Remarks continued: ent_num, text.
    Comments,
}

/// Detects the layout from the head of a file: at most [`HEAD_BYTES`](super::read::source::HEAD_BYTES) bytes, without
/// a byte order mark.
pub(super) fn detect(head: &[u8]) -> Detected {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start();
    let layout = if text.starts_with('<') {
        detect_xml(text)
    } else if text.starts_with('{') {
        detect_json(text)
    } else if head.starts_with(ZIP_MAGIC) {
        detect_zip(head)
    } else {
        return detect_table(text);
    };
    layout.map_or(Detected::Unknown, Detected::List)
}

fn detect_xml(text: &str) -> Option<Layout> {
    match root_element(text)? {
        "CONSOLIDATED_LIST" => Some(Layout::UnXml),
        "sdnList" => Some(Layout::OfacXml),
        "Sanctions" => Some(Layout::OfacAdvanced),
        "export" => Some(Layout::EuXml),
        "Designations" => Some(Layout::UkXml),
        "data-set" if text.contains("<record>") => Some(Layout::CanadaSema),
        "swiss-sanctions-list" => Some(Layout::SecoXml),
        _ => None,
    }
}

/// A workbook, in which the reader then looks for a sheet of Australia's list. Every workbook is a zip archive with
/// one of these parts.
fn detect_zip(head: &[u8]) -> Option<Layout> {
    let parts: [&[u8]; 2] = [b"[Content_Types].xml", b"xl/"];
    let has = |part: &[u8]| head.windows(part.len()).any(|w| w == part);
    parts.iter().any(|p| has(p)).then_some(Layout::AustraliaDfatXlsx)
}

fn detect_table(text: &str) -> Detected {
    let Some(fields) = row(text, b',', 0) else { return Detected::Unknown };
    if row(text, b';', 0).is_some_and(|header| eu::csv::is_header(&header)) {
        return Detected::List(Layout::EuCsv);
    }
    // A line with the date precedes the header.
    let second = uk::csv::report_date(&fields).and_then(|_| row(text, b',', 1));
    if uk::csv::is_header(second.as_ref().unwrap_or(&fields)) {
        return Detected::List(Layout::UkCsv);
    }
    let is_number =
        |i: usize| fields.get(i).is_some_and(|f| !f.is_empty() && f.bytes().all(|b| b.is_ascii_digit()));
    match fields.len() {
        12 if is_number(0) => return Detected::List(Layout::OfacDelimited),
        5 if is_number(0) && is_number(1) => return Detected::OfacPart(OfacPart::Aliases),
        6 if is_number(0) && is_number(1) => return Detected::OfacPart(OfacPart::Addresses),
        2 if is_number(0) => return Detected::OfacPart(OfacPart::Comments),
        _ => {}
    }
    let layout = if opensanctions::simple::is_header(&fields) {
        Layout::OpenSanctionsSimple
    } else if australia::is_header(&fields) {
        Layout::AustraliaDfat
    } else if generic::csv::is_header(&fields) {
        Layout::GenericCsv
    } else {
        return Detected::Unknown;
    };
    Detected::List(layout)
}

/// The layout of JSON Lines, by the first line.
fn detect_json(text: &str) -> Option<Layout> {
    let line = text.lines().next().unwrap_or("");
    let Ok(serde_json::Value::Object(object)) = serde_json::from_str(line) else {
        // A line longer than the head, or a broken one: the keys decide.
        let has = |key: &str| text.contains(&format!("\"{key}\""));
        return if has("schema") && has("properties") {
            Some(Layout::FollowTheMoney)
        } else if has("RECORD_ID") {
            Some(Layout::Senzing)
        } else {
            has("name").then_some(Layout::GenericJsonLines)
        };
    };
    if opensanctions::ftm::is_object(&object) {
        Some(Layout::FollowTheMoney)
    } else if senzing::is_object(&object) {
        Some(Layout::Senzing)
    } else {
        generic::jsonl::is_object(&object).then_some(Layout::GenericJsonLines)
    }
}

/// A row of the head, its fields trimmed.
fn row(text: &str, delimiter: u8, number: usize) -> Option<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new();
    let mut reader =
        reader.has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let record = reader.records().nth(number)?.ok()?;
    Some(record.iter().map(|f| f.trim().to_string()).collect())
}

/// The local name of the first element.
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
