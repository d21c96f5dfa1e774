//! Any bytes as the denied persons of the US: within its frame, and alone.
#![no_main]
use interdict::list;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let framed = [b"Name\tStreet_Address\tCity\tState\tCountry\tPostal_Code\tEffective_Date\tExpiration_Date\tStandard_Order\tLast_Update\tAction\tFR_Citation\n".as_slice(), data, b""].concat();
    for bytes in [&framed[..], data] {
        if let Ok(list) = list::from_bytes("fuzz", bytes) {
            let v = &list.version;
            assert!(v.records >= v.entities + v.rejected, "read = loaded + rejected + merged");
        }
    }
});
