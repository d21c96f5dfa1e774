//! The index: every listed name, ready to be found.
//!
//! Built once from lists, then immutable: it can be shared between threads, saved to a file and mapped from
//! it. It knows names and tokens; whom to hit is decided in [`crate::screen`].
//!
//! ```
//! use interdict::{index::Index, list};
//!
//! let index = Index::build(&[list::starter()])?;
//! assert!(index.names() > index.entities());
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! An index holds: the distinct tokens with their texts, weights and groups; for each token the names it
//! stands in (postings); the keys under which related tokens meet, in a hashed table; the names as runs of
//! tokens; the entities with all their data; identifiers in a finite-state map.
//!
//! Cost: some 460 bytes a name for a list of 33,000 names, 380 for a million, two thirds of it relation keys and joins. Opening a file verifies all checksums at memory speed and parses nothing.
//!
//! Limits: at most 2^32 tokens, names and keys.

mod build;
mod format;
pub(crate) mod groups;
mod lists;
mod records;

pub(crate) use format::MAGIC;
pub use format::{FORMAT_VERSION, SectionInfo};

use crate::entity::Entity;
use crate::error::{Error, ErrorKind, Result};
use crate::list::{List, ListVersion};
use crate::score::fields::{DayRange, FieldPresence};
use crate::score::relation::TokenRef;
use crate::util::bloom;
use format::{Image, Section};
pub(crate) use records::{
    EntityRecord, ListedToken, MAX_OMISSION_COST, NameRecord, NameSpan, OMISSION_UNIT, Posting, TokenRecord,
    TokenSignature, key_slot, letter_mask,
};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;

/// The sections of this version of the format, in the order of the file.
const SECTIONS: [&str; 20] = [
    "identity",
    "tokens",
    "token-texts",
    "posting-offsets",
    "postings",
    "buckets",
    "key-marks",
    "key-tokens",
    "whole-marks",
    "names",
    "name-spans",
    "name-tokens",
    "name-texts",
    "entities",
    "entity-blobs",
    "dates",
    "countries",
    "identifiers",
    "ident-entities",
    "groups",
];

/// What an index was made of; part of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Version of the analysis that made the tokens.
    pub analysis: u32,
    /// Version of the program that wrote it.
    pub program: String,
    /// The lists, in the order given.
    pub lists: Vec<ListVersion>,
    /// Listed names that hold neither letter nor digit, so that nothing can be compared with them: the list's
    /// name, the entity's id, and the name.
    pub unsearchable: Vec<(String, String, String)>,
}

/// An immutable index of listed names. Cheap to clone.
#[derive(Clone)]
pub struct Index {
    sections: Arc<Sections>,
}

struct Sections {
    image: Image,
    identity: Identity,
    tokens: Section,
    token_texts: Section,
    posting_offsets: Section,
    postings: Section,
    buckets: Section,
    key_fingerprints: Section,
    key_tokens: Section,
    concatenation_bloom: Section,
    names: Section,
    name_spans: Section,
    name_tokens: Section,
    name_texts: Section,
    entities: Section,
    entity_blobs: Section,
    dates: Section,
    countries: Section,
    identifiers: fst::Map<Section>,
    identifier_entities: Section,
    groups: Section,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("entities", &self.entities()).field("names", &self.names()).finish()
    }
}

impl Index {
    /// Builds an index in memory. The same lists in the same order give the same bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoEntities`] when the lists hold no entity.
    pub fn build(lists: &[List]) -> Result<Index> {
        if lists.iter().all(|l| l.entities.is_empty()) {
            return Err(Error::new(ErrorKind::NoEntities));
        }
        Index::build_allow_empty(lists)
    }

    /// As [`Index::build`], of lists that may hold no entity.
    pub(crate) fn build_allow_empty(lists: &[List]) -> Result<Index> {
        Index::of(build::build(lists)?)
    }

    /// Opens an index file: maps it and verifies every checksum.
    ///
    /// The file must not be changed in place while it is open. [`Index::save`] never does; it writes another
    /// file and renames it, so that an open index goes on with the old one. If another program overwrites or
    /// cuts the mapped file, later answers may be wrong or the process may be ended by the operating system.
    ///
    /// # Errors
    ///
    /// The file cannot be read, is no index, is of another version, is cut off, or is damaged.
    pub fn open(path: impl AsRef<Path>) -> Result<Index> {
        let path = path.as_ref();
        Index::of(Image::open(path)?).map_err(|e| e.with_path(path))
    }

    /// Verifies every checksum again: whether the file under an open index is still the one that was opened.
    /// Answers given since then are right only if it is. Costs what opening costs.
    ///
    /// # Errors
    ///
    /// Somebody has changed the file in place.
    pub fn verify(&self) -> Result<()> {
        self.sections.image.verify_again()
    }

    /// The index in these bytes, verified as [`Index::open`] does.
    ///
    /// # Errors
    ///
    /// As for [`Index::open`], without the file system.
    pub fn from_bytes(bytes: &[u8]) -> Result<Index> {
        Index::of(Image::from_bytes(bytes)?)
    }

    /// Writes the index to a file, whole or not at all: under a temporary name in the same folder, then
    /// renamed.
    ///
    /// # Errors
    ///
    /// The folder does not exist or cannot be written, or the disk is full.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        use std::io::Write;
        let path = path.as_ref();
        let mut file = crate::WholeFile::create(path)?;
        file.write_all(self.sections.image.bytes()).map_err(|e| Error::from(e).with_path(path))?;
        file.finish()
    }

    fn of(image: Image) -> Result<Index> {
        let damaged = |section: &str| Error::new(ErrorKind::IndexChecksum { section: section.to_string() });
        if !image.infos().iter().map(|s| s.name.as_str()).eq(SECTIONS) {
            return Err(damaged("section table"));
        }
        let identity: Identity =
            postcard::from_bytes(&image.section("identity")).map_err(|_| damaged("identity"))?;
        if identity.analysis != crate::name::ANALYSIS_VERSION {
            let (got, expected) = (identity.analysis, crate::name::ANALYSIS_VERSION);
            return Err(Error::new(ErrorKind::IndexAnalysisVersion { got, expected }));
        }
        let identifiers = fst::Map::new(image.section("identifiers")).map_err(|_| damaged("identifiers"))?;
        let s = |name: &str| image.section(name);
        Ok(Index {
            sections: Arc::new(Sections {
                tokens: s("tokens"),
                token_texts: s("token-texts"),
                posting_offsets: s("posting-offsets"),
                postings: s("postings"),
                buckets: s("buckets"),
                key_fingerprints: s("key-marks"),
                key_tokens: s("key-tokens"),
                concatenation_bloom: s("whole-marks"),
                names: s("names"),
                name_spans: s("name-spans"),
                name_tokens: s("name-tokens"),
                name_texts: s("name-texts"),
                entities: s("entities"),
                entity_blobs: s("entity-blobs"),
                dates: s("dates"),
                countries: s("countries"),
                identifier_entities: s("ident-entities"),
                groups: s("groups"),
                identifiers,
                identity,
                image,
            }),
        })
    }

    /// What it was made of.
    pub fn identity(&self) -> &Identity {
        &self.sections.identity
    }

    /// Number of listed names.
    pub fn names(&self) -> usize {
        self.name_records().len()
    }

    /// Number of listed entities.
    pub fn entities(&self) -> usize {
        self.entity_records().len()
    }

    /// Number of distinct tokens, joins of neighbours included.
    pub fn tokens(&self) -> usize {
        self.view().tokens.len()
    }

    /// Its sections with their sizes in bytes.
    pub fn sections(&self) -> Vec<SectionInfo> {
        self.sections.image.infos()
    }

    /// Bytes of memory or of mapped file that it holds.
    pub fn memory_usage(&self) -> usize {
        self.sections.image.bytes().len() + std::mem::size_of::<Sections>()
    }

    /// The entity with this number, in the order of the lists, and the version of its list.
    ///
    /// Decodes the entity; meant for hits, not for candidates.
    pub fn entity(&self, number: u32) -> Option<(Entity, &ListVersion)> {
        let record = self.entity_records().get(number as usize)?;
        let at = record.blob_offset.get() as usize;
        let blob = self.sections.entity_blobs.get(at..at + record.blob_len as usize)?;
        let list = self.sections.identity.lists.get(record.list as usize)?;
        Some((postcard::from_bytes(blob).ok()?, list))
    }

    /// Numbers of the entities with an identifier of this key, one of
    /// [`Identifier::key_slots`](crate::entity::Identifier::keys).
    pub fn entities_with_identifier(&self, key: &str) -> impl Iterator<Item = u32> + '_ {
        let packed = self.sections.identifiers.get(key).unwrap_or(0);
        let (at, count) = ((packed >> 24) as usize, (packed & 0xff_ffff) as usize);
        self.sections.identifier_entities.records::<u32>().get(at..at + count).unwrap_or(&[]).iter().copied()
    }

    /// The group of the entity with this number: the smallest `list:id` of the entries, one of each list, that are
    /// the same party by an identifier, or by name and birth day. An entity that stands alone is its own group.
    pub fn group(&self, number: u32) -> Option<String> {
        let first = *self.sections.groups.records::<u32>().get(number as usize)?;
        let record = self.entity_records().get(first as usize)?;
        let list = self.sections.identity.lists.get(record.list as usize)?;
        Some(format!("{}:{}", list.name, self.entity_id(first)))
    }

    /// The id of the entity with this number.
    pub(crate) fn entity_id(&self, number: u32) -> &str {
        // The id is the first field of an encoded entity: its length, then its bytes.
        let at = self.entity_records()[number as usize].blob_offset.get() as usize;
        self.sections
            .entity_blobs
            .get(at..)
            .and_then(|b| postcard::take_from_bytes::<&str>(b).ok())
            .map_or("", |(id, _)| id)
    }

    /// The sections that retrieval walks, as slices.
    pub(crate) fn view(&self) -> IndexView<'_> {
        let sections = &*self.sections;
        IndexView {
            tokens: sections.tokens.records(),
            token_texts: &sections.token_texts,
            posting_offsets: sections.posting_offsets.records(),
            postings: sections.postings.records(),
            buckets: sections.buckets.records(),
            key_fingerprints: sections.key_fingerprints.records(),
            key_tokens: sections.key_tokens.records(),
            concatenation_bloom: sections.concatenation_bloom.records(),
            names: sections.names.records(),
            spans: sections.name_spans.records(),
            name_tokens: sections.name_tokens.records(),
        }
    }

    pub(crate) fn name_records(&self) -> &[NameRecord] {
        self.sections.names.records()
    }

    pub(crate) fn entity_records(&self) -> &[EntityRecord] {
        self.sections.entities.records()
    }

    pub(crate) fn name_text(&self, record: &NameRecord) -> &str {
        let at = record.text_offset as usize;
        let bytes = self.sections.name_texts.get(at..at + record.text_len as usize).unwrap_or(&[]);
        std::str::from_utf8(bytes).unwrap_or("")
    }

    /// Which fields its entities have.
    pub(crate) fn fields(&self) -> FieldPresence {
        FieldPresence {
            dates: !self.sections.dates.records::<DayRange>().is_empty(),
            countries: !self.sections.countries.records::<u16>().is_empty(),
            genders: self.entity_records().iter().any(|entity| entity.gender != 0),
        }
    }

    pub(crate) fn dates(&self, record: &EntityRecord) -> &[DayRange] {
        let at = record.dates_offset as usize;
        self.sections.dates.records().get(at..at + record.dates as usize).unwrap_or(&[])
    }

    pub(crate) fn countries(&self, record: &EntityRecord) -> &[u16] {
        let at = record.countries_offset as usize;
        self.sections.countries.records().get(at..at + record.countries as usize).unwrap_or(&[])
    }
}

/// The sections that retrieval walks, fetched once for a query.
#[derive(Clone, Copy)]
pub(crate) struct IndexView<'a> {
    pub(crate) tokens: &'a [TokenRecord],
    token_texts: &'a [u8],
    posting_offsets: &'a [u32],
    postings: &'a [Posting],
    buckets: &'a [u32],
    key_fingerprints: &'a [u16],
    key_tokens: &'a [u32],
    concatenation_bloom: &'a [zerocopy::little_endian::U64],
    pub(crate) names: &'a [NameRecord],
    pub(crate) spans: &'a [NameSpan],
    name_tokens: &'a [ListedToken],
}

impl<'a> IndexView<'a> {
    /// The names a token stands in; those with an initial come first.
    pub(crate) fn postings(&self, token: u32) -> &'a [Posting] {
        let (from, count) = self.postings_at(token);
        self.postings_slice(from, count)
    }

    /// Where the postings of a token begin, and their number.
    pub(crate) fn postings_at(&self, token: u32) -> (u32, u32) {
        let from = self.posting_offsets[token as usize];
        (from, self.posting_offsets[token as usize + 1] - from)
    }

    /// So many postings from a place on.
    pub(crate) fn postings_slice(&self, from: u32, count: u32) -> &'a [Posting] {
        &self.postings[from as usize..][..count as usize]
    }

    /// The tokens of a listed name, in the order written.
    pub(crate) fn listed_tokens(&self, span: &NameSpan) -> &'a [ListedToken] {
        let at = span.offset as usize;
        &self.name_tokens[at..at + usize::from(span.tokens)]
    }

    /// Reads from where the tokens of a name stand, so that they are near when they are needed.
    pub(crate) fn prefetch(&self, span: &NameSpan) -> u32 {
        let token = |at: u32| self.name_tokens.get(at as usize).map_or(0, |listed| listed.token);
        token(span.offset) ^ token(span.offset + u32::from(span.tokens.max(1)) - 1)
    }

    /// The joins of a listed name.
    pub(crate) fn listed_concatenations(&self, span: &NameSpan) -> &'a [ListedToken] {
        let at = span.offset as usize + usize::from(span.tokens);
        &self.name_tokens[at..at + usize::from(span.concatenations)]
    }

    /// A token with its text and reading.
    pub(crate) fn token(&self, token: u32) -> TokenRef<'a> {
        self.tokens[token as usize].view(self.token_texts)
    }

    /// Where the tokens filed under a key stand, among others.
    pub(crate) fn bucket_range(&self, key: u64) -> std::ops::Range<u32> {
        if self.buckets.len() < 2 {
            return 0..0;
        }
        let bucket = records::bucket(key, self.buckets.len() - 1);
        self.buckets[bucket]..self.buckets[bucket + 1]
    }

    /// Reads from the marks and numbers of what is filed at a place, from the record of a token, from its text, or from where its
    /// names are told: memory that is asked for together is waited for once.
    pub(crate) fn prefetch_bucket(&self, bucket_range: &std::ops::Range<u32>) -> u32 {
        let at = bucket_range.start as usize;
        self.key_fingerprints.get(at).map_or(0, |key_fingerprint| u32::from(*key_fingerprint))
            ^ self.key_tokens.get(at).unwrap_or(&0)
    }

    /// As [`IndexView::prefetch_bucket`].
    pub(crate) fn prefetch_token(&self, token: u32) -> u32 {
        self.tokens[token as usize].prefetch()
    }

    /// As [`IndexView::prefetch_bucket`].
    pub(crate) fn prefetch_text(&self, token: u32) -> u32 {
        self.tokens[token as usize].prefetch_text(self.token_texts)
    }

    /// As [`IndexView::prefetch_bucket`].
    pub(crate) fn prefetch_postings(&self, token: u32) -> u32 {
        self.posting_offsets[token as usize]
    }

    /// How many buckets the keys are filed in.
    pub(crate) fn buckets(&self) -> usize {
        self.buckets.len().saturating_sub(1)
    }

    /// The [places](place) of all keys.
    pub(crate) fn key_slots(&self) -> impl Iterator<Item = u64> {
        let bucket_range =
            (0..).zip(self.buckets.windows(2)).map(|(bucket, range)| (bucket, range[0]..range[1]));
        bucket_range.flat_map(|(bucket, range): (u64, _)| {
            let fingerprints = &self.key_fingerprints[range.start as usize..range.end as usize];
            fingerprints.iter().map(move |key_fingerprint| bucket << 16 | u64::from(*key_fingerprint))
        })
    }

    /// False of a key that no join of a query is filed under.
    pub(crate) fn may_contain_concatenation_key(&self, key: u64) -> bool {
        let (at, mask) = bloom::position::<1>(key, self.concatenation_bloom.len());
        self.concatenation_bloom.get(at).is_some_and(|word| word.get() & mask != 0)
    }

    /// Calls `each` with every token filed under a key; some may be filed under another.
    pub(crate) fn for_each_token_in_bucket(
        &self,
        key: u64,
        bucket_range: &std::ops::Range<u32>,
        mut each: impl FnMut(u32),
    ) {
        let key_fingerprint = records::key_fingerprint(key);
        let start = bucket_range.start as usize;
        let fingerprints = &self.key_fingerprints[start..bucket_range.end as usize];
        for (at, _) in fingerprints.iter().enumerate().filter(|(_, m)| **m == key_fingerprint) {
            each(self.key_tokens[start + at]);
        }
    }
}
