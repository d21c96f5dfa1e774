//! Any bytes behind an audit trail's header: never intact, never a panic.
#![no_main]
use interdict::audit;
use libfuzzer_sys::fuzz_target;

const HEADER: &[u8] = br#"{"previous":"0000000000000000000000000000000000000000000000000000000000000000","audit":1,"date":"2026-01-31","configuration_sha256":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","layout":"CSV","columns":"name","program":"x","configuration":{},"lists":[],"input":{"path":"x","sha256":null,"bytes":null}}"#;

fuzz_target!(|data: &[u8]| {
    let mut bytes = HEADER.to_vec();
    bytes.extend_from_slice(data);
    if let Ok(checked) = audit::verify(&bytes[..]) {
        assert!(checked.counts.rows == checked.counts.screened + checked.counts.rejected);
        if checked.is_intact() {
            assert!(checked.seal.is_some());
        }
    }
});
