use serde::{Deserialize, Serialize};

/// The part a name plays for its entity.
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

/// How far the publisher vouches for a name.
///
/// OFAC and the UN mark nicknames and overly broad aliases as weak ("low quality"): they were never meant to
/// alert by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Strength {
    /// A good name.
    Strong,
    /// A weak alias.
    Weak,
}

/// One name of an entity, as published.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Name {
    /// The text as published, trimmed, with runs of white space folded.
    pub text: String,
    /// Its part.
    pub kind: NameKind,
    /// Its strength.
    pub strength: Strength,
}

impl Name {
    /// A name with its part and strength; white space is folded.
    pub fn new(text: impl AsRef<str>, kind: NameKind, strength: Strength) -> Self {
        let text = text.as_ref().split_whitespace().collect::<Vec<_>>().join(" ");
        Name { text, kind, strength }
    }

    /// The name under which a party is listed.
    pub fn primary(text: impl Into<String>) -> Self {
        Name::new(text.into(), NameKind::Primary, Strength::Strong)
    }

    /// A good alias.
    pub fn alias(text: impl Into<String>) -> Self {
        Name::new(text.into(), NameKind::Alias, Strength::Strong)
    }

    /// A weak alias.
    pub fn weak(text: impl Into<String>) -> Self {
        Name::new(text.into(), NameKind::Alias, Strength::Weak)
    }

    /// A former name.
    pub fn former(text: impl Into<String>) -> Self {
        Name::new(text.into(), NameKind::Former, Strength::Strong)
    }
}
