//! Any bytes as Australia's list: behind its header as CSV, and behind the mark of a workbook.
#![no_main]
use interdict::list;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for head in [
        b"Reference,Name of Individual or Entity,Type,Name Type,Date of Birth,Place of Birth,Address\n"
            .as_slice(),
        b"PK\x03\x04[Content_Types].xml".as_slice(),
    ] {
        if let Ok(list) = list::from_bytes("fuzz", &[head, data].concat()) {
            assert!(list.version.records >= list.version.entities + list.version.rejected);
        }
    }
    let _ = list::from_bytes("fuzz", data);
});
