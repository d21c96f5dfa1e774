//! How well a Latin word spells a word of a script that writes sounds: an alignment of the one's letters with the
//! other's spellings. Arabic script and Kana have tables of their own.

use super::MAX_TOKEN_CHARS as MAX;

/// The ways a script is written in Latin letters. Costs are hundredths of a letter.
pub(super) struct Spellings {
    /// The usual spellings of a letter with their costs; "" is a letter left out. A letter without any stands for
    /// itself. The longest spelling has four letters.
    pub of: fn(u8) -> &'static [(&'static str, u16)],
    /// What a Latin letter costs that stands for no letter of the word; the second argument tells whether it is
    /// the last.
    pub unwritten: fn(u8, bool) -> u16,
    /// The letter that carries any vowel at the beginning of a word; 0 for none.
    pub any_first_vowel: u8,
}

/// A word's letters and the Latin word that may spell it.
pub(super) struct Spelled<'a> {
    pub letters: &'a [u8],
    pub latin: &'a [u8],
}

/// Words less alike than this are unlike: their likeness is 0. The relation asks for more.
const LEAST: f32 = 0.5;

/// One way to write a letter.
#[derive(Clone, Copy)]
struct Spelling {
    /// Its letters as a number, the last one lowest, and the bytes of it that count.
    letters: u32,
    mask: u32,
    len: u8,
    cost: u16,
}

/// [`Spellings`] made ready: an alignment asks for hundreds of them.
pub(super) struct Speller {
    known: Vec<Spelling>,
    /// Where the spellings of each letter stand in `known`.
    of: [(u16, u16); 256],
    unwritten: [[u16; 2]; 256],
    any_first_vowel: u8,
}

impl Speller {
    pub(super) fn new(spellings: &Spellings) -> Speller {
        let mut known = Vec::new();
        let of = std::array::from_fn(|letter| {
            let from = known.len() as u16;
            known.extend((spellings.of)(letter as u8).iter().map(|(text, cost)| Spelling {
                letters: text.bytes().fold(0, |letters, b| letters << 8 | u32::from(b)),
                mask: text.bytes().fold(0, |mask, _| mask << 8 | 0xff),
                len: text.len() as u8,
                cost: *cost,
            }));
            (from, known.len() as u16)
        });
        let unwritten =
            std::array::from_fn(|b| [false, true].map(|last| (spellings.unwritten)(b as u8, last)));
        Speller { known, of, unwritten, any_first_vowel: spellings.any_first_vowel }
    }

    /// 1 less the costs of the best alignment for each letter, in \[0, 0.97\]; 0 of what is below [`LEAST`].
    pub(super) fn similarity(&self, Spelled { letters, latin }: Spelled<'_>) -> f32 {
        let (a, b) = (&letters[..letters.len().min(MAX)], &latin[..latin.len().min(MAX)]);
        if a.is_empty() || b.is_empty() {
            return 0.0;
        }
        let most = ((1.0 - LEAST) * 100.0 * a.len() as f32 / 1.25) as u16;
        // The last four letters up to each place of the Latin word, and what its letter there costs unwritten.
        let (mut ends, mut unwritten) = ([0u32; MAX + 1], [0u16; MAX + 1]);
        let (mut above, mut now) = ([0u16; MAX + 1], [0u16; MAX + 1]);
        for (j, letter) in b.iter().enumerate() {
            let doubled = j > 0 && b[j - 1] == *letter;
            let last = usize::from(j + 1 == b.len());
            unwritten[j + 1] = if doubled { 0 } else { self.unwritten[usize::from(*letter)][last] };
            ends[j + 1] = ends[j] << 8 | u32::from(*letter);
            above[j + 1] = above[j] + unwritten[j + 1];
        }
        for (i, code) in a.iter().enumerate() {
            let (from, to) = self.of[usize::from(*code)];
            let known = &self.known[usize::from(from)..usize::from(to)];
            let mut least = u16::MAX;
            for j in 0..=b.len() {
                let mut best = above[j] + 100;
                if known.is_empty() && j > 0 && b[j - 1] == *code {
                    best = best.min(above[j - 1]);
                }
                for spelling in known {
                    // No letter is 0: what is longer than the word up to here differs.
                    if ends[j] & spelling.mask == spelling.letters {
                        best = best.min(above[j - usize::from(spelling.len)] + spelling.cost);
                    }
                }
                if i == 0 && j == 1 && *code == self.any_first_vowel && b"aeiou".contains(&b[0]) {
                    best = best.min(above[0]);
                }
                if j > 0 {
                    best = best.min(now[j - 1] + unwritten[j]);
                }
                now[j] = best;
                least = least.min(best);
            }
            // Costs only grow.
            if least > most {
                return 0.0;
            }
            std::mem::swap(&mut above, &mut now);
        }
        let cost = f32::from(above[b.len()]) / 100.0;
        let similarity = 1.0 - 1.25 * cost / a.len() as f32;
        if similarity < LEAST { 0.0 } else { similarity.min(0.97) }
    }
}
