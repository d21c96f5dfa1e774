//! Any bytes as an input table: the counts add up.
#![no_main]
use interdict::batch::{Batch, CsvHits, Outputs};
use interdict::{Index, Screener, list};
use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

fuzz_target!(|data: &[u8]| {
    static SCREENER: OnceLock<Screener> = OnceLock::new();
    let screener = SCREENER.get_or_init(|| Screener::new(Index::build(&[list::starter()]).unwrap()));
    let mut bytes = b"name,dob,country\n".to_vec();
    bytes.extend_from_slice(data);
    // As CSV behind a header, and as whatever the bytes are by themselves.
    for input in [&bytes[..], data] {
        let (mut hits, mut rejected) = (CsvHits::new(Vec::new()), Vec::new());
        let outputs = Outputs::new(&mut hits, &mut rejected);
        if let Ok(s) = Batch::new(screener).threads(1).run(input, outputs) {
            assert_eq!(s.counts.rows, s.counts.screened + s.counts.rejected);
            assert_eq!(s.counts.rejected, rejected.len() as u64);
        }
    }
});
