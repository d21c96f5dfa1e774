use super::country_code;
use serde::{Deserialize, Serialize};

/// What an [`Identifier`] identifies its holder by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum IdentifierKind {
    /// Passport number.
    Passport,
    /// National identity number or card.
    NationalId,
    /// Tax number (INN, EIN, RFC, NIT …).
    Tax,
    /// Company registration number (OGRN, CNPJ, unified social credit code …).
    Registration,
    /// Legal Entity Identifier, ISO 17442.
    Lei,
    /// Business Identifier Code (SWIFT), ISO 9362.
    Bic,
    /// Ship or company number of the International Maritime Organization.
    Imo,
    /// Maritime Mobile Service Identity.
    Mmsi,
    /// Radio call sign.
    CallSign,
    /// An aircraft's tail number.
    AircraftTail,
    /// An aircraft's construction (serial) number.
    AircraftSerial,
    /// Address on a distributed ledger.
    CryptoWallet,
    /// Telephone number.
    Phone,
    /// Electronic mail address.
    Email,
    /// Web site.
    Website,
    /// Another kind, with the publisher's word for it.
    Other(String),
}

impl IdentifierKind {
    /// A short word for people and files ("passport", "imo" …).
    pub fn as_str(&self) -> &str {
        match self {
            IdentifierKind::Passport => "passport",
            IdentifierKind::NationalId => "national-id",
            IdentifierKind::Tax => "tax",
            IdentifierKind::Registration => "registration",
            IdentifierKind::Lei => "lei",
            IdentifierKind::Bic => "bic",
            IdentifierKind::Imo => "imo",
            IdentifierKind::Mmsi => "mmsi",
            IdentifierKind::CallSign => "call-sign",
            IdentifierKind::AircraftTail => "aircraft-tail",
            IdentifierKind::AircraftSerial => "aircraft-serial",
            IdentifierKind::CryptoWallet => "wallet",
            IdentifierKind::Phone => "phone",
            IdentifierKind::Email => "email",
            IdentifierKind::Website => "website",
            IdentifierKind::Other(word) => word,
        }
    }

    /// Whether equality of the number alone is a hit: contact details and unknown kinds are not enough.
    pub fn stands_alone(&self) -> bool {
        !matches!(
            self,
            IdentifierKind::Phone
                | IdentifierKind::Email
                | IdentifierKind::Website
                | IdentifierKind::CallSign
                | IdentifierKind::Other(_)
        )
    }
}

/// A number or code that an authority or a network gave to an entity.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Identifier {
    /// What it is.
    pub kind: IdentifierKind,
    /// The value as published, trimmed.
    pub value: String,
    /// The issuing country (ISO alpha-2, lower case, or the published text).
    pub country: Option<String>,
}

impl Identifier {
    /// An identifier without a country.
    pub fn new(kind: IdentifierKind, value: impl Into<String>) -> Self {
        Identifier { kind, value: value.into().trim().to_string(), country: None }
    }

    /// The same identifier with its issuing country, by code or published text; unchanged by an empty text.
    pub fn issued_by(mut self, country: &str) -> Self {
        let country = country.trim();
        if !country.is_empty() {
            self.country = Some(country_code(country).map_or(country.to_string(), str::to_string));
        }
        self
    }

    /// The form in which identifiers are compared: letters and digits only, upper case. Wallet addresses
    /// keep their case, which is part of them, and IMO numbers lose their "IMO".
    ///
    /// ```
    /// use interdict::entity::{Identifier, IdentifierKind};
    /// assert_eq!(Identifier::new(IdentifierKind::Imo, "IMO 9253325").normalized(), "9253325");
    /// assert_eq!(Identifier::new(IdentifierKind::Passport, "ab-12 34").normalized(), "AB1234");
    /// ```
    pub fn normalized(&self) -> String {
        if self.kind == IdentifierKind::CryptoWallet {
            return self.value.chars().filter(|c| !c.is_whitespace()).collect();
        }
        let plain: String =
            self.value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
        match (&self.kind, plain.strip_prefix("IMO")) {
            (IdentifierKind::Imo, Some(number)) => number.to_string(),
            _ => plain,
        }
    }
}
