//! Where the listed names come from: lists, an index file, or the starter list.

use crate::age;
use crate::args::Against;
use interdict::list::{self, List, ListVersion, Loaded};
use interdict::{Error, ErrorKind, Index, Result, Screener};
use std::path::PathBuf;

/// Rejected records of one list that a run shows.
const SHOWN: usize = 20;

/// Reads lists, and tells on standard error what was left out.
pub fn read_lists(paths: &[PathBuf]) -> Result<Vec<List>> {
    let loaded: Result<Vec<Loaded>> = paths.iter().map(list::read).collect();
    Ok(tell(loaded?))
}

/// The lists that were read; what was left out goes to standard error.
fn tell(all: Vec<Loaded>) -> Vec<List> {
    let mut lists: Vec<List> = Vec::new();
    for loaded in all {
        for (file, reason) in &loaded.skipped {
            eprintln!("notice: {} is not read: {reason}", file.display());
        }
        for list in loaded.lists {
            for r in list.rejected.iter().take(SHOWN) {
                eprintln!("notice: {}: {}: rejected: {}", r.file, r.position, r.reason);
            }
            if list.rejected.len() > SHOWN {
                let more = list.rejected.len() - SHOWN;
                let name = &list.version.name;
                eprintln!(
                    "notice: list {name}: {more} more rejected records; `interdict lists check` shows all"
                );
            }
            lists.push(list);
        }
    }
    lists
}

/// The lists of a file or folder, or those that an index file was built from.
pub fn lists_or_index(path: &PathBuf) -> Result<Vec<List>> {
    Ok(tell(vec![load_either(path)?]))
}

fn load_either(path: &PathBuf) -> Result<Loaded> {
    match Index::open(path) {
        Ok(index) => Ok(Loaded { lists: index.lists(), skipped: Vec::new() }),
        Err(e) if matches!(e.kind(), ErrorKind::NotAnIndex | ErrorKind::Empty) => list::read(path),
        Err(e) => Err(e),
    }
}

fn starter() -> List {
    eprintln!(
        "notice: no --list and no --index: using the built-in starter list, which is neither complete nor current"
    );
    list::starter()
}

/// The index to screen against, of lists that are young enough.
pub fn open(against: &Against) -> Result<Index> {
    let index = open_any(against)?;
    age::check(&index.identity().lists, against.max_age)?;
    Ok(index)
}

fn open_any(against: &Against) -> Result<Index> {
    if let Some(path) = &against.index {
        return Index::open(path);
    }
    if against.lists.is_empty() {
        return Index::build(&[starter()]);
    }
    let lists = read_lists(&against.lists)?;
    Index::build(&lists).map_err(|e| match against.lists.first() {
        Some(path) => e.with_path(path),
        None => e,
    })
}

/// A screener for what changed between `old` and what to screen against.
pub fn since(against: &Against, old: &PathBuf) -> Result<Screener> {
    let read_new = || match &against.index {
        Some(path) => Ok(vec![Loaded { lists: Index::open(path)?.lists(), skipped: Vec::new() }]),
        None if against.lists.is_empty() => Ok(vec![Loaded { lists: vec![starter()], skipped: Vec::new() }]),
        None => against.lists.iter().map(list::read).collect(),
    };
    let (new, old) = rayon::join(read_new, || load_either(old));
    let (new, old) = (tell(new?), tell(vec![old?]));
    let versions: Vec<ListVersion> = new.iter().map(|list| list.version.clone()).collect();
    age::check(&versions, against.max_age)?;
    Screener::for_changes(&old, &new).map_err(|e| match against.lists.first() {
        Some(path) => e.with_path(path),
        None => e,
    })
}

/// One line about each list that is screened against, and in a run against a change about each former one.
pub fn describe_screener(screener: &Screener) -> String {
    let Some([(new, differ), (old, gone)]) = screener.versions() else { return describe(screener.index()) };
    let mut text = describe_lists(new);
    describe_lists(old).lines().for_each(|line| text += &format!("since {line}\n"));
    text + &format!("entities that differ: {differ} of the new lists, {gone} of the old ones\n")
}

/// What was read of each list of an index.
pub fn describe(index: &Index) -> String {
    let mut text = describe_lists(&index.identity().lists);
    for name in &index.identity().unsearchable {
        text += &format!(
            "notice: list {}: entity {}: the name '{}' has neither letter nor digit and cannot be found\n",
            name.list, name.entity_id, name.name
        );
    }
    text
}

fn describe_lists(lists: &[ListVersion]) -> String {
    let mut text = String::new();
    for version in lists {
        text += &version.describe(age::today());
    }
    text
}

/// An open input.
pub type Input = Box<dyn std::io::Read + Send>;

/// Opens an input: a file, or standard input for `-`. With its length in bytes where it has one.
pub fn input(path: &std::path::Path) -> Result<(Input, Option<u64>)> {
    if path.as_os_str() == "-" {
        return Ok((Box::new(std::io::stdin()), None));
    }
    let fail = |e: std::io::Error| Error::from(e).with_path(path);
    let file = std::fs::File::open(path).map_err(fail)?;
    let meta = file.metadata().map_err(fail)?;
    if meta.is_dir() {
        return Err(Error::malformed("this is a folder; name a CSV file").with_path(path));
    }
    Ok((Box::new(file), meta.is_file().then_some(meta.len())))
}
