//! Tagging: the role of each word in its name, its weight, and the groups it belongs to.
//!
//! Phrases are recognised first, then truncated legal forms, then single words. Trailing places and padding
//! depend on the tokens around them, and are marked last.

use super::lexicon::{LegalPosition, Lexicon, MAX_PHRASE, Phrase, WordInfo, group, lexicon};
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
    if out.schema != Schema::Person {
        mark_namesakes(out);
        mark_number_signs(out);
        mark_abbreviations(out);
    }
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
            let token = match self.is_legal_at(i, info) {
                true => self.token(word, info),
                false => self.token(word, &WordInfo { legal: 0, ..*info }),
            };
            let compound = tokens.last().and_then(|before| compound_number(before, &token));
            if compound.is_some() {
                tokens.pop();
            }
            tokens.push(compound.unwrap_or(token));
            i += 1;
        }
    }

    /// Whether the word `i` stands where its legal form is one, beside a word that is none.
    fn is_legal_at(&self, i: usize, info: &WordInfo) -> bool {
        let words = self.raw.tokens();
        let is_last = i + 1 == words.len();
        let stands_there = match info.legal_position {
            LegalPosition::Anywhere => return true,
            LegalPosition::Edge => i == 0 || is_last,
            LegalPosition::End => is_last,
        };
        stands_there && words.iter().any(|word| word.info.is_none_or(|info| info.legal == 0))
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
                Phrase::LegalAsWritten(group) => {
                    // Letters apart, "N. A.", are initials unless they end the name.
                    if text.len() < 2 * words && (i == 0 || words < rest.len()) {
                        return None;
                    }
                    (Tag::LegalForm, group)
                }
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
    } else if let Some(father) = father_of_patronymic(text) {
        (Tag::Patronymic, [patronymic_group(father).unwrap_or(info.nicknames[0]), 0])
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
    let sign = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let text = if NUMBER_SIGNS.contains(&sign) { &text[sign.len()..] } else { text };
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

/// The father's name without its ending; `None` if the word is no patronymic.
fn father_of_patronymic(text: &str) -> Option<&str> {
    let father = PATRONYMIC_ENDINGS
        .iter()
        .filter_map(|ending| text.strip_suffix(ending))
        .min_by_key(|father| father.len());
    father.filter(|_| text.len() >= MIN_PATRONYMIC)
}

/// The endings that the father's name may have: "Hryhor-ovych" is of Hryhoriy, "Mykola-yovych" of Mykola.
const ENDINGS_OF_FATHERS: [&str; 14] =
    ["", "i", "iy", "ii", "y", "a", "o", "ey", "ei", "iya", "la", "ij", "r", "yy"];

/// The group of patronymics of fathers whose names are forms of one name.
fn patronymic_group(father: &str) -> Option<u32> {
    let mut name = String::with_capacity(father.len() + 3);
    let father = father.strip_suffix(['y', 'i', 'j']).unwrap_or(father);
    ENDINGS_OF_FATHERS.iter().find_map(|ending| {
        name.clear();
        name.extend([father, ending]);
        let group = lexicon().info(&name)?.nicknames[0];
        (group != 0).then(|| group - group::NICKNAME + group::PATRONYMIC)
    })
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
    // Behind a legal form the name has ended: "Ltd, Hamburg".
    let mut ended = false;
    for token in tokens {
        if token.tag == Tag::Place && after_core && !ended && token.text_is_reading() {
            token.tag = Tag::TrailingPlace;
        }
        after_core |= token.tag.is_core();
        ended = after_core && (token.tag == Tag::LegalForm || (ended && token.tag == Tag::Place));
    }
}

/// The most letters of a word without a vowel that is taken for an abbreviation.
const MAX_ABBREVIATION: usize = 4;
/// The least letters of a word beside which an abbreviation says less.
const MIN_BESIDE_ABBREVIATION: usize = 5;

/// Takes half of the weight from abbreviations beside a longer name: "AO VMP Avitek" is often written "Avitek". An
/// abbreviation alone is the name, and keeps its weight.
fn mark_abbreviations(out: &mut AnalysedName) {
    let buffer = &out.buffer;
    let is_name = |token: &Token| token.tag == Tag::Name || token.tag == Tag::NonLatin;
    if !out.tokens.iter().any(|token| is_name(token) && token.latin.len() >= MIN_BESIDE_ABBREVIATION) {
        return;
    }
    for token in &mut out.tokens {
        let letters = token.latin.of(buffer).as_bytes();
        let is_abbreviation = (2..=MAX_ABBREVIATION).contains(&letters.len())
            && letters.iter().all(|b| b.is_ascii_lowercase() && !b"aeiouy".contains(b));
        if is_name(token) && is_abbreviation {
            token.weight = fraction((token.weight * 50.0) as u8);
        }
    }
}

/// Signs before a number: "No. 3", "Nr 3", "Number 3". Compiled by hand by the authors, from the words for "number" in CLDR's
/// languages of legal entities: English, German, French, Spanish, Italian, Polish, Turkish and Russian.
const NUMBER_SIGNS: [&str; 10] =
    ["no", "nos", "nr", "num", "number", "numero", "nomer", "nummer", "numer", "n"];

/// Takes the weight from the sign before a number: it says that a number follows.
fn mark_number_signs(out: &mut AnalysedName) {
    for i in 1..out.tokens.len() {
        let is_sign = NUMBER_SIGNS.contains(&out.tokens[i - 1].latin.of(&out.buffer));
        if is_sign && out.tokens[i].tag == Tag::Number {
            let sign = &mut out.tokens[i - 1];
            (sign.tag, sign.groups) = (Tag::Particle, [group::PARTICLE, 0]);
            sign.weight = fraction(weight(Tag::Honorific, 0, false));
        }
    }
}

/// Words before the name of the person whom a body is named after: "named after", "imeni". Source: the symbol NAMED of
/// rigour 1.8.2 (MIT), and "named by", "by name", "in the name of" of the lists of the EU and of OFAC.
const NAMED_AFTER: [&str; 4] = ["imeni", "im", "named", "name"];
/// Words that stand beside those, and titles before the person's name.
const BESIDE_NAMED_AFTER: [&str; 19] = [
    "after",
    "for",
    "by",
    "in",
    "honor",
    "honour",
    "memory",
    "of",
    "the",
    "academician",
    "akademika",
    "akademik",
    "academ",
    "akadem",
    "professor",
    "professora",
    "prof",
    "marshal",
    "general",
];
/// The most initials of the person.
const MAX_INITIALS: usize = 3;
/// The most words of the person's name.
const MAX_NAMESAKE: usize = 3;

/// Takes weight from the name of a person whom a body is named after: "PLANT NAMED AFTER A.B. PETROVSKY" is often written
/// "PETROVSKY PLANT", and as often without the person. The words behind "named after" weigh half, letters a third.
fn mark_namesakes(out: &mut AnalysedName) {
    let buffer = &out.buffer;
    let latin = |token: &Token| token.latin.of(buffer);
    let is_named_after =
        |token: &Token| NAMED_AFTER.contains(&latin(token)) && !matches!(token.tag, Tag::Padding);
    let Some(at) = out.tokens.iter().position(is_named_after).filter(|at| *at > 0) else { return };
    // "in the name of", "by name".
    let before =
        out.tokens[..at].iter().rev().take_while(|token| BESIDE_NAMED_AFTER.contains(&latin(token))).count();
    if latin(&out.tokens[at]) == "name" && before == 0 {
        return;
    }
    let mut names = 0;
    for i in at - before..out.tokens.len() {
        let token = &mut out.tokens[i];
        let word = token.latin.of(buffer);
        if i <= at || (names == 0 && BESIDE_NAMED_AFTER.contains(&word)) {
            (token.tag, token.groups) = (Tag::Particle, [group::PARTICLE, 0]);
            token.weight = fraction(weight(Tag::Particle, 0, false));
        } else if names == 0 && token.tag == Tag::LegalForm && word.len() <= MAX_INITIALS {
            // Two dotted initials are a legal form elsewhere, and weigh as little.
        } else if matches!(token.tag, Tag::Letter | Tag::Initial) {
            token.weight = fraction(weight(token.tag, 0, false) / 3);
        } else if names < MAX_NAMESAKE && (token.tag.is_name_word() || token.tag == Tag::Patronymic) {
            token.weight = fraction((token.weight * 50.0) as u8);
            names += 1;
        } else if token.tag != Tag::Particle {
            break;
        }
    }
}

/// Marks the padding that a payment system appended: the last tokens of a name from a padding word on, if
/// they are padding words, numbers, letters and places only. The first token of a name is never padding. A place
/// behind two words of a person's name is padding too, and a word of business or a legal form, unless it is a usual name.
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
    let is_no_name = |token: &Token| {
        // Words of other languages are names as well: "elmi" is scientific in Persian.
        let is_legal = |info: &WordInfo| info.legal != 0 && info.legal_position == LegalPosition::Anywhere;
        let of_a_body = |info: &WordInfo| info.company_frequency >= 3 || is_legal(info);
        token.tag == Tag::Name
            && token.latin.len() > 2
            && lexicon()
                .info(token.text.of(buffer))
                .is_some_and(|info| info.frequency == 0 && info.nicknames == [0; 2] && of_a_body(info))
    };
    for (i, token) in out.tokens.iter().enumerate().rev() {
        let is_residence = out.schema == Schema::Person && i >= 2 && (is_place(token) || is_no_name(token));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::analyse;

    /// Tag and weight of the words of a body's name, by reading.
    fn word(name: &str, schema: Schema, word: &str) -> (Tag, f32) {
        let name = analyse(name, schema);
        let token = name.tokens().iter().find(|token| name.latin(token) == word);
        token.map(|token| (token.tag, token.weight)).unwrap_or_else(|| panic!("{word}: {:?}", name.tokens()))
    }

    #[test]
    fn the_person_a_body_is_named_after_weighs_less() {
        let of = |name: &str, reading: &str| word(name, Schema::Organization, reading);
        let name = "Zoltek Plant named after academician A.B. Varnikov";
        assert_eq!(of(name, "named").0, Tag::Particle);
        assert_eq!(of(name, "academician").0, Tag::Particle);
        assert!(of(name, "varnikov").1 <= 0.5);
        assert_eq!(of("Zoltek Plant named after K. Varnikov", "k"), (Tag::Letter, 0.1));
        assert_eq!(of("Zoltek Plant imeni Varnikova", "varnikova").1, 0.5);
        assert_eq!(of("ЗАВОД ЗОЛТЕК ИМ. ВАРНИКОВА", "varnikova").1, 0.5);
        // Without those words it is a name like others, and so is a name that only begins so.
        assert!(of("Varnikov Plant", "varnikov").1 > 0.9);
        assert!(of("Imeni Varnikov", "varnikov").1 > 0.9);
        assert!(of("Brand Name Varnikov", "varnikov").1 > 0.9);
    }

    #[test]
    fn a_sign_before_a_number_says_that_a_number_follows() {
        for name in
            ["Brigade No. 44", "Brigade Nr 44", "Brigade Number 44", "Brigade N44", "Brigade nomer 44"]
        {
            let name = analyse(name, Schema::Organization);
            let number = name.tokens().last().unwrap();
            assert_eq!((number.tag, number.groups[0]), (Tag::Number, group::of_number(44)), "{name:?}");
            let signs = &name.tokens()[1..name.tokens().len() - 1];
            assert!(signs.iter().all(|sign| sign.weight < 0.1), "{name:?}");
        }
        assert_eq!(word("Brigade B44", Schema::Organization, "b44").0, Tag::Name);
    }

    #[test]
    fn an_abbreviation_beside_a_name_weighs_half() {
        let of = |name: &str, reading: &str| word(name, Schema::Company, reading).1;
        assert_eq!(of("AO VMP Zoltekvar", "vmp"), 0.5);
        assert_eq!(of("AO VMP Zoltekvar", "zoltekvar"), 1.0);
        assert_eq!(of("VMP Bank", "vmp"), 1.0);
        assert_eq!(of("VAMP Zoltekvar", "vamp"), 1.0);
    }

    #[test]
    fn a_place_behind_a_legal_form_tells_no_subsidiary() {
        let of = |name: &str| word(name, Schema::Company, "hamburg").0;
        assert_eq!(of("Zoltek Hamburg GmbH"), Tag::TrailingPlace);
        assert_eq!(of("Zoltek GmbH, Hamburg"), Tag::Place);
        assert_eq!(of("Zoltek GmbH Germany Hamburg"), Tag::Place);
    }

    #[test]
    fn a_word_of_many_companies_weighs_less_in_their_names() {
        let weight = |reading: &str| word(&format!("{reading} Ltd"), Schema::Company, reading).1;
        assert!(weight("bancorp") < weight("quantum") && weight("quantum") < weight("zoltek"));
        assert_eq!(weight("zoltek"), 1.0);
        assert_eq!(word("Anna Quantum", Schema::Person, "quantum").1, 1.0);
    }

    #[test]
    fn patronymics_of_one_fathers_name_are_of_one_group_and_not_his_name() {
        let group_of = |reading: &str| {
            let name = analyse(&format!("Denis {reading} Kulagin"), Schema::Person);
            let token = *name.tokens().iter().find(|token| name.latin(token) == reading).unwrap();
            (token.tag, token.groups[0])
        };
        for (one, other) in [("hryhorovych", "grigorievich"), ("mykolaiovych", "nikolaevich")] {
            let (one, other) = (group_of(one), group_of(other));
            assert_eq!(one, other);
            assert_eq!((one.0, group::kind(one.1)), (Tag::Patronymic, group::PATRONYMIC));
        }
        assert_ne!(group_of("ivanovich").1, group_of("grigorievich").1);
    }

    #[test]
    fn a_short_form_of_one_country_is_one_at_the_end_only() {
        let of = |name: &str, reading: &str| word(name, Schema::Company, reading).0;
        assert_eq!(of("Zoltek Varnikov OE", "oe"), Tag::LegalForm);
        // Alone, or beside forms only, it is the name.
        assert_ne!(of("OE", "oe"), Tag::LegalForm);
        // Letters apart are initials unless they end the name.
        assert_eq!(word("Zoltek Varnikov N. A.", Schema::Company, "n a").0, Tag::LegalForm);
        assert_eq!(of("Zoltek N. A. Varnikov", "n"), Tag::Letter);
        // A form of one Han character stands alone.
        let name = analyse("(株)日立", Schema::Company);
        assert_eq!(name.tokens()[0].tag, Tag::LegalForm);
    }

    #[test]
    fn a_word_of_its_own_is_no_misspelling() {
        assert_eq!(word("Ansar Sharia", Schema::Organization, "sharia").0, Tag::Name);
    }

    #[test]
    fn a_brand_and_its_name_are_one_and_the_name_keeps_its_reading() {
        let groups = |name: &str, reading: &str| {
            let name = analyse(name, Schema::Company);
            name.tokens().iter().find(|token| name.latin(token) == reading).unwrap().groups
        };
        let (native, brand) = (groups("中兴有限公司", "zhongxing"), groups("ZTE Ltd", "zte"));
        assert!(native.iter().any(|group| *group != 0 && brand.contains(group)), "{native:?} {brand:?}");
    }

    #[test]
    fn words_of_business_behind_a_person_are_no_names() {
        assert_eq!(word("Anatoli Varnikov trust", Schema::Person, "trust").0, Tag::Padding);
        assert_eq!(word("Anatoli Varnikov", Schema::Person, "varnikov").0, Tag::Name);
    }
}
