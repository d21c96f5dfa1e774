//! Reading lists as governments publish them.
//!
//! Every layout has a reader of its own, in a file of its own. [`read`] takes a file or a folder, tells each
//! file's layout by its content, never by its name alone, and gives one [`List`] for each publication found.
//!
//! ```no_run
//! let loaded = interdict::list::read("lists/sdn.csv")?;
//! for list in &loaded.lists {
//!     println!("{}: {} entities, {} rejected", list.version.name, list.entities.len(), list.rejected.len());
//! }
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! Nothing is skipped in silence: every record of a file is either in `entities` or in `rejected`, with its
//! position and the reason, and `version.records` is the sum.

mod australia;
mod canada_sema;
mod cells;
mod coverage;
mod detect;
pub mod diff;
mod eu_csv;
mod eu_fields;
mod eu_xml;
mod fold;
mod ftm;
mod gather;
pub mod generic_csv;
pub mod generic_jsonl;
mod json_lines;
#[cfg(test)]
mod kept;
mod labels;
mod numbers;
mod ofac_advanced;
mod ofac_delimited;
mod ofac_facts;
mod ofac_remarks;
mod ofac_xml;
mod opensanctions_simple;
mod seco_xml;
mod senzing;
mod source;
mod table;
mod uk_csv;
mod uk_fields;
mod uk_xml;
mod un_xml;
mod xml;

pub use coverage::{Coverage, check_age};

use crate::digest::hex_digest;
use crate::entity::{Date, Entity};
use crate::error::{Error, ErrorKind, Position, Result};
use detect::{EXPECTED, Found, detect};
use serde::{Deserialize, Serialize};
use source::Source;
use std::path::{Path, PathBuf};

/// Which published layout a list was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Layout {
    /// OFAC's delimited files: sdn.csv with alt.csv, add.csv and sdn_comments.csv beside it.
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
    /// The generic CSV described in [`generic_csv`].
    GenericCsv,
    /// The generic JSON Lines described in [`generic_jsonl`].
    GenericJsonLines,
    /// Canada's consolidated autonomous sanctions list, XML.
    CanadaSema,
    /// The sanctions list of Switzerland's SECO, XML.
    SecoXml,
    /// Australia's Consolidated List of DFAT, as CSV.
    AustraliaDfat,
    /// The same as a workbook (.xlsx).
    AustraliaDfatXlsx,
    /// OpenSanctions' entities in the FollowTheMoney model, JSON Lines.
    FollowTheMoney,
    /// Senzing's entity specification, JSON Lines.
    Senzing,
}

/// What identifies a list that was read, and how much of it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListVersion {
    /// The list's name as it stands in hits.
    pub name: String,
    /// The layout it was read in.
    pub layout: Layout,
    /// The publication date, where the file tells one.
    pub published: Option<Date>,
    /// SHA-256 of the file's bytes in hexadecimal. Of a list in several files: the SHA-256 of these digests, in
    /// the order of the parts, joined by line feeds.
    pub sha256: String,
    /// The number of records that the file itself tells, where its layout has one.
    pub declared: Option<u64>,
    /// Records read: entities and rejected ones together.
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
pub struct Rejected {
    /// The file it stands in.
    pub file: String,
    /// Where in the file.
    pub position: Position,
    /// Why, in a sentence for people.
    pub reason: String,
}

/// A list as read: its version, its entities in the order of the file, and what was rejected.
#[derive(Clone, Debug)]
pub struct List {
    /// Identity and counts.
    pub version: ListVersion,
    /// The parties listed.
    pub entities: Vec<Entity>,
    /// The records that were not loaded.
    pub rejected: Vec<Rejected>,
}

/// Lists that were read from a path, and files that are none.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The lists, in the order of their file names.
    pub lists: Vec<List>,
    /// Files of a folder that are no list, with the reason.
    pub skipped: Vec<(PathBuf, String)>,
}

/// The starter list that is built into the program: see `lists/README.md`.
pub fn starter() -> List {
    let bytes = include_bytes!("../../lists/starter.csv");
    generic_csv::read("starter", Source::bytes("starter", bytes))
        .expect("the starter list is tested to be read")
}

/// Reads one list from memory; `name` is its name in hits, where the layout has none of its own.
///
/// # Errors
///
/// [`ErrorKind::Empty`], [`ErrorKind::UnknownLayout`], or what the layout's reader finds broken beyond a
/// single record.
pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<List> {
    read_source(name, Source::memory(name, bytes)?)
}

fn read_source(name: &str, source: Source<'_>) -> Result<List> {
    match detect(source.head()) {
        Found::List(layout) => read_layout(layout, name, source),
        Found::OfacAlt | Found::OfacAdd | Found::OfacComments => Err(Error::new(ErrorKind::UnknownLayout(
            "a part of OFAC's delimited list; give its sdn.csv or the folder".into(),
        ))),
        Found::Nothing if source.is_blank() => Err(Error::new(ErrorKind::Empty)),
        Found::Nothing if source.head().starts_with(crate::index::MAGIC) => {
            Err(Error::new(ErrorKind::IndexInsteadOfList))
        }
        Found::Nothing => {
            Err(Error::new(ErrorKind::UnknownLayout(told_apart(&source).unwrap_or(EXPECTED).into())))
        }
    }
}

/// What a file is that is no list, where it is something that is given for one.
fn told_apart(source: &Source<'_>) -> Option<&'static str> {
    let head = source.head();
    if head.starts_with(crate::index::MAGIC) {
        Some("an index file, which is given as an index instead")
    } else if head.starts_with(b"PK\x03\x04") {
        Some("a zip archive that is no workbook; unpack it and give the list in it")
    } else {
        None
    }
}

fn read_layout(layout: Layout, name: &str, source: Source<'_>) -> Result<List> {
    let list = match layout {
        Layout::OfacDelimited => ofac_delimited::read(ofac_delimited::Parts::sdn(source)),
        Layout::OfacXml => ofac_xml::read(name, source),
        Layout::OfacAdvanced => ofac_advanced::read(source),
        Layout::UnXml => un_xml::read(source),
        Layout::EuXml => eu_xml::read(source),
        Layout::EuCsv => eu_csv::read(source),
        Layout::UkXml => uk_xml::read(source),
        Layout::UkCsv => uk_csv::read(source),
        Layout::OpenSanctionsSimple => opensanctions_simple::read(name, source),
        Layout::GenericCsv => generic_csv::read(name, source),
        Layout::GenericJsonLines => generic_jsonl::read(name, source),
        Layout::CanadaSema => canada_sema::read(source),
        Layout::SecoXml => seco_xml::read(source),
        Layout::AustraliaDfat => australia::read_csv(source),
        #[cfg(feature = "xlsx")]
        Layout::AustraliaDfatXlsx => australia::read_xlsx(source),
        #[cfg(not(feature = "xlsx"))]
        Layout::AustraliaDfatXlsx => {
            Err(Error::new(ErrorKind::MissingFeature { form: "a workbook", feature: "xlsx" }))
        }
        Layout::FollowTheMoney => ftm::read(name, source),
        Layout::Senzing => senzing::read(name, source),
    }?;
    // A table of one's own may be empty; a list that a government publishes never is.
    if list.version.records == 0 && !matches!(layout, Layout::GenericCsv | Layout::GenericJsonLines) {
        let what = "the list holds no record: it was cut off, or is not the list but a part of it";
        return Err(Error::malformed(what).at(Position::line(1)));
    }
    Ok(list)
}

/// Reads a file or a folder with its sub-folders, any mix of layouts.
///
/// # Errors
///
/// The path cannot be read; the file is empty, no list, or broken; the folder holds no list.
pub fn read(path: impl AsRef<Path>) -> Result<Loaded> {
    let path = path.as_ref();
    let meta = std::fs::metadata(path).map_err(|e| Error::from(e).with_path(path))?;
    if meta.is_dir() { read_folder(path) } else { read_file(path) }
}

fn stem(path: &Path) -> String {
    let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let cut = [
        ".targets.simple.csv",
        ".entities.ftm.json",
        ".csv",
        ".jsonl",
        ".ndjson",
        ".json",
        ".xml",
        ".xlsx",
        ".txt",
    ];
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    cut.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name).to_string()
}

fn read_file(path: &Path) -> Result<Loaded> {
    let source = Source::open(path)?;
    let list = if detect(source.head()) == Found::List(Layout::OfacDelimited) {
        // The parts beside it belong to it: in the same folder, named alike.
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut parts = ofac_delimited::Parts::sdn(source);
        for other in files_of(folder)? {
            if other != path && ofac_delimited::belongs(path, &other) {
                parts.add(Source::open(&other)?);
            }
        }
        ofac_delimited::read(parts)
    } else {
        read_source(&stem(path), source)
    };
    Ok(Loaded { lists: vec![list.map_err(|e| e.with_path(path))?], skipped: Vec::new() })
}

fn files_of(folder: &Path) -> Result<Vec<PathBuf>> {
    let fail = |e| Error::from(e).with_path(folder);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn read_folder(folder: &Path) -> Result<Loaded> {
    let mut loaded = Loaded::default();
    walk(folder, 0, &mut loaded)?;
    if loaded.lists.is_empty() {
        let mut what = format!("no list in this folder; {EXPECTED}");
        for (path, reason) in loaded.skipped.iter().take(3) {
            what += &format!("; {}: {reason}", path.display());
        }
        return Err(Error::new(ErrorKind::UnknownLayout(what)).with_path(folder));
    }
    Ok(loaded)
}

fn walk(folder: &Path, depth: usize, loaded: &mut Loaded) -> Result<()> {
    let files = files_of(folder)?;
    for path in &files {
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        if hidden {
            loaded.skipped.push((path.clone(), "hidden".into()));
            continue;
        }
        let source = Source::open(path)?;
        match detect(source.head()) {
            // A workbook shows its layout only when it is unpacked.
            Found::List(layout) => match read_file(path) {
                Ok(read) => loaded.lists.extend(read.lists),
                Err(e)
                    if layout == Layout::AustraliaDfatXlsx
                        && matches!(e.kind(), ErrorKind::UnknownLayout(_)) =>
                {
                    loaded.skipped.push((path.clone(), e.to_string()));
                }
                Err(e) => return Err(e),
            },
            Found::OfacAlt | Found::OfacAdd | Found::OfacComments => {
                let owner = files.iter().any(|f| {
                    f != path
                        && ofac_delimited::belongs(f, path)
                        && Source::open(f)
                            .is_ok_and(|s| detect(s.head()) == Found::List(Layout::OfacDelimited))
                });
                if !owner {
                    loaded.skipped.push((path.clone(), "a part of OFAC's list without its sdn file".into()));
                }
            }
            Found::Nothing => {
                let reason = if source.is_blank() { "empty" } else { "no list in a known layout" };
                let reason = told_apart(&source).unwrap_or(reason);
                loaded.skipped.push((path.clone(), reason.into()));
            }
        }
    }
    if depth < 4 {
        let mut folders: Vec<PathBuf> = std::fs::read_dir(folder)
            .map_err(|e| Error::from(e).with_path(folder))?
            .filter_map(|e| Some(e.ok()?.path()))
            // Hidden folders hold what is no list of today: former versions, work under way.
            .filter(|p| p.is_dir() && p.file_name().is_some_and(|n| !n.to_string_lossy().starts_with('.')))
            .collect();
        folders.sort();
        for folder in folders {
            walk(&folder, depth + 1, loaded)?;
        }
    }
    Ok(())
}

fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}
