//! Tagging: what each word of a name is in it, what it weighs, and the groups it belongs to.
//!
//! Legal forms, phrases and padding are looked for first; what is left of a name's words names its bearer.

use super::analyser::{Analyser, Piece, slice};
use super::tables::{Facts, MAX_PHRASE, Phrase, number_group, tables};
use super::weights::weight;
use super::{AnalysedName, TRUNCATION_LENGTH, Tag, Token, skeleton};
use crate::entity::Schema;

impl Analyser {
    /// Person or Organization, from the words: a legal form or a business word makes it a body.
    pub(super) fn guess(&self) -> Schema {
        for facts in self.pieces.iter().filter_map(|piece| piece.facts) {
            let name_like = facts.frequency >= 2;
            if (facts.legal != 0 && !facts.legal_ambiguous && !name_like)
                || (facts.business.is_some() && !name_like)
                || (facts.number != 0 && !facts.number_ambiguous && !name_like)
            {
                return Schema::Organization;
            }
        }
        Schema::Person
    }

    /// Makes tokens of the words.
    pub(super) fn tag(&mut self, out: &mut AnalysedName) {
        let person = out.schema == Schema::Person;
        let n = self.pieces.len();
        let mut i = 0;
        while i < n {
            let piece = self.pieces[i];
            let facts = piece.facts.copied().unwrap_or_default();
            if facts.starts_phrase
                && let Some((words, phrase)) = self.phrase_at(i, person, &out.buffer)
            {
                let text = (piece.latin.0, self.pieces[i + words - 1].latin.1);
                let (tag, groups) = match phrase {
                    Phrase::Legal(id) => (Tag::LegalForm, [id, 0]),
                    Phrase::Business(tag, id) => (tag, [id, 0]),
                    Phrase::Place(id) => (Tag::Place, [id, 0]),
                    Phrase::Honorific => (Tag::Honorific, [0, 0]),
                    Phrase::Padding => (Tag::Padding, [0, 0]),
                };
                out.tokens.push(Token {
                    text,
                    latin: text,
                    tag,
                    weight: weight(tag, 0, false),
                    groups,
                    frequency: 0,
                });
                i += words;
                continue;
            }
            if let Some((text, id)) = self.cut_form_at(i, person, out) {
                let (tag, groups) = (Tag::LegalForm, [id, 0]);
                let weight = weight(tag, 0, false);
                out.tokens.push(Token { text, latin: text, tag, weight, groups, frequency: 0 });
                break;
            }
            let token = self.token(piece, &facts, person, &out.buffer);
            if let Some(before) = out.tokens.last_mut()
                && let Some(sum) = compound_number(before, &token)
            {
                before.groups = [sum, 0];
                before.text.1 = token.text.1;
                before.latin = before.text;
                i += 1;
                continue;
            }
            out.tokens.push(token);
            i += 1;
        }
        mark_branches(out);
        mark_padding(out);
    }

    /// The rest of a long name from piece `i` on, if a legal form was cut off there: "… LIMITED LIABILI".
    fn cut_form_at(&self, i: usize, person: bool, out: &AnalysedName) -> Option<((u32, u32), u32)> {
        let rest = self.pieces.get(i..)?;
        if person
            || i == 0
            || out.chars < TRUNCATION_LENGTH
            || rest.len() > MAX_PHRASE
            || rest.iter().any(|p| p.tag != Tag::Name)
        {
            return None;
        }
        let last = rest.last()?;
        let text = (rest[0].latin.0, last.latin.1);
        // A last word that is whole is no cut one, and of a single one there must be enough to tell.
        let whole = last.facts.is_some_and(|f| f.legal != 0);
        if whole || (rest.len() == 1 && last.text.1 - last.text.0 < 5) {
            return None;
        }
        Some((text, tables().legal_form_cut_to(slice(&out.buffer, text))?))
    }

    /// The longest phrase of the tables that begins at piece `i`: its length in words, and what it is.
    fn phrase_at(&self, i: usize, person: bool, buffer: &str) -> Option<(usize, Phrase)> {
        let longest = MAX_PHRASE.min(self.pieces.len() - i);
        (2..=longest).rev().find_map(|words| {
            let words_of = &self.pieces[i..i + words];
            // Readings of characters are no words.
            if words_of.iter().any(|p| matches!(p.tag, Tag::Han | Tag::Hangul)) {
                return None;
            }
            let last = words_of[words - 1];
            let phrase = tables().phrase(&buffer[self.pieces[i].latin.0 as usize..last.latin.1 as usize])?;
            (!person || matches!(phrase, Phrase::Honorific | Phrase::Padding)).then_some((words, phrase))
        })
    }

    fn token(&self, piece: Piece, facts: &Facts, person: bool, buffer: &str) -> Token {
        let text = piece.known_as(buffer);
        let latin = slice(buffer, piece.latin);
        let mut frequency = facts.frequency;
        match piece.tag {
            Tag::Abjad => frequency = tables().frequency_of_skeleton(&skeleton(latin)),
            Tag::Han | Tag::Hangul => frequency = tables().facts(latin).map_or(0, |f| f.frequency),
            _ => {}
        }
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let mut groups = facts.nicknames;
        let single = text.len() == 1 && text.as_bytes()[0].is_ascii_alphabetic();
        let tag = if digits > 0 && (digits == text.len() || is_ordinal(text)) {
            let value: u64 =
                text.bytes().take(18).filter(u8::is_ascii_digit).fold(0, |v, b| v * 10 + u64::from(b - b'0'));
            groups = [number_group(value), 0];
            Tag::Number
        } else if !person && facts.legal != 0 {
            groups = [facts.legal, 0];
            Tag::LegalForm
        } else if single {
            if !person && facts.number != 0 {
                groups = [facts.number, 0];
            }
            if person { Tag::Initial } else { Tag::Letter }
        } else if !person && facts.number != 0 && !(facts.number_ambiguous && frequency >= 2) {
            groups = [facts.number, 0];
            Tag::Number
        } else if !person && let Some((tag, id)) = facts.business {
            groups = [id, 0];
            tag
        } else if !person && facts.place != 0 {
            groups = [facts.place, 0];
            Tag::Place
        } else if let (Some(tag), true) = (facts.honorific, person) {
            tag
        } else if facts.particle {
            groups = [super::group_kind::PARTICLE, 0];
            Tag::Particle
        } else if person && is_patronymic(text) {
            Tag::Patronymic
        } else {
            piece.tag
        };
        Token {
            // A word of the tables is that word, whatever it was written in.
            text: if matches!(piece.tag, Tag::Abjad | Tag::Kana) && tag != piece.tag {
                piece.latin
            } else {
                piece.text
            },
            latin: piece.latin,
            tag,
            weight: weight(tag, frequency, person),
            groups,
            frequency,
        }
    }
}

/// Marks the places that stand behind a word which names. One that stands before says where a body sits, and is
/// often left out; in Chinese names it always stands before.
fn mark_branches(out: &mut AnalysedName) {
    let mut named = false;
    for token in &mut out.tokens {
        if token.tag == Tag::Place && named && token.text == token.latin {
            token.tag = Tag::TrailingPlace;
        }
        named |= token.tag.is_core();
    }
}

/// Marks what a payment system appended: from the first padding word on (never the first two tokens of a
/// name), numbers and further padding words included, if nothing else follows.
fn mark_padding(out: &mut AnalysedName) {
    let buffer = &out.buffer;
    let mut from = out.tokens.len();
    // In the name of a person no word is a place otherwise.
    let place = |token: &Token| {
        matches!(token.tag, Tag::Place | Tag::TrailingPlace)
            || tables().facts(slice(buffer, token.text)).is_some_and(|f| f.place != 0 && f.frequency <= 1)
    };
    for (i, token) in out.tokens.iter().enumerate().rev() {
        let noise = token.tag == Tag::Padding || tables().is_noise(slice(buffer, token.text));
        // A place or a number counts as padding only behind a padding word.
        if noise {
            from = i;
        } else if !matches!(token.tag, Tag::Number | Tag::Initial | Tag::Letter) && !place(token) {
            break;
        }
    }
    // "DUBAI BRANCH"
    if from >= 3 && from < out.tokens.len() && place(&out.tokens[from - 1]) {
        from -= 1;
    }
    if from >= 1 {
        for token in &mut out.tokens[from..] {
            token.tag = Tag::Padding;
            token.groups = [0, 0];
            token.weight = weight(Tag::Padding, 0, false);
        }
    }
}

/// The group of "forty four": tens and ones, both written as words.
fn compound_number(tens: &Token, ones: &Token) -> Option<u32> {
    use super::group_kind::NUMBER;
    if tens.tag != Tag::Number || ones.tag != Tag::Number {
        return None;
    }
    let value = |t: &Token| t.groups[0].checked_sub(NUMBER);
    let (a, b) = (value(tens)?, value(ones)?);
    let adjacent = tens.text == tens.latin && ones.text == ones.latin;
    // Words are at least three letters long; figures of such values are not.
    let words = tens.text.1 - tens.text.0 > 3 && ones.text.1 - ones.text.0 >= 3;
    (adjacent && words && (20..100).contains(&a) && a % 10 == 0 && (1..10).contains(&b))
        .then_some(NUMBER + a + b)
}

fn is_ordinal(text: &str) -> bool {
    let letters = text.trim_start_matches(|c: char| c.is_ascii_digit());
    letters.len() < text.len() && matches!(letters, "st" | "nd" | "rd" | "th")
}

/// Endings of East Slavic patronymics in the usual transliterations.
fn is_patronymic(text: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "ovich", "evich", "ovitch", "evitch", "ovych", "evych", "avich", "ovic", "ovna", "evna", "ivna",
        "ichna", "inichna", "owna", "awna", "avna",
    ];
    text.len() >= 7 && ENDINGS.iter().any(|e| text.ends_with(e))
}
