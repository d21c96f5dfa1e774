use super::country_code;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

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

    /// The kind of the numbers in a column with this header, of an input table or of a generic list. Case, blanks
    /// and punctuation do not count.
    ///
    /// | header | kind |
    /// |---|---|
    /// | `passport`, `passport_number`, `passport_no`, `passports` | passport |
    /// | `national_id`, `national_id_number`, `nin`, `identity_card`, `cedula`, `ssn` | national identity number |
    /// | `tax_number`, `tax_id`, `tin`, `vat`, `vat_number`, `inn`, `inn_code`, `ein`, `rfc` | tax number |
    /// | `registration_number`, `registration_no`, `company_number`, `company_registration_number`, `reg_no`, `ogrn`, `ogrn_code`, `okpo_code`, `uscc` | registration number |
    /// | `lei`, `lei_code` · `bic`, `bic_code`, `swift`, `swift_code`, `swift_bic` · `iban`, `account_number`, `bank_account` | as they say |
    /// | `imo`, `imo_number`, `imo_no` · `mmsi` · `call_sign` | ships |
    /// | `tail_number`, `registration_mark`, `aircraft_registration` · `aircraft_serial_number`, `msn`, `construction_number` | aircraft |
    /// | `wallet`, `wallets`, `wallet_address`, `crypto_address`, `crypto_wallet`, `btc_address`, `eth_address` | crypto address |
    /// | `id_number`, `id_no`, `identifier`, `identifiers`, `document_number` | untold: compared with every kind |
    /// | `phone`, `phones`, `phone_number` · `email`, `emails` · `website` | contact details, which never make a hit |
    ///
    /// `number` and `serial_number` are not among them: they number the rows of many a table.
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
            "idnumber" | "idno" | "identifier" | "identifiers" | "documentnumber" => IdentifierKind::untold(),
            _ => return None,
        })
    }

    /// The kind of a number that comes without its kind: it is compared with every kind.
    pub fn untold() -> IdentifierKind {
        IdentifierKind::Other("identifier".into())
    }

    /// How far equality of two numbers of this kind says that their holders are one.
    pub fn scope(&self) -> Scope {
        use IdentifierKind as K;
        match self {
            K::Lei | K::Bic | K::Iban | K::Imo | K::Mmsi | K::AircraftTail | K::CryptoWallet => {
                Scope::Worldwide
            }
            K::Passport | K::NationalId | K::Tax | K::Registration => Scope::Issued,
            K::CallSign | K::AircraftSerial => Scope::Reused,
            K::Other(_) => Scope::Untold,
            K::Phone | K::Email | K::Website => Scope::Contact,
        }
    }

    /// Whether equality of the number can be a hit by itself: contact details are shared by too many.
    pub fn stands_alone(&self) -> bool {
        self.scope() != Scope::Contact
    }
}

/// How far a number identifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scope {
    /// One holder in the world: LEI, BIC, IBAN, IMO, MMSI, tail number, wallet.
    Worldwide,
    /// Given by a state, each by its own rules: the same digits may be another state's.
    Issued,
    /// Given anew, or by each maker for itself: call signs, aircraft serial numbers.
    Reused,
    /// The kind is not known.
    Untold,
    /// Contact details.
    Contact,
}

/// What an identifier's own check digits say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// They are right.
    Passed,
    /// They are wrong, or the number has not the length and letters of its kind: it is mistyped.
    Failed,
    /// The kind has none, or none that is known here.
    None,
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

    /// The form in which numbers of one kind are compared: letters and digits only, upper case, digits and
    /// look-alike letters of other scripts as ASCII, without the name of the kind before it ("IMO", "No.").
    ///
    /// Of a BIC the first eight characters, which name the institution. A wallet's address loses its case too:
    /// two addresses that differ by case alone do not occur by chance, and customer files lose it.
    ///
    /// ```
    /// use interdict::entity::{Identifier, IdentifierKind};
    /// assert_eq!(Identifier::new(IdentifierKind::Imo, "IMO 9253325").normalized(), "9253325");
    /// assert_eq!(Identifier::new(IdentifierKind::Passport, "ab-12 34").normalized(), "AB1234");
    /// ```
    pub fn normalized(&self) -> String {
        normalize(&self.kind, &self.value)
    }

    /// The keys under which the number is found; two identifiers can be the same only if they share one.
    ///
    /// One key, but for a number of untold kind: it has the key of every kind that it has the shape of. Leading
    /// zeros of a number of digits are left off, for spreadsheets lose them. Numbers of fewer than three
    /// characters and contact details have none.
    pub fn keys(&self) -> Vec<String> {
        use IdentifierKind as K;
        let mut keys = Vec::with_capacity(1);
        let mut add = |kind: &K| {
            let mut key = normalize(kind, &self.value);
            if matches!(kind.scope(), Scope::Issued | Scope::Untold) && all_digits(&key) {
                key = key.trim_start_matches('0').to_string();
            }
            if key.chars().count() >= 3 && !keys.contains(&key) {
                keys.push(key);
            }
        };
        match self.kind.scope() {
            Scope::Contact => {}
            Scope::Untold => {
                add(&self.kind);
                // As call signs, tail and serial numbers have it: with its zeros.
                add(&K::AircraftSerial);
                let shaped = [K::Lei, K::Bic, K::Iban, K::Imo, K::Mmsi, K::CryptoWallet];
                shaped
                    .iter()
                    .filter(|k| super::check_digit::has_shape(k, &normalize(k, &self.value)))
                    .for_each(add);
            }
            _ => add(&self.kind),
        }
        keys
    }

    /// Verifies the check digits of IMO numbers of ships and companies, LEI, IBAN and bitcoin-like addresses,
    /// and the shape of BIC, MMSI and Ethereum-like addresses.
    ///
    /// A number that fails is still compared as it stands: lists carry such numbers too.
    ///
    /// ```
    /// use interdict::entity::{Check, Identifier, IdentifierKind};
    /// assert_eq!(Identifier::new(IdentifierKind::Imo, "9253325").check(), Check::Passed);
    /// assert_eq!(Identifier::new(IdentifierKind::Imo, "9253326").check(), Check::Failed);
    /// assert_eq!(Identifier::new(IdentifierKind::Passport, "AB1234").check(), Check::None);
    /// ```
    pub fn check(&self) -> Check {
        super::check_digit::check(&self.kind, &self.value, &self.normalized())
    }
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn normalize(kind: &IdentifierKind, value: &str) -> String {
    use IdentifierKind as K;
    // "bitcoin:1abc…": the network's name is none of the address.
    let value = match kind {
        K::CryptoWallet => value.rsplit(':').next().unwrap_or(value),
        _ => value,
    };
    let mut plain = String::with_capacity(value.len());
    if value.is_ascii() {
        plain.extend(value.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()));
    } else {
        let letters = value.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase);
        letters.for_each(|c| latin(c, &mut plain));
    }
    let labels: &[&str] = match kind {
        K::Imo => &["IMONUMBER", "IMONO", "IMO"],
        K::Mmsi => &["MMSI"],
        K::Lei => &["LEI"],
        K::Bic => &["SWIFTBIC", "SWIFT", "BIC"],
        K::Iban => &["IBAN"],
        K::CryptoWallet => &[],
        _ => &["NUMBER", "NO"],
    };
    for label in labels {
        let rest = plain.strip_prefix(label);
        // Eight letters may be a BIC that begins so; elsewhere a label stands before a digit.
        if let Some(rest) = rest
            && (matches!(kind, K::Lei) && rest.len() == 20
                || matches!(kind, K::Bic) && matches!(rest.len(), 8 | 11)
                || matches!(kind, K::Iban) && rest.len() > 14
                || rest.starts_with(|c: char| c.is_ascii_digit()) && !matches!(kind, K::Bic | K::Lei))
        {
            plain = rest.to_string();
            break;
        }
    }
    match kind {
        K::Bic if plain.len() == 11 && plain.is_ascii() => plain.truncate(8),
        K::CryptoWallet if plain.len() == 40 && plain.bytes().all(|b| b.is_ascii_hexdigit()) => {
            plain.insert_str(0, "0X");
        }
        _ => {}
    }
    plain
}

/// Writes an upper-case letter or digit as the ASCII one that it looks like or means, where there is one:
/// documents of some states are printed in either script ("МР" and "MP" on a Belarusian passport).
fn latin(c: char, out: &mut String) {
    const ALIKE: &str = "АAВBЕEКKМMНHОOРPСCТTУYХXІIЈJЅSΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX";
    if c.is_numeric() {
        out.push_str(any_ascii::any_ascii_char(c));
        return;
    }
    let mut pairs = ALIKE.chars();
    while let (Some(from), Some(to)) = (pairs.next(), pairs.next()) {
        if c == from {
            out.push(to);
            return;
        }
    }
    out.push(c);
}

#[cfg(test)]
mod tests {
    use super::*;
    use IdentifierKind as K;

    fn keys(kind: K, value: &str) -> Vec<String> {
        Identifier::new(kind, value).keys()
    }

    #[test]
    fn one_number_under_all_its_spellings() {
        for (kind, spellings, key) in [
            (
                K::Imo,
                &["9253325", "IMO 9253325", "imo9253325", "IMO No. 9253325", "IMO-Number: 9253325"][..],
                "9253325",
            ),
            (K::Mmsi, &["422031500", "MMSI 422 031 500"], "422031500"),
            (K::Lei, &["5493001KJTIIGC8Y1R12", "LEI 5493001kjtiigc8y1r12"], "5493001KJTIIGC8Y1R12"),
            (K::Bic, &["DEUTDEFF", "deutdeff500", "SWIFT: DEUTDEFFXXX", "BIC DEUTDEFF"], "DEUTDEFF"),
            (
                K::Iban,
                &["DE89 3704 0044 0532 0130 00", "IBAN DE89370400440532013000"],
                "DE89370400440532013000",
            ),
            (K::Passport, &["MP 123 4567", "МР1234567", "mp-1234567", "ＭＰ１２３４５６７"], "MP1234567"),
            (K::Passport, &["0012345678", "12345678", "No. 012345678", "№ 12345678", "١٢٣٤٥٦٧٨"], "12345678"),
            (K::AircraftTail, &["EP-MNA", "ep mna"], "EPMNA"),
            (
                K::CryptoWallet,
                &[
                    "0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B",
                    "ab5801a7d398351b8be11c439e05c5b3259aec9b",
                    "ethereum:0xab5801a7d398351b8be11c439e05c5b3259aec9b",
                ],
                "0XAB5801A7D398351B8BE11C439E05C5B3259AEC9B",
            ),
        ] {
            for spelling in spellings {
                assert_eq!(keys(kind.clone(), spelling), [key], "{spelling}");
            }
        }
    }

    #[test]
    fn a_number_of_untold_kind_has_the_key_of_every_kind_it_may_be() {
        for (kind, value) in [
            (K::Imo, "IMO 9253325"),
            (K::Imo, "9253325"),
            (K::Bic, "DEUTDEFFXXX"),
            (K::Lei, "LEI 5493001KJTIIGC8Y1R12"),
            (K::Iban, "DE89 3704 0044 0532 0130 00"),
            (K::Mmsi, "MMSI 422031500"),
            (K::CryptoWallet, "bitcoin:1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"),
            (K::CryptoWallet, "ab5801a7d398351b8be11c439e05c5b3259aec9b"),
            (K::Passport, "№ 0012345678"),
            (K::Registration, "1027700132195"),
            (K::AircraftSerial, "031"),
        ] {
            let told = keys(kind, value);
            let untold = keys(K::untold(), value);
            assert!(told.iter().all(|k| untold.contains(k)), "{value}: {told:?} in {untold:?}");
        }
    }

    #[test]
    fn what_identifies_nobody_has_no_key() {
        for (kind, value) in [
            (K::Passport, ""),
            (K::Passport, "-"),
            (K::Passport, "12"),
            (K::Tax, "000000"),
            (K::Phone, "+123456789"),
        ] {
            assert_eq!(keys(kind, value), [""; 0], "{value}");
        }
        assert_eq!(keys(K::Registration, "NORD12"), ["NORD12"], "a label stands before a digit");
        assert_eq!(keys(K::Bic, "BICIGALX"), ["BICIGALX"], "no label: the bank is called so");
    }
}
