//! Messages that are cut, changed or hostile: never a panic, and never fewer subjects without a problem.

use super::messages::all;
use interdict::payment;
use proptest::prelude::*;

fn outcome(bytes: &[u8]) -> (usize, bool) {
    let messages = payment::read(bytes);
    let subjects = messages.iter().map(|m| m.subjects.len()).sum();
    (subjects, messages.iter().any(|m| !m.problems.is_empty()))
}

#[test]
fn every_byte_changed_is_told_or_loses_nothing() {
    let mut silent = Vec::new();
    for (kind, text) in all() {
        let (subjects, _) = outcome(text.as_bytes());
        for at in 0..text.len() {
            for flip in [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80] {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= flip;
                let (found, is_told) = outcome(&bytes);
                if !is_told && found < subjects {
                    let around = &bytes[at.saturating_sub(20)..(at + 20).min(bytes.len())];
                    let around = String::from_utf8_lossy(around).into_owned();
                    silent.push(format!("{kind}, byte {at} ^ {flip:#x}: {found} of {subjects}, {around:?}"));
                }
            }
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn a_message_cut_anywhere_is_told() {
    let mut silent = Vec::new();
    for (kind, text) in all() {
        let (subjects, _) = outcome(text.as_bytes());
        for at in 0..text.len() {
            // Neither a Fedwire message nor a file of messages has an end: cut between two it looks whole.
            let head = text[..at].trim_end_matches(['$', '\r', '\n']);
            let is_between = head.ends_with('*') && kind == "Fedwire" || head.ends_with('}') && kind == "ACK";
            if is_between {
                continue;
            }
            let (found, is_told) = outcome(&text.as_bytes()[..at]);
            if !is_told && found < subjects {
                silent.push(format!("{kind} cut at {at}: {found} of {subjects}"));
            }
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn hostile_files_are_refused_with_their_place() {
    let problem = |text: &str| payment::read(text.as_bytes())[0].problems[0].to_string();
    assert_eq!(
        problem("<!DOCTYPE a [<!ENTITY b \"c\">]><Document/>"),
        "byte 0: a document type declaration is refused"
    );
    assert!(problem(&format!("<Document>{}", "<a>".repeat(100))).contains("more than 64 elements"));
    assert!(
        problem("<Document><PmtRtr><Dbtr><Nm>A &x; B</Nm></Dbtr></PmtRtr></Document>")
            .contains("stands for nothing")
    );
    assert!(problem("").contains("no message"));
    assert!(problem("hello world").contains("no format"));
    assert!(
        problem("{1:F01BRLNDE21AXXX0001000001}{2:I103LNDNGB2LXXXXN}{4:\n:20:X\n:59:JANE\n")
            .contains("no end")
    );
    assert!(problem("<html><body>Jane</body></html>").contains("no ISO 20022 message"));
}

#[test]
fn the_messages_around_an_unreadable_one_are_read() {
    let good = super::messages::CAMT056;
    let file = format!("{good}<Document><FICdtTrf><Dbtr><Nm>Lost</Dbtr></FICdtTrf></Document>{good}");
    let messages = payment::read(file.as_bytes());
    let read: Vec<_> = messages.iter().map(|m| (m.subjects.len(), m.problems.len())).collect();
    assert_eq!(read, [(2, 0), (1, 1), (2, 0)]);
}

proptest! {
    #[test]
    fn no_bytes_are_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), head in 0..6usize) {
        let heads: [&[u8]; 6] = [b"", b"<Document>", b"{1:F01X}{2:I103", b"101 121042882 2313801041812180000A094101", b"{1500}", b":20:"];
        let bytes = [heads[head], &bytes[..]].concat();
        let whole = payment::read(&bytes);
        prop_assert!(!whole.is_empty());
        let _: Vec<_> = payment::Reader::new(&bytes[..]).collect();
    }

    #[test]
    fn mixed_pieces_of_messages_are_no_panic(cuts in prop::collection::vec((0..12usize, 0.0..1.0f64, 1..200usize), 1..8)) {
        let messages = all();
        let mut bytes = Vec::new();
        for (which, from, length) in cuts {
            let text = messages[which].1.as_bytes();
            let from = (from * text.len() as f64) as usize;
            bytes.extend_from_slice(&text[from..(from + length).min(text.len())]);
        }
        prop_assert!(!payment::read(&bytes).is_empty());
    }
}
