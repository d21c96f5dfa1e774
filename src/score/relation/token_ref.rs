//! Tokens as the relation reads them: borrowed, prepared for many comparisons, and by identity.

use super::utf8;
use crate::name::{
    AnalysedName, NativeWord, Skeleton, Tag, Token, for_each_respelling, has_respellings, is_wade_giles,
    prepared, skeleton, wade_giles,
};
use crate::score::params::{
    ACRONYM, ACRONYM_MAX_FREQUENCY, MAX_SHORT_WORD, MIN_CONCATENATION_CODES, max_edits,
};
use crate::util::osa::Pattern;
use rustc_hash::FxHasher;
use std::cell::OnceCell;
use std::hash::Hasher as _;
use std::rc::Rc;

/// A token with everything that the relation depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenRef<'a> {
    /// Folded text in its own script, UTF-8. Of words in Arabic script and in Kana, a code for each letter or
    /// sound.
    pub(crate) text: &'a [u8],
    /// Latin reading, ASCII.
    pub(crate) latin: &'a [u8],
    pub(crate) tag: Tag,
    /// In (0, 1].
    pub(crate) weight: f32,
    /// Groups of equivalent words that it belongs to; 0 for none.
    pub(crate) groups: [u32; 2],
    /// How common it is in people's names, 0 to 5.
    pub(crate) frequency: u8,
    /// Of the reading.
    pub(crate) skeleton: Skeleton,
    /// Whether the reading has letters that are typical of a romanization other than the English ones.
    pub(crate) respelled: bool,
}

impl<'a> TokenRef<'a> {
    /// A token of an analysed name.
    pub(crate) fn new(name: &'a AnalysedName, token: &Token) -> TokenRef<'a> {
        let latin = name.latin(token);
        TokenRef {
            text: name.text(token).as_bytes(),
            latin: latin.as_bytes(),
            tag: token.tag,
            weight: token.weight,
            groups: token.groups,
            frequency: token.frequency,
            skeleton: skeleton(latin),
            respelled: has_respellings(latin.as_bytes()),
        }
    }

    /// Calls `each` with the reading as it would be spelled in English, and its skeleton, by the rules of each language
    /// whose romanization it may be.
    pub(crate) fn for_each_respelling(&self, each: impl FnMut(&[u8], &Skeleton)) {
        if self.respelled && self.tag.is_alphabetic() {
            for_each_respelling(self.latin, each);
        }
    }

    pub(in crate::score) fn is_abjad(&self) -> bool {
        self.tag == Tag::Abjad
    }

    /// The script whose letters or sounds the text holds as ASCII codes, which are not letters of a reading;
    /// `None` if the text is plain text.
    pub(super) fn letter_code_script(&self) -> Option<Tag> {
        matches!(self.tag, Tag::Abjad | Tag::Kana).then_some(self.tag)
    }

    /// Whether its reading is derived from characters, so that it contains no typing errors.
    pub(super) fn has_derived_reading(&self) -> bool {
        matches!(self.tag, Tag::Han | Tag::Hangul)
    }

    /// The token as the learned tables read it; `None` for a word in Latin letters.
    pub(crate) fn native_word(&self) -> Option<Rc<NativeWord>> {
        if self.tag.is_alphabetic() { None } else { prepared(self.tag, utf8(self.text)) }
    }

    /// Whether it may consist of the initial letters of a name: a short word that is no common name.
    pub(crate) fn may_be_acronym(&self) -> bool {
        matches!(self.tag, Tag::Name | Tag::NonLatin)
            && ACRONYM.contains(&self.latin.len())
            && self.frequency <= ACRONYM_MAX_FREQUENCY
    }

    /// Codes of a skeleton from which on it relates the token to a concatenation without Arabic articles.
    pub(crate) fn min_concatenation_codes(&self) -> usize {
        if self.is_abjad() { MIN_CONCATENATION_CODES.0 } else { MIN_CONCATENATION_CODES.1 }
    }

    /// Whether only equality and groups relate it: a number, an initial, a phrase.
    pub(in crate::score) fn exact_only(&self) -> bool {
        matches!(self.tag, Tag::Initial | Tag::Letter)
            || self.text.iter().any(|b| *b == b' ' || b.is_ascii_digit())
    }
}

/// A token of a query with what is computed once before it is compared with many others.
pub(crate) struct PreparedToken<'a> {
    pub(super) token: TokenRef<'a>,
    pattern: Option<Pattern>,
    /// Whether another romanization of Chinese may spell it quite differently.
    pub(super) is_chinese: bool,
    pub(super) exact_only: bool,
    /// As the learned tables read it; `None` for a word in Latin letters.
    pub(super) native: Option<Rc<NativeWord>>,
    /// As the rules of other languages spell it, once it was needed.
    respellings: OnceCell<Vec<(Box<[u8]>, Skeleton)>>,
}

impl<'a> PreparedToken<'a> {
    /// Prepares a token.
    pub(crate) fn new(token: TokenRef<'a>) -> Self {
        PreparedToken::with_romanization(token, is_chinese(token.latin))
    }

    /// The same for a token of which it is known whether another romanization of Chinese may spell it. False
    /// is always right if none of the words it is compared with is Chinese.
    pub(crate) fn with_romanization(token: TokenRef<'a>, is_chinese: bool) -> Self {
        PreparedToken {
            token,
            pattern: Pattern::new(token.latin),
            is_chinese,
            exact_only: token.exact_only(),
            native: token.native_word(),
            respellings: OnceCell::new(),
        }
    }
}

impl PreparedToken<'_> {
    /// The token as the learned tables read it; `None` for a word in Latin letters.
    pub(crate) fn native(&self) -> Option<&NativeWord> {
        self.native.as_deref()
    }

    /// As the rules of other languages spell it, with the skeletons of these spellings.
    pub(super) fn respellings(&self) -> &[(Box<[u8]>, Skeleton)] {
        self.respellings.get_or_init(|| {
            let mut all = Vec::new();
            self.token.for_each_respelling(|word, codes| all.push((word.into(), *codes)));
            all
        })
    }

    /// Whether the readings are within the edit budget.
    #[inline]
    pub(super) fn is_within_edits(&self, listed: &TokenRef<'_>) -> bool {
        let max = max_edits(self.token.latin.len().min(listed.latin.len()));
        self.pattern.as_ref().is_some_and(|p| p.distance(listed.latin, max).is_some())
    }

    /// Returns true if no rule but that of edits can relate the two tokens: Latin words with different
    /// skeletons.
    #[inline]
    pub(super) fn only_edits_can_relate(&self, listed: &TokenRef<'_>) -> bool {
        let query = &self.token;
        query.groups == [0; 2]
            && query.tag.is_alphabetic()
            && listed.tag.is_alphabetic()
            && query.skeleton != listed.skeleton
            && !query.respelled
            && !listed.respelled
            && query.latin.len() > MAX_SHORT_WORD
            && listed.latin.len() > MAX_SHORT_WORD
            && !self.is_chinese
    }
}

/// Whether a word falls into Chinese syllables, in pinyin or in Wade-Giles.
pub(crate) fn is_chinese(latin: &[u8]) -> bool {
    is_wade_giles(latin) || wade_giles(latin).is_some()
}

/// Everything that the relation depends on: tokens with one identity are related to the same tokens, in the
/// same way.
///
/// The records of an index and the caches of retrieval keep tokens under this. `T` is how texts are held:
/// borrowed for a look-up, owned in a cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TokenIdentity<T> {
    text: T,
    /// Empty where the text is its own reading.
    latin: T,
    tag: Tag,
    weight: u32,
    groups: [u32; 2],
    frequency: u8,
}

impl<'a> TokenIdentity<&'a [u8]> {
    /// The identity of a token of an analysed name.
    pub(crate) fn new(name: &'a AnalysedName, token: &Token) -> Self {
        let (text, latin) = (name.text(token).as_bytes(), name.latin(token).as_bytes());
        let latin = if std::ptr::eq(text, latin) || text == latin { &[] } else { latin };
        let Token { tag, weight, groups, frequency, .. } = *token;
        TokenIdentity { text, latin, tag, weight: weight.to_bits(), groups, frequency }
    }

    /// A hash of all fields.
    pub(crate) fn hash(&self) -> u64 {
        let mut hasher = FxHasher::default();
        std::hash::Hash::hash(self, &mut hasher);
        hasher.finish()
    }

    /// The same with owned texts.
    pub(crate) fn to_owned(self) -> TokenIdentity<Box<[u8]>> {
        let TokenIdentity { text, latin, tag, weight, groups, frequency } = self;
        TokenIdentity { text: text.into(), latin: latin.into(), tag, weight, groups, frequency }
    }
}

impl TokenIdentity<Box<[u8]>> {
    /// The same with borrowed texts.
    pub(crate) fn as_ref(&self) -> TokenIdentity<&[u8]> {
        let TokenIdentity { text, latin, tag, weight, groups, frequency } = self;
        TokenIdentity { text, latin, tag: *tag, weight: *weight, groups: *groups, frequency: *frequency }
    }
}
