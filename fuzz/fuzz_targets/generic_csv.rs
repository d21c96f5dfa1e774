//! Any bytes as a generic CSV, and an index of what is read.
#![no_main]
use interdict::{Index, list};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut bytes = b"id,name,aliases,schema,dob,country\n".to_vec();
    bytes.extend_from_slice(data);
    if let Ok(list) = list::from_bytes("fuzz", &bytes) {
        let _ = Index::build(&[list]);
    }
    let _ = list::from_bytes("fuzz", data);
});
