//! Which concatenations of a query's tokens are worth looking up.

use super::expand::Expander;
use super::prefilter::phonetic::ConcatenationRole;
use super::prefilter::small_index::SmallIndexFilter;
use crate::name::{AnalysedName, Token};
use crate::score::align::{
    MAX_CONCATENATION, Span, TokenSet, acronym, has_article, is_arabic_clitic, is_person, skipped_in_acronym,
};
use crate::score::relation::ACRONYM;

/// A set of concatenations of one query: runs of tokens written together, and the acronym of the whole name.
#[derive(Clone, Copy, Debug)]
pub(super) struct ConcatenationSet {
    /// For runs of two, three and four tokens the first tokens of those in the set.
    runs: [TokenSet; MAX_CONCATENATION - 1],
    /// Whether the acronym is in the set.
    pub(super) acronym: bool,
}

impl ConcatenationSet {
    const EMPTY: ConcatenationSet =
        ConcatenationSet { runs: [TokenSet::EMPTY; MAX_CONCATENATION - 1], acronym: false };
    pub(super) const ALL: ConcatenationSet =
        ConcatenationSet { runs: [TokenSet::ALL; MAX_CONCATENATION - 1], acronym: true };

    pub(super) fn is_empty(&self) -> bool {
        self.runs == [TokenSet::EMPTY; MAX_CONCATENATION - 1] && !self.acronym
    }

    pub(super) fn contains(&self, span: Span) -> bool {
        self.runs[usize::from(span.count) - 2].contains(usize::from(span.first))
    }

    /// Keeps the runs that lie within a name of so many tokens and that `keep` accepts, and the acronym.
    pub(super) fn retain(&mut self, tokens: usize, keep: impl Fn(Span) -> bool) {
        for (count, runs) in (2..).zip(&mut self.runs) {
            *runs &= TokenSet::first(tokens).before(count - 1);
            for first in runs.iter().filter(|first| !keep(Span::new(*first, count))) {
                runs.remove(first);
            }
        }
    }

    /// Adds the runs that hold an Arabic clitic beside a word of an abjad. They match words whose phonetic code differs:
    /// "shams al-din" is written Shamsuddin.
    fn add_clitics(&mut self, name: &AnalysedName, abjad: TokenSet) {
        let tokens = name.tokens();
        let clitics = tokens.iter().enumerate().filter(|(_, token)| is_arabic_clitic(name.latin(token)));
        let clitics: TokenSet = clitics.map(|(i, _)| i).collect();
        for (count, runs) in (2..).zip(&mut self.runs) {
            for first in 0..tokens.len() {
                // The end of a run may lie behind the name: such runs are never tried.
                let run = Span::new(first, count).tokens();
                runs.insert_if(first, run.intersects(abjad) && run.intersects(clitics));
            }
        }
    }
}

impl Expander<'_, '_> {
    /// The concatenations that may match anything in a small index.
    pub(super) fn filter_concatenations(
        &self,
        name: &AnalysedName,
        filter: &SmallIndexFilter,
        text: &mut String,
    ) -> ConcatenationSet {
        let mut set = ConcatenationSet::EMPTY;
        set.acronym = self.may_match_acronym(name, filter) && acronym(name, text);
        let (tokens, cached) = (name.tokens(), &self.token_cache.tokens);
        // More than two tokens are only tried if all of them are short.
        let syllables = if tokens.len() > 2 {
            self.tokens_with_role(ConcatenationRole::is_syllable)
        } else {
            TokenSet::EMPTY
        };
        let syllable_pairs = syllables & syllables.before(1);
        for (distance, runs) in (1..).zip(&mut set.runs) {
            let mut possible = self.possible_ends(distance);
            if distance > 1 {
                possible &= syllable_pairs & syllable_pairs.before(distance - 1);
            }
            for first in possible.iter() {
                let last = first + distance;
                let codes = cached[first + 1..=last].iter().map(|token| token.code);
                let code = codes.fold(cached[first].code, |code, next| code.concat(next));
                let letters = tokens[first..=last].iter().map(Token::letters).sum();
                runs.insert_if(first, filter.may_match_code(code, letters));
            }
        }
        // Two words written without the article between them have another code than the three together.
        let with_article = &mut set.runs[1];
        (0..tokens.len()).for_each(|first| with_article.insert_if(first, has_article(name, first)));
        let abjad = self.tokens_with_role(ConcatenationRole::is_abjad);
        if !abjad.is_empty() {
            set.add_clitics(name, abjad);
        }
        set
    }

    /// Returns false if the first letters of a name are no listed word.
    fn may_match_acronym(&self, name: &AnalysedName, filter: &SmallIndexFilter) -> bool {
        if is_person(name) {
            return false;
        }
        if !self.tokens_with_role(ConcatenationRole::is_phrase).is_empty() {
            // A phrase has several first letters.
            return true;
        }
        let mut letters = [0; *ACRONYM.end()];
        let mut count = 0;
        let lettered = |tag| !skipped_in_acronym(tag);
        for token in self.tokens.iter().filter(|t| t.first.is_ascii_lowercase() && lettered(t.tag)) {
            let Some(letter) = letters.get_mut(count) else { return false };
            *letter = token.first;
            count += 1;
        }
        ACRONYM.contains(&count) && filter.may_be_acronym(&letters[..count])
    }

    /// The tokens of the query with this role in concatenations.
    fn tokens_with_role(&self, has_role: impl Fn(ConcatenationRole) -> bool) -> TokenSet {
        let mut tokens = TokenSet::EMPTY;
        for (i, token) in self.token_cache.tokens.iter().enumerate() {
            tokens.insert_if(i, has_role(token.role));
        }
        tokens
    }
}
