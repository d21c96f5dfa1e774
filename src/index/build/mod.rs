//! Building an index: from lists to the bytes of an index file.
//!
//! Steps, in their order:
//!
//! 1. [`entities`]: each entity becomes a record, with its dates, its countries and the keys of its
//!    identifiers;
//! 2. [`names`]: each name is analysed and becomes a run of tokens and concatenations, and a posting in the
//!    posting list of each of them;
//! 3. [`tokens`]: each distinct token or concatenation becomes a record of the dictionary, with the keys
//!    under which a query finds it;
//! 4. [`order`]: tokens and names are renumbered, so that those that a query needs together are neighbours;
//! 5. [`postings`] and [`keys`]: posting lists and the hash table of keys are sorted and laid out, and names and words
//!    become [automata](super::ordered);
//! 6. `Builder::assemble`: the sections are put together, in the order of the [table](super::sections).
//!
//! The bytes depend on the lists and their order alone: every sort has a total order, and no hash map is
//! iterated.

mod entities;
mod keys;
mod names;
mod order;
mod postings;
pub(super) mod tokens;

use super::format::Image;
use super::records::MAX_NAMES;
use super::sections::SectionId;
use super::{IndexIdentity, UnsearchableName, groups};
use crate::entity::Entity;
use crate::error::{Error, ErrorKind, Result};
use crate::list::List;
use crate::name::{AnalysedName, Analyser};
use entities::EntityTable;
use keys::KeyTable;
use names::NameTable;
use postings::PostingLists;
use tokens::Dictionary;
use zerocopy::IntoBytes;

/// Builds the image of an index of these lists.
pub(super) fn build(lists: &[List]) -> Result<Image> {
    let mut builder = Builder::default();
    for (number, list) in lists.iter().enumerate() {
        for entity in &list.entities {
            let entity_number = builder.entities.add(entity, number as u32)?;
            builder.add_names(list, entity, entity_number)?;
        }
    }
    builder.check_offsets()?;
    builder.sort();
    builder.assemble(lists)
}

/// An index that is being built.
#[derive(Default)]
struct Builder {
    entities: EntityTable,
    dictionary: Dictionary,
    names: NameTable,
    unsearchable: Vec<UnsearchableName>,
    analyser: Analyser,
    /// The name that was analysed last.
    analysed: AnalysedName,
}

impl Builder {
    /// Analyses the names of an entity and adds them.
    fn add_names(&mut self, list: &List, entity: &Entity, entity_number: u32) -> Result<()> {
        for name in &entity.names {
            self.analyser.analyse(&name.text, entity.schema, &mut self.analysed);
            if self.analysed.tokens().is_empty() {
                self.unsearchable.push(UnsearchableName {
                    list: list.version.name.clone(),
                    entity_id: entity.id.clone(),
                    name: name.text.clone(),
                });
                continue;
            }
            if self.names.records.len() >= MAX_NAMES {
                return Err(Error::new(ErrorKind::TooManyNames { max: MAX_NAMES }));
            }
            let folded = self.analyser.folded_name();
            self.names.add(name, folded, &self.analysed, entity_number, &mut self.dictionary);
        }
        Ok(())
    }

    /// Offsets and numbers in an index have 32 bits: refuses lists for which they would overflow.
    fn check_offsets(&self) -> Result<()> {
        let lengths = [
            self.entities.records.len(),
            self.entities.dates.len(),
            self.entities.countries.len(),
            self.dictionary.records.len(),
            self.dictionary.texts.len(),
            self.dictionary.keys.len(),
            self.names.texts.len(),
            self.names.folded_texts.len(),
            self.names.listed_tokens.len(),
            self.names.occurrences.len(),
        ];
        match lengths.iter().all(|length| u32::try_from(*length).is_ok()) {
            true => Ok(()),
            false => Err(Error::malformed("the lists are too large for one index")),
        }
    }

    /// Renumbers tokens and names.
    fn sort(&mut self) {
        let token_numbers = self.dictionary.sort_by_reading();
        self.names.renumber_tokens(&token_numbers);
        self.names.sort_by_rarest_token(self.dictionary.records.len());
    }

    /// Lays the remaining tables out and puts all sections together.
    fn assemble(self, lists: &[List]) -> Result<Image> {
        let Builder { entities, dictionary, names, unsearchable, .. } = self;
        let identity = encode(&IndexIdentity {
            analysis: crate::name::ANALYSIS_VERSION,
            program: env!("CARGO_PKG_VERSION").to_string(),
            lists: lists.iter().map(|list| list.version.clone()).collect(),
            unsearchable,
        })?;
        let name_map = names.name_map()?;
        let (letter_map, letter_order) = names.letter_map()?;
        let (word_map, word_order) = dictionary.word_map()?;
        let posting_lists = PostingLists::new(names.occurrences, dictionary.records.len());
        let keys = KeyTable::new(dictionary.keys);
        let filter = keys::concatenation_filter(&dictionary.concatenation_probe_keys);
        let (identifiers, identifier_entities) = entities::identifier_map(&entities.identifiers)?;
        let groups = groups::groups(lists);
        let sections = SectionId::ALL.map(|id| {
            let bytes = match id {
                SectionId::Identity => &identity,
                SectionId::Tokens => dictionary.records.as_bytes(),
                SectionId::TokenTexts => &dictionary.texts,
                SectionId::PostingOffsets => posting_lists.offsets.as_bytes(),
                SectionId::Postings => posting_lists.postings.as_bytes(),
                SectionId::Buckets => keys.buckets.as_bytes(),
                SectionId::KeyFingerprints => keys.fingerprints.as_bytes(),
                SectionId::KeyTokens => keys.tokens.as_bytes(),
                SectionId::ConcatenationFilter => filter.words().as_bytes(),
                SectionId::Names => names.records.as_bytes(),
                SectionId::NameSpans => names.spans.as_bytes(),
                SectionId::NameTokens => names.listed_tokens.as_bytes(),
                SectionId::NameTexts => &names.texts,
                SectionId::NameMap => &name_map.automaton,
                SectionId::NameOrder => name_map.order.as_bytes(),
                SectionId::CompletionRanks => name_map.ranks.as_bytes(),
                SectionId::LetterMap => &letter_map,
                SectionId::LetterOrder => letter_order.as_bytes(),
                SectionId::WordMap => &word_map,
                SectionId::WordOrder => word_order.as_bytes(),
                SectionId::Entities => entities.records.as_bytes(),
                SectionId::EntityBlobs => &entities.blobs,
                SectionId::Dates => entities.dates.as_bytes(),
                SectionId::Countries => entities.countries.as_bytes(),
                SectionId::Identifiers => &identifiers,
                SectionId::IdentifierEntities => identifier_entities.as_bytes(),
                SectionId::Groups => groups.as_bytes(),
            };
            (id.name(), bytes)
        });
        Ok(Image::assemble(&sections))
    }
}

/// A value in postcard's encoding.
fn encode<T: serde::Serialize>(value: &T) -> Result<Vec<u8>> {
    postcard::to_stdvec(value).map_err(|e| Error::internal(format!("cannot encode an entity: {e}")))
}

/// Where each of `runs` runs begins, for items that are sorted by run; one more number is the end of the last
/// run.
fn run_offsets(runs: usize, run_of_items: impl Iterator<Item = usize>) -> Vec<u32> {
    let mut offsets = vec![0u32; runs + 1];
    for run in run_of_items {
        offsets[run + 1] += 1;
    }
    for i in 1..offsets.len() {
        offsets[i] += offsets[i - 1];
    }
    offsets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_enclose_the_items_of_each_run() {
        assert_eq!(run_offsets(4, [0, 0, 2, 3].into_iter()), [0, 2, 2, 3, 4]);
        assert_eq!(run_offsets(1, std::iter::empty()), [0, 0]);
    }
}
