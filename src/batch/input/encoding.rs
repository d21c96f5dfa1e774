//! Detecting the encoding of an input and decoding it to UTF-8.
//!
//! Without the feature `encodings` an input must be UTF-8: any other byte order mark or label is an error
//! that names the feature.

use super::{ByteStream, InputHint};
use crate::error::Result;
use std::io::Read;

/// An encoding that was detected, or given by the caller.
pub(super) struct DetectedEncoding {
    /// The encoding to decode from; none for UTF-8.
    decode: Option<Label>,
    /// Its name.
    pub name: &'static str,
    /// The encoding that the input is more likely in.
    pub hint: Option<InputHint>,
    /// Length of the byte order mark.
    mark: usize,
}

impl DetectedEncoding {
    /// Whether the bytes are decoded, so that a replacement character stands for those that are not valid.
    pub(super) fn is_decoded(&self) -> bool {
        self.decode.is_some()
    }
}

#[cfg(feature = "evaluate")]
pub(crate) use imp::decode_marked;
pub(super) use imp::{Label, decode, detect_encoding, label};

/// The input without its byte order mark, of `length` bytes.
fn skip_mark(mut input: ByteStream<'_>, length: usize) -> Result<ByteStream<'_>> {
    std::io::copy(&mut input.by_ref().take(length as u64), &mut std::io::sink())?;
    Ok(input)
}

#[cfg(feature = "encodings")]
mod imp {
    use super::{ByteStream, DetectedEncoding, InputHint, skip_mark};
    use crate::error::{Error, ErrorKind, Result};
    use crate::util::utf16::detect_utf16;
    use encoding_rs::{Encoding, UTF_8};
    #[cfg(feature = "evaluate")]
    use std::io::Read;

    /// Size of the decoder's buffer in bytes.
    const BUFFER: usize = 64 << 10;

    /// An encoding that a caller gave.
    pub(crate) type Label = &'static Encoding;

    /// The encoding with this WHATWG label.
    pub(crate) fn label(label: &str) -> Result<Option<Label>> {
        let found = Encoding::for_label(label.as_bytes());
        let unknown = || Error::new(ErrorKind::UnknownEncoding { label: label.to_string() });
        found.map(Some).ok_or_else(unknown)
    }

    /// Detects the encoding from the first bytes. A byte order mark overrides the encoding that was given.
    pub(crate) fn detect_encoding(head: &[u8], given: Option<Label>) -> Result<DetectedEncoding> {
        let mut hint = None;
        let (encoding, mark) = match Encoding::for_bom(head) {
            Some(marked) => marked,
            None => {
                let encoding = given.or_else(|| detect_utf16(head)).unwrap_or(UTF_8);
                if given.is_none() && encoding == UTF_8 {
                    hint = guess(head).map(|encoding| InputHint::LikelyEncoding { encoding });
                }
                (encoding, 0)
            }
        };
        let decode = (encoding != UTF_8).then_some(encoding);
        Ok(DetectedEncoding { decode, name: encoding.name(), hint, mark })
    }

    /// The likely encoding of bytes that are not UTF-8.
    fn guess(head: &[u8]) -> Option<&'static str> {
        let invalid = std::str::from_utf8(head).err()?;
        // A character that the end of the head cuts is no sign of another encoding.
        invalid.error_len()?;
        let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
        detector.feed(head, true);
        let guess = detector.guess(None, chardetng::Utf8Detection::Deny);
        // Files in GBK are read as its superset.
        Some(if guess == encoding_rs::GBK { "GB18030" } else { guess.name() })
    }

    /// The input as UTF-8, without its mark.
    pub(crate) fn decode<'i>(input: ByteStream<'i>, encoding: &DetectedEncoding) -> Result<ByteStream<'i>> {
        let input = skip_mark(input, encoding.mark)?;
        Ok(match encoding.decode {
            None => input,
            Some(encoding) => Box::new(
                encoding_rs_io::DecodeReaderBytesBuilder::new()
                    .encoding(Some(encoding))
                    .bom_override(false)
                    .build_with_buffer(input, vec![0; BUFFER])
                    .map_err(|e| std::io::Error::other(e.to_string()))?,
            ),
        })
    }

    /// An input in UTF-8, or in UTF-16 with a byte order mark, as UTF-8 without its mark.
    #[cfg(feature = "evaluate")]
    pub(crate) fn decode_marked(input: impl Read) -> Result<impl Read> {
        Ok(encoding_rs_io::DecodeReaderBytesBuilder::new().utf8_passthru(true).strip_bom(true).build(input))
    }
}

#[cfg(not(feature = "encodings"))]
mod imp {
    use super::{ByteStream, DetectedEncoding, skip_mark};
    use crate::error::{Error, ErrorKind, Result};
    #[cfg(feature = "evaluate")]
    use std::io::Read;

    /// No encoding can be given.
    pub(crate) type Label = std::convert::Infallible;

    /// Accepts the label of UTF-8 alone, which needs no decoding.
    pub(crate) fn label(label: &str) -> Result<Option<Label>> {
        match label.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Ok(None),
            _ => Err(missing("an input in another encoding than UTF-8")),
        }
    }

    fn missing(form: &'static str) -> Error {
        Error::new(ErrorKind::MissingFeature { form, feature: "encodings" })
    }

    /// Checks that the input begins like UTF-8.
    pub(crate) fn detect_encoding(head: &[u8], _given: Option<Label>) -> Result<DetectedEncoding> {
        if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
            return Err(missing("an input in UTF-16"));
        }
        let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        Ok(DetectedEncoding { decode: None, name: "UTF-8", hint: None, mark })
    }

    /// The input without its mark.
    pub(crate) fn decode<'i>(input: ByteStream<'i>, encoding: &DetectedEncoding) -> Result<ByteStream<'i>> {
        skip_mark(input, encoding.mark)
    }

    /// An input in UTF-8 without its mark.
    #[cfg(feature = "evaluate")]
    pub(crate) fn decode_marked(mut input: impl Read) -> Result<impl Read> {
        let mut head = Vec::new();
        input.by_ref().take(3).read_to_end(&mut head)?;
        let encoding = detect_encoding(&head, None)?;
        head.drain(..encoding.mark);
        Ok(std::io::Cursor::new(head).chain(input))
    }
}

#[cfg(all(test, feature = "encodings"))]
mod tests {
    use super::*;

    fn detect(head: &[u8], given: Option<Label>) -> DetectedEncoding {
        detect_encoding(head, given).unwrap()
    }

    fn utf16_bytes(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    }

    fn likely(found: &DetectedEncoding) -> Option<&'static str> {
        match found.hint {
            Some(InputHint::LikelyEncoding { encoding }) => Some(encoding),
            _ => None,
        }
    }

    #[test]
    fn encodings_are_detected_or_hinted_at() {
        let text = "name;страна\nМаксим Якубец;Россия\nИгорь Тяжлов;Россия\n";
        assert_eq!(detect(text.as_bytes(), None).name, "UTF-8");
        assert_eq!(detect(&utf16_bytes("name,country\nx", false), None).name, "UTF-16LE");
        assert_eq!(detect(&utf16_bytes("name,country\nx", true), None).name, "UTF-16BE");
        assert_eq!(detect(&utf16_bytes("公司名称,国家\n永信至诚,中国\n", false), None).name, "UTF-16LE");
        assert_eq!(detect(b"name,note\nA\0B,a text that is long enough to tell\n", None).name, "UTF-8");
        let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode(text);
        let found = detect(&cyrillic, None);
        assert_eq!(found.name, "UTF-8");
        assert_eq!(likely(&found), Some("windows-1251"));
        let (han, _, _) = encoding_rs::GB18030
            .encode("公司名称,国家\n北京永信至诚科技股份有限公司,中国\n上海贸易有限公司,中国\n");
        assert_eq!(likely(&detect(&han, None)), Some("GB18030"));
        assert_eq!(detect(&han, Some(encoding_rs::GB18030)).name, "gb18030");
        // Cut within a character.
        assert!(detect(&text.as_bytes()[..text.len() - 2], None).hint.is_none());
    }

    #[test]
    fn a_byte_order_mark_overrides_the_encoding_given() {
        let found = detect(b"\xef\xbb\xbfname", Some(encoding_rs::WINDOWS_1252));
        assert_eq!((found.name, found.mark), ("UTF-8", 3));
    }
}
