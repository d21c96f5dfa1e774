//! Any bytes as an input table: the counts add up.
#![no_main]
use interdict::batch::{Batch, CsvHits};
use interdict::{Index, Screener, list};
use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

fuzz_target!(|data: &[u8]| {
    static SCREENER: OnceLock<Screener> = OnceLock::new();
    let screener = SCREENER.get_or_init(|| Screener::new(Index::build(&[list::starter()]).unwrap()));
    let mut bytes = b"name,dob,country\n".to_vec();
    bytes.extend_from_slice(data);
    let mut hits = CsvHits::new(Vec::new()).unwrap();
    if let Ok(s) = Batch::new(screener).run(&bytes[..], &mut hits, |_| ()) {
        assert_eq!(s.rows, s.screened + s.rejected);
    }
});
