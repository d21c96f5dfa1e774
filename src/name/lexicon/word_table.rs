//! A hash table from words to their entries.
//!
//! It is read for every word of every name, so a look-up touches few cache lines: a short word is stored in
//! place, and equal entries are stored once.

use super::WordInfo;
use rustc_hash::FxHashMap;

/// Entries by word.
#[derive(Default)]
pub(super) struct WordTable {
    /// The number of the entry of each short word.
    short: FxHashMap<ShortWord, u32>,
    /// The same of the longer words.
    long: FxHashMap<Box<str>, u32>,
    entries: Vec<WordInfo>,
}

/// The longest word that is stored in place, in bytes: two machine words, less one byte for the length. Few
/// words of the tables are longer.
const MAX_SHORT: usize = 15;

/// A short word as two numbers: its bytes, and its length in the last one.
type ShortWord = (u64, u64);

/// A word as a [`ShortWord`]; `None` for a longer one.
///
/// It is read by overlapping machine words. Bytes written one by one and then read as a machine word would
/// have to leave the processor's store buffer first.
fn short(word: &str) -> Option<ShortWord> {
    let (bytes, len) = (word.as_bytes(), word.len());
    let (low, high) = match (bytes.first_chunk(), bytes.last_chunk(), bytes.first_chunk(), bytes.last_chunk())
    {
        _ if len > MAX_SHORT => return None,
        // Eight bytes or more.
        (Some(first), Some(last), ..) => {
            let after_first = u64::from_le_bytes(*last).checked_shr(8 * (16 - len as u32)).unwrap_or(0);
            (u64::from_le_bytes(*first), after_first)
        }
        // Four to seven.
        (.., Some(first), Some(last)) => {
            let [first, last] = [first, last].map(|four| u64::from(u32::from_le_bytes(*four)));
            (first | last << (8 * (len - 4)), 0)
        }
        _ => (bytes.iter().rev().fold(0, |low, b| low << 8 | u64::from(*b)), 0),
    };
    Some((low, high | (len as u64) << 56))
}

impl WordTable {
    /// An empty table with capacity for so many words.
    pub(super) fn with_capacity(words: usize) -> WordTable {
        let mut table = WordTable::default();
        table.short.reserve(words);
        table.entries.reserve(words);
        table
    }

    /// The entry of a word, to be changed; a new word has an empty one.
    pub(super) fn entry(&mut self, word: &str) -> &mut WordInfo {
        let next = self.entries.len() as u32;
        let number = match short(word) {
            Some(key) => *self.short.entry(key).or_insert(next),
            None => *self.long.entry(word.into()).or_insert(next),
        };
        if number == next {
            self.entries.push(WordInfo::EMPTY);
        }
        &mut self.entries[number as usize]
    }

    /// Stores equal entries once, which makes the table smaller; after this no entry may be changed.
    pub(super) fn freeze(&mut self) {
        let (mut numbers, mut distinct) = (FxHashMap::default(), Vec::new());
        for number in self.short.values_mut().chain(self.long.values_mut()) {
            let entry = self.entries[*number as usize];
            *number = *numbers.entry(entry).or_insert_with(|| {
                distinct.push(entry);
                distinct.len() as u32 - 1
            });
        }
        self.entries = distinct;
    }

    pub(super) fn get(&self, word: &str) -> Option<&WordInfo> {
        let number = match short(word) {
            Some(key) => self.short.get(&key),
            None => self.long.get(word),
        };
        Some(&self.entries[*number? as usize])
    }

    /// Calls `each` with every word and its entry, in no order.
    pub(super) fn for_each(&self, mut each: impl FnMut(&str, &WordInfo)) {
        for ((low, high), number) in &self.short {
            let bytes = (u128::from(*low) | u128::from(*high) << 64).to_le_bytes();
            let len = usize::from(bytes[MAX_SHORT]);
            let word = bytes.get(..len).and_then(|word| std::str::from_utf8(word).ok());
            each(word.unwrap_or(""), &self.entries[*number as usize]);
        }
        for (word, number) in &self.long {
            each(word, &self.entries[*number as usize]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_their_whole_text() {
        let texts = [
            "",
            "a",
            "a\0",
            "an",
            "fünfzehnbytes!",
            "fünfzehn bytes!",
            "sechzehn bytes !",
            "sechzehn bytes ?",
        ];
        let mut words = WordTable::with_capacity(2);
        for (i, text) in texts.iter().enumerate() {
            words.entry(text).frequency = (i % 2) as u8;
            words.entry(text).place = 7;
        }
        for frozen in [false, true] {
            for (i, text) in texts.iter().enumerate() {
                let info = words.get(text).unwrap();
                assert_eq!((info.frequency, info.place), ((i % 2) as u8, 7), "{text}");
            }
            for other in ["b", "ab", "\0", "sechzehn bytes", "sechzehn bytes !!"] {
                assert!(words.get(other).is_none(), "{other}");
            }
            assert_eq!(words.entries.len(), if frozen { 2 } else { texts.len() });
            let mut all: Vec<(Box<str>, u8)> = Vec::new();
            words.for_each(|word, info| all.push((word.into(), info.frequency)));
            all.sort_unstable();
            let mut expected: Vec<_> =
                texts.iter().enumerate().map(|(i, t)| (Box::from(*t), (i % 2) as u8)).collect();
            expected.sort_unstable();
            assert_eq!(all, expected);
            words.freeze();
        }
    }
}
