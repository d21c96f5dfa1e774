use serde::{Deserialize, Serialize};

/// What kind of party a name belongs to. The words are those of the FollowTheMoney vocabulary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
#[repr(u8)]
pub enum Schema {
    /// Not told.
    #[default]
    Unknown = 0,
    /// A natural person.
    Person = 1,
    /// A body of any kind: company, authority, armed group.
    Organization = 2,
    /// A commercial body.
    Company = 3,
    /// A person or a body; the list does not say which.
    LegalEntity = 4,
    /// A ship.
    Vessel = 5,
    /// An aeroplane or helicopter.
    Aircraft = 6,
    /// An account on a distributed ledger.
    CryptoWallet = 7,
    /// A thing of another kind (a security, a car, an address).
    Other = 8,
}

impl Schema {
    /// Every schema, in the order of their numbers.
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

    /// Reads the words that lists and input files use ("individual", "Entity", "ship" …), in any case.
    ///
    /// Returns `None` for a word that is not known; an empty text is [`Schema::Unknown`].
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

    /// The schema's name as it is written in hits.
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

    /// The schema with this number, as stored in an index.
    pub(crate) fn from_u8(n: u8) -> Option<Schema> {
        Schema::ALL.get(usize::from(n)).copied()
    }

    /// Whether one party could be both: a company is an organization, and anything may be unknown.
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

/// A person's gender, where it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Gender {
    /// Female.
    Female,
    /// Male.
    Male,
}

impl Gender {
    /// Reads "F", "female", "M", "male" and the like; anything else is not told.
    pub fn parse(text: &str) -> Option<Gender> {
        match text.trim().to_lowercase().as_str() {
            "f" | "female" | "woman" | "femme" | "w" => Some(Gender::Female),
            "m" | "male" | "man" | "homme" => Some(Gender::Male),
            _ => None,
        }
    }
}
