use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// The kind of an [`Identifier`](super::Identifier).
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
    /// International Bank Account Number, ISO 13616, or another number of an account.
    Iban,
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
    /// Another kind, by the publisher's name for it.
    Other(String),
}

impl IdentifierKind {
    /// Every kind but [`IdentifierKind::Other`].
    const NAMED: [IdentifierKind; 16] = [
        IdentifierKind::Passport,
        IdentifierKind::NationalId,
        IdentifierKind::Tax,
        IdentifierKind::Registration,
        IdentifierKind::Lei,
        IdentifierKind::Bic,
        IdentifierKind::Iban,
        IdentifierKind::Imo,
        IdentifierKind::Mmsi,
        IdentifierKind::CallSign,
        IdentifierKind::AircraftTail,
        IdentifierKind::AircraftSerial,
        IdentifierKind::CryptoWallet,
        IdentifierKind::Phone,
        IdentifierKind::Email,
        IdentifierKind::Website,
    ];

    /// The kind as one word, as written in outputs: "passport", "imo" … Of another kind the publisher's name.
    pub fn as_str(&self) -> &str {
        match self {
            IdentifierKind::Passport => "passport",
            IdentifierKind::NationalId => "national-id",
            IdentifierKind::Tax => "tax",
            IdentifierKind::Registration => "registration",
            IdentifierKind::Lei => "lei",
            IdentifierKind::Bic => "bic",
            IdentifierKind::Iban => "iban",
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

    /// The kind of the numbers in a column with this header, in an input table or a generic list. Case, blanks
    /// and punctuation are ignored.
    ///
    /// | header | kind |
    /// |---|---|
    /// | `passport`, `passport_number`, `passport_no`, `passports` | passport |
    /// | `national_id`, `national_id_number`, `nin`, `identity_card`, `cedula`, `ssn` | national identity number |
    /// | `tax_number`, `tax_id`, `tin`, `vat`, `vat_number`, `inn`, `inn_code`, `ein`, `rfc` | tax number |
    /// | `registration_number`, `registration_no`, `company_number`, `company_registration_number`, `reg_no`, `ogrn`, `ogrn_code`, `okpo_code`, `uscc` | registration number |
    /// | `lei`, `lei_code` · `bic`, `bic_code`, `swift`, `swift_code`, `swift_bic` · `iban`, `account_number`, `bank_account` | LEI, BIC, IBAN |
    /// | `imo`, `imo_number`, `imo_no` · `mmsi` · `call_sign` | ships |
    /// | `tail_number`, `registration_mark`, `aircraft_registration` · `aircraft_serial_number`, `msn`, `construction_number` | aircraft |
    /// | `wallet`, `wallets`, `wallet_address`, `crypto_address`, `crypto_wallet`, `btc_address`, `eth_address` | crypto address |
    /// | `id_number`, `id_no`, `identifier`, `identifiers`, `document_number` | [unspecified](IdentifierKind::unspecified): compared with every kind |
    /// | `phone`, `phones`, `phone_number` · `email`, `emails` · `website` | contact details, which never make a hit |
    ///
    /// `number` and `serial_number` are not recognised, because many tables number their rows with them.
    ///
    /// ```
    /// use interdict::entity::IdentifierKind;
    /// assert_eq!(IdentifierKind::of_header("IMO number"), Some(IdentifierKind::Imo));
    /// assert_eq!(IdentifierKind::of_header("name"), None);
    /// ```
    pub fn of_header(header: &str) -> Option<IdentifierKind> {
        use IdentifierKind as K;
        let key: String =
            header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        Some(match key.as_str() {
            "passport" | "passportnumber" | "passportno" | "passports" => K::Passport,
            "nationalid" | "nationalidnumber" | "nin" | "identitycard" | "cedula" | "ssn" => K::NationalId,
            "taxnumber" | "taxid" | "tin" | "vat" | "vatnumber" | "inn" | "inncode" | "ein" | "rfc" => K::Tax,
            "registrationnumber"
            | "registrationno"
            | "companynumber"
            | "companyregistrationnumber"
            | "regno"
            | "ogrn"
            | "ogrncode"
            | "okpocode"
            | "uscc" => K::Registration,
            "lei" | "leicode" => K::Lei,
            "bic" | "biccode" | "swift" | "swiftcode" | "swiftbic" => K::Bic,
            "iban" | "accountnumber" | "bankaccount" => K::Iban,
            "imo" | "imonumber" | "imono" => K::Imo,
            "mmsi" => K::Mmsi,
            "callsign" => K::CallSign,
            "tailnumber" | "registrationmark" | "aircraftregistration" => K::AircraftTail,
            "aircraftserialnumber" | "msn" | "constructionnumber" => K::AircraftSerial,
            "wallet" | "wallets" | "walletaddress" | "cryptoaddress" | "cryptowallet" | "btcaddress"
            | "ethaddress" => K::CryptoWallet,
            "phone" | "phones" | "phonenumber" => K::Phone,
            "email" | "emails" => K::Email,
            "website" => K::Website,
            "idnumber" | "idno" | "identifier" | "identifiers" | "documentnumber" => {
                IdentifierKind::unspecified()
            }
            _ => return None,
        })
    }

    /// The kind of a number whose kind is not stated. It is compared with every kind.
    pub fn unspecified() -> IdentifierKind {
        IdentifierKind::Other("identifier".into())
    }

    /// The set within which a number of this kind is unique.
    pub fn scope(&self) -> Scope {
        use IdentifierKind as K;
        match self {
            K::Lei | K::Bic | K::Iban | K::Imo | K::Mmsi | K::AircraftTail | K::CryptoWallet => {
                Scope::Worldwide
            }
            K::Passport | K::NationalId | K::Tax | K::Registration => Scope::Issued,
            K::CallSign | K::AircraftSerial => Scope::Reused,
            K::Other(_) => Scope::Unspecified,
            K::Phone | K::Email | K::Website => Scope::Contact,
        }
    }

    /// Whether an equal number is a hit by itself. Contact details are not, because too many parties share them.
    pub fn is_identifying(&self) -> bool {
        self.scope() != Scope::Contact
    }
}

impl fmt::Display for IdentifierKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Reads what [`IdentifierKind::as_str`] writes; any other text is [`IdentifierKind::Other`].
///
/// ```
/// use interdict::entity::IdentifierKind;
/// assert_eq!("imo".parse(), Ok(IdentifierKind::Imo));
/// assert_eq!("identifier".parse(), Ok(IdentifierKind::unspecified()));
/// ```
impl FromStr for IdentifierKind {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let found = IdentifierKind::NAMED.iter().find(|k| k.as_str() == text);
        Ok(found.cloned().unwrap_or_else(|| IdentifierKind::Other(text.to_string())))
    }
}

/// The set within which a number identifies one holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scope {
    /// One holder in the world: LEI, BIC, IBAN, IMO, MMSI, tail number, wallet.
    Worldwide,
    /// One holder for each issuer: states assign the same digits by their own rules.
    Issued,
    /// Assigned again to another holder, or by each manufacturer on its own: call signs, aircraft serial numbers.
    Reused,
    /// The kind is not specified or not known.
    Unspecified,
    /// Contact details, which do not identify.
    Contact,
}
