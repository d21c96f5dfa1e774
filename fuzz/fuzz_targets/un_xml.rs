//! Any bytes behind the head of the UN's XML.
#![no_main]
use interdict::list;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut bytes = b"<CONSOLIDATED_LIST><INDIVIDUAL>".to_vec();
    bytes.extend_from_slice(data);
    if let Ok(list) = list::from_bytes("fuzz", &bytes) {
        assert!(list.version.records >= list.version.rejected);
        assert_eq!(list.version.entities as usize, list.entities.len());
    }
});
