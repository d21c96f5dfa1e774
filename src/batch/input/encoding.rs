//! Telling in which encoding an input is written.

use super::Source;
use crate::error::Result;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::io::Read;

/// Bytes that tell UTF-16 by its zeros.
const ZEROS: usize = 256;

/// What was told about an encoding.
pub(super) struct Told {
    /// The encoding to decode from; none for UTF-8.
    pub decode: Option<&'static Encoding>,
    /// Its name.
    pub name: &'static str,
    /// What it might be instead, for people.
    pub hint: Option<String>,
    /// Length of the byte order mark.
    mark: usize,
}

/// Tells an encoding from the first bytes. A byte order mark goes before what was given.
pub(super) fn tell(head: &[u8], given: Option<&'static Encoding>) -> Told {
    let mut hint = None;
    let (encoding, mark) = match Encoding::for_bom(head) {
        Some(told) => told,
        None => {
            let encoding = given.or_else(|| utf16(head)).unwrap_or(UTF_8);
            if given.is_none() && encoding == UTF_8 {
                hint = looks_like(head).map(|name| {
                    format!("the input is not UTF-8 and looks like {name}: if it is, give --encoding {name}")
                });
            }
            (encoding, 0)
        }
    };
    let decode = (encoding != UTF_8).then_some(encoding);
    Told { decode, name: encoding.name(), hint, mark }
}

/// UTF-16 without a mark: line ends, delimiters and Latin letters have a zero byte, always on the same side.
fn utf16(head: &[u8]) -> Option<&'static Encoding> {
    let head = &head[..head.len().min(ZEROS) & !1];
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, most) = (zeros(0), zeros(1), head.len() / 2);
    let many = |n: usize| n > 0 && n * 10 >= most;
    match () {
        () if many(odd) && even == 0 => Some(UTF_16LE),
        () if many(even) && odd == 0 => Some(UTF_16BE),
        () => None,
    }
}

/// The encoding that bytes which are not UTF-8 are likely in.
fn looks_like(head: &[u8]) -> Option<&'static str> {
    let bad = std::str::from_utf8(head).err()?;
    // A character that the end of the head cuts is no sign of another encoding.
    bad.error_len()?;
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(head, true);
    let guess = detector.guess(None, chardetng::Utf8Detection::Deny);
    // GBK's superset is what files in it are read with.
    Some(if guess == encoding_rs::GBK { "GB18030" } else { guess.name() })
}

/// The input as UTF-8, without its mark.
pub(super) fn decode<'i>(mut input: Source<'i>, told: &Told) -> Result<Source<'i>> {
    std::io::copy(&mut input.by_ref().take(told.mark as u64), &mut std::io::sink())?;
    Ok(match told.decode {
        None => input,
        Some(encoding) => Box::new(
            encoding_rs_io::DecodeReaderBytesBuilder::new()
                .encoding(Some(encoding))
                .bom_override(false)
                .build_with_buffer(input, vec![0; 64 << 10])
                .map_err(|e| std::io::Error::other(e.to_string()))?,
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16_bytes(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    }

    #[test]
    fn encodings_are_told_or_hinted_at() {
        let text = "name;страна\nМаксим Якубец;Россия\nИгорь Тяжлов;Россия\n";
        assert_eq!(tell(text.as_bytes(), None).name, "UTF-8");
        assert_eq!(tell(&utf16_bytes("name,country\nx", false), None).name, "UTF-16LE");
        assert_eq!(tell(&utf16_bytes("name,country\nx", true), None).name, "UTF-16BE");
        assert_eq!(tell(&utf16_bytes("公司名称,国家\n永信至诚,中国\n", false), None).name, "UTF-16LE");
        assert_eq!(tell(b"name,note\nA\0B,a text that is long enough to tell\n", None).name, "UTF-8");
        let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode(text);
        let told = tell(&cyrillic, None);
        assert_eq!(told.name, "UTF-8");
        assert!(told.hint.unwrap().contains("windows-1251"));
        let (han, _, _) = encoding_rs::GB18030
            .encode("公司名称,国家\n北京永信至诚科技股份有限公司,中国\n上海贸易有限公司,中国\n");
        assert!(tell(&han, None).hint.unwrap().contains("GB18030"));
        assert_eq!(tell(&han, Some(encoding_rs::GB18030)).name, "gb18030");
        // Cut within a character.
        assert!(tell(&text.as_bytes()[..text.len() - 2], None).hint.is_none());
    }

    #[test]
    fn a_byte_order_mark_goes_before_what_was_given() {
        let told = tell(b"\xef\xbb\xbfname", Some(encoding_rs::WINDOWS_1252));
        assert_eq!((told.name, told.mark), ("UTF-8", 3));
    }
}
