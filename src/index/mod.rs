//! The index: every listed name, laid out to be found.
//!
//! # Overview
//!
//! An index is an inverted index over the tokens of names. It is built once from lists, immutable from then
//! on, and one sequence of bytes: the same code reads it in memory and from a mapped file. It consists of
//!
//! - a *dictionary* of the distinct tokens, with their texts, readings, weights and groups, and of the
//!   *concatenations* of neighbouring tokens that are tried as one;
//! - for each of them a *posting list*: the names that contain it;
//! - a hash table of *keys*, such that a query token and every token that matches it have one in common. A
//!   *bucket* of the table keeps a 16-bit *fingerprint* for each key. Before it a *Bloom filter* rules most
//!   concatenations of a query out;
//! - the names as runs of tokens, the entities with all their data, and a finite-state map of identifiers;
//! - finite-state maps of the names and of their words, in alphabetical order;
//! - for each entity its *group*: the entries of other lists that are the same party.
//!
//! Which names are hits is decided in [`crate::screen`].
//!
//! # Example
//!
//! ```
//! use interdict::{Index, list};
//!
//! let index = Index::build(&[list::starter()])?;
//! assert!(index.names() > index.entities());
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("lists.idx");
//! index.save(&path)?;
//!
//! let index = Index::open(&path)?;
//! let (entity, list) = index.entity(0).expect("the lists hold an entity");
//! println!("{} of list {}, group {}", entity.primary_name(), list.name, index.group(0).unwrap());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The file
//!
//! A header, a table of sections with a checksum for each, and the sections, in this order. The bytes depend
//! on the lists, their order, and the version of the program alone.
//!
//! | section | a record is | bytes of a record | bytes a name |
//! |---|---|--:|--:|
//! | `identity` | what the index was built from: [`IndexIdentity`] | | |
//! | `tokens` | a token or a concatenation | 16 | 42.5 |
//! | `token-texts` | text, reading, skeleton and groups of a token | | 43.3 |
//! | `posting-offsets` | where the posting list of a token begins | 4 | 10.6 |
//! | `postings` | number and initial of a name | 4 | 25.2 |
//! | `buckets` | where a bucket of the key table begins | 4 | 17.5 |
//! | `key-marks` | the fingerprint of a key | 2 | 51.4 |
//! | `key-tokens` | the token that has the key | 4 | 102.8 |
//! | `whole-marks` | a word of the Bloom filter | 8 | 15.9 |
//! | `names` | entity, kind and text of a name | 16 | 16.0 |
//! | `name-spans` | where the tokens of a name are | 8 | 8.0 |
//! | `name-tokens` | a token or a concatenation of a name | 8 | 50.8 |
//! | `name-texts` | a name as published | | 25.4 |
//! | `name-map` | a map from folded names to runs of the next section | | 18.1 |
//! | `name-order` | number of a name | 4 | 4.0 |
//! | `name-ranks` | how early the name stands among completions | 1 | 1.0 |
//! | `letter-map`, `letter-order` | the same for folded names without blanks | , 4 | 19.6 |
//! | `word-map`, `word-order` | the same for the words of names, and numbers of tokens | , 4 | 8.2 |
//! | `entities` | list, schema and gender of an entity, and where its other data are | 32 | 12.7 |
//! | `entity-blobs` | an entity with all its data | | 37.1 |
//! | `dates`, `countries` | a birth date, a country | 8, 2 | |
//! | `identifiers` | a map from identifier keys to runs of the next section | | |
//! | `ident-entities` | an entity that has the identifier | 4 | |
//! | `groups` | the entity that a group is named after | 4 | 1.6 |
//!
//! The last column is of 33,000 names without dates, countries and identifiers. An index is refused if it is
//! of another [`FORMAT_VERSION`] or another [`ANALYSIS_VERSION`](crate::name::ANALYSIS_VERSION): it contains
//! names as analysed.
//!
//! # Cost
//!
//! 512 bytes a name for 33,000 names, some 430 for a million: a longer list has fewer distinct tokens for each
//! name. A million names are built in about a minute on one core, with 1.3 GB of memory. Opening verifies
//! all checksums, at the speed of memory, and parses nothing: 0.02 s for 33,000 names, 0.1 s for a million. A
//! clone is a reference.
//!
//! # Limits
//!
//! At most 2^27 (134 million) names, and 2^32 tokens, keys and bytes of names. An identifier finds its first
//! 16 million entities. Checksums protect against damage and not against forgery: a file whose checksums were
//! computed anew after a change may give wrong hits, or make a query panic.

mod build;
mod completion;
mod format;
pub(crate) mod groups;
mod lists;
mod occurrences;
mod ordered;
mod records;
mod sections;
#[cfg(test)]
mod tests;
mod view;

pub use completion::Completion;
pub use format::{FORMAT_VERSION, SectionInfo};
pub use occurrences::Occurrence;
pub(crate) use records::{
    EntityRecord, ListedToken, MAX_OMISSION_COST, NameRecord, NameSpan, OMISSION_UNIT, Posting,
    TokenSignature, key_slot, letter_mask,
};
pub(crate) use view::IndexView;

use crate::entity::{Entity, Schema};
use crate::error::{Error, ErrorKind, Result};
use crate::list::{List, ListVersion};
use crate::score::fields::{DayRange, FieldPresence};
use format::{Image, Section};
use ordered::OrderedMap;
use records::IdentifierRun;
use sections::{Sections, damaged};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;

/// What an index was built from; part of the file.
///
/// ```
/// use interdict::{Index, list};
///
/// let index = Index::build(&[list::starter()])?;
/// let identity = index.identity();
/// assert_eq!(identity.analysis, interdict::name::ANALYSIS_VERSION);
/// println!("{} of {:?}", identity.lists[0].name, identity.lists[0].published);
/// for name in &identity.unsearchable {
///     eprintln!("list {}, entity {}: '{}' cannot be found", name.list, name.entity_id, name.name);
/// }
/// # Ok::<(), interdict::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IndexIdentity {
    /// The version of the analysis that made the tokens: see
    /// [`ANALYSIS_VERSION`](crate::name::ANALYSIS_VERSION).
    pub analysis: u32,
    /// The version of the program that wrote it.
    pub program: String,
    /// The lists, in the order given.
    pub lists: Vec<ListVersion>,
    /// The listed names that no query can find.
    pub unsearchable: Vec<UnsearchableName>,
}

/// A listed name with neither a letter nor a digit, so that nothing can be compared with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UnsearchableName {
    /// The name of the list.
    pub list: String,
    /// The id of the entity on its list.
    pub entity_id: String,
    /// The name as published.
    pub name: String,
}

/// An immutable index of listed names: see the [module](self).
///
/// Cheap to clone: clones share their memory. It can be used by many threads at once.
#[derive(Clone)]
pub struct Index {
    inner: Arc<Inner>,
}

struct Inner {
    image: Image,
    sections: Sections,
    identity: IndexIdentity,
    identifiers: fst::Map<Section>,
    name_map: fst::raw::Fst<Section>,
    letter_map: fst::raw::Fst<Section>,
    word_map: fst::raw::Fst<Section>,
}

/// The numbers of the listed names by their [folded texts](crate::name::fold_name), with or without blanks.
pub(crate) type FoldedNames<'a> = OrderedMap<'a, Section>;

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("entities", &self.entities()).field("names", &self.names()).finish()
    }
}

impl Index {
    /// Builds an index in memory. The same lists in the same order give the same bytes, on any number of
    /// threads.
    ///
    /// Cost: some 12 µs a name on two cores, and four to five times the memory of the index.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoEntities`] if the lists hold no entity; [`ErrorKind::TooManyNames`] and
    /// [`ErrorKind::Malformed`] if they are larger than an index can be.
    ///
    /// # Examples
    ///
    /// ```
    /// use interdict::{Index, list};
    ///
    /// let published = b"id,schema,name\n1,Person,Jane Roe\n2,Vessel,LADY ROSALIND\n";
    /// let index = Index::build(&[list::from_bytes("published", published)?])?;
    /// assert_eq!((index.entities(), index.names()), (2, 2));
    /// assert!(Index::build(&[]).is_err());
    /// # Ok::<(), interdict::Error>(())
    /// ```
    pub fn build(lists: &[List]) -> Result<Index> {
        if lists.iter().all(|list| list.entities.is_empty()) {
            return Err(Error::new(ErrorKind::NoEntities));
        }
        Index::build_allow_empty(lists)
    }

    /// [`Index::build`] for lists that may hold no entity.
    pub(crate) fn build_allow_empty(lists: &[List]) -> Result<Index> {
        Index::from_image(build::build(lists)?)
    }

    /// Opens an index file: maps it into memory and verifies every checksum.
    ///
    /// The file must not be changed in place while it is open. [`Index::save`] never does so; it writes
    /// another file and renames it, and an open index keeps the old one. If another program overwrites or
    /// cuts the mapped file, later answers may be wrong, or the operating system may end the process.
    ///
    /// Cost: reads the whole file once.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] if the file cannot be read, [`ErrorKind::NotAnIndex`] or [`ErrorKind::Empty`] if it
    /// is something else, [`ErrorKind::IndexVersion`] if it has another format, [`ErrorKind::IndexTruncated`]
    /// if it is cut off, [`ErrorKind::IndexChecksum`] if it is damaged, and [`ErrorKind::Malformed`] if it
    /// was built with another version of the analysis.
    ///
    /// # Examples
    ///
    /// ```
    /// use interdict::{ErrorKind, Index, list};
    ///
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("lists.idx");
    /// Index::build(&[list::starter()])?.save(&path)?;
    /// assert!(Index::open(&path)?.names() > 0);
    ///
    /// std::fs::write(&path, "name\nJane Roe\n")?;
    /// assert!(matches!(Index::open(&path).unwrap_err().kind(), ErrorKind::NotAnIndex));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open(path: impl AsRef<Path>) -> Result<Index> {
        let path = path.as_ref();
        Index::from_image(Image::open(path)?).map_err(|e| e.with_path(path))
    }

    /// Opens the index in these bytes, a copy of which it keeps: for an index that comes from elsewhere than
    /// a file.
    ///
    /// # Errors
    ///
    /// As [`Index::open`], but for [`ErrorKind::Io`] and [`ErrorKind::Empty`].
    ///
    /// # Examples
    ///
    /// ```
    /// use interdict::{Index, list};
    ///
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("lists.idx");
    /// Index::build(&[list::starter()])?.save(&path)?;
    ///
    /// let mut bytes = std::fs::read(&path)?;
    /// assert!(Index::from_bytes(&bytes)?.names() > 0);
    /// bytes[5_000] ^= 1;
    /// assert!(Index::from_bytes(&bytes).is_err(), "a single flipped bit is noticed");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_bytes(bytes: &[u8]) -> Result<Index> {
        Index::from_image(Image::from_bytes(bytes)?)
    }

    /// Writes the index to a file, whole or not at all: under a temporary name in the same folder, then
    /// renamed. An index that is open from a file of this name stays as it is.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] if the folder does not exist or cannot be written, or if the disk is full;
    /// [`ErrorKind::IsFolder`] if the path is a folder.
    ///
    /// # Examples
    ///
    /// ```
    /// use interdict::{Index, list};
    ///
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("lists.idx");
    /// Index::build(&[list::starter()])?.save(&path)?;
    /// let before = Index::open(&path)?;
    ///
    /// // Replaced by a newer one; whoever has the old one open goes on with it.
    /// Index::build(&[list::from_bytes("new", b"name\nJane Roe\n")?])?.save(&path)?;
    /// assert!(before.names() > 1);
    /// assert_eq!(Index::open(&path)?.names(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        use std::io::Write;
        let path = path.as_ref();
        let mut file = crate::WholeFile::create(path)?;
        file.write_all(self.inner.image.bytes()).map_err(|e| Error::from(e).with_path(path))?;
        file.finish()
    }

    /// Verifies every checksum again: whether the file under an open index is still the file that was opened.
    /// Hits found since then are right only if it is. Costs as much as opening.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::IndexChecksum`] or another error of [`Index::open`] if somebody has changed the file in
    /// place.
    pub fn verify(&self) -> Result<()> {
        self.inner.image.verify_again()
    }

    fn from_image(image: Image) -> Result<Index> {
        let sections = Sections::of(&image)?;
        let identity: IndexIdentity =
            postcard::from_bytes(sections.identity()).map_err(|_| damaged("identity"))?;
        if identity.analysis != crate::name::ANALYSIS_VERSION {
            let (got, expected) = (identity.analysis, crate::name::ANALYSIS_VERSION);
            return Err(Error::new(ErrorKind::IndexAnalysisVersion { got, expected }));
        }
        let identifiers =
            fst::Map::new(sections.identifiers().clone()).map_err(|_| damaged("identifiers"))?;
        let automaton =
            |section: &Section, name| fst::raw::Fst::new(section.clone()).map_err(|_| damaged(name));
        let name_map = automaton(sections.name_map(), "name-map")?;
        let letter_map = automaton(sections.letter_map(), "letter-map")?;
        let word_map = automaton(sections.word_map(), "word-map")?;
        let inner = Inner { image, sections, identity, identifiers, name_map, letter_map, word_map };
        Ok(Index { inner: Arc::new(inner) })
    }

    /// What the index was built from.
    pub fn identity(&self) -> &IndexIdentity {
        &self.inner.identity
    }

    /// The number of listed names.
    pub fn names(&self) -> usize {
        self.name_records().len()
    }

    /// The number of listed entities.
    pub fn entities(&self) -> usize {
        self.entity_records().len()
    }

    /// The number of distinct tokens, concatenations included.
    pub fn tokens(&self) -> usize {
        self.inner.sections.tokens().len()
    }

    /// Its sections with their sizes, in the order of the file.
    pub fn sections(&self) -> Vec<SectionInfo> {
        self.inner.image.infos()
    }

    /// The bytes of memory, or of a mapped file, that it takes.
    pub fn memory_usage(&self) -> usize {
        self.inner.image.memory_usage()
    }

    /// The entity with this number, and the version of its list. Numbers count from 0 in the order of the
    /// lists; `None` from [`Index::entities`] on.
    ///
    /// Cost: decodes the entity, some microseconds. Meant for hits, not for candidates.
    ///
    /// # Examples
    ///
    /// ```
    /// use interdict::{Index, list};
    ///
    /// let index = Index::build(&[list::from_bytes("published", b"id,name\n17,Jane Roe\n")?])?;
    /// let (entity, list) = index.entity(0).unwrap();
    /// assert_eq!((entity.id.as_str(), entity.primary_name()), ("17", "Jane Roe"));
    /// assert_eq!(list.name, "published");
    /// assert!(index.entity(1).is_none());
    /// # Ok::<(), interdict::Error>(())
    /// ```
    pub fn entity(&self, number: u32) -> Option<(Entity, &ListVersion)> {
        let record = self.entity_records().get(number as usize)?;
        let offset = record.blob_offset.get() as usize;
        let blob = self.inner.sections.entity_blobs().get(offset..offset + record.blob_len as usize)?;
        let list = self.inner.identity.lists.get(record.list as usize)?;
        Some((postcard::from_bytes(blob).ok()?, list))
    }

    /// The numbers of the entities that have an identifier with this key, one of
    /// [`Identifier::keys`](crate::entity::Identifier::keys), in ascending order. Two identifiers that have a
    /// key in common need not be the same: compare them.
    ///
    /// Cost: a walk through a finite-state map, below a microsecond.
    ///
    /// # Examples
    ///
    /// ```
    /// use interdict::{Index, list};
    ///
    /// let index = Index::build(&[list::from_bytes("ships", b"name,imo\nLADY ROSALIND,IMO 9253325\n")?])?;
    /// let (ship, _) = index.entity(0).unwrap();
    /// let key = ship.identifiers[0].keys().into_iter().next().unwrap();
    /// assert_eq!(index.entities_with_identifier(&key).collect::<Vec<_>>(), [0]);
    /// assert_eq!(index.entities_with_identifier("no key").count(), 0);
    /// # Ok::<(), interdict::Error>(())
    /// ```
    pub fn entities_with_identifier(&self, key: &str) -> impl Iterator<Item = u32> + '_ {
        let run = IdentifierRun::unpack(self.inner.identifiers.get(key).unwrap_or(0));
        self.inner.sections.identifier_entities().get(run.range()).unwrap_or(&[]).iter().copied()
    }

    /// The group of the entity with this number: the smallest `list:id` of the entries, at most one of each
    /// list, that are the same party by an identifier, or by name and birth date. An entity that belongs to
    /// no other is its own group. `None` from [`Index::entities`] on.
    ///
    /// # Examples
    ///
    /// ```
    /// use interdict::{Index, list};
    ///
    /// let us = list::from_bytes("us", b"id,name,imo\n11,LADY ROSALIND,9253325\n12,SEA LILY,\n")?;
    /// let uk = list::from_bytes("uk", b"id,name,imo\nA2,Lady Rosalind,IMO 9253325\n")?;
    /// let index = Index::build(&[us, uk])?;
    /// let groups: Vec<String> = (0..3).filter_map(|number| index.group(number)).collect();
    /// assert_eq!(groups, ["uk:A2", "us:12", "uk:A2"]);
    /// # Ok::<(), interdict::Error>(())
    /// ```
    pub fn group(&self, number: u32) -> Option<String> {
        let named_after = *self.inner.sections.groups().get(number as usize)?;
        let record = self.entity_records().get(named_after as usize)?;
        let list = self.inner.identity.lists.get(record.list as usize)?;
        Some(format!("{}:{}", list.name, self.entity_id(named_after)))
    }

    /// The entity after which the group of an entity is named.
    pub(crate) fn party(&self, number: u32) -> u32 {
        self.inner.sections.groups().get(number as usize).copied().unwrap_or(number)
    }

    /// The kind of party that the entity with this number is.
    pub(crate) fn schema(&self, number: u32) -> Schema {
        Schema::from_u8(self.entity_records()[number as usize].schema).unwrap_or_default()
    }

    /// The id of the entity with this number.
    pub(crate) fn entity_id(&self, number: u32) -> &str {
        // The id is the first field of an encoded entity: its length, then its bytes.
        let offset = self.entity_records()[number as usize].blob_offset.get() as usize;
        let blob = self.inner.sections.entity_blobs().get(offset..);
        blob.and_then(|blob| postcard::take_from_bytes::<&str>(blob).ok()).map_or("", |(id, _)| id)
    }

    /// What retrieval reads, as slices.
    pub(crate) fn view(&self) -> IndexView<'_> {
        IndexView::new(&self.inner.sections)
    }

    pub(crate) fn name_records(&self) -> &[NameRecord] {
        self.inner.sections.names()
    }

    pub(crate) fn entity_records(&self) -> &[EntityRecord] {
        self.inner.sections.entities()
    }

    /// How many listed names contain a word, written so or read so in Latin letters.
    ///
    /// A name contains the words that its analysis makes of it, as whole words.
    ///
    /// # Examples
    ///
    /// ```
    /// use interdict::{Index, list};
    ///
    /// let published = "id,name\n1,Volga Star\n2,VOLGA STEEL\n3,Волга\n";
    /// let index = Index::build(&[list::from_bytes("published", published.as_bytes())?])?;
    /// assert_eq!((index.word_frequency("volga"), index.word_frequency("Star"), index.word_frequency("sta")), (3, 1, 0));
    /// # Ok::<(), interdict::Error>(())
    /// ```
    pub fn word_frequency(&self, word: &str) -> usize {
        let words = self.words();
        let run = words.walk(crate::name::fold_name(word).as_bytes()).and_then(|at| words.run(at));
        let view = self.view();
        let tokens = words.items()[run.unwrap_or(0..0)].iter();
        let postings = tokens.flat_map(|item| view.postings(item.number()));
        postings.map(|posting| posting.name()).collect::<rustc_hash::FxHashSet<u32>>().len()
    }

    /// The numbers of the names by their [folded texts](crate::name::fold_name).
    pub(crate) fn folded_names(&self) -> FoldedNames<'_> {
        OrderedMap::new(&self.inner.name_map, self.inner.sections.name_order())
    }

    /// The numbers of the names by their folded texts without blanks.
    pub(crate) fn letters_of_names(&self) -> FoldedNames<'_> {
        OrderedMap::new(&self.inner.letter_map, self.inner.sections.letter_order())
    }

    /// The numbers of the tokens by their words: their texts and their readings. Concatenations are no words.
    pub(crate) fn words(&self) -> OrderedMap<'_, Section> {
        OrderedMap::new(&self.inner.word_map, self.inner.sections.word_order())
    }

    /// The text of a name, as published.
    pub(crate) fn name_text(&self, record: &NameRecord) -> &str {
        let offset = record.text_offset as usize;
        let bytes = self.inner.sections.name_texts().get(offset..offset + record.text_len as usize);
        std::str::from_utf8(bytes.unwrap_or(&[])).unwrap_or("")
    }

    /// Which other fields any of its entities has.
    pub(crate) fn fields(&self) -> FieldPresence {
        FieldPresence {
            dates: !self.inner.sections.dates().is_empty(),
            countries: !self.inner.sections.countries().is_empty(),
            genders: self.entity_records().iter().any(|entity| entity.gender().is_some()),
        }
    }

    /// The birth dates of an entity.
    pub(crate) fn dates(&self, record: &EntityRecord) -> &[DayRange] {
        let offset = record.dates_offset as usize;
        self.inner.sections.dates().get(offset..offset + usize::from(record.dates)).unwrap_or(&[])
    }

    /// The countries of an entity, as [numbers](crate::score::fields::country_number).
    pub(crate) fn countries(&self, record: &EntityRecord) -> &[u16] {
        let offset = record.countries_offset as usize;
        self.inner.sections.countries().get(offset..offset + usize::from(record.countries)).unwrap_or(&[])
    }
}
