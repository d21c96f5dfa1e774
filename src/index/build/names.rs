//! Names as runs of tokens and concatenations.

use super::tokens::Dictionary;
use crate::entity::{AliasStrength, Name};
use crate::error::{Error, Result};
use crate::index::ordered::{self, RunItem};
use crate::index::records::{CompletionRank, ListedToken, NameRecord, NameSpan, Posting};
use crate::name::{AnalysedName, Tag};
use crate::score::align::{concatenations, is_person};
use crate::score::relation::TokenRef;
use rayon::slice::ParallelSliceMut;

/// The names of an index: in the order of the lists, until they are
/// [sorted](NameTable::sort_by_rarest_token).
#[derive(Default)]
pub(super) struct NameTable {
    pub(super) records: Vec<NameRecord>,
    pub(super) spans: Vec<NameSpan>,
    pub(super) listed_tokens: Vec<ListedToken>,
    pub(super) texts: Vec<u8>,
    /// For each name its folded text, and its rank among completions.
    pub(super) folded: Vec<FoldedName>,
    /// The folded texts.
    pub(super) folded_texts: Vec<u8>,
    /// Each token or concatenation of each name: the number of the token, and the posting of the name.
    pub(super) occurrences: Vec<(u32, Posting)>,
    /// For concatenations.
    buffer: String,
}

/// What the ordered map of names needs of a name.
#[derive(Clone, Copy)]
pub(super) struct FoldedName {
    offset: u32,
    len: u32,
    rank: CompletionRank,
}

/// The sections of the ordered map of names.
pub(super) struct NameMap {
    pub(super) automaton: Vec<u8>,
    pub(super) order: Vec<RunItem>,
    pub(super) ranks: Vec<CompletionRank>,
}

impl NameTable {
    /// Adds a name of an entity, whose folded text is `folded`, and its tokens to the dictionary.
    pub(super) fn add(
        &mut self,
        name: &Name,
        folded: &str,
        analysed: &AnalysedName,
        entity: u32,
        dictionary: &mut Dictionary,
    ) {
        let initials = analysed.tokens().iter().filter(|token| token.tag == Tag::Initial);
        let initials = initials.map(|token| analysed.latin(token).bytes().next().unwrap_or(0));
        let posting = Posting::new(self.records.len() as u32, initials);
        let offset = self.listed_tokens.len() as u32;
        let omission_cost = self.add_tokens(analysed, posting, dictionary);
        let concatenations = self.add_concatenations(analysed, posting, dictionary);
        self.spans.push(NameSpan {
            offset,
            tokens: analysed.tokens().len() as u8,
            concatenations: concatenations as u8,
            omission_cost: omission_cost.min(u16::MAX.into()) as u16,
        });
        self.records.push(NameRecord {
            entity,
            text_offset: self.texts.len() as u32,
            text_len: name.text.len() as u32,
            kind: name.kind as u8,
            weak: u8::from(name.strength == AliasStrength::Weak),
            person: u8::from(is_person(analysed)),
            padding: 0,
        });
        self.texts.extend_from_slice(name.text.as_bytes());
        self.folded.push(FoldedName {
            offset: self.folded_texts.len() as u32,
            len: folded.len() as u32,
            rank: CompletionRank::new(name.kind, analysed.chars()),
        });
        self.folded_texts.extend_from_slice(folded.as_bytes());
    }

    /// The ordered map of the folded names.
    pub(super) fn name_map(&self) -> Result<NameMap> {
        let (automaton, order) = self.ordered_map(|number| self.folded_text(number))?;
        let ranks = order.iter().map(|item| self.folded[item.number() as usize].rank).collect();
        Ok(NameMap { automaton, order, ranks })
    }

    /// The ordered map of the folded names without their blanks.
    pub(super) fn letter_map(&self) -> Result<(Vec<u8>, Vec<RunItem>)> {
        let (mut letters, mut ends) = (Vec::with_capacity(self.folded_texts.len()), vec![0]);
        for number in 0..self.records.len() as u32 {
            letters.extend(self.folded_text(number).iter().filter(|byte| **byte != b' '));
            ends.push(letters.len());
        }
        self.ordered_map(|number| &letters[ends[number as usize]..ends[number as usize + 1]])
    }

    fn folded_text(&self, number: u32) -> &[u8] {
        let FoldedName { offset, len, .. } = self.folded[number as usize];
        &self.folded_texts[offset as usize..][..len as usize]
    }

    /// The names by a text of each. Names with one text are in the order of the lists.
    fn ordered_map<'t>(&self, text: impl Fn(u32) -> &'t [u8] + Sync) -> Result<(Vec<u8>, Vec<RunItem>)> {
        let mut order: Vec<u32> = (0..self.records.len() as u32).collect();
        order.par_sort_unstable_by(|a, b| {
            let place = |number: u32| self.records[number as usize].text_offset;
            text(*a).cmp(text(*b)).then_with(|| place(*a).cmp(&place(*b)))
        });
        let sorted = order.iter().map(|number| (text(*number), *number));
        ordered::build(sorted).map_err(|e| Error::internal(e.to_string()))
    }

    /// Adds the tokens of a name; returns the sum of their omission costs.
    fn add_tokens(&mut self, analysed: &AnalysedName, posting: Posting, dictionary: &mut Dictionary) -> u32 {
        let mut omission_cost = 0;
        for token in analysed.tokens() {
            let view = TokenRef::new(analysed, token);
            let number = dictionary.token(analysed, token, &view);
            let listed = ListedToken::pack(number, &view);
            omission_cost += listed.omission_cost();
            self.listed_tokens.push(listed);
            self.occurrences.push((number, posting));
        }
        omission_cost
    }

    /// Adds the concatenations of a name; returns how many it keeps, which a byte holds.
    fn add_concatenations(
        &mut self,
        analysed: &AnalysedName,
        posting: Posting,
        dictionary: &mut Dictionary,
    ) -> usize {
        let NameTable { listed_tokens, occurrences, buffer, .. } = self;
        let mut count = 0;
        concatenations(
            analysed,
            buffer,
            |_| true,
            |span, concatenation| {
                let number = dictionary.concatenation(concatenation);
                if count < u8::MAX.into() {
                    listed_tokens.push(ListedToken::pack_concatenation(number, span));
                    occurrences.push((number, posting));
                    count += 1;
                }
            },
        );
        count
    }
}
