//! What identifies a run: its settings, and its input file. A run is resumed, and an audit trail replayed, by it.

use crate::args::{Cleared, Screen, SpreadsheetSafe};
use crate::hits::{self, AcceptanceFile};
use clap::ValueEnum;
use interdict::batch::{Configuration, InputIdentity, InputLimits, NO_DELIMITER, TEXT_COLUMN};
use interdict::{Config, Result};
use std::path::Path;
use std::time::SystemTime;

/// Prefix of the configuration's keys in the settings of a run.
pub const CONFIG_PREFIX: &str = "config.";

/// The values of the configuration, each with its key in the settings of a run.
pub fn config_values(config: &Config) -> Vec<(String, String)> {
    let canonical = config.canonical();
    let values = canonical.lines().filter_map(|line| line.split_once(" = "));
    values.map(|(key, value)| (format!("{CONFIG_PREFIX}{key}"), value.to_string())).collect()
}

/// Every setting that decides what is written. Settings that do not, such as the number of threads, are left out.
pub fn configuration(args: &Screen, config: &Config, accept: &AcceptanceFile<'_>) -> Configuration {
    let fields = args.columns.iter().map(|(f, c)| format!("{}={c}", f.as_str()));
    let format = hits::format(args);
    let limits = InputLimits::default();
    let settings = [
        ("exhaustive", args.exhaustive.then(|| "true".into())),
        ("schema", args.schema.map(|s| s.as_str().into())),
        ("since", args.since.as_ref().map(|p| p.display().to_string())),
        ("name-column", Some(args.name_columns.join("; "))),
        (TEXT_COLUMN, Some(args.text_columns.join("; "))),
        ("column", Some(fields.collect::<Vec<_>>().join("; "))),
        ("id-column", args.id_column.clone()),
        ("carry", Some(args.carry.join("; "))),
        ("encoding", args.encoding.clone()),
        (
            "delimiter",
            args.delimiter.map(|d| match d {
                NO_DELIMITER => "none".into(),
                d => char::from(d).to_string(),
            }),
        ),
        ("sheet", args.sheet.clone()),
        ("header-row", args.header_row.map(|row| row.to_string())),
        ("sheet-row", args.sheet_row.then(|| "true".into())),
        // The content decides, and not the path.
        ("map", args.map.as_ref().and_then(|path| std::fs::read_to_string(path).ok())),
        ("max-row", (args.max_row != limits.row).then(|| args.max_row.to_string())),
        ("max-field", (args.max_field != limits.field).then(|| args.max_field.to_string())),
        ("max-depth", (usize::from(args.max_depth) != limits.depth).then(|| args.max_depth.to_string())),
        ("format", format.to_possible_value().map(|f| f.get_name().to_string())),
        ("spreadsheet-safe", (args.spreadsheet_safe == SpreadsheetSafe::Never).then(|| "never".into())),
        ("accept", accept.sha256().map(String::from)),
        ("cleared", (args.cleared == Cleared::Show).then(|| "show".into())),
        ("show-accepted", args.show_accepted.then(|| "true".into())),
    ];
    let settings =
        settings.into_iter().filter_map(|(k, v)| Some((k.to_string(), v.filter(|v| !v.is_empty())?)));
    settings.chain(config_values(config)).collect()
}

/// The identity of the input: its path and, if `is_hashed`, the hash of its content.
pub fn input(path: &Path, is_hashed: bool) -> Result<InputIdentity> {
    if is_hashed {
        return InputIdentity::of(path);
    }
    Ok(InputIdentity::named(path.display().to_string()))
}

/// Length, times and number of a file. A file that is written to or replaced changes them.
#[derive(Clone, Copy, PartialEq)]
pub struct FileStamp(Option<(u64, SystemTime, Option<InodeStamp>)>);

/// Device, number and time of the last change of a file, which nobody can set back.
type InodeStamp = (u64, u64, i64);

#[cfg(unix)]
fn number(meta: &std::fs::Metadata) -> Option<InodeStamp> {
    use std::os::unix::fs::MetadataExt;
    Some((meta.dev(), meta.ino(), meta.ctime()))
}

#[cfg(not(unix))]
fn number(_: &std::fs::Metadata) -> Option<InodeStamp> {
    None
}

impl FileStamp {
    pub fn of(path: &Path) -> FileStamp {
        let stamp = || {
            let meta = std::fs::metadata(path).ok()?;
            Some((meta.len(), meta.modified().ok()?, number(&meta)))
        };
        FileStamp(stamp())
    }
}
