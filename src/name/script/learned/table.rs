//! The tables: which there are, and how they are read.

use super::keys::Classes;
use crate::name::Tag;
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// What one or two letters of a script stand for in Latin letters.
#[derive(Debug, Default)]
pub(super) struct Table {
    units: FxHashMap<(char, char), Unit>,
}

/// One unit of a table.
#[derive(Debug)]
pub(super) struct Unit {
    /// The ways to write it with Latin letters, by the first of these.
    pieces: Vec<Piece>,
    /// Where the pieces begin that have each first letter, and where the last end.
    starts: [u16; LETTERS + 1],
    /// The cost of its cheapest piece.
    pub(super) lowest: u16,
    /// The cost of no letter at all, if it may stand for none.
    pub(super) silent: Option<u16>,
    /// All its Latin letters, a bit each.
    pub(super) letters: u32,
    /// The same ways as keys tell them apart.
    pub(super) classes: Vec<Classes>,
}

/// Latin letters.
pub(super) const LETTERS: usize = 26;

/// The number of a Latin letter; [`LETTERS`] for what is none.
pub(super) fn letter_number(letter: u8) -> usize {
    usize::from(letter.wrapping_sub(b'a')).min(LETTERS)
}

/// One way to write a unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// Its letters as a number, the first one highest, and a mask of the bytes that it has.
    pub(super) letters: u64,
    pub(super) mask: u64,
    pub(super) len: u8,
    /// In hundredths of a nat.
    pub(super) cost: u16,
}

/// Names and texts of the tables.
const TABLES: &[(&str, &str)] = &[
    ("arabic", include_str!("tables/arabic.tsv")),
    ("kana", include_str!("tables/kana.tsv")),
    ("hangul", include_str!("tables/hangul.tsv")),
    ("cyrillic", include_str!("tables/cyrillic.tsv")),
    ("greek", include_str!("tables/greek.tsv")),
    ("armenian", include_str!("tables/armenian.tsv")),
    ("georgian", include_str!("tables/georgian.tsv")),
    ("hebrew", include_str!("tables/hebrew.tsv")),
    ("devanagari", include_str!("tables/devanagari.tsv")),
    ("bengali", include_str!("tables/bengali.tsv")),
    ("gurmukhi", include_str!("tables/gurmukhi.tsv")),
    ("gujarati", include_str!("tables/gujarati.tsv")),
    ("oriya", include_str!("tables/oriya.tsv")),
    ("tamil", include_str!("tables/tamil.tsv")),
    ("telugu", include_str!("tables/telugu.tsv")),
    ("kannada", include_str!("tables/kannada.tsv")),
    ("malayalam", include_str!("tables/malayalam.tsv")),
    ("sinhala", include_str!("tables/sinhala.tsv")),
    ("thai", include_str!("tables/thai.tsv")),
    ("myanmar", include_str!("tables/myanmar.tsv")),
    ("khmer", include_str!("tables/khmer.tsv")),
    ("ethiopic", include_str!("tables/ethiopic.tsv")),
    ("japanese", include_str!("tables/japanese.tsv")),
    ("han", include_str!("tables/han.tsv")),
    ("cantonese", include_str!("tables/cantonese.tsv")),
];

/// The number of the table of this name.
pub(super) fn number(name: &str) -> Option<usize> {
    TABLES.iter().position(|(table, _)| *table == name)
}

/// The name of a table.
pub(super) fn name(number: usize) -> &'static str {
    TABLES[number].0
}

/// What a table reads in a token of this class, for people.
pub(super) fn description(number: usize, tag: Tag) -> &'static str {
    match (name(number), tag) {
        ("japanese", _) => "Han characters as a Japanese name",
        ("han", _) => "Han characters as a foreign name",
        ("cantonese", _) => "Han characters in Cantonese",
        ("hangul", Tag::Han) => "Han characters in Korean",
        ("hangul", _) => "Hangul",
        ("arabic", _) => "Arabic letters",
        ("kana", _) => "Kana",
        ("cyrillic", _) => "Cyrillic letters",
        ("greek", _) => "Greek letters",
        ("armenian", _) => "Armenian letters",
        ("georgian", _) => "Georgian letters",
        ("hebrew", _) => "Hebrew letters",
        ("devanagari", _) => "Devanagari",
        ("bengali", _) => "Bengali letters",
        ("gurmukhi", _) => "Gurmukhi",
        ("gujarati", _) => "Gujarati letters",
        ("oriya", _) => "Odia letters",
        ("tamil", _) => "Tamil letters",
        ("telugu", _) => "Telugu letters",
        ("kannada", _) => "Kannada letters",
        ("malayalam", _) => "Malayalam letters",
        ("sinhala", _) => "Sinhala letters",
        ("thai", _) => "Thai letters",
        ("myanmar", _) => "Burmese letters",
        ("khmer", _) => "Khmer letters",
        ("ethiopic", _) => "Ethiopic letters",
        _ => "another script",
    }
}

/// The table of an alphabet or syllabary by the block of one of its folded letters (Unicode's Blocks.txt).
pub(super) fn block(c: char) -> Option<usize> {
    let name = match c {
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => "greek",
        '\u{400}'..='\u{52f}' => "cyrillic",
        '\u{531}'..='\u{58f}' => "armenian",
        '\u{591}'..='\u{5f4}' => "hebrew",
        '\u{900}'..='\u{97f}' => "devanagari",
        '\u{980}'..='\u{9ff}' => "bengali",
        '\u{a00}'..='\u{a7f}' => "gurmukhi",
        '\u{a80}'..='\u{aff}' => "gujarati",
        '\u{b00}'..='\u{b7f}' => "oriya",
        '\u{b80}'..='\u{bff}' => "tamil",
        '\u{c00}'..='\u{c7f}' => "telugu",
        '\u{c80}'..='\u{cff}' => "kannada",
        '\u{d00}'..='\u{d7f}' => "malayalam",
        '\u{d80}'..='\u{dff}' => "sinhala",
        '\u{e00}'..='\u{e7f}' => "thai",
        '\u{1000}'..='\u{109f}' | '\u{aa60}'..='\u{aa7f}' | '\u{a9e0}'..='\u{a9ff}' => "myanmar",
        '\u{10a0}'..='\u{10ff}' | '\u{1c90}'..='\u{1cbf}' => "georgian",
        '\u{1200}'..='\u{139f}' | '\u{2d80}'..='\u{2ddf}' => "ethiopic",
        '\u{1780}'..='\u{17ff}' => "khmer",
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' => "han",
        _ => return None,
    };
    number(name)
}

/// Whether the words of a script are written without blanks, and in Latin letters often syllable by syllable.
pub(super) fn is_syllabic(c: char) -> bool {
    block(c).is_some_and(|number| matches!(name(number), "myanmar" | "khmer" | "thai"))
}

impl Table {
    /// The table of this number; `None` if nothing was learned for it.
    pub(super) fn get(number: usize) -> Option<&'static Table> {
        static LOADED: [OnceLock<Table>; TABLES.len()] = [const { OnceLock::new() }; TABLES.len()];
        let table = LOADED[number].get_or_init(|| Table::read(TABLES[number].1));
        (!table.units.is_empty()).then_some(table)
    }

    /// Reads the text of a table; a line that is none is left out, which a test forbids.
    fn read(text: &str) -> Table {
        let mut table = Table::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut cells = line.split('\t');
            let mut letters = cells.next().unwrap_or("").chars();
            let Some(first) = letters.next() else { continue };
            let unit = Unit::of(cells.filter_map(Piece::read).collect());
            table.units.insert((first, letters.next().unwrap_or('\0')), unit);
        }
        table
    }

    /// The unit of one letter, or of two.
    pub(super) fn unit(&self, letters: &[char]) -> Option<&Unit> {
        let first = *letters.first()?;
        self.units.get(&(first, letters.get(1).copied().unwrap_or('\0')))
    }
}

impl Unit {
    fn of(mut pieces: Vec<Piece>) -> Unit {
        let classes = Classes::of(&pieces);
        let lowest = pieces.iter().map(|piece| piece.cost).min().unwrap_or(0);
        let silent = pieces.iter().find(|piece| piece.len == 0).map(|piece| piece.cost);
        let letters = pieces.iter().flat_map(Piece::bytes).fold(0, |all, letter| all | letter_bit(letter));
        pieces.retain(|piece| piece.len > 0);
        pieces.sort_unstable_by_key(|piece| piece.letters);
        let start = |letter| pieces.partition_point(|piece| letter_number(piece.first()) < letter) as u16;
        let starts = std::array::from_fn(start);
        Unit { pieces, starts, lowest, silent, letters, classes }
    }

    /// The ways to write it with Latin letters, by the first of these.
    pub(super) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Those of them that begin with the letter of this number.
    #[inline]
    pub(super) fn pieces_from(&self, letter: usize) -> &[Piece] {
        &self.pieces[self.starts[letter].into()..self.starts[letter + 1].into()]
    }
}

/// The bit of a letter; 0 for what is none.
pub(super) fn letter_bit(letter: u8) -> u32 {
    if letter.is_ascii_lowercase() { 1 << (letter - b'a') } else { 0 }
}

impl Piece {
    pub(super) const MAX_LETTERS: usize = 8;

    /// Its first letter; 0 for none.
    fn first(&self) -> u8 {
        self.letters.to_be_bytes()[0]
    }

    fn read(cell: &str) -> Option<Piece> {
        let (letters, cost) = cell.split_once(' ')?;
        let letters = if letters == "-" { "" } else { letters };
        let mut bytes = [0; Piece::MAX_LETTERS];
        bytes.get_mut(..letters.len())?.copy_from_slice(letters.as_bytes());
        Some(Piece {
            letters: u64::from_be_bytes(bytes),
            mask: u64::from_be_bytes(bytes.map(|b| if b == 0 { 0 } else { 0xff })),
            len: letters.len() as u8,
            cost: cost.parse().ok()?,
        })
    }

    /// Its letters, from the first on.
    pub(super) fn bytes(&self) -> impl Iterator<Item = u8> {
        self.letters.to_be_bytes().into_iter().take(usize::from(self.len))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_every_table_is_read() {
        for (number, (name, text)) in TABLES.iter().enumerate() {
            let rows: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
            let cells: usize = rows.iter().map(|row| row.split('\t').count() - 1).sum();
            let table = Table::get(number).unwrap();
            let ways = |unit: &Unit| unit.pieces.len() + usize::from(unit.silent.is_some());
            let read = table.units.values().map(ways).sum::<usize>();
            assert_eq!((table.units.len(), read), (rows.len(), cells), "{name}");
            assert!(rows.len() > 30, "{name}");
            let mut letters = table.units.values().flat_map(|unit| &unit.pieces).flat_map(Piece::bytes);
            assert!(letters.all(|letter| letter.is_ascii_lowercase()));
            assert_ne!(description(number, Tag::NonLatin), "another script", "{name}");
        }
    }

    #[test]
    fn scripts_have_tables_by_their_blocks() {
        let names = ['π', 'я', 'ա', 'א', 'क', 'ব', 'ท', 'မ', 'ა', 'አ', 'ខ'].map(|c| block(c).map(name));
        let expected = [
            "greek",
            "cyrillic",
            "armenian",
            "hebrew",
            "devanagari",
            "bengali",
            "thai",
            "myanmar",
            "georgian",
            "ethiopic",
            "khmer",
        ];
        assert_eq!(names, expected.map(Some));
        assert_eq!(block('a'), None);
    }
}
