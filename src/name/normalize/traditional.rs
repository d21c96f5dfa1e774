//! Traditional Han characters as simplified ones, so that both spellings of a name are one.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// The simplified form of each traditional character that has another one.
static SIMPLIFIED: LazyLock<FxHashMap<char, char>> = LazyLock::new(|| {
    let table = include_str!("../lexicon/data/traditional_simplified.tsv");
    let pairs = table.lines().filter_map(|line| {
        let mut chars = line.chars();
        match (chars.next()?, chars.next()?, chars.next()?) {
            (traditional, '\t', simplified) => Some((traditional, simplified)),
            _ => None,
        }
    });
    pairs.collect()
});

/// The simplified form of a traditional character; any other character is returned as it is.
pub(crate) fn simplify(c: char) -> char {
    SIMPLIFIED.get(&c).copied().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traditional_meets_simplified() {
        assert_eq!("永信至誠科技集團".chars().map(simplify).collect::<String>(), "永信至诚科技集团");
    }

    #[test]
    fn every_line_of_the_table_is_a_pair_in_the_order_of_the_characters() {
        let table = include_str!("../lexicon/data/traditional_simplified.tsv");
        let rows: Vec<&str> = table.lines().filter(|l| !l.starts_with('#')).collect();
        assert_eq!(rows.len(), SIMPLIFIED.len());
        assert!(rows.is_sorted());
        assert!(SIMPLIFIED.iter().all(|(a, b)| a != b && ('\u{3400}'..='\u{9fff}').contains(a)));
    }
}
