//! The dictionary: every distinct token and concatenation, and the keys under which queries find them.

use crate::error::{Error, Result};
use crate::index::ordered::{self, RunItem};
use crate::index::records::TokenRecord;
use crate::name::{AnalysedName, Tag, Token};
use crate::score::keys::{concatenation_probe_keys, index_concatenation_keys, index_keys};
use crate::score::relation::{Concatenation, TokenIdentity, TokenRef};
use rayon::slice::ParallelSliceMut;
use rustc_hash::FxHashMap;

/// The distinct tokens and concatenations: in the order of their first occurrence, until they are
/// [sorted](Dictionary::sort_by_reading).
#[derive(Default)]
pub(super) struct Dictionary {
    /// By their [`record_identity`].
    token_numbers: FxHashMap<TokenIdentity<Box<[u8]>>, u32>,
    concatenation_numbers: FxHashMap<ConcatenationIdentity, u32>,
    pub(super) records: Vec<TokenRecord>,
    pub(super) texts: Vec<u8>,
    /// Keys, each with the number of its token.
    pub(super) keys: Vec<(u64, u32)>,
    /// Those of the keys that concatenations of a query look up.
    pub(super) concatenation_probe_keys: Vec<u64>,
}

/// The identity under which a token has one record: text, reading, tag and weight. Tokens that differ in
/// their frequency or their groups alone share the record of the first of them; these follow from the text in
/// all but a few cases.
pub(in crate::index) fn record_identity<'a>(
    name: &'a AnalysedName,
    token: &Token,
) -> TokenIdentity<&'a [u8]> {
    let mut token = *token;
    (token.groups, token.frequency) = ([0; 2], 0);
    TokenIdentity::new(name, &token)
}

/// All that the record and the keys of a concatenation depend on.
#[derive(PartialEq, Eq, Hash)]
struct ConcatenationIdentity {
    latin: Box<[u8]>,
    abjad: bool,
    acronym: bool,
}

impl Dictionary {
    /// The number of a token of a name; adds the token if it is new.
    pub(super) fn token(&mut self, name: &AnalysedName, token: &Token, view: &TokenRef<'_>) -> u32 {
        let identity = record_identity(name, token).to_owned();
        if let Some(number) = self.token_numbers.get(&identity) {
            return *number;
        }
        let number = self.push(view, false);
        index_keys(view, |key| self.keys.push((key, number)));
        concatenation_probe_keys(view, &mut |key| self.concatenation_probe_keys.push(key));
        self.token_numbers.insert(identity, number);
        number
    }

    /// The number of a concatenation; adds it if it is new.
    pub(super) fn concatenation(&mut self, concatenation: &Concatenation<'_>) -> u32 {
        let Concatenation { latin, skeleton, abjad, acronym } = *concatenation;
        let identity = ConcatenationIdentity { latin: latin.into(), abjad, acronym };
        if let Some(number) = self.concatenation_numbers.get(&identity) {
            return *number;
        }
        let tag = match (acronym, abjad) {
            (true, _) => Tag::Letter,
            (false, true) => Tag::Abjad,
            (false, false) => Tag::Name,
        };
        // A pair with a concatenation weighs as the tokens of its span do, so that its own weight is not
        // needed.
        let view = TokenRef {
            text: latin,
            latin,
            tag,
            weight: 0.0,
            groups: [0; 2],
            frequency: 0,
            skeleton,
            respelled: false,
        };
        let number = self.push(&view, true);
        index_concatenation_keys(concatenation, |key| self.keys.push((key, number)));
        self.concatenation_numbers.insert(identity, number);
        number
    }

    /// The ordered map of the words in names: of each token its text and its reading. Concatenations are no words.
    pub(super) fn word_map(&self) -> Result<(Vec<u8>, Vec<RunItem>)> {
        let mut words: Vec<(&[u8], u32)> = Vec::new();
        for (number, record) in (0..).zip(&self.records).filter(|(_, record)| !record.is_concatenation()) {
            let view = record.view(&self.texts);
            words.push((view.text, number));
            if view.latin != view.text {
                words.push((view.latin, number));
            }
        }
        words.par_sort_unstable();
        ordered::build(words.into_iter()).map_err(|e| Error::internal(e.to_string()))
    }

    fn push(&mut self, view: &TokenRef<'_>, is_concatenation: bool) -> u32 {
        let number = self.records.len() as u32;
        self.records.push(TokenRecord::pack(view, is_concatenation, &mut self.texts));
        number
    }
}
