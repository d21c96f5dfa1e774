//! Names as another program has encoded them: character references of HTML, percent-encoding, and tags; and signs for letters.
//!
//! A name that came through a web form or a badly written export reads "M&uuml;ller&nbsp;GmbH", "M%C3%BCller" or
//! "<b>Müller</b> GmbH". It is the same name, and who writes it so may mean to hide it.

use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// How often a text is decoded: a reference may itself have been encoded ("&amp;uuml;").
const MAX_ROUNDS: usize = 2;
/// Tags that stand between words; any other stands between letters.
const SEPARATING_TAGS: [&str; 7] = ["br", "div", "li", "p", "td", "th", "tr"];

/// The text that was encoded; the text itself if nothing is encoded.
///
/// Cost: two searches for a few characters, for nearly every name.
pub(super) fn decode(raw: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(raw);
    for _ in 0..MAX_ROUNDS {
        if memchr::memchr3(b'&', b'%', b'<', text.as_bytes()).is_none() {
            break;
        }
        let decoded = decode_percent(&html_escape::decode_html_entities(&without_tags(&text))).into_owned();
        if decoded == *text {
            break;
        }
        text = Cow::Owned(decoded);
    }
    match with_letters_for_signs(&text) {
        Cow::Owned(written) => Cow::Owned(written),
        Cow::Borrowed(_) => text,
    }
}

/// Letters before a "$" at the end of a word from which on it is one more: "HK$" is an amount.
const MIN_LETTERS_BEFORE_DOLLAR: usize = 3;

/// Characters before and behind a sign that are looked at.
const LOOK_AROUND: usize = 64;

/// The text with the letters that signs within words stand for: "m@han", "Deripa$ka". An address of electronic mail stays.
fn with_letters_for_signs(text: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'@', b'$', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let letter = |at: usize, sign: char| {
        let (before, behind) = (&text[..at], &text[at + 1..]);
        let letters = before.chars().rev().take(LOOK_AROUND).take_while(|c| c.is_alphabetic()).count();
        let is_followed = behind.starts_with(char::is_alphabetic);
        let mut rest_of_word = behind.chars().take(LOOK_AROUND).take_while(|c| !c.is_whitespace());
        let begins_word = before.chars().next_back().is_none_or(char::is_whitespace);
        match sign {
            '@' if letters > 0 && is_followed && rest_of_word.all(|c| c != '.') => Some('a'),
            '$' if is_followed && (letters > 0 || begins_word) => Some('s'),
            '$' if rest_of_word.next().is_none_or(|c| !c.is_ascii_digit()) => {
                (letters >= MIN_LETTERS_BEFORE_DOLLAR).then_some('s')
            }
            _ => None,
        }
    };
    let letters = text.char_indices().map(|(at, c)| match c {
        '@' | '$' => letter(at, c).unwrap_or(c),
        _ => c,
    });
    Cow::Owned(letters.collect())
}

/// The text with its percent-encoded bytes decoded, if they are UTF-8 then.
fn decode_percent(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8().unwrap_or(Cow::Borrowed(text))
}

/// The text without the tags of HTML. A "<" that begins no tag stays.
fn without_tags(text: &str) -> Cow<'_, str> {
    if !text.contains('<') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let tag = &rest[start + 1..];
        let name = tag.trim_start_matches('/');
        out.push_str(&rest[..start]);
        let is_tag = name.starts_with(|c: char| c.is_ascii_alphabetic());
        match is_tag.then(|| tag.find('>')) {
            // No further tag ends.
            Some(None) => {
                out.push_str(&rest[start..]);
                rest = "";
            }
            Some(Some(end)) => {
                let word = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
                if SEPARATING_TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(word)) {
                    out.push(' ');
                }
                rest = &tag[end + 1..];
            }
            None => {
                out.push('<');
                rest = tag;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_within_words_are_letters() {
        for (raw, text) in [
            ("m@her al-a$sad", "maher al-assad"),
            ("$echin Deripa$ka Morale$", "sechin Deripaska Morales"),
            ("info@example.com", "info@example.com"),
            ("HK$ 5 US$100 $100 @ home", "HK$ 5 US$100 $100 @ home"),
            ("А@А", "АaА"),
        ] {
            assert_eq!(decode(raw), text);
        }
    }

    #[test]
    fn encoded_names_are_decoded() {
        for (raw, text) in [
            ("Johnson & Johnson", "Johnson & Johnson"),
            ("M&uuml;ller&nbsp;GmbH &amp; Co", "Müller\u{a0}GmbH & Co"),
            ("&#80;&#x55;TIN", "PUTIN"),
            ("M&amp;uuml;ller", "Müller"),
            ("M%C3%BCller%20GmbH", "Müller GmbH"),
            ("100% Cotton", "100% Cotton"),
            ("A %FF B", "A %FF B"),
            ("<b>Mül</b>ler<br/>GmbH", "Müller GmbH"),
            ("A < B > C, 3<4", "A < B > C, 3<4"),
            ("&unknown; <b", "&unknown; <b"),
        ] {
            assert_eq!(decode(raw), text, "{raw}");
        }
    }
}
