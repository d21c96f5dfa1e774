//! The alignment of two names: which token meets which, what is left over, and the score.
//!
//! # The score
//!
//! Let `w` be a token's weight and `s` the similarity of a related pair. Best pairs first, no token twice:
//!
//! ```text
//! M = Σ 2 · s · min(w_q, w_n)            over the pairs chosen                what matched
//! L = Σ 2 · (1 − s) · min(w_q, w_n)      over the pairs chosen                what matched badly
//!   + contradiction                      core tokens left over on both sides
//!   + omission                           tokens left over on one side
//!   + disorder                           pairs that cross
//! score = M / (M + L · scarcity)
//! ```
//!
//! A contradiction is two different tokens that fill the same place, and weighs twice an omission. `scarcity`
//! is 1 when the matched tokens weigh as much as two rare ones and more when they are few and common.

use super::relation::{
    ACRONYM, Concatenation, MatchKind, PreparedToken, TokenRef, relate, relate_concatenation,
};
use super::similarity::similarity;
use crate::name::{AnalysedName, MAX_TOKENS, Tag, Token};
pub use crate::util::bits::{Span, TokenSet};

/// The most tokens that are tried as one.
pub const MAX_CONCATENATION: usize = 4;
/// The most letters of tokens that are tried as one.
pub const MAX_CONCATENATION_LETTERS: usize = 24;
/// Letters of a token up to which three or four of them are tried as one: syllables of East Asian names.
pub const MAX_SYLLABLE_LETTERS: usize = 6;

/// Cost of a token that the other name does not have, for each unit of weight.
pub(crate) const OMISSION: f32 = 0.41;
/// Cost of two core tokens that face each other, beyond their omissions, for each unit of the lighter weight.
pub(crate) const CONTRADICTION: f32 = 2.4;
/// Matched weight from which on a contradiction costs more, in proportion.
const CONTRADICTION_PIVOT: f32 = 1.03;
/// The part of a contradiction that goes when the tokens which face each other are spelled almost alike.
pub(crate) const NEAR_RELIEF: f32 = 0.83;
/// How alike any two words are, and how much more alike are those that all but match.
const BASE_SIMILARITY: f32 = 0.33;
const SIMILARITY_RANGE: f32 = 0.37;
/// By how much more places contradict each other than names do.
const PLACE_CONTRADICTION: f32 = 1.45;
/// By how much more the omission of a name counts between a person and a company, ship or aircraft.
const SCHEMA_MISMATCH: f32 = 1.4;
/// Cost of what matched badly.
pub(crate) const MISMATCH_COST: f32 = 0.75;
/// Matched weight from which on a loss counts as it is; below it counts more.
const SCARCITY_PIVOT: f32 = 1.6;
/// How much more a loss counts when hardly anything matched.
const SCARCITY: f32 = 0.67;
/// Similarity of an initial and a name it can stand for.
pub(crate) const INITIAL: f32 = 0.8;
/// Similarity of the end of a cut name and a name it begins.
pub(crate) const PREFIX: f32 = 0.9;
/// A name of at least so many characters may have been cut by a payment system.
pub const CUT_FROM: usize = crate::name::TRUNCATION_LENGTH;
/// What is left of a cut name's omission.
pub(crate) const CUT_OMISSION: f32 = 0.08;

/// A token as the alignment sees it.
#[derive(Clone, Copy, Debug)]
pub struct AlignToken {
    /// Weight in (0, 1].
    pub weight: f32,
    /// What it is.
    pub tag: Tag,
    /// First letter of the reading; 0 for none.
    pub first: u8,
}

impl AlignToken {
    /// Whether it contradicts a token of the other name that it faces.
    pub fn contradicts(&self) -> bool {
        self.tag.is_core() || matches!(self.tag, Tag::BusinessGeneric | Tag::Initial | Tag::Letter)
    }

    /// What it weighs where it contradicts what it faces; 0 if it does not. Two common names are as different as
    /// two rare ones, so that a name weighs more here than where it matches.
    pub fn contradiction_weight(&self) -> f32 {
        let rate = match self.tag {
            tag if tag.is_name_word() => return 0.62 + 0.38 * self.weight,
            // A person is often named without it, and rarely with a wrong one.
            Tag::Patronymic => 2.7,
            Tag::Number => 0.15,
            Tag::BusinessSpecific => 1.3,
            Tag::BusinessGeneric => 1.8,
            Tag::Initial | Tag::Letter => 1.5,
            _ => 0.0,
        };
        rate * self.weight
    }

    /// Cost of the token when the other name lacks it.
    pub fn omission(&self) -> f32 {
        OMISSION * OMISSION_RATES[self.tag as usize] * self.weight
    }
}

/// The part of a token's weight that its omission counts, in tenths.
pub(crate) const fn omission_rate(tag: Tag) -> f32 {
    match tag {
        // A person is often named without the patronymic, and rarely with a wrong one.
        Tag::Patronymic => 0.6,
        // "Fund" and "Fund II" are two, "Banco Santander" and "Banco Santander Chile" may be.
        Tag::Number => 2.5,
        Tag::TrailingPlace => 3.0,
        Tag::BusinessGeneric => 1.2,
        Tag::BusinessSpecific => 0.8,
        _ => 1.0,
    }
}

/// The same by number of the tag: what a name is made of cannot be foreseen, and this is asked of every token.
static OMISSION_RATES: [f32; Tag::ALL.len()] = {
    let mut rates = [0.0; Tag::ALL.len()];
    let mut tag = 0;
    while tag < rates.len() {
        rates[tag] = omission_rate(Tag::ALL[tag]);
        tag += 1;
    }
    rates
};

/// A related pair: tokens `q.0 .. q.0 + q.1` of the query and `n.0 .. n.0 + n.1` of the listed name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// First token and number of tokens on the query's side.
    pub query: Span,
    /// First token and number of tokens on the list's side.
    pub listed: Span,
    /// Similarity in (0, 1].
    pub similarity: f32,
    /// How they are related.
    pub kind: MatchKind,
    /// The lighter side's weight; set by `Aligner::align_greedy`.
    pub weight: f32,
}

impl Pair {
    /// A pair whose weight is not yet known.
    pub fn new(query: Span, listed: Span, similarity: f32, kind: MatchKind) -> Pair {
        Pair { query, listed, similarity, kind, weight: 0.0 }
    }
}

/// The outcome of an alignment.
#[derive(Clone, Debug, Default)]
pub struct Alignment {
    /// The score in \[0, 1\].
    pub score: f32,
    /// The pairs chosen, best first.
    pub pairs: Vec<Pair>,
    /// Tokens of the query that no pair covers.
    pub unmatched_query: TokenSet,
    /// Tokens of the listed name that no pair covers.
    pub unmatched_listed: TokenSet,
    /// What matched.
    pub matched: f32,
    /// What it lost by unlike pairs.
    pub unlike: f32,
    /// What it lost by tokens that contradict each other.
    pub contradiction: f32,
    /// What it lost by tokens missing on one side.
    pub omission: f32,
    /// What it lost by the order of the tokens.
    pub disorder: f32,
    /// By how much losses were multiplied.
    pub scarcity: f32,
}

/// What the alignment must know of the query beyond its tokens.
#[derive(Clone, Copy, Debug, Default)]
pub struct AlignOptions {
    /// Whether the query may be cut off, so that its last token may begin a longer one.
    pub cut: bool,
    /// Whether the order of tokens is free (people).
    pub free_order: bool,
    /// Whether the listed name is a person's.
    pub listed_person: bool,
}

/// Aligns names and keeps its buffers.
#[derive(Debug, Default)]
pub struct Aligner {
    pub(crate) query: Vec<AlignToken>,
    pub(crate) listed: Vec<AlignToken>,
    pub(crate) pairs: Vec<Pair>,
    pub(crate) options: AlignOptions,
    concatenation: String,
}

/// The slots of an analysed name.
pub fn align_tokens(name: &AnalysedName, out: &mut Vec<AlignToken>) {
    out.clear();
    out.extend(name.tokens().iter().map(|t| AlignToken {
        weight: t.weight,
        tag: t.tag,
        first: name.first(t),
    }));
}

/// What the text of a query says about how to align it with listed names of persons or of others.
pub fn align_options(query: &AnalysedName, listed_person: bool) -> AlignOptions {
    AlignOptions { cut: query.chars() >= CUT_FROM, free_order: is_person(query), listed_person }
}

/// Whether a name was analysed as a person's.
pub(crate) fn is_person(name: &AnalysedName) -> bool {
    name.schema() == crate::entity::Schema::Person
}

/// Calls `each` with the span (first, count) of every run of neighbouring tokens of a name that is tried as one, of
/// those that are `wanted`, and of all tokens if the first letters of the name are tried too.
pub fn concatenations(
    name: &AnalysedName,
    buffer: &mut String,
    wanted: impl Fn(Span) -> bool,
    mut each: impl FnMut(Span, &Concatenation<'_>),
) {
    token_runs(name, buffer, wanted, &mut each);
    if acronym(name, buffer) {
        each(Span::new(0, name.tokens().len()), &Concatenation::acronym(buffer));
    }
}

/// The same of the runs alone.
pub(crate) fn token_runs(
    name: &AnalysedName,
    buffer: &mut String,
    wanted: impl Fn(Span) -> bool,
    mut each: impl FnMut(Span, &Concatenation<'_>),
) {
    let tokens = name.tokens();
    for start in 0..tokens.len() {
        buffer.clear();
        let most = MAX_CONCATENATION.min(tokens.len() - start);
        // The longest that is wanted: most tokens begin none.
        let Some(most) = (2..=most).rev().find(|count| wanted(Span::new(start, *count))) else { continue };
        let (mut syllables, mut abjad, mut has_clitic) = (true, false, false);
        for count in 1..=most {
            let token = &tokens[start + count - 1];
            let latin = name.latin(token);
            if token.tag == Tag::Padding || latin.is_empty() || latin.bytes().any(|b| b == b' ') {
                break;
            }
            syllables &= is_syllable(token);
            buffer.push_str(latin);
            if buffer.len() > MAX_CONCATENATION_LETTERS || (count > 2 && !syllables) {
                break;
            }
            abjad |= token.tag == Tag::Abjad;
            has_clitic |= is_arabic_clitic(latin);
            if count >= 2 && wanted(Span::new(start, count)) {
                let abjad = abjad && has_clitic;
                let concatenation = Concatenation::of(buffer, abjad);
                each(Span::new(start, count), &concatenation);
            }
        }
    }
}

/// Whether a token is so short, or of a script so terse, that three or four of them are tried as one.
pub(crate) fn is_syllable(token: &Token) -> bool {
    token.letters() <= MAX_SYLLABLE_LETTERS || token.tag == Tag::Abjad
}

/// Whether a word is one that Arabic writes apart and Latin letters together with another: "abd al-…", "… al-din",
/// "… allah".
pub(crate) fn is_arabic_clitic(latin: &str) -> bool {
    matches!(latin, "al" | "abad" | "abu" | "alalah")
}

/// Writes the first letters of the words of a body's name, without particles and legal forms. False if there are too
/// few or too many for an acronym.
pub(crate) fn acronym(name: &AnalysedName, out: &mut String) -> bool {
    out.clear();
    if is_person(name) || name.tokens().len() > MAX_TOKENS {
        return false;
    }
    for token in name.tokens() {
        if skipped_in_acronym(token.tag) {
            continue;
        }
        let mut before = b' ';
        for b in name.latin(token).bytes() {
            if before == b' ' && b.is_ascii_lowercase() {
                if out.len() == *ACRONYM.end() {
                    return false;
                }
                out.push(char::from(b));
            }
            before = b;
        }
    }
    ACRONYM.contains(&out.len())
}

/// Whether the first letters of a body's name leave out such words.
pub(crate) fn skipped_in_acronym(tag: Tag) -> bool {
    matches!(tag, Tag::Particle | Tag::LegalForm | Tag::Padding)
}

impl Aligner {
    /// Relates every token and join of `q` with every one of `n`, without an index. The pairs wait for
    /// `Aligner::align_greedy`.
    pub fn relate(&mut self, q: &AnalysedName, n: &AnalysedName) {
        align_tokens(q, &mut self.query);
        align_tokens(n, &mut self.listed);
        self.options = align_options(q, is_person(n));
        self.pairs.clear();
        let views: Vec<TokenRef<'_>> = n.tokens().iter().map(|t| TokenRef::new(n, t)).collect();
        let pairs = &mut self.pairs;
        for (i, token) in q.tokens().iter().enumerate() {
            let view = TokenRef::new(q, token);
            let prepared = PreparedToken::new(view);
            for (j, other) in views.iter().enumerate() {
                if let Some((similarity, kind)) = relate(&prepared, other) {
                    pairs.push(Pair::new(Span::single(i), Span::single(j), similarity, kind));
                }
            }
        }
        concatenations(
            q,
            &mut self.concatenation,
            |_| true,
            |span, concatenation| {
                for (j, other) in views.iter().enumerate() {
                    if let Some((similarity, kind)) = relate_concatenation(concatenation, other) {
                        pairs.push(Pair::new(span, Span::single(j), similarity, kind));
                    }
                }
            },
        );
        concatenations(
            n,
            &mut self.concatenation,
            |_| true,
            |span, concatenation| {
                for (i, token) in q.tokens().iter().enumerate() {
                    if let Some((similarity, kind)) =
                        relate_concatenation(concatenation, &TokenRef::new(q, token))
                    {
                        pairs.push(Pair::new(Span::single(i), span, similarity, kind));
                    }
                }
            },
        );
        let last = q.tokens().last().map_or("", |t| q.latin(t));
        self.add_wildcard_pairs(last.as_bytes(), |j| n.latin(&n.tokens()[j]).as_bytes());
    }

    /// Adds the pairs that no index enumerates: initials, and the last token of a cut name with those it
    /// begins. They count only beside an enumerable pair. `reading` gives the readings of the listed name.
    pub(crate) fn add_wildcard_pairs<'t>(&mut self, head: &[u8], reading: impl Fn(usize) -> &'t [u8]) {
        let people = self.options.free_order && self.options.listed_person;
        for (i, q) in self.query.iter().enumerate().filter(|_| people) {
            for (j, n) in self.listed.iter().enumerate() {
                if (q.tag == Tag::Initial) != (n.tag == Tag::Initial) && q.first == n.first && q.first != 0 {
                    let other = if q.tag == Tag::Initial { n.tag } else { q.tag };
                    if other.is_name_word() || matches!(other, Tag::Patronymic | Tag::NameTitle) {
                        self.pairs.push(Pair::new(
                            Span::single(i),
                            Span::single(j),
                            INITIAL,
                            MatchKind::Initial,
                        ));
                    }
                }
            }
        }
        if self.options.cut && !head.is_empty() {
            let last = self.query.len() - 1;
            for j in 0..self.listed.len() {
                let whole = reading(j);
                if whole.len() > head.len() && whole.starts_with(head) && !head.contains(&b' ') {
                    self.pairs.push(Pair::new(
                        Span::single(last),
                        Span::single(j),
                        PREFIX,
                        MatchKind::Prefix,
                    ));
                }
            }
        }
    }

    /// Chooses among the pairs, weighs what is left over, and scores. `q_reading` and `n_reading` give the
    /// readings of the tokens. Of a name that cannot reach `min_score`, the score is any bound below it that is not
    /// under the score itself: how alike its unmatched tokens are is not looked at.
    pub(crate) fn align_greedy<'t>(
        &mut self,
        q_reading: impl Fn(usize) -> &'t [u8],
        n_reading: impl Fn(usize) -> &'t [u8],
        min_score: f32,
        out: &mut Alignment,
    ) {
        out.pairs.clear();
        out.score = 0.0;
        let (q, n) = (
            &self.query[..self.query.len().min(MAX_TOKENS)],
            &self.listed[..self.listed.len().min(MAX_TOKENS)],
        );
        let weight = |tokens: &[AlignToken], span: Span| -> f32 {
            tokens[span.range()].iter().map(|t| t.weight).sum()
        };
        for p in &mut self.pairs {
            p.weight = weight(q, p.query).min(weight(n, p.listed));
        }
        let value = |p: &Pair| p.similarity * p.similarity * p.weight;
        self.pairs.sort_unstable_by(|a, b| {
            value(b)
                .total_cmp(&value(a))
                .then_with(|| (a.query, a.listed, a.kind as u8).cmp(&(b.query, b.listed, b.kind as u8)))
        });
        let (mut used_q, mut used_n) = (TokenSet::EMPTY, TokenSet::EMPTY);
        let (mut matched, mut matched_weight, mut unlike, mut anchored) = (0.0, 0.0, 0.0, false);
        for p in &self.pairs {
            let (bq, bn) = (p.query.tokens(), p.listed.tokens());
            if used_q.intersects(bq) || used_n.intersects(bn) {
                continue;
            }
            used_q |= bq;
            used_n |= bn;
            let w = p.weight;
            matched += 2.0 * p.similarity * w;
            matched_weight += w;
            unlike += 2.0 * MISMATCH_COST * (1.0 - p.similarity) * w;
            anchored |= !matches!(p.kind, MatchKind::Initial | MatchKind::Prefix);
            out.pairs.push(*p);
        }
        out.unmatched_query = TokenSet::first(q.len()).without(used_q);
        out.unmatched_listed = TokenSet::first(n.len()).without(used_n);
        if !anchored {
            out.pairs.clear();
            (out.matched, out.unlike, out.contradiction, out.omission) = (0.0, 0.0, 0.0, 0.0);
            return;
        }
        // A cut name has lost what stood behind its last token: listed tokens behind all matched ones.
        let cut_after = if self.options.cut && out.unmatched_query.without(TokenSet::single(0)).is_empty() {
            let last = used_n.last().unwrap_or(0);
            let in_order = out
                .pairs
                .iter()
                .all(|p| p.query.first == p.listed.first || p.query.count != 1 || p.listed.count != 1);
            if in_order { last } else { usize::MAX }
        } else {
            usize::MAX
        };
        let schema_mismatch = self.options.free_order != self.options.listed_person;
        let (mut core, mut place, mut omission) = ([0.0f32; 2], [0.0f32; 2], 0.0f32);
        for (side, (align_tokens, left)) in
            [(q, out.unmatched_query), (n, out.unmatched_listed)].into_iter().enumerate()
        {
            for (i, s) in align_tokens.iter().enumerate().filter(|(i, _)| left.contains(*i)) {
                let rate = if side == 1 && i > cut_after { CUT_OMISSION } else { 1.0 };
                let unlike = if schema_mismatch && s.contradicts() { SCHEMA_MISMATCH } else { 1.0 };
                omission += rate * unlike * s.omission();
                if s.contradicts() {
                    core[side] += rate * s.contradiction_weight();
                } else if matches!(s.tag, Tag::Place | Tag::TrailingPlace) {
                    place[side] += rate * s.weight;
                }
            }
        }
        // What faces each other contradicts, over and above being missing on both sides; the more of the name
        // matches, the more tellingly.
        let facing = core[0].min(core[1]) + PLACE_CONTRADICTION * place[0].min(place[1]);
        let disorder = if out.pairs.len() > 1 {
            let crossing = out.pairs.iter().enumerate().any(|(i, a)| {
                out.pairs[..i]
                    .iter()
                    .any(|b| (a.query.first < b.query.first) != (a.listed.first < b.listed.first))
            });
            let rate = if self.options.free_order { 0.003 } else { 0.014 };
            if crossing { rate * matched } else { 0.0 }
        } else {
            0.0
        };
        let scarcity = scarcity(matched_weight);
        let contradiction_if_unlike =
            CONTRADICTION * facing * (matched_weight / CONTRADICTION_PIVOT).max(1.0);
        let score = |contradiction: f32| {
            let loss = (unlike + contradiction + omission) * scarcity + disorder;
            if loss <= 0.0 { 1.0 } else { (matched / (matched + loss)).clamp(0.0, 1.0) }
        };
        // Most names that are scored fail by far, whatever their unmatched tokens look like.
        let words_face = core[0].min(core[1]) > 0.0;
        let mut contradiction = contradiction_if_unlike * if words_face { 1.0 - NEAR_RELIEF } else { 1.0 };
        out.score = score(contradiction);
        if words_face && out.score >= min_score {
            let near =
                facing_similarity((q, out.unmatched_query, q_reading), (n, out.unmatched_listed, n_reading));
            contradiction = contradiction_if_unlike * (1.0 - NEAR_RELIEF * near);
            out.score = score(contradiction);
        }
        out.matched = matched;
        out.unlike = unlike;
        out.contradiction = contradiction;
        out.omission = omission;
        out.disorder = disorder;
        out.scarcity = scarcity;
    }
}

/// How alike in spelling the tokens are that face each other, from 0 (as any two words) to 1: the likest pair.
fn facing_similarity<'t>(
    (q, unmatched_query, q_reading): (&[AlignToken], TokenSet, impl Fn(usize) -> &'t [u8]),
    (n, unmatched_listed, n_reading): (&[AlignToken], TokenSet, impl Fn(usize) -> &'t [u8]),
) -> f32 {
    let words = |align_tokens: &[AlignToken], left: TokenSet, i: usize| {
        left.contains(i) && align_tokens[i].contradicts() && align_tokens[i].tag != Tag::Number
    };
    let mut best = 0.0f32;
    for i in (0..q.len()).filter(|&i| words(q, unmatched_query, i)) {
        for j in (0..n.len()).filter(|&j| words(n, unmatched_listed, j)) {
            best = best.max(similarity(q_reading(i), n_reading(j)));
        }
    }
    ((best - BASE_SIMILARITY) / SIMILARITY_RANGE).clamp(0.0, 1.0)
}

/// By how much losses are multiplied when what matched weighs `matched_weight`.
pub(crate) fn scarcity(matched_weight: f32) -> f32 {
    1.0 + SCARCITY * (1.0 - matched_weight / SCARCITY_PIVOT).max(0.0)
}

const _: () = assert!(MAX_TOKENS < 64);
