//! Readers for lists of sanctioned parties as governments publish them.
//!
//! [`read`] takes a file or a folder with any mix of layouts, [`from_bytes`] a file in memory. The layout of
//! a file is recognised by its content, never by its name. Files compressed with gzip are read as their
//! content.
//!
//! # Examples
//!
//! ```no_run
//! let loaded = interdict::list::read("lists/sdn.csv")?;
//! for list in &loaded.lists {
//!     println!("{}: {} entities, {} rejected", list.version.name, list.entities.len(), list.rejected.len());
//! }
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! # Layouts
//!
//! | layout | recognised by | what is read |
//! |---|---|---|
//! | [`OfacDelimited`](Layout::OfacDelimited) | rows of 12 fields that begin with a number | OFAC's sdn.csv (cons_prim.csv), with the files of aliases, addresses and further remarks in the same folder |
//! | [`OfacXml`](Layout::OfacXml) | root `sdnList` | OFAC's SDN.XML, CONSOLIDATED.XML |
//! | [`OfacAdvanced`](Layout::OfacAdvanced) | root `Sanctions` | OFAC's SDN_ADVANCED.XML, CONS_ADVANCED.XML, with names in their original script |
//! | [`UnXml`](Layout::UnXml) | root `CONSOLIDATED_LIST` | the UN Security Council's consolidated list |
//! | [`EuXml`](Layout::EuXml) | root `export` | the EU's consolidated list of financial sanctions |
//! | [`EuCsv`](Layout::EuCsv) | columns `Entity_LogicalId`, `NameAlias_WholeName`, by `;` | the same as CSV 1.1, a row for each attribute of a party |
//! | [`UkXml`](Layout::UkXml) | root `Designations` | the UK Sanctions List |
//! | [`UkCsv`](Layout::UkCsv) | columns `Name 6`, `Name 1`, `Unique ID` or `Group ID` | the same as CSV, and OFSI's former consolidated list; a row for each name of a party |
//! | [`CanadaSema`](Layout::CanadaSema) | root `data-set` with `record` | Canada's Consolidated Autonomous Sanctions List |
//! | [`SecoXml`](Layout::SecoXml) | root `swiss-sanctions-list` | the list of Switzerland's SECO |
//! | [`AustraliaDfat`](Layout::AustraliaDfat) | columns `Reference`, `Name of Individual or Entity` | Australia's Consolidated List as CSV |
//! | [`AustraliaDfatXlsx`](Layout::AustraliaDfatXlsx) | a workbook with a sheet of these columns | the same as published, .xlsx |
//! | [`OpenSanctionsSimple`](Layout::OpenSanctionsSimple) | columns `first_seen`, `last_seen` and others | OpenSanctions' targets.simple.csv |
//! | [`FollowTheMoney`](Layout::FollowTheMoney) | keys `schema`, `properties` | OpenSanctions' entities.ftm.json, JSON Lines |
//! | [`Senzing`](Layout::Senzing) | key `RECORD_ID`, or `DATA_SOURCE` and `FEATURES` | Senzing's entity specification, JSON Lines |
//! | [`GenericJsonLines`](Layout::GenericJsonLines) | a key `name` | one object a line: see [generic layouts](#generic-layouts) |
//! | [`GenericCsv`](Layout::GenericCsv) | a column `name` | any table of names with a header: see [generic layouts](#generic-layouts) |
//!
//! # Generic layouts
//!
//! A CSV with a header, or JSON Lines whose keys are these headers. Case, blanks, `_` and `-` in a header are
//! ignored.
//!
//! | column | becomes |
//! |---|---|
//! | `name` (required; `full_name`, `caption`, `entity_name`) | the primary name; in further rows of the same id an alias |
//! | `id` (`entity_id`, `uid`) | the id; without it one is derived from the content |
//! | `schema` (`type`, `entity_type`, `sdn_type`, `designation`) | the schema if the word is known, else a remark |
//! | `aliases` (`alias`, `aka`, `other_names`, `chinese_name`, `original_name`, `clean_name`) | aliases, separated by `;` or line ends; a name in another script in brackets is one of its own |
//! | `weak_aliases` (`weak_alias`) · `former_names` (`former_name`, `previous_name`, `fka`) | weak aliases · former names |
//! | `countries` (`country`, `nationality`, `citizenship`, `jurisdiction`, `flag`) | countries, separated by `;` or `/`, or by `,` and "and" if all are known; a qualified one ("possibly", "(until 1991)") is also a remark |
//! | `birth_date` (`dob`, `date_of_birth`, `birth_dates`, `incorporation_date`) | birth dates; a text that is not a date becomes a remark |
//! | `gender` (`sex`), `address` (`addresses`), `birth_place` (`place_of_birth`, `pob`) | gender, addresses, birth places |
//! | `program` (`programs`, `programme`, `regime`, `program_key`, `program_ids`, `list`) | programmes |
//! | `listed_on` (`listing_date`, `start_date`, `date`) | listing date |
//! | `remarks` (`notes`, `note`, `reason`, `summary`, `position`, `title`, `source`, `source_url`) | remarks |
//! | the headers of [`IdentifierKind::of_header`](crate::entity::IdentifierKind::of_header) | identifiers |
//!
//! Rows that share an id are one entity. An id derived from the content is the same in any order of the rows,
//! and rows with equal facts are one entity. A row with another number of fields than the header, with bytes
//! that are not UTF-8, without a name, or without an id in a table that has a column for it, is rejected.
//! Other columns are ignored.
//!
//! A value in JSON Lines is a text, a number, a boolean, or an array of these; nested objects are not read. A
//! line that is not a JSON object is rejected.
//!
//! # Every record is accounted for
//!
//! Each record of a file is either part of an entity or in [`List::rejected`], with its position and the
//! reason. If the file states its number of records, [`ListVersion::is_incomplete`] compares it with the
//! number read. A text that is not understood is kept in the entity's remarks.
//!
//! # Limits
//!
//! A list is held in memory as entities; the files are streamed. A file is refused as a whole if a record is
//! longer than 4 MB, if more than 100,000 records are rejected, if more than 10,000 rows belong to one party,
//! if it was cut off within a record, or if it expands to more than 200 times its compressed size. Texts are
//! UTF-8. XML entities beyond the five predefined ones and document type declarations are errors: nothing is
//! expanded or fetched.

mod coverage;
mod detect;
pub mod diff;
mod folder;
mod formats;
mod read;
mod text;

#[cfg(feature = "update")]
pub(crate) use coverage::FUTURE_DAYS;
pub use coverage::{Coverage, check_age};

use crate::entity::{Date, Entity};
use crate::error::{Error, ErrorKind, Position, Result};
use crate::file_kind::{INDEX_MAGIC, ZIP_MAGIC};
use detect::{Detected, EXPECTED, detect};
use formats::{australia, canada, eu, generic, ofac, opensanctions, seco, senzing, uk, un};
use read::builder::{ListBuilder, ListMetadata, RejectReason};
use read::source::ByteSource;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::{Path, PathBuf};

/// The published layout that a list was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Layout {
    /// OFAC's delimited files: sdn.csv, with alt.csv, add.csv and sdn_comments.csv in the same folder.
    OfacDelimited,
    /// OFAC's XML, SDN.XML and CONSOLIDATED.XML: root `sdnList`.
    OfacXml,
    /// OFAC's Advanced XML, SDN_ADVANCED.XML and CONS_ADVANCED.XML: root `Sanctions`.
    OfacAdvanced,
    /// The UN Security Council's consolidated list, XML.
    UnXml,
    /// The EU's consolidated list of financial sanctions, XML: root `export`.
    EuXml,
    /// The EU's consolidated list of financial sanctions, CSV 1.1.
    EuCsv,
    /// The UK Sanctions List, XML: root `Designations`.
    UkXml,
    /// The UK Sanctions List, CSV; and OFSI's consolidated list before it.
    UkCsv,
    /// OpenSanctions' simplified table, targets.simple.csv.
    OpenSanctionsSimple,
    /// A CSV with a header: see [the generic layouts](self#generic-layouts).
    GenericCsv,
    /// JSON Lines, one object a line: see [the generic layouts](self#generic-layouts).
    GenericJsonLines,
    /// Canada's consolidated autonomous sanctions list, XML.
    CanadaSema,
    /// The sanctions list of Switzerland's SECO, XML.
    SecoXml,
    /// Australia's Consolidated List of DFAT, as CSV.
    AustraliaDfat,
    /// Australia's Consolidated List of DFAT, as the published workbook (.xlsx).
    AustraliaDfatXlsx,
    /// OpenSanctions' entities in the FollowTheMoney model, JSON Lines.
    FollowTheMoney,
    /// Senzing's entity specification, JSON Lines.
    Senzing,
    /// Not read from a file: see [`List::from_entities`].
    InMemory,
}

/// Writes the name of the variant: `OfacXml`.
impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// Identity of a list, and the counts of its records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ListVersion {
    /// The list's name as written in hits.
    pub name: String,
    /// The layout it was read from.
    pub layout: Layout,
    /// The publication date, if the file states it.
    pub published: Option<Date>,
    /// SHA-256 of the file's bytes in hexadecimal. Of a list in several files: the SHA-256 of their digests,
    /// in the order of the parts, joined by line feeds.
    pub sha256: String,
    /// The number of records that the file itself states, if its layout has one.
    pub declared: Option<u64>,
    /// Records read, the rejected ones included.
    pub records: u64,
    /// Entities loaded.
    pub entities: u64,
    /// Names of these entities, aliases included.
    pub names: u64,
    /// Names that are not primary names.
    pub aliases: u64,
    /// Records rejected.
    pub rejected: u64,
    /// Names by script, weak aliases, reasons of rejection.
    pub coverage: Coverage,
}

/// A record that could not be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RejectedRecord {
    /// The file of the record.
    pub file: String,
    /// The position in the file.
    pub position: Position,
    /// The reason, as a phrase for people.
    pub reason: String,
}

/// A list: its version, its entities in the order of the file, and the rejected records.
///
/// # Examples
///
/// ```
/// let list = interdict::list::from_bytes("mine", b"id,name,country\n1,ACME LTD,Iran\n2,,Iran\n")?;
/// assert_eq!((list.version.name.as_str(), list.version.records), ("mine", 2));
/// assert_eq!(list.entities[0].countries, ["ir"]);
/// assert_eq!(list.rejected[0].reason, "no name");
/// # Ok::<(), interdict::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct List {
    /// Identity and counts.
    pub version: ListVersion,
    /// The listed parties.
    pub entities: Vec<Entity>,
    /// The records that were not loaded.
    pub rejected: Vec<RejectedRecord>,
}

impl List {
    /// A list of entities that a program has made or holds elsewhere, such as in a database.
    ///
    /// The version's `sha256` is that of the ids and content hashes of the entities, so that equal entities
    /// in the same order have the same version. An entity without a name becomes a rejected record.
    ///
    /// # Errors
    ///
    /// More than 100,000 entities have no name.
    ///
    /// # Examples
    ///
    /// ```
    /// use interdict::entity::{Entity, Schema};
    /// use interdict::{Index, Query, Screener, list::List};
    ///
    /// let list = List::from_entities("internal", [Entity::new("7", Schema::Person, "Ivan Petrov")])?;
    /// let screener = Screener::new(Index::build(&[list])?);
    /// assert_eq!(screener.screen(&Query::name("Petrov, Ivan"))[0].entity_id, "7");
    /// # Ok::<(), interdict::Error>(())
    /// ```
    pub fn from_entities(name: &str, entities: impl IntoIterator<Item = Entity>) -> Result<List> {
        let mut builder = ListBuilder::new(name);
        let mut content = String::new();
        for (record, entity) in (1..).zip(entities) {
            content += &format!("{}\n{}\n", entity.id, entity.content_hash());
            let named =
                if entity.names.is_empty() { Err(RejectReason::record("no name")) } else { Ok(entity) };
            builder.add(Position::record(record), named)?;
        }
        let sha256 = crate::digest::hex_digest([content.as_bytes()]);
        Ok(builder.finish(ListMetadata::new(name, Layout::InMemory, sha256)))
    }
}

/// The lists of a path, and the files that are not lists.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Loaded {
    /// The lists, in the order of their file names.
    pub lists: Vec<List>,
    /// Files of a folder that are not lists.
    pub skipped: Vec<SkippedFile>,
}

impl Loaded {
    /// Lists without skipped files.
    pub fn of_lists(lists: Vec<List>) -> Loaded {
        Loaded { lists, skipped: Vec::new() }
    }
}

/// A file of a folder that was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SkippedFile {
    /// The path of the file.
    pub path: PathBuf,
    /// Why it was not read.
    pub reason: SkipReason,
}

/// Why a file of a folder was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SkipReason {
    /// Its name begins with a full stop.
    Hidden,
    /// It holds nothing but white space.
    Empty,
    /// It is an index file.
    IndexFile,
    /// It is a zip archive and not a workbook.
    Archive,
    /// It is a part of OFAC's delimited list, and the main file is missing.
    OfacPartAlone,
    /// It is a workbook without a sheet of a known layout; the text is the error.
    UnknownWorkbook(String),
    /// Its layout is not known.
    UnknownLayout,
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SkipReason::Hidden => "hidden",
            SkipReason::Empty => "empty",
            SkipReason::IndexFile => "an index file",
            SkipReason::Archive => "a zip archive that is no workbook; unpack it and give the list in it",
            SkipReason::OfacPartAlone => "a part of OFAC's list without its sdn file",
            SkipReason::UnknownWorkbook(error) => error,
            SkipReason::UnknownLayout => "no list in a known layout",
        })
    }
}

/// The starter list that is built into the program: see `lists/README.md`. It is neither complete nor
/// current.
///
/// # Examples
///
/// ```
/// assert!(interdict::list::starter().entities.len() > 100);
/// ```
pub fn starter() -> List {
    let bytes = include_bytes!("../../lists/starter.csv");
    generic::csv::read("starter", ByteSource::from_bytes("starter", bytes))
        .expect("the built-in list is read by a test")
}

/// Reads one list from memory. `name` is its name in hits, unless the layout has a name of its own.
///
/// # Errors
///
/// [`ErrorKind::Empty`]; [`ErrorKind::UnknownLayout`] and [`ErrorKind::IndexInsteadOfList`] for a file that is not a list;
/// [`ErrorKind::Malformed`] for a list that is broken beyond a single record: see the limits of this
/// [module](self#limits).
///
/// # Examples
///
/// ```
/// use interdict::list::{self, Layout};
/// let list = list::from_bytes("mine", br#"{"name": "ACME LTD", "aliases": ["Acme"]}"#)?;
/// assert_eq!((list.version.layout, list.entities[0].names.len()), (Layout::GenericJsonLines, 2));
/// # Ok::<(), interdict::Error>(())
/// ```
pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<List> {
    read_source(name, ByteSource::from_memory(name, bytes)?)
}

/// Reads a file or a folder with its sub-folders, in any mix of layouts.
///
/// A file of OFAC's delimited list is read together with its other parts in the same folder. Hidden files and
/// folders, and folders more than four levels deep, are not read. A list is named after its file if its
/// layout states no name.
///
/// # Errors
///
/// The path cannot be read; the file is empty, not a list, or broken (see [`from_bytes`]); the folder holds
/// no list.
///
/// # Examples
///
/// ```no_run
/// let loaded = interdict::list::read("lists")?;
/// for file in &loaded.skipped {
///     eprintln!("{} is not read: {}", file.path.display(), file.reason);
/// }
/// # Ok::<(), interdict::Error>(())
/// ```
pub fn read(path: impl AsRef<Path>) -> Result<Loaded> {
    let path = path.as_ref();
    let meta = std::fs::metadata(path).map_err(|e| Error::from(e).with_path(path))?;
    if meta.is_dir() { folder::read_folder(path) } else { folder::read_file(path) }
}

fn read_source(name: &str, source: ByteSource<'_>) -> Result<List> {
    match detect(source.head()) {
        Detected::List(layout) => read_layout(layout, name, source),
        Detected::OfacPart => Err(Error::new(ErrorKind::UnknownLayout(
            "a part of OFAC's delimited list; give its sdn.csv or the folder".into(),
        ))),
        Detected::Unknown => Err(Error::new(match explain_non_list(&source) {
            SkipReason::Empty => ErrorKind::Empty,
            SkipReason::IndexFile => ErrorKind::IndexInsteadOfList,
            SkipReason::UnknownLayout => ErrorKind::UnknownLayout(EXPECTED.into()),
            other => ErrorKind::UnknownLayout(other.to_string()),
        })),
    }
}

/// Why a file in no known layout is not a list.
fn explain_non_list(source: &ByteSource<'_>) -> SkipReason {
    if source.is_blank() {
        SkipReason::Empty
    } else if source.head().starts_with(INDEX_MAGIC) {
        SkipReason::IndexFile
    } else if source.head().starts_with(ZIP_MAGIC) {
        SkipReason::Archive
    } else {
        SkipReason::UnknownLayout
    }
}

fn read_layout(layout: Layout, name: &str, source: ByteSource<'_>) -> Result<List> {
    let list = match layout {
        Layout::OfacDelimited => ofac::delimited::read(ofac::delimited::ListFiles::main_alone(source)),
        Layout::OfacXml => ofac::xml::read(name, source),
        Layout::OfacAdvanced => ofac::advanced::read(source),
        Layout::UnXml => un::read(source),
        Layout::EuXml => eu::xml::read(source),
        Layout::EuCsv => eu::csv::read(source),
        Layout::UkXml => uk::xml::read(source),
        Layout::UkCsv => uk::csv::read(source),
        Layout::OpenSanctionsSimple => opensanctions::simple::read(name, source),
        Layout::GenericCsv => generic::csv::read(name, source),
        Layout::GenericJsonLines => generic::jsonl::read(name, source),
        Layout::CanadaSema => canada::read(source),
        Layout::SecoXml => seco::read(source),
        Layout::AustraliaDfat => australia::read_csv(source),
        #[cfg(feature = "xlsx")]
        Layout::AustraliaDfatXlsx => australia::read_xlsx(source),
        #[cfg(not(feature = "xlsx"))]
        Layout::AustraliaDfatXlsx => {
            Err(Error::new(ErrorKind::MissingFeature { form: "a workbook", feature: "xlsx" }))
        }
        Layout::FollowTheMoney => opensanctions::ftm::read(name, source),
        Layout::Senzing => senzing::read(name, source),
        Layout::InMemory => Err(Error::new(ErrorKind::UnknownLayout(EXPECTED.into()))),
    }?;
    // A generic table may be empty; a list that a government publishes never is.
    if list.version.records == 0 && !matches!(layout, Layout::GenericCsv | Layout::GenericJsonLines) {
        let what = "the list holds no record: it was cut off, or is not the list but a part of it";
        return Err(Error::malformed(what).at(Position::line(1)));
    }
    Ok(list)
}
