//! Texts of others on a terminal.
//!
//! A name, a header or the name of a file may hold characters that move the cursor, change colours, or turn the
//! direction of what follows, so that a reader sees another text than the program wrote.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether a character acts on a terminal instead of being seen: controls, line separators, and those that set the
/// direction of text (the property `Bidi_Control` of Unicode).
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{2028}' | '\u{2029}')
}

/// A text as it can be shown on one line of a terminal: control and bidirectional characters as `\u{1b}`.
///
/// ```
/// assert_eq!(interdict::text::shown("a\u{1b}[2Jb\n"), "a\\u{1b}[2Jb\\u{a}");
/// assert_eq!(interdict::text::shown("Анна"), "Анна");
/// ```
pub fn shown(text: &str) -> Cow<'_, str> {
    escape(text, acts)
}

/// The same for a text of several lines: line feeds and tabs stay.
pub fn shown_lines(text: &str) -> Cow<'_, str> {
    escape(text, |c| acts(c) && !matches!(c, '\n' | '\t'))
}

fn escape(text: &str, escaped: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&escaped) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if escaped(c) {
            // Writing to a string cannot fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    shown.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_that_acts_is_escaped() {
        for c in (0..=char::MAX as u32).filter_map(char::from_u32) {
            let (text, shown) = (c.to_string(), shown(c.encode_utf8(&mut [0; 4])).into_owned());
            assert_eq!(text == shown, !acts(c), "{c:?}");
            assert!(!shown.chars().any(acts));
        }
        assert_eq!(shown_lines("a\nb\tc\r"), "a\nb\tc\\u{d}");
    }
}
