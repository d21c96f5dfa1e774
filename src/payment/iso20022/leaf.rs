//! What the text of an element adds to its subject.

use super::super::subject::{
    AddressPart, Subject, SubjectIdentifier, SubjectKind, has_content, has_word, is_bic,
};
use super::elements::{Meaning, WALLET, plain_words};
use super::{Frame, Run, Text};
use crate::entity::IdentifierKind;
use std::borrow::Cow;
use std::ops::Range;

/// The role of a text in an element that is in no table.
pub(super) const UNKNOWN_TEXT: &str = "other text";

/// Characters of which no reference, date or code of the tables is longer.
const LONGEST_REFERENCE: usize = 35;

impl<'x> Run<'x, '_> {
    /// Takes the text of the element that ends.
    pub(super) fn add_leaf(&mut self, text: Text<'x>) {
        use Meaning as M;
        let Some(meaning) = self.state.frames.last().map(|f| f.meaning) else { return };
        if text.text.starts_with('<') && text.text.contains("</") && !matches!(meaning, M::Text(_)) {
            return self.add_text_subject(UNKNOWN_TEXT.into(), text);
        }
        if matches!(meaning, M::Silent | M::Other) {
            self.take_total(&text);
        }
        match meaning {
            M::MessageId | M::InstructionId | M::EndToEndId | M::TransactionId | M::Uetr => {
                self.add_id(meaning, text)
            }
            M::Definition => {
                if self.state.definition.is_empty() {
                    self.state.definition = text.text.into_owned();
                }
            }
            M::Text(role) => self.add_text_subject(role.into(), text),
            M::Proprietary => self.add_proprietary(text),
            M::Silent if text.text.len() <= LONGEST_REFERENCE || self.is_scheme() => self.add_scheme(&text),
            M::Id if self.builders.is_empty() => {
                // The id of a case, a statement or an assignment.
                let ids = &mut self.message.transactions[0];
                if ids.message_id.is_empty() {
                    ids.message_id = text.text;
                }
            }
            M::Silent | M::Other | M::Header | M::Document | M::Transaction | M::Inner | M::Institution => {
                self.add_unknown(text);
            }
            M::Country if self.builders.is_empty() && !self.is_owned() => {
                let mut subject = self.text_subject("country".into(), text);
                subject.kind = SubjectKind::Country;
                let parent = subject.span.start;
                self.push(subject, parent);
            }
            _ => {
                if self.builders.is_empty() {
                    self.open_owner();
                }
                self.add_part(meaning, text);
            }
        }
    }

    /// Takes a number of transactions, their sum or the amount of one.
    fn take_total(&mut self, text: &Text<'x>) {
        let Some((last, around)) = self.state.frames.split_last() else { return };
        let around = around.iter().rev().map(|f| f.label.as_str());
        let wrong = self.state.totals.take(last.label.as_str(), around, &text.text, text.span.start);
        self.disagreements(wrong);
    }

    /// Whether a country stands beside other parts of an address or a party.
    fn is_owned(&self) -> bool {
        let frames = &self.state.frames;
        let parent = frames.len().checked_sub(2).map(|at| &frames[at]);
        parent.is_some_and(|f| f.meaning == Meaning::Inner)
    }

    fn parent(&self) -> Option<&Frame> {
        self.state.frames.len().checked_sub(2).map(|at| &self.state.frames[at])
    }

    fn is_scheme(&self) -> bool {
        self.parent().is_some_and(|f| f.meaning == Meaning::Scheme)
    }

    fn add_id(&mut self, meaning: Meaning, text: Text<'x>) {
        let transaction = self.state.frames.last().map_or(0, |f| f.transaction);
        let Some(ids) = self.message.transactions.get_mut(transaction) else { return };
        let id = match meaning {
            Meaning::MessageId => &mut ids.message_id,
            Meaning::InstructionId => &mut ids.instruction_id,
            Meaning::EndToEndId => &mut ids.end_to_end_id,
            Meaning::TransactionId => &mut ids.transaction_id,
            _ => &mut ids.uetr,
        };
        if id.is_empty() {
            *id = text.text;
        }
    }

    /// A subject of a text, at the element that ends.
    fn text_subject(&mut self, role: Cow<'x, str>, text: Text<'x>) -> Subject<'x> {
        let depth = self.state.frames.len() - 1;
        let mut subject = Subject::new(role, SubjectKind::Text, self.path(depth));
        subject.transaction = self.state.frames[depth].transaction;
        subject.name = text.text;
        subject.span = text.span;
        subject
    }

    /// Adds a free text. Texts of one name that follow each other are one text: names are broken between them.
    fn add_text_subject(&mut self, role: Cow<'x, str>, text: Text<'x>) {
        if !has_content(&text.text) {
            return;
        }
        let parent = self.parent().map_or(0, |f| f.start);
        let subject = self.text_subject(role, text);
        if let (Some(former), Some(end)) = (self.message.subjects.last_mut(), self.ends.last())
            && former.kind == SubjectKind::Text
            && *end == parent
            && former.path == subject.path
        {
            let separator = if former.name.starts_with('<') { "" } else { "\n" };
            let name = former.name.to_mut();
            name.push_str(separator);
            name.push_str(&subject.name);
            former.span.end = subject.span.end;
            return;
        }
        self.push(subject, parent);
    }

    /// A text in the place of a code: the name of a scheme, or a purpose in words.
    fn add_proprietary(&mut self, text: Text<'x>) {
        if self.is_scheme() {
            return self.add_scheme(&text);
        }
        if !has_word(&text.text) || is_code(&text.text) {
            return;
        }
        let role = self.parent().map_or("", |f| f.label.as_str());
        let role = match role {
            "Purp" | "CtgyPurp" => Cow::Borrowed("purpose"),
            other => Cow::Owned(plain_words(other)),
        };
        self.add_text_subject(role, text);
    }

    /// The scheme of the number before it, or of the one that follows.
    fn add_scheme(&mut self, text: &Text<'x>) {
        if !self.is_scheme() {
            return;
        }
        let Some(builder) = self.builders.last_mut() else { return };
        match builder.subject.identifiers.last_mut() {
            Some(last) if last.scheme.is_empty() => {
                if let Some(kind) =
                    kind_of_scheme(&text.text).filter(|_| matches!(last.kind, IdentifierKind::Other(_)))
                {
                    last.kind = kind;
                }
                last.scheme = text.text.clone();
            }
            _ => (),
        }
    }

    /// A text of unknown meaning: of the subject around it, or for itself.
    pub(super) fn add_unknown(&mut self, text: Text<'x>) {
        if let Some(builder) = self.builders.last_mut() {
            if has_content(&text.text) {
                builder.take_span(&text.span);
                builder.subject.other.push(text.text);
            }
        } else if has_word(&text.text) && !is_code(&text.text) {
            self.add_text_subject(UNKNOWN_TEXT.into(), text);
        }
    }

    /// A part of a party.
    fn add_part(&mut self, meaning: Meaning, text: Text<'x>) {
        use Meaning as M;
        let context = self.id_context();
        let label = self.state.frames.last().map_or(Cow::Borrowed(""), |f| match &f.label {
            super::Label::Known(name) => Cow::Borrowed(*name),
            super::Label::Unknown(name) => Cow::Owned(name.to_string()),
        });
        let Some(builder) = self.builders.last_mut() else { return };
        let Text { text, span, .. } = text;
        if meaning == M::Name {
            let is_wrapped = text.contains(['\n', '\r', '\t']);
            let text =
                if is_wrapped { text.split_whitespace().collect::<Vec<_>>().join(" ").into() } else { text };
            match builder.subject.name.is_empty() {
                true => {
                    builder.subject.span = span;
                    builder.has_span = true;
                    builder.subject.name = text;
                }
                false => builder.subject.other_names.push(text),
            }
            return;
        }
        builder.take_span(&span);
        let subject = &mut builder.subject;
        let mut add = |kind, scheme: &'static str| {
            subject.identifiers.push(SubjectIdentifier::new(kind, text.clone()).with_scheme(scheme));
        };
        match meaning {
            M::Bic => add(IdentifierKind::Bic, ""),
            M::Lei => add(IdentifierKind::Lei, ""),
            M::Iban => add(IdentifierKind::Iban, ""),
            M::TaxId => add(IdentifierKind::Tax, ""),
            M::Phone => add(IdentifierKind::Phone, ""),
            M::Email => add(IdentifierKind::Email, ""),
            M::Member => add(IdentifierKind::Other("clearing member".into()), "clearing member"),
            M::Id => match context {
                IdContext::Account => add(IdentifierKind::Iban, ""),
                IdContext::Wallet => add(IdentifierKind::CryptoWallet, ""),
                IdContext::Proxy => add(IdentifierKind::Other("proxy".into()), "proxy"),
                IdContext::Other => add_other_id(subject, text),
            },
            M::Address | M::Town => {
                if meaning == M::Town {
                    subject.towns.push(text.clone());
                }
                if label == "AdrLine" || label == "CareOf" {
                    join_line(subject, &text);
                }
                subject.address.push(AddressPart { part: label, text });
            }
            M::Country => subject.countries.push(text),
            M::BirthDate => subject.birth_date = text,
            M::BirthPlace => subject.birth_place.push(text),
            _ => subject.other.push(text),
        }
    }

    /// What an `Id` is, by the elements around it.
    fn id_context(&self) -> IdContext {
        for frame in self.state.frames.iter().rev() {
            match frame.meaning {
                Meaning::Account(..) if frame.label.as_str() == WALLET => return IdContext::Wallet,
                Meaning::Account(..) => return IdContext::Account,
                Meaning::Inner if frame.label.as_str() == "Prxy" => return IdContext::Proxy,
                Meaning::Party(_) | Meaning::Agent(_) | Meaning::Organisation | Meaning::Private => break,
                _ => (),
            }
        }
        IdContext::Other
    }
}

/// Whether a text is a short code, or a signature in base 64: it has no blank, and at most four or very many characters.
fn is_code(text: &str) -> bool {
    let is_short = text.len() <= 4 && text.is_ascii();
    let is_base64 = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    is_short || text.len() > 80 && text.bytes().all(is_base64)
}

enum IdContext {
    Account,
    Wallet,
    Proxy,
    Other,
}

impl super::Builder<'_> {
    /// Until there is a name, the first text stands for the subject.
    fn take_span(&mut self, span: &Range<u64>) {
        if !std::mem::replace(&mut self.has_span, true) {
            self.subject.span = span.clone();
        }
    }
}

/// A number whose scheme may follow; a BIC or the distinguished name of one in a header is told by its form.
fn add_other_id<'x>(subject: &mut Subject<'x>, text: Cow<'x, str>) {
    let parts = text.split(',').filter_map(|part| part.split_once('=')).map(|(_, value)| value.trim());
    if is_bic(&text) {
        return subject.identifiers.push(SubjectIdentifier::new(IdentifierKind::Bic, text));
    }
    let bics: Vec<String> = parts.map(str::to_ascii_uppercase).filter(|v| is_bic(v)).collect();
    subject.identifiers.push(SubjectIdentifier::new(IdentifierKind::unspecified(), text));
    for bic in bics {
        subject.identifiers.push(SubjectIdentifier::new(IdentifierKind::Bic, bic.into()));
    }
}

/// The lines of an address name people and firms too ("C/O"): they are screened as one text.
fn join_line<'x>(subject: &mut Subject<'x>, line: &str) {
    match subject.other.first_mut() {
        Some(lines) => {
            let lines = lines.to_mut();
            lines.push('\n');
            lines.push_str(line);
        }
        None => subject.other.push(Cow::Owned(line.to_string())),
    }
}

/// The kind of number that a code of the external code sets for identification schemes stands for.
fn kind_of_scheme(code: &str) -> Option<IdentifierKind> {
    match code {
        "CCPT" => Some(IdentifierKind::Passport),
        "NIDN" | "SOSE" | "DRLC" | "ARNU" => Some(IdentifierKind::NationalId),
        "TXID" => Some(IdentifierKind::Tax),
        "COID" | "CINC" | "GS1G" | "DUNS" => Some(IdentifierKind::Registration),
        _ => None,
    }
}

/// Finishes a subject whose element ends.
pub(super) fn finish(subject: &mut Subject<'_>) {
    super::super::subject::note_cut(subject);
}
