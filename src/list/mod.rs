//! Readers for lists of sanctioned parties as governments publish them.
//!
//! [`read`] takes a file or a folder with any mix of layouts, [`from_bytes`] a file in memory. The layout of
//! a file is recognised by its content, not by its name (but for `names.txt`). Files that are compressed (gzip, zstd), packed in a
//! zip archive, or in UTF-16 or an encoding that XML declares are read as their content.
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
//! | [`OfacEnhanced`](Layout::OfacEnhanced) | root `sanctionsData` | OFAC's SDN_ENHANCED.XML, CONS_ENHANCED.XML |
//! | [`UsCslCsv`](Layout::UsCslCsv), [`UsCslJson`](Layout::UsCslJson) | columns or keys `source`, `name`, `alt_names` … | the US Consolidated Screening List |
//! | [`BisDeniedPersons`](Layout::BisDeniedPersons) | columns `Street_Address`, `Effective_Date`, `FR_Citation` | the denied persons of the US Bureau of Industry and Security |
//! | [`UnXml`](Layout::UnXml) | root `CONSOLIDATED_LIST` | the UN Security Council's consolidated list |
//! | [`EuXml`](Layout::EuXml) | root `export` | the EU's consolidated list of financial sanctions |
//! | [`EuCsv`](Layout::EuCsv) | columns `Entity_LogicalId`, `NameAlias_WholeName`, by `;` | the same as CSV 1.1, a row for each attribute of a party |
//! | [`EuCsv10`](Layout::EuCsv10) | columns `Entity_logical_id`, `Naal_wholename` | the same as CSV 1.0 |
//! | [`UkXml`](Layout::UkXml) | root `Designations` | the UK Sanctions List |
//! | [`UkCsv`](Layout::UkCsv) | columns `Name 6`, `Name 1`, `Unique ID` or `Group ID` | the same as CSV, and OFSI's former consolidated list; a row for each name of a party |
//! | [`OfsiXml`](Layout::OfsiXml) | root `ArrayOfFinancialSanctionsTarget` | OFSI's former consolidated list as XML |
//! | [`CanadaSema`](Layout::CanadaSema) | root `data-set` with `record` | Canada's Consolidated Autonomous Sanctions List |
//! | [`CanadaCsv`](Layout::CanadaCsv) | columns `LastName`, `GivenName`, `Entity`, `Schedule`, `Item` | the same as CSV |
//! | [`FranceDgt`](Layout::FranceDgt) | keys `IdRegistre`, `Nom` | France's national register of asset freezes |
//! | [`WorldBank`](Layout::WorldBank) | keys `SUPP_ID`, `SUPP_NAME` | the World Bank's debarred firms and individuals |
//! | [`SecoXml`](Layout::SecoXml) | root `swiss-sanctions-list` | the list of Switzerland's SECO |
//! | [`AustraliaDfat`](Layout::AustraliaDfat) | columns `Reference`, `Name of Individual or Entity` | Australia's Consolidated List as CSV |
//! | [`AustraliaDfatXlsx`](Layout::AustraliaDfatXlsx) | a workbook with a sheet of these columns | the same as published, .xlsx |
//! | [`OpenSanctionsSimple`](Layout::OpenSanctionsSimple) | columns `first_seen`, `last_seen` and others | OpenSanctions' targets.simple.csv |
//! | [`OpenSanctionsStatements`](Layout::OpenSanctionsStatements) | columns `entity_id`, `schema`, `prop`, `value` | OpenSanctions' statements.csv |
//! | [`FollowTheMoney`](Layout::FollowTheMoney) | keys `schema`, `properties` | OpenSanctions' entities.ftm.json and targets.nested.json |
//! | [`Senzing`](Layout::Senzing) | key `RECORD_ID`, or `DATA_SOURCE` and `FEATURES` | Senzing's entity specification |
//! | [`GenericJsonLines`](Layout::GenericJsonLines) | a key `name` | objects: see [generic layouts](#generic-layouts) |
//! | [`Names`](Layout::Names) | a file name that ends in `names.txt` | one name a line |
//! | [`GenericCsv`](Layout::GenericCsv) | a column `name` | any table of names with a header: see [generic layouts](#generic-layouts) |
//!
//! # Generic layouts
//!
//! A table with a header, with any of the delimiters `,`, `;`, tab and `|` or as a sheet of a workbook (.xlsx, .ods);
//! or JSON whose keys are these headers, one object a line, an array, or an array in an object. Case, blanks, `_` and
//! `-` in a header are ignored, and so are a number at its end and, of names, a language (`Name BG`).
//!
//! | column | becomes |
//! |---|---|
//! | `name` (required; `full_name`, `caption`, `entity_name`) | the primary name; in further rows of the same id an alias |
//! | `first_name`, `middle_name`, `last_name` and synonyms | parts of the name; beside a `name` without `last_name` the name is the last name |
//! | `id` (`entity_id`, `uid`) | the id; without it one is derived from the content |
//! | `schema` (`type`, `entity_type`, `sdn_type`, `designation`) | the schema if the word is known, else a remark |
//! | `aliases` (`alias`, `aka`, `also_known_as`, `alt_names`, `alternate_names`, `alias_names`, `other_names`, `chinese_name`, `original_name`, `clean_name` …) | aliases, separated by `;` or line ends; a name in another script in brackets is one of its own |
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
//! and rows with equal facts are one entity. A row with text behind the last column, with bytes that are not
//! UTF-8, without a name, or without an id in a table that has a column for it, is rejected. Other columns are not
//! read, and are counted in [`Coverage::unread`].
//!
//! A value in JSON is a text, a number, a boolean, or an array of these; nested objects are not read. A
//! line that is not a JSON object is rejected.
//!
//! # Every record is accounted for
//!
//! Each record of a file is either part of an entity or in [`List::rejected`], with its position and the
//! reason. If the file states its number of records, [`ListVersion::is_incomplete`] compares it with the
//! number read. A text that is not understood is kept in the entity's remarks.
//!
//! # Lists that are not whole
//!
//! [`read`] reads what there is; [`read_complete`] fails unless every list is whole.
//!
//! # Limits
//!
//! A list is held in memory as entities; the files are streamed. A file is refused as a whole if a record is
//! longer than 4 MB, if more than 100,000 records are rejected, if more than 10,000 rows belong to one party,
//! if it was cut off within a record, or if it expands to more than 200 times its compressed size. XML
//! entities beyond the five predefined ones and document type declarations are errors: nothing is expanded or
//! fetched.

mod complete;
mod coverage;
mod detect;
pub mod diff;
mod folder;
mod formats;
mod read;
mod text;

#[cfg(all(feature = "batch", feature = "xlsx"))]
pub(crate) use read::workbook::ods_sheets;

pub use complete::{ListProblem, read_complete};
#[cfg(feature = "update")]
pub(crate) use coverage::FUTURE_DAYS;
pub use coverage::{Coverage, check_age};

use crate::entity::{Date, Entity, Name, NameKind};
use crate::error::{Error, ErrorKind, Position, Result};
use crate::file_kind::{INDEX_MAGIC, ZIP_MAGIC};
use detect::{Detected, EXPECTED, detect};
use formats::{
    australia, canada, eu, france, generic, ofac, opensanctions, seco, senzing, uk, un, us, world_bank,
};
use read::builder::{ListBuilder, ListMetadata, RejectReason};
use read::encoding;
use read::source::ByteSource;
#[cfg(feature = "xlsx")]
use read::{source::HEAD_BYTES, workbook::Sheet};
use rustc_hash::FxHashMap;
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
    /// OFAC's Enhanced XML, SDN_ENHANCED.XML and CONS_ENHANCED.XML: root `sanctionsData`.
    OfacEnhanced,
    /// The US Consolidated Screening List, CSV.
    UsCslCsv,
    /// The US Consolidated Screening List, JSON.
    UsCslJson,
    /// The denied persons of the US Bureau of Industry and Security, dpl.txt.
    BisDeniedPersons,
    /// The UN Security Council's consolidated list, XML.
    UnXml,
    /// The EU's consolidated list of financial sanctions, XML: root `export`.
    EuXml,
    /// The EU's consolidated list of financial sanctions, CSV 1.1.
    EuCsv,
    /// The EU's consolidated list of financial sanctions, CSV 1.0.
    EuCsv10,
    /// The UK Sanctions List, XML: root `Designations`.
    UkXml,
    /// OFSI's former consolidated list, XML: root `ArrayOfFinancialSanctionsTarget`.
    OfsiXml,
    /// The UK Sanctions List, CSV; and OFSI's consolidated list before it.
    UkCsv,
    /// OpenSanctions' simplified table, targets.simple.csv.
    OpenSanctionsSimple,
    /// OpenSanctions' statements, statements.csv.
    OpenSanctionsStatements,
    /// A CSV with a header: see [the generic layouts](self#generic-layouts).
    GenericCsv,
    /// One name a line, in a file whose name ends in `names.txt`, such as OpenSanctions'.
    Names,
    /// JSON Lines, one object a line: see [the generic layouts](self#generic-layouts).
    GenericJsonLines,
    /// Canada's consolidated autonomous sanctions list, XML.
    CanadaSema,
    /// Canada's consolidated autonomous sanctions list, CSV.
    CanadaCsv,
    /// France's national register of asset freezes, JSON of the DGT.
    FranceDgt,
    /// The World Bank's debarred firms and individuals, JSON.
    WorldBank,
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

impl Layout {
    /// Every layout in which files are published.
    #[cfg(feature = "update")]
    pub(crate) const PUBLISHED: [Layout; 28] = [
        Layout::OfacDelimited,
        Layout::OfacXml,
        Layout::OfacAdvanced,
        Layout::OfacEnhanced,
        Layout::UsCslCsv,
        Layout::UsCslJson,
        Layout::BisDeniedPersons,
        Layout::UnXml,
        Layout::EuXml,
        Layout::EuCsv,
        Layout::EuCsv10,
        Layout::UkXml,
        Layout::OfsiXml,
        Layout::UkCsv,
        Layout::OpenSanctionsSimple,
        Layout::OpenSanctionsStatements,
        Layout::GenericCsv,
        Layout::Names,
        Layout::GenericJsonLines,
        Layout::CanadaSema,
        Layout::CanadaCsv,
        Layout::FranceDgt,
        Layout::WorldBank,
        Layout::SecoXml,
        Layout::AustraliaDfat,
        Layout::AustraliaDfatXlsx,
        Layout::FollowTheMoney,
        Layout::Senzing,
    ];
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
    /// Names by script, weak aliases, reasons of rejection, fields that were not read.
    pub coverage: Coverage,
    /// In what the list is not whole. A list with problems must not be screened against unless somebody has
    /// accepted it: see [`read_complete`].
    pub problems: Vec<ListProblem>,
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
    /// The path of its main file, if it was read from one.
    pub path: Option<PathBuf>,
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

#[cfg(feature = "xlsx")]
impl List {
    /// Adds the records of another sheet of the same workbook. Where an id is taken, the sheet's name goes before it: two
    /// sheets that number their rows have different parties.
    fn append(&mut self, other: List, sheet: &str) {
        let taken: rustc_hash::FxHashSet<String> = self.entities.iter().map(|e| e.id.clone()).collect();
        for mut entity in other.entities {
            if taken.contains(&entity.id) {
                entity.id = format!("{sheet} {}", entity.id);
            }
            self.entities.push(entity);
        }
        self.rejected.extend(other.rejected);
        let (version, more) = (&mut self.version, other.version);
        version.records += more.records;
        version.entities += more.entities;
        version.names += more.names;
        version.aliases += more.aliases;
        version.rejected += more.rejected;
        version.problems.extend(more.problems);
        version.coverage.append(more.coverage, &self.entities, &self.rejected);
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
    /// It is a link to a file that is not there.
    DanglingLink,
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
            SkipReason::Archive => {
                "a zip archive with several files; name one of them as ARCHIVE/FILE, or unpack it"
            }
            SkipReason::DanglingLink => "a link to a file that is not there",
            SkipReason::OfacPartAlone => "a part of OFAC's list without its sdn file",
            SkipReason::UnknownWorkbook(error) => error,
            SkipReason::UnknownLayout => "no list in a known layout",
        })
    }
}

/// Adds the names that stand within the names of an entity, as every reader of a list does: in brackets, behind "formerly",
/// before "named after".
///
/// ```
/// use interdict::entity::{Entity, Schema};
///
/// let mut entity = Entity::new("1", Schema::Company, "Zorvan Works (formerly Kelmet Plant)");
/// interdict::list::add_names_within(&mut entity);
/// let names: Vec<&str> = entity.names.iter().map(|name| name.text.as_str()).collect();
/// assert_eq!(names[1..], ["Zorvan Works", "Kelmet Plant"]);
/// ```
pub fn add_names_within(entity: &mut Entity) {
    text::brackets::add_bracketed_names(entity);
}

/// The starter list that is built into the program, for trying it: rows of OFAC's list, with names and records
/// of other governments. See `lists/README.md`. It is neither complete nor current.
///
/// Cost: some milliseconds.
///
/// # Examples
///
/// ```
/// assert!(interdict::list::starter().entities.len() > 100);
/// ```
pub fn starter() -> List {
    let part = |name, bytes| ByteSource::from_bytes(name, bytes);
    let mut files = ofac::delimited::ListFiles::main_alone(part(
        "starter/sdn.csv",
        include_bytes!("../../lists/starter/sdn.csv"),
    ));
    files.add(part("starter/alt.csv", include_bytes!("../../lists/starter/alt.csv")));
    files.add(part("starter/add.csv", include_bytes!("../../lists/starter/add.csv")));
    let other = part("starter/other.csv", include_bytes!("../../lists/starter/other.csv"));
    let read = |list: Result<List>| list.expect("the built-in lists are read by a test");
    let (ofac, other) = (read(ofac::delimited::read(files)), read(generic::csv::read("starter", other)));
    let mut builder = ListBuilder::new("starter");
    builder.entities = ofac.entities;
    let by_id: FxHashMap<String, usize> =
        builder.entities.iter().enumerate().map(|(i, e)| (e.id.clone(), i)).collect();
    for mut e in other.entities {
        match by_id.get(&e.id) {
            // A row with the number of OFAC's adds names to its entity.
            Some(number) => {
                let known = &mut builder.entities[*number];
                for name in e.names.drain(..) {
                    let kind = if name.kind == NameKind::Former { name.kind } else { NameKind::Alias };
                    known.add_name(Name { kind, ..name });
                }
                known.add_remark(&e.remarks);
                builder.count_merged(1);
            }
            None => builder.entities.push(e),
        }
    }
    let digests = [ofac.version.sha256, other.version.sha256].join("\n");
    let sha256 = crate::digest::hex_digest([digests.as_bytes()]);
    builder.finish(ListMetadata::new("starter", Layout::OfacDelimited, sha256))
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
/// A list that `lists update` has fetched and that tells no date has the day on which it was fetched. If the folder's lists
/// are replaced meanwhile, they are read again.
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
    let mut loaded = folder::read_path(path.as_ref(), &mut folder::FileError::Fail)?;
    loaded.lists.iter_mut().for_each(folder::date_by_fetching);
    Ok(loaded)
}

/// As [`read`]; a list that tells no date has none.
#[cfg(feature = "update")]
pub(crate) fn read_undated(path: &Path) -> Result<Loaded> {
    folder::read_path(path, &mut folder::FileError::Fail)
}

fn read_source(name: &str, source: ByteSource<'_>) -> Result<List> {
    // The layouts in JSON and tables are in UTF-8; others are decoded by now, or refused.
    let likely = encoding::likely(source.head());
    let mut list = match detect(source.head()) {
        Detected::List(layout) => read_layout(layout, name, source),
        Detected::Workbook => read_workbook(name, source),
        Detected::OfacPart => Err(Error::new(ErrorKind::UnknownLayout(
            "a part of OFAC's delimited list; give its sdn.csv or the folder".into(),
        ))),
        Detected::Unknown => Err(Error::new(match explain_non_list(&source) {
            SkipReason::Empty => ErrorKind::Empty,
            SkipReason::IndexFile => ErrorKind::IndexInsteadOfList,
            SkipReason::UnknownLayout => ErrorKind::UnknownLayout(EXPECTED.into()),
            other => ErrorKind::UnknownLayout(other.to_string()),
        })),
    }?;
    for problem in &mut list.version.problems {
        if let ListProblem::NotDecoded { likely: proposed, .. } = problem {
            proposed.clone_from(&likely);
        }
    }
    Ok(list)
}

/// Reads a workbook: Australia's list, or else the first sheet that is a table in a known layout.
#[cfg(feature = "xlsx")]
fn read_workbook(name: &str, source: ByteSource<'_>) -> Result<List> {
    let (sheets, source) = read::workbook::sheets(source)?;
    let header = |sheet: &Sheet| sheet.rows.first().map_or_else(Vec::new, |(_, row)| row.clone());
    if sheets.iter().any(|sheet| australia::is_header(&header(sheet))) {
        let file = source.name().to_string();
        return australia::read_sheets(&file, &sheets, source.sha256()?);
    }
    let mut found: Option<List> = None;
    let mut unread = Vec::new();
    let mut source = Some(source);
    for sheet in &sheets {
        let csv = sheet.to_csv();
        let part = match detect(&csv[..csv.len().min(HEAD_BYTES)]) {
            // The first one has the bytes of the file, and so its hash.
            Detected::List(layout) => match source.take() {
                Some(source) => read_layout(layout, name, source.with_content(csv)?)?,
                None => read_layout(layout, name, ByteSource::from_bytes(&sheet.name, &csv))?,
            },
            _ => {
                unread.push((format!("sheet '{}'", sheet.name), sheet.rows.len() as u64));
                continue;
            }
        };
        match &mut found {
            Some(list) => list.append(part, &sheet.name),
            None => found = Some(part),
        }
    }
    if let Some(mut list) = found {
        list.version.coverage.unread.extend(unread);
        return Ok(list);
    }
    let headers: Vec<String> =
        sheets.iter().map(|s| format!("'{}': {}", s.name, header(s).join(", "))).collect();
    Err(Error::new(ErrorKind::UnknownLayout(format!(
        "a workbook in which no sheet begins with the header of a list, such as a column 'name'; its sheets: {}",
        headers.join("; ")
    ))))
}

#[cfg(not(feature = "xlsx"))]
fn read_workbook(_: &str, _: ByteSource<'_>) -> Result<List> {
    Err(Error::new(ErrorKind::MissingFeature { form: "a workbook", feature: "xlsx" }))
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
    let delimiter = detect::delimiter_of(layout, source.head());
    let list = match layout {
        Layout::OfacEnhanced => ofac::enhanced::read(source),
        Layout::UsCslCsv => us::csl::read_csv(source, delimiter),
        Layout::UsCslJson => us::csl::read_json(source),
        Layout::BisDeniedPersons => us::bis::read(source, delimiter),
        Layout::EuCsv10 => eu::csv_1_0::read(source, delimiter),
        Layout::OfsiXml => uk::ofsi_xml::read(source),
        Layout::OpenSanctionsStatements => opensanctions::statements::read(name, source),
        Layout::CanadaCsv => canada::read_csv(source, delimiter),
        Layout::FranceDgt => france::read(source),
        Layout::WorldBank => world_bank::read(source),
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
        Layout::Names => generic::names::read(name, source),
        Layout::CanadaSema => canada::read(source),
        Layout::SecoXml => seco::read(source),
        Layout::AustraliaDfat => australia::read_csv(source),
        Layout::FollowTheMoney => opensanctions::ftm::read(name, source),
        Layout::Senzing => senzing::read(name, source),
        Layout::AustraliaDfatXlsx | Layout::InMemory => {
            Err(Error::new(ErrorKind::UnknownLayout(EXPECTED.into())))
        }
    }?;
    // A generic table may be empty; a list that a government publishes never is.
    if list.version.records == 0 && !matches!(layout, Layout::GenericCsv | Layout::GenericJsonLines) {
        let what = "the list holds no record: it was cut off, or is not the list but a part of it";
        return Err(Error::malformed(what).at(Position::line(1)));
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_starter_list_is_whole() {
        let list = starter();
        assert_eq!((&list.rejected[..], &list.version.problems[..]), (&[][..], &[][..]));
        assert!(list.entities.len() > 300, "{}", list.entities.len());
        let known = list.entities.iter().find(|e| e.id == "50543").unwrap();
        assert_eq!(known.primary_name(), "INTEGRITY TECHNOLOGY GROUP, INCORPORATED");
        let has = |text: &str| known.names.iter().any(|n| n.text == text);
        assert!(has("永信至诚科技集团股份有限公司") && has("北京永信至诚科技股份有限公司"));
        let text = include_str!("../../lists/starter/other.csv");
        let sources = text.lines().skip(1).filter(|row| !row.ends_with(',')).count();
        assert_eq!(sources, text.lines().count() - 1, "every row names its source");
    }
}
