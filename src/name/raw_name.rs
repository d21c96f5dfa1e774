//! A name between reading and tagging: its words with their Latin readings.

use super::lexicon::{Lexicon, WordInfo};
use super::text_range::TextRange;
use super::{MAX_TOKEN_CHARS, MAX_TOKENS, Tag};

/// A word with its reading, before it is tagged.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawToken {
    /// Where its text is among the native texts; empty for a word whose text is its reading.
    native: TextRange,
    /// Where its reading is among the readings.
    pub(super) latin: TextRange,
    /// The script: [`Tag::Name`] for a word of letters, else [`Tag::Abjad`], [`Tag::Han`], [`Tag::Hangul`] or
    /// [`Tag::Kana`].
    pub(super) tag: Tag,
    /// The entry of the lexicon for its lexicon form.
    pub(super) info: Option<&'static WordInfo>,
}

impl RawToken {
    /// Whether its text is another than its reading.
    pub(super) fn has_native_text(&self) -> bool {
        self.native.len() > 0
    }
}

/// The raw tokens of a name with their texts. Buffers are kept from one name to the next.
#[derive(Debug, Default)]
pub(super) struct RawName {
    /// The Latin readings, a blank after each, so that a phrase is a slice of them.
    readings: String,
    /// The texts that are not their reading, a blank after each.
    native: String,
    tokens: Vec<RawToken>,
    /// Whether tokens or characters beyond the limits were dropped.
    pub(super) exceeds_limits: bool,
    /// The readings while one is replaced.
    spare: String,
}

impl RawName {
    pub(super) fn clear(&mut self) {
        self.readings.clear();
        self.native.clear();
        self.tokens.clear();
        self.exceeds_limits = false;
    }

    pub(super) fn tokens(&self) -> &[RawToken] {
        &self.tokens
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The readings, each followed by a blank.
    pub(super) fn readings(&self) -> &str {
        &self.readings
    }

    pub(super) fn latin(&self, token: &RawToken) -> &str {
        token.latin.of(&self.readings)
    }

    /// The form under which the lexicon has a word: Han and Hangul words themselves, of all others the
    /// reading.
    pub(super) fn lexicon_form(&self, token: &RawToken) -> &str {
        match token.tag {
            Tag::Han | Tag::Hangul => token.native.of(&self.native),
            _ => self.latin(token),
        }
    }

    /// Where the token's text will be in the buffer of the analysed name, in which the native texts follow
    /// the readings.
    pub(super) fn final_text(&self, token: &RawToken) -> TextRange {
        if token.has_native_text() { token.native.shifted(self.readings.len()) } else { token.latin }
    }

    /// Moves the texts into the buffer of an analysed name: readings, then native texts.
    pub(super) fn move_texts_to(&mut self, buffer: &mut String) {
        std::mem::swap(&mut self.readings, buffer);
        buffer.push_str(&self.native);
    }

    /// Appends a word whose text is its reading.
    pub(super) fn push(&mut self, word: &str) {
        self.push_token(word, None, Tag::Name);
    }

    /// Appends a word of another script with its reading.
    pub(super) fn push_with_reading(&mut self, text: &str, latin: &str, tag: Tag) {
        self.push_token(text, Some(latin), tag);
    }

    fn push_token(&mut self, text: &str, latin: Option<&str>, tag: Tag) {
        let text = self.truncate(text);
        if text.is_empty() {
            return;
        }
        let append = |text: &str, buffer: &mut String| {
            let range = TextRange::append(text, buffer);
            buffer.push(' ');
            range
        };
        let reading = latin.map_or(text, |latin| truncated(latin).unwrap_or(latin));
        let latin_range = append(reading, &mut self.readings);
        let native = latin.map(|_| append(text, &mut self.native)).unwrap_or_default();
        self.tokens.push(RawToken { native, latin: latin_range, tag, info: None });
    }

    /// The first [`MAX_TOKEN_CHARS`] characters of `text`.
    pub(super) fn truncate<'t>(&mut self, text: &'t str) -> &'t str {
        truncated(text).inspect(|_| self.exceeds_limits = true).unwrap_or(text)
    }

    /// Drops the tokens beyond [`MAX_TOKENS`].
    pub(super) fn limit_tokens(&mut self) {
        if self.tokens.len() > MAX_TOKENS {
            self.tokens.truncate(MAX_TOKENS);
            self.exceeds_limits = true;
        }
    }

    /// Looks all words up, one after the other, so that the processor waits for several look-ups at once.
    pub(super) fn look_up(&mut self, lexicon: &'static Lexicon) {
        for i in 0..self.tokens.len() {
            self.tokens[i].info = lexicon.info(self.lexicon_form(&self.tokens[i]));
        }
    }

    /// Replaces the token `at`, a [`Tag::Name`], by another word.
    pub(super) fn replace(&mut self, at: usize, word: &str, lexicon: &'static Lexicon) {
        self.spare.clear();
        for (i, token) in self.tokens.iter_mut().enumerate() {
            let reading = if i == at { word } else { token.latin.of(&self.readings) };
            token.latin = TextRange::append(reading, &mut self.spare);
            self.spare.push(' ');
        }
        std::mem::swap(&mut self.readings, &mut self.spare);
        self.tokens[at].native = TextRange::default();
        self.tokens[at].info = lexicon.info(word);
    }

    /// Replaces two neighbouring tokens, both a [`Tag::Name`], by one word.
    pub(super) fn replace_pair(&mut self, first: usize, word: &str, lexicon: &'static Lexicon) {
        self.tokens.remove(first + 1);
        self.replace(first, word, lexicon);
    }

    /// Makes two tokens of a [`Tag::Name`] of two ASCII letters.
    pub(super) fn split_letters(&mut self, at: usize, lexicon: &'static Lexicon) {
        let TextRange { start, end } = self.tokens[at].latin;
        let [first, second] = [(start, start + 1), (start + 1, end)].map(|(start, end)| {
            let latin = TextRange { start, end };
            RawToken {
                native: TextRange::default(),
                latin,
                tag: Tag::Name,
                info: lexicon.info(latin.of(&self.readings)),
            }
        });
        self.tokens[at] = first;
        self.tokens.insert(at + 1, second);
    }
}

/// The first [`MAX_TOKEN_CHARS`] characters of a longer text; `None` for any other.
fn truncated(text: &str) -> Option<&str> {
    if text.len() <= MAX_TOKEN_CHARS {
        return None;
    }
    let (end, _) = text.char_indices().nth(MAX_TOKEN_CHARS)?;
    Some(&text[..end])
}
