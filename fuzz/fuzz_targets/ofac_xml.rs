//! Any bytes behind the head of OFAC's XML.
#![no_main]
use interdict::list;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut bytes = b"<sdnList><sdnEntry>".to_vec();
    bytes.extend_from_slice(data);
    if let Ok(list) = list::from_bytes("fuzz", &bytes) {
        assert!(list.version.records >= list.version.rejected + list.version.entities);
        assert_eq!(list.version.entities as usize, list.entities.len());
        assert!(list.entities.iter().all(|e| !e.names.is_empty()));
    }
});
