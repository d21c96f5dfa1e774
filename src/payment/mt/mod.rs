//! SWIFT MT: messages in blocks and fields.
//!
//! | file | content |
//! |---|---|
//! | `fields` | what the fields mean, by tag and option |
//! | `mandatory` | the fields that every message of a kind has |
//! | `party` | parties and institutions in lines |
//! | this file | blocks, fields and messages of a file |
//!
//! Read are FIN files, RJE files with `$` between messages, messages behind their acknowledgement, several in a file, and
//! fields without blocks, as archives and statement files have them. Field 86 of German banks is read by its subfields.

mod fields;
mod mandatory;
mod party;

use super::message::{Format, Ids, Message, Problem};
use super::subject::{Subject, SubjectIdentifier, SubjectKind, has_word, is_bic};
use super::text_of;
use crate::entity::{IdentifierKind, Schema};
use std::borrow::Cow;
use std::ops::Range;

/// A line of a field.
#[derive(Clone, Debug)]
struct Line<'x> {
    text: Cow<'x, str>,
    /// Where it is in the file.
    span: Range<u64>,
}

impl Line<'_> {
    /// The byte of the file at which this byte of the text is. A text that was no UTF-8 has a character for each byte.
    fn byte(&self, at: usize) -> u64 {
        let before = match &self.text {
            Cow::Borrowed(_) => at,
            Cow::Owned(text) => text.char_indices().take_while(|(i, _)| *i < at).count(),
        };
        self.span.start + before as u64
    }
}

/// A field of block 4.
#[derive(Clone, Debug)]
struct Field<'x> {
    /// Its number: `50`.
    tag: &'x str,
    /// Its option: `K`; empty if it has none.
    option: &'x str,
    lines: Vec<Line<'x>>,
    /// Where its tag begins.
    start: u64,
}

impl Field<'_> {
    /// Number and option, as the path of its subjects has them.
    fn name(&self) -> String {
        format!("{}{}", self.tag, self.option)
    }

    /// The first line.
    fn value(&self) -> &str {
        self.lines.first().map_or("", |line| &*line.text)
    }
}

/// The number of messages that were read before, in the same file.
#[derive(Default)]
pub(super) struct Extractor {
    number: u64,
}

/// Whether a buffer begins with a block of a message, or with a field.
pub(super) fn is_mt(bytes: &[u8]) -> bool {
    let bytes = skip_separators(bytes);
    matches!(bytes, [b'{', b'1'..=b'5', b':', ..]) || tag_of(bytes).is_some()
}

fn skip_separators(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let is_separator = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'$' | 1 | 3);
    let length = bytes.iter().position(|b| !is_separator(b)).unwrap_or(bytes.len());
    &bytes[length..]
}

impl Extractor {
    /// As [`Extractor::run`](super::iso20022::Extractor::run).
    pub(super) fn run<'x>(
        &mut self,
        bytes: &'x [u8],
        base: u64,
        is_last: bool,
        out: &mut Vec<Message<'x>>,
    ) -> usize {
        let mut starts = message_starts(bytes);
        starts.push(bytes.len());
        let messages = starts.len() - 1;
        let whole = if is_last { messages } else { messages.saturating_sub(1) };
        for pair in starts[..=whole].windows(2) {
            self.number += 1;
            let range = pair[0]..pair[1];
            out.push(message(self.number, bytes, range, base));
        }
        if is_last { bytes.len() } else { starts[whole] }
    }
}

/// Where messages begin: at each block 1 that does not follow an acknowledgement, or without blocks at each field 20.
fn message_starts(bytes: &[u8]) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut is_acknowledged = false;
    for at in memchr::memmem::find_iter(bytes, b"{1:") {
        if !is_acknowledged {
            starts.push(at);
        }
        // Service 21 acknowledges; the message that follows belongs to it.
        is_acknowledged = bytes[at..].get(4..6) == Some(b"21");
    }
    if starts.is_empty() {
        let fields = memchr::memmem::find_iter(bytes, b":20:");
        starts.extend(fields.filter(|at| *at == 0 || matches!(bytes[at - 1], b'\n' | b'\r')));
    }
    // What stands before the first message belongs to it.
    match starts.first_mut() {
        Some(first) => *first = 0,
        None if skip_separators(bytes).is_empty() => (),
        None => starts.push(0),
    }
    starts
}

/// The tag and option at the beginning of a line, and the length of both with their colons.
fn tag_of(line: &[u8]) -> Option<(&str, &str, usize)> {
    let digits = line.first() == Some(&b':') && line.len() >= 4 && line[1..3].iter().all(u8::is_ascii_digit);
    let (tag, option) = match line.get(3)? {
        _ if !digits => return None,
        b':' => (1..3, 3..3),
        letter if letter.is_ascii_uppercase() && line.get(4) == Some(&b':') => (1..3, 3..4),
        _ => return None,
    };
    let text = |range: Range<usize>| std::str::from_utf8(&line[range]).unwrap_or("");
    Some((text(tag), text(option.clone()), option.end + 1))
}

/// Reads one message.
fn message<'x>(number: u64, bytes: &'x [u8], range: Range<usize>, base: u64) -> Message<'x> {
    let mut read = Read { bytes, base, message: Message::default(), kind: "", variant: "", is_output: false };
    read.message.number = number;
    read.message.format = Format::Mt;
    read.message.transactions.push(Ids::default());
    read.message.span = base + range.start as u64..base + range.end as u64;
    read.blocks(range);
    read.message
}

struct Read<'x> {
    bytes: &'x [u8],
    base: u64,
    message: Message<'x>,
    /// The number of its type: `103`.
    kind: &'x str,
    /// `COV`, `STP` or `REMIT`.
    variant: &'x str,
    /// Whether the network delivered it, so that block 1 names its receiver.
    is_output: bool,
}

impl<'x> Read<'x> {
    fn problem(&mut self, at: usize, reason: impl Into<String>) {
        self.message.problems.push(Problem::new(self.base + at as u64, reason));
    }

    fn blocks(&mut self, range: Range<usize>) {
        let mut at = range.start;
        let mut text_block = None;
        let mut is_acknowledgement = false;
        let mut headers = [false; 2];
        while at < range.end {
            let rest = &self.bytes[at..range.end];
            let skipped = rest.len() - skip_separators(rest).len();
            if skipped > 0 {
                at += skipped;
                continue;
            }
            if rest[0] == b'{' && rest.get(2) == Some(&b':') {
                let number = rest[1];
                let end = self.block_end(at, range.end);
                let content = at + 3..end.0;
                at = end.1;
                match number {
                    b'1' => {
                        is_acknowledgement = self.bytes[content.clone()].get(1..3) == Some(b"21");
                        if !is_acknowledgement {
                            if std::mem::replace(&mut headers[0], true) {
                                self.problem(content.start, "block 1 stands twice");
                            }
                            self.basic_header(content);
                        }
                    }
                    b'2' => {
                        headers[1] = true;
                        self.application_header(content);
                    }
                    b'3' => self.user_header(content),
                    b'4' if is_acknowledgement && self.bytes[content.clone()].starts_with(b"{") => (),
                    b'4' if text_block.is_none() => text_block = Some(content),
                    b'5' | b'S' => (),
                    b'4' => self.problem(content.start - 3, "block 4 stands twice"),
                    _ => self.problem(content.start - 3, "no block has this number"),
                }
                continue;
            }
            at = self.stray(at, range.end, &mut text_block);
        }
        // Both are missing where an archive keeps block 4 alone.
        if headers[0] != headers[1] {
            self.problem(range.start, format!("block {} is missing", if headers[0] { 2 } else { 1 }));
        }
        match text_block {
            Some(content) => self.text_block(content),
            None if is_acknowledgement => {
                (self.message.kind, self.message.definition) = ("MT ACK".into(), "MT ACK".into());
            }
            None => self.problem(range.start, "the message has no block 4"),
        }
    }

    /// Text outside of blocks: fields without blocks, marks behind a message, or something that is not known.
    fn stray(&mut self, at: usize, end: usize, text_block: &mut Option<Range<usize>>) -> usize {
        let rest = &self.bytes[at..end];
        let has_blocks = memchr::memmem::find(self.bytes, b"{1:").is_some();
        if text_block.is_none() && !has_blocks {
            *text_block = Some(at..end);
            return end;
        }
        let length = rest.iter().skip(1).position(|b| *b == b'{').map_or(rest.len(), |next| next + 1);
        let text = text_of(&rest[..length]);
        if text.chars().any(char::is_alphanumeric) || rest[0] == b'{' {
            self.problem(at, format!("text outside of the blocks: '{}'", super::shortened(&text)));
            self.text_subject("other text", "outside", text, at..at + length);
        }
        at + length
    }

    /// Where the content of a block ends, and where what follows it begins.
    fn block_end(&mut self, at: usize, end: usize) -> (usize, usize) {
        let rest = &self.bytes[at..end];
        if rest[1] == b'4' && rest.get(3) != Some(&b'{') {
            let ends = memchr::memmem::find_iter(rest, b"-}");
            let is_line = |i: &usize| matches!(rest[i - 1], b'\n' | b'\r' | b':');
            if let Some(i) = ends.into_iter().find(is_line) {
                return (at + i, at + i + 2);
            }
            self.problem(at, "block 4 has no end");
            // The next block, if there is one.
            let next = memchr::memmem::find(rest, b"{5:").unwrap_or(rest.len());
            return (at + next, at + next);
        }
        let mut depth = 0;
        for (i, b) in rest.iter().enumerate() {
            match b {
                b'{' => depth += 1,
                b'}' if depth == 1 => return (at + i, at + i + 1),
                b'}' => depth -= 1,
                _ => (),
            }
        }
        self.problem(at, "a block has no end");
        (end, end)
    }

    /// The BIC within the address of a logical terminal: twelve characters, of which the ninth is the terminal's.
    fn agent_of_terminal(&mut self, role: &'static str, path: &str, range: Range<usize>) {
        let text = text_of(&self.bytes[range.clone()]);
        let bic: String = match (text.get(..8), text.get(9..12)) {
            (Some(bic), None | Some("XXX" | "")) => bic.to_string(),
            (Some(bic), Some(branch)) => format!("{bic}{branch}"),
            _ => text.to_string(),
        };
        let mut subject = Subject::new(role, SubjectKind::Agent, path.to_string());
        subject.schema = Schema::Organization;
        subject.span = self.base + range.start as u64..self.base + range.end as u64;
        subject.identifiers.push(SubjectIdentifier::new(IdentifierKind::Bic, bic.into()));
        self.message.subjects.push(subject);
    }

    fn basic_header(&mut self, content: Range<usize>) {
        if content.len() < 15 || !matches!(self.bytes[content.start], b'F' | b'A' | b'L') {
            self.problem(content.start, "block 1 is no basic header");
        }
        let terminal = (content.start + 3).min(content.end)..(content.start + 15).min(content.end);
        if !terminal.is_empty() {
            self.agent_of_terminal("sender", "block 1", terminal);
        }
    }

    fn application_header(&mut self, content: Range<usize>) {
        let block = &self.bytes[content.clone()];
        self.is_output = block.first() == Some(&b'O');
        let kind = block.get(1..4).filter(|k| k.iter().all(u8::is_ascii_digit));
        // Some write the address of a terminal where the network puts time and date.
        let has_times = block.get(4..14).is_some_and(|times| times.iter().all(u8::is_ascii_digit));
        let from = content.start + if self.is_output && has_times { 14 } else { 4 };
        let (Some(kind), true, true) =
            (kind, matches!(block.first(), Some(b'I' | b'O')), from + 8 <= content.end)
        else {
            return self.problem(content.start, "block 2 is no application header");
        };
        self.kind = std::str::from_utf8(kind).unwrap_or("");
        if self.is_output {
            // Delivered by the network: block 1 is the receiver's.
            if let Some(subject) = self.message.subjects.iter_mut().find(|s| s.path == "block 1") {
                subject.role = "receiver".into();
            }
        }
        let role = if self.is_output { "sender" } else { "receiver" };
        self.agent_of_terminal(role, "block 2", from..(from + 12).min(content.end));
    }

    fn user_header(&mut self, content: Range<usize>) {
        let text = &self.bytes[content.clone()];
        let value = |tag: &[u8]| {
            let at = memchr::memmem::find(text, tag)? + tag.len();
            let length = memchr::memchr(b'}', &text[at..])?;
            std::str::from_utf8(&text[at..at + length]).ok()
        };
        self.variant = value(b"{119:").unwrap_or("");
        if let Some(uetr) = value(b"{121:") {
            self.message.transactions[0].uetr = uetr.into();
        }
        if !matches!(text, [b'{', .., b'}']) {
            self.problem(content.start, "block 3 is no list of fields");
        }
    }

    fn text_block(&mut self, content: Range<usize>) {
        let fields = self.fields(content);
        let is_guessed = self.kind.is_empty();
        if is_guessed {
            self.kind = fields::guess_kind(&fields);
        }
        let kind = format!("MT{}", self.kind);
        self.message.definition = Cow::Owned(format!("{kind}{}", self.variant));
        self.message.kind = Cow::Owned(kind);
        fields::read(self, &fields);
        mandatory::check(self, &fields, is_guessed);
    }

    /// The fields of block 4.
    fn fields(&mut self, content: Range<usize>) -> Vec<Field<'x>> {
        let mut fields: Vec<Field<'x>> = Vec::new();
        let mut at = content.start;
        while at < content.end {
            let rest = &self.bytes[at..content.end];
            let length = rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len());
            let line = &rest[..length];
            let next = at + length + 1;
            self.line(line, at, &mut fields);
            at = next;
        }
        fields
    }

    fn line(&mut self, line: &'x [u8], at: usize, fields: &mut Vec<Field<'x>>) {
        let trimmed = line.trim_ascii_end();
        if trimmed.is_empty() || trimmed == b"-" {
            return;
        }
        if trimmed.starts_with(b"-}") {
            self.problem(at, "block 4 ends here, and its beginning is missing");
        }
        let begins = tag_of(trimmed);
        let from = begins.map_or(0, |(_, _, length)| length);
        let value = &trimmed[from..];
        let span = self.base + (at + from) as u64..self.base + (at + trimmed.len()) as u64;
        let line = Line { text: text_of(value), span };
        match (begins, fields.last_mut()) {
            (Some((tag, option, _)), _) => {
                let start = self.base + at as u64;
                let lines = if value.is_empty() { Vec::new() } else { vec![line] };
                fields.push(Field { tag, option, lines, start });
            }
            (None, Some(field)) => {
                field.lines.push(line);
                if is_broken_tag(trimmed) {
                    self.problem(at, "a line that is nearly the beginning of a field");
                }
            }
            (None, None) => {
                self.problem(at, "text before the first field");
                self.text_subject("other text", "4", text_of(trimmed), at..at + trimmed.len());
            }
        }
        if has_tag_within(&trimmed[from..]) {
            self.problem(at, "the beginning of a field within a line");
        }
    }

    fn text_subject(&mut self, role: &'static str, path: &str, text: Cow<'x, str>, range: Range<usize>) {
        if has_word(&text) {
            let mut subject = Subject::new(role, SubjectKind::Text, path.to_string());
            subject.name = text;
            subject.span = self.base + range.start as u64..self.base + range.end as u64;
            self.message.subjects.push(subject);
        }
    }
}

/// Whether a line that begins no field looks like one with a character that is wrong or too much: no line of text begins
/// with a colon, and none with a tag and its second colon.
fn is_broken_tag(line: &[u8]) -> bool {
    let is_tag = |rest: &[u8]| {
        rest.len() >= 3
            && rest[..2].iter().all(u8::is_ascii_digit)
            && (rest[2] == b':' || rest[2].is_ascii_uppercase() && rest.get(3) == Some(&b':'))
    };
    let first_is_wrong =
        is_tag(&line[1..]) && (!line[0].is_ascii_alphanumeric() || fields::is_content(&line[1..3]));
    let is_behind_one = !line[0].is_ascii_digit() && tag_of(&line[1..]).is_some();
    line[0] == b':' || first_is_wrong || is_behind_one
}

/// Whether a field begins within a line: the end of the line before it is lost. Times of day have digits around them.
fn has_tag_within(line: &[u8]) -> bool {
    memchr::memchr_iter(b':', line).filter(|at| *at > 0).any(|at| {
        let Some((tag, option, length)) = tag_of(&line[at..]) else { return false };
        let is_digit = |at: usize| line.get(at).is_some_and(u8::is_ascii_digit);
        let is_time = option.is_empty() && tag < "60" && is_digit(at - 1) && is_digit(at + length);
        fields::is_content(tag.as_bytes()) && !is_time
    })
}

/// An institution that is known by a BIC alone.
fn agent<'x>(role: &'static str, path: String, bic: Cow<'x, str>, span: Range<u64>) -> Subject<'x> {
    let mut subject = Subject::new(role, SubjectKind::Agent, path);
    subject.schema = Schema::Organization;
    subject.span = span;
    debug_assert!(is_bic(&bic));
    subject.identifiers.push(SubjectIdentifier::new(IdentifierKind::Bic, bic));
    subject
}

#[cfg(test)]
mod tests {
    use super::super::{Message, read};

    fn reasons(text: &str) -> Vec<String> {
        read(text.as_bytes()).into_iter().flat_map(|m| m.problems).map(|p| p.reason).collect()
    }

    fn queries(message: &Message<'_>) -> Vec<String> {
        message.subjects.iter().flat_map(|s| s.queries()).map(|q| q.name.clone()).collect()
    }

    const STATEMENT: &str = ":20:STMT\n:25:DE02120300000000202051\n:60F:C260101EUR1,00\n:61:260102C6,00NTRFNONREF\n\
                             :86:PAID BY JANE ROE\n:62F:C260101EUR2,00\n";

    #[test]
    fn a_party_in_a_field_for_each_part_is_one() {
        let mt = "{1:F01BRLNDE21AXXX0001000001}{2:I710LNDNGB2LXXXXN}{4:\n:20:A\n:50N:JANE ROE TRADING\n:50S:QUAY 1\n\
                  :50T:OSLO\n:50R:NO\n:59N:OTTOLINE VEXLEY\n:59S:MILL LANE\n-}";
        let message = &read(mt.as_bytes())[0];
        assert_eq!(message.problems, []);
        let parties: Vec<_> = message.subjects[2..]
            .iter()
            .map(|s| (&*s.role, &*s.name, s.address.len(), s.countries.concat()))
            .collect();
        assert_eq!(
            parties,
            [
                ("applicant", "JANE ROE TRADING", 2, "NO".into()),
                ("beneficiary", "OTTOLINE VEXLEY", 1, String::new())
            ]
        );
    }

    #[test]
    fn a_field_within_a_line_is_found_behind_digits_too() {
        assert_eq!(reasons(STATEMENT), [""; 0]);
        assert!(!reasons(&STATEMENT.replace("NONREF\n", "NONREF0")).is_empty());
        let mt = "{1:F01BRLNDE21AXXX0001000001}{2:I103LNDNGB2LXXXXN}{4:\n:20:A\n:23B:CRED\n:32A:260615EUR10,\n\
                  :52A:ORDRDEFF\n:50K:JANE ROE\n:59:OTTOLINE VEXLEY\n:71A:SHA\n:72:PAID AT 12:59:30 AND 12:25:10\n-}";
        assert_eq!(reasons(mt), [""; 0]);
        assert!(!reasons(&mt.replace("EUR10,\n", "EUR10,0")).is_empty());
    }

    #[test]
    fn places_count_in_bytes_where_a_line_is_no_utf_8() {
        let statement = STATEMENT.replace("NTRFNONREF", "NTRFREFB//JANE");
        for (text, wanted) in [
            (statement.replace("260102C", "@@@@@@@@@@@@@@@@@@@@C"), "REFB//JANE"),
            (statement.replace("NTRFREFB", "NTR@REFB"), "REFB//JANE"),
            (statement.replace("PAID BY JANE ROE", "@\n:72:/INS/PRVSGB2L/@"), "PRVSGB2L"),
            (statement.replace(":86:PAID BY JANE ROE", ":95Q:@@:BUYR//JANE ROE"), "JANE ROE"),
        ] {
            let bytes: Vec<u8> = text.bytes().map(|b| if b == b'@' { 0xff } else { b }).collect();
            let places: Vec<_> = read(&bytes)[0].subjects.iter().map(|s| s.span.clone()).collect();
            let at = text.find(wanted).unwrap() as u64;
            let whole = at..at + wanted.len() as u64;
            assert!(places.contains(&whole), "{wanted} {whole:?} {places:?}");
        }
    }

    #[test]
    fn a_statement_without_its_closing_balance_is_cut() {
        let cut = &STATEMENT[..STATEMENT.find(":62F:").unwrap()];
        assert_eq!(reasons(cut), ["field 62 is missing, which every MT940 has"]);
    }

    #[test]
    fn an_end_of_block_4_without_its_beginning_is_a_problem() {
        let cut = ":20:A\n:32A:260615EUR10,\n:50K:JANE ROE\n:59:OTTOLINE VEXLEY\n-}{5:{CHK:123456789ABC}}";
        assert_eq!(reasons(cut), ["block 4 ends here, and its beginning is missing"]);
    }

    #[test]
    fn numbered_lines_that_run_into_each_other_are_a_problem() {
        let mt = "{1:F01BRLNDE21AXXX0001000001}{2:I103LNDNGB2LXXXXN}{4:\n:20:A\n:23B:CRED\n:32A:260615EUR1,\n:50F:/12\n1/JANE ROE\n\
                  2/ROOM B2/14\n3/KP/HAMHUNG\n4/19700102\n5/CU/HAVANA\n:59:OTTOLINE VEXLEY\n:71A:SHA\n-}";
        assert_eq!(reasons(mt), [""; 0]);
        for line in ["\n2/", "\n3/", "\n5/"] {
            assert_eq!(reasons(&mt.replace(line, &line[1..])), ["lines of field 50F run into each other"]);
        }
        let joined = mt.replace("\n5/", "5/");
        assert!(queries(&read(joined.as_bytes())[0]).iter().any(|q| q.contains("HAVANA")));
    }

    #[test]
    fn lines_of_a_field_with_marks_end_within_a_word_or_between_two() {
        let field = ":86:166?00TRANSFER?20INVOICE OF OTTOLINE\nVEXLEY?3\n2JANE\nROE?33LIMITED";
        let text = STATEMENT.replace(":86:PAID BY JANE ROE", field);
        let queries = queries(&read(text.as_bytes())[0]);
        assert!(queries.iter().any(|q| q.contains("OTTOLINE\nVEXLEY")), "{queries:?}");
        assert!(
            ["JANEROE LIMITED", "JANE ROE LIMITED"].iter().all(|n| queries.iter().any(|q| q == n)),
            "{queries:?}"
        );
    }
}
