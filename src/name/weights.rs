//! The weights of tokens: how distinctive a token is, by its tag and by how common it is as a name.
//!
//! The table is fixed and does not depend on the lists that are loaded: a score must not change because
//! another party was listed. A change of a value changes scores, and so raises
//! [`ANALYSIS_VERSION`](super::ANALYSIS_VERSION).
//!
//! Unit: hundredths, so that an index stores a weight in a byte; 100 is a rare name.
//!
//! Source: set by hand by the authors on labelled pairs of names, in steps of a hundredth or more; no
//! published table.

use super::Tag;

/// Weights of a name word by its frequency class, 0 (rare) to 5 (extremely common), in the name of a person.
const NAME_OF_PERSON: [u8; 6] = [100, 95, 85, 72, 60, 50];
/// The same in the name of an organization, a ship or an aircraft, where a person's name is more distinctive:
/// few companies are called Hassan.
const NAME_OF_OTHER: [u8; 6] = [100, 97, 92, 85, 75, 65];

/// The most that a name word weighs in the name of an organization, a ship or an aircraft, by how common it is in names of
/// companies: few companies are called Hassan, and many Horizon.
const WORD_OF_COMPANIES: [u8; 6] = [100, 94, 84, 70, 56, 42];

/// The most that a name word of this class of frequency in names of companies weighs in one, in hundredths.
pub(super) const fn max_weight_in_company(company_frequency: u8) -> u8 {
    WORD_OF_COMPANIES[if company_frequency > 5 { 5 } else { company_frequency as usize }]
}

/// Weight of a token, in hundredths. `frequency` is its frequency class; classes above 5 count as 5.
pub(crate) const fn weight(tag: Tag, frequency: u8, person: bool) -> u8 {
    let class = if frequency > 5 { 5 } else { frequency as usize };
    let name = if person { NAME_OF_PERSON[class] } else { NAME_OF_OTHER[class] };
    match tag {
        Tag::Name | Tag::Abjad | Tag::Han | Tag::Hangul | Tag::Kana | Tag::NonLatin => name,
        // Six tenths of the weight of the father's name, at least of one of weight 75.
        Tag::Patronymic => (if name > 75 { name } else { 75 }) / 5 * 3,
        Tag::Number => 50,
        Tag::BusinessSpecific => 45,
        Tag::BusinessGeneric => 28,
        Tag::Place | Tag::TrailingPlace => 35,
        Tag::Initial | Tag::Letter => 30,
        Tag::NameTitle => 25,
        Tag::Particle => 10,
        Tag::LegalForm => 12,
        Tag::Honorific => 6,
        Tag::Padding => 2,
    }
}

/// The largest weight that a token of this tag can have, in hundredths: that of the rarest frequency class.
pub(crate) const fn max_weight(tag: Tag) -> u8 {
    weight(tag, 0, true)
}

/// A weight as a part of 1.
pub(super) fn fraction(hundredths: u8) -> f32 {
    f32::from(hundredths) / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_weight_is_above_the_largest_of_its_tag() {
        for tag in Tag::ALL {
            for (frequency, person) in (0..=u8::MAX).flat_map(|f| [(f, false), (f, true)]) {
                let weight = weight(tag, frequency, person);
                assert!((1..=max_weight(tag)).contains(&weight), "{tag} {frequency} {person}");
            }
        }
        assert_eq!(max_weight(Tag::Initial), 30);
    }
}
