//! A subject: whoever or whatever a message names that has to be screened.

use crate::entity::{Date, Identifier, IdentifierKind, Schema};
use crate::screen::Query;
use serde::Serialize;
use std::borrow::Cow;
use std::ops::Range;

/// What a subject is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum SubjectKind {
    /// A customer: debtor, creditor, their ultimate parties, contacts.
    #[default]
    Party,
    /// A bank or another institution in the chain.
    Agent,
    /// Free text, in which names may stand.
    Text,
    /// A country that belongs to no party.
    Country,
    /// An account or another number that belongs to no party.
    Identifier,
}

impl SubjectKind {
    /// The word in the column `kind`.
    pub fn as_str(self) -> &'static str {
        match self {
            SubjectKind::Party => "party",
            SubjectKind::Agent => "agent",
            SubjectKind::Text => "text",
            SubjectKind::Country => "country",
            SubjectKind::Identifier => "identifier",
        }
    }
}

/// A number or code of a subject, with the scheme that the message gives for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SubjectIdentifier<'m> {
    /// Its kind; [`IdentifierKind::Iban`] is any account.
    pub kind: IdentifierKind,
    /// The value as written.
    pub value: Cow<'m, str>,
    /// The scheme as the message names it: `CCPT`, `USABA`; empty if it names none.
    pub scheme: Cow<'m, str>,
    /// The issuing country, if the message gives it beside the number.
    pub country: Cow<'m, str>,
}

/// The schemes whose numbers a bank assigns for itself. No list has them, and short ones meet others by chance.
const PRIVATE_SCHEMES: [&str; 5] = ["CUST", "BANK", "EMPL", "clearing member", "proxy"];

/// The longest name of a party, in bytes: 140 characters (ISO 20022: Max140Text) of at most four bytes. A longer one is
/// screened as free text too.
const MAX_NAME: usize = 4 * 140;

impl<'m> SubjectIdentifier<'m> {
    pub(super) fn new(kind: IdentifierKind, value: Cow<'m, str>) -> Self {
        SubjectIdentifier { kind, value, scheme: Cow::Borrowed(""), country: Cow::Borrowed("") }
    }

    pub(super) fn with_scheme(mut self, scheme: impl Into<Cow<'m, str>>) -> Self {
        self.scheme = scheme.into();
        self
    }

    /// Whether it is compared with listed identifiers. Numbers of a bank's own, such as customer numbers and clearing
    /// codes, are shown and not compared.
    pub fn is_screened(&self) -> bool {
        !PRIVATE_SCHEMES.contains(&&*self.scheme) && self.kind.is_identifying()
    }

    fn into_owned(self) -> SubjectIdentifier<'static> {
        SubjectIdentifier {
            kind: self.kind,
            value: owned(self.value),
            scheme: owned(self.scheme),
            country: owned(self.country),
        }
    }
}

/// A part of an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AddressPart<'m> {
    /// What it is, as the message names it: `StrtNm`, `AdrLine`; `line` in messages of lines.
    pub part: Cow<'m, str>,
    /// Its text.
    pub text: Cow<'m, str>,
}

/// Whoever or whatever a message names that has to be screened.
///
/// Texts are slices of the message wherever they stand in it in one piece.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Subject<'m> {
    /// Its role in plain words, the same in every format: `debtor`, `intermediary agent 2`, `remittance information`.
    pub role: Cow<'m, str>,
    /// What it is.
    pub kind: SubjectKind,
    /// Person or organization, if the message says so.
    pub schema: Schema,
    /// The name, or the text of a free text; empty if there is none.
    pub name: Cow<'m, str>,
    /// Whether the name was cut by whoever wrote the message: it ends in `+`.
    pub is_cut: bool,
    /// Other names, and other readings of lines that may continue the name.
    pub other_names: Vec<Cow<'m, str>>,
    /// The address.
    pub address: Vec<AddressPart<'m>>,
    /// Names of towns and regions, as far as the message tells them apart.
    pub towns: Vec<Cow<'m, str>>,
    /// Countries: of the address, of residence, of birth; codes as written.
    pub countries: Vec<Cow<'m, str>>,
    /// The date of birth as written.
    pub birth_date: Cow<'m, str>,
    /// The place of birth, in parts.
    pub birth_place: Vec<Cow<'m, str>>,
    /// Numbers and codes: BIC, LEI, account, passport and others.
    pub identifiers: Vec<SubjectIdentifier<'m>>,
    /// Texts that belong to the subject and have no known meaning, and lines of an address. They are screened as text.
    pub other: Vec<Cow<'m, str>>,
    /// Number of the transaction in [`Message::transactions`](super::Message::transactions).
    pub transaction: usize,
    /// Where it stands: names of elements joined by `/`, or field and line.
    pub path: String,
    /// Where its name, or what stands for one, is in the file, in bytes.
    pub span: Range<u64>,
}

impl<'m> Subject<'m> {
    pub(super) fn new(role: impl Into<Cow<'m, str>>, kind: SubjectKind, path: String) -> Self {
        Subject { role: role.into(), kind, path, ..Subject::default() }
    }

    /// The first BIC.
    pub fn bic(&self) -> Option<&str> {
        self.first(&IdentifierKind::Bic)
    }

    /// The first LEI.
    pub fn lei(&self) -> Option<&str> {
        self.first(&IdentifierKind::Lei)
    }

    /// The first account.
    pub fn account(&self) -> Option<&str> {
        self.first(&IdentifierKind::Iban)
    }

    fn first(&self, kind: &IdentifierKind) -> Option<&str> {
        self.identifiers.iter().find(|i| i.kind == *kind).map(|i| &*i.value)
    }

    /// Whether there is nothing in it to screen or to show.
    pub(super) fn is_empty(&self) -> bool {
        self.name.is_empty()
            && self.other_names.is_empty()
            && self.identifiers.is_empty()
            && self.countries.is_empty()
            && self.address.is_empty()
            && self.other.is_empty()
            && self.birth_place.is_empty()
            && self.birth_date.is_empty()
    }

    /// Everything that is screened of the subject: its names as names with its fields, its identifiers once, its
    /// texts as text.
    ///
    /// ```
    /// # use interdict::payment;
    /// let xml = b"<Document><FIToFICstmrCdtTrf><CdtTrfTxInf><Dbtr><Nm>Jane Roe</Nm><PstlAdr><Ctry>CY</Ctry></PstlAdr>\
    ///             </Dbtr></CdtTrfTxInf></FIToFICstmrCdtTrf></Document>";
    /// let message = &payment::read(xml)[0];
    /// let queries: Vec<_> = message.subjects[0].queries().collect();
    /// assert_eq!((queries[0].name.as_str(), queries[0].countries[0].as_str()), ("Jane Roe", "CY"));
    /// ```
    pub fn queries(&self) -> impl Iterator<Item = Query> + '_ {
        let is_text = self.kind == SubjectKind::Text;
        // A country alone is no name of a party.
        let is_named = self.kind != SubjectKind::Country;
        let names = std::iter::once(&self.name).chain(&self.other_names);
        let names = names.filter(move |n| is_named && has_content(n));
        let named = names.clone().enumerate().map(move |(at, name)| match is_text {
            true => Query::text(&**name),
            false => self.query(name, at == 0),
        });
        let nameless = (!is_text && names.clone().next().is_none()).then(|| self.query("", true));
        // The analysis of a name ends after some words: what is longer than a name may hold one behind them.
        let long =
            names.filter(move |name| !is_text && name.len() > MAX_NAME).map(|name| Query::text(&**name));
        let texts = self.other.iter().filter(|t| has_content(t)).map(|text| Query::text(&**text));
        // Of a name that says it was cut, however short it is, what is left may be the beginning of a listed one.
        let is_cut = self.is_cut && !is_text && has_content(&self.name);
        let cut = is_cut.then(|| Query::text(format!("{}+", self.name)));
        named.chain(nameless.filter(|q| !q.identifiers.is_empty())).chain(long).chain(cut).chain(texts)
    }

    fn query(&self, name: &str, with_identifiers: bool) -> Query {
        let mut query = Query::name(name);
        query.schema = self.schema;
        query.birth_dates.extend(Date::parse(&self.birth_date));
        query.countries.extend(self.countries.iter().map(|c| c.to_string()));
        if with_identifiers {
            let screened = self.identifiers.iter().filter(|i| i.is_screened());
            query
                .identifiers
                .extend(screened.map(|i| Identifier::new(i.kind.clone(), &*i.value).issued_by(&i.country)));
        }
        query
    }

    /// The subject with texts of its own.
    pub fn into_owned(self) -> Subject<'static> {
        let all = |texts: Vec<Cow<'m, str>>| texts.into_iter().map(owned).collect();
        let part = |p: AddressPart<'m>| AddressPart { part: owned(p.part), text: owned(p.text) };
        Subject {
            role: owned(self.role),
            kind: self.kind,
            schema: self.schema,
            name: owned(self.name),
            is_cut: self.is_cut,
            other_names: all(self.other_names),
            address: self.address.into_iter().map(part).collect(),
            towns: all(self.towns),
            countries: all(self.countries),
            birth_date: owned(self.birth_date),
            birth_place: all(self.birth_place),
            identifiers: self.identifiers.into_iter().map(SubjectIdentifier::into_owned).collect(),
            other: all(self.other),
            transaction: self.transaction,
            path: self.path,
            span: self.span,
        }
    }
}

/// Whether a text has a letter or a digit.
pub(super) fn has_content(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// Whether a text has three letters in a row, so that it may be a word.
pub(super) fn has_word(text: &str) -> bool {
    let mut run = 0;
    text.chars().any(|c| {
        run = if c.is_alphabetic() { run + 1 } else { 0 };
        run == 3 || (run > 0 && !c.is_ascii())
    })
}

/// Whether a text has the form of a BIC: institution, country, place, and perhaps a branch.
pub(super) fn is_bic(text: &str) -> bool {
    let b = text.as_bytes();
    matches!(b.len(), 8 | 11)
        && b[..6].iter().all(u8::is_ascii_uppercase)
        && b[6..].iter().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        && text.get(4..6).is_some_and(|country| crate::entity::country_code(country).is_some())
}

/// Notes that a name was cut by whoever wrote the message, who says so by a `+` at its end.
pub(super) fn note_cut(subject: &mut Subject<'_>) {
    if subject.name.ends_with('+') {
        subject.is_cut = true;
        let kept = subject.name.trim_end_matches('+').trim_end().len();
        match &mut subject.name {
            Cow::Borrowed(name) => *name = &name[..kept],
            Cow::Owned(name) => name.truncate(kept),
        }
    }
}

/// `19720830` as ISO 8601 writes it; `None` if it is no such date.
pub(super) fn birth_date(text: &str) -> Option<Cow<'static, str>> {
    let is_date = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    is_date.then(|| Cow::Owned(format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..])))
}

/// Whether a numbered line of option F holds the beginning of the next one, or a date of birth that is none: the end of a
/// line is lost. Addresses have numbers and slashes too, and only a number before a country tells.
pub(super) fn is_joined_line(line: &str) -> bool {
    let b = line.as_bytes();
    if let Some(date) = line.strip_prefix("4/") {
        return birth_date(date).is_none();
    }
    let begins_country = |at: usize| {
        matches!(b[at], b'3' | b'5' | b'6' | b'7')
            && matches!(b.get(at + 1..at + 5), Some([b'/', c, d, b'/']) if c.is_ascii_uppercase() && d.is_ascii_uppercase())
    };
    let begins_line = |at: usize| {
        b[at - 1].is_ascii_alphabetic() && matches!(b[at], b'2'..=b'8') && b.get(at + 1) == Some(&b'/')
    };
    (2..b.len()).any(|at| begins_country(at) || b[0] == b'1' && begins_line(at))
}

pub(super) fn owned(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}
