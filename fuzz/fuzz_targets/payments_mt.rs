//! Any bytes as SWIFT MT: behind its beginning, and alone. A stream must give what the whole does.
#![no_main]
use interdict::payment::{self, Message, Reader};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let head: &[u8] = b"{1:F01BRLNDE21AXXX0001000001}{2:I103LNDNGB2LXXXXN}{4:\n:50K:";
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
