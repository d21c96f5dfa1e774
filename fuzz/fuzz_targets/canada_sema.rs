//! Any bytes behind the head of this layout.
#![no_main]
use interdict::list;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut bytes = b"<data-set><record>".to_vec();
    bytes.extend_from_slice(data);
    if let Ok(list) = list::from_bytes("fuzz", &bytes) {
        assert!(list.version.records >= list.version.entities + list.version.rejected);
        assert_eq!(list.version.entities as usize, list.entities.len());
    }
});
