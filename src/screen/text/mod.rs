//! Names within free text: every listed name that stands in a remittance text, a note, a page.
//!
//! ```
//! use interdict::{Index, Query, Screener, list};
//!
//! let screener = Screener::new(Index::build(&[list::starter()])?);
//! let text = "Rechnung Nr. 4711 Maksim Viktorovich Yakubetz vom 03.05.2026";
//! let hit = screener.screen(&Query::text(text)).remove(0);
//! assert_eq!(&text[hit.query_part.unwrap().span], "Maksim Viktorovich Yakubetz");
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! # What stands in a text
//!
//! A listed name stands in a text if
//!
//! 1. a word of the text, or two neighbours written together, matches an *anchor* of the name ([`anchors`]), by the
//!    relation of all screening;
//! 2. some words of the text in a row, a *window* of it, hold that word, match half of the weight of the name, and score
//!    at least [`Options::text_threshold`](super::Options::text_threshold) against it, as a query of these words alone
//!    would ([`window`]);
//! 3. the window says enough ([`evidence`]): a single common word is no hit, and a ship with one word for a name needs a
//!    sign that a ship is meant.
//!
//! A name that stands in the text word for word ([`verbatim`]) needs no anchor.
//!
//! The text is read with its line breaks as blanks and as nothing ([`reading`]). Names in scripts without blanks are
//! found where they stand letter by letter ([`unspaced`]), identifiers by their form and check digit ([`identifiers`]).
//!
//! Retrieval is complete here too: with [`Options::exhaustive`](super::Options::exhaustive) every word is compared with
//! every listed token, and the hits are the same.
//!
//! # Cost
//!
//! A look-up for each word and each two neighbours, and an alignment for each window that may match: some 10 µs for a
//! clean text of eight words. The anchors are collected with the first text, in 10 ms for 33,000 names.
//!
//! # Limits
//!
//! Words between the words of a name count against it, as in any query. Birth dates and other fields of the query
//! qualify a name as ever; a text has none.

pub(crate) mod anchors;
pub(super) mod evidence;
pub(super) mod identifiers;
mod reading;
mod unspaced;
mod verbatim;
pub(super) mod window;

use super::hit::HitPart;
use super::retrieval::exact::EntityScorer;
use super::retrieval::lookup::find_matches_exhaustively;
use super::retrieval::token_match::{SharedMatches, TokenMatches};
use super::scratch::Scratch;
use super::{Query, Screener};
use crate::entity::Schema;
use crate::index::{IndexView, ListedToken, NameSpan};
use crate::name::AnalysedName;
use crate::score::align::TokenSet;
use crate::score::fields::Fields;
use crate::score::relation::TokenRef;
use anchors::Anchors;
use evidence::Needed;
use reading::{Breaks, Reading, has_breaks};
use rustc_hash::FxHashSet;
use std::ops::Range;
use verbatim::FoldedText;
use window::WindowScorer;

/// The part of a name's weight that the words around an anchor must match for a window to be scored: less cannot reach
/// a threshold that may be set for a text.
const MIN_COVERAGE: f32 = 0.5;
/// By how many words a window may be longer than the name.
const MAX_ADDITIONAL_WORDS: usize = 2;
/// By how many words on either side a window may go beyond the words that match: a word may match within its name alone
/// ("S.A.", "III", the words of "limited liability company").
const MAX_MARGIN: usize = 2;

/// Buffers for texts.
#[derive(Debug, Default)]
pub(super) struct TextBuffers {
    reading: Reading,
    folded: FoldedText,
    word: AnalysedName,
    joined: String,
    /// The words and pairs of words that match anything, in the order of the text.
    matched: Vec<MatchedWord>,
    /// Names and windows that were scored.
    scored: FxHashSet<(u32, u32, u32)>,
    /// The words around an anchor that match the name at hand, with its tokens that each matches.
    around: Vec<(Range<usize>, TokenSet)>,
    scorer: WindowScorer,
}

/// A word of the text, or two neighbours written together, and the listed tokens that it matches.
#[derive(Debug)]
struct MatchedWord {
    words: Range<usize>,
    matches: SharedMatches,
    /// The letter of a word of one letter, which may stand for a name; 0 for another word.
    initial: u8,
}

/// A name, an anchor of it in a text, and the weight of the name that a window must match.
struct Candidate {
    name: u32,
    anchor: Range<usize>,
    least: f32,
}

impl Screener {
    /// Finds the names that stand in the text of a query, and keeps them in the scratch.
    pub(super) fn search_text(&self, query: &Query, s: &mut Scratch) {
        let mut buffers = std::mem::take(&mut s.text);
        let readings =
            if has_breaks(&query.name) { &[Breaks::Join, Breaks::Divide][..] } else { &[Breaks::Join] };
        for breaks in readings {
            buffers.reading.read(&query.name, *breaks);
            self.match_words(&mut buffers, s);
            buffers.scored.clear();
            buffers.scorer.forget_listed();
            self.search_verbatim(query, &mut buffers, s);
            self.search_reading(query, &mut buffers, s);
        }
        self.search_unspaced(query, s);
        s.text = buffers;
    }

    /// Finds the listed tokens that each word matches, and each two neighbours written together.
    fn match_words(&self, buffers: &mut TextBuffers, s: &mut Scratch) {
        buffers.matched.clear();
        let view = self.index.view();
        for first in 0..buffers.reading.len() {
            for count in 1..=2.min(buffers.reading.len() - first) {
                let words = first..first + count;
                if !buffers.reading.join(words.clone(), &mut buffers.joined) {
                    continue;
                }
                // A word alone does not tell whether it is of a person's name or of another: it is read as both.
                for schema in [Schema::Person, Schema::Organization] {
                    s.caches.analyser.analyse(&buffers.joined, schema, &mut buffers.word);
                    self.match_tokens(&view, words.clone(), buffers, s);
                }
            }
        }
    }

    /// Finds the listed tokens that the tokens of a word match.
    fn match_tokens(
        &self,
        view: &IndexView<'_>,
        words: Range<usize>,
        buffers: &mut TextBuffers,
        s: &mut Scratch,
    ) {
        let word = &buffers.word;
        let exhaustive = self.options.exhaustive;
        if !exhaustive {
            s.caches.token_cache.prefetch(word);
            s.caches.token_cache.look_up(word);
        }
        let letters = buffers.joined.trim_end_matches('.').as_bytes();
        let initial = if let [letter] = letters { letter.to_ascii_lowercase() } else { 0 };
        for (i, token) in word.tokens().iter().enumerate() {
            let matches = if exhaustive {
                let token = TokenRef::new(word, token);
                TokenMatches::new(find_matches_exhaustively(&token, view), view, token.weight).into()
            } else {
                if !s.caches.token_cache.tokens[i].is_resolved() {
                    s.caches.token_cache.fetch(word, i, || *view, &mut s.caches.lookup);
                }
                s.caches.token_cache.matches(i).clone()
            };
            if !matches.all.is_empty() || initial != 0 {
                buffers.matched.push(MatchedWord { words: words.clone(), matches, initial });
            }
        }
    }

    /// Scores the windows around every anchor in a reading of the text.
    fn search_reading(&self, query: &Query, buffers: &mut TextBuffers, s: &mut Scratch) {
        let view = self.index.view();
        let anchors = self.anchors.get_or_init(|| Anchors::new(&view));
        for at in 0..buffers.matched.len() {
            let anchor = buffers.matched[at].words.clone();
            let matches = buffers.matched[at].matches.clone();
            for name in matches.all.iter().flat_map(|m| anchors.names(m.token)) {
                let span = &view.spans[*name as usize];
                if let Some(least) = find_words_around(span, &anchor, &view, buffers) {
                    let candidate = Candidate { name: *name, anchor: anchor.clone(), least };
                    self.score_windows(&candidate, query, buffers, s);
                }
            }
        }
    }

    /// Scores the windows around an anchor against its name, and keeps the name if one reaches the threshold.
    fn score_windows(
        &self,
        candidate: &Candidate,
        query: &Query,
        buffers: &mut TextBuffers,
        s: &mut Scratch,
    ) {
        let view = self.index.view();
        let record = &self.index.name_records()[candidate.name as usize];
        let listed = view.listed_tokens(&view.spans[candidate.name as usize]);
        let whole = self.index.name_text(record).split_whitespace().count();
        let around = std::mem::take(&mut buffers.around);
        let text = buffers.reading.len();
        for_each_window(candidate, &around, listed, |matched, count, tokens| {
            let Some(needed) = evidence::needed(count, tokens, listed) else { return };
            for_each_margin(&matched, whole, text, |words| {
                if needed == Needed::Score || words.len().abs_diff(whole) <= 1 {
                    self.score_window(candidate.name, words, query, buffers, s);
                }
            });
        });
        buffers.around = around;
    }

    /// Scores the names that stand in a reading of the text word for word.
    fn search_verbatim(&self, query: &Query, buffers: &mut TextBuffers, s: &mut Scratch) {
        let mut folded = std::mem::take(&mut buffers.folded);
        folded.fold(&buffers.reading);
        let each = |name, words| self.score_window(name, words, query, buffers, s);
        if self.options.exhaustive {
            folded.for_each_name_exhaustively(&self.index, each);
        } else {
            folded.for_each_name(&self.index, each);
        }
        buffers.folded = folded;
    }

    /// Scores some words of the text against a name, if they were not yet, and keeps the name if it is a hit.
    fn score_window(
        &self,
        name: u32,
        words: Range<usize>,
        query: &Query,
        buffers: &mut TextBuffers,
        s: &mut Scratch,
    ) {
        let TextBuffers { reading, scored, scorer, .. } = buffers;
        if !scored.insert((name, words.start as u32, words.end as u32)) {
            return;
        }
        let record = &self.index.name_records()[name as usize];
        let schema = self.index.schema(record.entity);
        scorer.set_listed(name, self.index.name_text(record), schema);
        let score = scorer.score(reading.words(words.clone()), schema);
        s.stats.scored += 1;
        if score >= self.options.text_threshold && scorer.has_evidence(reading, &words, record.weak != 0) {
            let entities = self.text_scorer(s.query.fields.fields(query), reading.place(words));
            entities.keep(name, score, &mut s.scoring.best);
        }
    }

    /// Keeps the names of a window at this place of the text.
    fn text_scorer<'a>(&'a self, fields: Fields<'a>, place: Range<usize>) -> EntityScorer<'a> {
        EntityScorer {
            index: &self.index,
            options: &self.options,
            fields,
            part: HitPart::Text { start: place.start as u32, end: place.end as u32 },
            least: self.options.text_threshold,
        }
    }
}

/// The most words of a window for a name of so many tokens.
fn longest_window(tokens: usize) -> usize {
    tokens + MAX_ADDITIONAL_WORDS
}

/// Finds the words around an anchor that match tokens of its name, in the order of the text. Returns the weight of the
/// name that a window must match, or `None` if all words together do not match that much.
fn find_words_around(
    span: &NameSpan,
    anchor: &Range<usize>,
    view: &IndexView<'_>,
    buffers: &mut TextBuffers,
) -> Option<f32> {
    let TextBuffers { matched, around, .. } = buffers;
    let (listed, concatenations) = (view.listed_tokens(span), view.listed_concatenations(span));
    let longest = longest_window(listed.len());
    let from = anchor.end.saturating_sub(longest);
    let first = matched.partition_point(|word| word.words.start < from);
    around.clear();
    let mut all = TokenSet::EMPTY;
    for word in matched[first..].iter().take_while(|word| word.words.start < anchor.start + longest) {
        let tokens = matched_tokens(word, listed, concatenations);
        if !tokens.is_empty() {
            all |= tokens;
            around.push((word.words.clone(), tokens));
        }
    }
    let least = MIN_COVERAGE * weight_of(TokenSet::first(listed.len()), listed);
    (weight_of(all, listed) >= least).then_some(least)
}

/// The tokens of a listed name that a word of the text matches, alone, within a concatenation or as an initial.
fn matched_tokens(word: &MatchedWord, tokens: &[ListedToken], concatenations: &[ListedToken]) -> TokenSet {
    let is_matched = |token: u32| word.matches.all.binary_search_by_key(&token, |m| m.token).is_ok();
    let mut matched = TokenSet::EMPTY;
    for (i, listed) in tokens.iter().enumerate() {
        let is_initial = word.initial != 0 && listed.first() == word.initial;
        matched.insert_if(i, is_initial || is_matched(listed.token));
    }
    for listed in concatenations.iter().filter(|c| is_matched(c.token)) {
        matched |= listed.span().tokens();
    }
    matched
}

/// The weight of some tokens of a name.
fn weight_of(tokens: TokenSet, listed: &[ListedToken]) -> f32 {
    tokens.iter().map(|i| listed[i].align_token().weight).sum()
}

/// Calls `each` with every run of words around an anchor that begins and ends with a word that matches, and matches
/// enough of the name; with the number of words that match, and the tokens that they match.
fn for_each_window(
    candidate: &Candidate,
    around: &[(Range<usize>, TokenSet)],
    listed: &[ListedToken],
    mut each: impl FnMut(Range<usize>, usize, TokenSet),
) {
    for (i, (first, _)) in
        around.iter().enumerate().take_while(|(_, (first, _))| first.start <= candidate.anchor.start)
    {
        let (mut matched, mut count, mut end) = (TokenSet::EMPTY, 0, first.start);
        for (last, tokens) in &around[i..] {
            matched |= *tokens;
            count += usize::from(last.start >= end);
            end = end.max(last.end);
            let is_short = end - first.start <= longest_window(listed.len());
            if is_short && end >= candidate.anchor.end && weight_of(matched, listed) >= candidate.least {
                each(first.start..end, count, matched);
            }
        }
    }
}

/// Calls `each` with a window, and with the windows that go beyond it: by a few words, or as far as the name is long.
fn for_each_margin(matched: &Range<usize>, whole: usize, text: usize, mut each: impl FnMut(Range<usize>)) {
    let lacking = (whole + 1).saturating_sub(matched.len()).max(MAX_MARGIN);
    for before in 0..=lacking.min(matched.start) {
        for behind in 0..=lacking.min(text - matched.end) {
            let words = matched.start - before..matched.end + behind;
            let is_as_long = words.len().abs_diff(whole) <= 1;
            if is_as_long || before.max(behind) <= MAX_MARGIN {
                each(words);
            }
        }
    }
}
