//! Any two texts as identifiers: what agrees shares a key, both ways.
#![no_main]
use interdict::entity::{Identifier, IdentifierKind as K};
use interdict::score::identifiers::compare;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: (u8, u8, &str, &str)| {
    let (a, b, left, right) = data;
    let kinds = [
        K::Passport,
        K::Imo,
        K::Bic,
        K::Lei,
        K::Iban,
        K::Mmsi,
        K::CryptoWallet,
        K::CallSign,
        K::unspecified(),
    ];
    let kind = |n: u8| kinds[usize::from(n) % kinds.len()].clone();
    let (a, b) = (Identifier::new(kind(a), left), Identifier::new(kind(b), right));
    let (_, _) = (a.check(), b.check());
    let agreement = compare(&a, &b, &[]);
    assert_eq!(agreement.map(|x| x.score), compare(&b, &a, &[]).map(|x| x.score));
    assert!(agreement.is_none() || a.keys().iter().any(|k| b.keys().contains(k)));
});
