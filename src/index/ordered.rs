//! Sorted keys in a finite-state map, each with a run of numbers.
//!
//! A hash table answers one question: what has this key? A minimal automaton of sorted keys
//! ([`fst`](https://docs.rs/fst); Gallant, "Index 1,600,000,000 Keys with Automata and Rust", 2015) also has all keys
//! that begin with a text, and all keys that an automaton accepts, in their order.
//!
//! The numbers of a key are a run of a second section, in the order of the keys, and the value of a key is where its run
//! begins. So values grow with the keys. All keys that begin with a text lie under one node of the automaton, and their
//! numbers are one range, from the run of the first to that of the last:
//!
//! ```text
//! keys     "acme"   "acme ltd"   "acme trading"   "volga star"
//! values    0        2            3                5
//! numbers  [17, 4|   9|           12, 3|           8|]           | marks the end of a run
//! ```
//!
//! "acme" is one look-up, with the numbers 17 and 4. What begins with "acme " is the range 2 to 4.
//!
//! Cost: a look-up is a step for each byte of the key, some 10 ns each while the automaton is in the cache. A range
//! costs two walks from a node down to its first and its last key.

use fst::raw::{CompiledAddr, Fst};
use std::ops::Range;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// A number of a key, with a mark at the end of each run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(transparent)]
pub(crate) struct RunItem(u32);

impl RunItem {
    const ENDS_RUN: u32 = 1 << 31;
    /// The greatest number that an item holds.
    pub(super) const MAX: u32 = Self::ENDS_RUN - 1;

    fn new(number: u32, ends_run: bool) -> RunItem {
        debug_assert!(number <= Self::MAX);
        RunItem(number | if ends_run { Self::ENDS_RUN } else { 0 })
    }

    /// The number.
    pub(crate) fn number(self) -> u32 {
        self.0 & Self::MAX
    }

    fn ends_run(self) -> bool {
        self.0 & Self::ENDS_RUN != 0
    }
}

/// Where a walk through the automaton is: after a text that some key begins with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Position {
    node: CompiledAddr,
    /// The sum of the outputs on the way.
    sum: u64,
}

/// A map from sorted keys to runs of numbers, as two sections of an index.
pub(crate) struct OrderedMap<'a, D> {
    automaton: &'a Fst<D>,
    items: &'a [RunItem],
}

// Derived, these would need `D: Copy`.
impl<D> Clone for OrderedMap<'_, D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for OrderedMap<'_, D> {}

impl<'a, D: AsRef<[u8]>> OrderedMap<'a, D> {
    pub(super) fn new(automaton: &'a Fst<D>, items: &'a [RunItem]) -> Self {
        OrderedMap { automaton, items }
    }

    /// Before the first byte of every key.
    pub(crate) fn start(&self) -> Position {
        Position { node: self.automaton.root().addr(), sum: 0 }
    }

    /// One byte on; `None` if no key goes on so.
    pub(crate) fn step(&self, at: Position, byte: u8) -> Option<Position> {
        let node = self.automaton.node(at.node);
        let transition = node.transition(node.find_input(byte)?);
        Some(Position { node: transition.addr, sum: at.sum + transition.out.value() })
    }

    /// After a text; `None` if no key begins with it.
    pub(crate) fn walk(&self, text: &[u8]) -> Option<Position> {
        text.iter().try_fold(self.start(), |at, byte| self.step(at, *byte))
    }

    /// The bytes that keys go on with, each with its position, in their order.
    pub(crate) fn steps(&self, at: Position) -> impl Iterator<Item = (u8, Position)> + '_ {
        let node = self.automaton.node(at.node);
        (0..node.len()).map(move |i| {
            let transition = node.transition(i);
            (transition.inp, Position { node: transition.addr, sum: at.sum + transition.out.value() })
        })
    }

    /// The numbers of the key that ends here: a range of [`OrderedMap::items`]. `None` if none does.
    pub(crate) fn run(&self, at: Position) -> Option<Range<usize>> {
        let node = self.automaton.node(at.node);
        node.is_final().then(|| self.run_from(at.sum + node.final_output().value()))
    }

    fn run_from(&self, start: u64) -> Range<usize> {
        let start = (start as usize).min(self.items.len());
        let rest = self.items[start..].iter();
        start..start + rest.take_while(|item| !item.ends_run()).count() + 1
    }

    /// The numbers of all keys that begin with the text before this position: a range of [`OrderedMap::items`].
    pub(crate) fn range(&self, at: Position) -> Range<usize> {
        if self.automaton.is_empty() {
            return 0..0;
        }
        let (mut node, mut first) = (self.automaton.node(at.node), at.sum);
        while !node.is_final() {
            let transition = node.transition(0);
            first += transition.out.value();
            node = self.automaton.node(transition.addr);
        }
        first += node.final_output().value();
        let (mut node, mut last) = (self.automaton.node(at.node), at.sum);
        while !node.is_empty() {
            let transition = node.transition(node.len() - 1);
            last += transition.out.value();
            node = self.automaton.node(transition.addr);
        }
        last += node.final_output().value();
        first as usize..self.run_from(last).end
    }

    /// The numbers, in the order of their keys.
    pub(crate) fn items(&self) -> &'a [RunItem] {
        self.items
    }
}

/// Builds the two sections of an [`OrderedMap`] from keys in ascending order, each with a number.
pub(super) fn build<'k>(
    sorted: impl Iterator<Item = (&'k [u8], u32)>,
) -> Result<(Vec<u8>, Vec<RunItem>), fst::Error> {
    let mut map = fst::MapBuilder::memory();
    let mut items: Vec<RunItem> = Vec::new();
    let mut sorted = sorted.peekable();
    let mut starts_run = true;
    while let Some((key, number)) = sorted.next() {
        if starts_run {
            map.insert(key, items.len() as u64)?;
        }
        starts_run = sorted.peek().is_none_or(|(next, _)| *next != key);
        items.push(RunItem::new(number, starts_run));
    }
    Ok((map.into_inner()?, items))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn automaton_and_items(keys: &[(String, u32)]) -> (Fst<Vec<u8>>, Vec<RunItem>) {
        let (bytes, items) = build(keys.iter().map(|(key, number)| (key.as_bytes(), *number))).unwrap();
        (Fst::new(bytes).unwrap(), items)
    }

    fn numbers(map: &OrderedMap<'_, Vec<u8>>, range: Range<usize>) -> Vec<u32> {
        map.items()[range].iter().map(|item| item.number()).collect()
    }

    #[test]
    fn the_example_of_the_documentation_holds() {
        let keys = [
            ("acme", 17),
            ("acme", 4),
            ("acme ltd", 9),
            ("acme trading", 12),
            ("acme trading", 3),
            ("volga star", 8),
        ];
        let keys = keys.map(|(key, number)| (key.to_string(), number));
        let (automaton, items) = automaton_and_items(&keys);
        let map = OrderedMap::new(&automaton, &items);
        assert_eq!(numbers(&map, map.run(map.walk(b"acme").unwrap()).unwrap()), [17, 4]);
        assert_eq!(map.range(map.walk(b"acme ").unwrap()), 2..5);
        assert_eq!(map.run(map.walk(b"acme ").unwrap()), None);
        assert!(map.walk(b"acmf").is_none());
        assert_eq!(map.range(map.start()), 0..6);
        assert_eq!(map.steps(map.walk(b"acme ").unwrap()).map(|(byte, _)| byte).collect::<Vec<_>>(), b"lt");
    }

    #[test]
    fn an_empty_map_has_no_key() {
        let (automaton, items) = automaton_and_items(&[]);
        let map = OrderedMap::new(&automaton, &items);
        assert_eq!((map.range(map.start()), map.run(map.start())), (0..0, None));
        assert!(map.walk(b"a").is_none());
    }

    proptest! {
        #[test]
        fn look_ups_and_ranges_are_those_of_a_sorted_list(
            mut keys in prop::collection::vec(("[abé ]{1,5}", 0..100u32), 0..40),
            text in "[abé ]{0,4}",
        ) {
            keys.sort();
            let (automaton, items) = automaton_and_items(&keys);
            let map = OrderedMap::new(&automaton, &items);
            let wanted = |want: &dyn Fn(&str) -> bool| -> Vec<u32> {
                keys.iter().filter(|(key, _)| want(key)).map(|(_, number)| *number).collect()
            };
            let at = map.walk(text.as_bytes());
            let equal = at.and_then(|at| map.run(at)).map_or(Vec::new(), |run| numbers(&map, run));
            prop_assert_eq!(equal, wanted(&|key| key == text));
            let begun = at.map_or(Vec::new(), |at| numbers(&map, map.range(at)));
            prop_assert_eq!(begun, wanted(&|key| key.starts_with(&text)));
        }
    }
}
