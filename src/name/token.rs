//! The result of analysis: a name as a sequence of tagged, weighted tokens.

use super::text_range::TextRange;
use crate::entity::Schema;
use std::fmt;

/// The role of a token in its name. It decides the token's weight and which variants of the token are
/// accepted.
///
/// ```
/// use interdict::entity::Schema;
/// use interdict::name::{Tag, analyse};
///
/// let name = analyse("Rosneft Trading S.A.", Schema::Company);
/// let tags: Vec<Tag> = name.tokens().iter().map(|t| t.tag).collect();
/// assert_eq!(tags, [Tag::Name, Tag::BusinessGeneric, Tag::LegalForm]);
/// assert_eq!(tags[1].to_string(), "common business word");
/// ```
///
/// The numbers of the variants are part of the index format: new variants are appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
#[repr(u8)]
pub enum Tag {
    /// A distinctive word in an alphabet: given name, family name, brand.
    Name = 0,
    /// A distinctive word in an abjad (Arabic script), whose reading has few vowels.
    Abjad = 1,
    /// A distinctive word in Han characters, with its pinyin reading.
    Han = 2,
    /// One Hangul syllable of a person's name, or a Hangul word, with its usual Latin spelling.
    Hangul = 3,
    /// A patronymic or matronymic (Ivanovich, Ivanovna).
    Patronymic = 4,
    /// A number, ordinal or Roman numeral, compared by value.
    Number = 5,
    /// A business word that says a little (steel, insurance).
    BusinessSpecific = 6,
    /// A business word that says almost nothing (trading, group).
    BusinessGeneric = 7,
    /// A country, city or region.
    Place = 8,
    /// A single letter in the name of a person, which may stand for a name.
    Initial = 9,
    /// A title that is often a real part of a name (Sheikh, Haji).
    NameTitle = 10,
    /// A particle (al, bin, de, van).
    Particle = 11,
    /// A legal form.
    LegalForm = 12,
    /// An honorific or title (Dr, Mr).
    Honorific = 13,
    /// Padding that payment systems append (BRANCH OFFICE, REF INV 20231).
    Padding = 14,
    /// A single letter in the name of an organization, a ship or an aircraft, where it is no
    /// abbreviated name.
    Letter = 15,
    /// A distinctive word in Kana.
    Kana = 16,
    /// A country, city or region after the distinctive words, which often marks a subsidiary
    /// (Banco Santander Chile).
    TrailingPlace = 17,
    /// A distinctive word in any other script (Cyrillic, Greek, Hebrew, Thai, Devanagari …).
    NonLatin = 18,
}

impl Tag {
    /// All tags, in the order of their numbers.
    pub const ALL: [Tag; 19] = [
        Tag::Name,
        Tag::Abjad,
        Tag::Han,
        Tag::Hangul,
        Tag::Patronymic,
        Tag::Number,
        Tag::BusinessSpecific,
        Tag::BusinessGeneric,
        Tag::Place,
        Tag::Initial,
        Tag::NameTitle,
        Tag::Particle,
        Tag::LegalForm,
        Tag::Honorific,
        Tag::Padding,
        Tag::Letter,
        Tag::Kana,
        Tag::TrailingPlace,
        Tag::NonLatin,
    ];

    /// A short description, as explanations and reports show it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Tag::Name => "name",
            Tag::Abjad => "name (Arabic script)",
            Tag::Han => "name (Han)",
            Tag::Hangul => "name (Hangul)",
            Tag::Patronymic => "patronymic",
            Tag::Number => "number",
            Tag::BusinessSpecific => "business word",
            Tag::BusinessGeneric => "common business word",
            Tag::Place => "place",
            Tag::Initial => "initial",
            Tag::NameTitle => "title",
            Tag::Particle => "particle",
            Tag::LegalForm => "legal form",
            Tag::Honorific => "honorific",
            Tag::Padding => "padding",
            Tag::Letter => "letter",
            Tag::Kana => "name (Kana)",
            Tag::TrailingPlace => "place behind the name",
            Tag::NonLatin => "name (other script)",
        }
    }

    /// Whether the token is a given name, family name or brand, in whatever script.
    pub const fn is_name_word(self) -> bool {
        matches!(self, Tag::Name | Tag::Abjad | Tag::Han | Tag::Hangul | Tag::Kana | Tag::NonLatin)
    }

    /// Whether a token of this tag identifies the named party, so that two different ones contradict each
    /// other.
    pub const fn is_core(self) -> bool {
        self.is_name_word() || matches!(self, Tag::Patronymic | Tag::Number | Tag::BusinessSpecific)
    }

    /// Whether the token is a business word.
    pub(crate) const fn is_business(self) -> bool {
        matches!(self, Tag::BusinessSpecific | Tag::BusinessGeneric)
    }

    /// Whether the token's text is its Latin reading, letter by letter.
    pub(crate) const fn is_alphabetic(self) -> bool {
        !matches!(self, Tag::Abjad | Tag::Han | Tag::Hangul | Tag::Kana | Tag::NonLatin)
    }

    pub(crate) fn from_u8(n: u8) -> Option<Tag> {
        Tag::ALL.get(usize::from(n)).copied()
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One token of an analysed name. Its texts are stored in the [`AnalysedName`] it belongs to.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Token {
    pub(super) text: TextRange,
    pub(super) latin: TextRange,
    /// Its role in the name.
    pub tag: Tag,
    /// How distinctive the token is, in (0, 1]: 1 for a rare name, less for a common one, 0.12 for a legal
    /// form.
    pub weight: f32,
    /// Groups of equivalent words it belongs to (nicknames, translations, legal-form classes, number
    /// values); 0 is none.
    pub groups: [u32; 2],
    /// How common it is as a person's name: 0 rare … 5 extremely common.
    pub frequency: u8,
}

impl Token {
    /// Length of its Latin reading in bytes.
    pub(crate) fn letters(&self) -> usize {
        self.latin.len()
    }

    /// Whether the token's text is its reading.
    pub(super) fn text_is_reading(&self) -> bool {
        self.text == self.latin
    }
}

/// A name after analysis: its tokens in the order written.
///
/// ```
/// use interdict::entity::Schema;
/// use interdict::name::analyse;
///
/// let name = analyse("محمد علي", Schema::Person);
/// let readings: Vec<&str> = name.tokens().iter().map(|t| name.latin(t)).collect();
/// assert_eq!(readings, ["mahamad", "ali"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct AnalysedName {
    /// The readings of all tokens, then the texts that differ from their readings.
    pub(super) buffer: String,
    pub(super) tokens: Vec<Token>,
    pub(super) schema: Schema,
    pub(super) chars: usize,
    pub(super) exceeds_limits: bool,
}

impl AnalysedName {
    /// The tokens in the order written; at most [`MAX_TOKENS`](super::MAX_TOKENS).
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The token's text, folded, in its script. For [`Tag::Abjad`] and [`Tag::Kana`] it is a code of a
    /// byte for each letter or sound.
    pub fn text(&self, token: &Token) -> &str {
        token.text.of(&self.buffer)
    }

    /// The token's Latin reading; for a Latin token its text.
    pub fn latin(&self, token: &Token) -> &str {
        token.latin.of(&self.buffer)
    }

    /// The first letter of the token's Latin reading; 0 for none.
    pub(crate) fn first(&self, token: &Token) -> u8 {
        self.latin(token).as_bytes().first().copied().unwrap_or(0)
    }

    /// The schema it was analysed as: the one given, or where that is unknown a guess (Person or
    /// Organization) from the words of the name.
    pub fn schema(&self) -> Schema {
        self.schema
    }

    /// Length of the name in characters as written, without blanks at its ends.
    pub fn chars(&self) -> usize {
        self.chars
    }

    /// Whether tokens or characters beyond [`MAX_TOKENS`](super::MAX_TOKENS) and
    /// [`MAX_TOKEN_CHARS`](super::MAX_TOKEN_CHARS) were dropped.
    pub fn exceeds_limits(&self) -> bool {
        self.exceeds_limits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_listed_in_the_order_of_their_numbers() {
        for (number, tag) in Tag::ALL.into_iter().enumerate() {
            assert_eq!((tag as usize, Tag::from_u8(number as u8)), (number, Some(tag)));
            assert_eq!(tag.to_string(), tag.as_str());
        }
        assert_eq!(Tag::from_u8(Tag::ALL.len() as u8), None);
    }
}
