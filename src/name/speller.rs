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

impl Spellings {
    /// 1 less the costs of the best alignment for each letter, in \[0, 0.97\].
    pub(super) fn likeness(&self, Spelled { letters, latin }: Spelled<'_>) -> f32 {
        let (a, b) = (&letters[..letters.len().min(MAX)], &latin[..latin.len().min(MAX)]);
        if a.is_empty() || b.is_empty() {
            return 0.0;
        }
        let unwritten = |j: usize| {
            let doubled = j > 0 && b[j - 1] == b[j];
            if doubled { 0 } else { (self.unwritten)(b[j], j + 1 == b.len()) }
        };
        let (mut above, mut now) = ([0u16; MAX + 1], [0u16; MAX + 1]);
        for j in 0..b.len() {
            above[j + 1] = above[j] + unwritten(j);
        }
        for (i, code) in a.iter().enumerate() {
            let known = (self.of)(*code);
            for j in 0..=b.len() {
                let mut best = above[j] + 100;
                if known.is_empty() && j > 0 && b[j - 1] == *code {
                    best = best.min(above[j - 1]);
                }
                for (spelling, cost) in known {
                    let spelling = spelling.as_bytes();
                    if b[..j].ends_with(spelling) {
                        best = best.min(above[j - spelling.len()] + cost);
                    }
                }
                if i == 0 && j == 1 && *code == self.any_first_vowel && b"aeiou".contains(&b[0]) {
                    best = best.min(above[0]);
                }
                if j > 0 {
                    best = best.min(now[j - 1] + unwritten(j - 1));
                }
                now[j] = best;
            }
            std::mem::swap(&mut above, &mut now);
        }
        let cost = f32::from(above[b.len()]) / 100.0;
        (1.0 - 1.25 * cost / a.len() as f32).clamp(0.0, 0.97)
    }
}
