//! The words of a text with the listed tokens that they match, as far as a window around one word needs them.
//!
//! A window slides over the text: what is held does not depend on its length. Texts repeat their words ("invoice",
//! "freight"), so that the tokens of a word are kept from text to text.

use super::{MAX_ADDITIONAL_WORDS, longest_window};
use crate::index::{IndexView, ListedToken};
use crate::name::MAX_TOKENS;
use crate::score::align::TokenSet;
use crate::screen::retrieval::match_cache::MatchCache;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

/// Words on either side of a word that a window around it may reach, whatever the name.
const REACH: usize = MAX_TOKENS + MAX_ADDITIONAL_WORDS;
/// The same for all names but the longest: those of at most ten tokens.
const NEAR: usize = 12;
/// Words that are kept from text to text.
const MAX_KEPT: usize = 1 << 14;
/// The longest word that is kept, in bytes.
const MAX_KEPT_BYTES: usize = 32;

/// A word of the text, or two neighbours written together, and the listed tokens that it matches.
#[derive(Debug)]
pub(super) struct MatchedWord {
    pub(super) words: Range<usize>,
    /// The numbers of the tokens, ascending.
    pub(super) tokens: Arc<[u32]>,
    /// The letter of a word of one letter, which may stand for a name; 0 for another word.
    pub(super) initial: u8,
}

impl MatchedWord {
    /// The tokens of a listed name that the word matches, alone, within a concatenation or as an initial.
    pub(super) fn tokens_of(&self, tokens: &[ListedToken], concatenations: &[ListedToken]) -> TokenSet {
        let is_initial = |token: &ListedToken| self.initial != 0 && token.first() == self.initial;
        let is_matched = |token: u32| self.tokens.binary_search(&token).is_ok();
        union(tokens, concatenations, |listed| is_initial(listed) || is_matched(listed.token), is_matched)
    }
}

/// The tokens of a name for which `matches` is true, and those of concatenations whose number is matched.
fn union(
    tokens: &[ListedToken],
    concatenations: &[ListedToken],
    matches: impl Fn(&ListedToken) -> bool,
    is_matched: impl Fn(u32) -> bool,
) -> TokenSet {
    let mut matched = TokenSet::EMPTY;
    for (i, listed) in tokens.iter().enumerate() {
        matched.insert_if(i, matches(listed));
    }
    for listed in concatenations.iter().filter(|c| is_matched(c.token)) {
        matched |= listed.span().tokens();
    }
    matched
}

/// The matched words around the word at hand.
#[derive(Debug, Default)]
pub(super) struct SlidingWindow {
    words: VecDeque<MatchedWord>,
    /// For each listed token by how many words near the one at hand it is matched; all 0 between texts.
    near: Vec<u16>,
    /// The same for each letter of initials.
    near_initials: Vec<u16>,
    /// The first word that was not read yet.
    ahead: usize,
    /// The range of `words`, by number since the beginning of the text, that `near` counts, and how many were dropped.
    counted: Range<usize>,
    dropped: usize,
}

impl SlidingWindow {
    /// Begins a text.
    pub(super) fn begin(&mut self, view: &IndexView<'_>) {
        self.near.resize(view.tokens.len(), 0);
        self.near_initials.resize(1 << u8::BITS, 0);
        (self.ahead, self.counted, self.dropped) = (0, 0..0, 0);
    }

    /// Moves to a word of a text of so many. `read` finds the matched words that begin with a word.
    pub(super) fn advance(
        &mut self,
        word: usize,
        text: usize,
        mut read: impl FnMut(usize, &mut VecDeque<MatchedWord>),
    ) {
        while self.ahead < text.min(word + REACH) {
            read(self.ahead, &mut self.words);
            self.ahead += 1;
        }
        let SlidingWindow { words, counted, dropped, .. } = self;
        let start = |number: usize| words.get(number - *dropped).map_or(usize::MAX, |word| word.words.start);
        let mut end = counted.end;
        while start(end) < word + NEAR {
            end += 1;
        }
        let mut first = counted.start;
        while first < end && start(first) + NEAR < word {
            first += 1;
        }
        self.count(self.counted.end..end, 1);
        self.count(self.counted.start..first, u16::MAX);
        self.counted = first..end;
        while self.dropped < first && self.words[0].words.start + REACH < word {
            self.words.pop_front();
            self.dropped += 1;
        }
    }

    /// Adds to the counts of the tokens of words with these numbers.
    fn count(&mut self, numbers: Range<usize>, by: u16) {
        for number in numbers {
            let word = &self.words[number - self.dropped];
            for token in &*word.tokens {
                let count = &mut self.near[*token as usize];
                *count = count.wrapping_add(by);
            }
            if word.initial != 0 {
                let count = &mut self.near_initials[usize::from(word.initial)];
                *count = count.wrapping_add(by);
            }
        }
    }

    /// Ends a text.
    pub(super) fn end(&mut self) {
        self.count(self.counted.clone(), u16::MAX);
        self.words.clear();
    }

    /// The number of the first matched word that begins at this word of the text or behind it.
    pub(super) fn first_from(&self, word: usize) -> usize {
        self.words.partition_point(|matched| matched.words.start < word)
    }

    /// The matched word with this number in the window.
    pub(super) fn get(&self, number: usize) -> Option<&MatchedWord> {
        self.words.get(number)
    }

    /// The matched words from this number on.
    pub(super) fn starting_at(&self, number: usize) -> impl Iterator<Item = &MatchedWord> {
        self.words.range(number..)
    }

    /// The tokens of a name that words near the one at hand match, all of those that a window may match among them.
    /// `None` if the name is too long to tell.
    pub(super) fn near(&self, tokens: &[ListedToken], concatenations: &[ListedToken]) -> Option<TokenSet> {
        let is_near = |token: u32| self.near[token as usize] > 0;
        let is_initial = |token: &ListedToken| self.near_initials[usize::from(token.first())] > 0;
        (longest_window(tokens.len()) <= NEAR).then(|| {
            union(tokens, concatenations, |listed| is_initial(listed) || is_near(listed.token), is_near)
        })
    }
}

/// The tokens of words that were looked up before, in one index.
#[derive(Debug, Default)]
pub(super) struct KnownWords {
    tokens: FxHashMap<Box<str>, Arc<[u32]>>,
    /// Held, so that its address cannot become that of another index.
    index: Option<Arc<MatchCache>>,
}

impl KnownWords {
    /// Forgets everything if it is of another index.
    pub(super) fn bind(&mut self, index: &Arc<MatchCache>) {
        if !self.index.as_ref().is_some_and(|bound| Arc::ptr_eq(bound, index)) {
            self.index = Some(Arc::clone(index));
            self.tokens.clear();
        }
    }

    pub(super) fn get(&self, word: &str) -> Option<&Arc<[u32]>> {
        self.tokens.get(word)
    }

    pub(super) fn keep(&mut self, word: &str, tokens: &Arc<[u32]>) {
        if word.len() > MAX_KEPT_BYTES {
            return;
        }
        if self.tokens.len() >= MAX_KEPT {
            self.tokens.clear();
        }
        self.tokens.insert(word.into(), Arc::clone(tokens));
    }
}
