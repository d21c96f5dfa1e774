//! The columns of the input and how it is read: flags, and the file of `--map`, which flags override.

use crate::args::{Screen, parse_delimiter};
use interdict::batch::{ColumnChoice, InputOptions, Mapping};
use interdict::{Error, Result};
use std::path::Path;

pub fn read(args: &Screen) -> Result<(ColumnChoice, InputOptions)> {
    let mut map = args.map.as_ref().map_or_else(|| Ok(Mapping::default()), Mapping::read)?;
    if !args.name_columns.is_empty() {
        map.names = args.name_columns.clone();
    }
    // A field of the flags replaces the columns that the file has for it.
    map.columns.retain(|(field, _)| !args.columns.iter().any(|(given, _)| given == field));
    map.columns.extend(args.columns.iter().cloned());
    map.id = args.id_column.clone().or(map.id);
    if !args.carry.is_empty() {
        map.carry = args.carry.clone();
    }
    let of_map = |text: &String| {
        let path = args.map.as_deref().unwrap_or(Path::new(""));
        parse_delimiter(text).map_err(|e| Error::invalid_config(format!("delimiter {e}")).with_path(path))
    };
    let delimiter = match args.delimiter {
        Some(delimiter) => Some(delimiter),
        None => map.delimiter.as_ref().map(of_map).transpose()?,
    };
    let options = InputOptions::default()
        .delimiter(delimiter)
        .header_row(args.header_row.or(map.header_row))
        .sheet(args.sheet.clone().or_else(|| map.sheet.clone()))
        .encoding(args.encoding.as_deref().or(map.encoding.as_deref()))?;
    let choice = map.choice().sheet_rows(args.sheet_row);
    let is_text = !args.text_columns.is_empty();
    Ok((if is_text { choice.texts(&args.text_columns) } else { choice }, options))
}
