//! Groups of equivalent words, as numbers in ranges by the table they come from.

/// Spellings and short forms of one given name.
pub(crate) const NICKNAME: u32 = 1 << 24;
/// Business words with their abbreviations and translations.
pub(crate) const BUSINESS: u32 = 2 << 24;
/// Classes of legal forms.
pub(crate) const LEGAL: u32 = 3 << 24;
/// Countries and cities.
pub(crate) const PLACE: u32 = 4 << 24;
/// Numbers by value.
pub(crate) const NUMBER: u32 = 5 << 24;
/// Particles: any matches any other.
pub(crate) const PARTICLE: u32 = 6 << 24;
/// Patronymics of fathers with forms of one name.
pub(crate) const PATRONYMIC: u32 = 7 << 24;

/// The range that a group is in.
pub(crate) const fn kind(group: u32) -> u32 {
    group & 0xff00_0000
}

/// The group of all words that mean this number.
pub(crate) const fn of_number(value: u64) -> u32 {
    // Larger values share a group with those of equal low bits; the texts of numbers are compared as well.
    NUMBER + (value % (1 << 24)) as u32
}
