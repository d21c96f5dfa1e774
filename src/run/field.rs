//! The fields of a counterparty that a column of a table can hold, and their names.

use crate::entity::IdentifierKind;
use crate::error::{Error, Result};
use crate::headers::{Role, role_of};
use std::fmt;
use std::str::FromStr;

/// The English headers under which a name column is found, and which an error names. headers.tsv has them in other
/// languages, and names in parts. Case, accents, punctuation and blanks are ignored.
pub const NAME_COLUMNS: [&str; 9] = [
    "name",
    "full_name",
    "company",
    "company_name",
    "counterparty",
    "customer",
    "beneficiary",
    "vendor",
    "supplier",
];

/// A field of a counterparty that a column can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Field {
    /// The name.
    Name,
    /// The kind of party.
    Schema,
    /// Birth dates, separated by `;`.
    BirthDate,
    /// Countries as codes, names or nationalities, separated by `;`. If every part is known, also by `/`,
    /// `,`, line ends, "and" and "or": "Russian/Ukrainian". A bracket behind a country is ignored.
    Country,
    /// Gender.
    Gender,
    /// Identifiers of one kind, separated by `;`, `|` or line ends.
    Identifier(IdentifierKind),
}

/// Each field except the identifiers, with the headers under which it is found; the first is its name.
pub(super) const FIELDS: [(Field, &[&str]); 5] = [
    (Field::Name, &NAME_COLUMNS),
    (Field::Schema, &["schema", "type"]),
    (Field::BirthDate, &["birth_date", "dob", "date_of_birth"]),
    (Field::Country, &["country", "countries", "nationality"]),
    (Field::Gender, &["gender", "sex"]),
];

/// The names of the identifier fields; [`IdentifierKind::of_header`] knows them and their other headers.
const IDENTIFIERS: [&str; 14] = [
    "passport",
    "national_id",
    "tax_number",
    "registration_number",
    "lei",
    "bic",
    "iban",
    "imo",
    "mmsi",
    "call_sign",
    "tail_number",
    "aircraft_serial_number",
    "wallet",
    "identifier",
];

impl Field {
    /// The field of this name, or of a header under which it is found, in the languages of headers.tsv. Case, accents,
    /// punctuation and blanks are ignored. Parts of names and aliases are no field.
    /// Contact details are no field: see [`IdentifierKind::is_identifying`].
    ///
    /// ```
    /// use interdict::batch::Field;
    /// assert_eq!(Field::parse("Date of Birth"), Some(Field::BirthDate));
    /// assert_eq!(Field::BirthDate.as_str(), "birth_date");
    /// ```
    pub fn parse(text: &str) -> Option<Field> {
        Field::of_role(&role_of(text)?)
    }

    /// The field that a column of this role holds.
    pub(super) fn of_role(role: &Role) -> Option<Field> {
        Some(match role {
            Role::Name | Role::Full | Role::Company | Role::Party => Field::Name,
            Role::Alias | Role::Part(_) => return None,
            Role::Schema => Field::Schema,
            Role::BirthDate => Field::BirthDate,
            Role::Country => Field::Country,
            Role::Gender => Field::Gender,
            Role::Identifier(kind) => Field::Identifier(kind.clone()),
        })
    }

    /// Its name, as [`Field::parse`] reads it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Field::Identifier(kind) => IDENTIFIERS
                .into_iter()
                .find(|name| IdentifierKind::of_header(name).as_ref() == Some(kind))
                .unwrap_or("identifier"),
            other => FIELDS.iter().find(|(f, _)| f == other).map_or("", |(_, headers)| headers[0]),
        }
    }

    /// The names of all fields.
    pub fn names() -> impl Iterator<Item = &'static str> {
        FIELDS.iter().map(|(_, headers)| headers[0]).chain(IDENTIFIERS)
    }
}

/// The name of the field.
impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// As [`Field::parse`].
impl FromStr for Field {
    type Err = Error;

    fn from_str(text: &str) -> Result<Field> {
        Field::parse(text).ok_or_else(|| {
            let known = Field::names().collect::<Vec<_>>().join(", ");
            Error::invalid_option("field", format!("'{text}' is not one of {known}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_its_own_name() {
        for (field, headers) in FIELDS {
            for header in headers {
                assert_eq!(Field::parse(header), Some(field.clone()), "{header}");
            }
        }
        for name in IDENTIFIERS {
            assert_eq!(Field::parse(name).map(|f| f.as_str()), Some(name));
        }
        assert_eq!(Field::parse("colour"), None);
    }
}
