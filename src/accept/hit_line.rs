//! Hits as they were written, read back: what an acceptance is made from.

use crate::batch::spreadsheet::original;
use crate::error::{Error, ErrorKind, Position, Result};
use serde::Deserialize;
use std::io::{BufRead, Read};

/// A hit as it stands in a file of hits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct HitLine {
    /// 1-based record number of the input.
    pub row: u64,
    /// The counterparty's name.
    pub query: String,
    /// The list.
    pub list: String,
    /// The entity's id in its list.
    pub entity_id: String,
    /// The entity's primary name.
    #[serde(default)]
    pub entity_name: String,
    /// The counterparty's id, where the hits have one.
    #[serde(default)]
    pub id: Option<String>,
}

/// The first columns of hits, which never change.
const FIRST: [&str; 6] = ["row", "query", "score", "list", "entity_id", "entity_name"];

/// Reads hits as CSV or JSON Lines (told by the first character) and keeps those that are `wanted`.
///
/// A CSV without its header is read by the fixed order of the first columns, so that a single line can be given.
///
/// # Errors
///
/// The input is empty, or a line is no hit.
pub fn read_hits(input: impl Read, mut wanted: impl FnMut(&HitLine) -> bool) -> Result<Vec<HitLine>> {
    let mut input = std::io::BufReader::new(input);
    let mut kept = Vec::new();
    if input.fill_buf()?.is_empty() {
        return Err(Error::new(ErrorKind::Empty));
    }
    if input.buffer().trim_ascii_start().starts_with(b"{") {
        for (number, line) in (1..).zip(input.lines()) {
            let line = line?;
            if line.trim().is_empty() {
                continue;
            }
            let hit: HitLine = serde_json::from_str(&line)
                .map_err(|e| Error::malformed(format!("no hit as JSON: {e}")).at(Position::line(number)))?;
            kept.extend(Some(hit).filter(&mut wanted));
        }
        return Ok(kept);
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(input);
    let mut columns: Option<[Option<usize>; 6]> = None;
    for (number, record) in (1..).zip(reader.records()) {
        let at = |e: &csv::Error| Position::line(e.position().map_or(number, csv::Position::line));
        let record = record.map_err(|e| Error::malformed(e.to_string()).at(at(&e)))?;
        let find = |name: &str| record.iter().position(|h| h.trim_start_matches('\u{feff}') == name);
        let columns = match columns {
            Some(columns) => columns,
            None => {
                let header = find("row").is_some();
                let fixed = |name: &str| FIRST.iter().position(|f| *f == name);
                let found = ["row", "query", "list", "entity_id", "entity_name", "id"]
                    .map(|name| if header { find(name) } else { fixed(name) });
                columns = Some(found);
                if header {
                    continue;
                }
                found
            }
        };
        let line = record.position().map_or(number, csv::Position::line);
        let get = |column: usize| columns[column].and_then(|i| record.get(i)).map(original);
        let hit = (|| {
            let (row, query) = (get(0)?.parse().ok()?, get(1)?.to_string());
            let (list, entity_id) = (get(2)?.to_string(), get(3)?.to_string());
            let entity_name = get(4).unwrap_or_default().to_string();
            Some(HitLine { row, query, list, entity_id, entity_name, id: get(5).map(String::from) })
        })();
        let hit = hit.filter(|h| !h.list.is_empty() && !h.entity_id.is_empty()).ok_or_else(|| {
            Error::malformed("no hit: the columns row, query, score, list, entity_id are expected")
                .at(Position::line(line))
        })?;
        kept.extend(Some(hit).filter(&mut wanted));
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_hit_reads_the_same() {
        let csv = "row,query,score,list,entity_id,entity_name,matched_name,schema,program,matched_by,id\n\
                   7,'=x,0.9,sdn,12,X,X,Company,P,name,c-1\n";
        let json = "{\"row\":7,\"query\":\"=x\",\"score\":0.9,\"list\":\"sdn\",\"entity_id\":\"12\",\"entity_name\":\"X\",\"id\":\"c-1\",\"more\":1}\n";
        let hits = read_hits(csv.as_bytes(), |_| true).unwrap();
        assert_eq!((hits[0].row, hits[0].query.as_str(), hits[0].id.as_deref()), (7, "=x", Some("c-1")));
        assert_eq!(read_hits(json.as_bytes(), |_| true).unwrap(), hits);
        let alone = read_hits(csv.lines().nth(1).unwrap().as_bytes(), |_| true).unwrap();
        assert_eq!(alone, [HitLine { id: None, ..hits[0].clone() }]);
        assert!(read_hits(csv.as_bytes(), |h| h.row != 7).unwrap().is_empty());
        for bad in ["", "name\nx\n", "{\"row\":1}\n", "1,2,3\n"] {
            assert!(read_hits(bad.as_bytes(), |_| true).is_err(), "{bad}");
        }
    }
}
