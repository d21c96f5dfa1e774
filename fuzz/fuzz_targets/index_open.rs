//! Any bytes as an index file.
#![no_main]
use interdict::Index;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut bytes = b"INTERDX\n\x01\0\0\0".to_vec();
    bytes.extend_from_slice(data);
    assert!(Index::from_bytes(&bytes).is_err());
    assert!(Index::from_bytes(data).is_err());
});
