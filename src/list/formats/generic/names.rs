//! A list of names and nothing else, one a line: OpenSanctions' `names.txt`.
//!
//! Any text is such a list, so it is told by the name of its file alone, which must end in `names.txt`.
//!
//! Cost: one pass. Limits: every line is an entity of its own, since the file does not tell which names are of
//! one party; the kind of party is not told.

use super::columns::Column;
use super::csv::{GenericTable, Outcome, RowFacts};
use crate::error::{Position, Result};
use crate::list::read::builder::{ListBuilder, ListMetadata, NOT_UTF8, RejectReason};
use crate::list::read::source::{ByteSource, MAX_RECORD_BYTES, read_error};
use crate::list::{Layout, List};
use std::io::BufRead;
use std::path::Path;

/// Whether a file is a list of names, by its own name. A second ending tells the compression.
pub(crate) fn is_named_so(path: &Path) -> bool {
    let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().to_lowercase());
    let packed = [".gz", ".zst", ".zip"].iter().find_map(|end| name.strip_suffix(end));
    packed.unwrap_or(&name).ends_with("names.txt")
}

pub(crate) fn read(name: &str, mut source: ByteSource<'_>) -> Result<List> {
    let mut builder = ListBuilder::new(source.name());
    let mut table = GenericTable::new(false);
    let mut line = Vec::new();
    let mut records = 0;
    loop {
        line.clear();
        let at = source.position();
        source.allow(MAX_RECORD_BYTES);
        let read = source.read_until(b'\n', &mut line);
        if read.map_err(|e| read_error(&e, at.clone()))? == 0 {
            break;
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        records += 1;
        let at = Position { record: Some(records), ..at };
        let added = match std::str::from_utf8(&line) {
            Ok(text) => {
                let mut row = RowFacts::default();
                row.add_cell(&Column::Name, text);
                table.add_row(row, &mut builder.entities)
            }
            Err(_) => Err(RejectReason::record(NOT_UTF8)),
        };
        match added {
            Ok(Outcome::NewEntity) => {}
            Ok(Outcome::Merged) => builder.count_merged(1),
            Err(reason) => builder.reject(at, reason)?,
        }
    }
    let sha256 = source.sha256()?;
    Ok(builder.finish(ListMetadata::new(name, Layout::Names, sha256)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_name() {
        let text = "Ann Example\r\nWorks, Ltd\n\n\"Quoted\" Name\nAnn Example\nАнна\n";
        let mut bytes = text.as_bytes().to_vec();
        bytes.extend(b"\xff\n");
        let list = read("x", ByteSource::from_bytes("x", &bytes)).unwrap();
        let names: Vec<&str> = list.entities.iter().map(|e| e.primary_name()).collect();
        assert_eq!(names, ["Ann Example", "Works, Ltd", "\"Quoted\" Name", "Анна"]);
        assert_eq!((list.version.records, list.rejected[0].position.line), (6, Some(7)));
        assert!(is_named_so(Path::new("a/targets.names.txt.gz")) && !is_named_so(Path::new("names.csv")));
    }
}
