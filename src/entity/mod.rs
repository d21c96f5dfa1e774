//! What a list says of one sanctioned party: an [`Entity`] with its names, dates and identifiers.
//!
//! Every list reader ends here and everything else starts here. The types say what was published, in the
//! publisher's own spelling; the analysis of names is elsewhere.
//!
//! ```
//! use interdict::entity::{Entity, Name, NameKind, Schema};
//!
//! let mut entity = Entity::new("ofac-50543", Schema::Organization, "INTEGRITY TECHNOLOGY GROUP, INCORPORATED");
//! entity.names.push(Name::alias("永信至诚科技集团股份有限公司"));
//! assert_eq!(entity.primary_name(), "INTEGRITY TECHNOLOGY GROUP, INCORPORATED");
//! assert_eq!(entity.names[0].kind, NameKind::Primary);
//! ```

mod check_digit;
mod content;
mod country;
mod date;
mod identifier;
mod name;
mod schema;
mod several;

pub(crate) use country::country_named;
#[cfg(feature = "batch")]
pub(crate) use country::is_compound;
pub use country::{countries_in, country_code};
pub use date::Date;
pub use identifier::{Check, Identifier, IdentifierKind, Scope};
pub use name::{Name, NameKind, Strength};
pub use schema::{Gender, Schema};
pub(crate) use several::several;

use serde::{Deserialize, Serialize};

/// A listed party as one list publishes it.
///
/// `names` is never empty and begins with the primary name. Texts are as published, trimmed; countries are
/// ISO 3166-1 alpha-2 codes in lower case where the text could be told, and otherwise the published text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// Identity of the entity within its list, stable over publications where the list allows it.
    pub id: String,
    /// What kind of party it is.
    pub schema: Schema,
    /// All names, the primary one first.
    pub names: Vec<Name>,
    /// Birth dates of a person, founding dates of a body; several when the list gives several.
    pub birth_dates: Vec<Date>,
    /// Gender, for people whose list tells it.
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
    /// The day on which the party was listed.
    pub listed_on: Option<Date>,
    /// The publisher's free text.
    pub remarks: String,
}

impl Entity {
    /// An entity with its primary name and nothing else.
    pub fn new(id: impl Into<String>, schema: Schema, primary_name: impl Into<String>) -> Self {
        Entity {
            id: id.into(),
            schema,
            names: vec![Name::primary(primary_name)],
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

    /// The text of the first name; the empty string for an entity without names.
    pub fn primary_name(&self) -> &str {
        self.names.first().map_or("", |n| n.text.as_str())
    }

    /// Adds a name unless one with the same text is already there.
    pub fn add_name(&mut self, name: Name) {
        if !name.text.is_empty() && looked_at(&self.names).iter().all(|n| n.text != name.text) {
            self.names.push(name);
        }
    }

    /// Adds a birth or founding date, each once. A text that is no date is kept as a remark, so that it is not
    /// lost.
    pub fn add_birth_date(&mut self, text: &str) {
        match Date::parse(text) {
            Some(date) => add_once(&mut self.birth_dates, date),
            None => self.add_remark(&format!("date: {}", text.trim())),
        }
    }

    /// Adds the gender; the first that is told stays. A text that tells none, such as "not applicable", is kept as a
    /// remark.
    pub fn add_gender(&mut self, text: &str) {
        match Gender::parse(text) {
            Some(gender) => self.gender = self.gender.or(Some(gender)),
            None if text.trim().is_empty() => {}
            None => self.add_remark(&format!("gender: {}", text.trim())),
        }
    }

    /// Adds a day of listing; the first day stays. A text that is no date is kept as a remark.
    pub fn add_listing_date(&mut self, text: &str) {
        match Date::parse_recent(text) {
            Some(date) => self.listed_on = self.listed_on.into_iter().chain([date]).min(),
            None if text.trim().is_empty() => {}
            None => self.add_remark(&format!("listed on: {}", text.trim())),
        }
    }

    /// Adds an identifier with a value, each once.
    pub fn add_identifier(&mut self, identifier: Identifier) {
        if !identifier.value.is_empty() {
            add_once(&mut self.identifiers, identifier);
        }
    }

    /// Adds an address made of the parts that are there, each address once.
    pub fn add_address<'a>(&mut self, parts: impl IntoIterator<Item = &'a str>) {
        let address = joined(parts);
        if !address.is_empty() {
            add_once(&mut self.addresses, address);
        }
    }

    /// Adds a place of birth made of the parts that are there, each place once.
    pub fn add_birth_place<'a>(&mut self, parts: impl IntoIterator<Item = &'a str>) {
        let place = joined(parts);
        if !place.is_empty() {
            add_once(&mut self.birth_places, place);
        }
    }

    /// Adds a programme or regime, each once.
    pub fn add_program(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() && looked_at(&self.programs).iter().all(|p| p != text) {
            self.programs.push(text.to_string());
        }
    }

    /// Appends to the remarks, behind a semicolon, what does not stand there yet. Beyond 64 KiB of remarks it no
    /// longer looks, so that the cost follows the length of the text.
    pub fn add_remark(&mut self, text: &str) {
        let text = text.trim();
        if text.is_empty() || self.remarks.len() < 64 << 10 && self.remarks.contains(text) {
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

/// Adds a value that is not there yet, as far as one looks.
pub(crate) fn add_once<T: PartialEq>(values: &mut Vec<T>, value: T) {
    if !looked_at(values).contains(&value) {
        values.push(value);
    }
}

/// The first values. No party has more of a kind; of a file that has, the cost follows the length, and a value may
/// stand twice.
fn looked_at<T>(values: &[T]) -> &[T] {
    const MOST: usize = 2000;
    &values[..values.len().min(MOST)]
}

fn joined<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let parts: Vec<&str> = parts.into_iter().map(str::trim).filter(|p| !p.is_empty()).collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_added_once_as_far_as_one_looks() {
        let mut e = Entity::new("1", Schema::Company, "x");
        let number = |i: usize| Identifier::new(IdentifierKind::Tax, i.to_string());
        (0..3000).chain([0, 2999]).for_each(|i| e.add_identifier(number(i)));
        assert_eq!(e.identifiers.len(), 3001, "the first is known, the last is not looked at");
    }

    #[test]
    fn what_tells_no_gender_or_day_is_kept() {
        let mut e = Entity::new("1", Schema::Person, "DOE, Jane");
        ["", "not told", "female", "male"].iter().for_each(|text| e.add_gender(text));
        ["", "soon", "2/2/26", "2025-04-19"].iter().for_each(|text| e.add_listing_date(text));
        assert_eq!((e.gender, e.listed_on), (Some(Gender::Female), Date::day(2025, 4, 19)));
        assert_eq!(e.remarks, "gender: not told; listed on: soon");
    }
}
