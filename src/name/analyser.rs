//! The steps of analysis in their order: fold and cut into words, read each word, look it up, correct, tag.

use super::correction::correct_words;
use super::lexicon::{is_abbreviation, lexicon};
use super::normalize::FoldedWords;
use super::normalize::confusables::{confusability, is_cyrillic};
use super::raw_name::{RawName, RawToken};
use super::script::{Buffers, NameContext, is_foreign_han, is_foreign_hangul, read_word};
use super::tagging::{guess_schema, tag_tokens};
use super::{AnalysedName, MAX_TOKENS, Tag};
use crate::entity::Schema;

/// Analyses one name with fresh buffers; see [`Analyser`] for many.
///
/// ```
/// use interdict::entity::Schema;
/// use interdict::name::analyse;
///
/// let name = analyse("PUTIN, Vladimir", Schema::Person);
/// let words: Vec<&str> = name.tokens().iter().map(|t| name.text(t)).collect();
/// assert_eq!(words, ["vladimir", "putin"]);
/// ```
pub fn analyse(name: &str, schema: Schema) -> AnalysedName {
    let mut out = AnalysedName::default();
    Analyser::new().analyse(name, schema, &mut out);
    out
}

/// The folded text of a name: its words without case, marks, compatibility forms, apostrophes and punctuation, with one
/// blank between them, in the order written.
///
/// Two names are *the same name* if their folded texts are equal. A query that is the same name as a listed one is a
/// hit of score 1, whatever kind of party either is.
///
/// ```
/// use interdict::name::fold_name;
///
/// assert_eq!(fold_name("Petróleos de Venezuela, S.A."), "petroleos de venezuela sa");
/// assert_eq!(fold_name("PUTIN, Vladimir"), "putin vladimir");
/// assert_eq!(fold_name("ООО «Ромашка»"), "ооо ромашка");
/// assert_eq!(fold_name(" - "), "");
/// ```
///
/// The rules are part of [`ANALYSIS_VERSION`](super::ANALYSIS_VERSION).
pub fn fold_name(name: &str) -> String {
    let mut words = FoldedWords::default();
    words.fold(name, is_abbreviation);
    words.joined().to_string()
}

/// Analyses names one after the other with the same buffers.
///
/// ```
/// use interdict::entity::Schema;
/// use interdict::name::{AnalysedName, Analyser, Tag};
///
/// let (mut analyser, mut name) = (Analyser::new(), AnalysedName::default());
/// for raw in ["Gazprom OOO", "ООО Газпром"] {
///     analyser.analyse(raw, Schema::Company, &mut name);
///     assert!(name.tokens().iter().any(|t| t.tag == Tag::LegalForm && name.latin(t) == "ooo"));
/// }
/// ```
#[derive(Debug, Default)]
pub struct Analyser {
    words: FoldedWords,
    /// The words as [`fold_name`] has them, where others are analysed.
    words_as_written: FoldedWords,
    words_differ: bool,
    raw: RawName,
    buffers: Buffers,
    /// A name whose parts are put in another order.
    reordered: String,
}

impl Analyser {
    /// An analyser with empty buffers.
    pub fn new() -> Self {
        Analyser::default()
    }

    /// Analyses `name` into `out`, whose former content is dropped.
    ///
    /// `schema` decides which tables apply: in the name of a person there are honorifics and no legal forms.
    /// Where it is unknown the words of the name decide.
    pub fn analyse(&mut self, name: &str, schema: Schema, out: &mut AnalysedName) {
        self.raw.clear();
        out.chars = self.fold(name, schema);
        self.read_words(name, name.is_ascii(), schema);
        self.raw.look_up(lexicon());
        out.schema = match schema {
            Schema::Unknown | Schema::Other | Schema::LegalEntity => guess_schema(&self.raw),
            known => known,
        };
        if out.schema == Schema::Person {
            split_initials(&mut self.raw);
        } else {
            correct_words(&mut self.raw, self.buffers.key());
        }
        out.exceeds_limits = self.raw.exceeds_limits;
        tag_tokens(&mut self.raw, out);
    }

    /// The folded text of the name that was analysed last: what [`fold_name`] returns for it.
    pub(crate) fn folded_name(&self) -> &str {
        if self.words_differ { self.words_as_written.joined() } else { self.words.joined() }
    }

    /// Folds the name into words; its length in characters.
    fn fold(&mut self, name: &str, schema: Schema) -> usize {
        self.words_differ = false;
        if schema != Schema::Person {
            return self.words.fold(name, is_abbreviation);
        }
        let reordered = family_name_last(name, &mut self.reordered);
        // Two letters with dots are initials in the name of a person: "E.I." is no legal form there.
        if reordered || name.contains('.') {
            self.words_differ = true;
            self.words_as_written.fold(name, is_abbreviation);
        }
        self.words.fold(if reordered { &self.reordered } else { name }, |_| false)
    }

    fn read_words(&mut self, name: &str, is_ascii: bool, schema: Schema) {
        // One word that mixes confusables with Latin letters makes words of confusables alone suspect as
        // well.
        let is_cyrillic = !is_ascii && is_cyrillic(self.words.iter());
        let disguised =
            !is_ascii && !is_cyrillic && self.words.iter().any(|word| confusability(word).mixed_script);
        let is_foreign_hangul = !is_ascii && is_foreign_hangul(self.words.iter());
        let context = NameContext {
            schema,
            words: self.words.len(),
            disguised,
            is_cyrillic,
            is_foreign_hangul,
            is_foreign_han: !is_ascii && is_foreign_han(name),
        };
        for word in self.words.iter() {
            if self.raw.len() >= MAX_TOKENS {
                self.raw.exceeds_limits = true;
                break;
            }
            read_word(word, context, &mut self.buffers, &mut self.raw);
        }
        self.raw.limit_tokens();
    }
}

/// Writes "FAMILY, Given" as "Given FAMILY" to `out`, so that words are neighbours in both forms alike. Returns whether the
/// name has this form.
fn family_name_last(name: &str, out: &mut String) -> bool {
    let Some((family, given)) = name.split_once(',').filter(|(_, given)| !given.contains(',')) else {
        return false;
    };
    out.clear();
    out.extend([given.trim(), " ", family.trim()]);
    true
}

/// Splits two consonants that are no word into two initials: "JC Juncker".
fn split_initials(raw: &mut RawName) {
    if raw.len() < 2 || raw.len() >= MAX_TOKENS {
        return;
    }
    let are_initials = |token: &RawToken| {
        let letters = raw.latin(token).as_bytes();
        token.tag == Tag::Name
            && letters.len() == 2
            && letters.iter().all(|b| b.is_ascii_lowercase() && !b"aeiouy".contains(b))
            && token.info.is_none_or(|info| {
                info.frequency <= 1 && info.honorific.is_none() && !info.particle && info.nicknames == [0; 2]
            })
    };
    if let Some(at) = raw.tokens().iter().position(are_initials) {
        raw.split_letters(at, lexicon());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_dotted_letters_are_initials_of_a_person_and_a_legal_form_of_a_company() {
        let words = |name: &str, schema| {
            let name = analyse(name, schema);
            name.tokens().iter().map(|token| name.latin(token).to_string()).collect::<Vec<_>>()
        };
        assert_eq!(words("Petrovsky S.A.", Schema::Person), ["petrovsky", "s", "a"]);
        assert_eq!(words("Petrovsky S.A.", Schema::Company), ["petrovsky", "sa"]);
    }

    proptest! {
        #[test]
        fn the_folded_name_does_not_depend_on_the_schema(name in "[A-Za-z., ]{0,12}|[\\p{Cyrillic}a-c.,' -]{0,12}") {
            let (mut analyser, mut out) = (Analyser::new(), AnalysedName::default());
            for schema in Schema::ALL {
                analyser.analyse(&name, schema, &mut out);
                prop_assert_eq!(analyser.folded_name(), fold_name(&name));
            }
        }
    }
}
