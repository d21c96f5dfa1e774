//! Detecting the delimiter of CSV.

use super::NO_DELIMITER;
use crate::headers::rate_header;
use crate::run::normalized;

/// The delimiters that are detected, in the order of preference.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Records that are read for it: enough for a few odd ones not to matter.
const RECORDS: usize = 50;

/// Detects the delimiter from the first bytes of a text: the one under which most wanted columns are in the
/// header, then the one under which most records have as many fields as the header, then the one that makes
/// most fields. A header without any of them is that of one column, whose lines are cells.
pub(super) fn sniff_delimiter(head: &[u8], wanted: &[String]) -> u8 {
    let rated = DELIMITERS.map(|d| (rate(head, d, wanted), d));
    let mut best = rated[0];
    for other in &rated[1..] {
        if other.0 > best.0 {
            best = *other;
        }
    }
    // Of an empty text any is right.
    if best.0.2 == 1 { NO_DELIMITER } else { best.1 }
}

/// Wanted columns in the header, agreement of the records with the header in tenths, and fields of the
/// header.
fn rate(head: &[u8], delimiter: u8, wanted: &[String]) -> (usize, usize, usize) {
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).delimiter(delimiter).has_headers(false).from_reader(head);
    let mut records = reader.byte_records().take(RECORDS).map_while(Result::ok);
    let Some(header) = records.next() else { return (0, 0, 0) };
    let headers: Vec<String> = header.iter().map(|h| normalized(&String::from_utf8_lossy(h))).collect();
    let known = match wanted {
        [] => rate_header(header.iter()).0,
        wanted => {
            let parts = wanted.iter().flat_map(|w| w.split('+').chain([w.as_str()]));
            parts.filter(|w| headers.contains(&normalized(w))).count()
        }
    };
    if header.len() == 1 {
        return (known, 0, 1);
    }
    let (mut same, mut all) = (0, 0);
    for record in records {
        all += 1;
        same += usize::from(record.len() == header.len());
    }
    // In tenths, so that one odd record does not decide.
    let agreement = 1 + (same * 10usize).checked_div(all).unwrap_or(0);
    (known, agreement, header.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_detected_by_the_header_and_the_records() {
        for (text, delimiter) in [
            ("name,country\na,b\n", ','),
            ("name;country\n\"a;b\";c,d\n", ';'),
            ("id\tname\tdob\n1\tDoe, Jane; Ms\t1970\n", '\t'),
            ("id|name\n1|a,b,c,d\n", '|'),
            ("name\nDoe, Jane\n", '\u{ff}'),
            ("name\n", '\u{ff}'),
            ("Nachname, Vorname;Geburtsdatum\na, b;c\n", ';'),
            ("\"last, first name\";name\n\"a, b\";c\n", ';'),
            ("name,note: a;b;c\nx,y\n", ','),
            ("name;note, more, and more\nx;y\n", ';'),
            ("", ','),
        ] {
            assert_eq!(char::from(sniff_delimiter(text.as_bytes(), &[])), delimiter, "{text}");
        }
        let wanted = ["Kunde".to_string()];
        assert_eq!(sniff_delimiter("Nr;Kunde;Ort, Land\n1;x, y;z\n".as_bytes(), &wanted), b';');
    }
}
