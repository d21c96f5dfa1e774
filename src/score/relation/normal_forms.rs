//! Forms of a word that spellings of one sound have in common. Rules compare words by them, and the index
//! files words under them.

use super::TokenRef;
use crate::name::{self, Skeleton, Tag};
use crate::score::params::MAX_FOLDED_LETTERS;

/// A word after [`fold_digraphs`].
#[derive(Clone, Copy, PartialEq)]
pub(in crate::score) struct FoldedWord {
    letters: [u8; MAX_FOLDED_LETTERS],
    len: usize,
}

impl FoldedWord {
    pub(in crate::score) fn as_bytes(&self) -> &[u8] {
        &self.letters[..self.len]
    }

    pub(in crate::score) fn len(&self) -> usize {
        self.len
    }
}

/// A word in which spellings of one sound are one: doubled letters, ou and u, ee and i, kh and h, ck and k …
/// At most [`MAX_FOLDED_LETTERS`] letters of it.
pub(in crate::score) fn fold_digraphs(word: &[u8]) -> FoldedWord {
    let mut out = FoldedWord { letters: [0; MAX_FOLDED_LETTERS], len: 0 };
    let mut i = 0;
    while i < word.len() && out.len < MAX_FOLDED_LETTERS {
        let (letter, used) = match (word[i], word.get(i + 1).copied().unwrap_or(0)) {
            (b'o', b'u' | b'o') => (b'u', 2),
            (b'e', b'e') | (b'i', b'e') => (b'i', 2),
            (b'k', b'h') => (b'h', 2),
            (b'c', b'k') => (b'k', 2),
            (b'p', b'h') => (b'f', 2),
            (g @ (b'g' | b't' | b'd'), b'h') => (g, 2),
            (b'y', _) => (b'i', 1),
            (b'q', _) => (b'k', 1),
            (b'w', _) => (b'v', 1),
            (letter, _) => (letter, 1),
        };
        if out.len == 0 || out.letters[out.len - 1] != letter {
            out.letters[out.len] = letter;
            out.len += 1;
        }
        i += used;
    }
    out
}

/// The letters of a word, each run of one letter once.
pub(crate) fn dedup_letters(word: &[u8]) -> impl Iterator<Item = &u8> {
    word.iter().enumerate().filter(|(i, b)| *i == 0 || word[i - 1] != **b).map(|(_, b)| b)
}

/// A skeleton in which the sounds are one that Latin spellings of a script confuse. Words of the script and
/// their Latin spellings have it in common.
///
/// Arabic script: s, z, t and d; g, j and k; sh and ch; no v within the word. Kana: r and l; m and n; b, v, f
/// and h; all sibilants with t and d.
pub(crate) fn script_skeleton(skeleton: &Skeleton, script: Tag) -> Skeleton {
    let (mut codes, mut count) = ([0u8; 15], 0);
    for (i, code) in skeleton.as_bytes().iter().enumerate() {
        let code = match (script, code) {
            (Tag::Abjad, b'V') if i > 0 => continue,
            (Tag::Abjad, b'S' | b'Z' | b'D') => b'T',
            (Tag::Abjad, b'G' | b'J') => b'K',
            (Tag::Abjad, b'C') => b'X',
            (Tag::Kana, b'L') => b'R',
            (Tag::Kana, b'M') => b'N',
            (Tag::Kana, b'V' | b'F' | b'H') => b'B',
            (Tag::Kana, b'S' | b'Z' | b'D' | b'J' | b'C' | b'X') => b'T',
            (_, code) => *code,
        };
        if count == 0 || codes[count - 1] != code {
            codes[count] = code;
            count += 1;
        }
    }
    Skeleton::from_codes(&codes[..count])
}

/// The usual Latin spellings of a Hangul syllable; none of any other token.
pub(in crate::score) fn hangul_spellings(token: &TokenRef<'_>) -> &'static [Box<str>] {
    if token.tag != Tag::Hangul {
        return &[];
    }
    let mut chars = utf8(token.text).chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => name::hangul_spellings(c),
        _ => &[],
    }
}

/// A text of a token, which is UTF-8 unless an index file was forged.
pub(in crate::score) fn utf8(text: &[u8]) -> &str {
    std::str::from_utf8(text).unwrap_or("")
}
