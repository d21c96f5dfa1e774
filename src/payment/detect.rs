//! The format and the encoding of a file, by its content.

use super::message::{Format, Ids, Message, Problem};
use super::{fedwire, iso20022, mt, nacha};
use encoding_rs::Encoding;

/// Bytes in which the encoding of XML is declared.
const DECLARATION: usize = 256;

/// Reads messages of one format.
pub(super) enum Extractor {
    Iso20022(Box<iso20022::Extractor>),
    Mt(mt::Extractor),
    Nacha(nacha::Extractor),
    Fedwire(fedwire::Extractor),
    Unknown,
}

/// The extractor for a file that begins with these bytes.
pub(super) fn extractor(bytes: &[u8]) -> Extractor {
    if iso20022::is_xml(bytes) {
        Extractor::Iso20022(Box::default())
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
        let before = out.len();
        let done = self.extract(bytes, base, is_last, out);
        note_control_characters(&mut out[before..], bytes, base);
        done
    }

    fn extract<'x>(
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

/// Notes in each message the first control character that no format has: within a name it would hide it. `bytes` are those
/// of the file from byte `base` on.
fn note_control_characters(messages: &mut [Message<'_>], bytes: &[u8], base: u64) {
    // What frames a message of a network, and the end of a file of old systems.
    let frames = |b: u8| matches!(b, 0x01 | 0x03 | 0x1a);
    let is_control = |b: &u8| *b < b' ' && !matches!(b, b'\t' | b'\n' | b'\r') || *b == 0x7f;
    let mut from = 0;
    for message in messages {
        let place = |byte: u64| bytes.len().min(byte.saturating_sub(base) as usize);
        let (start, end) = (place(message.span.start).max(from), place(message.span.end));
        // Parts of one message begin where it begins.
        from = start.max(end);
        let Some(of_message) = bytes.get(start..end) else { continue };
        let within = of_message.trim_ascii();
        let first = within.iter().position(|b| !frames(*b)).unwrap_or(within.len());
        let last =
            within.iter().rposition(|b| !frames(*b) && !b.is_ascii_whitespace()).map_or(0, |at| at + 1);
        let Some(at) = within.get(first..last).and_then(|text| text.iter().position(is_control)) else {
            continue;
        };
        let lead = of_message.len() - of_message.trim_ascii_start().len() + first;
        let byte = base + (start + lead + at) as u64;
        let reason = format!("a control character, {:#04x}", within[first + at]);
        message.problems.push(Problem::new(byte, reason));
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

#[cfg(test)]
mod tests {
    use super::super::{Reader, read};

    #[test]
    fn a_control_character_within_a_message_is_a_problem() {
        let mt = "\u{1}{1:F01BRLNDE21AXXX0001000001}{2:I199LNDNGB2LXXXXN}{4:\r\n:20:A\r\n:79:JANE\tROE\r\n-}\u{3}\u{1a}";
        let xml = "<Document><PmtRtr><Dbtr><Nm>JANE ROE</Nm></Dbtr></PmtRtr></Document>";
        let nacha = "{1500}30USERREQT {1510}1000{1520}A{2000}1{3100}12JANE ROE*";
        for text in [mt, xml, nacha] {
            let told = |text: &str| {
                let of_read: Vec<_> = read(text.as_bytes()).into_iter().flat_map(|m| m.problems).collect();
                let of_stream: Vec<_> =
                    Reader::new(text.as_bytes()).flat_map(|m| m.unwrap().problems).collect();
                assert_eq!(of_read, of_stream);
                of_read.into_iter().filter(|p| p.reason.contains("control character")).collect::<Vec<_>>()
            };
            assert_eq!(told(text), []);
            for c in ['\0', '\u{1}', '\u{8}', '\u{7f}'] {
                let damaged = text.replace("JANE", &format!("JA{c}NE"));
                let found = told(&damaged);
                assert_eq!(found.len(), 1, "{damaged:?}");
                assert_eq!(found[0].byte as usize, damaged.find("JA").unwrap() + 2);
            }
        }
        assert!(
            !read(b"<Document><PmtRtr><Dbtr><Nm>JA&#8;NE</Nm></Dbtr></PmtRtr></Document>")[0]
                .problems
                .is_empty()
        );
    }
}
