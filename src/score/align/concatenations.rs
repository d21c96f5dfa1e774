//! Which neighbouring tokens of a name are tried as one: runs of two, of up to four short ones, and the
//! initial letters of all.

use super::{Span, is_person};
use crate::name::{AnalysedName, MAX_TOKENS, Tag, Token};
use crate::score::params::{ACRONYM, MAX_CONCATENATION, MAX_CONCATENATION_LETTERS, MAX_SYLLABLE_LETTERS};
use crate::score::relation::Concatenation;

/// Calls `each` with every run of neighbouring tokens that is tried as one and is `wanted`, and with all
/// tokens if the initial letters of the name are tried too.
pub(crate) fn concatenations(
    name: &AnalysedName,
    buffer: &mut String,
    wanted: impl Fn(Span) -> bool,
    mut each: impl FnMut(Span, &Concatenation<'_>),
) {
    token_runs(name, buffer, wanted, &mut each);
    if acronym(name, buffer) {
        each(Span::new(0, name.tokens().len()), &Concatenation::acronym(buffer));
    }
}

/// The same of the runs alone.
pub(crate) fn token_runs(
    name: &AnalysedName,
    buffer: &mut String,
    wanted: impl Fn(Span) -> bool,
    mut each: impl FnMut(Span, &Concatenation<'_>),
) {
    let tokens = name.tokens();
    for start in 0..tokens.len() {
        buffer.clear();
        let max = MAX_CONCATENATION.min(tokens.len() - start);
        // The longest that is wanted: with most tokens no run begins that is.
        let Some(max) = (2..=max).rev().find(|count| wanted(Span::new(start, *count))) else { continue };
        let (mut syllables, mut abjad, mut has_clitic) = (true, false, false);
        for count in 1..=max {
            let token = &tokens[start + count - 1];
            let latin = name.latin(token);
            if token.tag == Tag::Padding || latin.is_empty() || latin.bytes().any(|b| b == b' ') {
                break;
            }
            syllables &= is_syllable(token);
            buffer.push_str(latin);
            if buffer.len() > MAX_CONCATENATION_LETTERS || (count > 2 && !syllables) {
                break;
            }
            abjad |= token.tag == Tag::Abjad;
            has_clitic |= is_arabic_clitic(latin);
            if count >= 2 && wanted(Span::new(start, count)) {
                each(Span::new(start, count), &Concatenation::of(buffer, abjad && has_clitic));
            }
        }
        let without_article = Span::new(start, WITH_ARTICLE);
        if max >= WITH_ARTICLE && wanted(without_article) && write_without_article(name, start, buffer) {
            each(without_article, &Concatenation::of(buffer, false));
        }
    }
}

/// The tokens of a name with an Arabic article in the middle: "Badr al-Din".
const WITH_ARTICLE: usize = 3;

/// Writes the words before and behind an Arabic article together, as spellings do in which the article merges with both:
/// "Badr al-Din" and "Badreddine" have the consonants of "badrdin". Returns false if no article stands between two words.
fn write_without_article(name: &AnalysedName, start: usize, buffer: &mut String) -> bool {
    if !has_article(name, start) {
        return false;
    }
    let [before, _, behind] = [0, 1, 2].map(|i| name.latin(&name.tokens()[start + i]));
    buffer.clear();
    buffer.extend([before, behind]);
    buffer.len() <= MAX_CONCATENATION_LETTERS
}

/// Whether an Arabic article stands between this token and the next but one, both words of a name.
pub(crate) fn has_article(name: &AnalysedName, start: usize) -> bool {
    let Some([before, article, behind]) = name.tokens().get(start..start + WITH_ARTICLE) else {
        return false;
    };
    let is_word = |token: &Token| {
        token.letters() > 1
            && matches!(token.tag, Tag::Name | Tag::NameTitle | Tag::Particle)
            && name.latin(token).bytes().all(|letter| letter.is_ascii_lowercase())
    };
    is_article(name.latin(article)) && is_word(before) && is_word(behind)
}

/// Whether a word is the Arabic article, with its vowel and before any letter: "al-Din", "ed-Dine", "ur-Rahman".
fn is_article(latin: &str) -> bool {
    let assimilated = ["l", "d", "r", "s", "sh", "z", "n", "t"];
    let rest = latin.strip_prefix(['a', 'e', 'u']);
    rest.is_some_and(|consonant| assimilated.contains(&consonant))
}

/// Whether a token is so short, or of a script so terse, that three or four of them are tried as one.
pub(crate) fn is_syllable(token: &Token) -> bool {
    token.letters() <= MAX_SYLLABLE_LETTERS || token.tag == Tag::Abjad
}

/// Whether a word is one that Arabic writes apart and Latin letters together with another: "abd al-…", "…
/// al-din", "… allah".
pub(crate) fn is_arabic_clitic(latin: &str) -> bool {
    matches!(latin, "al" | "abad" | "abu" | "alalah")
}

/// Writes the initial letters of the words of a body's name, without particles and legal forms. Returns false
/// if there are too few or too many for an acronym.
pub(crate) fn acronym(name: &AnalysedName, out: &mut String) -> bool {
    out.clear();
    if is_person(name) || name.tokens().len() > MAX_TOKENS {
        return false;
    }
    for token in name.tokens() {
        if skipped_in_acronym(token.tag) {
            continue;
        }
        let mut before = b' ';
        for b in name.latin(token).bytes() {
            if before == b' ' && b.is_ascii_lowercase() {
                if out.len() == *ACRONYM.end() {
                    return false;
                }
                out.push(char::from(b));
            }
            before = b;
        }
    }
    ACRONYM.contains(&out.len())
}

/// Whether the acronym of a body's name leaves out such words.
pub(crate) fn skipped_in_acronym(tag: Tag) -> bool {
    matches!(tag, Tag::Particle | Tag::LegalForm | Tag::Padding)
}
