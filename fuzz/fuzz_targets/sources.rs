//! Any bytes as a file of sources: never a panic, and no source that is read may write outside of its folder or fetch from
//! another machine without encryption unless it says so.
#![no_main]
use interdict::update::parse_sources;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for source in parse_sources(text).unwrap_or_default() {
        let _ = source.named_layout();
        for file in &source.files {
            assert!(!file.name.contains('/') && !file.name.starts_with('.'));
            assert!(
                source.unencrypted || file.address.starts_with("https") || file.address.starts_with("http")
            );
        }
    }
});
