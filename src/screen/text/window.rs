//! The score of some words of a text against one listed name.

use super::super::explanation::text_verbatim;
use crate::entity::Schema;
use crate::name::{AnalysedName, Analyser};
use crate::score::align::{Aligner, Alignment};
use crate::score::{VerbatimMatch, round};

/// Scores windows of a text against one listed name after the other.
#[derive(Debug, Default)]
pub(crate) struct WindowScorer {
    analyser: Analyser,
    /// The number of the listed name.
    number: Option<u32>,
    query: AnalysedName,
    pub(super) listed: AnalysedName,
    listed_folded: String,
    aligner: Aligner,
    pub(super) alignment: Alignment,
    pub(super) verbatim: Option<VerbatimMatch>,
}

impl WindowScorer {
    /// Sets the name that windows are scored against, by its number in the index.
    pub(super) fn set_listed(&mut self, number: u32, name: &str, schema: Schema) {
        if self.number != Some(number) {
            self.number = Some(number);
            self.analyser.analyse(name, schema, &mut self.listed);
            self.listed_folded.clear();
            self.listed_folded.push_str(self.analyser.folded_name());
        }
    }

    /// Forgets the listed name: the next query may be against another index.
    pub(super) fn forget_listed(&mut self) {
        self.number = None;
    }

    /// The score of these words as the name of a party of this schema; `is_cut` says that the text was cut behind them.
    pub(super) fn score(&mut self, words: &str, schema: Schema, is_cut: bool) -> f32 {
        self.analyser.analyse(words, schema, &mut self.query);
        let folded = self.analyser.folded_name();
        self.verbatim = text_verbatim(folded, self.query.chars(), &self.listed_folded, is_cut);
        self.aligner.relate(&self.query, &self.listed);
        self.alignment.clear();
        self.aligner.align(&self.query, &self.listed, 0.0, &mut self.alignment);
        round(self.verbatim.map_or(0.0, VerbatimMatch::score).max(self.alignment.score))
    }
}
