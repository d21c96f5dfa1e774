//! Where the listed names come from: lists, an index file, or the starter list.

use crate::age;
use crate::args::Against;
use interdict::list::{self, List};
use interdict::{Error, Index, Result};
use std::path::PathBuf;

/// Rejected records of one list that a run shows.
const SHOWN: usize = 20;

/// Reads lists, and tells on standard error what was left out.
pub fn read_lists(paths: &[PathBuf]) -> Result<Vec<List>> {
    let mut lists: Vec<List> = Vec::new();
    for path in paths {
        let loaded = list::read(path)?;
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
    Ok(lists)
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
        eprintln!(
            "notice: no --list and no --index: using the built-in starter list, which is neither complete nor current"
        );
        return Index::build(&[list::starter()]);
    }
    let lists = read_lists(&against.lists)?;
    Index::build(&lists).map_err(|e| match against.lists.first() {
        Some(path) => e.with_path(path),
        None => e,
    })
}

/// What was read of each list of an index.
pub fn describe(index: &Index) -> String {
    let mut text = String::new();
    for version in &index.identity().lists {
        text += &version.describe(age::today());
    }
    for (list, id, name) in &index.identity().unsearchable {
        text += &format!(
            "notice: list {list}: entity {id}: the name '{name}' has neither letter nor digit and cannot be found\n"
        );
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
