//! Words in alphabets: letters transliterated one by one.

use crate::name::normalize::chars::{ScriptClass, script_of};
use crate::name::normalize::confusables::confusable;

/// Appends the reading of `word` to `out`; with `undo_confusables` letters that look like a Latin one are
/// read as that letter. Han and Hangul characters are left as they are.
pub(crate) fn read(word: &str, undo_confusables: bool, out: &mut String) {
    for c in word.chars() {
        if c.is_ascii() {
            out.push(c);
        } else if let (true, Some(latin)) = (undo_confusables, confusable(c)) {
            out.push(latin);
        } else if matches!(script_of(c), ScriptClass::Han | ScriptClass::Hangul) {
            out.push(c);
        } else {
            transliterate(c, out);
        }
    }
}

/// Appends the transliteration of any character in small letters and digits; some characters have none.
pub(super) fn transliterate(c: char, out: &mut String) {
    let reading = any_ascii::any_ascii_char(c);
    out.extend(reading.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_transliterated_or_taken_for_the_latin_ones_they_look_like() {
        for (word, undo, expected) in
            [("владимир", false, "vladimir"), ("рutin", true, "putin"), ("рutin", false, "rutin")]
        {
            let mut out = String::new();
            read(word, undo, &mut out);
            assert_eq!(out, expected);
        }
    }
}
