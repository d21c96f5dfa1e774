//! Normalization: a name as written becomes words of folded letters.
//!
//! What another program has encoded is [decoded](decode). Folding removes what does not distinguish names: case, marks on Latin and Greek letters, compatibility
//! forms, apostrophes, invisible characters. Words end at blanks and punctuation. [`confusables`] and
//! [`leet`] undo letters and digits that stand for a Latin letter; [`traditional`] writes Han characters in
//! their simplified form.
//!
//! No other part of the analysis is used here: whether "S.A." is an abbreviation is decided by a function
//! that the caller passes.

pub(crate) mod chars;
pub(crate) mod confusables;
mod decode;
mod fold;
mod leet;
mod traditional;
mod words;

pub(crate) use leet::undo_leet;
pub(crate) use traditional::simplify;
pub(crate) use words::FoldedWords;

/// Apostrophes, quotation marks and modifier letters that are written for one. They separate letters of a
/// word; the word goes on.
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʻ' | 'ʼ' | '`' | '´' | 'ʿ' | 'ʾ' | '′' | '‛' | 'ʹ' | 'ʽ' | '״' | '׳')
}
