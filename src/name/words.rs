//! The words of the tables with what is known of them. They are looked up for every word of every name, so they lie
//! where few lines of the cache are touched: a short word stands in its entry, and equal facts are kept once.

use super::tables::Facts;
use rustc_hash::FxHashMap;

/// Words by their text, each with the number of its facts.
#[derive(Default)]
pub(super) struct Words {
    short: FxHashMap<Short, u32>,
    long: FxHashMap<Box<str>, u32>,
    facts: Vec<Facts>,
}

/// Bytes of a word that stands in its entry; few are longer.
const SHORT: usize = 15;

/// A short word with its length, in two words of the machine.
type Short = (u64, u64);

/// Read by whole words of the machine: bytes that are written one by one are waited for when they are read together.
fn short(word: &str) -> Option<Short> {
    let (bytes, len) = (word.as_bytes(), word.len());
    let (low, high) = match (bytes.first_chunk(), bytes.last_chunk(), bytes.first_chunk(), bytes.last_chunk())
    {
        _ if len > SHORT => return None,
        (Some(first), Some(last), ..) => {
            let behind = u64::from_le_bytes(*last).checked_shr(8 * (16 - len as u32)).unwrap_or(0);
            (u64::from_le_bytes(*first), behind)
        }
        (.., Some(first), Some(last)) => {
            let [first, last] = [first, last].map(|four| u64::from(u32::from_le_bytes(*four)));
            (first | last << (8 * (len - 4)), 0)
        }
        _ => (bytes.iter().rev().fold(0, |low, b| low << 8 | u64::from(*b)), 0),
    };
    Some((low, high | (len as u64) << 56))
}

impl Words {
    /// Room for so many words.
    pub(super) fn with_capacity(words: usize) -> Words {
        let mut own = Words::default();
        own.short.reserve(words);
        own.facts.reserve(words);
        own
    }

    /// The facts of a word, to fill in.
    pub(super) fn entry(&mut self, word: &str) -> &mut Facts {
        let next = self.facts.len() as u32;
        let number = match short(word) {
            Some(key) => *self.short.entry(key).or_insert(next),
            None => *self.long.entry(word.into()).or_insert(next),
        };
        if number == next {
            self.facts.push(Facts::default());
        }
        &mut self.facts[number as usize]
    }

    /// Keeps equal facts once; from now on nothing is filled in.
    pub(super) fn settle(&mut self) {
        let (mut numbers, mut kept) = (FxHashMap::default(), Vec::new());
        for number in self.short.values_mut().chain(self.long.values_mut()) {
            let facts = self.facts[*number as usize];
            *number = *numbers.entry(facts).or_insert_with(|| {
                kept.push(facts);
                kept.len() as u32 - 1
            });
        }
        self.facts = kept;
    }

    pub(super) fn get(&self, word: &str) -> Option<&Facts> {
        let number = match short(word) {
            Some(key) => self.short.get(&key),
            None => self.long.get(word),
        };
        Some(&self.facts[*number? as usize])
    }

    /// Calls `each` with every word and its facts, in no order.
    pub(super) fn for_each(&self, mut each: impl FnMut(&str, &Facts)) {
        for ((low, high), number) in &self.short {
            let bytes = (u128::from(*low) | u128::from(*high) << 64).to_le_bytes();
            let word = bytes.get(..usize::from(bytes[SHORT])).and_then(|word| std::str::from_utf8(word).ok());
            each(word.unwrap_or(""), &self.facts[*number as usize]);
        }
        for (word, number) in &self.long {
            each(word, &self.facts[*number as usize]);
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
        let mut words = Words::with_capacity(2);
        for (i, text) in texts.iter().enumerate() {
            words.entry(text).frequency = (i % 2) as u8;
            words.entry(text).place = 7;
        }
        for settled in [false, true] {
            for (i, text) in texts.iter().enumerate() {
                let facts = words.get(text).unwrap();
                assert_eq!((facts.frequency, facts.place), ((i % 2) as u8, 7), "{text}");
            }
            for other in ["b", "ab", "\0", "sechzehn bytes", "sechzehn bytes !!"] {
                assert!(words.get(other).is_none(), "{other}");
            }
            assert_eq!(words.facts.len(), if settled { 2 } else { texts.len() });
            let mut all: Vec<(Box<str>, u8)> = Vec::new();
            words.for_each(|word, facts| all.push((word.into(), facts.frequency)));
            all.sort_unstable();
            let mut own: Vec<_> =
                texts.iter().enumerate().map(|(i, t)| (Box::from(*t), (i % 2) as u8)).collect();
            own.sort_unstable();
            assert_eq!(all, own);
            words.settle();
        }
    }
}
