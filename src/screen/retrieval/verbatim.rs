//! Names as written: the listed names whose folded text is the query's, or begins with it.
//!
//! They are one look-up in the automaton of folded names, beside the search by words, which depends on what a name is
//! taken for. [`VerbatimMatch`] defines both relations.
//!
//! Cost: a walk through the automaton, which ends with the first letter that no name goes on with.

use crate::index::{FoldedNames, Index};
use crate::name::fold_name;
use crate::score::VerbatimMatch;
use crate::score::verbatim::may_be_cut_anywhere;

/// Calls `each` with the number of every name that is `folded`, or begins with it and may have been cut.
/// `length`: of the query as written, in characters.
pub(super) fn for_each(
    names: &FoldedNames<'_>,
    folded: &str,
    length: usize,
    mut each: impl FnMut(u32, VerbatimMatch),
) {
    let Some(at) = names.walk(folded.as_bytes()).filter(|_| !folded.is_empty()) else { return };
    if let Some(run) = names.run(at) {
        names.items()[run].iter().for_each(|item| each(item.number(), VerbatimMatch::Equal));
    }
    if !may_be_cut_anywhere(length) {
        return;
    }
    for (byte, next) in names.steps(at) {
        let begins = VerbatimMatch::of_beginning(length, byte);
        for item in begins.map_or(&[][..], |_| &names.items()[names.range(next)]) {
            each(item.number(), VerbatimMatch::Beginning);
        }
    }
}

/// The same by comparing the query with every name.
pub(super) fn for_each_exhaustively(
    index: &Index,
    folded: &str,
    length: usize,
    mut each: impl FnMut(u32, VerbatimMatch),
) {
    for (number, record) in (0..).zip(index.name_records()) {
        if let Some(found) = VerbatimMatch::of(folded, length, &fold_name(index.name_text(record))) {
            each(number, found);
        }
    }
}
