//! A listed party as one publisher describes it: an [`Entity`] with its names, dates and identifiers.
//!
//! The list readers make entities; the index, the scorer and the comparison of lists read them. Texts are
//! kept in the publisher's spelling. The analysis of names is in [`crate::name`].
//!
//! # Examples
//!
//! ```
//! use interdict::entity::{Entity, Identifier, IdentifierKind, Name, NameKind, Schema};
//!
//! let entity = Entity::new("50543", Schema::Organization, "INTEGRITY TECHNOLOGY GROUP, INCORPORATED")
//!     .with_name(Name::alias("永信至诚科技集团股份有限公司"))
//!     .with_country("China")
//!     .with_identifier(Identifier::new(IdentifierKind::Registration, "91110108562144110X").issued_by("China"));
//! assert_eq!(entity.primary_name(), "INTEGRITY TECHNOLOGY GROUP, INCORPORATED");
//! assert_eq!(entity.names[0].kind, NameKind::Primary);
//! assert_eq!(entity.countries, ["cn"]);
//! ```
//!
//! [`Schema`], [`Gender`], [`Date`], [`IdentifierKind`], [`NameKind`] and [`AliasStrength`] implement
//! `FromStr` and `Display`; all of them and [`Entity`] implement serde's traits. The serde form is the one
//! that an index stores: a change of it is a change of the index format.

mod check_digit;
mod content;
mod country;
mod date;
mod date_cell;
mod folding;
mod identifier;
mod identifier_kind;
mod name;
mod parse_error;
mod schema;
mod split_values;

pub use check_digit::Check;
pub(crate) use country::country_named;
pub use country::{countries_in, country_code, country_of_cell};
#[cfg(feature = "batch")]
pub(crate) use country::{countries_in_cell, is_compound};
pub use date::Date;
pub(crate) use date_cell::parse_cell;
#[cfg(feature = "batch")]
pub(crate) use date_cell::{is_placeholder, telling_years};
pub(crate) use folding::folded;
pub use identifier::Identifier;
pub use identifier_kind::{IdentifierKind, Scope};
pub use name::{AliasStrength, Name, NameKind};
pub use parse_error::ParseError;
pub use schema::{Gender, Schema};
pub(crate) use split_values::split_values;

use serde::{Deserialize, Serialize};

/// A listed party as one list publishes it.
///
/// `names` is never empty and begins with the primary name. Texts are as published, trimmed. Countries are
/// ISO 3166-1 alpha-2 codes in lower case if the text was recognised, else the published text.
///
/// Made by [`Entity::new`] and the methods `with_…`; the methods `add_…` are the same for an entity in place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Entity {
    /// Identity of the entity within its list, stable over publications if the list allows it.
    pub id: String,
    /// The kind of party.
    pub schema: Schema,
    /// All names, the primary one first.
    pub names: Vec<Name>,
    /// Birth dates of a person, founding dates of an organisation; several if the list gives several.
    pub birth_dates: Vec<Date>,
    /// Gender of a person, if the list states it.
    pub gender: Option<Gender>,
    /// Nationality, citizenship, flag, jurisdiction.
    pub countries: Vec<String>,
    /// Sanctions programmes or regimes.
    pub programs: Vec<String>,
    /// Documents, registrations, call signs, wallets.
    pub identifiers: Vec<Identifier>,
    /// Addresses, each as one line of text.
    pub addresses: Vec<String>,
    /// Places of birth.
    pub birth_places: Vec<String>,
    /// The day of listing.
    pub listed_on: Option<Date>,
    /// The publisher's free text.
    pub remarks: String,
}

impl Entity {
    /// An entity with its primary name and nothing else.
    pub fn new(id: impl Into<String>, schema: Schema, primary_name: impl Into<String>) -> Self {
        let names = vec![Name::primary(primary_name)];
        Entity { names, ..Entity::without_names(id, schema) }
    }

    /// An entity whose names are yet to be read.
    pub(crate) fn without_names(id: impl Into<String>, schema: Schema) -> Self {
        Entity {
            id: id.into(),
            schema,
            names: Vec::new(),
            birth_dates: Vec::new(),
            gender: None,
            countries: Vec::new(),
            programs: Vec::new(),
            identifiers: Vec::new(),
            addresses: Vec::new(),
            birth_places: Vec::new(),
            listed_on: None,
            remarks: String::new(),
        }
    }

    /// The entity with a further name: see [`add_name`](Entity::add_name).
    pub fn with_name(mut self, name: Name) -> Self {
        self.add_name(name);
        self
    }

    /// The entity with a birth or founding date, each once.
    pub fn with_birth_date(mut self, date: Date) -> Self {
        add_once(&mut self.birth_dates, date);
        self
    }

    /// The entity with its gender.
    pub fn with_gender(mut self, gender: Gender) -> Self {
        self.gender = Some(gender);
        self
    }

    /// The entity with a country: see [`add_country`](Entity::add_country).
    pub fn with_country(mut self, text: &str) -> Self {
        self.add_country(text);
        self
    }

    /// The entity with a programme or regime: see [`add_program`](Entity::add_program).
    pub fn with_program(mut self, text: &str) -> Self {
        self.add_program(text);
        self
    }

    /// The entity with an identifier: see [`add_identifier`](Entity::add_identifier).
    pub fn with_identifier(mut self, identifier: Identifier) -> Self {
        self.add_identifier(identifier);
        self
    }

    /// The entity with an address in one line.
    pub fn with_address(mut self, text: &str) -> Self {
        self.add_address([text]);
        self
    }

    /// The entity with a place of birth in one line.
    pub fn with_birth_place(mut self, text: &str) -> Self {
        self.add_birth_place([text]);
        self
    }

    /// The entity with its day of listing.
    pub fn with_listing_date(mut self, date: Date) -> Self {
        self.listed_on = Some(date);
        self
    }

    /// The entity with a remark: see [`add_remark`](Entity::add_remark).
    pub fn with_remark(mut self, text: &str) -> Self {
        self.add_remark(text);
        self
    }

    /// The text of the first name; the empty string for an entity without names.
    pub fn primary_name(&self) -> &str {
        self.names.first().map_or("", |n| n.text.as_str())
    }

    /// Adds a name, unless the entity already has one with the same text.
    pub fn add_name(&mut self, name: Name) {
        if !name.text.is_empty() && compared_prefix(&self.names).iter().all(|n| n.text != name.text) {
            self.names.push(name);
        }
    }

    /// Adds a birth or founding date, each once. A text that is not a date becomes a remark, so that it is
    /// not lost.
    pub fn add_birth_date(&mut self, text: &str) {
        match Date::parse(text) {
            Some(date) => add_once(&mut self.birth_dates, date),
            None => self.add_remark(&format!("date: {}", text.trim())),
        }
    }

    /// Sets the gender unless it is already set. A text that states none, such as "not applicable", becomes a
    /// remark.
    pub fn add_gender(&mut self, text: &str) {
        match Gender::parse(text) {
            Some(gender) => self.gender = self.gender.or(Some(gender)),
            None if text.trim().is_empty() => {}
            None => self.add_remark(&format!("gender: {}", text.trim())),
        }
    }

    /// Adds a day of listing; of several the earliest is kept. A text that is not a date becomes a remark.
    pub fn add_listing_date(&mut self, text: &str) {
        match Date::parse_recent(text) {
            Some(date) => self.listed_on = self.listed_on.into_iter().chain([date]).min(),
            None if text.trim().is_empty() => {}
            None => self.add_remark(&format!("listed on: {}", text.trim())),
        }
    }

    /// Adds an identifier, each once. An identifier with an empty value is ignored.
    pub fn add_identifier(&mut self, identifier: Identifier) {
        if !identifier.value.is_empty() {
            add_once(&mut self.identifiers, identifier);
        }
    }

    /// Adds an address made of its non-empty parts, each address once.
    pub fn add_address<'a>(&mut self, parts: impl IntoIterator<Item = &'a str>) {
        let address = join_parts(parts);
        if !address.is_empty() {
            add_once(&mut self.addresses, address);
        }
    }

    /// Adds a place of birth made of its non-empty parts, each place once.
    pub fn add_birth_place<'a>(&mut self, parts: impl IntoIterator<Item = &'a str>) {
        let place = join_parts(parts);
        if !place.is_empty() {
            add_once(&mut self.birth_places, place);
        }
    }

    /// Adds a programme or regime, each once.
    pub fn add_program(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() && compared_prefix(&self.programs).iter().all(|p| p != text) {
            self.programs.push(text.to_string());
        }
    }

    /// Appends a text to the remarks after a semicolon, unless they already contain it. Remarks longer than
    /// 64 KiB are no longer searched, so that a hostile file costs linear time.
    pub fn add_remark(&mut self, text: &str) {
        let text = text.trim();
        if text.is_empty() || self.remarks.len() < MAX_SEARCHED_REMARKS && self.remarks.contains(text) {
            return;
        }
        if !self.remarks.is_empty() {
            self.remarks.push_str("; ");
        }
        self.remarks.push_str(text);
    }

    /// Adds a country by code or published text, each once.
    pub fn add_country(&mut self, text: &str) {
        let code = country_code(text).map_or_else(|| text.trim().to_string(), str::to_string);
        if !code.is_empty() {
            add_once(&mut self.countries, code);
        }
    }
}

/// Remarks of more bytes are not searched for a repetition.
const MAX_SEARCHED_REMARKS: usize = 64 << 10;

/// A new value is compared with at most so many values of the entity. No published party has that many; a
/// hostile file that has costs linear time, and may repeat a value.
const MAX_COMPARED: usize = 2000;

/// Adds a value unless it is among the first [`MAX_COMPARED`].
pub(crate) fn add_once<T: PartialEq>(values: &mut Vec<T>, value: T) {
    if !compared_prefix(values).contains(&value) {
        values.push(value);
    }
}

/// The values that a new one is compared with.
fn compared_prefix<T>(values: &[T]) -> &[T] {
    &values[..values.len().min(MAX_COMPARED)]
}

fn join_parts<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let parts: Vec<&str> = parts.into_iter().map(str::trim).filter(|p| !p.is_empty()).collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_added_once_among_the_first_ones() {
        let mut e = Entity::new("1", Schema::Company, "x");
        let number = |i: usize| Identifier::new(IdentifierKind::Tax, i.to_string());
        (0..3000).chain([0, 2999]).for_each(|i| e.add_identifier(number(i)));
        assert_eq!(e.identifiers.len(), 3001, "the first is compared, the last is not");
    }

    #[test]
    fn a_text_that_is_no_gender_or_day_is_kept() {
        let mut e = Entity::new("1", Schema::Person, "DOE, Jane");
        ["", "not told", "female", "male"].iter().for_each(|text| e.add_gender(text));
        ["", "soon", "2/2/26", "2025-04-19"].iter().for_each(|text| e.add_listing_date(text));
        assert_eq!((e.gender, e.listed_on), (Some(Gender::Female), Date::day(2025, 4, 19)));
        assert_eq!(e.remarks, "gender: not told; listed on: soon");
    }
}
