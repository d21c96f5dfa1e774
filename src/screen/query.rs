//! A query: the party that is looked for.

use crate::entity::{Date, Gender, Identifier, Schema};
use crate::name::parts::{Part, for_each_part};
use crate::score::fields::{DayRange, Fields, country_number};
use serde::{Deserialize, Serialize};

/// The party that is looked for: its name, and what else is known of it.
///
/// Only the name is compared with listed names. An identifier is looked up by itself. The other fields qualify
/// the score of a name: agreement raises it, disagreement lowers it, and a field that either side lacks has no
/// effect.
///
/// # Examples
///
/// ```
/// use interdict::Query;
/// use interdict::entity::{Date, Gender, Identifier, IdentifierKind, Schema};
///
/// let query = Query::name("Петровский Анатолий")
///     .schema(Schema::Person)
///     .birth_date(Date::day(1970, 3, 4).unwrap())
///     .country("ru")
///     .gender(Gender::Male)
///     .identifier(Identifier::new(IdentifierKind::Passport, "75 1234567"));
/// assert_eq!(query.countries, ["ru"]);
/// ```
///
/// Read from JSON, every field may be missing:
///
/// ```
/// # use interdict::Query;
/// let query: Query = serde_json::from_str(r#"{"name": "Ocean Lily", "schema": "Vessel"}"#)?;
/// assert!(query.birth_dates.is_empty());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Query {
    /// The name as written, in any script and word order. It may be empty if there are identifiers.
    pub name: String,
    /// The kind of party. `Unknown` is compared with every kind.
    pub schema: Schema,
    /// Birth dates of a person, founding dates of an organization. The best of several counts.
    pub birth_dates: Vec<Date>,
    /// Countries: ISO 3166-1 codes, names, or nationalities ("Iranian").
    pub countries: Vec<String>,
    /// Gender of a person.
    pub gender: Option<Gender>,
    /// Identifiers. A listed entity with one of them is a hit whatever its name, and also if the query has no
    /// name. [`crate::score::identifiers`] defines the score.
    pub identifiers: Vec<Identifier>,
    /// Whether `name` is free text in which names are looked for, instead of one name.
    pub free_text: bool,
}

impl Query {
    /// A query by name. Use `Query::default()` for one by identifier alone.
    pub fn name(name: impl Into<String>) -> Self {
        Query { name: name.into(), ..Query::default() }
    }

    /// A query of names within free text, such as a remittance text: every listed name that stands in it is a hit.
    pub fn text(text: impl Into<String>) -> Self {
        Query { name: text.into(), free_text: true, ..Query::default() }
    }

    /// Sets the kind of party.
    pub fn schema(mut self, schema: Schema) -> Self {
        self.schema = schema;
        self
    }

    /// Adds a birth or founding date.
    pub fn birth_date(mut self, date: Date) -> Self {
        self.birth_dates.push(date);
        self
    }

    /// Adds a country: an ISO 3166-1 code, a name, or a nationality. A text that is none of these has no effect.
    pub fn country(mut self, country: impl Into<String>) -> Self {
        self.countries.push(country.into());
        self
    }

    /// Sets the gender.
    pub fn gender(mut self, gender: Gender) -> Self {
        self.gender = Some(gender);
        self
    }

    /// Adds an identifier.
    pub fn identifier(mut self, identifier: Identifier) -> Self {
        self.identifiers.push(identifier);
        self
    }
}

/// The part of the query's name with this number, counted from 1.
pub(super) fn part_of(query: &Query, number: u16) -> Option<Part<'_>> {
    let wanted = usize::from(number).checked_sub(1)?;
    let mut parts = Vec::new();
    for_each_part(&query.name, query.schema, |part| parts.push(part));
    parts.get(wanted).copied()
}

/// The fields of a query in the form in which they are compared. The buffers are reused.
#[derive(Debug, Default)]
pub(crate) struct QueryFields {
    dates: Vec<DayRange>,
    countries: Vec<u16>,
}

impl QueryFields {
    /// The fields of this query.
    pub(crate) fn of(query: &Query) -> Self {
        let mut fields = QueryFields::default();
        fields.set(query);
        fields
    }

    /// Takes the fields of another query.
    pub(crate) fn set(&mut self, query: &Query) {
        self.dates.clear();
        self.dates.extend(query.birth_dates.iter().map(DayRange::from));
        self.countries.clear();
        self.countries.extend(
            query
                .countries
                .iter()
                .filter_map(|c| crate::entity::country_of_cell(c))
                .map(country_number)
                .filter(|c| *c != 0),
        );
    }

    /// The fields for [`compare`](crate::score::fields::compare).
    pub(crate) fn fields<'a>(&'a self, query: &Query) -> Fields<'a> {
        Fields { schema: query.schema, gender: query.gender, dates: &self.dates, countries: &self.countries }
    }
}
