//! Words in Kana: their Latin readings, and how well a foreign word spells them.
//!
//! Katakana carries foreign names by their sound: a vowel follows every consonant, b and v, r and l are one,
//! and "ti" is "chi". The reading serves as a key and for Japanese names; matching decides by [`similarity`].
//!
//! Cost: the romanization allocates, which no other reading does.

use super::transliteration::{Spellings, TransliterationAligner, TransliterationPair};
use std::sync::LazyLock;
use wana_kana::ConvertJapanese;

/// Appends the reading of `word` to `out`.
pub(crate) fn read(word: &str, out: &mut String) {
    let romaji = word.to_romaji();
    out.extend(romaji.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()));
}

/// Appends the codes of the sounds of a reading, one byte each, to `out`; long vowels and doubled consonants
/// have one.
pub(super) fn sound_codes(reading: &str, out: &mut String) {
    let mut rest = reading;
    let mut last = ' ';
    while let Some(c) = rest.chars().next() {
        let (code, len) = match rest.as_bytes() {
            [b'c', b'h', ..] => ('C', 2),
            [b's', b'h', ..] => ('S', 2),
            [b't', b's', ..] => ('T', 2),
            [b'f', ..] => ('F', 1),
            _ => (c, 1),
        };
        if code != last {
            out.push(code);
        }
        last = code;
        rest = &rest[len..];
    }
}

/// The foreign spellings of each sound code, with costs in hundredths of a letter. Compiled by hand by the
/// authors from the transcription habits of Japanese newspapers; the costs have no source.
const SPELLINGS: Spellings = Spellings {
    of: |code| match code {
        b'a' => &[("a", 0), ("e", 20), ("u", 20), ("er", 10), ("ar", 5), ("", 50)],
        b'i' => &[("i", 0), ("y", 0), ("ee", 0), ("e", 10), ("ea", 5), ("j", 20), ("", 30)],
        b'u' => &[("u", 0), ("", 8), ("oo", 0), ("ou", 0), ("w", 10), ("o", 15)],
        b'e' => &[("e", 0), ("ei", 5), ("ai", 5), ("a", 15), ("i", 15), ("", 40)],
        b'o' => &[("o", 0), ("au", 5), ("oh", 5), ("", 12), ("a", 15), ("u", 20), ("e", 35)],
        b'y' => &[("y", 0), ("i", 0), ("j", 5), ("", 20)],
        b'r' => &[("r", 0), ("l", 0)],
        b'b' => &[("b", 0), ("v", 0)],
        b'F' => &[("f", 0), ("ph", 0), ("v", 5), ("h", 5), ("w", 10)],
        b'C' => &[("ch", 0), ("tch", 0), ("tsch", 5), ("t", 10), ("c", 10)],
        b'S' => &[("sh", 0), ("sch", 0), ("s", 10), ("ch", 20), ("th", 20)],
        b'T' => &[("ts", 0), ("tz", 0), ("z", 10), ("t", 10), ("c", 10)],
        b's' => &[("s", 0), ("th", 10), ("c", 10), ("z", 20)],
        b'z' => &[("z", 0), ("s", 25), ("th", 10)],
        b'j' => &[("j", 0), ("dj", 0), ("zh", 5), ("dzh", 5), ("g", 5), ("z", 10), ("d", 15)],
        b'n' => &[("n", 0), ("ng", 0), ("m", 5)],
        b'm' => &[("m", 0), ("n", 20)],
        b't' => &[("t", 0), ("th", 0), ("d", 30)],
        b'd' => &[("d", 0), ("t", 30)],
        b'k' => &[("k", 0), ("c", 0), ("q", 0), ("ck", 0), ("kh", 10), ("ch", 15), ("x", 20)],
        b'g' => &[("g", 0), ("gu", 5), ("gh", 5)],
        b'h' => &[("h", 0), ("kh", 5), ("ch", 10), ("f", 15), ("", 40)],
        b'w' => &[("w", 0), ("v", 5), ("u", 5)],
        _ => &[],
    },
    inserted_letter_cost: |letter, _| match letter {
        b'a' | b'e' | b'i' | b'o' | b'u' => 40,
        b'r' | b'h' => 30,
        b'y' => 25,
        _ => 100,
    },
    any_first_vowel: 0,
};

static ALIGNER: LazyLock<TransliterationAligner> = LazyLock::new(|| TransliterationAligner::new(&SPELLINGS));

/// How well a Latin word spells the [`sound_codes`] of a word in Kana, in \[0, 0.97\].
pub(crate) fn similarity(sounds: &[u8], latin: &[u8]) -> f32 {
    ALIGNER.similarity(TransliterationPair { letters: sounds, latin })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_names_meet_their_spelling_in_kana() {
        let like = |word: &str, latin: &str| {
            let (mut reading, mut codes) = (String::new(), String::new());
            read(word, &mut reading);
            sound_codes(&reading, &mut codes);
            similarity(codes.as_bytes(), latin.as_bytes())
        };
        for (word, latin) in [
            ("ゴルバチョフ", "gorbachev"),
            ("プーチン", "putin"),
            ("トランプ", "trump"),
            ("スズキ", "suzuki"),
        ] {
            assert!(like(word, latin) >= 0.85, "{word} {latin} {}", like(word, latin));
        }
        assert!(like("スズキ", "sasaki") < 0.85, "{}", like("スズキ", "sasaki"));
    }
}
