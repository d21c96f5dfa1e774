//! Any bytes as the EU's list as CSV 1.0: within its frame, and alone.
#![no_main]
use interdict::list;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let framed = [b"Date_file;Entity_logical_id;Subject_type;Programme;Naal_wholename;Birt_date;Iden_number;Citi_country\n".as_slice(), data, b""].concat();
    for bytes in [&framed[..], data] {
        if let Ok(list) = list::from_bytes("fuzz", bytes) {
            let v = &list.version;
            assert!(v.records >= v.entities + v.rejected, "read = loaded + rejected + merged");
        }
    }
});
