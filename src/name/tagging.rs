//! Tagging: the role of each word in its name, its weight, and the groups it belongs to.
//!
//! Phrases are recognised first, then truncated legal forms, then single words. Trailing places and padding
//! depend on the tokens around them, and are marked last.

use super::lexicon::{Lexicon, MAX_PHRASE, Phrase, WordInfo, group, lexicon};
use super::raw_name::{RawName, RawToken};
use super::text_range::TextRange;
use super::weights::{fraction, max_weight_in_company, weight};
use super::{AnalysedName, TRUNCATION_LENGTH, Tag, Token, skeleton};
use crate::entity::Schema;

/// The shortest word that is completed to a legal form by itself, in letters.
const MIN_TRUNCATED_WORD: usize = 5;

/// The shortest patronymic, in letters.
const MIN_PATRONYMIC: usize = 7;

/// Endings of East Slavic patronymics in the usual transliterations. Compiled by hand by the authors; no
/// source.
const PATRONYMIC_ENDINGS: &[&str] = &[
    "ovich", "evich", "ovitch", "evitch", "ovych", "evych", "avich", "ovic", "ovna", "evna", "ivna", "ichna",
    "inichna", "owna", "awna", "avna",
];

/// Person or Organization: an unambiguous legal form, business word or number makes it an organization.
pub(super) fn guess_schema(raw: &RawName) -> Schema {
    let is_of_organization = |info: &WordInfo| {
        let is_common_name = info.frequency >= 2;
        let legal = info.legal != 0 && !info.legal_ambiguous;
        let number = info.number != 0 && !info.number_ambiguous;
        (legal || info.business.is_some() || number) && !is_common_name
    };
    if raw.tokens().iter().filter_map(|token| token.info).any(is_of_organization) {
        Schema::Organization
    } else {
        Schema::Person
    }
}

/// Makes tokens of the words of `raw`, and moves its texts to `out`.
pub(super) fn tag_tokens(raw: &mut RawName, out: &mut AnalysedName) {
    out.tokens.clear();
    let tagger = Tagger {
        raw: &*raw,
        lexicon: lexicon(),
        person: out.schema == Schema::Person,
        may_be_truncated: out.chars >= TRUNCATION_LENGTH,
    };
    tagger.tag(&mut out.tokens);
    out.buffer.clear();
    raw.move_texts_to(&mut out.buffer);
    mark_trailing_places(&mut out.tokens);
    mark_padding(out);
}

/// A token without frequency: a phrase.
fn phrase_token(text: TextRange, tag: Tag, group: u32) -> Token {
    let weight = fraction(weight(tag, 0, false));
    Token { text, latin: text, tag, weight, groups: [group, 0], frequency: 0 }
}

struct Tagger<'a> {
    raw: &'a RawName,
    lexicon: &'static Lexicon,
    /// Whether it is the name of a person.
    person: bool,
    /// Whether the name is long enough to have been truncated.
    may_be_truncated: bool,
}

impl Tagger<'_> {
    fn tag(&self, tokens: &mut Vec<Token>) {
        let mut i = 0;
        while let Some(word) = self.raw.tokens().get(i) {
            let info = word.info.unwrap_or(&WordInfo::EMPTY);
            if let Some((words, token)) = info.starts_phrase.then(|| self.phrase_at(i)).flatten() {
                tokens.push(token);
                i += words;
                continue;
            }
            if let Some(token) = self.truncated_legal_form_at(i) {
                tokens.push(token);
                break;
            }
            let token = self.token(word, info);
            let compound = tokens.last().and_then(|before| compound_number(before, &token));
            if compound.is_some() {
                tokens.pop();
            }
            tokens.push(compound.unwrap_or(token));
            i += 1;
        }
    }

    /// The longest phrase that starts at word `i`: its length in words, and its token.
    fn phrase_at(&self, i: usize) -> Option<(usize, Token)> {
        let rest = &self.raw.tokens()[i..];
        (2..=MAX_PHRASE.min(rest.len())).rev().find_map(|words| {
            let phrase_words = &rest[..words];
            // Readings of characters are no words.
            if phrase_words.iter().any(|word| matches!(word.tag, Tag::Han | Tag::Hangul)) {
                return None;
            }
            let text = phrase_words[0].latin.to_end_of(phrase_words[words - 1].latin);
            let (tag, group) = match self.lexicon.phrase(text.of(self.raw.readings()))? {
                Phrase::Honorific => (Tag::Honorific, 0),
                Phrase::Padding => (Tag::Padding, 0),
                _ if self.person => return None,
                Phrase::Legal(group) => (Tag::LegalForm, group),
                Phrase::Business(tag, group) => (tag, group),
                Phrase::Place(group) => (Tag::Place, group),
            };
            Some((words, phrase_token(text, tag, group)))
        })
    }

    /// The rest of a long name from word `i` on, if a legal form was truncated there: "… LIMITED LIABILI".
    fn truncated_legal_form_at(&self, i: usize) -> Option<Token> {
        let rest = self.raw.tokens().get(i..)?;
        if self.person
            || i == 0
            || !self.may_be_truncated
            || rest.len() > MAX_PHRASE
            || rest.iter().any(|word| word.tag != Tag::Name)
        {
            return None;
        }
        let last = rest.last()?;
        // A name that ends in a whole legal form is not truncated in one.
        let is_whole = last.info.is_some_and(|info| info.legal != 0);
        if is_whole || (rest.len() == 1 && last.latin.len() < MIN_TRUNCATED_WORD) {
            return None;
        }
        let text = rest[0].latin.to_end_of(last.latin);
        let group = self.lexicon.truncated_legal_form(text.of(self.raw.readings()))?;
        Some(phrase_token(text, Tag::LegalForm, group))
    }

    fn token(&self, word: &RawToken, info: &WordInfo) -> Token {
        let frequency = self.frequency(word, info);
        let text = self.raw.lexicon_form(word);
        let number = number_in_figures(text).map(|value| (Tag::Number, [group::of_number(value), 0]));
        let (tag, groups) = number.unwrap_or_else(|| match self.person {
            true => tag_in_person(text, word.tag, info),
            false => tag_in_organization(text, word.tag, info, frequency),
        });
        // A word of the tables is that word, in whatever script it was written.
        let is_known = matches!(word.tag, Tag::Abjad | Tag::Kana | Tag::Name) && tag != word.tag;
        let tag = if tag == Tag::Name && word.has_native_text() { Tag::NonLatin } else { tag };
        let mut hundredths = weight(tag, frequency, self.person);
        if tag.is_name_word() && !self.person {
            hundredths = hundredths.min(max_weight_in_company(info.company_frequency));
        }
        Token {
            text: if is_known { word.latin } else { self.raw.final_text(word) },
            latin: word.latin,
            tag,
            weight: fraction(hundredths),
            groups,
            frequency,
        }
    }

    /// The frequency class of a word as a name.
    fn frequency(&self, word: &RawToken, info: &WordInfo) -> u8 {
        let latin = self.raw.latin(word);
        match word.tag {
            // The reading has not the vowels of the usual spelling.
            Tag::Abjad => self.lexicon.frequency_of_skeleton(&skeleton(latin)),
            // Known by their reading, while their entry is that of the characters.
            Tag::Han | Tag::Hangul => self.lexicon.info(latin).map_or(0, |info| info.frequency),
            _ => info.frequency,
        }
    }
}

/// Tag and groups of a word in the name of a person; `script` is its tag as a name word.
fn tag_in_person(text: &str, script: Tag, info: &WordInfo) -> (Tag, [u32; 2]) {
    if is_single_letter(text) {
        (Tag::Initial, info.nicknames)
    } else if let Some(tag) = info.honorific {
        (tag, info.nicknames)
    } else if info.particle {
        (Tag::Particle, [group::PARTICLE, 0])
    } else if is_patronymic(text) {
        (Tag::Patronymic, info.nicknames)
    } else {
        (script, info.nicknames)
    }
}

/// The same in the name of an organization, a ship or an aircraft.
fn tag_in_organization(text: &str, script: Tag, info: &WordInfo, frequency: u8) -> (Tag, [u32; 2]) {
    if info.legal != 0 {
        (Tag::LegalForm, [info.legal, 0])
    } else if is_single_letter(text) {
        (Tag::Letter, if info.number != 0 { [info.number, 0] } else { info.nicknames })
    } else if info.number != 0 && !(info.number_ambiguous && frequency >= 2) {
        (Tag::Number, [info.number, 0])
    } else if let Some((tag, group)) = info.business {
        (tag, [group, 0])
    } else if info.place != 0 {
        (Tag::Place, [info.place, 0])
    } else if info.particle {
        (Tag::Particle, [group::PARTICLE, 0])
    } else {
        (script, info.nicknames)
    }
}

fn is_single_letter(text: &str) -> bool {
    text.len() == 1 && text.as_bytes()[0].is_ascii_alphabetic()
}

/// The value of a number or ordinal in figures ("44", "1st"), up to 18 figures.
fn number_in_figures(text: &str) -> Option<u64> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 || (digits < text.len() && !is_ordinal(text)) {
        return None;
    }
    let figures = text.bytes().take(18).filter(u8::is_ascii_digit);
    Some(figures.fold(0, |value, figure| value * 10 + u64::from(figure - b'0')))
}

fn is_ordinal(text: &str) -> bool {
    let letters = text.trim_start_matches(|c: char| c.is_ascii_digit());
    letters.len() < text.len() && matches!(letters, "st" | "nd" | "rd" | "th")
}

fn is_patronymic(text: &str) -> bool {
    text.len() >= MIN_PATRONYMIC && PATRONYMIC_ENDINGS.iter().any(|ending| text.ends_with(ending))
}

/// The token of "forty four", of its tens and its ones, both written as words.
fn compound_number(tens: &Token, ones: &Token) -> Option<Token> {
    if tens.tag != Tag::Number || ones.tag != Tag::Number {
        return None;
    }
    let value = |token: &Token| token.groups[0].checked_sub(group::NUMBER);
    let (a, b) = (value(tens)?, value(ones)?);
    // Words are at least three letters long; figures of such values are not.
    let are_words =
        tens.text_is_reading() && ones.text_is_reading() && tens.text.len() > 3 && ones.text.len() >= 3;
    if !are_words || !(20..100).contains(&a) || a % 10 != 0 || !(1..10).contains(&b) {
        return None;
    }
    let text = tens.text.to_end_of(ones.text);
    Some(Token { text, latin: text, groups: [group::NUMBER + a + b, 0], ..*tens })
}

/// Marks the places after a core word. One before it says where an organization is seated, and is often left
/// out; in Chinese names it always precedes.
fn mark_trailing_places(tokens: &mut [Token]) {
    let mut after_core = false;
    for token in tokens {
        if token.tag == Tag::Place && after_core && token.text_is_reading() {
            token.tag = Tag::TrailingPlace;
        }
        after_core |= token.tag.is_core();
    }
}

/// Marks the padding that a payment system appended: the last tokens of a name from a padding word on, if
/// they are padding words, numbers, letters and places only. The first token of a name is never padding. A place
/// behind two words of a person's name is padding too, unless it is a usual name.
fn mark_padding(out: &mut AnalysedName) {
    let buffer = &out.buffer;
    let mut from = out.tokens.len();
    let is_place = |token: &Token| {
        // In the name of a person no word has the tag of a place.
        matches!(token.tag, Tag::Place | Tag::TrailingPlace)
            || lexicon()
                .info(token.text.of(buffer))
                .is_some_and(|info| info.place != 0 && info.frequency <= 1)
    };
    for (i, token) in out.tokens.iter().enumerate().rev() {
        let is_residence = out.schema == Schema::Person && i >= 2 && is_place(token);
        if token.tag == Tag::Padding || lexicon().is_padding(token.text.of(buffer)) || is_residence {
            from = i;
        } else if !matches!(token.tag, Tag::Number | Tag::Initial | Tag::Letter) && !is_place(token) {
            break;
        }
    }
    // The place before: "DUBAI BRANCH".
    if from >= 3 && from < out.tokens.len() && is_place(&out.tokens[from - 1]) {
        from -= 1;
    }
    if from >= 1 {
        for token in &mut out.tokens[from..] {
            token.tag = Tag::Padding;
            token.groups = [0, 0];
            token.weight = fraction(weight(Tag::Padding, 0, false));
        }
    }
}
