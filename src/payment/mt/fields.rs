//! What the fields of block 4 mean, by tag and option.
//!
//! Source of tags and options: the field definitions of SWIFT's User Handbook, as the contract in the project's
//! documentation of payments lists them.

use super::super::message::{Ids, Problem};
use super::super::subject::{
    AddressPart, Subject, SubjectIdentifier, SubjectKind, has_content, has_word, is_bic, is_joined_line,
};
use super::{Field, Read, agent, mandatory, party};
use crate::entity::{IdentifierKind, country_code};
use std::borrow::Cow;

/// Texts, with their roles.
const TEXTS: [(&str, &str); 20] = [
    ("70", "remittance information"),
    ("72", "sender to receiver information"),
    ("77", "narrative"),
    ("79", "narrative"),
    ("86", "statement information"),
    ("75", "queries"),
    ("76", "answers"),
    ("73", "charges"),
    ("74", "amendments"),
    ("78", "instructions"),
    ("45", "goods"),
    ("46", "documents"),
    ("47", "conditions"),
    ("44", "transport"),
    ("29", "contact"),
    ("48", "period"),
    ("39", "narrative"),
    ("42", "drafts"),
    ("71", "charges"),
    ("49", "instructions"),
];

/// Fields of references, dates, amounts and codes.
const SILENT: [&str; 38] = [
    "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "21", "22", "23", "24", "26", "27", "28",
    "30", "31", "32", "33", "34", "36", "37", "38", "40", "43", "60", "61", "62", "64", "65", "69", "90",
    "92", "98", "99", "25",
];

/// The longest reference, in characters.
const LONGEST_REFERENCE: usize = 35;

/// Kinds that repeat a part for each transaction, which begins with field 21.
const WITH_TRANSACTIONS: [&str; 6] = ["101", "102", "104", "107", "110", "210"];

/// Whether a tag is a party's or an institution's.
pub(super) fn is_party(tag: &[u8]) -> bool {
    matches!(tag, [b'5', b'0'..=b'9'])
}

/// Whether a tag is one of those whose content is screened.
pub(super) fn is_content(tag: &[u8]) -> bool {
    is_party(tag) || matches!(tag, b"25" | b"61" | b"70" | b"72" | b"77" | b"79" | b"86")
}

/// The type of a message whose blocks are missing.
pub(super) fn guess_kind(fields: &[Field<'_>]) -> &'static str {
    let has = |tag: &str| fields.iter().any(|f| f.tag == tag);
    match () {
        () if has("60") || has("62") => "940",
        () if has("34") && has("13") => "942",
        () if has("50") && has("59") => "103",
        () if has("58") => "202",
        () if has("79") => "199",
        () => "",
    }
}

/// The role of a party or an institution in a message of this kind.
fn role(kind: &str, field: &Field<'_>, after_customer: bool) -> Option<(&'static str, SubjectKind)> {
    use SubjectKind::{Agent, Party};
    let is_debit = matches!(kind, "104" | "107");
    let is_transfer_of_banks =
        matches!(kind, "200" | "201" | "202" | "203" | "204" | "205" | "210") && !after_customer;
    Some(match (field.tag, field.option) {
        // Of a notice to receive it is he who orders the payment.
        ("50", "C" | "L") if kind != "210" && WITH_TRANSACTIONS.contains(&kind) => {
            ("initiating party", Party)
        }
        ("50", _) if is_debit => ("creditor", Party),
        ("50", _) if kind.starts_with('7') => ("applicant", Party),
        ("50", _) => ("debtor", Party),
        ("59", _) if is_debit => ("debtor", Party),
        ("59", _) if kind.starts_with('7') => ("beneficiary", Party),
        ("59", _) => ("creditor", Party),
        // Of a guarantee, he for whom it is given.
        ("51", "") if kind.starts_with('7') => ("obligor", Party),
        ("51", _) if kind.starts_with('7') => ("applicant bank", Agent),
        ("51", _) => ("sending institution", Agent),
        ("52", _) if is_debit => ("creditor agent", Agent),
        ("52", _) if is_transfer_of_banks => ("debtor", Agent),
        ("52", _) => ("debtor agent", Agent),
        // The institution that is to be debited.
        ("53", _) if kind == "204" => ("debtor", Agent),
        ("53", _) => ("instructing reimbursement agent", Agent),
        ("54", _) => ("instructed reimbursement agent", Agent),
        ("55", _) => ("third reimbursement agent", Agent),
        ("56", _) => ("intermediary agent 1", Agent),
        ("57", _) if is_debit => ("debtor agent", Agent),
        ("57", _) => ("creditor agent", Agent),
        ("58", _) => ("creditor", Agent),
        ("41", "A" | "D") => ("available with", Agent),
        ("42", "A" | "D") => ("drawee", Agent),
        _ if !kind.starts_with(['3', '6']) => return None,
        ("82", _) => ("party a", Party),
        ("87", _) => ("party b", Party),
        ("83", _) => ("fund", Party),
        ("84", _) => ("counterparty's agent", Agent),
        ("85", _) => ("second counterparty's agent", Agent),
        ("88", _) => ("broker", Party),
        _ => return None,
    })
}

/// Reads all fields of a message.
pub(super) fn read<'x>(read: &mut Read<'x>, fields: &[Field<'x>]) {
    let mut transaction = 0;
    let mut after_customer = false;
    for field in fields {
        let before = read.message.subjects.len();
        after_customer |= field.tag == "50";
        let begins = match field.tag {
            "61" => true,
            "21" => field.option.is_empty() && WITH_TRANSACTIONS.contains(&read.kind),
            "20" => mandatory::repeats_reference(read.kind),
            _ => false,
        };
        if begins {
            transaction = read.message.transactions.len();
            read.message.transactions.push(Ids::default());
        }
        add_id(read, field, transaction);
        add(read, field, after_customer);
        for subject in &mut read.message.subjects[before..] {
            subject.transaction = transaction;
        }
    }
    check(read, fields);
}

/// What no message has: the sign of a field whose tag is damaged.
fn check(read: &mut Read<'_>, fields: &[Field<'_>]) {
    let twice = |tag: &str, options: bool| {
        fields.iter().filter(|f| f.tag == tag && (options || f.option.is_empty())).nth(1)
    };
    let at = |read: &Read<'_>, field: &Field<'_>| (field.start - read.base) as usize;
    let may_repeat = read.kind.starts_with(['3', '5']) || mandatory::repeats_reference(read.kind);
    if let Some(field) = twice("20", false).filter(|_| !may_repeat) {
        read.problem(at(read, field), "field 20 stands twice");
    }
    if fields.is_empty() {
        read.problem(0, "block 4 has no field");
    }
    for field in fields {
        let is_amount = matches!(field.tag, "32" | "33") && matches!(field.option, "A" | "B" | "C" | "D");
        if is_amount && !field.value().contains(',') && !field.value().bytes().any(|b| b.is_ascii_digit()) {
            read.problem(at(read, field), format!("field {} is no amount", field.name()));
        }
        let known = "ABCDFGHJKLNPRST";
        if is_party(field.tag.as_bytes()) && !field.option.is_empty() && !known.contains(field.option) {
            read.problem(at(read, field), format!("field {} has no option {}", field.tag, field.option));
        }
        if is_party(field.tag.as_bytes()) && field.lines.is_empty() {
            read.problem(at(read, field), format!("field {} is empty", field.name()));
        }
        if is_party(field.tag.as_bytes()) && field.option == "F" {
            let joined = field.lines.iter().filter(|line| is_joined_line(&line.text));
            read.message.problems.extend(joined.map(|line| {
                Problem::new(line.span.start, format!("lines of field {} run into each other", field.name()))
            }));
        }
        // An account, a name and three lines, or five lines with numbers.
        if is_party(field.tag.as_bytes()) && field.lines.len() > 6 {
            read.problem(at(read, field), format!("field {} has {} lines", field.name(), field.lines.len()));
        }
    }
}

fn add_id<'x>(read: &mut Read<'x>, field: &Field<'x>, transaction: usize) {
    let Some(line) = field.lines.first() else { return };
    let ids = &mut read.message.transactions;
    match (field.tag, field.option) {
        ("20", "") if ids[transaction].message_id.is_empty() => {
            ids[transaction].message_id = line.text.clone();
            if ids[0].message_id.is_empty() {
                ids[0].message_id = line.text.clone();
            }
        }
        ("20", "C") if ids[0].message_id.is_empty() => ids[0].message_id = line.text.clone(),
        ("21", "") if ids[transaction].end_to_end_id.is_empty() => {
            ids[transaction].end_to_end_id = line.text.clone();
        }
        _ => (),
    }
}

fn add<'x>(read: &mut Read<'x>, field: &Field<'x>, after_customer: bool) {
    if field.tag == "95" {
        return securities_party(read, field);
    }
    if let Some((role, kind)) = role(read.kind, field, after_customer) {
        if continues_party(read, field) {
            return;
        }
        if !field.lines.is_empty() {
            let subject = party::read(field, role, kind);
            read.message.subjects.push(subject);
        }
        return;
    }
    match (field.tag, field.option) {
        ("71", "A" | "F" | "G") => silent(read, field),
        ("25", _) | ("97", _) => account(read, field),
        ("61", _) => statement_line(read, field),
        _ if is_german(field) => german(read, field),
        ("72" | "79" | "77", _) => {
            institutions_in_text(read, field);
            text(read, field);
        }
        _ if SILENT.contains(&field.tag) => silent(read, field),
        _ => text(read, field),
    }
}

/// Adds a part of a party that a message gives in a field for each part (50N, 50S, 50T, 50P, 50R: the name first), and
/// returns whether it is one.
fn continues_party<'x>(read: &mut Read<'x>, field: &Field<'x>) -> bool {
    let is_part = matches!(field.option, "S" | "T" | "P" | "R") && matches!(field.tag, "50" | "51" | "59");
    let name = format!("{}N", field.tag);
    let Some(party) = read.message.subjects.last_mut().filter(|s| is_part && s.path == name) else {
        return false;
    };
    for line in &field.lines {
        match country_code(&line.text).filter(|_| line.text.len() == 2) {
            Some(_) => party.countries.push(line.text.clone()),
            None => party.address.push(AddressPart { part: "line".into(), text: line.text.clone() }),
        }
        party.other.push(line.text.clone());
    }
    true
}

/// All lines of a field as a text.
fn text<'x>(read: &mut Read<'x>, field: &Field<'x>) {
    let (Some(first), Some(last)) = (field.lines.first(), field.lines.last()) else { return };
    if !field.lines.iter().any(|l| has_content(&l.text)) {
        return;
    }
    // The kind, date and session of another message stand in lines.
    let is_code =
        (field.lines.len() == 1 || field.tag == "11") && !field.lines.iter().any(|l| has_word(&l.text));
    if is_code {
        return;
    }
    if field.lines.len() == 1 && is_bic(&first.text) {
        let subject = agent("other agent", field.name(), first.text.clone(), first.span.clone());
        return read.message.subjects.push(subject);
    }
    let role = TEXTS.iter().find(|(tag, _)| *tag == field.tag).map_or("other text", |(_, role)| role);
    let mut subject = Subject::new(role, SubjectKind::Text, field.name());
    subject.span = first.span.start..last.span.end;
    subject.name = match field.lines.len() {
        1 => first.text.clone(),
        _ => Cow::Owned(field.lines.iter().map(|l| &*l.text).collect::<Vec<_>>().join("\n")),
    };
    read.message.subjects.push(subject);
}

/// References, dates, amounts: nothing to screen, unless they are too long for what they should be.
fn silent<'x>(read: &mut Read<'x>, field: &Field<'x>) {
    let is_text = field.value().contains(' ') && has_word(field.value());
    let is_long = field.lines.len() > 1 || field.value().chars().count() > LONGEST_REFERENCE;
    if is_text || is_long || is_bic(field.value()) {
        text(read, field);
    }
}

/// An account, and the BIC of its servicer in option P.
fn account<'x>(read: &mut Read<'x>, field: &Field<'x>) {
    let Some(first) = field.lines.first() else { return };
    let at = first.text.find("//").map_or(0, |at| at + 2);
    let at = if first.text[at..].starts_with('/') { at + 1 } else { at };
    let value = party::slice(&first.text, at..first.text.len());
    let mut subject = Subject::new("account", SubjectKind::Identifier, field.name());
    subject.span = first.span.clone();
    subject.identifiers.push(SubjectIdentifier::new(IdentifierKind::Iban, value));
    read.message.subjects.push(subject);
    for line in &field.lines[1..] {
        match is_bic(&line.text) {
            true => {
                let subject = agent("account servicer", field.name(), line.text.clone(), line.span.clone());
                read.message.subjects.push(subject);
            }
            false => {
                let mut subject = Subject::new("account owner", SubjectKind::Text, field.name());
                (subject.name, subject.span) = (line.text.clone(), line.span.clone());
                read.message.subjects.push(subject);
            }
        }
    }
}

/// The customer's reference and the supplementary details of a statement line.
fn statement_line<'x>(read: &mut Read<'x>, field: &Field<'x>) {
    let Some(first) = field.lines.first() else { return };
    // Dates, mark and amount, then a letter and three characters of the transaction's type.
    let amount = first.text.find(',').unwrap_or(0);
    let letters = first.text[amount..].find(|c: char| c.is_ascii_uppercase());
    let behind = |at: usize| first.text[at..].char_indices().nth(4).map_or(first.text.len(), |(i, _)| at + i);
    let from = letters.map_or(0, |at| behind(amount + at));
    let reference = &first.text[from..];
    let mut texts = vec![reference];
    texts.extend(field.lines[1..].iter().map(|l| &*l.text));
    texts.retain(|t| has_word(t) && !t.starts_with("NONREF"));
    let Some(last) = field.lines.last().filter(|_| !texts.is_empty()) else { return };
    let mut subject = Subject::new("statement line", SubjectKind::Text, field.name());
    subject.span = first.byte(from)..last.span.end;
    if texts.len() == 1 && field.lines.len() > 1 && texts[0] == last.text {
        subject.span = last.span.clone();
        subject.name = last.text.clone();
    } else {
        subject.name = Cow::Owned(texts.join("\n"));
    }
    read.message.subjects.push(subject);
}

/// BICs behind `/INS/` and other codes.
fn institutions_in_text<'x>(read: &mut Read<'x>, field: &Field<'x>) {
    for line in &field.lines {
        let mut parts = line.text.split('/').filter(|p| !p.is_empty());
        let (Some(code), Some(value)) = (parts.next(), parts.next()) else { continue };
        if code == "INS" && is_bic(value) {
            let at = line.text.find(value).unwrap_or(0);
            let bic = party::slice(&line.text, at..at + value.len());
            let span = line.byte(at)..line.byte(at + value.len());
            read.message.subjects.push(agent("previous instructing agent 1", field.name(), bic, span));
        }
    }
}

/// `:95P::DEAG//BIC`, `:95Q::BUYR//NAME`: a party of a securities message.
fn securities_party<'x>(read: &mut Read<'x>, field: &Field<'x>) {
    let Some(first) = field.lines.first() else { return };
    let at = first.text.find("//").map_or(0, |at| at + 2);
    let mut lines = field.lines.clone();
    lines[0].text = party::slice(&first.text, at..first.text.len());
    lines[0].span.start = first.byte(at);
    let role = match first.text.trim_start_matches(':').get(..4) {
        Some("DEAG") => "delivering agent",
        Some("REAG") => "receiving agent",
        Some("BUYR") => "buyer",
        Some("SELL") => "seller",
        Some("INVE") => "investor",
        Some("PSET") => "settlement place",
        _ => "party",
    };
    let kind = if field.option == "P" { SubjectKind::Agent } else { SubjectKind::Party };
    let subject = party::read(&Field { lines, ..field.clone() }, role, kind);
    read.message.subjects.push(subject);
}

/// Whether field 86 has the subfields of German banks.
fn is_german(field: &Field<'_>) -> bool {
    let marks = |text: &str| text.match_indices('?').any(|(at, _)| subfield(&text[at..]).is_some());
    field.lines.iter().any(|line| marks(&line.text))
}

/// The number of the subfield at the beginning of a text.
fn subfield(text: &str) -> Option<u8> {
    let digits = text.get(1..3).filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
    digits.parse().ok()
}

/// The lines of a field. A line may end within the mark of a subfield, which is made whole.
fn joined_lines(field: &Field<'_>) -> String {
    let mut whole = String::new();
    for line in &field.lines {
        let is_within_mark = (1..=2).any(|length| {
            let begins = whole.len().checked_sub(length).and_then(|from| whole.get(from..));
            let (Some(begins), Some(ends)) = (begins, line.text.get(..3 - length)) else { return false };
            begins.starts_with('?') && subfield(&format!("{begins}{ends}")).is_some()
        });
        if !whole.is_empty() && !is_within_mark {
            whole.push('\n');
        }
        whole.push_str(&line.text);
    }
    whole
}

/// Field 86 of German banks: ?20 to ?29 and ?60 to ?63 text, ?30 bank, ?31 account, ?32 and ?33 name.
fn german<'x>(read: &mut Read<'x>, field: &Field<'x>) {
    let (Some(first), Some(last)) = (field.lines.first(), field.lines.last()) else { return };
    let whole = joined_lines(field);
    let span = first.span.start..last.span.end;
    let mut texts: Vec<&str> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    let mut party = Subject::new("counterparty", SubjectKind::Party, field.name());
    let mut starts: Vec<usize> =
        whole.match_indices('?').map(|(at, _)| at).filter(|at| subfield(&whole[*at..]).is_some()).collect();
    texts.push(&whole[..starts.first().copied().unwrap_or(0)]);
    starts.push(whole.len());
    for pair in starts.windows(2) {
        let part = &whole[pair[0]..pair[1]];
        let value = part[3..].trim();
        let account = |kind| SubjectIdentifier::new(kind, Cow::Owned(value.replace('\n', "")));
        match subfield(part) {
            Some(32 | 33) => names.push(value),
            Some(30) if is_bic(value) => party.identifiers.push(account(IdentifierKind::Bic)),
            Some(30) => {
                let member = IdentifierKind::Other("clearing member".into());
                party.identifiers.push(account(member).with_scheme("clearing member"));
            }
            Some(31) => party.identifiers.push(account(IdentifierKind::Iban)),
            _ => texts.push(value),
        }
    }
    party.identifiers.retain(|id| has_content(&id.value));
    party.span = span.clone();
    if let Some(name) = names.first() {
        let written = names.join(" ").trim().to_string();
        if names.len() > 1 && name.chars().count() >= 26 {
            party.other_names.push(Cow::Owned(names.concat().replace('\n', "")));
        }
        // A line may end within a word, or between two.
        if written.contains('\n') {
            party.other_names.push(Cow::Owned(written.replace('\n', " ")));
        }
        party.name = Cow::Owned(written.replace('\n', ""));
    }
    if !party.is_empty() {
        read.message.subjects.push(party);
    }
    texts.retain(|t| has_content(t));
    if texts.iter().any(|t| has_word(t)) {
        let mut subject = Subject::new("statement information", SubjectKind::Text, field.name());
        (subject.name, subject.span) = (Cow::Owned(texts.join("\n")), span);
        read.message.subjects.push(subject);
    }
}
