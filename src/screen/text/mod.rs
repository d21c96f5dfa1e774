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
//! A name that stands in the text word for word ([`verbatim`]) needs no anchor. Of a text that ends in `+`, which says that
//! it was cut there, the last words may be the beginning of a name as it is listed.
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
mod matched;
mod reading;
mod unspaced;
mod verbatim;
pub(super) mod window;

use super::hit::HitPart;
use super::retrieval::exact::EntityScorer;
use super::retrieval::lookup::find_matches_exhaustively;
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
use matched::{KnownWords, MatchedWord, SlidingWindow};
use reading::{Breaks, Reading, has_breaks};
pub(super) use reading::{is_cut, readings_of};
use rustc_hash::FxHashSet;
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;
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

/// Windows of which it is remembered that they were scored: in a long text they are forgotten now and then.
const MAX_SCORED: usize = 1 << 16;

/// Buffers for texts.
#[derive(Debug, Default)]
pub(super) struct TextBuffers {
    reading: Reading,
    folded: FoldedText,
    word: AnalysedName,
    joined: String,
    /// The words and pairs of words that match anything, in the order of the text.
    matched: SlidingWindow,
    known: KnownWords,
    /// Names and windows that were scored.
    scored: FxHashSet<(u32, u32, u32)>,
    /// The words around an anchor that match the name at hand, with its tokens that each matches.
    around: Vec<(Range<usize>, TokenSet)>,
    scorer: WindowScorer,
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
        buffers.known.bind(&self.match_cache);
        for breaks in readings {
            buffers.reading.read(&query.name, *breaks);
            buffers.scored.clear();
            buffers.scorer.forget_listed();
            self.search_verbatim(query, &mut buffers, s);
            self.search_reading(query, &mut buffers, s);
        }
        self.search_unspaced(query, s);
        s.text = buffers;
    }

    /// Finds the listed tokens that a word matches, and that it matches written together with the next one.
    fn match_word(
        &self,
        first: usize,
        buffers: &mut TextBuffers,
        s: &mut Scratch,
        found: &mut VecDeque<MatchedWord>,
    ) {
        for count in 1..=2.min(buffers.reading.len() - first) {
            let words = first..first + count;
            if !buffers.reading.join(words.clone(), &mut buffers.joined) {
                continue;
            }
            let known = (!self.options.exhaustive).then(|| buffers.known.get(&buffers.joined).cloned());
            let tokens = known.flatten().unwrap_or_else(|| {
                let tokens = self.tokens_of_word(buffers, s);
                if !self.options.exhaustive {
                    buffers.known.keep(&buffers.joined, &tokens);
                }
                tokens
            });
            let letters = buffers.joined.trim_end_matches('.').as_bytes();
            let initial = if let [letter] = letters { letter.to_ascii_lowercase() } else { 0 };
            if !tokens.is_empty() || initial != 0 {
                found.push_back(MatchedWord { words, tokens, initial });
            }
        }
    }

    /// The numbers of the listed tokens that a word matches. A word alone does not tell whether it is of a person's name or
    /// of another: it is read as both.
    fn tokens_of_word(&self, buffers: &mut TextBuffers, s: &mut Scratch) -> Arc<[u32]> {
        let view = self.index.view();
        let mut tokens = Vec::new();
        for schema in [Schema::Person, Schema::Organization] {
            s.caches.analyser.analyse(&buffers.joined, schema, &mut buffers.word);
            let word = &buffers.word;
            if self.options.exhaustive {
                let matches = word
                    .tokens()
                    .iter()
                    .flat_map(|token| find_matches_exhaustively(&TokenRef::new(word, token), &view));
                tokens.extend(matches.map(|m| m.token));
                continue;
            }
            s.caches.token_cache.prefetch(word);
            s.caches.token_cache.look_up(word);
            for i in 0..word.tokens().len() {
                if !s.caches.token_cache.tokens[i].is_resolved() {
                    s.caches.token_cache.fetch(word, i, || view, &mut s.caches.lookup);
                }
                tokens.extend(s.caches.token_cache.matches(i).all.iter().map(|m| m.token));
            }
        }
        tokens.sort_unstable();
        tokens.dedup();
        tokens.into()
    }

    /// Scores the windows around every anchor in a reading of the text.
    fn search_reading(&self, query: &Query, buffers: &mut TextBuffers, s: &mut Scratch) {
        let view = self.index.view();
        let anchors = self.anchors.get_or_init(|| Anchors::new(&view));
        let mut matched = std::mem::take(&mut buffers.matched);
        matched.begin(&view);
        for word in 0..buffers.reading.len() {
            matched
                .advance(word, buffers.reading.len(), |next, found| self.match_word(next, buffers, s, found));
            let first = matched.first_from(word);
            for anchor in (first..).map_while(|at| matched.get(at)).take_while(|a| a.words.start == word) {
                for name in anchor.tokens.iter().flat_map(|token| anchors.names(*token)) {
                    let span = &view.spans[*name as usize];
                    if let Some(least) =
                        find_words_around(span, &anchor.words, &view, &matched, &mut buffers.around)
                    {
                        let candidate = Candidate { name: *name, anchor: anchor.words.clone(), least };
                        self.score_windows(&candidate, query, buffers, s);
                    }
                }
            }
            if buffers.scored.len() > MAX_SCORED {
                buffers.scored.clear();
            }
        }
        matched.end();
        buffers.matched = matched;
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
            if !evidence::lacks_word_of_context(tokens, listed) {
                // What lies around these words cannot match anything more.
                if needed == Needed::Score || matched.len().abs_diff(whole) <= 1 {
                    self.score_window(candidate.name, matched, query, buffers, s);
                }
                return;
            }
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
        if buffers.reading.is_cut() {
            let each = |name, words| self.score_window(name, words, query, buffers, s);
            if self.options.exhaustive {
                folded.for_each_beginning_exhaustively(&self.index, each);
            } else {
                folded.for_each_beginning(&self.index, each);
            }
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
        let is_cut = reading.is_cut() && words.end == reading.len();
        let score = scorer.score(reading.words(words.clone()), schema, is_cut);
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
    matched: &SlidingWindow,
    around: &mut Vec<(Range<usize>, TokenSet)>,
) -> Option<f32> {
    let (listed, concatenations) = (view.listed_tokens(span), view.listed_concatenations(span));
    let least = MIN_COVERAGE * weight_of(TokenSet::first(listed.len()), listed);
    // Most names that share a word with a text share no other: they are left before the words are looked at.
    if let Some(near) = matched.near(listed, concatenations)
        && (weight_of(near, listed) < least || evidence::needed(usize::MAX, near, listed).is_none())
    {
        return None;
    }
    let longest = longest_window(listed.len());
    let first = matched.first_from(anchor.end.saturating_sub(longest));
    around.clear();
    let mut all = TokenSet::EMPTY;
    for word in matched.starting_at(first).take_while(|word| word.words.start < anchor.start + longest) {
        let tokens = word.tokens_of(listed, concatenations);
        if !tokens.is_empty() {
            all |= tokens;
            around.push((word.words.clone(), tokens));
        }
    }
    (weight_of(all, listed) >= least).then_some(least)
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
