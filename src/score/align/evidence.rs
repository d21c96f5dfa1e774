//! What the pairs of an alignment say together: whether distinctive words are among them, and how many.
//!
//! Two names with a business word in common, or a single name of a person, are seldom the same party, however alike the
//! words are. Where little is said, what is lost counts more; where distinctive words agree, business words that differ
//! count less: "Zoltek Varnik Bank" and "Zoltek Varnik Leasing".

use super::{AlignOptions, AlignToken, AlignedPair};
use crate::score::params::ActiveParams;
use crate::score::relation::MatchKind;

/// The pairs selected, as evidence.
pub(super) struct Evidence {
    /// d: how far the distinctive words say who is meant, from 0 to 1.
    pub(super) distinctive: f32,
    /// Whether two people have a single name in common.
    pub(super) lone_name: bool,
    /// How far the names that two people have in common leave open who is meant, from 0 to 1; 0 if one is no person.
    pub(super) common_names: f32,
    /// Where a single name is paired, how short it is: 0 from 8 letters on, 1 up to 4, and for words written together.
    pub(super) shortness: f32,
    /// What a single initial leaves unsaid of the name that it stands for, beside a name that does not say who is meant.
    pub(super) unsaid: f32,
}

impl Evidence {
    /// The evidence of these pairs. `letters` returns the letters of a pair, those of its shorter side.
    pub(super) fn of(
        pairs: &[AlignedPair],
        [query, listed]: [&[AlignToken]; 2],
        letters: impl Fn(&AlignedPair) -> usize,
        options: AlignOptions,
        params: ActiveParams,
    ) -> Evidence {
        let (mut sum, mut words, mut unsaid) = (0.0f32, 0usize, 0.0f32);
        let (mut initials, mut names_paired, mut name) = (0, 0, None);
        for pair in pairs {
            let (query, listed) = (&query[pair.query.range()], &listed[pair.listed.range()]);
            if pair.kind == MatchKind::Initial {
                unsaid += (query[0].weight - listed[0].weight).abs();
                initials += 1;
                continue;
            }
            let names = |tokens: &[AlignToken]| tokens.iter().filter(|token| is_name(token)).count();
            let count = names(query).max(names(listed));
            if count > 0 {
                sum += pair.similarity * pair.weight;
                words += count;
                names_paired += 1;
                name = Some(pair);
            }
        }
        let distinctive = ((sum - params.distinctive_from) / params.distinctive_range).clamp(0.0, 1.0);
        let are_people = options.free_order && options.listed_person;
        let lone = name.filter(|_| names_paired == 1);
        let shortness = lone.map_or(0.0, |pair| match pair.kind {
            MatchKind::Concatenation => 1.0,
            _ => ((8.0 - letters(pair) as f32) / 4.0).clamp(0.0, 1.0),
        });
        let common_names =
            ((params.people_from + params.people_range - sum) / params.people_range).clamp(0.0, 1.0);
        let common_names = if are_people { common_names } else { 0.0 };
        let unsaid = if initials == 1 { unsaid * (1.0 - distinctive) } else { 0.0 };
        Evidence { distinctive, lone_name: are_people && words == 1, common_names, shortness, unsaid }
    }
}

/// Whether a token is a name or a father's name.
fn is_name(token: &AlignToken) -> bool {
    token.tag.is_name_word() || token.tag == crate::name::Tag::Patronymic
}

#[cfg(test)]
mod tests {
    use crate::entity::Schema;
    use crate::score::score_names;

    fn bodies(query: &str, listed: &str) -> f32 {
        score_names(query, listed, Schema::Company)
    }

    fn people(query: &str, listed: &str) -> f32 {
        score_names(query, listed, Schema::Person)
    }

    #[test]
    fn business_words_differ_for_less_beside_distinctive_words() {
        // Two rare words say who is meant; a word of many companies does not.
        let rare = bodies("Zoltek Varnik Airlines", "ZOLTEK VARNIK Refinery");
        let common = bodies("Quantum Airlines", "QUANTUM Refinery");
        assert!(rare >= 0.85 && common < 0.7, "{rare} {common}");
        // Distinctive words that differ are no matter of business words.
        assert!(bodies("Zoltek Varnik Airlines", "ZOLTEK PERDUK Airlines") < 0.85);
    }

    #[test]
    fn business_words_left_out_cost_more_beside_common_words() {
        let rare = bodies("Zoltekvar", "ZOLTEKVAR SOLUTIONS");
        let common = bodies("Quantum", "QUANTUM SOLUTIONS");
        assert!(rare >= 0.85 && common < 0.85, "{rare} {common}");
    }

    #[test]
    fn half_of_a_name_is_not_the_person() {
        let half = people("Thomas Varnikov", "VARNIKOV");
        let whole = people("Thomas Varnikov", "VARNIKOV, Thomas Zoltekovich");
        assert!(half < 0.85 && whole >= 0.85, "{half} {whole}");
        // What is no name costs as little as before.
        assert!(people("Mr Varnikov", "VARNIKOV") >= 0.95);
    }

    #[test]
    fn an_initial_says_little_beside_a_common_name() {
        let common = people("Ahmed Zoltekbekov", "AHMED, Z.");
        let rare = people("Thomas Varnikov", "VARNIKOV, T.");
        assert!(common < 0.85 && rare >= 0.85, "{common} {rare}");
    }

    #[test]
    fn a_short_word_alone_must_be_spelled_the_same() {
        let short = bodies("Zolk Ltd", "ZALK Ltd");
        let long = bodies("Zoltekvarnik Ltd", "ZALTEKVARNIK Ltd");
        assert!(short < 0.85 && long >= 0.85, "{short} {long}");
        assert!(bodies("Zolk Ltd", "ZOLK GmbH") >= 0.95);
    }
}
