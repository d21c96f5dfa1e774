//! The consonant skeleton of a Latin reading: a phonetic code that spellings of one sound share.
//!
//! Vowels are dropped (a first one leaves a mark), digraphs fold to one code, doubled consonants to one; a
//! silent h and a y or w within the word are dropped. "Muhammad", "Mohamed" and the Arabic-script reading
//! "mhmd" all become `MD`.
//!
//! Cost: one pass over the word; nothing is allocated.

/// A consonant skeleton: up to 15 codes of a byte each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Skeleton {
    len: u8,
    codes: [u8; 15],
}

impl Skeleton {
    /// The skeleton of these codes; codes beyond the fifteenth are dropped.
    pub(crate) fn from_codes(codes: &[u8]) -> Skeleton {
        let mut s = Skeleton { len: codes.len().min(15) as u8, codes: [0; 15] };
        s.codes[..usize::from(s.len)].copy_from_slice(&codes[..usize::from(s.len)]);
        s
    }

    /// The skeleton of the first `len` of these codes. Where sixteen codes can be read, as in a table of many
    /// skeletons, they are read and masked as one machine word.
    pub(crate) fn first_of(codes: &[u8], len: usize) -> Skeleton {
        let len = len.min(15);
        let Some(word) = codes.first_chunk().map(|word| u128::from_le_bytes(*word)) else {
            return Skeleton::from_codes(codes.get(..len).unwrap_or(&[]));
        };
        let masked = (word & ((1 << (8 * len)) - 1)).to_le_bytes();
        let mut codes = [0; 15];
        codes.copy_from_slice(&masked[..15]);
        Skeleton { len: len as u8, codes }
    }

    /// Its codes: capital letters and digits.
    pub fn as_bytes(&self) -> &[u8] {
        &self.codes[..usize::from(self.len)]
    }

    /// Its codes as a number, the first in the lowest byte.
    pub(crate) fn word(&self) -> u128 {
        let mut word = [0; 16];
        word[..15].copy_from_slice(&self.codes);
        u128::from_le_bytes(word)
    }

    /// The number of its codes.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        usize::from(self.len)
    }

    fn push(&mut self, code: u8) {
        let n = usize::from(self.len);
        if n < self.codes.len() && (n == 0 || self.codes[n - 1] != code) {
            self.codes[n] = code;
            self.len += 1;
        }
    }
}

/// The skeleton of a folded Latin word; empty when the word has no ASCII letter.
///
/// ```
/// use interdict::name::skeleton;
///
/// assert_eq!(skeleton("muhammad").as_bytes(), b"MD");
/// assert_eq!(skeleton("khaddafi"), skeleton("qadhafi"));
/// ```
pub fn skeleton(word: &str) -> Skeleton {
    let b = word.as_bytes();
    let mut s = Skeleton { len: 0, codes: [0; 15] };
    let at = |i: usize| b.get(i).copied().unwrap_or(0);
    let mut i = 0;
    // A first vowel, with or without a glide before it, is one mark: Evgeny and Yevgeny, Usuf and Yusuf.
    let glide = at(0) == b'y' && is_vowel(at(1));
    if is_vowel(at(0)) || glide {
        s.push(b'A');
        i = 1;
    }
    while i < b.len() {
        // The codes of most letters do not depend on the next letter.
        let (code, letters) = match ALONE[usize::from(b[i])] {
            DEPENDS => code_in_context(b, i),
            code => (code, 1),
        };
        if code != 0 {
            if b[i] == b'x' {
                s.push(b'K');
            }
            s.push(code);
        }
        i += letters;
    }
    s
}

/// The code of the letters at `i`, 0 for none, and how many letters it is the code of. Of an x, which has two
/// codes, the second.
fn code_in_context(b: &[u8], i: usize) -> (u8, usize) {
    let at = |i: usize| b.get(i).copied().unwrap_or(0);
    match (b[i], at(i + 1)) {
        (b't', b'c') if at(i + 2) == b'h' => (b'C', 3),
        (b's', b'c') if at(i + 2) == b'h' => (b'X', 3),
        (b's', b'h') if at(i + 2) == b'c' && at(i + 3) == b'h' => (b'X', 4),
        (b'c', b'h') => (b'C', 2),
        (b's', b'h') => (b'X', 2),
        (b'z', b'h') | (b'd', b'j') => (b'J', 2),
        (b'k', b'h') => (b'K', 2),
        (b'g', b'h') => (b'G', 2),
        (b'p', b'h') => (b'F', 2),
        (b't', b'h') => (b'T', 2),
        (b'd', b'h') => (b'D', 2),
        (b't', b's' | b'z') | (b'd', b'z') => (b'Z', 2),
        (b'c', b'k') => (b'K', 2),
        (b'c', b'e' | b'i' | b'y') => (b'S', 1),
        (b'c' | b'q' | b'k', _) => (b'K', 1),
        (b'x', _) => (b'S', 1),
        (b'h' | b'w', _) if i > 0 => (0, 1),
        (b'w' | b'v', _) => (b'V', 1),
        // Arabic has no p and writes b.
        (b'p', _) => (b'B', 1),
        (b'y', _) => (if i == 0 { b'A' } else { 0 }, 1),
        (c, _) => (c.to_ascii_uppercase(), 1),
    }
}

/// Marks a letter whose code depends on the letters around it.
const DEPENDS: u8 = 1;

/// The code of each byte after the first letter, where it does not depend on the next one; 0 for none, or
/// [`DEPENDS`].
static ALONE: [u8; 256] = {
    let mut table = [0; 256];
    let mut b = 0;
    while b < 128 {
        let byte = b as u8;
        table[b] = match byte {
            b't' | b's' | b'c' | b'z' | b'k' | b'g' | b'd' | b'p' | b'q' | b'x' | b'h' | b'w' | b'v'
            | b'y' => DEPENDS,
            b'a' | b'e' | b'i' | b'o' | b'u' => 0,
            byte if byte.is_ascii_alphanumeric() => byte.to_ascii_uppercase(),
            _ => 0,
        };
        b += 1;
    }
    table
};

fn is_vowel(b: u8) -> bool {
    matches!(b, b'a' | b'e' | b'i' | b'o' | b'u')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_a_table_are_read_as_one_machine_word() {
        let table: Vec<u8> = (1..40).collect();
        for at in 0..table.len() {
            for len in 0..=15.min(table.len() - at) {
                let codes = &table[at..];
                assert_eq!(Skeleton::first_of(codes, len), Skeleton::from_codes(&codes[..len]));
            }
        }
    }

    #[test]
    fn spellings_of_one_sound_meet() {
        for group in [
            &["muhammad", "mohamed", "mhmd", "mahmad"][..],
            &["yevgeny", "evgeny", "evgenii"],
            &["khaddafi", "kaddafi", "qadhafi"],
            &["ibrahim", "ibraim"],
            &["viktorovich", "victorovitch"],
        ] {
            for word in group {
                assert_eq!(skeleton(word), skeleton(group[0]), "{word}");
            }
        }
        assert_ne!(skeleton("rawi"), skeleton("tikriti"));
        assert_eq!(skeleton("").len(), 0);
        assert_eq!(skeleton("bcdfghjklmnpqrstvwxyzbcdfg").len(), 15);
    }
}
