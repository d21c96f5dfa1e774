//! Any bytes as a NACHA file: behind its beginning, and alone. A stream must give what the whole does.
#![no_main]
use interdict::payment::{self, Message, Reader};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let head: &[u8] =
        b"101 121042882 2313801041908071540A094101Granite Clearing House Quarry Street Bank    \n";
    for bytes in [&[head, data].concat()[..], data] {
        let whole = payment::read(bytes);
        assert!(!whole.is_empty(), "a file without a message is a problem");
        for message in &whole {
            for subject in &message.subjects {
                assert!(subject.transaction < message.transactions.len());
                assert!(subject.span.start <= subject.span.end);
                subject.queries().for_each(drop);
            }
        }
        let streamed: Vec<Message> = Reader::new(bytes).map(|message| message.unwrap()).collect();
        let all = |messages: &[Message]| -> Vec<_> {
            let counts = messages.iter().map(|m| (m.number, m.subjects.len(), m.problems.clone()));
            counts.collect()
        };
        assert_eq!(all(&whole), all(&streamed));
    }
});
