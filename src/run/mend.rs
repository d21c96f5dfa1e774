//! Text that was encoded twice: its UTF-8 was read as Windows-1252, Latin-1 or Windows-1251 and written as UTF-8 again.
//!
//! "Ð Ð°Ð¼Ð·Ð°Ð½" is "Рамзан", and "РљР°РґС‹СЂРѕРІ" is "Кадыров". The text is mended if every character stands for one
//! byte and all bytes together are valid UTF-8 of letters, which text that was encoded once hardly ever is.
//!
//! Cost: linear; a text that was encoded once is left at its first character that stands for no byte. Limits: other
//! encodings between are not told.

/// How often a text may have been encoded too much.
#[cfg(feature = "encodings")]
const MOST_ROUNDS: usize = 3;

/// The text as it was before it was encoded again; `None` if it was encoded once.
#[cfg(feature = "encodings")]
pub(crate) fn mended(text: &str) -> Option<String> {
    use encoding_rs::{WINDOWS_1251, WINDOWS_1252};
    if !may_be_twice(text) {
        return None;
    }
    // In Cyrillic two letters may look like one by chance: "СІ".
    [(WINDOWS_1252, 1), (WINDOWS_1251, 3)].into_iter().find_map(|(between, least)| {
        let (mut mended, mut before) = (None, text.to_string());
        for _ in 0..MOST_ROUNDS {
            let Some(once) = undone(&before, between) else { break };
            // Between two rounds there may be control characters.
            if is_text(&once, &before, least) {
                mended = Some(once.clone());
            }
            before = once;
        }
        mended
    })
}

/// Without the feature `encodings` no text is mended.
#[cfg(not(feature = "encodings"))]
pub(crate) fn mended(_: &str) -> Option<String> {
    None
}

/// Whether a text can have been encoded twice: each run of characters that are not ASCII begins with one that stands for
/// the first byte of a letter, and goes on with one that stands for a later byte. Most texts are ruled out at their first
/// such character.
pub(crate) fn may_be_twice(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    let mut within = false;
    let mut first = true;
    for c in text.chars() {
        match (c.is_ascii(), within, first) {
            (true, true, true) => return false,
            (true, ..) => within = false,
            (false, false, _) => {
                // Latin-1 and Windows-1252; Windows-1251.
                if !matches!(c, '\u{c2}'..='\u{f4}' | '\u{412}'..='\u{444}') {
                    return false;
                }
                (within, first) = (true, true);
            }
            (false, true, true) => {
                // Windows-1251 has no letters behind U+045F but Ґ and ґ.
                if matches!(
                    c,
                    '\u{c0}'..='\u{ff}' | '\u{410}'..='\u{44f}' | '\u{460}'..='\u{48f}' | '\u{492}'..='\u{1fff}' | '\u{2e80}'..
                ) {
                    return false;
                }
                first = false;
            }
            (false, true, false) => (),
        }
    }
    !(within && first)
}

/// Undoes one encoding, if every character stands for a byte and the bytes are UTF-8.
#[cfg(feature = "encodings")]
fn undone(text: &str, between: &'static encoding_rs::Encoding) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let is_latin = between == encoding_rs::WINDOWS_1252;
    let mut bytes = Vec::with_capacity(text.len());
    let mut buffer = [0; 4];
    for c in text.chars() {
        // Latin-1 has control characters where Windows-1252 has signs.
        let latin = u8::try_from(u32::from(c)).ok().filter(|_| is_latin || c.is_ascii());
        let byte = latin.or_else(|| {
            let (encoded, _, unmappable) = between.encode(c.encode_utf8(&mut buffer));
            (!unmappable).then(|| encoded.first().copied()).flatten()
        })?;
        bytes.push(byte);
    }
    String::from_utf8(bytes).ok()
}

/// Whether what came of a text is likely to be right: letters, and at least `least` of them. One letter alone may have come
/// of a letter with a quote, a dash or a bullet behind it: "CAFÉ’S".
#[cfg(feature = "encodings")]
fn is_text(mended: &str, before: &str, least: usize) -> bool {
    let gained = mended.chars().filter(|c| !c.is_ascii()).count();
    let has_quote = before.chars().any(|c| matches!(c, '\u{2013}'..='\u{2022}'));
    let is_plausible =
        |c: char| c.is_ascii() || c == '\u{a0}' || (c.is_alphabetic() && !is_phonetic(c)) || is_mark(c);
    let has_letter = mended.chars().any(char::is_alphabetic);
    gained >= least && (gained > 1 || !has_quote) && has_letter && mended.chars().all(is_plausible)
}

/// Letters that no names of parties have.
#[cfg(feature = "encodings")]
fn is_phonetic(c: char) -> bool {
    matches!(c, '\u{180}'..='\u{217}' | '\u{21c}'..='\u{2ff}')
}

/// Signs beside letters in names: combining marks, general punctuation, the middle dot.
#[cfg(feature = "encodings")]
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
        || matches!(c, '\u{b7}' | '\u{2010}'..='\u{2026}' | '\u{3000}'..='\u{3002}' | '\u{30fb}' | '\u{30fc}' | '\u{ab}' | '\u{bb}' | '\u{2116}')
}

#[cfg(all(test, feature = "encodings"))]
mod tests {
    use super::*;
    use encoding_rs::{WINDOWS_1251, WINDOWS_1252};

    fn latin(text: &str) -> String {
        text.bytes().map(char::from).collect()
    }

    #[test]
    fn text_that_was_encoded_twice_is_mended() {
        for text in [
            "Рамзан Кадыров",
            "Müller",
            "José Peña",
            "Łukasz Żółć",
            "永信至诚",
            "شركة المثال",
            "Ő",
            "O’Brien Ünal",
            "O’Brien",
            "Ольга «Звезда»",
        ] {
            assert_eq!(mended(&latin(text)).as_deref(), Some(text), "once: {text}");
            assert_eq!(mended(&latin(&latin(text))).as_deref(), Some(text), "twice: {text}");
            let windows = WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0;
            if text != "Ő" {
                assert_eq!(mended(&windows).as_deref(), Some(text), "{windows}: {text}");
            }
            let cyrillic = WINDOWS_1251.decode_without_bom_handling(text.as_bytes()).0;
            if text.chars().filter(|c| !c.is_ascii()).count() > 2 {
                assert_eq!(mended(&cyrillic).as_deref(), Some(text), "{cyrillic}");
            }
        }
    }

    #[test]
    fn text_that_was_encoded_once_is_left() {
        for text in [
            "",
            "ACME",
            "Ì¡",
            "Müller & Söhne",
            "JOSÉ PEÑA",
            "CAFÉ’S",
            "MARACANÃ’S",
            "SÃO PAULO",
            "Ünal Öztürk",
            "Кадыров",
            "КАДЫРОВ",
            "СІЧ",
            "Сірко Іван",
            "РЖД",
            "Ñ",
            "永信至诚",
            "ÀÉ©®™",
            "Škoda",
            "Façade ®",
            "Πέτρος",
        ] {
            assert_eq!(mended(text), None, "{text}");
        }
    }
}
