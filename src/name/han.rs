//! Words in Han characters: simplified, cut into known words and the core between them, and read in pinyin.

use super::tables::tables;
use pinyin::ToPinyin;
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// The simplified form of a traditional character; any other character is returned as it is.
pub(super) fn simplify(c: char) -> char {
    static TABLE: OnceLock<FxHashMap<char, char>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let Ok(converter) = ferrous_opencc::OpenCC::from_config(ferrous_opencc::config::BuiltinConfig::T2s)
        else {
            return FxHashMap::default();
        };
        // One character a line, so that the converter's phrases never span two of them.
        let all: String = ('\u{3400}'..='\u{9fff}').flat_map(|c| [c, '\n']).collect();
        let converted = converter.convert(&all);
        all.lines()
            .zip(converted.lines())
            .filter_map(|(a, b)| Some((a.chars().next()?, b.chars().next()?)))
            .filter(|(a, b)| a != b)
            .collect()
    });
    table.get(&c).copied().unwrap_or(c)
}

/// A piece of a Han word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A word of the tables: legal form, business word, place.
    Known(&'a str),
    /// What lies between: a brand, or a person's name.
    Core(&'a str),
}

/// Cuts a simplified Han word at the words the tables know, longest first.
pub(super) fn cut<'a>(word: &'a str, mut each: impl FnMut(Piece<'a>)) {
    let mut core = 0;
    let mut at = 0;
    while at < word.len() {
        match tables().han_word_at(&word[at..]) {
            Some(len) => {
                if core < at {
                    each(Piece::Core(&word[core..at]));
                }
                each(Piece::Known(&word[at..at + len]));
                at += len;
                core = at;
            }
            None => at += word[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    if core < at {
        each(Piece::Core(&word[core..]));
    }
}

/// Length in bytes of the surname that a person's name begins with: a known one of two characters, or the
/// first character.
pub(super) fn surname_len(name: &str) -> usize {
    let one = name.chars().next().map_or(0, char::len_utf8);
    let two: usize = name.chars().take(2).map(char::len_utf8).sum();
    if name.chars().count() > 2 && tables().han_surname(&name[..two]).is_some() { two } else { one }
}

/// Appends the pinyin of `word`, without tones and blanks, to `out`. Words whose reading differs from that of
/// their characters come from a table; a surname has its own reading.
pub(super) fn read(word: &str, surname: bool, out: &mut String) {
    if let Some(brand) = tables().brand(word) {
        out.push_str(brand);
        return;
    }
    if surname && let Some(reading) = tables().han_surname(word) {
        out.push_str(reading);
        return;
    }
    let mut at = 0;
    while at < word.len() {
        if let Some((len, reading)) = tables().han_reading_at(&word[at..]) {
            out.push_str(reading);
            at += len;
            continue;
        }
        let Some(c) = word[at..].chars().next() else { break };
        match c.to_pinyin() {
            Some(p) => out.extend(p.plain().chars().map(|c| if c == 'ü' { 'u' } else { c })),
            None => out.extend(
                any_ascii::any_ascii_char(c)
                    .chars()
                    .filter(char::is_ascii_alphanumeric)
                    .map(|c| c.to_ascii_lowercase()),
            ),
        }
        at += c.len_utf8();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traditional_meets_simplified() {
        assert_eq!("永信至誠科技集團".chars().map(simplify).collect::<String>(), "永信至诚科技集团");
    }

    #[test]
    fn pinyin() {
        let mut out = String::new();
        read("永信至诚", false, &mut out);
        assert_eq!(out, "yongxinzhicheng");
    }
}
