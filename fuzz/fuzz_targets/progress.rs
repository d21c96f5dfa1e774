//! Any bytes as the journal of an unfinished run: never a panic, never resumed, and nothing is changed.
#![no_main]
use interdict::batch::{Checkpoint, RunIdentity};
use interdict::{Index, list};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static IDENTITY: LazyLock<RunIdentity> = LazyLock::new(|| {
    RunIdentity::new(&Index::build(&[list::starter()]).unwrap(), Default::default(), Default::default())
});

fuzz_target!(|data: &[u8]| {
    let folder = std::env::temp_dir().join(format!("interdict-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let output = folder.join("hits.csv");
    let journal = Checkpoint::journal_of(&output);
    std::fs::write(&journal, data).unwrap();
    // The seal is a hash of what no fuzzer hits upon.
    assert!(Checkpoint::resume(&output, &IDENTITY).is_err());
    assert_eq!(std::fs::read(&journal).unwrap(), data);
});
