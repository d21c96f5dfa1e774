//! Names as runs of tokens and concatenations.

use super::tokens::Dictionary;
use crate::entity::{AliasStrength, Name};
use crate::index::records::{ListedToken, NameRecord, NameSpan, Posting};
use crate::name::{AnalysedName, Tag};
use crate::score::align::{concatenations, is_person};
use crate::score::relation::TokenRef;

/// The names of an index: in the order of the lists, until they are
/// [sorted](NameTable::sort_by_rarest_token).
#[derive(Default)]
pub(super) struct NameTable {
    pub(super) records: Vec<NameRecord>,
    pub(super) spans: Vec<NameSpan>,
    pub(super) listed_tokens: Vec<ListedToken>,
    pub(super) texts: Vec<u8>,
    /// Each token or concatenation of each name: the number of the token, and the posting of the name.
    pub(super) occurrences: Vec<(u32, Posting)>,
    /// For concatenations.
    buffer: String,
}

impl NameTable {
    /// Adds a name of an entity, and its tokens to the dictionary.
    pub(super) fn add(
        &mut self,
        name: &Name,
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
