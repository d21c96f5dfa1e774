//! Names in Han characters are read in one language.
//!
//! 李 is Li, Lee, Ri or Rhee, and 正 is Zheng, Cheng, Masa or Jong: each is a reading in one language, and a word is related
//! to the spellings of them all. A name has one language. So where two words of a name in Han characters are paired with
//! Latin words, the names are aligned again once for each language, with the pairs that hold in it, and the best counts.
//! The score is never above that of the alignment with all pairs, so that the upper bounds of retrieval hold.
//!
//! Cost: four alignments more, of names in Han characters that reach the threshold only.

use super::{AlignToken, AlignedPair, Aligner, Alignment, MatchKind, NameTokens, Span, Tag};
use crate::name::HanLanguage;
use crate::score::relation::{Concatenation, PreparedToken, Relation};
use crate::score::relation::{relate_concatenation, relate_concatenation_in, relate_in, utf8};

/// What an alignment in one language needs.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    /// The pairs whatever the language.
    pairs: Vec<AlignedPair>,
    alignment: Alignment,
    concatenation: String,
}

/// Whether a pair depends on the language of the characters: a token in Han characters, and Latin words that spell it.
fn depends_on_language(pair: &AlignedPair, query: &[AlignToken], listed: &[AlignToken]) -> bool {
    let by_sound = !matches!(
        pair.kind,
        MatchKind::Equal | MatchKind::Group | MatchKind::Initial | MatchKind::Prefix | MatchKind::Acronym
    );
    by_sound
        && (is_spelled(query, pair.query, listed, pair.listed)
            || is_spelled(listed, pair.listed, query, pair.query))
}

/// Whether one span is of a token in Han characters, and the other of Latin words.
fn is_spelled(one: &[AlignToken], han: Span, other: &[AlignToken], latin: Span) -> bool {
    one[han.range()].iter().all(|token| token.tag == Tag::Han)
        && other[latin.range()].iter().all(|token| token.tag.is_alphabetic())
}

impl Aligner {
    /// Replaces an alignment of two names by the best in which Han characters are read in one language.
    pub(super) fn align_in_one_language<'q, 'l>(
        &mut self,
        query: impl NameTokens<'q>,
        listed: impl NameTokens<'l>,
        min_score: f32,
        out: &mut Alignment,
    ) {
        let dependent =
            out.pairs.iter().filter(|pair| depends_on_language(pair, &self.query, &self.listed)).count();
        if dependent < 2 {
            return;
        }
        let mut buffers = std::mem::take(&mut self.language);
        std::mem::swap(&mut self.pairs, &mut buffers.pairs);
        let highest = out.score;
        out.score = 0.0;
        for language in HanLanguage::ALL {
            self.collect_pairs_in(language, query, listed, &mut buffers);
            self.align_greedy(query, listed, min_score, &mut buffers.alignment);
            if buffers.alignment.score > out.score {
                std::mem::swap(out, &mut buffers.alignment);
            }
        }
        if out.score == 0.0 {
            out.clear();
        }
        out.score = out.score.min(highest);
        std::mem::swap(&mut self.pairs, &mut buffers.pairs);
        self.language = buffers;
    }

    /// Collects the pairs that hold where Han characters are read in this language.
    fn collect_pairs_in<'q, 'l>(
        &mut self,
        language: HanLanguage,
        query: impl NameTokens<'q>,
        listed: impl NameTokens<'l>,
        buffers: &mut Buffers,
    ) {
        self.pairs.clear();
        for pair in &buffers.pairs {
            if !depends_on_language(pair, &self.query, &self.listed) {
                self.pairs.push(*pair);
                continue;
            }
            let text = &mut buffers.concatenation;
            let relation = if self.query[pair.query.range()].iter().all(|token| token.tag == Tag::Han) {
                relation_in(language, (query, pair.query), (listed, pair.listed), text)
            } else {
                relation_in(language, (listed, pair.listed), (query, pair.query), text)
            };
            self.pairs
                .extend(relation.map(|r| AlignedPair::new(pair.query, pair.listed, r.similarity, r.kind)));
        }
    }
}

/// The relation of tokens in Han characters, read in this language, and Latin words.
fn relation_in<'h, 'l>(
    language: HanLanguage,
    (han_name, han): (impl NameTokens<'h>, Span),
    (latin_name, latin): (impl NameTokens<'l>, Span),
    text: &mut String,
) -> Option<Relation> {
    let first_latin = || latin_name.token(latin.range().start);
    if han.range().len() > 1 {
        // Only the readings that the words have in themselves, in pinyin, are written together.
        write_together(han_name, han, text);
        let first = han_name.token(han.range().start).native_word();
        let is_read_so = first.is_none_or(|native| native.own_language() == language);
        return is_read_so
            .then(|| relate_concatenation(&Concatenation::of(text, false), &first_latin(), None))?;
    }
    let token = han_name.token(han.range().start);
    let native = token.native_word()?;
    if latin.range().len() > 1 {
        write_together(latin_name, latin, text);
        return relate_concatenation_in(language, (&token, &native), &Concatenation::of(text, false));
    }
    relate_in(language, (&token, &native), &PreparedToken::new(first_latin()))
}

/// Writes the readings of tokens one behind the other.
fn write_together<'t>(name: impl NameTokens<'t>, span: Span, text: &mut String) {
    text.clear();
    text.extend(span.range().map(|number| utf8(name.reading(number))));
}

#[cfg(test)]
mod tests {
    use crate::entity::Schema;
    use crate::score::score_names;

    fn score(query: &str, listed: &str) -> f32 {
        score_names(query, listed, Schema::Person)
    }

    #[test]
    fn a_name_is_read_in_one_language() {
        // Korean and Cantonese, and each word of the one in the other.
        for (name, spelling) in [("金正恩", "Kim Jong Un"), ("李家超", "Lee Ka Chiu"), ("李煜", "Li Yu")]
        {
            assert!(score(name, spelling) >= 0.85, "{name} {spelling} {}", score(name, spelling));
            assert!(score(spelling, name) >= 0.85, "{spelling} {name} {}", score(spelling, name));
        }
        for (name, spelling) in [("李煜", "Yi Yu"), ("金家超", "Kim Ka Chiu")] {
            assert!(score(name, spelling) < 0.85, "{name} {spelling} {}", score(name, spelling));
        }
    }
}
