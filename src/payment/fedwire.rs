//! Fedwire messages before ISO 20022 (FAIM): elements behind tags of four digits, `{4200}D123*NAME*LINE*`.
//!
//! Source of the tags: the Federal Reserve's FAIM format as open readers of it publish it.

use super::message::{Format, Ids, Message, Problem};
use super::subject::{
    AddressPart, Subject, SubjectIdentifier, SubjectKind, birth_date, has_content, has_word, is_bic,
    is_joined_line,
};
use super::text_of;
use crate::entity::{IdentifierKind, Schema};
use std::borrow::Cow;
use std::ops::Range;

/// The tag that every message begins with.
const FIRST: &[u8] = b"{1500}";

/// Parties and institutions: a code of one letter and a number, a name, an address.
const PARTIES: [(&str, &str, SubjectKind); 9] = [
    ("4000", "intermediary agent 1", SubjectKind::Agent),
    ("4100", "creditor agent", SubjectKind::Agent),
    ("4200", "creditor", SubjectKind::Party),
    ("4400", "account debited", SubjectKind::Party),
    ("5000", "debtor", SubjectKind::Party),
    ("5010", "debtor", SubjectKind::Party),
    ("5100", "debtor agent", SubjectKind::Agent),
    ("5200", "instructing agent", SubjectKind::Agent),
    ("5400", "account credited", SubjectKind::Party),
];

/// Parties of a cover payment: the tag of their SWIFT field, an account, a name, an address.
const COVER: [(&str, &str, SubjectKind); 5] = [
    ("7050", "debtor", SubjectKind::Party),
    ("7052", "debtor agent", SubjectKind::Agent),
    ("7056", "intermediary agent 1", SubjectKind::Agent),
    ("7057", "creditor agent", SubjectKind::Agent),
    ("7059", "creditor", SubjectKind::Party),
];

const TEXTS: [(&str, &str); 18] = [
    ("6000", "remittance information"),
    ("6100", "instruction for receiving agent"),
    ("6110", "drawdown advice"),
    ("6200", "instruction for intermediary agent"),
    ("6210", "advice to intermediary agent"),
    ("6300", "instruction for creditor agent"),
    ("6310", "advice to creditor agent"),
    ("6400", "instruction for creditor"),
    ("6410", "advice to creditor"),
    ("6420", "payment method"),
    ("6500", "bank to bank information"),
    ("7070", "remittance information"),
    ("7072", "sender to receiver information"),
    ("8200", "addenda information"),
    ("8250", "related remittance"),
    ("8750", "remittance information"),
    ("9000", "service message"),
    ("1130", "error"),
];

/// References, dates, amounts and codes.
const SILENT: [&str; 22] = [
    "1100", "1110", "1120", "1500", "1510", "1520", "2000", "3320", "3500", "3600", "3620", "3700", "3710",
    "3720", "4320", "7033", "8400", "8450", "8500", "8550", "8600", "8650",
];

/// Characters of the kind of a message: a code, that of the transaction's type, and a star.
const KIND: usize = 7;

/// What every message has.
const MANDATORY: [&str; 7] = ["1500", "1510", "1520", "2000", "3100", "3400", "3600"];

#[derive(Default)]
pub(super) struct Extractor {
    number: u64,
}

/// Whether a buffer begins with a tag.
pub(super) fn is_fedwire(bytes: &[u8]) -> bool {
    tag_at(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start()).is_some()
}

fn tag_at(bytes: &[u8]) -> Option<&str> {
    match bytes {
        [b'{', tag @ ..] if tag.len() >= 5 && tag[4] == b'}' && tag[..4].iter().all(u8::is_ascii_digit) => {
            std::str::from_utf8(&tag[..4]).ok()
        }
        _ => None,
    }
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
        let mut starts: Vec<usize> = memchr::memmem::find_iter(bytes, FIRST).collect();
        match starts.first_mut() {
            Some(first) => *first = 0,
            None if bytes.trim_ascii().is_empty() => (),
            None => starts.push(0),
        }
        starts.push(bytes.len());
        let messages = starts.len() - 1;
        let whole = if is_last { messages } else { messages.saturating_sub(1) };
        for pair in starts[..=whole].windows(2) {
            self.number += 1;
            out.push(message(self.number, bytes, pair[0]..pair[1], base));
        }
        if is_last { bytes.len() } else { starts[whole] }
    }
}

struct Read<'x> {
    bytes: &'x [u8],
    base: u64,
    message: Message<'x>,
    has_stars: bool,
}

fn message<'x>(number: u64, bytes: &'x [u8], range: Range<usize>, base: u64) -> Message<'x> {
    let has_stars = bytes[range.clone()].contains(&b'*');
    let mut read = Read { bytes, base, message: Message::default(), has_stars };
    read.message.number = number;
    read.message.format = Format::Fedwire;
    read.message.kind = "Fedwire".into();
    read.message.transactions.push(Ids::default());
    read.message.span = base + range.start as u64..base + range.end as u64;
    read.tags(range);
    read.message.definition = read.message.kind.clone();
    read.message
}

impl<'x> Read<'x> {
    fn problem(&mut self, at: usize, reason: impl Into<String>) {
        self.message.problems.push(Problem::new(self.base + at as u64, reason));
    }

    fn tags(&mut self, range: Range<usize>) {
        let bytes = self.bytes;
        let mut seen: Vec<&str> = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let rest = &bytes[at..range.end];
            let length = (1..rest.len()).find(|i| rest[*i] == b'{' && tag_at(&rest[*i..]).is_some());
            let end = at + length.unwrap_or(rest.len());
            match tag_at(rest) {
                Some(tag) => {
                    if seen.contains(&tag) && tag.as_bytes()[0] != b'8' {
                        self.problem(at, format!("tag {tag} stands twice"));
                    }
                    seen.push(tag);
                    self.element(tag, at + 6..end);
                }
                None => self.stray(at..end),
            }
            at = end;
        }
        for tag in MANDATORY.iter().filter(|tag| !seen.contains(tag)) {
            self.problem(range.start, format!("tag {tag} is missing, which every message has"));
        }
        let is_customer = self.message.kind.ends_with("CTR") || self.message.kind.ends_with("CTP");
        let has_originator = seen.contains(&"5000") || seen.contains(&"5010");
        if is_customer && !(has_originator && seen.contains(&"4200")) {
            self.problem(range.end, "a customer transfer without originator or beneficiary");
        }
    }

    fn stray(&mut self, at: Range<usize>) {
        let text = text_of(self.bytes[at.clone()].trim_ascii());
        if has_content(&text) {
            self.problem(at.start, format!("text outside of every tag: '{}'", super::shortened(&text)));
            self.text("other text", "outside", at);
        }
    }

    /// The parts of an element: between stars, or in the format of fixed lengths.
    fn parts(&self, range: &Range<usize>, fixed: &[usize]) -> Vec<(Cow<'x, str>, Range<u64>)> {
        let bytes = &self.bytes[range.clone()];
        let mut parts = Vec::new();
        let mut add = |from: usize, to: usize| {
            let raw = &bytes[from..to];
            let lead = raw.len() - raw.trim_ascii_start().len();
            let trimmed = raw.trim_ascii();
            let start = self.base + (range.start + from + lead) as u64;
            parts.push((text_of(trimmed), start..start + trimmed.len() as u64));
        };
        let end = bytes.trim_ascii_end().len();
        if self.has_stars {
            let mut from = 0;
            for star in memchr::memchr_iter(b'*', &bytes[..end]).chain([end]) {
                add(from, star);
                from = star + 1;
            }
        } else {
            let mut from = 0;
            for length in fixed.iter().copied().chain(std::iter::repeat(35)) {
                if from >= end {
                    break;
                }
                add(from, (from + length).min(end));
                from += length;
            }
        }
        parts
    }

    fn element(&mut self, tag: &'x str, range: Range<usize>) {
        let content = self.bytes[range.clone()].trim_ascii();
        // A brace and digits within an element: a tag that is damaged.
        let is_broken = |at: usize| {
            let near = &content[at..content.len().min(at + 6)];
            near.len() == 6 && near[1..5].iter().filter(|b| b.is_ascii_digit()).count() >= 3
        };
        let mut marks = memchr::memchr2_iter(b'{', b'}', content);
        if marks.any(|at| {
            content[at] == b'{' && is_broken(at) || content[at] == b'}' && at >= 5 && is_broken(at - 5)
        }) {
            self.problem(range.start, format!("a damaged tag within tag {tag}"));
        }
        let ids = &mut self.message.transactions[0];
        let id = || text_of(content.strip_suffix(b"*").unwrap_or(content));
        match tag {
            "1520" => ids.message_id = id(),
            "3320" => ids.instruction_id = id(),
            "4320" => ids.end_to_end_id = id(),
            "3600" => self.message.kind = format!("Fedwire {}", id().get(..3).unwrap_or(&id())).into(),
            _ => (),
        }
        if tag == "3600" && content.iter().take_while(|b| b.is_ascii_uppercase()).count() < 3 {
            self.problem(range.start, "tag 3600 names no kind of message");
        }
        let is_fixed = SILENT.contains(&tag) || tag == "5400" || tag == "9000";
        if self.has_stars && !is_fixed && !content.ends_with(b"*") {
            self.problem(range.end, format!("tag {tag} has no end"));
        }
        if let Some((_, role, kind)) = PARTIES.iter().find(|(t, ..)| *t == tag) {
            return self.party(tag, role, *kind, &range);
        }
        if let Some((_, role, kind)) = COVER.iter().find(|(t, ..)| *t == tag) {
            return self.cover_party(tag, role, *kind, &range);
        }
        match tag {
            "3100" => self.bank("sender", tag, &range),
            "3400" => self.bank("receiver", tag, &range),
            "8300" => self.remittance_party("remittance originator", tag, &range),
            "8350" => self.remittance_party("remittance beneficiary", tag, &range),
            _ => {
                let role = TEXTS.iter().find(|(t, _)| *t == tag).map(|(_, role)| *role);
                // Text in the place of a reference: the tag may be damaged.
                let is_text = content.contains(&b'*') && (tag != "3600" || content.len() > KIND);
                if role.is_some() || is_text || !SILENT.contains(&tag) {
                    self.text(role.unwrap_or("other text"), tag, range);
                }
            }
        }
    }

    fn subject(&self, tag: &str, role: &'static str, kind: SubjectKind) -> Subject<'x> {
        let mut subject = Subject::new(role, kind, tag.to_string());
        if kind == SubjectKind::Agent {
            subject.schema = Schema::Organization;
        }
        subject
    }

    fn push(&mut self, subject: Subject<'x>) {
        if !subject.is_empty() {
            self.message.subjects.push(subject);
        }
    }

    /// A routing number of nine digits and a name.
    fn bank(&mut self, role: &'static str, tag: &str, range: &Range<usize>) {
        let mut subject = self.subject(tag, role, SubjectKind::Agent);
        let parts = self.parts(range, &[27]);
        let Some((text, span)) = parts.first() else { return };
        let split = text.bytes().take(9).take_while(u8::is_ascii_digit).count();
        let name = text[split..].trim();
        subject.span = span.start + split as u64..span.end;
        subject.name = Cow::Owned(name.to_string());
        let member = IdentifierKind::Other("clearing member".into());
        if split > 0 {
            let number = Cow::Owned(text[..split].to_string());
            subject.identifiers.push(SubjectIdentifier::new(member, number).with_scheme("clearing member"));
        }
        // Nothing stands behind the name, unless the tag of what follows is lost.
        subject.other.extend(joined(parts.into_iter().skip(1).map(|(text, _)| text)));
        self.push(subject);
    }

    fn party(&mut self, tag: &'x str, role: &'static str, kind: SubjectKind, range: &Range<usize>) {
        let mut subject = self.subject(tag, role, kind);
        let parts = self.parts(range, &[35]);
        let mut lines = parts.into_iter();
        if let Some((text, span)) = lines.next() {
            subject.span = span;
            let has_code = self.bytes.get(range.start).is_some_and(|b| !b.is_ascii_whitespace());
            if !self.add_number(&mut subject, tag, text, has_code) {
                self.problem(range.start, format!("tag {tag} has a number without a code of what it is"));
            }
        }
        if !self.has_stars && is_shifted(&self.bytes[range.clone()]) {
            self.problem(range.start, format!("the lines of tag {tag} are shifted"));
        }
        if tag == "5010" {
            let lines: Vec<_> = lines.collect();
            self.check_option_f(tag, &lines);
            option_f(&mut subject, lines.into_iter());
        } else {
            name_and_address(&mut subject, lines);
        }
        self.push(subject);
    }

    fn check_option_f(&mut self, tag: &str, lines: &[(Cow<'x, str>, Range<u64>)]) {
        for (_, span) in lines.iter().filter(|(text, _)| is_joined_line(text)) {
            let reason = format!("lines of tag {tag} run into each other");
            self.message.problems.push(Problem::new(span.start, reason));
        }
    }

    /// A code of what the number is, and the number: `D123456789`. Returns whether there is such a code; without one all is
    /// taken for the number.
    fn add_number(&self, subject: &mut Subject<'x>, tag: &str, text: Cow<'x, str>, has_code: bool) -> bool {
        if tag == "5010" {
            let number = text.rsplit('/').next().unwrap_or_default().to_string();
            let kind =
                if text.starts_with('/') { IdentifierKind::Iban } else { IdentifierKind::unspecified() };
            if has_content(&number) {
                subject.identifiers.push(SubjectIdentifier::new(kind, number.into()));
            }
            return true;
        }
        if tag == "5400" {
            subject.identifiers.push(SubjectIdentifier::new(IdentifierKind::Iban, text));
            return true;
        }
        let Some(code) = text.chars().next() else { return true };
        let number: Cow<'x, str> = Cow::Owned(text[code.len_utf8()..].trim().to_string());
        if !has_content(&number) {
            return true;
        }
        // Persons have documents with numbers, banks have none.
        let is_code = matches!(code, 'B' | 'C' | 'D' | 'F' | 'T' | 'U')
            || matches!(code, '1'..='9') && subject.kind == SubjectKind::Party;
        if !has_code || !is_code {
            subject.identifiers.push(SubjectIdentifier::new(IdentifierKind::unspecified(), text));
            return false;
        }
        let kind = match code {
            'B' | 'T' if is_bic(&number) => IdentifierKind::Bic,
            'D' | 'T' => IdentifierKind::Iban,
            '1' => IdentifierKind::Passport,
            '2' => IdentifierKind::Tax,
            '3' | '4' => IdentifierKind::NationalId,
            '5' => IdentifierKind::Registration,
            'C' | 'F' | 'U' => IdentifierKind::Other("clearing member".into()),
            _ => IdentifierKind::unspecified(),
        };
        let is_member = matches!(kind, IdentifierKind::Other(ref k) if k == "clearing member");
        let id = SubjectIdentifier::new(kind, number);
        subject.identifiers.push(if is_member { id.with_scheme("clearing member") } else { id });
        true
    }

    /// `50K*/12345*NAME*LINE*`.
    fn cover_party(&mut self, tag: &'x str, role: &'static str, kind: SubjectKind, range: &Range<usize>) {
        let mut subject = self.subject(tag, role, kind);
        let mut parts = self.parts(range, &[5]);
        let is_field = |t: &str| t.len() <= 5 && t.bytes().next().is_some_and(|b| b.is_ascii_digit());
        if parts.first().is_some_and(|(t, _)| is_field(t.trim_matches(':'))) {
            parts.remove(0);
        }
        while let Some((text, span)) = parts.first().filter(|(t, _)| t.starts_with('/') || is_bic(t)) {
            subject.span = span.clone();
            let kind = if is_bic(text) { IdentifierKind::Bic } else { IdentifierKind::Iban };
            let number = Cow::Owned(text.trim_start_matches('/').to_string());
            subject.identifiers.push(SubjectIdentifier::new(kind, number));
            parts.remove(0);
        }
        match parts.iter().any(|(t, _)| t.starts_with("1/")) {
            true => {
                self.check_option_f(tag, &parts);
                option_f(&mut subject, parts.into_iter());
            }
            false => name_and_address(&mut subject, parts.into_iter()),
        }
        self.push(subject);
    }

    /// Two letters and four of what its number is, a name, and more.
    fn remittance_party(&mut self, role: &'static str, tag: &'x str, range: &Range<usize>) {
        let mut subject = self.subject(tag, role, SubjectKind::Party);
        let mut parts = self.parts(range, &[146]).into_iter();
        if let Some((text, span)) = parts.next() {
            let is_coded = tag == "8300"
                && text.len() > 6
                && text.is_char_boundary(6)
                && text.as_bytes()[..6].iter().all(u8::is_ascii_uppercase);
            let skipped = if is_coded { 6 } else { 0 };
            subject.name = Cow::Owned(text[skipped..].to_string());
            subject.span = span.start + skipped as u64..span.end;
        }
        subject.other.extend(joined(parts.map(|(text, _)| text)));
        self.push(subject);
    }

    fn text(&mut self, role: &'static str, tag: &str, range: Range<usize>) {
        let parts = self.parts(&range, &[]);
        let (Some(first), Some(last)) = (parts.first(), parts.iter().rfind(|(t, _)| has_content(t))) else {
            return;
        };
        let mut subject = Subject::new(role, SubjectKind::Text, tag.to_string());
        subject.span = first.1.start..last.1.end;
        let filled: Vec<&Cow<'x, str>> = parts.iter().map(|(t, _)| t).filter(|t| has_content(t)).collect();
        subject.name = match filled.as_slice() {
            [only] => (*only).clone(),
            _ => Cow::Owned(filled.iter().map(|t| &***t).collect::<Vec<_>>().join("\n")),
        };
        if has_word(&subject.name) {
            self.push(subject);
        }
    }
}

/// Whether lines of fixed lengths are shifted, by a character that is lost or too much: the length is not that of whole lines,
/// and one begins with a blank, or has text behind the blanks that fill it.
fn is_shifted(element: &[u8]) -> bool {
    const LINE: usize = 35;
    let end = element.iter().rposition(|b| !matches!(b, b'\n' | b'\r')).map_or(0, |last| last + 1);
    let is_misplaced = |(n, line): (usize, &[u8])| {
        let line = line.trim_ascii_end();
        n > 0 && line.starts_with(b" ") || memchr::memmem::find(line, b"  ").is_some()
    };
    end % LINE != 0 && element[..end].chunks(LINE).enumerate().any(is_misplaced)
}

fn joined<'x>(texts: impl Iterator<Item = Cow<'x, str>>) -> Option<Cow<'x, str>> {
    let filled: Vec<Cow<'x, str>> = texts.filter(|t| has_content(t)).collect();
    match filled.as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        _ => Some(Cow::Owned(filled.join("\n"))),
    }
}

fn name_and_address<'x>(subject: &mut Subject<'x>, lines: impl Iterator<Item = (Cow<'x, str>, Range<u64>)>) {
    let mut lines = lines.filter(|(text, _)| has_content(text));
    let Some((name, span)) = lines.next() else { return };
    (subject.name, subject.span) = (name, span);
    let rest: Vec<Cow<'x, str>> = lines.map(|(text, _)| text).collect();
    if rest.is_empty() {
        return;
    }
    // The name may go on, and an address may name people.
    let all = std::iter::once(subject.name.clone()).chain(rest.iter().cloned());
    subject.other.extend(joined(all));
    subject.address.extend(rest.into_iter().map(|text| AddressPart { part: "line".into(), text }));
}

/// Lines that are numbered by their meaning, as in field 50F of SWIFT.
fn option_f<'x>(subject: &mut Subject<'x>, lines: impl Iterator<Item = (Cow<'x, str>, Range<u64>)>) {
    for (text, span) in lines.filter(|(text, _)| has_content(text)) {
        let Some((number, value)) = text.split_once('/') else {
            subject.other.push(text.clone());
            continue;
        };
        let value: Cow<'x, str> = Cow::Owned(value.to_string());
        match number {
            "1" if subject.name.is_empty() => {
                (subject.name, subject.span) = (value, span.start + 2..span.end)
            }
            "1" => subject.name = Cow::Owned(format!("{} {value}", subject.name)),
            "2" => subject.address.push(AddressPart { part: "line".into(), text: value }),
            "3" => {
                let (country, town) = value.split_once('/').unwrap_or((&value, ""));
                subject.countries.push(Cow::Owned(country.to_string()));
                subject.towns.extend(has_content(town).then(|| Cow::Owned(town.to_string())));
            }
            "4" => match birth_date(&value) {
                Some(date) => subject.birth_date = date,
                None => subject.other.push(value),
            },
            "5" => {
                let (country, town) = value.split_once('/').unwrap_or((&value, ""));
                subject.countries.push(Cow::Owned(country.to_string()));
                subject.birth_place.extend(has_content(town).then(|| Cow::Owned(town.to_string())));
            }
            _ => subject.other.push(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Message, read};

    const HEAD: &str = "{1500}30USERREQT {1510}1000{1520}20260615SOURCE0812345678{2000}000000001234\
                        {3100}121042882SENDING BANK*{3400}231380104RECEIVER BANK*";
    const PARTIES: &str =
        "{4200}D987654321*OTTOLINE VEXLEY*ROSE COTTAGE*{5000}D445566778*AURELIA QUANDT*LINDENALLEE*";

    fn has_text(message: &Message<'_>, text: &str) -> bool {
        message.subjects.iter().flat_map(|s| s.queries()).any(|q| q.name.contains(text))
    }

    #[test]
    fn a_lost_tag_loses_no_text() {
        let lost = "D123456789*INTERMEDIARY HOUSE*CITY ROAD*";
        // Behind the kind of the message, and behind the receiver.
        for text in
            [format!("{HEAD}{{3600}}CTR {lost}{PARTIES}"), format!("{HEAD}{lost}{{3600}}CTR {PARTIES}")]
        {
            assert!(has_text(&read(text.as_bytes())[0], "INTERMEDIARY HOUSE"), "{text}");
        }
    }

    #[test]
    fn a_number_without_its_code_is_a_problem_and_kept_whole() {
        let text = format!("{HEAD}{{3600}}CTR {PARTIES}{{5100}}123456789*DEBTOR AGENT*");
        let message = &read(text.as_bytes())[0];
        assert_eq!(message.problems.len(), 1, "{:?}", message.problems);
        assert_eq!(message.subjects.last().unwrap().identifiers[0].value, "123456789");
        let text = text.replace("{5100}", "{5100}D");
        assert_eq!(read(text.as_bytes())[0].problems, []);
        let text = text.replace("{4200}D", "{4200} ");
        let message = &read(text.as_bytes())[0];
        assert_eq!(message.problems.len(), 1, "{:?}", message.problems);
        assert!(message.subjects.iter().any(|s| s.identifiers.iter().any(|i| i.value == "987654321")));
    }

    #[test]
    fn a_message_that_is_cut_anywhere_is_read_to_there() {
        let text = format!("{HEAD}{{3600}}CTR {PARTIES}{{5010}}/12*1/JANE ROE*{{7050}}50K*/12*JANE ROE*");
        for end in 0..text.len() {
            assert!(!read(&text.as_bytes()[..end]).is_empty());
        }
    }

    #[test]
    fn shifted_lines_of_fixed_lengths_are_a_problem() {
        let line = |text: &str| format!("{text:35}");
        let party = |tag: &str, name: &str| {
            format!("{{{tag}}}{}{}{}", line("D987654321"), line(name), line("ROSE COTTAGE"))
        };
        let head = HEAD.replace('*', "   ");
        let text =
            format!("{head}{{3600}}CTR{}{}", party("4200", "OTTOLINE VEXLEY"), party("5000", "JANE ROE"));
        assert_eq!(read(text.as_bytes())[0].problems, []);
        let name = text.find("OTTOLINE").unwrap();
        for lost in [&text[name - 2..name - 1], &text[name..name + 1]] {
            let at = text[..name + 1].rfind(lost).unwrap();
            let shifted = format!("{}{}", &text[..at], &text[at + 1..]);
            assert_eq!(read(shifted.as_bytes())[0].problems.len(), 1);
        }
        // Blanks at the end of a line are lost on the way, and nothing is shifted.
        assert_eq!(read(text.trim_end().as_bytes())[0].problems, []);
    }

    #[test]
    fn numbered_lines_tell_birth_and_country() {
        let lines = "{5010}/DE02*1/AURELIA QUANDT*2/ROSE STREET*3/DE/POTSDAM*4/19700102*5/CU/HAVANA*";
        let text = format!("{HEAD}{{3600}}CTR {{4200}}D98*OTTOLINE VEXLEY*{lines}");
        let message = &read(text.as_bytes())[0];
        assert_eq!(message.problems, []);
        let debtor = message.subjects.last().unwrap();
        assert_eq!(
            (&*debtor.birth_date, &*debtor.countries[1], &*debtor.birth_place[0]),
            ("1970-01-02", "CU", "HAVANA")
        );
        for joined in ["19700102*5", "STREET*3", "QUANDT*2"] {
            let text = text.replace(joined, &joined.replace('*', ""));
            assert_eq!(read(text.as_bytes())[0].problems.len(), 1, "{joined}");
        }
    }
}
