//! What one row of an input, or one compressed input, may take.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Output of a decompression that is let through whatever its expansion is: small files of blanks are no attack.
const ALWAYS_EXPANDED: u64 = 64 << 20;

/// Limits of an input. A row beyond one of them is rejected, and the run goes on; an input that expands beyond its limit
/// ends the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InputLimits {
    /// Most levels of arrays and objects within each other in a JSON row; 64 by default. Deeper ones could fill the stack.
    pub depth: usize,
    /// Most bytes of a field; 16 MiB by default.
    pub field: u64,
    /// Most bytes of a row; 64 MiB by default. Without a limit, a quote that is never closed would fill the memory.
    pub row: u64,
    /// How many times longer than its compressed form an input may be; 1,000 by default.
    pub expansion: u64,
    /// Most bytes of an input that was compressed; 100 GB by default.
    pub expanded: u64,
}

impl Default for InputLimits {
    fn default() -> Self {
        InputLimits { depth: 64, field: 16 << 20, row: 64 << 20, expansion: 1000, expanded: 100_000_000_000 }
    }
}

impl InputLimits {
    /// Sets how many times longer than its compressed form an input may be.
    pub fn expansion(mut self, times: u64) -> Self {
        self.expansion = times;
        self
    }

    /// Sets the most bytes of a field.
    pub fn field(mut self, bytes: u64) -> Self {
        self.field = bytes;
        self
    }

    /// Sets the most bytes of a row.
    pub fn row(mut self, bytes: u64) -> Self {
        self.row = bytes;
        self
    }

    /// Sets the most levels of a JSON row.
    pub fn depth(mut self, levels: usize) -> Self {
        self.depth = levels;
        self
    }

    /// Fails if so many bytes come from so few.
    pub(super) fn check_expansion(&self, compressed: u64, expanded: u64) -> io::Result<()> {
        let times = self.expansion.saturating_mul(compressed.max(1));
        if expanded <= self.expanded && (expanded <= ALWAYS_EXPANDED || expanded <= times) {
            return Ok(());
        }
        let text = format!(
            "the compressed data expands to more than {} times its length, or to more than {} GB; if that is right, raise \
             the limit",
            self.expansion,
            self.expanded / 1_000_000_000
        );
        Err(io::Error::new(io::ErrorKind::InvalidData, text))
    }
}

/// What stands at the end of a row that was cut, and the quote and line end that close it.
pub(super) const CUT_MARKER: &str = "\u{1}row cut\u{1}";

/// Cuts a row that does not end within its limit: the row is closed where it is, and the rest of its line is passed over.
pub(super) struct RowLimit<R> {
    pub(super) inner: R,
    pub(super) limit: u64,
    /// Bytes handed on.
    pub(super) read: u64,
    /// Where the row begins that is being read, in bytes handed on.
    pub(super) row_start: Arc<AtomicU64>,
    /// Behind the last byte handed on that is no line end: blank lines belong to no row.
    pub(super) text_end: u64,
    /// Bytes to hand on before more is read.
    pub(super) pending: Vec<u8>,
    /// Whether the rest of a line is being passed over.
    pub(super) skipping: bool,
}

impl<R: Read> RowLimit<R> {
    fn hand_on(&mut self, buffer: &mut [u8]) -> usize {
        let n = self.pending.len().min(buffer.len());
        buffer[..n].copy_from_slice(&self.pending[..n]);
        self.pending.drain(..n);
        self.count(&buffer[..n]);
        n
    }

    fn count(&mut self, bytes: &[u8]) {
        let is_text = |b: &u8| !matches!(b, b'\n' | b'\r');
        if self.text_end <= self.row_start.load(Relaxed) {
            let blank = bytes.iter().position(is_text).unwrap_or(bytes.len());
            self.row_start.fetch_max(self.read + blank as u64, Relaxed);
        }
        if let Some(last) = bytes.iter().rposition(is_text) {
            self.text_end = self.read + last as u64 + 1;
        }
        self.read += bytes.len() as u64;
    }
}

impl<R: Read> Read for RowLimit<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.pending.is_empty() {
            return Ok(self.hand_on(buffer));
        }
        let length = self.read.saturating_sub(self.row_start.load(Relaxed));
        if length > self.limit + super::BUFFER as u64 {
            // A quote closes a quoted field, and is a character of any other.
            self.pending = format!("{CUT_MARKER}\"\n").into_bytes();
            self.row_start.store(self.read, Relaxed);
            self.skipping = true;
            return Ok(self.hand_on(buffer));
        }
        loop {
            let n = self.inner.read(buffer)?;
            if !self.skipping || n == 0 {
                self.count(&buffer[..n]);
                return Ok(n);
            }
            if let Some(end) = buffer[..n].iter().position(|b| *b == b'\n') {
                self.skipping = false;
                self.pending = buffer[end + 1..n].to_vec();
                if !self.pending.is_empty() {
                    return Ok(self.hand_on(buffer));
                }
            }
        }
    }
}

/// Whether a JSON text has more levels of arrays and objects than this.
pub(super) fn is_deeper(text: &[u8], limit: usize) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0usize, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => {
                depth += 1;
                if depth > limit {
                    return true;
                }
            }
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => (),
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_counted_outside_of_texts() {
        assert!(!is_deeper(br#"{"a":"[[[[\"[[","b":[[1],[2],{}]}"#, 3));
        assert!(is_deeper(br#"{"b":[[[1]]]}"#, 3));
    }

    #[test]
    fn expansion_is_limited_by_factor_and_length() {
        let limits = InputLimits::default();
        assert!(limits.check_expansion(1, ALWAYS_EXPANDED).is_ok());
        assert!(limits.check_expansion(1 << 20, 1000 << 20).is_ok());
        assert!(limits.check_expansion(1 << 20, (1000 << 20) + 1).is_err());
        assert!(limits.check_expansion(1 << 40, limits.expanded + 1).is_err());
    }
}
