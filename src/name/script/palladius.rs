//! Chinese names as Russian spells them, by the system of Palladius: "Чжан Жосюй" for Zhang Ruoxu.
//!
//! The system has one spelling for each syllable, and tells apart what other readings of Cyrillic letters do not: "нь" is n
//! and "н" is ng, "цз" is z or j, "ж" is r. So such a name is read syllable by syllable, beside the reading of its letters.
//!
//! Which names will be wrong: "Ян Кун" may be a Chinese name and a Polish one; both readings are compared. A name counts as
//! Chinese if its first word is a Chinese surname and every word falls into syllables.
//!
//! Cost: one look at the first letter of a name; a search for each syllable of one that may be Chinese.

use crate::name::lexicon::lexicon;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// The most letters of a syllable: "чжуань", "чжуан" and others have six.
const MAX_LETTERS: usize = 6;
/// The most syllables of a word.
const MAX_SYLLABLES: usize = 3;
/// The most words of a name.
const MAX_WORDS: usize = 3;

/// The pinyin of each syllable in Russian spelling, with v for ü. Made by `tools/tables/palladius.py`.
static SYLLABLES: LazyLock<FxHashMap<&str, &str>> = LazyLock::new(|| {
    let rows = include_str!("palladius.tsv").lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| row.split_once('\t')).collect()
});

/// The name in pinyin, if it may be a Chinese name in Russian spelling.
pub(crate) fn pinyin(name: &str) -> Option<String> {
    let is_cyrillic = |c: char| matches!(c, '\u{400}'..='\u{44f}' | 'ё');
    if !name.starts_with(is_cyrillic) {
        return None;
    }
    let words: Vec<&str> = name.split([' ', '-']).filter(|word| !word.is_empty()).collect();
    if !(2..=MAX_WORDS).contains(&words.len()) {
        return None;
    }
    let mut out = String::new();
    for (i, word) in words.iter().enumerate() {
        let syllables = syllables(&word.to_lowercase(), MAX_SYLLABLES)?;
        let written = syllables.concat();
        if i == 0 && !lexicon().is_chinese_surname(&written.replace('v', "u")) {
            return None;
        }
        if i > 0 {
            out.push(' ');
        }
        out.push_str(&written.replace('v', "ü"));
    }
    Some(out)
}

/// The pinyin of the syllables of a word, the longest first; `None` if it does not fall into so few.
fn syllables(word: &str, most: usize) -> Option<Vec<&'static str>> {
    if word.is_empty() {
        return Some(Vec::new());
    }
    let most = most.checked_sub(1)?;
    let ends = word.char_indices().map(|(at, c)| at + c.len_utf8()).take(MAX_LETTERS);
    let ends: Vec<usize> = ends.collect();
    ends.into_iter().rev().find_map(|end| {
        let pinyin = *SYLLABLES.get(&word[..end])?;
        // A hard sign parts syllables: "Чанъань".
        let rest = word[end..].strip_prefix('ъ').unwrap_or(&word[end..]);
        let mut all = syllables(rest, most)?;
        all.insert(0, pinyin);
        Some(all)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_names_in_russian_spelling_are_read_by_syllables() {
        for (name, expected) in [
            ("Чжан Жосюй", "zhang ruoxu"),
            ("Ван Сяобо", "wang xiaobo"),
            ("У Цзяцзин", "wu jiajing"),
            ("Ни Тошэн", "ni tuosheng"),
            ("Ли Ан", "li ang"),
            ("Цао Чанъань", "cao changan"),
            ("Люй Бу", "lü bu"),
        ] {
            assert_eq!(pinyin(name).as_deref(), Some(expected), "{name}");
        }
        for name in ["Иван Петров", "Чжан", "Путин Ли", "Zhang Wei", "", "Ли Владимирович", "Роза Ли"]
        {
            assert_eq!(pinyin(name), None, "{name}");
        }
    }
}
