//! The listed names that stand in a text.
//!
//! The automaton of folded names is walked from the beginning of each word of the text, as in the search for many
//! patterns at once (Aho and Corasick, 1975), but without failure links: a name begins with a word, and most words begin
//! none, so that a walk ends after a few letters.

use super::Index;
use crate::name::fold_name;
use serde::Serialize;
use std::ops::Range;

/// A listed name that stands in a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Occurrence {
    /// Which words of the text it is: those of [`fold_name`], counted from 0.
    pub words: Range<usize>,
    /// The name as published.
    pub name: String,
    /// The number of its entity, for [`Index::entity`].
    pub entity: u32,
}

impl Index {
    /// The listed names that stand in a text word for word, both [folded](fold_name): each with the words that it is, in
    /// the order of the text, shorter ones first. Names may lie within each other.
    ///
    /// Cost: a short walk for each word, below a microsecond for most.
    ///
    /// Limits: names in other spellings are not found, and names of one word are found wherever the word stands.
    ///
    /// # Examples
    ///
    /// ```
    /// use interdict::{Index, list};
    ///
    /// let published = b"id,name\n1,Volga Star\n2,\"VOLGA STAR SHIPPING, LTD\"\n";
    /// let index = Index::build(&[list::from_bytes("published", published)?])?;
    /// let found = index.names_in("Inv. 17 freight Volga Star Shipping Ltd, Odessa");
    /// assert_eq!((found[0].words.clone(), &*found[0].name), (3..5, "Volga Star"));
    /// assert_eq!((found[1].words.clone(), found[1].entity), (3..7, 1));
    /// # Ok::<(), interdict::Error>(())
    /// ```
    pub fn names_in(&self, text: &str) -> Vec<Occurrence> {
        let folded = fold_name(text);
        let names = self.folded_names();
        let mut found = Vec::new();
        let mut start = 0;
        for (first, word) in folded.split(' ').enumerate() {
            let mut last = first;
            let mut at = names.start();
            for (i, byte) in folded.bytes().enumerate().skip(start) {
                let Some(next) = names.step(at, byte) else { break };
                at = next;
                if !matches!(folded.as_bytes().get(i + 1), None | Some(b' ')) || byte == b' ' {
                    continue;
                }
                last += 1;
                for item in names.run(at).map_or(&[][..], |run| &names.items()[run]) {
                    let record = &self.name_records()[item.number() as usize];
                    let name = self.name_text(record).to_string();
                    found.push(Occurrence { words: first..last, name, entity: record.entity });
                }
            }
            start += word.len() + 1;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_name_that_stands_in_a_text_is_found(
            names in prop::collection::btree_set("[abж]{1,2}( [abж]{1,2}){0,2}", 1..20),
            text in "[abж]{0,2}( [abж]{1,2}){0,8}",
        ) {
            let names: Vec<String> = names.into_iter().collect();
            let rows: String = names.iter().enumerate().map(|(i, name)| format!("{i},{name}\n")).collect();
            let list = crate::list::from_bytes("names", format!("id,name\n{rows}").as_bytes()).unwrap();
            let index = Index::build(&[list]).unwrap();
            let folded = fold_name(&text);
            let words: Vec<&str> = folded.split(' ').collect();
            let mut expected = Vec::new();
            for first in 0..words.len() {
                for end in first + 1..=words.len() {
                    let run = words[first..end].join(" ");
                    let same = (0..names.len()).filter(|i| fold_name(&names[*i]) == run);
                    expected.extend(same.map(|i| (first..end, i as u32)));
                }
            }
            let found: Vec<(Range<usize>, u32)> =
                index.names_in(&text).into_iter().map(|o| (o.words, o.entity)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
