//! SHA-256 in hexadecimal, for list versions, journals and audit trails.

use sha2::{Digest, Sha256};

/// The digest of these bytes, one part behind the other.
pub(crate) fn hex_digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new();
    parts.into_iter().for_each(|p| hasher.update(p));
    hex(&hasher.finalize())
}

/// Bytes as lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).map(|d| char::from(DIGITS[usize::from(d)])).collect()
}
