//! Any bytes as an input table: the counts add up.
#![no_main]
use interdict::batch::{Batch, ColumnChoice, CsvHits, InputOptions, NO_DELIMITER, Outputs};
use interdict::{Index, Screener, list};
use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

fuzz_target!(|data: &[u8]| {
    static SCREENER: OnceLock<Screener> = OnceLock::new();
    let screener = SCREENER.get_or_init(|| Screener::new(Index::build(&[list::starter()]).unwrap()));
    let mut bytes = b"name,dob,country\n".to_vec();
    bytes.extend_from_slice(data);
    let mut parts = "sep=;\n姓;Prénom;Firma;Geburtsdatum;Länd\n".as_bytes().to_vec();
    parts.extend_from_slice(data);
    let plain = InputOptions::default();
    let second = plain.clone().header_row(Some(2));
    let one = plain.clone().delimiter(Some(NO_DELIMITER));
    // As CSV behind a header, behind one of names in parts, as whatever the bytes are by themselves, with a title above
    // the header, and as one column.
    let inputs = [(&bytes[..], &plain), (&parts, &plain), (data, &plain), (data, &second), (&bytes, &one)];
    for (input, options) in inputs {
        let (mut hits, mut rejected) = (CsvHits::new(Vec::new()), Vec::new());
        let outputs = Outputs::new(&mut hits, &mut rejected);
        let columns = ColumnChoice::default().sheet_rows(true);
        let batch = Batch::new(screener).threads(1).columns(columns).input(options.clone());
        if let Ok(s) = batch.run(input, outputs) {
            assert_eq!(s.counts.rows, s.counts.screened + s.counts.rejected);
            assert_eq!(s.counts.rejected, rejected.len() as u64);
        }
    }
});
