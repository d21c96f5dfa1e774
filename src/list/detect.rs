//! Recognising a file's layout by its content.

use super::Layout;
use super::formats::{
    australia, canada, eu, france, generic, ofac, opensanctions, senzing, uk, us, world_bank,
};
use super::read::csv_rows::row_of_text;
use super::read::json_lines;
use crate::file_kind::ZIP_MAGIC;

/// The files that are lists; part of error messages.
pub(super) const EXPECTED: &str = "expected a list as published by OFAC, UN, EU, UK, Canada, Switzerland, Australia or \
     OpenSanctions, Senzing JSON Lines, a CSV whose header has a column 'name', or JSON Lines with a key 'name'";

/// The result of looking at the head of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detected {
    List(Layout),
    /// A workbook, whose sheets tell the layout.
    Workbook,
    /// A part of OFAC's delimited list, which is not a list without the main file.
    OfacPart,
    Unknown,
}

/// Detects the layout from the head of a file: at most [`HEAD_BYTES`](super::read::source::HEAD_BYTES) bytes,
/// without a byte order mark.
pub(super) fn detect(head: &[u8]) -> Detected {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start();
    let layout = if text.starts_with('<') {
        detect_xml(text)
    } else if text.starts_with(['{', '[']) {
        detect_json(text)
    } else if head.starts_with(ZIP_MAGIC) {
        return if is_workbook(head) { Detected::Workbook } else { Detected::Unknown };
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
        "sanctionsData" => Some(Layout::OfacEnhanced),
        "export" => Some(Layout::EuXml),
        "Designations" => Some(Layout::UkXml),
        "ArrayOfFinancialSanctionsTarget" => Some(Layout::OfsiXml),
        "data-set" if text.contains("<record>") => Some(Layout::CanadaSema),
        "swiss-sanctions-list" => Some(Layout::SecoXml),
        _ => None,
    }
}

/// Whether a zip archive is a workbook, by its parts: `xl/…` of .xlsx, the first part of .ods.
fn is_workbook(head: &[u8]) -> bool {
    let parts: [&[u8]; 4] =
        [b"[Content_Types].xml", b"xl/", b"application/vnd.oasis.opendocument.spreadsheet", b"content.xml"];
    parts.iter().any(|part| memchr::memmem::find(head, part).is_some())
}

/// The delimiters of tables, in the order of preference.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Whether a row is the header of a layout.
type IsHeader = fn(&[String]) -> bool;

/// Layouts of tables that are told by the header in the first line, whatever the delimiter.
const TABLES: [(Layout, IsHeader); 8] = [
    (Layout::EuCsv10, eu::csv_1_0::is_header),
    (Layout::UsCslCsv, us::csl::is_header),
    (Layout::BisDeniedPersons, us::bis::is_header),
    (Layout::CanadaCsv, canada::is_header),
    (Layout::OpenSanctionsStatements, opensanctions::statements::is_header),
    (Layout::EuCsv, eu::csv::is_header),
    (Layout::OpenSanctionsSimple, opensanctions::simple::is_header),
    (Layout::AustraliaDfat, australia::is_header),
];

/// The delimiter under which the first line is the header of a layout.
pub(super) fn delimiter_of(layout: Layout, head: &[u8]) -> u8 {
    let text = String::from_utf8_lossy(head);
    let is_header = TABLES.iter().find(|(l, _)| *l == layout).map(|(_, is_header)| is_header);
    let fits = |d: &&u8| {
        let header = row_of_text(text.trim_start(), **d, 0).unwrap_or_default();
        is_header.is_some_and(|is_header| is_header(&header))
    };
    *DELIMITERS.iter().find(fits).unwrap_or(&b',')
}

fn detect_table(text: &str) -> Detected {
    let Some(fields) = row_of_text(text, b',', 0) else { return Detected::Unknown };
    // A line with the date precedes the header.
    let second = uk::csv::report_date(&fields).and_then(|_| row_of_text(text, b',', 1));
    if uk::csv::is_header(second.as_ref().unwrap_or(&fields)) {
        return Detected::List(Layout::UkCsv);
    }
    match ofac::delimited::table_of_row(&fields) {
        Some(ofac::delimited::Table::Main) => return Detected::List(Layout::OfacDelimited),
        Some(_) => return Detected::OfacPart,
        None => {}
    }
    for delimiter in DELIMITERS {
        let header = row_of_text(text, delimiter, 0).unwrap_or_default();
        // These three are published with one delimiter, and their readers know no other.
        let fits = |layout: Layout| match layout {
            Layout::EuCsv => delimiter == b';',
            Layout::OpenSanctionsSimple | Layout::AustraliaDfat | Layout::OpenSanctionsStatements => {
                delimiter == b','
            }
            _ => true,
        };
        let found = TABLES.iter().find(|(layout, is_header)| fits(*layout) && is_header(&header));
        if let Some((layout, _)) = found {
            return Detected::List(*layout);
        }
    }
    match generic::csv::form(text) {
        Some(_) => Detected::List(Layout::GenericCsv),
        None => Detected::Unknown,
    }
}

/// The layout of a JSON file, by its first record.
fn detect_json(text: &str) -> Option<Layout> {
    let Some(object) = json_lines::first_object(text) else {
        // A record longer than the head, or a broken one: the keys decide.
        let has = |key: &str| text.contains(&format!("\"{key}\""));
        return if has("schema") && has("properties") {
            Some(Layout::FollowTheMoney)
        } else if has("RECORD_ID") {
            Some(Layout::Senzing)
        } else if has("RegistreDetail") {
            Some(Layout::FranceDgt)
        } else {
            has("name").then_some(Layout::GenericJsonLines)
        };
    };
    if opensanctions::ftm::is_object(&object) {
        Some(Layout::FollowTheMoney)
    } else if senzing::is_object(&object) {
        Some(Layout::Senzing)
    } else if france::is_object(&object) {
        Some(Layout::FranceDgt)
    } else if world_bank::is_object(&object) {
        Some(Layout::WorldBank)
    } else if us::csl::is_object(&object) {
        Some(Layout::UsCslJson)
    } else {
        generic::jsonl::is_object(&object).then_some(Layout::GenericJsonLines)
    }
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
