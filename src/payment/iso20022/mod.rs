//! ISO 20022: subjects by the names of elements, whatever the message, its version, prefix or envelope.
//!
//! | file | content |
//! |---|---|
//! | `xml` | tags and texts as slices |
//! | `elements` | what the names of elements mean |
//! | `leaf` | what the text of an element adds to its subject |
//! | `totals` | the numbers of transactions and the sums that a message states |
//! | this file | elements within each other, messages within a file, errors |
//!
//! A party is read wherever a name, an address, a BIC or another part of one stands: its role is that of the nearest
//! element which is no mere structure. Names of elements that are in no table keep their own words as role, and texts
//! under them are screened as text.

mod elements;
mod leaf;
mod totals;
mod xml;

use super::message::{Format, Ids, Message, Problem};
use super::subject::{Subject, SubjectKind, has_content, has_word, owned};
use crate::entity::Schema;
use crate::util::hash::hash_bytes;
use elements::Meaning;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;
use totals::{Disagreement, Totals};
use xml::{Fault, Piece};

/// The deepest nesting of elements. Messages have at most some 20 levels.
const MAX_DEPTH: usize = 64;
/// Problems of a message that are told one by one.
const MAX_PROBLEMS: usize = 20;
/// Messages within texts of messages are read to this depth.
const MAX_EMBEDDED: usize = 2;
/// Subjects after which a message that is read from a stream is handed out in a part.
const PART_SUBJECTS: usize = 1024;

/// The name of an element.
#[derive(Clone)]
enum Label {
    Known(&'static str),
    Unknown(Arc<str>),
}

impl Label {
    fn as_str(&self) -> &str {
        match self {
            Label::Known(name) => name,
            Label::Unknown(name) => name,
        }
    }
}

/// An element that is open.
#[derive(Clone)]
struct Frame {
    label: Label,
    meaning: Meaning,
    /// Hash of its name with prefix, which its end tag must have too.
    hash: u64,
    /// Byte of the file at which it begins.
    start: u64,
    /// Number of the transaction that it is in.
    transaction: usize,
    has_children: bool,
}

/// A subject whose element is still open.
struct Builder<'x> {
    subject: Subject<'x>,
    /// Index of its element among the frames.
    depth: usize,
    /// Where the element around it begins: an account belongs to the party beside it.
    parent: u64,
    /// For an account: the role of its owner.
    owner: Option<&'static str>,
    /// Whether its span is already that of its name.
    has_span: bool,
}

/// A text of the element that is open.
struct Text<'x> {
    text: Cow<'x, str>,
    span: Range<u64>,
    is_cdata: bool,
}

/// What is known between two parts of a message: nothing of it is a slice of the buffer.
#[derive(Clone, Default)]
struct State {
    number: u64,
    frames: Vec<Frame>,
    has_header: bool,
    has_document: bool,
    kind: Option<&'static str>,
    definition: String,
    ids: Ids<'static>,
    /// The references of the transaction that was open where the last part ended.
    within: Option<Box<Ids<'static>>>,
    totals: Totals,
    start: u64,
    is_open: bool,
    /// What is wrong before the message that begins next.
    before: Option<Problem>,
}

/// Reads messages from buffers that follow each other.
#[derive(Default)]
pub(super) struct Extractor {
    state: State,
    embedded: usize,
}

impl Extractor {
    /// Reads the messages of a buffer that begins at byte `base` of its file, and returns how many bytes it is done
    /// with: all of the last buffer, of others those before a message or a transaction that goes on behind it.
    pub(super) fn run<'x>(
        &mut self,
        bytes: &'x [u8],
        base: u64,
        is_last: bool,
        out: &mut Vec<Message<'x>>,
    ) -> usize {
        let mut run = Run {
            state: std::mem::take(&mut self.state),
            bytes,
            base,
            at: 0,
            out,
            message: Message::default(),
            builders: Vec::new(),
            text: None,
            ends: Vec::new(),
            embedded: self.embedded,
        };
        run.begin_part();
        let done = run.pieces(is_last);
        self.state = run.state;
        done
    }
}

/// A place from which reading can go on with the next buffer.
struct SafePoint {
    state: State,
    at: usize,
    messages: usize,
    subjects: usize,
    problems: usize,
    transactions: usize,
}

struct Run<'x, 'o> {
    state: State,
    bytes: &'x [u8],
    base: u64,
    at: usize,
    out: &'o mut Vec<Message<'x>>,
    message: Message<'x>,
    builders: Vec<Builder<'x>>,
    text: Option<Text<'x>>,
    /// For each subject of the message, where the element around it begins.
    ends: Vec<u64>,
    embedded: usize,
}

impl<'x> Run<'x, '_> {
    fn byte(&self, at: usize) -> u64 {
        self.base + at as u64
    }

    /// Reads pieces to the end of the buffer. Returns how many bytes are done.
    fn pieces(&mut self, is_last: bool) -> usize {
        let mut safe = (!is_last).then(|| self.safe_point());
        loop {
            match xml::piece(self.bytes, self.at, is_last) {
                Ok(None) if is_last => {
                    self.end_file();
                    return self.bytes.len();
                }
                Ok(None) | Err(Fault::Incomplete) if !is_last => return self.roll_back(safe),
                Ok(None) => return self.bytes.len(),
                Ok(Some((piece, range))) => {
                    self.at = range.end;
                    let ended = matches!(piece, Piece::End { .. } | Piece::Start { is_empty: true, .. });
                    if let Err(reason) = self.take(piece, range.clone()) {
                        self.fail(range.start, reason);
                    } else if safe.is_some() && ended && self.is_safe() {
                        if self.message.subjects.len() >= PART_SUBJECTS {
                            self.end_part();
                        }
                        safe = Some(self.safe_point());
                    }
                }
                Err(Fault::Incomplete) => {
                    self.fail(self.at, "the file ends within a tag, a comment or CDATA");
                }
                Err(Fault::Wrong(at, reason)) => self.fail(at, reason),
            }
        }
    }

    /// Whether nothing is open but structure: a transaction or a message has ended.
    fn is_safe(&self) -> bool {
        self.builders.is_empty() && self.state.frames.last().is_none_or(|f| f.meaning == Meaning::Other)
    }

    fn safe_point(&self) -> SafePoint {
        SafePoint {
            state: self.state.clone(),
            at: self.at,
            messages: self.out.len(),
            subjects: self.message.subjects.len(),
            problems: self.message.problems.len(),
            transactions: self.message.transactions.len(),
        }
    }

    /// Goes back to the last safe place, and hands out what was read before it.
    fn roll_back(&mut self, safe: Option<SafePoint>) -> usize {
        let Some(safe) = safe else { return 0 };
        if self.out.len() > safe.messages {
            // A message ended behind the place, so that the place is in it: it is read again.
            self.message = self.out.drain(safe.messages..).next().unwrap_or_default();
        }
        self.message.subjects.truncate(safe.subjects);
        self.message.problems.truncate(safe.problems);
        self.message.transactions.truncate(safe.transactions);
        self.state = safe.state;
        if self.state.is_open {
            self.at = safe.at;
            self.keep_transaction();
            match safe.subjects + safe.problems {
                0 => self.state.ids = self.message.transactions.swap_remove(0).into_owned(),
                _ => self.end_part(),
            }
        }
        safe.at
    }

    fn take(&mut self, piece: Piece<'x>, range: Range<usize>) -> Result<(), Cow<'static, str>> {
        match piece {
            Piece::Start { name, full, attributes, is_empty } => {
                self.start(name, full, attributes, range.start)?;
                if is_empty {
                    self.end(full)?;
                }
                Ok(())
            }
            Piece::End { full } => self.end(full),
            Piece::Text(raw) => self.add_text(raw, range.start, false),
            Piece::CData(raw) => self.add_text(raw, range.end - 3 - raw.len(), true),
            Piece::Nothing => {
                self.check_encoding(range);
                Ok(())
            }
        }
    }

    /// Notes that an XML declaration names an encoding that is not known: the texts may mean something else.
    fn check_encoding(&mut self, range: Range<usize>) {
        let unknown = super::detect::declared_encoding(&self.bytes[range.clone()])
            .filter(|label| encoding_rs::Encoding::for_label(label).is_none());
        let Some(label) = unknown else { return };
        let reason = format!("the encoding '{}' is not known", super::shortened(&super::text_of(label)));
        match self.state.is_open {
            true => self.problem(range.start, reason),
            false => self.state.before = Some(Problem::new(self.byte(range.start), reason)),
        }
    }

    fn add_text(&mut self, raw: &'x [u8], at: usize, is_cdata: bool) -> Result<(), Cow<'static, str>> {
        let trimmed = raw.trim_ascii();
        if trimmed.is_empty() || trimmed == b"\xef\xbb\xbf" {
            return Ok(());
        }
        let lead = raw.len() - raw.trim_ascii_start().len();
        let span = self.byte(at + lead)..self.byte(at + lead + trimmed.len());
        if self.state.frames.is_empty() {
            return Err("text outside of every element".into());
        }
        let mut text = match std::str::from_utf8(trimmed) {
            Ok(text) => Cow::Borrowed(text),
            Err(e) => {
                self.problem(at + lead + e.valid_up_to(), "not valid UTF-8; read as windows-1252");
                super::text_of(trimmed)
            }
        };
        if !is_cdata && text.contains('&') {
            match xml::unescape(&text) {
                Ok(unescaped) => text = Cow::Owned(unescaped),
                Err((offset, reason)) => self.problem(at + lead + offset, reason),
            }
        }
        match &mut self.text {
            None => self.text = Some(Text { text, span, is_cdata }),
            Some(former) => {
                former.text.to_mut().push_str(&text);
                former.span.end = span.end;
                former.is_cdata |= is_cdata;
            }
        }
        Ok(())
    }

    fn start(
        &mut self,
        name: &[u8],
        full: &[u8],
        attributes: &'x [u8],
        at: usize,
    ) -> Result<(), Cow<'static, str>> {
        if self.state.frames.len() >= MAX_DEPTH {
            return Err(format!("more than {MAX_DEPTH} elements within each other").into());
        }
        if let Some(text) = self.text.take() {
            self.add_unknown(text);
        }
        let name = String::from_utf8_lossy(name);
        let (label, mut meaning) = match elements::meaning(&name) {
            Some((known, meaning)) => (Label::Known(known), meaning),
            None => (Label::Unknown(Arc::from(&*name)), Meaning::Other),
        };
        // Of a wrapper, and not of a party: `From` and `To` stand in the header.
        if matches!(label, Label::Known("From" | "To" | "Fr")) && !self.is_within(Meaning::Header) {
            meaning = if label.as_str() == "Fr" { meaning } else { Meaning::Other };
        }
        self.begin_message(meaning, at);
        self.tell_kind(&name, meaning, attributes);
        let former = self.state.frames.last_mut();
        let transaction = former.as_ref().map_or(0, |f| f.transaction);
        if let Some(parent) = former {
            parent.has_children = true;
        }
        let start = self.byte(at);
        let parent = self.state.frames.last().map_or(0, |f| f.start);
        let mut frame =
            Frame { label, meaning, hash: hash_bytes(0, full), start, transaction, has_children: false };
        if meaning == Meaning::Transaction {
            frame.transaction = self.message.transactions.len();
            self.message.transactions.push(Ids::default());
        }
        match frame.label.as_str() {
            "PmtInf" => self.state.totals.begin_part(),
            element if totals::is_transaction(element) => self.state.totals.begin_transaction(),
            _ => (),
        }
        self.state.frames.push(frame);
        match meaning {
            Meaning::Party(role) => self.open(role.into(), SubjectKind::Party, None, parent),
            // The choice of an institution within a role: the assigner of a case is an agent.
            Meaning::Agent("agent") if self.is_in_role() => self.make_agent(),
            Meaning::Agent(role) => self.open(role.into(), SubjectKind::Agent, None, parent),
            Meaning::Account(role, owner) => {
                let within = matches!(self.builders.last(), Some(b) if b.subject.role == "account");
                if !within {
                    self.open(role.into(), SubjectKind::Identifier, Some(owner), parent);
                }
            }
            Meaning::Contact => {
                let of = self.builders.last().map_or("", |b| &b.subject.role);
                let role = format!("{of} contact");
                self.open(role.trim().to_string().into(), SubjectKind::Party, None, parent);
            }
            Meaning::Institution => {
                if self.builders.is_empty() {
                    self.open_owner();
                }
                self.make_agent();
            }
            Meaning::Organisation | Meaning::Private => {
                if self.builders.is_empty() {
                    self.open_owner();
                }
                if let Some(builder) = self.builders.last_mut() {
                    let is_person = meaning == Meaning::Private;
                    builder.subject.schema = if is_person { Schema::Person } else { Schema::Organization };
                }
            }
            _ => (),
        }
        self.add_attributes(meaning, attributes, at + 1 + full.len());
        Ok(())
    }

    /// Takes words in attributes, which no message has, as texts of unknown meaning. Attributes of envelopes and signatures
    /// are codes and addresses.
    fn add_attributes(&mut self, meaning: Meaning, attributes: &'x [u8], at: usize) {
        for (name, value, offset) in xml::attributes(attributes) {
            let is_structure = matches!(meaning, Meaning::Other | Meaning::Silent | Meaning::Document);
            let text = super::text_of(value);
            let is_address = text.contains("://") || text.starts_with("urn:");
            let is_plain = name.starts_with(b"xml") || name.starts_with(b"xsi:") || name == b"Ccy";
            if is_plain || is_address || !has_word(&text) || is_structure && !text.contains(' ') {
                continue;
            }
            let span = self.byte(at + offset)..self.byte(at + offset + value.len());
            let text = match xml::unescape(&text) {
                Ok(unescaped) if text.contains('&') => Cow::Owned(unescaped),
                Ok(_) => text,
                Err((_, reason)) => {
                    self.problem(at + offset, reason);
                    text
                }
            };
            self.add_unknown(Text { text, span, is_cdata: false });
        }
    }

    /// Whether the element around the one that begins is that of a role.
    fn is_in_role(&self) -> bool {
        let around = self.state.frames.len().checked_sub(2);
        around.is_some() && self.builders.last().is_some_and(|b| Some(b.depth) == around && b.owner.is_none())
    }

    fn make_agent(&mut self) {
        if let Some(builder) = self.builders.last_mut() {
            builder.subject.kind = SubjectKind::Agent;
            builder.subject.schema = Schema::Organization;
        }
    }

    fn is_within(&self, meaning: Meaning) -> bool {
        self.state.frames.iter().any(|f| f.meaning == meaning)
    }

    /// Begins a message where a header, a document or a root says so.
    fn begin_message(&mut self, meaning: Meaning, at: usize) {
        let state = &self.state;
        let is_root = state.frames.is_empty();
        let is_next = match meaning {
            Meaning::Header => state.has_header || state.has_document,
            Meaning::Document => state.has_document,
            _ => is_root && (state.has_document || (state.is_open && !state.has_header)),
        };
        if is_next {
            self.end_message(at);
        }
        if !self.state.is_open {
            self.state.is_open = true;
            self.state.number += 1;
            self.state.start = self.byte(at);
            self.begin_part();
            self.message.problems.extend(self.state.before.take());
        }
        match meaning {
            Meaning::Header => self.state.has_header = true,
            Meaning::Document => self.state.has_document = true,
            _ => (),
        }
    }

    /// The kind of the message: by the element below its document, else by its namespace or header.
    fn tell_kind(&mut self, name: &str, meaning: Meaning, attributes: &[u8]) {
        if self.state.kind.is_none() && !matches!(meaning, Meaning::Header | Meaning::Document) {
            self.state.kind = elements::kind_of_root(name);
        }
        if attributes.is_empty() || meaning == Meaning::Header {
            return;
        }
        let found = xml::namespaces(attributes).filter_map(definition_in).find(|d| !d.starts_with("head."));
        if let Some(definition) =
            found.filter(|_| self.state.definition.is_empty() || meaning == Meaning::Document)
        {
            self.state.definition = definition.to_string();
        }
    }

    fn open(&mut self, role: Cow<'x, str>, kind: SubjectKind, owner: Option<&'static str>, parent: u64) {
        let depth = self.state.frames.len() - 1;
        self.open_at(depth, role, kind, owner, parent);
    }

    fn open_at(
        &mut self,
        depth: usize,
        role: Cow<'x, str>,
        kind: SubjectKind,
        owner: Option<&'static str>,
        parent: u64,
    ) {
        let frame = &self.state.frames[depth];
        let mut subject = Subject::new(role, kind, String::new());
        subject.transaction = frame.transaction;
        subject.span = frame.start..frame.start;
        if kind == SubjectKind::Agent {
            subject.schema = Schema::Organization;
        }
        self.builders.push(Builder { subject, depth, parent, owner, has_span: false });
    }

    /// Opens a subject at the nearest element that is no mere structure: a part of a party stands within it.
    fn open_owner(&mut self) {
        let frames = &self.state.frames;
        let is_structure = |f: &Frame| {
            use Meaning as M;
            matches!(
                f.meaning,
                M::Inner | M::Institution | M::Organisation | M::Private | M::Id | M::Scheme | M::Silent
            )
        };
        let within = frames.len().saturating_sub(1);
        let last_leaf = frames.last().is_some_and(|f| !is_structure(f) && !f.has_children);
        let upto = if last_leaf { within } else { frames.len() };
        let depth = frames[..upto].iter().rposition(|f| !is_structure(f)).unwrap_or(0);
        let parent = depth.checked_sub(1).map_or(0, |p| frames[p].start);
        let role = elements::plain_words(frames[depth].label.as_str());
        self.open_at(depth, role.into(), SubjectKind::Party, None, parent);
    }

    fn end(&mut self, full: &[u8]) -> Result<(), Cow<'static, str>> {
        let Some(frame) = self.state.frames.last() else {
            return Err(format!("</{}> ends nothing", String::from_utf8_lossy(full)).into());
        };
        if frame.hash != hash_bytes(0, full) {
            let (label, full) = (frame.label.as_str(), String::from_utf8_lossy(full));
            return Err(format!("</{full}> stands where <{label}> should end").into());
        }
        match self.text.take() {
            Some(text) if frame.has_children => self.add_unknown(text),
            Some(text) => self.add_leaf(text),
            None => (),
        }
        let depth = self.state.frames.len() - 1;
        while self.builders.last().is_some_and(|b| b.depth >= depth) {
            self.close_subject();
        }
        if self.state.frames.pop().is_some_and(|f| f.label.as_str() == "PmtInf") {
            self.disagreements(self.state.totals.end_part());
        }
        if self.state.frames.is_empty() && self.state.has_document {
            self.end_message(self.at);
        }
        Ok(())
    }

    /// The path of the element with this index: the names from the document on.
    fn path(&self, depth: usize) -> String {
        let frames = &self.state.frames[..=depth];
        let from = frames.iter().rposition(|f| f.meaning == Meaning::Document).map_or(0, |at| at + 1);
        let mut path = String::with_capacity(80);
        for frame in &frames[from.min(depth)..] {
            if !path.is_empty() {
                path.push('/');
            }
            path.push_str(frame.label.as_str());
        }
        path
    }

    /// Ends the subject that was opened last.
    fn close_subject(&mut self) {
        let Some(builder) = self.builders.pop() else { return };
        let mut subject = builder.subject;
        if subject.is_empty() {
            return;
        }
        if let Some(owner) = builder.owner {
            if subject.name.is_empty()
                && subject.other.is_empty()
                && self.give_to_owner(owner, builder.parent, &subject)
            {
                return;
            }
            if !subject.name.is_empty() {
                subject.kind = SubjectKind::Party;
            }
        }
        if subject.span.is_empty() {
            subject.span.end = self.byte(self.at);
        }
        subject.path = self.path(builder.depth.min(self.state.frames.len().saturating_sub(1)));
        leaf::finish(&mut subject);
        self.push(subject, builder.parent);
    }

    /// Gives the numbers of an account to the party beside it.
    fn give_to_owner(&mut self, owner: &str, parent: u64, account: &Subject<'x>) -> bool {
        let beside = self.ends.iter().rposition(|p| *p == parent);
        let Some(_) = beside else { return false };
        let subjects = self.message.subjects.iter_mut().zip(&self.ends).rev().take(8);
        for (subject, end) in subjects {
            if *end == parent && subject.role == owner {
                subject.identifiers.extend(account.identifiers.iter().cloned());
                return true;
            }
        }
        false
    }

    fn push(&mut self, subject: Subject<'x>, parent: u64) {
        self.message.subjects.push(subject);
        self.ends.push(parent);
    }

    fn problem(&mut self, at: usize, reason: impl Into<String>) {
        match self.message.problems.len() {
            MAX_PROBLEMS.. => (),
            _ => self.message.problems.push(Problem::new(self.byte(at), reason)),
        }
    }

    /// Notes what a message states and does not hold.
    fn disagreements(&mut self, found: impl IntoIterator<Item = Disagreement>) {
        let room = MAX_PROBLEMS.saturating_sub(self.message.problems.len());
        let problems = found.into_iter().take(room);
        self.message.problems.extend(problems.map(|(byte, reason)| Problem::new(byte, reason)));
    }

    /// Ends the message at something that cannot be read, and goes on at the next one.
    fn fail(&mut self, at: usize, reason: impl Into<String>) {
        if !self.state.is_open {
            self.begin_message(Meaning::Other, at);
        }
        self.problem(at, reason);
        if let Some(text) = self.text.take() {
            if self.state.frames.is_empty() { self.text = None } else { self.add_leaf(text) }
        }
        while !self.builders.is_empty() {
            self.close_subject();
        }
        let from = self.at.max(at + 1).min(self.bytes.len());
        let next = next_message(&self.bytes[from..]).map_or(self.bytes.len(), |next| from + next);
        self.state.frames.clear();
        self.end_message(next);
        self.at = next;
    }

    fn end_file(&mut self) {
        if let Some(frame) = self.state.frames.last() {
            let reason = format!("the file ends within <{}>", frame.label.as_str());
            self.fail(self.bytes.len(), reason);
        } else if self.state.is_open {
            self.end_message(self.bytes.len());
        }
    }

    fn begin_part(&mut self) {
        self.ends.clear();
        let open = self.open_transaction();
        let within = self.state.within.as_deref().filter(|_| open > 0).cloned();
        let number = usize::from(within.is_some());
        let transactions: Vec<_> = [Some(self.state.ids.clone()), within].into_iter().flatten().collect();
        self.message = Message {
            number: self.state.number,
            format: Format::Iso20022,
            transactions,
            ..Message::default()
        };
        for frame in &mut self.state.frames {
            frame.transaction = if frame.transaction == open { number } else { 0 };
        }
    }

    /// Hands out what was read of the message, which goes on.
    fn end_part(&mut self) {
        self.keep_transaction();
        self.hand_out(self.at, true);
        self.begin_part();
    }

    /// Keeps the references of the transaction that is open, for what follows of it in the next part.
    fn keep_transaction(&mut self) {
        let number = self.open_transaction();
        let ids = self.message.transactions.get(number).filter(|_| number > 0);
        self.state.within = ids.cloned().map(|ids| Box::new(ids.into_owned()));
    }

    /// The number of the transaction that is open in this part; 0 for none.
    fn open_transaction(&self) -> usize {
        self.state.frames.iter().map(|frame| frame.transaction).max().unwrap_or(0)
    }

    fn end_message(&mut self, at: usize) {
        if !self.state.is_open {
            return;
        }
        // A document may begin within a party of the one before: the party is of that one.
        while !self.builders.is_empty() {
            self.close_subject();
        }
        // Of a message that was not read to its end the numbers say nothing.
        if self.message.problems.is_empty() {
            self.disagreements(self.state.totals.end_message());
        }
        self.hand_out(at, false);
        self.state = State {
            number: self.state.number,
            frames: std::mem::take(&mut self.state.frames),
            ..State::default()
        };
        self.begin_part();
    }

    fn hand_out(&mut self, at: usize, continues: bool) {
        let mut message = std::mem::take(&mut self.message);
        let definition = std::mem::take(&mut self.state.definition);
        let by_name = definition.get(..8).unwrap_or("");
        message.kind = match self.state.kind {
            Some(kind) => kind.into(),
            None => Cow::Owned(by_name.to_string()),
        };
        message.definition = Cow::Owned(definition.clone());
        message.continues = continues;
        message.span = self.state.start..self.byte(at);
        if continues {
            self.state.ids = message.transactions.first().cloned().unwrap_or_default().into_owned();
            self.state.definition = definition;
        }
        self.embedded_messages(&mut message);
        if message.kind.is_empty() && !continues {
            let reason = "no ISO 20022 message: neither a namespace nor an element of one";
            message.problems.push(Problem::new(self.state.start, reason));
        }
        self.out.push(message);
    }

    /// Reads the messages that stand in texts of the message: in CDATA, or escaped.
    fn embedded_messages(&mut self, message: &mut Message<'x>) {
        if self.embedded >= MAX_EMBEDDED {
            return;
        }
        for at in 0..message.subjects.len() {
            let subject = &message.subjects[at];
            if subject.kind != SubjectKind::Text
                || !subject.name.starts_with('<')
                || !subject.name.contains("</")
            {
                continue;
            }
            let (path, span) = (subject.path.clone(), subject.span.clone());
            let is_message = subject.role == leaf::UNKNOWN_TEXT;
            let mut inner = Vec::new();
            let text = subject.name.clone().into_owned();
            let mut extractor = Extractor { embedded: self.embedded + 1, ..Extractor::default() };
            extractor.run(text.as_bytes(), 0, true, &mut inner);
            for found in inner {
                if message.kind.is_empty() || self.state.kind.is_none() && is_message {
                    message.kind = owned(found.kind);
                    message.definition = owned(found.definition);
                }
                let ids = message.transactions.len();
                for ids in found.transactions {
                    message.transactions.push(ids.into_owned());
                }
                // A message in a text of people may be cut there; one that an envelope carries may not.
                if is_message {
                    message
                        .problems
                        .extend(found.problems.into_iter().map(|p| Problem::new(span.start, p.reason)));
                }
                for inner in found.subjects {
                    let mut inner = inner.into_owned();
                    inner.path = format!("{path}/{}", inner.path);
                    inner.span = span.clone();
                    inner.transaction += ids;
                    message.subjects.push(inner);
                }
            }
        }
    }
}

/// Where the next message may begin.
fn next_message(bytes: &[u8]) -> Option<usize> {
    let starts = memchr::memchr_iter(b'<', bytes);
    starts.into_iter().find(|at| {
        let rest = &bytes[*at + 1..];
        let length =
            rest.iter().take(80).position(|b| matches!(b, b'>' | b' ' | b'\n' | b'\r' | b'\t' | b'/'));
        let name = &rest[..length.unwrap_or(0)];
        let local = name.iter().rposition(|b| *b == b':').map_or(name, |colon| &name[colon + 1..]);
        rest.starts_with(b"?xml ") || local == b"Document" || local == b"AppHdr"
    })
}

/// The definition of a message in a namespace: `pacs.008.001.08`.
fn definition_in(namespace: &str) -> Option<&str> {
    let begins = |text: &str| {
        let b = text.as_bytes();
        b.len() >= 8
            && b[..4].iter().all(u8::is_ascii_lowercase)
            && b[4] == b'.'
            && b[5..8].iter().all(u8::is_ascii_digit)
    };
    let at = namespace.char_indices().map(|(at, _)| at).find(|at| begins(&namespace[*at..]))?;
    let rest = &namespace[at..];
    let length = rest.bytes().position(|b| !(b.is_ascii_alphanumeric() || b == b'.')).unwrap_or(rest.len());
    Some(&rest[..length])
}

/// Whether a buffer holds XML: its first text is a tag.
pub(super) fn is_xml(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    bytes.first() == Some(&b'<')
        && bytes.len() > 1
        && has_content(&String::from_utf8_lossy(&bytes[..bytes.len().min(200)]))
}

#[cfg(test)]
mod tests {
    use super::super::{Message, Reader, read};

    fn names<'m>(message: &'m Message<'_>) -> Vec<&'m str> {
        message.subjects.iter().map(|s| &*s.name).collect()
    }

    #[test]
    fn a_party_stays_in_the_message_in_which_it_began() {
        let xml = "<Envelope><Document><FIToFICstmrCdtTrf><CdtTrfTxInf><Dbtr><Nm>Jane Roe</Nm>\
                   <Document><FIToFICstmrCdtTrf><CdtTrfTxInf><Cdtr><Nm>Ottoline Vexley</Nm></Cdtr>\
                   </CdtTrfTxInf></FIToFICstmrCdtTrf></Document></Dbtr></CdtTrfTxInf></FIToFICstmrCdtTrf></Document>\
                   </Envelope>";
        let messages = read(xml.as_bytes());
        assert_eq!(messages.len(), 2);
        assert_eq!((names(&messages[0]), names(&messages[1])), (vec!["Jane Roe"], vec!["Ottoline Vexley"]));
        for message in &messages {
            assert!(message.subjects.iter().all(|s| s.transaction < message.transactions.len()));
        }
    }

    #[test]
    fn an_encoding_that_is_not_known_is_a_problem() {
        let xml = |encoding: &str| {
            format!(
                "<?xml version='1.0' encoding='{encoding}'?><Document><FIToFICstmrCdtTrf><CdtTrfTxInf><Dbtr>\
                 <Nm>+AGEAYg-</Nm></Dbtr></CdtTrfTxInf></FIToFICstmrCdtTrf></Document>"
            )
        };
        for (encoding, problems) in [("UTF-7", 1), ("UTF-8", 0), ("iso-8859-1", 0)] {
            let text = xml(encoding);
            assert_eq!(read(text.as_bytes())[0].problems.len(), problems, "{encoding}");
            let message = Reader::new(text.as_bytes()).next().unwrap().unwrap();
            assert_eq!(message.problems.len(), problems, "{encoding}");
        }
        // The second document of a file is none of the first's problems.
        let both = xml("UTF-8") + &xml("UTF-7");
        let counts: Vec<usize> = read(both.as_bytes()).iter().map(|m| m.problems.len()).collect();
        assert_eq!(counts, [0, 1]);
    }

    #[test]
    fn numbers_of_every_account_are_subjects() {
        let xml = "<Document><BkToCstmrStmt><Stmt><Ntry><Chrgs><Rcrd><AgtAcct><Id><Othr><Id>7788</Id></Othr></Id></AgtAcct>\
                   </Rcrd></Chrgs><NtryDtls><TxDtls><SfkpgAcct><Id>5566</Id></SfkpgAcct><BlckChainAdrOrWllt><Id>bc1qx</Id>\
                   </BlckChainAdrOrWllt></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>";
        let message = &read(xml.as_bytes())[0];
        let ids = message
            .subjects
            .iter()
            .flat_map(|s| s.identifiers.iter().map(|i| (&*s.role, i.kind.as_str(), &*i.value)));
        assert_eq!(
            ids.collect::<Vec<_>>(),
            [
                ("agent account", "iban", "7788"),
                ("safekeeping account", "iban", "5566"),
                ("wallet", "wallet", "bc1qx")
            ]
        );
    }

    #[test]
    fn words_in_attributes_are_screened() {
        let xml = "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08'><FIToFICstmrCdtTrf><CdtTrfTxInf>\
                   <IntrBkSttlmAmt Ccy='EUR'>1</IntrBkSttlmAmt><Dbtr><Nm value='Vexley &amp; Sons'/></Dbtr>\
                   <Note by='Jane Roe' type='text/plain'/></CdtTrfTxInf></FIToFICstmrCdtTrf></Document>";
        let message = &read(xml.as_bytes())[0];
        let queries: Vec<String> =
            message.subjects.iter().flat_map(|s| s.queries()).map(|q| q.name.clone()).collect();
        assert_eq!(queries, ["Vexley & Sons", "Jane Roe"]);
        let span = &message.subjects[1].span;
        assert_eq!(&xml[span.start as usize..span.end as usize], "Jane Roe");
    }
}
