//! Any bytes as a file of a mapping: never a panic, and an error says where.
#![no_main]
use interdict::batch::Mapping;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(mapping) = Mapping::parse(text) {
        assert_eq!(Mapping::parse(text).ok(), Some(mapping));
    }
});
