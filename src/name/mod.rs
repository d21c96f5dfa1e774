//! Analysis of one name: from the text as written to the tokens that are compared.
//!
//! ```
//! use interdict::name::{analyse, Tag};
//! use interdict::entity::Schema;
//!
//! let name = analyse("Dr. Владимир ПУТИН", Schema::Person);
//! let tokens: Vec<_> = name.tokens().iter().map(|t| (name.latin(t), t.tag)).collect();
//! assert_eq!(tokens, [("dr", Tag::Honorific), ("vladimir", Tag::Plain), ("putin", Tag::Plain)]);
//! ```
//!
//! The steps, each in a file of its own: [`clean`](self) folds case, marks and look-alike letters and cuts the
//! text into words; each word gets a Latin reading by its script; the tables in `tables/` tag legal forms,
//! honorifics, places, business words, numbers, nicknames and padding, and give each token its weight.
//!
//! Listed names and queries pass through the same function, so that equal texts give equal tokens.
//!
//! Cost: half a microsecond for an ASCII name and five to ten for another script (the `analyse` bench), once the
//! tables are loaded on first use. An [`Analyser`] keeps its buffers, so that a batch allocates nothing per name.
//!
//! Limits: a name keeps its first [`MAX_TOKENS`] tokens and the first [`MAX_TOKEN_CHARS`] characters of a
//! token; what is beyond is cut, on both sides alike, and `AnalysedName::is_cut` tells.

mod analyser;
mod arabic;
mod clean;
mod han;
mod kana;
mod letters;
mod repair;
mod skeleton;
mod speller;
mod tables;
mod tagging;
mod wade;
pub(crate) mod weights;
mod words;

pub use analyser::{Analyser, analyse};
pub(crate) use arabic::similarity as arabic_similarity;
pub(crate) use kana::similarity as kana_similarity;
pub use skeleton::{Skeleton, skeleton};
pub(crate) use tables::{group as group_kind, tables};
pub(crate) use wade::{is_wade_giles, may_be_romanized, romanized, wade_giles};

use crate::entity::Schema;

/// Loads the tables of facts, which the first analysis of a process would load otherwise: some 40 milliseconds that
/// no query then waits for. Further calls do nothing.
pub fn load_tables() {
    std::thread::scope(|s| {
        s.spawn(wade::load);
        tables();
    });
}

/// The longest name in tokens; longer ones are cut.
pub const MAX_TOKENS: usize = 48;
/// The longest token in characters; longer ones are cut.
pub const MAX_TOKEN_CHARS: usize = 48;
/// A name of at least so many characters may have been truncated by a payment system.
pub(crate) const TRUNCATION_LENGTH: usize = 30;
/// Version of tables and analysis together: part of an index's identity, raised with every change to either.
pub const ANALYSIS_VERSION: u32 = 4;

/// What a token is in its name; decides its weight and how it may differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
#[repr(u8)]
pub enum Tag {
    /// A word that names: given name, family name, brand.
    Name = 0,
    /// A plain word written in an abjad (Arabic script): its reading has few vowels.
    Abjad = 1,
    /// A plain word in Han characters, with its pinyin reading.
    Han = 2,
    /// One Hangul syllable, with its usual Latin spelling.
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
    /// A single letter.
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
    /// A single letter in the name of a body, a ship or an aircraft, where it stands for nothing but itself.
    Letter = 15,
    /// A plain word written in Kana.
    Kana = 16,
    /// A country, city or region behind the name, which often tells a subsidiary (Banco Santander Chile).
    TrailingPlace = 17,
}

impl Tag {
    /// All tags, in the order of their numbers.
    pub const ALL: [Tag; 18] = [
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
    ];

    /// Whether its text is its Latin reading, letter by letter.
    pub(crate) fn is_alphabetic(self) -> bool {
        !matches!(self, Tag::Abjad | Tag::Han | Tag::Hangul | Tag::Kana)
    }

    pub(crate) fn from_u8(n: u8) -> Option<Tag> {
        Tag::ALL.get(usize::from(n)).copied()
    }

    /// A word for people.
    pub fn as_str(self) -> &'static str {
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
        }
    }

    /// Whether a token of this tag names its bearer, so that two different ones contradict each other.
    pub const fn is_core(self) -> bool {
        matches!(
            self,
            Tag::Name
                | Tag::Abjad
                | Tag::Han
                | Tag::Hangul
                | Tag::Kana
                | Tag::Patronymic
                | Tag::Number
                | Tag::BusinessSpecific
        )
    }
}

/// One token of an analysed name. Its texts are in the [`AnalysedName`] it belongs to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Token {
    text: (u32, u32),
    latin: (u32, u32),
    /// What it is.
    pub tag: Tag,
    /// How much it says, in (0, 1]: 1 for a rare name, less for a common one, little for a legal form.
    pub weight: f32,
    /// Groups of equivalent words it belongs to (nicknames, translations, legal-form classes, number
    /// values); 0 is none.
    pub groups: [u32; 2],
    /// How common it is as a person's name: 0 rare … 5 extremely common.
    pub frequency: u8,
}

impl Token {
    /// Letters of its Latin reading.
    pub(crate) fn letters(&self) -> usize {
        (self.latin.1 - self.latin.0) as usize
    }
}

/// A name after analysis: its tokens in the order written.
#[derive(Clone, Debug, Default)]
pub struct AnalysedName {
    buffer: String,
    tokens: Vec<Token>,
    schema: Schema,
    chars: usize,
    cut: bool,
}

impl AnalysedName {
    /// The tokens in the order written.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The token's text, folded, in its own script.
    pub fn text(&self, token: &Token) -> &str {
        &self.buffer[token.text.0 as usize..token.text.1 as usize]
    }

    /// The token's Latin reading; for a Latin token its text.
    pub fn latin(&self, token: &Token) -> &str {
        &self.buffer[token.latin.0 as usize..token.latin.1 as usize]
    }

    /// The first letter of the token's Latin reading; 0 for none.
    pub(crate) fn first(&self, token: &Token) -> u8 {
        let (from, to) = token.latin;
        self.buffer.as_bytes()[from as usize..to as usize].first().copied().unwrap_or(0)
    }

    /// The schema it was analysed as: the one given, or where that is unknown a guess (Person or
    /// Organization) from the words of the name.
    pub fn schema(&self) -> Schema {
        self.schema
    }

    /// Length of the name in characters as written, ends trimmed.
    pub fn chars(&self) -> usize {
        self.chars
    }

    /// Whether tokens or characters beyond the limits were cut off.
    pub fn is_cut(&self) -> bool {
        self.cut
    }
}
