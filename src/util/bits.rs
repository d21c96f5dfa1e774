//! Sets of small numbers as machine words: a run of a name's tokens, a set of them, a table of flags.

use std::fmt;
use std::ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, Not, Range};

/// Neighbouring tokens of a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first of them, counted from 0.
    pub first: u8,
    /// How many they are.
    pub count: u8,
}

impl Span {
    /// A run of tokens.
    pub const fn new(first: usize, count: usize) -> Span {
        Span { first: first as u8, count: count as u8 }
    }

    /// A single token.
    pub const fn single(token: usize) -> Span {
        Span::new(token, 1)
    }

    /// Their numbers.
    pub fn range(self) -> Range<usize> {
        usize::from(self.first)..usize::from(self.first) + usize::from(self.count)
    }

    /// The same as a set.
    pub fn tokens(self) -> TokenSet {
        TokenSet(((1 << self.count) - 1) << self.first)
    }
}

/// A set of the tokens of one name, of which there are at most 64.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct TokenSet(pub(crate) u64);

impl TokenSet {
    /// No token.
    pub const EMPTY: TokenSet = TokenSet(0);
    /// All tokens a name can have.
    pub const ALL: TokenSet = TokenSet(u64::MAX);

    /// The first tokens of a name.
    pub const fn first(count: usize) -> TokenSet {
        if count >= 64 { TokenSet::ALL } else { TokenSet((1 << count) - 1) }
    }

    /// One token.
    pub const fn single(token: usize) -> TokenSet {
        TokenSet(1 << token)
    }

    /// Whether a token is in the set.
    pub const fn contains(self, token: usize) -> bool {
        self.0 >> token & 1 == 1
    }

    /// Adds a token.
    pub const fn insert(&mut self, token: usize) {
        self.0 |= 1 << token;
    }

    /// Takes a token out.
    pub const fn remove(&mut self, token: usize) {
        self.0 &= !(1 << token);
    }

    /// Adds a token if so, without a branch.
    pub fn insert_if(&mut self, token: usize, condition: bool) {
        self.0 |= u64::from(condition) << token;
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many there are.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether both have a token in common.
    pub const fn intersects(self, other: TokenSet) -> bool {
        self.0 & other.0 != 0
    }

    /// The tokens that are not in the other set.
    pub const fn without(self, other: TokenSet) -> TokenSet {
        TokenSet(self.0 & !other.0)
    }

    /// The tokens whose successor at this distance is in the set.
    pub const fn before(self, distance: usize) -> TokenSet {
        TokenSet(self.0 >> distance)
    }

    /// The last token; `None` of the empty set.
    pub const fn last(self) -> Option<usize> {
        if self.0 == 0 { None } else { Some(63 - self.0.leading_zeros() as usize) }
    }

    /// The tokens in their order.
    pub fn iter(self) -> impl Iterator<Item = usize> + Clone {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let token = left.trailing_zeros() as usize;
            left &= left.wrapping_sub(1);
            (token < 64).then_some(token)
        })
    }
}

impl fmt::Debug for TokenSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl FromIterator<usize> for TokenSet {
    fn from_iter<I: IntoIterator<Item = usize>>(tokens: I) -> TokenSet {
        tokens.into_iter().fold(TokenSet::EMPTY, |all, token| all | TokenSet::single(token))
    }
}

impl BitOr for TokenSet {
    type Output = TokenSet;

    fn bitor(self, other: TokenSet) -> TokenSet {
        TokenSet(self.0 | other.0)
    }
}

impl BitAnd for TokenSet {
    type Output = TokenSet;

    fn bitand(self, other: TokenSet) -> TokenSet {
        TokenSet(self.0 & other.0)
    }
}

impl Not for TokenSet {
    type Output = TokenSet;

    fn not(self) -> TokenSet {
        TokenSet(!self.0)
    }
}

impl BitOrAssign for TokenSet {
    fn bitor_assign(&mut self, other: TokenSet) {
        self.0 |= other.0;
    }
}

impl BitAndAssign for TokenSet {
    fn bitand_assign(&mut self, other: TokenSet) {
        self.0 &= other.0;
    }
}

/// A set of numbers below a bound that is a power of two; of greater numbers the low bits count.
#[derive(Clone, Debug)]
pub(crate) struct BitSet(Box<[u64]>);

impl BitSet {
    /// The empty set of numbers below `bound`, a power of two and at least 64.
    pub(crate) fn new(bound: usize) -> BitSet {
        BitSet(vec![0; bound / 64].into())
    }

    pub(crate) fn insert(&mut self, number: u64) {
        let at = number as usize & (64 * self.0.len() - 1);
        self.0[at / 64] |= 1 << (at % 64);
    }

    pub(crate) fn contains(&self, number: u64) -> bool {
        let at = number as usize & (64 * self.0.len() - 1);
        self.0[at / 64] >> (at % 64) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn a_token_set_is_a_set(a in prop::collection::btree_set(0usize..64, 0..20), b in prop::collection::btree_set(0usize..64, 0..20)) {
            let (x, y): (TokenSet, TokenSet) = (a.iter().copied().collect(), b.iter().copied().collect());
            let as_set = |s: TokenSet| s.iter().collect::<BTreeSet<usize>>();
            prop_assert_eq!(as_set(x), a.clone());
            prop_assert_eq!(as_set(x | y), &a | &b);
            prop_assert_eq!(as_set(x & y), &a & &b);
            prop_assert_eq!(as_set(x.without(y)), &a - &b);
            prop_assert_eq!(x.intersects(y), !a.is_disjoint(&b));
            prop_assert_eq!((x.len(), x.is_empty(), x.last()), (a.len(), a.is_empty(), a.last().copied()));
            prop_assert!((0..64).all(|i| x.contains(i) == a.contains(&i)));
            prop_assert!((0..61).all(|i| x.before(3).contains(i) == a.contains(&(i + 3))));
        }

        #[test]
        fn a_span_is_a_run_of_tokens(first in 0usize..60, count in 1usize..4) {
            let span = Span::new(first, count);
            prop_assert_eq!(span.tokens().iter().collect::<Vec<_>>(), span.range().collect::<Vec<_>>());
        }

        #[test]
        fn a_bit_set_holds_what_was_inserted(numbers in prop::collection::btree_set(0u64..256, 0..40)) {
            let mut set = BitSet::new(256);
            numbers.iter().for_each(|n| set.insert(*n));
            prop_assert!((0..256).all(|n| set.contains(n) == numbers.contains(&n)));
        }
    }
}
