//! A payment message: what it is, what identifies it, and its subjects.

use super::subject::{Subject, owned};
use serde::Serialize;
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// The format of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Format {
    /// ISO 20022, as XML.
    Iso20022,
    /// SWIFT MT, in blocks and fields.
    Mt,
    /// NACHA: records of 94 characters.
    Nacha,
    /// Fedwire before ISO 20022 (FAIM): tags of four digits.
    Fedwire,
    /// None of them.
    #[default]
    Unknown,
}

/// What identifies a message or one of its transactions; empty where it is not given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Ids<'m> {
    /// `MsgId`, `:20:`, the trace number.
    pub message_id: Cow<'m, str>,
    /// `InstrId`.
    pub instruction_id: Cow<'m, str>,
    /// `EndToEndId`.
    pub end_to_end_id: Cow<'m, str>,
    /// `TxId`.
    pub transaction_id: Cow<'m, str>,
    /// The unique end-to-end transaction reference.
    pub uetr: Cow<'m, str>,
}

impl<'m> Ids<'m> {
    pub(super) fn into_owned(self) -> Ids<'static> {
        Ids {
            message_id: owned(self.message_id),
            instruction_id: owned(self.instruction_id),
            end_to_end_id: owned(self.end_to_end_id),
            transaction_id: owned(self.transaction_id),
            uetr: owned(self.uetr),
        }
    }
}

/// Something in a message that could not be read. The message is then [`unreadable`](super::Verdict::Unreadable).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Problem {
    /// Byte of the file at which it is.
    pub byte: u64,
    /// What is wrong.
    pub reason: String,
}

impl Problem {
    pub(super) fn new(byte: u64, reason: impl Into<String>) -> Self {
        Problem { byte, reason: reason.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}: {}", self.byte, self.reason)
    }
}

/// A payment message, or a part of a long one.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Message<'m> {
    /// 1-based number in its file.
    pub number: u64,
    /// Whether the next message is a further part of this one: see [`Reader`](super::Reader).
    pub continues: bool,
    /// Its format.
    pub format: Format,
    /// Its kind: `pacs.008`, `MT103`, `NACHA IAT`, `Fedwire CTR`; empty if it could not be told.
    pub kind: Cow<'m, str>,
    /// Its kind with variant and version, where the message states it: `pacs.008.001.08`, `MT202COV`.
    pub definition: Cow<'m, str>,
    /// What identifies its transactions; the first element is the message itself.
    pub transactions: Vec<Ids<'m>>,
    /// What has to be screened, in the order of the message.
    pub subjects: Vec<Subject<'m>>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// Where it is in its file, in bytes.
    pub span: Range<u64>,
}

impl<'m> Message<'m> {
    /// What identifies the message: its own id, and of its only or first transaction the others.
    pub fn ids(&self) -> Ids<'_> {
        let pick = |get: for<'a> fn(&'a Ids<'m>) -> &'a Cow<'m, str>| {
            let found = self.transactions.iter().map(get).find(|id| !id.is_empty());
            Cow::Borrowed(found.map_or("", |id| &**id))
        };
        Ids {
            message_id: pick(|i| &i.message_id),
            instruction_id: pick(|i| &i.instruction_id),
            end_to_end_id: pick(|i| &i.end_to_end_id),
            transaction_id: pick(|i| &i.transaction_id),
            uetr: pick(|i| &i.uetr),
        }
    }

    /// The message with texts of its own.
    pub fn into_owned(self) -> Message<'static> {
        Message {
            number: self.number,
            continues: self.continues,
            format: self.format,
            kind: owned(self.kind),
            definition: owned(self.definition),
            transactions: self.transactions.into_iter().map(Ids::into_owned).collect(),
            subjects: self.subjects.into_iter().map(Subject::into_owned).collect(),
            problems: self.problems,
            span: self.span,
        }
    }
}
