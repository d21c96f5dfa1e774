use super::ParseError;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The role of a name for its entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum NameKind {
    /// The name under which the party is listed.
    Primary,
    /// Also known as.
    Alias,
    /// Formerly known as.
    Former,
}

impl NameKind {
    /// The kind as one word: `primary`, `alias`, `former`.
    pub fn as_str(self) -> &'static str {
        match self {
            NameKind::Primary => "primary",
            NameKind::Alias => "alias",
            NameKind::Former => "former",
        }
    }
}

impl fmt::Display for NameKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Reads what [`NameKind::as_str`] writes, in any case.
impl FromStr for NameKind {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let kinds = [NameKind::Primary, NameKind::Alias, NameKind::Former];
        let found = kinds.into_iter().find(|k| text.trim().eq_ignore_ascii_case(k.as_str()));
        found.ok_or_else(|| ParseError::new("a kind of name", text))
    }
}

/// How reliable the publisher considers a name.
///
/// OFAC and the UN mark nicknames and overly broad aliases as weak ("low quality"). A weak alias is not meant to
/// alert by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum AliasStrength {
    /// A name that identifies the party.
    Strong,
    /// A weak alias.
    Weak,
}

impl AliasStrength {
    /// The strength as one word: `strong`, `weak`.
    pub fn as_str(self) -> &'static str {
        match self {
            AliasStrength::Strong => "strong",
            AliasStrength::Weak => "weak",
        }
    }
}

impl fmt::Display for AliasStrength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Reads what [`AliasStrength::as_str`] writes, in any case.
impl FromStr for AliasStrength {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let strengths = [AliasStrength::Strong, AliasStrength::Weak];
        let found = strengths.into_iter().find(|s| text.trim().eq_ignore_ascii_case(s.as_str()));
        found.ok_or_else(|| ParseError::new("an alias strength", text))
    }
}

/// One name of an entity, as published.
///
/// ```
/// use interdict::entity::{AliasStrength, Name, NameKind};
/// let name = Name::weak("  Abu   Ali ");
/// assert_eq!(name.text, "Abu Ali");
/// assert_eq!((name.kind, name.strength), (NameKind::Alias, AliasStrength::Weak));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Name {
    /// The text as published, trimmed, with each run of white space as one blank.
    pub text: String,
    /// Its role.
    pub kind: NameKind,
    /// Its strength.
    pub strength: AliasStrength,
}

impl Name {
    /// A name with its role and strength. White space is collapsed.
    pub fn new(text: impl AsRef<str>, kind: NameKind, strength: AliasStrength) -> Self {
        let text = text.as_ref().split_whitespace().collect::<Vec<_>>().join(" ");
        Name { text, kind, strength }
    }

    /// The name under which a party is listed.
    pub fn primary(text: impl Into<String>) -> Self {
        Name::new(text.into(), NameKind::Primary, AliasStrength::Strong)
    }

    /// A strong alias.
    pub fn alias(text: impl Into<String>) -> Self {
        Name::new(text.into(), NameKind::Alias, AliasStrength::Strong)
    }

    /// A weak alias.
    pub fn weak(text: impl Into<String>) -> Self {
        Name::new(text.into(), NameKind::Alias, AliasStrength::Weak)
    }

    /// A former name.
    pub fn former(text: impl Into<String>) -> Self {
        Name::new(text.into(), NameKind::Former, AliasStrength::Strong)
    }
}
