//! Any bytes as the World Bank's list: within its frame, and alone.
#![no_main]
use interdict::list;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let framed =
        [b"{\"response\":{\"ZPROCSUPP\":[{\"SUPP_ID\":\"1\",\"SUPP_NAME\":".as_slice(), data, b"}]}}"]
            .concat();
    for bytes in [&framed[..], data] {
        if let Ok(list) = list::from_bytes("fuzz", bytes) {
            let v = &list.version;
            assert!(v.records >= v.entities + v.rejected, "read = loaded + rejected + merged");
        }
    }
});
