//! Parties and institutions in lines: an account, a BIC, a name, an address.

use super::super::subject::{
    AddressPart, Subject, SubjectIdentifier, SubjectKind, birth_date, has_content, is_bic, note_cut,
};
use super::{Field, Line};
use crate::entity::{IdentifierKind, Schema, country_code};
use std::borrow::Cow;

/// Characters of a line from which on the next one may continue it in the middle of a word: lines have at most 35.
const FULL_LINE: usize = 33;
/// Letters of the shortest country name that ends an address. Shorter words are codes of states and provinces too.
const MIN_COUNTRY_NAME: usize = 4;

/// The subject of a party's or an institution's field, by its option.
pub(super) fn read<'x>(field: &Field<'x>, role: &'static str, kind: SubjectKind) -> Subject<'x> {
    let mut subject = Subject::new(role, kind, field.name());
    if kind == SubjectKind::Agent {
        subject.schema = Schema::Organization;
    }
    subject.span = field.lines.first().map_or(field.start..field.start, |line| line.span.clone());
    if field.option == "J" {
        coded(&mut subject, &field.lines);
        return subject;
    }
    let mut lines = field.lines.as_slice();
    if let [first, rest @ ..] = lines
        && (take_account(&mut subject, first.text.clone())
            || field.option == "F" && take_party_id(&mut subject, &first.text))
    {
        lines = rest;
    }
    match field.option {
        "F" => numbered(&mut subject, lines),
        _ => by_content(&mut subject, field, lines),
    }
    note_cut(&mut subject);
    subject
}

/// A first line with an account: `/123`, `/C/123`, `//CH123456`.
fn take_account<'x>(subject: &mut Subject<'x>, line: Cow<'x, str>) -> bool {
    let Some(rest) = line.strip_prefix('/') else { return false };
    let (kind, scheme, value) = match rest.strip_prefix('/') {
        Some(code) => (IdentifierKind::Other("clearing member".into()), "clearing member", code),
        None => {
            (IdentifierKind::Iban, "", rest.strip_prefix("C/").or(rest.strip_prefix("D/")).unwrap_or(rest))
        }
    };
    if has_content(value) {
        let value = slice(&line, line.len() - value.len()..line.len());
        subject.identifiers.push(SubjectIdentifier::new(kind, value).with_scheme(scheme));
    }
    true
}

/// A first line with another number: `CCPT/GB/123456789`.
fn take_party_id(subject: &mut Subject<'_>, line: &str) -> bool {
    let mut parts = line.splitn(3, '/');
    let (Some(code), Some(country), Some(number)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    if code.len() != 4 || country.len() != 2 || !code.bytes().all(|b| b.is_ascii_uppercase()) {
        return false;
    }
    let kind = match code {
        "CCPT" => IdentifierKind::Passport,
        "NIDN" | "SOSE" | "ARNU" | "DRLC" => IdentifierKind::NationalId,
        "TXID" => IdentifierKind::Tax,
        _ => IdentifierKind::unspecified(),
    };
    // A customer number stands behind its issuer.
    let number = if code == "CUST" { number.rsplit('/').next().unwrap_or(number) } else { number };
    let mut id = SubjectIdentifier::new(kind, Cow::Owned(number.to_string())).with_scheme(code.to_string());
    id.country = Cow::Owned(country.to_string());
    subject.identifiers.push(id);
    true
}

/// Lines that are numbered by their meaning.
fn numbered<'x>(subject: &mut Subject<'x>, lines: &[Line<'x>]) {
    let mut names: Vec<&Line<'x>> = Vec::new();
    for line in lines {
        let Some((number, text)) = line.text.split_once('/').filter(|(n, _)| n.len() == 1) else {
            subject.other.push(line.text.clone());
            continue;
        };
        let text = slice(&line.text, line.text.len() - text.len()..line.text.len());
        match number {
            "1" => {
                if names.is_empty() {
                    subject.name = text;
                    subject.span = line.span.start + 2..line.span.end;
                } else {
                    continue_name(subject, &text);
                }
                names.push(line);
            }
            "2" => subject.address.push(AddressPart { part: "line".into(), text }),
            "3" => {
                let (country, town) = text.split_once('/').unwrap_or((&text, ""));
                if has_content(country) {
                    subject.countries.push(Cow::Owned(country.to_string()));
                }
                if has_content(town) {
                    subject.towns.push(Cow::Owned(town.to_string()));
                    subject
                        .address
                        .push(AddressPart { part: "town".into(), text: Cow::Owned(town.to_string()) });
                }
            }
            "4" => {
                match birth_date(&text) {
                    Some(date) => subject.birth_date = date,
                    None => subject.other.push(text),
                }
                subject.schema = Schema::Person;
            }
            "5" => {
                let (country, town) = text.split_once('/').unwrap_or((&text, ""));
                subject.countries.push(Cow::Owned(country.to_string()));
                subject.birth_place.extend(has_content(town).then(|| Cow::Owned(town.to_string())));
                subject.schema = Schema::Person;
            }
            "6" => add_number(subject, &text, "CUST"),
            "7" => add_number(subject, &text, "NIDN"),
            _ => subject.other.push(text),
        }
    }
}

/// Lines with codes, of option J: `/ABIC/…`, `/NAME/…`.
fn coded<'x>(subject: &mut Subject<'x>, lines: &[Line<'x>]) {
    for line in lines {
        let code =
            line.text.get(1..5).filter(|_| line.text.starts_with('/') && line.text.get(5..6) == Some("/"));
        let value = slice(&line.text, if code.is_some() { 6 } else { 0 }..line.text.len());
        let id = |kind| SubjectIdentifier::new(kind, value.clone());
        match code {
            Some("ABIC") => subject.identifiers.push(id(IdentifierKind::Bic)),
            Some("LEIC") => subject.identifiers.push(id(IdentifierKind::Lei)),
            Some("ACCT") => subject.identifiers.push(id(IdentifierKind::Iban)),
            Some("NAME") if subject.name.is_empty() => {
                (subject.name, subject.span) = (value, line.span.start + 6..line.span.end);
            }
            Some("CITY") => subject.towns.push(value),
            Some(part) if part.starts_with("ADD") => {
                subject.address.push(AddressPart { part: "line".into(), text: value })
            }
            _ => subject.other.push(value),
        }
    }
}

/// A number behind its country and, for customer numbers, its issuer.
fn add_number(subject: &mut Subject<'_>, text: &str, scheme: &'static str) {
    let (country, rest) = text.split_once('/').unwrap_or(("", text));
    let number = rest.rsplit('/').next().unwrap_or(rest);
    let kind = if scheme == "NIDN" { IdentifierKind::NationalId } else { IdentifierKind::unspecified() };
    let mut id = SubjectIdentifier::new(kind, Cow::Owned(number.to_string())).with_scheme(scheme);
    id.country = Cow::Owned(country.to_string());
    subject.identifiers.push(id);
}

/// A further line of a name: with and without a blank, since a line may end within a word.
fn continue_name<'x>(subject: &mut Subject<'x>, text: &str) {
    let is_full = subject.name.chars().count() >= FULL_LINE - 2;
    let joined = format!("{}{text}", subject.name);
    subject.name = Cow::Owned(format!("{} {text}", subject.name));
    if is_full {
        subject.other_names.push(Cow::Owned(joined));
    }
}

/// Lines without numbers: a BIC where the option or the form says so, else name and address.
fn by_content<'x>(subject: &mut Subject<'x>, field: &Field<'x>, lines: &[Line<'x>]) {
    let [first, rest @ ..] = lines else { return };
    let wants_bic = matches!(field.option, "A" | "G" | "C" | "P");
    if is_bic(&first.text) || wants_bic && is_terminal_or_bic(&first.text) {
        subject.span = first.span.clone();
        subject.identifiers.push(SubjectIdentifier::new(IdentifierKind::Bic, first.text.clone()));
        for line in rest {
            subject.address.push(AddressPart { part: "line".into(), text: line.text.clone() });
        }
        subject.other.extend(joined(rest));
        return;
    }
    subject.span = first.span.clone();
    if field.option == "B" {
        // A place: of a branch.
        subject.towns.push(first.text.clone());
        subject.other.extend(joined(lines));
        return;
    }
    subject.name = first.text.clone();
    if let Some(second) = rest.first().filter(|_| first.text.chars().count() >= FULL_LINE) {
        subject.other_names.push(Cow::Owned(format!("{}{}", first.text, second.text)));
        subject.other_names.push(Cow::Owned(format!("{} {}", first.text, second.text)));
    }
    for line in rest {
        subject.address.push(AddressPart { part: "line".into(), text: line.text.clone() });
    }
    if let Some(last) = rest.last() {
        subject.countries.extend(country_at_end(&last.text));
        // A name may go on, and an address may name people ("C/O").
        subject.other.extend(joined(lines));
    }
}

/// Whether a text has the length and the characters of a BIC, or of a terminal's address of twelve characters.
fn is_terminal_or_bic(text: &str) -> bool {
    matches!(text.len(), 8 | 11 | 12) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

fn joined<'x>(lines: &[Line<'x>]) -> Option<Cow<'x, str>> {
    match lines {
        [] => None,
        [line] => Some(line.text.clone()),
        _ => Some(Cow::Owned(lines.iter().map(|l| &*l.text).collect::<Vec<_>>().join("\n"))),
    }
}

/// The country that the last line of an address ends with or consists of.
fn country_at_end<'x>(line: &str) -> Option<Cow<'x, str>> {
    let tails = line.match_indices([' ', ',', '/']).map(|(at, _)| &line[at + 1..]);
    let mut candidates = std::iter::once(line).chain(tails).map(str::trim);
    let country = candidates.find(|t| t.len() >= MIN_COUNTRY_NAME && country_code(t).is_some());
    let code =
        || line.get(..3).filter(|c| c.ends_with('/')).map(|c| &c[..2]).filter(|c| country_code(c).is_some());
    country.or_else(code).map(|c| Cow::Owned(c.to_string()))
}

/// A part of a text that borrows wherever the text does.
pub(super) fn slice<'x>(text: &Cow<'x, str>, range: std::ops::Range<usize>) -> Cow<'x, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[range]),
        Cow::Owned(text) => Cow::Owned(text[range].to_string()),
    }
}
