//! Lists in files and folders: which files belong together, which are not lists, and the names of lists.

use super::detect::{Detected, EXPECTED, detect};
use super::formats::generic::names;
use super::formats::ofac::delimited::{self, ListFiles};
use super::read::source::ByteSource;
use super::{Layout, Loaded, SkipReason, SkippedFile, explain_non_list, read_source};
use crate::entity::Date;
use crate::error::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

/// Sub-folders below this depth are not read. Bounds the recursion through symbolic links.
const MAX_FOLDER_DEPTH: usize = 4;

/// How often a path is read whose folders are replaced meanwhile.
const MAX_ATTEMPTS: usize = 5;

/// Skipped files that the error of a folder without lists mentions.
const SKIPPED_SHOWN: usize = 3;

/// What becomes of a file of a folder that is a list and cannot be read.
pub(super) enum FileError<'a> {
    /// The folder cannot be read.
    Fail,
    /// The error is collected, and the other files are read.
    Collect(&'a mut Vec<(PathBuf, Error)>),
}

/// Reads a file, a file of a zip archive (`ARCHIVE/FILE`), or a folder. If an update replaces a folder meanwhile, it is
/// read again, so that no list is made of files of two versions.
pub(super) fn read_path(path: &Path, on_error: &mut FileError<'_>) -> Result<Loaded> {
    let mut attempt = 1;
    loop {
        let before = folders_of(path);
        let mut errors = Vec::new();
        let read = match on_error {
            FileError::Fail => read_path_once(path, &mut FileError::Fail),
            FileError::Collect(_) => read_path_once(path, &mut FileError::Collect(&mut errors)),
        };
        if folders_of(path) == before || attempt == MAX_ATTEMPTS {
            if let FileError::Collect(all) = on_error {
                all.append(&mut errors);
            }
            return read;
        }
        attempt += 1;
    }
}

/// A folder by its path, and what tells it from another one that takes its place.
type FolderIdentity = (PathBuf, Option<(u64, u64)>);

/// The folders that are read of a path: itself with those in it, or that of a file.
fn folders_of(path: &Path) -> Vec<FolderIdentity> {
    fn add(folder: &Path, depth: usize, found: &mut Vec<FolderIdentity>) {
        found.push((folder.to_path_buf(), identity(folder)));
        if depth < MAX_FOLDER_DEPTH {
            folders_in(folder).unwrap_or_default().iter().for_each(|f| add(f, depth + 1, found));
        }
    }
    let mut found = Vec::new();
    match path.is_dir() {
        true => add(path, 0, &mut found),
        false => found.extend(path.parent().map(|p| (p.to_path_buf(), identity(p)))),
    }
    found
}

#[cfg(unix)]
fn identity(folder: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(folder).ok().map(|meta| (meta.dev(), meta.ino()))
}

/// Without numbers of files, the time at which the folder was made.
#[cfg(not(unix))]
fn identity(folder: &Path) -> Option<(u64, u64)> {
    let made = std::fs::metadata(folder).ok()?.created().ok()?;
    let since = made.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some((since.as_secs(), u64::from(since.subsec_nanos())))
}

fn read_path_once(path: &Path, on_error: &mut FileError<'_>) -> Result<Loaded> {
    match std::fs::metadata(path) {
        Ok(meta) if meta.is_dir() => read_folder(path, on_error),
        Ok(_) => read_file(path),
        Err(e) => match archive_and_member(path) {
            Some((archive, member)) => {
                let source = ByteSource::open_member(archive, Some(&member))?;
                let mut list = read_source(&name_of_file(path), source).map_err(|e| e.with_path(path))?;
                list.path = Some(path.to_path_buf());
                Ok(Loaded::of_lists(vec![list]))
            }
            None => Err(Error::from(e).with_path(path)),
        },
    }
}

/// The archive and the file in it that a path names which is not there itself.
fn archive_and_member(path: &Path) -> Option<(&Path, String)> {
    let archive = path.ancestors().skip(1).find(|a| a.is_file())?;
    let member = path.strip_prefix(archive).ok()?;
    let parts: Vec<_> = member.components().map(|c| c.as_os_str().to_string_lossy()).collect();
    Some((archive, parts.join("/")))
}

/// The sources that `lists update` has fetched into this folder before and that are not there any more.
pub(super) fn missing_sources(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder.join(".state")) else { return Vec::new() };
    let mut missing = Vec::new();
    // A hidden one is being written: it has its name when it is whole.
    for state in entries.filter_map(|e| Some(e.ok()?.path())).filter(|state| !is_hidden(state)) {
        let Some(name) = state.file_stem().map(|n| n.to_string_lossy().into_owned()) else { continue };
        let read = std::fs::read(&state).ok().and_then(|b| serde_json::from_slice(&b).ok());
        let Some(serde_json::Value::Object(content)) = read else { continue };
        let files = content.get("files").and_then(|f| f.as_object());
        let files = files.into_iter().flat_map(|f| f.keys());
        let gone = files.filter(|file| !folder.join(&name).join(file).is_file());
        missing.extend(gone.map(|file| format!("{name}/{file}")));
    }
    missing.sort();
    missing
}

/// Gives a list that tells no date the day on which `lists update` fetched it, if its file is still the fetched one.
pub(super) fn date_by_fetching(list: &mut super::List) {
    let Some(path) = list.path.as_ref().filter(|_| list.version.published.is_none()) else { return };
    list.version.published = fetched_on(path);
}

fn fetched_on(path: &Path) -> Option<Date> {
    let folder = path.parent()?;
    let state = folder.parent()?.join(".state").join(format!("{}.json", folder.file_name()?.to_str()?));
    let state: serde_json::Value = serde_json::from_slice(&std::fs::read(state).ok()?).ok()?;
    let fetched = state.get("fetched")?.as_str().and_then(Date::parse)?;
    let sha256 = state.get("files")?.get(path.file_name()?.to_str()?)?.get("sha256")?.as_str()?;
    let is_same = crate::digest::hex_digest([std::fs::read(path).ok()?.as_slice()]) == sha256;
    is_same.then_some(fetched)
}

/// Reads one file. OFAC's delimited list is completed by the other parts in the same folder.
fn read_file(path: &Path) -> Result<Loaded> {
    let source = ByteSource::open(path)?;
    let detected = detect(source.head());
    let list = if detected == Detected::List(Layout::OfacDelimited) {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut files = ListFiles::main_alone(source);
        for other in files_in(folder)? {
            if other != path && delimited::is_part_of(path, &other) {
                files.add(ByteSource::open(&other)?);
            }
        }
        delimited::read(files)
    } else if detected == Detected::Unknown && names::is_named_so(path) && !source.is_blank() {
        super::read_layout(Layout::Names, &name_of_file(path), source)
    } else {
        read_source(&name_of_file(path), source)
    };
    let mut list = list.map_err(|e| e.with_path(path))?;
    list.path = Some(path.to_path_buf());
    Ok(Loaded::of_lists(vec![list]))
}

/// Reads all lists of a folder and its sub-folders.
fn read_folder(folder: &Path, on_error: &mut FileError<'_>) -> Result<Loaded> {
    let mut loaded = Loaded::default();
    add_folder(folder, 0, &mut loaded, on_error)?;
    let failed = matches!(on_error, FileError::Collect(errors) if !errors.is_empty());
    if loaded.lists.is_empty() && !failed {
        let mut what = format!("no list in this folder; {EXPECTED}");
        for file in loaded.skipped.iter().take(SKIPPED_SHOWN) {
            what += &format!("; {}: {}", file.path.display(), file.reason);
        }
        return Err(Error::new(ErrorKind::UnknownLayout(what)).with_path(folder));
    }
    Ok(loaded)
}

fn add_folder(folder: &Path, depth: usize, loaded: &mut Loaded, on_error: &mut FileError<'_>) -> Result<()> {
    let files = files_in(folder)?;
    for path in &files {
        match (add_file(path, &files, loaded), &mut *on_error) {
            (Ok(None), _) => {}
            (Ok(Some(reason)), _) => loaded.skipped.push(SkippedFile { path: path.clone(), reason }),
            (Err(e), FileError::Fail) => return Err(e),
            (Err(e), FileError::Collect(errors)) => errors.push((path.clone(), e)),
        }
    }
    for path in dangling_links_in(folder)? {
        loaded.skipped.push(SkippedFile { path, reason: SkipReason::DanglingLink });
    }
    if depth < MAX_FOLDER_DEPTH {
        for folder in folders_in(folder)? {
            add_folder(&folder, depth + 1, loaded, on_error)?;
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
        Detected::List(_) => loaded.lists.extend(read_file(path)?.lists),
        // The layout of a workbook is known only when it is unpacked.
        Detected::Workbook => match read_file(path) {
            Ok(read) => loaded.lists.extend(read.lists),
            Err(e) if matches!(e.kind(), ErrorKind::UnknownLayout(_)) => {
                return Ok(Some(SkipReason::UnknownWorkbook(e.to_string())));
            }
            Err(e) => return Err(e),
        },
        Detected::OfacPart => {
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
        Detected::Unknown if names::is_named_so(path) && !source.is_blank() => {
            loaded.lists.extend(read_file(path)?.lists);
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

/// Links of a folder that lead nowhere.
fn dangling_links_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).map_err(|e| Error::from(e).with_path(folder))?;
    let paths = entries.filter_map(|e| Some(e.ok()?.path()));
    let mut links: Vec<PathBuf> = paths.filter(|p| p.is_symlink() && !p.exists() && !is_hidden(p)).collect();
    links.sort();
    Ok(links)
}

/// The sub-folders that are read. Hidden ones hold former versions of lists and updates in progress.
fn folders_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).map_err(|e| Error::from(e).with_path(folder))?;
    let paths = entries.filter_map(|e| Some(e.ok()?.path()));
    let mut folders: Vec<PathBuf> = paths.filter(|p| p.is_dir() && !is_hidden(p)).collect();
    folders.sort();
    Ok(folders)
}

/// The name of a list whose layout states none: the name of its file without the extension.
pub(super) fn name_of_file(path: &Path) -> String {
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
        ".ods",
        ".tsv",
        ".txt",
    ];
    let packed = [".gz", ".zst", ".zip"].iter().find_map(|end| name.strip_suffix(end));
    let name = packed.unwrap_or(&name);
    extensions.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name).to_string()
}
