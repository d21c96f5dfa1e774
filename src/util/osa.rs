//! The optimal string alignment distance of short ASCII words, one machine word per step.
//!
//! The distance counts insertions, deletions, substitutions and swaps of two neighbouring letters, each as
//! one edit (Damerau–Levenshtein in its restricted form: no letter is edited twice). A word is prepared once
//! as a [`Pattern`] and compared with many others.
//!
//! Cost: one step of some fifteen instructions for each letter of the other word (Hyyrö, "A bit-vector
//! algorithm for computing Levenshtein and Damerau edit distances", 2003). A pattern occupies 1 kB.
//!
//! Limits: patterns have at most [`MAX_PATTERN`] bytes, and both words are ASCII.

/// The longest pattern, in bytes: the bits of a machine word.
pub const MAX_PATTERN: usize = 64;

/// A word prepared for many comparisons.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// For each byte, the positions of the word at which it stands.
    masks: [u64; 128],
    len: usize,
}

impl Pattern {
    /// Prepares an ASCII word of at most [`MAX_PATTERN`] bytes; `None` for any other.
    pub fn new(word: &[u8]) -> Option<Pattern> {
        if word.len() > MAX_PATTERN || !word.is_ascii() {
            return None;
        }
        let mut pattern = Pattern { masks: [0; 128], len: word.len() };
        for (i, b) in word.iter().enumerate() {
            pattern.masks[usize::from(*b)] |= 1 << i;
        }
        Some(pattern)
    }

    /// The distance to another word; `None` if it is more than `max` or the other word is not ASCII.
    pub fn distance(&self, other: &[u8], max: usize) -> Option<usize> {
        if self.len.abs_diff(other.len()) > max || !other.is_ascii() {
            return None;
        }
        if self.len == 0 {
            return Some(other.len());
        }
        // Names as in the paper: vertical and horizontal differences of the table that are +1 (p) or -1 (n),
        // and the diagonal ones that are 0.
        let last = self.len - 1;
        let (mut vp, mut vn, mut d0, mut previous_match) = (!0u64, 0u64, 0u64, 0u64);
        let mut distance = self.len;
        // There is no early exit: whether one is taken cannot be predicted, and a mispredicted branch costs
        // more than the remaining steps.
        for b in other {
            let matches = self.masks[usize::from(*b & 127)];
            let swap = (((!d0) & matches) << 1) & previous_match;
            d0 = ((((matches & vp).wrapping_add(vp)) ^ vp) | matches | vn) | swap;
            let hp = vn | !(d0 | vp);
            let hn = d0 & vp;
            distance += (hp >> last & 1) as usize;
            distance -= (hn >> last & 1) as usize;
            let hp = (hp << 1) | 1;
            let hn = hn << 1;
            vp = hn | !(d0 | hp);
            vn = d0 & hp;
            previous_match = matches;
        }
        (distance <= max).then_some(distance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_distance_is_that_of_strsim(a in "[a-d]{0,12}", b in "[a-d]{0,12}", max in 0usize..5) {
            let want = strsim::osa_distance(&a, &b);
            let got = Pattern::new(a.as_bytes()).unwrap().distance(b.as_bytes(), max);
            prop_assert_eq!(got, (want <= max).then_some(want));
        }

        #[test]
        fn the_distance_of_long_words_is_that_of_strsim(a in "[a-z0-9]{50,64}", b in "[a-z0-9]{50,70}") {
            let want = strsim::osa_distance(&a, &b);
            prop_assert_eq!(Pattern::new(a.as_bytes()).unwrap().distance(b.as_bytes(), 100), Some(want));
        }
    }

    #[test]
    fn only_ascii_words_become_patterns() {
        assert!(Pattern::new("ä".as_bytes()).is_none());
    }
}
