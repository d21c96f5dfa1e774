//! Keys that a word and its probable Latin spellings share: the classes of their consonants.

use super::lattice::Lattice;
use super::table::Piece;

/// The most keys of a word.
pub(crate) const MAX_KEYS: usize = 24;
/// How much more than the cheapest spelling one may cost that has a key, in hundredths of a nat.
const MAX_EXCESS: u32 = 600;
/// The most classes of a key; further consonants do not count.
const MAX_CLASSES: u32 = 4;
/// The most partial keys that are kept while the keys of a word are found.
const BEAM: usize = 48;

/// The class of a Latin letter, from 1 on; 0 for vowels and what is often silent. Letters are in one class if one sound is
/// often written with either; a finer class means fewer words for a key, and more keys for a word. Of 17, 12, 10 and 9
/// classes, of keys of 4 to 6 of them and of 12 to 40 keys a word, on Greek and Hebrew words that were not learned from:
/// these leave out four spellings in a hundred, 17 classes in keys of six nine. Of 9, 10, 11, 12 and 13 classes in keys of
/// four, 84.1, 84.0, 83.9, 83.6 and 83.2 % of the names across scripts are found, and 100, 89, 76, 64 and 58 words in a hundred
/// are compared.
const fn class(letter: u8) -> u32 {
    match letter {
        b'b' | b'p' => 1,
        b'f' | b'v' | b'w' => 10,
        b'd' | b't' => 2,
        b'g' | b'k' | b'q' | b'c' => 3,
        b's' | b'z' | b'x' => 4,
        b'j' => 11,
        b'l' => 5,
        b'r' => 6,
        b'm' => 7,
        b'n' => 8,
        b'0'..=b'9' => 9,
        _ => 0,
    }
}

/// Bits of a class.
const CLASS_BITS: u32 = 4;
const CLASS_MASK: u32 = (1 << CLASS_BITS) - 1;
// The classes of the longest piece fit a number.
const _: () = assert!(Piece::MAX_LETTERS as u32 * CLASS_BITS <= u32::BITS);

/// Appends a class to a key. Equal classes in a row are one.
const fn push(key: u32, class: u32) -> u32 {
    let is_full = key >> (CLASS_BITS * (MAX_CLASSES - 1)) != 0;
    if class == 0 || is_full || key & CLASS_MASK == class { key } else { key << CLASS_BITS | class }
}

/// The key of a Latin word: the classes of its first consonants.
pub(crate) fn latin_key(word: &[u8]) -> u32 {
    word.iter().fold(0, |key, letter| push(key, class(*letter)))
}

/// The ways to write one unit as far as keys can tell them apart: the classes of its Latin letters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Classes {
    /// The first one highest, without zeros in between.
    classes: u32,
    /// That of the cheapest of these ways, in hundredths of a nat.
    cost: u16,
}

impl Classes {
    /// The classes of pieces, each once, the cheapest first.
    pub(super) fn of(pieces: &[Piece]) -> Vec<Classes> {
        let classes = |piece: &Piece| {
            let classes = piece.bytes().map(class).filter(|class| *class != 0);
            classes.fold(0, |all, class| all << CLASS_BITS | class)
        };
        let mut all: Vec<Classes> =
            pieces.iter().map(|piece| Classes { classes: classes(piece), cost: piece.cost }).collect();
        all.sort_unstable_by_key(|way| (way.classes, way.cost));
        all.dedup_by_key(|way| way.classes);
        all.sort_unstable_by_key(|way| (way.cost, way.classes));
        all
    }

    fn append_to(self, key: u32) -> u32 {
        let places = (u32::BITS - self.classes.leading_zeros()).div_ceil(CLASS_BITS);
        (0..places).rev().fold(key, |key, place| push(key, self.classes >> (place * CLASS_BITS) & CLASS_MASK))
    }
}

/// A partial key with the cost of the cheapest spelling that has it.
type Partial = (u32, u32);

impl Lattice {
    /// The keys of the most probable spellings, each once, at most [`MAX_KEYS`]: the most probable first, and of equally
    /// probable ones the lower number.
    pub(super) fn keys(&self) -> Vec<u32> {
        let letters = self.letters();
        let mut partial: Vec<Vec<Partial>> = vec![Vec::new(); letters + 1];
        partial[0].push((0, 0));
        for at in 0..letters {
            let mut from = std::mem::take(&mut partial[at]);
            keep_cheapest(&mut from, BEAM);
            for len in 1..=2.min(letters - at) {
                let Some(ways) = self.classes(at, len) else { continue };
                let target = &mut partial[at + len];
                let most = (self.lowest(0) + MAX_EXCESS).saturating_sub(self.lowest(at + len));
                from.iter().for_each(|partial| extend(*partial, ways, most, target));
            }
            if self.classes(at, 1).is_none() {
                // A letter that is not in the table has no spelling.
                partial[at + 1].extend(&from);
            }
        }
        let mut keys = std::mem::take(&mut partial[letters]);
        keep_cheapest(&mut keys, MAX_KEYS);
        keys.into_iter().map(|(key, _)| key).collect()
    }
}

/// Appends a partial key with each of these, the cheapest of which come first, if it costs at most so much.
fn extend((key, cost): Partial, ways: &[Classes], most: u32, out: &mut Vec<Partial>) {
    let costs = ways.iter().map(|way| (way.append_to(key), cost + u32::from(way.cost)));
    out.extend(costs.take_while(|(_, cost)| *cost <= most));
}

/// Keeps the cheapest of each key, and of all keys the cheapest.
fn keep_cheapest(partial: &mut Vec<Partial>, most: usize) {
    partial.sort_unstable();
    partial.dedup_by_key(|(key, _)| *key);
    partial.sort_unstable_by_key(|(key, cost)| (*cost, *key));
    partial.truncate(most);
}
