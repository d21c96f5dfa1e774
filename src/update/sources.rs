//! The addresses at which lists are published: the file `sources.toml`.

use super::address;
use crate::error::{Error, Position, Result};
use crate::list::Layout;
use serde::Deserialize;

/// A list that is published at fixed addresses.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Source {
    /// Its name, which is also that of its folder: lower-case letters, digits and `-`.
    pub name: String,
    /// The publisher and the list.
    pub title: String,
    /// The published layout. The name of a [`Layout`], such as `OfacDelimited`, is what the fetched files must
    /// be in; any other text is for people, and the layout is told by the content.
    pub layout: String,
    /// The publisher's terms.
    pub licence: String,
    /// How often the list changes.
    pub changes: String,
    /// Whether it is fetched only by name.
    #[serde(default)]
    pub on_request: bool,
    /// Hosts to which its addresses may redirect, besides their own.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Whether its addresses may be `http://` on other machines than this one. Whoever stands between can then change
    /// the list.
    #[serde(default)]
    pub unencrypted: bool,
    /// Its files, which are replaced together.
    pub files: Vec<SourceFile>,
}

/// A file of a source.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SourceFile {
    /// The name under which the file is stored.
    pub name: String,
    /// The address: `https://`, or `http://` for this machine and where [`Source::unencrypted`] allows it.
    pub address: String,
}

impl Source {
    /// The layout that it names, if it names one.
    pub fn named_layout(&self) -> Option<Layout> {
        Layout::PUBLISHED.into_iter().find(|layout| layout.to_string() == self.layout)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourcesFile {
    source: Vec<Source>,
}

/// The sources that are built into the program: `lists/sources.toml`.
pub fn official_sources() -> Vec<Source> {
    parse_sources(include_str!("../../lists/sources.toml")).expect("the built-in sources are read by a test")
}

/// Reads sources from the text of a TOML file in the form of `lists/sources.toml`.
///
/// # Errors
///
/// The text is not TOML, has an unknown or a missing key, or a name or address that cannot be used. The error
/// has the line if the TOML reader knows it.
///
/// # Examples
///
/// ```
/// let text = "
///     [[source]]
///     name = 'mirror'
///     title = 'Our copy of the OFAC list'
///     layout = 'OFAC XML'
///     licence = 'public domain'
///     changes = 'weekly'
///     unencrypted = true
///     files = [{ name = 'sdn.xml', address = 'http://mirror.example/sdn.xml' }]
/// ";
/// assert_eq!(interdict::update::parse_sources(text)?[0].files[0].name, "sdn.xml");
/// # Ok::<(), interdict::Error>(())
/// ```
pub fn parse_sources(text: &str) -> Result<Vec<Source>> {
    let file: SourcesFile = toml::from_str(text).map_err(|e| {
        let line = e.span().map(|s| 1 + text[..s.start.min(text.len())].matches('\n').count() as u64);
        Error::malformed(e.message().to_string()).at(Position { line, ..Position::default() })
    })?;
    for (i, source) in file.source.iter().enumerate() {
        check_source(source, &file.source[..i])
            .map_err(|what| Error::malformed(format!("source '{}': {what}", source.name)))?;
    }
    Ok(file.source)
}

/// Checks a source that follows others in its file. The error is a phrase for people.
fn check_source(source: &Source, before: &[Source]) -> Result<(), String> {
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if source.name.is_empty() || !source.name.chars().all(is_allowed) {
        return Err("the name must consist of small letters, digits and '-'".into());
    }
    if before.iter().any(|s| s.name == source.name) {
        return Err("there are two of this name".into());
    }
    if source.files.is_empty() {
        return Err("it has no files".into());
    }
    for (i, file) in source.files.iter().enumerate() {
        check_file(source, file, &source.files[..i])?;
    }
    let is_host =
        |h: &String| !h.is_empty() && h.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c));
    match source.hosts.iter().find(|host| !is_host(host)) {
        Some(host) => Err(format!("'{host}' in hosts is no name of a host, such as lists.example.org")),
        None => Ok(()),
    }
}

fn check_file(source: &Source, file: &SourceFile, before: &[SourceFile]) -> Result<(), String> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if file.name.is_empty() || file.name.starts_with('.') || !file.name.chars().all(is_allowed) {
        return Err(format!(
            "the file name '{}' must consist of letters, digits, '.', '_' and '-', and not begin with '.'",
            file.name
        ));
    }
    if before.iter().any(|f| f.name == file.name) {
        return Err(format!("there are two files of the name '{}'", file.name));
    }
    let address = file.address.parse::<ureq::http::Uri>().ok();
    let host = address.as_ref().and_then(|a| a.host()).unwrap_or_default();
    match address.as_ref().and_then(|a| a.scheme_str()) {
        _ if host.is_empty() => {
            Err(format!("the address '{}' must begin with https:// or http://", file.address))
        }
        Some("https") => Ok(()),
        Some("http") if source.unencrypted || address::is_loopback(host) => Ok(()),
        Some("http") => Err(format!(
            "the address '{}' is not encrypted: anybody on the way can change the list. Use https://, or allow it with \
             unencrypted = true",
            file.address
        )),
        _ => Err(format!("the address '{}' must begin with https:// or http://", file.address)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_sources_are_complete_and_encrypted() {
        let all = official_sources();
        assert!(all.len() >= 9);
        for source in &all {
            assert!(source.files.iter().all(|f| f.address.starts_with("https://")), "{}", source.name);
        }
        assert!(all.iter().any(|s| s.name == "ofac-sdn" && s.files.len() == 4 && !s.on_request));
        let unnamed: Vec<_> = all.iter().filter(|s| s.named_layout().is_none()).map(|s| &s.name).collect();
        assert_eq!(unnamed, [""; 0], "every built-in source names its layout");
    }

    #[test]
    fn an_unusable_source_is_an_error_with_its_reason() {
        let whole = |name: &str, file: &str, address: &str| {
            format!(
                "[[source]]\nname = '{name}'\ntitle = 't'\nlayout = 'l'\nlicence = 'l'\nchanges = 'c'\n\
                 files = [{{ name = '{file}', address = '{address}' }}]\n"
            )
        };
        let good = whole("a", "a.csv", "https://example.org/a");
        assert_eq!(parse_sources(&good).unwrap()[0].files[0].name, "a.csv");
        for (text, word) in [
            (whole("A b", "a.csv", "https://x"), "small letters"),
            (whole("a", "../a.csv", "https://x"), "file name"),
            (whole("a", ".hidden", "https://x"), "file name"),
            (whole("a", "a.csv", "file:///etc/passwd"), "https://"),
            (whole("a", "a.csv", "http://mirror.example/a"), "not encrypted"),
            (good.replace("title", "hosts = ['https://x.org']\ntitle"), "no name of a host"),
            (format!("{good}{good}"), "two of this name"),
            (good.replace("title", "titel"), "line 3"),
            ("source = 3".into(), "line 1"),
        ] {
            let error = parse_sources(&text).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}
