use std::fmt;

/// A text that a type of this module does not read; returned by the `FromStr` implementations.
///
/// ```
/// use interdict::entity::Schema;
/// let error = "colour".parse::<Schema>().unwrap_err();
/// assert_eq!(error.to_string(), "'colour' is not a schema");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    expected: &'static str,
    text: String,
}

impl ParseError {
    /// `expected` names the type with its article: "a date".
    pub(super) fn new(expected: &'static str, text: &str) -> ParseError {
        ParseError { expected, text: text.to_string() }
    }

    /// The text that was not read.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}' is not {}", self.text, self.expected)
    }
}

impl std::error::Error for ParseError {}
