//! Any bytes behind the head of the UK's CSV.
#![no_main]
use interdict::list;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut bytes = b"Report Date: 23-Sep-2030\nUnique ID,Name 6,Name 1,Name type,D.O.B,Nationality(/ies),\"Individual, Entity, Ship\"\n".to_vec();
    bytes.extend_from_slice(data);
    if let Ok(list) = list::from_bytes("fuzz", &bytes) {
        assert!(list.version.records >= list.version.rejected + list.version.entities);
        assert_eq!(list.version.entities as usize, list.entities.len());
        assert!(list.entities.iter().all(|e| !e.names.is_empty()));
    }
});
