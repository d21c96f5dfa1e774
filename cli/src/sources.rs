//! Opening the inputs of a run: lists, an index file or the starter list, and the table.

use crate::args::ListArgs;
use crate::{age, hints, manifest};
use interdict::list::{self, List, ListVersion, Loaded};
use interdict::{Error, ErrorKind, Index, Result, Screener};
use std::path::PathBuf;

/// The most rejected records of one list that are reported.
const MAX_REJECTED_SHOWN: usize = 20;

/// Reads lists, and reports skipped files and rejected records on standard error. Fails unless every list is whole,
/// or among `accepted`.
pub fn read_lists(paths: &[PathBuf], accepted: &[String]) -> Result<Vec<List>> {
    Ok(report_skipped(vec![list::read_complete(paths, accepted)?]))
}

/// Reports skipped files and rejected records on standard error, and returns the lists.
fn report_skipped(all: Vec<Loaded>) -> Vec<List> {
    let mut lists: Vec<List> = Vec::new();
    for loaded in all {
        for file in &loaded.skipped {
            sayln!(
                "notice: {} is not read: {}{}",
                file.path.display(),
                file.reason,
                hints::of_skipped_file(&file.reason)
            );
        }
        for list in loaded.lists {
            for r in list.rejected.iter().take(MAX_REJECTED_SHOWN) {
                sayln!("notice: {}: {}: rejected: {}", r.file, r.position, r.reason);
            }
            if list.rejected.len() > MAX_REJECTED_SHOWN {
                let more = list.rejected.len() - MAX_REJECTED_SHOWN;
                let name = &list.version.name;
                sayln!(
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
    Ok(report_skipped(vec![load_lists_or_index(path)?]))
}

fn load_lists_or_index(path: &PathBuf) -> Result<Loaded> {
    match Index::open(path) {
        Ok(index) => Ok(Loaded::of_lists(index.lists())),
        Err(e) if matches!(e.kind(), ErrorKind::NotAnIndex | ErrorKind::Empty) => list::read(path),
        Err(e) => Err(e),
    }
}

fn starter() -> List {
    sayln!(
        "notice: no --list and no --index: using the built-in starter list, which is for trying only: it is neither complete nor current, and people of 2023 to 2025 are missing"
    );
    list::starter()
}

/// The index to screen against. Fails if one of its lists is older than `--max-age`.
pub fn open(args: &ListArgs) -> Result<Index> {
    let index = open_any_age(args)?;
    age::check(&index.identity().lists, args.max_age)?;
    check_manifest(args, &index.identity().lists)?;
    Ok(index)
}

/// Fails if a list of the last run is gone.
fn check_manifest(args: &ListArgs, lists: &[ListVersion]) -> Result<()> {
    let path = args.manifest.as_ref();
    path.map_or(Ok(()), |path| manifest::check_and_write(path, lists, &args.allow_incomplete))
}

fn open_any_age(args: &ListArgs) -> Result<Index> {
    if let Some(path) = &args.index {
        return Index::open(path);
    }
    if args.paths.is_empty() {
        return Index::build(&[starter()]);
    }
    let lists = read_lists(&args.paths, &args.allow_incomplete)?;
    Index::build(&lists).map_err(|e| match args.paths.first() {
        Some(path) => e.with_path(path),
        None => e,
    })
}

/// A screener for the changes between the lists `old` and those to screen against.
pub fn open_changes(args: &ListArgs, old: &PathBuf) -> Result<Screener> {
    let read_new = || match &args.index {
        Some(path) => Ok(vec![Loaded::of_lists(Index::open(path)?.lists())]),
        None if args.paths.is_empty() => Ok(vec![Loaded::of_lists(vec![starter()])]),
        None => list::read_complete(&args.paths, &args.allow_incomplete).map(|loaded| vec![loaded]),
    };
    let (new, old) = rayon::join(read_new, || load_lists_or_index(old));
    let (new, old) = (report_skipped(new?), report_skipped(vec![old?]));
    let versions: Vec<ListVersion> = new.iter().map(|list| list.version.clone()).collect();
    age::check(&versions, args.max_age)?;
    check_manifest(args, &versions)?;
    Screener::for_changes(&old, &new).map_err(|e| match args.paths.first() {
        Some(path) => e.with_path(path),
        None => e,
    })
}

/// One line about each list that is screened against and, for a report of changes, about each old one.
pub fn describe_screener(screener: &Screener) -> String {
    let Some([(new, differ), (old, gone)]) = screener.versions() else { return describe(screener.index()) };
    let mut text = describe_lists(new);
    describe_lists(old).lines().for_each(|line| text += &format!("since {line}\n"));
    text + &format!("entities that differ: {differ} of the new lists, {gone} of the old ones\n")
}

/// One line about each list of an index, and one about each name that cannot be found.
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

/// Opens a file, or standard input for `-`. Returns the length in bytes too if it is a file.
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
