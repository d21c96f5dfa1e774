//! Lists in files and folders: which files belong together, which are not lists, and the names of lists.

use super::detect::{Detected, EXPECTED, detect};
use super::formats::ofac::delimited::{self, ListFiles};
use super::read::source::ByteSource;
use super::{Layout, Loaded, SkipReason, SkippedFile, explain_non_list, read_source};
use crate::error::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

/// Folders deeper than this below the given one are not read: a bound for links that lead back.
const MAX_FOLDER_DEPTH: usize = 4;

/// Skipped files that the error of a folder without lists mentions.
const SKIPPED_SHOWN: usize = 3;

/// Reads one file. OFAC's delimited list is completed by the other parts in the same folder.
pub(super) fn read_file(path: &Path) -> Result<Loaded> {
    let source = ByteSource::open(path)?;
    let list = if detect(source.head()) == Detected::List(Layout::OfacDelimited) {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut files = ListFiles::main_alone(source);
        for other in files_in(folder)? {
            if other != path && delimited::is_part_of(path, &other) {
                files.add(ByteSource::open(&other)?);
            }
        }
        delimited::read(files)
    } else {
        read_source(&name_of_file(path), source)
    };
    Ok(Loaded::of_lists(vec![list.map_err(|e| e.with_path(path))?]))
}

/// Reads all lists of a folder and its sub-folders.
pub(super) fn read_folder(folder: &Path) -> Result<Loaded> {
    let mut loaded = Loaded::default();
    add_folder(folder, 0, &mut loaded)?;
    if loaded.lists.is_empty() {
        let mut what = format!("no list in this folder; {EXPECTED}");
        for file in loaded.skipped.iter().take(SKIPPED_SHOWN) {
            what += &format!("; {}: {}", file.path.display(), file.reason);
        }
        return Err(Error::new(ErrorKind::UnknownLayout(what)).with_path(folder));
    }
    Ok(loaded)
}

fn add_folder(folder: &Path, depth: usize, loaded: &mut Loaded) -> Result<()> {
    let files = files_in(folder)?;
    for path in &files {
        if let Some(reason) = add_file(path, &files, loaded)? {
            loaded.skipped.push(SkippedFile { path: path.clone(), reason });
        }
    }
    if depth < MAX_FOLDER_DEPTH {
        for folder in folders_in(folder)? {
            add_folder(&folder, depth + 1, loaded)?;
        }
    }
    Ok(())
}

/// Adds the lists of a file, or returns the reason why it is skipped. `siblings` are the files of its folder.
fn add_file(path: &Path, siblings: &[PathBuf], loaded: &mut Loaded) -> Result<Option<SkipReason>> {
    if is_hidden(path) {
        return Ok(Some(SkipReason::Hidden));
    }
    let source = ByteSource::open(path)?;
    match detect(source.head()) {
        Detected::List(layout) => match read_file(path) {
            Ok(read) => loaded.lists.extend(read.lists),
            // The layout of a workbook is known only when it is unpacked.
            Err(e)
                if layout == Layout::AustraliaDfatXlsx && matches!(e.kind(), ErrorKind::UnknownLayout(_)) =>
            {
                return Ok(Some(SkipReason::UnknownWorkbook(e.to_string())));
            }
            Err(e) => return Err(e),
        },
        Detected::OfacPart(_) => {
            let is_main = |file: &PathBuf| {
                let main = Detected::List(Layout::OfacDelimited);
                file != path
                    && delimited::is_part_of(file, path)
                    && ByteSource::open(file).is_ok_and(|s| detect(s.head()) == main)
            };
            if !siblings.iter().any(is_main) {
                return Ok(Some(SkipReason::OfacPartAlone));
            }
        }
        Detected::Unknown => return Ok(Some(explain_non_list(&source))),
    }
    Ok(None)
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'))
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
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

/// The sub-folders that are read. Hidden ones hold former versions of lists and updates in progress.
fn folders_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).map_err(|e| Error::from(e).with_path(folder))?;
    let paths = entries.filter_map(|e| Some(e.ok()?.path()));
    let mut folders: Vec<PathBuf> = paths.filter(|p| p.is_dir() && !is_hidden(p)).collect();
    folders.sort();
    Ok(folders)
}

/// The name of a list that has no name of its own: the file's name without its extension.
fn name_of_file(path: &Path) -> String {
    let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let extensions = [
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
    extensions.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name).to_string()
}
