//! Manipulations of letters: slips of the keyboard, look-alikes, spellings.

use super::words::{DIGITS, LOOK_ALIKES, MARKS, ROMANISATIONS, SOUNDS};
use super::{Random, Subject};

/// A word of at least `least` letters, and its letters.
fn word(s: &Subject<'_>, r: &mut Random, least: usize) -> Option<(usize, Vec<char>)> {
    let fit = |w: &str| w.chars().count() >= least && w.chars().all(char::is_alphabetic);
    let all: Vec<usize> = (0..s.words.len()).filter(|&i| fit(&s.words[i])).collect();
    let at = *r.pick(&all)?;
    Some((at, s.words[at].chars().collect()))
}

/// A letter in the case of another.
fn cased(letter: char, like: char) -> char {
    if like.is_uppercase() { letter.to_ascii_uppercase() } else { letter }
}

fn any_letter(r: &mut Random, like: char) -> char {
    cased(char::from(b'a' + r.below(26) as u8), like)
}

fn set(s: &Subject<'_>, at: usize, letters: Vec<char>) -> Option<String> {
    Some(s.with(at, letters.into_iter().collect()))
}

pub(super) fn delete(s: &Subject<'_>, r: &mut Random) -> Option<String> {
    let (at, mut letters) = word(s, r, 4)?;
    letters.remove(r.below(letters.len()));
    set(s, at, letters)
}

pub(super) fn insert(s: &Subject<'_>, r: &mut Random) -> Option<String> {
    let (at, mut letters) = word(s, r, 4)?;
    let i = r.below(letters.len());
    letters.insert(i, any_letter(r, letters[i]));
    set(s, at, letters)
}

pub(super) fn substitute(s: &Subject<'_>, r: &mut Random) -> Option<String> {
    let (at, mut letters) = word(s, r, 4)?;
    let i = r.below(letters.len());
    let old = letters[i];
    while letters[i].eq_ignore_ascii_case(&old) {
        letters[i] = any_letter(r, old);
    }
    set(s, at, letters)
}

pub(super) fn transpose(s: &Subject<'_>, r: &mut Random) -> Option<String> {
    let (at, mut letters) = word(s, r, 4)?;
    let apart: Vec<usize> = (1..letters.len()).filter(|&i| letters[i] != letters[i - 1]).collect();
    let i = *r.pick(&apart)?;
    letters.swap(i - 1, i);
    set(s, at, letters)
}

pub(super) fn double(s: &Subject<'_>, r: &mut Random) -> Option<String> {
    let (at, mut letters) = word(s, r, 4)?;
    let i = r.below(letters.len());
    letters.insert(i, letters[i]);
    set(s, at, letters)
}

pub(super) fn two_typos(s: &Subject<'_>, r: &mut Random) -> Option<String> {
    let slips = [delete, insert, substitute, transpose];
    let first = slips[r.below(slips.len())](s, r)?;
    let words = first.split(' ').map(String::from).collect();
    let again = Subject { entity: s.entity, words, family: s.family };
    slips[r.below(slips.len())](&again, r)
}

pub(super) fn concat(s: &Subject<'_>, r: &mut Random) -> Option<String> {
    if s.words.len() < 2 {
        return None;
    }
    let mut words = s.words.clone();
    let second = 1 + r.below(words.len() - 1);
    let second_word = words.remove(second);
    words[second - 1] += &second_word;
    Some(words.join(" "))
}

pub(super) fn split(s: &Subject<'_>, r: &mut Random) -> Option<String> {
    let (at, mut letters) = word(s, r, 6)?;
    letters.insert(3 + r.below(letters.len() - 5), ' ');
    set(s, at, letters)
}

/// Replaces one to three of the letters that a table has something for.
fn replace(s: &Subject<'_>, r: &mut Random, table: &[(char, &str)]) -> Option<String> {
    let mut letters: Vec<String> = s.text().chars().map(String::from).collect();
    let known = |l: &str| {
        let c = l.chars().next()?;
        table.iter().find(|(from, _)| *from == c).map(|(_, to)| to.chars().collect::<Vec<_>>())
    };
    for _ in 0..1 + r.below(3) {
        let places: Vec<usize> = (0..letters.len()).filter(|&i| known(&letters[i]).is_some()).collect();
        let Some(&at) = r.pick(&places) else { break };
        let forms = known(&letters[at])?;
        letters[at] = r.pick(&forms)?.to_string();
    }
    Some(letters.concat())
}

pub(super) fn homoglyph(s: &Subject<'_>, r: &mut Random) -> Option<String> {
    replace(s, r, &LOOK_ALIKES)
}

pub(super) fn digits(s: &Subject<'_>, r: &mut Random) -> Option<String> {
    replace(s, r, &DIGITS)
}

pub(super) fn diacritics(s: &Subject<'_>, r: &mut Random) -> Option<String> {
    replace(s, r, &MARKS)
}

/// Replaces one occurrence of a spelling of the table by its other spelling.
fn respell(s: &Subject<'_>, r: &mut Random, table: &[(&str, &str)]) -> Option<String> {
    let text = s.text();
    let upper = text == text.to_uppercase();
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return None;
    }
    let both = table.iter().flat_map(|(a, b)| [(*a, *b), (*b, *a)]);
    let mut places: Vec<(usize, &str, &str)> = Vec::new();
    for (from, to) in both {
        // Within a word and not at its begin, where people look first.
        let inside = |at: usize| at > 0 && lower.as_bytes()[at - 1].is_ascii_alphabetic();
        // "h" within "kh" is not an "h" to be made "kh".
        let whole = |at: usize| to.strip_suffix(from).is_none_or(|head| !lower[..at].ends_with(head));
        let found = lower.match_indices(from).map(|(at, _)| at).filter(|at| inside(*at) && whole(*at));
        places.extend(found.map(|at| (at, from, to)));
    }
    let (at, from, to) = *r.pick(&places)?;
    let to = if upper { to.to_uppercase() } else { to.to_string() };
    Some([&text[..at], &to, &text[at + from.len()..]].concat())
}

pub(super) fn phonetic(s: &Subject<'_>, r: &mut Random) -> Option<String> {
    respell(s, r, &SOUNDS)
}

pub(super) fn transliteration(s: &Subject<'_>, r: &mut Random) -> Option<String> {
    respell(s, r, &ROMANISATIONS)
}

pub(super) fn punctuation(s: &Subject<'_>, r: &mut Random) -> Option<String> {
    let text = s.text();
    let without: String = text.chars().filter(|c| !matches!(c, '.' | ',' | '\'' | '"')).collect();
    if without != text && r.below(2) == 0 {
        return Some(without);
    }
    if text.contains('-') {
        return Some(text.replace('-', " "));
    }
    if s.words.len() < 2 {
        return None;
    }
    let at = r.below(s.words.len() - 1);
    let joined = format!("{}-{}", s.words[at], s.words[at + 1]);
    Some([&s.words[..at], &[joined], &s.words[at + 2..]].concat().join(" "))
}
