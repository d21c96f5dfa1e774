//! The bytes of a list file as a stream, read once and in bounded memory.
//!
//! A [`ByteSource`] is a [`BufRead`] that counts lines and bytes and computes the SHA-256 of the file. Before
//! each record a reader sets, with [`ByteSource::allow`], how many bytes the record may have. A longer record
//! is an error, so that no file is held in memory whole: neither a text of two gigabytes nor a row of ten
//! million columns.
//!
//! A file that is compressed (see `compression.rs`) or in another encoding than UTF-8 (see `encoding.rs`) is
//! read as its content, while the SHA-256 is that of the file as published. Lines are those of the content,
//! and so are bytes, counted in UTF-8. A small file that expands to terabytes is refused at [`MAX_EXPANSION`]
//! times its size.

use super::compression;
use super::encoding;
use crate::error::{Error, ErrorKind, Position, Result};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, Read};
use std::path::Path;
use std::rc::Rc;

/// The most bytes of a record: a hundred times the longest record of any published list.
pub(crate) const MAX_RECORD_BYTES: u64 = 4 << 20;

/// The most bytes that one byte of a compressed file may expand to. The XML lists, which are repetitive,
/// reach 30.
pub(super) const MAX_EXPANSION: u64 = 200;

/// Bytes read at a time, and bytes at the head of a file by which its layout is detected.
pub(crate) const HEAD_BYTES: usize = 64 << 10;

/// A stream of bytes.
pub(super) type Bytes<'a> = Box<dyn Read + 'a>;

/// The bytes of the file as published, hashed and counted as they are read. The decoders of compressions and
/// encodings read from one handle; the other one gives the hash.
#[derive(Clone)]
struct FileBytes<'a>(Rc<RefCell<HashedBytes<'a>>>);

struct HashedBytes<'a> {
    bytes: Bytes<'a>,
    hasher: Sha256,
    count: u64,
}

impl<'a> FileBytes<'a> {
    fn new(bytes: Bytes<'a>) -> Self {
        FileBytes(Rc::new(RefCell::new(HashedBytes { bytes, hasher: Sha256::new(), count: 0 })))
    }

    /// Bytes read.
    fn count(&self) -> u64 {
        self.0.borrow().count
    }

    /// The SHA-256 of the bytes read, in hexadecimal.
    fn sha256(&self) -> String {
        crate::digest::hex(&self.0.borrow().hasher.clone().finalize())
    }
}

impl Read for FileBytes<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut file = self.0.borrow_mut();
        let n = file.bytes.read(into)?;
        file.hasher.update(&into[..n]);
        file.count += n as u64;
        Ok(n)
    }
}

/// The first bytes of a stream, at most `length`, and the whole stream again.
pub(super) fn peek(mut bytes: Bytes<'_>, length: usize) -> io::Result<(Vec<u8>, Bytes<'_>)> {
    let mut head = Vec::new();
    bytes.by_ref().take(length as u64).read_to_end(&mut head)?;
    let whole = Box::new(io::Cursor::new(head.clone()).chain(bytes));
    Ok((head, whole))
}

/// A file, or bytes in memory, as a stream: see the documentation of this module.
pub(crate) struct ByteSource<'a> {
    name: String,
    file: FileBytes<'a>,
    /// The content, decompressed and in UTF-8.
    content: Bytes<'a>,
    buffer: Vec<u8>,
    /// The first byte of the buffer that is not yet consumed.
    start: usize,
    /// Bytes of the content read into the buffer so far.
    content_read: u64,
    /// Bytes consumed, a byte order mark included.
    offset: u64,
    /// The 1-based line of the next byte.
    line: u64,
    /// The offset up to which bytes may be consumed.
    limit: u64,
    at_end: bool,
    /// Bytes that follow the content: see [`ByteSource::append`]. Empty once they are in the buffer.
    appendix: &'static [u8],
    /// The offset of the end of the content, once the appendix is in the buffer.
    content_end: u64,
    /// Offsets and bytes of consumed line ends, for [`ByteSource::line_at`]; recorded on request.
    line_ends: Option<VecDeque<(u64, u8)>>,
}

impl<'a> ByteSource<'a> {
    /// Opens a file.
    pub(crate) fn open(path: &Path) -> Result<ByteSource<'static>> {
        ByteSource::open_member(path, None)
    }

    /// Opens a file; of a zip archive the file with this name.
    pub(crate) fn open_member(path: &Path, member: Option<&str>) -> Result<ByteSource<'static>> {
        let fail = |e| Error::from(e).with_path(path);
        let file = File::open(path).map_err(fail)?;
        let name = match member {
            None => path.display().to_string(),
            Some(member) => format!("{}/{member}", path.display()),
        };
        ByteSource::decode(&name, Box::new(file), member).map_err(|e| e.with_path(path))
    }

    /// Bytes in memory, compressed or not.
    pub(crate) fn from_memory(name: &str, bytes: &'a [u8]) -> Result<ByteSource<'a>> {
        ByteSource::decode(name, Box::new(bytes), None)
    }

    /// Bytes in memory that are neither compressed nor in another encoding than UTF-8.
    pub(crate) fn from_bytes(name: &str, bytes: &'a [u8]) -> ByteSource<'a> {
        let file = FileBytes::new(Box::new(bytes));
        ByteSource::new(name, file.clone(), Box::new(file)).expect("reading memory does not fail")
    }

    /// The content of a file: unpacked, decompressed, and in UTF-8.
    fn decode(name: &str, bytes: Bytes<'a>, member: Option<&str>) -> Result<ByteSource<'a>> {
        let file = FileBytes::new(bytes);
        let content = compression::decompressed(Box::new(file.clone()), member)?;
        let content = encoding::decoded(content)?;
        Ok(ByteSource::new(name, file, content)?)
    }

    fn new(name: &str, file: FileBytes<'a>, content: Bytes<'a>) -> io::Result<ByteSource<'a>> {
        let mut source = ByteSource {
            name: name.to_string(),
            file,
            content,
            buffer: Vec::new(),
            start: 0,
            content_read: 0,
            offset: 0,
            line: 1,
            limit: MAX_RECORD_BYTES,
            at_end: false,
            appendix: b"",
            content_end: u64::MAX,
            line_ends: None,
        };
        source.refill()?;
        source.start = byte_order_mark_len(&source.buffer);
        source.offset = source.start as u64;
        Ok(source)
    }

    /// The same file with another content, to which its bytes were converted. All of them must have been read.
    #[cfg(feature = "xlsx")]
    pub(crate) fn with_content(self, content: Vec<u8>) -> Result<ByteSource<'a>> {
        Ok(ByteSource::new(&self.name, self.file, Box::new(io::Cursor::new(content)))?)
    }

    /// The name of the file in messages and rejected records.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The head of the file without its byte order mark: at most [`HEAD_BYTES`] bytes. Valid before the first
    /// read.
    pub(crate) fn head(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Whether the file holds nothing but white space.
    pub(crate) fn is_blank(&self) -> bool {
        self.head().iter().all(u8::is_ascii_whitespace) && self.buffer.len() < HEAD_BYTES
    }

    /// Allows so many bytes to be read from here until the next call.
    pub(crate) fn allow(&mut self, bytes: u64) {
        self.limit = self.offset + bytes;
    }

    /// The position of the next byte.
    pub(crate) fn position(&self) -> Position {
        Position::line(self.line).at_byte(self.offset)
    }

    /// Appends bytes to the content, and records line ends for [`ByteSource::line_at`].
    pub(crate) fn append(&mut self, bytes: &'static [u8]) {
        self.appendix = bytes;
        self.line_ends = Some(VecDeque::new());
    }

    /// Whether `offset` lies within the bytes that [`ByteSource::append`] added.
    pub(crate) fn is_past_content(&self, offset: u64) -> bool {
        offset > self.content_end
    }

    /// The 1-based line of the record at `offset`, or after the line ends at `offset`. Offsets must not
    /// decrease from call to call.
    pub(crate) fn line_at(&mut self, offset: u64) -> u64 {
        let Some(ends) = &mut self.line_ends else { return self.line };
        while ends.front().is_some_and(|(at, _)| *at < offset) {
            ends.pop_front();
        }
        // The lines that begin after the record are those whose line end is still in the queue.
        let leading = ends.iter().zip(offset..).take_while(|((at, _), expected)| at == expected);
        let leading = leading.filter(|((_, end), _)| *end == b'\n').count();
        let after = ends.iter().filter(|(_, end)| *end == b'\n').count() - leading;
        self.line - after as u64
    }

    /// Reads the rest and returns the SHA-256 of the whole file in hexadecimal.
    pub(crate) fn sha256(mut self) -> Result<String> {
        while !self.at_end {
            self.refill()?;
        }
        // Bytes after the compressed content are part of the file too.
        io::copy(&mut self.file, &mut io::sink())?;
        Ok(self.file.sha256())
    }

    /// Fills the buffer from the content. At the end of the content the buffer is empty.
    fn refill(&mut self) -> io::Result<()> {
        self.buffer.clear();
        self.start = 0;
        self.content.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut self.buffer)?;
        self.at_end = self.buffer.is_empty();
        self.content_read += self.buffer.len() as u64;
        let file_read = self.file.count();
        if self.content_read / MAX_EXPANSION > file_read.max(HEAD_BYTES as u64) {
            let what = format!(
                "a compressed file that holds more than {MAX_EXPANSION} times its size: no list does"
            );
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        Ok(())
    }
}

/// The length of the UTF-8 byte order mark at the beginning of these bytes: 3 or 0.
fn byte_order_mark_len(bytes: &[u8]) -> usize {
    if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 }
}

/// The error of a read beyond what was allowed.
#[derive(Debug, thiserror::Error)]
#[error("more than {} MB in one record or one text: no list has that", MAX_RECORD_BYTES >> 20)]
struct TooLong;

/// Converts an error of reading a [`ByteSource`]: an error of the system, or a record that is too long.
pub(crate) fn read_error(e: &io::Error, position: Position) -> Error {
    match e.get_ref().and_then(|inner| inner.downcast_ref::<TooLong>()) {
        Some(too_long) => Error::malformed(too_long.to_string()).at(position),
        None => Error::new(ErrorKind::Io(io::Error::new(e.kind(), e.to_string()))).at(position),
    }
}

impl BufRead for ByteSource<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.buffer.len() && !self.at_end {
            self.refill()?;
        }
        if self.start == self.buffer.len() && !self.appendix.is_empty() {
            self.buffer = std::mem::take(&mut self.appendix).to_vec();
            self.content_end = self.offset;
            self.start = 0;
        }
        let left = self.buffer.len() - self.start;
        let allowed = usize::try_from(self.limit - self.offset).unwrap_or(usize::MAX).min(left);
        if allowed == 0 && left > 0 {
            return Err(io::Error::other(TooLong));
        }
        Ok(&self.buffer[self.start..self.start + allowed])
    }

    fn consume(&mut self, amount: usize) {
        let taken = &self.buffer[self.start..self.start + amount];
        for at in memchr::memchr2_iter(b'\n', b'\r', taken) {
            self.line += u64::from(taken[at] == b'\n');
            if let Some(ends) = &mut self.line_ends {
                ends.push_back((self.offset + at as u64, taken[at]));
            }
        }
        self.start += amount;
        self.offset += amount as u64;
    }
}

impl Read for ByteSource<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let n = available.len().min(into.len());
        into[..n].copy_from_slice(&available[..n]);
        self.consume(n);
        Ok(n)
    }
}
