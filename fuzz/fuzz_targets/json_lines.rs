//! Any bytes behind a first line of each layout in JSON Lines.
#![no_main]
use interdict::list;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for head in [
        r#"{"id":"1","schema":"Person","caption":"A","properties":{"addressEntity":["2"]}}"#,
        r#"{"DATA_SOURCE":"X","RECORD_ID":"1","NAME_FULL":"A"}"#,
        r#"{"name":"A","aliases":["B"]}"#,
    ] {
        if let Ok(list) = list::from_bytes("fuzz", &[head.as_bytes(), b"\n", data].concat()) {
            assert!(list.version.records >= list.version.entities + list.version.rejected);
            assert_eq!(list.version.entities as usize, list.entities.len());
        }
    }
});
