//! The weights of tokens. A fixed table: a score must not change because somebody else was listed.
//!
//! Unit: hundredths, so that an index keeps a weight in a byte. 100 is a rare name.

use super::Tag;

/// Weights of a name by its class of frequency, 0 rare to 5 extremely common, in names of people.
const PERSON: [u8; 6] = [100, 95, 85, 72, 60, 50];
/// The same in names of bodies.
const BODY: [u8; 6] = [100, 97, 92, 85, 75, 65];

/// The weight of a token in (0, 1].
pub(super) fn weight(tag: Tag, frequency: u8, person: bool) -> f32 {
    let by_frequency = if person { PERSON } else { BODY }[usize::from(frequency.min(5))];
    f32::from(weight_of(tag, by_frequency)) / 100.0
}

/// The greatest weight that a token of this kind can have, in hundredths.
pub(crate) const fn max_weight(tag: Tag) -> u8 {
    weight_of(tag, 100)
}

/// The weight of a token, whose weight as a name is `by_frequency`.
const fn weight_of(tag: Tag, by_frequency: u8) -> u8 {
    match tag {
        Tag::Name | Tag::Abjad | Tag::Han | Tag::Hangul | Tag::Kana => by_frequency,
        // Six tenths of what the name of the father weighs.
        Tag::Patronymic => (if by_frequency > 75 { by_frequency } else { 75 }) / 5 * 3,
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
