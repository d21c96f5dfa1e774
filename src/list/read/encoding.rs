//! Lists in other encodings than UTF-8: UTF-16 by its byte order mark or its zero bytes, and every encoding
//! that an XML declaration names.
//!
//! Any other list must be UTF-8: records that are not are rejected, and [`likely`] proposes an encoding for
//! the message. Nothing is guessed. Bytes that are not valid in the encoding of a list are an error, because
//! a replaced letter would be a name that nobody finds.
//!
//! Cost: a copy of lists that are not UTF-8. Limits: UTF-32 is refused; without the feature `encodings`,
//! every encoding but UTF-8 is.

use super::source::{Bytes, peek};
#[cfg(not(feature = "encodings"))]
use crate::error::ErrorKind;
use crate::error::{Error, Result};

/// Bytes by which an encoding is told; an XML declaration is at the beginning.
const HEAD: usize = 1024;

/// The content as UTF-8, without a byte order mark of another encoding.
///
/// # Errors
///
/// The encoding is not known.
pub(super) fn decoded(bytes: Bytes<'_>) -> Result<Bytes<'_>> {
    let (head, whole) = peek(bytes, HEAD)?;
    if head.starts_with(b"\xff\xfe\0\0") || head.starts_with(b"\0\0\xfe\xff") {
        return Err(Error::malformed("this list is in UTF-32; convert it to UTF-8"));
    }
    if head.starts_with(b"\xef\xbb\xbf") {
        return Ok(whole);
    }
    imp::decoded(&head, whole)
}

/// The encoding that an XML declaration names.
fn declared(head: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(head);
    let declaration = text.trim_start().strip_prefix("<?xml")?.split("?>").next()?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next().map(str::to_string)
}

#[cfg(feature = "encodings")]
pub(crate) use imp::likely;

/// The encoding that a list is probably in, if its first bytes are not UTF-8.
#[cfg(not(feature = "encodings"))]
pub(crate) fn likely(_: &[u8]) -> Option<String> {
    None
}

#[cfg(not(feature = "encodings"))]
mod imp {
    use super::*;

    pub(super) fn decoded<'a>(head: &[u8], whole: Bytes<'a>) -> Result<Bytes<'a>> {
        let missing = || {
            let form = "a list in another encoding than UTF-8";
            Err(Error::new(ErrorKind::MissingFeature { form, feature: "encodings" }))
        };
        let is_ascii_compatible = |label: &str| {
            ["utf-8", "utf8", "us-ascii", "ascii", "utf-16"].iter().any(|l| label.eq_ignore_ascii_case(l))
        };
        if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
            return missing();
        }
        match declared(head) {
            Some(label) if !is_ascii_compatible(&label) => missing(),
            _ => Ok(whole),
        }
    }
}

#[cfg(feature = "encodings")]
mod imp {
    use super::*;
    use crate::error::ErrorKind;
    use crate::util::utf16::detect_utf16;
    use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};
    use std::io::{self, Read};

    /// Bytes decoded at a time.
    const BUFFER: usize = 64 << 10;

    pub(super) fn decoded<'a>(head: &[u8], whole: Bytes<'a>) -> Result<Bytes<'a>> {
        let encoding = match Encoding::for_bom(head) {
            Some((marked, _)) => marked,
            None => match (detect_utf16(head), declared(head)) {
                (Some(utf16), _) => utf16,
                (None, Some(label)) => of_label(&label)?,
                (None, None) => UTF_8,
            },
        };
        if encoding == UTF_8 {
            return Ok(whole);
        }
        let decoder = encoding.new_decoder_with_bom_removal();
        Ok(Box::new(DecodingReader {
            inner: whole,
            decoder,
            input: Vec::new(),
            taken: 0,
            output: Vec::new(),
            given: 0,
            at_end: false,
        }))
    }

    fn of_label(label: &str) -> Result<&'static Encoding> {
        let unknown = || Error::new(ErrorKind::UnknownEncoding { label: label.to_string() });
        let encoding = Encoding::for_label(label.as_bytes()).ok_or_else(unknown)?;
        // These bytes were read as ASCII, so they are not UTF-16, whatever they say.
        Ok(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
    }

    /// The encoding that a list is probably in, if its first bytes are not UTF-8.
    pub(crate) fn likely(head: &[u8]) -> Option<String> {
        // A character that the end of the head cuts is no sign of another encoding.
        std::str::from_utf8(head).err()?.error_len()?;
        let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
        detector.feed(head, true);
        Some(detector.guess(None, chardetng::Utf8Detection::Deny).name().to_string())
    }

    /// Decodes to UTF-8. Bytes that are not valid are an error.
    struct DecodingReader<'a> {
        inner: Bytes<'a>,
        decoder: Decoder,
        input: Vec<u8>,
        /// Bytes of the input that are decoded.
        taken: usize,
        output: Vec<u8>,
        /// Bytes of the output that were given away.
        given: usize,
        at_end: bool,
    }

    impl DecodingReader<'_> {
        /// Decodes the next bytes; the output stays empty at the end.
        fn refill(&mut self) -> io::Result<()> {
            self.given = 0;
            self.output.clear();
            self.output.resize(BUFFER, 0);
            if self.taken == self.input.len() {
                self.input.clear();
                self.taken = 0;
                self.inner.by_ref().take(BUFFER as u64).read_to_end(&mut self.input)?;
            }
            let last = self.input.is_empty();
            let input = &self.input[self.taken..];
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(input, &mut self.output, last);
            self.taken += read;
            self.output.truncate(written);
            self.at_end = last && result == DecoderResult::InputEmpty;
            if let DecoderResult::Malformed(..) = result {
                let encoding = self.decoder.encoding().name();
                let what = format!("bytes that are not valid {encoding}: the list is damaged or was cut off");
                return Err(io::Error::new(io::ErrorKind::InvalidData, what));
            }
            Ok(())
        }
    }

    impl Read for DecodingReader<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            while self.given == self.output.len() {
                if self.at_end {
                    return Ok(0);
                }
                self.refill()?;
            }
            let left = &self.output[self.given..];
            let n = left.len().min(into.len());
            into[..n].copy_from_slice(&left[..n]);
            self.given += n;
            Ok(n)
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        fn decode(bytes: &[u8]) -> Result<String> {
            let mut text = String::new();
            super::super::decoded(Box::new(bytes))?.read_to_string(&mut text)?;
            Ok(text)
        }

        #[test]
        fn encodings_that_are_told_are_decoded() {
            let utf16 = |text: &str, big: bool| -> Vec<u8> {
                text.encode_utf16()
                    .flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() })
                    .collect()
            };
            let text = "name,country\nИмя 名,x\n";
            for big in [false, true] {
                assert_eq!(decode(&utf16(&format!("\u{feff}{text}"), big)).unwrap(), text);
                assert_eq!(decode(&utf16(text, big)).unwrap(), text);
            }
            let xml = "<?xml version='1.0' encoding='windows-1251'?><a>Имя</a>";
            assert_eq!(decode(&encoding_rs::WINDOWS_1251.encode(xml).0).unwrap(), xml);
            let long = format!("\u{feff}{}", "Имя,名字\n".repeat(50_000));
            assert_eq!(decode(&utf16(&long, false)).unwrap(), long[3..]);
            assert_eq!(decode(text.as_bytes()).unwrap(), text);
        }

        #[test]
        fn what_cannot_be_decoded_is_an_error() {
            assert!(decode(b"<?xml version=\"1.0\" encoding=\"klingon\"?><a/>").is_err());
            let odd = "\u{feff}name".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
            assert!(decode(&odd[..odd.len() - 1]).unwrap_err().to_string().contains("cut off"));
            assert!(decode(b"\xff\xfe\0\0n\0\0\0").unwrap_err().to_string().contains("UTF-32"));
        }
    }
}
