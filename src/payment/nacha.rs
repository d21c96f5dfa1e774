//! NACHA files: records of 94 characters in batches. A message is a batch, a transaction an entry with its addenda.
//!
//! Source of the positions: the NACHA Operating Rules' record formats, as open readers of the format publish them.
//! Positions below count from 0.

use super::message::{Format, Ids, Message, Problem};
use super::subject::{AddressPart, Subject, SubjectIdentifier, SubjectKind, has_content, has_word};
use super::text_of;
use crate::entity::{IdentifierKind, Schema};
use std::borrow::Cow;
use std::ops::Range;

/// Characters of a record.
const RECORD: usize = 94;
/// Entries after which a batch that is read from a stream is handed out in a part.
const PART_SUBJECTS: usize = 1024;

/// Whether a buffer begins with a file header: priority code 01, and the record size further on.
pub(super) fn is_nacha(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    bytes.starts_with(b"101")
        && bytes.get(..RECORD.min(bytes.len())).is_some_and(|r| r.len() > 40 && r[34..40].contains(&b'0'))
        && memchr::memmem::find(&bytes[..bytes.len().min(RECORD)], b"094").is_some()
}

/// What is known between two buffers.
#[derive(Default)]
pub(super) struct Extractor {
    number: u64,
    batch: Option<Batch>,
    has_file_control: bool,
    has_batches: bool,
    /// Batches, and their entries and addenda, behind the last file header.
    batches_of_file: u64,
    records_of_file: u64,
}

struct Batch {
    /// The standard entry class: `PPD`, `IAT`.
    class: String,
    start: u64,
    /// Entries and addenda read.
    records: u64,
    ids: Ids<'static>,
}

struct Run<'x, 'o> {
    state: &'o mut Extractor,
    bytes: &'x [u8],
    base: u64,
    out: &'o mut Vec<Message<'x>>,
    message: Message<'x>,
    transaction: usize,
    /// The addendum read last of the entry.
    last_addendum: u8,
    is_streamed: bool,
}

/// The records of a buffer from a place on: lines, or runs of 94 characters where there are none.
fn records(bytes: &[u8], from: usize) -> Vec<Range<usize>> {
    let mut records = Vec::new();
    let mut at = from;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let length = rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len());
        let line = at..at + length;
        let is_run = length > RECORD && rest[..length].trim_ascii_end().len() > RECORD;
        match is_run && length % RECORD == 0 {
            true => records.extend((0..length / RECORD).map(|i| at + i * RECORD..at + (i + 1) * RECORD)),
            false if !bytes[line.clone()].trim_ascii().is_empty() => records.push(line),
            false => (),
        }
        at += length + 1;
    }
    records
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
        let has_mark = base == 0 && bytes.starts_with(b"\xef\xbb\xbf");
        let mut records = records(bytes, if has_mark { 3 } else { 0 });
        let mut done = bytes.len();
        if !is_last {
            // An entry goes with its addenda: what follows the last beginning of one may not be whole.
            let begins = |r: &Range<usize>| matches!(bytes[r.start], b'5' | b'6');
            let Some(last) = records.iter().rposition(begins).filter(|at| *at > 0) else { return 0 };
            done = records[last].start;
            records.truncate(last);
        }
        let mut run = Run {
            state: self,
            bytes,
            base,
            out,
            message: Message::default(),
            transaction: 0,
            last_addendum: 0,
            is_streamed: !is_last,
        };
        run.begin_part();
        for range in records {
            run.record(range);
        }
        if is_last {
            run.end_file();
        } else if run.state.batch.is_some()
            && (!run.message.subjects.is_empty() || !run.message.problems.is_empty())
        {
            run.hand_out(done, true);
        }
        done
    }
}

/// A field of a record without its blanks, and where it is.
fn field(record: &[u8], range: Range<usize>) -> (&[u8], Range<usize>) {
    let end = range.end.min(record.len());
    let start = range.start.min(end);
    let raw = &record[start..end];
    let lead = raw.len() - raw.trim_ascii_start().len();
    let trimmed = raw.trim_ascii();
    (trimmed, start + lead..start + lead + trimmed.len())
}

impl<'x> Run<'x, '_> {
    fn problem(&mut self, at: usize, reason: impl Into<String>) {
        self.message.problems.push(Problem::new(self.base + at as u64, reason));
    }

    fn begin_part(&mut self) {
        let ids = self.state.batch.as_ref().map(|b| b.ids.clone()).unwrap_or_default();
        self.message = Message { format: Format::Nacha, transactions: vec![ids], ..Message::default() };
        self.transaction = 0;
    }

    fn text(&self, range: Range<usize>) -> Cow<'x, str> {
        text_of(&self.bytes[range])
    }

    /// A field of the record at `record`: its text and its place in the buffer.
    fn value(&self, record: &Range<usize>, positions: Range<usize>) -> (Cow<'x, str>, Range<usize>) {
        let (_, at) = field(&self.bytes[record.clone()], positions);
        let at = record.start + at.start..record.start + at.end;
        (self.text(at.clone()), at)
    }

    fn span(&self, at: &Range<usize>) -> Range<u64> {
        self.base + at.start as u64..self.base + at.end as u64
    }

    fn record(&mut self, range: Range<usize>) {
        let record = &self.bytes[range.clone()];
        let length = record.trim_ascii_end().len();
        // Those within a file end in a number. One that is shorter has lost a character, and its fields are shifted.
        if length > RECORD || length < RECORD && matches!(record[0], b'5'..=b'8') {
            self.problem(range.start, format!("a record of {length} characters, and not of {RECORD}"));
        }
        match record[0] {
            b'1' if record.starts_with(b"101") => self.file_header(&range),
            b'5' => self.batch_header(&range),
            b'6' if self.state.batch.is_some() => self.entry(&range, length),
            b'7' if self.state.batch.is_some() && self.transaction > 0 => self.addendum(&range),
            b'8' if self.state.batch.is_some() => self.batch_control(&range),
            b'9' if record.iter().all(|b| *b == b'9' || b.is_ascii_whitespace())
                && self.state.has_file_control => {}
            b'9' if record.get(1..21).is_some_and(|n| n.iter().all(u8::is_ascii_digit)) => {
                self.file_control(&range);
            }
            _ => {
                self.problem(range.start, "a record that cannot stand here, or of no known type");
                let text = self.text(range.clone());
                self.add_text("other text", "record", text, range);
            }
        }
    }

    fn agent(
        &mut self,
        role: &'static str,
        path: &str,
        name: (Cow<'x, str>, Range<usize>),
        number: Cow<'x, str>,
    ) {
        let mut subject = Subject::new(role, SubjectKind::Agent, path.to_string());
        subject.schema = Schema::Organization;
        subject.span = self.span(&name.1);
        subject.name = name.0;
        if has_content(&number) {
            let kind = IdentifierKind::Other("clearing member".into());
            subject.identifiers.push(SubjectIdentifier::new(kind, number).with_scheme("clearing member"));
        }
        self.push(subject);
    }

    fn push(&mut self, mut subject: Subject<'x>) {
        if !subject.is_empty() {
            subject.transaction = self.transaction;
            self.message.subjects.push(subject);
        }
    }

    fn add_text(&mut self, role: &'static str, path: &str, text: Cow<'x, str>, at: Range<usize>) {
        if has_word(&text) {
            let mut subject = Subject::new(role, SubjectKind::Text, path.to_string());
            subject.name = text;
            subject.span = self.span(&at);
            self.push(subject);
        }
    }

    fn file_header(&mut self, range: &Range<usize>) {
        if self.state.batch.is_some() || self.state.batches_of_file > 0 {
            self.problem(range.start, "a file begins before the one before it has ended");
        }
        if self.state.batch.is_some() {
            self.end_batch(range.start);
        }
        (self.state.has_file_control, self.state.batches_of_file, self.state.records_of_file) = (false, 0, 0);
        // The size of a record, its place in a block, and the format: always the same.
        let has_lost_one = range.len() < RECORD && self.bytes[range.clone()].ends_with(b" ");
        if self.value(range, 34..40).0 != "094101" || has_lost_one {
            self.problem(
                range.start,
                "the file header is shifted: its record size or its end is not where it should be",
            );
        }
        let (destination, origin) = (self.value(range, 40..63), self.value(range, 63..86));
        let numbers = (self.value(range, 3..13).0, self.value(range, 13..23).0);
        self.agent("immediate destination", "file header", destination, numbers.0);
        self.agent("immediate origin", "file header", origin, numbers.1);
    }

    fn batch_header(&mut self, range: &Range<usize>) {
        if self.state.batch.is_some() {
            self.problem(range.start, "a batch begins before the one before it has ended");
            self.end_batch(range.start);
        }
        let header = self.message.subjects.drain(..).collect();
        let problems = self.message.problems.drain(..).collect();
        self.state.number += 1;
        self.state.has_batches = true;
        let class = self.value(range, 50..53).0.into_owned();
        let ids = Ids { message_id: self.value(range, 87..94).0.into_owned().into(), ..Ids::default() };
        let start = if self.state.number == 1 { 0 } else { self.base + range.start as u64 };
        let is_iat = class == "IAT";
        if class.len() != 3 {
            self.problem(range.start, "the batch names no entry class");
        }
        self.state.batch = Some(Batch { class, start, records: 0, ids });
        self.begin_part();
        (self.message.subjects, self.message.problems) = (header, problems);
        if !is_iat {
            let (name, at) = self.value(range, 4..20);
            let mut subject = Subject::new("originator", SubjectKind::Party, "batch header".into());
            (subject.name, subject.span) = (name, self.span(&at));
            self.push(subject);
            let (data, at) = self.value(range, 20..40);
            self.add_text("originator's data", "batch header", data, at);
        } else {
            let (country, at) = self.value(range, 38..40);
            let mut subject =
                Subject::new("destination country", SubjectKind::Country, "batch header".into());
            (subject.name, subject.span) = (country, self.span(&at));
            self.push(subject);
        }
        let (description, at) = self.value(range, 53..63);
        self.add_text("entry description", "batch header", description, at);
    }

    fn is_class(&self, class: &str) -> bool {
        self.state.batch.as_ref().is_some_and(|b| b.class == class)
    }

    fn count(&mut self) {
        if let Some(batch) = &mut self.state.batch {
            batch.records += 1;
        }
    }

    fn entry(&mut self, range: &Range<usize>, length: usize) {
        if self.is_streamed && self.message.subjects.len() >= PART_SUBJECTS {
            self.hand_out(range.start, true);
        }
        self.count();
        if length < 79 {
            self.problem(range.start, "an entry that is cut");
        }
        self.last_addendum = 0;
        let trace = self.value(range, 79..94).0;
        self.transaction = self.message.transactions.len();
        self.message.transactions.push(Ids { transaction_id: trace, ..Ids::default() });
        if self.is_class("IAT") {
            let (account, at) = self.value(range, 39..74);
            let mut subject = Subject::new("receiver", SubjectKind::Party, "entry".into());
            subject.span = self.span(&at);
            if has_content(&account) {
                subject.identifiers.push(SubjectIdentifier::new(IdentifierKind::Iban, account));
            }
            return self.push(subject);
        }
        let name = if self.is_class("CTX") || self.is_class("ENR") { 58..74 } else { 54..76 };
        let (name, at) = self.value(range, name);
        let mut subject = Subject::new("receiver", SubjectKind::Party, "entry".into());
        (subject.name, subject.span) = (name, self.span(&at));
        for (kind, positions) in [(IdentifierKind::Iban, 12..29), (IdentifierKind::unspecified(), 39..54)] {
            let number = self.value(range, positions).0;
            if has_content(&number) {
                // The identification number is the originator's own, and may be words.
                let scheme = if kind == IdentifierKind::Iban { "" } else { "CUST" };
                subject.other.extend((!scheme.is_empty() && has_word(&number)).then(|| number.clone()));
                subject.identifiers.push(SubjectIdentifier::new(kind, number).with_scheme(scheme));
            }
        }
        self.push(subject);
    }

    fn addendum(&mut self, range: &Range<usize>) {
        self.count();
        let kind = self.value(range, 1..3).0;
        let path = format!("addenda 7{kind}");
        let number = kind.parse().unwrap_or(u8::MAX);
        if !self.may_follow(number) {
            self.problem(range.start, format!("addenda 7{kind} cannot stand here"));
        }
        self.last_addendum = number;
        match &*kind {
            "10" => {
                let name = self.value(range, 46..81);
                self.set_party("receiver", &path, Some(name), &[]);
            }
            "11" => {
                let (name, street) = (self.value(range, 3..38), self.value(range, 38..73));
                self.set_party("originator", &path, Some(name), &[("street", street.0)]);
            }
            "12" => self.set_town("originator", &path, range),
            "13" => self.institution("originating agent", &path, range),
            "14" => self.institution("receiving agent", &path, range),
            "15" => {
                let (number, street) = (self.value(range, 3..18), self.value(range, 18..53));
                self.set_party("receiver", &path, None, &[("street", street.0)]);
                if has_content(&number.0)
                    && let Some(subject) = self.party("receiver")
                {
                    let id = SubjectIdentifier::new(IdentifierKind::unspecified(), number.0);
                    subject.identifiers.push(id.with_scheme("CUST"));
                }
            }
            "16" => self.set_town("receiver", &path, range),
            "18" => self.institution("foreign correspondent bank", &path, range),
            "05" | "17" => {
                let (text, at) = self.value(range, 3..83);
                self.add_remittance(&path, text, at);
            }
            _ => {
                let (text, at) = self.value(range, 3..79);
                self.add_text("addenda information", &path, text, at);
            }
        }
    }

    /// Whether an addendum of this type may stand here. Of international entries seven have a fixed order.
    fn may_follow(&self, number: u8) -> bool {
        match number {
            98 | 99 => true,
            10 => self.is_class("IAT") && self.last_addendum == 0,
            11..=16 => self.is_class("IAT") && self.last_addendum == number - 1,
            17 | 18 => self.is_class("IAT") && self.last_addendum >= 16,
            2 | 5 => !self.is_class("IAT"),
            _ => false,
        }
    }

    /// Texts of one entry that follow each other are one text: names are broken between them.
    fn add_remittance(&mut self, path: &str, text: Cow<'x, str>, at: Range<usize>) {
        let (transaction, end) = (self.transaction, self.span(&at).end);
        if let Some(former) = self.message.subjects.last_mut()
            && former.kind == SubjectKind::Text
            && former.transaction == transaction
            && former.path == path
        {
            let name = former.name.to_mut();
            name.push('\n');
            name.push_str(&text);
            former.span.end = end;
            return;
        }
        self.add_text("remittance information", path, text, at);
    }

    /// The party of the entry with this role.
    fn party(&mut self, role: &str) -> Option<&mut Subject<'x>> {
        let transaction = self.transaction;
        let of_entry = self.message.subjects.iter_mut().rev().take_while(|s| s.transaction == transaction);
        of_entry.into_iter().find(|s| s.role == role && s.kind == SubjectKind::Party)
    }

    fn set_party(
        &mut self,
        role: &'static str,
        path: &str,
        name: Option<(Cow<'x, str>, Range<usize>)>,
        address: &[(&'static str, Cow<'x, str>)],
    ) {
        let name = name.map(|(name, at)| (name, self.span(&at)));
        if self.party(role).is_none() {
            let mut subject = Subject::new(role, SubjectKind::Party, path.to_string());
            subject.transaction = self.transaction;
            self.message.subjects.push(subject);
        }
        let Some(subject) = self.party(role) else { return };
        if let Some((name, span)) = name {
            match subject.name.is_empty() {
                true => (subject.name, subject.span, subject.path) = (name, span, path.to_string()),
                false => subject.other_names.push(name),
            }
        }
        for (part, text) in address.iter().filter(|(_, text)| has_content(text)) {
            subject.other.push(text.clone());
            subject.address.push(AddressPart { part: (*part).into(), text: text.clone() });
        }
    }

    /// `JacobsTown*PA\` and `US*19305\`.
    fn set_town(&mut self, role: &'static str, path: &str, range: &Range<usize>) {
        let parts = |text: Cow<'x, str>| -> Vec<String> {
            text.split(['*', '\\']).map(str::trim).map(String::from).filter(|p| has_content(p)).collect()
        };
        // Without its closing mark the first field runs into the second.
        let whole = self.value(range, 3..73).0;
        let halves: Vec<&str> = whole.splitn(2, '\\').collect();
        let (town, country) = match halves.as_slice() {
            [town, country] if has_content(country) => {
                (parts(town.to_string().into()), parts(country.to_string().into()))
            }
            _ => (parts(self.value(range, 3..38).0), parts(self.value(range, 38..73).0)),
        };
        self.set_party(role, path, None, &[]);
        let Some(subject) = self.party(role) else { return };
        for (at, text) in town.into_iter().enumerate() {
            if at == 0 {
                subject.other.push(text.clone().into());
            }
            let part = if at == 0 { "town" } else { "state" };
            subject.towns.push(text.clone().into());
            subject.address.push(AddressPart { part: part.into(), text: text.into() });
        }
        let mut country = country.into_iter();
        let code = country.next();
        // Without its mark the postal code follows at once.
        let is_run = |c: &str| c.is_ascii() && c.len() > 2 && c.as_bytes()[2].is_ascii_digit();
        let code = code.unwrap_or_default();
        let (code, run) = code.split_at(if is_run(&code) { 2 } else { code.len() });
        subject.countries.extend(has_content(code).then(|| Cow::Owned(code.to_string())));
        let rest = has_content(run).then(|| run.to_string()).into_iter().chain(country);
        subject
            .address
            .extend(rest.map(|text| AddressPart { part: "postal code".into(), text: text.into() }));
    }

    fn institution(&mut self, role: &'static str, path: &str, range: &Range<usize>) {
        let (name, number) = (self.value(range, 3..38), self.value(range, 40..74).0);
        let qualifier = self.value(range, 38..40).0;
        let country = self.value(range, 74..77).0;
        let mut subject = Subject::new(role, SubjectKind::Agent, path.to_string());
        subject.schema = Schema::Organization;
        subject.span = self.span(&name.1);
        subject.name = name.0;
        if has_content(&number) {
            let id = match &*qualifier {
                "02" => SubjectIdentifier::new(IdentifierKind::Bic, number),
                "03" => SubjectIdentifier::new(IdentifierKind::Iban, number),
                _ => SubjectIdentifier::new(IdentifierKind::Other("clearing member".into()), number)
                    .with_scheme("clearing member"),
            };
            subject.identifiers.push(id);
        }
        if has_content(&country) {
            subject.countries.push(country);
        }
        self.push(subject);
    }

    fn batch_control(&mut self, range: &Range<usize>) {
        let counted = self.value(range, 4..10).0.parse::<u64>();
        let read = self.state.batch.as_ref().map_or(0, |b| b.records);
        if counted != Ok(read) {
            let said = self.value(range, 4..10).0;
            self.problem(range.start, format!("the batch says that it has {said} records, and has {read}"));
        }
        self.end_batch(range.end);
    }

    fn file_control(&mut self, range: &Range<usize>) {
        if self.state.batch.is_some() {
            self.problem(range.start, "the file ends within a batch");
            self.end_batch(range.start);
        }
        self.state.has_file_control = true;
        for (what, positions, read) in [
            ("batches", 1..7, self.state.batches_of_file),
            ("entries and addenda", 13..21, self.state.records_of_file),
        ] {
            let said = self.value(range, positions).0;
            if said.parse() != Ok(read) {
                self.problem(range.start, format!("the file says that it has {said} {what}, and has {read}"));
            }
        }
        (self.state.batches_of_file, self.state.records_of_file) = (0, 0);
    }

    fn end_batch(&mut self, at: usize) {
        self.hand_out(at, false);
        self.state.batches_of_file += 1;
        self.state.records_of_file += self.state.batch.as_ref().map_or(0, |b| b.records);
        self.state.batch = None;
        self.begin_part();
    }

    fn hand_out(&mut self, at: usize, continues: bool) {
        let mut message = std::mem::take(&mut self.message);
        message.number = self.state.number;
        message.continues = continues;
        let class = self.state.batch.as_ref().map_or("", |b| &b.class);
        message.kind = Cow::Owned(format!("NACHA {class}").trim_end().to_string());
        message.definition = message.kind.clone();
        message.span = self.state.batch.as_ref().map_or(0, |b| b.start)..self.base + at as u64;
        self.out.push(message);
        self.begin_part();
    }

    fn end_file(&mut self) {
        let end = self.bytes.len();
        if self.state.batch.is_some() {
            self.problem(end, "the file ends within a batch");
            self.end_batch(end);
        }
        if !self.state.has_file_control {
            self.problem(end, "the file ends without its control record");
        }
        if !self.state.has_batches && self.message.problems.is_empty() {
            self.problem(end, "the file has no batch");
        }
        let rest = std::mem::take(&mut self.message);
        if rest.problems.is_empty() && rest.subjects.is_empty() {
            return;
        }
        // What stands behind the last batch belongs to it.
        match self.out.last_mut().filter(|m| !m.continues) {
            Some(last) => {
                last.problems.extend(rest.problems);
                last.subjects.extend(rest.subjects.into_iter().map(|s| Subject { transaction: 0, ..s }));
            }
            None => {
                self.state.number += 1;
                self.message = rest;
                self.hand_out(end, false);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::RECORD;

    fn record(parts: &[(usize, &str)]) -> String {
        let mut record = " ".repeat(RECORD);
        for (at, text) in parts {
            record.replace_range(*at..at + text.len(), text);
        }
        record
    }

    /// A file of two batches with an entry each.
    fn file() -> Vec<String> {
        let header = record(&[(0, "101 121042882 2313801041908071540A094101"), (40, "GRANITE CLEARING")]);
        let batch = |n: &str| record(&[(0, "5220"), (4, "ORIGIN COMPANY"), (50, "PPD"), (87, n)]);
        let entry =
            record(&[(0, "622231380104"), (12, "744567"), (54, "OTTOLINE VEXLEY"), (79, "121042880000001")]);
        let control = |n: &str| record(&[(0, "8220000001"), (79, "12104288"), (87, n)]);
        let end = record(&[(0, "9000002000001000000020005320001")]);
        let (one, two) = ("0000001", "0000002");
        vec![header, batch(one), entry.clone(), control(one), batch(two), entry, control(two), end]
    }

    fn problems(records: &[String]) -> Vec<String> {
        let text = records.join("\n");
        read(text.as_bytes()).into_iter().flat_map(|m| m.problems).map(|p| p.reason).collect()
    }

    #[test]
    fn a_record_that_lost_a_character_is_a_problem() {
        assert_eq!(problems(&file()), [""; 0]);
        for at in [0, 1, 2, 3, 5, 6] {
            let mut records = file();
            records[at].remove(20);
            assert_ne!(problems(&records), [""; 0], "{at}");
        }
        let mut records = file();
        records[0].remove(45);
        assert_ne!(problems(&records), [""; 0]);
        // The blanks at its end may be lost.
        records[0] = file()[0].trim_end().to_string();
        assert_eq!(problems(&records), [""; 0]);
    }

    #[test]
    fn batches_that_are_lost_are_a_problem() {
        let mut records = file();
        records.drain(1..4);
        let told = problems(&records);
        assert_eq!(
            told,
            [
                "the file says that it has 000002 batches, and has 1",
                "the file says that it has 00000002 entries and addenda, and has 1"
            ]
        );
        // Of two files one may have lost its end.
        let mut first = file();
        first.pop();
        assert_ne!(problems(&[first, file()].concat()), [""; 0]);
        assert_eq!(problems(&[file(), file()].concat()), [""; 0]);
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_header() {
        let text = format!("\u{feff}{}", file().join("\n"));
        let message = &read(text.as_bytes())[0];
        assert_eq!(message.problems, []);
        assert!(message.subjects.iter().any(|s| s.name == "GRANITE CLEARING"));
    }

    #[test]
    fn a_postal_code_that_runs_into_its_country_is_kept() {
        let mut records = file();
        records.drain(4..7);
        records[1].replace_range(50..53, "IAT");
        let addenda = |n: usize, parts: &[(usize, &str)]| {
            let number = format!("7{}", 9 + n);
            record(&[&[(0, &*number), (87, "0000001")], parts].concat())
        };
        let town = addenda(3, &[(3, "TOWNLET*PA\\"), (38, "US19305\\")]);
        let all = [addenda(1, &[(46, "OTTOLINE VEXLEY")]), addenda(2, &[(3, "JANE ROE")]), town];
        records.splice(3..3, all);
        let text = records.join("\n");
        let message = &read(text.as_bytes())[0];
        let originator = message.subjects.iter().find(|s| s.role == "originator").unwrap();
        assert_eq!(originator.countries, ["US"]);
        assert!(originator.address.iter().any(|a| a.text == "19305"));
    }
}
