//! Manipulations of the parts of a name: names of people, and words and legal forms of bodies.

use super::words::{
    ABBREVIATIONS, CYRILLIC, FAMILY_NAMES, HONORIFICS, LEGAL_FORMS, NICKNAMES, PADDING, PARTICLES,
};
use super::{Random, Subject};
use unicode_script::{Script, UnicodeScript};

fn is_patronymic(word: &str) -> bool {
    let word = word.to_lowercase();
    word.chars().count() >= 7
        && ["ovich", "evich", "ovych", "yevich", "ovna", "evna", "ivna"].iter().any(|end| word.ends_with(end))
}

/// Letters and digits of a word in lower case.
fn bare(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A word in capitals where the name is.
fn cased(word: &str, like: &str) -> String {
    if like == like.to_uppercase() { word.to_uppercase() } else { word.to_string() }
}

pub(super) fn native_to_latin(s: &Subject<'_>, _: &mut Random) -> Option<String> {
    use Script::{Arabic, Armenian, Cyrillic, Devanagari, Georgian, Greek, Hangul, Hebrew};
    // Arabic and Hebrew write few vowels, and Han and Kana read by the word: letter by letter, nobody would.
    let read = |script| matches!(script, Cyrillic | Greek | Armenian | Georgian | Hangul | Devanagari);
    let native = s.entity.names.iter().find(|n| {
        let mut letters = n.text.chars().filter(|c| c.is_alphabetic()).peekable();
        letters.peek().is_some()
            && letters.all(|c| read(c.script()) && !matches!(c.script(), Arabic | Hebrew))
    })?;
    Some(any_ascii::any_ascii(&native.text))
}

pub(super) fn cyrillic(s: &Subject<'_>, _: &mut Random) -> Option<String> {
    // A patronymic shows that the name is from a language written in Cyrillic.
    if !s.words.iter().any(|w| is_patronymic(w)) || !s.words.iter().all(|w| w.is_ascii()) {
        return None;
    }
    let words: Vec<String> = s.words.iter().map(|w| to_cyrillic(&w.to_lowercase())).collect::<Option<_>>()?;
    Some(words.join(" "))
}

fn to_cyrillic(word: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = word;
    while !rest.is_empty() {
        let (from, to) = CYRILLIC.iter().find(|(from, _)| match from.strip_suffix('$') {
            Some(end) => rest == end,
            None => rest.starts_with(from),
        })?;
        out += to;
        rest = &rest[from.trim_end_matches('$').len()..];
    }
    let mut letters = out.chars();
    let first = letters.next()?;
    Some(first.to_uppercase().chain(letters).collect())
}

fn family_first(s: &Subject<'_>, between: &str) -> Option<String> {
    let given = s.words.len().checked_sub(s.family).filter(|n| *n > 0)?;
    Some(format!("{}{between}{}", s.words[given..].join(" "), s.words[..given].join(" ")))
}

pub(super) fn reorder(s: &Subject<'_>, _: &mut Random) -> Option<String> {
    family_first(s, " ")
}

pub(super) fn comma(s: &Subject<'_>, _: &mut Random) -> Option<String> {
    // The order of names listed without a comma is unknown.
    s.entity.primary_name().contains(',').then(|| family_first(s, ", "))?
}

pub(super) fn initial(s: &Subject<'_>, _: &mut Random) -> Option<String> {
    let first = s.words.first().filter(|w| s.words.len() > 1 && bare(w).chars().count() > 2)?;
    Some(s.with(0, format!("{}.", first.chars().next()?.to_uppercase())))
}

/// The words between the first given name and the family name.
fn middle(s: &Subject<'_>) -> Vec<usize> {
    (1..s.words.len().saturating_sub(s.family)).collect()
}

pub(super) fn drop_middle(s: &Subject<'_>, r: &mut Random) -> Option<String> {
    let droppable = |&i: &usize| {
        let word = &s.words[i];
        !is_patronymic(word) && bare(word).chars().count() > 2 && !PARTICLES.contains(&bare(word).as_str())
    };
    let middle: Vec<usize> = middle(s).into_iter().filter(droppable).collect();
    Some(s.without(*r.pick(&middle)?))
}

pub(super) fn drop_patronymic(s: &Subject<'_>, _: &mut Random) -> Option<String> {
    let at = middle(s).into_iter().find(|&i| is_patronymic(&s.words[i]))?;
    Some(s.without(at))
}

pub(super) fn honorific(s: &Subject<'_>, r: &mut Random) -> Option<String> {
    Some(format!("{} {}", r.pick(&HONORIFICS)?, s.text()))
}

pub(super) fn nickname(s: &Subject<'_>, r: &mut Random) -> Option<String> {
    let at =
        (0..s.words.len()).find(|&i| NICKNAMES.iter().any(|group| group.contains(&&*bare(&s.words[i]))))?;
    let old = bare(&s.words[at]);
    let group = NICKNAMES.iter().find(|group| group.contains(&&*old))?;
    let others: Vec<&str> = group.iter().copied().filter(|w| *w != old).collect();
    Some(s.with(at, cased(r.pick(&others)?, &s.words[at])))
}

pub(super) fn second_family(s: &Subject<'_>, r: &mut Random) -> Option<String> {
    let last = s.words.last()?;
    Some(s.with(s.words.len() - 1, format!("{last}-{}", r.pick(&FAMILY_NAMES)?)))
}

/// The position of a name's legal form: its first word, and the row and column of the table.
fn legal_form(s: &Subject<'_>) -> Option<(usize, usize, usize)> {
    let words: Vec<String> = s.words.iter().map(|w| bare(w)).collect();
    let mut found: Option<(usize, usize, usize)> = None;
    for (row, forms) in LEGAL_FORMS.iter().enumerate() {
        for (column, form) in forms.iter().enumerate() {
            let form: Vec<String> = form.split(' ').map(bare).collect();
            if words.len() > form.len() && words.ends_with(&form) {
                let at = words.len() - form.len();
                if found.is_none_or(|(before, _, _)| at < before) {
                    found = Some((at, row, column));
                }
            }
        }
    }
    found
}

fn before(s: &Subject<'_>, at: usize) -> String {
    s.words[..at].join(" ").trim_end_matches(',').to_string()
}

pub(super) fn legal_drop(s: &Subject<'_>, _: &mut Random) -> Option<String> {
    let (at, _, _) = legal_form(s)?;
    Some(before(s, at))
}

pub(super) fn legal_swap(s: &Subject<'_>, r: &mut Random) -> Option<String> {
    let (at, row, _) = legal_form(s)?;
    // Rows of one kind lie in one half of the table.
    let limited = row < LEGAL_FORMS.len() / 2;
    let others: Vec<&str> = (0..LEGAL_FORMS.len())
        .filter(|i| *i != row && (*i < LEGAL_FORMS.len() / 2) == limited)
        .map(|i| LEGAL_FORMS[i][0])
        .collect();
    Some(format!("{} {}", before(s, at), cased(r.pick(&others)?, &s.words[0])))
}

pub(super) fn legal_expand(s: &Subject<'_>, _: &mut Random) -> Option<String> {
    let (at, row, column) = legal_form(s)?;
    let forms = LEGAL_FORMS[row];
    let other = forms.get((column + 1) % forms.len()).filter(|_| forms.len() > 1)?;
    Some(format!("{} {}", before(s, at), cased(other, &s.words[0])))
}

pub(super) fn abbreviate(s: &Subject<'_>, _: &mut Random) -> Option<String> {
    let short = |w: &str| ABBREVIATIONS.iter().find(|(long, _)| *long == bare(w)).map(|(_, short)| *short);
    let (at, short) = s.words.iter().enumerate().find_map(|(i, w)| Some((i, short(w)?)))?;
    Some(s.with(at, cased(short, &s.words[at])))
}

pub(super) fn drop_word(s: &Subject<'_>, _: &mut Random) -> Option<String> {
    let common = |w: &str| ABBREVIATIONS.iter().any(|(long, _)| *long == bare(w));
    let at = s.words.iter().position(|w| common(w))?;
    (s.words.len() > 2).then(|| s.without(at))
}

pub(super) fn truncate(s: &Subject<'_>, _: &mut Random) -> Option<String> {
    let text = s.text();
    (text.chars().count() > 37).then(|| text.chars().take(35).collect::<String>().trim_end().to_string())
}

pub(super) fn padding(s: &Subject<'_>, r: &mut Random) -> Option<String> {
    Some(format!("{} {}", s.text(), r.pick(&PADDING)?))
}
