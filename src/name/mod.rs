//! Analysis of one name: from the text as written to the tokens that are compared.
//!
//! ```
//! use interdict::entity::Schema;
//! use interdict::name::{Tag, analyse};
//!
//! let name = analyse("Dr. Владимир ПУТИН", Schema::Person);
//! let tokens: Vec<_> = name.tokens().iter().map(|t| (name.latin(t), t.tag)).collect();
//! assert_eq!(tokens, [("dr", Tag::Honorific), ("vladimir", Tag::NonLatin), ("putin", Tag::NonLatin)]);
//! ```
//!
//! Listed names and queries are analysed by the same function, so equal names have equal tokens.
//!
//! # Steps
//!
//! 1. `normalize` folds case, marks and compatibility forms, and cuts the text into words. It also undoes
//!    letters of other alphabets and digits that stand for a Latin letter.
//! 2. `script` gives each word a Latin reading.
//! 3. `lexicon` says what is known of a word: how common it is as a name, and whether it is a legal form,
//!    business word, place, number, honorific, particle or form of a given name.
//! 4. `correction` corrects misspelled words of legal forms and of business in names of organizations.
//! 5. `tagging` gives each token its [`Tag`], its groups and its weight, from the table in `weights`.
//!
//! The [`skeleton`] of a reading is a phonetic code that the index and the score use.
//!
//! # Cost
//!
//! Half a microsecond for an ASCII name and five to ten for another script (the `analyse` bench), once the
//! lexicon is loaded on first use; see [`load_tables`]. An [`Analyser`] keeps its buffers, so most names of a
//! batch allocate nothing. Kana does, for its romanization; so do letters that Unicode decomposes into many,
//! dotted letters in another alphabet, and the test of a doubled letter in an unknown word of an
//! organization.
//!
//! # Limits
//!
//! A name has at most [`MAX_TOKENS`] tokens, and a token at most [`MAX_TOKEN_CHARS`] characters; the rest is
//! dropped, in listed names and queries alike, and [`AnalysedName::exceeds_limits`] returns true.

mod analyser;
mod correction;
mod lexicon;
mod normalize;
pub(crate) mod parts;
mod raw_name;
mod respelling;
mod script;
mod skeleton;
mod tagging;
mod text_range;
mod token;
pub(crate) mod weights;

pub use analyser::{Analyser, analyse, fold_name};
pub(crate) use lexicon::{group as group_kind, hangul_spellings};
pub(crate) use respelling::{for_each_respelling, is_marked as has_respellings};
pub(crate) use script::arabic::similarity as arabic_similarity;
pub(crate) use script::chinese_romanization::{
    is_wade_giles, may_be_romanized, romanization_key, wade_giles,
};
pub(crate) use script::kana::similarity as kana_similarity;
#[doc(hidden)]
pub use script::learned::alignment_forms;
pub(crate) use script::learned::{HanLanguage, NativeWord, latin_key, prepared};
pub use skeleton::{Skeleton, skeleton};
pub use token::{AnalysedName, Tag, Token};

/// Loads the lexicon and the table of Chinese syllables, which the first analysis of a process loads
/// otherwise: 40 to 60 milliseconds that no query then waits for. Further calls do nothing.
pub fn load_tables() {
    std::thread::scope(|s| {
        s.spawn(script::chinese_romanization::load);
        lexicon::lexicon();
    });
}

/// The most tokens of a name; further ones are dropped.
pub const MAX_TOKENS: usize = 48;
/// The most characters of a token; further ones are dropped.
pub const MAX_TOKEN_CHARS: usize = 48;
/// A name of at least so many characters may have been truncated by a payment system, in which fields of 35
/// characters are usual.
pub(crate) const TRUNCATION_LENGTH: usize = 30;
/// Version of tables and analysis together: part of an index's identity, raised with every change to either.
pub const ANALYSIS_VERSION: u32 = 11;
