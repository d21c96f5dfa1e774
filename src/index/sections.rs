//! The sections of an index file, in their order: one table for building, opening and reading.
//!
//! A section is either an array of fixed-size records, read in place, or bytes. The table below names each
//! one for the program and for the file, and says what the section holds. The names in the file are older
//! than the names in the program; they and their order are part of the format (see
//! [`FORMAT_VERSION`](super::FORMAT_VERSION)).

use super::format::{Image, Section};
use super::ordered::RunItem;
use super::records::{CompletionRank, EntityRecord, ListedToken, NameRecord, NameSpan, Posting, TokenRecord};
use crate::error::{Error, ErrorKind, Result};
use crate::score::fields::DayRange;
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// What a section holds: records of one type, or bytes ([`Section`] itself).
pub(super) trait Content {
    /// The length of the section is a multiple of this.
    const RECORD_SIZE: usize;

    fn read(section: &Section) -> &Self;
}

impl<T: FromBytes + Immutable + KnownLayout> Content for [T] {
    const RECORD_SIZE: usize = size_of::<T>();

    fn read(section: &Section) -> &[T] {
        section.records()
    }
}

impl Content for Section {
    const RECORD_SIZE: usize = 1;

    fn read(section: &Section) -> &Section {
        section
    }
}

macro_rules! sections {
    ($($(#[$doc:meta])* $id:ident = $name:literal, $accessor:ident: $content:ty;)*) => {
        /// A section of an index file.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum SectionId {
            $($(#[$doc])* $id,)*
        }

        impl SectionId {
            /// All sections, in the order of the file.
            pub(super) const ALL: [SectionId; [$($name),*].len()] = [$(SectionId::$id),*];

            /// The name of the section in the file.
            pub(super) const fn name(self) -> &'static str {
                match self {
                    $(SectionId::$id => $name,)*
                }
            }

            /// The size of a record of the section in bytes.
            const fn record_size(self) -> usize {
                match self {
                    $(SectionId::$id => <$content as Content>::RECORD_SIZE,)*
                }
            }
        }

        impl Sections {
            $($(#[$doc])* pub(super) fn $accessor(&self) -> &$content {
                <$content>::read(&self.0[SectionId::$id as usize])
            })*
        }
    };
}

sections! {
    /// What the index was built from: an [`IndexIdentity`](super::IndexIdentity) in postcard's encoding.
    Identity = "identity", identity: Section;
    /// The distinct tokens, ordered by reading; concatenations last.
    Tokens = "tokens", tokens: [TokenRecord];
    /// The texts, readings, skeletons and groups of the tokens.
    TokenTexts = "token-texts", token_texts: Section;
    /// For each token where its posting list begins; one more number is the end of the last list.
    PostingOffsets = "posting-offsets", posting_offsets: [u32];
    /// The posting lists, one behind the other in the order of the tokens.
    Postings = "postings", postings: [Posting];
    /// The hash table of keys: where each bucket begins; one more number is the end of the last bucket.
    Buckets = "buckets", buckets: [u32];
    /// The fingerprints of the keys, bucket by bucket.
    KeyFingerprints = "key-marks", key_fingerprints: [u16];
    /// For each fingerprint the token that has the key.
    KeyTokens = "key-tokens", key_tokens: [u32];
    /// A Bloom filter over the keys that concatenations of a query look up.
    ConcatenationFilter = "whole-marks", concatenation_filter: [u64];
    /// The names, ordered by their rarest tokens.
    Names = "names", names: [NameRecord];
    /// For each name where its tokens are.
    NameSpans = "name-spans", name_spans: [NameSpan];
    /// The tokens of each name as written, then its concatenations.
    NameTokens = "name-tokens", name_tokens: [ListedToken];
    /// The texts of the names, in the order of the lists.
    NameTexts = "name-texts", name_texts: Section;
    /// The automaton of the names as folded: an [`OrderedMap`](super::ordered::OrderedMap).
    NameMap = "name-map", name_map: Section;
    /// The numbers of the names, in the order of their folded texts.
    NameOrder = "name-order", name_order: [RunItem];
    /// For each of these numbers how early the name stands among completions.
    CompletionRanks = "name-ranks", completion_ranks: [CompletionRank];
    /// The automaton of the names as folded without their blanks.
    LetterMap = "letter-map", letter_map: Section;
    /// The numbers of the names, in the order of their letters.
    LetterOrder = "letter-order", letter_order: [RunItem];
    /// The automaton of the words and readings in names.
    WordMap = "word-map", word_map: Section;
    /// The numbers of the tokens, in the order of their words.
    WordOrder = "word-order", word_order: [RunItem];
    /// The entities, in the order of the lists.
    Entities = "entities", entities: [EntityRecord];
    /// The entities with all their data, in postcard's encoding.
    EntityBlobs = "entity-blobs", entity_blobs: Section;
    /// The birth dates of the entities.
    Dates = "dates", dates: [DayRange];
    /// The countries of the entities, as numbers.
    Countries = "countries", countries: [u16];
    /// A finite-state map from identifier keys to [`IdentifierRun`](super::records::IdentifierRun)s.
    Identifiers = "identifiers", identifiers: Section;
    /// The entities that have each identifier key, key by key.
    IdentifierEntities = "ident-entities", identifier_entities: [u32];
    /// For each entity the entity that its group is named after.
    Groups = "groups", groups: [u32];
}

/// The sections of an open index, by [`SectionId`].
pub(super) struct Sections([Section; SectionId::ALL.len()]);

impl Sections {
    /// Finds the sections of an image.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::IndexChecksum`] if the image has other sections or another order, or if a section does
    /// not hold a whole number of records.
    pub(super) fn of(image: &Image) -> Result<Sections> {
        if !image.infos().iter().map(|info| info.name.as_str()).eq(SectionId::ALL.map(SectionId::name)) {
            return Err(damaged("section table"));
        }
        let sections = SectionId::ALL.map(|id| image.section(id.name()));
        match SectionId::ALL.iter().zip(&sections).find(|(id, section)| section.len() % id.record_size() != 0)
        {
            Some((id, _)) => Err(damaged(id.name())),
            None => Ok(Sections(sections)),
        }
    }
}

/// The error of a section that does not hold what it should.
pub(super) fn damaged(section: &str) -> Error {
    Error::new(ErrorKind::IndexChecksum { section: section.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    static BYTES: [u8; 64] = [0; 64];

    type Table = Vec<(&'static str, &'static [u8])>;

    /// An image of all sections with 64 bytes each, after a change.
    fn image(change: impl FnOnce(&mut Table)) -> Image {
        let mut sections: Table = SectionId::ALL.iter().map(|id| (id.name(), &BYTES[..])).collect();
        change(&mut sections);
        Image::assemble(&sections)
    }

    #[test]
    fn only_the_sections_of_this_version_in_their_order_are_read() {
        let refused = |image: Image| match Sections::of(&image).err().map(|e| e.to_string()) {
            Some(text) => text,
            None => panic!("read"),
        };
        let sections = Sections::of(&image(|_| ())).unwrap();
        assert_eq!(sections.tokens().len(), 4);
        assert_eq!((sections.token_texts().len(), sections.groups().len()), (64, 16));
        assert!(refused(image(|all| all.swap(3, 4))).contains("section table"));
        assert!(refused(image(|all| all.truncate(19))).contains("section table"));
        assert!(refused(image(|all| all[1].0 = "token")).contains("section table"));
        for (i, id) in SectionId::ALL.into_iter().enumerate().filter(|(_, id)| id.record_size() > 1) {
            assert_eq!(64 % id.record_size(), 0);
            assert!(refused(image(|all| all[i].1 = &BYTES[1..])).contains(id.name()));
        }
    }

    #[test]
    fn names_fit_the_section_table() {
        assert!(SectionId::ALL.iter().all(|id| (1..=16).contains(&id.name().len())));
        assert_eq!(SectionId::ALL.map(|id| id as usize), std::array::from_fn(|i| i));
    }
}
