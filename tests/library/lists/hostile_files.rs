//! Files that are hostile: entities that expand, records without an end, compressed files that expand to terabytes.

use super::samples;
use interdict::list;
use std::time::{Duration, Instant};

#[test]
fn entities_of_xml_are_not_expanded() {
    for root in ["sdnList", "Sanctions", "export", "Designations", "CONSOLIDATED_LIST"] {
        let mut bomb = format!("<?xml version=\"1.0\"?>\n<!DOCTYPE {root} [\n<!ENTITY a \"ha\">\n");
        for (i, c) in ('b'..='l').enumerate() {
            let before = (b'a' + i as u8) as char;
            bomb += &format!("<!ENTITY {c} \"{}\">\n", format!("&{before};").repeat(10));
        }
        bomb += &format!("]>\n<{root}>&l;</{root}>");
        let e = list::from_bytes("bomb", bomb.as_bytes()).unwrap_err();
        assert!(e.to_string().contains("line 2") && e.to_string().contains("document type"), "{root}: {e}");
        let external = format!("<!DOCTYPE {root} SYSTEM \"file:///etc/passwd\"><{root}/>");
        assert!(list::from_bytes("external", external.as_bytes()).is_err());
        let undeclared = format!("<{root}>\n&l;</{root}>");
        let e = list::from_bytes("undeclared", undeclared.as_bytes()).unwrap_err();
        assert!(e.position().line == Some(2), "{root}: {e}");
    }
}

/// A file of any size, written without holding it in memory.
fn write_repeated(head: &str, body: &str, times: usize, tail: &str) -> tempfile::NamedTempFile {
    use std::io::Write;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    {
        let mut out = std::io::BufWriter::new(file.as_file_mut());
        out.write_all(head.as_bytes()).unwrap();
        for _ in 0..times {
            out.write_all(body.as_bytes()).unwrap();
        }
        out.write_all(tail.as_bytes()).unwrap();
        out.flush().unwrap();
    }
    file
}

#[test]
fn a_text_or_row_without_an_end_is_an_error() {
    // 16 MB by default: four times what a record may have. INTERDICT_HOSTILE_MB scales it up.
    let mb: usize = std::env::var("INTERDICT_HOSTILE_MB").ok().and_then(|n| n.parse().ok()).unwrap_or(16);
    let kilobyte = "x".repeat(1024);
    for (head, body, tail) in [
        (
            "<sdnList>\n<sdnEntry><uid>1</uid><lastName>",
            kilobyte.as_str(),
            "</lastName></sdnEntry></sdnList>",
        ),
        ("<sdnList>\n<!--", kilobyte.as_str(), "--></sdnList>"),
        ("<sdnList>\n<sdnEntry a=\"", kilobyte.as_str(), "\"/></sdnList>"),
        ("<sdnList>\n<![CDATA[", kilobyte.as_str(), "]]></sdnList>"),
        ("<sdnList>\n<", kilobyte.as_str(), "/></sdnList>"),
        ("<export>\n<sanctionEntity>", &"<nameAlias/>".repeat(86), "</sanctionEntity></export>"),
        ("name,country\n", &",".repeat(1024), "\n"),
        ("name,country\n\"", kilobyte.as_str(), "\"\n"),
        ("Report Date: 23-Sep-2030\nUnique ID,Name 6,Name 1\n", &",".repeat(1024), "\n"),
    ] {
        let file = write_repeated(head, body, mb << 10, tail);
        let begin = Instant::now();
        let e = list::read(file.path()).unwrap_err();
        assert!(e.to_string().contains("more than 4 MB"), "{head}: {e}");
        assert!(e.position().line.is_some_and(|l| l >= 2), "{head}: {e}");
        assert!(begin.elapsed() < Duration::from_secs(20), "{head}: {:?}", begin.elapsed());
    }
}

#[test]
fn a_table_of_ten_million_columns_is_refused_at_once() {
    let file = write_repeated("name,", "c,", 10_000_000, "\nA\n");
    let begin = Instant::now();
    let e = list::read(file.path()).unwrap_err();
    assert!(e.to_string().contains("line 1") && e.to_string().contains("more than 4 MB"), "{e}");
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
}

#[test]
fn junk_between_records_is_streamed() {
    let mb: usize = std::env::var("INTERDICT_HOSTILE_MB").ok().and_then(|n| n.parse().ok()).unwrap_or(16);
    let junk = format!("<!-- {} -->{}\n<other>{}</other>", "y".repeat(400), " ".repeat(200), "z".repeat(400));
    let head = "<sdnList><sdnEntry><uid>1</uid><lastName>A</lastName></sdnEntry>";
    let tail = "<sdnEntry><uid>2</uid><lastName>B</lastName></sdnEntry></sdnList>";
    let file = write_repeated(head, &junk, mb << 10, tail);
    let list = list::read(file.path()).unwrap().lists.remove(0);
    assert_eq!((list.entities.len(), list.version.records), (2, 2));
}

fn gzip(bytes: impl std::io::Read) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = std::io::BufReader::new(bytes);
    std::io::copy(&mut bytes, &mut flate2::write::GzEncoder::new(&mut out, flate2::Compression::best()))
        .unwrap();
    out
}

#[test]
fn compressed_lists_are_read_as_what_they_hold() {
    let (name, bytes, layout, entities) = samples()[1];
    let packed = gzip(bytes);
    let list = list::from_bytes(name, &packed).unwrap();
    assert_eq!((list.version.layout, list.entities.len()), (layout, entities));
    let plain = list::from_bytes(name, bytes).unwrap();
    assert_ne!(list.version.sha256, plain.version.sha256, "the digest is that of the file as published");
    for cut in (3..packed.len()).step_by(7) {
        let e = list::from_bytes(name, &packed[..cut]).unwrap_err();
        assert!(e.to_string().contains("damaged or was cut off"), "{cut}: {e}");
    }
    use std::io::Read;
    let head = &b"<sdnList><sdnEntry><uid>1</uid><lastName>A</lastName></sdnEntry>"[..];
    let bomb = gzip(head.chain(std::io::repeat(b' ').take(64 << 20)));
    assert!(bomb.len() < 100_000, "64 MB in {} bytes", bomb.len());
    let e = list::from_bytes("bomb", &bomb).unwrap_err();
    assert!(e.to_string().contains("more than"), "{e}");
    let lines = "<!-- junk -->\n".repeat(1 << 10);
    let mut junk = String::from_utf8(head.to_vec()).unwrap();
    (0..4 << 10).for_each(|_| junk += &lines);
    let bomb = gzip(junk.as_bytes());
    let e = list::from_bytes("bomb", &bomb).unwrap_err();
    assert!(e.to_string().contains("more than 200 times its size"), "{e}");
}
