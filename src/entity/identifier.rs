use super::check_digit::{self, Check};
use super::country_code;
use super::identifier_kind::{IdentifierKind, Scope};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// A number or code that an authority or a network assigned to an entity.
///
/// ```
/// use interdict::entity::{Identifier, IdentifierKind};
/// let passport = Identifier::new(IdentifierKind::Passport, " AB 123 ").issued_by("Iran");
/// assert_eq!((passport.value.as_str(), passport.country.as_deref()), ("AB 123", Some("ir")));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Identifier {
    /// Its kind.
    pub kind: IdentifierKind,
    /// The value as published, trimmed.
    pub value: String,
    /// The issuing country (ISO alpha-2, lower case, or the published text).
    pub country: Option<String>,
}

/// The shortest key, in characters.
const MIN_KEY: usize = 3;

/// Numbers of so many characters keep their leading zeros if hardly anything follows them.
const LONG_WITH_ZEROS: usize = 7;

impl Identifier {
    /// An identifier without a country.
    pub fn new(kind: IdentifierKind, value: impl Into<String>) -> Self {
        Identifier { kind, value: value.into().trim().to_string(), country: None }
    }

    /// The identifier with its issuing country, by code or published text. An empty text changes nothing.
    pub fn issued_by(mut self, country: &str) -> Self {
        let country = country.trim();
        if !country.is_empty() {
            self.country = Some(country_code(country).map_or(country.to_string(), str::to_string));
        }
        self
    }

    /// The form in which numbers of one kind are compared: letters and digits only, in upper case, digits and
    /// look-alike letters of other scripts as ASCII, without a leading label such as "IMO" or "No.".
    ///
    /// Of a BIC only the first eight characters, which identify the institution. The case of a wallet's
    /// address is dropped too: customer files often lose it, and two addresses that differ in case alone do
    /// not occur by chance.
    ///
    /// ```
    /// use interdict::entity::{Identifier, IdentifierKind};
    /// assert_eq!(Identifier::new(IdentifierKind::Imo, "IMO 9253325").normalized(), "9253325");
    /// assert_eq!(Identifier::new(IdentifierKind::Passport, "ab-12 34").normalized(), "AB1234");
    /// ```
    pub fn normalized(&self) -> String {
        normalize(&self.kind, &self.value)
    }

    /// The keys by which an index finds the number. Two identifiers can be the same only if they share a key.
    ///
    /// A number has one key, or if its kind is unspecified, the key of every kind whose format it has.
    /// Leading zeros of an all-digit number are dropped, because spreadsheets drop them. A number of fewer
    /// than three characters and contact details have no key.
    pub fn keys(&self) -> Vec<String> {
        use IdentifierKind as K;
        let mut keys = Vec::with_capacity(1);
        let mut add = |kind: &K| {
            let mut key = normalize(kind, &self.value);
            if matches!(kind.scope(), Scope::Issued | Scope::Unspecified) && all_digits(&key) {
                let without_zeros = key.trim_start_matches('0');
                // Of a long number with one or two other digits the zeros are all there is to find it by.
                if without_zeros.chars().count() >= MIN_KEY || key.chars().count() < LONG_WITH_ZEROS {
                    key = without_zeros.to_string();
                }
            }
            if key.chars().count() >= MIN_KEY && !keys.contains(&key) {
                keys.push(key);
            }
        };
        match self.kind.scope() {
            Scope::Contact => {}
            Scope::Unspecified => {
                add(&self.kind);
                // The key of a call sign, tail or serial number, which keeps leading zeros.
                add(&K::AircraftSerial);
                let formatted = [K::Lei, K::Bic, K::Iban, K::Imo, K::Mmsi, K::CryptoWallet];
                formatted
                    .iter()
                    .filter(|k| check_digit::has_format(k, &normalize(k, &self.value)))
                    .for_each(add);
            }
            _ => add(&self.kind),
        }
        keys
    }

    /// Verifies the check digits of IMO numbers of ships and companies, LEI, IBAN and Bitcoin-like addresses,
    /// and the format of BIC, MMSI and Ethereum-like addresses.
    ///
    /// A number that fails is still compared as it is, because lists hold such numbers too.
    ///
    /// ```
    /// use interdict::entity::{Check, Identifier, IdentifierKind};
    /// assert_eq!(Identifier::new(IdentifierKind::Imo, "9253325").check(), Check::Passed);
    /// assert_eq!(Identifier::new(IdentifierKind::Imo, "9253326").check(), Check::Failed);
    /// assert_eq!(Identifier::new(IdentifierKind::Passport, "AB1234").check(), Check::None);
    /// ```
    pub fn check(&self) -> Check {
        check_digit::check(&self.kind, &self.value, &self.normalized())
    }
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn normalize(kind: &IdentifierKind, value: &str) -> String {
    use IdentifierKind as K;
    // "bitcoin:1abc…": the name of the network is not part of the address.
    let value = match kind {
        K::CryptoWallet => value.rsplit(':').next().unwrap_or(value),
        _ => value,
    };
    let mut plain = String::with_capacity(value.len());
    if value.is_ascii() {
        plain.extend(value.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()));
    } else {
        let letters = value.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase);
        letters.for_each(|c| push_ascii(c, &mut plain));
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
        // A BIC itself may begin with these letters; for the other kinds a label precedes a digit.
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

/// Writes an upper-case letter or digit as the ASCII character that it looks like or means, if there is one.
/// Documents of some states are printed in either script ("МР" and "MP" on a Belarusian passport).
fn push_ascii(c: char, out: &mut String) {
    const LOOKALIKES: &str = "АAВBЕEКKМMНHОOРPСCТTУYХXІIЈJЅSΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX";
    if c.is_numeric() {
        out.push_str(any_ascii::any_ascii_char(c));
        return;
    }
    let mut pairs = LOOKALIKES.chars();
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
    fn a_number_of_unspecified_kind_has_the_key_of_every_kind_it_may_be() {
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
            let specified = keys(kind, value);
            let unspecified = keys(K::unspecified(), value);
            assert!(
                specified.iter().all(|k| unspecified.contains(k)),
                "{value}: {specified:?} in {unspecified:?}"
            );
        }
    }

    #[test]
    fn a_number_that_identifies_nobody_has_no_key() {
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
        assert_eq!(keys(K::Bic, "BICIGALX"), ["BICIGALX"], "no label: it is the bank's own code");
    }
}
