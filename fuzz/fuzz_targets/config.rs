//! Any bytes as a configuration: never a panic, and what is read is written so that it reads the same.
#![no_main]
use interdict::Config;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(config) = Config::parse(text) {
        let again = Config::parse(&config.to_toml()).expect("what was written is read");
        assert_eq!(again.canonical(), config.canonical());
    }
});
