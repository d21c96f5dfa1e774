//! Any bytes as OFSI's list as XML: within its frame, and alone.
#![no_main]
use interdict::list;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let framed = [
        b"<ArrayOfFinancialSanctionsTarget><FinancialSanctionsTarget>".as_slice(),
        data,
        b"</FinancialSanctionsTarget></ArrayOfFinancialSanctionsTarget>",
    ]
    .concat();
    for bytes in [&framed[..], data] {
        if let Ok(list) = list::from_bytes("fuzz", bytes) {
            let v = &list.version;
            assert!(v.records >= v.entities + v.rejected, "read = loaded + rejected + merged");
        }
    }
});
