//! Labelled pairs of names.

use interdict::entity::Schema;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// A labelled pair.
pub struct Pair {
    pub query: String,
    pub listed: String,
    pub schema: Schema,
    pub is_match: bool,
    group: String,
}

/// The pairs of one file.
pub struct PairSet {
    pub name: String,
    pub pairs: Vec<Pair>,
}

/// Some of the pairs of a set.
pub struct Part<'a> {
    pub name: &'a str,
    pub pairs: Vec<&'a Pair>,
}

impl PairSet {
    /// All pairs.
    pub fn all(&self) -> Part<'_> {
        Part { name: &self.name, pairs: self.pairs.iter().collect() }
    }

    /// The pairs outside of a fold, and those in it. All pairs of a group lie in one fold.
    pub fn fold(&self, folds: u64, fold: u64) -> (Part<'_>, Part<'_>) {
        let is_held_out = |pair: &&Pair| {
            let mut hasher = DefaultHasher::new();
            (&self.name, &pair.group).hash(&mut hasher);
            hasher.finish() % folds == fold
        };
        let (held_out, train) = self.pairs.iter().partition(is_held_out);
        (Part { name: &self.name, pairs: train }, Part { name: &self.name, pairs: held_out })
    }

    /// How many groups there are.
    pub fn groups(&self) -> usize {
        let mut groups: Vec<&str> = self.pairs.iter().map(|pair| pair.group.as_str()).collect();
        groups.sort_unstable();
        groups.dedup();
        groups.len()
    }
}

/// Reads a file of pairs.
pub fn read(path: &Path) -> Result<PairSet, String> {
    let at = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let mut reader = csv::Reader::from_path(path).map_err(|e| at(&e))?;
    let headers = reader.headers().map_err(|e| at(&e))?.clone();
    let column = |name: &str| headers.iter().position(|header| header == name);
    let required = |name: &str| column(name).ok_or_else(|| at(&format!("there is no column '{name}'")));
    let (query, listed, is_match) = (required("name1")?, required("name2")?, required("is_match")?);
    let schema = column("schema");
    let group = ["case_group", "kind", "category"].into_iter().find_map(column);
    let group = group.ok_or_else(|| at(&"there is no column 'case_group', 'kind' or 'category'"))?;
    let mut pairs = Vec::new();
    for (number, record) in reader.records().enumerate() {
        let record = record.map_err(|e| at(&e))?;
        let cell = |i: usize| record.get(i).unwrap_or("").to_string();
        let is_match = match record.get(is_match).unwrap_or("").to_ascii_lowercase().as_str() {
            "true" | "1" => true,
            "false" | "0" => false,
            other => {
                return Err(at(&format!("row {}: is_match is '{other}', not true or false", number + 1)));
            }
        };
        let schema = schema.and_then(|i| Schema::parse(&cell(i))).unwrap_or_default();
        pairs.push(Pair { query: cell(query), listed: cell(listed), schema, is_match, group: cell(group) });
    }
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(PairSet { name, pairs })
}
