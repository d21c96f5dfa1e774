//! Costs of edits by kinds of letters, as tables that the inner loops read without branches.

use crate::score::params::{
    ALIKE_LETTERS, CONFUSED_LETTERS, DIGIT_EDIT, DOUBLED_LETTER_GAP, FIRST_LETTER_GAP,
    FIRST_LETTER_SUBSTITUTION, H_GAP, LETTER_EDIT, RELATED_LETTERS, VOWEL_GAP, VOWEL_SUBSTITUTION,
};

/// Classes of bytes with costs of their own: the 26 letters, digits, all else.
pub(super) const CLASSES: usize = 28;

/// The class of all bytes that are neither letters nor digits.
pub(super) const OTHER_CLASS: u8 = 27;

#[inline]
pub(super) fn class(b: u8) -> u8 {
    match b {
        b'a'..=b'z' => b - b'a',
        b'0'..=b'9' => 26,
        _ => OTHER_CLASS,
    }
}

/// The cost of one byte for another, by their classes.
pub(super) static SUBSTITUTION: [[u8; CLASSES]; CLASSES] = {
    let mut table = [[0; CLASSES]; CLASSES];
    let mut i = 0;
    while i < CLASSES {
        let mut j = 0;
        while j < CLASSES {
            table[i][j] = substitution(example(i), example(j));
            j += 1;
        }
        i += 1;
    }
    table
};

/// A byte of a class.
const fn example(class: usize) -> u8 {
    match class {
        26 => b'0',
        27 => b' ',
        letter => b'a' + letter as u8,
    }
}

const fn is_vowel(b: u8) -> bool {
    matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

/// The cost of letter `i` of a word when the other word lacks it.
#[inline]
pub(super) fn gap_cost(word: &[u8], i: usize) -> u16 {
    let b = word[i];
    let doubled = (i > 0 && word[i - 1] == b) || word.get(i + 1) == Some(&b);
    match b {
        _ if doubled => DOUBLED_LETTER_GAP,
        b'h' => H_GAP,
        _ if i == 0 => FIRST_LETTER_GAP,
        _ if is_vowel(b) => VOWEL_GAP,
        b'0'..=b'9' => DIGIT_EDIT as u16,
        _ => LETTER_EDIT as u16,
    }
}

/// The cost of one letter for another at position `at` of both words.
#[inline]
pub(super) fn substitution_cost(x: u8, y: u8, at: usize) -> u16 {
    let cost = u16::from(SUBSTITUTION[usize::from(class(x))][usize::from(class(y))]);
    if at == 0 { first_letter_cost(cost) } else { cost }
}

/// The cost of a substitution where both words begin.
#[inline]
pub(super) fn first_letter_cost(cost: u16) -> u16 {
    cost * FIRST_LETTER_SUBSTITUTION.0 / FIRST_LETTER_SUBSTITUTION.1
}

/// The cost of one byte for another one within a word.
pub(super) const fn substitution(a: u8, b: u8) -> u8 {
    let pair = if a < b { (a, b) } else { (b, a) };
    match pair {
        (b'i', b'y') | (b'o', b'u') | (b'e', b'i') | (b'i', b'j') | (b'j', b'y') => ALIKE_LETTERS,
        _ if is_vowel(a) && is_vowel(b) => VOWEL_SUBSTITUTION,
        (b'c' | b'k', b'k' | b'q') | (b's', b'z') | (b'c', b's') | (b'v', b'w') | (b'g', b'j') => {
            CONFUSED_LETTERS
        }
        (b'b', b'p')
        | (b'd', b't')
        | (b'f', b'v')
        | (b'b', b'v')
        | (b'u', b'v')
        | (b'u', b'w')
        | (b'g', b'k') => RELATED_LETTERS,
        (b'0'..=b'9', _) | (_, b'0'..=b'9') => DIGIT_EDIT,
        _ => LETTER_EDIT,
    }
}
