//! Messages of a file of any length, in bounded memory.

use super::detect::{self, Extractor};
use super::message::{Message, Problem};
use super::{note_replaced, nothing};
use crate::error::Result;
use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Read};

/// Bytes that are read at once.
const WINDOW: usize = 1 << 20;
/// Bytes that are asked for at a time, until there are enough.
const CHUNK: usize = 1 << 16;
/// The longest piece that is read whole: a transaction of ISO 20022, a message of the other formats.
const MAX_PIECE: usize = 64 << 20;

/// Reads messages from a stream.
///
/// Of a message with many transactions it returns parts, each with some of its subjects: all but the last have
/// [`Message::continues`]. Parts have the number of their message. Memory does not depend on the length of the file.
///
/// ```
/// use interdict::payment::Reader;
/// let file = "<Document><CstmrCdtTrfInitn><GrpHdr><InitgPty><Nm>Jane Roe</Nm></InitgPty></GrpHdr></CstmrCdtTrfInitn>\
///             </Document>";
/// for message in Reader::new(file.as_bytes()) {
///     assert_eq!(message?.subjects[0].name, "Jane Roe");
/// }
/// # Ok::<(), interdict::Error>(())
/// ```
pub struct Reader<R> {
    input: Input<R>,
    buffer: Vec<u8>,
    /// Bytes of the file before the buffer.
    base: u64,
    /// Length that the buffer is filled to.
    wanted: usize,
    is_last: bool,
    is_done: bool,
    extractor: Option<Extractor>,
    ready: VecDeque<Message<'static>>,
    messages: u64,
}

/// An input whose first bytes have been read already.
type Restarted<R> = io::Chain<io::Cursor<Vec<u8>>, R>;

/// The input as it is, or decoded to UTF-8.
enum Input<R> {
    Plain(R),
    Decoded(Box<encoding_rs_io::DecodeReaderBytes<Restarted<R>, Vec<u8>>>),
    Taken,
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Input::Plain(input) => input.read(buffer),
            Input::Decoded(input) => input.read(buffer),
            Input::Taken => Ok(0),
        }
    }
}

impl<R: Read> Reader<R> {
    /// The messages of a file.
    pub fn new(input: R) -> Self {
        Reader {
            input: Input::Plain(input),
            buffer: Vec::new(),
            base: 0,
            wanted: WINDOW,
            is_last: false,
            is_done: false,
            extractor: None,
            ready: VecDeque::new(),
            messages: 0,
        }
    }

    /// Fills the buffer to the length that is wanted, or to the end of the input.
    fn fill(&mut self) -> io::Result<()> {
        while !self.is_last && self.buffer.len() < self.wanted {
            let former = self.buffer.len();
            // Room for a character: with less the decoder passes over bytes at the end that are no whole one.
            self.buffer.resize(former + CHUNK, 0);
            let read = self.input.read(&mut self.buffer[former..]);
            self.buffer.truncate(former + *read.as_ref().unwrap_or(&0));
            match read {
                Ok(read) => self.is_last = read == 0,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => (),
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    /// Finds out encoding and format.
    fn begin(&mut self) -> io::Result<()> {
        self.fill()?;
        if let Some((encoding, mark)) = detect::encoding(&self.buffer) {
            let head = io::Cursor::new(self.buffer.split_off(mark));
            self.buffer.clear();
            if let Input::Plain(input) = std::mem::replace(&mut self.input, Input::Taken) {
                let mut decoder = encoding_rs_io::DecodeReaderBytesBuilder::new();
                let decoder = decoder.encoding(Some(encoding)).bom_override(false);
                let decoded = decoder.build_with_buffer(head.chain(input), vec![0; 1 << 16])?;
                self.input = Input::Decoded(Box::new(decoded));
            }
            self.is_last = false;
            self.fill()?;
        }
        self.extractor = Some(detect::extractor(&self.buffer));
        Ok(())
    }

    /// Reads on until there is a message, or the end.
    fn advance(&mut self) -> io::Result<()> {
        if self.extractor.is_none() {
            self.begin()?;
        }
        while self.ready.is_empty() && !self.is_done {
            self.fill()?;
            let mut found = Vec::new();
            let done = match &mut self.extractor {
                Some(extractor)
                    if !(self.is_last && self.buffer.trim_ascii().is_empty() && self.base == 0) =>
                {
                    extractor.run(&self.buffer, self.base, self.is_last, &mut found)
                }
                _ => self.buffer.len(),
            };
            if matches!(self.input, Input::Decoded(_)) {
                note_replaced(&mut found, &self.buffer, self.base);
            }
            self.ready.extend(found.into_iter().map(Message::into_owned));
            self.is_done = self.is_last;
            if done == 0 && !self.is_last {
                self.wanted = self.buffer.len() * 2;
                if self.wanted > MAX_PIECE {
                    self.give_up();
                }
                continue;
            }
            self.wanted = WINDOW;
            self.buffer.drain(..done);
            self.base += done as u64;
        }
        if self.is_done && self.messages == 0 && self.ready.is_empty() {
            self.ready.push_back(nothing("the file holds no message"));
        }
        Ok(())
    }

    /// A piece is longer than what is held in memory: what was read of the message is all there is.
    fn give_up(&mut self) {
        self.is_done = true;
        let reason = format!("a part of more than {} MiB; nothing behind it was read", MAX_PIECE >> 20);
        let mut message = nothing("");
        message.number = self.messages.max(1);
        message.problems = vec![Problem::new(self.base, reason)];
        self.ready.push_back(message);
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<Message<'static>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.is_empty()
            && let Err(e) = self.advance()
        {
            self.is_done = true;
            return Some(Err(e.into()));
        }
        let message = self.ready.pop_front()?;
        self.messages = self.messages.max(message.number);
        Some(Ok(message))
    }
}

impl<R> fmt::Debug for Reader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("byte", &self.base)
            .field("messages", &self.messages)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_valid_in_their_encoding_are_a_problem() {
        // 0x81 begins two bytes in Shift_JIS, and no second byte is 0x20.
        let head = "<?xml version='1.0' encoding='Shift_JIS'?><Document><FIToFICstmrCdtTrf><CdtTrfTxInf><Dbtr><Nm>Jane ";
        let tail = "Roe</Nm></Dbtr></CdtTrfTxInf></FIToFICstmrCdtTrf></Document>";
        for (middle, problems) in [(&b"\x81 "[..], 1), (b"", 0)] {
            let bytes = [head.as_bytes(), middle, tail.as_bytes()].concat();
            let messages: Vec<Message<'_>> = Reader::new(&bytes[..]).map(Result::unwrap).collect();
            assert_eq!(messages[0].problems.len(), problems);
            assert_eq!(super::super::read(&bytes)[0].problems, messages[0].problems);
        }
        // UTF-16 of an odd number of bytes.
        let text = ":20:A\n:50K:JANE ROE\n:59:OTTOLINE VEXLEY\n";
        let mut bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for problems in [0, 1] {
            let message = Reader::new(&bytes[..]).next().unwrap().unwrap();
            assert_eq!(message.problems.len(), problems);
            bytes.push(b'A');
        }
    }
}
