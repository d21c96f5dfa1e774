//! Any bytes as an array of JSON objects, within an object or not: within its frame, and alone.
#![no_main]
use interdict::list;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let framed = [b"{\"results\":[".as_slice(), data, b"],\"x\":1}"].concat();
    for bytes in [&framed[..], data] {
        if let Ok(list) = list::from_bytes("fuzz", bytes) {
            let v = &list.version;
            assert!(v.records >= v.entities + v.rejected, "read = loaded + rejected + merged");
        }
    }
});
