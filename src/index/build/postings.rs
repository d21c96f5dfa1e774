//! Posting lists: for each token the names that contain it.

use super::run_offsets;
use crate::index::records::Posting;
use rayon::slice::ParallelSliceMut;

/// The posting lists of all tokens, one behind the other.
pub(super) struct PostingLists {
    /// Where the list of each token begins; one more number is the end of the last list.
    pub(super) offsets: Vec<u32>,
    pub(super) postings: Vec<Posting>,
}

impl PostingLists {
    /// The posting lists of so many tokens. A name that contains a token twice is once in its list.
    pub(super) fn new(mut occurrences: Vec<(u32, Posting)>, tokens: usize) -> PostingLists {
        occurrences.par_sort_unstable_by_key(|(token, posting)| (*token, posting.order()));
        occurrences.dedup();
        PostingLists {
            offsets: run_offsets(tokens, occurrences.iter().map(|(token, _)| *token as usize)),
            postings: occurrences.iter().map(|(_, posting)| *posting).collect(),
        }
    }
}
