//! A list file as a stream: read once, in bounded memory, with its SHA-256, its lines and its bytes counted on
//! the way.
//!
//! A reader takes the [`Source`] as [`BufRead`] and says with [`Source::allow`] how much may still come before it
//! has done with a record. More is an error, so that no file, however made, is held whole: neither one text of
//! two gigabytes nor one row of ten million columns.
//!
//! A file that is compressed with gzip is read as what it holds; the SHA-256 stays that of the file as published.
//! A bomb, a small file that holds terabytes, is refused at [`MAX_EXPANSION`] times its size.

use super::without_bom;
use crate::error::{Error, ErrorKind, Position, Result};
#[cfg(feature = "gzip")]
use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, Read};
use std::path::Path;

/// The most bytes of a record: a hundred times more than the longest record of any published list.
pub(super) const MAX_RECORD: u64 = 4 << 20;

/// So many bytes may come out of one byte of a compressed file. Lists, whose XML is repetitive, reach 30.
const MAX_EXPANSION: u64 = 200;

/// What is looked at to tell a file's layout.
pub(super) const HEAD: usize = 64 << 10;

/// The bytes of the file, hashed and counted as they are read.
struct Published<'a> {
    bytes: Box<dyn Read + 'a>,
    /// Read in advance, to tell whether the file is compressed.
    ahead: io::Cursor<Vec<u8>>,
    hasher: Sha256,
    count: u64,
}

impl Read for Published<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut n = self.ahead.read(into)?;
        if n == 0 {
            n = self.bytes.read(into)?;
        }
        self.hasher.update(&into[..n]);
        self.count += n as u64;
        Ok(n)
    }
}

/// What the file holds.
enum Input<'a> {
    Plain(Published<'a>),
    #[cfg(feature = "gzip")]
    Gzip(Box<MultiGzDecoder<Published<'a>>>),
}

impl<'a> Input<'a> {
    fn new(mut bytes: Box<dyn Read + 'a>) -> Result<Self> {
        let mut ahead = Vec::new();
        bytes.by_ref().take(2).read_to_end(&mut ahead)?;
        let gzip = ahead == [0x1f, 0x8b];
        let published = Published { bytes, ahead: io::Cursor::new(ahead), hasher: Sha256::new(), count: 0 };
        if gzip { Input::gzip(published) } else { Ok(Input::Plain(published)) }
    }

    #[cfg(feature = "gzip")]
    fn gzip(published: Published<'a>) -> Result<Self> {
        Ok(Input::Gzip(Box::new(MultiGzDecoder::new(published))))
    }

    #[cfg(not(feature = "gzip"))]
    fn gzip(_: Published<'a>) -> Result<Self> {
        Err(Error::new(ErrorKind::MissingFeature { form: "gzip", feature: "gzip" }))
    }

    fn published(&mut self) -> &mut Published<'a> {
        match self {
            Input::Plain(published) => published,
            #[cfg(feature = "gzip")]
            Input::Gzip(decoder) => decoder.get_mut(),
        }
    }
}

impl Read for Input<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Input::Plain(published) => published.read(into),
            #[cfg(feature = "gzip")]
            Input::Gzip(decoder) => decoder.read(into).map_err(|e| {
                let what = format!("the compressed file is damaged or was cut off: {e}");
                io::Error::new(e.kind(), what)
            }),
        }
    }
}

/// A file or bytes in memory, being read.
pub(super) struct Source<'a> {
    name: String,
    input: Input<'a>,
    buffer: Vec<u8>,
    start: usize,
    /// Bytes read of the content.
    content: u64,
    /// Bytes handed out so far, a byte order mark included.
    byte: u64,
    line: u64,
    limit: u64,
    ended: bool,
    /// What follows the content, once: see [`Source::end_with`].
    tail: &'static [u8],
    /// The byte behind the content, once the tail was handed out.
    content_end: u64,
    /// Line ends handed out, for [`Source::line_at`]; kept when asked for.
    line_ends: Option<VecDeque<(u64, u8)>>,
}

impl<'a> Source<'a> {
    /// Opens a file.
    pub(super) fn open(path: &Path) -> Result<Source<'static>> {
        let fail = |e| Error::from(e).with_path(path);
        let file = File::open(path).map_err(fail)?;
        let input = Input::new(Box::new(file)).map_err(|e| e.with_path(path))?;
        Source::new(&path.display().to_string(), input).map_err(fail)
    }

    /// Bytes in memory, compressed or not.
    pub(super) fn memory(name: &str, bytes: &'a [u8]) -> Result<Source<'a>> {
        Ok(Source::new(name, Input::new(Box::new(bytes))?)?)
    }

    /// Bytes in memory that are not compressed.
    pub(super) fn bytes(name: &str, bytes: &'a [u8]) -> Source<'a> {
        let input = Published {
            bytes: Box::new(bytes),
            ahead: io::Cursor::default(),
            hasher: Sha256::new(),
            count: 0,
        };
        Source::new(name, Input::Plain(input)).expect("memory is read without errors")
    }

    fn new(name: &str, input: Input<'a>) -> io::Result<Source<'a>> {
        let mut source = Source {
            name: name.to_string(),
            input,
            buffer: Vec::new(),
            start: 0,
            content: 0,
            byte: 0,
            line: 1,
            limit: MAX_RECORD,
            ended: false,
            tail: b"",
            content_end: u64::MAX,
            line_ends: None,
        };
        source.refill()?;
        let mark = source.buffer.len() - without_bom(&source.buffer).len();
        source.start = mark;
        source.byte = mark as u64;
        Ok(source)
    }

    /// The name by which rejected records and messages call the file.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The beginning of the file without its byte order mark, at most [`HEAD`] bytes; before anything was read.
    pub(super) fn head(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Whether there is nothing but white space in the head of the file, and nothing behind it.
    pub(super) fn is_blank(&self) -> bool {
        self.head().iter().all(u8::is_ascii_whitespace) && self.buffer.len() < HEAD
    }

    /// From here on, so many bytes may be read before the next call.
    pub(super) fn allow(&mut self, bytes: u64) {
        self.limit = self.byte + bytes;
    }

    /// Where the next byte stands.
    pub(super) fn position(&self) -> Position {
        Position::line(self.line).at_byte(self.byte)
    }

    /// Has these bytes follow the content, and line ends remembered for [`Source::line_at`].
    pub(super) fn end_with(&mut self, tail: &'static [u8]) {
        self.tail = tail;
        self.line_ends = Some(VecDeque::new());
    }

    /// Whether `byte` stands behind the content, in what [`Source::end_with`] added.
    pub(super) fn is_behind(&self, byte: u64) -> bool {
        byte > self.content_end
    }

    /// The 1-based line of the record that begins at `byte`, or behind the line ends that stand there. To be
    /// asked in rising order.
    pub(super) fn line_at(&mut self, byte: u64) -> u64 {
        let Some(ends) = &mut self.line_ends else { return self.line };
        while ends.front().is_some_and(|(at, _)| *at < byte) {
            ends.pop_front();
        }
        // Lines that begin behind the record are those whose line end is still in the queue.
        let leading = ends.iter().zip(byte..).take_while(|((at, _), expected)| at == expected);
        let leading = leading.filter(|((_, end), _)| *end == b'\n').count();
        let behind = ends.iter().filter(|(_, end)| *end == b'\n').count() - leading;
        self.line - behind as u64
    }

    /// Reads what is left and gives the SHA-256 of the whole file in hexadecimal.
    pub(super) fn sha256(mut self) -> Result<String> {
        while !self.ended {
            self.refill()?;
        }
        // Bytes behind the compressed content are part of the file too.
        let published = self.input.published();
        io::copy(published, &mut io::sink())?;
        Ok(crate::digest::hex(&published.hasher.clone().finalize()))
    }

    /// Fills the buffer from the input; at its end the buffer is empty.
    fn refill(&mut self) -> io::Result<()> {
        self.buffer.clear();
        self.start = 0;
        self.input.by_ref().take(HEAD as u64).read_to_end(&mut self.buffer)?;
        self.ended = self.buffer.is_empty();
        self.content += self.buffer.len() as u64;
        let published = self.input.published().count;
        if self.content / MAX_EXPANSION > published.max(HEAD as u64) {
            let what = format!(
                "a compressed file that holds more than {MAX_EXPANSION} times its size: no list does"
            );
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        Ok(())
    }

    /// The error for a read beyond what was allowed.
    fn too_long(&self) -> io::Error {
        io::Error::other(TooLong)
    }
}

/// Marks the error of a read beyond what was allowed.
#[derive(Debug, thiserror::Error)]
#[error("more than {} MB in one record or one text: no list has that", MAX_RECORD >> 20)]
struct TooLong;

/// An error of reading: the system's, or that of a record without end.
pub(super) fn io_error(e: &io::Error, position: Position) -> Error {
    match e.get_ref().and_then(|inner| inner.downcast_ref::<TooLong>()) {
        Some(too_long) => Error::malformed(too_long.to_string()).at(position),
        None => Error::new(ErrorKind::Io(io::Error::new(e.kind(), e.to_string()))).at(position),
    }
}

impl BufRead for Source<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.buffer.len() && !self.ended {
            self.refill()?;
        }
        if self.start == self.buffer.len() && !self.tail.is_empty() {
            self.buffer = std::mem::take(&mut self.tail).to_vec();
            self.content_end = self.byte;
            self.start = 0;
        }
        let left = self.buffer.len() - self.start;
        let allowed = usize::try_from(self.limit - self.byte).unwrap_or(usize::MAX).min(left);
        if allowed == 0 && left > 0 {
            return Err(self.too_long());
        }
        Ok(&self.buffer[self.start..self.start + allowed])
    }

    fn consume(&mut self, amount: usize) {
        let taken = &self.buffer[self.start..self.start + amount];
        for at in memchr::memchr2_iter(b'\n', b'\r', taken) {
            self.line += u64::from(taken[at] == b'\n');
            if let Some(ends) = &mut self.line_ends {
                ends.push_back((self.byte + at as u64, taken[at]));
            }
        }
        self.start += amount;
        self.byte += amount as u64;
    }
}

impl Read for Source<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let n = available.len().min(into.len());
        into[..n].copy_from_slice(&available[..n]);
        self.consume(n);
        Ok(n)
    }
}
