//! The format and the encoding of a file, by its content.

use super::message::{Format, Ids, Message, Problem};
use super::{fedwire, iso20022, mt, nacha};
use encoding_rs::Encoding;

/// Bytes in which the encoding of XML is declared.
const DECLARATION: usize = 256;

/// Reads messages of one format.
pub(super) enum Extractor {
    Iso20022(iso20022::Extractor),
    Mt(mt::Extractor),
    Nacha(nacha::Extractor),
    Fedwire(fedwire::Extractor),
    Unknown,
}

/// The extractor for a file that begins with these bytes.
pub(super) fn extractor(bytes: &[u8]) -> Extractor {
    if iso20022::is_xml(bytes) {
        Extractor::Iso20022(iso20022::Extractor::default())
    } else if fedwire::is_fedwire(bytes) {
        Extractor::Fedwire(fedwire::Extractor::default())
    } else if nacha::is_nacha(bytes) {
        Extractor::Nacha(nacha::Extractor::default())
    } else if mt::is_mt(bytes) || memchr::memmem::find(bytes, b"{1:").is_some() {
        Extractor::Mt(mt::Extractor::default())
    } else {
        Extractor::Unknown
    }
}

impl Extractor {
    /// Reads the messages of a buffer: see [`iso20022::Extractor::run`].
    pub(super) fn run<'x>(
        &mut self,
        bytes: &'x [u8],
        base: u64,
        is_last: bool,
        out: &mut Vec<Message<'x>>,
    ) -> usize {
        match self {
            Extractor::Iso20022(e) => e.run(bytes, base, is_last, out),
            Extractor::Mt(e) => e.run(bytes, base, is_last, out),
            Extractor::Nacha(e) => e.run(bytes, base, is_last, out),
            Extractor::Fedwire(e) => e.run(bytes, base, is_last, out),
            Extractor::Unknown => {
                let reason = "the file is in no format that is known: ISO 20022, SWIFT MT, NACHA, Fedwire";
                if base == 0 {
                    out.push(Message {
                        number: 1,
                        format: Format::Unknown,
                        transactions: vec![Ids::default()],
                        problems: vec![Problem::new(0, reason)],
                        span: 0..bytes.len() as u64,
                        ..Message::default()
                    });
                }
                bytes.len()
            }
        }
    }
}

/// The encoding of a file that is not UTF-8, and the length of its byte order mark: by this mark, by NUL bytes beside the
/// first tag, or as XML declares it.
pub(super) fn encoding(bytes: &[u8]) -> Option<(&'static Encoding, usize)> {
    match bytes {
        [0xff, 0xfe, ..] => return Some((encoding_rs::UTF_16LE, 2)),
        [0xfe, 0xff, ..] => return Some((encoding_rs::UTF_16BE, 2)),
        [b'<' | b'{' | b':', 0, ..] => return Some((encoding_rs::UTF_16LE, 0)),
        [0, b'<' | b'{' | b':', ..] => return Some((encoding_rs::UTF_16BE, 0)),
        _ => (),
    }
    // A declaration of UTF-16 in bytes that are not is wrong.
    let encoding = Encoding::for_label(declared_encoding(bytes)?)?;
    let is_wide = encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE;
    (encoding != encoding_rs::UTF_8 && !is_wide).then_some((encoding, 0))
}

/// The name of the encoding in an XML declaration, with which these bytes begin.
pub(super) fn declared_encoding(bytes: &[u8]) -> Option<&[u8]> {
    let head = &bytes[..bytes.len().min(DECLARATION)];
    if !head.trim_ascii_start().starts_with(b"<?xml") {
        return None;
    }
    let declaration = &head[..memchr::memmem::find(head, b"?>")?];
    let at = memchr::memmem::find(declaration, b"encoding")? + b"encoding".len();
    let rest = declaration[at..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let quote = *rest.first()?;
    rest[1..].split(|b| *b == quote).next()
}
