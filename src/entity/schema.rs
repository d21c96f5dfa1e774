use super::ParseError;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// The kind of party. The names are those of the FollowTheMoney vocabulary.
///
/// ```
/// use interdict::entity::Schema;
/// let schema: Schema = "individual".parse()?;
/// assert_eq!(schema.to_string(), "Person");
/// # Ok::<(), interdict::entity::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
#[repr(u8)]
pub enum Schema {
    /// Not stated.
    #[default]
    Unknown = 0,
    /// A natural person.
    Person = 1,
    /// An organisation of any kind: company, authority, armed group.
    Organization = 2,
    /// A commercial organisation.
    Company = 3,
    /// A person or an organisation; the list does not say which.
    LegalEntity = 4,
    /// A ship.
    Vessel = 5,
    /// An aircraft.
    Aircraft = 6,
    /// An account on a distributed ledger.
    CryptoWallet = 7,
    /// Another kind of thing (a security, a car, an address).
    Other = 8,
}

impl Schema {
    /// Every schema, in the order of their discriminants.
    pub const ALL: [Schema; 9] = [
        Schema::Unknown,
        Schema::Person,
        Schema::Organization,
        Schema::Company,
        Schema::LegalEntity,
        Schema::Vessel,
        Schema::Aircraft,
        Schema::CryptoWallet,
        Schema::Other,
    ];

    /// Reads the words of lists and input files ("individual", "Entity", "ship" …), in any case.
    ///
    /// Returns `None` for an unknown word. An empty text is [`Schema::Unknown`].
    ///
    /// ```
    /// use interdict::entity::Schema;
    /// assert_eq!(Schema::parse("Individual"), Some(Schema::Person));
    /// assert_eq!(Schema::parse("colour"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Schema> {
        Some(match text.trim().to_lowercase().as_str() {
            "" | "unknown" | "thing" => Schema::Unknown,
            "person" | "individual" | "individuals" | "natural person" | "p" => Schema::Person,
            "organization" | "organisation" | "entity" | "group" | "publicbody" | "public body" => {
                Schema::Organization
            }
            "company" | "enterprise" | "business" | "corporate" => Schema::Company,
            "legalentity" | "legal entity" => Schema::LegalEntity,
            "vessel" | "ship" => Schema::Vessel,
            "aircraft" | "airplane" | "plane" => Schema::Aircraft,
            "cryptowallet" | "wallet" => Schema::CryptoWallet,
            "other" | "asset" | "security" | "vehicle" | "address" => Schema::Other,
            _ => return None,
        })
    }

    /// The schema's name as written in hits.
    pub fn as_str(self) -> &'static str {
        match self {
            Schema::Unknown => "Unknown",
            Schema::Person => "Person",
            Schema::Organization => "Organization",
            Schema::Company => "Company",
            Schema::LegalEntity => "LegalEntity",
            Schema::Vessel => "Vessel",
            Schema::Aircraft => "Aircraft",
            Schema::CryptoWallet => "CryptoWallet",
            Schema::Other => "Other",
        }
    }

    /// The schema with this discriminant, as stored in an index.
    pub(crate) fn from_u8(n: u8) -> Option<Schema> {
        Schema::ALL.get(usize::from(n)).copied()
    }

    /// Whether one party could have both schemas. A company is an organization, and `Unknown` and `Other` are
    /// compatible with every schema.
    pub fn is_compatible(self, other: Schema) -> bool {
        use Schema::*;
        match (self, other) {
            (Unknown | Other, _) | (_, Unknown | Other) => true,
            (a, b) if a == b => true,
            (Organization | Company | LegalEntity, Organization | Company | LegalEntity) => true,
            (Person, LegalEntity) | (LegalEntity, Person) => true,
            _ => false,
        }
    }
}

impl std::fmt::Display for Schema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// As [`Schema::parse`].
impl FromStr for Schema {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Schema::parse(text).ok_or_else(|| ParseError::new("a schema", text))
    }
}

/// A person's gender, if the list states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Gender {
    /// Female.
    Female,
    /// Male.
    Male,
}

impl Gender {
    /// Reads "F", "female", "M", "male" and the like, in any case; `None` for any other text.
    ///
    /// ```
    /// use interdict::entity::Gender;
    /// assert_eq!(Gender::parse("F"), Some(Gender::Female));
    /// assert_eq!(Gender::parse("not applicable"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Gender> {
        match text.trim().to_lowercase().as_str() {
            "f" | "female" | "woman" | "femme" | "w" => Some(Gender::Female),
            "m" | "male" | "man" | "homme" => Some(Gender::Male),
            _ => None,
        }
    }

    /// The gender as one word: `female`, `male`.
    pub fn as_str(self) -> &'static str {
        match self {
            Gender::Female => "female",
            Gender::Male => "male",
        }
    }
}

impl std::fmt::Display for Gender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// As [`Gender::parse`].
impl FromStr for Gender {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Gender::parse(text).ok_or_else(|| ParseError::new("a gender", text))
    }
}
