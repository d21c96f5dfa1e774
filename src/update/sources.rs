//! Where lists are published: the file `sources.toml`.

use crate::error::{Error, Position, Result};
use serde::Deserialize;

/// A list that is published at fixed addresses.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its folder and its name on the command line: small letters, digits and `-`.
    pub name: String,
    /// Who publishes what.
    pub title: String,
    /// The published layout, for people: what is fetched is told by its content.
    pub layout: String,
    /// The publisher's terms.
    pub licence: String,
    /// How often it changes.
    pub changes: String,
    /// Fetched only when named.
    #[serde(default)]
    pub on_request: bool,
    /// Its parts, which are replaced together.
    pub files: Vec<SourceFile>,
}

/// A part of a source.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceFile {
    /// The name under which it is kept.
    pub name: String,
    /// Where it is published: an `https://` address, or `http://` for a mirror of one's own.
    pub address: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    source: Vec<Source>,
}

/// The sources that are built into the program: `lists/sources.toml`.
pub fn official() -> Vec<Source> {
    sources(include_str!("../../lists/sources.toml")).expect("the built-in sources are tested to be read")
}

/// Reads sources from the text of a TOML file in the form of `lists/sources.toml`.
///
/// # Errors
///
/// The text is no TOML, has an unknown or a missing key, or a name or address that cannot be used; with the line
/// where the TOML reader knows it.
pub fn sources(text: &str) -> Result<Vec<Source>> {
    let file: File = toml::from_str(text).map_err(|e| {
        let line = e.span().map(|s| 1 + text[..s.start.min(text.len())].matches('\n').count() as u64);
        Error::malformed(e.message().to_string()).at(Position { line, ..Position::default() })
    })?;
    for (i, source) in file.source.iter().enumerate() {
        let fail = |what: String| Err(Error::malformed(format!("source '{}': {what}", source.name)));
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if source.name.is_empty() || !source.name.chars().all(plain) {
            return fail("the name must consist of small letters, digits and '-'".into());
        }
        if file.source[..i].iter().any(|s| s.name == source.name) {
            return fail("there are two of this name".into());
        }
        if source.files.is_empty() {
            return fail("it has no files".into());
        }
        for (j, part) in source.files.iter().enumerate() {
            let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            if part.name.is_empty() || part.name.starts_with('.') || !part.name.chars().all(plain) {
                return fail(format!(
                    "the file name '{}' must consist of letters, digits, '.', '_' and '-', and not begin with '.'",
                    part.name
                ));
            }
            if source.files[..j].iter().any(|f| f.name == part.name) {
                return fail(format!("there are two files of the name '{}'", part.name));
            }
            if !["https://", "http://"].iter().any(|scheme| part.address.starts_with(scheme)) {
                return fail(format!("the address '{}' must begin with https:// or http://", part.address));
            }
        }
    }
    Ok(file.source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_sources_are_whole_and_encrypted() {
        let all = official();
        assert!(all.len() >= 9);
        for source in &all {
            assert!(source.files.iter().all(|f| f.address.starts_with("https://")), "{}", source.name);
        }
        assert!(all.iter().any(|s| s.name == "ofac-sdn" && s.files.len() == 4 && !s.on_request));
    }

    #[test]
    fn what_cannot_be_used_is_refused_with_its_reason() {
        let whole = |name: &str, file: &str, address: &str| {
            format!(
                "[[source]]\nname = '{name}'\ntitle = 't'\nlayout = 'l'\nlicence = 'l'\nchanges = 'c'\n\
                 files = [{{ name = '{file}', address = '{address}' }}]\n"
            )
        };
        let good = whole("a", "a.csv", "https://example.org/a");
        assert_eq!(sources(&good).unwrap()[0].files[0].name, "a.csv");
        for (text, word) in [
            (whole("A b", "a.csv", "https://x"), "small letters"),
            (whole("a", "../a.csv", "https://x"), "file name"),
            (whole("a", ".hidden", "https://x"), "file name"),
            (whole("a", "a.csv", "file:///etc/passwd"), "https://"),
            (format!("{good}{good}"), "two of this name"),
            (good.replace("title", "titel"), "line 3"),
            ("source = 3".into(), "line 1"),
        ] {
            let error = sources(&text).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}
