//! Sets of small numbers as machine words: runs of the tokens of a name, sets of its tokens, and tables of
//! flags.
//!
//! A name has at most [`MAX_TOKENS`](crate::name::MAX_TOKENS) tokens, fewer than 64, so that a set of them is
//! one word and every operation on it one or two instructions. Retrieval and alignment depend on that.

use serde::{Serialize, Serializer};
use std::fmt;
use std::ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, Not, Range};

// A name is as long as its set of tokens allows.
const _: () = assert!(crate::name::MAX_TOKENS < TokenSet::CAPACITY);

/// Neighbouring tokens of a name.
///
/// ```
/// use interdict::score::{Span, TokenSet};
///
/// let span = Span::new(2, 3);
/// assert_eq!(span.range(), 2..5);
/// assert!(span.tokens().contains(4));
/// assert_eq!(Span::single(4).tokens(), TokenSet::single(4));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// The number of the first token, counted from 0.
    pub first: u8,
    /// The number of tokens, below 64.
    pub count: u8,
}

impl Span {
    /// The run of `count` tokens from token `first` on.
    pub const fn new(first: usize, count: usize) -> Span {
        Span { first: first as u8, count: count as u8 }
    }

    /// A single token.
    pub const fn single(token: usize) -> Span {
        Span::new(token, 1)
    }

    /// The numbers of its tokens.
    pub fn range(self) -> Range<usize> {
        usize::from(self.first)..usize::from(self.first) + usize::from(self.count)
    }

    /// Its tokens as a set.
    pub fn tokens(self) -> TokenSet {
        TokenSet(((1 << self.count) - 1) << self.first)
    }
}

/// A set of the tokens of one name. Tokens are numbered from 0 to 63.
///
/// ```
/// use interdict::score::TokenSet;
///
/// let mut matched = TokenSet::single(0);
/// matched.insert(2);
/// let unmatched = TokenSet::first(4).without(matched);
/// assert_eq!(unmatched.iter().collect::<Vec<_>>(), [1, 3]);
/// assert_eq!(matched | unmatched, TokenSet::first(4));
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct TokenSet(pub(crate) u64);

impl TokenSet {
    /// The tokens that a set can hold.
    pub(crate) const CAPACITY: usize = u64::BITS as usize;
    /// The set without a token.
    pub const EMPTY: TokenSet = TokenSet(0);
    /// The set of all tokens that a name can have.
    pub const ALL: TokenSet = TokenSet(u64::MAX);

    /// The set of the first `count` tokens of a name.
    pub const fn first(count: usize) -> TokenSet {
        if count >= TokenSet::CAPACITY { TokenSet::ALL } else { TokenSet((1 << count) - 1) }
    }

    /// The set of one token.
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

    /// Removes a token.
    pub const fn remove(&mut self, token: usize) {
        self.0 &= !(1 << token);
    }

    /// Adds a token if the condition holds, without a branch.
    pub fn insert_if(&mut self, token: usize, condition: bool) {
        self.0 |= u64::from(condition) << token;
    }

    /// Whether the set has no token.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The number of tokens in the set.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether the sets have a token in common.
    pub const fn intersects(self, other: TokenSet) -> bool {
        self.0 & other.0 != 0
    }

    /// The tokens that are not in the other set.
    pub const fn without(self, other: TokenSet) -> TokenSet {
        TokenSet(self.0 & !other.0)
    }

    /// The tokens whose successor at this distance, below 64, is in the set.
    pub const fn before(self, distance: usize) -> TokenSet {
        TokenSet(self.0 >> distance)
    }

    /// The last token; `None` for the empty set.
    pub const fn last(self) -> Option<usize> {
        if self.0 == 0 { None } else { Some(TokenSet::CAPACITY - 1 - self.0.leading_zeros() as usize) }
    }

    /// The tokens in ascending order.
    pub fn iter(self) -> impl Iterator<Item = usize> + Clone {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let token = rest.trailing_zeros() as usize;
            rest &= rest.wrapping_sub(1);
            (token < TokenSet::CAPACITY).then_some(token)
        })
    }
}

impl fmt::Debug for TokenSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// A list of the tokens.
impl Serialize for TokenSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
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

/// A set of numbers below a bound that is a power of two. Of a greater number only the low bits count, so
/// that hashes can be inserted as they are.
#[derive(Clone, Debug)]
pub(crate) struct BitSet {
    words: Box<[u64]>,
}

impl BitSet {
    /// The empty set of numbers below `bound`, a power of two and at least 64.
    pub(crate) fn new(bound: usize) -> BitSet {
        debug_assert!(bound.is_power_of_two() && bound >= 64, "{bound}");
        BitSet { words: vec![0; bound / 64].into() }
    }

    pub(crate) fn insert(&mut self, number: u64) {
        let (word, bit) = self.position(number);
        self.words[word] |= 1 << bit;
    }

    pub(crate) fn contains(&self, number: u64) -> bool {
        let (word, bit) = self.position(number);
        self.words[word] >> bit & 1 == 1
    }

    /// The word of a number, and its bit there.
    fn position(&self, number: u64) -> (usize, u32) {
        let number = number as usize & (64 * self.words.len() - 1);
        (number / 64, (number % 64) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn a_token_set_is_a_set(
            a in prop::collection::btree_set(0usize..64, 0..20),
            b in prop::collection::btree_set(0usize..64, 0..20),
        ) {
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
        fn tokens_are_inserted_and_removed(
            tokens in prop::collection::btree_set(0usize..64, 0..20),
            token in 0usize..64,
            condition: bool,
        ) {
            let set: TokenSet = tokens.iter().copied().collect();
            let mut expected = tokens;
            let (mut with, mut without, mut perhaps) = (set, set, set);
            perhaps.insert_if(token, condition);
            prop_assert_eq!(perhaps.contains(token), condition || set.contains(token));
            prop_assert_eq!(perhaps.without(TokenSet::single(token)), set.without(TokenSet::single(token)));
            without.remove(token);
            expected.remove(&token);
            prop_assert_eq!(without, expected.iter().copied().collect());
            with.insert(token);
            expected.insert(token);
            prop_assert_eq!(with, expected.iter().copied().collect());
            prop_assert_eq!(with | !with, TokenSet::ALL);
        }

        #[test]
        fn the_first_tokens_are_those_below_their_number(count in 0usize..70) {
            prop_assert!(TokenSet::first(count).iter().eq(0..count.min(64)));
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
            let low_bits_alone = (0..256).all(|n| set.contains(n | 7 << 8) == numbers.contains(&n));
            prop_assert!(low_bits_alone);
        }
    }
}
