//! A counterparty by its fields as text, for callers that have no table: a service, a binding.

use super::cells::{self, CellSense};
use super::columns::{identifiers, set_query};
use super::mend::mended;
use super::name_columns::same_words;
use super::{Field, RejectReason};
use crate::entity::{Identifier, Schema};
use crate::screen::Query;

/// A counterparty by its fields as text. Its queries are those of a row of a table with the same cells. Beside its names
/// it may have free texts, in which listed names are looked for.
///
/// ```
/// use interdict::run::{Field, Party};
/// use interdict::entity::Schema;
///
/// let party = Party::new("Anatoli Petrovski")
///     .with_field(Field::BirthDate, "4 March 1970")
///     .with_field(Field::Country, "Russia; Narnia");
/// let queries = party.queries(Schema::Unknown)?;
/// assert_eq!(queries[0].birth_dates[0].to_string(), "1970-03-04");
/// assert_eq!(party.silent_values(), [(&Field::Country, "Narnia")]);
/// # Ok::<(), interdict::run::RejectReason>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Party {
    names: Vec<String>,
    texts: Vec<String>,
    fields: Vec<(Field, String)>,
    identifiers: Vec<Identifier>,
    mended: u64,
}

impl Party {
    /// A party by its name, which may be empty if there is an identifier.
    pub fn new(name: impl Into<String>) -> Self {
        Party::default().with_name(name)
    }

    /// Adds another name. Every name is screened, unless it has the words of an earlier one.
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        let name = self.cell(name.into());
        self.names.push(name);
        self
    }

    /// Adds a field; of several values `;` separates, as in a cell of a table. [`Field::Name`] adds a name.
    pub fn with_field(mut self, field: Field, text: impl Into<String>) -> Self {
        if field == Field::Name {
            return self.with_name(text);
        }
        let text = self.cell(text.into());
        if !text.is_empty() {
            self.fields.push((field, text));
        }
        self
    }

    /// Adds an identifier of which more is known than a cell tells, such as who issued it.
    pub fn with_identifier(mut self, identifier: Identifier) -> Self {
        self.identifiers.push(identifier);
        self
    }

    /// Adds a free text, such as a remittance text or a note: every listed name that stands in it is a hit. It is screened
    /// as [`Query::text`], without the fields and identifiers, which tell of the party and not of who stands in the text.
    ///
    /// ```
    /// use interdict::run::Party;
    /// use interdict::entity::Schema;
    ///
    /// let party = Party::new("Jane Roe").with_text("Freight for Lazarus Group, May");
    /// let queries = party.queries(Schema::Unknown)?;
    /// assert_eq!((queries[0].free_text, queries[1].free_text), (false, true));
    /// # Ok::<(), interdict::run::RejectReason>(())
    /// ```
    pub fn with_text(mut self, text: impl Into<String>) -> Self {
        // Not trimmed: places in it are those of the caller's text.
        let text = self.mend(text.into());
        self.texts.push(text);
        self
    }

    /// Mends a text if it was encoded twice.
    fn mend(&mut self, text: String) -> String {
        match mended(&text) {
            None => text,
            Some(mended) => {
                self.mended += 1;
                mended
            }
        }
    }

    /// A text as a cell is read: trimmed, and mended if it was encoded twice.
    fn cell(&mut self, text: String) -> String {
        let text = self.mend(text);
        match text.trim() {
            trimmed if trimmed.len() == text.len() => text,
            trimmed => trimmed.to_string(),
        }
    }

    /// The names, in their order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The free texts, in their order.
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    /// The fields, in their order; those without text are left out.
    pub fn fields(&self) -> &[(Field, String)] {
        &self.fields
    }

    /// The identifiers that were added by [`Party::with_identifier`].
    pub fn identifiers(&self) -> &[Identifier] {
        &self.identifiers
    }

    /// How many texts were mended, because they had been encoded twice.
    pub fn mended(&self) -> u64 {
        self.mended
    }

    /// The queries of the party: one for each name that is screened, of which the identifiers go with the first, then one
    /// for each free text. `schema` is that of a party without one of its own.
    ///
    /// # Errors
    ///
    /// There is nothing to screen: neither a name or text with a letter or digit, nor an identifier.
    pub fn queries(&self, schema: Schema) -> Result<Vec<Query>, RejectReason> {
        let has_content = |text: &str| text.chars().any(char::is_alphanumeric);
        let texts: Vec<&String> = self.texts.iter().filter(|text| has_content(text)).collect();
        let mut names: Vec<&str> = Vec::with_capacity(1);
        for name in &self.names {
            if has_content(name) && !names.iter().any(|other| same_words(name, other)) {
                names.push(name);
            }
        }
        if names.is_empty() {
            match self.name_without_text() {
                Ok(name) => names.push(name),
                Err(reason) if texts.is_empty() => return Err(reason),
                // The texts alone are screened.
                Err(_) => (),
            }
        }
        let query = |(at, name): (usize, &&str)| {
            let mut query = Query::default();
            set_query(&mut query, name, self.fields_of(at == 0), schema);
            if at == 0 {
                query.identifiers.extend_from_slice(&self.identifiers);
            }
            query
        };
        let of_texts = texts.into_iter().map(|text| Query::text(text.as_str()));
        Ok(names.iter().enumerate().map(query).chain(of_texts).collect())
    }

    /// The name of a party that is screened by its identifiers alone.
    fn name_without_text(&self) -> Result<&str, RejectReason> {
        let cells = || {
            self.fields.iter().filter_map(|(field, text)| match field {
                Field::Identifier(kind) => Some((kind, text)),
                _ => None,
            })
        };
        let name = self.names.first().map_or("", String::as_str);
        let mut known =
            cells().flat_map(|(kind, text)| identifiers(kind, text)).chain(self.identifiers.iter().cloned());
        if known.any(|i| !i.keys().is_empty()) {
            return Ok(name);
        }
        let has_identifier = cells().next().is_some() || !self.identifiers.is_empty();
        Err(match (self.names.iter().all(String::is_empty), has_identifier) {
            (false, _) => RejectReason::NoLetterOrDigit,
            (true, true) => RejectReason::NoNameOrIdentifier,
            (true, false) => RejectReason::NoName,
        })
    }

    /// The fields that go with a name: identifiers with the first only, so that one identifier is one hit.
    pub(crate) fn fields_of(&self, is_first: bool) -> impl Iterator<Item = (&Field, &str)> {
        let kept = self.fields.iter().filter(move |(f, _)| is_first || !matches!(f, Field::Identifier(_)));
        kept.map(|(field, text)| (field, text.as_str()))
    }

    /// The values that are compared with nothing, because they are not understood or stand for no value: a date that is
    /// none, a country that does not exist, 1 January 1900.
    pub fn silent_values(&self) -> Vec<(&Field, &str)> {
        let described = self.fields.iter().filter(|(field, _)| !matches!(field, Field::Identifier(_)));
        let values = described.flat_map(|(field, text)| cells::values(text).map(move |value| (field, value)));
        let is_silent = |(field, value): &(&Field, &str)| {
            matches!(cells::sense(field, value), CellSense::Unknown | CellSense::Placeholder)
        };
        values.filter(is_silent).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::IdentifierKind;

    #[test]
    fn a_party_is_screened_by_each_name_and_once_by_its_identifiers() {
        let party = Party::new(" Ocean Lily ")
            .with_name("")
            .with_name("LILY, OCEAN")
            .with_name("Sea Rose")
            .with_field(Field::Identifier(IdentifierKind::Imo), "9253325; 9074729")
            .with_field(Field::Schema, "Vessel");
        let queries = party.queries(Schema::Unknown).unwrap();
        let names: Vec<_> = queries.iter().map(|q| q.name.as_str()).collect();
        assert_eq!(names, ["Ocean Lily", "Sea Rose"]);
        assert_eq!(queries.iter().map(|q| q.identifiers.len()).collect::<Vec<_>>(), [2, 0]);
        assert!(queries.iter().all(|q| q.schema == Schema::Vessel));
    }

    #[test]
    fn a_text_is_screened_as_text_and_takes_neither_fields_nor_identifiers() {
        let party = Party::new("Sea Rose")
            .with_text(" rent, Ocean Lily ")
            .with_text("--")
            .with_field(Field::Country, "ir")
            .with_field(Field::Identifier(IdentifierKind::Imo), "9253325");
        let queries = party.queries(Schema::Vessel).unwrap();
        let named = |q: &Query| (q.name.clone(), q.free_text, q.countries.len(), q.identifiers.len());
        assert_eq!(
            queries.iter().map(named).collect::<Vec<_>>(),
            [("Sea Rose".into(), false, 1, 1), (" rent, Ocean Lily ".into(), true, 0, 0)]
        );
        assert_eq!(queries[1], Query::text(" rent, Ocean Lily "));
        let alone = Party::default().with_text("rent").with_field(Field::Country, "ir");
        assert_eq!(alone.queries(Schema::Unknown).unwrap(), [Query::text("rent")]);
        let with_id = alone.with_field(Field::Identifier(IdentifierKind::Imo), "9253325");
        assert_eq!(with_id.queries(Schema::Unknown).unwrap().len(), 2);
        assert!(Party::default().with_text("--").queries(Schema::Unknown).is_err());
    }

    #[test]
    fn a_party_without_anything_to_screen_is_rejected_with_the_reason() {
        let imo = |text: &str| Party::default().with_field(Field::Identifier(IdentifierKind::Imo), text);
        let reason = |party: Party| party.queries(Schema::Unknown).err();
        assert_eq!(reason(Party::new("")), Some(RejectReason::NoName));
        assert_eq!(reason(Party::new("?!")), Some(RejectReason::NoLetterOrDigit));
        assert_eq!(reason(imo("-")), Some(RejectReason::NoNameOrIdentifier));
        assert_eq!(reason(imo("9253325")), None);
    }
}
