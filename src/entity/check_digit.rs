//! Formats and check digits of identifiers.
//!
//! Sources: IMO Resolution A.1117(30) and the IMO company number scheme; ISO 17442 and ISO 13616 with the
//! check digits of ISO 7064 (mod 97-10); ISO 9362; ITU-R M.585 for MMSI; base58check and BIP 173/350 for
//! bitcoin.

use super::country_code;
use super::identifier_kind::IdentifierKind;
use sha2::{Digest, Sha256};

/// The result of verifying an identifier's check digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Check {
    /// The check digits are right.
    Passed,
    /// The check digits are wrong, or the number does not have the length and characters of its kind: it is
    /// mistyped.
    Failed,
    /// The kind has no check digits, or none that are known here.
    None,
}

impl Check {
    fn of(passed: bool) -> Check {
        if passed { Check::Passed } else { Check::Failed }
    }
}

/// Whether a normalised number has the length and the characters of its kind.
pub(super) fn has_format(kind: &IdentifierKind, n: &str) -> bool {
    use IdentifierKind as K;
    let b = n.as_bytes();
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    let letters = |part: &[u8]| part.iter().all(u8::is_ascii_uppercase);
    let either = |part: &[u8]| part.iter().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    match kind {
        K::Imo => b.len() == 7 && digits(b),
        K::Mmsi => b.len() == 9 && digits(b),
        K::Lei => b.len() == 20 && either(&b[..18]) && digits(&b[18..]),
        // Eight characters without the branch: institution, country, place.
        K::Bic => b.len() == 8 && either(&b[..4]) && letters(&b[4..6]) && either(&b[6..]),
        K::Iban => (15..=34).contains(&b.len()) && letters(&b[..2]) && digits(&b[2..4]) && either(b),
        K::CryptoWallet => (25..=128).contains(&b.len()) && either(b),
        _ => true,
    }
}

/// Checks an identifier. `value` is the number as written, for addresses whose case is significant.
pub(super) fn check(kind: &IdentifierKind, value: &str, normalized: &str) -> Check {
    use IdentifierKind as K;
    let well_formed = has_format(kind, normalized);
    let passed = match kind {
        K::Imo => well_formed && is_imo(normalized.as_bytes()),
        K::Lei => well_formed && mod_97(normalized.bytes()) == 1,
        K::Bic => well_formed && country_code(&normalized[4..6]).is_some(),
        K::Mmsi => well_formed,
        // Accounts of countries without IBAN are listed in the same columns.
        K::Iban if !well_formed => return Check::None,
        K::Iban => mod_97(normalized.bytes().skip(4).chain(normalized.bytes().take(4))) == 1,
        K::CryptoWallet => return check_wallet(value),
        _ => return Check::None,
    };
    Check::of(passed)
}

/// Ships: the last digit of the sum of the first six digits, weighted 7 to 2, is the seventh. Companies:
/// weights 8, 6, 4, 2, 9, 7; modulo 11, then modulo 10.
fn is_imo(digits: &[u8]) -> bool {
    let sum =
        |weights: [u32; 6]| -> u32 { digits.iter().zip(weights).map(|(d, w)| u32::from(d - b'0') * w).sum() };
    let last = u32::from(digits[6] - b'0');
    let company = (11 - sum([8, 6, 4, 2, 9, 7]) % 11) % 11 % 10;
    sum([7, 6, 5, 4, 3, 2]) % 10 == last || company == last
}

/// ISO 7064, mod 97-10, with letters as 10 to 35.
fn mod_97(text: impl Iterator<Item = u8>) -> u32 {
    text.fold(0, |rest, c| match c {
        b'0'..=b'9' => (rest * 10 + u32::from(c - b'0')) % 97,
        _ => (rest * 100 + u32::from(c - b'A') + 10) % 97,
    })
}

/// Checks an address of a ledger whose format is known, by its first characters.
fn check_wallet(value: &str) -> Check {
    let address = value.rsplit(':').next().unwrap_or(value).trim();
    let hex = address.strip_prefix("0x").or_else(|| address.strip_prefix("0X"));
    if let Some(hex) = hex {
        return Check::of(hex.len() == 40 && hex.bytes().all(|b| b.is_ascii_hexdigit()));
    }
    let lower = address.to_ascii_lowercase();
    if ["bc1", "ltc1"].iter().any(|p| lower.starts_with(p)) {
        return Check::of(bech32::decode(address).is_ok());
    }
    // Bitcoin (1, 3), Litecoin (L, M) and others, Tron (T): 25 bytes, the last four a checksum.
    let first = address.as_bytes().first().copied().unwrap_or(0);
    if matches!(first, b'1' | b'3' | b'T' | b'L' | b'M' | b'D' | b'X') && (26..=35).contains(&address.len()) {
        return Check::of(bs58::decode(address).into_vec().is_ok_and(|bytes| has_base58_checksum(&bytes)));
    }
    Check::None
}

/// Whether decoded bytes end in the first four bytes of the double SHA-256 of the others.
fn has_base58_checksum(bytes: &[u8]) -> bool {
    bytes.split_last_chunk().is_some_and(|(payload, checksum): (_, &[u8; 4])| {
        Sha256::digest(Sha256::digest(payload)).starts_with(checksum)
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Check, Identifier, IdentifierKind as K};

    #[test]
    fn known_numbers_pass_and_mistyped_ones_fail() {
        // Public examples: the IMO scheme's own example 9074729, the LEI of ISO 17442's register, the IBAN of
        // the IBAN registry, the first bitcoin address, the examples of BIP 173 and BIP 350.
        for (kind, value) in [
            (K::Imo, "IMO 9074729"),
            (K::Lei, "5493001KJTIIGC8Y1R12"),
            (K::Iban, "GB82 WEST 1234 5698 7654 32"),
            (K::Bic, "DEUTDEFF500"),
            (K::Mmsi, "422031500"),
            (K::CryptoWallet, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
            (K::CryptoWallet, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
            (K::CryptoWallet, "0xde0b295669a9fd93d5f28d9ec85e40f4cb697bae"),
        ] {
            let good = Identifier::new(kind.clone(), value);
            assert_eq!(good.check(), Check::Passed, "{value}");
            if kind == K::Bic || kind == K::Mmsi || value.starts_with("0x") {
                assert_eq!(
                    Identifier::new(kind, &value[..value.len() - 1]).check(),
                    Check::Failed,
                    "{value}"
                );
                continue;
            }
            // Another last character.
            let (head, last) = value.split_at(value.len() - 1);
            let other = if last == "3" { "4" } else { "3" };
            let bad = Identifier::new(kind, format!("{head}{other}"));
            assert_eq!(bad.check(), Check::Failed, "{}", bad.value);
        }
        assert_eq!(Identifier::new(K::Passport, "X1").check(), Check::None);
        assert_eq!(Identifier::new(K::Iban, "40817810099910004312").check(), Check::None);
    }
}
