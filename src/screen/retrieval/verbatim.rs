//! Names as written: the listed names whose folded text is the query's, has its letters, or begins with it.
//!
//! They are look-ups in the automata of folded names, beside the search by words, which depends on what a name is taken
//! for. [`VerbatimMatch`] defines the relations.
//!
//! Cost: a walk through each of two automata, which ends with the first letter that no name goes on with. A single long
//! word is walked once from each of its letters.

use crate::index::Index;
use crate::name::fold_name;
use crate::score::VerbatimMatch;
use crate::score::verbatim::{has_enough_letters, is_glued, may_be_cut_anywhere, may_be_glued, rotations};

/// A query as its text is compared.
pub(super) struct FoldedQuery<'a> {
    /// The folded text.
    pub(super) text: &'a str,
    /// The length as written, in characters.
    pub(super) length: usize,
}

/// Calls `each` with the number of every name that matches the query by its text; maybe more than once. `letters` is a
/// buffer.
pub(super) fn for_each(
    index: &Index,
    query: &FoldedQuery<'_>,
    letters: &mut String,
    mut each: impl FnMut(u32, VerbatimMatch),
) {
    if query.text.is_empty() {
        return;
    }
    for_each_equal_or_longer(index, query, &mut each);
    letters.clear();
    letters.extend(query.text.split(' '));
    if has_enough_letters(letters) {
        for number in names_of_letters(index, letters) {
            each(number, VerbatimMatch::Letters);
        }
    }
    for rotation in may_be_glued(query.text).then(|| rotations(query.text)).into_iter().flatten() {
        for number in names_of_letters(index, &rotation.letters) {
            let record = &index.name_records()[number as usize];
            if is_glued(&rotation, &fold_name(index.name_text(record))) {
                each(number, VerbatimMatch::Letters);
            }
        }
    }
}

/// Calls `each` with the names that are the query, or begin with it and may have been cut.
fn for_each_equal_or_longer(
    index: &Index,
    query: &FoldedQuery<'_>,
    each: &mut impl FnMut(u32, VerbatimMatch),
) {
    let names = index.folded_names();
    let Some(at) = names.walk(query.text.as_bytes()) else { return };
    if let Some(run) = names.run(at) {
        names.items()[run].iter().for_each(|item| each(item.number(), VerbatimMatch::Equal));
    }
    if !may_be_cut_anywhere(query.length) {
        return;
    }
    for (byte, next) in names.steps(at) {
        let begins = VerbatimMatch::of_beginning(query.length, byte);
        for item in begins.map_or(&[][..], |_| &names.items()[names.range(next)]) {
            each(item.number(), VerbatimMatch::Beginning);
        }
    }
}

/// The names with these letters, whatever their words.
fn names_of_letters<'i>(index: &'i Index, letters: &str) -> impl Iterator<Item = u32> + 'i {
    let names = index.letters_of_names();
    let run = names.walk(letters.as_bytes()).and_then(|at| names.run(at)).unwrap_or(0..0);
    names.items()[run].iter().map(|item| item.number())
}

/// The same by comparing the query with every name.
pub(super) fn for_each_exhaustively(
    index: &Index,
    query: &FoldedQuery<'_>,
    mut each: impl FnMut(u32, VerbatimMatch),
) {
    for (number, record) in (0..).zip(index.name_records()) {
        let listed = fold_name(index.name_text(record));
        if let Some(found) = VerbatimMatch::of(query.text, query.length, &listed) {
            each(number, found);
        }
    }
}
