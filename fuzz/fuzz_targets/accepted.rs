//! Any bytes as a file of accepted hits and as hits to accept: never a panic, lines in the order of the file.
#![no_main]
use interdict::accept;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut file = format!("{}\n", accept::COLUMNS.join(",")).into_bytes();
    file.extend_from_slice(data);
    for bytes in [&file[..], data] {
        if let Ok(lines) = accept::read(bytes) {
            assert!(lines.windows(2).all(|pair| pair[0].0 < pair[1].0));
            assert!(lines.iter().all(|(_, a)| !a.list.is_empty() && !a.entity_id.is_empty()));
        }
    }
    let mut seen = 0;
    let kept = accept::read_hits(data, |hit| {
        seen += 1;
        hit.row % 2 == 1
    });
    if let Ok(kept) = kept {
        assert!(kept.len() <= seen && kept.iter().all(|hit| hit.row % 2 == 1));
    }
});
