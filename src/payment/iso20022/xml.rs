//! The pieces of XML, as slices of a buffer.
//!
//! Why not quick-xml: every piece has its place in bytes, a text that is not valid UTF-8 must not end the reading, several
//! documents follow each other in one file, and a buffer that ends within a piece is read on when more has come. Only
//! elements, texts, CDATA and references are read; comments and instructions are passed over; a document type
//! declaration is an error, so that nothing is ever expanded.

use std::ops::Range;

/// The longest name of an element, in bytes.
const MAX_NAME: usize = 256;

/// A piece of XML.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece<'x> {
    /// A start tag: name without prefix, name with it, attributes, and whether it is an end tag too.
    Start { name: &'x [u8], full: &'x [u8], attributes: &'x [u8], is_empty: bool },
    /// An end tag, with the prefix.
    End { full: &'x [u8] },
    /// Text between tags, with its references.
    Text(&'x [u8]),
    /// The content of a CDATA section.
    CData(&'x [u8]),
    /// A comment or an instruction.
    Nothing,
}

/// Why a piece could not be read.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fault {
    /// The buffer ends within the piece.
    Incomplete,
    /// It is wrong at this byte of the buffer.
    Wrong(usize, &'static str),
}

/// The piece at a place of the buffer, and where it is; `None` at the end. `is_last` says that nothing follows the
/// buffer, so that a text may end with it.
pub(super) fn piece(
    bytes: &[u8],
    at: usize,
    is_last: bool,
) -> Result<Option<(Piece<'_>, Range<usize>)>, Fault> {
    let rest = &bytes[at..];
    if rest.is_empty() {
        return Ok(None);
    }
    if rest[0] != b'<' {
        let Some(length) = memchr::memchr(b'<', rest) else {
            return if is_last {
                Ok(Some((Piece::Text(rest), at..bytes.len())))
            } else {
                Err(Fault::Incomplete)
            };
        };
        return Ok(Some((Piece::Text(&rest[..length]), at..at + length)));
    }
    match rest.get(1) {
        None => Err(Fault::Incomplete),
        Some(b'!') => declaration(rest, at),
        Some(b'?') => {
            let end = find(rest, 2, b"?>").ok_or(Fault::Incomplete)?;
            Ok(Some((Piece::Nothing, at..at + end + 2)))
        }
        Some(_) => tag(rest, at),
    }
}

fn find(bytes: &[u8], from: usize, end: &[u8]) -> Option<usize> {
    memchr::memmem::find(&bytes[from.min(bytes.len())..], end).map(|found| found + from)
}

/// A comment, a CDATA section, or a declaration, which is refused.
fn declaration(rest: &[u8], at: usize) -> Result<Option<(Piece<'_>, Range<usize>)>, Fault> {
    const CDATA: &[u8] = b"<![CDATA[";
    if rest.starts_with(b"<!--") {
        let end = find(rest, 4, b"-->").ok_or(Fault::Incomplete)?;
        return Ok(Some((Piece::Nothing, at..at + end + 3)));
    }
    if rest.starts_with(CDATA) {
        let end = find(rest, CDATA.len(), b"]]>").ok_or(Fault::Incomplete)?;
        return Ok(Some((Piece::CData(&rest[CDATA.len()..end]), at..at + end + 3)));
    }
    if rest.len() < CDATA.len() && (CDATA.starts_with(rest) || b"<!--".starts_with(rest)) {
        return Err(Fault::Incomplete);
    }
    match rest.len() >= 9 && rest[..9].eq_ignore_ascii_case(b"<!DOCTYPE") {
        true => Err(Fault::Wrong(at, "a document type declaration is refused")),
        false => Err(Fault::Wrong(at, "'<!' begins neither a comment nor CDATA")),
    }
}

/// The end of a tag: its `>` outside of quotes.
fn tag_end(rest: &[u8]) -> Option<usize> {
    let mut quote = 0;
    for (i, &b) in rest.iter().enumerate().skip(1) {
        match b {
            b'"' | b'\'' if quote == 0 => quote = b,
            _ if quote != 0 && b == quote => quote = 0,
            _ if quote != 0 => (),
            b'>' | b'<' => return Some(i),
            _ => (),
        }
    }
    None
}

fn tag(rest: &[u8], at: usize) -> Result<Option<(Piece<'_>, Range<usize>)>, Fault> {
    let end = tag_end(rest).ok_or(Fault::Incomplete)?;
    if rest[end] == b'<' {
        return Err(Fault::Wrong(at, "a tag is not closed"));
    }
    let range = at..at + end + 1;
    if rest[1] == b'/' {
        let full = rest[2..end].trim_ascii_end();
        check_name(full, at)?;
        return Ok(Some((Piece::End { full }, range)));
    }
    let is_empty = rest[end - 1] == b'/';
    let inner = &rest[1..end - usize::from(is_empty)];
    let length = inner.iter().position(u8::is_ascii_whitespace).unwrap_or(inner.len());
    let (full, attributes) = inner.split_at(length);
    check_name(full, at)?;
    check_attributes(attributes, at)?;
    let name = local_name(full);
    Ok(Some((Piece::Start { name, full, attributes, is_empty }, range)))
}

/// A name without its prefix.
fn local_name(full: &[u8]) -> &[u8] {
    memchr::memrchr(b':', full).map_or(full, |colon| &full[colon + 1..])
}

fn check_name(name: &[u8], at: usize) -> Result<(), Fault> {
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':') || *b >= 0x80;
    let begins = name.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_' || *b >= 0x80);
    match begins && name.len() <= MAX_NAME && name.iter().all(is_name) && !local_name(name).is_empty() {
        true => Ok(()),
        false => Err(Fault::Wrong(at, "this is no name of an element")),
    }
}

fn check_attributes(attributes: &[u8], at: usize) -> Result<(), Fault> {
    let mut rest = attributes.trim_ascii();
    while !rest.is_empty() {
        let wrong = Fault::Wrong(at, "an attribute cannot be read");
        let (Some(equals), false) = (memchr::memchr(b'=', rest), rest[0] == b'=') else { return Err(wrong) };
        let value = rest[equals + 1..].trim_ascii_start();
        let quote = value.first().copied().filter(|q| matches!(q, b'"' | b'\'')).ok_or(wrong.clone())?;
        let end = memchr::memchr(quote, &value[1..]).ok_or(wrong.clone())?;
        if value[..end + 1].contains(&b'<') {
            return Err(wrong);
        }
        rest = value[end + 2..].trim_ascii_start();
    }
    Ok(())
}

/// Attributes that were [checked](check_attributes): name, value, and where the value is.
pub(super) fn attributes(attributes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8], usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &attributes[at..];
        let equals = memchr::memchr(b'=', rest)?;
        let quote = equals + 1 + rest[equals + 1..].iter().position(|b| matches!(b, b'"' | b'\''))?;
        let length = memchr::memchr(rest[quote], &rest[quote + 1..])?;
        let start = at + quote + 1;
        at = start + length + 1;
        Some((rest[..equals].trim_ascii(), &attributes[start..start + length], start))
    })
}

/// The values of attributes that declare namespaces.
pub(super) fn namespaces(attributes: &[u8]) -> impl Iterator<Item = &str> {
    let text = std::str::from_utf8(attributes).unwrap_or("");
    text.split("xmlns").skip(1).filter_map(|declared| {
        let (_, value) = declared.split_once('=')?;
        let value = value.trim_start();
        let quote = value.chars().next().filter(|q| matches!(q, '"' | '\''))?;
        value[1..].split(quote).next()
    })
}

/// Replaces references in a text. The error is the first one that stands for nothing known.
pub(super) fn unescape(text: &str) -> Result<String, (usize, String)> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let offset = text.len() - rest.len() + at;
        let tail = &rest[at + 1..];
        let end = tail
            .find(';')
            .filter(|end| *end <= 10)
            .ok_or_else(|| (offset, "'&' begins no reference".to_string()))?;
        let name = &tail[..end];
        let c = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => number_of(name),
        };
        out.push(c.ok_or_else(|| (offset, format!("the reference '&{name};' stands for nothing known")))?);
        rest = &tail[end + 1..];
    }
    out.push_str(rest);
    Ok(out)
}

fn number_of(name: &str) -> Option<char> {
    let digits = name.strip_prefix('#')?;
    let number = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => digits.parse(),
    };
    // XML has no control characters, not even as references.
    let is_text = |c: &char| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{85}');
    number.ok().and_then(char::from_u32).filter(is_text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Result<Option<(Piece<'_>, Range<usize>)>, Fault> {
        piece(text.as_bytes(), 0, true)
    }

    #[test]
    fn pieces_have_their_places() {
        let start = Piece::Start { name: b"Nm", full: b"p:Nm", attributes: b" a='>'", is_empty: false };
        assert_eq!(at("<p:Nm a='>'>x").unwrap(), Some((start, 0..12)));
        let empty = Piece::Start { name: b"Nm", full: b"Nm", attributes: b"", is_empty: true };
        assert_eq!(at("<Nm/>").unwrap(), Some((empty, 0..5)));
        assert_eq!(at("</p:Nm >").unwrap(), Some((Piece::End { full: b"p:Nm" }, 0..8)));
        assert_eq!(at("a&amp;b<").unwrap(), Some((Piece::Text(b"a&amp;b"), 0..7)));
        assert_eq!(at("<![CDATA[<a>]]>").unwrap(), Some((Piece::CData(b"<a>"), 0..15)));
        assert_eq!(at("<!-- <a> -->").unwrap(), Some((Piece::Nothing, 0..12)));
        assert_eq!(at("").unwrap(), None);
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (text, fault) in [
            ("<Nm", Fault::Incomplete),
            ("<!", Fault::Incomplete),
            ("<![CDA", Fault::Incomplete),
            ("<!DOCTYPE a>", Fault::Wrong(0, "a document type declaration is refused")),
            ("<!ENTITY a 'b'>", Fault::Wrong(0, "'<!' begins neither a comment nor CDATA")),
            ("<Nm<", Fault::Wrong(0, "a tag is not closed")),
            ("<.Nm>", Fault::Wrong(0, "this is no name of an element")),
            ("<p:>", Fault::Wrong(0, "this is no name of an element")),
            ("<Nm a>", Fault::Wrong(0, "an attribute cannot be read")),
        ] {
            assert_eq!(at(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn references_are_replaced_and_unknown_ones_refused() {
        assert_eq!(unescape("A &amp; B &#x41;&#66;&lt;").unwrap(), "A & B AB<");
        assert_eq!(unescape("AB &boom;").unwrap_err().0, 3);
        assert!(unescape("A & B").is_err());
        assert!(unescape("&#0;").is_err());
    }
}
