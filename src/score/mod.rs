//! How alike two names are, and why.
//!
//! One notion of likeness serves retrieval and scoring: the token relation of [`relation`]. Two names are
//! aligned over related tokens by [`align`], the leftover on both sides is weighed, and the other fields
//! qualify the result in [`fields`].
//!
//! ```
//! use interdict::score::score_names;
//! use interdict::entity::Schema;
//!
//! let same = score_names("Владимир Путин", "PUTIN, Vladimir", Schema::Person);
//! let other = score_names("Vladimir Orlov", "PUTIN, Vladimir", Schema::Person);
//! assert!(same > 0.9 && other < 0.7);
//! ```
//!
//! Cost: some four microseconds for a pair of short names, their analysis included (bench `score a pair`).
//!
//! Limits: the alignment is greedy, best pairs first; it is the same for retrieval and the exhaustive oracle.

pub mod align;
pub mod fields;
pub mod identifiers;
pub(crate) mod keys;
pub mod relation;
pub mod similarity;

use crate::entity::Schema;
use crate::name::{AnalysedName, Analyser};
use align::Alignment;

/// The score of two names without any other field: in \[0, 1\], 1 for names that are equal after analysis.
///
/// The schema applies to both names.
pub fn score_names(a: &str, b: &str, schema: Schema) -> f32 {
    PairScorer::default().score(a, b, schema)
}

/// Scores pairs of names and keeps its buffers.
#[derive(Debug, Default)]
pub struct PairScorer {
    analyser: Analyser,
    a: AnalysedName,
    b: AnalysedName,
    aligner: align::Aligner,
    alignment: Alignment,
}

impl PairScorer {
    /// The score of two names, as [`score_names`].
    pub fn score(&mut self, a: &str, b: &str, schema: Schema) -> f32 {
        self.analyser.analyse(a, schema, &mut self.a);
        // Where the schema is unknown, one guess serves both names: a body's name without a legal form is
        // compared as a body's name with the one that has it.
        self.analyser.analyse(b, schema, &mut self.b);
        if self.a.schema() != self.b.schema() {
            let body = if self.a.schema() == Schema::Person { self.b.schema() } else { self.a.schema() };
            self.analyser.analyse(a, body, &mut self.a);
            self.analyser.analyse(b, body, &mut self.b);
        }
        self.aligner.relate(&self.a, &self.b);
        self.aligner.align_greedy(readings(&self.a), readings(&self.b), 0.0, &mut self.alignment);
        round(self.alignment.score)
    }
}

/// The readings of a name's tokens, by their number.
pub(crate) fn readings<'a>(name: &'a AnalysedName) -> impl Fn(usize) -> &'a [u8] {
    |i| name.latin(&name.tokens()[i]).as_bytes()
}

/// Scores are rounded to five decimals before anything compares them, so that what is printed is what counted.
pub fn round(score: f32) -> f32 {
    (score * 1e5).round() / 1e5
}
