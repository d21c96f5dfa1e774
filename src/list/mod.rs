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

mod detect;
pub mod generic_csv;
mod ofac_delimited;
mod ofac_remarks;
mod opensanctions_simple;
mod un_xml;
mod xml;

use crate::digest::hex_digest;
use crate::entity::{Date, Entity};
use crate::error::{Error, ErrorKind, Position, Result};
use detect::{EXPECTED, Found, detect};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Which published layout a list was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Layout {
    /// OFAC's delimited files: sdn.csv with alt.csv, add.csv and sdn_comments.csv beside it.
    OfacDelimited,
    /// The UN Security Council's consolidated list, XML.
    UnXml,
    /// OpenSanctions' simplified table, targets.simple.csv.
    OpenSanctionsSimple,
    /// The generic CSV described in [`generic_csv`].
    GenericCsv,
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
    /// SHA-256 of the file's bytes in hexadecimal; of several files in the order of their parts.
    pub sha256: String,
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
    generic_csv::read("starter", include_bytes!("../../lists/starter.csv"))
        .expect("the starter list is tested to be read")
}

/// Reads one list from memory; `name` is its name in hits, where the layout has none of its own.
///
/// # Errors
///
/// [`ErrorKind::Empty`], [`ErrorKind::UnknownLayout`], or what the layout's reader finds broken beyond a
/// single record.
pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<List> {
    if without_bom(bytes).iter().all(u8::is_ascii_whitespace) {
        return Err(Error::new(ErrorKind::Empty));
    }
    match detect(bytes) {
        Found::List(layout) => read_layout(layout, name, bytes),
        Found::OfacAlt | Found::OfacAdd | Found::OfacComments => Err(Error::new(ErrorKind::UnknownLayout(
            "a part of OFAC's delimited list; give its sdn.csv or the folder".into(),
        ))),
        Found::Nothing => Err(Error::new(ErrorKind::UnknownLayout(EXPECTED.into()))),
    }
}

fn read_layout(layout: Layout, name: &str, bytes: &[u8]) -> Result<List> {
    match layout {
        Layout::OfacDelimited => ofac_delimited::read(&ofac_delimited::Parts::sdn(name, bytes)),
        Layout::UnXml => un_xml::read(bytes),
        Layout::OpenSanctionsSimple => opensanctions_simple::read(name, bytes),
        Layout::GenericCsv => generic_csv::read(name, bytes),
    }
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

fn load(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|e| Error::from(e).with_path(path))
}

fn stem(path: &Path) -> String {
    let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let cut = [".targets.simple.csv", ".entities.ftm.json", ".csv", ".json", ".xml", ".txt"];
    cut.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name).to_string()
}

fn read_file(path: &Path) -> Result<Loaded> {
    let bytes = load(path)?;
    let list = if detect(&bytes) == Found::List(Layout::OfacDelimited) {
        // The parts beside it belong to it: in the same folder, named alike.
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut others = Vec::new();
        for other in files_of(folder)? {
            if other != path && ofac_delimited::belongs(path, &other) {
                others.push((other.clone(), load(&other)?));
            }
        }
        ofac_list(path, &bytes, &others)
    } else {
        from_bytes(&stem(path), &bytes)
    };
    Ok(Loaded { lists: vec![list.map_err(|e| e.with_path(path))?], skipped: Vec::new() })
}

fn ofac_list(path: &Path, bytes: &[u8], others: &[(PathBuf, Vec<u8>)]) -> Result<List> {
    let shown = path.display().to_string();
    let mut parts = ofac_delimited::Parts::sdn(&shown, bytes);
    for (other, bytes) in others {
        let part = (other.display().to_string(), bytes.as_slice());
        match detect(bytes) {
            Found::OfacAlt => parts.alt = Some(part),
            Found::OfacAdd => parts.add = Some(part),
            Found::OfacComments => parts.comments = Some(part),
            _ => {}
        }
    }
    ofac_delimited::read(&parts)
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
        let head = read_head(path)?;
        match detect(&head) {
            Found::List(_) => loaded.lists.extend(read_file(path)?.lists),
            Found::OfacAlt | Found::OfacAdd | Found::OfacComments => {
                let owner = files.iter().any(|f| {
                    f != path
                        && ofac_delimited::belongs(f, path)
                        && read_head(f).is_ok_and(|h| detect(&h) == Found::List(Layout::OfacDelimited))
                });
                if !owner {
                    loaded.skipped.push((path.clone(), "a part of OFAC's list without its sdn file".into()));
                }
            }
            Found::Nothing => {
                let reason = if head.is_empty() { "empty" } else { "no list in a known layout" };
                loaded.skipped.push((path.clone(), reason.into()));
            }
        }
    }
    if depth < 4 {
        let mut folders: Vec<PathBuf> = std::fs::read_dir(folder)
            .map_err(|e| Error::from(e).with_path(folder))?
            .filter_map(|e| Some(e.ok()?.path()))
            .filter(|p| p.is_dir())
            .collect();
        folders.sort();
        for folder in folders {
            walk(&folder, depth + 1, loaded)?;
        }
    }
    Ok(())
}

fn read_head(path: &Path) -> Result<Vec<u8>> {
    use std::io::Read;
    let fail = |e| Error::from(e).with_path(path);
    let mut head = Vec::new();
    std::fs::File::open(path).map_err(fail)?.take(64 << 10).read_to_end(&mut head).map_err(fail)?;
    Ok(head)
}

fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// The 1-based line of the record that begins at `byte`, or behind the line ends that stand there.
fn line_at(bytes: &[u8], byte: u64) -> u64 {
    let at = usize::try_from(byte).unwrap_or(usize::MAX).min(bytes.len());
    let ends = bytes[at..].iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
    1 + bytes[..at + ends].iter().filter(|b| **b == b'\n').count() as u64
}

fn csv_error(e: &csv::Error) -> Error {
    let position =
        e.position().map_or_else(Position::default, |p| Position::record(p.record()).at_line(p.line()));
    Error::malformed(e.to_string()).at(position)
}

/// What a reader knows of a list beside its entities.
struct Sums<'a> {
    name: &'a str,
    layout: Layout,
    published: Option<Date>,
    sha256: String,
    records: u64,
}

impl Sums<'_> {
    fn list(self, entities: Vec<Entity>, rejected: Vec<Rejected>) -> List {
        let names: u64 = entities.iter().map(|e| e.names.len() as u64).sum();
        let primary = entities.iter().filter(|e| !e.names.is_empty()).count() as u64;
        List {
            version: ListVersion {
                name: self.name.to_string(),
                layout: self.layout,
                published: self.published,
                sha256: self.sha256,
                records: self.records,
                entities: entities.len() as u64,
                names,
                aliases: names - primary,
                rejected: rejected.len() as u64,
            },
            entities,
            rejected,
        }
    }
}
