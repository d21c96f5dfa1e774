//! A mapping of columns, kept in a file.

use super::{ColumnChoice, Field};
use crate::error::{Error, Position, Result};
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The columns of a table and how it is read, as a TOML file. Every key may be left out.
///
/// ```
/// use interdict::batch::Mapping;
/// let mapping = Mapping::parse(
///     "name = [\"Nachname+Vorname\", \"Firma\"]\nid = \"Nr\"\nheader_row = 3\n[columns]\ncountry = \"Land\"\n",
/// )?;
/// assert_eq!(mapping.header_row, Some(3));
/// assert_eq!(mapping.names, ["Nachname+Vorname", "Firma"]);
///
/// let wrong = Mapping::parse("names = \"x\"\n").unwrap_err().to_string();
/// assert!(wrong.starts_with("line 1, field 'names': no such key"), "{wrong}");
/// # Ok::<(), interdict::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mapping {
    /// Columns that hold a name, each screened; `First+Last` joins two.
    pub names: Vec<String>,
    /// Fields and their columns.
    pub columns: Vec<(Field, String)>,
    /// The column that holds the row's own id.
    pub id: Option<String>,
    /// Columns that are copied to the hits.
    pub carry: Vec<String>,
    /// The row of the header.
    pub header_row: Option<u64>,
    /// The delimiter, as a character, "tab" or "none".
    pub delimiter: Option<String>,
    /// Label of the encoding.
    pub encoding: Option<String>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
}

/// The keys of the file.
const KEYS: &str = "name, id, carry, header_row, delimiter, encoding, sheet, [columns]";

impl Mapping {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// The file cannot be read; or as [`Mapping::parse`], with the path.
    pub fn read(path: impl AsRef<Path>) -> Result<Mapping> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|e| Error::from(e).with_path(path))?;
        let text = String::from_utf8(bytes).map_err(|_| {
            Error::invalid_config("the file is not valid UTF-8; save it as UTF-8").with_path(path)
        })?;
        Mapping::parse(text.trim_start_matches('\u{feff}')).map_err(|e| e.with_path(path))
    }

    /// Reads a text.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidConfig`](crate::ErrorKind::InvalidConfig) with line and key: the text is no TOML, a key is
    /// unknown, or a value has the wrong type.
    pub fn parse(text: &str) -> Result<Mapping> {
        let line = |at: usize| text.as_bytes().iter().take(at).filter(|b| **b == b'\n').count() as u64 + 1;
        let table = DeTable::parse(text).map_err(|e| {
            let position = e.span().map_or_else(Position::default, |s| Position::line(line(s.start)));
            Error::invalid_config(format!("no valid TOML: {}", e.message())).at(position)
        })?;
        let mut mapping = Mapping::default();
        for (key, value) in table.get_ref() {
            let wrong = |message: String| {
                let position = Position::line(line(key.span().start)).in_field(key.get_ref().to_string());
                Error::invalid_config(message).at(position)
            };
            mapping.take(key.get_ref(), value).map_err(wrong)?;
        }
        Ok(mapping)
    }

    fn take(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<(), String> {
        match key {
            "name" => self.names = strings(value)?,
            "id" => self.id = Some(string(value)?),
            "carry" => self.carry = strings(value)?,
            "delimiter" => self.delimiter = Some(string(value)?),
            "encoding" => self.encoding = Some(string(value)?),
            "sheet" => self.sheet = Some(string(value)?),
            "header_row" => {
                let DeValue::Integer(n) = value.get_ref() else {
                    return Err("must be a whole number".into());
                };
                let row = n.as_str().parse::<u64>().ok().filter(|n| *n > 0 && *n < 1 << 32);
                self.header_row = Some(row.ok_or("must be a whole number from 1 on")?);
            }
            "columns" => {
                let DeValue::Table(table) = value.get_ref() else { return Err("must be a section".into()) };
                for (field, columns) in table {
                    let name = field.get_ref();
                    let known = || Field::names().collect::<Vec<_>>().join(", ");
                    let field =
                        Field::parse(name).ok_or_else(|| format!("'{name}' is not one of {}", known()))?;
                    let columns = strings(columns).map_err(|e| format!("{name} {e}"))?;
                    self.columns.extend(columns.into_iter().map(|column| (field.clone(), column)));
                }
            }
            _ => return Err(format!("no such key; the keys are {KEYS}")),
        }
        Ok(())
    }

    /// The choice of columns.
    pub fn choice(&self) -> ColumnChoice {
        ColumnChoice::default()
            .names(self.names.clone())
            .fields(self.columns.clone())
            .id(self.id.clone())
            .carry(self.carry.clone())
    }
}

fn string(value: &Spanned<DeValue<'_>>) -> Result<String, String> {
    match value.get_ref() {
        DeValue::String(text) => Ok(text.to_string()),
        _ => Err("must be a text in quotes".into()),
    }
}

/// A text, or a list of texts.
fn strings(value: &Spanned<DeValue<'_>>) -> Result<Vec<String>, String> {
    match value.get_ref() {
        DeValue::Array(values) => values.iter().map(string).collect(),
        _ => Ok(vec![string(value).map_err(|_| "must be a text in quotes, or a list of them")?]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, expected) in [
            ("id = 7", "line 1, field 'id': must be a text in quotes"),
            ("\nname = [1]", "line 2, field 'name': must be a text"),
            ("header_row = 0", "line 1, field 'header_row': must be a whole number from 1 on"),
            ("[columns]\ncolour = \"x\"", "line 1, field 'columns': 'colour' is not one of name"),
            ("columns = 1", "line 1, field 'columns': must be a section"),
            ("name = ", "line 1: no valid TOML"),
        ] {
            let error = Mapping::parse(text).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{text}: {error}");
        }
    }

    #[test]
    fn a_field_may_have_several_columns() {
        let mapping = Mapping::parse("name = \"A\"\n[columns]\ncountry = [\"Land\", \"Nat\"]\n").unwrap();
        let country = |c: &str| (Field::Country, c.to_string());
        assert_eq!(mapping.columns, [country("Land"), country("Nat")]);
        assert_eq!(mapping.choice(), ColumnChoice::default().names(["A"]).fields(mapping.columns.clone()));
    }
}
