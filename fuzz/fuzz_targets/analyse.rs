//! Any text as a name, in every schema; equal names score 1 or hold nothing to compare.
#![no_main]
use interdict::entity::Schema;
use interdict::name::{MAX_TOKENS, analyse};
use interdict::score::score_names;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|name: &str| {
    for schema in Schema::ALL {
        let analysed = analyse(name, schema);
        assert!(analysed.tokens().len() <= MAX_TOKENS);
        let same = score_names(name, name, schema);
        assert!(same == 1.0 || same == 0.0, "{same}");
    }
});
