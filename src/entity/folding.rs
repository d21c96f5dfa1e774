//! The form in which headers, names of countries and names of months are looked up.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text without case, accents, punctuation and blanks; `&` is "and". Cost: linear.
///
/// Turkish ı and Polish ł are i and l, as tables without these letters write them.
pub(crate) fn folded(text: &str) -> String {
    if text.is_ascii() && !text.contains('&') {
        return text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    }
    let letters = text.nfkd().flat_map(char::to_lowercase).filter(|c| *c == '&' || !is_combining_mark(*c));
    let mut folded = String::with_capacity(text.len());
    for letter in letters {
        match letter {
            '&' => folded.push_str("and"),
            'ı' => folded.push('i'),
            'ł' => folded.push('l'),
            // Marks that the small letter of a large one has: "İ".
            c if c.is_alphanumeric() && !is_combining_mark(c) => folded.push(c),
            _ => (),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_punctuation_do_not_count() {
        for (text, expected) in [
            ("Date of Birth:", "dateofbirth"),
            ("Prénom(s)", "prenoms"),
            ("DOĞUM TARİHİ", "dogumtarihi"),
            ("Adı  Soyadı", "adisoyadi"),
            ("Bosnia & Herzegovina", "bosniaandherzegovina"),
            ("Côte d’Ivoire", "cotedivoire"),
            ("Ім'я", "імя".nfkd().filter(|c| !is_combining_mark(*c)).collect::<String>().as_str()),
            ("ＮＡＭＥ", "name"),
            ("", ""),
        ] {
            assert_eq!(folded(text), expected, "{text}");
        }
    }
}
