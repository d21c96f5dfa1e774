//! Payment messages: who is named in them, and their verdict.
//!
//! [`read`] takes the bytes of a file and returns its messages, each with its kind, its ids and its *subjects*: parties,
//! agents, free texts, countries and identifiers, with role, fields, path and place. [`screen`](screen()) gives the verdict
//! of a message. [`Reader`] reads files of any length in bounded memory.
//!
//! ```
//! use interdict::payment::{self, SubjectKind};
//!
//! let text = b"{1:F01BANKDEFFAXXX0000000000}{2:I103BANKGB2LXXXXN}{4:\r\n:20:REF-1\r\n:23B:CRED\r\n:32A:260615EUR1000,50\r\n\
//!              :50F:/DE89370400440532013000\r\n1/JOHN DOE\r\n2/MAIN STREET 1\r\n3/DE/BONN\r\n\
//!              :59:/GB29NWBK60161331926819\r\nJANE ROE\r\n:70:INVOICE 12\r\n:71A:SHA\r\n-}";
//! let message = &payment::read(text)[0];
//! assert_eq!((&*message.kind, &*message.ids().message_id), ("MT103", "REF-1"));
//! let debtor = message.subjects.iter().find(|s| s.role == "debtor").unwrap();
//! assert_eq!((&*debtor.name, &*debtor.countries[0], debtor.kind), ("JOHN DOE", "DE", SubjectKind::Party));
//! assert_eq!(&text[debtor.span.start as usize..debtor.span.end as usize], b"JOHN DOE");
//! ```
//!
//! | file | content |
//! |---|---|
//! | `iso20022` | pacs, pain, camt, remt and whatever else has their elements |
//! | `mt` | SWIFT MT |
//! | `nacha`, `fedwire` | NACHA files; Fedwire's format before ISO 20022 |
//! | `detect` | the format by content |
//! | `message`, `subject` | what is read |
//! | `embargo`, `verdict` | embargoed countries and places; the verdict |
//! | `reader` | files of any length |
//!
//! Nothing that names a party is dropped: a text under a party whose meaning is not known is screened as text. What cannot
//! be read is a [`Problem`] with its place, and the messages around it are read; a message with a problem is
//! [`Verdict::Unreadable`], whatever else was found.
//!
//! Cost: some ten microseconds for a message of 3 kB; texts are slices of the message. Limits: elements within each other
//! to a depth of 64; a document type declaration is refused; nothing is validated beyond what reading needs.

mod detect;
mod embargo;
mod fedwire;
mod iso20022;
mod message;
mod mt;
mod nacha;
mod reader;
mod subject;
mod verdict;

pub use embargo::{Embargo, EmbargoMatch};
pub use message::{Format, Ids, Message, Problem};
pub use reader::Reader;
pub use subject::{AddressPart, Subject, SubjectIdentifier, SubjectKind};
pub use verdict::{Cause, Finding, ScreenedMessage, Verdict, screen, screen_each};

use std::borrow::Cow;

/// Reads all messages of a file. What cannot be read is among the [`problems`](Message::problems) of a message.
///
/// Texts are slices of `bytes`, if these are UTF-8 or a format of lines. Of other encodings places count in the text
/// decoded to UTF-8.
pub fn read(bytes: &[u8]) -> Vec<Message<'_>> {
    let Some((encoding, mark)) = detect::encoding(bytes) else { return read_utf8(bytes) };
    let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
    let mut messages: Vec<Message<'_>> =
        read_utf8(text.as_bytes()).into_iter().map(Message::into_owned).collect();
    note_replaced(&mut messages, text.as_bytes(), 0);
    messages
}

/// Notes in which messages the decoding of a file put U+FFFD for bytes that are not valid in its encoding. `text` is the
/// decoded file from byte `base` on.
fn note_replaced(messages: &mut [Message<'_>], text: &[u8], base: u64) {
    let place = |byte: u64| text.len().min(byte.saturating_sub(base) as usize);
    for message in messages {
        let (start, end) = (place(message.span.start), place(message.span.end));
        if let Some(at) = memchr::memmem::find(&text[start..end.max(start)], "\u{fffd}".as_bytes()) {
            let reason = "a character that is not valid in the encoding of the file";
            message.problems.push(Problem::new(base + (start + at) as u64, reason));
        }
    }
}

fn read_utf8(bytes: &[u8]) -> Vec<Message<'_>> {
    let mut messages = Vec::new();
    if !bytes.trim_ascii().is_empty() {
        detect::extractor(bytes).run(bytes, 0, true, &mut messages);
    }
    if messages.is_empty() {
        messages.push(nothing("the file holds no message"));
    }
    messages
}

/// A message that could not be read at all.
fn nothing(reason: &str) -> Message<'static> {
    let transactions = vec![Ids::default()];
    Message { number: 1, transactions, problems: vec![Problem::new(0, reason)], ..Message::default() }
}

/// A text of a format of lines: UTF-8, or else windows-1252, of which every byte is a character.
fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()),
    }
}

/// The beginning of a text, for a message.
fn shortened(text: &str) -> String {
    let trimmed = text.trim();
    let short: String = trimmed.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if short.len() < trimmed.len() { format!("{short}…") } else { short }
}
