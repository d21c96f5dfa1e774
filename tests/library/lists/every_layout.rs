//! What holds for the samples of every layout, and for every file of a folder.

use super::{samples, shared_lists};
use interdict::ErrorKind;
use interdict::list::{self, Layout, SkipReason};

#[test]
fn layouts_are_recognised_by_their_content() {
    for (name, bytes, layout, entities) in samples() {
        let list = list::from_bytes("anything", bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!((list.version.layout, list.entities.len()), (layout, entities), "{name}");
        assert!(list.rejected.iter().all(|r| r.position.line.is_some()), "{name}");
    }
}

#[test]
fn a_list_cut_anywhere_is_never_silently_shorter() {
    for (name, bytes, _, entities) in samples() {
        let whole = list::from_bytes(name, bytes).unwrap();
        let end = bytes.iter().rposition(|b| !b.is_ascii_whitespace() && *b != 0x1a).unwrap() + 1;
        // Every seventh byte of the long samples, unless the variable asks for all.
        let all = bytes.len() < 4_000 || std::env::var_os("INTERDICT_ALL_CUTS").is_some();
        for cut in (0..end).step_by(if all { 1 } else { 7 }) {
            match list::from_bytes(name, &bytes[..cut]) {
                Err(e) => {
                    let has_position = e.position().line.is_some() || cut < bytes.len() / 2;
                    assert!(has_position, "{name} cut at {cut}: {e}");
                }
                // A table has no end mark: cut between two rows, it is another table. Cut within a row, the
                // row is rejected, or has lost only the end of its last field.
                Ok(list) if name.ends_with(".csv") => {
                    let rows = |upto: usize| bytes[..upto].iter().filter(|b| **b == b'\n').count();
                    let between = bytes[cut - 1] == b'\n' || matches!(bytes[cut], b'\r' | b'\n');
                    let last_field = bytes[cut..].iter().position(|b| *b == b'\n').is_some_and(|n| {
                        let rest = &bytes[cut..cut + n];
                        !rest.contains(&b',') && !rest.contains(&b';')
                    });
                    assert!(
                        between
                            || last_field
                            || list.rejected.iter().any(|r| r.position.line == Some(rows(cut) as u64 + 1)),
                        "{name} cut at {cut}: {:?}",
                        list.rejected
                    );
                }
                Ok(list) => panic!("{name} cut at {cut} of {end}: {} of {entities}", list.entities.len()),
            }
        }
        assert_eq!(whole.entities.len(), entities);
    }
}

#[test]
fn bytes_that_are_no_utf8_are_errors_or_rejected_in_their_place() {
    for (name, bytes, ..) in samples() {
        let whole = list::from_bytes(name, bytes).unwrap();
        // A letter of the last record.
        let at = bytes.iter().rposition(u8::is_ascii_uppercase).unwrap();
        let mut broken = bytes.to_vec();
        broken[at] = 0xff;
        match list::from_bytes(name, &broken) {
            Err(e) => assert!(e.position().line.is_some(), "{name}: {e}"),
            Ok(list) => {
                assert!(
                    list.rejected.len() >= whole.rejected.len()
                        && list.version.records <= whole.version.records
                );
                assert!(list.rejected.iter().any(|r| r.reason.contains("UTF-8")), "{name}");
            }
        }
    }
}

#[test]
fn every_record_of_every_file_is_loaded_or_rejected() {
    // Other folders beside these hold layouts that no reader knows yet.
    let folders = [
        "ofac",
        "ofac_consolidated",
        "un",
        "canada",
        "opensanctions",
        "eu_journal",
        "generic",
        "china",
        "bench",
    ];
    let mut lists = Vec::new();
    for folder in folders {
        let Some(folder) = shared_lists(folder) else { return };
        let loaded = list::read(folder).unwrap();
        assert_eq!(loaded.skipped, [], "every file is a list or a part of one");
        lists.extend(loaded.lists);
    }
    for (name, layout, records, entities) in [
        ("ofac-sdn", Layout::OfacDelimited, 12_464, 12_464),
        ("ofac-consolidated", Layout::OfacXml, 443, 443),
        ("un-sc", Layout::UnXml, 877, 877),
        ("canada-sema", Layout::CanadaSema, 4_759, 4_759),
        ("ua_war_sanctions", Layout::OpenSanctionsSimple, 5_600, 5_600),
        ("interpol", Layout::OpenSanctionsSimple, 6_561, 6_561),
        ("sample", Layout::FollowTheMoney, 91, 17),
        ("32014R0269", Layout::GenericCsv, 2_802, 2_802),
        ("eu", Layout::GenericCsv, 5_316, 5_314),
        ("uk", Layout::GenericCsv, 2_523, 2_413),
        ("australia", Layout::GenericCsv, 9_983, 9_933),
        ("counter_sanctions", Layout::GenericCsv, 610, 605),
        ("dod_chinese_military_companies", Layout::GenericCsv, 397, 288),
        ("ofac_un_latin", Layout::GenericCsv, 33_055, 13_148),
    ] {
        let found = lists.iter().find(|l| l.version.name == name);
        let list = found.unwrap_or_else(|| panic!("{name} was not read"));
        let v = &list.version;
        assert_eq!((v.layout, v.records, v.entities, v.rejected), (layout, records, entities, 0), "{name}");
        assert!(!v.is_incomplete(), "{name}: the file states {:?}", v.declared);
        assert!(list.entities.iter().all(|e| !e.names.is_empty() && !e.id.is_empty()), "{name}");
    }
    assert_eq!(lists.len(), 14);
}

#[test]
fn an_archive_and_an_index_are_recognised() {
    use std::io::Write;
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("sdn_xml.zip");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&archive).unwrap());
    zip.start_file("sdn.xml", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(b"<sdnList/>").unwrap();
    zip.start_file("other.xml", zip::write::SimpleFileOptions::default()).unwrap();
    zip.finish().unwrap();
    let index = folder.path().join("lists.idx");
    let list = list::from_bytes("mine", b"id,name\n1,Ann Other\n").unwrap();
    interdict::Index::build(std::slice::from_ref(&list)).unwrap().save(&index).unwrap();
    std::fs::write(folder.path().join("mine.csv"), "id,name\n1,Ann Other\n").unwrap();
    let whole = list::read(folder.path()).unwrap();
    assert_eq!((whole.lists.len(), whole.skipped.len()), (1, 2));
    for (path, reason, text) in
        [(&archive, SkipReason::Archive, "unpack it"), (&index, SkipReason::IndexFile, "an index file")]
    {
        let error = list::read(path).unwrap_err();
        assert!(error.to_string().contains(text), "{error}");
        let is_index = matches!(error.kind(), ErrorKind::IndexInsteadOfList);
        assert_eq!(is_index, reason == SkipReason::IndexFile, "{error:?}");
        let skipped = whole.skipped.iter().find(|s| s.path == *path).unwrap();
        assert_eq!(skipped.reason, reason);
        assert!(reason.to_string().contains(text), "{reason}");
    }
}
