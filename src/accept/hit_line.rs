//! Hits as they were written, read back: the source of an acceptance.

use crate::batch::spreadsheet::original;
use crate::error::{Error, ErrorKind, Position, Result};
use crate::run::{HIT_COLUMNS, HitLine};
use std::io::{BufRead, BufReader, Read};

/// Reads hits as CSV or JSON Lines, which are distinguished by the first character, and keeps those that are
/// `wanted`. Of a line only the columns are read that identify a hit: row, query, list, entity and the row's
/// own id.
///
/// A CSV without its header is read by the fixed order of the first columns, so that a single line is an
/// input, too.
///
/// # Errors
///
/// The input is empty, or a line is no hit.
pub fn read_hits(
    input: impl Read,
    mut wanted: impl FnMut(&HitLine<'_>) -> bool,
) -> Result<Vec<HitLine<'static>>> {
    let mut input = BufReader::new(input);
    let mut kept = Vec::new();
    if input.fill_buf()?.is_empty() {
        return Err(Error::new(ErrorKind::Empty));
    }
    let keep = |line: HitLine<'static>| kept.extend(Some(line).filter(&mut wanted));
    if input.buffer().trim_ascii_start().starts_with(b"{") {
        read_json(input, keep)?;
    } else {
        read_csv(input, keep)?;
    }
    Ok(kept)
}

fn read_json(input: impl BufRead, mut keep: impl FnMut(HitLine<'static>)) -> Result<()> {
    for (number, line) in (1..).zip(input.lines()) {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let fail =
            |reason: String| Error::malformed(format!("no hit as JSON: {reason}")).at(Position::line(number));
        let object: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&line).map_err(|e| fail(e.to_string()))?;
        let column = |name: &str| match object.get(name)? {
            serde_json::Value::String(text) => Some(text.clone()),
            serde_json::Value::Number(n) => Some(n.to_string()),
            _ => None,
        };
        keep(HitLine::from_columns(column).map_err(|name| fail(format!("missing field `{name}`")))?);
    }
    Ok(())
}

fn read_csv(input: impl Read, mut keep: impl FnMut(HitLine<'static>)) -> Result<()> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(input);
    let mut header: Option<csv::StringRecord> = None;
    for (number, record) in (1..).zip(reader.records()) {
        let at = |e: &csv::Error| Position::line(e.position().map_or(number, csv::Position::line));
        let record = record.map_err(|e| Error::malformed(e.to_string()).at(at(&e)))?;
        let header = match &header {
            Some(header) => header,
            None => {
                let first: csv::StringRecord =
                    record.iter().map(|h| h.trim_start_matches('\u{feff}')).collect();
                if first.iter().any(|h| h == "row") {
                    header = Some(first);
                    continue;
                }
                header.insert(HIT_COLUMNS[..6].iter().collect())
            }
        };
        let line = record.position().map_or(number, csv::Position::line);
        let column = |name: &str| {
            let at = header.iter().position(|h| h == name)?;
            record.get(at).map(|value| original(value).to_string())
        };
        let hit = HitLine::from_columns(column).ok();
        let hit = hit.filter(|h| !h.hit.list.is_empty() && !h.hit.entity_id.is_empty()).ok_or_else(|| {
            Error::malformed("no hit: the columns row, query, score, list, entity_id are expected")
                .at(Position::line(line))
        })?;
        keep(hit);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_hit_reads_the_same() {
        let csv = "row,query,score,list,entity_id,entity_name,matched_name,schema,program,matched_by,id\n\
                   7,'=x,0.9,sdn,12,X,X,Company,P,name,c-1\n";
        let json = "{\"row\":7,\"query\":\"=x\",\"score\":0.9,\"list\":\"sdn\",\"entity_id\":\"12\",\"entity_name\":\"X\",\"matched_name\":\"X\",\"matched_by\":\"name\",\"id\":\"c-1\",\"more\":1}\n";
        let hits = read_hits(csv.as_bytes(), |_| true).unwrap();
        assert_eq!((hits[0].row, &*hits[0].query, hits[0].id()), (7, "=x", Some("c-1")));
        assert_eq!(read_hits(json.as_bytes(), |_| true).unwrap(), hits);
        let alone = read_hits(csv.lines().nth(1).unwrap().as_bytes(), |_| true).unwrap();
        // Without its header a line does not say how it matched: its fields are not known.
        let mut known = HitLine { extra: Vec::new(), ..hits[0].clone() };
        (known.hit.matched_name, known.hit.matched_by) = Default::default();
        assert_eq!(alone, [known]);
        assert!(read_hits(csv.as_bytes(), |h| h.row != 7).unwrap().is_empty());
        for bad in ["", "name\nx\n", "{\"row\":1}\n", "1,2,3\n"] {
            assert!(read_hits(bad.as_bytes(), |_| true).is_err(), "{bad}");
        }
    }
}
