//! The bit-parallel distance is strsim's, within the budget and beyond it, for any ASCII words.

use interdict::unstable::{MAX_PATTERN, Pattern};
use proptest::prelude::*;

/// Words of few letters, so that they share many; of any ASCII bytes; and long ones.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[ab]{0,10}",
        4 => "[a-e]{0,24}",
        2 => "[a-c]{56,64}",
        2 => "[ -~]{0,64}",
        1 => "[\\x00-\\x7f]{0,64}",
        1 => "[a-z0-9]{40,64}",
    ]
}

/// The same word after some edits: the distances that decide are small.
fn edited(word: &str, edits: &[(u8, u8, u8)]) -> String {
    let mut bytes = word.as_bytes().to_vec();
    for (kind, at, with) in edits {
        let i = usize::from(*at) % (bytes.len() + 1);
        match kind % 4 {
            0 => bytes.insert(i, with % 128),
            1 if i < bytes.len() => bytes[i] = with % 128,
            2 if i < bytes.len() => drop(bytes.remove(i)),
            3 if i + 1 < bytes.len() => bytes.swap(i, i + 1),
            _ => {}
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn check(a: &str, b: &str, most: usize) -> Result<(), TestCaseError> {
    let want = strsim::osa_distance(a, b);
    let pattern = Pattern::new(a.as_bytes()).unwrap();
    prop_assert_eq!(pattern.distance(b.as_bytes(), most), (want <= most).then_some(want), "{:?} {:?}", a, b);
    // At the edge: the distance itself, and one less.
    prop_assert_eq!(pattern.distance(b.as_bytes(), want), Some(want), "{:?} {:?}", a, b);
    if want > 0 {
        prop_assert_eq!(pattern.distance(b.as_bytes(), want - 1), None, "{:?} {:?}", a, b);
    }
    prop_assert_eq!(pattern.distance(b.as_bytes(), 200), Some(want), "{:?} {:?}", a, b);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn of_any_two_words(a in word(), b in "[a-e]{0,10}|[a-c]{50,100}|[ -~]{0,80}", most in 0usize..6) {
        check(&a, &b, most)?;
    }

    #[test]
    fn of_a_word_and_itself_after_edits(
        a in word(),
        edits in proptest::collection::vec(any::<(u8, u8, u8)>(), 0..6),
        most in 0usize..6,
    ) {
        check(&a, &edited(&a, &edits), most)?;
    }
}

#[test]
fn what_it_cannot_hold_is_told() {
    let word = |len: usize| "a".repeat(len);
    assert!(Pattern::new(word(MAX_PATTERN).as_bytes()).is_some());
    assert!(Pattern::new(word(MAX_PATTERN + 1).as_bytes()).is_none());
    assert!(Pattern::new("ä".as_bytes()).is_none());
    let pattern = Pattern::new(b"").unwrap();
    assert_eq!((pattern.distance(b"ab", 2), pattern.distance(b"ab", 1)), (Some(2), None));
    let pattern = Pattern::new(word(64).as_bytes()).unwrap();
    assert_eq!(pattern.distance(b"", 64), Some(64));
    assert_eq!(pattern.distance("ä".as_bytes(), 64), None);
}
