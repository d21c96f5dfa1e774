//! Telling UTF-16 without a byte order mark.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// Bytes that are looked at.
const HEAD: usize = 256;

/// UTF-16 without a mark: line ends, delimiters and Latin letters have a zero byte, always on the same side.
pub(crate) fn detect_utf16(head: &[u8]) -> Option<&'static Encoding> {
    let head = &head[..head.len().min(HEAD) & !1];
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, units) = (zeros(0), zeros(1), head.len() / 2);
    let many = |n: usize| n > 0 && n * 10 >= units;
    match () {
        () if many(odd) && even == 0 => Some(UTF_16LE),
        () if many(even) && odd == 0 => Some(UTF_16BE),
        () => None,
    }
}
