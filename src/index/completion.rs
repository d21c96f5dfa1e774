//! Completion: the listed names that begin as somebody types.
//!
//! All names that begin with a text are one range of the [ordered map](super::ordered) of folded names. For a text with a
//! typing error a Levenshtein automaton (Schulz and Mihov, "Fast string correction with Levenshtein automata", 2002) walks
//! the map, and ends at each node from which on everything is accepted: a few ranges instead of one. Of a range only the
//! ranks are read, a byte for each name.

use super::ordered::{OrderedMap, Position};
use super::records::CompletionRank;
use super::{Index, Section};
use crate::entity::{NameKind, Schema};
use crate::name::fold_name;
use fst::Automaton;
use fst::automaton::Levenshtein;
use serde::Serialize;
use std::collections::BinaryHeap;
use std::ops::Range;

/// A listed name that completes a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Completion {
    /// The name as published.
    pub name: String,
    /// The role of the name for its entity.
    pub kind: NameKind,
    /// The kind of party.
    pub schema: Schema,
    /// The name of the list.
    pub list: String,
    /// The id of the entity on its list.
    pub entity_id: String,
    /// The number of the entity, for [`Index::entity`].
    pub entity: u32,
    /// Whether the name begins with the text only if one letter of it is another, missing or too many.
    pub typo: bool,
}

/// A name among the completions of a text: what comes first is less.
type Candidate = (bool, CompletionRank, usize);

/// The least characters of a text that completes with a typing error: of a shorter one nearly all names are completions.
const MIN_TYPO_CHARS: usize = 3;
/// The most: the automaton grows with the text.
const MAX_TYPO_CHARS: usize = 64;

impl Index {
    /// The first `limit` listed names that begin with a text, as [folded](fold_name): primary names before aliases, then
    /// short ones before long ones, then in alphabetical order.
    ///
    /// Cost: a byte is read for each name that begins so; of the names returned, the entity is decoded.
    ///
    /// # Examples
    ///
    /// ```
    /// use interdict::{Index, list};
    ///
    /// let published = b"id,name,aliases\n1,Volga Star Shipping,\n2,VOLGA STAR,Volga Trading\n";
    /// let index = Index::build(&[list::from_bytes("published", published)?])?;
    /// let names: Vec<String> = index.complete("volga s", 10).into_iter().map(|c| c.name).collect();
    /// assert_eq!(names, ["VOLGA STAR", "Volga Star Shipping"]);
    /// assert!(index.complete("wolga", 10).is_empty());
    /// # Ok::<(), interdict::Error>(())
    /// ```
    pub fn complete(&self, text: &str, limit: usize) -> Vec<Completion> {
        let folded = fold_name(text);
        let mut best = BestCandidates::new(limit);
        if let Some(range) = self.range_of(&folded) {
            best.add(false, range, self.completion_ranks());
        }
        self.completions(best)
    }

    /// [`Index::complete`], then the names that begin with the text but for one letter: one that is missing, too many, or
    /// another. For texts of 3 to 64 characters as folded.
    ///
    /// Cost: the automaton is built for each text, some tens of microseconds; then as [`Index::complete`].
    ///
    /// # Examples
    ///
    /// ```
    /// use interdict::{Index, list};
    ///
    /// let index = Index::build(&[list::from_bytes("published", b"id,name\n2,VOLGA STAR\n")?])?;
    /// let completion = &index.complete_with_typo("wolga", 10)[0];
    /// assert!(completion.name == "VOLGA STAR" && completion.typo);
    /// # Ok::<(), interdict::Error>(())
    /// ```
    pub fn complete_with_typo(&self, text: &str, limit: usize) -> Vec<Completion> {
        let folded = fold_name(text);
        let exact = self.range_of(&folded).unwrap_or(0..0);
        let mut best = BestCandidates::new(limit);
        best.add(false, exact.clone(), self.completion_ranks());
        if (MIN_TYPO_CHARS..=MAX_TYPO_CHARS).contains(&folded.chars().count())
            && let Ok(automaton) = Levenshtein::new(&folded, 1)
        {
            for_each_accepted_range(&self.folded_names(), &automaton.starts_with(), &mut |range| {
                // What completes the text as it is lies within one of the ranges, or around it.
                best.add(
                    true,
                    range.start..range.end.min(exact.start.max(range.start)),
                    self.completion_ranks(),
                );
                best.add(true, range.start.max(exact.end.min(range.end))..range.end, self.completion_ranks());
            });
        }
        self.completions(best)
    }

    /// How many listed names begin with a text, as folded: all that [`Index::complete`] can return.
    pub fn count_completions(&self, text: &str) -> usize {
        self.range_of(&fold_name(text)).map_or(0, |range| range.len())
    }

    fn range_of(&self, folded: &str) -> Option<Range<usize>> {
        let names = self.folded_names();
        Some(names.range(names.walk(folded.as_bytes()).filter(|_| !folded.is_empty())?))
    }

    fn completion_ranks(&self) -> &[CompletionRank] {
        self.inner.sections.completion_ranks()
    }

    fn completions(&self, best: BestCandidates) -> Vec<Completion> {
        let items = self.folded_names().items();
        let completion = |(typo, _, at): Candidate| {
            let record = &self.name_records()[items[at].number() as usize];
            let (entity, version) = self.entity(record.entity)?;
            Some(Completion {
                name: self.name_text(record).to_string(),
                kind: record.kind(),
                schema: entity.schema,
                list: version.name.clone(),
                entity_id: entity.id,
                entity: record.entity,
                typo,
            })
        };
        best.heap.into_sorted_vec().into_iter().filter_map(completion).collect()
    }
}

/// The first candidates of those added, at most so many.
struct BestCandidates {
    heap: BinaryHeap<Candidate>,
    limit: usize,
}

impl BestCandidates {
    fn new(limit: usize) -> Self {
        BestCandidates { heap: BinaryHeap::new(), limit }
    }

    /// Adds the names at these places of the ordered map.
    fn add(&mut self, typo: bool, range: Range<usize>, ranks: &[CompletionRank]) {
        for at in range {
            let candidate = (typo, ranks[at], at);
            if self.heap.len() < self.limit {
                self.heap.push(candidate);
            } else if let Some(mut last) = self.heap.peek_mut().filter(|last| candidate < **last) {
                *last = candidate;
            }
        }
    }
}

/// Calls `each` with the ranges of all names that an automaton accepts with whatever follows, in their order.
fn for_each_accepted_range<A: Automaton>(
    names: &OrderedMap<'_, Section>,
    automaton: &A,
    each: &mut impl FnMut(Range<usize>),
) {
    let mut stack: Vec<(Position, A::State)> = vec![(names.start(), automaton.start())];
    while let Some((at, state)) = stack.pop() {
        if automaton.will_always_match(&state) {
            each(names.range(at));
            continue;
        }
        let first = stack.len();
        for (byte, next) in names.steps(at) {
            let state = automaton.accept(&state, byte);
            if automaton.can_match(&state) {
                stack.push((next, state));
            }
        }
        stack[first..].reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn index(names: &[String]) -> Index {
        let rows: String = names.iter().enumerate().map(|(i, name)| format!("{i},{name}\n")).collect();
        let list = crate::list::from_bytes("names", format!("id,name\n{rows}").as_bytes()).unwrap();
        Index::build(&[list]).unwrap()
    }

    fn ids(completions: &[Completion], typo: bool) -> Vec<String> {
        completions.iter().filter(|c| c.typo == typo).map(|c| c.entity_id.clone()).collect()
    }

    /// Whether a beginning of a text is at most one edit away from another text.
    fn begins_with_typo(text: &str, beginning: &str) -> bool {
        let chars: Vec<char> = text.chars().collect();
        (0..=chars.len()).any(|n| strsim::levenshtein(&chars[..n].iter().collect::<String>(), beginning) <= 1)
    }

    #[test]
    fn a_long_text_is_completed_with_a_typing_error() {
        let name = "abcdefghij".repeat(6);
        let index = index(&[format!("{name} ltd")]);
        assert_eq!(index.complete_with_typo(&name.replacen('e', "x", 1), 5).len(), 1);
        assert_eq!(index.complete("", 5).len(), 0);
        assert_eq!(index.complete("abc", 0).len(), 0);
    }

    proptest! {
        #[test]
        fn completions_are_those_of_a_sorted_list(
            names in prop::collection::btree_set("[abж]{1,5}( [abж]{1,4})?", 1..30),
            text in "[abж]{1,5}",
            limit in 0..12usize,
        ) {
            let names: Vec<String> = names.into_iter().collect();
            let index = index(&names);
            let sorted = |wanted: &dyn Fn(&str) -> bool| -> Vec<String> {
                let mut found: Vec<usize> = (0..names.len()).filter(|i| wanted(&fold_name(&names[*i]))).collect();
                found.sort_by_key(|i| (names[*i].chars().count(), fold_name(&names[*i])));
                found.iter().map(usize::to_string).collect()
            };
            let folded = fold_name(&text);
            let exact = sorted(&|name| name.starts_with(&folded));
            prop_assert_eq!(ids(&index.complete(&text, names.len()), false), &exact[..]);
            prop_assert_eq!(ids(&index.complete(&text, limit), false), &exact[..limit.min(exact.len())]);
            let all = index.complete_with_typo(&text, names.len());
            prop_assert_eq!(ids(&all, false), exact);
            let near = sorted(&|name| {
                folded.chars().count() >= MIN_TYPO_CHARS
                    && !name.starts_with(&folded)
                    && begins_with_typo(name, &folded)
            });
            prop_assert_eq!(ids(&all, true), near);
            prop_assert_eq!(&index.complete_with_typo(&text, limit)[..], &all[..limit.min(all.len())]);
        }
    }
}
