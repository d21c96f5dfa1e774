//! Correction of the words of an organization's name: misspelled, torn and doubled ones of legal forms and
//! business.

use super::Tag;
use super::lexicon::{Lexicon, Neighbours, lexicon};
use super::raw_name::RawName;
use std::borrow::Cow;

/// The shortest word in which a doubled letter is undone, in letters.
const MIN_DOUBLED: usize = 5;

/// Corrects the unknown words of a name; `key` is a buffer.
pub(super) fn correct_words(raw: &mut RawName, key: &mut String) {
    let lexicon = lexicon();
    let mut i = 0;
    while i < raw.len() {
        if is_unknown(raw, i, lexicon) {
            if let Some((first, word)) = join_halves(raw, i, lexicon) {
                raw.replace_pair(first, word, lexicon);
                i = first;
            } else if let Some(word) = correct(raw, i, key, lexicon) {
                raw.replace(i, &word, lexicon);
            }
        }
        i += 1;
    }
}

/// Whether the word `i` may be a misspelled one: no table has it, except as a rare name.
fn is_unknown(raw: &RawName, i: usize, lexicon: &Lexicon) -> bool {
    let token = &raw.tokens()[i];
    token.tag == Tag::Name
        && token.info.is_none_or(|info| info.is_rare_name_at_most())
        && !lexicon.is_phrase_word(raw.latin(token))
}

/// The word that the word `i` and the one before or after it are the halves of, with the number of the first
/// half. The other half need not be unknown.
fn join_halves(raw: &RawName, i: usize, lexicon: &'static Lexicon) -> Option<(usize, &'static str)> {
    [i.checked_sub(1), Some(i)].into_iter().flatten().find_map(|first| {
        let [head, tail] = [latin_word(raw, Some(first))?, latin_word(raw, Some(first + 1))?];
        Some((first, lexicon.corrector().join_halves(head, tail)?))
    })
}

/// The word `at`, if it is its own reading.
fn latin_word(raw: &RawName, at: Option<usize>) -> Option<&str> {
    let token = raw.tokens().get(at?)?;
    (token.tag == Tag::Name).then(|| raw.latin(token))
}

fn correct(
    raw: &RawName,
    i: usize,
    key: &mut String,
    lexicon: &'static Lexicon,
) -> Option<Cow<'static, str>> {
    let word = latin_word(raw, Some(i))?;
    let corrected = lexicon.corrector().correct(word);
    let corrected = corrected.or_else(|| correct_in_phrase(raw, i, key, lexicon)).map(Cow::Borrowed);
    corrected.or_else(|| undouble(word, lexicon).map(Cow::Owned))
}

/// The correction of the word `i` beside words of a phrase.
fn correct_in_phrase(
    raw: &RawName,
    i: usize,
    key: &mut String,
    lexicon: &'static Lexicon,
) -> Option<&'static str> {
    let word = latin_word(raw, Some(i))?;
    let phrase_word = |at| latin_word(raw, at).filter(|word| lexicon.is_phrase_word(word));
    let [second_before, before] = [2, 1].map(|distance| phrase_word(i.checked_sub(distance)));
    let [after, second_after] = [1, 2].map(|distance| phrase_word(Some(i + distance)));
    [
        before.zip(after).map(|(a, b)| Neighbours::Around(a, b)),
        after.zip(second_after).map(|(a, b)| Neighbours::After(a, b)),
        second_before.zip(before).map(|(a, b)| Neighbours::Before(a, b)),
        after.map(Neighbours::NextOfTwo),
        before.map(Neighbours::PreviousOfTwo),
    ]
    .into_iter()
    .flatten()
    .find_map(|neighbours| lexicon.corrector().correct_in_phrase(word, neighbours, key))
}

/// The word of a legal form, of business or of a place that a word is when one of its doubled letters is
/// written once.
fn undouble(word: &str, lexicon: &Lexicon) -> Option<String> {
    if !word.is_ascii() || word.len() < MIN_DOUBLED {
        return None;
    }
    let doubled = word.as_bytes().windows(2).enumerate().filter(|(_, pair)| pair[0] == pair[1]);
    doubled.into_iter().find_map(|(at, _)| {
        let single = [&word[..at], &word[at + 1..]].concat();
        let is_known = lexicon.info(&single).is_some_and(|info| info.is_company_word())
            || lexicon.is_phrase_word(&single);
        is_known.then_some(single)
    })
}
